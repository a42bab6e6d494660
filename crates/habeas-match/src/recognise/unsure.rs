//! Which words might name somebody, although nothing says so?
//!
//! A word with a capital letter that is no ordinary word, no place and no known name is proposed to whoever
//! decides what is taken out. It is no part of the index: nobody is found by it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use habeas_model::{Confidence, Document, Hit, Kind, Meaning, Party, Passage, Personal, PlaceKind};

use super::Setting;
use super::hits::overlaps;
use super::names::judge::{is_brand, is_demonym, is_never};
use super::names::token::{Gap, Shape, Token, tokens};
use crate::latin;
use crate::name::{TITLES, given_level, is_place, surname_level, word_level};

/// The rule of a hit of this class.
pub(crate) const RULE: &str = "name:unknown_word";

/// How sure such a hit is: below all other names.
const CONFIDENCE: f32 = 0.2;

/// What is seen of a word in a document.
#[derive(Default)]
struct Seen {
    /// With a capital where only a name has one.
    is_marked: bool,
    /// Where it cannot be a person: `in Xanten`, `the Xanten`, `Xanten Hospital`, or without a capital.
    is_thing: bool,
    places: Vec<(usize, Range<usize>)>,
}

/// What [`super::recognise`] finds, and the words that might name somebody as hits of kind name.
///
/// Hits stay sorted and do not overlap.
pub fn recognise_with_unsure(document: &Document, setting: &Setting) -> Vec<Vec<Hit>> {
    let mut hits = super::recognise(document, setting);
    let mut seen: HashMap<String, Seen> = HashMap::new();
    let house = house_words(setting);
    for (number, passage) in document.passages.iter().enumerate() {
        look(number, passage, &hits[number], &house, &mut seen);
    }
    let found = seen.into_iter().filter(|(_, seen)| seen.is_marked && !seen.is_thing);
    for (word, (number, range)) in found
        .flat_map(|(word, seen)| seen.places.into_iter().map(move |place| (word.clone(), place)))
    {
        hits[number].push(Hit {
            range,
            kind: Kind::Name,
            value: Personal::new(format!("{word},")),
            party: Party::Unknown,
            confidence: Confidence::new(CONFIDENCE),
            rule: RULE.to_owned(),
        });
    }
    for list in &mut hits {
        list.sort_by_key(|hit| hit.range.start);
    }
    hits
}

/// Words of the organisation's own addresses: `clinic.example` is no person.
fn house_words(setting: &Setting) -> HashSet<String> {
    let parts = setting.own_domains.iter().flat_map(|domain| domain.split(['.', '-']));
    parts.map(latin).filter(|word| word.len() > 2).collect()
}

fn look(
    number: usize,
    passage: &Passage,
    hits: &[Hit],
    house: &HashSet<String>,
    seen: &mut HashMap<String, Seen>,
) {
    let text = passage.text.as_str();
    let taken: Vec<&Range<usize>> = hits.iter().map(|hit| &hit.range).collect();
    // What a cue, or a neighbour, makes a name in one place is looked at in all.
    for hit in hits.iter().filter(|hit| hit.kind == Kind::Name) {
        let text = text.get(hit.range.clone()).unwrap_or_default();
        // The parts of a sure name of two words are found again by the recogniser.
        if hit.confidence.get() < 0.6 || !text.contains(' ') {
            let words = text.split_whitespace();
            for word in words.filter(|word| word.starts_with(char::is_uppercase)) {
                seen.entry(latin(word)).or_default().is_marked = true;
            }
        }
    }
    let tokens = tokens(text);
    for (at, token) in tokens.iter().enumerate() {
        let raw = &text[token.range.clone()];
        match token.shape {
            Shape::Title if is_word_like(raw) && !overlaps(&taken, &token.range) => {}
            Shape::Lower if raw.len() > 3 => {
                // Only a word that is looked at elsewhere needs to be remembered.
                if word_level(raw).is_none() {
                    seen.entry(latin(raw)).or_default().is_thing = true;
                }
                continue;
            }
            _ => continue,
        }
        let word = latin(raw);
        if !is_prose(passage, &token.range) || is_known(&word, raw) || house.contains(&word) {
            continue;
        }
        let entry = seen.entry(word).or_default();
        entry.is_thing |= is_thing(text, &tokens, at);
        entry.is_marked |= !token.is_first && !is_heading(text, &tokens, at);
        entry.places.push((number, token.range.clone()));
    }
}

