//! Whom and what does a unit name, with the subject in mind?

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use habeas_model::{Hit, Kind, Meaning, Party, Passage};

use super::Question;
use super::lexicon::{Gender, title_gender};
use super::names::{Fit, Shape, squeeze};
use super::own;
use super::owners::Owners;
use super::scan::{address_at, full_at, given_at, lone_at, tokens};
use super::stated::telling_words;
use super::unit::{Span, Unit};
use crate::fold::{latin, words};
use crate::name::TITLES;
use crate::normal;
use crate::recognise::UNKNOWN_WORD;

/// A person whom a unit names.
#[derive(Clone, Debug)]
pub(super) struct Person {
    /// Normal form, `surname, given`.
    pub(super) value: String,
    /// The normal form of what stands there, where the recogniser completed it from the document.
    pub(super) written: Option<String>,
    pub(super) fit: Fit,
    pub(super) party: Party,
    /// Does the structure say that this is a name: a column, a mail header?
    pub(super) is_field: bool,
    pub(super) gender: Option<Gender>,
    pub(super) has_title: bool,
    pub(super) suffix: &'static str,
    /// Does somebody write here for the organisation, from one of its own addresses?
    pub(super) is_house: bool,
    /// Which passage of the unit, and where in it.
    pub(super) passage: usize,
    pub(super) range: Range<usize>,
    /// Where its other half begins, if it stands in two columns.
    pub(super) second: Option<usize>,
}

impl Person {
    /// Somebody else for sure: a given name and a family name, not both the subject's.
    pub(super) fn is_other(&self) -> bool {
        if self.is_house || self.fit.is_near {
            return false;
        }
        match self.fit.shape {
            Shape::Relative => true,
            Shape::Stranger => {
                self.value.split_once(',').is_some_and(|(surname, _)| !surname.is_empty())
            }
            _ => false,
        }
    }

    /// Whom the census counts this as: first given name and family name.
    pub(super) fn key(&self) -> (String, String) {
        key_of(&self.value)
    }
}

/// First given name and squeezed family name of a normal form.
pub(super) fn key_of(value: &str) -> (String, String) {
    let (surname, given) = value.split_once(',').unwrap_or((value, ""));
    (given.split_whitespace().next().unwrap_or_default().to_owned(), squeeze(surname))
}

/// An identifier that a unit carries.
#[derive(Clone, Debug)]
pub(super) struct Carried {
    pub(super) kind: Kind,
    pub(super) value: String,
    pub(super) party: Party,
    pub(super) is_field: bool,
    pub(super) passage: usize,
    pub(super) start: usize,
    /// Does the column say that the organisation knows the person by it?
    pub(super) is_of_person: bool,
    pub(super) mine: Mine,
    /// Does a sentence end between the name before it and it?
    pub(super) is_apart: bool,
}

/// In what way an identifier is the subject's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mine {
    /// It is not.
    No,
    /// The stated one of that number.
    Stated(usize),
    /// Like the stated one of that number: another country code, letters left out.
    Alike(usize),
    /// The birth date, read the usual way or the other way round.
    Born { is_first_reading: bool },
    /// Made from the name: how usual, with the whole given name, with the year of birth.
    Derived { share: f64, is_full: bool, has_year: bool },
    /// A driving licence number that begins as the subject's does.
    Licence,
}

/// What a unit says that may bear on the subject.
#[derive(Clone, Debug, Default)]
pub(super) struct Sight {
    pub(super) persons: Vec<Person>,
    pub(super) carried: Vec<Carried>,
    pub(super) owners: Owners,
    /// Names of people who write or are written to at the organisation's own addresses.
    pub(super) house: Vec<String>,
}

/// Reads units; remembers names it compared before, since the same ones come again and again.
pub(super) struct Reader<'q> {
    question: &'q Question,
    compared: RefCell<HashMap<String, Fit>>,
}

impl<'q> Reader<'q> {
    pub(super) fn new(question: &'q Question) -> Self {
        Self { question, compared: RefCell::default() }
    }

