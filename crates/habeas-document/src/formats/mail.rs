//! What do all kinds of messages have in common?

pub(crate) mod attachments;
pub(crate) mod beyond;
pub(crate) mod body;
pub(crate) mod gaps;
pub(crate) mod head;
pub(crate) mod quoted;
pub(crate) mod words;
