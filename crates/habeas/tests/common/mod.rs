//! What the end-to-end tests share: the made-up clinic in a folder of its own, and the command.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use habeas_fixtures::Gold;

/// The configuration of the made-up clinic.
const CLINIC: &str = include_str!("../../../../config/clinic.toml");

/// A made-up clinic with an estate beside it that is removed at the end of the test.
pub struct Clinic {
    /// The folder of everything; it goes when this is dropped.
    pub dir: tempfile::TempDir,
    /// What is true of the clinic.
    pub gold: Gold,
}

/// How a command ended and what it said.
pub struct Ended {
    /// The exit code.
    pub code: i32,
    /// Results.
    pub stdout: String,
    /// Talk, logs and errors.
    pub stderr: String,
}

impl Clinic {
    /// Writes the clinic and starts an estate that searches all of it.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let gold = habeas_fixtures::clinic(&dir.path().join("clinic"), 1).unwrap();
        // What was written a moment ago would be looked at twice.
        for path in files(&gold.dir) {
            let file = std::fs::File::options().write(true).open(gold.dir.join(path)).unwrap();
            let then = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
            file.set_modified(then).unwrap();
        }
        let clinic = Self { dir, gold };
        assert_eq!(habeas(&["init", &clinic.root().display().to_string()], "").code, 0);
        // The worked example searches `../clinic`.
        std::fs::write(clinic.root().join("habeas.toml"), CLINIC).unwrap();
        clinic
    }

    /// The estate's folder.
    pub fn root(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    /// The folder of a source.
    pub fn source(&self, name: &str) -> PathBuf {
        self.gold.dir.join(name)
    }

    /// Runs the command on this estate.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        let root = self.root().display().to_string();
        let mut all = vec!["--estate", &root];
        all.extend(arguments);
        habeas(&all, "")
    }

    /// Runs the command on this estate and gives its results as JSON, a value a line.
    pub fn json(&self, arguments: &[&str]) -> Vec<serde_json::Value> {
        let mut all = vec!["--json"];
        all.extend(arguments);
        let ended = self.run(&all);
        assert!(ended.code <= 1, "{arguments:?} ended with {}: {}", ended.code, ended.stderr);
        lines(&ended.stdout)
    }

    /// Opens the `n`-th request (from 0) and gives the case's id.
    pub fn open(&self, n: usize) -> String {
        let request = &self.gold.requests[n];
        let file = self.dir.path().join(format!("{}.json", request.id));
        let stated = serde_json::json!({
            "names": request.subject.names,
            "born": request.subject.born,
            "identifiers": request.subject.identifiers,
            "received": request.received,
            "channel": request.channel,
        });
        std::fs::write(&file, stated.to_string()).unwrap();
        let opened = self.json(&["open", "--file", &file.display().to_string()]);
        opened[0]["data"]["case"].as_str().unwrap().to_owned()
    }
}

/// A value a line.
pub fn lines(text: &str) -> Vec<serde_json::Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Runs the command with a text on its stdin.
pub fn habeas(arguments: &[&str], stdin: &str) -> Ended {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_habeas"))
        .args(arguments)
        .env("HABEAS_LOG", "trace")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    Ended {
        code: status.code().unwrap_or(-1),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// Every file below a folder, relative, sorted.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut open = vec![dir.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(dir).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// A digest over the names and bytes of every file below a folder.
pub fn digest(dir: &Path) -> habeas_model::ItemId {
    let mut all = Vec::new();
    for path in files(dir) {
        all.extend(path.as_os_str().as_encoded_bytes());
        all.extend(habeas_model::ItemId::of(&std::fs::read(dir.join(&path)).unwrap()).as_bytes());
    }
    habeas_model::ItemId::of(&all)
}
