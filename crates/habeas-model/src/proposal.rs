//! An identifier that was found beside the subject's own, and is proposed as the subject's too.

use serde::{Deserialize, Serialize};

use crate::{ItemId, Kind, Personal, Place};

/// What became of a proposed identifier in the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Followed {
    /// It was looked for too; what it brought is at most probable until somebody accepts it.
    Followed,
    /// It stands with other people as well, so it was not looked for.
    Shared,
    /// It is in so many passages that it is nobody's own.
    Common,
    /// It is the organisation's own.
    House,
    /// The limit of what one search follows was reached before it.
    Limit,
    /// Somebody said that it is not the subject's.
    Rejected,
}

impl Followed {
    /// The state in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Followed => "followed",
            Self::Shared => "not followed: other people have it too",
            Self::Common => "not followed: it is in too many records to be one person's",
            Self::House => "not followed: it is the organisation's own",
            Self::Limit => "not followed: the limit of one search was reached",
            Self::Rejected => "rejected",
        }
    }
}

/// An identifier that the request does not state and that is probably the subject's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its number in the list, from 1: those that would add most come first.
    pub number: u32,
    /// What kind it is.
    pub kind: Kind,
    /// Its normal form, by which it is compared.
    pub value: Personal<String>,
    /// As it stands where it was found first.
    pub written: Personal<String>,
    /// The finding in which it was found: item and place.
    pub item: ItemId,
    /// See `item`.
    pub place: Place,
    /// Why that finding is the subject's, in words without personal data.
    pub because: String,
    /// Steps from what the request states: 1 beside a stated identifier, 2 beside one of those.
    pub steps: u8,
    /// In how many findings it stands with the subject.
    pub n_seen: u64,
    /// In how many passages of the estate it stands.
    pub n_passages: u64,
    /// Findings that it alone brings.
    pub n_added: u64,
    /// Other people with whom it stands: the risk.
    pub n_others: u64,
    /// What became of it.
    pub followed: Followed,
}

/// The answer that would settle most of what is not certain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// What kind of identifier to ask for.
    pub kind: Kind,
    /// The proposal to be confirmed, by its number; `None` where the requester has to state one.
    pub proposal: Option<u32>,
    /// Findings that are probable or possible now and that the answer would decide.
    pub n_findings: u64,
}
