//! JSON: what are its records, and what does each of them say?
//!
//! A record is an element of the list that most of the text is made of; without such a list the
//! whole value is one record. A record's values are told one `path: value` a line.

use std::collections::HashMap;

use habeas_model::{Card, Exception, Part, Passage, Place, PlaceKind, Reason};

use super::embedded::{self, Embedded};
use super::{Format, fhir, text};
use crate::columns::{self, Column};
use crate::encoding;
use crate::exports::{self, Export};
use crate::out::{Input, Out};
use crate::record::Record;
use crate::sniff::{Match, Sample, Sure};

pub(crate) mod extents;
pub(super) mod lexer;
mod plan;

use lexer::{Lexer, Token};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "json",
        version: 2,
        summary: "JSON, JSON Lines and FHIR, a record at a time, with the files in its strings",
        handles: &["application/json", "application/x-ndjson", ".json", ".jsonl", ".ndjson"],
        authority: "RFC 8259; JSON Lines",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let text = sample.text()?.trim_start();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    // A log may begin with `[` and a letter with `{`: what follows has to be JSON too.
    let mut lexer = Lexer::new(text);
    let mut n_tokens = 0;
    let is_json = loop {
        match lexer.next() {
            Some(Ok(_)) => n_tokens += 1,
            None => break true,
            // The sample may end within a value.
            Some(Err(_)) => break n_tokens >= 8 || lexer.at() + 1 >= text.len(),
        }
        if n_tokens >= 50 {
            break true;
        }
    };
    let is_named = sample.is_named(&["json", "jsonl", "ndjson", "geojson"]);
    if !is_json && !is_named {
        return None;
    }
    let media_type = if sample.is_named(&["jsonl", "ndjson"]) {
        "application/x-ndjson"
    } else {
        "application/json"
    };
    Some((if is_json { Sure::Grammar } else { Sure::Named }, media_type))
}

pub(super) fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    out.decoded(&decoded);
    read_text(&decoded.text, out);
}

/// Reads a text that is JSON already, as other formats are told.
pub(super) fn read_text(text: &str, out: &mut Out<'_>) {
    Reader::new(text).read(out);
}

/// A record passage that grows past this is continued in another one at the same place.
const MANY_BYTES: usize = 32 << 10;
/// How many damaged lines are told one by one.
const MAX_EXCEPTIONS: usize = 50;
/// How many paths are remembered with their meaning.
const MAX_PATHS: usize = 10_000;

struct Reader<'t> {
    text: &'t str,
    plan: plan::Plan,
    /// What is open now, from the outside in.
    open: Vec<Level>,
    record: Record,
    /// How many levels of `open` are outside the current record, if one is open.
    in_record: Option<usize>,
    n_records: usize,
    columns: HashMap<String, Column>,
    export: Option<&'static Export>,
    seen_first: bool,
    /// The values of the first record, held back until all its captions are known; of a resource of
    /// FHIR those of each record.
    first: Vec<(String, String, String)>,
    is_fhir: bool,
    n_files: usize,
    line: usize,
    line_at: usize,
    record_line: usize,
    n_damaged: usize,
}

