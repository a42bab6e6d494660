//! How much of what sentences of many styles name is found, and how much of what is found is right?
//!
//! Prints precision and recall for each kind: `cargo nextest run --no-capture gold`.

#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::collections::BTreeMap;
use std::ops::Range;

use habeas_match::{Setting, recognise_text};

/// A text and what it names: kind and byte range.
struct Case {
    text: String,
    marks: Vec<(String, Range<usize>)>,
}

/// Reads `{kind:text}` and `{kind:whole|part}`, where only the part is to be found; an empty part
/// marks what may be found or not.
fn parse(line: &str) -> Case {
    let line = line.replace("\\n", "\n");
    let (mut text, mut marks, mut rest) = (String::new(), Vec::new(), line.as_str());
    while let Some(open) = rest.find('{') {
        let close = open + rest[open..].find('}').expect("a mark is closed");
        text.push_str(&rest[..open]);
        let (kind, body) = rest[open + 1..close].split_once(':').expect("a mark has a kind");
        let (whole, part) = body.split_once('|').unwrap_or((body, body));
        let start = text.len();
        text.push_str(whole);
        if part.is_empty() {
            marks.push(("either".to_owned(), start..text.len()));
        } else {
            let at = start + whole.find(part).expect("the part stands in the whole");
            marks.push((kind.to_owned(), at..at + part.len()));
        }
        rest = &rest[close + 1..];
    }
    text.push_str(rest);
    Case { text, marks }
}

#[derive(Default)]
struct Score {
    marked: usize,
    covered: usize,
    found: usize,
    right: usize,
}

#[test]
fn gold_sentences_are_read() {
    let setting = Setting::default();
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut unsure = Score::default();
    for line in
        include_str!("gold.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let case = parse(line);
        let hits = recognise_text(&case.text, &setting);
        for (kind, range) in case.marks.iter().filter(|(kind, _)| kind != "either") {
            let score = scores.entry(kind.clone()).or_default();
            score.marked += 1;
            // Salutations and titles may stay outside: the words with letters that are names count.
            let same = hits.iter().filter(|hit| hit.kind.as_str() == kind);
            let overlap: usize = same
                .map(|hit| {
                    hit.range.end.min(range.end).saturating_sub(hit.range.start.max(range.start))
                })
                .sum();
            let needed = if kind == "name" {
                needed(&case.text[range.clone()])
            } else {
                range.len() * 4 / 5
            };
            if overlap >= needed {
                score.covered += 1;
            } else {
                println!("missed {kind}: {:?} in {:?}", &case.text[range.clone()], case.text);
            }
        }
        for hit in &hits {
            let kind = hit.kind.as_str();
            let is_right = case.marks.iter().any(|(marked, range)| {
                (marked == kind || marked == "either")
                    && range.start < hit.range.end
                    && hit.range.start < range.end
            });
            if kind == "name" && hit.confidence.get() < 0.5 {
                unsure.found += 1;
                unsure.right += usize::from(is_right);
                if !is_right {
                    println!(
                        "unsure {:?} ({:.2}) in {:?}",
                        &case.text[hit.range.clone()],
                        hit.confidence.get(),
                        case.text
                    );
                }
                continue;
            }
            // Organisations are marked where a record depends on them, not wherever one stands.
            if kind == "organisation" && !is_right {
                continue;
            }
            let score = scores.entry(kind.to_owned()).or_default();
            score.found += 1;
            score.right += usize::from(is_right);
            if !is_right {
                println!(
                    "wrong {kind}: {:?} ({:.2}, {}) in {:?}",
                    &case.text[hit.range.clone()],
                    hit.confidence.get(),
                    hit.rule,
                    case.text
                );
            }
        }
    }
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    println!("kind               marked  recall   found  precision");
    for (kind, score) in &scores {
        let (recall, precision) =
            (share(score.covered, score.marked), share(score.right, score.found));
        println!("{kind:<18} {:>6}  {recall:.3}  {:>6}  {precision:.3}", score.marked, score.found);
    }
    println!("unsure names: {} found, {} right", unsure.found, unsure.right);
    let at_least = |kind: &str, recall: f64, precision: f64| {
        let score = &scores[kind];
        assert!(share(score.covered, score.marked) >= recall, "recall of {kind}");
        assert!(share(score.right, score.found) >= precision, "precision of {kind}");
    };
    at_least("name", 0.95, 0.93);
    at_least("email", 1.0, 1.0);
    at_least("phone", 1.0, 1.0);
    at_least("birth_date", 1.0, 1.0);
    at_least("address", 0.85, 0.85);
}

/// How many bytes of a marked name have to be covered: all but a title or greeting before it.
fn needed(text: &str) -> usize {
    const OPENINGS: &[&str] = &[
        "Dear", "Mr", "Mrs", "Ms", "Miss", "Dr", "Dr.", "Herr", "Frau", "Judge", "Cllr", "Sister",
        "M.", "Mme", "and",
    ];
    let mut rest = text;
    while let Some((first, behind)) =
        rest.split_once(' ').filter(|(first, _)| OPENINGS.contains(first))
    {
        let _ = first;
        rest = behind;
    }
    rest.len()
}
