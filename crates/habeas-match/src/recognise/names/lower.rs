//! When are words without capitals the whole name of somebody: `tell ngozi eze`, `can rose field bring it`?

use super::super::hits::Draft;
use super::super::unsure::is_known;
use super::chat::{DOES, NOT_NAMED, holds};
use super::cues::NOT_LOWER;
use super::draft;
use super::judge::{is_brand, is_demonym, is_never};
use super::prose::Reader;
use super::repeat::is_glued;
use super::token::{Gap, Shape};
use crate::PersonName;
use crate::latin;
use crate::name::{TITLES, given_level, is_place, surname_level, word_level};

/// Short forms that only a person or a thing stands before: `ngozi isnt coming`.
const STATES: &str = "isnt wasnt hasnt hadnt cant wont didnt doesnt wouldnt couldnt knows says said reckons thinks wants \
    wanted told asked rang texted emailed phoned hates loves forgot replied agreed is was has will can";

/// Words that people write as they say them.
const SPOKEN: &str = "arent werent havent shouldnt mustnt aint dont youre youve youll theyre theyve theyll weve were ive \
    shes hes thats whats whos wheres heres theres lets gonna wanna gotta dunno cuz coz cos tho thru alot aswell tonite \
    tmrw tomoz defo deffo prob probs obvs soz plz kinda sorta innit yeah yep nah nope hiya cheers ello hols bday xmas \
    ffs tbf idk omg lol haha okay alright atm asap rota whatsapp google email";

/// Words after which somebody is asked, told or spoken of.
const LEADS: &str = "ask asked tell told text texted ring rang call called email emailed phone phoned says said reckons \
    thinks that because cos if when with from met saw thank thanks cc hi hey hello";

/// What a lower-case word could be in a name.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// A given name that is no other word.
    Given,
    /// A family name that is no other word.
    Surname,
    /// A common given name, or a common family name, that is a word as well.
    WordGiven,
    WordSurname,
    Particle,
    /// On no list, and no slip of the pen for a word.
    Unknown,
    Other,
}

