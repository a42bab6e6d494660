//! Does each sort of evidence end in the tier that a person would expect?

use habeas_model::{
    About, Identifier, Kind, Meaning as M, NameKind, Party as P, Passage, Personal, Subject,
    SubjectName,
};

use super::estate::Estate;
use super::pieces::{line, mail, page, row};
use crate::{Question, Setting};

fn subject() -> Subject {
    let name = |value: &str, kind: NameKind| SubjectName {
        value: Personal::from(value),
        kind,
        held: Default::default(),
    };
    let id = |kind: Kind, value: &str| Identifier {
        kind,
        value: Personal::from(value),
        held: Default::default(),
    };
    Subject {
        names: vec![
            name("Catherine Anne Penhaligon", NameKind::Current),
            name("Catherine MacDonald", NameKind::Former),
        ],
        born: Some(Personal::new(jiff::civil::date(1984, 3, 23))),
        identifiers: vec![
            id(Kind::Email, "c.penhaligon@example.org"),
            id(Kind::Phone, "07700 900123"),
            id(Kind::Phone, "01632 960123"),
            id(Kind::Address, "14 Canal Street, Exampleton, EX1 2AB"),
            id(Kind::NhsNumber, "999 000 0018"),
            id(Kind::Reference, "C-0012345"),
        ],
    }
}

/// An estate of other people's rows, in which nothing is rare by being alone.
pub(super) fn crowd() -> Estate {
    let mut estate = Estate::default();
    let rows = (0..400)
        .map(|number| {
            let first = super::people::WOMEN[number % 21];
            let last = super::people::SURNAMES[number * 7 % 27];
            row(
                number + 2,
                &[
                    ("Name", &format!("{first} {last}"), M::Name, P::Principal),
                    ("Phone", &format!("07700 {:06}", 905_000 + number), M::Phone, P::Principal),
                ],
            )
        })
        .collect();
    estate.add(rows, &Setting::default());
    estate
}

/// `expected` is the tier of the first passage's finding, or `none`.
fn check_tier(what: &str, passages: Vec<Passage>, expected: &str) -> Option<habeas_model::Finding> {
    check_tier_beside(what, Vec::new(), passages, expected)
}

/// The same, with other records in the estate.
fn check_tier_beside(
    what: &str,
    others: Vec<Passage>,
    passages: Vec<Passage>,
    expected: &str,
) -> Option<habeas_model::Finding> {
    let mut estate = crowd();
    estate.add(others, &Setting::default());
    let item = estate.add(passages, &Setting::default());
    let question = Question::new(&subject()).expect("a subject with a name");
    let (_, weighed) = estate.ask(&question);
    let finding = weighed.findings.into_iter().find(|finding| finding.item == item);
    let tier = finding.as_ref().map_or("none".to_owned(), |finding| finding.tier.to_string());
    let why: Vec<String> = finding
        .iter()
        .flat_map(|f| &f.evidence)
        .map(|e| format!("{} {:.1}", e.rule, e.bits))
        .collect();
    assert_eq!(tier, expected, "{what}: {why:?}");
    finding
}

fn person(name: &str, columns: &[(&str, &str, M)]) -> Vec<Passage> {
    let mut all = vec![("Name", name, M::Name, P::Principal)];
    all.extend(
        columns.iter().map(|(caption, value, meaning)| (*caption, *value, *meaning, P::Principal)),
    );
    vec![row(2, &all)]
}

#[test]
fn an_own_identifier_needs_no_name() {
    for text in [
        "2024-03-04 10:12 incoming 07700900123 answered",
        "2024-03-04 10:12 incoming +44 (0)7700 900 123 answered",
        "GET /optout?mail=c.penhaligon%40example.org 200",
        "NHS number 9990000018 traced",
    ] {
        check_tier(text, vec![line(1, text)], "certain");
    }
    check_tier("landline", vec![line(1, "10:12 incoming 01632 960123 answered")], "probable");
    check_tier(
        "customer number",
        person("", &[("Customer ID", "C12345", M::PersonReference)]),
        "certain",
    );
}

