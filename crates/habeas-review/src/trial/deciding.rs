//! Decisions are added, shared, undone, and never lost to another reviewer.

use habeas_model::{Entry, Event, Happening, Mark, Verdict};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Spec, Tab, Trial};

fn decide(tab: &Tab<'_>, case: &str, body: Value) -> (u16, Value) {
    tab.ask("post", &format!("/cases/{case}/decisions"), Some(body))
}

fn item_called(queue: &Value, end: &str) -> Value {
    let rows = queue["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["at"]["path"].as_str().unwrap().ends_with(end));
    row.unwrap_or_else(|| panic!("{end} is not in {queue}"))["item"].clone()
}

#[test]
fn every_screen_has_what_the_contract_promises() {
    let trial = Trial::new(&Spec::small());
    let case = trial.paper.name();
    let tab = trial.tab("dana");
    let at = |rest: &str| format!("/cases/{case}{rest}");
    for path in ["/session", "/cases", "/estate", "/estate/exceptions", "/jobs", "/exemptions"] {
        tab.get(path);
    }
    for rest in ["", "/queue", "/proposals", "/history", "/people", "/gates", "/events"] {
        tab.get(&at(rest));
    }
    for rest in ["/release", "/charts"] {
        tab.get(&at(rest));
    }
    tab.get("/evidence");
    let queue = tab.get(&at("/queue"));
    assert_eq!((queue["total"].as_u64(), queue["n_findings"].as_u64()), (Some(5), Some(7)));
    for row in queue["rows"].as_array().unwrap() {
        let item = row["item"].as_str().unwrap();
        tab.get(&at(&format!("/items/{item}")));
        tab.get(&at(&format!("/items/{item}/passages")));
    }
    let fields = json!({"fields": {"names": ["Nora Field"], "received": "2026-07-02"}});
    let preview = tab.post("/requests/preview", fields.clone());
    assert_eq!(preview["problem"], Value::Null);
    let text = json!({"text": "I am Harriet Vale, harriet.vale@example.org. Send me my data."});
    let preview = tab.post("/requests/preview", text);
    assert_eq!(preview["fields"]["emails"], json!(["harriet.vale@example.org"]));
    assert_eq!(preview["duplicates"].as_array().unwrap().len(), 1);
    let opened = tab.post("/cases", fields);
    assert_eq!(opened["next"]["code"], "search");
    assert_eq!(tab.ask("get", "/cases/SAR-1999-0001", None).0, 404);
    assert_eq!(tab.ask("get", "/cases/..%2F..", None).0, 404);
}

#[test]
fn the_passages_of_an_item_say_whose_each_stretch_is() {
    let trial = Trial::new(&Spec::small());
    let case = trial.paper.name();
    let tab = trial.tab("dana");
    let item = item_called(&tab.get(&format!("/cases/{case}/queue")), "1.eml");
    let item = item.as_str().unwrap();
    let path = format!("/cases/{case}/items/{item}/passages");
    let passages = tab.get(&path);
    let passage = &passages["passages"][0];
    let text: Vec<u16> = passage["text"].as_str().unwrap().encode_utf16().collect();
    let marks: Vec<(String, &str, &str)> = passage["marks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mark| {
            let at = |name: &str| mark[name].as_u64().unwrap() as usize;
            let words = String::from_utf16(&text[at("start")..at("end")]).unwrap();
            (words, mark["who"].as_str().unwrap(), mark["fate"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        marks,
        [
            ("Harriet Vale".to_owned(), "subject", "kept"),
            ("tom.quill@example.net".to_owned(), "other", "taken_out")
        ]
    );
    // A reviewer takes out one word more, sees it, and takes that back.
    let came = passage["text"].as_str().unwrap().find("came").unwrap();
    let mark = json!({"expected": 0, "type": "text", "passage": 0, "start": came,
                      "end": came + 4, "ground": "NPD", "reason": "not hers"});
    let marked = tab.post(&format!("/cases/{case}/items/{item}/marks"), mark);
    assert_eq!(marked["first"].as_u64(), Some(1));
    let by_hand = |passages: &Value| -> Vec<(u64, String)> {
        let marks = passages["passages"][0]["marks"].as_array().unwrap().clone();
        let by_hand = marks.iter().filter(|mark| mark["decided"] == "manual");
        by_hand
            .map(|mark| (mark["manual"].as_u64().unwrap(), mark["ground"].as_str().unwrap().into()))
            .collect()
    };
    assert_eq!(by_hand(&tab.get(&path)), [(1, "NPD".to_owned())]);
    let undo = json!({"expected": 1, "first": 1, "last": 1});
    tab.post(&format!("/cases/{case}/undo"), undo);
    assert!(by_hand(&tab.get(&path)).is_empty());
    let marks = tab.get(&format!("/cases/{case}/items/{item}"))["marks"].clone();
    assert_eq!(marks, json!([]));
    let ledger = trial.paper.case.ledger().unwrap();
    let marks: Vec<&Mark> =
        ledger.records().iter().filter_map(|it| Some(&it.decision.manual()?.mark)).collect();
    assert!(matches!(marks.as_slice(), [Mark::Text { .. }, Mark::TakenBack { seq: 1 }]));
    for wrong in [
        json!({"expected": 0, "type": "text", "passage": 9, "start": 0, "end": 4, "reason": ""}),
        json!({"expected": 0, "type": "text", "passage": 0, "start": 0, "end": 900, "reason": ""}),
        json!({"expected": 0, "type": "text", "passage": 0, "start": 4, "end": 4, "reason": ""}),
        json!({"expected": 0, "type": "box", "page": 1, "reason": "",
               "box": {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}}),
    ] {
        let (status, _) =
            tab.ask("post", &format!("/cases/{case}/items/{item}/marks"), Some(wrong));
        assert_eq!(status, 400);
    }
}

#[test]
fn two_reviewers_lose_nothing() {
    let trial = Trial::new(&Spec::small());
    let case = trial.paper.name();
    let (dana, lee) = (trial.tab("Dana"), trial.tab("Lee"));
    let queue = dana.get(&format!("/cases/{case}/queue"));
    let (first, second) = (item_called(&queue, "1.eml"), item_called(&queue, "3.eml"));
    let body = |item: &Value, verdict: &str, reason: &str, expected: u64| {
        json!({"expected": expected, "targets": [{"item": item}], "verdict": verdict,
               "reason": reason})
    };
    // Both looked at revision 0. Dana decides first.
    assert_eq!(decide(&dana, &case, body(&first, "disclose", "", 0)).0, 200);
    let withhold = |expected| body(&first, "withhold", "LPP: advice", expected);
    let (status, problem) = decide(&lee, &case, withhold(0));
    assert_eq!((status, problem["code"].as_str()), (409, Some("changed")));
    assert_eq!(problem["revision"].as_u64(), Some(1));
    let conflict = &problem["conflicts"][0];
    assert_eq!((&conflict["by"], &conflict["verdict"]), (&json!("Dana"), &json!("disclose")));
    assert_eq!(conflict["item"], first);
    // What nobody else touched is decided though the revision is old.
    assert_eq!(decide(&lee, &case, body(&second, "incidental", "", 0)).0, 200);
    // Having seen it, Lee may overrule; both decisions stay in the ledger.
    assert_eq!(decide(&lee, &case, withhold(1)).0, 200);
    let path = format!("/cases/{case}/history?item={}", first.as_str().unwrap());
    let history = dana.get(&path);
    let by: Vec<&str> =
        history["rows"].as_array().unwrap().iter().map(|it| it["by"].as_str().unwrap()).collect();
    assert_eq!(by, ["Lee", "Dana"]);
    // Dana's undo of her own would overrule Lee unseen.
    let undo = json!({"expected": 1, "first": 1, "last": 1});
    let (status, problem) = dana.ask("post", &format!("/cases/{case}/undo"), Some(undo));
    assert_eq!((status, problem["code"].as_str()), (409, Some("changed")));
    let (status, _) = decide(&dana, &case, body(&first, "disclose", "", 99));
    assert_eq!(status, 400, "a revision that was never reached");
    // Another process, such as `habeas decide`, is another reviewer too.
    let mut decision = trial.paper.case.ledger().unwrap().records()[1].decision.clone();
    if let Entry::Finding(decision) = &mut decision {
        (decision.verdict, decision.by) = (Verdict::Disclose, "the command".into());
    }
    trial.paper.case.ledger().unwrap().append(&[decision]).unwrap();
    let (status, problem) = decide(&dana, &case, body(&second, "withhold", "LPP: x", 3));
    assert_eq!(status, 409);
    assert_eq!(problem["conflicts"][0]["by"], "the command");
}

#[test]
fn a_decision_in_bulk_says_first_what_it_changes() {
    let trial = Trial::new(&Spec::small());
    let case = trial.paper.name();
    let tab = trial.tab("Dana");
    let queue = tab.get(&format!("/cases/{case}/queue"));
    let first = item_called(&queue, "1.eml");
    let body = json!({"expected": 0, "targets": [{"item": first}], "verdict": "withhold",
                      "reason": "LPP: advice"});
    assert_eq!(decide(&tab, &case, body).0, 200);
    let certain = |verdict: Value| {
        json!({"expected": 1, "filter": {"tier": ["certain"]}, "verdict": verdict, "reason": ""})
    };
    let preview =
        tab.post(&format!("/cases/{case}/decisions/preview"), certain(json!("disclose")));
    assert_eq!(preview["n_findings"], 3);
    assert_eq!(preview["n_overruled"], 1);
    assert_eq!(
        preview["changes"],
        json!([{"from": "open", "to": "disclose", "n": 2},
               {"from": "withhold", "to": "disclose", "n": 1}])
    );
    let done = tab.post(&format!("/cases/{case}/decisions"), certain(json!("disclose")));
    assert_eq!((done["n_recorded"].as_u64(), done["first"].as_u64()), (Some(3), Some(2)));
    let again = tab.post(
        &format!("/cases/{case}/decisions/preview"),
        json!({"expected": 4, "filter": {"tier": ["certain"]}, "verdict": "disclose"}),
    );
    assert_eq!((again["n_findings"].as_u64(), again["n_unchanged"].as_u64()), (Some(0), Some(3)));
    // Undone as a whole, the first one is kept back again.
    let undo = json!({"expected": 4, "first": 2, "last": 4});
    assert_eq!(tab.post(&format!("/cases/{case}/undo"), undo)["n_recorded"], 3);
    let counts = tab.get("/cases")["cases"][0]["verdicts"].clone();
    assert_eq!(counts["withhold"], 1);
    assert_eq!(counts["open"], 6);
    // The suggestion leaves what is possible open.
    let suggested = json!({"expected": 7, "filter": {}, "verdict": null, "reason": ""});
    let done = tab.post(&format!("/cases/{case}/decisions"), suggested);
    assert_eq!(done["n_recorded"], 5);
    let counts = tab.get("/cases")["cases"][0]["verdicts"].clone();
    assert_eq!((&counts["open"], &counts["incidental"]), (&json!(1), &json!(1)));
    for wrong in [
        json!({"expected": 0, "verdict": "disclose", "reason": ""}),
        json!({"expected": 0, "filter": {}, "targets": [], "verdict": "disclose"}),
        json!({"expected": 0, "filter": {}, "verdict": "withhold", "reason": " "}),
    ] {
        assert_eq!(decide(&tab, &case, wrong).0, 400);
    }
}

#[test]
fn a_family_is_decided_together_and_a_thread_is_shown() {
    let trial = Trial::new(&Spec::small());
    let case = trial.paper.name();
    let tab = trial.tab("Dana");
    let queue = tab.get(&format!("/cases/{case}/queue?group=family"));
    assert_eq!(queue["total"], 4);
    let mail = item_called(&queue, "2.eml");
    let one = tab.get(&format!("/cases/{case}/items/{}", mail.as_str().unwrap()));
    let relations = |name: &str| -> Vec<&str> {
        one[name].as_array().unwrap().iter().map(|it| it["relation"].as_str().unwrap()).collect()
    };
    let mut family = relations("family");
    family.sort_unstable();
    assert_eq!((family, relations("thread")), (vec!["attachment", "self"], vec!["earlier", "self"]));
    let body = json!({"expected": 0, "targets": [{"item": mail}], "with_family": true,
                      "verdict": "disclose", "reason": ""});
    assert_eq!(decide(&tab, &case, body).1["n_recorded"], 2);
    // Near duplicates come once they were compared.
    for _ in 0..200 {
        if tab.get(&format!("/cases/{case}/queue?group=near"))["total"] == 4 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("two messages that say nearly the same are not found");
}

#[test]
fn a_case_that_was_closed_meanwhile_takes_no_decision() {
    let trial = Trial::new(&Spec::small());
    let case = trial.paper.name();
    let tab = trial.tab("Dana");
    let queue = tab.get(&format!("/cases/{case}/queue"));
    let first = item_called(&queue, "1.eml");
    let event = Event {
        event: Happening::Closed {
            ending: habeas_model::Ending::Withdrawn,
            reason: "by phone".into(),
        },
        on: crate::api::views::today(),
        by: "somebody else".into(),
        at: Timestamp::now(),
    };
    trial.paper.case.ledger().unwrap().append(&[Entry::from(event)]).unwrap();
    let body = |expected: u64| {
        json!({"expected": expected, "targets": [{"item": first}], "verdict": "disclose",
               "reason": ""})
    };
    for expected in [0, 1] {
        let (status, problem) = decide(&tab, &case, body(expected));
        assert_eq!((status, problem["code"].as_str()), (409, Some("closed")));
        assert!(problem["hint"].as_str().unwrap().contains("reopened"));
    }
    assert_eq!(trial.paper.case.ledger().unwrap().seq(), 1);
    assert_eq!(tab.get(&format!("/cases/{case}"))["card"]["is_closed"], true);
    let reopened = json!({"expected": 1, "event": "reopened", "fields": {}, "reason": "she rang"});
    tab.post(&format!("/cases/{case}/events"), reopened);
    assert_eq!(decide(&tab, &case, body(2)).0, 200);
}

#[test]
fn events_are_recorded_and_move_the_clock() {
    let trial = Trial::new(&Spec::small());
    let case = trial.paper.name();
    let tab = trial.tab("Dana");
    let note = |expected: u64, on: &str| {
        json!({"expected": expected, "event": "identity_asked", "reason": "",
               "fields": {"what": "a passport, seen once", "on": on}})
    };
    let events = format!("/cases/{case}/events");
    assert_eq!(tab.ask("post", &events, Some(note(0, "2020-01-01"))).0, 409);
    assert_eq!(tab.ask("post", &events, Some(note(0, "2026-07-03"))).0, 200);
    assert_eq!(tab.get(&format!("/cases/{case}"))["card"]["identity"], "asked");
    let told = tab.get(&events);
    assert_eq!(told["recorded"].as_array().unwrap().len(), 1);
    assert!(!told.to_string().contains("passport, seen once"));
}

#[test]
fn people_are_looked_for_and_decided_once() {
    let trial = Trial::new(&Spec::small());
    let case = trial.paper.name();
    let (tab, other) = (trial.tab("Dana"), trial.tab("Lee"));
    let people = format!("/cases/{case}/people");
    assert_eq!(tab.get(&people)["is_listed"], false);
    let (status, problem) = tab.ask("get", &format!("{people}/1/places"), None);
    assert_eq!((status, problem["code"].as_str()), (404, Some("not_found")));
    let job = tab.post(&format!("{people}/look"), json!({}));
    assert_eq!(tab.ended(&job["job"])["state"], "done");
    let list = tab.get(&people);
    assert_eq!((list["is_listed"].clone(), list["total"].clone()), (json!(true), json!(2)));
    assert_eq!(list["rows"][1]["proposed"], "professional");
    assert_eq!(tab.get(&format!("{people}/1/places"))["total"], 1);
    let show = |numbers: Value, ground: Value, reason: &str, expected: u64| {
        json!({"expected": expected, "numbers": numbers, "treatment": "show", "ground": ground,
               "reason": reason})
    };
    let set = format!("{people}/policies");
    assert_eq!(tab.ask("post", &set, Some(show(json!([1]), Value::Null, "x", 0))).0, 400);
    assert_eq!(tab.ask("post", &set, Some(show(json!([1]), json!("consent"), " ", 0))).0, 400);
    assert_eq!(tab.ask("post", &set, Some(show(json!([7]), json!("staff"), "", 0))).0, 404);
    tab.post(&set, show(json!([2]), json!("professional"), "", 0));
    let (status, problem) =
        other.ask("post", &set, Some(show(json!([2]), json!("staff"), "", 0)));
    assert_eq!((status, problem["conflicts"][0]["person"].as_u64()), (409, Some(2)));
    assert_eq!(tab.get(&people)["rows"][1]["fate"], "shown");
    let undo = json!({"expected": 1, "first": 1, "last": 1});
    tab.post(&format!("/cases/{case}/undo"), undo);
    assert_eq!(tab.get(&people)["rows"][1]["fate"], "taken_out");
    // Items that name a person can be chosen by them.
    assert_eq!(tab.get(&format!("/cases/{case}/queue?person=1"))["total"], 1);
}

#[test]
fn a_source_that_is_offline_is_said_and_its_text_is_still_there() {
    let trial = Trial::new(&Spec::small());
    trial.paper.is_offline.store(true, std::sync::atomic::Ordering::SeqCst);
    let case = trial.paper.name();
    let tab = trial.tab("Dana");
    let estate = tab.get("/estate");
    assert_eq!(estate["sources"][0]["is_reachable"], false);
    let item = item_called(&tab.get(&format!("/cases/{case}/queue")), "1.eml");
    let item = item.as_str().unwrap();
    let one = tab.get(&format!("/cases/{case}/items/{item}"));
    assert_eq!(one["is_readable"], false);
    assert!(one["problem"].as_str().unwrap().contains("is not there"));
    let passages = tab.get(&format!("/cases/{case}/items/{item}/passages"));
    assert_eq!(passages["is_current"], false);
    assert!(passages["passages"][0]["text"].as_str().unwrap().contains("Harriet"));
    // Decisions do not need the source.
    let body = json!({"expected": 0, "targets": [{"item": item}], "verdict": "disclose"});
    assert_eq!(decide(&tab, &case, body).0, 200);
}

#[test]
fn a_bundle_that_cannot_be_written_says_so_and_keeps_every_decision() {
    let trial = Trial::new(&Spec::small());
    let case = trial.paper.name();
    let tab = trial.tab("Dana");
    let make = |body: Value| tab.ask("post", &format!("/cases/{case}/bundle"), Some(body));
    let (status, problem) = make(json!({"expected": 0}));
    assert_eq!((status, problem["code"].as_str()), (409, Some("blocked")));
    let all = json!({"expected": 0, "filter": {}, "verdict": "disclose", "reason": ""});
    let n = decide(&tab, &case, all).1["revision"].as_u64().unwrap();
    assert_eq!(make(json!({"expected": 0})).0, 409, "decisions were added since");
    assert_eq!(make(json!({"expected": n, "out": "here"})).0, 400, "where is that?");
    let nowhere = trial.paper.dir.path().join("no/such/folder");
    let (status, started) = make(json!({"expected": n, "out": nowhere}));
    assert_eq!(status, 202);
    let job = tab.ended(&started["job"]);
    assert_eq!((job["state"].as_str(), job["error"]["code"].as_str()), (Some("failed"), Some("failed")));
    assert!(job["error"]["message"].as_str().unwrap().contains("no/such/folder"));
    assert_eq!(trial.paper.case.ledger().unwrap().seq(), n);
    assert_eq!(tab.ask("get", &format!("/cases/{case}/bundle"), None).0, 404);
    let (_, started) = make(json!({"expected": n}));
    assert_eq!(tab.ended(&started["job"])["state"], "done");
    tab.get(&format!("/cases/{case}/bundle"));
    let path = format!("/cases/{case}/bundle/pages/1?file=../../../../etc/passwd.pdf");
    assert_eq!(tab.ask("get", &path, None).0, 404);
    assert_eq!(tab.ask("get", &format!("/cases/{case}/bundle/archive"), None).0, 409);
}
