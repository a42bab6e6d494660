//! Which of what would be given may hold health data?

use std::collections::{BTreeMap, BTreeSet};

use habeas_index::Estate;
use habeas_model::{ItemId, SourceName};

use crate::Error;

/// Beginnings of words that tell of health or care. On doubt a document is health data: the gate then
/// asks a person, and gives nothing away.
///
/// # Source
/// Data Protection Act 2018 s. 205(1): data concerning health tells of physical or mental health, the
/// provision of health care services included.
const TERMS: &[&str] = &[
    "allerg",
    "anaesthe",
    "anesthe",
    "biops",
    "blood",
    "cancer",
    "clinical",
    "consultant",
    "diabet",
    "diagnos",
    "disab",
    "disease",
    "disorder",
    "dosage",
    "dose",
    "epilep",
    "fertil",
    "gp",
    "hiv",
    "hospital",
    "illness",
    "implant",
    "infect",
    "inject",
    "injur",
    "medic",
    "mental",
    "miscarr",
    "nhs",
    "nurse",
    "patholog",
    "patient",
    "physio",
    "pregnan",
    "prescri",
    "psych",
    "scar",
    "sick",
    "side effect",
    "surge",
    "surgic",
    "symptom",
    "syndrome",
    "therap",
    "transplant",
    "treat",
    "tumour",
    "vaccin",
    "wound",
];

/// The items that may hold health data: those in a source that is kept for health care, those whose
/// given passages tell of health, and those of which no text is known.
///
/// `disclosed` says which passages of which items would be given; `sources` are those that the
/// configuration marks as kept for health care.
///
/// # Errors
/// If the estate's memory cannot be read.
pub fn health_items(
    estate: &Estate,
    disclosed: &BTreeMap<ItemId, BTreeSet<u32>>,
    sources: &BTreeSet<SourceName>,
) -> Result<BTreeSet<ItemId>, Error> {
    let mut health = BTreeSet::new();
    for (item, passages) in disclosed {
        let is_marked =
            estate.occurrences(item)?.iter().any(|occurrence| sources.contains(&occurrence.source));
        if is_marked || tells_of_health(estate, item, passages)? {
            health.insert(*item);
        }
    }
    Ok(health)
}

fn tells_of_health(
    estate: &Estate,
    item: &ItemId,
    passages: &BTreeSet<u32>,
) -> Result<bool, Error> {
    let all = estate.passages_of(item)?;
    let mut given = all.iter().filter(|it| passages.contains(&it.number)).peekable();
    Ok(given.peek().is_none() || given.any(|it| has_term(&it.passage.text)))
}

/// Does a word of the text begin with one of the terms?
fn has_term(text: &str) -> bool {
    let text = text.to_lowercase();
    TERMS.iter().any(|term| {
        text.match_indices(term).any(|(at, _)| {
            let is_word = !text[..at].ends_with(char::is_alphanumeric);
            // Two or three letters are a word of their own, or none.
            let is_whole = term.len() > 3
                || !text[at + term.len()..].starts_with(|c: char| c.is_alphabetic() && c != 's');
            is_word && is_whole
        })
    })
}

#[cfg(test)]
mod tests {
    use super::has_term;

    #[test]
    fn words_of_health_are_seen_where_words_begin() {
        for text in ["Your GP's letter", "Treatment plan", "PRESCRIBED twice", "(allergies)"] {
            assert!(has_term(text), "{text}");
        }
        for text in ["Invoice 12, paid by card", "gpx tracks", "retreat", "the landscape", ""] {
            assert!(!has_term(text), "{text}");
        }
    }
}
