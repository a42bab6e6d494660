//! How much may reading one file cost?

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
        }
    }
}
