//! How is a file of a source opened, however long its path is?
//!
//! The system takes paths of up to 4,095 bytes; a path in a folder may be longer. So a file is
//! opened from its source's root, a piece of its path at a time, and no piece may lead through a
//! link or out of the folder it starts from.

use std::ffi::OsStr;
use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use habeas_model::{Exception, ItemPath, Reason};
use rustix::fs::{
    AtFlags, CWD, FileType, FlockOperation, Mode, OFlags, ResolveFlags, Stat, flock, fstat, openat,
    openat2, statat,
};
use rustix::io::Errno;
use rustix::process::{Flock, FlockType, fcntl_getlk};
use serde::{Deserialize, Serialize};

use crate::list::bytes;
use crate::reason::failed;
use crate::{Entry, Error, Listed, Seen, Source};

/// Bytes of a path that are given to the system at once: fewer than its limit of 4,096.
const PIECE_BYTES: usize = 3_800;

/// How a folder is opened to open what is in it: this needs no right to list it.
const PASSING: OFlags =
    OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// An open folder that the files of a source are opened from.
///
/// Copies are cheap and share one descriptor. It stays the same folder when somebody renames it or
/// puts another one in its place.
#[derive(Clone, Debug)]
pub struct Root {
    /// Or why it could not be opened.
    pub(crate) dir: Result<Arc<OwnedFd>, Errno>,
    /// Its path as the system knows it, which entries' absolute paths start with.
    pub(crate) base: PathBuf,
    /// Of a source that is one file: the name by which it is listed, and its own.
    pub(crate) only: Option<(PathBuf, PathBuf)>,
}

/// All of a [`Root`] but its descriptor, to give it to another process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RootParts {
    /// The number of the error that kept it from being opened.
    errno: Option<i32>,
    base: Vec<u8>,
    only: Option<(Vec<u8>, Vec<u8>)>,
}

impl RootParts {
    /// Does a descriptor belong to it?
    pub fn is_open(&self) -> bool {
        self.errno.is_none()
    }
}

impl Root {
    /// The absolute folder that the paths of entries start with.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// What another process needs to have the same root; the descriptor goes beside it.
    pub fn parts(&self) -> (RootParts, Option<BorrowedFd<'_>>) {
        let owned = |path: &Path| bytes(path.as_os_str()).to_owned();
        let parts = RootParts {
            errno: self.dir.as_ref().err().map(|errno| errno.raw_os_error()),
            base: owned(&self.base),
            only: self.only.as_ref().map(|(listed, real)| (owned(listed), owned(real))),
        };
        (parts, self.dir.as_ref().ok().map(|dir| dir.as_fd()))
    }

    /// The root that another process took apart. Without its descriptor every file in it is an
    /// exception.
    pub fn from_parts(parts: RootParts, dir: Option<OwnedFd>) -> Self {
        let path = |bytes: &[u8]| PathBuf::from(OsStr::from_bytes(bytes));
        let errno = parts.errno.map_or(Errno::BADF, Errno::from_raw_os_error);
        Self {
            dir: dir.map(Arc::new).ok_or(errno),
            base: path(&parts.base),
            only: parts.only.map(|(listed, real)| (path(&listed), path(&real))),
        }
    }

    /// Puts together what a listing says of a relative path.
    pub fn listed(&self, relative: &Path, seen: Seen) -> Listed {
        let path = ItemPath::file(bytes(relative.as_os_str()));
        let facts = match seen {
            Seen::File(facts) => facts,
            Seen::Excluded { rule } => return Listed::Excluded { path, rule },
            Seen::Failed(exception) => return Listed::Failed { path, exception },
        };
        let inside = self.only.as_ref().map_or(relative, |(_, real)| real);
        Listed::File(Entry {
            path,
            raw: self.base.join(inside),
            stamp: facts.stamp,
            device: facts.device,
            n_links: facts.n_links,
            rights: facts.rights,
            root: self.clone(),
        })
    }

