//! The JSON API: which path does what. `api/openapi.json` beside `src` describes all of it.

use std::sync::Arc;

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use serde::de::DeserializeOwned;

use crate::guard;
use crate::problem::{Code, Problem};
use crate::state::App;

mod case;
mod charts;
mod dashboard;
mod estate;
mod gates;
mod item;
mod marks;
mod pages;
pub mod passages;
mod people;
mod queue;
mod release;
mod session;
pub mod views;

/// The largest body that the page sends.
const MOST_BYTES: usize = 1 << 20;

type Route = (&'static str, MethodRouter<Arc<App>>);

/// Every path with its methods, but the one that begins a session.
fn routes() -> Vec<Route> {
    vec![
        ("/session", get(session::who).put(session::rename).delete(session::end)),
        ("/session/link", post(session::link)),
        ("/cases", get(dashboard::list).post(dashboard::open)),
        ("/requests/preview", post(dashboard::preview)),
        ("/estate", get(estate::sources)),
        ("/estate/exceptions", get(estate::exceptions)),
        ("/estate/index", post(estate::index)),
        ("/cases/{case}", get(case::one)),
        ("/cases/{case}/identifiers", post(case::add_identifier)),
        ("/cases/{case}/proposals", get(case::proposals).post(case::answer)),
        ("/cases/{case}/search", post(case::search)),
        ("/jobs", get(estate::jobs)),
        ("/jobs/{job}", get(estate::job)),
        ("/cases/{case}/queue", get(queue::page)),
        ("/cases/{case}/decisions/preview", post(queue::preview)),
        ("/cases/{case}/decisions", post(queue::decide)),
        ("/cases/{case}/undo", post(queue::undo)),
        ("/cases/{case}/history", get(queue::history)),
        ("/cases/{case}/items/{item}", get(item::one)),
        ("/cases/{case}/items/{item}/passages", get(passages::passages)),
        ("/cases/{case}/items/{item}/pages", get(pages::pages)),
        ("/cases/{case}/items/{item}/pages/{page}", get(pages::picture)),
        ("/cases/{case}/items/{item}/pages/{page}/marks", get(pages::marks)),
        ("/cases/{case}/items/{item}/marks", post(marks::mark)),
        ("/cases/{case}/people", get(people::list)),
        ("/cases/{case}/people/look", post(people::look)),
        ("/cases/{case}/people/{number}/places", get(people::places)),
        ("/cases/{case}/people/policies", post(people::decide)),
        ("/exemptions", get(gates::exemptions)),
        ("/cases/{case}/gates", get(gates::gates)),
        ("/cases/{case}/events", get(gates::events).post(gates::record)),
        ("/cases/{case}/release", get(release::checklist)),
        ("/cases/{case}/bundle", get(release::contents).post(release::make)),
        ("/cases/{case}/bundle/pages/{page}", get(release::picture)),
        ("/cases/{case}/bundle/archive", get(release::archive)),
        ("/cases/{case}/deliveries", post(release::deliver)),
        ("/cases/{case}/charts", get(charts::charts)),
        ("/evidence", get(charts::evidence)),
    ]
}

/// The whole application: the page's files, the API, and what guards both.
pub fn router(app: Arc<App>) -> Router {
    let mut api = Router::new();
    for (path, methods) in routes() {
        api = api.route(path, methods);
    }
    let api = api
        .layer(from_fn_with_state(Arc::clone(&app), guard::token))
        // Whoever has no token yet brings a key.
        .merge(Router::new().route("/session", post(session::begin)))
        .fallback(|| async { Problem::not_found("there is no such path") })
        .method_not_allowed_fallback(|| async {
            Problem::usage("that cannot be done here").status(StatusCode::METHOD_NOT_ALLOWED)
        })
        .layer(DefaultBodyLimit::max(MOST_BYTES));
    Router::new()
        .nest("/api/v1", api)
        .fallback(get(crate::page::file))
        .layer(map_response(plain))
        .layer(from_fn_with_state(Arc::clone(&app), guard::origin))
        .with_state(app)
}

/// What the framework itself refuses is told as everything else.
async fn plain(answer: Response) -> Response {
    let status = answer.status();
    let is_ours = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if is_ours || !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let code = if status == StatusCode::PAYLOAD_TOO_LARGE { Code::TooLarge } else { Code::Usage };
    let words = status.canonical_reason().unwrap_or("refused").to_lowercase();
    Problem::new(code, words).status(status).into_response()
}

/// What a handler gives.
pub type Answer<T> = Result<Json<T>, Problem>;

/// Does work that reads files or computes on a thread where that holds nobody up.
pub async fn work<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Answer<T> {
    plainly(work).await.map(Json)
}

/// As [`work`], of what is no JSON.
pub async fn plainly<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(_) => Err(Problem::failed("that ended with a fault of ours").hint("please report it")),
    }
}

