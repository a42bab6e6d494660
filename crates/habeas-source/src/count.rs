//! How much lies in a source, by another count?
//!
//! Shares nothing with the listing: other calls, another order, one descriptor that goes down by
//! name and up by `..`, and only what is directly in hand is looked at. If both come to the same,
//! neither lost anything.

use std::collections::VecDeque;
use std::path::Path;

use habeas_model::ItemPath;
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, fstat, openat, stat, statat};
use rustix::io::Errno;

use crate::{Glob, Source};

/// What a source was counted to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Files to read.
    pub files: u64,
    /// What a rule leaves out: a folder with all in it counts once.
    pub excluded: u64,
    /// Folders of which not everything is known, and names that the system tells nothing of.
    pub folders_closed: u64,
}

/// A folder on the way from the root to where the count is.
struct Level {
    identity: (u64, u64),
    folders: VecDeque<Vec<u8>>,
    path_bytes: usize,
}

/// Counts what [`list_raw`](crate::list_raw) should list, given the same `own` folders. A root that
/// is not there is a folder that is closed.
pub fn count(source: &Source, own: &[&Path]) -> Counted {
    let mut counted = Counted::default();
    let globs: Vec<Glob> = source.exclude.iter().map(|text| Glob::new(text)).collect();
    let own: Vec<_> = own.iter().filter_map(|own| Some(identity(&stat(*own).ok()?))).collect();
    let is_out = |path: &[u8], facts: &Stat| {
        let is_own = is(facts, FileType::Directory) && own.contains(&identity(facts));
        let printable = || ItemPath::file(path).segments()[0].clone();
        is_own || !globs.is_empty() && globs.iter().any(|glob| glob.matches(&printable()))
    };
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOATIME;
    let open = |dir: &dyn std::os::fd::AsFd, name: &[u8], more: OFlags| {
        openat(dir.as_fd(), name, flags | more, Mode::empty())
            .or_else(|_| openat(dir.as_fd(), name, (flags | more) - OFlags::NOATIME, Mode::empty()))
    };
    let root = match stat(&source.root) {
        Ok(facts) if is(&facts, FileType::Directory) => {
            openat(CWD, &source.root, flags - OFlags::NOATIME, Mode::empty())
        }
        Ok(facts) => {
            let name = source.root.file_name().unwrap_or_default().as_encoded_bytes();
            let is_file = is(&facts, FileType::RegularFile) && !is_out(name, &facts);
            let (files, excluded) = (u64::from(is_file), u64::from(!is_file));
            return Counted { files, excluded, folders_closed: 0 };
        }
        Err(errno) => Err(errno),
    };
    let Ok(mut here) = root else { return Counted { folders_closed: 1, ..counted } };
    let mut path: Vec<u8> = Vec::new();
    let mut levels: Vec<Level> = Vec::new();
    let mut is_new = true;
    loop {
        if is_new {
            let mut level = Level {
                identity: fstat(&here).map_or((0, 0), |facts| identity(&facts)),
                folders: VecDeque::new(),
                path_bytes: path.len(),
            };
            let mut look = |name: &[u8]| -> Result<(), Errno> {
                path.truncate(level.path_bytes);
                path.extend(std::iter::once(b'/').filter(|_| level.path_bytes > 0));
                path.extend_from_slice(name);
                let facts = statat(&here, name, AtFlags::SYMLINK_NOFOLLOW)?;
                match FileType::from_raw_mode(facts.st_mode) {
                    _ if is_out(&path, &facts) => counted.excluded += 1,
                    FileType::Directory => level.folders.push_back(name.to_vec()),
                    FileType::RegularFile => counted.files += 1,
                    _ => counted.excluded += 1,
                }
                Ok(())
            };
            // Of a folder without the right to enter it, each name in it fails alone: as listed.
            let names = Dir::read_from(&here).and_then(|dir| dir.collect::<Result<Vec<_>, _>>());
            let n_failed = names.map(|names| {
                let names = names.iter().map(|entry| entry.file_name().to_bytes());
                let names = names.filter(|name| !matches!(*name, b"." | b".."));
                names.filter(|name| look(name).is_err()).count() as u64
            });
            counted.folders_closed += n_failed.unwrap_or(1);
            levels.push(level);
        }
        is_new = false;
        let Some(level) = levels.last_mut() else { return counted };
        path.truncate(level.path_bytes);
        let level_bytes = level.path_bytes;
        if let Some(name) = level.folders.pop_front() {
            match open(&here, &name, OFlags::NOFOLLOW) {
                Ok(inside) => {
                    let inner = fstat(&inside).map_or((0, 0), |facts| identity(&facts));
                    if levels.iter().any(|level| level.identity == inner) {
                        counted.excluded += 1;
                    } else {
                        path.extend(std::iter::once(b'/').filter(|_| level_bytes > 0));
                        path.extend_from_slice(&name);
                        here = inside;
                        is_new = true;
                    }
                }
                Err(_) => counted.folders_closed += 1,
            }
            continue;
        }
        levels.pop();
        let Some(outer) = levels.last() else { return counted };
        // Whoever moved the folder away took the way back with it.
        match open(&here, b"..", OFlags::NOFOLLOW) {
            Ok(up) if fstat(&up).is_ok_and(|facts| identity(&facts) == outer.identity) => here = up,
            _ => return Counted { folders_closed: counted.folders_closed + 1, ..counted },
        }
    }
}

fn is(facts: &Stat, kind: FileType) -> bool {
    FileType::from_raw_mode(facts.st_mode) == kind
}

fn identity(facts: &Stat) -> (u64, u64) {
    (facts.st_dev, facts.st_ino)
}
