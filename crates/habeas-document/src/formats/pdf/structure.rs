//! What does a PDF say beside what is drawn on its pages?
//!
//! Properties, forms, notes, bookmarks, embedded files: whatever its structure holds, also where no
//! page shows it.

use std::collections::{HashMap, HashSet};

use habeas_model::{
    Exception, Hidden, Meaning, Part, Party, Passage, Personal, Place, PlaceKind, Reason,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{self, Array, Dict, Name, Object, Stream};

use crate::columns::Column;
use crate::formats::captioned::Captioned;
use crate::out::Out;
use crate::record::Record;

/// How many objects of one kind are followed: loops are cut, and no real file has as many.
const MAX_OBJECTS: usize = 100_000;

/// For so many notes of a page it is looked up whether the page shows them.
const MAX_LOOKS: usize = 1_000;

/// Reads everything that is not drawn.
pub(super) fn read(pdf: &Pdf, out: &mut Out<'_>) {
    properties(pdf, out);
    let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) else { return };
    let mut files = Files::default();
    annotations(pdf, &mut files, out);
    form(&catalog, out);
    outline(&catalog, out);
    if let Some(names) =
        catalog.get::<Dict<'_>>(b"Names").and_then(|n| n.get::<Dict<'_>>(b"EmbeddedFiles"))
    {
        name_tree(names, &mut files);
    }
    for spec in items(&catalog, b"AF").filter_map(Object::into_dict) {
        files.add(&spec);
    }
    files.hand_over(out);
}

/// Text as the structure holds it: UTF-16 or UTF-8 with a mark, else the encoding of PDF
/// (ISO 32000-2, 7.9.2.2).
pub(super) fn text_string(bytes: &[u8]) -> String {
    let text = if bytes.starts_with(b"\xfe\xff")
        || bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xef\xbb\xbf")
    {
        crate::encoding::decode(bytes, None).text.into_owned()
    } else {
        bytes.iter().map(|byte| pdf_doc_char(*byte)).collect()
    };
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')).collect()
}

