//! What may not be erased, and what has to be told to whom?

use std::path::PathBuf;

use habeas_law::ErasureException;
use habeas_model::{ItemPath, SourceName};
use habeas_source::{Glob, Source};
use jiff::civil::Date;

/// What decides about copies before anybody looks at one.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// What is held.
    pub holds: Vec<Hold>,
    /// The sources, each with what holds for it.
    pub sources: Vec<SourceRule>,
    /// The lists of those who get no marketing: an entry of one stays.
    pub suppressions: Vec<PathBuf>,
    /// How long a plan may wait to be carried out.
    pub valid_days: u32,
    /// How many steps a plan may have without somebody saying that number.
    pub most_steps: usize,
    /// Has somebody else to approve a plan than who drew it up?
    pub needs_two_people: bool,
}

/// A legal hold: what stays while it stands.
#[derive(Clone, Debug)]
pub struct Hold {
    /// What it is called.
    pub name: String,
    /// Why, in words.
    pub reason: String,
    /// The sources it is about; empty means all.
    pub sources: Vec<String>,
    /// The paths in them; empty means all.
    pub paths: Vec<Glob>,
    /// The cases it is about; empty means everybody.
    pub cases: Vec<String>,
    /// The last day on which it stands.
    pub until: Option<Date>,
    /// The exception that it rests on.
    pub exception: &'static ErasureException,
}

/// What holds for all of a source.
#[derive(Clone, Debug)]
pub struct SourceRule {
    /// The source.
    pub source: Source,
    /// What a person would call it.
    pub title: String,
    /// Is it a backup, which whoever runs it has to see to?
    pub is_backup: bool,
    /// The activity it belongs to.
    pub activity: String,
    /// What erasure does with the activity's records.
    pub erasure: Erasure,
    /// Are its records marketing that goes to people?
    pub is_marketing: bool,
    /// Who was given what the activity holds.
    pub recipients: Vec<String>,
}

/// What erasure does with the records of an activity.
#[derive(Clone, Debug, Default)]
pub enum Erasure {
    /// They are erased.
    #[default]
    Erase,
    /// They are made to tell nobody.
    Anonymise(Ground),
    /// They stay.
    Keep(Ground),
}

/// Why records stay, whole or in part.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The exception that it rests on.
    pub exception: &'static ErasureException,
    /// Why it applies, in words.
    pub because: String,
}

impl Rules {
    /// What holds for a source; `None` if it is not in the configuration any more.
    pub fn source(&self, name: &SourceName) -> Option<&SourceRule> {
        self.sources.iter().find(|rule| rule.source.name == *name)
    }

    /// The first hold that a copy is under.
    pub fn hold(
        &self,
        case: &str,
        source: &SourceName,
        path: &ItemPath,
        today: Date,
    ) -> Option<&Hold> {
        let file = path.segments().first().map_or("", String::as_str);
        self.holds.iter().find(|hold| {
            (hold.cases.is_empty() || hold.cases.iter().any(|one| one == case))
                && (hold.sources.is_empty()
                    || hold.sources.iter().any(|one| one == source.as_str()))
                && (hold.paths.is_empty() || hold.paths.iter().any(|glob| glob.matches(file)))
                && hold.until.is_none_or(|until| today <= until)
        })
    }
}
