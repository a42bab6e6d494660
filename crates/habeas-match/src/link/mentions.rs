//! Whose is every hit of a document: the subject's, another person's, or nobody's?

use habeas_model::{Document, Hit, Indexed, ItemId, Kind, Other, Part, Party};

use super::Question;
use super::keys::Keys;
use super::letter::{Letter, place_in_letter};
use super::names::Shape;
use super::sight::{Carried, Mine, Person, Reader, key_of};
use super::unit::{Span, units};
use super::view::{Crowd, View};
use crate::{Setting, normal};

/// Whose a hit is, with the subject in mind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The subject's own.
    Subject,
    /// Another person's; people with the same key are the same person.
    Other(Other),
    /// Not a person's: an organisation, a place, the organisation's own number.
    Nobody,
}

impl Whose {
    /// Another person's, with nothing known but who it is.
    fn other(key: String) -> Self {
        Self::Other(Other::new(key))
    }
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

/// The whole document.
struct Scene<'a> {
    question: &'a Question,
    setting: &'a Setting,
    /// Does anything in the document name the subject beyond doubt?
    names_subject: bool,
    /// Everybody else in it.
    crowd: Crowd,
    keys: Keys,
}

impl<'a> Scene<'a> {
    fn new(question: &'a Question, setting: &'a Setting, views: &[View]) -> Self {
        let mut scene = Self {
            question,
            setting,
            names_subject: views.iter().any(|view| view.names_subject || view.is_own),
            crowd: Crowd::default(),
            keys: Keys::default(),
        };
        for view in views {
            scene.crowd.join(&view.crowd);
            for name in &view.others {
                scene.keys.add(name);
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
            Kind::Name => match view.person_at(passage, hit.range.start) {
                Some(index) if self.is_subject(view, index, text) => Whose::Subject,
                Some(index) => Whose::other(self.key_of_person(view, index)),
                None => Whose::other(self.keys.of_name(hit.value.reveal())),
            },
            _ => match view.carried_at(passage, hit.range.start) {
                Some(index) => self.whose_identifier(view, index),
                None => Whose::other(hit.value.reveal().clone()),
            },
        }
    }

    /// The people among whom a short form has to be unique: in a row those of the row, else those
    /// of the document; and whether the subject is among them beyond doubt.
    fn company<'b>(&'b self, view: &'b View) -> (&'b Crowd, bool) {
        match view.span {
            Span::Record => (&view.crowd, view.names_subject || view.is_own),
            _ => (&self.crowd, self.names_subject),
        }
    }

    /// The key of a person who is not the subject for sure.
    fn key_of_person(&self, view: &View, index: usize) -> String {
        let person = &view.sight.persons[index];
        let value = person.written.as_ref().filter(|_| !person.is_other()).unwrap_or(&person.value);
        let fit = self.question.names.compare(value);
        // `J Smith` may be the subject or John: no key of either.
        if fit.shape == Shape::Initial && !view.is_namesake(index) {
            return value.clone();
        }
        self.keys.of_name(value)
    }

    /// Is the person whom a name means the subject, beyond doubt?
    fn is_subject(&self, view: &View, index: usize, text: &str) -> bool {
        let person = &view.sight.persons[index];
        if view.is_namesake(index) {
            return false;
        }
        let stated = self.question.names.gender();
        if matches!((stated, person.gender), (Some(mine), Some(other)) if mine != other) {
            return false;
        }
        // What stands there counts, whomever the recogniser took it for.
        let value = person.written.as_ref().unwrap_or(&person.value);
        let fit = match &person.written {
            Some(written) => self.question.names.compare(written),
            None => person.fit,
        };
        let (crowd, is_anchored) = self.company(view);
        let (first, surname) = key_of(value);
        let is_taken = person.is_other();
        match fit.shape {
            Shape::Full if fit.has_other_middle => view.is_own,
            Shape::Full if fit.is_sure && fit.has_own_surname => true,
            // A misspelling, unless somebody in the estate is spelled so.
            Shape::Full => {
                let words = format!("{first} {surname}");
                let is_known = self.setting.directory.whole_name(&words).is_some();
                view.is_own || (is_anchored && fit.factor >= 0.02 && !is_known)
            }
            Shape::Initial => {
                is_anchored && !is_taken && !crowd.has_relative_with(first.chars().next())
            }
            Shape::Surname => {
                let likely = self.question.names.likely_gender();
                is_anchored && !is_taken && crowd.leaves_surname_to(person.gender, likely)
            }
            Shape::Given => {
                let is_shared = is_taken || crowd.has_given(&first);
                is_anchored
                    && fit.is_sure
                    && self.is_given_of_subject(view, person, &first, text, is_shared)
            }
            Shape::Relative | Shape::Stranger => false,
        }
    }

