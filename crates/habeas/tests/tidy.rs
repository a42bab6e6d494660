//! Does the house keep its own rules? Read from manifests and sources, not from memory.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of all members of the workspace.
fn members() -> Vec<PathBuf> {
    let root = root();
    let manifest: toml::Table =
        fs::read_to_string(root.join("Cargo.toml")).unwrap().parse().unwrap();
    let members = manifest["workspace"]["members"].as_array().unwrap();
    members.iter().map(|member| root.join(member.as_str().unwrap())).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn manifest(dir: &Path) -> toml::Table {
    fs::read_to_string(dir.join("Cargo.toml")).unwrap().parse().unwrap()
}

/// Every Rust file below the `src` folder of a crate that ships, with its text; files of unit tests
/// are called `tests.rs` or lie in a folder `trial`.
fn sources(dir: &Path) -> Vec<(PathBuf, String)> {
    let mut open = vec![dir.join("src")];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default();
            if name == "trial" || name == "tests.rs" {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path, text));
            }
        }
    }
    files.sort();
    files
}

/// The part of a source file that ships: all before its unit tests.
fn shipped(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn arrows_go_down() {
    let manifests: Vec<toml::Table> = members().iter().map(|dir| manifest(dir)).collect();
    let name = |manifest: &toml::Table| manifest["package"]["name"].as_str().unwrap().to_owned();
    let floor = |manifest: &toml::Table| {
        manifest["package"]["metadata"]["habeas"]["floor"].as_integer().expect("a floor")
    };
    let floors: BTreeMap<String, i64> =
        manifests.iter().map(|manifest| (name(manifest), floor(manifest))).collect();
    for manifest in &manifests {
        let Some(dependencies) = manifest.get("dependencies").and_then(toml::Value::as_table)
        else {
            continue;
        };
        for dependency in dependencies.keys().filter(|name| floors.contains_key(*name)) {
            assert!(
                floors[dependency] < floor(manifest),
                "{} (floor {}) uses {dependency} (floor {})",
                name(manifest),
                floor(manifest),
                floors[dependency]
            );
        }
    }
}

#[test]
fn the_map_names_every_crate_and_every_crate_obeys_the_lints() {
    let map = fs::read_to_string(root().join("crates/README.md")).unwrap();
    for dir in members() {
        let manifest = manifest(&dir);
        let name = manifest["package"]["name"].as_str().unwrap();
        assert!(map.contains(&format!("`{name}`")), "crates/README.md does not name {name}");
        assert_eq!(manifest["lints"]["workspace"].as_bool(), Some(true), "{name} skips the lints");
    }
}

#[test]
fn every_file_says_what_it_is_for_and_stays_small() {
    for dir in members() {
        for (path, text) in sources(&dir) {
            assert!(text.starts_with("//!"), "{} does not say what it is for", path.display());
            let n_lines = shipped(&text).lines().count();
            assert!(
                n_lines <= 600,
                "{} has {n_lines} lines: look for a second question",
                path.display()
            );
        }
    }
}

#[test]
fn every_folder_has_a_map() {
    for folder in ["", "crates", "config", "fixtures", "benches", "crates/habeas-model"] {
        assert!(root().join(folder).join("README.md").is_file(), "{folder}/README.md is missing");
    }
}

/// Crates that may write to disk, each its own files (invariants 1 and 13).
const WRITERS: &[&str] =
    &["habeas-index", "habeas-case", "habeas-bundle", "habeas-fixtures", "habeas"];

/// Files of the one crate that may write to a source: the first does, the second keeps the case's own
/// folder.
const ERASERS: &[&str] = &["swap.rs", "folder.rs"];

#[test]
fn only_named_crates_write() {
    let writes = [
        "fs::write",
        "File::create",
        "OpenOptions",
        "remove_file",
        "remove_dir",
        "fs::rename",
        "fs::copy",
        "set_permissions",
        "create_dir",
        "DirBuilder",
        "hard_link",
        "set_len",
        "set_modified(",
        // As the system itself calls them.
        "renameat",
        "unlinkat",
        "mkdirat",
        "linkat",
        "symlinkat",
        "ftruncate",
        "fallocate",
        "OFlags::WRONLY",
        "OFlags::RDWR",
        "OFlags::CREATE",
    ];
    for dir in members() {
        let manifest = manifest(&dir);
        let name = manifest["package"]["name"].as_str().unwrap();
        if WRITERS.contains(&name) {
            continue;
        }
        for (path, text) in sources(&dir) {
            let is_eraser = ERASERS.iter().any(|file| path.ends_with(Path::new("src").join(file)));
            if name == "habeas-erase" && is_eraser {
                continue;
            }
            for word in writes {
                assert!(!has_word(shipped(&text), word), "{} uses {word}", path.display());
            }
        }
    }
}

/// Does the word stand in the text, and not as the end of another word?
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_')
    })
}

#[test]
fn nothing_opens_a_socket() {
    let sockets = ["TcpStream", "TcpListener", "UdpSocket", "tokio", "reqwest"];
    for dir in members() {
        // The review page listens, on loopback only: see `only_loopback_is_listened_to`.
        if dir.ends_with("habeas-review") {
            continue;
        }
        for (path, text) in sources(&dir) {
            for word in sockets {
                assert!(!shipped(&text).contains(word), "{} uses {word}", path.display());
            }
        }
    }
}

#[test]
fn only_loopback_is_listened_to() {
    let dir = root().join("crates/habeas-review");
    let mut n_listeners = 0;
    for (path, text) in sources(&dir) {
        let text = shipped(&text);
        for word in ["TcpStream", "UdpSocket", "connect(", "reqwest", "UNSPECIFIED", "0.0.0.0"] {
            assert!(!text.contains(word), "{} uses {word}", path.display());
        }
        for (at, _) in text.match_indices("::bind(") {
            n_listeners += 1;
            let call = &text[at..text.len().min(at + 40)];
            assert!(call.contains("LOCALHOST"), "{} listens elsewhere: {call}", path.display());
        }
    }
    assert_eq!(n_listeners, 1, "where does the review page listen?");
}
