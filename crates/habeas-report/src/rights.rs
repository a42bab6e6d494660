//! Who could read what lies in a folder?
//!
//! What the mode of each file says. Folders above it may close it, and access lists may open it: the
//! accounts say so.

use std::collections::BTreeMap;

use habeas_source::Rights;
use serde::{Deserialize, Serialize};

/// Who may read the files of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// How many files there are.
    pub files: u64,
    /// How many of them every account of the machine may read.
    pub for_everybody: u64,
    /// Groups that may read some, with the number of files.
    pub groups: BTreeMap<String, u64>,
    /// Whose they are, with the number of files.
    pub owners: BTreeMap<String, u64>,
}

impl Access {
    /// Counts a file.
    pub fn add(&mut self, rights: Rights, owner: &str, group: &str) {
        self.files += 1;
        self.for_everybody += u64::from(rights.is_for_everybody());
        *self.owners.entry(owner.to_owned()).or_default() += 1;
        if rights.is_for_group() {
            *self.groups.entry(group.to_owned()).or_default() += 1;
        }
    }

    /// Counts what another one counts.
    pub fn add_all(&mut self, other: &Self) {
        self.files += other.files;
        self.for_everybody += other.for_everybody;
        for (into, from) in [(&mut self.owners, &other.owners), (&mut self.groups, &other.groups)] {
            for (name, n) in from {
                *into.entry(name.clone()).or_default() += n;
            }
        }
    }
}

/// Who may read the files of each folder of a source, by the folder's path relative to it.
pub type FolderRights = BTreeMap<String, Access>;

/// What the file system said of each source: a sentence, if it could not be asked.
pub type SourceRights = BTreeMap<habeas_model::SourceName, Result<FolderRights, String>>;
