//! A request from receipt to release, as a data protection officer types it, with each gate tried while it
//! is open; and everything that is refused on the way.

mod common;

use std::collections::BTreeSet;
use std::path::PathBuf;

use common::{Ended, habeas, lines};
use habeas_case::Register;
use habeas_model::{Decision, Verdict};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;

/// What a small office holds: a record of care, two letters, an advice and a recommendation.
const FILES: &[(&str, &str)] = &[
    (
        "care/note.txt",
        "Note on Amara Lind, amara.lind@example.org, seen on 3 March 2026.\nShe is well and comes again in May.\n",
    ),
    (
        "office/invoice.txt",
        "Dear Amara Lind,\n\nyour invoice 12 was paid by card. We wrote to amara.lind@example.org.\n",
    ),
    (
        "office/zzyvka.txt",
        "To Amara Lind, amara.lind@example.org.\n\nPlease ring Zzyvka about the parking place.\n",
    ),
    (
        "office/advice.txt",
        "Advice of counsel on the claim of Amara Lind, amara.lind@example.org: it has no merit.\n",
    ),
    (
        "office/friend.txt",
        "Mrs Bettina Valentine told us of Amara Lind, amara.lind@example.org, at the village fair.\n",
    ),
];

const CONFIG: &str = r#"
[controller]
name = "Lark Rise Office"
address = ["1 Example Row", "London"]
contact = "Data Protection Officer"
email = "dpo@office.example.org"
complaints = "dpo@office.example.org"
[[source]]
name = "care"
path = "../care"
activity = "care"
[[source]]
name = "office"
path = "../office"
activity = "business"
[[activity]]
name = "care"
health = true
purposes = ["to care"]
categories = ["health records"]
recipients = ["nobody"]
retention = "8 years"
origin = "from you"
[[activity]]
name = "business"
purposes = ["to do business"]
categories = ["letters"]
recipients = ["nobody"]
retention = "6 years"
origin = "from you"
[ocr]
enabled = false
"#;

struct Office {
    dir: tempfile::TempDir,
    case: String,
    received: Date,
}

/// The request was received ten days ago, whatever today is.
fn today() -> Date {
    jiff::ZonedDateTime::now().date()
}

