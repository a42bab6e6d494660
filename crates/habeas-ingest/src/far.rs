//! How is something done in a file system that may never answer?
//!
//! Who waits for a dead share cannot be woken or killed before it answers, and a program cannot end
//! while a thread of its own waits. So whatever touches a source is done by a process of its own
//! (`habeas lister`, hidden), which is told what to do, given up when it is silent for too long, and
//! left behind: nobody waits for it, and it holds nothing of the command's.

use std::io::{self, BufReader};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use habeas_model::{Exception, Reason};
use habeas_source::{Counted, Source};

use crate::errand::{Errand, Looked, PROTOCOL, Report, Searched};
use crate::reader::program;
use crate::watch::Watched;
use crate::{Error, frame, wire};

/// A process that goes to the file system.
#[derive(Debug)]
pub(crate) struct Far {
    watched: Arc<Watched>,
    socket: UnixStream,
    from: BufReader<UnixStream>,
    /// How long it is waited for now.
    most: Option<Duration>,
}

/// Why there is no report.
#[derive(Debug)]
pub(crate) enum Lost {
    /// It was silent for too long: its disk or share does not answer.
    Silent,
    /// It ended, or says what it should not: how.
    Ended(String),
}

impl Lost {
    /// What that means for what it was about, such as `the source`.
    pub(crate) fn exception(&self, what: &str) -> Exception {
        match self {
            Self::Silent => {
                let note = format!("the disk or share of {what} does not answer");
                Exception::whole(Reason::Stalled, note)
            }
            Self::Ended(how) => {
                let note = format!("the process that asks for {what} ended ({how})");
                Exception::whole(Reason::Io, note)
            }
        }
    }
}

impl Far {
    /// Starts one, and tells of it.
    pub(crate) fn start(started: &dyn Fn(&Arc<Watched>)) -> Result<Self, Error> {
        let program = program();
        let failed = |error: io::Error| Error::Reader {
            program: program.display().to_string(),
            why: error.to_string(),
        };
        let (socket, theirs) = UnixStream::pair().map_err(failed)?;
        let (from, their_words) = UnixStream::pair().map_err(failed)?;
        let child = Command::new(program)
            .arg("lister")
            .env_clear()
            .current_dir("/")
            // Ctrl-C is for the command, which then decides.
            .process_group(0)
            .stdin(OwnedFd::from(theirs))
            .stdout(OwnedFd::from(their_words))
            // Whoever waits for the end of the command's output must not wait for one that hangs.
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let lines = [&socket, &from].map(UnixStream::try_clone);
        let lines = lines.into_iter().collect::<io::Result<_>>().map_err(failed)?;
        let watched = Watched::new(child, lines);
        started(&watched);
        let from = BufReader::with_capacity(1 << 16, from);
        Ok(Self { watched, socket, from, most: None })
    }

    /// Tells it what to do; descriptors go with it.
    pub(crate) fn order(&mut self, errand: &Errand, fds: &[BorrowedFd<'_>]) -> Result<(), Lost> {
        let ordered = wire::send_all(&self.socket, fds)
            .and_then(|()| frame::write(&mut &self.socket, errand));
        ordered.map_err(|error| self.lost(&error))
    }

    /// Waits for the next report, for at most so long after its last sign of life.
    pub(crate) fn hear(&mut self, most: Duration) -> Result<Report, Lost> {
        // No time at all would mean for ever.
        let most = most.max(Duration::from_millis(1));
        if self.most != Some(most) {
            let set = self.from.get_ref().set_read_timeout(Some(most));
            set.and_then(|()| self.socket.set_read_timeout(Some(most)))
                .map_err(|error| self.lost(&error))?;
            self.most = Some(most);
        }
        loop {
            match frame::read(&mut self.from) {
                Ok(Some(Report::Alive | Report::Up { protocol: PROTOCOL })) => {}
                Ok(Some(Report::Up { .. })) => {
                    return Err(Lost::Ended("another version".to_owned()));
                }
                Ok(Some(report)) => return Ok(report),
                Ok(None) => return Err(self.lost(&io::ErrorKind::UnexpectedEof.into())),
                Err(error) => return Err(self.lost(&error)),
            }
        }
    }

    /// The descriptor that came with the report.
    pub(crate) fn take(&mut self) -> Result<Option<OwnedFd>, Lost> {
        match wire::receive(&self.socket) {
            Ok(Some(fd)) => Ok(fd),
            Ok(None) => Err(self.lost(&io::ErrorKind::UnexpectedEof.into())),
            Err(error) => Err(self.lost(&error)),
        }
    }

    fn lost(&self, error: &io::Error) -> Lost {
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Lost::Silent,
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset => Lost::Ended(self.watched.leave()),
            _ => Lost::Ended(error.to_string()),
        }
    }

    /// It says what nobody asked for.
    pub(crate) fn confused() -> Lost {
        Lost::Ended("it says what it should not".to_owned())
    }
}

impl Drop for Far {
    fn drop(&mut self) {
        self.watched.leave();
    }
}

/// Counts a source as [`habeas_source::count`] does, and gives up when its file system does not
/// answer for `most`.
///
/// # Errors
/// The exception that says why it was given up, or that no process can be started.
pub fn count(source: &Source, own: &[&Path], most: Duration) -> Result<Counted, Exception> {
    let errand = Errand::Count(Searched::new(source, own));
    match ask(&errand, most, "the source")? {
        Report::Counted(counted) => Ok(counted),
        _ => Err(Far::confused().exception("the source")),
    }
}

/// Says what is at a path, and gives up when its file system does not answer for `most`.
///
/// # Errors
/// The exception that says why it was given up, or that no process can be started.
pub fn look(path: &Path, most: Duration) -> Result<Looked, Exception> {
    // The other process has its own working folder.
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match ask(&Errand::Look(path.as_path().into()), most, "the path")? {
        Report::Looked(looked) => Ok(looked),
        _ => Err(Far::confused().exception("the path")),
    }
}

fn ask(errand: &Errand, most: Duration, what: &str) -> Result<Report, Exception> {
    let mut far =
        Far::start(&|_| {}).map_err(|error| Exception::whole(Reason::Io, error.to_string()))?;
    let report = far.order(errand, &[]).and_then(|()| far.hear(most));
    report.map_err(|lost| lost.exception(what))
}
