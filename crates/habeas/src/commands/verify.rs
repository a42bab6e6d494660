//! `habeas verify`: is a bundle what it was, and is nothing in it that was taken out?

use std::path::{Path, PathBuf};

use habeas_bundle::Verification;
use habeas_case::Register;
use serde_json::json;

use crate::config;
use crate::failure::{End, Failure, shown};
use crate::say;

/// Checks a bundle and prints each check.
pub fn run(estate: Option<&Path>, bundle: &Path, json: bool) -> Result<End, Failure> {
    let verification = check(estate, bundle)?;
    for check in &verification.checks {
        if json {
            say::json(&json!({"type": "check", "data": {
                "name": check.name, "ok": check.is_ok, "n": check.n, "note": check.note}}));
        } else {
            let mark = if check.is_ok { "ok " } else { "BAD" };
            let note =
                if check.note.is_empty() { String::new() } else { format!(" ({})", check.note) };
            say::result(&format!("{mark} {}: {}{note}", check.name, say::count(check.n)));
        }
    }
    for problem in &verification.problems {
        if json {
            say::json(&json!({"type": "problem", "data": {"problem": problem}}));
        } else {
            say::result(&format!("    {}", shown(problem)));
        }
    }
    if verification.is_ok() {
        return Ok(End::Done);
    }
    let n_problems = verification.problems.len() as u64;
    Err(Failure::stopped(format!(
        "the bundle does not verify: {}",
        say::counted(n_problems, "problem", "problems")
    ))
    .hint("do not send it; write it again with `habeas bundle`"))
}

/// Checks a bundle, with what is known of its case if the case is on this machine.
pub fn check(estate: Option<&Path>, bundle: &Path) -> Result<Verification, Failure> {
    let case_dir = case_dir(estate, bundle);
    habeas_bundle::verify(bundle, case_dir.as_deref())
        .map_err(|error| Failure::stopped(error).hint("name the folder that `habeas bundle` wrote"))
}

/// The folder of the bundle's case: that of the named or nearest estate, or the one it lies in.
fn case_dir(estate: Option<&Path>, bundle: &Path) -> Option<PathBuf> {
    let bundle = std::path::absolute(bundle).ok()?;
    let is_case = |dir: &Path| dir.join("secrets.json").is_file();
    if let Some(dir) = bundle.parent().filter(|dir| is_case(dir)) {
        return Some(dir.to_owned());
    }
    let case = habeas_bundle::case_of(&bundle)?;
    let root = config::find_root(estate).ok()?;
    let dir = Register::open(&root).ok()?.get(&case).ok()?.dir;
    is_case(&dir).then_some(dir)
}

/// The checks on one line.
pub fn summary(verification: &Verification) -> String {
    let checks: Vec<String> = verification
        .checks
        .iter()
        .map(|check| {
            let mark = if check.is_ok { "" } else { "NOT " };
            format!("{mark}{} ({})", check.name, say::count(check.n))
        })
        .collect();
    checks.join("; ")
}