impl Office {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in FILES {
            let file = dir.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, text).unwrap();
        }
        let home = dir.path().join("home").display().to_string();
        assert_eq!(habeas(&["init", &home], "").code, 0);
        std::fs::write(dir.path().join("home/habeas.toml"), CONFIG).unwrap();
        let received = today().saturating_sub(10.days());
        let mut office = Self { dir, case: String::new(), received };
        assert!(office.run(&["index"]).code <= 1);
        let day = received.to_string();
        let opened = office.json(&[
            "open",
            "--name",
            "Amara Lind",
            "--email",
            "amara.lind@example.org",
            "--received",
            &day,
            "--agent",
            "Oake & Co",
            "--recognised-by",
            "front desk",
        ]);
        office.case = opened[0]["data"]["case"].as_str().unwrap().to_owned();
        office
    }

    fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    fn path(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let home = self.home().display().to_string();
        let mut all = vec!["--estate", &home];
        all.extend(arguments);
        habeas(&all, "")
    }

    fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let mut all = vec!["--json"];
        all.extend(arguments);
        let ended = self.run(&all);
        assert!(ended.code <= 1, "{arguments:?} ended with {}: {}", ended.code, ended.stderr);
        lines(&ended.stdout)
    }

    /// `habeas event CASE …`, by the data protection officer.
    fn event(&self, arguments: &[&str]) -> Ended {
        let mut all = vec!["event", &self.case, "--by", "dpo"];
        all.extend(arguments);
        self.run(&all)
    }

    fn happens(&self, arguments: &[&str]) {
        let ended = self.event(arguments);
        assert_eq!(ended.code, 0, "{arguments:?}: {}", ended.stderr);
    }

    /// The event is refused with these words, and the ledger is as long as before.
    fn refuses(&self, arguments: &[&str], words: &str) {
        let before = self.n_records();
        let ended = self.event(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}: {}{}", ended.stdout, ended.stderr);
        assert!(ended.stderr.contains(words), "{arguments:?}: {}", ended.stderr);
        assert_eq!(self.n_records(), before, "{arguments:?} was refused and written");
    }

    fn n_records(&self) -> u64 {
        self.json(&["log", &self.case, "--verify"])[0]["data"]["records"].as_u64().unwrap()
    }

    fn status(&self) -> Value {
        self.json(&["status", &self.case]).pop().unwrap()["data"].clone()
    }

    fn state(&self) -> String {
        self.status()["state"].as_str().unwrap().to_owned()
    }

    fn release(&self, more: &[&str]) -> Ended {
        let mut all = vec!["--json", "release", &self.case, "--by", "dpo", "--method", "portal"];
        all.extend([
            "--address-check",
            "read back by telephone",
            "--secret-channel",
            "text message",
        ]);
        all.extend(more);
        self.run(&all)
    }

    /// Tries to release: it is refused, and says each of these gates and no other.
    fn blocked(&self, gates: &[&str]) {
        self.blocked_at(&[], gates);
    }

    fn blocked_at(&self, more: &[&str], gates: &[&str]) {
        let before = self.n_records();
        let ended = self.release(more);
        assert_eq!(ended.code, 3, "it was released: {}{}", ended.stdout, ended.stderr);
        assert!(ended.stderr.contains("nothing was recorded"), "{}", ended.stderr);
        let blocks = lines(&ended.stdout);
        for block in &blocks {
            let clears = block["data"]["clears"].as_str().unwrap();
            assert!(clears.starts_with("habeas "), "{block}");
        }
        let found: Vec<&str> =
            blocks.iter().map(|block| block["data"]["gate"].as_str().unwrap()).collect();
        assert_eq!(found, gates, "{blocks:#?}");
        assert_eq!(self.n_records(), before);
    }

    fn item(&self, path: &str) -> String {
        let why = self.json(&["why", &self.case, path]);
        why[0]["data"]["item"].as_str().unwrap().to_owned()
    }

    fn decide(&self, arguments: &[&str]) -> Ended {
        let mut all = vec!["decide", &self.case, "--by", "dpo"];
        all.extend(arguments);
        self.run(&all)
    }

    fn bundle(&self, out: &str) -> PathBuf {
        let out = self.path(out);
        let made = self.json(&["bundle", &self.case, "--out", &out, "--by", "maker"]);
        PathBuf::from(made.last().unwrap()["data"]["bundle"].as_str().unwrap())
    }
}

