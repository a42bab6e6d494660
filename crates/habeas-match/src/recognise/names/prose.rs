//! Which names does running text state?

use std::borrow::Cow;

use super::super::hits::Draft;
use super::super::label::What;
use super::super::view::View;
use super::cues::{ORGANISATIONS, ROLES, is_weak, role};
use super::draft;
use super::judge::Judged;
use super::token::{Gap, Shape, Token, tokens};
use crate::PersonName;
use crate::fold::is_apostrophe;
use crate::name::{given_level, surname_level};
use crate::normal::is_street_word;

/// A text's words with what is known of the capitalised ones.
pub(super) struct Reader<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) tokens: Vec<Token>,
    pub(super) judged: Vec<Option<Judged>>,
    pub(super) roles: Vec<u8>,
}

pub(super) fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    let tokens = tokens(view.text);
    let directory = &view.setting.directory;
    let judged = tokens
        .iter()
        .map(|token| {
            token.is_capital().then(|| Judged::new(&view.text[token.range.clone()], directory))
        })
        .collect();
    let mut reader = Reader { view, tokens, judged, roles: Vec::new() };
    reader.roles = (0..reader.tokens.len())
        .map(|at| ROLES.get(reader.lower(at).as_ref()).copied().unwrap_or_default())
        .collect();
    let mut at = 0;
    while at < reader.tokens.len() {
        at = reader.step(at, drafts).max(at + 1);
    }
}

