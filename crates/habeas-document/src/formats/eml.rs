//! What does a message say: its head, its body, what it quotes, and what is attached?

use std::borrow::Cow;

use habeas_model::{Card, Exception, Hidden, Part, Passage, Personal, Place, PlaceKind, Reason};
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use crate::encoding;
use crate::formats::Format;
use crate::formats::mail::{attachments, body, gaps, head, quoted, words};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "eml",
        version: 4,
        summary: "Messages: head, body, quoted history; attachments are members",
        handles: &["message/rfc822", ".eml", ".emlx", ".mht"],
        authority: "RFC 5322; RFC 2045 to 2049; RFC 3676; RFC 2231; RFC 3156; RFC 8551",
    },
    sniff,
    read,
};

/// Headers that begin messages, and next to nothing else.
const TELLING: [&str; 16] = [
    "from",
    "to",
    "cc",
    "date",
    "subject",
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "delivered-to",
    "content-type",
    "reply-to",
    "sender",
    "x-mailer",
    "x-gm-thrid",
    "x-mozilla-status",
];

/// How many lines of the head decide.
const HEAD_LINES: usize = 60;

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    const MEDIA_TYPE: &str = "message/rfc822";
    let is_named = sample.is_named(&["eml", "emlx", "mht", "mhtml"]);
    let (mut n_telling, mut n_headers, mut is_head) = (0, 0, true);
    // The body may be in any encoding, or none: only the head has to be text.
    for line in message_of(sample.bytes).split(|byte| *byte == b'\n').take(HEAD_LINES) {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let name = line.iter().position(|byte| *byte == b':').and_then(|at| line.get(..at));
        // Old programs put spaces before the colon (RFC 5322, 4.5).
        let name = name.map(<[u8]>::trim_ascii_end);
        let is_name =
            |name: &&[u8]| !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic());
        let Some(name) = name.filter(is_name) else {
            is_head = false;
            break;
        };
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        n_headers += 1;
        n_telling += usize::from(TELLING.contains(&name.as_str()));
    }
    // In a Maildir, names have no ending: `1741269731.M1P2.host,S=512:2,S`.
    let is_maildir = [":2,", ";2,", "!2,"].iter().any(|mark| sample.name.contains(mark));
    match (is_head, n_telling) {
        (true, 2..) => Some((Sure::Grammar, MEDIA_TYPE)),
        // A member of a mailbox is a message, however short its head is.
        (true, 1..) if sample.name.parse::<u32>().is_ok() => Some((Sure::Grammar, MEDIA_TYPE)),
        (true, _) if is_maildir && n_headers > 0 => Some((Sure::Grammar, MEDIA_TYPE)),
        (_, 1..) if is_named => Some((Sure::Named, MEDIA_TYPE)),
        _ => None,
    }
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let own = message_of(input.bytes);
    let cleaned = with_readable_head(own);
    let cleaned = gaps::filled(&cleaned).map_or(cleaned, Cow::Owned);
    let Some(message) = MessageParser::default().parse(&cleaned) else {
        out.exception(Exception::whole(Reason::Corrupt, "has no head of a message"));
        return;
    };
    let number = number(input.name);
    let place = Place::new(PlaceKind::Message, number);
    facts(&message, out);
    let headers = Place::new(PlaceKind::Header, number);
    out.passage(head::passage(&message, headers.clone()));
    let read = body::text(&message);
    out.guessed(read.guess);
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
            hidden: Some(Hidden::Invisible),
            is_record: true,
            ..Passage::text(place.clone(), unseen)
        });
    }
    out.passage(head::rest(&message, headers.clone()));
    out.passage(head::of_parts(&message, headers));
    sealed(&message, &read.text, &place, out);
    for number in attachments::damaged(&message) {
        let note = format!("part {number} is not encoded as it says");
        out.exception(Exception::part(Reason::Corrupt, Some(place.clone()), note));
    }
    let original = matches!(cleaned, Cow::Borrowed(_)).then_some(own);
    attachments::in_text(read.files, &place, out);
    attachments::list(&message, original, &place, out);
    dismantle(message);
}

