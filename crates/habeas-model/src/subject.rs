//! The person a request is about, as the request states it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Kind, Personal};

/// The person a request is about: everything that was stated or accepted, nothing guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Names; at least one in a case that can be matched, unless there are identifiers.
    pub names: Vec<SubjectName>,
    /// Date of birth.
    #[serde(default)]
    pub born: Option<Personal<Date>>,
    /// E-mail addresses, telephone numbers, addresses, references and all other identifiers.
    #[serde(default)]
    pub identifiers: Vec<Identifier>,
}

/// A name of the subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectName {
    /// The name as stated, given names first unless it has a comma.
    pub value: Personal<String>,
    /// What sort of name it is.
    #[serde(default)]
    pub kind: NameKind,
    /// When it was in use.
    #[serde(default)]
    pub held: Held,
}

/// What sort of name it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// The name the person has now.
    #[default]
    Current,
    /// A name from before a marriage or another change.
    Former,
    /// What the person is called: a nickname, an initial, a stage name.
    KnownAs,
}

/// An identifier of the subject other than a name or a birth date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// What kind it is.
    pub kind: Kind,
    /// The identifier as stated.
    pub value: Personal<String>,
    /// When the person had it.
    #[serde(default)]
    pub held: Held,
}

/// The days on which somebody had a name or identifier, both included; open where not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The first day.
    #[serde(default)]
    pub from: Option<Date>,
    /// The last day.
    #[serde(default)]
    pub to: Option<Date>,
}

impl Held {
    /// Can the person have had it on that day?
    pub fn covers(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}
