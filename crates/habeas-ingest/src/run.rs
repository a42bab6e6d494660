//! How is an estate's memory brought up to date with its sources?
//!
//! One thread lists and leaves out what has not changed; one thread a reader reads and recognises;
//! the caller's thread writes. Queues between them are bounded, so memory stays flat.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use habeas_index::{Estate, FileId, FileSet, Found, Inventory, KnownFile, Retry, Writer};
use habeas_match::Setting;
use habeas_model::ItemId;
use habeas_source::{Listed, Source};

use crate::family::Slot;
use crate::note::{Gate, Note};
use crate::supervise::{Desk, Task, work};
use crate::watch::{Patience, Watched, lock};
use crate::{Error, Options, Progress, Receipt};

/// Goes up when this crate makes something else of what the readers say.
const VERSION: u32 = 1;

/// Bytes of text, terms and places that may wait for the writer.
const GATE_BYTES: usize = 48 << 20;

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
    index_within(dir, sources, options, Patience::default(), progress, stop)
}

/// As [`index`], with another patience with readers.
///
/// # Errors
/// As [`index`].
pub fn index_within(
    dir: &Path,
    sources: &[Source],
    options: &Options,
    patience: Patience,
    progress: &(dyn Fn(Progress) + Sync),
    stop: &AtomicBool,
) -> Result<Receipt, Error> {
    let mut walks = Vec::new();
    let mut bases = Vec::new();
    for source in sources {
        if bases.iter().any(|(name, _)| *name == source.name) {
            return Err(Error::Twice(source.name.clone()));
        }
        bases.push((source.name.clone(), habeas_source::base(source)));
        walks.push(habeas_source::list_raw(source, &[dir])?);
    }
    let version = version(options);
    let limits = format!("{:?}", options.budget);
    let mut writer = Writer::open(dir, &version, &limits, &bases)?;
    let numbers: Vec<i64> = writer.sources().iter().map(|(_, number)| *number).collect();
    let run = Run {
        options,
        patience,
        version,
        limits,
        setting: Setting { own_domains: options.own_domains.clone(), ..Setting::default() },
        only_run: options.is_fresh.then(|| writer.run()),
        gate: Gate::new(GATE_BYTES),
        is_failed: AtomicBool::new(false),
        stop,
        counts: Counts::default(),
        readers: Arc::default(),
    };
    let walks = numbers.iter().copied().zip(walks).collect();
    let (listings, written) = run.go(dir, walks, &mut writer, progress)?;
    if let Some(error) = written {
        return Err(error);
    }
    let is_interrupted = stop.load(Ordering::SeqCst);
    let mut receipt = Receipt {
        n_unchanged: run.counts.unchanged.load(Ordering::Relaxed),
        n_files_read: run.counts.read.load(Ordering::Relaxed),
        is_interrupted,
        ..Receipt::default()
    };
    if !is_interrupted {
        for listing in &listings {
            let swept = writer.sweep(listing.source, &listing.seen, &listing.closed)?;
            assert!(
                swept.n_there == listing.n_listed,
                "{} listed, {} in the inventory",
                listing.n_listed,
                swept.n_there
            );
            receipt.n_gone += swept.n_gone;
        }
    }
    let audit = writer.finish(!is_interrupted)?;
    assert!(is_interrupted || audit.adds_up(), "an item was lost: {audit:?}");
    let sums = Estate::open(dir)?.accounting()?;
    receipt.sources =
        sums.into_iter().filter(|(name, _)| bases.iter().any(|(base, _)| base == name)).collect();
    for (_, sum) in &receipt.sources {
        assert!(sum.adds_up(), "an item was lost: {sum:?}");
    }
    run.report(progress);
    Ok(receipt)
}

/// By what files are read: they are read again when it changes.
fn version(options: &Options) -> String {
    let mut domains = options.own_domains.clone();
    domains.sort_unstable();
    let parts = (VERSION, habeas_document::version(), domains);
    ItemId::of(format!("{parts:?}").as_bytes()).short()
}

/// How far a run is, as its threads count it.
#[derive(Debug, Default)]
struct Counts {
    listed: AtomicU64,
    done: AtomicU64,
    bytes: AtomicU64,
    is_listed: AtomicBool,
    unchanged: AtomicU64,
    read: AtomicU64,
}

/// What the threads of a run share.
struct Run<'r> {
    options: &'r Options,
    patience: Patience,
    version: String,
    limits: String,
    setting: Setting,
    only_run: Option<i64>,
    gate: Gate,
    is_failed: AtomicBool,
    stop: &'r AtomicBool,
    counts: Counts,
    /// Every reader process of this run, to end them at once.
    readers: Arc<Mutex<Vec<Weak<Watched>>>>,
}

