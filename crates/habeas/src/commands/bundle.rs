//! `habeas bundle`: the answer, written, read back and attacked.

use std::path::{Path, PathBuf};

use habeas_bundle::{
    Activity, Choices, Controller, Grey, Made, Options, Organisation, SourceTitle,
};
use habeas_case::{Case, Register, decided};
use habeas_document::page::{Page, Pixels};
use habeas_index::Estate;
use habeas_ingest::anew;
use habeas_model::{ItemId, ItemPath, SourceName};
use jiff::Timestamp;
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
    (out, zips): (Option<&Path>, bool),
    (date, by): (Option<&str>, Option<&str>),
    json: bool,
) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = register.get(case).map_err(Failure::of_case)?;
    let day = match date {
        Some(text) => text.parse::<Date>().map_err(|_| {
            Failure::usage(format!("`{text}` is not a date")).hint("write it as 2026-11-20")
        })?,
        None => super::rules::today(),
    };
    let made = make(home, &case, out, day, &super::rules::by(by))?;
    print(&case, &made, json);
    if zips {
        pack(home, &case, &made, json)?;
    }
    Ok(if made.unreleased.is_empty() { End::Done } else { End::Exceptions })
}

/// Writes the bundle of a case, with a progress bar.
///
/// `by` is who makes it, for the ledger.
pub fn make(
    home: &Home,
    case: &Case,
    out: Option<&Path>,
    day: Date,
    by: &str,
) -> Result<Made, Failure> {
    let bar = say::bar("bundle");
    let made = make_as(home, case, (out, false), (day, by), &|done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    made
}

/// Writes the bundle of a case, telling how many items of how many have been read. `(out, replaces)`:
/// where to, and whether it takes the place of one that is there.
pub fn make_as(
    home: &Home,
    case: &Case,
    (out, replaces): (Option<&Path>, bool),
    (day, by): (Date, &str),
    at: &dyn Fn(u64, u64),
) -> Result<Made, Failure> {
    let estate = home.open()?;
    let setting = home.setting(&estate)?;
    let decided = decided(case).map_err(Failure::stopped)?;
    let dir = out.map_or_else(|| case.dir.join("bundle"), Path::to_owned);
    let keys = home.config.redaction;
    let choices = Choices {
        defaults: keys.defaults(),
        role_labels: keys.role_labels,
        by: by.to_owned(),
        at: Timestamp::now(),
    };
    let case_dir = case.dir.clone();
    let letters = home.letters()?;
    let linkage = keys.linkage();
    let options = Options { day, linkage, replaces, case_dir, choices, letters };
    let (n_read, n_items) = (std::cell::Cell::new(0), decided.disclosures.len() as u64);
    at(0, n_items);
    let budget = home.config.budget(&home.root)?;
    // Without eyes a scan is told as it is: an exhibit that cannot be read again.
    let eyes = home.config.eyes().ok();
    let read = |item: &ItemId| {
        n_read.set(n_read.get() + 1);
        at(n_read.get(), n_items);
        anew(&estate, item, |file, path| {
            habeas_ingest::read_words(file, path, item, &budget, eyes.clone())
        })
    };
    let pages = |item: &ItemId, take: &mut dyn FnMut(Page)| {
        // Of what cannot be read again there are no pages; that was said when it was read.
        let _said = anew(&estate, item, |file, path| {
            habeas_ingest::read_pages(file, path, item, &budget, take)
        });
    };
    let look = |pixels: &Pixels, dpi: u16| eyes.as_ref()?.recognise(pixels, dpi).ok();
    let places = |item: &ItemId| places(&estate, item);
    let grey = |grey: &Grey| super::verify::look(eyes.as_deref()?, grey);
    let means = super::verify::means(eyes.as_deref(), &grey, false);
    let access = habeas_bundle::Estate {
        read: &read,
        pages: &pages,
        eyes: eyes.is_some().then_some(&look),
        places: &places,
        means,
    };
    let organisation = organisation(&home.config)?;
    let made = habeas_bundle::bundle(&decided, &dir, &access, &setting, &organisation, &options);
    made.map_err(|error| match error {
        habeas_bundle::Error::Exists(_) => {
            Failure::stopped(error).hint("or write elsewhere with `--out DIR`")
        }
        habeas_bundle::Error::Unfilled { .. } => {
            Failure::stopped(error).hint("fill it in in habeas.toml")
        }
        error => match error.advice() {
            Some(advice) => Failure::stopped(error).hint(format!("{advice}, then make it again")),
            None => Failure::stopped(error),
        },
    })
}

/// Packs a bundle that was written into an archive beside it, and gives the archive.
pub fn pack_beside(home: &Home, case: &Case, dir: &Path) -> Result<PathBuf, Failure> {
    let eyes = home.config.eyes().ok();
    let grey = |grey: &Grey| super::verify::look(eyes.as_deref()?, grey);
    let means = super::verify::means(eyes.as_deref(), &grey, false);
    let archive = archive_of(case, dir);
    habeas_bundle::pack(dir, &archive, Some(&case.dir), &means).map_err(|error| {
        let advice = error.advice();
        let failure = Failure::stopped(error);
        match advice {
            Some(advice) => failure.hint(format!("{advice}; the folder itself is whole")),
            None => failure,
        }
    })?;
    Ok(archive)
}

/// The archive that belongs to a bundle's folder.
pub fn archive_of(case: &Case, dir: &Path) -> PathBuf {
    dir.with_file_name(format!("{}.zip", case.id))
}

fn pack(home: &Home, case: &Case, made: &Made, json: bool) -> Result<(), Failure> {
    let archive = pack_beside(home, case, &made.dir)?;
    if json {
        say::json(&json!({"type": "archive", "data": {
            "case": case.id.to_string(), "archive": archive}}));
    } else {
        say::result(&format!("packed {}", archive.display()));
    }
    Ok(())
}

/// Every place where an item was found, the one that is read first.
pub fn places(estate: &Estate, item: &ItemId) -> Vec<(SourceName, ItemPath)> {
    let occurrences = estate.occurrences(item).unwrap_or_default();
    occurrences.into_iter().map(|occurrence| (occurrence.source, occurrence.path)).collect()
}

/// The organisation as its configuration says.
pub fn organisation(config: &Config) -> Result<Organisation, Failure> {
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

/// What to know of other people in it.
pub fn notes(case: &Case, made: &Made) -> Vec<String> {
    let mut notes = Vec::new();
    if made.n_shown > 0 {
        let n = say::counted(made.n_shown, "mention", "mentions");
        notes.push(format!("{n} of other people stay readable, each on a ground"));
    }
    if made.n_overruled > 0 {
        let n = say::counted(made.n_overruled, "mention that was", "mentions that were");
        notes.push(format!(
            "{n} to stay readable were taken out: the same words are also somebody's who is taken out"
        ));
    }
    for number in &made.only_paper {
        notes.push(format!(
            "the records of exhibit {number} are given on paper only: as data, the same words would \
             stand together that are taken out elsewhere"
        ));
    }
    if made.n_in_doubt > 0 {
        let n = say::counted(made.n_in_doubt, "mention is", "mentions are");
        notes.push(format!(
            "{n} in doubt and taken out; look at them with `habeas people {} --doubts`",
            case.id
        ));
    }
    notes
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
            "people": made.n_people, "shown": made.n_shown, "overruled": made.n_overruled,
            "only_paper": made.only_paper, "in_doubt": made.n_in_doubt, "left_out": made.n_left_out,
            "withheld": made.n_withheld, "incidental": made.n_incidental,
            "pending": made.n_pending, "unreleased": unreleased}}));
        return;
    }
    say::result(&format!("{}: {}", case.id, summary(made)));
    for note in notes(case, made) {
        say::result(&format!("  {note}"));
    }
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
