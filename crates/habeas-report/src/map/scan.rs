//! What lies where? One pass over the memory of the estate.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use habeas_index::{Estate, Seat, Surveyed};
use habeas_model::{Indexed, Kind, Outcome, SourceName};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::whose::{counts, whose};
use super::{Folder, Holds, Map, SourceMap, VERSION, date_of, dates, record_date, remarks};
use crate::taxonomy::Told;
use crate::{Declared, Error, SourceRights, taxonomies};

/// Makes the map of an estate as it was when it was last indexed.
///
/// Folders are told apart down to `depth` levels below a source; deeper ones count where they lie.
/// `rights` is what the file systems say now; ages are counted from `today`.
///
/// # Errors
/// If the estate's memory cannot be read.
pub fn scan(
    estate: &Estate,
    declared: &Declared,
    rights: &SourceRights,
    depth: usize,
    today: Date,
) -> Result<Map, Error> {
    let mut scan = Scan::new(declared, depth, today);
    estate.survey(|item, part, is_last| {
        scan.see(item, part, is_last);
        Ok::<(), Error>(())
    })?;
    for (source, path, exception) in estate.exceptions()? {
        // What could not be opened at all has no item, so the pass did not come by.
        if !exception.is_partial
            && estate.occurrence_at(&source, &path)?.is_some_and(|at| at.1.is_none())
        {
            let file = path.segments().first().map_or("", String::as_str);
            let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            let slot = scan.slot(&source, folder);
            scan.holds[slot].unread += 1;
        }
    }
    scan.add_rights(rights);
    let mut scanned = BTreeMap::new();
    for source in estate.sources()? {
        let at = source.last_run.and_then(|at| Timestamp::try_from(at).ok());
        scanned.insert(source.name, at.map(|at| TimeZone::UTC.to_datetime(at).date()));
    }
    let mut map = scan.finish(&scanned);
    map.remarks = remarks::remarks(&map, declared, rights, &scanned);
    Ok(map)
}

/// A scan that is going on.
struct Scan<'a> {
    declared: &'a Declared,
    depth: usize,
    today: Date,
    slots: HashMap<(SourceName, String), usize>,
    holds: Vec<Holds>,
    /// Until when what lies in each slot is kept: older records are overdue.
    cutoffs: Vec<Option<Date>>,
    different: BTreeMap<SourceName, BTreeMap<Kind, HashSet<u64>>>,
    item: Item,
}

/// What is known of the item that is going past.
#[derive(Default)]
struct Item {
    is_begun: bool,
    /// Its day, and whether that is only its file's.
    dated: Option<(Date, bool)>,
    /// Where it lies, each once, with the number of its occurrences there.
    slots: Vec<(usize, u64)>,
    kinds: BTreeSet<Kind>,
    has_dated_records: bool,
}

impl<'a> Scan<'a> {
    fn new(declared: &'a Declared, depth: usize, today: Date) -> Self {
        Self {
            declared,
            depth,
            today,
            slots: HashMap::new(),
            holds: Vec::new(),
            cutoffs: Vec::new(),
            different: BTreeMap::new(),
            item: Item::default(),
        }
    }

    /// The number of a folder, shortened to the map's depth.
    fn slot(&mut self, source: &SourceName, folder: &str) -> usize {
        let end = folder.match_indices('/').nth(self.depth.saturating_sub(1));
        let folder =
            if self.depth == 0 { "" } else { &folder[..end.map_or(folder.len(), |(at, _)| at)] };
        let key = (source.clone(), folder.to_owned());
        let next = self.holds.len();
        let slot = *self.slots.entry(key).or_insert(next);
        if slot == next {
            self.holds.push(Holds::default());
            let activity = self.declared.activity_of(source);
            let period = activity.and_then(|activity| activity.period().ok().flatten());
            self.cutoffs.push(period.map(|period| period.before(self.today)));
        }
        slot
    }

    fn see(&mut self, item: &Surveyed, part: &[Indexed], is_last: bool) {
        if !self.item.is_begun {
            self.begin(item);
        }
        let (day, is_by_file) = *self.item.dated.get_or_insert_with(|| date_of(item, part));
        for indexed in part {
            self.passage(item, indexed, day);
        }
        if is_last {
            self.end(day, is_by_file);
        }
    }

    fn begin(&mut self, item: &Surveyed) {
        let mut slots: BTreeMap<usize, u64> = BTreeMap::new();
        for seat in &item.seats {
            let slot = self.slot(&seat.source, seat.folder());
            let holds = &mut self.holds[slot];
            if is_read(seat) {
                holds.items += 1;
                holds.bytes += item.size_bytes;
                *slots.entry(slot).or_default() += 1;
            } else {
                holds.unread += 1;
            }
        }
        self.item = Item { is_begun: true, slots: slots.into_iter().collect(), ..Item::default() };
    }

