//! Somebody other than the subject whom a document names.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Personal;

/// A person other than the subject, as a document shows them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Other {
    /// Who it is: people with the same key are the same person. Internal; it never leaves.
    pub key: Personal<String>,
    /// In which role the document shows them.
    pub role: Role,
    /// What a person should look at, if anything. What is in doubt is taken out, and listed.
    pub doubt: Option<Doubt>,
}

impl Other {
    /// A private person beyond doubt.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: Personal::new(key.into()), role: Role::Private, doubt: None }
    }
}

/// In which role somebody stands in a document. It decides which policy is proposed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A patient, a relative, a customer: anybody with nothing more known of them.
    #[default]
    Private,
    /// Somebody who acts for the controller.
    Staff,
    /// A health professional in the care of the subject (DPA 2018 Sch. 2 para. 17).
    Professional,
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Private => "private",
            Self::Staff => "staff",
            Self::Professional => "health professional",
        })
    }
}

/// Why a person should look at a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// A family name that the subject bears too, with nothing that tells them apart.
    SharedSurname,
    /// The subject's whole name, where something says that it is somebody else.
    Namesake,
    /// An address or telephone number that the subject shares with others.
    SharedAddress,
    /// A word with a capital letter that is no ordinary word, and may name somebody.
    UnknownWord,
}

impl fmt::Display for Doubt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::SharedSurname => "a family name that the requester bears too",
            Self::Namesake => "the requester's whole name, and yet probably somebody else",
            Self::SharedAddress => "an address or number that the requester shares",
            Self::UnknownWord => "an unknown word that may be a name",
        })
    }
}
