//! P9: are proofs of identity and card numbers kept when they are no longer needed?

use habeas_model::{Card, Kind};
use jiff::civil::Date;

use super::findings::Findings;
use super::seen::{Seen, Where};
use super::{Around, Check, Probe, Promise, Severity, Started};
use crate::map::{counts, date_of};

pub(super) const CHECK: Check = Check {
    card: Card {
        name: "identity",
        version: 1,
        summary: "P9: proofs of identity go when they were seen, and card numbers are not kept; numbers, and scans whose names say what they are, older than the period",
        handles: &[
            "sources",
            "except",
            "kinds (card, passport, driving_licence)",
            "words",
            "period (30 days)",
        ],
        authority: "UK GDPR Art. 5(1)(c) and (e); PCI DSS 4.0, requirement 3.2.1",
    },
    start,
};

fn start<'a>(promise: &'a Promise, around: &Around<'a>) -> Started<'a> {
    let otherwise = [Kind::Card, Kind::Passport, Kind::DrivingLicence];
    let period = promise.period("30 days")?;
    Ok(Box::new(Identity {
        sources: promise.sources(),
        except: Where::or_nowhere(&promise.except),
        kinds: if promise.kinds.is_empty() { otherwise.into() } else { promise.kinds.clone() },
        words: promise.words.iter().map(|word| word.to_lowercase()).collect(),
        cutoff: period.before(around.today),
    }))
}

struct Identity {
    sources: Where,
    except: Where,
    kinds: Vec<Kind>,
    words: Vec<String>,
    cutoff: Date,
}

impl Probe for Identity {
    fn see(&mut self, seen: &Seen<'_>, out: &mut Findings<'_>) {
        for indexed in seen.part {
            for hit in indexed.hits.iter().filter(|hit| self.kinds.contains(&hit.kind)) {
                let is_card = hit.kind == Kind::Card;
                if !counts(indexed, hit) {
                    continue;
                }
                // The last four digits are what may be kept.
                if is_card && hit.value.reveal().chars().filter(char::is_ascii_digit).count() < 12 {
                    continue;
                }
                if !is_card && seen.day(indexed) >= self.cutoff {
                    continue;
                }
                let (severity, what) = if is_card {
                    (Severity::High, "a whole card number is kept".to_owned())
                } else {
                    let kind = hit.kind.as_str().replace('_', " ");
                    (Severity::Medium, format!("a {kind} number is kept longer than needed"))
                };
                for seat in seen.seats(&self.sources).filter(|seat| !self.except.has(seat)) {
                    out.push(
                        severity,
                        seat,
                        Some(&indexed.passage.place),
                        what.clone(),
                        "delete it; note only that it was seen, by whom and when",
                    );
                }
            }
        }
        if seen.is_last {
            self.scan(seen, out);
        }
    }
}

impl Identity {
    /// A picture or a scan whose name says that it proves who somebody is.
    fn scan(&self, seen: &Seen<'_>, out: &mut Findings<'_>) {
        let is_picture =
            seen.item.media_type.starts_with("image/") || seen.item.media_type == "application/pdf";
        if !is_picture || date_of(seen.item, seen.part).0 >= self.cutoff {
            return;
        }
        // A scan that could not be read counts too: its name was.
        let seats = seen.item.seats.iter();
        for seat in seats.filter(|seat| self.sources.has(seat) && !self.except.has(seat)) {
            let name = seat.path.name().to_lowercase();
            if self.words.iter().any(|word| name.contains(word.as_str())) {
                out.push(
                    Severity::Medium,
                    seat,
                    None,
                    "a scan of a proof of identity, by its name, is kept longer than needed",
                    "delete it; note only that it was seen, by whom and when",
                );
            }
        }
    }
}
