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

#[cfg(test)]
mod tests {
    use super::*;

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
