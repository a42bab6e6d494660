//! HL7 version 2: what does each message say, and whose is it?
//!
//! A message is one record with a line for each field that says something. A message that tells of
//! several people (the answer to a query, a merge) is one record for each of them.

use habeas_model::{Card, Meaning, Part, Party, Passage, Place, PlaceKind};

use super::Format;
use super::blob::{self, Blob};
use super::captioned::Captioned;
use crate::columns;
use crate::encoding;
use crate::out::{Input, Out};
use crate::shape;
use crate::sniff::{Match, Sample, Sure};

mod fields;
mod syntax;

use fields::Kind;
use syntax::Marks;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "hl7",
        version: 1,
        summary: "HL7 version 2 messages and batches, with whose each name, number and address is",
        handles: &["application/hl7-v2", ".hl7"],
        authority: "HL7 version 2.5.1, chapters 2, 3 and 7; MLLP release 1",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let bytes = sample.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(sample.bytes);
    let bytes = bytes.strip_prefix(b"\x0b").unwrap_or(bytes).trim_ascii_start();
    let is_head = ["MSH", "FHS", "BHS"].iter().any(|name| bytes.starts_with(name.as_bytes()));
    let separator = *bytes.get(3)?;
    // `MSH|^~\&|`: the separator, four or five marks, and the separator again.
    let is_ours = is_head
        && separator.is_ascii_punctuation()
        && bytes.get(5..10)?.contains(&separator)
        && bytes[4].is_ascii_punctuation();
    is_ours.then_some((Sure::Structure, "application/hl7-v2"))
}

/// A record that grows past this is continued in another one at the same place.
const MANY_BYTES: usize = 32 << 10;

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, syntax::charset(input.bytes));
    out.decoded(&decoded);
    let mut reader = Reader {
        marks: Marks::default(),
        n_messages: 0,
        n_people: 0,
        n_files: 0,
        record: Captioned::default(),
        n_bytes: 0,
    };
    for segment in syntax::segments(&decoded.text) {
        reader.segment(&segment, out);
        if out.is_full() {
            return;
        }
    }
    reader.end(out);
}

struct Reader {
    marks: Marks,
    n_messages: usize,
    /// How many people the message has told of so far.
    n_people: usize,
    n_files: usize,
    record: Captioned,
    n_bytes: usize,
}

impl Reader {
    fn segment(&mut self, segment: &str, out: &mut Out<'_>) {
        let name = segment.get(..3).unwrap_or_default();
        let is_head = matches!(name, "MSH" | "FHS" | "BHS");
        if is_head {
            self.end(out);
            self.marks = Marks::of(segment);
            self.n_messages += 1;
            self.n_people = 0;
        } else if name == "PID" {
            self.n_people += 1;
            if self.n_people > 1 {
                self.end(out);
            }
        } else if matches!(name, "BTS" | "FTS") {
            self.end(out);
        }
        let marks = self.marks;
        let values: Vec<&str> = segment.split(marks.field).collect();
        let mut type_of_value = "";
        for (index, value) in values.iter().enumerate().skip(1) {
            // The separator is the first field of a head.
            let number = if is_head { index + 1 } else { index };
            if is_head && index == 1 || value.is_empty() || *value == "\"\"" {
                continue;
            }
            if name == "OBX" && number == 2 {
                type_of_value = value;
            }
            let known = fields::of(name, number);
            let (caption, kind, party) = match known {
                Some(known) => (known.caption.to_owned(), known.kind, known.party),
                None => (format!("{name}-{number}"), Kind::Any, Party::Unknown),
            };
            let kind =
                if name == "OBX" && number == 5 { Kind::of_value(type_of_value) } else { kind };
            for repetition in value.split(marks.repetition) {
                self.value(&caption, kind, party, repetition, out);
            }
        }
        if name == "ZPD" || values.len() == 1 {
            // A line that is no segment goes on with the one before.
            self.line(|record, _| record.line("Text", segment, Meaning::Text, Party::Unknown));
        }
        if self.n_bytes > MANY_BYTES {
            self.end(out);
        }
    }