    fn compare(&self, value: &str) -> Fit {
        if let Some(fit) = self.compared.borrow().get(value) {
            return *fit;
        }
        let fit = self.question.names.compare(value);
        self.compared.borrow_mut().insert(value.to_owned(), fit);
        fit
    }

    pub(super) fn read(&self, unit: &Unit<'_>) -> Sight {
        let mut sight = Sight::default();
        for (number, indexed) in unit.passages.iter().enumerate() {
            self.read_passage(number, &indexed.passage, &indexed.hits, &mut sight);
        }
        sight.settle(unit.span);
        self.mark_house(unit, &mut sight);
        sight
    }

    /// Whoever writes or is written to at the organisation's own address acts for it: that is neither
    /// the subject, unless the request states the address, nor the person whom the message is about.
    fn mark_house(&self, unit: &Unit<'_>, sight: &mut Sight) {
        if self.question.house.is_empty() || unit.span != Span::Message {
            return;
        }
        let at_house = |person: &usize| {
            let mut own = sight.belongings(*person).iter().filter_map(|&at| sight.carried.get(at));
            own.any(|carried| carried.kind == Kind::Email && self.question.is_house(&carried.value))
        };
        let is_party = |person: &Person| matches!(person.party, Party::Sender | Party::Recipient);
        let house: Vec<(String, String)> = (0..sight.persons.len())
            .filter(|&at| sight.persons[at].is_field && is_party(&sight.persons[at]))
            .filter(at_house)
            .map(|at| sight.persons[at].key())
            .collect();
        for person in sight.persons.iter_mut().filter(|person| house.contains(&person.key())) {
            sight.house.push(person.value.clone());
            person.is_house = true;
            person.party = Party::Staff;
            person.fit = Fit::STRANGER;
        }
    }

    /// Only what recognisers found, name by name: for saying whose each hit is.
    pub(super) fn read_hits(&self, unit: &Unit<'_>) -> Sight {
        let mut sight = Sight::default();
        for (number, indexed) in unit.passages.iter().enumerate() {
            self.take_hits(number, &indexed.passage, &indexed.hits, &mut sight);
        }
        sight.settle(unit.span);
        sight
    }

    fn read_passage(&self, number: usize, passage: &Passage, hits: &[Hit], sight: &mut Sight) {
        let first = sight.persons.len();
        self.take_hits(number, passage, hits, sight);
        let has_full = sight.persons[first..].iter().any(|person| person.fit.shape == Shape::Full);
        self.scan(number, passage, hits, has_full, sight);
    }

    fn take_hits(&self, number: usize, passage: &Passage, hits: &[Hit], sight: &mut Sight) {
        let first = sight.persons.len();
        for hit in hits.iter().filter(|hit| hit.rule != UNKNOWN_WORD) {
            // A label in plain text gives structure as a column does: `Patient: …`.
            let is_field = match field_at(passage, hit.range.start) {
                Some(meaning) => meaning != Meaning::Text,
                None => hit.party != Party::Unknown,
            };
            let value = hit.value.reveal();
            if hit.kind == Kind::Name {
                let title = title_of(&passage.text, &hit.range);
                let mut person = Person {
                    written: written(
                        passage.text.get(hit.range.clone()).unwrap_or_default(),
                        value,
                    ),
                    value: value.clone(),
                    fit: self.compare(value),
                    party: hit.party,
                    is_field,
                    gender: title.and_then(title_gender),
                    has_title: title.is_some(),
                    suffix: suffix_of(&passage.text, &hit.range),
                    is_house: false,
                    passage: number,
                    range: hit.range.clone(),
                    second: None,
                };
                own::complete(self.question, passage, &mut person);
                sight.persons.push(person);
            } else if hit.kind != Kind::Organisation {
                sight.carried.push(Carried {
                    kind: hit.kind,
                    value: value.clone(),
                    party: hit.party,
                    is_field,
                    passage: number,
                    start: hit.range.start,
                    is_of_person: field_at(passage, hit.range.start)
                        == Some(Meaning::PersonReference),
                    mine: self.question.mine(hit.kind, value),
                    is_apart: own::is_apart(passage, sight.persons[first..].last(), hit),
                });
            }
        }
        self.join_columns(&mut sight.persons, first);
    }

