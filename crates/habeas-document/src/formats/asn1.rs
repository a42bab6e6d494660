//! How are values packed in values, as certificates and signatures have it (X.690)?
//!
//! Lengths may be stated or not, and what is cut short has what is there: see [`is_cut`].

use crate::encoding;

/// A value: its tag, and what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value<'a> {
    pub(crate) tag: u8,
    pub(crate) inside: &'a [u8],
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// Values of no stated length in each other; a content in pieces is one level deep.
const MAX_DEPTH: usize = 8;

/// The value that the bytes begin with, and what follows it.
pub(crate) fn value(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    at_depth(bytes, MAX_DEPTH)
}

/// The value that the bytes begin with if it has that tag, and what follows it.
pub(crate) fn tagged(bytes: &[u8], tag: u8) -> Option<(Value<'_>, &[u8])> {
    value(bytes).filter(|(value, _)| value.tag == tag)
}

/// The values that follow each other, up to the first that is none.
pub(crate) fn values(bytes: &[u8]) -> impl Iterator<Item = Value<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (value, after) = value(rest)?;
        rest = after;
        Some(value)
    })
}

fn at_depth(bytes: &[u8], depth: usize) -> Option<(Value<'_>, &[u8])> {
    let (tag, first) = (*bytes.first()?, *bytes.get(1)?);
    if tag & 0x1f == 0x1f {
        return None;
    }
    if first != 0x80 {
        let (n, head) = stated(bytes)?;
        let rest = bytes.get(head..)?;
        let (inside, rest) = rest.split_at(n.min(rest.len()));
        return Some((Value { tag, inside }, rest));
    }
    // Of no stated length: values follow until one of two zeros.
    let depth = depth.checked_sub(1)?;
    let start = bytes.get(2..)?;
    let mut rest = start;
    while !rest.is_empty() && !rest.starts_with(&[0, 0]) {
        let (_, after) = at_depth(rest, depth)?;
        rest = after;
    }
    let inside = start.get(..start.len() - rest.len())?;
    Some((Value { tag, inside }, rest.get(2..).unwrap_or_default()))
}

/// The stated length of a value, and how many bytes stand before what is in it.
fn stated(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = *bytes.get(1)?;
    if first < 0x80 {
        return Some((usize::from(first), 2));
    }
    let n_digits = usize::from(first & 0x7f);
    let digits = bytes.get(2..2 + n_digits).filter(|_| (1..=4).contains(&n_digits))?;
    let n = digits.iter().fold(0_usize, |n, digit| n << 8 | usize::from(*digit));
    Some((n, 2 + n_digits))
}

/// Do the bytes end before the value does that they begin with?
pub(crate) fn is_cut(bytes: &[u8]) -> bool {
    if bytes.get(1) == Some(&0x80) {
        // What is left after the value begins with the two zeros, which it has taken.
        return value(bytes).is_none_or(|(_, rest)| {
            !bytes.get(..bytes.len() - rest.len()).unwrap_or_default().ends_with(&[0, 0])
        });
    }
    stated(bytes).is_none_or(|(n, head)| bytes.len() < n.saturating_add(head))
}

/// An object identifier as it is written: `2.5.4.3`.
pub(crate) fn oid(bytes: &[u8]) -> String {
    let mut numbers: Vec<String> = Vec::new();
    let mut number = 0_u64;
    for byte in bytes.iter().take(64) {
        number = number << 7 & (u64::MAX >> 1) | u64::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            continue;
        }
        if numbers.is_empty() {
            let first = (number / 40).min(2);
            numbers.push(first.to_string());
            number -= first * 40;
        }
        numbers.push(std::mem::take(&mut number).to_string());
    }
    numbers.join(".")
}

