//! Is each promise's breach found, and is its clean twin left alone? Every breach is planted in a source of
//! its own, read by the command as a user would, and its twin in another one.

mod common;

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use common::habeas;
use serde_json::Value;

const OWN: &str = "own.example.org";

/// A message as a file.
fn message(from: &str, to: &str, date: &str, more: &str, subject: &str, body: &str) -> String {
    format!(
        "From: {from}\nTo: {to}\nDate: {date}\n{more}Subject: {subject}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{body}\n"
    )
}

/// A list as a mail marketing program writes it.
fn list(rows: &[&str]) -> String {
    let head = "Email Address,First Name,Last Name,OPTIN_TIME,CONFIRM_TIME,LEID,EUID,LAST_CHANGED,TAGS,UNSUB_TIME\n";
    format!("{head}{}\n", rows.join("\n"))
}

const LETTER: &str = "Dear Amara Lind,\n\nYou were diagnosed with asthma in May, and the biopsy showed no tumour. I have prescribed tablets against the infection.\n\nYours sincerely\nDr Karl Quist\n";

/// Check, keys, files of the breach, files of the twin, how many findings there must be, and a word of each.
struct Planted {
    check: &'static str,
    /// `SRC` stands for the source.
    keys: &'static str,
    breach: Vec<(&'static str, String)>,
    twin: Vec<(&'static str, String)>,
    /// In which file, at which place, what a finding says.
    found: &'static [(&'static str, &'static str, &'static str)],
}

