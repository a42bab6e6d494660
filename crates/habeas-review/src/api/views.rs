//! What several screens show: a place, a clock, a row of the queue.

use std::collections::BTreeMap;
use std::sync::Arc;

use habeas_case::{Case, Tiers};
use habeas_law::{Deadline, Reading, State as ClockState};
use habeas_model::{About, Decision, Finding, ItemId, Kind, Place, Tier, Verdict};
use jiff::civil::Date;
use jiff::{Timestamp, ZonedDateTime};
use serde::Serialize;

use crate::desk::Desk;
use crate::found::{Found, Item, kinds};
use crate::state::{App, lock};

/// Today, where the controller is.
pub fn today() -> Date {
    ZonedDateTime::now().date()
}

/// What the controller calls its sources.
pub struct Titles(BTreeMap<String, String>);

impl Titles {
    /// As the configuration has them.
    pub fn of(app: &App) -> Self {
        let sources = app.house.sources().into_iter();
        Self(sources.map(|source| (source.name, source.title)).collect())
    }

    /// The title of a source; its name if it has none.
    pub fn get(&self, source: &str) -> String {
        let title = self.0.get(source).filter(|title| !title.is_empty());
        title.cloned().unwrap_or_else(|| source.to_owned())
    }
}

/// A place where an item was found.
#[derive(Clone, Debug, Serialize)]
pub struct At {
    source: String,
    source_title: String,
    path: String,
}

impl At {
    /// A place by its source and path.
    pub fn new(source: &str, path: String, titles: &Titles) -> Self {
        Self { source: source.to_owned(), source_title: titles.get(source), path }
    }

    /// Every place of an item; one that says nothing if there is none.
    pub fn all(found: &Found, item: &Item, titles: &Titles) -> Vec<Self> {
        let at = |(source, path): &(u16, habeas_model::ItemPath)| {
            let name = found.sources.get(usize::from(*source)).map_or("", |it| it.as_str());
            Self::new(name, path.to_string(), titles)
        };
        item.places.iter().map(at).collect()
    }

    /// The place that is read first.
    pub fn first(found: &Found, item: &Item, titles: &Titles) -> Self {
        let nowhere = || Self::new("", String::new(), titles);
        Self::all(found, item, titles).into_iter().next().unwrap_or_else(nowhere)
    }
}

/// One way of counting.
#[derive(Debug, Serialize)]
pub struct ReadingOf {
    reading: Reading,
    title: &'static str,
    last_day: Date,
    notice_by: Date,
    steps: Vec<String>,
}

/// When the answer is due.
#[derive(Debug, Serialize)]
pub struct Clock {
    received: Date,
    state: ClockState,
    /// The day to work to.
    pub working: Date,
    notice_by: Date,
    /// From today to that day.
    pub days_left: i32,
    days_total: i32,
    readings: Vec<ReadingOf>,
    is_extended: bool,
}

impl Clock {
    /// The clock of a deadline.
    pub fn new(received: Date, deadline: &Deadline, is_extended: bool) -> Self {
        let days = |from: Date| from.until(deadline.working).map_or(0, |span| span.get_days());
        let reading = |due: &habeas_law::Due| ReadingOf {
            reading: due.reading,
            title: due.reading.title(),
            last_day: due.last_day,
            notice_by: due.notice_by,
            steps: due.steps.clone(),
        };
        Self {
            received,
            state: deadline.state,
            working: deadline.working,
            notice_by: deadline.notice_by,
            days_left: days(today()),
            days_total: days(received),
            readings: deadline.readings().iter().map(reading).collect(),
            is_extended,
        }
    }
}

/// The last decision on a finding.
#[derive(Clone, Debug, Serialize)]
pub struct DecisionOf {
    seq: u64,
    verdict: Verdict,
    reason: String,
    by: String,
    at: Timestamp,
}

impl DecisionOf {
    /// The last decision on a finding, if there is one.
    pub fn of(desk: &Desk, finding: usize) -> Option<Self> {
        let record = desk.decision(finding)?;
        let Decision { verdict, reason, by, at, .. } = record.decision.finding()?.clone();
        Some(Self { seq: record.seq, verdict, reason, by, at })
    }
}

/// One line of the queue.
#[derive(Debug, Serialize)]
pub struct Row {
    key: String,
    item: ItemId,
    n_items: u64,
    n_findings: u64,
    place: Place,
    place_words: String,
    tier: Tier,
    score_bits: f64,
    about: About,
    verdict: Option<Verdict>,
    n_open: u64,
    decision: Option<DecisionOf>,
    title: Option<String>,
    dated: Option<String>,
    media_type: String,
    type_words: &'static str,
    at: At,
    n_copies: u64,
    kinds: Vec<Kind>,
    why: String,
    family: Option<String>,
    n_family: u64,
    thread: Option<String>,
    n_thread: u64,
    near: Option<String>,
    n_near: u64,
}

/// How many items with findings belong together.
pub struct Groups {
    family: BTreeMap<ItemId, u64>,
    thread: BTreeMap<u32, u64>,
    near: BTreeMap<u32, u64>,
}

impl Groups {
    /// As they are now: counted once, and once more when near duplicates are known.
    pub fn of(found: &Found) -> Arc<Self> {
        let has_near = found.near.get().is_some();
        let mut known = lock(&found.groups);
        if let Some((_, groups)) = known.as_ref().filter(|(with_near, _)| *with_near == has_near) {
            return Arc::clone(groups);
        }
        let groups = Arc::new(Self::count(found));
        *known = Some((has_near, Arc::clone(&groups)));
        groups
    }