/// What a value of text says; `None` if it is no text.
pub(crate) fn text(value: Value<'_>) -> Option<String> {
    let bytes = value.inside;
    let text = match value.tag {
        // UTF8String, NumericString, PrintableString, TeletexString, IA5String, VisibleString.
        0x0c | 0x12 | 0x13 | 0x14 | 0x16 | 0x1a => encoding::decode(bytes, None).text.into_owned(),
        // UniversalString.
        0x1c => {
            let units = bytes.as_chunks::<4>().0.iter();
            let characters = units.map(|unit| char::from_u32(u32::from_be_bytes(*unit)));
            characters.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        // BMPString.
        0x1e => encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0.into_owned(),
        _ => return None,
    };
    Some(text)
}

/// A time as ISO 8601; `None` if the value is none.
///
/// # Source
/// RFC 5280, 4.1.2.5: years of two digits from 50 are of the twentieth century.
pub(crate) fn time(value: Value<'_>) -> Option<String> {
    let digits = std::str::from_utf8(value.inside).ok()?;
    let digits = match value.tag {
        0x17 => {
            let century = if digits.get(..2)? < "50" { "20" } else { "19" };
            format!("{century}{digits}")
        }
        0x18 => digits.to_owned(),
        _ => return None,
    };
    let piece = |from: usize, to: usize| {
        digits.get(from..to).filter(|piece| piece.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let (year, month, day) = (piece(0, 4)?, piece(4, 6)?, piece(6, 8)?);
    let (hour, minute) = (piece(8, 10)?, piece(10, 12)?);
    let second = piece(12, 14).unwrap_or("00");
    let zone = if digits.ends_with('Z') { "Z" } else { "" };
    Some(format!("{year}-{month}-{day}T{hour}:{minute}:{second}{zone}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_stated_and_of_no_length_are_read() {
        let (outer, rest) = value(&[0x30, 3, 4, 1, b'T', 9]).unwrap();
        assert_eq!((outer.tag, outer.inside, rest), (0x30, &[4, 1, b'T'][..], &[9][..]));
        let (outer, rest) = value(&[0x24, 0x80, 4, 1, b'T', 4, 1, b'o', 0, 0, 9]).unwrap();
        assert_eq!(rest, [9]);
        let pieces: Vec<&[u8]> = values(outer.inside).map(|value| value.inside).collect();
        assert_eq!(pieces, [b"T", b"o"]);
        assert!(value(&[0x30, 0x85, 1, 1, 1, 1, 1, 1]).is_none());
        assert!(value(&[0x30, 0x80].repeat(64)).is_none());
    }

    #[test]
    fn a_cut_is_seen() {
        assert!(!is_cut(&[0x30, 1, 5]));
        assert!(!is_cut(&[0x30, 1, 5, 7]));
        assert!(is_cut(&[0x30, 2, 5]));
        assert!(is_cut(&[0x30]));
        assert!(!is_cut(&[0x30, 0x80, 4, 1, b'T', 0, 0]));
        assert!(is_cut(&[0x30, 0x80, 4, 1, b'T']));
    }

    #[test]
    fn simple_values_are_written_as_people_write_them() {
        assert_eq!(oid(&[0x55, 4, 3]), "2.5.4.3");
        assert_eq!(oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1]), "1.2.840.113549.1.9.1");
        let of = |tag: u8, inside: &'static [u8]| Value { tag, inside };
        assert_eq!(text(of(0x0c, "Zoë".as_bytes())).unwrap(), "Zoë");
        assert_eq!(text(of(0x14, b"Zo\xeb")).unwrap(), "Zoë");
        assert_eq!(text(of(0x1e, b"\0Z\0o\0\xeb")).unwrap(), "Zoë");
        assert_eq!(text(of(0x1c, b"\0\0\0Z\0\0\0\xeb")).unwrap(), "Zë");
        assert_eq!(text(of(0x02, b"1")), None);
        assert_eq!(time(of(0x17, b"250304100200Z")).unwrap(), "2025-03-04T10:02:00Z");
        assert_eq!(time(of(0x17, b"9912312359Z")).unwrap(), "1999-12-31T23:59:00Z");
        assert_eq!(time(of(0x18, b"20500101000000Z")).unwrap(), "2050-01-01T00:00:00Z");
        assert_eq!(time(of(0x17, b"today")), None);
    }
}
