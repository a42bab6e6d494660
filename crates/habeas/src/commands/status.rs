//! `habeas status`: where an estate or a case stands, and what blocks the next step.

use habeas_case::{Case, Register, verdicts};
use habeas_model::{Reason, Tier, Verdict};
use jiff::ZonedDateTime;
use serde_json::json;

use super::{decide, match_case};
use crate::estate::Home;
use crate::failure::{End, Failure, shown};
use crate::say;

/// Prints the estate's or a case's state.
pub fn run(
    home: &Home,
    case: Option<&str>,
    is_exceptions: bool,
    is_open: bool,
    json: bool,
) -> Result<End, Failure> {
    if let Some(case) = case {
        let register = Register::open(&home.root).map_err(Failure::stopped)?;
        let case = register.get(case).map_err(Failure::of_case)?;
        return if is_open { open_findings(&case, json) } else { one_case(&case, json) };
    }
    if is_exceptions { exceptions(home, json) } else { whole_estate(home, json) }
}

fn whole_estate(home: &Home, json: bool) -> Result<End, Failure> {
    let estate = home.open()?;
    for (source, accounting) in estate.accounting().map_err(Failure::stopped)? {
        if json {
            say::json(&json!({"type": "source", "data": {"source": source, "items": accounting}}));
        } else {
            say::result(&format!("{:<14} {}", source.as_str(), habeas_report::sums(&accounting)));
        }
    }
    if estate.is_complete().map_err(Failure::stopped)? != Some(true) {
        say::talk("the last run of `habeas index` did not end; run it again to carry on");
    }
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    for id in register.list().map_err(Failure::stopped)? {
        one_case(&register.get(id.as_str()).map_err(Failure::stopped)?, json)?;
    }
    Ok(End::Done)
}

/// Every exception with its place, by reason, and what to do about it; never what an item says.
fn exceptions(home: &Home, json: bool) -> Result<End, Failure> {
    let exceptions = home.open()?.exceptions().map_err(Failure::stopped)?;
    for reason in Reason::ALL {
        let these: Vec<_> =
            exceptions.iter().filter(|(_, _, exception)| exception.reason == reason).collect();
        if these.is_empty() {
            continue;
        }
        if !json {
            say::result(&format!("{reason}: {}", say::count(these.len() as u64)));
            say::result(&format!("  what to do: {}", reason.advice()));
        }
        for (source, path, exception) in these {
            if json {
                say::json(&json!({"type": "exception", "data": {
                    "source": source, "path": path, "exception": exception,
                    "advice": reason.advice()}}));
            } else {
                let part = if exception.is_partial { " (in part)" } else { "" };
                let path = shown(&path.to_string());
                say::result(&format!("  {source}/{path}: {exception}{part}"));
            }
        }
    }
    Ok(if exceptions.is_empty() { End::Done } else { End::Exceptions })
}

fn one_case(case: &Case, json: bool) -> Result<End, Failure> {
    let deadline = case.request.deadline();
    let n_days =
        ZonedDateTime::now().date().until(deadline.working).map_or(0, |span| span.get_days());
    let (found, decided) = if case.is_searched() {
        let record = case.search_record().map_err(Failure::stopped)?;
        (Some(record.tiers), decide::counts(case)?)
    } else {
        Default::default()
    };
    let people = case.people().map_err(Failure::stopped)?;
    let policies = case.policies().map_err(Failure::stopped)?;
    let n_in_doubt = habeas_case::n_in_doubt(&people, &policies) as u64;
    let next = next_step(case)?;
    if json {
        say::json(&json!({"type": "case", "data": {
            "case": case.id.to_string(), "received": case.request.received,
            "due": deadline.working, "days_left": n_days, "findings": found,
            "verdicts": decided, "people": people.len(), "in_doubt": n_in_doubt,
            "next": next}}));
        return Ok(End::Done);
    }
    let left = match n_days {
        0.. => format!("{n_days} days left"),
        _ => format!("{} days late", -n_days),
    };
    say::result(&format!("{}: due {} ({left})", case.id, habeas_law::written(deadline.working)));
    if let Some(tiers) = found {
        say::result(&format!("  {}", match_case::summary(&tiers)));
    }
    // Nobody else is known before `people` or `bundle` has looked.
    if !people.is_empty() {
        let n = say::counted(people.len() as u64, "other person", "other people");
        let mut line = format!("  {n} in what is given");
        if n_in_doubt > 0 {
            let n = say::counted(n_in_doubt, "mention waits", "mentions wait");
            line.push_str(&format!("; {n} for a look: habeas people {} --doubts", case.id));
        }
        say::result(&line);
    }
    say::result(&format!("  next: {next}"));
    Ok(End::Done)
}

/// The command that comes next for a case.
fn next_step(case: &Case) -> Result<String, Failure> {
    if !case.is_searched() {
        return Ok(format!("habeas match {}", case.id));
    }
    let is_blocking = |tier: Tier| matches!(tier, Tier::Certain | Tier::Probable);
    let open = verdicts(case)
        .map_err(Failure::stopped)?
        .into_iter()
        .filter(|(finding, record)| {
            let verdict = record.as_ref().map_or(Verdict::Open, |record| record.verdict);
            verdict == Verdict::Open && is_blocking(finding.tier)
        })
        .count() as u64;
    Ok(match open {
        0 => format!("habeas bundle {}", case.id),
        n => format!(
            "habeas decide {} ({} without a decision)",
            case.id,
            say::counted(n, "finding", "findings")
        ),
    })
}

/// Findings without a decision, by item and place.
fn open_findings(case: &Case, json: bool) -> Result<End, Failure> {
    for (finding, record) in verdicts(case).map_err(Failure::stopped)? {
        if record.is_some_and(|record| record.verdict != Verdict::Open) {
            continue;
        }
        if json {
            say::json(&json!({"type": "open", "data": {
                "item": finding.item, "place": finding.place, "tier": finding.tier,
                "score_bits": finding.score_bits}}));
        } else {
            say::result(&format!(
                "{:<9} {:>6.1}  item {}, {}",
                finding.tier.to_string(),
                finding.score_bits,
                finding.item.short(),
                finding.place
            ));
        }
    }
    Ok(End::Done)
}
