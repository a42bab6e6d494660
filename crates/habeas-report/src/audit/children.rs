//! P4: is there data of children?

use habeas_model::{Card, Kind, Party};

use super::findings::Findings;
use super::seen::{Seen, Where};
use super::{Around, Check, Probe, Promise, Severity, Started};
use crate::map::{ADULT_YEARS, day_of, is_younger};

pub(super) const CHECK: Check = Check {
    card: Card {
        name: "children",
        version: 1,
        summary: "P4: no data of people under 16 is collected; dates of birth against the day of their record",
        handles: &["sources", "except", "age (16)"],
        authority: "UK GDPR Art. 8 and recital 38",
    },
    start,
};

fn start<'a>(promise: &'a Promise, _: &Around<'a>) -> Started<'a> {
    let age = promise.age.unwrap_or(ADULT_YEARS);
    if !(1..=25).contains(&age) {
        return Err(format!("an `age` of {age} years is no end of childhood"));
    }
    Ok(Box::new(Children {
        sources: promise.sources(),
        except: Where::or_nowhere(&promise.except),
        age,
    }))
}

struct Children {
    sources: Where,
    except: Where,
    age: i16,
}

impl Probe for Children {
    fn see(&mut self, seen: &Seen<'_>, out: &mut Findings<'_>) {
        if !seen.is_in(&self.sources) {
            return;
        }
        for indexed in seen.part {
            let mut born = indexed.hits.iter().filter(|hit| hit.kind == Kind::BirthDate).peekable();
            if born.peek().is_none() {
                continue;
            }
            let day = seen.day(indexed);
            for hit in born {
                let Some(birth) = day_of(hit).filter(|birth| *birth <= day) else { continue };
                if !is_younger(birth, day, self.age) {
                    continue;
                }
                let what = if hit.party == Party::Other {
                    format!("the birth date of a relative under {}", self.age)
                } else {
                    format!("the birth date of somebody under {}", self.age)
                };
                for seat in seen.seats(&self.sources).filter(|seat| !self.except.has(seat)) {
                    out.push(
                        Severity::High,
                        seat,
                        Some(&indexed.passage.place),
                        what.clone(),
                        "see whose it is and who agreed to it for them; delete it, or change the notice",
                    );
                }
            }
        }
    }
}
