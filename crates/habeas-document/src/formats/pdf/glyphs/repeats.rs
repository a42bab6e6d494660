//! Is text printed twice at one place, as shadows and some bold letters are?

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::PlacedGlyph;

/// What stands where already: a text, and a place in cells that are half a tenth of its height wide.
#[derive(Default)]
pub(super) struct Repeats {
    seen: HashMap<(u64, i64, i64), usize>,
}

impl Repeats {
    /// The number of the glyph that stands for the same at the same place.
    pub(super) fn of(&self, glyph: &PlacedGlyph) -> Option<usize> {
        let (key, x, y) = cell(glyph);
        let near = (-1..=1).flat_map(|dx: i64| (-1..=1).map(move |dy: i64| (dx, dy)));
        near.filter_map(|(dx, dy)| {
            self.seen.get(&(key, x.saturating_add(dx), y.saturating_add(dy))).copied()
        })
        .next()
    }

    /// Remembers a glyph by its number.
    pub(super) fn remember(&mut self, glyph: &PlacedGlyph, number: usize) {
        self.seen.entry(cell(glyph)).or_insert(number);
    }
}

fn cell(glyph: &PlacedGlyph) -> (u64, i64, i64) {
    let mut hasher = DefaultHasher::new();
    glyph.text.hash(&mut hasher);
    let cell = |value: f64| (value / (glyph.em_pt * 0.05)).round() as i64;
    (hasher.finish(), cell(glyph.origin.x), cell(glyph.origin.y))
}

/// Is a run of glyphs the same as one before it? A letter of another line that happens to stand where
/// the same letter stands is not.
pub(super) fn is_repeated(run: &[Option<PlacedGlyph>], before: &[Option<usize>]) -> bool {
    let of_letters = |(glyph, before): (&Option<PlacedGlyph>, &Option<usize>)| {
        let glyph = glyph.as_ref().filter(|glyph| !glyph.text.trim().is_empty())?;
        Some((glyph.advance.hypot() > 0.0, before.is_some()))
    };
    let letters: Vec<(bool, bool)> = run.iter().zip(before).filter_map(of_letters).collect();
    letters.iter().filter(|(_, is_before)| *is_before).count() * 2 >= letters.len()
}
