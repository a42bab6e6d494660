//! Matroska and WebM: what the segment's information and its tags say.
//!
//! Source: RFC 9559; RFC 8794 (EBML).

use super::{Found, MAX_VALUE_BYTES, plain};

/// How many elements are looked at.
const MAX_ELEMENTS: usize = 50_000;
/// Elements are opened no deeper than this.
const MAX_DEPTH: usize = 6;

pub(super) fn read(bytes: &[u8], found: &mut Found) {
    let mut walk = Walk { found, n: 0, scale: 1_000_000, length: 0.0, name: String::new() };
    walk.level(bytes, 0);
    let millis = walk.length * walk.scale as f64 / 1e6;
    if (1.0..1e15).contains(&millis) {
        walk.found.duration = Some(millis as u64);
    }
}

struct Walk<'f> {
    found: &'f mut Found,
    n: usize,
    /// Nanoseconds of a unit of time.
    scale: u64,
    length: f64,
    /// The name of the tag that is read.
    name: String,
}

/// A number of one to eight bytes, whose first bit tells how many; its marker stays for an id.
fn varint(bytes: &[u8], keeps_marker: bool) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let length = first.leading_zeros() as usize + 1;
    let field = bytes.get(..length).filter(|_| length <= 8)?;
    let mut value = field.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    if !keeps_marker {
        let marker = 1_u64 << (7 * length);
        value &= marker - 1;
        if value == marker - 1 {
            // As long as it goes.
            value = u64::MAX;
        }
    }
    Some((value, length))
}

impl Walk<'_> {
    fn level(&mut self, mut rest: &[u8], depth: usize) {
        while let Some((id, id_bytes)) = varint(rest, true)
            && let Some((size, size_bytes)) = varint(&rest[id_bytes..], false)
            && self.n < MAX_ELEMENTS
        {
            self.n += 1;
            let after = &rest[id_bytes + size_bytes..];
            let length = usize::try_from(size).unwrap_or(usize::MAX).min(after.len());
            let (body, next) = after.split_at(length);
            self.one(id, body, depth);
            rest = next;
        }
    }

    fn one(&mut self, id: u64, body: &[u8], depth: usize) {
        let text = || plain(&body[..body.len().min(MAX_VALUE_BYTES)]);
        let number = || body.iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        match id {
            // Segment, Info, Tags, Tag, SimpleTag, Attachments, AttachedFile, Tracks, TrackEntry,
            // Chapters, EditionEntry, ChapterAtom, ChapterDisplay.
            0x1853_8067 | 0x1549_a966 | 0x1254_c367 | 0x7373 | 0x67c8 | 0x1941_a469 | 0x61a7
            | 0x1654_ae6b | 0xae | 0x1043_a770 | 0x45b9 | 0xb6 | 0x80
                if depth < MAX_DEPTH =>
            {
                self.level(body, depth + 1);
            }
            0x002a_d7b1 => self.scale = number(),
            0x4489 => {
                self.length = match body.len() {
                    4 => body.try_into().map_or(0.0, |field| f64::from(f32::from_be_bytes(field))),
                    8 => body.try_into().map_or(0.0, f64::from_be_bytes),
                    _ => 0.0,
                };
            }
            0x7ba9 => self.found.line("Title", &text()),
            0x4461 => {
                // Nanoseconds since 2001.
                let field: Option<[u8; 8]> = body.try_into().ok();
                let seconds = field.map_or(0, |field| i64::from_be_bytes(field) / 1_000_000_000);
                let time = seconds.checked_add(978_307_200);
                let time = time.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
                if let Some(time) = time {
                    self.found.line("Created", &time.to_string());
                }
            }
            0x4d80 | 0x5741 => self.found.line("Software", &text()),
            0x45a3 => self.name = text(),
            0x4487 => {
                let name = std::mem::take(&mut self.name);
                let shown = match name.to_ascii_uppercase().as_str() {
                    "TITLE" => "Title",
                    "ARTIST" => "Artist",
                    "COMMENT" | "DESCRIPTION" => "Comment",
                    "LOCATION" | "COM.APPLE.QUICKTIME.LOCATION.ISO6709" => "Location",
                    "" => "Tag",
                    _ => &name,
                };
                self.found.line(shown, &text());
                self.name = name;
            }
            0x466e => self.found.line("File", &text()),
            0x467e => self.found.line("File description", &text()),
            0x536e => self.found.line("Track", &text()),
            0x85 => self.found.line("Chapter", &text()),
            _ => {}
        }
    }
}