fn planted() -> Vec<Planted> {
    let own = |name: &str| format!("Clinic <{name}@{OWN}>");
    let amara = "Amara Lind <amara.lind@example.org>";
    vec![
        Planted {
            check: "sensitive-marketing",
            keys: "sources = [\"SRC\"]",
            breach: vec![(
                "list.csv",
                list(&[
                    "amara.lind@example.org,Amara,Lind,2024-01-02 10:00:00,2024-01-02 10:00:00,1,a1,2024-01-02 10:00:00,VIP,",
                    "karl.quist@example.org,Karl,Quist,2024-01-02 10:00:00,2024-01-02 10:00:00,2,a2,2024-01-02 10:00:00,asthma,",
                ]),
            )],
            twin: vec![(
                "list.csv",
                list(&["amara.lind@example.org,Amara,Lind,2024-01-02 10:00:00,2024-01-02 10:00:00,1,a1,2024-01-02 10:00:00,VIP,"]),
            )],
            found: &[("list.csv", "row 3", "terms of `health`")],
        },
        Planted {
            check: "after-unsubscribe",
            keys: "lists = [\"SRC:lists/**\"]\nsources = [\"SRC\"]\nsenders = [\"offers@own.example.org\"]\nunsubscribed = [\"UNSUB_TIME\"]\nagreed = [\"OPTIN_TIME\"]\nwords = [\"take me off\"]\nperiod = \"5 days\"",
            breach: vec![
                (
                    "lists/brand-a/unsubscribed.csv",
                    list(&["amara.lind@example.org,Amara,Lind,2024-01-02 10:00:00,,1,a1,2025-05-02 10:00:00,,2025-05-02 10:00:00"]),
                ),
                (
                    "lists/brand-b/subscribed.csv",
                    list(&[
                        "Amara.Lind@example.org,Amara,Lind,2024-01-02 10:00:00,,7,b1,2024-01-02 10:00:00,,",
                        "karl.quist@example.org,Karl,Quist,2025-08-01 10:00:00,,8,b2,2025-08-01 10:00:00,,",
                    ]),
                ),
                (
                    "mail/offer.eml",
                    message(&own("offers"), amara, "Fri, 12 Sep 2025 09:00:00 +0000", "", "Only until Sunday", "Ten per cent off."),
                ),
                (
                    "mail/objection.eml",
                    message("Bo Falk <bo.falk@example.org>", &own("info"), "Mon, 2 Jun 2025 09:00:00 +0000", "", "Your mails", "Please take me off."),
                ),
                (
                    "mail/offer to bo.eml",
                    message(&own("offers"), "Bo Falk <bo.falk@example.org>", "Mon, 9 Jun 2025 09:00:00 +0000", "", "Only until Sunday", "Ten per cent off."),
                ),
            ],
            twin: vec![
                (
                    "lists/brand-a/unsubscribed.csv",
                    list(&[
                        "amara.lind@example.org,Amara,Lind,2024-01-02 10:00:00,,1,a1,2025-05-02 10:00:00,,2025-05-02 10:00:00",
                        "bo.falk@example.org,Bo,Falk,2024-01-02 10:00:00,,2,a2,2025-05-02 10:00:00,,2025-05-02 10:00:00",
                    ]),
                ),
                // Bo agreed again, and the list of the other brand is older than Amara's leaving.
                (
                    "lists/brand-b/subscribed.csv",
                    list(&["amara.lind@example.org,Amara,Lind,2024-01-02 10:00:00,,7,b1,2024-01-02 10:00:00,,"]),
                ),
                (
                    "lists/brand-c/subscribed.csv",
                    list(&["bo.falk@example.org,Bo,Falk,2025-07-01 10:00:00,,8,c1,2025-07-01 10:00:00,,"]),
                ),
                (
                    "mail/within days.eml",
                    message(&own("offers"), amara, "Sun, 4 May 2025 09:00:00 +0000", "", "Only until Sunday", "Ten per cent off."),
                ),
                (
                    "mail/agreed again.eml",
                    message(&own("offers"), "Bo Falk <bo.falk@example.org>", "Fri, 12 Sep 2025 09:00:00 +0000", "", "Only until Sunday", "Ten per cent off."),
                ),
                (
                    "mail/appointment.eml",
                    message(&own("desk"), amara, "Fri, 12 Sep 2025 09:00:00 +0000", "", "Your appointment", "See you on Monday."),
                ),
            ],
            found: &[
                ("mail/offer.eml", "", "was sent to somebody who had unsubscribed"),
                ("mail/offer to bo.eml", "", "was sent to somebody who had unsubscribed"),
                ("lists/brand-b/subscribed.csv", "row 2", "still holds somebody"),
            ],
        },
        Planted {
            check: "without-interest",
            keys: "lists = [\"SRC:lists/**\"]\nsources = [\"SRC\"]\nsenders = [\"offers@own.example.org\"]",
            breach: vec![
                (
                    "lists/a.csv",
                    list(&["amara.lind@example.org,Amara,Lind,2024-01-02 10:00:00,,1,a1,2024-01-02 10:00:00,Tummy tuck,"]),
                ),
                (
                    "mail/offer.eml",
                    message(&own("offers"), amara, "Fri, 12 Sep 2025 09:00:00 +0000", "", "Hair transplants for less", "Ten per cent off."),
                ),
            ],
            twin: vec![
                (
                    "lists/a.csv",
                    list(&["amara.lind@example.org,Amara,Lind,2024-01-02 10:00:00,,1,a1,2024-01-02 10:00:00,Hair transplant,"]),
                ),
                (
                    "mail/offer.eml",
                    message(&own("offers"), amara, "Fri, 12 Sep 2025 09:00:00 +0000", "", "FUE for less", "Ten per cent off."),
                ),
            ],
            found: &[("mail/offer.eml", "", "never asked about")],
        },
        Planted {
            check: "children",
            keys: "sources = [\"SRC\"]\nage = 16",
            breach: vec![(
                "patients.csv",
                "First name,Last name,Date of birth,Registered on\nAmara,Lind,03/04/1984,2024-02-01\nMika,Lind,05/06/2012,2024-02-01\n".to_owned(),
            )],
            // Born in 2002: a grown-up on the day of the record, though once a child.
            twin: vec![(
                "patients.csv",
                "First name,Last name,Date of birth,Registered on\nMika,Lind,05/06/2002,2024-02-01\n".to_owned(),
            )],
            found: &[("patients.csv", "row 3", "somebody under 16")],
        },
        Planted {
            check: "retention",
            keys: "sources = [\"SRC\"]\nexcept = [\"SRC:statistics/**\"]\nperiod = \"3 years\"",
            breach: vec![
                (
                    "visits.csv",
                    "Date,Visitor,Email\n2010-03-04,Amara Lind,amara.lind@example.org\n2022-03-04,Karl Quist,karl.quist@example.org\n2026-03-04,Bo Falk,bo.falk@example.org\n".to_owned(),
                ),
                ("known.csv", "Date,Patient ID,Name\n2026-03-04,LR-100234,Amara Lind\n".to_owned()),
                ("statistics/ages.csv", "Date,Patient ID,Age band\n2026-03-04,LR-100234,40 to 49\n".to_owned()),
                ("statistics/named.csv", "Date,Email,Age band\n2026-03-04,bo.falk@example.org,40 to 49\n".to_owned()),
            ],
            twin: vec![
                ("visits.csv", "Date,Visitor,Email\n2026-03-04,Bo Falk,bo.falk@example.org\n".to_owned()),
                ("known.csv", "Date,Patient ID,Name\n2026-03-04,LR-100234,Amara Lind\n".to_owned()),
                ("statistics/ages.csv", "Date,Age band,Number\n2026-03-04,40 to 49,17\n".to_owned()),
            ],
            found: &[
                ("visits.csv", "row 2", "more than twice the 3 years"),
                ("visits.csv", "row 3", "longer than the 3 years"),
                ("statistics/ages.csv", "row 2", "has a reference that stands beside a name"),
                ("statistics/named.csv", "row 2", "names somebody"),
            ],
        },
        Planted {
            check: "recipients",
            keys: "sources = [\"SRC\"]\nprocessors = [\"sendlark.example.com\"]\nclinical = [\"fenlabs.example.com\"]",
            breach: vec![
                (
                    "sent/stranger.eml",
                    message(&own("desk"), "records@stranger.example.net", "Mon, 2 Mar 2026 09:00:00 +0000", "", "Records of Amara Lind", "She was diagnosed with asthma."),
                ),
                (
                    "sent/other.eml",
                    message(&own("desk"), "hello@elsewhere.example.net", "Mon, 2 Mar 2026 09:00:00 +0000", "", "List of names", "Amara Lind, Bo Falk"),
                ),
                (
                    "sent/processor.eml",
                    message(&own("desk"), "upload@sendlark.example.com", "Mon, 2 Mar 2026 09:00:00 +0000", "", "New contact", "Amara Lind, asthma"),
                ),
            ],
            twin: vec![
                (
                    "sent/patient.eml",
                    message(&own("desk"), "Petra Holm <petra.holm@example.org>", "Mon, 2 Mar 2026 09:00:00 +0000", "", "Your letter", "You were diagnosed with asthma."),
                ),
                (
                    "inbox/patient.eml",
                    message("Petra Holm <petra.holm@example.org>", &own("desk"), "Sun, 1 Mar 2026 09:00:00 +0000", "", "My letter", "Could you send it?"),
                ),
                (
                    "sent/laboratory.eml",
                    message(&own("desk"), "in@fenlabs.example.com", "Mon, 2 Mar 2026 09:00:00 +0000", "", "Sample", "Amara Lind, biopsy"),
                ),
                (
                    "sent/colleague.eml",
                    message(&own("desk"), &own("theatre"), "Mon, 2 Mar 2026 09:00:00 +0000", "", "Tomorrow", "Amara Lind, asthma"),
                ),
                (
                    "sent/processor.eml",
                    message(&own("desk"), "upload@sendlark.example.com", "Mon, 2 Mar 2026 09:00:00 +0000", "", "New contact", "Amara Lind"),
                ),
            ],
            found: &[
                ("sent/stranger.eml", "", "health data was sent to a recipient that is not declared"),
                ("sent/other.eml", "", "mail was sent to a recipient that is not declared"),
                ("sent/processor.eml", "", "declared for other data only"),
            ],
        },
        Planted {
            check: "restricted",
            keys: "sources = [\"SRC\"]\nexcept = [\"SRC:clinical/**\"]",
            breach: vec![("share/letter.txt", LETTER.to_owned()), ("clinical/open.txt", LETTER.to_owned() + "Again.\n")],
            twin: vec![
                ("clinical/closed.txt", LETTER.to_owned()),
                ("share/lunch.txt", "Amara Lind and Bo Falk come to lunch; no nuts, Bo has an allergy.\n".to_owned()),
            ],
            found: &[
                ("share/letter.txt", "", "outside the restricted places"),
                ("clinical", "", "every account of the machine may read 1 of its files"),
                ("clinical", "", "group"),
            ],
        },
        Planted {
            check: "consent",
            keys: "lists = [\"SRC:lists/**\"]\nlog = [\"SRC:log/**\"]\nagreed = [\"CONFIRM_TIME\"]\nunsubscribed = [\"UNSUB_TIME\"]\nstatus = [\"Status\"]\nyes = [\"Accepted\"]",
            breach: vec![
                (
                    "lists/a.csv",
                    list(&[
                        "amara.lind@example.org,Amara,Lind,2024-01-02 10:00:00,,1,a1,2024-01-02 10:00:00,,",
                        "bo.falk@example.org,Bo,Falk,2024-01-02 10:00:00,2024-01-02 10:00:00,2,a2,2024-01-02 10:00:00,,",
                    ]),
                ),
                (
                    "log/consent.csv",
                    "Consent ID,Status,Categories,Country,Email,Consent date\nx1,Accepted,all,GB,bo.falk@example.org,2024-01-01\nx2,Rejected,all,GB,bo.falk@example.org,2025-01-01\n".to_owned(),
                ),
            ],
            twin: vec![
                (
                    "lists/a.csv",
                    list(&[
                        "amara.lind@example.org,Amara,Lind,2024-01-02 10:00:00,2024-01-02 10:00:00,1,a1,2024-01-02 10:00:00,,",
                        "bo.falk@example.org,Bo,Falk,2024-01-02 10:00:00,,2,a2,2024-01-02 10:00:00,,",
                        "karl.quist@example.org,Karl,Quist,2024-01-02 10:00:00,,3,a3,2024-01-02 10:00:00,,2025-01-01 10:00:00",
                    ]),
                ),
                (
                    "log/consent.csv",
                    "Consent ID,Status,Categories,Country,Email,Consent date\nx1,Rejected,all,GB,bo.falk@example.org,2024-01-01\nx2,Accepted,all,GB,bo.falk@example.org,2025-01-01\n".to_owned(),
                ),
            ],
            found: &[
                ("lists/a.csv", "row 2", "no consent is recorded"),
                ("lists/a.csv", "row 3", "refused or withdrew"),
            ],
        },
        Planted {
            check: "identity",
            keys: "sources = [\"SRC\"]\nwords = [\"passport\"]\nperiod = \"30 days\"",
            breach: vec![
                ("payments.csv", "Date,Name,Card number\n2026-03-01,Amara Lind,4111 1111 1111 1111\n".to_owned()),
                ("scans/Passport of a patient.pdf", pdf()),
            ],
            twin: vec![
                ("payments.csv", "Date,Name,Card Last4\n2026-03-01,Amara Lind,1111\n".to_owned()),
                ("scans/leaflet.pdf", pdf()),
            ],
            found: &[
                ("payments.csv", "row 2", "a whole card number"),
                ("scans/Passport of a patient.pdf", "", "a scan of a proof of identity"),
            ],
        },
        Planted {
            check: "requests",
            keys: "sources = [\"SRC:dpo/**\"]\nwords = [\"copy of everything\"]\nperiod = \"1 month\"",
            breach: vec![
                (
                    "dpo/1.eml",
                    message(amara, &own("dpo"), "Mon, 5 Jan 2026 09:00:00 +0000", "Message-ID: <one@example.org>\n", "My data", "Please send me a copy of everything."),
                ),
                (
                    "dpo/2.eml",
                    message("Bo Falk <bo.falk@example.org>", &own("dpo"), "Mon, 30 Mar 2026 09:00:00 +0000", "Message-ID: <two@example.org>\n", "My data", "I want a copy of everything."),
                ),
            ],
            twin: vec![
                (
                    "dpo/1.eml",
                    message(amara, &own("dpo"), "Mon, 5 Jan 2026 09:00:00 +0000", "Message-ID: <three@example.org>\n", "My data", "Please send me a copy of everything."),
                ),
                (
                    "sent/1.eml",
                    message(&own("dpo"), amara, "Mon, 12 Jan 2026 09:00:00 +0000", "Message-ID: <four@own.example.org>\nIn-Reply-To: <three@example.org>\n", "Re: My data", "Here it is."),
                ),
                (
                    "dpo/2.eml",
                    message(amara, &own("dpo"), "Mon, 5 Jan 2026 09:00:00 +0000", "Message-ID: <five@example.org>\n", "Thanks", "All is well."),
                ),
            ],
            found: &[
                ("dpo/1.eml", "", "not answered in time"),
                ("dpo/2.eml", "", "waits for an answer"),
            ],
        },
        Planted {
            check: "touchpoints",
            keys: "touchpoints = [{ name = \"door\", sources = [\"SRC\"] }]",
            breach: vec![],
            twin: vec![("door.csv", "Date,Visitor\n2026-03-01,Amara Lind\n".to_owned())],
            found: &[(".", "", "nothing of its source was ever read")],
        },
    ]
}

