//! Who else bears the subject's names, and with whom is an identifier shared?

use std::collections::{HashMap, HashSet};

use habeas_model::Kind;

use super::Question;
use super::bits::{behaviour, same_scheme};
use super::lexicon::nicknames;
use super::names::{Shape, squeeze};
use super::sight::{Carried, Mine, Person, Sight, key_of};

/// Somebody in the structured part of the candidates.
#[derive(Clone, Debug, Default)]
struct Someone {
    /// What keeps this person apart from others of the name: `email:…`, birth dates and so on.
    marks: HashSet<String>,
    born: HashSet<String>,
    /// How surely it is not the subject: 0 for the subject.
    other: f64,
    /// Does a birth date or a number that only one person has rule the subject out?
    is_ruled_out: bool,
    /// Does an own identifier of the subject, or the birth date, stand with this name?
    is_subject: bool,
    /// Does it share a household identifier with the subject?
    is_household: bool,
}

/// Everybody of one given name and family name.
#[derive(Clone, Debug, Default)]
struct Bearers {
    people: Vec<Someone>,
    /// Who has a mark.
    by_mark: HashMap<String, usize>,
    /// The person of whom nothing but the name is known.
    bare: Option<usize>,
    /// How often somebody with a mark was added.
    n_marked: usize,
}

impl Bearers {
    /// Adds somebody, or what is new of somebody known.
    fn add(&mut self, someone: Someone) {
        self.n_marked += usize::from(!someone.marks.is_empty());
        let known = if someone.marks.is_empty() {
            self.bare.or_else(|| (!self.people.is_empty()).then_some(0))
        } else {
            someone.marks.iter().filter_map(|mark| self.by_mark.get(mark)).min().copied()
        };
        let at = known.unwrap_or(self.people.len());
        if someone.marks.is_empty() {
            self.bare = Some(at);
        }
        for mark in &someone.marks {
            self.by_mark.entry(mark.clone()).or_insert(at);
        }
        let Some(same) = self.people.get_mut(at) else {
            self.people.push(someone);
            return;
        };
        same.born.extend(someone.born);
        same.is_subject |= someone.is_subject;
        same.marks.extend(someone.marks);
        same.is_household |= someone.is_household;
        same.is_ruled_out |= someone.is_ruled_out;
        same.other = if same.is_subject { 0.0 } else { same.other.max(someone.other) };
    }

    /// How many of them are not the subject.
    fn n_others(&self) -> f64 {
        self.people.iter().map(|someone| someone.other).sum()
    }
}

/// The people who bear a family name of the subject, counted once each as far as can be told.
#[derive(Clone, Debug, Default)]
pub(super) struct Census {
    /// By family name, then by first given name.
    people: HashMap<String, HashMap<String, Bearers>>,
    /// By family name: about how many people are only in passages that were not brought.
    unbrought: HashMap<String, f64>,
    /// For each stated identifier: how it is shared.
    shared: Vec<Shared>,
    /// Numbers of people of the subject's own name who are somebody else.
    of_namesakes: HashSet<String>,
    /// Numbers of people of the subject's family name with another given name.
    of_relatives: HashSet<String>,
    /// Different NHS or National Insurance numbers beside the subject's full name and birth date.
    doubles: HashSet<String>,
    /// Does somebody who acts for the organisation have the subject's full name?
    has_house_namesake: bool,
    /// Different middle names beside the subject's full name and birth date.
    middles: HashSet<String>,
}

/// With whom a stated identifier is shared.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared {
    /// Units that carry it.
    n_units: usize,
    /// Units in which it stands with a name.
    n_named: usize,
    /// Units in which it stands with somebody else's name.
    n_other: usize,
    /// Whose names they are.
    others: HashSet<(String, String)>,
}

impl Shared {
    /// How many other people it stands with.
    pub(super) fn n_others(&self) -> usize {
        self.others.len()
    }

    /// How many items of others carry it, judged by the names it stands with.
    pub(super) fn strays(&self) -> f64 {
        if self.n_named == 0 {
            return 0.0;
        }
        self.n_units as f64 * self.n_other as f64 / self.n_named as f64
    }
}

