//! When is one word alone a name?

use std::borrow::Cow;

use super::super::hits::Draft;
use super::cues::{NOT_LOWER, ORGANISATIONS, THINGS, is_weak, role};
use super::draft;
use super::greeting::is_weekday;
use super::judge::Judged;
use super::prose::Reader;
use super::repeat::is_glued;
use super::token::{Gap, Shape};
use crate::PersonName;
use crate::latin;
use crate::name::{given_level, is_place, surname_level, word_level};
use crate::normal::is_street_word;

impl Reader<'_> {
    /// One capitalised word: a given name that is no other word, or a word that a cue makes a name.
    pub(super) fn alone(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let judged = self.judged(at)?;
        let token = &self.tokens[at];
        if token.shape == Shape::Upper {
            return self.alone_in_capitals(at, drafts);
        }
        if token.shape != Shape::Title || judged.is_never() || judged.is_title {
            return None;
        }
        // Months: nobody rang `in June`, but June may have rung.
        let is_month =
            matches!(judged.folded.as_str(), "april" | "may" | "june" | "august" | "jan" | "mar");
        if is_month && !self.does_strongly(at + 1) {
            return None;
        }
        // `Johnson & Johnson`, `Parkinson’s disease`
        let text = self.view.text;
        let is_firm =
            text[..token.range.start].ends_with("& ") || text[token.range.end..].starts_with(" & ");
        let is_thing = self.token(at + 1).is_some_and(|next| next.gap == Gap::Blank)
            && THINGS.contains(&self.lower(at + 1).as_ref());
        if is_thing || is_firm && (judged.given < 0.8 || judged.surname >= 0.9) {
            return None;
        }
        // A part of a run of capitalised words that made no name is a heading or an organisation.
        let is_in_run = |i: usize, gap: Gap| {
            gap == Gap::Blank
                && self.judged(i).is_some_and(|other| !other.is_title && !other.is_never())
        };
        let after_run = at > 0 && is_in_run(at - 1, token.gap) && !self.tokens[at - 1].is_first;
        let before_run = self.token(at + 1).is_some_and(|next| is_in_run(at + 1, next.gap));
        let next_blocks = self.token(at + 1).is_some_and(|next| next.gap == Gap::Blank)
            && self.judged(at + 1).is_some_and(|next| {
                is_street_word(&next.folded)
                    || ORGANISATIONS.contains(&next.folded.as_str())
                    || (before_run && next.is_word)
            });
        if next_blocks {
            return None;
        }
        let cued = self.has_cue(at, at + 1);
        let does = self.does_something(at + 1);
        let is_given = judged.given >= judged.surname || judged.given >= 0.8;
        let best = judged.best();
        let directory = &self.view.setting.directory;
        let is_known =
            directory.given_count(&judged.folded) + directory.surname_count(&judged.folded) > 0;
        let mut confidence: f32 = match (best, judged.is_word) {
            (best, false) if best >= 1.0 => 0.62,
            (best, false) if best >= 0.8 => 0.46,
            (best, false) if best >= 0.6 => 0.4,
            (_, false) if judged.is_unknown => 0.25,
            // `John`, `Dale`: common names, and rare as words.
            (_, true) if judged.given >= 0.5 => 0.48,
            (best, true) if best >= 0.45 => 0.3,
            (best, true) if best >= 0.25 => 0.22,
            _ => return None,
        };
        if judged.is_place && !is_known {
            confidence -= 0.35;
        }
        if is_known {
            confidence += 0.2;
        }
        if token.is_first && judged.is_word {
            confidence -= 0.12;
        }
        if cued {
            confidence += 0.2;
        }
        if self.is_introduced(at) {
            confidence += 0.25;
        }
        if self.is_listed(at) {
            confidence += 0.15;
        }
        // `Jane: hello` opens a turn of a talk.
        if token.is_first
            && (judged.best() >= 0.3 || judged.is_unknown)
            && self.view.text[token.range.end..].starts_with(": ")
        {
            confidence += if judged.is_unknown { 0.28 } else { 0.2 };
        }
        if does {
            confidence += if judged.is_unknown { 0.22 } else { 0.25 };
        }
        if (after_run || before_run) && !cued {
            confidence -= 0.2;
        }
        // Below this nobody would look; above it a person may want to.
        if confidence < 0.38 {
            return None;
        }
        if let Some(end) = self.with_wordy_given(at, confidence, drafts) {
            return Some(end);
        }
        let value =
            if is_given { format!(", {}", judged.folded) } else { format!("{},", judged.folded) };
        let rule = if confidence < 0.5 {
            "name:unsure"
        } else if cued || does {
            "name:cue"
        } else {
            "name:gazetteer"
        };
        drafts.push(draft(token.range.clone(), value, confidence.min(0.85), rule));
        Some(at + 1)
    }

    /// `THE BROTHER OF GEMMA`: a common given name that is nothing else, where all is in capitals.
    fn alone_in_capitals(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let judged = self.judged(at)?;
        let is_all = [at.checked_sub(1), Some(at + 1)]
            .into_iter()
            .flatten()
            .filter_map(|i| self.token(i))
            .all(|other| other.shape != Shape::Lower && other.shape != Shape::Title);
        let near = self.view.lead(self.tokens[at].range.start, 60);
        let n_words = near.rsplit('\n').next().unwrap_or_default().split_whitespace().count();
        let is_name = matches!(given_level(&judged.folded), Some(1 | 2))
            && word_level(&judged.folded).is_none()
            && !judged.is_place
            && !judged.is_never()
            && !judged.is_title
            && judged.folded.len() > 3
            && judged.folded.split('-').all(|half| half.len() > 2 && word_level(half).is_none());
        // A line of one word is a heading or a code.
        if !is_all
            || !is_name
            || n_words == 0 && self.token(at + 1).is_none_or(|next| next.gap == Gap::Break)
        {
            return None;
        }
        let range = self.tokens[at].range.clone();
        drafts.push(draft(range, format!(", {}", judged.folded), 0.4, "name:unsure"));
        Some(at + 1)
    }

    /// `Happy Dube`, `Sunday Oliseh`: a word with a capital before a family name in the midst of a sentence
    /// is the given name, if it is one.
    fn with_wordy_given(
        &self,
        at: usize,
        confidence: f32,
        drafts: &mut Vec<Draft>,
    ) -> Option<usize> {
        let before = at.checked_sub(1).filter(|_| self.tokens[at].gap == Gap::Blank)?;
        let (first, token) = (self.judged(before)?, &self.tokens[before]);
        let judged = self.judged(at)?;
        let is_day = is_weekday(&first.folded);
        let is_given = given_level(&first.folded).is_some() && !first.is_never() || is_day;
        let is_time = before > 0
            && token.gap == Gap::Blank
            && matches!(
                self.lower(before - 1).as_ref(),
                "on" | "last"
                    | "next"
                    | "this"
                    | "every"
                    | "until"
                    | "by"
                    | "since"
                    | "from"
                    | "the"
                    | "each"
            );
        let is_behind =
            before > 0 && token.gap == Gap::Blank && self.tokens[before - 1].is_capital();
        let is_surname = judged.surname >= judged.given && !judged.is_word && !judged.is_place;
        if !is_given
            || !is_surname
            || token.shape != Shape::Title
            || is_day && (is_time || token.is_first)
            || is_behind
        {
            return None;
        }
        let range = token.range.start..self.tokens[at].range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        // What was found of the given name alone is a part of it.
        if drafts.last().is_some_and(|last| last.range == token.range) {
            drafts.pop();
        }
        let rule = if confidence < 0.5 { "name:unsure" } else { "name:gazetteer" };
        drafts.push(draft(range, name.value(), confidence.min(0.85), rule));
        Some(at + 1)
    }

    /// Is a neighbour in a list a sure name: `Donna, Sherry and Donald`?
    pub(super) fn is_listed(&self, at: usize) -> bool {
        let is_sure = |i: usize| {
            self.judged(i)
                .is_some_and(|other| !other.is_word && !other.is_place && other.best() >= 0.8)
        };
        let is_and = |i: usize| matches!(self.lower(i).as_ref(), "and" | "&");
        let is_near = |i: usize| {
            self.tokens.get(i).is_some_and(|token| matches!(token.gap, Gap::Comma | Gap::Blank))
        };
        let comma = |i: usize| self.tokens.get(i).is_some_and(|token| token.gap == Gap::Comma);
        (at >= 1 && comma(at) && is_sure(at - 1))
            || (at >= 2 && is_and(at - 1) && is_near(at) && is_near(at - 1) && is_sure(at - 2))
            || (comma(at + 1) && is_sure(at + 1))
            || (at + 2 < self.tokens.len()
                && is_near(at + 1)
                && is_and(at + 1)
                && is_near(at + 2)
                && is_sure(at + 2))
    }

    /// `jane smith`, `dave`: common names that are no words, without capitals, as in a chat.
    pub(super) fn in_lower_case(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let token = &self.tokens[at];
        if token.shape != Shape::Lower || token.range.len() < 3 {
            return None;
        }
        let folded = match self.lower(at) {
            Cow::Borrowed(lower) => Cow::Borrowed(lower),
            Cow::Owned(_) => Cow::Owned(latin(self.text(at))),
        };
        // Whom the estate knows is as likely as a common name.
        let is_known = word_level(&folded).is_none()
            && !is_place(&folded)
            && self.view.setting.directory.given_count(&folded) > 0;
        match given_level(&folded) {
            Some(1) => {}
            _ if is_known => {}
            // `felicity says hes late`
            Some(2) if word_level(&folded).is_some() => {
                return self.wordy_in_lower_case(at, &folded, drafts);
            }
            Some(_) if word_level(&folded).is_some_and(|level| level >= 40) => {
                return self.wordy_in_lower_case(at, &folded, drafts);
            }
            _ => return self.rare_in_lower_case(at, &folded, drafts),
        }
        if NOT_LOWER.contains(&folded.as_ref())
            || word_level(&folded).is_some_and(|level| level <= 35)
        {
            return self.wordy_in_lower_case(at, &folded, drafts);
        }
        // Inside a path, an address or an identifier it is none.
        if is_glued(self.view.text, &token.range) {
            return None;
        }
        let level = word_level(&folded);
        let cued = at > 0 && token.gap != Gap::Stop && self.is(at - 1, role::BEFORE)
            || self.does_something(at + 1);
        let next =
            self.token(at + 1).filter(|next| next.gap == Gap::Blank && next.shape == Shape::Lower);
        let surname = next
            .map(|_| Judged::new(self.text(at + 1), &self.view.setting.directory))
            .filter(|next| {
                next.surname >= 0.8 && !next.is_word && next.folded.len() > 3
                    || (level.is_none() && next.surname >= 0.5 && next.folded.len() > 3)
            });
        let is_plain = level.is_none() && folded.len() >= 4 && !is_place(&folded);
        if let Some(surname) = surname.filter(|_| is_plain || cued || level.is_none()) {
            let range = token.range.start..self.tokens[at + 1].range.end;
            drafts.push(draft(
                range,
                format!("{}, {folded}", surname.folded),
                if is_plain { 0.75 } else { 0.6 },
                "name:lower_case",
            ));
            return Some(at + 2);
        }
        let confidence = match (is_plain, cued, level) {
            (true, true, _) => 0.65,
            (true, false, _) => 0.52,
            // `tom`, `sam`: short, or rare as words.
            (false, true, None) => 0.55,
            (false, true, Some(level)) if level >= 40 => 0.5,
            (false, false, None) => 0.42,
            _ => return None,
        };
        // `ask desmond featherstonehaugh`: where a cue leads, a rare name behind belongs to it.
        let end = if cued { self.end_in_lower_case(at) } else { at + 1 };
        self.push_lower(at..end, format!(", {folded}"), confidence, drafts)
    }

    /// `spoke to will`, `rose said hes ill`: names that are words, where nothing else fits.
    fn wordy_in_lower_case(
        &self,
        at: usize,
        folded: &str,
        drafts: &mut Vec<Draft>,
    ) -> Option<usize> {
        let end = self.end_in_lower_case(at);
        let says = self.token(at + 1).is_some_and(|next| next.gap == Gap::Blank)
            && matches!(
                self.lower(at + 1).as_ref(),
                "said"
                    | "says"
                    | "rang"
                    | "phoned"
                    | "emailed"
                    | "texted"
                    | "told"
                    | "asked"
                    | "reckons"
                    | "thinks"
                    | "wants"
                    | "wanted"
                    | "replied"
            );
        // `[10:07] jane: rose says hes not coming`
        let opens = self.tokens[at].is_first
            || self.tokens[at].gap == Gap::Comma
            || matches!(
                self.lower(at - 1).as_ref(),
                "and" | "but" | "because" | "cos" | "that" | "when" | "if" | "as"
            );
        let is_spoken_to = self.is_done_by(at)
            && matches!(
                self.lower(at - 2).as_ref(),
                "spoke" | "speak" | "spoken" | "talk" | "talked" | "chat" | "chatted"
            )
            && self.lower(at - 1) != "of";
        let is_joined = at > 1
            && self.lower(at - 1) == "and"
            && matches!(self.lower(at - 2).as_ref(), "me" | "myself")
            && self.does_something(at + 1);
        // `ask rose if …`, `told mark that …`
        let is_asked = at > 0
            && matches!(
                self.lower(at - 1).as_ref(),
                "ask"
                    | "asked"
                    | "asking"
                    | "told"
                    | "tell"
                    | "telling"
                    | "rang"
                    | "texted"
                    | "emailed"
            )
            && self.token(end).is_none_or(|next| {
                next.gap != Gap::Blank
                    || matches!(
                        self.lower(end).as_ref(),
                        "if" | "to"
                            | "tomorrow"
                            | "today"
                            | "tonight"
                            | "later"
                            | "again"
                            | "first"
                            | "that"
                            | "about"
                            | "whether"
                            | "when"
                            | "he"
                            | "she"
                            | "why"
                            | "not"
                            | "and"
                    )
            });
        // `dont let felicity near the meter`, `let rose know`
        let is_let = at > 0
            && matches!(self.lower(at - 1).as_ref(), "let" | "letting")
            && self.token(end).is_some_and(|next| next.gap == Gap::Blank)
            && matches!(
                self.lower(end).as_ref(),
                "know" | "near" | "in" | "into" | "out" | "see" | "have" | "get" | "speak" | "do"
            );
        if !(says && opens || is_spoken_to || is_joined || is_asked || is_let)
            || is_glued(self.view.text, &self.tokens[at].range)
            || folded == "said" && says
        {
            return None;
        }
        self.push_lower(at..end, format!(", {folded}"), 0.5, drafts)
    }

    /// `told zbigniew`, `okonkwo said`: rarer names without capitals, where a word says that a person follows
    /// or went before.
    fn rare_in_lower_case(
        &self,
        at: usize,
        folded: &str,
        drafts: &mut Vec<Draft>,
    ) -> Option<usize> {
        // Most words are no names: one look at the neighbours spares the others.
        if !(at > 0 && self.is(at - 1, role::BEFORE) || self.is(at + 1, role::STRONG)) {
            return None;
        }
        let is_led = at > 0
            && self.tokens[at].gap == Gap::Blank
            && self.is(at - 1, role::BEFORE)
            && !is_weak(&self.lower(at - 1));
        let is_spoken_to = at > 1
            && self.tokens[at].gap == Gap::Blank
            && matches!(self.lower(at - 1).as_ref(), "to" | "with" | "from")
            && matches!(
                self.lower(at - 2).as_ref(),
                "spoke"
                    | "speak"
                    | "spoken"
                    | "speaking"
                    | "talk"
                    | "talked"
                    | "chat"
                    | "chatted"
                    | "according"
            );
        if !(is_led || is_spoken_to || self.does_strongly(at + 1))
            || folded.len() < 3
            || word_level(folded).is_some()
            || is_place(folded)
            || NOT_LOWER.contains(&folded)
            || is_glued(self.view.text, &self.tokens[at].range)
        {
            return None;
        }
        let (given, surname) = (given_level(folded), surname_level(folded));
        let is_known = matches!(given, Some(1 | 2)) || matches!(surname, Some(1 | 2));
        let is_told_of = self.tokens[at].is_first
            && self.token(at + 1).is_some_and(|next| {
                next.gap == Gap::Blank && matches!(self.lower(at + 1).as_ref(), "said" | "says")
            });
        // The rarest ones are as often slips of the pen: two words have to say so.
        let is_rare = given.or(surname).is_some()
            && folded.len() > 4
            && (is_spoken_to || is_told_of || is_led && self.does_something(at + 1));
        let end = self.end_in_lower_case(at);
        let is_asked_pair = is_led
            && end > at + 1
            && matches!(self.lower(at - 1).as_ref(), "ask" | "asked" | "told" | "tell");
        let is_nothing_else = (is_spoken_to || is_told_of || is_asked_pair)
            && given.or(surname).is_none()
            && folded.len() > 4
            && Judged::new(self.text(at), &self.view.setting.directory).is_unknown;
        if !is_known && !is_rare && !is_nothing_else {
            return None;
        }
        let value = if given.is_some_and(|given| surname.is_none_or(|surname| given <= surname)) {
            format!(", {folded}")
        } else {
            format!("{folded},")
        };
        self.push_lower(at..end, value, 0.5, drafts)
    }

    /// The end of a name without capitals whose given name stands there: `de luca` and `smith-jones` behind
    /// it belong to it, ordinary words do not.
    fn end_in_lower_case(&self, at: usize) -> usize {
        let is_lower = |i: usize| {
            self.token(i).is_some_and(|next| next.gap == Gap::Blank && next.shape == Shape::Lower)
        };
        let n_particles =
            (at + 1..at + 4).take_while(|&i| is_lower(i) && self.is(i, role::PARTICLE)).count();
        let last = at + 1 + n_particles;
        if !is_lower(last) || self.roles.get(last).is_some_and(|roles| roles & role::AFTER != 0) {
            return at + 1;
        }
        let folded = latin(self.text(last));
        let is_name = folded.len() > 3
            && word_level(&folded).is_none()
            && !is_place(&folded)
            && (surname_level(&folded).is_some()
                || folded.len() > 5
                    && Judged::new(&folded, &self.view.setting.directory).is_unknown);
        if is_name { last + 1 } else { at + 1 }
    }

    /// Claims words without capitals; `value` is that of the first alone.
    fn push_lower(
        &self,
        words: std::ops::Range<usize>,
        value: String,
        confidence: f32,
        drafts: &mut Vec<Draft>,
    ) -> Option<usize> {
        let range = self.tokens[words.start].range.start..self.tokens[words.end - 1].range.end;
        let whole = || PersonName::parse(&self.view.text[range.clone()]).map(|name| name.value());
        let value = if words.len() > 1 { whole().unwrap_or(value) } else { value };
        let end = words.end;
        drafts.push(draft(range, value, confidence, "name:lower_case"));
        Some(end)
    }
}
