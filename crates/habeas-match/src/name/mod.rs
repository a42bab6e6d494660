//! What are the parts of a personal name?

pub(crate) mod gazetteer;
mod parse;

pub use parse::{PersonName, TITLES};
