//! Who made a picture, when, where and with what, and what is said of it?

use exif::{Context, Exif, Field, In, Tag, Value};
use habeas_model::{Meaning, Party};

use super::segments;
use crate::formats::captioned::Captioned;
use crate::formats::pdf::xmp;

/// What the properties say.
#[derive(Default)]
pub(super) struct Properties {
    pub(super) lines: Captioned,
    /// When it was taken, as ISO 8601.
    pub(super) taken: Option<String>,
    /// Dots per inch, if that is a resolution that scanners have.
    pub(super) dpi: Option<u16>,
}

/// Tags of EXIF with their captions and meanings: context, number, caption, meaning.
const TAGS: [(Context, u16, &str, Meaning); 30] = [
    (Context::Tiff, 0x010d, "Document", Meaning::Text),
    (Context::Tiff, 0x010e, "Description", Meaning::Text),
    (Context::Tiff, 0x011d, "Page", Meaning::Text),
    (Context::Tiff, 0x013b, "Author", Meaning::Name),
    (Context::Tiff, 0x8298, "Copyright", Meaning::Text),
    (Context::Tiff, 0x9c9b, "Title", Meaning::Text),
    (Context::Tiff, 0x9c9c, "Comment", Meaning::Text),
    (Context::Tiff, 0x9c9d, "Author", Meaning::Name),
    (Context::Tiff, 0x9c9e, "Keywords", Meaning::Text),
    (Context::Tiff, 0x9c9f, "Subject", Meaning::Text),
    (Context::Exif, 0x9286, "Comment", Meaning::Text),
    (Context::Exif, 0x9003, "Taken", Meaning::Date),
    (Context::Exif, 0x9004, "Digitised", Meaning::Date),
    (Context::Tiff, 0x0132, "Changed", Meaning::Date),
    (Context::Exif, 0xa430, "Owner", Meaning::Name),
    (Context::Exif, 0xa436, "Title", Meaning::Text),
    (Context::Exif, 0xa437, "Photographer", Meaning::Name),
    (Context::Exif, 0xa438, "Editor", Meaning::Name),
    (Context::Tiff, 0x010f, "Maker of the camera", Meaning::Other),
    (Context::Tiff, 0x0110, "Camera", Meaning::Other),
    (Context::Exif, 0xa431, "Serial number", Meaning::Device),
    (Context::Tiff, 0xc62f, "Serial number", Meaning::Device),
    (Context::Exif, 0xa435, "Serial number of the lens", Meaning::Device),
    (Context::Exif, 0xa434, "Lens", Meaning::Other),
    (Context::Exif, 0xa433, "Maker of the lens", Meaning::Other),
    (Context::Tiff, 0x013c, "Computer", Meaning::Device),
    (Context::Tiff, 0x0131, "Program", Meaning::Other),
    (Context::Exif, 0xa420, "Identity of the picture", Meaning::Reference),
    (Context::Gps, 0x001b, "Located by", Meaning::Text),
    (Context::Gps, 0x001c, "Area", Meaning::Address),
];

/// Datasets of IPTC's record 2 with their captions and meanings (IIM 4.2, chapter 6).
const DATASETS: [(u8, &str, Meaning); 24] = [
    (5, "Title", Meaning::Text),
    (15, "Category", Meaning::Text),
    (20, "Category", Meaning::Text),
    (25, "Keyword", Meaning::Text),
    (26, "Place", Meaning::Address),
    (27, "Place", Meaning::Address),
    (40, "Instructions", Meaning::Text),
    (55, "Created", Meaning::Date),
    (65, "Program", Meaning::Other),
    (80, "Author", Meaning::Name),
    (85, "Author's title", Meaning::Text),
    (90, "City", Meaning::Address),
    (92, "Place", Meaning::Address),
    (95, "Region", Meaning::Address),
    (101, "Country", Meaning::Address),
    (103, "Reference", Meaning::Reference),
    (105, "Headline", Meaning::Text),
    (110, "Credit", Meaning::Text),
    (115, "Source", Meaning::Text),
    (116, "Copyright", Meaning::Text),
    (118, "Contact", Meaning::Text),
    (120, "Description", Meaning::Text),
    (121, "Description", Meaning::Text),
    (122, "Caption writer", Meaning::Name),
];

