//! A compressed file: what it holds is edited, its own head stays.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::{Edit, Edited, Unmade, drained, edited_member};

/// Where the packed bytes begin.
///
/// # Source
/// RFC 1952, 2.3.
fn head(bytes: &[u8]) -> Option<usize> {
    if bytes.get(..3)? != b"\x1f\x8b\x08" {
        return None;
    }
    let flags = *bytes.get(3)?;
    let mut at = 10;
    if flags & 4 != 0 {
        let length = bytes.get(at..at + 2)?;
        at += 2 + usize::from(u16::from_le_bytes([length[0], length[1]]));
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            at += bytes.get(at..)?.iter().position(|byte| *byte == 0)? + 1;
        }
    }
    if flags & 2 != 0 {
        at += 2;
    }
    (at <= bytes.len()).then_some(at)
}

/// What the file holds.
pub(super) fn unpacked(bytes: &[u8], most_bytes: u64) -> Result<Vec<u8>, Unmade> {
    let mut decoder = flate2::bufread::GzDecoder::new(bytes);
    let content = drained(decoder.by_ref(), most_bytes)?;
    if !decoder.into_inner().is_empty() {
        return Err("it is compressed in several parts".to_owned());
    }
    Ok(content)
}

pub(super) fn edited(
    bytes: &[u8],
    members: &BTreeMap<String, Edit>,
    most_bytes: u64,
) -> Result<Edited, Unmade> {
    let content = unpacked(bytes, most_bytes)?;
    let head = head(bytes).ok_or_else(|| "its head is damaged".to_owned())?;
    let mut edits = members.values();
    let (Some(edit), None) = (edits.next(), edits.next()) else {
        return Err("a compressed file holds one file".to_owned());
    };
    let mut rest = vec!["what is compressed is compressed anew"];
    let content = edited_member(&content, edit, most_bytes, &mut rest)?
        .ok_or_else(|| "all of it goes".to_owned())?;
    let mut packed = bytes[..head].to_vec();
    packed.extend(deflated(&content)?);
    let mut crc = Crc::new();
    crc.update(&content);
    packed.extend(crc.sum().to_le_bytes());
    // The length modulo 2^32, as the format has it.
    packed.extend((content.len() as u32).to_le_bytes());
    Ok(Edited { bytes: packed, rest })
}

/// Bytes compressed without a head.
pub(super) fn deflated(content: &[u8]) -> Result<Vec<u8>, Unmade> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .map_err(|_| "it cannot be compressed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::Stretch;
    use super::*;

    #[test]
    fn what_is_compressed_is_edited_and_the_head_stays() {
        let mut encoder = flate2::GzBuilder::new()
            .filename("access.log")
            .comment("from the proxy")
            .mtime(1_700_000_000)
            .write(Vec::new(), Compression::default());
        encoder.write_all(b"one\ntwo\nthree\n").unwrap();
        let bytes = encoder.finish().unwrap();
        let stretch = Stretch { start: 4, end: 8, with: String::new() };
        let members = BTreeMap::from([("access.log".to_owned(), Edit::Bytes(vec![stretch]))]);
        let edited = edited(&bytes, &members, 1 << 20).unwrap();
        assert_eq!(unpacked(&edited.bytes, 1 << 20).unwrap(), b"one\nthree\n");
        let at = head(&bytes).unwrap();
        assert_eq!(edited.bytes[..at], bytes[..at]);
        assert!(unpacked(&bytes, 3).is_err());
        assert!(unpacked(&[bytes.clone(), bytes].concat(), 1 << 20).is_err());
    }
}
