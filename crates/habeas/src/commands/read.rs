//! `habeas read`: what Habeas sees in a file, without an estate.

use std::path::{Path, PathBuf};

use habeas_document::Budget;
use habeas_model::{Member, SourceName};
use habeas_source::{Listed, Source};
use serde_json::json;

use crate::failure::{End, Failure};
use crate::say;

/// Prints every item of the files and folders, a container before its members.
pub fn run(paths: &[PathBuf], json: bool) -> Result<End, Failure> {
    let mut is_clean = true;
    for path in paths {
        if path.is_dir() {
            is_clean &= read_folder(path, json)?;
        } else if path.exists() {
            // A path is printed as it was typed.
            is_clean &= read_file(path, &path.to_string_lossy(), json);
        } else {
            return Err(Failure::usage(format!("{} is not there", path.display())));
        }
    }
    Ok(if is_clean { End::Done } else { End::Exceptions })
}

fn read_folder(dir: &Path, json: bool) -> Result<bool, Failure> {
    let name = SourceName::parse("read").map_err(Failure::usage)?;
    let source = Source { name, root: dir.to_owned(), exclude: Vec::new() };
    let mut is_clean = true;
    for listed in habeas_source::list(&source).map_err(Failure::stopped)? {
        match listed {
            Listed::File(entry) => {
                let name = dir.join(entry.path.to_string());
                is_clean &= read_file(&entry.raw, &name.to_string_lossy(), json);
            }
            Listed::Excluded { path, rule } => {
                is_clean = false;
                print_failure(&dir.join(path.to_string()), &format!("excluded: {rule}"), json);
            }
            Listed::Failed { path, exception } => {
                is_clean = false;
                print_failure(&dir.join(path.to_string()), &exception.to_string(), json);
            }
        }
    }
    Ok(is_clean)
}

fn print_failure(path: &Path, error: &str, json: bool) {
    if json {
        say::json(&json!({"path": path, "media_type": null, "text": "", "error": error}));
    } else {
        say::talk(&format!("{}: {error}", crate::failure::shown(&path.to_string_lossy())));
    }
}

fn read_file(file: &Path, name: &str, json: bool) -> bool {
    let mut is_clean = true;
    for member in habeas_ingest::read(file, name, &Budget::default()) {
        is_clean &= member.document.exceptions.is_empty();
        print_member(&member, json);
    }
    is_clean
}

fn print_member(member: &Member, json: bool) {
    let document = &member.document;
    let errors: Vec<String> = document.exceptions.iter().map(ToString::to_string).collect();
    let error = (!errors.is_empty()).then(|| errors.join("; "));
    if json {
        say::json(&json!({
            "path": member.path,
            "media_type": document.media_type,
            "text": document.text(),
            "error": error,
            "partial": document.failure().is_none() && error.is_some(),
        }));
        return;
    }
    say::result(&format!("== {} ({})", member.path, document.media_type));
    for passage in &document.passages {
        let hidden = if passage.hidden.is_some() { ", hidden in the original" } else { "" };
        say::result(&format!("-- {}{hidden}", passage.place));
        say::result(&crate::failure::shown(&passage.text));
    }
    if let Some(error) = error {
        say::result(&format!("!! {error}"));
    }
}
