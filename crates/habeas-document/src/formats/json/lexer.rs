//! The signs of JSON, one after the other, without recursion and without a tree.
//!
//! Numbers stay as they are written, keys keep their order, and a key that comes twice comes twice. It
//! takes somewhat more than JSON (a comma too many, a bare word, single quotation marks), because it
//! has to read, not to judge.

use std::borrow::Cow;

use super::Trouble;

/// How deep values may be nested.
const MAX_DEPTH: usize = 128;

/// How long a string in single quotation marks may be.
const MAX_SINGLE_BYTES: usize = 16_000;

/// How long a comment may be.
const MAX_COMMENT_BYTES: usize = 4_000;

/// A sign of JSON; commas and colons are none.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::formats) enum Token<'t> {
    /// `{` or `[`, at an offset.
    Open { is_list: bool, at: usize },
    /// `}` or `]`.
    Close,
    /// A key with its colon.
    Key(Cow<'t, str>),
    /// A string without its quotation marks and escapes, or a number or word as it is written; `null`,
    /// and what Python and JavaScript write for it, is empty.
    Scalar(Cow<'t, str>),
    /// What stands after `//` or between `/*` and `*/`, which JSON has not and people write.
    Comment(&'t str),
}

pub(in crate::formats) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// The closing signs that are due.
    due: Vec<u8>,
}

impl<'t> Lexer<'t> {
    pub(in crate::formats) fn new(text: &'t str) -> Self {
        Self { text, at: 0, due: Vec::new() }
    }

    /// The offset after the last sign.
    pub(in crate::formats) fn at(&self) -> usize {
        self.at
    }

    /// Goes on at an offset, as if nothing were open.
    pub(in crate::formats) fn skip_to(&mut self, at: usize) {
        self.at = at;
        self.due.clear();
    }

    /// How many values are open.
    pub(in crate::formats) fn depth(&self) -> usize {
        self.due.len()
    }

    /// The next sign; `None` at the end. After trouble nothing more can be relied on.
    pub(in crate::formats) fn next(&mut self) -> Option<Result<Token<'t>, Trouble>> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at)
            && matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | 0x1e)
        {
            self.at += 1;
        }
        let Some(byte) = bytes.get(self.at) else {
            return (!self.due.is_empty()).then_some(Err(Trouble::Ends));
        };
        let at = self.at;
        Some(match byte {
            b'{' | b'[' if self.due.len() >= MAX_DEPTH => Err(Trouble::Deep),
            b'{' | b'[' => {
                self.at += 1;
                self.due.push(if *byte == b'{' { b'}' } else { b']' });
                Ok(Token::Open { is_list: *byte == b'[', at })
            }
            b'}' | b']' => {
                if self.due.pop() != Some(*byte) {
                    return Some(Err(Trouble::Broken));
                }
                self.at += 1;
                Ok(Token::Close)
            }
            b'"' => self.string(),
            b'\'' => self.single_quoted(),
            b'/' => self.comment(),
            _ => self.word(),
        })
    }

    fn comment(&mut self) -> Result<Token<'t>, Trouble> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (text, n_bytes) = if let Some(line) = rest.strip_prefix("//") {
            let end = line.find('\n').unwrap_or(line.len());
            (&line[..end], end + 2)
        } else {
            let inner = rest.strip_prefix("/*").ok_or(Trouble::Broken)?;
            // Looking further for an end that is not there would take the square of the time.
            let near = &inner[..inner.floor_char_boundary(MAX_COMMENT_BYTES)];
            let end = near.find("*/").ok_or(Trouble::Broken)?;
            (&inner[..end], end + 4)
        };
        self.at += n_bytes;
        Ok(Token::Comment(text))
    }

    fn string(&mut self) -> Result<Token<'t>, Trouble> {
        let start = self.at + 1;
        let rest = self.text.get(start..).unwrap_or_default();
        let mut end = 0;
        let bytes = rest.as_bytes();
        loop {
            match bytes.get(end) {
                None => return Err(Trouble::Ends),
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
            }
        }
        let value = unescaped(rest.get(..end).ok_or(Trouble::Broken)?);
        Ok(self.key_or_scalar(value, start + end + 1))
    }

    /// A string as Python and JavaScript write it: it ends where a comma, a colon or a closing sign
    /// comes after its mark, so that `'O'Shea'` is one.
    fn single_quoted(&mut self) -> Result<Token<'t>, Trouble> {
        let start = self.at + 1;
        let rest = self.text.get(start..).unwrap_or_default();
        let near = &rest[..rest.floor_char_boundary(MAX_SINGLE_BYTES)];
        let bytes = near.as_bytes();
        let mut end = 0;
        loop {
            match bytes.get(end) {
                // One that is not closed takes no other line with it.
                None | Some(b'\n') => return Err(Trouble::Broken),
                Some(b'\\') => end += 2,
                Some(b'\'') if near[end + 1..].trim_start().starts_with([',', ':', '}', ']']) => {
                    break;
                }
                Some(_) => end += 1,
            }
        }
        Ok(self.key_or_scalar(unescaped(&near[..end]), start + end + 1))
    }

    /// A string that ends there is a key if a colon follows in an object.
    fn key_or_scalar(&mut self, value: Cow<'t, str>, end: usize) -> Token<'t> {
        self.at = end;
        let after = self.text.get(end..).unwrap_or_default();
        let blank = after.len() - after.trim_start_matches([' ', '\t', '\n', '\r']).len();
        if self.due.last() == Some(&b'}') && after.as_bytes().get(blank) == Some(&b':') {
            self.at += blank + 1;
            return Token::Key(value);
        }
        Token::Scalar(value)
    }

    /// A number, `true`, `false` or `null`; of other words only those without a space.
    fn word(&mut self) -> Result<Token<'t>, Trouble> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.find([',', '}', ']', '\n', '\r', '{', '[', '"']).unwrap_or(rest.len());
        let word = rest[..end].trim_end();
        let is_word = !word.is_empty()
            && word.len() <= 4_000
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte));
        if !is_word || self.due.is_empty() && !is_value(word) {
            return Err(Trouble::Broken);
        }
        self.at += word.len();
        Ok(Token::Scalar(if matches!(word, "null" | "None" | "undefined") {
            "".into()
        } else {
            word.into()
        }))
    }
}

