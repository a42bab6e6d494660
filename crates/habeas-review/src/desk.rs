//! A case as it lies on the desk: what was found and what was decided, in memory and up to date.
//!
//! Files are read again when they have changed; of the ledger only what is new. Whoever decides here adds
//! to the ledger under its lock, so that nothing another process adds in between goes unseen.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use habeas_case::{Appended, Case, Ledger, Recorded, Register};
use habeas_model::{Entry, ItemId, Listed, Personal, Policy, Verdict};

use crate::found::Found;
use crate::house::Named;
use crate::near::Near;
use crate::problem::{Code, Conflict, Problem};
use crate::state::App;

/// A case in memory.
pub struct Desk {
    /// The case.
    pub case: Case,
    /// Its ledger, verified.
    pub ledger: Ledger,
    /// What the last search found; `None` before the first.
    pub found: Option<Arc<Found>>,
    /// The verdict on each finding.
    pub verdicts: Vec<Verdict>,
    /// The place in the ledger of the last decision on each finding.
    pub last: Vec<Option<usize>>,
    /// Everybody else, as listed last.
    pub people: Vec<Listed>,
    /// Where everybody else is named, if somebody looked in this run.
    pub named: Option<Arc<Whereabouts>>,
    /// Figures of the bundle that was made in this run.
    pub made: Option<crate::house::Made>,
    /// Records of the ledger that `verdicts` knows of.
    n_known: usize,
    stamps: [Stamp; 3],
}

/// When a file was written last, and its length; `None` if it is not there.
type Stamp = Option<(SystemTime, u64)>;

/// Where everybody else is named in what would be given.
#[derive(Default)]
pub struct Whereabouts {
    /// Of each person.
    pub of: HashMap<Personal<String>, Vec<Named>>,
    /// The items that name each person.
    pub items: HashMap<Personal<String>, BTreeSet<ItemId>>,
    /// The revision at which it was looked.
    pub revision: u64,
    /// The search whose findings were looked at.
    pub search: String,
}

impl Whereabouts {
    /// Sorts what a look found.
    pub fn new(named: Vec<Named>, revision: u64, search: String) -> Self {
        let mut all = Self { revision, search, ..Self::default() };
        for one in named {
            all.items.entry(one.person.clone()).or_default().insert(one.item);
            all.of.entry(one.person.clone()).or_default().push(one);
        }
        all
    }
}

const FILES: [&str; 3] = ["request.toml", "search.json", "people.jsonl"];

impl Desk {
    /// Opens a case; what was found is loaded when it is looked at.
    pub fn open(case: Case) -> Result<Self, Problem> {
        let ledger = case.ledger()?;
        Ok(Self {
            case,
            ledger,
            found: None,
            verdicts: Vec::new(),
            last: Vec::new(),
            people: Vec::new(),
            named: None,
            made: None,
            n_known: 0,
            stamps: [None; 3],
        })
    }

    /// Reads again what has changed on disk.
    ///
    /// # Errors
    /// If something cannot be read, or the ledger was changed.
    pub fn refresh(&mut self, app: &App) -> Result<(), Problem> {
        self.ledger.refresh()?;
        let stamps = FILES.map(|name| stamp(&self.case.dir.join(name)));
        if stamps[0] != self.stamps[0] {
            let register = Register::open(app.house.root())?;
            self.case = register.get(self.case.id.as_str())?;
        }
        let is_missing = self.found.is_none() && stamps[1].is_some();
        if stamps[1] != self.stamps[1] || is_missing {
            self.load(app)?;
        }
        if stamps[2] != self.stamps[2] {
            self.people = self.case.people()?;
        }
        self.stamps = stamps;
        self.take_in();
        Ok(())
    }

    fn load(&mut self, app: &App) -> Result<(), Problem> {
        self.found = None;
        (self.verdicts, self.last, self.n_known) = (Vec::new(), Vec::new(), 0);
        if !self.case.is_searched() {
            return Ok(());
        }
        let estate = app.estate()?;
        let found = Arc::new(Found::load(&self.case, &estate)?);
        self.verdicts = vec![Verdict::Open; found.findings.len()];
        self.last = vec![None; found.findings.len()];
        // Near duplicates take a while; the page shows them once they are known.
        let later = Arc::clone(&found);
        let compare = move || match Near::new(&later, &estate) {
            Ok(near) => drop(later.near.set(near)),
            Err(error) => tracing::warn!(%error, "near duplicates are not known"),
        };
        if let Err(error) = std::thread::Builder::new().name("near".into()).spawn(compare) {
            tracing::warn!(%error, "near duplicates are not known");
        }
        self.found = Some(found);
        Ok(())
    }

