//! Everything that the gates of a case look at, read once.

use std::collections::{BTreeMap, BTreeSet};

use habeas_law::{Deadline, due};
use habeas_model::{
    Bundled, Decision, Event, ExemptionAnswer, Finding, Happening, HealthOpinion, ItemId,
    KnownToSubject, Listed, Policy, ThirdParty, Verdict,
};

use crate::decide::{last_decisions, verdict};
use crate::{Case, CaseId, Error, History, Ledger, Request, SearchRecord};

/// A case as it stands: what was asked, what happened, what was found and decided.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Dossier {
    /// Which case.
    pub case: CaseId,
    /// What was asked.
    pub request: Request,
    /// Every event, oldest first.
    pub events: Vec<Event>,
    /// What they come to.
    pub history: History,
    /// How the estate was searched; `None` if it was not yet.
    pub search: Option<SearchRecord>,
    /// Is the person still the one who was searched for?
    pub is_search_current: bool,
    /// Every finding with its last decision, in the order of the findings.
    pub findings: Vec<(Finding, Option<Decision>)>,
    /// Everybody else, as they were listed last.
    pub people: Vec<Listed>,
    /// Every decision about them, oldest first.
    pub policies: Vec<Policy>,
    /// The bundle that was made last, with the number of its record.
    pub bundled: Option<(u64, Bundled)>,
    /// The number of the last record that bears on what the answer says; 0 if there is none.
    pub last_bearing: u64,
    /// How many records the ledger has.
    pub n_records: u64,
}

impl Dossier {
    /// Reads a case.
    ///
    /// # Errors
    /// If a file of it cannot be read or was changed.
    pub fn load(case: &Case) -> Result<Self, Error> {
        let findings = if case.is_searched() { case.findings()? } else { Vec::new() };
        Self::of(case, &case.ledger()?, findings)
    }

    /// As [`Dossier::load`], of a ledger and findings that have been read already.
    ///
    /// # Errors
    /// If another file of the case cannot be read.
    pub fn of(case: &Case, ledger: &Ledger, findings: Vec<Finding>) -> Result<Self, Error> {
        let records = ledger.records();
        let events: Vec<Event> =
            records.iter().filter_map(|record| record.decision.event().cloned()).collect();
        let bundled = records.iter().rev().find_map(|record| {
            record.decision.bundled().map(|bundled| (record.seq, bundled.clone()))
        });
        let last_bearing = records
            .iter()
            .rev()
            .find(|it| it.decision.bears_on_answer())
            .map_or(0, |record| record.seq);
        let search = if case.is_searched() { Some(case.search_record()?) } else { None };
        let is_search_current =
            search.as_ref().is_some_and(|search| search.subject_digest == case.subject_digest());
        let findings = last_decisions(findings, ledger);
        let policies = records.iter().filter_map(|it| it.decision.policy()).cloned().collect();
        Ok(Self {
            case: case.id.clone(),
            request: case.request.clone(),
            history: History::of(&case.request, &events),
            events,
            search,
            is_search_current,
            findings,
            people: case.people()?,
            policies,
            bundled,
            last_bearing,
            n_records: records.len() as u64,
        })
    }

    /// When the answer is due.
    pub fn deadline(&self) -> Deadline {
        due(&self.history.timeline(&self.request))
    }

    /// The findings of one verdict, in their order.
    pub fn with_verdict(
        &self,
        wanted: Verdict,
    ) -> impl Iterator<Item = &(Finding, Option<Decision>)> {
        self.findings.iter().filter(move |(_, decision)| verdict(decision.as_ref()) == wanted)
    }

    /// The items that would be given, each with the passages of it, by number from 0.
    pub fn disclosed(&self) -> BTreeMap<ItemId, BTreeSet<u32>> {
        let mut items: BTreeMap<ItemId, BTreeSet<u32>> = BTreeMap::new();
        for (finding, _) in self.with_verdict(Verdict::Disclose) {
            items.entry(finding.item).or_default().extend(&finding.passages);
        }
        items
    }

    /// Records about other people, oldest first.
    pub fn third_parties(&self) -> impl Iterator<Item = &ThirdParty> {
        self.events.iter().filter_map(|event| match &event.event {
            Happening::ThirdParty(record) => Some(record),
            _ => None,
        })
    }

    /// Opinions of health professionals, oldest record first.
    pub fn opinions(&self) -> Vec<HealthOpinion> {
        let opinion = |event: &Event| match &event.event {
            Happening::HealthOpinion(opinion) => Some(opinion.clone()),
            _ => None,
        };
        self.events.iter().filter_map(opinion).collect()
    }

    /// What the person knows already, oldest record first.
    pub fn known(&self) -> Vec<KnownToSubject> {
        let known = |event: &Event| match &event.event {
            Happening::KnownToSubject(known) => Some(known.clone()),
            _ => None,
        };
        self.events.iter().filter_map(known).collect()
    }

    /// Answers to what exemptions ask, oldest first.
    pub fn exemptions(&self) -> impl Iterator<Item = &ExemptionAnswer> {
        self.events.iter().filter_map(|event| match &event.event {
            Happening::Exemption(answer) => Some(answer),
            _ => None,
        })
    }
}

impl Case {
    /// Everything that the gates look at.
    ///
    /// # Errors
    /// As [`Dossier::load`].
    pub fn dossier(&self) -> Result<Dossier, Error> {
        Dossier::load(self)
    }
}
