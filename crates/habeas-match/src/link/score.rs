//! Which of what the lookups brought is about the subject, and why?

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::resume_unwind;
use std::thread;

use habeas_model::{Finding, Indexed, ItemId};

use super::bits::EXPECTED;
use super::census::Census;
use super::context::Trace;
use super::gather::{Parts, gather};
use super::learn::{self, Seen};
use super::names::{Shape, squeeze};
use super::sight::{Reader, Sight};
use super::tier;
use super::unit::{Span, Unit, needs_context, units};
use super::{Question, Statistics, Weighed};

/// Bits that evidence from another page of the document loses.
const OTHER_PAGE: f64 = -2.0;

/// What weighing of one unit needs to know of all others.
pub(super) struct Estate<'a> {
    pub(super) question: &'a Question,
    pub(super) census: Census,
    /// Passages in the estate.
    pub(super) n: f64,
    /// In how many passages each family name stands, squeezed.
    pub(super) surname_frequency: HashMap<String, f64>,
    /// In how many passages each given name stands that was looked for alone.
    pub(super) given_frequency: HashMap<String, u64>,
}

impl Estate<'_> {
    /// Bits before any evidence.
    pub(super) fn prior(&self) -> f64 {
        (EXPECTED / self.n).log2()
    }
}

/// What weighing gives, with what the next step of a search needs to know of each finding.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Sorted by item and place.
    pub(super) rows: Vec<Row>,
    pub(super) n_dropped: usize,
    /// What stands beside the subject.
    pub(super) seen: Vec<Seen>,
}

/// A finding with what is known of its unit.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) finding: Finding,
    pub(super) trace: Trace,
    /// Which identifiers of the question speak in it.
    pub(super) ids: Vec<usize>,
}

impl From<Outcome> for Weighed {
    fn from(outcome: Outcome) -> Self {
        let findings = outcome.rows.into_iter().map(|row| row.finding).collect();
        Self { findings, n_dropped: outcome.n_dropped }
    }
}

pub(super) fn weigh(
    question: &Question,
    candidates: &[Indexed],
    statistics: &Statistics,
    fetch: &dyn Fn(&ItemId) -> Vec<Indexed>,
) -> Outcome {
    let mut items: BTreeMap<ItemId, Vec<&Indexed>> = BTreeMap::new();
    for indexed in candidates {
        items.entry(indexed.item).or_default().push(indexed);
    }
    let context: Vec<Indexed> = items
        .iter()
        .filter(|(_, list)| needs_context(list))
        .flat_map(|(item, _)| fetch(item))
        .collect();
    let brought: HashSet<(ItemId, u32)> =
        candidates.iter().map(|indexed| (indexed.item, indexed.number)).collect();
    let units: Vec<Unit<'_>> = units(context.iter().chain(candidates));
    let sights = read(question, &units);

    let mut census = Census::new(question, &statistics.unbrought);
    for sight in &sights {
        census.add(question, sight);
    }
    census.close(question);
    let mut surname_frequency: HashMap<String, f64> =
        statistics.frequency.iter().map(|(name, &n)| (squeeze(name), n as f64)).collect();
    // What stands with the subject's given name is explained already.
    for person in sights.iter().flat_map(|sight| &sight.persons) {
        if person.fit.shape == Shape::Full
            && let Some(n) = surname_frequency.get_mut(&person.key().1)
        {
            *n = (*n - 1.0).max(0.0);
        }
    }
    let estate = Estate {
        question,
        census,
        // In an estate of a few passages the prior would speak for everybody.
        n: (statistics.n_passages.max(candidates.len() as u64) as f64).max(4.0 * EXPECTED),
        surname_frequency,
        given_frequency: statistics.given.clone(),
    };
    let mut parts: Vec<Parts> =
        units.iter().zip(&sights).map(|(unit, sight)| gather(&estate, unit, sight)).collect();
    support_pages(&units, &mut parts);

    let mut outcome = Outcome::default();
    for ((unit, sight), parts) in units.iter().zip(&sights).zip(&parts) {
        if !unit.passages.iter().any(|indexed| brought.contains(&(indexed.item, indexed.number))) {
            continue;
        }
        let Some(finding) = tier::judge(&estate, unit, sight, parts) else {
            outcome.n_dropped += 1;
            continue;
        };
        outcome.seen.extend(learn::seen(unit, sight, parts, &finding));
        let trace = Trace::of(unit, sight, parts);
        let ids = parts.ids.iter().map(|id| id.index).collect();
        outcome.rows.push(Row { finding, trace, ids });
    }
    outcome.rows.sort_by(|one, other| order(&one.finding).cmp(&order(&other.finding)));
    outcome
}

