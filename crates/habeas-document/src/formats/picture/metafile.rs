//! What do the drawing orders of a Windows metafile write?
//!
//! Text is an order of its own ([MS-EMF] 2.3.5, [MS-WMF] 2.3.3); what is drawn as lines or as a
//! picture is not looked at.

use habeas_model::{Exception, Passage, Place, PlaceKind, Reason};

use crate::out::Out;

pub(super) fn read(media_type: &str, bytes: &[u8], out: &mut Out<'_>) {
    let texts = if media_type == "image/emf" { enhanced(bytes) } else { windows(bytes) };
    let place = Place::new(PlaceKind::Page, 1);
    let has_text = texts.iter().any(|text| text.chars().any(char::is_alphanumeric));
    out.passage(Passage::text(place.clone(), texts.join("\n")));
    if !has_text {
        let note = "a drawing without text; its lines and pictures were not looked at";
        out.exception(Exception::whole(Reason::NoText, note).at(place));
    }
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let two: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(two)))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}

fn wide(bytes: &[u8]) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    String::from_utf16_lossy(&units).trim_matches('\0').replace('\0', " ")
}

fn narrow(bytes: &[u8]) -> String {
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
    text.trim_end_matches('\0').to_owned()
}

/// The texts of an enhanced metafile, its description first.
fn enhanced(bytes: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    let described = || {
        let (count, at) = (long(bytes, 60)?, long(bytes, 64)?);
        let text = bytes.get(at..at.checked_add(count.checked_mul(2)?)?)?;
        (at > 0).then(|| wide(text))
    };
    texts.extend(described().filter(|text| !text.trim().is_empty()));
    let mut rest = bytes;
    while let (Some(kind), Some(size)) = (long(rest, 0), long(rest, 4)) {
        let Some(record) = rest.get(..size).filter(|_| size >= 8) else { break };
        let text = match kind {
            // EMR_EXTTEXTOUTA, EMR_EXTTEXTOUTW.
            83 | 84 => text_at(record, 36, kind == 84).into_iter().collect(),
            // EMR_SMALLTEXTOUT.
            108 => small(record).into_iter().collect(),
            // EMR_POLYTEXTOUTA, EMR_POLYTEXTOUTW.
            96 | 97 => {
                let n = long(record, 36).unwrap_or(0).min(record.len() / 40);
                (0..n).filter_map(|i| text_at(record, 40 + i * 40, kind == 97)).collect()
            }
            // EMR_EOF.
            14 => break,
            _ => Vec::new(),
        };
        texts.extend(text.into_iter().filter(|text| !text.trim().is_empty()));
        rest = rest.get(size..).unwrap_or_default();
    }
    texts
}

/// An EmrText object: a point, how many characters, and where they are in the record.
fn text_at(record: &[u8], at: usize, is_wide: bool) -> Option<String> {
    let (count, from) = (long(record, at + 8)?, long(record, at + 12)?);
    let n_bytes = if is_wide { count.checked_mul(2)? } else { count };
    let text = record.get(from..from.checked_add(n_bytes)?)?;
    Some(if is_wide { wide(text) } else { narrow(text) })
}

fn small(record: &[u8]) -> Option<String> {
    let (count, options) = (long(record, 16)?, long(record, 20)?);
    // ETO_NO_RECT leaves the bounds out, ETO_SMALL_CHARS has a byte a character.
    let from = if options & 0x100 != 0 { 36 } else { 52 };
    let is_wide = options & 0x200 == 0;
    let n_bytes = if is_wide { count.checked_mul(2)? } else { count };
    let text = record.get(from..from + n_bytes.min(record.len()))?;
    Some(if is_wide { wide(text) } else { narrow(text) })
}

/// The texts of a metafile of the first kind.
fn windows(bytes: &[u8]) -> Vec<String> {
    let is_placeable = bytes.starts_with(b"\xd7\xcd\xc6\x9a");
    let head = if is_placeable { 22 + 18 } else { 18 };
    let mut rest = bytes.get(head..).unwrap_or_default();
    let mut texts = Vec::new();
    while let (Some(n_words), Some(kind)) = (long(rest, 0), short(rest, 4)) {
        let Some(size) = n_words.checked_mul(2).filter(|size| *size >= 6) else { break };
        let Some(record) = rest.get(..size) else { break };
        let text = match kind {
            // META_TEXTOUT.
            0x0521 => short(record, 6).and_then(|count| record.get(8..8 + count)),
            // META_EXTTEXTOUT: a rectangle stands before the text if it clips or fills.
            0x0a32 => short(record, 10).zip(short(record, 12)).and_then(|(count, options)| {
                let from = if options & 6 != 0 { 22 } else { 14 };
                record.get(from..from + count)
            }),
            0 => break,
            _ => None,
        };
        texts.extend(text.map(narrow).filter(|text| !text.trim().is_empty()));
        rest = rest.get(size..).unwrap_or_default();
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_to_write_are_read() {
        let mut record = vec![0_u8; 76];
        record[..8].copy_from_slice(&[84, 0, 0, 0, 88, 0, 0, 0]);
        (record[44], record[48]) = (5, 76);
        for unit in "Amara\0".encode_utf16() {
            record.extend(unit.to_le_bytes());
        }
        let mut emf = vec![0_u8; 108];
        (emf[0], emf[4]) = (1, 108);
        emf[40..44].copy_from_slice(b" EMF");
        emf.extend(record);
        assert_eq!(enhanced(&emf), ["Amara"]);
        for end in 0..emf.len() {
            assert!(enhanced(&emf[..end]).is_empty());
        }
        let mut wmf = vec![0_u8; 18];
        wmf.extend([8, 0, 0, 0, 0x21, 5, 4, 0, b'L', b'i', b'n', b'd', 0, 0, 0, 0]);
        assert_eq!(windows(&wmf), ["Lind"]);
    }
}
