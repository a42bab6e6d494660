//! Nothing gets in that is not this page, this user, and a session that goes on.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};

use super::{HOST, Spec, Trial};
use crate::peer::Peer;

/// A request with these headers; `token` puts in a good one.
fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.uri(path).body(Body::from(body.to_owned())).unwrap()
}

fn code(bytes: &[u8]) -> String {
    let answer: Value = serde_json::from_slice(bytes).unwrap_or_default();
    answer["code"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn only_the_page_itself_gets_in() {
    let trial = Trial::new(&Spec::default());
    let tab = trial.tab("dana");
    let bearer = format!("Bearer {}", tab.token());
    let auth = ("authorization", bearer.as_str());
    let json_type = ("content-type", "application/json");
    let own = "http://127.0.0.1:4100";
    let host = |host: &'static str| ("host", host);
    let get = |headers: &[(&str, &str)], expected: u16| {
        for path in ["/", "/index.html", "/api/v1/session", "/api/v1/cases", "/api/v1/nothing"] {
            let mut all = headers.to_vec();
            all.push(auth);
            let (status, bytes, _) = trial.send(request("GET", path, &all, ""));
            let is_nothing = expected == 200 && path == "/api/v1/nothing";
            let wanted = if is_nothing { 404 } else { expected };
            assert_eq!(status.as_u16(), wanted, "{path} {headers:?}");
            if expected == 403 {
                assert_eq!(code(&bytes), "foreign", "{path} {headers:?}");
            }
        }
    };
    let good = host(HOST);
    get(&[good], 200);
    get(&[host("localhost:4100")], 200);
    get(&[host("[::1]:4100")], 200);
    get(&[good, ("sec-fetch-site", "same-origin"), ("origin", own)], 200);
    // Another name, or another port: DNS that was bent to this machine.
    for name in [
        "evil.example",
        "evil.example:4100",
        "127.0.0.1",
        "127.0.0.1:4101",
        "127.0.0.1:4100.evil.example",
        "127.0.0.2:4100",
        "0.0.0.0:4100",
        "LOCALHOST:4100",
        "localhost.:4100",
        "127.1:4100",
        "[::]:4100",
        "127.0.0.1:04100",
        "",
    ] {
        get(&[("host", name)], 403);
        // A page that was loaded from the bent name calls itself its own origin.
        let origin = format!("http://{name}");
        get(&[("host", name), ("origin", &origin), ("sec-fetch-site", "same-origin")], 403);
    }
    get(&[], 403);
    get(&[good, host("evil.example")], 403);
    for site in ["cross-site", "same-site", "none ", "anything"] {
        get(&[good, ("sec-fetch-site", site)], 403);
    }
    for origin in
        ["null", "http://evil.example", "https://127.0.0.1:4100", "http://127.0.0.1:4101", "http://localhost:4100"]
    {
        get(&[good, ("origin", origin)], 403);
    }
    get(&[good, ("upgrade", "websocket"), ("connection", "upgrade")], 403);
    // What is typed in the address line may open the page, and nothing of the API.
    let typed = [good, ("sec-fetch-site", "none"), auth];
    let status = |path| trial.send(request("GET", path, &typed, "")).0.as_u16();
    assert_eq!((status("/"), status("/api/v1/session")), (200, 403));
    // A form of another site, with everything that a form can send.
    for kind in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""] {
        let headers = [good, auth, ("content-type", kind)];
        let sent = trial.send(request("POST", "/api/v1/cases", &headers, "{}"));
        assert_eq!(sent.0, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        let headers = [good, auth, ("content-type", kind), ("origin", "http://evil.example")];
        let sent = trial.send(request("POST", "/api/v1/cases", &headers, "{}"));
        assert_eq!(sent.0, StatusCode::FORBIDDEN, "{kind}");
    }
    // A preflight gets no leave.
    let headers = [good, ("origin", own), ("access-control-request-method", "POST")];
    let (status, _, answer) = trial.send(request("OPTIONS", "/api/v1/cases", &headers, ""));
    assert!(!status.is_success());
    assert!(answer.keys().all(|name| !name.as_str().starts_with("access-control")));
    let headers = [good, auth, json_type];
    let large = format!("{{\"text\": \"{}\"}}", "x".repeat(2 << 20));
    let (status, bytes, _) =
        trial.send(request("POST", "/api/v1/requests/preview", &headers, &large));
    assert_eq!((status, code(&bytes).as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
}

#[test]
fn every_answer_forbids_what_browsers_should_not_do() {
    let trial = Trial::new(&Spec::default());
    for path in ["/", "/api/v1/session", "/nothing.js"] {
        let (_, _, headers) = trial.send(request("GET", path, &[("host", HOST)], ""));
        let value = |name: &str| headers[name].to_str().unwrap().to_owned();
        assert_eq!(value("cache-control"), "no-store");
        let policy = value("content-security-policy");
        for part in
            ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]
        {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert_eq!(value("referrer-policy"), "no-referrer");
        assert_eq!(value("x-content-type-options"), "nosniff");
        assert_eq!(value("cross-origin-resource-policy"), "same-origin");
        assert!(!headers.contains_key(header::SET_COOKIE));
    }
}

#[test]
fn another_user_of_the_machine_is_refused_whatever_they_bring() {
    let trial = Trial::new(&Spec::default());
    let tab = trial.tab("dana");
    let bearer = format!("Bearer {}", tab.token());
    for peer in [None, Some(Peer { is_ours: false })] {
        for path in ["/", "/api/v1/session", "/api/v1/cases"] {
            let headers = [("host", HOST), ("authorization", bearer.as_str())];
            let (status, bytes, _) = trial.send_from(request("GET", path, &headers, ""), peer);
            assert_eq!((status, code(&bytes).as_str()), (StatusCode::FORBIDDEN, "foreign"));
        }
    }
}

#[test]
fn without_a_session_there_is_nothing_to_see() {
    let trial = Trial::new(&Spec::small());
    let json_type = ("content-type", "application/json");
    let host = ("host", HOST);
    let begin = |key: &str| {
        let body = json!({"key": key}).to_string();
        trial.send(request("POST", "/api/v1/session", &[host, json_type], &body))
    };
    let case = trial.paper.name();
    for token in ["", "Bearer ", "Bearer x", "Basic eDp4"] {
        for path in ["/session", "/cases", &format!("/cases/{case}/queue"), "/jobs"] {
            let path = format!("/api/v1{path}");
            let headers = [host, ("authorization", token)];
            let (status, bytes, _) = trial.send(request("GET", &path, &headers, ""));
            assert_eq!((status, code(&bytes).as_str()), (StatusCode::UNAUTHORIZED, "session"));
        }
    }
    // A key is good once.
    let key = trial.app.sessions.key().unwrap();
    assert_eq!(begin(&key).0, StatusCode::OK);
    let (status, bytes, _) = begin(&key);
    assert_eq!((status, code(&bytes).as_str()), (StatusCode::UNAUTHORIZED, "session"));
    assert_eq!(begin("00").0, StatusCode::UNAUTHORIZED);
    // No path gives a token or a key but to who has one.
    let tab = trial.tab("dana");
    let link = tab.post("/session/link", json!({}));
    let key = link["url"].as_str().unwrap().rsplit_once("#k=").unwrap().1;
    assert_eq!(begin(key).0, StatusCode::OK);
    let (status, _) = tab.ask("delete", "/session", None);
    assert_eq!(status, 204);
    assert_eq!(tab.ask("get", "/session", None).0, 401);
}

#[test]
fn a_session_that_has_ended_loses_nothing() {
    let trial = Trial::idle(&Spec::small(), std::time::Duration::from_millis(400));
    let case = trial.paper.name();
    let tab = trial.tab("dana");
    let queue = tab.get(&format!("/cases/{case}/queue"));
    let decide = |tab: &super::Tab<'_>, row: usize| {
        let target = json!([{"item": queue["rows"][row]["item"]}]);
        let body = json!({"expected": 0, "targets": target, "verdict": "disclose", "reason": ""});
        tab.ask("post", &format!("/cases/{case}/decisions"), Some(body))
    };
    assert_eq!(decide(&tab, 0).0, 200);
    std::thread::sleep(std::time::Duration::from_millis(500));
    let (status, answer) = decide(&tab, 1);
    assert_eq!((status, answer["code"].as_str()), (401, Some("session")));
    assert!(answer["hint"].as_str().unwrap().contains("new link"));
    // In a new session everything that was recorded is there.
    let tab = trial.tab("dana");
    assert!(tab.get(&format!("/cases/{case}"))["card"]["revision"].as_u64().unwrap() > 0);
    assert_eq!(decide(&tab, 1).0, 200);
}

#[test]
fn errors_repeat_nothing_of_what_was_sent() {
    let trial = Trial::new(&Spec::small());
    let case = trial.paper.name();
    let tab = trial.tab("dana");
    let secret = "Amara Lind";
    let bodies = [
        json!({secret: 1}),
        json!({"expected": secret}),
        json!({"expected": 0, "targets": [{"item": secret}]}),
        json!({"expected": 0, "filter": {"tier": [secret]}, "verdict": "disclose"}),
        json!({"expected": 0, "event": "note", "fields": {"text": 7, "x": secret}, "reason": ""}),
        json!(secret),
    ];
    for path in ["decisions", "decisions/preview", "events", "people/policies", "bundle"] {
        for body in &bodies {
            let (status, answer) =
                tab.ask("post", &format!("/cases/{case}/{path}"), Some(body.clone()));
            assert!((400..500).contains(&status), "{path} {status}");
            assert!(!answer.to_string().contains("Amara"), "{path}: {answer}");
        }
    }
    let path = format!("/cases/{case}/queue?tier=Amara");
    let (status, answer) = tab.ask("get", &path, None);
    assert_eq!(status, 400);
    assert!(!answer.to_string().contains("Amara"));
}
