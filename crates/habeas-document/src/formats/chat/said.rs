//! How is one message of an export laid out, and what does each of its values mean?
//!
//! A rule names the path of a value, its caption, its meaning and its party. Values that have a
//! rule come first, in the order of the rules; all others follow as they stand, so that nothing of
//! a message is lost.

use std::fmt::Write;

use habeas_model::{Meaning, Part, Party, Passage, Place};

use super::tree::Value;
use crate::Budget;
use crate::columns::{self, Column};
use crate::formats::html;
use crate::out::Out;
use crate::record::Record;
use crate::shape;

/// What a value is, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    /// What a person is called: a name, or a number or address in place of it.
    Name,
    /// A handle or user name.
    Handle,
    /// An id of a person in the program.
    Id,
    /// An id of a thing.
    Thing,
    Email,
    Phone,
    /// A time as it is written.
    Date,
    /// Seconds since 1970, perhaps with a fraction.
    Seconds,
    /// Milliseconds since 1970.
    Millis,
    /// Microseconds since 1970.
    Micros,
    Text,
    /// Text with HTML in it.
    Html,
    Other,
    /// Said elsewhere already, or nothing that anybody said.
    Skip,
}

/// What a value at a path is. An element of a list has the path of its list.
pub(super) struct Rule {
    path: &'static str,
    caption: &'static str,
    is: Is,
    party: Party,
}

pub(super) const fn rule(path: &'static str, caption: &'static str, is: Is, party: Party) -> Rule {
    Rule { path, caption, is, party }
}

/// Values under this path are left out.
pub(super) const fn skip(path: &'static str) -> Rule {
    Rule { path, caption: "", is: Is::Skip, party: Party::Unknown }
}

impl Rule {
    /// Does the rule fit a path without the numbers of its elements? One for a key alone fits it
    /// wherever it stands: `*.user_id`.
    fn fits(&self, path: &str) -> bool {
        if let Some(key) = self.path.strip_prefix("*.") {
            return path.rsplit('.').next() == Some(key);
        }
        path == self.path
            || self.is == Is::Skip
                && path.strip_prefix(self.path).is_some_and(|rest| rest.starts_with('.'))
    }
}

/// A record with what a value of an export says, by its rules.
pub(super) fn record(value: &Value, rules: &[Rule]) -> Record {
    let mut known: Vec<Vec<&str>> = vec![Vec::new(); rules.len()];
    let mut rest = Vec::new();
    for (path, text) in value.leaves() {
        let plain = without_numbers(&path);
        match rules.iter().position(|rule| rule.fits(&plain)) {
            // A value that is told under its own caption is told with its number.
            Some(index) if rules[index].caption.is_empty() && rules[index].is != Is::Skip => {
                rest.push((path, text, Some(&rules[index])));
            }
            Some(index) => known[index].push(text),
            None => rest.push((path, text, None)),
        }
    }
    let mut record = Record::default();
    for (rule, texts) in rules.iter().zip(known) {
        for text in texts {
            say(&mut record, rule.caption, text, rule.is, rule.party);
        }
    }
    for (path, text, rule) in rest {
        let caption = if path.is_empty() { "value" } else { &path };
        match rule {
            Some(rule) => say(&mut record, caption, text, rule.is, rule.party),
            // A flag is nobody's name, whatever its key ends in: `is_admin`.
            None if matches!(text, "true" | "false") => {
                say(&mut record, caption, text, Is::Other, Party::Unknown);
            }
            None => {
                let known = Column::by_caption(&without_numbers(&path));
                let column = Column { caption: columns::shown(caption), ..known };
                record.value(&column, text);
            }
        }
    }
    record
}

/// Adds a value to a record.
pub(super) fn say(record: &mut Record, caption: &str, text: &str, is: Is, party: Party) {
    let (meaning, text) = match is {
        Is::Skip => return,
        Is::Name => (of_person(text), text.to_owned()),
        Is::Handle => (Meaning::Username, text.to_owned()),
        Is::Id => (Meaning::PersonReference, text.to_owned()),
        Is::Thing => (Meaning::Reference, text.to_owned()),
        Is::Email => (Meaning::Email, text.to_owned()),
        Is::Phone => (Meaning::Phone, text.to_owned()),
        Is::Date => (Meaning::Date, text.to_owned()),
        Is::Seconds => (Meaning::Date, time(text, 1)),
        Is::Millis => (Meaning::Date, time(text, 1_000)),
        Is::Micros => (Meaning::Date, time(text, 1_000_000)),
        Is::Text => (Meaning::Text, text.to_owned()),
        Is::Html => (Meaning::Text, plain_html(text)),
        Is::Other => (Meaning::Other, text.to_owned()),
    };
    let column = Column { caption: caption.to_owned(), meaning: Some(meaning), party };
    record.value(&column, &text);
}

