//! What breaks a promise, and where? By place, never by content.

use std::collections::BTreeMap;

use habeas_index::Seat;
use habeas_model::{ItemPath, Place, SourceName};
use serde::{Deserialize, Serialize};

use super::Promise;

/// How grave a finding is; the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It may harm people, or is forbidden outright.
    High,
    /// It breaks the promise.
    Medium,
    /// It may break it: somebody should look.
    Low,
}

impl std::fmt::Display for Severity {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        })
    }
}

/// Something that breaks a promise, with its evidence by place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The promise's number in the configuration, from 1.
    pub number: usize,
    /// Which check found it.
    pub check: String,
    /// The promise that it breaks.
    pub promise: String,
    /// Where that stands in the notice.
    pub notice: String,
    /// How grave it is.
    pub severity: Severity,
    /// In which source, if it is in one.
    pub source: Option<SourceName>,
    /// In which item of it.
    pub path: Option<ItemPath>,
    /// The first places of it, such as `row 12`; none if it is about all of it.
    pub places: Vec<Place>,
    /// How many places there are in all.
    pub n_places: u64,
    /// What it is, without anything that the item says.
    pub what: String,
    /// What to do about it.
    pub advice: String,
}

impl Finding {
    /// Where it is, in one line: `source/path: row 3, row 9 and 4 more`.
    pub fn place(&self) -> String {
        let Some(source) = &self.source else { return "the whole estate".to_owned() };
        let path = self.path.as_ref().map(ToString::to_string).filter(|path| path != ".");
        let path = path.map_or_else(String::new, |path| format!("/{path}"));
        let mut line = format!("{source}{path}");
        let shown: Vec<String> = self.places.iter().take(5).map(ToString::to_string).collect();
        if !shown.is_empty() {
            line.push_str(&format!(": {}", shown.join(", ")));
        }
        match self.n_places.saturating_sub(shown.len() as u64) {
            0 => line,
            n => format!("{line} and {n} more"),
        }
    }
}

/// So many places of a finding are written out; all are counted.
const MOST_PLACES: usize = 20;

/// Findings on their way: those on the same item that say the same become one.
pub(crate) struct Findings<'a> {
    promises: &'a [Promise],
    number: usize,
    found: BTreeMap<Key, Places>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    number: usize,
    severity: Severity,
    source: Option<SourceName>,
    path: Option<ItemPath>,
    what: String,
    advice: &'static str,
}

#[derive(Default)]
struct Places {
    first: Vec<Place>,
    n: u64,
}

impl<'a> Findings<'a> {
    pub(super) fn new(promises: &'a [Promise]) -> Self {
        Self { promises, number: 0, found: BTreeMap::new() }
    }

    /// From now on findings are about that promise, counted from 0.
    pub(super) fn turn(&mut self, number: usize) {
        self.number = number;
    }

    /// Adds a finding at a place of an item, or on all of it.
    pub(super) fn push(
        &mut self,
        severity: Severity,
        seat: &Seat,
        place: Option<&Place>,
        what: impl Into<String>,
        advice: &'static str,
    ) {
        let spot =
            Spot { source: seat.source.clone(), path: seat.path.clone(), place: place.cloned() };
        self.push_at(severity, Some(&spot), what, advice);
    }

    /// Adds a finding at a spot that was kept, or at none.
    pub(super) fn push_at(
        &mut self,
        severity: Severity,
        spot: Option<&Spot>,
        what: impl Into<String>,
        advice: &'static str,
    ) {
        let key = Key {
            number: self.number,
            severity,
            source: spot.map(|spot| spot.source.clone()),
            path: spot.map(|spot| spot.path.clone()),
            what: what.into(),
            advice,
        };
        let places = self.found.entry(key).or_default();
        if let Some(place) = spot.and_then(|spot| spot.place.as_ref()) {
            places.n += 1;
            let at = places.first.partition_point(|there| there <= place);
            if at > 0 && places.first[at - 1] == *place {
                // The same place says the same twice.
                places.n -= 1;
            } else if at < MOST_PLACES {
                places.first.insert(at, place.clone());
                places.first.truncate(MOST_PLACES);
            }
        }
    }

    /// All findings: by promise, then the gravest first, then by place.
    pub(super) fn finish(self) -> Vec<Finding> {
        let promises = self.promises;
        let all = self.found.into_iter().filter_map(|(key, places)| {
            let promise = promises.get(key.number)?;
            Some(Finding {
                number: key.number + 1,
                check: promise.check.clone(),
                promise: promise.promise.clone(),
                notice: promise.notice.clone(),
                severity: key.severity,
                source: key.source,
                path: key.path,
                places: places.first,
                n_places: places.n,
                what: key.what,
                advice: key.advice.to_owned(),
            })
        });
        all.collect()
    }
}

/// A place that is kept until all was seen.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) source: SourceName,
    pub(super) path: ItemPath,
    pub(super) place: Option<Place>,
}
