//! What does a check see of an item?

use std::cell::OnceCell;

use habeas_index::{Seat, Surveyed};
use habeas_model::{Hit, Indexed, Kind, Outcome, Part, Party, SourceName, is_message};
use habeas_source::Glob;
use jiff::civil::Date;

use super::findings::Spot;
use crate::map::{date_of, record_date};
use crate::taxonomy::Told;

/// A part of an item on its way past all checks.
pub(crate) struct Seen<'a> {
    pub(super) item: &'a Surveyed,
    pub(super) part: &'a [Indexed],
    pub(super) is_first: bool,
    pub(super) is_last: bool,
    told: OnceCell<Vec<Told>>,
}

impl<'a> Seen<'a> {
    pub(super) fn new(
        item: &'a Surveyed,
        part: &'a [Indexed],
        is_first: bool,
        is_last: bool,
    ) -> Self {
        Self { item, part, is_first, is_last, told: OnceCell::new() }
    }

    /// What tells of special categories, passage by passage.
    pub(super) fn told(&self) -> &[Told] {
        self.told.get_or_init(|| self.part.iter().map(|it| Told::of(&it.passage.text)).collect())
    }

    /// Each passage with what tells of special categories in it.
    pub(super) fn passages(&self) -> impl Iterator<Item = (&'a Indexed, Told)> {
        self.part.iter().zip(self.told().iter().copied())
    }

    /// Where it lies within these places, unless it could not be read there.
    pub(super) fn seats(&self, places: &Where) -> impl Iterator<Item = &'a Seat> {
        self.item.seats.iter().filter(|seat| {
            matches!(seat.outcome, Outcome::Read | Outcome::Duplicate) && places.has(seat)
        })
    }

    /// Does it lie within these places?
    pub(super) fn is_in(&self, places: &Where) -> bool {
        self.seats(places).next().is_some()
    }

    /// The first spot of it within these places, for evidence that is kept.
    pub(super) fn spot(&self, places: &Where, indexed: Option<&Indexed>) -> Option<Spot> {
        let seat = self.seats(places).next()?;
        Some(Spot {
            source: seat.source.clone(),
            path: seat.path.clone(),
            place: indexed.map(|indexed| indexed.passage.place.clone()),
        })
    }

    /// The day of a record, else that of the item.
    pub(super) fn day(&self, indexed: &Indexed) -> Date {
        record_date(indexed, &self.item.media_type)
            .unwrap_or_else(|| date_of(self.item, self.part).0)
    }

    /// Is it a message?
    pub(super) fn is_message(&self) -> bool {
        is_message(&self.item.media_type)
    }

    /// The addresses of a message's head that stand on that side.
    pub(super) fn addresses(&self, side: Party) -> impl Iterator<Item = &'a Hit> {
        let heads = self.part.iter().filter(|it| it.passage.part == Part::Header);
        heads
            .flat_map(|it| &it.hits)
            .filter(move |hit| hit.kind == Kind::Email && hit.party == side)
    }
}

/// Places of an estate: sources, or patterns of paths in them.
#[derive(Clone, Debug)]
pub(super) struct Where {
    spots: Vec<(String, Option<Glob>)>,
    is_everywhere: bool,
}

impl Where {
    /// Reads places as a configuration writes them; none means everywhere.
    pub(super) fn new(spots: &[String]) -> Self {
        let spots: Vec<(String, Option<Glob>)> = spots
            .iter()
            .map(|spot| match spot.split_once(':') {
                Some((source, pattern)) => (source.to_owned(), Some(Glob::new(pattern))),
                None => (spot.clone(), None),
            })
            .collect();
        Self { is_everywhere: spots.is_empty(), spots }
    }

    /// Nowhere, if it names no place.
    pub(super) fn or_nowhere(spots: &[String]) -> Self {
        Self { is_everywhere: false, ..Self::new(spots) }
    }

    /// Does an item lie there?
    pub(super) fn has(&self, seat: &Seat) -> bool {
        let file = seat.path.segments().first().map_or("", String::as_str);
        self.has_path(&seat.source, file)
    }

    /// Does a path of a source lie there?
    pub(super) fn has_path(&self, source: &SourceName, path: &str) -> bool {
        self.is_everywhere
            || self.spots.iter().any(|(name, glob)| {
                name == source.as_str() && glob.as_ref().is_none_or(|glob| glob.matches(path))
            })
    }

    /// Is the whole source there?
    pub(super) fn has_source(&self, source: &SourceName) -> bool {
        self.is_everywhere
            || self.spots.iter().any(|(name, glob)| name == source.as_str() && glob.is_none())
    }
}
