//! Does a reader take too long, or too much memory?

use std::fs;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::process::Child;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use habeas_model::Reason;

/// How often readers are looked at.
const TICK: Duration = Duration::from_millis(50);

/// What the system counts processor time in: a hundredth of a second, on every Linux.
const CPU_TICK: Duration = Duration::from_millis(10);

/// How long and how large a reader may be before it is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Processor time without a sign of progress: this much,
    pub cpu: Duration,
    /// and this much more for every megabyte of the item,
    pub cpu_per_mb: Duration,
    /// up to this much.
    pub most_cpu: Duration,
    /// Time by the clock without a sign of progress: for a disk or a share that does not answer,
    /// and, on top of four times the processor time, for a reader that waits for nothing.
    pub stall: Duration,
    /// Time by the clock for one item, whatever progress there is.
    pub wall: Duration,
    /// Memory that a small item may take; one of some size may take three times that size more.
    pub memory_bytes: u64,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            cpu: Duration::from_secs(30),
            cpu_per_mb: Duration::from_secs(2),
            most_cpu: Duration::from_secs(300),
            stall: Duration::from_secs(60),
            wall: Duration::from_secs(3600),
            memory_bytes: 1 << 30,
        }
    }
}

impl Patience {
    /// The processor time for an item of that size.
    fn cpu_for(&self, size_bytes: u64) -> Duration {
        let mb = u32::try_from(size_bytes >> 20).unwrap_or(u32::MAX);
        (self.cpu + self.cpu_per_mb.saturating_mul(mb)).min(self.most_cpu)
    }

    /// The memory for an item of that size, in bytes.
    pub(crate) fn memory_for(&self, size_bytes: u64) -> u64 {
        self.memory_bytes.saturating_add(size_bytes.saturating_mul(3))
    }
}

/// What a reader is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It gets the item's bytes from a disk or a share.
    Fetching,
    /// It has them.
    Working,
}

/// A reader process under watch.
#[derive(Debug)]
pub(crate) struct Watched {
    child: Mutex<Child>,
    pid: u32,
    /// What is between it and whoever waits for it: shut when it is killed, because one that waits
    /// for a dead disk does not end, and its ends stay open.
    lines: Vec<UnixStream>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    busy: Option<Busy>,
    /// Why it was killed, if it was.
    verdict: Option<Reason>,
}

/// A reader at work since its last sign of progress.
#[derive(Debug)]
struct Busy {
    phase: Phase,
    begun: Instant,
    since: Instant,
    cpu_before: Duration,
    cpu_limit: Duration,
    memory_limit: u64,
    patience: Patience,
}

/// How long a process that was killed may take to end before it is left to itself: one that waits
/// for a dead disk cannot end.
const LAST_WAIT: Duration = Duration::from_secs(5);

/// And one that nobody needs to hear from again.
const SHORT_WAIT: Duration = Duration::from_millis(100);

impl Watched {
    /// Puts a process under watch.
    pub(crate) fn new(child: Child, lines: Vec<UnixStream>) -> Arc<Self> {
        let pid = child.id();
        let child = Mutex::new(child);
        let watched = Arc::new(Self { child, pid, lines, state: Mutex::default() });
        lock(watchdog()).push(Arc::downgrade(&watched));
        watched
    }

    /// From now on it works on something of that size; also a sign of progress.
    pub(crate) fn busy(&self, patience: Patience, size_bytes: u64, phase: Phase) {
        let now = Instant::now();
        lock(&self.state).busy = Some(Busy {
            phase,
            begun: now,
            since: now,
            cpu_before: cpu(self.pid).unwrap_or_default(),
            cpu_limit: patience.cpu_for(size_bytes),
            memory_limit: patience.memory_for(size_bytes),
            patience,
        });
    }

    /// A sign of progress: the clock starts anew.
    pub(crate) fn progress(&self) {
        if let Some(busy) = &mut lock(&self.state).busy {
            // The watchdog looks up the processor time when the clock says that it may matter.
            busy.since = Instant::now();
            busy.cpu_before = Duration::MAX;
        }
    }

    /// It waits for work.
    pub(crate) fn idle(&self) {
        lock(&self.state).busy = None;
    }

