//! What does the value of a key say: texts, and the days on which they held?

use habeas_law::Wait;
use habeas_model::Held;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::keys::{folded, unknown};
use crate::{Error, parse_date};

/// A text with the days on which it held.
pub(super) struct Stated<'a> {
    pub(super) text: String,
    pub(super) held: Held,
    /// The table it stood in, if it stood in one.
    pub(super) table: Option<&'a Map<String, Value>>,
}

/// The names that a table may give its text and its days, and nothing else.
const TEXT: &[&str] = &["value", "name", "text", "address", "number"];
const FROM: &[&str] = &["from", "since", "start", "held_from", "valid_from"];
const TO: &[&str] = &["to", "until", "end", "held_to", "valid_to"];
const LINES: &[&str] = &[
    "lines", "line1", "line2", "line3", "line_1", "line_2", "line_3", "street", "town", "city",
    "county",
];
const LAST_LINE: &[&str] = &["postcode", "post_code", "postal_code", "country"];
const PARTS: &[&str] = &[
    "given",
    "given_name",
    "given_names",
    "first",
    "first_name",
    "forename",
    "middle",
    "middle_name",
    "middle_names",
    "family",
    "family_name",
    "last",
    "last_name",
    "surname",
];
const SORT: &[&str] = &["kind", "type"];

/// Every text under a key: one text, one table, or a list of them. An empty one says nothing.
pub(super) fn stated<'a>(key: &str, value: &'a Value) -> Result<Vec<Stated<'a>>, Error> {
    match value {
        Value::Array(values) => {
            let mut all = Vec::new();
            for value in values {
                if value.is_array() {
                    return Err(Error::request(format!("`{key}` is a list in a list")));
                }
                all.extend(stated(key, value)?);
            }
            Ok(all)
        }
        Value::Object(table) => {
            let held = held(key, table)?;
            let text = joined(key, table)?;
            if text.is_empty() {
                let empty = "has a table without a text: write `value = \"…\"`";
                return Err(Error::request(format!("`{key}` {empty}")));
            }
            Ok(vec![Stated { text, held, table: Some(table) }])
        }
        _ => {
            let Some(text) = plain(key, value)? else { return Ok(Vec::new()) };
            let (text, held) = suffixed(key, &text)?;
            Ok(vec![Stated { text, held, table: None }])
        }
    }
}

/// The one text under a key, if it says anything.
pub(super) fn plain(key: &str, value: &Value) -> Result<Option<String>, Error> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return Err(Error::request(format!("`{key}` has to be a text"))),
    };
    Ok((!text.is_empty()).then_some(text))
}

/// The text of a table: its value, the parts of a name in order, or the lines of an address with the
/// postcode last.
fn joined(key: &str, table: &Map<String, Value>) -> Result<String, Error> {
    let known = || [TEXT, LINES, LAST_LINE, PARTS, SORT, FROM, TO].concat();
    for name in table.keys() {
        if !known().contains(&folded(name).as_str()) {
            let problem = unknown(name, known().into_iter());
            return Err(Error::request(format!("in `{key}` {problem}")));
        }
    }
    let mut parts = Vec::new();
    for name in PARTS {
        parts.extend(first(table, &[name]).map_or(Ok(None), |value| plain(key, value))?);
    }
    let mut lines = Vec::new();
    if !parts.is_empty() {
        lines.push(parts.join(" "));
    }
    // In the order of an envelope, whatever the order of the keys.
    for name in [TEXT, LINES, LAST_LINE].concat() {
        match first(table, &[name]) {
            Some(Value::Array(values)) => {
                for value in values {
                    lines.extend(plain(key, value)?);
                }
            }
            Some(value) => lines.extend(plain(key, value)?),
            None => {}
        }
    }
    Ok(lines.join(", "))
}

/// The value of the first of these names in a table.
pub(super) fn first<'a>(table: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    table.iter().find(|(name, _)| names.contains(&folded(name).as_str())).map(|(_, value)| value)
}

/// What sort of thing a table says it is.
pub(super) fn sort(key: &str, table: Option<&Map<String, Value>>) -> Result<Option<String>, Error> {
    match table.and_then(|table| first(table, SORT)) {
        Some(value) => plain(key, value),
        None => Ok(None),
    }
}

