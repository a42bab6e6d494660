//! From bytes to what they say: text with places, fields, children and exceptions.
//!
//! [`read_family`] is the one way in. It sniffs what the bytes are, reads them, and goes on into
//! what is packed in them, within a [`Budget`]. A format is one file in `formats/` and one line in
//! [`FORMATS`]; a known export is one file in `exports/` and one line in [`EXPORTS`].

use habeas_model::{ItemPath, Member};

/// What reading one file may cost. A limit that is reached becomes an exception, never a shorter
/// text.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Budget {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of text of one item.
    pub text_bytes: u64,
    /// Bytes that all members of one file may unpack to, together.
    pub expanded_bytes: u64,
    /// How many times larger than its packed bytes a member may be, past the first 10 MiB.
    pub expansion_ratio: u64,
    /// Containers in containers.
    pub depth: usize,
    /// Members of one container.
    pub children: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            file_bytes: 1 << 30,
            text_bytes: 64 << 20,
            expanded_bytes: 2 << 30,
            expansion_ratio: 200,
            depth: 32,
            children: 100_000,
        }
    }
}

/// Reads a file and everything in it, and hands each member over as soon as it is read, a
/// container before its members.
///
/// `name` is the file's name or relative path: a hint for sniffing, and the first segment of every
/// member's path. Members whose path is in `skip` are not read: they come with an empty document
/// and the exception `ReaderFailed`, because an earlier reader died of them. Never panics by
/// intention; the caller isolates it all the same.
pub fn read_family(
    name: &str,
    bytes: &[u8],
    budget: &Budget,
    skip: &[ItemPath],
    out: &mut dyn FnMut(Member),
) {
    let _ = (name, bytes, budget, skip, out);
    todo!()
}
