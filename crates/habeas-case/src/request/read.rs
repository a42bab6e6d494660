//! How is a request read from TOML or JSON?

use habeas_model::{Held, Identifier, Kind, NameKind, Personal, SubjectName};
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::keys::{self, Key};
use super::values::{date, plain, postcode, sort, stated, waits};
use super::{Defaults, Request};
use crate::Error;

/// Every request of a text, which is TOML, JSON or JSON Lines.
pub(super) fn all(text: &str, defaults: &Defaults) -> Result<Vec<Request>, Error> {
    let text = text.trim_start_matches('\u{feff}');
    let is_json = text.trim_start().starts_with(['{', '[']) && !is_toml_table(text);
    let found = if !is_json {
        several(toml(text)?)
    } else {
        match serde_json::from_str::<Value>(text) {
            Ok(value) => several(value),
            // More than one value is JSON Lines, unless it is no JSON at all.
            Err(whole) => lines(text, &whole)?,
        }
    };
    if found.is_empty() {
        return Err(Error::request("there is no request in it"));
    }
    let n_found = found.len();
    let read = |(place, value): (String, Value)| {
        one(&value, defaults).map_err(|error| if n_found == 1 { error } else { error.at(&place) })
    };
    found.into_iter().map(read).collect()
}

/// `[[request]]` begins like a list of JSON.
fn is_toml_table(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or("").trim_end();
    let name = first.trim_start_matches('[').trim_end_matches(']');
    first.starts_with('[')
        && first.ends_with(']')
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// The requests of a value: itself, its elements, or those under `requests`; each with its place.
fn several(value: Value) -> Vec<(String, Value)> {
    let values = match value {
        Value::Array(values) => values,
        Value::Object(mut table) => {
            let list = ["requests", "request"]
                .into_iter()
                .find(|name| table.len() == 1 && table.contains_key(*name))
                .and_then(|name| table.remove(name));
            match list {
                Some(Value::Array(values)) => values,
                Some(one) => vec![one],
                None => vec![Value::Object(table)],
            }
        }
        other => vec![other],
    };
    (1..).map(|number| format!("request {number}")).zip(values).collect()
}

fn lines(text: &str, whole: &serde_json::Error) -> Result<Vec<(String, Value)>, Error> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let Ok(value) = serde_json::from_str(line) else {
            // A first line that is no JSON means that the text was meant as one value.
            let (line, column) =
                if found.is_empty() { (whole.line(), whole.column()) } else { (at + 1, 1) };
            return Err(Error::request(format!("line {line}, column {column}: is not JSON")));
        };
        found.push((format!("line {}", at + 1), value));
    }
    Ok(found)
}

fn toml(text: &str) -> Result<Value, Error> {
    let table: toml::Table = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = 1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count();
        // The reader's own message may repeat what stands there.
        Error::request(format!("line {line}: is not TOML; texts stand in quotes: name = \"…\""))
    })?;
    Ok(json(toml::Value::Table(table)))
}

fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(is) => Value::Bool(is),
        toml::Value::Datetime(moment) => Value::String(moment.to_string()),
        toml::Value::Array(values) => Value::Array(values.into_iter().map(json).collect()),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect())
        }
    }
}

/// One request.
pub(super) fn one(value: &Value, defaults: &Defaults) -> Result<Request, Error> {
    let Value::Object(table) = value else {
        return Err(Error::request("a request has to be a table of keys and values"));
    };
    let mut reading = Reading::new(defaults);
    reading.table(table)?;
    reading.finish()
}

/// A request while it is read.
struct Reading {
    request: Request,
    received: Option<Date>,
    given: [Option<String>; 3],
}

impl Reading {
    fn new(defaults: &Defaults) -> Self {
        let request = Request {
            reference: None,
            subject: habeas_model::Subject::default(),
            received: defaults.received,
            channel: super::Channel::default(),
            right: super::Right::default(),
            law: defaults.law,
            calendar: defaults.calendar,
            identity: None,
            fee: None,
            clarifications: Vec::new(),
            extended: None,
            agent: None,
            guardian: None,
            notes: Personal::default(),
        };
        Self { request, received: None, given: [None, None, None] }
    }

    fn table(&mut self, table: &Map<String, Value>) -> Result<(), Error> {
        table.iter().try_for_each(|(name, value)| self.take(name, keys::key(name)?, value))
    }

