//! Where does a file of a source lie, without ever leaving the source?
//!
//! A folder is opened from its source's root with `openat2`: no link, no `..`, no other file system
//! on the way. From then on its descriptor is used, so that nobody who moves folders or puts links in
//! their place leads an erasure elsewhere.

use std::ffi::OsStr;
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use habeas_model::ItemId;
use rustix::fs::{
    AtFlags, CWD, FileType, FlockOperation, Mode, OFlags, ResolveFlags, Stat, StatVfsMountFlags,
    flock, fstat, fstatvfs, openat, openat2, statat,
};
use rustix::io::Errno;
use rustix::process::{Flock, FlockType, fcntl_getlk};
use serde::{Deserialize, Serialize};

/// Bytes of a path that are given to the system at once: fewer than its limit of 4,096.
const PIECE_BYTES: usize = 3_800;

/// The folder that the files of a source are reached from.
pub(crate) struct Root {
    dir: OwnedFd,
    /// The name of the only file, of a source that is one file.
    only: Option<Vec<u8>>,
}

/// A name in an open folder.
pub(crate) struct Spot {
    pub(crate) folder: OwnedFd,
    pub(crate) name: Vec<u8>,
}

/// What the file system says of a name or an open file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The file system.
    pub device: u64,
    /// The file on it.
    pub inode: u64,
    /// Its length.
    pub size_bytes: u64,
    /// Its last change of content, nanoseconds since 1970.
    pub modified_ns: i64,
    /// How many names it has.
    pub n_links: u64,
    /// Type and rights.
    pub mode: u32,
    /// Its owner.
    pub owner: u32,
    /// Its group.
    pub group: u32,
}

impl Facts {
    fn of(facts: &Stat) -> Self {
        Self {
            device: facts.st_dev,
            inode: facts.st_ino,
            size_bytes: u64::try_from(facts.st_size).unwrap_or(0),
            modified_ns: facts
                .st_mtime
                .saturating_mul(1_000_000_000)
                .saturating_add(i64::try_from(facts.st_mtime_nsec).unwrap_or(0)),
            n_links: facts.st_nlink,
            mode: facts.st_mode,
            owner: facts.st_uid,
            group: facts.st_gid,
        }
    }

    /// Is it a file with content?
    pub fn is_file(&self) -> bool {
        FileType::from_raw_mode(self.mode) == FileType::RegularFile
    }

    /// Are these two of the same file on disk?
    pub fn is_same_file(&self, other: &Self) -> bool {
        (self.device, self.inode) == (other.device, other.inode)
    }
}

/// Why a file is left alone, in a sentence without personal data.
pub(crate) type Refusal = String;

impl Root {
    /// Opens the root of a source; it may be a link, as the configuration names it.
    pub(crate) fn open(path: &Path) -> Result<Self, Refusal> {
        let real = path.canonicalize().map_err(|_| "its source is not there".to_owned())?;
        let (base, only) = match (real.is_dir(), real.parent(), real.file_name()) {
            (false, Some(parent), Some(name)) => {
                (parent.to_owned(), Some(name.as_bytes().to_owned()))
            }
            _ => (real, None),
        };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let dir =
            openat(CWD, &base, flags, Mode::empty()).map_err(|errno| said("its source", errno))?;
        Ok(Self { dir, only })
    }

    /// The file system and folder that it is.
    pub(crate) fn identity(&self) -> Result<(u64, u64), Refusal> {
        let facts = fstat(&self.dir).map_err(|errno| said("its source", errno))?;
        Ok((facts.st_dev, facts.st_ino))
    }

    /// The folder and name of a file, by its path relative to the source.
    pub(crate) fn spot(&self, relative: &[u8]) -> Result<Spot, Refusal> {
        let relative = self.only.as_deref().unwrap_or(relative);
        let (folder, name) = match relative.iter().rposition(|byte| *byte == b'/') {
            Some(at) => (&relative[..at], &relative[at + 1..]),
            None => (&[][..], relative),
        };
        if matches!(name, b"" | b"." | b"..") {
            return Err("its name is no name of a file".to_owned());
        }
        let folder = descend(&self.dir, folder)?;
        Ok(Spot { folder, name: name.to_owned() })
    }
}