    /// Opens the root of a source; it may be a link, as the configuration names it.
    ///
    /// A folder without permission is no error: every file in it will be an exception.
    ///
    /// # Errors
    /// If the root is not there.
    pub fn new(source: &Source) -> Result<Self, Error> {
        let missing = |_| Error::Missing {
            name: source.name.clone(),
            path: source.root.display().to_string(),
        };
        let real = source.root.canonicalize().map_err(missing)?;
        let (base, only) = match (real.is_dir(), real.parent(), real.file_name()) {
            (false, Some(parent), Some(name)) => {
                let listed = source.root.file_name().unwrap_or(name);
                (parent.to_owned(), Some((PathBuf::from(listed), PathBuf::from(name))))
            }
            _ => (source.root.clone(), None),
        };
        let flags = PASSING.difference(OFlags::NOFOLLOW);
        let dir = openat(CWD, &base, flags, Mode::empty()).map(Arc::new);
        Ok(Self { dir, base, only })
    }

    /// Opens a file for reading, by its path relative to the root as listed.
    ///
    /// Leaves no trace on the file where the system permits (its time of access is that of its
    /// custodian), follows no link, and waits for nobody.
    ///
    /// # Errors
    /// The exception that says why not: `Vanished`, `Permission`; `Changed` if there is no longer a
    /// file; `Locked` if somebody else has locked it for writing. Who holds a lease on it has been
    /// told to give it up, so a second try, later, may succeed.
    pub fn open(&self, relative: &Path) -> Result<File, Exception> {
        let relative = match &self.only {
            Some((listed, real)) if listed == relative => real,
            _ => relative,
        };
        let dir = self.dir.as_ref().map_err(|errno| failed(*errno))?;
        let path = bytes(relative.as_os_str());
        let (folder, name) = split(path);
        if folder.is_empty() {
            return open_in(dir, name);
        }
        open_in(descend(dir, folder).map_err(failed)?, name)
    }

    /// As [`Root::open`], by the absolute path that an [`Entry`] has.
    ///
    /// # Errors
    /// As [`Root::open`].
    pub fn open_raw(&self, raw: &Path) -> Result<File, Exception> {
        match raw.strip_prefix(&self.base) {
            Ok(relative) => self.open(relative),
            Err(_) => Err(failed(Errno::XDEV)),
        }
    }
}

/// Opens a file for reading by any path, also one longer than the system takes.
///
/// Folders on the way may be links, the file itself may not. Otherwise as [`Root::open`].
///
/// # Errors
/// As [`Root::open`].
pub fn open(path: &Path) -> Result<File, Exception> {
    let (folder, name) = split(bytes(path.as_os_str()));
    let is_absolute = path.is_absolute();
    let start = if is_absolute { "/" } else { "." };
    let flags = PASSING.difference(OFlags::NOFOLLOW);
    let mut dir = openat(CWD, start, flags, Mode::empty()).map_err(failed)?;
    for piece in pieces(folder) {
        dir = openat(&dir, piece, flags, Mode::empty()).map_err(failed)?;
    }
    open_in(dir, name)
}

/// Opens a folder below `dir` by its relative path, to open what is in it.
pub(crate) fn descend(dir: impl AsFd, path: &[u8]) -> Result<OwnedFd, Errno> {
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    let mut here: Option<OwnedFd> = None;
    // The checks of the system once more, for where it has none.
    if path.starts_with(b"/") || path.split(|b| *b == b'/').any(|name| name == b"..") {
        return Err(Errno::XDEV);
    }
    for piece in pieces(path) {
        let from = here.as_ref().map_or(dir.as_fd(), AsFd::as_fd);
        let next = match openat2(from, piece, PASSING, Mode::empty(), resolve) {
            // Older than Linux 5.6, or hidden by a container: name by name is as good.
            Err(Errno::NOSYS | Errno::PERM | Errno::INVAL) => by_name(from, piece)?,
            opened => opened?,
        };
        here = Some(next);
    }
    here.map_or_else(|| openat(dir, c".", PASSING, Mode::empty()), Ok)
}

/// As [`descend`], one name at a time.
fn by_name(dir: impl AsFd, path: &[u8]) -> Result<OwnedFd, Errno> {
    let mut here: Option<OwnedFd> = None;
    for name in path.split(|b| *b == b'/').filter(|name| !name.is_empty()) {
        let from = here.as_ref().map_or(dir.as_fd(), AsFd::as_fd);
        here = Some(openat(from, name, PASSING, Mode::empty())?);
    }
    here.map_or_else(|| openat(dir, c".", PASSING, Mode::empty()), Ok)
}

