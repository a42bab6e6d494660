//! Text with separators: which character separates, and what is a row?

use std::ops::Range;

use habeas_model::{Card, Exception, Place, PlaceKind, Reason};

use super::Format;
use crate::encoding;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};
use crate::table::{self, Row, Table};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "csv",
        version: 1,
        summary: "Tables as text, with any separator, quoting and encoding, with and without header",
        handles: &["text/csv", "text/tab-separated-values", ".csv", ".tsv", ".tab", ".psv"],
        authority: "RFC 4180, and what programs write instead",
    },
    sniff,
    read,
};

/// What separates columns, likeliest first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// What separates them if none of these is there at all.
const RARE_SEPARATORS: [u8; 3] = [b':', b'^', b'~'];

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let text = sample.text()?;
    if sample.is_named(&["csv", "tsv", "tab", "psv"]) {
        // The name says so, and nothing but a signature says otherwise.
        let is_tab = sample.is_named(&["tsv", "tab"]);
        let media_type = if is_tab { "text/tab-separated-values" } else { "text/csv" };
        return Some((Sure::Grammar, media_type));
    }
    // Text is never a workbook: programs give a table that name so that Excel opens it.
    let is_misnamed = sample.is_named(&["xls", "xlsx", "xlt", "ods"]);
    let is_silent = sample.extension.is_empty()
        || sample.is_named(&["txt", "dat", "data", "export", "out", "asc"]);
    if !is_silent && !is_misnamed {
        return None;
    }
    let grid = best_grid(text)?;
    let media_type = if grid.separator == b'\t' { "text/tab-separated-values" } else { "text/csv" };
    if is_misnamed && grid.n_rows >= 2 && grid.share_of_rows > 0.8 {
        return Some((Sure::Named, media_type));
    }
    // Prose has commas too, so that a table without the name of one has to be a clean one.
    let is_clean = grid.n_rows >= 3
        && grid.n_columns >= 3
        && grid.share_of_rows > 0.95
        && grid.mean_cell_bytes < 60.0;
    is_clean.then_some((Sure::Named, media_type))
}

/// How well a separator makes a table of a text.
#[derive(Clone, Copy)]
struct Grid {
    separator: u8,
    n_rows: usize,
    n_columns: usize,
    share_of_rows: f64,
    mean_cell_bytes: f64,
}

/// How many rows the separators are tried on.
const TRIAL_ROWS: usize = 200;

fn best_grid(text: &str) -> Option<Grid> {
    let head = &text[..text.floor_char_boundary(64 << 10)];
    let is_cut = head.len() < text.len();
    let best = |separators: &[u8]| {
        let grids = separators.iter().filter_map(|separator| grid(head, *separator, is_cut));
        grids.max_by(|a, b| a.score().total_cmp(&b.score()))
    };
    best(&SEPARATORS).or_else(|| best(&RARE_SEPARATORS).filter(|grid| grid.share_of_rows == 1.0))
}

impl Grid {
    /// Rows of one width count most; more columns are less likely chance.
    fn score(&self) -> f64 {
        self.share_of_rows * (1.0 + (self.n_columns.min(20) as f64).ln())
    }
}

fn grid(text: &str, separator: u8, is_cut: bool) -> Option<Grid> {
    let mut reader = reader(text.as_bytes(), separator, Quotes::Doubled);
    let mut widths: Vec<usize> = Vec::new();
    let (mut n_cells, mut n_bytes) = (0_usize, 0_usize);
    let mut record = csv::ByteRecord::new();
    while widths.len() < TRIAL_ROWS && reader.read_byte_record(&mut record).unwrap_or(false) {
        if record.iter().all(|cell| cell.iter().all(u8::is_ascii_whitespace)) {
            continue;
        }
        widths.push(record.len());
        n_cells += record.len();
        n_bytes += record.as_slice().len();
    }
    if is_cut && widths.len() > 1 {
        widths.pop();
    }
    let mut counts = std::collections::HashMap::new();
    for width in widths.iter().filter(|width| **width > 1) {
        *counts.entry(*width).or_insert(0_usize) += 1;
    }
    let (n_columns, n_such) = counts.into_iter().max_by_key(|(width, count)| (*count, *width))?;
    Some(Grid {
        separator,
        n_rows: widths.len(),
        n_columns,
        share_of_rows: n_such as f64 / widths.len() as f64,
        mean_cell_bytes: n_bytes as f64 / n_cells.max(1) as f64,
    })
}

