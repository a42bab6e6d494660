//! From a request to findings, the identifiers that are found on the way, and the reasons, as a user
//! types it.

mod common;

use std::collections::BTreeMap;
use std::path::PathBuf;

use common::{Clinic, Ended, lines};
use habeas_case::{Ledger, Register};
use serde_json::{Value, json};

/// What the command said, all of it, to be searched for people at the end.
#[derive(Default)]
struct Said(String);

impl Said {
    fn hear(&mut self, ended: Ended) -> Ended {
        self.0.push_str(&ended.stderr);
        ended
    }

    /// Nothing in the talk, the logs and the errors is about anybody of the clinic, or one of these.
    fn names_nobody(&self, clinic: &Clinic, others: &[&str]) {
        let said = self.0.to_lowercase();
        let people = clinic.gold.people().unwrap();
        let secrets = people
            .iter()
            .flat_map(|one| {
                [one.full_name(), one.email.clone(), one.mobile.clone(), one.nhs.clone()]
            })
            .chain(others.iter().map(|other| (*other).to_owned()));
        for secret in secrets.filter(|secret| !secret.is_empty()) {
            assert!(!said.contains(&secret.to_lowercase()), "something personal was said");
        }
    }
}

/// Tier, bits and reasons of each finding, by item and place; copies once.
type Found = BTreeMap<(String, String), (String, f64, String)>;

fn found(lines: &[Value]) -> Found {
    let of = |line: &Value| {
        let rules: Vec<&str> = line["evidence"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["rule"].as_str().unwrap())
            .collect();
        let key = (line["item"].as_str().unwrap().to_owned(), line["place"].to_string());
        let tier = line["tier"].as_str().unwrap().to_owned();
        (key, (tier, line["score_bits"].as_f64().unwrap(), rules.join("; ")))
    };
    lines.iter().map(of).collect()
}

fn rank(tier: &str) -> usize {
    ["namesake", "possible", "probable", "certain"].iter().position(|one| *one == tier).unwrap()
}

/// The cases of the first requests, searched for, with what was found and proposed.
fn searched(clinic: &Clinic, n: usize) -> Vec<(String, Found, Vec<Value>)> {
    (0..n.min(clinic.gold.requests.len()))
        .map(|number| {
            let case = clinic.open(number);
            let findings = found(&clinic.json(&["match", &case]));
            let listed = clinic.json(&["identifiers", &case]);
            (case, findings, listed.into_iter().map(|line| line["data"].clone()).collect())
        })
        .collect()
}

fn folder(clinic: &Clinic, case: &str) -> PathBuf {
    Register::open(&clinic.root()).unwrap().get(case).unwrap().dir
}

#[test]
fn what_is_found_beside_the_person_waits_for_an_answer() {
    let clinic = Clinic::new();
    clinic.json(&["index"]);
    let cases = searched(&clinic, 12);
    let first_is_open =
        |listed: &[Value]| listed.first().is_some_and(|one| one["followed"] == "followed");
    let open: Vec<_> = cases.iter().filter(|(_, _, listed)| first_is_open(listed)).collect();
    assert!(open.len() >= 2, "the clinic proposes too little for this test");

    // Accepted: it counts as if it had been stated.
    let (case, before, listed) = open[0];
    for (at, one) in listed.iter().enumerate() {
        assert_eq!(one["number"], at + 1);
        assert_eq!(one["case"], case.as_str());
        assert!(!one["because"].as_str().unwrap().is_empty());
        assert!(one["path"].is_string(), "it stands somewhere: {}", one["kind"]);
    }
    let first = &listed[0];
    let words = clinic.run(&["identifiers", case]);
    assert_eq!(words.code, 0);
    for expected in ["found in", "which is the person's because", "next: habeas identifiers"] {
        assert!(words.stdout.contains(expected), "{}", words.stdout);
    }
    let answer =
        ["identifiers", case, "--accept", "1", "--by", "tester", "--reason", "on the form"];
    let listed_then = clinic.json(&answer);
    let is_first = |one: &Value| one["kind"] == first["kind"] && one["value"] == first["value"];
    assert!(!listed_then.iter().any(|line| is_first(&line["data"])), "it is answered");
    let rested = format!("{} found beside", first["kind"].as_str().unwrap().replace('_', " "));
    let after = found(&clinic.json(&["match", case]));
    let mut n_raised = 0;
    for (key, (tier, bits, rules)) in before.iter().filter(|(_, one)| one.2.contains(&rested)) {
        let (tier_then, bits_then, rules_then) = &after[key];
        // Another one of the kind may have been learnt too.
        if rules_then.contains(&rested) {
            continue;
        }
        assert!(rank(tier_then) >= rank(tier) && bits_then >= bits, "{rules} became {rules_then}");
        n_raised += usize::from(bits_then > bits || rank(tier_then) > rank(tier));
    }
    assert!(n_raised > 0, "nothing rested on it");

    // It stands in the ledger, which is verified.
    let dir = folder(&clinic, case);
    let ledger = Ledger::open(&dir).unwrap();
    let entry = serde_json::to_value(ledger.records().last().unwrap()).unwrap();
    let text = entry.to_string();
    for expected in ["\"tester\"", "\"on the form\"", "true"] {
        assert!(text.contains(expected), "{expected} is not in the ledger");
    }
    let file = dir.join("decisions.jsonl");
    let bytes = std::fs::read(&file).unwrap();
    let changed = String::from_utf8(bytes.clone()).unwrap().replace("on the form", "on the horn");
    std::fs::write(&file, changed).unwrap();
    assert_eq!(clinic.run(&["match", case]).code, 3, "it was changed");
    std::fs::write(&file, bytes).unwrap();

    // Rejected: it leads nowhere, and may be accepted later.
    let (case, before, listed) = open[1];
    let first = &listed[0];
    let n_added = first["n_added"].as_u64().unwrap();
    let listed_then = clinic.json(&["identifiers", case, "--reject", "1", "--by", "tester"]);
    let is_first = |one: &Value| one["kind"] == first["kind"] && one["value"] == first["value"];
    let same = listed_then.iter().find(|line| is_first(&line["data"]));
    let same = &same.expect("it is still listed")["data"];
    assert_eq!((&same["followed"], &same["n_added"]), (&json!("rejected"), &json!(0)));
    let after = found(&clinic.json(&["match", case]));
    assert!(after.len() <= before.len());
    assert!(n_added == 0 || after.len() < before.len(), "{n_added} findings rested on it");
    let number = same["number"].to_string();
    clinic.json(&["identifiers", case, "--accept", &number, "--by", "tester"]);
    let again = found(&clinic.json(&["match", case]));
    assert!(again.len() >= before.len(), "who changes their mind gets it back");
}

