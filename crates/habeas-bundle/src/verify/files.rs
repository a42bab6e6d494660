//! Which files are in a bundle? In a folder, or in the archive of one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::archive;
use crate::Error;

/// A bundle's files, by their names with `/` between folders.
pub(crate) struct Files {
    place: PathBuf,
    names: BTreeSet<String>,
    /// What is wrong with the folder or the archive itself.
    pub(crate) problems: BTreeSet<String>,
    /// Of an archive.
    members: Option<BTreeMap<String, Vec<u8>>>,
}

impl Files {
    /// A folder, or an archive if it is a file.
    pub(crate) fn open(place: &Path) -> Result<Self, Error> {
        let about = fs::metadata(place).map_err(Error::file(place))?;
        if about.is_dir() {
            return Self::folder(place);
        }
        Self::archive(place, &fs::read(place).map_err(Error::file(place))?)
    }

    pub(crate) fn folder(dir: &Path) -> Result<Self, Error> {
        let (mut names, mut problems) = (BTreeSet::new(), BTreeSet::new());
        walk(dir, "", &mut names, &mut problems, 0)?;
        Ok(Self { place: dir.to_owned(), names, problems, members: None })
    }

    /// The archive that these bytes are; `place` is what it is called.
    pub(crate) fn archive(place: &Path, bytes: &[u8]) -> Result<Self, Error> {
        let (members, problems) = archive::read(bytes).map_err(|what| Error::File {
            file: place.to_owned(),
            problem: std::io::Error::other(what),
        })?;
        let names = members.keys().cloned().collect();
        Ok(Self { place: place.to_owned(), names, problems, members: Some(members) })
    }

    pub(crate) fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    pub(crate) fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, Error> {
        let file = self.place.join(name);
        let Some(members) = &self.members else {
            return fs::read(&file).map(Cow::Owned).map_err(Error::file(&file));
        };
        let missing = || Error::File { file, problem: std::io::ErrorKind::NotFound.into() };
        members.get(name).map(|bytes| Cow::Borrowed(bytes.as_slice())).ok_or_else(missing)
    }
}

fn walk(
    dir: &Path,
    prefix: &str,
    found: &mut BTreeSet<String>,
    problems: &mut BTreeSet<String>,
    depth: usize,
) -> Result<(), Error> {
    for entry in fs::read_dir(dir).map_err(Error::file(dir))? {
        let entry = entry.map_err(Error::file(dir))?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(Error::file(&entry.path()))?;
        if kind.is_dir() && depth < 8 {
            walk(&entry.path(), &format!("{name}/"), found, problems, depth + 1)?;
        } else if kind.is_file() {
            found.insert(name);
        } else {
            problems.insert(format!("{} is no plain file", name.escape_debug()));
        }
    }
    Ok(())
}
