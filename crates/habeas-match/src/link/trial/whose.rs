//! Is every hit of a document given to the right person?

use habeas_model::{
    Document, Identifier, Kind, Meaning as M, Party as P, Passage, Personal, Subject, SubjectName,
};

use super::pieces::{mail, page, row};
use crate::link::forms;
use crate::{Question, Setting, Whose, mentions, recognise};

/// Jane Smith, with that telephone number.
pub(super) fn subject(phone: &str) -> Subject {
    let id = |kind: Kind, value: &str| Identifier {
        kind,
        value: Personal::from(value),
        held: Default::default(),
    };
    Subject {
        names: vec![SubjectName {
            value: Personal::from("Mrs Jane Smith"),
            kind: Default::default(),
            held: Default::default(),
        }],
        born: Some(Personal::new(jiff::civil::date(1984, 3, 3))),
        identifiers: vec![
            id(Kind::Email, "jane.smith@example.org"),
            id(Kind::Phone, phone),
            id(Kind::Address, "14 Canal Street, Exampleton, EX1 2AB"),
        ],
    }
}

fn read(passages: Vec<Passage>) -> (Document, Vec<Vec<habeas_model::Hit>>, Vec<Vec<Whose>>) {
    let setting = Setting { own_domains: vec!["clinic.example".to_owned()], ..Setting::default() };
    let document = Document { passages, ..Document::default() };
    let hits = recognise(&document, &setting);
    let question = Question::new(&subject("07700 900123")).expect("a subject with a name");
    let whose = mentions(&document, &hits, &question, &setting);
    (document, hits, whose)
}

/// `expected` gives for a written form `me`, `-` for nobody, or the other person's key.
fn check_whose(passages: Vec<Passage>, expected: &[(&str, &str)]) {
    let (document, hits, whose) = read(passages);
    let found: Vec<(String, String)> = document
        .passages
        .iter()
        .zip(&hits)
        .zip(&whose)
        .flat_map(|((passage, hits), whose)| {
            hits.iter().zip(whose).map(|(hit, whose)| {
                let said = match whose {
                    Whose::Subject => "me".to_owned(),
                    Whose::Nobody => "-".to_owned(),
                    Whose::Other(other) => other.key.reveal().clone(),
                };
                (passage.text[hit.range.clone()].to_owned(), said)
            })
        })
        .collect();
    for (text, said) in expected {
        let all: Vec<&str> = found
            .iter()
            .filter(|(written, _)| written == text)
            .map(|(_, said)| said.as_str())
            .collect();
        assert!(
            !all.is_empty() && all.iter().all(|one| one == said),
            "{text}: {said} expected in {found:?}"
        );
    }
}

#[test]
fn a_row_of_the_subject_keeps_what_is_theirs() {
    check_whose(
        vec![row(
            2,
            &[
                ("Name", "Jane Smith", M::Name, P::Principal),
                ("DOB", "03/03/1984", M::BirthDate, P::Principal),
                ("Mobile", "07700 900555", M::Phone, P::Principal),
                ("Next of kin", "Karl Lindqvist", M::Name, P::Other),
                ("NOK phone", "07700 900777", M::Phone, P::Other),
                ("Clinician", "Maria Novak", M::Name, P::Staff),
            ],
        )],
        &[
            ("Jane Smith", "me"),
            ("03/03/1984", "me"),
            ("07700 900555", "me"),
            ("Karl Lindqvist", "lindqvist, karl"),
            ("07700 900777", "lindqvist, karl"),
            ("Maria Novak", "novak, maria"),
        ],
    );
}

#[test]
fn a_number_that_the_sentence_gives_to_the_subject_is_theirs() {
    check_whose(
        vec![page(
            1,
            "Jane Smith, whose NI number is AB 12 34 56 C, rang. Karl Lindqvist, whose NI number is AB 65 43 21 A, did not.",
        )],
        &[("AB 12 34 56 C", "me"), ("AB 65 43 21 A", "lindqvist, karl")],
    );
    check_whose(
        vec![page(1, "I spoke to Jane Smith today. Her passport number is 123456789 now.")],
        &[("123456789", "me")],
    );
    for others in [
        "Jane Smith met the landlord, whose NI number is AB 12 34 56 C",
        "Jane Smith lives with her husband. His NI number is AB 12 34 56 C",
        "Jane Smith, her mother and Karl Lindqvist, whose NI number is AB 12 34 56 C",
        "Jane Smith asked for AB 12 34 56 C",
    ] {
        let (document, hits, whose) = read(vec![page(1, others)]);
        let at = hits[0].iter().position(|hit| hit.kind == Kind::Nino).expect(others);
        assert!(
            matches!(whose[0][at], Whose::Other(_)),
            "{others}: {:?}",
            document.passages[0].place
        );
    }
}

