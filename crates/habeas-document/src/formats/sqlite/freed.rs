//! Which rows lie in the bytes between the cells of a page, where deleted ones were?
//!
//! A cell that is freed keeps all its bytes but the first four, in which SQLite notes the next
//! free block and the size of this one; blocks that touch are one block from then on. So some
//! cells are whole, and of others the lengths that stood in these four bytes have to be found
//! again from what follows.
//!
//! # Source
//! sqlite.org/fileformat2.html, 1.6 (cells and free blocks) and 2.1 (records); `freeSpace` in
//! SQLite's `btree.c` for what a freed cell keeps.

use std::collections::BTreeSet;
use std::ops::Range;

use super::pages::{Head, number, varint};
use crate::formats::blob;

/// What was found in a stretch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A row, value by value.
    Row(Vec<String>),
    /// Words that are in no row.
    Words(String),
}

/// What is known of the rows that a page had.
pub(super) struct Known<'k> {
    pub(super) head: &'k Head,
    /// Do its cells have the number of their row, as those of tables do?
    pub(super) has_rowid: bool,
    /// How many columns the tables of the file have.
    pub(super) widths: &'k BTreeSet<usize>,
}

/// A row of more columns than this is not looked for: there is one at every byte of some files.
const MAX_COLUMNS: usize = 128;
/// Of so many widths of tables at most.
const MAX_WIDTHS: usize = 32;

/// The rows and words in a stretch of a page.
pub(super) fn pieces(page: &[u8], stretch: Range<usize>, known: &Known<'_>) -> Vec<Piece> {
    let page = page.get(..stretch.end).unwrap_or(page);
    let mut pieces = Vec::new();
    let (mut at, mut from) = (stretch.start, stretch.start);
    if block(page, at).is_some_and(|(_, size)| at + size == stretch.end) {
        // What the block notes of itself is no word.
        from += 4;
    }
    while at < page.len() {
        let found = whole(page, at, known).or_else(|| headless(page, at, known));
        let Some((values, end)) = found.filter(|(_, end)| *end > at) else {
            at += 1;
            continue;
        };
        add_words(page.get(from..at).unwrap_or_default(), &mut pieces);
        pieces.push(Piece::Row(values));
        (at, from) = (end, end);
    }
    add_words(page.get(from..).unwrap_or_default(), &mut pieces);
    pieces
}

fn add_words(bytes: &[u8], pieces: &mut Vec<Piece>) {
    let words = blob::words(bytes);
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
}

/// A row with all of its lengths, which check each other, and where it ends.
fn whole(page: &[u8], at: usize, known: &Known<'_>) -> Option<(Vec<String>, usize)> {
    let (n_bytes, mut start) = varint(page, at)?;
    if known.has_rowid {
        start = varint(page, start)?.1;
    }
    let (n_head, first) = varint(page, start)?;
    let head_end = start.checked_add(usize::try_from(n_head).ok()?)?;
    let end = start.checked_add(usize::try_from(n_bytes).ok()?)?;
    (head_end <= end && end <= page.len()).then_some(())?;
    let kinds = kinds(page, first, head_end)?;
    let body = sizes(&kinds)?;
    (head_end.checked_add(body)? == end).then_some(())?;
    Some((values(page, &kinds, head_end, known)?, end))
}

/// The kinds of values that a head of a record lists from `at` to `end`.
fn kinds(page: &[u8], mut at: usize, end: usize) -> Option<Vec<u64>> {
    let mut kinds = Vec::new();
    while at < end && kinds.len() < MAX_COLUMNS {
        let (kind, next) = varint(page, at)?;
        kinds.push(kind);
        at = next;
    }
    (at == end && !kinds.is_empty()).then_some(kinds)
}

/// How many bytes a value of that kind takes; `None` for kinds that are not written.
fn size(kind: u64) -> Option<usize> {
    Some(match kind {
        0 | 8 | 9 => 0,
        1..=4 => usize::try_from(kind).ok()?,
        5 => 6,
        6 | 7 => 8,
        10 | 11 => return None,
        _ => usize::try_from((kind - 12) / 2).ok()?,
    })
}

fn sizes(kinds: &[u64]) -> Option<usize> {
    kinds.iter().try_fold(0_usize, |sum, kind| sum.checked_add(size(*kind)?))
}

/// The values from `at` on; `None` unless one of them is text, and all that should be text is.
fn values(page: &[u8], kinds: &[u64], mut at: usize, known: &Known<'_>) -> Option<Vec<String>> {
    let mut values = Vec::with_capacity(kinds.len());
    let mut has_text = false;
    for kind in kinds {
        let bytes = page.get(at..at.checked_add(size(*kind)?)?)?;
        at += bytes.len();
        values.push(match kind {
            0 => String::new(),
            1..=9 => number(*kind, bytes),
            kind if kind % 2 == 0 => blob::words(bytes),
            _ => {
                let text = known.head.text(bytes);
                if !is_clean(&text) {
                    return None;
                }
                has_text |= !text.trim().is_empty();
                text
            }
        });
    }
    has_text.then_some(values)
}

/// Is it text as people write it?
fn is_clean(text: &str) -> bool {
    !text.contains(|c: char| {
        c == char::REPLACEMENT_CHARACTER || c.is_control() && !matches!(c, '\n' | '\r' | '\t')
    })
}

/// The longest first value whose kind takes one byte.
const MAX_FIRST: usize = 57;

