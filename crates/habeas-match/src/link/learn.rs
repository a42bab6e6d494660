//! Which identifiers stand beside the subject's, so that they are probably the subject's too?
//!
//! Nothing found here is ever taken for stated: it is proposed, ranked below whatever it was found
//! in, and can make no finding certain until a person accepts it.
//!
//! # Source
//! `field/matching.md` 3.6: growing the identity with guards, best first, a few steps at most.

use std::collections::{BTreeMap, BTreeSet};

use habeas_model::{
    About, Finding, Followed, Indexed, ItemId, Kind, Lookup, Part, Party, Place, Tier,
};

use super::Question;
use super::bits::{behaviour, is_role_mailbox};
use super::gather::Parts;
use super::names::Shape;
use super::sight::{Carried, Mine, Person, Reader, Sight};
use super::unit::{Span, Unit, units};
use crate::terms::id_terms;

/// Steps from a stated identifier to a learnt one, at most; what is beyond is told.
pub(super) const MOST_STEPS: u8 = 3;

/// Times that what was learnt is searched for, at most. A step may bring two identifiers, of which
/// one makes a weak finding strong enough to be learnt from, so this is more than the steps are.
pub(super) const MOST_ROUNDS: u8 = 6;

/// Identifiers that are followed in one search, at most; what is beyond is counted.
pub(super) const MOST_LEARNT: usize = 60;

/// What is in more passages than this is not one person's, whatever stands beside it.
pub(super) const MOST_PASSAGES: u64 = 500;

/// Bits that a finding must have for what stands beside the name in it to be followed.
const ENOUGH: f64 = 1.5;

/// An identifier seen beside the subject.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) kind: Kind,
    /// Normal form.
    pub(super) value: String,
    /// As written there.
    pub(super) written: String,
    /// In which finding.
    pub(super) item: ItemId,
    pub(super) place: Place,
    /// How strongly that finding points at the subject.
    pub(super) tier: Tier,
    pub(super) score_bits: f64,
    /// Steps from what was stated: 1 where the finding rests on stated identifiers alone, and at most
    /// one more than are followed.
    pub(super) steps: u8,
    /// Is it the number by which an authority or the organisation knows the person, in a certain
    /// finding beside stated identifiers?
    pub(super) tells_apart: bool,
    /// The strongest reason for that finding, in words.
    pub(super) why: String,
}

/// What in a finding's unit is bound to the subject and was not stated.
pub(super) fn seen(unit: &Unit<'_>, sight: &Sight, parts: &Parts, finding: &Finding) -> Vec<Seen> {
    // A name alone leads on only where nobody else in the estate bears it.
    let is_only = parts
        .name
        .as_ref()
        .is_some_and(|name| name.shape == Shape::Full && name.is_sure && name.n_others < 0.5);
    // A home is shared with a father or a daughter of the same name.
    let has_own = parts.born.is_some() || parts.ids.iter().any(|id| !id.is_household);
    let is_strong = matches!(finding.tier, Tier::Certain | Tier::Probable)
        && finding.score_bits >= ENOUGH
        && (is_only || has_own);
    if !is_strong || finding.about == About::Incidental || parts.is_of_other {
        return Vec::new();
    }
    let steps = parts.steps().saturating_add(1);
    if parts.against.iter().any(|against| against.is_hard) {
        return Vec::new();
    }
    let why = finding.evidence.iter().find(|evidence| evidence.kind.is_some());
    let why = why.map(|evidence| evidence.rule.clone()).unwrap_or_default();
    let bound = sight.carried.iter().enumerate().filter(|(at, carried)| {
        carried.mine == Mine::No && is_followed(carried) && is_bound(unit, sight, *at, carried)
    });
    bound
        .map(|(_, carried)| Seen {
            kind: carried.kind,
            value: carried.value.clone(),
            written: written(unit, carried),
            item: finding.item,
            place: finding.place.clone(),
            tier: finding.tier,
            score_bits: finding.score_bits,
            steps,
            tells_apart: steps == 1
                && finding.tier == Tier::Certain
                && is_number_of_person(carried),
            why: why.clone(),
        })
        .collect()
}

/// Does one person have one of it, by what the column or its kind says?
fn is_number_of_person(carried: &Carried) -> bool {
    match carried.kind {
        Kind::Reference => carried.is_of_person,
        Kind::NhsNumber | Kind::Nino | Kind::BirthDate => true,
        _ => false,
    }
}

/// The birth date that all certain findings agree on, where the request states none.
pub(super) fn birth_date(seen: &[Seen]) -> Option<jiff::civil::Date> {
    let mut dates = seen
        .iter()
        .filter(|seen| seen.kind == Kind::BirthDate && seen.tells_apart)
        .map(|seen| seen.value.split('|').next().unwrap_or_default());
    let first = dates.next()?;
    if dates.all(|other| other == first) { first.parse().ok() } else { None }
}