/// PDFDocEncoding (ISO 32000-2, Annex D.2): Latin-1, with punctuation where that has controls.
fn pdf_doc_char(byte: u8) -> char {
    const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const HIGH: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
    ];
    match byte {
        0x18..=0x1f => LOW[usize::from(byte - 0x18)],
        0x80..=0xa0 => HIGH[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

fn string(dict: &Dict<'_>, key: &[u8]) -> Option<String> {
    let text = text_string(dict.get::<object::String<'_>>(key)?.as_bytes());
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

fn items<'d>(dict: &Dict<'d>, key: &[u8]) -> impl Iterator<Item = Object<'d>> + use<'d> {
    let array = dict.get::<Array<'d>>(key);
    array.into_iter().flat_map(|array| array.iter::<Object<'d>>()).take(MAX_OBJECTS)
}

/// The document information dictionary, and the names in the XMP packet that it does not have.
fn properties(pdf: &Pdf, out: &mut Out<'_>) {
    let info = pdf.metadata();
    let text = |bytes: &Option<Box<[u8]>>| {
        let text = bytes.as_ref().map(|bytes| text_string(bytes)).unwrap_or_default();
        text.trim().to_owned()
    };
    let mut lines = Captioned::default();
    let (title, author) = (text(&info.title), text(&info.author));
    lines.line("Title", &title, Meaning::Text, Party::Unknown);
    lines.line("Author", &author, Meaning::Name, Party::Unknown);
    let subject = text(&info.subject);
    lines.line("Subject", &subject, Meaning::Text, Party::Unknown);
    let keywords = text(&info.keywords);
    lines.line("Keywords", &keywords, Meaning::Text, Party::Unknown);
    let known = [title.clone(), author, subject, keywords];
    let xmp = pdf
        .xref()
        .get::<Dict<'_>>(pdf.xref().root_id())
        .and_then(|catalog| catalog.get::<Stream<'_>>(b"Metadata"))
        .and_then(|stream| stream.decoded().ok().map(|bytes| super::xmp::values(&bytes)));
    for (caption, value, meaning) in xmp.unwrap_or_default() {
        if !known.contains(&value) {
            lines.line(caption, &value, meaning, Party::Unknown);
        }
    }
    let dated = info.modification_date.or(info.creation_date);
    let facts = out.facts();
    facts.title = (!title.is_empty()).then(|| Personal::new(title));
    facts.dated = dated.map(|at| {
        let sign = if at.utc_offset_hour < 0 { '-' } else { '+' };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            at.year,
            at.month,
            at.day,
            at.hour,
            at.minute,
            at.second,
            at.utc_offset_hour.unsigned_abs(),
            at.utc_offset_minute
        )
    });
    if !lines.is_empty() {
        let place = Place::new(PlaceKind::Header, 1);
        out.passage(Passage { is_record: false, ..lines.into_record(place, Part::Properties) });
    }
}

/// Notes, links to people, and files that are pinned to a page.
fn annotations(pdf: &Pdf, files: &mut Files, out: &mut Out<'_>) {
    let drawn = drawn_text(out);
    for (index, page) in pdf.pages().iter().enumerate() {
        let place = Place::new(PlaceKind::Page, index + 1);
        let annotations = items(page.raw(), b"Annots").filter_map(Object::into_dict);
        for (n_before, annotation) in annotations.enumerate() {
            // Looking for each of very many notes on a long page would take for ever.
            let is_drawn = |text: &str| n_before < MAX_LOOKS && contains(&drawn, index, text);
            let kind = annotation.get::<Name<'_>>(b"Subtype");
            let kind = kind.as_ref().map_or("", |kind| kind.as_str());
            if kind == "Popup" || kind == "Widget" {
                continue;
            }
            if let Some(spec) = annotation.get::<Dict<'_>>(b"FS") {
                files.add(&spec);
            }
            let link = annotation
                .get::<Dict<'_>>(b"A")
                .and_then(|action| string(&action, b"URI"))
                .filter(|uri| uri.starts_with("mailto:") || uri.starts_with("tel:"));
            if let Some(uri) = link
                && !is_drawn(uri.split_once(':').map_or(&uri, |(_, rest)| rest))
            {
                let hidden = Some(Hidden::Invisible);
                out.passage(Passage { hidden, ..Passage::text(place.clone(), uri) });
            }
            let Some(contents) = string(&annotation, b"Contents") else { continue };
            if kind == "FreeText" && is_drawn(&contents) || kind == "Link" {
                continue;
            }
            let mut note = Captioned::default();
            let author = string(&annotation, b"T").unwrap_or_default();
            note.line("Author", &author, Meaning::Name, Party::Unknown);
            note.line("Note", &contents, Meaning::Text, Party::Unknown);
            out.passage(note.into_record(place.clone(), Part::Comment));
        }
    }
}

/// The letters and digits that are drawn on each page.
fn drawn_text(out: &Out<'_>) -> HashMap<usize, String> {
    let mut drawn: HashMap<usize, String> = HashMap::new();
    for passage in &out.document.passages {
        if passage.place.kind == PlaceKind::Page {
            let index = (passage.place.number as usize).saturating_sub(1);
            drawn
                .entry(index)
                .or_default()
                .extend(passage.text.chars().filter(|c| c.is_alphanumeric()));
        }
    }
    drawn
}

fn contains(drawn: &HashMap<usize, String>, page: usize, text: &str) -> bool {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    drawn.get(&page).is_some_and(|drawn| drawn.contains(&letters))
}

/// The values of a form, each under its field's name.
fn form(catalog: &Dict<'_>, out: &mut Out<'_>) {
    let Some(form) = catalog.get::<Dict<'_>>(b"AcroForm") else { return };
    let mut record = Record::default();
    let mut seen = HashSet::new();
    // Depth first, in the order in which a person fills the form in.
    let mut pending: Vec<(Dict<'_>, String)> = Vec::new();
    let mut fields: Vec<Dict<'_>> = items(&form, b"Fields").filter_map(Object::into_dict).collect();
    fields.reverse();
    pending.extend(fields.into_iter().map(|field| (field, String::new())));
    while let Some((field, parent)) = pending.pop() {
        if seen.len() >= MAX_OBJECTS {
            let note = format!("more than {MAX_OBJECTS} fields in its form");
            out.exception(Exception::part(Reason::CountLimit, None, note));
            break;
        }
        let is_new = field.obj_id().is_none_or(|id| seen.insert(id));
        if !is_new {
            continue;
        }
        let name = match (string(&field, b"T"), parent.as_str()) {
            (Some(name), "") => name,
            (Some(name), parent) if parent.len() < 1000 => format!("{parent}.{name}"),
            (Some(name), _) => name,
            (None, parent) => parent.to_owned(),
        };
        // What a person reads beside the field says more than its name.
        let caption = string(&field, b"TU").unwrap_or_else(|| name.clone());
        for value in field_values(&field) {
            record.value(&Column::by_caption(&caption), &value);
        }
        let mut kids: Vec<Dict<'_>> =
            items(&field, b"Kids").filter_map(Object::into_dict).collect();
        kids.reverse();
        pending.extend(kids.into_iter().map(|kid| (kid, name.clone())));
    }
    if !record.is_empty() {
        out.passage(record.passage(Place::new(PlaceKind::Page, 1)));
    }
    xfa(&form, out);
}

fn field_values(field: &Dict<'_>) -> Vec<String> {
    let value = |object: Object<'_>| match object {
        Object::String(text) => Some(text_string(text.as_bytes())),
        Object::Stream(stream) => stream.decoded().ok().map(|bytes| text_string(&bytes)),
        Object::Name(name) if name.as_str() != "Off" => Some(name.as_str().to_owned()),
        _ => None,
    };
    match field.get::<Object<'_>>(b"V") {
        Some(Object::Array(array)) => array.iter::<Object<'_>>().filter_map(value).collect(),
        Some(object) => value(object).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The data of an XML form, as a member: nothing of it is drawn.
fn xfa(form: &Dict<'_>, out: &mut Out<'_>) {
    match form.get::<Object<'_>>(b"XFA") {
        Some(Object::Stream(stream)) => {
            if let Ok(bytes) = stream.decoded() {
                out.child("xfa.xml", bytes.into_owned());
            }
        }
        Some(Object::Array(array)) => {
            let parts: Vec<Object<'_>> = array.iter::<Object<'_>>().take(MAX_OBJECTS).collect();
            for pair in parts.chunks_exact(2) {
                if let [Object::String(name), Object::Stream(stream)] = pair
                    && name.as_bytes() == b"datasets"
                    && let Ok(bytes) = stream.decoded()
                {
                    out.child("xfa-datasets.xml", bytes.into_owned());
                }
            }
        }
        _ => {}
    }
}

/// The bookmarks.
fn outline(catalog: &Dict<'_>, out: &mut Out<'_>) {
    let Some(root) = catalog.get::<Dict<'_>>(b"Outlines") else { return };
    let (mut titles, mut seen) = (Vec::new(), HashSet::new());
    let mut pending: Vec<Dict<'_>> = root.get::<Dict<'_>>(b"First").into_iter().collect();
    while let Some(entry) = pending.pop() {
        if entry.obj_id().is_some_and(|id| !seen.insert(id)) || titles.len() >= MAX_OBJECTS {
            continue;
        }
        titles.extend(string(&entry, b"Title"));
        pending.extend(entry.get::<Dict<'_>>(b"Next"));
        pending.extend(entry.get::<Dict<'_>>(b"First"));
    }
    let place = Place::new(PlaceKind::Header, 1);
    out.passage(Passage { part: Part::Properties, ..Passage::text(place, titles.join("\n")) });
}

/// Files that are embedded, each once.
#[derive(Default)]
struct Files {
    seen: HashSet<object::ObjectIdentifier>,
    found: Vec<(String, Option<Vec<u8>>)>,
}

impl Files {
    fn add(&mut self, spec: &Dict<'_>) {
        let Some(held) = spec.get::<Dict<'_>>(b"EF") else { return };
        let stream = held.get::<Stream<'_>>(b"UF").or_else(|| held.get::<Stream<'_>>(b"F"));
        let Some(stream) = stream else { return };
        if !self.seen.insert(stream.obj_id()) {
            return;
        }
        let name = string(spec, b"UF").or_else(|| string(spec, b"F")).unwrap_or_default();
        self.found.push((name, stream.decoded().ok().map(std::borrow::Cow::into_owned)));
    }

    fn hand_over(self, out: &mut Out<'_>) {
        for (name, bytes) in self.found {
            match bytes {
                Some(bytes) => out.child(&name, bytes),
                None => {
                    let why = Exception::whole(Reason::Corrupt, "its stream cannot be unpacked");
                    out.lost(&name, 0, why);
                }
            }
        }
    }
}

/// The files that a tree of names leads to.
fn name_tree(root: Dict<'_>, files: &mut Files) {
    let (mut pending, mut seen) = (vec![root], HashSet::new());
    while let Some(node) = pending.pop() {
        if node.obj_id().is_some_and(|id| !seen.insert(id)) || seen.len() >= MAX_OBJECTS {
            continue;
        }
        for spec in items(&node, b"Names").filter_map(Object::into_dict) {
            files.add(&spec);
        }
        pending.extend(items(&node, b"Kids").filter_map(Object::into_dict));
    }
}
