//! What do all kinds of messages have in common?

pub(crate) mod attachments;
pub(crate) mod beyond;
pub(crate) mod body;
pub(crate) mod gaps;
pub(crate) mod head;
pub(crate) mod quoted;
mod tail;
pub(crate) mod uu;
pub(crate) mod words;
