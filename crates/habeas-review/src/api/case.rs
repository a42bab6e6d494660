//! One request: its person, its search, and identifiers that may be the person's too.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use habeas_case::{SearchRecord, Tiers, find};
use habeas_model::{
    Accounting, Ask as Question, Entry, Followed, Identification, ItemId, Kind, NameKind,
    Personal, Place, Proposal,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::dashboard::CaseCard;
use super::estate::{JobRef, started};
use super::views::{At as Where, Revision, Titles};
use super::{Answer, At, Body, work};
use crate::desk::Desk;
use crate::guard::Reviewer;
use crate::jobs::Work;
use crate::problem::Problem;
use crate::state::{App, lock};

#[derive(Serialize)]
struct NameOf {
    value: String,
    kind: NameKind,
    from: Option<Date>,
    to: Option<Date>,
}

#[derive(Serialize)]
struct IdentifierOf {
    kind: Kind,
    value: String,
    from: Option<Date>,
    to: Option<Date>,
    origin: &'static str,
    by: Option<String>,
    at: Option<Timestamp>,
}

#[derive(Serialize)]
struct AskedOf {
    kind: Option<Kind>,
    stated: Vec<String>,
    n_forms: u64,
}

#[derive(Serialize)]
struct SearchedSource {
    source: String,
    items: Accounting,
    read_at: Option<Timestamp>,
    found: Tiers,
}

#[derive(Serialize)]
struct SearchOut {
    searched_at: Timestamp,
    software: String,
    asked: Vec<AskedOf>,
    sources: Vec<SearchedSource>,
    is_complete: bool,
    n_items: u64,
    n_passages: u64,
    n_candidates: u64,
    n_items_found: u64,
    n_incidental: u64,
    n_unasked: u64,
    n_unweighed: u64,
    n_dropped: u64,
    advice: Vec<String>,
    ask: Option<String>,
    is_current: bool,
}

impl SearchOut {
    fn of(record: SearchRecord, is_current: bool) -> Self {
        let asked = |asked: habeas_case::Asked| AskedOf {
            kind: asked.kind,
            stated: asked.stated.into_iter().map(Personal::into_inner).collect(),
            n_forms: asked.n_forms,
        };
        let source = |source: habeas_case::SourceSearched| SearchedSource {
            source: source.name.as_str().to_owned(),
            items: source.items,
            read_at: source.read_at,
            found: source.found,
        };
        Self {
            searched_at: record.searched_at,
            software: record.software,
            asked: record.asked.into_iter().map(asked).collect(),
            sources: record.sources.into_iter().map(source).collect(),
            is_complete: record.is_complete,
            n_items: record.n_items,
            n_passages: record.n_passages,
            n_candidates: record.n_candidates,
            n_items_found: record.n_items_found,
            n_incidental: record.n_incidental,
            n_unasked: record.n_unasked,
            n_unweighed: record.n_unweighed,
            n_dropped: record.n_dropped,
            advice: record.advice,
            ask: record.ask.as_ref().map(question),
            is_current,
        }
    }
}

/// The question that would settle most, in a sentence without personal data.
fn question(ask: &Question) -> String {
    let kind = ask.kind.as_str().replace('_', " ");
    let n = crate::standing::counted(ask.n_findings, "finding", "findings");
    match ask.proposal {
        Some(number) => format!("is {kind} number {number} of the list theirs? It would settle {n}"),
        None => format!("which {kind} has the person? It would settle {n}"),
    }
}

/// One request.
#[derive(Serialize)]
pub struct CaseOut {
    card: CaseCard,
    born: Option<Date>,
    names: Vec<NameOf>,
    identifiers: Vec<IdentifierOf>,
    notes: String,
    clock_steps: Vec<String>,
    search: Option<SearchOut>,
}

/// One request.
pub async fn one(State(app): State<Arc<App>>, At(case): At<String>) -> Answer<CaseOut> {
    work(move || {
        let desk = app.desk(&case)?;
        let desk = lock(&desk);
        let subject = &desk.case.request.subject;
        let names = subject.names.iter().map(|name| NameOf {
            value: name.value.reveal().clone(),
            kind: name.kind,
            from: name.held.from,
            to: name.held.to,
        });
        let identifiers = subject.identifiers.iter().map(|it| {
            let answers = desk.ledger.records().iter().rev();
            let accepted = answers.filter_map(|record| record.decision.identifier()).find(|answer| {
                answer.is_accepted && answer.kind == it.kind && answer.identifier == it.value
            });
            IdentifierOf {
                kind: it.kind,
                value: it.value.reveal().clone(),
                from: it.held.from,
                to: it.held.to,
                origin: if accepted.is_some() { "accepted" } else { "stated" },
                by: accepted.map(|it| it.by.clone()),
                at: accepted.map(|it| it.at),
            }
        });
        let search = match desk.case.is_searched() {
            true => {
                let is_current = desk.case.is_search_current()?;
                Some(SearchOut::of(desk.case.search_record()?, is_current))
            }
            false => None,
        };
        Ok(CaseOut {
            card: CaseCard::of(&app, &desk)?,
            born: subject.born.as_ref().map(|born| *born.reveal()),
            names: names.collect(),
            identifiers: identifiers.collect(),
            notes: desk.case.request.notes.reveal().clone(),
            clock_steps: crate::standing::standing(&app, &desk)?.steps,
            search,
        })
    })
    .await
}

/// A proposed identifier.
#[derive(Serialize)]
struct ProposalOf {
    number: u32,
    kind: Kind,
    value: String,
    written: String,
    item: ItemId,
    at: Option<Where>,
    place: Place,
    place_words: String,
    because: String,
    steps: u8,
    chain: Vec<String>,
    n_seen: u64,
    n_passages: u64,
    n_added: u64,
    n_others: u64,
    followed: Followed,
    followed_words: &'static str,
    answer: Option<&'static str>,
}

/// Proposed identifiers.
#[derive(Serialize)]
pub struct Proposals {
    revision: u64,
    proposals: Vec<ProposalOf>,
    ask: Option<String>,
}

/// What was found beside the person's own identifiers.
pub async fn proposals(State(app): State<Arc<App>>, At(case): At<String>) -> Answer<Proposals> {
    work(move || {
        let desk = app.desk(&case)?;
        let desk = lock(&desk);
        if !desk.case.is_searched() {
            let (revision, proposals, ask) = (desk.revision(), Vec::new(), None);
            return Ok(Proposals { revision, proposals, ask });
        }
        let (titles, estate) = (Titles::of(&app), app.estate()?);
        let mut proposals = Vec::new();
        for proposal in desk.case.proposals()? {
            let places = estate.occurrences(&proposal.item)?;
            let at = places
                .first()
                .map(|it| Where::new(it.source.as_str(), it.path.to_string(), &titles));
            proposals.push(proposal_of(&desk, proposal, at));
        }
        let ask = desk.case.search_record()?.ask.as_ref().map(question);
        Ok(Proposals { revision: desk.revision(), proposals, ask })
    })
    .await
}

fn proposal_of(desk: &Desk, proposal: Proposal, at: Option<Where>) -> ProposalOf {
    let answers = desk.ledger.records().iter().rev().filter_map(|it| it.decision.identifier());
    let answer = answers
        .into_iter()
        .find(|it| it.kind == proposal.kind && it.identifier == proposal.value)
        .map(|it| if it.is_accepted { "accept" } else { "reject" });
    let kind = proposal.kind.as_str().replace('_', " ");
    let mut chain = vec![format!("the finding is the person's because: {}", proposal.because)];
    if proposal.steps > 1 {
        chain.push(format!(
            "that rests on an identifier found beside the person's, {} steps from what is stated",
            proposal.steps
        ));
    }
    chain.push(format!("this {kind} stands beside it, at {}", proposal.place));
    ProposalOf {
        number: proposal.number,
        kind: proposal.kind,
        value: proposal.value.into_inner(),
        written: proposal.written.into_inner(),
        item: proposal.item,
        at,
        place_words: proposal.place.to_string(),
        place: proposal.place,
        because: proposal.because,
        steps: proposal.steps,
        chain,
        n_seen: proposal.n_seen,
        n_passages: proposal.n_passages,
        n_added: proposal.n_added,
        n_others: proposal.n_others,
        followed: proposal.followed,
        followed_words: proposal.followed.words(),
        answer,
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answered {
    Accept,
    Reject,
}

/// An answer to a proposal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerIn {
    kind: Kind,
    value: String,
    answer: Answered,
}

/// Answers to proposals.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswersIn {
    expected: u64,
    answers: Vec<AnswerIn>,
    reason: String,
}

/// Accepts or rejects proposed identifiers, and searches again.
pub async fn answer(
    State(app): State<Arc<App>>,
    At(case): At<String>,
    Extension(reviewer): Extension<Reviewer>,
    Body(asked): Body<AnswersIn>,
) -> Answer<Revision> {
    work(move || {
        let desk = app.desk(&case)?;
        let known = lock(&desk).case.proposals()?;
        let mut answers = Vec::new();
        for one in &asked.answers {
            let value = Personal::new(one.value.clone());
            if !known.iter().any(|it| it.kind == one.kind && it.value == value) {
                return Err(Problem::not_found("that identifier is not proposed any more")
                    .hint("look at the list again"));
            }
            answers.push(Identification {
                kind: one.kind,
                identifier: value,
                is_accepted: one.answer == Answered::Accept,
                reason: asked.reason.clone(),
                by: reviewer.by.clone(),
                at: Timestamp::now(),
            });
        }
        identify(&app, &case, asked.expected, &answers)
    })
    .await
}

/// An identifier that a person learnt.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentifierIn {
    expected: u64,
    kind: Kind,
    value: String,
    reason: String,
}

