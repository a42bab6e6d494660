//! Which text of earlier savings is left in an old Word document?
//!
//! One that was saved fast only got what was new at its end, and a new table of pieces ([MS-DOC]
//! 2.5.2, `fComplex`). What no piece holds any more was deleted, and is still there.

use encoding_rs::WINDOWS_1252;

use super::{Piece, listed};
use crate::formats::compound::u32_at;

/// Runs of characters were kept in pages of so many bytes.
const PAGE_BYTES: usize = 512;
/// What stands apart from all text is taken for text from so many characters on.
const MIN_APART: usize = 8;

/// The texts that no piece holds, in the order in which they stand in the file.
pub(super) fn texts(main: &[u8], table: &[u8], pieces: &[Piece]) -> Vec<Vec<char>> {
    // What the pages and pieces take, in order; a page says nothing about what stands beside it.
    let mut taken: Vec<(usize, usize, Option<bool>)> = pieces
        .iter()
        .map(|piece| (piece.at, piece.at.saturating_add(piece.n_bytes), Some(piece.is_wide)))
        .chain(pages(main, table).map(|at| (at, at.saturating_add(PAGE_BYTES), None)))
        .collect();
    taken.push((main.len(), main.len(), None));
    taken.sort_unstable();
    let head = u32_at(main, 0x18).unwrap_or(0) as usize;
    let (mut texts, mut end, mut before) = (Vec::new(), head, None);
    for (from, to, is_wide) in taken {
        if let Some(gap) = main.get(end..from).filter(|gap| !gap.is_empty()) {
            of_gap(gap, before, is_wide, &mut texts);
        }
        if to > end {
            (end, before) = (to, is_wide);
        }
    }
    texts
}

/// The pages that hold how characters and paragraphs look (2.8.5 and 2.8.6).
fn pages(main: &[u8], table: &[u8]) -> impl Iterator<Item = usize> {
    let places = [12, 13].into_iter().flat_map(move |number| {
        let list = listed(main, table, number);
        let n = list.len().saturating_sub(4) / 8;
        (0..n).filter_map(move |index| u32_at(list, (n + 1) * 4 + index * 4))
    });
    let places: Vec<usize> =
        places.map(|number| (number & 0x3f_ffff) as usize * PAGE_BYTES).collect();
    places.into_iter()
}

/// What stands between two pieces is written as they are; what is left of it beside no piece has to
/// look like text by itself.
fn of_gap(gap: &[u8], before: Option<bool>, after: Option<bool>, texts: &mut Vec<Vec<char>>) {
    let mut widths = Vec::new();
    for is_wide in [before, after].into_iter().flatten().chain([false, true]) {
        if !widths.contains(&is_wide) {
            widths.push(is_wide);
        }
    }
    // Of both ways to read it the one that gives more text is right.
    let read = |is_wide: bool| {
        let touches = |side: Option<bool>| side == Some(is_wide);
        runs(&decoded(gap, is_wide), touches(before), touches(after))
    };
    let found = widths
        .into_iter()
        .map(read)
        .rev()
        .max_by_key(|runs| runs.iter().flatten().filter(|c| c.is_alphanumeric()).count());
    texts.extend(found.unwrap_or_default());
}

fn decoded(gap: &[u8], is_wide: bool) -> Vec<char> {
    if is_wide {
        let units = gap.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
        char::decode_utf16(units).map(|c| c.unwrap_or('\0')).collect()
    } else {
        WINDOWS_1252.decode_without_bom_handling(gap).0.chars().collect()
    }
}

/// The stretches of it that can be text.
fn runs(characters: &[char], touches_before: bool, touches_after: bool) -> Vec<Vec<char>> {
    let (mut runs, mut at) = (Vec::new(), 0);
    for run in characters.split(|c| !is_text(*c)) {
        let is_first = at == 0 && touches_before;
        at += run.len() + 1;
        let is_last = at > characters.len() && touches_after;
        let n_words = run.iter().filter(|c| c.is_alphanumeric() || **c == ' ').count();
        let is_likely = run.len() >= MIN_APART && n_words * 10 >= run.len() * 8;
        if n_words > 0 && (is_first || is_last || is_likely) {
            runs.push(run.to_vec());
        }
    }
    runs
}

/// May a document hold this character? Some that control are marks of cells, fields and notes.
fn is_text(c: char) -> bool {
    match c {
        '\t' | '\r' | '\u{b}' | '\u{c}' | '\u{7}' | '\u{13}'..='\u{15}' | '\u{1e}' | '\u{1f}' => {
            true
        }
        '\u{1}' | '\u{2}' | '\u{5}' | '\u{8}' => true,
        // Letters of the alphabets, and the marks between them; bytes of anything else read as
        // two a character mostly lie past them.
        '\u{a0}'..='\u{6ff}' | '\u{1e00}'..='\u{20cf}' => true,
        // What Windows has between the alphabets: quotation marks, dashes, currencies.
        '\u{2100}'..='\u{2122}' => true,
        c => (' '..='~').contains(&c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_left(main: &[u8], pieces: &[(usize, usize, bool)], expected: &[&str]) {
        let pieces: Vec<Piece> = pieces
            .iter()
            .map(|(at, n_bytes, is_wide)| Piece { at: *at, n_bytes: *n_bytes, is_wide: *is_wide })
            .collect();
        let mut head = vec![0; 0x1a];
        head.extend([0; 6]);
        head[0x18] = 0x20;
        let main = [&head, main].concat();
        let found: Vec<String> =
            texts(&main, &[], &pieces).into_iter().map(|text| text.into_iter().collect()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_no_piece_holds_is_found() {
        let main = b"Dear Amara Lind, see you\r";
        check_left(main, &[(0x20, 25, false)], &[]);
        check_left(main, &[(0x20, 5, false), (0x2f, 10, false)], &["Amara Lind"]);
        // Two letters between two pieces are text, and a short rest of anything apart is not.
        check_left(main, &[(0x20, 11, false), (0x2e, 11, false)], &["Lin"]);
        check_left(b"Dear\0\0\0\0ab\0\0", &[(0x20, 4, false)], &[]);
        check_left(b"Dear\0\0\0\0Old words of Bo\0", &[(0x20, 4, false)], &["Old words of Bo"]);
    }

    #[test]
    fn what_stands_beside_wide_text_is_wide() {
        let wide: Vec<u8> = "Dear Zoë Löw, bye".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check_left(&wide, &[(0x20, 10, true), (0x38, 10, true)], &["Zoë Löw"]);
    }

    #[test]
    fn pieces_that_lie_anywhere_cost_nothing() {
        check_left(b"Dear", &[(usize::MAX, 0, false), (0x20, 4, false), (0, 0x22, true)], &[]);
    }
}
