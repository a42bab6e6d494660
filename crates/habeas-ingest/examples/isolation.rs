//! What does isolation cost? The files of a folder are read in this process and in readers, in turn.
//!
//! `HABEAS_READER=target/release/habeas … isolation FOLDER ROUNDS` prints one JSON object: how many
//! files and items there are, and for both ways the microseconds an item of the best round, by the
//! clock. Both ways use one thread; the isolated one has a reader process beside it. Nothing is
//! recognised in pictures. `benches/isolation.py` calls it.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use habeas_document::{Budget, read_family};
use habeas_ingest::{Patience, Reading};
use habeas_model::ItemId;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let rounds = arguments.next().and_then(|text| text.to_str()?.parse().ok()).unwrap_or(5);
    let mut files = Vec::new();
    list(&folder, &mut files)?;
    files.sort();
    let budget = Budget::default();
    let mut reading = Reading::new(budget.clone(), Patience::default(), None);
    let (mut best_here, mut best_there) = (Duration::MAX, Duration::MAX);
    let (mut n_here, mut n_there) = (0, 0);
    for _ in 0..rounds {
        let begun = Instant::now();
        n_here = files.iter().map(|file| here(file, &budget)).sum::<Result<usize, _>>()?;
        best_here = best_here.min(begun.elapsed());
        let begun = Instant::now();
        n_there = files.iter().map(|file| reading.read(file, &name(file)).len()).sum();
        best_there = best_there.min(begun.elapsed());
    }
    if n_here != n_there {
        return Err(format!("{n_here} items here, {n_there} in readers").into());
    }
    let each = |time: Duration| time.as_secs_f64() * 1e6 / n_here.max(1) as f64;
    let (here, there) = (each(best_here), each(best_there));
    let n_files = files.len();
    let out = &mut std::io::stdout();
    writeln!(
        out,
        r#"{{"files":{n_files},"items":{n_here},"here_us":{here:.1},"isolated_us":{there:.1}}}"#
    )?;
    Ok(())
}

/// Reads a file in this process; the number of its items.
fn here(file: &Path, budget: &Budget) -> std::io::Result<usize> {
    let bytes = std::fs::read(file)?;
    // A reader does this too.
    std::hint::black_box(ItemId::of(&bytes));
    let mut members = Vec::new();
    read_family(&name(file), &bytes, budget, &mut |member| members.push(member));
    Ok(members.len())
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let (kind, path) = entry.map(|entry| (entry.file_type(), entry.path()))?;
        match kind? {
            kind if kind.is_dir() => list(&path, files)?,
            kind if kind.is_file() => files.push(path),
            _ => {}
        }
    }
    Ok(())
}
