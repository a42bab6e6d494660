//! Pictures where one would rather look, and what can be shown to somebody who asks.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use habeas_case::{Ledger, Tiers};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::views::{Clock, Progress, Titles, today};
use super::{Answer, At, work};
use crate::standing::standing;
use crate::state::{App, lock};

/// Findings dated in a month.
#[derive(Default, Serialize)]
struct Month {
    month: String,
    certain: u64,
    probable: u64,
    possible: u64,
    namesake: u64,
}

#[derive(Serialize)]
struct Volume {
    source: String,
    title: String,
    n_items: u64,
    n_findings: u64,
    findings: Tiers,
    n_exceptions: u64,
}

#[derive(Serialize)]
struct Day {
    day: Date,
    n: u64,
}

#[derive(Serialize)]
struct Milestone {
    day: Date,
    words: String,
}

/// Data for pictures.
#[derive(Serialize)]
pub struct Charts {
    revision: u64,
    timeline: Vec<Month>,
    n_undated: u64,
    volumes: Vec<Volume>,
    clock: Clock,
    progress: Progress,
    decisions: Vec<Day>,
    milestones: Vec<Milestone>,
}

/// Timeline, sources by volume, progress to the deadline.
pub async fn charts(State(app): State<Arc<App>>, At(case): At<String>) -> Answer<Charts> {
    work(move || {
        let desk = app.desk(&case)?;
        let desk = lock(&desk);
        let titles = Titles::of(&app);
        let standing = standing(&app, &desk)?;
        let mut months: BTreeMap<(i16, i8), Tiers> = BTreeMap::new();
        let mut sources: BTreeMap<&str, Tiers> = BTreeMap::new();
        let mut n_undated = 0;
        for item in desk.found.iter().flat_map(|found| &found.items) {
            let Some(found) = &desk.found else { continue };
            let tiers = Tiers::of(&found.findings[item.findings.clone()]);
            match item.day {
                Some(day) => add(months.entry((day.year(), day.month())).or_default(), tiers),
                None => n_undated += item.findings.len() as u64,
            }
            let source = item.places.first().and_then(|(at, _)| found.sources.get(usize::from(*at)));
            add(sources.entry(source.map_or("", |it| it.as_str())).or_default(), tiers);
        }
        let timeline = months.into_iter().map(|((year, month), tiers)| {
            let Tiers { certain, probable, possible, namesake } = tiers;
            let month = format!("{year:04}-{month:02}");
            Month { month, certain, probable, possible, namesake }
        });
        let searched = desk.case.search_record().ok().map(|record| record.sources);
        let volumes = searched.unwrap_or_default().into_iter().map(|source| {
            let name = source.name.as_str();
            let findings = sources.get(name).copied().unwrap_or_default();
            Volume {
                source: name.to_owned(),
                title: titles.get(name),
                n_items: source.items.read + source.items.duplicate,
                n_findings: sum(findings),
                findings,
                n_exceptions: source.items.excepted,
            }
        });
        let mut days: BTreeMap<Date, u64> = BTreeMap::new();
        for record in desk.ledger.records() {
            if let Some(decision) = record.decision.finding() {
                let day = day_of(decision.at);
                *days.entry(day).or_default() += 1;
            }
        }
        let received = desk.case.request.received;
        let mut milestones = vec![(received, "received".to_owned())];
        let events = desk.ledger.records().iter().filter_map(|it| it.decision.event());
        milestones.extend(events.map(|event| (event.on, event.event.title().to_owned())));
        if let Ok(record) = desk.case.search_record() {
            let day = day_of(record.searched_at);
            milestones.push((day, "searched".to_owned()));
        }
        milestones.push((standing.clock.working, "due".to_owned()));
        milestones.push((today(), "today".to_owned()));
        milestones.sort_by_key(|(day, _)| *day);
        Ok(Charts {
            revision: desk.revision(),
            timeline: timeline.collect(),
            n_undated,
            volumes: volumes.collect(),
            progress: Progress::of(&desk),
            clock: standing.clock,
            decisions: days.into_iter().map(|(day, n)| Day { day, n }).collect(),
            milestones: milestones
                .into_iter()
                .map(|(day, words)| Milestone { day, words })
                .collect(),
        })
    })
    .await
}

/// The day of a moment, where the controller is.
fn day_of(at: Timestamp) -> Date {
    TimeZone::system().to_datetime(at).date()
}

fn add(sum: &mut Tiers, more: Tiers) {
    sum.certain += more.certain;
    sum.probable += more.probable;
    sum.possible += more.possible;
    sum.namesake += more.namesake;
}

fn sum(tiers: Tiers) -> u64 {
    tiers.certain + tiers.probable + tiers.possible + tiers.namesake
}

#[derive(Serialize)]
struct LedgerState {
    case: String,
    n_records: u64,
    is_verified: bool,
    problem: Option<String>,
    head: Option<String>,
    n_torn_bytes: u64,
}

#[derive(Serialize)]
struct Setting {
    name: String,
    value: String,
}

/// What can be shown to somebody who asks.
#[derive(Serialize)]
pub struct EvidenceOut {
    version: &'static str,
    ledgers: Vec<LedgerState>,
    settings: Vec<Setting>,
    isolation: Vec<String>,
}

/// Ledgers, verified anew; settings in force; isolation.
pub async fn evidence(State(app): State<Arc<App>>) -> Answer<EvidenceOut> {
    work(move || {
        let mut ledgers = Vec::new();
        for id in app.register()?.list()? {
            let dir = app.house.root().join("cases").join(id.as_str());
            let case = id.to_string();
            ledgers.push(match Ledger::open(&dir) {
                Ok(ledger) => LedgerState {
                    case,
                    n_records: ledger.seq(),
                    is_verified: true,
                    problem: None,
                    head: ledger.records().last().map(|it| it.digest.clone()),
                    n_torn_bytes: ledger.n_torn_bytes(),
                },
                Err(error) => LedgerState {
                    case,
                    n_records: 0,
                    is_verified: false,
                    problem: Some(error.to_string()),
                    head: None,
                    n_torn_bytes: 0,
                },
            });
        }
        let settings = app.house.settings().into_iter();
        Ok(EvidenceOut {
            version: env!("CARGO_PKG_VERSION"),
            ledgers,
            settings: settings.map(|(name, value)| Setting { name, value }).collect(),
            isolation: app.house.isolation(),
        })
    })
    .await
}
