//! What do the objects of a PDF say that nothing on a page leads to?
//!
//! Scripts, descriptions for those who cannot see, properties of single pictures, and pages that
//! were taken out of the document and are still in its file.

use std::collections::{HashMap, HashSet};

use habeas_model::{Hidden, Part, Party, Passage, Place, PlaceKind};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, MaybeRef, Name, Object, ObjectIdentifier};

use super::structure::{string, text_string};
use super::{glyphs, layout, unpack, xmp};
use crate::formats::captioned::Captioned;
use crate::out::Out;

/// How deep dictionaries are followed that stand in each other.
const MAX_DEPTH: usize = 6;
/// So many objects are looked at.
const MAX_LOOKS: usize = 5_000_000;

/// Reads what is loose, after everything that is not: what was said already is not said again.
pub(super) fn read(pdf: &Pdf, out: &mut Out<'_>) {
    let mut loose = Loose {
        pages: HashMap::new(),
        said: out.document.passages.iter().map(|passage| letters(&passage.text)).collect(),
        scripts: Vec::new(),
        described: Vec::new(),
        packets: Vec::new(),
        n_looks: 0,
    };
    for (index, page) in pdf.pages().iter().enumerate() {
        loose.pages.extend(page.raw().obj_id().map(|id| (id, index)));
    }
    let mut orphans: Vec<Dict<'_>> = Vec::new();
    for object in pdf.objects() {
        if let Object::Dict(dict) = &object
            && kind(dict) == "Page"
            && dict.obj_id().is_some_and(|id| !loose.pages.contains_key(&id))
        {
            orphans.push(dict.clone());
        }
        loose.visit(object, 0);
        if loose.n_looks > MAX_LOOKS {
            break;
        }
    }
    loose.hand_over(out);
    if loose.pages.len() == pdf.pages().len() {
        taken_out(pdf, orphans, out);
    }
}

/// The text of pages that the document does not have any more.
fn taken_out(pdf: &Pdf, orphans: Vec<Dict<'_>>, out: &mut Out<'_>) {
    let mut reader = glyphs::Reader::new(pdf, None);
    let mut said: HashSet<String> =
        out.document.passages.iter().map(|passage| letters(&passage.text)).collect();
    for (index, page) in orphans.iter().take(10_000).enumerate() {
        let text = layout::text(reader.read_loose(page).glyphs);
        if said.insert(letters(&text)) {
            let place = Place::new(PlaceKind::Page, pdf.pages().len() + index + 1);
            super::hand_over(&text, &place, Some(Hidden::Deleted), out);
        }
    }
}

fn kind(dict: &Dict<'_>) -> String {
    dict.get::<Name<'_>>(b"Type").map(|name| name.as_str().to_owned()).unwrap_or_default()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

struct Loose {
    /// The pages by their objects, counted from 0.
    pages: HashMap<ObjectIdentifier, usize>,
    said: Vec<String>,
    scripts: Vec<String>,
    described: Vec<(usize, String)>,
    packets: Vec<xmp::Line>,
    n_looks: usize,
}

impl Loose {
    fn visit(&mut self, object: Object<'_>, depth: usize) {
        self.n_looks += 1;
        if depth > MAX_DEPTH || self.n_looks > MAX_LOOKS {
            return;
        }
        match object {
            Object::Dict(dict) => {
                self.look(&dict);
                // `get_raw` of a reference gives the reference, so that nothing is walked twice.
                for (_, found) in dict.entries() {
                    if let MaybeRef::NotRef(inner @ (Object::Dict(_) | Object::Array(_))) = found {
                        self.visit(inner, depth + 1);
                    }
                }
            }
            Object::Array(array) => {
                for found in array.raw_iter() {
                    if let MaybeRef::NotRef(inner @ (Object::Dict(_) | Object::Array(_))) = found {
                        self.visit(inner, depth + 1);
                    }
                }
            }
            Object::Stream(stream) => {
                if kind(stream.dict()) == "Metadata"
                    && let Some(bytes) = unpack::small(&stream)
                {
                    self.packets.extend(xmp::values(&bytes));
                }
            }
            _ => {}
        }
    }

    fn look(&mut self, dict: &Dict<'_>) {
        match dict.get::<Object<'_>>(b"JS") {
            Some(Object::String(script)) => self.scripts.push(text_string(script.as_bytes())),
            Some(Object::Stream(script)) => {
                self.scripts.extend(unpack::small(&script).map(|script| text_string(&script)));
            }
            _ => {}
        }
        // Elements of the structure tree have a kind and a parent (ISO 32000-2, 14.7.2).
        if dict.contains_key(b"S") && dict.contains_key(b"P") {
            let page = dict.get_ref(b"Pg").and_then(|page| self.pages.get(&page.into())).copied();
            for key in [b"Alt".as_slice(), b"E", b"ActualText", b"T"] {
                self.described.extend(string(dict, key).map(|text| (page.unwrap_or(0), text)));
            }
        }
    }

    fn hand_over(&mut self, out: &mut Out<'_>) {
        let said = self.said.join(" ");
        let mut told = HashSet::new();
        let hidden = Some(Hidden::Invisible);
        self.described.sort();
        for (page, text) in std::mem::take(&mut self.described).into_iter().take(10_000) {
            let letters = letters(&text);
            if letters.is_empty() || said.contains(&letters) || !told.insert(letters) {
                continue;
            }
            let place = Place::new(PlaceKind::Page, page + 1);
            out.passage(Passage { hidden, ..Passage::text(place, text) });
        }
        let place = Place::new(PlaceKind::Header, 1);
        let mut lines = Captioned::default();
        for line in std::mem::take(&mut self.packets) {
            let letters = letters(&line.value);
            if !said.contains(&letters) && told.insert(letters) {
                lines.line(&line.caption, &line.value, line.meaning, Party::Unknown);
            }
        }
        if !lines.is_empty() {
            out.passage(lines.into_record(place.clone(), Part::Properties));
        }
        for script in std::mem::take(&mut self.scripts) {
            if told.insert(script.clone()) {
                let passage = Passage::text(place.clone(), script);
                out.passage(Passage { hidden, part: Part::Properties, ..passage });
            }
        }
    }
}
