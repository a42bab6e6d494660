//! `habeas doctor`: what is in force here, and what is missing?

use habeas_index::Inventory;
use habeas_ingest::{Eyes, Level};
use serde_json::json;

use crate::config::OcrKeys;
use crate::estate::Home;
use crate::failure::{End, Failure};
use crate::say;

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    is_good: bool,
    says: String,
}

/// Prints what isolation and which helpers are in force; of an estate, its limits and sources too.
pub fn run(home: Option<&Home>, json: bool) -> Result<End, Failure> {
    let mut findings = isolation()?;
    findings.push(recognition(home));
    if let Some(home) = home {
        findings.extend(estate(home)?);
    }
    let is_good = findings.iter().all(|finding| finding.is_good);
    for Finding { what, is_good, says } in findings {
        if json {
            say::json(&json!({"type": "doctor", "data": {
                "what": what, "good": is_good, "says": says}}));
        } else {
            let mark = if is_good { "ok  " } else { "LOOK" };
            say::result(&format!("{mark} {what:<12} {says}"));
        }
    }
    Ok(if is_good { End::Done } else { End::Exceptions })
}

/// How readers are confined, a sentence each.
pub fn isolation_words() -> Vec<String> {
    isolation().map_or_else(
        |_| vec!["no reader can be started".to_owned()],
        |findings| findings.into_iter().map(|finding| finding.says).collect(),
    )
}

fn isolation() -> Result<Vec<Finding>, Failure> {
    let confinement = habeas_ingest::confinement().map_err(Failure::stopped)?;
    let landlock = match confinement.landlock {
        Level::Whole => "readers open no file, make no connection, send no signal",
        Level::Part => "an older kernel: readers open no file; the network or signals may be open",
        Level::None => "not in this kernel: readers could open files of this user",
    };
    let seccomp = if confinement.has_seccomp {
        "readers make only the system calls that reading needs"
    } else {
        "not in this kernel: readers could make any system call"
    };
    let limits = if confinement.has_limits {
        "memory, descriptors and core dumps of readers are limited"
    } else {
        "could not be set: memory of readers is only watched"
    };
    Ok(vec![
        Finding {
            what: "landlock",
            is_good: confinement.landlock == Level::Whole,
            says: landlock.to_owned(),
        },
        Finding { what: "seccomp", is_good: confinement.has_seccomp, says: seccomp.to_owned() },
        Finding { what: "limits", is_good: confinement.has_limits, says: limits.to_owned() },
    ])
}

fn recognition(home: Option<&Home>) -> Finding {
    let eyes = match home {
        Some(home) => home.config.eyes().map(|eyes| eyes.version.clone()),
        None => Eyes::find(&OcrKeys::default().languages).map(|eyes| eyes.version),
    };
    let is_good = eyes.is_ok();
    let says = eyes.unwrap_or_else(|why| format!("scans and pictures are not read: {why}"));
    Finding { what: "ocr", is_good, says }
}

fn estate(home: &Home) -> Result<Vec<Finding>, Failure> {
    let budget = home.config.budget(&home.root)?;
    let patience = home.config.patience();
    let mut findings = vec![Finding {
        what: "budgets",
        is_good: true,
        says: format!(
            "a file: {} MiB, text {} MiB, unpacked {} MiB at 1:{}, {} containers deep, {} members, \
             {:?} and {:?} a MB of processor time, {:?} to answer, {:?} in all, {} MiB of memory",
            budget.file_bytes >> 20,
            budget.text_bytes >> 20,
            budget.expanded_bytes >> 20,
            budget.expansion_ratio,
            budget.depth,
            budget.children,
            patience.cpu,
            patience.cpu_per_mb,
            patience.stall,
            patience.wall,
            patience.memory_bytes >> 20
        ),
    }];
    findings.push(Finding {
        what: "passwords",
        is_good: true,
        says: format!("{} to try on what is encrypted", budget.passwords.iter().count()),
    });
    for source in home.config.sources(&home.root)? {
        let looked = match habeas_ingest::look(&source.root, patience.stall) {
            Ok(looked) => looked,
            Err(why) => {
                let says = format!("`{}` cannot be looked at: {why}", source.name);
                findings.push(Finding { what: "source", is_good: false, says });
                continue;
            }
        };
        let is_there = looked.is_there;
        let says = if !is_there {
            format!("`{}` is not there: {}", source.name, source.root.display())
        } else if looked.is_writable {
            // Habeas does not write; an account that cannot is safer all the same.
            format!("`{}` is there; this account could write to it", source.name)
        } else {
            format!("`{}` is there, for reading only", source.name)
        };
        findings.push(Finding { what: "source", is_good: is_there, says });
    }
    if let Ok(inventory) = Inventory::open(&home.memory())
        && let Some(isolation) = inventory.isolation().map_err(Failure::stopped)?
    {
        let says = format!("readers were {isolation}");
        findings.push(Finding { what: "last run", is_good: true, says });
    }
    Ok(findings)
}
