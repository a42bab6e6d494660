//! What do the pages of a OneNote section say?
//!
//! A section is a store of objects, each a set of properties, and each time a page is changed new
//! objects are added at the end ([MS-ONESTORE] 2.1). It is kept in one of two wrappings, and in both
//! the sets of properties stand as they are. So they are looked for wherever they stand, rather than
//! by the lists that lead to those of the last version: what was changed or deleted is found too,
//! and no damaged list hides a text. The price is that nothing tells one page from the next.

use std::collections::HashSet;

use habeas_model::{Card, Exception, Meaning, Party, PlaceKind, Reason};

use super::Format;
use crate::encoding;
use crate::formats::captioned::Captioned;
use crate::formats::compound::{u32_at, utf16};
use crate::formats::docx::person_in;
use crate::formats::flow::Flow;
use crate::formats::package::hand_over_properties;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

mod properties;

use properties::{Property, Sets};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "onenote",
        version: 1,
        summary: "OneNote sections: text of all versions in one row, authors, files put in",
        handles: &[MEDIA_TYPE, ".one"],
        authority: "[MS-ONESTORE]; [MS-ONE]",
    },
    sniff,
    read,
};

const MEDIA_TYPE: &str = "application/onenote";
/// The kinds of store: a section, and the list of sections of a notebook (2.3.1).
const SECTION: &[u8] = b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3";
const CONTENTS: &[u8] = b"\xa1\x2f\xff\x43\xd9\xef\x76\x4c\x9e\xe2\x10\xea\x57\x22\x76\x5f";

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_store = sample.starts_with(SECTION) || sample.starts_with(CONTENTS);
    is_store.then_some((Sure::Magic, MEDIA_TYPE))
}

/// What a property says ([MS-ONE] 2.1.12).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Text of two bytes a character.
    Text,
    /// Text of one byte a character.
    Narrow,
    Title,
    Author,
    /// The name of a file that was put in.
    File,
    Link,
}

/// The name of a file that is not a picture.
const FILE_NAME: u32 = 0x1c00_1d9c;

const KINDS: [(u32, Kind); 13] = [
    (0x1c00_1c22, Kind::Text),
    (0x1c00_3498, Kind::Narrow),
    // What describes a picture, and what is read in it; what a mark means.
    (0x1c00_1e58, Kind::Text),
    (0x1c00_1d09, Kind::Text),
    (0x1c00_3468, Kind::Text),
    (0x1c00_1cf3, Kind::Title),
    (0x1c00_1d3c, Kind::Title),
    (0x1c00_349b, Kind::Title),
    (0x1c00_1d75, Kind::Author),
    (FILE_NAME, Kind::File),
    (0x1c00_1d9d, Kind::File),
    (0x1c00_1dd7, Kind::File),
    (0x1c00_1e20, Kind::Link),
];

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    if is_encrypted(input.bytes) {
        let note = "a section with a password";
        return out.exception(Exception::whole(Reason::Encrypted, note));
    }
    let mut flow = Flow::new(PlaceKind::Body);
    let (mut said, mut lines) = (HashSet::new(), Captioned::default());
    let mut number = 0;
    let ids = KINDS.map(|(id, _)| id);
    let mut sets = Sets::new(input.bytes, &ids);
    let mut n_named = 0;
    for Property { id, value } in sets.by_ref() {
        if out.is_full() {
            break;
        }
        let Some((_, kind)) = KINDS.iter().find(|(have, _)| *have == id) else { continue };
        let text = match kind {
            Kind::Narrow => encoding::decode(value, None).text.into_owned(),
            _ => utf16(value),
        };
        let text = readable(&text);
        // The same text stands in each version that did not change it.
        if text.is_empty() || !said.insert((text.clone(), matches!(kind, Kind::Author))) {
            continue;
        }
        n_named += usize::from(id == FILE_NAME);
        match kind {
            Kind::Text | Kind::Narrow | Kind::Title | Kind::File => {
                for line in text.lines() {
                    number += 1;
                    flow.paragraph(number, line, out);
                }
            }
            Kind::Author => lines.line("Author", &text, Meaning::Name, Party::Unknown),
            Kind::Link => {
                number += 1;
                flow.paragraph(number, &person_in(&text).unwrap_or(text), out);
            }
        }
    }
    flow.flush(out);
    hand_over_properties(lines, out);
    if sets.is_given_up() {
        let note = "damaged so that its text is not found in time";
        out.exception(Exception::part(Reason::TimeLimit, None, note));
    }
    let n_files = files(input.bytes, out);
    if n_files < n_named {
        let note = format!("{} files that were put in are not taken out", n_named - n_files);
        out.exception(Exception::part(Reason::Unsupported, None, note));
    }
    let note = "read without its order: pages follow each other, earlier versions among them";
    if out.document.passages.is_empty() && n_files == 0 {
        let note = "no text was found in it";
        out.exception(Exception::whole(Reason::Unsupported, note));
    } else {
        out.exception(Exception::part(Reason::Unsupported, None, note));
    }
}