    /// Given name and family name in columns of their own are one name.
    fn join_columns(&self, persons: &mut Vec<Person>, first: usize) {
        let mut joined: Vec<Person> = Vec::with_capacity(persons.len() - first);
        for person in persons.drain(first..) {
            match joined.last().and_then(|before| self.joined(before, &person)) {
                Some(whole) => {
                    joined.pop();
                    joined.push(whole);
                }
                None => joined.push(person),
            }
        }
        persons.append(&mut joined);
    }

    /// Two halves of one name as one, if they are.
    fn joined(&self, one: &Person, other: &Person) -> Option<Person> {
        let parts = |person: &Person| {
            let (surname, given) = person.value.split_once(',')?;
            Some((surname.trim().to_owned(), given.trim().to_owned()))
        };
        if !(one.is_field && other.is_field && one.party == other.party) {
            return None;
        }
        let ((surname, given), (next_surname, next_given)) = (parts(one)?, parts(other)?);
        let value = match (
            surname.is_empty(),
            given.is_empty(),
            next_surname.is_empty(),
            next_given.is_empty(),
        ) {
            (true, false, false, true) => format!("{next_surname}, {given}"),
            (false, true, true, false) => format!("{surname}, {next_given}"),
            _ => return None,
        };
        Some(Person {
            fit: self.compare(&value),
            value,
            gender: one.gender.or(other.gender),
            has_title: one.has_title || other.has_title,
            range: one.range.start..other.range.end,
            second: Some(other.range.start),
            ..one.clone()
        })
    }

    /// Finds the subject's names and numbers in text that no recogniser took for any.
    fn scan(
        &self,
        number: usize,
        passage: &Passage,
        hits: &[Hit],
        has_full: bool,
        sight: &mut Sight,
    ) {
        let names = &self.question.names;
        let tokens = tokens(passage, hits);
        let mut best: Option<(f64, Person)> = None;
        if !has_full && names.has_surname() {
            for at in 0..tokens.len() {
                let found = full_at(names, &tokens, at)
                    .or_else(|| lone_at(names, &tokens, at, &passage.text))
                    .or_else(|| given_at(names, &tokens, at, &passage.text));
                let Some((fit, range, title)) = found else { continue };
                let weight = fit.shape.share() * fit.factor;
                if best.as_ref().is_none_or(|(known, _)| weight > *known) {
                    let person = Person {
                        value: String::new(),
                        written: None,
                        fit,
                        party: party_at(passage, range.start),
                        is_field: false,
                        gender: title.and_then(title_gender),
                        has_title: title.is_some(),
                        suffix: suffix_of(&passage.text, &range),
                        is_house: false,
                        passage: number,
                        range,
                        second: None,
                    };
                    best = Some((weight, person));
                }
            }
        }
        sight.persons.extend(best.map(|(_, person)| person));
        for token in tokens.iter().filter(|token| !token.is_named && token.word.len() > 5) {
            let mine = self.question.derived(&token.word);
            if mine != Mine::No {
                sight.carried.push(Carried {
                    kind: Kind::Handle,
                    value: token.word.clone(),
                    party: party_at(passage, token.range.start),
                    is_field: false,
                    passage: number,
                    start: token.range.start,
                    is_of_person: false,
                    mine,
                    is_apart: false,
                });
                break;
            }
        }
        for (index, stated) in self.question.known.stated.iter().enumerate() {
            let is_carried = sight.carried.iter().any(|carried| {
                carried.passage == number
                    && matches!(carried.mine, Mine::Stated(at) | Mine::Alike(at) if at == index)
            });
            if is_carried {
                continue;
            }
            if stated.kind == Kind::Address
                && let Some((start, value)) = address_at(&stated.value, &tokens, &passage.text)
            {
                sight.carried.push(Carried {
                    kind: Kind::Address,
                    value,
                    party: party_at(passage, start),
                    is_field: false,
                    passage: number,
                    start,
                    is_of_person: false,
                    mine: Mine::Alike(index),
                    is_apart: false,
                });
                continue;
            }
            let Some(wanted) = telling_words(stated) else { continue };
            let place = tokens
                .windows(wanted.len())
                .find(|window| window.iter().zip(wanted).all(|(t, w)| t.word == *w));
            if let Some(window) = place {
                sight.carried.push(Carried {
                    kind: stated.kind,
                    value: stated.value.clone(),
                    party: party_at(passage, window[0].range.start),
                    is_field: false,
                    passage: number,
                    start: window[0].range.start,
                    is_of_person: false,
                    mine: Mine::Stated(index),
                    is_apart: false,
                });
            }
        }
    }
}

