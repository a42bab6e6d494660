//! `habeas audit`: are the promises of the privacy notice kept?

use std::path::Path;

use habeas_case::Register;
use habeas_match::normal;
use habeas_model::Kind;
use habeas_report::audit::{self, Audit, State};
use serde_json::json;

use super::{map, rights};
use crate::estate::Home;
use crate::failure::{End, Failure, shown};
use crate::say;

/// Checks every `[[promise]]` of habeas.toml and writes what was found, by place.
pub fn run(
    home: &Home,
    out: Option<&Path>,
    date: Option<&str>,
    json: bool,
) -> Result<End, Failure> {
    let today = map::day(date)?;
    let promises = &home.config.promise;
    if promises.is_empty() {
        return Err(Failure::usage("habeas.toml says no promise").hint(
            "add a `[[promise]]` for each sentence to check; `habeas list` names the checks",
        ));
    }
    let declared = home.config.declared()?;
    let estate = home.open()?;
    let (rights, requesters) = (rights::ask(home)?, requesters(home)?);
    let audit = audit::audit(&estate, &declared, &rights, promises, &requesters, today)
        .map_err(Failure::stopped)?;
    let dir = out
        .map_or_else(|| home.root.join("reports").join(format!("audit-{today}")), Path::to_owned);
    let mut bytes = serde_json::to_vec_pretty(&audit).map_err(Failure::stopped)?;
    bytes.push(b'\n');
    map::write(&dir, "audit.json", &bytes)?;
    map::write(&dir, "audit.html", audit::page(&audit, &declared.controller).as_bytes())?;
    print(&audit, &dir, json);
    Ok(if audit.is_clean() { End::Done } else { End::Exceptions })
}

/// The e-mail addresses that requesters of open or closed cases state, in their normal form.
fn requesters(home: &Home) -> Result<Vec<String>, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let mut all = Vec::new();
    for id in register.list().map_err(Failure::stopped)? {
        let case = register.get(id.as_str()).map_err(Failure::stopped)?;
        let identifiers = case.request.subject.identifiers.iter();
        let emails = identifiers.filter(|it| it.kind == Kind::Email);
        all.extend(emails.filter_map(|it| normal::email(it.value.reveal())));
    }
    Ok(all)
}

fn print(audit: &Audit, dir: &Path, json: bool) {
    if json {
        for finding in &audit.findings {
            say::json(&json!({"type": "finding", "data": finding}));
        }
        for promise in &audit.promises {
            say::json(&json!({"type": "promise", "data": promise}));
        }
        say::json(&json!({"type": "audit", "data": {
            "date": audit.date, "version": audit.version, "promises": audit.promises.len(),
            "findings": audit.findings.len(), "clean": audit.is_clean(), "dir": dir}}));
        return;
    }
    for promise in &audit.promises {
        let state = match &promise.state {
            State::NothingFound => "nothing found against it".to_owned(),
            State::Broken => {
                format!("BROKEN: {}", say::counted(promise.findings, "finding", "findings"))
            }
            State::NotChecked(why) => format!("not checked: {}", shown(why)),
        };
        say::result(&format!("{}. {}: {state}", promise.number, shown(&promise.promise)));
        let these = audit.findings.iter().filter(|finding| finding.number == promise.number);
        for finding in these.clone().take(MOST_FINDINGS) {
            say::result(&format!(
                "   {:<6} {}: {}",
                finding.severity.to_string(),
                shown(&finding.place()),
                shown(&finding.what)
            ));
        }
        let n = these.count();
        if n > MOST_FINDINGS {
            say::result(&format!("   and {} more", say::count((n - MOST_FINDINGS) as u64)));
        }
    }
    let n_broken = audit.promises.iter().filter(|it| it.state == State::Broken).count() as u64;
    let n_unchecked =
        audit.promises.iter().filter(|it| matches!(it.state, State::NotChecked(_))).count() as u64;
    say::result(&format!(
        "\n{}: {} broken, {} not checked; {}",
        say::counted(audit.promises.len() as u64, "promise", "promises"),
        say::count(n_broken),
        say::count(n_unchecked),
        say::counted(audit.findings.len() as u64, "finding", "findings")
    ));
    say::result(&format!("open {}", dir.join("audit.html").display()));
}

/// So many findings of a promise are printed; all are in the report.
const MOST_FINDINGS: usize = 10;
