//! By which lookups is everything found that may be about the subject?

use habeas_model::{Kind, Lookup, Word};

use super::Question;
use super::names::squeeze;
use super::spelling;
use super::stated::{telling_words, tolerance};
use crate::normal;
use crate::terms::{id_terms, phonetic};

/// A request needs no more; the most telling come first, so that what is left out is the least.
const MOST: usize = 200;

/// The lookups of a question, each once, the most telling first.
pub(super) fn lookups(question: &Question) -> Vec<Lookup> {
    bounded(question).0
}

/// The lookups of a question, and how many forms the bound left out.
pub(super) fn bounded(question: &Question) -> (Vec<Lookup>, usize) {
    let mut list = List::default();
    of_identifiers(question, &mut list);
    of_names(question, &mut list);
    of_derived(question, &mut list);
    (list.lookups, list.n_left_out)
}

#[derive(Default)]
struct List {
    lookups: Vec<Lookup>,
    n_left_out: usize,
}

impl List {
    fn push(&mut self, lookup: Lookup) {
        if self.lookups.contains(&lookup) {
            return;
        }
        if self.lookups.len() < MOST {
            self.lookups.push(lookup);
        } else {
            self.n_left_out += 1;
        }
    }

    fn id(&mut self, id: String) {
        self.push(Lookup::Id(id));
    }

    fn words(&mut self, words: Vec<Word>) {
        if !words.is_empty() {
            self.push(Lookup::Words(words));
        }
    }
}

fn of_identifiers(question: &Question, list: &mut List) {
    for stated in question.known.stated.iter().filter(|stated| stated.steps == 0) {
        for id in id_terms(stated.kind, &stated.value) {
            list.id(id);
        }
        if let Some(words) = telling_words(stated) {
            list.words(words.iter().cloned().map(Word::Exact).collect());
        }
        if stated.kind == Kind::Ip {
            let masked = normal::masked_ip(&stated.value).into_iter();
            masked.for_each(|ip| list.id(format!("ip:{ip}")));
        }
        if stated.kind == Kind::Address {
            // In small letters no recogniser sees it.
            let (number, street, _) = normal::address_parts(&stated.value);
            let number = number.split_whitespace().last().map(exact);
            let name = street.split_whitespace().next().filter(|word| word.len() > 2).map(exact);
            if let (Some(number), Some(name)) = (number, name) {
                list.words(vec![number, name]);
            }
        }
    }
    if let Some(born) = question.known.born {
        list.id(format!("dob:{born}"));
        list.id(format!("date:{born}"));
    }
}

/// The lookups of the identifiers that were learnt: their normal form, and for numbers that text
/// may hold without a label their words.
pub(super) fn of_learnt(question: &Question) -> Vec<Lookup> {
    let mut list = List::default();
    for stated in question.known.stated.iter().filter(|stated| stated.steps > 0) {
        let ids = id_terms(stated.kind, &stated.value);
        let n = if stated.kind == Kind::Phone { 2 } else { 1 };
        list.lookups.extend(ids.into_iter().take(n).map(Lookup::Id));
        let words = telling_words(stated).unwrap_or_default();
        if !words.is_empty() {
            list.lookups.push(Lookup::Words(words.iter().cloned().map(Word::Exact).collect()));
        }
    }
    list.lookups
}

fn of_names(question: &Question, list: &mut List) {
    let names = &question.names;
    // Every spelling of a family name that stands for itself brings all that has it: with a given
    // name, an initial, a title or nothing beside it.
    let mut surnames: Vec<(&str, f64)> = names.surnames().collect();
    surnames.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    for (surname, _) in surnames.iter().take(30) {
        list.words(vec![exact(surname)]);
    }
    for form in &names.forms {
        let surname = squeeze(&form.name.surname);
        let first = squeeze(form.name.first());
        if surname.is_empty() {
            // Somebody with one name only.
            if first.chars().count() > 2 {
                list.words(vec![exact(&first)]);
            }
            continue;
        }
        // These say how frequent the name is; what they bring is there already.
        if first.chars().count() > 1 {
            list.words(vec![exact(&first), exact(&surname)]);
        }
        if let Some(initial) = first.chars().next() {
            list.words(vec![exact(&format!("gi:{initial}|{surname}"))]);
        }
        misspelled(question, &surname, &first, list);
    }
}

/// Misspelled family names, only where a given name stands in the same passage.
fn misspelled(question: &Question, surname: &str, first: &str, list: &mut List) {
    let near_surname = near(surname);
    if first.chars().count() > 2 {
        list.words(vec![near_surname.clone(), near(first)]);
    }
    let mut given: Vec<(&str, f64)> =
        question.names.given().filter(|(name, _)| name.chars().count() > 1).collect();
    given.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    if matches!(near_surname, Word::Near { .. }) {
        for (name, _) in given.iter().take(24) {
            list.words(vec![near_surname.clone(), exact(name)]);
        }
    }
    for read in spelling::misread(surname).iter().take(8) {
        list.words(vec![exact(read)]);
    }
    for family in phonetic(surname) {
        for own in phonetic(first) {
            list.words(vec![exact(&family), exact(&own)]);
        }
    }
}

fn of_derived(question: &Question, list: &mut List) {
    for stem in &question.known.licences {
        let stem = stem.to_lowercase();
        list.words(vec![Word::Prefix(stem.clone())]);
        if let Some(start) = stem.get(..11) {
            list.id(format!("licence5:{start}"));
        }
    }
    let mut bases: Vec<(&String, &(f64, bool))> = question.known.bases.iter().collect();
    bases.sort_by(|one, other| other.1.0.total_cmp(&one.1.0).then_with(|| one.0.cmp(other.0)));
    for (base, _) in bases.iter().take(48) {
        list.id(format!("mailbase:{base}"));
    }
    for stated in question
        .known
        .stated
        .iter()
        .filter(|stated| stated.kind == Kind::Email && stated.steps == 0)
    {
        if let Some(base) = normal::mail_base(&stated.value) {
            list.id(format!("handle:{base}"));
        }
        if let Some((local, _)) = stated.value.split_once('@') {
            list.id(format!("handle:{local}"));
        }
    }
    // A user name may end in digits, and need not be recognised as one.
    for (base, _) in bases.iter().take(8) {
        list.id(format!("handle:{base}"));
        if base.chars().count() >= 6 {
            list.words(vec![Word::Prefix((*base).clone())]);
        }
    }
}

fn exact(word: &str) -> Word {
    Word::Exact(word.to_owned())
}

fn near(word: &str) -> Word {
    match tolerance(word) {
        0 => exact(word),
        distance => Word::Near { word: word.to_owned(), distance },
    }
}
