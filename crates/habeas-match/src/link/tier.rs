//! How strongly does the evidence point at the subject, and is the unit about them?

use std::collections::HashSet;

use habeas_model::{About, Evidence, Finding, Kind, Part, Party, Tier};

use super::bits::FURTHER;
use super::gather::Parts;
use super::names::Shape;
use super::score::Estate;
use super::search::PATH;
use super::sight::{Mine, Sight};
use super::unit::{Span, Unit};

/// A finding is certain from here on, given an anchor.
const CERTAIN: f64 = 8.0;
/// Probable from here on.
pub(super) const PROBABLE: f64 = 1.0;
/// Possible from here on; what is below is a finding only if it is a namesake's.
pub(super) const POSSIBLE: f64 = -5.0;

/// The most that identifiers which nobody has accepted can say.
pub(super) const UNACCEPTED: f64 = CERTAIN - 0.5;

/// Bits of a postcode beside another identifier, at most.
const FURTHER_POSTCODE: f64 = 3.0;

/// Puts the evidence of a unit together. `None`: too little to speak of.
pub(super) fn judge(
    estate: &Estate<'_>,
    unit: &Unit<'_>,
    sight: &Sight,
    parts: &Parts,
) -> Option<Finding> {
    if parts.is_empty() {
        return None;
    }
    let mut evidence =
        vec![Evidence { kind: None, rule: "prior".to_owned(), bits: estate.prior() }];
    let mut add = |kind: Kind, rule: &str, bits: f64| {
        evidence.push(Evidence { kind: Some(kind), rule: rule.to_owned(), bits });
    };
    if let Some(name) = &parts.name {
        add(Kind::Name, &name.rule, name.bits);
    }
    if let Some(born) = &parts.born {
        add(born.kind, &born.rule, born.bits);
    }
    for (position, id) in parts.ids.iter().enumerate() {
        let most = match (position, id.kind) {
            (0, _) => f64::MAX,
            (_, Kind::Postcode | Kind::Address) => FURTHER_POSTCODE,
            _ => FURTHER,
        };
        add(id.kind, &id.rule, id.bits.min(most));
    }
    for against in &parts.against {
        evidence.push(Evidence {
            kind: against.kind,
            rule: against.rule.clone(),
            bits: against.bits,
        });
    }
    let (capped, rule) = cap(estate, sight, parts);
    let sum: f64 = evidence.iter().map(|evidence| evidence.bits).sum();
    let score = sum.min(capped);
    if score < sum {
        evidence.push(Evidence {
            kind: None,
            rule: format!("{rule}: at most {capped:.1} bits"),
            bits: score - sum,
        });
    }
    if unit.passages.iter().all(|indexed| indexed.number == PATH) {
        return None;
    }
    let tier = tier(estate, parts, score)?;
    evidence.sort_by(|one, other| other.bits.abs().total_cmp(&one.bits.abs()));
    let strongest = strongest_passage(parts).min(unit.passages.len().saturating_sub(1));
    let place = match unit.span {
        Span::Whole => {
            let strongest = unit.passages.get(strongest)?;
            let shown = if strongest.number == PATH { unit.passages.first()? } else { strongest };
            shown.passage.place.clone()
        }
        _ => unit.place.clone(),
    };
    Some(Finding {
        item: unit.item,
        place,
        passages: unit
            .passages
            .iter()
            .map(|indexed| indexed.number)
            .filter(|number| *number != PATH)
            .collect(),
        tier,
        score_bits: (score * 100.0).round() / 100.0,
        about: about(unit, sight, parts),
        evidence,
    })
}

