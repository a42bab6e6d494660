//! What happens with each finding, and is the case ready for an answer?

use std::collections::{BTreeMap, HashMap};

use habeas_law::{Deadline, Exemption};
use habeas_model::{
    About, Decision, Finding, Happening, ItemId, Manual, Place, Policy, Tier, Verdict,
};
use jiff::Timestamp;

use crate::{Case, CaseId, Error, Ledger, Request, SearchRecord};

/// A case with nothing open that has to be decided: the only thing an answer is made of.
///
/// Every certain and probable finding has a verdict. A finding that is merely possible, or about a
/// namesake, is not part of the answer until somebody decides so: possible ones are counted as
/// `pending`. [`decided`] is the only way to one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Decided {
    /// Which case.
    pub case: CaseId,
    /// What was asked.
    pub request: Request,
    /// What is given, an item a row, sorted by item.
    pub disclosures: Vec<Disclosure>,
    /// What is kept back, sorted by item and place.
    pub withheld: Vec<Withheld>,
    /// Items that merely mention the person, sorted by item.
    pub incidental: Vec<Incidental>,
    /// Possible findings that nobody has decided: not part of the answer, and told as under review.
    pub pending: Vec<Finding>,
    /// Every decision about other people, oldest first.
    pub policies: Vec<Policy>,
    /// What was marked by hand and is in force, oldest first.
    pub marks: Vec<Manual>,
    /// Findings that are not about the person: decided so, or namesakes.
    pub n_not_subject: usize,
    /// How the estate was searched.
    pub search: SearchRecord,
    /// When the answer is due.
    pub deadline: Deadline,
    /// The digest of the last decision: what the answer rests on. `None` if none was needed.
    pub ledger_digest: Option<String>,
}

/// An item that is given, with everybody else taken out.
#[derive(Clone, Debug, PartialEq)]
pub struct Disclosure {
    /// Which item.
    pub item: ItemId,
    /// The findings that are disclosed, sorted by place.
    pub findings: Vec<Finding>,
    /// The passages they cover, by number from 0, sorted, each once.
    pub passages: Vec<u32>,
}

/// A finding that is kept back.
#[derive(Clone, Debug, PartialEq)]
pub struct Withheld {
    /// Which finding.
    pub finding: Finding,
    /// Why, in the words of whoever decided.
    pub reason: String,
    /// The exemption whose code begins the reason, if it does.
    pub exemption: Option<&'static Exemption>,
    /// Is the person told which it is? Where naming it may defeat it, only if somebody decided so.
    pub is_told: bool,
}

/// An item that merely mentions the person.
#[derive(Clone, Debug, PartialEq)]
pub struct Incidental {
    /// Which item.
    pub item: ItemId,
    /// The findings, sorted by place.
    pub findings: Vec<Finding>,
}

/// The last decision on each finding of the case, in the order of the findings.
///
/// # Errors
/// If the case was not searched, or its files cannot be read or were changed.
pub fn verdicts(case: &Case) -> Result<Vec<(Finding, Option<Decision>)>, Error> {
    Ok(last_decisions(case.findings()?, &case.ledger()?))
}

/// Findings with the last decision on each.
pub(crate) fn last_decisions(
    findings: Vec<Finding>,
    ledger: &Ledger,
) -> Vec<(Finding, Option<Decision>)> {
    let mut last: HashMap<(ItemId, &Place), &Decision> = HashMap::new();
    for decision in ledger.records().iter().filter_map(|record| record.decision.finding()) {
        last.insert((decision.item, &decision.place), decision);
    }
    let with_last = |finding: Finding| {
        let decision = last.get(&(finding.item, &finding.place)).map(|last| (*last).clone());
        (finding, decision)
    };
    findings.into_iter().map(with_last).collect()
}

/// The verdict of a decision; open where there is none.
pub(crate) fn verdict(decision: Option<&Decision>) -> Verdict {
    decision.map_or(Verdict::Open, |decision| decision.verdict)
}

/// Decisions as Habeas suggests them, for findings that are open: certain and probable ones are given,
/// those that only mention the person are counted, namesakes are put aside. Possible ones stay open.
///
/// Nothing is written: [`Case::decide`] does that.
///
/// # Errors
/// As [`verdicts`].
pub fn suggest(case: &Case, by: &str, at: Timestamp) -> Result<Vec<Decision>, Error> {
    let mut decisions = Vec::new();
    for (finding, decision) in verdicts(case)? {
        if verdict(decision.as_ref()) != Verdict::Open {
            continue;
        }
        let Some((verdict, reason)) = suggestion(&finding) else { continue };
        let Finding { item, place, .. } = finding;
        decisions.push(Decision { item, place, verdict, reason, by: by.to_owned(), at });
    }
    Ok(decisions)
}

/// The verdict that Habeas suggests for a finding, and the reason that stands in the ledger; `None`
/// where a person has to look.
pub fn suggestion(finding: &Finding) -> Option<(Verdict, String)> {
    let reason = format!("suggested: {}, {:.1} bits", finding.tier, finding.score_bits);
    Some((suggested(finding)?, reason))
}

