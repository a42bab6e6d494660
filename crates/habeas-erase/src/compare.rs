//! Does a reader say of an edited file what it said before, without what goes, and nothing else?
//!
//! The edit is made by one means and read back by another. Members that were not edited have to be the
//! same bytes; of those that were, every passage that stays has to say the same, in the same order.

use std::collections::{BTreeMap, BTreeSet};

use habeas_document::telling;
use habeas_model::{ItemPath, Member, Part, Passage, Place, is_message};

use crate::edit::Unmade;

/// What goes from a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gone {
    /// Items that go, with all that is in them.
    pub(crate) wholes: BTreeSet<ItemPath>,
    /// Records that go, by item.
    pub(crate) records: BTreeMap<ItemPath, BTreeSet<Place>>,
    /// Records of which what tells who it is goes, by item.
    pub(crate) blanked: BTreeMap<ItemPath, BTreeSet<Place>>,
}

impl Gone {
    /// Does an item go, or something around it?
    pub(crate) fn takes(&self, path: &ItemPath) -> bool {
        self.wholes.iter().any(|whole| is_within(path, whole))
    }

    /// Does something in an item go, or in its members?
    fn touches(&self, path: &ItemPath) -> bool {
        let below = |other: &ItemPath| is_within(other, path);
        let records = self.records.keys().chain(self.blanked.keys());
        self.wholes.iter().chain(records).any(below)
    }
}

/// Is an item the other one, or in it?
pub(crate) fn is_within(path: &ItemPath, outer: &ItemPath) -> bool {
    path.segments().starts_with(outer.segments())
}

/// Compares what a reader says before and after an edit.
///
/// # Errors
/// What is not as it has to be, without saying what any item says.
pub(crate) fn compare(before: &[Member], after: &[Member], gone: &Gone) -> Result<(), Unmade> {
    let staying: Vec<&Member> = before.iter().filter(|member| !gone.takes(&member.path)).collect();
    if staying.len() != after.len() {
        return Err("without it, other things in the file would be read otherwise".to_owned());
    }
    for (was, is) in staying.iter().zip(after) {
        member(was, is, before, gone)?;
    }
    Ok(())
}

fn member(was: &Member, is: &Member, before: &[Member], gone: &Gone) -> Result<(), Unmade> {
    let otherwise = || "without it, other things in the file would be read otherwise".to_owned();
    let is_numbered = was.path.parent().is_some_and(|parent| {
        let is_mailbox = |member: &&Member| {
            member.path == parent && member.document.media_type == "application/mbox"
        };
        before.iter().any(|member| is_mailbox(&member))
    });
    if was.path.depth() != is.path.depth() || !is_numbered && was.path.name() != is.path.name() {
        return Err(otherwise());
    }
    if !gone.touches(&was.path) {
        return if was.id == is.id { Ok(()) } else { Err(otherwise()) };
    }
    // An empty file is of no kind, and says nothing that could be wrong.
    if is.size_bytes == 0 {
        return Ok(());
    }
    if was.document.media_type != is.document.media_type
        || is.document.exceptions.len() > was.document.exceptions.len()
    {
        return Err(otherwise());
    }
    let none = BTreeSet::new();
    let records = gone.records.get(&was.path).unwrap_or(&none);
    let stays = |passage: &&Passage| !records.contains(&passage.place);
    let mut was_said = was.document.passages.iter().filter(stays);
    let mut is_said = is.document.passages.iter();
    let is_mail = is_message(&was.document.media_type);
    let blanked = gone.blanked.get(&was.path).unwrap_or(&none);
    loop {
        match (was_said.next(), is_said.next()) {
            (None, None) => return Ok(()),
            (Some(one), Some(other)) if blanked.contains(&one.place) => {
                if !is_blanked(one, other) {
                    return Err("what is left of it would still tell who it is".to_owned());
                }
            }
            (Some(one), Some(other)) if is_same(one, other, is_mail) => {}
            _ => return Err(otherwise()),
        }
    }
}

/// Is nothing of a record left that tells who it is, and nothing new in it?
fn is_blanked(was: &Passage, is: &Passage) -> bool {
    let lines: BTreeSet<&str> = was.text.lines().collect();
    // One or two letters may stand anywhere.
    let mut telling = telling(was).filter(|text| text.chars().count() > 2);
    is.text.lines().all(|line| lines.contains(line)) && telling.all(|text| !is.text.contains(text))
}

fn is_same(was: &Passage, is: &Passage, is_mail: bool) -> bool {
    if (was.part, was.hidden) != (is.part, is.hidden) {
        return false;
    }
    if was.text == is.text {
        return true;
    }
    // The head of a message names what is attached.
    let lines: BTreeSet<&str> = was.text.lines().collect();
    is_mail && was.part == Part::Header && is.text.lines().all(|line| lines.contains(line))
}
