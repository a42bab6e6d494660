//! Accounts: what was searched, what was done in a case, what is held where, and whether promises are kept.
//!
//! An [`Account`] is paragraphs and tables without any drawing: the bundle sets it as a page, the
//! command prints it with [`Account::to_text`]. [`map`] looks at the whole estate and says what lies
//! where, against what is [declared](Declared); [`audit`] takes the promises of a privacy notice one
//! by one. Both speak of places and counts, never of what an item says, and neither opens a source:
//! they give bytes, and the command writes them.

mod account;
mod casefile;
mod entry;
mod figures;
mod search;

mod declared;
mod html;
mod period;
mod rights;
mod taxonomy;

pub mod audit;
pub mod map;

pub use account::{Account, Block, Table};
pub use casefile::{AuditFile, SourceCounts, Withheld, audit_file, audit_files};
pub use declared::{Activity, Beside, Contact, Declared, Store};
pub use entry::entry_in_words;
pub use figures::{count, counted, kind_title, sums};
pub use period::Period;
pub use rights::{Access, FolderRights, SourceRights};
pub use search::{Described, search_record};
pub use taxonomy::{Taxonomy, taxonomies};

/// Why an account cannot be made at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The estate's memory.
    #[error(transparent)]
    Index(#[from] habeas_index::Error),
    /// A workbook.
    #[error("the workbook cannot be made: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A table as text.
    #[error("the table cannot be made: {0}")]
    Table(#[from] csv::Error),
    /// JSON, which would be a bug.
    #[error("the account cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}
