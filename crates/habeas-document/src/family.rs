//! In which order are a file and all that is packed in it read?
//!
//! A container comes before its members, its members in the order it lists them, and the members
//! of a member before the next one. A member is unpacked when it is its turn and dropped
//! when its own members are done, so memory holds one chain of containers, not a whole tree.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use habeas_model::{Document, Exception, ItemId, ItemPath, Member, Reason};

use crate::Budget;
use crate::formats::Format;
use crate::out::{Child, Content, Input, Out, Unpacked};
use crate::sniff::{self, Taken};

/// Reads a file and everything in it, and hands each member over as soon as it is read, a
/// container before its members.
///
/// `name` is the file's name or relative path: a hint for sniffing, and the first segment of every
/// member's path. Members whose path is in `skip` are not read: they come with an empty document
/// and the exception `ReaderFailed`, because an earlier reader died of them. Never panics by
/// intention; the caller isolates it all the same.
///
/// A member whose bytes cannot be had (encrypted, damaged, too large) is handed over too; its id is
/// then made from its container's id and its number, so that it is nobody's duplicate.
pub fn read_family(
    name: &str,
    bytes: &[u8],
    budget: &Budget,
    skip: &[ItemPath],
    out: &mut dyn FnMut(Member),
) {
    let path = ItemPath::file(name.as_bytes());
    let mut family = Family { budget, skip, out, expanded_bytes: 0, wasted_bytes: 0 };
    family.read(path, ItemId::of(bytes), bytes, None);
}

/// How many bombs as large as the whole budget one file may hold before its members are given up.
const MAX_BOMBS: u64 = 4;

struct Family<'f> {
    budget: &'f Budget,
    skip: &'f [ItemPath],
    out: &'f mut dyn FnMut(Member),
    /// What all members so far have unpacked to.
    expanded_bytes: u64,
    /// What was unpacked and thrown away, because it was more than allowed. It has a limit of its
    /// own, so that one bomb does not keep the members after it from being read.
    wasted_bytes: u64,
}