#[test]
fn every_finding_says_why() {
    let clinic = Clinic::new();
    clinic.json(&["index"]);
    let case = clinic.open(0);
    let findings = clinic.json(&["match", &case]);
    let mut items: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in &findings {
        items
            .entry(line["tier"].as_str().unwrap())
            .or_default()
            .push(line["item"].as_str().unwrap());
    }
    let mut n_checked = 0;
    for (tier, mut list) in items {
        list.dedup();
        for item in list.into_iter().take(4) {
            for line in clinic.json(&["why", &case, item]) {
                let data = &line["data"];
                let sum = |list: &Value| -> f64 {
                    list.as_array().unwrap().iter().map(|one| one["bits"].as_f64().unwrap()).sum()
                };
                let (all, score) = (
                    sum(&data["for"]) + sum(&data["against"]),
                    data["score_bits"].as_f64().unwrap(),
                );
                assert!((all - score).abs() < 0.02, "{tier}: {all} is not {score}");
                let is_sorted = |list: &Value| {
                    let bits = list.as_array().unwrap().iter();
                    bits.map(|one| one["bits"].as_f64().unwrap().abs()).is_sorted_by(|a, b| a >= b)
                };
                assert!(is_sorted(&data["for"]) && is_sorted(&data["against"]), "{data}");
                assert!(!data["in_words"].as_str().unwrap().is_empty());
                n_checked += 1;
            }
            let words = clinic.run(&["why", &case, item]);
            assert_eq!(words.code, 0);
            assert!(words.stdout.contains("  for  "), "{}", words.stdout);
        }
    }
    assert!(n_checked >= 6, "only {n_checked} findings were explained");

    let dir = folder(&clinic, &case);
    let record: Value =
        serde_json::from_slice(&std::fs::read(dir.join("search.json")).unwrap()).unwrap();
    for key in ["n_unasked", "n_unfollowed", "advice", "ask", "asked", "n_incidental", "tiers"] {
        assert!(record.get(key).is_some(), "search.json has no {key}");
    }
}

#[test]
fn what_does_not_exist_is_answered_with_a_sentence() {
    let clinic = Clinic::new();
    clinic.json(&["index"]);
    let case = clinic.open(0);
    let mut said = Said::default();
    let mut says = |arguments: &[&str], code: i32, word: &str| {
        let ended = said.hear(clinic.run(arguments));
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(word), "{arguments:?} does not say {word}");
        assert!(ended.stderr.contains("error: "));
    };
    says(&["identifiers", &case], 3, "habeas match");
    says(&["why", &case, "x"], 3, "habeas match");
    clinic.json(&["match", &case]);
    says(&["identifiers", &case, "--accept", "999"], 2, "no number 999");
    says(&["identifiers", &case, "--reject", "0"], 2, "no number 0");
    says(&["identifiers", &case, "--accept", "1", "--reject", "1"], 2, "at once");
    says(&["identifiers", "SAR-1999-0001"], 2, "SAR-1999-0001");
    says(&["why", &case, "nowhere/at-all.txt"], 2, "no item");
    says(&["why", &case, "000000000000"], 2, "no item");
    says(&["why", "SAR-1999-0001", "x"], 2, "SAR-1999-0001");
    let first = clinic.json(&["match", &case])[0].clone();
    let item = first["item"].as_str().unwrap();
    says(&["why", &case, item, "--place", "row 999999"], 2, "place");
    says(&["match"], 2, "which case");
    let dir = folder(&clinic, &case);
    // That the request was received, and nothing else.
    assert_eq!(Ledger::open(&dir).unwrap().records().len(), 1, "a wrong answer was recorded");
    said.names_nobody(&clinic, &[]);
}

