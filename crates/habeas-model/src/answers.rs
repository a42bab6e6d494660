//! What a person has to answer before something is given or kept back: records of the case.
//!
//! `habeas-law` says of each what is still open and which text asks for it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{ItemId, Personal, Place};

/// A decision record about somebody else in what is given.
///
/// # Source
/// Data Protection Act 2018 Sch. 2 paras 16 and 17; ICO, *Right of access*, on information about
/// other individuals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThirdParty {
    /// Their number in the case's list of people.
    pub person: u32,
    /// In which item; `None` for all in which they stand.
    pub item: Option<ItemId>,
    /// Who they are to the requester.
    pub relation: Relation,
    /// What giving it would tell of them.
    pub reveals: Personal<String>,
    /// What shows that the requester knows it already; empty if they do not.
    pub known: Personal<String>,
    /// Could the requester still tell who they are once their name is taken out?
    pub is_identifiable: bool,
    /// Were they asked to agree?
    pub consent: Consent,
    /// A duty of confidence owed to them, or `none`; empty while nobody has looked.
    pub confidence: Personal<String>,
    /// Why it is, or is not, reasonable: all circumstances taken together.
    pub factors: Personal<String>,
    /// What follows.
    pub outcome: ThirdPartyOutcome,
}

/// Who somebody is to the requester.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// A member of staff who acted in their work.
    Staff,
    /// A registered health professional in the person's care, or a social worker or teacher as such
    /// (DPA 2018 Sch. 2 para. 17).
    Professional,
    /// Another patient or customer.
    Customer,
    /// A relative, a partner, a friend.
    Relative,
    /// A witness, or whoever gave information in confidence.
    Witness,
    /// Somebody of a supplier.
    Supplier,
    /// Anybody else.
    Other,
}

/// Did somebody agree that what is about them is given?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// They agreed.
    Given {
        /// When.
        on: Date,
        /// To what exactly, and how they said so.
        to: Personal<String>,
    },
    /// They refused.
    Refused {
        /// When.
        on: Date,
    },
    /// They were asked and have not answered.
    NoReply {
        /// When they were asked.
        asked: Date,
    },
    /// They were not asked.
    NotAsked {
        /// Why not: no address, it would tell who asks, they cannot agree.
        why: Personal<String>,
    },
}

/// What follows from a record about somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThirdPartyOutcome {
    /// What is about them is given.
    Disclose,
    /// They are taken out, the rest is given.
    Redact,
    /// The whole is kept back, since they would be known all the same.
    Withhold,
}

/// A health professional's opinion on whether giving health data does serious harm.
///
/// # Source
/// Data Protection Act 2018 Sch. 3 paras 2, 5 and 6, and s. 204.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthOpinion {
    /// Who gave it.
    pub clinician: Personal<String>,
    /// Where they are registered, and under which number: `GMC 1234567`.
    pub registration: Personal<String>,
    /// Why they are the appropriate one: responsible for the care, most recently so, or suitable.
    pub appropriate: Personal<String>,
    /// What they were asked about.
    pub matter: Personal<String>,
    /// The items it covers, sorted; what was found later is not among them.
    pub items: Vec<ItemId>,
    /// What they think.
    pub outcome: HarmTest,
    /// The day it was given.
    pub given: Date,
    /// Would it be reasonable to ask them again before relying on it?
    pub must_reconsult: bool,
}

/// Would giving health data be likely to cause serious harm to somebody's physical or mental health?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HarmTest {
    /// No: the serious harm test is not met, and it may be given.
    NotMet,
    /// Yes: the serious harm test is met, and it is kept back.
    Met,
}

/// The person has seen health data, or knows it, already.
///
/// # Source
/// Data Protection Act 2018 Sch. 3 para. 6(2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownToSubject {
    /// The items it holds for, sorted.
    pub items: Vec<ItemId>,
    /// What shows it: a letter to them, a message that they opened, a form that they filled in.
    pub evidence: Personal<String>,
}

/// The answer to what an exemption asks before it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExemptionAnswer {
    /// The exemption's code.
    pub code: String,
    /// For which item; `None` for the case as a whole.
    pub item: Option<ItemId>,
    /// At which place of it; `None` for all of it.
    pub place: Option<Place>,
    /// Does it apply, as far as it was asked about?
    pub applies: bool,
    /// The answer.
    pub answer: Personal<String>,
    /// Is the person told of it? Only where telling would defeat it are they not.
    pub is_told: bool,
}