    fn is_given_of_subject(
        &self,
        view: &View,
        person: &Person,
        first: &str,
        text: &str,
        is_shared: bool,
    ) -> bool {
        if view.span != Span::Message || person.is_field {
            return !is_shared;
        }
        let is_quoted = view.parts.get(person.passage).is_some_and(|part| *part == Part::Quoted);
        match place_in_letter(text, person) {
            Letter::Greeting if !is_quoted => {
                view.is_to_subject && !view.names_other(Party::Recipient, first)
            }
            Letter::SignOff if !is_quoted => {
                view.is_from_subject && !view.names_other(Party::Sender, first)
            }
            _ => !is_shared,
        }
    }

    fn whose_identifier(&self, view: &View, index: usize) -> Whose {
        let carried = &view.sight.carried[index];
        let is_theirs = view.is_of_other && carried.is_field && carried.party == Party::Principal;
        match carried.mine {
            Mine::Stated(_) => return Whose::Subject,
            // A number without its letters may be of another scheme.
            Mine::Alike(_) if carried.kind != Kind::Reference || view.is_own => {
                return Whose::Subject;
            }
            Mine::Born { .. } | Mine::Licence => {
                let is_others = is_theirs || view.sight.owner(index).is_some_and(Person::is_other);
                if !is_others && (self.names_subject || view.is_own) {
                    return Whose::Subject;
                }
            }
            Mine::Alike(_) | Mine::Derived { .. } | Mine::No => {}
        }
        if carried.kind == Kind::Email && self.is_role_mailbox(&carried.value) {
            return Whose::Nobody;
        }
        if self.is_linked(view, index) {
            return Whose::Subject;
        }
        Whose::other(self.key_of_identifier(view, index))
    }

    /// Does an unstated identifier stand in a record of the subject's own?
    fn is_linked(&self, view: &View, index: usize) -> bool {
        let carried = &view.sight.carried[index];
        if view.is_own {
            if self.question.contradicts(carried).is_some_and(|bits| bits <= -5.0) {
                return false;
            }
            // Or in a line of a log that has an own identifier and names nobody else.
            let is_trace =
                matches!(carried.kind, Kind::Ip | Kind::Device | Kind::Reference | Kind::Handle);
            return carried.party == Party::Principal
                || (carried.party == Party::Unknown && is_trace && view.others.is_empty());
        }
        if view.span != Span::Message || !view.has_stated_sender {
            return false;
        }
        if carried.party == Party::Sender && matches!(carried.kind, Kind::Ip | Kind::Device) {
            return true;
        }
        // The subject's own signature: what stands shortly after the subject's name.
        let is_body = view.parts.get(carried.passage).is_some_and(|part| *part == Part::Body);
        is_body
            && matches!(carried.kind, Kind::Phone | Kind::Email | Kind::Address | Kind::Postcode)
            && view.sight.owner(index).is_some_and(|owner| {
                let is_own_name = owner.fit.shape == Shape::Full && owner.fit.is_sure;
                is_own_name && carried.start.saturating_sub(owner.range.end) < 200
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

    fn key_of_identifier(&self, view: &View, index: usize) -> String {
        let carried: &Carried = &view.sight.carried[index];
        // A namesake is somebody else too, though the name is the subject's.
        let other = |person: &&Person| {
            person.is_other()
                || (view.is_of_other && person.is_field && person.party == Party::Principal)
        };
        if let Some(owner) = view.sight.owner(index).filter(other) {
            let is_in_field = carried.is_field
                && matches!(
                    carried.party,
                    Party::Principal | Party::Other | Party::Sender | Party::Recipient
                );
            let is_personal =
                matches!(carried.kind, Kind::BirthDate | Kind::NhsNumber | Kind::Nino);
            if is_in_field || (is_personal && !carried.is_field) {
                return self.keys.of_name(&owner.value);
            }
        }
        if carried.kind == Kind::Email
            && let Some(key) = self.keys.of_mailbox(&carried.value, &self.setting.directory)
        {
            return key;
        }
        let principal =
            view.principal.and_then(|index| view.sight.persons.get(index)).filter(other);
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
