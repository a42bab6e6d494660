//! Whose is every hit of a document: the subject's, another person's, or nobody's?

use std::collections::HashMap;

use habeas_model::{Document, Hit, Indexed, ItemId, Kind, Part, Party};

use super::census::{belongings, owner};
use super::keys::Keys;
use super::lexicon::{Gender, name_gender};
use super::names::Shape;
use super::sight::{Carried, Mine, Person, Reader, Sight, key_of};
use super::unit::{Span, units};
use super::{Question, bits};
use crate::{Setting, normal};

/// Whose a hit is, with the subject in mind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The subject's own.
    Subject,
    /// Another person's; people with the same key are the same person.
    Other(String),
    /// Not a person's: an organisation, a place, the organisation's own number.
    Nobody,
}

/// Says of every hit of a document whose it is; one list a passage, parallel to the hits.
///
/// On doubt a hit is another person's: it is taken out.
pub fn mentions(
    document: &Document,
    hits: &[Vec<Hit>],
    question: &Question,
    setting: &Setting,
) -> Vec<Vec<Whose>> {
    let item = ItemId::of(&[]);
    let indexed: Vec<Indexed> = document
        .passages
        .iter()
        .enumerate()
        .map(|(number, passage)| Indexed {
            item,
            number: u32::try_from(number).unwrap_or(u32::MAX),
            passage: passage.clone(),
            hits: hits.get(number).cloned().unwrap_or_default(),
        })
        .collect();
    let reader = Reader::new(question);
    let units = units(&indexed);
    let views: Vec<View> = units
        .iter()
        .map(|unit| {
            View::new(
                question,
                reader.read_hits(unit),
                unit.span,
                unit.passages.iter().map(|p| p.passage.part).collect(),
            )
        })
        .collect();
    let scene = Scene::new(question, setting, &views);

    let mut found: Vec<Vec<Whose>> =
        hits.iter().map(|list| vec![Whose::Nobody; list.len()]).collect();
    for (unit, view) in units.iter().zip(&views) {
        for (at, indexed) in unit.passages.iter().enumerate() {
            let number = indexed.number as usize;
            for (index, hit) in indexed.hits.iter().enumerate() {
                let whose = scene.whose(view, at, hit, &indexed.passage.text);
                if let Some(place) = found.get_mut(number).and_then(|list| list.get_mut(index)) {
                    *place = whose;
                }
            }
        }
    }
    found
}

/// A unit of the document, and what it has to do with the subject.
struct View {
    sight: Sight,
    span: Span,
    parts: Vec<Part>,
    /// The record is the subject's own, by something that nobody else has.
    is_own: bool,
    /// The record is somebody else's: another name, or a namesake with other numbers.
    is_of_other: bool,
    /// The subject's whole name as stated, or an own identifier, stands in it.
    names_subject: bool,
}

impl View {
    fn new(question: &Question, sight: Sight, span: Span, parts: Vec<Part>) -> Self {
        let holders: Vec<&Person> = sight
            .persons
            .iter()
            .filter(|person| person.is_field && person.party == Party::Principal)
            .collect();
        let fits = |person: &&Person| person.fit.shape == Shape::Full && person.fit.is_sure;
        let is_mine = holders.iter().any(fits);
        let is_named_other = !is_mine && holders.iter().any(|person| person.is_other());
        let is_principal =
            |carried: &Carried| matches!(carried.party, Party::Principal | Party::Unknown);
        let own_id = |carried: &Carried| {
            matches!(carried.mine, Mine::Stated(_))
                && bits::behaviour(carried.kind, &carried.value).is_own
        };
        let has_own = sight.carried.iter().any(|carried| own_id(carried) && is_principal(carried));
        let has_linked = sight.carried.iter().any(|carried| {
            is_principal(carried)
                && (matches!(carried.mine, Mine::Stated(_))
                    || (carried.kind == Kind::BirthDate
                        && carried.mine == Mine::Born { is_first_reading: true }))
        });
        let is_ruled_out = span == Span::Record
            && !has_own
            && sight.carried.iter().any(|carried| {
                is_principal(carried)
                    && question.contradicts(carried).is_some_and(|bits| bits <= -5.0)
            });
        let is_own = span == Span::Record
            && !is_ruled_out
            && !is_named_other
            && ((is_mine && has_linked) || (holders.is_empty() && has_own));
        let names_subject = sight.carried.iter().any(own_id)
            || sight.persons.iter().any(|person| {
                person.fit.shape == Shape::Full
                    && person.fit.is_sure
                    && !is_namesake(question, &sight, person)
            });
        Self {
            sight,
            span,
            parts,
            is_own,
            is_of_other: is_named_other || is_ruled_out,
            names_subject,
        }
    }