/// Three letters or more, nothing but letters, and a hyphen or an apostrophe.
fn is_word_like(raw: &str) -> bool {
    raw.chars().count() > 2 && raw.chars().skip(1).all(|c| !c.is_uppercase() && !c.is_numeric())
        || raw.contains(['-', '\'', '’']) && raw.chars().all(|c| !c.is_numeric())
}

/// Is it running text, rather than a value of a table or a line of a log?
fn is_prose(passage: &Passage, range: &Range<usize>) -> bool {
    let after = passage.fields.partition_point(|field| field.range.end <= range.start);
    match passage.fields.get(after).filter(|field| field.range.start <= range.start) {
        Some(field) => {
            let value = passage.text.get(field.range.clone()).unwrap_or_default();
            field.meaning == Meaning::Text && value.split_whitespace().nth(4).is_some()
        }
        None => {
            matches!(passage.place.kind, PlaceKind::Page | PlaceKind::Message | PlaceKind::Body)
        }
    }
}

/// An ordinary word with its endings, a place, a people, or a name that is on a list.
pub(super) fn is_known(word: &str, raw: &str) -> bool {
    let is_listed = |word: &str| word_level(word).is_some();
    is_listed(word)
        || is_never(word)
        || word.strip_suffix('s').is_some_and(is_never)
        || TITLES.contains(&word)
        || is_demonym(word)
        || is_place(word)
        || is_brand(word)
        || given_level(word).is_some()
        || surname_level(word).is_some()
        || word.contains('-')
            && word.split('-').all(|half| half.len() < 3 || word_level(half).is_some())
        || raw.is_ascii() && is_compound(word)
        || is_science(word)
        || has_stem(word)
}

/// Is a folded word an ordinary English word with an opening or an ending: `preparer`, `rebooked`?
pub(super) fn has_stem(word: &str) -> bool {
    let is_listed = |word: &str| word_level(word).is_some();
    const ENDINGS: &[(&str, &[&str])] = &[
        ("ies", &["y"]),
        ("es", &["", "e"]),
        ("ied", &["y"]),
        ("ed", &["", "e"]),
        ("ing", &["", "e"]),
        ("ings", &["", "e"]),
        ("er", &["", "e"]),
        ("ers", &["", "e"]),
        ("or", &["", "e"]),
        ("ors", &["", "e"]),
        ("est", &["", "e"]),
        ("ly", &["", "le"]),
        ("ness", &[""]),
        ("ment", &[""]),
        ("ments", &[""]),
        ("able", &["", "e"]),
        ("ible", &["", "e"]),
        ("al", &["", "e"]),
        ("ally", &["", "al"]),
        ("ation", &["e", ""]),
        ("ations", &["e", ""]),
        ("isation", &["", "ise", "ize"]),
        ("ization", &["", "ise", "ize"]),
        ("ise", &["", "ize"]),
        ("ised", &["", "ize"]),
        ("ising", &["", "ize"]),
        ("ful", &[""]),
        ("less", &[""]),
        ("ship", &[""]),
        ("ism", &["", "e"]),
        ("ist", &["", "e", "y"]),
        ("ists", &["", "e", "y"]),
        ("our", &["or"]),
        ("ic", &["", "y"]),
        ("ity", &["", "e"]),
    ];
    let is_doubled = |stem: &str| {
        let bytes = stem.as_bytes();
        bytes.len() > 3
            && bytes[bytes.len() - 1] == bytes[bytes.len() - 2]
            && is_listed(&stem[..stem.len() - 1])
    };
    const OPENINGS: &[&str] = &[
        "un", "re", "non", "pre", "post", "sub", "over", "under", "co", "anti", "multi", "micro",
        "bio", "neuro", "cardio", "physio", "tele", "inter", "hyper", "hypo", "derm", "electro",
        "psycho", "radio",
    ];
    ENDINGS.iter().any(|(end, stems)| {
        word.strip_suffix(end).is_some_and(|front| {
            front.len() > 2
                && (stems.iter().any(|stem| is_listed(&format!("{front}{stem}")))
                    || is_doubled(front))
        })
    }) || OPENINGS
        .iter()
        .any(|open| word.strip_prefix(open).is_some_and(|rest| rest.len() > 3 && is_listed(rest)))
}

