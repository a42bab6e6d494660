//! `habeas decide`: what happens with findings, added to the case's ledger.

use std::collections::BTreeMap;

use habeas_case::{Case, Register, Right, suggest, verdicts};
use habeas_law::withholding;
use habeas_model::{Decision, Event, ExemptionAnswer, Finding, Happening, Personal, Tier, Verdict};
use jiff::Timestamp;
use serde_json::json;

use super::rules::today;
use crate::cli::DecideArguments;
use crate::estate::Home;
use crate::failure::{End, Failure};
use crate::say;

/// Records decisions and prints how many findings have which verdict now.
pub fn run(home: &Home, arguments: &DecideArguments, json: bool) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = register.get(&arguments.case).map_err(Failure::of_case)?;
    let by = super::rules::by(arguments.by.as_deref());
    let decisions = if arguments.suggested {
        suggest(&case, &by, Timestamp::now()).map_err(Failure::stopped)?
    } else {
        chosen(&case, arguments, &by)?
    };
    let events = answers(&decisions, arguments)?;
    let n_new = decisions.len();
    case.decide_with(&decisions, &events, today()).map_err(Failure::of_case)?;
    let counts = counts(&case)?;
    if json {
        say::json(&json!({"type": "decisions", "data": {
            "case": case.id.to_string(), "new": n_new, "verdicts": counts}}));
    } else {
        let counts: Vec<String> = counts
            .iter()
            .map(|(verdict, n)| format!("{n} {}", verdict.replace('_', " ")))
            .collect();
        say::result(&format!(
            "{}: {}; now {}",
            case.id,
            say::counted(n_new as u64, "decision", "decisions"),
            counts.join(", ")
        ));
        let next = if case.request.right == Right::Erasure { "erase plan" } else { "status" };
        say::result(&format!("next: habeas {next} {}", case.id));
    }
    Ok(End::Done)
}

/// The answers to what the exemption asks, one for each finding that is kept back on it.
///
/// Nothing is kept back on a ground that is none, or whose question is not answered.
fn answers(decisions: &[Decision], arguments: &DecideArguments) -> Result<Vec<Event>, Failure> {
    let answer = arguments.answer.as_deref().unwrap_or_default().trim();
    let mut events = Vec::new();
    for decision in decisions.iter().filter(|it| it.verdict == Verdict::Withhold) {
        let is_end = |c: char| c.is_whitespace() || matches!(c, ':' | ',' | ';');
        let code = decision.reason.split(is_end).next().unwrap_or_default();
        let exemption = withholding(code, answer).map_err(|refusal| {
            let how = "write `--reason \"LPP: advice of 3 May\" --answer \"…\"`, the answer in your own words";
            Failure::usage(refusal.to_string()).hint(how)
        })?;
        let event = Happening::Exemption(ExemptionAnswer {
            code: exemption.code.to_owned(),
            item: Some(decision.item),
            place: Some(decision.place.clone()),
            applies: true,
            answer: Personal::new(answer.to_owned()),
            is_told: arguments.told || !exemption.may_stay_untold,
        });
        let by = if decision.by.is_empty() { "habeas".to_owned() } else { decision.by.clone() };
        events.push(Event { event, on: today(), by, at: decision.at });
    }
    if events.is_empty() && !answer.is_empty() {
        return Err(
            Failure::usage("an answer is for what is withheld").hint("leave `--answer` out")
        );
    }
    Ok(events)
}

/// The decisions that the flags name.
fn chosen(case: &Case, arguments: &DecideArguments, by: &str) -> Result<Vec<Decision>, Failure> {
    let Some(verdict) = &arguments.verdict else {
        return Err(Failure::usage("what is decided?")
            .hint("say `--verdict disclose`, or take the suggestions with `--suggested`"));
    };
    let verdict = match verdict.replace('_', "-").as_str() {
        "disclose" => Verdict::Disclose,
        "withhold" => Verdict::Withhold,
        "not-subject" => Verdict::NotSubject,
        "incidental" => Verdict::Incidental,
        "open" => Verdict::Open,
        other => {
            return Err(Failure::usage(format!("`{other}` is not a verdict"))
                .hint("write disclose, withhold, not-subject, incidental or open"));
        }
    };
    let reason = arguments.reason.clone().unwrap_or_default();
    if verdict == Verdict::Withhold && reason.trim().is_empty() {
        return Err(Failure::usage("withholding needs a reason")
            .hint("give an exemption's code first, as in `--reason \"LPP: advice of counsel\"`"));
    }
    let tier = arguments.tier.as_deref().map(parse_tier).transpose()?;
    if arguments.item.is_none() && tier.is_none() {
        return Err(Failure::usage("which findings?").hint("name an `--item` or a `--tier`"));
    }
    let is_meant = |finding: &Finding| {
        arguments.item.as_ref().is_none_or(|item| finding.item.to_string().starts_with(item))
            && arguments.place.as_ref().is_none_or(|place| finding.place.to_string() == *place)
            && tier.is_none_or(|tier| finding.tier == tier)
    };
    let findings = case.findings().map_err(Failure::stopped)?;
    let decisions: Vec<Decision> = findings
        .into_iter()
        .filter(is_meant)
        .map(|finding| Decision {
            item: finding.item,
            place: finding.place,
            verdict,
            reason: reason.clone(),
            by: by.to_owned(),
            at: Timestamp::now(),
        })
        .collect();
    if decisions.is_empty() {
        return Err(Failure::usage("no finding fits")
            .hint(format!("list them with `habeas match {} --json`", case.id)));
    }
    Ok(decisions)
}

fn parse_tier(text: &str) -> Result<Tier, Failure> {
    match text {
        "certain" => Ok(Tier::Certain),
        "probable" => Ok(Tier::Probable),
        "possible" => Ok(Tier::Possible),
        "namesake" => Ok(Tier::Namesake),
        other => Err(Failure::usage(format!("`{other}` is not a tier"))
            .hint("write certain, probable, possible or namesake")),
    }
}

/// How many findings have which verdict, as the outputs write it.
pub fn counts(case: &Case) -> Result<BTreeMap<&'static str, u64>, Failure> {
    Ok(tally(&verdicts(case).map_err(Failure::stopped)?))
}

/// How many findings have which verdict, as the outputs write it.
pub fn tally(findings: &[(Finding, Option<Decision>)]) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for (_, record) in findings {
        let verdict = record.as_ref().map_or(Verdict::Open, |record| record.verdict);
        *counts.entry(name(verdict)).or_default() += 1;
    }
    counts
}

/// A verdict as the outputs write it.
fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Disclose => "disclose",
        Verdict::Withhold => "withhold",
        Verdict::NotSubject => "not_subject",
        Verdict::Incidental => "incidental",
        Verdict::Open => "open",
    }
}
