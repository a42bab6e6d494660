//! P1: are terms of health or treatment in marketing?

use habeas_model::Card;

use super::findings::Findings;
use super::seen::{Seen, Where};
use super::{Around, Check, Probe, Promise, Severity, Started};
use crate::taxonomies;

pub(super) const CHECK: Check = Check {
    card: Card {
        name: "sensitive-marketing",
        version: 1,
        summary: "P1: sensitive data is never used for marketing; no term of these taxonomies stands in a list or an audience",
        handles: &["sources", "except", "taxonomies (health, treatments)"],
        authority: "UK GDPR Art. 9(1) and 5(1)(b); ICO, Direct marketing guidance, special category data",
    },
    start,
};

fn start<'a>(promise: &'a Promise, _: &Around<'a>) -> Started<'a> {
    Ok(Box::new(Sensitive {
        sources: promise.needed("sources", &promise.sources)?,
        except: Where::or_nowhere(&promise.except),
        taxonomies: promise.taxonomies(&["health", "treatments"])?,
    }))
}

struct Sensitive {
    sources: Where,
    except: Where,
    taxonomies: Vec<usize>,
}

impl Probe for Sensitive {
    fn see(&mut self, seen: &Seen<'_>, out: &mut Findings<'_>) {
        if !seen.is_in(&self.sources) {
            return;
        }
        for (indexed, told) in seen.passages() {
            // A heading names nobody: only what stands with a person is theirs.
            if indexed.hits.is_empty() {
                continue;
            }
            for list in self.taxonomies.iter().filter(|list| told.has(**list)) {
                let taxonomy = &taxonomies()[*list];
                let severity =
                    if taxonomy.name == "treatments" { Severity::Medium } else { Severity::High };
                for seat in seen.seats(&self.sources).filter(|seat| !self.except.has(seat)) {
                    out.push(
                        severity,
                        seat,
                        Some(&indexed.passage.place),
                        format!("terms of `{}` stand beside people in marketing", taxonomy.name),
                        "take the column or the tag out of the list, and out of the company's system that it came from",
                    );
                }
            }
        }
    }
}