#[test]
fn a_name_alone_is_never_certain() {
    for name in [
        "Catherine Penhaligon",
        "PENHALIGON, Catherine",
        "Catherine A Penhaligon",
        "Mrs C Penhaligon",
    ] {
        check_tier(name, person(name, &[]), "probable");
    }
    for name in ["Kate Penhaligon", "Catherine MacDonald", "Catherine McDonald"] {
        let tier = check_tier_of(name);
        assert!(tier == "probable" || tier == "possible", "{name}: {tier}");
    }
    check_tier("another given name", person("Ruth Penhaligon", &[]), "none");
    check_tier(
        "in lower case",
        vec![line(1, "spoke to catherine penhaligon about the bill")],
        "probable",
    );
}

fn check_tier_of(name: &str) -> String {
    let mut estate = crowd();
    let item = estate.add(person(name, &[]), &Setting::default());
    let (_, weighed) = estate.ask(&Question::new(&subject()).expect("a subject with a name"));
    weighed
        .findings
        .iter()
        .find(|f| f.item == item)
        .map_or("none".to_owned(), |f| f.tier.to_string())
}

#[test]
fn a_name_and_a_birth_date_are_certain_in_every_layout() {
    for (name, born) in [
        ("Catherine Penhaligon", "23/03/1984"),
        ("PENHALIGON Catherine", "1984-03-23"),
        ("Kate Penhaligon", "23 March 1984"),
        ("Catherine Penhalligon", "23.03.84"),
        ("Catherine MacDonald", "23/03/1984"),
    ] {
        check_tier(
            &format!("{name} {born}"),
            person(name, &[("DOB", born, M::BirthDate)]),
            "certain",
        );
    }
}

#[test]
fn another_birth_date_makes_a_namesake() {
    check_tier(
        "another day",
        person("Catherine Penhaligon", &[("DOB", "07/11/1961", M::BirthDate)]),
        "namesake",
    );
    check_tier(
        "in the same house",
        person(
            "Catherine Penhaligon",
            &[("DOB", "07/11/1951", M::BirthDate), ("Postcode", "EX1 2AB", M::Postcode)],
        ),
        "namesake",
    );
    check_tier(
        "another NHS number",
        person("Catherine Penhaligon", &[("NHS number", "999 000 0026", M::NhsNumber)]),
        "namesake",
    );
    check_tier(
        "a letter",
        vec![page(
            1,
            "Patient: Catherine Penhaligon\nDate of birth: 07/11/1961\n\nThe knee is better.",
        )],
        "namesake",
    );
}

#[test]
fn a_twin_is_not_the_subject() {
    let born = ("DOB", "23/03/1984", M::BirthDate);
    check_tier(
        "a twin",
        person("Ruth Penhaligon", &[born, ("Postcode", "EX1 2AB", M::Postcode)]),
        "namesake",
    );
    let twin = person("Clara Penhaligon", &[born]);
    check_tier_beside("the initial of both", twin, person("C Penhaligon", &[born]), "possible");
}

#[test]
fn a_shared_home_says_little_without_the_given_name() {
    check_tier(
        "the husband's row",
        person("Karl Penhaligon", &[("Phone", "01632 960123", M::Phone)]),
        "possible",
    );
    check_tier(
        "name and landline",
        person("Catherine Penhaligon", &[("Phone", "01632 960123", M::Phone)]),
        "certain",
    );
    let father = person(
        "Catherine Penhaligon",
        &[("DOB", "07/11/1951", M::BirthDate), ("Postcode", "EX1 2AB", M::Postcode)],
    );
    check_tier_beside(
        "a mother of the same name",
        father,
        person("Catherine Penhaligon", &[("Postcode", "EX1 2AB", M::Postcode)]),
        "possible",
    );
}

#[test]
fn an_identifier_that_others_use_is_not_certain_alone() {
    let husband = person("Karl Penhaligon", &[("Email", "c.penhaligon@example.org", M::Email)]);
    check_tier_beside(
        "a mailbox of two",
        husband,
        vec![line(1, "GET /optout?mail=c.penhaligon@example.org 200")],
        "probable",
    );
}

#[test]
fn a_next_of_kin_is_found_in_another_persons_row() {
    let rows = vec![row(
        2,
        &[
            ("Patient", "Ruth Okonkwo", M::Name, P::Principal),
            ("DOB", "07/11/1961", M::BirthDate, P::Principal),
            ("Next of kin", "Catherine Penhaligon", M::Name, P::Other),
            ("NOK phone", "07700 900123", M::Phone, P::Other),
        ],
    )];
    check_tier("next of kin", rows, "certain");
}

