//! Who wrote a message to whom, when, and about what?

use habeas_model::{Hidden, Meaning, Part, Party, Passage, Place};
use mail_parser::{Addr, Address, Header, HeaderValue, Message};

use crate::formats::captioned::Captioned;

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
    "content-", "mime-version", "message-id", "in-reply-to", "references", "dkim-", "arc-",
    "domainkey-", "x-google-", "x-gm-message", "x-ms-exchange", "x-microsoft-", "x-forefront-",
    "x-spam-", "thread-index", "x-proofpoint", "x-mailer", "user-agent", "resent-message-id",
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
                    head.line(name, &raw(message, header), Meaning::Email, party);
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
            HeaderValue::Address(address) => {
                head.caption(name);
                addresses(&mut head, address, Party::Unknown);
            }
            _ => {
                let value = decoded(message, header);
                if !value.trim().is_empty() {
                    head.caption(name);
                    head.plain(value.trim());
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
pub(crate) fn addresses(head: &mut Captioned, address: &Address<'_>, party: Party) {
    let mut is_first = true;
    let mut between = |head: &mut Captioned| {
        if !std::mem::take(&mut is_first) {
            head.plain(", ");
        }
    };
    match address {
        Address::List(list) => {
            for one in list {
                between(head);
                mailbox(head, one, party);
            }
        }
        Address::Group(groups) => {
            for group in groups {
                if let Some(name) = &group.name {
                    between(head);
                    head.plain(name);
                    head.plain(": ");
                    is_first = true;
                    between = |_| ();
                }
            }
        }
    }
}