impl Family<'_> {
    /// Reads one item whose bytes are at hand, and then its members.
    fn read(&mut self, path: ItemPath, id: ItemId, bytes: &[u8], trouble: Option<Exception>) {
        let size_bytes = bytes.len() as u64;
        let refusal = if self.skip.contains(&path) {
            Some((Reason::ReaderFailed, "an earlier reader died of it".to_owned()))
        } else if size_bytes > self.budget.file_bytes {
            Some((Reason::SizeLimit, format!("more than {} bytes", self.budget.file_bytes)))
        } else {
            None
        };
        if let Some((reason, note)) = refusal {
            return self.hand_over_unread(path, id, size_bytes, Exception::whole(reason, note));
        }
        let name = path.name().to_owned();
        let (mut document, children) = read_one(&name, bytes, self.budget);
        if let Some(mut trouble) = trouble {
            trouble.is_partial = !document.passages.is_empty() || !children.is_empty();
            document.exceptions.push(trouble);
        }
        let n_children = children.len() as u64;
        (self.out)(Member { path: path.clone(), id, size_bytes, document, n_children });
        for (index, child) in children.into_iter().enumerate() {
            self.read_child(&path, id, index, child);
        }
    }

    fn read_child(&mut self, parent: &ItemPath, parent_id: ItemId, index: usize, child: Child<'_>) {
        let path = parent.member(&child.name);
        let stand_in = ItemId::of(format!("{parent_id} member {index}").as_bytes());
        if parent.depth() >= self.budget.depth {
            let note = format!("more than {} containers deep", self.budget.depth);
            let why = Exception::whole(Reason::DepthLimit, note);
            return self.hand_over_unread(path, stand_in, child.content.size_bytes(), why);
        }
        match child.content {
            Content::Bytes(bytes) => {
                // A slice of the container is not unpacked.
                let n_bytes = if matches!(bytes, Cow::Owned(_)) { bytes.len() as u64 } else { 0 };
                if self.expanded_bytes + n_bytes > self.budget.expanded_bytes {
                    let size_bytes = bytes.len() as u64;
                    return self.hand_over_unread(path, stand_in, size_bytes, expansion());
                }
                self.expanded_bytes += n_bytes;
                self.read(path, ItemId::of(&bytes), &bytes, None);
            }
            Content::Packed { packed_bytes, unpack } => {
                if self.skip.contains(&path) {
                    // Unpacking may be what the earlier reader died of.
                    let died = Exception::whole(
                        Reason::ReaderFailed,
                        "an earlier reader died of it".to_owned(),
                    );
                    return self.hand_over_unread(path, stand_in, packed_bytes, died);
                }
                let is_wasteful = self.wasted_bytes / MAX_BOMBS >= self.budget.expanded_bytes;
                let spent = if is_wasteful { u64::MAX } else { self.expanded_bytes };
                let allowance = self.budget.allowance(packed_bytes, spent);
                let unpacked = caught(|| unpack(allowance)).unwrap_or_else(|| Unpacked {
                    bytes: Vec::new(),
                    exception: Some(Exception::whole(Reason::ReaderFailed, "while unpacking")),
                });
                let n_bytes = unpacked.bytes.len() as u64;
                if n_bytes > allowance {
                    self.wasted_bytes += n_bytes;
                    return self.hand_over_unread(path, stand_in, packed_bytes, expansion());
                }
                self.expanded_bytes += n_bytes;
                match unpacked.exception {
                    Some(why) if unpacked.bytes.is_empty() => {
                        self.hand_over_unread(path, stand_in, packed_bytes, why);
                    }
                    trouble => {
                        let id = ItemId::of(&unpacked.bytes);
                        self.read(path, id, &unpacked.bytes, trouble);
                    }
                }
            }
            Content::Lost { size_bytes, why } => {
                self.hand_over_unread(path, stand_in, size_bytes, why);
            }
        }
    }

    fn hand_over_unread(&mut self, path: ItemPath, id: ItemId, size_bytes: u64, why: Exception) {
        let media_type = sniff::by_name(path.name()).to_owned();
        let why = Exception { is_partial: false, ..why };
        let document = Document { media_type, exceptions: vec![why], ..Document::default() };
        (self.out)(Member { path, id, size_bytes, document, n_children: 0 });
    }
}

fn expansion() -> Exception {
    Exception::whole(Reason::ExpansionLimit, "unpacks to more than it may")
}

/// Reads one item; its members are listed, and not read yet.
fn read_one<'a>(name: &'a str, bytes: &'a [u8], budget: &'a Budget) -> (Document, Vec<Child<'a>>) {
    match caught(|| sniff::sniff(name, bytes)) {
        None => {
            let mut out = Out::new("application/octet-stream", budget);
            out.exception(Exception::whole(Reason::ReaderFailed, "while sniffing"));
            out.finish()
        }
        Some(Taken::Empty) => Out::new(sniff::by_name(name), budget).finish(),
        Some(Taken::Unreadable { media_type, reason, note }) => {
            let mut out = Out::new(media_type, budget);
            out.exception(Exception::whole(reason, note));
            out.finish()
        }
        Some(Taken::Readable { format, media_type }) => {
            read_as(format, media_type, name, bytes, budget)
        }
    }
}

fn read_as<'a>(
    format: &Format,
    media_type: &'static str,
    name: &'a str,
    bytes: &'a [u8],
    budget: &'a Budget,
) -> (Document, Vec<Child<'a>>) {
    let mut out = Out::new(media_type, budget);
    if caught(|| (format.read)(&Input { name, bytes, media_type, budget }, &mut out)).is_none() {
        let note = format!("the {} reader panicked", format.card.name);
        out.exception(Exception::whole(Reason::ReaderFailed, note));
    }
    out.finish()
}

/// Runs a reader; `None` if it panicked. What it handed over before that is kept.
fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
