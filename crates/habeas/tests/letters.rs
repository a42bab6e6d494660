//! Letters of a case, as a user types them: complete or not at all, kept in order, never overwritten.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Ended, files, habeas, lines};
use serde_json::Value;

/// A small estate with one case, received on 1 July 2026.
struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { dir: tempfile::tempdir().unwrap() };
        let root = desk.root().display().to_string();
        let notes = desk.dir.path().join("notes");
        fs::create_dir(&notes).unwrap();
        fs::write(notes.join("rota.txt"), "Opening hours and nobody in particular.\n").unwrap();
        let source = format!("notes={}", notes.display());
        assert_eq!(habeas(&["init", &root, "--source", &source], "").code, 0);
        desk.configure("dpo@larkrise.example.org");
        let opened = desk.run(&[
            "open",
            "--name",
            "Harriet Vale",
            "--email",
            "harriet.vale@example.com",
            "--address",
            "3 Mill Lane, Exampleford, ZZ11 2ZZ",
            "--received",
            "2026-07-01",
        ]);
        assert_eq!(opened.code, 0, "{}", opened.stderr);
        desk
    }

    /// Fills in who answers; `complaints` may be empty.
    fn configure(&self, complaints: &str) {
        let file = self.root().join("habeas.toml");
        let text = fs::read_to_string(&file).unwrap();
        let start = text.find("[controller]").unwrap();
        let end = start + text[start..].find("\n[[source]]").unwrap();
        let controller = format!(
            "[controller]\nname = \"Lark Rise Clinics Limited\"\naddress = [\"1 Example Row\", \"London\"]\n\
             contact = \"Data Protection Officer\"\nemail = \"dpo@larkrise.example.org\"\n\
             complaints = \"{complaints}\"\n"
        );
        fs::write(&file, format!("{}{controller}{}", &text[..start], &text[end..])).unwrap();
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    fn letters(&self) -> PathBuf {
        self.root().join("cases/SAR-2026-0001/letters")
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let root = self.root().display().to_string();
        let mut all = vec!["--estate", &root];
        all.extend(arguments);
        habeas(&all, "")
    }

    fn letter(&self, kind: &str, more: &[&str]) -> Ended {
        let mut all = vec!["letter", kind, "1", "--date", "2026-07-08", "--by", "Ann"];
        all.extend(more);
        self.run(&all)
    }
}

fn names(dir: &Path) -> Vec<String> {
    if !dir.exists() {
        return Vec::new();
    }
    files(dir).iter().map(|file| file.display().to_string()).collect()
}

