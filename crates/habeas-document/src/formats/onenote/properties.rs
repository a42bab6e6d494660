//! Where do sets of properties stand in a store, and what is in them?
//!
//! A set is a number, so many ids with their types, and the values of those that have any
//! ([MS-ONESTORE] 2.6.7).

use std::cell::Cell;

use crate::formats::compound::{u16_at, u32_at};

/// A property whose value is bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Property<'b> {
    pub(super) id: u32,
    pub(super) value: &'b [u8],
}

/// A set has at most so many properties; the sets of OneNote have a few dozen.
const MAX_PROPERTIES: usize = 128;
/// Sets in sets, deeper than OneNote has any.
const MAX_DEPTH: usize = 8;
/// The type of a property with bytes behind their length.
const BYTES: u32 = 7;

/// All properties of some ids in all sets of a store, in the order in which they stand.
pub(super) struct Sets<'b, 'i> {
    bytes: &'b [u8],
    ids: &'i [u32],
    at: usize,
    /// Of the set that was found last.
    pending: std::vec::IntoIter<Property<'b>>,
    /// How many properties may still be looked at.
    n_left: Cell<u64>,
}

impl<'b, 'i> Sets<'b, 'i> {
    pub(super) fn new(bytes: &'b [u8], ids: &'i [u32]) -> Self {
        // Each of a sound store is looked at a few times.
        let n_left = Cell::new(1_000_000 + 64 * bytes.len() as u64);
        Self { bytes, ids, at: 0, pending: Vec::new().into_iter(), n_left }
    }

    /// Was the search given up, because nothing but damage takes so long?
    pub(super) fn is_given_up(&self) -> bool {
        self.n_left.get() == 0
    }

    /// Goes on to the next set that has one of the properties.
    fn next_set(&mut self) -> Option<Vec<Property<'b>>> {
        while let Some(id) = u32_at(self.bytes, self.at).filter(|_| !self.is_given_up()) {
            let at = self.at;
            if id >> 26 & 0x1f == BYTES
                && self.ids.contains(&(id & 0x7fff_ffff))
                && let Some((properties, end)) = self.set_around(at)
            {
                self.at = end.max(at + 1);
                return Some(properties);
            }
            self.at += 1;
        }
        None
    }

    /// The set that the id at that place is one of, and where it ends: some ids before this one
    /// stands how many there are.
    fn set_around(&self, at: usize) -> Option<(Vec<Property<'b>>, usize)> {
        for n_before in 0..MAX_PROPERTIES {
            self.n_left.set(self.n_left.get().saturating_sub(1));
            let first = at.checked_sub(4 * n_before)?;
            if n_before > 0 && !is_id(u32_at(self.bytes, first)?) {
                return None;
            }
            let start = first.checked_sub(2)?;
            let n = usize::from(u16_at(self.bytes, start)?);
            if n <= n_before || n > MAX_PROPERTIES {
                continue;
            }
            let mut properties = Vec::new();
            if let Some(end) = self.set(start, 0, &mut properties)
                && !properties.is_empty()
            {
                return Some((properties, end));
            }
        }
        None
    }

    /// Reads a set; `None` if it is none.
    fn set(&self, start: usize, depth: usize, found: &mut Vec<Property<'b>>) -> Option<usize> {
        let n = usize::from(u16_at(self.bytes, start)?);
        if n > MAX_PROPERTIES || depth > MAX_DEPTH {
            return None;
        }
        let ids = start + 2;
        let mut at = ids + 4 * n;
        for index in 0..n {
            let id = u32_at(self.bytes, ids + 4 * index)?;
            self.n_left.set(self.n_left.get().checked_sub(1)?);
            if !is_id(id) {
                return None;
            }
            at = match id >> 26 & 0x1f {
                // Nothing, or a truth that stands in the id, or an object of the list before the set.
                1 | 2 | 8 | 0xa | 0xc => at,
                3 => at + 1,
                4 => at + 2,
                // Four bytes, among them how many objects of that list.
                5 | 9 | 0xb | 0xd => at + 4,
                6 => at + 8,
                BYTES => {
                    let n = u32_at(self.bytes, at)? as usize;
                    let end = at.checked_add(4)?.checked_add(n)?;
                    let value = self.bytes.get(at + 4..end)?;
                    let id = id & 0x7fff_ffff;
                    if self.ids.contains(&id) {
                        found.push(Property { id, value });
                    }
                    end
                }
                0x10 => {
                    let n = u32_at(self.bytes, at)? as usize;
                    let mut end = if n == 0 { at + 4 } else { at + 8 };
                    if n > MAX_PROPERTIES {
                        return None;
                    }
                    for _ in 0..n {
                        end = self.set(end, depth + 1, found)?;
                    }
                    end
                }
                _ => self.set(at, depth + 1, found)?,
            };
            if at > self.bytes.len() {
                return None;
            }
        }
        Some(at)
    }
}

impl<'b> Iterator for Sets<'b, '_> {
    type Item = Property<'b>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(property) = self.pending.next() {
                return Some(property);
            }
            self.pending = self.next_set()?.into_iter();
        }
    }
}

/// Can these four bytes be the id of a property: has it a type that there is?
fn is_id(id: u32) -> bool {
    matches!(id >> 26 & 0x1f, 1..=0xd | 0x10 | 0x11)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: u32 = 0x1c00_1c22;

    fn set(ids: &[u32], data: &[u8]) -> Vec<u8> {
        let n = u16::try_from(ids.len()).unwrap().to_le_bytes();
        let ids: Vec<u8> = ids.iter().flat_map(|id| id.to_le_bytes()).collect();
        [&n[..], &ids, data].concat()
    }

    fn check_found(bytes: &[u8], expected: &[&[u8]]) {
        let found: Vec<&[u8]> = Sets::new(bytes, &[TEXT]).map(|property| property.value).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_set_is_found_wherever_it_stands() {
        let one = set(&[0x1400_0001, TEXT, 0x8800_0002], &[9, 9, 9, 9, 2, 0, 0, 0, b'h', b'i']);
        check_found(&one, &[b"hi"]);
        check_found(&[&[1, 2, 3][..], &one, &[0, 0], &one].concat(), &[b"hi", b"hi"]);
        // In a set that is the value of another.
        let outer = set(&[0x4400_0003], &set(&[TEXT], &[1, 0, 0, 0, b'x']));
        check_found(&outer, &[b"x"]);
    }

    #[test]
    fn what_is_no_set_costs_nothing() {
        let cut = set(&[TEXT], &[200, 0, 0, 0, b'x']);
        check_found(&cut, &[]);
        check_found(&TEXT.to_le_bytes(), &[]);
        check_found(&TEXT.to_le_bytes().repeat(2_000), &[]);
        check_found(&set(&[TEXT], &[0xff; 4]), &[]);
        check_found(b"", &[]);
    }
}
