//! What does the process do that goes to the file system?
//!
//! It gives up all rights but reading, and does one errand after the other. It may never come back
//! from one: then it is left behind, and holds nothing but its own ends of two sockets.

use std::fs::File;
use std::io::{self, BufWriter};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use habeas_model::Exception;
use habeas_source::{Root, Seen, base, count_with, walk};

use crate::confine::confine_lister;
use crate::errand::{Errand, Looked, PROTOCOL, Raw, Report, Searched};
use crate::watch::lock;
use crate::{frame, wire};

/// So many things that were listed go in one frame,
const MOST_SEEN: usize = 512;
/// or so many bytes of their paths,
const MOST_BYTES: usize = 256 << 10;
/// or what has come in so long.
const MOST_TIME: Duration = Duration::from_millis(50);

/// What happens before something of a source is looked at or opened, given its path: nothing,
/// unless a test says otherwise.
pub type Before = fn(&Path);

/// The process that goes to the file system: does errands until its parent is gone.
///
/// The command calls it for its hidden subcommand `lister`.
pub fn serve_lister() -> ExitCode {
    serve_lister_with(|_| {})
}

/// As [`serve_lister`]; for tests of what happens when file systems do not answer.
pub fn serve_lister_with(before: Before) -> ExitCode {
    // A panic's message may hold a name.
    std::panic::set_hook(Box::new(|_| {}));
    let Ok(socket) = io::stdin().as_fd().try_clone_to_owned().map(UnixStream::from) else {
        return ExitCode::FAILURE;
    };
    confine_lister();
    let (out, since) = (BufWriter::with_capacity(1 << 16, io::stdout()), Instant::now());
    let out = Arc::new(Mutex::new(Out { out, seen: Vec::new(), n_bytes: 0, since }));
    let ticks = Arc::clone(&out);
    let ticker = std::thread::Builder::new().spawn(move || {
        loop {
            std::thread::sleep(MOST_TIME);
            lock(&ticks).tick();
        }
    });
    if ticker.is_err() {
        return ExitCode::FAILURE;
    }
    // Whatever fails here fails because the parent is gone.
    match (Desk { socket, out, before }).work() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

struct Desk {
    socket: UnixStream,
    out: Arc<Mutex<Out>>,
    before: Before,
}

/// Where reports go, and what was listed and has not gone yet.
struct Out {
    out: BufWriter<io::Stdout>,
    seen: Vec<(Raw, Seen)>,
    n_bytes: usize,
    /// When something was said last.
    since: Instant,
}

impl Out {
    fn say(&mut self, report: &Report) -> io::Result<()> {
        frame::write(&mut self.out, report)?;
        self.since = Instant::now();
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.n_bytes = 0;
        if self.seen.is_empty() {
            return Ok(());
        }
        let seen = std::mem::take(&mut self.seen);
        self.say(&Report::Seen(seen))
    }

    fn see(&mut self, relative: PathBuf, seen: Seen) -> io::Result<()> {
        self.n_bytes += relative.as_os_str().len();
        self.seen.push((relative.into(), seen));
        let is_full = self.seen.len() >= MOST_SEEN || self.n_bytes >= MOST_BYTES;
        if is_full || self.since.elapsed() >= MOST_TIME { self.flush() } else { Ok(()) }
    }

    /// What was listed goes on its way while the file system is silent about what comes next. That
    /// is no sign of its life.
    fn tick(&mut self) {
        let is_old = self.since.elapsed() >= MOST_TIME && !self.seen.is_empty();
        if is_old && self.flush().is_err() {
            // Nobody waits for it any more.
            std::process::exit(0);
        }
    }

    /// The file system has answered. That goes unsaid as long as something was said lately.
    fn alive(&mut self) {
        if self.since.elapsed() < MOST_TIME {
            return;
        }
        let said = if self.seen.is_empty() { self.say(&Report::Alive) } else { self.flush() };
        if said.is_err() {
            // Nobody waits for it any more.
            std::process::exit(0);
        }
    }
}

impl Desk {
    fn work(self) -> io::Result<()> {
        self.say(&Report::Up { protocol: PROTOCOL })?;
        while let Some(fds) = wire::receive_all(&self.socket)? {
            let Some(errand) = frame::read(&mut &self.socket)? else { break };
            match errand {
                Errand::List(searched) => self.list(&searched)?,
                Errand::Count(searched) => self.count(&searched)?,
                Errand::Look(path) => self.look(path.path())?,
                Errand::Open(path) => {
                    let mut fds = fds.into_iter();
                    self.open(path.path(), fds.next(), || habeas_source::open(path.path()))?;
                }
                Errand::OpenListed { root, raw } => {
                    let mut fds = fds.into_iter();
                    let reader = fds.next();
                    let root = Root::from_parts(root, fds.next());
                    self.open(raw.path(), reader, || root.open_raw(raw.path()))?;
                }
            }
        }
        Ok(())
    }

    fn say(&self, report: &Report) -> io::Result<()> {
        lock(&self.out).say(report)
    }

    fn list(&self, searched: &Searched) -> io::Result<()> {
        let source = searched.source();
        (self.before)(&source.root);
        let Ok(root) = Root::new(&source) else { return self.say(&Report::Missing) };
        let base = base(&source).as_path().into();
        let (parts, dir) = root.parts();
        if let Some(dir) = dir {
            wire::send(&self.socket, Some(dir))?;
        }
        self.say(&Report::Rooted { base, root: parts })?;
        let out = Arc::clone(&self.out);
        let alive = Box::new(move || lock(&out).alive());
        for (relative, seen) in walk(&root, &source.exclude, &searched.own(), alive) {
            (self.before)(&relative);
            lock(&self.out).see(relative, seen)?;
        }
        lock(&self.out).flush()?;
        self.say(&Report::End)
    }

    fn count(&self, searched: &Searched) -> io::Result<()> {
        let source = searched.source();
        (self.before)(&source.root);
        let mut alive = || lock(&self.out).alive();
        let counted = count_with(&source, &searched.own(), &mut alive);
        self.say(&Report::Counted(counted))
    }

    fn look(&self, path: &Path) -> io::Result<()> {
        (self.before)(path);
        let is_writable = || rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok();
        let looked = path.metadata().map_or_else(
            |_| Looked::default(),
            |facts| Looked {
                is_there: true,
                is_folder: facts.is_dir(),
                is_writable: is_writable(),
            },
        );
        self.say(&Report::Looked(looked))
    }

    /// Opens a file and sends it to a reader.
    fn open(
        &self,
        path: &Path,
        reader: Option<OwnedFd>,
        open: impl FnOnce() -> Result<File, Exception>,
    ) -> io::Result<()> {
        (self.before)(path);
        let Some(reader) = reader else { return Err(io::ErrorKind::InvalidData.into()) };
        let opened = open().and_then(|file| {
            let failed = |error: io::Error| habeas_source::exception(&error);
            let size_bytes = file.metadata().map_err(failed)?.len();
            wire::send(&UnixStream::from(reader), Some(file.as_fd())).map_err(failed)?;
            // Closed before the report: to close a file of a share is to ask the share, too.
            drop(file);
            Ok(size_bytes)
        });
        self.say(&match opened {
            Ok(size_bytes) => Report::Opened { size_bytes },
            Err(exception) => Report::Unopened(exception),
        })
    }
}
