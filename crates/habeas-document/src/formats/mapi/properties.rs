//! How are properties kept, and what are their values ([MS-OXCDATA] 2.11.1)?

use std::borrow::Cow;
use std::collections::BTreeMap;

use encoding_rs::Encoding;

use crate::encoding;
use crate::formats::compound::{u16_at, u32_at, utf16};
use crate::formats::rtf::of_code_page;

/// What a property is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// By its tag, the same in every file.
    Tag(u16),
    /// By a number in a set of names; the sets have ranges of their own, so the set is not kept.
    Lid(u32),
    /// By a name: a header of the internet, or what a program or a user made up.
    Name(String),
}

/// A property as it is kept: its type, and its value or values.
pub(crate) struct Raw<'a> {
    pub(crate) key: Key,
    /// The type without the flag for several values, such as 0x1f for text in UTF-16.
    pub(crate) kind: u16,
    pub(crate) values: Vec<Cow<'a, [u8]>>,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Text(String),
    Texts(Vec<String>),
    Bytes(Cow<'a, [u8]>),
    Blobs(Vec<Cow<'a, [u8]>>),
    Number(i64),
    /// In units of 100 nanoseconds since 1601, UTC.
    Time(u64),
}

/// The properties of an object.
#[derive(Default)]
pub(crate) struct Properties<'a> {
    values: BTreeMap<Key, Value<'a>>,
    encoding: Option<&'static Encoding>,
}

/// How many bytes a value of a type has, if that is always the same.
pub(crate) fn width(kind: u16) -> Option<usize> {
    match kind {
        0x02 | 0x0b => Some(2),
        0x03 | 0x04 | 0x0a => Some(4),
        0x05 | 0x06 | 0x07 | 0x14 | 0x40 => Some(8),
        0x48 => Some(16),
        _ => None,
    }
}

impl<'a> Properties<'a> {
    /// Takes the values for what they are. `outer` is the encoding of the object around this one,
    /// for text of one byte a character.
    pub(crate) fn new(raws: Vec<Raw<'a>>, outer: Option<&'static Encoding>) -> Self {
        let code_page = |tag: u16| {
            let raw = raws.iter().find(|raw| raw.key == Key::Tag(tag) && raw.kind == 0x03)?;
            of_code_page(i32::try_from(u32_at(raw.values.first()?, 0)?).ok()?)
        };
        // PidTagMessageCodepage, then PidTagInternetCodepage.
        let encoding = code_page(0x3ffd).or_else(|| code_page(0x3fde)).or(outer);
        let mut values = BTreeMap::new();
        for raw in raws {
            let is_wide = raw.kind == 0x1f;
            if let Some(value) = value(raw.kind, raw.values, encoding) {
                match values.entry(raw.key) {
                    std::collections::btree_map::Entry::Vacant(entry) => {
                        entry.insert(value);
                    }
                    // Of two versions of a text, the one that can hold every character.
                    std::collections::btree_map::Entry::Occupied(mut entry) if is_wide => {
                        entry.insert(value);
                    }
                    std::collections::btree_map::Entry::Occupied(_) => {}
                }
            }
        }
        Self { values, encoding }
    }

    /// All of them, in the order of their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, &Value<'a>)> {
        self.values.iter()
    }

    /// The first of these that is text and says something.
    pub(crate) fn text(&self, tags: &[u16]) -> Option<&str> {
        tags.iter()
            .filter_map(|tag| match self.values.get(&Key::Tag(*tag))? {
                Value::Text(text) => Some(text.trim()),
                _ => None,
            })
            .find(|text| !text.is_empty())
    }

    pub(crate) fn bytes(&self, tag: u16) -> Option<&Cow<'a, [u8]>> {
        match self.values.get(&Key::Tag(tag))? {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(crate) fn number(&self, tag: u16) -> Option<i64> {
        match self.values.get(&Key::Tag(tag))? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The first of these times as ISO 8601 in UTC.
    pub(crate) fn time(&self, tags: &[u16]) -> Option<String> {
        tags.iter().find_map(|tag| match self.values.get(&Key::Tag(*tag))? {
            Value::Time(ticks) => ticks_to_iso(*ticks),
            _ => None,
        })
    }

    /// Takes a value away, to be used elsewhere.
    pub(crate) fn take_bytes(&mut self, tag: u16) -> Option<Cow<'a, [u8]>> {
        match self.values.remove(&Key::Tag(tag))? {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The encoding of its text of one byte a character, if one is stated.
    pub(crate) fn encoding(&self) -> Option<&'static Encoding> {
        self.encoding
    }

    /// What kind of object it is, such as `IPM.Note`.
    pub(crate) fn class(&self) -> &str {
        self.text(&[0x001a]).unwrap_or("IPM.Note")
    }
}

fn value<'a>(
    kind: u16,
    values: Vec<Cow<'a, [u8]>>,
    encoding: Option<&'static Encoding>,
) -> Option<Value<'a>> {
    let text = |bytes: &[u8]| {
        let text = if kind == 0x1f { utf16(bytes) } else { narrow(bytes, encoding) };
        text.trim_matches('\0').to_owned()
    };
    if matches!(kind, 0x1e | 0x1f) {
        return match values.as_slice() {
            [one] => Some(Value::Text(text(one))),
            several => Some(Value::Texts(several.iter().map(|one| text(one)).collect())),
        };
    }
    if kind == 0x102 && values.len() > 1 {
        return Some(Value::Blobs(values));
    }
    let first = values.into_iter().next()?;
    let number = |n: usize| {
        let bytes = first.get(..n)?;
        Some(bytes.iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte)))
    };
    match kind {
        0x02 => Some(Value::Number(i64::from(number(2)? as u16 as i16))),
        0x0b => Some(Value::Number(i64::from(number(1)? != 0))),
        0x03 | 0x0a => Some(Value::Number(i64::from(number(4)? as u32 as i32))),
        0x14 => Some(Value::Number(number(8)? as i64)),
        0x40 => number(8).filter(|ticks| *ticks > 0).map(Value::Time),
        0x0d | 0x102 => Some(Value::Bytes(first)),
        _ => None,
    }
}