impl Census {
    /// Nobody yet; `unbrought` are people of each family name who will not be counted.
    pub(super) fn new(question: &Question, unbrought: &HashMap<String, f64>) -> Self {
        Self {
            shared: vec![Shared::default(); question.known.stated.len()],
            unbrought: unbrought.clone(),
            ..Self::default()
        }
    }

    /// How often somebody was counted who can be told from others, and how many people that are.
    pub(super) fn sums(&self) -> (usize, usize) {
        let people = || self.people.values().flat_map(HashMap::values);
        (
            people().map(|bearers| bearers.n_marked).sum(),
            people()
                .flat_map(|bearers| &bearers.people)
                .filter(|one| !one.marks.is_empty())
                .count(),
        )
    }

    /// Counts a unit.
    pub(super) fn add(&mut self, question: &Question, sight: &Sight) {
        self.has_house_namesake |= sight.house.iter().any(|value| {
            let fit = question.names.compare(value);
            fit.shape == Shape::Full && fit.is_sure
        });
        for (index, person) in
            sight.persons.iter().enumerate().filter(|(_, person)| person.is_field)
        {
            if person.fit.shape == Shape::Full
                || (person.fit.shape == Shape::Relative && person.fit.has_own_surname)
            {
                self.count(question, sight, index, person);
            }
        }
        self.share(sight);
    }

    fn count(&mut self, question: &Question, sight: &Sight, index: usize, person: &Person) {
        let (first, surname) = person.key();
        if first.chars().count() < 2 {
            return;
        }
        let someone = someone(question, sight, index, person);
        let own = || sight.belongings(index).iter().filter_map(|&at| sight.carried.get(at));
        if someone.is_subject && own().any(|carried| matches!(carried.mine, Mine::Born { .. })) {
            for carried in
                own().filter(|carried| matches!(carried.kind, Kind::NhsNumber | Kind::Nino))
            {
                self.doubles.insert(format!("{}:{}", carried.kind, carried.value));
            }
            let middle =
                person.value.split_once(',').and_then(|(_, given)| given.split_whitespace().nth(1));
            if let Some(initial) = middle.and_then(|middle| middle.chars().next()) {
                self.middles.insert(initial.to_string());
            }
        }
        self.people.entry(surname).or_default().entry(first).or_default().add(someone);
    }

    /// To be called once, when all is counted: says whose the numbers are.
    pub(super) fn close(&mut self, question: &Question) {
        let mut of_subject: HashSet<&String> = HashSet::new();
        let (mut of_namesakes, mut of_relatives) = (HashSet::new(), HashSet::new());
        for (first, bearers) in self.people.values().flatten() {
            let is_given = question.names.is_given_word(first);
            for someone in &bearers.people {
                if someone.is_subject {
                    of_subject.extend(&someone.marks);
                } else if is_given && someone.is_ruled_out {
                    of_namesakes.extend(&someone.marks);
                } else if !is_given && someone.other >= 1.0 {
                    of_relatives.extend(&someone.marks);
                }
            }
        }
        let taken = |marks: HashSet<&String>| {
            marks.difference(&of_subject).map(|mark| (*mark).clone()).collect()
        };
        (self.of_namesakes, self.of_relatives) = (taken(of_namesakes), taken(of_relatives));
    }

    /// Does a number that stands with a name belong, by other records, to somebody else?
    pub(super) fn is_known_other(&self, carried: &Carried, shape: Shape) -> bool {
        if carried.mine != Mine::No {
            return false;
        }
        let mark = mark(carried);
        self.of_namesakes.contains(&mark)
            || (shape < Shape::Full && self.of_relatives.contains(&mark))
    }

