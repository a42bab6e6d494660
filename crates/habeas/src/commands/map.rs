//! `habeas map`: what is held where, against what is declared, and what is otherwise than before.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use habeas_report::map::{self, Change, Map, Remark, Since};
use jiff::civil::Date;
use serde_json::json;

use super::rights;
use crate::cli::MapArguments;
use crate::estate::Home;
use crate::failure::{End, Failure, shown};
use crate::say;

/// The folder of maps that were kept, in the estate's memory.
const KEPT: &str = "maps";

/// Makes the map, writes its report and its record of processing, keeps it, and compares it.
pub fn run(home: &Home, arguments: &MapArguments, json: bool) -> Result<End, Failure> {
    let today = day(arguments.date.as_deref())?;
    let name = arguments.name.clone().unwrap_or_else(|| today.to_string());
    check_name(&name)?;
    let mut declared = home.config.declared()?;
    declared.beside = rights::beside(home)?;
    let estate = home.open()?;
    let rights = rights::ask(home)?;
    let depth = home.config.map.depth;
    let map = map::scan(&estate, &declared, &rights, depth, today).map_err(Failure::stopped)?;

    let earlier = arguments.since.as_deref().map(|since| earlier(home, since));
    let (mut drift, mut trouble) = (None, None);
    match earlier {
        Some(Ok((since, before))) => drift = Some((since, map::drift(&before, &map))),
        Some(Err(sentence)) => trouble = Some(sentence),
        None => {}
    }
    let since = Since {
        drift: drift.as_ref().map(|(name, changes)| (name.as_str(), changes.as_slice())),
        trouble: trouble.as_deref(),
    };
    let dir = arguments
        .out
        .clone()
        .unwrap_or_else(|| home.root.join("reports").join(format!("map-{name}")));
    let snapshot = map.to_json().map_err(Failure::stopped)?;
    let ropa = map::ropa(&map, &declared);
    write(&dir, "map.html", map::page(&map, &declared, since).as_bytes())?;
    write(&dir, "map.json", &snapshot)?;
    write(&dir, "places.csv", &map::places(&map).map_err(Failure::stopped)?)?;
    write(&dir, "ropa.csv", &ropa.to_csv().map_err(Failure::stopped)?)?;
    write(&dir, "ropa.xlsx", &ropa.to_xlsx().map_err(Failure::stopped)?)?;
    write(&dir, "ropa.json", &ropa.to_json().map_err(Failure::stopped)?)?;
    if let Some((_, changes)) = &drift {
        let mut bytes = serde_json::to_vec_pretty(changes).map_err(Failure::stopped)?;
        bytes.push(b'\n');
        write(&dir, "changes.json", &bytes)?;
    }
    write(&home.memory().join(KEPT), &format!("{name}.json"), &snapshot)?;

    print(&map, since, &dir, &name, json);
    if drift.is_some_and(|(_, changes)| !changes.is_empty()) {
        return Ok(End::Changed);
    }
    Ok(if map.remarks.is_empty() && trouble.is_none() { End::Done } else { End::Exceptions })
}

/// The day that was typed, or today.
pub fn day(text: Option<&str>) -> Result<Date, Failure> {
    match text {
        Some(text) => text.parse().map_err(|_| {
            Failure::usage(format!("`{text}` is not a date")).hint("write it as 2026-11-20")
        }),
        None => Ok(super::rules::today()),
    }
}

/// A map's name is that of a file.
fn check_name(name: &str) -> Result<(), Failure> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name == "last" || name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
        return Err(Failure::usage(format!("`{}` cannot be a map's name", name.escape_debug()))
            .hint("use 1 to 64 letters, digits, `-` and `_`; `last` stands for the newest one"));
    }
    Ok(())
}

/// The earlier map of that name with its name, or a sentence that says why there is none.
fn earlier(home: &Home, since: &str) -> Result<(String, Map), String> {
    let dir = home.memory().join(KEPT);
    let name = if since == "last" { newest(&dir) } else { Some(since.to_owned()) };
    let Some(name) = name else {
        return Err(
            "no earlier map was kept, so nothing can be compared; this one is kept".to_owned()
        );
    };
    if check_name(&name).is_err() {
        return Err(format!(
            "`{}` cannot be a map's name, so nothing was compared",
            name.escape_debug()
        ));
    }
    let bytes = fs::read(dir.join(format!("{name}.json"))).map_err(|_| {
        let mut names = names(&dir);
        names.sort();
        let there = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        format!("there is no map `{name}` to compare with; kept are: {there}")
    })?;
    let map = map::read_snapshot(&bytes)
        .map_err(|why| format!("map `{name}` cannot be compared with: {why}"))?;
    Ok((name, map))
}

