//! What has not been answered yet, and which text asks for it?

use serde::{Deserialize, Serialize};

/// One thing that is still open, in a sentence, with the text that asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// What is open, without a full stop.
    pub open: String,
    /// The text that asks for it.
    pub cites: String,
}

impl Gap {
    pub(crate) fn new(open: impl Into<String>, cites: &str) -> Self {
        Self { open: open.into(), cites: cites.to_owned() }
    }
}
