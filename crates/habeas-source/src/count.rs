//! How much lies in a source, by another count?
//!
//! Shares nothing with the listing: other calls, another order, one descriptor that goes down by
//! name and up by `..`, and only what is directly in hand is looked at. If both come to the same,
//! neither lost anything.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::path::Path;

use habeas_model::ItemPath;
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, fstat, openat, stat, statat};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use crate::{Glob, Source};

/// What a source was counted to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Files to read.
    pub files: u64,
    /// What a rule leaves out: a folder with all in it counts once.
    pub excluded: u64,
    /// Folders of which not everything is known, and names that the system tells nothing of.
    pub folders_closed: u64,
}

/// Counts what [`list_raw`](crate::list_raw) should list, given the same `own` folders. A root that
/// is not there is a folder that is closed.
pub fn count(source: &Source, own: &[&Path]) -> Counted {
    count_with(source, own, &mut || {})
}

/// As [`count`]; calls `alive` whenever the file system has answered, for whoever waits for a slow
/// one and has to tell it from a dead one.
pub fn count_with(source: &Source, own: &[&Path], alive: &mut dyn FnMut()) -> Counted {
    let mut count = Count {
        alive,
        counted: Counted::default(),
        globs: source.exclude.iter().map(|text| Glob::new(text)).collect(),
        own: own.iter().filter_map(|own| Some(identity(&stat(*own).ok()?))).collect(),
        path: Vec::new(),
    };
    match stat(&source.root) {
        Ok(facts) if kind(&facts) == FileType::Directory => {
            match openat(CWD, &source.root, LISTING, Mode::empty()) {
                Ok(root) => count.below(root),
                Err(_) => count.counted.folders_closed += 1,
            }
        }
        Ok(facts) => {
            let name = source.root.file_name().unwrap_or_default().as_encoded_bytes();
            count.path.extend_from_slice(name);
            count.one(&facts);
        }
        Err(_) => count.counted.folders_closed += 1,
    }
    count.counted
}

/// How a folder is opened to list it.
const LISTING: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// A count that is going on.
struct Count<'a> {
    alive: &'a mut dyn FnMut(),
    counted: Counted,
    globs: Vec<Glob>,
    own: Vec<(u64, u64)>,
    /// The relative path at hand: patterns want it.
    path: Vec<u8>,
}

/// A folder on the way from the root to where the count is.
struct Level {
    identity: (u64, u64),
    folders: VecDeque<Vec<u8>>,
    path_bytes: usize,
}

impl Count<'_> {
    /// Counts all that is below a folder.
    fn below(&mut self, root: OwnedFd) {
        let mut here = root;
        let mut levels = vec![self.level(&here)];
        while let Some(level) = levels.last_mut() {
            if let Some(name) = level.folders.pop_front() {
                self.step(level.path_bytes, &name);
                match open(&here, &name) {
                    Ok((_, inner)) if levels.iter().any(|level| level.identity == inner) => {
                        self.counted.excluded += 1;
                    }
                    Ok((inside, _)) => {
                        levels.push(self.level(&inside));
                        here = inside;
                    }
                    Err(_) => self.counted.folders_closed += 1,
                }
                continue;
            }
            levels.pop();
            let Some(outer) = levels.last() else { break };
            match open(&here, b"..") {
                Ok((up, identity)) if identity == outer.identity => here = up,
                // Whoever moved the folder away took the way back with it.
                _ => {
                    self.counted.folders_closed += 1;
                    break;
                }
            }
        }
    }

    /// Counts what is directly in a folder, and keeps the names of its folders.
    fn level(&mut self, here: &OwnedFd) -> Level {
        let path_bytes = self.path.len();
        let mut folders = VecDeque::new();
        let names = Dir::read_from(here)
            .and_then(|dir| dir.inspect(|_| (self.alive)()).collect::<Result<Vec<_>, _>>());
        self.counted.folders_closed += u64::from(names.is_err());
        for entry in names.unwrap_or_default() {
            let name = entry.file_name().to_bytes();
            if matches!(name, b"." | b"..") {
                continue;
            }
            self.step(path_bytes, name);
            (self.alive)();
            match statat(here, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(facts) if kind(&facts) == FileType::Directory && !self.is_out(&facts) => {
                    folders.push_back(name.to_vec());
                }
                Ok(facts) => self.one(&facts),
                Err(_) => self.counted.folders_closed += 1,
            }
        }
        Level {
            identity: fstat(here).map_or((0, 0), |facts| identity(&facts)),
            folders,
            path_bytes,
        }
    }

    /// Moves the path from the folder with so many bytes to what has this name in it.
    fn step(&mut self, path_bytes: usize, name: &[u8]) {
        self.path.truncate(path_bytes);
        if path_bytes > 0 {
            self.path.push(b'/');
        }
        self.path.extend_from_slice(name);
    }

    /// Counts what has the path at hand and is no folder to look into.
    fn one(&mut self, facts: &Stat) {
        if kind(facts) == FileType::RegularFile && !self.is_out(facts) {
            self.counted.files += 1;
        } else {
            self.counted.excluded += 1;
        }
    }

    /// Does a rule leave out what has the path at hand?
    fn is_out(&self, facts: &Stat) -> bool {
        if kind(facts) == FileType::Directory && self.own.contains(&identity(facts)) {
            return true;
        }
        let matches = |glob: &Glob| glob.matches(&ItemPath::file(&self.path).segments()[0]);
        self.globs.iter().any(matches)
    }
}

/// Opens a folder, without a trace where the system permits, and says which it is.
fn open(dir: &OwnedFd, name: &[u8]) -> Result<(OwnedFd, (u64, u64)), Errno> {
    let flags = LISTING | OFlags::NOFOLLOW;
    let folder = openat(dir, name, flags | OFlags::NOATIME, Mode::empty())
        .or_else(|_| openat(dir, name, flags, Mode::empty()))?;
    let facts = fstat(&folder)?;
    Ok((folder, identity(&facts)))
}

fn kind(facts: &Stat) -> FileType {
    FileType::from_raw_mode(facts.st_mode)
}

fn identity(facts: &Stat) -> (u64, u64) {
    (facts.st_dev, facts.st_ino)
}
