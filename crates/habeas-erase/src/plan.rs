//! What is to be done with every copy of the person: the plan that somebody approves.
//!
//! A plan is canonical JSON. Its digest stands for it: the same plan has the same bytes, and whoever
//! approves a plan gives its digest, so that nothing else than what they read is carried out.

use std::path::PathBuf;

use habeas_model::{ItemId, ItemPath, Place, SourceName, Tier};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::beneath::{Facts, RawPath};
use crate::edit::Edit;

/// Goes up with every change of what a plan means.
pub const FORMAT: u32 = 1;

/// What is to be done with every copy of one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// See [`FORMAT`].
    pub format: u32,
    /// Which case.
    pub case: String,
    /// By which version of Habeas.
    pub software: String,
    /// When, to the second.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: String,
    /// Until when it may be carried out.
    pub valid_until: Timestamp,
    /// BLAKE3 of the findings that it rests on.
    pub findings_digest: String,
    /// The digest of the last decision that it rests on.
    pub ledger_digest: Option<String>,
    /// The sources that it touches, sorted by name.
    pub sources: Vec<PlannedSource>,
    /// A copy a step, sorted by source, path and place; duties come last.
    pub steps: Vec<Step>,
    /// A file that is changed a row, sorted by source and path.
    pub files: Vec<PlannedFile>,
    /// Findings that are not about the person, and so not part of it.
    pub n_not_subject: u64,
}

/// A source, pinned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedSource {
    /// Which.
    pub name: SourceName,
    /// Where it is.
    pub root: PathBuf,
    /// Its file system.
    pub device: u64,
    /// Its folder on it.
    pub inode: u64,
}

/// What happens with one copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is taken out.
    Erase,
    /// What tells who it is is taken out of it; the rest stays.
    Anonymise,
    /// It stays, on a ground that the reason names.
    Keep,
    /// A person has to do or decide it.
    ForPerson,
    /// Somebody else has to be told (Art. 19).
    Notify,
}

impl Action {
    /// The action as a person reads it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Erase => "erase",
            Self::Anonymise => "anonymise",
            Self::Keep => "keep",
            Self::ForPerson => "for a person",
            Self::Notify => "notify",
        }
    }
}

/// One copy of the person, or one duty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its number, from 1.
    pub number: u32,
    /// What happens.
    pub action: Action,
    /// Why, and for what is left to a person what they have to do.
    pub reason: String,
    /// The text of the law that lets it be kept, such as `Art. 17(3)(b)`.
    pub clause: Option<String>,
    /// In which source; `None` for a duty.
    pub source: Option<SourceName>,
    /// Where in it.
    pub path: Option<ItemPath>,
    /// Which item.
    pub item: Option<ItemId>,
    /// Where in the item.
    pub place: Option<Place>,
    /// How strongly it points at the person.
    pub tier: Option<Tier>,
    /// Is it a further copy of an item that stands in the plan already?
    pub is_copy: bool,
    /// What goes with it: attachments of a message, members of an archive.
    pub n_within: u64,
    /// The row of `files` that carries it out.
    pub file: Option<u32>,
}

/// A file that is changed or removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedFile {
    /// Its number, from 1.
    pub number: u32,
    /// In which source.
    pub source: SourceName,
    /// Its path in the source, printable.
    pub path: ItemPath,
    /// Its path relative to the source, as the system knows it.
    pub raw: RawPath,
    /// What the file system said of it.
    pub facts: Facts,
    /// BLAKE3 of its bytes.
    pub digest: ItemId,
    /// What is done to it.
    pub edit: Edit,
    /// What it is afterwards; `None` if it is removed.
    pub result: Option<Outcome>,
    /// Does all else in it stay as it is, to the byte? If not, what changes.
    pub rest: String,
    /// The steps that it carries out.
    pub steps: Vec<u32>,
}

/// A file after its steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Its length.
    pub size_bytes: u64,
    /// BLAKE3 of its bytes.
    pub digest: ItemId,
}

impl Plan {
    /// The plan as its file holds it.
    pub fn to_bytes(&self) -> Vec<u8> {
        // A plan is texts, numbers and lists, so it can always be written.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// What stands for the plan: BLAKE3 of its file, 64 hexadecimal digits.
    pub fn digest(&self) -> String {
        blake3::hash(&self.to_bytes()).to_hex().to_string()
    }

    /// Reads a plan from its file.
    ///
    /// # Errors
    /// If it is none, or not to the byte what Habeas wrote.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let edited = || {
            Error::refused(
                "the plan is not as Habeas wrote it: it was edited or damaged; draw it up again with \
                 `habeas erase plan`",
            )
        };
        let plan: Self = serde_json::from_slice(bytes).map_err(|_| edited())?;
        if plan.format != FORMAT {
            return Err(Error::refused(
                "the plan was drawn up by another version of Habeas; draw it up again with `habeas \
                 erase plan`",
            ));
        }
        if plan.to_bytes() == bytes { Ok(plan) } else { Err(edited()) }
    }

    /// How many steps there are of each action.
    pub fn n(&self, action: Action) -> usize {
        self.steps.iter().filter(|step| step.action == action).count()
    }

    /// How many steps change something.
    pub fn n_changing(&self) -> usize {
        self.steps.iter().filter(|step| step.file.is_some()).count()
    }
}
