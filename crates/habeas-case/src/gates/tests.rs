use habeas_model::{
    Bundled, Consent, Event, ExemptionAnswer, HealthOpinion, Place, Policy, Relation, ShowGround,
    ThirdParty,
};
use jiff::civil::date;

use super::*;
use crate::decide::tests::{at, decision, searched, suggested};
use crate::{Case, Error, Release, State, keep_redactions};

const TODAY: Date = date(2026, 7, 20);

fn rules() -> Rules {
    Rules {
        health: Some(BTreeSet::new()),
        seen: Seen::Verified("cd".into()),
        ..Rules::careful(TODAY)
    }
}

fn happened(case: &Case, by: &str, event: Happening) -> Result<(), Error> {
    case.record(&[Event { event, on: TODAY, by: by.into(), at: at() }], TODAY).map(drop)
}

fn identified(case: &Case) {
    let event = Happening::IdentityNoted { seen: "logged in".into(), is_sufficient: true };
    happened(case, "dpo", event).unwrap();
}

fn bundled(case: &Case, manifest: &str, by: &str) {
    let bundled = Bundled {
        redactions_sha256: "ab".into(),
        n_taken_out: 0,
        n_shown: 0,
        manifest_sha256: manifest.into(),
        by: by.into(),
        at: "2026-07-19T10:00:00Z".parse().unwrap(),
    };
    keep_redactions(&case.dir, b"", bundled).unwrap();
}

fn approved(case: &Case, by: &str) -> Result<(), Error> {
    let event = Happening::Approved { manifest_sha256: "cd".into(), what: "all of it".into() };
    happened(case, by, event)
}

fn release() -> Release {
    Release {
        method: "portal".into(),
        address_check: "by telephone".into(),
        secret_channel: "by letter".into(),
        on: TODAY,
        by: "dpo".into(),
        at: at(),
    }
}

fn gates(case: &Case, rules: &Rules) -> Vec<Gate> {
    let blocks = case.blocks(rules).unwrap();
    for block in &blocks {
        assert!(block.clears.starts_with("habeas ") && !block.clears.contains("CASE"), "{block:?}");
        assert!(!block.what.is_empty() && !block.what.ends_with('.'), "{block:?}");
    }
    blocks.iter().map(|block| block.gate).collect()
}

/// A case of which nothing stands in the way but what a test puts there.
fn ready() -> (tempfile::TempDir, Case) {
    let (dir, case) = searched();
    identified(&case);
    suggested(&case);
    bundled(&case, "cd", "maker");
    approved(&case, "second").unwrap();
    assert_eq!(gates(&case, &rules()), []);
    (dir, case)
}

#[test]
fn a_case_goes_from_gate_to_gate() {
    let (_dir, case) = searched();
    let state = || case.state(&rules()).unwrap();
    assert_eq!(gates(&case, &rules()), [Gate::Identity, Gate::Undecided, Gate::Bundle]);
    assert_eq!(state(), State::Reviewing);
    identified(&case);
    suggested(&case);
    assert_eq!((gates(&case, &rules()), state()), (vec![Gate::Bundle], State::Ready));
    assert!(approved(&case, "second").unwrap_err().to_string().contains("no bundle"));
    bundled(&case, "cd", "maker");
    assert_eq!(gates(&case, &rules()), [Gate::FourEyes]);
    for by in ["Maker ", "habeas"] {
        let said = approved(&case, by).unwrap_err().to_string();
        assert!(said.contains("somebody else"), "{by} made it or decided all of it: {said}");
    }
    let blocked = case.release(&rules(), &release()).unwrap_err();
    assert!(matches!(&blocked, Error::Blocked { blocks, .. } if blocks.len() == 1), "{blocked}");
    approved(&case, "second").unwrap();
    assert_eq!(gates(&case, &rules()), []);
    let unseen = Rules { seen: Seen::Unseen, ..rules() };
    assert!(matches!(case.release(&unseen, &release()), Err(Error::Blocked { .. })));
    case.release(&rules(), &release()).unwrap();
    assert_eq!((state(), gates(&case, &rules())), (State::Released, vec![Gate::Closed]));
    assert!(case.release(&rules(), &release()).is_err(), "an answer leaves once");
    let event = Happening::Closed { ending: habeas_model::Ending::Answered, reason: "sent".into() };
    happened(&case, "dpo", event).unwrap();
    assert_eq!(state(), State::Closed);
    let later = Rules { today: date(2032, 7, 20), ..rules() };
    assert_eq!(case.state(&later).unwrap(), State::Expired);
    happened(&case, "dpo", Happening::Reopened { reason: "a box was found".into() }).unwrap();
    assert_eq!((state(), gates(&case, &rules())), (State::Ready, vec![Gate::Bundle]));
}