pub(super) fn read(media_type: &str, bytes: &[u8]) -> Properties {
    let mut said = Said::default();
    let exif = exif(media_type, bytes);
    let mut found = segments::find(media_type, bytes);
    let mut properties = Properties::default();
    if let Some(exif) = &exif {
        tags(exif, &mut said);
        properties.taken = exif
            .get_field(Tag::DateTimeOriginal, In::PRIMARY)
            .and_then(|field| ascii(&field.value))
            .map(|text| date(&text));
        properties.dpi = resolution(exif);
        let iptc = exif.get_field(Tag(Context::Tiff, 33723), In::PRIMARY);
        found.iptc.extend(iptc.and_then(|field| match &field.value {
            Value::Byte(bytes) | Value::Undefined(bytes, _) => Some(bytes.clone()),
            Value::Long(numbers) => {
                let order = |number: &u32| match exif.little_endian() {
                    true => number.to_le_bytes(),
                    false => number.to_be_bytes(),
                };
                Some(numbers.iter().flat_map(order).collect())
            }
            _ => None,
        }));
    }
    for record in &found.iptc {
        datasets(record, &mut said);
    }
    for packet in &found.packets {
        for line in xmp::values(packet) {
            said.line(&line.caption, &line.value, line.meaning);
        }
    }
    for (key, value) in &found.comments {
        let meaning = match key.as_str() {
            "Author" | "Artist" => Meaning::Name,
            "Creation Time" | "date:create" | "date:modify" => Meaning::Date,
            "Software" => Meaning::Other,
            _ => Meaning::Text,
        };
        let key = if key.is_empty() { "Comment" } else { key };
        said.line(key, value, meaning);
    }
    properties.lines = said.lines;
    let dpi = found.dpi.map(|dpi| dpi.round() as u16).or(properties.dpi);
    // Screens and cameras say 72, 96 or 1: that tells nothing of the size of letters.
    properties.dpi = dpi.filter(|dpi| (100..=1200).contains(dpi));
    properties
}

/// Lines, each value once.
#[derive(Default)]
struct Said {
    lines: Captioned,
    values: std::collections::HashSet<String>,
}

impl Said {
    fn line(&mut self, caption: &str, value: &str, meaning: Meaning) {
        let value = value.trim();
        if value.chars().any(char::is_alphanumeric) && self.values.insert(value.to_owned()) {
            self.lines.line(caption, value, meaning, Party::Unknown);
        }
    }
}

fn exif(media_type: &str, bytes: &[u8]) -> Option<Exif> {
    let has_exif = matches!(
        media_type,
        "image/jpeg"
            | "image/png"
            | "image/tiff"
            | "image/webp"
            | "image/heic"
            | "image/heif"
            | "image/avif"
    );
    if !has_exif {
        return None;
    }
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    reader
        .read_from_container(&mut std::io::Cursor::new(bytes))
        .or_else(|error| error.distill_partial_result(|_| {}))
        .ok()
}

fn tags(exif: &Exif, said: &mut Said) {
    let first = |field: &&Field| field.ifd_num == In::PRIMARY;
    for (context, number, caption, meaning) in TAGS {
        for field in exif.fields().filter(first).filter(|field| field.tag == Tag(context, number)) {
            let Some(value) = told(field, exif.little_endian()) else { continue };
            let value = if meaning == Meaning::Date { date(&value) } else { value };
            said.line(caption, &value, meaning);
        }
    }
    if let Some(place) = position(exif) {
        said.line("Taken at", &place, Meaning::Address);
    }
    // Whatever else is written in letters, and the tags of later pages.
    for field in exif.fields() {
        let is_known = first(&field)
            && TAGS.iter().any(|(context, number, _, _)| field.tag == Tag(*context, *number));
        let is_technical = matches!(field.tag.context(), Context::Interop)
            || field.ifd_num == In::THUMBNAIL
            || matches!(field.tag.number(), 0x9290..=0x9292 | 0x9010..=0x9012 | 33723 | 700);
        let is_gps = field.tag.context() == Context::Gps;
        let Value::Ascii(_) = field.value else { continue };
        let Some(value) = ascii(&field.value).filter(|_| !is_known && !is_technical) else {
            continue;
        };
        if value.chars().filter(|c| c.is_alphanumeric()).count() < 3 {
            continue;
        }
        let caption = field.tag.description().map(str::to_owned);
        let caption = caption.unwrap_or_else(|| format!("Tag {}", field.tag.number()));
        let meaning = if is_gps { Meaning::Other } else { Meaning::Text };
        said.line(&caption, &value, meaning);
    }
}

