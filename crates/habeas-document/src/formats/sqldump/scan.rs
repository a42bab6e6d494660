//! The signs of SQL in its dialects: names, values, and where a statement may begin.

use super::value::{Value, Written};

/// The head of a statement that has rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Insert {
    pub(super) table: String,
    /// Empty if the statement names none.
    pub(super) columns: Vec<String>,
}

pub(super) struct Scan<'t> {
    pub(super) text: &'t str,
    at: usize,
    /// Is a backslash within a quoted string an escape?
    escapes: bool,
    comments: Vec<&'t str>,
    is_open_ended: bool,
    has_comment_end: bool,
}

/// How deep brackets within a value may be nested.
const MAX_DEPTH: usize = 64;
/// How many columns a table may have.
const MAX_COLUMNS: usize = 5_000;

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            escapes: escapes(text),
            comments: Vec::new(),
            is_open_ended: false,
            has_comment_end: true,
        }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Did a quoted string not end before the text did?
    pub(super) fn is_open_ended(&self) -> bool {
        self.is_open_ended
    }

    pub(super) fn take_comments(&mut self) -> Vec<&'t str> {
        std::mem::take(&mut self.comments)
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    /// Where a statement may begin next: after a line or a semicolon.
    pub(super) fn next_start(&self, after: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(after..)?;
        let step = rest.iter().position(|byte| matches!(byte, b'\n' | b';'))?;
        Some(after + step + 1).filter(|at| *at < self.text.len())
    }

    /// White space; comments stay.
    pub(super) fn skip_blank(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// White space and comments within a statement; comments are kept.
    fn skip(&mut self) {
        loop {
            self.skip_blank();
            let rest = self.rest();
            let end = if rest.starts_with("/*") && self.has_comment_end {
                let Some(end) = rest.find("*/") else {
                    self.has_comment_end = false;
                    return;
                };
                end + 2
            } else if rest.starts_with("--") {
                rest.find('\n').unwrap_or(rest.len())
            } else {
                return;
            };
            self.comments.push(rest[..end].trim());
            self.at += end;
        }
    }

    /// A word without quotation marks.
    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let is_inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '#' | '@');
        let end = rest.find(|c: char| !is_inner(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// The next word if it is that one, in any case.
    fn keyword(&mut self, keyword: &str) -> bool {
        self.skip();
        let before = self.at;
        let is_it = self.word().eq_ignore_ascii_case(keyword);
        if !is_it {
            self.at = before;
        }
        is_it
    }

    /// The word right here if it is that one.
    fn starts(&mut self, keyword: &str) -> bool {
        let before = self.at;
        let is_it = self.word().eq_ignore_ascii_case(keyword);
        if !is_it {
            self.at = before;
        }
        is_it
    }

    /// A name, with or without quotation marks.
    fn name(&mut self) -> Option<String> {
        let close = match self.peek()? {
            b'`' => '`',
            b'"' => '"',
            b'[' => ']',
            _ => {
                let before = self.at;
                // `name$1` is one name.
                let mut name = self.word().to_owned();
                while self.eat(b'$') {
                    name.push('$');
                    name.push_str(self.word());
                }
                return (self.at > before).then_some(name);
            }
        };
        self.at += 1;
        let mut name = String::new();
        loop {
            let rest = self.rest();
            let end = rest[..rest.floor_char_boundary(1_000)].find(close)?;
            name.push_str(&rest[..end]);
            self.at += end + 1;
            if !self.rest().starts_with(close) {
                return Some(name);
            }
            name.push(close);
            self.at += 1;
        }
    }

    /// A table's name with its schema, unless that is the usual one.
    fn table(&mut self) -> Option<String> {
        self.skip();
        let mut parts = vec![self.name()?];
        while self.eat(b'.') && parts.len() < 4 {
            parts.push(self.name()?);
        }
        if parts.len() > 1 && matches!(parts[0].as_str(), "public" | "dbo") {
            parts.remove(0);
        }
        Some(parts.join("."))
    }

    fn names(&mut self) -> Option<Vec<String>> {
        let mut names = Vec::new();
        loop {
            self.skip();
            names.push(self.name()?);
            self.skip();
            if self.eat(b')') {
                return Some(names);
            }
            if !self.eat(b',') || names.len() > MAX_COLUMNS {
                return None;
            }
        }
    }

    /// The head of `INSERT INTO table (columns) VALUES`, up to its first row.
    pub(super) fn insert(&mut self) -> Option<Insert> {
        if !self.starts("insert") && !self.starts("replace") {
            return None;
        }
        for word in [
            "low_priority",
            "high_priority",
            "delayed",
            "ignore",
            "or",
            "replace",
            "ignore",
            "into",
        ] {
            self.keyword(word);
        }
        let table = self.table()?;
        self.skip();
        let columns = if self.eat(b'(') { self.names()? } else { Vec::new() };
        if self.keyword("overriding") {
            self.keyword("system");
            self.keyword("user");
            self.keyword("value");
        }
        if !self.keyword("values") && !self.keyword("value") {
            return None;
        }
        self.skip();
        (self.peek() == Some(b'(')).then_some(Insert { table, columns })
    }

    /// The head of `COPY table (columns) FROM stdin;`, up to its first line.
    pub(super) fn copy(&mut self) -> Option<Insert> {
        if !self.starts("copy") {
            return None;
        }
        let table = self.table()?;
        self.skip();
        let columns = if self.eat(b'(') { self.names()? } else { Vec::new() };
        if !self.keyword("from") || !self.keyword("stdin") {
            return None;
        }
        self.line()?;
        Some(Insert { table, columns })
    }

    /// A table's name and columns from `CREATE TABLE name (column type, …)`.
    pub(super) fn create_table(&mut self) -> Option<(String, Vec<String>)> {
        if self.is_open_ended || !self.starts("create") {
            return None;
        }
        for word in ["global", "temporary", "unlogged"] {
            self.keyword(word);
        }
        if !self.keyword("table") {
            return None;
        }
        if self.keyword("if") {
            self.keyword("not");
            self.keyword("exists");
        }
        let table = self.table()?;
        self.skip();
        if !self.eat(b'(') {
            return None;
        }
        let mut columns = Vec::new();
        loop {
            self.skip();
            let is_quoted = self.peek().is_some_and(|byte| matches!(byte, b'`' | b'"' | b'['));
            let name = self.name()?;
            if is_quoted || !is_constraint(&name) {
                columns.push(name);
            }
            // The rest of the definition, up to a comma or the end of all.
            let (_, end) = self.value(true)?;
            if end == b')' {
                return Some((table, columns));
            }
            if columns.len() > MAX_COLUMNS {
                return None;
            }
        }
    }

    /// A comma between rows.
    pub(super) fn comma(&mut self) -> bool {
        let before = self.at;
        self.skip();
        let is_there = self.eat(b',');
        if !is_there {
            self.at = before;
        }
        is_there
    }

    /// The semicolon, or the `GO` of SQL Server, after a statement.
    pub(super) fn end_of_statement(&mut self) {
        let before = self.at;
        self.skip_blank();
        if self.eat(b';') {
            return;
        }
        let start = self.at;
        if !self.word().eq_ignore_ascii_case("go") {
            self.at = if start > before { start } else { before };
        }
    }

    /// The rest of the line; `None` at the end.
    pub(super) fn line(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        let end = rest.find('\n').unwrap_or(rest.len());
        self.at = (self.at + end + 1).min(self.text.len());
        Some(rest[..end].trim_end_matches('\r'))
    }

    /// A row: `(value, value)`.
    pub(super) fn tuple(&mut self) -> Option<Vec<Value>> {
        self.skip();
        if !self.eat(b'(') {
            return None;
        }
        let mut values = Vec::new();
        loop {
            let (value, end) = self.value(false)?;
            values.push(value);
            if end == b')' {
                return Some(values);
            }
            if values.len() > MAX_COLUMNS {
                return None;
            }
        }
    }

    /// A value up to its comma or bracket, which is taken too.
    fn value(&mut self, is_definition: bool) -> Option<(Value, u8)> {
        let mut written = Written::default();
        let mut depth = 0;
        loop {
            let before = self.at;
            self.skip();
            if self.at > before {
                written.blank();
            }
            match self.peek()? {
                end @ (b',' | b')') if depth == 0 => {
                    self.at += 1;
                    let value =
                        if is_definition { Value::Text(String::new()) } else { written.value() };
                    return Some((value, end));
                }
                byte @ (b'(' | b')') => {
                    depth = if byte == b'(' { depth + 1 } else { depth - 1 };
                    if depth > MAX_DEPTH {
                        return None;
                    }
                    self.at += 1;
                    written.sign(char::from(byte));
                }
                b'\'' => {
                    let literal = self.string('\'', self.escapes)?;
                    written.literal(literal);
                }
                b'"' => {
                    let literal = self.string('"', self.escapes)?;
                    written.literal(literal);
                }
                b'`' => {
                    let name = self.name()?;
                    written.word(&name);
                }
                b'$' if self.dollar().is_some() => {
                    let tag = self.dollar()?;
                    let start = self.at + tag.len();
                    let Some(end) = self.text[start..].find(tag) else {
                        self.is_open_ended = true;
                        return None;
                    };
                    written.literal(self.text[start..start + end].to_owned());
                    self.at = start + end + tag.len();
                }
                byte if byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80 => {
                    let word = self.word();
                    if word.is_empty() {
                        let c = self.rest().chars().next()?;
                        self.at += c.len_utf8();
                        written.sign(c);
                    } else {
                        self.after_word(word, &mut written)?;
                    }
                }
                _ => {
                    let c = self.rest().chars().next()?;
                    self.at += c.len_utf8();
                    written.sign(c);
                }
            }
        }
    }

    /// A word within a value: the prefix of a string, a number in hexadecimal, or a plain one.
    fn after_word(&mut self, word: &'t str, written: &mut Written) -> Option<()> {
        let rest = self.rest();
        let is_charset = word.starts_with('_') && word.len() > 1;
        if is_charset && rest.trim_start().starts_with('\'') {
            self.skip_blank();
            let literal = self.string('\'', self.escapes)?;
            written.literal(literal);
        } else if rest.starts_with('\'') {
            match word.to_ascii_lowercase().as_str() {
                "n" => written.literal(self.string('\'', self.escapes)?),
                "e" => written.literal(self.string('\'', true)?),
                "b" => written.literal(self.string('\'', false)?),
                "x" => {
                    let digits = self.string('\'', false)?;
                    written.bytes(&digits);
                }
                "q" | "nq" => written.literal(self.bracketed()?),
                _ => written.word(word),
            }
        } else if let Some(digits) = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
            written.word(word);
            written.bytes(digits);
        } else if word.eq_ignore_ascii_case("u") && rest.starts_with("&'") {
            self.at += 1;
            written.literal(self.string('\'', false)?);
        } else {
            written.word(word);
        }
        Some(())
    }

    /// The opening mark of a string in dollars: `$$` or `$tag$`.
    fn dollar(&self) -> Option<&'t str> {
        let rest = self.rest();
        let end = rest.bytes().take(64).skip(1).position(|byte| byte == b'$')? + 2;
        let tag = &rest[..end];
        let is_tag = tag[1..end - 1].chars().all(|c| c.is_alphanumeric() || c == '_');
        is_tag.then_some(tag)
    }

    /// Oracle's `q'[…]'`.
    fn bracketed(&mut self) -> Option<String> {
        let mut chars = self.rest().chars();
        let (_, open) = (chars.next()?, chars.next()?);
        let close = match open {
            '[' => ']',
            '(' => ')',
            '{' => '}',
            '<' => '>',
            other => other,
        };
        let start = self.at + 1 + open.len_utf8();
        let Some(end) = self.text[start..].find(&format!("{close}'")) else {
            self.is_open_ended = true;
            return None;
        };
        self.at = start + end + close.len_utf8() + 1;
        Some(self.text[start..start + end].to_owned())
    }

    /// A string between quotation marks, without them and its escapes.
    fn string(&mut self, mark: char, escapes: bool) -> Option<String> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let rest = self.rest();
            let Some(end) = rest.find(|c| c == mark || (escapes && c == '\\')) else {
                self.is_open_ended = true;
                return None;
            };
            string.push_str(&rest[..end]);
            let mut after = rest[end..].chars();
            let sign = after.next()?;
            self.at += end + 1;
            if sign == '\\' {
                let Some(escaped) = after.next() else {
                    self.is_open_ended = true;
                    return None;
                };
                self.at += escaped.len_utf8();
                string.push(match escaped {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'b' => '\u{8}',
                    '0' => '\0',
                    'Z' => '\u{1a}',
                    other => other,
                });
            } else if after.next() == Some(mark) {
                self.at += 1;
                string.push(mark);
            } else {
                return Some(string);
            }
        }
    }
}