/// The names of all maps that were kept.
fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".json")?.to_owned()))
        .collect()
}

/// The name of the map that was kept last.
fn newest(dir: &Path) -> Option<String> {
    names(dir).into_iter().max_by_key(|name| {
        let kept = fs::metadata(dir.join(format!("{name}.json"))).and_then(|it| it.modified());
        (kept.ok(), name.clone())
    })
}

/// Writes a file for its owner alone, whole or not at all, in a folder that is made if need be.
pub fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let file = dir.join(name);
    let draft: PathBuf = dir.join(format!(".{name}.new"));
    let written = fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).and_then(|()| {
        let mut options = fs::OpenOptions::new();
        let mut out = options.write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        out.write_all(bytes)?;
        out.sync_all()?;
        fs::rename(&draft, &file)
    });
    written.map_err(|error| {
        Failure::stopped(format!("{}: {error}", file.display()))
            .hint("write elsewhere with `--out DIR`")
    })
}

fn print(map: &Map, since: Since<'_>, dir: &Path, name: &str, json: bool) {
    if json {
        print_json(map, since, dir, name);
        return;
    }
    for source in &map.sources {
        let holds = &source.holds;
        let age = match (holds.ages.oldest, holds.ages.newest) {
            (Some(oldest), Some(newest)) => format!("; {} to {}", oldest.year(), newest.year()),
            _ => String::new(),
        };
        let late = match holds.ages.overdue {
            0 => String::new(),
            n => format!("; {} kept too long", say::counted(n, "record", "records")),
        };
        say::result(&format!(
            "{:<14} {}, {}{age}{late}",
            source.name.as_str(),
            say::counted(holds.items, "item", "items"),
            say::counted(holds.hits(), "identifier", "identifiers"),
        ));
    }
    let mut last = None;
    for Remark { kind, text, .. } in &map.remarks {
        if last.replace(kind) != Some(kind) {
            say::result(&format!("\n{}", kind.title()));
        }
        say::result(&format!("  {}", shown(text)));
    }
    if let Some(trouble) = since.trouble {
        say::result(&format!("\n{}", shown(trouble)));
    }
    if let Some((name, changes)) = since.drift {
        print_changes(name, changes);
    }
    say::result(&format!(
        "\nkept as `{name}`; compare a later map with `habeas map --since {name}`"
    ));
    say::result(&format!("open {}", dir.join("map.html").display()));
}

/// So many changes are printed; all are in changes.json.
const MOST_CHANGES: usize = 50;

fn print_changes(name: &str, changes: &[Change]) {
    if changes.is_empty() {
        say::result(&format!("\nnothing is otherwise than in map `{name}`"));
        return;
    }
    let n = say::counted(changes.len() as u64, "figure is", "figures are");
    say::result(&format!("\n{n} otherwise than in map `{name}`"));
    for change in changes.iter().take(MOST_CHANGES) {
        say::result(&format!("  {}", shown(&change.text)));
    }
    if changes.len() > MOST_CHANGES {
        let more = (changes.len() - MOST_CHANGES) as u64;
        say::result(&format!("  and {} more, see changes.json", say::count(more)));
    }
}

fn print_json(map: &Map, since: Since<'_>, dir: &Path, name: &str) {
    for source in &map.sources {
        say::json(&json!({"type": "source", "data": source}));
    }
    for folder in &map.folders {
        say::json(&json!({"type": "folder", "data": folder}));
    }
    for remark in &map.remarks {
        say::json(&json!({"type": "remark", "data": remark}));
    }
    if let Some(trouble) = since.trouble {
        say::json(&json!({"type": "trouble", "data": {"text": trouble}}));
    }
    for change in since.drift.map_or(&[][..], |(_, changes)| changes) {
        say::json(&json!({"type": "change", "data": change}));
    }
    say::json(&json!({"type": "map", "data": {
        "name": name, "date": map.date, "version": map.version, "total": map.total(),
        "remarks": map.remarks.len(), "since": since.drift.map(|(name, _)| name),
        "changes": since.drift.map(|(_, changes)| changes.len()), "dir": dir}}));
}
