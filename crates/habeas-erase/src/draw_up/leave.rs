//! What is left to be done or to be known when the files are worked out?

use std::collections::BTreeSet;

use habeas_case::Case;
use habeas_index::Occurrence;
use habeas_match::Question;
use habeas_model::{Finding, Lookup, SourceName};

use super::{Copy, Means};
use crate::Error;
use crate::compare::is_within;
use crate::plan::{Action, PlannedFile, Step};
use crate::rules::Rules;
use crate::watch::{Seal, Watched};

/// What has to be done besides: recipients are told (Art. 19), other names of a file are looked for.
pub(super) fn duties(
    copies: &[Copy<'_>],
    files: &[PlannedFile],
    rules: &Rules,
    steps: &mut Vec<Step>,
) {
    let mut duty = |action: Action, reason: String, source: Option<SourceName>, path| {
        steps.push(Step {
            number: u32::try_from(steps.len() + 1).unwrap_or(u32::MAX),
            action,
            reason,
            clause: (action == Action::Notify).then(|| "Art. 19".to_owned()),
            source,
            path,
            item: None,
            place: None,
            tier: None,
            is_copy: false,
            n_within: 0,
            file: None,
        });
    };
    let names = |file: &PlannedFile| {
        files.iter().filter(|other| other.facts.is_same_file(&file.facts)).count() as u64
    };
    for file in files.iter().filter(|file| file.facts.n_links > names(file)) {
        let n = file.facts.n_links - names(file);
        let reason = format!(
            "the file has {n} other {} (hard links) that the plan does not reach: what it held stays \
             there; find them by inode {}",
            if n == 1 { "name" } else { "names" },
            file.facts.inode
        );
        duty(Action::ForPerson, reason, Some(file.source.clone()), Some(file.path.clone()));
    }
    let mut told = BTreeSet::new();
    for copy in copies.iter().filter(|copy| copy.file.is_some()) {
        let Some(rule) = rules.source(&copy.occurrence.source) else { continue };
        for recipient in &rule.recipients {
            if told.insert((rule.activity.clone(), recipient.clone())) {
                let reason = format!(
                    "tell {recipient} that records of the activity \"{}\" are erased, unless they never \
                     had them",
                    rule.activity
                );
                duty(Action::Notify, reason, None, None);
            }
        }
    }
}

/// Notes the person's identifiers, and what stays of them on purpose or is not about them.
pub(super) fn leave(
    case: &Case,
    means: &Means<'_>,
    seal: &Seal,
    copies: &[Copy<'_>],
    steps: &[Step],
    nobody: &[&Finding],
    watched: &mut Watched,
) -> Result<(), Error> {
    for (_, lookup) in Question::stated_lookups(&case.request.subject) {
        if let Lookup::Id(term) = lookup {
            watched.ids.insert(seal.id(&term));
        }
    }
    for finding in nobody {
        for place in means.estate.occurrences(&finding.item)? {
            left(means, seal, finding, &place, 0, watched)?;
        }
    }
    for (copy, step) in copies.iter().zip(steps).filter(|(copy, _)| copy.file.is_none()) {
        left(means, seal, copy.finding, &copy.occurrence, step.number, watched)?;
    }
    weighed(case, means, seal, copies, watched)
}

/// Notes what some form of an identifier brings and no finding is about: it was weighed, and is not the
/// person's. In a smaller estate it may weigh more, and is known all the same.
fn weighed(
    case: &Case,
    means: &Means<'_>,
    seal: &Seal,
    copies: &[Copy<'_>],
    watched: &mut Watched,
) -> Result<(), Error> {
    let question = Question::new(&case.request.subject).map_err(|problem| {
        habeas_case::Error::Unsearchable { case: case.id.to_string(), problem }
    })?;
    for passage in means.estate.passages(&question.lookups())? {
        for place in means.estate.occurrences(&passage.item)? {
            let goes = copies.iter().filter(|copy| copy.file.is_some()).any(|copy| {
                copy.occurrence.file == place.file
                    && is_within(&place.path, &copy.occurrence.path)
                    && (place.path != copy.occurrence.path
                        || !passage.passage.is_record
                        || copy.finding.place == passage.passage.place
                        || copy.is_whole)
            });
            if !goes {
                let digest = seal.left(&place.source, &place.path, &passage.passage);
                watched.left.entry(digest).or_insert(0);
            }
        }
    }
    Ok(())
}

fn left(
    means: &Means<'_>,
    seal: &Seal,
    finding: &Finding,
    place: &Occurrence,
    step: u32,
    watched: &mut Watched,
) -> Result<(), Error> {
    for passage in means.estate.passages_of(&finding.item)? {
        if finding.passages.contains(&passage.number) {
            let digest = seal.left(&place.source, &place.path, &passage.passage);
            watched.left.insert(digest, step);
        }
    }
    Ok(())
}
