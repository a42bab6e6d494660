//! Does a family name that is too common to be asked for alone cost a finding?

use std::collections::BTreeMap;

use habeas_model::{
    Identifier, ItemId, Kind, Meaning as M, Party as P, Personal, Subject, SubjectName, Tier,
};

use super::estate::Estate;
use super::pieces::{mail, page, row};
use crate::link::search::{Searched, search_within};
use crate::{Question, Setting};

/// Rows of other people of the name: enough that the name alone is no finding, whoever is meant.
const OTHERS: usize = 600;

fn subject(identifiers: &[(Kind, &str)]) -> Subject {
    let id = |&(kind, value): &(Kind, &str)| Identifier {
        kind,
        value: Personal::from(value),
        held: Default::default(),
    };
    Subject {
        names: vec![SubjectName {
            value: Personal::from("Sarah Smith"),
            kind: Default::default(),
            held: Default::default(),
        }],
        born: None,
        identifiers: identifiers.iter().map(id).collect(),
    }
}

fn person(
    number: usize,
    given: &str,
    surname: &str,
    born: &str,
    phone: &str,
) -> habeas_model::Passage {
    row(
        number,
        &[
            ("First name", given, M::GivenName, P::Principal),
            ("Surname", surname, M::FamilyName, P::Principal),
            ("Date of birth", born, M::BirthDate, P::Principal),
            ("Phone", phone, M::Phone, P::Principal),
        ],
    )
}

fn estate(setting: &Setting) -> Estate {
    let mut estate = Estate::default();
    let given = ["Olga", "Peter", "Liam", "Priya", "Zainab", "Martin", "Helen", "Kevin"];
    let others = (0..OTHERS).map(|n| {
        let born = format!("19{}-{:02}-{:02}", 40 + n % 50, 1 + n % 12, 1 + n % 28);
        let phone = format!("07700 900{:03}", 200 + n % 700);
        person(n + 1, given[n % given.len()], "Smith", &born, &phone)
    });
    estate.add(others.collect(), setting);
    estate.add(
        vec![
            person(1, "Sarah", "Smith", "1984-03-03", "07700 900123"),
            person(2, "S", "Smith", "", "07700 900123"),
            person(3, "Sally", "Smith", "1984-03-03", ""),
            person(4, "", "Smith", "1984-03-03", ""),
            person(5, "Sarah", "Smyth", "", "07700 900123"),
            person(6, "Sarah", "Smith", "1990-07-08", "07700 900999"),
        ],
        setting,
    );
    let me = ("Sarah Smith", "sarahs84@example.org");
    let house = ("Jo Porter", "jo@clinic.example");
    estate.add(mail(me, &[house], "Bill", "Please send it to me."), setting);
    let answer = mail(house, &[("", me.1)], "Bill", "Dear Mrs Smith, here it is.");
    estate.add(answer, setting);
    let pages = [
        "Sarah Smith, born 3 March 1984, telephone 07700 900123.",
        "Mrs Smith was seen again and is well.",
        "Nothing else was found.",
    ];
    let pages = pages.iter().enumerate().map(|(at, text)| page(at + 1, text));
    estate.add(pages.collect(), setting);
    estate
}

fn ask(estate: &Estate, subject: &Subject, setting: &Setting, most: u64) -> Searched {
    let question = Question::new(subject).expect("a subject with a name");
    let Ok(searched) = search_within(&question, estate, setting, most);
    searched
}

/// What may be the subject's, with how sure it is.
fn found(searched: &Searched) -> BTreeMap<(ItemId, String), Tier> {
    let mine = searched.findings.iter().filter(|finding| finding.tier != Tier::Namesake);
    mine.map(|finding| ((finding.item, finding.place.to_string()), finding.tier)).collect()
}

#[test]
fn a_common_family_name_costs_no_finding() {
    let setting = Setting { own_domains: vec!["clinic.example".to_owned()], ..Setting::default() };
    let estate = estate(&setting);
    for identifiers in [
        &[][..],
        &[(Kind::Phone, "07700 900123")],
        &[(Kind::Email, "sarahs84@example.org")],
        &[(Kind::BirthDate, "1984-03-03")],
    ] {
        let subject = subject(identifiers);
        let all = ask(&estate, &subject, &setting, u64::MAX);
        let some = ask(&estate, &subject, &setting, 500);
        assert_eq!(all.n_unweighed, 0);
        assert!(found(&all).len() >= 4, "{identifiers:?}: {:?}", found(&all));
        assert_eq!(found(&some), found(&all), "{identifiers:?}");
        assert!(some.n_candidates < 200, "{identifiers:?}: {}", some.n_candidates);
        // One more bears the family name and nothing else, where no birth date is stated.
        assert!(
            (500..=OTHERS as u64 + 1).contains(&some.n_unweighed),
            "{identifiers:?}: {}",
            some.n_unweighed
        );
        // Every passage with the name was brought or is counted.
        assert!(some.n_candidates + some.n_unweighed >= all.n_candidates, "{identifiers:?}");
    }
}
