//! Why can an erasure not go on? Sentences with a way out; never what an item says.

use std::path::{Path, PathBuf};

/// Why an erasure cannot be planned, or stopped. What a single file refuses is no error: it is left
/// for a person, with a sentence.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The case cannot be worked.
    #[error(transparent)]
    Case(#[from] habeas_case::Error),
    /// The estate's memory cannot be read.
    #[error(transparent)]
    Index(#[from] habeas_index::Error),
    /// A file of the case's own folder cannot be read or written.
    #[error("{file}: {problem}")]
    File {
        /// Which file.
        file: PathBuf,
        /// What the system says.
        problem: std::io::Error,
    },
    /// The plan may not be carried out: why, and what to do.
    #[error("{0}")]
    Refused(String),
    /// Another erasure of the case is going on.
    #[error("another erasure of this case is going on; wait for it, then run the same command")]
    Busy,
    /// The run was stopped between two steps; the same command carries on.
    #[error("stopped before the plan was carried out; the same command carries on")]
    Stopped,
}

impl Error {
    pub(crate) fn file(file: &Path) -> impl Fn(std::io::Error) -> Self {
        let file = file.to_owned();
        move |problem| Self::File { file: file.clone(), problem }
    }

    pub(crate) fn refused(sentence: impl Into<String>) -> Self {
        Self::Refused(sentence.into())
    }
}
