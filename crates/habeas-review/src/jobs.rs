//! What takes longer than a request may: a search, a look at other people, a bundle.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::problem::{Code, Problem};

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Searches the estate for the person of a case.
    Search,
    /// Lists everybody else in what would be given.
    Look,
    /// Makes a bundle.
    Bundle,
    /// Reads what is new in the sources.
    Index,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It runs.
    Running,
    /// It is done.
    Done,
    /// It could not be done.
    Failed,
}

/// A job as the page sees it.
#[derive(Clone, Debug, Serialize)]
pub struct Job {
    /// Its number, from 1.
    pub job: u64,
    /// What it does.
    pub kind: Work,
    /// For which case.
    pub case: Option<String>,
    /// How far it is.
    pub state: State,
    /// Steps that are done.
    pub done: u64,
    /// Steps in all, where that is known.
    pub total: Option<u64>,
    /// What it does now.
    pub words: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Why it could not be done.
    pub error: Option<Problem>,
    /// What came of it.
    pub result: Option<Value>,
}

/// The jobs of this run.
#[derive(Default)]
pub struct Jobs(Mutex<Vec<(Job, Arc<Progress>)>>);

/// How a job tells how far it is.
#[derive(Default)]
pub struct Progress {
    done: AtomicU64,
    /// 0: not known.
    total: AtomicU64,
}

impl Progress {
    /// So many steps are done.
    pub fn at(&self, done: u64, total: Option<u64>) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total.unwrap_or(0), Ordering::Relaxed);
    }

    /// One more step is done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Jobs {
    /// Starts a job on a thread of its own and gives its number.
    ///
    /// # Errors
    /// If one of the same kind for the same case runs already.
    pub fn start(
        self: &Arc<Self>,
        kind: Work,
        case: Option<&str>,
        words: &str,
        work: impl FnOnce(&Progress) -> Result<Option<Value>, Problem> + Send + 'static,
    ) -> Result<u64, Problem> {
        let mut all = self.lock();
        let is_same = |job: &Job| {
            job.kind == kind && job.case.as_deref() == case && job.state == State::Running
        };
        if let Some((job, _)) = all.iter().find(|(job, _)| is_same(job)) {
            let message = format!("that is being done already, as job {}", job.job);
            return Err(Problem::new(Code::Busy, message).hint("wait until it has ended"));
        }
        let number = all.len() as u64 + 1;
        let progress = Arc::new(Progress::default());
        all.push((
            Job {
                job: number,
                kind,
                case: case.map(str::to_owned),
                state: State::Running,
                done: 0,
                total: None,
                words: words.to_owned(),
                started_at: Timestamp::now(),
                ended_at: None,
                error: None,
                result: None,
            },
            Arc::clone(&progress),
        ));
        drop(all);
        let jobs = Arc::clone(self);
        let run = move || {
            let run = std::panic::AssertUnwindSafe(|| work(&progress));
            let ended = std::panic::catch_unwind(run).unwrap_or_else(|_| {
                Err(Problem::failed("it ended with a fault of ours").hint("please report it"))
            });
            jobs.end(number, ended);
        };
        let started = std::thread::Builder::new().name(format!("job {number}")).spawn(run);
        if let Err(error) = started {
            self.end(number, Err(Problem::failed(error)));
        }
        Ok(number)
    }

    fn end(&self, number: u64, ended: Result<Option<Value>, Problem>) {
        let mut all = self.lock();
        let Some((job, _)) = all.iter_mut().find(|(job, _)| job.job == number) else { return };
        job.ended_at = Some(Timestamp::now());
        match ended {
            Ok(result) => (job.state, job.result) = (State::Done, result),
            Err(problem) => {
                tracing::warn!(job = number, problem = %problem.message, "a job failed");
                (job.state, job.error) = (State::Failed, Some(problem));
            }
        }
    }

    /// A job as it is now.
    pub fn get(&self, number: u64) -> Option<Job> {
        self.lock().iter().find(|(job, _)| job.job == number).map(now)
    }

    /// Every job of this run, the newest first.
    pub fn all(&self) -> Vec<Job> {
        self.lock().iter().rev().map(now).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Job, Arc<Progress>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn now((job, progress): &(Job, Arc<Progress>)) -> Job {
    let total = progress.total.load(Ordering::Relaxed);
    let done = progress.done.load(Ordering::Relaxed);
    Job { done, total: (total > 0).then_some(total), ..job.clone() }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn ended(jobs: &Jobs, number: u64) -> Job {
        let start = Instant::now();
        loop {
            let job = jobs.get(number).unwrap();
            if job.state != State::Running {
                return job;
            }
            assert!(start.elapsed() < Duration::from_secs(10));
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_job_is_done_once_at_a_time_and_tells_how_it_ended() {
        let jobs = Arc::new(Jobs::default());
        let (send, wait) = std::sync::mpsc::channel::<()>();
        let first = jobs.start(Work::Search, Some("a"), "searching", move |progress| {
            progress.at(1, Some(2));
            let _ = wait.recv();
            Ok(Some(serde_json::json!(7)))
        });
        let first = first.unwrap();
        let again = jobs.start(Work::Search, Some("a"), "searching", |_| Ok(None));
        assert_eq!(again.unwrap_err().code, Code::Busy);
        let other = jobs.start(Work::Search, Some("b"), "searching", |_| panic!("on purpose"));
        let other = ended(&jobs, other.unwrap());
        assert_eq!((other.state, other.error.unwrap().code), (State::Failed, Code::Failed));
        send.send(()).unwrap();
        let first = ended(&jobs, first);
        assert_eq!((first.state, first.done, first.total), (State::Done, 1, Some(2)));
        assert_eq!(first.result, Some(serde_json::json!(7)));
        assert_eq!(jobs.all().iter().map(|job| job.job).collect::<Vec<_>>(), [2, 1]);
    }
}
