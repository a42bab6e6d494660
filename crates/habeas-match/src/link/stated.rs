//! What does the request state besides names, in normal form, and what follows from it?

use std::collections::HashMap;

use habeas_model::{Kind, Subject};
use jiff::civil::Date;

use super::names::{Names, squeeze};
use super::spelling;
use crate::fold::{latin, words};
use crate::normal;

/// An identifier of the subject in normal form.
#[derive(Clone, Debug)]
pub(super) struct Stated {
    pub(super) kind: Kind,
    /// As hits have it.
    pub(super) value: String,
    /// The folded words of what was written, for text that no recogniser reads.
    pub(super) words: Vec<String>,
    /// 0 if it was stated or accepted; else how many steps away from what was stated it was found.
    pub(super) steps: u8,
    /// The most bits that a finding may have by it: a learnt one never outranks what it was learnt from.
    pub(super) most: f64,
    /// Is it a number that one person has, learnt beside what was stated, so that another one of its
    /// kind is another person's?
    pub(super) tells_apart: bool,
}

/// Everything of a subject but the names.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) stated: Vec<Stated>,
    pub(super) born: Option<Date>,
    /// Was the birth date found beside a stated identifier, and not stated itself?
    pub(super) is_born_learnt: bool,
    /// Letters of a mailbox or user name made from the name, with how usual that is, and whether
    /// the whole given name is in it.
    pub(super) bases: HashMap<String, (f64, bool)>,
    /// How a driving licence number of Great Britain begins, in upper case.
    pub(super) licences: Vec<String>,
}

impl Known {
    pub(super) fn of(subject: &Subject, names: &Names) -> Self {
        let mut known =
            Self { born: subject.born.as_ref().map(|born| *born.reveal()), ..Self::default() };
        for identifier in &subject.identifiers {
            let raw = identifier.value.reveal();
            if identifier.kind == Kind::BirthDate {
                let day = normal::date_readings(raw).first().copied();
                known.born = known.born.or(day);
                continue;
            }
            if matches!(identifier.kind, Kind::Name | Kind::Organisation | Kind::Date) {
                continue;
            }
            let folded = latin(raw);
            let Some(value) = normal::value(identifier.kind, raw) else {
                // What has no normal form can still be looked for as it stands.
                known.add(identifier.kind, folded.clone(), &folded);
                continue;
            };
            known.add(identifier.kind, value, &folded);
            if identifier.kind == Kind::Address
                && let (_, _, Some(code)) = normal::address_parts(raw)
            {
                known.add(Kind::Postcode, code, "");
            }
        }
        known.derive(names);
        known
    }

    fn add(&mut self, kind: Kind, value: String, folded: &str) {
        if value.is_empty()
            || self.stated.iter().any(|known| known.kind == kind && known.value == value)
        {
            return;
        }
        let words = words(folded).map(|range| folded[range].to_owned()).collect();
        self.stated.push(Stated {
            kind,
            value,
            words,
            steps: 0,
            most: f64::MAX,
            tells_apart: true,
        });
    }

    /// Adds an identifier that was found beside the subject's, in normal form.
    pub(super) fn learn(&mut self, seen: &super::learn::Seen, most: f64) {
        let (kind, value) = (seen.kind, seen.value.clone());
        let before = self.stated.len();
        self.add(kind, value, &latin(&seen.written));
        for stated in &mut self.stated[before..] {
            stated.steps = seen.steps;
            stated.most = most;
            stated.tells_apart = seen.tells_apart;
        }
    }

    /// The stated identifier with that value, by its number.
    pub(super) fn find(&self, kind: Kind, value: &str) -> Option<usize> {
        self.stated.iter().position(|stated| stated.kind == kind && stated.value == value)
    }

    /// Was one of that kind stated?
    pub(super) fn has(&self, kind: Kind) -> bool {
        self.stated.iter().any(|stated| stated.kind == kind && stated.steps == 0)
    }

