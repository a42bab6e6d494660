//! Why was something not done, as the page is told? Never what an item says.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use habeas_model::{ItemId, Place, Verdict};
use jiff::Timestamp;
use serde::Serialize;

/// What a program goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Somebody else decided about the same thing meanwhile.
    Changed,
    /// The case was closed meanwhile.
    Closed,
    /// Something has to be done first.
    Blocked,
    /// A job of that kind runs already.
    Busy,
    /// There is no such thing.
    NotFound,
    /// The request is wrong.
    Usage,
    /// There is no session, or it has ended.
    Session,
    /// The request does not come from this page and this user.
    Foreign,
    /// The request is larger than any that the page makes.
    TooLarge,
    /// The item cannot be read again.
    Unreadable,
    /// A file of the case cannot be read or written.
    Failed,
}

/// What somebody else decided about one of the things that a change was about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conflict {
    /// The number of the record.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What, in words.
    pub words: String,
    /// About which item.
    pub item: Option<ItemId>,
    /// At which place of it.
    pub place: Option<Place>,
    /// About which person of the list.
    pub person: Option<u32>,
    /// About which proposed identifier of the list.
    pub number: Option<u32>,
    /// The verdict, of a decision on a finding.
    pub verdict: Option<Verdict>,
    /// Why, in the words of whoever decided.
    pub reason: String,
}

/// Why something was not done.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// What a program goes by.
    pub code: Code,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The case's revision now, where something was changed meanwhile.
    pub revision: Option<u64>,
    /// What was decided meanwhile.
    pub conflicts: Vec<Conflict>,
    #[serde(skip)]
    status: Option<StatusCode>,
}

impl Problem {
    /// A problem of that kind.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let (hint, revision, conflicts, status) = (None, None, Vec::new(), None);
        Self { code, message: message.into(), hint, revision, conflicts, status }
    }

    /// The request is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }

    /// There is no such thing.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Code::NotFound, message)
    }

    /// A file cannot be read or written, or something of ours is damaged.
    pub fn failed(problem: impl std::fmt::Display) -> Self {
        Self::new(Code::Failed, problem.to_string())
    }

    /// Adds what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Answers with another status than the code's own.
    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    fn code_of(&self) -> StatusCode {
        self.status.unwrap_or(match self.code {
            Code::Changed | Code::Closed | Code::Blocked | Code::Busy => StatusCode::CONFLICT,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::Usage => StatusCode::BAD_REQUEST,
            Code::Session => StatusCode::UNAUTHORIZED,
            Code::Foreign => StatusCode::FORBIDDEN,
            Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Code::Unreadable => StatusCode::GONE,
            Code::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        })
    }
}

impl From<habeas_case::Error> for Problem {
    fn from(error: habeas_case::Error) -> Self {
        use habeas_case::Error;
        match error {
            Error::UnknownCase { .. } | Error::AmbiguousCase { .. } => {
                Self::not_found(error.to_string())
            }
            Error::NotSearched(_) => Self::new(Code::Blocked, error.to_string())
                .hint("search the estate for the person first"),
            Error::SubjectChanged(_) | Error::Undecided { .. } => {
                Self::new(Code::Blocked, error.to_string())
            }
            Error::CaseExists(_) => Self::new(Code::Blocked, error.to_string()),
            Error::NotAllowed { .. } => Self::new(Code::Blocked, error.to_string()),
            Error::Blocked { ref blocks, .. } => {
                let first = blocks.first().map(|block| block.what.clone());
                Self::new(Code::Blocked, error.to_string()).hint(first.unwrap_or_default())
            }
            Error::NoSuchPerson(_) | Error::NoSuchFinding(_) => Self::not_found(error.to_string()),
            Error::File { ref problem, .. } => match habeas_case::disk::advice(problem) {
                Some((words, advice)) => {
                    let kept = "what was decided before is kept, and what you typed too";
                    Self::failed(format!("{error}: {words}")).hint(format!("{advice}; {kept}"))
                }
                None => Self::failed(error),
            },
            _ => Self::failed(error),
        }
    }
}

impl From<habeas_index::Error> for Problem {
    fn from(error: habeas_index::Error) -> Self {
        Self::failed(error).hint("fill the estate with `habeas index`")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.code_of(), Json(self)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn a_disk_that_takes_nothing_is_told_with_what_to_do() {
        let check = |kind: ErrorKind, words: &str, hint: Option<&str>| {
            let file = "cases/x/ledger.jsonl".into();
            let problem = Problem::from(habeas_case::Error::File { file, problem: kind.into() });
            assert!(problem.message.contains(words), "{}", problem.message);
            let told = problem.hint.unwrap_or_default();
            assert!(hint.map_or(told.is_empty(), |hint| told.contains(hint)), "{told}");
        };
        check(ErrorKind::StorageFull, "the disk is full", Some("make room"));
        check(ErrorKind::ReadOnlyFilesystem, "can only be read", Some("is kept"));
        check(ErrorKind::PermissionDenied, "may not write", Some("let this user write there"));
        check(ErrorKind::NotFound, "ledger.jsonl", None);
    }
}
