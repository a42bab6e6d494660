//! When are two ordinary words with capitals somebody: Rose Reading, Grace Hill, Will May?

use super::super::hits::Draft;
use super::cues::{ORGANISATIONS, is_weak, role};
use super::draft;
use super::greeting::is_weekday;
use super::prose::Reader;
use super::token::{Gap, Shape};
use crate::PersonName;
use crate::fold::is_apostrophe;
use crate::name::{given_level, surname_level};
use crate::normal::is_street_word;

/// Words between which and a name `by` or `to` stands: what is done by somebody, or said to somebody.
const DONE: &[&str] = &[
    "spoke",
    "speak",
    "spoken",
    "speaking",
    "talk",
    "talked",
    "talking",
    "chat",
    "chatted",
    "according",
    "reported",
    "seen",
    "taken",
    "made",
    "written",
    "led",
    "chaired",
    "witnessed",
    "handed",
    "given",
    "sent",
    "signed",
    "told",
    "treated",
    "reviewed",
    "approved",
    "prepared",
    "raised",
    "met",
    "meeting",
    "passed",
    "addressed",
    "statement",
    "account",
    "evidence",
    "complaint",
    "interview",
    "email",
    "letter",
    "message",
    "conversation",
    "call",
    "over",
];

fn is_month_or_day(folded: &str) -> bool {
    matches!(
        folded,
        "january"
            | "february"
            | "march"
            | "april"
            | "may"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
            | "day"
            | "term"
    ) || is_weekday(folded)
}