/// Text of one byte a character, in the code page if one is stated.
fn narrow(bytes: &[u8], encoding: Option<&'static Encoding>) -> String {
    // The zero at its end would make a short text look like UTF-16.
    let n_bytes = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let bytes = bytes.get(..n_bytes).unwrap_or_default();
    match encoding {
        Some(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
        None => encoding::decode(bytes, None).text.into_owned(),
    }
}

/// A time as ISO 8601; it is kept as tenths of microseconds since 1601. Times that mean "none" and
/// "never" are none.
pub(crate) fn ticks_to_iso(ticks: u64) -> Option<String> {
    let since_1970 = i128::from(ticks).checked_sub(116_444_736_000_000_000)?.checked_mul(100)?;
    let time = jiff::Timestamp::from_nanosecond(since_1970).ok()?;
    let year = time.strftime("%Y").to_string().parse::<i32>().ok()?;
    (1602..4500).contains(&year).then(|| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// What the numbers from 0x8000 mean in one file: [MS-OXMSG] 2.2.3, [MS-PST] 2.4.7.
///
/// An entry is 8 bytes: a number, or where the name stands in `strings`; the set and whether it is
/// a name; and which number from 0x8000 it has here.
pub(crate) fn names_of(entries: &[u8], strings: &[u8]) -> BTreeMap<u16, Key> {
    let entries = entries.as_chunks::<8>().0.iter();
    entries
        .filter_map(|entry| {
            let number = u32_at(entry, 0)?;
            let is_name = u16_at(entry, 4)? & 1 == 1;
            let tag = 0x8000_u16.checked_add(u16_at(entry, 6)?)?;
            let key = if is_name {
                let at = number as usize;
                let n = u32_at(strings, at)? as usize;
                let name = strings.get(at.checked_add(4)?..at.checked_add(4)?.checked_add(n)?)?;
                Key::Name(utf16(name))
            } else {
                Key::Lid(number)
            };
            Some((tag, key))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_value(kind: u16, bytes: &[u8], expected: Option<Value<'_>>) {
        assert_eq!(value(kind, vec![Cow::Borrowed(bytes)], None), expected);
    }

    #[test]
    fn values_are_what_their_type_says() {
        check_value(0x02, b"\xff\xff", Some(Value::Number(-1)));
        check_value(0x0b, b"\x01\x00", Some(Value::Number(1)));
        check_value(0x03, b"\x01\x00\x00\x00", Some(Value::Number(1)));
        check_value(0x03, b"\x01", None);
        check_value(0x1f, b"A\0b\0\0\0", Some(Value::Text("Ab".into())));
        check_value(0x1e, b"Zoe\0", Some(Value::Text("Zoe".into())));
        check_value(0x40, &[0; 8], None);
    }

    #[test]
    fn a_time_is_told_unless_it_means_never() {
        assert_eq!(ticks_to_iso(116_444_736_000_000_000).as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(ticks_to_iso(0x0cb3_4557_a3dd_4000), None);
    }

    #[test]
    fn names_are_numbers_or_words() {
        let strings = b"\x04\0\0\0K\0w\0";
        let entries = b"\x83\x80\0\0\x06\0\0\0\0\0\0\0\x05\0\x02\0";
        let names = names_of(entries, strings);
        assert_eq!(names[&0x8000], Key::Lid(0x8083));
        assert_eq!(names[&0x8002], Key::Name("Kw".to_owned()));
    }
}
