use habeas_model::Kind;
use jiff::civil::date;

use super::*;

fn defaults() -> Defaults {
    Defaults { received: date(2026, 7, 1), law: Law::Uk, calendar: Calendar::EnglandAndWales }
}

fn parse(text: &str) -> Vec<Request> {
    Request::parse(text, &defaults()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What a request says of its subject, a line each.
fn said(request: &Request) -> Vec<String> {
    let held = |held: habeas_model::Held| match (held.from, held.to) {
        (None, None) => String::new(),
        (from, to) => format!(
            " {}..{}",
            from.map_or(String::new(), |day| day.to_string()),
            to.map_or(String::new(), |day| day.to_string())
        ),
    };
    let Subject { names, born, identifiers } = &request.subject;
    let names = names
        .iter()
        .map(|name| format!("{:?} {}{}", name.kind, name.value.reveal(), held(name.held)));
    let born = born.iter().map(|born| format!("born {}", born.reveal()));
    let identifiers =
        identifiers.iter().map(|it| format!("{} {}{}", it.kind, it.value.reveal(), held(it.held)));
    names.chain(born).chain(identifiers).collect()
}

fn check(text: &str, expected: &[&str]) {
    let requests = parse(text);
    let [request] = requests.as_slice() else { panic!("{} requests in {text}", requests.len()) };
    assert_eq!(said(request), expected, "{text}");
    assert_eq!(parse(&request.to_toml()), requests, "reads back: {}", request.to_toml());
}

fn check_wrong(text: &str, problem: &str) {
    let error = Request::parse(text, &defaults()).expect_err(text).to_string();
    assert!(error.contains(problem), "{error}");
    assert!(!error.contains("Lind"), "an error shows nobody: {error}");
}

#[test]
fn a_request_is_read_from_toml() {
    check(
        r#"
        id = "SAR-2026-0042"
        received = 2026-06-19
        channel = "letter"
        names = ["Amara Lind", { name = "Amara Stone", kind = "former", to = "2019-06" }]
        known_as = "Ama"
        born = "2/3/1984"
        email = "amara@example.org [2019-01-01..]"
        phones = ["07700 900123", { value = "020 7946 0991", from = 2015, to = "2018" }]
        customer_ids = ["C-0012345"]

        [[addresses]]
        lines = ["1 Quiet Row", "Leeds"]
        postcode = "LS1 1AA"
        to = 2020-05-31
        "#,
        &[
            "Current Amara Lind",
            "Former Amara Stone ..2019-06-30",
            "KnownAs Ama",
            "born 1984-03-02",
            "email amara@example.org 2019-01-01..",
            "phone 07700 900123",
            "phone 020 7946 0991 2015-01-01..2018-12-31",
            "address 1 Quiet Row, Leeds, LS1 1AA ..2020-05-31",
            "postcode LS1 1AA ..2020-05-31",
            "reference C-0012345",
        ],
    );
}

#[test]
fn a_request_is_read_from_json() {
    check(
        r#"{"requestId": "R1", "firstName": "Amara", "lastName": "Lind", "dob": "1984-03-02",
            "maiden_name": "Stone", "mobile": 447700900123, "ip_addresses": ["192.0.2.7"],
            "nhs_number": "999 000 0018", "notes": null, "email": ""}"#,
        &[
            "Current Amara Lind",
            "Former Stone",
            "born 1984-03-02",
            "phone 447700900123",
            "ip 192.0.2.7",
            "nhs_number 999 000 0018",
        ],
    );
    check(
        r#"{"subject": {"name": "Amara Lind", "date-of-birth": "2 March 1984"},
            "identifiers": [{"kind": "email", "value": "a@example.org", "from": "2020-01-01"},
                            {"type": "username", "value": "ama [x]"}]}"#,
        &[
            "Current Amara Lind",
            "born 1984-03-02",
            "email a@example.org 2020-01-01..",
            "handle ama [x]",
        ],
    );
}

#[test]
fn a_name_may_come_in_parts() {
    check(
        r#"{"names": [{"family": "Lind", "given": "Amara", "kind": "former", "to": "2010"}],
            "surname": "Stone", "forename": "Amara", "title": "Dr", "note": "by hand"}"#,
        &["Current Amara Stone", "Former Amara Lind ..2010-12-31"],
    );
    let text = r#"{"name": "A B", "title": "Dr", "notes": "by hand"}"#;
    assert_eq!(parse(text)[0].notes.reveal(), "by hand\ntitle: Dr");
}

