//! Which family names are too common to bring everything that has them?
//!
//! In an estate of millions a hundred thousand passages may say *Smith*. One that says nothing else
//! of the subject's is far below what is possible, whoever is meant; so of such a name only what has
//! something of the subject's beside it is brought, and the rest is counted.
//!
//! # Source
//! `field/matching.md` 3.3: of family names in more than 20,000 passages, those with a given name, an
//! initial or an identifier beside them; 3.4 needs to know how many people bear it, which a sample of
//! the others tells. A title is no such thing here: above that bound *Mrs Smith*
//! has about 6 bits less than what is possible.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use habeas_model::{Indexed, ItemId, Lookup, PlaceKind, Word};

use super::Question;
use super::census::Census;
use super::search::{Asking, Memory};
use super::sight::Reader;
use super::unit::{needs_context, units};
use crate::terms::text_words;

/// In more passages than this, beside those that have a given name of the subject too, a family name
/// says nothing alone.
pub(super) const COMMON: u64 = 20_000;

/// Given names and short forms that are looked for beside each.
const MOST_GIVEN: usize = 60;

/// Passages of each that are read to learn how many people bear it.
const SAMPLE: usize = 2_000;

/// Names that are too common to be asked for alone, folded, with the number of their passages.
#[derive(Clone, Debug, Default)]
pub(super) struct Common {
    names: BTreeMap<String, u64>,
}

/// The word, if that is all a lookup asks for.
pub(super) fn alone(lookup: &Lookup) -> Option<&str> {
    match lookup {
        Lookup::Words(words) => match words.as_slice() {
            [Word::Exact(word)] => Some(word),
            _ => None,
        },
        Lookup::Id(_) => None,
    }
}

impl Common {
    /// Of the names that are asked for alone, `frequency` being the number of their passages: those
    /// with more than `most`.
    pub(super) fn of<M: Memory>(
        question: &Question,
        frequency: &HashMap<String, u64>,
        memory: &M,
        most: u64,
    ) -> Result<Self, M::Error> {
        let mut names = BTreeMap::new();
        for (name, &n) in frequency.iter().filter(|(_, n)| **n > most) {
            if question.names.is_given_word(name) && !question.names.has_surname() {
                names.insert(name.clone(), n);
                continue;
            }
            if !question.names.is_surname_word(name) {
                continue;
            }
            // What stands with the given name is explained already.
            let mut n_explained = 0;
            for given in question.names.own_given() {
                n_explained += memory.frequency(&both(&given, name))?;
            }
            if n.saturating_sub(n_explained) > most {
                names.insert(name.clone(), n);
            }
        }
        Ok(Self { names })
    }

    /// Is it a lookup of such a name alone?
    pub(super) fn is(&self, lookup: &Lookup) -> bool {
        alone(lookup).is_some_and(|word| self.names.contains_key(word))
    }

    /// What is asked for instead: each such family name beside each given name and initial.
    pub(super) fn lookups(&self, question: &Question) -> Vec<Lookup> {
        let mut given: Vec<(&str, f64)> = question.names.given().collect();
        given.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
        let initials: BTreeSet<char> = question.names.initials().collect();
        let mut lookups = Vec::new();
        for name in self.names.keys().filter(|name| question.names.is_surname_word(name)) {
            for initial in &initials {
                lookups.push(Lookup::Words(vec![Word::Exact(format!("gi:{initial}|{name}"))]));
                lookups.push(both(&initial.to_string(), name));
            }
            lookups.extend(given.iter().take(MOST_GIVEN).map(|(given, _)| both(given, name)));
        }
        lookups
    }

    /// What is asked for when a birth date was learnt, since no family name alone brings it.
    pub(super) fn of_birth(&self, question: &Question) -> Vec<Lookup> {
        match question.known.born {
            Some(born) if !self.names.is_empty() && question.known.is_born_learnt => {
                vec![Lookup::Id(format!("dob:{born}")), Lookup::Id(format!("date:{born}"))]
            }
            _ => Vec::new(),
        }
    }

