//! What do the two ends of a reader's pipes say to each other?
//!
//! A frame is its length (4 bytes, little-endian) and a message in postcard. What comes from a
//! reader is hostile until it is decoded: lengths are capped, and nothing is made room for before
//! it is there.

use std::io::{self, Read, Write};

use habeas_document::Budget;
use habeas_model::{Document, Exception, Passage, Stamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Both ends have to be of one build.
pub(crate) const PROTOCOL: u32 = 2;

/// What one frame may be long: a member's whole text with its places and fields.
pub(crate) const MOST_BYTES: u32 = 512 << 20;

/// Please read this file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ask {
    /// The path as the system knows it.
    pub(crate) file: Vec<u8>,
    /// What the file is called.
    pub(crate) name: String,
    /// What reading may cost.
    pub(crate) budget: Budget,
    /// Members that a reader died of, each as the segments below the file.
    pub(crate) skip: Vec<Vec<String>>,
}

/// What a reader says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    /// It is up; in words, how it is confined.
    Hello { protocol: u32, isolation: String },
    /// The file's bytes are there: its stamp, digest and length.
    Opened { stamp: Stamp, id: [u8; 32], size_bytes: u64 },
    /// The file's bytes cannot be had.
    Unopened(Exception),
    /// The member whose segments these are comes next; if the reader dies, it died of it.
    Begin { below: Vec<String> },
    /// A member was read.
    Member(Box<Said>),
    /// Further rows of the member before, in order.
    More { passages: Vec<Passage>, is_last: bool },
    /// The file is done.
    End,
}

/// A member as it crosses the pipe: with its path below the file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Said {
    pub(crate) below: Vec<String>,
    pub(crate) id: [u8; 32],
    pub(crate) size_bytes: u64,
    pub(crate) document: Document,
    pub(crate) n_children: u64,
    /// Is that all, or do further rows follow?
    pub(crate) is_whole: bool,
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
        let mut short: &[u8] = &[0, 0, 0, 0x10, 1, 2];
        assert!(read::<Answer>(&mut short).unwrap().is_none());
        let mut nonsense: &[u8] = &[3, 0, 0, 0, 99, 99, 99];
        assert_eq!(read::<Answer>(&mut nonsense).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn a_frame_comes_back() {
        let mut bytes = Vec::new();
        write(&mut bytes, &Answer::Begin { below: vec!["a".to_owned()] }).unwrap();
        let back: Option<Answer> = read(&mut bytes.as_slice()).unwrap();
        assert!(matches!(back, Some(Answer::Begin { below }) if below == ["a"]));
    }
}
