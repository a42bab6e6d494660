//! Takes a person out of an estate, on an approved plan, and proves that they are gone.
//!
//! [`draw_up`] says what is to be done with every copy and changes nothing; [`apply`] carries out a plan
//! that somebody approved by its digest; [`undo`] puts back what it erased, while that is kept;
//! [`verify()`] proves absence, and [`watch()`] notices who comes back. This is the only crate that may
//! write to a source, and within it only `swap.rs`.

mod error;
mod pace;

mod beneath;
mod folder;
mod swap;

mod edit;
mod plan;
mod rules;

mod compare;
mod draw_up;
mod watch;
mod work;

mod paper;
mod store;

mod apply;
mod journal;
mod kept;
mod tombstone;
mod undo;

mod suppress;
mod verify;

pub use apply::{Approval, Receipt, Room, apply};
pub use beneath::{Facts, RawPath};
pub use draw_up::{Asked, Choice, Chosen, Means, draw_up};
pub use edit::{Container, Edit, Stretch};
pub use error::Error;
pub use pace::{Pace, Steady};
pub use paper::LIMITS;
pub use plan::{Action, FORMAT, Outcome, Plan, PlannedFile, PlannedSource, Step};
pub use rules::{Erasure, Ground, Hold, Rules, SourceRule};
pub use store::{acts, dir, kept_plan, last_applied, last_plan, plan_dir, save, write_to};
pub use suppress::{List, Listed, Mailing, Writes, mailings, suppress};
pub use tombstone::Tombstone;
pub use undo::{expire, undo};
pub use verify::{Proof, Remains, Why, verified, verify, watch};
pub use watch::{Keyed, Seal, Watched};
