//! In which other ways is a name spelled, and is one spelling close to another?

use super::names::squeeze;
use crate::terms::{digraphs, phonetic};

/// How two different spellings are close to each other, most likely first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Closeness {
    /// They sound the same.
    Sound,
    /// One letter is changed, left out, added or swapped.
    One,
    /// A scanner takes one for the other.
    Shape,
    /// Two letters differ.
    Two,
}

impl Closeness {
    /// How often a name is written so, against the name as stated.
    pub(super) fn share(self) -> f64 {
        match self {
            Self::Sound => 0.05,
            Self::One | Self::Shape => 0.02,
            Self::Two => 0.006,
        }
    }
}

/// How many letters may differ in a name of that many letters.
///
/// Names of three letters are never taken for each other: Li and Lu are different people.
pub(super) fn tolerance(n_letters: usize) -> u8 {
    match n_letters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Is `other` a likely misspelling of `mine`? Both squeezed; `None` when it is not, or the same.
pub(super) fn closeness(mine: &str, other: &str) -> Option<Closeness> {
    let (n_mine, n_other) = (mine.chars().count(), other.chars().count());
    let allowed = usize::from(tolerance(n_mine));
    if allowed == 0 || n_other < 3 || mine == other {
        return None;
    }
    if n_mine.abs_diff(n_other) <= allowed {
        let distance = strsim::osa_distance(mine, other);
        if distance == 1 {
            return Some(if n_other > 3 && sound_alike(mine, other) {
                Closeness::Sound
            } else {
                Closeness::One
            });
        }
        if distance <= allowed {
            return Some(if sound_alike(mine, other) { Closeness::Sound } else { Closeness::Two });
        }
    }
    if n_mine.abs_diff(n_other) <= 3 && skeleton(mine) == skeleton(other) {
        return Some(Closeness::Shape);
    }
    // Sound alone is weak, so the spellings have to be near as well.
    let is_near =
        n_other > 3 && n_mine.abs_diff(n_other) <= 2 && strsim::osa_distance(mine, other) <= 3;
    (is_near && mine.len() > 4 && sound_alike(mine, other)).then_some(Closeness::Sound)
}

/// Do two names have the same Double Metaphone code?
fn sound_alike(one: &str, other: &str) -> bool {
    // A name changes its first letter more often by meaning than by ear, but for these.
    let class = |name: &str| match name.as_bytes().first() {
        Some(b'k' | b'c' | b'q') => b'k',
        Some(b'f' | b'p') => b'f',
        Some(b'j' | b'g' | b'y' | b'i') => b'j',
        Some(b's' | b'z') => b's',
        Some(&letter) => letter,
        None => 0,
    };
    if class(one) != class(other) || !one.is_ascii() || !other.is_ascii() {
        return false;
    }
    let codes = phonetic(one);
    phonetic(other).iter().any(|code| code.len() > "dm:X".len() && codes.contains(code))
}

/// Letters that a scanner takes for each other become one.
///
/// # Source
/// Confusion classes of `field/matching.md` 1.2, narrowed to what happens in print.
pub(super) fn skeleton(name: &str) -> String {
    let joined = name.replace("rn", "m").replace("cl", "d").replace("vv", "w").replace("ii", "u");
    joined
        .chars()
        .map(|c| match c {
            '0' | 'o' => 'o',
            '1' | 'l' | 'i' | 'j' | 't' | 'f' | '|' => 'l',
            '5' | 's' => 's',
            '8' | 'b' => 'b',
            'e' | 'c' => 'c',
            '6' | '9' | 'g' | 'q' => 'g',
            '2' | 'z' => 'z',
            'v' | 'y' => 'v',
            other => other,
        })
        .collect()
}

/// What a scanner may make of a name: one confusion at a time.
pub(super) fn misread(name: &str) -> Vec<String> {
    const PAIRS: &[(&str, &str)] = &[
        ("m", "rn"),
        ("rn", "m"),
        ("d", "cl"),
        ("cl", "d"),
        ("w", "vv"),
        ("u", "ii"),
        ("li", "h"),
        ("h", "li"),
        ("l", "1"),
        ("i", "1"),
        ("o", "0"),
        ("s", "5"),
    ];
    let mut read: Vec<String> = Vec::new();
    for (from, to) in PAIRS {
        for (at, _) in name.match_indices(from) {
            let changed = format!("{}{to}{}", &name[..at], &name[at + from.len()..]);
            if !read.contains(&changed) {
                read.push(changed);
            }
        }
    }
    read
}

/// Every spelling of a family name that stands for itself, squeezed, with how usual it is.
///
/// `raw` is the name as stated, whose accents tell of other ways to write it.
pub(super) fn surnames(surname: &str, raw: &str) -> Vec<(String, f64)> {
    let whole = squeeze(surname);
    let mut found = vec![(whole.clone(), 1.0)];
    let mut add = |name: String, share: f64| {
        if name.chars().count() > 1 && !found.iter().any(|(known, _)| *known == name) {
            found.push((name, share));
        }
    };
    for half in halves(surname) {
        add(squeeze(&half), 0.35);
    }
    if let Some(bare) = without_particles(surname) {
        add(squeeze(&bare), 0.35);
    }
    if let Some(rest) = whole.strip_prefix("mac").filter(|rest| rest.len() > 2) {
        add(format!("mc{rest}"), 0.3);
    } else if let Some(rest) = whole.strip_prefix("mc").filter(|rest| rest.len() > 2) {
        add(format!("mac{rest}"), 0.3);
    }
    for other in other_genders(&whole) {
        add(other, 0.1);
    }
    if let Some(name) = digraphs(raw).and_then(|written| crate::PersonName::parse(&written)) {
        add(squeeze(&name.surname), 0.3);
    }
    for (from, to) in [("ae", "a"), ("oe", "o"), ("ue", "u")] {
        if whole.len() > 4 && whole.contains(from) {
            add(whole.replace(from, to), 0.15);
        }
    }
    found
}

/// The halves of a double name, particles left with what follows them.
fn halves(surname: &str) -> Vec<String> {
    let parts: Vec<&str> = surname.split('-').collect();
    if parts.len() > 1 {
        return parts.iter().filter(|part| part.len() > 2).map(|part| (*part).to_owned()).collect();
    }
    let words: Vec<&str> = surname.split(' ').collect();
    if words.len() > 1 && !words.iter().any(|word| is_particle(word)) {
        return words.iter().filter(|word| word.len() > 2).map(|word| (*word).to_owned()).collect();
    }
    Vec::new()
}

fn without_particles(surname: &str) -> Option<String> {
    let words: Vec<&str> = surname.split(' ').collect();
    let bare: Vec<&str> = words.iter().copied().skip_while(|word| is_particle(word)).collect();
    (!bare.is_empty() && bare.len() < words.len()).then(|| bare.join(" "))
}

fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "van"
            | "von"
            | "vom"
            | "zu"
            | "zum"
            | "zur"
            | "de"
            | "der"
            | "den"
            | "da"
            | "das"
            | "dos"
            | "do"
            | "del"
            | "della"
            | "di"
            | "du"
            | "des"
            | "la"
            | "le"
            | "las"
            | "los"
            | "ter"
            | "ten"
            | "te"
            | "t"
            | "al"
            | "el"
            | "bin"
            | "ibn"
            | "bint"
            | "binti"
            | "abu"
            | "abd"
            | "st"
            | "saint"
            | "af"
            | "av"
            | "e"
            | "y"
    )
}

/// The forms of a Slavic family name for the other gender.
fn other_genders(surname: &str) -> Vec<String> {
    const ENDINGS: &[(&str, &str)] = &[
        ("ski", "ska"),
        ("sky", "skaya"),
        ("skiy", "skaya"),
        ("cki", "cka"),
        ("dzki", "dzka"),
        ("ov", "ova"),
        ("ev", "eva"),
        ("in", "ina"),
        ("yn", "yna"),
        ("ak", "akova"),
        ("ek", "kova"),
        ("an", "anova"),
        ("ik", "ikova"),
        ("y", "a"),
    ];
    let mut found = Vec::new();
    for (man, woman) in ENDINGS {
        for (from, to) in [(man, woman), (woman, man)] {
            let Some(stem) = surname.strip_suffix(*from) else { continue };
            // Short endings need a long name: Berry is no Slavic name, and Berra is none either.
            if stem.len() < 3
                || (from.len() == 1 || to.len() == 1)
                    && !stem.ends_with("sk")
                    && !stem.ends_with("ck")
                    && !stem.ends_with('n')
            {
                continue;
            }
            found.push(format!("{stem}{to}"));
        }
    }
    found
}
