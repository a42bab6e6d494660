//! Where in a case's folder do its plans lie, and which of them did Habeas draw up?
//!
//! ```text
//! cases/SAR-2026-0007/erase/  watch.json, watch.key     what is watched for in later scans
//!   4f1c09a2b3d4/             plan.json  plan.csv  plan.html   a plan, to read, to sort and to sign
//!                             watch.json                what it erases and leaves, as digests
//!                             journal.jsonl             how far it was carried out
//!                             tombstones.jsonl          what went, without personal data
//!                             kept/  kept.key  kept.json  sealed originals, if they are kept
//! ```

use std::path::{Path, PathBuf};

use habeas_case::Case;
use habeas_model::{Erasing, ErasureAct};
use jiff::Timestamp;

use crate::Error;
use crate::folder::{make_dir, replace};
use crate::paper;
use crate::plan::{Action, Plan};
use crate::watch::Watched;

/// The folder of a case's erasures.
pub fn dir(case: &Path) -> PathBuf {
    case.join("erase")
}

/// The folder of one plan.
pub fn plan_dir(case: &Path, digest: &str) -> PathBuf {
    dir(case).join(digest.get(..12).unwrap_or(digest))
}

/// Keeps a plan in its case, and records in the ledger that it was drawn up. Gives its folder.
///
/// # Errors
/// If the case cannot be written.
pub fn save(case: &Case, plan: &Plan, watched: &Watched) -> Result<PathBuf, Error> {
    let digest = plan.digest();
    let dir = plan_dir(&case.dir, &digest);
    make_dir(&dir)?;
    watched.write(&dir)?;
    write_to(&dir, plan)?;
    record(
        case,
        ErasureAct::Planned,
        &digest,
        (plan.n_changing(), left(plan)),
        &plan.made_by,
        plan.made_at,
    )?;
    Ok(dir)
}

/// Writes a plan to read, to sort and to sign into any folder.
///
/// # Errors
/// If it cannot be written.
pub fn write_to(dir: &Path, plan: &Plan) -> Result<(), Error> {
    make_dir(dir)?;
    replace(&dir.join("plan.json"), &plan.to_bytes())?;
    replace(&dir.join("plan.csv"), &paper::table(plan))?;
    replace(&dir.join("plan.html"), paper::page(plan).as_bytes())
}

/// How many steps are left to people.
pub(crate) fn left(plan: &Plan) -> usize {
    plan.n(Action::ForPerson) + plan.n(Action::Notify)
}

/// Adds an act to the case's ledger.
pub(crate) fn record(
    case: &Case,
    act: ErasureAct,
    plan: &str,
    (n_done, n_left): (usize, usize),
    by: &str,
    at: Timestamp,
) -> Result<(), Error> {
    let act = Erasing {
        erasure: act,
        plan: plan.to_owned(),
        n_done: n_done as u64,
        n_left: n_left as u64,
        by: by.to_owned(),
        at,
    };
    case.ledger()?.append(&[act.into()])?;
    Ok(())
}

/// The acts on erasures of a case, oldest first.
///
/// # Errors
/// If the ledger cannot be read or was changed.
pub fn acts(case: &Case) -> Result<Vec<Erasing>, Error> {
    let ledger = case.ledger()?;
    Ok(ledger.records().iter().filter_map(|record| record.decision.erasing()).cloned().collect())
}

/// The digest of the last plan that was drawn up for a case.
///
/// # Errors
/// If the ledger cannot be read or was changed.
pub fn last_plan(case: &Case) -> Result<Option<String>, Error> {
    let is_plan = |act: &Erasing| act.erasure == ErasureAct::Planned;
    Ok(acts(case)?.into_iter().rev().find(is_plan).map(|act| act.plan))
}

/// The digest of the last plan that somebody approved.
///
/// # Errors
/// If the ledger cannot be read or was changed.
pub fn last_applied(case: &Case) -> Result<Option<String>, Error> {
    let is_approval = |act: &Erasing| act.erasure == ErasureAct::Approved;
    Ok(acts(case)?.into_iter().rev().find(is_approval).map(|act| act.plan))
}

/// Reads a plan that the case keeps, by its digest.
///
/// # Errors
/// If it is not there, or not as it was written.
pub fn kept_plan(case: &Case, digest: &str) -> Result<Plan, Error> {
    let file = plan_dir(&case.dir, digest).join("plan.json");
    let bytes = std::fs::read(&file).map_err(Error::file(&file))?;
    let plan = Plan::read(&bytes)?;
    if plan.digest() == digest {
        Ok(plan)
    } else {
        Err(Error::refused(format!("{} is another plan than it was", file.display())))
    }
}