#[test]
fn a_case_goes_from_receipt_to_release_through_every_gate() {
    let office = Office::new();
    assert_eq!(office.state(), "received");
    office.blocked(&["identity", "authority", "search", "bundle"]);

    // Identity: asked for, not enough, enough. The month begins with what is enough.
    office.happens(&["identity-asked", "--what", "a log-in to the portal"]);
    assert_eq!(
        (office.state(), office.status()["clock"].as_str()),
        ("awaiting_identity".into(), Some("not_begun"))
    );
    office.happens(&["identity-noted", "--seen", "a photograph of a face", "--not-enough"]);
    assert_eq!(office.state(), "awaiting_identity");
    office.blocked(&["identity", "authority", "search", "bundle"]);
    office.happens(&["identity-noted", "--seen", "logged in to the portal"]);
    office.blocked(&["authority", "search", "bundle"]);
    office.happens(&["authority-noted", "--seen", "signed letter of authority"]);
    office.blocked(&["search", "bundle"]);
    assert_eq!(office.state(), "searching");

    // A question stops the clock; a fee is awaited.
    office.happens(&["clarification-asked", "--question", "which of our offices?"]);
    assert_eq!(
        (office.state(), office.status()["clock"].as_str()),
        ("paused".into(), Some("paused"))
    );
    office.happens(&["clarification-answered", "--answer", "all of them"]);
    office.happens(&["fee-asked", "--amount", "10.00", "--reason", "the fourth copy"]);
    office.blocked(&["fee", "search", "bundle"]);
    assert_eq!(office.state(), "awaiting_fee");
    office.happens(&["fee-paid"]);

    // Search, then decide.
    office.json(&["match", &office.case]);
    assert_eq!(office.state(), "reviewing");
    office.blocked(&["undecided", "bundle"]);
    let [note, advice] = ["note.txt", "advice.txt"].map(|path| office.item(path));
    let withhold = |more: &[&str]| {
        let mut all = vec!["--verdict", "withhold", "--item", &advice];
        all.extend(more);
        office.decide(&all)
    };
    for (more, words) in [
        (&["--reason", "not for her"][..], "no exemption's code"),
        (&["--reason", "TP-STAFF: x", "--answer", "in their work"], "a ground for giving"),
        (&["--reason", "LPP: advice of counsel"], "LPP (DPA 2018 Sch. 2 para. 19) asks first"),
        (&["--reason", "LPP: advice of counsel", "--answer", "yes"], "asks first"),
    ] {
        let ended = withhold(more);
        assert_eq!(ended.code, 2, "{more:?}");
        assert!(ended.stderr.contains(words), "{more:?}: {}", ended.stderr);
    }
    assert_eq!(office.decide(&["--suggested"]).code, 0);
    assert_eq!(office.state(), "ready");

    // Kept back by another program, without an answer.
    let case = Register::open(&office.home()).unwrap().get(&office.case).unwrap();
    let finding = case.findings().unwrap().into_iter().find(|it| it.item.to_string() == advice);
    let finding = finding.unwrap();
    let unanswered = Decision {
        item: finding.item,
        place: finding.place,
        verdict: Verdict::Withhold,
        reason: "LPP: advice of counsel".into(),
        by: "dpo".into(),
        at: jiff::Timestamp::now(),
    };
    case.decide(&[unanswered]).unwrap();
    let of_health = ["exemption", "health", "bundle"];
    office.blocked(&of_health);
    let answered = withhold(&[
        "--reason",
        "LPP: advice of counsel",
        "--answer",
        "counsel advised on this claim; nobody waived it",
    ]);
    assert_eq!(answered.code, 0, "{}", answered.stderr);
    office.blocked(&["health", "bundle"]);

    // Other people: one in doubt, one who is shown.
    let people = office.json(&["people", &office.case]);
    let number = |words: &str| {
        let person =
            people.iter().find(|person| person["data"]["written"].to_string().contains(words));
        person.unwrap_or_else(|| panic!("{words} is not in {people:#?}"))["data"]["number"]
            .to_string()
    };
    office.blocked(&["people", "health", "bundle"]);
    let (word, friend) = (number("Zzyvka"), number("Valentine"));
    office.json(&["people", &office.case, "--set", &word, "--nobody"]);
    office.blocked(&["health", "bundle"]);
    let show = ["--policy", "show", "--ground", "consent", "--reason", "she agreed"];
    let mut all = vec!["people", &office.case, "--set", &friend];
    all.extend(show);
    office.json(&all);
    office.blocked(&["third_party", "health", "bundle"]);
    let record = |more: &[&str]| {
        let mut all = vec!["third-party", "--person", &friend, "--relation", "relative"];
        all.extend(["--reveals", "that she told us", "--outcome", "disclose"]);
        all.extend(more);
        all.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>()
    };
    let gaps = record(&["--consent", "refused"]);
    let gaps: Vec<&str> = gaps.iter().map(String::as_str).collect();
    office.refuses(&gaps, "duty of confidence");
    let whole = record(&["--consent", "given", "--consent-words", "to all of it, by e-mail"]);
    let whole: Vec<&str> = whole.iter().map(String::as_str).collect();
    office.happens(&whole);
    office.blocked(&["health", "bundle"]);

    // Health data waits for an opinion, or for what shows that she knows it.
    let opinion = |more: &[&str]| {
        let mut all =
            vec!["health-opinion", "--clinician", "Dr Example", "--appropriate", "treats her"];
        all.extend(["--matter", "the note of 3 March", "--harm", "unlikely"]);
        all.extend(more);
        all.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>()
    };
    let old = today().saturating_sub(7.months()).to_string();
    let old = opinion(&["--registration", "GMC 0000000", "--all", "--given", &old]);
    let none = opinion(&["--registration", " ", "--item", &note]);
    let [old, none] = [&old, &none].map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
    office.refuses(&none, "registered");
    office.happens(&old);
    office.blocked(&["health", "bundle"]);
    office.happens(&["known-to-subject", "--item", &note, "--evidence", "she was sent a copy"]);
    office.blocked(&["bundle"]);

    // The bundle: made, touched, older than a decision, lacking something, agreed to by nobody else.
    let approve =
        |by: &str| office.run(&["approve", &office.case, "--looked-at", "all of it", "--by", by]);
    assert!(approve("second").stderr.contains("there is no bundle"));
    let first = office.bundle("first").display().to_string();
    office.blocked(&["bundle", "four_eyes"]); // it is not in the case's folder
    office.blocked_at(&["--bundle", &first], &["four_eyes"]);
    for by in ["maker", "dpo"] {
        let ended = approve(by);
        assert_eq!(ended.code, 2, "{by} prepared it");
        assert!(ended.stderr.contains("somebody else"), "{}", ended.stderr);
    }
    assert_eq!(approve("second").code, 0);
    let letter = PathBuf::from(&first).join("00_Letter.txt");
    let text = std::fs::read_to_string(&letter).unwrap();
    std::fs::write(&letter, format!("{text}!")).unwrap();
    office.blocked_at(&["--bundle", &first], &["verify"]);
    std::fs::write(&letter, text).unwrap();
    let file = office.home().join("habeas.toml");
    std::fs::write(&file, CONFIG.replace("purposes = [\"to do business\"]", "")).unwrap();
    office.blocked_at(&["--bundle", &first], &["contents"]);
    std::fs::write(&file, CONFIG).unwrap();
    let invoice = office.item("invoice.txt");
    assert_eq!(office.decide(&["--verdict", "incidental", "--item", &invoice]).code, 0);
    office.blocked_at(&["--bundle", &first], &["bundle"]);
    let second = office.bundle("second").display().to_string();
    office.blocked_at(&["--bundle", &first], &["bundle", "four_eyes"]);
    assert_eq!(approve("second").code, 0);

    let released = office.release(&["--bundle", &second]);
    assert_eq!(released.code, 0, "{}{}", released.stdout, released.stderr);
    assert_eq!(office.state(), "released");
    office.blocked_at(&["--bundle", &second], &["closed"]);
    office.refuses(&["fee-asked", "--amount", "1.00", "--reason", "late"], "released on");
    office.happens(&["complaint", "received", "--what", "it was late"]);
    office.happens(&["closed", "--as", "answered", "--reason", "sent"]);
    assert_eq!(office.state(), "closed");
    audit(&office);
}

