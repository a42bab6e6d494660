//! How is a file opened, if its disk or share may never answer?
//!
//! Opening happens in a thread of its own, which is left behind when it does not come back in time.

use std::fs::File;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use habeas_model::{Exception, Reason};
use habeas_source::Entry;
/// So many threads may be left behind before nothing more of that source is opened.
const MOST_LEFT: u32 = 8;

/// Where a file is.
#[derive(Clone, Debug)]
pub(crate) enum At {
    /// At an absolute path.
    Path(PathBuf),
    /// Where a listing came upon it.
    Listed(Box<Entry>),
}

impl At {
    fn open(&self) -> Result<File, Exception> {
        match self {
            Self::Path(path) => habeas_source::open(path),
            Self::Listed(entry) => entry.open(),
        }
    }
}

/// Where a thread that opens files is told which, and where its answers are.
type Thread = (Sender<At>, Receiver<Result<File, Exception>>);

/// Opens files one after the other.
#[derive(Debug, Default)]
pub(crate) struct Opener {
    thread: Option<Thread>,
    n_left: u32,
}

impl Opener {
    /// Opens a file within that time.
    pub(crate) fn open(&mut self, at: At, most: Duration) -> Result<File, Exception> {
        if self.n_left >= MOST_LEFT {
            let note = format!("{MOST_LEFT} files of its source did not open; no more are tried");
            return Err(Exception::whole(Reason::Stalled, note));
        }
        let (to, from) = match self.thread.take() {
            Some(thread) => thread,
            None => start(),
        };
        if to.send(at).is_err() {
            return Err(Exception::whole(Reason::Io, "the thread that opens files is gone"));
        }
        match from.recv_timeout(most) {
            Ok(opened) => {
                self.thread = Some((to, from));
                opened
            }
            Err(RecvTimeoutError::Timeout) => {
                self.n_left += 1;
                Err(Exception::whole(Reason::Stalled, "it does not open: its disk or share hangs"))
            }
            Err(RecvTimeoutError::Disconnected) => {
                Err(Exception::whole(Reason::Io, "the thread that opens files is gone"))
            }
        }
    }
}

fn start() -> Thread {
    let (to, orders) = channel::<At>();
    let (files, from) = channel();
    let thread = std::thread::Builder::new().name("opener".to_owned()).spawn(move || {
        for at in orders {
            if files.send(at.open()).is_err() {
                return;
            }
        }
    });
    if let Err(error) = thread {
        tracing::warn!(%error, "no thread to open files with");
    }
    (to, from)
}
