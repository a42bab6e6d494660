//! Which written forms mean the same other person?

use std::collections::{BTreeMap, BTreeSet};

use habeas_model::{Document, Hit, Kind, Personal};

use super::lexicon::nicknames;
use super::mentions::Whose;
use super::names::squeeze;
use super::sight::key_of;
use crate::fold::words;
use crate::{Directory, latin, normal};

/// The other people of a document, by family name and first given name.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    people: BTreeSet<(String, String)>,
    /// Staff of the configuration: they resolve a shorter form only if the document has nobody.
    staff: BTreeSet<(String, String)>,
    /// Family names as written, for the key.
    written: BTreeMap<String, String>,
}

impl Keys {
    /// Counts a person of the document, in normal form.
    pub(super) fn add(&mut self, value: &str) {
        let (first, surname) = key_of(value);
        if first.chars().count() > 1 && !surname.is_empty() {
            let written = value.split_once(',').map_or("", |(surname, _)| surname.trim());
            self.written.entry(surname.clone()).or_insert_with(|| written.to_owned());
            self.people.insert((surname, first));
        }
    }

    /// Counts a person who is known outside the document.
    pub(super) fn add_weak(&mut self, value: &str) {
        let (first, surname) = key_of(value);
        if first.chars().count() > 1 && !surname.is_empty() {
            self.staff.insert((surname, first));
        }
    }

    /// The key of a name in normal form.
    pub(super) fn of_name(&self, value: &str) -> String {
        let (first, surname) = key_of(value);
        let fits = |(family, given): &&(String, String)| {
            let same_family = surname.is_empty() || *family == surname;
            let same_given = first.is_empty()
                || *given == first
                || (first.chars().count() == 1 && given.starts_with(first.as_str()))
                || nicknames(&first).contains(&given.as_str());
            same_family && same_given
        };
        let exact = (surname.clone(), first.clone());
        if self.people.contains(&exact) {
            return self.write(&exact);
        }
        for known in [&self.people, &self.staff] {
            let mut fitting = known.iter().filter(fits);
            if let (Some(only), None) = (fitting.next(), fitting.next()) {
                return self.write(only);
            }
        }
        self.write(&exact)
    }

    fn write(&self, (surname, first): &(String, String)) -> String {
        let surname = self.written.get(surname).unwrap_or(surname);
        if first.is_empty() { format!("{surname},") } else { format!("{surname}, {first}") }
    }

    /// The key of the person from whose name a mailbox is made.
    pub(super) fn of_mailbox(&self, email: &str, directory: &Directory) -> Option<String> {
        let local = email.split('@').next().unwrap_or_default();
        let base: String = latin(local).chars().filter(|c| c.is_alphabetic()).collect();
        if base.chars().count() < 4 {
            return None;
        }
        let made = |(surname, first): &&(String, String)| {
            let initial: String = first.chars().take(1).collect();
            [
                format!("{first}{surname}"),
                format!("{surname}{first}"),
                format!("{initial}{surname}"),
                format!("{surname}{initial}"),
            ]
            .contains(&base)
        };
        for known in [&self.people, &self.staff] {
            let mut fitting = known.iter().filter(made);
            if let (Some(only), None) = (fitting.next(), fitting.next()) {
                return Some(self.write(only));
            }
        }
        let spoken = latin(local).replace(['.', '_', '-'], " ");
        let spoken: String = spoken.chars().filter(|c| !c.is_ascii_digit()).collect();
        directory.whole_name(spoken.trim()).map(|value| {
            let (first, surname) = key_of(value);
            self.write(&(surname, first))
        })
    }
}

/// A written form of a third party, for the checker to look for in what leaves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret {
    /// The person's key, as in [`Whose::Other`].
    pub person: Personal<String>,
    /// What kind of identifier it is.
    pub kind: Kind,
    /// The string itself.
    pub text: Personal<String>,
    /// Is it a part of a name rather than the whole? A part may also be an ordinary word.
    pub is_part: bool,
}

/// Every written form of the hits that are another person's, without repeats, sorted: as they
/// stand, in normal form, and for names each part that no hit of the subject has too.
///
/// `whose` is what [`super::mentions`] says of the same document and hits.
pub fn forms(document: &Document, hits: &[Vec<Hit>], whose: &[Vec<Whose>]) -> Vec<Secret> {
    let mut shown: BTreeSet<String> = BTreeSet::new();
    let mut secrets: BTreeSet<Secret> = BTreeSet::new();
    let all = || document.passages.iter().zip(hits).zip(whose);
    for ((passage, hits), whose) in all() {
        for (hit, whose) in hits.iter().zip(whose) {
            if *whose != Whose::Subject {
                continue;
            }
            let text = passage.text.get(hit.range.clone()).unwrap_or_default();
            shown.insert(text.to_owned());
            shown.extend(words(text).map(|range| latin(&text[range])));
        }
    }
    for ((passage, hits), whose) in all() {
        for (hit, whose) in hits.iter().zip(whose) {
            let Whose::Other(key) = whose else { continue };
            let text = passage.text.get(hit.range.clone()).unwrap_or_default().trim();
            let mut add = |text: &str, is_part: bool| {
                if text.chars().count() > 1 && !shown.contains(text) {
                    secrets.insert(Secret {
                        person: Personal::new(key.clone()),
                        kind: hit.kind,
                        text: Personal::new(text.to_owned()),
                        is_part,
                    });
                }
            };
            add(text, false);
            match hit.kind {
                Kind::Name => {
                    for range in words(text) {
                        let word = &text[range];
                        let folded = latin(word);
                        let is_title = crate::name::TITLES.contains(&folded.as_str());
                        if word.chars().count() > 2 && !is_title && !shown.contains(&folded) {
                            add(word, true);
                        }
                    }
                }
                Kind::Phone => {
                    add(hit.value.reveal(), false);
                    add(&normal::digits(text), false);
                    if let Some(end) = normal::last_nine(hit.value.reveal()) {
                        add(end, false);
                    }
                }
                Kind::BirthDate => {}
                Kind::Email
                | Kind::NhsNumber
                | Kind::Nino
                | Kind::Card
                | Kind::Iban
                | Kind::Postcode => {
                    add(hit.value.reveal(), false);
                    add(&squeeze(text), false);
                }
                _ => add(&squeeze(text), false),
            }
        }
    }
    secrets.into_iter().collect()
}
