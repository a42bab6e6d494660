//! A record: its captions and values as one passage, each value with its meaning.

use std::ops::Range;

use habeas_model::{Field, Meaning, Party, Passage, Place};

use crate::columns::{self, Column};
use crate::shape;

/// A record that is being written, one `Caption: value` a line.
#[derive(Debug, Default)]
pub(crate) struct Record {
    text: String,
    fields: Vec<Field>,
}

impl Record {
    /// Adds a value under its column's caption; nothing if the value is empty.
    pub(crate) fn value(&mut self, column: &Column, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        self.caption(&column.caption);
        self.text.push_str(": ");
        let start = self.text.len();
        self.text.push_str(value);
        for (range, meaning, party) in stretches(column, value) {
            self.field(start + range.start..start + range.end, meaning, party);
        }
    }

    /// Adds a caption on a line of its own.
    pub(crate) fn caption(&mut self, caption: &str) {
        self.begin_line();
        let start = self.text.len();
        self.text.push_str(caption);
        self.field(start..self.text.len(), Meaning::Caption, Party::Unknown);
    }

    /// Adds text of no known meaning on a line of its own.
    pub(crate) fn text(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.begin_line();
            self.text.push_str(text.trim());
        }
    }

    /// Has nothing been added?
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// How long its text is so far.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The record as a passage at its place.
    pub(crate) fn passage(self, place: Place) -> Passage {
        Passage { fields: self.fields, is_record: true, ..Passage::text(place, self.text) }
    }

    fn begin_line(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    fn field(&mut self, range: Range<usize>, meaning: Meaning, party: Party) {
        if !range.is_empty() {
            self.fields.push(Field { range, meaning, party });
        }
    }
}

/// Which stretches of a value mean what.
///
/// `"Amara Lind" <07700 900123>` is a name and a number. What export programs put around
/// a value is left out of its field: `p:+44…` (Meta), `'+44…` (spreadsheets), `mailto:…`.
fn stretches(column: &Column, value: &str) -> Vec<(Range<usize>, Meaning, Party)> {
    let party = column.party;
    if let Some((name, rest)) = value.split_once('<')
        && let Some(address) = rest.strip_suffix('>')
        && !address.contains(['<', '>', ' '])
        && !name.contains('>')
        && !name.trim().is_empty()
    {
        let meaning = columns::of_value(None, address);
        if matches!(meaning, Meaning::Email | Meaning::Phone) || shape::is_number(address) {
            let meaning = if meaning == Meaning::Email { meaning } else { Meaning::Phone };
            let trimmed = name.trim().trim_matches('"');
            let start = name.find(trimmed).unwrap_or(0);
            let party = of_number(party, address);
            // `Call <07700 …>` is a name by its look alone, `call <…>` is none.
            let is_name = shape::count_digits(trimmed) == 0 && trimmed.contains(char::is_uppercase);
            let name = if is_name { Meaning::Name } else { columns::of_value(None, trimmed) };
            return vec![
                (start..start + trimmed.len(), name, party),
                (value.len() - rest.len()..value.len() - 1, meaning, party),
            ];
        }
    }
    let start = prefix_bytes(column.meaning, value);
    let meaning = columns::of_value(column.meaning, &value[start..]);
    let party = if meaning == Meaning::Phone { of_number(party, &value[start..]) } else { party };
    vec![(start..value.len(), meaning, party)]
}

/// Whose a telephone number is: an extension belongs to the house.
fn of_number(party: Party, number: &str) -> Party {
    if shape::is_extension(number) { Party::Staff } else { party }
}

/// How many bytes before a value belong to the program that wrote it.
fn prefix_bytes(meaning: Option<Meaning>, value: &str) -> usize {
    let is_number = |rest: &str| rest.starts_with(|c: char| c == '+' || c.is_ascii_digit());
    let strip = |prefix: &str, fits: bool| match value.strip_prefix(prefix) {
        Some(rest) if fits || is_number(rest) => Some(prefix.len()),
        _ => None,
    };
    strip("p:", meaning == Some(Meaning::Phone))
        .or_else(|| strip("z:", meaning == Some(Meaning::Postcode)))
        .or_else(|| strip("mailto:", true))
        .or_else(|| strip("tel:", true))
        .or_else(|| strip("'", false))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_value(caption: &str, value: &str, expected: &[(&str, Meaning, Party)]) {
        let mut record = Record::default();
        record.value(&Column::by_caption(caption), value);
        let passage = record.passage(Place::new(habeas_model::PlaceKind::Row, 2));
        let got: Vec<_> = passage.fields[1..]
            .iter()
            .map(|field| (&passage.text[field.range.clone()], field.meaning, field.party))
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn a_value_means_what_it_can() {
        use Meaning as M;
        use Party as P;
        check_value(
            "clid",
            "\"Joana D'Arc\" <07700900258>",
            &[("Joana D'Arc", M::Name, P::Unknown), ("07700900258", M::Phone, P::Unknown)],
        );
        check_value(
            "From",
            "Amara Lind <a.lind@example.org>",
            &[("Amara Lind", M::Name, P::Sender), ("a.lind@example.org", M::Email, P::Sender)],
        );
        check_value("phone_number", "p:+447700900123", &[("+447700900123", M::Phone, P::Unknown)]);
        check_value("zip_code", "z:01960", &[("01960", M::Postcode, P::Unknown)]);
        check_value("Phone", "'+447700900123", &[("+447700900123", M::Phone, P::Unknown)]);
        check_value(
            "Customer name",
            "amara@example.org",
            &[("amara@example.org", M::Email, P::Principal)],
        );
        check_value("Email", "none given", &[("none given", M::Text, P::Unknown)]);
        check_value("Caller number", "3201", &[("3201", M::Phone, P::Staff)]);
        check_value("x < y", "a < b >", &[("a < b >", M::Text, P::Unknown)]);
    }
}