#[test]
fn copying_in_is_not_about_the_subject() {
    let to = [
        ("Karl Okonkwo", "karl@example.com"),
        ("Catherine Penhaligon", "c.penhaligon@example.org"),
    ];
    let copied = mail(
        ("Ruth Novak", "ruth@example.com"),
        &to,
        "Parking",
        "Dear all,\n\nthe car park is closed.\n\nRuth",
    );
    let finding = check_tier("copied in", copied, "certain");
    assert_eq!(finding.map(|finding| finding.about), Some(About::Incidental));
    let named = mail(
        ("Ruth Novak", "ruth@example.com"),
        &to,
        "Visit",
        "Dear Catherine,\n\nyour visit is on Monday.\n\nRuth",
    );
    let finding = check_tier("addressed", named, "certain");
    assert_eq!(finding.map(|finding| finding.about), Some(About::Relates));
    let finding = check_tier(
        "alone",
        mail(("Ruth", "ruth@example.com"), &to[1..], "Visit", "See you on Monday."),
        "certain",
    );
    assert_eq!(finding.map(|finding| finding.about), Some(About::Relates));
}

#[test]
fn a_scan_is_read_with_its_mistakes() {
    let text = "Re: Catherlne Penha1igon, 14 Canal Street, EX1 2AB\n\nDear Dr Quayle,\n\nthe knee is better.";
    let tier = check_tier("a scan", vec![page(1, text)], "probable");
    assert!(tier.is_some());
}

#[test]
fn a_message_with_another_birth_date_is_doubted() {
    let body = "Dear clinic,\n\nmy date of birth is 07/11/1961.\n\nCatherine Penhaligon";
    let from = ("Catherine Penhaligon", "cathy61@example.net");
    check_tier(
        "a namesake writes",
        mail(from, &[("", "info@clinic.example")], "Visit", body),
        "possible",
    );
}

#[test]
fn columns_of_nobody_in_particular_are_the_first_names() {
    let unknown = |name: &str, columns: &[(&str, &str, M)]| {
        let mut all =
            vec![("Ref", "77", M::Reference, P::Unknown), ("Name", name, M::Name, P::Unknown)];
        all.extend(
            columns
                .iter()
                .map(|(caption, value, meaning)| (*caption, *value, *meaning, P::Unknown)),
        );
        vec![row(2, &all)]
    };
    let born = ("DOB", "23/03/1984", M::BirthDate);
    let code = ("Postcode", "EX1 2AB", M::Postcode);
    check_tier("mine", unknown("Catherine Penhaligon", &[born]), "certain");
    check_tier(
        "another day",
        unknown("Catherine Penhaligon", &[("DOB", "07/11/1961", M::BirthDate), code]),
        "namesake",
    );
    check_tier("a twin", unknown("Ruth Penhaligon", &[born, code]), "namesake");
    check_tier(
        "somebody else",
        unknown("Ruth Okonkwo", &[("DOB", "07/11/1961", M::BirthDate)]),
        "none",
    );
    check_tier(
        "an address of mine",
        unknown("", &[("Email", "c.penhaligon@example.org", M::Email)]),
        "certain",
    );
}

#[test]
fn running_text_is_weighed_as_a_whole() {
    let text = |text: &str| {
        vec![Passage::text(habeas_model::Place::new(habeas_model::PlaceKind::Line, 1), text)]
    };
    check_tier(
        "a note",
        text("Rang Catherine Penhaligon on 07700 900123, left a message."),
        "certain",
    );
    check_tier("a title", text("Mrs Penhaligon (dob 23/3/84) wants her notes."), "probable");
    check_tier("a rare name", text("c penhaligon rang again"), "probable");
    check_tier("a relative", text("Karl Penhaligon rang. Mr Penhaligon is cross."), "none");
    check_tier("an address", text("Parcel left at 14 Canal St., for C Penhaligon"), "probable");
    check_tier("a place", text("Turn left into Penhaligon Close."), "possible");
    check_tier("a user name", text("user cpenhaligon84 logged in from 203.0.113.9"), "probable");
    check_tier(
        "a mailbox elsewhere",
        text("forwarded to catherine.penhaligon84@example.net"),
        "probable",
    );
}
