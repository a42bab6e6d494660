//! Sources, what could not be read, and jobs.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use habeas_model::{Accounting, Place, Reason};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Answer, Ask, At, Paging, work};
use crate::jobs::{Job, Work};
use crate::problem::Problem;
use crate::state::App;

/// How many items of a media type were read.
#[derive(Serialize)]
struct MediaType {
    media_type: String,
    n: u64,
}

/// A source.
#[derive(Serialize)]
struct Source {
    source: String,
    title: String,
    custodian: String,
    items: Option<Accounting>,
    n_files: u64,
    size_bytes: u64,
    last_run: Option<Timestamp>,
    is_reachable: bool,
    problem: Option<String>,
    media_types: Vec<MediaType>,
}

/// Items that could not be read for one reason.
#[derive(Serialize)]
struct ReasonCount {
    reason: Reason,
    n: u64,
    n_partial: u64,
    advice: &'static str,
}

/// The estate.
#[derive(Serialize)]
pub struct EstateOut {
    sources: Vec<Source>,
    is_complete: Option<bool>,
    exceptions: Vec<ReasonCount>,
    n_exceptions: u64,
    eyes: Option<String>,
}

/// Sources, last scan, exceptions.
pub async fn sources(State(app): State<Arc<App>>) -> Answer<EstateOut> {
    work(move || {
        let eyes = app.house.eyes().map(|eyes| eyes.version.clone());
        let estate = match app.estate() {
            Ok(estate) => estate,
            // Nothing was indexed yet: the sources of the configuration are worth showing all the same.
            Err(_) => {
                let sources =
                    app.house.sources().iter().map(|it| source(&app, it, None)).collect();
                let (is_complete, exceptions, n_exceptions) = (None, Vec::new(), 0);
                return Ok(EstateOut { sources, is_complete, exceptions, n_exceptions, eyes });
            }
        };
        let mut known: BTreeMap<String, habeas_index::SourceSummary> = estate
            .sources()?
            .into_iter()
            .map(|summary| (summary.name.as_str().to_owned(), summary))
            .collect();
        let sources = app
            .house
            .sources()
            .iter()
            .map(|it| source(&app, it, known.remove(&it.name)))
            .collect();
        let mut counts: BTreeMap<Reason, (u64, u64)> = BTreeMap::new();
        for (_, _, exception) in estate.exceptions()? {
            let (whole, partial) = counts.entry(exception.reason).or_default();
            *(if exception.is_partial { partial } else { whole }) += 1;
        }
        let exceptions: Vec<ReasonCount> = Reason::ALL
            .into_iter()
            .filter_map(|reason| {
                let (n, n_partial) = *counts.get(&reason)?;
                Some(ReasonCount { reason, n, n_partial, advice: reason.advice() })
            })
            .collect();
        let n_exceptions = exceptions.iter().map(|it| it.n + it.n_partial).sum();
        let is_complete = estate.is_complete()?;
        Ok(EstateOut { sources, is_complete, exceptions, n_exceptions, eyes })
    })
    .await
}

fn source(
    app: &App,
    it: &crate::house::SourceOf,
    summary: Option<habeas_index::SourceSummary>,
) -> Source {
    let reached = app.reach(it);
    let mut source = Source {
        source: it.name.clone(),
        title: it.title.clone(),
        custodian: it.custodian.clone(),
        items: None,
        n_files: 0,
        size_bytes: 0,
        last_run: None,
        is_reachable: reached.is_ok(),
        problem: reached.err(),
        media_types: Vec::new(),
    };
    if let Some(summary) = summary {
        source.items = Some(summary.accounting);
        (source.n_files, source.size_bytes) = (summary.n_files, summary.file_bytes);
        source.last_run = summary.last_run.and_then(|at| Timestamp::try_from(at).ok());
        let media = summary.media_types.into_iter();
        source.media_types = media.map(|(media_type, n)| MediaType { media_type, n }).collect();
    }
    source
}

/// Something that could not be read.
#[derive(Serialize)]
pub struct ExceptionRow {
    pub(super) source: String,
    pub(super) path: String,
    pub(super) reason: Reason,
    pub(super) note: String,
    pub(super) place: Option<Place>,
    pub(super) is_partial: bool,
    pub(super) advice: &'static str,
}

/// A page of exceptions.
#[derive(Serialize)]
pub struct Exceptions {
    total: u64,
    rows: Vec<ExceptionRow>,
    next_cursor: Option<String>,
}

/// Which exceptions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Which {
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    limit: Option<usize>,
}

/// What could not be read.
pub async fn exceptions(State(app): State<Arc<App>>, Ask(which): Ask<Which>) -> Answer<Exceptions> {
    work(move || {
        let mut all = app.estate()?.exceptions()?;
        all.retain(|(source, _, exception)| {
            which.source.as_deref().is_none_or(|it| it == source.as_str())
                && which.reason.as_deref().is_none_or(|it| it == exception.reason.code())
        });
        let total = all.len() as u64;
        let rows = all.into_iter().map(|(source, path, exception)| ExceptionRow {
            source: source.as_str().to_owned(),
            path: path.to_string(),
            reason: exception.reason,
            note: exception.note,
            place: exception.place,
            is_partial: exception.is_partial,
            advice: exception.reason.advice(),
        });
        let paging = Paging { cursor: which.cursor, limit: which.limit };
        let (rows, next_cursor) = paging.cut(rows)?;
        Ok(Exceptions { total, rows, next_cursor })
    })
    .await
}

/// A job that was started.
#[derive(Serialize)]
pub struct JobRef {
    job: u64,
}

/// A job was started.
pub fn started(job: u64) -> (StatusCode, Json<JobRef>) {
    (StatusCode::ACCEPTED, Json(JobRef { job }))
}

/// Scans the sources.
pub async fn index(State(app): State<Arc<App>>) -> Result<(StatusCode, Json<JobRef>), Problem> {
    let house = Arc::clone(&app.house);
    let words = "reading what is new in the sources";
    let job = app.jobs.start(Work::Index, None, words, move |progress| {
        house.index(progress)?;
        Ok(None)
    })?;
    Ok(started(job))
}

/// Every job of this run.
pub async fn jobs(State(app): State<Arc<App>>) -> Json<Vec<Job>> {
    Json(app.jobs.all())
}

/// One job.
pub async fn job(State(app): State<Arc<App>>, At(number): At<u64>) -> Answer<Job> {
    let job = app.jobs.get(number);
    job.map(Json).ok_or_else(|| Problem::not_found("there is no such job in this run"))
}
