//! How far has a plan been carried out?
//!
//! A line an event, on disk before the next change is made. Whatever stopped the run, the journal and
//! the folder of a file together say where it stood.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::beneath::Facts;
use crate::folder::Lines;
use crate::pace::Pace;

/// What happened to a file of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// Its turn has come: something may lie beside it from now on.
    Begun {
        /// Which file of the plan.
        file: u32,
    },
    /// Its new content lies beside it.
    Ready {
        /// Which file of the plan.
        file: u32,
        /// What lies there.
        draft: Facts,
    },
    /// The new content stands in its place, and the original was looked at: it may go.
    Swapped {
        /// Which file of the plan.
        file: u32,
    },
    /// Its steps are carried out.
    Done {
        /// Which file of the plan.
        file: u32,
        /// When.
        at: Timestamp,
    },
    /// It was left as it is, for a person.
    Refused {
        /// Which file of the plan.
        file: u32,
        /// Why.
        why: String,
        /// When.
        at: Timestamp,
    },
    /// It is being put back.
    Returning {
        /// Which file of the plan.
        file: u32,
    },
    /// Its original content lies beside what stands there, if something does.
    ReturnReady {
        /// Which file of the plan.
        file: u32,
        /// What lies there.
        draft: Facts,
        /// What stands in its place.
        here: Option<Facts>,
    },
    /// The original stands in its place again.
    ReturnSwapped {
        /// Which file of the plan.
        file: u32,
    },
    /// It is as it was before the plan.
    Returned {
        /// Which file of the plan.
        file: u32,
        /// When.
        at: Timestamp,
    },
}

impl Event {
    fn file(&self) -> u32 {
        match self {
            Self::Begun { file }
            | Self::Ready { file, .. }
            | Self::Swapped { file }
            | Self::Done { file, .. }
            | Self::Refused { file, .. }
            | Self::Returning { file }
            | Self::ReturnReady { file, .. }
            | Self::ReturnSwapped { file }
            | Self::Returned { file, .. } => *file,
        }
    }
}

/// The journal of a plan, held by this process.
pub(crate) struct Journal {
    lines: Lines,
    last: BTreeMap<u32, Event>,
}

impl Journal {
    /// Opens the journal, and takes it for this process.
    pub(crate) fn open(file: &Path) -> Result<Self, Error> {
        let (lines, texts) = Lines::open(file)?;
        let last = read(file, texts.iter().map(String::as_str))?;
        Ok(Self { lines, last })
    }

    /// The last event of a file.
    pub(crate) fn last(&self, file: u32) -> Option<&Event> {
        self.last.get(&file)
    }

    /// Was nothing carried out yet, nor begun? A file that was left as it is counts for nothing.
    pub(crate) fn is_fresh(&self) -> bool {
        self.last.values().all(|event| matches!(event, Event::Refused { .. }))
    }

    pub(crate) fn add(&mut self, event: Event, pace: &dyn Pace) -> Result<(), Error> {
        // An event is numbers and a sentence, so it can always be written.
        self.lines.add(&serde_json::to_string(&event).unwrap_or_default(), pace)?;
        self.last.insert(event.file(), event);
        Ok(())
    }
}

fn read<'t>(
    file: &Path,
    lines: impl Iterator<Item = &'t str>,
) -> Result<BTreeMap<u32, Event>, Error> {
    let mut last = BTreeMap::new();
    for (number, line) in (1..).zip(lines) {
        let event: Event = serde_json::from_str(line).map_err(|_| {
            Error::refused(format!(
                "{}: line {number} is not what Habeas wrote; restore it from a backup",
                file.display()
            ))
        })?;
        last.insert(event.file(), event);
    }
    Ok(last)
}
