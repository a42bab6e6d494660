//! A zip archive without some members: everything else stays, to the byte, but for the list at its end.
//!
//! The archive is not unpacked. Its list of members is read, the stretches of those that stay are
//! copied as they are (with their own heads and whatever lies behind them), and in the list only the
//! offsets change. What is not laid out plainly is refused: archives over 4 GiB, in several parts, with
//! something before or between, with members that overlap, or encrypted where a member is edited.

use std::collections::BTreeMap;
use std::ops::Range;

use flate2::Crc;

use super::gzip::deflated;
use super::{Edit, Edited, Unmade, drained, edited_member};

/// An entry of the list.
struct Entry {
    /// Its bytes in the list.
    listed: Range<usize>,
    /// Its stretch of the archive: its own head, what is packed, and what follows up to the next one.
    stretch: Range<usize>,
    /// What is packed, within the stretch.
    packed: Range<usize>,
    name: Option<String>,
    flags: u16,
    method: u16,
}

struct List {
    /// In the order of the list.
    entries: Vec<Entry>,
    /// The list, and the end of it.
    listed: Range<usize>,
    end: usize,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let number = u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
    (number != u32::MAX).then_some(number as usize)
}

/// Reads the list of an archive that is laid out plainly.
///
/// # Source
/// PKWARE APPNOTE 6.3.10, 4.3.7, 4.3.12 and 4.3.16.
fn list(bytes: &[u8]) -> Option<List> {
    const END_BYTES: usize = 22;
    let last = bytes.len().checked_sub(END_BYTES)?;
    let earliest = last.saturating_sub(usize::from(u16::MAX));
    // The end of the list is the last one whose comment reaches to the end of the file.
    let end = (earliest..=last).rev().find(|at| {
        bytes[*at..].starts_with(b"PK\x05\x06")
            && u16_at(bytes, at + 20)
                .is_some_and(|n| at + END_BYTES + usize::from(n) == bytes.len())
    })?;
    let (n_here, n_all) = (u16_at(bytes, end + 8)?, u16_at(bytes, end + 10)?);
    let (size, start) = (u32_at(bytes, end + 12)?, u32_at(bytes, end + 16)?);
    let is_one = u16_at(bytes, end + 4)? == 0 && u16_at(bytes, end + 6)? == 0;
    if !is_one || n_here != n_all || n_all == u16::MAX || start.checked_add(size)? != end {
        return None;
    }
    let mut entries = Vec::new();
    let mut at = start;
    for _ in 0..n_all {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let [name, extra, comment] =
            [28, 30, 32].map(|field| u16_at(bytes, at + field).map(usize::from));
        let (name, extra, comment) = (name?, extra?, comment?);
        let next = at.checked_add(46 + name + extra + comment).filter(|next| *next <= end)?;
        let (packed_bytes, head) = (u32_at(bytes, at + 20)?, u32_at(bytes, at + 42)?);
        u32_at(bytes, at + 24)?;
        if bytes.get(head..head.checked_add(4)?)? != b"PK\x03\x04" {
            return None;
        }
        let own_name = usize::from(u16_at(bytes, head + 26)?);
        let own_extra = usize::from(u16_at(bytes, head + 28)?);
        let packed = head + 30 + own_name + own_extra;
        let packed = packed..packed.checked_add(packed_bytes)?;
        let raw = bytes.get(at + 46..at + 46 + name)?;
        if bytes.get(head + 30..head + 30 + own_name)? != raw {
            return None;
        }
        entries.push(Entry {
            listed: at..next,
            stretch: head..head,
            packed,
            name: std::str::from_utf8(raw).ok().map(str::to_owned),
            flags: u16_at(bytes, at + 8)?,
            method: u16_at(bytes, at + 10)?,
        });
        at = next;
    }
    if at != end {
        return None;
    }
    let mut by_start: Vec<usize> = (0..entries.len()).collect();
    by_start.sort_by_key(|index| entries[*index].stretch.start);
    for (position, index) in by_start.iter().enumerate() {
        let next = by_start.get(position + 1).map_or(start, |next| entries[*next].stretch.start);
        let entry = &mut entries[*index];
        entry.stretch.end = next;
        if entry.packed.end > next {
            return None;
        }
    }
    // Something before the first member may be a program, or another archive.
    let first = by_start.first().map_or(start, |index| entries[*index].stretch.start);
    (first == 0).then_some(List { entries, listed: start..end, end })
}

