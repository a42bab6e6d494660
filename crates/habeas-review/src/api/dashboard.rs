//! Open requests with their clocks, and new ones.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use habeas_case::{Case, CaseId, Request, State, Tiers, same_person};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::views::{Clock, Progress, person, tiers, today};
use super::{Answer, Body, plainly, work};
use crate::desk::Desk;
use crate::problem::Problem;
use crate::standing::{Block, Next, n_proposals, standing};
use crate::state::{App, lock};

/// One request.
#[derive(Serialize)]
pub struct CaseCard {
    case: String,
    revision: u64,
    state: String,
    is_closed: bool,
    person: Vec<String>,
    right: String,
    channel: String,
    law: String,
    clock: Clock,
    identity: &'static str,
    searched_at: Option<Timestamp>,
    findings: Option<Tiers>,
    verdicts: Option<std::collections::BTreeMap<&'static str, u64>>,
    progress: Progress,
    n_people: u64,
    n_in_doubt: u64,
    n_proposals: u64,
    bundle: &'static str,
    blocks: Vec<Block>,
    next: Next,
}

impl CaseCard {
    /// A case as it stands.
    ///
    /// # Errors
    /// If a file of it cannot be read.
    pub fn of(app: &App, desk: &Desk) -> Result<Self, Problem> {
        let request = &desk.case.request;
        let found = desk.found.as_deref();
        let stands = standing(app, desk)?;
        Ok(Self {
            case: desk.case.id.to_string(),
            revision: desk.revision(),
            state: state(stands.state),
            is_closed: stands.is_closed,
            person: person(&desk.case),
            right: request.right.to_string(),
            channel: request.channel.to_string(),
            law: request.law.to_string(),
            clock: stands.clock,
            identity: stands.identity,
            searched_at: desk.case.search_record().ok().map(|record| record.searched_at),
            findings: found.map(tiers),
            verdicts: found.map(|_| desk.n_by_verdict()),
            progress: Progress::of(desk),
            n_people: desk.people.iter().filter(|it| it.n_places > 0).count() as u64,
            n_in_doubt: habeas_case::n_in_doubt(&desk.people, &desk.policies()) as u64,
            n_proposals: n_proposals(desk),
            bundle: stands.bundle,
            next: stands.next,
            blocks: stands.blocks,
        })
    }
}

/// A state as the API writes it.
pub fn state(state: State) -> String {
    let text = serde_json::to_value(state).ok();
    text.and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Every request.
#[derive(Serialize)]
pub struct Dashboard {
    today: Date,
    cases: Vec<CaseCard>,
    pairs: Vec<String>,
    problems: Vec<String>,
}

/// Every request, the one that is due first first; closed ones last.
pub async fn list(Shared(app): Shared<Arc<App>>) -> Answer<Dashboard> {
    work(move || {
        let (mut cases, mut problems) = (Vec::new(), Vec::new());
        let mut all: Vec<Case> = Vec::new();
        let card = |id: &CaseId| {
            let desk = app.desk(id.as_str())?;
            let desk = lock(&desk);
            Ok::<_, Problem>((CaseCard::of(&app, &desk)?, desk.case.clone()))
        };
        for id in app.register()?.list()? {
            match card(&id) {
                Ok((card, case)) => {
                    cases.push(card);
                    all.push(case);
                }
                // One that is damaged does not hide the others.
                Err(problem) => problems.push(format!("{id}: {}", problem.message)),
            }
        }
        cases.sort_by(|a, b| {
            let key = |it: &CaseCard| (it.is_closed, it.clock.working, it.case.clone());
            key(a).cmp(&key(b))
        });
        let pairs = same_person(&all).into_iter().map(|(_, _, words)| words).collect();
        Ok(Dashboard { today: today(), cases, pairs, problems })
    })
    .await
}

/// A request as it is typed or pasted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestIn {
    #[serde(default)]
    fields: Option<Map<String, Value>>,
    #[serde(default)]
    text: Option<String>,
}

/// What would be opened.
#[derive(Serialize)]
pub struct RequestPreview {
    fields: Map<String, Value>,
    case: Option<String>,
    clock: Clock,
    duplicates: Vec<String>,
    problem: Option<String>,
}