    /// Ends the process without waiting for it, and says how it ended, if it did: one that waits
    /// for a dead disk is left to itself.
    pub(crate) fn leave(&self) -> String {
        let mut child = lock(&self.child);
        let mut ended = child.try_wait().ok().flatten();
        if ended.is_none() {
            let _ = child.kill();
            let killed = Instant::now();
            while ended.is_none() && killed.elapsed() < SHORT_WAIT {
                std::thread::sleep(Duration::from_micros(200));
                ended = child.try_wait().ok().flatten();
            }
        }
        for line in &self.lines {
            let _ = line.shutdown(Shutdown::Both);
        }
        ended.map_or_else(|| "it does not end".to_owned(), |status| status.to_string())
    }

    /// Ends the process, and says why the watchdog had, and how it ended. One that is on its way
    /// out may take so long to say how.
    pub(crate) fn end(&self, grace: Duration) -> (Option<Reason>, String) {
        let mut child = lock(&self.child);
        let started = Instant::now();
        let mut ended = child.try_wait().ok().flatten();
        while ended.is_none() && started.elapsed() < grace {
            std::thread::sleep(Duration::from_millis(1));
            ended = child.try_wait().ok().flatten();
        }
        if ended.is_none() {
            // Nothing to be done about an error: it is gone already, or the kernel keeps it.
            let _ = child.kill();
            let killed = Instant::now();
            // One that waits for a dead disk or share does not end before that does.
            let is_stalled = lock(&self.state).verdict == Some(Reason::Stalled);
            let most = if is_stalled { SHORT_WAIT } else { LAST_WAIT };
            while ended.is_none() && killed.elapsed() < most {
                ended = child.try_wait().ok().flatten();
                if ended.is_none() {
                    std::thread::sleep(Duration::from_micros(200));
                }
            }
        }
        let how = ended.map_or_else(|| "it does not end".to_owned(), |status| status.to_string());
        (lock(&self.state).verdict, how)
    }

    /// Kills it, whatever it does: the run was stopped.
    pub(crate) fn kill(&self) {
        let _ = lock(&self.child).kill();
        for line in &self.lines {
            let _ = line.shutdown(Shutdown::Both);
        }
    }

    /// The memory it uses now.
    pub(crate) fn memory_bytes(&self) -> u64 {
        memory(self.pid).unwrap_or(0)
    }

    fn check(&self) {
        let mut state = lock(&self.state);
        let Some(busy) = &mut state.busy else { return };
        let cpu = cpu(self.pid).unwrap_or_default();
        if busy.cpu_before == Duration::MAX {
            busy.cpu_before = cpu;
        }
        let took = busy.since.elapsed();
        let is_stalled = match busy.phase {
            Phase::Fetching => took > busy.patience.stall,
            Phase::Working => took > busy.patience.stall + busy.cpu_limit * 4,
        };
        let verdict = if memory(self.pid).unwrap_or(0) > busy.memory_limit {
            Reason::MemoryLimit
        } else if is_stalled && busy.phase == Phase::Fetching {
            Reason::Stalled
        } else if is_stalled
            || cpu.saturating_sub(busy.cpu_before) > busy.cpu_limit
            || busy.begun.elapsed() > busy.patience.wall
        {
            Reason::TimeLimit
        } else {
            return;
        };
        state.verdict = Some(verdict);
        state.busy = None;
        drop(state);
        self.kill();
    }
}

/// All readers of this process, which one thread looks after.
fn watchdog() -> &'static Mutex<Vec<Weak<Watched>>> {
    static READERS: OnceLock<Mutex<Vec<Weak<Watched>>>> = OnceLock::new();
    READERS.get_or_init(|| {
        let watch = std::thread::Builder::new().name("watchdog".to_owned()).spawn(|| {
            loop {
                std::thread::sleep(TICK);
                lock(watchdog()).retain(|reader| reader.strong_count() > 0);
                let readers: Vec<_> = lock(watchdog()).iter().filter_map(Weak::upgrade).collect();
                readers.iter().for_each(|reader| reader.check());
            }
        });
        assert!(watch.is_ok(), "the system gives no thread to watch readers with");
        Mutex::default()
    })
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Processor time that a process has used, in all its threads: fields 14 and 15 of proc(5) `stat`.
fn cpu(pid: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may hold anything, so count from its end; field 3 comes next.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let ticks = fields.next()?.parse::<u32>().ok()?.saturating_add(fields.next()?.parse().ok()?);
    Some(CPU_TICK * ticks)
}

/// Memory that a process holds: `VmRSS` of proc(5) `status`, in kilobytes.
fn memory(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? << 10)
}