/// The audit file of a finished case can be checked without Habeas.
fn audit(office: &Office) {
    let out = office.path("audit");
    office.json(&["export-audit", &office.case, "--out", &out]);
    let read = |name: &str| std::fs::read(PathBuf::from(&out).join(name)).unwrap();
    let manifest = String::from_utf8(read("manifest.sha256")).unwrap();
    let names: BTreeSet<&str> =
        manifest.lines().map(|line| line.split_once("  ").unwrap().1).collect();
    for line in manifest.lines() {
        let (digest, name) = line.split_once("  ").unwrap();
        assert_eq!(digest, habeas_bundle::sha256(&read(name)), "{name}");
    }
    for name in [
        "audit.html",
        "audit.txt",
        "audit.json",
        "events.csv",
        "decisions.csv",
        "sources.csv",
        "withheld.csv",
        "search.json",
        "decisions.jsonl",
    ] {
        assert!(names.contains(name), "{name} is not in {names:?}");
    }
    let audit: Value = serde_json::from_slice(&read("audit.json")).unwrap();
    let n_records = audit["records"].as_array().unwrap().len();
    assert_eq!(String::from_utf8(read("decisions.jsonl")).unwrap().lines().count(), n_records);
    assert_eq!(audit["withheld"][0]["code"], "LPP");
    assert!(audit["withheld"][0]["answer"].as_str().unwrap().contains("nobody waived"));
    let sources = audit["sources"].as_array().unwrap();
    let sum = |key: &str| -> u64 { sources.iter().map(|row| row[key].as_u64().unwrap()).sum() };
    assert_eq!(
        sum("disclosed") + sum("withheld") + sum("incidental") + sum("not_subject"),
        sum("reviewed")
    );
    assert_eq!((sum("withheld"), sum("reviewed")), (1, 5));
    // The search can be repeated from its forms.
    assert!(audit["search"]["asked"][0]["forms"][0].as_str().is_some());
    let text = String::from_utf8(read("audit.txt")).unwrap();
    for words in [
        "logged in to the portal",
        "How to repeat the search",
        "counsel advised",
        "answer released",
    ] {
        assert!(text.contains(words), "the page does not say {words}:\n{text}");
    }
    let again = office.run(&["export-audit", &office.case, "--out", &out]);
    assert_eq!(again.code, 3, "an audit file was overwritten");
}

