//! What is otherwise than in an earlier map?

use std::collections::{BTreeMap, BTreeSet};

use habeas_model::SourceName;
use serde::{Deserialize, Serialize};

use super::{Holds, Map, RemarkKind, VERSION};
use crate::kind_title;

/// Something that is otherwise than it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Change {
    /// In which source; `None` for what is about none.
    pub source: Option<SourceName>,
    /// In which folder of it; empty for the source's own, or for all.
    pub folder: String,
    /// What changed, such as `items`, `kind:email`, `special:health`, `open to everybody`.
    pub what: String,
    /// How much it was.
    pub before: u64,
    /// How much it is.
    pub now: u64,
    /// The same in a sentence.
    pub text: String,
}

/// Reads a map that was kept, to compare with.
///
/// # Errors
/// A sentence, if it is no map or of another version.
pub fn read_snapshot(bytes: &[u8]) -> Result<Map, String> {
    #[derive(Deserialize)]
    struct Head {
        version: u32,
    }
    let head: Head =
        serde_json::from_slice(bytes).map_err(|_| "it is not a map that was kept".to_owned())?;
    if head.version != VERSION {
        return Err(format!(
            "it is of version {}, and this is version {VERSION}: they say different things",
            head.version
        ));
    }
    serde_json::from_slice(bytes).map_err(|_| "it is damaged".to_owned())
}

/// Everything that is otherwise than in an earlier map, sorted by place. Nothing if all is the same;
/// another day alone is no change, what has come to be overdue by it is.
pub fn drift(before: &Map, now: &Map) -> Vec<Change> {
    let mut out = BTreeSet::new();
    let (old, new) = (figures(before), figures(now));
    let places: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let none = BTreeMap::new();
    for place in places {
        let (was, is) = (old.get(place), new.get(place));
        let (source, folder) = place;
        let spot = if folder.is_empty() {
            format!("source `{source}`")
        } else {
            format!("source `{source}`, folder `{folder}`")
        };
        let mut change = |what: &str, before: u64, now: u64, text: String| {
            out.insert(Change {
                source: Some(source.clone()),
                folder: folder.clone(),
                what: what.to_owned(),
                before,
                now,
                text,
            });
        };
        let (was, is) = match (was, is) {
            (None, Some(is)) => {
                let n = is.get("items").copied().unwrap_or_default();
                change("folder", 0, n, format!("{spot} is new"));
                continue;
            }
            (Some(was), None) => {
                let n = was.get("items").copied().unwrap_or_default();
                change("folder", n, 0, format!("{spot} is gone, or empty"));
                continue;
            }
            (was, is) => (was.unwrap_or(&none), is.unwrap_or(&none)),
        };
        let whats: BTreeSet<_> = was.keys().chain(is.keys()).collect();
        for what in whats {
            let [before, now] =
                [was, is].map(|figures| figures.get(what).copied().unwrap_or_default());
            if before != now {
                change(what, before, now, format!("{spot}: {}: {before}, now {now}", said(what)));
            }
        }
    }
    remarks(before, now, &mut out);
    out.into_iter().collect()
}

/// Every figure of a map that is compared, by place.
fn figures(map: &Map) -> BTreeMap<(SourceName, String), BTreeMap<String, u64>> {
    let mut all = BTreeMap::new();
    for folder in &map.folders {
        all.insert((folder.source.clone(), folder.path.clone()), of(&folder.holds));
    }
    all
}

fn of(holds: &Holds) -> BTreeMap<String, u64> {
    let mut figures = BTreeMap::new();
    let mut put = |what: String, n: u64| {
        if n > 0 {
            figures.insert(what, n);
        }
    };
    put("items".to_owned(), holds.items);
    put("unread".to_owned(), holds.unread);
    put("records".to_owned(), holds.ages.records);
    put("overdue".to_owned(), holds.ages.overdue);
    for (kind, amount) in &holds.kinds {
        put(format!("kind:{kind}"), amount.hits);
    }
    for (whose, n) in &holds.whose {
        put(format!("whose:{whose}"), *n);
    }
    for (list, n) in &holds.special {
        put(format!("special:{list}"), *n);
    }
    if let Some(access) = &holds.access {
        put("open to everybody".to_owned(), access.for_everybody);
        for (group, n) in &access.groups {
            put(format!("open to group:{group}"), *n);
        }
        for (owner, n) in &access.owners {
            put(format!("owned by:{owner}"), *n);
        }
    }
    figures
}

/// A figure's name for a person.
fn said(what: &str) -> String {
    match what.split_once(':') {
        Some(("kind", kind)) => {
            let kind = serde_json::from_value(serde_json::Value::from(kind));
            kind.map_or_else(|_| what.to_owned(), |kind| kind_title(kind).to_owned())
        }
        Some(("whose", whose)) => format!("passages on {}", whose.to_lowercase()),
        Some(("special", list)) => format!("passages with terms of {list}"),
        Some((start, name)) => format!("files {start} `{name}`"),
        None => match what {
            "unread" => "items that could not be read".to_owned(),
            "overdue" => "records past their period".to_owned(),
            "open to everybody" => "files open to everybody".to_owned(),
            _ => what.to_owned(),
        },
    }
}

/// Remarks on what is declared that came or went. Those that count something changed with it above.
fn remarks(before: &Map, now: &Map, out: &mut BTreeSet<Change>) {
    type Key = (RemarkKind, Option<SourceName>, Option<String>, String);
    let keys = |map: &Map| -> BTreeSet<Key> {
        let declared = map.remarks.iter().filter(|remark| remark.number.is_none());
        declared
            .map(|it| (it.kind, it.source.clone(), it.activity.clone(), it.text.clone()))
            .collect()
    };
    let (old, new) = (keys(before), keys(now));
    for (key, before, now, word) in new
        .difference(&old)
        .map(|key| (key, 0, 1, "is new"))
        .chain(old.difference(&new).map(|key| (key, 1, 0, "is settled")))
    {
        let (kind, source, _, text) = key;
        out.insert(Change {
            source: source.clone(),
            folder: String::new(),
            what: format!("remark:{}", kind.title()),
            before,
            now,
            text: format!("{text} ({word})"),
        });
    }
}
