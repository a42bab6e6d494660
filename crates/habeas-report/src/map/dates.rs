//! How old is a record?

use habeas_index::Surveyed;
use habeas_model::{Hit, Indexed, Kind, Meaning, Part, Passage, Personal, is_message};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Records are no older than computers that kept them.
const FIRST_YEAR: i16 = 1970;

/// The day of a row, a log line or a chat message, by the dates in it: the latest in a column of
/// dates; in a log, the line's own. `None` if it states none, or is no record.
pub(crate) fn record_date(indexed: &Indexed, media_type: &str) -> Option<Date> {
    let Indexed { passage, hits, .. } = indexed;
    if !passage.is_record {
        return None;
    }
    let dates = hits.iter().filter(|hit| hit.kind == Kind::Date);
    let in_columns = dates.clone().filter(|hit| is_in_column(passage, hit)).filter_map(day_of);
    let latest = in_columns.max();
    let in_line = || if media_type == "text/x-log" { dates.clone().find_map(day_of) } else { None };
    latest.or_else(in_line)
}

/// Does a date stand in a column of dates?
fn is_in_column(passage: &Passage, hit: &Hit) -> bool {
    let at = hit.range.start;
    passage.fields.iter().any(|field| field.meaning == Meaning::Date && field.range.contains(&at))
}

/// The day that a hit names, in its likeliest reading.
pub(crate) fn day_of(hit: &Hit) -> Option<Date> {
    let value: &Personal<String> = &hit.value;
    let day: Date = value.reveal().split('|').next()?.parse().ok()?;
    (day.year() >= FIRST_YEAR || hit.kind == Kind::BirthDate).then_some(day)
}

/// The day of a whole item, and whether it is only that of its file: what it states, else the date at
/// the head of a letter, else what the file system says. `part` is its first part.
pub(crate) fn date_of(item: &Surveyed, part: &[Indexed]) -> (Date, bool) {
    let stated = item.facts.dated.as_deref().and_then(|text| text.get(..10)?.parse::<Date>().ok());
    let stated = stated.filter(|day| day.year() >= FIRST_YEAR);
    if let Some(day) = stated.or_else(|| letter_date(part)) {
        return (day, false);
    }
    let modified = item.seats.first().map_or(0, |seat| seat.modified);
    let at = Timestamp::from_second(modified).unwrap_or(Timestamp::UNIX_EPOCH);
    (TimeZone::UTC.to_datetime(at).date(), true)
}

/// A letter bears its date near its head: within so many bytes of its first passage.
const HEAD_BYTES: usize = 400;

fn letter_date(part: &[Indexed]) -> Option<Date> {
    let first = part.iter().find(|it| it.passage.part == Part::Body)?;
    if first.passage.is_record || first.number > 3 {
        return None;
    }
    let dates = first.hits.iter().filter(|hit| hit.kind == Kind::Date);
    let mut dates = dates.take_while(|hit| hit.range.start < HEAD_BYTES);
    dates.find(|hit| is_alone(&first.passage.text, &hit.range)).and_then(day_of)
}

/// Does a date stand alone on its line, but for a time or a word that says that it is one? Beside a name it
/// may be a date of birth.
fn is_alone(text: &str, range: &std::ops::Range<usize>) -> bool {
    let before = text[..range.start].rsplit('\n').next().unwrap_or_default();
    let after = text[range.end..].lines().next().unwrap_or_default();
    let before = before.trim().trim_end_matches(':').trim().to_lowercase();
    let after = after.trim();
    (before.is_empty() || before.ends_with("date") || before == "dated")
        && before.split(' ').count() <= 2
        && (after.is_empty() || after.starts_with(|c: char| c.is_ascii_digit()))
}

/// Is an item one record, however many passages it has?
pub(super) fn is_one(item: &Surveyed) -> bool {
    is_message(&item.media_type)
}

#[cfg(test)]
mod tests {
    use habeas_model::{Confidence, Field, ItemId, Party, Place, PlaceKind};
    use jiff::civil::date;

    use super::*;

    fn row(text: &str, columns: &[&str], dates: &[(&str, &str)]) -> Indexed {
        let range = |part: &str| {
            let start = text.find(part).unwrap();
            start..start + part.len()
        };
        let field = |part: &&str| Field {
            range: range(part),
            meaning: Meaning::Date,
            party: Party::Unknown,
        };
        let hit = |(part, value): &(&str, &str)| Hit {
            range: range(part),
            kind: Kind::Date,
            value: Personal::new((*value).to_owned()),
            confidence: Confidence::new(1.0),
            party: Party::Unknown,
            rule: "date".to_owned(),
        };
        let passage = Passage {
            fields: columns.iter().map(field).collect(),
            is_record: true,
            ..Passage::text(Place::new(PlaceKind::Row, 2), text)
        };
        let hits = dates.iter().map(hit).collect();
        Indexed { item: ItemId::of(b""), number: 0, passage, hits }
    }

    #[test]
    fn a_letter_is_as_old_as_the_date_at_its_head() {
        let text =
            format!("The Clinic\n3 May 2017\nDear Madam, {}on 4 June 2019", "word ".repeat(90));
        let dates = [("3 May 2017", "2017-05-03"), ("4 June 2019", "2019-06-04")];
        let mut letter = row(&text, &[], &dates);
        assert_eq!(letter_date(std::slice::from_ref(&letter)), None, "a row is no letter");
        letter.passage.is_record = false;
        assert_eq!(letter_date(std::slice::from_ref(&letter)), Some(date(2017, 5, 3)));
        letter.hits.remove(0);
        assert_eq!(letter_date(&[letter]), None, "what it tells of is not its date");
        for (line, is_date) in [
            ("Invoice date: 3 May 2017", true),
            ("3 May 2017 09:14 rang", true),
            ("Jane Vale, 3 May 2017", false),
            ("3 May 2017, LR-100", false),
        ] {
            let text = format!("Head\n{line}\n");
            let start = text.find("3 May").unwrap();
            assert_eq!(is_alone(&text, &(start..start + 10)), is_date, "{line}");
        }
    }

    #[test]
    fn a_row_is_as_old_as_the_latest_of_its_dates() {
        let text = "Opened: 2019-01-02\nClosed: 03/04/2020\nNote: back on 2024-05-06";
        let dates = [
            ("2019-01-02", "2019-01-02"),
            ("03/04/2020", "2020-04-03|2020-03-04"),
            ("2024-05-06", "2024-05-06"),
        ];
        let both = row(text, &["2019-01-02", "03/04/2020"], &dates);
        assert_eq!(record_date(&both, "text/csv"), Some(date(2020, 4, 3)));
        let none = row(text, &[], &dates);
        assert_eq!(record_date(&none, "text/csv"), None);
        assert_eq!(record_date(&none, "text/x-log"), Some(date(2019, 1, 2)));
    }
}
