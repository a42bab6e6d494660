//! One request's answer, from documents in memory to a folder that anybody can check.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use habeas_bundle::{
    Activity, Choices, Controller, Defaults, Error, Estate, LetterFacts, Letters, Linkage, Made,
    Means, Options, Organisation, SourceTitle, bundle, letter, pack, people, verify,
};
use habeas_case::{Case, Decided, Prospect, Register, Request, SearchRecord, decided};
use habeas_document::page::Recognised;
use habeas_document::{Budget, read_family};
use habeas_law::{Calendar, Law, LetterKind};
use habeas_match::Setting;
use habeas_model::{
    About, Decision, Evidence, Exception, Finding, ItemId, ItemPath, Kind, Listed, Member, Place,
    Policy, Reason, ShowGround, SourceName, Tier, Treatment, Verdict,
};
use jiff::civil::date;

/// Whatever of other people must not leave, in one writing each.
const SECRETS: &[&str] = &[
    "quill",
    "tq@example.org",
    "900123",
    "featherstone",
    "bramble",
    "900777",
    "bramble@example.net",
    "okonkwo",
    "14 Larch Row",
    "ZZ11 1ZZ",
];

const MESSAGE: &str = "From: Tom Quill <tq@example.org>\r\n\
To: Harriet Vale <harriet.vale@example.com>\r\n\
Cc: Bartholomew Featherstone <bf@example.org>\r\n\
Subject: Your visit, and what Tom Quill said\r\n\
Date: Tue, 3 Mar 2026 10:15:00 +0000\r\n\
Message-ID: <1@example.org>\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
\r\n\
Dear Harriet Vale,\r\n\
\r\n\
Thank you for coming to see us on Monday. Bartholomew Featherstone asked\r\n\
me to tell you that your results are in. Please ring me on 07700 900123.\r\n\
\r\n\
Kind regards,\r\n\
Tom Quill\r\n\
\r\n\
> On Mon, 2 Mar 2026, Harriet Vale wrote:\r\n\
> Could Tom ring me back on 07700 900456?\r\n";

const TABLE: &str = "Name,Email,Phone,Next of kin,Note\n\
Tom Bramble,bramble@example.net,07700 900777,,asked for a refund\n\
Harriet Vale,harriet.vale@example.com,07700 900456,Chidi Okonkwo,=SUM(A1:A2)\n\
Ann Bramble,ann@example.net,07700 900778,,\n";

const NOTE: &str =
    "Harriet Vale called. She lives next to Mr Chidi Okonkwo, 14 Larch Row, ZZ11 1ZZ.\n";

struct Item {
    name: &'static str,
    bytes: Vec<u8>,
    /// Words of the passages about the subject; the others are other people's, or context.
    about: &'static str,
    verdict: Verdict,
    reason: &'static str,
}

fn items() -> Vec<Item> {
    let item = |name, bytes: &[u8], about, verdict, reason| Item {
        name,
        bytes: bytes.to_vec(),
        about,
        verdict,
        reason,
    };
    vec![
        item("mail/quill_tom/1.eml", MESSAGE.as_bytes(), "", Verdict::Disclose, ""),
        item("practice/patients.csv", TABLE.as_bytes(), "Harriet", Verdict::Disclose, ""),
        item("notes/call.txt", NOTE.as_bytes(), "", Verdict::Disclose, ""),
        item("notes/advice.txt", b"Advice on Harriet Vale.", "", Verdict::Withhold, "LPP: advice"),
        item("notes/list.txt", b"cc Harriet Vale", "", Verdict::Incidental, ""),
        item("notes/gone.txt", b"Harriet Vale was here.", "", Verdict::Disclose, ""),
    ]
}

