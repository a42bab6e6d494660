//! How is a letter of a case made? From a template, the facts it needs, and the law of its day.
//!
//! A letter that lacks a mandatory item is not made; all that it lacks is told at once. Who writes, to
//! whom, on which day and under which reference is set above the template's words by the program, so
//! that no template can drop it.

use std::collections::{BTreeMap, BTreeSet};

use habeas_law::{Given, LetterItem, LetterKind, Wanted, letter_items};
use jiff::civil::{Date, date};
use serde::Serialize;

use crate::Error;
use crate::certificate::sha256;
use crate::template::{Fields, is_filled};

mod answer;
mod facts;
mod keep;
pub(crate) mod page;
mod texts;

pub(crate) use answer::{ANSWER, Answer};
pub use facts::LetterFacts;
pub use keep::{LetterFiles, give, keep};
pub(crate) use page::Head;
pub use texts::Letters;

/// A letter, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Which kind.
    pub kind: LetterKind,
    /// The reference that stands on it.
    pub reference: String,
    /// Its day.
    pub day: Date,
    /// As plain text.
    pub text: String,
    /// As a PDF file.
    pub pdf: Vec<u8>,
    /// Pages of the PDF.
    pub n_pages: u32,
    /// What it rests on, as JSON: what was noted and not printed, and the digests of the two files.
    pub record: Vec<u8>,
}

impl Letter {
    /// SHA-256 of [`Letter::record`], in hexadecimal: it stands for the letter in the ledger.
    pub fn digest(&self) -> String {
        sha256(&self.record)
    }
}

/// A mandatory item that a letter lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lack {
    /// Its field.
    pub field: String,
    /// What it is.
    pub title: String,
    /// How to give it, or why it cannot be given.
    pub give: String,
    /// The text that asks for it.
    pub source: String,
}

/// What stands beside a letter in the case's folder.
#[derive(Serialize)]
struct Record<'a> {
    kind: &'a str,
    day: String,
    /// The text that the clock follows, and that of the day of the letter.
    received_under: &'a str,
    written_under: &'a str,
    template: &'a str,
    /// Fields that were noted and are not printed.
    noted: Vec<(&'a str, &'a str)>,
    text_sha256: String,
    pdf_sha256: String,
}

/// Makes a letter.
///
/// The same facts on the same day give the same bytes.
///
/// # Errors
/// If the letter would lack a mandatory item (all of them are told), the template leaves one out, there
/// is no such letter under that law, or the page cannot be typeset.
pub fn letter(letters: &Letters, kind: LetterKind, facts: &LetterFacts) -> Result<Letter, Error> {
    if !kind.is_known_to(facts.law()) {
        return Err(Error::NoSuchLetter(kind));
    }
    let items = letter_items(kind, facts.basis());
    let Words { fields, filled, printed } = fill(letters, kind, &items, facts)?;
    let is_used = |field: &&String| {
        let mut all = items.iter().filter(|item| item.field == **field);
        printed.contains(*field) || all.any(|item| !item.is_printed)
    };
    if let Some(field) = facts.given().iter().find(|field| !is_used(field)) {
        let problem = "is given, and this letter does not print it; leave it out".to_owned();
        return Err(Error::Field { field: field.clone(), problem });
    }
    let head = Head::of(&fields);
    let text = page::text(&head, &filled);
    let title = page::title(kind);
    let paper = page::print(title, &fields, &head, &filled)?;
    let noted = items
        .iter()
        .filter(|item| !item.is_printed && is_filled(&fields, item.field))
        .map(|item| (item.field, fields[item.field].as_str()))
        .collect::<BTreeSet<_>>();
    let basis = facts.basis();
    let record = Record {
        kind: kind.as_str(),
        day: facts.day().to_string(),
        received_under: basis.received.title(),
        written_under: basis.written.title(),
        template: letters.name(kind),
        noted: noted.into_iter().collect(),
        text_sha256: sha256(text.as_bytes()),
        pdf_sha256: sha256(&paper.bytes),
    };
    let mut record = serde_json::to_vec_pretty(&record)
        .map_err(|_| Error::Unchecked("the letter's record cannot be written".into()))?;
    record.push(b'\n');
    let n_pages = paper.n_pages;
    let reference = fields.get("reference").cloned().unwrap_or_default();
    Ok(Letter { kind, reference, day: facts.day(), text, pdf: paper.bytes, n_pages, record })
}

/// The words of a letter, with all that they were filled with.
pub(crate) struct Words {
    pub(crate) fields: Fields,
    pub(crate) filled: String,
    /// The fields that stand in it.
    printed: BTreeSet<String>,
}

/// Fills the words of a letter.
///
/// # Errors
/// If a mandatory item is empty, or the template does not print it.
pub(crate) fn fill(
    letters: &Letters,
    kind: LetterKind,
    items: &[&LetterItem],
    facts: &LetterFacts,
) -> Result<Words, Error> {
    let mut fields = facts.fields().clone();
    let mut lacks: Vec<Lack> = items
        .iter()
        .filter(|item| !matches!(item.given, Given::Words(_)))
        .filter(|item| item.need.holds(|field| is_filled(&fields, field)))
        .filter(|item| !is_filled(&fields, item.field))
        .map(|item| lack(item, facts))
        .collect();
    // A field that is asked for on two conditions is told once.
    let mut told = BTreeSet::new();
    lacks.retain(|lack| told.insert(lack.field.clone()));
    if !lacks.is_empty() {
        return Err(Error::Lacking { kind, lacks });
    }
    let mut through: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for item in items {
        let Given::Words(section) = item.given else { continue };
        // The court's power to inspect, DPA 2018 s. 180A: SI 2025/904.
        let is_old = section == "court" && facts.day() < date(2025, 8, 20);
        let words = letters.words(if is_old { "court-old" } else { section }, &fields)?;
        if words.text.trim().is_empty() && item.need == Wanted::Always {
            return Err(letters.has_no_words(section, item));
        }
        fields.insert(item.field.to_owned(), words.text);
        through.insert(item.field, words.printed);
    }
    let filled = letters.template(kind).fill(&fields);
    let mut printed = filled.printed.clone();
    // What stands in words that the template prints is printed with them.
    for (field, within) in through {
        if filled.printed.contains(field) {
            printed.extend(within);
        }
    }
    printed.extend(Head::FIELDS.iter().map(|field| (*field).to_owned()));
    for item in items.iter().filter(|item| item.is_printed) {
        if item.need.holds(|field| is_filled(&fields, field)) && !printed.contains(item.field) {
            return Err(letters.leaves_out(kind, item));
        }
    }
    Ok(Words { fields, filled: filled.text, printed })
}

fn lack(item: &LetterItem, facts: &LetterFacts) -> Lack {
    let give = match facts.why(item.field) {
        Some(why) => why.to_owned(),
        None => match item.given {
            Given::Config(key) => format!("write `{key}` in habeas.toml"),
            Given::Set => match item.need {
                Wanted::Unless(other) => {
                    format!("give it as `--set {}=…`, or `--set {other}=…` instead", item.field)
                }
                _ => format!("give it as `--set {}=…`", item.field),
            },
            Given::Case(command) => format!("it comes from `{command}`"),
            Given::CaseOrSet(command) => {
                format!("it comes from `{command}`, or give it as `--set {}=…`", item.field)
            }
            Given::Words(section) => format!("it is the section `{section}` of common.txt"),
        },
    };
    Lack {
        field: item.field.to_owned(),
        title: item.title.to_owned(),
        give,
        source: item.source.to_owned(),
    }
}

#[cfg(test)]
mod tests;
