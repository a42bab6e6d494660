//! Whose is it? A question about one person, the weighing of what it brings, and the mentions.

use habeas_model::{Document, Finding, Hit, Indexed, Lookup, Subject};

use crate::Setting;

/// A subject made ready to ask with.
#[derive(Clone, Debug)]
pub struct Question {
    _private: (),
}

/// What the estate as a whole is like, for weighing.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// Number of passages in the estate.
    pub n_passages: u64,
    /// For each lookup of the question, in its order: in how many passages it is true.
    pub frequency: Vec<u64>,
}

impl Question {
    /// Makes a subject ready to ask with.
    ///
    /// # Errors
    /// A sentence, when the subject has neither a usable name nor an identifier.
    pub fn new(subject: &Subject) -> Result<Self, String> {
        let _ = subject;
        todo!()
    }

    /// The lookups whose union holds every passage that may be about the subject.
    pub fn lookups(&self) -> Vec<Lookup> {
        todo!()
    }

    /// Weighs candidate passages and joins them into findings.
    ///
    /// `candidates` are all passages that the lookups brought, in any order; `statistics` are
    /// those of the whole estate. Findings are sorted by item and place.
    pub fn weigh(&self, candidates: &[Indexed], statistics: &Statistics) -> Vec<Finding> {
        let _ = (candidates, statistics);
        todo!()
    }
}

/// Whose a hit is, with the subject in mind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The subject's own.
    Subject,
    /// Another person's; people with the same key are the same person.
    Other(String),
    /// Not a person's: an organisation, a place, the organisation's own number.
    Nobody,
}

/// Says of every hit of a document whose it is; one list a passage, parallel to the hits.
///
/// On doubt a hit is another person's: it is taken out.
pub fn mentions(
    document: &Document,
    hits: &[Vec<Hit>],
    question: &Question,
    setting: &Setting,
) -> Vec<Vec<Whose>> {
    let _ = (document, hits, question, setting);
    todo!()
}
