//! What does the estate hold about the person?

use std::cell::RefCell;
use std::collections::HashSet;

use habeas_index::Estate;
use habeas_match::{Question, Statistics};
use habeas_model::{About, Finding, ItemId, ItemPath, Outcome, SourceName, Tier};
use jiff::{Timestamp, Unit};

use crate::search::{asked, excepted};
use crate::{Case, Error, SearchRecord, SourceSearched, Tiers};

/// What a search found, and how it was done.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    /// The findings, sorted by item and place.
    pub findings: Vec<Finding>,
    /// The account of the search.
    pub record: SearchRecord,
}

/// Searches the estate for the person of a case, and writes findings and search record into the case.
///
/// Findings are of items: [`located`] says where each lies. A search done again replaces the one
/// before; decisions stay.
///
/// # Errors
/// If the person cannot be looked for, the index cannot be read or the case cannot be written; what
/// the last search wrote is still there then.
pub fn find(case: &Case, estate: &Estate) -> Result<Matched, Error> {
    let question = Question::new(&case.request.subject)
        .map_err(|problem| Error::Unsearchable { case: case.id.to_string(), problem })?;
    let lookups = question.lookups();
    let candidates = estate.passages(&lookups)?;
    let frequency =
        lookups.iter().map(|lookup| estate.frequency(lookup)).collect::<Result<_, _>>()?;
    let statistics = Statistics { n_passages: estate.n_passages(), frequency };
    // The matcher cannot stop for an index that fails under it, so the failure waits for it here.
    let failure = RefCell::new(None);
    let fetch = |item: &ItemId| {
        estate.passages_of(item).unwrap_or_else(|error| {
            failure.borrow_mut().get_or_insert(error);
            Vec::new()
        })
    };
    let weighed = question.weigh_with(&candidates, &statistics, &fetch);
    if let Some(error) = failure.into_inner() {
        return Err(error.into());
    }
    let mut findings = weighed.findings;
    findings.iter_mut().for_each(rounded);
    let mut sources = Vec::new();
    for source in estate.sources()? {
        let read_at = source.last_run.and_then(|at| Timestamp::try_from(at).ok()).map(to_second);
        sources.push(SourceSearched { name: source.name, items: source.accounting, read_at });
    }
    let is_mention =
        |finding: &&Finding| finding.about == About::Incidental && finding.tier != Tier::Namesake;
    let mut record = SearchRecord {
        case: case.id.clone(),
        searched_at: to_second(Timestamp::now()),
        software: format!("habeas {}", env!("CARGO_PKG_VERSION")),
        asked: asked(&case.request.subject, &lookups),
        sources,
        is_complete: estate.is_complete()? == Some(true),
        excepted: excepted(&estate.exceptions()?),
        n_items: estate.n_items()?,
        n_passages: statistics.n_passages,
        n_candidates: candidates.len() as u64,
        tiers: Tiers::of(&findings),
        n_incidental: findings.iter().filter(is_mention).count() as u64,
        n_items_found: findings.iter().map(|finding| finding.item).collect::<HashSet<_>>().len()
            as u64,
        n_dropped: weighed.n_dropped as u64,
        subject_digest: String::new(),
        findings_digest: String::new(),
    };
    case.save_search(&findings, &mut record)?;
    tracing::info!(case = %case.id, n_candidates = record.n_candidates, n_findings = findings.len(), "searched");
    Ok(Matched { findings, record })
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
