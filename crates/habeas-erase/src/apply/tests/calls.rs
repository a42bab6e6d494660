//! Whoever calls what in whichever order: no file changes without a plan that is the last one drawn up, unedited,
//! in time, under no hold, and approved by its digest by somebody else than who drew it up.

use std::collections::BTreeSet;

use habeas_case::{Defaults, Register, Request, SearchRecord};
use habeas_law::{Calendar, ERASURE_EXCEPTIONS, Law};
use habeas_source::Source;

use super::*;
use crate::rules::{Hold, SourceRule};

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.roll(all.len())]
    }
}

fn at(day: usize) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + day as i64 * 86_400).unwrap()
}

const FILES: [&str; 3] = ["a.txt", "sub/b.txt", "sub/deep/c.txt"];

struct World {
    estate: Estate,
    case: Case,
    dice: Dice,
    /// Every plan that there is, drawn up by Habeas or not.
    plans: Vec<Plan>,
    /// The one that was drawn up last.
    last: Option<String>,
    started: BTreeSet<String>,
    is_held: bool,
    day: usize,
    n_written: usize,
}

impl World {
    fn new(seed: u64) -> Self {
        let estate = Estate::new();
        let defaults = Defaults {
            received: "2026-07-01".parse().unwrap(),
            law: Law::Uk,
            calendar: Calendar::EnglandAndWales,
        };
        let asked = r#"{"names": ["Harriet Vale"], "right": "erasure"}"#;
        let request = Request::parse(asked, &defaults).unwrap().remove(0);
        let case = Register::open(estate.dir.path()).unwrap().create(request).unwrap();
        let nothing = serde_json::json!({
            "case": case.id, "searched_at": "2026-07-02T09:00:00Z", "software": "", "asked": [],
            "sources": [], "is_complete": true, "excepted": [], "n_items": 0, "n_passages": 0,
            "n_candidates": 0, "tiers": {"certain": 0, "probable": 0, "possible": 0, "namesake": 0},
            "n_incidental": 0, "n_items_found": 0, "n_dropped": 0, "subject_digest": "",
            "findings_digest": ""});
        let mut record: SearchRecord = serde_json::from_value(nothing).unwrap();
        case.save_search(&[], &[], &mut record).unwrap();
        let mut world = Self {
            estate,
            case,
            dice: Dice(seed),
            plans: Vec::new(),
            last: None,
            started: BTreeSet::new(),
            is_held: false,
            day: 0,
            n_written: 0,
        };
        FILES.iter().for_each(|name| world.write(name));
        world.draw_up(true);
        world
    }

    fn write(&mut self, name: &str) {
        self.n_written += 1;
        self.estate.write(name, format!("Dear GONE, {}", self.n_written).as_bytes());
    }

    fn draw_up(&mut self, is_saved: bool) {
        let there: Vec<&str> =
            FILES.into_iter().filter(|name| self.estate.source().join(name).exists()).collect();
        let files =
            (1..).zip(there).map(|(n, name)| self.estate.planned(n, name, Edit::Whole)).collect();
        let decided = decided(&self.case).unwrap();
        let plan = Plan {
            case: self.case.id.to_string(),
            software: format!("plan {}", self.plans.len()),
            made_at: at(self.day),
            made_by: self.dice.pick(&["ann", "bob"]).to_owned(),
            valid_until: at(self.day + 10),
            findings_digest: decided.search.findings_digest.clone(),
            ledger_digest: decided.ledger_digest.clone(),
            ..self.estate.plan_of(files)
        };
        if is_saved {
            store::save(&self.case, &plan, &Watched::default()).unwrap();
            self.last = Some(plan.digest());
        }
        self.plans.push(plan);
    }

