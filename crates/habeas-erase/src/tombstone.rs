//! What is left to show that something was erased, without saying what or whose?

use std::collections::BTreeSet;
use std::path::Path;

use habeas_model::{PlaceKind, SourceName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::folder::Lines;
use crate::pace::Pace;
use crate::plan::{Plan, PlannedFile};
use crate::watch::{Keyed, Seal};

/// One copy that was erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tombstone {
    /// Which step of the plan.
    pub step: u32,
    /// In which source it was.
    pub source: SourceName,
    /// What it was: a row, a message, a page; what was whole is told by its first place.
    pub kind: Option<PlaceKind>,
    /// Stands for the item that it was, or stood in.
    pub item: Keyed,
    /// When it went.
    pub at: Timestamp,
}

/// Sets a stone for each step of a file that has none.
pub(crate) fn set(
    dir: &Path,
    plan: &Plan,
    file: &PlannedFile,
    (seal, at): (&Seal, Timestamp),
    pace: &dyn Pace,
) -> Result<(), Error> {
    let (mut lines, there) = Lines::open(&dir.join("tombstones.jsonl"))?;
    let there: BTreeSet<u32> = there
        .iter()
        .filter_map(|line| serde_json::from_str::<Tombstone>(line).ok())
        .map(|stone| stone.step)
        .collect();
    for step in plan.steps.iter().filter(|step| step.file == Some(file.number)) {
        let Some(item) = &step.item else { continue };
        if there.contains(&step.number) {
            continue;
        }
        let stone = Tombstone {
            step: step.number,
            source: file.source.clone(),
            kind: step.place.as_ref().map(|place| place.kind),
            item: seal.item(item),
            at,
        };
        lines.add(&serde_json::to_string(&stone).unwrap_or_default(), pace)?;
    }
    Ok(())
}
