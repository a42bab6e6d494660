//! Which passages speak of one person together?

use std::collections::{BTreeMap, HashMap};

use habeas_model::{Indexed, ItemId, Part, Place, PlaceKind};

/// The passages that are weighed together.
#[derive(Clone, Debug)]
pub(super) struct Unit<'a> {
    pub(super) item: ItemId,
    /// The place they share; of a whole document, the place of its first passage.
    pub(super) place: Place,
    pub(super) span: Span,
    /// In the document's order.
    pub(super) passages: Vec<&'a Indexed>,
}

/// How much of an item a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Span {
    /// One row, line or cell: a record of its own.
    Record,
    /// One message with its head, body and what it quotes.
    Message,
    /// One page of several.
    Page,
    /// Everything the item says.
    Whole,
}

/// What keeps one unit of an item apart from another.
type Key = (Span, Option<Place>, u32);

fn key(indexed: &Indexed) -> Key {
    let passage = &indexed.passage;
    let place = || Some(passage.place.clone());
    match (passage.place.kind, passage.is_record) {
        // Head and body of a message have the same number.
        (PlaceKind::Message | PlaceKind::Header, true) => {
            (Span::Message, Some(Place { kind: PlaceKind::Message, ..passage.place.clone() }), 0)
        }
        // Two comments at one place are still two.
        (_, true) if passage.part == Part::Comment => (Span::Record, place(), indexed.number),
        (_, true) => (Span::Record, place(), 0),
        (PlaceKind::Page, false) => (Span::Page, place(), 0),
        (_, false) => (Span::Whole, None, 0),
    }
}

/// Do the candidates of one item need the rest of it to be understood?
///
/// A row says everything itself. The head of a message stands in another passage than its body; in
/// a chat each message is whole, and there are several.
pub(super) fn needs_context(candidates: &[&Indexed]) -> bool {
    let mut message = None;
    let mut has_several = false;
    for indexed in candidates {
        let passage = &indexed.passage;
        if !passage.is_record || passage.part == Part::Header {
            return true;
        }
        if passage.place.kind == PlaceKind::Message {
            has_several |= message.is_some_and(|number| number != passage.place.number);
            message = Some(passage.place.number);
        }
    }
    message.is_some() && !has_several
}

/// Groups passages into units, sorted by item and then by first passage. Repeats count once.
pub(super) fn units<'a>(passages: impl IntoIterator<Item = &'a Indexed>) -> Vec<Unit<'a>> {
    let mut items: BTreeMap<ItemId, BTreeMap<u32, &'a Indexed>> = BTreeMap::new();
    for indexed in passages {
        items.entry(indexed.item).or_default().insert(indexed.number, indexed);
    }
    let mut units: Vec<Unit<'a>> = Vec::new();
    for (item, passages) in items {
        let mut known: HashMap<Key, usize> = HashMap::new();
        for indexed in passages.into_values() {
            let key = key(indexed);
            let (span, place) =
                (key.0, key.1.clone().unwrap_or_else(|| indexed.passage.place.clone()));
            let at = *known.entry(key).or_insert_with(|| {
                units.push(Unit { item, place, span, passages: Vec::new() });
                units.len() - 1
            });
            units[at].passages.push(indexed);
        }
    }
    units
}
