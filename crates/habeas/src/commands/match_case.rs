//! `habeas match`: what the estate holds about the person in a case.

use habeas_case::{Case, Matched, Register, Tiers, find, located, same_person};
use habeas_index::Estate;
use habeas_model::{Ask, Finding, Followed, ItemPath, SourceName};
use serde_json::json;

use crate::estate::Home;
use crate::failure::{End, Failure, shown};
use crate::say;

/// Searches for one case or for all, writes the findings and prints one line a finding and place.
pub fn run(home: &Home, case: Option<&str>, is_all: bool, json: bool) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let names = match (case, is_all) {
        (Some(case), _) => vec![case.to_owned()],
        (None, true) => {
            let cases = register.list().map_err(Failure::stopped)?;
            cases.iter().map(ToString::to_string).collect()
        }
        (None, false) => {
            return Err(Failure::usage("which case?").hint("name one, or search for `--all`"));
        }
    };
    // Cases first, so that a wrong name is told before a search begins.
    let cases: Vec<Case> = names
        .iter()
        .map(|name| register.get(name).map_err(Failure::of_case))
        .collect::<Result<_, _>>()?;
    let estate = home.open()?;
    let setting = home.house();
    // Two requests may turn out to be one person, also where only one of them is searched for.
    let peers: Vec<Case> = register
        .list()
        .map_err(Failure::stopped)?
        .iter()
        .filter_map(|id| register.get(id.as_str()).ok())
        .collect();
    let pairs = same_person(&peers);
    let bar = say::bar("match");
    bar.set_length(cases.len() as u64);
    for case in &cases {
        let matched = find(case, &estate, &setting).map_err(Failure::stopped)?;
        let mut advice = matched.record.advice.clone();
        advice.extend(
            pairs
                .iter()
                .filter(|(one, other, _)| *one == case.id || *other == case.id)
                .map(|pair| pair.2.clone()),
        );
        bar.suspend(|| {
            advice.iter().for_each(|sentence| say::talk(&format!("{}: {sentence}", case.id)));
            print(case, &estate, &matched, json)
        })?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(End::Done)
}

fn print(case: &Case, estate: &Estate, matched: &Matched, json: bool) -> Result<(), Failure> {
    for finding in &matched.findings {
        let places = located(estate, finding).map_err(Failure::stopped)?;
        for (at, (source, path)) in places.iter().enumerate() {
            if json {
                print_json(case, finding, source, path, at > 0);
            } else {
                print_line(finding, source, path, at > 0);
            }
        }
    }
    if !json {
        say::result(&format!("{}: {}", case.id, summary(&matched.record.tiers)));
        hints(case, matched);
        say::result(&format!("next: habeas decide {} --suggested", case.id));
    }
    Ok(())
}

/// What else a person may do to settle what is not certain.
fn hints(case: &Case, matched: &Matched) {
    let record = &matched.record;
    let n_followed =
        matched.proposals.iter().filter(|one| one.followed == Followed::Followed).count() as u64;
    if n_followed > 0 {
        say::result(&format!(
            "{} not stated but found beside the person's: habeas identifiers {}",
            say::counted(n_followed, "identifier", "identifiers"),
            case.id
        ));
    }
    if let Some(ask) = &record.ask {
        say::result(&question(ask));
    }
    if record.n_unweighed > 0 {
        say::result(&format!(
            "{} nothing of them but a family name that very many have: counted, not weighed",
            say::counted(record.n_unweighed, "passage holds", "passages hold")
        ));
    }
    if record.n_unfollowed > 0 {
        say::result(&format!(
            "{} too full to be followed",
            say::counted(
                record.n_unfollowed,
                "thread, address or day is",
                "threads, addresses or days are"
            )
        ));
    }
}

/// The question that would settle most, in a sentence without personal data.
pub fn question(ask: &Ask) -> String {
    let kind = ask.kind.as_str().replace('_', " ");
    let findings = say::counted(ask.n_findings, "finding", "findings");
    match ask.proposal {
        Some(number) => format!(
            "the answer that would settle most ({findings}): is {kind} number {number} of the list theirs?"
        ),
        None => format!(
            "the answer that would settle most ({findings}): the {kind}, which the request does not state"
        ),
    }
}

/// One line a finding and place; copies of an item say that they are copies.
fn print_json(case: &Case, finding: &Finding, source: &SourceName, path: &ItemPath, is_copy: bool) {
    say::json(&json!({
        "case": case.id.to_string(),
        "item": finding.item,
        "source": source,
        "path": path,
        "place": finding.place,
        "tier": finding.tier,
        "score_bits": finding.score_bits,
        "about": finding.about,
        "copy": is_copy,
        "evidence": finding.evidence,
    }));
}

fn print_line(finding: &Finding, source: &SourceName, path: &ItemPath, is_copy: bool) {
    let why: Vec<String> = finding
        .evidence
        .iter()
        .take(4)
        .map(|evidence| format!("{} {:+.1}", evidence.rule, evidence.bits))
        .collect();
    let copy = if is_copy { " (copy)" } else { "" };
    say::result(&format!(
        "{:<9} {:>6.1}  {source}/{}, {}{copy}\n{:18}{}",
        finding.tier.to_string(),
        finding.score_bits,
        shown(&path.to_string()),
        finding.place,
        "",
        why.join("; ")
    ));
}

/// `84 findings: 51 certain, 20 probable, 9 possible, 4 of namesakes`.
pub fn summary(tiers: &Tiers) -> String {
    let Tiers { certain, probable, possible, namesake } = *tiers;
    format!(
        "{}: {} certain, {} probable, {} possible, {} of namesakes",
        say::counted(certain + probable + possible + namesake, "finding", "findings"),
        say::count(certain),
        say::count(probable),
        say::count(possible),
        say::count(namesake)
    )
}
