//! The estate's memory: an inventory of every item (SQLite) and the full text (tantivy).
//!
//! The two commit together: the full text's commit carries the batch's number, and what the
//! inventory has beyond it is undone on open.

use std::path::Path;

use habeas_model::{
    Accounting, Exception, Facts, Indexed, ItemId, ItemPath, Lookup, Outcome, SourceName,
};

/// The memory of one estate, on disk.
pub struct Estate {
    _private: (),
}

/// Why the estate's memory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was indexed here yet.
    #[error("there is no index in {0}")]
    Absent(String),
}

/// One place where an item was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// In which source.
    pub source: SourceName,
    /// Its path in the source, printable.
    pub path: ItemPath,
    /// The file it stands in as the system knows it, absolute, raw bytes.
    pub file: std::path::PathBuf,
    /// How it ended.
    pub outcome: Outcome,
}

/// What the inventory knows of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemRecord {
    /// Which item.
    pub id: ItemId,
    /// Its media type.
    pub media_type: String,
    /// Its length.
    pub size_bytes: u64,
    /// Facts of the whole document.
    pub facts: Facts,
    /// What could not be read of it.
    pub exceptions: Vec<Exception>,
}

impl Estate {
    /// Opens the estate's memory in `dir`.
    ///
    /// # Errors
    /// If nothing was indexed there, or what is there is damaged or of another version.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let _ = dir;
        todo!()
    }

    /// All passages for which at least one lookup is true, sorted by item and number: complete,
    /// each once.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn passages(&self, lookups: &[Lookup]) -> Result<Vec<Indexed>, Error> {
        let _ = lookups;
        todo!()
    }

    /// In how many passages a lookup is true.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn frequency(&self, lookup: &Lookup) -> Result<u64, Error> {
        let _ = lookup;
        todo!()
    }

    /// Number of passages in the estate.
    pub fn n_passages(&self) -> u64 {
        todo!()
    }

    /// Every passage of an item, in order.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn passages_of(&self, item: &ItemId) -> Result<Vec<Indexed>, Error> {
        let _ = item;
        todo!()
    }

    /// What the inventory knows of an item, if it is there.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn item(&self, item: &ItemId) -> Result<Option<ItemRecord>, Error> {
        let _ = item;
        todo!()
    }

    /// Every place where an item was found and still is, sorted by source and path; the first is
    /// the one that was read.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn occurrences(&self, item: &ItemId) -> Result<Vec<Occurrence>, Error> {
        let _ = item;
        todo!()
    }

    /// The sums, a source a row, sorted by name.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn accounting(&self) -> Result<Vec<(SourceName, Accounting)>, Error> {
        todo!()
    }

    /// Everything that could not be read, whole or in part, sorted by source and path.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn exceptions(&self) -> Result<Vec<(SourceName, ItemPath, Exception)>, Error> {
        todo!()
    }

    /// Names from structured fields (normal form) with the number of fields each stood in.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn names(&self) -> Result<Vec<(String, u64)>, Error> {
        todo!()
    }
}
