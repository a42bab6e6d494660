//! `habeas index`: bring the estate's memory up to date with its sources.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use habeas_ingest::{Options, Progress, Receipt};
use habeas_model::{Accounting, Reason};
use habeas_report::sums;
use serde_json::json;

use crate::estate::{Home, stop_flag};
use crate::failure::{End, Failure};
use crate::say;

/// Reads what is new or changed, and prints sums that add up.
pub fn run(home: &Home, is_fresh: bool, must_confine: bool, json: bool) -> Result<End, Failure> {
    if home.config.source.is_empty() {
        return Err(Failure::usage("habeas.toml names no source")
            .hint("add a `[[source]]` with its `name` and `path`"));
    }
    let receipt = fill(home, is_fresh, must_confine, &stop_flag())?;
    report(home, &receipt, json)
}

/// Brings the estate's memory up to date, telling how far it is.
pub fn fill_telling(
    home: &Home,
    progress: &(dyn Fn(Progress) + Sync),
    stop: &AtomicBool,
) -> Result<Receipt, Failure> {
    let options = options(home, false, false)?;
    let sources = home.config.sources(&home.root)?;
    let done = habeas_ingest::index(&home.memory(), &sources, &options, progress, stop);
    done.map_err(|error| {
        Failure::stopped(error).hint("what was read is kept; the same command carries on")
    })
}

fn options(home: &Home, is_fresh: bool, must_confine: bool) -> Result<Options, Failure> {
    Ok(Options {
        budget: home.config.budget(&home.root)?,
        patience: home.config.patience(),
        eyes: home.config.eyes().ok(),
        n_readers: home.config.limits.readers,
        is_fresh,
        must_confine,
        own_domains: home.own_domains(),
    })
}

/// Brings the estate's memory up to date, with a progress bar.
pub fn fill(
    home: &Home,
    is_fresh: bool,
    must_confine: bool,
    stop: &AtomicBool,
) -> Result<Receipt, Failure> {
    if let Err(why) = home.config.eyes() {
        say::talk(&format!("scans and pictures are not read: {why}"));
    }
    let options = options(home, is_fresh, must_confine)?;
    let bar = say::bar("index");
    let progress = |at: Progress| {
        bar.set_length(at.listed);
        bar.set_position(at.done);
        if at.pictures > 0 {
            let pictures = say::counted(at.pictures, "scan", "scans");
            bar.set_message(format!("index, {pictures} recognised"));
        }
    };
    let sources = home.config.sources(&home.root)?;
    let done = habeas_ingest::index(&home.memory(), &sources, &options, &progress, stop);
    bar.finish_and_clear();
    done.map_err(|error| {
        Failure::stopped(error).hint("what was read is kept; the same command carries on")
    })
}

/// Prints the receipt: a line a source, the sum, exceptions by kind.
fn report(home: &Home, receipt: &Receipt, json: bool) -> Result<End, Failure> {
    let total = total(receipt);
    let kinds = exceptions_by_kind(home)?;
    if json {
        for (source, accounting) in &receipt.sources {
            say::json(&json!({"type": "source", "data": {"source": source, "items": accounting}}));
        }
        for (reason, (whole, partial)) in &kinds {
            say::json(&json!({"type": "exceptions", "data": {
                "reason": reason, "whole": whole, "partial": partial}}));
        }
        say::json(&json!({"type": "index", "data": {
            "items": total, "adds_up": total.adds_up(), "files_read": receipt.n_files_read,
            "files_unchanged": receipt.n_unchanged, "files_new": receipt.n_new,
            "files_changed": receipt.n_changed, "files_known": receipt.n_known,
            "files_gone": receipt.n_gone, "files_moved": receipt.n_moved,
            "stalled": receipt.stalled, "scans": receipt.pictures.0,
            "scan_seconds": receipt.pictures.1.as_secs_f64(),
            "isolation": receipt.confinement.to_string(),
            "interrupted": receipt.is_interrupted}}));
    } else {
        for (source, accounting) in &receipt.sources {
            say::result(&format!("{:<14} {}", source.as_str(), sums(accounting)));
        }
        say::result(&format!("{:<14} {}", "all sources", sums(&total)));
        say::result(&format!(
            "{} looked at ({} new, {} changed; {} with bytes that were known), {} unchanged, \
             {} gone ({} of these moved)",
            say::counted(receipt.n_files_read, "file", "files"),
            say::count(receipt.n_new),
            say::count(receipt.n_changed),
            say::count(receipt.n_known),
            say::count(receipt.n_unchanged),
            say::count(receipt.n_gone),
            say::count(receipt.n_moved)
        ));
        if receipt.pictures.0 > 0 {
            say::result(&format!(
                "{} recognised in {:.0} s",
                say::counted(receipt.pictures.0, "scan or picture", "scans and pictures"),
                receipt.pictures.1.as_secs_f64()
            ));
        }
        for source in &receipt.stalled {
            say::talk(&format!("source `{source}` stopped answering; run `habeas index` again"));
        }
        if !receipt.confinement.is_whole() {
            say::talk(&format!("isolation is reduced: {}", receipt.confinement));
        }
        for (reason, (whole, partial)) in &kinds {
            let part = match partial {
                0 => String::new(),
                n => format!(" ({} more in part)", say::count(*n)),
            };
            say::result(&format!("  {:<16} {}{part}", reason.code(), say::count(*whole)));
        }
        if !kinds.is_empty() {
            say::result("look at them with `habeas status --exceptions`");
        }
    }
    if receipt.is_interrupted {
        say::talk("interrupted: nothing that was read is lost; run `habeas index` to carry on");
        return Ok(End::Interrupted);
    }
    Ok(if kinds.is_empty() { End::Done } else { End::Exceptions })
}

/// The sums of all sources.
pub fn total(receipt: &Receipt) -> Accounting {
    let mut total = Accounting::default();
    for (_, accounting) in &receipt.sources {
        total += *accounting;
    }
    total
}

/// How many exceptions there are of each kind: whole items, and parts of items.
fn exceptions_by_kind(home: &Home) -> Result<BTreeMap<Reason, (u64, u64)>, Failure> {
    let mut kinds: BTreeMap<Reason, (u64, u64)> = BTreeMap::new();
    for (_, _, exception) in home.open()?.exceptions().map_err(Failure::stopped)? {
        let (whole, partial) = kinds.entry(exception.reason).or_default();
        *(if exception.is_partial { partial } else { whole }) += 1;
    }
    Ok(kinds)
}
