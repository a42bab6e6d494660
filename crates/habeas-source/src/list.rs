//! What lies in a source?
//!
//! Folders are walked by their descriptors: the system never sees a path, so no path is too long
//! for it. Of a folder only the names are held; nothing recurses, and at most [`KEPT`] folders are
//! open at once, however deep they lie.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use habeas_model::{Exception, ItemPath, Reason};
use rustix::fs::{FileType, OFlags, Stat, fstat};
use rustix::io::Errno;

use crate::glob::Glob;
use crate::names::{Buffer, Names};
use crate::open::{Root, descend, look, open_unseen};
use crate::read::stamp_of;
use crate::reason::failed;
use crate::{Error, Facts, Listed, Rights, Seen, Source};

/// How many of the innermost folders stay open. The others are opened again, in as many at once,
/// when the walk comes back to them.
const KEPT: usize = 60;

/// The folder that relative paths of a source start from: its root, or the folder of a root that
/// is one file.
pub fn base(source: &Source) -> PathBuf {
    if source.root.is_dir() {
        source.root.clone()
    } else {
        source.root.parent().unwrap_or(Path::new("/")).to_owned()
    }
}

/// Lists a source in the order of its paths; links are not followed, and a folder that cannot be
/// opened is one `Failed`.
///
/// # Errors
/// If the root is not there; everything after that is a `Listed::Failed`.
pub fn list(source: &Source) -> Result<Box<dyn Iterator<Item = Listed> + Send>, Error> {
    Ok(Box::new(list_raw(source, &[])?.map(|(_, listed)| listed)))
}

/// As [`list`], each with its path relative to [`base`] as the system knows it: two names that
/// print alike stay two.
///
/// Leaves out the folders of `own`: what Habeas itself keeps is no source.
///
/// # Errors
/// If the root is not there.
pub fn list_raw(
    source: &Source,
    own: &[&Path],
) -> Result<impl Iterator<Item = (PathBuf, Listed)> + Send + use<>, Error> {
    let root = Root::new(source)?;
    let walk = walk(&root, &source.exclude, own, Box::new(|| {}));
    Ok(walk.map(move |(relative, seen)| {
        let listed = root.listed(&relative, seen);
        (relative, listed)
    }))
}

/// Is called whenever a file system has answered, for whoever waits for a slow one and has to tell
/// it from a dead one.
pub type Alive = Box<dyn FnMut() + Send>;

/// As [`list_raw`], from a root that is open, in a form that [`Root::listed`] puts together.
pub fn walk(
    root: &Root,
    exclude: &[String],
    own: &[&Path],
    alive: Alive,
) -> impl Iterator<Item = (PathBuf, Seen)> + Send + use<> {
    let real_base = root.base.canonicalize().unwrap_or_else(|_| root.base.clone());
    let own = own.iter().filter_map(|folder| {
        Some(real(folder).strip_prefix(&real_base).ok()?.as_os_str().as_bytes().to_owned())
    });
    Walk {
        root: root.clone(),
        globs: exclude.iter().map(|text| (text.clone(), Glob::new(text))).collect(),
        own: own.filter(|path| !path.is_empty()).collect(),
        path: Vec::new(),
        folders: Vec::new(),
        first_open: 0,
        above: HashSet::new(),
        buffer: Buffer::new(),
        is_started: false,
        alive,
    }
}

/// The path without links in it, as far as it is there already.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for above in path.ancestors() {
        if let Ok(real) = above.canonicalize() {
            return path.strip_prefix(above).map_or_else(|_| real.clone(), |rest| real.join(rest));
        }
    }
    path
}

/// The walk through one source.
struct Walk {
    root: Root,
    globs: Vec<(String, Glob)>,
    /// Paths of own folders, relative.
    own: Vec<Vec<u8>>,
    /// The relative path at hand.
    path: Vec<u8>,
    /// The folders that the walk is in, from the root inwards.
    folders: Vec<Folder>,
    /// Folders from this one on are open.
    first_open: usize,
    /// What the folders that the walk is in are: a folder inside itself is a loop.
    above: HashSet<Identity>,
    buffer: Buffer,
    /// Nothing is listed before it is asked for.
    is_started: bool,
    alive: Alive,
}

