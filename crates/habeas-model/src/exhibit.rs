//! An exhibit: an item as it leaves, with its numbers and what was taken out of it.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{Kind, Personal};

/// The number of a page that leaves, such as `SAR-0007-000123`: a prefix and six digits or more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatesNumber {
    prefix: String,
    number: u32,
}

impl BatesNumber {
    /// The `number`-th page of the bundle with that prefix, from 1.
    pub fn new(prefix: &str, number: u32) -> Self {
        Self { prefix: prefix.to_owned(), number }
    }

    /// The number of the page `pages` further on.
    pub fn plus(&self, pages: u32) -> Self {
        Self { prefix: self.prefix.clone(), number: self.number + pages }
    }
}

impl fmt::Display for BatesNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{:06}", self.prefix, self.number)
    }
}

/// Why something was taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// Information about another person: DPA 2018 Sch. 2 para. 16.
    #[serde(rename = "TP")]
    ThirdParty,
    /// A row, message or part that is not about the requester.
    #[serde(rename = "NPD")]
    NotTheirs,
}

impl Ground {
    /// The code that stands at the place of redaction and in the key.
    pub fn code(self) -> &'static str {
        match self {
            Self::ThirdParty => "TP",
            Self::NotTheirs => "NPD",
        }
    }
}

/// A stretch of a passage that is taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    /// Which passage of the document, from 0.
    pub passage: usize,
    /// Byte range in the passage's text.
    pub range: Range<usize>,
    /// What kind of identifier stood there.
    pub kind: Kind,
    /// Who it was: people with the same key are the same person. Internal; it never leaves.
    pub person: Personal<String>,
    /// Why.
    pub ground: Ground,
}