    fn passage(&mut self, item: &Surveyed, indexed: &Indexed, item_day: Date) {
        let told = Told::of(&indexed.passage.text);
        let own_day =
            if dates::is_one(item) { None } else { record_date(indexed, &item.media_type) };
        self.item.has_dated_records |= own_day.is_some();
        let whose = whose(item, indexed, told, own_day.unwrap_or(item_day), self.declared);
        let mut hits: BTreeMap<Kind, u64> = BTreeMap::new();
        for hit in indexed.hits.iter().filter(|hit| counts(indexed, hit)) {
            *hits.entry(hit.kind).or_default() += 1;
        }
        let names_somebody = !hits.is_empty();
        for &(slot, times) in &self.item.slots {
            let holds = &mut self.holds[slot];
            holds.passages += times;
            for (kind, n) in &hits {
                holds.kinds.entry(*kind).or_default().hits += n * times;
            }
            for whose in &whose {
                *holds.whose.entry(*whose).or_default() += times;
            }
            if !told.is_empty() {
                for (number, taxonomy) in taxonomies().iter().enumerate() {
                    if told.has(number) {
                        *holds.special.entry(taxonomy.name.to_owned()).or_default() += times;
                    }
                }
            }
            if let Some(day) = own_day {
                for _ in 0..times {
                    holds.ages.add(day, false, self.cutoffs[slot]);
                }
            }
        }
        if names_somebody {
            self.item.kinds.extend(hits.keys());
            self.remember(item, indexed);
        }
    }

    /// Keeps a hash of each identifier, to count how many different ones there are.
    fn remember(&mut self, item: &Surveyed, indexed: &Indexed) {
        let mut last: Option<&SourceName> = None;
        for seat in item.seats.iter().filter(|seat| is_read(seat)) {
            // Seats are sorted by source, but for the first.
            if last == Some(&seat.source) {
                continue;
            }
            last = Some(&seat.source);
            let kinds = self.different.entry(seat.source.clone()).or_default();
            for hit in indexed.hits.iter().filter(|hit| counts(indexed, hit)) {
                kinds.entry(hit.kind).or_default().insert(hash(hit.value.reveal()));
            }
        }
    }

    fn end(&mut self, day: Date, is_by_file: bool) {
        let done = std::mem::take(&mut self.item);
        for (slot, times) in done.slots {
            let holds = &mut self.holds[slot];
            for kind in &done.kinds {
                holds.kinds.entry(*kind).or_default().items += times;
            }
            // A container or a table's head is no record; what names nobody is not personal data.
            if !done.has_dated_records && !done.kinds.is_empty() {
                for _ in 0..times {
                    holds.ages.add(day, is_by_file, self.cutoffs[slot]);
                }
            }
        }
    }

    /// Folders that hold nothing indexed are not told of.
    fn add_rights(&mut self, rights: &SourceRights) {
        for (source, folders) in rights {
            let Ok(folders) = folders else { continue };
            for (folder, access) in folders {
                let n_before = self.holds.len();
                let slot = self.slot(source, folder);
                if slot == n_before {
                    continue;
                }
                self.holds[slot].access.get_or_insert_default().add_all(access);
            }
        }
    }

    fn finish(self, scanned: &BTreeMap<SourceName, Option<Date>>) -> Map {
        let mut folders: Vec<Folder> = Vec::with_capacity(self.holds.len());
        let mut holds: Vec<Option<Holds>> = self.holds.into_iter().map(Some).collect();
        for ((source, path), slot) in self.slots {
            let holds = holds.get_mut(slot).and_then(Option::take).unwrap_or_default();
            if holds.items + holds.unread > 0 {
                folders.push(Folder { source, path, holds });
            }
        }
        folders.sort_unstable_by(|a, b| (&a.source, &a.path).cmp(&(&b.source, &b.path)));
        let stores = self.declared.stores.iter().map(|store| &store.name);
        let names: BTreeSet<&SourceName> = stores.chain(scanned.keys()).collect();
        let sources = names.into_iter().map(|name| {
            let mut holds = Holds::default();
            for folder in folders.iter().filter(|folder| folder.source == *name) {
                holds.add_all(&folder.holds);
            }
            let store = self.declared.store(name);
            let different = self.different.get(name).into_iter().flatten();
            SourceMap {
                name: name.clone(),
                title: self.declared.title(name).to_owned(),
                custodian: store.map_or_else(String::new, |store| store.custodian.clone()),
                activity: store.map_or_else(String::new, |store| store.activity.clone()),
                scanned: scanned.get(name).copied().flatten(),
                different: different.map(|(kind, all)| (*kind, all.len() as u64)).collect(),
                holds,
            }
        });
        Map {
            version: VERSION,
            software: concat!("habeas ", env!("CARGO_PKG_VERSION")).to_owned(),
            date: self.today,
            controller: self.declared.controller.clone(),
            depth: self.depth,
            sources: sources.collect(),
            folders,
            remarks: Vec::new(),
        }
    }
}

fn is_read(seat: &Seat) -> bool {
    matches!(seat.outcome, Outcome::Read | Outcome::Duplicate)
}

/// The same text has the same number, in every run.
pub(crate) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