impl Reader<'_> {
    /// Two to five words without capitals that are one name.
    pub(super) fn whole_in_lower_case(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let token = &self.tokens[at];
        // One look spares most words the others.
        if token.shape != Shape::Lower || token.range.len() < 2 || !self.is_small(at + 1) {
            return None;
        }
        let first = self.part_of(at);
        if matches!(first, Part::Other | Part::Particle | Part::WordSurname) {
            return None;
        }
        let mut best = None;
        let mut parts = vec![first];
        for end in at + 2..=at + 5 {
            if !self.is_small(end - 1) {
                break;
            }
            let part = self.part_of(end - 1);
            if part == Part::Other {
                break;
            }
            parts.push(part);
            if part != Part::Particle && self.is_whole(at, end, &parts) {
                best = Some(end);
            }
        }
        let end = best?;
        if (at..end).any(|i| is_glued(self.view.text, &self.tokens[i].range)) {
            return None;
        }
        let range = token.range.start..self.tokens[end - 1].range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        drafts.push(draft(range, name.value(), 0.53, "name:lower_case"));
        Some(end)
    }

    /// One rarer given name that is no word, in a message without capitals.
    pub(super) fn rare_in_chat(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let token = &self.tokens[at];
        if token.shape != Shape::Lower || token.range.len() < 4 || !self.is_message(at) {
            return None;
        }
        let folded = latin(self.text(at));
        let part = self.part_of(at);
        let is_stated = self.is_small(at + 1)
            && holds("isnt wasnt hasnt cant wont didnt doesnt", &self.lower(at + 1));
        let is_name = match part {
            Part::Given => given_level(&folded) != Some(1),
            Part::Surname => matches!(surname_level(&folded), Some(1 | 2)) && folded.len() > 4,
            Part::Unknown => is_stated && folded.len() > 4,
            _ => false,
        };
        if !is_name || is_glued(self.view.text, &token.range) {
            return None;
        }
        let value =
            if part == Part::Surname { format!("{folded},") } else { format!(", {folded}") };
        drafts.push(draft(token.range.clone(), value, 0.4, "name:unsure"));
        Some(at + 1)
    }

    fn is_small(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| token.gap == Gap::Blank && token.shape == Shape::Lower)
    }

    fn part_of(&self, at: usize) -> Part {
        let text = self.text(at);
        let folded = latin(text);
        let is_foreign = !text.is_ascii();
        let directory = &self.view.setting.directory;
        if super::cues::PARTICLES.contains(&folded.as_str()) && folded.len() > 1 {
            return Part::Particle;
        }
        // `read-only`, `per-page`: a double name has no half that is a word.
        let is_compound = folded.contains('-')
            && folded.split('-').any(|half| half.len() < 3 || word_level(half).is_some());
        if folded.chars().count() < 3
            || is_compound
            || holds(NOT_NAMED, &folded)
            || holds(STATES, &folded)
            || holds(SPOKEN, &folded)
            || !is_foreign && (is_never(&folded) || is_demonym(&folded) || is_brand(&folded))
            || TITLES.contains(&folded.as_str())
        {
            return Part::Other;
        }
        let word = if is_foreign { None } else { word_level(&folded) };
        let (given, surname) = (given_level(&folded), surname_level(&folded));
        if word.is_none() && !is_place(&folded) && !NOT_LOWER.contains(&folded.as_str()) {
            let is_known_given = directory.given_count(&folded) > 0;
            let is_known_surname = directory.surname_count(&folded) > 0;
            let is_slip = || !is_foreign && is_slip(&folded);
            return match (given, surname) {
                (Some(1 | 2), _) => Part::Given,
                _ if is_known_given => Part::Given,
                (_, Some(1 | 2)) => Part::Surname,
                _ if is_known_surname => Part::Surname,
                (Some(_), _) if folded.len() > 3 && !is_slip() => Part::Given,
                (_, Some(_)) if folded.len() > 3 && !is_slip() => Part::Surname,
                (None, None) if folded.len() > 3 && !is_known(&folded, text) && !is_slip() => {
                    Part::Unknown
                }
                _ => Part::Other,
            };
        }
        if matches!(given, Some(1 | 2)) {
            return Part::WordGiven;
        }
        if matches!(surname, Some(1 | 2)) { Part::WordSurname } else { Part::Other }
    }

    /// Do these words make one whole name?
    fn is_whole(&self, at: usize, end: usize, parts: &[Part]) -> bool {
        let (first, last) = (parts[0], parts[parts.len() - 1]);
        let middle = &parts[1..parts.len() - 1];
        // `maria said jones`: a verb is no middle name.
        if middle.iter().any(|part| matches!(part, Part::WordGiven | Part::WordSurname)) {
            return false;
        }
        let has_place = || self.is_position(at, end);
        match (first, last) {
            // Two rare ones are words of another language as often.
            (Part::Given, Part::Given | Part::Surname) => {
                let is_usual = |i: usize| {
                    let folded = latin(self.text(i));
                    matches!(given_level(&folded), Some(1 | 2))
                        || matches!(surname_level(&folded), Some(1 | 2))
                };
                is_usual(at) || is_usual(end - 1) || self.is_message(at) || has_place()
            }
            (Part::Given, Part::Unknown) => self.is_message(at) || has_place(),
            (Part::Unknown, Part::Surname | Part::Given) => self.is_message(at) && has_place(),
            (Part::Surname, Part::Given | Part::Surname) => has_place(),
            (Part::WordGiven, Part::Surname) => has_place() || self.is_message(at),
            (Part::Unknown | Part::WordGiven, Part::Unknown) | (Part::Surname, Part::Unknown) => {
                self.is_message(at) && has_place()
            }
            (Part::Given | Part::WordGiven, Part::WordGiven | Part::WordSurname) => {
                self.is_message(at) && has_place()
            }
            _ => false,
        }
    }

    /// Do words before and behind say that somebody stands between them?
    fn is_position(&self, at: usize, end: usize) -> bool {
        let before = at.checked_sub(1).filter(|_| self.tokens[at].gap == Gap::Blank);
        let lead = before.map(|i| self.lower(i).into_owned()).unwrap_or_default();
        let opens = self.tokens[at].is_first || before.is_none();
        let next = self
            .token(end)
            .filter(|next| next.gap == Gap::Blank)
            .map(|_| self.lower(end).into_owned())
            .unwrap_or_default();
        let is_asked =
            matches!(lead.as_str(), "can" | "could" | "will" | "would" | "did" | "does" | "has")
                && holds(DOES, &next);
        let is_end = next.is_empty()
            || matches!(
                next.as_str(),
                "about"
                    | "if"
                    | "to"
                    | "that"
                    | "whether"
                    | "when"
                    | "and"
                    | "not"
                    | "why"
                    | "yet"
                    | "again"
            );
        let is_led = holds(LEADS, &lead);
        is_asked
            || is_led && (is_end || holds(STATES, &next))
            || (opens || matches!(lead.as_str(), "and" | "but")) && holds(STATES, &next)
    }

    /// Is the line written without capitals, as in a chat, and so the one before it?
    pub(super) fn is_message(&self, at: usize) -> bool {
        let text = self.view.text;
        let start = self.tokens[at].range.start;
        let line = self.view.lead(start, 160).rsplit('\n').next().unwrap_or_default();
        let rest: String = text[start..].chars().take(160).take_while(|&c| c != '\n').collect();
        let has_capital = |part: &str| part.chars().any(char::is_uppercase);
        // A time, or a name and a colon, may stand before what is said.
        let said = line.rsplit(": ").next().unwrap_or(line);
        if has_capital(said) || has_capital(&rest) {
            return false;
        }
        // A line of prose may have no capital; then the one before it is no sentence of its own.
        let from = start - line.len();
        let above = text[..from].trim_end_matches(['\n', '\r', ' ']);
        let is_open = from > 0
            && text[..from].ends_with('\n')
            && !text[..from].ends_with("\n\n")
            && above.ends_with(|c: char| c.is_alphanumeric() || c == ',')
            && {
                let line = self.view.lead(above.len(), 160).rsplit('\n').next().unwrap_or_default();
                has_capital(line.rsplit(": ").next().unwrap_or(line)) && line.len() > 40
            };
        !is_open
    }
}

/// Is a word one letter away from a common word: a slip of the pen rather than a name?
pub(in crate::recognise) fn is_slip(word: &str) -> bool {
    if !word.is_ascii() || word.len() > 12 {
        return false;
    }
    let is_common = |word: &[u8]| {
        std::str::from_utf8(word)
            .is_ok_and(|word| word_level(word).is_some_and(|level| level <= 20))
    };
    let bytes = word.as_bytes();
    (0..bytes.len()).any(|at| {
        let mut left_out = bytes.to_vec();
        left_out.remove(at);
        let mut swapped = bytes.to_vec();
        if at > 0 {
            swapped.swap(at - 1, at);
        }
        let mut other = bytes.to_vec();
        let mut more = bytes.to_vec();
        more.insert(at, b'a');
        left_out.len() > 2 && is_common(&left_out)
            || is_common(&swapped)
            || (b'a'..=b'z').any(|letter| {
                other[at] = letter;
                more[at] = letter;
                // The first letter is seldom the wrong one.
                at > 0 && (is_common(&other) || is_common(&more))
            })
    })
}
