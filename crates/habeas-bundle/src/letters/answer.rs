//! What does the bundle tell of itself, for the letter that goes with it?

use std::fs;

use habeas_case::Case;
use habeas_model::Entry;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::template::Fields;

/// The file of it in the case's folder. It stays there: it holds figures and grounds, and nobody's name.
pub(crate) const ANSWER: &str = "answer.json";

/// What a bundle tells of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// SHA-256 of the bundle's manifest: the bundle that it is about.
    pub(crate) manifest_sha256: String,
    /// The findings that the bundle was made of.
    pub(crate) findings_digest: String,
    /// Fields of the letter.
    pub(crate) fields: Fields,
}

impl Answer {
    /// What the last bundle of a case tells, if it is still the answer; else why not, in a sentence.
    ///
    /// # Errors
    /// If the case's files cannot be read.
    pub(crate) fn current(case: &Case) -> Result<Result<Self, String>, Error> {
        let again = |why: &str| format!("{why}; write it with `habeas bundle {}`", case.id);
        let file = case.dir.join(ANSWER);
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Err(again("there is no bundle yet")));
            }
            Err(problem) => return Err(Error::File { file, problem }),
        };
        let Ok(answer) = serde_json::from_slice::<Self>(&bytes) else {
            return Ok(Err(again("what the bundle tells of itself cannot be read")));
        };
        let ledger = case.ledger()?;
        let records = ledger.records();
        let at = records.iter().rposition(|record| {
            let bundled = record.decision.bundled();
            bundled.is_some_and(|bundled| bundled.manifest_sha256 == answer.manifest_sha256)
        });
        let Some(at) = at else {
            return Ok(Err(again("the last bundle is not in the ledger")));
        };
        let later = &records[at + 1..];
        if later.iter().any(|record| changes_the_answer(&record.decision)) {
            return Ok(Err(again("something was decided after the bundle was written")));
        }
        if case.search_record()?.findings_digest != answer.findings_digest {
            return Ok(Err(again("the case was searched after the bundle was written")));
        }
        Ok(Ok(answer))
    }
}

/// Would a bundle that is made after this record be another one?
fn changes_the_answer(entry: &Entry) -> bool {
    entry.bears_on_answer() || entry.bundled().is_some()
}