    fn rules(&mut self) -> Rules {
        let name = SourceName::parse("files").unwrap();
        let source = Source { name, root: self.estate.source(), exclude: Vec::new() };
        let rule = SourceRule {
            source,
            title: String::new(),
            is_backup: false,
            activity: String::new(),
            erasure: crate::rules::Erasure::Erase,
            is_marketing: false,
            recipients: Vec::new(),
        };
        let hold = Hold {
            name: "a claim".to_owned(),
            reason: String::new(),
            sources: Vec::new(),
            paths: Vec::new(),
            cases: Vec::new(),
            until: None,
            exception: &ERASURE_EXCEPTIONS[0],
        };
        Rules {
            holds: if self.is_held { vec![hold] } else { Vec::new() },
            sources: vec![rule],
            valid_days: 10,
            most_steps: [1, 1_000][self.dice.roll(2)],
            needs_two_people: true,
            ..Rules::default()
        }
    }

    /// Calls `apply` with whatever comes. Was it allowed?
    fn call(&mut self) -> bool {
        let newest = self.plans.len() - 1;
        let which = if self.dice.roll(2) == 0 { newest } else { self.dice.roll(newest + 1) };
        let plan = self.plans[which].clone();
        let mut given = plan.clone();
        let is_edited = self.dice.roll(6) == 0;
        if is_edited {
            given.software.push_str(", edited");
        }
        let digest = match self.dice.roll(8) {
            0 => "0".repeat(64),
            1 => self.plans[self.dice.roll(newest + 1)].digest(),
            2 => given.digest(),
            _ => plan.digest(),
        };
        let by = self.dice.pick(&["", " ", "ann", "ANN ", "bob", "eve", "eve"]);
        let when = self.day + [0, 0, 0, 20][self.dice.roll(4)];
        let n_steps = [None, Some(plan.n_changing()), Some(99)][self.dice.roll(3)];
        let rules = self.rules();
        let n = given.n_changing();
        let may = given.digest() == digest
            && self.last.as_ref() == Some(&digest)
            && !by.trim().is_empty()
            && !by.trim().eq_ignore_ascii_case(&plan.made_by)
            && (n <= rules.most_steps || n_steps == Some(n))
            && (self.started.contains(&digest) || at(when) <= plan.valid_until)
            && !(self.is_held && n > 0);
        let before = self.estate.tree();
        let approval = Approval {
            digest: &digest,
            by,
            at: at(when),
            today: "2026-09-22".parse().unwrap(),
            keep_days: None,
            n_steps,
        };
        let done = apply(&self.case, &given.to_bytes(), &approval, &rules, ROOM, &Steady);
        let after = self.estate.tree();
        assert_eq!(done.is_ok(), may, "{done:?}");
        if may && n > 0 {
            self.started.insert(digest);
        } else if !may {
            assert_eq!(before, after, "a file changed without an approved plan");
        }
        for (path, was) in before.iter().filter(|(path, was)| after.get(*path) != Some(*was)) {
            let planned = plan
                .files
                .iter()
                .any(|file| file.raw == RawPath::new(path) && file.digest == ItemId::of(&was.1));
            assert!(planned, "{} is not what the plan names", path.display());
        }
        may
    }
}

/// How many calls there are; `HABEAS_CALLS=10000` for many.
fn n_calls() -> usize {
    std::env::var("HABEAS_CALLS").ok().and_then(|n| n.parse().ok()).unwrap_or(600)
}

#[test]
fn no_sequence_of_calls_erases_without_an_approved_plan() {
    let mut n = [0, 0];
    for seed in 0.. {
        let mut world = World::new(seed);
        for _ in 0..60 {
            match world.dice.roll(12) {
                0 | 1 => world.draw_up(true),
                2 => world.draw_up(false),
                3 | 4 => {
                    let name = world.dice.pick(&FILES);
                    world.write(name);
                }
                5 => world.is_held = !world.is_held,
                6 => world.day += world.dice.roll(8),
                _ => n[usize::from(world.call())] += 1,
            }
        }
        if n[0] + n[1] >= n_calls() {
            break;
        }
    }
    let [n_refused, n_allowed] = n;
    assert!(n_allowed * 30 > n_refused && n_refused > n_allowed, "{n_allowed} of {n:?} allowed");
}