/// The verdict that Habeas suggests for a finding; `None` where a person has to look.
pub(crate) fn suggested(finding: &Finding) -> Option<Verdict> {
    match (finding.tier, finding.about) {
        (Tier::Possible, _) => None,
        (Tier::Namesake, _) => Some(Verdict::NotSubject),
        (Tier::Certain | Tier::Probable, About::Incidental) => Some(Verdict::Incidental),
        (Tier::Certain | Tier::Probable, About::Relates) => Some(Verdict::Disclose),
    }
}

/// The case as decided, if nothing is open that has to be.
///
/// # Errors
/// If a certain or probable finding is open, or as [`verdicts`].
pub fn decided(case: &Case) -> Result<Decided, Error> {
    let search = case.search_record()?;
    if search.subject_digest != case.subject_digest() {
        return Err(Error::SubjectChanged(case.id.to_string()));
    }
    let ledger = case.ledger()?;
    let mut decisions = ledger.records().iter().filter(|record| record.decision.bears_on_answer());
    let ledger_digest = decisions.next_back().map(|record| record.digest.clone());
    let mut disclosed: BTreeMap<ItemId, Vec<Finding>> = BTreeMap::new();
    let mut incidental: BTreeMap<ItemId, Vec<Finding>> = BTreeMap::new();
    let (mut withheld, mut pending) = (Vec::new(), Vec::new());
    let (mut n_not_subject, mut open) = (0, 0);
    for (finding, decision) in verdicts(case)? {
        match (verdict(decision.as_ref()), finding.tier) {
            (Verdict::Disclose, _) => disclosed.entry(finding.item).or_default().push(finding),
            (Verdict::Incidental, _) => incidental.entry(finding.item).or_default().push(finding),
            (Verdict::Withhold, _) => {
                let reason = decision.map(|decision| decision.reason).unwrap_or_default();
                let exemption = named(&reason);
                let is_told = exemption.is_none_or(|one| is_told(&ledger, &finding, one));
                withheld.push(Withheld { finding, reason, exemption, is_told });
            }
            (Verdict::NotSubject, _) | (Verdict::Open, Tier::Namesake) => n_not_subject += 1,
            (Verdict::Open, Tier::Possible) => pending.push(finding),
            (Verdict::Open, Tier::Certain | Tier::Probable) => open += 1,
        }
    }
    if open > 0 {
        return Err(Error::Undecided { case: case.id.to_string(), open });
    }
    withheld.sort_by(|a, b| order(&a.finding, &b.finding));
    pending.sort_by(order);
    let by_place = |mut findings: Vec<Finding>| {
        findings.sort_by(order);
        findings
    };
    Ok(Decided {
        case: case.id.clone(),
        request: case.request.clone(),
        disclosures: disclosures(disclosed),
        withheld,
        incidental: incidental
            .into_iter()
            .map(|(item, findings)| Incidental { item, findings: by_place(findings) })
            .collect(),
        pending,
        policies: case.policies()?,
        marks: case.marks()?,
        n_not_subject,
        search,
        deadline: case.deadline()?,
        ledger_digest,
    })
}

/// An item a row, with the passages that its findings cover.
pub(crate) fn disclosures(by_item: BTreeMap<ItemId, Vec<Finding>>) -> Vec<Disclosure> {
    let disclosure = |(item, mut findings): (ItemId, Vec<Finding>)| {
        findings.sort_by(order);
        Disclosure { item, passages: covered(&findings), findings }
    };
    by_item.into_iter().map(disclosure).collect()
}

fn order(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    (&a.item, &a.place).cmp(&(&b.item, &b.place))
}

fn covered(findings: &[Finding]) -> Vec<u32> {
    let mut passages: Vec<u32> =
        findings.iter().flat_map(|finding| finding.passages.iter().copied()).collect();
    passages.sort_unstable();
    passages.dedup();
    passages
}

/// Is the person told of an exemption, as its last answer for the finding says? Without an answer they
/// are, unless naming it may defeat it.
fn is_told(ledger: &Ledger, finding: &Finding, exemption: &Exemption) -> bool {
    let mut answers =
        ledger.records().iter().filter_map(|record| match &record.decision.event()?.event {
            Happening::Exemption(answer) => Some(answer),
            _ => None,
        });
    answers
        .rfind(|answer| {
            answer.applies
                && answer.code.eq_ignore_ascii_case(exemption.code)
                && answer.item == Some(finding.item)
                && answer.place.as_ref().is_none_or(|place| *place == finding.place)
        })
        .map_or(!exemption.may_stay_untold, |answer| answer.is_told)
}

/// The exemption whose code begins a reason, as in `LPP: advice of 3 May`.
fn named(reason: &str) -> Option<&'static Exemption> {
    let code = reason.split(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | ';')).next()?;
    habeas_law::exemption(code)
}

#[cfg(test)]
pub(crate) mod tests;
