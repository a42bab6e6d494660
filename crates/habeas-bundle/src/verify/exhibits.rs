//! Are the labels of the exhibits those that are counted, and are twins treated alike?

use std::collections::{BTreeMap, BTreeSet};

use habeas_redact::{Attack, Own};
use serde_json::Value;

use super::{Check, Files, Known, check_of};
use crate::certificate::names;
use crate::gather::compared;

/// An exhibit as the certificate lists it.
pub(super) struct Listed<'c> {
    file: &'c str,
    n_taken_out: Option<u64>,
}

/// The exhibits that the certificate lists.
pub(super) fn listed(certificate: &Value) -> Vec<Listed<'_>> {
    let exhibits = certificate.get("exhibits").and_then(Value::as_array);
    let exhibits = exhibits.into_iter().flatten();
    exhibits
        .filter_map(|exhibit| {
            let n_taken_out = exhibit.get("taken_out").and_then(Value::as_u64);
            Some(Listed { file: exhibit.get("file")?.as_str()?, n_taken_out })
        })
        .collect()
}

/// Counts the labels of every exhibit, and compares them with the certificate and the schedule.
pub(super) fn counted(
    files: &Files,
    exhibits: &[Listed<'_>],
    attacks: &BTreeMap<&str, &Attack>,
    problems: &mut BTreeSet<String>,
) -> Check {
    let schedule = scheduled(files);
    let (mut n_bad, mut n_labels) = (0, 0);
    for exhibit in exhibits {
        let Some(attack) = attacks.get(exhibit.file) else { continue };
        let labels = attack.labels.iter().filter(|(label, _)| *label != "[NPD]");
        let n: u64 = labels.map(|(_, n)| *n as u64).sum();
        n_labels += n;
        let name = exhibit.file.rsplit('/').next().unwrap_or(exhibit.file);
        for (stated, by) in [
            (exhibit.n_taken_out, "the certificate"),
            (schedule.get(name).copied(), "the schedule"),
        ] {
            if let Some(stated) = stated.filter(|stated| *stated != n) {
                let file = exhibit.file;
                problems.insert(format!("{file}: {n} labels, and {by} counts {stated}"));
                n_bad += 1;
            }
        }
    }
    check_of(names::COUNTED, n_bad, n_labels)
}

/// How many labels the schedule says that each file has.
fn scheduled(files: &Files) -> BTreeMap<String, u64> {
    let Ok(bytes) = files.read("03_Schedule-of-documents.csv") else { return BTreeMap::new() };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let Ok(header) = reader.headers().cloned() else { return BTreeMap::new() };
    let column = |name: &str| header.iter().position(|caption| caption == name);
    let (Some(file), Some(taken)) = (column("file"), column("taken_out")) else {
        return BTreeMap::new();
    };
    reader
        .records()
        .filter_map(|row| {
            let row = row.ok()?;
            let name = row.get(file).filter(|name| !name.is_empty())?;
            Some((name.to_owned(), row.get(taken)?.parse().ok()?))
        })
        .collect()
}

/// Compares what exhibits take out with what their twins show.
pub(super) fn twins(
    exhibits: &[Listed<'_>],
    attacks: &BTreeMap<&str, &Attack>,
    known: Option<&Known>,
    problems: &mut BTreeSet<String>,
) -> Check {
    let given: Vec<(&str, &Attack)> = exhibits
        .iter()
        .filter_map(|exhibit| Some((exhibit.file, *attacks.get(exhibit.file)?)))
        .collect();
    let texts: Vec<&str> = given.iter().map(|(_, attack)| attack.text.as_str()).collect();
    let secrets: Vec<_> = given
        .iter()
        .map(|(file, _)| known?.internal.local.get(file.rsplit('/').next().unwrap_or(file)))
        .collect();
    let nobody = Own::default();
    let Some(known) = known else {
        let note = "not made: what was taken out is only known on the machine of the case";
        return Check { note: note.to_owned(), ..check_of(names::TWINS, 0, 0) };
    };
    let own = if known.internal.local.is_empty() { &nobody } else { &known.internal.own };
    let twins = compared(&texts, &secrets, own);
    for twin in &twins.found {
        let name = |number: usize| given.get(number).map_or("", |(file, _)| *file);
        problems.insert(format!(
            "{}: shows what {} takes out at the same place",
            name(twin.shows),
            name(twin.takes_out)
        ));
    }
    let mut check = check_of(names::TWINS, twins.found.len() as u64, given.len() as u64);
    if twins.n_skipped > 0 {
        check.note = format!("{} labels of many alike were not compared", twins.n_skipped);
    }
    check
}