/// Is it of a kind that leads to other records of the same person?
fn is_followed(carried: &Carried) -> bool {
    match carried.kind {
        Kind::Email => !is_role_mailbox(&carried.value),
        Kind::Reference => is_reference(&carried.value),
        Kind::Card => carried.value.len() >= 12,
        Kind::Phone
        | Kind::NhsNumber
        | Kind::Nino
        | Kind::Passport
        | Kind::DrivingLicence
        | Kind::Iban
        | Kind::BankAccount
        | Kind::Device
        | Kind::Handle
        | Kind::Ip
        | Kind::Vehicle => true,
        Kind::Name | Kind::Address | Kind::Postcode | Kind::Date | Kind::Organisation => false,
        // It is learnt too, but not by a lookup of its own.
        Kind::BirthDate => carried.is_field || carried.value.len() == 10,
    }
}

/// Is a reference long enough not to be a state, a queue or an extension?
fn is_reference(value: &str) -> bool {
    let n_digits = value.chars().filter(char::is_ascii_digit).count();
    let is_number = n_digits == value.len();
    n_digits >= 3 && value.len() >= if is_number { 5 } else { 6 }
}

/// Does the structure, or the name before it, say that it is the subject's?
fn is_bound(unit: &Unit<'_>, sight: &Sight, at: usize, carried: &Carried) -> bool {
    let part = unit.passages.get(carried.passage).map(|indexed| indexed.passage.part);
    if part == Some(Part::Quoted) {
        return false;
    }
    let owner = sight.owner(at);
    let is_subject = |person: &Person| person.fit.shape >= Shape::Initial;
    if matches!(carried.party, Party::Staff | Party::Other) {
        return false;
    }
    if carried.is_field {
        return match (unit.span, carried.party) {
            (_, Party::Principal) => !owner.is_some_and(Person::is_other),
            (_, Party::Sender | Party::Recipient) => owner.is_some_and(is_subject),
            // A record that names nobody else is about one person.
            (Span::Record, _) => !sight.persons.iter().any(Person::is_other),
            _ => owner.is_some_and(is_subject),
        };
    }
    match owner {
        Some(owner) => owner.fit.shape == Shape::Full,
        // A line without a name that carries the subject's own number.
        None => unit.span == Span::Record && !sight.persons.iter().any(Person::is_other),
    }
}

fn written(unit: &Unit<'_>, carried: &Carried) -> String {
    let Some(indexed) = unit.passages.get(carried.passage) else { return carried.value.clone() };
    let hit = indexed.hits.iter().find(|hit| hit.range.start == carried.start);
    hit.and_then(|hit| indexed.passage.text.get(hit.range.clone()))
        .map_or_else(|| carried.value.clone(), |text| text.trim().to_owned())
}

/// An identifier with all places where it stands beside the subject.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) kind: Kind,
    pub(super) value: String,
    pub(super) written: String,
    /// Where it was seen first, in the strongest finding.
    pub(super) from: Seen,
    /// In how many findings it was seen.
    pub(super) n_seen: usize,
}

/// What was seen, an identifier a row, the surest and those with the fewest steps first.
pub(super) fn candidates(seen: Vec<Seen>) -> Vec<Candidate> {
    let mut rows: BTreeMap<(Kind, String), Candidate> = BTreeMap::new();
    for seen in seen.into_iter().filter(|seen| seen.kind != Kind::BirthDate) {
        let key = (seen.kind, seen.value.clone());
        match rows.get_mut(&key) {
            Some(row) => {
                row.n_seen += 1;
                let is_better = (seen.tier, seen.steps) < (row.from.tier, row.from.steps)
                    || ((seen.tier, seen.steps) == (row.from.tier, row.from.steps)
                        && seen.score_bits > row.from.score_bits);
                if is_better {
                    row.from = seen;
                }
            }
            None => {
                let (kind, value, written) = (seen.kind, seen.value.clone(), seen.written.clone());
                rows.insert(key, Candidate { kind, value, written, from: seen, n_seen: 1 });
            }
        }
    }
    let mut rows: Vec<Candidate> = rows.into_values().collect();
    rows.sort_by(|one, other| {
        (one.from.tier, one.from.steps)
            .cmp(&(other.from.tier, other.from.steps))
            .then(other.n_seen.cmp(&one.n_seen))
            .then_with(|| (one.kind, &one.value).cmp(&(other.kind, &other.value)))
    });
    rows
}

