//! Chats: who said what, when, and to whom?
//!
//! Every message is a passage of its own, so that one person's words can be told from another's.
//! What holds for a whole conversation (its title, who takes part) is the head.

mod attendance;
mod exports;
mod json;
mod layout;
mod lines;
mod page;
pub(super) mod said;
mod sms;
mod stamp;
mod tree;

pub(super) use attendance::FORMAT as ATTENDANCE;
pub(super) use json::FORMAT as JSON;
pub(super) use lines::FORMAT as LINES;
pub(super) use page::FORMAT as PAGE;
pub(super) use sms::FORMAT as SMS;
