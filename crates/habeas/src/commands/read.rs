//! `habeas read`: what Habeas sees in a file, without an estate.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use habeas_document::Budget;
use habeas_ingest::{Eyes, Patience, Reading};
use habeas_model::{Accounting, Member, Outcome, SourceName};
use habeas_source::{Entry, Listed, Source};
use serde_json::json;

use crate::config::{OcrKeys, read_passwords};
use crate::failure::{End, Failure};
use crate::say;

/// How many files may be read ahead of the one that is printed next.
const MOST_AHEAD: usize = 64;

/// Prints every item of the files and folders, in the order of their paths, a container before its
/// members; then, on stderr, sums that add up.
pub fn run(
    paths: &[PathBuf],
    passwords: Option<&Path>,
    no_ocr: bool,
    json: bool,
) -> Result<End, Failure> {
    let mut budget = Budget::default();
    if let Some(path) = passwords {
        budget.passwords = read_passwords(path)?;
    }
    let eyes = if no_ocr { None } else { Eyes::find(&OcrKeys::default().languages).ok() };
    let how = How { budget, eyes: eyes.map(Arc::new), json };
    // One set of readers for all files that are named.
    let mut reading = None;
    let mut sums = Sums { items: Accounting::default(), is_clean: true };
    for path in paths {
        let looked = match habeas_ingest::look(path, Patience::default().stall) {
            Ok(looked) => looked,
            Err(why) => {
                let path = path.to_string_lossy().into_owned();
                how.print(Told::Not(path, why.to_string(), Outcome::Excepted), &mut sums);
                continue;
            }
        };
        if looked.is_folder {
            let name = SourceName::parse("read").map_err(Failure::usage)?;
            let source = Source { name, root: path.clone(), exclude: Vec::new() };
            let listed = habeas_ingest::list(&source).map_err(Failure::stopped)?;
            how.read_all(listed.map(|listed| named(path, listed)), &mut sums);
        } else if looked.is_there {
            // A path is printed as it was typed.
            let members =
                reading.get_or_insert_with(|| how.reading()).read(path, &path.to_string_lossy());
            how.print(Told::Members(members), &mut sums);
        } else {
            return Err(Failure::usage(format!("{} is not there", path.display())));
        }
    }
    assert!(sums.items.adds_up(), "an item was lost: {:?}", sums.items);
    say::talk(&habeas_report::sums(&sums.items));
    Ok(if sums.is_clean { End::Done } else { End::Exceptions })
}

/// What was read, and whether there is anything to look at.
struct Sums {
    items: Accounting,
    is_clean: bool,
}

/// Something to read, or what became of it, with the path that is printed.
enum Work {
    File(Box<Entry>, String),
    Not(String, String, Outcome),
}

/// What is printed of it.
enum Told {
    Members(Vec<Member>),
    Not(String, String, Outcome),
}

fn named(dir: &Path, listed: Listed) -> Work {
    let name = |path: &habeas_model::ItemPath| dir.join(path.to_string()).to_string_lossy().into();
    match listed {
        Listed::File(entry) => {
            let name = name(&entry.path);
            Work::File(Box::new(entry), name)
        }
        Listed::Excluded { path, rule } => {
            Work::Not(name(&path), format!("excluded: {rule}"), Outcome::Excluded)
        }
        Listed::Failed { path, exception } => {
            Work::Not(name(&path), exception.to_string(), Outcome::Excepted)
        }
    }
}

/// How files are read and printed.
struct How {
    budget: Budget,
    eyes: Option<Arc<Eyes>>,
    json: bool,
}

impl How {
    fn reading(&self) -> Reading {
        Reading::new(self.budget.clone(), Patience::default(), self.eyes.clone())
    }

    /// Reads on every core, and prints in order.
    fn read_all(&self, works: impl Iterator<Item = Work>, sums: &mut Sums) {
        let n_readers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let (tasks, queue) = sync_channel::<(usize, Box<Entry>, String)>(MOST_AHEAD);
        let queue = Mutex::new(queue);
        let (done, results) = channel::<(usize, Told)>();
        std::thread::scope(|scope| {
            for _ in 0..n_readers {
                let (queue, done) = (&queue, done.clone());
                let mut reading = self.reading();
                scope.spawn(move || {
                    loop {
                        let task = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        let Ok((number, entry, name)) = task else { return };
                        let members = reading.read_listed(&entry, &name);
                        if done.send((number, Told::Members(members))).is_err() {
                            return;
                        }
                    }
                });
            }
            let mut ready: BTreeMap<usize, Told> = BTreeMap::new();
            let mut next = 0;
            for (number, work) in works.enumerate() {
                match work {
                    Work::Not(path, why, outcome) => {
                        ready.insert(number, Told::Not(path, why, outcome));
                    }
                    Work::File(entry, name) => {
                        if tasks.send((number, entry, name)).is_err() {
                            break;
                        }
                    }
                }
                // So many are on their way or wait for the one before them: no more.
                while number + 1 - next >= MOST_AHEAD {
                    self.print_ready(&mut ready, &mut next, sums);
                    if number + 1 - next >= MOST_AHEAD {
                        let Ok((number, told)) = results.recv() else { break };
                        ready.insert(number, told);
                    }
                }
            }
            drop((tasks, done));
            for (number, told) in results {
                ready.insert(number, told);
                self.print_ready(&mut ready, &mut next, sums);
            }
            self.print_ready(&mut ready, &mut next, sums);
        });
    }

    fn print_ready(&self, ready: &mut BTreeMap<usize, Told>, next: &mut usize, sums: &mut Sums) {
        while let Some(told) = ready.remove(next) {
            self.print(told, sums);
            *next += 1;
        }
    }

    fn print(&self, told: Told, sums: &mut Sums) {
        match told {
            Told::Not(path, why, outcome) => {
                sums.items.count(outcome);
                sums.is_clean = false;
                print_failure(Path::new(&path), &why, self.json);
            }
            Told::Members(members) => {
                for member in members {
                    let is_read = member.document.failure().is_none();
                    sums.items.count(if is_read { Outcome::Read } else { Outcome::Excepted });
                    sums.is_clean &= member.document.exceptions.is_empty();
                    print_member(&member, self.json);
                }
            }
        }
    }
}

fn print_failure(path: &Path, error: &str, json: bool) {
    if json {
        say::json(&json!({"path": path, "media_type": null, "text": "", "error": error}));
    } else {
        say::talk(&format!("{}: {error}", crate::failure::shown(&path.to_string_lossy())));
    }
}

fn print_member(member: &Member, json: bool) {
    let document = &member.document;
    let errors: Vec<String> = document.exceptions.iter().map(ToString::to_string).collect();
    let error = (!errors.is_empty()).then(|| errors.join("; "));
    if json {
        say::json(&json!({
            "path": member.path,
            "media_type": document.media_type,
            "charset": document.facts.charset,
            "text": document.text(),
            "error": error,
            "partial": document.failure().is_none() && error.is_some(),
        }));
        return;
    }
    say::result(&format!("== {} ({})", member.path, document.media_type));
    for passage in &document.passages {
        let hidden = if passage.hidden.is_some() { ", hidden in the original" } else { "" };
        say::result(&format!("-- {}{hidden}", passage.place));
        say::result(&crate::failure::shown(&passage.text));
    }
    if let Some(error) = error {
        say::result(&format!("!! {error}"));
    }
}
