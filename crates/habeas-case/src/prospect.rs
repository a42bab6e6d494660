//! What would be given if the case were answered now?

use std::collections::BTreeMap;

use habeas_model::{Finding, ItemId, Manual, Policy, Subject, Verdict};

use crate::decide::{disclosures, suggested, verdict};
use crate::{Case, CaseId, Decided, Disclosure, Error, verdicts};

/// What would be given: what was decided, and for what is open what is suggested. Enough to look at
/// the other people in it; no answer is made of it.
#[derive(Clone, Debug)]
pub struct Prospect {
    /// Which case.
    pub case: CaseId,
    /// Whose data it is.
    pub subject: Subject,
    /// What would be given, an item a row, sorted by item.
    pub disclosures: Vec<Disclosure>,
    /// Findings that are kept back.
    pub withheld: Vec<Finding>,
    /// Every decision about other people, oldest first.
    pub policies: Vec<Policy>,
    /// What was marked by hand and is in force, oldest first.
    pub marks: Vec<Manual>,
}

impl From<&Decided> for Prospect {
    fn from(decided: &Decided) -> Self {
        Self {
            case: decided.case.clone(),
            subject: decided.request.subject.clone(),
            disclosures: decided.disclosures.clone(),
            withheld: decided.withheld.iter().map(|withheld| withheld.finding.clone()).collect(),
            policies: decided.policies.clone(),
            marks: decided.marks.clone(),
        }
    }
}

/// What would be given of a case, decided or not.
///
/// # Errors
/// If the case was not searched, the person is named otherwise than when it was, or its files cannot be
/// read or were changed.
pub fn prospect(case: &Case) -> Result<Prospect, Error> {
    if case.search_record()?.subject_digest != case.subject_digest() {
        return Err(Error::SubjectChanged(case.id.to_string()));
    }
    let mut given: BTreeMap<ItemId, Vec<Finding>> = BTreeMap::new();
    let mut withheld = Vec::new();
    for (finding, decision) in verdicts(case)? {
        let verdict = match verdict(decision.as_ref()) {
            Verdict::Open => suggested(&finding).unwrap_or(Verdict::Open),
            decided => decided,
        };
        match verdict {
            Verdict::Disclose => given.entry(finding.item).or_default().push(finding),
            Verdict::Withhold => withheld.push(finding),
            Verdict::NotSubject | Verdict::Incidental | Verdict::Open => {}
        }
    }
    Ok(Prospect {
        case: case.id.clone(),
        subject: case.request.subject.clone(),
        disclosures: disclosures(given),
        withheld,
        policies: case.policies()?,
        marks: case.marks()?,
    })
}