#[test]
fn four_eyes_are_a_choice() {
    let (_dir, case) = searched();
    identified(&case);
    suggested(&case);
    bundled(&case, "cd", "maker");
    assert_eq!(gates(&case, &Rules { four_eyes: false, ..rules() }), []);
}

#[test]
fn a_bundle_is_the_last_one_and_newer_than_what_it_rests_on() {
    let (_dir, case) = ready();
    let seen = |seen| gates(&case, &Rules { seen, ..rules() });
    assert_eq!(seen(Seen::Absent), [Gate::Bundle]);
    assert_eq!(seen(Seen::Fails(2)), [Gate::Verify]);
    assert_eq!(seen(Seen::Verified("ef".into())), [Gate::Bundle]);
    let unfilled = Rules { unfilled: vec!["no purposes".into()], ..rules() };
    assert_eq!(gates(&case, &unfilled), [Gate::Contents]);
    // A note changes nothing; a decision does.
    happened(&case, "dpo", Happening::Note { text: "rang twice".into() }).unwrap();
    assert_eq!(gates(&case, &rules()), []);
    case.decide(&[decision("e", 1, Verdict::Disclose, "")]).unwrap();
    assert_eq!(gates(&case, &rules()), [Gate::Bundle]);
    bundled(&case, "ef", "maker");
    let new = Rules { seen: Seen::Verified("ef".into()), ..rules() };
    assert_eq!(gates(&case, &new), [Gate::FourEyes], "the approval was of another bundle");
}

#[test]
fn nothing_is_kept_back_without_its_answer() {
    let (_dir, case) = ready();
    let answered = |code: &str, item: &str, place| {
        let answer = ExemptionAnswer {
            code: code.into(),
            item: Some(ItemId::of(item.as_bytes())),
            place,
            applies: true,
            answer: "the advice of counsel of 3 May".into(),
            is_told: true,
        };
        happened(&case, "dpo", Happening::Exemption(answer)).unwrap();
    };
    let is_open = || gates(&case, &rules()).contains(&Gate::Exemption);
    for reason in ["LPP: advice of counsel", "because", "TP-STAFF: in their work"] {
        case.decide(&[decision("a", 7, Verdict::Withhold, reason)]).unwrap();
        assert!(is_open(), "{reason}");
    }
    case.decide(&[decision("a", 7, Verdict::Withhold, "LPP: advice of counsel")]).unwrap();
    answered("REF", "a", None);
    assert!(is_open(), "another exemption");
    answered("LPP", "b", None);
    assert!(is_open(), "another item");
    answered("LPP", "a", Some(Place::new(habeas_model::PlaceKind::Row, 6)));
    assert!(is_open(), "another place");
    answered("LPP", "a", Some(Place::new(habeas_model::PlaceKind::Row, 7)));
    assert!(!is_open());
}

#[test]
fn health_data_waits_for_an_opinion() {
    let (_dir, case) = ready();
    let items: BTreeSet<ItemId> = ["a", "e"].map(|it| ItemId::of(it.as_bytes())).into();
    let rules = Rules { health: Some(items.clone()), ..rules() };
    assert_eq!(gates(&case, &rules), [Gate::Health]);
    assert_eq!(gates(&case, &Rules { health: None, ..rules.clone() }), [Gate::Health]);
    let professional = Rules { is_health_professional: true, ..rules.clone() };
    assert_eq!(gates(&case, &professional), []);
    let opinion = |outcome, given, item: &str| {
        let opinion = HealthOpinion {
            clinician: "Dr Quill".into(),
            registration: "GMC 0000001".into(),
            appropriate: "responsible".into(),
            matter: "all".into(),
            items: vec![ItemId::of(item.as_bytes())],
            outcome,
            given,
            must_reconsult: false,
        };
        happened(&case, "dpo", Happening::HealthOpinion(opinion)).unwrap();
    };
    opinion(HarmTest::NotMet, date(2026, 1, 20), "a");
    assert_eq!(gates(&case, &rules), [Gate::Health, Gate::Health], "one too old, one without");
    opinion(HarmTest::NotMet, date(2026, 1, 21), "a");
    let known = habeas_model::KnownToSubject {
        items: vec![ItemId::of(b"e")],
        evidence: "a letter to her".into(),
    };
    happened(&case, "dpo", Happening::KnownToSubject(known)).unwrap();
    assert_eq!(gates(&case, &rules), []);
    opinion(HarmTest::Met, date(2026, 7, 1), "a");
    assert_eq!(gates(&case, &rules), [Gate::Health]);
    // Kept back on the opinion that says so.
    for row in [2, 7] {
        case.decide(&[decision("a", row, Verdict::Withhold, "HEALTH-HARM: Dr Quill")]).unwrap();
    }
    assert!(!gates(&case, &rules).contains(&Gate::Health));
    opinion(HarmTest::NotMet, date(2026, 7, 2), "a");
    assert!(gates(&case, &rules).contains(&Gate::Health), "no opinion says so any more");
}

