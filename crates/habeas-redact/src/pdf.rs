//! What does a PDF file hold, whether or not it shows it? Read with lopdf, which drew none of it.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Document, Object};

use crate::views::{Views, inflate, lossy};

/// How the first reading of the pages is called.
pub(crate) const PAGES: &str = "the pages";

/// The text that the pages show, as lopdf reads it.
pub(crate) fn shown(bytes: &[u8]) -> Result<String, String> {
    let document = Document::load_mem(bytes).map_err(|_| "it cannot be opened".to_owned())?;
    let mut text = String::new();
    for number in document.get_pages().keys() {
        let page = document
            .extract_text(&[*number])
            .map_err(|_| format!("page {number} cannot be read"))?;
        text.push_str(&page);
        text.push('\n');
    }
    Ok(text)
}

/// Adds everything that the file holds: strings and streams of every object, reachable or not, of
/// this revision and of earlier ones, and the text of content streams through every font's map.
pub(crate) fn read(bytes: &[u8], views: &mut Views) {
    let Ok(document) = Document::load_mem(bytes) else {
        views.trouble.push("the PDF cannot be opened".to_owned());
        return;
    };
    match shown(bytes) {
        Ok(text) => views.push(PAGES, text),
        Err(reason) => views.trouble.push(reason),
    }
    let mut strings = String::new();
    let mut streams: Vec<Vec<u8>> = Vec::new();
    for object in document.objects.values().chain([&Object::Dictionary(document.trailer.clone())]) {
        collect(object, &mut strings, &mut streams, 0);
    }
    views.push("strings of the PDF", strings);
    // Objects that no table of the file mentions any more are still in its bytes.
    streams.extend(carved(bytes));
    let maps: Vec<BTreeMap<Vec<u8>, String>> = streams
        .iter()
        .filter(|stream| find(stream, b"beginbf").is_some())
        .map(|s| to_unicode(s))
        .collect();
    // A font lists the letters that it was made for, in the order in which it met them.
    let in_order: Vec<String> = maps.iter().map(|map| map.values().cloned().collect()).collect();
    views.push("the letters of a font in order", in_order.join("\n"));
    let mut seen = BTreeSet::new();
    for stream in streams {
        if !seen.insert(habeas_model::ItemId::of(&stream)) {
            continue;
        }
        if find(&stream, b"Tj")
            .or_else(|| find(&stream, b"TJ"))
            .or_else(|| find(&stream, b"BT"))
            .is_some()
        {
            shows(&stream, &maps, views);
        }
        views.read("a stream of the PDF", &stream, 3);
    }
}

fn collect(object: &Object, strings: &mut String, streams: &mut Vec<Vec<u8>>, depth: usize) {
    if depth > 64 {
        return;
    }
    match object {
        Object::String(bytes, _) => {
            strings.push_str(&string(bytes));
            strings.push('\n');
        }
        Object::Name(bytes) => {
            strings.push_str(&lossy(bytes));
            strings.push('\n');
        }
        Object::Array(items) => {
            items.iter().for_each(|item| collect(item, strings, streams, depth + 1));
        }
        Object::Dictionary(inner) => {
            for (key, value) in inner.iter() {
                strings.push_str(&lossy(key));
                strings.push('\n');
                collect(value, strings, streams, depth + 1);
            }
        }
        Object::Stream(stream) => {
            let dictionary = Object::Dictionary(stream.dict.clone());
            collect(&dictionary, strings, streams, depth + 1);
            streams.push(stream.decompressed_content().unwrap_or_else(|_| stream.content.clone()));
        }
        _ => {}
    }
}

/// A text string: UTF-16 or UTF-8 by its mark, else Latin-1, which PDFDocEncoding is near enough.
fn string(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units = rest.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
            char::decode_utf16(units).map(|c| c.unwrap_or(' ')).collect()
        }
        [0xff, 0xfe, rest @ ..] => {
            let units = rest.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
            char::decode_utf16(units).map(|c| c.unwrap_or(' ')).collect()
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => lossy(rest),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The streams that stand in the bytes, found by their words, unpacked where they are packed.
fn carved(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| find(rest, b"stream")) {
        let start = at + found + b"stream".len();
        at = start;
        if bytes.get(..start - b"stream".len()).is_some_and(|before| before.ends_with(b"end")) {
            continue;
        }
        let rest = bytes.get(start..).unwrap_or(&[]);
        let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        let length = find(rest, b"endstream").unwrap_or(rest.len());
        let content = rest.get(..length).unwrap_or(rest);
        match inflate(flate2::read::ZlibDecoder::new(content)) {
            Ok(plain) if !plain.is_empty() => out.push(plain),
            _ => out.push(content.to_vec()),
        }
    }
    out
}

