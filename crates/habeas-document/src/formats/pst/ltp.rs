//! Which properties and tables does a node hold ([MS-PST] 2.3)?

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;

use super::ndb::{Layout, Ndb, Node};
use crate::formats::compound::{u16_at, u32_at};
use crate::formats::mapi::width;

/// A node whose data is a heap: small pieces that are found by their numbers.
pub(super) struct Heap<'n, 'a> {
    ndb: &'n Ndb<'a>,
    blocks: Vec<Cow<'a, [u8]>>,
    pub(super) below: BTreeMap<u32, Node>,
    /// How many bytes all values together may have: many may point at the same piece.
    max_bytes: u64,
    spent_bytes: Cell<u64>,
}

/// A property or a cell: its tag, its type, and its values.
pub(super) struct Property<'a> {
    pub(super) tag: u16,
    /// Without the flag for several values.
    pub(super) kind: u16,
    pub(super) values: Vec<Cow<'a, [u8]>>,
}

/// Why a property could not be read.
pub(super) struct Damaged;

impl<'n, 'a> Heap<'n, 'a> {
    pub(super) fn open(ndb: &'n Ndb<'a>, node: Node, max_bytes: u64) -> Option<Self> {
        let blocks = ndb.data(node, max_bytes)?;
        // The signature of a heap.
        if blocks.first()?.get(2) != Some(&0xec) {
            return None;
        }
        let below = ndb.below(node);
        Some(Self { ndb, blocks, below, max_bytes, spent_bytes: Cell::new(0) })
    }

    fn kind(&self) -> Option<u8> {
        self.blocks.first()?.get(3).copied()
    }

    fn root(&self) -> Option<&[u8]> {
        self.piece(u32_at(self.blocks.first()?, 4)?)
    }

    /// A piece of the heap.
    fn piece(&self, id: u32) -> Option<&[u8]> {
        let (block, index) = match self.ndb.layout {
            Layout::Unicode4k => (id >> 19, (id & 0x7_ffff) >> 5),
            _ => (id >> 16, (id & 0xffff) >> 5),
        };
        let block = self.blocks.get(block as usize)?;
        // The map of the pieces: how many, how many are free, and where each begins.
        let map = usize::from(u16_at(block, 0)?);
        let n_pieces = usize::from(u16_at(block, map)?);
        let index = (index as usize).checked_sub(1).filter(|index| *index < n_pieces)?;
        let start = usize::from(u16_at(block, map + 4 + 2 * index)?);
        let end = usize::from(u16_at(block, map + 6 + 2 * index)?);
        block.get(start..end)
    }

