//! How far does a name reach in the name of a file: `da_silva_pereira_joana_appraisal.docx`?

use std::ops::Range;

use habeas_model::Kind;

use super::super::hits::Draft;
use super::super::view::View;
use super::cues::PARTICLES;
use super::draft;
use super::repeat::Known;
use crate::PersonName;
use crate::latin;
use crate::name::{given_level, is_place, surname_level, word_level};

/// Claims every part of a name that stands in words joined by `_`, `-` or full stops, so that none is left
/// over beside the others.
pub(crate) fn spread(view: &View<'_>, drafts: &mut Vec<Draft>, near: &Known, far: Option<&Known>) {
    if !view.text.contains(['_', '-']) {
        return;
    }
    let mut found = Vec::new();
    for run in runs(view.text) {
        let parts = parts(view.text, run);
        if parts.len() < 2 {
            continue;
        }
        let knows = |word: &str| near.is_part(word) || far.is_some_and(|far| far.is_part(word));
        let kinds: Vec<Piece> = parts
            .iter()
            .map(|range| {
                let has_hit = touching(drafts, range).any(|draft| {
                    draft.kind == Kind::Name && draft.range == *range && draft.confidence >= 0.5
                });
                piece(&latin(&view.text[range.clone()]), has_hit, &knows)
            })
            .collect();
        let mut at = 0;
        while at < parts.len() {
            let end = at + kinds[at..].iter().take_while(|kind| **kind != Piece::Other).count();
            if end == at {
                at += 1;
                continue;
            }
            let sure = kinds[at..end].iter().filter(|kind| **kind == Piece::Sure).count();
            // A name needs two words besides its particles.
            let n_words = kinds[at..end].iter().filter(|kind| **kind != Piece::Particle).count();
            let tail =
                kinds[at..end].iter().rev().take_while(|kind| **kind == Piece::Particle).count();
            let last = end - tail;
            if sure > 0 && n_words > 1 && n_words < 8 && last > at + 1 {
                for one in people(view.text, &parts, &kinds, at..last) {
                    let range = parts[one.start].start..parts[one.end - 1].end;
                    let is_taken = touching(drafts, &range)
                        .any(|draft| draft.kind != Kind::Name || draft.range == range);
                    let value = value(view.text, &parts[one.clone()], &kinds[one]);
                    if let Some(value) = value.filter(|_| !is_taken) {
                        found.push(draft(range, value, 0.9, "name:file"));
                    }
                }
            }
            at = end;
        }
    }
    drafts.extend(found);
}

/// The claims of a sorted list of disjoint ones that touch a stretch.
fn touching<'a>(drafts: &'a [Draft], range: &Range<usize>) -> impl Iterator<Item = &'a Draft> {
    let (from, end) = (drafts.partition_point(|draft| draft.range.end <= range.start), range.end);
    drafts[from..].iter().take_while(move |draft| draft.range.start < end)
}

/// `olga_marsh_piotr_bell` are two: a given name behind a whole name opens the next, if more follows.
fn people(
    text: &str,
    parts: &[Range<usize>],
    kinds: &[Piece],
    run: Range<usize>,
) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = run.start;
    for at in run.clone() {
        let word = latin(&text[parts[at].clone()]);
        let opens = matches!(given_level(&word), Some(1 | 2))
            && surname_level(&word).is_none_or(|level| given_level(&word) <= Some(level));
        if opens && at >= start + 2 && at + 1 < run.end && kinds[at - 1] != Piece::Particle {
            all.push(start..at);
            start = at;
        }
    }
    all.push(start..run.end);
    all
}

#[derive(Clone, Copy, PartialEq)]
enum Piece {
    /// A name that is no word, or one that the document knows.
    Sure,
    /// A name that is a word as well.
    Name,
    Particle,
    Other,
}

fn piece(word: &str, has_hit: bool, knows: &dyn Fn(&str) -> bool) -> Piece {
    if word.chars().count() < 2 || word.contains(|c: char| c.is_ascii_digit()) {
        return Piece::Other;
    }
    if knows(word) {
        return Piece::Sure;
    }
    if PARTICLES.contains(&word) {
        return Piece::Particle;
    }
    let (given, surname) = (given_level(word), surname_level(word));
    let is_listed = matches!(given, Some(1 | 2)) || matches!(surname, Some(1 | 2));
    match (word_level(word).is_some() || is_place(word), is_listed || has_hit) {
        (false, true) if word.len() > 2 => Piece::Sure,
        (false, false) if given.or(surname).is_some() && word.len() > 3 => Piece::Name,
        (true, _) if surname == Some(1) || given == Some(1) => Piece::Name,
        _ => Piece::Other,
    }
}

/// `da silva pereira, joana`: the given name stands first or last; a particle opens a family name.
fn value(text: &str, parts: &[Range<usize>], kinds: &[Piece]) -> Option<String> {
    let words: Vec<String> = parts.iter().map(|range| latin(&text[range.clone()])).collect();
    let (first, last) = (words.first()?, words.last()?);
    let rank = |word: &str| {
        given_level(word).map_or(9, |level| 2 * level + u8::from(word_level(word).is_some()))
    };
    let is_swapped = kinds.first() == Some(&Piece::Particle) || rank(last) < rank(first);
    let n = words.len();
    let (given, surname) = if is_swapped {
        (last.clone(), words[..n - 1].join(" "))
    } else {
        (first.clone(), words[1..].join(" "))
    };
    PersonName::from_parts(&given, &surname).map(|name| name.value())
}

/// Stretches without white space that have an underscore, or several hyphens and an ending.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    text.split(|c: char| c.is_whitespace() || "/\\\"'<>()[]{}|,;:=?&".contains(c)).filter_map(
        move |run| {
            let start = at;
            at += run.len() + text[at + run.len()..].chars().next().map_or(0, char::len_utf8);
            let is_file = run.contains('_') || run.matches('-').count() > 1 && run.contains('.');
            (is_file && run.len() <= 200 && !run.contains('@') && !run.starts_with('#'))
                .then(|| start..start + run.len())
        },
    )
}

/// The words of such a stretch.
fn parts(text: &str, run: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut at = run.start;
    for part in text[run.clone()].split(['_', '-', '.']) {
        if !part.is_empty() {
            parts.push(at..at + part.len());
        }
        at += part.len() + 1;
    }
    parts
}
