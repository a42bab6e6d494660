//! Does a PDF hold anything that a file of ours never holds? Read with lopdf.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::pdf::{count, find};
use crate::views::lossy;

/// What a PDF of ours never holds; each a few words. Empty for a clean file.
///
/// Pictures, fonts and drawings are ours as long as they were made anew: pixels packed by Flate,
/// never the bytes of an original picture, which may say more than it shows.
pub(crate) fn hygiene(bytes: &[u8]) -> Vec<String> {
    let mut found = BTreeSet::new();
    let n_ends = count(bytes, b"%%EOF");
    if n_ends != 1 {
        found.insert(format!("{n_ends} revisions (%%EOF)"));
    }
    let end = bytes.len() - bytes.trim_ascii_end().len();
    if !bytes[..bytes.len() - end].ends_with(b"%%EOF") {
        found.insert("bytes after the end".to_owned());
    }
    match Document::load_mem(bytes) {
        Ok(document) => structure(&document, &mut found),
        Err(_) => {
            found.insert("cannot be opened".to_owned());
        }
    }
    found.into_iter().collect()
}

fn structure(document: &Document, found: &mut BTreeSet<String>) {
    if document.is_encrypted() || document.trailer.has(b"Prev") {
        found.insert("an encrypted or earlier revision".to_owned());
    }
    for object in document.objects.values() {
        keys(object, found, 0);
    }
    if let Ok(info) = document.trailer.get_deref(b"Info", document).and_then(Object::as_dict) {
        for (key, _) in info.iter().filter(|(key, _)| key.as_slice() != b"Title") {
            found.insert(format!("property {}", lossy(key).escape_default()));
        }
    }
    let n_orphans = orphans(document);
    if n_orphans > 0 {
        found.insert(format!("{n_orphans} objects that nothing refers to"));
    }
}

/// Objects that nothing refers to, other than the containers that objects are packed in.
fn orphans(document: &Document) -> usize {
    let mut reached: BTreeSet<ObjectId> = BTreeSet::new();
    let mut waiting: Vec<&Object> = document.trailer.iter().map(|(_, value)| value).collect();
    while let Some(object) = waiting.pop() {
        match object {
            Object::Reference(id) => {
                if reached.insert(*id)
                    && let Some(object) = document.objects.get(id)
                {
                    waiting.push(object);
                }
            }
            Object::Array(items) => waiting.extend(items),
            Object::Dictionary(inner) => waiting.extend(inner.iter().map(|(_, value)| value)),
            Object::Stream(stream) => waiting.extend(stream.dict.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    let is_container = |object: &Object| {
        let kind = object.as_stream().ok().and_then(|stream| stream.dict.get(b"Type").ok());
        matches!(kind, Some(Object::Name(name)) if name == b"ObjStm" || name == b"XRef")
    };
    let lost = document.objects.iter().filter(|(id, _)| !reached.contains(id));
    lost.filter(|(_, object)| !is_container(object)).count()
}

/// Keys, and kinds of action, that say something beside the pages or do something.
const UNWANTED: &[&str] = &[
    "JavaScript",
    "JS",
    "OpenAction",
    "AA",
    "Launch",
    "EmbeddedFiles",
    "EmbeddedFile",
    "EF",
    "AF",
    "Annots",
    "AcroForm",
    "XFA",
    "RichMedia",
    "Metadata",
    "PieceInfo",
    "OCProperties",
    "OCGs",
    "StructTreeRoot",
    "ActualText",
    "Alt",
    "SubmitForm",
    "ImportData",
    "URI",
    "GoToR",
    "GoToE",
    "Names",
    "Dests",
    "Threads",
    "Collection",
    "Perms",
    "DSS",
    "SpiderInfo",
    "Thumb",
    "Alternates",
    "OPI",
    "LastModified",
    "Lock",
    "Legal",
    "Movie",
    "Sound",
    "Rendition",
];

/// Ways of packing that keep the bytes of a picture as it came.
const ORIGINAL: &[&str] =
    &["DCTDecode", "DCT", "JPXDecode", "JBIG2Decode", "CCITTFaxDecode", "CCF"];

fn keys(object: &Object, found: &mut BTreeSet<String>, depth: usize) {
    if depth > 64 {
        found.insert("objects nested too deep".to_owned());
        return;
    }
    let dictionary = |dictionary: &Dictionary, found: &mut BTreeSet<String>| {
        for (key, value) in dictionary.iter() {
            let named = match value {
                Object::Name(name) => Some(name.as_slice()),
                _ => None,
            };
            for unwanted in UNWANTED {
                if key == unwanted.as_bytes() || key == b"S" && named == Some(unwanted.as_bytes()) {
                    found.insert(format!("/{unwanted}"));
                }
            }
            keys(value, found, depth + 1);
        }
    };
    match object {
        Object::Dictionary(inner) => dictionary(inner, found),
        Object::Stream(stream) => {
            dictionary(&stream.dict, found);
            filters(&stream.dict, found);
            let content = stream.decompressed_content();
            let content = content.as_deref().unwrap_or(&stream.content);
            // A stretch of the page's own code may say in words what it stands for.
            if find(content, b"/ActualText").is_some() {
                found.insert("/ActualText".to_owned());
            }
        }
        Object::Array(items) => items.iter().for_each(|item| keys(item, found, depth + 1)),
        _ => {}
    }
}

fn filters(dictionary: &Dictionary, found: &mut BTreeSet<String>) {
    let mut check = |name: &Object| {
        let Object::Name(name) = name else { return };
        match ORIGINAL.iter().find(|original| original.as_bytes() == name.as_slice()) {
            Some(original) => {
                found.insert(format!("the bytes of a picture as it came ({original})"));
            }
            None if name.as_slice() == b"Crypt" => {
                found.insert("an encrypted stream".to_owned());
            }
            None => {}
        }
    };
    for key in [b"Filter".as_slice(), b"F"] {
        match dictionary.get(key) {
            Ok(Object::Array(names)) => names.iter().for_each(&mut check),
            Ok(name) => check(name),
            Err(_) => {}
        }
    }
}
