//! What has to be settled before anything leaves, and what happened to the request.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use habeas_case::Gate;
use habeas_law::{Effect, exemptions as catalogue};
use habeas_model::{Entry, Event, Happening, ItemId, Verdict};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::views::{Groups, Revision, Row, Titles, row, today};
use super::{Answer, At, Body, work};
use crate::events::{Kind, kinds};
use crate::guard::Reviewer;
use crate::history::{Told, told};
use crate::problem::Problem;
use crate::standing;
use crate::state::{App, lock};

/// An exemption.
#[derive(Serialize)]
pub struct ExemptionOf {
    code: &'static str,
    title: &'static str,
    provision: &'static str,
    effect: &'static str,
    disapplies: &'static str,
    question: &'static str,
    may_stay_untold: bool,
}

/// The catalogue.
pub async fn exemptions() -> Json<Vec<ExemptionOf>> {
    let exemption = |it: &habeas_law::Exemption| ExemptionOf {
        code: it.code,
        title: it.title,
        provision: it.provision,
        effect: match it.effect {
            Effect::May => "may",
            Effect::Must => "must",
            Effect::Give => "give",
            Effect::Reason => "reason",
        },
        disapplies: it.disapplies,
        question: it.question,
        may_stay_untold: it.may_stay_untold,
    };
    Json(catalogue().iter().map(exemption).collect())
}

/// Something that has to be settled.
#[derive(Serialize)]
struct GateOf {
    code: String,
    title: &'static str,
    state: &'static str,
    words: String,
    question: Option<String>,
    provision: Option<String>,
    items: Vec<ItemId>,
    n_items: u64,
    events: Vec<&'static str>,
    by: Option<String>,
    at: Option<Timestamp>,
    reason: Option<String>,
    expires: Option<Date>,
}

/// All gates.
#[derive(Serialize)]
pub struct Gates {
    revision: u64,
    gates: Vec<GateOf>,
    withheld: Vec<Row>,
}

/// The gates in the order in which they are looked at.
pub const GATES: [Gate; 15] = [
    Gate::Closed,
    Gate::Identity,
    Gate::Authority,
    Gate::Child,
    Gate::Fee,
    Gate::Search,
    Gate::Undecided,
    Gate::Exemption,
    Gate::People,
    Gate::ThirdParty,
    Gate::Health,
    Gate::Contents,
    Gate::Bundle,
    Gate::Verify,
    Gate::FourEyes,
];

/// Items of a gate that are named.
const MOST_ITEMS: usize = 100;

/// The events that settle a gate.
fn settled_by(gate: Gate) -> Vec<&'static str> {
    match gate {
        Gate::Closed => vec!["reopened"],
        Gate::Identity => vec!["identity_asked", "identity_noted"],
        Gate::Authority => vec!["authority_asked", "authority_noted"],
        Gate::Child => vec!["guardian_noted", "competence_noted"],
        Gate::Fee => vec!["fee_asked", "fee_paid"],
        Gate::Exemption => vec!["exemption"],
        Gate::ThirdParty => vec!["third_party"],
        Gate::Health => vec!["health_opinion", "known_to_subject", "exemption"],
        Gate::FourEyes => vec!["approved"],
        _ => Vec::new(),
    }
}

/// The gates, with what the estate says.
pub async fn gates(State(app): State<Arc<App>>, At(case): At<String>) -> Answer<Gates> {
    work(move || {
        let desk = app.desk(&case)?;
        let dossier = standing::dossier(&lock(&desk))?;
        // This reads what would be given, so nobody else waits for it.
        let copy = lock(&desk).case.clone();
        let rules = app.house.rules(&copy, Some(&dossier))?;
        let blocks = habeas_case::blocks(&dossier, &rules);
        let desk = lock(&desk);
        let records = desk.ledger.records();
        let mut all = Vec::new();
        for gate in GATES {
            let open: Vec<_> = blocks.iter().filter(|block| block.gate == gate).collect();
            let words: Vec<&str> = open.iter().map(|block| block.what.as_str()).collect();
            let provision = open.iter().map(|block| block.cites.as_str()).find(|it| !it.is_empty());
            let events = settled_by(gate);
            let settled = records.iter().rev().find_map(|record| {
                let event = record.decision.event()?;
                events.contains(&event.event.kind()).then_some((event, record.seq))
            });
            let items: BTreeSet<ItemId> = match gate {
                Gate::Health if !open.is_empty() => rules.health.clone().unwrap_or_default(),
                _ => BTreeSet::new(),
            };
            all.push(GateOf {
                code: standing::code(gate),
                title: gate.title(),
                state: if open.is_empty() { "settled" } else { "open" },
                words: if words.is_empty() { "nothing is open".into() } else { words.join("; ") },
                question: question(gate).map(str::to_owned),
                provision: provision.map(str::to_owned),
                n_items: items.len() as u64,
                items: items.into_iter().take(MOST_ITEMS).collect(),
                events,
                by: settled.map(|(event, _)| event.by.clone()),
                at: settled.map(|(event, _)| event.at),
                reason: settled.map(|(event, _)| event.event.title().to_owned()),
                expires: match gate {
                    Gate::Health => dossier.opinions().last().and_then(|it| {
                        it.given.checked_add(jiff::ToSpan::months(6)).ok()
                    }),
                    _ => None,
                },
            });
        }
        let withheld = match &desk.found {
            Some(found) => {
                let with = (&Titles::of(&app), &*Groups::of(found));
                let kept = desk.verdicts.iter().enumerate();
                let kept = kept.filter(|(_, verdict)| **verdict == Verdict::Withhold);
                kept.filter_map(|(at, _)| row(&desk, found, &[at], with, true)).collect()
            }
            None => Vec::new(),
        };
        Ok(Gates { revision: desk.revision(), gates: all, withheld })
    })
    .await
}