    fn take(&mut self, name: &str, key: Key, value: &Value) -> Result<(), Error> {
        let request = &mut self.request;
        match key {
            Key::Subject => return self.nested(name, value),
            Key::Identifiers => return self.identifiers(name, value),
            Key::Name(kind) => return self.names(name, kind, value),
            Key::Is(kind) => return self.values(name, kind, value),
            Key::Identity => request.identity = one_wait(name, value)?,
            Key::Fee => request.fee = one_wait(name, value)?,
            Key::Clarifications => request.clarifications.extend(waits(name, value)?),
            _ => {
                if let Some(text) = plain(name, value)? {
                    self.single(name, key, text)?;
                }
            }
        }
        Ok(())
    }

    /// A key that has one text.
    fn single(&mut self, name: &str, key: Key, text: String) -> Result<(), Error> {
        let wrong = |problem| Error::request(format!("`{name}` {problem}"));
        let request = &mut self.request;
        match key {
            Key::Id => once(&mut request.reference, text, name)?,
            Key::Received => once(&mut self.received, date(name, &text)?, name)?,
            Key::Channel => request.channel = text.parse().map_err(wrong)?,
            Key::Right => request.right = text.parse().map_err(wrong)?,
            Key::Law => request.law = text.parse().map_err(Error::request)?,
            Key::Calendar => request.calendar = text.parse().map_err(Error::request)?,
            Key::Extended => once(&mut request.extended, date(name, &text)?, name)?,
            Key::Agent => once(&mut request.agent, Personal::new(text), name)?,
            Key::Guardian => once(&mut request.guardian, Personal::new(text), name)?,
            Key::Born => {
                let born = Personal::new(date(name, &text)?);
                once(&mut request.subject.born, born, name)?;
            }
            Key::GivenName => once(&mut self.given[0], text, name)?,
            Key::MiddleName => once(&mut self.given[1], text, name)?,
            Key::FamilyName => once(&mut self.given[2], text, name)?,
            Key::Noted => self.note(&format!("{name}: {text}")),
            _ => self.note(&text),
        }
        Ok(())
    }

    fn note(&mut self, text: &str) {
        let notes = std::mem::take(&mut self.request.notes).into_inner();
        let between = if notes.is_empty() { "" } else { "\n" };
        self.request.notes = Personal::new(format!("{notes}{between}{text}"));
    }

    fn nested(&mut self, name: &str, value: &Value) -> Result<(), Error> {
        match value {
            Value::Null => Ok(()),
            Value::Object(table) => table.iter().try_for_each(|(inner, value)| {
                match keys::key(inner)? {
                    // Tables in tables in tables would be somebody's trap.
                    Key::Subject => Err(Error::request(format!("`{inner}` stands in `{name}`"))),
                    key => self.take(inner, key, value),
                }
            }),
            _ => Err(Error::request(format!("`{name}` has to be a table"))),
        }
    }

    /// A table by kind, or a list of `{ kind, value, from, to }`.
    fn identifiers(&mut self, name: &str, value: &Value) -> Result<(), Error> {
        let kind = |text: &str| {
            keys::kind(text).ok_or_else(|| {
                Error::request(format!(
                    "`{name}` has a kind that is not known; try `email` or `phone`"
                ))
            })
        };
        match value {
            Value::Null => Ok(()),
            Value::Object(table) => {
                table.iter().try_for_each(|(inner, value)| self.take(inner, kind(inner)?, value))
            }
            Value::Array(values) => values.iter().try_for_each(|value| {
                let sort = sort(name, value.as_object())?.ok_or_else(|| {
                    Error::request(format!("each of `{name}` needs its `kind` and its `value`"))
                })?;
                match (kind(&sort)?, stated(name, value)?.pop()) {
                    (Key::Is(kind), Some(stated)) => self.add(kind, stated.text, stated.held)?,
                    (key, Some(stated)) => self.take(name, key, &Value::String(stated.text))?,
                    (_, None) => {}
                }
                Ok(())
            }),
            _ => Err(Error::request(format!("`{name}` has to be a list or a table"))),
        }
    }

