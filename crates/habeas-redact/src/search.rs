//! Where in a text does something stand that was taken out?

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use habeas_model::Kind;

use crate::fold::{Folded, LineEnd, digits, squeezed, words};
use crate::own::Own;
use crate::secrets::{Scope, Secrets, Shape};

mod blurred;

use blurred::Blurred;

/// Secrets made ready to be looked for, all at once, in time linear in the text.
#[derive(Clone)]
pub struct Searcher {
    words: Patterns,
    digits: Patterns,
    squeezed: Patterns,
    disguised: Patterns,
    names: Blurred,
    own_words: BTreeSet<String>,
    n_secrets: usize,
}

/// A text folded in every way in which it is searched, once for all searchers.
pub(crate) struct Folds {
    parts: Folded,
    joins: Option<Folded>,
    squeezed: Folded,
    digits: Folded,
}

impl Folds {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            parts: words(text, LineEnd::Parts),
            joins: text.contains('\n').then(|| words(text, LineEnd::Joins)),
            squeezed: squeezed(text),
            digits: digits(text),
        }
    }
}

/// Something found.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// Byte range in the text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// Who it is. Internal.
    pub person: habeas_model::Personal<String>,
    /// How far its form speaks.
    pub scope: Scope,
}

/// What one pattern stands for; `None` is something that may be named.
type Meaning = Option<(Shape, Scope, Kind, String)>;

#[derive(Clone)]
struct Patterns {
    machine: Option<AhoCorasick>,
    meanings: Vec<Vec<Meaning>>,
}

/// Squeezed forms shorter than this stand inside ordinary words too often.
const SQUEEZED_MIN: usize = 10;

impl Patterns {
    fn new(forms: BTreeMap<String, Vec<Meaning>>) -> Result<Self, String> {
        let (patterns, meanings): (Vec<String>, Vec<Vec<Meaning>>) = forms.into_iter().unzip();
        let machine = (!patterns.is_empty())
            .then(|| AhoCorasickBuilder::new().match_kind(MatchKind::Standard).build(&patterns))
            .transpose()
            .map_err(|error| format!("the search cannot be built: {error}"))?;
        Ok(Self { machine, meanings })
    }

    /// Calls `seen` with each match in the folded text that is not within an own form.
    fn each(
        &self,
        folded: &Folded,
        mut seen: impl FnMut(Range<usize>, &(Shape, Scope, Kind, String)),
    ) {
        let Some(machine) = &self.machine else { return };
        let mut own: Vec<Range<usize>> = Vec::new();
        let mut others: Vec<(Range<usize>, usize)> = Vec::new();
        for found in machine.find_overlapping_iter(&folded.text) {
            let index = found.pattern().as_usize();
            let Some(meanings) = self.meanings.get(index) else { continue };
            if meanings.iter().any(Option::is_none) {
                own.push(found.range());
            }
            if meanings.iter().any(Option::is_some) {
                others.push((found.range(), index));
            }
        }
        // Matches come in the order of their ends; own stretches are merged into the widest ones
        // so that asking whether one holds a match is a search, not a walk.
        own.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let mut widest: Vec<Range<usize>> = Vec::new();
        for range in own {
            if widest.last().is_none_or(|last| range.end > last.end) {
                widest.push(range);
            }
        }
        for (range, index) in others {
            let before = widest.partition_point(|own| own.start <= range.start);
            let is_within = before
                .checked_sub(1)
                .and_then(|at| widest.get(at))
                .is_some_and(|own| range.end <= own.end);
            if !is_within {
                let meanings = self.meanings.get(index).into_iter().flatten().flatten();
                meanings.for_each(|meaning| seen(range.clone(), meaning));
            }
        }
    }
}