/// Is a word outside any object or list a value, and not the begin of some other text?
fn is_value(word: &str) -> bool {
    matches!(word, "null" | "true" | "false") || word.parse::<f64>().is_ok()
}

/// A string without its escapes; an escape that means nothing stays as it is.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let mut chars = escape.chars();
        let (c, length) = match chars.next() {
            Some('n') => ('\n', 1),
            Some('r') => ('\r', 1),
            Some('t') => ('\t', 1),
            Some('b') => ('\u{8}', 1),
            Some('f') => ('\u{c}', 1),
            Some('u') => unit_pair(&escape[1..])
                .map_or((char::REPLACEMENT_CHARACTER, 1), |(c, n)| (c, n + 1)),
            Some(c) => (c, c.len_utf8()),
            None => ('\\', 0),
        };
        plain.push(c);
        rest = &escape[length..];
    }
    plain.push_str(rest);
    plain.into()
}

/// The character of the hexadecimal digits after `\u`, and how many bytes they take: two units for
/// a character past U+FFFF.
fn unit_pair(text: &str) -> Option<(char, usize)> {
    let unit = |text: &str| u32::from_str_radix(text, 16).ok();
    let first = unit(text.get(..4)?)?;
    if let Some(c) = char::from_u32(first) {
        return Some((c, 4));
    }
    let second = text.get(4..10).and_then(|text| unit(text.strip_prefix("\\u")?));
    match second {
        Some(second) if (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(&second) => {
            let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            char::from_u32(code).map(|c| (c, 10))
        }
        _ => Some((char::REPLACEMENT_CHARACTER, 4)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut lexer = Lexer::new(text);
        let mut got = Vec::new();
        while let Some(token) = lexer.next() {
            match token {
                Ok(Token::Key(text)) => got.push(format!("{text}:")),
                Ok(Token::Scalar(text)) => got.push(text.into_owned()),
                Ok(_) => {}
                Err(_) => {
                    got.push("!".to_owned());
                    break;
                }
            }
        }
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn what_people_write_instead_of_json_is_read() {
        check(r#"{"a": [1, 2,], "b": NaN,}"#, &["a:", "1", "2", "b:", "NaN"]);
        check("{'a': 'Dara O\\'Shea', 'b': None}", &["a:", "Dara O'Shea", "b:", ""]);
        check("{'a': 'O'Shea' , 'b' : \"it's\"}", &["a:", "O'Shea", "b:", "it's"]);
        check("{'a': 'never closed}", &["a:", "!"]);
        check("{'a': 'cut\\", &["a:", "!"]);
    }
}
