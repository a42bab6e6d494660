//! What should somebody look at? What lies there, held against what is declared.

use std::collections::BTreeMap;

use habeas_model::SourceName;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Map;
use crate::{Activity, Declared, SourceRights, count, counted, taxonomies};

/// Something that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Remark {
    /// What it is about.
    pub kind: RemarkKind,
    /// Which source, if it is about one.
    pub source: Option<SourceName>,
    /// Which activity, if it is about one.
    pub activity: Option<String>,
    /// Which taxonomy, if it is about one.
    pub special: Option<String>,
    /// How many, where it counts something.
    pub number: Option<u64>,
    /// What it is, in a sentence without personal data.
    pub text: String,
    /// What to do about it.
    pub advice: String,
}

/// What a remark is about; the most pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemarkKind {
    /// Every account of the machine may read files with personal data.
    ReadableByEverybody,
    /// Records are older than their activity's period.
    PastRetention,
    /// Words of a special category stand where none is declared.
    UndeclaredSpecial,
    /// A store is not in the configuration, or not any more.
    UndeclaredStore,
    /// A source belongs to no activity.
    SourceWithoutActivity,
    /// A source names an activity that is not declared.
    UnknownActivity,
    /// An activity has no source: its system is not searched.
    ActivityWithoutSource,
    /// A source was never scanned to its end.
    NotScanned,
    /// A period that cannot be.
    ImpossiblePeriod,
    /// An activity that says no period in numbers.
    NoPeriod,
    /// An activity that names a taxonomy that is not there.
    UnknownTaxonomy,
    /// Items could not be read.
    Unread,
    /// The file system did not say who may read.
    RightsUnknown,
}

impl RemarkKind {
    /// As a heading calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::ReadableByEverybody => "Open to every account",
            Self::PastRetention => "Kept too long",
            Self::UndeclaredSpecial => "Special category not declared",
            Self::UndeclaredStore => "Store not declared",
            Self::SourceWithoutActivity => "Source without an activity",
            Self::UnknownActivity => "Activity not declared",
            Self::ActivityWithoutSource => "Activity without a source",
            Self::NotScanned => "Not scanned",
            Self::ImpossiblePeriod => "Impossible period",
            Self::NoPeriod => "No period",
            Self::UnknownTaxonomy => "Unknown taxonomy",
            Self::Unread => "Not read",
            Self::RightsUnknown => "Access not known",
        }
    }
}

/// All remarks on a map, sorted.
pub(super) fn remarks(
    map: &Map,
    declared: &Declared,
    rights: &SourceRights,
    scanned: &BTreeMap<SourceName, Option<Date>>,
) -> Vec<Remark> {
    let mut out = Vec::new();
    activities(map, declared, &mut out);
    stores(map, declared, scanned, &mut out);
    contents(map, declared, &mut out);
    beside(declared, &mut out);
    for (source, why) in rights {
        if let Err(why) = why {
            out.push(Remark {
                source: Some(source.clone()),
                ..remark(
                    RemarkKind::RightsUnknown,
                    format!("source `{source}`: who may read it is not known: {why}"),
                    "make the source reachable and run `habeas map` again",
                )
            });
        }
    }
    out.sort();
    out
}

fn remark(kind: RemarkKind, text: String, advice: &str) -> Remark {
    Remark {
        kind,
        source: None,
        activity: None,
        special: None,
        number: None,
        text,
        advice: advice.to_owned(),
    }
}

/// What lies beside the sources.
fn beside(declared: &Declared, out: &mut Vec<Remark>) {
    for it in &declared.beside {
        let root = it.root.escape_debug();
        match &it.names {
            Ok(names) => out.extend(names.iter().map(|name| {
                remark(
                    RemarkKind::UndeclaredStore,
                    format!("`{name}` lies in `{root}`, and no source covers it: what is in it is not known"),
                    "declare it as a `[[source]]`, or move it away",
                )
            })),
            Err(why) => out.push(remark(
                RemarkKind::RightsUnknown,
                format!("`{root}`, where stores should be, cannot be listed: {why}"),
                "make it reachable, or take it out of `roots` in habeas.toml",
            )),
        }
    }
}

/// Activities without a source, without a period, with an impossible one.
fn activities(map: &Map, declared: &Declared, out: &mut Vec<Remark>) {
    for activity in &declared.activities {
        let of = |kind, text: String, advice: &str| Remark {
            activity: Some(activity.name.clone()),
            ..remark(kind, text, advice)
        };
        let name = &activity.name;
        let sources = map.sources.iter().filter(|source| source.activity == *name);
        if sources.clone().next().is_none() {
            out.push(of(
                RemarkKind::ActivityWithoutSource,
                format!("activity `{name}` has no source: where its data lies is not searched"),
                "add a `[[source]]` with this `activity`, or take the activity out",
            ));
        }
        match activity.period() {
            Err(why) => out.push(of(
                RemarkKind::ImpossiblePeriod,
                format!("activity `{name}`: {why}; what is kept too long is not told for it"),
                "write `keep` as a number and years, months, weeks or days",
            )),
            Ok(None) if sources.clone().any(|source| source.holds.is_personal()) => {
                out.push(of(
                    RemarkKind::NoPeriod,
                    format!("activity `{name}` says no period in numbers: what is kept too long is not told"),
                    "add `keep`, such as \"8 years\", to the activity",
                ));
            }
            Ok(_) => {}
        }
        for special in &activity.special {
            if crate::taxonomy::by_name(special).is_none() {
                let known: Vec<&str> = taxonomies().iter().map(|list| list.name).collect();
                out.push(of(
                    RemarkKind::UnknownTaxonomy,
                    format!("activity `{name}` expects `{special}`, which is no taxonomy"),
                    &format!("name one of: {}", known.join(", ")),
                ));
            }
        }
    }
}