    fn derive(&mut self, names: &Names) {
        let mut surnames: Vec<(String, f64)> = names
            .surnames()
            .filter(|(name, share)| name.len() > 2 && *share > 0.2)
            .map(|(n, s)| (n.to_owned(), s))
            .collect();
        surnames.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        let mut given: Vec<(String, f64)> = names.given().map(|(n, s)| (n.to_owned(), s)).collect();
        given.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        for (surname, surname_share) in surnames.iter().take(4) {
            for (first, share) in given.iter().take(12) {
                let share = share * surname_share;
                self.base(format!("{first}{surname}"), 0.6 * share, true);
                self.base(format!("{surname}{first}"), 0.2 * share, true);
                if let Some(initial) = first.chars().next() {
                    self.base(format!("{initial}{surname}"), 0.6 * share, false);
                    self.base(format!("{surname}{initial}"), 0.2 * share, false);
                    self.base(
                        format!("{first}{}", &surname.chars().take(1).collect::<String>()),
                        0.1 * share,
                        false,
                    );
                }
            }
        }
        if let Some(born) = self.born {
            for form in &names.forms {
                self.licences.extend(licence_stem(&form.name, born));
            }
        }
    }

    fn base(&mut self, base: String, share: f64, is_full: bool) {
        if base.chars().count() < 4 {
            return;
        }
        let entry = self.bases.entry(base).or_insert((share, is_full));
        if share > entry.0 {
            *entry = (share, is_full);
        }
    }
}

/// The first characters of a driving licence number of Great Britain that follow from name and
/// birth date: two spellings, because the number tells men from women.
///
/// # Source
/// DVLA, driver number: five letters of the family name filled with 9 (MAC written MC), the
/// decade's digit, month (+50 for women), day, the year's digit, two initials or 9.
fn licence_stem(name: &crate::PersonName, born: Date) -> Vec<String> {
    let mut surname = squeeze(&name.surname);
    if let Some(rest) = surname.strip_prefix("mac") {
        surname = format!("mc{rest}");
    }
    if surname.is_empty() || !surname.is_ascii() {
        return Vec::new();
    }
    let letters: String = surname.to_uppercase().chars().chain("99999".chars()).take(5).collect();
    let initial = name.first().chars().next().filter(char::is_ascii_alphabetic);
    let Some(initial) = initial.map(|c| c.to_ascii_uppercase()) else { return Vec::new() };
    let year = born.year().rem_euclid(100);
    [0, 50]
        .into_iter()
        .map(|woman| {
            format!(
                "{letters}{}{:02}{:02}{}{initial}",
                year / 10,
                i16::from(born.month()) + woman,
                born.day(),
                year % 10
            )
        })
        .collect()
}

/// The words of a stated identifier if they are telling enough to be looked for in plain text.
pub(super) fn telling_words(stated: &Stated) -> Option<&[String]> {
    let is_kind = matches!(
        stated.kind,
        Kind::Reference
            | Kind::Handle
            | Kind::Device
            | Kind::Passport
            | Kind::DrivingLicence
            | Kind::Vehicle
            | Kind::NhsNumber
            | Kind::Nino
            | Kind::BankAccount
            | Kind::Card
            | Kind::Iban
    );
    let has_long = stated.words.iter().any(|word| word.chars().count() >= 4);
    let is_few = (1..=8).contains(&stated.words.len());
    // A short number stands in many a text by chance; one that was not stated has to be unlikely.
    let n_letters = stated.value.chars().filter(char::is_ascii_alphabetic).count();
    let is_unlikely = stated.value.len() >= if n_letters > 0 { 6 } else { 8 };
    let is_sure = stated.steps == 0 || is_unlikely;
    (is_kind && has_long && is_few && is_sure).then_some(&stated.words[..])
}

/// How many letters of a word may differ; here so that lookups and weighing agree.
pub(super) fn tolerance(word: &str) -> u8 {
    spelling::tolerance(word.chars().count())
}
