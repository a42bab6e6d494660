//! Who reviews in this tab?

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

use super::{Answer, Body};
use crate::guard::{Reviewer, ended};
use crate::problem::Problem;
use crate::state::App;

/// The key of a link.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyIn {
    key: String,
    #[serde(default)]
    by: Option<String>,
}

/// A session of one tab.
#[derive(Serialize)]
pub struct Begun {
    token: String,
    session: Session,
}

/// Who reviews, and for how long.
#[derive(Serialize)]
pub struct Session {
    by: String,
    version: &'static str,
    idle_seconds: u64,
    case: Option<String>,
    controller: String,
}

impl Session {
    fn of(app: &App, by: String) -> Self {
        Self {
            by,
            version: env!("CARGO_PKG_VERSION"),
            idle_seconds: app.sessions.idle().as_secs(),
            case: app.case.clone(),
            controller: app.house.controller().to_owned(),
        }
    }
}

/// A name as the ledger holds it: one line of at most 80 letters.
fn name(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 80 || text.chars().any(char::is_control) {
        return Err(Problem::usage("a name has 1 to 80 letters on one line"));
    }
    Ok(text.to_owned())
}

/// Who works at this machine, as the system calls them.
fn user() -> String {
    std::env::var("USER").ok().filter(|name| !name.is_empty()).unwrap_or_else(|| "reviewer".into())
}

/// Swaps a key for a token.
pub async fn begin(State(app): State<Arc<App>>, Body(asked): Body<KeyIn>) -> Answer<Begun> {
    let by = asked.by.as_deref().map(name).transpose()?.unwrap_or_else(user);
    let token = app.sessions.begin(&asked.key, by.clone()).map_err(Problem::failed)?;
    let Some(token) = token else { return Err(ended()) };
    Ok(Json(Begun { token, session: Session::of(&app, by) }))
}

/// Who reviews.
pub async fn who(
    State(app): State<Arc<App>>,
    Extension(reviewer): Extension<Reviewer>,
) -> Json<Session> {
    Json(Session::of(&app, reviewer.by))
}

/// A name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameIn {
    by: String,
}

/// Says who reviews.
pub async fn rename(
    State(app): State<Arc<App>>,
    Extension(reviewer): Extension<Reviewer>,
    Body(asked): Body<NameIn>,
) -> Answer<Session> {
    let by = name(&asked.by)?;
    app.sessions.rename(&reviewer.token, &by);
    Ok(Json(Session::of(&app, by)))
}

/// Ends the session.
pub async fn end(
    State(app): State<Arc<App>>,
    Extension(reviewer): Extension<Reviewer>,
) -> StatusCode {
    app.sessions.end(&reviewer.token);
    StatusCode::NO_CONTENT
}

/// A link for another tab.
#[derive(Serialize)]
pub struct Link {
    url: String,
}

/// Makes a link.
pub async fn link(State(app): State<Arc<App>>) -> Answer<Link> {
    Ok(Json(Link { url: app.link().map_err(Problem::failed)? }))
}
