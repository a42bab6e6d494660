//! What is known of given names in general?

/// The short forms of a given name, and the names that it is short for.
pub(super) fn nicknames(_given: &str) -> Vec<&'static str> {
    Vec::new()
}

/// Is this folded word a given name of its own?
pub(super) fn is_given(_word: &str) -> bool {
    false
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    Man,
    Woman,
}
