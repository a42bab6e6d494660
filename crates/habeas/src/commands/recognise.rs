//! `habeas recognise`: every identifier and name in a text, and whose it is.

use std::io::Read;
use std::path::Path;

use habeas_match::{Question, Setting, Whose, mentions, recognise, recognise_with_unsure};
use habeas_model::{Document, Hit, Passage, Personal, Place, PlaceKind, Subject, SubjectName};
use serde_json::{Value, json};

use crate::failure::{End, Failure};
use crate::say;

/// Reads a text from a file or on stdin and prints its hits with byte offsets.
///
/// With the names of a subject each hit says whose it is: `subject`, `other` with key, role and doubt,
/// or `nobody`.
pub fn run(file: Option<&Path>, subject: &[String], json: bool) -> Result<End, Failure> {
    let text = read(file)?;
    let document = Document {
        media_type: "text/plain".to_owned(),
        passages: vec![Passage::text(Place::new(PlaceKind::Body, 1), &text)],
        ..Document::default()
    };
    let setting = Setting::default();
    let (hits, whose) = if subject.is_empty() {
        (recognise(&document, &setting), None)
    } else {
        let question = question(subject)?;
        let hits = recognise_with_unsure(&document, &setting);
        let whose = mentions(&document, &hits, &question, &setting).pop();
        (hits, whose)
    };
    for (number, hit) in hits.iter().flatten().enumerate() {
        let whose = whose.as_ref().and_then(|list| list.get(number));
        if json {
            say::json(&line(hit, &text, whose));
        } else {
            say::result(&format!(
                "{:>6}..{:<6} {:<16} {:.2} {}{}",
                hit.range.start,
                hit.range.end,
                hit.kind.as_str(),
                hit.confidence.get(),
                crate::failure::shown(&text[hit.range.clone()]),
                whose.map(|whose| format!("  ({})", said(whose))).unwrap_or_default()
            ));
        }
    }
    Ok(End::Done)
}

/// The text as it came.
fn read(file: Option<&Path>) -> Result<String, Failure> {
    let name = file.map_or("stdin".to_owned(), |file| file.display().to_string());
    let mut bytes = Vec::new();
    let read = match file {
        Some(file) => std::fs::read(file).map(|all| bytes = all),
        None => std::io::stdin().read_to_end(&mut bytes).map(drop),
    };
    read.map_err(|error| Failure::stopped(format!("{name}: {error}")))?;
    // Offsets are those of the bytes as they came, so a text that is not UTF-8 is refused.
    String::from_utf8(bytes).map_err(|error| {
        Failure::usage(format!("{name} is not UTF-8 at byte {}", error.utf8_error().valid_up_to()))
            .hint("put it in a file and use `habeas read`, which finds the encoding")
    })
}

fn question(names: &[String]) -> Result<Question, Failure> {
    let subject = Subject {
        names: names
            .iter()
            .map(|name| SubjectName {
                value: Personal::from(name.as_str()),
                kind: Default::default(),
                held: Default::default(),
            })
            .collect(),
        born: None,
        identifiers: Vec::new(),
    };
    Question::new(&subject).map_err(Failure::usage)
}

fn line(hit: &Hit, text: &str, whose: Option<&Whose>) -> Value {
    let mut line = json!({
        "kind": hit.kind,
        "text": &text[hit.range.clone()],
        "value": hit.value.reveal(),
        "start": hit.range.start,
        "end": hit.range.end,
        "confidence": hit.confidence,
    });
    if let Some(whose) = whose {
        line["whose"] = json!(said(whose));
        if let Whose::Other(other) = whose {
            line["key"] = json!(other.key.reveal());
            line["role"] = json!(other.role);
            line["doubt"] = json!(other.doubt);
        }
    }
    line
}

fn said(whose: &Whose) -> &'static str {
    match whose {
        Whose::Subject => "subject",
        Whose::Other(_) => "other",
        Whose::Nobody => "nobody",
    }
}
