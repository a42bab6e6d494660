//! How is what was erased put back, while its sealed originals are kept?
//!
//! The other way round by the same steps: the original is written beside, exchanged with what the
//! erasure left, and only if that is still, to the byte, what it left. A file that changed since is
//! left for a person.

use habeas_case::Case;
use habeas_model::{ErasureAct, ItemId};
use jiff::Timestamp;

use crate::Error;
use crate::apply::{Receipt, Room, Roots, Work, draft_name};
use crate::beneath::{Facts, Spot, contents};
use crate::journal::{Event, Journal};
use crate::kept::{self, Kept};
use crate::pace::Pace;
use crate::plan::PlannedFile;
use crate::store::{self, plan_dir};
use crate::swap::{
    Expected, Like, Trouble, after_exchange, discard, exchange, move_to, settle, write_beside,
};

/// Puts back what the last plan of a case erased.
///
/// # Errors
/// If no originals are kept, or the run was stopped; the same call goes on.
pub fn undo(
    case: &Case,
    by: &str,
    now: Timestamp,
    room: Room,
    pace: &dyn Pace,
) -> Result<Receipt, Error> {
    let none = || {
        Error::refused(format!(
            "nothing of case {} is kept to be put back: it was erased for good",
            case.id
        ))
    };
    let digest = store::last_applied(case)?.ok_or_else(none)?;
    let dir = plan_dir(&case.dir, &digest);
    expire_if_over(case, &digest, now)?;
    let kept = Kept::open(&dir, &digest)?.ok_or_else(none)?;
    let plan = store::kept_plan(case, &digest)?;
    let mut journal = Journal::open(&dir.join("journal.jsonl"))?;
    let work = Work { dir: &dir, plan: &plan, digest: &digest, room };
    let receipt = put_back(&work, &kept, &mut journal, pace)?;
    let n = (receipt.n_steps, receipt.refused.len());
    store::record(case, ErasureAct::Undone, &digest, n, by, now)?;
    Ok(receipt)
}

/// Puts back what a plan erased, from where its journal stands.
pub(crate) fn put_back(
    work: &Work<'_>,
    kept: &Kept,
    journal: &mut Journal,
    pace: &dyn Pace,
) -> Result<Receipt, Error> {
    let Work { dir, plan, digest, room } = *work;
    let mut roots = Roots { plan, open: std::collections::BTreeMap::new() };
    let mut receipt = Receipt { kept_until: kept::until(dir)?, ..Receipt::default() };
    let run = Run { digest, kept, room, pace };
    for file in &plan.files {
        match run.file(file, &mut roots, journal) {
            Ok(true) => {
                receipt.n_files += 1;
                receipt.n_steps += file.steps.len();
            }
            Ok(false) => {}
            Err(Trouble::Refused(why)) => receipt.refused.push((file.number, why)),
            Err(Trouble::Stopped(error)) => return Err(error),
        }
    }
    Ok(receipt)
}

/// Removes the sealed originals of a case's plans whose time is over, or all of them. Gives how many
/// files there were.
///
/// # Errors
/// If they cannot be removed.
pub fn expire(case: &Case, by: &str, now: Timestamp, is_all: bool) -> Result<u32, Error> {
    let mut n = 0;
    let mut plans: Vec<String> = store::acts(case)?.into_iter().map(|act| act.plan).collect();
    plans.sort();
    plans.dedup();
    for digest in plans.into_iter().filter(|digest| !digest.is_empty()) {
        let dir = plan_dir(&case.dir, &digest);
        if is_all || kept::until(&dir)?.is_some_and(|until| until <= now) {
            let gone = kept::expire(&dir)?;
            if gone > 0 {
                store::record(case, ErasureAct::Expired, &digest, (gone as usize, 0), by, now)?;
            }
            n += gone;
        }
    }
    Ok(n)
}

fn expire_if_over(case: &Case, digest: &str, now: Timestamp) -> Result<(), Error> {
    let dir = plan_dir(&case.dir, digest);
    if kept::until(&dir)?.is_some_and(|until| until <= now) {
        kept::expire(&dir)?;
        return Err(Error::refused(format!(
            "the time in which the erasure of case {} could be undone is over",
            case.id
        )));
    }
    Ok(())
}

struct Run<'a> {
    digest: &'a str,
    kept: &'a Kept,
    room: Room,
    pace: &'a dyn Pace,
}

