//! What does a stream of a PDF unpack to, in no more memory than it may have, and is it whole?
//!
//! `hayro` unpacks without a limit, and gives what it has where a stream breaks off. What it is to
//! read is unpacked here before, so that neither a bomb nor a loss goes unnoticed.

use flate2::{Decompress, FlushDecompress, Status};
use habeas_model::{Exception, Reason};
use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::{Array, Dict, Object, Stream};
use hayro::hayro_syntax::page::Page;

use crate::Budget;
use crate::out::Unpacked;

/// Properties and scripts may unpack to this.
const MAX_SMALL: u64 = 64 << 20;

/// A stream of properties or a script.
pub(super) fn small(stream: &Stream<'_>) -> Option<Vec<u8>> {
    let unpacked = unpack(stream, MAX_SMALL);
    (!unpacked.bytes.is_empty() && unpacked.bytes.len() as u64 <= MAX_SMALL)
        .then_some(unpacked.bytes)
}

/// Unpacks a stream; one byte more than `limit` means that the limit was passed.
pub(super) fn unpack(stream: &Stream<'_>, limit: u64) -> Unpacked {
    let mut bytes = stream.raw_data().into_owned();
    let mut exception = None;
    let has_predictor = stream
        .dict()
        .get::<Dict<'_>>(b"DecodeParms")
        .is_some_and(|parms| parms.contains_key(b"Predictor"));
    for filter in stream.filters() {
        match filter {
            Filter::Crypt => {}
            Filter::FlateDecode => {
                let (inflated, is_whole) = inflate(&bytes, limit);
                let is_over = inflated.len() as u64 > limit;
                if !is_whole && !is_over {
                    exception = Some(Exception::whole(Reason::Corrupt, "unpacks only in part"));
                }
                bytes = inflated;
                if is_over {
                    break;
                }
            }
            Filter::AsciiHexDecode
            | Filter::Ascii85Decode
            | Filter::RunLengthDecode
            | Filter::LzwDecode => return bounded(stream, limit),
            _ => return Unpacked { bytes: Vec::new(), exception: Some(corrupt()) },
        }
    }
    if has_predictor && bytes.len() as u64 <= limit {
        return bounded(stream, limit);
    }
    Unpacked { bytes, exception }
}

fn corrupt() -> Exception {
    Exception::whole(Reason::Corrupt, "its stream cannot be unpacked")
}

/// What may be unpacked without a limit, because it cannot come to more than this.
const MAX_UNBOUNDED: u64 = 256 << 20;

/// Unpacks what comes to less than [`MAX_UNBOUNDED`] at the worst.
fn bounded(stream: &Stream<'_>, limit: u64) -> Unpacked {
    // How many times larger the output of each can be than its input.
    let worst = stream.filters().iter().fold(stream.raw_data().len() as u64, |size, filter| {
        size.saturating_mul(match filter {
            Filter::FlateDecode => 1_040,
            Filter::LzwDecode => 1_400,
            Filter::RunLengthDecode => 64,
            _ => 1,
        })
    });
    if worst > MAX_UNBOUNDED.max(limit) && !is_small_after_text(stream, limit) {
        let note = "packed in a way whose result has no bound";
        let exception = Some(Exception::whole(Reason::ExpansionLimit, note));
        return Unpacked { bytes: Vec::new(), exception };
    }
    match stream.decoded_data() {
        Ok(bytes) => Unpacked { bytes: bytes.into_owned(), exception: None },
        Err(_) => Unpacked { bytes: Vec::new(), exception: Some(corrupt()) },
    }
}

/// Is it a deflated stream, plain or written in letters, that stays within the limit?
fn is_small_after_text(stream: &Stream<'_>, limit: u64) -> bool {
    let raw = stream.raw_data();
    let packed = match stream.filters().as_slice() {
        [Filter::FlateDecode] => raw.into_owned(),
        [Filter::Ascii85Decode, Filter::FlateDecode] => from_ascii85(&raw),
        _ => return false,
    };
    inflate(&packed, limit).0.len() as u64 <= limit
}

/// Five letters for four bytes, `z` for four zeros (ISO 32000-2, 7.4.3).
fn from_ascii85(letters: &[u8]) -> Vec<u8> {
    let (mut bytes, mut group, mut n_letters) = (Vec::new(), 0_u32, 0);
    for letter in letters {
        match letter {
            b'z' if n_letters == 0 => bytes.extend([0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(letter - b'!'));
                n_letters += 1;
                if n_letters == 5 {
                    bytes.extend(group.to_be_bytes());
                    (group, n_letters) = (0, 0);
                }
            }
            b'~' => break,
            _ => {}
        }
    }
    if n_letters > 1 {
        for _ in n_letters..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        bytes.extend(&group.to_be_bytes()[..n_letters - 1]);
    }
    bytes
}

