//! What does an item hold beside its head and its text: each property on its line.

use habeas_model::{Hidden, Meaning, Part, Party, Passage, Place, PlaceKind};

use super::names::{self, Known};
use super::{Key, Properties, Value, ticks_to_iso};
use crate::encoding;
use crate::formats::captioned::Captioned;
use crate::formats::compound::{u16_at, utf16};
use crate::formats::mail::head;
use crate::out::Out;

/// A value that nobody wrote: longer than this, and without a space.
const MAX_WORD_BYTES: usize = 60;

/// Hands over the properties that are known, and, as text that nobody is shown, those that are not.
pub(super) fn tell(item: &Properties<'_>, out: &mut Out<'_>) {
    let class = item.class().to_ascii_lowercase();
    let is_mail = class.starts_with("ipm.note")
        || class.starts_with("ipm.post")
        || class.starts_with("report");
    let owner = if class.starts_with("ipm.contact") { Party::Principal } else { Party::Unknown };
    let said: String = out.document.passages.iter().map(|p| format!("{}\n", p.text)).collect();
    let (mut known, mut rest) = (Captioned::default(), Captioned::default());
    for (key, value) in item.iter() {
        if *key == Key::Lid(DISTRIBUTION_LIST) {
            members(&mut known, value);
            continue;
        }
        let Some(Known { caption, meaning, party }) = names::known(key) else {
            if let Some((caption, text)) =
                unknown(key, value).filter(|(_, text)| !said.contains(text.trim()))
            {
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
        (Meaning::Name, Value::Text(text)) if text.contains('@') && !text.contains(' ') => {
            Meaning::Email
        }
        (meaning, _) => meaning,
    }
}

/// PidLidDistributionListOneOffMembers.
const DISTRIBUTION_LIST: u32 = 0x8054;

/// The members of a distribution list: each an entry of 24 bytes, then a name, a kind of address
/// and an address, each of which ends in a zero ([MS-OXCDATA] 2.2.5.1).
fn members(lines: &mut Captioned, value: &Value<'_>) {
    let entries = match value {
        Value::Blobs(entries) => entries.as_slice(),
        Value::Bytes(entry) => std::slice::from_ref(entry),
        _ => return,
    };
    for entry in entries {
        // The highest bit of the flags says that the text is UTF-16.
        let is_wide = u16_at(entry, 22).is_some_and(|flags| flags & 0x8000 != 0);
        let rest = entry.get(24..).unwrap_or_default();
        let text =
            if is_wide { utf16(rest) } else { encoding::decode(rest, None).text.into_owned() };
        let mut parts = text.split('\0');
        let (name, _kind, address) = (parts.next(), parts.next(), parts.next());
        if name.is_some_and(|name| !name.trim().is_empty()) || address.is_some() {
            lines.caption("Member");
            head::mailbox(lines, name, address, Party::Other);
        }
    }
}

fn told(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Texts(texts) => texts.join("; "),
        Value::Time(ticks) => ticks_to_iso(*ticks).unwrap_or_default(),
        Value::Number(number) => number.to_string(),
        Value::Bytes(_) | Value::Blobs(_) => String::new(),
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
    // What the servers note for themselves.
    const MACHINERY: [&str; 6] = [
        "x-ms-",
        "conversationindextracking",
        "inferenceclassification",
        "clientinfo",
        "directdelivery",
        "trackingid",
    ];
    if let Key::Name(name) = key
        && !text.contains('@')
        && MACHINERY.iter().any(|start| name.to_ascii_lowercase().starts_with(start))
    {
        return None;
    }
    let caption = match key {
        Key::Tag(tag) if names::SAID.contains(tag) => return None,
        Key::Tag(_) | Key::Lid(_) => "Property".to_owned(),
        Key::Name(name) => name.clone(),
    };
    Some((caption, text.to_owned()))
}
