//! AppleDouble: what did a Mac keep beside a file on a disk that has no place for it?
//!
//! Such a file is called `._` and the name of the other. It holds its comment in the Finder, where
//! it was downloaded from, its tags, and the resources of old programs.

use habeas_model::{Card, Exception, Part, Passage, Place, PlaceKind, Reason};

use super::Format;
use crate::encoding;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "appledouble",
        version: 1,
        summary: "What a Mac keeps beside a file (._name): where it came from, comments, tags",
        handles: &["multipart/appledouble", "application/applefile"],
        authority: "RFC 1740; Apple, vfs_xattr.c (the layout of extended attributes)",
    },
    sniff,
    read,
};

const DOUBLE: &[u8] = &[0, 5, 0x16, 7];
const SINGLE: &[u8] = &[0, 5, 0x16, 0];

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    if sample.starts_with(DOUBLE) {
        Some((Sure::Magic, "multipart/appledouble"))
    } else if sample.starts_with(SINGLE) {
        Some((Sure::Magic, "application/applefile"))
    } else {
        None
    }
}

/// At most so many attributes are looked at.
const MAX_ATTRIBUTES: u16 = 4_096;

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let bytes = input.bytes;
    let n_entries = u16_at(bytes, 24).unwrap_or(0);
    for number in 0..usize::from(n_entries) {
        let at = 26 + 12 * number;
        let parts = (u32_at(bytes, at), u32_at(bytes, at + 4), u32_at(bytes, at + 8));
        let (Some(id), Some(offset), Some(length)) = parts else {
            return out.exception(Exception::whole(Reason::Truncated, "its list is cut"));
        };
        let rest = bytes.get(offset as usize..).unwrap_or_default();
        let data = rest.get(..length as usize).unwrap_or(rest);
        if data.len() < length as usize {
            let note = format!("entry {} is cut", number + 1);
            out.exception(Exception::part(Reason::Truncated, None, note));
        }
        match id {
            // The file itself, where both are in one.
            1 if !data.is_empty() => out.child("data fork", data),
            3 | 4 => tell(out, encoding::decode(data, None).text.into_owned()),
            9 => attributes(bytes, data, out),
            // Resources: most files have an empty map of them, which is 286 bytes.
            2 if data.len() > 286 => out.child("resource fork", data),
            _ => {}
        }
    }
}

fn tell(out: &mut Out<'_>, text: String) {
    let number = out.document.passages.len() + 1;
    let passage = Passage::text(Place::new(PlaceKind::Header, number), text);
    out.passage(Passage { part: Part::Properties, ..passage });
}

/// The extended attributes behind the Finder's information; their offsets count from the start.
fn attributes<'a>(bytes: &'a [u8], data: &'a [u8], out: &mut Out<'a>) {
    let Some(head) = data.get(34..).filter(|head| head.starts_with(b"ATTR")) else { return };
    let n_attributes = u16_at(head, 34).unwrap_or(0).min(MAX_ATTRIBUTES);
    let mut at = 36;
    for number in 0..n_attributes {
        let (offset, length) = (u32_at(head, at), u32_at(head, at + 4));
        let name_bytes = head.get(at + 10).copied().map(usize::from);
        let (Some(offset), Some(length), Some(name_bytes)) = (offset, length, name_bytes) else {
            return;
        };
        let name = head.get(at + 11..at + 11 + name_bytes).unwrap_or_default();
        at += (11 + name_bytes).next_multiple_of(4);
        let rest = bytes.get(offset as usize..).unwrap_or_default();
        let Some(value) = rest.get(..length as usize) else {
            let note = format!("attribute {} is cut", number + 1);
            out.exception(Exception::part(Reason::Truncated, None, note));
            continue;
        };
        let name = encoding::decode(name, None).text.trim_end_matches('\0').to_owned();
        let said = if value.starts_with(b"bplist00") {
            plist_texts(value).join(", ")
        } else {
            let text = encoding::decode(value, None).text;
            if encoding::is_text(&text) { text.into_owned() } else { String::new() }
        };
        if !said.trim().is_empty() {
            tell(out, format!("{name}: {said}"));
        }
    }
}

/// The texts of a binary property list, in the order of its objects.
fn plist_texts(bytes: &[u8]) -> Vec<String> {
    let trailer = bytes.len().checked_sub(32).and_then(|at| bytes.get(at..)).unwrap_or_default();
    let Some(width) = trailer.get(6).copied().filter(|width| (1..=8).contains(width)) else {
        return Vec::new();
    };
    let wide = |at: usize| -> Option<usize> {
        let field = trailer.get(at..at + 8)?;
        usize::try_from(field.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))).ok()
    };
    let (Some(n_objects), Some(table)) = (wide(8), wide(24)) else { return Vec::new() };
    let offsets = bytes.get(table..).unwrap_or_default().chunks_exact(usize::from(width));
    offsets
        .take(n_objects)
        .filter_map(|offset| {
            let at = offset.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
            plist_text(bytes.get(usize::try_from(at).ok()?..)?)
        })
        .collect()
}

fn plist_text(object: &[u8]) -> Option<String> {
    let (kind, short) = (object.first()? >> 4, object[0] & 0xf);
    let (length, data) = if short < 15 {
        (usize::from(short), object.get(1..)?)
    } else {
        // A length of its own, as an integer of 2ⁿ bytes.
        let width = 1_usize << (object.get(1)? & 7);
        let length =
            object.get(2..2 + width)?.iter().fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
        (usize::try_from(length).ok()?, object.get(2 + width..)?)
    };
    match kind {
        5 => Some(String::from_utf8_lossy(data.get(..length)?).into_owned()),
        6 => {
            let units = data.get(..length.checked_mul(2)?)?.as_chunks::<2>().0.iter();
            let units: Vec<u16> = units.map(|unit| u16::from_be_bytes(*unit)).collect();
            Some(String::from_utf16_lossy(&units))
        }
        _ => None,
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|b| u16::from_be_bytes([b[0], b[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
}
