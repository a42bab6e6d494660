//! How is an estate's memory brought up to date with its sources?
//!
//! One thread a source lists and leaves out what has not changed; one thread a reader reads and
//! recognises; the caller's thread writes. Queues between them are bounded, so memory stays flat.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, Weak};

use habeas_index::{Estate, Inventory, Writer};
use habeas_match::Setting;
use habeas_model::ItemId;
use habeas_source::{Listed, Source};

use crate::family::Slot;
use crate::listing::{By, Counts, Lister, Listing, Pulse, stalled};
use crate::note::{Gate, Note};
use crate::supervise::{Desk, Task, work};
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
    let (mut walks, mut bases) = (Vec::new(), Vec::new());
    for (source, ready) in sources.iter().zip(ready(dir, sources)) {
        match ready.recv_timeout(options.patience.stall) {
            Ok(walk) => {
                let (base, walk) = walk?;
                bases.push((source.name.clone(), base));
                walks.push(Some(walk));
            }
            // Its root does not answer: the others are read all the same.
            Err(_) => {
                bases.push((source.name.clone(), source.root.clone()));
                walks.push(None);
            }
        }
    }
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
        readers: Arc::default(),
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

/// A source that can be listed: its base, and the walk through it.
type Ready<W> = Result<(PathBuf, W), habeas_source::Error>;

/// Looks at the root of each source in a thread of its own, which nobody has to wait for: a share
/// may not answer.
fn ready(
    dir: &Path,
    sources: &[Source],
) -> Vec<Receiver<Ready<impl Iterator<Item = (PathBuf, Listed)> + Send + use<>>>> {
    let look = |source: &Source| {
        let (found, answer) = channel();
        let (source, dir) = (source.clone(), dir.to_owned());
        let thread = std::thread::Builder::new().name("root".to_owned());
        let started = thread.spawn(move || {
            let walk = habeas_source::list_raw(&source, &[&dir]);
            let _ = found.send(walk.map(|walk| (habeas_source::base(&source), walk)));
        });
        if let Err(error) = started {
            tracing::warn!(%error, "no thread to look at a source with");
        }
        answer
    };
    sources.iter().map(look).collect()
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
    /// Every reader process of this run, to end them at once.
    pub(crate) readers: Arc<Mutex<Vec<Weak<Watched>>>>,
}

/// The threads that list, as long as somebody waits for them.
pub(crate) struct Listers {
    ended: Receiver<Result<Listing, Error>>,
    /// The sources whose listing has not ended.
    pulses: Vec<(i64, Arc<Pulse>)>,
    /// The sources whose root did not answer.
    dead: Vec<i64>,
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
    fn go<W>(
        &self,
        dir: &Path,
        walks: Vec<(i64, Option<W>)>,
        writer: &mut Writer,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<(Vec<Listing>, Option<Error>), Error>
    where
        W: Iterator<Item = (PathBuf, Listed)> + Send + 'static,
    {
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
        let mut listers = Listers::new(endings);
        for (source, walk) in walks {
            let Some(walk) = walk else {
                listers.dead.push(source);
                continue;
            };
            let pulse = Arc::new(Pulse::new());
            listers.pulses.push((source, Arc::clone(&pulse)));
            let lister = Lister {
                source,
                walk,
                inventory: Inventory::open(dir)?,
                by: Arc::clone(&self.by),
                counts: Arc::clone(&self.counts),
                halt: Arc::clone(&self.halt),
                tasks: tasks.clone(),
                notes: notes.clone(),
                pulse,
            };
            start(lister, ended.clone())?;
        }
        let is_done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for desk in desks {
                let (queue, is_done) = (&queue, &is_done);
                let mut slot = self.slot();
                scope.spawn(move || {
                    while let Some(task) = next(queue, is_done) {
                        // After a halt the queue is only emptied, so that nobody waits to fill it.
                        if !(desk.is_halted)() {
                            work(&mut slot, &desk, &task);
                        }
                        self.counts.pending.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
            // The threads that list have their own: when all are done, the readers are too.
            drop(tasks);
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
        Slot::new(self.options.patience, eyes, move |reader: &Arc<Watched>| {
            let mut readers = lock(&readers);
            readers.retain(|reader| reader.strong_count() > 0);
            readers.push(Arc::downgrade(reader));
        })
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
    fn new(ended: Receiver<Result<Listing, Error>>) -> Self {
        Self { ended, pulses: Vec::new(), dead: Vec::new(), listings: Vec::new() }
    }

    /// Sees which listings have ended, and gives up those that do not answer. Gives what is to be
    /// noted of these.
    pub(crate) fn look(&mut self, patience: std::time::Duration) -> Result<Vec<Note>, Error> {
        while let Ok(listing) = self.ended.try_recv() {
            let listing = listing?;
            // One that was given up and came back after all is listed in the next run.
            if self.pulses.iter().any(|(source, _)| *source == listing.source) {
                self.pulses.retain(|(source, _)| *source != listing.source);
                self.listings.push(listing);
            }
        }
        let mut notes = Vec::new();
        let given_up = self.pulses.extract_if(.., |(_, pulse)| pulse.give_up_after(patience));
        for source in self.dead.drain(..).chain(given_up.map(|(source, _)| source)) {
            let (listing, note) = stalled(source);
            self.listings.push(listing);
            notes.push(note);
        }
        Ok(notes)
    }

    /// Has every listing ended?
    pub(crate) fn is_done(&self) -> bool {
        self.pulses.is_empty() && self.dead.is_empty()
    }
}

/// Starts a thread that lists, and that nobody has to wait for.
fn start<W>(lister: Lister<W>, ended: Sender<Result<Listing, Error>>) -> Result<(), Error>
where
    W: Iterator<Item = (PathBuf, Listed)> + Send + 'static,
{
    let thread = std::thread::Builder::new().name("lister".to_owned());
    let started = thread.spawn(move || lister.list(&ended));
    started.map(drop).map_err(|error| Error::Thread(error.to_string()))
}

/// The next task, when there is one; `None` when there will be none.
fn next(queue: &Mutex<Receiver<Task>>, is_done: &AtomicBool) -> Option<Task> {
    use std::sync::mpsc::RecvTimeoutError;
    loop {
        let task = lock(queue).recv_timeout(std::time::Duration::from_millis(50));
        match task {
            Ok(task) => return Some(task),
            Err(RecvTimeoutError::Disconnected) => return None,
            // A thread that hangs in a dead share still holds its end.
            Err(RecvTimeoutError::Timeout) if is_done.load(Ordering::SeqCst) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}
