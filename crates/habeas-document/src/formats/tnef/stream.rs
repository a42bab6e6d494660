//! How do attributes and properties stand one after the other ([MS-OXTNEF] 2.1)?

use std::borrow::Cow;

use crate::formats::compound::{u16_at, u32_at, utf16};
use crate::formats::mapi::{Key, Raw, width};

/// What is left to be read.
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(taken)
    }

    /// A value and what fills it up to a multiple of four bytes, which may be missing at the end.
    fn padded(&mut self, n: usize) -> Option<&'a [u8]> {
        let taken = self.take(n)?;
        let filling = (4 - n % 4) % 4;
        self.rest = self.rest.get(filling..).unwrap_or_default();
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        u16_at(self.take(2)?, 0)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        u32_at(self.take(4)?, 0)
    }
}

pub(super) struct Attribute<'a> {
    pub(super) id: u32,
    pub(super) data: &'a [u8],
    /// Does the sum of its bytes fit?
    pub(super) fits: bool,
}

/// The next attribute: a level, an id, a length, the data, and the sum of its bytes.
pub(super) fn attribute<'a>(rest: &mut Cursor<'a>) -> Option<Attribute<'a>> {
    rest.take(1)?;
    let id = rest.u32()?;
    let n = rest.u32()? as usize;
    let data = rest.take(n)?;
    // The last sum may be cut off.
    let fits = rest.u16().is_none_or(|sum| sum == sum_of(data));
    Some(Attribute { id, data, fits })
}

/// The sum of all bytes, in 16 bits.
pub(super) fn sum_of(data: &[u8]) -> u16 {
    data.iter().fold(0, |sum: u16, byte| sum.wrapping_add(u16::from(*byte)))
}

/// The properties of a list, and whether all of them could be read.
pub(super) fn properties<'a>(rest: &mut Cursor<'a>) -> (Vec<Raw<'a>>, bool) {
    let mut found = Vec::new();
    let Some(n) = rest.u32() else { return (found, rest.is_empty()) };
    for _ in 0..n {
        match property(rest) {
            Some(raw) => found.push(raw),
            None => return (found, false),
        }
    }
    (found, true)
}

fn property<'a>(rest: &mut Cursor<'a>) -> Option<Raw<'a>> {
    let (kind, tag) = (rest.u16()?, rest.u16()?);
    let key = if tag >= 0x8000 {
        rest.take(16)?;
        if rest.u32()? == 0 {
            Key::Lid(rest.u32()?)
        } else {
            let n = rest.u32()? as usize;
            Key::Name(utf16(rest.padded(n)?).trim_matches('\0').to_owned())
        }
    } else {
        Key::Tag(tag)
    };
    let (is_several, kind) = (kind & 0x1000 != 0, kind & !0x1000);
    let fixed = width(kind);
    let n_values = if is_several || fixed.is_none() { rest.u32()? } else { 1 };
    let mut values = Vec::new();
    for _ in 0..n_values {
        let n = match fixed {
            Some(n) => n,
            None => rest.u32()? as usize,
        };
        // Types that are not known have no length: what follows cannot be told apart.
        if kind == 0 || !is_known(kind) {
            return None;
        }
        values.push(Cow::Borrowed(rest.padded(n)?));
    }
    Some(Raw { key, kind, values })
}

fn is_known(kind: u16) -> bool {
    width(kind).is_some() || matches!(kind, 0x01 | 0x0d | 0x1e | 0x1f | 0xfb | 0xfd | 0xfe | 0x102)
}

/// Attributes from before MAPI, as the properties that hold the same.
pub(super) fn before_mapi(id: u32, data: &[u8]) -> Vec<Raw<'_>> {
    let text = |tag: u16, bytes| Raw {
        key: Key::Tag(tag),
        kind: 0x1e,
        values: vec![Cow::Borrowed(bytes)],
    };
    let time = |tag: u16| -> Vec<Raw<'_>> {
        let raw = |ticks: u64| Raw {
            key: Key::Tag(tag),
            kind: 0x40,
            values: vec![Cow::Owned(ticks.to_le_bytes().to_vec())],
        };
        ticks(data).map(raw).into_iter().collect()
    };
    let person = |name: u16, address: u16, found: Option<(&'_ [u8], &'_ [u8])>| {
        let Some((who, at)) = found else { return Vec::new() };
        // `SMTP:amara@example.org`
        let at_sign = at.iter().position(|byte| *byte == b':').map_or(0, |colon| colon + 1);
        let who = Raw { key: Key::Tag(name), kind: 0x1e, values: vec![Cow::Owned(who.to_vec())] };
        let at = at.get(at_sign..).unwrap_or_default().to_vec();
        vec![who, Raw { key: Key::Tag(address), kind: 0x1e, values: vec![Cow::Owned(at)] }]
    };
    match id {
        0x0001_8004 => vec![text(0x0037, data)],
        0x0002_800c => vec![text(0x1000, data)],
        0x0007_8008 => {
            let class = String::from_utf8_lossy(data).trim_matches('\0').to_owned();
            // [MS-OXTNEF] 2.1.3.3.10: the classes of Microsoft Mail.
            let class = class
                .replace("IPM.Microsoft Mail.", "IPM.")
                .replace("IPM.Microsoft Schedule.", "IPM.Schedule.");
            vec![Raw {
                key: Key::Tag(0x001a),
                kind: 0x1e,
                values: vec![Cow::Owned(class.into_bytes())],
            }]
        }
        0x0003_8005 => time(0x0039),
        0x0003_8006 => time(0x0e06),
        0x0003_8020 => time(0x3008),
        0x0003_0006 => time(0x0060),
        0x0003_0007 => time(0x0061),
        0x0000_8000 => person(0x0c1a, 0x0c1f, triple(data)),
        0x0006_0000 => person(0x0042, 0x0065, pair(data)),
        0x0006_0001 => person(0x0044, 0x0078, pair(data)),
        _ => Vec::new(),
    }
}

/// Name and address of the sender: a head of four numbers, of which the last two are lengths.
fn triple(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (n_name, n_address) = (usize::from(u16_at(data, 4)?), usize::from(u16_at(data, 6)?));
    let name = data.get(8..8 + n_name)?;
    let address = data.get(8 + n_name..8 + n_name + n_address)?;
    Some((name, address))
}

/// Name and address, each with its length before it.
fn pair(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let n_name = usize::from(u16_at(data, 0)?);
    let name = data.get(2..2 + n_name)?;
    let n_address = usize::from(u16_at(data, 2 + n_name)?);
    Some((name, data.get(4 + n_name..4 + n_name + n_address)?))
}

/// Year, month, day, hour, minute and second as units of 100 nanoseconds since 1601.
fn ticks(data: &[u8]) -> Option<u64> {
    let part = |index: usize| u16_at(data, index * 2).and_then(|part| i8::try_from(part).ok());
    let year = i16::try_from(u16_at(data, 0)?).ok()?;
    let time =
        jiff::civil::DateTime::new(year, part(1)?, part(2)?, part(3)?, part(4)?, part(5)?, 0);
    let time = jiff::tz::TimeZone::UTC.to_timestamp(time.ok()?).ok()?;
    let since_1970 = u64::try_from(time.as_second()).ok()?;
    since_1970.checked_mul(10_000_000)?.checked_add(116_444_736_000_000_000)
}