    fn count(found: &Found) -> Self {
        let (mut family, mut thread, mut near) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (number, item) in found.items.iter().enumerate() {
            if let Some(key) = item.family {
                *family.entry(key).or_default() += 1;
            }
            if let Some(key) = item.thread {
                *thread.entry(key).or_default() += 1;
            }
            if let Some(key) = crate::queue::near_of(found, number) {
                *near.entry(key).or_default() += 1;
            }
        }
        Self { family, thread, near }
    }
}

/// The line that these findings make; the strongest is first. `None` if there are none.
pub fn row(
    desk: &Desk,
    found: &Found,
    findings: &[usize],
    (titles, groups): (&Titles, &Groups),
    is_finding: bool,
) -> Option<Row> {
    let first = *findings.first()?;
    let number = *found.item_of.get(first)? as usize;
    let (item, finding) = (found.items.get(number)?, found.findings.get(first)?);
    let mut items: Vec<u32> = findings.iter().map(|at| found.item_of[*at]).collect();
    items.dedup();
    items.sort_unstable();
    items.dedup();
    let verdict = desk.verdicts.get(first).copied().unwrap_or(Verdict::Open);
    let verdict_of = |at: &usize| desk.verdicts.get(*at).copied().unwrap_or(Verdict::Open);
    let is_one = findings.iter().all(|at| verdict_of(at) == verdict);
    let n_open = findings.iter().filter(|at| verdict_of(at) == Verdict::Open).count();
    let bits = findings.iter().fold(0, |bits, at| bits | found.kinds[*at]);
    let key = if is_finding { format!("{}:{first}", item.id) } else { item.id.to_string() };
    let of = |key: Option<String>, n: Option<u64>| match n {
        Some(n) if n > 1 => (key, n),
        _ => (None, 1),
    };
    let near = crate::queue::near_of(found, number);
    let (family, n_family) = of(
        item.family.map(|id| id.to_string()),
        item.family.and_then(|key| groups.family.get(&key).copied()),
    );
    let (thread, n_thread) = of(
        item.thread.map(|key| key.to_string()),
        item.thread.and_then(|key| groups.thread.get(&key).copied()),
    );
    let (near, n_near) =
        of(near.map(|key| key.to_string()), near.and_then(|key| groups.near.get(&key).copied()));
    Some(Row {
        key,
        item: item.id,
        n_items: items.len() as u64,
        n_findings: findings.len() as u64,
        place: finding.place.clone(),
        place_words: finding.place.to_string(),
        tier: finding.tier,
        score_bits: finding.score_bits,
        about: finding.about,
        verdict: is_one.then_some(verdict),
        n_open: n_open as u64,
        decision: DecisionOf::of(desk, first),
        title: item.title.clone(),
        dated: item.dated.clone(),
        media_type: item.media_type.clone(),
        type_words: item.kind,
        at: At::first(found, item, titles),
        n_copies: item.places.len().saturating_sub(1) as u64,
        kinds: kinds(bits),
        why: strongest(finding),
        family,
        n_family,
        thread,
        n_thread,
        near,
        n_near,
    })
}

/// The strongest reason for a finding, without personal data.
fn strongest(finding: &Finding) -> String {
    let speaks = finding.evidence.iter().filter(|one| one.bits > 0.0);
    let best = speaks.max_by(|a, b| a.bits.total_cmp(&b.bits));
    best.map_or_else(|| "nothing".to_owned(), |one| one.rule.clone())
}

/// Decisions on certain and probable findings.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Progress {
    n_decided: u64,
    /// Without a decision.
    pub n_open: u64,
    n_total: u64,
    n_possible_open: u64,
}

impl Progress {
    /// As it is now.
    pub fn of(desk: &Desk) -> Self {
        let mut progress = Self::default();
        let Some(found) = &desk.found else { return progress };
        for (finding, verdict) in found.findings.iter().zip(&desk.verdicts) {
            let is_open = *verdict == Verdict::Open;
            match finding.tier {
                Tier::Certain | Tier::Probable => {
                    progress.n_total += 1;
                    *(if is_open { &mut progress.n_open } else { &mut progress.n_decided }) += 1;
                }
                Tier::Possible => progress.n_possible_open += u64::from(is_open),
                Tier::Namesake => {}
            }
        }
        progress
    }
}

/// A change of the ledger.
#[derive(Debug, Serialize)]
pub struct Revision {
    revision: u64,
    n_recorded: u64,
    first: Option<u64>,
    last: Option<u64>,
    job: Option<u64>,
}

impl Revision {
    /// After these records were added.
    pub fn of(desk: &Desk, added: &[habeas_case::Recorded], job: Option<u64>) -> Self {
        Self {
            revision: desk.revision(),
            n_recorded: added.len() as u64,
            first: added.first().map(|it| it.seq),
            last: added.last().map(|it| it.seq),
            job,
        }
    }
}

/// The names of the person of a case.
pub fn person(case: &Case) -> Vec<String> {
    case.request.subject.names.iter().map(|name| name.value.reveal().clone()).collect()
}

/// Findings by tier.
pub fn tiers(found: &Found) -> Tiers {
    Tiers::of(&found.findings)
}