#[test]
fn what_cannot_have_happened_is_refused_and_nothing_is_written() {
    let office = Office::new();
    let before = office.received.saturating_sub(1.day()).to_string();
    let tomorrow = today().saturating_add(1.day()).to_string();
    let noted = ["identity-noted", "--seen", "logged in"];
    let on = |day: &str| {
        let mut all = vec!["--on".to_owned(), day.to_owned()];
        all.extend(noted.map(str::to_owned));
        all
    };
    for (day, words) in [
        (&*before, "the request was received"),
        (&*tomorrow, "has not come yet"),
        ("soon", "is not a date"),
    ] {
        let all = on(day);
        office.refuses(&all.iter().map(String::as_str).collect::<Vec<_>>(), words);
    }
    office.refuses(&["clarification-answered", "--answer", "all"], "no question waits");
    office.refuses(&["fee-paid"], "no fee was asked for");
    office.refuses(&["reopened", "--reason", "x"], "the case is open");
    office.refuses(&["closed", "--as", "answered", "--reason", "x"], "was not released");
    office.refuses(&["closed", "--as", "lost", "--reason", "x"], "not how a case ends");
    office.refuses(&["note", " "], "say what is to be noted");
    office.refuses(&["complaint", "acknowledged", "--what", "x"], "no complaint");
    office.refuses(&["exemption", "XYZ", "--answer", "because of it"], "no exemption's code");
    let late = office.run(&["open", "--name", "Jo Bloggs", "--received", &tomorrow]);
    assert!(late.code == 2 && late.stderr.contains("has not come yet"), "{}", late.stderr);
    let clock = office.json(&["clock", &office.case]);
    assert!(clock[0]["data"]["due_if_extended_today"].as_str().is_some());
    office.happens(&["extended", "--ground", "complexity", "--reason", "records of five offices"]);
    office.refuses(&["extended", "--ground", "complexity", "--reason", "again"], "already");
    let after = office.json(&["clock", &office.case]);
    assert_eq!(clock[0]["data"]["due_if_extended_today"], after[0]["data"]["due"]);
    office.happens(&["assigned", "Mina", "--task", "review"]);
    office.happens(&["time", "45", "--what", "reading"]);
    let status = office.status();
    assert_eq!((&status["workers"]["Mina"], &status["minutes"]), (&"review".into(), &45.into()));
    office.happens(&["closed", "--as", "withdrawn", "--reason", "she rang"]);
    office.refuses(&noted, "closed on");
    office.happens(&["reopened", "--reason", "she rang again"]);
    office.happens(&noted);
}

