//! What in a unit speaks for the subject, and what against?

use std::collections::HashSet;

use habeas_model::{Kind, Part, Party};

use super::bits::{ITEMS_A_PERSON, behaviour};
use super::names::Shape;
use super::score::Estate;
use super::search::PATH;
use super::sight::{Carried, Mine, Person, Sight, key_of, suffix};
use super::unit::{Span, Unit};

/// A name that speaks for the subject.
#[derive(Clone, Debug)]
pub(super) struct NameEvidence {
    pub(super) bits: f64,
    pub(super) rule: String,
    pub(super) shape: Shape,
    /// May it anchor: own given name and family name, no mere likeness?
    pub(super) is_sure: bool,
    /// Is it a name of the subject as stated, or half of one, and no short form?
    pub(super) is_as_stated: bool,
    /// Is the given name the subject's own, so that no twin is meant?
    pub(super) has_own_given: bool,
    pub(super) party: Party,
    pub(super) is_field: bool,
    /// Which of the unit's persons; `None` when it stands on another page.
    pub(super) person: Option<usize>,
    pub(super) passage: usize,
    pub(super) value: String,
    /// Other people who are written so.
    pub(super) n_others: f64,
}

/// An identifier that speaks for the subject.
#[derive(Clone, Debug)]
pub(super) struct IdEvidence {
    pub(super) bits: f64,
    pub(super) rule: String,
    pub(super) kind: Kind,
    /// The very identifier that was stated.
    pub(super) is_stated: bool,
    /// Which of the subject's identifiers.
    pub(super) index: usize,
    /// Steps from what was stated; 0 for what was stated.
    pub(super) steps: u8,
    /// The most bits that a finding may have by it.
    pub(super) most: f64,
    /// Belongs to one person by its kind.
    pub(super) is_own: bool,
    pub(super) is_household: bool,
    /// Other people it stands with in the estate.
    pub(super) n_others: usize,
    pub(super) party: Party,
    pub(super) is_field: bool,
    pub(super) passage: usize,
}

/// A birth date, or something made from name and birth date, that speaks for the subject.
#[derive(Clone, Debug)]
pub(super) struct BornEvidence {
    pub(super) bits: f64,
    pub(super) rule: String,
    pub(super) kind: Kind,
    /// Labelled, or read the usual way round.
    pub(super) is_plain: bool,
    /// Was it found beside a stated identifier, and not stated?
    pub(super) is_learnt: bool,
    pub(super) passage: usize,
}

/// Something against the subject.
#[derive(Clone, Debug)]
pub(super) struct Against {
    pub(super) bits: f64,
    pub(super) rule: String,
    pub(super) kind: Option<Kind>,
    /// Does it rule the subject out but for a slip of the pen?
    pub(super) is_hard: bool,
}

/// All that a unit says for and against.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    pub(super) name: Option<NameEvidence>,
    /// The strongest first.
    pub(super) ids: Vec<IdEvidence>,
    pub(super) born: Option<BornEvidence>,
    pub(super) against: Vec<Against>,
    /// The structure gives the record to somebody else.
    pub(super) is_of_other: bool,
    /// That somebody has the subject's family name and another given name.
    pub(super) is_of_relative: bool,
}

impl Parts {
    pub(super) fn is_empty(&self) -> bool {
        self.name.is_none() && self.ids.is_empty() && self.born.is_none()
    }

    /// Steps from what was stated to the nearest of the evidence: 0 where a stated one is in it.
    pub(super) fn steps(&self) -> u8 {
        let rests_on_name = self.born.as_ref().is_some_and(|born| !born.is_learnt)
            || self.name.as_ref().is_some_and(|name| name.shape == Shape::Full && name.is_sure);
        if rests_on_name {
            return 0;
        }
        self.ids.iter().map(|id| id.steps).min().unwrap_or(0)
    }

