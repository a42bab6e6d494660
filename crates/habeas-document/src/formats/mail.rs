//! What do all kinds of messages have in common?

pub(crate) mod attachments;
pub(crate) mod body;
pub(crate) mod head;
pub(crate) mod quoted;
pub(crate) mod smime;
pub(crate) mod words;
