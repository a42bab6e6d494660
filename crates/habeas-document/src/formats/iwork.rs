//! What do documents of Pages, Numbers and Keynote say?
//!
//! They are zip archives. Since 2013 their text lies in archives of messages (`.iwa`): packed blocks
//! of records in Google's format, each with a number for its type. There is no public description;
//! types and fields are those that the programs' own descriptors name. Before that it was XML.

use habeas_model::{Card, Exception, Meaning, Party, PlaceKind, Reason};

use super::{Format, zip};
use crate::formats::captioned::Captioned;
use crate::formats::flow::Flow;
use crate::formats::markup::{Step, Walk};
use crate::formats::package::{Package, hand_over_properties};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

mod archive;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "iwork",
        version: 2,
        summary: "Pages, Numbers and Keynote: their text, pictures and preview",
        handles: &[PAGES, NUMBERS, KEYNOTE, ".pages", ".numbers", ".key"],
        authority: "none published; the descriptors in the programs",
    },
    sniff,
    read,
};

const PAGES: &str = "application/vnd.apple.pages";
const NUMBERS: &str = "application/vnd.apple.numbers";
const KEYNOTE: &str = "application/vnd.apple.keynote";

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let by_name = match sample.extension.as_str() {
        "numbers" => NUMBERS,
        "key" | "kth" => KEYNOTE,
        _ => PAGES,
    };
    let has = |part: &str| sample.has_zip_folder(part);
    let media_type = if has("index.apxl") {
        KEYNOTE
    } else if has("index/document.iwa") || has("index.zip") {
        match (has("index/slide"), has("index/tables/")) {
            (true, _) => KEYNOTE,
            (false, true) if by_name == PAGES && !sample.is_named(&["pages"]) => NUMBERS,
            _ => by_name,
        }
    } else if has("index.xml") && (has("quicklook/") || has("buildversionhistory.plist")) {
        by_name
    } else {
        return None;
    };
    Some((Sure::Structure, media_type))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let mut package = match Package::open(input) {
        Ok(package) => package,
        Err(exception) => return out.exception(exception),
    };
    // Before 2013 the members themselves say so, by ways of packing that nobody else has.
    const LOCKED: std::ops::RangeInclusive<u16> = 25_451..=25_452;
    let is_locked = [".iwph", ".iwpv2"].iter().any(|name| package.has(name));
    if is_locked || zip::has_method(input.bytes, LOCKED) {
        return out.exception(Exception::whole(Reason::Encrypted, "needs a password"));
    }
    let mut flow = Flow::new(PlaceKind::Body);
    let mut number = 0;
    let n_before = out.document.exceptions.len();
    for part in ["index.xml", "index.apxl"] {
        if let Some(xml) = package.text(part, out) {
            old_text(&xml, &mut number, &mut flow, out);
        }
    }
    let mut is_modern = false;
    for part in package.in_folder("Index/") {
        if let Some(bytes) = package.bytes(&part, out).filter(|_| part.ends_with(".iwa")) {
            is_modern = true;
            message_text(&bytes, &mut number, &mut flow, out);
        }
    }
    if let Some(inner) = package.bytes("Index.zip", out) {
        is_modern = true;
        inner_archive(input, &inner, &mut number, &mut flow, out);
    }
    flow.flush(out);
    if is_modern && out.document.exceptions.len() == n_before {
        let note = "read from its parts, numbers in tables left out; its preview is a member";
        out.exception(Exception::part(Reason::Unsupported, None, note));
    }
    if out.document.passages.is_empty() {
        let note = "only its preview could be read";
        out.exception(Exception::part(Reason::Unsupported, None, note));
    }
    preview(&package, out);
    for name in package.in_folder("Data/") {
        if !is_of_no_use(&name) {
            package.child(&name, out);
        }
    }
}

