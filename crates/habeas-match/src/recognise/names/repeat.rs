//! Where does a name that is already known stand again?

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use habeas_model::{Kind, PlaceKind};

use super::super::hits::{Draft, overlaps};
use super::super::view::View;
use super::cues::{NOT_LOWER, ROLES, role};
use super::draft;
use super::token::{Gap, Shape, Token, tokens};
use crate::fold::latin;
use crate::name::{is_place, is_womans_name, word_level};
use crate::{Directory, PersonName};

/// Names with both sides known, by what they can be found again by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// Values by family name.
    by_surname: HashMap<String, Vec<String>>,
    /// Values by first given name.
    by_given: HashMap<String, Vec<String>>,
    values: HashSet<String>,
    /// First words of family names of several: `van` of `van der meer`.
    opens: HashSet<String>,
    /// Which first letters and lengths its words have; spares most words a look-up.
    filter: Filter,
}

/// 1,024 bits, one for a first letter, a last letter and a length.
#[derive(Clone, Debug, Default)]
struct Filter([u64; 16]);

impl Filter {
    fn bit(word: &str) -> (usize, u64) {
        let bytes = word.as_bytes();
        let at = |i: Option<&u8>| usize::from(i.copied().unwrap_or_default());
        let n = (at(bytes.first()) * 37 + at(bytes.last()) * 11 + bytes.len() * 101) % 1024;
        (n / 64, 1 << (n % 64))
    }

    fn add(&mut self, word: &str) {
        let (i, bit) = Self::bit(word);
        self.0[i] |= bit;
    }

    fn may_hold(&self, word: &str) -> bool {
        let (i, bit) = Self::bit(word);
        self.0[i] & bit != 0
    }
}

/// Beyond this many people a document is a list: a first name in it says nothing.
const CROWD: usize = 60;

impl Known {
    /// Takes up the sure names of a passage.
    pub(crate) fn learn(&mut self, drafts: &[Draft]) {
        for draft in
            drafts.iter().filter(|draft| draft.kind == Kind::Name && draft.confidence >= 0.6)
        {
            let Some((surname, given)) = draft.value.split_once(", ") else { continue };
            let first = given.split(' ').next().unwrap_or_default();
            if surname.len() < 2
                || first.chars().count() < 2
                || !self.values.insert(draft.value.clone())
            {
                continue;
            }
            self.filter.add(surname);
            if let Some((open, _)) = surname.split_once(' ') {
                self.filter.add(open);
                self.opens.insert(open.to_owned());
            }
            self.filter.add(first);
            self.by_surname.entry(surname.to_owned()).or_default().push(draft.value.clone());
            self.by_given.entry(first.to_owned()).or_default().push(draft.value.clone());
        }
    }

    /// The normal forms of all.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(String::as_str)
    }

    /// Is a folded word a given name or a family name of one of them, or the first word of one?
    pub(super) fn is_part(&self, word: &str) -> bool {
        self.filter.may_hold(word)
            && (self.by_given.contains_key(word)
                || self.by_surname.contains_key(word)
                || self.opens.contains(word))
    }

    /// Is it a list of people rather than a text about some?
    pub(crate) fn is_crowd(&self) -> bool {
        self.values.len() > CROWD
    }

    /// The one person of this family name whose given name the test lets through.
    fn one(
        &self,
        by: &HashMap<String, Vec<String>>,
        key: &str,
        fits: impl Fn(&PersonName) -> bool,
    ) -> Option<String> {
        let mut found: Option<PersonName> = None;
        let all = by.get(key)?;
        // So many bearers are never one person.
        if all.len() > 64 {
            return None;
        }
        for name in
            all.iter().filter_map(|value| PersonName::from_value(value)).filter(|name| fits(name))
        {
            match &found {
                // `smith, jane` and `smith, jane anne` are one.
                Some(other) if other.surname == name.surname && other.first() == name.first() => {
                    if name.given.len() > other.given.len() {
                        found = Some(name);
                    }
                }
                Some(_) => return None,
                None => found = Some(name),
            }
        }
        found.map(|name| name.value())
    }
}

