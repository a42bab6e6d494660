//! What do the two ends of a reader say to each other?
//!
//! A frame is its length (4 bytes, little-endian) and a message in postcard. What comes from a
//! reader is hostile until it is decoded: lengths are capped, and nothing is made room for before
//! it is there. Descriptors go beside the frames, see `wire.rs`.

use std::io::{self, Read, Write};

use habeas_document::page::Page;
use habeas_document::{Budget, Spent};
use habeas_model::{Document, Exception, Passage, Place, Stamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Both ends have to be of one build.
pub(crate) const PROTOCOL: u32 = 5;

/// What one frame may be long: a part of a document, of which one passage may be large.
pub(crate) const MOST_BYTES: u32 = 64 << 20;

/// What a page as it looks may be long.
const MOST_LOOK_BYTES: u64 = 256 << 20;

/// What the parent says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Order {
    /// Please read the item whose descriptor comes with this.
    Read(Box<Ask>),
    /// After `Opened`: is it to be read, or is it known?
    Decide { is_wanted: bool },
    /// After `Scan` and `Pause`: please go on. The sums are those of the family by now.
    Next { spent: Spent },
}

/// What is to be read, and from where on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ask {
    /// What the item is called.
    pub(crate) name: String,
    /// What reading may cost.
    pub(crate) budget: Budget,
    /// What unpacking the family has come to.
    pub(crate) spent: Spent,
    /// The digest, if the item's bytes are in memory and known; else it is a file.
    pub(crate) id: Option<[u8; 32]>,
    /// How many containers hold it.
    pub(crate) depth: u64,
    /// Can somebody recognise what is only a picture?
    pub(crate) has_eyes: bool,
    /// Memory that it may take, in bytes.
    pub(crate) memory_bytes: u64,
    /// Are its pages wanted as they look?
    pub(crate) shows: bool,
    /// Is only this page drawn and recorded, from 1?
    pub(crate) only: Option<u32>,
    /// What a reader before had brought, and died.
    pub(crate) after: After,
}

/// What need not be said again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct After {
    /// Was the document brought, with all its parts?
    pub(crate) is_said: bool,
    /// So many scans.
    pub(crate) scans: u64,
    /// So many pages as they look.
    pub(crate) looks: u64,
    /// So many members.
    pub(crate) members: u64,
}

/// What a reader says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    /// It is up; how it is confined.
    Hello { protocol: u32, confinement: Confinement },
    /// More of the file's bytes are there.
    Fetched,
    /// All of the file's bytes are there: its stamp, digest and length. Waits for `Decide`.
    Opened { stamp: Stamp, id: [u8; 32], size_bytes: u64 },
    /// The file's bytes cannot be had.
    Unopened(Exception),
    /// What the item says, or the first part of it.
    Said(Box<Said>),
    /// Further passages, in order.
    More { passages: Vec<Passage>, is_last: bool },
    /// It draws the scan at that place next; if it dies, it died of it.
    Drawing { place: Place },
    /// The scan is drawn: its descriptor comes with this. Waits for `Next`.
    Scan { dpi: u16 },
    /// The scan cannot be drawn.
    NoScan(Exception),
    /// It records how the page at that place looks next; if it dies, it died of it.
    Recording { place: Place },
    /// The page is recorded: its descriptor comes with this. Waits for `Next`.
    Look,
    /// The page cannot be recorded.
    NoLook(Exception),
    /// It unpacks the member of that name next; if it dies, it died of it.
    Unpacking { name: String },
    /// A member: its descriptor comes with this unless it cannot be had.
    Member(Packed),
    /// Enough members for now. Waits for `Next`.
    Pause { spent: Spent },
    /// The item is done; is the reader worn, so that it is better replaced?
    End { spent: Spent, is_worn: bool },
}

/// What an item says, as it crosses the pipe.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Said {
    pub(crate) document: Document,
    pub(crate) n_members: u64,
    /// Is that all, or do further passages follow?
    pub(crate) is_whole: bool,
    /// Is it a long row of records, which mean the same alone?
    pub(crate) is_table: bool,
}

/// A member as it crosses the pipe.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Packed {
    /// Its number in its container, from 0.
    pub(crate) index: u64,
    pub(crate) name: String,
    pub(crate) id: [u8; 32],
    pub(crate) size_bytes: u64,
    /// What is wrong with its bytes; or why they cannot be had.
    pub(crate) trouble: Option<Exception>,
    /// Can its bytes not be had?
    pub(crate) is_lost: bool,
}

/// What a reader process has given up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Landlock: opens no file, no connection, sends no signal.
    pub landlock: Level,
    /// Seccomp: makes no system call that reading does not need.
    pub has_seccomp: bool,
    /// Limits on memory, descriptors and core dumps.
    pub has_limits: bool,
}

/// How far a protection is in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Level {
    /// As far as the newest kernel goes.
    Whole,
    /// As far as this kernel goes.
    Part,
    /// Not at all.
    #[default]
    None,
}

/// Writes one frame and flushes.
pub(crate) fn write(out: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let bytes = postcard::to_stdvec(message).map_err(io::Error::other)?;
    let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= MOST_BYTES);
    let length = length.ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&bytes)?;
    out.flush()
}

/// A page as it crosses in a file in memory.
///
/// # Errors
/// If it is too large.
pub(crate) fn pack(page: &Page) -> io::Result<Vec<u8>> {
    let bytes = postcard::to_stdvec(page).map_err(io::Error::other)?;
    if bytes.len() as u64 > MOST_LOOK_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// The page in a file in memory.
///
/// # Errors
/// If there is none, or it is too large.
pub(crate) fn unpack(file: &std::fs::File) -> io::Result<Page> {
    let mut bytes = Vec::new();
    file.take(MOST_LOOK_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_LOOK_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let page: Page = postcard::from_bytes(&bytes).map_err(|_| io::ErrorKind::InvalidData)?;
    let pixels = page.pictures.iter().chain(&page.pixels).chain([&page.small]);
    let is_sound = pixels.into_iter().all(habeas_document::page::Pixels::is_sound);
    if is_sound { Ok(page) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// Reads one frame; `None` at the end of the stream.
pub(crate) fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_le_bytes(length);
    if length > MOST_BYTES {
        return Err(io::Error::from(io::ErrorKind::FileTooLarge));
    }
    let mut bytes = Vec::new();
    from.take(u64::from(length)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != u64::from(length) {
        return Ok(None);
    }
    postcard::from_bytes(&bytes).map(Some).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lie_about_the_length_costs_nothing() {
        let mut lie: &[u8] = &[0xff, 0xff, 0xff, 0x7f, 1, 2];
        assert_eq!(read::<Answer>(&mut lie).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        let mut short: &[u8] = &[0, 0, 0, 0x02, 1, 2];
        assert!(read::<Answer>(&mut short).unwrap().is_none());
        let mut nonsense: &[u8] = &[3, 0, 0, 0, 99, 99, 99];
        assert_eq!(read::<Answer>(&mut nonsense).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn a_frame_comes_back() {
        let mut bytes = Vec::new();
        write(&mut bytes, &Answer::Unpacking { name: "a".to_owned() }).unwrap();
        let back: Option<Answer> = read(&mut bytes.as_slice()).unwrap();
        assert!(matches!(back, Some(Answer::Unpacking { name }) if name == "a"));
    }
}
