//! How are texts written in a workbook from before 2007, across the records they are cut into?

use crate::formats::compound::{u16_at, u32_at, utf16};

/// Each byte as the character of that number.
pub(super) fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// The bodies of a record and of those that go on from it.
pub(super) struct Pieces<'b> {
    pieces: std::vec::IntoIter<&'b [u8]>,
    piece: &'b [u8],
}

impl<'b> Pieces<'b> {
    pub(super) fn new(pieces: Vec<&'b [u8]>) -> Self {
        let mut pieces = pieces.into_iter();
        let piece = pieces.next().unwrap_or_default();
        Self { pieces, piece }
    }

    /// Goes on to the next piece where this one is used up; says whether there is one.
    fn is_at_start_of_next(&mut self) -> bool {
        while self.piece.is_empty() {
            match self.pieces.next() {
                Some(piece) => self.piece = piece,
                None => return false,
            }
        }
        true
    }

    /// A number of so many bytes, at most four.
    pub(super) fn number(&mut self, n: usize) -> Option<u32> {
        self.is_at_start_of_next().then_some(())?;
        let value = match n {
            1 => self.piece.first().copied().map(u32::from),
            2 => u16_at(self.piece, 0).map(u32::from),
            _ => u32_at(self.piece, 0),
        };
        self.piece = self.piece.get(n..).unwrap_or_default();
        value
    }

    pub(super) fn skip(&mut self, mut n: usize) {
        while n > 0 && self.is_at_start_of_next() {
            let n_here = n.min(self.piece.len());
            self.piece = &self.piece[n_here..];
            n -= n_here;
        }
    }

    /// Text of so many characters behind its flags.
    pub(super) fn flagged(&mut self, n: usize) -> String {
        if n == 0 {
            // Flags stand even where there is no text.
            self.number(1);
            return String::new();
        }
        let flags = self.number(1).unwrap_or(0);
        self.characters(n, flags)
    }

    /// Where the text goes on in another record, that begins with new flags.
    fn characters(&mut self, mut n: usize, mut flags: u32) -> String {
        let mut text = String::new();
        while n > 0 {
            if self.piece.is_empty() {
                match self.pieces.next() {
                    Some(piece) => self.piece = piece,
                    None => break,
                }
                flags = self.number(1).unwrap_or(0);
            }
            let n_char = if flags & 1 != 0 { 2 } else { 1 };
            let n_here = n.min(self.piece.len() / n_char);
            if n_here == 0 {
                self.piece = &[];
                continue;
            }
            let (here, rest) = self.piece.split_at(n_here * n_char);
            text.push_str(&if n_char == 2 { utf16(here) } else { latin(here) });
            self.piece = rest;
            n -= n_here;
        }
        text
    }
}

/// The texts that cells share ([MS-XLS] 2.4.265).
pub(super) fn shared(pieces: Vec<&[u8]>) -> Vec<String> {
    let mut pieces = Pieces::new(pieces);
    pieces.skip(4);
    let n = pieces.number(4).unwrap_or(0);
    let mut texts = Vec::new();
    for _ in 0..n {
        let (Some(n_characters), Some(flags)) = (pieces.number(2), pieces.number(1)) else { break };
        // Runs of fonts, and how the text is spoken, stand behind it.
        let n_runs = if flags & 8 != 0 { pieces.number(2).unwrap_or(0) } else { 0 };
        let n_spoken = if flags & 4 != 0 { pieces.number(4).unwrap_or(0) } else { 0 };
        texts.push(pieces.characters(n_characters as usize, flags));
        pieces.skip((n_runs as usize * 4).saturating_add(n_spoken as usize));
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_on_in_the_next_record_with_new_flags() {
        let first = b"\x02\0\0\0\x02\0\0\0\x05\0\0Ama";
        let second = b"\x01r\0a\0\x02\0\x08\x01\0Bo\0\0\0\0";
        assert_eq!(shared(vec![first, second]), ["Amara", "Bo"]);
        assert_eq!(shared(vec![b"\0\0\0\0\xff\xff\xff\xff\x05\0\0Am"]), ["Am"]);
    }
}