impl Question {
    /// In what way an identifier in normal form is the subject's.
    pub(super) fn mine(&self, kind: Kind, value: &str) -> Mine {
        let known = &self.known;
        if let Some(index) = known.find(kind, value) {
            return Mine::Stated(index);
        }
        match kind {
            Kind::BirthDate | Kind::Date => {
                let Some(born) = known.born else { return Mine::No };
                let born = born.to_string();
                let mut readings = value.split('|');
                if readings.next() == Some(&born) {
                    Mine::Born { is_first_reading: true }
                } else if readings.any(|day| day == born) {
                    Mine::Born { is_first_reading: false }
                } else {
                    Mine::No
                }
            }
            Kind::Phone => {
                let end = normal::last_nine(value);
                let alike = known.stated.iter().position(|stated| {
                    stated.kind == Kind::Phone
                        && end.is_some()
                        && normal::last_nine(&stated.value) == end
                });
                alike.map_or(Mine::No, Mine::Alike)
            }
            Kind::Reference => {
                let digits = normal::digits(value);
                let alike = known.stated.iter().position(|stated| {
                    let mine = normal::digits(&stated.value);
                    // Only where one of the two has no letters: letters tell schemes apart.
                    stated.kind == Kind::Reference
                        && mine.len() >= 4
                        && mine.trim_start_matches('0') == digits.trim_start_matches('0')
                        && (digits == value || mine == stated.value)
                });
                alike.map_or(Mine::No, Mine::Alike)
            }
            // To take an address apart costs more than all else here.
            Kind::Address if known.stated.iter().all(|stated| stated.kind != kind) => Mine::No,
            Kind::Address => {
                let (number, street, code) = normal::address_parts(value);
                let alike = known.stated.iter().position(|stated| {
                    if stated.kind != Kind::Address || number.is_empty() {
                        return false;
                    }
                    let mine = normal::address_parts(&stated.value);
                    let is_near = code.is_none() || mine.2.is_none() || code == mine.2;
                    is_near && (&number, &street) == (&mine.0, &mine.1)
                });
                alike.map_or(Mine::No, Mine::Alike)
            }
            Kind::Nino => {
                let alike = known.stated.iter().position(|stated| {
                    stated.kind == Kind::Nino
                        && value.len() >= 8
                        && stated.value.get(..8) == value.get(..8)
                });
                alike.map_or(Mine::No, Mine::Stated)
            }
            Kind::DrivingLicence => {
                let is_mine = !known.has(Kind::DrivingLicence)
                    && known
                        .licences
                        .iter()
                        .any(|stem| value.to_uppercase().starts_with(stem.as_str()));
                if is_mine { Mine::Licence } else { Mine::No }
            }
            Kind::Ip => {
                let alike = known.stated.iter().position(|stated| {
                    stated.kind == Kind::Ip
                        && normal::masked_ip(&stated.value).iter().any(|masked| masked == value)
                });
                alike.map_or(Mine::No, Mine::Alike)
            }
            // Whoever works here and has the name has the mailbox.
            Kind::Email if self.is_house(value) => Mine::No,
            Kind::Email | Kind::Handle => self.derived(value),
            _ => Mine::No,
        }
    }

    fn derived(&self, value: &str) -> Mine {
        let local = value.split('@').next().unwrap_or_default();
        let base: String = latin(local).chars().filter(|c| c.is_alphabetic()).collect();
        let Some(&(share, is_full)) = self.known.bases.get(&base) else { return Mine::No };
        let digits = normal::digits(local);
        let has_year = self.known.born.is_some_and(|born| {
            let year = born.year().to_string();
            digits == year || year.get(2..) == Some(digits.as_str())
        });
        Mine::Derived { share, is_full, has_year }
    }
}

