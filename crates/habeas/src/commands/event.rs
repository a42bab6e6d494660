//! `habeas event`: what happened to a request, added to the case's ledger.

use std::collections::BTreeSet;

use habeas_case::{Case, Register};
use habeas_model::{
    ComplaintStep, Consent, Ending, Event, ExemptionAnswer, ExtensionGround, Happening, HarmTest,
    HealthOpinion, ItemId, KnownToSubject, Personal, Relation, ThirdParty, ThirdPartyOutcome,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::rules;
use crate::cli::case::{self, EventArguments, OpinionArguments, ThirdPartyArguments, What, YesNo};
use crate::estate::Home;
use crate::failure::{End, Failure};
use crate::say;

/// Records what happened, and prints where the case stands now.
pub fn run(home: &Home, arguments: &EventArguments, json: bool) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = register.get(&arguments.case).map_err(Failure::of_case)?;
    let on = rules::day(arguments.on.as_deref())?;
    let happening = happening(home, &case, &arguments.what, on)?;
    let event = Event {
        event: happening,
        on,
        by: rules::by(arguments.by.as_deref()),
        at: Timestamp::now(),
    };
    record(home, &case, &event, json)
}

/// Adds an event to the ledger and says so.
pub fn record(home: &Home, case: &Case, event: &Event, json: bool) -> Result<End, Failure> {
    let recorded =
        case.record(std::slice::from_ref(event), rules::today()).map_err(Failure::of_case)?;
    let dossier = case.dossier().map_err(Failure::stopped)?;
    let state = dossier.state(&rules::quick(home));
    let deadline = dossier.deadline();
    if json {
        say::json(&json!({"type": "event", "data": {
            "case": case.id.to_string(), "record": recorded.first().map(|record| record.seq),
            "kind": event.event.kind(), "on": event.on, "by": event.by, "state": state,
            "due": deadline.working}}));
    } else {
        say::result(&format!(
            "{}: {} on {}; now {state}, due {}",
            case.id,
            event.event.title(),
            habeas_law::written(event.on),
            habeas_law::written(deadline.working)
        ));
        say::result(&format!("next: habeas status {}", case.id));
    }
    Ok(End::Done)
}

fn happening(home: &Home, case: &Case, what: &What, on: Date) -> Result<Happening, Failure> {
    let own = |text: &String| Personal::new(text.trim().to_owned());
    Ok(match what {
        What::IdentityAsked { what } => Happening::IdentityAsked { what: own(what) },
        What::IdentityNoted(it) => {
            Happening::IdentityNoted { seen: own(&it.seen), is_sufficient: !it.not_enough }
        }
        What::AuthorityAsked { what } => Happening::AuthorityAsked { what: own(what) },
        What::AuthorityNoted(it) => {
            Happening::AuthorityNoted { seen: own(&it.seen), is_sufficient: !it.not_enough }
        }
        What::GuardianNoted(it) => {
            Happening::GuardianNoted { seen: own(&it.seen), is_sufficient: !it.not_enough }
        }
        What::CompetenceNoted { understands, why } => {
            Happening::CompetenceNoted { understands: *understands == YesNo::Yes, why: own(why) }
        }
        What::FeeAsked { amount, reason } => {
            Happening::FeeAsked { pence: pence(amount)?, reason: own(reason) }
        }
        What::FeePaid => Happening::FeePaid,
        What::ClarificationAsked { question } => {
            Happening::ClarificationAsked { question: own(question) }
        }
        What::ClarificationAnswered { answer } => {
            Happening::ClarificationAnswered { answer: own(answer) }
        }
        What::Extended { ground, reason } => Happening::Extended {
            ground: match ground {
                case::Ground::Complexity => ExtensionGround::Complexity,
                case::Ground::Requests => ExtensionGround::Requests,
            },
            reason: own(reason),
        },
        What::Note { text } => Happening::Note { text: own(text) },
        What::Time { minutes, what } => Happening::TimeSpent { minutes: *minutes, what: own(what) },
        What::Assigned { who, task, done } => {
            Happening::Assigned { to: who.trim().to_owned(), task: own(task), works: !done }
        }
        What::ThirdParty(record) => Happening::ThirdParty(third_party(home, case, record, on)?),
        What::HealthOpinion(opinion) => {
            Happening::HealthOpinion(self::opinion(home, case, opinion, on)?)
        }
        What::KnownToSubject { item, evidence } => Happening::KnownToSubject(KnownToSubject {
            items: items(home, case, item)?,
            evidence: own(evidence),
        }),
        What::Exemption { code, answer, item, does_not_apply, told } => {
            let item = item.as_ref().map(|item| one_item(home, case, item)).transpose()?;
            let may_stay_untold =
                habeas_law::exemption(code).is_some_and(|known| known.may_stay_untold);
            Happening::Exemption(ExemptionAnswer {
                code: code.trim().to_uppercase(),
                item,
                place: None,
                applies: !does_not_apply,
                answer: own(answer),
                is_told: *told || !may_stay_untold,
            })
        }
        What::LetterSent { letter, method } => {
            Happening::LetterSent { letter: letter.clone(), method: own(method) }
        }
        What::RecipientTold { what } => Happening::RecipientTold { what: own(what) },
        What::Complaint { step, what } => Happening::Complaint {
            step: match step {
                case::Step::Received => ComplaintStep::Received,
                case::Step::Acknowledged => ComplaintStep::Acknowledged,
                case::Step::Answered => ComplaintStep::Answered,
            },
            what: own(what),
        },
        What::Closed { ending, reason } => {
            let ending = Ending::parse(ending).ok_or_else(|| {
                let all: Vec<&str> = Ending::ALL.iter().map(|ending| ending.as_str()).collect();
                Failure::usage(format!("`{ending}` is not how a case ends"))
                    .hint(format!("write one of {}", all.join(", ")))
            })?;
            Happening::Closed { ending, reason: own(reason) }
        }
        What::Reopened { reason } => Happening::Reopened { reason: own(reason) },
    })
}

