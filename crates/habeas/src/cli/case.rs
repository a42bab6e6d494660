//! What can be typed about what happens to a request?

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// The arguments of `event`.
#[derive(Debug, Args)]
pub struct EventArguments {
    /// The case.
    pub case: String,
    /// What happened.
    #[command(subcommand)]
    pub what: What,
    /// The day it happened, as YYYY-MM-DD; by default today.
    #[arg(long, global = true, value_name = "DATE")]
    pub on: Option<String>,
    /// Who says so; by default the user's name.
    #[arg(long, global = true)]
    pub by: Option<String>,
}

/// What can happen to a request.
#[derive(Debug, Subcommand)]
pub enum What {
    /// The person was asked for proof of identity: the month begins once it has come
    IdentityAsked {
        /// What was asked for, and why.
        #[arg(long)]
        what: String,
    },
    /// Evidence of identity was seen; note what it was, never a copy or a number of it
    IdentityNoted(Seen),
    /// Whoever asks for somebody else was asked to show that they may
    AuthorityAsked {
        /// What was asked for.
        #[arg(long)]
        what: String,
    },
    /// Evidence was seen that somebody may ask for the person
    AuthorityNoted(Seen),
    /// Evidence was seen that somebody is the person's parent, guardian or deputy
    GuardianNoted(Seen),
    /// It was judged whether a child understands their right
    CompetenceNoted {
        /// Do they understand it?
        #[arg(long)]
        understands: YesNo,
        /// On what that rests.
        #[arg(long)]
        why: String,
    },
    /// A fee was asked for
    FeeAsked {
        /// How much, such as 12.50.
        #[arg(long)]
        amount: String,
        /// Why one may be charged, and how it was reckoned.
        #[arg(long)]
        reason: String,
    },
    /// The fee was paid
    FeePaid,
    /// A question was asked that the search needs: the clock stops
    ClarificationAsked {
        /// The question, and why the search needs its answer.
        #[arg(long)]
        question: String,
    },
    /// The question was answered: the clock runs again
    ClarificationAnswered {
        /// The answer; "everything" is one.
        #[arg(long)]
        answer: String,
    },
    /// The person was told, with reasons, that the answer takes two months more
    Extended {
        /// On which ground.
        #[arg(long)]
        ground: Ground,
        /// The reasons that they were given.
        #[arg(long)]
        reason: String,
    },
    /// Anything else worth keeping
    Note {
        /// The note.
        text: String,
    },
    /// Time was spent
    Time {
        /// Minutes.
        minutes: u32,
        /// On what.
        #[arg(long)]
        what: String,
    },
    /// Somebody works on the case from now on
    Assigned {
        /// Who.
        who: String,
        /// What they do in it.
        #[arg(long, default_value = "")]
        task: String,
        /// They do not any more.
        #[arg(long)]
        done: bool,
    },
    /// A decision record about another person (DPA 2018 Sch. 2 paras 16 and 17)
    ThirdParty(Box<ThirdPartyArguments>),
    /// A health professional's opinion on whether giving health data does serious harm (Sch. 3)
    HealthOpinion(Box<OpinionArguments>),
    /// The person has seen, or knows, health data already (Sch. 3 para. 6)
    KnownToSubject {
        /// Which items, by the first digits of the id or by path; may be repeated.
        #[arg(long, required = true)]
        item: Vec<String>,
        /// What shows it: a letter to them, a message they opened, a form they filled in.
        #[arg(long)]
        evidence: String,
    },
    /// What an exemption asks was answered
    Exemption {
        /// Its code, such as LPP or MUE.
        code: String,
        /// The answer.
        #[arg(long)]
        answer: String,
        /// For which item, by the first digits of its id; without it, for the request as a whole.
        #[arg(long)]
        item: Option<String>,
        /// It was considered and does not apply.
        #[arg(long)]
        does_not_apply: bool,
        /// The person is told which it is, where naming it might defeat it.
        #[arg(long)]
        told: bool,
    },
    /// A letter was sent
    LetterSent {
        /// Which, as `habeas letter` names it.
        letter: String,
        /// How.
        #[arg(long)]
        method: String,
    },
    /// A recipient was told of a rectification, erasure or restriction (Art. 19)
    RecipientTold {
        /// Who, and of what.
        what: String,
    },
    /// Something about a complaint to the controller (DPA 2018 s. 164A)
    Complaint {
        /// What about it.
        step: Step,
        /// In a few words.
        #[arg(long)]
        what: String,
    },
    /// Work on the case ended
    Closed {
        /// Why: answered, refused, withdrawn, deceased, no-identity, no-authority, no-reply, fee-unpaid
        /// or duplicate.
        #[arg(long = "as", value_name = "ENDING")]
        ending: String,
        /// In a few words.
        #[arg(long)]
        reason: String,
    },
    /// Work on a released or closed case began again
    Reopened {
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

/// Evidence that was seen.
#[derive(Debug, Args)]
pub struct Seen {
    /// What was seen, such as "logged in to the patient portal".
    #[arg(long)]
    pub seen: String,
    /// It was not enough.
    #[arg(long)]
    pub not_enough: bool,
}

/// The arguments of `event CASE third-party`.
#[derive(Debug, Args)]
pub struct ThirdPartyArguments {
    /// Their number in the list of `habeas people`.
    #[arg(long, value_name = "NUMBER")]
    pub person: u32,
    /// Only in this item, by the first digits of its id.
    #[arg(long)]
    pub item: Option<String>,
    /// Who they are to the requester.
    #[arg(long)]
    pub relation: Relation,
    /// What giving it would tell of them.
    #[arg(long)]
    pub reveals: String,
    /// What shows that the requester knows it already.
    #[arg(long, default_value = "")]
    pub known: String,
    /// Could the requester still tell who they are once their name is taken out?
    #[arg(long, default_value = "yes")]
    pub identifiable: YesNo,
    /// Did they agree?
    #[arg(long)]
    pub consent: Consent,
    /// The day they agreed or refused, or were asked, as YYYY-MM-DD; by default the day of the event.
    #[arg(long, value_name = "DATE")]
    pub consent_on: Option<String>,
    /// To what they agreed and how they said so, or why they were not asked.
    #[arg(long, default_value = "")]
    pub consent_words: String,
    /// A duty of confidence that is owed to them, or "none".
    #[arg(long, default_value = "")]
    pub confidence: String,
    /// Why it is, or is not, reasonable, all circumstances taken together.
    #[arg(long, default_value = "")]
    pub factors: String,
    /// What follows.
    #[arg(long)]
    pub outcome: Outcome,
}

/// The arguments of `event CASE health-opinion`.
#[derive(Debug, Args)]
pub struct OpinionArguments {
    /// Who gave it.
    #[arg(long)]
    pub clinician: String,
    /// Where they are registered and under which number, such as "GMC 1234567".
    #[arg(long)]
    pub registration: String,
    /// Why they are the appropriate one: responsible for the care, most recently so, or suitable.
    #[arg(long)]
    pub appropriate: String,
    /// What they were asked about.
    #[arg(long)]
    pub matter: String,
    /// Which items it covers, by the first digits of the id or by path; may be repeated.
    #[arg(long)]
    pub item: Vec<String>,
    /// It covers every document with health data that would be given today.
    #[arg(long, conflicts_with = "item")]
    pub all: bool,
    /// Is serious harm likely?
    #[arg(long)]
    pub harm: Harm,
    /// The day it was given, as YYYY-MM-DD; by default the day of the event.
    #[arg(long, value_name = "DATE")]
    pub given: Option<String>,
    /// They have to be asked again before it is relied on.
    #[arg(long)]
    pub reconsult: bool,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    Yes,
    No,
}

/// On which ground an answer takes longer.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Ground {
    Complexity,
    Requests,
}

/// What happened to a complaint.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Step {
    Received,
    Acknowledged,
    Answered,
}

/// Who another person is to the requester.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Relation {
    Staff,
    Professional,
    Customer,
    Relative,
    Witness,
    Supplier,
    Other,
}

/// Did another person agree?
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Consent {
    Given,
    Refused,
    NoReply,
    NotAsked,
}

/// What follows for another person.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Outcome {
    Disclose,
    Redact,
    Withhold,
}

/// Is serious harm likely?
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Harm {
    Unlikely,
    Likely,
}

/// The arguments of `release`.
#[derive(Debug, Args)]
pub struct ReleaseArguments {
    /// The case.
    pub case: String,
    /// How the answer is sent, such as "portal" or "special delivery".
    #[arg(long)]
    pub method: String,
    /// How the address was checked, such as "read back by telephone".
    #[arg(long)]
    pub address_check: String,
    /// How the secret that opens it travels, such as "by text message"; "none" if it needs none.
    #[arg(long)]
    pub secret_channel: String,
    /// The bundle's folder or archive; by default the one in the case's folder.
    #[arg(long, value_name = "DIR")]
    pub bundle: Option<PathBuf>,
    /// The day it leaves, as YYYY-MM-DD; by default today.
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// Who sends it; by default the user's name.
    #[arg(long)]
    pub by: Option<String>,
}
