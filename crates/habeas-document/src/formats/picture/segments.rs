//! Which comments and packets of properties lie between the pixels of a picture?

use std::io::Read;

/// What was found in a file, in its own form.
#[derive(Default)]
pub(super) struct Found {
    /// Comments, each with what its writer calls it.
    pub(super) comments: Vec<(String, String)>,
    /// XMP packets.
    pub(super) packets: Vec<Vec<u8>>,
    /// IPTC records (IIM).
    pub(super) iptc: Vec<Vec<u8>>,
    /// Dots per inch.
    pub(super) dpi: Option<f64>,
}

/// So many bytes a compressed comment may unpack to.
const MAX_COMMENT_BYTES: u64 = 4 << 20;
/// So many comments are taken.
const MAX_COMMENTS: usize = 10_000;

pub(super) fn find(media_type: &str, bytes: &[u8]) -> Found {
    let mut found = Found::default();
    match media_type {
        "image/png" => png(bytes, &mut found),
        "image/jpeg" => jpeg(bytes, &mut found),
        "image/gif" => gif(bytes, &mut found),
        "image/x-portable-anymap" => {
            let head = bytes.get(..4096).unwrap_or(bytes);
            for line in head.split(|byte| *byte == b'\n').take(50) {
                if let Some(comment) = line.strip_prefix(b"#") {
                    found.comments.push(("Comment".to_owned(), text(comment)));
                }
            }
        }
        _ => {}
    }
    if found.packets.is_empty() {
        packets(bytes, &mut found);
    }
    resources(bytes, &mut found);
    found.comments.truncate(MAX_COMMENTS);
    found
}

/// Text whose encoding nobody states.
pub(super) fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let bytes = bytes.get(..end).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => crate::encoding::decode(bytes, None).text.into_owned(),
    }
}

fn latin(bytes: &[u8]) -> String {
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    if is_utf8 { text(bytes) } else { bytes.iter().map(|byte| char::from(*byte)).collect() }
}

fn big(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(four)).ok()
}

/// Chunks of a PNG: `tEXt`, `zTXt`, `iTXt`, `pHYs` (PNG, third edition, 11.3).
fn png(bytes: &[u8], found: &mut Found) {
    let mut at = 8;
    while let Some(size) = big(bytes, at) {
        let Some(kind) = bytes.get(at + 4..at + 8) else { break };
        let Some(data) = bytes.get(at + 8..at + 8 + size) else { break };
        let split = |data: &[u8]| {
            let end = data.iter().position(|byte| *byte == 0)?;
            Some((latin(data.get(..end)?), data.get(end + 1..)?.to_vec()))
        };
        match kind {
            b"tEXt" => {
                if let Some((key, value)) = split(data) {
                    comment(found, key, latin(&value), value);
                }
            }
            b"zTXt" => {
                if let Some((key, value)) = split(data) {
                    let value = inflated(value.get(1..).unwrap_or_default());
                    comment(found, key, latin(&value), value);
                }
            }
            b"iTXt" => {
                // Is it compressed, how, its language, its key in that language, its text.
                let parts = split(data).and_then(|(key, rest)| {
                    let is_packed = *rest.first()? == 1;
                    let (_, rest) = split(rest.get(2..)?)?;
                    let (_, rest) = split(&rest)?;
                    Some((key, if is_packed { inflated(&rest) } else { rest }))
                });
                if let Some((key, value)) = parts {
                    comment(found, key, text(&value), value);
                }
            }
            b"pHYs" if data.get(8) == Some(&1) => {
                found.dpi = big(data, 0).map(|per_metre| per_metre as f64 * 0.0254);
            }
            b"IEND" => break,
            _ => {}
        }
        at += 12 + size;
    }
}

