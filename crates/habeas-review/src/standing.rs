//! Where does a case stand: what blocks its answer, and what comes next?
//!
//! The gates are those of `habeas-case`; here each gets the screen on which it is settled.

use habeas_case::{Block as Closed, Dossier, Gate, State, blocks as gates_of};
use habeas_model::{Entry, Followed, Happening};
use serde::Serialize;

use crate::api::views::Clock;
use crate::desk::Desk;
use crate::problem::{Code, Problem};
use crate::state::App;

/// Where on the page something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Screen {
    /// Who the person is, and whether they may ask.
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

/// Where a case stands.
pub struct Standing {
    /// Its state, as the API writes it.
    pub state: State,
    /// Has work on it ended?
    pub is_closed: bool,
    /// When the answer is due.
    pub clock: Clock,
    /// The arithmetic of that.
    pub steps: Vec<String>,
    /// Was proof of identity asked for, and seen?
    pub identity: &'static str,
    /// What stands in the way, and what is worth knowing.
    pub blocks: Vec<Block>,
    /// What to do next.
    pub next: Next,
    /// `none`, `made`, or `stale` once decisions were added.
    pub bundle: &'static str,
}

/// Everything that the gates look at, from memory.
pub fn dossier(desk: &Desk) -> Result<Dossier, Problem> {
    let findings = desk.found.as_ref().map_or_else(Vec::new, |found| found.findings.clone());
    Ok(Dossier::of(&desk.case, &desk.ledger, findings)?)
}

/// Where a case stands, as far as the case alone tells: whether documents hold health data, and what
/// the letter lacks, is looked at on the checklist.
pub fn standing(app: &App, desk: &Desk) -> Result<Standing, Problem> {
    let dossier = dossier(desk)?;
    let rules = app.house.rules(&desk.case, None)?;
    let state = dossier.state(&rules);
    let history = &dossier.history;
    let deadline = dossier.deadline();
    let bundle = match &dossier.bundled {
        None => "none",
        Some((seq, _)) if dossier.last_bearing > *seq => "stale",
        Some(_) => "made",
    };
    let mut all = Vec::new();
    for block in gates_of(&dossier, &rules) {
        // What only the estate and the disk can tell.
        let is_quick = !matches!(block.gate, Gate::Health | Gate::Contents | Gate::Verify);
        // That there is no bundle yet is no block, but what comes next.
        let is_step = matches!(block.gate, Gate::Bundle | Gate::FourEyes);
        if is_quick && !is_step {
            all.push(told(desk, &block));
        }
    }
    all.extend(worth_knowing(desk, &dossier));
    let is_closed = !state.is_open();
    Ok(Standing {
        state,
        is_closed,
        clock: Clock::new(desk.case.request.received, &deadline, history.extended.is_some()),
        steps: deadline.steps(),
        identity: match (history.identity, history.identity_asked) {
            (Some(_), _) => "satisfied",
            (None, Some(_)) => "asked",
            (None, None) => "none",
        },
        next: next(&all, bundle, state),
        blocks: all,
        bundle,
    })
}

/// A gate that is closed, for the page.
pub fn told(desk: &Desk, block: &Closed) -> Block {
    let n = match block.gate {
        Gate::Undecided => Some(crate::api::views::Progress::of(desk).n_open),
        Gate::People => {
            Some(habeas_case::n_in_doubt(&desk.people, &desk.policies()) as u64)
        }
        _ => None,
    };
    let code = match block.gate {
        Gate::Search if desk.found.is_none() => "not_searched".to_owned(),
        Gate::Search => "subject_changed".to_owned(),
        gate => code(gate),
    };
    Block { code, message: block.what.clone(), n, screen: screen(block.gate), is_blocking: true }
}