impl Reader<'_> {
    /// A common given name that is a word and another word, where something says that a person is meant.
    pub(super) fn wordy_pair(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let (first, last) = (self.judged(at)?, self.judged(at + 1)?);
        let (token, next) = (&self.tokens[at], self.token(at + 1)?);
        let is_caps =
            token.shape == Shape::Upper && next.shape == Shape::Upper && self.is_apposed(at);
        let is_pair = (is_caps || token.shape == Shape::Title && next.shape == Shape::Title)
            && (next.gap == Gap::Blank
                || next.gap == Gap::Break && self.goes_on(at, at + 1, false))
            && (first.is_word || last.is_word || last.is_place)
            && given_level(&first.folded) == Some(1)
            && !first.is_never()
            && !last.is_never()
            && !last.is_title
            && !ORGANISATIONS.contains(&last.folded.as_str());
        let is_run = |i: usize, gap: Gap| {
            gap == Gap::Blank && self.token(i).is_some_and(|other| other.is_capital())
        };
        if !is_pair
            || at > 0 && is_run(at - 1, token.gap) && !self.tokens[at - 1].is_first
            || self.token(at + 2).is_some_and(|more| is_run(at + 2, more.gap))
            || !self.is_a_person_meant(at, at + 2)
        {
            return None;
        }
        let range = token.range.start..next.range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        drafts.push(draft(range, name.value(), 0.62, "name:cue"));
        Some(at + 2)
    }

    /// `the panel of Dean Lane`, `with Summer Street`: a given name and a word, or a street's, where people are
    /// spoken of and no place is.
    pub(super) fn wordy_unsure(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let (first, last) = (self.judged(at)?, self.judged(at + 1)?);
        let (token, next) = (&self.tokens[at], self.token(at + 1)?);
        let is_run = |i: usize| {
            self.token(i).is_some_and(|other| other.gap == Gap::Blank && other.is_capital())
        };
        let given = given_level(&first.folded);
        let is_pair = token.shape == Shape::Title
            && next.shape == Shape::Title
            && next.gap == Gap::Blank
            && (given == Some(1)
                || given == Some(2) && surname_level(&last.folded).is_some_and(|level| level < 3))
            && surname_level(&last.folded).is_some_and(|level| {
                level < 3
                    || is_street_word(&last.folded)
                    || !ORGANISATIONS.contains(&last.folded.as_str())
            })
            && !first.is_never()
            && !is_month_or_day(&last.folded)
            && !crate::name::is_place(&format!("{} {}", first.folded, last.folded))
            && !last.is_title;
        let is_behind = at > 0
            && token.gap == Gap::Blank
            && self.tokens[at - 1].is_capital()
            && !self.tokens[at - 1].is_first;
        let does = self.does_strongly(at + 2);
        // In the midst of a sentence nothing else has two capitals, but what stands at a place, and terms.
        let is_likely = self.is_among_people(at) || !token.is_first && self.is_no_place(at) || does;
        if !is_pair || is_behind || is_run(at + 2) || token.is_first && !does || !is_likely {
            return None;
        }
        let range = token.range.start..next.range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        drafts.push(draft(range, name.value(), 0.45, "name:unsure"));
        Some(at + 2)
    }

    /// Does neither a word for a place, nor an article, nor a number stand before?
    fn is_no_place(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let last = self.judged(at + 1).map_or("", |last| last.folded.as_str());
        let is_thing = is_street_word(last) || ORGANISATIONS.contains(&last);
        let lower = self.lower(before);
        let is_led = matches!(
            lower.as_ref(),
            "in" | "at"
                | "on"
                | "off"
                | "near"
                | "along"
                | "down"
                | "up"
                | "into"
                | "the"
                | "this"
                | "our"
                | "your"
                | "a"
                | "an"
                | "my"
                | "their"
                | "its"
                | "every"
                | "next"
                | "last"
                | "past"
                | "via"
                | "towards"
                | "through"
                | "for"
                | "from"
                | "to"
                | "of"
                | "by"
                | "new"
                | "any"
                | "no"
                | "all"
        ) || lower.contains(|c: char| c.is_ascii_digit());
        // `12 Dean Lane`, `Oak Avenue, Dean Lane`: a street is among people only where nothing speaks of places.
        !is_led && (!is_thing || self.tokens[at].gap != Gap::Comma || self.is_apposed(at))
    }

    /// Does what stands before lead to a person: `with`, `told`, `and` behind a name, `panel of`?
    fn is_among_people(&self, at: usize) -> bool {
        const GROUPS: &[&str] = &[
            "panel",
            "evidence",
            "statement",
            "account",
            "complaint",
            "interview",
            "behalf",
            "view",
            "children",
            "wife",
            "husband",
            "widow",
            "name",
            "death",
            "care",
            "presence",
            "absence",
            "views",
            "words",
            "opinion",
            "request",
            "son",
            "daughter",
            "mother",
            "father",
            "advice",
        ];
        let Some(before) = at.checked_sub(1).filter(|_| self.tokens[at].gap == Gap::Blank) else {
            return self.is_apposed(at);
        };
        let lower = self.lower(before);
        let is_joined = || {
            before.checked_sub(1).is_some_and(|i| {
                let token = &self.tokens[before];
                matches!(token.gap, Gap::Blank | Gap::Comma)
                    && self.judged(i).is_some_and(|other| {
                        !other.is_never()
                            && !is_street_word(&other.folded)
                            && !ORGANISATIONS.contains(&other.folded.as_str())
                            && (self.tokens[i].shape == Shape::Initial || other.best() >= 0.5)
                            && i > 0
                            && self.judged(i - 1).is_some_and(|first| first.given >= 0.25)
                    })
            })
        };
        match lower.as_ref() {
            "with" | "told" | "asked" | "saw" | "met" | "that" | "because" | "whether"
            | "between" => true,
            "of" | "to" | "from" | "by" => {
                self.is_done_by(at)
                    || before
                        .checked_sub(1)
                        .is_some_and(|i| GROUPS.contains(&self.lower(i).as_ref()))
            }
            "and" | "or" => is_joined(),
            _ => false,
        }
    }

    /// Does a word before, a verb behind, or a line of its own say that a person is meant?
    pub(super) fn is_a_person_meant(&self, at: usize, end: usize) -> bool {
        self.has_cue(at, end)
            || self.does_something(end)
            || self.is_done_by(at)
            || self.view.text[self.tokens[end - 1].range.end..].starts_with(is_apostrophe)
            || self.stands_on_a_line(at, end)
            || self.is_apposed(at)
    }

    /// `spoke to X`, `reported by X`, `a statement of X`.
    pub(super) fn is_done_by(&self, at: usize) -> bool {
        at > 1
            && self.tokens[at].gap == Gap::Blank
            && self.tokens[at - 1].gap == Gap::Blank
            && matches!(self.lower(at - 1).as_ref(), "to" | "by" | "with" | "from" | "of")
            && DONE.contains(&self.lower(at - 2).as_ref())
    }

    /// `- Grace Hill (chair)`: a line of a list that holds a name and perhaps an aside.
    fn stands_on_a_line(&self, at: usize, end: usize) -> bool {
        // A line may be as long as the text, so only what is next to the words is looked at.
        let text = self.view.text;
        let start = self.tokens[at].range.start;
        let before = text[..start].trim_end_matches(['-', '•', '*', '–', ' ', '\t']);
        let has_bullet = text[before.len()..start].contains(['-', '•', '*', '–']);
        let after = text[self.tokens[end - 1].range.end..].trim_start_matches([' ', '\t', '\r']);
        has_bullet
            && (before.is_empty() || before.ends_with('\n'))
            && (after.is_empty() || after.starts_with(['(', '\n']))
    }

    /// `the landlord, Rose Reading,`
    fn is_apposed(&self, at: usize) -> bool {
        at > 0
            && self.tokens[at].gap == Gap::Comma
            && self.is(at - 1, role::BEFORE)
            && !is_weak(&self.lower(at - 1))
            && (self.tokens[at - 1].shape == Shape::Lower
                || self.tokens[at - 1].shape == Shape::Upper
                    && self.tokens[at].shape == Shape::Upper)
    }
}
