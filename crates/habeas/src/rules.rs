//! Which rules does the configuration set for an erasure?

use std::path::PathBuf;

use habeas_erase::{Erasure, Ground, Hold, List, Rules, SourceRule, Writes};
use habeas_law::{ERASURE_EXCEPTIONS, ErasureException, erasure_exception};
use habeas_model::Kind;
use habeas_source::Glob;
use jiff::civil::Date;
use serde::Deserialize;

use crate::config::{ActivityKeys, Config};
use crate::estate::Home;
use crate::failure::Failure;

/// The keys of `[erasure]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ErasureKeys {
    pub two_people: bool,
    pub plan_days: u32,
    pub most_steps: usize,
}

impl Default for ErasureKeys {
    fn default() -> Self {
        Self { two_people: true, plan_days: 30, most_steps: 1_000 }
    }
}

/// The keys of a `[[hold]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldKeys {
    pub name: String,
    pub reason: String,
    #[serde(default)]
    pub exception: String,
    #[serde(default)]
    pub sources: Vec<String>,
    #[serde(default)]
    pub paths: Vec<String>,
    #[serde(default)]
    pub cases: Vec<String>,
    #[serde(default)]
    pub until: String,
}

/// The keys of a `[[suppression]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuppressionKeys {
    pub name: String,
    pub file: PathBuf,
    pub column: String,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub writes: EntryKeys,
}

/// How an entry of a suppression list is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKeys {
    /// As it is.
    #[default]
    Plain,
    /// As its digest.
    Sha256,
}

/// What erasure does with the records of an activity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Erases {
    /// They are erased.
    #[default]
    Erase,
    /// They are made anonymous.
    Anonymise,
    /// They are kept.
    Keep,
}

/// The rules of the estate's configuration.
pub fn rules(home: &Home) -> Result<Rules, Failure> {
    let config = &home.config;
    let holds = config.hold.iter().map(|keys| hold(keys, config)).collect::<Result<_, _>>()?;
    let sources = home.config.sources(&home.root)?;
    let sources = config
        .source
        .iter()
        .zip(sources)
        .map(|(keys, source)| {
            let of = |activity: &&ActivityKeys| activity.name == keys.activity;
            let activity = config.activity.iter().find(of);
            Ok(SourceRule {
                source,
                title: keys.title.clone(),
                is_backup: keys.backup,
                activity: keys.activity.clone(),
                erasure: activity.map_or(Ok(Erasure::Erase), erasure)?,
                is_marketing: activity.is_some_and(|one| one.marketing),
                recipients: activity.map(|one| one.recipients.clone()).unwrap_or_default(),
            })
        })
        .collect::<Result<_, Failure>>()?;
    Ok(Rules {
        holds,
        sources,
        suppressions: config.suppression.iter().map(|keys| home.root.join(&keys.file)).collect(),
        valid_days: config.erasure.plan_days,
        most_steps: config.erasure.most_steps,
        needs_two_people: config.erasure.two_people,
    })
}

/// The lists of those who get no marketing.
pub fn lists(home: &Home) -> Result<Vec<List>, Failure> {
    let list = |keys: &SuppressionKeys| {
        let kind = match keys.kind.as_str() {
            "" | "email" => Kind::Email,
            "phone" => Kind::Phone,
            other => {
                return Err(Failure::usage(format!(
                    "habeas.toml: the suppression list \"{}\": `{other}` is not a kind of entry",
                    keys.name
                ))
                .hint("write email or phone"));
            }
        };
        Ok(List {
            name: keys.name.clone(),
            file: home.root.join(&keys.file),
            column: keys.column.clone(),
            kind,
            writes: match keys.writes {
                EntryKeys::Plain => Writes::Plain,
                EntryKeys::Sha256 => Writes::Sha256,
            },
        })
    };
    home.config.suppression.iter().map(list).collect()
}

fn hold(keys: &HoldKeys, config: &Config) -> Result<Hold, Failure> {
    let wrong =
        |what: String| Failure::usage(format!("habeas.toml: the hold \"{}\": {what}", keys.name));
    for name in &keys.sources {
        if !config.source.iter().any(|source| source.name == *name) {
            return Err(wrong(format!("there is no source `{name}`")));
        }
    }
    let until = match keys.until.as_str() {
        "" => None,
        text => Some(
            text.parse::<Date>()
                .map_err(|_| wrong(format!("`{text}` is not a date: write it as 2027-03-31")))?,
        ),
    };
    // A hold without another word is kept for a claim.
    let code = if keys.exception.is_empty() { "17(3)(e)" } else { &keys.exception };
    Ok(Hold {
        name: keys.name.clone(),
        reason: keys.reason.clone(),
        sources: keys.sources.clone(),
        paths: keys.paths.iter().map(|path| Glob::new(path)).collect(),
        cases: keys.cases.clone(),
        until,
        exception: exception(code)?,
    })
}

fn erasure(keys: &ActivityKeys) -> Result<Erasure, Failure> {
    let ground = || {
        if keys.because.trim().is_empty() {
            return Err(Failure::usage(format!(
                "habeas.toml: the activity `{}` keeps what somebody asks to erase and does not say why",
                keys.name
            ))
            .hint("add `because`, and `exception` such as \"Art. 17(3)(b)\""));
        }
        Ok(Ground { exception: exception(&keys.exception)?, because: keys.because.clone() })
    };
    Ok(match keys.erasure {
        Erases::Erase => Erasure::Erase,
        Erases::Anonymise => Erasure::Anonymise(ground()?),
        Erases::Keep => Erasure::Keep(ground()?),
    })
}

/// The exception that a code names.
pub fn exception(code: &str) -> Result<&'static ErasureException, Failure> {
    erasure_exception(code).ok_or_else(|| {
        let known: Vec<&str> = ERASURE_EXCEPTIONS.iter().map(|one| one.code).collect();
        Failure::usage(format!("`{code}` is no exception from the right to erasure"))
            .hint(format!("write one of {}", known.join(", ")))
    })
}