struct World {
    dir: tempfile::TempDir,
    decided: Decided,
    case_dir: PathBuf,
    files: BTreeMap<ItemId, (&'static str, Vec<u8>)>,
}

fn world(items: Vec<Item>) -> World {
    let dir = tempfile::tempdir().unwrap();
    let register = Register::open(dir.path()).unwrap();
    let defaults = habeas_case::Defaults {
        received: date(2026, 10, 1),
        law: Law::Uk,
        calendar: Calendar::EnglandAndWales,
    };
    let request = r#"
        name = "Harriet Vale"
        emails = ["harriet.vale@example.com"]
        phones = ["07700 900456"]
        received = "2026-10-01"
    "#;
    let request = Request::parse(request, &defaults).unwrap().remove(0);
    let case = register.create(request).unwrap();
    let mut files = BTreeMap::new();
    let mut findings = Vec::new();
    let mut decisions = Vec::new();
    for item in items {
        let id = ItemId::of(&item.bytes);
        let member = read(item.name, &item.bytes).unwrap();
        let all = member.document.passages.iter().enumerate();
        let about = all.filter(|(_, passage)| passage.text.contains(item.about));
        let passages: Vec<u32> = about.map(|(number, _)| number as u32).collect();
        let place = member.document.passages[passages[0] as usize].place.clone();
        let evidence = Evidence { kind: Some(Kind::Name), rule: "full name".into(), bits: 20.0 };
        findings.push(Finding {
            item: id,
            place: place.clone(),
            passages,
            tier: Tier::Certain,
            score_bits: 20.0,
            about: About::Relates,
            evidence: vec![evidence],
        });
        decisions.push(Decision {
            item: id,
            place,
            verdict: item.verdict,
            reason: item.reason.into(),
            by: "a test".into(),
            at: "2026-10-20T09:00:00Z".parse().unwrap(),
        });
        files.insert(id, (item.name, item.bytes));
    }
    findings.sort_by(|a, b| (a.item, &a.place).cmp(&(b.item, &b.place)));
    case.save_search(&findings, &[], &mut record(&case)).unwrap();
    case.decide(&decisions).unwrap();
    World { decided: decided(&case).unwrap(), case_dir: case.dir.clone(), files, dir }
}

fn record(case: &Case) -> SearchRecord {
    serde_json::from_value(serde_json::json!({
        "case": case.id.to_string(), "searched_at": "2026-10-19T09:00:00Z", "software": "test",
        "asked": [{"kind": "name", "stated": ["Harriet Vale"], "n_forms": 3}],
        "sources": [{"name": "files", "read_at": "2026-10-19T08:00:00Z", "items":
            {"listed": 7, "read": 6, "duplicate": 0, "excepted": 1, "excluded": 0}}],
        "is_complete": true,
        "excepted": [{"source": "files", "reason": "encrypted", "n_whole": 1, "n_parts": 0}],
        "n_items": 7, "n_passages": 12, "n_candidates": 9,
        "tiers": {"certain": 6, "probable": 0, "possible": 0, "namesake": 0},
        "n_incidental": 0, "n_items_found": 6, "n_dropped": 0, "subject_digest": "",
        "findings_digest": ""
    }))
    .unwrap()
}

fn read(name: &str, bytes: &[u8]) -> Result<Member, Exception> {
    if name.ends_with("gone.txt") && bytes.is_empty() {
        return Err(Exception::whole(Reason::Vanished, ""));
    }
    let mut first = None;
    read_family(name, bytes, &Budget::default(), &mut |member| {
        first.get_or_insert(member);
    });
    first.ok_or_else(|| Exception::whole(Reason::Unsupported, ""))
}

fn organisation() -> Organisation {
    Organisation {
        controller: Controller {
            name: "Lark Clinics Ltd".into(),
            address: vec!["1 Example Street".into(), "London".into(), "ZZ1 1ZZ".into()],
            contact: "Data Protection Officer".into(),
            email: "dpo@clinic.example".into(),
            phone: "020 7946 0123".into(),
            complaints: "complaints@clinic.example".into(),
        },
        activities: vec![Activity {
            name: "treatment".into(),
            purposes: vec!["to treat you".into()],
            categories: vec!["contact details".into(), "medical notes".into()],
            recipients: vec!["Example Laboratories Ltd".into()],
            retention: "8 years after your last visit".into(),
            origin: "from you".into(),
            transfers: vec![],
            automated: String::new(),
        }],
        sources: vec![SourceTitle {
            name: SourceName::parse("files").unwrap(),
            title: "Files of Tom Quill".into(),
            custodian: String::new(),
            activity: "treatment".into(),
        }],
    }
}

impl World {
    /// Calls `with` with access to the files.
    fn with<T>(&self, with: impl FnOnce(&Estate<'_>) -> T) -> T {
        let read = |item: &ItemId| -> Result<(Member, Vec<Recognised>), Exception> {
            let (name, bytes) = &self.files[item];
            if *name == "notes/gone.txt" {
                return Err(Exception::whole(Reason::Vanished, ""));
            }
            read(name, bytes).map(|member| (member, Vec::new()))
        };
        let places = |item: &ItemId| {
            let (name, _) = &self.files[item];
            let source = SourceName::parse("files").unwrap();
            vec![
                (source.clone(), ItemPath::file(name.as_bytes())),
                (source, ItemPath::file(format!("copy/{name}").as_bytes())),
            ]
        };
        let means = Means::default();
        with(&Estate { read: &read, pages: &|_, _| {}, eyes: None, places: &places, means })
    }

    /// Everybody else in what is given.
    fn people(&self) -> Vec<Listed> {
        let prospect = Prospect::from(&self.decided);
        let defaults = Defaults::default();
        let list = |estate: &Estate<'_>| {
            people(&prospect, estate, &Setting::default(), &organisation(), defaults).unwrap().0
        };
        self.with(list)
    }