/// Units that are worth a thread of their own.
const MANY: usize = 2_000;

/// Reads units, in their order, on every core.
fn read(question: &Question, units: &[Unit<'_>]) -> Vec<Sight> {
    let all = |units: &[Unit<'_>]| -> Vec<Sight> {
        let reader = Reader::new(question);
        units.iter().map(|unit| reader.read(unit)).collect()
    };
    let n_threads = thread::available_parallelism().map_or(1, usize::from).min(units.len() / MANY);
    if n_threads < 2 {
        return all(units);
    }
    thread::scope(|scope| {
        let shares = units.chunks(units.len().div_ceil(n_threads));
        let reading: Vec<_> = shares.map(|share| scope.spawn(move || all(share))).collect();
        // A panic in a thread is ours, and goes on here.
        let read =
            reading.into_iter().map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic)));
        read.flatten().collect()
    })
}

pub(super) fn order(finding: &Finding) -> (ItemId, u32, &habeas_model::Place) {
    (finding.item, finding.passages.first().copied().unwrap_or_default(), &finding.place)
}

/// A page that names the subject is supported by what the other pages of the document say.
fn support_pages(units: &[Unit<'_>], parts: &mut [Parts]) {
    let mut start = 0;
    while start < units.len() {
        let item = units[start].item;
        let n_same = units[start..].iter().take_while(|unit| unit.item == item).count();
        let range = start..start + n_same;
        start += n_same;
        if n_same < 2
            || units[range.clone()].iter().filter(|unit| unit.span != Span::Record).count() < 2
        {
            continue;
        }
        let is_part = |unit: &Unit<'_>| matches!(unit.span, Span::Page | Span::Whole);
        let pages: Vec<usize> = range.filter(|&at| is_part(&units[at])).collect();
        // The strongest of each kind, and the runner-up for the page that has the strongest itself.
        let best = |pick: &dyn Fn(&Parts) -> f64| {
            pages.iter().copied().max_by(|&a, &b| pick(&parts[a]).total_cmp(&pick(&parts[b])))
        };
        let name = best(&|parts| parts.name.as_ref().map_or(f64::MIN, |name| name.bits))
            .map(|at| parts[at].name.clone());
        let born = best(&|parts| parts.born.as_ref().map_or(f64::MIN, |born| born.bits))
            .map(|at| parts[at].born.clone());
        let ids = best(&|parts| parts.ids.first().map_or(f64::MIN, |id| id.bits))
            .map(|at| parts[at].ids.first().cloned());
        for &at in &pages {
            let parts = &mut parts[at];
            if parts.is_empty() {
                continue;
            }
            let far = |bits: f64| (bits + OTHER_PAGE).max(0.0);
            if parts.name.is_none() {
                parts.name = name.clone().flatten().map(|mut name| {
                    name.bits = far(name.bits);
                    name.rule.push_str(", on another page");
                    name
                });
            }
            if parts.born.is_none() && !parts.has_other_birth() {
                parts.born = born.clone().flatten().map(|mut born| {
                    born.bits = far(born.bits);
                    born.rule.push_str(", on another page");
                    born
                });
            }
            if parts.ids.is_empty() {
                parts.ids = ids
                    .clone()
                    .flatten()
                    .map(|mut id| {
                        id.bits = far(id.bits);
                        id.rule.push_str(", on another page");
                        id
                    })
                    .into_iter()
                    .collect();
            }
        }
    }
}
