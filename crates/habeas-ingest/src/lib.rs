//! Fills the estate: list, read, recognise, index; isolated, bounded, resumable, accounted for.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use habeas_document::Budget;
use habeas_model::{Accounting, Member, SourceName};
use habeas_source::Source;

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
}

/// Brings the estate's memory in `dir` up to date with its sources.
///
/// Calls `progress` a few times a second. When `stop` becomes true the run ends after the batch at
/// hand, and nothing that was committed is lost.
///
/// # Errors
/// If a source is missing or the memory cannot be written; a bad file is never an error.
pub fn index(
    dir: &Path,
    sources: &[Source],
    options: &Options,
    progress: &(dyn Fn(Progress) + Sync),
    stop: &AtomicBool,
) -> Result<Receipt, Error> {
    let _ = (dir, sources, options, progress, stop);
    todo!()
}

/// Reads one file in a reader process and returns its family in order.
///
/// `name` is what the file is called in paths. A file that cannot be opened is a member with an
/// exception, never an error.
pub fn read(file: &Path, name: &str, budget: &Budget) -> Vec<Member> {
    let _ = (file, name, budget);
    todo!()
}

/// The reader process itself: serves requests on standard input until it ends.
///
/// The command calls it for its hidden subcommand `reader`.
pub fn serve() -> std::process::ExitCode {
    todo!()
}
