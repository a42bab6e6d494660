//! Which people are named by initials alone?

use std::collections::HashMap;

use habeas_model::Kind;

use super::super::hits::{Draft, overlaps};
use super::super::view::View;
use super::cues::{ROLES, role};
use super::draft;
use super::judge::is_never;
use super::prose::Reader;
use super::repeat::Known;
use super::token::{Gap, Shape, Token, tokens};

/// Letters with dots that are no person's.
const NOT_PEOPLE: &[&str] = &[
    "us", "uk", "eu", "un", "am", "pm", "eg", "ie", "nb", "ps", "ba", "bs", "ma", "dc", "tv", "ad",
    "bc", "cv", "id", "po", "rc", "usa", "ni", "sa", "bv", "nv", "as", "ok", "la", "ny", "gp",
    "phd", "bsc", "msc", "ip", "hq", "vip", "asap", "rip", "aka", "fao",
];

impl Reader<'_> {
    /// `A.H.`: two or three initials with dots and no name behind them, as judgments and minutes have them.
    pub(super) fn dotted(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        if self.tokens[at].shape != Shape::Initial {
            return None;
        }
        let text = self.view.text;
        let is_next = |i: usize| {
            self.token(i).is_some_and(|token| {
                // `M.a.`: one of Mohammed al-Rashid.
                let is_letter = token.range.len() == 1 && token.shape == Shape::Lower;
                (token.shape == Shape::Initial || is_letter)
                    && text[self.tokens[i - 1].range.end..token.range.start].len() <= 2
                    && token.gap == Gap::Dot
            })
        };
        let n = 1 + (at + 1..at + 4).take_while(|&i| is_next(i)).count();
        let end = at + n;
        if !(2..=3).contains(&n) || !text[self.tokens[end - 1].range.end..].starts_with('.') {
            return None;
        }
        let letters: String = (at..end).map(|i| self.text(i).to_lowercase()).collect();
        // `Global A.Ş.`: the form of a company behind its name.
        let is_behind = at > 0
            && self.tokens[at].gap == Gap::Blank
            && self.tokens[at - 1].is_capital()
            && !self.tokens[at - 1].is_first;
        // `M.a.` is no degree.
        let is_mixed = self.tokens[end - 1].shape == Shape::Lower;
        if is_behind || !is_mixed && NOT_PEOPLE.contains(&crate::latin(&letters).as_str()) {
            return None;
        }
        let is_cued = at > 0 && self.is(at - 1, role::BEFORE) || self.does_something(end);
        let given: Vec<String> = (at..end).map(|i| crate::latin(self.text(i))).collect();
        let range = self.tokens[at].range.start..self.tokens[end - 1].range.end;
        let confidence = if is_cued { 0.6 } else { 0.5 };
        drafts.push(draft(
            range,
            format!(", {}", given.join(" ")),
            confidence,
            "name:initials_alone",
        ));
        Some(end)
    }
}

/// Short forms of offices and professions, which do things as people do.
const OFFICES: &str = "qa hr it gp pr ed ae ot pt sw cs dn hv ic pa md vp ceo cfo coo cto ico nhs cqc hse dpo gmc nmc \
    cps ccg icb mdt pals uk eu us un bbc itv ups dhl tnt rm post dwp dvla tv pc id ct mri ecg ok am pm tbc tba tbd na nb \
    ps po vat pdf app sms ops acc mgt mgmt fd sm bm am rm dm gm pm tl ta hca it sar foi fyi cc re fw ref no yes nil all \
    we us me my our her him his she he they who";

