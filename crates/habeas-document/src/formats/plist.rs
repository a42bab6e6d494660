//! Property lists of Apple, binary and XML: told as the JSON that says the same.
//!
//! Backups and applications of phones keep settings, accounts and messages in them.

use std::fmt::Write;

use habeas_model::{Card, Exception, Reason};
use quick_xml::events::Event;

use super::{Format, json};
use crate::encoding;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "plist",
        version: 2,
        summary: "Property lists of Apple, binary and XML",
        handles: &["application/x-bplist", "application/x-plist", ".plist"],
        authority: "Apple, CFBinaryPList.c and PropertyList-1.0.dtd",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    if sample.starts_with(b"bplist0") {
        return Some((Sure::Magic, "application/x-bplist"));
    }
    let head = sample.text()?;
    let head = head[..head.floor_char_boundary(1_000)].trim_start();
    let is_xml = head.starts_with('<') && (head.contains("<plist>") || head.contains("<plist "));
    is_xml.then_some((Sure::Structure, "application/x-plist"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let mut told = Told::default();
    match input.media_type {
        "application/x-bplist" => match Binary::of(input) {
            Some(mut binary) => binary.tell(binary.top, &mut told),
            None => told.trouble = Some(Reason::Corrupt),
        },
        _ => {
            let decoded = encoding::decode(input.bytes, None);
            if !xml(&decoded.text, &mut told) {
                told.trouble = Some(Reason::Corrupt);
            }
        }
    };
    if let Some(reason) = told.trouble {
        let note = match reason {
            Reason::CountLimit => "it points to its own values more often than it has room for",
            Reason::ExpansionLimit => "it points to long values so often that it grows too large",
            Reason::DepthLimit => "its lists are too deep in each other",
            _ => "not all of the property list could be followed",
        };
        out.exception(Exception::part(reason, None, note));
    }
    json::read_text(&told.json, out);
}

/// JSON that is being written.
#[derive(Default)]
struct Told {
    json: String,
    n_values: usize,
    /// What could not be followed; a limit counts more than damage.
    trouble: Option<Reason>,
}

/// A list has a value for each reference in it, which takes a byte or more; so many may be beyond.
/// Lists that are pointed to more than once would multiply without this.
const MORE_VALUES: usize = 10_000;
const MAX_DEPTH: usize = 100;

impl Told {
    fn fail(&mut self, reason: Reason) {
        if matches!(self.trouble, None | Some(Reason::Corrupt)) {
            self.trouble = Some(reason);
        }
    }

    fn string(&mut self, text: &str) {
        self.json.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.json.extend(['\\', c]),
                '\n' => self.json.push_str("\\n"),
                c => self.json.push(c),
            }
        }
        self.json.push('"');
    }

    fn bytes(&mut self, bytes: &[u8]) {
        const DIGITS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        self.json.push('"');
        for chunk in bytes.chunks(3) {
            let bits = chunk.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte))
                << (8 * (3 - chunk.len()));
            for index in 0..=chunk.len() {
                self.json.push(char::from(DIGITS[bits >> (18 - 6 * index) & 63]));
            }
            self.json.extend(std::iter::repeat_n('=', 3 - chunk.len()));
        }
        self.json.push('"');
    }
}

/// A binary property list: a table of offsets, and values that point to others by number.
struct Binary<'b> {
    bytes: &'b [u8],
    offset_bytes: usize,
    reference_bytes: usize,
    n_objects: usize,
    top: usize,
    table: usize,
    /// The lists that are open, from the outside in: none may be in itself.
    open: Vec<usize>,
    max_values: usize,
    max_bytes: usize,
}

fn number(bytes: &[u8]) -> Option<usize> {
    if bytes.len() > 8 {
        return None;
    }
    usize::try_from(bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))).ok()
}