/// An open object or list.
struct Level {
    /// The key under which it stands in the outer one.
    key: String,
    is_list: bool,
    /// Its current key, or the number of its elements so far.
    current: String,
    n: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            plan: plan::Plan::of(text),
            open: Vec::new(),
            record: Record::default(),
            in_record: None,
            n_records: 0,
            columns: HashMap::new(),
            export: None,
            seen_first: false,
            first: Vec::new(),
            is_fhir: false,
            n_files: 0,
            line: 1,
            line_at: 0,
            record_line: 1,
            n_damaged: 0,
        }
    }

    fn read(mut self, out: &mut Out<'_>) {
        if self.plan.n_values > 1 {
            out.media_type("application/x-ndjson");
        }
        let mut lexer = Lexer::new(self.text);
        loop {
            let start = lexer.at();
            match lexer.next() {
                None => break,
                Some(Ok(token)) => self.take(token, start, out),
                Some(Err(trouble)) => {
                    let at = self.after_blank(start);
                    let end = self.damaged(trouble, at, out);
                    lexer = Lexer::new(self.text);
                    lexer.skip_to(end);
                }
            }
            if out.is_full() {
                return;
            }
        }
        self.end_record(out);
        if self.n_damaged > MAX_EXCEPTIONS {
            let note = format!("{} damaged lines in all", self.n_damaged);
            out.exception(Exception::part(Reason::Corrupt, None, note));
        }
    }

    /// Reads what is no JSON as plain text, and gives the offset at which JSON may go on: of JSON
    /// Lines only the line is lost, the next one stands for itself.
    fn damaged(&mut self, trouble: Trouble, at: usize, out: &mut Out<'_>) -> usize {
        self.end_record(out);
        self.open.clear();
        let line = self.line_of(at);
        self.n_damaged += 1;
        if self.n_damaged <= MAX_EXCEPTIONS {
            let place = Some(Place::new(PlaceKind::Line, line));
            out.exception(Exception::part(trouble.reason(), place, trouble.note()));
        }
        let rest = self.text.get(at..).unwrap_or_default();
        let end = match self.plan.n_values {
            2.. => rest.find('\n').unwrap_or(rest.len()),
            _ => rest.len(),
        };
        text::paragraphs(&rest[..end], line, out);
        at + end
    }

    fn after_blank(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at + (rest.len() - rest.trim_start().len())
    }

    fn take(&mut self, token: Token<'_>, start: usize, out: &mut Out<'_>) {
        match token {
            Token::Key(key) => {
                if let Some(level) = self.open.last_mut() {
                    level.current = key.into_owned();
                }
            }
            Token::Open { is_list, at } => {
                self.begin_value(at, out);
                let key = self.step();
                self.open.push(Level { key, is_list, current: String::new(), n: 0 });
            }
            Token::Comment(comment) => {
                let line = self.line_of(start);
                let passage = Passage::text(Place::new(PlaceKind::Line, line), comment.trim());
                out.passage(Passage { part: Part::Comment, ..passage });
            }
            Token::Close => {
                self.open.pop();
                if self.in_record.is_some_and(|depth| self.open.len() <= depth) {
                    self.end_record(out);
                }
            }
            Token::Scalar(value) => {
                self.begin_value(start, out);
                let key = self.step();
                self.value(&key, &value, out);
                if self.in_record.is_some_and(|depth| self.open.len() <= depth) {
                    self.end_record(out);
                }
            }
        }
    }

    /// Moves on to the next member of what is open, and gives its key or number.
    fn step(&mut self) -> String {
        let Some(level) = self.open.last_mut() else { return String::new() };
        level.n += 1;
        if level.is_list { format!("[{}]", level.n) } else { level.current.clone() }
    }

    /// Begins a record if the value that begins here is one.
    fn begin_value(&mut self, at: usize, out: &mut Out<'_>) {
        let is_record = self.in_record.is_none()
            && match self.plan.records_depth {
                Some(depth) => self.open.len() == depth && self.plan.is_in_list(at),
                None => self.open.is_empty(),
            };
        if is_record {
            self.end_record(out);
            self.in_record = Some(self.open.len());
            self.n_records += 1;
            self.record_line = self.line_of(at);
        }
    }

    /// The number of the line at an offset; offsets only grow.
    fn line_of(&mut self, at: usize) -> usize {
        if at > self.line_at {
            let between = self.text.as_bytes().get(self.line_at..at).unwrap_or_default();
            // The offset may stand before the white space that precedes a value.
            self.line += between.iter().filter(|byte| **byte == b'\n').count();
            self.line_at = at;
        }
        self.line
    }

    fn value(&mut self, key: &str, value: &str, out: &mut Out<'_>) {
        let outside = self.in_record.map_or(0, |depth| depth + 1);
        let mut shown = String::new();
        let mut plain = String::new();
        let inner = self.open.iter().skip(outside.max(1)).map(|level| level.key.as_str());
        for part in inner.chain([key]) {
            if !part.starts_with('[') {
                if !plain.is_empty() {
                    plain.push('.');
                    shown.push('.');
                }
                plain.push_str(part);
            }
            shown.push_str(part);
        }
        if shown.starts_with('[') || shown.is_empty() {
            shown = "value".to_owned();
        }
        let embedded = embedded::of(value);
        let value = match embedded {
            None => value,
            Some(Embedded::Text(ref text)) => text,
            Some(Embedded::File(ending, bytes)) => {
                self.n_files += 1;
                let name = format!("{}/{shown}.{ending}", self.n_records.max(1));
                out.child(&name, bytes);
                return;
            }
        };
        let inner = flattened(value);
        for (inner_shown, inner_plain, value) in &inner {
            self.hold(format!("{shown}.{inner_shown}"), format!("{plain}.{inner_plain}"), value);
        }
        if inner.is_empty() {
            self.hold(shown, plain, value);
        }
        if self.record.bytes() > MANY_BYTES {
            let record = std::mem::take(&mut self.record);
            self.hand_over(record, out);
        }
    }

    fn hold(&mut self, shown: String, plain: String, value: &str) {
        let is_held = !self.seen_first || self.is_fhir && self.first.len() < MAX_HELD;
        if self.in_record.is_some() && is_held {
            self.first.push((shown, plain, value.to_owned()));
        } else {
            self.line(&shown, &plain, value);
        }
    }

    /// The values of a record of FHIR, each with what it means in its resource.
    fn fhir_lines(&mut self, values: &[(String, String, String)]) {
        let of = |shown: &str| values.iter().find(|(have, ..)| have == shown);
        let types: HashMap<&str, &str> = values
            .iter()
            .filter_map(|(shown, _, value)| {
                Some((shown.strip_suffix("resourceType")?, value.as_str()))
            })
            .collect();
        for (shown, _, value) in values {
            // The innermost resource that the value is in.
            let ends = shown.match_indices('.').map(|(at, _)| at + 1).chain([0]);
            let within = ends.filter(|end| types.contains_key(&shown[..*end])).max();
            let start = within.unwrap_or(0);
            let resource = types.get(&shown[..start]).copied().unwrap_or_default();
            let beside = |name: &str| {
                let (parent, _) = shown.rsplit_once('.')?;
                of(&format!("{parent}.{name}")).map(|(.., value)| value.as_str())
            };
            let path = without_numbers(&shown[start..]);
            let (meaning, party) = fhir::of(&fhir::Element {
                resource,
                path: &path,
                value,
                system: beside("system").unwrap_or_default(),
                reference: beside("reference").unwrap_or_default(),
            });
            let column = Column { caption: columns::shown(shown), meaning, party };
            self.record.value(&column, &repaired(value));
        }
    }

    fn line(&mut self, shown: &str, plain: &str, value: &str) {
        if self.columns.len() > MAX_PATHS {
            self.columns.clear();
        }
        if !self.columns.contains_key(plain) {
            let mut column = [columns::of_label(plain)];
            column[0].caption = plain.to_owned();
            if let Some(export) = self.export {
                export.correct(&mut column);
            }
            let [column] = column;
            self.columns.insert(plain.to_owned(), column);
        }
        if let Some(column) = self.columns.get(plain) {
            let column = Column { caption: columns::shown(shown), ..column.clone() };
            self.record.value(&column, &repaired(value));
        }
    }

    fn end_record(&mut self, out: &mut Out<'_>) {
        if self.in_record.is_some() && !self.seen_first {
            self.seen_first = true;
            self.export =
                exports::by_captions(self.first.iter().map(|(_, plain, _)| plain.as_str()));
            if let Some(export) = self.export {
                out.facts().export = Some(export.card.name.to_owned());
            }
            self.is_fhir = self.first.iter().any(|(_, plain, value)| {
                plain.rsplit('.').next() == Some("resourceType")
                    && value.starts_with(|c: char| c.is_ascii_uppercase())
            });
        }
        let values = std::mem::take(&mut self.first);
        if self.is_fhir && self.in_record.is_some() {
            self.fhir_lines(&values);
        } else {
            for (shown, plain, value) in values {
                self.line(&shown, &plain, &value);
            }
        }
        let record = std::mem::take(&mut self.record);
        self.hand_over(record, out);
        self.in_record = None;
    }

    fn hand_over(&mut self, record: Record, out: &mut Out<'_>) {
        if record.is_empty() {
            return;
        }
        let passage = if self.in_record.is_none() {
            // What stands around the records: whose they are, when they were written.
            Passage {
                is_record: false,
                part: Part::Properties,
                ..record.passage(Place::new(PlaceKind::Header, 1))
            }
        } else if self.plan.n_values > 1 {
            record.passage(Place::new(PlaceKind::Row, self.record_line))
        } else if self.plan.records_depth.is_some() {
            record.passage(Place::new(PlaceKind::Row, self.n_records))
        } else {
            record.passage(Place::new(PlaceKind::Body, 1))
        };
        out.passage(passage);
    }
}