/// A row whose first four bytes say the next free block and the size of this one.
///
/// They have taken the length of the row, its number, the length of the list of kinds, and
/// perhaps the first kind, whose value ends where another block or row begins.
fn headless(page: &[u8], at: usize, known: &Known<'_>) -> Option<(Vec<String>, usize)> {
    if !known.has_rowid || !is_block(page, at) {
        return None;
    }
    let list = at + 4;
    let ends = |end: usize| is_end(page, at, end, known);
    for width in known.widths.iter().filter(|width| **width <= MAX_COLUMNS).take(MAX_WIDTHS) {
        // Only the lengths are lost, the number of the row being of two bytes.
        if let Some((kinds, body)) = take_kinds(page, list, *width)
            && let Some(end) = sizes(&kinds).and_then(|n| body.checked_add(n))
            && ends(end)
            && let Some(values) = values(page, &kinds, body, known)
        {
            return Some((values, end));
        }
        // The first kind is lost as well.
        let Some((mut kinds, body)) = take_kinds(page, list, width - 1) else { continue };
        let Some(rest) = sizes(&kinds).and_then(|n| body.checked_add(n)) else { continue };
        kinds.insert(0, 0);
        // Of two that fit, the one that has text has more.
        for first in (0..=MAX_FIRST).rev() {
            let Some(end) = rest.checked_add(first).filter(|end| ends(*end)) else { continue };
            for kind in first_kinds(first) {
                kinds[0] = kind;
                if let Some(values) = values(page, &kinds, body, known) {
                    return Some((values, end));
                }
            }
        }
    }
    None
}

/// The kinds that a value of so many bytes may have, text first.
fn first_kinds(n_bytes: usize) -> Vec<u64> {
    let text = 13 + 2 * n_bytes as u64;
    match n_bytes {
        0 => vec![0],
        1..=4 => vec![text, n_bytes as u64],
        6 => vec![text, 5],
        8 => vec![text, 6],
        _ => vec![text],
    }
}

/// So many kinds from `at` on, and where their values begin.
fn take_kinds(page: &[u8], mut at: usize, n: usize) -> Option<(Vec<u64>, usize)> {
    let mut kinds = Vec::with_capacity(n + 1);
    for _ in 0..n {
        let (kind, next) = varint(page, at)?;
        size(kind)?;
        kinds.push(kind);
        at = next;
    }
    Some((kinds, at))
}

/// The next free block that a block notes, and its own size.
fn block(page: &[u8], at: usize) -> Option<(usize, usize)> {
    let pair =
        |at: usize| Some(usize::from(u16::from_be_bytes(page.get(at..at + 2)?.try_into().ok()?)));
    Some((pair(at)?, pair(at + 2)?))
}

/// May a free block have begun here? Blocks are listed upwards, and end on the page.
fn is_block(page: &[u8], at: usize) -> bool {
    block(page, at)
        .is_some_and(|(next, size)| size > 4 && at + size <= page.len() && (next == 0 || next > at))
}

/// May a row that began with a free block at `at` end there? The block ends there, or another one
/// begins there that ends where this one does, or a whole row does.
fn is_end(page: &[u8], at: usize, end: usize, known: &Known<'_>) -> bool {
    let Some((_, size)) = block(page, at) else { return false };
    let all = at + size;
    if end == all {
        return true;
    }
    end < all
        && (block(page, end).is_some_and(|(_, size)| size > 4 && end + size == all)
            || whole(page, end, known).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: &[&str]) -> Piece {
        Piece::Row(values.iter().map(|value| (*value).to_owned()).collect())
    }

    fn check_pieces(page: &[u8], widths: &[usize], expected: &[Piece]) {
        let widths = widths.iter().copied().collect();
        let head = Head::plain(4096);
        let known = Known { head: &head, has_rowid: true, widths: &widths };
        assert_eq!(pieces(page, 0..page.len(), &known), expected);
    }

    /// A cell of two texts.
    fn cell(rowid: &[u8], a: &str, b: &str) -> Vec<u8> {
        let kind = |text: &str| u8::try_from(13 + 2 * text.len()).unwrap();
        let n = u8::try_from(3 + a.len() + b.len()).unwrap();
        [&[n], rowid, &[3, kind(a), kind(b)], a.as_bytes(), b.as_bytes()].concat()
    }

    /// The cell after it was freed, as one block up to `size`.
    fn freed(mut cell: Vec<u8>, next: u8, size: usize) -> Vec<u8> {
        cell[..4].copy_from_slice(&[0, next, 0, u8::try_from(size).unwrap()]);
        cell
    }

    #[test]
    fn whole_rows_are_told_apart() {
        let cells = [cell(&[7], "Amara Lind", "07700 900123"), cell(&[8], "Bo Ek", "1")].concat();
        let expected = [row(&["Amara Lind", "07700 900123"]), row(&["Bo Ek", "1"])];
        check_pieces(&cells, &[], &expected);
        let with_rest = [&[0, 0, 0][..], b"Zoe Low\0\0", &cells].concat();
        let words = [Piece::Words("Zoe Low".to_owned())];
        let expected: Vec<Piece> = words.into_iter().chain(expected).collect();
        check_pieces(&with_rest, &[], &expected);
    }

    #[test]
    fn rows_without_their_lengths_are_found_again() {
        let one = cell(&[7], "Amara Lind", "07700 900123");
        let two = cell(&[0x81, 0x08], "Bo Ek", "1");
        let expected = [row(&["Amara Lind", "07700 900123"]), row(&["Bo Ek", "1"])];
        let (n_one, n_two) = (one.len(), two.len());
        let page = [freed(one.clone(), 0, n_one + n_two), freed(two.clone(), 0, n_two)].concat();
        check_pieces(&page, &[2], &expected);
        let page = [freed(one, 0, n_one + n_two), two].concat();
        check_pieces(&page, &[2, 5], &expected);
    }
}
