//! Whom a text names, in which normal form, and whose it is.
//!
//! Three jobs: [`recognise`] finds identifiers and names in a document; [`Question`] turns a
//! subject into lookups and weighs what they bring; [`mentions`] says of every hit in a document
//! whether it is the subject or somebody else, for redaction.
//!
//! The path: [`fold`] and [`PersonName`] read names, [`normal`] gives each identifier its one form,
//! [`recognise`] finds them, [`terms`] says what a passage can be found by, and [`link`] asks.

mod directory;
mod fold;
pub mod name;
pub mod normal;
mod recognise;
pub mod terms;

pub mod link;

pub use directory::Directory;
pub use fold::{fold, latin, words};
pub use link::{
    Memory, Question, Searched, Secret, Statistics, Weighed, Whose, forms, is_ordinary_word,
    mentions, thread_terms,
};
pub use name::PersonName;
pub use recognise::{Setting, cards, recognise, recognise_text, recognise_with_unsure};
pub use terms::{path_terms, terms};
