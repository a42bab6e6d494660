//! Whom do titles and greetings name?

use super::super::hits::Draft;
use super::cues::role;
use super::draft;
use super::judge::Judged;
use super::prose::Reader;
use super::token::{Gap, Shape, Token};
use crate::PersonName;
use crate::name::{given_level, surname_level};
use crate::normal::is_street_word;

/// Whom people greet who have no name.
const NOBODY: &[&str] = &[
    "thankyou", "babe", "hunni", "hunny", "peeps", "ladies", "folks", "lovely", "bestie", "allll",
    "there", "chick", "matey", "buddy", "guyz", "yall", "team", "everyone",
];

/// Is a folded word a day of the week?
pub(super) fn is_weekday(folded: &str) -> bool {
    matches!(
        folded,
        "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday"
    )
}

fn is_day(folded: &str) -> bool {
    is_weekday(folded) || folded == "march"
}

impl Reader<'_> {
    /// `Mrs Smith`, `Dr J. van Dijk`, `mr jones`.
    pub(super) fn after_title(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let token = &self.tokens[at];
        if token.shape == Shape::Lower && !matches!(token.range.len(), 2..=4) {
            return None;
        }
        let lower = self.lower(at);
        let is_small = token.shape == Shape::Lower
            && matches!(lower.as_ref(), "mr" | "mrs" | "ms" | "miss" | "dr" | "prof");
        let judged = self.judged(at);
        if !is_small && !judged.is_some_and(|judged| judged.is_title) {
            return None;
        }
        let is_plain = is_small
            || judged.is_some_and(Judged::is_plain_title)
            || matches!(lower.as_ref(), "miss" | "sir" | "dame");
        let next = self.token(at + 1)?;
        if !matches!(next.gap, Gap::Blank | Gap::Dot | Gap::Break)
            || (next.gap == Gap::Break && !is_plain)
        {
            return None;
        }
        // `Mr and Mrs Smith`
        let is_joined = self.text(at + 1).eq_ignore_ascii_case("and")
            || self.view.text[token.range.end..].starts_with(" & ");
        if is_plain && is_joined {
            return None;
        }
        // A second title: `Prof Dr Smith`.
        let mut from = at + 1;
        while self.judged(from).is_some_and(Judged::is_plain_title)
            && self.token(from + 1).is_some()
        {
            from += 1;
        }
        let mut end = self.extend(from, true);
        if end == from
            && (is_small || is_plain && !matches!(lower.as_ref(), "sir" | "dame" | "miss"))
        {
            // `mrs smith`: one word that is no plain word.
            let word = Judged::new(self.text(from), &self.view.setting.directory);
            if self.tokens[from].shape == Shape::Lower
                && (word.surname >= 0.5 || word.is_unknown)
                && word.folded.len() > 2
            {
                end = from + 1;
            }
            // `mr van der meer`, `mrs de luca`
            let n_particles = (from..from + 3)
                .take_while(|&i| self.token(i).is_some() && self.is(i, role::PARTICLE))
                .count();
            let last = from + n_particles;
            if n_particles > 0
                && self
                    .token(last)
                    .is_some_and(|last| last.gap == Gap::Blank && last.shape == Shape::Lower)
            {
                let word = Judged::new(self.text(last), &self.view.setting.directory);
                if word.folded.len() > 2 && !word.is_word {
                    end = last + 1;
                }
            }
        }
        let next = &self.tokens[from];
        // `Sgt Street`, `Matron Lane`: behind a title even such a word is a family name.
        let is_street = next.shape == Shape::Title
            && next.gap != Gap::Break
            && self.judged(from).is_some_and(|judged| {
                matches!(surname_level(&judged.folded), Some(1 | 2))
                    && (is_street_word(&judged.folded) || is_day(&judged.folded))
            })
            && token.is_capital()
            && !self
                .token(from + 1)
                .is_some_and(|more| more.gap == Gap::Blank && more.is_capital());
        if end == from && is_street {
            end = from + 1;
        }
        if end == from {
            return None;
        }
        let first = self.judged(from);
        let is_wordy = first.is_some_and(|first| first.is_word && first.best() < 0.3) && !is_street;
        // `Nurse Practitioner`, `Judge Advocate`, `Miss You`: a wordy title wants a name behind it.
        if is_wordy && !is_plain {
            return None;
        }
        if first.is_some_and(Judged::is_never) && !self.is_dotted_initial(from) && !is_street {
            return None;
        }
        let range = token.range.start..self.tokens[end - 1].range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        let confidence = match (is_plain, is_wordy, is_small) {
            (true, _, true) => 0.8,
            (true, true, _) => 0.75,
            (true, false, _) => 0.95,
            (false, ..) => 0.85,
        };
        let name = if name.title.is_empty() && name.surname.is_empty() {
            PersonName { surname: name.given.join(" "), given: Vec::new(), ..name }
        } else {
            name
        };
        drafts.push(draft(range, name.value(), confidence, "name:title"));
        Some(end)
    }

    /// `Dear Jane`, `hi jane`, `Hello Mrs` (a title is found by its own rule).
    pub(super) fn after_greeting(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let token = &self.tokens[at];
        let opens = token.is_first
            || at == 0
            || matches!(self.lower(at - 1).as_ref(), "oh" | "good" | "my");
        if !opens {
            return None;
        }
        if !self.is(at, role::GREETING) && !matches!(token.range.len(), 4 | 7 | 9) {
            return None;
        }
        let mut from = at + 1;
        let lower = self.lower(at);
        if matches!(lower.as_ref(), "good")
            && self.token(from).is_some()
            && matches!(self.lower(from).as_ref(), "morning" | "afternoon" | "evening")
        {
            from += 1;
        } else if !self.is(at, role::GREETING) {
            // `Morning Joanne`
            let is_time = matches!(lower.as_ref(), "morning" | "afternoon" | "evening");
            if !is_time || !self.token(from).is_some_and(Token::is_capital) {
                return None;
            }
        }
        let next = self.token(from)?;
        if !matches!(next.gap, Gap::Blank | Gap::Comma)
            || self.judged(from).is_some_and(|judged| judged.is_title || judged.is_never())
        {
            return None;
        }
        let mut end = self.extend(from, true);
        let mut confidence = 0.9;
        if end == from {
            let word = Judged::new(self.text(from), &self.view.setting.directory);
            // `hi will,` and `hi xiaoming,`: a sign behind it shows that nothing else is greeted.
            let ends = || {
                let after = &self.view.text[next.range.end..];
                after.is_empty() || after.starts_with([',', '\n', '!'])
            };
            let is_named = word.given >= 0.5
                || (given_level(&word.folded) == Some(1)
                    || word.is_unknown
                        && word.folded.len() > 3
                        && !NOBODY.contains(&word.folded.as_str()))
                    && ends();
            if next.shape != Shape::Lower || !is_named || word.is_never() {
                return None;
            }
            confidence = 0.8;
            end = from + 1;
            if self
                .token(end)
                .is_some_and(|more| more.gap == Gap::Blank && more.shape == Shape::Lower)
            {
                let more = Judged::new(self.text(end), &self.view.setting.directory);
                end += usize::from(more.surname >= 0.5 && more.folded.len() > 3);
            }
        } else if self.judged(from).is_some_and(|judged| judged.is_word && judged.best() < 0.2) {
            // `Dear Customer`, `Dear All`
            return None;
        }
        let range = next.range.start..self.tokens[end - 1].range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        drafts.push(draft(range, name.value(), confidence, "name:salutation"));
        // `Hi Jane and Tom`, `Dear Jane, Tom`
        Some(self.listed(end, confidence - 0.1, drafts))
    }

    /// More given names behind one: `and Tom`, `, Tom`, `/ Tom`.
    pub(super) fn listed(&self, mut at: usize, confidence: f32, drafts: &mut Vec<Draft>) -> usize {
        while let Some(token) = self.token(at) {
            let is_and = token.gap == Gap::Blank
                && matches!(self.lower(at).as_ref(), "and" | "und" | "et" | "y");
            let name_at = if is_and { at + 1 } else { at };
            let Some(next) = self.token(name_at) else { break };
            let gap = &self.view.text[self.tokens[name_at - 1].range.end..next.range.start];
            let is_joined = is_and || gap.trim() == "&" || gap.trim() == "/" || gap.trim() == ",";
            let is_name = self.judged(name_at).is_some_and(|judged| {
                !judged.is_never()
                    && (judged.given >= 0.5 || given_level(&judged.folded) == Some(1))
            });
            if !is_joined || !is_name || gap.contains('\n') {
                break;
            }
            let end = self.extend(name_at, true).max(name_at + 1);
            let range = next.range.start..self.tokens[end - 1].range.end;
            if let Some(name) = PersonName::parse(&self.view.text[range.clone()]) {
                drafts.push(draft(range, name.value(), confidence, "name:salutation"));
            }
            at = end;
        }
        at
    }
}