fn is_constraint(word: &str) -> bool {
    let words = [
        "primary",
        "key",
        "unique",
        "constraint",
        "foreign",
        "check",
        "index",
        "fulltext",
        "spatial",
        "exclude",
        "like",
        "period",
    ];
    words.iter().any(|constraint| word.eq_ignore_ascii_case(constraint))
}

/// Is a backslash an escape in this dump? In MySQL's it is, in the others' only in `E'…'`.
fn escapes(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(256 << 10)];
    let has = |marks: &[&str]| marks.iter().any(|mark| head.contains(mark));
    if has(&[
        "PostgreSQL database dump",
        "PRAGMA foreign_keys",
        "BEGIN TRANSACTION;",
        "[dbo]",
        "\nGO\r",
        "\nGO\n",
    ]) {
        return false;
    }
    if has(&["MySQL dump", "MariaDB dump", "phpMyAdmin", "ENGINE=", "INSERT INTO `", "/*!40"]) {
        return true;
    }
    // `O\'Shea` is an escape, `'C:\'` a path.
    head.match_indices("\\'").any(|(at, _)| {
        head[at + 2..].chars().next().is_some_and(char::is_alphanumeric)
            && head[..at].chars().next_back().is_some_and(char::is_alphanumeric)
            && !head[..at].ends_with("E'")
    }) && !head.contains("E'")
}
