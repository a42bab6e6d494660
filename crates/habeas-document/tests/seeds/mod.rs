//! Which golden fixtures are there? Tests of other crates include this file by its path.

use std::path::{Path, PathBuf};

/// Every fixture of `habeas-document` in that folder of them, each folder sorted, without what is
/// expected of it; an empty name means all.
pub fn fixtures(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../habeas-document/tests/fixtures");
    below(&all.join(folder), &mut files);
    files
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            below(&path, files);
        } else if path.extension().is_none_or(|extension| extension != "expected") {
            files.push(path);
        }
    }
}
