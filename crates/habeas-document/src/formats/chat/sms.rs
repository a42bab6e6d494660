//! Messages and calls of a telephone, as SMS Backup & Restore writes them.
//!
//! `type` says who sent a message: 1 was received, so that the contact is its sender, 2 was sent.
//! Of a multimedia message the parts are texts and files, and each address says what it is: 137
//! sent it, 151 received it, 130 and 129 had a copy.
//!
//! Source: SyncTech, "Fields in XML backup files"; Android, `PduHeaders`.

use habeas_model::{Card, Exception, Hidden, Part, Party, Passage, Place, PlaceKind, Reason};
use mail_parser::decoders::base64::base64_decode;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::said::{self, Is, Pages};
use crate::encoding;
use crate::formats::{Format, text};
use crate::out::{Input, Out};
use crate::record::Record;
use crate::sniff::{Match, Sample, Sure};

pub(in crate::formats) const FORMAT: Format = Format {
    card: Card {
        name: "sms-backup",
        version: 1,
        summary: "Text messages, multimedia messages and calls of a telephone, with their files",
        handles: &["sms-….xml", "calls-….xml"],
        authority: "SyncTech, Fields in XML backup files",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let text = sample.text()?;
    let is_backup = (text.contains("<smses") && (text.contains("<sms ") || text.contains("<mms ")))
        || (text.contains("<calls") && text.contains("<call ") && text.contains("number="))
        || text.contains("<allsms") && text.contains("<sms ");
    is_backup.then_some((Sure::Structure, "application/xml"))
}

/// A message or call whose element is open.
struct Open {
    name: String,
    attributes: Vec<(String, String)>,
    texts: Vec<String>,
    files: Vec<String>,
    /// The kind of each address, and the address.
    addresses: Vec<(String, String)>,
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    out.decoded(&decoded);
    out.facts().export = Some("sms-backup".to_owned());
    let mut reader = Reader::from_str(&decoded.text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut pages = Pages::default();
    let mut open: Option<Open> = None;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(start)) => begin(&start, &mut open, &mut pages, out),
            Ok(Event::Empty(start)) => {
                begin(&start, &mut open, &mut pages, out);
                if is_message(start.local_name().as_ref()) {
                    end(open.take(), &mut pages, out);
                }
            }
            Ok(Event::End(ended)) if is_message(ended.local_name().as_ref()) => {
                end(open.take(), &mut pages, out);
            }
            Ok(Event::Text(said)) if !said.trim().is_empty() => match &mut open {
                Some(open) => open.texts.push(said.trim().to_owned()),
                None => {
                    let mut record = Record::default();
                    record.text(&said);
                    pages.head(record, false, out);
                }
            },
            Ok(Event::Comment(said)) => {
                let place = Place::new(PlaceKind::Message, pages.n_messages.max(1));
                let passage = Passage::text(place, said.trim());
                out.passage(Passage {
                    hidden: Some(Hidden::Invisible),
                    part: Part::Comment,
                    ..passage
                });
            }
            Ok(_) => {}
            Err(_) => {
                end(open.take(), &mut pages, out);
                let at = at.min(decoded.text.len());
                let rest = decoded.text.get(at..).unwrap_or_default();
                let n_before =
                    decoded.text.as_bytes()[..at].iter().filter(|b| **b == b'\n').count();
                let place = Some(Place::new(PlaceKind::Line, n_before + 1));
                let note = "not XML from here on; read as plain text";
                out.exception(Exception::part(Reason::Corrupt, place, note));
                text::paragraphs(rest, n_before + 1, out);
                break;
            }
        }
        if out.is_full() {
            return;
        }
    }
    if open.is_some() {
        out.exception(Exception::part(Reason::Truncated, None, "ends within a message"));
        end(open.take(), &mut pages, out);
    }
}

fn is_message(name: &str) -> bool {
    matches!(name, "sms" | "mms" | "call")
}