#[test]
fn a_letter_is_written_once_complete_and_kept_in_order() {
    let desk = Desk::new();
    let ended = desk.letter("acknowledgement", &[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("SAR-2026-0001: wrote the letter acknowledgement, 1 page"));
    assert!(!ended.stderr.contains("Harriet"), "a log or a message names the requester");
    let text = fs::read_to_string(desk.letters().join("01-acknowledgement.txt")).unwrap();
    for words in [
        "Dear Harriet Vale",
        "3 Mill Lane\nExampleford",
        "Wednesday 1 July 2026",
        "Friday 31 July 2026",
    ] {
        assert!(text.contains(words), "{words} is not in:\n{text}");
    }
    // The same case on the same day gives the same bytes, in a place of its own.
    assert_eq!(desk.letter("acknowledgement", &[]).code, 0);
    let bytes = |name: &str| fs::read(desk.letters().join(name)).unwrap();
    for kind in ["pdf", "txt", "json"] {
        let of = |n: &str| bytes(&format!("{n}-acknowledgement.{kind}"));
        assert_eq!(of("01"), of("02"), "{kind}");
    }
    assert_eq!(names(&desk.letters()).len(), 6);
    let elsewhere = desk.dir.path().join("post").display().to_string();
    let json = desk.letter("acknowledgement", &["--out", &elsewhere, "--json"]);
    let said = &lines(&json.stdout)[0]["data"];
    assert_eq!(said["letter"], "acknowledgement");
    let pdf = PathBuf::from(said["pdf"].as_str().unwrap());
    assert_eq!(fs::read(pdf).unwrap(), bytes("01-acknowledgement.pdf"));
    // What a letter rests on stays in the case.
    let sent = names(Path::new(&elsewhere));
    let expected = ["pdf", "txt"].map(|kind| format!("SAR-2026-0001-03-acknowledgement.{kind}"));
    assert_eq!(sent, expected);
    assert_eq!(names(&desk.letters()).len(), 9);
}

#[test]
fn what_a_letter_lacks_is_told_at_once_and_nothing_is_written() {
    let desk = Desk::new();
    desk.configure("");
    let ended = desk.letter("refusal", &[]);
    assert_eq!(ended.code, 3);
    for words in [
        "`refusal` is not written",
        "controller.complaints",
        "--set ground=",
        "--set reasons=",
        "s. 164A",
    ] {
        assert!(ended.stderr.contains(words), "{words} is not in: {}", ended.stderr);
    }
    assert!(names(&desk.letters()).is_empty());
    let json = desk.letter("refusal", &["--json"]);
    let items: Vec<Value> = lines(&json.stdout)[0]["data"]["items"].as_array().unwrap().clone();
    let fields: Vec<&str> = items.iter().map(|item| item["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["complaints", "ground", "reasons"]);
    desk.configure("dpo@larkrise.example.org");
    let reasons = "reasons=You asked for the same data three times last week.";
    let ended = desk.letter("refusal", &["--set", "ground=MUE", "--set", reasons]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let text = fs::read_to_string(desk.letters().join("01-refusal.txt")).unwrap();
    for words in
        ["Manifestly unfounded or excessive", "three times last week", "164A", "165", "167"]
    {
        assert!(text.contains(words), "{words} is not in:\n{text}");
    }
}

#[test]
fn a_letter_that_nothing_is_held_takes_a_search_that_found_nothing() {
    let desk = Desk::new();
    let ended = desk.letter("nothing-held", &[]);
    assert_eq!(ended.code, 3);
    assert!(ended.stderr.contains("habeas match SAR-2026-0001"), "{}", ended.stderr);
    for step in [&["index"][..], &["match", "1"][..]] {
        let ended = desk.run(step);
        assert!(ended.code <= 1, "{}", ended.stderr);
    }
    let ended = desk.letter("nothing-held", &[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let text = fs::read_to_string(desk.letters().join("01-nothing-held.txt")).unwrap();
    assert!(text.contains("We searched 1 source for your names"), "{text}");
    // Once something is found, nobody is told that nothing is held.
    let note = desk.dir.path().join("notes/call.txt");
    fs::write(&note, "Harriet Vale <harriet.vale@example.com> called us.\n").unwrap();
    let file = fs::File::options().write(true).open(&note).unwrap();
    file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(3600)).unwrap();
    for step in [&["index"][..], &["match", "1"][..]] {
        let ended = desk.run(step);
        assert!(ended.code <= 1, "{}", ended.stderr);
    }
    let ended = desk.letter("nothing-held", &[]);
    assert_eq!(ended.code, 3);
    assert!(ended.stderr.contains("nothing_found"), "{}", ended.stderr);
    assert_eq!(names(&desk.letters()).len(), 3);
}

#[test]
fn an_organisation_writes_in_its_own_words_and_is_told_of_mistakes_in_them() {
    let desk = Desk::new();
    let own = desk.root().join("letters");
    fs::create_dir(&own).unwrap();
    let file = own.join("acknowledgement.txt");
    let text = "== body\nHello {to}, we have your request {right_asked} of {received}. You hear from us by {due}.\n\n{closing}\n";
    fs::write(&file, text).unwrap();
    assert_eq!(desk.letter("acknowledgement", &[]).code, 0);
    let letter = fs::read_to_string(desk.letters().join("01-acknowledgement.txt")).unwrap();
    assert!(letter.contains("Hello Harriet Vale, we have your request for the personal data"));
    for (text, said) in [
        (
            text.replace("{due}", "soon"),
            "the field `due` is missing; the day by which we answer is mandatory",
        ),
        (text.replace("{due}", "{duw}"), "this letter has no field `duw`; did you mean `due`?"),
        (text.replace("{due}", "{due"), "a `{` has no `}` after it"),
    ] {
        fs::write(&file, text).unwrap();
        let ended = desk.letter("acknowledgement", &[]);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
        assert!(ended.stderr.contains("letters/acknowledgement.txt"), "{}", ended.stderr);
    }
    fs::write(&file, [0xff, 0xfe]).unwrap();
    assert!(desk.letter("refusal", &[]).stderr.contains("is not UTF-8"));
    assert_eq!(names(&desk.letters()).len(), 3);
}

#[test]
fn a_wrong_command_says_what_to_do_and_repeats_nobody() {
    let desk = Desk::new();
    let cases: &[(&[&str], i32, &str)] = &[
        (&["letter", "apology", "1"], 2, "there is no letter `apology`"),
        (&["letter", "fee", "9"], 2, "there is no case `9`"),
        (&["letter", "fee", "1", "--date", "tomorrow"], 2, "write it as 2026-11-20"),
        (&["letter", "fee", "1", "--date", "2026-06-30"], 2, "before Wednesday 1 July 2026"),
        (&["letter", "fee", "1", "--date", "2026-07-08", "--set", "Harriet"], 2, "has no `=`"),
        (
            &["letter", "fee", "1", "--date", "2026-07-08", "--set", "amonut=Harriet"],
            2,
            "did you mean `amount`?",
        ),
        (
            &["letter", "fee", "1", "--date", "2026-07-08", "--set", "reply_by=Harriet"],
            2,
            "is not a date",
        ),
        (
            &["letter", "full-release", "1", "--date", "2026-07-08", "--set", "delivery=by hand"],
            3,
            "habeas bundle",
        ),
    ];
    for (arguments, code, said) in cases {
        let ended = desk.run(arguments);
        assert_eq!(ended.code, *code, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(said), "{arguments:?}: {}", ended.stderr);
        assert!(!ended.stderr.contains("Harriet"), "{}", ended.stderr);
        assert!(!ended.stderr.contains("3 Mill Lane"), "{}", ended.stderr);
    }
    // A place that cannot be written: a file stands where the folder should be.
    let taken = desk.dir.path().join("taken");
    fs::write(&taken, "").unwrap();
    let ended = desk.letter("acknowledgement", &["--out", &taken.display().to_string()]);
    assert_eq!(ended.code, 3);
    assert!(ended.stderr.contains("the letter was not written"), "{}", ended.stderr);
    assert!(names(&desk.letters()).is_empty(), "half of it is left");
}

#[test]
fn a_third_party_is_asked_only_once_the_requester_agreed() {
    let desk = Desk::new();
    let all = [
        "--set",
        "to=Ines Marlow",
        "--set",
        "to_address=ines@example.net",
        "--set",
        "information=your name as the sender of a message",
        "--set",
        "reply_by=2026-07-22",
    ];
    let ended = desk.letter("third-party-consent", &all);
    assert_eq!(ended.code, 3);
    assert!(ended.stderr.contains("requester_agreed"), "{}", ended.stderr);
    assert!(names(&desk.letters()).is_empty());
    let agreed = [&all[..], &["--set", "requester_agreed=2026-07-06"]].concat();
    assert_eq!(desk.letter("third-party-consent", &agreed).code, 0);
    let text = fs::read_to_string(desk.letters().join("01-third-party-consent.txt")).unwrap();
    assert!(!text.contains("Harriet") && !text.contains("SAR"), "{text}");
    let record = fs::read_to_string(desk.letters().join("01-third-party-consent.json")).unwrap();
    assert!(record.contains("Monday 6 July 2026"), "{record}");
}