/// The message itself: without quoted envelopes before its head, and, as Apple Mail keeps it,
/// without the count before it and the property list after it.
fn message_of(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    let first = |rest: &'_ [u8]| rest.iter().take(256).position(|byte| *byte == b'\n');
    if let Some(end) = first(rest)
        && let Ok(count) = std::str::from_utf8(rest.get(..end).unwrap_or_default())
        && let Ok(n_bytes) = count.trim().parse::<usize>()
        && let Some(message) = rest.get(end + 1..end.saturating_add(1).saturating_add(n_bytes))
    {
        rest = message;
    }
    while rest.starts_with(b">From ") || rest.starts_with(b"From ") {
        let Some(end) = first(rest) else { break };
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    rest
}

/// Says that a part of the message is encrypted, or that this is one part of a message.
fn sealed(message: &Message<'_>, text: &str, place: &Place, out: &mut Out<'_>) {
    if text.contains("-----BEGIN PGP MESSAGE-----") {
        let note = "a part of the text is encrypted with PGP";
        out.exception(Exception::part(Reason::Encrypted, Some(place.clone()), note));
    }
    let kind = message.parts.first().and_then(|root| root.content_type());
    let is_part = kind.is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case("message")
            && kind.subtype().is_some_and(|kind| kind.eq_ignore_ascii_case("partial"))
    });
    if is_part {
        let note = "one part of a message that was sent in several (message/partial)";
        out.exception(Exception::part(Reason::Truncated, Some(place.clone()), note));
    }
}

/// The message with a head in UTF-8, which old programs wrote as it was on their own screen, and
/// with an empty line after its head, which some leave out.
fn with_readable_head(bytes: &[u8]) -> Cow<'_, [u8]> {
    let (mut end, mut has_gap) = (0, true);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if end > 0 && !line.trim_ascii().is_empty() && !is_of_head(line) {
            has_gap = false;
            break;
        }
        end += line.len();
        if line.trim_ascii().is_empty() {
            break;
        }
    }
    let (head, body) = bytes.split_at(end.min(bytes.len()));
    let gap: &[u8] = if has_gap { b"" } else { b"\r\n" };
    match std::str::from_utf8(head) {
        Ok(_) if has_gap => Cow::Borrowed(bytes),
        Ok(_) => Cow::Owned([head, gap, body].concat()),
        Err(_) => {
            let head = words::quoted(head);
            let head = encoding::decode(&head, None).text;
            Cow::Owned([head.as_bytes(), gap, body].concat())
        }
    }
}

/// Is a line a header, or does it go on with one? A header has a name without spaces; a line that
/// is neither was said by somebody.
fn is_of_head(line: &[u8]) -> bool {
    let name = line.iter().position(|byte| *byte == b':').and_then(|at| line.get(..at));
    let name = name.map(<[u8]>::trim_ascii_end);
    line.starts_with(b" ")
        || line.starts_with(b"\t")
        || line.starts_with(b"From ")
        || name.is_some_and(|name| !name.is_empty() && !name.contains(&b' '))
}

/// A member of a mailbox is named by its number; a message on its own is message 1.
fn number(name: &str) -> usize {
    name.parse().ok().filter(|number| *number > 0).unwrap_or(1)
}

fn facts(message: &Message<'_>, out: &mut Out<'_>) {
    let facts = out.facts();
    facts.title =
        message.subject().map(|subject| Personal::new(words::decoded(subject).into_owned()));
    facts.dated = message.date().filter(|date| date.is_valid()).map(|date| date.to_rfc3339());
    facts.message_id = message.message_id().map(str::to_owned);
    let ids = |value: &mail_parser::HeaderValue<'_>| -> Vec<String> {
        match value {
            mail_parser::HeaderValue::Text(id) => vec![id.to_string()],
            mail_parser::HeaderValue::TextList(ids) => ids.iter().map(Cow::to_string).collect(),
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
