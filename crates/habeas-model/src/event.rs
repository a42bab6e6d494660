//! What happened to a request besides decisions on findings: the events of a case.
//!
//! Everything that a person wrote is [`Personal`]: an event can be kept and exported, not printed by
//! accident.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{ExemptionAnswer, HealthOpinion, KnownToSubject, Personal, ThirdParty};

/// Something that happened to a request. Events are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What happened.
    pub event: Happening,
    /// The day it happened, local to the controller; never before the request, never in the future.
    pub on: Date,
    /// Who says so; never empty.
    pub by: String,
    /// When it was written down.
    pub at: Timestamp,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happening {
    /// The request was taken up.
    Received {
        /// How it came, as the request writes its channel.
        channel: String,
        /// Who recognised it as a request; it may have come to anybody.
        recognised_by: Personal<String>,
    },
    /// The person was asked for proof of identity (Art. 12(6)).
    IdentityAsked {
        /// What was asked for, and why it is needed.
        what: Personal<String>,
    },
    /// Evidence of identity was seen. The evidence itself is never kept.
    ///
    /// # Source
    /// ICO, *Right of access*: record what was seen, when and by whom; copies need not be kept.
    IdentityNoted {
        /// What was seen, such as `logged in to the patient portal`; never a number or a copy.
        seen: Personal<String>,
        /// Was it enough? The month begins with what is.
        is_sufficient: bool,
    },
    /// Whoever asks for somebody else was asked to show that they may.
    AuthorityAsked {
        /// What was asked for.
        what: Personal<String>,
    },
    /// Evidence was seen that somebody may ask for the person.
    AuthorityNoted {
        /// What was seen, such as `signed letter of authority of 3 May`.
        seen: Personal<String>,
        /// Was it enough?
        is_sufficient: bool,
    },
    /// Evidence was seen that somebody has parental responsibility for the person, or is their deputy.
    GuardianNoted {
        /// What was seen, and what was considered: court orders, allegations, what the child wishes.
        seen: Personal<String>,
        /// Was it enough?
        is_sufficient: bool,
    },
    /// Somebody judged whether a child understands their right.
    CompetenceNoted {
        /// Does the child understand what asking means?
        understands: bool,
        /// On what the judgement rests.
        why: Personal<String>,
    },
    /// A fee was asked for (Art. 12(5)).
    FeeAsked {
        /// How much, in pence or cents.
        pence: u64,
        /// Why one may be charged, and how it was reckoned.
        reason: Personal<String>,
    },
    /// The fee was paid.
    FeePaid,
    /// A question was asked that is needed to find what is asked for (Art. 12A(5)).
    ClarificationAsked {
        /// The question, and why the search needs its answer.
        question: Personal<String>,
    },
    /// The question was answered, be it with "everything".
    ClarificationAnswered {
        /// The answer.
        answer: Personal<String>,
    },
    /// The person was told, with reasons, that the answer takes up to two months more.
    Extended {
        /// On which of the two grounds.
        ground: ExtensionGround,
        /// The reasons they were given.
        reason: Personal<String>,
    },
    /// Anything else worth keeping.
    Note {
        /// The note.
        text: Personal<String>,
    },
    /// Time was spent.
    TimeSpent {
        /// Minutes.
        minutes: u32,
        /// On what.
        what: Personal<String>,
    },
    /// Somebody works on the case from now on, or does not any more.
    Assigned {
        /// Who.
        to: String,
        /// What they do in it; may be empty.
        task: Personal<String>,
        /// `false` once they are done with it.
        works: bool,
    },
    /// A decision record about somebody else (DPA 2018 Sch. 2 paras 16 and 17).
    ThirdParty(ThirdParty),
    /// A health professional's opinion (DPA 2018 Sch. 3 para. 6).
    HealthOpinion(HealthOpinion),
    /// The person has seen or knows health data already (DPA 2018 Sch. 3 para. 6(2)).
    KnownToSubject(KnownToSubject),
    /// An exemption's question was answered.
    Exemption(ExemptionAnswer),
    /// A letter was written.
    LetterWritten {
        /// Which, as `habeas letter` names it.
        letter: String,
        /// SHA-256 of its record, a file beside it that holds the digests of its PDF and text; in
        /// hexadecimal.
        digest: String,
    },
    /// A letter was sent.
    LetterSent {
        /// Which, as `habeas letter` names it.
        letter: String,
        /// How, and to where it was checked.
        method: Personal<String>,
    },
    /// Somebody who did not make the bundle looked at it and agrees that it may leave.
    Approved {
        /// SHA-256 of the bundle's manifest, in hexadecimal: which bundle.
        manifest_sha256: String,
        /// What they looked at.
        what: Personal<String>,
    },
    /// The answer left.
    Released {
        /// SHA-256 of the bundle's manifest, in hexadecimal: which bundle.
        manifest_sha256: String,
        /// How it was sent, such as `portal` or `special delivery`.
        method: Personal<String>,
        /// How the address was checked.
        address_check: Personal<String>,
        /// How the secret that opens it travels; not the way the bundle does.
        secret_channel: Personal<String>,
    },
    /// A recipient was told of a rectification, erasure or restriction (Art. 19).
    RecipientTold {
        /// Who, and of what.
        what: Personal<String>,
    },
    /// Something about a complaint to the controller (DPA 2018 s. 164A).
    Complaint {
        /// What about it.
        step: ComplaintStep,
        /// In a few words.
        what: Personal<String>,
    },
    /// Work on the case ended.
    Closed {
        /// Why.
        ending: Ending,
        /// In a few words.
        reason: Personal<String>,
    },
    /// Work on a released or closed case began again.
    Reopened {
        /// Why.
        reason: Personal<String>,
    },
}

