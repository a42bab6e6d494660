//! What is known of given names in general?

pub(super) use crate::name::given_level;
pub(super) use crate::name::nicknames;
use crate::name::{is_place, is_womans_name, word_level};

/// Is this folded word a given name of its own, and no rare one?
pub(super) fn is_given(word: &str) -> bool {
    given_level(word).is_some_and(|level| level < 3)
}

/// Is this folded word an ordinary word as well, so that alone it need not be a name?
pub(super) fn is_ordinary(word: &str) -> bool {
    word_level(word).is_some_and(|level| level <= 35) || is_place(word)
}

/// Is a word, as written in a name, an everyday word as well: May, Will, Bank?
pub fn is_ordinary_word(word: &str) -> bool {
    is_ordinary(&crate::latin(word))
}

/// Of which gender most bearers of a given name are, where that is clear.
pub(super) fn name_gender(given: &str) -> Option<Gender> {
    is_womans_name(given).map(|is_woman| if is_woman { Gender::Woman } else { Gender::Man })
}

/// Of which gender is somebody with that title, if it says so?
pub(super) fn title_gender(title: &str) -> Option<Gender> {
    match title {
        "mr" | "sir" | "lord" | "mister" | "master" | "herr" | "senor" | "signor" => {
            Some(Gender::Man)
        }
        "mrs" | "ms" | "miss" | "dame" | "lady" | "mme" | "madame" | "mlle" | "frau" | "senora"
        | "sra" | "srta" | "signora" => Some(Gender::Woman),
        _ => None,
    }
}

/// What a title says of its bearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gender {
    Man,
    Woman,
}
