//! `habeas export-audit`: the audit file of a case, for a regulator.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use habeas_bundle::{manifest_of, sha256};
use habeas_case::{Case, Register, Seen};
use habeas_model::{ItemId, SourceName};
use habeas_report::{Described, audit_file, audit_files};
use serde_json::json;

use super::{bundle, rules};
use crate::estate::Home;
use crate::failure::{End, Failure};
use crate::say;

/// Writes the audit file of a case into a new folder; the ledger is verified first.
pub fn run(home: &Home, case: &str, out: &Path, json: bool) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = register.get(case).map_err(Failure::of_case)?;
    let files = files(home, &case)?;
    write(out, &files).map_err(|(file, error)| {
        Failure::stopped(format!("{file}: {error}; nothing was left there"))
            .hint("name a new folder with `--out`, in one that can be written")
    })?;
    let n = files.len() as u64 + 1;
    if json {
        say::json(&json!({"type": "audit", "data": {
            "case": case.id.to_string(), "folder": out, "files": n}}));
    } else {
        say::result(&format!("{}: audit file of {}", case.id, say::counted(n, "file", "files")));
        say::result(&format!("wrote {}", out.display()));
        say::result("begin with audit.html in it; it names the requester, so send it sealed");
    }
    Ok(End::Done)
}

/// Every file with its bytes, sorted by name.
fn files(home: &Home, case: &Case) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let dossier = case.dossier().map_err(Failure::stopped)?;
    let ledger = case.ledger().map_err(Failure::stopped)?;
    let rules = rules::full(home, case, &dossier, Seen::Unseen)?;
    let estate = home.open().ok();
    let places = |item: &ItemId| {
        estate.as_ref().map(|estate| bundle::places(estate, item)).unwrap_or_default()
    };
    let redactions = fs::read(case.dir.join("redactions.jsonl")).unwrap_or_default();
    let audit = audit_file(&dossier, ledger.records(), &rules, &places, &redactions);
    let described = described(home)?;
    let mut files: Vec<(String, Vec<u8>)> = audit_files(&audit, &described)
        .map_err(Failure::stopped)?
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect();
    for name in ["decisions.jsonl", "decisions.head"] {
        let file = case.dir.join(name);
        let bytes = fs::read(&file)
            .map_err(|error| Failure::stopped(format!("{}: {error}", file.display())))?;
        files.push((name.to_owned(), bytes));
    }
    // Only that of the bundle that the ledger knows.
    let manifest = manifest_of(&case.dir.join("bundle"));
    let known = dossier.bundled.map(|(_, bundled)| bundled.manifest_sha256);
    if let Some(manifest) = manifest.filter(|it| known.as_ref() == Some(&sha256(it))) {
        files.push(("bundle-manifest.sha256".to_owned(), manifest));
    }
    files.sort();
    Ok(files)
}

fn described(home: &Home) -> Result<Vec<Described>, Failure> {
    let one = |source: &crate::config::SourceKeys| {
        Ok(Described {
            name: SourceName::parse(&source.name)?,
            title: source.title.clone(),
            custodian: source.custodian.clone(),
        })
    };
    home.config.source.iter().map(one).collect::<Result<_, String>>().map_err(Failure::usage)
}

/// Writes the files and their digests into a new private folder, or nothing.
fn write(out: &Path, files: &[(String, Vec<u8>)]) -> Result<(), (String, std::io::Error)> {
    let at = |path: &Path| {
        let shown = path.display().to_string();
        move |error| (shown, error)
    };
    fs::DirBuilder::new().mode(0o700).create(out).map_err(at(out))?;
    let mut manifest = String::new();
    let mut result = Ok(());
    for (name, bytes) in files {
        manifest.push_str(&format!("{}  {name}\n", sha256(bytes)));
        result = result.and_then(|()| create(&out.join(name), bytes).map_err(at(&out.join(name))));
    }
    let file = out.join("manifest.sha256");
    result = result.and_then(|()| create(&file, manifest.as_bytes()).map_err(at(&file)));
    if result.is_err() {
        // Half an audit file is worse than none; the error that made it so is what is told.
        let _ = fs::remove_dir_all(out);
    }
    result
}

fn create(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut open = fs::OpenOptions::new();
    let mut out = open.write(true).create_new(true).mode(0o600).open(file)?;
    out.write_all(bytes)?;
    out.sync_all()
}
