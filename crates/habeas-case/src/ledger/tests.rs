use habeas_model::{Decision, ItemId, Place, PlaceKind, Verdict};

use super::*;

fn decision(number: usize, verdict: Verdict) -> Entry {
    Entry::Finding(Decision {
        item: ItemId::of(format!("item {number}").as_bytes()),
        place: Place::new(PlaceKind::Row, number),
        verdict,
        reason: format!("reason {number}"),
        by: "tester".into(),
        at: "2026-07-01T10:00:00Z".parse().unwrap(),
    })
}

/// A ledger of five decisions.
fn five() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    Ledger::create(dir.path()).unwrap();
    let mut ledger = Ledger::open(dir.path()).unwrap();
    let all: Vec<Entry> = (1..=5).map(|n| decision(n, Verdict::Disclose)).collect();
    ledger.append(&all[..2]).unwrap();
    ledger.append(&all[2..]).unwrap();
    dir
}

fn lines(dir: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(dir.join(RECORDS)).unwrap();
    text.split_inclusive('\n').map(str::to_owned).collect()
}

fn check_broken(what: &str, change: impl FnOnce(&mut Vec<String>), expected_record: u64) {
    let dir = five();
    let mut changed = lines(dir.path());
    change(&mut changed);
    std::fs::write(dir.path().join(RECORDS), changed.concat()).unwrap();
    match Ledger::open(dir.path()) {
        Err(Error::LedgerBroken { record, .. }) => assert_eq!(record, expected_record, "{what}"),
        other => panic!("{what}: {other:?}"),
    }
}

#[test]
fn decisions_are_kept_in_order() {
    let dir = five();
    let ledger = Ledger::open(dir.path()).unwrap();
    let numbers: Vec<u64> = ledger.records().iter().map(|record| record.seq).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    assert_eq!(ledger.records()[3].decision, decision(4, Verdict::Disclose));
    assert_eq!(ledger.records()[3].prev, ledger.records()[2].digest);
}

#[test]
fn a_change_shows_and_says_where() {
    check_broken("edited", |lines| lines[2] = lines[2].replace("disclose", "withhold"), 3);
    check_broken("edited last", |lines| lines[4] = lines[4].replace("reason 5", "reason 6"), 5);
    check_broken("a blank added", |lines| lines[1] = lines[1].replace("{", "{ "), 2);
    check_broken("a key added", |lines| lines[1] = lines[1].replacen('{', "{\"x\":1,", 1), 2);
    check_broken("removed first", |lines| drop(lines.remove(0)), 1);
    check_broken("removed within", |lines| drop(lines.remove(2)), 3);
    check_broken("removed last", |lines| drop(lines.pop()), 5);
    check_broken("removed all", Vec::clear, 1);
    check_broken("moved", |lines| lines.swap(1, 3), 2);
    check_broken("doubled", |lines| lines.insert(2, lines[1].clone()), 3);
    check_broken("cut within the last", |lines| lines[4].truncate(40), 5);
    check_broken("an empty line", |lines| lines.insert(1, "\n".into()), 2);
    check_broken("not text", |lines| lines[0] = "\0\0\n".into(), 1);
    check_broken("line ends changed", |lines| lines[0] = lines[0].replace('\n', "\r\n"), 1);
}

#[test]
fn a_change_of_the_head_shows() {
    for head in ["", "{\"seq\":0}", "{\"seq\":5,\"digest\":\"00\"}"] {
        let dir = five();
        std::fs::write(dir.path().join(HEAD), head).unwrap();
        assert!(matches!(Ledger::open(dir.path()), Err(Error::LedgerBroken { .. })), "{head}");
    }
    let dir = five();
    std::fs::remove_file(dir.path().join(HEAD)).unwrap();
    assert!(matches!(Ledger::open(dir.path()), Err(Error::LedgerBroken { .. })));
}