fn comment(found: &mut Found, key: String, value: String, raw: Vec<u8>) {
    if key == "XML:com.adobe.xmp" {
        found.packets.push(raw);
    } else if key.starts_with("Raw profile type") {
        // Hexadecimal, after a name and a length, as ImageMagick writes it.
        let digits: String = value.split_whitespace().skip(2).collect();
        let bytes: Vec<u8> = digits
            .as_bytes()
            .chunks_exact(2)
            .map_while(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        packets(&bytes, found);
        resources(&bytes, found);
    } else {
        found.comments.push((key, value));
    }
}

fn inflated(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let packed = flate2::read::ZlibDecoder::new(packed);
    // What was unpacked before an error is kept.
    let _ = packed.take(MAX_COMMENT_BYTES).read_to_end(&mut bytes);
    bytes
}

/// Segments of a JPEG up to its pixels: comments, and the density of JFIF.
fn jpeg(bytes: &[u8], found: &mut Found) {
    let mut at = 2;
    while let Some([0xff, marker, high, low]) = bytes.get(at..at + 4) {
        let size = usize::from(*high) << 8 | usize::from(*low);
        match marker {
            0xff => {
                at += 1;
                continue;
            }
            0xda | 0xd9 => break,
            _ => {}
        }
        let data = bytes.get(at + 4..at + 2 + size).unwrap_or_default();
        match (marker, data) {
            (0xfe, data) => found.comments.push(("Comment".to_owned(), text(data))),
            (0xe0, [b'J', b'F', b'I', b'F', 0, _, _, unit, high, low, ..]) => {
                let density = f64::from(u16::from_be_bytes([*high, *low]));
                found.dpi = match unit {
                    1 => Some(density),
                    2 => Some(density * 2.54),
                    _ => None,
                };
            }
            _ => {}
        }
        at += 2 + size.max(2);
    }
}

/// Blocks of a GIF: comments and plain text (GIF89a, 24 and 25).
fn gif(bytes: &[u8], found: &mut Found) {
    let table = |flags: u8| if flags & 0x80 != 0 { 3 << ((flags & 7) + 1) } else { 0 };
    let mut at = 13 + bytes.get(10).map_or(0, |flags| table(*flags));
    let blocks = |mut at: usize| {
        let mut data = Vec::new();
        while let Some(size) = bytes.get(at).map(|size| usize::from(*size)).filter(|n| *n > 0) {
            data.extend_from_slice(bytes.get(at + 1..at + 1 + size).unwrap_or_default());
            at += 1 + size;
        }
        (data, at + 1)
    };
    while let Some(kind) = bytes.get(at) {
        match kind {
            0x21 => {
                let (data, next) = blocks(at + 2);
                match bytes.get(at + 1) {
                    Some(0xfe) => found.comments.push(("Comment".to_owned(), text(&data))),
                    Some(1) => {
                        let data = data.get(12..).unwrap_or_default();
                        found.comments.push(("Text".to_owned(), text(data)));
                    }
                    _ => {}
                }
                at = next;
            }
            0x2c => {
                let colours = bytes.get(at + 9).map_or(0, |flags| table(*flags));
                at = blocks(at + 11 + colours).1;
            }
            _ => break,
        }
    }
}

/// XMP packets, wherever they lie (ISO 16684-1, 7.3).
fn packets(bytes: &[u8], found: &mut Found) {
    const START: &[u8] = b"<x:xmpmeta";
    const END: &[u8] = b"</x:xmpmeta>";
    let mut rest = bytes;
    while let Some(at) = position(rest, START) {
        let Some(packet) = rest.get(at..) else { break };
        let end = position(packet, END).map_or(packet.len(), |end| end + END.len());
        found.packets.extend(packet.get(..end.min(MAX_COMMENT_BYTES as usize)).map(<[u8]>::to_vec));
        rest = packet.get(end..).unwrap_or_default();
        if found.packets.len() > 20 {
            break;
        }
    }
}

/// Photoshop's resources: 0x0404 is IPTC (Adobe Photoshop File Formats, *Image Resources*).
fn resources(bytes: &[u8], found: &mut Found) {
    let mut rest = bytes;
    while let Some(at) = position(rest, b"8BIM\x04\x04") {
        let block = rest.get(at + 6..).unwrap_or_default();
        // A name with its length before it, even with the length.
        let name = block.first().map_or(0, |n| usize::from(*n) + 1).next_multiple_of(2);
        let data = big(block, name).and_then(|size| block.get(name + 4..name + 4 + size));
        found.iptc.extend(data.map(<[u8]>::to_vec));
        rest = block;
        if found.iptc.len() > 20 {
            break;
        }
    }
}

fn position(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|byte| *byte == first) {
        let at = from + at;
        if bytes.get(at..)?.starts_with(what) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}