    /// Is a sender of the message the subject?
    fn is_from_subject(&self) -> bool {
        self.is_party(Party::Sender)
    }

    fn is_party(&self, party: Party) -> bool {
        self.sight
            .carried
            .iter()
            .any(|carried| carried.party == party && matches!(carried.mine, Mine::Stated(_)))
            || self.sight.persons.iter().any(|person| {
                person.party == party && person.fit.shape == Shape::Full && person.fit.is_sure
            })
    }

    fn principal(&self) -> Option<&Person> {
        self.sight.persons.iter().find(|person| person.is_field && person.party == Party::Principal)
    }
}

/// Does the name stand with numbers that are not the subject's?
fn is_namesake(question: &Question, sight: &Sight, person: &Person) -> bool {
    let mut has_other = false;
    for carried in belongings(sight, person) {
        let is_own = matches!(carried.mine, Mine::Stated(_))
            && bits::behaviour(carried.kind, &carried.value).is_own;
        if is_own || matches!(carried.mine, Mine::Born { .. }) && carried.kind == Kind::BirthDate {
            return false;
        }
        has_other |= question.contradicts(carried).is_some_and(|bits| bits <= -5.0);
    }
    has_other
}

/// The whole document.
struct Scene<'a> {
    question: &'a Question,
    setting: &'a Setting,
    /// Does anything in the document name the subject beyond doubt?
    names_subject: bool,
    /// Other people with the subject's family name: first given name, whether of known gender.
    relatives: Vec<(String, Option<Gender>)>,
    /// Given names of other people in the document, with how many bear each.
    given: HashMap<String, usize>,
    keys: Keys,
}

impl<'a> Scene<'a> {
    fn new(question: &'a Question, setting: &'a Setting, views: &[View]) -> Self {
        let mut scene = Self {
            question,
            setting,
            names_subject: views.iter().any(|view| view.names_subject || view.is_own),
            relatives: Vec::new(),
            given: HashMap::new(),
            keys: Keys::default(),
        };
        for view in views {
            for person in &view.sight.persons {
                let is_namesake = person.fit.shape.fits()
                    && (view.is_of_other && person.is_field
                        || is_namesake(question, &view.sight, person));
                if person.is_other() || is_namesake {
                    let (first, surname) = person.key();
                    if question.names.is_surname_word(&surname) {
                        scene
                            .relatives
                            .push((first.clone(), person.gender.or_else(|| name_gender(&first))));
                    }
                    if first.chars().count() > 1 && !surname.is_empty() {
                        *scene.given.entry(first).or_default() += 1;
                    }
                    scene.keys.add(&person.value);
                }
            }
            for carried in view
                .sight
                .carried
                .iter()
                .filter(|carried| carried.kind == Kind::Email && carried.mine == Mine::No)
            {
                let local = carried.value.split(['.', '@', '_', '-']).next().unwrap_or_default();
                if local.chars().count() > 2 {
                    *scene.given.entry(local.to_owned()).or_default() += 1;
                }
            }
        }
        for name in &setting.staff {
            if let Some(name) = crate::PersonName::parse(name)
                && !name.surname.is_empty()
                && !question.names.compare(&name.value()).shape.fits()
            {
                scene.keys.add_weak(&name.value());
            }
        }
        scene
    }

    fn whose(&self, view: &View, passage: usize, hit: &Hit, text: &str) -> Whose {
        match hit.kind {
            Kind::Organisation | Kind::Date => Whose::Nobody,
            Kind::Name => {
                let person = view.sight.persons.iter().find(|person| {
                    person.passage == passage
                        && person.range.start <= hit.range.start
                        && hit.range.end <= person.range.end
                });
                match person {
                    Some(person) if self.is_subject(view, person, text) => Whose::Subject,
                    Some(person) => Whose::Other(self.keys.of_name(&person.value)),
                    None => Whose::Other(self.keys.of_name(hit.value.reveal())),
                }
            }
            _ => {
                let carried = view.sight.carried.iter().find(|carried| {
                    carried.passage == passage
                        && carried.start == hit.range.start
                        && carried.kind == hit.kind
                });
                let Some(carried) = carried else {
                    return Whose::Other(hit.value.reveal().clone());
                };
                self.whose_identifier(view, carried)
            }
        }
    }

