//! What does a PDF say beside what is drawn on its pages?
//!
//! Properties, forms, notes, bookmarks, embedded files: whatever its structure holds, also where no
//! page shows it.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use habeas_model::{
    Exception, Hidden, Meaning, Part, Party, Passage, Personal, Place, PlaceKind, Reason,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{self, Array, Dict, Name, Object, Stream};

use super::unpack;
use crate::columns::Column;
use crate::formats::captioned::Captioned;
use crate::formats::markup::{Step, Walk};
use crate::out::{Out, Unpacked};

/// How many objects of one kind are followed: loops are cut, and no real file has as many.
pub(super) const MAX_OBJECTS: usize = 100_000;

/// For so many notes of a page it is looked up whether the page shows them.
const MAX_LOOKS: usize = 1_000;

/// Reads everything that is not drawn.
pub(super) fn read(pdf: &Rc<Pdf>, out: &mut Out<'_>) {
    properties(pdf, out);
    let Some(catalog) = catalogue(pdf) else { return };
    let mut files = Files::default();
    annotations(pdf, &mut files, out);
    super::form::read(pdf, &catalog, out);
    outline(&catalog, out);
    labels(&catalog, out);
    if let Some(names) =
        catalog.get::<Dict<'_>>(b"Names").and_then(|n| n.get::<Dict<'_>>(b"EmbeddedFiles"))
    {
        name_tree(names, &mut files);
    }
    for spec in items(&catalog, b"AF").filter_map(Object::into_dict) {
        files.add(&spec);
    }
    files.hand_over(pdf, out);
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

pub(super) fn string(dict: &Dict<'_>, key: &[u8]) -> Option<String> {
    let text = text_string(dict.get::<object::String<'_>>(key)?.as_bytes());
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

pub(super) fn items<'d>(dict: &Dict<'d>, key: &[u8]) -> impl Iterator<Item = Object<'d>> + use<'d> {
    let array = dict.get::<Array<'d>>(key);
    array.into_iter().flat_map(|array| array.iter::<Object<'d>>()).take(MAX_OBJECTS)
}

/// The information dictionaries of all revisions, and what the XMP packet says beside them.
fn properties(pdf: &Pdf, out: &mut Out<'_>) {
    let mut lines = Captioned::default();
    let mut seen: HashSet<String> = HashSet::new();
    let mut title = None;
    for info in information(pdf) {
        let mut keys: Vec<String> = info.keys().map(|key| key.as_str().to_owned()).collect();
        // As a person would list them, then by name.
        const FIRST: [&str; 6] = ["Title", "Author", "Subject", "Keywords", "Creator", "Producer"];
        let rank =
            |key: &String| FIRST.iter().position(|first| first == key).unwrap_or(FIRST.len());
        keys.sort_by(|a, b| (rank(a), a).cmp(&(rank(b), b)));
        for key in keys {
            let Some(value) = string(&info, key.as_bytes()) else { continue };
            let value = if key.ends_with("Date") { date(&value) } else { value };
            if !seen.insert(value.clone()) {
                continue;
            }
            let (caption, meaning) = match key.as_str() {
                "Title" => {
                    title.get_or_insert(value.clone());
                    ("Title", Meaning::Text)
                }
                "Author" => ("Author", Meaning::Name),
                "Creator" => ("Program", Meaning::Other),
                "CreationDate" => ("Created", Meaning::Date),
                "ModDate" => ("Changed", Meaning::Date),
                "Producer" => ("Producer", Meaning::Other),
                "Trapped" | "PTEX.Fullbanner" => (key.as_str(), Meaning::Other),
                other => (other, Meaning::Text),
            };
            match meaning {
                Meaning::Text if !matches!(caption, "Title" | "Subject" | "Keywords") => {
                    let column = Column::by_caption(caption);
                    let meaning = column.meaning.unwrap_or(Meaning::Text);
                    lines.line(&column.caption, &value, meaning, column.party);
                }
                _ => lines.line(caption, &value, meaning, Party::Unknown),
            }
        }
    }
    let packet = catalogue(pdf)
        .and_then(|catalog| catalog.get::<Stream<'_>>(b"Metadata"))
        .and_then(|stream| unpack::small(&stream).map(|bytes| super::xmp::values(&bytes)));
    for line in packet.unwrap_or_default() {
        let value = line.value.replace("+00:00", "Z");
        if seen.insert(value) {
            lines.line(&line.caption, &line.value, line.meaning, Party::Unknown);
        }
    }
    let info = pdf.metadata();
    let dated = info.modification_date.or(info.creation_date);
    let facts = out.facts();
    facts.title = title.map(Personal::new);
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

pub(super) fn catalogue(pdf: &Pdf) -> Option<Dict<'_>> {
    pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())
}

/// The dictionaries that a trailer of any revision calls its information.
fn information(pdf: &Pdf) -> Vec<Dict<'_>> {
    let bytes: &[u8] = pdf.data().as_ref();
    let mut found: Vec<Dict<'_>> = Vec::new();
    let mut seen = HashSet::new();
    // The last trailer is the one that counts.
    let mut end = bytes.len();
    while let Some(at) = bytes.get(..end).and_then(|head| rfind(head, b"/Info")) {
        end = at;
        let mut words = bytes.get(at + 5..).unwrap_or_default().iter().take(40).copied();
        let mut number = || -> Option<u32> {
            let digits: Vec<u8> = words
                .by_ref()
                .skip_while(u8::is_ascii_whitespace)
                .take_while(u8::is_ascii_digit)
                .collect();
            std::str::from_utf8(&digits).ok()?.parse().ok()
        };
        let (Some(id), Some(generation)) = (number(), number()) else { continue };
        let Ok(generation) = i32::try_from(generation) else { continue };
        let id = object::ObjectIdentifier::new(id, generation);
        if seen.len() < 100 && seen.insert(id) {
            found.extend(pdf.xref().get::<Dict<'_>>(id));
        }
    }
    found
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}

/// `D:20260312140211+00'00'` as `2026-03-12T14:02:11+00:00` (ISO 32000-2, 7.9.4); anything else as
/// it is.
pub(super) fn date(text: &str) -> String {
    let digits = text.strip_prefix("D:").unwrap_or(text);
    let n_digits = digits.bytes().take_while(u8::is_ascii_digit).count();
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or("00");
    match n_digits {
        8..=9 => format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8)),
        12..=14 => {
            let zone = digits.get(n_digits..).unwrap_or_default();
            let zone = zone.trim_end_matches('\'').replace('\'', ":");
            let zone = if zone.starts_with('Z') { "Z".to_owned() } else { zone };
            let seconds = if n_digits == 14 { part(12, 14) } else { "00" };
            let (date, hour) =
                (format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8)), part(8, 10));
            format!("{date}T{hour}:{}:{seconds}{zone}", part(10, 12))
        }
        _ => text.to_owned(),
    }
}