    pub(super) fn has_other_birth(&self) -> bool {
        self.against.iter().any(|against| against.kind == Some(Kind::BirthDate))
    }
}

/// Collects the evidence of a unit.
pub(super) fn gather(estate: &Estate<'_>, unit: &Unit<'_>, sight: &Sight) -> Parts {
    let mut parts = Parts { name: best_name(estate, unit, sight), ..Parts::default() };
    let holders = holders(unit, sight);
    let is_mine = holders.iter().any(|person| person.fit.shape.fits());
    parts.is_of_other = !is_mine && holders.iter().any(|person| person.is_other());
    parts.is_of_relative =
        parts.is_of_other && holders.iter().any(|person| person.fit.shape == Shape::Relative);
    for (at, carried) in sight.carried.iter().enumerate() {
        identifier(estate, sight, at, carried, &mut parts);
    }
    parts.ids.sort_by(|one, other| other.bits.total_cmp(&one.bits));
    if parts.is_empty() {
        return parts;
    }
    someone_else(unit, &holders, sight, &mut parts);
    contradictions(estate, sight, &mut parts);
    discriminators(estate, sight, &mut parts);
    parts
}

/// Whose record it is, as far as the structure says: the principal, or the sender of a message.
fn holders<'a>(unit: &Unit<'_>, sight: &'a Sight) -> Vec<&'a Person> {
    let of = |party: Party| -> Vec<&'a Person> {
        sight.persons.iter().filter(|person| person.is_field && person.party == party).collect()
    };
    let principals = of(Party::Principal);
    if principals.is_empty() && unit.span == Span::Message { of(Party::Sender) } else { principals }
}

/// Bits that a name loses in the path of a document: a folder may be its owner's, and not about them.
const IN_THE_PATH: f64 = 2.0;

fn best_name(estate: &Estate<'_>, unit: &Unit<'_>, sight: &Sight) -> Option<NameEvidence> {
    let mut best: Option<NameEvidence> = None;
    for (index, person) in sight.persons.iter().enumerate() {
        let Some(mut evidence) = name(estate, sight, index, person) else { continue };
        if unit.passages.get(person.passage).is_some_and(|indexed| indexed.number == PATH) {
            evidence.bits -= IN_THE_PATH;
            evidence.rule.push_str(", in its path");
        }
        // A whole name is the subject's even where a column of somebody else has a stronger part.
        let is_better = best.as_ref().is_none_or(|known| evidence.bits > known.bits);
        if is_better {
            best = Some(evidence);
        }
    }
    best
}

