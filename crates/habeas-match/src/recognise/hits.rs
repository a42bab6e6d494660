//! Which of the claims on a stretch of text becomes a hit?

use std::collections::BTreeMap;
use std::ops::Range;

use habeas_model::{Confidence, Hit, Kind, Meaning, Party, Personal};

use super::view::View;

/// A claim of a recogniser, before claims are settled.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) range: Range<usize>,
    pub(crate) kind: Kind,
    pub(crate) value: String,
    pub(crate) confidence: f32,
    pub(crate) rule: &'static str,
}

impl Draft {
    pub(crate) fn new(
        range: Range<usize>,
        kind: Kind,
        value: String,
        confidence: f32,
        rule: &'static str,
    ) -> Self {
        Self { range, kind, value, confidence, rule }
    }
}

/// Keeps of overlapping claims the surest, of equally sure ones the longest, then the first; none
/// that touches a caption. Sorted by start.
pub(crate) fn settle(view: &View<'_>, mut drafts: Vec<Draft>) -> Vec<Draft> {
    let captions: Vec<&Range<usize>> = view
        .passage
        .fields
        .iter()
        .filter(|field| field.meaning == Meaning::Caption)
        .map(|field| &field.range)
        .collect();
    drafts.retain(|draft| !draft.range.is_empty() && !overlaps(&captions, &draft.range));
    drafts.sort_by(|a, b| {
        b.confidence
            .total_cmp(&a.confidence)
            .then(b.range.len().cmp(&a.range.len()))
            .then(a.range.start.cmp(&b.range.start))
    });
    let mut taken: BTreeMap<usize, Draft> = BTreeMap::new();
    for draft in drafts {
        let before = taken.range(..draft.range.end).next_back();
        if before.is_none_or(|(_, other)| other.range.end <= draft.range.start) {
            taken.insert(draft.range.start, draft);
        }
    }
    taken.into_values().collect()
}

/// A claim that stood, with whose it is as far as structure or a label says.
pub(crate) fn hit(view: &View<'_>, draft: Draft) -> Hit {
    let party = view.field_at(&draft.range).map_or(Party::Unknown, |field| field.party);
    let labelled = || view.slot_at(draft.range.start).map_or(Party::Unknown, |slot| slot.party);
    Hit {
        party: if party == Party::Unknown { labelled() } else { party },
        range: draft.range,
        kind: draft.kind,
        value: Personal::new(draft.value),
        confidence: Confidence::new(draft.confidence),
        rule: draft.rule.to_owned(),
    }
}

/// Does a range of the sorted, disjoint list overlap this one?
pub(crate) fn overlaps(sorted: &[&Range<usize>], range: &Range<usize>) -> bool {
    let at = sorted.partition_point(|other| other.end <= range.start);
    sorted.get(at).is_some_and(|other| other.start < range.end)
}
