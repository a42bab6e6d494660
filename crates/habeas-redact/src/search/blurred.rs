//! Which names does a text say that somebody may have misread?

use std::collections::{BTreeMap, BTreeSet, HashMap};

use habeas_model::Kind;

use super::Meaning;
use crate::attack::is_near;
use crate::fold::{LineEnd, words};
use crate::secrets::Shape;

/// The names among the secrets, ready to be looked for with one wrong letter in a word.
#[derive(Clone, Default)]
pub(super) struct Blurred {
    pub(super) names: Vec<Name>,
    /// All words of names, and each long one without one of its letters: by which a misread one is
    /// found without comparing it with every name.
    spellings: HashMap<String, Vec<usize>>,
    words: Vec<String>,
}

/// A name.
#[derive(Clone)]
pub(super) struct Name {
    pub(super) form: String,
    pub(super) person: String,
    words: Vec<usize>,
    needs_capital: bool,
}

/// Shorter words have to be right.
const LONG: usize = 5;

impl Blurred {
    pub(super) fn new(by_words: &BTreeMap<String, Vec<Meaning>>) -> Self {
        let mut blurred = Self::default();
        let mut numbers: HashMap<String, usize> = HashMap::new();
        for (form, meanings) in by_words {
            let form = form.trim();
            for (shape, _, _, person) in
                meanings.iter().flatten().filter(|(_, _, kind, _)| *kind == Kind::Name)
            {
                let words = form
                    .split(' ')
                    .map(|word| {
                        let next = numbers.len();
                        let number = *numbers.entry(word.to_owned()).or_insert(next);
                        if number == next {
                            blurred.add(word, number);
                        }
                        number
                    })
                    .collect();
                let needs_capital = matches!(shape, Shape::Capital | Shape::Inner);
                let (form, person) = (form.to_owned(), person.clone());
                blurred.names.push(Name { form, person, words, needs_capital });
            }
        }
        blurred
    }

    fn add(&mut self, word: &str, number: usize) {
        self.words.push(word.to_owned());
        for spelling in spellings(word) {
            self.spellings.entry(spelling).or_default().push(number);
        }
    }

    /// How often each name stands in a text. The subject's own words are never taken for another's.
    pub(super) fn count(&self, text: &str, own: &BTreeSet<String>) -> HashMap<usize, usize> {
        let folded = words(text, LineEnd::Joins);
        let mut at = 0;
        let said: Vec<(Vec<usize>, bool)> = folded
            .text
            .split(' ')
            .filter_map(|word| {
                let range = at..at + word.len();
                at = range.end + 1;
                if word.is_empty() {
                    return None;
                }
                let source = folded.source(range, text);
                let first = text.get(source).and_then(|word| word.chars().next());
                Some((self.like(word, own), first.is_some_and(char::is_uppercase)))
            })
            .collect();
        let mut by_first: HashMap<usize, Vec<usize>> = HashMap::new();
        for (number, name) in self.names.iter().enumerate() {
            by_first.entry(name.words.first().copied().unwrap_or(0)).or_default().push(number);
        }
        let mut counts = HashMap::new();
        for (start, (likes, is_capital)) in said.iter().enumerate() {
            for number in likes.iter().flat_map(|word| by_first.get(word)).flatten() {
                let Some(name) = self.names.get(*number) else { continue };
                let stands = said.get(start..start + name.words.len()).is_some_and(|said| {
                    said.iter().zip(&name.words).all(|((likes, _), word)| likes.contains(word))
                });
                if stands && (*is_capital || !name.needs_capital) {
                    *counts.entry(*number).or_default() += 1;
                }
            }
        }
        counts
    }

    /// The words of names that a word may be.
    fn like(&self, word: &str, own: &BTreeSet<String>) -> Vec<usize> {
        let is_own = own.contains(word);
        let mut likes: Vec<usize> = spellings(word)
            .iter()
            .filter_map(|spelling| self.spellings.get(spelling))
            .flatten()
            .copied()
            .filter(|number| {
                self.words.get(*number).is_some_and(|name| {
                    let is_long = name.chars().count() >= LONG;
                    name == word || !is_own && is_long && is_near(name, word)
                })
            })
            .collect();
        likes.sort_unstable();
        likes.dedup();
        likes
    }
}

/// A word, and if it is long also without one of its letters.
fn spellings(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut all = vec![word.to_owned()];
    if (LONG - 1..=40).contains(&letters.len()) {
        all.extend((0..letters.len()).map(|skip| {
            let kept = letters.iter().enumerate().filter(|(at, _)| *at != skip);
            kept.map(|(_, letter)| *letter).collect::<String>()
        }));
    }
    all
}
