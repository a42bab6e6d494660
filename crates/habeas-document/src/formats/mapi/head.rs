//! Who wrote an item to whom, when, and about what?

use habeas_model::{Hidden, Meaning, Part, Party, Passage, Personal, Place, PlaceKind};
use mail_parser::MessageParser;

use super::{Item, Properties};
use crate::formats::captioned::Captioned;
use crate::formats::mail::{body, head};
use crate::out::Out;

/// Subjects begin with \u{1} and a length where they are kept in two parts ([MS-PST] 2.5.3.1.1.1).
pub(super) fn subject<'p>(item: &'p Properties<'_>) -> Option<&'p str> {
    let subject = item.text(&[0x0037, 0x0e1d])?;
    let mut rest = subject.chars();
    if rest.next() == Some('\u{1}') {
        rest.next();
        return Some(rest.as_str().trim()).filter(|rest| !rest.is_empty());
    }
    Some(subject)
}

pub(super) fn facts(item: &Properties<'_>, out: &mut Out<'_>) {
    let id = |text: &str| text.trim().trim_matches(['<', '>']).to_owned();
    let facts = out.facts();
    facts.title = subject(item).or(item.text(&[0x3001])).map(Personal::from);
    facts.dated = item.time(&[0x0039, 0x0e06, 0x3007, 0x3008]);
    facts.message_id = item.text(&[0x1035]).map(id);
    let answers = item.text(&[0x1039]).unwrap_or_default().split_whitespace();
    facts.answers = answers.map(id).collect();
    if let Some(last) = item.text(&[0x1042]).map(id)
        && !facts.answers.contains(&last)
    {
        facts.answers.push(last);
    }
}

/// People of a message by their name and their addresses. Addresses of the directory come last: a
/// name behind an `@` says more.
const PEOPLE: [(&str, &[u16], &[u16]); 8] = [
    ("From", &[0x0042, 0x0c1a], &[0x5d02, 0x5d01, 0x0065, 0x0c1f]),
    ("Sender", &[0x0c1a], &[0x5d01, 0x0c1f]),
    ("Received by", &[0x0040], &[0x5d07, 0x0076]),
    ("Received for", &[0x0044], &[0x5d08, 0x0078]),
    ("Reply-To", &[0x0050], &[]),
    ("Original sender", &[0x005b], &[0x0067]),
    ("Original author", &[0x004d, 0x005d], &[0x0069]),
    ("Read receipt to", &[0x402b], &[0x5d05, 0x402a]),
];

/// The head as it is shown.
pub(super) fn shown(item: &Item<'_>, out: &mut Out<'_>) {
    let message = &item.properties;
    let mut lines = Captioned::default();
    let mut said: Vec<(Option<&str>, Option<&str>)> = Vec::new();
    for (caption, names, addresses) in PEOPLE {
        let (name, address) = (message.text(names), message.text(addresses));
        let is_new = !said.iter().any(|(have_name, have_address)| {
            (name.is_none() || name == *have_name)
                && (address.is_none() || address == *have_address)
        });
        if is_new && (name.is_some() || address.is_some()) {
            let party = match caption {
                "Received by" | "Received for" => Party::Recipient,
                _ => Party::Sender,
            };
            lines.caption(caption);
            head::mailbox(&mut lines, name, address, party);
            // A directory entry beside a name with an `@` is another name of the same person.
            if let Some(entry) = message.text(addresses.get(2..).unwrap_or_default())
                && address != Some(entry)
                && entry.contains('@')
            {
                lines.plain(", ");
                lines.value(entry, Meaning::Email, party);
            }
            said.push((name, address));
        }
    }
    for (kind, caption, display) in
        [(1, "To", 0x0e04), (2, "Cc", 0x0e03), (3, "Bcc", 0x0e02), (0, "Originator", 0)]
    {
        let of_kind = item.recipients.iter().filter(|recipient| {
            // The higher bits tell what became of the message there.
            recipient.number(0x0c15).unwrap_or(1) & 0xf == kind
        });
        let mut names: Vec<&str> = Vec::new();
        for recipient in of_kind {
            if names.is_empty() {
                lines.caption(caption);
            } else {
                lines.plain(", ");
            }
            let name = recipient.text(&[0x3001, 0x5ff6, 0x3a20]);
            let address = recipient.text(&[0x39fe, 0x3003]);
            head::mailbox(&mut lines, name, address, Party::Recipient);
            names.push(name.or(address).unwrap_or_default());
        }
        // What the message itself shows, where it names others than the table has.
        let displayed = if display == 0 { None } else { message.text(&[display]) };
        let others: Vec<&str> = displayed
            .unwrap_or_default()
            .split(';')
            .map(str::trim)
            .filter(|name| !name.is_empty() && !names.iter().any(|have| same(have, name)))
            .collect();
        for (index, name) in others.iter().enumerate() {
            if names.is_empty() && index == 0 {
                lines.caption(caption);
            } else {
                lines.plain("; ");
            }
            head::mailbox(&mut lines, Some(name), None, Party::Recipient);
        }
    }
    let dated = message.time(&[0x0039, 0x0e06]).unwrap_or_default();
    lines.line("Date", &dated, Meaning::Date, Party::Unknown);
    lines.line("Subject", subject(message).unwrap_or_default(), Meaning::Text, Party::Unknown);
    out.passage(lines.into_record(Place::new(PlaceKind::Header, 1), Part::Header));
}

/// Are two spellings of a recipient the same but for quotes?
fn same(one: &str, other: &str) -> bool {
    let trim = |text: &str| {
        text.trim_matches(|c: char| c.is_whitespace() || "'\"<>".contains(c)).to_lowercase()
    };
    trim(one) == trim(other)
}

/// The head that the message had on its way, as far as it says more than the properties.
pub(super) fn transport(message: &Properties<'_>, out: &mut Out<'_>) {
    let Some(raw) = message.text(&[0x007d]) else { return };
    let raw = format!("{raw}\r\n\r\n");
    let Some(parsed) = MessageParser::default().parse_headers(raw.as_bytes()) else { return };
    let place = Place::new(PlaceKind::Header, 1);
    let said: String = out.document.passages.iter().map(|p| format!("{}\n", p.text)).collect();
    let shown = head::passage(&parsed, place.clone());
    let rest = body::lines_beyond_text(&said, &shown.text);
    if !rest.trim().is_empty() {
        out.passage(Passage { hidden: Some(Hidden::Invisible), ..shown });
    }
    out.passage(head::rest(&parsed, place));
    let facts = out.facts();
    if facts.message_id.is_none() {
        facts.message_id = parsed.message_id().map(str::to_owned);
    }
}
