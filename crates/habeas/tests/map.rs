//! Is the map of the made-up clinic true, stable, and does it tell what is otherwise than before?

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use common::Clinic;
use habeas_fixtures::Line;
use serde_json::Value;

/// The day from which everything is counted.
const DAY: &[&str] = &["--date", "2026-04-02"];

fn map(clinic: &Clinic, arguments: &[&str]) -> (i32, Vec<Value>) {
    let mut all = vec!["--json", "map"];
    all.extend(DAY);
    all.extend(arguments);
    let ended = clinic.run(&all);
    assert!(ended.code <= 1 || ended.code == 4, "{}: {}", ended.code, ended.stderr);
    (ended.code, common::lines(&ended.stdout))
}

/// What lines of that type say.
fn of<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["type"] == kind).map(|line| &line["data"]).collect()
}

fn texts<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a str> {
    of(lines, kind).iter().map(|data| data["text"].as_str().unwrap()).collect()
}

/// Every file of a report with its bytes.
fn report(clinic: &Clinic, name: &str) -> BTreeMap<String, Vec<u8>> {
    let dir = clinic.root().join("reports").join(name);
    let names = common::files(&dir).into_iter();
    names.map(|path| (path.display().to_string(), fs::read(dir.join(&path)).unwrap())).collect()
}

#[test]
fn the_map_is_stable_and_tells_what_is_otherwise_than_before() {
    let clinic = Clinic::new();
    // The modes that a checkout gives depend on the machine.
    for path in common::files(&clinic.gold.dir) {
        close(&clinic.gold.dir.join(path));
    }
    clinic.json(&["index"]);

    let (code, first) = map(&clinic, &["--name", "one"]);
    assert_eq!(code, 1, "there is something to look at");
    is_true(&clinic, &first);
    let bytes = report(&clinic, "map-one");
    let names: Vec<&str> = bytes.keys().map(String::as_str).collect();
    assert_eq!(names, ["map.html", "map.json", "places.csv", "ropa.csv", "ropa.json", "ropa.xlsx"]);
    names_nobody(&clinic, &bytes);
    opens_offline(&String::from_utf8(bytes["map.html"].clone()).unwrap());
    is_a_record(&bytes);

    // The same estate on the same day gives the same bytes, and nothing is otherwise.
    let (code, same) = map(&clinic, &["--name", "two", "--since", "one"]);
    assert_eq!((code, of(&same, "change").len()), (1, 0));
    let again = report(&clinic, "map-two");
    for (name, bytes) in bytes.iter().filter(|(name, _)| *name != "map.html") {
        assert!(again[name] == *bytes, "{name} is not the same");
    }
    // The page differs by what it says of the earlier map.
    let told = "<h2>Since one</h2><p>Nothing is otherwise.</p>\n";
    let page = std::str::from_utf8(&again["map.html"]).unwrap();
    assert!(page.contains(told) && page.replace(told, "").as_bytes() == bytes["map.html"]);

    // A new folder, one that is gone, and a file that is opened to everybody.
    let cards = clinic.source("mail").join("exports/cards.csv");
    fs::create_dir(cards.parent().unwrap()).unwrap();
    fs::write(&cards, "Name,Card number\nBo Falk,4111 1111 1111 1111\n").unwrap();
    close(&cards);
    let then = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    fs::File::options().write(true).open(&cards).unwrap().set_modified(then).unwrap();
    fs::remove_dir_all(clinic.source("surveys").join("typeform")).unwrap();
    let open = clinic.source("practice").join("duplicates 2023.csv");
    fs::set_permissions(&open, fs::Permissions::from_mode(0o644)).unwrap();
    clinic.json(&["index"]);
    let (code, changed) = map(&clinic, &["--name", "three", "--since", "last"]);
    assert_eq!(code, 4, "something is otherwise");
    let changes = texts(&changed, "change");
    for expected in [
        "source `mail`, folder `exports` is new",
        "source `surveys`, folder `typeform` is gone, or empty",
        "source `practice`: files open to everybody: 0, now 1",
    ] {
        assert!(changes.contains(&expected), "{expected}: {changes:#?}");
    }
    assert!(
        changes.iter().all(|it| !it.contains("`clinical`")),
        "nothing changed there: {changes:#?}"
    );
    let kept = of(&changed, "remark");
    assert!(kept.iter().any(|remark| remark["kind"] == "readable_by_everybody"
        && remark["source"] == "practice"
        && remark["number"] == 1));
    // Another day alone is told as what it makes overdue, and as nothing else.
    let ended = clinic.run(&["--json", "map", "--date", "2031-01-01", "--since", "three"]);
    assert_eq!(ended.code, 4, "{}", ended.stderr);
    for change in of(&common::lines(&ended.stdout), "change") {
        let what = change["what"].as_str().unwrap();
        assert!(what == "overdue" || what.starts_with("remark:"), "{change}");
    }

    bad_input(&clinic);
    audit(&clinic);
}