    fn make_with(
        &self,
        name: &str,
        organisation: &Organisation,
        replaces: bool,
        defaults: Defaults,
    ) -> Result<Made, Error> {
        let options = Options {
            day: date(2026, 10, 21),
            linkage: Linkage::Linked,
            replaces,
            case_dir: self.case_dir.clone(),
            choices: Choices { defaults, ..Choices::default() },
            letters: Letters::ours().unwrap(),
        };
        let dir = self.dir.path().join(name);
        self.with(|estate| {
            bundle(&self.decided, &dir, estate, &Setting::default(), organisation, &options)
        })
    }

    fn make_as(
        &self,
        name: &str,
        organisation: &Organisation,
        replaces: bool,
    ) -> Result<Made, Error> {
        self.make_with(name, organisation, replaces, Defaults::default())
    }

    fn make(&self, name: &str) -> Made {
        self.make_as(name, &organisation(), false).unwrap()
    }
}

type Texts = BTreeMap<String, (String, Vec<u8>)>;

/// Every file of a folder with its text as we read it, and as its bytes say.
fn texts(dir: &Path) -> Texts {
    let mut out = BTreeMap::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(next) = dirs.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            let name = path.strip_prefix(dir).unwrap().display().to_string();
            let text = match name.ends_with(".pdf") {
                true => read("x.pdf", &bytes).unwrap().document.text(),
                false => String::from_utf8(bytes.clone()).unwrap(),
            };
            out.insert(name, (text, bytes));
        }
    }
    out
}

#[test]
fn an_answer_holds_the_subject_and_nobody_else() {
    let world = world(items());
    let made = world.make("bundle");
    let texts = texts(&made.dir);
    for (name, (text, _)) in &texts {
        let lower = text.to_lowercase();
        for secret in SECRETS {
            assert!(!lower.contains(&secret.to_lowercase()), "{secret} is in {name}:\n{text}");
            assert!(!name.to_lowercase().contains(secret), "{name}");
        }
    }
    if let Some(dir) = std::env::var_os("HABEAS_SHOW") {
        std::process::Command::new("cp").arg("-r").arg(&made.dir).arg(dir).status().unwrap();
    }
    let exhibits: String = texts
        .iter()
        .filter(|(name, _)| name.contains("SAR-2026-0001-"))
        .map(|(_, (text, _))| text.as_str())
        .collect();
    for kept in [
        "Harriet Vale",
        "harriet.vale@example.com",
        "07700 900456",
        "your results are in",
        "Next of kin",
        "Could [TP",
        "redacted copy",
    ] {
        assert!(exhibits.contains(kept), "{kept} is not in the exhibits:\n{exhibits}");
    }
    assert_eq!((made.n_exhibits, made.n_withheld, made.n_incidental), (3, 1, 1));
    assert_eq!(made.n_left_out, 2);
    assert_eq!(made.unreleased.len(), 1);
    assert!(made.verification.is_ok(), "{:?}", made.verification);
}

