//! Which copies are there, and what happens with each?
//!
//! Every finding of the case that was decided, at every place where its item lies: copies, members of
//! archives, messages in mailboxes, rows of tables. Nothing is changed: each file is read, what it would
//! be afterwards is worked out, read back, and its digest put into the plan.

use std::collections::BTreeMap;
use std::path::Path;

use habeas_case::{Case, Right, decided, verdicts};
use habeas_index::{Estate, Occurrence};
use habeas_law::ErasureException;
use habeas_model::{Finding, ItemId, ItemPath, Member, Outcome as Ended, Place, SourceName};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, Unit};

use crate::Error;
use crate::folder::make_dir;
use crate::plan::{Action, FORMAT, Plan, Step};
use crate::rules::Rules;
use crate::watch::{Seal, Watched};

mod file;
mod leave;
mod ruling;

use file::{Scratch, file};
use leave::{duties, leave};
use ruling::{beside, first, own_names, ruled};

/// What a plan is drawn up with.
pub struct Means<'a> {
    /// What was indexed.
    pub estate: &'a Estate,
    /// What may not be erased.
    pub rules: &'a Rules,
    /// Reads a file by isolated readers; the text is the name it goes by.
    pub read: &'a dyn Fn(&Path, &str) -> Vec<Member>,
    /// How many bytes a file may have.
    pub file_bytes: u64,
    /// How many bytes a member may unpack to.
    pub expanded_bytes: u64,
}

/// Who asks for a plan, when, and what they chose.
pub struct Asked<'a> {
    /// Who draws it up.
    pub by: &'a str,
    /// When.
    pub at: Timestamp,
    /// The day, local to the controller.
    pub today: Date,
    /// What a person chose for single items.
    pub choices: Vec<Choice>,
}

/// What a person chose for an item, against or beyond what the rules say.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Which item.
    pub item: ItemId,
    /// What happens with it.
    pub chosen: Chosen,
    /// Why, in words.
    pub reason: String,
}

/// What a person can choose.
#[derive(Clone, Copy, Debug)]
pub enum Chosen {
    /// All of it goes, also what is not found to be about the person.
    Erase,
    /// It stays.
    Keep(&'static ErasureException),
}

/// A copy on its way into the plan.
struct Copy<'a> {
    finding: &'a Finding,
    occurrence: Occurrence,
    is_copy: bool,
    action: Action,
    reason: String,
    clause: Option<String>,
    is_whole: bool,
    n_within: u64,
    file: Option<u32>,
}

