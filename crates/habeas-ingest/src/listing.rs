//! What has to be read, and what has not changed?
//!
//! Each source is listed by a process of its own, and a thread that hears it, so that a share that
//! does not answer holds up nobody else.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Sender, SyncSender};
use std::time::{Duration, SystemTime};

use habeas_index::{FileSet, Found, Inventory, KnownFile, Retry};
use habeas_model::Stamp;
use habeas_source::{Facts, Listed, Seen};

use crate::Error;
use crate::far::Lost;
use crate::note::Note;
use crate::supervise::Task;
use crate::walk::{Walk, failed};

/// What listing one source came to.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) source: i64,
    /// What was listed and need not be read again.
    pub(crate) seen: FileSet,
    /// Folders that could not be opened.
    pub(crate) closed: Vec<PathBuf>,
    pub(crate) n_listed: u64,
    /// Did the source stop answering, so that not all of it was listed?
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
pub(crate) struct Lister {
    /// The source's number in the inventory.
    pub(crate) source: i64,
    /// Or why there is none.
    pub(crate) walk: Result<Walk, Lost>,
    pub(crate) inventory: Inventory,
    pub(crate) by: Arc<By>,
    pub(crate) counts: Arc<Counts>,
    /// Is the run to stop?
    pub(crate) halt: Arc<AtomicBool>,
    /// Where files go that are to be read.
    pub(crate) tasks: SyncSender<Task>,
    pub(crate) notes: SyncSender<Note>,
}

impl Lister {
    /// Lists the source; what is new or changed becomes a task.
    pub(crate) fn list(self, ended: &Sender<Result<Listing, Error>>) {
        let notes = self.notes.clone();
        // Nobody waits for it any more if the run has failed.
        let _ = ended.send(self.go());
        let _ = notes.send(Note::Listed);
    }

    fn go(mut self) -> Result<Listing, Error> {
        let mut listing = Listing { source: self.source, ..Listing::default() };
        let mut walk = match std::mem::replace(&mut self.walk, Err(Lost::Silent)) {
            Ok(walk) => walk,
            Err(lost) => {
                self.break_off(&mut listing, &lost);
                return Ok(listing);
            }
        };
        let mut number = 0;
        while let Some(step) = walk.next() {
            if self.halt.load(Ordering::SeqCst) {
                break;
            }
            let (relative, seen) = match step {
                Ok(step) => step,
                Err(lost) => {
                    self.break_off(&mut listing, &lost);
                    break;
                }
            };
            // One folder can fail more than once: it is one thing that was listed.
            if matches!(seen, Seen::Failed(_)) && listing.closed.contains(&relative) {
                continue;
            }
            listing.n_listed += 1;
            self.counts.listed.fetch_add(1, Ordering::Relaxed);
            let known = self.inventory.file(self.source, &relative)?;
            if let (Some(known), Seen::File(Facts { stamp, .. })) = (&known, &seen)
                && self.is_unchanged(known, *stamp)
            {
                listing.seen.insert(known.id);
                self.counts.unchanged.fetch_add(1, Ordering::Relaxed);
                self.counts.done(stamp.size_bytes);
                continue;
            }
            let entry = match walk.root.listed(&relative, seen) {
                Listed::File(entry) => entry,
                unread => {
                    self.leave(&mut listing, known, relative, unread);
                    continue;
                }
            };
            let is_new = known.is_none();
            let is_changed = known.is_some_and(|known| has_changed(known.stamp, entry.stamp));
            self.counts.new.fetch_add(u64::from(is_new), Ordering::Relaxed);
            self.counts.changed.fetch_add(u64::from(is_changed), Ordering::Relaxed);
            number += 1;
            let task = Task {
                number: (self.source, number),
                source: self.source,
                relative,
                entry,
                is_last_try: false,
            };
            self.counts.pending.fetch_add(1, Ordering::SeqCst);
            if self.tasks.send(task).is_err() {
                self.counts.pending.fetch_sub(1, Ordering::SeqCst);
                break;
            }
        }
        Ok(listing)
    }

    /// Takes note of a listing that does not come to its end: nothing in the source is known to be
    /// gone.
    fn break_off(&self, listing: &mut Listing, lost: &Lost) {
        listing.is_stalled = true;
        listing.closed.push(PathBuf::new());
        let Listed::Failed { path, exception } = failed(lost) else { return };
        let version = exception.reason.code().to_owned();
        let found = Found::Failed { path, exception };
        let relative = PathBuf::from(".");
        let _ = self.notes.send(Note::Unread { source: self.source, relative, version, found });
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

/// The coarsest step of a file's times that is in use (FAT). A file that was changed within it
/// before it was read may change again and show the same time and size.
const STEP: Duration = Duration::from_secs(2);

/// Stands for the time of such a file, as a stamp has it.
const UNSURE_NS: i128 = habeas_index::UNSURE_NS as i128;

/// The stamp by which the next run knows a file again that was read no sooner than `asked`: none at
/// all if it could change without showing it. The next run looks at its bytes.
///
/// A share whose clock is ahead of this one's makes its new files dated in the future; they are
/// looked at until their time has come.
pub(crate) fn as_read(stamp: Stamp, asked: SystemTime) -> Stamp {
    let asked = asked.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let since_ns = asked.saturating_sub(STEP).as_nanos();
    let is_sure = u128::try_from(stamp.modified_ns).is_ok_and(|modified| modified < since_ns)
        || stamp.modified_ns < 0;
    if is_sure { stamp } else { Stamp { modified_ns: UNSURE_NS, ..stamp } }
}

/// Is this another stamp than the one that is remembered, which may be an unsure one?
fn has_changed(known: Stamp, now: Stamp) -> bool {
    let now = match known.modified_ns {
        UNSURE_NS => Stamp { modified_ns: UNSURE_NS, ..now },
        _ => now,
    };
    known != now
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_as_read(modified_ns: i128, asked_ns: u64, is_sure: bool) {
        let stamp = Stamp { size_bytes: 3, modified_ns, inode: 7 };
        let asked = SystemTime::UNIX_EPOCH + Duration::from_nanos(asked_ns);
        let read = as_read(stamp, asked);
        assert_eq!(read == stamp, is_sure, "{modified_ns} at {asked_ns}");
        assert!(!has_changed(read, stamp));
        assert!(has_changed(read, Stamp { size_bytes: 4, ..stamp }));
        let later = Stamp { modified_ns: modified_ns + 1, ..stamp };
        assert_eq!(has_changed(read, later), is_sure);
    }

    #[test]
    fn a_file_is_known_again_only_if_it_could_not_change_unseen() {
        const SECOND: u64 = 1_000_000_000;
        check_as_read(0, 10 * SECOND, true);
        check_as_read(7_999_999_999, 10 * SECOND, true);
        check_as_read(8_000_000_000, 10 * SECOND, false);
        check_as_read(10_000_000_000, 10 * SECOND, false);
        check_as_read(90_000_000_000, 10 * SECOND, false);
        check_as_read(-5, 10 * SECOND, true);
    }
}
