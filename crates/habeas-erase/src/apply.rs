//! How is an approved plan carried out?
//!
//! File by file: pinned, edited again from its own bytes, compared with what the plan says comes out,
//! exchanged in one step, looked at, and only then unlinked. A file that is not as planned is left for
//! a person. A run that was stopped anywhere goes on where it stood.

use std::collections::BTreeMap;
use std::path::Path;

use habeas_case::{Case, decided};
use habeas_model::{ErasureAct, ItemId, SourceName};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::beneath::{Facts, Root, Spot, contents};
use crate::edit::{Edit, edited};
use crate::journal::{Event, Journal};
use crate::kept::{self, Kept};
use crate::pace::Pace;
use crate::plan::{Plan, PlannedFile};
use crate::rules::Rules;
use crate::store::{self, plan_dir};
use crate::swap::{
    Expected, Like, Trouble, after_exchange, after_setting_aside, discard, exchange, set_aside,
    write_beside,
};
use crate::watch::{Seal, Watched};
use crate::{Error, tombstone};

/// Who approves what, and how it is carried out.
pub struct Approval<'a> {
    /// The digest that somebody read and gave.
    pub digest: &'a str,
    /// Who approves.
    pub by: &'a str,
    /// When.
    pub at: Timestamp,
    /// The day, local to the controller.
    pub today: Date,
    /// For how many days sealed originals are kept; `None` keeps none.
    pub keep_days: Option<u32>,
    /// How many steps the approver says it has, for a large plan.
    pub n_steps: Option<usize>,
}

/// What the limits of the estate allow.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// How many bytes a file may have.
    pub file_bytes: u64,
    /// How many bytes a member may unpack to.
    pub expanded_bytes: u64,
}

/// What became of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Files that were changed or removed, those of an earlier run included.
    pub n_files: usize,
    /// Steps that they carried out.
    pub n_steps: usize,
    /// Files that were left as they are: number and why.
    pub refused: Vec<(u32, String)>,
    /// Until when sealed originals are kept.
    pub kept_until: Option<Timestamp>,
}

/// Carries out a plan.
///
/// # Errors
/// If the plan may not be carried out (edited, not approved, over, held), in which case nothing was
/// changed; or if the run was stopped, and the same call goes on.
pub fn apply(
    case: &Case,
    plan: &[u8],
    approval: &Approval<'_>,
    rules: &Rules,
    room: Room,
    pace: &dyn Pace,
) -> Result<Receipt, Error> {
    let plan = Plan::read(plan)?;
    let digest = plan.digest();
    approved(case, &plan, &digest, approval, rules)?;
    let dir = plan_dir(&case.dir, &digest);
    let mut journal = Journal::open(&dir.join("journal.jsonl"))?;
    if journal.is_fresh() {
        fresh(case, &plan, approval)?;
    }
    held(case, &plan, approval, rules)?;
    let seal = Seal::open(&store::dir(&case.dir))?;
    watch_for(case, &dir)?;
    let kept = keep(&dir, &plan, &digest, approval)?;
    if journal.is_fresh() {
        let n = (plan.n_changing(), store::left(&plan));
        store::record(case, ErasureAct::Approved, &digest, n, approval.by, approval.at)?;
    }
    let work = Work { dir: &dir, plan: &plan, digest: &digest, room };
    let receipt = carry_out(&work, seal, kept, &mut journal, pace)?;
    let n = (receipt.n_steps, store::left(&plan) + plan.n_changing() - receipt.n_steps);
    store::record(case, ErasureAct::Applied, &digest, n, approval.by, Timestamp::now())?;
    Ok(receipt)
}

/// An approved plan, and where it is kept.
pub(crate) struct Work<'a> {
    pub(crate) dir: &'a Path,
    pub(crate) plan: &'a Plan,
    pub(crate) digest: &'a str,
    pub(crate) room: Room,
}