#[test]
fn everything_found_is_accounted_for() {
    let world = world(items());
    let made = world.make("bundle");
    let texts = texts(&made.dir);
    let schedule = &texts["03_Schedule-of-documents.csv"].0;
    let mut reader = csv::Reader::from_reader(schedule.as_bytes());
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let status = reader.headers().unwrap().iter().position(|name| name == "status").unwrap();
    for row in reader.records() {
        *counts.entry(row.unwrap()[status].to_owned()).or_default() += 1;
    }
    let expected = [("given", 3), ("kept back", 1), ("not given yet", 1)];
    assert_eq!(counts, expected.map(|(status, n)| (status.to_owned(), n)).into());
    let letter = &texts["00_Letter.txt"].0;
    for words in
        ["Dear Harriet Vale", "3 documents on", "Confidential legal advice", "164A", "1 document"]
    {
        assert!(letter.contains(words), "{words} is not in the letter:\n{letter}");
    }
    assert!(!letter.contains("advice of"), "a decision's own words are for the file");
    let data = &texts["P_Portability/data.json"].0;
    assert!(data.contains("=SUM(A1:A2)") && data.contains("Harriet Vale"));
    let csv = texts.iter().find(|(name, _)| name.starts_with("P_Port") && name.ends_with("csv"));
    assert!(csv.unwrap().1.0.contains("'=SUM(A1:A2)"));
}

/// A letter of the world's case, with how the documents are delivered.
fn released(world: &World, kind: LetterKind) -> Result<String, String> {
    let case = Register::open(world.dir.path()).unwrap().get("1").unwrap();
    let day = date(2026, 10, 22);
    let mut facts = LetterFacts::of(kind, &case, &organisation(), day).unwrap();
    facts.set("delivery", &["By special delivery; the passphrase by telephone.".into()]).unwrap();
    let written = letter(&Letters::ours().unwrap(), kind, &facts);
    written.map(|letter| letter.text).map_err(|error| error.to_string())
}

#[test]
fn the_letter_of_a_release_tells_what_the_bundle_tells_and_only_while_it_is_the_answer() {
    let world = world(items());
    let (partial, full) = (LetterKind::PartialRelease, LetterKind::FullRelease);
    assert!(released(&world, partial).unwrap_err().contains("there is no bundle yet"));
    let made = world.make("bundle");
    let text = released(&world, partial).unwrap();
    let of_bundle = &texts(&made.dir)["00_Letter.txt"].0;
    for words in ["3 documents on", "Confidential legal advice", "[TP 001]", "164A", "2 records"] {
        assert!(text.contains(words) && of_bundle.contains(words), "{words} is not in:\n{text}");
    }
    assert!(text.contains("the passphrase by telephone") && !of_bundle.contains("passphrase"));
    for secret in SECRETS {
        assert!(!text.to_lowercase().contains(&secret.to_lowercase()), "{secret}");
    }
    assert!(released(&world, full).unwrap_err().contains("write `partial-release`"));
    // What is decided afterwards makes another answer of it.
    let case = Register::open(world.dir.path()).unwrap().get("1").unwrap();
    let finding = case.findings().unwrap().remove(0);
    let again = Decision {
        item: finding.item,
        place: finding.place,
        verdict: Verdict::NotSubject,
        reason: String::new(),
        by: "a test".into(),
        at: "2026-10-21T09:00:00Z".parse().unwrap(),
    };
    case.decide(&[again]).unwrap();
    let said = released(&world, partial).unwrap_err();
    assert!(said.contains("something was decided after the bundle was written"), "{said}");
}