fn close(file: &Path) {
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
}

/// What the gold says of a source is what the map says of it.
fn is_true(clinic: &Clinic, lines: &[Value]) {
    let sources = of(lines, "source");
    assert_eq!(sources.len(), 17);
    let source = |name: &str| *sources.iter().find(|source| source["name"] == name).unwrap();
    let accounts = clinic.json(&["status"]);
    for line in &accounts {
        let (name, items) = (&line["data"]["source"], &line["data"]["items"]);
        let holds = &source(name.as_str().unwrap())["holds"];
        let read = items["read"].as_u64().unwrap() + items["duplicate"].as_u64().unwrap();
        assert_eq!(holds["items"].as_u64(), Some(read), "{name}");
        assert_eq!(holds["unread"], items["excepted"], "{name}");
    }
    // Every folder is in one source, and the sums add up.
    let folders = of(lines, "folder");
    for one in &sources {
        let inside = folders.iter().filter(|folder| folder["source"] == one["name"]);
        let n: u64 = inside.map(|folder| folder["holds"]["passages"].as_u64().unwrap()).sum();
        assert_eq!(Some(n), one["holds"]["passages"].as_u64(), "{}", one["name"]);
    }
    let n =
        |source: &Value, key: &str, kind: &str| source["holds"][key][kind].as_u64().unwrap_or(0);
    assert!(n(source("practice"), "whose", "patients") > 50);
    assert!(n(source("payments"), "whose", "customers") > 20);
    assert!(n(source("hr"), "whose", "staff") > 0);
    assert!(n(source("clinical"), "special", "health") > 20);
    assert!(n(source("marketing"), "special", "treatments") > 20);
    assert!(source("payments")["holds"]["ages"]["overdue"].as_u64().unwrap() > 0);
    let remarks = of(lines, "remark");
    assert!(remarks.iter().any(|it| it["kind"] == "past_retention" && it["source"] == "web"));
    let beside = remarks.iter().filter(|it| it["kind"] == "undeclared_store");
    let beside: Vec<&str> = beside.map(|it| it["text"].as_str().unwrap()).collect();
    let stray = ["gold.jsonl", "requests.jsonl", "requests"];
    assert!(
        beside.iter().map(|text| text.split('`').nth(1).unwrap()).eq(stray),
        "what no source covers: {beside:?}"
    );
    assert!(remarks.iter().any(|it| it["kind"] == "unread" && it["source"] == "it"));
    assert!(remarks.iter().any(|it| it["kind"] == "undeclared_special"
        && it["source"] == "marketing"
        && it["special"] == "treatments"));
    assert!(
        !remarks.iter().any(|it| it["kind"] == "readable_by_everybody"),
        "all files are closed"
    );
}

/// A map counts: none of its files holds an address or a number of anybody.
fn names_nobody(clinic: &Clinic, files: &BTreeMap<String, Vec<u8>>) {
    let gold = fs::read_to_string(clinic.gold.dir.join("gold.jsonl")).unwrap();
    let own = "larkrise.example.org";
    let mut known: BTreeSet<String> = BTreeSet::new();
    for line in gold.lines().map(|line| serde_json::from_str::<Line>(line).unwrap()) {
        let Line::Mark(mark) = line else { continue };
        let is_ours = mark.person == "clinic" || mark.text.contains(own);
        if matches!(mark.kind.as_str(), "email" | "phone" | "nhs_number") && !is_ours {
            known.insert(mark.text);
        }
    }
    assert!(known.len() > 500, "the gold has marks");
    for (name, bytes) in files.iter().filter(|(name, _)| !name.ends_with(".xlsx")) {
        let text = std::str::from_utf8(bytes).unwrap();
        for mark in &known {
            assert!(
                !text.contains(mark.as_str()),
                "{name} holds an address or a number of somebody"
            );
        }
    }
}

/// The page loads nothing, runs nothing, and says so to the browser.
fn opens_offline(page: &str) {
    assert!(page.contains("default-src 'none'"));
    for word in
        ["<script", "http:", "https:", "src=", "@import", "url(", "style=\"", "onload", "<link"]
    {
        assert!(!page.contains(word), "the page has {word}");
    }
    assert!(page.matches("<svg").count() == 2 && page.contains("class=\"heat\""));
}

