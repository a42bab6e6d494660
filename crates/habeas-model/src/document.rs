//! A document: what an item says.

use serde::{Deserialize, Serialize};

use crate::{Exception, ItemId, ItemPath, Passage, Personal};

/// What an item says, in the order a person would read it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its kind as an internet media type, such as `text/csv`.
    pub media_type: String,
    /// What it says.
    pub passages: Vec<Passage>,
    /// What could not be read of it. One that is not partial means that nothing could.
    pub exceptions: Vec<Exception>,
    /// Facts of the whole document.
    pub facts: Facts,
}

impl Document {
    /// The whole text: passages with a line break between them.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.passages.iter().map(|passage| passage.text.as_str()).collect();
        texts.join("\n")
    }

    /// The exception that kept all of it from being read, if there is one.
    pub fn failure(&self) -> Option<&Exception> {
        self.exceptions.iter().find(|exception| !exception.is_partial)
    }
}

/// Is that the media type of a message, whatever program keeps it?
///
/// # Source
/// RFC 5322 messages, messages of Outlook, and what Outlook packs in `winmail.dat`.
pub fn is_message(media_type: &str) -> bool {
    ["message/rfc822", "application/vnd.ms-outlook", "application/vnd.ms-tnef"]
        .contains(&media_type)
}

/// Facts of a whole document that a schedule, a thread or a timeline needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Subject of a message, title of a document.
    pub title: Option<Personal<String>>,
    /// When it was sent or written, as ISO 8601 in the zone it states.
    pub dated: Option<String>,
    /// Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// Message-IDs it answers: In-Reply-To and References, oldest first.
    pub answers: Vec<String>,
    /// The name of the known export that it was read as, such as `asterisk`.
    pub export: Option<String>,
    /// Number of pages, for a paged format.
    pub n_pages: Option<u32>,
    /// How its characters were told, where nothing states it: `guessed windows-1252`. Names with
    /// accents may read otherwise in the original.
    #[serde(default)]
    pub charset: Option<String>,
}

/// One member of a family as its reader hands it over: the file itself first, then what it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Where it stands. The first segment is the name that the reader was given.
    pub path: ItemPath,
    /// Which bytes it is.
    pub id: ItemId,
    /// How many bytes it is.
    pub size_bytes: u64,
    /// What it says.
    pub document: Document,
    /// How many members it listed itself (0 unless it is a container or a message with attachments).
    ///
    /// Each of them is handed over too, or stands for itself in an exception of this one.
    pub n_children: u64,
}
