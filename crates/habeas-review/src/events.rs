//! Which events can be recorded, and which fields has each? A form for the page, read back as the event.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::problem::Problem;

/// A field of an event.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    name: &'static str,
    title: &'static str,
    #[serde(rename = "type")]
    of_type: &'static str,
    choices: Vec<&'static str>,
    is_required: bool,
}

/// An event that can be recorded.
#[derive(Clone, Debug, Serialize)]
pub struct Kind {
    event: &'static str,
    title: &'static str,
    words: &'static str,
    fields: Vec<Field>,
    is_possible: bool,
    why_not: Option<&'static str>,
}

/// A field as the table writes it: name, type, title. A `?` behind the type: it may be left out; words
/// with `|` between them are choices.
type Short = (&'static str, &'static str, &'static str);

/// An event as the table writes it: its kind, its title, what it means, its fields.
type Row = (&'static str, &'static str, &'static str, &'static [Short]);

/// Every event that is recorded by hand.
const KINDS: &[Row] = &[
    (
        "identity_asked",
        "Proof of identity was asked for",
        "the month begins once enough was seen",
        &[("what", "text", "What was asked for, and why it is needed")],
    ),
    (
        "identity_noted",
        "Evidence of identity was seen",
        "say what was seen, never a number or a copy",
        &[("seen", "text", "What was seen"), ("is_sufficient", "bool", "It is enough")],
    ),
    (
        "authority_asked",
        "Proof of authority was asked for",
        "whoever asks for somebody else shows that they may",
        &[("what", "text", "What was asked for")],
    ),
    (
        "authority_noted",
        "Evidence of authority was seen",
        "such as a signed letter of authority",
        &[("seen", "text", "What was seen"), ("is_sufficient", "bool", "It is enough")],
    ),
    (
        "guardian_noted",
        "Evidence of parental responsibility was seen",
        "say also what was considered",
        &[("seen", "text", "What was seen"), ("is_sufficient", "bool", "It is enough")],
    ),
    (
        "competence_noted",
        "Whether a child understands their right was judged",
        "a child who does asks for themselves",
        &[("understands", "bool", "The child understands"), ("why", "text", "On what that rests")],
    ),
    (
        "fee_asked",
        "A fee was asked for",
        "the month begins once it is paid",
        &[("pence", "number", "How much, in pence"), ("reason", "text", "Why one may be charged")],
    ),
    ("fee_paid", "The fee was paid", "the month begins", &[]),
    (
        "clarification_asked",
        "A question was asked",
        "the clock stops until it is answered",
        &[("question", "text", "The question, and why the search needs its answer")],
    ),
    (
        "clarification_answered",
        "The question was answered",
        "the clock runs again",
        &[("answer", "text", "The answer")],
    ),
    (
        "extended",
        "The person was told of an extension",
        "two months more, with reasons",
        &[
            ("ground", "complexity|requests", "On which ground"),
            ("reason", "text", "The reasons they were given"),
        ],
    ),
    (
        "health_opinion",
        "A health professional gave an opinion",
        "on serious harm; it covers the items named",
        &[
            ("clinician", "text", "Who"),
            ("registration", "text", "Where registered, and under which number"),
            ("appropriate", "text", "Why they are the appropriate one"),
            ("matter", "text", "What they were asked about"),
            ("items", "items", "The items it covers"),
            ("outcome", "not_met|met", "The serious harm test is"),
            ("given", "date", "The day it was given"),
            ("must_reconsult", "bool", "They have to be asked again before relying on it"),
        ],
    ),
    (
        "known_to_subject",
        "The person knows health data already",
        "then no opinion is needed of it",
        &[("items", "items", "The items"), ("evidence", "text", "What shows it")],
    ),
    (
        "exemption",
        "An exemption's question was answered",
        "kept back only where it applies",
        &[
            ("code", "text", "The exemption's code"),
            ("item", "item?", "For which item"),
            ("place", "place?", "At which place of it"),
            ("applies", "bool", "It applies"),
            ("answer", "text", "The answer"),
            ("is_told", "bool", "The person is told of it"),
        ],
    ),
    (
        "third_party",
        "A record about another person",
        "why they are shown, or not",
        &[
            ("person", "number", "Their number in the list of people"),
            ("item", "item?", "In which item only"),
            (
                "relation",
                "staff|professional|customer|relative|witness|supplier|other",
                "Who they are to the requester",
            ),
            ("reveals", "text", "What giving it would tell of them"),
            ("known", "text?", "What shows that the requester knows it already"),
            ("is_identifiable", "bool", "They could still be told once their name is taken out"),
            ("consent", "consent", "Did they agree?"),
            ("confidence", "text", "A duty of confidence owed to them, or `none`"),
            ("factors", "text", "All circumstances taken together"),
            ("outcome", "disclose|redact|withhold", "What follows"),
        ],
    ),
    (
        "approved",
        "Somebody else looked at the bundle and agrees",
        "not who prepared it",
        &[("what", "text", "What was looked at")],
    ),
    ("note", "A note", "anything else worth keeping", &[("text", "text", "The note")]),
    (
        "time_spent",
        "Time was spent",
        "for the accounts",
        &[("minutes", "number", "Minutes"), ("what", "text", "On what")],
    ),
    (
        "assigned",
        "Somebody works on the case",
        "or does not any more",
        &[
            ("to", "text", "Who"),
            ("task", "text?", "What they do in it"),
            ("works", "bool", "They work on it"),
        ],
    ),
    (
        "letter_sent",
        "A letter was sent",
        "which, and how",
        &[("letter", "text", "Which letter"), ("method", "text", "How, and how the address was checked")],
    ),
    (
        "complaint",
        "About a complaint",
        "to the controller",
        &[
            ("step", "received|acknowledged|answered", "What about it"),
            ("what", "text", "In a few words"),
        ],
    ),
    (
        "closed",
        "Work on the case ended",
        "nothing is decided in it any more",
        &[
            (
                "ending",
                "answered|refused|withdrawn|deceased|no_identity|no_authority|no_reply|fee_unpaid|\
                 duplicate",
                "Why",
            ),
            ("reason", "text", "In a few words"),
        ],
    ),
    (
        "reopened",
        "Work on the case began again",
        "decisions can be added again",
        &[("reason", "text", "Why")],
    ),
];

/// Every event, with its fields. Of a case that has ended only some can be recorded.
pub fn kinds(is_closed: bool) -> Vec<Kind> {
    let field = |(name, of_type, title): &Short| {
        let is_required = !of_type.ends_with('?');
        let of_type = of_type.trim_end_matches('?');
        let choices: Vec<&str> =
            if of_type.contains('|') { of_type.split('|').collect() } else { Vec::new() };
        let of_type = if choices.is_empty() { of_type } else { "choice" };
        Field { name, title, of_type, choices, is_required }
    };
    let kind = |(event, title, words, fields): &Row| {
        let day = ("on", "date?", "Day; today if left out");
        let fields = fields.iter().chain([&day]).map(field).collect();
        let is_open_only = !matches!(*event, "reopened" | "note" | "complaint" | "time_spent");
        let why_not = match (is_closed, *event) {
            (true, _) if is_open_only => Some("the case has ended; open it again first"),
            (false, "reopened") => Some("the case is open"),
            _ => None,
        };
        Kind { event, title, words, fields, is_possible: why_not.is_none(), why_not }
    };
    KINDS.iter().map(kind).collect()
}

/// The day and the fields of an event, as the event itself is written.
///
/// # Errors
/// If there is no such event, or the day is none.
pub fn read(
    event: &str,
    mut fields: Map<String, Value>,
    reason: &str,
) -> Result<(Option<Date>, Value), Problem> {
    let Some((.., known)) = KINDS.iter().find(|(kind, ..)| *kind == event) else {
        return Err(Problem::usage("there is no such event").hint("`GET events` lists them"));
    };
    let on = match fields.remove("on") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => {
            Some(text.parse().map_err(|_| Problem::usage("a day is written as 2026-11-20"))?)
        }
        Some(_) => return Err(Problem::usage("a day is written as 2026-11-20")),
    };
    for (name, of_type, _) in *known {
        let empty = match of_type.trim_end_matches('?') {
            "text" => json!(""),
            _ => Value::Null,
        };
        if of_type.ends_with('?') {
            fields.entry((*name).to_owned()).or_insert(empty);
        }
        if *name == "reason" && !reason.is_empty() {
            fields.entry("reason").or_insert_with(|| json!(reason));
        }
    }
    if event == "approved" {
        fields.entry("manifest_sha256").or_insert_with(|| json!(""));
    }
    fields.insert("kind".to_owned(), json!(event));
    Ok((on, Value::Object(fields)))
}