fn plain(bytes: &[u8]) -> Result<List, Unmade> {
    list(bytes).ok_or_else(|| {
        "the archive is damaged, split, very large, or laid out in a way that is not edited"
            .to_owned()
    })
}

/// The member of that name.
fn find<'l>(list: &'l List, name: &str) -> Result<&'l Entry, Unmade> {
    let mut named = list.entries.iter().filter(|entry| entry.name.as_deref() == Some(name));
    match (named.next(), named.next()) {
        (Some(entry), None) => Ok(entry),
        (Some(_), Some(_)) => Err("two members of the archive have that name".to_owned()),
        _ => Err("the member is not in the archive by that name".to_owned()),
    }
}

fn unpacked(bytes: &[u8], entry: &Entry, most_bytes: u64) -> Result<Vec<u8>, Unmade> {
    let packed = bytes.get(entry.packed.clone()).unwrap_or_default();
    match (entry.flags & 1, entry.method) {
        (1, _) => Err("the member is encrypted".to_owned()),
        (_, 0) => Ok(packed.to_vec()),
        (_, 8) => drained(flate2::read::DeflateDecoder::new(packed), most_bytes),
        _ => Err("the member is packed in a way that is not edited".to_owned()),
    }
}

/// The bytes of a member.
pub(super) fn member(bytes: &[u8], name: &str, most_bytes: u64) -> Result<Vec<u8>, Unmade> {
    let list = plain(bytes)?;
    unpacked(bytes, find(&list, name)?, most_bytes)
}

/// The names of all members, in the order of the list.
pub(super) fn names(bytes: &[u8]) -> Result<Vec<String>, Unmade> {
    let list = plain(bytes)?;
    let name = |entry: Entry| entry.name.ok_or_else(|| "a member's name is no text".to_owned());
    list.entries.into_iter().map(name).collect()
}

pub(super) fn edited(
    bytes: &[u8],
    members: &BTreeMap<String, Edit>,
    most_bytes: u64,
) -> Result<Edited, Unmade> {
    let list = plain(bytes)?;
    let mut rest = vec!["the list at the end of an archive has new offsets"];
    let mut changed: BTreeMap<usize, Option<Vec<u8>>> = BTreeMap::new();
    for (name, edit) in members {
        let entry = find(&list, name)?;
        let content = match edit {
            Edit::Whole => None,
            edit => {
                let inside = unpacked(bytes, entry, most_bytes)?;
                edited_member(&inside, edit, most_bytes, &mut rest)?
            }
        };
        changed.insert(entry.listed.start, content);
    }
    let mut order: Vec<&Entry> = list.entries.iter().collect();
    order.sort_by_key(|entry| entry.stretch.start);
    let mut out = Vec::with_capacity(bytes.len());
    let mut listed: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
    for entry in order {
        let mut row = bytes[entry.listed.clone()].to_vec();
        let at = u32::try_from(out.len()).map_err(|_| "the archive is too large".to_owned())?;
        match changed.get(&entry.listed.start) {
            Some(None) => continue,
            None => out.extend_from_slice(&bytes[entry.stretch.clone()]),
            Some(Some(content)) => replace(bytes, entry, content, &mut row, &mut out)?,
        }
        row[42..46].copy_from_slice(&at.to_le_bytes());
        listed.insert(entry.listed.start, row);
    }
    let start = out.len();
    listed.values().for_each(|row| out.extend_from_slice(row));
    let size = out.len() - start;
    let mut end = bytes[list.end..].to_vec();
    let too_large = |_| "the archive is too large".to_owned();
    let n = u16::try_from(listed.len()).map_err(too_large)?.to_le_bytes();
    end[8..10].copy_from_slice(&n);
    end[10..12].copy_from_slice(&n);
    end[12..16].copy_from_slice(&u32::try_from(size).map_err(too_large)?.to_le_bytes());
    end[16..20].copy_from_slice(&u32::try_from(start).map_err(too_large)?.to_le_bytes());
    out.extend(end);
    debug_assert!(list.listed.end == list.end);
    Ok(Edited { bytes: out, rest })
}