fn name(estate: &Estate<'_>, sight: &Sight, index: usize, person: &Person) -> Option<NameEvidence> {
    let fit = person.fit;
    if !fit.shape.fits() || has_other_gender(estate, person) {
        return None;
    }
    let form = &estate.question.names.forms.first()?.name;
    let value = canonical(estate, person).unwrap_or_else(|| form.value());
    let (_, surname) = key_of(&value);
    let n_surname = estate.census.n_of_surname(&surname);
    let mut exactly = estate.census.n_fitting(&value, fit.shape);
    if fit.shape == Shape::Full {
        // Whoever this record is about is the question, and no answer to it.
        exactly -= estate.census.own_weight(estate.question, sight, index, person);
        exactly = exactly.max(0.0);
    }
    let mut share = fit.shape.share() * fit.factor;
    // Unseen namesakes: as many people as the family name has, times how usual a given name is.
    let (others, rule) = match fit.shape {
        Shape::Full => {
            let of_stated = if fit.is_exact() {
                0.0
            } else {
                0.03 * estate.census.n_fitting(&form.value(), Shape::Full)
                    + 0.12 * estate.census.n_short_for(&value)
            };
            ((exactly + 0.0025 * n_surname + of_stated + 0.02).max(0.07), fit.shape.words())
        }
        Shape::Initial => (exactly + 0.03 * n_surname + 0.1, fit.shape.words()),
        Shape::Surname if person.has_title => {
            share *= 4.0;
            (exactly + 0.3, "title and family name")
        }
        _ => (exactly + 0.3, fit.shape.words()),
    };
    // That a record has such a name is itself evidence that somebody is called so.
    let others = if fit.is_real_other { others.max(1.0) } else { others };
    let mut carriers = others * ITEMS_A_PERSON;
    if fit.shape == Shape::Surname {
        carriers =
            carriers.max(0.7 * estate.surname_frequency.get(&surname).copied().unwrap_or_default());
    }
    if matches!((estate.question.names.likely_gender(), person.gender), (Some(mine), Some(other)) if mine != other)
    {
        share *= 0.1;
    }
    if person.party == Party::Staff {
        // Staff acting in their role: a requester who is staff has an identifier that says so.
        share *= 0.1;
    }
    let mut bits = share.log2() - (carriers / estate.n).log2();
    if fit.shape == Shape::Given {
        let has_id = sight.carried.iter().any(|carried| matches!(carried.mine, Mine::Stated(_)));
        bits = (6.5 + fit.factor.log2()).min(if has_id { 4.0 } else { 6.5 });
        // One that is rare in this estate says more than one that is common everywhere.
        let (first, _) = key_of(&value);
        if let Some(n) = estate.given_frequency.get(&first) {
            let rare = share.log2() - ((0.7 * *n as f64).max(1.0) / estate.n).log2();
            bits = if has_id { bits.min(rare) } else { rare };
        }
    }
    let variant = if fit.is_exact() { "" } else { " in another spelling" };
    Some(NameEvidence {
        bits,
        rule: format!("{rule}{variant}, {} fit", others_in_words(exactly)),
        shape: fit.shape,
        is_as_stated: fit.factor >= 0.3,
        has_own_given: fit.is_sure && fit.shape == Shape::Full,
        is_sure: fit.is_sure
            && fit.shape == Shape::Full
            && !fit.has_other_middle
            && person.party != Party::Staff,
        party: person.party,
        is_field: person.is_field,
        person: Some(index),
        passage: person.passage,
        value,
        n_others: exactly,
    })
}

/// The name in its usual order, `Smith Jane` too; `None` where no recogniser read it.
fn canonical(estate: &Estate<'_>, person: &Person) -> Option<String> {
    if person.value.is_empty() {
        return None;
    }
    let (first, surname) = person.key();
    let names = &estate.question.names;
    let is_swapped = !names.is_surname_word(&surname)
        && names.is_given_word(&surname)
        && names.is_surname_word(&first);
    Some(if is_swapped { format!("{first}, {surname}") } else { person.value.clone() })
}

fn others_in_words(n: f64) -> String {
    match n.ceil() as u64 {
        0 => "no others".to_owned(),
        1 => "1 other".to_owned(),
        n => format!("{n} others"),
    }
}

/// Does a title contradict that of the subject?
fn has_other_gender(estate: &Estate<'_>, person: &Person) -> bool {
    matches!((estate.question.names.gender(), person.gender), (Some(mine), Some(other)) if mine != other)
}

