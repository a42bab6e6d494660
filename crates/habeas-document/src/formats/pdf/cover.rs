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
    /// Was there too much of it? Then some text may be covered that does not say so.
    pub(super) has_given_up: bool,
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
                // A mark over a letter may have no width: then its middle decides.
                shared.width() >= letter.width() * 0.5
                    && shared.height() >= letter.height() * 0.7
                    && (letter.width() > 0.1 || bounds.contains(letter.center()))
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
        } else {
            self.has_given_up = true;
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
        let may = self.n_compared < MAX_COMPARED;
        self.has_given_up |= !may;
        may
    }
}

/// Colours that no eye tells apart.
fn is_same(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(a, b)| a.abs_diff(b) <= 4)
}

#[cfg(test)]
mod tests {
    use hayro::kurbo::Vec2;

    use super::*;

    fn letter(x: f64, width: f64) -> PlacedGlyph {
        PlacedGlyph {
            text: "a".to_owned(),
            origin: Point::new(x, 100.0),
            advance: Vec2::new(width, 0.0),
            direction: Vec2::new(1.0, 0.0),
            em_pt: 10.0,
            sight: Sight::Seen,
            meant: None,
            by: crate::formats::pdf::glyphs::By::Document,
        }
    }

    fn black(x0: f64, x1: f64) -> Cover {
        let bounds = Rect::new(x0, 90.0, x1, 104.0);
        Cover { bounds, colour: Some([0; 3]), hides: true, is_picture: false }
    }

    #[test]
    fn a_box_hides_what_lies_under_it_and_nothing_beside_it() {
        // A letter, an accent that has no width, the same two beside the box, half a letter.
        let line = [
            letter(10.0, 6.0),
            letter(16.0, 0.0),
            letter(40.0, 6.0),
            letter(46.0, 0.0),
            letter(28.0, 6.0),
        ];
        assert_eq!(Covers::default().add(black(5.0, 30.0), &line), [0, 1]);
    }

    #[test]
    fn a_page_of_too_many_boxes_says_so() {
        let mut covers = Covers { n_compared: MAX_COMPARED - 2, ..Covers::default() };
        assert_eq!(covers.add(black(5.0, 30.0), &[letter(10.0, 6.0)]), [0]);
        assert!(!covers.has_given_up);
        assert!(covers.add(black(5.0, 30.0), &[letter(10.0, 6.0)]).is_empty());
        assert!(covers.has_given_up);
    }
}
