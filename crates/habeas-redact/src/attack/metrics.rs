//! How wide would a name be in the fonts of a file?

use std::collections::{BTreeMap, HashMap};

use super::lines::Line;
use crate::paper;

/// The advances of a file's letters, for each font, in parts of its size.
#[derive(Default)]
pub(crate) struct Metrics {
    advances: HashMap<(u128, char), f64>,
    /// How much wider each font is than ours.
    ratios: BTreeMap<u128, f64>,
}

impl Metrics {
    /// Measures all lines.
    pub(crate) fn new(pages: &[Vec<Line>]) -> Self {
        let mut advances = HashMap::new();
        for glyph in pages.iter().flatten().flat_map(|line| &line.glyphs) {
            let mut letters = glyph.text.chars();
            if let (Some(letter), None) = (letters.next(), letters.next()) {
                let advance = (glyph.end - glyph.start) / glyph.size_pt;
                advances.entry((glyph.font, letter)).or_insert(advance);
            }
        }
        let mut ratios: BTreeMap<u128, Vec<f64>> = BTreeMap::new();
        for ((font, letter), advance) in &advances {
            let ours = paper::advance(*letter);
            if ours > 0.0 && letter.is_alphabetic() {
                ratios.entry(*font).or_default().push(advance / ours);
            }
        }
        let median = |mut all: Vec<f64>| {
            all.sort_by(f64::total_cmp);
            all.get(all.len() / 2).copied().unwrap_or(1.0)
        };
        let ratios = ratios.into_iter().map(|(font, all)| (font, median(all))).collect();
        Self { advances, ratios }
    }

    /// The advance of a font's space, in parts of its size, if the file draws one.
    pub(crate) fn space(&self, font: u128) -> Option<f64> {
        self.advances.get(&(font, ' ')).or_else(|| self.advances.get(&(font, '\u{a0}'))).copied()
    }

    /// The width of a text in points, and by how much it may be wrong: letters that the file does
    /// not show are taken to be as wide as those of another font are by comparison.
    pub(crate) fn width(&self, text: &str, font: u128, size_pt: f64) -> (f64, f64) {
        let ratio = self.ratios.get(&font).copied().unwrap_or(1.0);
        let (mut width, mut doubt) = (0.0, 0.0);
        for letter in text.chars() {
            match self.advances.get(&(font, letter)) {
                Some(advance) => width += advance,
                None => {
                    width += paper::advance(letter) * ratio;
                    doubt += 0.02;
                }
            }
        }
        (width * size_pt, doubt * size_pt)
    }
}