fn identifier(estate: &Estate<'_>, sight: &Sight, at: usize, carried: &Carried, parts: &mut Parts) {
    match carried.mine {
        Mine::No => {}
        Mine::Stated(index) | Mine::Alike(index) => {
            let (steps, most) = estate
                .question
                .known
                .stated
                .get(index)
                .map_or((0, f64::MAX), |stated| (stated.steps, stated.most));
            let is_stated = matches!(carried.mine, Mine::Stated(_)) && steps == 0;
            let behaviour = behaviour(carried.kind, &carried.value);
            let shared = estate.census.shared(index);
            let is_same = matches!(carried.mine, Mine::Stated(_));
            let kept = if is_same { behaviour.kept } else { 0.3 * behaviour.kept };
            // Many towns have the street.
            let is_without_town = !is_same
                && carried.kind == Kind::Address
                && crate::normal::address_parts(&carried.value).2.is_none();
            let strays = if is_without_town { 8.0 } else { behaviour.strays };
            let bits = kept.log2() - ((strays + shared.strays()) / estate.n).log2();
            // Each step may have been a wrong one.
            let bits = bits - 1.5 * f64::from(steps);
            let n_others = shared.n_others();
            let how = match (steps, is_same) {
                (0, true) => "as stated".to_owned(),
                (0, false) => "like the stated one".to_owned(),
                (1, _) => "found beside a stated one, not accepted yet".to_owned(),
                (n, _) => format!("found {n} steps from a stated one, not accepted yet"),
            };
            let whom = match n_others {
                0 => String::new(),
                n => format!(", shared with {}", others_in_words(n as f64)),
            };
            let evidence = IdEvidence {
                bits,
                rule: format!("{} {how}{whom}", carried.kind.as_str().replace('_', " ")),
                kind: carried.kind,
                is_stated,
                index,
                steps,
                most,
                is_own: behaviour.is_own,
                is_household: behaviour.is_household,
                n_others,
                party: carried.party,
                is_field: carried.is_field,
                passage: carried.passage,
            };
            // Each stated identifier once, and in the strongest place: the principal's own field.
            match parts.ids.iter_mut().find(|known| known.rule == evidence.rule) {
                Some(known) if evidence.party == Party::Principal => *known = evidence,
                Some(_) => {}
                None => parts.ids.push(evidence),
            }
        }
        Mine::Born { is_first_reading } => {
            // In running text a date belongs to the name before it.
            if !carried.is_field && sight.owner(at).is_some_and(Person::is_other) {
                return;
            }
            // One birth date in 11,600; in a small estate chance counts for more than that.
            let chance = (1.0_f64 / 11_600.0).max(0.25 / estate.n);
            let mut bits = 0.9_f64.log2() - chance.log2();
            let is_learnt = estate.question.known.is_born_learnt;
            let mut rule = "birth date as stated".to_owned();
            if is_learnt {
                bits -= 1.5;
                rule = "birth date found beside a stated identifier, not accepted yet".to_owned();
            }
            if carried.kind == Kind::Date {
                bits -= 2.5;
                rule = "a date that is the birth date".to_owned();
            }
            if !is_first_reading {
                bits -= 2.0;
                rule.push_str(", month before day");
            }
            let evidence = BornEvidence {
                bits,
                rule,
                kind: carried.kind,
                is_plain: is_first_reading,
                is_learnt,
                passage: carried.passage,
            };
            if parts.born.as_ref().is_none_or(|known| bits > known.bits) {
                parts.born = Some(evidence);
            }
        }
        Mine::Licence => {
            let bits = 17.0_f64.min(0.9_f64.log2() + (estate.n / 0.05).log2());
            parts.born = Some(BornEvidence {
                bits,
                rule: "driving licence made from name and birth date".to_owned(),
                kind: Kind::DrivingLicence,
                is_plain: true,
                is_learnt: estate.question.known.is_born_learnt,
                passage: carried.passage,
            });
        }
        Mine::Derived { share, is_full, has_year } => {
            if sight.owner(at).is_some_and(Person::is_other) {
                return;
            }
            derived(estate, carried, share, is_full, has_year, parts)
        }
    }
}

