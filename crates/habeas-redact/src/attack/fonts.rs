//! Do the fonts of a file hold letters that no page shows?
//!
//! Who copies a font with a page copies the letters that were taken out, in the order in which they
//! were first written.

use std::collections::{BTreeMap, BTreeSet};

use skrifa::outline::DrawSettings;
use skrifa::prelude::{LocationRef, Size};
use skrifa::raw::TableProvider;
use skrifa::raw::tables::glyf::Glyph;
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::page::{Fonts, Sheet};

/// Fonts larger than this are looked at as bytes only.
const MANY_GLYPHS: u32 = 20_000;

/// How many letters the fonts hold that no page shows.
pub(crate) fn n_leftover(sheets: &[Sheet], fonts: &Fonts) -> usize {
    let mut shown: BTreeMap<u128, BTreeSet<u32>> = BTreeMap::new();
    for letter in sheets.iter().flat_map(|sheet| &sheet.letters) {
        shown.entry(letter.font).or_default().insert(letter.glyph);
    }
    let none = BTreeSet::new();
    fonts
        .iter()
        .map(|(font, bytes)| leftover(bytes, shown.get(font).unwrap_or(&none)).unwrap_or(0))
        .sum()
}

/// `None` for a font that cannot be read so.
fn leftover(bytes: &[u8], shown: &BTreeSet<u32>) -> Option<usize> {
    let font = FontRef::new(bytes).ok()?;
    let n_glyphs = u32::from(font.maxp().ok()?.num_glyphs());
    if n_glyphs > MANY_GLYPHS {
        return None;
    }
    let mut used = shown.clone();
    // An accented letter is made of others.
    if let (Ok(loca), Ok(glyf)) = (font.loca(None), font.glyf()) {
        let mut waiting: Vec<u32> = shown.iter().copied().collect();
        while let Some(glyph) = waiting.pop() {
            if let Ok(Some(Glyph::Composite(whole))) = loca.get_glyf(GlyphId::new(glyph), &glyf) {
                for part in whole.components() {
                    let part = part.glyph.to_u32();
                    if used.insert(part) {
                        waiting.push(part);
                    }
                }
            }
        }
    }
    let outlines = font.outline_glyphs();
    let is_drawn = |glyph: u32| {
        let mut pen = Counting(0);
        let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
        outlines
            .get(GlyphId::new(glyph))
            .is_some_and(|outline| outline.draw(settings, &mut pen).is_ok() && pen.0 > 0)
    };
    // The first is the one for letters that are missing.
    Some((1..n_glyphs).filter(|glyph| !used.contains(glyph) && is_drawn(*glyph)).count())
}

struct Counting(usize);

impl skrifa::outline::OutlinePen for Counting {
    fn move_to(&mut self, _: f32, _: f32) {
        self.0 += 1;
    }
    fn line_to(&mut self, _: f32, _: f32) {
        self.0 += 1;
    }
    fn quad_to(&mut self, _: f32, _: f32, _: f32, _: f32) {
        self.0 += 1;
    }
    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, _: f32, _: f32) {
        self.0 += 1;
    }
    fn close(&mut self) {}
}