#[test]
fn several_requests_stand_in_one_file() {
    let cases = [
        "{\"id\": \"R1\", \"name\": \"A B\"}\n\n{\"id\": \"R2\", \"name\": \"C D\"}\n",
        "[{\"id\": \"R1\", \"name\": \"A B\"},\n {\"id\": \"R2\", \"name\": \"C D\"}]",
        "{\"requests\": [{\"id\": \"R1\", \"name\": \"A B\"}, {\"id\": \"R2\", \"name\": \"C D\"}]}",
        "[[request]]\nid = \"R1\"\nname = \"A B\"\n[[request]]\nid = \"R2\"\nname = \"C D\"\n",
        "\u{feff}{\"id\": \"R1\", \"name\": \"A B\"}\r\n{\"id\": \"R2\", \"name\": \"C D\"}",
    ];
    for text in cases {
        let references: Vec<_> = parse(text).into_iter().map(|it| it.reference).collect();
        assert_eq!(references, [Some("R1".into()), Some("R2".into())], "{text}");
    }
}

#[test]
fn what_is_not_said_is_taken_as_usual() {
    let request = parse("name = \"Amara Lind\"").remove(0);
    assert_eq!((request.received, request.channel), (date(2026, 7, 1), Channel::Email));
    assert_eq!((request.right, request.regime()), (Right::Access, Regime::UkFromJune2026));
    assert_eq!(request.deadline().working, date(2026, 7, 31));
}

#[test]
fn the_clock_is_part_of_the_request() {
    let text = r#"
        email = "a@example.org"
        received = "19 June 2026"
        regime = "uk"
        calendar = "scotland"
        identity = { asked = 2026-06-20, answered = 2026-06-22 }
        clarifications = [{ asked = 2026-07-15 }]
        extended = 2026-07-16
        notes = "came by courier"
    "#;
    let request = parse(text).remove(0);
    assert_eq!(parse(&request.to_toml()).first(), Some(&request));
    assert_eq!(request.deadline().state, habeas_law::State::Paused);
    assert_eq!(request.subject.identifiers[0].kind, Kind::Email);
}

#[test]
fn what_is_wrong_is_said_and_nobody_is_shown() {
    let cases = [
        ("", "names nobody"),
        ("received = 2026-06-19", "names nobody"),
        ("name = \"Lind\"\nemial = \"x\"", "no key `emial`; did you mean `email`?"),
        ("[subject]\nname = \"Lind\"\nborm = \"x\"", "no key `borm`; did you mean `born`?"),
        (
            "name = { value = \"Lind\", form = 2020 }",
            "in `name` there is no key `form`; did you mean `from`?",
        ),
        ("name = \"Lind\"\nborn = \"Lind\"", "`born` is not a date"),
        ("name = \"Lind\"\nborn = \"2030-01-01\"", "born after the request"),
        ("name = \"Lind\"\nborn = 1984-01-01\ndob = 1985-01-01", "says something else"),
        ("name = \"Lind\"\nphone = \"1 [2020-01-01..2019-01-01]\"", "after its last one"),
        ("name = \"Lind\"\nchannel = \"Lind\"", "is not a channel"),
        ("name = \"Lind\"\nright = \"Lind\"", "is not a right"),
        ("name = \"Lind\"\nregime = \"us\"", "a regime is `uk` or `eu`"),
        ("name = true", "`name` has to be a text"),
        ("name = [[\"Lind\"]]", "list in a list"),
        ("name = \"Lind\"\nextended = 2020-01-01", "before the request was received"),
        ("name = \"Lind", "line 1: is not TOML"),
        ("{\"name\": \"Lind\",}", "line 1, column"),
        ("{\"name\": \"Lind\"}\n{\"name\": ", "line 2, column 1: is not JSON"),
        ("{\"name\": \"Lind\"}\n{\"nmae\": \"Lind\"}", "line 2: there is no key `nmae`"),
        ("[]", "no request in it"),
        ("[1]", "table of keys"),
        (
            "{\"identifiers\": [{\"kind\": \"colour\", \"value\": \"Lind\"}]}",
            "kind that is not known",
        ),
    ];
    for (text, problem) in cases {
        check_wrong(text, problem);
    }
    let many: Vec<String> = (0..1000).map(|n| format!("Lind {n}")).collect();
    check_wrong(&serde_json::json!({"phones": many}).to_string(), "more than 500 identifiers");
    check_wrong(&serde_json::json!({"names": many}).to_string(), "more than 500 names");
}
