//! What else does a text say is the subject's: a name over the end of a line, `whose number is`, a user name?

use std::ops::Range;
use std::sync::LazyLock;

use habeas_model::{Hit, Kind, Passage};
use regex::Regex;

use super::Question;
use super::lexicon::Gender;
use super::names::{Names, Shape, squeeze};
use super::sight::{Carried, Mine, Person, key_of};
use crate::Directory;
use crate::fold::{is_dash, latin, words};
use crate::name::{given_level, surname_level};
use crate::normal;

impl Names {
    /// The normal form of the subject's stated name that a stretch is all or a part of, whatever white space
    /// stands between its words: `Noura Al` of `Noura Al⏎Haddad`.
    pub(super) fn stated_around(&self, text: &str, range: &Range<usize>) -> Option<String> {
        /// Bytes at either side that are looked at.
        const NEAR: usize = 80;
        let mut from = range.start.saturating_sub(NEAR);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let mut to = (range.end + NEAR).min(text.len());
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        let near = &text[from..to];
        let found: Vec<(Range<usize>, String)> = words(near)
            .map(|word| (from + word.start..from + word.end, latin(&near[word])))
            .collect();
        self.forms.iter().find_map(|form| {
            let parts = |name: &str| -> Vec<String> {
                name.split([' ', '-']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
            };
            let surname = parts(&form.name.surname);
            let first = parts(form.name.first());
            let all: Vec<String> = form.name.given.iter().flat_map(|given| parts(given)).collect();
            if surname.is_empty() || first.is_empty() || form.name.first().chars().count() < 2 {
                return None;
            }
            let orders = [
                [all, surname.clone()].concat(),
                [first.clone(), surname.clone()].concat(),
                [surname, first].concat(),
            ];
            let is_there = orders.iter().any(|wanted| {
                found.windows(wanted.len()).any(|window| {
                    let stretch = window[0].0.start..window[window.len() - 1].0.end;
                    window.iter().zip(wanted).all(|((_, word), wanted)| word == wanted)
                        && stretch.start <= range.start
                        && range.end <= stretch.end
                        && window
                            .windows(2)
                            .all(|pair| is_joint(&text[pair[0].0.end..pair[1].0.start]))
                        && !text[stretch.end..].starts_with(is_dash)
                })
            });
            is_there.then(|| form.name.value())
        })
    }
}

impl Names {
    /// The normal form of two given names of the subject that were read as a given name and a family name, where
    /// the second is rather a given name.
    fn given_written(&self, value: &str) -> Option<String> {
        let (surname, given) = value.split_once(", ")?;
        let is_given = given_level(surname)
            .is_some_and(|level| surname_level(surname).is_none_or(|other| level < other));
        let is_there = self.forms.iter().any(|form| {
            form.name.given.len() > 1
                && form.name.given[0] == given
                && form.name.given[1] == surname
        });
        (is_given && is_there).then(|| format!(", {given} {surname}"))
    }
}

/// White space with one end of a line at most, a hyphen or a comma.
fn is_joint(between: &str) -> bool {
    between.matches('\n').count() < 2
        && between.chars().count() <= 12
        && between.chars().all(|c| c.is_whitespace() || is_dash(c) || c == ',' || c == '>')
        && between.matches(',').count() < 2
}

/// Takes a half of the subject's stated name for the whole.
///
/// `Anne Marie` of `Anne Marie O’Brien` is no Ms Marie.
pub(super) fn complete(question: &Question, passage: &Passage, person: &mut Person) {
    let is_whole =
        person.fit.shape == Shape::Full && person.fit.is_sure && person.written.is_none();
    if person.is_field || is_whole {
        return;
    }
    if let Some(value) = question.names.given_written(&person.value) {
        person.fit = question.names.compare(&value);
        person.value = value;
        person.written = None;
    }
    if let Some(value) = question.names.stated_around(&passage.text, &person.range) {
        person.fit = question.names.compare(&value);
        person.value = value;
        person.written = None;
    }
}

/// Does a sentence end between the last name of a passage and a number, so that it need not be that person's?
///
/// `Her NHS number is …` goes on with whoever was named.
pub(super) fn is_apart(passage: &Passage, person: Option<&Person>, hit: &Hit) -> bool {
    /// What is further away is nobody’s anyway, in bytes.
    const NEAR: usize = 400;
    let Some(between) = person
        .filter(|person| hit.range.start.saturating_sub(person.range.end) <= NEAR)
        .and_then(|person| passage.text.get(person.range.end..hit.range.start))
    else {
        return false;
    };
    let end = between.match_indices(['.', '!', '?']).map(|(at, _)| at + 1).rfind(|&at| {
        let rest = &between[at..];
        // Not the full stop of `No. 12`.
        rest.starts_with(char::is_whitespace) && rest.trim_start().starts_with(char::is_uppercase)
    });
    end.is_some_and(|end| {
        let word = between[end..].split_whitespace().next().unwrap_or_default();
        !["Her", "His", "Their", "She", "He", "They", "The", "DOB", "DoB", "D.O.B."].contains(&word)
    })
}

// `, whose NI number is`, `’s passport number:`, `. Her NHS number is`.
static OWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?P<skipped>[^.!?;\n]{0,80}[.,(]|[,(]|)\s*(?:and |with )?(?P<who>whose|her|his|their|['’]s)\s+(?:(?:own|new|old|current|full|personal|home|work|national|insurance|ni|nhs|bank|driving|mobile|phone|telephone|contact|passport|account|payroll)\s+){0,4}(?:number|no\.?|nino|licence|passport|mobile|phone|telephone|account|iban|card|ni)(?:\s+(?:number|no\.?))?\s*(?:is|was|being|:|,|=)?\s*(?:now|still)?\s*$",
    )
    .expect("the pattern is constant")
});

/// People who are told by what they are to somebody: behind them `whose` and `her` are theirs.
const SOMEBODY: &str = "mother father mum dad parent parents brother sister son daughter wife husband partner spouse \
    cousin aunt uncle nephew niece friend neighbour tenant landlord landlady colleague manager nurse doctor gp patient \
    client carer child children twin boyfriend girlfriend ex fiance fiancee solicitor officer witness driver caller man \
    woman boy girl lady person somebody someone guardian granddaughter grandson grandmother grandfather agent employer";

/// Does what stands between the subject's name and a number say that it is the subject's?
pub(super) fn is_said_own(between: &str, gender: Option<Gender>) -> bool {
    let Some(found) = OWN.captures(between) else { return false };
    let who = found.name("who").map_or("", |who| who.as_str()).to_lowercase();
    let skipped = found.name("skipped").map_or("", |skipped| skipped.as_str());
    let is_apart =
        matches!((who.as_str(), gender), ("her", Some(Gender::Man)) | ("his", Some(Gender::Woman)));
    let names_somebody = skipped.split(|c: char| !c.is_alphanumeric()).any(|word| {
        SOMEBODY.split_whitespace().any(|one| one == word.to_lowercase())
            || word.chars().count() > 1
                && word.starts_with(char::is_uppercase)
                && !word.chars().all(char::is_uppercase)
    });
    // `Jane Smith met X and Y, whose …`: what `whose` leans on stands right before it.
    let is_far = matches!(who.as_str(), "whose" | "'s" | "’s") && skipped.len() > 2;
    !is_apart && !names_somebody && !is_far
}

/// Is a number of that kind one that a sentence can say is somebody's?
pub(super) fn can_be_said(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Nino
            | Kind::NhsNumber
            | Kind::Passport
            | Kind::DrivingLicence
            | Kind::Iban
            | Kind::BankAccount
            | Kind::Card
            | Kind::Phone
    )
}

