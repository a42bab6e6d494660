//! P2: does marketing go on after somebody unsubscribed, in any brand?

use std::collections::HashMap;

use habeas_match::normal::email;
use habeas_model::{Card, Kind, Part, Party};
use jiff::civil::Date;

use super::columns::{address, latest};
use super::findings::{Findings, Spot};
use super::seen::{Seen, Where};
use super::{Around, Check, Probe, Promise, Severity, Started};
use crate::map::hash;
use crate::{Declared, Period};

pub(super) const CHECK: Check = Check {
    card: Card {
        name: "after-unsubscribe",
        version: 1,
        summary: "P2: who unsubscribes or objects in any brand gets no more marketing after a few days, and is on no list",
        handles: &[
            "lists",
            "sources",
            "senders",
            "unsubscribed",
            "agreed",
            "words",
            "period (5 days)",
        ],
        authority: "UK GDPR Art. 21(3); Privacy and Electronic Communications Regulations 2003, reg. 22",
    },
    start,
};

fn start<'a>(promise: &'a Promise, around: &Around<'a>) -> Started<'a> {
    if promise.unsubscribed.is_empty() {
        return Err("the promise says no column `unsubscribed`, and the check needs it".to_owned());
    }
    Ok(Box::new(Unsubscribed {
        promise,
        declared: around.declared,
        lists: promise.needed("lists", &promise.lists)?,
        mail: promise.sources(),
        senders: promise.senders.iter().filter_map(|sender| email(sender)).collect(),
        words: promise.words.iter().map(|word| word.to_lowercase()).collect(),
        grace: promise.period("5 days")?,
        left: HashMap::new(),
        joined: HashMap::new(),
        sent: Vec::new(),
        listed: Vec::new(),
        newest: HashMap::new(),
    }))
}

struct Unsubscribed<'a> {
    promise: &'a Promise,
    declared: &'a Declared,
    lists: Where,
    mail: Where,
    senders: Vec<String>,
    words: Vec<String>,
    grace: Period,
    /// When each address left, and agreed again.
    left: HashMap<u64, Vec<Date>>,
    joined: HashMap<u64, Vec<Date>>,
    /// Marketing that was sent: to whom, when, where it lies.
    sent: Vec<(u64, Date, Spot)>,
    /// Rows of lists that say nothing of leaving: whose, in which item.
    listed: Vec<(u64, u64, Spot)>,
    /// The newest day in each item: the list was written then, or later.
    newest: HashMap<u64, Date>,
}

impl Probe for Unsubscribed<'_> {
    fn see(&mut self, seen: &Seen<'_>, _: &mut Findings<'_>) {
        if seen.is_message() {
            self.message(seen);
        } else if seen.is_in(&self.lists) {
            self.list(seen);
        }
    }

    fn end(&mut self, out: &mut Findings<'_>) {
        for (who, day, spot) in &self.sent {
            if self.has_left(*who, *day) {
                out.push_at(
                    Severity::High,
                    Some(spot),
                    "marketing was sent to somebody who had unsubscribed or objected",
                    "stop it, put the address on one suppression list for all brands, and tell the person",
                );
            }
        }
        for (who, item, spot) in &self.listed {
            let written = self.newest.get(item).copied();
            if written.is_some_and(|written| self.has_left(*who, written)) {
                out.push_at(
                    Severity::Medium,
                    Some(spot),
                    "a list still holds somebody who had unsubscribed or objected before it was written",
                    "take the address off this list, and hold every list against one suppression list",
                );
            }
        }
    }
}

impl Unsubscribed<'_> {
    /// Had somebody left by that day, with the days of grace over, and not agreed again?
    fn has_left(&self, who: u64, day: Date) -> bool {
        let joined = self.joined.get(&who).map_or(&[][..], Vec::as_slice);
        self.left.get(&who).into_iter().flatten().any(|left| {
            self.grace.after(*left) < day && !joined.iter().any(|back| left < back && *back <= day)
        })
    }

    fn list(&mut self, seen: &Seen<'_>) {
        let item = hash(&seen.item.id.to_string());
        for indexed in seen.part {
            let day = seen.day(indexed);
            if indexed.passage.is_record && !indexed.hits.is_empty() {
                let newest = self.newest.entry(item).or_insert(day);
                *newest = day.max(*newest);
            }
            let Some(who) = address(indexed).map(|hit| hash(hit.value.reveal())) else { continue };
            let passage = &indexed.passage;
            if let Some(left) = latest(passage, &self.promise.unsubscribed) {
                self.left.entry(who).or_default().push(left);
                continue;
            }
            if let Some(joined) = latest(passage, &self.promise.agreed) {
                self.joined.entry(who).or_default().push(joined);
            }
            if let Some(spot) = seen.spot(&self.lists, Some(indexed)) {
                self.listed.push((who, item, spot));
            }
        }
    }

    fn message(&mut self, seen: &Seen<'_>) {
        let (day, is_by_file) = crate::map::date_of(seen.item, seen.part);
        if is_by_file {
            return;
        }
        let senders: Vec<&str> =
            seen.addresses(Party::Sender).map(|hit| hit.value.reveal().as_str()).collect();
        if senders.iter().any(|sender| self.senders.iter().any(|own| own == sender)) {
            for hit in seen.addresses(Party::Recipient) {
                if let Some(spot) = seen.spot(&self.mail, None) {
                    self.sent.push((hash(hit.value.reveal()), day, spot));
                }
            }
            return;
        }
        if !senders.iter().any(|sender| !self.declared.is_own(sender)) || !self.objects(seen) {
            return;
        }
        // Whoever objects speaks for the address it comes from, and for others that they name.
        let named =
            seen.part.iter().filter(|it| it.passage.part == Part::Body).flat_map(|it| &it.hits);
        let named = named.filter(|hit| hit.kind == Kind::Email);
        for hit in seen.addresses(Party::Sender).chain(named) {
            if !self.declared.is_own(hit.value.reveal()) {
                self.left.entry(hash(hit.value.reveal())).or_default().push(day);
            }
        }
    }

    /// Does a message say that its sender wants no more?
    fn objects(&self, seen: &Seen<'_>) -> bool {
        let said = seen.part.iter().filter(|it| it.passage.part != Part::Quoted);
        said.into_iter().any(|it| {
            let text = it.passage.text.to_lowercase();
            self.words.iter().any(|word| text.contains(word.as_str()))
        })
    }
}
