//! Which days are off?

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday, date};
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};

/// Whose public holidays count.
///
/// Holidays are computed by rule for every year; days proclaimed for one year only are listed from
/// 2018 to 2026, and a later proclamation has to be added to `ONE_OFF`.
///
/// # Source
/// Banking and Financial Dealings Act 1971 s. 1 and Sch. 1; the days of each year as published at
/// <https://www.gov.uk/bank-holidays>. Good Friday and Christmas Day in England and Wales, and
/// New Year's Day since 1974 and the May Day holiday since 1978 by proclamation, are days off too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Calendar {
    /// England and Wales.
    #[default]
    EnglandAndWales,
    /// Scotland.
    Scotland,
    /// Northern Ireland.
    NorthernIreland,
    /// Saturdays and Sundays only: the careful choice where the holidays are not known to Habeas.
    WeekendsOnly,
}

impl FromStr for Calendar {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().to_ascii_lowercase().replace(['_', ' '], "-").as_str() {
            "england-and-wales" | "england" | "wales" => Ok(Self::EnglandAndWales),
            "scotland" => Ok(Self::Scotland),
            "northern-ireland" => Ok(Self::NorthernIreland),
            "weekends-only" => Ok(Self::WeekendsOnly),
            _ => Err("a calendar is `england-and-wales`, `scotland`, `northern-ireland` or \
                 `weekends-only`"
                .to_owned()),
        }
    }
}

impl fmt::Display for Calendar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::EnglandAndWales => "england-and-wales",
            Self::Scotland => "scotland",
            Self::NorthernIreland => "northern-ireland",
            Self::WeekendsOnly => "weekends-only",
        })
    }
}

impl Calendar {
    /// The calendar in words.
    pub fn title(self) -> &'static str {
        match self {
            Self::EnglandAndWales => "England and Wales",
            Self::Scotland => "Scotland",
            Self::NorthernIreland => "Northern Ireland",
            Self::WeekendsOnly => "no public holidays",
        }
    }

    /// Is the day neither at a weekend nor a public holiday?
    pub fn is_working(self, day: Date) -> bool {
        !is_weekend(day) && self.holiday(day).is_none()
    }

    /// The name of the public holiday on that day, if it is one.
    pub fn holiday(self, day: Date) -> Option<&'static str> {
        self.holidays(day.year()).into_iter().find(|(on, _)| *on == day).map(|(_, name)| name)
    }

    /// The day itself if people work on it, else the next day on which they do.
    pub fn working_from(self, day: Date) -> Date {
        let mut day = day;
        while !self.is_working(day) {
            day = day.saturating_add(1.day());
        }
        day
    }

    /// The public holidays of a year that take a day off, sorted by day.
    ///
    /// Where a holiday is at a weekend this is its substitute day.
    pub fn holidays(self, year: i16) -> Vec<(Date, &'static str)> {
        use Calendar::{NorthernIreland, Scotland, WeekendsOnly};
        if self == WeekendsOnly {
            return Vec::new();
        }
        let easter = easter_sunday(year);
        let mut days = vec![(date(year, 1, 1), "New Year's Day")];
        if self == Scotland {
            days.push((date(year, 1, 2), "2nd January"));
        }
        if self == NorthernIreland {
            days.push((date(year, 3, 17), "St Patrick's Day"));
        }
        days.push((easter.saturating_sub(2.days()), "Good Friday"));
        if self != Scotland {
            days.push((easter.saturating_add(1.day()), "Easter Monday"));
        }
        days.push((monday(year, 5, Which::First), "Early May bank holiday"));
        days.push((monday(year, 5, Which::Last), "Spring bank holiday"));
        if self == NorthernIreland {
            days.push((date(year, 7, 12), "Battle of the Boyne"));
        }
        let august = if self == Scotland { Which::First } else { Which::Last };
        days.push((monday(year, 8, august), "Summer bank holiday"));
        if self == Scotland {
            days.push((date(year, 11, 30), "St Andrew's Day"));
        }
        days.push((date(year, 12, 25), "Christmas Day"));
        days.push((date(year, 12, 26), "Boxing Day"));
        for (calendars, off, instead, name) in ONE_OFF {
            if calendars.contains(&self) && off.year() == year {
                days.retain(|(day, _)| Some(*day) != *instead);
                days.push((*off, name));
            }
        }
        substituted(days)
    }
}

const EVERYWHERE: &[Calendar] =
    &[Calendar::EnglandAndWales, Calendar::Scotland, Calendar::NorthernIreland];

/// Days proclaimed for one year: where, the day off, the day it replaces, and its name.
const ONE_OFF: &[(&[Calendar], Date, Option<Date>, &str)] = &[
    (EVERYWHERE, date(2020, 5, 8), Some(date(2020, 5, 4)), "Early May bank holiday (VE Day)"),
    (EVERYWHERE, date(2022, 6, 2), Some(date(2022, 5, 30)), "Spring bank holiday"),
    (EVERYWHERE, date(2022, 6, 3), None, "Platinum Jubilee bank holiday"),
    (EVERYWHERE, date(2022, 9, 19), None, "Bank holiday for the State Funeral"),
    (EVERYWHERE, date(2023, 5, 8), None, "Bank holiday for the coronation"),
    // Proclamation under s. 1(3) of the 1971 Act, announced by the Scottish Government on
    // 5 February 2026.
    (&[Calendar::Scotland], date(2026, 6, 15), None, "World Cup bank holiday"),
];

