//! A request from a folder of files to a verified bundle, through the command as a user types it.

mod common;

use std::path::PathBuf;

use common::{Clinic, digest, files, habeas};

/// Walks the first request up to its bundle and gives the bundle's folder.
fn bundle(clinic: &Clinic, case: &str, out: &str) -> PathBuf {
    clinic.json(&["match", case]);
    clinic.json(&["decide", case, "--suggested", "--by", "tester"]);
    let out = clinic.dir.path().join(out);
    let made =
        clinic.json(&["bundle", case, "--out", &out.display().to_string(), "--date", "2026-11-20"]);
    let made = made.last().unwrap();
    assert_eq!(made["type"], "bundle");
    PathBuf::from(made["data"]["bundle"].as_str().unwrap())
}

#[test]
fn a_request_goes_from_files_to_a_verified_bundle() {
    let clinic = Clinic::new();
    let before = digest(&clinic.gold.dir);

    let indexed = clinic.json(&["index"]);
    let sums = &indexed.last().unwrap()["data"];
    assert_eq!(sums["adds_up"], true, "an item was lost: {sums}");
    assert!(sums["items"]["listed"].as_u64().unwrap() >= clinic.gold.n_files as u64);

    let again = clinic.json(&["index"]);
    let again = &again.last().unwrap()["data"];
    assert_eq!(again["files_read"], 0, "an unchanged estate was read again");
    assert_eq!(again["items"], sums["items"]);

    let case = clinic.open(0);
    let first = bundle(&clinic, &case, "first");
    let verified = clinic.run(&["verify", &first.display().to_string()]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);

    // The same estate and the same decisions give the same bytes.
    let second = bundle(&clinic, &case, "second");
    assert_eq!(digest(&first), digest(&second));

    assert_eq!(digest(&clinic.gold.dir), before, "a source was written to");
}

#[test]
fn a_bundle_that_was_touched_does_not_verify() {
    let clinic = Clinic::new();
    clinic.json(&["index"]);
    let case = clinic.open(0);
    let bundle = bundle(&clinic, &case, "bundle");
    let verify = || clinic.run(&["verify", &bundle.display().to_string()]).code;
    assert_eq!(verify(), 0);

    let exhibit = files(&bundle).into_iter().find(|path| {
        path.extension().is_some_and(|extension| extension == "pdf")
            && path.components().count() > 1
    });
    let exhibit = bundle.join(exhibit.unwrap());
    let original = std::fs::read(&exhibit).unwrap();
    let mut changed = original.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    std::fs::write(&exhibit, changed).unwrap();
    assert_eq!(verify(), 3, "a changed byte was not seen");

    std::fs::remove_file(&exhibit).unwrap();
    assert_eq!(verify(), 3, "a missing file was not seen");

    std::fs::write(&exhibit, original).unwrap();
    std::fs::write(bundle.join("notes.txt"), "left here by mistake").unwrap();
    assert_eq!(verify(), 3, "a file that does not belong was not seen");
}

#[test]
fn wrong_commands_say_what_to_do() {
    let clinic = Clinic::new();
    let says = |arguments: &[&str], code: i32, words: &[&str]| {
        let ended = clinic.run(arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.stderr);
        for word in words {
            assert!(
                ended.stderr.contains(word),
                "{arguments:?} does not say {word}: {}",
                ended.stderr
            );
        }
    };
    says(&["match", "SAR-2026-0001"], 2, &["error:", "SAR-2026-0001"]);
    says(&["status"], 3, &["habeas index"]);
    says(&["open"], 2, &["name"]);
    clinic.json(&["index"]);
    says(&["open", "--name", "Jo Bloggs", "--received", "tomorrow"], 2, &["received"]);
    says(&["open", "--name", "Jo Bloggs", "--right", "acess"], 2, &["access"]);

    let file = clinic.root().join("habeas.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}\n[limits]\ndephts = 3\n")).unwrap();
    says(&["index"], 2, &["dephts", "depth", "line"]);
    std::fs::write(&file, text.replace("clinic/web", "clinic/not-there")).unwrap();
    says(&["index"], 3, &["source", "not-there"]);

    let nowhere = habeas(&["status", "--estate", "/nonexistent"], "");
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.stderr.contains("habeas init"), "{}", nowhere.stderr);
}

#[test]
fn a_text_says_whose_each_identifier_is() {
    let text =
        "Dear Amara Lind, ring Dr Karl Quist on 07700 900123 or Zzyvka, says Zzyvka’s aunt.\n";
    let ended = habeas(&["recognise", "--json", "--subject", "Amara Lind"], text);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let hits = common::lines(&ended.stdout);
    let found: Vec<(&str, &str, &str, &str)> = hits
        .iter()
        .map(|hit| {
            let word = |key: &str| hit[key].as_str().unwrap_or("-");
            (word("text"), word("whose"), word("role"), word("doubt"))
        })
        .collect();
    for expected in [
        ("Amara Lind", "subject", "-", "-"),
        ("Dr Karl Quist", "other", "professional", "-"),
        ("07700 900123", "other", "private", "-"),
        ("Zzyvka", "other", "private", "unknown_word"),
    ] {
        assert!(found.contains(&expected), "{expected:?} is not in {found:?}");
    }
    // Without a subject nothing is said of that.
    let ended = habeas(&["recognise", "--json"], text);
    assert!(common::lines(&ended.stdout).iter().all(|hit| hit.get("whose").is_none()));
}

#[test]
fn a_text_on_stdin_gives_its_identifiers_with_offsets() {
    let text = "Dear Amara Lind, ring 07700 900123 or write to amara@example.org.\n";
    let ended = habeas(&["recognise", "--json"], text);
    assert_eq!(ended.code, 0);
    let hits = common::lines(&ended.stdout);
    let found: Vec<(&str, &str)> = hits
        .iter()
        .map(|hit| {
            let at = hit["start"].as_u64().unwrap() as usize..hit["end"].as_u64().unwrap() as usize;
            assert_eq!(&text[at], hit["text"].as_str().unwrap());
            (hit["kind"].as_str().unwrap(), hit["value"].as_str().unwrap())
        })
        .collect();
    for expected in
        [("name", "lind, amara"), ("phone", "+447700900123"), ("email", "amara@example.org")]
    {
        assert!(found.contains(&expected), "{expected:?} is not in {found:?}");
    }
}
