//! May this event follow what happened before?
//!
//! What cannot have happened is refused with a sentence and nothing is written: a day before the
//! request or in the future, an answer to nothing, a release of a case that is closed.

use habeas_law::{due, opinion_gaps, third_party_gaps, withholding, written};
use habeas_model::{ComplaintStep, Ending, Event, Happening, Personal};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::{History, Request};

/// Refuses an event that cannot follow. `today` is local to the controller.
///
/// # Errors
/// A sentence that says what does not fit and what to do.
pub fn allowed(
    request: &Request,
    history: &History,
    new: &Event,
    today: Date,
) -> Result<(), String> {
    if new.by.trim().is_empty() {
        return Err("who says so? name them with `--by`".to_owned());
    }
    if new.on < request.received {
        return Err(format!(
            "{} is before {}, the day on which the request was received",
            written(new.on),
            written(request.received)
        ));
    }
    if new.on > today {
        return Err(format!(
            "{} has not come yet; events are recorded once they have happened",
            written(new.on)
        ));
    }
    said(&new.event)?;
    order(history, new)?;
    match &new.event {
        Happening::IdentityAsked { .. }
        | Happening::IdentityNoted { .. }
        | Happening::AuthorityAsked { .. }
        | Happening::AuthorityNoted { .. }
        | Happening::FeeAsked { .. }
        | Happening::FeePaid
        | Happening::ClarificationAsked { .. }
        | Happening::ClarificationAnswered { .. } => waits(history, new),
        Happening::Extended { .. } => extension(request, history, new.on),
        Happening::ThirdParty(record) => first(third_party_gaps(record)),
        Happening::HealthOpinion(opinion) if opinion.given > new.on => {
            Err("the opinion was given after the day on which it was noted".to_owned())
        }
        Happening::HealthOpinion(opinion) => first(opinion_gaps(opinion)),
        Happening::KnownToSubject(known) if known.items.is_empty() => {
            Err("name the documents that the person knows already".to_owned())
        }
        Happening::Exemption(answer) if answer.applies => {
            let exemption = withholding(&answer.code, answer.answer.reveal())
                .map_err(|refusal| refusal.to_string())?;
            if answer.is_told || exemption.may_stay_untold {
                return Ok(());
            }
            Err(format!("{} is told: naming it would not defeat it", exemption.code))
        }
        Happening::Exemption(answer) if habeas_law::exemption(&answer.code).is_none() => {
            Err("there is no exemption of that code; `habeas event CASE exemption --help` tells how to \
                 write one"
                .to_owned())
        }
        Happening::Complaint { step, .. } => complaint(history, *step, new.on),
        Happening::Closed { ending, .. } => closing(request, history, *ending, new.on),
        Happening::Reopened { .. } if history.released.is_none() && history.closed.is_none() => {
            Err("the case is open".to_owned())
        }
        _ => Ok(()),
    }
}

fn first(gaps: Vec<habeas_law::Gap>) -> Result<(), String> {
    match gaps.into_iter().next() {
        Some(gap) => Err(format!("{} ({})", gap.open, gap.cites)),
        None => Ok(()),
    }
}