fn begin<'a>(
    start: &BytesStart<'_>,
    open: &mut Option<Open>,
    pages: &mut Pages,
    out: &mut Out<'a>,
) {
    let name = start.local_name().as_ref().to_owned();
    let attributes = attributes(start);
    let of = |key: &str| {
        attributes.iter().find(|(have, _)| have == key).map_or("", |(_, value)| value.as_str())
    };
    match name.as_str() {
        "sms" | "mms" | "call" => {
            end(open.take(), pages, out);
            let (texts, files, addresses) = (Vec::new(), Vec::new(), Vec::new());
            *open = Some(Open { name, attributes, texts, files, addresses });
        }
        "part" => {
            let file = [of("cl"), of("fn"), of("name")]
                .into_iter()
                .find(|name| !name.is_empty())
                .unwrap_or_default()
                .to_owned();
            let kind = of("ct").to_owned();
            let text = of("text").to_owned();
            let data = of("data");
            if !data.is_empty() {
                let number = pages.n_messages + 1;
                let file = if file.is_empty() { format!("message {number}") } else { file.clone() };
                match base64_decode(data.as_bytes()) {
                    Some(bytes) => out.child(&file, bytes),
                    None => {
                        let note = "a file in a message, not in base64";
                        let why = Exception::whole(Reason::Corrupt, note);
                        out.lost(&file, data.len() as u64, why);
                    }
                }
            }
            if let Some(open) = open {
                if !text.is_empty() && kind != "application/smil" {
                    open.texts.push(text);
                }
                if !file.is_empty() && kind != "application/smil" && kind != "text/plain" {
                    open.files.push(file);
                }
            }
        }
        "addr" => {
            if let Some(open) = open {
                open.addresses.push((of("type").to_owned(), of("address").to_owned()));
            }
        }
        _ if name == "smses" || name == "calls" || name == "allsms" => {
            let mut record = Record::default();
            for (key, value) in &attributes {
                let is = if key.contains("date") { Is::Millis } else { Is::Other };
                said::say(&mut record, key, value, is, Party::Unknown);
            }
            pages.head(record, false, out);
        }
        _ => {
            // An element of no known kind: what it says is said.
            let mut record = Record::default();
            for (key, value) in &attributes {
                said::say(&mut record, key, value, Is::Text, Party::Unknown);
            }
            pages.head(record, false, out);
        }
    }
}

/// The attributes that say something: many are the word `null`.
fn attributes(start: &BytesStart<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for attribute in start.attributes().with_checks(false) {
        let Ok(attribute) = attribute else {
            // What follows cannot be told apart, and is told as it stands.
            found.push(("damaged".to_owned(), start.attributes_raw().to_owned()));
            break;
        };
        let raw: &str = &attribute.value;
        let raw = with_pairs(raw);
        let value = quick_xml::escape::unescape(&raw)
            .map_or_else(|_| raw.clone().into_owned(), |text| text.into_owned());
        let is_empty = value.trim().is_empty() || value == "null";
        if !is_empty {
            found.push((attribute.key.local_name().as_ref().to_owned(), value));
        }
    }
    found
}

