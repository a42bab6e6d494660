//! What has a regulator to see of a case? The audit file: everything that was done, by whom, on which
//! ground, and how to check it.
//!
//! # Source
//! GDPR Art. 5(2) (accountability) and 31; ICO, *Right of access*: keep a record of searches, of what
//! was supplied and withheld, and why; DPA 2018 Schs. 2 and 3 for the decisions that they ask for.

use std::collections::BTreeMap;

use habeas_case::{Block as Open, CaseId, Dossier, Recorded, Rules, SearchRecord, State, blocks};
use habeas_law::{Deadline, exemption};
use habeas_model::{
    Accounting, Bundled, Decision, Entry, Finding, Happening, ItemId, ItemPath, Personal, Place,
    SourceName, Tier, Verdict,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

mod files;
mod page;

pub use files::audit_files;

/// Where an item was found, the place that is read first.
pub type Places<'a> = dyn Fn(&ItemId) -> Vec<(SourceName, ItemPath)> + 'a;

/// Everything that a regulator has to see of a case. It names the requester and does not print itself.
#[derive(Clone, Serialize)]
pub struct AuditFile {
    /// Which case.
    pub case: CaseId,
    /// The day on which this was written.
    pub written_on: Date,
    /// Where the case stands.
    pub state: State,
    /// The reference that the organisation gave the request.
    pub reference: Option<String>,
    /// The day it was received.
    pub received: Date,
    /// How it came.
    pub channel: String,
    /// Which right it exercises.
    pub right: String,
    /// Does somebody ask for the person?
    pub has_agent: bool,
    /// Does a parent, guardian or deputy ask?
    pub has_guardian: bool,
    /// When the answer was due, every reading.
    pub deadline: Deadline,
    /// The arithmetic in words.
    pub clock: Vec<String>,
    /// Every record of the ledger, oldest first.
    pub records: Vec<Recorded>,
    /// The digest of the last record.
    pub ledger_head: Option<String>,
    /// How the estate was searched, with every written form, so that somebody else can repeat it.
    pub search: Option<SearchRecord>,
    /// What became of each source's items and findings, in the order of the search.
    pub sources: Vec<SourceCounts>,
    /// The last decision on each finding.
    pub findings: Vec<Decided>,
    /// What was kept back, with the ground and its answer.
    pub withheld: Vec<Withheld>,
    /// The bundle that was made last.
    pub bundle: Option<Bundled>,
    /// What stood in the way of a release on that day.
    pub open: Vec<Open>,
    /// Minutes that were spent on it, as noted.
    pub minutes: u64,
    /// The day from which the case is to be deleted, once it has ended.
    pub delete_from: Option<Date>,
}

/// What became of a source's items and findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SourceCounts {
    /// Which source.
    pub source: String,
    /// Its items and how they ended.
    pub items: Accounting,
    /// When it was last read to its end.
    pub read_at: Option<Timestamp>,
    /// Findings that are certain, probable or possible.
    pub matched: u64,
    /// Findings, of any tier, that somebody decided.
    pub reviewed: u64,
    /// Findings that are given.
    pub disclosed: u64,
    /// Stretches that were taken out of what is given.
    pub taken_out: u64,
    /// Findings that are kept back.
    pub withheld: u64,
    /// Findings that only mention the person.
    pub incidental: u64,
    /// Findings that were decided not to be about the person.
    pub not_subject: u64,
}

/// A finding with its last decision.
#[derive(Clone, Serialize)]
pub struct Decided {
    /// The item's digest.
    pub item: ItemId,
    /// The place of it.
    pub place: Place,
    /// The source.
    pub source: String,
    /// How strongly it points at the person.
    pub tier: Tier,
    /// What was decided.
    pub verdict: Verdict,
    /// Why.
    pub reason: Personal<String>,
    /// Who decided; empty while it is open.
    pub by: String,
    /// When.
    pub at: Option<Timestamp>,
}

