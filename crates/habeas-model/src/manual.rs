//! What a reviewer marked by hand in an item: more to take out, or a picture that may be seen.

use std::fmt;
use std::ops::Range;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Ground, ItemId, Kind, Personal};

/// A mark made by hand. Marks are added, never changed; one is taken back by another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manual {
    /// What was marked.
    pub mark: Mark,
    /// In which item.
    pub item: ItemId,
    /// Why, in the words of whoever marked it.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What was marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Mark {
    /// These words are taken out of the item, wherever they stand in it.
    Text {
        /// In which passage they were selected, from 0.
        passage: u32,
        /// Where in its text, in bytes.
        range: Range<usize>,
        /// The words, so that they are found again if the item is read otherwise.
        words: Personal<String>,
        /// What they are; without it they are known as a whole only, and by no part of theirs.
        kind: Option<Kind>,
        /// Why they go.
        ground: Ground,
    },
    /// A part of a page is blacked out.
    Box {
        /// Which page, from 1.
        page: u32,
        /// Where on it.
        area: Area,
        /// Why it goes.
        ground: Ground,
    },
    /// The pictures of a page, which nobody has read, are given.
    Picture {
        /// Which page, from 1.
        page: u32,
    },
    /// An earlier mark does not count any more.
    TakenBack {
        /// The number of its record in the ledger.
        seq: u64,
    },
}

/// What was marked, in a few words that say nothing of the item.
impl fmt::Display for Mark {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { .. } => out.write_str("words taken out by hand"),
            Self::Box { page, .. } => write!(out, "a part of page {page} blacked out"),
            Self::Picture { page } => write!(out, "the pictures of page {page} given"),
            Self::TakenBack { seq } => write!(out, "record {seq} taken back"),
        }
    }
}

/// A part of a page as it is shown, in ten-thousandths of its width and height from the top left.
///
/// Whole numbers, so that what is written is what was meant to the last digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// The left edge.
    pub left: u16,
    /// The upper edge.
    pub top: u16,
    /// The right edge.
    pub right: u16,
    /// The lower edge.
    pub bottom: u16,
}

impl Area {
    /// The whole, in these units.
    pub const WHOLE: u16 = 10_000;

    /// Has it an inside, and is it on the page?
    pub fn is_sound(&self) -> bool {
        self.left < self.right
            && self.top < self.bottom
            && self.right <= Self::WHOLE
            && self.bottom <= Self::WHOLE
    }

    /// Its left, upper, right and lower edge on a page of that size.
    pub fn on(&self, width: f32, height: f32) -> [f32; 4] {
        let part = |value: u16, of: f32| f32::from(value) / f32::from(Self::WHOLE) * of;
        [
            part(self.left, width),
            part(self.top, height),
            part(self.right, width),
            part(self.bottom, height),
        ]
    }
}