impl Reader<'_> {
    /// `checked by BM`, `passed to BM`, and `BM` alone on the last line: initials of somebody whose name
    /// stands nowhere in the text.
    pub(super) fn lone_initials(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let token = &self.tokens[at];
        if token.shape != Shape::Upper || !(2..=3).contains(&token.range.len()) {
            return None;
        }
        let text = self.view.text;
        let letters = self.text(at).to_lowercase();
        let (before, after) = (&text[..token.range.start], &text[token.range.end..]);
        let ends_text = || {
            before.ends_with('\n')
                && before.len() > 40
                && after.trim_matches(|c: char| c.is_whitespace() || c == '.').is_empty()
        };
        let is_done_by = || {
            at > 1
                && token.gap == Gap::Blank
                && matches!(self.lower(at - 1).as_ref(), "by" | "to" | "w")
                && matches!(
                    self.lower(at - 2).as_ref(),
                    "checked"
                        | "seen"
                        | "passed"
                        | "signed"
                        | "noted"
                        | "taken"
                        | "entered"
                        | "reviewed"
                        | "updated"
                        | "spoke"
                        | "handed"
                        | "rebook"
                        | "rebooked"
                        | "booked"
                        | "typed"
                        | "filed"
                        | "witnessed"
                        | "completed"
                        | "recorded"
                        | "written"
                        | "notes"
                        | "minutes"
                        | "authorised"
                        | "approved"
                )
        };
        let is_word = || {
            is_never(&letters)
                || letters.chars().any(|c| !c.is_alphabetic())
                || OFFICES.split_whitespace().any(|office| office == letters)
                || crate::name::word_level(&letters).is_some_and(|level| level <= 35)
        };
        if !(is_done_by() || ends_text()) || is_word() {
            return None;
        }
        let given: Vec<String> = letters.chars().map(|c| crate::latin(&c.to_string())).collect();
        let value = format!(", {}", given.join(" "));
        drafts.push(draft(token.range.clone(), value, 0.55, "name:initials_alone"));
        Some(at + 1)
    }
}

/// Finds people of the document again by their initials: `Anna Holt (AH)`, `Action: AH`, `AH: agreed`.
pub(crate) fn spread(view: &View<'_>, drafts: &mut Vec<Draft>, near: &Known, far: Option<&Known>) {
    let mut people: HashMap<String, Vec<&str>> = HashMap::new();
    for value in [Some(near), far]
        .into_iter()
        .flatten()
        .filter(|known| !known.is_crowd())
        .flat_map(Known::values)
    {
        for letters in initials_of(value) {
            let known = people.entry(letters).or_default();
            if !known.contains(&value) {
                known.push(value);
            }
        }
    }
    if people.is_empty()
        || !words_in_capitals(view.text).any(|word| people.contains_key(&word.to_ascii_lowercase()))
    {
        return;
    }
    let taken: Vec<_> = drafts
        .iter()
        .filter(|draft| draft.confidence >= 0.5)
        .map(|draft| draft.range.clone())
        .collect();
    let taken: Vec<&std::ops::Range<usize>> = taken.iter().collect();
    // Where names end, for what stands in brackets behind them.
    let names = drafts.iter().filter(|draft| draft.kind == Kind::Name);
    let ends: HashMap<usize, String> =
        names.map(|draft| (draft.range.end, draft.value.clone())).collect();
    let tokens = tokens(view.text);
    let mut found: Vec<(Draft, bool)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.shape != Shape::Upper
            || !(2..=3).contains(&token.range.len())
            || overlaps(&taken, &token.range)
        {
            continue;
        }
        let letters = view.text[token.range.clone()].to_lowercase();
        let Some(values) = people.get(&letters) else { continue };
        let is_defined = is_defined(view.text, token, &ends, values);
        // `GP` and `HR` are nobody, unless the text says whom it calls so.
        let is_said = || {
            found.iter().any(|(one, is_defined)| {
                *is_defined && view.text[one.range.clone()] == view.text[token.range.clone()]
            })
        };
        if !is_defined && is_never(&letters) && !is_said() {
            continue;
        }
        let value = match values.as_slice() {
            [one] => (*one).to_owned(),
            _ => format!(", {letters}"),
        };
        let is_led = is_led(view.text, &tokens, at);
        if is_defined || is_led {
            let confidence = if is_defined { 0.85 } else { 0.7 };
            found.push((
                draft(token.range.clone(), value, confidence, "name:initials_known"),
                is_defined,
            ));
        } else if values.len() == 1 {
            // Stands if the same letters are said to be that person's elsewhere.
            found.push((draft(token.range.clone(), value, 0.0, "name:initials_known"), false));
        }
    }
    let defined: Vec<String> = found
        .iter()
        .filter(|(_, is_defined)| *is_defined)
        .map(|(draft, _)| view.text[draft.range.clone()].to_owned())
        .collect();
    for (mut one, _) in found {
        if one.confidence == 0.0
            && defined.iter().any(|letters| letters == &view.text[one.range.clone()])
        {
            one.confidence = 0.7;
        }
        if one.confidence > 0.0 {
            drafts.push(one);
        }
    }
}