#[test]
fn what_a_crash_left_is_set_aside() {
    let dir = five();
    let whole = std::fs::read(dir.path().join(RECORDS)).unwrap();
    let torn = [whole.as_slice(), b"{\"seq\":6,\"prev\":\"ab"].concat();
    std::fs::write(dir.path().join(RECORDS), torn).unwrap();
    let mut ledger = Ledger::open(dir.path()).unwrap();
    assert_eq!((ledger.records().len(), ledger.n_torn_bytes()), (5, 19));
    ledger.append(&[decision(6, Verdict::Withhold)]).unwrap();
    let ledger = Ledger::open(dir.path()).unwrap();
    assert_eq!((ledger.records().len(), ledger.n_torn_bytes()), (6, 0));
    let kept = std::fs::read_to_string(dir.path().join(TORN)).unwrap();
    assert_eq!(kept, "{\"seq\":6,\"prev\":\"ab\n");
}

#[test]
fn records_beyond_the_head_are_good() {
    let dir = five();
    let head = std::fs::read(dir.path().join(HEAD)).unwrap();
    Ledger::open(dir.path()).unwrap().append(&[decision(6, Verdict::Open)]).unwrap();
    // As if the machine had stopped between the records and the head.
    std::fs::write(dir.path().join(HEAD), head).unwrap();
    assert_eq!(Ledger::open(dir.path()).unwrap().records().len(), 6);
}

#[test]
fn many_hands_write_one_chain() {
    let dir = five();
    // Opened before the others write: each has to take in what the others added.
    let mut ledgers: Vec<Ledger> = (0..4).map(|_| Ledger::open(dir.path()).unwrap()).collect();
    std::thread::scope(|scope| {
        for ledger in &mut ledgers {
            scope.spawn(move || {
                for number in 1..=10 {
                    ledger.append(&[decision(number, Verdict::Incidental)]).unwrap();
                }
            });
        }
    });
    assert_eq!(Ledger::open(dir.path()).unwrap().records().len(), 45);
}

/// One record of each kind, as JSON of the day it was introduced. A ledger that was written then has
/// to load for ever.
const RECORDS_OF_EVERY_KIND: &[(&str, &str)] = &[
    (
        "finding",
        r#"{"item":"0000000000000000000000000000000000000000000000000000000000000000","place":{"kind":"row","number":3,"sheet":null},"verdict":"disclose","reason":"r","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "identifier",
        r#"{"kind":"email","identifier":"x@example.org","is_accepted":true,"reason":"r","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "policy",
        r#"{"person":"quill, tom","treatment":{"show":"consent"},"role_label":"","item":null,"place":null,"reason":"r","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "policy",
        r#"{"person":"quill, tom","treatment":"take-out","role_label":"colleague","item":"0000000000000000000000000000000000000000000000000000000000000000","place":{"kind":"page","number":2,"sheet":null},"reason":"","by":"","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "bundled",
        r#"{"redactions_sha256":"ab","n_taken_out":3,"n_shown":1,"manifest_sha256":"cd","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"received","channel":"email","recognised_by":"desk"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"identity_asked","what":"w"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"identity_noted","seen":"s","is_sufficient":true},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"authority_asked","what":"w"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"authority_noted","seen":"s","is_sufficient":false},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"guardian_noted","seen":"s","is_sufficient":true},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"competence_noted","understands":true,"why":"w"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"fee_asked","pence":1000,"reason":"r"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"fee_paid"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"clarification_asked","question":"q"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"clarification_answered","answer":"a"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"extended","ground":"complexity","reason":"r"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"note","text":"t"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"time_spent","minutes":30,"what":"w"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"assigned","to":"t","task":"","works":true},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"third_party","person":1,"item":null,"relation":"relative","reveals":"r","known":"","is_identifiable":true,"consent":{"given":{"on":"2026-07-01","to":"t"}},"confidence":"none","factors":"f","outcome":"disclose"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"third_party","person":1,"item":"0000000000000000000000000000000000000000000000000000000000000000","relation":"staff","reveals":"r","known":"","is_identifiable":false,"consent":{"not_asked":{"why":"w"}},"confidence":"","factors":"","outcome":"redact"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"health_opinion","clinician":"c","registration":"r","appropriate":"a","matter":"m","items":["0000000000000000000000000000000000000000000000000000000000000000"],"outcome":"not_met","given":"2026-06-01","must_reconsult":false},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"known_to_subject","items":["0000000000000000000000000000000000000000000000000000000000000000"],"evidence":"e"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"exemption","code":"LPP","item":"0000000000000000000000000000000000000000000000000000000000000000","place":{"kind":"row","number":3,"sheet":null},"applies":true,"answer":"a","is_told":true},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"letter_written","letter":"acknowledgement","digest":"ab"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"letter_sent","letter":"acknowledgement","method":"m"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"approved","manifest_sha256":"cd","what":"w"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"released","manifest_sha256":"cd","method":"m","address_check":"a","secret_channel":"s"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"recipient_told","what":"w"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"complaint","step":"received","what":"w"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"closed","ending":"answered","reason":"r"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "event",
        r#"{"event":{"kind":"reopened","reason":"r"},"on":"2026-07-01","by":"b","at":"2026-07-01T10:00:00Z"}"#,
    ),
    (
        "erasing",
        r#"{"erasure":"approved","plan":"4f1c","n_done":34,"n_left":54,"by":"tester","at":"2026-07-01T10:00:00Z"}"#,
    ),
];

