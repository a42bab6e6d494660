//! Does each letter ask for what the law of its days asks for?

use super::*;

const REGIMES: [Regime; 4] =
    [Regime::UkUntilFebruary2026, Regime::UkFromFebruary2026, Regime::UkFromJune2026, Regime::Eu];

fn bases() -> Vec<Basis> {
    let all = REGIMES
        .into_iter()
        .flat_map(|received| REGIMES.into_iter().map(move |written| Basis { received, written }));
    all.filter(|basis| basis.received.law() == basis.written.law())
        .filter(|basis| basis.received <= basis.written)
        .collect()
}

fn mandatory(kind: LetterKind, received: Regime, written: Regime) -> Vec<&'static str> {
    let items = letter_items(kind, Basis { received, written });
    let always = items.iter().filter(|item| item.need == Wanted::Always);
    always.map(|item| item.field).collect()
}

#[test]
fn every_letter_asks_for_each_field_once_and_says_why() {
    for basis in bases() {
        for kind in LetterKind::ALL {
            let items = letter_items(kind, basis);
            for item in &items {
                let again: Vec<_> = items.iter().filter(|one| one.field == item.field).collect();
                let differs =
                    again.iter().all(|one| one.need != item.need || one == &&item.to_owned());
                assert!(again.len() == 1 || differs, "{} of {kind} in {basis:?}", item.field);
                assert!(!item.title.is_empty() && !item.source.is_empty(), "{}", item.field);
                let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
                assert!(item.field.chars().all(is_name), "{}", item.field);
            }
            for who in ["controller", "address", "contact", "email", "day", "reference", "closing"]
            {
                assert!(mandatory(kind, basis.received, basis.written).contains(&who), "{who}");
            }
            assert!(items.iter().any(|item| item.field == "to"), "{kind}");
        }
    }
}

#[test]
fn conditions_name_fields_of_the_letter() {
    for basis in bases() {
        for kind in LetterKind::ALL {
            for item in letter_items(kind, basis) {
                if let Wanted::If(field) | Wanted::Unless(field) = item.need {
                    assert!(letter_fields(kind).contains(field), "{field} of {kind}");
                }
            }
        }
    }
}

#[test]
fn a_kind_is_read_as_it_is_written() {
    for kind in LetterKind::ALL {
        assert_eq!(kind.to_string().parse(), Ok(kind));
    }
    assert_eq!(LetterKind::parse("Nothing held"), Some(LetterKind::NothingHeld));
    assert!("apology".parse::<LetterKind>().unwrap_err().contains("article-19"));
}

#[test]
fn the_clock_follows_the_day_of_receipt() {
    let titles = |received, written| -> Vec<&str> {
        let items = letter_items(LetterKind::Clarification, Basis { received, written });
        items.iter().filter(|item| item.field == "clock").map(|item| item.title).collect()
    };
    let (old, new) = (Regime::UkUntilFebruary2026, Regime::UkFromJune2026);
    assert_eq!(titles(old, new), ["by when we answer all the same"]);
    assert_eq!(titles(new, new), ["that the clock is stopped"]);
    assert_eq!(titles(Regime::Eu, Regime::Eu), ["by when we answer all the same"]);
}

#[test]
fn what_is_told_follows_the_day_of_the_letter() {
    let old = Regime::UkUntilFebruary2026;
    for kind in
        [LetterKind::Fee, LetterKind::Refusal, LetterKind::NothingHeld, LetterKind::FullRelease]
    {
        for written in REGIMES {
            let received = if written == Regime::Eu { Regime::Eu } else { old };
            let owes = mandatory(kind, received, written);
            let is_june = written == Regime::UkFromJune2026;
            assert_eq!(owes.contains(&"complain_us"), is_june, "{kind} in {written:?}");
            assert_eq!(owes.contains(&"complaints"), is_june, "{kind} in {written:?}");
            for route in ["complain_authority", "court"] {
                assert!(owes.contains(&route), "{kind} in {written:?} without {route}");
            }
        }
    }
}

#[test]
fn letters_to_others_cannot_tell_more_than_their_purpose_takes() {
    let never: &[(LetterKind, &[&str])] = &[
        (LetterKind::ThirdPartyConsent, &["subject", "received", "born", "right_asked", "due"]),
        (LetterKind::HealthOpinion, &["requester", "received", "due", "grounds"]),
        (LetterKind::Article19, &["requester", "subject", "received", "born", "due", "reasons"]),
    ];
    for (kind, fields) in never {
        for field in *fields {
            assert!(!letter_fields(*kind).contains(field), "{kind} can tell {field}");
        }
    }
    let asks = letter_items(
        LetterKind::ThirdPartyConsent,
        Basis { received: Regime::UkFromJune2026, written: Regime::UkFromJune2026 },
    );
    let agreed: Vec<Wanted> =
        asks.iter().filter(|item| item.field == "requester_agreed").map(|item| item.need).collect();
    assert_eq!(agreed, [Wanted::Unless("reveals_nothing"), Wanted::If("name_requester")]);
}

#[test]
fn a_ground_of_a_refusal_is_one_that_keeps_something_back() {
    let ground = |code, law| refusal_ground(code, law);
    assert_eq!(
        ground("mue", Law::Eu).unwrap(),
        "Manifestly unfounded or excessive (GDPR Art. 12(5))"
    );
    assert!(ground("LPP", Law::Uk).unwrap().ends_with("(DPA 2018 Sch. 2 para. 19)"));
    assert!(ground("identity", Law::Eu).unwrap().contains("12(2)"));
    assert!(ground("LPP", Law::Eu).unwrap_err().contains("UK law only"));
    for none in ["HP-PRESUME", "NPD", "NCND", "because", ""] {
        assert!(ground(none, Law::Uk).is_err(), "{none}");
    }
}

#[test]
fn only_the_uk_asks_a_health_professional() {
    for kind in LetterKind::ALL {
        assert!(kind.is_known_to(Law::Uk));
        assert_eq!(kind.is_known_to(Law::Eu), kind != LetterKind::HealthOpinion);
    }
}
