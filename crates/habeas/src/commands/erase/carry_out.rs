//! `habeas erase apply`, `undo` and `expire`: what changes the sources, and what ends that it can be
//! undone.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use habeas_erase::{Approval, Error, LIMITS, Pace, Plan, Receipt};
use jiff::Timestamp;
use serde_json::json;

use super::{case, failed, nobody_waits, register, room};
use crate::estate::{Home, stop_flag};
use crate::failure::{End, Failure};
use crate::{rules, say};

/// What the approver said.
pub struct Asked {
    /// The digest.
    pub digest: String,
    /// Who approves.
    pub by: String,
    /// For how long originals are kept.
    pub keep_days: Option<u32>,
    /// How many steps they say it has.
    pub n_steps: Option<usize>,
}

/// Stops between two changes at Ctrl-C.
struct Interrupted(Arc<AtomicBool>);

impl Pace for Interrupted {
    fn next(&self, _what: &'static str) -> Result<(), Error> {
        if self.0.load(Ordering::SeqCst) { Err(Error::Stopped) } else { Ok(()) }
    }
}

/// Carries out a plan and prints what became of each file.
pub fn apply(home: &Home, plan: &Path, asked: &Asked, json: bool) -> Result<End, Failure> {
    let file = if plan.is_dir() { plan.join("plan.json") } else { plan.to_owned() };
    let bytes = std::fs::read(&file).map_err(|error| {
        Failure::usage(format!("{}: {error}", file.display()))
            .hint("name the plan.json that `habeas erase plan` wrote")
    })?;
    let read = Plan::read(&bytes).map_err(failed)?;
    let case = case(home, &read.case)?;
    nobody_waits(home, &case)?;
    let rules = rules::rules(home)?;
    let approval = Approval {
        digest: &asked.digest,
        by: &asked.by,
        at: Timestamp::now(),
        today: crate::commands::rules::today(),
        keep_days: asked.keep_days,
        n_steps: asked.n_steps,
    };
    let pace = Interrupted(stop_flag());
    match habeas_erase::apply(&case, &bytes, &approval, &rules, room(home)?, &pace) {
        Ok(receipt) => {
            print(&read, &receipt, "erased", json);
            let is_clean = receipt.refused.is_empty();
            Ok(if is_clean { End::Done } else { End::Exceptions })
        }
        Err(Error::Stopped) => {
            say::talk("stopped; no file is half done, and the same command carries on");
            Ok(End::Interrupted)
        }
        Err(error) => Err(failed(error)),
    }
}

/// Puts back what the last plan of a case erased.
pub fn undo(home: &Home, name: &str, by: &str, json: bool) -> Result<End, Failure> {
    let case = case(home, name)?;
    let pace = Interrupted(stop_flag());
    match habeas_erase::undo(&case, by, Timestamp::now(), room(home)?, &pace) {
        Ok(receipt) => {
            let digest = habeas_erase::last_applied(&case).map_err(failed)?.unwrap_or_default();
            let plan = habeas_erase::kept_plan(&case, &digest).map_err(failed)?;
            print(&plan, &receipt, "put back", json);
            let is_clean = receipt.refused.is_empty();
            Ok(if is_clean { End::Done } else { End::Exceptions })
        }
        Err(Error::Stopped) => {
            say::talk("stopped; no file is half done, and the same command carries on");
            Ok(End::Interrupted)
        }
        Err(error) => Err(failed(error)),
    }
}

/// Removes sealed originals whose time is over, of one case or of all.
pub fn expire(
    home: &Home,
    name: Option<&str>,
    is_all: bool,
    by: &str,
    json: bool,
) -> Result<End, Failure> {
    let register = register(home)?;
    let cases = match name {
        Some(name) => vec![case(home, name)?],
        None => register
            .list()
            .map_err(Failure::stopped)?
            .iter()
            .map(|id| register.get(id.as_str()).map_err(Failure::of_case))
            .collect::<Result<_, _>>()?,
    };
    let mut n = 0;
    for case in &cases {
        n += habeas_erase::expire(case, by, Timestamp::now(), is_all).map_err(failed)?;
    }
    if json {
        say::json(&json!({"type": "expired", "data": {"originals": n}}));
    } else {
        let originals = say::counted(u64::from(n), "sealed original", "sealed originals");
        say::result(&format!("{originals} removed; their key went first"));
    }
    Ok(End::Done)
}

fn print(plan: &Plan, receipt: &Receipt, done: &str, json: bool) {
    let until = receipt.kept_until.map(|until| until.to_string());
    if json {
        let refused: Vec<_> = receipt
            .refused
            .iter()
            .map(|(number, why)| json!({"file": number, "why": why}))
            .collect();
        say::json(&json!({"type": done, "data": {
            "case": plan.case, "files": receipt.n_files, "steps": receipt.n_steps,
            "refused": refused, "kept_until": until}}));
        return;
    }
    for (number, why) in &receipt.refused {
        let file = plan.files.iter().find(|file| file.number == *number);
        let path = file.map(|file| format!("{}/{}", file.source, file.path)).unwrap_or_default();
        say::result(&format!("  left as it is: {path}: {why}"));
    }
    say::result(&format!(
        "{}: {} {done} in {}; {} left as they are",
        plan.case,
        say::counted(receipt.n_steps as u64, "copy", "copies"),
        say::counted(receipt.n_files as u64, "file", "files"),
        say::counted(receipt.refused.len() as u64, "file", "files"),
    ));
    if let Some(until) = until.filter(|_| done == "erased") {
        say::result(&format!(
            "sealed originals are kept until {until}; put them back with `habeas erase undo {}`",
            plan.case
        ));
    }
    if done == "erased" {
        LIMITS.iter().for_each(|limit| say::talk(&format!("note: {limit}")));
        say::result(&format!("next: habeas erase verify {}", plan.case));
    } else {
        say::result("next: habeas index");
    }
}
