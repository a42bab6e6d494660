//! How does the memory grow, a batch at a time?
//!
//! A batch is one transaction of the inventory, then one commit of the full text that carries the
//! batch's number. The second is the point from which the batch counts: what the inventory has
//! beyond it is undone by the next writer, and the files it came from are read again.

mod fill;
pub(crate) mod known;
mod sweep;
mod undo;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use habeas_model::SourceName;
use rusqlite::Connection;
use tantivy::IndexWriter;
use tantivy::indexer::LogMergePolicy;

use crate::folder::Folder;
use crate::inventory::raw;
use crate::schema;
use crate::split::{self, Fields};
use crate::{Audit, Error, FileId, FileSet, settle};
use fill::Fill;

/// A batch ends with this many items,
const BATCH_ITEMS: usize = 500;
/// or this many passages,
const BATCH_PASSAGES: usize = 50_000;
/// or after this long.
const BATCH_TIME: Duration = Duration::from_secs(20);
/// What one thread of the full text's writer may hold in memory.
const HEAP_BYTES: usize = 48 << 20;
/// Larger segments are not merged any more: a merge holds 8 bytes for every passage in it.
const MERGED_PASSAGES: usize = 1_000_000;

/// The one writer of an estate's memory.
///
/// Nothing counts before [`Writer::commit`]; a writer that is dropped leaves the last commit.
pub struct Writer {
    db: Connection,
    text: IndexWriter,
    fields: Fields,
    /// The last batch that was committed.
    batch: i64,
    run: i64,
    version: String,
    limits: String,
    sources: Vec<(SourceName, i64)>,
    /// Items whose occurrences changed in this batch.
    touched: HashSet<[u8; 32]>,
    /// Files that this run has begun.
    begun: FileSet,
    /// Items whose text is coming in parts, by the file that brings it.
    filling: HashMap<FileId, Fill>,
    /// When files are read again that have an item whose text another file was bringing, broke off
    /// themselves, or took over what is known from another place.
    retries: HashMap<FileId, i64>,
    n_items: usize,
    n_passages: usize,
    since: Option<Instant>,
    _lock: File,
}

impl Writer {
    /// Opens the memory in `dir` for a run, makes it if it is not there, and undoes what a killed
    /// run has left half done. `version` and `limits` say by what and within which limits files
    /// are read in this run.
    ///
    /// # Errors
    /// If another writer is at work, or the folder cannot be written.
    pub fn open(
        dir: &Path,
        version: &str,
        limits: &str,
        sources: &[(SourceName, PathBuf)],
    ) -> Result<Self, Error> {
        let folder = Folder::new(dir);
        folder.create()?;
        let lock = folder.lock()?;
        let db = schema::open_writable(&folder.inventory())?;
        let index = split::open_live(&folder.text())?;
        let n_threads = std::thread::available_parallelism().map_or(1, |n| n.get() / 4).clamp(1, 4);
        let text = index.writer_with_num_threads(n_threads, n_threads * HEAP_BYTES)?;
        let mut merging = LogMergePolicy::default();
        merging.set_max_docs_before_merge(MERGED_PASSAGES);
        text.set_merge_policy(Box::new(merging));
        let batch =
            db.query_row("SELECT value FROM state WHERE name = 'batch'", [], |row| row.get(0))?;
        let mut writer = Self {
            db,
            text,
            fields: split::fields(),
            batch,
            run: 0,
            version: version.to_owned(),
            limits: limits.to_owned(),
            sources: Vec::new(),
            touched: HashSet::new(),
            begun: FileSet::default(),
            filling: HashMap::new(),
            retries: HashMap::new(),
            n_items: 0,
            n_passages: 0,
            since: None,
            _lock: lock,
        };
        writer.reconcile(split::batch(&index)?)?;
        writer.begin_run(sources)?;
        Ok(writer)
    }

    /// The number of this run.
    pub fn run(&self) -> i64 {
        self.run
    }

    /// Records how readers are confined in this run.
    ///
    /// # Errors
    /// If the inventory cannot be written.
    pub fn note_isolation(&mut self, isolation: &str) -> Result<(), Error> {
        self.begin()?;
        self.db.execute("UPDATE run SET isolation = ?2 WHERE id = ?1", (self.run, isolation))?;
        Ok(())
    }

    /// The numbers of the run's sources, in the order in which they were given.
    pub fn sources(&self) -> &[(SourceName, i64)] {
        &self.sources
    }

    fn begin_run(&mut self, sources: &[(SourceName, PathBuf)]) -> Result<(), Error> {
        self.begin()?;
        for (name, base) in sources {
            let id = self.db.query_row(
                "INSERT INTO source (name, base) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET base = excluded.base RETURNING id",
                (name.as_str(), raw(base)),
                |row| row.get(0),
            )?;
            self.sources.push((name.clone(), id));
        }
        self.db.execute("INSERT INTO run (started) VALUES (?1)", [now()])?;
        self.run = self.db.last_insert_rowid();
        Ok(())
    }

    /// Commits if the batch is large or old enough; says whether it did.
    ///
    /// # Errors
    /// If the memory cannot be written.
    pub fn commit_if_due(&mut self) -> Result<bool, Error> {
        let is_old = self.since.is_some_and(|since| since.elapsed() >= BATCH_TIME);
        let is_due = is_old || self.n_items >= BATCH_ITEMS || self.n_passages >= BATCH_PASSAGES;
        if is_due {
            self.commit()?;
        }
        Ok(is_due)
    }

    /// Makes everything so far count.
    ///
    /// # Errors
    /// If the memory cannot be written; then the last commit stands.
    pub fn commit(&mut self) -> Result<(), Error> {
        if self.since.take().is_none() {
            return Ok(());
        }
        self.settle()?;
        let batch = self.batch + 1;
        self.db.execute("UPDATE state SET value = ?1 WHERE name = 'batch'", [batch])?;
        self.db.execute_batch("COMMIT")?;
        let mut commit = self.text.prepare_commit()?;
        commit.set_payload(&batch.to_string());
        commit.commit()?;
        self.batch = batch;
        self.n_items = 0;
        self.n_passages = 0;
        Ok(())
    }

    /// Puts the outcomes of every item right whose occurrences changed.
    fn settle(&mut self) -> Result<(), Error> {
        for item in self.touched.drain() {
            settle::settle(&self.db, &item)?;
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), Error> {
        if self.since.is_none() {
            self.db.execute_batch("BEGIN IMMEDIATE")?;
            self.since = Some(Instant::now());
        }
        Ok(())
    }

    /// Ends the run. A complete one takes out the text of items that no file says any more.
    ///
    /// # Errors
    /// If the memory cannot be written.
    pub fn finish(mut self, is_complete: bool) -> Result<Audit, Error> {
        self.begin()?;
        if is_complete {
            self.settle()?;
            self.purge()?;
            for (_, id) in &self.sources {
                self.db.execute("UPDATE source SET last_run = ?2 WHERE id = ?1", (id, now()))?;
            }
        }
        self.db.execute(
            "UPDATE run SET ended = ?2, is_complete = ?3 WHERE id = ?1",
            (self.run, now(), is_complete),
        )?;
        self.commit()?;
        let index = self.text.index().clone();
        self.text.wait_merging_threads()?;
        let n_indexed = index.reader()?.searcher().num_docs();
        undo::audit(&self.db, n_indexed)
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}
