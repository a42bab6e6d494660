//! How long is something kept?

use std::fmt;

use jiff::Span;
use jiff::civil::Date;

/// A period such as `8 years`, `13 months`, `2 weeks` or `30 days`.
///
/// Invariant: above nothing, and at most 150 years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    number: u32,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Years,
    Months,
    Weeks,
    Days,
}

/// Nobody's data is kept longer on purpose, so more is a slip of the key.
const MOST_YEARS: u32 = 150;

impl Period {
    /// Takes a number and a unit.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shown = text.escape_debug();
        let wrong = || format!("`{shown}` is not a period: write it as `8 years` or `30 days`");
        let (number, unit) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let number: i64 = number.parse().map_err(|_| wrong())?;
        let (unit, per_year) = match unit.trim() {
            "year" | "years" => (Unit::Years, 1),
            "month" | "months" => (Unit::Months, 12),
            "week" | "weeks" => (Unit::Weeks, 53),
            "day" | "days" => (Unit::Days, 366),
            _ => return Err(wrong()),
        };
        if number <= 0 {
            return Err(format!("`{shown}` is an impossible period: it has to be above nothing"));
        }
        match u32::try_from(number) {
            Ok(number) if number <= MOST_YEARS * per_year => Ok(Self { number, unit }),
            _ => Err(format!(
                "`{shown}` is an impossible period: it is longer than {MOST_YEARS} years"
            )),
        }
    }

    /// The day so long before another: what is older has been kept longer.
    pub fn before(self, day: Date) -> Date {
        day.checked_sub(self.span()).unwrap_or(Date::MIN)
    }

    /// The day so long after another.
    pub fn after(self, day: Date) -> Date {
        day.checked_add(self.span()).unwrap_or(Date::MAX)
    }

    fn span(self) -> Span {
        match self.unit {
            Unit::Years => Span::new().years(self.number),
            Unit::Months => Span::new().months(self.number),
            Unit::Weeks => Span::new().weeks(self.number),
            Unit::Days => Span::new().days(self.number),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Years => "year",
            Unit::Months => "month",
            Unit::Weeks => "week",
            Unit::Days => "day",
        };
        write!(out, "{} {unit}{}", self.number, if self.number == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_period_counts_back_by_the_calendar() {
        let check = |text: &str, expected: Date| {
            assert_eq!(Period::parse(text).unwrap().before(date(2026, 3, 31)), expected, "{text}");
        };
        check("8 years", date(2018, 3, 31));
        check("1 month", date(2026, 2, 28));
        check("2 weeks", date(2026, 3, 17));
        check("30 days", date(2026, 3, 1));
    }

    #[test]
    fn an_impossible_period_says_why() {
        for (text, why) in [
            ("eight years", "is not a period"),
            ("8", "is not a period"),
            ("8 moths", "is not a period"),
            ("0 days", "above nothing"),
            ("-3 years", "above nothing"),
            ("800 years", "longer than 150 years"),
            ("99999999999 days", "longer than 150 years"),
        ] {
            let error = Period::parse(text).unwrap_err();
            assert!(error.contains(why) && error.contains(text), "{text}: {error}");
        }
    }

    #[test]
    fn it_reads_as_it_was_written() {
        for text in ["1 year", "13 months", "90 days", "1 week"] {
            assert_eq!(Period::parse(text).unwrap().to_string(), text);
        }
    }
}
