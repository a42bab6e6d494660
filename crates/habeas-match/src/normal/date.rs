//! Which days can a written date mean?

use jiff::civil::Date;

/// Years of two digits from here on are of the last century. A fixed line, so that the same text
/// reads the same next year.
const CENTURY: i16 = 30;

/// The days that a date can mean, the most likely first; empty when it is none.
///
/// `03/04/1985` reads as 3 April, then 4 March: day first, as in the United Kingdom. Years before
/// the month are taken as they stand; years of two digits up to 29 are of this century, others of
/// the last.
pub fn date_readings(text: &str) -> Vec<Date> {
    let lower = crate::latin(text);
    let lower = if lower.contains(char::is_alphabetic) { in_digits(&lower) } else { lower };
    let parts = parts(&lower);
    let readings = match parts.as_slice() {
        [Part::Number(day), Part::Month(month), Part::Number(year), ..] => {
            if day.len() == 4 {
                vec![(day, *month, year)]
            } else {
                vec![(year, *month, day)]
            }
        }
        [Part::Month(month), Part::Number(day), Part::Number(year), ..] => {
            vec![(year, *month, day)]
        }
        [Part::Number(first), Part::Number(second), Part::Number(third), ..] => {
            return numeric(first, second, third);
        }
        [Part::Number(all), ..] if all.len() == 8 => return packed(all),
        _ => return Vec::new(),
    };
    let found = readings.into_iter().filter_map(|(y, m, d)| day(year(y)?, m, d.parse().ok()?));
    found.collect()
}

/// The value of a hit: the first reading as ISO, and the other one after a `|`.
pub fn date_value(readings: &[Date]) -> Option<String> {
    let values: Vec<String> = readings.iter().map(ToString::to_string).collect();
    (!values.is_empty()).then(|| values.join("|"))
}

/// The day that a spreadsheet stores as this number (1900 system).
///
/// # Source
/// ECMA-376-1, 18.17.4.1: day 1 is 1 January 1900, and 1900 counts as a leap year.
pub fn serial_date(text: &str) -> Option<Date> {
    let serial: i64 = text.trim().split('.').next()?.parse().ok()?;
    // From 1900 to 2079; smaller and larger numbers are something else.
    if !(60..=65_380).contains(&serial) {
        return None;
    }
    jiff::civil::date(1899, 12, 30).checked_add(jiff::Span::new().days(serial)).ok()
}

/// Days and years that are written in words, as numbers; the rest as it stands.
///
/// `tenth of march nineteen eighty-four` becomes `10 of march 1984`.
fn in_digits(lower: &str) -> String {
    const ORDINALS: [&str; 20] = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
    ];
    const ONES: [&str; 10] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    const TENS: [&str; 9] =
        ["ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let at = |list: &[&str], word: &str| list.iter().position(|one| *one == word).map(|at| at + 1);
    let words: Vec<&str> = lower.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    let is_spelled = |word: &&str| {
        at(&ORDINALS, word).is_some() || matches!(*word, "nineteen" | "thousand" | "thirtieth")
    };
    if !words.iter().any(is_spelled) {
        return lower.to_owned();
    }
    let mut out: Vec<String> = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let next = words.get(i + 1).copied().unwrap_or_default();
        let is_year = words[i] == "nineteen" || words[i] == "two" && next == "thousand";
        if is_year {
            let mut year = if words[i] == "nineteen" { 1900 } else { 2000 };
            i += 1;
            while let Some(word) = words.get(i) {
                match (at(&TENS, word), at(&ONES, word)) {
                    _ if matches!(*word, "hundred" | "thousand" | "and") => {}
                    (_, Some(one)) => year += one,
                    (Some(ten), None) => year += 10 * ten,
                    _ => break,
                }
                i += 1;
            }
            out.push(year.to_string());
            continue;
        }
        let tens = match words[i] {
            "twenty" => 20,
            "thirty" => 30,
            _ => 0,
        };
        match (at(&ORDINALS, words[i]), at(&ORDINALS[..9], next).filter(|_| tens > 0)) {
            (Some(day), _) => out.push(day.to_string()),
            (None, Some(day)) => {
                out.push((tens + day).to_string());
                i += 1;
            }
            _ if words[i] == "thirtieth" => out.push("30".to_owned()),
            _ => out.push(words[i].to_owned()),
        }
        i += 1;
    }
    out.join(" ")
}

enum Part<'a> {
    Number(&'a str),
    Month(i8),
}