/// Refuses an event without its words.
fn said(event: &Happening) -> Result<(), String> {
    let (text, what): (&Personal<String>, &str) = match event {
        Happening::IdentityAsked { what } | Happening::AuthorityAsked { what } => {
            (what, "what was asked for")
        }
        Happening::IdentityNoted { seen, .. }
        | Happening::AuthorityNoted { seen, .. }
        | Happening::GuardianNoted { seen, .. } => (seen, "what was seen"),
        Happening::CompetenceNoted { why, .. } => (why, "on what the judgement rests"),
        Happening::FeeAsked { reason, .. } => (reason, "why a fee may be charged"),
        Happening::ClarificationAsked { question } => (question, "what was asked"),
        Happening::ClarificationAnswered { answer } => (answer, "what was answered"),
        Happening::Extended { reason, .. } => (reason, "the reasons that the person was given"),
        Happening::Note { text } => (text, "what is to be noted"),
        Happening::TimeSpent { what, .. } => (what, "on what the time was spent"),
        Happening::KnownToSubject(known) => {
            (&known.evidence, "what shows that the person knows it already")
        }
        Happening::Exemption(answer) => (&answer.answer, "the answer to what the exemption asks"),
        Happening::LetterSent { method, .. } => (method, "how the letter was sent"),
        Happening::Approved { what, .. } => (what, "what was looked at"),
        Happening::Released { method, .. } => (method, "how the answer was sent"),
        Happening::RecipientTold { what } => (what, "who was told of what"),
        Happening::Complaint { what, .. } => (what, "what about the complaint"),
        Happening::Closed { reason, .. } => (reason, "why the case is closed"),
        Happening::Reopened { reason } => (reason, "why the case is opened again"),
        Happening::Received { .. }
        | Happening::FeePaid
        | Happening::Assigned { .. }
        | Happening::ThirdParty(_)
        | Happening::HealthOpinion(_)
        | Happening::LetterWritten { .. } => return Ok(()),
    };
    if text.reveal().trim().is_empty() { Err(format!("say {what}")) } else { Ok(()) }
}

/// What may happen to a case that has left or is closed.
fn order(history: &History, new: &Event) -> Result<(), String> {
    let after = match &new.event {
        Happening::Note { .. }
        | Happening::TimeSpent { .. }
        | Happening::Assigned { .. }
        | Happening::Complaint { .. }
        | Happening::RecipientTold { .. }
        | Happening::LetterWritten { .. }
        | Happening::LetterSent { .. }
        | Happening::Reopened { .. } => After::Anything,
        Happening::Closed { .. } => After::Release,
        _ => After::Nothing,
    };
    if let Some(closed) = history.closed
        && after != After::Anything
    {
        return Err(format!(
            "the case was closed on {} ({}); open it again first",
            written(closed.on),
            closed.ending
        ));
    }
    if let Some(left) = &history.released {
        if after == After::Nothing {
            return Err(format!(
                "the answer was released on {}; open the case again first",
                written(left.on)
            ));
        }
        if new.on < left.on && matches!(new.event, Happening::Closed { .. }) {
            return Err(format!("that is before the release on {}", written(left.on)));
        }
    }
    Ok(())
}

#[derive(PartialEq)]
enum After {
    Nothing,
    Release,
    Anything,
}

/// Questions and their answers come in pairs, the answer no earlier than the question.
fn waits(history: &History, new: &Event) -> Result<(), String> {
    let asked_already = |asked: Option<Date>, is_open: bool, what: &str| match asked {
        Some(on) if is_open => {
            Err(format!("{what} was asked for on {} and has not come yet", written(on)))
        }
        _ => Ok(()),
    };
    let not_before = |asked: Option<Date>, what: &str| match asked {
        Some(asked) if new.on < asked => {
            Err(format!("{what} was asked for later, on {}", written(asked)))
        }
        _ => Ok(()),
    };
    let is_done = |done: Option<Date>, what: &str| match done {
        Some(on) => Err(format!("{what} on {} already", written(on))),
        None => Ok(()),
    };
    match &new.event {
        Happening::IdentityAsked { .. } => {
            is_done(history.identity, "identity was noted as sufficient")?;
            asked_already(history.identity_asked, history.awaits_identity(), "proof of identity")
        }
        Happening::IdentityNoted { .. } => {
            is_done(history.identity, "identity was noted as sufficient")?;
            not_before(history.identity_asked, "proof of identity")
        }
        Happening::AuthorityAsked { .. } => {
            is_done(history.authority, "authority was noted as sufficient")?;
            asked_already(history.authority_asked, history.awaits_authority(), "authority")
        }
        Happening::AuthorityNoted { .. } => {
            is_done(history.authority, "authority was noted as sufficient")?;
            not_before(history.authority_asked, "authority")
        }
        Happening::FeeAsked { .. } => {
            is_done(history.fee_paid, "the fee was paid")?;
            asked_already(history.fee_asked, history.awaits_fee(), "a fee")
        }
        Happening::FeePaid if history.fee_asked.is_none() => Err("no fee was asked for".to_owned()),
        Happening::FeePaid => {
            is_done(history.fee_paid, "the fee was paid")?;
            not_before(history.fee_asked, "the fee")
        }
        Happening::ClarificationAsked { .. } => match history.open_question() {
            Some(on) => Err(format!(
                "a question of {} waits for its answer; ask everything at once",
                written(on)
            )),
            None => Ok(()),
        },
        Happening::ClarificationAnswered { .. } => match history.open_question() {
            Some(asked) if new.on < asked => {
                Err(format!("the question was asked later, on {}", written(asked)))
            }
            Some(_) => Ok(()),
            None => Err("no question waits for an answer".to_owned()),
        },
        _ => Ok(()),
    }
}