/// Is a user name made from the subject's name, and from nobody else's whom the estate or the document knows?
///
/// A first letter with one of the most common family names says too little.
pub(super) fn is_own_handle(question: &Question, carried: &Carried, directory: &Directory) -> bool {
    let base: String = latin(&carried.value).chars().filter(|c| c.is_alphabetic()).collect();
    let digits = normal::digits(&carried.value);
    let letter = match carried.mine {
        Mine::Derived { is_full: true, .. } => return true,
        Mine::Derived { .. } => {
            let surname = question.names.surnames().find(|(surname, _)| base.contains(surname));
            if surname.is_none_or(|(surname, _)| surname_level(surname) == Some(1)) {
                return false;
            }
            let first = base.chars().next();
            let last = base.chars().next_back();
            // `jsmith` or `smithj`.
            if surname.is_some_and(|(surname, _)| base.starts_with(surname)) { last } else { first }
        }
        Mine::No if question.names.is_surname_word(&base) => {
            let year = question.known.born.map(|born| born.year().to_string()).unwrap_or_default();
            let is_year = digits == year || year.get(2..) == Some(digits.as_str());
            if digits.is_empty() || !is_year {
                return false;
            }
            None
        }
        _ => return false,
    };
    !directory.values().any(|value| {
        let (first, surname) = key_of(value);
        question.names.is_surname_word(&squeeze(&surname))
            && question.names.compare(value).shape == Shape::Relative
            && letter.is_none_or(|letter| first.starts_with(letter))
    })
}