#[test]
fn a_number_in_the_next_sentence_makes_nobody_a_namesake() {
    check_whose(
        vec![page(
            1,
            "I asked what Jane Smith had said. Birth date 07/11/1961 was filed under Karl Lindqvist by mistake.",
        )],
        &[("Jane Smith", "me")],
    );
    check_whose(
        vec![page(1, "Jane Smith came in. Her date of birth is 07/11/1961 and not another.")],
        &[("Jane Smith", "smith, jane")],
    );
}

#[test]
fn a_name_over_the_end_of_a_line_is_the_subjects() {
    let ask = |text: &str, name: &str| {
        let subject = Subject {
            names: vec![SubjectName {
                value: Personal::from(name),
                kind: Default::default(),
                held: Default::default(),
            }],
            born: Some(Personal::new(jiff::civil::date(1979, 3, 3))),
            identifiers: Vec::new(),
        };
        let document = Document { passages: vec![page(1, text)], ..Document::default() };
        let setting = Setting::default();
        let hits = recognise(&document, &setting);
        let question = Question::new(&subject).expect("a subject with a name");
        let whose = mentions(&document, &hits, &question, &setting).remove(0);
        let all: Vec<(String, bool)> = hits[0]
            .iter()
            .zip(&whose)
            .map(|(hit, whose)| (text[hit.range.clone()].to_owned(), *whose == Whose::Subject))
            .collect();
        all
    };
    for text in
        ["It was moved because Noura Al\nHaddad said so.", "Noura\nAl Haddad", "Al Haddad, Noura"]
    {
        let found = ask(text, "Noura Al Haddad");
        assert!(
            found
                .iter()
                .filter(|(text, _)| text != "Haddad" || found.len() == 1)
                .all(|(_, is_own)| *is_own),
            "{text:?}: {found:?}"
        );
    }
    assert!(ask("Noura Al\nRashid said", "Noura Al Haddad").iter().all(|(_, is_own)| !is_own));
    let found =
        ask("Anne Marie O’Brien came. Dear Anne Marie, and Karl Jones", "Anne Marie O’Brien");
    let own: Vec<&str> =
        found.iter().filter(|(_, own)| *own).map(|(text, _)| text.as_str()).collect();
    assert_eq!(own, ["Anne Marie O’Brien", "Anne Marie"], "{found:?}");
    // Made from the name, with the year of birth, and nobody else is known who could have it.
    let found = ask(
        "Noura Grabowska is @grabowska_79 and @ngrabowska, not @grabowska_12",
        "Noura Grabowska",
    );
    let own: Vec<&str> =
        found.iter().filter(|(_, own)| *own).map(|(text, _)| text.as_str()).collect();
    assert_eq!(own, ["Noura Grabowska", "@grabowska_79", "@ngrabowska"], "{found:?}");
    let found =
        ask("Noura Grabowska and Nina Grabowska: @ngrabowska, @grabowska_79", "Noura Grabowska");
    assert!(found.iter().all(|(text, own)| !text.starts_with('@') || !own), "{found:?}");
}

#[test]
fn a_namesake_with_another_birth_date_is_somebody_else() {
    check_whose(
        vec![row(
            2,
            &[
                ("Name", "Jane Smith", M::Name, P::Principal),
                ("DOB", "07/11/1961", M::BirthDate, P::Principal),
                ("Mobile", "07700 900556", M::Phone, P::Principal),
            ],
        )],
        &[
            ("Jane Smith", "smith, jane"),
            ("07/11/1961", "smith, jane"),
            ("07700 900556", "smith, jane"),
        ],
    );
}

#[test]
fn a_family_name_shared_with_a_relative_is_taken_out() {
    check_whose(
        vec![page(
            1,
            "Re: Jane Smith, DOB 03/03/1984\n\nDear Dr Quayle,\n\nMrs Smith came with her husband John Smith. Mr Smith was worried.",
        )],
        &[("Jane Smith", "me"), ("John Smith", "smith, john"), ("Mr Smith", "smith, john")],
    );
    check_whose(
        vec![page(1, "Re: Jane Smith, DOB 03/03/1984\n\nI saw Mrs Smith on Monday.")],
        &[("Jane Smith", "me"), ("Mrs Smith", "me")],
    );
}

