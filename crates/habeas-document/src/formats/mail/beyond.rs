//! What do the bytes of a message say that are in no part and in no header?
//!
//! That is what stands before the first part and after the last one, at any depth, and whatever a
//! damaged message has between its parts. No program shows it, and all of it was sent.

use std::ops::Range;

use mail_parser::{Message, MimeHeaders, PartType};

use super::body;
use crate::encoding;

/// The texts, in order, without those that mail programs write for readers of 1992.
pub(crate) fn texts(message: &Message<'_>) -> Vec<String> {
    let mut known: Vec<Range<usize>> = Vec::new();
    let mut boundaries: Vec<String> = Vec::new();
    for part in &message.parts {
        for header in &part.headers {
            known.push(header.offset_field as usize..header.offset_end as usize);
        }
        match &part.body {
            PartType::Multipart(_) => {
                let boundary = part.content_type().and_then(|kind| kind.attribute("boundary"));
                boundaries.extend(boundary.map(|boundary| format!("--{boundary}")));
            }
            // What stands behind base64 is none of it.
            _ => {
                let end = part.offset_end as usize - body::tail_bytes(message, part);
                known.push(part.offset_body as usize..end);
            }
        }
    }
    known.sort_by_key(|range| range.start);
    let mut texts = Vec::new();
    let mut from = 0;
    let end = message.raw_message.len();
    for range in known.into_iter().chain(std::iter::once(end..end)) {
        let between = message.raw_message.get(from..range.start).unwrap_or_default();
        from = from.max(range.end);
        if between.trim_ascii().is_empty() {
            continue;
        }
        let between = encoding::decode(between, None).text;
        let is_said =
            |line: &&str| !boundaries.iter().any(|boundary| line.starts_with(boundary.as_str()));
        let said: Vec<&str> = between.lines().filter(is_said).collect();
        let said = said.join("\n");
        if !is_usual(&said) {
            texts.push(said.trim().to_owned());
        }
    }
    texts
}

/// The words of what mail programs put around the parts, for programs that know no parts.
///
/// # Source
/// RFC 2046, 5.1.1; the messages of Outlook, Pine, Mutt, Evolution, Thunderbird and libraries.
const USUAL: &[&str] = &[
    "a",
    "an",
    "and",
    "are",
    "as",
    "attachment",
    "attachments",
    "aware",
    "be",
    "capable",
    "client",
    "compliant",
    "contains",
    "content",
    "created",
    "cryptographically",
    "digitally",
    "does",
    "e",
    "email",
    "encapsulated",
    "encoded",
    "encrypted",
    "end",
    "first",
    "format",
    "formatted",
    "has",
    "html",
    "if",
    "in",
    "is",
    "it",
    "likely",
    "mail",
    "mailer",
    "message",
    "mime",
    "more",
    "multi",
    "multipart",
    "not",
    "of",
    "one",
    "openpgp",
    "or",
    "part",
    "parts",
    "pgp",
    "please",
    "program",
    "readable",
    "reader",
    "reading",
    "remaining",
    "s",
    "section",
    "see",
    "sent",
    "should",
    "signed",
    "some",
    "support",
    "supports",
    "text",
    "that",
    "the",
    "this",
    "to",
    "tools",
    "understand",
    "unreadable",
    "use",
    "user",
    "version",
    "view",
    "viewer",
    "was",
    "while",
    "with",
    "without",
    "you",
    "your",
];

/// Does a text say nothing but that the message has parts?
fn is_usual(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| USUAL.binary_search(&word.to_lowercase().as_str()).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::MessageParser;

    fn check_texts(raw: &str, expected: &[&str]) {
        let raw = raw.replace('\n', "\r\n");
        let message = MessageParser::default().parse(raw.as_bytes()).expect("a message");
        assert_eq!(texts(&message), expected, "{raw}");
    }

    #[test]
    fn usual_words_are_sorted() {
        assert!(USUAL.is_sorted());
    }

    #[test]
    fn what_stands_in_no_part_is_told() {
        const HEAD: &str = "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n";
        let check = |parts: &str, expected: &[&str]| {
            check_texts(&format!("{HEAD}{parts}"), expected);
        };
        check("This is a multi-part message in MIME format.\n--b\n\nhi\n--b--\n", &[]);
        check(
            "A MIME message of Amara Lind.\n--b\n\nhi\n--b--\nCall Zoe.\n",
            &["A MIME message of Amara Lind.", "Call Zoe."],
        );
        check(
            "--b\nContent-Type: multipart/mixed; boundary=c\n\nBefore.\n--c\n\nhi\n--c--\nLate.\n\
             --b\n\nyou\n--b--\n",
            &["Before.", "Late."],
        );
        // Its head has no end.
        check("--b\n\nhi\n--b\nX-Name: Zoe Low\nhi", &["X-Name: Zoe Low\nhi"]);
        check_texts("Subject: x\n\nhi\n", &[]);
    }
}