#[test]
fn odd_requests_are_answered_with_sentences() {
    let clinic = Clinic::new();
    clinic.json(&["index"]);
    let mut said = Said::default();
    let open = |number: usize, request: Value| {
        let file = clinic.dir.path().join(format!("odd-{number}.json"));
        std::fs::write(&file, request.to_string()).unwrap();
        clinic.run(&["--json", "open", "--file", &file.display().to_string()])
    };
    // Nothing to look for.
    for (number, request) in
        [json!({"received": "2026-06-01"}), json!({"names": ["-"], "received": "2026-06-01"})]
            .into_iter()
            .enumerate()
    {
        let ended = said.hear(open(number, request));
        let code = if ended.code == 0 {
            let case = lines(&ended.stdout)[0]["data"]["case"].as_str().unwrap().to_owned();
            said.hear(clinic.run(&["match", &case]))
        } else {
            ended
        };
        assert!(code.code == 2 || code.code == 3, "{}", code.stderr);
        assert!(code.stderr.contains("error: "), "{}", code.stderr);
    }

    let born =
        json!({"names": ["Ottoline Vextrow"], "born": "2026-07-01", "received": "2026-06-01"});
    let ended = said.hear(open(10, born));
    assert!(ended.code == 2 && ended.stderr.contains("born after"), "{}", ended.stderr);

    let mut check = |number: usize, request: Value, expected: &[&str]| {
        let opened = said.hear(open(number, request));
        assert_eq!(opened.code, 0, "{}", opened.stderr);
        let case = lines(&opened.stdout)[0]["data"]["case"].as_str().unwrap().to_owned();
        let ended = said.hear(clinic.run(&["match", &case]));
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        for words in expected {
            let is_said = |line: &str| line.contains(&case) && line.contains(words);
            assert!(ended.stderr.lines().any(is_said), "{words}: {}", ended.stderr);
        }
        let dir = folder(&clinic, &case);
        let record = std::fs::read_to_string(dir.join("search.json")).unwrap();
        let n_own = expected.iter().filter(|words| !words.contains("state the same")).count();
        let record: Value = serde_json::from_str(&record).unwrap();
        assert!(record["advice"].as_array().unwrap().len() >= n_own);
        case
    };
    let numbers = [("nhs_number", "999 000 0018"), ("nhs_number", "999 000 0026")];
    let numbers: Vec<Value> =
        numbers.iter().map(|(kind, value)| json!({"kind": kind, "value": value})).collect();
    check(
        11,
        json!({"names": ["Ottoline Vextrow"], "identifiers": numbers, "received": "2026-06-01"}),
        &["2 of nhs number"],
    );
    check(
        12,
        json!({"names": ["Ottoline Vextrow"], "born": "2015-03-02", "received": "2026-06-01"}),
        &["a child of 11"],
    );
    check(13, json!({"names": ["Will May"], "received": "2026-06-01"}), &["everyday word"]);
    check(14, json!({"names": ["Ottoline"], "received": "2026-06-01"}), &["one word"]);

    // A name that is a word brings what is written as a name, and nothing is certain by it.
    let case = check(22, json!({"names": ["May"], "received": "2026-06-01"}), &["one word"]);
    let findings = found(&clinic.json(&["match", &case]));
    assert!(findings.values().all(|(tier, ..)| tier != "certain"));

    // Two requests of one person.
    let stated = json!({"names": ["Quillon Pemberwick"], "emails": ["quillon@example.org"],
        "received": "2026-06-01"});
    let first = check(20, stated, &[]);
    let stated = json!({"names": ["Q Pemberwick"], "emails": ["Quillon+x@Example.org"],
        "received": "2026-06-09"});
    let second = check(21, stated, &["state the same email"]);
    let again = said.hear(clinic.run(&["match", &first]));
    assert!(again.stderr.contains(&format!("{first} and {second} state the same")));

    said.names_nobody(
        &clinic,
        &["Ottoline", "Vextrow", "Pemberwick", "quillon@", "999 000 0018", "9990000018"],
    );
}