    /// Is the person whom a name means the subject, beyond doubt?
    fn is_subject(&self, view: &View, person: &Person, text: &str) -> bool {
        let fit = person.fit;
        if !fit.shape.fits() || is_namesake(self.question, &view.sight, person) {
            return false;
        }
        if view.is_of_other && person.is_field && person.party == Party::Principal {
            return false;
        }
        if matches!((self.question.names.gender(), person.gender), (Some(mine), Some(other)) if mine != other)
        {
            return false;
        }
        let is_anchored = self.names_subject;
        match fit.shape {
            Shape::Full if fit.has_other_middle => view.is_own,
            Shape::Full if fit.is_sure && fit.has_own_surname => true,
            // A misspelling, unless somebody in the estate is spelled so.
            Shape::Full => {
                let (first, surname) = key_of(&person.value);
                let is_known =
                    self.setting.directory.whole_name(&format!("{first} {surname}")).is_some();
                view.is_own || (is_anchored && fit.factor >= 0.02 && !is_known)
            }
            Shape::Initial => {
                let (first, _) = key_of(&person.value);
                let letter = first.chars().next();
                is_anchored
                    && !self
                        .relatives
                        .iter()
                        .any(|(other, _)| other.is_empty() || other.chars().next() == letter)
            }
            Shape::Surname => is_anchored && self.is_only_bearer(person),
            Shape::Given => is_anchored && self.is_given_of_subject(view, person, text),
            Shape::Relative | Shape::Stranger => false,
        }
    }

    /// Does nobody else in the document bear the family name, or nobody whom the title fits?
    fn is_only_bearer(&self, person: &Person) -> bool {
        if self.relatives.is_empty() {
            return true;
        }
        let (Some(title), Some(mine)) = (person.gender, self.question.names.likely_gender()) else {
            return false;
        };
        title == mine
            && self.relatives.iter().all(|(_, gender)| gender.is_some_and(|gender| gender != title))
    }

    fn is_given_of_subject(&self, view: &View, person: &Person, text: &str) -> bool {
        if !person.fit.is_sure {
            return false;
        }
        let (first, _) = key_of(&person.value);
        let is_unique = !self.given.contains_key(&first);
        if view.span != Span::Message || person.is_field {
            return is_unique;
        }
        let is_quoted = view.parts.get(person.passage).is_some_and(|part| *part == Part::Quoted);
        let bears = |party: Party| {
            view.sight.persons.iter().any(|other| {
                other.party == party && other.is_other() && key_of(&other.value).0 == first
            })
        };
        match place_in_letter(text, person) {
            Letter::Greeting if !is_quoted => {
                view.is_party(Party::Recipient) && !bears(Party::Recipient)
            }
            Letter::SignOff if !is_quoted => view.is_from_subject() && !bears(Party::Sender),
            _ => is_unique,
        }
    }

    fn whose_identifier(&self, view: &View, carried: &Carried) -> Whose {
        let is_theirs = view.is_of_other && carried.is_field && carried.party == Party::Principal;
        match carried.mine {
            Mine::Stated(_) | Mine::Alike(_) => return Whose::Subject,
            Mine::Born { .. } | Mine::Licence => {
                let is_others =
                    is_theirs || owner(&view.sight, carried).is_some_and(Person::is_other);
                if !is_others && (self.names_subject || view.is_own) {
                    return Whose::Subject;
                }
            }
            Mine::Derived { .. } | Mine::No => {}
        }
        if carried.kind == Kind::Email && self.is_role_mailbox(&carried.value) {
            return Whose::Nobody;
        }
        if self.is_linked(view, carried) {
            return Whose::Subject;
        }
        Whose::Other(self.key_of_identifier(view, carried))
    }

    /// Does an unstated identifier stand in a record of the subject's own?
    fn is_linked(&self, view: &View, carried: &Carried) -> bool {
        if view.is_own {
            let is_contradiction =
                self.question.contradicts(carried).is_some_and(|bits| bits <= -5.0);
            if carried.party == Party::Principal && !is_contradiction {
                return true;
            }
            // A line of a log that has an own identifier and names nobody else.
            let names_nobody = !view.sight.persons.iter().any(Person::is_other);
            let is_trace =
                matches!(carried.kind, Kind::Ip | Kind::Device | Kind::Reference | Kind::Handle);
            return carried.party == Party::Unknown
                && is_trace
                && names_nobody
                && !is_contradiction;
        }
        if view.span != Span::Message {
            return false;
        }
        let stated_sender = view
            .sight
            .carried
            .iter()
            .any(|own| own.party == Party::Sender && matches!(own.mine, Mine::Stated(_)));
        if !stated_sender {
            return false;
        }
        if carried.party == Party::Sender && matches!(carried.kind, Kind::Ip | Kind::Device) {
            return true;
        }
        // The subject's own signature: what stands shortly after the subject's name.
        let is_body = view.parts.get(carried.passage).is_some_and(|part| *part == Part::Body);
        is_body
            && matches!(carried.kind, Kind::Phone | Kind::Email | Kind::Address | Kind::Postcode)
            && owner(&view.sight, carried).is_some_and(|owner| {
                owner.fit.shape == Shape::Full
                    && owner.fit.is_sure
                    && carried.start.saturating_sub(owner.range.end) < 200
            })
    }