/// The postcode in an address's table, if it has one.
pub(super) fn postcode(key: &str, table: &Map<String, Value>) -> Result<Option<String>, Error> {
    first(table, &["postcode", "post_code", "postal_code"])
        .map_or(Ok(None), |value| plain(key, value))
}

fn held(key: &str, table: &Map<String, Value>) -> Result<Held, Error> {
    let text = |names| first(table, names).map_or(Ok(None), |value| plain(key, value));
    span(key, text(FROM)?.as_deref().unwrap_or(""), text(TO)?.as_deref().unwrap_or(""))
}

/// Takes `[2019-01-01..2021-06-30]` from the end of a text; either day may be missing.
fn suffixed(key: &str, text: &str) -> Result<(String, Held), Error> {
    let days = text
        .strip_suffix(']')
        .and_then(|rest| rest.rsplit_once('['))
        .and_then(|(value, days)| days.split_once("..").map(|(from, to)| (value.trim(), from, to)));
    match days {
        Some(("", _, _)) => Err(Error::request(format!("`{key}` has days and no text"))),
        Some((value, from, to)) => Ok((value.to_owned(), span(key, from, to)?)),
        None => Ok((text.to_owned(), Held::default())),
    }
}

/// The days from `from` to `to`; a year or a month alone is its first or last day.
fn span(key: &str, from: &str, to: &str) -> Result<Held, Error> {
    let held = Held { from: edge(key, from, Edge::First)?, to: edge(key, to, Edge::Last)? };
    match held {
        Held { from: Some(from), to: Some(to) } if from > to => {
            Err(Error::request(format!("`{key}` was held from a day after its last one")))
        }
        held => Ok(held),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Edge {
    First,
    Last,
}

fn edge(key: &str, text: &str, edge: Edge) -> Result<Option<Date>, Error> {
    let text = text.trim();
    if text.is_empty() || ["present", "now", "today", "current"].contains(&text) {
        return Ok(None);
    }
    let numbers: Option<Vec<i16>> = text.split('-').map(|part| part.parse().ok()).collect();
    let is_year = text.split('-').next().is_some_and(|year| year.len() == 4);
    let first = match numbers.as_deref() {
        Some([year]) if is_year => Date::new(*year, 1, 1).ok().map(|day| (day, day.last_of_year())),
        Some([year, month]) if is_year => i8::try_from(*month)
            .ok()
            .and_then(|month| Date::new(*year, month, 1).ok())
            .map(|day| (day, day.last_of_month())),
        _ => None,
    };
    match first {
        Some((first, last)) => Ok(Some(if edge == Edge::First { first } else { last })),
        None => date(key, text).map(Some),
    }
}

/// The day under a key.
pub(super) fn date(key: &str, text: &str) -> Result<Date, Error> {
    parse_date(text).map_err(|problem| Error::request(format!("`{key}` {problem}")))
}

/// Waits under a key: `{ asked = 2026-03-02, answered = 2026-03-05 }`, or a list of them.
pub(super) fn waits(key: &str, value: &Value) -> Result<Vec<Wait>, Error> {
    const ASKED: &[&str] = &["asked", "asked_on", "requested"];
    const ANSWERED: &[&str] = &["answered", "answered_on", "came", "paid"];
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(values) => {
            let mut all = Vec::new();
            for value in values.iter().filter(|value| !value.is_array()) {
                all.extend(waits(key, value)?);
            }
            Ok(all)
        }
        Value::Object(table) => {
            let known = [ASKED, ANSWERED].concat();
            if let Some(name) = table.keys().find(|name| !known.contains(&folded(name).as_str())) {
                let problem = unknown(name, known.into_iter());
                return Err(Error::request(format!("in `{key}` {problem}")));
            }
            let day = |names| -> Result<Option<Date>, Error> {
                let text = first(table, names).map_or(Ok(None), |value| plain(key, value))?;
                text.map(|text| date(key, &text)).transpose()
            };
            let Some(asked) = day(ASKED)? else {
                return Err(Error::request(format!("`{key}` needs the day it was `asked`")));
            };
            let answered = day(ANSWERED)?;
            if answered.is_some_and(|answered| answered < asked) {
                return Err(Error::request(format!("`{key}` was answered before it was asked")));
            }
            Ok(vec![Wait { asked, answered }])
        }
        _ => Err(Error::request(format!(
            "`{key}` has to be a table: {{ asked = 2026-03-02, answered = 2026-03-05 }}"
        ))),
    }
}