#[test]
fn an_answer_with_nothing_taken_out_is_a_full_one() {
    let whole = Item {
        name: "notes/own.txt",
        bytes: b"Harriet Vale was here.".to_vec(),
        about: "",
        verdict: Verdict::Disclose,
        reason: "",
    };
    let world = world(vec![whole]);
    world.make("bundle");
    let text = released(&world, LetterKind::FullRelease).unwrap();
    assert!(text.contains("1 document on 1 page") && !text.contains("Other people"), "{text}");
    let said = released(&world, LetterKind::PartialRelease).unwrap_err();
    assert!(said.contains("nothing is taken out or kept back: write `full-release`"), "{said}");
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    let world = world(items());
    let (one, two) = (world.make("one"), world.make("two"));
    assert_eq!(texts(&one.dir), texts(&two.dir));
}

#[test]
fn a_bundle_that_is_there_is_not_replaced_unasked() {
    let world = world(items());
    let made = world.make("bundle");
    let before = texts(&made.dir);
    let again = world.make_as("bundle", &organisation(), false);
    assert!(matches!(again, Err(Error::Exists(_))));
    assert_eq!(texts(&made.dir), before);
    world.make_as("bundle", &organisation(), true).unwrap();
    assert_eq!(texts(&made.dir), before);
}

#[test]
fn a_letter_that_lacks_what_the_law_asks_for_is_not_written() {
    let world = world(items());
    type Change = fn(&mut Organisation);
    let cases: &[(&str, Change)] = &[
        ("15(1)(a)", |it| it.activities[0].purposes.clear()),
        ("15(1)(a)", |it| it.sources[0].activity.clear()),
        ("15(1)(c)", |it| it.activities[0].recipients.clear()),
        ("15(1)(d)", |it| it.activities[0].retention = " ".into()),
        ("15(1)(ea)", |it| it.controller.complaints.clear()),
        ("13(1)(a)", |it| it.controller.name.clear()),
    ];
    for (expected, change) in cases {
        let mut organisation = organisation();
        change(&mut organisation);
        match world.make_as("bundle", &organisation, false) {
            Err(Error::Unfilled { code, .. }) => assert_eq!(code, *expected),
            other => panic!("{expected}: {other:?}"),
        }
        assert!(!world.dir.path().join("bundle").exists());
    }
}