/// A path in pieces that the system takes, each of whole names.
fn pieces(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = path;
    std::iter::from_fn(move || {
        while let [b'/', after @ ..] = rest {
            rest = after;
        }
        if rest.len() <= PIECE_BYTES {
            return (!rest.is_empty()).then(|| std::mem::take(&mut rest));
        }
        let end = rest[..=PIECE_BYTES].iter().rposition(|b| *b == b'/').unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

/// The folder and the name of a path.
fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|b| *b == b'/') {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (&[], path),
    }
}

/// Opens the file of that name in a folder.
fn open_in(dir: impl AsFd, name: &[u8]) -> Result<File, Exception> {
    let no_file = || Exception::whole(Reason::Changed, "is no longer a file");
    if matches!(name, b"" | b"." | b"..") {
        return Err(no_file());
    }
    // To open a pipe or a device is to use it, so what it is is asked first.
    let listed = look(&dir, name).map_err(failed)?;
    if !is_file(&listed) {
        return Err(no_file());
    }
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = open_unseen(&dir, name, flags | OFlags::NOCTTY).map_err(failed)?;
    if !is_file(&fstat(&file).map_err(failed)?) {
        return Err(no_file());
    }
    if is_locked(&file) {
        return Err(Exception::whole(Reason::Locked, "is locked by another program"));
    }
    Ok(File::from(file))
}

/// What the file system says of a name, without following or mounting anything.
pub(crate) fn look(dir: impl AsFd, name: &[u8]) -> Result<Stat, Errno> {
    statat(dir, name, AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT)
}

/// Opens without a trace in the time of access, where the system permits: to owners.
pub(crate) fn open_unseen(dir: impl AsFd, name: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    match openat(&dir, name, flags | OFlags::NOATIME, Mode::empty()) {
        Err(Errno::PERM) => openat(&dir, name, flags, Mode::empty()),
        opened => opened,
    }
}

pub(crate) fn is_file(facts: &Stat) -> bool {
    FileType::from_raw_mode(facts.st_mode) == FileType::RegularFile
}

/// Has another program locked it for writing, with `fcntl` or with `flock`?
///
/// A file system that knows no locks has none. The first question leaves nothing behind; the second
/// can only be asked by taking a shared lock, which is given back at once.
fn is_locked(file: &OwnedFd) -> bool {
    if matches!(fcntl_getlk(file, &Flock::from(FlockType::ReadLock)), Ok(Some(_))) {
        return true;
    }
    match flock(file, FlockOperation::NonBlockingLockShared) {
        Ok(()) => {
            let _ = flock(file, FlockOperation::NonBlockingUnlock);
            false
        }
        Err(errno) => errno == Errno::WOULDBLOCK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_is_cut_between_names() {
        let path = format!("/{}", vec!["x".repeat(250); 49].join("/"));
        let cut: Vec<&[u8]> = pieces(path.as_bytes()).collect();
        assert!(cut.iter().all(|piece| piece.len() <= PIECE_BYTES && !piece.ends_with(b"/")));
        assert_eq!(cut.join(&b'/'), path.as_bytes()[1..]);
        assert_eq!(pieces(b"//a//").collect::<Vec<_>>(), [b"a//".as_slice()]);
        assert_eq!(pieces(b"").count(), 0);
    }

    #[test]
    fn name_by_name_leads_to_the_same_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
        std::os::unix::fs::symlink("a", folder.path().join("link")).unwrap();
        let root = std::fs::File::open(folder.path()).unwrap();
        let id = |dir: OwnedFd| fstat(dir).unwrap().st_ino;
        for path in [b"a/b".as_slice(), b"a", b""] {
            assert_eq!(id(descend(&root, path).unwrap()), id(by_name(&root, path).unwrap()));
        }
        assert_eq!(descend(&root, b"a/../..").unwrap_err(), Errno::XDEV);
        assert_eq!(descend(&root, b"/etc").unwrap_err(), Errno::XDEV);
        assert!(matches!(descend(&root, b"link/b"), Err(Errno::LOOP | Errno::NOTDIR)));
        assert!(matches!(by_name(&root, b"link/b"), Err(Errno::LOOP | Errno::NOTDIR)));
    }
}
