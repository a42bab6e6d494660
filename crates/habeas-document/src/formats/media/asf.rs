//! WMA and WMV: the objects of the header.
//!
//! Source: Microsoft, Advanced Systems Format Specification, 3.2, 3.10 and 3.11.

use super::Found;

const CONTENT: [u8; 16] = *b"\x33\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c";
const EXTENDED: [u8; 16] = *b"\x40\xa4\xd0\xd2\x07\xe3\xd2\x11\x97\xf0\x00\xa0\xc9\x5e\xa8\x50";
const FILE: [u8; 16] = *b"\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c\x20\x53\x65";

pub(super) fn read(bytes: &[u8], found: &mut Found) {
    let mut rest = bytes.get(30..).unwrap_or_default();
    // Objects stand one after the other; the data, which is one too, ends the header.
    for _ in 0..1_000 {
        let Some((head, after)) = rest.split_at_checked(24) else { return };
        let size = little(&head[16..24]);
        let Some(length) = usize::try_from(size).ok().and_then(|size| size.checked_sub(24)) else {
            return;
        };
        let (body, next) = after.split_at(length.min(after.len()));
        match &head[..16] {
            id if id == CONTENT => content(body, found),
            id if id == EXTENDED => extended(body, found),
            id if id == FILE => file(body, found),
            _ => {}
        }
        rest = next;
    }
}

fn little(bytes: &[u8]) -> u64 {
    bytes.iter().rev().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn wide(bytes: &[u8]) -> String {
    encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.replace('\0', "")
}

fn content(body: &[u8], found: &mut Found) {
    let mut at = 10;
    for (index, caption) in
        ["Title", "Author", "Copyright", "Description", "Rating"].iter().enumerate()
    {
        let length = body.get(index * 2..index * 2 + 2).map_or(0, little);
        let length = usize::try_from(length).unwrap_or(0);
        if let Some(value) = body.get(at..at + length) {
            found.line(caption, &wide(value));
        }
        at += length;
    }
}

fn extended(body: &[u8], found: &mut Found) {
    let mut rest = body.get(2..).unwrap_or_default();
    let take = |rest: &mut &[u8]| -> Option<Vec<u8>> {
        let (size, after) = rest.split_at_checked(2)?;
        let length = usize::try_from(little(size)).ok()?;
        let (value, next) = after.split_at_checked(length)?;
        *rest = next;
        Some(value.to_vec())
    };
    for _ in 0..1_000 {
        let Some(name) = take(&mut rest) else { return };
        let Some((kind, after)) = rest.split_at_checked(2) else { return };
        rest = after;
        let Some(value) = take(&mut rest) else { return };
        match little(kind) {
            0 => found.line(&wide(&name), &wide(&value)),
            2..=5 if value.len() <= 8 => found.line(&wide(&name), &little(&value).to_string()),
            _ => {}
        }
    }
}

/// When it was made and how long it is, in units of 100 nanoseconds, from 1601.
fn file(body: &[u8], found: &mut Found) {
    let (created, length, preroll) = (body.get(24..32), body.get(40..48), body.get(56..64));
    if let Some(created) = created.map(little).filter(|n| *n > 0) {
        let seconds = i64::try_from(created / 10_000_000).unwrap_or(0) - 11_644_473_600;
        if let Ok(time) = jiff::Timestamp::from_second(seconds) {
            found.line("Created", &time.to_string());
        }
    }
    if let (Some(length), Some(preroll)) = (length.map(little), preroll.map(little)) {
        let millis = (length / 10_000).saturating_sub(preroll);
        found.duration = Some(millis).filter(|millis| *millis > 0);
    }
}
