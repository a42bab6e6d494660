//! Where does a request stand?

use std::fmt;

use habeas_model::{Tier, Verdict};
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};

use crate::{Case, Dossier, Error, Rules};

/// Where a request stands. It follows from the events and decisions of the case; nobody sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It came, and nothing was done yet.
    Received,
    /// Proof of identity is awaited.
    AwaitingIdentity,
    /// Proof that whoever asks may ask for the person is awaited.
    AwaitingAuthority,
    /// A fee is awaited.
    AwaitingFee,
    /// The clock is stopped until a question is answered.
    Paused,
    /// The estate is to be searched.
    Searching,
    /// Findings are to be decided.
    Reviewing,
    /// Everything is decided; gates may still be closed.
    Ready,
    /// The answer has left.
    Released,
    /// Work on it has ended.
    Closed,
    /// The case has been kept as long as the organisation keeps cases: somebody has to delete it.
    Expired,
}

impl State {
    /// The state in words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::AwaitingIdentity => "waiting for identity",
            Self::AwaitingAuthority => "waiting for authority",
            Self::AwaitingFee => "waiting for a fee",
            Self::Paused => "waiting for an answer",
            Self::Searching => "to be searched",
            Self::Reviewing => "under review",
            Self::Ready => "ready",
            Self::Released => "released",
            Self::Closed => "closed",
            Self::Expired => "expired: delete the case",
        }
    }

    /// Is there still an answer to give?
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Released | Self::Closed | Self::Expired)
    }
}

impl fmt::Display for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.title())
    }
}

/// How long a case is kept after it was released or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    months: i32,
}

impl Default for Keep {
    fn default() -> Self {
        Self { months: 72 }
    }
}

impl Keep {
    /// Reads `6 years` or `18 months`.
    ///
    /// # Errors
    /// A sentence that says how to write it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is not a time to keep a case: write `6 years`, `18 months`");
        let (number, unit) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let number: i32 = number.parse().map_err(|_| wrong())?;
        let months = match unit.trim() {
            "year" | "years" => number.checked_mul(12).ok_or_else(wrong)?,
            "month" | "months" => number,
            _ => return Err(wrong()),
        };
        if (1..=1_200).contains(&months) { Ok(Self { months }) } else { Err(wrong()) }
    }

    /// The day from which a case that ended on `day` is to be deleted.
    pub fn until(self, day: Date) -> Date {
        let span: Span = self.months.months();
        day.saturating_add(span)
    }
}

impl Dossier {
    /// Where the request stands.
    pub fn state(&self, rules: &Rules) -> State {
        let history = &self.history;
        if self.delete_from(rules.keep).is_some_and(|day| day <= rules.today) {
            return State::Expired;
        }
        if history.closed.is_some() {
            return State::Closed;
        }
        if history.released.is_some() {
            return State::Released;
        }
        if history.awaits_identity() {
            return State::AwaitingIdentity;
        }
        if history.awaits_authority() {
            return State::AwaitingAuthority;
        }
        if history.awaits_fee() {
            return State::AwaitingFee;
        }
        if history.open_question().is_some() {
            return State::Paused;
        }
        if !self.is_search_current {
            // That it was taken up is nothing that was done with it.
            let is_new = self.events.iter().all(|event| event.event.kind() == "received");
            return if is_new && self.search.is_none() {
                State::Received
            } else {
                State::Searching
            };
        }
        let has_open = self
            .with_verdict(Verdict::Open)
            .any(|(finding, _)| matches!(finding.tier, Tier::Certain | Tier::Probable));
        if has_open { State::Reviewing } else { State::Ready }
    }

    /// The day from which the case is to be deleted, once it has ended.
    pub fn delete_from(&self, keep: Keep) -> Option<Date> {
        let ended = [
            self.history.closed.map(|closed| closed.on),
            self.history.released.as_ref().map(|left| left.on),
        ];
        ended.into_iter().flatten().max().map(|day| keep.until(day))
    }
}

impl Case {
    /// Where the request stands.
    ///
    /// # Errors
    /// If a file of the case cannot be read or was changed.
    pub fn state(&self, rules: &Rules) -> Result<State, Error> {
        Ok(self.dossier()?.state(rules))
    }

    /// Everything that stands in the way of a release, in the order of the gates.
    ///
    /// # Errors
    /// If a file of the case cannot be read or was changed.
    pub fn blocks(&self, rules: &Rules) -> Result<Vec<crate::Block>, Error> {
        Ok(crate::blocks(&self.dossier()?, rules))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_case_is_kept_as_long_as_is_written() {
        let until = |text: &str| Keep::parse(text).map(|keep| keep.until(date(2026, 11, 20)));
        assert_eq!(until("6 years"), Ok(date(2032, 11, 20)));
        assert_eq!(until("18 months"), Ok(date(2028, 5, 20)));
        for text in ["", "6", "six years", "0 years", "6 days", "-1 years", "999999999 years"] {
            assert!(until(text).is_err(), "{text}");
        }
        assert_eq!(Keep::parse("6 years"), Ok(Keep::default()));
    }
}
