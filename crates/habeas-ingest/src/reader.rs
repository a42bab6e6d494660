//! How is a reader process started, asked and replaced?

use std::fs::File;
use std::io::{self, BufReader};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use habeas_model::{Exception, Reason};
use rustix::fs::{MemfdFlags, memfd_create};

use crate::frame::{self, Answer, Ask, Confinement, Order, PROTOCOL};
use crate::watch::{Patience, Phase, Watched};
use crate::{Error, Program, wire};

/// A reader is replaced after this many items: readers leak.
const MOST_ITEMS: u32 = 1000;

/// And when it holds more than this between items.
const MOST_IDLE_BYTES: u64 = 256 << 20;

/// A reader that closed its pipe is about to end; how is worth a moment.
const GRACE: Duration = Duration::from_millis(300);

static PROGRAM: OnceLock<Program> = OnceLock::new();

/// Takes another program than this one for readers, once, before anything is read. It is called
/// with the one argument `reader` and has to call [`crate::serve`], or with `lister`, and then
/// [`crate::serve_lister`].
///
/// For programs that are not the command itself, such as tests; the variable `HABEAS_READER` does
/// the same.
pub fn use_reader(program: &Path) {
    // The first call stands: readers of two kinds would be hard to explain.
    let _ = PROGRAM.set(program.to_owned());
}

pub(crate) fn program() -> &'static Program {
    PROGRAM.get_or_init(|| {
        if let Some(program) = std::env::var_os("HABEAS_READER") {
            return PathBuf::from(program);
        }
        // Stays the same program when an update replaces the file while a run is on.
        let running = PathBuf::from("/proc/self/exe");
        if running.exists() { running } else { std::env::current_exe().unwrap_or(running) }
    })
}

/// A reader process that waits for work.
#[derive(Debug)]
pub(crate) struct Reader {
    watched: Arc<Watched>,
    socket: UnixStream,
    from: BufReader<UnixStream>,
    /// What it says when it dies, in memory.
    last_words: File,
    /// How it is confined.
    pub(crate) confinement: Confinement,
    n_items: u32,
}

impl Reader {
    /// Starts a reader and waits until it says that it is up.
    pub(crate) fn start(patience: Patience) -> Result<Self, Error> {
        let program = program();
        let failed = |why: String| Error::Reader { program: program.display().to_string(), why };
        let failed_io = |error: io::Error| failed(error.to_string());
        let (socket, theirs) = UnixStream::pair().map_err(failed_io)?;
        // No pipe: it has to be shut from this end if the reader cannot end.
        let (from, their_words) = UnixStream::pair().map_err(failed_io)?;
        // What a reader says there could be what an item says: it is looked at, and never shown.
        let last_words = memfd_create("last words", MemfdFlags::CLOEXEC);
        let last_words = File::from(last_words.map_err(|error| failed_io(error.into()))?);
        let child = Command::new(program)
            .arg("reader")
            .env_clear()
            .current_dir("/")
            .stdin(OwnedFd::from(theirs))
            .stdout(OwnedFd::from(their_words))
            .stderr(last_words.try_clone().map_err(failed_io)?)
            .spawn()
            .map_err(failed_io)?;
        let lines = [&socket, &from].map(UnixStream::try_clone);
        let lines = lines.into_iter().collect::<io::Result<_>>().map_err(failed_io)?;
        let watched = Watched::new(child, lines);
        let from = BufReader::with_capacity(1 << 16, from);
        let confinement = Confinement::default();
        let mut reader = Self { watched, socket, from, last_words, confinement, n_items: 0 };
        reader.watched.busy(patience, 0, Phase::Working);
        match reader.hear() {
            Ok(Some(Answer::Hello { protocol: PROTOCOL, confinement })) => {
                reader.confinement = confinement;
                reader.watched.idle();
                Ok(reader)
            }
            _ => Err(failed("it does not answer as a reader does".to_owned())),
        }
    }

