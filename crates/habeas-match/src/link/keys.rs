//! Which written forms mean the same other person?

use std::collections::{BTreeSet, HashMap};

use habeas_model::{Document, Hit, Kind, Personal};

use super::lexicon::nicknames;
use super::mentions::Whose;
use super::names::squeeze;
use super::sight::key_of;
use crate::fold::words;
use crate::{Directory, latin, normal};

/// The other people of a document, and those whom the configuration names.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    document: People,
    /// They resolve a shorter form only if the document has nobody.
    staff: People,
}

/// Family name, squeezed, and first given name.
type Person = (String, String);

/// People by what a shorter form leaves of them.
#[derive(Clone, Debug, Default)]
struct People {
    by_surname: HashMap<String, BTreeSet<String>>,
    by_given: HashMap<String, BTreeSet<String>>,
    /// By mailbox made from the name; `None` where several people could have it.
    by_mailbox: HashMap<String, Option<Person>>,
    /// Family names as written, for the key.
    written: HashMap<String, String>,
}

impl People {
    fn add(&mut self, value: &str) {
        let (first, surname) = key_of(value);
        if first.chars().count() < 2 || surname.is_empty() {
            return;
        }
        let written = value.split_once(',').map_or("", |(surname, _)| surname.trim());
        self.written.entry(surname.clone()).or_insert_with(|| written.to_owned());
        self.by_given.entry(first.clone()).or_default().insert(surname.clone());
        if !self.by_surname.entry(surname.clone()).or_default().insert(first.clone()) {
            return;
        }
        let initial: String = first.chars().take(1).collect();
        for base in [
            format!("{first}{surname}"),
            format!("{surname}{first}"),
            format!("{initial}{surname}"),
            format!("{surname}{initial}"),
        ] {
            let person = (surname.clone(), first.clone());
            self.by_mailbox
                .entry(base)
                .and_modify(|known| *known = known.take().filter(|known| *known == person))
                .or_insert(Some(person.clone()));
        }
    }

    /// The only person whom a name can mean.
    fn only(&self, surname: &str, first: &str) -> Option<Person> {
        if surname.is_empty() {
            let names = nicknames(first);
            let others = names.iter().filter_map(|name| self.by_given.get_key_value(*name));
            let own = self.by_given.get_key_value(first);
            let all = own.into_iter().chain(others);
            return single(all.flat_map(|(given, list)| {
                list.iter().map(move |surname| (surname.clone(), given.clone()))
            }));
        }
        let given = self.by_surname.get(surname)?;
        if given.contains(first) {
            return Some((surname.to_owned(), first.to_owned()));
        }
        let is_initial = first.chars().count() == 1;
        let short = nicknames(first);
        let fitting = given.iter().filter(|given| {
            first.is_empty()
                || (is_initial && given.starts_with(first))
                || short.contains(&given.as_str())
        });
        single(fitting.map(|given| (surname.to_owned(), given.clone())))
    }
}

/// The only one there is.
fn single<T>(mut list: impl Iterator<Item = T>) -> Option<T> {
    let first = list.next()?;
    list.next().is_none().then_some(first)
}

impl Keys {
    /// Counts a person of the document, in normal form.
    pub(super) fn add(&mut self, value: &str) {
        self.document.add(value);
    }

    /// Counts a person who is known outside the document.
    pub(super) fn add_weak(&mut self, value: &str) {
        self.staff.add(value);
    }

    /// The key of a name in normal form.
    pub(super) fn of_name(&self, value: &str) -> String {
        let (first, surname) = key_of(value);
        let known =
            self.document.only(&surname, &first).or_else(|| self.staff.only(&surname, &first));
        self.write(&known.unwrap_or((surname, first)))
    }

    fn write(&self, (surname, first): &Person) -> String {
        let written =
            self.document.written.get(surname).or_else(|| self.staff.written.get(surname));
        let surname = written.unwrap_or(surname);
        if first.is_empty() { format!("{surname},") } else { format!("{surname}, {first}") }
    }

    /// The key of the person from whose name a mailbox is made.
    pub(super) fn of_mailbox(&self, email: &str, directory: &Directory) -> Option<String> {
        let local = email.split('@').next().unwrap_or_default();
        let base: String = latin(local).chars().filter(|c| c.is_alphabetic()).collect();
        if base.chars().count() < 4 {
            return None;
        }
        let made = |people: &People| people.by_mailbox.get(&base).cloned().flatten();
        if let Some(person) = made(&self.document).or_else(|| made(&self.staff)) {
            return Some(self.write(&person));
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
            let Whose::Other(other) = whose else { continue };
            let text = passage.text.get(hit.range.clone()).unwrap_or_default().trim();
            let mut add = |text: &str, is_part: bool| {
                if text.chars().count() > 1 && !shown.contains(text) {
                    secrets.insert(Secret {
                        person: other.key.clone(),
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
