//! Whatever is asked for, page after page gives every line once, in order, while people decide.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Spec, Tab, Trial};

/// Every key of a list, page after page; `between` is done after each page.
fn keys(tab: &Tab<'_>, path: &str, between: &mut dyn FnMut(&Value)) -> Vec<String> {
    let mut keys = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = tab.get(&format!("{path}{cursor}"));
        let rows = page["rows"].as_array().unwrap();
        keys.extend(rows.iter().map(|row| row["key"].as_str().unwrap().to_owned()));
        between(&page);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return keys,
        }
    }
}

#[test]
fn every_line_comes_once_in_order() {
    let trial = Trial::new(&Spec::large(400));
    let case = trial.paper.name();
    let tab = trial.tab("Dana");
    for group in ["item", "finding", "thread", "family"] {
        for sort in ["tier", "score", "date", "source", "title"] {
            for order in ["asc", "desc"] {
                let path =
                    format!("/cases/{case}/queue?group={group}&sort={sort}&order={order}");
                let whole = tab.get(&format!("{path}&limit=500"));
                let all: Vec<String> = whole["rows"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|row| row["key"].as_str().unwrap().to_owned())
                    .collect();
                assert_eq!(whole["total"].as_u64(), Some(all.len() as u64));
                assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len(), "{path}");
                for limit in [1, 7, 100] {
                    if limit == 1 && (group, sort) != ("item", "tier") {
                        continue;
                    }
                    let paged = keys(&tab, &format!("{path}&limit={limit}"), &mut |_| {});
                    assert_eq!(paged, all, "{path} by {limit}");
                }
            }
        }
    }
}

#[test]
fn deciding_while_paging_skips_nothing() {
    let trial = Trial::new(&Spec::large(400));
    let case = trial.paper.name();
    let tab = trial.tab("Dana");
    let path = format!("/cases/{case}/queue?verdict=open&limit=9");
    let before = tab.get(&path)["total"].as_u64().unwrap();
    let mut revision = 0;
    let seen = keys(&tab, &path, &mut |page| {
        // Every line of the page is decided, so that none of them fits any more.
        let targets: Vec<Value> = page["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| json!({"item": row["item"]}))
            .collect();
        let body = json!({"expected": revision, "targets": targets, "verdict": "disclose",
                          "reason": ""});
        let done = tab.post(&format!("/cases/{case}/decisions"), body);
        revision = done["revision"].as_u64().unwrap();
    });
    assert_eq!(seen.len() as u64, before);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), seen.len());
    assert_eq!(tab.get(&path)["total"], 0);
}

#[test]
fn facets_count_what_each_filter_would_give() {
    let trial = Trial::new(&Spec::large(300));
    let case = trial.paper.name();
    let tab = trial.tab("Dana");
    let path = |rest: &str| format!("/cases/{case}/queue?limit=1{rest}");
    let base = tab.get(&path("&tier=certain,probable"));
    for (facet, of) in [("tier", "&tier="), ("source", "&tier=certain,probable&source=")] {
        for (value, n) in base["facets"][facet].as_object().unwrap() {
            let value = value.replace(' ', "%20");
            let there = tab.get(&path(&format!("{of}{value}")));
            assert_eq!(there["n_findings"], *n, "{facet} {value}");
        }
    }
    for (value, n) in base["facets"]["month"].as_object().unwrap() {
        let from = format!("&tier=certain,probable&from={value}-01&to={value}-28");
        assert_eq!(tab.get(&path(&from))["n_findings"], *n, "{value}");
    }
    let sum: u64 =
        base["facets"]["tier"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(tab.get(&path(""))["n_findings"].as_u64(), Some(sum));
}

#[test]
fn a_line_is_found_again_and_neighbours_follow_the_order() {
    let trial = Trial::new(&Spec::large(200));
    let case = trial.paper.name();
    let tab = trial.tab("Dana");
    let list = format!("/cases/{case}/queue?sort=date&tier=certain&limit=500");
    let all = keys(&tab, &list, &mut |_| {});
    for (number, key) in all.iter().enumerate().step_by(11) {
        let page = tab.get(&format!("/cases/{case}/queue?sort=date&tier=certain&limit=10&at={key}"));
        let position = page["position"].as_u64().unwrap() as usize;
        assert!(position <= number && number < position + 10, "{number} {position}");
        let one = tab.get(&format!("/cases/{case}/items/{key}?sort=date&tier=certain"));
        let at = |number: Option<usize>| number.and_then(|it| all.get(it)).map_or(Value::Null, |it| json!(it));
        assert_eq!(one["previous"], at(number.checked_sub(1)));
        assert_eq!(one["next"], at(Some(number + 1)));
    }
}

#[test]
fn a_cursor_of_another_list_or_search_is_refused() {
    let trial = Trial::new(&Spec::large(150));
    let case = trial.paper.name();
    let tab = trial.tab("Dana");
    let path = |rest: &str| format!("/cases/{case}/queue?limit=5{rest}");
    let next = tab.get(&path(""))["next_cursor"].as_str().unwrap().to_owned();
    let status = |rest: &str| tab.ask("get", &path(rest), None).0;
    assert_eq!(status(&format!("&cursor={next}")), 200);
    assert_eq!(status(&format!("&cursor={next}&sort=date")), 400);
    assert_eq!(status("&cursor=nonsense"), 400);
    assert_eq!(status("&limit=0"), 400);
    // Searched again with fewer findings, the list is another one.
    let mut record = trial.paper.case.search_record().unwrap();
    let mut findings = trial.paper.case.findings().unwrap();
    findings.truncate(100);
    trial.paper.case.save_search(&findings, &[], &mut record).unwrap();
    let (status, problem) = tab.ask("get", &path(&format!("&cursor={next}")), None);
    assert_eq!((status, problem["code"].as_str()), (409, Some("changed")));
    assert_eq!(tab.get(&path(""))["n_findings"], 100);
}
