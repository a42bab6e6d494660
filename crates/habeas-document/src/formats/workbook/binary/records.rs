//! Which records does a part of a binary workbook consist of?
//!
//! A type of one or two bytes and a length of one to four, seven bits in each, then so many bytes
//! ([MS-XLSB] 2.1.4).

use crate::formats::compound::{u32_at, utf16};

pub(super) struct Records<'b>(pub(super) &'b [u8]);

impl<'b> Iterator for Records<'b> {
    type Item = (u32, &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, rest) = number(self.0, 2)?;
        let (n, rest) = number(rest, 4)?;
        let (body, rest) = rest.split_at((n as usize).min(rest.len()));
        self.0 = rest;
        Some((kind, body))
    }
}

/// A number of at most so many bytes, seven bits in each, the lowest first.
fn number(bytes: &[u8], max: usize) -> Option<(u32, &[u8])> {
    let mut value = 0;
    for index in 0..max {
        let byte = *bytes.get(index)?;
        value |= u32::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 || index + 1 == max {
            return Some((value, &bytes[index + 1..]));
        }
    }
    None
}

/// A text behind its length of four bytes, and what follows it (2.5.168 and 2.5.166).
pub(super) fn text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let n = u32_at(bytes, 0)?;
    // No text, which is not the same as an empty one.
    if n == u32::MAX {
        return Some((String::new(), bytes.get(4..)?));
    }
    let end = 4_usize.checked_add((n as usize).checked_mul(2)?)?;
    Some((utf16(bytes.get(4..end)?), &bytes[end..]))
}

/// So many texts, one after the other; fewer if they end before.
pub(super) fn texts(mut bytes: &[u8], n: usize) -> (Vec<String>, &[u8]) {
    let mut texts = Vec::new();
    while texts.len() < n
        && let Some((text, rest)) = text(bytes)
    {
        texts.push(text);
        bytes = rest;
    }
    (texts, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_have_types_and_lengths_of_many_bytes() {
        let bytes = [0x00, 2, 7, 8, 0xfb, 0x04, 1, 9, 0x9c, 0x01, 0x05, 1];
        let found: Vec<(u32, &[u8])> = Records(&bytes).collect();
        assert_eq!(found, [(0, &[7, 8][..]), (635, &[9]), (156, &[1])]);
    }

    #[test]
    fn texts_end_where_the_bytes_do() {
        let bytes = [1, 0, 0, 0, 0x41, 0, 0xff, 0xff, 0xff, 0xff, 9, 0, 0, 0, 0x42, 0];
        let (found, rest) = texts(&bytes, 4);
        assert_eq!((found, rest.len()), (vec!["A".to_owned(), String::new()], 6));
    }
}