/// `Healthcheck`, `Workflow`: two ordinary words written as one.
fn is_compound(word: &str) -> bool {
    word.len() >= 8
        && word.is_ascii()
        && (4..=word.len() - 4).any(|at| {
            word_level(&word[..at]).is_some_and(|level| level <= 35)
                && word_level(&word[at..]).is_some_and(|level| level <= 35)
        })
}

/// Endings of medicine, chemistry and pharmacy that names do not have.
fn is_science(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "ology",
        "ologist",
        "ological",
        "itis",
        "osis",
        "aemia",
        "emia",
        "ectomy",
        "otomy",
        "ostomy",
        "plasty",
        "scopy",
        "graphy",
        "gram",
        "metry",
        "therapy",
        "pathy",
        "algia",
        "cillin",
        "mycin",
        "azole",
        "prazole",
        "statin",
        "olol",
        "sartan",
        "pril",
        "amine",
        "caine",
        "oxide",
        "acid",
        "toxin",
        "mab",
        "zepam",
        "profen",
        "phobia",
        "uria",
        "genic",
        "lysis",
        "ification",
        "ability",
        "graphic",
        "ware",
        "bot",
        "ase",
        "ium",
        "ular",
        "trexate",
        "sporin",
        "asone",
        "isone",
        "olone",
        "onide",
        "tidine",
        "lukast",
        "cycline",
        "floxacin",
        "triptan",
        "gliptin",
        "flozin",
        "formin",
        "parin",
        "xaban",
        "dronate",
        "fibrate",
        "oxetine",
        "pramine",
        "triptyline",
        "peridone",
        "apine",
        "phylline",
        "terol",
        "semide",
        "thiazide",
        "lactone",
        "dipine",
        "zosin",
        "erythema",
        "edema",
        "penia",
        "plegia",
        "paresis",
        "trophy",
        "plasia",
        "cinoma",
        "anoma",
        "enoma",
        "phoma",
        "rcoma",
        "atoma",
        "gabalin",
        "gabapentin",
        "nazole",
        "conazole",
        "ciclib",
        "tinib",
        "ferritin",
        "globin",
        "mmune",
    ];
    word.len() > 5 && ENDINGS.iter().any(|end| word.ends_with(end))
}

/// `in Xanten`, `the Xanten`, `Xanten Hospital`, `Erzincan Assize Court`, `Xanten 3.2`.
fn is_thing(text: &str, tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let lower = |i: usize| text[tokens[i].range.clone()].to_lowercase();
    let is_led = at > 0
        && token.gap == Gap::Blank
        && matches!(
            lower(at - 1).as_str(),
            "in" | "at"
                | "near"
                | "the"
                | "a"
                | "an"
                | "this"
                | "our"
                | "your"
                | "some"
                | "any"
                | "no"
                | "via"
                | "using"
                | "into"
                | "within"
                | "outside"
                | "around"
                | "called"
                | "taking"
                | "took"
        );
    // A neighbour in the run of capitals that is an ordinary word makes it a title or an organisation.
    let is_plain_capital = |i: usize| {
        let raw = &text[tokens[i].range.clone()];
        let word = latin(raw);
        tokens[i].shape == Shape::Title
            && (word_level(&word).is_some() || is_demonym(&word))
            && given_level(&word).is_none_or(|level| level > 1)
            && !TITLES.contains(&word.as_str())
    };
    let leads = tokens.get(at + 1).is_some_and(|next| {
        next.gap == Gap::Blank
            && (is_plain_capital(at + 1)
                || next.shape == Shape::Other
                || next.shape == Shape::Upper)
    });
    let follows = at > 0
        && token.gap == Gap::Blank
        && !tokens[at - 1].is_first
        && (is_plain_capital(at - 1) || tokens[at - 1].shape == Shape::Upper);
    // `Milton Keynes`
    let is_half_place = [at.checked_sub(1).map(|i| (i, at)), Some((at, at + 1))]
        .into_iter()
        .flatten()
        .any(|(one, other)| {
            tokens.get(other).is_some_and(|next| next.gap == Gap::Blank)
                && is_place(&latin(&text[tokens[one].range.start..tokens[other].range.end]))
        });
    let after = &text[token.range.end..];
    // `the Court of Cassation (Zzyvka)`: what stands in brackets or quotation marks is a term.
    let mut near = token.range.start.saturating_sub(80);
    while !text.is_char_boundary(near) {
        near += 1;
    }
    let before = &text[near..token.range.start];
    let is_in_brackets = before.rfind('(').is_some_and(|open| !before[open..].contains(')'))
        || before.ends_with(['"', '“', '‘', '\'', '[']);
    is_in_brackets
        || is_half_place
        || is_led
        || leads
        || follows
        || after.starts_with(['®', '™', '©', '_', '/', '@', '\\', '='])
}

