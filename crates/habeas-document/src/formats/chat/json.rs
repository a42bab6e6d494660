//! Chats, tickets and conversations that programs export as JSON: who said what, when, to whom?
//!
//! An export is one [`Export`]: what it is known by, where its messages stand, what their values
//! mean. A file that cannot be read so, because it is damaged, is read as any other JSON.

use std::collections::HashMap;

use habeas_model::{Card, Party};

use super::exports::EXPORTS;
use super::said::{self, Pages, Rule};
use super::tree::{self, Value};
use crate::encoding;
use crate::formats::{Format, json};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(in crate::formats) const FORMAT: Format = Format {
    card: Card {
        name: "chat-json",
        version: 1,
        summary: "Chats and tickets as JSON: Slack, Teams, Meta, Telegram, Google, Intercom and others, a message at a time",
        handles: &["messages.json", "result.json", "users.json", "direct-messages.js"],
        authority: "the exports of each program; RFC 8259",
    },
    sniff,
    read,
};

/// An export of messages.
pub(super) struct Export {
    pub(super) name: &'static str,
    /// Is this the head of such a file? White space is left out of it.
    pub(super) knows: fn(&str) -> bool,
    /// Does a record stand at this path?
    pub(super) is_record: fn(&str) -> bool,
    /// What is learnt from a record before any is handed over.
    pub(super) learn: fn(&Value, &mut Known),
    /// The parts that a record is made of.
    pub(super) parts: fn(Value, &[&Value], &Known) -> Vec<Part>,
    /// What the values of a message mean.
    pub(super) rules: &'static [Rule],
    /// What the values around the messages mean.
    pub(super) head: &'static [Rule],
}

/// A part of a record.
pub(super) enum Part {
    /// Facts of a whole conversation.
    Head(Value),
    /// A message.
    Message(Value),
}

/// What is known of people by their ids, and what stands around the records.
pub(super) struct Known {
    pub(super) people: HashMap<String, Person>,
    pub(super) around: Value,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) party: Option<Party>,
}

/// How many people are remembered.
const MAX_PEOPLE: usize = 100_000;

impl Known {
    pub(super) fn learn(&mut self, id: &str, name: &str, email: &str, party: Option<Party>) {
        let is_known = id.is_empty() || name.is_empty() && email.is_empty();
        if !is_known && self.people.len() < MAX_PEOPLE {
            let (name, email) = (name.to_owned(), email.to_owned());
            self.people.entry(id.to_owned()).or_insert(Person { name, email, party });
        }
    }
}

/// A record is one message.
pub(super) fn whole(value: Value, _: &[&Value], _: &Known) -> Vec<Part> {
    vec![Part::Message(value)]
}

/// Nothing is learnt.
pub(super) fn nothing(_: &Value, _: &mut Known) {}

fn export_of(head: &str) -> Option<&'static Export> {
    let head = payload(head).trim_start_matches('\u{feff}').trim_start();
    if !head.starts_with(['{', '[']) {
        return None;
    }
    let compact: String = head.chars().filter(|c| !c.is_whitespace()).collect();
    EXPORTS.iter().find(|export| (export.knows)(&compact)).copied()
}

/// The JSON in a file of an archive of Twitter, which is a script: `window.YTD.x.part0 = […]`.
fn payload(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.split_once('=') {
        Some((front, after)) if front.starts_with("window.YTD.") && front.len() < 200 => after,
        _ => text,
    }
}

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let text = sample.text()?;
    // All the other files of such an archive are read as plain JSON.
    let is_known = text.starts_with("window.YTD.") || export_of(text).is_some();
    is_known.then_some((Sure::Structure, "application/json"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    let text = payload(&decoded.text);
    let head = text.get(..text.floor_char_boundary(64 << 10)).unwrap_or(text);
    let is_read = export_of(head).is_some_and(|export| read_as(export, text, out));
    if !is_read {
        let at = decoded.text.len() - text.len();
        if at == 0 {
            return json::read(input, out);
        }
        // The script around it is no JSON, and says nothing.
        return json::read_text(text, out);
    }
    out.decoded(&decoded);
}

/// Reads a text as that export; `false` if it is not one, or damaged, and nothing was handed over.
fn read_as(export: &Export, text: &str, out: &mut Out<'_>) -> bool {
    let mut known = Known { people: HashMap::new(), around: Value::List(Vec::new()) };
    let mut n_records = 0_usize;
    let first = tree::walk(text, export.is_record, &mut |value, _| {
        n_records += 1;
        (export.learn)(&value, &mut known);
        true
    });
    let Ok(around) = first else { return false };
    known.around = around;
    if n_records == 0 {
        return false;
    }
    out.facts().export = Some(export.name.to_owned());
    for key in ["title", "threadName", "name"] {
        let title = known.around.text(&[key]);
        if !title.is_empty() && out.facts().title.is_none() {
            out.facts().title = Some(title.into());
        }
    }
    let mut pages = Pages::default();
    pages.head(said::record(&known.around, export.head), false, out);
    let _ = tree::walk(text, export.is_record, &mut |value, parents| {
        for part in (export.parts)(value, parents, &known) {
            match part {
                Part::Head(value) => {
                    pages.head(said::record(&value, export.head), true, out);
                }
                Part::Message(value) => pages.message(said::record(&value, export.rules), out),
            }
        }
        !out.is_full()
    });
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;

    #[test]
    fn what_is_damaged_is_read_as_plain_json() {
        let text = r#"{"participants":[{"name":"Amara Lind"}],"messages":[{"sender_name":"Amara Lind","timestamp_ms":1692090753123,"content":"half a wor"#;
        let budget = Budget::default();
        let mut out = Out::new("application/json", &budget);
        let input = Input {
            name: "message_1.json",
            bytes: text.as_bytes(),
            media_type: "",
            budget: &budget,
        };
        assert!(sniff(&Sample::new("message_1.json", text.as_bytes())).is_some());
        read(&input, &mut out);
        let document = out.finish().0;
        assert!(document.text().contains("half a wor"));
        assert_eq!(document.exceptions.len(), 1);
    }
}
