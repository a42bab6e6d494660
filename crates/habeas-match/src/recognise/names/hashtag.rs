//! Whom does a hashtag name: `#TrevorHigginbottom`?

use super::super::hits::Draft;
use super::super::pattern;
use super::super::view::View;
use super::cues::ORGANISATIONS;
use super::draft;
use crate::PersonName;
use crate::latin;
use crate::name::{given_level, is_place, surname_level, word_level};
use crate::normal::is_street_word;

// Words in camel case behind the sign; what is a name begins and ends with a word of its own.
pattern!(TAG = r"#(\p{Lu}\p{Ll}+(?:['’]?\p{Lu}\p{Ll}+){1,3})(?-u:\b)");
pattern!(PART = r"\p{Lu}\p{Ll}+");

pub(super) fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    if !view.text.contains('#') {
        return;
    }
    for captures in TAG.captures_iter(view.text) {
        let Some(tag) = captures.get(1) else { continue };
        let parts: Vec<&str> = PART.find_iter(tag.as_str()).map(|part| part.as_str()).collect();
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { continue };
        let Some(confidence) = likeness(&latin(first), &latin(last)) else { continue };
        if let Some(name) = PersonName::parse(&parts.join(" ")) {
            let rule = if confidence < 0.5 { "name:unsure" } else { "name:hashtag" };
            drafts.push(draft(tag.range(), name.value(), confidence, rule));
        }
    }
}

/// A given name of the lists, and something behind it that is no thing.
fn likeness(first: &str, last: &str) -> Option<f32> {
    let is_thing = is_street_word(last) && last.len() > 2 || ORGANISATIONS.contains(&last);
    let (given, surname) = (given_level(first)?, surname_level(last));
    let is_word = |word: &str| word_level(word).is_some();
    match (is_word(first) || is_place(first), is_word(last)) {
        (false, false) if given < 3 => Some(0.8),
        (false, false) if surname.is_some() => Some(0.6),
        (false, true) if given == 1 && (surname.is_some() || is_thing) => Some(0.6),
        (true, false) if given < 3 && surname.is_some() => Some(0.6),
        // `#SummerStreet`: two words; a person, or a place.
        (true, true) if given == 1 && surname.is_some_and(|level| level < 3) => Some(0.4),
        _ => None,
    }
}
