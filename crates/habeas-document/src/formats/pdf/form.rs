//! What has been filled into the form of a PDF?

use std::collections::{BTreeMap, HashMap, HashSet};

use habeas_model::{Exception, Hidden, Passage, Place, PlaceKind, Reason};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{self, Array, Dict, Name, Object, ObjectIdentifier, Stream};

use super::structure::{MAX_OBJECTS, date, items, plain_text, string, text_string};
use super::unpack;
use crate::columns::{self, Column};
use crate::out::Out;
use crate::record::Record;

/// What is filled in on one page: what is shown, and what is not.
#[derive(Default)]
struct Filled {
    shown: Record,
    unseen: Record,
}

/// Reads the values of a form, each under its field's name, page by page.
pub(super) fn read(pdf: &Pdf, catalog: &Dict<'_>, out: &mut Out<'_>) {
    let (pages, loose) = widgets(pdf);
    let form = catalog.get::<Dict<'_>>(b"AcroForm").unwrap_or_default();
    let mut filled: BTreeMap<usize, Filled> = BTreeMap::new();
    let mut seen = HashSet::new();
    // Depth first, in the order in which a person fills the form in. Fields that only a page has
    // come last.
    let mut fields: Vec<Dict<'_>> = items(&form, b"Fields").filter_map(Object::into_dict).collect();
    fields.extend(loose);
    fields.reverse();
    let mut pending: Vec<(Dict<'_>, String)> = Vec::new();
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
        let mut kids: Vec<Dict<'_>> =
            items(&field, b"Kids").filter_map(Object::into_dict).collect();
        let page = std::iter::once(&field)
            .chain(kids.first())
            .find_map(|widget| pages.get(&widget.obj_id()?))
            .copied();
        let filled = filled.entry(page.unwrap_or(0)).or_default();
        const HIDDEN_OR_NO_VIEW: i32 = 1 << 1 | 1 << 5;
        let flags = field.get::<i32>(b"F").unwrap_or(0);
        let is_unseen = flags & HIDDEN_OR_NO_VIEW != 0;
        write(&field, &name, filled, is_unseen);
        kids.reverse();
        pending.extend(kids.into_iter().map(|kid| (kid, name.clone())));
    }
    for (page, Filled { shown, unseen }) in filled {
        let place = Place::new(PlaceKind::Page, page + 1);
        for (record, hidden) in [(shown, None), (unseen, Some(Hidden::Invisible))] {
            if !record.is_empty() {
                out.passage(Passage { hidden, ..record.passage(place.clone()) });
            }
        }
    }
    xfa(&form, out);
}

/// On which page each widget is, and the widgets that say something and may be in no form.
fn widgets(pdf: &Pdf) -> (HashMap<ObjectIdentifier, usize>, Vec<Dict<'_>>) {
    let (mut pages, mut loose) = (HashMap::new(), Vec::new());
    for (index, page) in pdf.pages().iter().enumerate() {
        for annotation in items(page.raw(), b"Annots").filter_map(Object::into_dict) {
            let is_widget = annotation
                .get::<Name<'_>>(b"Subtype")
                .is_some_and(|kind| kind.as_str() == "Widget");
            if !is_widget || pages.len() >= MAX_OBJECTS {
                continue;
            }
            pages.extend(annotation.obj_id().map(|id| (id, index)));
            if annotation.contains_key(b"T") && annotation.contains_key(b"V") {
                loose.push(annotation);
            }
        }
    }
    (pages, loose)
}

/// Writes what a field says: its value, what it was before it was filled in, what could be chosen,
/// and what is written on it.
fn write(field: &Dict<'_>, name: &str, filled: &mut Filled, is_unseen: bool) {
    // What a person reads beside the field says more than its name.
    let caption = string(field, b"TU").unwrap_or_else(|| name.to_owned());
    let column = columns::of_label(&caption);
    let mut values = values(field, b"V");
    if values.is_empty() {
        values.extend(string(field, b"RV").map(|rich| plain_text(&rich)));
    }
    let record = if is_unseen { &mut filled.unseen } else { &mut filled.shown };
    for value in &values {
        record.value(&column, value);
    }
    if let Some(Object::Dict(signature)) = field.get::<Object<'_>>(b"V") {
        sign(&signature, record);
    }
    for (key, title) in [(b"DV".as_slice(), "before"), (b"Opt", "choices")] {
        let others = if key == b"DV" { self::values(field, key) } else { choices(field) };
        let others: Vec<String> =
            others.into_iter().filter(|other| !values.contains(other)).collect();
        if !others.is_empty() {
            let caption = format!("{} ({title})", column.caption);
            let column = Column { caption, ..column.clone() };
            filled.unseen.value(&column, &others.join("; "));
        }
    }
    let button = field.get::<Dict<'_>>(b"MK").and_then(|look| string(&look, b"CA"));
    // A single character is a tick.
    if let Some(button) = button.filter(|button| button.chars().count() > 1) {
        filled.shown.text(&button);
    }
}

