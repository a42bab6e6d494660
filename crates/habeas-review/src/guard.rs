//! Does a request come from this page, in this user's browser? What does every answer forbid?
//!
//! A page elsewhere can make a browser send requests here, and a name that is made to point at this
//! machine (DNS rebinding) makes them look like its own. So every request has to name this very address
//! as its host, say nothing of another site, and, but for the page's own files, bring a token that no
//! other site can get.

use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::peer::Peer;
use crate::problem::{Code, Problem};
use crate::state::App;

/// Who asks: in the extensions of every request that got past [`token`].
#[derive(Clone, Debug)]
pub struct Reviewer {
    /// Their name.
    pub by: String,
    /// Their token.
    pub token: String,
}

/// Lets through what comes from this page and this user, and puts on every answer what browsers must
/// not do with it.
pub async fn origin(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut answer = match allowed(&app, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let headers = answer.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    answer
}

/// What every answer says.
const HEADERS: &[(&str, &str)] = &[
    ("cache-control", "no-store"),
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
         font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("x-dns-prefetch-control", "off"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), \
         serial=(), hid=(), bluetooth=(), clipboard-read=(), publickey-credentials-get=()",
    ),
];

fn allowed(app: &App, request: &Request) -> Result<(), Problem> {
    let foreign = |message: &str| Err(Problem::new(Code::Foreign, message));
    let is_ours = request
        .extensions()
        .get::<ConnectInfo<Peer>>()
        .is_some_and(|ConnectInfo(peer)| peer.is_ours);
    if !is_ours {
        return foreign("another user of this machine asked");
    }
    let headers = request.headers();
    let Some(host) = one(headers, &header::HOST) else { return foreign("no host was named") };
    if !app.hosts.iter().any(|known| known == host) {
        return foreign("the request names another host");
    }
    if request.uri().authority().is_some_and(|named| named.as_str() != host) {
        return foreign("the request names two hosts");
    }
    // What a browser says of where a request comes from, if it is one that says so.
    if let Some(site) = headers.get("sec-fetch-site") {
        let is_typed = site == "none" && request.method() == Method::GET && is_page(request);
        if site != "same-origin" && !is_typed {
            return foreign("the request comes from another site");
        }
    }
    if let Some(origin) = headers.get(header::ORIGIN) {
        let own = format!("http://{host}");
        if origin.as_bytes() != own.as_bytes() {
            return foreign("the request comes from another site");
        }
    }
    if headers.contains_key(header::UPGRADE) {
        return foreign("nothing here speaks another protocol");
    }
    if has_body(headers) && !is_json(headers) {
        let problem = Problem::usage("a change is asked for in JSON");
        return Err(problem.status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    Ok(())
}

/// Is one of the page's own files asked for? Nothing of an estate is in them.
fn is_page(request: &Request) -> bool {
    !request.uri().path().starts_with("/api")
}

/// The value of a header that is there once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

/// Is something sent along, or said to be?
fn has_body(headers: &HeaderMap) -> bool {
    let is_empty = one(headers, &header::CONTENT_LENGTH).is_none_or(|length| length == "0");
    !is_empty
        || headers.contains_key(header::TRANSFER_ENCODING)
        || headers.contains_key(header::CONTENT_TYPE)
}

fn is_json(headers: &HeaderMap) -> bool {
    one(headers, &header::CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or("").trim();
        kind.eq_ignore_ascii_case("application/json")
    })
}

/// Lets through whoever brings a token of a session that goes on.
pub async fn token(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let token = one(request.headers(), &header::AUTHORIZATION)
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(str::to_owned);
    let who = token.as_deref().and_then(|token| app.sessions.who(token));
    let (Some(token), Some(by)) = (token, who) else { return ended().into_response() };
    request.extensions_mut().insert(Reviewer { by, token });
    next.run(request).await
}

/// What is said without a session.
pub fn ended() -> Problem {
    Problem::new(Code::Session, "there is no session here, or it has ended").hint(
        "press Enter in the terminal where `habeas review` runs for a new link; what was recorded is \
         kept",
    )
}