/// How a quotation mark within a quoted cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotes {
    /// Twice.
    Doubled,
    /// After a backslash, as databases write it.
    Escaped,
    /// They are text like any other.
    None,
}

fn reader(bytes: &[u8], separator: u8, quotes: Quotes) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .quoting(quotes != Quotes::None)
        .escape((quotes == Quotes::Escaped).then_some(b'\\'))
        .from_reader(bytes)
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    out.decoded(&decoded);
    let fallback = if input.media_type == "text/tab-separated-values" { b'\t' } else { b',' };
    let Grammar { offset, text, separator, quotes } = Grammar::of(&decoded.text, fallback);
    if quotes == Quotes::None {
        let note = "a quotation mark is never closed: each line was read as a row";
        out.exception(Exception::part(Reason::Corrupt, None, note));
    }
    let reader = reader(text.as_bytes(), separator, quotes);
    let mut trouble = None;
    let mut rows =
        Rows { reader, record: csv::StringRecord::new(), number: offset, line: 0, held: None };
    let mut next = || rows.next(&mut trouble);
    table::rows(&Table::default(), std::iter::from_fn(&mut next), out);
    if let Some(row) = trouble {
        let place = Place::new(PlaceKind::Row, row);
        out.exception(Exception::part(Reason::Corrupt, Some(place), "not a row"));
    }
}

/// How the rows of a text are written.
struct Grammar<'t> {
    /// How many lines stand before the first row.
    offset: usize,
    /// The rows.
    text: &'t str,
    separator: u8,
    quotes: Quotes,
}

impl<'t> Grammar<'t> {
    fn of(mut text: &'t str, fallback: u8) -> Self {
        // Excel writes the separator into the first line, where it is no row.
        let mut stated = None;
        if let Some((first, rest)) = text.split_once('\n')
            && let Some(separator) = first.trim_end().strip_prefix("sep=")
            && let [separator] = separator.as_bytes()
        {
            (stated, text) = (Some(*separator), rest);
        }
        let offset = usize::from(stated.is_some());
        let separator =
            stated.or_else(|| best_grid(text).map(|grid| grid.separator)).unwrap_or(fallback);
        Self { offset, text, separator, quotes: quotes_of(text, separator) }
    }
}

/// A row of a text: its number, where it stands with the break that ends it, and where its cells stand
/// with their quotation marks.
pub(crate) struct RowAt {
    pub(crate) number: usize,
    pub(crate) range: Range<usize>,
    pub(crate) cells: Vec<Range<usize>>,
}

/// Where each row of a text stands, numbered as [`read`] numbers them; `None` if the text is not
/// all rows.
pub(crate) fn extents(text: &str, is_tab: bool) -> Option<Vec<RowAt>> {
    let grammar = Grammar::of(text, if is_tab { b'\t' } else { b',' });
    if grammar.quotes == Quotes::None {
        return None;
    }
    let before = text.len() - grammar.text.len();
    let bytes = grammar.text.as_bytes();
    let reader = reader(bytes, grammar.separator, grammar.quotes);
    let record = csv::StringRecord::new();
    let mut rows = Rows { reader, record, number: grammar.offset, line: 0, held: None };
    let mut found = Vec::new();
    let mut trouble = None;
    let mut start = 0;
    while let Some(row) = rows.next(&mut trouble) {
        if row.cells.is_empty() {
            // A gap that is told before the row after it.
            continue;
        }
        let mut end = usize::try_from(rows.reader.position().byte()).ok()?.min(bytes.len());
        // The parser takes the second half of a break for the beginning of the next row.
        if end > 0 && bytes.get(end - 1) == Some(&b'\r') && bytes.get(end) == Some(&b'\n') {
            end += 1;
        }
        while matches!(bytes.get(start), Some(b'\r' | b'\n')) && start < end {
            start += 1;
        }
        let range = before + start..before + end;
        let cells = cells(text, range.clone(), grammar.separator, grammar.quotes);
        // What is told apart otherwise than it was read is not told apart.
        if cells.len() != row.cells.len() {
            return None;
        }
        found.push(RowAt { number: row.number, range, cells });
        start = end;
    }
    trouble.is_none().then_some(found)
}