    /// How much of a count of others is the person of this very record.
    pub(super) fn own_weight(
        &self,
        question: &Question,
        sight: &Sight,
        index: usize,
        person: &Person,
    ) -> f64 {
        let (first, surname) = person.key();
        let bearers = self.people.get(&surname).and_then(|people| people.get(&first));
        let Some(bearers) = bearers.filter(|_| person.is_field) else { return 0.0 };
        let marks = someone(question, sight, index, person).marks;
        let known = marks.iter().filter_map(|mark| bearers.by_mark.get(mark)).min();
        let someone = known.and_then(|&at| bearers.people.get(at));
        someone.filter(|someone| !someone.is_ruled_out).map_or(0.0, |someone| someone.other)
    }

    fn share(&mut self, sight: &Sight) {
        let mut seen: Vec<usize> = Vec::new();
        for (at, carried) in sight.carried.iter().enumerate() {
            let Mine::Stated(index) = carried.mine else { continue };
            if seen.contains(&index) {
                continue;
            }
            seen.push(index);
            let Some(shared) = self.shared.get_mut(index) else { continue };
            shared.n_units += 1;
            let Some(owner) = sight.owner(at) else { continue };
            shared.n_named += 1;
            // The same given name beside another family name is more often the subject, married.
            if owner.is_other() && !owner.fit.has_same_given {
                shared.n_other += 1;
                shared.others.insert(owner.key());
            }
        }
    }

    /// How the stated identifier of that number is shared.
    pub(super) fn shared(&self, index: usize) -> Shared {
        self.shared.get(index).cloned().unwrap_or_default()
    }

    /// How many other people fit a name as observed, in its normal form.
    pub(super) fn n_fitting(&self, value: &str, shape: Shape) -> f64 {
        let (first, surname) = key_of(value);
        // Whoever was not brought has the family name and another given name.
        let unbrought = match shape {
            Shape::Full | Shape::Initial => 0.0,
            _ => self.unbrought.get(&surname).copied().unwrap_or_default(),
        };
        let Some(people) = self.people.get(&surname) else { return unbrought };
        match shape {
            Shape::Full => people.get(&first).map_or(0.0, Bearers::n_others),
            Shape::Initial => {
                let initial = first.chars().next();
                people
                    .iter()
                    .filter(|(name, _)| name.chars().next() == initial)
                    .map(|(_, list)| list.n_others())
                    .sum()
            }
            _ => people.values().map(Bearers::n_others).sum::<f64>() + unbrought,
        }
    }

    /// How many other people bear any of the subject's family names.
    pub(super) fn n_of_surname(&self, surname: &str) -> f64 {
        self.n_fitting(&format!("{},", squeeze(surname)), Shape::Surname)
    }

    /// How many others with a given name of their own share the subject's family name and day of birth.
    pub(super) fn n_twins(&self, question: &Question) -> usize {
        let Some(born) = question.known.born.map(|born| born.to_string()) else { return 0 };
        let people = self
            .people
            .iter()
            .filter(|(surname, _)| question.names.is_surname_word(surname))
            .flat_map(|(_, p)| p);
        people
            .filter(|(first, list)| {
                !question.names.is_given_word(first)
                    && !question.names.is_given_slip(first)
                    && list.people.iter().any(|someone| someone.born.contains(&born))
            })
            .count()
    }

    /// How many others go by a given name for which the observed one is short.
    pub(super) fn n_short_for(&self, value: &str) -> f64 {
        let (short, surname) = key_of(value);
        let Some(people) = self.people.get(&surname) else { return 0.0 };
        let is_long = |first: &str| first != short && nicknames(first).contains(&short.as_str());
        people.iter().filter(|(first, _)| is_long(first)).map(|(_, list)| list.n_others()).sum()
    }

    /// Does somebody else who may be written so live where the subject does?
    pub(super) fn has_double_at_home(&self, value: &str) -> bool {
        let (short, surname) = key_of(value);
        let Some(people) = self.people.get(&surname) else { return false };
        people.iter().any(|(first, list)| {
            let may_be = *first == short || nicknames(first).contains(&short.as_str());
            may_be && list.people.iter().any(|someone| someone.is_household && someone.other >= 1.0)
        })
    }

    /// Does somebody who acts for the organisation have the subject's full name?
    pub(super) fn has_house_namesake(&self) -> bool {
        self.has_house_namesake
    }