/// Draws up the plan of a case. Nothing is changed but the case's own folder.
///
/// # Errors
/// If the case is not decided, is not about erasure, or a file of the case cannot be written.
pub fn draw_up(
    case: &Case,
    means: &Means<'_>,
    asked: &Asked<'_>,
) -> Result<(Plan, Watched), Error> {
    let decided = decided(case)?;
    if !matches!(case.request.right, Right::Erasure | Right::Objection) {
        return Err(Error::refused(format!(
            "case {} does not ask for erasure: open a case for it with `habeas open --right erasure`",
            case.id
        )));
    }
    if means.estate.is_complete()? != Some(true) {
        return Err(Error::refused(
            "the last `habeas index` did not come to its end: a plan would miss copies; run it again",
        ));
    }
    let all = verdicts(case)?;
    let mut copies = Vec::new();
    let (mut n_not_subject, mut nobody) = (0, Vec::new());
    for (finding, decision) in &all {
        let Some((action, reason)) = first(finding, decision.as_ref()) else {
            n_not_subject += 1;
            nobody.push(finding);
            continue;
        };
        let there = |place: &Occurrence| matches!(place.outcome, Ended::Read | Ended::Duplicate);
        let places = means.estate.occurrences(&finding.item)?.into_iter().filter(there);
        for (at, occurrence) in places.enumerate() {
            let copy = Copy {
                finding,
                occurrence,
                is_copy: at > 0,
                action,
                reason: reason.clone(),
                clause: None,
                is_whole: false,
                n_within: 0,
                file: None,
            };
            copies.push(ruled(copy, case.id.as_str(), means.rules, asked));
        }
    }
    let names = own_names(case);
    for copy in &mut copies {
        beside(copy, &names, means.estate)?;
    }
    copies.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut files = Vec::new();
    let mut sources = BTreeMap::new();
    let mut watched = Watched::default();
    let dir = crate::dir(&case.dir);
    make_dir(&dir)?;
    let seal = Seal::open(&dir)?;
    for range in by_file(&copies) {
        let nobody = nobody_in(&copies[range.start].occurrence, &nobody, means)?;
        let scratch = Scratch { dir: dir.join("scratch") };
        let worked = file(
            &mut copies[range],
            &nobody,
            (means, &seal, &scratch),
            &mut sources,
            &mut watched,
            u32::try_from(files.len() + 1).unwrap_or(u32::MAX),
        );
        scratch.clear()?;
        files.extend(worked?);
    }
    let mut steps: Vec<Step> = Vec::new();
    for copy in &copies {
        steps.push(step(copy, u32::try_from(steps.len() + 1).unwrap_or(u32::MAX)));
    }
    for file in &mut files {
        let of = |step: &&Step| step.file == Some(file.number);
        file.steps = steps.iter().filter(of).map(|step| step.number).collect();
    }
    duties(&copies, &files, means.rules, &mut steps);
    leave(case, means, &seal, &copies, &steps, &nobody, &mut watched)?;
    let made_at = asked.at.round(Unit::Second).unwrap_or(asked.at);
    let days = SignedDuration::from_hours(24 * i64::from(means.rules.valid_days));
    let plan = Plan {
        format: FORMAT,
        case: case.id.to_string(),
        software: format!("habeas {}", env!("CARGO_PKG_VERSION")),
        made_at,
        made_by: asked.by.to_owned(),
        valid_until: made_at.checked_add(days).unwrap_or(made_at),
        findings_digest: decided.search.findings_digest.clone(),
        ledger_digest: decided.ledger_digest.clone(),
        sources: sources.into_values().collect(),
        steps,
        files,
        n_not_subject,
    };
    Ok((plan, watched))
}

type Key<'k> = (&'k SourceName, &'k ItemPath, &'k Place, &'k Path);

fn key<'k>(copy: &'k Copy<'_>) -> Key<'k> {
    let occurrence = &copy.occurrence;
    (&occurrence.source, &occurrence.path, &copy.finding.place, &occurrence.file)
}

/// The copies of each file: they lie together.
fn by_file(copies: &[Copy<'_>]) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    for some in copies.chunk_by(|one, other| {
        one.occurrence.source == other.occurrence.source
            && one.occurrence.path.segments()[0] == other.occurrence.path.segments()[0]
            && one.occurrence.file == other.occurrence.file
    }) {
        ranges.push(at..at + some.len());
        at += some.len();
    }
    ranges
}

/// Findings in a file that are not about the person.
fn nobody_in(
    file: &Occurrence,
    nobody: &[&Finding],
    means: &Means<'_>,
) -> Result<Vec<(ItemPath, Place)>, Error> {
    let mut found = Vec::new();
    for finding in nobody {
        for occurrence in means.estate.occurrences(&finding.item)? {
            if occurrence.source == file.source && occurrence.file == file.file {
                found.push((occurrence.path, finding.place.clone()));
            }
        }
    }
    Ok(found)
}

fn step(copy: &Copy<'_>, number: u32) -> Step {
    let mut reason = copy.reason.clone();
    if copy.file.is_some() && copy.n_within > 0 {
        let n = copy.n_within;
        reason.push_str(&format!("; {n} within it {} with it", if n == 1 { "goes" } else { "go" }));
    }
    Step {
        number,
        action: copy.action,
        reason,
        clause: copy.clause.clone(),
        source: Some(copy.occurrence.source.clone()),
        path: Some(copy.occurrence.path.clone()),
        item: Some(copy.finding.item),
        place: Some(copy.finding.place.clone()),
        tier: Some(copy.finding.tier),
        is_copy: copy.is_copy,
        n_within: copy.n_within,
        file: copy.file,
    }
}
