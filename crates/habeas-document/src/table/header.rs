//! Is this row a header? In doubt it is none, because a row taken for a header is read as captions,
//! and a name in it would not be found.

use std::collections::{HashSet, VecDeque};

use crate::columns;
use crate::shape;

use super::Row;

/// What speaks for and against a row being a header.
struct Signs {
    n_filled: usize,
    /// Cells that are hardly anything else than captions.
    n_sure: usize,
    /// Cells that no caption looks like: numbers, dates, addresses of mail.
    n_values: usize,
    /// Are there two cells that are the same?
    repeats: bool,
}

fn signs(row: &Row) -> Signs {
    let mut seen = HashSet::new();
    let mut signs = Signs { n_filled: 0, n_sure: 0, n_values: 0, repeats: false };
    for cell in row.filled() {
        signs.n_filled += 1;
        signs.repeats |= !seen.insert(cell);
        if is_value(cell) {
            signs.n_values += 1;
        } else if columns::of_caption(cell).is_some_and(|known| known.is_sure) {
            signs.n_sure += 1;
        }
    }
    signs
}

fn is_value(cell: &str) -> bool {
    shape::is_email(cell)
        || shape::is_number(cell)
        || shape::is_date(cell)
        || shape::is_phone(cell)
        || shape::is_ip(cell)
        || shape::is_postcode(cell)
        || cell.contains("://")
}

/// Is the row the header of the rows that follow?
pub(super) fn is_header(row: &Row, ahead: &VecDeque<Row>) -> bool {
    let signs = signs(row);
    if signs.n_filled == 0 || signs.n_values * 10 > signs.n_filled {
        return false;
    }
    let following = || ahead.iter().filter(|row| !row.is_blank()).take(20);
    let widest = following().map(|row| row.filled().count()).max().unwrap_or(0);
    if signs.n_filled == 1 {
        // A title above a table is no caption of its first column.
        return widest <= 1 && signs.n_sure == 1 && following().count() > 0;
    }
    // A header with a better one right under it is a title of groups of columns.
    if let Some(next) = following().next() {
        let next_signs = self::signs(next);
        if next_signs.n_sure > signs.n_sure && next_signs.n_values == 0 && next_signs.n_sure >= 2 {
            return false;
        }
    }
    if signs.n_filled * 2 < widest && signs.n_sure * 2 < widest {
        return false;
    }
    let is_form = following().any(is_label) && is_label(row) && !is_numbered(ahead);
    if is_form && signs.n_filled <= 2 && signs.n_sure < 2 {
        return false;
    }
    if signs.n_sure * 3 >= signs.n_filled && (signs.n_sure >= 2 || signs.n_filled <= 3) {
        return true;
    }
    // Captions in words that are not known, over columns of numbers and dates.
    !signs.repeats && n_typed_columns(row, ahead) * 3 >= signs.n_filled
}

/// In how many columns do most values have a shape, where this row has words?
fn n_typed_columns(row: &Row, ahead: &VecDeque<Row>) -> usize {
    let is_typed = |index: usize| {
        let values: Vec<&str> = ahead
            .iter()
            .take(50)
            .filter_map(|row| Some(row.cells.get(index)?.trim()))
            .filter(|value| !value.is_empty())
            .collect();
        // A badge is `V107`: a word with a number in it, under a word without.
        let has_digit = |text: &str| text.contains(|c: char| c.is_ascii_digit());
        let is_bare = row.cells.get(index).is_some_and(|caption| !has_digit(caption));
        let is_typed = |value: &str| is_value(value) || (is_bare && has_digit(value));
        let n_typed = values.iter().filter(|value| is_typed(value)).count();
        n_typed > 0 && n_typed * 10 >= values.len() * 8
    };
    let has_words = |cell: &str| !cell.trim().is_empty() && !is_value(cell.trim());
    row.cells.iter().enumerate().filter(|(index, cell)| has_words(cell) && is_typed(*index)).count()
}

/// Is the row a header even in the middle of a table? Three captions or more, and next to nothing
/// else.
pub(super) fn is_certain(row: &Row) -> bool {
    let Some(first) = row.filled().next() else { return false };
    if is_value(first) {
        return false;
    }
    let signs = signs(row);
    signs.n_filled >= 3
        && !signs.repeats
        && signs.n_values == 0
        && signs.n_sure >= 2
        && signs.n_sure * 10 >= signs.n_filled * 6
}

/// Is `next` a second row of headers under `first`, as surveys have it?
///
/// It begins empty where all later rows are filled, and goes on where the first one is empty.
pub(super) fn is_second(first: &Row, next: &Row, ahead: &VecDeque<Row>) -> bool {
    let is_empty =
        |row: &Row, index: usize| row.cells.get(index).is_none_or(|cell| cell.trim().is_empty());
    if next.is_blank() || !is_empty(next, 0) || is_empty(first, 0) {
        return false;
    }
    let continues = next.cells.iter().enumerate().any(|(index, cell)| {
        !cell.trim().is_empty() && (is_empty(first, index) || cell.contains("Response"))
    });
    let mut later = ahead.iter().skip(1).filter(|row| !row.is_blank()).take(20).peekable();
    continues
        && signs(next).n_values == 0
        && later.peek().is_some()
        && later.all(|row| !is_empty(row, 0))
}