/// Carries out a plan that may be carried out, from where its journal stands.
pub(crate) fn carry_out(
    work: &Work<'_>,
    seal: Seal,
    kept: Option<Kept>,
    journal: &mut Journal,
    pace: &dyn Pace,
) -> Result<Receipt, Error> {
    let Work { dir, plan, digest, room } = *work;
    let mut roots = Roots { plan, open: BTreeMap::new() };
    let mut receipt = Receipt { kept_until: kept::until(dir)?, ..Receipt::default() };
    let mut run = Run { dir, plan, digest, seal, kept, room, pace };
    for file in &plan.files {
        match run.file(file, &mut roots, journal) {
            Ok(()) => {
                receipt.n_files += 1;
                receipt.n_steps += file.steps.len();
            }
            Err(Trouble::Refused(why)) => {
                let event =
                    Event::Refused { file: file.number, why: why.clone(), at: Timestamp::now() };
                journal.add(event, pace)?;
                receipt.refused.push((file.number, why));
            }
            Err(Trouble::Stopped(error)) => return Err(error),
        }
    }
    Ok(receipt)
}

/// Is this the plan that was drawn up, and may it be carried out by whoever asks?
fn approved(
    case: &Case,
    plan: &Plan,
    digest: &str,
    approval: &Approval<'_>,
    rules: &Rules,
) -> Result<(), Error> {
    if plan.case != case.id.as_str() {
        return Err(Error::refused(format!("the plan is of case {}", plan.case)));
    }
    if approval.digest.trim() != digest {
        return Err(Error::refused(
            "the digest is not that of this plan: read the plan, and give the digest that is printed in it",
        ));
    }
    match store::last_plan(case)? {
        Some(last) if last == digest => {}
        Some(_) if store::acts(case)?.iter().any(|act| act.plan == digest) => {
            return Err(Error::refused(
                "a later plan was drawn up for this case: approve that one, or plan again",
            ));
        }
        _ => {
            return Err(Error::refused(
                "the plan is not one that Habeas drew up for this case: plan with `habeas erase plan`",
            ));
        }
    }
    if rules.needs_two_people && approval.by.trim().eq_ignore_ascii_case(plan.made_by.trim()) {
        return Err(Error::refused(
            "whoever drew up a plan does not approve it: have somebody else read it and give their name",
        ));
    }
    if approval.by.trim().is_empty() {
        return Err(Error::refused("who approves? Give a name with `--by`"));
    }
    let n = plan.n_changing();
    if n > rules.most_steps && approval.n_steps != Some(n) {
        return Err(Error::refused(format!(
            "the plan erases {n} copies, more than {} at once: if that is meant, say so with `--steps {n}`",
            rules.most_steps
        )));
    }
    Ok(())
}

/// Is the plan still that of the case as it stands? Asked before its first change only: afterwards the
/// plan has to be carried to its end.
fn fresh(case: &Case, plan: &Plan, approval: &Approval<'_>) -> Result<(), Error> {
    if approval.at > plan.valid_until {
        return Err(Error::refused(
            "the plan is over: copies may have come since; plan again with `habeas erase plan`",
        ));
    }
    let decided = decided(case)?;
    if decided.search.findings_digest != plan.findings_digest
        || decided.ledger_digest != plan.ledger_digest
    {
        return Err(Error::refused(
            "the case was searched or decided again since the plan: plan again with `habeas erase plan`",
        ));
    }
    Ok(())
}

/// Nothing is erased that came under a hold since the plan.
fn held(case: &Case, plan: &Plan, approval: &Approval<'_>, rules: &Rules) -> Result<(), Error> {
    for step in plan.steps.iter().filter(|step| step.file.is_some()) {
        let (Some(source), Some(path)) = (&step.source, &step.path) else { continue };
        let Some(rule) = rules.source(source) else {
            return Err(Error::refused(format!(
                "source `{source}` is not in habeas.toml any more"
            )));
        };
        let planned = plan.sources.iter().find(|planned| planned.name == *source);
        if planned.is_none_or(|planned| planned.root != rule.source.root) {
            return Err(Error::refused(format!(
                "source `{source}` is elsewhere than when the plan was drawn up: plan again"
            )));
        }
        if let Some(hold) = rules.hold(case.id.as_str(), source, path, approval.today) {
            return Err(Error::refused(format!(
                "step {} is under the legal hold \"{}\", which was placed since the plan: plan again",
                step.number, hold.name
            )));
        }
    }
    Ok(())
}