/// Does it stand in a line of which most words have capitals: a heading, a list of things?
fn is_heading(text: &str, tokens: &[Token], at: usize) -> bool {
    /// Words at either side that are looked at: a paragraph may be one long line.
    const REACH: usize = 12;
    let is_same_line =
        |one: &Token, next: &Token| !text[one.range.end..next.range.start].contains('\n');
    let first = (at.saturating_sub(REACH)..at)
        .rev()
        .take_while(|&i| is_same_line(&tokens[i], &tokens[i + 1]));
    let first = first.last().unwrap_or(at);
    let last = (at + 1..tokens.len().min(at + REACH))
        .take_while(|&i| is_same_line(&tokens[i - 1], &tokens[i]));
    let last = last.last().unwrap_or(at);
    let line = &tokens[first..=last];
    let n_capital = line.iter().filter(|token| token.is_capital()).count();
    line.len() > 2 && 3 * n_capital > 2 * line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let document = Document {
            passages: vec![Passage::text(habeas_model::Place::new(PlaceKind::Body, 1), text)],
            ..Document::default()
        };
        let hits = recognise_with_unsure(&document, &Setting::default());
        let found: Vec<&str> = hits[0]
            .iter()
            .filter(|hit| hit.rule == RULE)
            .map(|hit| &text[hit.range.clone()])
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn unknown_words_with_a_capital_are_proposed() {
        check("The chair was moved by Zzyvka on Monday.", &["Zzyvka"]);
        // Again wherever it stands, once it stood where only a name has a capital.
        check("Zzyvka’s door was open. I think that Zzyvka’s car is new.", &["Zzyvka", "Zzyvka"]);
        // What somebody does makes the first a name by itself, and the second a word to look at.
        check("Zzyvka left early. Zzyvka doors are for sale.", &["Zzyvka"]);
    }

    #[test]
    fn what_is_no_name_is_left_alone() {
        // A sentence begins.
        check("Zzyvka doors are for sale.", &[]);
        // It stands without a capital elsewhere.
        check("We use a zzyvka. I said that Zzyvka is best.", &[]);
        // A thing, a place, an organisation.
        check("I fell in Zzyvka and then the Zzyvka broke.", &[]);
        check("She wrote to Zzyvka Hospital yesterday.", &[]);
        check("The court of appeal (formelle Zzyvka) and the “Zzyvkamittel” agreed.", &[]);
        check("We drove to Milton Keynes, and Mrs came on Saturdays.", &[]);
        check("Look at Zzyvka® or at Zzyvka 3.2 again.", &[]);
        // Ordinary words with their endings, months, programs, medicine, peoples.
        check(
            "We sent Reminders by Sharepoint, and Dermatology said that Norwegians took Omeprazole.",
            &[],
        );
        check("TERMS AND CONDITIONS OF ZZYVKA\nTerms And Conditions Of Zzyvka", &[]);
    }
}
