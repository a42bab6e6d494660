//! Which of the claims on a stretch of text becomes a hit?

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

/// Keeps of overlapping claims the surest, of equally sure ones the longest, then the first; none
/// that touches a caption. Sorts by start.
pub(crate) fn settle(view: &View<'_>, mut drafts: Vec<Draft>) -> Vec<Hit> {
    let captions: Vec<&Range<usize>> =
        view.passage.fields.iter().filter(|field| field.meaning == Meaning::Caption).map(|field| &field.range).collect();
    drafts.retain(|draft| !draft.range.is_empty() && !overlaps(&captions, &draft.range));
    drafts.sort_by(|a, b| {
        b.confidence.total_cmp(&a.confidence).then(b.range.len().cmp(&a.range.len())).then(a.range.start.cmp(&b.range.start))
    });
    let mut taken: std::collections::BTreeMap<usize, (usize, Draft)> = std::collections::BTreeMap::new();
    for draft in drafts {
        let before = taken.range(..draft.range.end).next_back();
        if before.is_none_or(|(_, (end, _))| *end <= draft.range.start) {
            taken.insert(draft.range.start, (draft.range.end, draft));
        }
    }
    taken.into_values().map(|(_, draft)| hit(view, draft)).collect()
}

fn hit(view: &View<'_>, draft: Draft) -> Hit {
    let party = view.field_at(&draft.range).map_or(Party::Unknown, |field| field.party);
    Hit {
        range: draft.range,
        kind: draft.kind,
        value: Personal::new(draft.value),
        confidence: Confidence::new(draft.confidence),
        party,
        rule: draft.rule.to_owned(),
    }
}

/// Does a range of the sorted, disjoint list overlap this one?
pub(crate) fn overlaps(sorted: &[&Range<usize>], range: &Range<usize>) -> bool {
    let at = sorted.partition_point(|other| other.end <= range.start);
    sorted.get(at).is_some_and(|other| other.start < range.end)
}
