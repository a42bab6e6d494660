//! How likely is a word the given or the family name of somebody?

use std::sync::LazyLock;

use super::never::{BRANDS, DEMONYMS, LOANS, NEVER, WORDY_TITLES};
use crate::directory::Directory;
use crate::latin;
use crate::name::hash::FixedSet;
use crate::name::{TITLES, given_level, is_place, surname_level, word_level};

/// What is known of a capitalised word.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) folded: String,
    /// How well it would do as a given name, from 0 to 1.
    pub(super) given: f32,
    /// How well it would do as a family name, from 0 to 1.
    pub(super) surname: f32,
    /// Is it an ordinary word, a month or a function word as well?
    pub(super) is_word: bool,
    /// Is it known neither as a name nor as a word?
    pub(super) is_unknown: bool,
    pub(super) is_title: bool,
    pub(super) is_place: bool,
    is_never: bool,
}

static NEVER_SET: LazyLock<FixedSet> = LazyLock::new(|| NEVER.iter().copied().collect());
static TITLE_SET: LazyLock<FixedSet> = LazyLock::new(|| TITLES.iter().copied().collect());

impl Judged {
    pub(super) fn new(raw: &str, directory: &Directory) -> Self {
        let folded = latin(raw);
        // `Ateş` is not the plural of `ate`: letters that English has not make it no English word.
        let is_foreign = has_foreign_letters(raw) && !LOANS.split(' ').any(|loan| loan == folded);
        let is_never = !is_foreign && NEVER_SET.contains(folded.as_str());
        let is_place = is_place(&folded);
        let word = if is_never || !is_foreign && (is_demonym(&folded) || is_brand(&folded)) {
            Some(10)
        } else if is_foreign {
            None
        } else {
            word_level(&folded)
        };
        let (given_rank, surname_rank) = (given_level(&folded), surname_level(&folded));
        let known_given = directory.given_count(&folded) > 0;
        let known_surname = directory.surname_count(&folded) > 0;
        let is_name = given_rank.is_some() || surname_rank.is_some();
        let is_camel = is_camel(raw);
        // `Kowalska-Nowak`: halves that are no words make a name of a double word.
        let is_double_word = folded.contains('-')
            && folded.split('-').any(|half| half.len() < 2 || word_level(half).is_some());
        let is_unknown = !is_name
            && word.is_none()
            && !is_place
            && !is_double_word
            && folded.chars().count() > 2
            && (!raw.is_ascii() || !super::super::unsure::has_stem(&folded));
        let given = match (given_rank, word) {
            _ if is_never => 0.0,
            (Some(1), None) => 1.0,
            (Some(2), None) => 0.8,
            (Some(_), None) => 0.6,
            (Some(1), Some(10)) => 0.25,
            (Some(1), Some(_)) => 0.5,
            (Some(2), Some(level)) if level >= 35 => 0.3,
            (Some(_), Some(_)) => 0.06,
            (None, None) if is_unknown => 0.35,
            (None, None) if surname_rank.is_some() => 0.3,
            _ => 0.02,
        };
        let surname = match (surname_rank, word) {
            _ if is_never => 0.0,
            (Some(1), None) => 1.0,
            (Some(2), None) => 0.9,
            (Some(_), None) => 0.8,
            (Some(1), Some(10)) => 0.35,
            (Some(1), Some(20)) => 0.5,
            (Some(1), Some(_)) => 0.7,
            (Some(2), Some(level)) if level >= 35 => 0.4,
            (Some(2), Some(20)) => 0.15,
            (Some(_), Some(level)) if level >= 50 => 0.3,
            (Some(_), Some(_)) => 0.05,
            (None, None) if is_unknown => 0.45,
            (None, None) if given_rank.is_some() => 0.5,
            _ => 0.02,
        };
        let by_place = if is_place { 0.5 } else { 1.0 };
        Self {
            given: if known_given { 1.0_f32.min(given + 0.5) } else { given * by_place },
            surname: if known_surname {
                1.0_f32.min(surname + 0.5)
            } else if is_camel {
                1.0
            } else {
                surname * by_place
            },
            is_word: word.is_some_and(|level| level <= 50),
            is_unknown,
            is_title: TITLE_SET.contains(folded.as_str()),
            is_place,
            is_never,
            folded,
        }
    }

    /// The better of the two.
    pub(super) fn best(&self) -> f32 {
        self.given.max(self.surname)
    }

    /// Is it a word that can never be a part of a name?
    pub(super) fn is_never(&self) -> bool {
        self.is_never
    }

    /// Is it a title that is nothing else: `Mr`, `Dr`?
    pub(super) fn is_plain_title(&self) -> bool {
        self.is_title && (!WORDY_TITLES.contains(&self.folded.as_str()))
    }
}

fn has_foreign_letters(raw: &str) -> bool {
    !raw.is_ascii() && raw.chars().any(|c| c.is_alphabetic() && !c.is_ascii())
}

/// Can the folded word never be a part of a name?
pub(in super::super) fn is_never(folded: &str) -> bool {
    NEVER_SET.contains(folded)
}

/// Peoples and languages, which are written with a capital and are ordinary words otherwise.
pub(in super::super) fn is_demonym(folded: &str) -> bool {
    DEMONYM_SET.contains(folded)
        || folded.strip_suffix('s').is_some_and(|stem| DEMONYM_SET.contains(stem))
}

static DEMONYM_SET: LazyLock<FixedSet> = LazyLock::new(|| DEMONYMS.split_whitespace().collect());

/// `McDonald`, `O’Brien`, `MacLeod`: capitals where only names have them.
fn is_camel(raw: &str) -> bool {
    let opens = ["Mc", "Mac", "O'", "O’", "D'", "D’", "Fitz", "al-", "Al-", "El-", "el-"];
    opens.iter().any(|open| {
        raw.strip_prefix(open)
            .is_some_and(|rest| rest.starts_with(char::is_uppercase) && rest.len() > 2)
    })
}

/// Is it a program, a brand or a short form that is written like a name?
pub(in super::super) fn is_brand(folded: &str) -> bool {
    BRAND_SET.contains(folded)
}

static BRAND_SET: LazyLock<FixedSet> = LazyLock::new(|| BRANDS.split_whitespace().collect());
