//! Is somebody else shown at a place, and on which ground?

use std::collections::{BTreeMap, BTreeSet};

use habeas_model::{
    Document, Hit, ItemId, Kind, Meaning, Other, Part, Party, Passage, Place, Policy, Role,
    ShowGround, Subject, Treatment,
};

/// What happens to people about whom nobody has decided. Whoever is in doubt is taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// Show people who act for the controller.
    pub shows_staff: bool,
    /// Show health professionals in the care of the requester.
    pub shows_professionals: bool,
    /// Show who stands in the address lines of a message that the requester sent or received.
    pub shows_known: bool,
}

/// What is decided and configured about other people, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    defaults: Defaults,
    people: BTreeMap<String, Treatment>,
    items: BTreeMap<(String, ItemId), Treatment>,
    places: BTreeMap<(String, ItemId, Place), Treatment>,
    role_labels: BTreeMap<String, String>,
    /// Addresses that the request states, in lower case.
    stated: BTreeSet<String>,
}

/// Why somebody is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shown {
    /// On which ground.
    pub ground: ShowGround,
    /// Did a person decide so, or does the configuration say so for people of that kind?
    pub is_decided: bool,
}

/// How far the decision goes that says what happens with a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It is on the place.
    Place,
    /// It is on the item.
    Item,
    /// It is on the person.
    Person,
    /// There is none: the configuration says so.
    Default,
}

/// What happens with a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays readable.
    Shown(Shown),
    /// It is taken out.
    TakenOut,
    /// It is nobody's.
    Nobody,
}

impl Policies {
    /// Takes the decisions of a case, oldest first, and what is configured.
    pub fn new(policies: &[Policy], defaults: Defaults, subject: &Subject) -> Self {
        let mut all = Self { defaults, ..Self::default() };
        for policy in policies {
            let person = policy.person.reveal().clone();
            let treatment = policy.treatment;
            match (policy.item, &policy.place) {
                (Some(item), Some(place)) => {
                    all.places.insert((person, item, place.clone()), treatment);
                }
                (Some(item), None) => {
                    all.items.insert((person, item), treatment);
                }
                (None, _) => {
                    all.people.insert(person.clone(), treatment);
                    all.role_labels.insert(person, policy.role_label.clone());
                }
            }
        }
        let emails = subject.identifiers.iter().filter(|one| one.kind == Kind::Email);
        all.stated = emails.map(|one| one.value.reveal().trim().to_lowercase()).collect();
        all
    }

    /// Which decision says what happens with a mention of somebody at a place of an item.
    pub fn reach(&self, item: ItemId, place: &Place, person: &str) -> Reach {
        let counts = |it: Option<&Treatment>| it.is_some_and(|it| *it != Treatment::Default);
        let person = person.to_owned();
        if counts(self.places.get(&(person.clone(), item, place.clone()))) {
            Reach::Place
        } else if counts(self.items.get(&(person.clone(), item))) {
            Reach::Item
        } else if counts(self.people.get(&person)) {
            Reach::Person
        } else {
            Reach::Default
        }
    }

    /// What happens with a mention of somebody at a place of an item. `is_known`: it stands in an
    /// address line of a message that the requester sent or received.
    pub fn fate(&self, item: ItemId, place: &Place, other: &Other, is_known: bool) -> Fate {
        let person = other.key.reveal();
        let decided = [
            self.places.get(&(person.clone(), item, place.clone())),
            self.items.get(&(person.clone(), item)),
            self.people.get(person),
        ];
        // What was taken back does not count; the wider decision does then.
        let decided = decided.into_iter().flatten().find(|it| **it != Treatment::Default);
        match decided {
            Some(Treatment::Show(ground)) => {
                Fate::Shown(Shown { ground: *ground, is_decided: true })
            }
            Some(Treatment::TakeOut) => Fate::TakenOut,
            Some(Treatment::Nobody) => Fate::Nobody,
            Some(Treatment::Default) | None => match self.by_default(other, is_known) {
                Some(ground) => Fate::Shown(Shown { ground, is_decided: false }),
                None => Fate::TakenOut,
            },
        }
    }

    fn by_default(&self, other: &Other, is_known: bool) -> Option<ShowGround> {
        if other.doubt.is_some() {
            return None;
        }
        match other.role {
            Role::Professional if self.defaults.shows_professionals => {
                Some(ShowGround::Professional)
            }
            Role::Staff if self.defaults.shows_staff => Some(ShowGround::Staff),
            _ if is_known && self.defaults.shows_known => Some(ShowGround::Known),
            _ => None,
        }
    }