/// The text that a content stream shows: its strings in order, as Latin-1 and through every
/// font's map of the file, since a stream that nothing refers to does not say which is its own.
fn shows(stream: &[u8], maps: &[BTreeMap<Vec<u8>, String>], views: &mut Views) {
    let Ok(content) = lopdf::content::Content::decode(stream) else { return };
    let mut runs: Vec<Vec<u8>> = Vec::new();
    for operation in &content.operations {
        if !matches!(operation.operator.as_str(), "Tj" | "TJ" | "'" | "\"") {
            continue;
        }
        let mut run = Vec::new();
        for operand in &operation.operands {
            match operand {
                Object::String(bytes, _) => run.extend_from_slice(bytes),
                Object::Array(items) => {
                    for item in items {
                        if let Object::String(bytes, _) = item {
                            run.extend_from_slice(bytes);
                        }
                    }
                }
                _ => {}
            }
        }
        runs.push(run);
    }
    let plain: Vec<String> = runs.iter().map(|run| string(run)).collect();
    views.push("text of a stream", plain.join("\n"));
    views.push("text of a stream, joined", plain.concat());
    // A file with hundreds of fonts is not ours; the pages themselves are read all the same.
    for map in maps.iter().take(64) {
        let width = map.keys().map(Vec::len).max().unwrap_or(1).max(1);
        let mapped = |run: &Vec<u8>| -> String {
            run.chunks(width).map(|code| map.get(code).map_or(" ", String::as_str)).collect()
        };
        let lines: Vec<String> = runs.iter().map(mapped).collect();
        views.push("text of a stream through a font", lines.join("\n"));
        views.push("text of a stream through a font, joined", lines.concat());
    }
}

/// A font's map from codes to text, as far as it lists them one by one or in short ranges.
fn to_unicode(stream: &[u8]) -> BTreeMap<Vec<u8>, String> {
    let text = lossy(stream);
    let mut map = BTreeMap::new();
    let mut mode = "";
    for line in text.lines() {
        let words: Vec<Vec<u8>> = line
            .split('<')
            .skip(1)
            .filter_map(|word| word.split_once('>'))
            .map(|(digits, _)| {
                let digits: Vec<char> = digits.chars().filter(char::is_ascii_hexdigit).collect();
                digits
                    .chunks(2)
                    .filter_map(|pair| {
                        u8::from_str_radix(&pair.iter().collect::<String>(), 16).ok()
                    })
                    .collect()
            })
            .collect();
        if line.contains("beginbfchar") {
            mode = "char";
        } else if line.contains("beginbfrange") {
            mode = "range";
        } else if line.contains("endbf") {
            mode = "";
        }
        match (mode, words.as_slice()) {
            ("char", [code, value, ..]) => {
                map.insert(code.clone(), wide(value));
            }
            ("range", [first, last, value]) => ranged(first, last, value, &mut map),
            _ => {}
        }
    }
    map
}

fn ranged(first: &[u8], last: &[u8], value: &[u8], map: &mut BTreeMap<Vec<u8>, String>) {
    let number = |bytes: &[u8]| bytes.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
    let (from, to) = (number(first), number(last));
    if first.len() > 3 || to < from || to - from > 0xffff {
        return;
    }
    let start = wide(value).chars().next().map_or(0, u32::from);
    for code in from..=to {
        let bytes = code.to_be_bytes();
        let key = bytes.get(4 - first.len().min(4)..).unwrap_or(&[]).to_vec();
        let c = char::from_u32(start + (code - from)).unwrap_or(' ');
        map.insert(key, c.to_string());
    }
}

fn wide(bytes: &[u8]) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(' ')).collect()
}

pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    aho_corasick::AhoCorasick::new([needle]).ok()?.find(bytes).map(|found| found.start())
}

pub(crate) fn count(bytes: &[u8], needle: &[u8]) -> usize {
    let machine = aho_corasick::AhoCorasick::new([needle]).ok();
    machine.map_or(0, |machine| machine.find_iter(bytes).count())
}
