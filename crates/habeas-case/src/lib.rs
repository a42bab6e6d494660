//! Works one request: its subject, findings, and decisions in a chained ledger.
//!
//! ```text
//! cases/SAR-2026-0007/   request.toml      what was asked (`Request`)
//!                        findings.jsonl    what was found, a finding a line (`find`)
//!                        search.json       how it was searched (`SearchRecord`)
//!                        proposals.jsonl   identifiers found beside the person's (`Case::proposals`)
//!                        decisions.jsonl   what people decided and what happened (`Ledger`)
//!                        decisions.head    how far the ledger goes
//!                        people.jsonl      other people in what is given, by number (`people`)
//!                        redactions.jsonl  what the last bundle took out, without saying it
//!                        redactions.key    the secret under which that is digested
//! ```
//!
//! [`Case::dossier`] reads all of it once; [`Dossier::state`] says where the request stands, [`Dossier::deadline`]
//! when the answer is due, and [`blocks`] what stands in the way of a release. [`Case::record`] adds what
//! happened, [`Case::decide`] what was decided, [`Case::release`] that the answer left.

mod advice;
mod allowed;
mod case;
mod date;
mod decide;
pub mod disk;
mod dossier;
mod error;
mod files;
mod find;
mod gates;
mod health;
mod history;
mod ledger;
mod marks;
mod people;
mod prospect;
mod record;
mod register;
mod request;
mod search;
mod state;
mod why;

pub use advice::same_person;
pub use allowed::allowed;
pub use case::{Case, CaseId};
pub use date::parse_date;
pub use decide::{
    Decided, Disclosure, Incidental, Withheld, decided, suggest, suggestion, verdicts,
};
pub use dossier::Dossier;
pub use error::Error;
pub use find::{Matched, find, located};
pub use gates::{Block, Gate, Rules, Seen, blocks};
pub use health::health_items;
pub use history::{Closed, Complained, History, Left};
pub use ledger::{Appended, Broken, Ledger, Recorded};
pub use marks::in_force;
pub use people::{
    keep_redactions, list_people, n_in_doubt, open_doubts, people, redaction_key, same_words,
};
pub use prospect::{Prospect, prospect};
pub use record::Release;
pub use register::Register;
pub use request::{Channel, Defaults, Request, Right};
pub use search::{Asked, Excepted, SearchRecord, SourceSearched, Tiers};
pub use state::{Keep, State};
pub use why::{Why, why};