/// Moves every holiday at a weekend to the next day that is neither at a weekend nor a holiday.
fn substituted(days: Vec<(Date, &'static str)>) -> Vec<(Date, &'static str)> {
    let (mut off, moving): (Vec<_>, Vec<_>) =
        days.into_iter().partition(|(day, _)| !is_weekend(*day));
    for (mut day, name) in moving {
        while is_weekend(day) || off.iter().any(|(taken, _)| *taken == day) {
            day = day.saturating_add(1.day());
        }
        off.push((day, name));
    }
    off.sort();
    off
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[derive(Clone, Copy)]
enum Which {
    First,
    Last,
}

/// The first or last Monday of a month.
fn monday(year: i16, month: i8, which: Which) -> Date {
    let first = date(year, month, 1);
    let (start, step): (Date, Span) = match which {
        Which::First => (first, 1.day()),
        Which::Last => (first.last_of_month(), -1.day()),
    };
    let mut day = start;
    while day.weekday() != Weekday::Monday {
        day = day.saturating_add(step);
    }
    day
}

/// Easter Sunday of the western churches.
///
/// # Source
/// The anonymous Gregorian computus (Nature, 20 April 1876; Meeus, *Astronomical Algorithms*, ch. 8).
fn easter_sunday(year: i16) -> Date {
    let y = i32::from(year);
    let (golden, century, of_century) = (y % 19, y / 100, y % 100);
    let skipped = century - century / 4 - (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + skipped + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let n = epact + weekday - 7 * late + 114;
    // Always 22 March to 25 April, so both fit.
    Date::new(year, (n / 31) as i8, (n % 31 + 1) as i8).unwrap_or(date(year, 3, 31))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days off as day/month, in order.
    fn check(calendar: Calendar, year: i16, expected: &str) {
        let days: Vec<String> = calendar
            .holidays(year)
            .iter()
            .map(|(day, _)| format!("{}/{}", day.day(), day.month()))
            .collect();
        assert_eq!(days.join(" "), expected, "{calendar} {year}");
    }

    #[test]
    fn holidays_are_those_that_were_published() {
        use Calendar::{EnglandAndWales, NorthernIreland, Scotland};
        check(EnglandAndWales, 2020, "1/1 10/4 13/4 8/5 25/5 31/8 25/12 28/12");
        check(EnglandAndWales, 2021, "1/1 2/4 5/4 3/5 31/5 30/8 27/12 28/12");
        check(EnglandAndWales, 2022, "3/1 15/4 18/4 2/5 2/6 3/6 29/8 19/9 26/12 27/12");
        check(EnglandAndWales, 2023, "2/1 7/4 10/4 1/5 8/5 29/5 28/8 25/12 26/12");
        check(EnglandAndWales, 2024, "1/1 29/3 1/4 6/5 27/5 26/8 25/12 26/12");
        check(EnglandAndWales, 2025, "1/1 18/4 21/4 5/5 26/5 25/8 25/12 26/12");
        check(EnglandAndWales, 2026, "1/1 3/4 6/4 4/5 25/5 31/8 25/12 28/12");
        check(EnglandAndWales, 2027, "1/1 26/3 29/3 3/5 31/5 30/8 27/12 28/12");
        check(EnglandAndWales, 2028, "3/1 14/4 17/4 1/5 29/5 28/8 25/12 26/12");
        check(Scotland, 2022, "3/1 4/1 15/4 2/5 2/6 3/6 1/8 19/9 30/11 26/12 27/12");
        check(Scotland, 2023, "2/1 3/1 7/4 1/5 8/5 29/5 7/8 30/11 25/12 26/12");
        check(Scotland, 2024, "1/1 2/1 29/3 6/5 27/5 5/8 2/12 25/12 26/12");
        check(Scotland, 2025, "1/1 2/1 18/4 5/5 26/5 4/8 1/12 25/12 26/12");
        check(Scotland, 2026, "1/1 2/1 3/4 4/5 25/5 15/6 3/8 30/11 25/12 28/12");
        check(NorthernIreland, 2024, "1/1 18/3 29/3 1/4 6/5 27/5 12/7 26/8 25/12 26/12");
        check(NorthernIreland, 2025, "1/1 17/3 18/4 21/4 5/5 26/5 14/7 25/8 25/12 26/12");
        check(NorthernIreland, 2026, "1/1 17/3 3/4 6/4 4/5 25/5 13/7 31/8 25/12 28/12");
    }

    #[test]
    fn easter_is_where_the_almanac_has_it() {
        for (year, month, day) in [
            (1818, 3, 22),
            (1943, 4, 25),
            (2019, 4, 21),
            (2029, 4, 1),
            (2030, 4, 21),
            (2038, 4, 25),
        ] {
            assert_eq!(easter_sunday(year), date(year, month, day));
        }
    }

    #[test]
    fn a_day_off_leads_to_the_next_working_day() {
        let calendar = Calendar::EnglandAndWales;
        assert_eq!(calendar.working_from(date(2026, 4, 3)), date(2026, 4, 7));
        assert_eq!(calendar.working_from(date(2026, 4, 7)), date(2026, 4, 7));
        assert_eq!(Calendar::WeekendsOnly.working_from(date(2026, 4, 3)), date(2026, 4, 3));
        assert_eq!("Northern Ireland".parse(), Ok(Calendar::NorthernIreland));
    }
}
