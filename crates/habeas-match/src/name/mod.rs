//! What are the parts of a personal name?

mod gazetteer;
pub(crate) mod hash;
mod nicknames;
mod parse;

pub use gazetteer::{given_level, is_place, is_womans_name, surname_level, word_level};

pub use nicknames::nicknames;
pub use parse::{PersonName, TITLES};
