//! What do decisions, holds, rules and choices say of a copy, before anybody looks at its file?

use std::collections::BTreeSet;

use habeas_case::Case;
use habeas_index::Estate;
use habeas_law::ErasureException;
use habeas_model::{Decision, Finding, Kind, Tier, Verdict};

use super::{Asked, Chosen, Copy};
use crate::Error;
use crate::plan::Action;
use crate::rules::{Erasure, Rules};
use crate::suppress::is_list;

/// What the decision on a finding comes to; `None` for what is not about the person.
pub(super) fn first(finding: &Finding, decision: Option<&Decision>) -> Option<(Action, String)> {
    let by_hand = |reason: &str| Some((Action::ForPerson, reason.to_owned()));
    match (decision.map_or(Verdict::Open, |decision| decision.verdict), finding.tier) {
        (Verdict::NotSubject, _) | (Verdict::Open, Tier::Namesake) => None,
        (Verdict::Disclose, _) => {
            Some((Action::Erase, format!("about the person ({})", finding.tier)))
        }
        (Verdict::Withhold, _) => {
            let ground = decision.map_or("", |decision| decision.reason.as_str());
            let code = ground.split(|c: char| c.is_whitespace() || ":,;".contains(c)).next();
            let code = code.and_then(habeas_law::exemption).map_or("an exemption", |one| one.code);
            by_hand(&format!(
                "kept back from access ({code}), which does not decide about erasure: erase it with \
                 `--erase`, or keep it with `--keep` and the exception that applies"
            ))
        }
        (Verdict::Incidental, _) => by_hand(
            "it is about others and only mentions the person: take the mention out by hand, or keep it \
             with `--keep`",
        ),
        (Verdict::Open, _) => by_hand(
            "nobody has decided whether it is about the person: decide with `habeas decide` and plan \
             again",
        ),
    }
}

/// A copy as the rules and the choices have it.
pub(super) fn ruled<'a>(
    mut copy: Copy<'a>,
    case: &str,
    rules: &Rules,
    asked: &Asked<'_>,
) -> Copy<'a> {
    let (source, path) = (&copy.occurrence.source, &copy.occurrence.path);
    let Some(rule) = rules.source(source) else {
        copy.action = Action::ForPerson;
        copy.reason = "its source is not in habeas.toml any more".to_owned();
        return copy;
    };
    let keep = |mut copy: Copy<'a>, exception: &ErasureException, reason: String| {
        copy.action = Action::Keep;
        copy.clause = Some(exception.code.to_owned());
        copy.reason = reason;
        copy
    };
    if is_list(&rules.suppressions, &copy.occurrence.file) {
        copy.action = Action::Keep;
        copy.clause = Some("Art. 21(3)".to_owned());
        copy.reason =
            "the list of those who get no marketing: the entry is what keeps them off others"
                .to_owned();
        return copy;
    }
    if let Some(hold) = rules.hold(case, source, path, asked.today) {
        let reason = format!("legal hold \"{}\": {}", hold.name, hold.reason);
        return keep(copy, hold.exception, reason);
    }
    let chosen = asked.choices.iter().find(|choice| choice.item == copy.finding.item);
    match chosen.map(|choice| (choice.chosen, &choice.reason)) {
        Some((Chosen::Keep(exception), reason)) => {
            return keep(copy, exception, format!("chosen by {}: {reason}", asked.by));
        }
        Some((Chosen::Erase, reason)) => {
            copy.action = Action::Erase;
            copy.is_whole = true;
            copy.reason = format!("all of it, chosen by {}: {reason}", asked.by);
        }
        None => match &rule.erasure {
            Erasure::Erase => {}
            // What is not decided is not kept on a ground either.
            _ if copy.action != Action::Erase => {}
            Erasure::Keep(ground) => {
                let reason = format!("{}: {}", ground.exception.summary, ground.because);
                return keep(copy, ground.exception, reason);
            }
            Erasure::Anonymise(ground) => {
                copy.clause = Some(ground.exception.code.to_owned());
                copy.action = Action::Anonymise;
                copy.reason =
                    format!("what tells who it is goes, the rest is kept: {}", ground.because);
            }
        },
    }
    if rule.is_backup && matches!(copy.action, Action::Erase | Action::Anonymise) {
        copy.action = Action::ForPerson;
        copy.reason =
            "a backup: have whoever runs it erase it there, or put it beyond use until it is \
                       overwritten, and tell the person so"
                .to_owned();
    }
    copy
}

/// The words of the person's own names.
pub(super) fn own_names(case: &Case) -> BTreeSet<String> {
    let names = case.request.subject.names.iter();
    names
        .flat_map(|name| {
            let folded = habeas_match::fold(name.value.reveal());
            folded.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

/// Says how many other people a free text names; a plain text that names some may be several people's,
/// such as a list of calls, and is not erased without somebody saying so.
pub(super) fn beside(
    copy: &mut Copy<'_>,
    own: &BTreeSet<String>,
    estate: &Estate,
) -> Result<(), Error> {
    if copy.action != Action::Erase || copy.is_whole {
        return Ok(());
    }
    let passages = estate.passages_of(&copy.finding.item)?;
    if passages.iter().any(|one| one.passage.is_record) {
        return Ok(());
    }
    let mut others = BTreeSet::new();
    for hit in passages.iter().flat_map(|one| &one.hits) {
        let value = hit.value.reveal();
        let mut words = value.split([',', ' ']).filter(|word| !word.is_empty());
        if hit.kind == Kind::Name && !words.any(|word| own.contains(word)) {
            others.insert(value.clone());
        }
    }
    if others.is_empty() {
        return Ok(());
    }
    let n = others.len();
    let names = format!("it also names {n} other {}", if n == 1 { "person" } else { "people" });
    let media_type = estate.item(&copy.finding.item)?.map(|item| item.media_type);
    if media_type.is_some_and(|media_type| media_type == "text/plain") {
        copy.action = Action::ForPerson;
        copy.reason = format!(
            "{names}, and may hold what is theirs: edit it by hand, or erase all of it with `--erase`"
        );
    } else {
        copy.reason.push_str(&format!("; {names}"));
    }
    Ok(())
}
