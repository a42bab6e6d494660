//! Which words are hidden in part only, as by the edge of a cell?
//!
//! The end of a name alone says nothing to whoever looks for the name. So what is hidden of a word is read
//! with the rest of it.

use super::glyphs::{PlacedGlyph, Sight};

/// The hidden letters of a page, each with the whole word that it belongs to.
pub(super) fn hidden_words(
    glyphs: &[PlacedGlyph],
    sight: &dyn Fn(Sight) -> bool,
) -> Vec<PlacedGlyph> {
    let is_letter = |glyph: &PlacedGlyph| glyph.text.chars().any(char::is_alphanumeric);
    let mut out = Vec::new();
    let mut start = 0;
    while start < glyphs.len() {
        let rest = &glyphs[start..];
        let n = rest.windows(2).take_while(|pair| goes_on(&pair[0], &pair[1])).count() + 1;
        let word = &rest[..n];
        let is_mixed = word.iter().any(|glyph| sight(glyph.sight) && is_letter(glyph));
        out.extend(word.iter().filter(|glyph| is_mixed || sight(glyph.sight)).cloned());
        start += n;
    }
    out
}

/// Does a glyph go on with the word of the one before?
fn goes_on(before: &PlacedGlyph, glyph: &PlacedGlyph) -> bool {
    let blank = |glyph: &PlacedGlyph| glyph.text.trim().is_empty();
    let em = before.em_pt.max(glyph.em_pt);
    let way = glyph.origin - before.origin;
    let gap = way.dot(before.direction) - before.advance.dot(before.direction);
    let down = way.cross(before.direction).abs();
    !blank(before) && !blank(glyph) && gap.abs() < em * 0.18 && down < em * 0.3
}

#[cfg(test)]
mod tests {
    use hayro::kurbo::{Point, Vec2};

    use super::super::glyphs::By;
    use super::*;

    #[test]
    fn the_end_of_a_word_is_read_with_its_beginning() {
        let glyph = |(at, c): (usize, char)| PlacedGlyph {
            text: c.to_string(),
            origin: Point::new(at as f64 * 5.0, 50.0),
            advance: Vec2::new(5.0, 0.0),
            direction: Vec2::new(1.0, 0.0),
            em_pt: 10.0,
            sight: if at < 9 { Sight::Seen } else { Sight::Unseen },
            meant: None,
            by: By::Document,
        };
        let glyphs: Vec<PlacedGlyph> = "seen Feathers cut".chars().enumerate().map(glyph).collect();
        let hidden = hidden_words(&glyphs, &|sight| sight == Sight::Unseen);
        let text: String = hidden.iter().map(|glyph| glyph.text.as_str()).collect();
        assert_eq!(text, "Feathers cut");
    }
}