impl<'b> Binary<'b> {
    fn of(input: &Input<'b>) -> Option<Self> {
        let bytes = input.bytes;
        let max_bytes = input.budget.allowance(bytes.len() as u64, 0);
        let trailer = bytes.get(bytes.len().checked_sub(32)?..)?;
        let list = Self {
            bytes,
            offset_bytes: usize::from(trailer[6]),
            reference_bytes: usize::from(trailer[7]),
            n_objects: number(&trailer[8..16])?,
            top: number(&trailer[16..24])?,
            table: number(&trailer[24..32])?,
            open: Vec::new(),
            max_values: bytes.len().saturating_add(MORE_VALUES),
            max_bytes: usize::try_from(max_bytes).unwrap_or(usize::MAX),
        };
        let fits = (1..=8).contains(&list.offset_bytes) && (1..=8).contains(&list.reference_bytes);
        fits.then_some(list)
    }

    fn object(&self, index: usize) -> Option<&'b [u8]> {
        if index >= self.n_objects {
            return None;
        }
        let at = self.table.checked_add(index.checked_mul(self.offset_bytes)?)?;
        self.bytes.get(number(self.bytes.get(at..at.checked_add(self.offset_bytes)?)?)?..)
    }

    /// How many parts an object has, and the bytes after that number.
    fn length(object: &'b [u8]) -> Option<(usize, &'b [u8])> {
        let (first, rest) = object.split_first()?;
        if first & 0x0f != 0x0f {
            return Some((usize::from(first & 0x0f), rest));
        }
        let (kind, rest) = rest.split_first()?;
        let n_bytes = 1_usize << (kind & 0x0f).min(3);
        Some((number(rest.get(..n_bytes)?)?, rest.get(n_bytes..)?))
    }

    fn reference(&self, list: &[u8], index: usize) -> Option<usize> {
        let at = index.checked_mul(self.reference_bytes)?;
        number(list.get(at..at.checked_add(self.reference_bytes)?)?)
    }

    /// Writes an object, and says what of it could not be followed.
    fn tell(&mut self, index: usize, told: &mut Told) {
        let before = told.json.len();
        told.n_values += 1;
        if self.is_past(told) {
        } else if self.open.contains(&index) {
            told.fail(Reason::Corrupt);
        } else if self.open.len() >= MAX_DEPTH {
            told.fail(Reason::DepthLimit);
        } else {
            self.open.push(index);
            if self.told(index, told).is_none() {
                told.fail(Reason::Corrupt);
            }
            self.open.pop();
        }
        if told.json.len() == before {
            told.json.push_str("null");
        }
    }

    /// Has so much been told that the rest is left out? Says so.
    fn is_past(&self, told: &mut Told) -> bool {
        if told.n_values > self.max_values {
            told.fail(Reason::CountLimit);
        } else if told.json.len() > self.max_bytes {
            told.fail(Reason::ExpansionLimit);
        } else {
            return false;
        }
        true
    }

    fn told(&mut self, index: usize, told: &mut Told) -> Option<()> {
        let object = self.object(index)?;
        let first = *object.first()?;
        match first >> 4 {
            0 => told.json.push_str(match first {
                8 => "false",
                9 => "true",
                _ => "null",
            }),
            1 | 8 => {
                let n_bytes = if first >> 4 == 1 {
                    1 << (first & 0x0f).min(4)
                } else {
                    usize::from(first & 0x0f) + 1
                };
                let bytes = object.get(1..1 + n_bytes)?;
                let value = bytes.iter().fold(0_i128, |sum, byte| sum << 8 | i128::from(*byte));
                // Whole numbers of eight bytes have a sign.
                let value = if n_bytes == 8 { i128::from(value as i64) } else { value };
                write!(told.json, "{value}").ok()?;
            }
            2 => {
                let value = if first & 0x0f == 2 {
                    f64::from(f32::from_be_bytes(object.get(1..5)?.try_into().ok()?))
                } else {
                    f64::from_be_bytes(object.get(1..9)?.try_into().ok()?)
                };
                write!(told.json, "\"{value}\"").ok()?;
            }
            3 => {
                // Seconds since 1 January 2001.
                let value = f64::from_be_bytes(object.get(1..9)?.try_into().ok()?);
                let moment = jiff::Timestamp::from_second((value as i64).checked_add(978_307_200)?);
                told.string(
                    &moment.map_or_else(|_| value.to_string(), |moment| moment.to_string()),
                );
            }
            4 => {
                let (n, rest) = Self::length(object)?;
                told.bytes(rest.get(..n)?);
            }
            5 => {
                let (n, rest) = Self::length(object)?;
                told.string(&encoding::decode(rest.get(..n)?, None).text);
            }
            6 => {
                let (n, rest) = Self::length(object)?;
                let text = rest.get(..n.checked_mul(2)?)?;
                told.string(&encoding::decode(text, Some("utf-16be")).text);
            }
            0xa..=0xc => {
                let (n, rest) = Self::length(object)?;
                told.json.push('[');
                for index in 0..n {
                    if index > 0 {
                        told.json.push(',');
                    }
                    let Some(member) = self.reference(rest, index) else {
                        told.fail(Reason::Corrupt);
                        break;
                    };
                    self.tell(member, told);
                    if self.is_past(told) {
                        break;
                    }
                }
                told.json.push(']');
            }
            0xd => {
                let (n, rest) = Self::length(object)?;
                told.json.push('{');
                for index in 0..n {
                    let key = self.reference(rest, index);
                    let value = self.reference(rest, n.checked_add(index)?);
                    let (Some(key), Some(value)) = (key, value) else {
                        told.fail(Reason::Corrupt);
                        break;
                    };
                    if index > 0 {
                        told.json.push(',');
                    }
                    self.key(key, told);
                    told.json.push(':');
                    self.tell(value, told);
                    if self.is_past(told) {
                        break;
                    }
                }
                told.json.push('}');
            }
            _ => return None,
        }
        Some(())
    }

    fn key(&self, index: usize, told: &mut Told) {
        let text = self.object(index).and_then(|object| {
            let (n, rest) = Self::length(object)?;
            match object.first()? >> 4 {
                5 => Some(encoding::decode(rest.get(..n)?, None).text),
                6 => Some(encoding::decode(rest.get(..n.checked_mul(2)?)?, Some("utf-16be")).text),
                _ => None,
            }
        });
        told.string(&text.unwrap_or_default());
    }
}

