//! How is a reader process started, asked and replaced?

use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::frame::{self, Answer, Ask, PROTOCOL};
use crate::watch::{Patience, Watched};
use crate::{Error, Program};

/// A reader is replaced after this many files: readers leak.
const MOST_FILES: u32 = 1000;

/// And when it holds more than this between files.
const MOST_IDLE_BYTES: u64 = 256 << 20;

static PROGRAM: OnceLock<Program> = OnceLock::new();

/// Takes another program than this one for readers, once, before anything is read. It is called
/// with the one argument `reader` and has to call [`crate::serve`].
///
/// For programs that are not the command itself, such as tests; the variable `HABEAS_READER` does
/// the same.
pub fn use_reader(program: &Path) {
    // The first call stands: readers of two kinds would be hard to explain.
    let _ = PROGRAM.set(program.to_owned());
}

fn program() -> &'static Program {
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
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    /// How it is confined, in words.
    pub(crate) isolation: String,
    n_files: u32,
}

impl Reader {
    /// Starts a reader and waits until it says that it is up.
    pub(crate) fn start(patience: Patience) -> Result<Self, Error> {
        let program = program();
        let failed = |why: String| Error::Reader { program: program.display().to_string(), why };
        let mut child = Command::new(program)
            .arg("reader")
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What a reader might say there could be what an item says.
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (to, from) = pipes.ok_or_else(|| failed("it has no pipes".to_owned()))?;
        let watched = Watched::new(child);
        let from = BufReader::with_capacity(1 << 16, from);
        let mut reader = Self { watched, to, from, isolation: String::new(), n_files: 0 };
        reader.watched.busy(patience, 0);
        match reader.hear() {
            Ok(Some(Answer::Hello { protocol: PROTOCOL, isolation })) => {
                reader.isolation = isolation;
                reader.watched.idle();
                Ok(reader)
            }
            _ => Err(failed("it does not answer as a reader does".to_owned())),
        }
    }

    /// Asks for a file of about that size.
    pub(crate) fn ask(&mut self, ask: &Ask, size_bytes: u64, patience: Patience) -> io::Result<()> {
        self.n_files += 1;
        self.watched.busy(patience, size_bytes);
        frame::write(&mut self.to, ask)
    }

    /// Waits for what it says next; `None` when it is gone.
    pub(crate) fn hear(&mut self) -> io::Result<Option<Answer>> {
        let answer = frame::read(&mut self.from);
        self.watched.progress();
        answer
    }

    /// The file is done. Gives the reader back unless it has had its time.
    pub(crate) fn rest(self) -> Option<Self> {
        self.watched.idle();
        let is_fit = self.n_files < MOST_FILES && self.watched.memory_bytes() <= MOST_IDLE_BYTES;
        is_fit.then_some(self)
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
