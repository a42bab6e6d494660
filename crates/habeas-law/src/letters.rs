//! What does each letter of a case have to say, to whom, and who has to give it?
//!
//! A letter is a template's words around *items*: the facts that the law, or plain sense, asks for. Which
//! items a letter has depends on two days: the clock follows the text on the day the request was
//! received, and what has to be told follows the text on the day of the letter.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::{Effect, Law, Regime, exemption};

mod items;

/// A kind of letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterKind {
    /// We have your request.
    Acknowledgement,
    /// We need to know that it is you.
    Identity,
    /// We need to know that you may act for the person.
    Authority,
    /// We need to know what you look for.
    Clarification,
    /// We need two months more.
    Extension,
    /// We ask for a fee.
    Fee,
    /// We do not do what was asked.
    Refusal,
    /// We hold nothing about you.
    NothingHeld,
    /// Here is a part of it.
    PartialRelease,
    /// Here is all of it.
    FullRelease,
    /// May we give what is about you to somebody who asked?
    ThirdPartyConsent,
    /// Would giving this do serious harm?
    HealthOpinion,
    /// What we gave you was corrected, erased or restricted.
    Article19,
    /// We have your complaint.
    ComplaintAcknowledgement,
}

/// To whom a letter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Addressee {
    /// The person who asked, or whoever acts for them.
    Requester,
    /// Whoever says that they act for the person.
    Agent,
    /// Somebody else whom the data is about.
    ThirdParty,
    /// A health professional.
    Professional,
    /// An organisation that received the data.
    Recipient,
}

impl Addressee {
    /// Is it somebody who need not know more of the person than the letter's purpose takes?
    pub fn is_outsider(self) -> bool {
        matches!(self, Self::ThirdParty | Self::Professional | Self::Recipient)
    }
}

impl LetterKind {
    /// Every kind, in the order of a case.
    pub const ALL: [Self; 14] = [
        Self::Acknowledgement,
        Self::Identity,
        Self::Authority,
        Self::Clarification,
        Self::Extension,
        Self::Fee,
        Self::Refusal,
        Self::NothingHeld,
        Self::PartialRelease,
        Self::FullRelease,
        Self::ThirdPartyConsent,
        Self::HealthOpinion,
        Self::Article19,
        Self::ComplaintAcknowledgement,
    ];

    /// As a command writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Identity => "identity",
            Self::Authority => "authority",
            Self::Clarification => "clarification",
            Self::Extension => "extension",
            Self::Fee => "fee",
            Self::Refusal => "refusal",
            Self::NothingHeld => "nothing-held",
            Self::PartialRelease => "partial-release",
            Self::FullRelease => "full-release",
            Self::ThirdPartyConsent => "third-party-consent",
            Self::HealthOpinion => "health-opinion",
            Self::Article19 => "article-19",
            Self::ComplaintAcknowledgement => "complaint-acknowledgement",
        }
    }

    /// The file of its template. Both releases are the letter that goes with a bundle.
    pub fn file(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement.txt",
            Self::Identity => "identity.txt",
            Self::Authority => "authority.txt",
            Self::Clarification => "clarification.txt",
            Self::Extension => "extension.txt",
            Self::Fee => "fee.txt",
            Self::Refusal => "refusal.txt",
            Self::NothingHeld => "nothing-held.txt",
            Self::PartialRelease | Self::FullRelease => "answer.txt",
            Self::ThirdPartyConsent => "third-party-consent.txt",
            Self::HealthOpinion => "health-opinion.txt",
            Self::Article19 => "article-19.txt",
            Self::ComplaintAcknowledgement => "complaint-acknowledgement.txt",
        }
    }

    /// To whom it goes.
    pub fn to(self) -> Addressee {
        match self {
            Self::Authority => Addressee::Agent,
            Self::ThirdPartyConsent => Addressee::ThirdParty,
            Self::HealthOpinion => Addressee::Professional,
            Self::Article19 => Addressee::Recipient,
            _ => Addressee::Requester,
        }
    }

    /// Is there such a letter under that law? The opinion of a health professional is the Data
    /// Protection Act's alone.
    pub fn is_known_to(self, law: Law) -> bool {
        self != Self::HealthOpinion || law == Law::Uk
    }

    /// The kind of that name.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase().replace(['_', ' '], "-");
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl fmt::Display for LetterKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for LetterKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text).ok_or_else(|| {
            let all: Vec<&str> = Self::ALL.into_iter().map(Self::as_str).collect();
            format!("a letter is one of {}", all.join(", "))
        })
    }
}

/// The texts that decide what a letter says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Basis {
    /// The text on the day the request was received: the clock's.
    pub received: Regime,
    /// The text on the day of the letter: what has to be told.
    pub written: Regime,
}

