//! The page on loopback where a person decides, and the JSON API behind it.
//!
//! [`serve`] listens on loopback for as long as the command runs. `api/openapi.json` describes every path;
//! `page/dist` holds the page's own files, which are built into the command. What the command lends comes
//! through [`House`].
//!
//! ```text
//! browser ─► guard: this user's? this host? this site? a token?  ─► a path of the API
//!                                                                  ├─► desk: findings and verdicts in memory
//!            ledger: added under its lock, unless somebody   ◄─────┤   with its ledger, read on
//!            decided about the same since                          └─► job: search, look, bundle, scan
//! ```

mod api;
mod desk;
mod events;
mod found;
mod guard;
mod history;
mod house;
mod jobs;
mod lines;
mod looks;
mod near;
mod page;
mod peer;
mod problem;
mod queue;
mod serve;
mod session;
mod standing;
mod state;
mod types;

pub use house::{Contents, Exhibit, House, Looked, Made, Named, Order, SourceOf};
pub use jobs::Progress;
pub use problem::{Code, Conflict, Problem};
pub use serve::{Links, Options, in_background, serve};

#[cfg(test)]
mod trial;
