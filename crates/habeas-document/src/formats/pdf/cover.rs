//! What is painted over what on a page, and what colour is behind a letter?
//!
//! A box that was drawn over a name hides the name from those who look, and from nobody who copies
//! the text out. The text is found, and marked as unseen.

use hayro::kurbo::{Point, Rect};

use super::glyphs::{PlacedGlyph, Sight};

/// Something that was painted.
pub(super) struct Cover {
    pub(super) bounds: Rect,
    /// Its colour, if it has one all over.
    pub(super) colour: Option<[u8; 3]>,
    /// Is nothing seen through it?
    pub(super) hides: bool,
    pub(super) is_picture: bool,
}

/// What has been painted on a page so far.
#[derive(Default)]
pub(super) struct Covers {
    painted: Vec<Cover>,
    /// Colours of the boxes among them.
    colours: Vec<[u8; 3]>,
    /// How much has been compared, so that a page of very many boxes takes no longer than others.
    n_compared: usize,
}

/// So many comparisons take about a second.
const MAX_COMPARED: usize = 200_000_000;
/// So many boxes are remembered.
const MAX_PAINTED: usize = 100_000;
const WHITE: [u8; 3] = [255; 3];

impl Covers {
    /// Notes what was painted, and says which glyphs cannot be seen any more.
    pub(super) fn add(&mut self, cover: Cover, glyphs: &[PlacedGlyph]) -> Vec<usize> {
        let bounds = cover.bounds;
        if bounds.width() < 1.0 || bounds.height() < 1.0 || !bounds.is_finite() {
            return Vec::new();
        }
        let mut covered = Vec::new();
        if cover.hides && self.may_compare(glyphs.len()) {
            let is_under = |glyph: &PlacedGlyph| {
                let letter = glyph.bounds();
                let shared = letter.intersect(bounds);
                shared.width() >= letter.width() * 0.5 && shared.height() >= letter.height() * 0.7
            };
            let seen = glyphs.iter().enumerate().filter(|(_, glyph)| glyph.sight == Sight::Seen);
            covered.extend(seen.filter(|(_, glyph)| is_under(glyph)).map(|(index, _)| index));
        }
        if let Some(colour) = cover.colour
            && !self.colours.iter().any(|have| is_same(*have, colour))
            && self.colours.len() < 1_000
        {
            self.colours.push(colour);
        }
        if self.painted.len() < MAX_PAINTED {
            self.painted.push(cover);
        }
        covered
    }

    /// Is that the colour of what lies behind a place? Paper is white; what lies in a picture or
    /// in a drawing is not known.
    pub(super) fn is_background(&mut self, at: Point, colour: [u8; 3]) -> bool {
        let may_be =
            is_same(colour, WHITE) || self.colours.iter().any(|have| is_same(*have, colour));
        if !may_be || !self.may_compare(self.painted.len()) {
            return false;
        }
        match self.painted.iter().rev().find(|cover| cover.bounds.contains(at)) {
            Some(cover) => cover.colour.is_some_and(|behind| is_same(behind, colour)),
            None => is_same(colour, WHITE),
        }
    }

    fn may_compare(&mut self, n: usize) -> bool {
        self.n_compared = self.n_compared.saturating_add(n);
        self.n_compared < MAX_COMPARED
    }
}

/// Colours that no eye tells apart.
fn is_same(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(a, b)| a.abs_diff(b) <= 4)
}