fn question(gate: Gate) -> Option<&'static str> {
    match gate {
        Gate::Health => Some(
            "Would giving it be likely to cause serious harm to the physical or mental health of the \
             person or of anybody else? A health professional who is the appropriate one says so.",
        ),
        Gate::ThirdParty => Some(
            "Did they agree, or is it reasonable to give it without their agreement, all circumstances \
             taken together?",
        ),
        Gate::Exemption => Some("Does the exemption apply here, and why?"),
        Gate::Identity => Some("Who asks, and what was seen that shows it?"),
        _ => None,
    }
}

/// Events of a case.
#[derive(Serialize)]
pub struct Events {
    revision: u64,
    state: String,
    kinds: Vec<Kind>,
    recorded: Vec<Told>,
}

/// What happened, and what can be recorded.
pub async fn events(State(app): State<Arc<App>>, At(case): At<String>) -> Answer<Events> {
    work(move || {
        let desk = app.desk(&case)?;
        let desk = lock(&desk);
        let standing = standing::standing(&app, &desk)?;
        let records = desk.ledger.records().iter().rev();
        let recorded = records.filter(|it| it.decision.event().is_some());
        Ok(Events {
            revision: desk.revision(),
            state: super::dashboard::state(standing.state),
            kinds: kinds(standing.is_closed),
            recorded: recorded.map(|it| told(&desk, it)).collect(),
        })
    })
    .await
}

/// An event.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventIn {
    expected: u64,
    event: String,
    fields: Map<String, Value>,
    reason: String,
}

/// Records an event.
pub async fn record(
    State(app): State<Arc<App>>,
    At(case): At<String>,
    Extension(reviewer): Extension<Reviewer>,
    Body(asked): Body<EventIn>,
) -> Answer<Revision> {
    work(move || {
        let desk = app.desk(&case)?;
        let mut desk = lock(&desk);
        let (on, fields) = crate::events::read(&asked.event, asked.fields, &asked.reason)?;
        // What a field says is not repeated: it is somebody's.
        let mut event: Happening = serde_json::from_value(fields).map_err(|_| {
            Problem::usage("the fields are not those of this event")
                .hint("`GET events` lists the fields of each")
        })?;
        if matches!(event, Happening::Released { .. }) {
            return Err(Problem::usage("an answer is released on the checklist"));
        }
        if let Happening::Approved { manifest_sha256, .. } = &mut event
            && manifest_sha256.is_empty()
        {
            let last = desk.ledger.records().iter().rev().find_map(|it| it.decision.bundled());
            *manifest_sha256 = last.map(|it| it.manifest_sha256.clone()).unwrap_or_default();
        }
        let kind = event.kind();
        let on = on.unwrap_or_else(today);
        let event = Event { event, on, by: reviewer.by, at: Timestamp::now() };
        desk.case.check_events(std::slice::from_ref(&event), today())?;
        let is_in_the_way = |record: &habeas_case::Recorded| {
            let other = record.decision.event();
            // Several of these may happen, one after the other.
            let may_repeat = ["note", "time_spent", "assigned", "third_party", "exemption"];
            other.is_some_and(|it| it.event.kind() == kind && !may_repeat.contains(&kind))
                || standing::ends(&record.decision)
        };
        let added = desk.add(asked.expected, &[Entry::from(event)], &is_in_the_way)?;
        Ok(Revision::of(&desk, &added, None))
    })
    .await
}