/// A gate as the API writes it.
pub fn code(gate: Gate) -> String {
    let text = serde_json::to_value(gate).ok();
    text.and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Where a gate is settled.
pub fn screen(gate: Gate) -> Screen {
    match gate {
        Gate::Identity | Gate::Authority | Gate::Child => Screen::Who,
        Gate::Search => Screen::Scan,
        Gate::Undecided => Screen::Queue,
        Gate::People => Screen::People,
        Gate::Closed | Gate::Fee | Gate::Exemption | Gate::ThirdParty | Gate::Health => {
            Screen::Gates
        }
        Gate::Contents | Gate::Bundle | Gate::Verify | Gate::FourEyes => Screen::Release,
    }
}

/// What does not stop an answer, and should be known before it leaves.
fn worth_knowing(desk: &Desk, dossier: &Dossier) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut block = |code: &str, message: String, n, screen| {
        let (code, is_blocking) = (code.to_owned(), false);
        blocks.push(Block { code, message, n, screen, is_blocking });
    };
    let Some(record) = &dossier.search else { return blocks };
    if !record.is_complete {
        let message = "the last scan of the sources did not end when they were searched";
        block("incomplete_index", message.to_owned(), None, Screen::Where);
    }
    let n = n_proposals(desk);
    if n > 0 {
        let message = counted(n, "identifier waits", "identifiers wait") + " for an answer";
        block("proposals", message, Some(n), Screen::Identifiers);
    }
    if desk.people.is_empty() {
        let message = "nobody has looked for other people yet".to_owned();
        block("not_looked", message, None, Screen::People);
    }
    let n: u64 = record.excepted.iter().map(|it| it.n_whole).sum();
    if n > 0 {
        let message = counted(n, "item", "items") + " could not be read";
        block("exceptions", message, Some(n), Screen::Exceptions);
    }
    blocks
}

/// What to do next about a case.
fn next(blocks: &[Block], bundle: &str, state: State) -> Next {
    let next = |code, words: &str, screen| Next { code, words: words.to_owned(), screen };
    if !state.is_open() {
        return next("nothing", "nothing: the case has ended", Screen::Release);
    }
    let blocking = || blocks.iter().filter(|block| block.is_blocking);
    // A search and decisions need not wait for proof of who asks; nothing leaves before it.
    let is_work = |block: &&Block| {
        matches!(block.code.as_str(), "not_searched" | "subject_changed" | "undecided")
    };
    match (blocking().find(is_work).or_else(|| blocking().next()), bundle) {
        (Some(block), _) => {
            let code = match block.code.as_str() {
                "not_searched" | "subject_changed" => "search",
                "undecided" => "decide",
                _ => "settle",
            };
            next(code, &block.message, block.screen)
        }
        (None, "made") => next("deliver", "look at the bundle and release it", Screen::Release),
        (None, "stale") => next("bundle", "make the bundle again", Screen::Release),
        (None, _) => next("bundle", "make the bundle", Screen::Release),
    }
}

/// Proposed identifiers that were followed and have no answer.
pub fn n_proposals(desk: &Desk) -> u64 {
    let proposals = desk.case.proposals().unwrap_or_default();
    let answered = |kind, value: &habeas_model::Personal<String>| {
        let mut answers = desk.ledger.records().iter().filter_map(|it| it.decision.identifier());
        answers.any(|it| it.kind == kind && it.identifier == *value)
    };
    let open = proposals
        .iter()
        .filter(|it| it.followed == Followed::Followed && !answered(it.kind, &it.value));
    open.count() as u64
}

/// Does a record end the work on a case?
pub fn ends(entry: &Entry) -> bool {
    let event = entry.event().map(|it| &it.event);
    matches!(event, Some(Happening::Closed { .. } | Happening::Released { .. }))
}

/// Refuses what a case that has ended does not take: anything but what happens to it.
///
/// # Errors
/// `closed`, saying what to do.
pub fn may_change(desk: &Desk, entries: &[Entry]) -> Result<(), Problem> {
    if entries.iter().all(|entry| entry.event().is_some()) {
        return Ok(());
    }
    let records = desk.ledger.records();
    let events = records.iter().filter_map(|it| it.decision.event());
    let history = habeas_case::History::of(&desk.case.request, events);
    if history.closed.is_some() || history.released.is_some() {
        return Err(closed());
    }
    Ok(())
}

/// The case has ended.
pub fn closed() -> Problem {
    Problem::new(Code::Closed, "the case was closed, or its answer has left, meanwhile")
        .hint("open it again with the event `reopened`; nothing of this was recorded")
}

/// `1 finding has`, `3 findings have`.
pub fn counted(n: u64, one: &str, several: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { several })
}

