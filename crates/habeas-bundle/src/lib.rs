//! Makes the answer: exhibits, numbers, schedule, letters, portable copy and manifest.
//!
//! [`bundle`] takes a [`Decided`](habeas_case::Decided) case, the only kind there can be an answer to, and
//! writes one folder; [`verify`] checks such a folder again, on any machine and at any time. [`letter`]
//! makes the other letters of a case, and [`keep`] puts them into its folder.

mod certificate;
mod class;
mod contents;
mod folder;
mod gather;
mod letter;
mod letters;
mod log;
mod look;
mod make;
mod organisation;
mod pack;
mod portable;
mod redactions;
mod rights;
mod schedule;
mod searched;
mod sheets;
mod template;
mod verify;
mod welcome;

use std::path::{Path, PathBuf};

use habeas_document::page::{Page, Recognised};
use habeas_law::LetterKind;
use habeas_model::{Exception, ItemId, ItemPath, Member, SourceName};
use jiff::Timestamp;
use jiff::civil::Date;

pub use certificate::sha256;
pub use contents::{Contents, Listing, contents};
use habeas_redact::Eyes;
pub use habeas_redact::{Defaults, Grey, Linkage, Means, is_role_label};
pub use letters::{Lack, Letter, LetterFacts, LetterFiles, Letters, give, keep, letter};
pub use look::{Everybody, Named, everybody, own, people, places_of};
pub use make::bundle;
pub use organisation::{Activity, Controller, Organisation, SourceTitle};
pub use pack::pack;
pub use rights::unfilled;
pub use verify::{Check, Verification, case_of, manifest_of, verify};

/// Reads an item anew, with the words that are recognised on its pages.
pub type Read<'a> = dyn Fn(&ItemId) -> Result<(Member, Vec<Recognised>), Exception> + 'a;

/// Gives the pages of an item as they look, one after the other.
pub type Show<'a> = dyn Fn(&ItemId, &mut dyn FnMut(Page)) + 'a;

/// How the bundle gets at what the estate holds.
pub struct Estate<'a> {
    /// Reads an item anew, with the words that are recognised on its pages. An item that is no longer
    /// what it was is an exception.
    pub read: &'a Read<'a>,
    /// Gives the pages of an item as they look, one after the other; none of one without pages.
    pub pages: &'a Show<'a>,
    /// Reads pictures, where a recogniser is installed.
    pub eyes: Option<&'a Eyes<'a>>,
    /// Every place where an item was found, the one that is read first.
    pub places: &'a dyn Fn(&ItemId) -> Vec<(SourceName, ItemPath)>,
    /// What the exhibits are attacked with.
    pub means: Means<'a>,
}

/// What a person chooses of a bundle.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day of the letter; the law of that day says what the letter has to say.
    pub day: Date,
    /// Whether the labels of one person are told from those of another.
    pub linkage: Linkage,
    /// Take the place of a bundle that is there; without it, one that is there is an error.
    pub replaces: bool,
    /// The case's folder, for what is needed to check the bundle again and never leaves.
    pub case_dir: PathBuf,
    /// What is configured about other people, and who makes the bundle.
    pub choices: Choices,
    /// The words of the letter.
    pub letters: Letters,
}

/// What is configured about other people, and who makes the bundle when.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Who is shown without a decision.
    pub defaults: Defaults,
    /// Put the role of staff and health professionals on their labels.
    pub role_labels: bool,
    /// Who makes it, for the ledger.
    pub by: String,
    /// When, for the ledger; nothing in the bundle depends on it.
    pub at: Timestamp,
}

/// A bundle that was written, read back, and attacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The folder.
    pub dir: PathBuf,
    /// Exhibits in it.
    pub n_exhibits: u64,
    /// Their pages.
    pub n_pages: u64,
    /// Files in it.
    pub n_files: u64,
    /// Stretches of text that were taken out and stand as labels.
    pub n_labels: u64,
    /// People who were taken out.
    pub n_people: u64,
    /// Mentions of other people that stay readable, each on a ground.
    pub n_shown: u64,
    /// Mentions that were to stay readable and are taken out, because the same words are also
    /// somebody's who is taken out.
    pub n_overruled: u64,
    /// Exhibits whose records are not given as data too: as data they would tell of somebody who is
    /// taken out elsewhere.
    pub only_paper: Vec<u32>,
    /// Mentions that a person should look at, taken out until then.
    pub n_in_doubt: u64,
    /// Records of other people that are not in the exhibits.
    pub n_left_out: u64,
    /// Findings that were decided to be kept back.
    pub n_withheld: u64,
    /// Items that only mention the person.
    pub n_incidental: u64,
    /// Possible findings that nobody has decided.
    pub n_pending: u64,
    /// Items that were to be given and could not be, each with its reason. They are in the
    /// schedule; a person has to look at them.
    pub unreleased: Vec<(ItemId, String)>,
    /// The checks of the finished folder.
    pub verification: Verification,
}

