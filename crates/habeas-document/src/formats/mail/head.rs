//! Who wrote a message to whom, when, and about what?

use habeas_model::{Hidden, Meaning, Part, Party, Passage, Place};
use mail_parser::{Addr, Address, Header, HeaderValue, Message, MessageParser};

use crate::formats::captioned::{Captioned, one_line};
use crate::formats::mail::words;

/// The headers that a reader of the message sees, in the order in which they are shown.
const SHOWN: &[(&str, Party)] = &[
    ("From", Party::Sender),
    ("Sender", Party::Sender),
    ("Reply-To", Party::Sender),
    ("To", Party::Recipient),
    ("Cc", Party::Recipient),
    ("Bcc", Party::Recipient),
    ("Resent-From", Party::Sender),
    ("Resent-To", Party::Recipient),
    ("Delivered-To", Party::Recipient),
    ("Date", Party::Unknown),
    ("Subject", Party::Unknown),
    ("Keywords", Party::Unknown),
    ("Comments", Party::Unknown),
    ("X-Originating-IP", Party::Sender),
    ("X-Gmail-Labels", Party::Unknown),
];

/// Headers of the machinery, which say nothing about a person unless an address is in them, by how
/// they begin.
const MACHINERY: &[&str] = &[
    "mime-version",
    "arc-",
    "domainkey-",
    "x-google-",
    "x-ms-exchange",
    "x-microsoft-",
    "x-forefront-",
    "x-spam-",
    "thread-index",
    "x-proofpoint",
    "x-mailer",
    "user-agent",
    "x-ms-",
    "x-mimeole",
];

/// Headers that are never told, by how they begin. Message ids look like addresses and are none;
/// they are facts of the document.
const IDS: &[&str] = &[
    "content-",
    "message-id",
    "in-reply-to",
    "references",
    "resent-message-id",
    "dkim-",
    "x-gm-message",
    "x-google-dkim",
    "x-google-original-message-id",
    "x-google-smtp-source",
    "x-ms-exchange-parent-message-id",
    "x-universally-unique-identifier",
    "x-ms-tnef-correlator",
];

/// Whose an address is in the headers that a reader is not shown.
const PARTIES: &[(&str, Party)] = &[
    ("resent-sender", Party::Sender),
    ("resent-reply-to", Party::Sender),
    ("resent-cc", Party::Recipient),
    ("resent-bcc", Party::Recipient),
    ("return-path", Party::Sender),
    ("return-receipt-to", Party::Sender),
    ("disposition-notification-to", Party::Sender),
    ("errors-to", Party::Sender),
    ("received", Party::Recipient),
    ("x-sender", Party::Sender),
    ("x-original-from", Party::Sender),
    ("x-original-sender", Party::Sender),
    ("x-authenticated-sender", Party::Sender),
    ("x-authenticated-user", Party::Sender),
    ("x-envelope-from", Party::Sender),
    ("x-apparently-from", Party::Sender),
    ("x-apparently-to", Party::Recipient),
    ("apparently-to", Party::Recipient),
    ("x-original-to", Party::Recipient),
    ("x-envelope-to", Party::Recipient),
    ("envelope-to", Party::Recipient),
    ("x-forwarded-to", Party::Recipient),
    ("x-forwarded-for", Party::Recipient),
    ("x-rcpt-to", Party::Recipient),
    ("mail-followup-to", Party::Recipient),
    ("mail-reply-to", Party::Sender),
];

/// The head as it is shown.
pub(crate) fn passage(message: &Message<'_>, place: Place) -> Passage {
    let mut head = Captioned::default();
    for &(name, party) in SHOWN {
        for header in message.headers().iter().filter(|header| is(header, name)) {
            match (&header.value, name) {
                (HeaderValue::Address(address), _) => {
                    head.caption(name);
                    addresses(&mut head, address, party);
                }
                (_, "Delivered-To") => {
                    let raw = raw(message, header);
                    let meaning = if is_email(&raw) { Meaning::Email } else { Meaning::Text };
                    head.line(name, &raw, meaning, party);
                }
                (_, "Date") => head.line(name, &raw(message, header), Meaning::Date, party),
                (_, "X-Originating-IP") => {
                    let raw = raw(message, header);
                    let ip = raw.trim_matches(|c: char| c.is_whitespace() || "[]()".contains(c));
                    head.line(name, ip, Meaning::Ip, party);
                }
                (_, "Subject" | "Comments" | "Keywords") => {
                    head.line(name, &decoded(message, header), Meaning::Text, party);
                }
                _ => head.line(name, &decoded(message, header), Meaning::Other, party),
            }
        }
    }
    head.into_record(place, Part::Header)
}

