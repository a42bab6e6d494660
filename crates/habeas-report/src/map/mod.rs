//! What is held where, how much of it, how old, whose, and who could read it?
//!
//! [`scan`] makes a [`Map`] of one pass over the estate's memory; [`drift`] says what is otherwise
//! than in an earlier one; [`ropa`] writes the record of processing; [`page`] draws all of it. The
//! same estate on the same day gives the same bytes.

mod dates;
mod drift;
mod page;
mod picture;
mod places;
mod remarks;
mod ropa;
mod scan;
mod whose;

use std::collections::BTreeMap;

use habeas_model::{Kind, SourceName};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Access, Contact};

pub(crate) use dates::{date_of, day_of, record_date};
pub use drift::{Change, drift, read_snapshot};
pub use page::{Since, page};
pub use places::places;
pub use remarks::{Remark, RemarkKind};
pub use ropa::{Ropa, ropa};
pub(crate) use scan::hash;
pub use scan::scan;
pub use whose::Whose;
pub(crate) use whose::{ADULT_YEARS, counts, is_younger};

/// Goes up with every change of what a map says, so that two maps are compared only if they speak
/// of the same.
pub const VERSION: u32 = 1;

/// What an estate holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// [`VERSION`].
    pub version: u32,
    /// What made it.
    pub software: String,
    /// The day from which ages are counted.
    pub date: Date,
    /// Who answers.
    pub controller: Contact,
    /// How many levels of folders below a source are told apart.
    pub depth: usize,
    /// Every source that is declared or was scanned, sorted by name.
    pub sources: Vec<SourceMap>,
    /// Every folder, sorted by source and path.
    pub folders: Vec<Folder>,
    /// What somebody should look at, sorted.
    pub remarks: Vec<Remark>,
}

/// What a source holds, in all its folders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceMap {
    /// Its name.
    pub name: SourceName,
    /// What a person would call it.
    pub title: String,
    /// Who keeps it; may be empty.
    pub custodian: String,
    /// The activity that it is declared to belong to; may be empty.
    pub activity: String,
    /// The day it was last scanned to its end (UTC).
    pub scanned: Option<Date>,
    /// How many different identifiers of each kind stand in it. Counted by a hash of 64 bits.
    pub different: BTreeMap<Kind, u64>,
    /// What it holds.
    pub holds: Holds,
}

/// A folder and what lies in it, or below it beyond the map's depth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Folder {
    /// In which source.
    pub source: SourceName,
    /// Its path relative to the source; empty for the source's own folder.
    pub path: String,
    /// What it holds.
    pub holds: Holds,
}

/// What lies somewhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Holds {
    /// Files and members that were read, copies included.
    pub items: u64,
    /// Files and members that could not be read: what is in them is not known.
    pub unread: u64,
    /// Bytes of the items.
    pub bytes: u64,
    /// Passages: rows, messages, pages, paragraphs.
    pub passages: u64,
    /// How often each kind of identifier stands there.
    pub kinds: BTreeMap<Kind, Amount>,
    /// In how many passages whose data stands.
    pub whose: BTreeMap<Whose, u64>,
    /// In how many passages a word of each taxonomy stands.
    pub special: BTreeMap<String, u64>,
    /// How old it is.
    pub ages: Ages,
    /// Who could read it; `None` if the file system was not asked or did not answer.
    pub access: Option<Access>,
}

/// How much of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// How often it stands there.
    pub hits: u64,
    /// In how many items.
    pub items: u64,
}

/// How old records are: rows, messages, log lines, and items that are none of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ages {
    /// How many records there are.
    pub records: u64,
    /// How many of them state no date, so that the file's counts.
    pub by_file: u64,
    /// The oldest date.
    pub oldest: Option<Date>,
    /// The newest date.
    pub newest: Option<Date>,
    /// Records by year.
    pub years: BTreeMap<i16, u64>,
    /// How many are older than their activity's period.
    pub overdue: u64,
}

impl Ages {
    /// Counts a record of that day.
    pub(crate) fn add(&mut self, day: Date, is_by_file: bool, cutoff: Option<Date>) {
        self.records += 1;
        self.by_file += u64::from(is_by_file);
        self.oldest = Some(self.oldest.map_or(day, |oldest| oldest.min(day)));
        self.newest = Some(self.newest.map_or(day, |newest| newest.max(day)));
        *self.years.entry(day.year()).or_default() += 1;
        self.overdue += u64::from(cutoff.is_some_and(|cutoff| day < cutoff));
    }

    fn add_all(&mut self, other: &Self) {
        self.records += other.records;
        self.by_file += other.by_file;
        self.oldest = self.oldest.into_iter().chain(other.oldest).min();
        self.newest = self.newest.into_iter().chain(other.newest).max();
        self.overdue += other.overdue;
        for (year, n) in &other.years {
            *self.years.entry(*year).or_default() += n;
        }
    }
}

impl Holds {
    /// Counts what another one holds.
    pub(crate) fn add_all(&mut self, other: &Self) {
        self.items += other.items;
        self.unread += other.unread;
        self.bytes += other.bytes;
        self.passages += other.passages;
        for (kind, amount) in &other.kinds {
            let sum = self.kinds.entry(*kind).or_default();
            sum.hits += amount.hits;
            sum.items += amount.items;
        }
        for (whose, n) in &other.whose {
            *self.whose.entry(*whose).or_default() += n;
        }
        for (list, n) in &other.special {
            *self.special.entry(list.clone()).or_default() += n;
        }
        self.ages.add_all(&other.ages);
        if let Some(access) = &other.access {
            self.access.get_or_insert_default().add_all(access);
        }
    }

    /// Is there personal data in it, as far as is known?
    pub fn is_personal(&self) -> bool {
        !self.kinds.is_empty()
    }

    /// How often identifiers of any kind stand there.
    pub fn hits(&self) -> u64 {
        self.kinds.values().map(|amount| amount.hits).sum()
    }
}

impl Map {
    /// What all sources hold together.
    pub fn total(&self) -> Holds {
        let mut total = Holds::default();
        for source in &self.sources {
            total.add_all(&source.holds);
        }
        total
    }

    /// The map as JSON, which [`read_snapshot`] reads again.
    ///
    /// # Errors
    /// If it cannot be written, which would be a bug.
    pub fn to_json(&self) -> Result<Vec<u8>, crate::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
