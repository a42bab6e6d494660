//! How are pages of ours set: letters, schedules, keys?

use habeas_redact::paper::{Block, Foot, Look, Rich, Sheet, Table, typeset};

use crate::Error;

/// Typesets a page of ours; `what` is its title and stands at its foot.
pub(crate) fn print(
    what: &'static str,
    case: &str,
    blocks: Vec<Block>,
    is_wide: bool,
) -> Result<Vec<u8>, Error> {
    let foot = Foot { first: None, words: format!("{case}   {what}") };
    let sheet =
        Sheet { title: format!("{case} {what}"), foot, blocks, is_wide, label: String::new() };
    typeset(&sheet).map(|printed| printed.bytes).map_err(|problem| Error::Paper { what, problem })
}

/// A table of plain cells.
pub(crate) fn table(header: &[&str], weights: &[f32], rows: Vec<Vec<String>>) -> Block {
    Block::Table(Table {
        header: header.iter().map(|text| Rich::from(*text)).collect(),
        weights: weights.to_vec(),
        rows: rows
            .into_iter()
            .map(|row| row.into_iter().map(|cell| labelled(&no_blank(cell))).collect())
            .collect(),
    })
}

/// A text of ours in which labels look like labels.
pub(crate) fn labelled(text: &str) -> Rich {
    let mut rich = Rich::default();
    let mut rest = text;
    while let Some(at) = rest.find("[TP") {
        let (before, label) = rest.split_at(at);
        let end = label.find(']').map_or(label.len(), |end| end + 1);
        let (label, after) = label.split_at(end);
        rich.push(before, Look::Plain);
        // No more than a code, a number and a role.
        rich.push(label, if label.len() <= 32 { Look::Label } else { Look::Plain });
        rest = after;
    }
    rich.push(rest, Look::Plain);
    rich
}

fn no_blank(cell: String) -> String {
    if cell.is_empty() { "\u{2013}".to_owned() } else { cell }
}

/// A number of things: `1 exhibit`, `2 exhibits`.
pub(crate) fn count(n: u64, one: &str, many: &str) -> String {
    let mut digits = n.to_string();
    let mut at = digits.len();
    while at > 3 {
        at -= 3;
        digits.insert(at, ',');
    }
    format!("{digits} {}", if n == 1 { one } else { many })
}

/// A table as CSV, with cells that a spreadsheet would take for a formula made harmless.
pub(crate) fn csv(header: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let mut write = |row: Vec<String>| writer.write_record(row).is_ok();
    let mut is_whole = write(header.iter().map(|cell| harmless(cell)).collect());
    for row in rows {
        is_whole &= write(row.iter().map(|cell| harmless(cell)).collect());
    }
    assert!(is_whole, "a table in memory can always be written");
    writer.into_inner().unwrap_or_default()
}

/// A cell that starts like a formula gets an apostrophe, unless it is plainly a number.
fn harmless(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '@', '\t', '\r', '|', '%']);
    let is_signed = cell.starts_with(['+', '-'])
        && !cell.chars().all(|c| c.is_ascii_digit() || " +-.,()".contains(c));
    if is_formula || is_signed { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_made_harmless_and_a_number_is_kept() {
        let rows =
            [vec!["=1+1".to_owned(), "+44 7700 900123".into(), "-2+cmd|x".into(), "a,b".into()]];
        let csv = String::from_utf8(csv(&["a", "b", "c", "d"], &rows)).unwrap();
        assert_eq!(csv, "a,b,c,d\n'=1+1,+44 7700 900123,'-2+cmd|x,\"a,b\"\n");
    }

    #[test]
    fn numbers_are_written_to_be_read() {
        assert_eq!(count(1, "page", "pages"), "1 page");
        assert_eq!(count(1_234_567, "page", "pages"), "1,234,567 pages");
    }
}
