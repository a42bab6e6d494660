//! Are the promises of a privacy notice kept?
//!
//! A promise is a block of `habeas.toml`: which check, what was promised and where it stands, and what
//! the check needs to know. A check is one file and one line in [`CHECKS`]: its [`Card`] introduces
//! it, `start` makes a [`Probe`] of a promise, the probe looks at every item once and pushes what
//! it finds. All probes share one pass over the estate's memory; no source is opened.

mod columns;
mod findings;
mod page;
mod promise;
mod seen;

mod children;
mod consent;
mod identity;
mod interests;
mod recipients;
mod requests;
mod restricted;
mod retention;
mod sensitive;
mod touchpoints;
mod unsubscribed;

use habeas_index::Estate;
use habeas_model::Card;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Declared, Error, SourceRights};
use findings::Findings;
pub use findings::{Finding, Severity};
pub use page::page;
pub use promise::{Promise, Touchpoint};
use seen::Seen;

/// Goes up with every change of what an audit says.
pub const VERSION: u32 = 1;

/// What looks at the items for a promise, or a sentence that says why nothing can.
type Started<'a> = Result<Box<dyn Probe + 'a>, String>;

/// One kind of promise, and how it is checked.
pub(crate) struct Check {
    card: Card,
    /// Makes ready what looks at the items; a sentence, if the promise cannot be checked as it stands.
    start: for<'a> fn(&'a Promise, &Around<'a>) -> Started<'a>,
}

/// What looks at every item of the estate for one promise.
pub(crate) trait Probe {
    /// Looks at a part of an item. Items come in any order; the parts of one come together.
    fn see(&mut self, seen: &Seen<'_>, out: &mut Findings<'_>);

    /// Says what only is known when all was seen.
    fn end(&mut self, out: &mut Findings<'_>) {
        let _ = out;
    }
}

/// What a check may look at besides the items.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    declared: &'a Declared,
    rights: &'a SourceRights,
    /// E-mail addresses, in their normal form, of people whose request is a case.
    requesters: &'a [String],
    /// Items of each source that were read, by its name.
    sources: &'a [(habeas_model::SourceName, u64)],
    today: Date,
}

/// All checks, in the order of their numbers.
pub(crate) const CHECKS: &[Check] = &[
    sensitive::CHECK,
    unsubscribed::CHECK,
    interests::CHECK,
    children::CHECK,
    retention::CHECK,
    recipients::CHECK,
    restricted::CHECK,
    consent::CHECK,
    identity::CHECK,
    requests::CHECK,
    touchpoints::CHECK,
];

/// The cards of all checks.
pub fn cards() -> Vec<Card> {
    CHECKS.iter().map(|check| check.card).collect()
}

/// What came of every promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// [`VERSION`].
    pub version: u32,
    /// What made it.
    pub software: String,
    /// The day from which ages and periods are counted.
    pub date: Date,
    /// Each promise, in the order of the configuration.
    pub promises: Vec<Outcome>,
    /// What breaks them: by promise, then the gravest first, then by place.
    pub findings: Vec<Finding>,
}

/// What came of one promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its number in the configuration, from 1.
    pub number: usize,
    /// Which check.
    pub check: String,
    /// What was promised, in the organisation's words.
    pub promise: String,
    /// Where it stands in the notice.
    pub notice: String,
    /// Is it kept?
    pub state: State,
    /// How many findings break it.
    pub findings: u64,
}

/// Is a promise kept?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing was found that breaks it. That is no proof: what was not read was not seen.
    NothingFound,
    /// Something breaks it.
    Broken,
    /// It could not be checked; the sentence says why.
    NotChecked(String),
}

impl Audit {
    /// Is there anything to look at?
    pub fn is_clean(&self) -> bool {
        self.promises.iter().all(|promise| promise.state == State::NothingFound)
    }
}

/// Checks every promise against the estate as it was when it was last indexed.
///
/// # Errors
/// If the estate's memory cannot be read. A promise that cannot be checked is no error.
pub fn audit(
    estate: &Estate,
    declared: &Declared,
    rights: &SourceRights,
    promises: &[Promise],
    requesters: &[String],
    today: Date,
) -> Result<Audit, Error> {
    let sources: Vec<(habeas_model::SourceName, u64)> = estate
        .accounting()?
        .into_iter()
        .map(|(source, sums)| (source, sums.read + sums.duplicate))
        .collect();
    let around = Around { declared, rights, requesters, sources: &sources, today };
    let mut probes: Vec<(usize, Started<'_>)> = promises
        .iter()
        .enumerate()
        .map(|(number, promise)| (number, start(promise, &around)))
        .collect();
    let mut findings = Findings::new(promises);
    let mut is_first = true;
    estate.survey(|item, part, is_last| {
        let seen = Seen::new(item, part, is_first, is_last);
        for (number, probe) in &mut probes {
            if let Ok(probe) = probe {
                findings.turn(*number);
                probe.see(&seen, &mut findings);
            }
        }
        is_first = is_last;
        Ok::<(), Error>(())
    })?;
    for (number, probe) in &mut probes {
        if let Ok(probe) = probe {
            findings.turn(*number);
            probe.end(&mut findings);
        }
    }
    let findings = findings.finish();
    let outcomes = probes.into_iter().map(|(number, probe)| {
        let promise = &promises[number];
        let n = findings.iter().filter(|finding| finding.number == number + 1).count() as u64;
        Outcome {
            number: number + 1,
            check: promise.check.clone(),
            promise: promise.promise.clone(),
            notice: promise.notice.clone(),
            state: match probe {
                Err(why) => State::NotChecked(why),
                Ok(_) if n > 0 => State::Broken,
                Ok(_) => State::NothingFound,
            },
            findings: n,
        }
    });
    Ok(Audit {
        version: VERSION,
        software: concat!("habeas ", env!("CARGO_PKG_VERSION")).to_owned(),
        date: today,
        promises: outcomes.collect(),
        findings,
    })
}

/// Makes ready the check of a promise.
fn start<'a>(promise: &'a Promise, around: &Around<'a>) -> Started<'a> {
    let name = promise.check.as_str();
    let Some(check) = CHECKS.iter().find(|check| check.card.name == name) else {
        let near = CHECKS.iter().max_by_key(|check| {
            // Two decimals of likeness are enough to rank names.
            (strsim::jaro_winkler(name, check.card.name) * 100.0) as u32
        });
        let near = near.map_or("", |check| check.card.name);
        return Err(format!("there is no check `{}`; did you mean `{near}`?", name.escape_debug()));
    };
    for spot in promise.spots() {
        let source = spot.split_once(':').map_or(spot, |(source, _)| source);
        if around.declared.stores.iter().all(|store| store.name.as_str() != source) {
            return Err(format!(
                "it names source `{}`, which is not in habeas.toml",
                source.escape_debug()
            ));
        }
    }
    (check.start)(promise, around)
}
