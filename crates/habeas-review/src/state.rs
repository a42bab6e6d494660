//! What a run of the page holds: the house, sessions, jobs, and cases in memory.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use habeas_case::{CaseId, Register};
use habeas_index::Estate;
use habeas_match::Setting;

use crate::api::passages::{Key, Viewed};
use crate::desk::Desk;
use crate::house::House;
use crate::jobs::Jobs;
use crate::looks::Looks;
use crate::problem::Problem;
use crate::session::Sessions;

/// Everything that requests share.
pub struct App {
    /// What the command lends.
    pub house: Arc<dyn House>,
    /// What a request may name as its host, with the port.
    pub hosts: Vec<String>,
    /// Who may ask.
    pub sessions: Sessions,
    /// What takes long.
    pub jobs: Arc<Jobs>,
    /// The case that the command line names.
    pub case: Option<String>,
    /// Pages of items as pictures, for a while.
    pub looks: Looks,
    /// Items with what would be taken out of them, for a while.
    pub viewed: Mutex<VecDeque<(Key, Arc<Viewed>)>>,
    estate: Mutex<Option<Opened>>,
    desks: Mutex<HashMap<CaseId, Arc<Mutex<Desk>>>>,
    setting: Mutex<Option<(Arc<Estate>, Arc<Setting>)>>,
    reached: Mutex<HashMap<String, Reached>>,
}

/// Until when it is known whether a source can be reached, and why it cannot, if so.
type Reached = (Instant, Result<(), String>);

struct Opened {
    estate: Arc<Estate>,
    stamp: Option<SystemTime>,
    looked: Instant,
}

/// How often is it looked whether the estate has changed?
const LOOKS_AGAIN: Duration = Duration::from_secs(2);
/// For how long is it known that a source can be reached?
const REACHED: Duration = Duration::from_secs(30);
/// And that it cannot? Somebody may be connecting it. One that answers late is asked seldom.
const AWAY: Duration = Duration::from_secs(1);
const LATE: u32 = 10;

impl App {
    /// A run for a house, at a port of loopback.
    pub fn new(house: Arc<dyn House>, port: u16, idle: Duration, case: Option<String>) -> Self {
        let hosts = ["127.0.0.1", "localhost", "[::1]"].map(|name| format!("{name}:{port}"));
        Self {
            house,
            hosts: hosts.to_vec(),
            sessions: Sessions::new(idle),
            jobs: Arc::default(),
            case,
            looks: Looks::default(),
            viewed: Mutex::default(),
            estate: Mutex::default(),
            desks: Mutex::default(),
            setting: Mutex::default(),
            reached: Mutex::default(),
        }
    }

    /// A link that opens the page once.
    ///
    /// # Errors
    /// If the system gives no randomness.
    pub fn link(&self) -> std::io::Result<String> {
        let host = self.hosts.first().map_or("", String::as_str);
        Ok(format!("http://{host}/#k={}", self.sessions.key()?))
    }

    /// What was indexed, as it is now.
    ///
    /// # Errors
    /// If nothing was indexed.
    pub fn estate(&self) -> Result<Arc<Estate>, Problem> {
        let mut opened = lock(&self.estate);
        if let Some(known) = opened.as_mut() {
            if known.looked.elapsed() < LOOKS_AGAIN {
                return Ok(Arc::clone(&known.estate));
            }
            known.looked = Instant::now();
            if newest(&self.house.root().join("estate")) == known.stamp {
                return Ok(Arc::clone(&known.estate));
            }
        }
        let stamp = newest(&self.house.root().join("estate"));
        let estate = Arc::new(self.house.open()?);
        *opened = Some(Opened { estate: Arc::clone(&estate), stamp, looked: Instant::now() });
        Ok(estate)
    }

    /// What recognition depends on, with the names that the estate holds: gathered once an estate.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn setting(&self) -> Result<Arc<Setting>, Problem> {
        let estate = self.estate()?;
        let mut known = lock(&self.setting);
        if let Some((of, setting)) = known.as_ref()
            && Arc::ptr_eq(of, &estate)
        {
            return Ok(Arc::clone(setting));
        }
        let setting = Arc::new(self.house.setting(&estate)?);
        *known = Some((estate, Arc::clone(&setting)));
        Ok(setting)
    }

    /// The register of cases.
    ///
    /// # Errors
    /// If its folder cannot be read.
    pub fn register(&self) -> Result<Register, Problem> {
        Ok(Register::open(self.house.root())?)
    }

    /// A case in memory, as it is now on disk.
    ///
    /// # Errors
    /// If there is no such case, or it cannot be read.
    pub fn desk(&self, case: &str) -> Result<Arc<Mutex<Desk>>, Problem> {
        let register = self.register()?;
        let id = CaseId::parse(case).map_err(|_| Problem::not_found("there is no such case"))?;
        let known = lock(&self.desks).get(&id).cloned();
        let desk = match known {
            Some(desk) => desk,
            None => {
                // Only by its whole name: a part of one may mean another case tomorrow.
                if !register.list()?.contains(&id) {
                    return Err(Problem::not_found(format!("there is no case {id}")));
                }
                let desk = Arc::new(Mutex::new(Desk::open(register.get(id.as_str())?)?));
                Arc::clone(lock(&self.desks).entry(id).or_insert(desk))
            }
        };
        lock(&desk).refresh(self)?;
        Ok(desk)
    }

    /// Can a source be reached? One that could is looked at no more than twice a minute.
    pub fn reach(&self, source: &crate::house::SourceOf) -> Result<(), String> {
        if let Some((at, reached)) = lock(&self.reached).get(&source.name)
            && Instant::now() < *at
        {
            return reached.clone();
        }
        let began = Instant::now();
        let reached = self.house.reach(source);
        let holds = if reached.is_ok() { REACHED } else { AWAY.max(began.elapsed() * LATE) };
        let until = Instant::now() + holds;
        lock(&self.reached).insert(source.name.clone(), (until, reached.clone()));
        reached
    }

    /// Something could not be read: whether its source can be reached is looked at anew.
    pub fn look_for_sources(&self) {
        lock(&self.reached).retain(|_, (_, reached)| reached.is_err());
    }
}

/// The value under a lock; what a thread that failed left behind is whole, as it is replaced as a whole.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// When a file of these folders was written last.
fn newest(dir: &Path) -> Option<SystemTime> {
    [dir.to_owned(), dir.join("text")]
        .iter()
        .filter_map(|dir| std::fs::read_dir(dir).ok())
        .flatten()
        .filter_map(|entry| entry.ok()?.metadata().ok()?.modified().ok())
        .max()
}
