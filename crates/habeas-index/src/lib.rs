//! The estate's memory: an inventory of every item (SQLite) and the full text (tantivy).
//!
//! The two commit together: the full text's commit carries the batch's number, and what the
//! inventory has beyond it is undone on open. [`Estate`] asks; [`Writer`] fills, one at a time.

mod error;
mod folder;
mod record;

mod inventory;
mod schema;

mod search;
mod split;
mod together;

mod check;
mod compact;
mod estate;
mod every;
mod names;
mod settle;
mod survey;
mod writer;

pub use check::{Checked, Identity, Miscounted, TopLevel, check};
pub use compact::compact;
pub use error::Error;
pub use estate::Estate;
pub use folder::make_folder;
pub use inventory::Inventory;
pub use record::{
    Audit, FileId, FileSet, Found, Gone, ItemRecord, KnownFile, NewItem, Occurrence, Retry,
    SourceSummary, Swept, Text,
};
pub use split::Prepared;
pub use survey::{Seat, Surveyed, UNSURE_NS};
pub use writer::Writer;
