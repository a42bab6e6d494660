//! What do the events of a case come to: what is awaited, who works on it, what has left?

use std::collections::BTreeMap;

use habeas_law::{Timeline, Wait};
use habeas_model::{ComplaintStep, Ending, Event, Happening};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Request;

/// What the events of a case come to. The waits that the request's own file states are where it
/// starts; events add to them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Proof of identity that was asked for.
    pub identity_asked: Option<Date>,
    /// The day on which identity was noted as sufficient, asked for or not.
    pub identity: Option<Date>,
    /// Proof of authority or guardianship that was asked for.
    pub authority_asked: Option<Date>,
    /// The day on which written authority was noted as sufficient.
    pub authority: Option<Date>,
    /// The day on which parental responsibility, or a deputy's power, was noted as sufficient.
    pub guardianship: Option<Date>,
    /// Does a child understand their right, as last judged?
    pub understands: Option<bool>,
    /// A fee that was asked for.
    pub fee_asked: Option<Date>,
    /// The day it was paid.
    pub fee_paid: Option<Date>,
    /// Questions, in the order in which they were asked.
    pub clarifications: Vec<Wait>,
    /// The day on which the person was told of an extension.
    pub extended: Option<Date>,
    /// The exemption under which the request as a whole is refused, once its question was answered.
    pub refusal: Option<String>,
    /// Who works on the case, with what they do in it.
    pub workers: BTreeMap<String, String>,
    /// Minutes that were spent.
    pub minutes: u64,
    /// The last release, unless the case was opened again since.
    pub released: Option<Left>,
    /// How the case was closed, unless it was opened again since.
    pub closed: Option<Closed>,
    /// Complaints, in the order in which they came.
    pub complaints: Vec<Complained>,
}

/// The answer left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// When.
    pub on: Date,
    /// Which bundle: SHA-256 of its manifest, in hexadecimal.
    pub manifest_sha256: String,
}

/// The case was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When.
    pub on: Date,
    /// Why.
    pub ending: Ending,
}

/// A complaint to the controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complained {
    /// When it came.
    pub received: Date,
    /// When its receipt was acknowledged.
    pub acknowledged: Option<Date>,
    /// When the person was told the outcome.
    pub answered: Option<Date>,
}

