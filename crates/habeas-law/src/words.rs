//! How is a day or a number of things written in a sentence?

use jiff::civil::{Date, Weekday};

/// A day as a letter writes it: `Monday 25 November 2024`.
pub fn written(day: Date) -> String {
    let weekday = match day.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    };
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = MONTHS[usize::from(day.month().unsigned_abs()) - 1];
    format!("{weekday} {} {month} {}", day.day(), day.year())
}

/// `1 day`, `2 days`.
pub(crate) fn days(number: i32) -> String {
    format!("{number} {}", if number == 1 { "day" } else { "days" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_in_a_letter() {
        assert_eq!(written(jiff::civil::date(2024, 11, 25)), "Monday 25 November 2024");
        assert_eq!((days(0), days(1), days(3)), ("0 days".into(), "1 day".into(), "3 days".into()));
    }
}
