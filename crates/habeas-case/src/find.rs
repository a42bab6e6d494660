//! What does the estate hold about the person?

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use habeas_index::Estate;
use habeas_match::{Memory, Question, Setting};
use habeas_model::{
    About, Facts, Finding, Indexed, ItemId, ItemPath, Lookup, Outcome, Proposal, SourceName, Tier,
};
use jiff::{Timestamp, Unit};

use crate::advice::advice;
use crate::search::{asked, excepted};
use crate::{Case, Error, SearchRecord, SourceSearched, Tiers};

/// What a search found, and how it was done.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    /// The findings, sorted by item and place.
    pub findings: Vec<Finding>,
    /// Identifiers found beside the person's, those that add most first.
    pub proposals: Vec<Proposal>,
    /// The account of the search.
    pub record: SearchRecord,
}

/// Searches the estate for the person of a case, and writes findings, proposed identifiers and search
/// record into the case.
///
/// Findings are of items: [`located`] says where each lies. A search done again replaces the one
/// before; decisions stay. `setting` gives what is the organisation's own.
///
/// # Errors
/// If the person cannot be looked for, the index cannot be read or the case cannot be written; what
/// the last search wrote is still there then.
pub fn find(case: &Case, estate: &Estate, setting: &Setting) -> Result<Matched, Error> {
    let mut question = Question::new(&case.request.subject)
        .map_err(|problem| Error::Unsearchable { case: case.id.to_string(), problem })?;
    for rejected in case.rejected()? {
        question.reject(rejected.kind, rejected.identifier.reveal());
    }
    let start = Instant::now();
    let (lookup, fetch) = estate.spent();
    let searched = question.search(&Asked(estate), setting)?;
    let total = start.elapsed();
    let (lookup, fetch) = (estate.spent().0 - lookup, estate.spent().1 - fetch);
    tracing::debug!(
        lookup_ms = lookup.as_millis() as u64,
        fetch_ms = fetch.as_millis() as u64,
        weigh_ms = total.saturating_sub(lookup + fetch).as_millis() as u64,
        "asked and weighed"
    );
    let mut findings = searched.findings;
    findings.iter_mut().for_each(rounded);
    let mut found: HashMap<SourceName, Tiers> = HashMap::new();
    // Sorted by item, so that the rows of one table ask for its place once.
    for of_item in findings.chunk_by(|one, other| one.item == other.item) {
        if let Some((source, _)) = located(estate, &of_item[0])?.into_iter().next() {
            let tiers = found.entry(source).or_default();
            of_item.iter().for_each(|finding| tiers.count(finding.tier));
        }
    }
    let mut sources = Vec::new();
    for source in estate.sources()? {
        let read_at = source.last_run.and_then(|at| Timestamp::try_from(at).ok()).map(to_second);
        let found = found.get(&source.name).copied().unwrap_or_default();
        let (name, items) = (source.name, source.accounting);
        sources.push(SourceSearched { name, items, read_at, found });
    }
    let is_mention =
        |finding: &&Finding| finding.about == About::Incidental && finding.tier != Tier::Namesake;
    let mut advice = advice(case, estate)?;
    if findings.is_empty() && searched.n_dropped > 0 {
        advice.push(format!(
            "{} records name the person, each too weakly in so large an estate: ask for something more \
             than what is stated",
            searched.n_dropped
        ));
    }
    let mut record = SearchRecord {
        case: case.id.clone(),
        searched_at: to_second(Timestamp::now()),
        software: format!("habeas {}", env!("CARGO_PKG_VERSION")),
        asked: asked(&case.request.subject, &searched.lookups),
        n_unasked: searched.n_unasked as u64,
        n_unweighed: searched.n_unweighed,
        sources,
        is_complete: estate.is_complete()? == Some(true),
        excepted: excepted(&estate.exceptions()?),
        n_items: estate.n_items()?,
        n_passages: estate.n_passages(),
        n_candidates: searched.n_candidates,
        n_unfollowed: searched.n_unfollowed,
        tiers: Tiers::of(&findings),
        n_incidental: findings.iter().filter(is_mention).count() as u64,
        n_items_found: findings.iter().map(|finding| finding.item).collect::<HashSet<_>>().len()
            as u64,
        n_dropped: searched.n_dropped as u64,
        ask: searched.ask,
        advice,
        subject_digest: String::new(),
        findings_digest: String::new(),
    };
    case.save_search(&findings, &searched.proposals, &mut record)?;
    tracing::info!(case = %case.id, n_candidates = record.n_candidates, n_findings = findings.len(), "searched");
    Ok(Matched { findings, proposals: searched.proposals, record })
}

/// The estate's memory, as a search asks it.
struct Asked<'a>(&'a Estate);

impl Memory for Asked<'_> {
    type Error = habeas_index::Error;

    fn n_passages(&self) -> u64 {
        self.0.n_passages()
    }

    fn passages(&self, lookups: &[Lookup]) -> Result<Vec<Indexed>, Self::Error> {
        self.0.passages(lookups)
    }

    fn sample(&self, lookup: &Lookup, most: usize) -> Result<Vec<Indexed>, Self::Error> {
        self.0.sample(lookup, most)
    }

    fn frequency(&self, lookup: &Lookup) -> Result<u64, Self::Error> {
        self.0.frequency(lookup)
    }

    fn passages_of(&self, item: &ItemId) -> Result<Vec<Indexed>, Self::Error> {
        self.0.passages_of(item)
    }

    fn n_passages_of(&self, item: &ItemId) -> Result<u64, Self::Error> {
        self.0.n_passages_of(item)
    }

    fn paths(&self, item: &ItemId) -> Result<Vec<ItemPath>, Self::Error> {
        Ok(self.0.occurrences(item)?.into_iter().map(|place| place.path).collect())
    }

    fn facts(&self, item: &ItemId) -> Result<Facts, Self::Error> {
        Ok(self.0.item(item)?.map(|record| record.facts).unwrap_or_default())
    }
}

/// Every place where the item of a finding lies, sorted by source and path: first the one that was
/// read, then its copies.
///
/// # Errors
/// If the inventory cannot be read.
pub fn located(estate: &Estate, finding: &Finding) -> Result<Vec<(SourceName, ItemPath)>, Error> {
    let places = estate.occurrences(&finding.item)?.into_iter();
    Ok(places
        .filter(|place| matches!(place.outcome, Outcome::Read | Outcome::Duplicate))
        .map(|place| (place.source, place.path))
        .collect())
}

/// Millionths of a bit mean nothing, and numbers that short read back from JSON as they were written.
fn rounded(finding: &mut Finding) {
    let round = |bits: &mut f64| *bits = (*bits * 1e6).round() / 1e6;
    round(&mut finding.score_bits);
    finding.evidence.iter_mut().for_each(|evidence| round(&mut evidence.bits));
}

/// Fractions of a second say nothing to the reader of a record.
fn to_second(at: Timestamp) -> Timestamp {
    at.round(Unit::Second).unwrap_or(at)
}