    /// The word or two that a decision puts on a person's labels.
    pub(crate) fn role_label(&self, person: &str) -> Option<&str> {
        self.role_labels.get(person).map(String::as_str).filter(|label| !label.is_empty())
    }

    /// The address lines of a message that the requester sent, or that was sent to them: there they
    /// saw every name and address, by stretches of one passage each. Nothing of what is merely quoted
    /// or attached, nothing found by a name alone, and no blind copies of what they received.
    pub(crate) fn known(&self, document: &Document, hits: &[Vec<Hit>]) -> Vec<Known> {
        let mut known = Vec::new();
        if !habeas_model::is_message(&document.media_type) || self.stated.is_empty() {
            return known;
        }
        for (number, passage) in document.passages.iter().enumerate() {
            if passage.part != Part::Header {
                continue;
            }
            let Some(hits) = hits.get(number) else { continue };
            let lines = address_lines(passage);
            let has_own = |line: &Line| {
                hits.iter().any(|hit| {
                    hit.kind == Kind::Email
                        && line.start <= hit.range.start
                        && hit.range.end <= line.end
                        && self.stated.contains(&hit.value.reveal().to_lowercase())
                })
            };
            let is_sender = lines.iter().any(|line| line.party == Party::Sender && has_own(line));
            let is_recipient = lines
                .iter()
                .any(|line| line.party == Party::Recipient && !line.is_blind && has_own(line));
            for line in lines {
                if is_sender || is_recipient && !line.is_blind {
                    known.push(Known { passage: number, start: line.start, end: line.end });
                }
            }
        }
        known
    }
}

/// A stretch of a passage that the requester has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) passage: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Known {
    pub(crate) fn holds(&self, passage: usize, hit: &Hit) -> bool {
        matches!(hit.kind, Kind::Name | Kind::Email)
            && self.passage == passage
            && self.start <= hit.range.start
            && hit.range.end <= self.end
    }
}

struct Line {
    start: usize,
    end: usize,
    party: Party,
    is_blind: bool,
}