impl Searcher {
    /// Makes secrets ready. What is the subject's or the controller's own is never found.
    ///
    /// # Errors
    /// A sentence, when there are more than a machine of this kind can hold.
    pub fn new(secrets: &Secrets, own: &Own) -> Result<Self, String> {
        let mut by_words: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
        let mut by_digits: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
        let mut by_squeezed: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
        for form in &own.forms {
            by_words.entry(format!(" {form} ")).or_default().push(None);
            by_squeezed.entry(form.replace(' ', "")).or_default().push(None);
        }
        for number in &own.numbers {
            by_digits.entry(number.clone()).or_default().push(None);
        }
        for secret in &secrets.0 {
            let form = secret.form.reveal();
            if own.forms.contains(form)
                || own.numbers.contains(form)
                || own.is_ours(form)
                || form.is_empty()
            {
                continue;
            }
            let meaning =
                Some((secret.shape, secret.scope, secret.kind, secret.person.reveal().clone()));
            if matches!(secret.shape, Shape::Digits | Shape::Phone) {
                by_digits.entry(form.clone()).or_default().push(meaning);
                continue;
            }
            let joined = form.replace(' ', "");
            if secret.scope == Scope::Everywhere
                && joined.len() >= SQUEEZED_MIN
                && joined.contains(|c: char| !c.is_ascii_digit())
            {
                by_squeezed.entry(joined.clone()).or_default().push(meaning.clone());
            }
            // `Z O E  F Y X`, as headings are set.
            if secret.scope == Scope::Everywhere
                && secret.kind == Kind::Name
                && (5..=40).contains(&joined.chars().count())
            {
                let spaced: Vec<String> = joined.chars().map(String::from).collect();
                let spaced = format!(" {} ", spaced.join(" "));
                by_words.entry(spaced).or_default().push(meaning.clone());
            }
            by_words.entry(format!(" {form} ")).or_default().push(meaning);
        }
        by_squeezed.retain(|form, _| form.len() >= SQUEEZED_MIN);
        let own_words = own.words.clone();
        Ok(Self {
            disguised: Patterns::new(disguises(&by_words))?,
            names: Blurred::new(&by_words),
            own_words,
            words: Patterns::new(by_words)?,
            digits: Patterns::new(by_digits)?,
            squeezed: Patterns::new(by_squeezed)?,
            n_secrets: secrets.0.len(),
        })
    }

    /// How many writings it looks for.
    pub fn n_secrets(&self) -> usize {
        self.n_secrets
    }

    /// Everything found in a text, sorted by place, each stretch once for each person.
    pub fn find(&self, text: &str) -> Vec<Found> {
        self.find_in(&Folds::new(text), text)
    }

    /// The same, in a text that is folded already.
    pub(crate) fn find_in(&self, folds: &Folds, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        self.find_words(&folds.parts, text, &mut found);
        if let Some(joins) = &folds.joins {
            self.find_words(joins, text, &mut found);
        }
        self.squeezed.each(&folds.squeezed, |range, (_, scope, kind, person)| {
            let range = folds.squeezed.source(range, text);
            if !is_apart(&range, text) {
                return;
            }
            found.push(Found { range, kind: *kind, person: person.as_str().into(), scope: *scope });
        });
        self.digits.each(&folds.digits, |range, (shape, scope, kind, person)| {
            let range = folds.digits.source(range, text);
            if let Some(range) = number(range, text, *shape) {
                found.push(Found {
                    range,
                    kind: *kind,
                    person: person.as_str().into(),
                    scope: *scope,
                });
            }
        });
        found.sort_by(|a, b| {
            (a.range.start, b.range.end, &a.person).cmp(&(b.range.start, a.range.end, &b.person))
        });
        found.dedup_by(|a, b| a.range == b.range && a.person == b.person && a.scope == b.scope);
        found
    }

    /// What stands in a text backwards or with its letters moved on by thirteen.
    pub(crate) fn disguised(&self, folds: &Folds) -> Vec<Kind> {
        let mut found = Vec::new();
        self.disguised.each(&folds.parts, |_, (_, _, kind, _)| found.push(*kind));
        found
    }

    /// Names of a text that somebody may have misread: each name, by a number of its own, with how
    /// often it stands there. A word of five letters or more may have one wrong letter.
    pub(crate) fn blurred(&self, text: &str) -> HashMap<usize, usize> {
        self.names.count(text, &self.own_words)
    }

    /// The folded names that a label may stand for: those of a person, or all.
    pub(crate) fn names_of(&self, person: Option<&str>) -> impl Iterator<Item = &str> {
        let names = self.names.names.iter();
        names
            .filter(move |name| person.is_none_or(|person| name.person == person))
            .map(|name| name.form.as_str())
    }

