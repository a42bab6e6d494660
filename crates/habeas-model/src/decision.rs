//! What a person decided about a finding.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Bundled, Erasing, Event, ItemId, Kind, Manual, Personal, Place, Policy};

/// What happens with a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Give it, with everybody else taken out.
    Disclose,
    /// Keep it back, on a ground that the reason names.
    Withhold,
    /// It is not about the subject.
    NotSubject,
    /// It only mentions the subject: counted, and not given as a document.
    Incidental,
    /// Not decided yet; a bundle cannot be made.
    Open,
}

/// A decision on one finding. Decisions are added, never changed: the last one counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The finding's item.
    pub item: ItemId,
    /// The finding's place.
    pub place: Place,
    /// What was decided.
    pub verdict: Verdict,
    /// Why, in the words of whoever decided; an exemption's code first where there is one.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What a person decided about an identifier that was proposed as the subject's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identification {
    /// What kind it is.
    pub kind: Kind,
    /// Its normal form.
    pub identifier: Personal<String>,
    /// Is it the subject's? Once accepted it counts as if the request had stated it.
    pub is_accepted: bool,
    /// Why, in the words of whoever decided.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What a ledger holds, one a record.
///
/// What a record is shows by its fields: each kind has some that no other has, and a record with
/// fields of two kinds is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Entry {
    /// A decision on a finding.
    Finding(Decision),
    /// A decision on a proposed identifier.
    Identifier(Identification),
    /// A decision about somebody else.
    Policy(Policy),
    /// A bundle was made.
    Bundled(Bundled),
    /// A mark made by hand.
    Manual(Manual),
    /// Something happened to the request.
    Event(Event),
    /// Something was done about an erasure.
    Erasing(Erasing),
}

impl Entry {
    /// The decision, if it is on a finding.
    pub fn finding(&self) -> Option<&Decision> {
        match self {
            Self::Finding(decision) => Some(decision),
            _ => None,
        }
    }

    /// The decision, if it is on an identifier.
    pub fn identifier(&self) -> Option<&Identification> {
        match self {
            Self::Identifier(identification) => Some(identification),
            _ => None,
        }
    }

    /// The decision, if it is about somebody else.
    pub fn policy(&self) -> Option<&Policy> {
        match self {
            Self::Policy(policy) => Some(policy),
            _ => None,
        }
    }

    /// The bundle, if one was made.
    pub fn bundled(&self) -> Option<&Bundled> {
        match self {
            Self::Bundled(bundled) => Some(bundled),
            _ => None,
        }
    }

    /// The event, if something happened to the request.
    pub fn event(&self) -> Option<&Event> {
        match self {
            Self::Event(event) => Some(event),
            _ => None,
        }
    }

    /// The act, if something was done about an erasure.
    pub fn erasing(&self) -> Option<&Erasing> {
        match self {
            Self::Erasing(act) => Some(act),
            _ => None,
        }
    }

    /// Does an answer rest on it? That a bundle was made, something erased, or an hour spent, is nothing
    /// that one rests on.
    pub fn bears_on_answer(&self) -> bool {
        match self {
            Self::Finding(_) | Self::Identifier(_) | Self::Policy(_) | Self::Manual(_) => true,
            Self::Event(event) => event.event.bears_on_answer(),
            Self::Bundled(_) | Self::Erasing(_) => false,
        }
    }

    /// Who added it.
    pub fn by(&self) -> &str {
        match self {
            Self::Finding(it) => &it.by,
            Self::Identifier(it) => &it.by,
            Self::Policy(it) => &it.by,
            Self::Bundled(it) => &it.by,
            Self::Event(it) => &it.by,
            Self::Erasing(it) => &it.by,
            Self::Manual(it) => &it.by,
        }
    }

    /// When it was added.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Finding(it) => it.at,
            Self::Identifier(it) => it.at,
            Self::Policy(it) => it.at,
            Self::Bundled(it) => it.at,
            Self::Event(it) => it.at,
            Self::Erasing(it) => it.at,
            Self::Manual(it) => it.at,
        }
    }
}

impl Entry {
    /// The mark, if one was made by hand.
    pub fn manual(&self) -> Option<&Manual> {
        match self {
            Self::Manual(manual) => Some(manual),
            _ => None,
        }
    }
}

impl From<Erasing> for Entry {
    fn from(act: Erasing) -> Self {
        Self::Erasing(act)
    }
}

impl From<Manual> for Entry {
    fn from(manual: Manual) -> Self {
        Self::Manual(manual)
    }
}

impl From<Decision> for Entry {
    fn from(decision: Decision) -> Self {
        Self::Finding(decision)
    }
}

impl From<Identification> for Entry {
    fn from(identification: Identification) -> Self {
        Self::Identifier(identification)
    }
}

impl From<Policy> for Entry {
    fn from(policy: Policy) -> Self {
        Self::Policy(policy)
    }
}

impl From<Bundled> for Entry {
    fn from(bundled: Bundled) -> Self {
        Self::Bundled(bundled)
    }
}

impl From<Event> for Entry {
    fn from(event: Event) -> Self {
        Self::Event(event)
    }
}