/// Writes a member with other content, packed as it was.
fn replace(
    bytes: &[u8],
    entry: &Entry,
    content: &[u8],
    row: &mut [u8],
    out: &mut Vec<u8>,
) -> Result<(), Unmade> {
    let packed = if entry.method == 8 { deflated(content)? } else { content.to_vec() };
    let mut crc = Crc::new();
    crc.update(content);
    let too_large = |_| "a member is too large".to_owned();
    let sums = [
        crc.sum().to_le_bytes(),
        u32::try_from(packed.len()).map_err(too_large)?.to_le_bytes(),
        u32::try_from(content.len()).map_err(too_large)?.to_le_bytes(),
    ]
    .concat();
    // The sums stand in the head from now on, and not behind the member.
    let flags = (entry.flags & !8).to_le_bytes();
    let mut head = bytes[entry.stretch.start..entry.packed.start].to_vec();
    head[6..8].copy_from_slice(&flags);
    head[14..26].copy_from_slice(&sums);
    row[8..10].copy_from_slice(&flags);
    row[16..28].copy_from_slice(&sums);
    out.extend(head);
    out.extend(packed);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read, Write};

    use super::super::Stretch;
    use super::*;

    fn archive() -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.set_comment("an export").unwrap();
        let plain = zip::write::SimpleFileOptions::default();
        let stored = plain.compression_method(zip::CompressionMethod::Stored);
        writer.add_directory("letters/", plain).unwrap();
        for (name, options, text) in [
            ("letters/a.txt", plain, "Dear Amara, ".repeat(40)),
            ("list.csv", stored, "name\nBo\nGONE\nEve\n".to_owned()),
            ("letters/b.txt", plain, "Dear Bo, ".repeat(30)),
        ] {
            writer.start_file(name, options).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// Every member as another reader unpacks it, and its packed bytes.
    fn members(bytes: &[u8]) -> BTreeMap<String, (String, u64)> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        (0..archive.len())
            .map(|index| {
                let mut file = archive.by_index(index).unwrap();
                let mut text = String::new();
                file.read_to_string(&mut text).unwrap();
                (file.name().unwrap().into_owned(), (text, file.compressed_size()))
            })
            .collect()
    }

    #[test]
    fn a_member_goes_and_another_is_edited_and_all_others_stay() {
        let bytes = archive();
        let stretch = Stretch { start: 8, end: 13, with: String::new() };
        let edits = BTreeMap::from([
            ("letters/a.txt".to_owned(), Edit::Whole),
            ("list.csv".to_owned(), Edit::Bytes(vec![stretch])),
        ]);
        let edited = edited(&bytes, &edits, 1 << 20).unwrap().bytes;
        let (before, after) = (members(&bytes), members(&edited));
        let mut expected = before;
        expected.remove("letters/a.txt");
        expected.insert("list.csv".to_owned(), ("name\nBo\nEve\n".to_owned(), 12));
        assert_eq!(after, expected);
        let archive = zip::ZipArchive::new(Cursor::new(&edited)).unwrap();
        assert_eq!(archive.comment(), b"an export");
        assert!(!edited.windows(5).any(|window| window == b"GONE\n" || window == b"a.txt"));
        // The stretch of a member that stays is the same to the byte.
        let of = |bytes: &[u8]| {
            let list = list(bytes).unwrap();
            let entry = find(&list, "letters/b.txt").unwrap();
            bytes[entry.stretch.clone()].to_vec()
        };
        assert_eq!(of(&bytes), of(&edited));
        assert_eq!(super::member(&edited, "list.csv", 100).unwrap(), b"name\nBo\nEve\n");
    }

    #[test]
    fn what_is_not_laid_out_plainly_is_refused() {
        let bytes = archive();
        let edits = BTreeMap::from([("list.csv".to_owned(), Edit::Whole)]);
        let refused = |bytes: &[u8]| super::edited(bytes, &edits, 1 << 20).is_err();
        assert!(!refused(&bytes));
        assert!(refused(&[b"#!/bin/sh\n", bytes.as_slice()].concat()));
        assert!(refused(&[bytes.as_slice(), b"behind"].concat()));
        for n in 0..bytes.len() {
            assert!(refused(&bytes[..n]), "cut at {n}");
        }
        let unknown = BTreeMap::from([("nobody.txt".to_owned(), Edit::Whole)]);
        assert!(super::edited(&bytes, &unknown, 1 << 20).is_err());
        // No change of one byte makes it panic.
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0xff;
            let _ = super::edited(&changed, &edits, 1 << 20);
        }
    }
}
