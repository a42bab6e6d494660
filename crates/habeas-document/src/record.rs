//! A record: its captions and values as one passage, each value with its meaning.

use std::ops::Range;

use habeas_model::{Field, Hidden, Meaning, Party, Passage, Place};

use crate::columns::{self, Column};
use crate::shape;

/// A record that is being written, one `Caption: value` a line.
#[derive(Debug, Default)]
pub(crate) struct Record {
    text: String,
    fields: Vec<Field>,
    is_deleted: bool,
    /// Which way the call went, where the record says so.
    way: Option<Way>,
    /// The telephone numbers and names at either end of a call, by their place in `fields`.
    ends: Vec<(usize, End)>,
}

/// Which way a call went, seen from the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// An end of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    From,
    To,
}

/// Which end of a call a column is about.
fn end_of(caption: &str) -> Option<End> {
    const FROM: [&str; 7] = ["from", "callfrom", "src", "source", "caller", "calling", "cnum"];
    const TO: [&str; 7] = ["to", "callto", "dst", "destination", "callee", "called", "dialled"];
    let first = caption.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty())?;
    let is_one_of = |words: &[&str]| words.iter().any(|word| first.eq_ignore_ascii_case(word));
    if is_one_of(&FROM) {
        Some(End::From)
    } else if is_one_of(&TO) {
        Some(End::To)
    } else {
        None
    }
}

/// Which way a value says that the call went.
fn way_of(caption: &str, value: &str) -> Option<Way> {
    if !["direction", "type", "call type"].iter().any(|way| caption.eq_ignore_ascii_case(way)) {
        return None;
    }
    match value.to_ascii_lowercase().as_str() {
        "inbound" | "incoming" => Some(Way::In),
        "outbound" | "outgoing" => Some(Way::Out),
        _ => None,
    }
}

