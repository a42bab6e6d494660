//! compress: which file was packed as Unix did before gzip?

use std::io;

use habeas_model::Card;

use super::Format;
use super::compressed::{self, Kind};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "compress",
        version: 1,
        summary: "A file packed with compress (.Z); what it holds is its member",
        handles: &["application/x-compress", ".Z"],
        authority: "POSIX.1-2024, compress; ncompress 5.0",
    },
    sniff,
    read,
};

static KIND: Kind = Kind {
    begins,
    one: |bytes, into, room| unpack(bytes, into, room).map(|()| &[][..]),
    endings: &[("z", ""), ("taz", ".tar")],
};

/// The widest code is 9 to 16 bits; two bits of the third byte mean nothing.
fn begins(bytes: &[u8]) -> bool {
    matches!(bytes, [0x1f, 0x9d, flags, _, ..] if flags & 0x60 == 0 && (9..=16).contains(&(flags & 0x1f)))
}

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    begins(sample.bytes).then_some((Sure::Magic, "application/x-compress"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    compressed::read(input, &KIND, None, out);
}

/// Lempel, Ziv and Welch's method, with codes that grow from 9 bits on.
fn unpack(bytes: &[u8], into: &mut Vec<u8>, room: u64) -> io::Result<()> {
    const CLEAR: usize = 256;
    let flags = bytes.get(2).copied().unwrap_or(0);
    let (max_bits, has_clear) = (u32::from(flags & 0x1f), flags & 0x80 != 0);
    let data = bytes.get(3..).unwrap_or_default();
    let first_free = if has_clear { 257 } else { 256 };
    // Each code is the code before it and one more byte.
    let mut table: Vec<(u16, u8)> = vec![(0, 0); first_free];
    let (mut width, mut at, mut group) = (9, 0_usize, 0_usize);
    let mut last: Option<(usize, u8)> = None;
    let mut word = Vec::new();
    let end = into.len().saturating_add(usize::try_from(room).unwrap_or(usize::MAX));
    while into.len() < end {
        if table.len() > (1 << width) - 1 && width < max_bits {
            (at, group) = next_group(at, group, width);
            width += 1;
        }
        let Some(code) = code(data, at, width) else { break };
        at += width as usize;
        if code == CLEAR && has_clear {
            (at, group) = next_group(at, group, width);
            table.truncate(first_free);
            (width, last) = (9, None);
            continue;
        }
        word.clear();
        let mut from = code;
        match last {
            Some((before, first)) if code == table.len() => {
                // The code that is about to be made: the word before it and its own first byte.
                word.push(first);
                from = before;
            }
            _ if code >= table.len() || code == CLEAR && has_clear => {
                return Err(io::ErrorKind::InvalidData.into());
            }
            None if code > 255 => return Err(io::ErrorKind::InvalidData.into()),
            _ => {}
        }
        while from > 255 {
            let (before, byte) = table[from];
            word.push(byte);
            from = usize::from(before);
        }
        let first = from as u8;
        word.push(first);
        into.extend(word.iter().rev());
        if let Some((before, _)) = last
            && table.len() < 1 << max_bits
        {
            table.push((before as u16, first));
        }
        last = Some((code, first));
    }
    into.truncate(end);
    Ok(())
}

/// Codes come in groups of eight, and the rest of a group is skipped when the width changes.
fn next_group(at: usize, group: usize, width: u32) -> (usize, usize) {
    let size = 8 * width as usize;
    let next = group + (at - group).div_ceil(size) * size;
    (next, next)
}

fn code(data: &[u8], at: usize, width: u32) -> Option<usize> {
    let from = at / 8;
    if at + width as usize > data.len() * 8 {
        return None;
    }
    let bytes = (0..3).map(|n| data.get(from + n).copied().unwrap_or(0));
    let bits = bytes.rev().fold(0_u32, |bits, byte| bits << 8 | u32::from(byte)) >> (at % 8);
    Some((bits & ((1 << width) - 1)) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_make_words() {
        // `printf 'abababab' | compress`, by hand: a, b, 257 (ab), 259 (aba), b.
        let codes = [97_u32, 98, 257, 259, 98];
        let mut bits: Vec<u8> = Vec::new();
        let mut packed = vec![0x1f, 0x9d, 0x90];
        for code in codes {
            bits.extend((0..9).map(|bit| (code >> bit & 1) as u8));
        }
        packed.extend(
            bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |all, bit| all << 1 | bit)),
        );
        let mut text = Vec::new();
        unpack(&packed, &mut text, 100).unwrap();
        assert_eq!(text, b"abababab");
        text.clear();
        unpack(&packed, &mut text, 3).unwrap();
        assert_eq!(text, b"aba");
    }
}
