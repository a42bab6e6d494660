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

/// Nothing is erased without the approval of the plan that was drawn up last; gives that plan.
fn refusals(erasure: &Erasure, plan: Plan) -> Plan {
    let before = digest(&erasure.clinic.gold.dir);
    let refused = |arguments: &[&str], words: &str| {
        let ended = erasure.clinic.run(arguments);
        assert!(matches!(ended.code, 2 | 3), "{arguments:?}: {} {}", ended.code, ended.stderr);
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
        assert_eq!(digest(&erasure.clinic.gold.dir), before, "{arguments:?} changed something");
    };
    refused(&["erase", "verify", &erasure.case], "nothing of case");
    refused(&["erase", "undo", &erasure.case], "nothing of case");
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
    erasure.plan()
}

#[test]
fn a_person_is_erased_and_all_else_is_as_before() {
    let erasure = Erasure::new();
    let before = erasure.tree();
    let plan = erasure.plan();
    assert_eq!(erasure.tree(), before, "a plan changed something");
    let plan = refusals(&erasure, plan);
    let document = plan.read();
    let planned = document["files"].as_array().unwrap();
    kill_at_many_points(&erasure, &plan);
    let ended = erasure.apply(&plan, &["--keep-days", "30"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    for secret in erasure.secrets() {
        let said = ended.stderr.to_lowercase();
        assert!(!said.contains(&secret.to_lowercase()), "something personal was said");
    }
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
    let sums = &verified.last().unwrap()["data"];
    assert_eq!(
        (&sums["absent"], &sums["back"], &sums["new"]),
        (&true.into(), &0.into(), &0.into())
    );
    let check = erasure.clinic.run(&["check"]);
    assert!(check.code <= 1, "{}{}", check.stdout, check.stderr);

    let undone = erasure.clinic.run(&["erase", "undo", &erasure.case]);
    assert_eq!(undone.code, 0, "{}{}", undone.stdout, undone.stderr);
    assert!(erasure.tree() == before, "undone is not as before");
    erasure.clinic.json(&["erase", "expire", "--now"]);
    assert_eq!(erasure.clinic.run(&["erase", "undo", &erasure.case]).code, 3);

    // A plan ends with the decisions that it rests on; and whoever waits for a copy gets it first.
    erasure.clinic.json(&["index"]);
    erasure.clinic.json(&["match", &erasure.case]);
    let plan = erasure.plan();
    let not_theirs = ["--tier", "certain", "--verdict", "not-subject", "--reason", "x"];
    erasure.clinic.json(&[&["decide", erasure.case.as_str()], not_theirs.as_slice()].concat());
    let ended = erasure.apply(&plan, &[]);
    assert!(ended.code == 3 && ended.stderr.contains("decided again"), "{}", ended.stderr);
    erasure.clinic.open(0);
    let ended = erasure.clinic.run(&["erase", "plan", &erasure.case]);
    assert!(ended.code == 3 && ended.stderr.contains("s. 173"), "{}", ended.stderr);
    assert!(erasure.tree() == before);
}

/// Kills the command sooner and later, until it comes to its end by itself.
fn kill_at_many_points(erasure: &Erasure, plan: &Plan) {
    let root = erasure.clinic.root().display().to_string();
    let file = plan.file.display().to_string();
    let journal = plan.file.with_file_name("journal.jsonl");
    let n_events =
        || std::fs::read(&journal).map_or(0, |bytes| bytes.split(|b| *b == b'\n').count());
    let mut n_kills = 0;
    for wait_ms in (1..200).step_by(2) {
        let was = n_events();
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_habeas"))
            .args(["--estate", &root, "erase", "apply", &file, "--digest", &plan.digest])
            .args(["--by", "approver", "--keep-days", "30"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        if child.try_wait().unwrap().is_some() {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        n_kills += usize::from(n_events() > was);
    }
    assert!(n_kills > 0, "it was never killed while it erased");
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

/// A list in which one row is the person's.
const PEOPLE: &str = "Name,Email,Phone\nBo Ek,bo.ek@example.org,07700 900456\n\
    Amara Lind,amara.lind@example.org,07700 900123\nEve Fox,eve.fox@example.org,07700 900789\n";

fn mail(from: &str, to: &str, text: &str) -> String {
    format!(
        "From: {from}\r\nTo: {to}\r\nDate: Thu, 06 Mar 2025 14:02:11 +0000\r\nSubject: hello\r\n\
         Message-ID: <{}@example.org>\r\n\r\n{text}\r\n",
        text.len()
    )
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Writes a person into every kind of container.
fn containers(dir: &Path) {
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    let amara = "Amara Lind <amara.lind@example.org>";
    let (bo, eve) = ("Bo Ek <bo.ek@example.org>", "Eve Fox <eve.fox@example.org>");
    write("lists/people.csv", PEOPLE.as_bytes());
    write("lists/copy of people.csv", PEOPLE.as_bytes());
    write(
        "lists/people.jsonl",
        b"{\"name\":\"Bo Ek\",\"email\":\"bo.ek@example.org\"}\n\
        {\"name\":\"Amara Lind\",\"email\":\"amara.lind@example.org\"}\n",
    );
    write("mail/cur/1.M1.host:2,S", mail(amara, bo, "I am Amara Lind").as_bytes());
    write("mail/cur/2.M2.host:2,S", mail(eve, bo, "It is Eve").as_bytes());
    let forwarded = format!(
        "From: {bo}\r\nTo: {eve}\r\nSubject: two files\r\nDate: Thu, 06 Mar 2025 15:02:11 +0000\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=part\r\n\r\n--part\r\n\
         Content-Type: text/plain\r\n\r\nSee both, Eve.\r\n--part\r\nContent-Type: message/rfc822; \
         name=hers.eml\r\nContent-Disposition: attachment; filename=hers.eml\r\n\r\n{}\r\n--part\r\n\
         Content-Type: message/rfc822; name=his.eml\r\nContent-Disposition: attachment; \
         filename=his.eml\r\n\r\n{}\r\n--part--\r\n",
        mail(amara, bo, "I am Amara Lind and I write again"),
        mail(bo, eve, "I am Bo")
    );
    write("mail/forwarded.eml", forwarded.as_bytes());
    let letter = mail(amara, eve, "Once more, from Amara Lind");
    let inner = zipped(&[("people.csv", PEOPLE.as_bytes()), ("notes.csv", b"A,B\n1,2\n3,4\n")]);
    write(
        "packed/export.zip",
        &zipped(&[
            ("a/letter.eml", letter.as_bytes()),
            ("b/list.csv", PEOPLE.as_bytes()),
            ("c/inner.zip", &inner),
        ]),
    );
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in [("people.csv", PEOPLE.as_bytes()), ("letter.eml", letter.as_bytes())] {
        let mut head = tar::Header::new_gnu();
        head.set_size(bytes.len() as u64);
        head.set_mode(0o600);
        tar.append_data(&mut head, name, bytes).unwrap();
    }
    write("packed/old.tar", &tar.into_inner().unwrap());
    let database = dir.join("people.db");
    let database = rusqlite::Connection::open(database).unwrap();
    database
        .execute_batch(
            "CREATE TABLE people (name TEXT, email TEXT); INSERT INTO people VALUES
             ('Bo Ek', 'bo.ek@example.org'), ('Amara Lind', 'amara.lind@example.org'),
             ('Eve Fox', 'eve.fox@example.org');",
        )
        .unwrap();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write(0, 0, "nothing here").unwrap();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Old").unwrap().set_hidden(true);
    for (row, line) in (0..).zip(PEOPLE.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    write("book.xlsx", &workbook.save_to_buffer().unwrap());
    write(
        "sales/till.csv",
        b"Date,Name,Email,Amount\n2026-01-02,Bo Ek,bo.ek@example.org,12.50\n\
          2026-01-03,Amara Lind,amara.lind@example.org,99.00\n2026-01-04,Eve Fox,eve.fox@example.org,7.00\n",
    );
    write("fixed/people.csv", PEOPLE.replace("Bo Ek", "Ada Ek").as_bytes());
    let fixed = dir.join("fixed/people.csv");
    std::fs::set_permissions(fixed, std::os::unix::fs::PermissionsExt::from_mode(0o444)).unwrap();
    // An archive with something before it, as a program that unpacks itself has.
    let strange =
        [b"#!/bin/sh\nexit\n".as_slice(), &zipped(&[("list.csv", PEOPLE.as_bytes())])].concat();
    write("packed/strange.zip", &strange);
    for path in files(dir) {
        let file = std::fs::File::open(dir.join(path)).unwrap();
        let then = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
        file.set_modified(then).unwrap();
    }
}

#[test]
fn a_person_is_taken_out_of_every_kind_of_container() {
    let dir = tempfile::tempdir().unwrap();
    let (source, home) = (dir.path().join("files"), dir.path().join("home"));
    containers(&source);
    let sales = dir.path().join("sales");
    std::fs::rename(source.join("sales"), &sales).unwrap();
    let home = home.display().to_string();
    common::habeas(&["init", &home, "--source", &format!("files={}", source.display())], "");
    let config = Path::new(&home).join("habeas.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let kept = format!(
        "\n[[source]]\nname = \"sales\"\npath = \"{}\"\nactivity = \"sales\"\n[[activity]]\nname = \
         \"sales\"\nerasure = \"anonymise\"\nexception = \"17(3)(b)\"\nbecause = \"tax law\"\n",
        sales.display()
    );
    std::fs::write(&config, text + &kept).unwrap();
    let run = |arguments: &[&str]| {
        let ended = common::habeas(&[&["--json", "--estate", &home], arguments].concat(), "");
        assert!(ended.code <= 1, "{arguments:?}: {} {}", ended.code, ended.stderr);
        common::lines(&ended.stdout)
    };
    run(&["index"]);
    run(&[
        "open",
        "--name",
        "Amara Lind",
        "--email",
        "amara.lind@example.org",
        "--phone",
        "07700 900123",
        "--right",
        "erasure",
        "--received",
        "2026-11-20",
    ]);
    run(&["match", "1"]);
    run(&["decide", "1", "--suggested", "--by", "a"]);
    let before: BTreeMap<PathBuf, Vec<u8>> = files(&source)
        .into_iter()
        .map(|path| (path.clone(), std::fs::read(source.join(path)).unwrap()))
        .collect();
    let planned = run(&["erase", "plan", "1", "--by", "a"]);
    let (plan, steps) = planned.split_last().unwrap();
    let of = |path: &str| -> Vec<(&str, &str)> {
        steps
            .iter()
            .map(|step| &step["data"])
            .filter(|step| step["path"].as_str().is_some_and(|own| own.starts_with(path)))
            .map(|step| (step["action"].as_str().unwrap(), step["reason"].as_str().unwrap()))
            .collect()
    };
    let erases = |path: &str, n: usize| {
        let found = of(path);
        assert!(
            found.len() == n && found.iter().all(|step| step.0 == "erase"),
            "{path}: {found:?}"
        );
    };
    erases("lists/people.csv", 1);
    erases("lists/copy of people.csv", 1);
    erases("lists/people.jsonl", 1);
    erases("mail/cur/1.M1.host:2,S", 1);
    erases("mail/forwarded.eml ▸ hers.eml", 1);
    erases("packed/export.zip ▸ a/letter.eml", 1);
    erases("packed/export.zip ▸ b/list.csv", 1);
    erases("packed/export.zip ▸ c/inner.zip ▸ people.csv", 1);
    erases("packed/old.tar ▸ people.csv", 1);
    erases("packed/old.tar ▸ letter.eml", 1);
    erases("people.db", 1);
    erases("book.xlsx", 1);
    let left = |path: &str, words: &str| {
        let found = of(path);
        assert!(
            !found.is_empty()
                && found.iter().all(|step| step.0 == "for_person" && step.1.contains(words)),
            "{path}: {found:?}"
        );
    };
    left("fixed/people.csv", "read only");
    left("packed/strange.zip", "laid out in a way that is not edited");

    let (file, digest) =
        (plan["data"]["plan"].as_str().unwrap(), plan["data"]["digest"].as_str().unwrap());
    run(&["erase", "apply", file, "--digest", digest, "--by", "b"]);
    let after = |path: &str| std::fs::read(source.join(path)).unwrap();
    let rows = PEOPLE.replace("Amara Lind,amara.lind@example.org,07700 900123\n", "");
    assert_eq!(after("lists/people.csv"), rows.as_bytes());
    assert_eq!(after("lists/copy of people.csv"), rows.as_bytes());
    assert!(!source.join("mail/cur/1.M1.host:2,S").exists());
    let unzipped = |bytes: Vec<u8>| -> BTreeMap<String, Vec<u8>> {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        (0..archive.len())
            .map(|index| {
                let mut member = archive.by_index(index).unwrap();
                let mut bytes = Vec::new();
                std::io::Read::read_to_end(&mut member, &mut bytes).unwrap();
                (member.name().unwrap().into_owned(), bytes)
            })
            .collect()
    };
    let mut archive = unzipped(after("packed/export.zip"));
    assert_eq!(archive.keys().collect::<Vec<_>>(), ["b/list.csv", "c/inner.zip"]);
    assert_eq!(archive["b/list.csv"], rows.as_bytes());
    let inner = unzipped(archive.remove("c/inner.zip").unwrap());
    assert_eq!(
        (inner["people.csv"].as_slice(), inner["notes.csv"].as_slice()),
        (rows.as_bytes(), b"A,B\n1,2\n3,4\n".as_slice())
    );
    let mut old = tar::Archive::new(std::io::Cursor::new(after("packed/old.tar")));
    let names: Vec<PathBuf> =
        old.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().into_owned()).collect();
    assert_eq!(names, [PathBuf::from("people.csv")]);
    assert_eq!(
        std::fs::read_to_string(sales.join("till.csv")).unwrap(),
        "Date,Name,Email,Amount\n2026-01-02,Bo Ek,bo.ek@example.org,12.50\n2026-01-03,,,99.00\n\
         2026-01-04,Eve Fox,eve.fox@example.org,7.00\n"
    );
    let database = rusqlite::Connection::open(source.join("people.db")).unwrap();
    let names: String =
        database.query_row("SELECT group_concat(name) FROM people", [], |row| row.get(0)).unwrap();
    assert_eq!(names, "Bo Ek,Eve Fox");
    drop(database);
    // The message that was sent on keeps its own head, its text and the other file.
    let (was, is) = (&before[Path::new("mail/forwarded.eml")], after("mail/forwarded.eml"));
    let at = was.windows(4).position(|window| window == b"hers").unwrap();
    let at = was[..at].windows(6).rposition(|window| window == b"--part").unwrap();
    assert!(is.starts_with(&was[..at]) && was.ends_with(&is[at..]) && is.len() < was.len());
    assert!(String::from_utf8(is).unwrap().contains("I am Bo"));

    let changed = [
        "lists/",
        "mail/cur/1.",
        "mail/forwarded",
        "packed/export",
        "packed/old",
        "people.db",
        "book.xlsx",
    ];
    for (path, bytes) in &before {
        let name = path.display().to_string();
        if !changed.iter().any(|start| name.starts_with(start)) {
            assert_eq!(after(&name), *bytes, "{name} changed");
        }
    }
    let verified = run(&["erase", "verify", "1"]);
    let sums = &verified.last().unwrap()["data"];
    assert_eq!((&sums["absent"], &sums["left"]), (&true.into(), &2.into()), "{verified:?}");
    // No segment of the full text has holes in which the text of what is gone still stands.
    let text = Path::new(&home).join("estate/text");
    assert!(files(&text).iter().all(|path| path.extension().is_none_or(|ending| ending != "del")));
}

#[test]
fn people_are_erased_from_a_generated_estate() {
    let dir = tempfile::tempdir().unwrap();
    let gold = habeas_fixtures::estate(&dir.path().join("clinic"), 100, 5).unwrap();
    let home = dir.path().join("home").display().to_string();
    assert_eq!(common::habeas(&["init", &home], "").code, 0);
    let config = include_str!("../../../config/clinic.toml");
    std::fs::write(dir.path().join("home/habeas.toml"), config).unwrap();
    let run = |arguments: &[&str]| {
        let ended = common::habeas(&[&["--json", "--estate", &home], arguments].concat(), "");
        assert!(ended.code <= 1, "{arguments:?}: {} {}", ended.code, ended.stderr);
        common::lines(&ended.stdout)
    };
    run(&["index"]);
    let mut n_erased = 0;
    for (n, request) in (1..).zip(gold.requests.iter().take(2)) {
        let case = n.to_string();
        let file = dir.path().join(format!("{case}.json"));
        let stated = serde_json::json!({"names": request.subject.names, "born": request.subject.born,
            "identifiers": request.subject.identifiers, "received": request.received, "right": "erasure"});
        std::fs::write(&file, stated.to_string()).unwrap();
        run(&["open", "--file", &file.display().to_string()]);
        run(&["match", &case]);
        // Where less of a person is left, more may be followed: a thread that was too full is not any
        // more. What is found then is decided, planned and erased as well.
        let mut rounds = 0..3;
        loop {
            assert!(rounds.next().is_some(), "{case} is found again and again");
            run(&["decide", &case, "--suggested", "--by", "a"]);
            let planned = run(&["erase", "plan", &case, "--by", "a"]);
            let plan = &planned.last().unwrap()["data"];
            let (file, digest) = (plan["plan"].as_str().unwrap(), plan["digest"].as_str().unwrap());
            n_erased += plan["erase"].as_u64().unwrap();
            let done = run(&["erase", "apply", file, "--digest", digest, "--by", "b"]);
            assert_eq!(done.last().unwrap()["data"]["refused"], serde_json::json!([]));
            let verified = run(&["erase", "verify", &case]);
            let sums = &verified.last().unwrap()["data"];
            assert_eq!(sums["back"], 0, "{sums}");
            if sums["absent"] == true {
                break;
            }
        }
    }
    assert!(n_erased > 5, "{n_erased}");
    assert_eq!(run(&["erase", "watch"]).last().unwrap()["data"]["back"], 0);
}
