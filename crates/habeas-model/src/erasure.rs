//! An act of an erasure, as the ledger keeps it: who did what on which plan.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureAct {
    /// A plan was drawn up.
    Planned,
    /// A plan was approved, and is being carried out.
    Approved,
    /// A plan was carried out as far as it can be.
    Applied,
    /// What a plan erased was put back.
    Undone,
    /// The sealed originals were removed.
    Expired,
    /// The estate was looked through again.
    Verified,
    /// The person was put on the lists of those who get no marketing.
    Suppressed,
}

/// An act of an erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasing {
    /// What was done.
    pub erasure: ErasureAct,
    /// BLAKE3 of the plan, in hexadecimal; empty where there is none.
    pub plan: String,
    /// How many steps, files or entries it came to.
    pub n_done: u64,
    /// How many are left for a person.
    pub n_left: u64,
    /// Who did it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}