impl Record {
    /// Adds a value under its column's caption; nothing if the value is empty.
    pub(crate) fn value(&mut self, column: &Column, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        self.is_deleted |= columns::says_deleted(&column.caption, value);
        self.caption(&column.caption);
        self.text.push_str(": ");
        let start = self.text.len();
        self.text.push_str(value);
        self.way = self.way.or_else(|| way_of(&column.caption, value));
        let end = end_of(&column.caption);
        for (range, meaning, party) in stretches(column, value) {
            if let Some(end) = end
                && matches!(meaning, Meaning::Phone | Meaning::Name)
                && matches!(column.party, Party::Principal | Party::Unknown)
            {
                self.ends.push((self.fields.len(), end));
            }
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

    /// Does one of its values say that it was deleted and is only kept?
    pub(crate) fn is_deleted(&self) -> bool {
        self.is_deleted
    }

    /// How long its text is so far.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The record as a passage at its place; hidden if it says that it was deleted.
    pub(crate) fn passage(mut self, place: Place) -> Passage {
        self.settle_ends();
        self.settle_staff();
        let hidden = self.is_deleted.then_some(Hidden::Deleted);
        Passage { fields: self.fields, is_record: true, hidden, ..Passage::text(place, self.text) }
    }

    /// Who is at an end of a call: the house where the call came in, or where there is an extension.
    fn settle_ends(&mut self) {
        for end in [End::From, End::To] {
            let here = || self.ends.iter().filter(|(_, at)| *at == end).map(|(index, _)| *index);
            let parties: Vec<Party> = here()
                .filter_map(|index| self.fields.get(index))
                .filter(|field| field.meaning == Meaning::Phone)
                .map(|field| field.party)
                .collect();
            let is_house =
                matches!((self.way, end), (Some(Way::In), End::To) | (Some(Way::Out), End::From))
                    || (!parties.is_empty() && parties.iter().all(|party| *party == Party::Staff));
            let is_outside = parties.contains(&Party::Principal);
            let indices: Vec<usize> = here().collect();
            for index in indices {
                let Some(field) = self.fields.get_mut(index) else { continue };
                if is_house {
                    field.party = Party::Staff;
                } else if is_outside && field.meaning == Meaning::Name {
                    field.party = Party::Principal;
                }
            }
        }
    }

    /// A family name that is a member of staff's whole name stands for nobody else: diaries are
    /// filled in so where nobody is known.
    fn settle_staff(&mut self) {
        let text = |field: &Field| self.text.get(field.range.clone()).unwrap_or_default();
        let is_staff = |field: &&Field| {
            field.meaning == Meaning::Name
                && field.party == Party::Staff
                && text(field).contains(' ')
        };
        let staff: Vec<String> =
            self.fields.iter().filter(is_staff).map(|field| text(field).to_owned()).collect();
        for field in &mut self.fields {
            let value = self.text.get(field.range.clone()).unwrap_or_default();
            if field.meaning == Meaning::FamilyName && staff.iter().any(|name| name == value) {
                (field.meaning, field.party) = (Meaning::Name, Party::Staff);
            }
        }
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
/// `"Amara Lind" <07700 900123>` is a name and a number, `a@example.org; b@example.org` are two
/// addresses. What export programs put around a value is left out of its field: `p:+44…` (Meta),
/// `'+44…` and `="00123"` (spreadsheets), `mailto:…`.
fn stretches(column: &Column, value: &str) -> Vec<(Range<usize>, Meaning, Party)> {
    pieces(column, value).into_iter().flat_map(|piece| of_piece(column, value, piece)).collect()
}

/// The values that one cell holds; mostly it is one.
fn pieces(column: &Column, value: &str) -> Vec<Range<usize>> {
    use Meaning as M;
    let is_list = |separator: &str| {
        let mut parts = value.split(separator).map(str::trim).filter(|part| !part.is_empty());
        let is_somebody =
            |part: &str| shape::is_email(part) || shape::is_phone(part) || is_mailbox(part);
        match column.meaning {
            // Google writes several values so, and nobody else writes this.
            _ if separator == " ::: " => true,
            Some(M::Text | M::Address | M::Organisation | M::Date) => false,
            Some(M::Name) if matches!(separator, ";" | "\n") => parts.all(is_name),
            // `Lind, Amara` is one name; several children are several.
            Some(M::Name) if separator == "," && column.party != Party::Principal => {
                parts.all(shape::is_like_a_name)
            }
            Some(M::PersonReference | M::Reference | M::Device)
                if matches!(separator, ";" | ",") =>
            {
                parts.all(|part| !part.contains(char::is_whitespace))
            }
            _ => parts.all(is_somebody),
        }
    };
    let separator = [" ::: ", ";", "\n", ",", " / ", "|"]
        .into_iter()
        .find(|separator| value.contains(separator) && is_list(separator));
    let Some(separator) = separator else { return std::iter::once(0..value.len()).collect() };
    let mut pieces = Vec::new();
    let mut start = 0;
    for part in value.split(separator) {
        let trimmed = part.trim();
        if !trimmed.is_empty() {
            let begin = start + (part.len() - part.trim_start().len());
            pieces.push(begin..begin + trimmed.len());
        }
        start += part.len() + separator.len();
    }
    pieces
}

fn is_name(part: &str) -> bool {
    part.chars().all(|c| c.is_alphabetic() || " .'’-,".contains(c))
}

/// `Amara Lind <a.lind@example.org>`
fn is_mailbox(part: &str) -> bool {
    part.split_once('<')
        .is_some_and(|(_, rest)| rest.strip_suffix('>').is_some_and(shape::is_email))
}

fn of_piece(
    column: &Column,
    whole: &str,
    piece: Range<usize>,
) -> Vec<(Range<usize>, Meaning, Party)> {
    let Some(value) = whole.get(piece.clone()) else { return Vec::new() };
    let at = |range: Range<usize>| piece.start + range.start..piece.start + range.end;
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
                (at(start..start + trimmed.len()), name, party),
                (at(value.len() - rest.len()..value.len() - 1), meaning, party),
            ];
        }
    }
    // `Amara Lind (a.lind@example.org)` and `Reception (3201)`.
    if matches!(column.meaning, None | Some(Meaning::Name | Meaning::Phone | Meaning::Email))
        && let Some((name, rest)) = value.split_once(" (")
        && let Some(address) = rest.strip_suffix(')')
        && name.contains(char::is_alphabetic)
        && shape::count_digits(name) == 0
        && let Some(meaning) = address_meaning(address)
    {
        let party = if meaning == Meaning::Phone { of_number(party, address) } else { party };
        let start = name.len() + 2;
        return vec![
            (at(0..name.len()), Meaning::Name, party),
            (at(start..start + address.len()), meaning, party),
        ];
    }
    let core = core(column.meaning, value);
    let meaning = columns::of_value(column.meaning, &value[core.clone()]);
    let party =
        if meaning == Meaning::Phone { of_number(party, &value[core.clone()]) } else { party };
    let is_name = matches!(
        column.meaning,
        Some(Meaning::Name | Meaning::GivenName | Meaning::FamilyName | Meaning::Text)
    );
    // `ask Bo Ek` in a column of telephone numbers may be about anybody.
    let party = if meaning == Meaning::Text && party == Party::Principal && !is_name {
        Party::Unknown
    } else {
        party
    };
    vec![(at(core), meaning, party)]
}

fn address_meaning(address: &str) -> Option<Meaning> {
    if shape::is_email(address) {
        Some(Meaning::Email)
    } else if shape::is_phone(address) || shape::is_extension(address) {
        Some(Meaning::Phone)
    } else {
        None
    }
}

/// Whose a telephone number is: an extension belongs to the house.
fn of_number(party: Party, number: &str) -> Party {
    if shape::is_extension(number) { Party::Staff } else { party }
}

/// A value without what belongs to the program that wrote it.
fn core(meaning: Option<Meaning>, value: &str) -> Range<usize> {
    // Spreadsheets keep leading zeros so.
    if let Some(inner) = value.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'))
        && !inner.is_empty()
        && !inner.contains('"')
    {
        return 2..value.len() - 1;
    }
    prefix_bytes(meaning, value)..value.len()
}

/// How many bytes before a value belong to the program that wrote it.
fn prefix_bytes(meaning: Option<Meaning>, value: &str) -> usize {
    let is_number = |rest: &str| rest.starts_with(|c: char| c == '+' || c.is_ascii_digit());
    let strip = |prefix: &str, fits: bool| match value.strip_prefix(prefix) {
        Some(rest) if !rest.is_empty() && (fits || is_number(rest)) => Some(prefix.len()),
        _ => None,
    };
    // Meta's numbers of leads, advertisements, sets, campaigns and forms.
    let is_id =
        matches!(meaning, Some(Meaning::PersonReference | Meaning::Reference | Meaning::Other));
    let strip_id = |prefix: &str| {
        let rest = value.strip_prefix(prefix)?;
        let is_all_digits = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
        (is_id && is_all_digits).then_some(prefix.len())
    };
    strip("p:", meaning == Some(Meaning::Phone))
        .or_else(|| strip("z:", meaning == Some(Meaning::Postcode)))
        .or_else(|| ["l:", "ag:", "as:", "c:", "f:"].into_iter().find_map(strip_id))
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
        check_value("Order ref no.", "=\"00123\"", &[("00123", M::Reference, P::Unknown)]);
        check_value("Mobile", "7.7009E+09", &[("7.7009E+09", M::Phone, P::Unknown)]);
        check_value("Mobile", "7700900123", &[("7700900123", M::Phone, P::Unknown)]);
        check_value("Mobile", "#####", &[("#####", M::Text, P::Unknown)]);
        check_value("Name", "anonymous", &[("anonymous", M::Other, P::Unknown)]);
        check_value("Email", "07700 900123", &[("07700 900123", M::Phone, P::Unknown)]);
        let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        check_value("Email", digest, &[(digest, M::PersonReference, P::Unknown)]);
        check_value("First name", digest, &[(digest, M::Other, P::Unknown)]);
    }

