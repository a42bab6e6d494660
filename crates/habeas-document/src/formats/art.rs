//! Which pictures does an old Office document keep?
//!
//! Word, Excel and PowerPoint keep pictures in the same records ([MS-ODRAW] 2.2.23 to 2.2.31). They
//! are looked for by their heads, wherever they stand, so that no damaged list hides one.

use std::collections::HashSet;

use flate2::read::ZlibDecoder;
use habeas_model::ItemId;

use crate::formats::compound::{u16_at, u32_at};
use crate::formats::gzip;
use crate::out::{Out, Unpacked};

/// A record begins with two bytes of version and instance, two of type and four of length.
const HEAD_BYTES: usize = 8;

/// The kinds of pictures: type, the instance of one with a single checksum (the next instance has
/// two), the ending of its name, and whether it is packed behind a head of its own.
const KINDS: [(u16, u16, &str, bool); 10] = [
    (0xf01a, 0x3d4, "emf", true),
    (0xf01b, 0x216, "wmf", true),
    (0xf01c, 0x542, "pict", true),
    (0xf01d, 0x46a, "jpg", false),
    (0xf01d, 0x6e2, "jpg", false),
    (0xf01e, 0x6e0, "png", false),
    (0xf01f, 0x7a8, "dib", false),
    (0xf029, 0x6e4, "tif", false),
    (0xf02a, 0x46a, "jpg", false),
    (0xf02a, 0x6e2, "jpg", false),
];

/// A picture as it is kept.
struct Kept<'b> {
    ending: &'static str,
    is_packed: bool,
    /// What follows the checksums.
    content: &'b [u8],
    /// How long the whole record is.
    n_bytes: usize,
}

/// Lists every picture as a member; `seen` holds those that are listed already.
pub(super) fn pictures(bytes: &[u8], seen: &mut HashSet<ItemId>, out: &mut Out<'_>) {
    let mut at = 0;
    while at + HEAD_BYTES < bytes.len() {
        let Some(kept) = picture(bytes, at) else {
            at += 1;
            continue;
        };
        at += kept.n_bytes;
        if !seen.insert(ItemId::of(kept.content)) {
            continue;
        }
        let name = format!("picture {}.{}", seen.len(), kept.ending);
        if kept.is_packed {
            // Bounds and sizes, and how it is packed: 34 bytes.
            let packed = kept.content.get(34..).unwrap_or_default().to_vec();
            let is_plain = kept.content.get(32) == Some(&0xfe);
            out.packed(&name, packed.len() as u64, move |limit| {
                if is_plain {
                    return Unpacked { bytes: packed, exception: None };
                }
                gzip::unpack(ZlibDecoder::new(packed.as_slice()), limit)
            });
        } else {
            // One byte of no meaning stands before the file.
            out.child(&name, kept.content.get(1..).unwrap_or_default().to_vec());
        }
    }
}

/// The pieces that a record of a picture consists of behind its head, if it says that it is one:
/// checksums, what stands before the file, and the file, in bytes.
pub(super) fn pieces(head: &[u8]) -> Option<Vec<usize>> {
    let (first, kind) = (u16_at(head, 0)?, u16_at(head, 2)?);
    let (_, single, _, is_packed) = KINDS.iter().find(|(have, single, _, _)| {
        *have == kind
            && first & 0xf == 0
            && matches!((first >> 4).checked_sub(*single), Some(0 | 1))
    })?;
    let mut pieces = vec![16; if first >> 4 == *single { 1 } else { 2 }];
    pieces.push(if *is_packed { 34 } else { 1 });
    let n_before: usize = pieces.iter().sum();
    pieces.push((u32_at(head, 4)? as usize).checked_sub(n_before)?);
    Some(pieces)
}

/// The picture whose record begins there.
fn picture(bytes: &[u8], at: usize) -> Option<Kept<'_>> {
    // The last byte of the type is the same for all, and rare.
    if bytes.get(at + 3) != Some(&0xf0) {
        return None;
    }
    let (head, kind) = (u16_at(bytes, at)?, u16_at(bytes, at + 2)?);
    let instance = head >> 4;
    let (_, single, ending, is_packed) = KINDS.iter().find(|(have, single, _, _)| {
        *have == kind && head & 0xf == 0 && (instance == *single || instance == *single + 1)
    })?;
    let n = u32_at(bytes, at + 4)? as usize;
    let n_bytes = HEAD_BYTES.checked_add(n)?;
    let record = bytes.get(at..at.checked_add(n_bytes)?)?;
    let n_sums = if instance == *single { 1 } else { 2 };
    let content = record.get(HEAD_BYTES + 16 * n_sums..)?;
    Some(Kept { ending, is_packed: *is_packed, content, n_bytes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;

    fn record(head: u16, kind: u16, content: &[u8]) -> Vec<u8> {
        let mut record = head.to_le_bytes().to_vec();
        record.extend(kind.to_le_bytes());
        record.extend((content.len() as u32).to_le_bytes());
        record.extend(content);
        record
    }

    fn check_pictures(bytes: &[u8], expected: &[&str]) {
        let mut out = Out::new("application/msword", &Budget::default());
        pictures(bytes, &mut HashSet::new(), &mut out);
        let (_, children) = out.finish();
        let names: Vec<&str> = children.iter().map(|child| child.name.as_str()).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn a_picture_is_found_wherever_it_stands_and_once() {
        let png = record(0x6e00, 0xf01e, &[&[0; 17], b"picture".as_slice()].concat());
        let jpeg = record(0x46b0, 0xf01d, &[&[0; 33], b"photo".as_slice()].concat());
        check_pictures(
            &[b"before".as_slice(), &png, &jpeg, &png].concat(),
            &["picture 1.png", "picture 2.jpg"],
        );
        check_pictures(&png[..png.len() - 1], &[]);
        check_pictures(&record(0x6e00, 0xf01e, b"short"), &[]);
    }
}
