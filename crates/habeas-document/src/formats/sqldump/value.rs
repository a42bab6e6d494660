//! Which value is meant by the strings, words and signs that a dump writes it with?

/// A value of a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Bytes(Vec<u8>),
}

/// A value as it is put together from strings, words and signs.
#[derive(Default)]
pub(super) struct Written {
    shown: String,
    literals: Vec<String>,
    bytes: Option<Vec<u8>>,
    has_words: bool,
    /// The first word, as functions begin.
    first: String,
}

impl Written {
    pub(super) fn blank(&mut self) {
        if !self.shown.is_empty() {
            self.shown.push(' ');
        }
    }

    pub(super) fn sign(&mut self, c: char) {
        self.has_words = true;
        self.shown.push(c);
    }

    pub(super) fn word(&mut self, word: &str) {
        if self.shown.is_empty() {
            self.first = word.to_ascii_lowercase();
        }
        self.has_words = true;
        self.shown.push_str(word);
    }

    pub(super) fn literal(&mut self, literal: String) {
        self.shown.push_str(&literal);
        self.literals.push(literal);
    }

    pub(super) fn bytes(&mut self, digits: &str) {
        self.bytes = hex(digits);
    }

    pub(super) fn value(self) -> Value {
        let shown = self.shown.trim();
        let is_alone = |bytes: &[u8]| {
            shown.is_empty() || shown.len() == 2 * bytes.len() + 2 && !shown.contains(' ')
        };
        match self.bytes {
            // A number in hexadecimal within an expression stays a word of it.
            Some(bytes) if self.literals.is_empty() && is_alone(&bytes) => {
                return Value::Bytes(bytes);
            }
            _ => {}
        }
        if !self.has_words && !self.literals.is_empty() {
            let text = self.literals.concat();
            // PostgreSQL writes bytes so.
            return match text.strip_prefix("\\x").filter(|digits| digits.len() >= 8).and_then(hex) {
                Some(bytes) => Value::Bytes(bytes),
                None => Value::Text(text),
            };
        }
        if shown.eq_ignore_ascii_case("null") || shown.eq_ignore_ascii_case("default") {
            return Value::Text(String::new());
        }
        let first = self.literals.first();
        let is_cast = matches!(
            self.first.as_str(),
            "cast"
                | "convert"
                | "to_date"
                | "to_timestamp"
                | "str_to_date"
                | "date"
                | "timestamp"
                | "time"
                | "to_clob"
                | "to_nclob"
                | "to_timestamp_tz"
                | "datetime"
                | "hextoraw"
        );
        let text = match first {
            Some(first) if is_cast => first.clone(),
            // The shell of SQLite writes line breaks so.
            Some(first) if self.first == "replace" => replaced(first, &self.literals[1..], shown),
            Some(first)
                if shown
                    .strip_prefix(first.as_str())
                    .is_some_and(|rest| rest.starts_with("::")) =>
            {
                first.clone()
            }
            Some(_) if shown.contains("||") => joined(shown),
            _ => shown.to_owned(),
        };
        Value::Text(text)
    }
}

/// `replace(replace('…','\r',char(13)),'\n',char(10))`, as the shell of SQLite writes line breaks.
fn replaced(text: &str, marks: &[String], shown: &str) -> String {
    if !shown.contains("char(1") {
        return shown.to_owned();
    }
    let mut text = text.to_owned();
    for mark in marks.iter().filter(|mark| !mark.is_empty()) {
        text = text.replace(mark.as_str(), if mark.contains('r') { "\r" } else { "\n" });
    }
    text
}

/// `a||chr(39)||b` put together.
fn joined(shown: &str) -> String {
    let parts = shown.split("||").map(|part| {
        let part = part.trim();
        let lower = part.to_ascii_lowercase();
        let code = lower.strip_prefix("chr(").or_else(|| lower.strip_prefix("char("));
        let code = code.and_then(|rest| rest.strip_suffix(')')?.trim().parse().ok());
        code.and_then(char::from_u32).map_or_else(|| part.to_owned(), String::from)
    });
    parts.collect()
}

fn hex(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let bytes =
        pairs.iter().map(|[high, low]| u8::try_from(digit(*high)? * 16 + digit(*low)?).ok());
    if rest.is_empty() { bytes.collect() } else { None }
}

/// A value of a line of `COPY`, without its escapes.
pub(super) fn copied(value: &str) -> Value {
    if value == "\\N" {
        return Value::Text(String::new());
    }
    if let Some(bytes) =
        value.strip_prefix("\\\\x").filter(|digits| digits.len() >= 8).and_then(hex)
    {
        return Value::Bytes(bytes);
    }
    if !value.contains('\\') {
        return Value::Text(value.to_owned());
    }
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some('r')) => text.push('\r'),
            ('\\', Some('t')) => text.push('\t'),
            ('\\', Some('b')) => text.push('\u{8}'),
            ('\\', Some('f')) => text.push('\u{c}'),
            ('\\', Some('v')) => text.push('\u{b}'),
            ('\\', Some(escaped)) => text.push(escaped),
            (c, _) => text.push(c),
        }
    }
    Value::Text(text)
}
