//! What has to be read, and what has not changed?
//!
//! Each source is listed by a thread of its own, so that a share that does not answer holds up
//! nobody else. Such a thread is left behind: it owns all it uses.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Sender, SyncSender};
use std::time::{Duration, Instant};

use habeas_index::{FileSet, Found, Inventory, KnownFile, Retry};
use habeas_model::{Exception, ItemPath, Reason, Stamp};
use habeas_source::Listed;

use crate::Error;
use crate::note::Note;
use crate::supervise::Task;

/// What listing one source came to.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) source: i64,
    /// What was listed and need not be read again.
    pub(crate) seen: FileSet,
    /// Folders that could not be opened.
    pub(crate) closed: Vec<PathBuf>,
    pub(crate) n_listed: u64,
    /// Did the source stop answering?
    pub(crate) is_stalled: bool,
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
    pub(crate) new: AtomicU64,
    pub(crate) changed: AtomicU64,
    pub(crate) known: AtomicU64,
    /// Files that were listed to be read, and are not done.
    pub(crate) pending: AtomicU64,
}

impl Counts {
    /// One more file is done.
    pub(crate) fn done(&self, bytes: u64) {
        self.done.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// By what files are read in this run; a file read by the same need not be read again.
#[derive(Clone, Debug)]
pub(crate) struct By {
    /// The versions of the readers and recognisers.
    pub(crate) version: String,
    /// The limits, the passwords, and who recognises text in pictures.
    pub(crate) limits: String,
    /// Is everything read again?
    pub(crate) is_fresh: bool,
}

/// Lists one source.
pub(crate) struct Lister<W> {
    /// The source's number in the inventory.
    pub(crate) source: i64,
    pub(crate) walk: W,
    pub(crate) inventory: Inventory,
    pub(crate) by: Arc<By>,
    pub(crate) counts: Arc<Counts>,
    /// Is the run to stop?
    pub(crate) halt: Arc<AtomicBool>,
    /// Where files go that are to be read.
    pub(crate) tasks: SyncSender<Task>,
    pub(crate) notes: SyncSender<Note>,
    /// Where its thread says that it is alive.
    pub(crate) pulse: Arc<Pulse>,
}

/// Whether a thread that may be caught in the file system comes back.
#[derive(Debug)]
pub(crate) struct Pulse {
    begun: Instant,
    /// Milliseconds after `begun` when it went into the file system; 0 while it is outside.
    went_in: AtomicU64,
}

/// Nobody waits for the thread any more.
const GIVEN_UP: u64 = u64::MAX;

impl Pulse {
    pub(crate) fn new() -> Self {
        Self { begun: Instant::now(), went_in: AtomicU64::new(0) }
    }

    fn now(&self) -> u64 {
        1 + u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(GIVEN_UP - 2)
    }

    fn go_in(&self) {
        self.went_in.store(self.now(), Ordering::SeqCst);
    }

    /// Is somebody still waiting for what it brings?
    fn come_out(&self) -> bool {
        self.went_in.swap(0, Ordering::SeqCst) != GIVEN_UP
    }

    /// Gives the thread up if it has been in the file system for longer than that.
    pub(crate) fn give_up_after(&self, most: Duration) -> bool {
        let went_in = self.went_in.load(Ordering::SeqCst);
        let most = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
        went_in > 0
            && self.now().saturating_sub(went_in) > most
            && self
                .went_in
                .compare_exchange(went_in, GIVEN_UP, Ordering::SeqCst, Ordering::SeqCst)
                .is_ok()
    }
}

impl<W: Iterator<Item = (PathBuf, Listed)>> Lister<W> {
    /// Lists the source; what is new or changed becomes a task.
    pub(crate) fn list(mut self, ended: &Sender<Result<Listing, Error>>) {
        let listing = self.go();
        // Nobody waits for it any more if the run has failed.
        let _ = ended.send(listing);
        let _ = self.notes.send(Note::Listed);
    }

    fn go(&mut self) -> Result<Listing, Error> {
        let mut listing = Listing { source: self.source, ..Listing::default() };
        let mut number = 0;
        loop {
            self.pulse.go_in();
            let listed = self.walk.next();
            if !self.pulse.come_out() || self.halt.load(Ordering::SeqCst) {
                break;
            }
            let Some((relative, listed)) = listed else { break };
            // One folder can fail more than once: it is one thing that was listed.
            if matches!(listed, Listed::Failed { .. }) && listing.closed.contains(&relative) {
                continue;
            }
            listing.n_listed += 1;
            self.counts.listed.fetch_add(1, Ordering::Relaxed);
            let known = self.inventory.file(self.source, &relative)?;
            let entry = match listed {
                Listed::File(entry) => entry,
                unread => {
                    self.leave(&mut listing, known, relative, unread);
                    continue;
                }
            };
            if let Some(known) =
                known.as_ref().filter(|known| self.is_unchanged(known, entry.stamp))
            {
                listing.seen.insert(known.id);
                self.counts.unchanged.fetch_add(1, Ordering::Relaxed);
                self.counts.done(entry.stamp.size_bytes);
                continue;
            }
            let is_new = known.is_none();
            let is_changed = known.is_some_and(|known| known.stamp != entry.stamp);
            self.counts.new.fetch_add(u64::from(is_new), Ordering::Relaxed);
            self.counts.changed.fetch_add(u64::from(is_changed), Ordering::Relaxed);
            number += 1;
            let task = Task { number: (self.source, number), source: self.source, relative, entry };
            self.counts.pending.fetch_add(1, Ordering::SeqCst);
            if self.tasks.send(task).is_err() {
                self.counts.pending.fetch_sub(1, Ordering::SeqCst);
                break;
            }
        }
        Ok(listing)
    }

    /// Takes note of what was listed and is no file to read.
    fn leave(
        &self,
        listing: &mut Listing,
        known: Option<KnownFile>,
        relative: PathBuf,
        listed: Listed,
    ) {
        self.counts.done(0);
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
                    self.notes.send(Note::Unread { source: self.source, relative, version, found });
            }
        }
    }

    fn is_unchanged(&self, known: &KnownFile, stamp: Stamp) -> bool {
        !self.by.is_fresh
            && known.is_complete
            && known.stamp == stamp
            && known.version == self.by.version
            && match known.retry {
                Retry::Never => true,
                Retry::OnOtherLimits => known.limits == self.by.limits,
                Retry::Always => false,
            }
    }
}

/// What takes the place of a listing that does not end: nothing below its root is known to be gone.
pub(crate) fn stalled(source: i64) -> (Listing, Note) {
    let note =
        "the disk or share stopped answering while it was listed; what is in it is not known";
    let exception = Exception::whole(Reason::Stalled, note);
    let relative = PathBuf::new();
    let listing =
        Listing { source, closed: vec![relative.clone()], is_stalled: true, ..Listing::default() };
    let found = Found::Failed { path: ItemPath::file(b"."), exception };
    let version = Reason::Stalled.code().to_owned();
    (listing, Note::Unread { source, relative: Path::new(".").to_owned(), version, found })
}
