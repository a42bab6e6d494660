//! How quick is it with 50,000 findings? Run by hand:
//! `cargo nextest run -p habeas-review --run-ignored only fluent --no-capture`.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Spec, Trial};

/// The time of the middle one of so many runs.
fn middle(n: usize, mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..n)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[n / 2]
}

#[test]
#[ignore = "it takes minutes to fill; figures are in benches/README.md"]
#[expect(clippy::print_stdout, reason = "it is a measurement")]
fn fifty_thousand_findings_stay_fluent() {
    let n = std::env::var("FINDINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(50_000);
    let start = Instant::now();
    let trial = Trial::new(&Spec::large(n));
    println!("filled {n} findings in {:?}", start.elapsed());
    let case = trial.paper.name();
    let tab = trial.tab("Dana");
    let path = |rest: &str| format!("/cases/{case}/queue?limit=100{rest}");
    let start = Instant::now();
    let first = tab.get(&path(""));
    println!("first page, loading everything: {:?}", start.elapsed());
    assert_eq!(first["n_findings"].as_u64(), Some(n as u64));
    let tell = |what: &str, rest: &str| {
        tab.get(&path(rest));
        println!("{what}: {:?}", middle(9, || drop(tab.get(&path(rest)))));
    };
    tell("first page", "");
    tell("filtered", "&verdict=open&tier=certain,probable&source=mail");
    tell("by thread, by date", "&group=thread&sort=date");
    tell("one finding a line", "&group=finding");
    let next = tab.get(&path("&group=finding"))["next_cursor"].as_str().unwrap().to_owned();
    tell("next page", &format!("&group=finding&cursor={next}"));
    let key = first["rows"][50]["item"].as_str().unwrap().to_owned();
    println!(
        "an item: {:?}",
        middle(9, || drop(tab.get(&format!("/cases/{case}/items/{key}"))))
    );
    println!(
        "its text with marks: {:?}",
        middle(9, || drop(tab.get(&format!("/cases/{case}/items/{key}/passages"))))
    );
    println!("dashboard: {:?}", middle(5, || drop(tab.get("/cases"))));
    let mut revision = 0;
    let mut rows = first["rows"].as_array().unwrap().iter();
    let decided = middle(9, || {
        let item = &rows.next().unwrap()["item"];
        let body = json!({"expected": revision, "targets": [{"item": item}],
                          "verdict": "disclose", "reason": ""});
        let done = tab.post(&format!("/cases/{case}/decisions"), body);
        revision = done["revision"].as_u64().unwrap();
    });
    println!("a decision: {decided:?}");
    let all = json!({"expected": revision, "filter": {"verdict": ["open"]}, "verdict": "incidental",
                     "reason": ""});
    let start = Instant::now();
    tab.post(&format!("/cases/{case}/decisions/preview"), all.clone());
    println!("preview of all others: {:?}", start.elapsed());
    let start = Instant::now();
    let done = tab.post(&format!("/cases/{case}/decisions"), all);
    println!("deciding {} in bulk: {:?}", done["n_recorded"], start.elapsed());
    let (first, last) = (&done["first"], &done["last"]);
    let start = Instant::now();
    tab.post(
        &format!("/cases/{case}/undo"),
        json!({"expected": done["revision"], "first": first, "last": last}),
    );
    println!("undoing that: {:?}", start.elapsed());
    tell("first page after it", "");
}