/// What the plan erases is watched for from before it is erased.
fn watch_for(case: &Case, dir: &Path) -> Result<(), Error> {
    let of_case = store::dir(&case.dir);
    let mut watched = Watched::read(&of_case)?;
    watched.join(&Watched::read(dir)?);
    watched.write(&of_case)
}

fn keep(
    dir: &Path,
    plan: &Plan,
    digest: &str,
    approval: &Approval<'_>,
) -> Result<Option<Kept>, Error> {
    let there = Kept::open(dir, digest)?;
    let (None, Some(days)) = (&there, approval.keep_days.filter(|days| *days > 0)) else {
        return Ok(there);
    };
    let until = approval
        .at
        .checked_add(SignedDuration::from_hours(24 * i64::from(days)))
        .map_err(|_| Error::refused("originals cannot be kept for so many days"))?;
    let n_files = u32::try_from(plan.files.len()).unwrap_or(u32::MAX);
    Kept::start(dir, digest, until, n_files).map(Some)
}

/// The roots of the plan's sources, opened once.
pub(crate) struct Roots<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) open: BTreeMap<SourceName, Root>,
}

impl Roots<'_> {
    /// Where a file of the plan stands.
    pub(crate) fn spot(&mut self, file: &PlannedFile) -> Result<Spot, Trouble> {
        let bytes = file.raw.bytes().ok_or_else(|| "its path is none".to_owned())?;
        if let Some(root) = self.open.get(&file.source) {
            return Ok(root.spot(&bytes)?);
        }
        let planned = self.plan.sources.iter().find(|planned| planned.name == file.source);
        let planned = planned.ok_or_else(|| "its source is not in the plan".to_owned())?;
        let root = Root::open(&planned.root)?;
        if root.identity()? != (planned.device, planned.inode) {
            return Err("its source is another folder than when it was planned".to_owned().into());
        }
        let spot = root.spot(&bytes)?;
        self.open.insert(file.source.clone(), root);
        Ok(spot)
    }
}

/// What lies beside a file of a plan while it is changed.
pub(crate) fn draft_name(digest: &str, file: u32) -> Vec<u8> {
    format!(".habeas-{}-{file}", digest.get(..12).unwrap_or(digest)).into_bytes()
}

struct Run<'a> {
    dir: &'a Path,
    plan: &'a Plan,
    digest: &'a str,
    seal: Seal,
    kept: Option<Kept>,
    room: Room,
    pace: &'a dyn Pace,
}

