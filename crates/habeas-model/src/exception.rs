//! Why an item, or a part of it, could not be read.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Place;

/// The closed list of reasons. Each has a code that machines can rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No reader for this kind of file.
    Unsupported,
    /// Needs a password.
    Encrypted,
    /// Not what its kind of file has to be.
    Corrupt,
    /// Ends before it should.
    Truncated,
    /// Holds no text that could be read: a scan, a picture, a recording.
    NoText,
    /// The system refused to open it.
    Permission,
    /// The system failed while it was read.
    Io,
    /// Was listed, and was gone when it should be read.
    Vanished,
    /// Changed while it was read.
    Changed,
    /// The reader died; the item is to blame.
    ReaderFailed,
    /// Took longer than it may.
    TimeLimit,
    /// Needed more memory than it may.
    MemoryLimit,
    /// Says more than one item may.
    OutputLimit,
    /// Containers in containers, deeper than allowed.
    DepthLimit,
    /// More members than one container may have.
    CountLimit,
    /// Unpacks to more than it may.
    ExpansionLimit,
    /// Larger than one file may be.
    SizeLimit,
    /// Somebody else has it open and lets nobody in.
    Locked,
    /// Its disk or share stopped answering.
    Stalled,
    /// Its reader said what no reader says; the item is to blame.
    Protocol,
    /// Was recognised in a picture, with little confidence: some of the text may be wrong.
    LowConfidence,
}

impl Reason {
    /// Every reason there is, in the order of their codes' meaning: for tables and tests.
    pub const ALL: [Self; 21] = [
        Self::Unsupported,
        Self::Encrypted,
        Self::Corrupt,
        Self::Truncated,
        Self::NoText,
        Self::LowConfidence,
        Self::Permission,
        Self::Io,
        Self::Vanished,
        Self::Changed,
        Self::Locked,
        Self::Stalled,
        Self::ReaderFailed,
        Self::Protocol,
        Self::TimeLimit,
        Self::MemoryLimit,
        Self::OutputLimit,
        Self::DepthLimit,
        Self::CountLimit,
        Self::ExpansionLimit,
        Self::SizeLimit,
    ];

    /// The code, as written in every output.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unsupported => "unsupported",
            Self::Encrypted => "encrypted",
            Self::Corrupt => "corrupt",
            Self::Truncated => "truncated",
            Self::NoText => "no_text",
            Self::Permission => "permission",
            Self::Io => "io",
            Self::Vanished => "vanished",
            Self::Changed => "changed",
            Self::ReaderFailed => "reader_failed",
            Self::TimeLimit => "time_limit",
            Self::MemoryLimit => "memory_limit",
            Self::OutputLimit => "output_limit",
            Self::DepthLimit => "depth_limit",
            Self::CountLimit => "count_limit",
            Self::ExpansionLimit => "expansion_limit",
            Self::SizeLimit => "size_limit",
            Self::Locked => "locked",
            Self::Stalled => "stalled",
            Self::Protocol => "protocol",
            Self::LowConfidence => "low_confidence",
        }
    }

    /// May it be otherwise when limits are raised, passwords are given, or a recogniser of text is
    /// installed?
    pub fn depends_on_limits(self) -> bool {
        matches!(
            self,
            Self::Encrypted
                | Self::NoText
                | Self::TimeLimit
                | Self::MemoryLimit
                | Self::OutputLimit
                | Self::DepthLimit
                | Self::CountLimit
                | Self::ExpansionLimit
                | Self::SizeLimit
        )
    }

    /// What a person can do about it, in one sentence.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Unsupported => "look at it by hand, or convert it to a format that is read",
            Self::Encrypted => {
                "put its password in the file that `passwords` names in habeas.toml, and run \
                 `habeas index` again; or ask its custodian for an open copy"
            }
            Self::Corrupt | Self::Truncated => "look for another copy, or open it by hand",
            Self::NoText => {
                "look at or listen to it by hand; for scans and pictures, install tesseract-ocr and \
                 run `habeas index` again"
            }
            Self::Permission => "run as a user who may read it",
            Self::Io => "check the disk or the share, then run `habeas index` again",
            Self::Vanished | Self::Changed => "run `habeas index` again when nobody works on it",
            Self::ReaderFailed | Self::Protocol => {
                "open it by hand, and report it: a reader should not fail"
            }
            Self::Locked => "close the program that has it open, and run `habeas index` again",
            Self::Stalled => "check the disk or the share, then run `habeas index` again",
            Self::LowConfidence => "compare the text with the picture by hand",
            Self::TimeLimit
            | Self::MemoryLimit
            | Self::OutputLimit
            | Self::DepthLimit
            | Self::CountLimit
            | Self::ExpansionLimit
            | Self::SizeLimit => "raise the limit in habeas.toml, or unpack and look by hand",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

/// An item, or a part of one, that could not be read. It is recorded, and the run goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Why.
    pub reason: Reason,
    /// The part that could not be read; `None` if nothing of the item could be.
    pub place: Option<Place>,
    /// More for a person, without anything that the item says: `AES-256`, `page tree is a loop`.
    pub note: String,
    /// Was some of the item read all the same? Such an item counts as read, in part.
    pub is_partial: bool,
}

impl Exception {
    /// The whole item could not be read.
    pub fn whole(reason: Reason, note: impl Into<String>) -> Self {
        Self { reason, place: None, note: note.into(), is_partial: false }
    }

    /// The same exception, of the part at that place.
    pub fn at(self, place: Place) -> Self {
        Self { place: Some(place), ..self }
    }

    /// A part of the item could not be read; the rest was.
    pub fn part(reason: Reason, place: Option<Place>, note: impl Into<String>) -> Self {
        Self { reason, place, note: note.into(), is_partial: true }
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.reason)?;
        if let Some(place) = &self.place {
            write!(out, " at {place}")?;
        }
        if !self.note.is_empty() {
            write!(out, ": {}", self.note)?;
        }
        Ok(())
    }
}