impl Happening {
    /// The kind, as files and outputs write it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::IdentityAsked { .. } => "identity_asked",
            Self::IdentityNoted { .. } => "identity_noted",
            Self::AuthorityAsked { .. } => "authority_asked",
            Self::AuthorityNoted { .. } => "authority_noted",
            Self::GuardianNoted { .. } => "guardian_noted",
            Self::CompetenceNoted { .. } => "competence_noted",
            Self::FeeAsked { .. } => "fee_asked",
            Self::FeePaid => "fee_paid",
            Self::ClarificationAsked { .. } => "clarification_asked",
            Self::ClarificationAnswered { .. } => "clarification_answered",
            Self::Extended { .. } => "extended",
            Self::Note { .. } => "note",
            Self::TimeSpent { .. } => "time_spent",
            Self::Assigned { .. } => "assigned",
            Self::ThirdParty(_) => "third_party",
            Self::HealthOpinion(_) => "health_opinion",
            Self::KnownToSubject(_) => "known_to_subject",
            Self::Exemption(_) => "exemption",
            Self::LetterWritten { .. } => "letter_written",
            Self::LetterSent { .. } => "letter_sent",
            Self::Approved { .. } => "approved",
            Self::Released { .. } => "released",
            Self::RecipientTold { .. } => "recipient_told",
            Self::Complaint { .. } => "complaint",
            Self::Closed { .. } => "closed",
            Self::Reopened { .. } => "reopened",
        }
    }

    /// The kind in words, for a person.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Received { .. } => "request received",
            Self::IdentityAsked { .. } => "proof of identity asked for",
            Self::IdentityNoted { is_sufficient: true, .. } => "identity noted",
            Self::IdentityNoted { .. } => "identity noted as not enough",
            Self::AuthorityAsked { .. } => "authority asked for",
            Self::AuthorityNoted { is_sufficient: true, .. } => "authority noted",
            Self::AuthorityNoted { .. } => "authority noted as not enough",
            Self::GuardianNoted { is_sufficient: true, .. } => "guardian noted",
            Self::GuardianNoted { .. } => "guardian noted as not enough",
            Self::CompetenceNoted { understands: true, .. } => "the child understands",
            Self::CompetenceNoted { .. } => "the child does not understand",
            Self::FeeAsked { .. } => "fee asked for",
            Self::FeePaid => "fee paid",
            Self::ClarificationAsked { .. } => "question asked",
            Self::ClarificationAnswered { .. } => "question answered",
            Self::Extended { .. } => "extended by two months",
            Self::Note { .. } => "note",
            Self::TimeSpent { .. } => "time spent",
            Self::Assigned { works: true, .. } => "works on the case",
            Self::Assigned { .. } => "works on the case no more",
            Self::ThirdParty(_) => "record about another person",
            Self::HealthOpinion(_) => "health professional's opinion",
            Self::KnownToSubject(_) => "known to the person already",
            Self::Exemption(_) => "exemption answered",
            Self::LetterWritten { .. } => "letter written",
            Self::LetterSent { .. } => "letter sent",
            Self::Approved { .. } => "bundle approved",
            Self::Released { .. } => "answer released",
            Self::RecipientTold { .. } => "recipient told",
            Self::Complaint { step: ComplaintStep::Received, .. } => "complaint received",
            Self::Complaint { step: ComplaintStep::Acknowledged, .. } => "complaint acknowledged",
            Self::Complaint { .. } => "complaint answered",
            Self::Closed { .. } => "case closed",
            Self::Reopened { .. } => "case reopened",
        }
    }

    /// Can it change what the answer says, so that a bundle made before it is out of date?
    ///
    /// What bears on the deadline does, and on whose identity the answer rests: the letter tells of it.
    pub fn bears_on_answer(&self) -> bool {
        matches!(
            self,
            Self::IdentityAsked { .. }
                | Self::IdentityNoted { .. }
                | Self::AuthorityAsked { .. }
                | Self::AuthorityNoted { .. }
                | Self::GuardianNoted { .. }
                | Self::FeeAsked { .. }
                | Self::FeePaid
                | Self::ClarificationAsked { .. }
                | Self::ClarificationAnswered { .. }
                | Self::Extended { .. }
                | Self::Exemption(_)
                | Self::Reopened { .. }
        )
    }
}