/// The text of a field.
fn told(field: &Field, is_little: bool) -> Option<String> {
    match (&field.value, field.tag.number()) {
        // What Windows writes is UTF-16, whatever the order of the file is.
        (Value::Byte(bytes), 0x9c9b..=0x9c9f) => {
            Some(crate::encoding::decode(&[b"\xff\xfe", bytes.as_slice()].concat(), None).text)
                .map(|text| text.replace('\0', ""))
        }
        // A code of eight bytes stands before a comment and before some of GPS.
        (Value::Undefined(bytes, _) | Value::Byte(bytes), 0x9286 | 0x1b | 0x1c) => {
            let (code, text) = bytes.split_at_checked(8)?;
            match code {
                b"UNICODE\0" => {
                    // Some write it in an order that is not that of the file: zeros tell.
                    let zeros = |from: usize| {
                        text.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count()
                    };
                    let is_little = match zeros(0).cmp(&zeros(1)) {
                        std::cmp::Ordering::Equal => is_little,
                        order => order.is_lt(),
                    };
                    let mark: &[u8] = if is_little { b"\xff\xfe" } else { b"\xfe\xff" };
                    let text = if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
                        text.to_vec()
                    } else {
                        [mark, text].concat()
                    };
                    Some(crate::encoding::decode(&text, None).text.replace('\0', ""))
                }
                b"JIS\0\0\0\0\0" => {
                    let (text, _) = encoding_rs::ISO_2022_JP.decode_without_bom_handling(text);
                    Some(text.into_owned())
                }
                _ => Some(segments::text(text)),
            }
        }
        (Value::Byte(bytes), 0xc62f) => Some(segments::text(bytes)),
        (value, _) => ascii(value),
    }
}

fn ascii(value: &Value) -> Option<String> {
    let Value::Ascii(parts) = value else { return None };
    let parts: Vec<String> = parts.iter().map(|part| segments::text(part)).collect();
    Some(parts.join(" ").trim().to_owned())
}

/// `2008:05:30 15:56:01` as `2008-05-30T15:56:01`, and `20080530` as `2008-05-30`.
fn date(text: &str) -> String {
    let is_digits = |from: usize, to: usize| {
        text.get(from..to).is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if text.len() >= 19 && is_digits(0, 4) && is_digits(5, 7) && is_digits(8, 10) {
        format!("{}-{}-{}T{}", &text[..4], &text[5..7], &text[8..10], text[11..].trim())
    } else if text.len() == 8 && is_digits(0, 8) {
        format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..8])
    } else {
        text.to_owned()
    }
}

/// Where it was taken, as decimal degrees north and east.
fn position(exif: &Exif) -> Option<String> {
    let degrees = |tag: Tag, side: Tag, negative: char| {
        let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
        let part = |index: usize| parts.get(index).map_or(0.0, exif::Rational::to_f64);
        let value = part(0) + part(1) / 60.0 + part(2) / 3600.0;
        let side = exif.get_field(side, In::PRIMARY).and_then(|field| ascii(&field.value));
        let is_negative = side.is_some_and(|side| side.starts_with(negative));
        value.is_finite().then_some(if is_negative { -value } else { value })
    };
    let north = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, 'S')?;
    let east = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, 'W')?;
    (north != 0.0 || east != 0.0).then(|| format!("{north:.6}, {east:.6}"))
}

fn resolution(exif: &Exif) -> Option<u16> {
    let Value::Rational(parts) = &exif.get_field(Tag::XResolution, In::PRIMARY)?.value else {
        return None;
    };
    let unit = exif.get_field(Tag::ResolutionUnit, In::PRIMARY);
    let unit = unit.and_then(|field| field.value.get_uint(0)).unwrap_or(2);
    let value = parts.first()?.to_f64() * if unit == 3 { 2.54 } else { 1.0 };
    (value.is_finite() && unit != 1).then_some(value.round() as u16)
}

/// Reads the datasets of an IPTC record: `0x1c`, record, dataset, length, value.
fn datasets(mut bytes: &[u8], said: &mut Said) {
    let mut is_utf8 = false;
    while let [0x1c, record, dataset, high, low, rest @ ..] = bytes {
        let length = usize::from(*high) << 8 | usize::from(*low);
        let Some((value, after)) = rest.split_at_checked(length).filter(|_| length < 0x8000) else {
            break;
        };
        if (*record, *dataset) == (1, 90) {
            is_utf8 = value == b"\x1b%G";
        }
        let known = DATASETS.iter().find(|(have, _, _)| (*record, *have) == (2, *dataset));
        if let Some((_, caption, meaning)) = known {
            let text = match is_utf8 {
                true => String::from_utf8_lossy(value).into_owned(),
                false => segments::text(value),
            };
            let text = if *meaning == Meaning::Date { date(&text) } else { text };
            said.line(caption, &text, *meaning);
        }
        bytes = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_others_are() {
        assert_eq!(date("2008:05:30 15:56:01"), "2008-05-30T15:56:01");
        assert_eq!(date("20080530"), "2008-05-30");
        assert_eq!(date("May 2008"), "May 2008");
    }

    #[test]
    fn datasets_are_read_to_the_first_that_is_damaged() {
        let mut said = Said::default();
        let mut record = b"\x1c\x02\x50\0\x0aAmara Lind\x1c\x02\x78\0\x0aAt a visit".to_vec();
        record.extend(b"\x1c\x02\x05\xff\xffcut");
        datasets(&record, &mut said);
        let passage = said.lines.into_record(super::super::page(1), habeas_model::Part::Properties);
        assert_eq!(passage.text, "Author: Amara Lind\nDescription: At a visit");
    }
}