/// A value in which the halves of a character past U+FFFF, which the app writes one by one
/// (`&#55357;&#56832;`), stand together.
fn with_pairs(raw: &str) -> std::borrow::Cow<'_, str> {
    if !raw.contains("&#5") {
        return raw.into();
    }
    let half = |text: &str| -> Option<(u32, usize)> {
        let (number, _) = text.strip_prefix("&#")?.split_once(';')?;
        Some((number.parse().ok()?, number.len() + 3))
    };
    let mut plain = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find("&#5") {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let pair = half(rest).and_then(|(high, length)| {
            let (low, more) = half(rest.get(length..)?)?;
            let fits = (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low);
            let code = || 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            Some((fits.then(code).and_then(char::from_u32)?, length + more))
        });
        let (text, length) = match pair {
            Some((c, length)) => (Some(c), length),
            None => (None, 3),
        };
        match text {
            Some(c) => plain.push(c),
            None => plain.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    plain.push_str(rest);
    plain.into()
}

fn end(open: Option<Open>, pages: &mut Pages, out: &mut Out<'_>) {
    let Some(mut open) = open else { return };
    let mut take = |key: &str| {
        let at = open.attributes.iter().position(|(have, _)| have == key);
        at.map(|at| open.attributes.remove(at).1).unwrap_or_default()
    };
    let name = take("contact_name");
    let number = if open.name == "call" { take("number") } else { take("address") };
    let kind = take(if open.name == "mms" { "msg_box" } else { "type" });
    let (date, readable) = (take("date"), take("readable_date"));
    let (body, subject, duration) = (take("body"), take("subject"), take("duration"));
    let sub = take("sub");
    take("count");
    let is_call = open.name == "call";
    let (told, party) = match (open.name.as_str(), kind.as_str()) {
        ("call", "1") => ("incoming call", Party::Sender),
        ("call", "2") => ("outgoing call", Party::Recipient),
        ("call", "3") => ("missed call", Party::Sender),
        ("call", "4") => ("voicemail", Party::Sender),
        ("call", "5") => ("rejected call", Party::Sender),
        ("call", "6") => ("refused call", Party::Sender),
        (_, "1") => ("received", Party::Sender),
        (_, "2") => ("sent", Party::Recipient),
        (_, "3") => ("draft", Party::Recipient),
        (_, "4") => ("outbox", Party::Recipient),
        (_, "5") => ("failed", Party::Recipient),
        (_, "6") => ("queued", Party::Recipient),
        (_, kind) => (kind, Party::Unknown),
    };
    let mut record = Record::default();
    let caption = if party == Party::Sender { "From" } else { "To" };
    if !name.starts_with("(Unknown") {
        // Of a group all names are in one value.
        for name in name.split(if open.name == "mms" { ", " } else { "\0" }) {
            said::say(&mut record, caption, name, Is::Name, party);
        }
    }
    let captions: Vec<&str> = number.split('~').collect();
    for number in captions {
        let is = if number.contains('@') { Is::Email } else { Is::Phone };
        // A name of a sender such as `NHSGP` is no number.
        let is = if number.bytes().any(|b| b.is_ascii_digit()) { is } else { Is::Name };
        said::say(&mut record, caption, number, is, party);
    }
    for (kind, address) in open.addresses {
        // The phone itself stands as a word in place of its number.
        if address == "insert-address-token" || address.is_empty() {
            continue;
        }
        let (caption, party) = match kind.as_str() {
            "137" => ("Sender", Party::Sender),
            "151" => ("Recipient", Party::Recipient),
            "130" => ("Copied to", Party::Recipient),
            "129" => ("Copied blind to", Party::Recipient),
            _ => ("Address", Party::Unknown),
        };
        said::say(&mut record, caption, &address, Is::Phone, party);
    }
    said::say(
        &mut record,
        if is_call { "Call" } else { "Message" },
        told,
        Is::Other,
        Party::Unknown,
    );
    said::say(&mut record, "Time", &date, Is::Millis, Party::Unknown);
    said::say(&mut record, "Local time", &readable, Is::Date, Party::Unknown);
    if let Ok(seconds) = duration.parse() {
        said::say(&mut record, "Duration", &said::duration(seconds), Is::Other, Party::Unknown);
    } else {
        said::say(&mut record, "Duration", &duration, Is::Other, Party::Unknown);
    }
    said::say(&mut record, "Subject", &subject, Is::Text, Party::Unknown);
    said::say(&mut record, "Subject", &sub, Is::Text, Party::Unknown);
    said::say(&mut record, "Text", &body, Is::Text, Party::Unknown);
    for text in &open.texts {
        said::say(&mut record, "Text", text, Is::Text, Party::Unknown);
    }
    for file in &open.files {
        said::say(&mut record, "File", file, Is::Text, Party::Unknown);
    }
    for (key, value) in &open.attributes {
        let is = match key.as_str() {
            "date_sent" => Is::Millis,
            "service_center" => Is::Phone,
            "m_id" | "tr_id" | "ct_l" => Is::Thing,
            "damaged" | "creator" => Is::Text,
            _ => Is::Other,
        };
        said::say(&mut record, key, value, is, Party::Unknown);
    }
    pages.message(record, out);
}
