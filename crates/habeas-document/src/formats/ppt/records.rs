//! Which records does a stream of PowerPoint consist of?

use crate::formats::compound::{u16_at, u32_at, utf16};

/// A record: its kind, its number among those of its kind, and what it holds ([MS-PPT] 2.3.1).
#[derive(Clone, Copy)]
pub(super) struct Record<'b> {
    pub(super) kind: u16,
    pub(super) instance: u16,
    pub(super) is_container: bool,
    pub(super) body: &'b [u8],
}

/// The record at a place in a stream.
pub(super) fn at(bytes: &[u8], place: usize) -> Option<Record<'_>> {
    Records { bytes: bytes.get(place..)? }.next()
}

/// Records that follow each other.
pub(super) struct Records<'b> {
    pub(super) bytes: &'b [u8],
}

impl<'b> Iterator for Records<'b> {
    type Item = Record<'b>;

    fn next(&mut self) -> Option<Record<'b>> {
        let (head, kind) = (u16_at(self.bytes, 0)?, u16_at(self.bytes, 2)?);
        let n = u32_at(self.bytes, 4)? as usize;
        let rest = self.bytes.get(8..)?;
        // What a damaged stream still has of its last record is better than nothing.
        let (body, rest) = rest.split_at(n.min(rest.len()));
        self.bytes = rest;
        Some(Record { kind, instance: head >> 4, is_container: head & 0xf == 0xf, body })
    }
}

/// Containers in containers, deeper than any program writes.
const MAX_DEPTH: usize = 24;

impl<'b> Record<'b> {
    /// The records in it.
    pub(super) fn inside(&self) -> Records<'b> {
        // What later versions tagged on is records too, and does not say so ([MS-PPT] 2.5.20).
        let holds_records = self.is_container || self.kind == super::TAGGED;
        Records { bytes: if holds_records { self.body } else { &[] } }
    }

    /// The first record in it of that kind.
    pub(super) fn find(&self, kind: u16) -> Option<Record<'b>> {
        self.inside().find(|record| record.kind == kind)
    }

    /// Goes through everything in it, a container before what is in it. Where `enter` says no, what
    /// is in a container is left out.
    pub(super) fn walk(&self, enter: &mut dyn FnMut(&Record<'b>) -> bool) {
        self.descend(0, enter);
    }

    fn descend(&self, depth: usize, enter: &mut dyn FnMut(&Record<'b>) -> bool) {
        for record in self.inside() {
            if enter(&record) && depth < MAX_DEPTH {
                record.descend(depth + 1, enter);
            }
        }
    }

    /// What it says, if it holds text.
    pub(super) fn text(&self) -> Option<String> {
        match self.kind {
            super::TEXT_CHARACTERS | super::STRING => Some(utf16(self.body)),
            // Each byte is the lower one of a character, the upper ones being zero.
            super::TEXT_BYTES => Some(self.body.iter().map(|byte| char::from(*byte)).collect()),
            _ => None,
        }
    }
}
