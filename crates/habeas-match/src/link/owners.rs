//! With which of the named people does each identifier of a unit stand?

use std::collections::HashMap;

use habeas_model::{Kind, Party};

use super::sight::{Carried, Person, Sight};
use super::unit::Span;

/// How far behind a name a number in running text is still that person's, in bytes.
const REACH: usize = 400;

/// Which identifiers stand with which person.
#[derive(Clone, Debug, Default)]
pub(super) struct Owners {
    /// For each identifier the person it stands with.
    owner: Vec<Option<usize>>,
    /// For each person the identifiers.
    belongings: Vec<Vec<usize>>,
    /// Of a record: the identifiers in the principal's own fields.
    principal: Option<Vec<usize>>,
}

impl Sight {
    /// Finds out what stands with whom. Called once, when all is read.
    pub(super) fn settle(&mut self, span: Span) {
        if span == Span::Record {
            self.name_the_principal();
        }
        let mut by_party: HashMap<(usize, Party), Vec<(usize, usize)>> = HashMap::new();
        let mut free: HashMap<usize, Vec<(usize, usize)>> = HashMap::new();
        let mut first: HashMap<Party, usize> = HashMap::new();
        for (index, person) in
            self.persons.iter().enumerate().filter(|(_, person)| !person.value.is_empty())
        {
            if person.is_field {
                by_party
                    .entry((person.passage, person.party))
                    .or_default()
                    .push((person.range.start, index));
                first.entry(person.party).or_insert(index);
            }
            if !person.is_field || span != Span::Record {
                free.entry(person.passage).or_default().push((person.range.start, index));
            }
        }
        by_party.values_mut().chain(free.values_mut()).for_each(|list| list.sort_unstable());
        let before = |list: &[(usize, usize)], start: usize| {
            let at = list.partition_point(|(begin, _)| *begin <= start);
            at.checked_sub(1).map(|at| list[at].1)
        };
        let owner_of = |carried: &Carried| -> Option<usize> {
            if carried.is_field {
                let beside = by_party.get(&(carried.passage, carried.party));
                let near = beside.and_then(|list| {
                    before(list, carried.start).or_else(|| list.first().map(|(_, index)| *index))
                });
                // A row without a name beside it may still say whose row it is.
                return near.or_else(|| {
                    first.get(&carried.party).copied().filter(|_| span != Span::Whole)
                });
            }
            let list = free.get(&carried.passage)?;
            before(list, carried.start).filter(|&index| {
                carried.start.saturating_sub(self.persons[index].range.end) < REACH
            })
        };
        let owner: Vec<Option<usize>> = self.carried.iter().map(owner_of).collect();
        let mut belongings = vec![Vec::new(); self.persons.len()];
        for (index, owner) in owner.iter().enumerate() {
            if let Some(owner) = owner {
                belongings[*owner].push(index);
            }
        }
        let is_principal =
            |carried: &Carried| carried.is_field && carried.party == Party::Principal;
        let principal = (span == Span::Record).then(|| {
            // A labelled number in the notes of somebody's record is theirs, if nobody stands before it.
            let is_noted = |index: usize, carried: &Carried| {
                !carried.is_field
                    && owner[index].is_none()
                    && matches!(carried.kind, Kind::BirthDate | Kind::NhsNumber | Kind::Nino)
            };
            self.carried
                .iter()
                .enumerate()
                .filter(|(index, carried)| is_principal(carried) || is_noted(*index, carried))
                .map(|(index, _)| index)
                .collect()
        });
        self.owners = Owners { owner, belongings, principal };
    }

    /// The person an identifier stands with: of the same party in a record, or the nearest before.
    pub(super) fn owner(&self, carried: usize) -> Option<&Person> {
        self.persons.get(self.owner_number(carried)?)
    }

    /// Its number among the persons.
    pub(super) fn owner_number(&self, carried: usize) -> Option<usize> {
        self.owners.owner.get(carried).copied().flatten()
    }

    /// The numbers of the identifiers that stand with a person.
    pub(super) fn belongings(&self, person: usize) -> &[usize] {
        let is_principal = self
            .persons
            .get(person)
            .is_some_and(|person| person.is_field && person.party == Party::Principal);
        match &self.owners.principal {
            Some(all) if is_principal => all,
            _ => self.owners.belongings.get(person).map_or(&[], Vec::as_slice),
        }
    }

    /// A record whose columns do not say whose they are is its first name's.
    fn name_the_principal(&mut self) {
        let is_unknown = |person: &&Person| person.is_field && person.party == Party::Unknown;
        let has_principal =
            self.persons.iter().any(|person| person.is_field && person.party == Party::Principal);
        let mut unknown = self
            .persons
            .iter()
            .filter(is_unknown)
            .map(|person| (person.passage, person.range.start));
        let (first, second) = (unknown.next(), unknown.next());
        let end = match (has_principal, first, second) {
            // Everything that is nobody's goes with the principal.
            (true, None, _) => None,
            (false, Some(_), second) => second,
            // Somebody else without a party, or nobody at all: nothing can be said.
            _ => return,
        };
        let is_within = |place: (usize, usize)| end.is_none_or(|end| place < end);
        for person in &mut self.persons {
            if person.is_field
                && person.party == Party::Unknown
                && is_within((person.passage, person.range.start))
            {
                person.party = Party::Principal;
            }
        }
        for carried in &mut self.carried {
            if carried.is_field
                && carried.party == Party::Unknown
                && is_within((carried.passage, carried.start))
            {
                carried.party = Party::Principal;
            }
        }
    }
}