fn kind_of(entry: &Entry) -> &'static str {
    match entry {
        Entry::Finding(_) => "finding",
        Entry::Identifier(_) => "identifier",
        Entry::Policy(_) => "policy",
        Entry::Bundled(_) => "bundled",
        Entry::Manual(_) => "manual",
        Entry::Event(_) => "event",
        Entry::Erasing(_) => "erasing",
    }
}

#[test]
fn records_of_every_kind_are_told_apart_and_read_back_to_the_byte() {
    let dir = tempfile::tempdir().unwrap();
    Ledger::create(dir.path()).unwrap();
    let mut ledger = Ledger::open(dir.path()).unwrap();
    for (kind, json) in RECORDS_OF_EVERY_KIND {
        let entry: Entry = serde_json::from_str(json).unwrap();
        assert_eq!(kind_of(&entry), *kind, "{json}");
        assert_eq!(serde_json::to_string(&entry).unwrap(), *json);
        ledger.append(&[entry]).unwrap();
    }
    let kinds: Vec<&str> = Ledger::open(dir.path())
        .unwrap()
        .records()
        .iter()
        .map(|it| kind_of(&it.decision))
        .collect();
    assert_eq!(kinds, RECORDS_OF_EVERY_KIND.iter().map(|(kind, _)| *kind).collect::<Vec<_>>());
}

#[test]
fn a_record_of_two_kinds_is_none() {
    // A policy with one field more, one less, or the fields of a bundle.
    let policy = RECORDS_OF_EVERY_KIND[2].1;
    for changed in [
        policy.replacen('{', r#"{"verdict":"disclose","#, 1),
        policy.replace(r#""role_label":"","#, ""),
        policy.replacen('{', r#"{"n_shown":1,"#, 1),
        policy.replace(r#"{"show":"consent"}"#, r#""show""#),
        RECORDS_OF_EVERY_KIND[4].1.replacen('{', r#"{"person":"x","#, 1),
    ] {
        assert!(serde_json::from_str::<Entry>(&changed).is_err(), "{changed}");
    }
}

#[test]
fn a_survey_shows_what_is_left_of_a_broken_chain() {
    let dir = five();
    assert_eq!(Ledger::survey(dir.path()).unwrap().1, None);
    let mut changed = lines(dir.path());
    changed[2] = changed[2].replace("disclose", "withhold");
    std::fs::write(dir.path().join(RECORDS), changed.concat()).unwrap();
    let (left, broken) = Ledger::survey(dir.path()).unwrap();
    assert_eq!((left.len(), broken.map(|it| it.record)), (2, Some(3)));
}

#[test]
fn every_kind_of_event_has_its_record_here() {
    let kinds: std::collections::BTreeSet<String> = RECORDS_OF_EVERY_KIND
        .iter()
        .filter_map(|(_, json)| match serde_json::from_str::<Entry>(json).unwrap() {
            Entry::Event(event) => {
                let kind = event.event.kind();
                assert!(json.contains(&format!("\"kind\":\"{kind}\"")), "{json}");
                Some(kind.to_owned())
            }
            _ => None,
        })
        .collect();
    assert_eq!(kinds.len(), 27);
}
