//! How far does a name reach?

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
                    Gap::Break => self.goes_on(at, end, has_surname),
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
                        self.token(end + n).is_some_and(|next| {
                            next.is_capital()
                                && (next.gap == Gap::Blank
                                    || next.gap == Gap::Break
                                        && self.goes_on(at, end + n, has_surname))
                        }) && (n == 1 || PARTICLES.contains(&self.text(end + 1)))
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
                && self.token(end + 1).is_some_and(|next| {
                    next.is_capital()
                        && (next.gap == Gap::Blank
                            || next.gap == Gap::Break && self.goes_on(at, end + 1, has_surname))
                })
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
            has_surname |= end > at
                && !is_initial
                && !is_particle
                && (judged.surname >= judged.given || judged.surname >= 0.8);
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

    /// Does a name that begins at `at` go on with the first word of the next line, `next`?
    ///
    /// Prose wraps anywhere; a list has a name a line, and notes a matter a line. So the line before has to be
    /// prose and as full as its neighbours, and the name must not be the whole of the next one.
    pub(super) fn goes_on(&self, at: usize, next: usize, has_surname: bool) -> bool {
        if has_surname && !self.is_one_in_directory(at, next) {
            return false;
        }
        let text = self.view.text;
        let (first, token) = (&self.tokens[at], &self.tokens[next]);
        let end = self.tokens[next - 1].range.end;
        // A line may be as long as the text: only what is near is looked at.
        let near = self.view.lead(first.range.start, 120);
        let line = near.rsplit('\n').next().unwrap_or_default();
        let n_lower = line
            .split_whitespace()
            .filter(|word| word.len() > 1 && word.chars().all(char::is_lowercase))
            .count();
        let line_end =
            text[token.range.start..].find('\n').map_or(text.len(), |n| token.range.start + n);
        let behind = &text[token.range.end..line_end];
        // A given name opens the next matter as often as it is the second of one person.
        let is_given = self
            .judged(next)
            .is_some_and(|judged| judged.given > judged.surname && judged.given >= 0.5);
        let is_plain = |word: &str| word.chars().all(char::is_lowercase);
        let goes_behind = behind.split_whitespace().next().is_some_and(|word| {
            is_plain(word.trim_end_matches([',', '.', ';', ':']))
                || word.starts_with([',', '.', ';', ')', '(', '\'', '’', '!', '?'])
                || word.starts_with(char::is_uppercase)
                    && behind.split_whitespace().nth(1).is_some()
        });
        let rest = &text[line_end..];
        let is_led = n_lower >= if is_given { 3 } else { 2 };
        let leads_on = if behind.trim().is_empty() {
            // The whole of a line: more of the sentence has to follow, or nothing at all.
            let after = rest.trim_start_matches(['\n', '\r']);
            after.starts_with(char::is_lowercase)
                || after.trim().is_empty() && !is_given && n_lower > 2
        } else {
            goes_behind
        };
        if !is_led || !leads_on {
            return false;
        }
        // Had there been room for the word, it would not stand on the next line.
        let before_line = text[..end].rfind('\n').map_or(0, |n| n + 1);
        let width = |from: usize, to: usize| text[from..to].trim_end().chars().take(200).count();
        let room = width(before_line, end) + 1 + self.text(next).chars().count();
        let above = text[..before_line.saturating_sub(1)].rfind('\n').map_or(0, |n| n + 1);
        let widest = width(token.range.start, line_end).max(if before_line > 0 {
            width(above, before_line - 1)
        } else {
            0
        });
        4 * room >= 3 * widest
    }

    /// Do these words, over whatever white space, make a name that the estate knows?
    fn is_one_in_directory(&self, at: usize, last: usize) -> bool {
        let directory = &self.view.setting.directory;
        if directory.is_empty() {
            return false;
        }
        let words: Vec<String> = (at..=last).map(|i| crate::latin(self.text(i))).collect();
        directory.whole_name(&words.join(" ")).is_some()
    }
}