/// What the structure says of a place in a passage.
fn field_at(passage: &Passage, at: usize) -> Option<Meaning> {
    let after = passage.fields.partition_point(|field| field.range.end <= at);
    passage.fields.get(after).filter(|field| field.range.start <= at).map(|field| field.meaning)
}

/// Whose the structure says that a place in a passage is.
fn party_at(passage: &Passage, at: usize) -> Party {
    let after = passage.fields.partition_point(|field| field.range.end <= at);
    passage
        .fields
        .get(after)
        .filter(|field| field.range.start <= at)
        .map_or(Party::Unknown, |field| field.party)
}

/// `Jane` where the value is `smith, jane`, in normal form; `None` if nothing was completed.
fn written(text: &str, value: &str) -> Option<String> {
    let (surname, given) = value.split_once(',')?;
    let first = given.split_whitespace().next()?;
    if surname.is_empty() {
        return None;
    }
    let folded = latin(text);
    let mut words =
        words(&folded).map(|range| &folded[range]).filter(|word| !TITLES.contains(word));
    let (one, other) = (words.next()?, words.next());
    match other {
        // `JS` of `smith, jane`
        None if is_initials(one, surname, given) => {
            Some(format!("{surname}, {}", first.chars().next()?))
        }
        None if squeeze(surname) == one => Some(format!("{surname},")),
        None if surname.contains(one) && one != first => Some(format!("{one},")),
        None => Some(format!(", {one}")),
        Some(other) if first.chars().count() > 1 && words.next().is_none() => {
            let is_initial = |word: &str| word.chars().count() == 1 && first.starts_with(word);
            (is_initial(one) || is_initial(other)).then(|| {
                format!("{surname}, {}", &first[..first.chars().next().map_or(0, char::len_utf8)])
            })
        }
        Some(_) => None,
    }
}

/// Are these the first letters of the given names and of the family name?
fn is_initials(word: &str, surname: &str, given: &str) -> bool {
    let letters = |text: &str| {
        text.split([' ', '-']).filter_map(|part| part.chars().next()).collect::<String>()
    };
    let (given, surname) = (letters(given), letters(surname));
    let (Some(first), Some(last)) = (given.chars().next(), surname.chars().next()) else {
        return false;
    };
    (2..=3).contains(&word.len())
        && [format!("{first}{last}"), format!("{given}{surname}"), format!("{first}{surname}")]
            .iter()
            .any(|one| one == word)
}

/// The title with which a name begins, or which stands before it.
pub(super) fn title_of(text: &str, range: &Range<usize>) -> Option<&'static str> {
    let inside = text.get(range.clone())?;
    let before = text.get(..range.start)?.trim_end_matches(['.', ' ', '\t']);
    let start = before
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let first = inside.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let last = inside
        .trim_end_matches([')', '.', ' '])
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    [first, &before[start..], last]
        .into_iter()
        .filter(|word| (2..=10).contains(&word.len()))
        .find_map(|word| {
            let word = word.to_ascii_lowercase();
            TITLES.iter().find(|title| **title == word).copied()
        })
}

/// `jr` or `sr` where a name ends so, or is followed by it.
fn suffix_of(text: &str, range: &Range<usize>) -> &'static str {
    let inside = text.get(range.clone()).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default().trim_start_matches([',', ' ', '(']);
    let last = inside
        .trim_end_matches(['.', ')'])
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let next = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    [last, next].into_iter().map(suffix).find(|suffix| !suffix.is_empty()).unwrap_or_default()
}

/// `jr` or `sr` for the ways to write them.
pub(super) fn suffix(word: &str) -> &'static str {
    match word.to_ascii_lowercase().as_str() {
        "jr" | "jnr" | "junior" | "ii" | "iii" => "jr",
        "sr" | "snr" | "senior" => "sr",
        _ => "",
    }
}
