//! How is an estate's memory brought up to date with its sources?
//!
//! One thread lists and leaves out what has not changed; one thread a reader reads and recognises;
//! the caller's thread writes. Queues between them are bounded, so memory stays flat.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, Weak};

use habeas_index::{Estate, Inventory, Writer};
use habeas_match::Setting;
use habeas_model::ItemId;
use habeas_source::{Listed, Source};

use crate::family::Slot;
use crate::listing::Listing;
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
    let recognisers: Vec<_> =
        habeas_match::cards().iter().map(|card| (card.name, card.version)).collect();
    let parts = (VERSION, habeas_document::version(), recognisers, domains);
    ItemId::of(format!("{parts:?}").as_bytes()).short()
}

/// How far a run is, as its threads count it.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) listed: AtomicU64,
    pub(crate) done: AtomicU64,
    pub(crate) bytes: AtomicU64,
    pub(crate) is_listed: AtomicBool,
    pub(crate) unchanged: AtomicU64,
    pub(crate) read: AtomicU64,
}

/// What the threads of a run share.
pub(crate) struct Run<'r> {
    pub(crate) options: &'r Options,
    pub(crate) patience: Patience,
    pub(crate) version: String,
    pub(crate) limits: String,
    pub(crate) setting: Setting,
    pub(crate) only_run: Option<i64>,
    pub(crate) gate: Gate,
    pub(crate) is_failed: AtomicBool,
    pub(crate) stop: &'r AtomicBool,
    pub(crate) counts: Counts,
    /// Every reader process of this run, to end them at once.
    pub(crate) readers: Arc<Mutex<Vec<Weak<Watched>>>>,
}

impl Run<'_> {
    pub(crate) fn is_halted(&self) -> bool {
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

    pub(crate) fn done(&self, bytes: u64) {
        self.counts.done.fetch_add(1, Ordering::Relaxed);
        self.counts.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn report(&self, progress: &(dyn Fn(Progress) + Sync)) {
        progress(Progress {
            listed: self.counts.listed.load(Ordering::Relaxed),
            done: self.counts.done.load(Ordering::Relaxed),
            bytes: self.counts.bytes.load(Ordering::Relaxed),
            is_listed: self.counts.is_listed.load(Ordering::Relaxed),
        });
    }
}

/// The next task, when there is one; `None` when there will be none.
fn next(queue: &Mutex<Receiver<Task>>) -> Option<Task> {
    lock(queue).recv().ok()
}
