//! A person is erased, as a user types it; and every other byte and row is as before.

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::{Clinic, Ended, digest, files};
use serde_json::Value;

/// A clinic in which the first requester asks for erasure, searched and decided.
struct Erasure {
    clinic: Clinic,
    case: String,
}

impl Erasure {
    fn new() -> Self {
        Self::with(|_| ())
    }

    /// As [`Erasure::new`], with something changed before the estate is indexed.
    fn with(change: impl FnOnce(&Clinic)) -> Self {
        let clinic = Clinic::new();
        change(&clinic);
        clinic.json(&["index"]);
        let request = &clinic.gold.requests[0];
        let file = clinic.dir.path().join("erasure.json");
        let stated = serde_json::json!({
            "names": request.subject.names,
            "born": request.subject.born,
            "identifiers": request.subject.identifiers,
            "received": request.received,
            "right": "erasure",
        });
        std::fs::write(&file, stated.to_string()).unwrap();
        let opened = clinic.json(&["open", "--file", &file.display().to_string()]);
        let case = opened[0]["data"]["case"].as_str().unwrap().to_owned();
        clinic.json(&["match", &case]);
        clinic.json(&["decide", &case, "--suggested", "--by", "tester"]);
        Self { clinic, case }
    }

    fn plan(&self) -> Plan {
        let lines = self.clinic.json(&["erase", "plan", &self.case, "--by", "drawer"]);
        let (last, steps) = lines.split_last().unwrap();
        assert_eq!(last["type"], "plan");
        Plan {
            file: PathBuf::from(last["data"]["plan"].as_str().unwrap()),
            digest: last["data"]["digest"].as_str().unwrap().to_owned(),
            steps: steps.iter().map(|line| line["data"].clone()).collect(),
        }
    }

    fn apply(&self, plan: &Plan, more: &[&str]) -> Ended {
        let file = plan.file.display().to_string();
        let mut all =
            vec!["--json", "erase", "apply", &file, "--digest", &plan.digest, "--by", "approver"];
        all.extend(more);
        self.clinic.run(&all)
    }

    /// Every file of the clinic with its bytes.
    fn tree(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let dir = &self.clinic.gold.dir;
        files(dir)
            .into_iter()
            .map(|path| (path.clone(), std::fs::read(dir.join(path)).unwrap()))
            .collect()
    }

    fn secrets(&self) -> Vec<String> {
        let subject = &self.clinic.gold.requests[0].subject;
        let names = subject.names.iter().map(|name| name.value.clone());
        names.chain(subject.identifiers.iter().map(|one| one.value.clone())).collect()
    }
}

struct Plan {
    file: PathBuf,
    digest: String,
    steps: Vec<Value>,
}

impl Plan {
    fn read(&self) -> Value {
        serde_json::from_slice(&std::fs::read(&self.file).unwrap()).unwrap()
    }

    fn of(&self, action: &str) -> Vec<&Value> {
        self.steps.iter().filter(|step| step["action"] == action).collect()
    }
}

/// The lines of a file without those with one of these numbers, counted from 1.
fn without_lines(bytes: &[u8], numbers: &[u64]) -> Vec<u8> {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    (1..)
        .zip(lines)
        .filter(|(number, _)| !numbers.contains(number))
        .flat_map(|(_, line)| line)
        .copied()
        .collect()
}

/// The messages of a mailbox of the clinic, each with its envelope.
fn messages(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut is_after_gap = true;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if is_after_gap && line.starts_with(b"From ") {
            messages.push(Vec::new());
        }
        is_after_gap = line.trim_ascii().is_empty();
        messages.last_mut().unwrap().extend_from_slice(line);
    }
    messages
}

