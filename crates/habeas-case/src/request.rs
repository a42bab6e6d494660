//! What was asked, by whom, and when?

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use habeas_law::{Calendar, Deadline, Law, Regime, Timeline, Wait};
use habeas_model::{NameKind, Personal, Subject};
use jiff::civil::Date;

use crate::Error;

mod keys;
mod read;
mod values;
mod write;

/// A request: what the person stated, and what the organisation recorded of its receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The identifier that the organisation gave it, if it did.
    pub reference: Option<String>,
    /// Whom it is about.
    pub subject: Subject,
    /// The day it was received.
    pub received: Date,
    /// How it came.
    pub channel: Channel,
    /// Which right it exercises.
    pub right: Right,
    /// Whose law answers.
    pub law: Law,
    /// Whose holidays count.
    pub calendar: Calendar,
    /// Proof of identity or authority that was asked for.
    pub identity: Option<Wait>,
    /// A fee that was asked for.
    pub fee: Option<Wait>,
    /// Questions that were needed to find what is asked for.
    pub clarifications: Vec<Wait>,
    /// The day on which the person was told of an extension.
    pub extended: Option<Date>,
    /// Who asks on the person's behalf with their authority, such as a solicitor.
    pub agent: Option<Personal<String>>,
    /// Which parent, guardian or deputy asks for them.
    pub guardian: Option<Personal<String>>,
    /// Anything else, for the people who work the case.
    pub notes: Personal<String>,
}

/// What a request is taken to say where it is silent.
#[derive(Clone, Copy, Debug)]
pub struct Defaults {
    /// The day of receipt.
    pub received: Date,
    /// Whose law answers.
    pub law: Law,
    /// Whose holidays count.
    pub calendar: Calendar,
}

/// How a request came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Channel {
    /// By e-mail.
    #[default]
    Email,
    /// By post.
    Letter,
    /// By telephone.
    Phone,
    /// Through a form or a portal.
    Web,
    /// Face to face.
    InPerson,
    /// Through social media or a messenger.
    SocialMedia,
    /// In another way.
    Other,
}

impl FromStr for Channel {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.trim().to_lowercase().replace(['_', ' '], "-").as_str() {
            "email" | "e-mail" | "mail" => Self::Email,
            "letter" | "post" | "paper" => Self::Letter,
            "phone" | "telephone" | "call" | "voice" => Self::Phone,
            "web" | "portal" | "form" | "website" | "web-form" | "online" => Self::Web,
            "in-person" | "person" | "verbal" | "desk" => Self::InPerson,
            "social-media" | "social" | "messenger" | "chat" => Self::SocialMedia,
            "other" => Self::Other,
            _ => {
                return Err("is not a channel: write email, letter, phone, web, in-person, \
                            social-media or other");
            }
        })
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Email => "email",
            Self::Letter => "letter",
            Self::Phone => "phone",
            Self::Web => "web",
            Self::InPerson => "in-person",
            Self::SocialMedia => "social-media",
            Self::Other => "other",
        })
    }
}

/// Which right a request exercises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Right {
    /// Art. 15.
    #[default]
    Access,
    /// Art. 17.
    Erasure,
    /// Art. 20.
    Portability,
    /// Art. 21.
    Objection,
    /// Art. 16.
    Rectification,
}

impl FromStr for Right {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.trim().to_lowercase().replace(['_', ' '], "-").as_str() {
            "access" | "sar" | "dsar" | "subject-access" => Self::Access,
            "erasure" | "deletion" | "delete" | "forget" => Self::Erasure,
            "portability" => Self::Portability,
            "objection" | "object" => Self::Objection,
            "rectification" | "correction" | "rectify" => Self::Rectification,
            _ => {
                return Err("is not a right: write access, erasure, portability, objection or \
                            rectification");
            }
        })
    }
}

impl fmt::Display for Right {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Access => "access",
            Self::Erasure => "erasure",
            Self::Portability => "portability",
            Self::Objection => "objection",
            Self::Rectification => "rectification",
        })
    }
}

impl Request {
    /// Reads every request of a file: TOML, JSON, or JSON Lines with a request a line.
    ///
    /// # Errors
    /// If the file cannot be read, or a request in it is empty, contradicts itself or has a key that
    /// is not known; nothing of the file is used then.
    pub fn read(file: &Path, defaults: &Defaults) -> Result<Vec<Self>, Error> {
        let bytes = std::fs::read(file).map_err(Error::file(file))?;
        let place = file.display().to_string();
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::request("is not UTF-8 text; save it as UTF-8").at(&place))?;
        Self::parse(&text, defaults).map_err(|error| error.at(&place))
    }

    /// Reads every request of a text: TOML, JSON, or JSON Lines with a request a line.
    ///
    /// # Errors
    /// As [`Request::read`].
    pub fn parse(text: &str, defaults: &Defaults) -> Result<Vec<Self>, Error> {
        read::all(text, defaults)
    }

    /// Reads one request from a JSON object; a text may end in the days it was held, as
    /// `jane@example.org [2019-01-01..2021-06-30]`.
    ///
    /// # Errors
    /// As [`Request::read`].
    pub fn from_json(value: &serde_json::Value, defaults: &Defaults) -> Result<Self, Error> {
        read::one(value, defaults)
    }

    /// The request as TOML, with every key that was set; [`Request::parse`] reads it back.
    pub fn to_toml(&self) -> String {
        write::toml(self)
    }

    /// The name to write to: the first current one, else the first.
    pub fn name(&self) -> Option<&Personal<String>> {
        let names = &self.subject.names;
        let current = names.iter().find(|name| name.kind == NameKind::Current);
        current.or_else(|| names.first()).map(|name| &name.value)
    }

    /// The text that the clock follows.
    pub fn regime(&self) -> Regime {
        Regime::on(self.law, self.received)
    }

    /// Whole years of the person's age on the day of receipt, if their birth date is stated.
    pub fn age(&self) -> Option<i16> {
        let born = *self.subject.born.as_ref()?.reveal();
        born.until((jiff::Unit::Year, self.received)).ok().map(|span| span.get_years())
    }

    /// What the request itself states that bears on the deadline; [`crate::History::timeline`] adds what
    /// happened since.
    pub fn timeline(&self) -> Timeline {
        Timeline {
            received: self.received,
            identity: self.identity,
            fee: self.fee,
            clarifications: self.clarifications.clone(),
            extended: self.extended,
            law: self.law,
            calendar: self.calendar,
        }
    }

    /// When the answer is due by what the request itself states; [`crate::Case::deadline`] adds what
    /// happened since.
    pub fn deadline(&self) -> Deadline {
        habeas_law::due(&self.timeline())
    }
}

#[cfg(test)]
mod tests;
