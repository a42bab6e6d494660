//! `habeas open`: a case for a request, and when its answer is due.

use habeas_case::{Case, Defaults, Register, Request};
use habeas_model::{Event, Happening};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::rules::{by, today};
use crate::cli::OpenArguments;
use crate::estate::Home;
use crate::failure::{End, Failure};
use crate::say;

/// Opens a case for each request that was given, and prints the deadline with its arithmetic.
pub fn run(home: &Home, arguments: &OpenArguments, json: bool) -> Result<End, Failure> {
    let defaults = defaults(home)?;
    let requests = match &arguments.file {
        Some(file) => Request::read(file, &defaults),
        None => Request::from_json(&Value::Object(stated(arguments)), &defaults)
            .map(|request| vec![request]),
    };
    let requests = requests.map_err(|error| {
        Failure::usage(error.to_string())
            .hint("`habeas open --help` lists what a request can state, such as --name and --email")
    })?;
    let today = today();
    if requests.iter().any(|request| request.received > today) {
        return Err(Failure::usage("the day on which the request was received has not come yet")
            .hint("write the day as 2026-11-20, or leave it out for today"));
    }
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let cases = register.create_all(requests).map_err(|error| Failure::usage(error.to_string()))?;
    for case in &cases {
        let event = Event {
            event: Happening::Received {
                channel: case.request.channel.to_string(),
                recognised_by: arguments.recognised_by.clone().unwrap_or_default().as_str().into(),
            },
            on: case.request.received,
            // Whoever opens a case need not have a name yet.
            by: Some(by(None)).filter(|by| !by.is_empty()).unwrap_or_else(|| "habeas".to_owned()),
            at: Timestamp::now(),
        };
        case.record(&[event], today).map_err(Failure::of_case)?;
        print(case, json);
    }
    Ok(End::Done)
}

/// What a request is taken to say where it is silent.
pub fn defaults(home: &Home) -> Result<Defaults, Failure> {
    let keys = &home.config.controller;
    let wrong = |message: String| Failure::usage(format!("habeas.toml: {message}"));
    Ok(Defaults {
        received: today(),
        law: if keys.regime.is_empty() {
            habeas_law::Law::default()
        } else {
            keys.regime.parse().map_err(wrong)?
        },
        calendar: if keys.calendar.is_empty() {
            habeas_law::Calendar::default()
        } else {
            keys.calendar.parse().map_err(wrong)?
        },
    })
}

/// The request that the flags state, in the shape of a request's file.
fn stated(arguments: &OpenArguments) -> Map<String, Value> {
    let lists = [
        ("names", &arguments.name),
        ("former", &arguments.former),
        ("known_as", &arguments.known_as),
        ("emails", &arguments.email),
        ("phones", &arguments.phone),
        ("addresses", &arguments.address),
        ("references", &arguments.reference),
        ("ips", &arguments.ip),
    ];
    let single = [
        ("born", &arguments.born),
        ("nhs_number", &arguments.nhs_number),
        ("received", &arguments.received),
        ("channel", &arguments.channel),
        ("right", &arguments.right),
        ("agent", &arguments.agent),
        ("guardian", &arguments.guardian),
    ];
    let lists = lists
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(key, values)| (key.to_owned(), json!(values)));
    let single = single
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), json!(value.as_ref()?))));
    lists.chain(single).collect()
}

fn print(case: &Case, json: bool) {
    let deadline = case.request.deadline();
    if json {
        say::json(&json!({"type": "case", "data": {
            "case": case.id.to_string(),
            "reference": case.request.reference,
            "received": case.request.received,
            "right": case.request.right.to_string(),
            "channel": case.request.channel.to_string(),
            "due": deadline.working,
            "readings": deadline.readings(),
            "folder": case.dir,
        }}));
        return;
    }
    say::result(&format!(
        "opened {}: {} request, received {} by {}",
        case.id,
        case.request.right,
        habeas_law::written(case.request.received),
        case.request.channel
    ));
    for step in deadline.steps() {
        say::result(&format!("  {step}"));
    }
    if case.request.agent.is_some() {
        say::result("  somebody asks for the person: their authority has to be seen and noted");
    }
    if case.request.guardian.is_some() || case.request.age().is_some_and(|age| age < 18) {
        say::result(
            "  a child or a guardian: who may ask, and what the child understands, has to be noted",
        );
    }
    say::result(&format!("next: habeas match {}", case.id));
}