    fn line(&mut self, write: impl FnOnce(&mut Captioned, Marks)) {
        write(&mut self.record, self.marks);
    }

    fn value(&mut self, caption: &str, kind: Kind, party: Party, value: &str, out: &mut Out<'_>) {
        let marks = self.marks;
        let parts: Vec<String> =
            value.split(marks.component).map(|part| marks.unescaped(part)).collect();
        self.n_bytes += value.len() + caption.len();
        let part = |number: usize| parts.get(number - 1).map_or("", |part| part.trim());
        let record = &mut self.record;
        match kind {
            Kind::Name => {
                let name = person(&[part(2), part(3), part(1), part(4)]);
                let is_alone = !name.is_empty();
                if is_alone {
                    record.caption(caption);
                    prefixed(record, part(5));
                    record.value(&name, Meaning::Name, party);
                }
                rest(record, &parts, if is_alone { 5 } else { 0 }, &[7], caption, is_alone);
            }
            Kind::Clinician => {
                let name = person(&[part(3), part(4), part(2), part(5)]);
                record.caption(caption);
                prefixed(record, part(6));
                record.value(&name, Meaning::Name, party);
                if !part(1).is_empty() {
                    record.plain(if name.is_empty() { "" } else { " (" });
                    record.value(part(1), Meaning::PersonReference, party);
                    record.plain(if name.is_empty() { "" } else { ")" });
                }
                rest(record, &parts, 6, &[10], caption, true);
            }
            Kind::Identifier => {
                record.caption(caption);
                let all = value.to_ascii_uppercase();
                let is_nhs = part(5) == "NH"
                    || all.contains("NHS")
                    || all.contains("2.16.840.1.113883.2.1.4.1");
                let meaning = if is_nhs && shape::count_digits(part(1)) == 10 {
                    Meaning::NhsNumber
                } else {
                    Meaning::PersonReference
                };
                record.value(part(1), meaning, party);
                rest(record, &parts, 1, &[], caption, true);
            }
            Kind::Address => {
                record.caption(caption);
                let line: Vec<&str> =
                    [1, 2, 3, 4].map(part).into_iter().filter(|p| !p.is_empty()).collect();
                record.value(&line.join(", "), Meaning::Address, party);
                if !part(5).is_empty() {
                    record.plain(if line.is_empty() { "" } else { ", " });
                    record.value(part(5), Meaning::Postcode, party);
                }
                rest(record, &parts, 5, &[7], caption, true);
            }
            Kind::Telecom => {
                record.caption(caption);
                let mut is_first = true;
                for (number, part) in
                    parts.iter().enumerate().map(|(index, part)| (index + 1, part.trim()))
                {
                    if part.is_empty() || matches!(number, 2 | 3) {
                        continue;
                    }
                    record.plain(if is_first { "" } else { " " });
                    is_first = false;
                    let meaning = match part {
                        _ if shape::is_email(part) => Meaning::Email,
                        _ if number == 8 || shape::count_digits(part) == 0 => Meaning::Other,
                        _ => Meaning::Phone,
                    };
                    record.value(part, meaning, party);
                }
            }
            Kind::Birth => record.line(caption, &syntax::date(part(1)), Meaning::BirthDate, party),
            Kind::Time => record.line(caption, &syntax::date(part(1)), Meaning::Date, party),
            Kind::Account => record.line(caption, &joined(&parts), Meaning::Account, party),
            Kind::Reference => record.line(caption, &joined(&parts), Meaning::Reference, party),
            Kind::Organisation => {
                record.line(caption, &joined(&parts), Meaning::Organisation, party)
            }
            Kind::Code => record.line(caption, &joined(&parts), Meaning::Other, Party::Unknown),
            Kind::Text => {
                record.caption(caption);
                self.long_text(&joined(&parts));
            }
            Kind::Any => {
                let text = joined(&parts);
                record.line(caption, &text, columns::of_value(None, text.trim()), party);
            }
            Kind::File => {
                let encoded = parts.iter().max_by_key(|part| part.len()).map_or("", String::as_str);
                let others: Vec<String> =
                    parts.iter().filter(|part| part.as_str() != encoded).cloned().collect();
                record.line(caption, &joined(&others), Meaning::Other, Party::Unknown);
                match part(4).to_ascii_lowercase().as_str() {
                    "a" | "" => self.record.line(caption, encoded, Meaning::Text, Party::Unknown),
                    _ => self.file(caption, encoded, out),
                }
            }
        }
    }

