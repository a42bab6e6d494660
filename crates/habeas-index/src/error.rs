//! Why can the estate's memory not be used?

use std::io;

/// Why the estate's memory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was indexed here yet.
    #[error("there is no index in {0}; fill it with `habeas index`")]
    Absent(String),
    /// Somebody else writes.
    #[error(
        "another `habeas index` is running on {dir} ({holder}); wait until it ends, or stop it"
    )]
    Busy {
        /// The folder.
        dir: String,
        /// Which process, and for how long.
        holder: String,
    },
    /// Made by another version.
    #[error(
        "the index in {dir} is of format {found}, and this version writes {wanted}; \
         remove the folder and run `habeas index` again"
    )]
    Version {
        /// The folder.
        dir: String,
        /// The format found there.
        found: i64,
        /// The format of this version.
        wanted: i64,
    },
    /// The two halves do not belong together, or one is not what it has to be.
    #[error("the index is damaged ({0}); remove the folder and run `habeas index` again")]
    Damaged(String),
    /// The inventory cannot be read or written.
    #[error("the inventory (inventory.db) cannot be used: {0}")]
    Inventory(#[from] rusqlite::Error),
    /// The full text cannot be read or written.
    #[error("the full text (text/) cannot be used: {0}")]
    Text(#[from] tantivy::TantivyError),
    /// The folder cannot be read or written.
    #[error("{path} cannot be used: {source}")]
    Folder {
        /// Which file or folder.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Text(error.into())
    }
}

impl From<serde_json::Error> for Error {
    fn from(_: serde_json::Error) -> Self {
        Self::Damaged("a record of the inventory cannot be decoded".to_owned())
    }
}

impl From<postcard::Error> for Error {
    fn from(_: postcard::Error) -> Self {
        Self::Damaged("a passage of the full text cannot be decoded".to_owned())
    }
}
