//! Where does a case stand: what blocks its answer, and what comes next?

use habeas_model::{Entry, Followed};
use serde::Serialize;

use crate::api::views::Progress;
use crate::desk::Desk;
use crate::problem::Problem;

/// Where on the page something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "the page has screens that nothing points at yet")]
pub enum Screen {
    /// Every request.
    Dashboard,
    /// Who the person is.
    Who,
    /// Sources.
    Where,
    /// A search or a scan.
    Scan,
    /// Findings.
    Queue,
    /// Other people.
    People,
    /// Proposed identifiers.
    Identifiers,
    /// Health gate, exemptions.
    Gates,
    /// The checklist.
    Release,
    /// What could not be read.
    Exceptions,
}

/// What blocks the next step, or is worth knowing.
#[derive(Clone, Debug, Serialize)]
pub struct Block {
    /// A stable word for it.
    pub code: String,
    /// One sentence.
    pub message: String,
    /// How many of it.
    pub n: Option<u64>,
    /// Where it is settled.
    pub screen: Screen,
    /// Does it stop an answer?
    pub is_blocking: bool,
}

/// What to do next.
#[derive(Clone, Debug, Serialize)]
pub struct Next {
    /// A stable word for it.
    pub code: &'static str,
    /// What, in a few words.
    pub words: String,
    /// Where.
    pub screen: Screen,
}

/// Everything that blocks an answer or is worth knowing, the first to be settled first.
pub fn blocks(desk: &Desk) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut block = |code: &str, message: String, n, screen, is_blocking| {
        blocks.push(Block { code: code.to_owned(), message, n, screen, is_blocking });
    };
    let record = desk.case.search_record().ok();
    let Some(record) = record else {
        let message = "the estate has not been searched for the person".to_owned();
        block("not_searched", message, None, Screen::Scan, true);
        return blocks;
    };
    if !desk.case.is_search_current().unwrap_or(false) {
        let message = "what is known of the person has changed since the search".to_owned();
        block("subject_changed", message, None, Screen::Scan, true);
    }
    if !record.is_complete {
        let message = "the last scan of the sources did not end when it was searched".to_owned();
        block("incomplete_index", message, None, Screen::Where, false);
    }
    let progress = Progress::of(desk);
    if progress.n_open > 0 {
        let message = counted(progress.n_open, "finding has", "findings have") + " no decision";
        block("undecided", message, Some(progress.n_open), Screen::Queue, true);
    }
    let n = habeas_case::n_in_doubt(&desk.people, &desk.policies()) as u64;
    if n > 0 {
        let message = counted(n, "mention of somebody else is", "mentions of others are")
            + " in doubt and taken out until somebody looks";
        block("doubts", message, Some(n), Screen::People, false);
    }
    let n = n_proposals(desk);
    if n > 0 {
        let message = counted(n, "identifier waits", "identifiers wait") + " for an answer";
        block("proposals", message, Some(n), Screen::Identifiers, false);
    }
    let n: u64 = record.excepted.iter().map(|it| it.n_whole).sum();
    if n > 0 {
        let message = counted(n, "item", "items") + " could not be read";
        block("exceptions", message, Some(n), Screen::Exceptions, false);
    }
    blocks
}

/// What to do next about a case.
pub fn next(blocks: &[Block], has_bundle: bool) -> Next {
    match blocks.iter().find(|block| block.is_blocking) {
        Some(block) => {
            let (code, words) = match block.code.as_str() {
                "not_searched" | "subject_changed" => ("search", "search the estate".to_owned()),
                "undecided" => ("decide", block.message.clone()),
                _ => ("settle", block.message.clone()),
            };
            Next { code, words, screen: block.screen }
        }
        None if has_bundle => {
            Next { code: "deliver", words: "look at the bundle and send it".into(), screen: Screen::Release }
        }
        None => Next { code: "bundle", words: "make the bundle".into(), screen: Screen::Release },
    }
}

/// Proposed identifiers that were followed and have no answer.
pub fn n_proposals(desk: &Desk) -> u64 {
    let proposals = desk.case.proposals().unwrap_or_default();
    let answered = |kind, value: &habeas_model::Personal<String>| {
        let answers = desk.ledger.records().iter().filter_map(|it| it.decision.identifier());
        answers.into_iter().any(|it| it.kind == kind && it.identifier == *value)
    };
    let open = proposals
        .iter()
        .filter(|it| it.followed == Followed::Followed && !answered(it.kind, &it.value));
    open.count() as u64
}

/// Refuses what a closed case does not take.
pub fn may_change(_desk: &Desk, _entries: &[Entry]) -> Result<(), Problem> {
    Ok(())
}

/// `1 finding has`, `3 findings have`.
pub fn counted(n: u64, one: &str, several: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { several })
}