/// Words of two or three capitals. Most texts have few, and need no second look.
fn words_in_capitals(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| matches!(word.len(), 2 | 3) && word.bytes().all(|b| b.is_ascii_uppercase()))
}

/// `ah` and `asj` of `smith-jones, anna`: first letter of the given names and of each part of the family name.
fn initials_of(value: &str) -> Vec<String> {
    let Some((surname, given)) = value.split_once(", ") else { return Vec::new() };
    let letters = |text: &str| -> String {
        text.split([' ', '-'])
            .filter_map(|word| word.chars().next())
            .filter(char::is_ascii)
            .collect()
    };
    let (given, surname) = (letters(given), letters(surname));
    let (Some(first), Some(last)) = (given.get(..1), surname.get(..1)) else { return Vec::new() };
    let mut all =
        vec![format!("{first}{last}"), format!("{given}{surname}"), format!("{first}{surname}")];
    all.retain(|letters| letters.len() <= 3);
    all.sort_unstable();
    all.dedup();
    all
}

/// `Anna Holt (AH)`: do the letters stand in brackets behind a name that they are of?
fn is_defined(text: &str, token: &Token, ends: &HashMap<usize, String>, values: &[&str]) -> bool {
    let before = text[..token.range.start].trim_end_matches(['(', '[', '–', '-', ' ', ',']);
    let gap = &text[before.len()..token.range.start];
    gap.contains(['(', '[', '–', '-'])
        && ends.get(&before.len()).is_some_and(|value| values.contains(&value.as_str()))
}

/// `AH:`, `Action: AH`, `(AH)`, `AH to send it`, `seen by AH`.
fn is_led(text: &str, tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let (before, after) = (&text[..token.range.start], &text[token.range.end..]);
    let roles = |i: usize| {
        let word = text[tokens[i].range.clone()].to_lowercase();
        (ROLES.get(word.as_str()).copied().unwrap_or_default(), word)
    };
    let is_near = |i: usize| matches!(tokens[i].gap, Gap::Blank | Gap::Stop | Gap::Other);
    let has_lead = at > 0 && is_near(at) && {
        let (bits, word) = roles(at - 1);
        let is_action = matches!(
            word.as_str(),
            "action" | "actions" | "owner" | "lead" | "initials" | "per" | "via"
        );
        !tokens[at - 1].range.is_empty()
            && (is_action
                || token.gap == Gap::Blank
                    && bits & role::BEFORE != 0
                    && word != "and"
                    && word != "or")
    };
    let does = tokens.get(at + 1).is_some_and(|next| {
        let (bits, word) = roles(at + 1);
        next.gap == Gap::Blank
            && next.shape == Shape::Lower
            && (bits & role::STRONG != 0 || word == "to" || word == "will" || word == "has")
    });
    let is_bracketed = before.ends_with(['(', '[']) && after.starts_with([')', ']', '/', ',']);
    (token.is_first && after.starts_with(':')) || has_lead || does || is_bracketed
}