impl History {
    /// What a request and its events, oldest first, come to.
    pub fn of<'a>(request: &Request, events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut history = Self {
            identity_asked: request.identity.map(|wait| wait.asked),
            identity: request.identity.and_then(|wait| wait.answered),
            fee_asked: request.fee.map(|wait| wait.asked),
            fee_paid: request.fee.and_then(|wait| wait.answered),
            clarifications: request.clarifications.clone(),
            extended: request.extended,
            ..Self::default()
        };
        events.into_iter().for_each(|event| history.add(event));
        history
    }

    /// Adds one more event.
    pub(crate) fn add(&mut self, event: &Event) {
        let on = event.on;
        match &event.event {
            Happening::IdentityAsked { .. } => self.identity_asked = Some(on),
            Happening::IdentityNoted { is_sufficient, .. } => {
                // What is seen again later does not make the month begin later.
                self.identity = self.identity.or(is_sufficient.then_some(on));
            }
            Happening::AuthorityAsked { .. } => self.authority_asked = Some(on),
            Happening::AuthorityNoted { is_sufficient, .. } => {
                self.authority = self.authority.or(is_sufficient.then_some(on));
            }
            Happening::GuardianNoted { is_sufficient, .. } => {
                self.guardianship = self.guardianship.or(is_sufficient.then_some(on));
            }
            Happening::CompetenceNoted { understands, .. } => self.understands = Some(*understands),
            Happening::FeeAsked { .. } => self.fee_asked = Some(on),
            Happening::FeePaid => self.fee_paid = Some(on),
            Happening::ClarificationAsked { .. } => {
                self.clarifications.push(Wait { asked: on, answered: None });
            }
            Happening::ClarificationAnswered { .. } => {
                let open = self.clarifications.iter_mut().filter(|wait| wait.answered.is_none());
                open.for_each(|wait| wait.answered = Some(on));
            }
            Happening::Extended { .. } => self.extended = Some(on),
            Happening::TimeSpent { minutes, .. } => self.minutes += u64::from(*minutes),
            Happening::Assigned { to, task, works: true } => {
                self.workers.insert(to.clone(), task.reveal().clone());
            }
            Happening::Assigned { to, .. } => {
                self.workers.remove(to);
            }
            Happening::Released { manifest_sha256, .. } => {
                self.released = Some(Left { on, manifest_sha256: manifest_sha256.clone() });
            }
            Happening::Complaint { step, .. } => self.complain(*step, on),
            Happening::Exemption(answer) => {
                if answer.item.is_none() && answer.applies {
                    self.refusal = Some(answer.code.clone());
                }
            }
            Happening::Closed { ending, .. } => {
                self.closed = Some(Closed { on, ending: *ending });
            }
            Happening::Reopened { .. } => (self.released, self.closed) = (None, None),
            Happening::Received { .. }
            | Happening::Note { .. }
            | Happening::ThirdParty(_)
            | Happening::HealthOpinion(_)
            | Happening::KnownToSubject(_)
            | Happening::LetterWritten { .. }
            | Happening::LetterSent { .. }
            | Happening::Approved { .. }
            | Happening::RecipientTold { .. } => {}
        }
    }

    fn complain(&mut self, step: ComplaintStep, on: Date) {
        match step {
            ComplaintStep::Received => {
                let (acknowledged, answered) = (None, None);
                self.complaints.push(Complained { received: on, acknowledged, answered });
            }
            ComplaintStep::Acknowledged => {
                let open = self.complaints.iter_mut().find(|it| it.acknowledged.is_none());
                if let Some(complaint) = open {
                    complaint.acknowledged = Some(on);
                }
            }
            ComplaintStep::Answered => {
                let open = self.complaints.iter_mut().find(|it| it.answered.is_none());
                if let Some(complaint) = open {
                    complaint.answered = Some(on);
                }
            }
        }
    }

    /// Is identity asked for and not shown?
    pub fn awaits_identity(&self) -> bool {
        self.identity_asked.is_some() && self.identity.is_none()
    }

    /// Is authority asked for and not shown?
    pub fn awaits_authority(&self) -> bool {
        self.authority_asked.is_some() && self.authority.or(self.guardianship).is_none()
    }

    /// Is a fee asked for and not paid?
    pub fn awaits_fee(&self) -> bool {
        self.fee_asked.is_some() && self.fee_paid.is_none()
    }

    /// The question that waits for its answer, if one does.
    pub fn open_question(&self) -> Option<Date> {
        self.clarifications.iter().find(|wait| wait.answered.is_none()).map(|wait| wait.asked)
    }

    /// What bears on the deadline.
    ///
    /// Proof of identity and of authority are one wait: it ends with the later of what was asked for.
    pub fn timeline(&self, request: &Request) -> Timeline {
        let proofs = [
            (self.identity_asked, self.identity),
            (self.authority_asked, self.authority.or(self.guardianship)),
        ];
        let proofs: Vec<Wait> = proofs
            .into_iter()
            .filter_map(|(asked, answered)| {
                let asked = asked?;
                // What was noted before it was asked for was there when it was asked.
                Some(Wait { asked, answered: answered.map(|day| day.max(asked)) })
            })
            .collect();
        let fee = self.fee_asked.map(|asked| Wait { asked, answered: self.fee_paid });
        Timeline {
            received: request.received,
            identity: both(&proofs),
            fee,
            clarifications: self.clarifications.clone(),
            extended: self.extended,
            law: request.law,
            calendar: request.calendar,
        }
    }
}

/// Several waits as one that ends when all have ended.
fn both(waits: &[Wait]) -> Option<Wait> {
    let asked = waits.iter().map(|wait| wait.asked).min()?;
    let is_open = waits.iter().any(|wait| wait.answered.is_none());
    let last = waits.iter().map(|wait| wait.answered.unwrap_or(wait.asked)).max()?;
    Some(if is_open {
        // The earliest day on which all can have come.
        Wait { asked: last, answered: None }
    } else {
        Wait { asked, answered: Some(last) }
    })
}