/// The record of processing has the template's thirty columns and a row for each activity.
fn is_a_record(files: &BTreeMap<String, Vec<u8>>) {
    let mut table = csv::Reader::from_reader(files["ropa.csv"].as_slice());
    let head = table.headers().unwrap().clone();
    assert_eq!(
        (head.len(), &head[0], &head[19]),
        (30, "Business function", "Location of personal data")
    );
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 11);
    let treatment = rows.iter().find(|row| &row[0] == "treatment").unwrap();
    assert!(treatment[3].contains("patients") && treatment[3].contains("[found]"));
    assert!(
        treatment[19].contains("Practice management") && treatment[19].contains("Medical records")
    );
    let website = rows.iter().find(|row| &row[0] == "website").unwrap();
    assert_eq!(
        (&website[7], website[8].starts_with("United States: Art. 46")),
        ("United States", true)
    );
    assert!(website[28].starts_with("[found] no: "));
    assert!(files["ropa.xlsx"].starts_with(b"PK"));
    let record: Value = serde_json::from_slice(&files["ropa.json"]).unwrap();
    assert_eq!(record["activities"].as_array().unwrap().len(), 11);
    assert_eq!(record["controller"]["name"], "Lark Rise Clinics Limited");
}

/// A sentence each, and the rest of the report.
fn bad_input(clinic: &Clinic) {
    let config = clinic.root().join("habeas.toml");
    let text = fs::read_to_string(&config).unwrap();
    let broken = text
        .replace("activity = \"website\"", "activity = \"\"")
        .replace("activity = \"payments\"", "activity = \"paymets\"")
        .replace("keep = \"3 years\"", "keep = \"0 years\"")
        .replace("special = [\"health\"]", "special = [\"helth\"]");
    fs::write(&config, broken).unwrap();
    fs::write(clinic.root().join("estate/maps/old.json"), "{\"version\": 0, \"sources\": 7}")
        .unwrap();
    for (since, sentence) in [
        ("none-such", "there is no map `none-such` to compare with; kept are: "),
        ("old", "map `old` cannot be compared with: it is of version 0"),
    ] {
        let (code, lines) = map(clinic, &["--name", "bad", "--since", since]);
        assert_eq!(code, 1);
        let trouble = texts(&lines, "trouble");
        assert!(trouble.len() == 1 && trouble[0].starts_with(sentence), "{trouble:?}");
        assert_eq!(of(&lines, "source").len(), 17, "the rest is there");
        let page = fs::read_to_string(clinic.root().join("reports/map-bad/map.html")).unwrap();
        assert!(page.contains("Since the earlier map"));
        let remarks = texts(&lines, "remark");
        for start in [
            "source `web` has no activity",
            "source `payments` belongs to activity `paymets`, which is not declared",
            "activity `website` has no source",
            "activity `feedback`: `0 years` is an impossible period",
            "activity `employment` expects `helth`, which is no taxonomy",
        ] {
            assert!(remarks.iter().any(|it| it.starts_with(start)), "{start}: {remarks:#?}");
        }
    }
    let record = fs::read_to_string(clinic.root().join("reports/map-bad/ropa.csv")).unwrap();
    assert!(record.contains("(not declared)"), "what no activity declares has a row");
    let wrong = clinic.run(&["map", "--name", "../x"]);
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
    fs::write(&config, text).unwrap();
}

/// What the story of the clinic breaks.
fn audit(clinic: &Clinic) {
    let mut arguments = vec!["--json", "audit"];
    arguments.extend(DAY);
    let ended = clinic.run(&arguments);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let lines = common::lines(&ended.stdout);
    let promises = of(&lines, "promise");
    assert_eq!(promises.len(), 11);
    for promise in &promises {
        assert!(promise["state"].is_string(), "it was checked: {promise}");
    }
    let findings = of(&lines, "finding");
    let found = |check: &str, path: &str, what: &str| {
        findings.iter().any(|it| {
            it["check"] == check
                && it["path"].as_str().unwrap_or_default() == path
                && it["what"].as_str().unwrap().contains(what)
        })
    };
    // She left in May 2025, objected in June, and got an offer in September that tells of her operation.
    let offer = "marketing/sent-2025.mbox ▸ 2";
    assert!(found("after-unsubscribe", offer, "was sent"), "{findings:#?}");
    assert!(found("sensitive-marketing", offer, "treatments"));
    assert!(found("requests", "dpo/request 2026-02-26.eml", "not answered in time"));
    assert!(found("touchpoints", "", "video conferences"));
    assert!(
        findings.iter().any(|it| it["check"] == "children"),
        "there is a child among the patients"
    );
    assert!(findings.iter().any(|it| it["check"] == "retention" && it["severity"] == "high"));
    // A case for the request settles it.
    clinic.open(0);
    let lines = common::lines(&clinic.run(&arguments).stdout);
    let requests = of(&lines, "finding");
    assert!(
        !requests
            .iter()
            .any(|it| it["check"] == "requests" && it["path"] == "dpo/request 2026-02-26.eml"),
        "it is a case now"
    );
}
