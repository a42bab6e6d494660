//! In which passages is a lookup true?
//!
//! A lookup is worked out a segment at a time as sorted lists of its documents. Nothing is scored
//! and nothing is cut: an answer is complete.

use std::collections::HashMap;

use habeas_model::{Lookup, Word};
use tantivy::postings::{SegmentPostings, TermInfo};
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, Term};

use crate::Error;
use crate::split::Fields;

/// All living documents of a segment for which at least one lookup is true, sorted, each once.
pub(crate) fn any_of(
    segment: &SegmentReader,
    fields: Fields,
    lookups: &[Lookup],
) -> Result<Vec<DocId>, Error> {
    let mut docs = Vec::new();
    let mut likes = HashMap::new();
    for lookup in lookups {
        docs.extend(find(segment, fields, lookup, &mut likes)?);
    }
    docs.sort_unstable();
    docs.dedup();
    if segment.has_deletes() {
        docs.retain(|&doc| !segment.is_deleted(doc));
    }
    Ok(docs)
}

/// In how many living documents of a segment a lookup is true.
pub(crate) fn n_of(segment: &SegmentReader, fields: Fields, lookup: &Lookup) -> Result<u64, Error> {
    // The dictionary knows how many documents a term has, those included that are deleted.
    let term = match lookup {
        _ if segment.has_deletes() => None,
        Lookup::Id(id) => Some((fields.ids, id)),
        Lookup::Words(words) => match words.as_slice() {
            [Word::Exact(word)] => Some((fields.words, word)),
            _ => None,
        },
    };
    if let Some((field, text)) = term {
        let info =
            segment.inverted_index(field)?.get_term_info(&Term::from_field_text(field, text))?;
        return Ok(info.map_or(0, |info| u64::from(info.doc_freq)));
    }
    Ok(any_of(segment, fields, std::slice::from_ref(lookup))?.len() as u64)
}

/// The terms of words that stand for several: the same come in many lookups, and each costs a walk
/// through the dictionary.
type Likes<'a> = HashMap<&'a Word, Vec<TermInfo>>;

fn find<'a>(
    segment: &SegmentReader,
    fields: Fields,
    lookup: &'a Lookup,
    likes: &mut Likes<'a>,
) -> Result<Vec<DocId>, Error> {
    match lookup {
        Lookup::Id(id) => {
            let ids = segment.inverted_index(fields.ids)?;
            let info = ids.get_term_info(&Term::from_field_text(fields.ids, id))?;
            union(&ids, info.as_slice())
        }
        Lookup::Words(words) => {
            let index = segment.inverted_index(fields.words)?;
            for word in words {
                if !likes.contains_key(word) {
                    likes.insert(word, terms(&index, fields, word)?);
                }
            }
            all_of(&index, words.iter().filter_map(|word| likes.get(word)).collect())
        }
    }
}

/// The terms that a word stands for.
fn terms(index: &InvertedIndexReader, fields: Fields, word: &Word) -> Result<Vec<TermInfo>, Error> {
    match word {
        Word::Exact(word) => Ok(index
            .get_term_info(&Term::from_field_text(fields.words, word))?
            .into_iter()
            .collect()),
        Word::Near { word, distance } => {
            // More than 2 is not built; a shorter answer would be a silent limit.
            if !(1..=2).contains(distance) {
                return Err(Error::Damaged(format!("a lookup asks for {distance} changes")));
            }
            let term = Term::from_field_text(fields.words, word);
            let automaton = FuzzyTermQuery::new(term, *distance, true).automaton()?;
            let mut stream = index.terms().search(automaton).into_stream()?;
            let mut infos = Vec::new();
            while let Some((key, info)) = stream.next() {
                if is_of_a_kind(key, word) {
                    infos.push(info.clone());
                }
            }
            Ok(infos)
        }
        Word::Prefix(prefix) => {
            let mut stream = index.terms().range().ge(prefix.as_bytes()).into_stream()?;
            let mut infos = Vec::new();
            while let Some((key, info)) = stream.next() {
                if !key.starts_with(prefix.as_bytes()) {
                    break;
                }
                if is_of_a_kind(key, prefix) {
                    infos.push(info.clone());
                }
            }
            Ok(infos)
        }
    }
}

/// A typed term such as `gi:…` is not a word that somebody wrote, so a word is never like one.
fn is_of_a_kind(key: &[u8], word: &str) -> bool {
    key.contains(&b':') == word.contains(':')
}

/// The documents that have at least one of each list's terms. An empty conjunction is true nowhere.
fn all_of(
    index: &InvertedIndexReader,
    mut words: Vec<&Vec<TermInfo>>,
) -> Result<Vec<DocId>, Error> {
    words.sort_by_key(|terms| n_docs(terms));
    let mut words = words.into_iter();
    let Some(rarest) = words.next() else { return Ok(Vec::new()) };
    let mut docs = union(index, rarest)?;
    for terms in words {
        if docs.is_empty() {
            break;
        }
        keep(index, &mut docs, terms)?;
    }
    Ok(docs)
}

fn n_docs(terms: &[TermInfo]) -> u64 {
    terms.iter().map(|info| u64::from(info.doc_freq)).sum()
}

/// The documents that have at least one of the terms, sorted, each once.
fn union(index: &InvertedIndexReader, terms: &[TermInfo]) -> Result<Vec<DocId>, Error> {
    let mut docs = Vec::new();
    for info in terms {
        let mut postings = postings(index, info)?;
        let mut doc = postings.doc();
        while doc != TERMINATED {
            docs.push(doc);
            doc = postings.advance();
        }
    }
    if terms.len() > 1 {
        docs.sort_unstable();
        docs.dedup();
    }
    Ok(docs)
}

/// Keeps the documents that have at least one of the terms, by whichever way is shorter.
fn keep(
    index: &InvertedIndexReader,
    docs: &mut Vec<DocId>,
    terms: &[TermInfo],
) -> Result<(), Error> {
    let n_seeks = docs.len() as u64 * terms.len() as u64;
    if n_docs(terms) <= n_seeks {
        let others = union(index, terms)?;
        docs.retain(|doc| others.binary_search(doc).is_ok());
        return Ok(());
    }
    let mut is_kept = vec![false; docs.len()];
    for info in terms {
        let mut postings = postings(index, info)?;
        for (doc, is_kept) in docs.iter().zip(&mut is_kept) {
            if postings.doc() < *doc {
                postings.seek(*doc);
            }
            *is_kept |= postings.doc() == *doc;
        }
    }
    let mut kept = is_kept.into_iter();
    docs.retain(|_| kept.next().unwrap_or(false));
    Ok(())
}

fn postings(index: &InvertedIndexReader, info: &TermInfo) -> Result<SegmentPostings, Error> {
    Ok(index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?)
}
