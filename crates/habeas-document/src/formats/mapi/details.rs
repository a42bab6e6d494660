//! What does an item hold beside its head and its text: each property on its line.

use habeas_model::{Hidden, Meaning, Part, Party, Passage, Place, PlaceKind};

use super::names::{self, Known};
use super::{Key, Properties, Value, ticks_to_iso};
use crate::formats::captioned::Captioned;
use crate::out::Out;

/// A value that nobody wrote: longer than this, and without a space.
const MAX_WORD_BYTES: usize = 60;

/// Hands over the properties that are known, and, as text that nobody is shown, those that are not.
pub(super) fn tell(item: &Properties<'_>, out: &mut Out<'_>) {
    let class = item.class().to_ascii_lowercase();
    let is_mail = class.starts_with("ipm.note") || class.starts_with("ipm.post") || class.starts_with("report");
    let owner =
        if class.starts_with("ipm.contact") { Party::Principal } else { Party::Unknown };
    let said: String = out.document.passages.iter().map(|p| format!("{}\n", p.text)).collect();
    let (mut known, mut rest) = (Captioned::default(), Captioned::default());
    for (key, value) in item.iter() {
        let Some(Known { caption, meaning, party }) = names::known(key) else {
            if let Some((caption, text)) = unknown(key, value).filter(|(_, text)| !said.contains(text.trim())) {
                let is_email = text.contains('@') && !text.trim().contains(' ');
                let meaning = if is_email { Meaning::Email } else { Meaning::Text };
                rest.line(&caption, &text, meaning, Party::Unknown);
            }
            continue;
        };
        let party = party.unwrap_or(owner);
        let is_said = is_mail && said.contains(told(value).trim());
        if !is_said {
            put(&mut known, caption, &told(value), meaning_of(meaning, value), party);
        }
    }
    let place = Place::new(PlaceKind::Message, 1);
    out.passage(known.into_record(place.clone(), Part::Properties));
    let rest = rest.into_record(place, Part::Properties);
    out.passage(Passage { hidden: Some(Hidden::Invisible), ..rest });
}

/// A line; where it names several people, each of them is a value of its own.
fn put(lines: &mut Captioned, caption: &str, text: &str, meaning: Meaning, party: Party) {
    if meaning != Meaning::Name || !text.contains(';') {
        return lines.line(caption, text, meaning, party);
    }
    let names = text.split(';').map(str::trim).filter(|name| !name.is_empty());
    for (index, name) in names.enumerate() {
        if index == 0 {
            lines.caption(caption);
        } else {
            lines.plain("; ");
        }
        lines.value(name, meaning, party);
    }
}

/// What stands for an address may be an entry of the directory.
fn meaning_of(meaning: Meaning, value: &Value<'_>) -> Meaning {
    match (meaning, value) {
        (Meaning::Email, Value::Text(text)) if text.starts_with('/') => Meaning::Username,
        (Meaning::Email, Value::Text(text)) if !text.contains('@') => Meaning::Text,
        (meaning, _) => meaning,
    }
}

fn told(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Texts(texts) => texts.join("; "),
        Value::Time(ticks) => ticks_to_iso(*ticks).unwrap_or_default(),
        Value::Number(number) => number.to_string(),
        Value::Bytes(_) => String::new(),
    }
}

/// The caption and the text of a property that is not in the list.
fn unknown(key: &Key, value: &Value<'_>) -> Option<(String, String)> {
    let text = match value {
        Value::Text(_) | Value::Texts(_) => told(value),
        _ => return None,
    };
    let text = text.trim();
    let is_word = text.len() > MAX_WORD_BYTES && !text.contains([' ', '@']);
    let is_telling = text.chars().filter(|c| c.is_alphabetic()).count() > 2;
    if is_word || !is_telling {
        return None;
    }
    let caption = match key {
        Key::Tag(tag) if names::SAID.contains(tag) => return None,
        Key::Tag(_) | Key::Lid(_) => "Property".to_owned(),
        Key::Name(name) => name.clone(),
    };
    Some((caption, text.to_owned()))
}