/// Writes a property list in XML. Gives whether it was one to its end.
fn xml(text: &str, told: &mut Told) -> bool {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_dangling_amp = true;
    let (mut open, mut value) = (Vec::new(), String::new());
    let comma = |told: &mut Told| {
        if told.json.ends_with(['"', '}', ']'])
            || told.json.ends_with(|c: char| c.is_alphanumeric())
        {
            told.json.push(',');
        }
    };
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                value.clear();
                let name = start.local_name().as_ref().to_owned();
                if matches!(name.as_str(), "dict" | "array") {
                    comma(told);
                    told.json.push(if name == "dict" { '{' } else { '[' });
                }
                open.push(name);
            }
            Ok(Event::Empty(empty)) => {
                comma(told);
                told.json.push_str(match empty.local_name().as_ref() {
                    "true" => "true",
                    "false" => "false",
                    "dict" => "{}",
                    "array" => "[]",
                    _ => "\"\"",
                });
            }
            Ok(Event::End(_)) => match open.pop().as_deref() {
                Some("dict") => told.json.push('}'),
                Some("array") => told.json.push(']'),
                Some("plist") | None => {}
                Some(name) => {
                    comma(told);
                    let value = std::mem::take(&mut value);
                    match name {
                        "integer" if value.trim().parse::<i128>().is_ok() => {
                            told.json.push_str(value.trim())
                        }
                        "data" => told.string(&value.split_whitespace().collect::<String>()),
                        _ => told.string(&value),
                    }
                    if name == "key" {
                        told.json.push(':');
                    }
                }
            },
            Ok(Event::Text(text)) => value.push_str(&text),
            Ok(Event::CData(text)) => value.push_str(&text),
            Ok(Event::GeneralRef(name)) => match name.resolve_char_ref() {
                Ok(Some(c)) => value.push(c),
                _ => match quick_xml::escape::resolve_predefined_entity(&name) {
                    Some(text) => value.push_str(text),
                    None => write!(value, "&{};", &*name).unwrap_or_default(),
                },
            },
            Ok(Event::Eof) => return open.is_empty(),
            Err(_) => {
                told.string(
                    text.get(usize::try_from(reader.buffer_position()).unwrap_or(0)..)
                        .unwrap_or_default(),
                );
                return false;
            }
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;

    fn check(bytes: &[u8], expected: &str) {
        let budget = Budget::default();
        let media_type = sniff(&Sample::new("a.plist", bytes)).unwrap().1;
        let mut out = Out::new(media_type, &budget);
        read(&Input { name: "a.plist", bytes, media_type, budget: &budget }, &mut out);
        let document = out.finish().0;
        assert_eq!(document.text(), expected);
        assert_eq!(document.exceptions, []);
    }

    /// A binary list of these objects, the first of them on the outside.
    fn binary(objects: &[Vec<u8>]) -> Vec<u8> {
        let (mut bytes, mut table) = (b"bplist00".to_vec(), Vec::new());
        for object in objects {
            table.extend((bytes.len() as u32).to_be_bytes());
            bytes.extend(object);
        }
        let at = bytes.len() as u64;
        bytes.extend(table);
        bytes.extend([0, 0, 0, 0, 0, 0, 4, 1]);
        [objects.len() as u64, 0, at].iter().for_each(|n| bytes.extend(n.to_be_bytes()));
        bytes
    }

    fn check_limit(objects: &[Vec<u8>], expected: Reason) {
        let bytes = binary(objects);
        let budget = Budget { expanded_bytes: 1 << 20, ..Budget::default() };
        let media_type = "application/x-bplist";
        let mut out = Out::new(media_type, &budget);
        let begun = std::time::Instant::now();
        read(&Input { name: "a.plist", bytes: &bytes, media_type, budget: &budget }, &mut out);
        let document = out.finish().0;
        let reasons: Vec<Reason> = document.exceptions.iter().map(|e| e.reason).collect();
        assert_eq!(reasons, [expected]);
        assert!(document.exceptions[0].is_partial);
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }

    #[test]
    fn lists_that_multiply_end_at_a_limit() {
        // Each list has the next one 14 times.
        let mut objects: Vec<Vec<u8>> =
            (1..=20).map(|next| [vec![0xae], vec![next; 14]].concat()).collect();
        objects.push(b"\x51a".to_vec());
        check_limit(&objects, Reason::CountLimit);
        // A long text, many times over.
        let text = [&b"\x5f\x11\x10\x00"[..], &[b'a'; 0x1000]].concat();
        let often = [&[0xaf, 0x11, 0x10, 0x00][..], &[1; 0x1000]].concat();
        check_limit(&[often, text], Reason::ExpansionLimit);
        // Lists in lists, and one in itself.
        let mut deep: Vec<Vec<u8>> = (1..=120).map(|next| vec![0xa1, next]).collect();
        deep.push(b"\x51a".to_vec());
        check_limit(&deep, Reason::DepthLimit);
        check_limit(&[vec![0xa2, 1, 0], b"\x51a".to_vec()], Reason::Corrupt);
    }

    #[test]
    fn both_ways_to_write_a_list_say_the_same() {
        check(
            b"<?xml version=\"1.0\"?><plist version=\"1.0\"><dict><key>Name</key><string>Amara &amp; Bo</string>\
              <key>Tags</key><array><string>a</string><integer>7</integer><true/></array></dict></plist>",
            "Name: Amara & Bo\nTags[1]: a\nTags[2]: 7\nTags[3]: true",
        );
        // As Python's plistlib writes it.
        check(
            b"bplist00\xd2\x01\x02\x03\x04TNameTTagsZAmara & Bo\xa3\x05\x06\x07Qa\x10\x07\x09\x08\x0d\x12\x17\x22\x26\x28\x2a\
              \0\0\0\0\0\0\x01\x01\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x2b",
            "Name: Amara & Bo\nTags[1]: a\nTags[2]: 7\nTags[3]: true",
        );
    }
}
