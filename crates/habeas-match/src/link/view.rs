//! What has a row, a message, a page or a document to do with the subject, and who else is in it?

use std::collections::{BTreeSet, HashMap, HashSet};

use habeas_model::{Kind, Part, Party};

use super::lexicon::{Gender, name_gender};
use super::names::Shape;
use super::sight::{Carried, Mine, Person, Sight, key_of};
use super::unit::Span;
use super::{Question, bits};

/// A unit of the document, and what it has to do with the subject.
pub(super) struct View {
    pub(super) sight: Sight,
    pub(super) span: Span,
    /// Which part of the document each passage is.
    pub(super) parts: Vec<Part>,
    /// The record is the subject's own, by something that nobody else has.
    pub(super) is_own: bool,
    /// The record is somebody else's: another name, or a namesake with other numbers.
    pub(super) is_of_other: bool,
    /// The subject's whole name as stated, or an own identifier, stands in it.
    pub(super) names_subject: bool,
    /// The subject sent it, or got it.
    pub(super) is_from_subject: bool,
    pub(super) is_to_subject: bool,
    /// It was sent from an address that the request states.
    pub(super) has_stated_sender: bool,
    /// Whose record it is.
    pub(super) principal: Option<usize>,
    /// Names of other people in it, in normal form.
    pub(super) others: BTreeSet<String>,
    pub(super) crowd: Crowd,
    namesakes: HashSet<usize>,
    by_party: HashSet<(Party, String)>,
    persons_at: HashMap<(usize, usize), usize>,
    carried_at: HashMap<(usize, usize), usize>,
}

/// Other people, as far as short forms of the subject's name could mean them.
#[derive(Clone, Debug, Default)]
pub(super) struct Crowd {
    /// First letter and gender of those with a family name of the subject.
    relatives: BTreeSet<(Option<char>, Option<Gender>)>,
    /// Their given names.
    given: HashSet<String>,
}

impl Crowd {
    fn add(&mut self, question: &Question, person: &Person) {
        let (first, surname) = person.key();
        if question.names.is_surname_word(&surname) {
            let gender = person.gender.or_else(|| name_gender(&first));
            self.relatives.insert((first.chars().next(), gender));
        }
        if first.chars().count() > 1 && !surname.is_empty() {
            self.given.insert(first);
        }
    }

    /// Takes in the people of a part.
    pub(super) fn join(&mut self, other: &Self) {
        self.relatives.extend(&other.relatives);
        self.given.extend(other.given.iter().cloned());
    }

    /// Does somebody with the family name have a given name with that letter?
    pub(super) fn has_relative_with(&self, letter: Option<char>) -> bool {
        self.relatives.iter().any(|(initial, _)| initial.is_none() || *initial == letter)
    }

    /// Does anybody else have the family name?
    pub(super) fn has_relative(&self) -> bool {
        !self.relatives.is_empty()
    }

    /// Does somebody have that given name?
    pub(super) fn has_given(&self, given: &str) -> bool {
        self.given.contains(given)
    }

    /// Can the family name behind a title of that gender, or alone, mean the subject only?
    pub(super) fn leaves_surname_to(&self, title: Option<Gender>, subject: Option<Gender>) -> bool {
        if self.relatives.is_empty() {
            return true;
        }
        let is_mine = title.is_some() && title == subject;
        is_mine && self.relatives.iter().all(|(_, gender)| gender.is_some() && *gender != title)
    }
}

