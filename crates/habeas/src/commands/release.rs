//! `habeas approve` and `habeas release`: somebody else agrees, and the answer leaves.

use std::path::Path;

use habeas_bundle::{manifest_of, sha256};
use habeas_case::{Block, Case, Error, Register, Release, Seen};
use habeas_model::{Event, Happening, Personal};
use jiff::Timestamp;
use serde_json::json;

use super::{event, rules, verify};
use crate::cli::case::ReleaseArguments;
use crate::estate::Home;
use crate::failure::{End, Failure};
use crate::say;

/// Records that somebody agrees to the bundle that was written last.
pub fn approve(
    home: &Home,
    case: &str,
    looked_at: &str,
    by: Option<&str>,
    json: bool,
) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = register.get(case).map_err(Failure::of_case)?;
    let event = approval(&case, looked_at, &rules::by(by))?;
    event::record(home, &case, &event, json)
}

/// The agreement of somebody to the bundle that was written last.
pub fn approval(case: &Case, looked_at: &str, by: &str) -> Result<Event, Failure> {
    let dossier = case.dossier().map_err(Failure::stopped)?;
    let manifest_sha256 = dossier.bundled.map(|(_, bundled)| bundled.manifest_sha256);
    Ok(Event {
        event: Happening::Approved {
            manifest_sha256: manifest_sha256.unwrap_or_default(),
            what: Personal::new(looked_at.trim().to_owned()),
        },
        on: rules::today(),
        by: by.to_owned(),
        at: Timestamp::now(),
    })
}

/// Records that the answer leaves, or says everything that stands in the way.
pub fn run(home: &Home, arguments: &ReleaseArguments, json: bool) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = register.get(&arguments.case).map_err(Failure::of_case)?;
    let own =
        |text: &str, flag: &str| match text.trim() {
            "" => Err(Failure::usage(format!("`--{flag}` is empty"))
                .hint("say how; `none` is a word too")),
            text => Ok(Personal::new(text.to_owned())),
        };
    let release = Release {
        method: own(&arguments.method, "method")?,
        address_check: own(&arguments.address_check, "address-check")?,
        secret_channel: own(&arguments.secret_channel, "secret-channel")?,
        on: rules::day(arguments.on.as_deref())?,
        by: rules::by(arguments.by.as_deref()),
        at: Timestamp::now(),
    };
    match leave(home, &case, arguments.bundle.as_deref(), &release) {
        Ok(()) => {}
        Err(Error::Blocked { blocks, .. }) => {
            print_blocks(&case, &blocks, json);
            let n = say::counted(blocks.len() as u64, "thing stands", "things stand");
            return Err(Failure::stopped(format!(
                "case {} cannot be released: {n} in the way; nothing was recorded",
                case.id
            ))
            .hint(blocks.first().map(|block| block.clears.clone()).unwrap_or_default()));
        }
        Err(error) => return Err(Failure::of_case(error)),
    }
    if json {
        say::json(&json!({"type": "released", "data": {
            "case": case.id.to_string(), "on": release.on, "by": release.by}}));
    } else {
        say::result(&format!("{}: released on {}", case.id, habeas_law::written(release.on)));
        say::result(&format!("next: habeas event {} closed --as answered --reason \"…\"", case.id));
    }
    Ok(End::Done)
}

/// Looks at the bundle and records the release.
pub fn leave(
    home: &Home,
    case: &Case,
    bundle: Option<&Path>,
    release: &Release,
) -> Result<(), Error> {
    let dossier = case.dossier()?;
    let dir = bundle.map_or_else(|| case.dir.join("bundle"), Path::to_owned);
    // What was not bundled is not looked for.
    let seen = if dossier.bundled.is_some() { seen(home, &dir) } else { Seen::Unseen };
    let rules = match rules::full(home, case, &dossier, seen.clone()) {
        Ok(rules) => rules,
        // Without the estate the careful rules hold.
        Err(_) => habeas_case::Rules { seen, ..rules::quick(home) },
    };
    case.release(&rules, release).map(drop)
}

/// What is to be seen of a bundle: it is verified again, whole.
fn seen(home: &Home, dir: &Path) -> Seen {
    let Some(manifest) = manifest_of(dir) else { return Seen::Absent };
    match verify::check(Some(&home.root), dir, false) {
        Ok(verification) if verification.is_ok() => Seen::Verified(sha256(&manifest)),
        Ok(verification) => Seen::Fails(verification.problems.len().max(1)),
        Err(_) => Seen::Fails(1),
    }
}

/// Everything that stands in the way, each with the command that clears it.
pub fn print_blocks(case: &Case, blocks: &[Block], json: bool) {
    for block in blocks {
        if json {
            say::json(&json!({"type": "block", "data": {
                "case": case.id.to_string(), "gate": block.gate, "what": block.what,
                "clears": block.clears, "cites": block.cites}}));
            continue;
        }
        let cites =
            if block.cites.is_empty() { String::new() } else { format!(" ({})", block.cites) };
        say::result(&format!("  {}: {}{cites}", block.gate.title(), block.what));
        say::result(&format!("      {}", block.clears));
    }
}
