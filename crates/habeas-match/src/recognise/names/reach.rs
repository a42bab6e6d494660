//! How far does a name reach?

use std::ops::Range;

use super::cues::{CAPITAL_PARTICLES, CLEAR_PARTICLES, ORGANISATIONS, PARTICLES, role};
use super::prose::Reader;
use super::token::{Gap, Shape};
use crate::name::given_level;
use crate::normal::is_street_word;

impl Reader<'_> {
    /// The end of the words from `at` that could belong to one name; `at` when not even one can.
    pub(super) fn extend(&self, at: usize, is_sure: bool) -> usize {
        let mut end = at;
        let mut has_surname = false;
        while let Some(token) = self.token(end) {
            if end > at {
                let previous = &self.tokens[end - 1];
                let is_open = previous.shape == Shape::Initial
                    || self.is_two_initials(end - 1)
                    || self.is_dotted_initial(end - 1);
                let joins = match token.gap {
                    Gap::Blank => true,
                    Gap::Dot => {
                        is_open && self.view.text[previous.range.end..token.range.start].len() <= 2
                    }
                    // Prose that wraps in the midst of a name.
                    Gap::Break => {
                        !has_surname
                            && end == at + 1
                            && self.is_wrapped(previous.range.end, token.range.clone())
                    }
                    _ => false,
                };
                if !joins {
                    break;
                }
            }
            if end - at >= 6 {
                break;
            }
            let Some(judged) = self.judged(end) else {
                // A particle in the midst, with a name behind it.
                let lower = self.text(end);
                let leads_on = self.is(end, role::PARTICLE)
                    && (end > at || is_sure)
                    && (1..=2).any(|n| {
                        self.token(end + n)
                            .is_some_and(|next| next.gap == Gap::Blank && next.is_capital())
                            && (n == 1 || PARTICLES.contains(&self.text(end + 1)))
                            && self.judged(end + n).is_some_and(|next| {
                                !next.is_never()
                                    && (!next.is_word
                                        || next.surname > 0.3
                                        || CLEAR_PARTICLES.contains(&lower))
                            })
                    });
                if leads_on && !matches!(lower, "do" | "e" | "und" | "y" if end == at) {
                    end += 1;
                    continue;
                }
                break;
            };
            if judged.is_never()
                || judged.is_title
                    && end > at
                    && !matches!(
                        judged.folded.as_str(),
                        "di" | "col"
                            | "sr"
                            | "lord"
                            | "judge"
                            | "master"
                            | "major"
                            | "sister"
                            | "constable"
                            | "canon"
                    )
            {
                // `J. V. and I. Smith`: initials may spell a small word.
                if !self.is_dotted_initial(end) {
                    break;
                }
            }
            let is_initial = token.shape == Shape::Initial
                || (end == at && self.is_two_initials(end))
                || self.is_dotted_initial(end);
            // `Ní Bhriain`, `Van Dijk`, `Al Hakim`: a particle with a capital and a name behind it.
            let is_particle = CAPITAL_PARTICLES.contains(&judged.folded.as_str())
                && self
                    .token(end + 1)
                    .is_some_and(|next| next.gap == Gap::Blank && next.is_capital())
                && self
                    .judged(end + 1)
                    .is_some_and(|next| !next.is_never() && (!next.is_word || next.surname >= 0.3));
            // A common given name and a word with a capital that ends the run: `Wendy Plum`.
            let is_behind =
                end == at + 1 || (end == at + 2 && self.tokens[at + 1].shape == Shape::Initial);
            let is_wordy_surname = is_behind
                && token.shape == Shape::Title
                && !judged.is_place
                && !is_street_word(&judged.folded)
                && !ORGANISATIONS.contains(&judged.folded.as_str())
                && self
                    .judged(at)
                    .is_some_and(|first| first.given >= 0.8 && !first.is_place && !first.is_word)
                && self.tokens[at].shape == Shape::Title
                && !self
                    .token(end + 1)
                    .is_some_and(|next| next.gap == Gap::Blank && next.is_capital())
                && !(at > 0
                    && token.gap == Gap::Blank
                    && self.tokens[at].gap == Gap::Blank
                    && self.tokens[at - 1].is_capital()
                    && !self.tokens[at - 1].is_first);
            // `Mr Veli Bey`: behind a title or a greeting any word with a capital that ends the run.
            let is_titled_surname = is_sure
                && end == at + 1
                && token.shape == Shape::Title
                && (self.tokens[at].shape == Shape::Title || self.is_dotted_initial(at))
                && !is_street_word(&judged.folded)
                && !ORGANISATIONS.contains(&judged.folded.as_str())
                && self.judged(at).is_some_and(|first| {
                    self.tokens[at].shape == Shape::Initial
                        || given_level(&first.folded) == Some(1)
                        || !judged.is_place
                            && !first.is_word
                            && (first.given > first.surname || first.is_unknown)
                })
                && at > 0
                && self.judged(at - 1).is_some_and(|before| before.is_plain_title())
                && !self
                    .token(end + 1)
                    .is_some_and(|next| next.gap == Gap::Blank && next.is_capital());
            let is_led = end > at + 1 && CLEAR_PARTICLES.contains(&self.text(end - 1));
            let fits = if is_led {
                true
            } else if is_initial {
                // `Jane I …`: a pronoun; a middle initial has a dot or a name behind it.
                end == at
                    || !matches!(self.text(end), "I" | "A")
                    || self.view.text[token.range.end..].starts_with('.')
                    || self
                        .token(end + 1)
                        .is_some_and(|next| next.gap == Gap::Blank && next.shape == Shape::Title)
                        && self
                            .judged(end + 1)
                            .is_some_and(|next| !next.is_word && !next.is_never())
            } else if end == at {
                is_particle || judged.given >= 0.1 || judged.surname >= 0.3 || is_sure
            } else {
                judged.surname >= 0.25
                    || judged.given >= 0.5
                    || is_particle
                    || is_wordy_surname
                    || is_titled_surname
                    || (is_sure && end == at + 1 && !judged.is_word)
                    || (judged.surname >= 0.15
                        && self.judged(end - 1).is_some_and(|previous| previous.given >= 0.9))
            };
            if !fits {
                break;
            }
            // Capitals end where title case begins: `JANE SMITH Consultant`.
            if end > at + 1
                && self.tokens[end - 1].shape == Shape::Upper
                && token.shape == Shape::Title
            {
                break;
            }
            has_surname |= end > at && !is_initial;
            end += 1;
        }
        // No name ends with a particle.
        while end > at && self.judged(end - 1).is_none() {
            end -= 1;
        }
        end
    }

    /// `J.`, and the two letters that count as one in other languages: `Cz.`, `Yu.`
    pub(super) fn is_dotted_initial(&self, at: usize) -> bool {
        const PAIRS: &[&str] = &[
            "Cz", "Sz", "Ch", "Dz", "Yu", "Ya", "Ye", "Zh", "Th", "Ph", "Sh", "Kh", "Ju", "Ja",
            "Gy", "Zs",
        ];
        self.view.text[self.tokens[at].range.end..].starts_with('.')
            && (self.tokens[at].shape == Shape::Initial || PAIRS.contains(&self.text(at)))
    }

    /// `JA` before a name: two capitals that are no abbreviation.
    pub(super) fn is_two_initials(&self, at: usize) -> bool {
        let text = self.text(at);
        self.tokens[at].shape == Shape::Upper
            && text.len() == 2
            && text.is_ascii()
            && self.token(at + 1).is_some_and(|next| next.shape == Shape::Title)
            && self.judged(at).is_some_and(|judged| {
                !judged.is_never() && !judged.is_title && judged.surname < 0.8
            })
    }

    /// Does the text wrap between two words of one line?
    pub(super) fn is_wrapped(&self, end: usize, next: Range<usize>) -> bool {
        let text = self.view.text;
        let line_start = text[..end].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[next.end..].find('\n').map_or(text.len(), |at| next.end + at);
        let is_name = |at: usize| self.tokens.get(at).is_some();
        end - line_start > 45 && line_end - next.start > 15 && is_name(0)
    }
}