/// A folder that the walk is in.
struct Folder {
    names: Names,
    /// There for folders from `first_open` on, unless one was replaced.
    dir: Option<Arc<OwnedFd>>,
    identity: Identity,
    /// Bytes of its relative path.
    path_bytes: usize,
    is_failed: bool,
}

/// A file system and a number on it.
type Identity = (u64, u64);

impl Iterator for Walk {
    type Item = (PathBuf, Seen);

    fn next(&mut self) -> Option<Self::Item> {
        if !std::mem::replace(&mut self.is_started, true)
            && let Some(listed) = self.start()
        {
            return Some(listed);
        }
        loop {
            let folder = self.folders.last_mut()?;
            self.path.truncate(folder.path_bytes);
            if folder.names.is_empty() {
                self.leave();
                continue;
            }
            if folder.dir.is_none()
                && let Err(errno) = self.open_again()
            {
                if let Some(listed) = self.give_up(errno) {
                    return Some(listed);
                }
                continue;
            }
            if let Some(listed) = self.step() {
                return Some(listed);
            }
        }
    }
}

impl Walk {
    /// Enters the root, or the folder of the one file.
    fn start(&mut self) -> Option<(PathBuf, Seen)> {
        let dir = match &self.root.dir {
            Ok(dir) => Arc::clone(dir),
            Err(errno) => return Some(self.closed(*errno)),
        };
        if let Some((listed, _)) = &self.root.only {
            let names = Names::one(listed.as_os_str().as_bytes());
            let dir = Some(dir);
            let (identity, path_bytes, is_failed) = ((0, 0), 0, false);
            self.folders.push(Folder { names, dir, identity, path_bytes, is_failed });
            return None;
        }
        match open_folder(&dir, b".").and_then(|inside| self.enter(inside)) {
            Ok(listed) => listed,
            Err(errno) => Some(self.closed(errno)),
        }
    }

    /// Looks at the next name of the innermost folder, and gives what it is unless it is a folder
    /// that can be entered.
    fn step(&mut self) -> Option<(PathBuf, Seen)> {
        let folder = self.folders.last_mut()?;
        let dir = folder.dir.clone()?;
        let (name, mut kind) = folder.names.take()?;
        if !self.path.is_empty() {
            self.path.push(b'/');
        }
        let start = self.path.len();
        self.path.extend_from_slice(name);
        if let Some(rule) = self.rule() {
            return Some(self.excluded(&rule));
        }
        let mut facts = None;
        if matches!(kind, FileType::RegularFile | FileType::Unknown) {
            match look(&dir, self.name(start)) {
                Ok(found) => {
                    kind = FileType::from_raw_mode(found.st_mode);
                    facts = Some(found);
                }
                Err(errno) => return Some(self.failed(failed(errno))),
            }
        }
        match (kind, facts) {
            (FileType::Directory, _) => {
                let inside = open_folder(&dir, self.name(start));
                match inside.and_then(|inside| self.enter(inside)) {
                    Ok(listed) => listed,
                    Err(errno) => Some(self.closed(errno)),
                }
            }
            (FileType::RegularFile, Some(facts)) => Some(self.file(&facts)),
            (FileType::Symlink, _) => Some(self.excluded("symbolic link")),
            _ => Some(self.excluded("not a file")),
        }
    }

    /// The name at hand, for the system.
    fn name(&self, start: usize) -> &[u8] {
        match &self.root.only {
            // The path is that of the link that the configuration names, the name is the file's.
            Some((_, real)) => real.as_os_str().as_bytes(),
            None => &self.path[start..],
        }
    }

    fn file(&self, facts: &Stat) -> (PathBuf, Seen) {
        let (stamp, device, n_links) = (stamp_of(facts), facts.st_dev, facts.st_nlink);
        let rights =
            Rights { mode: facts.st_mode & 0o7777, user: facts.st_uid, group: facts.st_gid };
        (self.relative(), Seen::File(Facts { stamp, device, n_links, rights }))
    }