impl Reader<'_> {
    pub(super) fn text(&self, at: usize) -> &str {
        &self.view.text[self.tokens[at].range.clone()]
    }

    pub(super) fn judged(&self, at: usize) -> Option<&Judged> {
        self.judged.get(at)?.as_ref()
    }

    pub(super) fn lower(&self, at: usize) -> Cow<'_, str> {
        let text = self.text(at);
        // Most words are written so already.
        if text.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(
            text.chars().filter(|&c| !is_apostrophe(c)).flat_map(char::to_lowercase).collect(),
        )
    }

    /// Is it a word of that role?
    pub(super) fn is(&self, at: usize, role: u8) -> bool {
        self.roles.get(at).is_some_and(|roles| roles & role != 0)
    }

    pub(super) fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    /// Looks for a name that starts at a word; returns the word after what it found.
    pub(super) fn step(&self, at: usize, drafts: &mut Vec<Draft>) -> usize {
        let start = self.tokens[at].range.start;
        let is_foreign = self.view.slot_at(start).is_some_and(|slot| {
            slot.is_column
                && !matches!(
                    slot.what,
                    What::Text | What::Address | What::Organisation | What::PersonReference
                )
        });
        if is_foreign {
            return at + 1;
        }
        self.after_title(at, drafts)
            .or_else(|| self.after_greeting(at, drafts))
            .or_else(|| self.surname_then_title(at, drafts))
            .or_else(|| self.surname_first(at, drafts))
            .or_else(|| self.enclosed(at, drafts))
            .or_else(|| self.wordy_pair(at, drafts))
            .or_else(|| self.sequence(at, drafts))
            .or_else(|| self.dotted(at, drafts))
            .or_else(|| self.wordy_unsure(at, drafts))
            .or_else(|| self.family(at, drafts))
            .or_else(|| self.alone(at, drafts))
            .or_else(|| self.lone_initials(at, drafts))
            .or_else(|| self.in_chat(at, drafts))
            .or_else(|| self.whole_in_lower_case(at, drafts))
            .or_else(|| self.in_lower_case(at, drafts))
            .or_else(|| self.rare_in_chat(at, drafts))
            .unwrap_or(at + 1)
    }

    /// `Smith, Ms Jane`, `SMITH, Mr J.`
    fn surname_then_title(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let first = self.judged(at)?;
        let title = self.token(at + 1).filter(|title| title.gap == Gap::Comma)?;
        let is_title = title.is_capital() && self.judged(at + 1)?.is_plain_title();
        let given = self.token(at + 2)?;
        let judged = self.judged(at + 2)?;
        let is_known_given = matches!(given_level(&judged.folded), Some(1 | 2))
            && surname_level(&judged.folded) != Some(1);
        let is_given = matches!(given.gap, Gap::Blank | Gap::Dot)
            && !judged.is_never()
            && (is_known_given || given.shape == Shape::Initial && self.is_dotted_initial(at + 2));
        // `Smith, Ms Jane Doe`: two people.
        let goes_on = self.token(at + 3).is_some_and(|next| {
            next.gap == Gap::Blank
                && next.is_capital()
                && self.judged(at + 3).is_some_and(|next| !next.is_never() && next.surname >= 0.25)
        });
        let is_behind =
            at > 0 && self.tokens[at].gap == Gap::Blank && self.tokens[at - 1].is_capital();
        // `in Ramsbottom, Ms Beryl said`
        let is_town = first.is_place
            && at > 0
            && matches!(self.lower(at - 1).as_ref(), "in" | "at" | "of" | "from" | "near" | "to");
        let is_surname = self.tokens[at].shape != Shape::Initial
            && !first.is_never()
            && !is_town
            && (first.surname >= 0.3 || first.is_unknown || first.is_place);
        if !is_title || !is_given || goes_on || is_behind || !is_surname {
            return None;
        }
        let range = self.tokens[at].range.start..given.range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        drafts.push(draft(range, name.value(), 0.96, "name:surname_first"));
        Some(at + 3)
    }

    /// `; Oldroyd, Beryl;`: a family name and a given name, and nothing else between signs or on a line.
    fn enclosed(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let (first, token) = (self.judged(at)?, &self.tokens[at]);
        let opens = at == 0 || matches!(token.gap, Gap::Stop | Gap::Break);
        let given = self.token(at + 1).filter(|given| given.gap == Gap::Comma)?;
        let judged = self.judged(at + 1)?;
        // Further given names.
        let more = (at + 2..at + 4)
            .take_while(|&i| {
                self.token(i).is_some_and(|token| token.gap == Gap::Blank)
                    && self.judged(i).is_some_and(|more| more.given >= 0.25 && !more.is_never())
            })
            .count();
        let end = at + 2 + more;
        let rest = self.view.text[self.tokens[end - 1].range.end..].trim_start_matches([' ', '\r']);
        let closes = rest.is_empty() || rest.starts_with([';', '\n', '|', '\t']);
        let is_given = matches!(given_level(&judged.folded), Some(1 | 2))
            || judged.is_unknown
            || given_level(&judged.folded).is_some() && !judged.is_word;
        let is_surname = surname_level(&first.folded).is_some() || first.is_unknown;
        let is_shape = token.shape == Shape::Title && given.shape == Shape::Title;
        let is_known = !judged.is_unknown || !first.is_unknown;
        let is_never = first.is_never() && !is_street_word(&first.folded) || judged.is_never();
        if !(opens && closes && is_given && is_surname && is_shape && is_known) || is_never {
            return None;
        }
        let range = token.range.start..self.tokens[end - 1].range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        drafts.push(draft(range, name.value(), 0.7, "name:surname_first"));
        Some(end)
    }

    /// `SMITH, Jane`, `Smith, J.A.`, `SMITH Jane`, `SMITH J`.
    pub(super) fn surname_first(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        if let Some(end) = self.particles_first(at, drafts) {
            return Some(end);
        }
        let first = self.judged(at)?;
        let token = &self.tokens[at];
        let next = self.token(at + 1)?;
        if first.surname < 0.3
            || first.is_never()
            || matches!(token.shape, Shape::Initial)
            || first.is_title
        {
            return None;
        }
        if at > 0
            && token.gap == Gap::Blank
            && self.judged(at - 1).is_some_and(|before| before.given >= 0.5)
        {
            return None;
        }
        let second = self.judged(at + 1)?;
        let is_comma = next.gap == Gap::Comma;
        let is_caps_then_title =
            token.shape == Shape::Upper && next.shape == Shape::Title && next.gap == Gap::Blank;
        let n_initials = (at + 1..self.tokens.len().min(at + 5))
            .take_while(|&i| {
                let token = &self.tokens[i];
                let is_gap = if i == at + 1 {
                    matches!(token.gap, Gap::Blank | Gap::Comma)
                } else {
                    matches!(token.gap, Gap::Dot | Gap::Blank)
                };
                is_gap && token.shape == Shape::Initial
            })
            .count();
        let (end, confidence) = if n_initials > 0 {
            let last = &self.tokens[at + n_initials];
            let after = self.view.text[last.range.end..].chars().next();
            let is_pronoun = n_initials == 1
                && matches!(self.text(at + 1), "I" | "A")
                && after != Some('.')
                && !is_comma
                && token.shape != Shape::Upper;
            // `Smith J.` but not `Smith J Jones`, where J stands in the middle.
            let goes_on = self.token(at + n_initials + 1).is_some_and(|more| {
                matches!(more.gap, Gap::Blank | Gap::Dot)
                    && more.shape == Shape::Title
                    && self.judged(at + n_initials + 1).is_some_and(|more| more.surname >= 0.4)
            });
            if is_pronoun
                || goes_on && !is_comma
                || first.is_place && !is_comma
                || first.surname < 0.5
                || first.is_word && token.shape != Shape::Upper && !is_comma
            {
                return None;
            }
            // A given name before an initial is the given name: `Jane S`.
            if first.given > first.surname && token.shape != Shape::Upper {
                return None;
            }
            (at + 1 + n_initials, if is_comma { 0.85 } else { 0.65 })
        } else if is_comma && second.given >= 0.5 && !second.is_never() && !first.is_place {
            let opens = token.is_first
                || matches!(token.gap, Gap::Stop | Gap::Break | Gap::Other)
                || token.shape == Shape::Upper;
            let confidence =
                match (token.shape == Shape::Upper && next.shape != Shape::Upper, opens) {
                    (true, _) => 0.92,
                    (false, true) => 0.75,
                    // In the midst of a sentence it is a list as often: `Smith, Jane and Tom`.
                    (false, false) => return None,
                };
            if first.is_word && first.surname < 0.5
                || first.given >= first.surname && token.shape != Shape::Upper
            {
                return None;
            }
            // Further given names and initials.
            let mut end = at + 2;
            while self.token(end).is_some_and(|more| {
                more.gap == Gap::Blank
                    && (more.shape == Shape::Initial
                        || self.judged(end).is_some_and(|more| more.given >= 0.6))
            }) {
                end += 1;
            }
            (end, confidence)
        } else if is_caps_then_title && second.given >= 0.5 && first.surname >= 0.5 {
            (at + 2, 0.8)
        } else {
            return None;
        };
        let range = token.range.start..self.tokens[end - 1].range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        drafts.push(draft(range, name.value(), confidence, "name:surname_first"));
        Some(end)
    }

    /// `VAN DER BERG, Johan`, `de Souza, Ana`
    pub(super) fn particles_first(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let is_particle = |i: usize| {
            self.token(i).is_some_and(|token| i == at || token.gap == Gap::Blank)
                && self.is(i, role::CAPITAL_PARTICLE)
        };
        let n = (at..at + 3).take_while(|&i| is_particle(i)).count();
        let name_at = at + n;
        let is_open =
            at == 0 || self.tokens[at].gap != Gap::Blank || !self.tokens[at - 1].is_capital();
        if n == 0
            || !is_open
            || !self
                .token(name_at)
                .is_some_and(|token| token.gap == Gap::Blank && token.is_capital())
        {
            return None;
        }
        let given = self.token(name_at + 1).filter(|token| token.gap == Gap::Comma)?;
        let is_given = given.shape == Shape::Initial || self.judged(name_at + 1)?.given >= 0.35;
        if !is_given || self.judged(name_at)?.is_never() {
            return None;
        }
        let range = self.tokens[at].range.start..given.range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        drafts.push(draft(range, name.value(), 0.85, "name:surname_first"));
        Some(name_at + 2)
    }

    /// Given names or initials and a family name: `Jane Smith`, `J. A. Smith`, `Jan van Dijk`.
    pub(super) fn sequence(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let first = self.judged(at)?;
        if first.is_never() && !self.is_dotted_initial(at)
            || first.is_plain_title()
                && !matches!(first.folded.as_str(), "di" | "col" | "sr" | "fr")
        {
            return None;
        }
        let end = self.extend(at, false);
        if end < at + 2 {
            return None;
        }
        let last = self.judged(end - 1)?;
        let is_initial =
            |i: usize| self.tokens[i].shape == Shape::Initial || self.is_two_initials(i);
        let n_initials = (at..end).take_while(|&i| is_initial(i)).count();
        if n_initials == end - at
            || is_initial(end - 1) && self.tokens[end - 1].shape != Shape::Initial
        {
            return None;
        }
        let (score, rule) = if n_initials > 0 {
            let has_dot = self.view.text[self.tokens[at].range.end..].starts_with('.');
            let is_article = matches!(self.text(at), "A" | "I") && !has_dot;
            let score = match (has_dot, is_article, last.is_word) {
                (true, _, false) => last.surname.max(0.4) + 0.3,
                (true, _, true) => last.surname,
                (false, true, _) => last.surname * 0.4 - if last.is_word { 0.4 } else { 0.0 },
                (false, false, true) => last.surname * 0.5,
                (false, false, false) => last.surname * 0.75,
            };
            (score, "name:initials")
        } else if is_initial(end - 1) {
            // `Jane S.`
            (first.given * 0.6, "name:gazetteer")
        } else {
            let middle = (at + 1..end - 1)
                .filter_map(|i| self.judged(i))
                .filter(|judged| !judged.is_unknown)
                .map(Judged::best)
                .fold(1.0_f32, f32::min);
            // Family name first, as in Hungarian or Chinese use.
            let swapped =
                first.surname * last.given * if first.is_word || last.is_word { 0.3 } else { 0.8 };
            // A word behind a common given name is a family name: `extend` has looked around.
            let surname = if first.given >= 0.8 && !first.is_word {
                last.surname.max(0.22)
            } else {
                last.surname
            };
            ((first.given * surname).max(swapped) * middle.max(0.4), "name:gazetteer")
        };
        let mut confidence: f32 = if first.is_unknown && last.is_unknown && n_initials == 0 {
            // Capitalised words that nobody knows: perhaps a name, perhaps a product.
            0.45
        } else if score >= 0.45 {
            0.88
        } else if score >= 0.2 {
            0.7
        } else if score >= 0.12 {
            0.5
        } else if score >= 0.06 {
            0.35
        } else {
            return None;
        };
        let has_cue = self.has_cue(at, end);
        if has_cue && confidence < 0.75 {
            confidence += 0.15;
        }
        // What follows shows that it is a street, an organisation or a heading.
        let next_blocks = self
            .token(end)
            .filter(|next| next.gap == Gap::Blank)
            .and_then(|_| self.judged(end))
            .is_some_and(|next| {
                is_street_word(&next.folded) && next.folded.len() > 2
                    || ORGANISATIONS.contains(&next.folded.as_str())
            });
        let is_named_place = crate::name::is_place(&format!("{} {}", first.folded, last.folded));
        let is_both_places = first.is_place && last.is_place;
        if next_blocks || is_named_place || is_both_places {
            confidence = 0.3;
        }
        let ends_as_street =
            is_street_word(&last.folded) && last.folded.len() > 2 && last.surname < 0.5;
        if ends_as_street && first.best() >= 0.8 && !first.is_place {
            confidence = confidence.min(0.4);
        } else if !has_cue && (ends_as_street || is_named_place) {
            return None;
        }
        // `THE JONES REPORT`: capitals all along are a heading; only well-known names count in it.
        let is_caps = (at..end).all(|i| self.tokens[i].shape == Shape::Upper || is_initial(i));
        if is_caps && (first.is_unknown || last.is_unknown) {
            confidence = confidence.min(0.4);
        }
        // One of them is a name that is nothing else, and the other is no word.
        let is_name = |judged: &Judged| {
            !judged.is_word && !judged.is_unknown && !judged.is_place && judged.folded.len() > 2
        };
        // What is short and on no list is an abbreviation.
        let is_short = (at..end)
            .filter_map(|i| self.judged(i))
            .any(|judged| judged.folded.len() < 3 || judged.is_unknown && judged.folded.len() < 5);
        let is_likely = !is_short
            && (is_name(first) || is_name(last))
            && !(first.is_word && first.given < 0.25)
            && !(last.is_word && last.surname < 0.15);
        if is_caps && n_initials == 0 && !(first.given >= 0.5 && last.surname >= 0.3) {
            if !is_likely {
                return None;
            }
            confidence = confidence.min(0.4);
        }
        let range = self.tokens[at].range.start..self.tokens[end - 1].range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        let rule = if confidence < 0.5 { "name:unsure" } else { rule };
        drafts.push(draft(range, name.value(), confidence, rule));
        Some(end)
    }

    /// Is there a word before that leads to a name, or one behind that only people do?
    pub(super) fn has_cue(&self, at: usize, end: usize) -> bool {
        let before = at.checked_sub(1).is_some_and(|i| {
            let gap = self.tokens[at].gap;
            matches!(gap, Gap::Blank | Gap::Comma)
                && self.is(i, role::BEFORE)
                && self.tokens[i].shape != Shape::Upper
        });
        let labelled = self.view.slot_at(self.tokens[at].range.start).is_some_and(|slot| {
            slot.what == What::Name && slot.range.start == self.tokens[at].range.start
        });
        before && !is_weak(&self.lower(at - 1))
            || labelled
            || self.does_strongly(end)
            || self.is_introduced(at)
    }

    /// `my name is X`, `I am X`, `this is X`, `they call me X`, `maiden name X`: nothing else follows.
    pub(super) fn is_introduced(&self, at: usize) -> bool {
        if at < 2 || self.tokens[at].gap != Gap::Blank {
            return false;
        }
        let (one, two) = (self.lower(at - 2), self.lower(at - 1));
        matches!(
            (one.as_ref(), two.as_ref()),
            ("name" | "surname", "is" | "was")
                | ("i", "am")
                | ("this", "is")
                | ("call" | "calls" | "called", "me" | "him" | "her")
                | ("name", "of")
                | ("maiden", "name")
        ) || two == "im"
            || two == "named"
            || two == "née"
            || two == "nee"
    }

    pub(super) fn does_strongly(&self, at: usize) -> bool {
        self.token(at).is_some_and(|next| next.gap == Gap::Blank && next.shape == Shape::Lower)
            && self.is(at, role::STRONG)
    }

    pub(super) fn does_something(&self, at: usize) -> bool {
        self.token(at).is_some_and(|next| next.gap == Gap::Blank && next.shape == Shape::Lower)
            && self.is(at, role::AFTER)
    }
}