/// How many values of a record of FHIR are looked at together.
const MAX_HELD: usize = 2_000;
/// How many values JSON within a string may have before it is left as the text that it is.
const MAX_INNER: usize = 10_000;

/// The values of JSON that was put into a string, with their paths; none if it is something else.
fn flattened(value: &str) -> Vec<(String, String, String)> {
    let value = value.trim();
    let is_likely = value.starts_with('{') && value.ends_with('}') && value.contains('"')
        || value.starts_with("[{") && value.ends_with("}]");
    let mut found = Vec::new();
    if !is_likely {
        return found;
    }
    let mut lexer = Lexer::new(value);
    let mut open: Vec<(String, bool, usize)> = Vec::new();
    while let Some(token) = lexer.next() {
        let Ok(token) = token else { return Vec::new() };
        if let Token::Key(key) = token {
            if let Some((name, ..)) = open.last_mut() {
                *name = key.into_owned();
            }
            continue;
        }
        if let (Token::Open { .. } | Token::Scalar(_), Some((name, true, n))) =
            (&token, open.last_mut())
        {
            *n += 1;
            *name = format!("[{n}]");
        }
        match token {
            Token::Open { is_list, .. } => open.push((String::new(), is_list, 0)),
            Token::Close => {
                open.pop();
            }
            Token::Scalar(value) => {
                let mut shown = String::new();
                for (name, ..) in &open {
                    if !shown.is_empty() && !name.starts_with('[') {
                        shown.push('.');
                    }
                    shown.push_str(name);
                }
                let plain = without_numbers(&shown);
                found.push((shown, plain, value.into_owned()));
            }
            Token::Key(_) | Token::Comment(_) => {}
        }
        if found.len() > MAX_INNER {
            return Vec::new();
        }
    }
    found
}