/// Completes partial names and finds known ones again, in one passage.
///
/// `near` are the names of this passage, `far` those of the whole document where its passages
/// speak of the same people.
pub(crate) fn spread(view: &View<'_>, drafts: &mut Vec<Draft>, near: &Known, far: Option<&Known>) {
    for draft in drafts.iter_mut().filter(|draft| draft.kind == Kind::Name) {
        let title =
            latin(view.text[draft.range.clone()].split([' ', '.']).next().unwrap_or_default());
        complete(draft, &title, near, far);
    }
    let taken: Vec<_> = drafts
        .iter()
        .filter(|draft| draft.confidence >= 0.5)
        .map(|draft| draft.range.clone())
        .collect();
    let taken: Vec<&std::ops::Range<usize>> = taken.iter().collect();
    let directory = &view.setting.directory;
    if directory.is_empty() && near.values.is_empty() && far.is_none_or(|far| far.values.is_empty())
    {
        return;
    }
    let tokens = tokens(view.text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if overlaps(&taken, &tokens[at].range) {
            // `Olga Friday`: what is found may be less than what is known.
            let mut longer = Vec::new();
            let n = whole(view, &tokens[at..], directory, near, far, &mut longer);
            longer.retain(|one| one.confidence >= 0.9 && is_more(one, drafts));
            for one in &mut longer {
                one.confidence = 0.95;
            }
            at += n.filter(|_| !longer.is_empty()).unwrap_or(1);
            found.append(&mut longer);
            continue;
        }
        at += whole(view, &tokens[at..], directory, near, far, &mut found)
            .or_else(|| part(view, &tokens, at, near, far, &mut found))
            .unwrap_or(1);
    }
    drafts.extend(found);
}

/// `smith,` becomes `smith, jane` where the document knows one Smith only, whom the title fits.
fn complete(draft: &mut Draft, title: &str, near: &Known, far: Option<&Known>) {
    if draft.rule == "name:column" {
        return;
    }
    let Some(name) = PersonName::from_value(&draft.value) else { return };
    let is_woman = match title {
        "mrs" | "ms" | "miss" | "mme" | "frau" | "dame" | "lady" | "sister" => Some(true),
        "mr" | "sir" | "lord" | "herr" | "father" => Some(false),
        _ => None,
    };
    let fits_title = |other: &PersonName| match (is_woman, is_womans_name(other.first())) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    let full = [Some(near), far].into_iter().flatten().find_map(|known| {
        if name.given.is_empty() {
            known.one(&known.by_surname, &name.surname, fits_title)
        } else if name.surname.is_empty() && name.first().chars().count() > 1 {
            known.one(&known.by_given, name.first(), |_| true)
        } else if name.is_initials() {
            let initial = name.first().to_owned();
            known.one(&known.by_surname, &name.surname, |other| {
                other.first().starts_with(&initial) && fits_title(other)
            })
        } else {
            None
        }
    });
    if let Some(full) = full {
        draft.value = full;
        draft.confidence = draft.confidence.max(0.7);
    }
}

/// Does a known name hold all that was found of it, and more words with a capital?
///
/// `drafts` are sorted and do not overlap.
fn is_more(known: &Draft, drafts: &[Draft]) -> bool {
    let from = drafts.partition_point(|draft| draft.range.end <= known.range.start);
    let mut touched =
        drafts[from..].iter().take_while(|draft| draft.range.start < known.range.end).peekable();
    touched.peek().is_some()
        && touched.all(|draft| {
            draft.kind == Kind::Name
                && draft.rule != "name:column"
                && draft.range.start >= known.range.start
                && draft.range.end <= known.range.end
                && draft.range.len() < known.range.len()
                && draft.confidence < 0.95
        })
}

/// The folded word; most are written so already.
fn folded(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(latin(word))
    }
}

/// A whole name, in any case: two to four words that the estate or the document knows.
fn whole(
    view: &View<'_>,
    rest: &[Token],
    directory: &Directory,
    near: &Known,
    far: Option<&Known>,
    found: &mut Vec<Draft>,
) -> Option<usize> {
    let first = folded(&view.text[rest.first()?.range.clone()]);
    let knows = |known: &Known| known.is_part(&first);
    let is_start = (!directory.is_empty() && directory.starts(&first))
        || knows(near)
        || far.is_some_and(knows);
    if !is_start {
        return None;
    }
    let mut reading = first.into_owned();
    let mut best: Option<(usize, String)> = None;
    for (n, token) in rest.iter().enumerate().skip(1).take(3) {
        if !matches!(token.gap, Gap::Blank | Gap::Comma | Gap::Dot | Gap::Break) {
            break;
        }
        reading.push(' ');
        reading.push_str(&latin(&view.text[token.range.clone()]));
        let known = || {
            let (given, surname) = reading.split_once(' ')?;
            [Some(near), far].into_iter().flatten().find_map(|known| {
                let is_it = |name: &PersonName| name.first() == given;
                let swapped = |name: &PersonName| name.surname == given && name.first() == surname;
                if known.opens.contains(given) && known.by_surname.contains_key(&reading) {
                    let alone = known.one(&known.by_surname, &reading, |_| true);
                    return Some(alone.unwrap_or_else(|| format!("{reading},")));
                }
                known
                    .one(&known.by_surname, surname, is_it)
                    .or_else(|| known.one(&known.by_given, surname, swapped))
            })
        };
        if let Some(value) = directory.whole_name(&reading).map(str::to_owned).or_else(known) {
            best = Some((n + 1, value));
        }
    }
    let (n, value) = best?;
    let range = rest[0].range.start..rest[n - 1].range.end;
    let is_capital = rest[..n].iter().any(Token::is_capital);
    // Two ordinary words that happen to be somebody: `mark may`, `will young`.
    let is_ordinary = !is_capital
        && reading.split(' ').all(|word| word_level(word).is_some_and(|level| level <= 35));
    found.push(draft(range, value, if is_ordinary { 0.45 } else { 0.9 }, "name:known"));
    Some(n)
}

