//! How is a request written, so that it reads back the same?

use habeas_law::Wait;
use habeas_model::{Held, NameKind};
use toml::{Table, Value};

use super::Request;
use super::keys::{Key, kinds, written};

/// The request as TOML.
pub(super) fn toml(request: &Request) -> String {
    let mut table = Table::new();
    let mut set = |key: Key, value: Value| table.insert(written(key).to_owned(), value);
    if let Some(reference) = &request.reference {
        set(Key::Id, text(reference));
    }
    set(Key::Received, text(request.received));
    set(Key::Channel, text(request.channel));
    set(Key::Right, text(request.right));
    set(Key::Law, text(request.law));
    set(Key::Calendar, text(request.calendar));
    for kind in [NameKind::Current, NameKind::Former, NameKind::KnownAs] {
        let names = request.subject.names.iter().filter(|name| name.kind == kind);
        let names: Vec<Value> = names.map(|name| stated(name.value.reveal(), name.held)).collect();
        if !names.is_empty() {
            set(Key::Name(kind), Value::Array(names));
        }
    }
    if let Some(born) = &request.subject.born {
        set(Key::Born, text(born.reveal()));
    }
    for (kind, _) in kinds() {
        let found = request.subject.identifiers.iter().filter(|it| it.kind == kind);
        let values: Vec<Value> = found.map(|it| stated(it.value.reveal(), it.held)).collect();
        if !values.is_empty() {
            set(Key::Is(kind), Value::Array(values));
        }
    }
    if let Some(identity) = &request.identity {
        set(Key::Identity, wait(identity));
    }
    if let Some(fee) = &request.fee {
        set(Key::Fee, wait(fee));
    }
    if !request.clarifications.is_empty() {
        let waits = request.clarifications.iter().map(wait).collect();
        set(Key::Clarifications, Value::Array(waits));
    }
    if let Some(extended) = request.extended {
        set(Key::Extended, text(extended));
    }
    for (key, who) in [(Key::Agent, &request.agent), (Key::Guardian, &request.guardian)] {
        if let Some(who) = who {
            set(key, text(who.reveal()));
        }
    }
    if !request.notes.reveal().is_empty() {
        set(Key::Notes, text(request.notes.reveal()));
    }
    // Tables inside a list are written inline, so a value never ends up under another key.
    table.iter().map(|(key, value)| format!("{key} = {value}\n")).collect()
}

fn text(value: impl ToString) -> Value {
    Value::String(value.to_string())
}

/// A text that looks as if it ended in days goes into a table, where it is taken as it is.
fn stated(value: &str, held: Held) -> Value {
    if held == Held::default() && !value.ends_with(']') {
        return text(value);
    }
    let mut table = Table::new();
    table.insert("value".into(), text(value));
    for (name, day) in [("from", held.from), ("to", held.to)] {
        if let Some(day) = day {
            table.insert(name.into(), text(day));
        }
    }
    Value::Table(table)
}

fn wait(wait: &Wait) -> Value {
    let mut table = Table::new();
    table.insert("asked".into(), text(wait.asked));
    if let Some(answered) = wait.answered {
        table.insert("answered".into(), text(answered));
    }
    Value::Table(table)
}
