//! What is in an archive of a bundle, and is anything in it that is no member?
//!
//! Read byte by byte here, since the archive was written by another library: every byte belongs to a
//! member that the directory lists, or to the directory.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use flate2::Crc;
use flate2::bufread::DeflateDecoder;

/// The members of an archive, and what is wrong with it, sorted.
pub(super) type Members = (BTreeMap<String, Vec<u8>>, BTreeSet<String>);

/// Members larger than this are not unpacked.
const MAX_MEMBER: u32 = 2 << 30;
/// 1 January 1980, the first day that an archive can write.
const DAY: u16 = 0x21;
/// Names in UTF-8.
const UTF8: u16 = 1 << 11;

/// Reads an archive.
///
/// # Errors
/// A few words, if it is none that can be read to its last byte.
///
/// # Source
/// PKWARE, *APPNOTE.TXT*, 4.3: local header, central directory, end of central directory.
pub(super) fn read(bytes: &[u8]) -> Result<Members, String> {
    let damaged = || "is no archive of a bundle, or is damaged".to_owned();
    let end = bytes.len().checked_sub(22).ok_or_else(damaged)?;
    let tail = At { bytes, at: end };
    if !bytes[end..].starts_with(b"PK\x05\x06") {
        return Err(damaged());
    }
    let mut problems = BTreeSet::new();
    if tail.short(20).unwrap_or(1) != 0 {
        problems.insert("the archive has a comment".to_owned());
    }
    let n_members = tail.short(10).ok_or_else(damaged)?;
    let start = tail.long(16).ok_or_else(damaged)? as usize;
    if n_members == u16::MAX || start as u64 == u64::from(u32::MAX) {
        return Err("is larger than can be checked".to_owned());
    }
    let (mut at, mut next) = (start, 0);
    let mut members = BTreeMap::new();
    let mut last: Option<String> = None;
    for number in 1..=n_members {
        let listed = At { bytes, at };
        let name_length = usize::from(listed.short(28).ok_or_else(damaged)?);
        let name = listed.slice(46, name_length).ok_or_else(damaged)?;
        let more = usize::from(listed.short(30).ok_or_else(damaged)?)
            + usize::from(listed.short(32).ok_or_else(damaged)?);
        let local = At { bytes, at: listed.long(42).ok_or_else(damaged)? as usize };
        if !listed.starts_with(b"PK\x01\x02") || !local.starts_with(b"PK\x03\x04") {
            return Err(damaged());
        }
        let mut problem = |what: &str| problems.insert(format!("member {number} {what}"));
        if more != 0 || local.short(28) != Some(0) {
            problem("has a comment or fields of its own");
        }
        if local.at != next {
            problem("does not begin where the one before it ends");
        }
        if local.slice(30, name_length) != Some(name) || local.short(26) != listed.short(28) {
            problem("has two names");
        }
        if local.slice(4, 22) != listed.slice(6, 22) {
            problem("is described in two ways");
        }
        if listed.long(12) != Some(u32::from(DAY) << 16) {
            problem("has a date");
        }
        if listed.short(8).is_none_or(|flags| flags & !UTF8 != 0) {
            problem("is encrypted or written in a way that is not ours");
        }
        let Ok(name) = std::str::from_utf8(name) else { return Err(damaged()) };
        let is_plain = !name.is_empty()
            && !name.starts_with('/')
            && !name.ends_with('/')
            && !name.contains(['\\', ':'])
            && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if !is_plain || last.as_deref().is_some_and(|last| last >= name) {
            problem("has a name that is not plain, or out of order");
        }
        let size = listed.long(20).ok_or_else(damaged)? as usize;
        let data = local.slice(30 + name_length, size).ok_or_else(damaged)?;
        next = local.at + 30 + name_length + size;
        let plain_size = listed.long(24).ok_or_else(damaged)?;
        let plain = unpacked(listed.short(10), data, plain_size).ok_or_else(damaged)?;
        let mut crc = Crc::new();
        crc.update(&plain);
        if Some(crc.sum()) != listed.long(16) {
            problem("does not have its checksum");
        }
        last = Some(name.to_owned());
        members.insert(name.to_owned(), plain);
        at += 46 + name_length + more;
    }
    if next != start || at != end {
        problems.insert("the archive holds more than its members".to_owned());
    }
    Ok((members, problems))
}

/// The plain bytes of a member; `None` if they are not of that size, or more follows them.
fn unpacked(method: Option<u16>, data: &[u8], size: u32) -> Option<Vec<u8>> {
    if size > MAX_MEMBER {
        return None;
    }
    match method? {
        0 => (data.len() == size as usize).then(|| data.to_vec()),
        8 => {
            let mut plain = Vec::new();
            let mut decoder = DeflateDecoder::new(data);
            decoder.by_ref().take(u64::from(size) + 1).read_to_end(&mut plain).ok()?;
            let is_whole = plain.len() == size as usize && decoder.total_in() == data.len() as u64;
            is_whole.then_some(plain)
        }
        _ => None,
    }
}

/// A record at a place.
struct At<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> At<'b> {
    fn slice(&self, from: usize, length: usize) -> Option<&'b [u8]> {
        let start = self.at.checked_add(from)?;
        self.bytes.get(start..start.checked_add(length)?)
    }

    fn starts_with(&self, head: &[u8]) -> bool {
        self.slice(0, head.len()) == Some(head)
    }

    fn short(&self, from: usize) -> Option<u16> {
        Some(u16::from_le_bytes(self.slice(from, 2)?.try_into().ok()?))
    }

    fn long(&self, from: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.slice(from, 4)?.try_into().ok()?))
    }
}