    /// A text of ours, such as a source's title, without what was taken out elsewhere.
    pub fn hide(&self, text: &str) -> String {
        let mut out = String::new();
        let mut at = 0;
        for found in self.find(text).into_iter().filter(|found| found.scope == Scope::Everywhere) {
            if found.range.start >= at {
                out.push_str(text.get(at..found.range.start).unwrap_or(""));
                out.push_str("(another person)");
            }
            at = at.max(found.range.end);
        }
        out.push_str(text.get(at..).unwrap_or(""));
        out
    }

    fn find_words(&self, folded: &Folded, text: &str, found: &mut Vec<Found>) {
        self.words.each(folded, |range, (shape, scope, kind, person)| {
            let is_name = *kind == Kind::Name;
            // A match starts and ends with the space around a word.
            let range = folded.source(range.start + 1..range.end - 1, text);
            let fits = match shape {
                Shape::Capital => is_capital(&range, text),
                Shape::Inner => is_capital(&range, text) && is_inner(&range, text),
                Shape::Words | Shape::Digits | Shape::Phone => true,
            };
            // `Tom Quill <quill.tom@example.org>` holds no `Quill, Tom`.
            let is_one = !is_name || !text.get(range.clone()).unwrap_or("").contains(['<', '>']);
            if fits && is_one {
                found.push(Found {
                    range,
                    kind: *kind,
                    person: person.as_str().into(),
                    scope: *scope,
                });
            }
        });
    }
}

fn is_capital(range: &Range<usize>, text: &str) -> bool {
    text.get(range.clone()).and_then(|text| text.chars().next()).is_some_and(char::is_uppercase)
}

/// Is it neither at the start of a line nor of a sentence?
fn is_inner(range: &Range<usize>, text: &str) -> bool {
    let before = text.get(..range.start).unwrap_or("");
    let mut before = before.chars().rev().take(8);
    match before.find(|c| *c == '\n' || !c.is_whitespace()) {
        Some(c) => !matches!(c, '\n' | '.' | '!' | '?' | ':' | '\u{2022}' | '*' | '"' | '\u{201c}'),
        None => false,
    }
}

/// Does a stretch start and end where a word does, if only by a capital letter (`FromTomQuill`)?
fn is_apart(range: &Range<usize>, text: &str) -> bool {
    let inside = text.get(range.clone()).unwrap_or("");
    let before = text.get(..range.start).and_then(|before| before.chars().next_back());
    let after = text.get(range.end..).and_then(|after| after.chars().next());
    parts(before, inside.chars().next()) && parts(inside.chars().next_back(), after)
}

/// Does a word end between two characters?
fn parts(left: Option<char>, right: Option<char>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return true };
    !left.is_alphanumeric()
        || !right.is_alphanumeric()
        || left.is_lowercase() && right.is_uppercase()
        || left.is_numeric() != right.is_numeric()
}

/// The whole number around its digits, or `None` if they stand within a longer number.
fn number(range: Range<usize>, text: &str, shape: Shape) -> Option<Range<usize>> {
    let before = text.get(..range.start)?;
    let after = text.get(range.end..)?;
    if after.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let n_before = before.bytes().rev().take(6).take_while(u8::is_ascii_digit).count();
    if shape != Shape::Phone {
        return (n_before == 0).then_some(range);
    }
    if n_before > 5 {
        return None;
    }
    Some(range.start - prefix(before)..range.end)
}

/// How many bytes before the last digits of a telephone number belong to it: `+44 (0)`, `0`.
fn prefix(before: &str) -> usize {
    let tail: Vec<char> = before.chars().rev().take(12).collect();
    let mut n = 0;
    let mut end = 0;
    for c in tail {
        if !(c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | ' ' | '-' | '.')) {
            break;
        }
        n += 1;
        let digits: String =
            before[before.len() - n..].chars().filter(char::is_ascii_digit).collect();
        // Every end of `+44 0` and `0044 0`.
        if !"00440".ends_with(&digits) && !"0044".ends_with(&digits) {
            break;
        }
        if c == '+'
            || (c == '(' && !digits.is_empty())
            || ["0", "44", "440", "0044", "00440"].contains(&digits.as_str()) && c.is_ascii_digit()
        {
            end = n;
        }
        if c == '+' {
            break;
        }
    }
    end
}