fn values(field: &Dict<'_>, key: &[u8]) -> Vec<String> {
    let value = |object: Object<'_>| match object {
        Object::String(text) => Some(text_string(text.as_bytes())),
        Object::Stream(stream) => unpack::small(&stream).map(|bytes| text_string(&bytes)),
        Object::Name(name) if name.as_str() != "Off" => Some(name.as_str().to_owned()),
        _ => None,
    };
    match field.get::<Object<'_>>(key) {
        Some(Object::Array(array)) => {
            array.iter::<Object<'_>>().take(MAX_OBJECTS).filter_map(value).collect()
        }
        Some(object) => value(object).into_iter().collect(),
        None => Vec::new(),
    }
}

/// What may be chosen: texts, or pairs of what is sent and what is shown.
fn choices(field: &Dict<'_>) -> Vec<String> {
    let shown = |object: Object<'_>| match object {
        Object::String(text) => Some(text_string(text.as_bytes())),
        Object::Array(pair) => {
            let texts = pair.iter::<object::String<'_>>().take(2);
            texts.last().map(|text| text_string(text.as_bytes()))
        }
        _ => None,
    };
    items(field, b"Opt").filter_map(shown).collect()
}

/// What a signature says of who signed (ISO 32000-2, 12.8.1), and the names in its certificates.
fn sign(signature: &Dict<'_>, record: &mut Record) {
    let entries: [(&[u8], &str); 4] = [
        (b"Name", "Signed by"),
        (b"Reason", "Reason"),
        (b"Location", "Location"),
        (b"ContactInfo", "Contact"),
    ];
    for (key, caption) in entries {
        if let Some(value) = string(signature, key) {
            record.value(&columns::of_label(caption), &value);
        }
    }
    if let Some(at) = string(signature, b"M") {
        record.value(&columns::of_label("Signed on"), &date(&at));
    }
    let held = signature.get::<object::String<'_>>(b"Contents");
    let mut told = HashSet::new();
    for (caption, value) in held.iter().flat_map(|held| certified(held.as_bytes())) {
        if told.insert(value.clone()) {
            record.value(&columns::of_label(caption), &value);
        }
    }
}

/// The names of people in certificates: attributes of X.509 names (RFC 5280, 4.1.2.4), found by
/// their object identifiers.
fn certified(der: &[u8]) -> Vec<(&'static str, String)> {
    const ATTRIBUTES: [(&[u8], &str); 5] = [
        (b"\x06\x03\x55\x04\x03", "Certificate name"),
        (b"\x06\x03\x55\x04\x04", "Surname"),
        (b"\x06\x03\x55\x04\x2a", "Given name"),
        (b"\x06\x03\x55\x04\x05", "Certificate serial number"),
        (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", "Email"),
    ];
    let mut found = Vec::new();
    for at in 0..der.len() {
        let rest = &der[at..];
        let Some((oid, caption)) = ATTRIBUTES.iter().find(|(oid, _)| rest.starts_with(oid)) else {
            continue;
        };
        let Some([kind, length, text @ ..]) = rest.get(oid.len()..) else { continue };
        let Some(text) = text.get(..usize::from(*length)).filter(|_| *length < 128) else {
            continue;
        };
        let text = match kind {
            // UTF8String, PrintableString, TeletexString, IA5String.
            0x0c | 0x13 | 0x14 | 0x16 => String::from_utf8_lossy(text).into_owned(),
            // BMPString.
            0x1e => text_string(&[b"\xfe\xff", text].concat()),
            _ => continue,
        };
        found.push((*caption, text));
    }
    found
}

/// The data and the template of an XML form, as members: nothing of it need be drawn.
fn xfa(form: &Dict<'_>, out: &mut Out<'_>) {
    let mut hand_over = |name: &str, stream: &Stream<'_>| match unpack::small(stream) {
        Some(bytes) => out.child(name, bytes),
        None => {
            let why = Exception::whole(Reason::Corrupt, "its stream cannot be unpacked");
            out.lost(name, stream.raw_data().len() as u64, why);
        }
    };
    match form.get::<Object<'_>>(b"XFA") {
        Some(Object::Stream(stream)) => hand_over("xfa.xml", &stream),
        Some(Object::Array(array)) => {
            let array: Array<'_> = array;
            let parts: Vec<Object<'_>> = array.iter::<Object<'_>>().take(1_000).collect();
            for pair in parts.chunks_exact(2) {
                if let [Object::String(name), Object::Stream(stream)] = pair {
                    match name.as_bytes() {
                        b"datasets" => hand_over("xfa-datasets.xml", stream),
                        b"template" => hand_over("xfa-template.xml", stream),
                        _ => {}
                    }
                }
            }
        }
        _ => {}
    }
}
