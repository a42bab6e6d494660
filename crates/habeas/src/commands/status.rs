//! `habeas status`: where an estate or a case stands, and what blocks the next step.

use habeas_case::{
    Block, Case, Complained, Dossier, Register, Right, Rules, Seen, State, verdicts,
};
use habeas_model::{Reason, Tier, Verdict};
use serde_json::json;

use super::clock::{days_left, left};
use super::{decide, match_case, release, rules};
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
        return if is_open { open_findings(&case, json) } else { one_case(home, &case, json) };
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
    cases(home, json)
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

/// The cases by how much time is left, those that have ended last; one that cannot be opened is told
/// and keeps nobody from the others.
fn cases(home: &Home, json: bool) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let rules = rules::quick(home);
    let mut end = End::Done;
    let mut standing = Vec::new();
    for id in register.list().map_err(Failure::stopped)? {
        let dossier = register.get(id.as_str()).and_then(|case| Ok((case.dossier()?, case)));
        match dossier {
            Ok((dossier, case)) => standing.push((case, dossier)),
            Err(error) => {
                say::talk(&shown(&format!("error: {id} cannot be opened: {error}")));
                say::talk(&format!("hint: habeas log {id} --verify"));
                end = End::Exceptions;
            }
        }
    }
    standing.sort_by_cached_key(|(case, dossier)| {
        (!dossier.state(&rules).is_open(), dossier.deadline().working, case.id.clone())
    });
    for (case, dossier) in &standing {
        print_case(case, dossier, &rules, None, json)?;
    }
    Ok(end)
}

fn one_case(home: &Home, case: &Case, json: bool) -> Result<End, Failure> {
    let dossier = case.dossier().map_err(Failure::stopped)?;
    let rules = rules::full(home, case, &dossier, Seen::Unseen)?;
    let blocks = habeas_case::blocks(&dossier, &rules);
    print_case(case, &dossier, &rules, Some(&blocks), json)?;
    Ok(End::Done)
}

fn print_case(
    case: &Case,
    dossier: &Dossier,
    rules: &Rules,
    blocks: Option<&[Block]>,
    json: bool,
) -> Result<(), Failure> {
    let (deadline, history) = (dossier.deadline(), &dossier.history);
    let n_days = days_left(deadline.working);
    let state = dossier.state(rules);
    let found = dossier.search.as_ref().map(|search| search.tiers);
    let n_in_doubt = habeas_case::n_in_doubt(&dossier.people, &dossier.policies) as u64;
    let next = next_step(dossier, state, blocks);
    let delete_from = dossier.delete_from(rules.keep);
    if json {
        say::json(&json!({"type": "case", "data": {
            "case": case.id.to_string(), "state": state, "state_in_words": state.title(),
            "received": case.request.received, "due": deadline.working, "days_left": n_days,
            "clock": deadline.state, "notice_by": deadline.notice_by, "findings": found,
            "verdicts": decide::tally(&dossier.findings), "people": dossier.people.len(),
            "in_doubt": n_in_doubt, "workers": history.workers, "minutes": history.minutes,
            "released": history.released, "closed": history.closed,
            "complaints": history.complaints, "delete_from": delete_from, "blocks": blocks,
            "next": next}}));
        return Ok(());
    }
    let due = if state.is_open() {
        format!("due {} ({})", habeas_law::written(deadline.working), left(n_days))
    } else {
        match (&history.released, &history.closed) {
            (_, Some(closed)) => {
                format!("on {} ({})", habeas_law::written(closed.on), closed.ending)
            }
            (Some(it), None) => format!("on {}", habeas_law::written(it.on)),
            (None, None) => String::new(),
        }
    };
    say::result(&format!("{}: {state}, {due}", case.id));
    match deadline.state {
        habeas_law::State::Running => {}
        habeas_law::State::Paused => say::result("  the clock is stopped until the answer comes"),
        habeas_law::State::NotBegun => {
            say::result("  the month has not begun: something asked for is awaited");
        }
    }
    if let Some(tiers) = found {
        say::result(&format!("  {}", match_case::summary(&tiers)));
    }
    // Nobody else is known before `people` or `bundle` has looked.
    if !dossier.people.is_empty() {
        let n = say::counted(dossier.people.len() as u64, "other person", "other people");
        let mut line = format!("  {n} in what is given");
        if n_in_doubt > 0 {
            let n = say::counted(n_in_doubt, "mention waits", "mentions wait");
            line.push_str(&format!("; {n} for a look: habeas people {} --doubts", case.id));
        }
        say::result(&line);
    }
    if !history.workers.is_empty() {
        let one = |(who, task): (&String, &String)| match task.as_str() {
            "" => shown(who),
            task => shown(&format!("{who} ({task})")),
        };
        let all: Vec<String> = history.workers.iter().map(one).collect();
        say::result(&format!("  worked by {}", all.join(", ")));
    }
    if history.minutes > 0 {
        let hours = format!("{}:{:02}", history.minutes / 60, history.minutes % 60);
        say::result(&format!("  {hours} hours spent"));
    }
    for complaint in &history.complaints {
        say::result(&format!("  {}", complained(case, complaint)));
    }
    if let Some(day) = delete_from {
        say::result(&format!("  to be deleted from {}", habeas_law::written(day)));
    }
    match blocks {
        Some(blocks) if state.is_open() && !blocks.is_empty() => {
            let n = say::counted(blocks.len() as u64, "thing stands", "things stand");
            say::result(&format!("  {n} in the way of a release:"));
            release::print_blocks(case, blocks, false);
        }
        _ => {}
    }
    say::result(&format!("  next: {next}"));
    Ok(())
}