    /// Takes in what was added to the ledger.
    fn take_in(&mut self) {
        let Some(found) = &self.found else { return };
        for (at, record) in self.ledger.records().iter().enumerate().skip(self.n_known) {
            if let Some(decision) = record.decision.finding()
                && let Some(finding) = found.at(decision.item, &decision.place)
            {
                self.verdicts[finding] = decision.verdict;
                self.last[finding] = Some(at);
            }
        }
        self.n_known = self.ledger.records().len();
    }

    /// The number of the ledger's last record.
    pub fn revision(&self) -> u64 {
        self.ledger.seq()
    }

    /// What was found.
    ///
    /// # Errors
    /// If nothing was searched yet.
    pub fn found(&self) -> Result<&Arc<Found>, Problem> {
        self.found.as_ref().ok_or_else(|| {
            Problem::new(Code::Blocked, format!("case {} has not been searched yet", self.case.id))
                .hint("search the estate for the person first")
        })
    }

    /// The record of the last decision on a finding.
    pub fn decision(&self, finding: usize) -> Option<&Recorded> {
        self.ledger.records().get(self.last.get(finding).copied().flatten()?)
    }

    /// Every decision about somebody else, oldest first.
    pub fn policies(&self) -> Vec<Policy> {
        let records = self.ledger.records().iter();
        records.filter_map(|it| it.decision.policy()).cloned().collect()
    }

    /// The number of a person in the list.
    pub fn number_of(&self, person: &Personal<String>) -> Option<u32> {
        self.people.iter().find(|it| it.person == *person).map(|it| it.number)
    }

    /// The person of that number in the list.
    ///
    /// # Errors
    /// If there is none.
    pub fn person(&self, number: u32) -> Result<&Listed, Problem> {
        self.people.iter().find(|it| it.number == number).ok_or_else(|| {
            Problem::not_found(format!("there is no person {number} in the list"))
        })
    }

    /// How many findings have which verdict.
    pub fn n_by_verdict(&self) -> BTreeMap<&'static str, u64> {
        let mut counts: BTreeMap<&'static str, u64> =
            crate::queue::VERDICTS.iter().map(|it| (crate::queue::verdict(*it), 0)).collect();
        for verdict in &self.verdicts {
            *counts.entry(crate::queue::verdict(*verdict)).or_default() += 1;
        }
        counts
    }

    /// Adds to the ledger, unless somebody has decided about the same thing since `expected`.
    ///
    /// # Errors
    /// `changed` with what the other decided, or if the ledger cannot be written; nothing is added then.
    pub fn add(
        &mut self,
        expected: u64,
        entries: &[Entry],
        is_in_the_way: &dyn Fn(&Recorded) -> bool,
    ) -> Result<Vec<Recorded>, Problem> {
        if expected > self.revision() {
            return Err(Problem::usage("the revision is one that the case has not reached"));
        }
        crate::standing::may_change(self, entries)?;
        let is_event = entries.iter().all(|entry| entry.event().is_some());
        let ends = |it: &Recorded| !is_event && crate::standing::ends(&it.decision);
        let known = self.revision();
        let stops = |it: &Recorded| is_in_the_way(it) || it.seq > known && ends(it);
        let appended = self.ledger.append_unless(expected.min(known), entries, &stops);
        // What another process added is taken in, whether or not this was.
        self.take_in();
        match appended? {
            Appended::Added(added) => Ok(added),
            Appended::InTheWay(others) if others.iter().any(ends) => Err(crate::standing::closed()),
            Appended::InTheWay(others) => Err(self.changed(&others)),
        }
    }

    fn changed(&self, others: &[Recorded]) -> Problem {
        let conflicts: Vec<Conflict> = others.iter().map(|it| self.conflict(it)).collect();
        let who: BTreeSet<&str> = conflicts.iter().map(|it| it.by.as_str()).collect();
        let who: Vec<&str> = who.into_iter().collect();
        let message = format!("{} decided about the same meanwhile", who.join(" and "));
        let mut problem = Problem::new(Code::Changed, message)
            .hint("look at what was decided; deciding again overrules it");
        problem.revision = Some(self.revision());
        problem.conflicts = conflicts;
        problem
    }

    fn conflict(&self, record: &Recorded) -> Conflict {
        let told = crate::history::told(self, record);
        Conflict {
            seq: record.seq,
            at: told.at,
            by: told.by,
            words: told.words,
            item: told.item,
            place: told.place,
            person: told.person,
            number: None,
            verdict: record.decision.finding().map(|it| it.verdict),
            reason: told.reason,
        }
    }
}

fn stamp(file: &Path) -> Stamp {
    let facts = std::fs::metadata(file).ok()?;
    Some((facts.modified().ok()?, facts.len()))
}