/// Opens a folder below `dir`, which may not be left.
fn descend(dir: &OwnedFd, path: &[u8]) -> Result<OwnedFd, Refusal> {
    if path.starts_with(b"/") || path.split(|byte| *byte == b'/').any(|name| name == b"..") {
        return Err("its path leads out of its source".to_owned());
    }
    let resolve = ResolveFlags::BENEATH
        | ResolveFlags::NO_SYMLINKS
        | ResolveFlags::NO_MAGICLINKS
        | ResolveFlags::NO_XDEV;
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut here: Option<OwnedFd> = None;
    for piece in pieces(path).chain(path.is_empty().then_some(b".".as_slice())) {
        let from = here.as_ref().map_or(dir.as_fd(), AsFd::as_fd);
        let next =
            openat2(from, piece, flags, Mode::empty(), resolve).map_err(|errno| match errno {
                Errno::LOOP | Errno::NOTDIR => "a link stands on the way to it".to_owned(),
                Errno::XDEV => {
                    "it lies on another file system than its source, or out of it".to_owned()
                }
                Errno::NOSYS => {
                    "the system cannot open paths without following links (it needs Linux 5.6)"
                        .to_owned()
                }
                errno => said("its folder", errno),
            })?;
        here = Some(next);
    }
    here.ok_or_else(|| "its folder is not there".to_owned())
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

impl Spot {
    /// What stands at the name, or at another name of the folder; nothing is followed.
    pub(crate) fn look(&self, name: &[u8]) -> Result<Option<Facts>, Refusal> {
        match statat(&self.folder, name, AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT) {
            Ok(facts) => Ok(Some(Facts::of(&facts))),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(said("it", errno)),
        }
    }

    /// Opens the file of a name for reading.
    pub(crate) fn open(&self, name: &[u8]) -> Result<(File, Facts), Refusal> {
        let gone = || "it is gone".to_owned();
        let listed = self.look(name)?.ok_or_else(gone)?;
        if !listed.is_file() {
            return Err("it is a link, or no longer a file".to_owned());
        }
        let flags =
            OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file =
            openat(&self.folder, name, flags, Mode::empty()).map_err(|errno| match errno {
                Errno::LOOP => "it is a link".to_owned(),
                Errno::NOENT => gone(),
                errno => said("it", errno),
            })?;
        let facts = facts_of(&file)?;
        if !facts.is_file() {
            return Err("it is no longer a file".to_owned());
        }
        Ok((File::from(file), facts))
    }

    /// Is it open for writing to somebody who locks what they write?
    pub(crate) fn is_locked(&self, file: &File) -> bool {
        if matches!(fcntl_getlk(file, &Flock::from(FlockType::WriteLock)), Ok(Some(_))) {
            return true;
        }
        // A mailbox is also locked by a file of its name with `.lock` behind it.
        let dot = [self.name.as_slice(), b".lock"].concat();
        if matches!(self.look(&dot), Ok(Some(_))) {
            return true;
        }
        // Held until the file is closed, so that whoever asks waits for the erasure.
        matches!(flock(file, FlockOperation::NonBlockingLockExclusive), Err(Errno::WOULDBLOCK))
    }

    /// Why nothing can be changed here, if so: the disk, the folder or the file is read only.
    pub(crate) fn read_only(&self, facts: &Facts) -> Option<&'static str> {
        let is_mounted = fstatvfs(&self.folder)
            .is_ok_and(|disk| disk.f_flag.contains(StatVfsMountFlags::RDONLY));
        let folder = fstat(&self.folder).map_or(0, |facts| facts.st_mode);
        if is_mounted {
            Some("its disk is mounted for reading only")
        } else if folder & 0o222 == 0 {
            Some("its folder is marked read only")
        } else if facts.mode & 0o222 == 0 {
            Some("it is marked read only")
        } else {
            None
        }
    }
}

/// What the file system says of an open file.
pub(crate) fn facts_of(file: &impl AsFd) -> Result<Facts, Refusal> {
    fstat(file).map(|facts| Facts::of(&facts)).map_err(|errno| said("it", errno))
}

/// The bytes of an open file, if they hold still, and their digest.
pub(crate) fn contents(file: &File, most_bytes: u64) -> Result<(Vec<u8>, ItemId), Refusal> {
    let (bytes, _) = habeas_source::read_open(file, most_bytes)
        .map_err(|exception| format!("it cannot be read: {exception}"))?;
    let id = ItemId::of(&bytes);
    Ok((bytes, id))
}

/// What the system said, as the rest of a sentence.
pub(crate) fn said(what: &str, errno: Errno) -> Refusal {
    let text = std::io::Error::from(errno).to_string();
    let text = text.split(" (os error").next().unwrap_or_default().to_lowercase();
    format!("{what} cannot be used: {text}")
}

/// Raw bytes of a relative path as text that stands for them and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RawPath {
    /// It is UTF-8.
    Text(String),
    /// It is not: its bytes in hexadecimal.
    Hex(String),
}

impl RawPath {
    /// The path with these bytes.
    pub fn new(path: &Path) -> Self {
        let bytes = path.as_os_str().as_bytes();
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Hex(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
        }
    }

    /// Its bytes; `None` for what is no path.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let bytes = match self {
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Hex(text) => {
                let digits = text.as_bytes().chunks(2);
                let byte =
                    |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
                digits.map(byte).collect::<Option<Vec<u8>>>()?
            }
        };
        (!bytes.contains(&0)).then_some(bytes)
    }

    /// As the system takes it.
    pub fn path(&self) -> Option<std::path::PathBuf> {
        Some(std::path::PathBuf::from(OsStr::from_bytes(&self.bytes()?)))
    }
}