impl Run<'_> {
    /// Puts one file back; `false` if there is nothing to put back.
    fn file(
        &self,
        file: &PlannedFile,
        roots: &mut Roots<'_>,
        journal: &mut Journal,
    ) -> Result<bool, Trouble> {
        let number = file.number;
        let last = journal.last(number).cloned();
        match &last {
            None | Some(Event::Refused { .. }) => return Ok(false),
            Some(Event::Returned { .. }) => return Ok(true),
            Some(Event::Begun { .. } | Event::Ready { .. } | Event::Swapped { .. }) => {
                return Err(
                    "its erasure was not carried to its end: run `habeas erase apply` again"
                        .to_owned()
                        .into(),
                );
            }
            _ => {}
        }
        let spot = roots.spot(file)?;
        let draft = draft_name(self.digest, number);
        let bytes = self.kept.get(number)?.filter(|bytes| ItemId::of(bytes) == file.digest);
        let bytes = bytes.ok_or_else(|| "its original is not kept".to_owned())?;
        let is_back = match last {
            Some(Event::ReturnSwapped { .. }) => true,
            Some(Event::ReturnReady { draft: new, here, .. }) => {
                self.after_ready(&spot, &draft, &new, here, file)?
            }
            Some(Event::Returning { .. }) => {
                self.sweep(&spot, &draft, &bytes)?;
                false
            }
            _ => false,
        };
        if !is_back {
            self.swap(&spot, &draft, file, &bytes, journal)?;
        } else if !matches!(journal.last(number), Some(Event::ReturnSwapped { .. })) {
            journal.add(Event::ReturnSwapped { file: number }, self.pace)?;
        }
        if spot.look(&draft)?.is_some() {
            let (open, _) = spot.open(&draft)?;
            let (_, id) = contents(&open, self.room.file_bytes)?;
            if file.result.as_ref().is_none_or(|result| result.digest != id) {
                return Err("what lies beside it is not what was left there".to_owned().into());
            }
            discard(&spot, &draft, self.pace)?;
        }
        journal.add(Event::Returned { file: number, at: Timestamp::now() }, self.pace)?;
        Ok(true)
    }

    /// Takes away the beginning of an original that a stopped run left beside the file.
    fn sweep(&self, spot: &Spot, draft: &[u8], bytes: &[u8]) -> Result<(), Trouble> {
        if spot.look(draft)?.is_none() {
            return Ok(());
        }
        let (open, _) = spot.open(draft)?;
        let (part, _) = contents(&open, self.room.file_bytes)?;
        if !bytes.starts_with(&part) {
            return Err("something of another program lies beside it".to_owned().into());
        }
        discard(spot, draft, self.pace)
    }

    fn after_ready(
        &self,
        spot: &Spot,
        draft: &[u8],
        new: &Facts,
        here: Option<Facts>,
        file: &PlannedFile,
    ) -> Result<bool, Trouble> {
        let beside = spot.look(draft)?;
        match (here, &file.result) {
            // What was put there was taken away again before anything was exchanged.
            (Some(_), Some(_)) if beside.is_none() => Ok(false),
            (Some(here), Some(result)) => {
                if beside.is_some_and(|beside| beside.is_same_file(new)) {
                    discard(spot, draft, self.pace)?;
                    return Ok(false);
                }
                let expected =
                    Expected { facts: &here, id: &result.digest, most_bytes: self.room.file_bytes };
                after_exchange(spot, draft, new, &expected, self.pace)?;
                Ok(true)
            }
            _ if beside.is_some() => {
                discard(spot, draft, self.pace)?;
                Ok(false)
            }
            _ => Ok(spot.look(&spot.name)?.is_some_and(|facts| facts.is_same_file(new))),
        }
    }

    fn swap(
        &self,
        spot: &Spot,
        draft: &[u8],
        file: &PlannedFile,
        bytes: &[u8],
        journal: &mut Journal,
    ) -> Result<(), Trouble> {
        let number = file.number;
        match &file.result {
            Some(result) => {
                let (open, here) = spot.open(&spot.name)?;
                let expected =
                    Expected { facts: &here, id: &result.digest, most_bytes: self.room.file_bytes };
                if let Some(why) = expected.differs(spot, &spot.name)? {
                    return Err(format!("{why}, so that it is not put back").into());
                }
                journal.add(Event::Returning { file: number }, self.pace)?;
                let new = write_beside(spot, draft, bytes, &Like::File(&open), self.pace)?;
                let here = Some(here);
                journal.add(Event::ReturnReady { file: number, draft: new, here }, self.pace)?;
                exchange(spot, draft, &new, &expected, self.pace)?;
            }
            None => {
                if spot.look(&spot.name)?.is_some() {
                    return Err("another file has taken its name".to_owned().into());
                }
                journal.add(Event::Returning { file: number }, self.pace)?;
                let like = Like::Facts(&file.facts);
                let new = write_beside(spot, draft, bytes, &like, self.pace)?;
                journal
                    .add(Event::ReturnReady { file: number, draft: new, here: None }, self.pace)?;
                self.pace.next("move")?;
                if let Err(trouble) = move_to(spot, draft, &spot.name) {
                    discard(spot, draft, self.pace)?;
                    return Err(trouble);
                }
                settle(spot, self.pace)?;
            }
        }
        journal.add(Event::ReturnSwapped { file: number }, self.pace)?;
        Ok(())
    }
}
