//! Accounts of what was done: the search record, and the audit file of a case.
//!
//! An [`Account`] is paragraphs and tables without any drawing: the bundle sets it as a page, the
//! command prints it with [`Account::to_text`].

mod account;
mod casefile;
mod entry;
mod figures;
mod search;

pub use account::{Account, Block, Table};
pub use casefile::{AuditFile, SourceCounts, Withheld, audit_file, audit_files};
pub use entry::entry_in_words;
pub use figures::{count, counted, kind_title, sums};
pub use search::{Described, search_record};