/// What listing one source came to.
#[derive(Debug, Default)]
struct Listing {
    source: i64,
    /// What was listed and need not be read again.
    seen: FileSet,
    /// Folders that could not be opened.
    closed: Vec<PathBuf>,
    n_listed: u64,
}

impl Run<'_> {
    fn is_halted(&self) -> bool {
        self.is_failed.load(Ordering::SeqCst) || self.stop.load(Ordering::SeqCst)
    }

    /// Runs all threads to their end. The error is that of the writing thread.
    fn go<W>(
        &self,
        dir: &Path,
        walks: Vec<(i64, W)>,
        writer: &mut Writer,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<(Vec<Listing>, Option<Error>), Error>
    where
        W: Iterator<Item = (PathBuf, Listed)> + Send,
    {
        let n_cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let n_readers = if self.options.n_readers == 0 { n_cores } else { self.options.n_readers };
        let (tasks, queue) = sync_channel::<Task>(4 * n_readers);
        let queue = Mutex::new(queue);
        let (notes, inbox) = sync_channel::<Note>(256);
        let inventory = Inventory::open(dir)?;
        let is_halted = || self.is_halted();
        let mut desks = Vec::new();
        for _ in 0..n_readers {
            desks.push(Desk {
                inventory: Inventory::open(dir)?,
                budget: &self.options.budget,
                setting: &self.setting,
                version: &self.version,
                only_run: self.only_run,
                gate: &self.gate,
                notes: notes.clone(),
                is_halted: &is_halted,
            });
        }
        std::thread::scope(|scope| {
            for desk in desks {
                let queue = &queue;
                let mut slot = self.slot();
                scope.spawn(move || {
                    while let Some(task) = next(queue) {
                        // After a halt the queue is only emptied, so that nobody waits to fill it.
                        if !(desk.is_halted)() {
                            work(&mut slot, &desk, &task);
                        }
                    }
                });
            }
            let lister = scope.spawn(move || self.list(walks, &inventory, &tasks, &notes));
            let written = self.write(writer, &inbox, progress).err();
            let listings = lister.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            match listings {
                Ok(listings) => Ok((listings, written)),
                Err(error) => Err(written.unwrap_or(error)),
            }
        })
    }

    fn slot(&self) -> Slot {
        let readers = Arc::clone(&self.readers);
        Slot::new(self.patience, move |reader: &Arc<Watched>| {
            let mut readers = lock(&readers);
            readers.retain(|reader| reader.strong_count() > 0);
            readers.push(Arc::downgrade(reader));
        })
    }

    /// Lists the sources; what is new or changed becomes a task.
    fn list<W: Iterator<Item = (PathBuf, Listed)>>(
        &self,
        walks: Vec<(i64, W)>,
        inventory: &Inventory,
        tasks: &SyncSender<Task>,
        notes: &SyncSender<Note>,
    ) -> Result<Vec<Listing>, Error> {
        let mut listings = Vec::new();
        let mut number = 0;
        for (source, walk) in walks {
            let mut listing = Listing { source, ..Listing::default() };
            for (relative, listed) in walk {
                if self.is_halted() {
                    return Ok(listings);
                }
                // One folder can fail more than once: it is one thing that was listed.
                if matches!(listed, Listed::Failed { .. }) && listing.closed.contains(&relative) {
                    continue;
                }
                listing.n_listed += 1;
                self.counts.listed.fetch_add(1, Ordering::Relaxed);
                let known = inventory.file(source, &relative)?;
                let entry = match listed {
                    Listed::File(entry) => entry,
                    unread => {
                        self.leave(&mut listing, known, relative, unread, notes);
                        continue;
                    }
                };
                if let Some(known) = known.filter(|known| self.is_unchanged(known, entry.stamp)) {
                    listing.seen.insert(known.id);
                    self.counts.unchanged.fetch_add(1, Ordering::Relaxed);
                    self.done(entry.stamp.size_bytes);
                    continue;
                }
                number += 1;
                let task = Task { number, source, relative, entry };
                if tasks.send(task).is_err() {
                    return Ok(listings);
                }
            }
            listings.push(listing);
        }
        self.counts.is_listed.store(true, Ordering::Relaxed);
        Ok(listings)
    }

    /// Takes note of what was listed and is no file to read.
    fn leave(
        &self,
        listing: &mut Listing,
        known: Option<KnownFile>,
        relative: PathBuf,
        listed: Listed,
        notes: &SyncSender<Note>,
    ) {
        self.done(0);
        let (version, found) = match listed {
            Listed::File(_) => return,
            Listed::Excluded { path, rule } => (rule.clone(), Found::Excluded { path, rule }),
            Listed::Failed { path, exception } => {
                listing.closed.push(relative.clone());
                (exception.to_string(), Found::Failed { path, exception })
            }
        };
        match known {
            Some(known) if known.is_complete && known.version == version => {
                listing.seen.insert(known.id);
            }
            _ => {
                // The writer only goes away when the run has failed.
                let _ =
                    notes.send(Note::Unread { source: listing.source, relative, version, found });
            }
        }
    }

    fn is_unchanged(&self, known: &KnownFile, stamp: habeas_model::Stamp) -> bool {
        !self.options.is_fresh
            && known.is_complete
            && known.stamp == stamp
            && known.version == self.version
            && match known.retry {
                Retry::Never => true,
                Retry::OnOtherLimits => known.limits == self.limits,
                Retry::Always => false,
            }
    }

    fn done(&self, bytes: u64) {
        self.counts.done.fetch_add(1, Ordering::Relaxed);
        self.counts.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn report(&self, progress: &(dyn Fn(Progress) + Sync)) {
        progress(Progress {
            listed: self.counts.listed.load(Ordering::Relaxed),
            done: self.counts.done.load(Ordering::Relaxed),
            bytes: self.counts.bytes.load(Ordering::Relaxed),
            is_listed: self.counts.is_listed.load(Ordering::Relaxed),
        });
    }

    /// Takes notes until all threads are done; after an error it only empties the queue.
    fn write(
        &self,
        writer: &mut Writer,
        inbox: &Receiver<Note>,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<(), Error> {
        let mut scribe = Scribe { writer, open: std::collections::HashMap::new() };
        let mut shown = Instant::now();
        let mut result = Ok(());
        loop {
            let note = match inbox.recv_timeout(Duration::from_millis(100)) {
                Ok(note) => Some(note),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            if self.is_halted() {
                self.end_readers();
            }
            if result.is_ok() {
                let done = self.take(&mut scribe, note);
                if done.is_err() {
                    self.is_failed.store(true, Ordering::SeqCst);
                    result = done;
                }
            } else if let Some(Note::Found { weight, .. }) = note {
                self.gate.leave(weight);
            }
            if shown.elapsed() > Duration::from_millis(200) {
                shown = Instant::now();
                self.report(progress);
            }
        }
        result?;
        Ok(scribe.writer.commit()?)
    }

    fn take(&self, scribe: &mut Scribe<'_>, note: Option<Note>) -> Result<(), Error> {
        match note {
            None => {}
            Some(Note::Fatal(error)) => return Err(error),
            Some(Note::Found { file, found, weight }) => {
                let added = scribe.add(file, found);
                self.gate.leave(weight);
                added?;
            }
            Some(Note::End { file, stamp, retry }) => {
                self.done(stamp.size_bytes);
                self.counts.read.fetch_add(1, Ordering::Relaxed);
                if let Some((id, _)) = scribe.open.remove(&file) {
                    scribe.writer.end_file(id, stamp, retry)?;
                }
            }
            Some(Note::Begin { file, source, relative, path, stamp }) => {
                let id = scribe.writer.begin_file(source, &relative, &path, stamp)?;
                scribe.open.insert(file, (id, source));
            }
            Some(Note::Trouble { file, exception }) => {
                if let Some((id, _)) = scribe.open.get(&file) {
                    scribe.writer.add_exception(*id, &exception)?;
                }
            }
            Some(Note::Unread { source, relative, version, found }) => {
                scribe.writer.add_unread(source, &relative, &version, found)?;
            }
        }
        scribe.writer.commit_if_due()?;
        Ok(())
    }

    /// Ends all readers: whatever they are at would take too long to wait for.
    fn end_readers(&self) {
        let readers = std::mem::take(&mut *lock(&self.readers));
        readers.iter().filter_map(Weak::upgrade).for_each(|reader| reader.kill());
    }
}

/// The writer with the files that are begun.
struct Scribe<'w> {
    writer: &'w mut Writer,
    open: std::collections::HashMap<u64, (FileId, i64)>,
}

impl Scribe<'_> {
    fn add(&mut self, file: u64, found: Found) -> Result<(), Error> {
        let Some((id, source)) = self.open.get(&file) else { return Ok(()) };
        Ok(self.writer.add(*source, *id, found)?)
    }
}

/// The next task, when there is one; `None` when there will be none.
fn next(queue: &Mutex<Receiver<Task>>) -> Option<Task> {
    lock(queue).recv().ok()
}
