//! What should whoever works a request know before they rely on its search?

use std::collections::{BTreeMap, BTreeSet, HashMap};

use habeas_index::Estate;
use habeas_match::{Question, is_ordinary_word};
use habeas_model::{Kind, NameKind, Subject};
use jiff::civil::Date;

use crate::{Case, CaseId, Error};

/// Passages in which an identifier of one person hardly ever stands.
const MANY: u64 = 400;
/// Share of the estate above which an identifier says nothing.
const HALF: f64 = 0.05;

/// Sentences about a request and what it states; none says who it is about.
///
/// # Errors
/// If the index cannot be read.
pub(crate) fn advice(case: &Case, estate: &Estate) -> Result<Vec<String>, Error> {
    let subject = &case.request.subject;
    let mut sentences = contradictions(subject, case.request.received);
    sentences.extend(child(subject, case.request.received));
    sentences.extend(words(subject));
    let n_passages = estate.n_passages();
    for (kind, lookup) in Question::stated_lookups(subject) {
        let n = estate.frequency(&lookup)?;
        if n > MANY && n as f64 > HALF * n_passages as f64 {
            sentences.push(format!(
                "the {} that the request states stands in {n} of {n_passages} passages: it is shared \
                 by many, so it says little of this person",
                kind.as_str().replace('_', " ")
            ));
        }
    }
    Ok(sentences)
}

/// What of a request cannot all be true.
fn contradictions(subject: &Subject, received: Date) -> Vec<String> {
    let mut sentences = Vec::new();
    if subject.born.as_ref().is_some_and(|born| *born.reveal() > received) {
        sentences.push(
            "the birth date lies after the day of receipt: check it with the person".to_owned(),
        );
    }
    for kind in [Kind::NhsNumber, Kind::Nino, Kind::BirthDate] {
        let n = subject.identifiers.iter().filter(|one| one.kind == kind).count();
        let n = n + usize::from(kind == Kind::BirthDate && subject.born.is_some());
        if n > 1 {
            sentences.push(format!(
                "the request states {n} of {}, of which a person has one: findings by either are \
                 brought, and a record with one of them is not held against the person",
                kind.as_str().replace('_', " ")
            ));
        }
    }
    sentences
}

/// Whether the person is a child on the day of receipt.
///
/// # Source
/// UK GDPR Art. 8 with DPA 2018 s. 9 (13 years); DPA 2018 s. 208 (Scotland: 12 and above is presumed
/// able to exercise the right).
fn child(subject: &Subject, received: Date) -> Option<String> {
    let born = *subject.born.as_ref()?.reveal();
    let years = born.until((jiff::Unit::Year, received)).ok()?.get_years();
    (0..18).contains(&years).then(|| {
        format!(
            "the person is a child of {years}: decide who may ask for them and whether they understand \
             their right; identifiers of a parent are never taken for theirs"
        )
    })
}

/// Names that are everyday words.
fn words(subject: &Subject) -> Vec<String> {
    let mut sentences = Vec::new();
    for name in subject.names.iter().filter(|name| name.kind != NameKind::KnownAs) {
        let parts: Vec<&str> = name.value.reveal().split_whitespace().collect();
        if parts.len() == 1 {
            sentences.push(
                "a name of one word is stated: it is looked for, and a finding needs more than it"
                    .to_owned(),
            );
        }
        if parts.iter().any(|part| is_ordinary_word(part)) {
            sentences.push(
                "part of the name is an everyday word: it counts where it is written as a name or \
                 stands beside the rest of it"
                    .to_owned(),
            );
        }
    }
    sentences.sort();
    sentences.dedup();
    sentences
}

/// Pairs of cases that may be about one person: they state the same identifier of one person, or the
/// same name and birth date. The first of a pair is the earlier one; each pair has a sentence.
pub fn same_person(cases: &[Case]) -> Vec<(CaseId, CaseId, String)> {
    let mut first: HashMap<(Kind, String), usize> = HashMap::new();
    let mut pairs: BTreeMap<(usize, usize), Kind> = BTreeMap::new();
    for (at, case) in cases.iter().enumerate() {
        for key in marks(&case.request.subject) {
            let kind = key.0;
            match first.get(&key) {
                Some(&earlier) if earlier != at => {
                    pairs.entry((earlier, at)).or_insert(kind);
                }
                Some(_) => {}
                None => {
                    first.insert(key, at);
                }
            }
        }
    }
    pairs
        .into_iter()
        .map(|((one, other), kind)| {
            let (one, other) = (cases[one].id.clone(), cases[other].id.clone());
            let what = match kind {
                Kind::Name => "name and birth date".to_owned(),
                kind => kind.as_str().replace('_', " "),
            };
            let sentence = format!(
                "{one} and {other} state the same {what}: they may be one person, or one household"
            );
            (one, other, sentence)
        })
        .collect()
}

/// What of a subject hardly anybody else states.
fn marks(subject: &Subject) -> BTreeSet<(Kind, String)> {
    let is_shared =
        |kind: Kind| matches!(kind, Kind::Address | Kind::Postcode | Kind::Ip | Kind::BirthDate);
    let mut marks: BTreeSet<(Kind, String)> = Question::stated_lookups(subject)
        .into_iter()
        .filter(|(kind, _)| !is_shared(*kind))
        .map(|(kind, lookup)| (kind, format!("{lookup:?}")))
        .collect();
    if let Some(born) = &subject.born {
        let names = subject.names.iter().map(|name| name.value.reveal().to_lowercase());
        marks.extend(names.map(|name| (Kind::Name, format!("{name} {}", born.reveal()))));
    }
    marks
}

#[cfg(test)]
mod tests {
    use habeas_model::{Held, Identifier, Personal, SubjectName};
    use jiff::civil::date;

    use super::*;

    fn subject(name: &str, born: Option<Date>) -> Subject {
        Subject {
            names: vec![SubjectName {
                value: name.into(),
                kind: NameKind::Current,
                held: Held::default(),
            }],
            born: born.map(Personal::new),
            identifiers: Vec::new(),
        }
    }

    #[test]
    fn a_child_is_told_by_the_day_of_receipt() {
        let born = Some(date(2013, 6, 2));
        assert!(
            child(&subject("Ann Orr", born), date(2026, 6, 1)).unwrap().contains("child of 12")
        );
        assert!(child(&subject("Ann Orr", born), date(2031, 6, 2)).is_none());
        assert!(child(&subject("Ann Orr", None), date(2026, 6, 1)).is_none());
    }

    #[test]
    fn what_cannot_all_be_true_is_said() {
        let mut odd = subject("Ann Orr", Some(date(2026, 7, 1)));
        assert_eq!(contradictions(&odd, date(2026, 6, 1)).len(), 1);
        for value in ["999 000 0018", "999 000 0026"] {
            odd.identifiers.push(Identifier {
                kind: Kind::NhsNumber,
                value: value.into(),
                held: Held::default(),
            });
        }
        let said = contradictions(&odd, date(2026, 8, 1));
        assert!(said.len() == 1 && said[0].contains("2 of nhs number"), "{said:?}");
    }

    #[test]
    fn a_name_that_is_a_word_is_said_and_nobody_is_shown() {
        let said = words(&subject("Will May", None)).join(" ");
        assert!(said.contains("everyday word") && !said.contains("Will"), "{said}");
        assert!(words(&subject("Amara Lindqvist", None)).is_empty());
    }
}