/// A page without text.
fn pdf() -> String {
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>\n".to_owned()
}

/// Puts files into a source's folder, closed to others and some time ago.
fn plant(dir: &Path, files: &[(&str, String)]) {
    fs::create_dir_all(dir).unwrap();
    for (path, text) in files {
        let file = dir.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        let mode = if path.contains("open") { 0o644 } else { 0o600 };
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        let then = SystemTime::now() - Duration::from_secs(400 * 24 * 3600);
        fs::File::options().write(true).open(&file).unwrap().set_modified(then).unwrap();
    }
}

#[test]
fn a_planted_breach_of_each_promise_is_found_and_its_twin_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("home");
    let mut config = format!("[staff]\ndomains = [\"{OWN}\"]\n");
    let planted = planted();
    for (number, it) in planted.iter().enumerate() {
        for (sign, files) in [("b", &it.breach), ("t", &it.twin)] {
            let source = format!("{sign}{number}");
            plant(&dir.path().join(&source), files);
            config.push_str(&format!("[[source]]\nname = \"{source}\"\npath = \"../{source}\"\n"));
        }
    }
    for sign in ["b", "t"] {
        for (number, it) in planted.iter().enumerate() {
            let keys = it.keys.replace("SRC", &format!("{sign}{number}"));
            let (check, notice) = (it.check, format!("Notice, section {number}"));
            config.push_str(&format!(
                "[[promise]]\ncheck = \"{check}\"\npromise = \"{check}\"\nnotice = \"{notice}\"\n{keys}\n"
            ));
        }
    }
    let estate = root.display().to_string();
    assert_eq!(habeas(&["init", &estate], "").code, 0);
    fs::write(root.join("habeas.toml"), config).unwrap();
    let indexed = habeas(&["--estate", &estate, "index"], "");
    assert!(indexed.code <= 1, "{}", indexed.stderr);
    let audited = habeas(&["--estate", &estate, "--json", "audit", "--date", "2026-04-02"], "");
    assert_eq!(audited.code, 1, "{}", audited.stderr);
    let lines = common::lines(&audited.stdout);

    let n = planted.len();
    for (number, it) in planted.iter().enumerate() {
        let of = |number: usize| -> Vec<&Value> {
            let data =
                lines.iter().filter(|line| line["type"] == "finding").map(|line| &line["data"]);
            data.filter(|data| data["number"] == number).collect()
        };
        let found = of(number + 1);
        for (path, place, what) in it.found {
            let is_it = |data: &&Value| {
                let places: Vec<String> =
                    data["places"].as_array().unwrap().iter().map(place_of).collect();
                data["path"] == *path
                    && (place.is_empty() || places.contains(&(*place).to_owned()))
                    && data["what"].as_str().unwrap().contains(what)
            };
            assert!(found.iter().any(is_it), "{}: {path}, {place}: {what}\n{found:#?}", it.check);
        }
        assert_eq!(found.len(), it.found.len(), "{}: {found:#?}", it.check);
        for data in &found {
            assert_eq!(data["notice"], format!("Notice, section {number}"));
            assert!(!data["advice"].as_str().unwrap().is_empty());
        }
        assert!(
            of(n + number + 1).is_empty(),
            "the twin of {}: {:#?}",
            it.check,
            of(n + number + 1)
        );
    }
    // Evidence is by place: nobody is named, in no report.
    let report = root.join("reports/audit-2026-04-02");
    for text in [
        audited.stdout,
        audited.stderr,
        fs::read_to_string(report.join("audit.html")).unwrap(),
        fs::read_to_string(report.join("audit.json")).unwrap(),
    ] {
        for name in ["Amara", "amara", "Quist", "falk", "4111", "LR-100234"] {
            assert!(!text.contains(name), "{name} is in a report");
        }
    }
    // The same estate on the same day gives the same bytes.
    let first = fs::read(report.join("audit.json")).unwrap();
    habeas(&["--estate", &estate, "audit", "--date", "2026-04-02"], "");
    assert_eq!(fs::read(report.join("audit.json")).unwrap(), first);
}