/// `12.50` as 1250.
fn pence(amount: &str) -> Result<u64, Failure> {
    let wrong =
        || Failure::usage("the amount is not one").hint("write pounds and pence, such as 12.50");
    let text = amount.trim().trim_start_matches('£');
    let (pounds, pence) = text.split_once('.').unwrap_or((text, "00"));
    if pence.len() != 2 {
        return Err(wrong());
    }
    let number = |text: &str| text.parse::<u64>().map_err(|_| wrong());
    number(pounds)?
        .checked_mul(100)
        .and_then(|it| it.checked_add(number(pence).ok()?))
        .ok_or_else(wrong)
}

fn third_party(
    home: &Home,
    case: &Case,
    record: &ThirdPartyArguments,
    on: Date,
) -> Result<ThirdParty, Failure> {
    let day = record.consent_on.as_deref().map_or(Ok(on), |text| rules::day(Some(text)))?;
    let own = |text: &String| Personal::new(text.trim().to_owned());
    let words = own(&record.consent_words);
    Ok(ThirdParty {
        person: record.person,
        item: record.item.as_ref().map(|item| one_item(home, case, item)).transpose()?,
        relation: match record.relation {
            case::Relation::Staff => Relation::Staff,
            case::Relation::Professional => Relation::Professional,
            case::Relation::Customer => Relation::Customer,
            case::Relation::Relative => Relation::Relative,
            case::Relation::Witness => Relation::Witness,
            case::Relation::Supplier => Relation::Supplier,
            case::Relation::Other => Relation::Other,
        },
        reveals: own(&record.reveals),
        known: own(&record.known),
        is_identifiable: record.identifiable == YesNo::Yes,
        consent: match record.consent {
            case::Consent::Given => Consent::Given { on: day, to: words },
            case::Consent::Refused => Consent::Refused { on: day },
            case::Consent::NoReply => Consent::NoReply { asked: day },
            case::Consent::NotAsked => Consent::NotAsked { why: words },
        },
        confidence: own(&record.confidence),
        factors: own(&record.factors),
        outcome: match record.outcome {
            case::Outcome::Disclose => ThirdPartyOutcome::Disclose,
            case::Outcome::Redact => ThirdPartyOutcome::Redact,
            case::Outcome::Withhold => ThirdPartyOutcome::Withhold,
        },
    })
}

fn opinion(
    home: &Home,
    case: &Case,
    opinion: &OpinionArguments,
    on: Date,
) -> Result<HealthOpinion, Failure> {
    let own = |text: &String| Personal::new(text.trim().to_owned());
    let covered = if opinion.all {
        let dossier = case.dossier().map_err(Failure::stopped)?;
        let rules = rules::full(home, case, &dossier, habeas_case::Seen::Unseen)?;
        let health = rules.health.unwrap_or_else(|| dossier.disclosed().into_keys().collect());
        if health.is_empty() {
            return Err(Failure::usage("nothing that would be given holds health data")
                .hint("no opinion is needed; or name items with `--item`"));
        }
        health.into_iter().collect()
    } else if opinion.item.is_empty() {
        return Err(Failure::usage("which documents does the opinion cover?")
            .hint("name them with `--item`, or say `--all`"));
    } else {
        items(home, case, &opinion.item)?
    };
    Ok(HealthOpinion {
        clinician: own(&opinion.clinician),
        registration: own(&opinion.registration),
        appropriate: own(&opinion.appropriate),
        matter: own(&opinion.matter),
        items: covered,
        outcome: match opinion.harm {
            case::Harm::Unlikely => HarmTest::NotMet,
            case::Harm::Likely => HarmTest::Met,
        },
        given: opinion.given.as_deref().map_or(Ok(on), |text| rules::day(Some(text)))?,
        must_reconsult: opinion.reconsult,
    })
}

/// The items of the case that were named, sorted, each once.
fn items(home: &Home, case: &Case, named: &[String]) -> Result<Vec<ItemId>, Failure> {
    let all: Result<BTreeSet<ItemId>, Failure> =
        named.iter().map(|item| one_item(home, case, item)).collect();
    all.map(|items| items.into_iter().collect())
}

/// The item of the case's findings that was named, by the first digits of its id or by its path.
fn one_item(home: &Home, case: &Case, named: &str) -> Result<ItemId, Failure> {
    let findings = case.findings().map_err(Failure::stopped)?;
    let by_path = home.open().ok().and_then(|estate| estate.find_item(named).ok());
    let by_path = by_path.unwrap_or_default();
    let fits: BTreeSet<ItemId> = findings
        .iter()
        .map(|finding| finding.item)
        .filter(|item| by_path.contains(item) || item.to_string().starts_with(named))
        .collect();
    let mut fits = fits.into_iter();
    match (fits.next(), fits.len()) {
        (Some(item), 0) => Ok(item),
        (None, _) => Err(Failure::usage("no finding of the case is of that item")
            .hint(format!("list the findings with `habeas match {} --json`", case.id))),
        (Some(_), n) => Err(Failure::usage(format!("{} items fit", n + 1))
            .hint("write more of the item's id or path")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_in_pence() {
        let read = |text: &str| pence(text).ok();
        assert_eq!((read("12.50"), read("£10"), read("0.05")), (Some(1250), Some(1000), Some(5)));
        for text in ["", "ten", "1.5", "-1", "99999999999999999999", "1.2.3"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