impl View {
    pub(super) fn new(question: &Question, sight: Sight, span: Span, parts: Vec<Part>) -> Self {
        let is_whole = |person: &Person| person.fit.shape == Shape::Full && person.fit.is_sure;
        let is_holder = |person: &&Person| person.is_field && person.party == Party::Principal;
        let is_mine = sight.persons.iter().filter(is_holder).any(is_whole);
        let has_holder = sight.persons.iter().any(|person| is_holder(&person));
        let is_named_other =
            !is_mine && sight.persons.iter().filter(is_holder).any(Person::is_other);
        let is_near =
            |carried: &&Carried| matches!(carried.party, Party::Principal | Party::Unknown);
        let own_id = |carried: &Carried| {
            matches!(carried.mine, Mine::Stated(_))
                && bits::behaviour(carried.kind, &carried.value).is_own
        };
        let has_own = sight.carried.iter().filter(is_near).any(own_id);
        let is_link = |carried: &Carried| {
            let is_birth = carried.kind == Kind::BirthDate
                && carried.mine == Mine::Born { is_first_reading: true };
            is_birth || matches!(carried.mine, Mine::Stated(_))
        };
        let has_link = sight.carried.iter().filter(is_near).any(is_link);
        let contradicts =
            |carried: &Carried| question.contradicts(carried).is_some_and(|bits| bits <= -5.0);
        let is_ruled_out = span == Span::Record
            && !has_own
            && sight.carried.iter().filter(is_near).any(contradicts);
        let is_own = span == Span::Record
            && !is_ruled_out
            && !is_named_other
            && ((is_mine && has_link) || (!has_holder && has_own));
        let namesakes: HashSet<usize> = (0..sight.persons.len())
            .filter(|&index| {
                let person = &sight.persons[index];
                person.fit.shape.fits()
                    && (is_namesake(question, &sight, index)
                        || ((is_named_other || is_ruled_out) && is_holder(&person)))
            })
            .collect();
        let names_subject = sight.carried.iter().any(own_id)
            || sight
                .persons
                .iter()
                .enumerate()
                .any(|(index, person)| is_whole(person) && !namesakes.contains(&index));
        let is_stated = |party: Party| {
            sight
                .carried
                .iter()
                .any(|carried| carried.party == party && matches!(carried.mine, Mine::Stated(_)))
        };
        let is_named = |party: Party| {
            sight.persons.iter().any(|person| person.party == party && is_whole(person))
        };
        let mut view = Self {
            span,
            parts,
            is_own,
            is_of_other: is_named_other || is_ruled_out,
            names_subject,
            is_from_subject: is_stated(Party::Sender) || is_named(Party::Sender),
            is_to_subject: is_stated(Party::Recipient) || is_named(Party::Recipient),
            has_stated_sender: is_stated(Party::Sender),
            principal: sight.persons.iter().position(|person| is_holder(&person)),
            others: BTreeSet::new(),
            crowd: Crowd::default(),
            namesakes,
            by_party: HashSet::new(),
            persons_at: HashMap::new(),
            carried_at: HashMap::new(),
            sight,
        };
        view.list(question);
        view
    }

    fn list(&mut self, question: &Question) {
        for (index, person) in self.sight.persons.iter().enumerate() {
            self.persons_at.insert((person.passage, person.range.start), index);
            if let Some(second) = person.second {
                self.persons_at.insert((person.passage, second), index);
            }
            if person.is_other() || self.namesakes.contains(&index) {
                self.crowd.add(question, person);
                self.others.insert(person.value.clone());
                self.by_party.insert((person.party, key_of(&person.value).0));
            }
        }
        for (index, carried) in self.sight.carried.iter().enumerate() {
            self.carried_at.insert((carried.passage, carried.start), index);
            // `jane@clinic.example` tells of another Jane.
            if carried.kind == Kind::Email && carried.mine == Mine::No {
                let local = carried.value.split(['.', '@', '_', '-']).next().unwrap_or_default();
                if local.chars().count() > 2 {
                    self.crowd.given.insert(local.to_owned());
                }
            }
        }
    }

    /// The person whose name begins at that place of a passage.
    pub(super) fn person_at(&self, passage: usize, start: usize) -> Option<usize> {
        self.persons_at.get(&(passage, start)).copied()
    }

    /// The identifier that begins at that place of a passage.
    pub(super) fn carried_at(&self, passage: usize, start: usize) -> Option<usize> {
        self.carried_at.get(&(passage, start)).copied()
    }

    /// Does the name stand with numbers that are not the subject's, or is the record another's?
    pub(super) fn is_namesake(&self, person: usize) -> bool {
        self.namesakes.contains(&person)
    }

    /// Has somebody else of that party the given name?
    pub(super) fn names_other(&self, party: Party, given: &str) -> bool {
        self.by_party.contains(&(party, given.to_owned()))
    }
}

/// Does the name stand with numbers that are not the subject's?
fn is_namesake(question: &Question, sight: &Sight, person: usize) -> bool {
    let mut has_other = false;
    for carried in sight.belongings(person).iter().filter_map(|&at| sight.carried.get(at)) {
        let is_stated = matches!(carried.mine, Mine::Stated(_));
        if (is_stated && bits::behaviour(carried.kind, &carried.value).is_own)
            || (matches!(carried.mine, Mine::Born { .. }) && carried.kind == Kind::BirthDate)
        {
            return false;
        }
        // `what Jane said. NHS number … was filed under Jane Smythe`
        if carried.is_apart {
            continue;
        }
        has_other |= question.contradicts(carried).is_some_and(|bits| bits <= -5.0);
    }
    has_other
}
