//! `habeas identifiers`: what was found beside the person's own identifiers, and whether it is theirs.

use habeas_case::{Case, Register, find};
use habeas_model::{Followed, Identification, Proposal};
use jiff::Timestamp;
use serde_json::json;

use super::match_case::{question, summary};
use crate::estate::Home;
use crate::failure::{End, Failure, shown};
use crate::say;

/// What was answered.
pub struct Answers {
    /// Numbers of the list that are the person's.
    pub accept: Vec<u32>,
    /// Numbers that are not.
    pub reject: Vec<u32>,
    /// Why.
    pub reason: Option<String>,
    /// Who says so.
    pub by: Option<String>,
}

/// Lists what is proposed; with answers, records them in the ledger, searches again and lists what is
/// proposed then.
pub fn run(home: &Home, case: &str, answers: Answers, json: bool) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let mut case = register.get(case).map_err(Failure::of_case)?;
    let proposals = case.proposals().map_err(Failure::stopped)?;
    if answers.accept.is_empty() && answers.reject.is_empty() {
        list(home, &case, &proposals, json)?;
        return Ok(End::Done);
    }
    let decided = decided(&proposals, &answers)?;
    case.identify(&decided).map_err(Failure::stopped)?;
    let matched = find(&case, &home.open()?, &home.house()).map_err(Failure::stopped)?;
    list(home, &case, &matched.proposals, json)?;
    if !json {
        say::result(&format!("{}: {}", case.id, summary(&matched.record.tiers)));
    }
    Ok(End::Done)
}

fn decided(proposals: &[Proposal], answers: &Answers) -> Result<Vec<Identification>, Failure> {
    if let Some(both) = answers.accept.iter().find(|number| answers.reject.contains(number)) {
        return Err(Failure::usage(format!("number {both} is accepted and rejected at once")));
    }
    let by = answers.by.clone().or_else(|| std::env::var("USER").ok()).unwrap_or_default();
    let one = |number: &u32, is_accepted: bool| {
        let proposal = proposals.iter().find(|proposal| proposal.number == *number);
        let proposal = proposal.ok_or_else(|| {
            Failure::usage(format!("there is no number {number} in the list"))
                .hint("list them with `habeas identifiers CASE`; numbers change with each search")
        })?;
        Ok(Identification {
            kind: proposal.kind,
            identifier: proposal.value.clone(),
            is_accepted,
            reason: answers.reason.clone().unwrap_or_default(),
            by: by.clone(),
            at: Timestamp::now(),
        })
    };
    let accepted = answers.accept.iter().map(|number| one(number, true));
    accepted.chain(answers.reject.iter().map(|number| one(number, false))).collect()
}

fn list(home: &Home, case: &Case, proposals: &[Proposal], json: bool) -> Result<(), Failure> {
    let estate = home.open()?;
    for proposal in proposals {
        let places = estate.occurrences(&proposal.item).map_err(Failure::stopped)?;
        let at = places.first().map(|place| (place.source.clone(), place.path.clone()));
        if json {
            let (source, path) = at.unzip();
            say::json(&json!({"type": "identifier", "data": {
                "case": case.id.to_string(), "number": proposal.number, "kind": proposal.kind,
                "value": proposal.value, "written": proposal.written, "source": source,
                "path": path, "place": proposal.place, "because": proposal.because,
                "steps": proposal.steps, "n_seen": proposal.n_seen,
                "n_passages": proposal.n_passages, "n_added": proposal.n_added,
                "n_others": proposal.n_others, "followed": proposal.followed}}));
            continue;
        }
        let path = at.map_or_else(String::new, |(source, path)| {
            format!("{source}/{}, {}", shown(&path.to_string()), proposal.place)
        });
        say::result(&format!(
            "{:>3}  {:<15} {}\n     found in {path}, which is the person's because: {}\n     {}; {} more {} it; with {}",
            proposal.number,
            proposal.kind.as_str().replace('_', " "),
            shown(proposal.written.reveal()),
            proposal.because,
            proposal.followed.words(),
            proposal.n_added,
            if proposal.n_added == 1 { "finding rests on" } else { "findings rest on" },
            say::counted(proposal.n_others, "other person", "other people"),
        ));
    }
    if json {
        return Ok(());
    }
    let n_open = proposals.iter().filter(|one| one.followed == Followed::Followed).count() as u64;
    say::result(&say::counted(
        n_open,
        "identifier waits for an answer",
        "identifiers wait for an answer",
    ));
    if let Some(ask) = &case.search_record().map_err(Failure::stopped)?.ask {
        say::result(&question(ask));
    }
    if n_open > 0 {
        say::result(&format!(
            "next: habeas identifiers {} --accept NUMBER --reject NUMBER",
            case.id
        ));
    }
    Ok(())
}
