//! One request's folder.

use std::fmt;
use std::path::{Path, PathBuf};

use habeas_model::{Decision, Entry, Finding, Held, Identification, Identifier, Proposal};
use serde::{Deserialize, Serialize};

use crate::files::{private_dir, replace};
use crate::{Defaults, Error, Ledger, Recorded, Request, SearchRecord};

/// The name of a case and of its folder, such as `SAR-2026-0007`.
///
/// Invariant: 1 to 64 ASCII letters, digits, `-`, `_` and `.`, beginning and ending with a letter or
/// digit, so that it is a folder's name everywhere and cannot lead elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseId(String);

impl CaseId {
    /// Takes a name that can be a case's.
    ///
    /// # Errors
    /// A sentence that says what a case may be called.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if (1..=64).contains(&text.len())
            && text.chars().all(fits)
            && ends(text.chars().next())
            && ends(text.chars().next_back())
        {
            Ok(Self(text.to_owned()))
        } else {
            Err("a case is named with 1 to 64 letters, digits, `-`, `_` and `.`".to_owned())
        }
    }

    /// The case with that number in a year.
    pub(crate) fn numbered(year: i16, number: u32) -> Self {
        Self(format!("SAR-{year}-{number:04}"))
    }

    /// Year and number, if it is a numbered case.
    pub(crate) fn numbered_as(&self) -> Option<(i16, u32)> {
        let (year, number) = self.0.strip_prefix("SAR-")?.split_once('-')?;
        Some((year.parse().ok()?, number.parse().ok()?))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CaseId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<CaseId> for String {
    fn from(id: CaseId) -> Self {
        id.0
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// One request and its folder.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub id: CaseId,
    /// What was asked.
    pub request: Request,
    /// Its folder.
    pub dir: PathBuf,
}

const REQUEST: &str = "request.toml";
const FINDINGS: &str = "findings.jsonl";
const SEARCH: &str = "search.json";
const PROPOSALS: &str = "proposals.jsonl";

impl Case {
    /// Fills a new case's folder, which must not be there.
    pub(crate) fn create(id: CaseId, request: Request, dir: PathBuf) -> Result<Self, Error> {
        private_dir(&dir).map_err(|problem| match problem.kind() {
            std::io::ErrorKind::AlreadyExists => Error::CaseExists(id.to_string()),
            _ => Error::File { file: dir.clone(), problem },
        })?;
        Ledger::create(&dir)?;
        let case = Self { id, request, dir };
        // Last, since a folder with a request is a case.
        case.save_request()?;
        Ok(case)
    }

    /// Opens a case's folder, and verifies its decisions.
    pub(crate) fn open(id: CaseId, dir: PathBuf) -> Result<Self, Error> {
        let file = dir.join(REQUEST);
        // Everything that decides an outcome is written into the file; the defaults are not used.
        let defaults = Defaults {
            received: jiff::civil::Date::ZERO,
            law: habeas_law::Law::Uk,
            calendar: habeas_law::Calendar::EnglandAndWales,
        };
        let request = Request::read(&file, &defaults)?.pop().ok_or_else(|| {
            Error::request("there is no request in it").at(&file.display().to_string())
        })?;
        Ledger::open(&dir)?;
        Ok(Self { id, request, dir })
    }

    /// Is there a case in this folder?
    pub(crate) fn is_in(dir: &Path) -> bool {
        dir.join(REQUEST).is_file()
    }

    /// Writes the request again after it was changed, such as by an answer to a question.
    ///
    /// # Errors
    /// If the file cannot be written; the old one is still there then.
    pub fn save_request(&self) -> Result<(), Error> {
        let file = self.dir.join(REQUEST);
        replace(&file, self.request.to_toml().as_bytes()).map_err(Error::file(&file))
    }

    /// The decisions of the case, verified.
    ///
    /// # Errors
    /// If they cannot be read or were changed.
    pub fn ledger(&self) -> Result<Ledger, Error> {
        Ledger::open(&self.dir)
    }

    /// Adds decisions to the ledger, all or none.
    ///
    /// # Errors
    /// If a decision is about no finding of the case, or the ledger was changed or cannot be written.
    pub fn decide(&self, decisions: &[Decision]) -> Result<Vec<Recorded>, Error> {
        self.check_decisions(decisions)?;
        let entries: Vec<Entry> = decisions.iter().cloned().map(Entry::from).collect();
        self.ledger()?.append(&entries)
    }

    /// Refuses decisions that are about no finding of the case.
    pub(crate) fn check_decisions(&self, decisions: &[Decision]) -> Result<(), Error> {
        let findings = self.findings()?;
        let known: std::collections::HashSet<_> =
            findings.iter().map(|finding| (&finding.item, &finding.place)).collect();
        let is_known = |decision: &Decision| known.contains(&(&decision.item, &decision.place));
        if !decisions.iter().all(is_known) {
            return Err(Error::NoSuchFinding(self.id.to_string()));
        }
        Ok(())
    }

    /// Decides whether proposed identifiers are the person's. What is accepted counts from now on as
    /// if the request had stated it, and what is rejected is never followed again; both take effect
    /// with the next search.
    ///
    /// # Errors
    /// If the ledger was changed, or it or the request cannot be written.
    pub fn identify(&mut self, answers: &[Identification]) -> Result<Vec<Recorded>, Error> {
        let entries: Vec<Entry> = answers.iter().cloned().map(Entry::from).collect();
        let recorded = self.ledger()?.append(&entries)?;
        self.take_answers(answers)?;
        Ok(recorded)
    }

    /// Writes answers that are in the ledger into the request, where the next search reads them.
    ///
    /// # Errors
    /// If the request cannot be written.
    pub fn take_answers(&mut self, answers: &[Identification]) -> Result<(), Error> {
        for answer in answers {
            let stated = &mut self.request.subject.identifiers;
            let is_it = |one: &Identifier| {
                one.kind == answer.kind && one.value.reveal() == answer.identifier.reveal()
            };
            stated.retain(|one| !is_it(one));
            if answer.is_accepted {
                stated.push(Identifier {
                    kind: answer.kind,
                    value: answer.identifier.clone(),
                    held: Held::default(),
                });
            }
        }
        self.save_request()
    }

    /// The identifiers of which the last decision says that they are not the person's.
    ///
    /// # Errors
    /// If the ledger cannot be read or was changed.
    pub(crate) fn rejected(&self) -> Result<Vec<Identification>, Error> {
        let ledger = self.ledger()?;
        let mut last = std::collections::BTreeMap::new();
        for answer in ledger.records().iter().filter_map(|record| record.decision.identifier()) {
            last.insert((answer.kind, answer.identifier.clone()), answer);
        }
        Ok(last.into_values().filter(|answer| !answer.is_accepted).cloned().collect())
    }

    /// Identifiers that the last search proposed, those that add most first.
    ///
    /// # Errors
    /// If nothing was searched, or what is there is not what the search wrote.
    pub fn proposals(&self) -> Result<Vec<Proposal>, Error> {
        self.search_record()?;
        let file = self.dir.join(PROPOSALS);
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(problem) => return Err(Error::file(&file)(problem)),
        };
        lines(&file, &bytes)
    }

    /// Was the case searched?
    pub fn is_searched(&self) -> bool {
        self.dir.join(SEARCH).is_file()
    }

    /// What was found by the last search, sorted by item and place.
    ///
    /// # Errors
    /// If nothing was searched, or what is there is not what the search wrote.
    pub fn findings(&self) -> Result<Vec<Finding>, Error> {
        let record = self.search_record()?;
        let file = self.dir.join(FINDINGS);
        let bytes = std::fs::read(&file).map_err(Error::file(&file))?;
        if blake3::hash(&bytes).to_hex().as_str() != record.findings_digest {
            return Err(Error::FindingsChanged(self.id.to_string()));
        }
        lines(&file, &bytes)
    }

    /// How the case was last searched.
    ///
    /// # Errors
    /// If nothing was searched, or the record cannot be read.
    pub fn search_record(&self) -> Result<SearchRecord, Error> {
        let file = self.dir.join(SEARCH);
        if !file.is_file() {
            return Err(Error::NotSearched(self.id.to_string()));
        }
        let bytes = std::fs::read(&file).map_err(Error::file(&file))?;
        serde_json::from_slice(&bytes).map_err(|problem| Error::Damaged {
            file: file.clone(),
            line: problem.line(),
            way_out: "run `habeas match` again",
        })
    }

    /// Is the person still named as when the case was searched?
    ///
    /// # Errors
    /// If nothing was searched, or the record cannot be read.
    pub fn is_search_current(&self) -> Result<bool, Error> {
        Ok(self.search_record()?.subject_digest == self.subject_digest())
    }

    /// Tells whether the subject is still the one that was searched for.
    pub(crate) fn subject_digest(&self) -> String {
        // A subject is lists of texts and days, so it can always be written.
        let bytes = serde_json::to_vec(&self.request.subject).unwrap_or_default();
        blake3::hash(&bytes).to_hex().to_string()
    }

    /// Writes what a search found, and how; a digest in the record ties the two together.
    ///
    /// [`crate::find`] does this.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn save_search(
        &self,
        findings: &[Finding],
        proposals: &[Proposal],
        record: &mut SearchRecord,
    ) -> Result<(), Error> {
        let lines = as_lines(findings).map_err(Error::file(&self.dir.join(FINDINGS)))?;
        let file = self.dir.join(PROPOSALS);
        let proposed = as_lines(proposals).map_err(Error::file(&file))?;
        replace(&file, &proposed).map_err(Error::file(&file))?;
        record.findings_digest = blake3::hash(&lines).to_hex().to_string();
        record.subject_digest = self.subject_digest();
        let file = self.dir.join(FINDINGS);
        replace(&file, &lines).map_err(Error::file(&file))?;
        let file = self.dir.join(SEARCH);
        let bytes = serde_json::to_vec_pretty(record).map_err(std::io::Error::from);
        replace(&file, &bytes.map_err(Error::file(&file))?).map_err(Error::file(&file))
    }
}

/// Reads a value a line.
fn lines<T: serde::de::DeserializeOwned>(file: &Path, bytes: &[u8]) -> Result<Vec<T>, Error> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    (1..)
        .zip(lines)
        .map(|(line, bytes)| {
            serde_json::from_slice(bytes).map_err(|_| Error::Damaged {
                file: file.to_owned(),
                line,
                way_out: "run `habeas match` again",
            })
        })
        .collect()
}

/// Writes a value a line. Findings and proposals hold no maps and only finite numbers, so they can
/// always be written.
fn as_lines<T: Serialize>(values: &[T]) -> std::io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for value in values {
        serde_json::to_writer(&mut lines, value)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_named_so_that_it_stays_a_folder() {
        for text in ["SAR-2026-0007", "R1", "7", "REQ_2026.04"] {
            assert_eq!(CaseId::parse(text).map(|id| id.to_string()), Ok(text.to_owned()));
        }
        let long = "x".repeat(65);
        for text in ["", ".", "..", "../x", "a/b", "a b", "-x", "x.", "é", "a\0b", &long] {
            assert!(CaseId::parse(text).is_err(), "{text}");
        }
    }
}
