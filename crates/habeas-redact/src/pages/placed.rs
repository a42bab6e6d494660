//! Where on a page does each stretch of its text stand, for a person who looks at it?
//!
//! The isolated reader records where each letter is drawn and which bytes of the text it is, the recogniser does
//! the same for words of a scan; here only these numbers are put together. Nothing of it leaves.

use std::ops::Range;

use habeas_document::page::{Letter, Page, Recognised};

use super::boxes::around;

/// The text of a page that is seen, and where each piece of it stands.
#[derive(Clone, Debug, Default)]
pub struct Placed {
    texts: Vec<String>,
    pieces: Vec<Piece>,
}

/// A letter, or a word of a scan.
#[derive(Clone, Debug)]
struct Piece {
    text: usize,
    range: Range<usize>,
    /// Pieces with one number stand beside each other.
    line: usize,
    /// In parts of the page: left, top, right, bottom.
    bounds: [f32; 4],
}

/// Letters further apart than this, in heights of their font, are in other columns.
const COLUMN_GAP: f32 = 3.0;

impl Placed {
    /// As the letters of a page stand on it.
    pub fn letters(page: &Page) -> Self {
        let mut letters: Vec<(&Letter, usize, Range<usize>)> = page
            .letters
            .iter()
            .filter(|letter| letter.is_seen && !letter.text.trim().is_empty())
            .filter_map(|letter| {
                let (text, start, end) = letter.at?;
                Some((letter, text as usize, start as usize..end as usize))
            })
            .collect();
        letters.sort_by_key(|(_, text, range)| (*text, range.start));
        let (mut pieces, mut line) = (Vec::with_capacity(letters.len()), 0);
        let mut before: Option<&Letter> = None;
        for (letter, text, range) in letters {
            line += usize::from(before.is_some_and(|before| !is_beside(before, letter)));
            before = Some(letter);
            if let Some(bounds) = part_of(around(letter), page.width_pt, page.height_pt) {
                pieces.push(Piece { text, range, line, bounds });
            }
        }
        Self { texts: page.texts.clone(), pieces }
    }

    /// As the words stand that were recognised on a page of that size in points.
    pub fn words(seen: &Recognised, width_pt: f32, height_pt: f32) -> Self {
        let piece = |word: &habeas_document::page::SeenWord| {
            let bounds = part_of(word.bounds, width_pt, height_pt)?;
            Some(Piece { text: 0, range: word.range.clone(), line: word.line as usize, bounds })
        };
        Self {
            texts: vec![seen.text.clone()],
            pieces: seen.words.iter().filter_map(piece).collect(),
        }
    }

    /// The texts, as the document's passages have them.
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Where a stretch of a text stands: a box a line, in parts of the page, left, top, right, bottom. Empty
    /// if no letter of it was drawn.
    pub fn areas(&self, text: usize, range: &Range<usize>) -> Vec<[f32; 4]> {
        let mut areas: Vec<(usize, [f32; 4])> = Vec::new();
        let is_in = |piece: &&Piece| {
            piece.text == text && piece.range.start < range.end && range.start < piece.range.end
        };
        for piece in self.pieces.iter().filter(is_in) {
            match areas.last_mut() {
                Some((line, area)) if *line == piece.line => {
                    *area = around_both(area, &piece.bounds)
                }
                _ => areas.push((piece.line, piece.bounds)),
            }
        }
        areas.into_iter().map(|(_, area)| area).collect()
    }
}

/// Do two letters that follow each other stand on one line, in one column?
fn is_beside(one: &Letter, other: &Letter) -> bool {
    let em = one.em_pt.max(other.em_pt);
    let (dx, dy) = (other.origin.0 - one.origin.0, other.origin.1 - one.origin.1);
    let (x, y) = one.direction;
    let (along, across) = (dx * x + dy * y, dy * x - dx * y);
    let turned = x * other.direction.0 + y * other.direction.1;
    turned > 0.99 && across.abs() < em * 0.4 && along.abs() < em * (COLUMN_GAP + 1.0)
}

