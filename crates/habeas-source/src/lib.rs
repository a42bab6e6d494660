//! Lists and opens what custodians keep. Nothing here can write.

use std::path::PathBuf;

use habeas_model::{Exception, ItemPath, SourceName, Stamp};

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
    /// Left out by the rule of that name.
    Excluded {
        /// Its path.
        path: ItemPath,
        /// `exclude: PATTERN`, `symbolic link`, `not a file`.
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

/// Lists a source in the order of its paths; links are not followed, and a folder that cannot be
/// opened is one `Failed`.
///
/// # Errors
/// If the root is not there; everything after that is a `Listed::Failed`.
pub fn list(source: &Source) -> Result<Box<dyn Iterator<Item = Listed> + Send>, Error> {
    let _ = source;
    todo!()
}
