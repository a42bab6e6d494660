//! What stands under a caption in a row?

use habeas_match::normal::date_readings;
use habeas_model::{Hit, Indexed, Kind, Meaning, Party, Passage};
use jiff::civil::Date;

/// Captions and what stands under each, in order. A column that is empty is not there.
fn columns(passage: &Passage) -> impl Iterator<Item = (&str, &str)> {
    let captions = passage.fields.iter().filter(|field| field.meaning == Meaning::Caption);
    let ends = captions.clone().skip(1).map(|field| field.range.start);
    let ends = ends.chain([passage.text.len()]);
    captions.zip(ends).map(|(caption, end)| {
        let name = &passage.text[caption.range.clone()];
        let value = passage.text.get(caption.range.end..end).unwrap_or_default();
        (name, value.trim_start_matches(':').trim())
    })
}

/// The first that stands under one of these captions.
pub(super) fn under<'a>(passage: &'a Passage, captions: &[String]) -> Option<&'a str> {
    columns(passage)
        .find(|(name, value)| !value.is_empty() && captions.iter().any(|it| is_same(it, name)))
        .map(|(_, value)| value)
}

/// The latest day under any of these captions.
pub(super) fn latest(passage: &Passage, captions: &[String]) -> Option<Date> {
    let there = columns(passage).filter(|(name, _)| captions.iter().any(|it| is_same(it, name)));
    there.filter_map(|(_, value)| day(value)).max()
}

/// The day that a date and time begin with.
fn day(value: &str) -> Option<Date> {
    let iso = value.get(..10).and_then(|day| day.parse::<Date>().ok());
    iso.or_else(|| date_readings(value).first().copied())
}

/// Are two captions the same but for what programs write differently?
fn is_same(one: &str, other: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    plain(one) == plain(other)
}

/// The address of the person whom a row is about.
pub(super) fn address(indexed: &Indexed) -> Option<&Hit> {
    let mut all = indexed.hits.iter().filter(|hit| hit.kind == Kind::Email);
    all.find(|hit| matches!(hit.party, Party::Principal | Party::Unknown))
}

#[cfg(test)]
mod tests {
    use habeas_model::{Field, Place, PlaceKind};
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_value_stands_under_its_caption() {
        let text = "Email Address: a@example.org\nUNSUB_TIME: 2025-05-02 10:11:12\nNOTES: x\ny";
        let caption = |name: &str| {
            let start = text.find(name).unwrap();
            Field {
                range: start..start + name.len(),
                meaning: Meaning::Caption,
                party: Party::Unknown,
            }
        };
        let passage = Passage {
            fields: ["Email Address", "UNSUB_TIME", "NOTES"].map(caption).into(),
            ..Passage::text(Place::new(PlaceKind::Row, 2), text)
        };
        let named = |name: &str| [name.to_owned()];
        assert_eq!(under(&passage, &named("unsub time")), Some("2025-05-02 10:11:12"));
        assert_eq!(under(&passage, &named("notes")), Some("x\ny"));
        assert_eq!(under(&passage, &named("tags")), None);
        assert_eq!(latest(&passage, &named("Unsub_Time")), Some(date(2025, 5, 2)));
    }
}
