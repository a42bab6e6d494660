//! Which text does a glyph stand for, and how sure is that?

use std::collections::HashMap;

use hayro::hayro_interpret::font::{Glyph, OutlineGlyph};
use hayro::hayro_interpret::hayro_cmap::BfString;

use super::PlacedGlyph;

/// By what it is known what a glyph stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum By {
    /// The document says so, or its font.
    Document,
    /// A guess: its code is taken for that of a letter.
    Code,
    /// Nothing: it is not known.
    Nothing,
}

/// For each font, which character each of its glyphs stands for.
#[derive(Default)]
pub(super) struct Fonts {
    characters: HashMap<u128, HashMap<u32, char>>,
}

impl Fonts {
    /// What a glyph stands for: by the document, by its font, by its code.
    pub(super) fn text(&mut self, glyph: &Glyph<'_>) -> (String, By) {
        let stated = glyph.as_unicode().map(|stated| match stated {
            BfString::Char(c) => c.to_string(),
            BfString::String(text) => text,
        });
        let is_useful = |text: &String| {
            text.chars().any(|c| !is_private(c) && c != char::REPLACEMENT_CHARACTER && c != '\0')
        };
        if let Some(text) = stated.as_ref().filter(|text| is_useful(text)) {
            return (plain(text), By::Document);
        }
        let by_font = match glyph {
            Glyph::Outline(outline) => self.character(outline),
            Glyph::Type3(_) => None,
        };
        if let Some(c) = by_font {
            return (plain(&c.to_string()), By::Document);
        }
        // A simple font without a table of its own has the codes of Windows.
        let is_simple = match glyph {
            Glyph::Outline(outline) => outline.font_data().is_none(),
            Glyph::Type3(_) => true,
        };
        let code = u8::try_from(glyph.char_code()).ok().filter(|code| is_simple && *code >= 0x20);
        let Some(code) = code else { return (unknown(), By::Nothing) };
        let bytes = [code];
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
        (plain(&text), By::Code)
    }

    /// What a glyph means by the font's own table, where the document does not say.
    fn character(&mut self, glyph: &OutlineGlyph) -> Option<char> {
        let font = glyph.font_data()?;
        let characters = self.characters.entry(font.cache_key).or_insert_with(|| {
            use skrifa::MetadataProvider;
            let bytes: &[u8] = (*font.data).as_ref();
            let mut characters = HashMap::new();
            if let Ok(font) = skrifa::FontRef::new(bytes) {
                for (character, id) in font.charmap().mappings() {
                    // Of several, the first is the plain one; private ones tell nothing.
                    if let Some(c) = char::from_u32(character).filter(|c| !is_private(*c)) {
                        characters.entry(id.to_u32()).or_insert(c);
                    }
                }
            }
            characters
        });
        characters.get(&glyph.glyph_id().to_u32()).copied()
    }
}

fn unknown() -> String {
    char::REPLACEMENT_CHARACTER.to_string()
}

/// So few letters are not enough to tell a language from a cipher.
const FEW_LETTERS: usize = 30;

/// Takes back what was guessed by codes, where it is no language: some programs number the glyphs of a
/// font as they come.
pub(super) fn judge(glyphs: &mut [PlacedGlyph]) {
    let guessed = glyphs.iter().filter(|glyph| glyph.by == By::Code);
    let (mut n_letters, mut n_small, mut n_vowels, mut n_signs) = (0, 0, 0, 0);
    for c in guessed.flat_map(|glyph| glyph.text.chars()) {
        let c = c.to_lowercase().next().filter(|_| c.is_uppercase()).unwrap_or_else(|| {
            n_small += usize::from(c.is_lowercase());
            c
        });
        n_letters += usize::from(c.is_alphabetic());
        n_vowels += usize::from("aeiouyäöüéèàáíóúåæø".contains(c));
        n_signs +=
            usize::from(!c.is_alphanumeric() && !c.is_whitespace() && !".,-:;'()/".contains(c));
    }
    // Every European language has two to three vowels of five letters; text in capitals alone is rare.
    let is_language = (25..=60).contains(&(n_vowels * 100 / n_letters.max(1)))
        && n_signs * 6 < n_letters
        && n_small * 2 >= n_letters;
    if n_letters + n_signs < FEW_LETTERS || is_language {
        return;
    }
    for glyph in glyphs.iter_mut().filter(|glyph| glyph.by == By::Code) {
        (glyph.text, glyph.by) = (unknown(), By::Nothing);
    }
}

/// Text as it is searched for: ligatures as their letters, odd spaces as spaces, no controls.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{fb00}' => plain.push_str("ff"),
            '\u{fb01}' => plain.push_str("fi"),
            '\u{fb02}' => plain.push_str("fl"),
            '\u{fb03}' => plain.push_str("ffi"),
            '\u{fb04}' => plain.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => plain.push_str("st"),
            '\u{a0}'
            | '\u{2000}'..='\u{200a}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
            | '\t'
            | '\n'
            | '\r' => plain.push(' '),
            '\u{ad}' => plain.push('-'),
            '\u{200b}' | '\u{feff}' => {}
            c if c.is_control() => {}
            c => plain.push(c),
        }
    }
    plain
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}