    #[test]
    fn several_values_in_one_cell_are_several_fields() {
        use Meaning as M;
        use Party as P;
        check_value(
            "Guest Email(s)",
            "a@example.org; b@example.org",
            &[("a@example.org", M::Email, P::Other), ("b@example.org", M::Email, P::Other)],
        );
        check_value(
            "E-mail 1 - Value",
            "a@example.org ::: b@example.org",
            &[("a@example.org", M::Email, P::Unknown), ("b@example.org", M::Email, P::Unknown)],
        );
        check_value(
            "Tel",
            "07700 900123 / 07700 900456",
            &[("07700 900123", M::Phone, P::Unknown), ("07700 900456", M::Phone, P::Unknown)],
        );
        check_value(
            "Children",
            "Ida Lind, Per Lind",
            &[("Ida Lind", M::Name, P::Other), ("Per Lind", M::Name, P::Other)],
        );
        check_value("Patient name", "Lind, Amara", &[("Lind, Amara", M::Name, P::Principal)]);
        check_value(
            "Contact IDs",
            "9002;9999",
            &[("9002", M::PersonReference, P::Unknown), ("9999", M::PersonReference, P::Unknown)],
        );
        check_value("Address", "1 A St; Leeds", &[("1 A St; Leeds", M::Address, P::Unknown)]);
    }
}
