//! What does an Outlook message, contact or appointment say?
//!
//! A message is a compound file: a stream for each property of changing length, one for all others,
//! and a storage for each recipient and attachment ([MS-OXMSG]).

use std::collections::BTreeMap;

use encoding_rs::Encoding;
use habeas_model::{
    Card, Exception, Hidden, Meaning, Part, Party, Passage, Personal, Place, PlaceKind, Reason,
};
use mail_parser::MessageParser;

use super::Format;
use crate::encoding;
use crate::formats::captioned::Captioned;
use crate::formats::compound::{Compound, u16_at, u32_at, utf16};
use crate::formats::mail::{body, head, quoted};
use crate::formats::rtf;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

mod compressed;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "msg",
        version: 1,
        summary: "Outlook messages, contacts and appointments; attachments are members",
        handles: &["application/vnd.ms-outlook", ".msg", ".oft"],
        authority: "[MS-OXMSG]; [MS-OXPROPS]; [MS-OXRTFCP]",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_msg = sample.has_cfb_stream("__properties_version1.0");
    is_msg.then_some((Sure::Structure, "application/vnd.ms-outlook"))
}

/// The properties of an object by their ids: those that are text, those that are bytes, and those
/// of a fixed length.
#[derive(Default)]
struct Properties {
    texts: BTreeMap<u16, String>,
    bytes: BTreeMap<u16, Vec<u8>>,
    fixed: BTreeMap<u16, u64>,
}

impl Properties {
    /// The properties in a storage.
    fn read(file: &mut Compound<'_>, storage: &str, outer: Option<&'static Encoding>) -> Self {
        let mut found = Self::default();
        if let Some(stream) = file.stream(&format!("{storage}/__properties_version1.0")) {
            // The head is 32 bytes, or 24 or 8 where it stands in another object; entries are 16.
            let head = if storage.contains("__recip") || storage.contains("__attach") {
                8
            } else if stream.len() % 16 == 8 {
                24
            } else {
                32
            };
            for entry in stream.get(head..).unwrap_or_default().as_chunks::<16>().0 {
                let id = u16_at(entry, 2).unwrap_or(0);
                let low = u32_at(entry, 8).unwrap_or(0);
                let high = u32_at(entry, 12).unwrap_or(0);
                found.fixed.insert(id, u64::from(high) << 32 | u64::from(low));
            }
        }
        let encoding = [0x3ffd, 0x3fde].iter().find_map(|id| {
            let number = *found.fixed.get(id)? & 0xffff_ffff;
            rtf::of_code_page(i32::try_from(number).ok()?)
        });
        let encoding = encoding.or(outer);
        for (name, is_storage) in file.entries(if storage.is_empty() { "/" } else { storage }) {
            let Some(tag) = name.strip_prefix("__substg1.0_").filter(|tag| tag.len() == 8) else {
                continue;
            };
            let Ok(tag) = u32::from_str_radix(tag, 16) else { continue };
            let (id, kind) = ((tag >> 16) as u16, tag & 0xffff);
            if is_storage || !matches!(kind, 0x1e | 0x1f | 0x102) {
                continue;
            }
            let Some(bytes) = file.stream(&format!("{storage}/{name}")) else { continue };
            match kind {
                0x1f => {
                    found.texts.insert(id, trimmed(utf16(&bytes)));
                }
                0x1e => {
                    found.texts.entry(id).or_insert_with(|| trimmed(narrow(&bytes, encoding)));
                }
                _ => {
                    found.bytes.insert(id, bytes);
                }
            }
        }
        found
    }

    fn text(&self, ids: &[u16]) -> Option<&str> {
        let texts = ids.iter().filter_map(|id| self.texts.get(id));
        texts.map(|text| text.trim()).find(|text| !text.is_empty())
    }

