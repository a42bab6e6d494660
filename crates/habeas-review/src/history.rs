//! What was recorded, in words?

use habeas_case::Recorded;
use habeas_model::{Entry, ItemId, Place, Policy, Treatment};
use jiff::Timestamp;
use serde::Serialize;

use crate::desk::Desk;

/// A record of the ledger, told.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// Its number.
    pub seq: u64,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
    /// What kind it is.
    pub act: &'static str,
    /// What it says.
    pub words: String,
    /// About which item.
    pub item: Option<ItemId>,
    /// At which place of it.
    pub place: Option<Place>,
    /// About which person of the list.
    pub person: Option<u32>,
    /// Its digest.
    pub digest: String,
    /// Why, in the words of whoever made it.
    pub reason: String,
}

/// Tells a record.
pub fn told(desk: &Desk, record: &Recorded) -> Told {
    let mut told = Told {
        seq: record.seq,
        at: record.decision.at(),
        by: record.decision.by().to_owned(),
        act: "event",
        words: String::new(),
        item: None,
        place: None,
        person: None,
        digest: record.digest.clone(),
        reason: String::new(),
    };
    match &record.decision {
        Entry::Finding(it) => {
            told.act = "decision";
            told.words = crate::queue::verdict(it.verdict).replace('_', " ");
            (told.item, told.place) = (Some(it.item), Some(it.place.clone()));
            told.reason.clone_from(&it.reason);
        }
        Entry::Identifier(it) => {
            told.act = "identifier";
            let kind = it.kind.as_str().replace('_', " ");
            let answer = if it.is_accepted { "the person's" } else { "not the person's" };
            told.words = format!("{kind}: {answer}");
            told.reason.clone_from(&it.reason);
        }
        Entry::Policy(it) => {
            told.act = "policy";
            told.words = policy(it);
            told.person = desk.number_of(&it.person);
            (told.item, told.place) = (it.item, it.place.clone());
            told.reason.clone_from(&it.reason);
        }
        Entry::Bundled(it) => {
            told.act = "bundle";
            told.words =
                format!("a bundle was made: {} taken out, {} shown", it.n_taken_out, it.n_shown);
        }
        Entry::Event(it) => {
            told.words = format!("{} ({})", it.event.title(), it.on);
        }
        Entry::Erasing(it) => {
            told.act = "erasing";
            told.words = format!("a step of an erasure: {} done, {} left", it.n_done, it.n_left);
        }
        Entry::Manual(it) => {
            told.act = "mark";
            told.words = it.mark.to_string();
            told.item = Some(it.item);
            told.reason.clone_from(&it.reason);
        }
    }
    told
}

/// A decision about somebody else, in words.
pub fn policy(policy: &Policy) -> String {
    let mut words = match policy.treatment {
        Treatment::Show(ground) => format!("shown: {ground} [{}]", ground.code()),
        Treatment::TakeOut => "taken out".to_owned(),
        Treatment::Nobody => "nobody".to_owned(),
        Treatment::Default => "as the configuration says".to_owned(),
    };
    if !policy.role_label.is_empty() {
        words.push_str(&format!(", labelled {}", policy.role_label));
    }
    if policy.item.is_some() {
        words.push_str(", in one item");
    }
    if let Some(place) = &policy.place {
        words.push_str(&format!(", {place}"));
    }
    words
}