#[test]
fn a_broken_chain_is_told_and_nothing_is_lost() {
    let office = Office::new();
    office.happens(&["note", "rang on Monday"]);
    office.happens(&["note", "rang on Tuesday"]);
    let file = office.home().join("cases").join(&office.case).join("decisions.jsonl");
    let whole = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, whole.replace("rang on Monday", "rang on Friday")).unwrap();

    let verified = office.run(&["log", &office.case, "--verify"]);
    assert_eq!(verified.code, 3);
    assert!(verified.stderr.contains("record 2: it was edited"), "{}", verified.stderr);
    assert!(verified.stderr.contains("backup"), "{}", verified.stderr);
    let log = office.run(&["log", &office.case]);
    assert_eq!((log.code, log.stdout.lines().count()), (3, 1), "{}", log.stdout);
    let event = office.event(&["note", "rang on Wednesday"]);
    assert!(event.code == 3 && event.stderr.contains("record 2"), "{}", event.stderr);
    for command in
        [&["status", &office.case][..], &["export-audit", &office.case, "--out", "/nowhere"]]
    {
        let ended = office.run(command);
        assert!(ended.code == 3 && ended.stderr.contains("record 2"), "{}", ended.stderr);
    }
    // Another case can be seen all the same.
    office.json(&["open", "--name", "Jo Bloggs"]);
    let all = office.run(&["status"]);
    assert_eq!(all.code, 1, "{}", all.stderr);
    assert!(
        all.stderr.contains("cannot be opened") && all.stdout.contains("SAR-"),
        "{}",
        all.stdout
    );

    std::fs::write(&file, whole).unwrap();
    assert_eq!(office.n_records(), 3);
    let log = office.run(&["log", &office.case]).stdout;
    assert!(log.contains("rang on Monday") && log.contains("rang on Tuesday"), "{log}");
}

#[test]
fn a_folder_that_cannot_be_written_leaves_every_decision() {
    let office = Office::new();
    office.json(&["match", &office.case]);
    assert_eq!(office.decide(&["--suggested"]).code, 0);
    let n_records = office.n_records();
    // A file stands where a folder is needed, which stops whoever may write everywhere too.
    let file = office.path("a file");
    std::fs::write(&file, "").unwrap();
    let inside = format!("{file}/bundle");
    for command in ["bundle", "export-audit"] {
        let ended = office.run(&[command, &office.case, "--out", &inside]);
        assert_eq!(ended.code, 3, "{command}: {}", ended.stderr);
        assert!(ended.stderr.contains("a file"), "{command}: {}", ended.stderr);
    }
    assert_eq!(office.n_records(), n_records);
    // The ledger itself: its folder is no folder any more.
    let case = office.home().join("cases").join(&office.case);
    let head = case.join("decisions.head");
    let before = std::fs::read(&head).unwrap();
    std::fs::remove_file(&head).unwrap();
    std::fs::create_dir(&head).unwrap();
    assert_ne!(office.event(&["note", "x"]).code, 0);
    std::fs::remove_dir(&head).unwrap();
    std::fs::write(&head, before).unwrap();
    assert_eq!(office.n_records(), n_records);
}

#[test]
fn a_childs_request_waits_for_who_may_ask() {
    let office = Office::new();
    let born = today().saturating_sub(10.years()).to_string();
    let opened =
        office.json(&["open", "--name", "Jo Lind", "--born", &born, "--guardian", "May Lind"]);
    let case = opened[0]["data"]["case"].as_str().unwrap();
    let gates = || -> Vec<String> {
        let status = office.json(&["status", case]).pop().unwrap();
        let blocks = status["data"]["blocks"].as_array().unwrap().clone();
        blocks.iter().map(|block| block["gate"].as_str().unwrap().to_owned()).collect()
    };
    let happens = |arguments: &[&str]| {
        let mut all = vec!["event", case, "--by", "dpo"];
        all.extend(arguments);
        assert_eq!(office.run(&all).code, 0, "{arguments:?}");
    };
    assert_eq!(gates(), ["identity", "child", "child", "search", "bundle"]);
    happens(&["identity-noted", "--seen", "known at the desk"]);
    happens(&["guardian-noted", "--seen", "birth certificate; no court order is known"]);
    happens(&["competence-noted", "--understands", "yes", "--why", "explained it herself"]);
    assert_eq!(gates(), ["authority", "search", "bundle"], "the right is the child's");
    happens(&["competence-noted", "--understands", "no", "--why", "asked again by a nurse"]);
    assert_eq!(gates(), ["search", "bundle"]);
}
