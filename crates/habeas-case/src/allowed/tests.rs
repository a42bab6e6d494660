use habeas_model::{ExtensionGround, HarmTest, HealthOpinion};
use jiff::civil::date;
use serde_json::json;

use super::*;
use crate::Defaults;

const TODAY: Date = date(2026, 9, 30);

/// Received on Wednesday 1 July 2026.
fn request() -> Request {
    let defaults = Defaults {
        received: date(2026, 7, 1),
        law: habeas_law::Law::Uk,
        calendar: habeas_law::Calendar::EnglandAndWales,
    };
    Request::from_json(&json!({"name": "Amara Lind"}), &defaults).unwrap()
}

fn event(on: &str, event: Happening) -> Event {
    let at = jiff::Timestamp::UNIX_EPOCH;
    Event { event, on: on.parse().unwrap(), by: "dpo".into(), at }
}

fn identity(is_sufficient: bool) -> Happening {
    Happening::IdentityNoted { seen: "logged in".into(), is_sufficient }
}

fn asked() -> Happening {
    Happening::IdentityAsked { what: "a log-in".into() }
}

fn question() -> Happening {
    Happening::ClarificationAsked { question: "which clinic?".into() }
}

fn answer() -> Happening {
    Happening::ClarificationAnswered { answer: "everything".into() }
}

fn closed(ending: Ending) -> Happening {
    Happening::Closed { ending, reason: "so it is".into() }
}

fn released() -> Happening {
    Happening::Released {
        manifest_sha256: "ab".into(),
        method: "portal".into(),
        address_check: "".into(),
        secret_channel: "".into(),
    }
}

fn extended() -> Happening {
    Happening::Extended { ground: ExtensionGround::Complexity, reason: "three clinics".into() }
}

/// The events come one after the other; the last is the one that is asked about. Empty words mean
/// that it is allowed.
fn check(events: &[(&str, Happening)], words: &str) {
    let request = request();
    let mut history = History::of(&request, []);
    let (last, before) = events.split_last().unwrap();
    for (on, happening) in before {
        history.add(&event(on, happening.clone()));
    }
    let result = allowed(&request, &history, &event(last.0, last.1.clone()), TODAY);
    match result {
        Ok(()) => assert!(words.is_empty(), "{events:?} was allowed"),
        Err(said) => {
            assert!(!words.is_empty() && said.contains(words), "{events:?}: {said}");
        }
    }
}

#[test]
fn a_day_lies_between_the_request_and_today() {
    check(&[("2026-06-30", identity(true))], "is before Wednesday 1 July 2026");
    check(&[("2026-10-01", identity(true))], "has not come yet");
    check(&[("2026-07-01", identity(true))], "");
    check(&[("2026-09-30", identity(true))], "");
    let nobody = Event { by: " ".into(), ..event("2026-07-01", identity(true)) };
    let history = History::of(&request(), []);
    let said = allowed(&request(), &history, &nobody, TODAY).unwrap_err();
    assert!(said.contains("--by"), "{said}");
}

#[test]
fn an_answer_follows_its_question() {
    check(&[("2026-07-03", answer())], "no question waits");
    check(&[("2026-07-03", question()), ("2026-07-02", answer())], "asked later");
    check(&[("2026-07-03", question()), ("2026-07-03", answer())], "");
    check(&[("2026-07-03", question()), ("2026-07-04", question())], "ask everything at once");
    check(&[("2026-07-03", Happening::FeePaid)], "no fee was asked for");
    check(&[("2026-07-03", asked()), ("2026-07-04", asked())], "has not come yet");
    check(&[("2026-07-03", asked()), ("2026-07-02", identity(true))], "asked for later");
    check(&[("2026-07-03", identity(true)), ("2026-07-04", asked())], "already");
    check(&[("2026-07-03", identity(false)), ("2026-07-04", asked())], "");
    check(&[("2026-07-03", Happening::Note { text: " ".into() })], "say what is to be noted");
}

#[test]
fn an_extension_is_told_in_the_first_month_and_once() {
    check(&[("2026-07-30", extended())], "");
    check(&[("2026-08-04", extended())], "notice of an extension has to be given by");
    check(&[("2026-07-30", extended()), ("2026-07-30", extended())], "already");
    // The clock was stopped for ten days.
    let waited = [("2026-07-02", question()), ("2026-07-12", answer()), ("2026-08-04", extended())];
    check(&waited, "");
}

