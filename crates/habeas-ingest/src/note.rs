//! What do the threads of a run tell the one that writes, and how much may wait?

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use habeas_index::{Found, Retry, Text};
use habeas_model::{Exception, ItemId, ItemPath, Stamp};

use crate::Error;
use crate::supervise::Task;
use crate::watch::lock;

/// Passages that go together from thread to thread and from reader to parent. A row means the same
/// alone, so a table may be cut anywhere.
pub(crate) const PART: usize = 4000;

/// By what the threads of a run know a file: its source and a number in it.
pub(crate) type FileNumber = (i64, u64);

/// Something for the memory. The notes of one file come in order, from one thread.
#[derive(Debug)]
pub(crate) enum Note {
    /// Listed, and no file to read.
    Unread { source: i64, relative: PathBuf, version: String, found: Found },
    /// A file begins, or begins again.
    Begin { file: FileNumber, begun: Begun },
    /// A file begins, and is known with all that is packed in it.
    BeginKnown { file: FileNumber, begun: Begun, id: ItemId },
    /// A member of it; `weight` was taken from the gate. More of its text follows unless it is
    /// whole.
    Found { file: FileNumber, found: Found, weight: usize, is_whole: bool },
    /// More text of the member before.
    More { file: FileNumber, text: Text, weight: usize, is_last: bool },
    /// A member that is known with all that is packed in it.
    Known { file: FileNumber, path: ItemPath, id: ItemId },
    /// Something that came up after the member at that path was found.
    Trouble { file: FileNumber, path: ItemPath, exception: Exception },
    /// A source is listed to its end.
    Listed,
    /// It is done.
    End { file: FileNumber, stamp: Stamp, retry: Retry },
    /// The run cannot go on.
    Fatal(Error),
}

/// A file that begins.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) source: i64,
    pub(crate) relative: PathBuf,
    pub(crate) path: ItemPath,
    pub(crate) stamp: Stamp,
}

/// Files that somebody has locked, and those of a source that has left a process behind, until
/// everything else is done: then it is their last turn.
#[derive(Debug, Default)]
pub(crate) struct Later {
    waiting: Mutex<Vec<Task>>,
    is_open: AtomicBool,
}

/// So many may wait; those beyond them have had their turn.
const MOST_LATER: usize = 10_000;

impl Later {
    /// May another file wait?
    pub(crate) fn has_room(&self) -> bool {
        !self.is_open.load(Ordering::SeqCst) && lock(&self.waiting).len() < MOST_LATER
    }

    /// Lets a file wait, even if it has become the one beyond.
    pub(crate) fn put(&self, task: Task) {
        lock(&self.waiting).push(task);
    }

    pub(crate) fn len(&self) -> u64 {
        lock(&self.waiting).len() as u64
    }

    /// From now on files are taken, and none waits any more.
    pub(crate) fn open(&self) {
        self.is_open.store(true, Ordering::SeqCst);
    }

    /// A file whose turn it is.
    pub(crate) fn take(&self) -> Option<Task> {
        if self.is_open.load(Ordering::SeqCst) { lock(&self.waiting).pop() } else { None }
    }
}

/// Bounds the bytes that wait for the writer.
#[derive(Debug)]
pub(crate) struct Gate {
    most: usize,
    waiting: Mutex<usize>,
    less: Condvar,
}

impl Gate {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, waiting: Mutex::new(0), less: Condvar::new() }
    }

    /// Waits until there is room. What is larger than the gate goes through alone.
    pub(crate) fn enter(&self, weight: usize) {
        let mut waiting = lock(&self.waiting);
        while *waiting > 0 && waiting.saturating_add(weight) > self.most {
            waiting = self.less.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        *waiting = waiting.saturating_add(weight);
    }

    /// Makes room.
    pub(crate) fn leave(&self, weight: usize) {
        let mut waiting = lock(&self.waiting);
        *waiting = waiting.saturating_sub(weight);
        self.less.notify_all();
    }
}