/// Text without what stands for objects and fields in it; of a link that to a person is kept.
fn readable(text: &str) -> String {
    let mut pieces = text.split("\u{fddf}HYPERLINK \"");
    let mut shown = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (target, rest) = piece.split_once('"').unwrap_or(("", piece));
        if let Some(person) = person_in(target) {
            shown.push_str(&format!("<{person}> "));
        }
        shown.push_str(rest);
    }
    let text: String = shown
        .chars()
        .map(|c| if matches!(c, '\r' | '\u{b}') { '\n' } else { c })
        .filter(|c| !matches!(c, '\u{fffc}' | '\u{fddf}' | '\u{fdd0}'..='\u{fdef}'))
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    text.trim().to_owned()
}

/// Lists the files and pictures that were put in; says how many there are (2.6.13).
fn files<'a>(bytes: &'a [u8], out: &mut Out<'a>) -> usize {
    const BEGIN: &[u8] = b"\xe7\x16\xe3\xbd\x65\x26\x11\x45\xa4\xc4\x8d\x4d\x0b\x7a\x9e\xac";
    const END: &[u8] = b"\x22\xa7\xfb\x71\x79\x0f\x0b\x4a\xbb\x13\x89\x92\x56\x42\x6b\x24";
    const HEAD_BYTES: usize = 36;
    let (mut at, mut n_files) = (0, 0);
    while let Some(place) = find(bytes, BEGIN, at) {
        at = place + BEGIN.len();
        let n = u32_at(bytes, at).map(|n| n as usize).filter(|_| u32_at(bytes, at + 4) == Some(0));
        let start = place + HEAD_BYTES;
        let Some(content) = n.and_then(|n| bytes.get(start..start.checked_add(n)?)) else {
            if n.is_some() {
                let why = Exception::whole(Reason::Truncated, "ends before it should");
                out.lost(&format!("file {}", n_files + 1), n.unwrap_or(0) as u64, why);
                n_files += 1;
            }
            continue;
        };
        // What ends it stands at the next place that eight divides.
        let end = (start + content.len()).next_multiple_of(8);
        let has_end = [end, start + content.len().next_multiple_of(8)]
            .iter()
            .any(|end| bytes.get(*end..).is_some_and(|rest| rest.starts_with(END)));
        if has_end {
            n_files += 1;
            out.child(&format!("file {n_files}"), content);
            at = start + content.len();
        }
    }
    n_files
}

/// Is there a list that names a key that opens the sets of properties (2.5.19)?
fn is_encrypted(bytes: &[u8]) -> bool {
    const LIST: &[u8] = b"\xc4\xf4\xf7\xf5\xb1\x7a\x56\xa4";
    const HEAD_BYTES: usize = 16;
    const KEY: u32 = 0x07c;
    const TERMINATOR: u32 = 0x0ff;
    let mut at = 0;
    while let Some(place) = find(bytes, LIST, at) {
        at = place + HEAD_BYTES;
        // Ten bits tell what a node of the list is, thirteen how long.
        while let Some(head) = u32_at(bytes, at) {
            let (kind, n) = (head & 0x3ff, head >> 10 & 0x1fff);
            if kind == KEY {
                return true;
            }
            if kind == 0 || kind == TERMINATOR || n < 4 {
                break;
            }
            at += n as usize;
        }
        at = at.max(place + HEAD_BYTES);
    }
    false
}

fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let first = *wanted.first()?;
    let mut at = 0;
    loop {
        at += rest.get(at..)?.iter().position(|byte| *byte == first)?;
        if rest[at..].starts_with(wanted) {
            return Some(from + at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_found_anywhere_and_stand_ins_are_left_out() {
        assert_eq!(find(b"aabaac", b"aac", 0), Some(3));
        assert_eq!(find(b"aabaac", b"aac", 4), None);
        assert_eq!(find(b"", b"a", 0), None);
        for (text, expected) in [
            ("Amara\u{fffc} Lind\0\rOtley\0", "Amara Lind\nOtley"),
            ("see \u{fddf}HYPERLINK \"https://example.org\"here", "see here"),
            ("\u{fddf}HYPERLINK \"mailto:a@example.org\"Amara", "<a@example.org> Amara"),
            ("\u{fddf}HYPERLINK \"cut", "cut"),
        ] {
            assert_eq!(readable(text), expected);
        }
    }
}