fn complained(case: &Case, complaint: &Complained) -> String {
    let received = habeas_law::written(complaint.received);
    let by = habeas_law::acknowledge_by(case.request.law, complaint.received);
    match (complaint.answered, complaint.acknowledged, by) {
        (Some(on), _, _) => {
            format!("complaint of {received}, answered on {}", habeas_law::written(on))
        }
        (None, Some(_), _) => {
            format!("complaint of {received}, acknowledged, to be answered without undue delay")
        }
        (None, None, Some(by)) => {
            format!("complaint of {received}: acknowledge it by {}", habeas_law::written(by))
        }
        (None, None, None) => format!("complaint of {received}, not acknowledged"),
    }
}

/// The command that comes next for a case.
fn next_step(dossier: &Dossier, state: State, blocks: Option<&[Block]>) -> String {
    let id = &dossier.case;
    let event = |what: &str| format!("habeas event {id} {what}");
    match state {
        State::Received | State::Searching => format!("habeas match {id}"),
        State::AwaitingIdentity => event("identity-noted --seen \"…\""),
        State::AwaitingAuthority => event("authority-noted --seen \"…\""),
        State::AwaitingFee => event("fee-paid"),
        State::Paused => event("clarification-answered --answer \"…\""),
        State::Reviewing => {
            let is_blocking = |tier: Tier| matches!(tier, Tier::Certain | Tier::Probable);
            let open = dossier.with_verdict(Verdict::Open);
            let n = open.filter(|(finding, _)| is_blocking(finding.tier)).count() as u64;
            let n = say::counted(n, "finding", "findings");
            format!("habeas decide {id} ({n} without a decision)")
        }
        State::Ready if dossier.request.right == Right::Erasure => {
            format!("habeas erase plan {id}")
        }
        State::Ready => match blocks {
            Some([first, ..]) => first.clears.clone(),
            Some([]) => format!(
                "habeas release {id} --method \"…\" --address-check \"…\" --secret-channel \"…\""
            ),
            None if dossier.bundled.is_none() => format!("habeas bundle {id}"),
            None => format!("habeas status {id}"),
        },
        State::Released => event("closed --as answered --reason \"…\""),
        State::Closed => "nothing".to_owned(),
        State::Expired => "delete the case's folder, once somebody has agreed".to_owned(),
    }
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