#[test]
fn a_person_is_erased_and_all_else_is_as_before() {
    let erasure = Erasure::new();
    let before = erasure.tree();
    let plan = erasure.plan();
    assert_eq!(erasure.tree(), before, "a plan changed something");
    for step in &plan.steps {
        println!(
            "{} {} {} {} -- {}",
            step["action"], step["source"], step["path"], step["place"], step["reason"]
        );
    }
    let document = plan.read();
    let planned = document["files"].as_array().unwrap();
    for file in planned {
        println!("{} {} {}", file["path"], file["rest"], file["result"]);
    }
    let ended = erasure.apply(&plan, &[]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let after = erasure.tree();

    // Nothing but the files of the plan changed, and each came out as the plan says.
    let mut touched = BTreeMap::new();
    for file in planned {
        let source = file["source"].as_str().unwrap();
        let path = Path::new(source).join(file["raw"]["text"].as_str().unwrap());
        touched.insert(path, file);
    }
    for (path, bytes) in &before {
        match touched.get(path) {
            None => assert_eq!(after.get(path), Some(bytes), "{} changed", path.display()),
            Some(file) if file["result"].is_null() => assert!(!after.contains_key(path)),
            Some(file) => {
                let id = habeas_model::ItemId::of(&after[path]).to_string();
                assert_eq!(file["result"]["digest"], id.as_str(), "{}", path.display());
            }
        }
    }
    assert!(after.keys().all(|path| before.contains_key(path)), "something was left behind");

    // Rows of tables as text: the other lines are there, to the byte.
    let mut n_tables = 0;
    for (path, file) in &touched {
        let is_table = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        if !is_table || !file["edit"]["bytes"].is_array() {
            continue;
        }
        let rows: Vec<u64> = plan
            .steps
            .iter()
            .filter(|step| step["file"] == file["number"])
            .map(|step| step["place"]["number"].as_u64().unwrap())
            .collect();
        if before[path].contains(&b'"') {
            // A row may have several lines.
            continue;
        }
        assert_eq!(after[path], without_lines(&before[path], &rows), "{}", path.display());
        n_tables += 1;
    }
    assert!(n_tables >= 2, "{n_tables} tables");

    // Messages of mailboxes: the other ones are there, to the byte, in order.
    let mut n_mailboxes = 0;
    for (path, file) in
        touched.iter().filter(|(path, _)| path.extension().is_some_and(|it| it == "mbox"))
    {
        let of_file = plan.steps.iter().filter(|step| step["file"] == file["number"]);
        let gone: Vec<usize> = of_file
            .map(|step| {
                let path = step["path"].as_str().unwrap();
                path.split(" ▸ ").nth(1).unwrap().parse().unwrap()
            })
            .collect();
        let kept: Vec<u8> = (1..)
            .zip(messages(&before[path]))
            .filter(|(number, _)| !gone.contains(number))
            .flat_map(|(_, message)| message)
            .collect();
        assert_eq!(after.get(path), Some(&kept), "{}", path.display());
        n_mailboxes += 1;
    }
    assert!(n_mailboxes >= 2, "{n_mailboxes} mailboxes");

    let verified = erasure.clinic.json(&["erase", "verify", &erasure.case, "--by", "tester"]);
    for line in &verified {
        println!("{line}");
    }
    let sums = &verified.last().unwrap()["data"];
    assert_eq!(
        (&sums["absent"], &sums["back"], &sums["new"]),
        (&true.into(), &0.into(), &0.into())
    );
    let check = erasure.clinic.run(&["check"]);
    assert!(check.code <= 1, "{}{}", check.stdout, check.stderr);
}

#[test]
fn nothing_is_erased_without_the_approval_of_the_plan_that_was_drawn_up() {
    let erasure = Erasure::new();
    let before = digest(&erasure.clinic.gold.dir);
    let refused = |arguments: &[&str], words: &str| {
        let ended = erasure.clinic.run(arguments);
        assert!(matches!(ended.code, 2 | 3), "{arguments:?}: {} {}", ended.code, ended.stderr);
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
        assert_eq!(digest(&erasure.clinic.gold.dir), before, "{arguments:?} changed something");
    };
    refused(&["erase", "verify", &erasure.case], "nothing of case");
    refused(&["erase", "undo", &erasure.case], "nothing of case");
    let plan = erasure.plan();
    let file = plan.file.display().to_string();
    let apply = ["erase", "apply", &file, "--by"];
    let with = |more: &[&'static str]| -> Vec<String> {
        apply.iter().chain(more).map(|it| (*it).to_owned()).collect()
    };
    let run = |all: Vec<String>, words: &str| {
        refused(&all.iter().map(String::as_str).collect::<Vec<_>>(), words);
    };
    run(with(&["approver"]), "--digest");
    run(with(&["approver", "--digest", "0123"]), "digest");
    let mut own = with(&["drawer", "--digest"]);
    own.push(plan.digest.clone());
    run(own, "whoever drew up a plan");
    let mut nobody = with(&[" ", "--digest"]);
    nobody.push(plan.digest.clone());
    run(nobody, "who approves");

    // A plan that was edited, with the digest that it has now.
    let text = std::fs::read_to_string(&plan.file).unwrap();
    let edited = erasure.clinic.dir.path().join("edited.json");
    std::fs::write(&edited, text.replacen("\"is_copy\": false", "\"is_copy\": true", 1)).unwrap();
    let its_digest = habeas_model::ItemId::of(&std::fs::read(&edited).unwrap()).to_string();
    let edited = edited.display().to_string();
    refused(
        &["erase", "apply", &edited, "--digest", &its_digest, "--by", "x"],
        "not one that Habeas drew up",
    );
    std::fs::write(&edited, format!("{text} ")).unwrap();
    refused(
        &["erase", "apply", &edited, "--digest", &plan.digest, "--by", "x"],
        "edited or damaged",
    );

    // A hold that was placed since, and a decision that was made since.
    let config = erasure.clinic.root().join("habeas.toml");
    let was = std::fs::read_to_string(&config).unwrap();
    let hold = "\n[[hold]]\nname = \"Claim\"\nreason = \"a claim\"\nsources = [\"mail\"]\n";
    std::fs::write(&config, format!("{was}{hold}")).unwrap();
    let good = ["erase", "apply", &file, "--digest", &plan.digest, "--by", "approver"];
    refused(&good, "legal hold");
    let held = erasure.plan();
    assert!(
        held.of("keep")
            .iter()
            .any(|step| step["source"] == "mail" && step["clause"] == "Art. 17(3)(e)")
    );
    std::fs::write(&config, &was).unwrap();
    refused(&good, "a later plan");
    let plan = erasure.plan();
    let file = plan.file.display().to_string();
    erasure.clinic.json(&[
        "decide",
        &erasure.case,
        "--tier",
        "certain",
        "--verdict",
        "not-subject",
        "--reason",
        "x",
    ]);
    refused(
        &["erase", "apply", &file, "--digest", &plan.digest, "--by", "approver"],
        "decided again since the plan",
    );

    // Whoever waits for a copy gets it before it is erased.
    erasure.clinic.open(0);
    refused(&["erase", "plan", &erasure.case], "s. 173");
}

#[test]
fn a_run_that_is_killed_goes_on_and_an_erasure_is_undone() {
    let erasure = Erasure::new();
    let before = erasure.tree();
    let plan = erasure.plan();
    let root = erasure.clinic.root().display().to_string();
    let file = plan.file.display().to_string();
    for wait_ms in [2, 9, 14, 20, 27, 35] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_habeas"))
            .args(["--estate", &root, "erase", "apply", &file, "--digest", &plan.digest])
            .args(["--by", "approver", "--keep-days", "30"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let ended = erasure.apply(&plan, &["--keep-days", "30"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let document = plan.read();
    let n_files = document["files"].as_array().unwrap().len() as u64;
    let done = common::lines(&ended.stdout);
    assert_eq!(done.last().unwrap()["data"]["files"].as_u64(), Some(n_files));
    let after = erasure.tree();
    for file in document["files"].as_array().unwrap() {
        let path =
            Path::new(file["source"].as_str().unwrap()).join(file["raw"]["text"].as_str().unwrap());
        let id = after.get(&path).map(|bytes| habeas_model::ItemId::of(bytes).to_string());
        assert_eq!(file["result"]["digest"].as_str(), id.as_deref(), "{}", path.display());
    }
    assert!(after.keys().all(|path| before.contains_key(path)), "something was left behind");

    let undone = erasure.clinic.run(&["erase", "undo", &erasure.case]);
    assert_eq!(undone.code, 0, "{}{}", undone.stdout, undone.stderr);
    assert!(erasure.tree() == before, "undone is not as before");
    erasure.clinic.json(&["erase", "expire", "--now"]);
    let again = erasure.clinic.run(&["erase", "undo", &erasure.case]);
    assert_eq!(again.code, 3, "{}", again.stdout);
}

#[test]
fn a_restored_backup_is_noticed_and_the_person_gets_no_mailings() {
    let erasure = Erasure::new();
    let listed = erasure.clinic.json(&["suppress", &erasure.case, "--since", "2025-01-01"]);
    let sums = &listed.last().unwrap()["data"];
    assert_eq!((&sums["lists"], &sums["refused"]), (&2.into(), &0.into()));
    assert!(sums["mailings_after"].as_u64().unwrap() > 0, "{sums}");
    let list = erasure.clinic.source("marketing").join("suppression.csv");
    let entry = std::fs::read_to_string(&list).unwrap();
    assert!(entry.contains("eleanor.marsden@example.org"));
    // What was written a moment ago would be looked at twice.
    erasure.clinic.json(&["index"]);
    erasure.clinic.json(&["match", &erasure.case]);
    erasure.clinic.json(&["decide", &erasure.case, "--suggested", "--by", "tester"]);

    let plan = erasure.plan();
    let is_list = |step: &&&Value| step["path"] == "suppression.csv";
    let kept = plan.of("keep").into_iter().find(|step| is_list(&step)).unwrap().clone();
    assert_eq!(kept["clause"], "Art. 21(3)");
    let before = erasure.tree();
    assert_eq!(erasure.apply(&plan, &[]).code, 0);
    let verified = erasure.clinic.json(&["erase", "verify", &erasure.case]);
    assert_eq!(verified.last().unwrap()["data"]["absent"], true, "{verified:?}");
    assert_eq!(std::fs::read_to_string(&list).unwrap(), entry);
    assert_eq!(erasure.clinic.run(&["erase", "watch"]).code, 0);

    // One message and one row come back.
    let document = plan.read();
    let planned = document["files"].as_array().unwrap();
    let back = |is: &dyn Fn(&Value) -> bool| {
        let file = planned.iter().find(|file| is(file)).unwrap();
        let path =
            Path::new(file["source"].as_str().unwrap()).join(file["raw"]["text"].as_str().unwrap());
        std::fs::write(erasure.clinic.gold.dir.join(&path), &before[&path]).unwrap();
    };
    back(&|file| file["result"].is_null());
    back(&|file| !file["result"].is_null() && file["path"].as_str().unwrap().ends_with(".csv"));
    erasure.clinic.json(&["index"]);
    let watched = erasure.clinic.json(&["erase", "watch"]);
    assert!(watched.last().unwrap()["data"]["back"].as_u64().unwrap() >= 1, "{watched:?}");
    let verified = erasure.clinic.json(&["erase", "verify", &erasure.case]);
    let sums = &verified.last().unwrap()["data"];
    assert_eq!(sums["absent"], false);
    assert!(sums["back"].as_u64().unwrap() >= 2, "{verified:?}");

    // Nothing that watches names anybody.
    let dir = erasure.clinic.root().join("cases").join(&erasure.case).join("erase");
    for path in files(&dir) {
        if ["watch.json", "tombstones.jsonl", "journal.jsonl"]
            .iter()
            .any(|name| path.ends_with(name))
        {
            let text = std::fs::read_to_string(dir.join(&path)).unwrap().to_lowercase();
            for secret in erasure.secrets() {
                assert!(!text.contains(&secret.to_lowercase()), "{}", path.display());
            }
        }
    }
}
