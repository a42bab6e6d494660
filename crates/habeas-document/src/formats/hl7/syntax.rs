//! How is a message cut into segments, and how are its marks and escapes read?

use crate::encoding;

/// The characters that separate, as the head of the message gives them (chapter 2, 2.5.4).
#[derive(Clone, Copy)]
pub(super) struct Marks {
    pub(super) field: char,
    pub(super) component: char,
    pub(super) repetition: char,
    escape: char,
    subcomponent: char,
}

impl Default for Marks {
    fn default() -> Self {
        Self { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&' }
    }
}

impl Marks {
    /// The marks after `MSH`, `FHS` or `BHS`.
    pub(super) fn of(segment: &str) -> Self {
        let usual = Self::default();
        let mut chars = segment.chars().skip(3);
        let field = chars.next().unwrap_or(usual.field);
        let marks: Vec<char> = chars.take_while(|c| *c != field).take(5).collect();
        let mark = |index: usize, usual: char| marks.get(index).copied().unwrap_or(usual);
        Self {
            field,
            component: mark(0, usual.component),
            repetition: mark(1, usual.repetition),
            escape: mark(2, usual.escape),
            subcomponent: mark(3, usual.subcomponent),
        }
    }

    /// A component without its escapes; U+001F stands between its parts (chapter 2, 2.7).
    pub(super) fn unescaped(self, text: &str) -> String {
        let text = text.replace(self.subcomponent, "\u{1f}");
        if !text.contains(self.escape) {
            return text;
        }
        let mut plain = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find(self.escape) {
            plain.push_str(&rest[..at]);
            let after = &rest[at + self.escape.len_utf8()..];
            match after.find(self.escape).filter(|end| *end <= 200) {
                Some(end) => match self.sequence(&after[..end]) {
                    Some(meant) => {
                        plain.push_str(&meant);
                        rest = &after[end + self.escape.len_utf8()..];
                    }
                    None => {
                        plain.push(self.escape);
                        rest = after;
                    }
                },
                None => {
                    plain.push(self.escape);
                    rest = after;
                }
            }
        }
        plain.push_str(rest);
        plain
    }

    /// What stands for the letters between two marks of escape; `None` if they are text.
    fn sequence(self, letters: &str) -> Option<String> {
        if let Some(digits) = letters.strip_prefix(['X', 'x']) {
            let (pairs, odd) = digits.as_bytes().as_chunks::<2>();
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let bytes: Option<Vec<u8>> = pairs
                .iter()
                .map(|[high, low]| u8::try_from(digit(*high)? * 16 + digit(*low)?).ok())
                .collect();
            let bytes = bytes.filter(|bytes| !bytes.is_empty() && odd.is_empty())?;
            return Some(encoding::decode(&bytes, None).text.into_owned());
        }
        Some(match letters {
            "F" => self.field.to_string(),
            "S" => self.component.to_string(),
            "T" => self.subcomponent.to_string(),
            "R" => self.repetition.to_string(),
            "E" => self.escape.to_string(),
            // Marking begins and ends.
            "H" | "N" => String::new(),
            _ if letters.starts_with('.') && letters.len() <= 6 => match letters.get(1..3)? {
                "br" | "ce" => "\n".to_owned(),
                "sp" | "sk" | "in" | "ti" => " ".to_owned(),
                "fi" | "nf" => String::new(),
                _ => return None,
            },
            _ => return None,
        })
    }
}

/// The segments of a text, without what frames messages on a line (0x0B, 0x1C). Lines that begin
/// no segment go on with the one before them.
pub(super) fn segments(text: &str) -> Vec<String> {
    let mut segments: Vec<String> = Vec::new();
    for line in text.split(['\r', '\n', '\u{b}', '\u{1c}']) {
        let line = line.trim_matches(['\u{feff}', '\0']);
        if line.trim().is_empty() {
            continue;
        }
        match segments.last_mut() {
            Some(last) if !begins_segment(line) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => segments.push(line.trim_start().to_owned()),
        }
    }
    segments
}

fn begins_segment(line: &str) -> bool {
    let bytes = line.trim_start().as_bytes();
    let is_named = bytes.len() >= 3
        && bytes[0].is_ascii_uppercase()
        && bytes[1..3].iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    is_named && bytes.get(3).is_none_or(|byte| byte.is_ascii_punctuation())
}

/// The character set of the first head, by the name that decoders know it by (MSH-18).
pub(super) fn charset(bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(2_000)];
    let head = head.split(|byte| matches!(byte, b'\r' | b'\n')).next()?;
    let name = head.split(|byte| *byte == b'|').nth(17)?.trim_ascii();
    let name = String::from_utf8_lossy(name).to_ascii_uppercase();
    Some(match name.split(['~', '^']).next()?.trim() {
        "UNICODE UTF-8" | "UTF-8" => "utf-8",
        "8859/1" | "ISO_IR100" => "windows-1252",
        "8859/2" => "iso-8859-2",
        "8859/5" => "iso-8859-5",
        "8859/7" => "iso-8859-7",
        "8859/9" => "windows-1254",
        "8859/15" => "iso-8859-15",
        _ => return None,
    })
}

/// `20260312141500` as `2026-03-12 14:15:00`; what is no time stays as it is.
pub(super) fn date(text: &str) -> String {
    let digits = text.split(['.', '+', '-']).next().unwrap_or_default();
    if !(4..=14).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut shown = digits[..4].to_owned();
    for (index, mark) in [(4, "-"), (6, "-"), (8, " "), (10, ":"), (12, ":")] {
        if let Some(pair) = digits.get(index..index + 2) {
            shown.push_str(mark);
            shown.push_str(pair);
        }
    }
    shown.push_str(&text[digits.len()..]);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_others_stay() {
        let marks = Marks::of("MSH|^~\\&|");
        for (text, plain) in [
            (r"a\T\b\F\c\S\d\R\e\E\f", r"a&b|c^d~e\f"),
            (r"one\.br\two\X0A\three\X41\", "one\ntwo\nthreeA"),
            (r"C:\temp\x", r"C:\temp\x"),
            (r"\H\bold\N\", "bold"),
            ("a&b", "a\u{1f}b"),
        ] {
            assert_eq!(marks.unescaped(text), plain, "{text}");
        }
    }

    #[test]
    fn times_are_shown_as_far_as_they_are_known() {
        for (text, shown) in [
            ("19850403", "1985-04-03"),
            ("202603121415", "2026-03-12 14:15"),
            ("20260312141500.1+0100", "2026-03-12 14:15:00.1+0100"),
            ("1985", "1985"),
            ("unknown", "unknown"),
        ] {
            assert_eq!(date(text), shown);
        }
    }
}