/// Inflates to one byte past the limit, and says whether the end was reached.
///
/// The checksum at the end is not looked at: many writers leave it out.
fn inflate(packed: &[u8], limit: u64) -> (Vec<u8>, bool) {
    if packed.trim_ascii().is_empty() {
        return (Vec::new(), true);
    }
    // Some leave the head out as well (RFC 1950, 2.2).
    let has_head = match packed {
        [method, flags, ..] => {
            method & 0x0f == 8 && u16::from_be_bytes([*method, *flags]).is_multiple_of(31)
        }
        _ => false,
    };
    let packed = if has_head { packed.get(2..).unwrap_or_default() } else { packed };
    let most = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
    let mut inflater = Decompress::new(false);
    let mut bytes = Vec::new();
    loop {
        let before = (inflater.total_in(), bytes.len());
        bytes.reserve(64 << 10);
        let rest = packed.get(before.0 as usize..).unwrap_or_default();
        let status = inflater.decompress_vec(rest, &mut bytes, FlushDecompress::None);
        if bytes.len() >= most {
            bytes.truncate(most);
            return (bytes, matches!(status, Ok(Status::StreamEnd)));
        }
        match status {
            Ok(Status::StreamEnd) => return (bytes, true),
            Ok(_) if (inflater.total_in(), bytes.len()) != before => {}
            _ => return (bytes, false),
        }
    }
}

/// What is wrong with the content of a page before anything in it is read: a part of it is not
/// there, or breaks off, or unpacks to more than it may and is not to be read at all.
pub(super) fn trouble(page: &Page<'_>, budget: &Budget) -> Option<Exception> {
    const KEY: &[u8] = b"Contents";
    let missing = || Exception::part(Reason::Corrupt, None, "a part of its content is missing");
    let (streams, n_stated) = match page.raw().get::<Object<'_>>(KEY) {
        Some(Object::Stream(stream)) => (vec![stream], 1),
        Some(Object::Array(array)) => (array.iter::<Stream<'_>>().collect(), count(&array)),
        Some(Object::Null(_)) => return None,
        _ => return page.raw().contains_key(KEY).then(missing),
    };
    let n_bytes = streams.iter().map(|stream| stream.raw_data().len() as u64).sum();
    let mut left = budget.allowance(n_bytes, 0);
    let mut trouble = (streams.len() < n_stated).then(missing);
    for stream in &streams {
        let Unpacked { bytes, exception } = unpack(stream, left);
        let is_over = bytes.len() as u64 > left;
        match exception {
            Some(why) if why.reason == Reason::ExpansionLimit => return Some(why),
            Some(_) => {
                let note = "its content is damaged; some of it may be missing";
                trouble = Some(Exception::part(Reason::Corrupt, None, note));
            }
            None => {}
        }
        if is_over {
            let note = "its content unpacks to more than it may";
            return Some(Exception::part(Reason::ExpansionLimit, None, note));
        }
        left -= bytes.len() as u64;
    }
    trouble
}

fn count(array: &Array<'_>) -> usize {
    array.raw_iter().count()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn what_breaks_off_is_not_whole() {
        let text: Vec<u8> = (0..5_000_u32).flat_map(|n| (n * n).to_string().into_bytes()).collect();
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&text).unwrap();
        let packed = packer.finish().unwrap();
        assert_eq!(inflate(&packed, 1 << 20), (text.clone(), true));
        // The checksum may be missing, and so may the head.
        assert_eq!(inflate(&packed[..packed.len() - 4], 1 << 20), (text.clone(), true));
        assert_eq!(inflate(&packed[2..], 1 << 20), (text.clone(), true));
        let (part, is_whole) = inflate(&packed[..packed.len() / 2], 1 << 20);
        assert!(!is_whole && !part.is_empty() && text.starts_with(&part));
        assert_eq!(inflate(&packed, 99).0.len(), 100);
    }

    #[test]
    fn five_letters_are_four_bytes() {
        assert_eq!(from_ascii85(b"87cUR\nD]i,\"Ebo80~>"), b"Hello World!");
        assert_eq!(from_ascii85(b"z87~>"), b"\0\0\0\0H");
    }
}
