//! Where in the original something stands, as a person would point at it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a [`Place`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceKind {
    /// A row of a table; its header is row 1. A record of JSON Lines counts as its line.
    Row,
    /// A line of a text.
    Line,
    /// A page of a paged document.
    Page,
    /// A message of a mailbox or a chat; a message on its own is message 1.
    Message,
    /// The head of a message, or the properties of a document.
    Header,
    /// A cell or comment of a sheet that is not read as part of a row.
    Cell,
    /// The body of a document without smaller parts; counts its paragraphs.
    Body,
}

/// A place in the original, counted from 1 as a person would.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// What is counted.
    pub kind: PlaceKind,
    /// Its number, from 1.
    pub number: u32,
    /// The sheet or table it stands in, where there are several.
    #[serde(default)]
    pub sheet: Option<String>,
}

impl Place {
    /// The `number`-th part of that kind, from 1.
    pub fn new(kind: PlaceKind, number: usize) -> Self {
        debug_assert!(number > 0, "places are counted from 1");
        Self { kind, number: u32::try_from(number).unwrap_or(u32::MAX), sheet: None }
    }

    /// The same place in the sheet or table of that name.
    pub fn in_sheet(mut self, sheet: &str) -> Self {
        self.sheet = Some(sheet.to_owned());
        self
    }
}

impl fmt::Display for PlaceKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Row => "row",
            Self::Line => "line",
            Self::Page => "page",
            Self::Message => "message",
            Self::Header => "header",
            Self::Cell => "cell",
            Self::Body => "body",
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = &self.sheet {
            write!(out, "sheet \"{}\", ", sheet.escape_debug())?;
        }
        write!(out, "{} {}", self.kind, self.number)
    }
}
