//! What do the command and a process that goes to the file system for it say to each other?
//!
//! Frames, as with readers. Descriptors go through the socket on its standard input, before the
//! frame that speaks of them: the socket of a reader and the root of a source this way, the root of
//! a source back. A file of a source never comes to the command.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use habeas_model::Exception;
use habeas_source::{Counted, RootParts, Seen, Source};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Both ends have to be of one build.
pub(crate) const PROTOCOL: u32 = 2;

/// A path as the system knows it, which need not be UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
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

impl From<PathBuf> for Raw {
    fn from(path: PathBuf) -> Self {
        Self(path.into_os_string().into_vec())
    }
}

impl From<Raw> for PathBuf {
    fn from(raw: Raw) -> Self {
        OsString::from_vec(raw.0).into()
    }
}

// Their bytes at once, not one by one: there are as many paths as files.
impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Raw;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("the bytes of a path")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Raw, E> {
                Ok(Raw(bytes.to_owned()))
            }
        }
        input.deserialize_bytes(Bytes)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame;

    #[test]
    fn a_path_that_is_not_text_comes_over() {
        let raw = Raw(b"a/\xff\n".to_vec());
        let mut bytes = Vec::new();
        frame::write(&mut bytes, &Errand::Open(raw.clone())).unwrap();
        let back: Option<Errand> = frame::read(&mut bytes.as_slice()).unwrap();
        assert!(matches!(back, Some(Errand::Open(back)) if back == raw));
    }
}
