//! Which captions does a passage have, and what stands behind each?

use std::ops::Range;

use habeas_model::{Meaning, Passage};

/// A caption and its value, as ranges of a passage.
pub(crate) struct Pair {
    pub(crate) caption: Range<usize>,
    pub(crate) value: Range<usize>,
}

/// The captions of a passage with their values; none if it has no captions.
pub(crate) fn captioned(passage: &Passage) -> Vec<Pair> {
    let captions: Vec<&Range<usize>> = passage
        .fields
        .iter()
        .filter(|field| field.meaning == Meaning::Caption)
        .map(|field| &field.range)
        .collect();
    let Some(first) = captions.first() else { return Vec::new() };
    let mut pairs = Vec::new();
    // Nothing before the first caption may be lost.
    if passage.text.get(..first.start).is_some_and(|text| !text.trim().is_empty()) {
        pairs.push(Pair { caption: 0..0, value: 0..first.start });
    }
    for (index, caption) in captions.iter().enumerate() {
        let end = captions.get(index + 1).map_or(passage.text.len(), |next| next.start);
        let text = passage.text.get(caption.end..end).unwrap_or("");
        let value = text.strip_prefix(':').unwrap_or(text);
        let value = value.strip_prefix(' ').unwrap_or(value);
        let start = caption.end + (text.len() - value.len());
        let stop = start + value.trim_end_matches('\n').len();
        pairs.push(Pair { caption: (*caption).clone(), value: start..stop });
    }
    pairs
}
