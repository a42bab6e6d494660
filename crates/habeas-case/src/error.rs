//! Why can a case not be worked? Sentences with a way out; never what a request says.

use std::path::{Path, PathBuf};

/// Why a case cannot be worked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A request cannot be read: where it stands, and what is wrong, in a sentence.
    #[error("{place}{problem}")]
    Request {
        /// Which file, line or request of several, with `: ` at its end; may be empty.
        place: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// There is no such case.
    #[error("there is no case `{reference}`{}", hint(near))]
    UnknownCase {
        /// What was asked for.
        reference: String,
        /// The case most like it, if there is any case.
        near: Option<String>,
    },
    /// Several cases end so.
    #[error("`{reference}` may be {}; write one of them", cases.join(" or "))]
    AmbiguousCase {
        /// What was asked for.
        reference: String,
        /// The cases that fit.
        cases: Vec<String>,
    },
    /// There is a case of that name already.
    #[error("there is a case {0} already; give the request another `id`, or none")]
    CaseExists(String),
    /// Nothing was searched for the case yet.
    #[error("case {0} has not been searched yet; run `habeas match {0}`")]
    NotSearched(String),
    /// The findings are not those that the search wrote.
    #[error(
        "the findings of case {0} are not those of its last search; run `habeas match {0}` again, \
         the decisions are kept"
    )]
    FindingsChanged(String),
    /// The request names another person, or names them otherwise, than when it was searched.
    #[error(
        "what is known of the person of case {0} has changed since its search; run `habeas match {0}` \
         again, the decisions are kept"
    )]
    SubjectChanged(String),
    /// Findings that have to be decided are open.
    #[error(
        "case {case} has {open} {} without a decision; decide with `habeas decide {case}`, or list \
         them with `habeas status {case} --open`",
        if *open == 1 { "finding" } else { "findings" }
    )]
    Undecided {
        /// Which case.
        case: String,
        /// How many certain and probable findings are open.
        open: usize,
    },
    /// An event cannot follow what happened before it.
    #[error("case {case}: {problem}; nothing was recorded")]
    NotAllowed {
        /// Which case.
        case: String,
        /// What does not fit and what to do, in a sentence.
        problem: String,
    },
    /// Something stands in the way of a release.
    #[error(
        "case {case} cannot be released: {} in the way; nothing was recorded",
        if blocks.len() == 1 { "1 thing stands".to_owned() } else { format!("{} things stand", blocks.len()) }
    )]
    Blocked {
        /// Which case.
        case: String,
        /// All of them, in the order of the gates.
        blocks: Vec<crate::Block>,
    },
    /// A decision is about something that is not a finding of the case.
    #[error("case {0} has no finding at that place; list them with `habeas match {0} --json`")]
    NoSuchFinding(String),
    /// A policy is about nobody in the list of people.
    #[error("case {0} has no such person; list them with `habeas people {0}`")]
    NoSuchPerson(String),
    /// A subject that cannot be asked for.
    #[error("case {case} cannot be searched: {problem}")]
    Unsearchable {
        /// Which case.
        case: String,
        /// Why.
        problem: String,
    },
    /// The ledger of decisions is not as it was written.
    #[error(
        "the decisions of a case were changed after they were made: {file}, record {record}, \
         {problem}; restore the file from a backup, decisions are only ever added"
    )]
    LedgerBroken {
        /// The ledger's file.
        file: PathBuf,
        /// Which record, from 1.
        record: u64,
        /// What does not fit.
        problem: &'static str,
    },
    /// The estate's memory cannot be used.
    #[error(transparent)]
    Index(#[from] habeas_index::Error),
    /// A file of the case cannot be read or written.
    #[error("{file}: {problem}")]
    File {
        /// Which file.
        file: PathBuf,
        /// What the system says.
        problem: std::io::Error,
    },
    /// A file of the case is not what it has to be.
    #[error("{file}: line {line} is not what Habeas wrote; restore it from a backup or {way_out}")]
    Damaged {
        /// Which file.
        file: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What else can be done.
        way_out: &'static str,
    },
}

fn hint(near: &Option<String>) -> String {
    match near {
        Some(near) => format!("; did you mean {near}?"),
        None => ": no case is open yet, start one with `habeas open`".to_owned(),
    }
}

impl Error {
    pub(crate) fn file(file: &Path) -> impl Fn(std::io::Error) -> Self {
        let file = file.to_owned();
        move |problem| Self::File { file: file.clone(), problem }
    }

    pub(crate) fn request(problem: impl Into<String>) -> Self {
        Self::Request { place: String::new(), problem: problem.into() }
    }

    /// The same error, saying where the request stands.
    pub(crate) fn at(self, place: &str) -> Self {
        match self {
            Self::Request { place: inner, problem } => {
                Self::Request { place: format!("{place}: {inner}"), problem }
            }
            other => other,
        }
    }
}
