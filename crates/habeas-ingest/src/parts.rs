//! Whom do the passages of a document name, and how do they go to the memory in parts?

use std::panic::{AssertUnwindSafe, catch_unwind};

use habeas_index::{Prepared, Text};
use habeas_match::{Setting, recognise, terms};
use habeas_model::{Document, Exception, Hit, ItemId, Kind, Meaning, Passage, Reason, Terms};

use crate::Error;
use crate::note::PART;

/// A document, recognised, of which parts are made ready one after the other.
#[derive(Debug)]
pub(crate) struct Parts {
    item: ItemId,
    /// The number of its first passage in the item.
    first: usize,
    pub(crate) document: Document,
    /// Parallel to the passages; `None` where the recognisers failed.
    hits: Vec<Option<Vec<Hit>>>,
    /// How many passages have gone.
    n_gone: usize,
    /// By what the first passage is found too, because the whole item is.
    whole: Terms,
}

impl Parts {
    /// Recognises a document whose first passage is the `first`-th of the item.
    pub(crate) fn new(item: ItemId, first: usize, document: Document, setting: &Setting) -> Self {
        let hits = caught(|| recognise(&document, setting));
        let hits = hits.filter(|hits| hits.len() == document.passages.len());
        let hits = match hits {
            Some(hits) => hits.into_iter().map(Some).collect(),
            // One passage is to blame: the others are recognised without it.
            None => document.passages.iter().map(|passage| alone(passage, setting)).collect(),
        };
        Self { item, first, document, hits, n_gone: 0, whole: Terms::default() }
    }

    /// Adds terms by which the item's first passage is found: those of its thread and of its path.
    pub(crate) fn found_by(mut self, ids: Vec<String>, words: Vec<String>) -> Self {
        self.whole = Terms { words, ids };
        self
    }

    /// The passages in which nothing could be recognised. Their words are found all the same.
    pub(crate) fn troubles(&self) -> Vec<Exception> {
        let failed =
            self.hits.iter().zip(&self.document.passages).filter(|(hits, _)| hits.is_none());
        let note = "its identifiers could not be recognised";
        failed
            .map(|(_, passage)| {
                Exception::part(Reason::ReaderFailed, Some(passage.place.clone()), note)
            })
            .collect()
    }

    /// Have all passages gone?
    pub(crate) fn is_empty(&self) -> bool {
        self.n_gone >= self.document.passages.len()
    }

    /// The next part with what it weighs in bytes; `None` when all have gone.
    pub(crate) fn next(&mut self) -> Result<Option<(Text, usize)>, Error> {
        if self.is_empty() {
            return Ok(None);
        }
        let (mut text, mut weight) = (Text::default(), 0);
        let passages = self.document.passages.iter().zip(&self.hits).skip(self.n_gone).take(PART);
        for (passage, hits) in passages {
            let number = u32::try_from(self.first + self.n_gone).unwrap_or(u32::MAX);
            let terms = caught(|| terms(passage, hits.as_deref().unwrap_or_default()));
            let mut terms = terms.unwrap_or_else(|| plain_words(passage));
            if number == 0 {
                terms.ids.append(&mut self.whole.ids);
                terms.words.append(&mut self.whole.words);
                terms.words.sort_unstable();
                terms.words.dedup();
            }
            let hits = hits.as_deref().unwrap_or_default();
            text.passages.push(Prepared::new(self.item, number, passage, hits, &terms)?);
            text.names.extend(structured_names(passage, hits));
            // The text, its terms and its places.
            weight += 512 + 3 * passage.text.len();
            self.n_gone += 1;
        }
        Ok(Some((text, weight)))
    }
}

/// What a passage can be found by when the recognisers cannot say it.
fn plain_words(passage: &Passage) -> Terms {
    let words = passage.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_lowercase).collect();
    words.sort_unstable();
    words.dedup();
    Terms { words, ids: Vec::new() }
}

fn alone(passage: &Passage, setting: &Setting) -> Option<Vec<Hit>> {
    let document = Document { passages: vec![passage.clone()], ..Document::default() };
    caught(|| recognise(&document, setting)).and_then(|mut hits| hits.pop())
}

/// Runs a recogniser; `None` if it panicked.
fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// The names that stand in fields which say that they hold a name.
fn structured_names(passage: &Passage, hits: &[Hit]) -> impl Iterator<Item = String> {
    hits.iter().filter(|hit| is_structured_name(passage, hit)).map(|hit| hit.value.reveal().clone())
}

fn is_structured_name(passage: &Passage, hit: &Hit) -> bool {
    hit.kind == Kind::Name
        && passage.fields.iter().any(|field| {
            matches!(field.meaning, Meaning::Name | Meaning::GivenName | Meaning::FamilyName)
                && field.range.start <= hit.range.start
                && hit.range.end <= field.range.end
        })
}