    /// Where a descriptor goes that somebody else sends, before [`Reader::ask_sent`].
    pub(crate) fn socket(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// Asks for an item of about that size, whose descriptor this is.
    pub(crate) fn ask(
        &mut self,
        ask: Box<Ask>,
        fd: BorrowedFd<'_>,
        size_bytes: u64,
        patience: Patience,
    ) -> io::Result<()> {
        wire::send(&self.socket, Some(fd))?;
        self.ask_sent(ask, size_bytes, patience)
    }

    /// Asks for an item of about that size, whose descriptor was sent.
    pub(crate) fn ask_sent(
        &mut self,
        ask: Box<Ask>,
        size_bytes: u64,
        patience: Patience,
    ) -> io::Result<()> {
        self.n_items += 1;
        let phase = if ask.id.is_some() { Phase::Working } else { Phase::Fetching };
        self.watched.busy(patience, size_bytes, phase);
        frame::write(&mut &self.socket, &Order::Read(ask))
    }

    /// Tells it whether to read the item whose digest it has said.
    pub(crate) fn decide(
        &mut self,
        is_wanted: bool,
        size_bytes: u64,
        patience: Patience,
    ) -> io::Result<()> {
        self.watched.busy(patience, size_bytes, Phase::Working);
        self.order(&Order::Decide { is_wanted })
    }

    /// It waits for the parent, so its time does not count.
    pub(crate) fn pause(&self) {
        self.watched.idle();
    }

    /// Lets it go on after a pause.
    pub(crate) fn next(
        &mut self,
        spent: habeas_document::Spent,
        size_bytes: u64,
        patience: Patience,
    ) -> io::Result<()> {
        self.watched.busy(patience, size_bytes, Phase::Working);
        self.order(&Order::Next { spent })
    }

    fn order(&mut self, order: &Order) -> io::Result<()> {
        wire::send(&self.socket, None)?;
        frame::write(&mut &self.socket, order)
    }

    /// Waits for what it says next; `None` when it is gone.
    pub(crate) fn hear(&mut self) -> io::Result<Option<Answer>> {
        let answer = frame::read(&mut self.from);
        self.watched.progress();
        answer
    }

    /// The descriptor that it has just announced: of a file in memory that cannot change.
    pub(crate) fn take_file(&mut self) -> io::Result<File> {
        let fd = wire::receive(&self.socket)?.flatten();
        match fd.filter(|fd| wire::is_sealed(fd.as_fd())) {
            Some(fd) => Ok(File::from(fd)),
            None => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// The item is done. Gives the reader back unless it has had its time.
    pub(crate) fn rest(self, is_worn: bool) -> Option<Self> {
        self.watched.idle();
        let is_fit =
            !is_worn && self.n_items < MOST_ITEMS && self.watched.memory_bytes() <= MOST_IDLE_BYTES;
        is_fit.then_some(self)
    }

    /// Ends it and gives the exception for the item it had: `trouble` is what went wrong at this
    /// end of the pipe, if anything did.
    pub(crate) fn post_mortem(self, trouble: Option<&io::Error>) -> Exception {
        let is_lie = trouble.is_some_and(|error| error.kind() == io::ErrorKind::InvalidData);
        let is_flood = trouble.is_some_and(|error| error.kind() == io::ErrorKind::FileTooLarge);
        let grace = if is_lie || is_flood { Duration::ZERO } else { GRACE };
        let (verdict, how) = self.watched.end(grace);
        if let Some(reason) = verdict {
            let note = match reason {
                Reason::Stalled => "the disk or share stopped answering",
                Reason::MemoryLimit => "its reader took too much memory and was stopped",
                _ => "its reader took too long and was stopped",
            };
            return Exception::whole(reason, note);
        }
        if is_flood {
            return Exception::whole(Reason::OutputLimit, "its reader says too much");
        }
        if is_lie {
            return Exception::whole(Reason::Protocol, "its reader says what no reader says");
        }
        let mut words = [0; 512];
        let n = self.last_words.read_at(&mut words, 0).unwrap_or(0);
        let words = String::from_utf8_lossy(&words[..n]);
        if words.contains("memory allocation of") {
            return Exception::whole(Reason::MemoryLimit, "its reader asked for too much memory");
        }
        let note = if words.contains("has overflowed its stack") {
            "its reader died (it ran out of stack)".to_owned()
        } else {
            format!("its reader died ({how})")
        };
        Exception::whole(Reason::ReaderFailed, note)
    }

    /// The process, for whoever has to stop it from another thread.
    pub(crate) fn watched(&self) -> &Arc<Watched> {
        &self.watched
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.watched.end(Duration::ZERO);
    }
}