    /// A value that lies in the heap or in a node below; an empty one has the number 0.
    fn value(&self, id: u32) -> Option<Cow<'a, [u8]>> {
        if id == 0 {
            return Some(Cow::Borrowed(&[]));
        }
        let left = self.max_bytes.checked_sub(self.spent_bytes.get())?;
        if id & 0x1f == 0 {
            let piece = self.piece(id)?;
            self.spent_bytes.set(self.spent_bytes.get() + piece.len() as u64);
            return Some(Cow::Owned(piece.to_vec()));
        }
        let mut blocks = self.ndb.data(*self.below.get(&id)?, left)?;
        let n_bytes: u64 = blocks.iter().map(|block| block.len() as u64).sum();
        self.spent_bytes.set(self.spent_bytes.get() + n_bytes);
        if blocks.len() == 1 {
            return blocks.pop();
        }
        Some(Cow::Owned(blocks.concat()))
    }

    /// The records of a tree in the heap: key and data, in order.
    fn records(&self, tree: &[u8]) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
        let (key, data) = (usize::from(*tree.get(1)?), usize::from(*tree.get(2)?));
        let levels = *tree.get(3)?;
        if tree.first() != Some(&0xb5) || key == 0 || levels > 8 {
            return None;
        }
        let mut pieces = vec![u32_at(tree, 4)?];
        for _ in 0..levels {
            let mut next = Vec::new();
            for piece in pieces {
                let entries = self.piece(piece)?.chunks_exact(key + 4);
                next.extend(entries.filter_map(|entry| u32_at(entry, key)));
            }
            // A piece that is listed again and again is a loop.
            if next.len() > 1 << 16 {
                return None;
            }
            pieces = next;
        }
        let mut records = Vec::new();
        for piece in pieces.into_iter().filter(|piece| *piece != 0) {
            let entries = self.piece(piece)?.chunks_exact(key + data);
            records.extend(entries.map(|entry| (entry[..key].to_vec(), entry[key..].to_vec())));
            if records.len() > 1 << 20 {
                return None;
            }
        }
        Some(records)
    }

    /// The properties of an object, and how many of them could not be read.
    pub(super) fn properties(&self) -> Result<(Vec<Property<'a>>, usize), Damaged> {
        if self.kind() != Some(0xbc) {
            return Err(Damaged);
        }
        let records = self.root().and_then(|root| self.records(root)).ok_or(Damaged)?;
        let (mut found, mut n_damaged) = (Vec::new(), 0);
        for (key, data) in records {
            let (Some(tag), Some(kind), Some(inline)) =
                (u16_at(&key, 0), u16_at(&data, 0), u32_at(&data, 2))
            else {
                continue;
            };
            match self.cell(tag, kind, inline, data.get(2..).unwrap_or_default()) {
                Some(property) => found.push(property),
                None => n_damaged += 1,
            }
        }
        Ok((found, n_damaged))
    }

    /// A value that is in place, or behind the number in its place.
    fn cell(&self, tag: u16, kind: u16, id: u32, inline: &[u8]) -> Option<Property<'a>> {
        let is_several = kind & 0x1000 != 0;
        let kind = kind & !0x1000;
        let values = match width(kind) {
            Some(n) if n <= 4 && !is_several => vec![Cow::Owned(inline.get(..n)?.to_vec())],
            _ if !is_several => vec![self.value(id)?],
            _ => several(&self.value(id)?, kind)?,
        };
        Some(Property { tag, kind, values })
    }

    /// The rows of a table ([MS-PST] 2.3.4).
    pub(super) fn rows(&self) -> Option<Vec<Vec<Property<'a>>>> {
        if self.kind() != Some(0x7c) {
            return None;
        }
        let info = self.root()?;
        let n_columns = usize::from(*info.get(1)?);
        let (bits_at, row_bytes) = (usize::from(u16_at(info, 6)?), usize::from(u16_at(info, 8)?));
        let index = self.piece(u32_at(info, 10)?)?;
        let rows_id = u32_at(info, 14)?;
        if row_bytes == 0 || rows_id == 0 {
            return Some(Vec::new());
        }
        // Rows do not go over the end of a block.
        let blocks: Vec<Cow<'_, [u8]>> = if rows_id & 0x1f == 0 {
            vec![Cow::Borrowed(self.piece(rows_id)?)]
        } else {
            self.ndb.data(*self.below.get(&rows_id)?, self.max_bytes)?
        };
        let all: Vec<&[u8]> =
            blocks.iter().flat_map(|block| block.chunks_exact(row_bytes)).collect();
        // Rows that are in no index were deleted.
        let mut live: Vec<usize> = self
            .records(index)?
            .iter()
            .filter_map(|(_, data)| {
                let low = usize::from(u16_at(data, 0)?);
                Some(low | usize::from(u16_at(data, 2).unwrap_or(0)) << 16)
            })
            .collect();
        live.sort_unstable();
        live.dedup();
        let mut rows = Vec::new();
        for row in live.into_iter().filter_map(|index| all.get(index)) {
            let mut cells = Vec::new();
            for column in 0..n_columns {
                let at = 22 + column * 8;
                let (kind, tag) = (u16_at(info, at)?, u16_at(info, at + 2)?);
                let offset = usize::from(u16_at(info, at + 4)?);
                let n_bytes = usize::from(*info.get(at + 6)?);
                let bit = usize::from(*info.get(at + 7)?);
                let has =
                    row.get(bits_at + bit / 8).is_some_and(|byte| byte >> (7 - bit % 8) & 1 == 1);
                if !has {
                    continue;
                }
                let Some(cell) = row.get(offset..offset + n_bytes) else { continue };
                let is_in_place = width(kind).is_some_and(|width| width <= n_bytes);
                if is_in_place {
                    cells.push(Property { tag, kind, values: vec![Cow::Owned(cell.to_vec())] });
                } else if let Some(found) =
                    u32_at(cell, 0).and_then(|id| self.cell(tag, kind, id, cell))
                {
                    cells.push(found);
                }
            }
            rows.push(cells);
        }
        Some(rows)
    }
}

/// The values of a property that has several: a number, where each begins, and the values.
fn several<'a>(bytes: &[u8], kind: u16) -> Option<Vec<Cow<'a, [u8]>>> {
    if let Some(width) = width(kind) {
        return Some(bytes.chunks_exact(width).map(|one| Cow::Owned(one.to_vec())).collect());
    }
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let n_values = u32_at(bytes, 0)? as usize;
    let mut values = Vec::new();
    for index in 0..n_values.min(bytes.len() / 4) {
        let start = u32_at(bytes, 4 + index * 4)? as usize;
        let end =
            if index + 1 < n_values { u32_at(bytes, 8 + index * 4)? as usize } else { bytes.len() };
        values.push(Cow::Owned(bytes.get(start..end)?.to_vec()));
    }
    Some(values)
}