/// A mailbox or user name made from the name: like a name, so the better of the two counts.
fn derived(
    estate: &Estate<'_>,
    carried: &Carried,
    share: f64,
    is_full: bool,
    has_year: bool,
    parts: &mut Parts,
) {
    let Some(form) = estate.question.names.forms.first().map(|form| &form.name) else { return };
    let shape = if is_full { Shape::Full } else { Shape::Initial };
    let others = estate.census.n_fitting(&form.value(), shape)
        + 0.0025 * estate.census.n_of_surname(&form.surname);
    // Half of a double name in a mailbox is somebody's whole name as often as not.
    let of_half = if share < 0.3 * 0.35 { 1.0 } else { 0.0 };
    let others = (others + of_half + if is_full { 0.1 } else { 0.3 }).max(0.1);
    let year = if has_year { 3.5 } else { 0.0 };
    let bits = (0.3 * share).log2() - (others * ITEMS_A_PERSON / estate.n).log2() + year;
    if parts.name.as_ref().is_some_and(|name| name.bits >= bits) {
        return;
    }
    let year = if has_year { " and year of birth" } else { "" };
    parts.name = Some(NameEvidence {
        bits,
        rule: format!("{} made from the name{year}", carried.kind),
        shape,
        is_sure: false,
        is_as_stated: false,
        has_own_given: false,
        party: carried.party,
        is_field: carried.is_field,
        person: None,
        passage: carried.passage,
        value: form.value(),
        n_others: others,
    });
}

/// The record is somebody else's, and what fits is not enough to say that it names the subject too.
fn someone_else(unit: &Unit<'_>, holders: &[&Person], sight: &Sight, parts: &mut Parts) {
    let mut push = |bits: f64, rule: &str| {
        parts.against.push(Against {
            bits,
            rule: rule.to_owned(),
            kind: Some(Kind::Name),
            is_hard: false,
        });
    };
    match &parts.name {
        Some(name) if name.shape < Shape::Full => {
            let is_holder = name.is_field && matches!(name.party, Party::Principal | Party::Sender);
            let has_relative = sight.persons.iter().any(|person| {
                let initial = |value: &str| {
                    value.split_once(',').and_then(|(_, given)| given.trim().chars().next())
                };
                person.fit.shape == Shape::Relative
                    && (name.shape != Shape::Initial
                        || initial(&person.value) == initial(&name.value))
            });
            // Whoever writes a message writes about others as a rule.
            let part = unit.passages.get(name.passage).map(|indexed| indexed.passage.part);
            let is_spoken_of = unit.span == Span::Message && part != Some(Part::Header);
            if has_relative {
                push(-6.0, "somebody else of the family name in the record");
            } else if parts.is_of_other
                && !is_holder
                && !is_spoken_of
                && name.party != Party::Other
                && name.person.is_some()
            {
                push(-8.0, "the record names somebody else");
            }
        }
        Some(_) => {}
        None if parts.is_of_other => {
            let is_theirs = |party: Party, is_field: bool| {
                is_field && matches!(party, Party::Principal | Party::Sender)
            };
            let ids_theirs = parts.ids.iter().any(|id| is_theirs(id.party, id.is_field));
            if !(ids_theirs || (parts.ids.is_empty() && parts.born.is_some())) {
                return;
            }
            let is_unique = parts.ids.iter().any(|id| {
                id.is_stated
                    && matches!(
                        id.kind,
                        Kind::NhsNumber
                            | Kind::Nino
                            | Kind::Reference
                            | Kind::DrivingLicence
                            | Kind::Passport
                    )
            });
            let is_renamed = holders
                .iter()
                .any(|person| person.fit.shape == Shape::Stranger && person.fit.has_same_given);
            let bits = if is_renamed {
                -3.0
            } else if is_unique {
                -4.0
            } else {
                -8.0
            };
            push(bits, "the record names somebody else");
        }
        None => {}
    }
}

