//! Other people: who is shown on which ground, where, and that nobody else is.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use common::{Clinic, digest, files, lines};
use habeas_document::{Budget, read_family};
use serde_json::Value;

/// A bundle: its folder, and what the command said of it.
struct Bundle {
    dir: PathBuf,
    said: Value,
}

fn bundle(clinic: &Clinic, case: &str, out: &str) -> Bundle {
    let out = clinic.dir.path().join(out).display().to_string();
    let made = clinic.json(&["bundle", case, "--out", &out, "--date", "2026-11-20"]);
    let said = made.last().unwrap()["data"].clone();
    let dir = PathBuf::from(said["bundle"].as_str().unwrap());
    let verified = clinic.run(&["verify", &dir.display().to_string()]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    Bundle { dir, said }
}

/// Words in lower case with one blank between them, and one at each end.
fn spaced(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    format!(" {} ", words.join(" "))
}

/// Every file of a bundle as words, by its name.
fn texts(bundle: &Bundle) -> BTreeMap<String, String> {
    let text = |path: &Path| {
        let bytes = std::fs::read(bundle.dir.join(path)).unwrap();
        if path.extension().is_none_or(|extension| extension != "pdf") {
            return String::from_utf8_lossy(&bytes).into_owned();
        }
        let mut text = String::new();
        read_family("x.pdf", &bytes, &Budget::default(), &mut |member| {
            text.push_str(&member.document.text());
        });
        text
    };
    files(&bundle.dir)
        .iter()
        .map(|path| (path.display().to_string(), spaced(&text(path))))
        .collect()
}

/// The files that say these words.
fn say(texts: &BTreeMap<String, String>, words: &str) -> BTreeSet<String> {
    let words = spaced(words);
    texts.iter().filter(|(_, text)| text.contains(&words)).map(|(name, _)| name.clone()).collect()
}

/// The decision log in the case's folder.
fn log(clinic: &Clinic, case: &str) -> Vec<Value> {
    let file = clinic.root().join("cases").join(case).join("redactions.jsonl");
    lines(&std::fs::read_to_string(file).unwrap())
}

/// The lines of a table of the bundle, by the names of its columns.
fn table(bundle: &Bundle, name: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(bundle.dir.join(name)).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let named = |row: csv::StringRecord| {
        header.iter().zip(&row).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|row| named(row.unwrap())).collect()
}

/// The schedules, the log and what the command says agree on every figure.
fn check_sums(clinic: &Clinic, case: &str, bundle: &Bundle) {
    let rows = table(bundle, "03_Schedule-of-redactions.csv");
    let sum = |outcome: &str| -> u64 {
        let rows = rows.iter().filter(|row| row["outcome"] == outcome);
        rows.map(|row| row["number"].parse::<u64>().unwrap()).sum()
    };
    let documents = table(bundle, "03_Schedule-of-documents.csv");
    let given = documents.iter().filter(|row| row["status"] == "given");
    let taken_out: u64 = given.map(|row| row["taken_out"].parse::<u64>().unwrap()).sum();
    let log = log(clinic, case);
    let logged = |outcome: &str| log.iter().filter(|row| row["outcome"] == outcome).count() as u64;
    for figure in [sum("taken out"), taken_out, logged("taken out")] {
        assert_eq!(figure, bundle.said["redactions"].as_u64().unwrap());
    }
    for figure in [sum("shown"), logged("shown")] {
        assert_eq!(figure, bundle.said["shown"].as_u64().unwrap());
    }
    for row in &rows {
        assert!(!row["ground"].is_empty() && !row["provision"].is_empty(), "{row:?}");
    }
}

struct Person {
    number: u64,
    /// The number as it is typed.
    id: String,
    name: String,
    written: Vec<String>,
    /// Other people of the list with the same names.
    n_same: usize,
}

fn people(listed: &[Value]) -> Vec<Person> {
    let people = listed.iter().filter(|line| line["type"] == "person").map(|line| &line["data"]);
    people
        .map(|data| {
            let written = data["written"].as_array().unwrap();
            let written: Vec<String> =
                written.iter().map(|words| words.as_str().unwrap().to_owned()).collect();
            let n_same = data["same_words"].as_array().unwrap().len();
            let (number, name) = (data["number"].as_u64().unwrap(), written[0].clone());
            Person { number, id: number.to_string(), name, written, n_same }
        })
        .collect()
}

#[test]
fn a_policy_shows_one_person_and_a_place_one_mention() {
    let clinic = Clinic::new();
    clinic.json(&["index"]);
    let case = clinic.open(0);
    clinic.json(&["match", &case]);

    // Before anything is decided the list is of what is suggested, and it is the same each time.
    let listed = clinic.json(&["people", &case]);
    assert_eq!(listed, clinic.json(&["people", &case]));
    clinic.json(&["decide", &case, "--suggested", "--by", "tester"]);
    assert_eq!(listed, clinic.json(&["people", &case]), "the decisions are those suggested");
    let status = clinic.json(&["status", &case]);
    assert_eq!(status[0]["data"]["people"], listed.len());

    let plain = bundle(&clinic, &case, "plain");
    check_sums(&clinic, &case, &plain);
    assert_eq!(plain.said["shown"], 0);
    let before = texts(&plain);
    let people = people(&listed);
    // Whole names of one person each, in several items, of which nothing can be read so far.
    let is_whole = |person: &&Person| {
        let words = spaced(&person.name);
        words.split_whitespace().filter(|word| word.len() > 2).count() >= 2
            && !person.name.contains(['@', ','])
            && person.n_same == 0
            && say(&before, &person.name).is_empty()
    };
    let logged = log(&clinic, &case);
    let items_of = |person: &Person| -> BTreeSet<&str> {
        let rows = logged.iter().filter(|row| row["person"] == person.number);
        rows.map(|row| row["item"].as_str().unwrap()).collect()
    };
    let mut whole = people.iter().filter(is_whole).filter(|person| items_of(person).len() >= 2);
    let (one, other) = (whole.next().expect("somebody"), whole.next().expect("somebody else"));

    // Once for the person: shown wherever they are named.
    clinic.json(&[
        "people",
        &case,
        "--set",
        &one.id,
        "--policy",
        "show",
        "--ground",
        "consent",
        "--reason",
        "she wrote on 3 May",
        "--by",
        "tester",
    ]);
    // For the other only at one place of one item.
    let places = clinic.json(&["people", &case, "--places", &other.id]);
    let place = &places[0]["data"];
    let item = place["item"].as_str().unwrap();
    let at = place["place_in_words"].as_str().unwrap();
    clinic.json(&[
        "people",
        &case,
        "--set",
        &other.id,
        "--policy",
        "show",
        "--ground",
        "staff",
        "--item",
        &item[..12],
        "--place",
        at,
        "--by",
        "tester",
    ]);

    let shown = bundle(&clinic, &case, "shown");
    check_sums(&clinic, &case, &shown);
    let after = texts(&shown);
    let log = log(&clinic, &case);
    let rows_of = |person: &Person, outcome: &str| -> Vec<&Value> {
        let is_it = |row: &&Value| row["person"] == person.number && row["outcome"] == outcome;
        log.iter().filter(is_it).collect()
    };
    let exhibits = |rows: &[&Value]| -> BTreeSet<String> {
        let first: BTreeSet<&str> =
            rows.iter().map(|row| row["first_page"].as_str().unwrap()).collect();
        after
            .keys()
            .filter(|name| first.iter().any(|first| name.ends_with(&format!("/{first}.pdf"))))
            .cloned()
            .collect()
    };
    let is_exhibit = |name: &String| name.ends_with(".pdf") && name.contains('/');
    let says = |words: &str| -> BTreeSet<String> {
        say(&after, words).into_iter().filter(is_exhibit).collect()
    };

    let of_one = rows_of(one, "shown");
    assert!(of_one.iter().all(|row| row["ground"] == "TP-CONSENT" && row["basis"] == "decided"));
    assert!(rows_of(one, "taken out").is_empty());
    let named = says(&one.name);
    assert!(!named.is_empty(), "nobody is shown");
    assert!(named.is_subset(&exhibits(&of_one)));

    // The other is named in one exhibit, and nowhere else in the bundle.
    let of_other = rows_of(other, "shown");
    assert!(!of_other.is_empty() && of_other.iter().all(|row| row["item"] == item));
    assert!(!rows_of(other, "taken out").is_empty());
    assert!(exhibits(&of_other).len() == 1);
    let allowed = exhibits(&of_other);
    assert!(says(&other.name).is_subset(&allowed), "{:?}", says(&other.name));
    let portable = |name: &str| name.starts_with("P_Portability");
    for name in say(&after, &other.name) {
        assert!(allowed.contains(&name) || portable(&name), "shown in {name}");
    }
    assert!(!say(&after, &other.name).is_empty());

    // Whatever could not be read before and is not theirs cannot be read now.
    for person in people.iter().filter(|it| it.number != one.number && it.number != other.number) {
        for words in person.written.iter().filter(|words| spaced(words).len() > 6) {
            let is_part = [one, other].iter().any(|shown| {
                shown.written.iter().any(|written| spaced(written).contains(&spaced(words)))
            });
            if say(&before, words).is_empty() && !is_part {
                assert!(say(&after, words).is_empty(), "person {} is named", person.number);
            }
        }
    }

    // The same estate and the same decisions give the same bytes.
    let again = bundle(&clinic, &case, "again");
    assert_eq!(digest(&shown.dir), digest(&again.dir));

    // The case keeps no word of what was taken out in its log, and the ledger has its digest.
    let folder = clinic.root().join("cases").join(&case);
    let text = std::fs::read_to_string(folder.join("redactions.jsonl")).unwrap().to_lowercase();
    for person in &people {
        for words in person.written.iter().filter(|words| words.contains([' ', '@'])) {
            assert!(!text.contains(&words.to_lowercase()), "person {} is in it", person.number);
        }
    }
    let ledger = std::fs::read_to_string(folder.join("decisions.jsonl")).unwrap();
    let n_bundled = ledger.lines().filter(|line| line.contains("redactions_sha256")).count();
    assert_eq!(n_bundled, 3);

    // Taken back, nobody is shown any more.
    for (person, more) in [(one, vec![]), (other, vec!["--item", &item[..12], "--place", at])] {
        let mut arguments = vec!["people", &case, "--set", &person.id, "--policy", "default"];
        arguments.extend(more);
        clinic.json(&arguments);
    }
    let back = clinic.json(&["people", &case]);
    assert_eq!(back, listed);

    // Who is nobody stays in the list, so that it can be taken back.
    clinic.json(&["people", &case, "--set", &one.id, "--nobody"]);
    let people = clinic.json(&["people", &case]);
    let nobody = people.iter().find(|line| line["data"]["number"] == one.number).unwrap();
    assert!(nobody["data"]["n_places"].as_u64().unwrap() > 0);
    assert_eq!(nobody["data"]["decisions"][0]["policy"], "nobody");
}

#[test]
fn a_wrong_policy_says_what_to_do() {
    let clinic = Clinic::new();
    clinic.json(&["index"]);
    let case = clinic.open(0);
    let says = |arguments: &[&str], code: i32, words: &str| {
        let mut all = vec!["people", case.as_str()];
        all.extend(arguments);
        let ended = clinic.run(&all);
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(words), "{arguments:?}: {}", ended.stderr);
    };
    says(&[], 3, "habeas match");
    clinic.json(&["match", &case]);
    says(&["--set", "1", "--policy", "take-out"], 2, "habeas people");
    clinic.json(&["people", &case]);
    says(&["--set", "1"], 2, "--policy");
    says(&["--set", "1", "--policy", "show"], 2, "--ground");
    says(&["--set", "1", "--policy", "show", "--ground", "love"], 2, "consent");
    says(&["--set", "1", "--policy", "show", "--ground", "consent"], 2, "--reason");
    says(&["--set", "1", "--policy", "take-out", "--ground", "staff"], 2, "--ground");
    says(&["--set", "1", "--policy", "hide"], 2, "take-out");
    says(&["--set", "1", "--policy", "take-out", "--role-label", "Tom"], 2, "lower case");
    says(&["--set", "99999", "--policy", "take-out"], 2, "habeas people");
    says(&["--set", "1", "--nobody", "--item", "ffffffff"], 2, "--places");
    let places = clinic.json(&["people", &case, "--places", "1"]);
    let item = places[0]["data"]["item"].as_str().unwrap();
    says(&["--set", "1", "--nobody", "--item", item, "--place", "page 999"], 2, "--places");
}
