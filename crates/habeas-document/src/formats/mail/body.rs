//! Which of a message's parts are its text, and what do they say?

use std::borrow::Cow;
use std::collections::HashSet;

use habeas_model::Part;
use mail_parser::{Encoding, Message, MessagePart, MimeHeaders, PartType};

use crate::encoding;
use crate::formats::html;
use crate::formats::mail::{beyond, tail, uu};
use crate::out::Out;

/// What the text parts of a message say.
pub(crate) struct Body {
    /// What its reader sees.
    pub(crate) text: String,
    /// Does any of it come from HTML, where quoted lines have no `>`?
    pub(crate) is_html: bool,
    /// What its reader does not see: another version of the text that says something else, and what
    /// stands around the parts.
    pub(crate) unseen: Vec<String>,
    /// The encoding that a part was guessed to have, if one was.
    pub(crate) guess: Option<&'static str>,
    /// The files that stood in the text.
    pub(crate) files: Vec<uu::File>,
}

/// The body: each of several alternatives once.
pub(crate) fn text(message: &Message<'_>) -> Body {
    let (plain, html) = (&message.text_body, &message.html_body);
    let read = |ids: &mut dyn Iterator<Item = u32>| -> (String, bool) {
        let (mut texts, mut is_html) = (Vec::new(), false);
        for part in ids.filter_map(|id| message.parts.get(id as usize)) {
            is_html |= part.is_text_html();
            texts.extend(part_text(message, part));
        }
        (texts.join("\n"), is_html)
    };
    let (plain_only, _) = read(&mut plain.iter().copied().filter(|id| !html.contains(id)));
    let (html_only, _) = read(&mut html.iter().copied().filter(|id| !plain.contains(id)));
    let mut unseen = beyond::texts(message);
    let takes_html = if html_only.trim().is_empty() {
        false
    } else if plain_only.trim().is_empty() {
        true
    } else {
        let (of_plain, of_html) = (words(&plain_only), words(&html_only));
        let n_only_html = of_html.difference(&of_plain).count();
        let takes_html = n_only_html > of_plain.difference(&of_html).count();
        // Neither may be lost if each says something that the other does not.
        let (chosen, other) =
            if takes_html { (of_html, &plain_only) } else { (of_plain, &html_only) };
        unseen.push(lines_beyond(&chosen, other));
        takes_html
    };
    let chosen = if takes_html { html } else { plain };
    let (text, is_html) = read(&mut chosen.iter().copied());
    let said = words(&text);
    let pages = html.iter().chain(plain.iter().filter(|id| !html.contains(id)));
    for part in pages.filter_map(|id| message.parts.get(*id as usize)) {
        if let PartType::Html(_) = part.body {
            let unshown = decoded(message, part).map(|(page, _)| of_html(&page).1);
            unseen.push(lines_beyond(&said, &unshown.unwrap_or_default()));
        }
    }
    unseen.retain(|text| !text.trim().is_empty());
    let mut parts = html.iter().chain(plain).filter_map(|id| message.parts.get(*id as usize));
    let guess = parts.find_map(|part| decoded(message, part)?.1);
    let mut texts = plain.iter().chain(html.iter().filter(|id| !plain.contains(id)));
    let files = texts.by_ref().filter_map(|id| message.parts.get(*id as usize));
    let files = files.filter(|part| matches!(part.body, PartType::Text(_)));
    let files = files.filter_map(|part| Some(uu::taken(&decoded(message, part)?.0).1));
    let files = files.flatten().collect();
    Body { text, is_html, unseen, guess, files }
}

/// The lines of a text that have words which were not said yet.
fn lines_beyond(said: &HashSet<String>, text: &str) -> String {
    let is_new = |line: &&str| words(line).iter().any(|word| !said.contains(word));
    text.lines().filter(is_new).collect::<Vec<_>>().join("\n")
}

/// Does a text say every word of another one?
pub(crate) fn says_all(text: &str, other: &str) -> bool {
    words(other).is_subset(&words(text))
}

/// The lines of `text` that have words which `said` has not.
pub(crate) fn lines_beyond_text(said: &str, text: &str) -> String {
    lines_beyond(&words(said), text)
}

/// The words of a text, without links and punctuation, which the versions write differently.
fn words(text: &str) -> HashSet<String> {
    text.split(|c: char| c.is_whitespace() || "<>[]()|".contains(c))
        .filter(|word| !word.contains("://") && !word.starts_with("mailto:"))
        .map(|word| {
            word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        })
        .filter(|word: &String| word.len() > 1)
        .collect()
}

