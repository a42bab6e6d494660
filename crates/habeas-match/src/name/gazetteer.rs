//! Which words are names, words or places, and how common?

use std::sync::LazyLock;

use super::hash::FixedMap;

const FEMALE: u8 = 64;
const MALE: u8 = 128;

type Levels = FixedMap<u8>;

static GIVEN: LazyLock<Levels> = LazyLock::new(|| levels(include_str!("../../data/given.txt")));
static SURNAMES: LazyLock<Levels> =
    LazyLock::new(|| levels(include_str!("../../data/surnames.txt")));
static WORDS: LazyLock<Levels> = LazyLock::new(|| levels(include_str!("../../data/words.txt")));
static PLACES: LazyLock<Levels> = LazyLock::new(|| levels(include_str!("../../data/places.txt")));
static OWN_PLACES: LazyLock<Levels> =
    LazyLock::new(|| levels(include_str!("../../data/own-places.txt")));

/// How common a folded given name is: 1 common, 2 in a census, 3 known elsewhere.
pub fn given_level(folded: &str) -> Option<u8> {
    given(folded).map(|level| level & !(FEMALE | MALE))
}

/// Is a folded given name a woman's (`Some(true)`), a man's (`Some(false)`), or not known?
pub fn is_womans_name(folded: &str) -> Option<bool> {
    let level = given(folded)?;
    (level & (FEMALE | MALE) != 0).then_some(level & FEMALE != 0)
}

/// Of a double name the first half counts.
fn given(folded: &str) -> Option<u8> {
    let whole = GIVEN.get(folded).copied();
    whole.or_else(|| folded.split_once('-').and_then(|(half, _)| GIVEN.get(half).copied()))
}

/// How common a folded family name is: 1 common, 2 among the 12,000 most common, 3 rarer.
///
/// Of a double name the first half counts.
pub fn surname_level(folded: &str) -> Option<u8> {
    let whole = SURNAMES.get(folded).copied();
    whole.or_else(|| folded.split_once('-').and_then(|(half, _)| SURNAMES.get(half).copied()))
}

/// How far down a list of ordinary English words a folded word stands: 10 for the most common,
/// then 20, 35, 40, 50. A plural counts as its singular.
pub fn word_level(folded: &str) -> Option<u8> {
    let whole = WORDS.get(folded).copied();
    whole.or_else(|| folded.strip_suffix('s').and_then(|stem| WORDS.get(stem).copied()))
}

/// Is it a country, a region or a town, folded?
pub fn is_place(folded: &str) -> bool {
    PLACES.contains_key(folded) || OWN_PLACES.contains_key(folded)
}

/// Is a lone word of a name more often a family name than a given one?
pub(crate) fn is_rather_surname(folded: &str) -> bool {
    match (given_level(folded), surname_level(folded)) {
        (None, Some(_)) => true,
        (Some(given), Some(surname)) => surname < given,
        _ => false,
    }
}

/// Is it a family name of two letters, rather than two initials?
pub(crate) fn is_short_surname(folded: &str) -> bool {
    const SHORT: &[&str] = &[
        "ng", "li", "wu", "yu", "xu", "lu", "ho", "le", "vo", "do", "oh", "ko", "su", "he", "hu",
        "al", "jo", "bo", "ed", "ty", "vi", "cy", "mo",
    ];
    SHORT.contains(&folded)
}

/// Reads a list: a word a line, and `# n` before the words of level n.
fn levels(list: &'static str) -> Levels {
    let mut levels = Levels::with_capacity_and_hasher(list.len() / 8, Default::default());
    let mut level = 1;
    for line in list.lines() {
        match line.strip_prefix("# ") {
            Some(number) => level = number.parse().unwrap_or(level),
            None if !line.is_empty() => {
                let (word, sex) =
                    line.split_once(' ').filter(|(_, sex)| sex.len() == 1).unwrap_or((line, ""));
                let sex = match sex {
                    "f" => FEMALE,
                    "m" => MALE,
                    _ => 0,
                };
                levels.entry(word).or_insert(level | sex);
            }
            None => {}
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_know_what_everybody_knows() {
        for given in ["jane", "siobhan", "muhammad", "kasia", "gaz", "oluwaseun", "anne-marie"] {
            assert!(given_level(given).is_some(), "{given}");
        }
        for surname in [
            "smith",
            "okonkwo",
            "kowalczyk",
            "nguyen",
            "patel",
            "mcdonald",
            "smith-jones",
            "obrien",
        ] {
            assert!(surname_level(surname).is_some(), "{surname}");
        }
        assert!(word_level("appointment").is_some() && word_level("appointments").is_some());
        assert!(word_level("okonkwo").is_none());
        assert!(is_place("birmingham") && is_place("north yorkshire") && !is_place("jane"));
        assert!(is_rather_surname("patel") && !is_rather_surname("jane"));
    }
}