    fn encoding(&self) -> Option<&'static Encoding> {
        [0x3ffd, 0x3fde].iter().find_map(|id| {
            rtf::of_code_page(i32::try_from(*self.fixed.get(id)? & 0xffff_ffff).ok()?)
        })
    }

    /// A time as ISO 8601; it is kept as tenths of microseconds since 1601.
    fn time(&self, ids: &[u16]) -> Option<String> {
        let ticks = ids.iter().find_map(|id| self.fixed.get(id).copied().filter(|t| *t > 0))?;
        let since_1970 =
            i128::from(ticks).checked_sub(116_444_736_000_000_000)?.checked_mul(100)?;
        Some(
            jiff::Timestamp::from_nanosecond(since_1970)
                .ok()?
                .strftime("%Y-%m-%dT%H:%M:%SZ")
                .to_string(),
        )
    }
}

fn trimmed(text: String) -> String {
    text.trim_matches('\0').to_owned()
}

/// Text of one byte a character, in the message's code page if it states one.
fn narrow(bytes: &[u8], encoding: Option<&'static Encoding>) -> String {
    match encoding {
        Some(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
        None => encoding::decode(bytes, None).text.into_owned(),
    }
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let mut file = match Compound::open(input.bytes) {
        Ok(file) => file,
        Err(exception) => return out.exception(exception),
    };
    let message = Properties::read(&mut file, "", None);
    facts(&message, out);
    let place = Place::new(PlaceKind::Message, 1);
    let class = message.text(&[0x001a]).unwrap_or("IPM.Note").to_owned();
    header(&mut file, &message, out);
    let (text, is_html, unseen) = said(&message);
    for piece in quoted::split(&text, is_html) {
        let part = if piece.is_quoted { Part::Quoted } else { Part::Body };
        out.passage(Passage {
            fields: piece.fields,
            part,
            is_record: true,
            ..Passage::text(place.clone(), piece.text)
        });
    }
    out.passage(Passage {
        hidden: Some(Hidden::Invisible),
        is_record: true,
        ..Passage::text(place.clone(), unseen)
    });
    transport(&message, out);
    if !class.starts_with("IPM.Note") {
        details(&message, &place, out);
    }
    attachments(&mut file, &message, out);
}

fn facts(message: &Properties, out: &mut Out<'_>) {
    let id = |text: &str| text.trim().trim_matches(['<', '>']).to_owned();
    let facts = out.facts();
    facts.title = message.text(&[0x0037]).map(Personal::from);
    facts.dated = message.time(&[0x0039, 0x0e06, 0x3007]);
    facts.message_id = message.text(&[0x1035]).map(id);
    let answers = message.text(&[0x1039]).unwrap_or_default().split_whitespace();
    facts.answers = answers.map(id).collect();
    if let Some(last) = message.text(&[0x1042]).map(id)
        && !facts.answers.contains(&last)
    {
        facts.answers.push(last);
    }
}

/// The head that the message had on its way, as far as it says more than the properties.
fn transport(message: &Properties, out: &mut Out<'_>) {
    let raw = format!("{}\r\n\r\n", message.text(&[0x007d]).unwrap_or_default());
    let Some(parsed) = MessageParser::default().parse_headers(raw.as_bytes()) else { return };
    let place = Place::new(PlaceKind::Header, 1);
    let said: String = out.document.passages.iter().map(|p| format!("{}\n", p.text)).collect();
    let shown = head::passage(&parsed, place.clone()).text;
    out.passage(Passage {
        part: Part::Header,
        hidden: Some(Hidden::Invisible),
        is_record: true,
        ..Passage::text(place.clone(), body::lines_beyond_text(&said, &shown))
    });
    out.passage(head::rest(&parsed, place));
}

/// Who wrote to whom, when, about what.
fn header(file: &mut Compound<'_>, message: &Properties, out: &mut Out<'_>) {
    let mut lines = Captioned::default();
    // Addresses of the directory come last: a name behind an `@` says more.
    for (caption, name, address) in [
        ("From", &[0x0042, 0x0c1a], &[0x5d02, 0x5d01, 0x0065, 0x0c1f]),
        ("Sender", &[0x0c1a, 0x0042], &[0x5d01, 0x5d02, 0x0c1f, 0x0065]),
    ] {
        let (name, address) = (message.text(name), message.text(address));
        let both = message.text(&[0x0c1a]).zip(message.text(&[0x0042]));
        let is_other = both.is_some_and(|(sender, from)| sender != from);
        if (caption == "From" || is_other) && (name.is_some() || address.is_some()) {
            lines.caption(caption);
            head::mailbox(&mut lines, name, address, Party::Sender);
        }
    }
    let mut recipients: Vec<(u64, Properties)> = Vec::new();
    for (name, is_storage) in file.entries("/") {
        if is_storage && name.starts_with("__recip_version1.0_") {
            let recipient = Properties::read(file, &format!("/{name}"), message.encoding());
            let kind = recipient.fixed.get(&0x0c15).copied().unwrap_or(1) & 0xf;
            recipients.push((kind, recipient));
        }
    }
    let shown = [(1, "To", 0x0e04), (2, "Cc", 0x0e03), (3, "Bcc", 0x0e02)];
    for (kind, caption, display) in shown {
        let of_kind: Vec<&Properties> =
            recipients.iter().filter(|(have, _)| *have == kind).map(|(_, r)| r).collect();
        for (index, recipient) in of_kind.iter().enumerate() {
            if index == 0 {
                lines.caption(caption);
            } else {
                lines.plain(", ");
            }
            let name = recipient.text(&[0x3001, 0x5ff6]);
            head::mailbox(&mut lines, name, recipient.text(&[0x39fe, 0x3003]), Party::Recipient);
        }
        if of_kind.is_empty() {
            let names = message.text(&[display]).unwrap_or_default();
            lines.line(caption, names, Meaning::Name, Party::Recipient);
        }
    }
    let dated = message.time(&[0x0039, 0x0e06]).unwrap_or_default();
    lines.line("Date", &dated, Meaning::Date, Party::Unknown);
    let subject = message.text(&[0x0037]).unwrap_or_default();
    lines.line("Subject", subject, Meaning::Text, Party::Unknown);
    out.passage(lines.into_record(Place::new(PlaceKind::Header, 1), Part::Header));
}

/// The body, whether it comes from HTML, and what another version says that it does not.
fn said(message: &Properties) -> (String, bool, String) {
    let plain = message.text(&[0x1000]).unwrap_or_default().to_owned();
    let html = match (message.bytes.get(&0x1013), message.text(&[0x1013])) {
        (_, Some(html)) => html.to_owned(),
        (Some(bytes), None) => {
            let encoding = message
                .fixed
                .get(&0x3fde)
                .and_then(|number| rtf::of_code_page(i32::try_from(*number & 0xffff_ffff).ok()?));
            encoding::decode(bytes, encoding.map(Encoding::name)).text.into_owned()
        }
        (None, None) => String::new(),
    };
    if !html.trim().is_empty() {
        let (shown, unshown) = body::of_html(&html);
        if plain.trim().is_empty() || !body::says_all(&plain, &shown) {
            let rest = body::lines_beyond_text(&shown, &plain);
            return (shown, true, format!("{unshown}\n{rest}"));
        }
        let unshown = body::lines_beyond_text(&plain, &unshown);
        return (plain, false, unshown);
    }
    if plain.trim().is_empty()
        && let Some(packed) = message.bytes.get(&0x1009)
        && let Some(rtf) = compressed::unpack(packed)
    {
        let is_html = rtf.windows(9).take(4096).any(|window| window == b"\\fromhtml");
        let said = rtf::walk(&rtf);
        let text = if is_html { body::of_html(&said.text).0 } else { said.text };
        return (text, is_html, format!("{}\n{}", said.unseen, said.deleted));
    }
    (plain, false, String::new())
}

/// What contacts, appointments and tasks hold beside their text: each property on its line.
fn details(message: &Properties, place: &Place, out: &mut Out<'_>) {
    let mut lines = Captioned::default();
    let mut seen = std::collections::HashSet::new();
    for (id, text) in &message.texts {
        let known = DETAILS.iter().find(|(have, _, _)| have == id);
        let is_said = SAID.contains(id) || text.trim().is_empty() || !seen.insert(text.trim());
        if is_said || known.is_none() && (text.len() < 3 || *id < 0x3a00) {
            continue;
        }
        let (caption, meaning) = match known {
            Some((_, caption, meaning)) => (*caption, *meaning),
            // Properties with names of their own, such as the addresses of a contact.
            None if text.contains('@') && !text.contains(' ') => ("Email", Meaning::Email),
            None => ("Property", Meaning::Text),
        };
        lines.line(caption, text, meaning, Party::Unknown);
    }
    if !lines.is_empty() {
        out.passage(lines.into_record(place.clone(), Part::Body));
    }
}

/// Properties that the head and the body show already, or that name no person.
const SAID: [u16; 12] = [
    0x001a, 0x0037, 0x003d, 0x0070, 0x007d, 0x0e1d, 0x1000, 0x1013, 0x1035, 0x1039, 0x1042, 0x3ff8,
];

const DETAILS: [(u16, &str, Meaning); 24] = [
    (0x3001, "Name", Meaning::Name),
    (0x3a02, "Callback number", Meaning::Phone),
    (0x3a05, "Generation", Meaning::Text),
    (0x3a06, "Given name", Meaning::GivenName),
    (0x3a08, "Business telephone", Meaning::Phone),
    (0x3a09, "Home telephone", Meaning::Phone),
    (0x3a0a, "Initials", Meaning::Text),
    (0x3a11, "Surname", Meaning::FamilyName),
    (0x3a15, "Postal address", Meaning::Address),
    (0x3a16, "Company", Meaning::Organisation),
    (0x3a17, "Title", Meaning::Text),
    (0x3a1a, "Primary telephone", Meaning::Phone),
    (0x3a1b, "Business telephone 2", Meaning::Phone),
    (0x3a1c, "Mobile telephone", Meaning::Phone),
    (0x3a1f, "Other telephone", Meaning::Phone),
    (0x3a24, "Fax", Meaning::Phone),
    (0x3a27, "Town", Meaning::Address),
    (0x3a28, "County", Meaning::Address),
    (0x3a29, "Street", Meaning::Address),
    (0x3a2a, "Postcode", Meaning::Postcode),
    (0x3a2f, "Home telephone 2", Meaning::Phone),
    (0x3a44, "Middle name", Meaning::GivenName),
    (0x3a48, "Spouse", Meaning::Name),
    (0x3a4f, "Nickname", Meaning::Name),
];

fn attachments(file: &mut Compound<'_>, message: &Properties, out: &mut Out<'_>) {
    let storages: Vec<String> = file
        .entries("/")
        .into_iter()
        .filter(|(name, is_storage)| *is_storage && name.starts_with("__attach_version1.0_"))
        .map(|(name, _)| format!("/{name}"))
        .collect();
    for (index, storage) in storages.iter().enumerate() {
        let attached = Properties::read(file, storage, message.encoding());
        let name = attached.text(&[0x3707, 0x3704, 0x3001]).unwrap_or_default().to_owned();
        let name = if name.is_empty() { format!("part-{}.bin", index + 1) } else { name };
        let inner = format!("{storage}/__substg1.0_3701000D");
        if let Some(bytes) = attached.bytes.get(&0x3701) {
            out.child(&name, bytes.clone());
        } else if file.entries(storage).iter().any(|(name, is)| *is && name.ends_with("3701000D")) {
            let is_message =
                file.entries(&inner).iter().any(|(name, _)| name == "__properties_version1.0");
            let ending = if is_message && !name.ends_with(".msg") { ".msg" } else { "" };
            match file.extract(&inner) {
                Some(bytes) => out.child(&format!("{name}{ending}"), bytes),
                None => {
                    let why = Exception::whole(Reason::Corrupt, "a damaged storage");
                    out.lost(&name, 0, why);
                }
            }
        } else {
            // A link to a file elsewhere: nothing is in here.
            let why = Exception::whole(Reason::Vanished, "attached as a link only");
            out.lost(&name, 0, why);
        }
    }
}
