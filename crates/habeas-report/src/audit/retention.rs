//! P5: is anything kept longer than promised, and is what is called anonymous so?

use std::collections::{HashMap, HashSet};

use habeas_model::{Card, Kind, SourceName, is_message};

use super::findings::{Findings, Spot};
use super::seen::{Seen, Where};
use super::{Around, Check, Probe, Promise, Severity, Started};
use crate::map::{date_of, hash, record_date};
use crate::{Declared, Period};
use jiff::civil::Date;

pub(super) const CHECK: Check = Check {
    card: Card {
        name: "retention",
        version: 1,
        summary: "P5: nothing is kept longer than its activity's period, or the promise's; what is anonymous (`except`) names nobody and joins to nobody",
        handles: &["sources", "except", "period (that of the activity)"],
        authority: "UK GDPR Art. 5(1)(e), Art. 4(5) and recital 26",
    },
    start,
};

fn start<'a>(promise: &'a Promise, around: &Around<'a>) -> Started<'a> {
    let own = if promise.period.is_empty() { None } else { Some(promise.period("")?) };
    let sources = promise.sources();
    let declared = around.declared;
    if own.is_none() {
        // A period that cannot be is told of here too: silence would read as kept.
        let stores = declared.stores.iter().filter(|store| sources.has_source(&store.name));
        for activity in stores.filter_map(|store| declared.activity_of(&store.name)) {
            activity.period().map_err(|why| format!("activity `{}`: {why}", activity.name))?;
        }
    }
    Ok(Box::new(Retention {
        sources,
        anonymous: Where::or_nowhere(&promise.except),
        declared,
        own,
        today: around.today,
        cutoffs: HashMap::new(),
        has_dated_records: false,
        names_somebody: false,
        keys: Vec::new(),
        known: HashSet::new(),
    }))
}

struct Retention<'a> {
    sources: Where,
    anonymous: Where,
    declared: &'a Declared,
    own: Option<Period>,
    today: Date,
    cutoffs: HashMap<SourceName, Option<(Date, Period)>>,
    has_dated_records: bool,
    names_somebody: bool,
    /// What could join an anonymous row to somebody, and where it stands.
    keys: Vec<(u64, Spot)>,
    /// The same where people are named beside it.
    known: HashSet<u64>,
}

/// What joins rows of one system to rows of another.
const KEYS: &[Kind] = &[Kind::Reference, Kind::Device, Kind::Handle];

impl Probe for Retention<'_> {
    fn see(&mut self, seen: &Seen<'_>, out: &mut Findings<'_>) {
        if seen.is_first {
            (self.has_dated_records, self.names_somebody) = (false, false);
        }
        self.join(seen, out);
        if !seen.is_in(&self.sources) {
            return;
        }
        let is_one = is_message(&seen.item.media_type);
        for indexed in seen.part {
            self.names_somebody |= !indexed.hits.is_empty();
            let day = if is_one { None } else { record_date(indexed, &seen.item.media_type) };
            if let Some(day) = day {
                self.has_dated_records = true;
                if !indexed.hits.is_empty() {
                    self.judge(seen, day, Some(indexed), out);
                }
            }
        }
        if seen.is_last && !self.has_dated_records && self.names_somebody {
            self.judge(seen, date_of(seen.item, seen.part).0, None, out);
        }
    }

    fn end(&mut self, out: &mut Findings<'_>) {
        for (key, spot) in &self.keys {
            if self.known.contains(key) {
                out.push_at(
                    Severity::Medium,
                    Some(spot),
                    "a row that is called anonymous has a reference that stands beside a name elsewhere",
                    "replace the reference by one that nothing else holds, or sum the rows up",
                );
            }
        }
    }
}

impl Retention<'_> {
    fn cutoff(&mut self, source: &SourceName) -> Option<(Date, Period)> {
        let (own, declared, today) = (self.own, self.declared, self.today);
        *self.cutoffs.entry(source.clone()).or_insert_with(|| {
            let of_activity =
                || declared.activity_of(source).and_then(|it| it.period().ok().flatten());
            own.or_else(of_activity).map(|period| (period.before(today), period))
        })
    }

    fn judge(
        &mut self,
        seen: &Seen<'_>,
        day: Date,
        indexed: Option<&habeas_model::Indexed>,
        out: &mut Findings<'_>,
    ) {
        for seat in seen.seats(&self.sources.clone()) {
            if let Some((cutoff, period)) =
                self.cutoff(&seat.source).filter(|(cutoff, _)| day < *cutoff)
            {
                let twice = period.before(cutoff);
                out.push(
                    if day < twice { Severity::High } else { Severity::Medium },
                    seat,
                    indexed.map(|it| &it.passage.place),
                    if day < twice {
                        format!("kept more than twice the {period} that were promised")
                    } else {
                        format!("kept longer than the {period} that were promised")
                    },
                    "delete it, or say in the record of processing why it is kept",
                );
            }
        }
    }

    /// What is called anonymous names nobody, and joins to nobody.
    fn join(&mut self, seen: &Seen<'_>, out: &mut Findings<'_>) {
        let is_anonymous = seen.is_in(&self.anonymous);
        for indexed in seen.part {
            let keys = indexed.hits.iter().filter(|hit| KEYS.contains(&hit.kind));
            let keys = keys.map(|hit| hash(&format!("{} {}", hit.kind, hit.value.reveal())));
            let names = indexed.hits.iter().any(|hit| {
                matches!(hit.kind, Kind::Name | Kind::Email | Kind::Phone | Kind::NhsNumber)
            });
            if !is_anonymous {
                if names {
                    self.known.extend(keys);
                }
                continue;
            }
            let Some(spot) = seen.spot(&self.anonymous, Some(indexed)) else { continue };
            if names {
                out.push_at(
                    Severity::High,
                    Some(&spot),
                    "what is called anonymous names somebody",
                    "take names and addresses out, or call it by its name and declare it",
                );
            }
            self.keys.extend(keys.map(|key| (key, spot.clone())));
        }
    }
}