#[test]
fn a_message_has_its_writer_and_its_reader() {
    check_whose(
        mail(
            ("Jane Smith", "jane.smith@example.org"),
            &[
                ("Reception", "reception@clinic.example"),
                ("Karl Lindqvist", "k.lindqvist@example.com"),
            ],
            "Visit",
            "Dear Karl,\n\nmy number is 07700 900123.\n\nBest wishes\nJane",
        ),
        &[
            ("jane.smith@example.org", "me"),
            ("reception@clinic.example", "-"),
            ("k.lindqvist@example.com", "lindqvist, karl"),
            ("07700 900123", "me"),
        ],
    );
}

#[test]
fn what_is_taken_out_can_be_searched_for() {
    let (document, hits, whose) = read(vec![row(
        2,
        &[
            ("Name", "Jane Smith", M::Name, P::Principal),
            ("DOB", "03/03/1984", M::BirthDate, P::Principal),
            ("Husband", "Karl Smith", M::Name, P::Other),
            ("Husband phone", "07700 900777", M::Phone, P::Other),
        ],
    )]);
    let secrets = forms(&document, &hits, &whose);
    let texts: Vec<&str> = secrets.iter().map(|secret| secret.text.reveal().as_str()).collect();
    for expected in ["Karl Smith", "Karl", "07700 900777", "07700900777", "+447700900777"] {
        assert!(texts.contains(&expected), "{expected}: {texts:?}");
    }
    assert!(!texts.contains(&"Smith"), "the subject's own name is no secret");
}

#[test]
fn a_given_name_is_resolved_by_who_writes_to_whom() {
    let from_clinic = mail(
        ("Jane Novak", "jane.novak@clinic.example"),
        &[("Jane Smith", "jane.smith@example.org")],
        "Visit",
        "Dear Jane,\n\nyour visit is on 4 March 2024.\n\nKind regards\nJane Novak",
    );
    check_whose(
        from_clinic,
        &[
            ("Jane", "me"),
            ("Jane Novak", "novak, jane"),
            ("jane.novak@clinic.example", "novak, jane"),
            ("4 March 2024", "-"),
        ],
    );
}

#[test]
fn an_initial_that_a_relative_shares_is_taken_out() {
    let both = "Present: Jane Smith, John Smith.\n\nJ Smith will write to the landlord.";
    check_whose(vec![page(1, both)], &[("J Smith", "smith, j")]);
    let alone = "Re: Jane Smith, DOB 03/03/1984\n\nJ Smith will write to the landlord.";
    check_whose(vec![page(1, alone)], &[("J Smith", "me")]);
}

#[test]
fn the_numbers_of_another_persons_row_are_theirs() {
    check_whose(
        vec![row(
            2,
            &[
                ("Customer ID", "C-0012345", M::PersonReference, P::Principal),
                ("Name", "Ruth Okonkwo", M::Name, P::Principal),
                ("Phone", "07700 900777", M::Phone, P::Principal),
                ("Email", "ruth@example.com", M::Email, P::Principal),
                ("Next of kin", "Jane Smith", M::Name, P::Other),
                ("NOK phone", "07700 900123", M::Phone, P::Other),
            ],
        )],
        &[
            ("C-0012345", "okonkwo, ruth"),
            ("Ruth Okonkwo", "okonkwo, ruth"),
            ("07700 900777", "okonkwo, ruth"),
            ("ruth@example.com", "okonkwo, ruth"),
            ("Jane Smith", "me"),
            ("07700 900123", "me"),
        ],
    );
}

#[test]
fn forms_of_one_stranger_have_one_key() {
    check_whose(
        vec![page(
            1,
            "Re: Jane Smith, DOB 03/03/1984\n\nDr Robert Okonkwo saw her. Write to r.okonkwo@example.com; Dr Okonkwo and \
             R Okonkwo are one.",
        )],
        &[("r.okonkwo@example.com", "okonkwo, robert"), ("R Okonkwo", "okonkwo, robert")],
    );
}

#[test]
fn a_birth_date_of_somebody_else_is_taken_out() {
    check_whose(
        vec![page(
            1,
            "Re: Jane Smith, DOB 03/03/1984\n\nHer son Tom Okonkwo, DOB 05/06/2015, came along on 4 March 2024.",
        )],
        &[("03/03/1984", "me"), ("05/06/2015", "okonkwo, tom"), ("4 March 2024", "-")],
    );
}