/// A part of a known name, written with a capital.
fn part(
    view: &View<'_>,
    tokens: &[Token],
    at: usize,
    near: &Known,
    far: Option<&Known>,
    found: &mut Vec<Draft>,
) -> Option<usize> {
    let token = &tokens[at];
    let is_lower = token.shape == Shape::Lower;
    if !matches!(token.shape, Shape::Title | Shape::Upper | Shape::Lower)
        || is_lower && token.range.len() < 3
    {
        return None;
    }
    let folded = folded(&view.text[token.range.clone()]);
    if ![Some(near), far].into_iter().flatten().any(|known| known.filter.may_hold(&folded)) {
        return None;
    }
    let knows = |known: &Known| {
        known.by_given.contains_key(folded.as_ref())
            || known.by_surname.contains_key(folded.as_ref())
    };
    if ![Some(near), far].into_iter().flatten().any(knows) {
        return None;
    }
    // In small letters only what is no word and no place can be the name again.
    if is_lower
        && (is_glued(view.text, &token.range)
            || word_level(&folded).is_some()
            || is_place(&folded)
            || NOT_LOWER.contains(&folded.as_ref()))
    {
        return None;
    }
    let is_word = word_level(&folded).is_some_and(|level| level <= 35);
    // `May then said`, `Will’s notes`
    let does = || {
        let next = tokens.get(at + 1).filter(|next| next.shape == Shape::Lower);
        let acts = |i: usize| {
            ROLES
                .get(&view.text[tokens[i].range.clone()])
                .is_some_and(|bits| bits & role::AFTER != 0)
        };
        let is_adverb = |i: usize| {
            matches!(&view.text[tokens[i].range.clone()], "then" | "also" | "later" | "never")
        };
        view.text[token.range.end..].starts_with(['\'', '’'])
            || next.is_some_and(|_| {
                acts(at + 1) || is_adverb(at + 1) && tokens.len() > at + 2 && acts(at + 2)
            })
    };
    if is_word && (token.is_first && !does() || token.shape == Shape::Upper) || folded.len() < 2 {
        return None;
    }
    let follows_capital = token.gap == Gap::Blank
        && at > 0
        && tokens[at - 1].is_capital()
        && !tokens[at - 1].is_first;
    let leads_capital = tokens.get(at + 1).is_some_and(|next| {
        next.gap == Gap::Blank && next.is_capital() && next.shape != Shape::Initial
    });
    if (follows_capital || leads_capital) && (is_word || is_place(&folded)) {
        return None;
    }
    for known in [Some(near), far].into_iter().flatten() {
        for (by, is_surname) in [(&known.by_given, false), (&known.by_surname, true)] {
            if !by.contains_key(folded.as_ref()) {
                continue;
            }
            let partial = if is_surname { format!("{folded},") } else { format!(", {folded}") };
            let value = known.one(by, &folded, |_| true).unwrap_or(partial);
            let confidence = if is_word || follows_capital || leads_capital {
                0.55
            } else if is_lower {
                0.6
            } else {
                0.8
            };
            found.push(draft(token.range.clone(), value, confidence, "name:repeat"));
            return Some(1);
        }
    }
    None
}

/// Is a word part of a path, an address or an identifier?
pub(super) fn is_glued(text: &str, range: &Range<usize>) -> bool {
    let is_joint =
        |c: Option<char>| c.is_some_and(|c| !c.is_whitespace() && !",.!?:;'’\")(…".contains(c));
    let after = &text[range.end..];
    let mut behind = after.chars();
    let next = behind.next();
    let before = text[..range.start].chars().next_back();
    is_joint(before)
        || is_joint(next)
        || before == Some('.')
        || next == Some('.') && behind.next().is_some_and(char::is_alphanumeric)
}

/// Do the passages of a document speak of the same people, so that a first name in one is the
/// person of another? Rows of a table do not.
pub(crate) fn is_shared(kind: PlaceKind) -> bool {
    !matches!(kind, PlaceKind::Row | PlaceKind::Cell)
}