/// Where the cells of a row stand.
fn cells(text: &str, row: Range<usize>, separator: u8, quotes: Quotes) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let end = row.start + text[row.clone()].trim_end_matches(['\r', '\n']).len();
    let mut cells = Vec::new();
    let (mut start, mut at, mut is_quoted) = (row.start, row.start, false);
    while at < end {
        match bytes[at] {
            b'"' if at == start && !is_quoted => is_quoted = true,
            b'"' if is_quoted && bytes.get(at + 1) == Some(&b'"') => at += 1,
            b'"' if is_quoted => is_quoted = false,
            b'\\' if is_quoted && quotes == Quotes::Escaped => at += 1,
            byte if byte == separator && !is_quoted => {
                cells.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    cells.push(start..end.max(start));
    cells
}

/// The rows of a text, with the blank lines between them, which the parser leaves out.
struct Rows<'t> {
    reader: csv::Reader<&'t [u8]>,
    record: csv::StringRecord,
    number: usize,
    /// The line that the parser has come to, from 0.
    line: u64,
    /// A row that waits for a gap to be told first.
    held: Option<Row>,
}

impl Rows<'_> {
    fn next(&mut self, trouble: &mut Option<usize>) -> Option<Row> {
        if let Some(row) = self.held.take() {
            return Some(row);
        }
        match self.reader.read_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(_) => {
                *trouble = Some(self.number + 1);
                return None;
            }
        }
        let line = self.reader.position().line().saturating_sub(1);
        let n_breaks: usize = self.record.iter().map(|cell| cell.matches('\n').count()).sum();
        let n_lines = usize::try_from(line.saturating_sub(self.line)).unwrap_or(usize::MAX);
        let n_blank = n_lines.saturating_sub(n_breaks + 1);
        self.line = line;
        self.number += n_blank + 1;
        let cells = self.record.iter().map(str::to_owned).collect();
        let row = Row { number: self.number, cells, hidden: None };
        if n_blank > 0 {
            self.held = Some(row);
            return Some(Row { number: self.number - 1, ..Row::default() });
        }
        Some(row)
    }
}

/// How long one quoted cell may be before its opening mark is taken for a stray one.
const MAX_CELL_BYTES: usize = 1 << 20;

/// How quotation marks are used. A stray one would make all that follows one cell, and a stranger's
/// row part of somebody's, so that they count only if each one that opens a cell closes it.
fn quotes_of(text: &str, separator: u8) -> Quotes {
    // `\"` in the middle of a cell is an escape; before its end it is a path of Windows.
    let (mut n_escapes, mut n_paths) = (0, 0);
    for (at, _) in text.match_indices("\\\"") {
        match text.as_bytes().get(at + 2) {
            None | Some(b'\n' | b'\r') => n_paths += 1,
            Some(byte) if *byte == separator => n_paths += 1,
            _ => n_escapes += 1,
        }
    }
    let likely = if n_escapes > n_paths { Quotes::Escaped } else { Quotes::Doubled };
    if quotes_end(text.as_bytes(), separator, likely) { likely } else { Quotes::None }
}

fn quotes_end(bytes: &[u8], separator: u8, quotes: Quotes) -> bool {
    let mut at = 0;
    let mut opened = None;
    while let Some(step) = bytes[at..].iter().position(|byte| *byte == b'"') {
        let mark = at + step;
        at = mark + 1;
        let before = mark.checked_sub(1).map(|before| bytes[before]);
        match opened {
            None => {
                if before.is_none_or(|b| b == separator || b == b'\n' || b == b'\r') {
                    opened = Some(mark);
                }
            }
            Some(_) if quotes == Quotes::Escaped && before == Some(b'\\') => {}
            Some(start) => {
                if mark - start > MAX_CELL_BYTES {
                    return false;
                }
                if bytes.get(at) == Some(&b'"') {
                    at += 1;
                } else {
                    opened = None;
                }
            }
        }
    }
    opened.is_none()
}

#[cfg(test)]
mod tests {
    use habeas_model::Document;

    use super::*;
    use crate::Budget;

    fn read_csv(bytes: &[u8]) -> Document {
        let budget = Budget::default();
        let mut out = Out::new("text/csv", &budget);
        read(&Input { name: "a.csv", bytes, media_type: "text/csv", budget: &budget }, &mut out);
        out.finish().0
    }

    fn check_second_row(bytes: &[u8], expected: &str) {
        let document = read_csv(bytes);
        assert_eq!(document.passages[1].text, expected);
        assert_eq!(document.exceptions, []);
    }

