//! `habeas verify`: is a bundle what it was, and is nothing in it that was taken out?

use std::path::{Path, PathBuf};
use std::sync::Arc;

use habeas_bundle::{Grey, Means, Verification};
use habeas_case::Register;
use habeas_ingest::Eyes;
use serde_json::json;

use crate::config::{self, Config};
use crate::failure::{End, Failure, shown};
use crate::say;

/// Checks a bundle and prints each check.
///
/// `looks` has every page looked at by the recogniser of text, not only those with pictures or
/// drawings.
pub fn run(estate: Option<&Path>, bundle: &Path, looks: bool, json: bool) -> Result<End, Failure> {
    let verification = check(estate, bundle, looks)?;
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
pub fn check(estate: Option<&Path>, bundle: &Path, looks: bool) -> Result<Verification, Failure> {
    let case_dir = case_dir(estate, bundle);
    let eyes = match config::find_root(estate).ok().and_then(|root| Config::read(&root).ok()) {
        Some(config) => config.eyes(),
        // A bundle can be checked without an estate.
        None => Eyes::find(&["eng".to_owned()]).map(Arc::new),
    };
    if let (true, Err(reason)) = (looks, &eyes) {
        return Err(Failure::stopped(format!("no page can be looked at: {reason}"))
            .hint("install tesseract-ocr, or leave out `--look`"));
    }
    let eyes = eyes.ok();
    let look = |grey: &Grey| look(eyes.as_deref()?, grey);
    habeas_bundle::verify(bundle, case_dir.as_deref(), &means(eyes.as_deref(), &look, looks))
        .map_err(|error| {
            Failure::stopped(error)
                .hint("name the folder that `habeas bundle` wrote, or its archive")
        })
}

/// What a page says to the recogniser, in its confined process.
pub fn look(eyes: &Eyes, grey: &Grey) -> Option<String> {
    match eyes.read_grey(grey.width, grey.height, grey.dpi, &grey.pixels) {
        Ok(text) => Some(text),
        Err(exception) => {
            tracing::warn!(reason = %exception.reason, "a page could not be looked at");
            None
        }
    }
}

/// What a bundle is attacked with on this machine.
pub fn means<'a>(
    eyes: Option<&'a Eyes>,
    look: &'a (dyn Fn(&Grey) -> Option<String> + Sync),
    looks_at_all: bool,
) -> Means<'a> {
    Means {
        look: eyes.map(|_| look),
        looks_at_all,
        looks_with: eyes.map(|eyes| eyes.version.as_str()),
        people: None,
    }
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
