//! Does a name in a message greet its reader or end it?

use super::sight::Person;

/// Where in a message a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letter {
    Greeting,
    SignOff,
    Within,
}

/// Does a name greet, or end a message?
pub(super) fn place_in_letter(text: &str, person: &Person) -> Letter {
    const GREETINGS: &[&str] =
        &["dear", "hi", "hello", "hey", "morning", "afternoon", "evening", "hiya"];
    const ENDS: &[&str] = &[
        "regards",
        "wishes",
        "thanks",
        "thank you",
        "sincerely",
        "faithfully",
        "cheers",
        "best",
        "love",
        "many thanks",
        "truly",
        "yours",
    ];
    let before = text
        .get(..person.range.start)
        .unwrap_or_default()
        .trim_end_matches(|c: char| !c.is_alphanumeric());
    let last_line = before.rsplit('\n').next().unwrap_or_default();
    let word =
        last_line.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    if GREETINGS.contains(&word.as_str()) {
        return Letter::Greeting;
    }
    let is_new_line =
        text.get(before.len()..person.range.start).is_some_and(|gap| gap.contains('\n'));
    let line = last_line.trim().to_lowercase();
    let rest = text.get(person.range.end..).unwrap_or_default().lines().next().unwrap_or_default();
    let stands_alone = rest.trim_matches(|c: char| !c.is_alphanumeric()).is_empty();
    if (is_new_line && ENDS.iter().any(|end| line.ends_with(end)))
        || (is_new_line && stands_alone && text.len() - person.range.end < 400)
    {
        return Letter::SignOff;
    }
    if ENDS.contains(&word.as_str()) && stands_alone { Letter::SignOff } else { Letter::Within }
}