    #[test]
    fn every_separator_and_encoding_gives_the_row() {
        let row = "Name: Zoë Löw\nEmail: zoe@example.org\nNotes: a, b";
        check_second_row("Name,Email,Notes\nZoë Löw,zoe@example.org,\"a, b\"\n".as_bytes(), row);
        check_second_row(
            "\u{feff}Name;Email;Notes\r\nZoë Löw;zoe@example.org;a, b\r\n".as_bytes(),
            row,
        );
        check_second_row("Name\tEmail\tNotes\nZoë Löw\tzoe@example.org\ta, b".as_bytes(), row);
        check_second_row("Name|Email|Notes\rZoë Löw|zoe@example.org|a, b\r".as_bytes(), row);
        check_second_row("sep=;\nName;Email;Notes\nZoë Löw;zoe@example.org;a, b\n".as_bytes(), row);
        check_second_row(b"Name,Email,Notes\nZo\xeb L\xf6w,zoe@example.org,\"a, b\"\n", row);
        let utf16: Vec<u8> = "\u{feff}Name\tEmail\tNotes\nZoë Löw\tzoe@example.org\ta, b\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        check_second_row(&utf16, row);
    }

    #[test]
    fn quotation_marks_are_read_as_they_were_written() {
        let row = "Name: \"Bo\" Ek\nEmail: bo@example.org";
        check_second_row(b"Name,Email\n\"\"\"Bo\"\" Ek\",bo@example.org\n", row);
        check_second_row(b"Name,Email\n\"\\\"Bo\\\" Ek\",bo@example.org\n", row);
        check_second_row(
            b"File,Email\n\"C:\\x\\\",bo@example.org\n",
            "File: C:\\x\\\nEmail: bo@example.org",
        );
    }

    #[test]
    fn rows_count_as_records_and_quoted_breaks_stay() {
        let document = read_csv(b"Name,Notes\n\"Amara Lind\",\"line one\nline two\"\nBo Ek,x\n");
        let numbers: Vec<u32> = document.passages.iter().map(|p| p.place.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
        assert_eq!(document.passages[1].text, "Name: Amara Lind\nNotes: line one\nline two");
    }

    #[test]
    fn blank_lines_count_as_rows() {
        for text in
            ["Name,Email\n\n\nAmara Lind,x\nBo,y", "Name,Email\r\n\r\n\r\nAmara Lind,x\r\nBo,y\r\n"]
        {
            let document = read_csv(text.as_bytes());
            let numbers: Vec<u32> = document.passages.iter().map(|p| p.place.number).collect();
            assert_eq!(numbers, [1, 4, 5], "{text:?}");
        }
    }

    #[test]
    fn a_stray_quotation_mark_swallows_no_rows() {
        let document = read_csv(
            b"Name,Height,Email\nAmara Lind,\"5ft 6,a@example.org\nBo Ek,6ft,b@example.org\n",
        );
        assert_eq!(document.passages.len(), 3);
        assert_eq!(document.exceptions.len(), 1);
        assert!(document.text().contains("b@example.org"));
    }

    #[test]
    fn rows_of_any_width_keep_all_they_say() {
        let cases: &[(&[u8], &[&str])] = &[
            // Longer and shorter than the header.
            (
                b"Name,Email\nAmara Lind,a@example.org,07700 900123,extra\nBo Ek\n",
                &["07700 900123", "extra", "Bo Ek"],
            ),
            // A second table under the first.
            (
                b"Name,Email\nAmara Lind,a@example.org\n\nPet,Owner,Town\nRex,Bo Ek,Leeds\n",
                &["Rex", "Owner", "Leeds"],
            ),
            // Zero bytes between and in the cells.
            (
                b"Name,Email\nAmara\0 Lind,a@example.org\0\nBo Ek,\0\n",
                &["Amara", "a@example.org", "Bo Ek"],
            ),
            (b"Name,Email", &["Name", "Email"]),
        ];
        for (bytes, expected) in cases {
            let text = read_csv(bytes).text();
            for word in expected.iter().copied() {
                assert!(text.contains(word), "{word} of {text}");
            }
        }
    }

    #[test]
    fn call_records_without_header_are_known() {
        let line = crate::exports::EXPORTS[0].example;
        let document = read_csv(format!("{line}\n{line}\n").as_bytes());
        assert_eq!(document.facts.export.as_deref(), Some("asterisk"));
        assert!(
            document.passages[0].text.starts_with("accountcode: 1234\nsrc: 07700900258\ndst: 3201")
        );
    }
}
