//! Works one request: its subject, findings, and decisions in a chained ledger.
//!
//! ```text
//! cases/SAR-2026-0007/   request.toml      what was asked (`Request`)
//!                        findings.jsonl    what was found, a finding a line (`find`)
//!                        search.json       how it was searched (`SearchRecord`)
//!                        proposals.jsonl   identifiers found beside the person's (`Case::proposals`)
//!                        decisions.jsonl   what people decided (`Ledger`)
//!                        decisions.head    how far the ledger goes
//!                        people.jsonl      other people in what is given, by number (`people`)
//!                        redactions.jsonl  what the last bundle took out, without saying it
//!                        redactions.key    the secret under which that is digested
//! ```

mod advice;
mod case;
mod date;
mod decide;
mod error;
mod files;
mod find;
mod ledger;
mod marks;
mod people;
mod prospect;
mod register;
mod request;
mod search;
mod why;

pub use advice::same_person;
pub use case::{Case, CaseId};
pub use date::parse_date;
pub use decide::{Decided, Disclosure, Incidental, Withheld, decided, suggest, suggestion, verdicts};
pub use error::Error;
pub use find::{Matched, find, located};
pub use ledger::{Appended, Ledger, Recorded};
pub use marks::in_force;
pub use people::{keep_redactions, list_people, n_in_doubt, open_doubts, people, redaction_key};
pub use prospect::{Prospect, prospect};
pub use register::Register;
pub use request::{Channel, Defaults, Request, Right};
pub use search::{Asked, Excepted, SearchRecord, SourceSearched, Tiers};
pub use why::{Why, why};
