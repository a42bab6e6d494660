//! What does the estate hold?

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use habeas_model::{Accounting, Exception, Indexed, ItemId, ItemPath, Lookup, SourceName};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, ReloadPolicy, Searcher, SegmentReader, TERMINATED, TantivyDocument};

use crate::folder::Folder;
use crate::inventory::Inventory;
use crate::search::{any_of, n_of};
use crate::split::{self, Fields, decode, item_term};
use crate::together::together;
use crate::{Error, Gone, ItemRecord, Occurrence, SourceSummary};

/// The memory of one estate, on disk, as it was when it was opened.
pub struct Estate {
    inventory: Mutex<Inventory>,
    splits: Vec<Searcher>,
    pub(crate) fields: Fields,
    /// Nanoseconds of looking up and of reading passages.
    spent: (AtomicU64, AtomicU64),
}

/// Documents that one thread reads in one go.
const DOCS_A_TASK: usize = 1_000;

impl Estate {
    /// Opens the estate's memory in `dir`. A run that is filling it does not stand in the way.
    ///
    /// # Errors
    /// If nothing was indexed there, or what is there is damaged or of another version.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let start = Instant::now();
        let inventory = Mutex::new(Inventory::open(dir)?);
        let mut splits = Vec::new();
        for index in split::open_all(&Folder::new(dir).text())? {
            let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
            splits.push(reader.searcher());
        }
        let estate = Self { inventory, splits, fields: split::fields(), spent: Default::default() };
        tracing::debug!(
            open_ms = start.elapsed().as_millis() as u64,
            n_segments = estate.segments().count(),
            "opened"
        );
        Ok(estate)
    }

    /// How long was asked so far: for where the words are, and for reading what is there.
    pub fn spent(&self) -> (Duration, Duration) {
        let nanos = |spent: &AtomicU64| Duration::from_nanos(spent.load(Ordering::Relaxed));
        (nanos(&self.spent.0), nanos(&self.spent.1))
    }

    /// All passages for which at least one lookup is true, sorted by item and number: complete,
    /// each once. A lookup of no words is true nowhere.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn passages(&self, lookups: &[Lookup]) -> Result<Vec<Indexed>, Error> {
        let places = self.places(lookups)?;
        self.living(&places)
    }

    /// Some of the passages for which a lookup is true, sorted: at most `most`, each so many apart from
    /// the next in the index.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn sample(&self, lookup: &Lookup, most: usize) -> Result<Vec<Indexed>, Error> {
        let mut places = self.places(std::slice::from_ref(lookup))?;
        let n: usize = places.iter().map(|(_, docs)| docs.len()).sum();
        let step = n.div_ceil(most.max(1)).max(1);
        let mut at = 0;
        for (_, docs) in &mut places {
            docs.retain(|_| {
                at += 1;
                (at - 1) % step == 0
            });
        }
        self.living(&places)
    }

    /// Where at least one lookup is true.
    fn places(&self, lookups: &[Lookup]) -> Result<Vec<(&SegmentReader, Vec<DocId>)>, Error> {
        let start = Instant::now();
        let segments: Vec<&SegmentReader> = self.segments().collect();
        let found = together(&segments, |segment| any_of(segment, self.fields, lookups));
        let mut places: Vec<(&SegmentReader, Vec<DocId>)> = Vec::new();
        for (segment, docs) in segments.into_iter().zip(found) {
            places.push((segment, docs?));
        }
        spend(&self.spent.0, start);
        Ok(places)
    }

    /// The passages at these places that some file still says, sorted by item and number.
    fn living(&self, places: &[(&SegmentReader, Vec<DocId>)]) -> Result<Vec<Indexed>, Error> {
        let mut found = self.read(places)?;
        // What no file says any more is on its way out when a run was stopped in between.
        let orphans: HashSet<ItemId> = self.inventory().orphans()?.into_iter().collect();
        found.retain(|passage| !orphans.contains(&passage.item));
        found.sort_unstable_by_key(|passage| (passage.item, passage.number));
        Ok(found)
    }

    /// In how many passages a lookup is true.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn frequency(&self, lookup: &Lookup) -> Result<u64, Error> {
        let start = Instant::now();
        let mut n = 0;
        for segment in self.segments() {
            n += n_of(segment, self.fields, lookup)?;
        }
        spend(&self.spent.0, start);
        Ok(n)
    }

    /// Number of passages in the estate.
    pub fn n_passages(&self) -> u64 {
        self.splits.iter().map(Searcher::num_docs).sum()
    }

    /// Number of items in the estate, those included that could not be read.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn n_items(&self) -> Result<u64, Error> {
        self.inventory().n_items()
    }

    /// Every passage of an item, in order.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn passages_of(&self, item: &ItemId) -> Result<Vec<Indexed>, Error> {
        let start = Instant::now();
        let places = self.places_of(item)?;
        spend(&self.spent.0, start);
        let mut found = self.read(&places)?;
        found.sort_unstable_by_key(|passage| passage.number);
        Ok(found)
    }

    /// Number of passages of an item.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn n_passages_of(&self, item: &ItemId) -> Result<u64, Error> {
        let start = Instant::now();
        let n = self.places_of(item)?.iter().map(|(_, docs)| docs.len() as u64).sum();
        spend(&self.spent.0, start);
        Ok(n)
    }

    /// What the inventory knows of an item, if it is there.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn item(&self, item: &ItemId) -> Result<Option<ItemRecord>, Error> {
        self.inventory().item(item)
    }

    /// Every place where an item was found and still is, sorted by source and path; the first is
    /// the one that was read.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn occurrences(&self, item: &ItemId) -> Result<Vec<Occurrence>, Error> {
        self.inventory().occurrences(item)
    }

    /// What stands at a path of a source, with its item unless it could not be opened.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn occurrence_at(
        &self,
        source: &SourceName,
        path: &ItemPath,
    ) -> Result<Option<(Occurrence, Option<ItemId>)>, Error> {
        self.inventory().occurrence_at(source, path)
    }

    /// The items that somebody may mean by `text`: the first digits of an id (4 or more), a path,
    /// the end of a path from some folder on, or one of these after `source:`. Sorted.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn find_item(&self, text: &str) -> Result<Vec<ItemId>, Error> {
        self.inventory().find(text)
    }

    /// The sums, a source a row, sorted by name.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn accounting(&self) -> Result<Vec<(SourceName, Accounting)>, Error> {
        self.inventory().accounting()
    }

    /// What each source holds and when it was last indexed, sorted by name.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn sources(&self) -> Result<Vec<SourceSummary>, Error> {
        self.inventory().sources()
    }

    /// Everything that could not be read, whole or in part, sorted by source and path. What a
    /// duplicate lacks is listed with the occurrence that was read.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn exceptions(&self) -> Result<Vec<(SourceName, ItemPath, Exception)>, Error> {
        self.inventory().exceptions()
    }

    /// Everything that was left out, with the rule that left it out, sorted by source and path.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn excluded(&self) -> Result<Vec<(SourceName, ItemPath, String)>, Error> {
        self.inventory().excluded()
    }

    /// Files that were there once and are gone, sorted by source and path.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn gone(&self) -> Result<Vec<Gone>, Error> {
        self.inventory().gone()
    }

    /// Names from structured fields (normal form) with the number of fields each stood in.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn names(&self) -> Result<Vec<(String, u64)>, Error> {
        self.inventory().names()
    }

    /// Did the last run come to its end? `None` if there was none.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn is_complete(&self) -> Result<Option<bool>, Error> {
        self.inventory().is_complete()
    }

    /// The living documents of an item in each segment, sorted.
    pub(crate) fn places_of(
        &self,
        item: &ItemId,
    ) -> Result<Vec<(&SegmentReader, Vec<DocId>)>, Error> {
        let term = item_term(self.fields, item.as_bytes());
        let mut places = Vec::new();
        for segment in self.segments() {
            let items = segment.inverted_index(self.fields.item)?;
            let mut docs = Vec::new();
            if let Some(mut postings) = items.read_postings(&term, IndexRecordOption::Basic)? {
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    if !segment.is_deleted(doc) {
                        docs.push(doc);
                    }
                    doc = postings.advance();
                }
            }
            places.push((segment, docs));
        }
        Ok(places)
    }

    /// The passages of these documents, which are sorted in each segment.
    pub(crate) fn read(
        &self,
        places: &[(&SegmentReader, Vec<DocId>)],
    ) -> Result<Vec<Indexed>, Error> {
        let start = Instant::now();
        let tasks: Vec<(&SegmentReader, &[DocId])> = places
            .iter()
            .flat_map(|(segment, docs)| docs.chunks(DOCS_A_TASK).map(|some| (*segment, some)))
            .collect();
        let mut found = Vec::with_capacity(places.iter().map(|(_, docs)| docs.len()).sum());
        for passages in together(&tasks, |(segment, docs)| fetch(segment, self.fields, docs)) {
            found.extend(passages?);
        }
        spend(&self.spent.1, start);
        Ok(found)
    }

    pub(crate) fn segments(&self) -> impl Iterator<Item = &SegmentReader> {
        self.splits.iter().flat_map(Searcher::segment_readers)
    }

    pub(crate) fn inventory(&self) -> MutexGuard<'_, Inventory> {
        self.inventory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn spend(spent: &AtomicU64, since: Instant) {
    let nanos = u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX);
    spent.fetch_add(nanos, Ordering::Relaxed);
}

/// Reads the passages of these documents, which are sorted, so that each block is opened once.
fn fetch(segment: &SegmentReader, fields: Fields, docs: &[DocId]) -> Result<Vec<Indexed>, Error> {
    let store = segment.get_store_reader(4)?;
    docs.iter().map(|&doc| decode(&store.get::<TantivyDocument>(doc)?, fields)).collect()
}