/// The lines of a head that a mail program shows to everybody it goes to.
fn address_lines(passage: &Passage) -> Vec<Line> {
    let captions = passage.fields.iter().filter(|field| field.meaning == Meaning::Caption);
    let captions: Vec<_> = captions.map(|field| field.range.clone()).collect();
    let line = |(index, caption): (usize, &std::ops::Range<usize>)| {
        let name = passage.text.get(caption.clone())?.to_lowercase();
        let (party, is_blind) = match name.as_str() {
            "from" | "sender" | "reply-to" => (Party::Sender, false),
            "to" | "cc" => (Party::Recipient, false),
            "bcc" => (Party::Recipient, true),
            _ => return None,
        };
        let end = captions.get(index + 1).map_or(passage.text.len(), |next| next.start);
        Some(Line { start: caption.end, end, party, is_blind })
    };
    captions.iter().enumerate().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use habeas_model::{Doubt, Identifier, PlaceKind};

    use super::*;

    fn page(number: usize) -> Place {
        Place::new(PlaceKind::Page, number)
    }

    fn policy(treatment: Treatment, item: Option<ItemId>, place: Option<usize>) -> Policy {
        Policy {
            person: "quill, tom".into(),
            treatment,
            role_label: String::new(),
            item,
            place: place.map(page),
            reason: String::new(),
            by: String::new(),
            at: "2026-07-01T10:00:00Z".parse().unwrap(),
        }
    }

    const CONSENT: Treatment = Treatment::Show(ShowGround::Consent);

    fn shown(ground: ShowGround, is_decided: bool) -> Fate {
        Fate::Shown(Shown { ground, is_decided })
    }

    #[test]
    fn the_nearer_decision_counts_and_of_equals_the_last() {
        let (item, elsewhere) = (ItemId::of(b"a"), ItemId::of(b"b"));
        let check = |policies: &[Policy], expected: [Fate; 3]| {
            let all = Policies::new(policies, Defaults::default(), &Subject::default());
            let other = Other::new("quill, tom");
            let at = |item, number| all.fate(item, &page(number), &other, false);
            assert_eq!([at(item, 1), at(item, 2), at(elsewhere, 1)], expected, "{policies:?}");
            let stranger = all.fate(item, &page(1), &Other::new("else"), false);
            assert_eq!(stranger, Fate::TakenOut);
        };
        let (out, yes) = (Fate::TakenOut, shown(ShowGround::Consent, true));
        let all = policy(CONSENT, None, None);
        let none = policy(Treatment::TakeOut, None, None);
        check(&[], [out; 3]);
        check(std::slice::from_ref(&all), [yes; 3]);
        check(&[all.clone(), none.clone()], [out; 3]);
        check(&[policy(CONSENT, Some(item), Some(2)), none.clone()], [out, yes, out]);
        check(&[policy(CONSENT, Some(item), None)], [yes, yes, out]);
        check(&[policy(Treatment::TakeOut, Some(item), Some(1)), all.clone()], [out, yes, yes]);
        let back = policy(Treatment::Default, Some(item), Some(1));
        let there = policy(Treatment::TakeOut, Some(item), Some(1));
        check(&[there, back, all.clone()], [yes; 3]);
        check(&[all, policy(Treatment::Default, None, None)], [out; 3]);
        check(&[policy(Treatment::Nobody, None, None)], [Fate::Nobody; 3]);
    }

    #[test]
    fn a_default_shows_a_role_and_never_who_is_in_doubt() {
        let all = Defaults { shows_staff: true, shows_professionals: true, shows_known: true };
        let check = |defaults, role, doubt, is_known, expected: Option<ShowGround>| {
            let policies = Policies::new(&[], defaults, &Subject::default());
            let other = Other { role, doubt, ..Other::new("x") };
            let fate = policies.fate(ItemId::of(b"a"), &page(1), &other, is_known);
            let expected = expected.map_or(Fate::TakenOut, |ground| shown(ground, false));
            assert_eq!(fate, expected, "{defaults:?} {role:?} {doubt:?} {is_known}");
        };
        let nothing = Defaults::default();
        check(nothing, Role::Staff, None, true, None);
        check(nothing, Role::Professional, None, true, None);
        check(all, Role::Staff, None, false, Some(ShowGround::Staff));
        check(all, Role::Professional, None, true, Some(ShowGround::Professional));
        check(all, Role::Private, None, false, None);
        check(all, Role::Private, None, true, Some(ShowGround::Known));
        for doubt in
            [Doubt::SharedSurname, Doubt::Namesake, Doubt::SharedAddress, Doubt::UnknownWord]
        {
            check(all, Role::Staff, Some(doubt), true, None);
        }
        let staff = Policies::new(&[policy(CONSENT, None, None)], all, &Subject::default());
        let other = Other { doubt: Some(Doubt::Namesake), ..Other::new("quill, tom") };
        let fate = staff.fate(ItemId::of(b"a"), &page(1), &other, false);
        assert_eq!(fate, shown(ShowGround::Consent, true), "a person may decide about a doubt");
    }

    #[test]
    fn what_the_requester_has_seen_is_the_address_lines_of_their_own_messages() {
        let subject = Subject {
            identifiers: vec![Identifier {
                kind: Kind::Email,
                value: "Harriet.Vale@example.com".into(),
                held: Default::default(),
            }],
            ..Subject::default()
        };
        let policies = Policies::new(&[], Defaults::default(), &subject);
        let check = |message: &str, expected: &[&str]| {
            let mut read = None;
            habeas_document::read_family(
                "1.eml",
                message.as_bytes(),
                &habeas_document::Budget::default(),
                &mut |member| {
                    read.get_or_insert(member.document);
                },
            );
            let document: Document = read.unwrap();
            let hits = habeas_match::recognise(&document, &Default::default());
            let known = policies.known(&document, &hits);
            let mut found = BTreeSet::new();
            for (number, passage) in document.passages.iter().enumerate() {
                for hit in hits.get(number).into_iter().flatten() {
                    if hit.kind == Kind::Email && known.iter().any(|it| it.holds(number, hit)) {
                        found.insert(passage.text[hit.range.clone()].to_owned());
                    }
                }
            }
            assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{message}");
        };
        let (h, t, b, x) = (
            "Harriet Vale <harriet.vale@example.com>",
            "Tom Quill <tq@example.org>",
            "Ann Bramble <ab@example.net>",
            "Xi Okonkwo <xo@example.net>",
        );
        let body = "\r\nask zz@example.org\r\n";
        let known = ["ab@example.net", "harriet.vale@example.com", "tq@example.org"];
        check(&format!("From: {t}\r\nTo: {h}\r\nCc: {b}\r\nBcc: {x}\r\n{body}"), &known);
        check(&format!("From: {h}\r\nTo: {t}\r\nBcc: {b}\r\n{body}"), &known);
        check(&format!("From: {t}\r\nTo: {b}\r\nCc: {h}\r\n{body}"), &known);
        // Copied in blindly, or named and not addressed: what they saw is not known for sure.
        check(&format!("From: {t}\r\nTo: {b}\r\nBcc: {h}\r\n{body}"), &[]);
        check(&format!("From: {t}\r\nTo: Harriet Vale <hv@example.org>\r\n{body}"), &[]);
        check(&format!("From: {t}\r\nTo: {b}\r\nSubject: harriet.vale@example.com\r\n{body}"), &[]);
    }
}