/// The headers that a reader of the message is not shown, without those of the machinery.
pub(crate) fn rest(message: &Message<'_>, place: Place) -> Passage {
    let headers = message.headers().iter();
    let headers = headers.filter(|header| !SHOWN.iter().any(|(shown, _)| is(header, shown)));
    unshown(message, headers, place)
}

/// The headers of the parts, which no reader of the message is shown, without those of the
/// machinery. Messages in the message have their own.
pub(crate) fn of_parts(message: &Message<'_>, place: Place) -> Passage {
    let parts = message.parts.iter().skip(1);
    unshown(message, parts.flat_map(|part| part.headers.iter()), place)
}

fn unshown<'m>(
    message: &'m Message<'_>,
    headers: impl Iterator<Item = &'m Header<'m>>,
    place: Place,
) -> Passage {
    let mut head = Captioned::default();
    for header in headers {
        let name = header.name();
        let lower = name.to_ascii_lowercase();
        let is_id = IDS.iter().any(|start| lower.starts_with(start));
        if is_id && lower != "content-description" {
            continue;
        }
        let party = PARTIES.iter().find(|(have, _)| *have == lower);
        let party = party.map_or(Party::Unknown, |(_, party)| *party);
        match &header.value {
            HeaderValue::Address(address) if !lower.starts_with("list-") => {
                head.caption(name);
                addresses(&mut head, address, party);
            }
            _ if lower != "received" && party != Party::Unknown => {
                // A list of addresses, which nobody has taken for one so far.
                let list = format!("To: {}\r\n\r\n", raw(message, header));
                let parsed = MessageParser::default().parse_headers(list.as_bytes());
                head.caption(name);
                match parsed.as_ref().and_then(|parsed| parsed.to()) {
                    Some(list) if list.iter().all(|one| one.address().is_some_and(is_email)) => {
                        addresses(&mut head, list, party);
                    }
                    _ => with_addresses(&mut head, &decoded(message, header), party),
                }
            }
            _ => {
                let value = decoded(message, header);
                let is_token = value.len() > 60 && !value.contains([' ', '@']);
                let is_machinery = MACHINERY.iter().any(|start| lower.starts_with(start));
                if !value.is_empty() && !is_token && (!is_machinery || names_address(&value)) {
                    head.caption(name);
                    with_addresses(&mut head, &value, party);
                }
            }
        }
    }
    Passage { hidden: Some(Hidden::Invisible), ..head.into_record(place, Part::Header) }
}

/// What stands around addresses in headers that are no lists of addresses.
const AROUND: &[char] =
    &['<', '>', ',', ';', '"', '\'', '(', ')', '[', ']', ' ', '\t', '|', '{', '}', '?'];

/// An address as it stands in a header of any kind.
fn is_address(piece: &str) -> bool {
    let piece = piece.trim_start_matches("mailto:");
    piece.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.contains('@') && !domain.ends_with('.')
    })
}

/// How many bytes stand before an address: `mailto:`, or the name of a parameter as in
/// `smtp.mailfrom=`. A `=` of the address itself, as mailing lists have it, follows a `+` or `-`.
fn parameter_bytes(piece: &str) -> usize {
    if piece.starts_with("mailto:") {
        return 7;
    }
    let is_name = |name: &str| {
        let known = ["from", "to", "for", "mailfrom", "envelope-from", "rcpt", "email", "sender"];
        let is_dotted = name
            .split_once('.')
            .is_some_and(|(first, _)| ["smtp", "header", "policy"].contains(&first));
        is_dotted || known.contains(&name)
    };
    let name = piece.split('=').next().unwrap_or_default();
    if name.len() < piece.len() && is_name(&name.to_ascii_lowercase()) { name.len() + 1 } else { 0 }
}