/// On which ground an answer may take two months more.
///
/// # Source
/// UK GDPR Art. 12A(3) and (4); Regulation (EU) 2016/679 Art. 12(3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtensionGround {
    /// The request is complex. It is not because there is much.
    Complexity,
    /// The person made several requests.
    Requests,
}

/// What happened to a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintStep {
    /// It came.
    Received,
    /// Its receipt was acknowledged.
    Acknowledged,
    /// The person was told the outcome.
    Answered,
}

/// Why work on a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The answer was released.
    Answered,
    /// The request was refused, and the person told why.
    Refused,
    /// The person took it back.
    Withdrawn,
    /// The person died: the right ends with them.
    Deceased,
    /// Identity could not be shown.
    NoIdentity,
    /// Nobody showed that they may ask for the person.
    NoAuthority,
    /// A question was not answered in a reasonable time.
    NoReply,
    /// The fee was not paid in a reasonable time.
    FeeUnpaid,
    /// It is the same as another request.
    Duplicate,
}

impl Ending {
    /// Every ending.
    pub const ALL: [Self; 9] = [
        Self::Answered,
        Self::Refused,
        Self::Withdrawn,
        Self::Deceased,
        Self::NoIdentity,
        Self::NoAuthority,
        Self::NoReply,
        Self::FeeUnpaid,
        Self::Duplicate,
    ];

    /// As a command writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Deceased => "deceased",
            Self::NoIdentity => "no-identity",
            Self::NoAuthority => "no-authority",
            Self::NoReply => "no-reply",
            Self::FeeUnpaid => "fee-unpaid",
            Self::Duplicate => "duplicate",
        }
    }

    /// The ending of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ending| ending.as_str() == text)
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_shows_its_kind_and_nobodys_words() {
        let event = Event {
            event: Happening::Note { text: "Amara Lind rang".into() },
            on: jiff::civil::date(2026, 7, 1),
            by: "dpo".into(),
            at: Timestamp::UNIX_EPOCH,
        };
        assert!(!format!("{event:?}").contains("Amara"));
        assert_eq!((event.event.kind(), event.event.title()), ("note", "note"));
        assert!(!event.event.bears_on_answer() && Happening::FeePaid.bears_on_answer());
    }

    #[test]
    fn an_ending_is_read_as_it_is_written() {
        for ending in Ending::ALL {
            assert_eq!(Ending::parse(ending.as_str()), Some(ending));
        }
        assert_eq!(Ending::parse("lost"), None);
    }
}
