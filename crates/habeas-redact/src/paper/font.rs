//! Which glyph draws a character, and how wide is it?

use std::sync::OnceLock;

use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// One of the two faces that everything is typeset in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// Running text.
    Plain,
    /// Headings, captions and labels.
    Bold,
}

/// A face with its characters looked up once.
pub(super) struct Face {
    /// As the PDF writer wants it.
    pub(super) font: krilla::text::Font,
    /// Glyph and advance (per em) of the characters up to U+FFFF; 0 where there is none.
    table: Vec<(u16, f32)>,
}

const PLAIN: &[u8] = include_bytes!("../../fonts/DejaVuSans.ttf");
const BOLD: &[u8] = include_bytes!("../../fonts/DejaVuSans-Bold.ttf");

impl Face {
    /// The face of that weight; it is embedded, so that it is the same everywhere.
    pub(super) fn of(weight: Weight) -> &'static Self {
        static FACES: OnceLock<(Face, Face)> = OnceLock::new();
        let faces = FACES.get_or_init(|| (Self::load(PLAIN), Self::load(BOLD)));
        match weight {
            Weight::Plain => &faces.0,
            Weight::Bold => &faces.1,
        }
    }

    fn load(bytes: &'static [u8]) -> Self {
        let font = krilla::text::Font::new(bytes.to_vec().into(), 0)
            .unwrap_or_else(|| panic!("an embedded font is damaged"));
        let read = FontRef::new(bytes).unwrap_or_else(|_| panic!("an embedded font is damaged"));
        let metrics = read.glyph_metrics(Size::new(1.0), LocationRef::default());
        let map = read.charmap();
        let table = (0..=0xffff_u32)
            .map(|code| match map.map(code) {
                Some(glyph) if glyph.to_u32() != 0 => {
                    let advance = metrics.advance_width(glyph).unwrap_or(0.6);
                    (u16::try_from(glyph.to_u32()).unwrap_or(0), advance)
                }
                _ => (0, 0.0),
            })
            .collect();
        Self { font, table }
    }

    /// The glyph of a character and its advance per em, if the face has one.
    pub(super) fn glyph(&self, c: char) -> Option<(u16, f32)> {
        self.table.get(c as usize).copied().filter(|(glyph, _)| *glyph != 0)
    }

    /// The advance of a character at that size; only for text that went through `visible`.
    pub(super) fn advance(&self, c: char, size_pt: f32) -> f32 {
        self.glyph(c).map_or(0.6, |(_, advance)| advance) * size_pt
    }

    /// The width of a text at that size; only for text that went through `visible`.
    pub(super) fn width(&self, text: &str, size_pt: f32) -> f32 {
        text.chars().map(|c| self.advance(c, size_pt)).sum()
    }
}

/// Writes a character in glyphs that both faces have: itself, or `[U+4E2D]` where there is none.
///
/// Characters that are invisible by nature (zero-width, direction marks, soft hyphens) are left
/// out; every other one leaves a trace, so that nothing is lost silently.
pub(super) fn visible(c: char, out: &mut String) {
    match c {
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}'
        | '\u{fe0e}'
        | '\u{fe0f}' => {}
        '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            out.push(' ');
        }
        _ if has_both(c) => out.push(c),
        _ => out.push_str(&format!("[U+{:04X}]", c as u32)),
    }
}

fn has_both(c: char) -> bool {
    Face::of(Weight::Plain).glyph(c).is_some() && Face::of(Weight::Bold).glyph(c).is_some()
}