/// The forms that speak everywhere, backwards and with their letters moved on by thirteen.
fn disguises(by_words: &BTreeMap<String, Vec<Meaning>>) -> BTreeMap<String, Vec<Meaning>> {
    let moved = |c: char| match c {
        'a'..='m' => char::from(c as u8 + 13),
        'n'..='z' => char::from(c as u8 - 13),
        c => c,
    };
    let mut disguises: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
    for (form, meanings) in by_words {
        let far: Vec<Meaning> = meanings
            .iter()
            .filter(|meaning| matches!(meaning, Some((_, Scope::Everywhere, ..))))
            .cloned()
            .collect();
        let n_letters = form.chars().filter(|c| c.is_alphabetic()).count();
        if far.is_empty() || n_letters < 6 {
            continue;
        }
        for disguise in [form.chars().rev().collect::<String>(), form.chars().map(moved).collect()]
        {
            // What reads the same backwards is found as it is.
            if !by_words.contains_key(&disguise) {
                disguises.entry(disguise).or_default().extend(far.iter().cloned());
            }
        }
    }
    disguises
}

#[cfg(test)]
mod tests {
    use habeas_model::{Confidence, Hit, Party};

    use super::*;

    fn hit(kind: Kind, value: &str) -> Hit {
        Hit {
            range: 0..0,
            kind,
            value: value.into(),
            confidence: Confidence::new(1.0),
            party: Party::Unknown,
            rule: String::new(),
        }
    }

    fn searcher() -> Searcher {
        let mut own = Own::default();
        own.allow(Kind::Name, "Harriet Vale");
        own.allow(Kind::Phone, "07700 900999");
        own.allow(Kind::Handle, "Tom Quill-Vale");
        let mut secrets = Secrets::default();
        for (kind, surface, value) in [
            (Kind::Name, "Tom Quill", "quill, tom"),
            (Kind::Name, "Renée Fitzwilliam", "fitzwilliam, renee"),
            (Kind::Phone, "07700 900123", "+447700900123"),
            (Kind::Phone, "07700 900999", "+447700900999"),
            (Kind::Email, "tq@example.org", "tq@example.org"),
            (Kind::NhsNumber, "999 123 4567", "9991234567"),
        ] {
            secrets.add(&hit(kind, value), surface, "p", &own);
        }
        Searcher::new(&secrets, &own).unwrap()
    }

    fn check(text: &str, expected: &[&str]) {
        let mut found: Vec<&str> = searcher()
            .find(text)
            .into_iter()
            .filter(|found| found.scope == Scope::Everywhere)
            .map(|found| &text[found.range])
            .collect();
        found.dedup();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn a_secret_is_found_in_every_writing() {
        check("seen by TOM QUILL today", &["TOM QUILL"]);
        check("Quill, Tom", &["Quill, Tom"]);
        check("tom_quill.pdf", &["tom_quill"]);
        check("Tom\nQuill", &["Tom\nQuill"]);
        check("renee fitz-\nwilliam", &["renee fitz-\nwilliam"]);
        check("r e n e e f i t z w i l l i a m", &["r e n e e f i t z w i l l i a m"]);
        check("ring +44 (0)7700 900-123.", &["+44 (0)7700 900-123"]);
        check("ring 07700900123", &["07700900123"]);
        check("<TQ@EXAMPLE.org>", &["TQ@EXAMPLE.org"]);
        check("FromRenéeFitzwilliamTo", &["RenéeFitzwilliam"]);
        check("9991234567 or 999-123-4567", &["9991234567", "999-123-4567"]);
    }

    #[test]
    fn what_is_own_or_another_thing_is_not_found() {
        check("Harriet Vale, 07700 900999", &[]);
        check("of Quill <tom@example.com>", &[]);
        check("Tom Quill-Vale", &[]);
        check("Tom Quillan, xtq@example.org", &[]);
        check("8899912345670", &[]);
    }

    #[test]
    fn a_first_name_counts_with_its_capital_letter() {
        let found = searcher().find("Then Tom rang; a tom cat.");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].range, 5..8);
    }
}