#[test]
fn whoever_is_shown_by_judgement_has_a_record() {
    let (_dir, case) = ready();
    let person = habeas_model::Listed {
        number: 0,
        person: "quill, tom".into(),
        written: vec!["Tom Quill".into()],
        roles: Vec::new(),
        n_places: 2,
        n_items: 1,
        n_shown: 0,
        in_doubt: Vec::new(),
    };
    case.list_people(vec![person.clone()]).unwrap();
    let treat = |treatment| {
        let policy = Policy {
            person: person.person.clone(),
            treatment,
            role_label: String::new(),
            item: None,
            place: None,
            reason: "r".into(),
            by: "dpo".into(),
            at: at(),
        };
        case.set_policies(&[policy]).unwrap();
    };
    let is_open = || gates(&case, &rules()).contains(&Gate::ThirdParty);
    assert!(!is_open());
    treat(Treatment::Show(ShowGround::Staff));
    assert!(!is_open());
    treat(Treatment::Show(ShowGround::Consent));
    assert!(is_open());
    let record = |outcome, consent| ThirdParty {
        person: 1,
        item: None,
        relation: Relation::Relative,
        reveals: "that he referred her".into(),
        known: "".into(),
        is_identifiable: true,
        consent,
        confidence: "none".into(),
        factors: "she asked him to".into(),
        outcome,
    };
    let given = Consent::Given { on: TODAY, to: "all of it".into() };
    let one = record(ThirdPartyOutcome::Disclose, given);
    happened(&case, "dpo", Happening::ThirdParty(one.clone())).unwrap();
    assert!(!is_open());
    let refused = Consent::Refused { on: TODAY };
    let redact = record(ThirdPartyOutcome::Redact, refused);
    happened(&case, "dpo", Happening::ThirdParty(redact)).unwrap();
    assert!(is_open(), "the record says otherwise");
    let nobody = ThirdParty { person: 9, ..one };
    let said = happened(&case, "dpo", Happening::ThirdParty(nobody));
    assert!(matches!(said, Err(Error::NoSuchPerson(_))));
}

#[test]
fn what_is_refused_is_not_written() {
    let (_dir, case) = ready();
    let n = case.ledger().unwrap().records().len();
    let note = Happening::Note { text: "x".into() };
    let early = Event { event: note, on: date(2026, 6, 1), by: "dpo".into(), at: at() };
    let said = case.record(&[early.clone()], TODAY).unwrap_err().to_string();
    assert!(said.ends_with("nothing was recorded") && said.contains("received"), "{said}");
    // All or none: the first of the two is good.
    let good = Event { on: TODAY, ..early.clone() };
    assert!(case.record(&[good, early], TODAY).is_err());
    let released = Happening::Released {
        manifest_sha256: "cd".into(),
        method: "portal".into(),
        address_check: "".into(),
        secret_channel: "".into(),
    };
    assert!(happened(&case, "dpo", released).unwrap_err().to_string().contains("gates"));
    assert_eq!(case.ledger().unwrap().records().len(), n);
}

#[test]
fn an_answer_that_would_deny_does_not_leave() {
    let (_dir, case) = ready();
    for (item, row) in [("a", 2), ("a", 7), ("b", 1), ("e", 1)] {
        case.decide(&[decision(item, row, Verdict::Withhold, "NCND: it would tell")]).unwrap();
    }
    assert!(gates(&case, &rules()).contains(&Gate::Contents));
    case.decide(&[decision("b", 1, Verdict::Incidental, "")]).unwrap();
    assert!(!gates(&case, &rules()).contains(&Gate::Contents));
}
