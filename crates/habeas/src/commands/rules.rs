//! What does a case's release depend on, besides the case itself? The configuration, the estate, the
//! disk.

use std::collections::BTreeSet;

use habeas_bundle::{Choices, Options};
use habeas_case::{Case, Dossier, Rules, Seen, decided, health_items};
use habeas_model::{Exception, ItemId, Reason, SourceName};
use jiff::civil::Date;
use jiff::{Timestamp, ZonedDateTime};

use super::bundle::{organisation, places};
use crate::estate::Home;
use crate::failure::Failure;

/// Today, where the command runs.
pub fn today() -> Date {
    ZonedDateTime::now().date()
}

/// The day that was typed; today if none was.
pub fn day(text: Option<&str>) -> Result<Date, Failure> {
    text.map_or(Ok(today()), |text| {
        habeas_case::parse_date(text).map_err(|problem| {
            Failure::usage(format!("a day {problem}")).hint("write it as 2026-11-20")
        })
    })
}

/// Who acts: the one named, or the user.
pub fn by(named: Option<&str>) -> String {
    named.map(str::to_owned).or_else(|| std::env::var("USER").ok()).unwrap_or_default()
}

/// The rules without what only the estate can tell: for where a case stands, not for what blocks it.
pub fn quick(home: &Home) -> Rules {
    let keys = &home.config;
    Rules {
        four_eyes: keys.release.four_eyes,
        is_health_professional: keys.controller.health_professional,
        keep: keys.release.keep_case.0,
        ..Rules::careful(today())
    }
}

/// The rules with what the estate says of health data and of what the letter would lack on a day.
///
/// Where the estate cannot be opened every document may be health data.
pub fn full(home: &Home, case: &Case, dossier: &Dossier, seen: Seen) -> Result<Rules, Failure> {
    let mut rules = Rules { seen, ..quick(home) };
    let Ok(estate) = home.open() else { return Ok(rules) };
    let disclosed = dossier.disclosed();
    let health = health_items(&estate, &disclosed, &health_sources(home)?);
    rules.health = Some(health.map_err(Failure::stopped)?);
    // While findings are open nobody knows which sources the letter has to tell of.
    if let Ok(decided) = decided(case) {
        let nothing = || Exception::whole(Reason::Vanished, "nothing is read for this");
        let at = |item: &ItemId| places(&estate, item);
        let access = habeas_bundle::Estate {
            read: &|_| Err(nothing()),
            pages: &|_, _| {},
            eyes: None,
            places: &at,
            means: habeas_bundle::Means::default(),
        };
        let options = Options {
            day: rules.today,
            linkage: home.config.redaction.linkage(),
            replaces: false,
            case_dir: case.dir.clone(),
            choices: Choices { at: Timestamp::now(), ..Choices::default() },
            letters: home.letters()?,
        };
        let organisation = organisation(&home.config)?;
        let lacks = habeas_bundle::unfilled(&decided, &access, &organisation, &options);
        rules.unfilled.extend(lacks.err().map(|error| error.to_string()));
    }
    Ok(rules)
}

/// The sources that are kept for somebody's health or care.
pub fn health_sources(home: &Home) -> Result<BTreeSet<SourceName>, Failure> {
    let is_health = |name: &str| {
        home.config.activity.iter().any(|activity| activity.health && activity.name == name)
    };
    let sources = home.config.source.iter().filter(|source| is_health(&source.activity));
    sources.map(|source| SourceName::parse(&source.name).map_err(Failure::usage)).collect()
}
