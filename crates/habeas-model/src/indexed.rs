//! What the index keeps of a passage, and the ways of asking it.

use serde::{Deserialize, Serialize};

use crate::{Hit, ItemId, Passage};

/// A passage as the index keeps it: what it says, and whom it names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Indexed {
    /// The item it belongs to.
    pub item: ItemId,
    /// Its number in the document, from 0.
    pub number: u32,
    /// What it says.
    pub passage: Passage,
    /// Whom it names, sorted by start.
    pub hits: Vec<Hit>,
}

/// What a passage can be found by. Made at ingest, so that a question never reads text again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Folded words of the text and further forms of names, without repeats.
    pub words: Vec<String>,
    /// Typed identifiers such as `email:jane@example.org`, without repeats.
    pub ids: Vec<String>,
}

/// One way of asking the index for passages. Answers are complete: there is no best-so-many.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lookup {
    /// Passages with exactly this typed identifier.
    Id(String),
    /// Passages in which every one of these words stands, in any order.
    Words(Vec<Word>),
}

/// A word to look for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Word {
    /// Exactly this folded word.
    Exact(String),
    /// This folded word with at most `distance` (1 or 2) letters inserted, left out, changed or
    /// swapped.
    Near {
        /// The folded word.
        word: String,
        /// 1 or 2.
        distance: u8,
    },
    /// A word that starts so.
    Prefix(String),
}
