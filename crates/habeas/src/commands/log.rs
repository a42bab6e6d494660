//! `habeas log`: what was decided and what happened, and does the chain hold?

use habeas_case::{Ledger, Recorded, Register};
use serde_json::json;

use crate::estate::Home;
use crate::failure::{End, Failure, shown};
use crate::say;

/// Prints the ledger; with `verifies` only whether it holds, and where it does not.
///
/// A ledger that does not hold is printed up to where it breaks.
pub fn run(home: &Home, case: &str, verifies: bool, json: bool) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let id = register.resolve(case).map_err(Failure::of_case)?;
    let (records, broken) = Ledger::survey(&register.folder(&id)).map_err(Failure::stopped)?;
    if !verifies {
        records.iter().for_each(|record| print(record, json));
    }
    let n = records.len() as u64;
    let head = records.last().map(|record| record.digest.as_str());
    if verifies && json {
        say::json(&json!({"type": "ledger", "data": {
            "case": id.to_string(), "records": n, "head": head, "holds": broken.is_none(),
            "broken": broken}}));
    }
    if let Some(broken) = broken {
        return Err(Failure::stopped(format!(
            "the ledger of case {id} was changed: record {}: {}; the {} before it {} good",
            broken.record,
            broken.problem,
            say::counted(n, "record", "records"),
            if n == 1 { "is" } else { "are" }
        ))
        .hint("restore decisions.jsonl and decisions.head from a backup; nothing was changed"));
    }
    if verifies && !json {
        say::result(&format!(
            "{id}: {}, the chain holds; its head is {}",
            say::counted(n, "record", "records"),
            head.unwrap_or("empty")
        ));
    }
    Ok(End::Done)
}

fn print(record: &Recorded, json: bool) {
    let entry = &record.decision;
    if json {
        say::json(&json!({"type": "record", "data": record}));
        return;
    }
    let day = entry.event().map_or_else(
        || jiff::tz::TimeZone::system().to_datetime(entry.at()).date(),
        |event| event.on,
    );
    say::result(&format!(
        "{:>5}  {day}  {:<12}  {}",
        record.seq,
        shown(entry.by()),
        shown(&habeas_report::entry_in_words(entry).replace('\n', " "))
    ));
}
