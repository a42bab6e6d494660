//! P6: does data go to recipients who are not declared?

use std::collections::HashSet;

use habeas_model::{Card, Kind, Party};

use super::findings::{Findings, Spot};
use super::seen::{Seen, Where};
use super::{Around, Check, Probe, Promise, Severity, Started};
use crate::Declared;
use crate::declared::is_within;
use crate::map::hash;
use crate::taxonomy::Told;

pub(super) const CHECK: Check = Check {
    card: Card {
        name: "recipients",
        version: 1,
        summary: "P6: mail goes to declared recipients only, and health data only to clinical ones; domains of outbound mail against those declared",
        handles: &["sources", "processors", "clinical", "taxonomies (health)"],
        authority: "UK GDPR Art. 13(1)(e), 28(1) and 30(1)(d)",
    },
    start,
};

fn start<'a>(promise: &'a Promise, around: &Around<'a>) -> Started<'a> {
    if around.declared.own_domains.is_empty() {
        return Err(
            "`[staff]` in habeas.toml names no `domains`, so outbound mail is not known".to_owned()
        );
    }
    let lower = |domains: &[String]| domains.iter().map(|it| it.to_lowercase()).collect();
    Ok(Box::new(Recipients {
        sources: promise.sources(),
        declared: around.declared,
        processors: lower(&promise.processors),
        clinical: lower(&promise.clinical),
        taxonomies: promise.taxonomies(&["health"])?,
        people: HashSet::new(),
        told: Told::default(),
        to: Vec::new(),
        sent: Vec::new(),
    }))
}

struct Recipients<'a> {
    sources: Where,
    declared: &'a Declared,
    processors: Vec<String>,
    clinical: Vec<String>,
    taxonomies: Vec<usize>,
    /// Addresses of people: of whom a table holds a row, or who wrote themselves.
    people: HashSet<u64>,
    /// Of the message going past: what it tells, and to whom it goes.
    told: Told,
    to: Vec<String>,
    /// Mail to others: to whom, whether it tells of health, where it lies.
    sent: Vec<(u64, bool, Spot)>,
}

impl Probe for Recipients<'_> {
    fn see(&mut self, seen: &Seen<'_>, out: &mut Findings<'_>) {
        if !seen.is_message() {
            let principals = seen.part.iter().flat_map(|it| &it.hits).filter(|hit| {
                hit.kind == Kind::Email && matches!(hit.party, Party::Principal | Party::Other)
            });
            self.people.extend(principals.map(|hit| hash(hit.value.reveal())));
            return;
        }
        if seen.is_first {
            (self.told, self.to) = (Told::default(), Vec::new());
        }
        let is_outbound =
            seen.addresses(Party::Sender).any(|hit| self.declared.is_own(hit.value.reveal()));
        for told in seen.told() {
            self.told |= *told;
        }
        if is_outbound && seen.is_in(&self.sources) {
            self.to.extend(seen.addresses(Party::Recipient).map(|hit| hit.value.reveal().clone()));
        } else {
            self.people.extend(seen.addresses(Party::Sender).map(|hit| hash(hit.value.reveal())));
        }
        if seen.is_last {
            self.send(seen, out);
        }
    }

    fn end(&mut self, out: &mut Findings<'_>) {
        for (who, tells_of_health, spot) in &self.sent {
            if self.people.contains(who) {
                continue;
            }
            let (severity, what) = if *tells_of_health {
                (Severity::High, "health data was sent to a recipient that is not declared")
            } else {
                (
                    Severity::Medium,
                    "mail was sent to a recipient that is not declared, and is nobody of whom there is a record",
                )
            };
            out.push_at(
                severity,
                Some(spot),
                what,
                "declare the recipient, or stop; where it was a mistake, assess it as a breach (Art. 33)",
            );
        }
    }
}

impl Recipients<'_> {
    fn send(&mut self, seen: &Seen<'_>, out: &mut Findings<'_>) {
        let tells_of_health = self.told.has_any(&self.taxonomies);
        let Some(spot) = seen.spot(&self.sources, None) else { return };
        for address in std::mem::take(&mut self.to) {
            let Some((_, domain)) = address.rsplit_once('@') else { continue };
            let is_of = |domains: &[String]| domains.iter().any(|it| is_within(domain, it));
            if self.declared.is_own(&address) || is_of(&self.clinical) {
                continue;
            }
            if !is_of(&self.processors) {
                self.sent.push((hash(&address), tells_of_health, spot.clone()));
            } else if tells_of_health {
                out.push_at(
                    Severity::High,
                    Some(&spot),
                    "health data was sent to a processor that is declared for other data only",
                    "stop it; declare the processor as clinical only if its contract covers health data",
                );
            }
        }
    }
}