/// The most that such evidence can say, and why.
fn cap(estate: &Estate<'_>, sight: &Sight, parts: &Parts) -> (f64, &'static str) {
    let has_own_id = parts.ids.iter().any(|id| id.is_own && id.is_stated);
    let has_own_given = parts.name.as_ref().is_some_and(|name| name.has_own_given);
    let shape = parts.name.as_ref().map_or(Shape::Stranger, |name| name.shape);
    if let (Some(born), false) = (&parts.born, has_own_id) {
        let n_twins = estate.census.n_twins(estate.question);
        if parts.is_of_relative && parts.name.is_none() {
            return (-6.0, "a twin's record");
        }
        if n_twins > 0 && born.kind != Kind::DrivingLicence && !has_own_given {
            return (0.5 - (n_twins as f64 + 1.0).log2(), "a twin of that birth date");
        }
        let n_ids = parts.ids.iter().filter(|id| !id.is_household).count();
        if estate.census.has_double() && n_ids == 0 {
            return (6.0, "two people of that name and birth date");
        }
    }
    let mut stated = parts.ids.iter().filter(|id| id.steps == 0).peekable();
    let has_stated = stated.peek().is_some();
    let is_household_only = has_stated && stated.all(|id| id.is_household) && parts.born.is_none();
    let learnt = parts.ids.iter().filter(|id| id.steps > 0).map(|id| id.most);
    let learnt = learnt.fold(f64::MIN, f64::max);
    let has_born = parts.born.as_ref().is_some_and(|born| !born.is_learnt);
    let is_unaccepted = !has_born && learnt > f64::MIN && shape < Shape::Full;
    if is_unaccepted && (!has_stated || is_household_only) {
        return (learnt, "rests on an identifier that nobody has accepted");
    }
    let is_learnt = learnt > f64::MIN || parts.born.as_ref().is_some_and(|born| born.is_learnt);
    if !has_born && is_learnt && !has_stated {
        // A name beside it says more than either, and still nobody has accepted it.
        return (UNACCEPTED, "rests on an identifier that nobody has accepted");
    }
    if is_household_only && shape < Shape::Full {
        let n_others = parts.ids.iter().map(|id| id.n_others).max().unwrap_or_default();
        // Another given name of the family says that it is another of the household.
        let is_partners = sight
            .persons
            .iter()
            .any(|person| person.fit.shape == Shape::Relative && person.is_other());
        let is_home = parts.ids.iter().all(|id| matches!(id.kind, Kind::Address | Kind::Postcode));
        let most = match (shape >= Shape::Given, is_partners) {
            (false, true) => -2.0,
            (false, false) if is_home => 0.5,
            _ => 1.5,
        };
        return (most - (n_others.max(1) as f64).log2(), "shared by a household");
    }
    if parts.ids.is_empty() && parts.born.is_none() && estate.census.has_house_namesake() {
        return (-1.0, "somebody who acts for the organisation has the name");
    }
    if let Some(name) = parts.name.as_ref().filter(|_| is_household_only)
        && estate.census.has_double_at_home(&name.value)
    {
        return (0.5, "somebody else of that name in the household");
    }
    (f64::MAX, "")
}

fn tier(estate: &Estate<'_>, parts: &Parts, score: f64) -> Option<Tier> {
    let has_own_id = parts.ids.iter().any(|id| id.is_own && id.is_stated);
    let against: f64 = parts.against.iter().map(|against| against.bits).sum();
    let is_hard = parts.against.iter().any(|against| against.is_hard);
    if score >= CERTAIN && is_anchored(estate, parts) {
        return Some(Tier::Certain);
    }
    let names_subject = parts
        .name
        .as_ref()
        .is_some_and(|name| name.shape >= Shape::Initial && name.person.is_some());
    // A family shares its home: what only that speaks for is the father, and not the son.
    let is_home_only = parts.born.is_none() && parts.ids.iter().all(|id| id.is_household);
    if is_hard && !has_own_id && names_subject && (score < PROBABLE || is_home_only) {
        return Some(Tier::Namesake);
    }
    if score >= PROBABLE {
        return Some(Tier::Probable);
    }
    // What carries an identifier as stated is never passed over.
    if score >= POSSIBLE || has_own_id {
        return Some(Tier::Possible);
    }
    let is_twin = parts.is_of_relative && parts.born.is_some();
    ((names_subject && against < 0.0 && score - against >= POSSIBLE) || is_twin)
        .then_some(Tier::Namesake)
}

