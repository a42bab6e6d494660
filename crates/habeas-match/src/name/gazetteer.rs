//! Which words are names, and how often?

/// Is a lone word of a name more often a family name than a given one?
pub(crate) fn is_rather_surname(_folded: &str) -> bool {
    false
}

/// Is it a family name of two letters, rather than two initials?
pub(crate) fn is_short_surname(folded: &str) -> bool {
    ["ng", "li", "wu", "yu", "xu", "ma", "lu", "ho", "le", "vo", "do", "oh", "ko", "an", "su", "he", "hu", "al", "jo", "bo", "ed", "ty", "vi", "ai"].contains(&folded)
}
