//! Is everybody else told in the right role, and with the right doubt?

use habeas_model::{Document, Doubt, Meaning as M, Party as P, Passage, Role};

use super::pieces::{mail, page, row};
use super::whose::subject;
use crate::{Question, Setting, Whose, mentions, recognise_with_unsure};

/// `expected` gives for a written form `me`, `-` for nobody, or role and doubt of the other person. All places of
/// the form have to agree.
fn check(passages: Vec<Passage>, expected: &[(&str, &str)]) {
    let setting = Setting {
        own_domains: vec!["clinic.example".to_owned()],
        staff: vec!["Nadia Quayle".to_owned()],
        ..Setting::default()
    };
    let document = Document { passages, ..Document::default() };
    let hits = recognise_with_unsure(&document, &setting);
    let question = Question::new(&subject("01632 960123")).expect("a subject with a name");
    let whose = mentions(&document, &hits, &question, &setting);
    let mut found: Vec<(&str, String)> = Vec::new();
    for ((passage, hits), whose) in document.passages.iter().zip(&hits).zip(&whose) {
        for (hit, whose) in hits.iter().zip(whose) {
            let said = match whose {
                Whose::Subject => "me".to_owned(),
                Whose::Nobody => "-".to_owned(),
                Whose::Other(other) => {
                    let role = match other.role {
                        Role::Private => "private",
                        Role::Staff => "staff",
                        Role::Professional => "professional",
                    };
                    let doubt = match other.doubt {
                        None => "",
                        Some(Doubt::SharedSurname) => ", surname",
                        Some(Doubt::Namesake) => ", namesake",
                        Some(Doubt::SharedAddress) => ", address",
                        Some(Doubt::UnknownWord) => ", word",
                    };
                    format!("{role}{doubt}")
                }
            };
            found.push((&passage.text[hit.range.clone()], said));
        }
    }
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
fn staff_are_told_by_addresses_lists_and_signatures() {
    check(
        mail(
            ("Karl Lindqvist", "karl.lindqvist@clinic.example"),
            &[("Jane Smith", "jane.smith@example.org"), ("Omar Said", "omar@example.com")],
            "Visit",
            "Dear Jane,\n\nNadia Quayle will ring you, and Piotr Nowak as well.\n\nKind regards\nKarl",
        ),
        &[
            ("Karl Lindqvist", "staff"),
            ("Karl", "staff"),
            ("karl.lindqvist@clinic.example", "staff"),
            ("Nadia Quayle", "staff"),
            ("Jane Smith", "me"),
            ("Omar Said", "private"),
            ("Piotr Nowak", "private"),
        ],
    );
}

#[test]
fn a_role_once_known_holds_in_the_document() {
    check(
        vec![
            page(1, "Re: Jane Smith, DOB 03/03/1984\n\nDr Maria Novak wrote to Karl Lindqvist."),
            page(2, "Maria Novak thinks that Novak is right. Karl Lindqvist does not."),
        ],
        &[
            ("Dr Maria Novak", "professional"),
            ("Maria Novak", "professional"),
            ("Novak", "professional"),
            ("Karl Lindqvist", "private"),
        ],
    );
}

#[test]
fn a_column_of_practitioners_is_one_and_a_patient_with_a_title_is_not() {
    check(
        vec![row(
            2,
            &[
                ("Name", "Dr Karl Lindqvist", M::Name, P::Principal),
                ("Practitioner", "Maria Novak", M::Name, P::Staff),
                ("Booked by", "Piotr Nowak", M::Name, P::Staff),
                ("Next of kin", "Omar Said", M::Name, P::Other),
            ],
        )],
        &[
            ("Dr Karl Lindqvist", "private"),
            ("Maria Novak", "professional"),
            ("Piotr Nowak", "staff"),
            ("Omar Said", "private"),
        ],
    );
}

#[test]
fn what_may_be_the_subject_is_in_doubt() {
    let letter = "Re: Jane Smith, DOB 03/03/1984\n\n";
    // Her husband is somebody else for sure; who is meant by the family name alone is not.
    check(
        vec![page(1, &format!("{letter}John Smith came along. We think that Smith paid."))],
        &[("Jane Smith", "me"), ("John Smith", "private"), ("Smith", "private, surname")],
    );
    check(
        vec![page(1, &format!("{letter}John Smith came along. Mr Smith paid."))],
        &[("Mr Smith", "private")],
    );
    check(
        vec![page(1, &format!("{letter}We asked J. Smith. John Smith came along."))],
        &[("J. Smith", "private, surname")],
    );
    check(vec![page(1, &format!("{letter}I saw Mrs Smith on Monday."))], &[("Mrs Smith", "me")]);
    check(
        vec![page(1, &format!("{letter}The letter is for Ms Smith-Jones."))],
        &[("Ms Smith-Jones", "private, surname")],
    );
    check(
        vec![row(
            2,
            &[
                ("Name", "Jane Smith", M::Name, P::Principal),
                ("DOB", "07/11/1961", M::BirthDate, P::Principal),
            ],
        )],
        &[("Jane Smith", "private, namesake")],
    );
}

#[test]
fn an_address_in_somebody_elses_record_is_in_doubt() {
    let record = |name: &str| {
        vec![row(
            2,
            &[
                ("Name", name, M::Name, P::Principal),
                ("Address", "14 Canal Street, Exampleton, EX1 2AB", M::Address, P::Principal),
                ("Phone", "01632 960123", M::Phone, P::Principal),
            ],
        )]
    };
    check(
        record("John Smith"),
        &[
            ("14 Canal Street, Exampleton", "private, address"),
            ("01632 960123", "private, address"),
        ],
    );
    check(record("Jane Smith"), &[("14 Canal Street, Exampleton", "me"), ("01632 960123", "me")]);
}

#[test]
fn a_word_that_may_be_a_name_is_in_doubt() {
    check(
        vec![page(1, "Re: Jane Smith, DOB 03/03/1984\n\nThe chair was moved by Zzyvka on Monday.")],
        &[("Jane Smith", "me"), ("Zzyvka", "private, word")],
    );
}

#[test]
fn initials_in_minutes_are_those_of_who_is_present() {
    check(
        vec![page(
            1,
            "Present: Jane Smith (JS), Karl Lindqvist (KL)\n\nKL to order the chairs. JS: agreed.",
        )],
        &[("JS", "me"), ("KL", "staff")],
    );
}
