//! Whose column is it, where the headings of a table are people?
//!
//! In a rota or a sheet of marks the people stand side by side: a row then holds something of each. What
//! recognises people in a text leaves headings alone, so they are looked at here, each by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use habeas_match::{Whose, mentions, recognise_with_unsure};
use habeas_model::{
    Document, Doubt, Ground, Hit, Kind, Passage, Personal, Place, PlaceKind, Redaction,
};

use crate::captioned::{Pair, captioned};
use crate::exhibit::Mind;

/// More headings than this are no table that people made.
const MOST: usize = 500;

/// Somebody else in a heading.
struct Named {
    hit: Hit,
    person: Personal<String>,
    /// Is the heading that name and nothing else?
    is_all: bool,
}

/// What was found in the headings of a document.
#[derive(Default)]
pub(crate) struct Headings {
    /// What is taken out: the names in headings, and what stands below those that are a name.
    pub(crate) redactions: Vec<Redaction>,
    /// The names, as they are written, with whose they are.
    pub(crate) names: Vec<(Hit, String, Personal<String>)>,
}

/// Looks at the headings of a document's tables. `subjects` are the stretches of each passage that name
/// the subject: a row that does is theirs, and stays whole but for the names.
pub(crate) fn headings(
    document: &Document,
    subjects: &[Vec<Range<usize>>],
    mind: &Mind<'_>,
) -> Headings {
    let rows = || {
        let all = document.passages.iter().enumerate();
        all.filter(|(_, passage)| passage.place.kind == PlaceKind::Row)
    };
    let mut captions: BTreeMap<&str, Vec<Named>> = BTreeMap::new();
    let mut subjects_own: BTreeSet<&str> = BTreeSet::new();
    for (_, passage) in rows() {
        for pair in captioned(passage) {
            if let Some(caption) = passage.text.get(pair.caption).filter(|it| it.contains(' ')) {
                captions.entry(caption).or_default();
            }
        }
    }
    if captions.is_empty() || captions.len() > MOST {
        return Headings::default();
    }
    let place = |number| Place::new(PlaceKind::Body, number);
    let alone = captions.keys().zip(1..).map(|(caption, n)| Passage::text(place(n), *caption));
    let alone = Document { passages: alone.collect(), ..Document::default() };
    let hits = recognise_with_unsure(&alone, mind.setting);
    let whose = mentions(&alone, &hits, mind.question, mind.setting);
    let mut out = Headings::default();
    for ((caption, named), (hits, whose)) in captions.iter_mut().zip(hits.into_iter().zip(whose)) {
        for (hit, whose) in hits.into_iter().zip(whose) {
            if whose == Whose::Subject {
                subjects_own.insert(caption);
            }
            let Whose::Other(other) = whose else { continue };
            let is_whole = hit.value.reveal().split_once(',').is_some_and(|(family, given)| {
                !family.trim().is_empty() && !given.trim().is_empty()
            });
            if hit.kind != Kind::Name || other.doubt == Some(Doubt::UnknownWord) || !is_whole {
                continue;
            }
            let surface = caption.get(hit.range.clone()).unwrap_or("").to_owned();
            out.names.push((hit.clone(), surface, other.key.clone()));
            let is_all = hit.range.len() == caption.trim().len();
            named.push(Named { hit, person: other.key, is_all });
        }
    }
    for (number, passage) in rows() {
        let mut take = |range: Range<usize>, named: &Named| {
            if !passage.text.get(range.clone()).unwrap_or("").trim().is_empty() {
                out.redactions.push(Redaction {
                    passage: number,
                    range,
                    kind: Kind::Name,
                    person: named.person.clone(),
                    ground: Ground::ThirdParty,
                });
            }
        };
        let pairs = captioned(passage);
        let subjects = subjects.get(number).map_or(&[][..], Vec::as_slice);
        // What stands in the subject's own column does not make the row theirs.
        let is_elsewhere = |pair: &&Pair| {
            let caption = passage.text.get(pair.caption.clone()).unwrap_or("");
            !subjects_own.contains(caption)
        };
        let is_theirs = pairs.iter().filter(is_elsewhere).any(|pair| {
            subjects.iter().any(|it| it.start < pair.value.end && pair.value.start < it.end)
        });
        for pair in pairs {
            let caption = passage.text.get(pair.caption.clone()).unwrap_or("");
            for named in captions.get(caption).into_iter().flatten() {
                let start = pair.caption.start + named.hit.range.start;
                take(start..start + named.hit.range.len(), named);
                if named.is_all && !is_theirs {
                    take(pair.value.clone(), named);
                }
            }
        }
    }
    out
}
