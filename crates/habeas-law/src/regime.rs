//! Which text is in force on a day?

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

/// Whose law answers the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Law {
    /// UK GDPR and the Data Protection Act 2018.
    #[default]
    Uk,
    /// Regulation (EU) 2016/679.
    Eu,
}

impl FromStr for Law {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().to_ascii_lowercase().as_str() {
            "uk" | "uk-gdpr" | "gb" => Ok(Self::Uk),
            "eu" | "eu-gdpr" | "gdpr" => Ok(Self::Eu),
            _ => Err("a regime is `uk` or `eu`".to_owned()),
        }
    }
}

impl fmt::Display for Law {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Uk => "uk",
            Self::Eu => "eu",
        })
    }
}

/// A text in force. The clock follows the text on the day the request was received; a letter has
/// to say what the text on the day of the letter asks for.
///
/// # Source
/// Data (Use and Access) Act 2025 ss. 76 and 103 with Sch. 10; SI 2026/82 regs 2 and 3 (5 February and
/// 19 June 2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Regime {
    /// UK GDPR before 5 February 2026: Art. 12(3) as it was made.
    UkUntilFebruary2026,
    /// UK GDPR from 5 February 2026: Art. 12A, the clock that can be stopped.
    UkFromFebruary2026,
    /// UK GDPR from 19 June 2026: also DPA 2018 s. 164A, the complaint to the controller.
    UkFromJune2026,
    /// Regulation (EU) 2016/679.
    Eu,
}

impl Regime {
    /// The text in force on `day`.
    pub fn on(law: Law, day: Date) -> Self {
        match law {
            Law::Eu => Self::Eu,
            Law::Uk if day >= date(2026, 6, 19) => Self::UkFromJune2026,
            Law::Uk if day >= date(2026, 2, 5) => Self::UkFromFebruary2026,
            Law::Uk => Self::UkUntilFebruary2026,
        }
    }

    /// Whose law it is.
    pub fn law(self) -> Law {
        if self == Self::Eu { Law::Eu } else { Law::Uk }
    }

    /// Does Art. 12A UK GDPR apply, which starts and stops the clock?
    pub fn has_article_12a(self) -> bool {
        matches!(self, Self::UkFromFebruary2026 | Self::UkFromJune2026)
    }

    /// The regime in words, for a letter or a record.
    pub fn title(self) -> &'static str {
        match self {
            Self::UkUntilFebruary2026 => "UK GDPR as in force before 5 February 2026",
            Self::UkFromFebruary2026 => "UK GDPR as in force from 5 February 2026",
            Self::UkFromJune2026 => "UK GDPR as in force from 19 June 2026",
            Self::Eu => "Regulation (EU) 2016/679",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_decides_the_text() {
        let cases = [
            (Law::Uk, date(2026, 2, 4), Regime::UkUntilFebruary2026),
            (Law::Uk, date(2026, 2, 5), Regime::UkFromFebruary2026),
            (Law::Uk, date(2026, 6, 18), Regime::UkFromFebruary2026),
            (Law::Uk, date(2026, 6, 19), Regime::UkFromJune2026),
            (Law::Eu, date(2026, 6, 19), Regime::Eu),
        ];
        for (law, day, regime) in cases {
            assert_eq!(Regime::on(law, day), regime, "{law} {day}");
        }
    }

    #[test]
    fn a_law_is_read_as_it_is_written() {
        for law in [Law::Uk, Law::Eu] {
            assert_eq!(law.to_string().parse::<Law>(), Ok(law));
        }
        assert!("us".parse::<Law>().is_err());
    }
}