/// A place as a person reads it.
fn place_of(place: &Value) -> String {
    format!("{} {}", place["kind"].as_str().unwrap(), place["number"])
}

#[test]
fn a_promise_that_cannot_be_checked_says_why_and_the_others_are_checked() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("home");
    plant(
        &dir.path().join("a"),
        &[("a.csv", "Name,Date of birth,Date\nMika Lind,05/06/2012,2024-02-01\n".to_owned())],
    );
    let estate = root.display().to_string();
    assert_eq!(habeas(&["init", &estate], "").code, 0);
    let promise = |check: &str, keys: &str| format!("[[promise]]\ncheck = \"{check}\"\n{keys}\n");
    let config = [
        "[[source]]\nname = \"a\"\npath = \"../a\"\nactivity = \"x\"\n[[activity]]\nname = \"x\"\nkeep = \"0 years\"\n".to_owned(),
        promise("childrens", ""),
        promise("children", "sources = [\"b\"]"),
        promise("identity", "period = \"30 moons\""),
        promise("sensitive-marketing", ""),
        promise("retention", "sources = [\"a\"]"),
        promise("sensitive-marketing", "sources = [\"a\"]\ntaxonomies = [\"helth\"]"),
        promise("recipients", ""),
        promise("children", ""),
    ];
    fs::write(root.join("habeas.toml"), config.concat()).unwrap();
    assert_eq!(habeas(&["--estate", &estate, "index"], "").code, 0);
    let audited = habeas(&["--estate", &estate, "--json", "audit"], "");
    assert_eq!(audited.code, 1, "{}", audited.stderr);
    let lines = common::lines(&audited.stdout);
    let promises: Vec<&Value> =
        lines.iter().filter(|line| line["type"] == "promise").map(|line| &line["data"]).collect();
    for (number, why) in [
        "did you mean `children`?",
        "source `b`, which is not in habeas.toml",
        "`30 moons` is not a period",
        "says no `sources`",
        "activity `x`: `0 years` is an impossible period",
        "there is no taxonomy `helth`",
        "names no `domains`",
    ]
    .iter()
    .enumerate()
    {
        let state = &promises[number]["state"]["not_checked"];
        assert!(state.as_str().is_some_and(|it| it.contains(why)), "{why}: {}", promises[number]);
    }
    assert_eq!(promises[7]["state"], "broken");

    fs::write(root.join("habeas.toml"), "[[source]]\nname = \"a\"\npath = \"../a\"\n").unwrap();
    let none = habeas(&["--estate", &estate, "audit"], "");
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("[[promise]]"), "{}", none.stderr);
}