/// The characters of one part, and its encoding if that is a guess; `None` if it is no text.
fn decoded(
    message: &Message<'_>,
    part: &MessagePart<'_>,
) -> Option<(String, Option<&'static str>)> {
    let (PartType::Text(text) | PartType::Html(text)) = &part.body else { return None };
    let kind = part.content_type();
    let attribute = |name| kind.and_then(|kind| kind.attribute(name));
    let decoded = match raw(message, part) {
        // Its escapes are nothing else, and mail in Japanese often does not say that it is.
        Some(bytes) if bytes.windows(2).any(|pair| pair == b"\x1b$") => {
            encoding_rs::ISO_2022_JP.decode_without_bom_handling(&bytes).0.into_owned()
        }
        Some(bytes) => {
            let declared = attribute("charset").filter(|name| !name.eq_ignore_ascii_case("utf-7"));
            match declared {
                None if attribute("charset").is_some() => text.to_string(),
                _ => {
                    let decoded = encoding::decode(&bytes, declared);
                    return Some((decoded.text.into_owned(), decoded.guess));
                }
            }
        }
        None => text.to_string(),
    };
    Some((decoded, None))
}

/// What one part says; `None` if it is no text.
fn part_text(message: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    let (decoded, _) = decoded(message, part)?;
    if matches!(part.body, PartType::Html(_)) {
        return Some(of_html(&decoded).0);
    }
    let decoded = uu::taken(&decoded).0.into_owned();
    let kind = part.content_type();
    let says = |name, value: &str| {
        kind.and_then(|kind| kind.attribute(name)).is_some_and(|v| v.eq_ignore_ascii_case(value))
    };
    if says("format", "flowed") {
        return Some(unflow(&decoded, says("delsp", "yes")));
    }
    Some(decoded)
}

/// What a page in a message shows, and what it holds without showing it.
pub(crate) fn of_html(html: &str) -> (String, String) {
    let mut out =
        Out::new("text/html", &crate::Budget { text_bytes: u64::MAX, ..Default::default() });
    html::read_text(html, &mut out);
    let (mut shown, mut unseen) = (Vec::new(), Vec::new());
    for passage in out.document.passages {
        if passage.hidden.is_none() && passage.part == Part::Body {
            shown.push(passage.text);
        } else {
            unseen.push(passage.text);
        }
    }
    (shown.join("\n"), unseen.join("\n"))
}

/// The bytes of a part with its transfer encoding undone.
pub(crate) fn raw<'m>(message: &'m Message<'_>, part: &MessagePart<'_>) -> Option<Cow<'m, [u8]>> {
    let range = part.offset_body as usize..part.offset_end as usize;
    let bytes = message.raw_message.get(range)?;
    if is_base64(part) {
        return Some(match tail::encoded_bytes(bytes) {
            // It only says so.
            0 => Cow::Borrowed(bytes),
            n => Cow::Owned(from_base64(&bytes[..n])),
        });
    }
    let named = part.content_transfer_encoding().unwrap_or_default().trim();
    Some(match part.encoding {
        Encoding::QuotedPrintable => Cow::Owned(from_quoted_printable(bytes)),
        Encoding::None if named.eq_ignore_ascii_case("quoted-printable") => {
            Cow::Owned(from_quoted_printable(bytes))
        }
        Encoding::None | Encoding::Base64 => Cow::Borrowed(bytes),
    })
}

/// How many bytes stand behind the base64 of a part, which are a text; 0 if it is not encoded so.
pub(super) fn tail_bytes(message: &Message<'_>, part: &MessagePart<'_>) -> usize {
    let range = part.offset_body as usize..part.offset_end as usize;
    let bytes = message.raw_message.get(range).filter(|_| is_base64(part)).unwrap_or_default();
    match tail::encoded_bytes(bytes) {
        0 => 0,
        n => bytes.len() - n,
    }
}

fn is_base64(part: &MessagePart<'_>) -> bool {
    let named = part.content_transfer_encoding().unwrap_or_default().trim();
    match part.encoding {
        Encoding::Base64 => true,
        Encoding::QuotedPrintable => false,
        Encoding::None => named.eq_ignore_ascii_case("base64"),
    }
}

/// Undoes base64, leaving out what is not of it (RFC 2045, 6.8).
pub(crate) fn from_base64(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut bits, mut n_bits) = (0_u32, 0);
    for byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                // What follows was encoded on its own.
                (bits, n_bits) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            decoded.push((bits >> n_bits & 0xff) as u8);
        }
    }
    decoded
}