    /// Free text keeps its line breaks, of which each is a line of the record.
    fn long_text(&mut self, text: &str) {
        for (index, line) in text.lines().enumerate() {
            if index > 0 {
                self.record.plain(" ");
            }
            self.record.value(line, Meaning::Text, Party::Unknown);
        }
    }

    fn file(&mut self, caption: &str, encoded: &str, out: &mut Out<'_>) {
        self.n_files += 1;
        let name = format!("message {}/{}", self.n_messages, self.n_files);
        match blob::from_base64(encoded) {
            None => self.record.line(caption, encoded, Meaning::Text, Party::Unknown),
            Some(bytes) => match blob::of(&bytes) {
                Blob::File(ending) => out.child(&format!("{name}.{ending}"), bytes),
                Blob::Text(text) => {
                    let ending = blob::text_ending(&text);
                    out.child(&format!("{name}.{ending}"), bytes);
                }
                Blob::Words(_) => out.child(&name, bytes),
            },
        }
    }

    fn end(&mut self, out: &mut Out<'_>) {
        let record = std::mem::take(&mut self.record);
        self.n_bytes = 0;
        if !record.is_empty() {
            let place = Place::new(PlaceKind::Message, self.n_messages.max(1));
            let passage = record.into_record(place, Part::Body);
            out.passage(Passage { is_record: true, ..passage });
        }
    }
}

/// A name in the order in which it is said; parts of parts are words.
fn person(parts: &[&str]) -> String {
    let parts: Vec<String> = parts
        .iter()
        .filter(|part| !part.is_empty() && **part != "\"\"")
        .map(|part| part.replace('\u{1f}', " "))
        .collect();
    parts.join(" ")
}

fn prefixed(record: &mut Captioned, prefix: &str) {
    if !prefix.is_empty() {
        record.plain(prefix);
        record.plain(" ");
    }
}

/// The components after those that were written, in brackets, so that nothing is left out.
fn rest(
    record: &mut Captioned,
    parts: &[String],
    n_written: usize,
    codes: &[usize],
    caption: &str,
    is_open: bool,
) {
    let others: Vec<String> = parts
        .iter()
        .enumerate()
        .skip(n_written)
        // Codes of use, such as `L` for a legal name, say nothing.
        .filter(|(index, part)| !part.trim().is_empty() && !codes.contains(&(index + 1)))
        .map(|(_, part)| part.clone())
        .collect();
    if others.is_empty() {
        return;
    }
    if is_open {
        record.plain(&format!(" [{}]", joined(&others)));
    } else {
        record.line(caption, &joined(&others), Meaning::Text, Party::Unknown);
    }
}

