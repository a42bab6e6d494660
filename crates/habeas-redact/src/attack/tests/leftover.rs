//! Fonts that were copied with a page hold the letters of what was taken out.

use lopdf::{Dictionary, Object, Stream, dictionary};

use super::{attacked_alone, check_leak, pdf_in, saved, shown_text};
use crate::paper::{Block, Sheet, typeset};

/// A page of ours that says this, with its content put in place by another's.
fn with_content_of(shown: &str, kept: &str) -> Vec<u8> {
    let make = |text: &str| {
        let sheet = Sheet { blocks: vec![Block::Paragraph(text.into())], ..Sheet::default() };
        lopdf::Document::load_mem(&typeset(&sheet).unwrap().bytes).unwrap()
    };
    let (mut whole, part) = (make(shown), make(kept));
    let page = |pdf: &lopdf::Document| pdf.page_iter().next().unwrap();
    let content = part.get_page_content(page(&part));
    let id = page(&whole);
    whole.change_page_content(id, content).unwrap();
    saved(whole)
}

#[test]
fn letters_that_no_page_shows_are_caught() {
    // The kept words come first, so that their letters have the same numbers in both fonts.
    let bytes = with_content_of("abc page 1 of 1 Tom Quill", "abc page 1 of 1");
    let attack = attacked_alone("a.pdf", &bytes);
    assert!(attack.hygiene.iter().any(|what| what.contains("letters in fonts")), "{attack:?}");
    let attack = attacked_alone("a.pdf", &with_content_of("abc é ñ ﬁ", "abc é ñ ﬁ"));
    let is_leftover = |what: &String| what.contains("letters in fonts");
    assert!(!attack.hygiene.iter().any(is_leftover), "{attack:?}");
}

#[test]
fn a_map_of_letters_that_spells_a_name_is_caught() {
    let mut pdf = pdf_in("Helvetica", shown_text("x y z"), Dictionary::new());
    let mut map = "9 beginbfchar\n".to_owned();
    for (code, letter) in "by Tom Quill".chars().enumerate() {
        map.push_str(&format!("<{code:04x}> <{:04x}>\n", letter as u32));
    }
    map.push_str("endbfchar\n");
    let map = pdf.add_object(Stream::new(dictionary! {}, map.into()));
    pdf.catalog_mut().unwrap().set("Note", Object::Reference(map));
    check_leak("a font's map", &saved(pdf));
}
