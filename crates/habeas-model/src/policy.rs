//! What a person decided about somebody else: are they shown, and on which ground?

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Doubt, ItemId, Kind, Personal, Place, Role};

/// A ground on which information about somebody else is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShowGround {
    /// The other person agreed.
    ///
    /// # Source
    /// Data Protection Act 2018 Sch. 2 para. 16(2)(a).
    Consent,
    /// It is reasonable to give it without their agreement, all circumstances taken together.
    ///
    /// # Source
    /// Data Protection Act 2018 Sch. 2 para. 16(2)(b) and (3).
    Reasonable,
    /// A health professional, social worker or teacher who acted as such: taken to be reasonable.
    ///
    /// # Source
    /// Data Protection Act 2018 Sch. 2 para. 17.
    Professional,
    /// A member of staff who acted in their role, of whom no more than that is told.
    ///
    /// # Source
    /// Data Protection Act 2018 Sch. 2 para. 16(2)(b); ICO, *Right of access*, on information about
    /// other individuals who act in a professional capacity.
    Staff,
    /// The requester knows it already, having written or received it.
    ///
    /// # Source
    /// Data Protection Act 2018 Sch. 2 para. 16(2)(b); ICO, *Right of access*, on information that
    /// the requester already has.
    Known,
}

impl ShowGround {
    /// Every ground.
    pub const ALL: [Self; 5] =
        [Self::Consent, Self::Reasonable, Self::Professional, Self::Staff, Self::Known];

    /// As a command and a configuration write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Reasonable => "reasonable",
            Self::Professional => "professional",
            Self::Staff => "staff",
            Self::Known => "known",
        }
    }

    /// Its code in the catalogue of exemptions and in the schedule.
    pub fn code(self) -> &'static str {
        match self {
            Self::Consent => "TP-CONSENT",
            Self::Reasonable => "TP-REASONABLE",
            Self::Professional => "HP-PRESUME",
            Self::Staff => "TP-STAFF",
            Self::Known => "TP-KNOWN",
        }
    }

    /// The ground of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.as_str() == text)
    }
}

impl fmt::Display for ShowGround {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// What happens with the mentions of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// They stay readable, on this ground.
    Show(ShowGround),
    /// They are taken out.
    TakeOut,
    /// It is nobody: a word, a product, a place. It stays readable.
    Nobody,
    /// As the configuration says: takes an earlier decision back.
    Default,
}

/// A decision about somebody else, or about one item or place where they are named.
///
/// Decisions are added, never changed: of those that reach equally far the last one counts, and one
/// on a place goes before one on its item, which goes before one on the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Who: the key under which documents know them. Internal; it never leaves.
    pub person: Personal<String>,
    /// What happens.
    pub treatment: Treatment,
    /// A word or two for the label, such as `colleague`; empty for none. Only of a person as a whole.
    pub role_label: String,
    /// Only in this item.
    pub item: Option<ItemId>,
    /// Only at this place of the item.
    pub place: Option<Place>,
    /// Why, in the words of whoever decided.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The making of a bundle, as the ledger keeps it: what was taken out stands in a file of the case
/// that nobody can change unseen from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundled {
    /// SHA-256 of `redactions.jsonl`, in hexadecimal.
    pub redactions_sha256: String,
    /// How many stretches were taken out.
    pub n_taken_out: u64,
    /// How many mentions of other people were shown.
    pub n_shown: u64,
    /// SHA-256 of the bundle's manifest, in hexadecimal.
    pub manifest_sha256: String,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Somebody else whom what would be given names, as the case keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Their number, from 1. It stays theirs, and nobody else gets it.
    pub number: u32,
    /// Who: see [`Policy::person`].
    pub person: Personal<String>,
    /// How documents write them, names first, the commonest first, at most a few.
    pub written: Vec<Personal<String>>,
    /// In which roles documents show them, sorted, each once.
    pub roles: Vec<Role>,
    /// At how many places; 0 if they were found once and are not any more.
    pub n_places: u64,
    /// In how many items.
    pub n_items: u64,
    /// At how many of the places they stay readable.
    pub n_shown: u64,
    /// Mentions that a person should look at, sorted.
    pub in_doubt: Vec<InDoubt>,
}

/// A mention that a person should look at. Until somebody decides it is taken out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InDoubt {
    /// In which item.
    pub item: ItemId,
    /// At which place of it.
    pub place: Place,
    /// What kind of identifier.
    pub kind: Kind,
    /// Why.
    pub doubt: Doubt,
}
