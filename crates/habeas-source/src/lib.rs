//! Lists and opens what custodians keep. Nothing here can write.
//!
//! [`list`] walks a source in the order of its paths and gives every file, everything that a rule
//! leaves out, and everything that cannot be listed; [`walk`] is the same in a form that goes from
//! one process to another. [`Entry::open`] and [`Root::open`] open a file of a source however long
//! its path is, and [`read_open`] gives its bytes, of one version, or the exception that says why
//! not. [`count`] counts a source once more, in another way.
//!
//! A disk or share may never answer, and who waits for it cannot be woken. `habeas-ingest` therefore
//! calls what is here in processes of their own, which can be left behind.

mod count;
mod glob;
mod list;
mod names;
mod open;
mod read;
mod reason;

use std::fs::File;
use std::path::PathBuf;

use habeas_model::{Exception, ItemPath, SourceName, Stamp};
use serde::{Deserialize, Serialize};

pub use count::{Counted, count, count_with};
pub use glob::Glob;
pub use list::{Alive, base, list, list_raw, walk};
pub use open::{Root, RootParts, open};
pub use read::{read, read_open, read_open_with, stamp};
pub use reason::{exception, reason};

/// A folder (or one file) that a custodian keeps.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Source {
    /// Its name in the configuration.
    pub name: SourceName,
    /// Where it is; absolute.
    pub root: PathBuf,
    /// Glob patterns of relative paths that are left out, each a named rule.
    pub exclude: Vec<String>,
}

/// One thing that a listing came upon.
#[derive(Clone, Debug)]
pub enum Listed {
    /// A file to read.
    File(Entry),
    /// Left out by the rule of that name. Of a folder that is left out nothing inside is listed.
    Excluded {
        /// Its path.
        path: ItemPath,
        /// `exclude: PATTERN`, `symbolic link`, `not a file`, `loop`,
        /// `habeas keeps its work here`.
        rule: String,
    },
    /// Could not be listed, such as a folder without permission. What of a folder had been listed
    /// before it failed is listed too.
    Failed {
        /// Its path.
        path: ItemPath,
        /// Why.
        exception: Exception,
    },
}

/// What a listing says of one relative path: a [`Listed`] that is not put together yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seen {
    /// A file to read.
    File(Facts),
    /// Left out by the rule of that name, see [`Listed::Excluded`].
    Excluded {
        /// The rule.
        rule: String,
    },
    /// Could not be listed, see [`Listed::Failed`].
    Failed(Exception),
}

/// What the file system says of a file that is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Its size and times.
    pub stamp: Stamp,
    /// The file system it is on.
    pub device: u64,
    /// How many names it has.
    pub n_links: u64,
    /// Who may do what with it.
    pub rights: Rights,
}

/// Who may do what with a file, as its own mode says. Folders above it and access lists may say
/// otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// The permission bits, such as `0o640`.
    pub mode: u32,
    /// The number of the user whose it is.
    pub user: u32,
    /// The number of the group whose it is.
    pub group: u32,
}

impl Rights {
    /// May every account of the machine read it?
    pub fn is_for_everybody(self) -> bool {
        self.mode & 0o004 != 0
    }

    /// May its group read it?
    pub fn is_for_group(self) -> bool {
        self.mode & 0o040 != 0
    }
}

/// A file as listed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its path relative to the source, printable.
    pub path: ItemPath,
    /// Its absolute path as the system knows it. It may be too long for the system to open by.
    pub raw: PathBuf,
    /// What the file system says of it.
    pub stamp: Stamp,
    /// The file system it is on. With `stamp.inode` it tells hard links to one file.
    pub device: u64,
    /// How many names the file has, here or elsewhere: more than 1 for hard links.
    pub n_links: u64,
    /// Who may do what with it.
    pub rights: Rights,
    /// What it is opened from.
    pub root: Root,
}

impl Entry {
    /// Opens the file for reading, as [`Root::open`] does.
    ///
    /// # Errors
    /// The exception that says why it cannot be opened.
    pub fn open(&self) -> Result<File, Exception> {
        self.root.open_raw(&self.raw)
    }
}

/// Why a source cannot be listed at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its root is not there.
    #[error("source `{name}`: {path} is not there")]
    Missing {
        /// Which source.
        name: SourceName,
        /// Its root.
        path: String,
    },
}
