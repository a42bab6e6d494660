//! The sums that show that nothing was lost.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// How an item that was listed ended. There is no other way to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Its text is in the index, whole or in part.
    Read,
    /// The same bytes as an item that was read elsewhere.
    Duplicate,
    /// Could not be read; the exception says why.
    Excepted,
    /// A named rule of the configuration left it out.
    Excluded,
}

/// How many items were listed, and how each of them ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounting {
    /// Files and members seen.
    pub listed: u64,
    /// Items whose text is in the index.
    pub read: u64,
    /// Occurrences of bytes that were read elsewhere.
    pub duplicate: u64,
    /// Items that could not be read.
    pub excepted: u64,
    /// Items that a named rule left out.
    pub excluded: u64,
}

impl Accounting {
    /// Counts one more item that was listed and ended so.
    pub fn count(&mut self, outcome: Outcome) {
        self.listed += 1;
        match outcome {
            Outcome::Read => self.read += 1,
            Outcome::Duplicate => self.duplicate += 1,
            Outcome::Excepted => self.excepted += 1,
            Outcome::Excluded => self.excluded += 1,
        }
    }

    /// Does every item that was listed have exactly one end?
    pub fn adds_up(&self) -> bool {
        self.listed == self.read + self.duplicate + self.excepted + self.excluded
    }
}

impl AddAssign for Accounting {
    fn add_assign(&mut self, other: Self) {
        self.listed += other.listed;
        self.read += other.read;
        self.duplicate += other.duplicate;
        self.excepted += other.excepted;
        self.excluded += other.excluded;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_item_shows() {
        let mut accounting = Accounting::default();
        accounting.count(Outcome::Read);
        accounting.count(Outcome::Excepted);
        assert!(accounting.adds_up());
        accounting.listed += 1;
        assert!(!accounting.adds_up());
    }
}