/// Adds an identifier of the person, and searches again.
pub async fn add_identifier(
    State(app): State<Arc<App>>,
    At(case): At<String>,
    Extension(reviewer): Extension<Reviewer>,
    Body(asked): Body<IdentifierIn>,
) -> Answer<Revision> {
    work(move || {
        let value = asked.value.trim();
        if value.is_empty() || matches!(asked.kind, Kind::Name | Kind::BirthDate | Kind::Date) {
            return Err(Problem::usage("that is no identifier that can be added here")
                .hint("names and the date of birth stand in the request"));
        }
        let answer = Identification {
            kind: asked.kind,
            identifier: value.into(),
            is_accepted: true,
            reason: asked.reason.clone(),
            by: reviewer.by,
            at: Timestamp::now(),
        };
        identify(&app, &case, asked.expected, &[answer])
    })
    .await
}

fn identify(
    app: &Arc<App>,
    case: &str,
    expected: u64,
    answers: &[Identification],
) -> Result<Revision, Problem> {
    if answers.is_empty() {
        return Err(Problem::usage("nothing is answered"));
    }
    let entries: Vec<Entry> = answers.iter().cloned().map(Entry::from).collect();
    let is_same = |record: &habeas_case::Recorded| {
        record.decision.identifier().is_some_and(|other| {
            answers.iter().any(|it| it.kind == other.kind && it.identifier == other.identifier)
        })
    };
    let desk = app.desk(case)?;
    let mut locked = lock(&desk);
    let added = locked.add(expected, &entries, &is_same)?;
    locked.case.take_answers(answers)?;
    drop(locked);
    // One that runs reads the request when it begins, so it may not know of this answer.
    let job = search_job(app, case).ok();
    let desk = lock(&desk);
    Ok(Revision::of(&desk, &added, job))
}

fn search_job(app: &Arc<App>, case: &str) -> Result<u64, Problem> {
    let (shared, name) = (Arc::clone(app), case.to_owned());
    app.jobs.start(Work::Search, Some(case), "searching the estate", move |_| {
        let case = shared.register()?.get(&name)?;
        let estate = shared.estate()?;
        find(&case, &estate, &shared.house.house())?;
        // So that the first look at what was found does not have to wait for it.
        shared.desk(&name)?;
        Ok(None)
    })
}

/// Searches the estate again.
pub async fn search(
    State(app): State<Arc<App>>,
    At(case): At<String>,
) -> Result<(StatusCode, Json<JobRef>), Problem> {
    super::plainly(move || {
        app.desk(&case)?;
        search_job(&app, &case)
    })
    .await
    .map(started)
}

