//! How is an estate's memory brought up to date with its sources?
//!
//! One process a source lists, and a thread leaves out what has not changed; one thread a reader
//! reads and recognises; the caller's thread writes. Queues between them are bounded, so memory
//! stays flat.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel, sync_channel};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use habeas_index::{Estate, Inventory, Writer};
use habeas_match::Setting;
use habeas_model::{ItemId, SourceName};
use habeas_source::Source;

use crate::family::Slot;
use crate::far::Lost;
use crate::listing::{By, Counts, Lister, Listing};
use crate::note::{Gate, Later, Note};
use crate::opener::Left;
use crate::supervise::{Desk, Task, Worked, work};
use crate::walk::{Asked, Walk};
use crate::watch::{Watched, lock};
use crate::{Confinement, Error, Options, Progress, Receipt};

/// Goes up when this crate makes something else of what the readers say.
const VERSION: u32 = 2;

/// Bytes of text, terms and places that may wait for the writer.
const GATE_BYTES: usize = 48 << 20;

/// Brings the estate's memory in `dir` up to date with its sources.
///
/// Calls `progress` a few times a second. When `stop` becomes true the run ends after the batch at
/// hand, and nothing that was committed is lost.
///
/// # Errors
/// If a source is missing, the memory cannot be written, or readers cannot be confined and have to
/// be; a bad file is never an error.
pub fn index(
    dir: &Path,
    sources: &[Source],
    options: &Options,
    progress: &(dyn Fn(Progress) + Sync),
    stop: &AtomicBool,
) -> Result<Receipt, Error> {
    let mut names = Vec::new();
    for source in sources {
        if names.contains(&&source.name) {
            return Err(Error::Twice(source.name.clone()));
        }
        names.push(&source.name);
    }
    let readers = Readers::default();
    habeas_index::make_folder(dir)?;
    let (walks, bases) = walks(dir, sources, options.patience.stall, &|process| {
        note_process(&readers, process);
    })?;
    let by = By { version: version(options), limits: limits(options), is_fresh: options.is_fresh };
    let mut writer = Writer::open(dir, &by.version, &by.limits, &bases)?;
    let numbers: Vec<i64> = writer.sources().iter().map(|(_, number)| *number).collect();
    let run = Run {
        options,
        by: Arc::new(by),
        setting: Setting { own_domains: options.own_domains.clone(), ..Setting::default() },
        only_run: options.is_fresh.then(|| writer.run()),
        gate: Gate::new(GATE_BYTES),
        stop,
        halt: Arc::default(),
        counts: Arc::default(),
        readers,
        left: Arc::default(),
        later: Later::default(),
    };
    let confinement = run.confinement()?;
    writer.note_isolation(&confinement.to_string())?;
    let walks = numbers.iter().copied().zip(walks).collect();
    let (listings, written) = run.go(dir, walks, &mut writer, progress)?;
    if let Some(error) = written {
        return Err(error);
    }
    let is_interrupted = stop.load(Ordering::SeqCst);
    let mut receipt = Receipt { is_interrupted, confinement, ..run.receipt() };
    for listing in &listings {
        if is_interrupted {
            break;
        }
        let swept = writer.sweep(listing.source, &listing.seen, &listing.closed)?;
        assert!(
            listing.is_stalled || swept.n_there == listing.n_listed,
            "{} listed, {} in the inventory",
            listing.n_listed,
            swept.n_there
        );
        receipt.n_gone += swept.n_gone;
        receipt.n_moved += swept.n_moved;
        if listing.is_stalled {
            let name = numbers.iter().position(|number| *number == listing.source);
            receipt.stalled.extend(name.map(|at| bases[at].0.clone()));
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
    if !is_interrupted && receipt.n_files_read + receipt.n_gone > 0 {
        let checked = habeas_index::check(dir, false)?;
        assert!(checked.adds_up(), "an item was lost: {:?}", broken(&checked));
    }
    run.report(progress);
    Ok(receipt)
}

/// The identities that do not hold, and how many containers do not add up.
fn broken(checked: &habeas_index::Checked) -> (Vec<&habeas_index::Identity>, usize) {
    let broken = checked.identities.iter().filter(|identity| !identity.holds()).collect();
    (broken, checked.miscounted.len())
}

/// The listing of each source, and where its relative paths start.
type Walks = (Vec<Result<Walk, Lost>>, Vec<(SourceName, PathBuf)>);

/// Starts to list all sources. One whose root does not answer within `stall` is none that holds up
/// the others.
fn walks(
    dir: &Path,
    sources: &[Source],
    stall: Duration,
    started: &dyn Fn(&Arc<Watched>),
) -> Result<Walks, Error> {
    let asked = sources.iter().map(|source| Asked::new(source, &[dir], started));
    let asked: Vec<Asked> = asked.collect::<Result<_, _>>()?;
    let since = Instant::now();
    let (mut walks, mut bases) = (Vec::new(), Vec::new());
    for (source, asked) in sources.iter().zip(asked) {
        let walk = asked.walk(stall.saturating_sub(since.elapsed()), stall)?;
        let base = walk.as_ref().map_or_else(|_| source.root.clone(), |walk| walk.base.clone());
        bases.push((source.name.clone(), base));
        walks.push(walk);
    }
    Ok((walks, bases))
}

/// Every process of a run, to end them at once.
type Readers = Arc<Mutex<Vec<Weak<Watched>>>>;

fn note_process(readers: &Readers, process: &Arc<Watched>) {
    let mut readers = lock(readers);
    readers.retain(|reader| reader.strong_count() > 0);
    readers.push(Arc::downgrade(process));
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

/// Within which limits files are read: those that met one are read again when one changes.
fn limits(options: &Options) -> String {
    let eyes = options.eyes.as_ref().map_or("no recognition", |eyes| eyes.version.as_str());
    let limits = format!("{:?} {:?} {eyes}", options.budget, options.patience);
    ItemId::of(limits.as_bytes()).short()
}

/// What the threads of a run share.
pub(crate) struct Run<'r> {
    pub(crate) options: &'r Options,
    pub(crate) by: Arc<By>,
    pub(crate) setting: Setting,
    pub(crate) only_run: Option<i64>,
    pub(crate) gate: Gate,
    /// Does whoever called want the run to stop?
    pub(crate) stop: &'r AtomicBool,
    /// Does the run stop, for whatever reason?
    pub(crate) halt: Arc<AtomicBool>,
    pub(crate) counts: Arc<Counts>,
    pub(crate) readers: Readers,
    /// How many files of each source did not open.
    left: Arc<Left>,
    /// What is locked, or in a source that does not answer: its turn comes at the end.
    pub(crate) later: Later,
}

/// The threads that list.
pub(crate) struct Listers {
    ended: Receiver<Result<Listing, Error>>,
    n_open: usize,
    listings: Vec<Listing>,
}

impl Run<'_> {
    pub(crate) fn is_halted(&self) -> bool {
        if self.stop.load(Ordering::SeqCst) {
            self.halt.store(true, Ordering::SeqCst);
        }
        self.halt.load(Ordering::SeqCst)
    }

    fn confinement(&self) -> Result<Confinement, Error> {
        let confinement = self.slot().confinement()?;
        if !confinement.is_whole() {
            if self.options.must_confine {
                return Err(Error::Unconfined(confinement));
            }
            tracing::warn!(%confinement, "readers are not confined as they should be");
        }
        Ok(confinement)
    }

    /// Runs all threads to their end. The error is that of the writing thread.
    fn go(
        &self,
        dir: &Path,
        walks: Vec<(i64, Result<Walk, Lost>)>,
        writer: &mut Writer,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<(Vec<Listing>, Option<Error>), Error> {
        let n_cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let n_readers = if self.options.n_readers == 0 { n_cores } else { self.options.n_readers };
        let (tasks, queue) = sync_channel::<Task>(4 * n_readers);
        let queue = Mutex::new(queue);
        let (notes, inbox) = sync_channel::<Note>(256);
        let is_halted = || self.is_halted();
        let mut desks = Vec::new();
        for _ in 0..n_readers {
            desks.push(Desk {
                inventory: Inventory::open(dir)?,
                budget: &self.options.budget,
                setting: &self.setting,
                version: &self.by.version,
                limits: &self.by.limits,
                only_run: self.only_run,
                gate: &self.gate,
                notes: notes.clone(),
                is_halted: &is_halted,
            });
        }
        let (ended, endings) = channel();
        let mut listers = Listers { ended: endings, n_open: walks.len(), listings: Vec::new() };
        for (source, walk) in walks {
            let lister = Lister {
                source,
                walk,
                inventory: Inventory::open(dir)?,
                by: Arc::clone(&self.by),
                counts: Arc::clone(&self.counts),
                halt: Arc::clone(&self.halt),
                tasks: tasks.clone(),
                notes: notes.clone(),
            };
            start(lister, ended.clone())?;
        }
        // Only the threads that list have them now.
        drop((tasks, ended));
        let is_done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for desk in desks {
                let (queue, is_done) = (&queue, &is_done);
                let mut slot = self.slot();
                scope.spawn(move || {
                    while let Some(task) = self.next(queue, is_done) {
                        let may_wait = !task.is_last_try && self.later.has_room();
                        // After a halt the queue is only emptied, so that nobody waits to fill it.
                        let waits = !(desk.is_halted)()
                            && (may_wait && self.left.is_slow(&task.entry)
                                || work(&mut slot, &desk, &task, may_wait) == Worked::Locked);
                        if waits {
                            self.later.put(Task { is_last_try: true, ..task });
                            continue;
                        }
                        self.counts.pending.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
            let written = self.write(writer, &inbox, &mut listers, progress);
            is_done.store(true, Ordering::SeqCst);
            match written {
                Ok(()) => Ok((listers.listings, None)),
                Err(error) => {
                    self.halt.store(true, Ordering::SeqCst);
                    Ok((listers.listings, Some(error)))
                }
            }
        })
    }

    pub(crate) fn slot(&self) -> Slot {
        let readers = Arc::clone(&self.readers);
        let eyes = self.options.eyes.clone();
        let mut slot = Slot::new(self.options.patience, eyes, move |process: &Arc<Watched>| {
            note_process(&readers, process);
        });
        slot.count_in(Arc::clone(&self.left));
        slot
    }

    /// The next task, when there is one; `None` when there will be none.
    fn next(&self, queue: &Mutex<Receiver<Task>>, is_done: &AtomicBool) -> Option<Task> {
        loop {
            let no_task = match lock(queue).recv_timeout(Duration::from_millis(50)) {
                Ok(task) => return Some(task),
                Err(no_task) => no_task,
            };
            if let Some(task) = self.later.take() {
                return Some(task);
            }
            if is_done.load(Ordering::SeqCst) {
                return None;
            }
            if no_task == RecvTimeoutError::Disconnected {
                if self.counts.pending.load(Ordering::SeqCst) == 0 {
                    return None;
                }
                // What other threads have at hand may be locked, and come back.
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }

    fn receipt(&self) -> Receipt {
        let count = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
        Receipt {
            n_unchanged: count(&self.counts.unchanged),
            n_files_read: count(&self.counts.read),
            n_new: count(&self.counts.new),
            n_changed: count(&self.counts.changed),
            n_known: count(&self.counts.known),
            pictures: self.options.eyes.as_ref().map(|eyes| eyes.done()).unwrap_or_default(),
            ..Receipt::default()
        }
    }

    pub(crate) fn report(&self, progress: &(dyn Fn(Progress) + Sync)) {
        progress(Progress {
            listed: self.counts.listed.load(Ordering::Relaxed),
            done: self.counts.done.load(Ordering::Relaxed),
            bytes: self.counts.bytes.load(Ordering::Relaxed),
            is_listed: self.counts.is_listed.load(Ordering::Relaxed),
            pictures: self.options.eyes.as_ref().map_or(0, |eyes| eyes.done().0),
        });
    }
}

impl Listers {
    /// Sees which listings have ended.
    pub(crate) fn look(&mut self) -> Result<(), Error> {
        loop {
            match self.ended.try_recv() {
                Ok(listing) => {
                    self.n_open -= 1;
                    self.listings.push(listing?);
                }
                Err(TryRecvError::Disconnected) if self.n_open > 0 => {
                    self.n_open = 0;
                    return Err(Error::Thread("one that lists has failed".to_owned()));
                }
                Err(_) => return Ok(()),
            }
        }
    }

    /// Has every listing ended?
    pub(crate) fn is_done(&self) -> bool {
        self.n_open == 0
    }
}

/// Starts a thread that lists, and that nobody has to wait for.
fn start(lister: Lister, ended: Sender<Result<Listing, Error>>) -> Result<(), Error> {
    let thread = std::thread::Builder::new().name("lister".to_owned());
    let started = thread.spawn(move || lister.list(&ended));
    started.map(drop).map_err(|error| Error::Thread(error.to_string()))
}