/// Numbers and months in order; names of days, `of`, ordinal endings and times are passed over.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            // A time of day ends the date.
            if rest[end..].starts_with(':') && parts.len() >= 3 {
                break;
            }
            parts.push(Part::Number(&rest[..end]));
            rest = &rest[end..];
        } else if c.is_alphabetic() {
            let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            if let Some(month) = month(&rest[..end]) {
                parts.push(Part::Month(month));
            }
            rest = &rest[end..];
        } else {
            rest = &rest[c.len_utf8()..];
        }
        if parts.len() >= 4 {
            break;
        }
    }
    parts
}

/// The number of a month by its folded name in English, German, French, Spanish, Italian, Dutch or
/// Polish, or by the first three letters of the English one.
pub(crate) fn month(word: &str) -> Option<i8> {
    const MONTHS: [&[&str]; 12] = [
        &["january", "jan", "januar", "janvier", "enero", "gennaio", "januari", "stycznia"],
        &[
            "february", "feb", "februar", "fevrier", "febrero", "febbraio", "februari", "lutego",
            "febr",
        ],
        &["march", "mar", "marz", "maerz", "mars", "marzo", "maart", "marca"],
        &["april", "apr", "avril", "abril", "aprile", "kwietnia"],
        &["may", "mai", "mayo", "maggio", "mei", "maja"],
        &["june", "jun", "juni", "juin", "junio", "giugno", "czerwca"],
        &["july", "jul", "juli", "juillet", "julio", "luglio", "lipca"],
        &["august", "aug", "aout", "agosto", "augustus", "sierpnia"],
        &["september", "sep", "sept", "septembre", "septiembre", "settembre", "wrzesnia"],
        &["october", "oct", "oktober", "okt", "octobre", "octubre", "ottobre", "pazdziernika"],
        &["november", "nov", "novembre", "noviembre", "listopada"],
        &["december", "dec", "dezember", "dez", "decembre", "diciembre", "dicembre", "grudnia"],
    ];
    let at = MONTHS.iter().position(|names| names.contains(&word))?;
    i8::try_from(at + 1).ok()
}

fn numeric(first: &str, second: &str, third: &str) -> Vec<Date> {
    let number = |text: &str| text.parse::<i8>().ok();
    let (Some(b), true) = (number(second), second.len() <= 2) else { return Vec::new() };
    if first.len() == 4 {
        // 1985-04-03; a time may follow.
        let c = third.get(..third.len().min(2)).and_then(number);
        return year(first).zip(c).and_then(|(y, c)| day(y, b, c)).into_iter().collect();
    }
    let (Some(a), Some(y)) = (number(first).filter(|_| first.len() <= 2), year(third)) else {
        return Vec::new();
    };
    let mut readings: Vec<Date> = [day(y, b, a), day(y, a, b)].into_iter().flatten().collect();
    readings.dedup();
    readings
}

/// `19850403`, and `03041985` where that is no date.
fn packed(all: &str) -> Vec<Date> {
    let first = numeric(&all[..4], &all[4..6], &all[6..]);
    if first.is_empty() { numeric(&all[..2], &all[2..4], &all[4..]) } else { first }
}

fn year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        2 if year < CENTURY => Some(2000 + year),
        2 => Some(1900 + year),
        4 if (1850..=2150).contains(&year) => Some(year),
        _ => None,
    }
}

fn day(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, value: &str) {
        assert_eq!(date_value(&date_readings(text)).unwrap_or_default(), value, "{text}");
    }

    #[test]
    fn layouts_of_one_day_are_one() {
        for text in [
            "1984-03-13",
            "13/03/1984",
            "13.3.84",
            "13 March 1984",
            "13th of March, 1984",
            "March 13th, 1984",
            "Tue 13 Mar 1984",
            "19840313",
            "1984-03-13T09:12:00Z",
            "03/13/1984",
            "13-Mar-84",
            "13. März 1984",
            "13031984",
            "1984/03/13",
            "the thirteenth of March 1984",
            "thirteenth day of March, nineteen eighty-four",
            "13 March nineteen hundred and eighty-four",
        ] {
            check(text, "1984-03-13");
        }
    }

    #[test]
    fn both_readings_stay_where_both_can_be() {
        check("03/04/1985", "1985-04-03|1985-03-04");
        check("04/04/1985", "1985-04-04");
        check("12 Apr 85", "1985-04-12");
        check("twenty-first of May two thousand and four", "2004-05-21");
        check("29/02/1985", "");
        check("hello", "");
        check("12/2024", "");
    }

    #[test]
    fn a_spreadsheet_counts_days() {
        assert_eq!(serial_date("31140").map(|day| day.to_string()).as_deref(), Some("1985-04-03"));
        assert_eq!(serial_date("7"), None);
    }
}