    /// Adds to documents and conversations that were brought their other passages with such a name:
    /// another page, or another part of the message, may say who is meant.
    pub(super) fn complete<M: Memory>(
        &self,
        candidates: &mut Vec<Indexed>,
        asking: &Asking<'_, M>,
    ) {
        if self.names.is_empty() {
            return;
        }
        let mut items: BTreeMap<ItemId, Vec<&Indexed>> = BTreeMap::new();
        for indexed in candidates.iter() {
            items.entry(indexed.item).or_default().push(indexed);
        }
        let is_whole = |list: &[&Indexed]| {
            let is_message = |one: &&Indexed| {
                matches!(one.passage.place.kind, PlaceKind::Message | PlaceKind::Header)
            };
            needs_context(list) || list.iter().any(is_message)
        };
        let known: HashSet<(ItemId, u32)> =
            candidates.iter().map(|one| (one.item, one.number)).collect();
        let more: Vec<Indexed> = items
            .iter()
            .filter(|(_, list)| is_whole(list))
            .flat_map(|(item, _)| asking.context(item))
            .filter(|one| !known.contains(&(one.item, one.number)))
            .filter(|one| self.names.keys().any(|name| says(&one.passage.text, name)))
            .collect();
        candidates.extend(more);
    }

    /// For each such name, the passages that have it and were not brought.
    pub(super) fn unbrought(&self, candidates: &[Indexed]) -> HashMap<String, u64> {
        let mut left = HashMap::new();
        for (name, &n) in &self.names {
            let n_brought = candidates.iter().filter(|one| says(&one.passage.text, name)).count();
            left.insert(name.clone(), n.saturating_sub(n_brought as u64));
        }
        left
    }

    /// For each such name, about how many people the passages are of that were not brought.
    pub(super) fn people<M: Memory>(
        &self,
        question: &Question,
        candidates: &[Indexed],
        memory: &M,
    ) -> Result<HashMap<String, f64>, M::Error> {
        let known: HashSet<(ItemId, u32)> =
            candidates.iter().map(|one| (one.item, one.number)).collect();
        let mut people = HashMap::new();
        for (name, n) in self.unbrought(candidates) {
            let lookup = Lookup::Words(vec![Word::Exact(name.clone())]);
            let mut sample = memory.sample(&lookup, SAMPLE)?;
            sample.retain(|one| !known.contains(&(one.item, one.number)));
            let reader = Reader::new(question);
            let mut census = Census::new(question, &HashMap::new());
            for unit in units(&sample) {
                census.add(question, &reader.read(&unit));
            }
            let (n_named, n_people) = census.sums();
            // Not each passage with the name is of somebody who can be told from others.
            let n = n as f64 * n_named as f64 / sample.len().max(1) as f64;
            people.insert(name, estimate(n, n_named as f64, n_people as f64));
        }
        Ok(people)
    }
}

/// How many people `n` passages are of, when `n_read` of them, taken anywhere, are of `n_people`: each
/// person is taken to have as many as the others.
fn estimate(n: f64, n_read: f64, n_people: f64) -> f64 {
    if n_people < 1.0 || n < 1.0 {
        return 0.0;
    }
    let unread = 1.0 - (n_read / n).min(1.0);
    // Of `n / each` people that one is seen who has at least one passage among those read.
    let seen = |each: f64| n / each * (1.0 - unread.powf(each));
    let (mut low, mut high) = (1.0, n.max(1.0));
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if seen(middle) > n_people { low = middle } else { high = middle }
    }
    (n / low).max(n_people)
}

/// Is that folded word in the text?
fn says(text: &str, name: &str) -> bool {
    if text.is_ascii() {
        // Two words may be one name in another writing, so what stands between letters counts for nothing.
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        let letters: String = letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
        if !letters.contains(name) {
            return false;
        }
    }
    text_words(text).any(|word| word == name)
}

fn both(one: &str, other: &str) -> Lookup {
    Lookup::Words(vec![Word::Exact(one.to_owned()), Word::Exact(other.to_owned())])
}

#[cfg(test)]
mod tests {
    use super::estimate;

    #[track_caller]
    fn check_estimate(n: f64, n_read: f64, n_people: f64, expected: f64) {
        let found = estimate(n, n_read, n_people);
        assert!((found / expected - 1.0).abs() < 0.02, "{found} instead of {expected}");
    }

    #[test]
    fn people_are_estimated_from_how_often_they_come_again() {
        check_estimate(600.0, 600.0, 600.0, 600.0); // all read, nobody twice
        check_estimate(600.0, 600.0, 60.0, 60.0); // all read, ten each
        check_estimate(100_000.0, 2_000.0, 2_000.0, 100_000.0); // a sample in which nobody comes again
        check_estimate(100_000.0, 2_000.0, 1_829.3, 10_000.0); // 1 - 0.98^10 of ten thousand
        check_estimate(100_000.0, 2_000.0, 3.0, 3.0); // a few people again and again
        assert_eq!(estimate(100_000.0, 2_000.0, 0.0), 0.0);
        assert_eq!(estimate(0.0, 0.0, 0.0), 0.0);
    }
}
