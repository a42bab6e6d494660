//! How is somebody recognised who was erased, without keeping a list of people?
//!
//! Of what was erased only digests are kept, under a key of the case: of each item, of what each record
//! said, of each identifier in the form in which the index finds it. Whoever has the digests without the
//! key learns nothing; whoever has both can try an identifier they know, so both stay in the case's
//! private folder, and go with it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use habeas_model::{ItemId, ItemPath, Passage, SourceName};
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::folder::{read_if_there, replace, secret};

const DIGESTS: &str = "watch.json";
const KEY: &str = "watch.key";

/// A digest under the key of a case, 32 hexadecimal digits.
pub type Keyed = String;

/// The key of a case, and what is done with it.
pub struct Seal([u8; 32]);

impl Seal {
    /// The key in the folder of a case's erasures; made if it is not there.
    ///
    /// # Errors
    /// If it cannot be read or written.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        secret(&dir.join(KEY)).map(Self)
    }

    fn of(&self, what: &str, bytes: &[u8]) -> Keyed {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(what.as_bytes()).update(&[0]).update(bytes);
        hasher.finalize().to_hex()[..32].to_owned()
    }

    /// Stands for an item.
    pub fn item(&self, item: &ItemId) -> Keyed {
        self.of("item", item.as_bytes())
    }

    /// Stands for what a passage says, wherever it stands.
    pub fn passage(&self, passage: &Passage) -> Keyed {
        self.of("passage", passage.text.as_bytes())
    }

    /// Stands for what a passage says in one file.
    pub fn left(&self, source: &SourceName, path: &ItemPath, passage: &Passage) -> Keyed {
        let file = path.segments().first().map_or("", String::as_str);
        self.of("left", format!("{source}\0{file}\0{}", passage.text).as_bytes())
    }

    /// Stands for an identifier in the form in which the index finds it.
    pub fn id(&self, term: &str) -> Keyed {
        self.of("id", term.as_bytes())
    }
}

/// What is watched for in later scans, and what is known to have stayed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watched {
    /// Items that were erased whole.
    pub items: BTreeSet<Keyed>,
    /// What erased records said.
    pub passages: BTreeSet<Keyed>,
    /// The person's identifiers.
    pub ids: BTreeSet<Keyed>,
    /// What the last plan left in place, file by file: each with the number of its step, or 0 for what
    /// is not about the person.
    pub left: BTreeMap<Keyed, u32>,
}

impl Watched {
    /// What was noted for a case; nothing if nothing was erased.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(dir: &Path) -> Result<Self, Error> {
        let file = dir.join(DIGESTS);
        let Some(bytes) = read_if_there(&file)? else { return Ok(Self::default()) };
        serde_json::from_slice(&bytes).map_err(|_| {
            Error::refused(format!("{} is damaged: restore it from a backup", file.display()))
        })
    }

    /// Adds what another plan erased and left.
    pub fn join(&mut self, other: &Self) {
        self.items.extend(other.items.iter().cloned());
        self.passages.extend(other.passages.iter().cloned());
        self.ids.extend(other.ids.iter().cloned());
        // A plan tells of everything that is there, so the last one says what is left.
        self.left.clone_from(&other.left);
    }

    pub(crate) fn write(&self, dir: &Path) -> Result<(), Error> {
        let bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        replace(&dir.join(DIGESTS), &bytes)
    }
}
