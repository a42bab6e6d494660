//! A tar archive without some members: the blocks of all others stay as they are.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Edit, Edited, Unmade, edited_member};

const BLOCK_BYTES: usize = 512;

struct Entry {
    /// Its heads, its content and the rest of its last block.
    stretch: Range<usize>,
    head: usize,
    content: Range<usize>,
    name: Option<String>,
    is_plain: bool,
}

fn entries(bytes: &[u8]) -> Option<Vec<Entry>> {
    let mut archive = ::tar::Archive::new(bytes);
    let mut found = Vec::new();
    let mut at = 0;
    for entry in archive.entries().ok()? {
        let entry = entry.ok()?;
        let size = usize::try_from(entry.size()).ok()?;
        let head = usize::try_from(entry.raw_header_position()).ok()?;
        let content = usize::try_from(entry.raw_file_position()).ok()?;
        let end = content.checked_add(size.div_ceil(BLOCK_BYTES).checked_mul(BLOCK_BYTES)?)?;
        let kind = entry.header().entry_type();
        // The size in the head itself: one that stands elsewhere is not edited.
        let own_size = entry.header().entry_size().ok();
        let content = content..content.checked_add(size)?;
        if end > bytes.len() || head < at {
            return None;
        }
        found.push(Entry {
            stretch: at..end,
            head,
            name: String::from_utf8(entry.path_bytes().into_owned()).ok(),
            is_plain: kind.is_file() && own_size == Some(size as u64),
            content,
        });
        at = end;
    }
    Some(found)
}

fn plain(bytes: &[u8]) -> Result<Vec<Entry>, Unmade> {
    entries(bytes).ok_or_else(|| "the archive is damaged or cut".to_owned())
}

fn find<'e>(entries: &'e [Entry], name: &str) -> Result<&'e Entry, Unmade> {
    let mut named = entries.iter().filter(|entry| entry.name.as_deref() == Some(name));
    match (named.next(), named.next()) {
        (Some(entry), None) if entry.is_plain => Ok(entry),
        (Some(_), None) => Err("the member is laid out in a way that is not edited".to_owned()),
        (Some(_), Some(_)) => Err("two members of the archive have that name".to_owned()),
        _ => Err("the member is not in the archive by that name".to_owned()),
    }
}

/// The bytes of a member.
pub(super) fn member(bytes: &[u8], name: &str) -> Result<Vec<u8>, Unmade> {
    let entries = plain(bytes)?;
    Ok(bytes[find(&entries, name)?.content.clone()].to_vec())
}

pub(super) fn edited(
    bytes: &[u8],
    members: &BTreeMap<String, Edit>,
    most_bytes: u64,
) -> Result<Edited, Unmade> {
    let entries = plain(bytes)?;
    let mut rest = Vec::new();
    let mut changed: BTreeMap<usize, Option<Vec<u8>>> = BTreeMap::new();
    for (name, edit) in members {
        let entry = find(&entries, name)?;
        let content = &bytes[entry.content.clone()];
        changed.insert(entry.head, edited_member(content, edit, most_bytes, &mut rest)?);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for entry in &entries {
        at = entry.stretch.end;
        match changed.get(&entry.head) {
            None => out.extend_from_slice(&bytes[entry.stretch.clone()]),
            Some(None) => {}
            Some(Some(content)) => {
                let mut head = ::tar::Header::new_old();
                let own = &bytes[entry.head..entry.head + BLOCK_BYTES];
                head.as_mut_bytes().copy_from_slice(own);
                head.set_size(content.len() as u64);
                head.set_cksum();
                out.extend_from_slice(&bytes[entry.stretch.start..entry.head]);
                out.extend_from_slice(head.as_bytes());
                out.extend_from_slice(content);
                out.resize(out.len().next_multiple_of(BLOCK_BYTES), 0);
            }
        }
    }
    // The empty blocks at the end, and whatever stands behind them.
    out.extend_from_slice(&bytes[at..]);
    Ok(Edited { bytes: out, rest })
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::super::Stretch;
    use super::*;

    fn archive() -> Vec<u8> {
        let mut builder = ::tar::Builder::new(Vec::new());
        let long = format!("{}/long.txt", "folder".repeat(30));
        for (name, text) in
            [("a.txt", "Dear Amara"), (long.as_str(), "Dear Bo"), ("list.csv", "Bo\nGONE\nEve\n")]
        {
            let mut header = ::tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o640);
            builder.append_data(&mut header, name, text.as_bytes()).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn members(bytes: &[u8]) -> Vec<(String, String)> {
        let mut archive = ::tar::Archive::new(bytes);
        let read = |entry: std::io::Result<::tar::Entry<'_, &[u8]>>| {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().display().to_string();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            (name, text)
        };
        archive.entries().unwrap().map(read).collect()
    }

    #[test]
    fn a_member_goes_with_its_heads_and_another_is_edited() {
        let bytes = archive();
        let all = members(&bytes);
        let stretch = Stretch { start: 3, end: 8, with: String::new() };
        let edits = BTreeMap::from([
            (all[1].0.clone(), Edit::Whole),
            ("list.csv".to_owned(), Edit::Bytes(vec![stretch])),
        ]);
        let edited = edited(&bytes, &edits, 1 << 20).unwrap();
        assert_eq!(edited.rest, Vec::<&str>::new());
        let expected = vec![all[0].clone(), ("list.csv".to_owned(), "Bo\nEve\n".to_owned())];
        assert_eq!(members(&edited.bytes), expected);
        assert!(!edited.bytes.windows(6).any(|window| window == b"folder"));
        assert_eq!(edited.bytes[..1024], bytes[..1024]);
        assert!(super::edited(&bytes[..1500], &edits, 1 << 20).is_err());
    }
}
