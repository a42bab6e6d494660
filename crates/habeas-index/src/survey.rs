//! What does the whole estate hold, item by item?
//!
//! One pass over the inventory with the passages of each item, in little memory: nothing of a source
//! is opened, and no item is held longer than a part of it is looked at.

use std::collections::HashMap;

use habeas_model::{Facts, Indexed, ItemId, ItemPath, Outcome, SourceName};
use rusqlite::params;
use tantivy::{DocId, SegmentReader};

use crate::inventory::{Inventory, count, outcome_of};
use crate::{Error, Estate};

/// Passages that are looked at in one go. An item with more comes in parts.
const PART: usize = 4_000;
/// Items that are asked of the inventory in one go.
const PAGE: usize = 500;

/// An item on its way past.
#[derive(Clone, Debug, PartialEq)]
pub struct Surveyed {
    /// Which item.
    pub id: ItemId,
    /// Its media type.
    pub media_type: String,
    /// Its length.
    pub size_bytes: u64,
    /// Facts of the whole document.
    pub facts: Facts,
    /// How many passages it has.
    pub n_passages: u64,
    /// Every place where it lies, sorted by source and path; the one that was read comes first.
    pub seats: Vec<Seat>,
}

/// Stands in the inventory for the time, in nanoseconds since 1970, of a file that may change again and show
/// the same time, because it was changed a moment before it was read; it is the time of none.
pub const UNSURE_NS: i64 = i64::MIN;

/// One place where an item lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// In which source.
    pub source: SourceName,
    /// Its path.
    pub path: ItemPath,
    /// When the file it stands in was last changed, in whole seconds since 1970 (UTC).
    pub modified: i64,
    /// How it ended.
    pub outcome: Outcome,
}

impl Seat {
    /// The folder of the file it stands in, relative to the source; empty for the source's own.
    pub fn folder(&self) -> &str {
        let file = self.path.segments().first().map_or("", String::as_str);
        file.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

impl Estate {
    /// Shows every item that lies somewhere, with its passages in parts of a few thousand: `visit` is
    /// called once at least for each, and told which call is the item's last. Items come in the
    /// order in which they were found first.
    ///
    /// # Errors
    /// If the inventory or the full text cannot be read, or what `visit` gives.
    pub fn survey<E: From<Error>>(
        &self,
        mut visit: impl FnMut(&Surveyed, &[Indexed], bool) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut after = 0;
        loop {
            let (items, last) = self.inventory().items_after(after, PAGE)?;
            let Some(last) = last else { return Ok(()) };
            after = last;
            let mut small: Vec<&Surveyed> = Vec::new();
            let mut n_waiting = 0;
            for item in &items {
                let n_passages = usize::try_from(item.n_passages).unwrap_or(usize::MAX);
                if n_passages > PART {
                    self.show_large(item, &mut visit)?;
                    continue;
                }
                if n_waiting + n_passages > PART {
                    self.show_small(&std::mem::take(&mut small), &mut visit)?;
                    n_waiting = 0;
                }
                small.push(item);
                n_waiting += n_passages;
            }
            self.show_small(&small, &mut visit)?;
        }
    }

    /// Shows items whose passages fit together in one part: blocks of the full text are opened once.
    fn show_small<E: From<Error>>(
        &self,
        items: &[&Surveyed],
        visit: &mut impl FnMut(&Surveyed, &[Indexed], bool) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut places: Vec<(&SegmentReader, Vec<DocId>)> =
            self.segments().map(|segment| (segment, Vec::new())).collect();
        for item in items.iter().filter(|item| item.n_passages > 0) {
            for ((_, docs), (_, more)) in places.iter_mut().zip(self.places_of(&item.id)?) {
                docs.extend(more);
            }
        }
        for (_, docs) in &mut places {
            docs.sort_unstable();
        }
        let mut passages: HashMap<ItemId, Vec<Indexed>> = HashMap::new();
        for passage in self.read(&places)? {
            passages.entry(passage.item).or_default().push(passage);
        }
        for item in items {
            let mut these = passages.remove(&item.id).unwrap_or_default();
            these.sort_unstable_by_key(|passage| passage.number);
            visit(item, &these, true)?;
        }
        Ok(())
    }

    /// Shows an item part by part.
    fn show_large<E: From<Error>>(
        &self,
        item: &Surveyed,
        visit: &mut impl FnMut(&Surveyed, &[Indexed], bool) -> Result<(), E>,
    ) -> Result<(), E> {
        let places = self.places_of(&item.id)?;
        let mut parts: Vec<(&SegmentReader, &[DocId])> = places
            .iter()
            .flat_map(|(segment, docs)| docs.chunks(PART).map(|some| (*segment, some)))
            .collect();
        let last = parts.pop();
        for (segment, docs) in parts {
            visit(item, &self.read(&[(segment, docs.to_vec())])?, false)?;
        }
        let last =
            last.map_or(Ok(Vec::new()), |(segment, docs)| self.read(&[(segment, docs.to_vec())]))?;
        visit(item, &last, true)
    }
}

impl Inventory {
    /// The items behind that number which lie somewhere, and the number of the last one looked at.
    fn items_after(&self, after: i64, most: usize) -> Result<(Vec<Surveyed>, Option<i64>), Error> {
        let mut query = self.db.prepare_cached(
            "SELECT number, id, media_type, size_bytes, facts, n_passages FROM item
             WHERE number > ?1 ORDER BY number LIMIT ?2",
        )?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = query.query_map((after, most), |row| {
            let number: i64 = row.get(0)?;
            let id: [u8; 32] = row.get(1)?;
            let facts: String = row.get(4)?;
            Ok((number, id, row.get::<_, String>(2)?, count(row, 3)?, facts, count(row, 5)?))
        })?;
        let mut items = Vec::new();
        let mut last = None;
        for row in rows {
            let (number, id, media_type, size_bytes, facts, n_passages) = row?;
            last = Some(number);
            let id = ItemId::from(id);
            let seats = self.seats(&id)?;
            if !seats.is_empty() {
                let facts = serde_json::from_str(&facts)?;
                items.push(Surveyed { id, media_type, size_bytes, facts, n_passages, seats });
            }
        }
        Ok((items, last))
    }

    fn seats(&self, item: &ItemId) -> Result<Vec<Seat>, Error> {
        let mut query = self.db.prepare_cached(
            // A file that was changed a moment before it was read has no time that is sure; it is of
            // the day of that run.
            "SELECT o.source, o.path, CASE WHEN f.modified_ns = ?2
               THEN coalesce((SELECT r.started FROM run r JOIN item i ON i.run = r.id
                              WHERE i.id = o.item), 0) * 1000000000
               ELSE f.modified_ns END, o.outcome
             FROM occurrence o JOIN file f ON f.id = o.file
             WHERE o.item = ?1 ORDER BY o.outcome > 0, o.source, o.path",
        )?;
        let rows = query.query_map(params![item.as_bytes(), UNSURE_NS], |row| {
            let source: String = row.get(0)?;
            let path: String = row.get(1)?;
            let modified: i64 = row.get(2)?;
            Ok((source, path, modified, row.get::<_, i64>(3)?))
        })?;
        rows.map(|row| {
            let (source, path, modified, outcome) = row?;
            Ok(Seat {
                source: SourceName::parse(&source).map_err(Error::Damaged)?,
                path: ItemPath::parse(&path),
                modified: modified.div_euclid(1_000_000_000),
                outcome: outcome_of(outcome),
            })
        })
        .collect()
    }
}
