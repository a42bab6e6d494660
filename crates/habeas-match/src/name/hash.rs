//! A fast hash for tables that are fixed when the program is built.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// FNV-1a. Whoever writes a text cannot choose what stands in a fixed table, so that a hash that
/// can be foreseen costs nothing here. Not for tables that texts fill.
///
/// # Source
/// G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, *The FNV Non-Cryptographic Hash Algorithm*.
pub(crate) struct Fnv(u64);

/// A fixed table.
pub(crate) type FixedMap<V> = HashMap<&'static str, V, BuildHasherDefault<Fnv>>;

/// A fixed set.
pub(crate) type FixedSet = HashSet<&'static str, BuildHasherDefault<Fnv>>;

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
