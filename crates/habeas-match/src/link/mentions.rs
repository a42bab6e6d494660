//! Whose is every hit of a document: the subject's, another person's, or nobody's?

use habeas_model::{
    Document, Doubt, Hit, Indexed, ItemId, Kind, Other, Part, Party, Passage, Personal, Role,
};

use super::Question;
use super::doubts::{self, Named};
use super::keys::Keys;
use super::letter::{Letter, place_in_letter};
use super::names::{Fit, Shape};
use super::own;
use super::roles::{Roles, has_job, role_at};
use super::sight::{Carried, Mine, Person, Reader, key_of};
use super::unit::{Span, units};
use super::view::{Crowd, View};
use crate::recognise::UNKNOWN_WORD;
use crate::{Directory, Setting, normal};

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

/// The key of a word of which nobody knows whether it is a name: they are not one person.
const UNKNOWN_KEY: &str = "?word";

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
    let mut scene = Scene::new(question, setting, &views);
    for (unit, view) in units.iter().zip(&views) {
        scene.learn_roles(view, &unit.passages);
    }

    let mut found: Vec<Vec<Whose>> =
        hits.iter().map(|list| vec![Whose::Nobody; list.len()]).collect();
    for (unit, view) in units.iter().zip(&views) {
        for (at, indexed) in unit.passages.iter().enumerate() {
            let number = indexed.number as usize;
            for (index, hit) in indexed.hits.iter().enumerate() {
                let whose = scene.whose(view, at, hit, &indexed.passage);
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
    roles: Roles,
}

impl<'a> Scene<'a> {
    fn new(question: &'a Question, setting: &'a Setting, views: &[View]) -> Self {
        let mut scene = Self {
            question,
            setting,
            names_subject: views.iter().any(|view| view.names_subject || view.is_own),
            crowd: Crowd::default(),
            keys: Keys::default(),
            roles: Roles::default(),
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

    /// Takes up what the places of a unit say of people's roles.
    fn learn_roles(&mut self, view: &View, passages: &[&Indexed]) {
        let own_domains = !self.setting.own_domains.is_empty();
        let mut learned: Vec<(String, Role)> = Vec::new();
        for (index, person) in view.sight.persons.iter().enumerate() {
            let Some(indexed) = passages.get(person.passage) else { continue };
            let passage = &indexed.passage;
            if person.value.is_empty() || self.is_subject(view, index, &passage.text) {
                continue;
            }
            let mut role = role_at(passage, &person.range, person.party, person.is_field);
            let is_at_house = || {
                person.is_field
                    && matches!(person.party, Party::Sender | Party::Recipient)
                    && view
                        .sight
                        .belongings(index)
                        .iter()
                        .filter_map(|&at| view.sight.carried.get(at))
                        .any(|carried| {
                            carried.kind == Kind::Email
                                && carried.is_field
                                && !matches!(carried.mine, Mine::Stated(_))
                                && self.is_ours(&carried.value)
                        })
            };
            let signs_for_house =
                || own_domains && !person.is_field && has_job(&passage.text, &person.range);
            if role == Role::Private && (is_at_house() || signs_for_house()) {
                role = Role::Staff;
            }
            learned.push((self.key_of_person(view, index), role));
        }
        for carried in view.sight.carried.iter().filter(|carried| carried.kind == Kind::Email) {
            if self.is_ours(&carried.value)
                && !matches!(carried.mine, Mine::Stated(_))
                && let Some(key) = self.keys.of_mailbox(&carried.value, &self.setting.directory)
            {
                learned.push((key, Role::Staff));
            }
        }
        for staff in &self.setting.staff {
            let key = if staff.contains('@') {
                self.keys.of_mailbox(staff, &self.setting.directory)
            } else {
                crate::PersonName::parse(staff).map(|name| self.keys.of_name(&name.value()))
            };
            learned.extend(key.map(|key| (key, Role::Staff)));
        }
        for (key, role) in learned {
            self.roles.learn(key, role);
        }
    }

    fn whose(&self, view: &View, passage: usize, hit: &Hit, within: &Passage) -> Whose {
        match hit.kind {
            Kind::Organisation | Kind::Date => Whose::Nobody,
            Kind::Name if hit.rule == UNKNOWN_WORD => self.whose_unknown(hit),
            Kind::Name => match view.person_at(passage, hit.range.start) {
                Some(index) if self.is_subject(view, index, &within.text) => Whose::Subject,
                Some(index) => self.other_person(view, index, hit),
                None => {
                    let key = self.keys.of_name(hit.value.reveal());
                    Whose::Other(Other { role: self.roles.of(&key), ..Other::new(key) })
                }
            },
            _ => match view.carried_at(passage, hit.range.start) {
                Some(index) => self.whose_identifier(view, index, &within.text),
                None => Whose::Other(Other::new(hit.value.reveal().clone())),
            },
        }
    }

    /// A word that may name somebody: the subject's own names are no unknown words.
    fn whose_unknown(&self, hit: &Hit) -> Whose {
        let word = hit.value.reveal().trim_end_matches(',');
        let names = &self.question.names;
        if names.is_surname_word(word) || names.is_given_word(word) {
            return Whose::Subject;
        }
        Whose::Other(Other {
            key: Personal::new(UNKNOWN_KEY.to_owned()),
            role: Role::Private,
            doubt: Some(Doubt::UnknownWord),
        })
    }

    /// A person who is not the subject for sure.
    fn other_person(&self, view: &View, index: usize, hit: &Hit) -> Whose {
        let person = &view.sight.persons[index];
        let key = self.key_of_person(view, index);
        // In a record of their own nobody acts for anybody.
        let is_principal = person.is_field && person.party == Party::Principal;
        let role = if is_principal { Role::Private } else { self.roles.of(&key) };
        let (_, is_anchored) = self.company(view);
        let stated = self.question.names.gender();
        let doubt = doubts::of_name(Named {
            fit: self.fit_of(person),
            is_taken: person.is_other(),
            has_other_gender: matches!(
                (stated, person.gender),
                (Some(mine), Some(other)) if mine != other
            ),
            is_anchored,
        });
        // Words that are on no list of names, or a lone one that nothing leads to.
        let is_guess =
            hit.rule == "name:unsure" && (key.ends_with(',') || hit.confidence.get() < 0.46);
        let doubt = doubt.or_else(|| is_guess.then_some(Doubt::UnknownWord));
        Whose::Other(Other { key: Personal::new(key), role, doubt })
    }

    /// How what stands there fits, whomever the recogniser took it for.
    fn fit_of(&self, person: &Person) -> Fit {
        match &person.written {
            Some(written) => self.question.names.compare(written),
            None => person.fit,
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
        let fit = self.fit_of(person);
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
                let is_whole = self.question.names.has_initials_only();
                (is_anchored || is_whole)
                    && !is_taken
                    && !crowd.has_relative_with(first.chars().next())
            }
            Shape::Surname => {
                let likely = self.question.names.likely_gender();
                // `Smith-Jones` is one half hers: it may be her new name, and may be another's.
                let is_half = fit.has_own_surname && fit.factor < 0.3;
                let is_left = crowd.leaves_surname_to(person.gender, likely);
                is_anchored && !is_taken && is_left && (!is_half || view.is_own)
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

    fn whose_identifier(&self, view: &View, index: usize, text: &str) -> Whose {
        let carried = &view.sight.carried[index];
        let is_theirs = view.is_of_other && carried.is_field && carried.party == Party::Principal;
        // The subject's address or number in somebody else's record is that person's too.
        let is_shared = is_theirs && doubts::is_shared(carried.kind);
        if is_shared && matches!(carried.mine, Mine::Stated(_) | Mine::Alike(_)) {
            let key = self.key_of_identifier(view, index);
            return Whose::Other(Other { doubt: Some(Doubt::SharedAddress), ..Other::new(key) });
        }
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
        let is_own = self.is_linked(view, index)
            || self.is_said_own(view, index, text)
            || self.is_own_handle(view, index);
        if is_own {
            return Whose::Subject;
        }
        let key = self.key_of_identifier(view, index);
        let is_staff = carried.kind == Kind::Email && self.is_ours(&carried.value);
        let role = match self.roles.of(&key) {
            Role::Private if is_staff => Role::Staff,
            role => role,
        };
        Whose::Other(Other { role, ..Other::new(key) })
    }

    /// Does the sentence say that a number is the subject's: `Jane Smith, whose NI number is`?
    fn is_said_own(&self, view: &View, index: usize, text: &str) -> bool {
        let carried = &view.sight.carried[index];
        let Some(owner) = view.sight.owner_number(index).filter(|_| !carried.is_field) else {
            return false;
        };
        let person = &view.sight.persons[owner];
        let between = text.get(person.range.end..carried.start);
        own::can_be_said(carried.kind)
            && person.passage == carried.passage
            && person.fit.shape == Shape::Full
            && self.is_subject(view, owner, text)
            && self.question.contradicts(carried).is_none()
            && between.is_some_and(|between| {
                own::is_said_own(between, self.question.names.likely_gender())
            })
    }

    /// Is it a user name that can be the subject's only?
    fn is_own_handle(&self, view: &View, index: usize) -> bool {
        let carried = &view.sight.carried[index];
        let is_relatives = || {
            let letter = carried.value.chars().find(|c| c.is_alphabetic());
            self.crowd.has_relative_with(letter)
                || carried.mine == Mine::No && self.crowd.has_relative()
        };
        carried.kind == Kind::Handle
            && !(carried.is_field && carried.party == Party::Principal && view.is_of_other)
            && own::is_own_handle(self.question, carried, &self.setting.directory)
            && !is_relatives()
            && self.keys.of_mailbox(&carried.value, &Directory::default()).is_none()
    }

    /// Is it an address at the organisation's own domains?
    fn is_ours(&self, email: &str) -> bool {
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        self.setting.own_domains.iter().any(|own| {
            domain.eq_ignore_ascii_case(own)
                || domain.strip_suffix(own.as_str()).is_some_and(|front| front.ends_with('.'))
        })
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
        let Some((local, _)) = email.split_once('@') else { return false };
        self.is_ours(email) && ROLES.contains(&local)
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
        if matches!(carried.kind, Kind::Email | Kind::Handle)
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