/// Notes, links, and files that are pinned to a page.
fn annotations(pdf: &Pdf, files: &mut Files, out: &mut Out<'_>) {
    let drawn = drawn_text(out);
    for (index, page) in pdf.pages().iter().enumerate() {
        let place = Place::new(PlaceKind::Page, index + 1);
        let annotations = items(page.raw(), b"Annots").filter_map(Object::into_dict);
        let mut links: HashSet<String> = HashSet::new();
        for (n_before, annotation) in annotations.enumerate() {
            // Looking for each of very many notes on a long page would take for ever.
            let is_drawn = |text: &str| n_before < MAX_LOOKS && contains(&drawn, index, text);
            let kind = annotation.get::<Name<'_>>(b"Subtype");
            let kind = kind.as_ref().map_or("", |kind| kind.as_str());
            if kind == "Widget" {
                continue;
            }
            if let Some(spec) = annotation.get::<Dict<'_>>(b"FS") {
                files.add(&spec);
            }
            let link = annotation
                .get::<Dict<'_>>(b"A")
                .and_then(|action| string(&action, b"URI").or_else(|| string(&action, b"F")));
            let hidden = Some(Hidden::Invisible);
            if let Some(uri) = link
                && !is_drawn(uri.split_once(':').map_or(&uri, |(_, rest)| rest))
                && links.insert(uri.clone())
            {
                out.passage(Passage { hidden, ..Passage::text(place.clone(), uri) });
            }
            let contents = string(&annotation, b"Contents").unwrap_or_default();
            let rich = string(&annotation, b"RC").map(|rich| plain_text(&rich)).unwrap_or_default();
            // The popup of a note repeats it; a free text is drawn.
            let is_repeated = (kind == "Popup" && parent_says(&annotation, &contents))
                || (kind == "FreeText" && is_drawn(&contents));
            let contents = if is_repeated { String::new() } else { contents };
            let letters =
                |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let is_said = letters(&contents).contains(&letters(&rich))
                || (kind == "FreeText" && is_drawn(&rich));
            let rich = if is_said { String::new() } else { rich };
            let author = string(&annotation, b"T").unwrap_or_default();
            let subject = string(&annotation, b"Subj").unwrap_or_default();
            let is_default =
                matches!(subject.as_str(), "Sticky Note" | "Comment on Text" | "Highlight");
            let has_author = !author.is_empty() && kind != "Link" && kind != "Popup";
            if contents.is_empty() && rich.is_empty() && !has_author {
                continue;
            }
            let mut note = Captioned::default();
            note.line("Author", &author, Meaning::Name, Party::Unknown);
            if !is_default {
                note.line("Subject", &subject, Meaning::Text, Party::Unknown);
            }
            note.line("Note", &contents, Meaning::Text, Party::Unknown);
            note.line("Text", &rich, Meaning::Text, Party::Unknown);
            let is_hidden = annotation.get::<i32>(b"F").unwrap_or(0) & HIDDEN_OR_NO_VIEW != 0;
            let hidden = hidden.filter(|_| is_hidden);
            let note = note.into_record(place.clone(), Part::Comment);
            out.passage(Passage { hidden, ..note });
        }
    }
}