/// A path without the numbers of its lists.
fn without_numbers(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        match after.split_once(']') {
            Some((_, after)) => rest = after,
            None => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain + rest
}

/// Undoes a fault of some programs, which escape each byte of UTF-8 as if it were a character.
///
/// A text that was not so written is hardly ever valid UTF-8 when taken so.
pub(super) fn repaired(value: &str) -> std::borrow::Cow<'_, str> {
    if value.is_ascii() || !value.chars().all(|c| u32::from(c) < 0x100) {
        return value.into();
    }
    let bytes: Vec<u8> = value.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
    match String::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => value.into(),
    }
}

/// The reasons why JSON is not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    Broken,
    Ends,
    Deep,
}

impl Trouble {
    fn reason(self) -> Reason {
        match self {
            Self::Broken => Reason::Corrupt,
            Self::Ends => Reason::Truncated,
            Self::Deep => Reason::DepthLimit,
        }
    }

    fn note(self) -> &'static str {
        match self {
            Self::Broken => "not JSON from here on; read as plain text",
            Self::Ends => "ends within a value; its end was read as plain text",
            Self::Deep => "nested too deep; read as plain text from here on",
        }
    }
}

#[cfg(test)]
mod tests {
    use habeas_model::{Document, Meaning, Party};

    use super::*;
    use crate::Budget;

    fn read_json(text: &str) -> Document {
        let budget = Budget::default();
        let mut out = Out::new("application/json", &budget);
        read(
            &Input {
                name: "a.json",
                bytes: text.as_bytes(),
                media_type: "application/json",
                budget: &budget,
            },
            &mut out,
        );
        out.finish().0
    }

    fn check_json(text: &str, expected: &[(&str, &str)]) {
        let document = read_json(text);
        let got: Vec<(String, &str)> =
            document.passages.iter().map(|p| (p.place.to_string(), p.text.as_str())).collect();
        let got: Vec<(&str, &str)> =
            got.iter().map(|(place, text)| (place.as_str(), *text)).collect();
        assert_eq!(got, expected, "{text}");
        assert_eq!(document.exceptions, []);
    }