#[cfg(test)]
mod tests {
    use habeas_model::Happening;

    use super::*;

    #[test]
    fn what_the_form_gives_is_an_event() {
        for (kind, _, _, fields) in KINDS {
            let mut given = Map::new();
            for (name, of_type, _) in *fields {
                let value = match *of_type {
                    "text" => json!("words"),
                    "bool" => json!(true),
                    "number" => json!(3),
                    "date" => json!("2026-11-20"),
                    "items" => json!(["00".repeat(32)]),
                    "consent" => json!({"not_asked": {"why": "no address"}}),
                    choices if choices.contains('|') => {
                        json!(choices.split('|').next_back())
                    }
                    _ => continue,
                };
                given.insert((*name).to_owned(), value);
            }
            given.insert("on".to_owned(), json!("2026-11-20"));
            let (on, fields) = read(kind, given, "").unwrap();
            assert_eq!(on, Some(jiff::civil::date(2026, 11, 20)));
            let read: Result<Happening, _> = serde_json::from_value(fields);
            assert_eq!(read.unwrap().kind(), *kind);
        }
        assert!(read("released", Map::new(), "").is_err());
        assert!(read("note", Map::from_iter([("on".into(), json!("soon"))]), "").is_err());
    }

    #[test]
    fn an_ended_case_is_opened_again_first() {
        let possible = |is_closed| -> Vec<&str> {
            kinds(is_closed).iter().filter(|it| it.is_possible).map(|it| it.event).collect()
        };
        assert!(!possible(false).contains(&"reopened"));
        assert_eq!(possible(true), ["note", "time_spent", "complaint", "reopened"]);
    }
}