/// Flags of an annotation that is not shown (ISO 32000-2, 12.5.3).
const HIDDEN_OR_NO_VIEW: i32 = 1 << 1 | 1 << 5;

fn parent_says(popup: &Dict<'_>, contents: &str) -> bool {
    let parent = popup.get::<Dict<'_>>(b"Parent");
    contents.is_empty()
        || parent.is_some_and(|p| string(&p, b"Contents").as_deref() == Some(contents))
}

/// The text of a little XHTML (ISO 32000-2, 12.7.3.4).
pub(super) fn plain_text(markup: &str) -> String {
    let mut text = String::new();
    for step in Walk::new(markup) {
        match step {
            Step::Text(piece) => text.push_str(&piece),
            Step::Open(element) if matches!(element.name(), "p" | "br") && !text.is_empty() => {
                text.push(' ');
            }
            _ => {}
        }
    }
    text.trim().to_owned()
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

/// What stands before the numbers of pages.
fn labels(catalog: &Dict<'_>, out: &mut Out<'_>) {
    let Some(root) = catalog.get::<Dict<'_>>(b"PageLabels") else { return };
    let (mut prefixes, mut pending, mut seen) = (Vec::new(), vec![root], HashSet::new());
    while let Some(node) = pending.pop() {
        if node.obj_id().is_some_and(|id| !seen.insert(id)) || prefixes.len() >= MAX_OBJECTS {
            continue;
        }
        for label in items(&node, b"Nums").filter_map(Object::into_dict) {
            prefixes.extend(string(&label, b"P").filter(|prefix| prefix.chars().count() > 2));
        }
        pending.extend(items(&node, b"Kids").filter_map(Object::into_dict));
    }
    prefixes.dedup();
    let place = Place::new(PlaceKind::Header, 1);
    out.passage(Passage { part: Part::Properties, ..Passage::text(place, prefixes.join("\n")) });
}

/// Files that are embedded, each once.
#[derive(Default)]
struct Files {
    seen: HashSet<object::ObjectIdentifier>,
    found: Vec<File>,
}

struct File {
    name: String,
    /// What its author says of it.
    about: Option<String>,
    stream: object::ObjectIdentifier,
    packed_bytes: u64,
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
        self.found.push(File {
            name,
            about: string(spec, b"Desc"),
            stream: stream.obj_id(),
            packed_bytes: stream.raw_data().len() as u64,
        });
    }

    fn hand_over(self, pdf: &Rc<Pdf>, out: &mut Out<'_>) {
        let mut lines = Captioned::default();
        for File { name, about, stream, packed_bytes } in self.found {
            if let Some(about) = about.filter(|about| *about != name) {
                lines.line("Attachment", &name, Meaning::Text, Party::Unknown);
                lines.line("Description", &about, Meaning::Text, Party::Unknown);
            }
            let pdf = Rc::clone(pdf);
            out.packed(&name, packed_bytes, move |limit| unpacked(&pdf, stream, limit));
        }
        if !lines.is_empty() {
            out.passage(lines.into_record(Place::new(PlaceKind::Header, 1), Part::Properties));
        }
    }
}

fn unpacked(pdf: &Pdf, stream: object::ObjectIdentifier, limit: u64) -> Unpacked {
    match pdf.xref().get::<Stream<'_>>(stream) {
        Some(stream) => unpack::unpack(&stream, limit),
        None => Unpacked {
            bytes: Vec::new(),
            exception: Some(Exception::whole(Reason::Corrupt, "its stream is missing")),
        },
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
