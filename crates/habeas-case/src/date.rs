//! Which day does a written date mean?

use jiff::civil::Date;

/// Reads a day as people write it in Britain: `1984-03-02`, `2/3/1984`, `2.3.1984`, `2 March 1984`,
/// `March 2nd, 1984`. Numbers are taken day first.
///
/// # Errors
/// A sentence that does not repeat the text, since it may be somebody's date of birth.
pub fn parse_date(text: &str) -> Result<Date, &'static str> {
    const HOW: &str = "is not a date: write it as 1984-03-02, 2/3/1984 or 2 March 1984";
    let text = text.trim();
    // A moment: its day as it stands, whatever the zone.
    let day =
        text.split_once(['T', 't']).filter(|(day, _)| day.len() == 10).map_or(text, |it| it.0);
    let parts: Vec<&str> = day
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '.' | ','))
        .filter(|part| !part.is_empty() && !part.eq_ignore_ascii_case("of"))
        .collect();
    // A time after the day is left aside: `2026-03-01 10:15`.
    let parts: &[&str] = match parts.as_slice() {
        [a, b, c, time, ..] if time.contains(':') => &[a, b, c],
        all => all,
    };
    let [first, second, third] = parts else { return Err(HOW) };
    let is_year = |part: &str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit());
    let (year, month, day) = if is_year(first) {
        (number(first), month(second), number(third))
    } else if !is_year(third) {
        return Err("is not a date: write its year with four digits");
    } else if let Some(named) = month_name(first) {
        (number(third), Some(named), number(second))
    } else {
        (number(third), month(second), number(first))
    };
    match (year, month, day) {
        (Some(year), Some(month), Some(day)) => {
            let month = i8::try_from(month).map_err(|_| HOW)?;
            let day = i8::try_from(day).map_err(|_| HOW)?;
            Date::new(year, month, day).map_err(
                |_| "is not a date: there is no such day (numbers are read day first, then month)",
            )
        }
        _ => Err(HOW),
    }
}

/// A number of one to four digits, with its English ending as in `2nd`.
fn number(part: &str) -> Option<i16> {
    let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &part[digits.len()..];
    let is_ordinal = ["", "st", "nd", "rd", "th"].iter().any(|it| ending.eq_ignore_ascii_case(it));
    (is_ordinal && digits.len() <= 4).then(|| digits.parse().ok()).flatten()
}

fn month(part: &str) -> Option<i16> {
    if part.bytes().all(|b| b.is_ascii_digit()) { number(part) } else { month_name(part) }
}

/// A month's number by its English name or the first three letters or more of it.
fn month_name(part: &str) -> Option<i16> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let part = part.to_ascii_lowercase();
    if part.len() < 3 {
        return None;
    }
    let at = MONTHS.iter().position(|month| month.starts_with(&part))?;
    i16::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let cases = [
            "1984-03-02",
            "1984/3/2",
            "2/3/1984",
            "02.03.1984",
            "2-3-1984",
            "2 March 1984",
            "2nd of March, 1984",
            "2 Mar 1984",
            "March 2, 1984",
            "march 2nd 1984",
            " 2-Mar-1984 ",
            "1984-03-02T23:59:59+01:00",
            "1984-03-02 10:15:00",
            "2/3/1984 10:15",
        ];
        for text in cases {
            assert_eq!(parse_date(text), Ok(jiff::civil::date(1984, 3, 2)), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_said() {
        let cases = [
            "",
            "soon",
            "2/3/84",
            "31/2/1984",
            "03/25/1984",
            "2/3",
            "1984",
            "19840302",
            "2xx March 1984",
            "1984-03-02-05",
            "é é é",
            "99999-1-1",
        ];
        for text in cases {
            let problem = parse_date(text).expect_err(text);
            assert!(problem.starts_with("is not a date"), "{text}: {problem}");
        }
    }
}