    /// Enters a folder. Says so if only a part of it can be listed, or if the walk is in it already.
    fn enter(&mut self, inside: OwnedFd) -> Result<Option<(PathBuf, Seen)>, Errno> {
        let identity = identity(&inside)?;
        if !self.above.insert(identity) {
            return Ok(Some(self.excluded("loop")));
        }
        let (names, error) = Names::read(&inside, &mut self.buffer, &mut self.alive);
        self.folders.push(Folder {
            names,
            dir: Some(Arc::new(inside)),
            identity,
            path_bytes: self.path.len(),
            is_failed: error.is_some(),
        });
        if self.folders.len() - self.first_open > KEPT {
            self.folders[self.first_open].dir = None;
            self.first_open += 1;
        }
        Ok(error.map(|errno| {
            let note = "the folder could not be listed to its end";
            self.failed(Exception { note: note.to_owned(), ..failed(errno) })
        }))
    }

    /// Leaves the innermost folder.
    fn leave(&mut self) {
        if let Some(folder) = self.folders.pop() {
            self.above.remove(&folder.identity);
        }
        self.first_open = self.first_open.min(self.folders.len());
    }

    /// Opens the innermost folders once more, if they are still the same.
    fn open_again(&mut self) -> Result<(), Errno> {
        let mut dir = self.root.dir.clone()?;
        let from = self.folders.len().saturating_sub(KEPT);
        let mut start = 0;
        for folder in &mut self.folders[from..] {
            dir = Arc::new(descend(&dir, &self.path[start..folder.path_bytes])?);
            // The root has no name, so no `/` follows it.
            start = folder.path_bytes + usize::from(folder.path_bytes > 0);
            // Those that are not the innermost say so themselves when it is their turn.
            let is_same = identity(&dir)? == folder.identity;
            folder.dir = is_same.then(|| Arc::clone(&dir));
        }
        self.first_open = from;
        let is_open = self.folders.last().is_some_and(|folder| folder.dir.is_some());
        if is_open { Ok(()) } else { Err(Errno::STALE) }
    }

    /// Gives up the innermost folder, which is there no longer.
    fn give_up(&mut self, errno: Errno) -> Option<(PathBuf, Seen)> {
        let note = "the folder was moved or replaced while it was listed";
        let folder = self.folders.last_mut()?;
        folder.names = Names::default();
        // A folder fails once.
        let is_new = !std::mem::replace(&mut folder.is_failed, true);
        is_new.then(|| self.failed(Exception { note: note.to_owned(), ..failed(errno) }))
    }

    fn relative(&self) -> PathBuf {
        PathBuf::from(OsStr::from_bytes(&self.path))
    }

    fn excluded(&self, rule: &str) -> (PathBuf, Seen) {
        (self.relative(), Seen::Excluded { rule: rule.to_owned() })
    }

    fn failed(&self, exception: Exception) -> (PathBuf, Seen) {
        (self.relative(), Seen::Failed(exception))
    }

    /// What a folder is that cannot be opened.
    fn closed(&self, errno: Errno) -> (PathBuf, Seen) {
        let mut exception = failed(errno);
        if exception.reason == Reason::Permission {
            "is a folder that may not be opened; what is in it is not known"
                .clone_into(&mut exception.note);
        }
        self.failed(exception)
    }

    /// The rule that leaves the path at hand out, if one does.
    fn rule(&self) -> Option<String> {
        if self.own.contains(&self.path) {
            return Some("habeas keeps its work here".to_owned());
        }
        if self.globs.is_empty() {
            return None;
        }
        let path = ItemPath::file(&self.path);
        let text = path.segments().first()?;
        let (pattern, _) = self.globs.iter().find(|(_, glob)| glob.matches(text))?;
        Some(format!("exclude: {pattern}"))
    }
}

/// Opens a folder to list it.
fn open_folder(dir: impl AsFd, name: &[u8]) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    open_unseen(dir, name, flags | OFlags::CLOEXEC)
}

fn identity(dir: impl AsFd) -> Result<Identity, Errno> {
    let facts = fstat(dir)?;
    Ok((facts.st_dev, facts.st_ino))
}

/// The bytes of a name as the system knows it.
pub(crate) fn bytes(name: &OsStr) -> &[u8] {
    name.as_bytes()
}
