//! Who wrote a message to whom, when, and about what?

use habeas_model::{Hidden, Meaning, Part, Party, Passage, Place};
use mail_parser::{Addr, Address, Header, HeaderValue, Message};

use crate::formats::captioned::{Captioned, one_line};

/// The headers that a reader of the message sees, in the order in which they are shown.
const SHOWN: [(&str, Party); 15] = [
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

/// Headers of the machinery, which say nothing about a person, by how they begin. Message ids look
/// like addresses and are none; they are facts of the document.
const MACHINERY: [&str; 19] = [
    "content-",
    "mime-version",
    "message-id",
    "in-reply-to",
    "references",
    "dkim-",
    "arc-",
    "domainkey-",
    "x-google-",
    "x-gm-message",
    "x-ms-exchange",
    "x-microsoft-",
    "x-forefront-",
    "x-spam-",
    "thread-index",
    "x-proofpoint",
    "x-mailer",
    "user-agent",
    "resent-message-id",
];

/// The head as it is shown.
pub(crate) fn passage(message: &Message<'_>, place: Place) -> Passage {
    let mut head = Captioned::default();
    for (name, party) in SHOWN {
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
    let mut head = Captioned::default();
    for header in message.headers() {
        let name = header.name();
        let lower = name.to_ascii_lowercase();
        if SHOWN.iter().any(|(shown, _)| is(header, shown))
            || MACHINERY.iter().any(|start| lower.starts_with(start))
        {
            continue;
        }
        match &header.value {
            HeaderValue::Address(address) if !lower.starts_with("list-") => {
                head.caption(name);
                addresses(&mut head, address, Party::Unknown);
            }
            _ => {
                let value = decoded(message, header);
                let is_token = value.len() > 60 && !value.contains([' ', '@']);
                if !value.is_empty() && !is_token {
                    head.caption(name);
                    head.plain(&value);
                }
            }
        }
    }
    Passage { hidden: Some(Hidden::Invisible), ..head.into_record(place, Part::Header) }
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
        text.trim_matches(|c: char| c.is_whitespace() || "'\"<>".contains(c)).to_owned()
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
        HeaderValue::Text(text) => text.trim().to_owned(),
        HeaderValue::TextList(texts) => texts.join(", "),
        _ => raw(message, header),
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
    use mail_parser::MessageParser;

    fn check_head(head: &str, expected: &str, fields: &[(&str, Meaning)]) {
        let raw = head.replace('\n', "\r\n") + "\r\n\r\n";
        let message = MessageParser::default().parse(raw.as_bytes()).expect("a message");
        let passage = passage(&message, Place::new(PlaceKind::Header, 1));
        assert_eq!(passage.text, expected);
        let found: Vec<(&str, Meaning)> = passage
            .fields
            .iter()
            .filter(|field| field.meaning != Meaning::Caption)
            .map(|field| (&passage.text[field.range.clone()], field.meaning))
            .collect();
        assert_eq!(found, fields);
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
}
