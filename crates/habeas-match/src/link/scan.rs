//! Where does a text name the subject, though no recogniser took it for a name or an address?

use std::ops::Range;

use habeas_model::{Hit, Kind, Meaning, Passage};

use super::lexicon::{is_given, is_ordinary};
use super::names::{Fit, Names, Shape};
use crate::fold::{latin, words};
use crate::name::TITLES;
use crate::normal;

/// A word of a passage.
pub(super) struct Token {
    /// Folded.
    pub(super) word: String,
    pub(super) range: Range<usize>,
    is_capital: bool,
    /// Is it part of a name that a recogniser found?
    pub(super) is_named: bool,
}

/// The folded words of a passage outside captions.
pub(super) fn tokens(passage: &Passage, hits: &[Hit]) -> Vec<Token> {
    let text = &passage.text;
    let mut captions = passage
        .fields
        .iter()
        .filter(|field| field.meaning == Meaning::Caption)
        .map(|field| &field.range)
        .peekable();
    let mut hits = hits.iter().filter(|hit| hit.kind != Kind::Date).peekable();
    let mut found = Vec::with_capacity(text.len() / 6);
    for range in words(text) {
        while captions.next_if(|caption| caption.end <= range.start).is_some() {}
        while hits.next_if(|hit| hit.range.end <= range.start).is_some() {}
        if captions.peek().is_some_and(|caption| caption.start < range.end) {
            continue;
        }
        let raw = &text[range.clone()];
        let is_named =
            hits.peek().is_some_and(|hit| hit.range.start < range.end && !is_half_name(hit));
        let is_capital = raw.starts_with(char::is_uppercase);
        found.push(Token { word: latin(raw), range, is_capital, is_named });
    }
    found
}

/// Is a hit a given name or a family name alone, of which the other half may stand beside it?
fn is_half_name(hit: &Hit) -> bool {
    let value = hit.value.reveal();
    hit.kind == Kind::Name
        && value
            .split_once(',')
            .is_none_or(|(one, other)| one.trim().is_empty() || other.trim().is_empty())
}

/// Where a stated address begins in text that writes it in small letters, and its normal form there.
pub(super) fn address_at(stated: &str, tokens: &[Token], text: &str) -> Option<(usize, String)> {
    let (number, street, _) = normal::address_parts(stated);
    let number = number.split_whitespace().last()?;
    let first = street.split_whitespace().next().filter(|word| word.len() > 2)?;
    tokens.windows(2).enumerate().find_map(|(at, pair)| {
        if pair[0].word != number || pair[1].word != first {
            return None;
        }
        let end = tokens.get(at + street.split_whitespace().count().max(1))?.range.end;
        let value = normal::value(Kind::Address, text.get(pair[0].range.start..end)?)?;
        let (found_number, found_street, _) = normal::address_parts(&value);
        let is_same = found_number.ends_with(number) && found_street == street;
        is_same.then_some((pair[0].range.start, value))
    })
}

pub(super) type Found = (Fit, Range<usize>, Option<&'static str>);

/// A given name of the subject at this word, and a family name beside it.
pub(super) fn full_at(names: &Names, tokens: &[Token], at: usize) -> Option<Found> {
    let first = &tokens[at];
    let is_given = names.is_given_word(&first.word);
    let is_surname = names.is_surname_word(&first.word);
    if first.is_named {
        return None;
    }
    if !(is_given || is_surname) {
        return broken_at(names, tokens, at);
    }
    let mut best: Option<Found> = None;
    for distance in 1..=2 {
        for other in [at.checked_sub(distance), Some(at + distance)].into_iter().flatten() {
            let Some(other) =
                tokens.get(other).filter(|other| !other.is_named && other.word.chars().count() > 2)
            else {
                continue;
            };
            let (given, surname) = if is_given { (first, other) } else { (other, first) };
            let fit = names.compare(&format!("{}, {}", surname.word, given.word));
            if fit.shape != Shape::Full {
                continue;
            }
            // In between may be a middle name; without one the two belong together.
            let share = match (distance, given.range.start < surname.range.start) {
                (1, true) => 1.0,
                (1, false) => 0.4,
                (_, true) => 0.3,
                (_, false) => 0.1,
            };
            let fit = Fit { factor: fit.factor * share, ..fit };
            let start = first.range.start.min(other.range.start);
            let end = first.range.end.max(other.range.end);
            if best.as_ref().is_none_or(|(known, ..)| fit.factor > known.factor) {
                best = Some((fit, start..end, None));
            }
        }
    }
    best
}

/// Both names of the subject, neither spelled well, side by side, as scanners leave them.
fn broken_at(names: &Names, tokens: &[Token], at: usize) -> Option<Found> {
    let (first, second) = (&tokens[at], tokens.get(at + 1).filter(|next| !next.is_named)?);
    let is_likely = |token: &Token| token.is_capital && names.is_near_word(&token.word);
    if !(is_likely(first) && is_likely(second)) {
        return None;
    }
    let direct = names.compare(&format!("{}, {}", second.word, first.word));
    let swapped = names.compare(&format!("{}, {}", first.word, second.word));
    let fit = if direct.factor >= swapped.factor { direct } else { swapped };
    (fit.shape == Shape::Full).then_some((fit, first.range.start..second.range.end, None))
}

/// A family name of the subject at this word, alone, after a title or after an initial.
pub(super) fn lone_at(names: &Names, tokens: &[Token], at: usize, text: &str) -> Option<Found> {
    let token = &tokens[at];
    if token.is_named || !names.is_surname_word(&token.word) {
        return None;
    }
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let title =
        before.and_then(|before| TITLES.iter().find(|title| **title == before.word).copied());
    if let Some(before) = before.filter(|before| !before.is_named) {
        if before.word.chars().count() == 1 {
            let fit = names.compare(&format!("{}, {}", token.word, before.word));
            if fit.shape == Shape::Initial {
                return Some((fit, before.range.start..token.range.end, None));
            }
        }
        // `Karen Smith` where no recogniser saw a name: somebody else.
        let is_close = text.get(before.range.end..token.range.start) == Some(" ");
        if is_close && title.is_none() && before.is_capital && is_given(&before.word) {
            return None;
        }
    }
    if title.is_none() && (!token.is_capital || is_ordinary(&token.word)) {
        return None;
    }
    let fit = names.compare(&format!("{},", token.word));
    (fit.shape == Shape::Surname).then(|| {
        let doubt = if title.is_some() { 1.0 } else { 0.3 };
        (Fit { factor: fit.factor * doubt, ..fit }, token.range.clone(), title)
    })
}

/// A given name of the subject at this word, alone, that no recogniser knows for a name.
pub(super) fn given_at(names: &Names, tokens: &[Token], at: usize, text: &str) -> Option<Found> {
    let token = &tokens[at];
    let is_name = !token.is_named
        && token.is_capital
        && token.word.chars().count() > 2
        && names.is_given_word(&token.word)
        && !is_ordinary(&token.word);
    // Beside another word that is written as a name it is that person's.
    let is_beside =
        |one: &Token, other: &Token| text.get(one.range.end..other.range.start) == Some(" ");
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let is_led = before.is_some_and(|before| {
        is_beside(before, token)
            && (before.is_named || (before.is_capital && is_given(&before.word)))
    });
    let is_followed = tokens
        .get(at + 1)
        .is_some_and(|next| is_beside(token, next) && (next.is_capital || next.is_named));
    if !is_name || is_led || is_followed {
        return None;
    }
    let fit = names.compare(&format!(", {}", token.word));
    (fit.shape == Shape::Given).then(|| (fit, token.range.clone(), None))
}