/// One fact of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterItem {
    /// Its name: `{field}` in a template, `--set field=…` in a command.
    pub field: &'static str,
    /// What it is, to follow "lacks".
    pub title: &'static str,
    /// What it looks like.
    pub shape: Shape,
    /// When the letter may not go without it.
    pub need: Wanted,
    /// Who has it.
    pub given: Given,
    /// Does the letter print it? What is not printed is kept with the letter's record.
    pub is_printed: bool,
    /// The text that asks for it.
    pub source: &'static str,
}

/// What an item looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Words.
    Text,
    /// One or more points, each given by itself.
    Points,
    /// A day, no later than the letter's, written out in the letter.
    Day,
    /// A day after the letter's, written out in the letter.
    Later,
    /// `yes`, or nothing.
    Yes,
    /// One of these: as it is given, and in the words of the letter.
    Choice(&'static [(&'static str, &'static str)]),
    /// One or more grounds of a refusal: codes of exemptions, and `IDENTITY`.
    Grounds,
}

/// When a letter may not go without an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Never without it.
    Always,
    /// Where that other field is filled in.
    If(&'static str),
    /// Where that other field is not filled in.
    Unless(&'static str),
    /// The letter may go without it.
    Never,
}

impl Wanted {
    /// Is the item mandatory? `is_filled` says whether a field is filled in.
    pub fn holds(self, is_filled: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Always => true,
            Self::If(field) => is_filled(field),
            Self::Unless(field) => !is_filled(field),
            Self::Never => false,
        }
    }
}

/// Who has an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// The configuration: its key.
    Config(&'static str),
    /// Whoever writes the letter, as `--set field=…`.
    Set,
    /// The case: the command that records it.
    Case(&'static str),
    /// The case, unless whoever writes the letter says it otherwise.
    CaseOrSet(&'static str),
    /// The section of that name of `common.txt`.
    Words(&'static str),
}

impl Given {
    /// May it be given as `--set field=…`?
    pub fn may_set(self) -> bool {
        matches!(self, Self::Set | Self::CaseOrSet(_))
    }
}

/// Every item of a letter: the mandatory ones, and those it may have.
///
/// A field may stand there twice, asked for on two conditions.
///
/// # Source
/// Each item names its own.
pub fn letter_items(kind: LetterKind, basis: Basis) -> Vec<&'static LetterItem> {
    items::rows().filter(|row| row.is_for(kind, basis)).map(|row| &row.item).collect()
}

/// Every field that a letter's template may have, under any text. Nothing else can be printed in it, so
/// a letter to somebody else cannot tell more of the person than its items do.
pub fn letter_fields(kind: LetterKind) -> BTreeSet<&'static str> {
    let shares = |row: &&'static items::Row| {
        let mut kinds = LetterKind::ALL.into_iter().filter(|one| one.file() == kind.file());
        kinds.any(|one| row.has(one))
    };
    items::rows().filter(shares).map(|row| row.item.field).collect()
}

/// Every source that any letter's item names, each once, sorted.
pub fn letter_sources() -> Vec<&'static str> {
    let mut sources: Vec<&str> = items::rows().map(|row| row.item.source).collect();
    sources.sort_unstable();
    sources.dedup();
    sources
}

/// A ground of a refusal, in the words of a letter.
///
/// # Errors
/// A sentence, if it is no ground for keeping anything back under that law.
pub fn refusal_ground(code: &str, law: Law) -> Result<String, String> {
    let code = code.trim();
    if code.eq_ignore_ascii_case("IDENTITY") {
        return Ok("We could not confirm who you are (GDPR Art. 12(2) and (6))".to_owned());
    }
    let found = exemption(code)
        .filter(|found| matches!(found.effect, Effect::May | Effect::Must))
        .filter(|found| found.code != "NCND")
        .ok_or("is no ground of a refusal: give an exemption's code such as MUE, LPP or TP, or IDENTITY")?;
    if law == Law::Eu && !found.provision.starts_with("GDPR") {
        return Err("is a ground of UK law only: under the EU's, give MUE or IDENTITY".to_owned());
    }
    Ok(format!("{} ({})", found.title, found.provision))
}

/// How the Information Commissioner is reached, on every UK letter that tells of a complaint.
///
/// # Source
/// ICO, "Make a complaint"; last looked at in November 2026.
pub const COMMISSIONER: &str = "www.ico.org.uk/make-a-complaint, telephone 0303 123 1113, or \
                                Information Commissioner's Office, Wycliffe House, Water Lane, \
                                Wilmslow, Cheshire SK9 5AF";

#[cfg(test)]
mod tests;