/// The preview, which is a picture of the first page or a whole document to print.
fn preview<'a>(package: &Package<'a>, out: &mut Out<'a>) {
    let previews = [
        "QuickLook/Preview.pdf",
        "preview.pdf",
        "preview.jpg",
        "QuickLook/Preview.jpg",
        "QuickLook/Thumbnail.jpg",
        "preview-web.jpg",
    ];
    if let Some(name) = previews.into_iter().find(|name| package.has(name)) {
        package.child(name, out);
    }
}

/// Copies of pictures in small.
fn is_of_no_use(name: &str) -> bool {
    name.contains("-small-") || name.contains("-thumb-")
}

/// Reads the text of an archive of messages.
fn message_text(bytes: &[u8], number: &mut usize, flow: &mut Flow, out: &mut Out<'_>) {
    let (unpacked, is_whole) = archive::unpacked(bytes);
    if !is_whole {
        let note = "an archive of messages ends before it should";
        out.exception(Exception::part(Reason::Corrupt, None, note));
    }
    for text in archive::texts(&unpacked) {
        for paragraph in text.split(['\n', '\u{2029}', '\u{2028}', '\u{4}', '\u{5}']) {
            *number += 1;
            let shown: String = paragraph.chars().filter(|c| !is_stand_in(*c)).collect();
            flow.paragraph(*number, &shown, out);
        }
    }
}

/// A character that stands for a picture, a note or the like.
fn is_stand_in(c: char) -> bool {
    c == '\u{fffc}' || (c.is_control() && c != '\t')
}

/// The archive of messages as it is in a document that is a folder packed as a whole.
fn inner_archive(
    input: &Input<'_>,
    inner: &[u8],
    number: &mut usize,
    flow: &mut Flow,
    out: &mut Out<'_>,
) {
    let input = Input { name: "Index.zip", bytes: inner, ..*input };
    let mut package = match Package::open(&input) {
        Ok(package) => package,
        Err(exception) => return out.exception(exception),
    };
    for part in package.in_folder("") {
        if let Some(bytes) = package.bytes(&part, out).filter(|_| part.ends_with(".iwa")) {
            message_text(&bytes, number, flow, out);
        }
    }
}

/// Reads the text as it was kept before 2013: paragraphs, and cells with what they show.
fn old_text(xml: &str, number: &mut usize, flow: &mut Flow, out: &mut Out<'_>) {
    let mut walk = Walk::new(xml);
    let mut lines = Captioned::default();
    let (mut paragraph, mut depth, mut is_metadata) = (String::new(), 0_usize, false);
    while let Some(step) = walk.next() {
        match step {
            Step::Open(element) => match element.name() {
                "p" => depth += 1,
                // A style sheet says nothing.
                "stylesheet" => walk.skip_inside(),
                "br" | "tab" | "lnbr" | "crbr" => paragraph.push(' '),
                "metadata" => is_metadata = true,
                "ct" => {
                    *number += 1;
                    flow.paragraph(*number, &element.attribute("s").unwrap_or_default(), out);
                }
                "n" | "d" if depth == 0 && !is_metadata => {
                    let value = ["v", "cell-date"].iter().find_map(|key| element.attribute(key));
                    *number += 1;
                    flow.paragraph(*number, &value.unwrap_or_default(), out);
                }
                name if is_metadata => {
                    let meaning = if name == "author" || name == "authors" {
                        Meaning::Name
                    } else {
                        Meaning::Text
                    };
                    let value = element.attribute("string").unwrap_or_default();
                    lines.line("Property", &value, meaning, Party::Unknown);
                }
                _ => {}
            },
            Step::Text(text) if depth > 0 => paragraph.push_str(&text),
            Step::Text(_) => {}
            Step::Close(name) if name == "p" => {
                depth = depth.saturating_sub(1);
                *number += 1;
                flow.paragraph(*number, &std::mem::take(&mut paragraph), out);
            }
            Step::Close(name) if name == "metadata" => is_metadata = false,
            Step::Close(_) => {}
        }
    }
    if walk.is_damaged() {
        let note = "its text ends before it should";
        out.exception(Exception::part(Reason::Corrupt, None, note));
    }
    hand_over_properties(lines, out);
}