impl Run<'_> {
    fn file(
        &mut self,
        file: &PlannedFile,
        roots: &mut Roots<'_>,
        journal: &mut Journal,
    ) -> Result<(), Trouble> {
        let number = file.number;
        match journal.last(number) {
            Some(Event::Done { .. }) => return Ok(()),
            Some(
                Event::Returning { .. }
                | Event::ReturnReady { .. }
                | Event::ReturnSwapped { .. }
                | Event::Returned { .. },
            ) => return Err("it was put back: plan again".to_owned().into()),
            _ => {}
        }
        let spot = roots.spot(file)?;
        let draft = draft_name(self.digest, number);
        let expected =
            Expected { facts: &file.facts, id: &file.digest, most_bytes: self.room.file_bytes };
        let is_swapped = match journal.last(number).cloned() {
            Some(Event::Swapped { .. }) => true,
            Some(Event::Begun { .. }) => self.after_begun(&spot, &draft, file, &expected)?,
            Some(Event::Ready { draft: new, .. }) => {
                self.after_ready(&spot, &draft, &new, &expected)?
            }
            _ => false,
        };
        if !is_swapped {
            self.swap(&spot, &draft, file, &expected, journal)?;
        } else if !matches!(journal.last(number), Some(Event::Swapped { .. })) {
            journal.add(Event::Swapped { file: number }, self.pace)?;
        }
        // What stands there now was looked at when it was exchanged, or set aside.
        if let Some(facts) = spot.look(&draft)? {
            if !facts.is_same_file(&file.facts) || expected.differs(&spot, &draft)?.is_some() {
                return Err(format!(
                    "what lies beside it ({}) is not what was left there: look at both",
                    String::from_utf8_lossy(&draft)
                )
                .into());
            }
            discard(&spot, &draft, self.pace)?;
        }
        let now = Timestamp::now();
        tombstone::set(self.dir, self.plan, file, (&self.seal, now), self.pace)?;
        journal.add(Event::Done { file: number, at: now }, self.pace)?;
        Ok(())
    }

    /// The run was stopped before anything was known to lie beside the file. Did the file itself move?
    fn after_begun(
        &self,
        spot: &Spot,
        draft: &[u8],
        file: &PlannedFile,
        expected: &Expected<'_>,
    ) -> Result<bool, Trouble> {
        let Some(beside) = spot.look(draft)? else { return Ok(false) };
        if beside.is_same_file(&file.facts) {
            if file.result.is_some() {
                return Err("it lies where its new content should: look at it".to_owned().into());
            }
            after_setting_aside(spot, draft, expected, self.pace)?;
            return Ok(true);
        }
        // Only what can be the beginning of the new content is taken for it.
        let (part, _) = spot.open(draft)?;
        let (part, _) = contents(&part, self.room.file_bytes)?;
        let new = self.result(spot, file, expected)?;
        if new.is_none_or(|new| !new.starts_with(&part)) {
            return Err("something of another program lies where its new content should"
                .to_owned()
                .into());
        }
        discard(spot, draft, self.pace)?;
        Ok(false)
    }

    /// The run was stopped when the new content lay beside the file. Were the two exchanged?
    fn after_ready(
        &self,
        spot: &Spot,
        draft: &[u8],
        new: &Facts,
        expected: &Expected<'_>,
    ) -> Result<bool, Trouble> {
        let Some(beside) = spot.look(draft)? else { return Ok(false) };
        if beside.is_same_file(new) {
            discard(spot, draft, self.pace)?;
            return Ok(false);
        }
        after_exchange(spot, draft, new, expected, self.pace)?;
        Ok(true)
    }

    /// The new content of a file, worked out from its bytes as they are; `None` if it goes.
    fn result(
        &self,
        spot: &Spot,
        file: &PlannedFile,
        expected: &Expected<'_>,
    ) -> Result<Option<Vec<u8>>, Trouble> {
        if let Some(why) = expected.differs(spot, &spot.name)? {
            return Err(why.to_owned().into());
        }
        let (open, _) = spot.open(&spot.name)?;
        let (bytes, id) = contents(&open, self.room.file_bytes)?;
        if id != file.digest {
            return Err("it has changed since the plan".to_owned().into());
        }
        if let Some(kept) = &self.kept {
            kept.keep(file.number, &bytes)?;
        }
        let Some(outcome) = &file.result else {
            return if file.edit == Edit::Whole {
                Ok(None)
            } else {
                Err("the plan does not say what comes out".to_owned().into())
            };
        };
        let made = edited(&bytes, &file.edit, self.room.expanded_bytes)?;
        if ItemId::of(&made.bytes) != outcome.digest {
            return Err("it would not come out as the plan says: plan again".to_owned().into());
        }
        Ok(Some(made.bytes))
    }

    fn swap(
        &self,
        spot: &Spot,
        draft: &[u8],
        file: &PlannedFile,
        expected: &Expected<'_>,
        journal: &mut Journal,
    ) -> Result<(), Trouble> {
        let (original, facts) = spot.open(&spot.name)?;
        if let Some(why) = spot.read_only(&facts) {
            return Err(why.to_owned().into());
        }
        if spot.is_locked(&original) {
            return Err("another program has it open or locked".to_owned().into());
        }
        let new = self.result(spot, file, expected)?;
        journal.add(Event::Begun { file: file.number }, self.pace)?;
        match new {
            Some(bytes) => {
                let like = Like::File(&original);
                let ready = write_beside(spot, draft, &bytes, &like, self.pace)?;
                journal.add(Event::Ready { file: file.number, draft: ready }, self.pace)?;
                exchange(spot, draft, &ready, expected, self.pace)?;
            }
            None => set_aside(spot, draft, expected, self.pace)?,
        }
        journal.add(Event::Swapped { file: file.number }, self.pace)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
