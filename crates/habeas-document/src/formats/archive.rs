//! What do all archives have in common?

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::io::{self, Read};
use std::rc::Rc;

use habeas_model::{Exception, Part, Passage, Place, PlaceKind, Reason};

use crate::out::{Out, Unpacked};

/// The largest window that is given to a decoder, in bytes. It covers what the packers offer
/// without being asked for more: xz -9 takes 64 MiB, 7-Zip's ultra 256 MiB, zstd --ultra 128 MiB.
pub(crate) const WINDOW_BYTES: u32 = 512 << 20;

/// Reads to the end, or to one byte past the limit.
pub(crate) fn unpack(packed: impl Read, limit: u64) -> Unpacked {
    let mut bytes = Vec::new();
    let trouble = packed.take(limit.saturating_add(1)).read_to_end(&mut bytes).err();
    Unpacked { bytes, exception: trouble.map(|error| why(&error)) }
}

/// Why a decoder stopped.
pub(crate) fn why(error: &io::Error) -> Exception {
    let text = error.to_string();
    let reason = match error.kind() {
        io::ErrorKind::OutOfMemory => Reason::MemoryLimit,
        _ if text.contains("too much memory") || text.contains("memory limit") => {
            Reason::MemoryLimit
        }
        io::ErrorKind::UnexpectedEof => Reason::Truncated,
        // What a decoder says where its input ends in the middle.
        _ if text.contains("incomplete frame") || text.contains("unexpected end") => {
            Reason::Truncated
        }
        io::ErrorKind::Unsupported => Reason::Unsupported,
        _ => Reason::Corrupt,
    };
    let note = match reason {
        Reason::MemoryLimit => "its packer used a window larger than 512 MiB",
        Reason::Unsupported => "packed in a way that is not read",
        _ => "unpacks only in part",
    };
    Exception::whole(reason, note)
}

/// Which parts of a split archive are missing, by the name of the one that is here.
///
/// `list.7z.001`, `list.z01`, `list.part1.rar`, `list.r00`: the archive was cut at a number of
/// bytes, and the parts only make sense together.
pub(crate) fn split_note(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let (stem, end) = lower.rsplit_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_part = end.len() == 3 && is_number(end)
        || end.len() == 3 && matches!(end.as_bytes()[0], b'z' | b'r') && is_number(&end[1..])
        || end == "rar" && stem.rsplit_once(".part").is_some_and(|(_, number)| is_number(number));
    let part = if end == "rar" { stem.rsplit_once('.').map_or(end, |(_, part)| part) } else { end };
    is_part.then(|| format!("part .{part} of a split archive; join the parts and unpack them"))
}

/// The names that an archive holds beside its members: of folders without one, and of links.
#[derive(Default)]
pub(crate) struct Names {
    /// Folders that have something in them, without a slash at their end.
    used: HashSet<String>,
    /// Folders as listed.
    folders: Vec<String>,
}

impl Names {
    /// Takes the name of a member.
    pub(crate) fn member(&mut self, name: &str) {
        let mut folder = name;
        while let Some((outer, _)) = folder.rsplit_once('/') {
            if self.used.contains(outer) {
                break;
            }
            self.used.insert(outer.to_owned());
            folder = outer;
        }
    }

    /// Takes the name of a folder.
    pub(crate) fn folder(&mut self, name: &str) {
        let name = name.trim_end_matches('/');
        self.member(name);
        self.folders.push(name.to_owned());
    }

    /// Tells of the folders that have nothing in them: their names are all there is of them.
    pub(crate) fn tell(self, out: &mut Out<'_>) {
        for folder in self.folders {
            if !self.used.contains(&folder) {
                remark(out, folder);
            }
        }
    }
}

/// Takes what an archive says beside its members: a comment, a link, the name of an empty folder.
pub(crate) fn remark(out: &mut Out<'_>, text: impl Into<String>) {
    let number = out.document.passages.len() + 1;
    let passage = Passage::text(Place::new(PlaceKind::Header, number), text.into());
    out.passage(Passage { part: Part::Comment, is_record: true, ..passage });
}

