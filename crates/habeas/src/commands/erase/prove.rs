//! `habeas erase verify` and `watch`: is the person gone, and do they stay gone?

use std::collections::BTreeMap;

use habeas_case::{Case, find};
use habeas_erase::{LIMITS, Proof, Remains, Why};
use jiff::Timestamp;
use serde_json::json;

use super::{case, failed, register};
use crate::commands::index;
use crate::estate::{Home, stop_flag};
use crate::failure::{End, Failure, shown};
use crate::say;

/// Indexes and searches again, and prints what is left of the person and why.
pub fn verify(home: &Home, name: &str, by: &str, json: bool) -> Result<End, Failure> {
    let case = case(home, name)?;
    if habeas_erase::last_applied(&case).map_err(failed)?.is_none() {
        return Err(Failure::stopped(format!("nothing of case {} was erased yet", case.id))
            .hint(format!("plan it with `habeas erase plan {}`", case.id)));
    }
    habeas_erase::expire(&case, by, Timestamp::now(), false).map_err(failed)?;
    let receipt = index::fill(home, false, false, &stop_flag())?;
    if receipt.is_interrupted || !receipt.stalled.is_empty() {
        return Err(Failure::stopped("the estate was not read to its end, so nothing is proved")
            .hint("run the same command again"));
    }
    // What Habeas itself remembers of the person goes too.
    habeas_index::compact(&home.memory()).map_err(Failure::stopped)?;
    let estate = home.open()?;
    find(&case, &estate, &home.house()).map_err(Failure::stopped)?;
    let proof = habeas_erase::verify(&case, &estate).map_err(failed)?;
    habeas_erase::verified(&case, &proof, by, Timestamp::now()).map_err(failed)?;
    let reasons = reasons(&case)?;
    print(&case, &proof, &reasons, json);
    let n_excepted = estate.exceptions().map_err(Failure::stopped)?.len();
    if n_excepted > 0 && !json {
        let items = say::counted(n_excepted as u64, "item or part", "items or parts");
        say::talk(&format!(
            "{items} could not be read, and may hold anybody: habeas status --exceptions"
        ));
    }
    Ok(if proof.remains.is_empty() { End::Done } else { End::Exceptions })
}

/// Looks for what was erased and is there again, of one case or of all.
pub fn watch(home: &Home, name: Option<&str>, json: bool) -> Result<End, Failure> {
    let register = register(home)?;
    let cases: Vec<Case> = match name {
        Some(name) => vec![case(home, name)?],
        None => register
            .list()
            .map_err(Failure::stopped)?
            .iter()
            .map(|id| register.get(id.as_str()).map_err(Failure::of_case))
            .collect::<Result<_, _>>()?,
    };
    let estate = home.open()?;
    let (mut n_cases, mut n_back) = (0, 0);
    for case in cases {
        if habeas_erase::last_applied(&case).map_err(failed)?.is_none() {
            continue;
        }
        n_cases += 1;
        for one in habeas_erase::watch(&case, &estate).map_err(failed)? {
            n_back += 1;
            line(&case, &one, &BTreeMap::new(), json);
        }
    }
    if json {
        say::json(&json!({"type": "watched", "data": {"cases": n_cases, "back": n_back}}));
    } else {
        say::result(&format!(
            "{} watched for: {} there again",
            say::counted(n_cases, "erased person", "erased people"),
            say::counted(n_back, "copy is", "copies are"),
        ));
    }
    Ok(if n_back == 0 { End::Done } else { End::Exceptions })
}

/// Why each step of the last plan left something.
fn reasons(case: &Case) -> Result<BTreeMap<u32, String>, Failure> {
    let Some(digest) = habeas_erase::last_applied(case).map_err(failed)? else {
        return Ok(BTreeMap::new());
    };
    let plan = habeas_erase::kept_plan(case, &digest).map_err(failed)?;
    let reason = |step: habeas_erase::Step| {
        (step.number, format!("{} (step {}): {}", step.action.as_str(), step.number, step.reason))
    };
    Ok(plan.steps.into_iter().map(reason).collect())
}

fn print(case: &Case, proof: &Proof, reasons: &BTreeMap<u32, String>, json: bool) {
    for one in &proof.remains {
        line(case, one, reasons, json);
    }
    let n = |is: fn(&Why) -> bool| proof.remains.iter().filter(|one| is(&one.why)).count() as u64;
    let (n_left, n_doubt, n_back, n_new) = (
        n(|why| matches!(why, Why::Left(_))),
        n(|why| *why == Why::Doubt),
        n(|why| *why == Why::CameBack),
        n(|why| *why == Why::New),
    );
    if json {
        say::json(&json!({"type": "verified", "data": {
            "case": case.id.to_string(), "absent": proof.is_absent(), "gone": proof.n_gone,
            "left": n_left, "doubt": n_doubt, "back": n_back, "new": n_new, "not_subject": proof.n_not_subject}}));
        return;
    }
    say::result(&format!(
        "{}: {} erased and not there any more; {} left on purpose, {} in doubt, {} there again, {} new; {} \
         about somebody else",
        case.id,
        say::counted(proof.n_gone as u64, "item or record is", "items and records are"),
        say::count(n_left),
        say::count(n_doubt),
        say::count(n_back),
        say::count(n_new),
        say::counted(proof.n_not_subject as u64, "finding", "findings"),
    ));
    say::result(&match (proof.is_absent(), n_left + n_doubt) {
        (true, 0) => "proved: nothing of the person is there".to_owned(),
        (true, n) => format!(
            "proved: what the plan erased is gone, and nothing is there but {} that it left or that are in \
             doubt",
            say::counted(n, "place", "places")
        ),
        (false, _) => {
            "not proved: see what is there again or new, decide it and plan again".to_owned()
        }
    });
    LIMITS.iter().for_each(|limit| say::talk(&format!("note: {limit}")));
}

fn line(case: &Case, one: &Remains, reasons: &BTreeMap<u32, String>, json: bool) {
    let (code, words) = match &one.why {
        Why::Left(step) => {
            ("left", reasons.get(step).cloned().unwrap_or_else(|| format!("left by step {step}")))
        }
        Why::CameBack => ("back", "was erased, and is there again".to_owned()),
        Why::Doubt => {
            ("doubt", "possible, no more, and the plan does not know it: decide it".to_owned())
        }
        Why::New => ("new", "is found, and the plan does not know it".to_owned()),
    };
    if json {
        say::json(&json!({"type": "remains", "data": {
            "case": case.id.to_string(), "source": one.source, "path": one.path,
            "place": one.place, "why": code, "reason": words}}));
    } else {
        let path = shown(&one.path.to_string());
        say::result(&format!("{code:<5} {}/{path}, {}\n      {words}", one.source, one.place));
    }
}
