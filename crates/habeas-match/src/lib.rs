//! Whom a text names, in which normal form, and whose it is.
//!
//! Three jobs: [`recognise`] finds identifiers and names in a document; [`Question`] turns a
//! subject into lookups and weighs what they bring; [`mentions`] says of every hit in a document
//! whether it is the subject or somebody else, for redaction.

use habeas_model::{Document, Finding, Hit, Indexed, Lookup, Passage, Subject, Terms};

/// What recognition depends on besides the text.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// Names known from the structured parts of the whole estate.
    pub directory: Directory,
    /// The organisation's own mail domains, lower case: their addresses are staff.
    pub own_domains: Vec<String>,
    /// Names and addresses of staff from the configuration.
    pub staff: Vec<String>,
}

/// Names harvested from structured fields over the whole estate.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    _private: (),
}

impl Directory {
    /// A directory of names in the normal form of [`habeas_model::Kind::Name`], each with the
    /// number of structured fields it stood in.
    pub fn new(names: impl IntoIterator<Item = (String, u64)>) -> Self {
        let _ = names.into_iter();
        todo!()
    }
}

/// Finds the identifiers and names of a document: one list of hits a passage, in the same order.
///
/// Hits of one passage are sorted by start and do not overlap.
pub fn recognise(document: &Document, setting: &Setting) -> Vec<Vec<Hit>> {
    let _ = (document, setting);
    todo!()
}

/// What a passage can be found by.
pub fn terms(passage: &Passage, hits: &[Hit]) -> Terms {
    let _ = (passage, hits);
    todo!()
}

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
