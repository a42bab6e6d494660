//! P10: does a request lie in a mailbox without an answer?

use std::collections::HashSet;

use habeas_model::{Card, Part, Party};
use jiff::civil::Date;

use super::findings::{Findings, Spot};
use super::seen::{Seen, Where};
use super::{Around, Check, Probe, Promise, Severity, Started};
use crate::map::{date_of, hash};
use crate::{Declared, Period};

pub(super) const CHECK: Check = Check {
    card: Card {
        name: "requests",
        version: 1,
        summary: "P10: who exercises a right is answered; messages with words of a request that nobody of the organisation answered and that are no case",
        handles: &["sources", "words", "period (1 month)"],
        authority: "UK GDPR Art. 12(3)",
    },
    start,
};

fn start<'a>(promise: &'a Promise, around: &Around<'a>) -> Started<'a> {
    if promise.words.is_empty() {
        return Err("the promise says no `words` of a request, and the check needs them".to_owned());
    }
    Ok(Box::new(Requests {
        sources: promise.needed("sources", &promise.sources)?,
        words: promise.words.iter().map(|word| word.to_lowercase()).collect(),
        period: promise.period("1 month")?,
        declared: around.declared,
        requesters: around.requesters,
        today: around.today,
        has_words: false,
        asked: Vec::new(),
        answered: HashSet::new(),
    }))
}

struct Requests<'a> {
    sources: Where,
    words: Vec<String>,
    period: Period,
    declared: &'a Declared,
    requesters: &'a [String],
    today: Date,
    /// Of the message going past.
    has_words: bool,
    /// Requests: the message's id if it has one, its day, where it lies.
    asked: Vec<(Option<u64>, Date, Spot)>,
    /// Messages that somebody of the organisation answered.
    answered: HashSet<u64>,
}

impl Probe for Requests<'_> {
    fn see(&mut self, seen: &Seen<'_>, _: &mut Findings<'_>) {
        if !seen.is_message() {
            return;
        }
        if seen.is_first {
            self.has_words = false;
        }
        let own = seen.addresses(Party::Sender).any(|hit| self.declared.is_own(hit.value.reveal()));
        if own {
            self.answered.extend(seen.item.facts.answers.iter().map(|id| hash(id)));
            return;
        }
        let is_case = seen
            .addresses(Party::Sender)
            .any(|hit| self.requesters.iter().any(|known| known == hit.value.reveal()));
        if is_case || !seen.is_in(&self.sources) {
            return;
        }
        self.has_words |= seen.part.iter().any(|it| {
            let text = it.passage.text.to_lowercase();
            it.passage.part != Part::Quoted
                && self.words.iter().any(|word| text.contains(word.as_str()))
        });
        if seen.is_last && self.has_words {
            let id = seen.item.facts.message_id.as_deref().map(hash);
            if let Some(spot) = seen.spot(&self.sources, None) {
                self.asked.push((id, date_of(seen.item, seen.part).0, spot));
            }
        }
    }

    fn end(&mut self, out: &mut Findings<'_>) {
        for (id, day, spot) in &self.asked {
            if id.is_some_and(|id| self.answered.contains(&id)) {
                continue;
            }
            let is_late = self.period.after(*day) < self.today;
            let (severity, what) = if is_late {
                (Severity::High, "a request was not answered in time, as far as the mailboxes tell")
            } else {
                (Severity::Low, "a request waits for an answer, and is no case yet")
            };
            out.push_at(
                severity,
                Some(spot),
                what,
                "open a case with `habeas open`; if it was answered elsewhere, keep the answer with it",
            );
        }
    }
}
