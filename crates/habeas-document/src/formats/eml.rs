//! What does a message say: its head, its body, what it quotes, and what is attached?

use std::borrow::Cow;

use habeas_model::{Card, Exception, Part, Passage, Personal, Place, PlaceKind, Reason};
use mail_parser::{Message, MessageParser, PartType};

use crate::formats::Format;
use crate::formats::mail::{attachments, body, head, quoted};
use crate::out::{Input, Out};

pub(crate) const FORMAT: Format = Format {
    card: Card {
        name: "eml",
        version: 1,
        summary: "Messages: head, body, quoted history; attachments are members",
        handles: &["message/rfc822", ".eml", ".mht"],
        authority: "RFC 5322; RFC 2045 to 2049; RFC 3676; RFC 2231",
    },
    read,
};

pub(crate) fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let Some(message) = MessageParser::default().parse(input.bytes) else {
        out.exception(Exception::whole(Reason::Corrupt, "has no head of a message"));
        return;
    };
    let number = number(input.name);
    let place = Place::new(PlaceKind::Message, number);
    facts(&message, out);
    let headers = Place::new(PlaceKind::Header, number);
    out.passage(head::passage(&message, headers.clone()));
    let read = body::text(&message);
    for piece in quoted::split(&read.text, read.is_html) {
        let part = if piece.is_quoted { Part::Quoted } else { Part::Body };
        out.passage(Passage {
            fields: piece.fields,
            part,
            is_record: true,
            ..Passage::text(place.clone(), piece.text)
        });
    }
    for unseen in read.unseen {
        out.passage(Passage {
            hidden: Some(habeas_model::Hidden::Invisible),
            is_record: true,
            ..Passage::text(place.clone(), unseen)
        });
    }
    out.passage(head::rest(&message, headers));
    for number in attachments::damaged(&message) {
        let note = format!("part {number} is not encoded as it says");
        out.exception(Exception::part(Reason::Corrupt, Some(place.clone()), note));
    }
    attachments::list(&message, input.bytes, out);
    dismantle(message);
}

/// A member of a mailbox is named by its number; a message on its own is message 1.
fn number(name: &str) -> usize {
    name.parse().ok().filter(|number| *number > 0).unwrap_or(1)
}

fn facts(message: &Message<'_>, out: &mut Out<'_>) {
    let facts = out.facts();
    facts.title = message.subject().map(|subject| Personal::new(subject.to_owned()));
    facts.dated = message.date().filter(|date| date.is_valid()).map(|date| date.to_rfc3339());
    facts.message_id = message.message_id().map(str::to_owned);
    let ids = |value: &mail_parser::HeaderValue<'_>| -> Vec<String> {
        match value {
            mail_parser::HeaderValue::Text(id) => vec![id.to_string()],
            mail_parser::HeaderValue::TextList(ids) => {
                ids.iter().map(Cow::to_string).collect()
            }
            _ => Vec::new(),
        }
    };
    let mut answers = ids(message.references());
    for id in ids(message.in_reply_to()) {
        if !answers.contains(&id) {
            answers.push(id);
        }
    }
    facts.answers = answers;
}

/// Drops messages in messages one by one: a chain of many thousand would overflow the stack.
fn dismantle(message: Message<'_>) {
    let mut pending = vec![message];
    while let Some(message) = pending.pop() {
        for part in message.parts {
            if let PartType::Message(inner) = part.body {
                pending.push(inner);
            }
        }
    }
}
