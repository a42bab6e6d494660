//! A finding: an item, or a record of one, with its evidence for one subject.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ItemId, Kind, Place};

/// How strongly a finding points at the subject, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// About the subject beyond reasonable doubt, by an identifier of their own.
    Certain,
    /// More likely about the subject than not.
    Probable,
    /// May be about the subject; a person should look.
    Possible,
    /// About somebody else with a like name: the evidence against says so.
    Namesake,
}

impl fmt::Display for Tier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Certain => "certain",
            Self::Probable => "probable",
            Self::Possible => "possible",
            Self::Namesake => "namesake",
        })
    }
}

/// Is the finding about the subject, or does it merely mention or copy in the subject?
///
/// # Source
/// ICO, *Right of access*: being a recipient of a message does not make its content about you.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// It relates to the subject.
    Relates,
    /// The subject is only copied in or named in passing.
    Incidental,
}

/// One reason for or against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The kind of identifier that speaks; `None` for what is no identifier, such as the prior.
    pub kind: Option<Kind>,
    /// The rule and its figures in a few words without personal data: `phone stated`,
    /// `full name, 3 others fit`.
    pub rule: String,
    /// log2 of the likelihood ratio: above 0 speaks for the subject, below 0 against.
    pub bits: f64,
}

/// An item, or a record of one (row, message, log line, page), with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Which item.
    pub item: ItemId,
    /// Which record of it, and where the strongest evidence stands.
    pub place: Place,
    /// The passages it covers, by number from 0 in the document's order, sorted.
    pub passages: Vec<u32>,
    /// How strongly it points at the subject.
    pub tier: Tier,
    /// The sum of the evidence in bits, the prior included.
    pub score_bits: f64,
    /// About the subject, or only mentioning them.
    pub about: About,
    /// The reasons, the strongest first; they add up to `score_bits` unless a cap says otherwise.
    pub evidence: Vec<Evidence>,
}