fn joined(parts: &[String]) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| part.trim().replace('\u{1f}', " "))
        .filter(|part| !part.is_empty() && part != "\"\"")
        .collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;

    /// A stretch with its meaning and party.
    type Marked<'t> = (&'t str, Meaning, Party);

    fn check(text: &str, expected: &[(&str, &[Marked<'_>])], members: &[&str]) {
        let budget = Budget::default();
        assert!(sniff(&Sample::new("a", text.as_bytes())).is_some(), "{text}");
        let mut out = Out::new("application/hl7-v2", &budget);
        read(
            &Input {
                name: "a",
                bytes: text.as_bytes(),
                media_type: "application/hl7-v2",
                budget: &budget,
            },
            &mut out,
        );
        let (document, children) = out.finish();
        let got: Vec<(String, Vec<Marked<'_>>)> = document
            .passages
            .iter()
            .map(|p| {
                let fields = p.fields.iter().filter(|f| {
                    !matches!(
                        f.meaning,
                        Meaning::Caption | Meaning::Other | Meaning::Date | Meaning::Reference
                    )
                });
                (
                    p.place.to_string(),
                    fields.map(|f| (&p.text[f.range.clone()], f.meaning, f.party)).collect(),
                )
            })
            .collect();
        let got: Vec<_> =
            got.iter().map(|(place, fields)| (place.as_str(), fields.as_slice())).collect();
        assert_eq!(got, expected);
        let children: Vec<&str> = children.iter().map(|child| child.name.as_str()).collect();
        assert_eq!(children, members);
    }

    #[test]
    fn a_message_says_whose_each_name_and_number_is() {
        use Meaning as M;
        use Party as P;
        check(
            "\u{b}MSH|^~\\&|PAS|RTH|||20260312||ADT^A01|1|P|2.4\rPID|1||9990000018^^^NHS^NH~A1234^^^RTH^MR||LIND^AMARA^JO^^MS||19850403|F|||1 HIGH ST^^LEEDS^^LS1 1AA^GBR^H||07700 900123^PRN^PH~^NET^Internet^a@example.org\rNK1|1|EK^BO|SPO||07700 900456\rPV1|1|I|W1||||C7777777^MOSS^CY^^^DR\rOBX|1|TX|N||Seen with \\T\\ by\\.br\\Bo Ek\r\u{1c}\r",
            &[(
                "message 1",
                &[
                    ("PAS", M::Organisation, P::Unknown),
                    ("RTH", M::Organisation, P::Unknown),
                    ("9990000018", M::NhsNumber, P::Principal),
                    ("A1234", M::PersonReference, P::Principal),
                    ("AMARA JO LIND", M::Name, P::Principal),
                    ("1985-04-03", M::BirthDate, P::Principal),
                    ("1 HIGH ST, LEEDS", M::Address, P::Principal),
                    ("LS1 1AA", M::Postcode, P::Principal),
                    ("07700 900123", M::Phone, P::Principal),
                    ("a@example.org", M::Email, P::Principal),
                    ("BO EK", M::Name, P::Other),
                    ("07700 900456", M::Phone, P::Other),
                    ("W1", M::Text, P::Unknown),
                    ("CY MOSS", M::Name, P::Staff),
                    ("C7777777", M::PersonReference, P::Staff),
                    ("Seen with & by", M::Text, P::Unknown),
                    ("Bo Ek", M::Text, P::Unknown),
                ],
            )],
            &[],
        );
    }

    #[test]
    fn each_person_of_an_answer_is_a_record() {
        use Meaning as M;
        use Party as P;
        check(
            "FHS|^~\\&|X\nBHS|^~\\&|X\nMSH|^~\\&|A\nPID|1||7\nPID|2||8\nMSH|$~\\&|A\nPID|1||9$$$X\nBTS|2\n",
            &[
                ("message 1", &[("X", M::Organisation, P::Unknown)]),
                ("message 2", &[("X", M::Organisation, P::Unknown)]),
                (
                    "message 3",
                    &[("A", M::Organisation, P::Unknown), ("7", M::PersonReference, P::Principal)],
                ),
                ("message 3", &[("8", M::PersonReference, P::Principal)]),
                (
                    "message 4",
                    &[("A", M::Organisation, P::Unknown), ("9", M::PersonReference, P::Principal)],
                ),
                ("message 4", &[]),
            ],
            &[],
        );
    }

    #[test]
    fn a_document_in_a_message_is_a_member() {
        check(
            "MSH|^~\\&|\rOBX|1|ED|L||^application^pdf^Base64^JVBERi0xLjQgYWJjZGVmZ2hpamtsbW5vcA==\r",
            &[("message 1", &[])],
            &["message 1/1.pdf"],
        );
    }
}