#[test]
fn what_was_done_to_a_bundle_shows() {
    let world = world(items());
    type Harm = fn(&Path);
    let cases: &[(&str, Harm)] = &[
        ("was changed", |dir| fs::write(dir.join("00_Letter.txt"), "x").unwrap()),
        ("is missing", |dir| fs::remove_file(dir.join("04_Key-to-redactions.pdf")).unwrap()),
        ("does not belong", |dir| fs::write(dir.join("extra.txt"), "x").unwrap()),
        ("taken out (name)", |dir| fs::write(dir.join("extra.csv"), "a,QUILL Tom").unwrap()),
    ];
    let made = world.make("bundle");
    assert!(verify(&made.dir, Some(&world.case_dir), &Means::default()).unwrap().is_ok());
    assert!(verify(&made.dir, None, &Means::default()).unwrap().is_ok());
    let files = texts(&made.dir);
    for (expected, harm) in cases {
        fs::remove_dir_all(&made.dir).unwrap();
        for (name, (_, bytes)) in &files {
            let file = made.dir.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
        harm(&made.dir);
        let verification = verify(&made.dir, Some(&world.case_dir), &Means::default()).unwrap();
        assert!(!verification.is_ok());
        let problems = verification.problems.join("\n");
        assert!(problems.contains(expected), "{expected}: {problems}");
    }
}

#[test]
fn nothing_but_the_case_folder_knows_what_was_taken_out() {
    let world = world(items());
    world.make("bundle");
    let file = world.case_dir.join("secrets.json");
    assert!(fs::read_to_string(&file).unwrap().contains("tom quill"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

/// Decides about a person of whom a writing is known, as `habeas people` does.
fn set(world: &mut World, written: &str, changes: &[(Treatment, Option<ItemId>, Option<Place>)]) {
    let people = world.people();
    let person =
        people.iter().find(|person| person.written.iter().any(|it| it.reveal() == written));
    let person = person.expect("somebody is written so").person.clone();
    let policy = |(treatment, item, place): &(Treatment, Option<ItemId>, Option<Place>)| Policy {
        person: person.clone(),
        treatment: *treatment,
        role_label: String::new(),
        item: *item,
        place: place.clone(),
        reason: "agreed on 3 May".into(),
        by: "a test".into(),
        at: "2026-10-20T09:00:00Z".parse().unwrap(),
    };
    world.decided.policies.extend(changes.iter().map(policy));
}

/// The exhibits that say these words, and the other files that do.
fn saying<'a>(texts: &'a Texts, words: &str) -> (Vec<&'a str>, Vec<&'a str>) {
    let says = texts.iter().filter(|(_, (text, _))| text.to_lowercase().contains(words));
    says.map(|(name, _)| name.as_str()).partition(|name| name.contains("/SAR-"))
}

const CONSENT: Treatment = Treatment::Show(ShowGround::Consent);

#[test]
fn whoever_is_shown_once_and_for_all_is_shown_and_nobody_else() {
    let mut world = world(items());
    set(&mut world, "Bartholomew Featherstone", &[(CONSENT, None, None)]);
    let made = world.make("bundle");
    let texts = texts(&made.dir);
    assert_eq!(saying(&texts, "bartholomew featherstone").0.len(), 1, "{texts:#?}");
    assert!(made.n_shown >= 2 && made.n_overruled == 0, "{made:?}");
    for secret in SECRETS.iter().filter(|secret| !secret.contains("featherstone")) {
        let (exhibits, files) = saying(&texts, &secret.to_lowercase());
        assert!(exhibits.is_empty() && files.is_empty(), "{secret} is in {exhibits:?} {files:?}");
    }
    let schedule = &texts["03_Schedule-of-redactions.csv"].0;
    let shown: Vec<&str> = schedule.lines().filter(|line| line.contains(",shown,")).collect();
    assert!(shown.iter().any(|line| line.contains(",name,shown,,TP-CONSENT,")), "{schedule}");
    assert!(texts["04_Key-to-redactions.pdf"].0.contains("TP-CONSENT"));
}

#[test]
fn whoever_is_shown_at_one_place_is_shown_there_as_often_and_no_more() {
    let mut world = world(items());
    let item = ItemId::of(MESSAGE.as_bytes());
    let head = read("1.eml", MESSAGE.as_bytes()).unwrap().document.passages[0].place.clone();
    set(&mut world, "Tom Quill", &[(CONSENT, Some(item), Some(head))]);
    let made = world.make("bundle");
    let files = texts(&made.dir);
    let (exhibits, others) = saying(&files, "tom quill");
    assert_eq!(exhibits.len(), 1);
    assert!(others.is_empty(), "{others:?}");
    let exhibit = exhibits[0].to_owned();
    let text = &files[&exhibit].0;
    assert_eq!(text.matches("Tom Quill").count(), 2, "from and subject: {text}");
    assert!(text.contains("regards") && !text.contains("900123"), "{text}");
    assert!(verify(&made.dir, Some(&world.case_dir), &Means::default()).unwrap().is_ok());

    // Once more in another file, or once more in the same, and it is a leak.
    fs::write(made.dir.join("extra.csv"), "a,Tom Quill").unwrap();
    let bytes = fs::read(made.dir.join(&exhibit)).unwrap();
    let more: Vec<u8> = [&bytes[..], b"\nTom Quill, Tom Quill; Tom Quill\n"].concat();
    fs::write(made.dir.join(&exhibit), more).unwrap();
    let problems =
        verify(&made.dir, Some(&world.case_dir), &Means::default()).unwrap().problems.join("\n");
    for file in ["extra.csv", exhibit.as_str()] {
        assert!(problems.contains(&format!("{file}: something taken out (name)")), "{problems}");
    }
}

#[test]
fn a_place_can_be_taken_out_of_what_is_shown() {
    let mut world = world(items());
    let item = ItemId::of(MESSAGE.as_bytes());
    let head = read("1.eml", MESSAGE.as_bytes()).unwrap().document.passages[0].place.clone();
    let there = (Treatment::TakeOut, Some(item), Some(head));
    set(&mut world, "Tom Quill", &[(CONSENT, None, None), there]);
    let made = world.make("bundle");
    let files = texts(&made.dir);
    let (exhibits, others) = saying(&files, "tom quill");
    assert_eq!((exhibits.len(), others.len()), (1, 0));
    let text = &files[exhibits[0]].0;
    let (head, body) = text.split_once("Dear Harriet Vale").unwrap();
    assert!(!head.contains("Quill") && body.contains("Tom Quill"), "{text}");
}

#[test]
fn what_the_requester_received_is_known_to_them_only_in_its_address_lines() {
    let world = world(items());
    let defaults = Defaults { shows_known: true, ..Defaults::default() };
    let made = world.make_with("bundle", &organisation(), false, defaults).unwrap();
    let files = texts(&made.dir);
    let (exhibits, others) = saying(&files, "bartholomew featherstone");
    assert_eq!((exhibits.len(), others.len()), (1, 0));
    let text = &files[exhibits[0]].0;
    let (head, body) = text.split_once("Dear Harriet Vale").unwrap();
    assert!(head.contains("Bartholomew Featherstone") && head.contains("tq@example.org"), "{text}");
    assert!(!body.contains("Featherstone") && !body.contains("900123"), "{text}");
    assert!(!head.contains("what Tom Quill said"), "a subject line is no address line: {text}");
    let schedule = &files["03_Schedule-of-redactions.csv"].0;
    assert!(schedule.contains(",shown,,TP-KNOWN,"), "{schedule}");
}

#[test]
fn the_log_says_nothing_and_can_be_checked() {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::{Digest, Sha256};

    let world = world(items());
    let made = world.make("bundle");
    let log = fs::read_to_string(world.case_dir.join("redactions.jsonl")).unwrap();
    assert_eq!(log.lines().count() as u64, made.n_labels);
    for secret in SECRETS {
        assert!(!log.to_lowercase().contains(&secret.to_lowercase()), "{secret} is in the log");
    }
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let ledger = habeas_case::Ledger::open(&world.case_dir).unwrap();
    let bundled = ledger.records().last().unwrap().decision.bundled().unwrap();
    assert_eq!(bundled.redactions_sha256, hex(&Sha256::digest(log.as_bytes())));
    assert_eq!((bundled.n_taken_out, bundled.n_shown), (made.n_labels, 0));
    // With the secret and the original every line can be checked.
    let key = fs::read(world.case_dir.join("redactions.key")).unwrap();
    let mut n_checked = 0;
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let item: ItemId = serde_json::from_value(line["item"].clone()).unwrap();
        let (name, bytes) = &world.files[&item];
        let document = read(name, bytes).unwrap().document;
        let Some(passage) = document.passages.get(line["passage"].as_u64().unwrap() as usize)
        else {
            continue;
        };
        let at = |n: usize| line["range"][n].as_u64().unwrap() as usize;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(&passage.text.as_bytes()[at(0)..at(1)]);
        assert_eq!(line["hmac_sha256"], hex(&mac.finalize().into_bytes()));
        n_checked += 1;
    }
    assert!(n_checked > 5, "{n_checked}");
}

#[test]
fn labels_of_any_kind_have_one_width_and_say_what_was_chosen() {
    let mut world = world(items());
    set(&mut world, "Tom Quill", &[(Treatment::TakeOut, None, None)]);
    world.decided.policies.last_mut().unwrap().role_label = "colleague".into();
    let files = texts(&world.make("bundle").dir);
    let text: String = files.values().map(|(text, _)| text.as_str()).collect();
    assert!(text.contains("colleague]"), "{text}");
    assert!(files["03_Schedule-of-redactions.csv"].0.contains("colleague]"));
}

#[test]
fn an_archive_of_a_bundle_is_checked_to_its_last_byte() {
    let world = world(items());
    let made = world.make("bundle");
    let case = Some(world.case_dir.as_path());
    let zip = world.dir.path().join("answer.zip");
    let means = Means::default();
    let packed = pack(&made.dir, &zip, case, &means).unwrap();
    assert!(packed.is_ok(), "{packed:?}");
    let bytes = fs::read(&zip).unwrap();
    let again = world.dir.path().join("again.zip");
    pack(&made.dir, &again, case, &means).unwrap();
    assert_eq!(bytes, fs::read(&again).unwrap(), "the same folder gives the same bytes");
    assert!(matches!(pack(&made.dir, &zip, case, &means), Err(Error::Exists(_))));
    let verified = verify(&zip, case, &means).unwrap();
    assert!(verified.is_ok(), "{verified:?}");
    let check = |what: &str, bytes: &[u8]| {
        let file = world.dir.path().join("changed.zip");
        fs::write(&file, bytes).unwrap();
        let is_bad = verify(&file, case, &means).map_or(true, |verified| !verified.is_ok());
        assert!(is_bad, "{what}");
    };
    check("bytes after the end", &[bytes.as_slice(), b"x"].concat());
    check("bytes before the start", &[b"x".as_slice(), &bytes].concat());
    let mut archive = zip::ZipWriter::new_append(std::io::Cursor::new(bytes.clone())).unwrap();
    archive.set_comment("for Tom Quill").unwrap();
    check("a comment", &archive.finish().unwrap().into_inner());
    let mut archive = zip::ZipWriter::new_append(std::io::Cursor::new(bytes.clone())).unwrap();
    archive.start_file("zz-Tom Quill.txt", zip::write::SimpleFileOptions::default()).unwrap();
    check("another member", &archive.finish().unwrap().into_inner());
    let mut changed = bytes.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    check("a changed byte", &changed);
}

#[test]
fn nothing_is_packed_that_is_not_sound() {
    let world = world(items());
    let made = world.make("bundle");
    let zip = world.dir.path().join("answer.zip");
    fs::write(made.dir.join("more.txt"), "seen by Tom Quill").unwrap();
    let packed = pack(&made.dir, &zip, Some(&world.case_dir), &Means::default());
    assert!(packed.is_err());
    assert!(!zip.exists());
}

#[test]
fn a_certificate_lists_its_checks_and_each_is_repeated() {
    let world = world(items());
    let made = world.make("bundle");
    let file = made.dir.join("Z_Verification/redaction-certificate.json");
    let certificate: serde_json::Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let listed = certificate["checks"].as_array().unwrap();
    assert_eq!(listed.len(), 7);
    let verified = verify(&made.dir, Some(&world.case_dir), &Means::default()).unwrap();
    for check in listed {
        let name = check["check"].as_str().unwrap();
        let repeated = verified.checks.iter().find(|check| check.name == name).unwrap();
        assert!(!repeated.note.starts_with("not repeated"), "{repeated:?}");
    }
    assert!(certificate["not_done"].as_array().unwrap().len() == 1, "{certificate}");
    let labels = listed.iter().find(|check| check["labels"].is_u64()).unwrap();
    assert!(labels["labels"].as_u64().unwrap() > 0);
}

#[test]
fn an_exhibit_that_shows_what_its_twin_takes_out_is_refused() {
    let mut items = items();
    // Who types a copy without capital letters writes names without them too.
    let text = "Harriet Vale asked for the record of that visit to the desk on 4 May, and then it was \
                Quillon who told her that it had been sent to the other office by post that day.";
    let head =
        "From: Quillon Marsh <qm@example.org>\r\nTo: Harriet Vale <harriet.vale@example.com>";
    let one = format!("{head}\r\n\r\n{text}\r\n");
    let two = text.replace("Quillon", "quillon");
    for (name, text) in [("mail/a.eml", one), ("notes/b.txt", two)] {
        let (bytes, verdict) = (text.into_bytes(), Verdict::Disclose);
        items.push(Item { name, bytes, about: "", verdict, reason: "" });
    }
    let world = world(items);
    let made = world.make("bundle");
    let reasons: Vec<&str> = made.unreleased.iter().map(|(_, reason)| reason.as_str()).collect();
    assert!(
        reasons.iter().any(|reason| reason.contains("another exhibit takes out")),
        "{reasons:?}"
    );
    assert!(made.verification.is_ok(), "{:?}", made.verification);
}