/// What a request would be opened as.
pub async fn preview(
    Shared(app): Shared<Arc<App>>,
    Body(asked): Body<RequestIn>,
) -> Answer<RequestPreview> {
    work(move || {
        let defaults = app.house.request_defaults()?;
        let fields = fields(&asked);
        let read = Request::from_json(&Value::Object(fields.clone()), &defaults);
        let (request, problem) = match read {
            Ok(request) => (Some(request), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let deadline = match &request {
            Some(request) => request.deadline(),
            None => habeas_law::due(&habeas_law::Timeline::new(
                defaults.received,
                defaults.law,
                defaults.calendar,
            )),
        };
        let received = request.as_ref().map_or(defaults.received, |request| request.received);
        let duplicates = match &request {
            Some(request) => duplicates(&app, request)?,
            None => Vec::new(),
        };
        let case = request.as_ref().and_then(|request| request.reference.clone());
        let is_extended = request.is_some_and(|request| request.extended.is_some());
        let clock = Clock::new(received, &deadline, is_extended);
        Ok(RequestPreview { fields, case, clock, duplicates, problem })
    })
    .await
}

/// Open requests that state a name or an identifier which this one states too.
fn duplicates(app: &App, request: &Request) -> Result<Vec<String>, Problem> {
    let words = |request: &Request| -> std::collections::BTreeSet<String> {
        let subject = &request.subject;
        let names = subject.names.iter().map(|it| it.value.reveal());
        let all = names.chain(subject.identifiers.iter().map(|it| it.value.reveal()));
        all.map(|it| it.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()).collect()
    };
    let mine = words(request);
    let register = app.register()?;
    let mut found = Vec::new();
    for id in register.list()? {
        let other = register.get(id.as_str())?;
        if !words(&other.request).is_disjoint(&mine) {
            found.push(format!("{id} states a name or an identifier that this one states too"));
        }
    }
    Ok(found)
}

/// The fields that are stated, or those that a pasted text seems to state.
fn fields(asked: &RequestIn) -> Map<String, Value> {
    if let Some(fields) = &asked.fields {
        return fields.clone();
    }
    let mut fields = Map::new();
    let Some(text) = asked.text.as_deref() else { return fields };
    let passage = habeas_model::Passage::text(
        habeas_model::Place::new(habeas_model::PlaceKind::Body, 1),
        text,
    );
    let document = habeas_model::Document { passages: vec![passage], ..Default::default() };
    let hits = habeas_match::recognise(&document, &Default::default());
    let mut lists: std::collections::BTreeMap<&str, Vec<String>> = Default::default();
    for hit in hits.into_iter().flatten() {
        use habeas_model::Kind;
        let key = match hit.kind {
            Kind::Name => "names",
            Kind::Email => "emails",
            Kind::Phone => "phones",
            Kind::NhsNumber => "nhs_number",
            Kind::BirthDate => "born",
            _ => continue,
        };
        let Some(words) = text.get(hit.range) else { continue };
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let list = lists.entry(key).or_default();
        if !list.contains(&words) {
            list.push(words);
        }
    }
    for (key, list) in lists {
        let value = match (key, list.first()) {
            // Of these a person has one.
            ("nhs_number" | "born", Some(first)) => Value::from(first.clone()),
            _ => Value::from(list),
        };
        fields.insert(key.to_owned(), value);
    }
    fields
}

/// Opens a request.
pub async fn open(
    Shared(app): Shared<Arc<App>>,
    Body(asked): Body<RequestIn>,
) -> Result<(StatusCode, Json<CaseCard>), Problem> {
    let card = plainly(move || {
        let Some(fields) = asked.fields else {
            return Err(Problem::usage("a request is opened from its fields")
                .hint("look at what a text states with `/requests/preview` first"));
        };
        let defaults = app.house.request_defaults()?;
        let request = Request::from_json(&Value::Object(fields), &defaults)
            .map_err(|error| Problem::usage(error.to_string()))?;
        let case = app.register()?.create(request)?;
        let desk = app.desk(case.id.as_str())?;
        let card = CaseCard::of(&app, &lock(&desk));
        card
    });
    Ok((StatusCode::CREATED, Json(card.await?)))
}
