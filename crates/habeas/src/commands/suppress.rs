//! `habeas suppress`: no more marketing, on any list, and what went out all the same.

use habeas_case::{Case, Register};
use habeas_erase::{Error, Listed, Mailing, Steady, mailings};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use crate::estate::Home;
use crate::failure::{End, Failure, shown};
use crate::{rules, say};

/// Writes the entries, unless it only checks, and prints what went to the person after the objection.
pub fn run(
    home: &Home,
    name: &str,
    (is_check, since): (bool, Option<&str>),
    by: Option<String>,
    json: bool,
) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = register.get(name).map_err(Failure::of_case)?;
    let objected = match since {
        Some(text) => text.parse::<Date>().map_err(|_| {
            Failure::usage(format!("`{text}` is not a date")).hint("write it as 2026-11-20")
        })?,
        None => case.request.received,
    };
    let lists = rules::lists(home)?;
    let mut done = Vec::new();
    if !is_check {
        if lists.is_empty() {
            return Err(Failure::usage("habeas.toml names no list of those who get no marketing")
                .hint("add a `[[suppression]]` with its `name`, `file` and `column`"));
        }
        let by = by.or_else(|| std::env::var("USER").ok()).unwrap_or_default();
        done = habeas_erase::suppress(&case, &lists, &by, Timestamp::now(), &Steady)
            .map_err(Failure::stopped)?;
    }
    done.iter().for_each(|list| print_list(list, json));
    let sent = sent(home, &case, objected)?;
    if let Some(sent) = &sent {
        sent.iter().for_each(|mailing| print_mailing(mailing, json));
    }
    let n_sent = sent.as_ref().map_or(0, Vec::len);
    let n_refused = done.iter().filter(|list| list.refused.is_some()).count();
    if json {
        say::json(&json!({"type": "suppressed", "data": {
            "case": case.id.to_string(), "lists": done.len(), "refused": n_refused,
            "objected": objected, "searched": sent.is_some(), "mailings_after": n_sent}}));
    } else {
        say::result(&format!(
            "{}: {} seen to, {} not; {} after {objected}",
            case.id,
            say::counted((done.len() - n_refused) as u64, "list", "lists"),
            say::count(n_refused as u64),
            say::counted(n_sent as u64, "mailing", "mailings"),
        ));
        if sent.is_none() {
            say::talk(&format!(
                "what went to them was not looked for: search first with `habeas match {}`",
                case.id
            ));
        }
    }
    Ok(if n_sent + n_refused == 0 { End::Done } else { End::Exceptions })
}

/// What went out after a day; `None` if nothing was searched.
fn sent(home: &Home, case: &Case, objected: Date) -> Result<Option<Vec<Mailing>>, Failure> {
    if !case.is_searched() {
        return Ok(None);
    }
    let rules = rules::rules(home)?;
    let found = mailings(case, &home.open()?, &rules, objected);
    found.map(Some).map_err(|error: Error| Failure::stopped(error))
}

fn print_list(list: &Listed, json: bool) {
    if json {
        say::json(&json!({"type": "list", "data": {
            "name": list.name, "added": list.n_added, "there": list.n_there,
            "refused": list.refused}}));
        return;
    }
    match &list.refused {
        Some(why) => say::result(&format!("{}: nothing was written: {why}", list.name)),
        None => say::result(&format!(
            "{}: {} added, {} there already",
            list.name,
            say::counted(list.n_added as u64, "entry", "entries"),
            say::count(list.n_there as u64)
        )),
    }
}

fn print_mailing(mailing: &Mailing, json: bool) {
    let Mailing { day, source, path, place } = mailing;
    if json {
        say::json(&json!({"type": "mailing", "data": {
            "day": day, "source": source, "path": path, "place": place}}));
    } else {
        say::result(&format!("{day}  {source}/{}, {place}", shown(&path.to_string())));
    }
}
