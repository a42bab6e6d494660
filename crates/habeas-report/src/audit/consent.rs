//! P8: is there a consent behind every address that marketing is sent to?

use std::collections::HashMap;

use habeas_model::Card;
use jiff::civil::Date;

use super::columns::{address, latest, under};
use super::findings::{Findings, Spot};
use super::seen::{Seen, Where};
use super::{Around, Check, Probe, Promise, Severity, Started};
use crate::map::hash;

pub(super) const CHECK: Check = Check {
    card: Card {
        name: "consent",
        version: 1,
        summary: "P8: marketing needs consent; every row of a list has a column that proves it, or its address a consent in a log that was not withdrawn later",
        handles: &["lists", "log", "agreed", "unsubscribed", "status", "yes"],
        authority: "UK GDPR Art. 7(1) and 7(3); Privacy and Electronic Communications Regulations 2003, reg. 22(2)",
    },
    start,
};

fn start<'a>(promise: &'a Promise, _: &Around<'a>) -> Started<'a> {
    if !promise.log.is_empty() && (promise.status.is_empty() || promise.yes.is_empty()) {
        return Err(
            "the promise says a `log`, and not which column is its `status` and what means `yes`"
                .to_owned(),
        );
    }
    Ok(Box::new(Consent {
        promise,
        lists: promise.needed("lists", &promise.lists)?,
        log: Where::or_nowhere(&promise.log),
        logged: HashMap::new(),
        listed: Vec::new(),
    }))
}

struct Consent<'a> {
    promise: &'a Promise,
    lists: Where,
    log: Where,
    /// The latest word of each address in a log: when, and whether it was yes.
    logged: HashMap<u64, (Date, bool)>,
    /// Rows of lists: whose, when the row itself says that they agreed, where it stands.
    listed: Vec<(u64, Option<Date>, Spot)>,
}

impl Probe for Consent<'_> {
    fn see(&mut self, seen: &Seen<'_>, _: &mut Findings<'_>) {
        if seen.is_message() {
            return;
        }
        if seen.is_in(&self.log) {
            self.note(seen);
        } else if seen.is_in(&self.lists) {
            self.list(seen);
        }
    }

    fn end(&mut self, out: &mut Findings<'_>) {
        for (who, agreed, spot) in &self.listed {
            let (severity, what) = match (self.logged.get(who), agreed) {
                (Some((_, true)), _) => continue,
                // Whoever agreed later than they refused has agreed.
                (Some((refused, false)), Some(agreed)) if refused < agreed => continue,
                (Some((_, false)), _) => {
                    (Severity::High, "a list holds somebody who refused or withdrew consent")
                }
                (None, Some(_)) => continue,
                (None, None) => {
                    (Severity::Medium, "a list holds somebody of whom no consent is recorded")
                }
            };
            out.push_at(
                severity,
                Some(spot),
                what,
                "find the consent and record it with its day and words, or take the address off the list",
            );
        }
    }
}

impl Consent<'_> {
    fn note(&mut self, seen: &Seen<'_>) {
        for indexed in seen.part {
            let Some(who) = address(indexed).map(|hit| hash(hit.value.reveal())) else { continue };
            let Some(status) = under(&indexed.passage, &self.promise.status) else { continue };
            let is_yes = self.promise.yes.iter().any(|yes| yes.eq_ignore_ascii_case(status));
            let word = (seen.day(indexed), is_yes);
            let last = self.logged.entry(who).or_insert(word);
            if last.0 <= word.0 {
                *last = word;
            }
        }
    }

    fn list(&mut self, seen: &Seen<'_>) {
        for indexed in seen.part {
            let Some(who) = address(indexed).map(|hit| hash(hit.value.reveal())) else { continue };
            let Some(spot) = seen.spot(&self.lists, Some(indexed)) else { continue };
            let passage = &indexed.passage;
            let agreed = latest(passage, &self.promise.agreed);
            match (latest(passage, &self.promise.unsubscribed), agreed) {
                // Who left is on the list as one who left.
                (Some(left), Some(agreed)) if left < agreed => {}
                (Some(_), _) => continue,
                (None, _) => {}
            }
            self.listed.push((who, agreed, spot));
        }
    }
}
