//! Where is the empty line missing that stands between the head of a part and its body?
//!
//! Programs that write mail by hand leave it out. Then what is said reads as one more header, and
//! the head goes on over the line that ends the part, until some part has an empty line.

use mail_parser::{MessageParser, MimeHeaders};

/// The message with an empty line after the head of each part; `None` if none is missing.
pub(crate) fn filled(message: &[u8]) -> Option<Vec<u8>> {
    let gaps = missing(message);
    if gaps.is_empty() {
        return None;
    }
    let mut filled = Vec::with_capacity(message.len() + 2 * gaps.len());
    let mut from = 0;
    for at in gaps {
        filled.extend_from_slice(message.get(from..at).unwrap_or_default());
        filled.extend_from_slice(b"\r\n");
        from = at;
    }
    filled.extend_from_slice(message.get(from..).unwrap_or_default());
    Some(filled)
}

/// A head that is not at its end yet.
struct Head {
    start: usize,
    has_header: bool,
    /// It is that of a message, which may begin with the line of a mailbox.
    is_message: bool,
}

/// What follows a head.
enum Then {
    /// What is said.
    Body,
    /// Parts, with this boundary between them.
    Parts(Vec<u8>),
    /// A message with a head of its own.
    Message,
}

/// Where an empty line is missing, in order; a place may come twice, for a message in a part.
fn missing(message: &[u8]) -> Vec<usize> {
    let mut gaps = Vec::new();
    let mut boundaries: Vec<Vec<u8>> = Vec::new();
    let mut head = Some(Head { start: 0, has_header: false, is_message: true });
    let mut at = 0;
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        let start = at;
        at += line.len();
        if let Some((index, is_last)) = boundary_of(line, &boundaries) {
            if head.is_some() {
                gaps.push(start);
            }
            boundaries.truncate(if is_last { index } else { index + 1 });
            head = (!is_last).then_some(Head { start: at, has_header: false, is_message: false });
            continue;
        }
        while let Some(open) = &mut head {
            let is_empty = line.trim_ascii().is_empty();
            if !is_empty && goes_on(line, open) {
                open.has_header = true;
                break;
            }
            if !is_empty {
                gaps.push(start);
            }
            let then = message.get(open.start..start).map_or(Then::Body, follows);
            let body = if is_empty { at } else { start };
            head = match then {
                Then::Message => Some(Head { start: body, has_header: false, is_message: true }),
                Then::Body => None,
                Then::Parts(boundary) => {
                    boundaries.push(boundary);
                    None
                }
            };
            if is_empty {
                break;
            }
        }
    }
    gaps
}

/// Which of the open boundaries a line is, the innermost first, and is it the end of its parts?
fn boundary_of(line: &[u8], boundaries: &[Vec<u8>]) -> Option<(usize, bool)> {
    let rest = line.strip_prefix(b"--")?;
    let found = boundaries.iter().enumerate().rev().find_map(|(index, boundary)| {
        Some((index, rest.strip_prefix(boundary.as_slice())?.trim_ascii()))
    });
    let (index, after) = found.filter(|(_, after)| after.is_empty() || after.starts_with(b"--"))?;
    Some((index, !after.is_empty()))
}

/// Is a line a header, or does it go on with the one before? A header has a name without spaces.
fn goes_on(line: &[u8], head: &Head) -> bool {
    if line.starts_with(b" ") || line.starts_with(b"\t") {
        return head.has_header;
    }
    if head.is_message && !head.has_header && line.starts_with(b"From ") {
        return true;
    }
    let name = line.iter().position(|byte| *byte == b':').and_then(|at| line.get(..at));
    let name = name.map(<[u8]>::trim_ascii_end);
    name.is_some_and(|name| !name.is_empty() && name.iter().all(u8::is_ascii_graphic))
}

/// What a head says that follows it.
fn follows(head: &[u8]) -> Then {
    let Some(message) = MessageParser::default().parse_headers(head) else { return Then::Body };
    let Some(part) = message.parts.first() else { return Then::Body };
    let Some(kind) = part.content_type() else { return Then::Body };
    let is_plain = part.content_transfer_encoding().is_none_or(|encoding| {
        !["base64", "quoted-printable"].iter().any(|known| known.eq_ignore_ascii_case(encoding))
    });
    match (kind.ctype(), kind.subtype()) {
        ("multipart", _) => {
            let boundary = kind.attribute("boundary").filter(|boundary| !boundary.is_empty());
            boundary.map_or(Then::Body, |boundary| Then::Parts(boundary.as_bytes().to_vec()))
        }
        ("message", Some("rfc822" | "global")) if is_plain => Then::Message,
        _ => Then::Body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `^` stands where a line is missing.
    fn check_missing(marked: &str) {
        let plain = marked.replace('^', "");
        let expected: Vec<usize> =
            marked.match_indices('^').enumerate().map(|(index, (at, _))| at - index).collect();
        assert_eq!(missing(plain.as_bytes()), expected, "{marked}");
    }

    #[test]
    fn the_gap_of_each_part_is_found() {
        const HEAD: &str = "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n";
        let check = |parts: &str| check_missing(&format!("{HEAD}{parts}"));
        check("--b\nContent-Type: text/plain\n\nhi\n--b--\n");
        check("--b\nContent-Type: text/plain\n^hi there\n--b\n\nsecond: one\n--b--\n");
        check("--b\n^hi there\n--b--\nafter all: that\n");
        check("--b\nContent-Type: text/plain;\n charset=x\n^hi there: you\n--b--\n");
        check("--b\n^--b\nX: y\n^--b--\n");
        check("--b\nX: y\n\n--bb\nno head\n--b--\n");
        check(
            "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\nX: y\n^hi there\n--c--\n\n\
             --b\n^hi there\n--b--\n",
        );
        check("--b\nContent-Type: message/rfc822\n\nFrom: a@example.org\n^hi there\n--b--\n");
        check("--b\nContent-Type: message/rfc822\n^^hi there\n--b--\n");
        check(
            "--b\nContent-Type: message/rfc822\n\nFrom a@example.org Tue Mar 4\nX: y\n\nhi\n--b--\n",
        );
        check(
            "--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nRnJvbTog\n--b--\n",
        );
    }
}
