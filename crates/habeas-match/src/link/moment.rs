//! To the second, when does a record say that something happened?

use std::sync::LazyLock;

use habeas_model::{Indexed, Kind};
use jiff::civil::{Date, DateTime, Time};
use regex::Regex;

/// A time of day behind a date: `T09:14:02`, ` 9:14 pm`, `:14:02:11` of a web server, `-092517` of a
/// recording's name.
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^[\s,T:\-–_]{0,3}(?:at\s)?(?:
          (?P<h>[01]?[0-9]|2[0-3])[:.h](?P<m>[0-5][0-9])(?:[:.](?P<s>[0-5][0-9]))?(?:[.,][0-9]+)?\s?(?P<half>[ap]\.?m)?
        | (?P<packed>(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9])(?-u:\b)
        )",
    )
    .expect("the pattern is constant")
});

/// A time of day in a field of its own.
static ALONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:^|[\s:,(\[])(?P<h>[01]?[0-9]|2[0-3]):(?P<m>[0-5][0-9])(?::(?P<s>[0-5][0-9]))?\s?(?P<half>[ap]\.?m)?(?:$|[\s,.;)\]])",
    )
    .expect("the pattern is constant")
});

/// How far behind a date its time of day may stand, in bytes.
const NEAR: usize = 48;

/// When something happened, as the record says it: no zone is applied, because few records state one.
///
/// The first date with a time of day counts; a date that reads two ways is read the first way.
/// `None` where no time of day is said.
pub(super) fn moment(indexed: &Indexed) -> Option<DateTime> {
    let text = &indexed.passage.text;
    let dates = indexed.hits.iter().filter(|hit| hit.kind == Kind::Date);
    dates
        .filter_map(|hit| {
            let day: Date = hit.value.reveal().split('|').next()?.parse().ok()?;
            let behind = text.get(hit.range.end..)?;
            let near = &behind[..behind.floor_char_boundary(NEAR)];
            let time = TIME.captures(near).or_else(|| ALONE.captures(near))?;
            Some(day.to_datetime(time_of_day(&time)?))
        })
        .next()
}

fn time_of_day(found: &regex::Captures<'_>) -> Option<Time> {
    if let Some(packed) = found.name("packed") {
        let part = |at: usize| packed.as_str().get(at..at + 2)?.parse::<i8>().ok();
        return Time::new(part(0)?, part(2)?, part(4)?, 0).ok();
    }
    let number = |name: &str| found.name(name)?.as_str().parse::<i8>().ok();
    let hour = number("h")?;
    let half = found.name("half").map(|half| half.as_str().to_ascii_lowercase());
    let hour = match half.as_deref().and_then(|half| half.chars().next()) {
        Some('p') if hour < 12 => hour + 12,
        Some('a') if hour == 12 => 0,
        _ => hour,
    };
    Time::new(hour, number("m")?, number("s").unwrap_or(0), 0).ok()
}

/// Seconds from one moment to another; above 0 if the other is later.
pub(super) fn seconds(from: DateTime, to: DateTime) -> i64 {
    from.until(to).map_or(i64::MAX, |span| {
        span.total((jiff::Unit::Second, from)).map_or(i64::MAX, |seconds| seconds as i64)
    })
}

#[cfg(test)]
mod tests {
    use habeas_model::{ItemId, Passage, Place, PlaceKind};

    use super::*;

    fn said(text: &str) -> Option<String> {
        let place = Place::new(PlaceKind::Row, 1);
        let hits = crate::recognise_text(text, &crate::Setting::default());
        let passage = Passage::text(place, text);
        let indexed = Indexed { item: ItemId::from([0; 32]), number: 0, passage, hits };
        moment(&indexed).map(|moment| moment.to_string())
    }

    #[test]
    fn a_time_is_read_as_systems_write_it() {
        for (text, expected) in [
            ("2024-03-12T09:14:02Z", "2024-03-12T09:14:02"),
            ("Date and time: 14/03/2023 07:31:00", "2023-03-14T07:31:00"),
            ("[12/Mar/2026:14:02:11 +0000] \"GET /\"", "2026-03-12T14:02:11"),
            ("exten-101-20240312-092517.wav", "2024-03-12T09:25:17"),
            ("Date: 3 May 2024\nTime: 4:05 pm", "2024-05-03T16:05:00"),
            ("on 3 May 2024, at 12.30 am she", "2024-05-03T00:30:00"),
        ] {
            assert_eq!(said(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["14/03/2023", "born 3 May 1984", "at 10:30"] {
            assert_eq!(said(text), None, "{text}");
        }
    }

    #[test]
    fn what_lies_between_is_counted_in_seconds() {
        let at = |text: &str| text.parse::<DateTime>().unwrap();
        assert_eq!(seconds(at("2024-03-31T23:59:00"), at("2024-04-01T00:01:30")), 150);
        assert_eq!(seconds(at("2024-04-01T00:01:30"), at("2024-03-31T23:59:00")), -150);
    }
}
