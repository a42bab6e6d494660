//! Draws what may be seen, and proves that the rest is gone.
//!
//! An [`Exhibit`] is an item on its way out. [`Exhibit::sweep`] takes out what stands elsewhere too,
//! [`draw()`] typesets what is left, and [`Drawn::prove`] reads the result back by other means and
//! attacks it; only then is it [`Redacted`], the only thing that can leave. [`attack()`] does the same to
//! any file of a finished bundle.

mod allow;
mod attack;
mod by_hand;
mod captioned;
mod draw;
mod exhibit;
mod fold;
mod headings;
mod labels;
mod near;
mod own;
mod pages;
pub mod paper;
mod pdf;
mod people;
mod policies;
mod preview;
mod redactions;
mod render;
mod search;
mod secrets;
mod views;

pub use allow::Allowed;
pub use attack::{
    Attack, Checks, Grey, Leak, Look, Means, Redacted, Twin, Twins, attack, attack_allowing,
    labels_in, twins,
};
pub use by_hand::NotFound;
pub use draw::{Drawn, Head, Records, Row, draw};
pub use exhibit::{Exhibit, Mind};
pub use labels::{Labels, Linkage, Outcome, Used, is_role_label};
pub use near::Near;
pub use own::Own;
pub use pages::{Eyes, Pages, Placed, View, picture, picture_of};
pub use people::{Mention, ShownAt, role_labels};
pub use policies::{Defaults, Fate, Policies, Reach, Shown};
pub use preview::{Preview, Stretch, What, Who, preview};
pub use redactions::{Proposal, propose, secrets, sweep};
pub use search::{Found, Searcher};
pub use secrets::{Scope, Secret, Secrets, Shape};

/// Why an exhibit cannot leave. Nothing of what it says is in the message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Something that was taken out is still there.
    #[error("{n} things that were taken out can still be read ({way})")]
    Leak {
        /// How many.
        n: usize,
        /// How it can be read.
        way: String,
    },
    /// It could not be shown that everything is gone.
    #[error("it could not be checked: {0}")]
    Unproved(String),
    /// It cannot be typeset.
    #[error("it cannot be typeset: {0}")]
    Paper(#[from] paper::Error),
}