/// What stands where a person's name is expected.
pub(in crate::formats) fn of_person(name: &str) -> Meaning {
    let name = name.trim();
    if shape::is_email(name) {
        Meaning::Email
    } else if shape::is_phone(name) {
        Meaning::Phone
    } else if shape::count_digits(name) > 0 || name.starts_with('@') {
        Meaning::Username
    } else {
        Meaning::Name
    }
}

/// A path without the numbers of its elements: `files[2].name` is `files.name`.
fn without_numbers(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((front, after)) = rest.split_once('[') {
        plain.push_str(front);
        match after.split_once(']') {
            Some((number, after)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                rest = after;
            }
            _ => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain.trim_start_matches('.').to_owned()
}

/// The time so many parts of a second after 1970; what is no number stays as it is.
pub(super) fn time(text: &str, parts: i64) -> String {
    let whole = text.split('.').next().unwrap_or(text);
    let Ok(n) = whole.trim().parse::<i64>() else { return text.to_owned() };
    // Programs write 0 for no time.
    if n <= 0 {
        return String::new();
    }
    let millis = i128::from(n) * 1_000 / i128::from(parts);
    let found = i64::try_from(millis).ok().and_then(|n| jiff::Timestamp::from_millisecond(n).ok());
    found.map_or_else(|| text.to_owned(), |found| found.to_string())
}

/// What a piece of HTML says.
pub(in crate::formats) fn plain_html(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return text.to_owned();
    }
    let budget = Budget::default();
    let mut out = Out::new("text/html", &budget);
    html::read_text(text, &mut out);
    let document = out.finish().0;
    let mut plain = String::new();
    for passage in document.passages {
        if !plain.is_empty() {
            plain.push('\n');
        }
        plain.push_str(passage.text.trim_end());
    }
    plain
}

/// Hands messages over, and counts them.
#[derive(Default)]
pub(super) struct Pages {
    pub(super) n_messages: usize,
    n_heads: usize,
}

impl Pages {
    /// A message, system notices too.
    pub(super) fn message(&mut self, record: Record, out: &mut Out<'_>) {
        if !record.is_empty() {
            self.n_messages += 1;
            let place = Place::new(habeas_model::PlaceKind::Message, self.n_messages);
            out.passage(record.passage(place));
        }
    }

    /// What holds for a whole conversation: its title, who takes part.
    pub(super) fn head(&mut self, record: Record, is_record: bool, out: &mut Out<'_>) {
        if !record.is_empty() {
            self.n_heads += 1;
            let place = Place::new(habeas_model::PlaceKind::Header, self.n_heads);
            let passage = record.passage(place);
            out.passage(Passage { part: Part::Header, is_record, ..passage });
        }
    }
}

/// A number of seconds as a person would say it, for lengths of calls and recordings.
pub(in crate::formats) fn duration(seconds: u64) -> String {
    let mut text = String::new();
    let _ = write!(text, "{seconds} s");
    if seconds >= 60 {
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        let _ = write!(text, " ({hours}:{minutes:02}:{:02})", seconds % 60);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_utc() {
        assert_eq!(time("1692090753.000200", 1), "2023-08-15T09:12:33Z");
        assert_eq!(time("1692090753123", 1_000), "2023-08-15T09:12:33.123Z");
        assert_eq!(time("yesterday", 1_000), "yesterday");
        assert_eq!(time("99999999999999999999", 1), "99999999999999999999");
        assert_eq!(duration(3_725), "3725 s (1:02:05)");
    }

    #[test]
    fn html_is_told_as_text() {
        assert_eq!(
            plain_html("<p>Hello <b>Amara</b> &amp; Bo</p><p>bye</p>"),
            "Hello Amara & Bo\nbye"
        );
        assert_eq!(without_numbers("a[1].b[23]"), "a.b");
    }
}