/// Undoes quoted-printable, taking what is not of it as it stands (RFC 2045, 6.7).
pub(super) fn from_quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let content = line.trim_ascii_end();
        let (content, is_soft) = match content.strip_suffix(b"=") {
            Some(content) => (content, true),
            None => (content, false),
        };
        let mut rest = content;
        while let Some((byte, after)) = rest.split_first() {
            let hex =
                |index: usize| after.get(index).and_then(|digit| char::from(*digit).to_digit(16));
            match (byte, hex(0), hex(1)) {
                (b'=', Some(high), Some(low)) => {
                    decoded.push((high * 16 + low) as u8);
                    rest = after.get(2..).unwrap_or_default();
                }
                _ => {
                    decoded.push(*byte);
                    rest = after;
                }
            }
        }
        if !is_soft && line.ends_with(b"\n") {
            decoded.extend_from_slice(if line.ends_with(b"\r\n") { b"\r\n" } else { b"\n" });
        }
    }
    decoded
}

/// Puts the lines of a flowed paragraph together again (RFC 3676).
fn unflow(text: &str, deletes_space: bool) -> String {
    let mut joined = String::with_capacity(text.len());
    // The quote depth of the line before, if it goes on.
    let mut goes_on: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let is_signature = content == "-- ";
        if goes_on != Some(depth) || is_signature {
            if !joined.is_empty() {
                joined.push('\n');
            }
            joined.extend(std::iter::repeat_n('>', depth));
            if depth > 0 {
                joined.push(' ');
            }
        }
        goes_on = (content.ends_with(' ') && !is_signature).then_some(depth);
        let cut = goes_on.is_some() && deletes_space;
        joined.push_str(if cut { &content[..content.len() - 1] } else { content });
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::MessageParser;

    fn check_body(raw: &str, expected: &str, unseen: &[&str]) {
        let raw = raw.replace('\n', "\r\n");
        let message = MessageParser::default().parse(raw.as_bytes()).expect("a message");
        let body = text(&message);
        assert_eq!(body.text.replace('\r', "").trim(), expected);
        assert_eq!(body.unseen, unseen);
    }

    const ALTERNATIVE: &str = "From: a@example.org\nContent-Type: multipart/alternative; boundary=b\n\n\
        --b\nContent-Type: text/plain\n\nPLAIN\n--b\nContent-Type: text/html\n\n<p>HTML</p>\n--b--\n";

    fn alternative(plain: &str, html: &str) -> String {
        ALTERNATIVE.replace("PLAIN", plain).replace("HTML", html)
    }

    #[test]
    fn of_two_alternatives_the_one_that_says_more_is_read() {
        check_body(&alternative("Dear Amara", "Dear <b>Amara</b>"), "Dear Amara", &[]);
        check_body(
            &alternative("View in a browser", "View in a browser: Dear Amara Lind, hello"),
            "View in a browser: Dear Amara Lind, hello",
            &[],
        );
        check_body(
            &alternative("Dear Zoe, bring the card", "Dear Amara, bring it"),
            "Dear Zoe, bring the card",
            &["Dear Amara, bring it"],
        );
    }

    #[test]
    fn text_in_any_encoding_is_read() {
        check_body(
            "Subject: x\nContent-Type: text/plain; charset=iso-8859-1\n\
            Content-Transfer-Encoding: quoted-printable\n\nDear Zo=EB, pay =3D 5=\n0 pounds\n",
            "Dear Zoë, pay = 50 pounds",
            &[],
        );
        check_body(
            "Subject: x\nContent-Type: text/plain; charset=utf-8\n\
            Content-Transfer-Encoding: base64\n\nRGVhciBab8Or\n",
            "Dear Zoë",
            &[],
        );
        check_body(
            "Subject: x\nContent-Type: text/plain; charset=utf-8\n\
            Content-Transfer-Encoding: base64\n\nRGVhc!iBab8Or\n",
            "Dear Zoë",
            &[],
        );
    }

    #[test]
    fn flowed_lines_are_put_together() {
        check_body(
            "Subject: x\nContent-Type: text/plain; format=flowed\n\nDear \nAmara\n> I am \n> well\n",
            "Dear Amara\n> I am well",
            &[],
        );
    }

    #[test]
    fn text_around_the_parts_is_not_lost() {
        let raw = ALTERNATIVE.replace("\n\n--b\n", "\n\nCall Zoe Low\n--b\n");
        check_body(&raw, "PLAIN", &["Call Zoe Low", "HTML"]);
    }
}