fn around_both(one: &[f32; 4], other: &[f32; 4]) -> [f32; 4] {
    [one[0].min(other[0]), one[1].min(other[1]), one[2].max(other[2]), one[3].max(other[3])]
}

/// Points as parts of the page; `None` of what is not on it, or is no number.
fn part_of(bounds: [f32; 4], width_pt: f32, height_pt: f32) -> Option<[f32; 4]> {
    let [left, top, right, bottom] = bounds;
    let part = |value: f32, whole: f32| (value / whole).clamp(0.0, 1.0);
    let area = [
        part(left, width_pt),
        part(top, height_pt),
        part(right, width_pt),
        part(bottom, height_pt),
    ];
    let is_sound = area.iter().all(|value| value.is_finite());
    (is_sound && area[0] < area[2] && area[1] < area[3]).then_some(area)
}

#[cfg(test)]
mod tests {
    use habeas_document::page::SeenWord;

    use super::*;

    fn letter(text: &str, at: u32, (x, y): (f32, f32), (dx, dy): (f32, f32)) -> Letter {
        Letter {
            text: text.into(),
            drawn: None,
            origin: (x, y),
            advance: (dx * 5.0, dy * 5.0),
            direction: (dx, dy),
            em_pt: 10.0,
            is_seen: true,
            is_unmapped: false,
            group: None,
            at: Some((0, at, at + 1)),
        }
    }

    fn page(letters: Vec<Letter>) -> Page {
        Page {
            number: 1,
            width_pt: 100.0,
            height_pt: 200.0,
            letters,
            texts: vec!["ab cd".into()],
            ..Page::default()
        }
    }

    #[test]
    fn a_stretch_has_a_box_a_line() {
        let right = (1.0, 0.0);
        let placed = Placed::letters(&page(vec![
            letter("a", 0, (10.0, 20.0), right),
            letter("b", 1, (15.0, 20.0), right),
            letter("c", 3, (10.0, 40.0), right),
            letter("d", 4, (80.0, 40.0), right),
        ]));
        let check = |range: Range<usize>, expected: &[[f32; 4]]| {
            assert_eq!(placed.areas(0, &range), expected, "{range:?}");
        };
        check(0..2, &[[0.1, 0.06, 0.2, 0.11]]);
        check(1..4, &[[0.15, 0.06, 0.2, 0.11], [0.1, 0.16, 0.15, 0.21]]);
        // Another column of the same line.
        check(3..5, &[[0.1, 0.16, 0.15, 0.21], [0.8, 0.16, 0.85, 0.21]]);
        check(2..3, &[]);
        assert!(placed.areas(1, &(0..2)).is_empty(), "there is no such text");
    }

    #[test]
    fn lines_may_run_downwards_and_numbers_may_be_none() {
        let down = (0.0, 1.0);
        let mut odd = letter("x", 3, (f32::NAN, 20.0), down);
        odd.em_pt = f32::INFINITY;
        let placed = Placed::letters(&page(vec![
            letter("a", 0, (50.0, 20.0), down),
            letter("b", 1, (50.0, 25.0), down),
            odd,
            letter("d", 4, (500.0, 20.0), (1.0, 0.0)),
        ]));
        assert_eq!(placed.areas(0, &(0..2)), [[0.48, 0.1, 0.58, 0.15]]);
        assert!(placed.areas(0, &(3..5)).is_empty(), "neither stands on the page");
    }

    #[test]
    fn words_of_a_scan_are_boxes_of_their_lines() {
        let word = |range: Range<usize>, x: f32, line: u32| SeenWord {
            range,
            bounds: [x, 10.0, x + 20.0, 20.0],
            confidence: 90.0,
            line,
        };
        let seen = Recognised {
            number: 1,
            text: "Tom Quill rang".into(),
            words: vec![word(0..3, 10.0, 1), word(4..9, 40.0, 1), word(10..14, 10.0, 2)],
        };
        let placed = Placed::words(&seen, 100.0, 200.0);
        assert_eq!(placed.areas(0, &(0..9)), [[0.1, 0.05, 0.6, 0.1]]);
        assert_eq!(placed.areas(0, &(5..12)).len(), 2);
    }
}