#[test]
fn a_case_ends_for_a_reason_that_holds() {
    use Ending::{Answered, Deceased, NoIdentity, NoReply, Refused};
    check(&[("2026-07-20", closed(Answered))], "was not released");
    check(&[("2026-07-20", released()), ("2026-07-21", closed(Answered))], "");
    check(&[("2026-07-20", released()), ("2026-07-19", closed(Answered))], "before the release");
    check(&[("2026-07-20", closed(NoIdentity))], "not awaited");
    check(&[("2026-07-02", asked()), ("2026-08-01", closed(NoIdentity))], "about a month");
    check(&[("2026-07-02", asked()), ("2026-08-02", closed(NoIdentity))], "");
    check(&[("2026-07-02", question()), ("2026-08-02", closed(NoReply))], "");
    check(&[("2026-07-20", closed(Deceased))], "");
    check(&[("2026-07-20", closed(Refused))], "question is answered first");
    let answered = |code: &str, answer: &str| {
        Happening::Exemption(habeas_model::ExemptionAnswer {
            code: code.into(),
            item: None,
            place: None,
            applies: true,
            answer: answer.into(),
            is_told: true,
        })
    };
    check(&[("2026-07-19", answered("MUE", "the 40th since May"))], "");
    check(&[("2026-07-19", answered("MUE", "yes"))], "MUE (GDPR Art. 12(5)) asks first");
    check(&[("2026-07-19", answered("TP-STAFF", "in their work"))], "ground for giving");
    let refused = [("2026-07-19", answered("MUE", "40th")), ("2026-07-20", closed(Refused))];
    check(&refused, "");
}

#[test]
fn what_has_left_or_ended_is_opened_again_first() {
    let reopened = || Happening::Reopened { reason: "a box was found".into() };
    check(&[("2026-07-20", reopened())], "the case is open");
    check(&[("2026-07-20", released()), ("2026-07-21", identity(true))], "released on Monday 20");
    check(&[("2026-07-20", closed(Ending::Deceased)), ("2026-07-21", identity(true))], "closed on");
    check(&[("2026-07-20", closed(Ending::Deceased)), ("2026-07-21", reopened())], "");
    let again = [
        ("2026-07-20", closed(Ending::Withdrawn)),
        ("2026-07-21", reopened()),
        ("2026-07-22", identity(true)),
    ];
    check(&again, "");
    let complaint = |step| Happening::Complaint { step, what: "too slow".into() };
    use ComplaintStep::{Acknowledged, Received};
    check(&[("2026-07-20", released()), ("2026-07-21", complaint(Received))], "");
    check(&[("2026-07-20", released()), ("2026-07-21", complaint(Acknowledged))], "no complaint");
    check(&[("2026-07-22", complaint(Received)), ("2026-07-21", complaint(Acknowledged))], "later");
}

#[test]
fn an_opinion_without_its_particulars_is_none() {
    let opinion = |registration: &str, given| {
        Happening::HealthOpinion(HealthOpinion {
            clinician: "Dr Quill".into(),
            registration: registration.into(),
            appropriate: "responsible".into(),
            matter: "all".into(),
            items: vec![habeas_model::ItemId::of(b"a")],
            outcome: HarmTest::NotMet,
            given,
            must_reconsult: false,
        })
    };
    // An opinion of before the request may be relied on.
    check(&[("2026-07-20", opinion("GMC 0000001", date(2026, 6, 1)))], "");
    check(&[("2026-07-20", opinion("GMC 0000001", date(2026, 7, 21)))], "after the day");
    check(&[("2026-07-20", opinion("", date(2026, 7, 1)))], "s. 204");
}

#[test]
fn the_clock_follows_the_events() {
    let request = request();
    let due = |events: &[(&str, Happening)]| {
        let events: Vec<Event> =
            events.iter().map(|(on, happening)| event(on, happening.clone())).collect();
        let deadline = due(&History::of(&request, &events).timeline(&request));
        (deadline.working, deadline.state)
    };
    use habeas_law::State::{NotBegun, Paused, Running};
    assert_eq!(due(&[]), (date(2026, 7, 31), Running));
    assert_eq!(due(&[("2026-07-03", asked())]), (date(2026, 8, 2), NotBegun));
    let shown = [("2026-07-03", asked()), ("2026-07-10", identity(true))];
    assert_eq!(due(&shown), (date(2026, 8, 9), Running));
    // What was not enough does not begin the month.
    let not_enough = [("2026-07-03", asked()), ("2026-07-10", identity(false))];
    assert_eq!(due(&not_enough).1, NotBegun);
    // Shown without having been asked for: the month began with receipt.
    assert_eq!(due(&[("2026-07-10", identity(true))]), (date(2026, 7, 31), Running));
    let authority = Happening::AuthorityAsked { what: "a letter".into() };
    let both = [("2026-07-03", asked()), ("2026-07-10", identity(true)), ("2026-07-03", authority)];
    assert_eq!(due(&both), (date(2026, 8, 9), NotBegun));
    assert_eq!(due(&[("2026-07-03", question())]).1, Paused);
    let answered = [("2026-07-03", question()), ("2026-07-08", answer())];
    assert_eq!(due(&answered), (date(2026, 8, 6), Running)); // 31 July + 6, both days counted
    assert_eq!(due(&[("2026-07-30", extended())]).0, date(2026, 9, 30));
}
