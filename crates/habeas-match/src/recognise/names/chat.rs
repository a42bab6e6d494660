//! Whom does a message name that has no capitals, where only a name can stand?

use super::super::hits::Draft;
use super::draft;
use super::prose::Reader;
use super::repeat::is_glued;
use super::token::{Gap, Shape};
use crate::PersonName;
use crate::latin;
use crate::name::{given_level, is_place, surname_level, word_level};

/// Who is greeted and has no name, and small words that stand where a name could.
pub(super) const NOT_NAMED: &str = "to for from and all everyone everybody mate mates love darling hun babe bro sis guys girls boys mum dad \
    nan gran team you u my our your the a an me us him her them it that this dear sweetie lovely hon pal bestie \
    someone somebody anyone anybody nobody we they he she i people one both just also still even then now please pls";

/// Verbs that stand behind a person in a question: `can may bring it`.
pub(super) const DOES: &str = "bring come pick swap cover send ring call text do get lend give take drop book ask tell help make let \
    check sort fix stay join wait work go see have put use open close lock pay order move tell";

/// What only a person does, in the third person.
const SAYS: &str = "knows says said reckons thinks wants wanted told asked rang texted emailed phoned hates loves forgot \
    replied agreed lives works";

pub(super) fn holds(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

impl Reader<'_> {
    /// `happy bday venkatesh!!`, `can summer bring it`, `hunter church knows already`.
    pub(super) fn in_chat(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let token = &self.tokens[at];
        if token.shape != Shape::Lower || token.range.len() < 3 {
            return None;
        }
        let wished = self.is_wished(at);
        let end =
            wished.or_else(|| self.is_asked_for(at)).or_else(|| self.is_pair_that_says(at))?;
        if is_glued(self.view.text, &token.range) {
            return None;
        }
        let folded = latin(self.text(at));
        let is_surname =
            wished.is_none() && given_level(&folded).is_none() && surname_level(&folded).is_some();
        let range = token.range.start..self.tokens[end - 1].range.end;
        let value = match end - at {
            1 if is_surname => format!("{folded},"),
            1 => format!(", {folded}"),
            _ => PersonName::parse(&self.view.text[range.clone()])?.value(),
        };
        drafts.push(draft(range, value, 0.5, "name:lower_case"));
        Some(end)
    }

    fn is_lower(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| token.gap == Gap::Blank && token.shape == Shape::Lower)
    }

    /// `happy bday X`: a name, or a word that no list knows.
    fn is_wished(&self, at: usize) -> Option<usize> {
        let back = if at > 0 && self.lower(at - 1) == "to" { 2 } else { 1 };
        let day = at.checked_sub(back)?;
        let is_day = matches!(
            self.lower(day).as_ref(),
            "bday" | "birthday" | "anniversary" | "xmas" | "christmas" | "eid" | "diwali"
        );
        let is_happy =
            day > 0 && is_day && matches!(self.lower(day - 1).as_ref(), "happy" | "merry");
        let folded = latin(self.text(at));
        let is_name =
            word_level(&folded).is_none() || given_level(&folded).is_some_and(|level| level < 3);
        if !is_happy || !self.is_lower(at) || !is_name || holds(NOT_NAMED, &folded) {
            return None;
        }
        // What follows up to a sign or the end of the line is the rest of the name.
        let end = (at + 1..at + 4)
            .take_while(|&i| self.is_lower(i) && !holds(NOT_NAMED, &self.lower(i)))
            .last()
            .map_or(at + 1, |i| i + 1);
        let is_all = !self.is_lower(end);
        let is_surname = |i: usize| {
            let word = latin(self.text(i));
            word.len() > 3 && word_level(&word).is_none() && surname_level(&word).is_some()
        };
        Some(if is_all {
            end
        } else if self.is_lower(at + 1) && is_surname(at + 1) {
            at + 2
        } else {
            at + 1
        })
    }

    /// `can may bring it`: a given name between two verbs, of which the first opens a line.
    fn is_asked_for(&self, at: usize) -> Option<usize> {
        let verb = at.checked_sub(1)?;
        let opener = &self.tokens[verb];
        let opens = opener.is_first || opener.gap == Gap::Stop;
        let folded = latin(self.text(at));
        let is_name = match given_level(&folded) {
            Some(1) => true,
            Some(2) => word_level(&folded).is_none_or(|level| level > 10),
            _ => self.view.setting.directory.given_count(&folded) > 0,
        };
        let is_asked = opens
            && matches!(
                self.lower(verb).as_ref(),
                "can" | "could" | "will" | "would" | "did" | "does"
            )
            && opener.shape == Shape::Lower
            && self.is_lower(at)
            && self.is_lower(at + 1)
            && holds(DOES, &self.lower(at + 1))
            && is_name
            && !holds(NOT_NAMED, &folded);
        is_asked.then_some(at + 1)
    }

    /// `hunter church knows already`: a given name and a family name that open a line, and what they say.
    fn is_pair_that_says(&self, at: usize) -> Option<usize> {
        let token = &self.tokens[at];
        if !token.is_first || !self.is_lower(at + 1) || !self.is_lower(at + 2) {
            return None;
        }
        if !holds(SAYS, &self.lower(at + 2)) {
            return None;
        }
        let (first, last) = (latin(self.text(at)), latin(self.text(at + 1)));
        let is_given = given_level(&first).is_some_and(|level| {
            level < 3 && word_level(&first).is_none_or(|word| word > 10 || level == 1)
                || word_level(&first).is_none()
        });
        let is_surname = surname_level(&last)
            .is_some_and(|level| level < 3 || word_level(&last).is_none())
            || word_level(&last).is_none() && !is_place(&last) && last.len() > 4;
        (is_given && is_surname && !holds(NOT_NAMED, &first) && !holds(NOT_NAMED, &last))
            .then_some(at + 2)
    }
}
