//! Lists and opens what custodians keep. Nothing here can write.
//!
//! [`list`] walks a source in the order of its paths and gives every file, everything that a rule
//! leaves out, and everything that cannot be listed. [`read`] gives the bytes of a file, or the
//! exception that says why not.

mod glob;
mod list;
mod read;

use std::path::PathBuf;

use habeas_model::{Exception, ItemPath, SourceName, Stamp};

pub use glob::Glob;
pub use list::{base, list, list_raw};
pub use read::{read, stamp};

/// A folder (or one file) that a custodian keeps.
#[derive(Clone, Debug)]
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
        /// `exclude: PATTERN`, `symbolic link`, `not a file`, `habeas keeps its work here`.
        rule: String,
    },
    /// Could not be listed, such as a folder without permission.
    Failed {
        /// Its path.
        path: ItemPath,
        /// Why.
        exception: Exception,
    },
}

/// A file as listed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its path relative to the source, printable.
    pub path: ItemPath,
    /// Its absolute path as the system knows it.
    pub raw: PathBuf,
    /// What the file system says of it.
    pub stamp: Stamp,
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