    /// Are there two people of the subject's full name and birth date?
    pub(super) fn has_double(&self) -> bool {
        let of_kind =
            |kind: Kind| self.doubles.iter().filter(|mark| mark.starts_with(kind.as_str())).count();
        of_kind(Kind::NhsNumber) > 1 || of_kind(Kind::Nino) > 1 || self.middles.len() > 1
    }
}

/// What a record says of a person whom it names.
fn someone(question: &Question, sight: &Sight, index: usize, person: &Person) -> Someone {
    let mut someone = Someone::default();
    let mut n_against = 0;
    for carried in sight.belongings(index).iter().filter_map(|&at| sight.carried.get(at)) {
        let behaviour = behaviour(carried.kind, &carried.value);
        match carried.kind {
            Kind::Date => continue,
            Kind::BirthDate => someone.born.extend(carried.value.split('|').map(str::to_owned)),
            _ => {}
        }
        if behaviour.is_household {
            someone.is_household |= matches!(carried.mine, Mine::Stated(_));
        } else {
            someone.marks.insert(mark(carried));
        }
        someone.is_subject |= match carried.mine {
            Mine::Stated(_) | Mine::Alike(_) => behaviour.is_own,
            Mine::Born { .. } | Mine::Licence => true,
            Mine::Derived { .. } | Mine::No => false,
        };
        if let Some(bits) = question.contradicts(carried) {
            n_against += 1;
            someone.is_ruled_out |= bits <= -5.0;
        }
    }
    someone.is_subject &= person.fit.shape == Shape::Full;
    someone.is_ruled_out &= !someone.is_subject;
    someone.other = match n_against {
        _ if someone.is_subject => 0.0,
        _ if someone.is_ruled_out || person.fit.shape == Shape::Relative => 1.0,
        0 if someone.is_household || someone.marks.is_empty() => 0.0,
        0 | 1 => 0.5,
        _ => 0.8,
    };
    someone
}

/// How the census writes down an identifier.
fn mark(carried: &Carried) -> String {
    format!("{}:{}", carried.kind, carried.value)
}

impl Question {
    /// Bits against the subject where an identifier is another one than the subject's, if it speaks.
    pub(super) fn contradicts(&self, carried: &Carried) -> Option<f64> {
        if carried.mine != Mine::No {
            return None;
        }
        let against = behaviour(carried.kind, &carried.value).against;
        if carried.kind == Kind::BirthDate {
            let born = self.known.born?.to_string();
            let is_slip = carried.value.split('|').any(|day| super::bits::is_slip(day, &born));
            return Some(if is_slip { -2.0 } else { against });
        }
        let mut mine = self
            .known
            .stated
            .iter()
            .filter(|stated| {
                let is_stated = stated.steps == 0 || carried.is_of_person;
                stated.kind == carried.kind
                    && stated.tells_apart
                    && (is_stated || carried.kind != Kind::Reference)
            })
            .peekable();
        mine.peek()?;
        let speaks = match carried.kind {
            Kind::NhsNumber | Kind::Nino | Kind::DrivingLicence => true,
            Kind::Reference => mine.any(|stated| same_scheme(&stated.value, &carried.value)),
            Kind::Email | Kind::Phone | Kind::Postcode => carried.is_field,
            _ => false,
        };
        // What was mistyped is not another person's: its check digit fails.
        let is_mistyped = (carried.kind == Kind::NhsNumber
            && crate::normal::nhs_number(&carried.value).is_none()
            || carried.kind == Kind::Nino && crate::normal::nino(&carried.value).is_none())
            && self.known.stated.iter().any(|stated| {
                stated.kind == carried.kind
                    && strsim::osa_distance(&stated.value, &carried.value) <= 2
            });
        let is_slip = is_mistyped
            || carried.kind == Kind::Reference
                && self.known.stated.iter().any(|stated| {
                    stated.kind == Kind::Reference
                        && stated.steps == 0
                        && stated.value.len() == carried.value.len()
                        && strsim::osa_distance(&stated.value, &carried.value) == 1
                });
        speaks.then_some(if is_slip { -2.0 } else { against })
    }
}
