//! P3: is anybody written to about what they never asked about?

use std::collections::HashMap;

use habeas_match::normal::email;
use habeas_model::{Card, Part, Party};

use super::columns::address;
use super::findings::{Findings, Spot};
use super::seen::{Seen, Where};
use super::{Around, Check, Probe, Promise, Severity, Started};
use crate::map::hash;

pub(super) const CHECK: Check = Check {
    card: Card {
        name: "without-interest",
        version: 1,
        summary: "P3: people are only contacted about what they said interests them; topics of marketing against topics of their rows in lists and enquiries",
        handles: &["lists", "sources", "senders"],
        authority: "UK GDPR Art. 5(1)(a) and (b)",
    },
    start,
};

fn start<'a>(promise: &'a Promise, _: &Around<'a>) -> Started<'a> {
    if promise.senders.is_empty() {
        return Err("the promise says no `senders`, and the check needs them".to_owned());
    }
    Ok(Box::new(Interests {
        lists: promise.needed("lists", &promise.lists)?,
        mail: promise.sources(),
        senders: promise.senders.iter().filter_map(|sender| email(sender)).collect(),
        asked: HashMap::new(),
        sent: Vec::new(),
    }))
}

struct Interests {
    lists: Where,
    mail: Where,
    senders: Vec<String>,
    /// The topics that each address asked about, a bit for each.
    asked: HashMap<u64, u64>,
    /// Marketing with topics: to whom, on which, where it lies.
    sent: Vec<(u64, u64, Spot)>,
}

impl Probe for Interests {
    fn see(&mut self, seen: &Seen<'_>, _: &mut Findings<'_>) {
        let is_ours = seen.is_message()
            && seen
                .addresses(Party::Sender)
                .any(|hit| self.senders.iter().any(|own| own == hit.value.reveal()));
        if is_ours {
            let said = seen.passages().filter(|(it, _)| it.passage.part != Part::Quoted);
            let topics = said.fold(0, |all, (_, told)| all | told.topics);
            let to = seen.addresses(Party::Recipient).map(|hit| hash(hit.value.reveal()));
            for who in to.filter(|_| topics != 0) {
                if let Some(spot) = seen.spot(&self.mail, None) {
                    self.sent.push((who, topics, spot));
                }
            }
        } else if seen.is_in(&self.lists) {
            self.ask(seen);
        }
    }

    fn end(&mut self, out: &mut Findings<'_>) {
        for (who, topics, spot) in &self.sent {
            let asked = self.asked.get(who).copied();
            if asked.unwrap_or_default() & topics == 0 {
                out.push_at(
                    Severity::Medium,
                    Some(spot),
                    match asked {
                        Some(_) => "marketing about a topic that its recipient never asked about",
                        None => {
                            "marketing about a topic to somebody of whom no interest is recorded"
                        }
                    },
                    "choose recipients by what they asked about, and record it",
                );
            }
        }
    }
}

impl Interests {
    /// What a row, or a message that somebody sent, asks about.
    fn ask(&mut self, seen: &Seen<'_>) {
        if seen.is_message() {
            let topics = seen.passages().fold(0, |all, (_, told)| all | told.topics);
            for hit in seen.addresses(Party::Sender) {
                *self.asked.entry(hash(hit.value.reveal())).or_default() |= topics;
            }
            return;
        }
        for (indexed, told) in seen.passages() {
            if let Some(hit) = address(indexed) {
                *self.asked.entry(hash(hit.value.reveal())).or_default() |= told.topics;
            }
        }
    }
}
