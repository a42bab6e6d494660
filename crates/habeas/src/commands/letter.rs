//! `habeas letter`: a letter of a case, complete or not at all.

use std::collections::BTreeMap;
use std::path::PathBuf;

use habeas_bundle::{Error, Letter, LetterFacts, LetterFiles, give, keep};
use habeas_case::{Case, Register};
use habeas_law::LetterKind;
use habeas_model::{Event, Happening};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use crate::cli::LetterArguments;
use crate::commands::bundle::organisation;
use crate::estate::Home;
use crate::failure::{End, Failure};
use crate::say;

/// Writes a letter into the case's folder and prints where it is.
pub fn run(home: &Home, arguments: &LetterArguments, json: bool) -> Result<End, Failure> {
    let kind: LetterKind = arguments.kind.parse().map_err(|message: String| {
        let shown: String = arguments.kind.chars().take(40).collect();
        Failure::usage(format!("there is no letter `{shown}`")).hint(message)
    })?;
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = register.get(&arguments.case).map_err(Failure::of_case)?;
    let day = match &arguments.date {
        Some(text) => text.parse::<Date>().map_err(|_| {
            Failure::usage("the date of the letter is not a date").hint("write it as 2026-11-20")
        })?,
        None => super::rules::today(),
    };
    let letters = home.letters()?;
    let organisation = organisation(&home.config)?;
    let mut facts = LetterFacts::of(kind, &case, &organisation, day).map_err(failure)?;
    for (field, values) in given(&arguments.set)? {
        facts.set(&field, &values).map_err(failure)?;
    }
    let letter = habeas_bundle::letter(&letters, kind, &facts).map_err(|error| {
        if let (true, Error::Lacking { lacks, .. }) = (json, &error) {
            say::json(&json!({"type": "lacking", "data": {
                "case": case.id.to_string(), "letter": kind.as_str(), "items": lacks}}));
        }
        failure(error)
    })?;
    let written = |error: Error| {
        Failure::stopped(format!("the letter was not written: {error}"))
            .hint("make the folder writable, or write elsewhere with `--out DIR`")
    };
    // The case keeps what it sent, and what that rests on; elsewhere goes only what may be sent.
    let kept = keep(&letter, &case.dir.join("letters")).map_err(written)?;
    let given = match &arguments.out {
        Some(dir) => give(&letter, &kept, dir).inspect_err(|_| kept.undo()).map_err(written)?,
        None => [kept.pdf.clone(), kept.text.clone()],
    };
    if let Err(error) = record_letter(&case, (kind, day), &letter.digest(), arguments.by.as_deref())
    {
        // A letter that the case does not know of is none.
        kept.undo();
        for file in &given {
            // What cannot be taken away is told by the error that made it so.
            let _ = std::fs::remove_file(file);
        }
        return Err(error);
    }
    print(&case, &letter, &kept, &given, json);
    Ok(End::Done)
}

/// Records in the case's ledger that a letter was written; `digest` is that of its record, a file beside
/// it that holds the digests of the letter.
fn record_letter(
    case: &Case,
    (kind, day): (LetterKind, Date),
    digest: &str,
    by: Option<&str>,
) -> Result<(), Failure> {
    let today = super::rules::today();
    let event = Event {
        event: Happening::LetterWritten {
            letter: kind.as_str().to_owned(),
            digest: digest.to_owned(),
        },
        // A letter may be dated the day it goes out.
        on: day.min(today),
        by: super::rules::by(by),
        at: Timestamp::now(),
    };
    case.record(&[event], today).map(|_| ()).map_err(Failure::of_case)
}

/// The fields that were given, each with its values in the order in which they were given.
fn given(set: &[String]) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in set {
        let (field, value) = one.split_once('=').ok_or_else(|| {
            Failure::usage("a `--set` has no `=`").hint("write it as `--set reasons=\"…\"`")
        })?;
        fields.entry(field.trim().replace('-', "_")).or_default().push(value.to_owned());
    }
    Ok(fields)
}

fn failure(error: Error) -> Failure {
    match error {
        Error::Lacking { .. } => Failure::stopped(error)
            .hint("nothing was written; run the command again once all of that is there"),
        Error::Field { .. } | Error::TooEarly { .. } | Error::NoSuchLetter(_) => {
            Failure::usage(error.to_string())
        }
        Error::Template(_) => Failure::usage(error.to_string()).hint(
            "correct the file, or take it away: without it the letter has the words that come with \
             Habeas",
        ),
        error => Failure::stopped(error),
    }
}

fn print(case: &Case, letter: &Letter, kept: &LetterFiles, [pdf, text]: &[PathBuf; 2], json: bool) {
    if json {
        say::json(&json!({"type": "letter", "data": {
            "case": case.id.to_string(), "letter": letter.kind.as_str(), "date": letter.day,
            "pdf": pdf, "text": text, "record": kept.record, "pages": letter.n_pages,
            "digest": letter.digest()}}));
        return;
    }
    let pages = say::counted(u64::from(letter.n_pages), "page", "pages");
    say::result(&format!("{}: wrote the letter {}, {pages}", case.id, letter.kind));
    for file in [pdf, text] {
        say::result(&format!("  {}", file.display()));
    }
}