    /// `info@` of the organisation itself.
    fn is_role_mailbox(&self, email: &str) -> bool {
        const ROLES: &[&str] = &[
            "info",
            "reception",
            "bookings",
            "booking",
            "appointments",
            "enquiries",
            "enquiry",
            "admin",
            "contact",
            "hello",
            "office",
            "accounts",
            "billing",
            "complaints",
            "support",
            "help",
            "helpdesk",
            "noreply",
            "no-reply",
            "donotreply",
            "do-not-reply",
            "mail",
            "post",
            "team",
            "clinic",
            "feedback",
            "privacy",
            "dpo",
            "dataprotection",
            "data.protection",
            "hr",
            "jobs",
            "careers",
            "sales",
            "marketing",
            "newsletter",
            "news",
            "orders",
            "service",
            "services",
            "security",
            "webmaster",
            "postmaster",
            "mailer-daemon",
            "abuse",
            "system",
            "notifications",
            "secretary",
            "secretaries",
            "referrals",
            "results",
            "records",
            "pharmacy",
            "finance",
            "payments",
            "invoices",
            "customerservice",
            "customer.service",
            "customerservices",
            "gdpr",
            "sar",
        ];
        let Some((local, domain)) = email.split_once('@') else { return false };
        let is_ours = self.setting.own_domains.iter().any(|own| {
            domain.eq_ignore_ascii_case(own)
                || domain.strip_suffix(own.as_str()).is_some_and(|front| front.ends_with('.'))
        });
        is_ours && ROLES.contains(&local)
    }

    fn key_of_identifier(&self, view: &View, carried: &Carried) -> String {
        let other = |person: &&Person| person.is_other();
        if let Some(owner) = owner(&view.sight, carried).filter(other) {
            let is_header = matches!(carried.party, Party::Sender | Party::Recipient);
            if carried.is_field
                && (carried.party == Party::Principal || carried.party == Party::Other || is_header)
            {
                return self.keys.of_name(&owner.value);
            }
        }
        if carried.kind == Kind::Email
            && let Some(key) = self.keys.of_mailbox(&carried.value, &self.setting.directory)
        {
            return key;
        }
        let principal = view.principal().filter(other);
        if let Some(principal) =
            principal.filter(|_| carried.is_field && carried.party == Party::Principal)
        {
            return self.keys.of_name(&principal.value);
        }
        if carried.kind == Kind::Phone {
            return normal::last_nine(&carried.value).unwrap_or(&carried.value).to_owned();
        }
        carried.value.clone()
    }
}

enum Letter {
    Greeting,
    SignOff,
    Within,
}

/// Does a name greet, or end a message?
fn place_in_letter(text: &str, person: &Person) -> Letter {
    const GREETINGS: &[&str] =
        &["dear", "hi", "hello", "hey", "morning", "afternoon", "evening", "hiya"];
    const ENDS: &[&str] = &[
        "regards",
        "wishes",
        "thanks",
        "thank you",
        "sincerely",
        "faithfully",
        "cheers",
        "best",
        "love",
        "many thanks",
        "truly",
        "yours",
    ];
    let before = text
        .get(..person.range.start)
        .unwrap_or_default()
        .trim_end_matches(|c: char| !c.is_alphanumeric());
    let last_line = before.rsplit('\n').next().unwrap_or_default();
    let word =
        last_line.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    if GREETINGS.contains(&word.as_str()) {
        return Letter::Greeting;
    }
    let is_new_line =
        text.get(before.len()..person.range.start).is_some_and(|gap| gap.contains('\n'));
    let line = last_line.trim().to_lowercase();
    let rest = text.get(person.range.end..).unwrap_or_default().lines().next().unwrap_or_default();
    let stands_alone = rest.trim_matches(|c: char| !c.is_alphanumeric()).is_empty();
    if (is_new_line && ENDS.iter().any(|end| line.ends_with(end)))
        || (is_new_line && stands_alone && text.len() - person.range.end < 400)
    {
        return Letter::SignOff;
    }
    if ENDS.contains(&word.as_str()) && stands_alone { Letter::SignOff } else { Letter::Within }
}
