//! What do the command and a process that goes to the file system for it say to each other?
//!
//! Frames, as with readers. Descriptors go through the socket on its standard input, before the
//! frame that speaks of them: the socket of a reader and the root of a source this way, the root of
//! a source back. A file of a source never comes to the command.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use habeas_model::Exception;
use habeas_source::{Counted, RootParts, Seen, Source};
use serde::{Deserialize, Serialize};

/// Both ends have to be of one build.
pub(crate) const PROTOCOL: u32 = 1;

/// A path as the system knows it, which need not be UTF-8.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Raw(Vec<u8>);

impl Raw {
    pub(crate) fn path(&self) -> &Path {
        Path::new(OsStr::from_bytes(&self.0))
    }
}

impl From<&Path> for Raw {
    fn from(path: &Path) -> Self {
        Self(path.as_os_str().as_bytes().to_owned())
    }
}

/// A [`Source`] whose root need not be UTF-8.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Searched {
    name: habeas_model::SourceName,
    root: Raw,
    exclude: Vec<String>,
    /// Folders that Habeas keeps its own work in.
    own: Vec<Raw>,
}

impl Searched {
    pub(crate) fn new(source: &Source, own: &[&Path]) -> Self {
        Self {
            name: source.name.clone(),
            root: source.root.as_path().into(),
            exclude: source.exclude.clone(),
            own: own.iter().map(|own| Raw::from(*own)).collect(),
        }
    }

    pub(crate) fn source(&self) -> Source {
        Source {
            name: self.name.clone(),
            root: self.root.path().to_owned(),
            exclude: self.exclude.clone(),
        }
    }

    pub(crate) fn own(&self) -> Vec<&Path> {
        self.own.iter().map(Raw::path).collect()
    }
}

/// What is to be done in the file system.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Errand {
    /// List a source.
    List(Searched),
    /// Count a source, in another way than listing does.
    Count(Searched),
    /// Say what is at a path.
    Look(Raw),
    /// Open a file and hand it to the reader whose socket comes with this.
    Open(Raw),
    /// The same of a file of a source, whose root comes after the socket, if it could be opened.
    OpenListed { root: RootParts, raw: Raw },
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Report {
    /// The process is up.
    Up { protocol: u32 },
    /// The file system has answered, and there is more to do.
    Alive,
    /// The source is there: the folder that its relative paths start from, and its root, whose
    /// descriptor came before this, if it could be opened.
    Rooted { base: Raw, root: RootParts },
    /// The source is not there.
    Missing,
    /// What was listed next, in order.
    Seen(Vec<(Raw, Seen)>),
    /// That was all.
    End,
    /// What the source was counted to hold.
    Counted(Counted),
    /// What is at the path.
    Looked(Looked),
    /// The reader has the file, which is so long.
    Opened { size_bytes: u64 },
    /// The file cannot be opened; the reader was sent nothing.
    Unopened(Exception),
}

/// What is at a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// Is anything there?
    pub is_there: bool,
    /// Is it a folder?
    pub is_folder: bool,
    /// Could this account write to it?
    pub is_writable: bool,
}

impl From<Raw> for PathBuf {
    fn from(raw: Raw) -> Self {
        use std::os::unix::ffi::OsStringExt;
        std::ffi::OsString::from_vec(raw.0).into()
    }
}
