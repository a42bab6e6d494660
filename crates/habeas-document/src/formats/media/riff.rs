//! WAV and AVI: the chunks that say who recorded what.
//!
//! Source: EBU Tech 3285 (`bext`); Microsoft, Multimedia Programming Interface, LIST INFO.

use super::{Found, MAX_VALUE_BYTES, plain};

/// What the chunks of LIST INFO are called.
const INFO: [(&[u8; 4], &str); 22] = [
    (b"IART", "Artist"),
    (b"ICMT", "Comment"),
    (b"ICOP", "Copyright"),
    (b"ICRD", "Created"),
    (b"IENG", "Engineer"),
    (b"IGNR", "Genre"),
    (b"IKEY", "Keywords"),
    (b"INAM", "Title"),
    (b"IPRD", "Album"),
    (b"ISBJ", "Subject"),
    (b"ISFT", "Software"),
    (b"ISRC", "Source"),
    (b"ITCH", "Technician"),
    (b"IARL", "Archive"),
    (b"ICMS", "Commissioned by"),
    (b"IMED", "Medium"),
    (b"IDIT", "Digitised"),
    (b"IWRI", "Written by"),
    (b"ILNG", "Language"),
    (b"IPRT", "Part"),
    (b"ISTR", "Starring"),
    (b"ITRK", "Track"),
];

pub(super) fn read(bytes: &[u8], found: &mut Found) {
    let mut rate = 0_u64;
    let mut data_bytes = None;
    chunks(bytes.get(12..).unwrap_or_default(), |id, body, size| match id {
        b"fmt " => {
            let field = body.get(8..12).and_then(|field| field.try_into().ok());
            rate = field.map_or(0, |field| u64::from(u32::from_le_bytes(field)));
        }
        b"data" => data_bytes = Some(u64::from(size).min(body.len() as u64)),
        b"bext" => bext(body, found),
        b"iXML" | b"_PMX" | b"axml" => {
            found.line("Notes", &crate::formats::chat::said::plain_html(&plain(capped(body))))
        }
        b"LIST" if body.starts_with(b"INFO") => info(&body[4..], found),
        b"LIST" if body.starts_with(b"adtl") => {
            chunks(&body[4..], |_, body, _| {
                found.line("Label", &plain(capped(body.get(4..).unwrap_or_default())));
            });
        }
        b"LIST" if body.starts_with(b"hdrl") => header(&body[4..], found),
        b"IDIT" => found.line("Digitised", &plain(capped(body))),
        _ => {}
    });
    if let Some(data_bytes) = data_bytes
        && rate > 0
    {
        found.duration = Some(data_bytes.saturating_mul(1_000) / rate);
    }
}

fn capped(body: &[u8]) -> &[u8] {
    &body[..body.len().min(MAX_VALUE_BYTES)]
}

/// Hands every chunk over: its name, what is there of it, and how long it says it is.
fn chunks<'b>(mut rest: &'b [u8], mut each: impl FnMut(&[u8; 4], &'b [u8], u32)) {
    while let Some((head, after)) = rest.split_at_checked(8) {
        let [a, b, c, d, size @ ..] = head else { return };
        let Ok(size) = <[u8; 4]>::try_from(size) else { return };
        let size = u32::from_le_bytes(size);
        let length = usize::try_from(size).unwrap_or(usize::MAX).min(after.len());
        let (body, after) = after.split_at(length);
        each(&[*a, *b, *c, *d], body, size);
        // A chunk begins at an even offset.
        rest = after.get(length % 2..).unwrap_or_default();
    }
}

fn info(body: &[u8], found: &mut Found) {
    chunks(body, |id, value, _| {
        let caption = INFO.iter().find(|(known, _)| *known == id).map(|(_, caption)| *caption);
        let own = String::from_utf8_lossy(id).into_owned();
        found.line(caption.unwrap_or(&own), &plain(capped(value)));
    });
}

fn bext(body: &[u8], found: &mut Found) {
    let field =
        |from: usize, to: usize| plain(body.get(from..to.min(body.len())).unwrap_or_default());
    found.line("Description", &field(0, 256));
    found.line("Originator", &field(256, 288));
    found.line("Originator reference", &field(288, 320));
    let (date, time) = (field(320, 330), field(330, 338));
    found.line("Recorded", format!("{date} {time}").trim());
    found.line("Coding history", &field(602, body.len().min(602 + MAX_VALUE_BYTES)));
}

/// The head of an AVI: microseconds a frame and the number of frames.
fn header(body: &[u8], found: &mut Found) {
    chunks(body, |id, body, _| {
        let number = |at: usize| {
            let field = body.get(at..at + 4).and_then(|field| field.try_into().ok());
            field.map_or(0, |field| u64::from(u32::from_le_bytes(field)))
        };
        match id {
            b"avih" => {
                let millis = number(0).saturating_mul(number(16)) / 1_000;
                found.duration = Some(millis).filter(|millis| *millis > 0);
            }
            b"strn" => found.line("Stream", &plain(capped(body))),
            b"LIST" if body.starts_with(b"INFO") => info(&body[4..], found),
            _ => {}
        }
    });
}