fn names_address(value: &str) -> bool {
    value.split(AROUND).any(is_address)
}

/// A value of any kind, with the addresses in it as fields.
fn with_addresses(head: &mut Captioned, value: &str, party: Party) {
    let mut rest = value;
    while !rest.is_empty() {
        let end = rest.find(AROUND).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        let ip = piece.trim_start_matches("IPv6:");
        if is_address(piece) {
            let (scheme, address) = piece.split_at(parameter_bytes(piece));
            head.plain(scheme);
            head.value(address, Meaning::Email, party);
        } else if ip.len() > 6 && ip.parse::<std::net::IpAddr>().is_ok() {
            head.plain(piece.strip_suffix(ip).unwrap_or_default());
            head.value(ip, Meaning::Ip, Party::Unknown);
        } else {
            head.plain(piece);
        }
        let n = after.chars().next().map_or(0, char::len_utf8);
        head.plain(after.get(..n).unwrap_or_default());
        rest = after.get(n..).unwrap_or_default();
    }
}

fn is(header: &Header<'_>, name: &str) -> bool {
    header.name().eq_ignore_ascii_case(name)
}

/// Each address as `Name <email>`, both of them fields.
fn addresses(head: &mut Captioned, address: &Address<'_>, party: Party) {
    let mut n_before = 0;
    let mut list = |head: &mut Captioned, addresses: &[Addr<'_>]| {
        for one in addresses {
            if std::mem::replace(&mut n_before, 1) > 0 {
                head.plain(", ");
            }
            mailbox(head, one.name.as_deref(), one.address.as_deref(), party);
        }
    };
    match address {
        Address::List(addresses) => list(head, addresses),
        Address::Group(groups) => {
            for group in groups {
                list(head, &[Addr { name: group.name.clone(), address: None }]);
                list(head, &group.addresses);
            }
        }
    }
}

/// One address. What stands where an address should be and is none is a name or a directory entry.
pub(crate) fn mailbox(
    head: &mut Captioned,
    name: Option<&str>,
    address: Option<&str>,
    party: Party,
) {
    let trim = |text: &str| {
        words::decoded(text)
            .trim_matches(|c: char| c.is_whitespace() || "'\"<>".contains(c))
            .to_owned()
    };
    let name = name.map(trim).filter(|name| !name.is_empty());
    let address = address.map(trim).filter(|address| !address.is_empty());
    // Outlook repeats the address as the name.
    let name = name.filter(|name| Some(name.as_str()) != address.as_deref());
    if let Some(name) = &name {
        let meaning = if is_email(name) { Meaning::Email } else { Meaning::Name };
        head.value(name, meaning, party);
    }
    let Some(address) = address else { return };
    let meaning = if is_email(&address) {
        Meaning::Email
    } else if address.starts_with('/') {
        Meaning::Username
    } else {
        Meaning::Name
    };
    if name.is_some() {
        head.plain(" <");
        head.value(&address, meaning, party);
        head.plain(">");
    } else {
        head.value(&address, meaning, party);
    }
}

fn is_email(text: &str) -> bool {
    text.contains('@') && !text.contains(char::is_whitespace)
}

/// A header's value with its encoded words decoded, on one line.
fn decoded(message: &Message<'_>, header: &Header<'_>) -> String {
    match &header.value {
        HeaderValue::Text(text) => words::decoded(text.trim()).into_owned(),
        HeaderValue::TextList(texts) => words::decoded(&texts.join(", ")).into_owned(),
        _ => words::decoded(&raw(message, header)).into_owned(),
    }
}

