//! Which encoded words are left in a header that was not encoded by the rules (RFC 2047)?
//!
//! Programs put them into quotes, in the middle of words, into file names, and with spaces in them.

use std::borrow::Cow;

use super::body::{from_base64, from_quoted_printable};
use crate::encoding;

/// The text with the encoded words in it decoded; white space between two of them goes.
pub(crate) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains("=?") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    // The bytes of words that follow each other: a character may begin in one and end in the next.
    let mut open: Option<(&str, Vec<u8>)> = None;
    let close = |open: &mut Option<(&str, Vec<u8>)>, plain: &mut String| {
        if let Some((charset, bytes)) = open.take() {
            plain.push_str(&encoding::decode(&bytes, Some(charset)).text);
        }
    };
    let mut rest = text;
    while let Some(at) = rest.find("=?") {
        let (before, word) = rest.split_at(at);
        let Some((charset, bytes, n)) = encoded(word) else {
            close(&mut open, &mut plain);
            plain.push_str(before);
            plain.push_str("=?");
            rest = word.get(2..).unwrap_or_default();
            continue;
        };
        let goes_on = open.as_ref().is_some_and(|(have, _)| *have == charset);
        if !(before.trim().is_empty() && open.is_some()) {
            close(&mut open, &mut plain);
            plain.push_str(before);
        }
        match &mut open {
            Some((_, have)) if goes_on => have.extend(bytes),
            _ => {
                close(&mut open, &mut plain);
                open = Some((charset, bytes));
            }
        }
        rest = word.get(n..).unwrap_or_default();
    }
    close(&mut open, &mut plain);
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The charset and the bytes of the word that a text begins with, and its length.
fn encoded(word: &str) -> Option<(&str, Vec<u8>, usize)> {
    let mut pieces = word.get(2..)?.splitn(3, '?');
    let (charset, kind, rest) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let is_charset =
        !charset.is_empty() && charset.len() < 40 && !charset.contains(char::is_whitespace);
    let end = rest.find("?=").filter(|_| is_charset)?;
    // RFC 2231 adds a language: `=?utf-8*en?Q?…?=`.
    let named = charset.split('*').next().unwrap_or(charset);
    let inside = rest.get(..end)?;
    let bytes = match kind {
        "B" | "b" => from_base64(inside.as_bytes()),
        "Q" | "q" => from_quoted_printable(inside.replace('_', "=20").as_bytes()),
        _ => return None,
    };
    Some((named, bytes, 2 + charset.len() + 1 + kind.len() + 1 + end + 2))
}

/// A head in which encoded words have no byte that should have been encoded as well: it is of the
/// word's charset, and of no other that the head may have.
pub(crate) fn quoted(head: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::with_capacity(head.len());
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        let mut rest = line;
        while let Some(at) = rest.windows(2).position(|pair| pair == b"=?") {
            let (before, word) = rest.split_at(at);
            quoted.extend_from_slice(before);
            // Charset, kind, text: the word ends after the text.
            let marks = || word.iter().enumerate().skip(2).filter(|(_, byte)| **byte == b'?');
            let start = marks().nth(1).map(|(at, _)| at + 1);
            let is_quoted = start.and_then(|start| word.get(start.checked_sub(2)?));
            let end = start.and_then(|start| {
                let text = word.get(start..)?;
                Some(start + text.windows(2).position(|pair| pair == b"?=")?)
            });
            let (Some(end), Some(b'q' | b'Q')) = (end, is_quoted) else {
                let (mark, after) = word.split_at(2);
                quoted.extend_from_slice(mark);
                rest = after;
                continue;
            };
            for byte in word.get(..end).unwrap_or_default() {
                if byte.is_ascii() {
                    quoted.push(*byte);
                } else {
                    quoted.extend(format!("={byte:02X}").bytes());
                }
            }
            rest = word.get(end..).unwrap_or_default();
        }
        quoted.extend_from_slice(rest);
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_in_an_encoded_word_are_of_its_charset() {
        let check = |head: &[u8], expected: &[u8]| assert_eq!(quoted(head), expected);
        check(
            b"To: =?iso-8859-1?Q?J\xfcrgen?= M\xfcller =?x?B?\xfc?=\r\n",
            b"To: =?iso-8859-1?Q?J=FCrgen?= M\xfcller =?x?B?\xfc?=\r\n",
        );
        check(b"To: =? \xfc ?q\n=?utf-8?q?\xfc\n?=", b"To: =? \xfc ?q\n=?utf-8?q?\xfc\n?=");
    }

    fn check_words(text: &str, expected: &str) {
        assert_eq!(decoded(text), expected);
    }

    #[test]
    fn words_are_decoded_wherever_they_stand() {
        check_words("plain =? text", "plain =? text");
        check_words("=?utf-8?Q?Zo=C3=AB_L=C3=B6w?=", "Zoë Löw");
        check_words("Re:=?ISO-8859-1?Q?Zo=EB?=!", "Re:Zoë!");
        check_words("=?utf-8?B?Wm/D?= =?utf-8?B?qw==?= Low", "Zoë Low");
        check_words("=?utf-8?Q?Amara Lind?=", "Amara Lind");
        check_words("=?utf-8?X?Amara?=", "=?utf-8?X?Amara?=");
    }
}