/// Why there is no bundle. An older one, if there was one, is as it was.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The letter would not say what it has to.
    #[error("the letter would lack {code} ({title}): {why}")]
    Unfilled {
        /// The text that asks for it.
        code: String,
        /// What it is.
        title: String,
        /// What is missing, and in which part of the configuration.
        why: String,
    },
    /// A template is wrong: which, where, and how.
    #[error("the letter's template is wrong: {0}")]
    Template(String),
    /// A letter would not say what it has to.
    #[error("the letter `{kind}` is not written, because it lacks:{}", told(lacks))]
    Lacking {
        /// Which letter.
        kind: LetterKind,
        /// All that it lacks; never empty.
        lacks: Vec<Lack>,
    },
    /// The law knows no such letter.
    #[error("there is no letter `{0}` under this law: it is the Data Protection Act 2018's")]
    NoSuchLetter(LetterKind),
    /// A field was given wrongly. The value is not repeated.
    #[error("`{field}` {problem}")]
    Field {
        /// Which.
        field: String,
        /// What is wrong, in words that follow its name.
        problem: String,
    },
    /// A letter cannot be older than the request.
    #[error("the letter's day, {day}, is before {received}, on which the request was received")]
    TooEarly {
        /// The letter's day, written out.
        day: String,
        /// The day of receipt, written out.
        received: String,
    },
    /// A bundle is there already.
    #[error("{0} is there already; move it away, or say that it is to be replaced")]
    Exists(PathBuf),
    /// The case's own files cannot be used.
    #[error(transparent)]
    Case(#[from] habeas_case::Error),
    /// A file cannot be written or read.
    #[error("{file}: {problem}")]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        problem: std::io::Error,
    },
    /// The folder for the bundle cannot be written.
    #[error(
        "the bundle cannot be written to {place}: {} ({problem}); nothing was written, and every decision is \
         kept", habeas_case::disk::advice_on_folder(problem).0
    )]
    Unwritable {
        /// The folder that was asked for.
        place: PathBuf,
        /// What the system says.
        problem: std::io::Error,
    },
    /// Something that was taken out is in the finished bundle.
    #[error(
        "{n} things that were taken out can still be read in {file} ({way}); nothing was written"
    )]
    Leak {
        /// How many.
        n: usize,
        /// In which file of the bundle.
        file: String,
        /// How it can be read.
        way: String,
    },
    /// The finished bundle could not be checked.
    #[error("the bundle could not be checked: {0}; nothing was written")]
    Unchecked(String),
    /// The request cannot be asked with.
    #[error("the request cannot be used: {0}")]
    Request(String),
    /// A page of ours cannot be typeset.
    #[error("{what} cannot be typeset: {problem}")]
    Paper {
        /// Which.
        what: &'static str,
        /// Why.
        problem: habeas_redact::paper::Error,
    },
}

/// All that a letter lacks, a line each.
fn told(lacks: &[Lack]) -> String {
    let line = |lack: &Lack| {
        format!("\n  {}: {} ({}); {}", lack.field, lack.title, lack.source, lack.give)
    };
    lacks.iter().map(line).collect()
}

impl Error {
    /// What to do about a disk that does not take what is written, if that is what is wrong.
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Unwritable { problem, .. } => {
                Some(habeas_case::disk::advice_on_folder(problem).1)
            }
            Self::File { problem, .. } | Self::Case(habeas_case::Error::File { problem, .. }) => {
                habeas_case::disk::advice(problem).map(|(_, advice)| advice)
            }
            _ => None,
        }
    }

    /// The same failure, as one of the folder that was asked for.
    pub(crate) fn of_folder(self, place: &Path) -> Self {
        match self {
            Self::File { problem, .. } => Self::Unwritable { place: place.to_owned(), problem },
            other => other,
        }
    }

    pub(crate) fn file(file: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |problem| Self::File { file: file.to_owned(), problem }
    }
}