    fn names(&mut self, key: &str, kind: NameKind, value: &Value) -> Result<(), Error> {
        for stated in stated(key, value)? {
            let kind = match sort(key, stated.table)? {
                None => kind,
                Some(sort) => name_kind(&sort).ok_or_else(|| {
                    let kinds = "`current`, `former` or `known_as`";
                    Error::request(format!("in `{key}`, `kind` has to be {kinds}"))
                })?,
            };
            self.name(SubjectName { value: Personal::new(stated.text), kind, held: stated.held })?;
        }
        Ok(())
    }

    fn name(&mut self, name: SubjectName) -> Result<(), Error> {
        let names = &mut self.request.subject.names;
        if !names.contains(&name) {
            names.push(name);
        }
        few(names.len(), "names")
    }

    fn values(&mut self, key: &str, kind: Kind, value: &Value) -> Result<(), Error> {
        for stated in stated(key, value)? {
            if let (Kind::Address, Some(table)) = (kind, stated.table)
                && let Some(postcode) = postcode(key, table)?
            {
                self.add(Kind::Postcode, postcode, stated.held)?;
            }
            self.add(kind, stated.text, stated.held)?;
        }
        Ok(())
    }

    fn add(&mut self, kind: Kind, text: String, held: Held) -> Result<(), Error> {
        let identifier = Identifier { kind, value: Personal::new(text), held };
        let identifiers = &mut self.request.subject.identifiers;
        if !identifiers.contains(&identifier) {
            identifiers.push(identifier);
        }
        few(identifiers.len(), "identifiers")
    }

    fn finish(mut self) -> Result<Request, Error> {
        let parts: Vec<String> = self.given.iter_mut().filter_map(Option::take).collect();
        if !parts.is_empty() {
            let value = Personal::new(parts.join(" "));
            let (kind, held) = (NameKind::Current, Held::default());
            self.name(SubjectName { value, kind, held })?;
        }
        let mut request = self.request;
        request.received = self.received.unwrap_or(request.received);
        let subject = &mut request.subject;
        // The same order whatever the order of the keys, so that a case is written in one way.
        subject.names.sort_by_key(|name| name.kind as u8);
        let order: Vec<Kind> = keys::kinds().map(|(kind, _)| kind).collect();
        subject
            .identifiers
            .sort_by_key(|identifier| order.iter().position(|kind| *kind == identifier.kind));
        check(&request)?;
        Ok(request)
    }
}

/// Does the request say enough, and nothing that cannot be?
fn check(request: &Request) -> Result<(), Error> {
    let Request { subject, received, .. } = request;
    if subject.names.is_empty() && subject.identifiers.is_empty() {
        return Err(Error::request(
            "the request names nobody: give a `name`, or an identifier such as `email` or `phone`",
        ));
    }
    if subject.born.as_ref().is_some_and(|born| born.reveal() > received) {
        return Err(Error::request("the person was born after the request was received"));
    }
    let waits = request.identity.iter().chain(&request.fee).chain(&request.clarifications);
    if waits.map(|wait| wait.asked).chain(request.extended).any(|day| day < *received) {
        return Err(Error::request(
            "something was asked or extended before the request was received",
        ));
    }
    Ok(())
}

/// One person has few of each; more is a table of many people in the wrong place.
fn few(number: usize, what: &str) -> Result<(), Error> {
    const MOST: usize = 500;
    if number <= MOST {
        return Ok(());
    }
    Err(Error::request(format!(
        "one request has more than {MOST} {what}; a request is one person's"
    )))
}

/// Sets what may be said once, or twice the same.
fn once<T: PartialEq>(slot: &mut Option<T>, value: T, name: &str) -> Result<(), Error> {
    match slot {
        Some(there) if *there != value => {
            Err(Error::request(format!("`{name}` says something else than another key does")))
        }
        _ => {
            *slot = Some(value);
            Ok(())
        }
    }
}

fn one_wait(name: &str, value: &Value) -> Result<Option<habeas_law::Wait>, Error> {
    let mut waits = waits(name, value)?;
    if waits.len() > 1 {
        return Err(Error::request(format!("`{name}` can be asked for once")));
    }
    Ok(waits.pop())
}

fn name_kind(text: &str) -> Option<NameKind> {
    match keys::folded(text).as_str() {
        "current" | "legal" | "present" => Some(NameKind::Current),
        "former" | "maiden" | "previous" | "birth" | "old" => Some(NameKind::Former),
        "known_as" | "alias" | "nickname" | "aka" | "preferred" => Some(NameKind::KnownAs),
        _ => None,
    }
}
