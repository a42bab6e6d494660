//! The API as a browser would ask it, on a made-up estate; every answer is held against the contract.

mod contract;
mod deciding;
mod fluent;
mod guarding;
mod house;
mod paging;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::api::router;
use crate::peer::Peer;
use crate::state::App;
pub(crate) use house::{Paper, Spec};

/// The port that the trial pretends to listen at.
pub(crate) const HOST: &str = "127.0.0.1:4100";

/// A run of the page on a made-up estate.
pub(crate) struct Trial {
    pub(crate) app: Arc<App>,
    pub(crate) paper: Arc<Paper>,
    runtime: tokio::runtime::Runtime,
}

/// A tab of a browser with its session.
pub(crate) struct Tab<'a> {
    trial: &'a Trial,
    token: String,
}

impl Trial {
    pub(crate) fn new(spec: &Spec) -> Self {
        Self::idle(spec, Duration::from_secs(600))
    }

    pub(crate) fn idle(spec: &Spec, idle: Duration) -> Self {
        let paper = Arc::new(Paper::new(spec));
        let app = Arc::new(App::new(Arc::clone(&paper) as Arc<_>, 4100, idle, None));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { app, paper, runtime }
    }

    /// Asks as it stands, from this user's own socket.
    pub(crate) fn send(&self, request: Request<Body>) -> (StatusCode, Vec<u8>, header::HeaderMap) {
        self.send_from(request, Some(Peer { is_ours: true }))
    }

    pub(crate) fn send_from(
        &self,
        mut request: Request<Body>,
        peer: Option<Peer>,
    ) -> (StatusCode, Vec<u8>, header::HeaderMap) {
        if let Some(peer) = peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let app = Arc::clone(&self.app);
        self.runtime.block_on(async move {
            let answer = router(app).oneshot(request).await.unwrap();
            let (parts, body) = answer.into_parts();
            let bytes = body.collect().await.unwrap().to_bytes().to_vec();
            (parts.status, bytes, parts.headers)
        })
    }

    /// Opens a link in a tab of somebody.
    pub(crate) fn tab(&self, by: &str) -> Tab<'_> {
        let key = self.app.sessions.key().unwrap();
        let body = json!({"key": key, "by": by});
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/session")
            .header(header::HOST, HOST)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let (status, bytes, _) = self.send(request);
        assert_eq!(status, StatusCode::OK);
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        contract::check("post", "/session", 200, &answer);
        Tab { trial: self, token: answer["token"].as_str().unwrap().to_owned() }
    }
}

impl Tab<'_> {
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Asks, and holds the answer against the contract.
    pub(crate) fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = Request::builder()
            .method(method.to_uppercase().as_str())
            .uri(format!("/api/v1{path}"))
            .header(header::HOST, HOST)
            .header("sec-fetch-site", "same-origin")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        if body.is_some() {
            request = request
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::ORIGIN, format!("http://{HOST}"));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let (status, bytes, _) = self.trial.send(request.body(body).unwrap());
        if bytes.is_empty() {
            return (status.as_u16(), Value::Null);
        }
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        contract::check(method, path, status.as_u16(), &answer);
        (status.as_u16(), answer)
    }

    /// Asks for what must be there.
    pub(crate) fn get(&self, path: &str) -> Value {
        let (status, answer) = self.ask("get", path, None);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// Changes what must be changed.
    pub(crate) fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.ask("post", path, Some(body));
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    /// Waits until a job has ended, and gives it.
    pub(crate) fn ended(&self, job: &Value) -> Value {
        let path = format!("/jobs/{job}");
        for _ in 0..2_000 {
            let job = self.get(&path);
            if job["state"] != "running" {
                return job;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("job {job} does not end");
    }
}