/// Identifiers that are another person's.
fn contradictions(estate: &Estate<'_>, sight: &Sight, parts: &mut Parts) {
    // Whoever is named as next of kin, or in the notes of somebody's record, has no say in its ids.
    let index = parts.name.as_ref().and_then(|name| name.person);
    let person = index.and_then(|index| sight.persons.get(index));
    let is_principal = |person: &Person| person.is_field && person.party == Party::Principal;
    if parts.is_of_other && !person.is_some_and(is_principal) {
        return;
    }
    let own_kinds: HashSet<Kind> = sight
        .carried
        .iter()
        .filter(|carried| carried.mine != Mine::No)
        .map(|carried| carried.kind)
        .collect();
    let own: HashSet<usize> =
        index.map(|index| sight.belongings(index).iter().copied().collect()).unwrap_or_default();
    let names_others = sight.persons.iter().any(Person::is_other);
    let mut worst: Vec<(Kind, f64)> = Vec::new();
    for (at, carried) in sight.carried.iter().enumerate() {
        if own_kinds.contains(&carried.kind) {
            continue;
        }
        let Some(bits) = estate.question.contradicts(carried) else { continue };
        let is_of_principal = carried.is_field && carried.party == Party::Principal;
        let speaks = match person {
            Some(person) if person.is_field || carried.is_field => {
                own.contains(&at) || (!person.is_field && is_of_principal)
            }
            Some(_) => match sight.owner(at) {
                Some(owner) => owner.fit.shape >= Shape::Initial,
                None => !names_others,
            },
            None => is_of_principal || (carried.is_field && carried.party == Party::Unknown),
        };
        // An older number, or that of a double record, beside something of the subject's.
        let has_more = !parts.ids.is_empty() || parts.born.is_some();
        let bits = if has_more && carried.kind == Kind::Reference { bits.max(-3.0) } else { bits };
        // In a message a number without a name before it is most often the writer's.
        let is_writers = !carried.is_field
            && sight.owner(at).is_none()
            && person.is_some_and(|person| person.is_field && person.party == Party::Sender);
        let bits = if is_writers { bits.max(-4.0) } else { bits };
        if !speaks && !is_writers {
            continue;
        }
        match worst.iter_mut().find(|(kind, _)| *kind == carried.kind) {
            // Of several the mildest counts: one of them may be a slip for the subject's own.
            Some((_, known)) => *known = known.max(bits),
            None => worst.push((carried.kind, bits)),
        }
    }
    if let (Some(index), Some(name)) = (index, &parts.name) {
        let own = sight.belongings(index).iter().filter_map(|&at| sight.carried.get(at));
        let known = own
            .map(|own| (own.kind, estate.census.is_known_other(own, name.shape)))
            .find(|(_, is)| *is);
        let is_ruled_out = worst.iter().any(|(_, bits)| *bits <= -5.0);
        if let Some((kind, _)) = known.filter(|_| !is_ruled_out) {
            parts.against.push(Against {
                bits: -6.0,
                rule: format!("{} of somebody else of that name", kind.as_str().replace('_', " ")),
                kind: Some(kind),
                is_hard: true,
            });
        }
    }
    for (kind, bits) in worst {
        let rule =
            if bits > -2.5 && kind == Kind::BirthDate { "nearly the same" } else { "another" };
        parts.against.push(Against {
            bits,
            rule: format!("{rule} {}", kind.as_str().replace('_', " ")),
            kind: Some(kind),
            is_hard: bits <= -5.0,
        });
    }
}

/// Middle names, and junior or senior.
fn discriminators(estate: &Estate<'_>, sight: &Sight, parts: &mut Parts) {
    let person =
        parts.name.as_ref().and_then(|name| name.person).and_then(|index| sight.persons.get(index));
    let Some(person) = person else { return };
    let mut push = |bits: f64, rule: &str, is_hard: bool| {
        parts.against.push(Against {
            bits,
            rule: rule.to_owned(),
            kind: Some(Kind::Name),
            is_hard,
        });
    };
    if person.fit.has_other_middle {
        push(-3.0, "another middle name", false);
    }
    let mine = estate
        .question
        .names
        .forms
        .iter()
        .map(|form| suffix(&form.name.suffix))
        .find(|suffix| !suffix.is_empty());
    match (mine.unwrap_or_default(), person.suffix) {
        (_, "") => {}
        ("", _) => push(-2.0, "junior or senior, which the request does not say", false),
        (mine, other) if mine != other => push(-6.0, "junior for senior", true),
        _ => {}
    }
}
