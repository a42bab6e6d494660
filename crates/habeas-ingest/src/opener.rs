//! How is a file opened, if its disk or share may never answer?
//!
//! By a process of its own, which hands the file to a reader and is left behind when it does not
//! come back in time. The file never comes to this process: even to close one is to ask its share.

use std::collections::HashMap;
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use habeas_model::{Exception, Reason};
use habeas_source::Entry;

use crate::errand::{Errand, Report};
use crate::far::{Far, Lost};
use crate::watch::{Watched, lock};

/// So many processes may be left behind before nothing more of that source is opened.
const MOST_LEFT: u32 = 8;

/// Where a file is.
#[derive(Clone, Debug)]
pub(crate) enum At {
    /// At an absolute path.
    Path(PathBuf),
    /// Where a listing came upon it.
    Listed(Box<Entry>),
}

/// How many processes were left behind by sources, over all threads of a run.
#[derive(Debug, Default)]
pub(crate) struct Left(Mutex<HashMap<PathBuf, u32>>);

impl Left {
    /// Was a process left behind by the source of that file?
    pub(crate) fn is_slow(&self, entry: &Entry) -> bool {
        lock(&self.0).contains_key(entry.root.base())
    }

    fn is_dead(&self, source: &Path) -> bool {
        lock(&self.0).get(source).is_some_and(|n_left| *n_left >= MOST_LEFT)
    }

    fn count(&self, source: &Path) {
        *lock(&self.0).entry(source.to_owned()).or_default() += 1;
    }
}

impl At {
    /// What answers together: a source. Files that are named by their paths are one by one.
    fn source(&self) -> &Path {
        match self {
            Self::Path(path) => path,
            Self::Listed(entry) => entry.root.base(),
        }
    }
}

/// Opens files one after the other.
#[derive(Debug, Default)]
pub(crate) struct Opener {
    far: Option<Far>,
    left: Arc<Left>,
}

/// Why a reader has no file.
#[derive(Debug)]
pub(crate) struct Unopened {
    pub(crate) exception: Exception,
    /// May the reader be sent it all the same, later?
    pub(crate) is_open: bool,
}

impl Opener {
    pub(crate) fn new(left: Arc<Left>) -> Self {
        Self { far: None, left }
    }

    /// A reader was left behind by that file.
    pub(crate) fn left_by(&self, at: &At) {
        self.left.count(at.source());
    }

    /// Opens a file within that time for the reader at the other end of a socket. Gives its size in
    /// bytes.
    pub(crate) fn open(
        &mut self,
        at: &At,
        reader: BorrowedFd<'_>,
        most: Duration,
        started: &dyn Fn(&Arc<Watched>),
    ) -> Result<u64, Unopened> {
        let surely = |exception| Unopened { exception, is_open: false };
        if self.left.is_dead(at.source()) {
            let note = format!("{MOST_LEFT} files of its source do not answer; no more are tried");
            return Err(surely(Exception::whole(Reason::Stalled, note)));
        }
        let mut far = match self.far.take() {
            Some(far) => far,
            None => Far::start(started)
                .map_err(|error| surely(Exception::whole(Reason::Io, error.to_string())))?,
        };
        let ordered = match at {
            At::Path(path) => far.order(&Errand::Open(path.as_path().into()), &[reader]),
            At::Listed(entry) => {
                let (root, dir) = entry.root.parts();
                let fds: Vec<BorrowedFd<'_>> = [reader].into_iter().chain(dir).collect();
                let raw = entry.raw.as_path().into();
                far.order(&Errand::OpenListed { root, raw }, &fds)
            }
        };
        let lost = match ordered.and_then(|()| far.hear(most)) {
            Ok(Report::Opened { size_bytes }) => {
                self.far = Some(far);
                return Ok(size_bytes);
            }
            Ok(Report::Unopened(exception)) => {
                self.far = Some(far);
                return Err(surely(exception));
            }
            Ok(_) => Far::confused(),
            Err(lost) => lost,
        };
        if matches!(lost, Lost::Silent) {
            self.left.count(at.source());
        }
        Err(Unopened { exception: lost.exception("the file"), is_open: true })
    }
}
