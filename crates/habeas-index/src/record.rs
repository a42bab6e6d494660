//! What does the inventory know, and what is it told?

use std::path::PathBuf;
use std::time::SystemTime;

use habeas_model::{Accounting, Exception, Facts, ItemId, ItemPath, Outcome, SourceName, Stamp};

use crate::Prepared;

/// One place where an item was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// In which source.
    pub source: SourceName,
    /// Its path in the source, printable.
    pub path: ItemPath,
    /// The file it stands in as the system knows it, absolute, raw bytes.
    pub file: PathBuf,
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

/// What a source holds, for a person.
#[derive(Clone, Debug)]
pub struct SourceSummary {
    /// Which source.
    pub name: SourceName,
    /// Where it was when it was last listed.
    pub base: PathBuf,
    /// When it was last listed and read to its end.
    pub last_run: Option<SystemTime>,
    /// The sums.
    pub accounting: Accounting,
    /// Files that are still there, without those left out.
    pub n_files: u64,
    /// Their bytes.
    pub file_bytes: u64,
    /// Media types of what was read, with their number, the most frequent first.
    pub media_types: Vec<(String, u64)>,
}

/// A file that is no longer where it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// In which source it was.
    pub source: SourceName,
    /// Its path.
    pub path: ItemPath,
    /// Which bytes it was, if they were read.
    pub item: Option<ItemId>,
    /// When a run found it gone.
    pub at: SystemTime,
}

/// The number by which the inventory knows a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) i64);

impl FileId {
    /// The number itself: above 0 and as dense as the inventory's files.
    pub fn number(self) -> u64 {
        u64::try_from(self.0).unwrap_or(0)
    }
}

/// A set of files, a bit for each that the inventory knows.
#[derive(Clone, Debug, Default)]
pub struct FileSet(Vec<u64>);

impl FileSet {
    /// Puts a file in.
    pub fn insert(&mut self, file: FileId) {
        let (word, bit) = Self::place(file);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= bit;
    }

    /// Is the file in it?
    pub fn contains(&self, file: FileId) -> bool {
        let (word, bit) = Self::place(file);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }

    fn place(file: FileId) -> (usize, u64) {
        let number = file.number();
        (usize::try_from(number / 64).unwrap_or(usize::MAX), 1 << (number % 64))
    }
}

/// When a file that has not changed is read again all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Retry {
    /// Only when the readers have changed.
    #[default]
    Never,
    /// When the limits have changed: one of them was reached.
    OnOtherLimits,
    /// At every run: it was gone, changing, or not permitted.
    Always,
}

/// What the inventory remembers of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// Its number.
    pub id: FileId,
    /// What the file system said when it was read.
    pub stamp: Stamp,
    /// By which version of the readers it was read; the rule, if it was left out.
    pub version: String,
    /// Within which limits it was read.
    pub limits: String,
    /// When to read it again.
    pub retry: Retry,
    /// Was it read to its end?
    pub is_complete: bool,
}

/// One member of a file, or the file itself, on its way into the memory.
#[derive(Debug)]
pub enum Found {
    /// Bytes that were looked at, whether they could be read or not.
    Item {
        /// Where.
        path: ItemPath,
        /// What.
        item: Box<NewItem>,
    },
    /// Could not be opened.
    Failed {
        /// Where.
        path: ItemPath,
        /// Why.
        exception: Exception,
    },
    /// Left out by a rule.
    Excluded {
        /// Where.
        path: ItemPath,
        /// The rule's name.
        rule: String,
    },
}

/// An item on its way into the memory.
#[derive(Debug)]
pub struct NewItem {
    /// Which bytes.
    pub id: ItemId,
    /// How many.
    pub size_bytes: u64,
    /// Its media type.
    pub media_type: String,
    /// How many members it lists itself.
    pub n_members: u64,
    /// Facts of the whole document.
    pub facts: Facts,
    /// What could not be read of it. One that is not partial makes it an exception.
    pub exceptions: Vec<Exception>,
    /// What it says; `None` if [`crate::Inventory::is_known`] said that it is there already.
    pub text: Option<Text>,
}

/// What an item says, ready for the full text.
#[derive(Debug, Default)]
pub struct Text {
    /// Its passages in order.
    pub passages: Vec<Prepared>,
    /// Names from structured fields in their normal form, one for each field.
    pub names: Vec<String>,
}

/// Figures that have to agree when a run is at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Files, folders that could not be opened and things left out, as the inventory has them.
    pub n_listed: u64,
    /// Those that have no outcome. Must be 0.
    pub n_without_outcome: u64,
    /// Items whose text is in the index.
    pub n_items_read: u64,
    /// Occurrences that ended as read.
    pub n_occurrences_read: u64,
    /// Passages as the inventory counts them.
    pub n_passages: u64,
    /// Passages in the full text.
    pub n_indexed: u64,
}

impl Audit {
    /// Do the figures agree?
    pub fn adds_up(&self) -> bool {
        self.n_without_outcome == 0
            && self.n_items_read == self.n_occurrences_read
            && self.n_passages == self.n_indexed
    }
}

/// What [`crate::Writer::sweep`] came upon in a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// What was listed, and is there.
    pub n_there: u64,
    /// What lies under a folder that could not be opened: it stays as it was.
    pub n_unknown: u64,
    /// Files that are gone since the last run.
    pub n_gone: u64,
    /// Of these, files whose bytes are at a place now where there was nothing before.
    pub n_moved: u64,
}
