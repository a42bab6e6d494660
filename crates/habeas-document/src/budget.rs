//! How much may reading one file cost?

use std::fmt;

use habeas_model::ItemId;
use serde::{Deserialize, Serialize};

/// What reading one file may cost. A limit that is reached becomes an exception, never a shorter
/// text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of text of one item.
    pub text_bytes: u64,
    /// Bytes that all members of one file may unpack to, together.
    pub expanded_bytes: u64,
    /// How many times larger than its packed bytes a member may be, past the first 10 MiB.
    pub expansion_ratio: u64,
    /// Containers in containers.
    pub depth: usize,
    /// Members of one container.
    pub children: u64,
    /// Passwords to try on what is encrypted, in order.
    pub passwords: Passwords,
}

/// A list of passwords. It does not print; what it prints tells whether it is another list.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passwords(Vec<String>);

impl Passwords {
    /// Takes one password a line; empty lines do not count, spaces do.
    pub fn new(lines: &str) -> Self {
        let lines = lines.lines().filter(|line| !line.is_empty());
        Self(lines.map(str::to_owned).collect())
    }

    /// The passwords, in the order in which they are tried.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passwords, {}", self.0.len(), ItemId::of(self.0.join("\n").as_bytes()).short())
    }
}

/// A member may unpack to this much whatever its ratio is: small files pack very well.
const FREE_EXPANSION: u64 = 10 << 20;

impl Budget {
    /// To how many bytes a member of `packed` bytes may unpack, if `spent` bytes of the family
    /// are unpacked already.
    pub(crate) fn allowance(&self, packed: u64, spent: u64) -> u64 {
        let by_ratio = packed.saturating_mul(self.expansion_ratio).max(FREE_EXPANSION);
        by_ratio.min(self.expanded_bytes.saturating_sub(spent)).min(self.file_bytes)
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            file_bytes: 1 << 30,
            text_bytes: 256 << 20,
            expanded_bytes: 2 << 30,
            expansion_ratio: 200,
            depth: 32,
            children: 100_000,
            passwords: Passwords::default(),
        }
    }
}
