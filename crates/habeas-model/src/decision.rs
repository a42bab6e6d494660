//! What a person decided about a finding.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ItemId, Place};

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