/// A finding that was kept back.
#[derive(Clone, Serialize)]
pub struct Withheld {
    /// The digest of the original.
    pub item: ItemId,
    /// The place of it.
    pub place: Place,
    /// The source.
    pub source: String,
    /// Where it stands in the source.
    pub path: Personal<String>,
    /// The exemption's code; empty if the reason names none.
    pub code: String,
    /// The text that grants it.
    pub provision: String,
    /// What it asks.
    pub question: String,
    /// What was answered; empty if nothing was.
    pub answer: Personal<String>,
    /// Is the person told of it?
    pub is_told: bool,
    /// The reason, in the words of whoever decided.
    pub reason: Personal<String>,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Gathers the audit file of a case.
///
/// `records` are those of its ledger, which has to have been verified; `redactions` is the decision log
/// of the last bundle, empty if there is none. The same case gives the same file on the same day.
pub fn audit_file(
    dossier: &Dossier,
    records: &[Recorded],
    rules: &Rules,
    places: &Places<'_>,
    redactions: &[u8],
) -> AuditFile {
    let request = &dossier.request;
    let deadline = dossier.deadline();
    let place = |item: &ItemId| places(item).into_iter().next();
    AuditFile {
        case: dossier.case.clone(),
        written_on: rules.today,
        state: dossier.state(rules),
        reference: request.reference.clone(),
        received: request.received,
        channel: request.channel.to_string(),
        right: request.right.to_string(),
        has_agent: request.agent.is_some(),
        has_guardian: request.guardian.is_some(),
        clock: deadline.steps(),
        deadline,
        records: records.to_vec(),
        ledger_head: records.last().map(|record| record.digest.clone()),
        search: dossier.search.clone(),
        sources: sources(dossier, &place, redactions),
        findings: findings(dossier, &place),
        withheld: withheld(dossier, &place),
        bundle: dossier.bundled.as_ref().map(|(_, bundled)| bundled.clone()),
        open: if dossier.state(rules).is_open() { blocks(dossier, rules) } else { Vec::new() },
        minutes: dossier.history.minutes,
        delete_from: dossier.delete_from(rules.keep),
    }
}

type First<'a> = dyn Fn(&ItemId) -> Option<(SourceName, ItemPath)> + 'a;

fn sources(dossier: &Dossier, place: &First<'_>, redactions: &[u8]) -> Vec<SourceCounts> {
    let Some(search) = &dossier.search else { return Vec::new() };
    let mut counts: BTreeMap<String, SourceCounts> = BTreeMap::new();
    let mut at = BTreeMap::new();
    let mut source = |item: &ItemId| -> String {
        let known =
            at.entry(*item).or_insert_with(|| place(item).map(|(name, _)| name.to_string()));
        known.clone().unwrap_or_else(|| "no longer in the estate".to_owned())
    };
    for (finding, decision) in &dossier.findings {
        let source = source(&finding.item);
        let row = counts.entry(source).or_default();
        let verdict = decision.as_ref().map_or(Verdict::Open, |decision| decision.verdict);
        row.matched += u64::from(finding.tier != Tier::Namesake);
        row.reviewed += u64::from(verdict != Verdict::Open);
        match verdict {
            Verdict::Disclose => row.disclosed += 1,
            Verdict::Withhold => row.withheld += 1,
            Verdict::Incidental => row.incidental += 1,
            Verdict::NotSubject => row.not_subject += 1,
            Verdict::Open => {}
        }
    }
    for item in taken_out(redactions) {
        counts.entry(source(&item)).or_default().taken_out += 1;
    }
    let mut all: Vec<SourceCounts> = search
        .sources
        .iter()
        .map(|searched| {
            let source = searched.name.to_string();
            let row = counts.remove(&source).unwrap_or_default();
            SourceCounts { source, items: searched.items, read_at: searched.read_at, ..row }
        })
        .collect();
    // What lies in a source that was not there when the case was searched, or nowhere any more.
    all.extend(counts.into_iter().map(|(source, row)| SourceCounts { source, ..row }));
    all
}

/// The items of which something was taken out, one a stretch.
fn taken_out(redactions: &[u8]) -> Vec<ItemId> {
    #[derive(serde::Deserialize)]
    struct Line {
        item: ItemId,
        outcome: String,
    }
    let lines = redactions.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines
        .filter_map(|line| serde_json::from_slice::<Line>(line).ok())
        .filter(|line| line.outcome == "taken out")
        .map(|line| line.item)
        .collect()
}

fn findings(dossier: &Dossier, place: &First<'_>) -> Vec<Decided> {
    let one = |(finding, decision): &(Finding, Option<Decision>)| Decided {
        item: finding.item,
        place: finding.place.clone(),
        source: place(&finding.item).map_or(String::new(), |(name, _)| name.to_string()),
        tier: finding.tier,
        verdict: decision.as_ref().map_or(Verdict::Open, |decision| decision.verdict),
        reason: Personal::new(
            decision.as_ref().map_or(String::new(), |decision| decision.reason.clone()),
        ),
        by: decision.as_ref().map_or(String::new(), |decision| decision.by.clone()),
        at: decision.as_ref().map(|decision| decision.at),
    };
    dossier.findings.iter().map(one).collect()
}

fn withheld(dossier: &Dossier, place: &First<'_>) -> Vec<Withheld> {
    let mut all = Vec::new();
    for (finding, decision) in dossier.with_verdict(Verdict::Withhold) {
        let Some(decision) = decision else { continue };
        let is_end = |c: char| c.is_whitespace() || matches!(c, ':' | ',' | ';');
        let known = decision.reason.split(is_end).next().and_then(exemption);
        let answer = known.and_then(|known| {
            dossier
                .exemptions()
                .filter(|answer| answer.applies && answer.code.eq_ignore_ascii_case(known.code))
                .filter(|answer| answer.item == Some(finding.item))
                .filter(|answer| answer.place.as_ref().is_none_or(|at| *at == finding.place))
                .last()
        });
        let at = place(&finding.item);
        all.push(Withheld {
            item: finding.item,
            place: finding.place.clone(),
            source: at.as_ref().map_or(String::new(), |(name, _)| name.to_string()),
            path: Personal::new(at.map_or(String::new(), |(_, path)| path.to_string())),
            code: known.map_or(String::new(), |known| known.code.to_owned()),
            provision: known.map_or(String::new(), |known| known.provision.to_owned()),
            question: known.map_or(String::new(), |known| known.question.to_owned()),
            answer: answer.map_or_else(Personal::default, |answer| answer.answer.clone()),
            is_told: answer.is_none_or(|answer| answer.is_told),
            reason: Personal::new(decision.reason.clone()),
            by: decision.by.clone(),
            at: decision.at,
        });
    }
    all
}

/// Does a record say something that happened to the request, rather than a decision on one finding or
/// person?
fn is_step(entry: &Entry) -> bool {
    match entry {
        Entry::Event(event) => !matches!(event.event, Happening::Exemption(_)),
        Entry::Bundled(_) | Entry::Erasing(_) => true,
        Entry::Finding(_) | Entry::Identifier(_) | Entry::Policy(_) | Entry::Manual(_) => false,
    }
}