/// A body in JSON, as the API describes it.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            // What stands in the body is not repeated.
            Err(JsonRejection::JsonDataError(_)) => {
                Err(Problem::usage("the body is not what the API describes")
                    .status(StatusCode::UNPROCESSABLE_ENTITY)
                    .hint("`api/openapi.json` describes it"))
            }
            Err(JsonRejection::JsonSyntaxError(_)) => Err(Problem::usage("the body is no JSON")),
            Err(other) if other.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Problem::new(Code::TooLarge, "the body is too large"))
            }
            Err(other) => Err(Problem::usage("the body could not be read").status(other.status())),
        }
    }
}

/// A query, as the API describes it.
pub struct Ask<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Ask<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let asked = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        asked
            .map(|query| Self(query.0))
            .map_err(|_: QueryRejection| Problem::usage("the query is not what the API describes"))
    }
}

/// The parts of a path.
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let at = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        at.map(|path| Self(path.0))
            .map_err(|_: PathRejection| Problem::not_found("there is no such thing"))
    }
}

/// Where a page of rows begins and how long it is.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Paging {
    /// As the page before gave it.
    pub cursor: Option<String>,
    /// Rows a page.
    pub limit: Option<usize>,
}

/// Rows a page, where nobody says.
pub const ROWS: usize = 100;
/// Rows a page at most.
pub const MOST_ROWS: usize = 500;

/// How many rows are asked for.
pub fn limit(asked: Option<usize>) -> Result<usize, Problem> {
    match asked.unwrap_or(ROWS) {
        n @ 1..=MOST_ROWS => Ok(n),
        _ => Err(Problem::usage("`limit` is a number from 1 to 500")),
    }
}

impl Paging {
    /// Cuts a page from rows whose order does not change; the cursor is the number of the next one.
    ///
    /// # Errors
    /// If what was asked for is no cursor or no limit.
    pub fn cut<T>(
        &self,
        rows: impl ExactSizeIterator<Item = T>,
    ) -> Result<(Vec<T>, Option<String>), Problem> {
        let limit = limit(self.limit)?;
        let from: usize = match &self.cursor {
            None => 0,
            Some(text) => {
                text.parse().map_err(|_| Problem::usage("that is no cursor of this list"))?
            }
        };
        let n = rows.len();
        let rows: Vec<T> = rows.skip(from).take(limit).collect();
        let end = from.saturating_add(rows.len());
        Ok((rows, (end < n).then(|| end.to_string())))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn the_contract_names_every_path_and_no_other() {
        let contract: Value = serde_json::from_str(include_str!("../../api/openapi.json")).unwrap();
        let paths = contract["paths"].as_object().unwrap();
        let described: BTreeSet<&str> = paths.keys().map(String::as_str).collect();
        let served: BTreeSet<&str> = routes().iter().map(|(path, _)| *path).collect();
        assert_eq!(described, served);
    }
}
