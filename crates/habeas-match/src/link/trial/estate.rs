//! An estate in memory that answers lookups as the index does.

use std::collections::{BTreeSet, HashMap};

use habeas_model::{Document, Facts, Indexed, ItemId, ItemPath, Lookup, Passage, Place, Word};

use crate::{Memory, Question, Searched, Setting, path_terms, recognise, terms, thread_terms};

/// Passages and what each can be found by.
#[derive(Default)]
pub(super) struct Estate {
    pub(super) passages: Vec<Indexed>,
    words: HashMap<String, BTreeSet<usize>>,
    ids: HashMap<String, BTreeSet<usize>>,
    items: HashMap<ItemId, std::ops::Range<usize>>,
    filed: HashMap<ItemId, (Facts, ItemPath)>,
}

impl Estate {
    /// Reads a document; its item is told apart by its number.
    pub(super) fn add(&mut self, passages: Vec<Passage>, setting: &Setting) -> ItemId {
        let item = ItemId::of(&(self.passages.len() as u64).to_le_bytes());
        let document = Document { passages, ..Document::default() };
        let hits = recognise(&document, setting);
        let first = self.passages.len();
        self.items.insert(item, first..first + hits.len());
        for (number, (passage, hits)) in document.passages.into_iter().zip(hits).enumerate() {
            let at = self.passages.len();
            let terms = terms(&passage, &hits);
            for word in terms.words {
                self.words.entry(word).or_default().insert(at);
            }
            for id in terms.ids {
                self.ids.entry(id).or_default().insert(at);
            }
            self.passages.push(Indexed { item, number: number as u32, passage, hits });
        }
        item
    }

    /// Reads a document that lies at a path, or is a message of a thread. As in the index, its first
    /// passage is found by both.
    pub(super) fn add_filed(
        &mut self,
        passages: Vec<Passage>,
        facts: Facts,
        path: &str,
        setting: &Setting,
    ) -> ItemId {
        let first = self.passages.len();
        let item = self.add(passages, setting);
        let path = ItemPath::file(path.as_bytes());
        for id in thread_terms(&facts) {
            self.ids.entry(id).or_default().insert(first);
        }
        for word in path_terms(&path) {
            self.words.entry(word).or_default().insert(first);
        }
        self.filed.insert(item, (facts, path));
        item
    }

    /// What a place of an item says, on one line.
    pub(super) fn text(&self, item: ItemId, place: &Place) -> String {
        let at = |indexed: &&Indexed| indexed.item == item && indexed.passage.place == *place;
        self.passages
            .iter()
            .find(at)
            .map(|indexed| indexed.passage.text.replace('\n', " / "))
            .unwrap_or_default()
    }

    fn with_word(&self, word: &Word) -> BTreeSet<usize> {
        match word {
            Word::Exact(word) => self.words.get(word).cloned().unwrap_or_default(),
            Word::Prefix(start) => self.any(|word| word.starts_with(start.as_str())),
            Word::Near { word: wanted, distance } => {
                let far = usize::from(*distance);
                self.any(|word| {
                    word.len().abs_diff(wanted.len()) <= far
                        && strsim::osa_distance(word, wanted) <= far
                })
            }
        }
    }

    fn any(&self, fits: impl Fn(&str) -> bool) -> BTreeSet<usize> {
        self.words
            .iter()
            .filter(|(word, _)| fits(word))
            .flat_map(|(_, list)| list.iter().copied())
            .collect()
    }

    fn answer(&self, lookup: &Lookup) -> BTreeSet<usize> {
        match lookup {
            Lookup::Id(id) => self.ids.get(id).cloned().unwrap_or_default(),
            Lookup::Words(words) => {
                let mut lists = words.iter().map(|word| self.with_word(word));
                let Some(first) = lists.next() else { return BTreeSet::new() };
                lists.fold(first, |all, list| all.intersection(&list).copied().collect())
            }
        }
    }

    /// Asks and weighs, as a case does.
    pub(super) fn ask(&self, question: &Question) -> (std::time::Duration, Searched) {
        let start = std::time::Instant::now();
        let setting =
            Setting { own_domains: vec!["clinic.example".to_owned()], ..Setting::default() };
        let Ok(searched) = question.search(self, &setting);
        (start.elapsed(), searched)
    }
}

impl Memory for Estate {
    type Error = std::convert::Infallible;

    fn n_passages(&self) -> u64 {
        self.passages.len() as u64
    }

    fn passages(&self, lookups: &[Lookup]) -> Result<Vec<Indexed>, Self::Error> {
        let all: BTreeSet<usize> = lookups.iter().flat_map(|lookup| self.answer(lookup)).collect();
        Ok(all.into_iter().map(|at| self.passages[at].clone()).collect())
    }

    fn sample(&self, lookup: &Lookup, most: usize) -> Result<Vec<Indexed>, Self::Error> {
        let all = self.passages(std::slice::from_ref(lookup))?;
        let step = all.len().div_ceil(most.max(1)).max(1);
        Ok(all.into_iter().step_by(step).collect())
    }

    fn frequency(&self, lookup: &Lookup) -> Result<u64, Self::Error> {
        Ok(self.answer(lookup).len() as u64)
    }

    fn passages_of(&self, item: &ItemId) -> Result<Vec<Indexed>, Self::Error> {
        let items = self.items.get(item).cloned().unwrap_or_default();
        Ok(self.passages[items].to_vec())
    }

    fn paths(&self, item: &ItemId) -> Result<Vec<ItemPath>, Self::Error> {
        Ok(self.filed.get(item).map(|(_, path)| path.clone()).into_iter().collect())
    }

    fn facts(&self, item: &ItemId) -> Result<Facts, Self::Error> {
        Ok(self.filed.get(item).map(|(facts, _)| facts.clone()).unwrap_or_default())
    }
}