/// How much is unpacked ahead of its turn, in bytes.
const AHEAD_BYTES: u64 = 128 << 20;

/// Members of a solid archive, of which one cannot be had without all before it.
///
/// When it is one member's turn, those after it are unpacked with it, as far as 128 MiB go, so
/// that an archive is gone through once for each 128 MiB, not once for each member.
pub(crate) struct Ahead<'a> {
    pass: Box<Pass<'a>>,
    ready: HashMap<usize, Unpacked>,
}

/// Goes through an archive once, for the members from that one on.
type Pass<'a> = dyn Fn(&mut Taker) + 'a;

/// What one pass may unpack, and what it has.
pub(crate) struct Taker {
    /// The member whose turn it is.
    pub(crate) first: usize,
    limit: u64,
    left: u64,
    ready: HashMap<usize, Unpacked>,
}

impl Taker {
    /// How many bytes of that member may be unpacked; `None` when no more is taken in this pass.
    ///
    /// `size` is what the archive states; what comes out is bounded whatever that is.
    pub(crate) fn room(&self, index: usize, size: u64) -> Option<u64> {
        if index == self.first {
            Some(self.limit)
        } else {
            (size <= self.left).then_some(self.left)
        }
    }

    /// Takes what a member unpacked to.
    pub(crate) fn take(&mut self, index: usize, unpacked: Unpacked) {
        if index != self.first {
            self.left = self.left.saturating_sub(unpacked.bytes.len() as u64);
        }
        self.ready.insert(index, unpacked);
    }

    /// Has that member been had?
    pub(crate) fn has(&self, index: usize) -> bool {
        self.ready.contains_key(&index)
    }
}

/// A shared [`Ahead`], for the members that wait for their turn.
pub(crate) type SharedAhead<'a> = Rc<RefCell<Ahead<'a>>>;

impl<'a> Ahead<'a> {
    pub(crate) fn new(pass: impl Fn(&mut Taker) + 'a) -> SharedAhead<'a> {
        Rc::new(RefCell::new(Self { pass: Box::new(pass), ready: HashMap::new() }))
    }

    /// Unpacks a member, or gives it if it was unpacked ahead.
    pub(crate) fn unpack(&mut self, index: usize, limit: u64) -> Unpacked {
        if let Some(unpacked) = self.ready.remove(&index) {
            return unpacked;
        }
        // What was unpacked for members that nobody came for is dropped.
        self.ready.clear();
        let mut taker = Taker { first: index, limit, left: AHEAD_BYTES, ready: HashMap::new() };
        (self.pass)(&mut taker);
        self.ready = taker.ready;
        self.ready.remove(&index).unwrap_or_else(|| Unpacked {
            bytes: Vec::new(),
            exception: Some(Exception::whole(Reason::Corrupt, "what lies before it is damaged")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_split(name: &str, part: Option<&str>) {
        let note = split_note(name);
        assert_eq!(note.as_deref().and_then(|note| note.split(' ').nth(1)), part, "{name}");
    }

    #[test]
    fn a_part_of_a_split_archive_is_known_by_its_name() {
        check_split("list.7z.001", Some(".001"));
        check_split("list.Z01", Some(".z01"));
        check_split("list.part12.rar", Some(".part12"));
        check_split("list.r00", Some(".r00"));
        check_split("list.rar", None);
        check_split("list.zip", None);
        check_split("001", None);
    }

    #[test]
    fn a_solid_archive_is_gone_through_once() {
        let passes = Rc::new(RefCell::new(0));
        let counted = Rc::clone(&passes);
        let ahead = Ahead::new(move |taker| {
            *counted.borrow_mut() += 1;
            for index in taker.first..10 {
                if taker.room(index, 1).is_some() {
                    taker.take(index, Unpacked { bytes: vec![index as u8], exception: None });
                }
            }
        });
        for index in 0..10 {
            assert_eq!(ahead.borrow_mut().unpack(index, 5).bytes, [index as u8]);
        }
        assert_eq!(*passes.borrow(), 1);
        assert!(ahead.borrow_mut().unpack(10, 5).exception.is_some());
    }
}
