//! In which order are a file and all that is packed in it read?
//!
//! A container comes before its members, its members in the order it lists them, and the members
//! of a member before the next one. A member is unpacked when it is its turn and dropped
//! when its own members are done, so memory holds one chain of containers, not a whole tree.

use std::borrow::Cow;

use habeas_model::{Document, Exception, ItemId, ItemPath, Member, Reason};
use serde::{Deserialize, Serialize};

use crate::open::{caught, open};
use crate::out::{Child, Content, Unpacked};
use crate::{Budget, sniff};

/// Reads a file and everything in it in this process, and hands each member over as soon as it is
/// read, a container before its members.
///
/// `name` is the file's name or relative path: a hint for sniffing, and the first segment of every
/// member's path. What only optical recognition can read becomes an exception. Never panics by
/// intention; whoever reads what others wrote does it in a process of its own, see `habeas-ingest`.
///
/// A member whose bytes cannot be had (encrypted, damaged, too large) is handed over too; its id is
/// then made from its container's id and its number, so that it is nobody's duplicate.
pub fn read_family(name: &str, bytes: &[u8], budget: &Budget, out: &mut dyn FnMut(Member)) {
    let path = ItemPath::file(name.as_bytes());
    let mut family = Family { budget, out, spent: Spent::default() };
    family.read(path, ItemId::of(bytes), bytes, None);
}

/// How many bombs as large as the whole budget one file may hold before its members are given up.
const MAX_BOMBS: u64 = 4;

/// What unpacking the members of one file has come to so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// Bytes that all members so far have unpacked to.
    pub expanded_bytes: u64,
    /// Bytes that were unpacked and thrown away, because they were more than allowed. They have a
    /// limit of their own, so that one bomb does not keep the members after it from being read.
    pub wasted_bytes: u64,
}

/// The bytes of a member, and what is wrong with them if something is.
pub type Had<'a> = (Cow<'a, [u8]>, Option<Exception>);

/// How large a member is as far as is known, and why its bytes cannot be had.
pub type NotHad = (u64, Exception);

impl Spent {
    /// Unpacks a member within what the budget leaves, and counts it.
    ///
    /// Gives its bytes with what is wrong with them, if something is.
    ///
    /// # Errors
    /// The exception that says why it cannot be had, and its size as far as it is known.
    pub fn unpack<'a>(&mut self, content: Content<'a>, budget: &Budget) -> Result<Had<'a>, NotHad> {
        match content {
            Content::Lost { size_bytes, why } => Err((size_bytes, why)),
            Content::Bytes(bytes) => {
                // A slice of the container is not unpacked.
                let n_bytes = if matches!(bytes, Cow::Owned(_)) { bytes.len() as u64 } else { 0 };
                if self.expanded_bytes + n_bytes > budget.expanded_bytes {
                    return Err((bytes.len() as u64, expansion()));
                }
                self.expanded_bytes += n_bytes;
                Ok((bytes, None))
            }
            Content::Packed { packed_bytes, unpack } => {
                let is_wasteful = self.wasted_bytes / MAX_BOMBS >= budget.expanded_bytes;
                let spent = if is_wasteful { u64::MAX } else { self.expanded_bytes };
                let allowance = budget.allowance(packed_bytes, spent);
                let unpacked = caught(|| unpack(allowance)).unwrap_or_else(|| Unpacked {
                    bytes: Vec::new(),
                    exception: Some(Exception::whole(Reason::ReaderFailed, "while unpacking")),
                });
                let n_bytes = unpacked.bytes.len() as u64;
                if n_bytes > allowance {
                    self.wasted_bytes += n_bytes;
                    return Err((packed_bytes, expansion()));
                }
                self.expanded_bytes += n_bytes;
                match unpacked.exception {
                    Some(why) if unpacked.bytes.is_empty() => Err((packed_bytes, why)),
                    trouble => Ok((Cow::Owned(unpacked.bytes), trouble)),
                }
            }
        }
    }
}

/// The id of the `index`-th member, from 0, of a container, if its bytes cannot be had.
pub fn stand_in(container: ItemId, index: usize) -> ItemId {
    ItemId::of(format!("{container} member {index}").as_bytes())
}

/// The exception for a member of a container that is as deep as the budget allows.
pub fn too_deep(budget: &Budget) -> Exception {
    Exception::whole(Reason::DepthLimit, format!("more than {} containers deep", budget.depth))
}

/// The document of an item that was not read, by its name and the reason alone.
pub fn unread(name: &str, why: Exception) -> Document {
    let why = Exception { is_partial: false, ..why };
    let media_type = sniff::by_name(name).to_owned();
    Document { media_type, exceptions: vec![why], ..Document::default() }
}

struct Family<'f> {
    budget: &'f Budget,
    out: &'f mut dyn FnMut(Member),
    spent: Spent,
}

impl Family<'_> {
    /// Reads one item whose bytes are at hand, and then its members.
    fn read(&mut self, path: ItemPath, id: ItemId, bytes: &[u8], trouble: Option<Exception>) {
        let size_bytes = bytes.len() as u64;
        if size_bytes > self.budget.file_bytes {
            let note = format!("more than {} bytes", self.budget.file_bytes);
            let why = Exception::whole(Reason::SizeLimit, note);
            return self.hand_over_unread(path, id, size_bytes, why);
        }
        let name = path.name().to_owned();
        let mut opened = open(&name, bytes, self.budget);
        opened.document.exceptions.extend(trouble);
        opened.give_up_scans();
        let (document, members) = (opened.document, opened.members);
        let n_children = members.len() as u64;
        (self.out)(Member { path: path.clone(), id, size_bytes, document, n_children });
        for (index, child) in members.into_iter().enumerate() {
            self.read_child(&path, id, index, child);
        }
    }

    fn read_child(&mut self, parent: &ItemPath, parent_id: ItemId, index: usize, child: Child<'_>) {
        let path = parent.member(&child.name);
        let stand_in = stand_in(parent_id, index);
        if parent.depth() >= self.budget.depth {
            let size_bytes = child.content.size_bytes();
            return self.hand_over_unread(path, stand_in, size_bytes, too_deep(self.budget));
        }
        match self.spent.unpack(child.content, self.budget) {
            Ok((bytes, trouble)) => self.read(path, ItemId::of(&bytes), &bytes, trouble),
            Err((size_bytes, why)) => self.hand_over_unread(path, stand_in, size_bytes, why),
        }
    }

    fn hand_over_unread(&mut self, path: ItemPath, id: ItemId, size_bytes: u64, why: Exception) {
        let document = unread(path.name(), why);
        (self.out)(Member { path, id, size_bytes, document, n_children: 0 });
    }
}

fn expansion() -> Exception {
    Exception::whole(Reason::ExpansionLimit, "unpacks to more than it may")
}