/// Is there something that belongs to the subject and to nobody else?
fn is_anchored(estate: &Estate<'_>, parts: &Parts) -> bool {
    let name = parts.name.as_ref();
    let is_sure = name.is_some_and(|name| name.is_sure);
    let is_clean = parts.against.is_empty();
    let is_hard = parts.against.iter().any(|against| against.is_hard);
    let own = parts.ids.iter().any(|id| {
        let is_only = id.n_others == 0 || is_sure;
        id.is_own
            && id.is_stated
            && is_only
            && !is_hard
            && (!parts.is_of_other || id.party != Party::Principal)
    });
    let born = is_sure
        && is_clean
        && parts.born.as_ref().is_some_and(|born| born.is_plain && !born.is_learnt)
        && !estate.census.has_double();
    let licence = parts
        .born
        .as_ref()
        .is_some_and(|born| born.kind == Kind::DrivingLicence && !born.is_learnt)
        && is_sure
        && is_clean;
    // A short form is what a relative of a like name may go by: the home they share tells nothing.
    let home = is_sure
        && is_clean
        && parts.ids.iter().any(|id| id.is_stated && id.is_household && id.kind != Kind::Ip)
        && name.is_some_and(|name| {
            name.is_as_stated
                && name.n_others < 1.0
                && !estate.census.has_double_at_home(&name.value)
        });
    own || born || licence || home
}

fn strongest_passage(parts: &Parts) -> usize {
    let mut best = (f64::MIN, 0);
    let mut see = |bits: f64, passage: usize| {
        if bits > best.0 {
            best = (bits, passage);
        }
    };
    if let Some(name) = &parts.name {
        see(name.bits, name.passage);
    }
    if let Some(born) = &parts.born {
        see(born.bits, born.passage);
    }
    for id in &parts.ids {
        see(id.bits, id.passage);
    }
    best.1
}

/// Is it about the subject, or does it only copy in or list the subject?
fn about(unit: &Unit<'_>, sight: &Sight, parts: &Parts) -> About {
    let is_head = |passage: usize| {
        unit.passages.get(passage).is_some_and(|indexed| indexed.passage.part == Part::Header)
    };
    if unit.span == Span::Message {
        let mine = sight
            .carried
            .iter()
            .filter(|carried| !matches!(carried.mine, Mine::No))
            .map(|c| (c.passage, c.party));
        let named = sight
            .persons
            .iter()
            .filter(|person| person.fit.shape.fits())
            .map(|p| (p.passage, p.party));
        let is_copied =
            mine.chain(named).all(|(passage, party)| is_head(passage) && party == Party::Recipient);
        let recipients: HashSet<&str> = sight
            .carried
            .iter()
            .filter(|carried| carried.kind == Kind::Email && carried.party == Party::Recipient)
            .map(|carried| carried.value.as_str())
            .collect();
        return if is_copied && recipients.len() > 1 { About::Incidental } else { About::Relates };
    }
    if unit.span == Span::Record {
        // Another person's row that names the subject as their next of kin, carer or referrer.
        let is_others = sight
            .persons
            .iter()
            .any(|person| person.party == Party::Principal && person.is_other());
        let mut named = sight.persons.iter().filter(|person| person.fit.shape.fits()).peekable();
        let is_named = named.peek().is_some();
        return if is_others && is_named && named.all(|person| person.party == Party::Other) {
            About::Incidental
        } else {
            About::Relates
        };
    }
    // A list of names: ten people in the passage, and nothing but a name for the subject.
    let is_bare = parts.ids.is_empty() && parts.born.is_none();
    let passage = parts.name.as_ref().map(|name| name.passage);
    let n_listed = sight
        .persons
        .iter()
        .filter(|person| Some(person.passage) == passage && person.is_other())
        .count();
    if is_bare && n_listed >= 9 { About::Incidental } else { About::Relates }
}
