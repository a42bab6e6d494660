//! Does every fixture still read as somebody has looked at and found right?
//!
//! Beside `fixtures/…/name.ext` stands `name.ext.expected`. After looking at the difference:
//! `HABEAS_BLESS=1 cargo nextest run --release -p habeas-document --test golden`.

mod seeds;

use std::fmt::Write;

use habeas_document::{Budget, read_family};
use habeas_model::{Meaning, Member, Party, Passage};

/// A member as a person can check it: each field in `⟦⟧` with its meaning and party.
fn told(member: &Member, out: &mut String) {
    let document = &member.document;
    writeln!(out, "{} ({}, {} members)", member.path, document.media_type, member.n_children)
        .unwrap();
    let facts = &document.facts;
    if let Some(title) = &facts.title {
        writeln!(out, "  title: {}", title.reveal()).unwrap();
    }
    let shown = [("export", &facts.export), ("dated", &facts.dated), ("charset", &facts.charset)];
    for (name, fact) in shown {
        if let Some(fact) = fact {
            writeln!(out, "  {name}: {fact}").unwrap();
        }
    }
    for exception in &document.exceptions {
        let extent = if exception.is_partial { "partial" } else { "whole" };
        writeln!(out, "  ! {exception} ({extent})").unwrap();
    }
    for passage in &document.passages {
        let mut marks = format!("{:?}", passage.part).to_lowercase();
        if let Some(hidden) = passage.hidden {
            write!(marks, ", hidden {hidden:?}").unwrap();
        }
        if passage.is_record {
            marks.push_str(", record");
        }
        writeln!(out, "  {} [{marks}]", passage.place).unwrap();
        for line in marked(passage).lines() {
            writeln!(out, "    {line}").unwrap();
        }
    }
}

fn marked(passage: &Passage) -> String {
    let mut text = String::new();
    let mut end = 0;
    for field in &passage.fields {
        text.push_str(&passage.text[end..field.range.start]);
        let inner = &passage.text[field.range.clone()];
        match field.meaning {
            Meaning::Caption => text.push_str(inner),
            meaning if field.party == Party::Unknown => {
                write!(text, "⟦{inner}⟧{meaning:?}").unwrap()
            }
            meaning => write!(text, "⟦{inner}⟧{meaning:?}/{:?}", field.party).unwrap(),
        }
        end = field.range.end;
    }
    text + &passage.text[end..]
}

#[test]
fn every_fixture_reads_as_expected() {
    let files = seeds::fixtures("");
    assert!(!files.is_empty());
    let is_blessing = std::env::var_os("HABEAS_BLESS").is_some();
    let mut differing = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let mut got = String::new();
        read_family(name, &std::fs::read(&file).unwrap(), &Budget::default(), &mut |member| {
            told(&member, &mut got);
        });
        let expected_path = file.with_file_name(format!("{name}.expected"));
        if is_blessing {
            std::fs::write(&expected_path, &got).unwrap();
        } else if std::fs::read_to_string(&expected_path).unwrap_or_default() != got {
            differing.push(format!("{}\n{got}", file.display()));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