/// The captions of each column from one header row or two.
pub(super) fn captions(first: &Row, second: Option<&Row>) -> Vec<String> {
    let Some(second) = second else {
        return first.cells.iter().map(|cell| cell.trim().to_owned()).collect();
    };
    let n_columns = first.cells.len().max(second.cells.len());
    let mut group = "";
    let mut captions = Vec::with_capacity(n_columns);
    for index in 0..n_columns {
        let above = first.cells.get(index).map_or("", |cell| cell.trim());
        let below = second.cells.get(index).map_or("", |cell| cell.trim());
        if !above.is_empty() {
            group = above;
        }
        captions.push(match (above, below) {
            (_, "") => above.to_owned(),
            _ => format!("{group} – {below}"),
        });
    }
    captions
}

/// Is the row a line of a form: a label and its value?
pub(super) fn is_label(row: &Row) -> bool {
    let mut cells = row.filled();
    let (Some(label), Some(value), None) = (cells.next(), cells.next(), cells.next()) else {
        return false;
    };
    is_pair(label, value)
}

fn is_pair(label: &str, value: &str) -> bool {
    // What ends so is a label, whatever it says: `Treated for:`.
    let is_marked = label.ends_with(':') && label.len() <= 60 && !is_value(label);
    (is_marked || columns::of_caption(label).is_some_and(|known| known.is_sure))
        && (is_value(value)
            || (!value.ends_with(':')
                && columns::of_caption(value).is_none_or(|known| !known.is_sure)))
}

/// Do the next rows begin with the same words and another number each? Labels differ; these are the
/// values of a column.
fn is_numbered(ahead: &VecDeque<Row>) -> bool {
    let words = |row: &Row| -> Option<String> {
        let first = row.filled().next()?;
        let words: String = first.chars().filter(|c| !c.is_ascii_digit()).collect();
        (words.len() < first.len()).then_some(words)
    };
    let mut rows = ahead.iter().filter(|row| row.filled().next().is_some()).take(3).map(words);
    let Some(Some(first)) = rows.next() else { return false };
    let others: Vec<Option<String>> = rows.collect();
    !others.is_empty() && others.iter().all(|words| words.as_ref() == Some(&first))
}

/// Is the row a line of a form, with one label and its value or several?
///
/// A single pair may be a header of two columns as well, unless a form `is_open` already.
pub(super) fn is_pairs(row: &Row, ahead: &VecDeque<Row>, is_open: bool) -> bool {
    let cells: Vec<&str> = row.filled().collect();
    let (pairs, rest) = cells.as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() || pairs.len() > 6 {
        return false;
    }
    if !pairs.iter().all(|[label, value]| is_pair(label, value)) || is_numbered(ahead) {
        return false;
    }
    let is_told = |[label, value]: &[&str; 2]| {
        label.ends_with(':') || is_value(value) || shape::is_like_a_name(value)
    };
    match pairs {
        [[label, _]] => is_open || label.ends_with(':') || !is_header(row, ahead),
        pairs => pairs.iter().all(is_told) || (pairs.iter().any(is_told) && !is_header(row, ahead)),
    }
}

/// How many rows a table has that was turned: captions in its first column and a record in each
/// other one; `None` if it was not.
pub(super) fn n_turned(row: &Row, ahead: &VecDeque<Row>) -> Option<usize> {
    let mut seen = HashSet::new();
    let (mut n_rows, mut n_lines, mut n_sure, mut widest) = (0, 0, 0, 0);
    for row in std::iter::once(row).chain(ahead) {
        let Some(caption) = row.cells.first().map(|cell| cell.trim()) else { break };
        if caption.is_empty() || is_value(caption) || caption.len() > 60 {
            break;
        }
        let is_sure = columns::of_caption(caption).is_some_and(|known| known.is_sure);
        let has_captions = row.cells.iter().skip(1).any(|cell| {
            let cell = cell.trim();
            !is_value(cell)
                && columns::of_caption(cell).is_some_and(|known| {
                    known.is_sure && known.meaning != Some(habeas_model::Meaning::Address)
                })
        });
        if !seen.insert(caption) || has_captions {
            break;
        }
        n_rows += 1;
        n_lines += 1;
        n_sure += usize::from(is_sure);
        widest = widest.max(row.filled().count());
    }
    let is_turned = n_lines >= 3 && widest >= 3 && n_sure * 10 >= n_lines * 7;
    is_turned.then_some(n_rows)
}
