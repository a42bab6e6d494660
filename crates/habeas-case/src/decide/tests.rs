use habeas_model::{Accounting, PlaceKind, SourceName};
use serde_json::json;

use super::*;
use crate::{Defaults, Register, SourceSearched, Tiers};

/// One finding: item, row, tier, and whether it only mentions the person.
type Found = (&'static str, usize, Tier, About);

const FOUND: &[Found] = &[
    ("a", 2, Tier::Certain, About::Relates),
    ("a", 7, Tier::Probable, About::Relates),
    ("b", 1, Tier::Certain, About::Incidental),
    ("c", 1, Tier::Possible, About::Relates),
    ("d", 1, Tier::Namesake, About::Relates),
    ("e", 1, Tier::Probable, About::Relates),
];

fn findings() -> Vec<Finding> {
    let finding = |(item, row, tier, about): &Found| Finding {
        item: ItemId::of(item.as_bytes()),
        place: Place::new(PlaceKind::Row, *row),
        passages: vec![*row as u32, *row as u32 - 1],
        tier: *tier,
        score_bits: 12.5,
        about: *about,
        evidence: Vec::new(),
    };
    FOUND.iter().map(finding).collect()
}

fn record(case: &Case, findings: &[Finding]) -> SearchRecord {
    let name = SourceName::parse("mail").unwrap();
    SearchRecord {
        case: case.id.clone(),
        searched_at: "2026-07-02T09:00:00Z".parse().unwrap(),
        software: "habeas".into(),
        asked: Vec::new(),
        sources: vec![SourceSearched {
            name,
            items: Accounting::default(),
            read_at: None,
            found: Tiers::default(),
        }],
        is_complete: true,
        excepted: Vec::new(),
        n_items: 9,
        n_passages: 99,
        n_candidates: 9,
        n_unasked: 0,
        n_unweighed: 0,
        n_unfollowed: 0,
        ask: None,
        advice: Vec::new(),
        tiers: Tiers::of(findings),
        n_incidental: 1,
        n_items_found: 5,
        n_dropped: 0,
        subject_digest: String::new(),
        findings_digest: String::new(),
    }
}

/// A case that was searched.
pub(crate) fn searched() -> (tempfile::TempDir, Case) {
    let dir = tempfile::tempdir().unwrap();
    let defaults = Defaults {
        received: jiff::civil::date(2026, 7, 1),
        law: habeas_law::Law::Uk,
        calendar: habeas_law::Calendar::EnglandAndWales,
    };
    let request = Request::from_json(&json!({"name": "Amara Lind"}), &defaults).unwrap();
    let case = Register::open(dir.path()).unwrap().create(request).unwrap();
    let mut record = record(&case, &findings());
    case.save_search(&findings(), &[], &mut record).unwrap();
    (dir, case)
}

pub(crate) fn at() -> Timestamp {
    "2026-07-02T10:00:00Z".parse().unwrap()
}

pub(crate) fn decision(item: &str, row: usize, verdict: Verdict, reason: &str) -> Decision {
    Decision {
        item: ItemId::of(item.as_bytes()),
        place: Place::new(PlaceKind::Row, row),
        verdict,
        reason: reason.into(),
        by: "dpo".into(),
        at: at(),
    }
}

pub(crate) fn suggested(case: &Case) {
    case.decide(&suggest(case, "habeas", at()).unwrap()).unwrap();
}

#[test]
fn an_open_case_makes_no_answer() {
    let (_dir, case) = searched();
    assert!(matches!(decided(&case), Err(Error::Undecided { open: 4, .. })));
    case.decide(&[decision("a", 2, Verdict::Disclose, "")]).unwrap();
    assert!(matches!(decided(&case), Err(Error::Undecided { open: 3, .. })));
    suggested(&case);
    case.decide(&[decision("e", 1, Verdict::Open, "a second look")]).unwrap();
    let said = decided(&case).unwrap_err().to_string();
    assert!(said.starts_with("case SAR-2026-0001 has 1 finding without a decision;"), "{said}");
}

#[test]
fn suggestions_leave_the_possible_open() {
    let (_dir, case) = searched();
    suggested(&case);
    let decided = decided(&case).unwrap();
    let rows: Vec<(ItemId, Vec<u32>)> =
        decided.disclosures.iter().map(|it| (it.item, it.passages.clone())).collect();
    let mut expected = vec![(ItemId::of(b"a"), vec![1, 2, 6, 7]), (ItemId::of(b"e"), vec![0, 1])];
    expected.sort();
    assert_eq!(rows, expected);
    assert_eq!(decided.incidental.len(), 1);
    assert_eq!(decided.pending, [findings()[3].clone()]);
    assert_eq!((decided.n_not_subject, decided.withheld.len()), (1, 0));
    assert_eq!(decided.deadline.working, jiff::civil::date(2026, 7, 31));
    assert!(suggest(&case, "habeas", at()).unwrap().is_empty(), "nothing is suggested twice");
}

#[test]
fn the_last_decision_counts_and_a_suggestion_overrules_nobody() {
    let (_dir, case) = searched();
    case.decide(&[decision("a", 7, Verdict::Withhold, "LPP: advice of 3 May")]).unwrap();
    case.decide(&[decision("e", 1, Verdict::Disclose, "")]).unwrap();
    case.decide(&[decision("e", 1, Verdict::Withhold, "nothing in particular")]).unwrap();
    case.decide(&[decision("c", 1, Verdict::Disclose, "it is her")]).unwrap();
    suggested(&case);
    let decided = decided(&case).unwrap();
    let codes: Vec<_> = decided.withheld.iter().map(|it| it.exemption.map(|it| it.code)).collect();
    assert_eq!(codes.len(), 2);
    assert!(codes.contains(&Some("LPP")) && codes.contains(&None), "{codes:?}");
    let items: Vec<ItemId> = decided.disclosures.iter().map(|it| it.item).collect();
    assert!(items.contains(&ItemId::of(b"c")) && !items.contains(&ItemId::of(b"e")));
    assert_eq!(decided.disclosures.iter().map(|it| it.findings.len()).sum::<usize>(), 2);
    assert!(decided.pending.is_empty());
}

#[test]
fn a_decision_is_about_a_finding() {
    let (_dir, case) = searched();
    let wrong = [decision("a", 2, Verdict::Disclose, ""), decision("a", 3, Verdict::Disclose, "")];
    assert!(matches!(case.decide(&wrong), Err(Error::NoSuchFinding(_))));
    assert!(case.ledger().unwrap().records().is_empty(), "all or none");
}

#[test]
fn findings_are_those_of_the_search() {
    let (_dir, case) = searched();
    assert_eq!(case.findings().unwrap(), findings());
    let file = case.dir.join("findings.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("namesake", "certain", 1)).unwrap();
    assert!(matches!(decided(&case), Err(Error::FindingsChanged(_))));
    std::fs::remove_file(case.dir.join("search.json")).unwrap();
    assert!(matches!(decided(&case), Err(Error::NotSearched(_))));
}

#[test]
fn decisions_outlive_a_new_search() {
    let (_dir, case) = searched();
    suggested(&case);
    let mut found = findings();
    found.remove(0);
    let mut record = record(&case, &found);
    case.save_search(&found, &[], &mut record).unwrap();
    let decided = decided(&case).unwrap();
    assert_eq!(decided.disclosures.iter().map(|it| it.findings.len()).sum::<usize>(), 2);
}

#[test]
fn a_changed_subject_is_searched_again() {
    let (_dir, mut case) = searched();
    suggested(&case);
    case.request
        .clarifications
        .push(habeas_law::Wait { asked: case.request.received, answered: None });
    case.save_request().unwrap();
    assert!(decided(&case).is_ok(), "the clock is not the subject");
    let former = habeas_model::SubjectName {
        value: "Amara Stone".into(),
        kind: habeas_model::NameKind::Former,
        held: habeas_model::Held::default(),
    };
    case.request.subject.names.push(former);
    assert!(matches!(decided(&case), Err(Error::SubjectChanged(_))));
}

#[test]
fn an_exemption_is_told_unless_telling_may_defeat_it() {
    use habeas_model::{Event, ExemptionAnswer, Personal};
    let (_dir, case) = searched();
    suggested(&case);
    let is_told = || decided(&case).unwrap().withheld[0].is_told;
    case.decide(&[decision("e", 1, Verdict::Withhold, "LPP: advice")]).unwrap();
    assert!(is_told());
    case.decide(&[decision("e", 1, Verdict::Withhold, "CRIME: an inquiry")]).unwrap();
    assert!(!is_told());
    let answer = ExemptionAnswer {
        code: "CRIME".into(),
        item: Some(ItemId::of(b"e")),
        place: None,
        applies: true,
        answer: Personal::new("the inquiry of May, which is public".into()),
        is_told: true,
    };
    let on = jiff::civil::date(2026, 7, 2);
    let event =
        |answer| Event { event: Happening::Exemption(answer), on, by: "dpo".into(), at: at() };
    case.record(&[event(answer.clone())], on).unwrap();
    assert!(is_told());
    let hidden = ExemptionAnswer { code: "LPP".into(), is_told: false, ..answer };
    let said = case.record(&[event(hidden)], on).unwrap_err().to_string();
    assert!(said.contains("would not defeat it"), "{said}");
}