    #[test]
    fn an_element_of_a_list_is_a_record() {
        check_json(
            r#"[{"name":"Amara Lind","age":12345678901234567890.10,"x":null,"tags":["a","b"]},{"name":"Bo Ek","home":{"city":"Leeds"}}]"#,
            &[
                ("row 1", "name: Amara Lind\nage: 12345678901234567890.10\ntags[1]: a\ntags[2]: b"),
                ("row 2", "name: Bo Ek\nhome.city: Leeds"),
            ],
        );
        check_json(
            r#"["a@example.org","b@example.org"]"#,
            &[("row 1", "value: a@example.org"), ("row 2", "value: b@example.org")],
        );
    }

    #[test]
    fn a_list_within_an_object_is_its_records() {
        check_json(
            r#"{"page":1,"clients":[{"details":{"first_name":"Amara"}},{"details":{"first_name":"Bo"}}],"total":2}"#,
            &[
                ("header 1", "page: 1"),
                ("row 1", "details.first_name: Amara"),
                ("row 2", "details.first_name: Bo"),
                ("header 1", "total: 2"),
            ],
        );
        check_json(
            r#"{"u1":{"name":"Amara Lind","town":"Leeds"},"u2":{"name":"Bo Ek","town":"York"}}"#,
            &[("row 1", "name: Amara Lind\ntown: Leeds"), ("row 2", "name: Bo Ek\ntown: York")],
        );
    }

    #[test]
    fn a_lone_object_is_one_record() {
        check_json(
            r#"{"resourceType":"Patient","name":[{"family":"Lind","given":["Amara","Jo"]}],"birthDate":"1985-04-03"}"#,
            &[(
                "body 1",
                "resourceType: Patient\nname[1].family: Lind\nname[1].given[1]: Amara\nname[1].given[2]: Jo\nbirthDate: 1985-04-03",
            )],
        );
    }

    #[test]
    fn lines_of_json_are_counted_as_lines() {
        check_json("{\"a\":\"x\"}\n\n{\"a\":\"y\"}\n", &[("row 1", "a: x"), ("row 3", "a: y")]);
    }

    #[test]
    fn damaged_json_loses_no_word() {
        let document = read_json("[{\"name\":\"Amara Lind\",\n\"email\":\"amara@exam");
        assert!(document.text().contains("Amara Lind") && document.text().contains("amara@exam"));
        assert_eq!(document.exceptions[0].reason, Reason::Truncated);
        assert!(document.exceptions[0].is_partial);
        let document = read_json("{\"a\":\"one\"}\n{\"a\":two words}\n{\"a\":\"three\"}\n");
        for word in ["one", "two", "words", "three"] {
            assert!(document.text().contains(word), "{word}");
        }
        assert_eq!(document.exceptions.len(), 1);
        let deep = "[".repeat(100_000) + "\"Amara Lind\"";
        let document = read_json(&deep);
        assert_eq!(document.exceptions[0].reason, Reason::DepthLimit);
        assert!(document.text().contains("Amara Lind"));
    }

    #[test]
    fn a_text_escaped_byte_by_byte_is_repaired() {
        check_json(
            r#"[{"text":"Zo\u00c3\u00ab"},{"text":"Zo\u00eb"},{"text":"\ud83d\ude00"}]"#,
            &[("row 1", "text: Zoë"), ("row 2", "text: Zoë"), ("row 3", "text: 😀")],
        );
    }

    #[test]
    fn a_call_log_is_known_and_says_whose_number_it_is() {
        let document = read_json(
            r#"{"records":[{"id":"1","sessionId":"7","startTime":"2024-03-12T09:14:02Z","direction":"Inbound","result":"Accepted",
            "from":{"phoneNumber":"+447700900123","name":"Amara Lind"},"to":{"phoneNumber":"3201"}}],"paging":{"page":1}}"#,
        );
        assert_eq!(document.facts.export.as_deref(), Some("ringcentral"));
        let passage = &document.passages[0];
        let phones: Vec<_> = passage
            .fields
            .iter()
            .filter(|field| field.meaning == Meaning::Phone)
            .map(|field| (&passage.text[field.range.clone()], field.party))
            .collect();
        assert_eq!(phones, [("+447700900123", Party::Principal), ("3201", Party::Staff)]);
    }
}