/// Sources without an activity, never scanned, or no longer declared.
fn stores(
    map: &Map,
    declared: &Declared,
    scanned: &BTreeMap<SourceName, Option<Date>>,
    out: &mut Vec<Remark>,
) {
    for source in &map.sources {
        let name = &source.name;
        let of = |kind, text: String, advice: &str| Remark {
            source: Some(name.clone()),
            ..remark(kind, text, advice)
        };
        if declared.store(name).is_none() {
            out.push(of(
                RemarkKind::UndeclaredStore,
                format!(
                    "source `{name}` was indexed and is not in habeas.toml: {} in it are not declared",
                    counted(source.holds.items, "item", "items")
                ),
                "declare it as a `[[source]]` again, or delete what was indexed of it",
            ));
        } else if source.activity.is_empty() {
            out.push(of(
                RemarkKind::SourceWithoutActivity,
                format!("source `{name}` has no activity: why its data is held is not declared"),
                "add an `activity` to the source in habeas.toml",
            ));
        } else if declared.activity_of(name).is_none() {
            out.push(of(
                RemarkKind::UnknownActivity,
                format!(
                    "source `{name}` belongs to activity `{}`, which is not declared",
                    source.activity
                ),
                "declare it as an `[[activity]]`, or name another one",
            ));
        }
        if scanned.get(name).copied().flatten().is_none() {
            out.push(of(
                RemarkKind::NotScanned,
                format!(
                    "source `{name}` was never scanned to its end: what is in it is not all known"
                ),
                "run `habeas index`",
            ));
        }
    }
}

/// What lies there against what may.
fn contents(map: &Map, declared: &Declared, out: &mut Vec<Remark>) {
    for source in &map.sources {
        let (name, holds) = (&source.name, &source.holds);
        let of = |kind, number: u64, text: String, advice: &str| Remark {
            source: Some(name.clone()),
            activity: declared.activity_of(name).map(|activity| activity.name.clone()),
            number: Some(number),
            ..remark(kind, text, advice)
        };
        if holds.unread > 0 {
            out.push(of(
                RemarkKind::Unread,
                holds.unread,
                format!(
                    "source `{name}`: {} could not be read, and may hold anything",
                    counted(holds.unread, "item", "items")
                ),
                "look at them with `habeas status --exceptions`",
            ));
        }
        let n_open = holds.access.as_ref().map_or(0, |access| access.for_everybody);
        if n_open > 0 && holds.is_personal() {
            out.push(of(
                RemarkKind::ReadableByEverybody,
                n_open,
                format!(
                    "source `{name}`: every account of the machine may read {}, if the folders above let it",
                    counted(n_open, "file", "files")
                ),
                "take the right to read from others (chmod o-r), or close the folder above",
            ));
        }
        let Some(activity) = declared.activity_of(name) else { continue };
        if holds.ages.overdue > 0 {
            out.push(of(
                RemarkKind::PastRetention,
                holds.ages.overdue,
                format!(
                    "source `{name}`: {} of {} older than the {} of activity `{}`",
                    count(holds.ages.overdue),
                    match holds.ages.records {
                        1 => "1 record is".to_owned(),
                        n => format!("{} records are", count(n)),
                    },
                    activity.keep,
                    activity.name
                ),
                "delete or anonymise them, or say in the record why they are kept",
            ));
        }
        special(&of, activity, holds, out);
    }
}

fn special(
    of: &impl Fn(RemarkKind, u64, String, &str) -> Remark,
    activity: &Activity,
    holds: &super::Holds,
    out: &mut Vec<Remark>,
) {
    for taxonomy in taxonomies() {
        let n = holds.special.get(taxonomy.name).copied().unwrap_or_default();
        if n == 0 || activity.special.iter().any(|declared| declared == taxonomy.name) {
            continue;
        }
        let mut remark = of(
            RemarkKind::UndeclaredSpecial,
            n,
            String::new(),
            "see what it is; declare it with a condition of Art. 9, or take it out of there",
        );
        remark.text = format!(
            "source `{}`: terms of {} stand in {}; activity `{}` declares none ({})",
            remark.source.as_ref().map_or("", SourceName::as_str),
            lower_first(&taxonomy.title),
            counted(n, "passage", "passages"),
            activity.name,
            taxonomy.authority
        );
        remark.special = Some(taxonomy.name.to_owned());
        out.push(remark);
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
