//! Whose is it? A question about one person, the weighing of what it brings, and the mentions.
//!
//! # Source
//! The algorithm is that of `field/matching.md` section 3: weights after Fellegi and Sunter with
//! frequencies from the estate itself, and negative evidence that keeps namesakes apart.

mod bits;
mod census;
mod common;
mod context;
mod doubts;
mod fit;
mod gather;
mod keys;
mod learn;
mod letter;
mod lexicon;
mod lookups;
mod mentions;
mod moment;
mod names;
mod own;
mod owners;
mod roles;
mod scan;
mod score;
mod search;
mod sight;
mod spelling;
mod stated;
mod tier;
#[cfg(test)]
mod trial;
mod unit;
mod view;

use std::collections::HashSet;

use habeas_model::{Finding, Indexed, ItemId, Kind, Lookup, Subject};

use crate::Setting;

pub use context::thread_terms;
pub use keys::{Secret, forms};
pub use lexicon::is_ordinary_word;
pub use mentions::{Whose, mentions};
use names::Names;
pub use search::{Memory, Searched};
use stated::Known;

/// A subject made ready to ask with.
#[derive(Clone, Debug)]
pub struct Question {
    names: Names,
    known: Known,
    /// What somebody said is not the subject's, by kind and normal form.
    rejected: HashSet<(Kind, String)>,
    /// The organisation's own mail domains.
    house: Vec<String>,
}

/// What the estate as a whole is like, for weighing.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// Number of passages in the estate.
    pub n_passages: u64,
    /// In how many passages each name stands that a lookup of the question asks for alone, folded.
    pub frequency: std::collections::HashMap<String, u64>,
    /// For each family name that is too common to be asked for alone: about how many people bear it
    /// whose passages were not brought.
    pub unbrought: std::collections::HashMap<String, f64>,
    /// Given names that are rare enough to be looked for alone, with the number of their passages.
    pub given: std::collections::HashMap<String, u64>,
}

/// What came of weighing.
#[derive(Clone, Debug, Default)]
pub struct Weighed {
    /// What may be about the subject, and what is about a namesake, sorted by item and place.
    pub findings: Vec<Finding>,
    /// Records, messages, pages and documents that a lookup brought and that are no finding: they
    /// name the subject too weakly (below −5 bits), or only somebody of the same family name.
    pub n_dropped: usize,
}

impl Question {
    /// Makes a subject ready to ask with.
    ///
    /// # Errors
    /// A sentence, when the subject has neither a usable name nor an identifier.
    pub fn new(subject: &Subject) -> Result<Self, String> {
        let names = Names::of(subject);
        let known = Known::of(subject, &names);
        if names.forms.is_empty() && known.stated.is_empty() {
            return Err(
                "the request states neither a name nor an identifier that can be looked for"
                    .to_owned(),
            );
        }
        Ok(Self { names, known, rejected: HashSet::new(), house: Vec::new() })
    }

    /// The lookup of each identifier that a request states in its normal form, with its kind.
    pub fn stated_lookups(subject: &Subject) -> Vec<(Kind, Lookup)> {
        let known = Known::of(subject, &Names::of(subject));
        let lookup = |stated: &stated::Stated| {
            Some((stated.kind, learn::lookup(stated.kind, &stated.value)?))
        };
        known.stated.iter().filter_map(lookup).collect()
    }

    /// Remembers that an identifier, in normal form, is not the subject's: it is never followed.
    pub fn reject(&mut self, kind: Kind, value: &str) {
        self.rejected.insert((kind, value.to_owned()));
    }

    /// Searches an estate's memory for the subject: lookups, weighing, identifiers found on the way,
    /// and what belongs to the findings by thread, call or minute.
    ///
    /// # Errors
    /// What the memory says when it cannot be read.
    pub fn search<M: Memory>(&self, memory: &M, setting: &Setting) -> Result<Searched, M::Error> {
        search::search(self, memory, setting)
    }

    /// Is it an address of the organisation's own that the request does not state?
    fn is_house(&self, email: &str) -> bool {
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        let is_own = |own: &String| {
            domain == own || domain.strip_suffix(own.as_str()).is_some_and(|d| d.ends_with('.'))
        };
        self.house.iter().any(is_own) && self.known.find(Kind::Email, email).is_none()
    }

    fn is_rejected(&self, kind: Kind, value: &str) -> bool {
        !self.rejected.is_empty() && self.rejected.contains(&(kind, value.to_owned()))
    }

    /// The lookups whose union holds every passage that may be about the subject.
    pub fn lookups(&self) -> Vec<Lookup> {
        lookups::lookups(self)
    }

    /// Weighs candidate passages and joins them into findings.
    ///
    /// `candidates` are all passages that the lookups brought, in any order; `statistics` are
    /// those of the whole estate. Findings are sorted by item and place.
    ///
    /// Only what the lookups brought is known of an item; [`Self::weigh_with`] sees the rest of it.
    pub fn weigh(&self, candidates: &[Indexed], statistics: &Statistics) -> Vec<Finding> {
        self.weigh_with(candidates, statistics, &|_| Vec::new()).findings
    }

    /// Weighs candidate passages together with the rest of their message, page or document.
    ///
    /// `fetch` gives every passage of an item. It is called once for each item whose candidates
    /// are no records (paragraphs, pages) or are part of a message that stands alone, never for
    /// rows, lines and chats; an empty answer means that only the candidates are known.
    pub fn weigh_with(
        &self,
        candidates: &[Indexed],
        statistics: &Statistics,
        fetch: &dyn Fn(&ItemId) -> Vec<Indexed>,
    ) -> Weighed {
        score::weigh(self, candidates, statistics, fetch).into()
    }
}