/// How an identifier stands in the estate as a whole.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    /// Passages that carry it.
    pub(super) n_passages: u64,
    /// Other people it stands with.
    pub(super) n_others: usize,
    /// Units in which it stands with something else of the subject's.
    pub(super) n_mine: usize,
    /// Units in which it stands with other people's numbers or names and nothing of the subject's.
    pub(super) n_strange: usize,
}

/// The lookup that brings every passage with that identifier in its normal form.
pub(super) fn lookup(kind: Kind, value: &str) -> Option<Lookup> {
    id_terms(kind, value).into_iter().next().map(Lookup::Id)
}

/// May it be followed, judged by the passages that carry it? `None` if it may.
pub(super) fn refused(
    question: &Question,
    candidate: &Candidate,
    standing: Standing,
) -> Option<Followed> {
    if candidate.kind == Kind::Email && question.is_house(&candidate.value) {
        return Some(Followed::House);
    }
    if standing.n_passages > MOST_PASSAGES {
        return Some(Followed::Common);
    }
    let most = match candidate.kind {
        Kind::Phone if !behaviour(Kind::Phone, &candidate.value).is_own => {
            (2 * standing.n_mine).clamp(1, 4)
        }
        // A couple's mailbox, a partner's telephone.
        Kind::Email | Kind::Phone => usize::from(standing.n_mine >= 3),
        // Among many records of one person there is one that names who came along.
        _ => standing.n_mine / 4,
    };
    if standing.n_others > most {
        return Some(Followed::Shared);
    }
    match candidate.kind {
        // What a thing is called by stands in a few records of one person; a queue, a campaign or a
        // building stands in those of many.
        Kind::Reference | Kind::Device | Kind::Handle | Kind::Ip
            if standing.n_strange > standing.n_mine / 4 =>
        {
            Some(Followed::Shared)
        }
        // Addresses are given out again: once beside the subject says little of another day.
        Kind::Ip if standing.n_mine < 2 => Some(Followed::Common),
        Kind::Reference if standing.n_passages > 6 + 4 * standing.n_mine as u64 => {
            Some(Followed::Common)
        }
        _ => None,
    }
}

/// Reads the passages that carry an identifier: with whom does it stand?
pub(super) fn standing(
    question: &Question,
    kind: Kind,
    value: &str,
    passages: &[Indexed],
) -> Standing {
    let reader = Reader::new(question);
    let mut others: BTreeSet<(String, String)> = BTreeSet::new();
    let mut standing = Standing { n_passages: passages.len() as u64, ..Standing::default() };
    for unit in units(passages) {
        let sight = reader.read(&unit);
        let is_own = |carried: &Carried| {
            behaviour(carried.kind, &carried.value).is_own
                && !matches!(carried.kind, Kind::Reference | Kind::Device | Kind::Handle)
        };
        let is_mine = sight.persons.iter().any(|person| person.fit.shape >= Shape::Initial)
            || sight.carried.iter().any(|carried| carried.mine != Mine::No);
        let is_strange = sight
            .persons
            .iter()
            .any(|person| person.is_field && person.is_other() && person.party != Party::Staff)
            || sight.carried.iter().any(|carried| {
                carried.mine == Mine::No
                    && is_own(carried)
                    && carried.party != Party::Staff
                    && (carried.kind, carried.value.as_str()) != (kind, value)
            });
        // The subject's name beside another person's birth date: a namesake's record.
        let against: f64 =
            sight.carried.iter().filter_map(|carried| question.contradicts(carried)).sum();
        let has_own = sight.carried.iter().any(|carried| match carried.mine {
            Mine::Stated(index) => {
                let steps = question.known.stated.get(index).map_or(0, |stated| stated.steps);
                steps == 0 && behaviour(carried.kind, &carried.value).is_own
            }
            Mine::Born { is_first_reading } => is_first_reading && carried.kind == Kind::BirthDate,
            _ => false,
        });
        if against <= -4.0 && !has_own {
            others.insert((unit.item.to_string(), unit.place.to_string()));
        }
        standing.n_mine += usize::from(is_mine);
        standing.n_strange += usize::from(is_strange && !is_mine);
        for (at, carried) in sight.carried.iter().enumerate() {
            if carried.kind != kind || carried.value != value {
                continue;
            }
            let holder = || {
                sight
                    .persons
                    .iter()
                    .find(|person| person.is_field && person.party == Party::Principal)
            };
            // In running text the nearest name before a number is often not its owner.
            let owner = sight.owner(at).filter(|_| carried.is_field);
            let person = owner.or_else(holder);
            if let Some(person) = person
                && person.is_other()
                && !person.fit.has_same_given
                && person.party != Party::Staff
            {
                others.insert(person.key());
            }
        }
    }
    standing.n_others = others.len();
    standing
}