fn extension(request: &Request, history: &History, on: Date) -> Result<(), String> {
    if let Some(told) = history.extended {
        return Err(format!("the person was told of an extension on {} already", written(told)));
    }
    let notice_by = due(&history.timeline(request)).notice_by;
    if on > notice_by {
        return Err(format!(
            "notice of an extension has to be given by {}: on {} it changes nothing; answer, or say \
             with a note what the person was told",
            written(notice_by),
            written(on)
        ));
    }
    Ok(())
}

fn complaint(history: &History, step: ComplaintStep, on: Date) -> Result<(), String> {
    let open = match step {
        ComplaintStep::Received => return Ok(()),
        ComplaintStep::Acknowledged => {
            history.complaints.iter().find(|it| it.acknowledged.is_none())
        }
        ComplaintStep::Answered => history.complaints.iter().find(|it| it.answered.is_none()),
    };
    match open {
        Some(complaint) if on < complaint.received => {
            Err(format!("the complaint came later, on {}", written(complaint.received)))
        }
        Some(_) => Ok(()),
        None => Err("no complaint waits for that; note first that one was received".to_owned()),
    }
}

/// A case is closed for a reason that holds.
///
/// # Source
/// ICO, *Right of access*: a request may be closed when a question, proof or fee has not come for a
/// reasonable time, about a month.
fn closing(request: &Request, history: &History, ending: Ending, on: Date) -> Result<(), String> {
    let waited = |asked: Option<Date>, is_open: bool, what: &str| {
        let Some(asked) = asked.filter(|_| is_open) else {
            return Err(format!("{what} is not awaited"));
        };
        let month = asked.saturating_add(1.month());
        if on < month {
            return Err(format!(
                "{what} was asked for on {}: wait a reasonable time, about a month, until {}",
                written(asked),
                written(month)
            ));
        }
        Ok(())
    };
    match ending {
        Ending::Answered if history.released.is_none() => {
            Err("the answer was not released; `habeas release` does that".to_owned())
        }
        Ending::Refused if history.released.is_some() => {
            Err("the answer was released, so the request was not refused".to_owned())
        }
        Ending::Refused if history.refusal.is_none() => Err(
            "a request is refused on a ground whose question is answered first: `habeas event CASE \
             exemption MUE --answer \"…\"`"
                .to_owned(),
        ),
        Ending::NoIdentity => {
            waited(history.identity_asked, history.awaits_identity(), "proof of identity")
        }
        Ending::NoAuthority => {
            waited(history.authority_asked, history.awaits_authority(), "authority")
        }
        Ending::FeeUnpaid => waited(history.fee_asked, history.awaits_fee(), "a fee"),
        Ending::NoReply => {
            let open = history.open_question();
            waited(open, open.is_some(), "the answer to a question")
        }
        _ => {
            debug_assert!(on >= request.received);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
