//! The time at the begin of a line of a chat, in the ways of many countries.
//!
//! `[8/15/23, 9:12:33 AM]` and `[15.08.2023, 09:12:33]` (iPhone), `15/08/2023, 09:12 -` (Android),
//! `[12.3.2022 klo 14.08.18]` (Finnish), `2023. 8. 15. 오후 3:12,` (Korean).

use std::ops::Range;

/// Marks of direction and the like, which are not seen.
pub(super) fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

/// Where a time stands at the begin of a line, and where what was said begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) time: Range<usize>,
    pub(super) body: usize,
    /// It stands in brackets.
    pub(super) is_bracketed: bool,
}

/// A time is at most so long.
const MAX_CHARS: usize = 48;

/// The time that a line without unseen marks begins with.
pub(super) fn stamp(line: &str) -> Option<Stamp> {
    let is_bracketed = line.starts_with('[');
    let start = usize::from(is_bracketed);
    if !line[start..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut numbers: Vec<&str> = Vec::new();
    let mut clock_sign = None;
    let mut number = None;
    let mut n_letters = 0;
    let rest = &line[start..];
    for (index, (offset, c)) in rest.char_indices().enumerate() {
        let at = start + offset;
        if c.is_ascii_digit() {
            number.get_or_insert(at);
            continue;
        }
        if let Some(from) = number.take() {
            numbers.push(&line[from..at]);
            if numbers.len() == 4 {
                clock_sign = Some(c);
            }
        }
        let is_done = numbers.len() >= 5;
        if is_bracketed && c == ']' {
            let body = at + 1;
            return fits(&numbers, clock_sign).then_some(Stamp {
                time: start..at,
                body,
                is_bracketed,
            });
        }
        if !is_bracketed && is_done && matches!(c, '-' | '–') && line[..at].ends_with(' ') {
            let body = at + c.len_utf8();
            let time = start..line[..at].trim_end().len();
            return (fits(&numbers, clock_sign) && line[body..].starts_with(' '))
                .then_some(Stamp { time, body, is_bracketed });
        }
        // `15/08/23, 09:12:33: Name: text` of old iPhones.
        if !is_bracketed && numbers.len() == 6 && c == ':' && line[at + 1..].starts_with(' ') {
            return fits(&numbers, clock_sign).then_some(Stamp {
                time: start..at,
                body: at + 1,
                is_bracketed,
            });
        }
        n_letters += usize::from(c.is_alphabetic());
        let is_allowed =
            c.is_alphabetic() || " ,./-:\u{a0}\u{202f}'\u{5e74}\u{6708}\u{65e5}".contains(c);
        if !is_allowed || n_letters > 16 || index > MAX_CHARS {
            return None;
        }
    }
    None
}

/// Are these a date and a time? Three numbers with one year, then hour and minute.
fn fits(numbers: &[&str], clock_sign: Option<char>) -> bool {
    let (date, clock) = numbers.split_at(numbers.len().min(3));
    let [a, b, c] = date else { return false };
    let small =
        |text: &str, max: u32| text.len() <= 2 && text.parse::<u32>().is_ok_and(|n| n <= max);
    let is_date = match (a.len(), c.len()) {
        (4, _) => small(b, 12) && small(c, 31),
        (_, 2 | 4) => small(a, 31) && small(b, 31) && (small(a, 12) || small(b, 12)),
        // `23/8/5` of some countries.
        (2, 1) => small(b, 12) && small(c, 31),
        _ => false,
    };
    let is_clock = match clock {
        [hour, minute] => small(hour, 24) && minute.len() == 2 && small(minute, 59),
        [hour, minute, second] => {
            small(hour, 24) && minute.len() == 2 && small(minute, 59) && small(second, 60)
        }
        _ => false,
    };
    is_date && is_clock && matches!(clock_sign, Some(':' | '.' | 'h' | '\u{a0}' | '\u{202f}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_stamp(line: &str, expected: Option<(&str, &str)>) {
        let got = stamp(line).map(|found| (&line[found.time], &line[found.body..]));
        assert_eq!(got, expected, "{line}");
    }

    #[test]
    fn times_of_many_countries_are_known() {
        check_stamp(
            "[8/15/23, 9:12:33\u{202f}AM] A: b",
            Some(("8/15/23, 9:12:33\u{202f}AM", " A: b")),
        );
        check_stamp("[15.08.2023, 09:12:33] A: b", Some(("15.08.2023, 09:12:33", " A: b")));
        check_stamp(
            "[2023-08-15, 9:12:33 p. m.] A: b",
            Some(("2023-08-15, 9:12:33 p. m.", " A: b")),
        );
        check_stamp("[12.3.2022 klo 14.08.18] A: b", Some(("12.3.2022 klo 14.08.18", " A: b")));
        check_stamp("15/08/2023, 09:12 - A: b - c", Some(("15/08/2023, 09:12", " A: b - c")));
        check_stamp("8/15/23, 9:12 AM - A: b", Some(("8/15/23, 9:12 AM", " A: b")));
        check_stamp("15-08-2023 09:12 - A: b", Some(("15-08-2023 09:12", " A: b")));
        check_stamp("15/08/2023 à 09:12 - A: b", Some(("15/08/2023 à 09:12", " A: b")));
        check_stamp("15.08.23, 09:12 – A: b", Some(("15.08.23, 09:12", " A: b")));
        check_stamp("15/08/23, 09:12:33: A: b", Some(("15/08/23, 09:12:33", " A: b")));
        check_stamp("[2023/8/15 下午3:12:33] A: b", Some(("2023/8/15 下午3:12:33", " A: b")));
        check_stamp("15 August 2023, 09:12 - A: b", None);
        check_stamp("192.168.1.10 - A [b]", None);
        check_stamp("12/13/14 - 3 - 5", None);
        check_stamp("[INFO] 2023-08-15", None);
        check_stamp("99/99/2023, 09:12 - A: b", None);
    }
}
