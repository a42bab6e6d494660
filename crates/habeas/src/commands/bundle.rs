//! `habeas bundle`: the answer, written, read back and attacked.

use std::path::Path;
use std::sync::Arc;

use habeas_bundle::{
    Activity, Controller, Grey, Linkage, Made, Options, Organisation, SourceTitle,
};
use habeas_case::{Case, Register, decided};
use habeas_document::Budget;
use habeas_index::Estate;
use habeas_ingest::Eyes;
use habeas_model::{Exception, ItemId, ItemPath, Member, Outcome, Reason, SourceName};
use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde_json::json;

use crate::config::Config;
use crate::estate::Home;
use crate::failure::{End, Failure};
use crate::say;

/// Writes a decided case's bundle and prints what is in it.
pub fn run(
    home: &Home,
    case: &str,
    out: Option<&Path>,
    date: Option<&str>,
    json: bool,
) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = register.get(case).map_err(Failure::of_case)?;
    let day = match date {
        Some(text) => text.parse::<Date>().map_err(|_| {
            Failure::usage(format!("`{text}` is not a date")).hint("write it as 2026-11-20")
        })?,
        None => ZonedDateTime::now().date(),
    };
    let made = make(home, &case, out, day)?;
    print(&case, &made, json);
    Ok(if made.unreleased.is_empty() { End::Done } else { End::Exceptions })
}

/// Writes the bundle of a case.
pub fn make(home: &Home, case: &Case, out: Option<&Path>, day: Date) -> Result<Made, Failure> {
    let estate = home.open()?;
    let setting = home.setting(&estate)?;
    let decided = decided(case).map_err(Failure::stopped)?;
    let dir = out.map_or_else(|| case.dir.join("bundle"), Path::to_owned);
    let options =
        Options { day, linkage: Linkage::default(), replaces: false, case_dir: case.dir.clone() };
    let bar = say::bar("bundle");
    bar.set_length(decided.disclosures.len() as u64);
    let budget = home.config.budget(&home.root)?;
    // Without eyes a scan is told as it is: an exhibit that cannot be read again.
    let eyes = home.config.eyes().ok();
    let read = |item: &ItemId| {
        bar.inc(1);
        read_again(&estate, item, &budget, &eyes)
    };
    let places = |item: &ItemId| places(&estate, item);
    let look = |grey: &Grey| super::verify::look(eyes.as_deref()?, grey);
    let means = super::verify::means(eyes.as_deref(), &look, false);
    let access = habeas_bundle::Estate { read: &read, places: &places, means };
    let organisation = organisation(&home.config)?;
    let made = habeas_bundle::bundle(&decided, &dir, &access, &setting, &organisation, &options);
    bar.finish_and_clear();
    made.map_err(|error| match error {
        habeas_bundle::Error::Exists(_) => {
            Failure::stopped(error).hint("or write elsewhere with `--out DIR`")
        }
        habeas_bundle::Error::Unfilled { .. } => {
            Failure::stopped(error).hint("fill it in in habeas.toml")
        }
        error => Failure::stopped(error),
    })
}

/// Reads an item anew from the first of its places that still has it.
fn read_again(
    estate: &Estate,
    item: &ItemId,
    budget: &Budget,
    eyes: &Option<Arc<Eyes>>,
) -> Result<Member, Exception> {
    let mut last = Exception::whole(Reason::Vanished, "it is no longer where it was found");
    for occurrence in estate.occurrences(item).unwrap_or_default() {
        if !matches!(occurrence.outcome, Outcome::Read | Outcome::Duplicate) {
            continue;
        }
        let read = habeas_ingest::read_item(
            &occurrence.file,
            &occurrence.path,
            item,
            budget,
            eyes.clone(),
        );
        match read {
            Ok(member) => return Ok(member),
            Err(exception) => last = exception,
        }
    }
    Err(last)
}

fn places(estate: &Estate, item: &ItemId) -> Vec<(SourceName, ItemPath)> {
    let occurrences = estate.occurrences(item).unwrap_or_default();
    occurrences.into_iter().map(|occurrence| (occurrence.source, occurrence.path)).collect()
}

/// The organisation as its configuration says.
fn organisation(config: &Config) -> Result<Organisation, Failure> {
    let keys = &config.controller;
    let sources = config
        .source
        .iter()
        .map(|source| {
            Ok(SourceTitle {
                name: SourceName::parse(&source.name)?,
                title: source.title.clone(),
                custodian: source.custodian.clone(),
                activity: source.activity.clone(),
            })
        })
        .collect::<Result<_, String>>()
        .map_err(Failure::usage)?;
    let activities = config
        .activity
        .iter()
        .map(|activity| Activity {
            name: activity.name.clone(),
            purposes: activity.purposes.clone(),
            categories: activity.categories.clone(),
            recipients: activity.recipients.clone(),
            retention: activity.retention.clone(),
            origin: activity.origin.clone(),
            transfers: activity.transfers.clone(),
            automated: activity.automated.clone(),
        })
        .collect();
    let controller = Controller {
        name: keys.name.clone(),
        address: keys.address.clone(),
        contact: keys.contact.clone(),
        email: keys.email.clone(),
        phone: keys.phone.clone(),
        complaints: keys.complaints.clone(),
    };
    Ok(Organisation { controller, activities, sources })
}

/// `61 exhibits on 143 pages; 512 redactions of 40 people; …`.
pub fn summary(made: &Made) -> String {
    format!(
        "{} on {}; {} of {}; {} of others left out; {} incidental, {} under review, {} withheld",
        say::counted(made.n_exhibits, "exhibit", "exhibits"),
        say::counted(made.n_pages, "page", "pages"),
        say::counted(made.n_labels, "redaction", "redactions"),
        say::counted(made.n_people, "person", "people"),
        say::counted(made.n_left_out, "record", "records"),
        say::count(made.n_incidental),
        say::count(made.n_pending),
        say::count(made.n_withheld),
    )
}

fn print(case: &Case, made: &Made, json: bool) {
    if json {
        let unreleased: Vec<_> = made
            .unreleased
            .iter()
            .map(|(item, reason)| json!({"item": item, "reason": reason}))
            .collect();
        say::json(&json!({"type": "bundle", "data": {
            "case": case.id.to_string(), "bundle": made.dir, "exhibits": made.n_exhibits,
            "pages": made.n_pages, "files": made.n_files, "redactions": made.n_labels,
            "people": made.n_people, "left_out": made.n_left_out,
            "withheld": made.n_withheld, "incidental": made.n_incidental,
            "pending": made.n_pending, "unreleased": unreleased}}));
        return;
    }
    say::result(&format!("{}: {}", case.id, summary(made)));
    for (item, reason) in &made.unreleased {
        say::result(&format!("  not released: item {}: {reason}", item.short()));
    }
    say::result(&format!("wrote {}", made.dir.display()));
    say::result(&format!("next: habeas verify {}", quoted(&made.dir)));
}

/// A path as it has to be typed.
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
