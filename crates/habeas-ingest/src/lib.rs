//! Fills the estate: list, read, recognise, index; isolated, bounded, resumable, accounted for.
//!
//! Reading happens in processes of its own (`habeas reader`): this one watches their time and
//! memory, and takes their answers as data. So does whatever touches a source's file system, which
//! may never answer (`habeas lister`): this one never lists, opens or closes a file of a source
//! itself, so it can always end. [`index`] brings a memory up to date, [`read`], [`Reading`] and
//! [`read_item`] read single files, [`list`], [`count`] and [`look`] ask of a file system, [`serve`]
//! and [`serve_lister`] are the other processes themselves. Text in pictures is recognised by a
//! foreign program, see [`Eyes`].

#[cfg(target_os = "linux")]
mod heap;

mod errand;
mod frame;
mod wire;

mod confine;
mod fetch;
mod worker;

mod reader;
mod watch;

mod far;
mod lister;
mod walk;

mod eyes;

mod anew;
mod family;
mod one;
mod opener;

mod note;
mod parts;

mod listing;
mod run;
mod scribe;
mod supervise;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use habeas_document::Budget;
use habeas_model::{Accounting, SourceName};

pub use anew::anew;
pub use errand::Looked;
pub use eyes::{Eyes, become_foreign};
pub use far::{count, look};
pub use frame::{Confinement, Level};
pub use lister::{Before, serve_lister, serve_lister_with};
pub use one::{
    Reading, confinement, read, read_item, read_page, read_page_words, read_pages, read_words,
};
pub use reader::use_reader;
pub use run::index;
pub use walk::list;
pub use watch::Patience;
pub use worker::{Open, serve, serve_with};

/// How an estate is filled.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What reading one file may cost.
    pub budget: Budget,
    /// How long and how large readers may be.
    pub patience: Patience,
    /// Who recognises text in pictures, if somebody can.
    pub eyes: Option<Arc<Eyes>>,
    /// Reader processes; 0 means one a core.
    pub n_readers: usize,
    /// Read everything again, whatever the inventory remembers.
    pub is_fresh: bool,
    /// Do not run at all if readers cannot be confined as far as this version knows.
    pub must_confine: bool,
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
    /// Pictures that were recognised.
    pub pictures: u64,
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
    /// Of these, files that were not there before,
    pub n_new: u64,
    /// and files that were there with other bytes or another stamp.
    pub n_changed: u64,
    /// Files whose bytes were known, so that they were looked at and not read again.
    pub n_known: u64,
    /// Files that are gone since the last run.
    pub n_gone: u64,
    /// Of these, files whose bytes are at another place now.
    pub n_moved: u64,
    /// Sources whose listing did not come to its end, because a disk or share does not answer.
    pub stalled: Vec<SourceName>,
    /// Pictures that were recognised, and the time that took by the clock, over all threads.
    pub pictures: (u64, Duration),
    /// How readers were confined.
    pub confinement: Confinement,
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
    /// The system gives no thread.
    #[error("the system gives no further thread ({0})")]
    Thread(String),
    /// Readers cannot be confined, and have to be.
    #[error("readers cannot be confined as they should be: {0}")]
    Unconfined(Confinement),
    /// Two sources have one name.
    #[error("two sources are called `{0}`; give each a name of its own")]
    Twice(SourceName),
}

/// Where the program is that answers to `reader`.
type Program = PathBuf;
