//! Fills the estate: list, read, recognise, index; isolated, bounded, resumable, accounted for.
//!
//! Reading happens in processes of its own (`habeas reader`): this one hands them a path, watches
//! their time and memory, and takes their answers as data. [`index`] brings a memory up to date,
//! [`read`] and [`read_item`] read one file, [`serve`] is the reader process itself.

mod frame;

mod confine;
mod worker;

mod reader;
mod watch;

mod family;
mod one;

mod note;
mod parts;

mod listing;
mod run;
mod scribe;
mod supervise;

use std::path::PathBuf;

use habeas_document::Budget;
use habeas_model::{Accounting, SourceName};

pub use one::{isolation, read, read_item};
pub use reader::use_reader;
pub use run::{index, index_within};
pub use watch::Patience;
pub use worker::{ReadFamily, serve, serve_with};

/// How an estate is filled.
#[derive(Clone, Debug)]
pub struct Options {
    /// What reading one file may cost.
    pub budget: Budget,
    /// Reader processes; 0 means one a core.
    pub n_readers: usize,
    /// Read everything again, whatever the inventory remembers.
    pub is_fresh: bool,
    /// The organisation's own mail domains.
    pub own_domains: Vec<String>,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Files listed so far.
    pub listed: u64,
    /// Files done so far, whatever their end.
    pub done: u64,
    /// Bytes of the files done so far.
    pub bytes: u64,
    /// Is the listing complete, so that `listed` is the total?
    pub is_listed: bool,
}

/// What a run did.
#[derive(Clone, Debug, Default)]
pub struct Receipt {
    /// The sums, a source a row.
    pub sources: Vec<(SourceName, Accounting)>,
    /// Files that were looked at and had not changed.
    pub n_unchanged: u64,
    /// Files that were read in this run.
    pub n_files_read: u64,
    /// Files that are gone since the last run.
    pub n_gone: u64,
    /// Was the run stopped before its end? The same call carries on.
    pub is_interrupted: bool,
}

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A source cannot be listed.
    #[error(transparent)]
    Source(#[from] habeas_source::Error),
    /// The estate's memory cannot be written.
    #[error(transparent)]
    Index(#[from] habeas_index::Error),
    /// No reader process can be started.
    #[error("the reader process {program} cannot be started ({why}); nothing is read without it")]
    Reader {
        /// The program that should be the reader.
        program: String,
        /// What went wrong.
        why: String,
    },
    /// Two sources have one name.
    #[error("two sources are called `{0}`; give each a name of its own")]
    Twice(SourceName),
}

/// Where the program is that answers to `reader`.
type Program = PathBuf;