/// A header's value as it stands, on one line.
fn raw(message: &Message<'_>, header: &Header<'_>) -> String {
    let range = header.offset_start as usize..header.offset_end as usize;
    let bytes = message.raw_message.get(range).unwrap_or_default();
    one_line(&String::from_utf8_lossy(bytes)).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use habeas_model::PlaceKind;

    fn check(
        told: fn(&Message<'_>, Place) -> Passage,
        head: &str,
        expected: &str,
        fields: &[(&str, Meaning)],
    ) {
        let raw = head.replace('\n', "\r\n") + "\r\n\r\n";
        let message = MessageParser::default().parse(raw.as_bytes()).expect("a message");
        let passage = told(&message, Place::new(PlaceKind::Header, 1));
        assert_eq!(passage.text, expected);
        let found: Vec<(&str, Meaning)> = passage
            .fields
            .iter()
            .filter(|field| field.meaning != Meaning::Caption)
            .map(|field| (&passage.text[field.range.clone()], field.meaning))
            .collect();
        assert_eq!(found, fields);
    }

    fn check_head(head: &str, expected: &str, fields: &[(&str, Meaning)]) {
        check(passage, head, expected, fields);
    }

    #[test]
    fn names_and_addresses_are_fields() {
        check_head(
            "To: \"Lind, Amara\" <amara@example.org>,\n =?utf-8?Q?Zo=C3=AB_L=C3=B6w?= <zoe@example.org>",
            "To: Lind, Amara <amara@example.org>, Zoë Löw <zoe@example.org>",
            &[
                ("Lind, Amara", Meaning::Name),
                ("amara@example.org", Meaning::Email),
                ("Zoë Löw", Meaning::Name),
                ("zoe@example.org", Meaning::Email),
            ],
        );
        check_head(
            "Subject: =?iso-8859-1?B?VmlzaXQgb2Ygwzg=?=\nFrom: 'amara@example.org' <amara@example.org>",
            "From: amara@example.org\nSubject: Visit of Ã8",
            &[("amara@example.org", Meaning::Email), ("Visit of Ã8", Meaning::Text)],
        );
        check_head(
            "Cc: Patients: a@example.org, B Low <b@example.org>;\nX-Originating-IP: [203.0.113.7]",
            "Cc: Patients, a@example.org, B Low <b@example.org>\nX-Originating-IP: 203.0.113.7",
            &[
                ("Patients", Meaning::Name),
                ("a@example.org", Meaning::Email),
                ("B Low", Meaning::Name),
                ("b@example.org", Meaning::Email),
                ("203.0.113.7", Meaning::Ip),
            ],
        );
    }

    fn check_rest(head: &str, expected: &str, fields: &[(&str, Meaning)]) {
        check(rest, head, expected, fields);
    }

    #[test]
    fn addresses_in_the_headers_of_the_machinery_are_fields() {
        check_rest(
            "X-Forwarded-To: amara@example.org\nX-MS-Exchange-Inbox-Rules-Loop: zoe@example.org\n\
             X-MS-Exchange-Organization-SCL: 1\nReferences: <1@example.org>",
            "X-Forwarded-To: amara@example.org\nX-MS-Exchange-Inbox-Rules-Loop: zoe@example.org",
            &[("amara@example.org", Meaning::Email), ("zoe@example.org", Meaning::Email)],
        );
        check_rest(
            "X-Route: by mx ([203.0.113.7]) for <amara@example.org>; now",
            "X-Route: by mx ([203.0.113.7]) for <amara@example.org>; now",
            &[("203.0.113.7", Meaning::Ip), ("amara@example.org", Meaning::Email)],
        );
        check_rest(
            "Return-Path: <bounce+amara=example.org@example.net>\n\
             X-Auth: spf=pass smtp.mailfrom=zoe@example.org\nErrors-To: Zoe Low <zoe@example.org>",
            "Return-Path: bounce+amara=example.org@example.net\n\
             X-Auth: spf=pass smtp.mailfrom=zoe@example.org\nErrors-To: Zoe Low <zoe@example.org>",
            &[
                ("bounce+amara=example.org@example.net", Meaning::Email),
                ("zoe@example.org", Meaning::Email),
                ("Zoe Low", Meaning::Name),
                ("zoe@example.org", Meaning::Email),
            ],
        );
        check_rest(
            "List-Unsubscribe: <mailto:leave@example.org?subject=x>",
            "List-Unsubscribe: <mailto:leave@example.org?subject=x>",
            &[("leave@example.org", Meaning::Email)],
        );
    }
}
