//! XML: what are its records, and what does each element and attribute say?

use std::collections::HashMap;

use habeas_model::{Card, Exception, Hidden, Part, Passage, Place, PlaceKind, Reason};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::embedded::{self, Embedded};
use super::{Format, fhir, text};
use crate::columns::{self, Column};
use crate::encoding;
use crate::exports::{self, Export};
use crate::out::{Input, Out};
use crate::record::Record;
use crate::sniff::{Match, Sample, Sure};

mod plan;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "xml",
        version: 3,
        summary: "XML: every element and attribute that says something, a record at a time",
        handles: &["application/xml", "text/xml", "image/svg+xml", ".xml", ".svg"],
        authority: "W3C XML 1.0, fifth edition",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let head = sample.text()?.trim_start();
    let is_xml = head.starts_with("<?xml") || head.starts_with("<?xpacket");
    let is_named = sample.is_named(&["xml", "svg", "rss", "atom", "xsd", "gpx", "kml"])
        && head.starts_with('<');
    let media_type = if head.contains("<svg") { "image/svg+xml" } else { "application/xml" };
    if is_xml {
        return Some((Sure::Grammar, media_type));
    }
    // Without a declaration: one element that ends as it begins.
    let name: String = head
        .strip_prefix('<')?
        .chars()
        .take_while(|c| c.is_alphanumeric() || "_-.:".contains(*c))
        .collect();
    let is_whole = !name.is_empty()
        && sample.bytes.trim_ascii_end().ends_with(format!("</{name}>").as_bytes());
    (is_whole || is_named)
        .then_some((if is_whole { Sure::Grammar } else { Sure::Named }, media_type))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, declared(input.bytes).as_deref());
    out.decoded(&decoded);
    Walk::new(&decoded.text).read(out);
}

/// The encoding in the declaration.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let (declaration, _) = head.split_once("?>")?;
    let (_, name) = declaration.split_once("encoding")?;
    let name = name.trim_start_matches(['=', ' ', '"', '\'']);
    Some(name.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_.:".contains(*c)).collect())
}

/// A reader that goes on where XML is not as it should be, if it can.
fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

/// A record passage that grows past this is continued in another one at the same place.
const MANY_BYTES: usize = 32 << 10;
/// Elements nested deeper than this are read under the caption of this level.
const MAX_CAPTION_DEPTH: usize = 12;
/// How many paths are remembered with their meaning.
const MAX_PATHS: usize = 10_000;

struct Walk<'t> {
    text: &'t str,
    record_depth: Option<usize>,
    /// The elements that are open, and the text of each so far.
    open: Vec<Element>,
    /// An element that has just ended: if text follows it, it was a part of a sentence.
    ended: Option<(String, String)>,
    record: Record,
    n_records: usize,
    columns: HashMap<String, Column>,
    export: Option<&'static Export>,
    /// The values of the first record, held back until all its captions are known.
    first: Vec<(String, String)>,
    seen_first: bool,
    vocabulary: Vocabulary,
    /// The `system` of FHIR that stood last.
    system: String,
    /// Files that were found in the record, to be handed over with it.
    files: Vec<(String, Vec<u8>)>,
}

/// Whose words the elements are, where they are known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Vocabulary {
    Any,
    Fhir,
    ClinicalDocument,
    /// SVG: what its attributes say is how it is drawn.
    Drawing,
}

/// Attributes of a drawing without a prefix are lengths, colours and paths, whose digits look like
/// numbers of people; all but these (SVG 2, appendix "Attribute index").
fn is_of_drawing(key: &str) -> bool {
    const SAYING: [&str; 8] = ["id", "class", "href", "title", "label", "name", "alt", "content"];
    !key.contains(':')
        && !key.starts_with("aria-")
        && !key.starts_with("data-")
        && !SAYING.contains(&key)
}

impl Vocabulary {
    fn of(text: &str) -> Self {
        let head = &text[..text.floor_char_boundary(4_000)];
        if head.contains("\"http://hl7.org/fhir\"") {
            Self::Fhir
        } else if head.contains("urn:hl7-org:v3") && head.contains("ClinicalDocument") {
            Self::ClinicalDocument
        } else if head.contains("<svg") && head.contains("\"http://www.w3.org/2000/svg\"") {
            Self::Drawing
        } else {
            Self::Any
        }
    }
}

struct Element {
    name: String,
    text: String,
    /// Had it text before or between its elements? Then these are parts of sentences.
    is_mixed: bool,
}

impl<'t> Walk<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            record_depth: plan::record_depth(text),
            open: Vec::new(),
            ended: None,
            record: Record::default(),
            n_records: 0,
            columns: HashMap::new(),
            export: None,
            first: Vec::new(),
            seen_first: false,
            vocabulary: Vocabulary::of(text),
            system: String::new(),
            files: Vec::new(),
        }
    }

    fn read(mut self, out: &mut Out<'_>) {
        let mut reader = reader(self.text);
        loop {
            let at = usize::try_from(reader.buffer_position())
                .unwrap_or(usize::MAX)
                .min(self.text.len());
            match reader.read_event() {
                Ok(Event::Eof) => break,
                Ok(event) => self.take(event, out),
                Err(_) => {
                    while !self.open.is_empty() {
                        self.end(out);
                    }
                    let rest = self.text.get(at..).unwrap_or_default();
                    let line =
                        self.text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count()
                            + 1;
                    let place = Some(Place::new(PlaceKind::Line, line));
                    let note = "not XML from here on; read as plain text";
                    out.exception(Exception::part(Reason::Corrupt, place, note));
                    text::paragraphs(rest, line, out);
                    break;
                }
            }
            if out.is_full() {
                return;
            }
        }
        if !self.open.is_empty() {
            let note = "ends before all elements do";
            out.exception(Exception::part(Reason::Truncated, None, note));
            while !self.open.is_empty() {
                self.end(out);
            }
        }
        self.end_record(out);
    }

    fn take(&mut self, event: Event<'_>, out: &mut Out<'_>) {
        match event {
            Event::Start(start) => self.start(&start, out),
            Event::Empty(start) => {
                self.start(&start, out);
                self.end(out);
            }
            Event::End(_) => self.end(out),
            Event::Text(text) => self.say(&text),
            Event::CData(text) => self.say(&text),
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(c)) => self.say(c.encode_utf8(&mut [0; 4])),
                _ => match quick_xml::escape::resolve_predefined_entity(&name) {
                    Some(text) => self.say(text),
                    // An entity of the document's own is not expanded: it may be a bomb.
                    None => self.say(&format!("&{};", &*name)),
                },
            },
            Event::Comment(text) => self.aside(&text, out),
            // Own entities are declared here, and may hold text.
            Event::DocType(text) if text.contains('[') => self.aside(&text, out),
            _ => {}
        }
    }

    fn aside(&mut self, text: &str, out: &mut Out<'_>) {
        for piece in text::pieces(text.trim()) {
            let place = Place::new(PlaceKind::Row, self.n_records.max(1));
            let passage = Passage::text(place, piece);
            out.passage(Passage {
                hidden: Some(Hidden::Invisible),
                part: Part::Comment,
                ..passage
            });
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, out: &mut Out<'_>) {
        let name = start.local_name().as_ref().to_owned();
        self.settle();
        if self.record_depth.is_some_and(|depth| self.open.len() <= depth) {
            self.end_record(out);
            if Some(self.open.len()) == self.record_depth {
                self.n_records += 1;
            }
        }
        if let Some(outer) = self.open.last_mut() {
            outer.is_mixed |= !outer.text.trim().is_empty();
        }
        self.open.push(Element { name, text: String::new(), is_mixed: false });
        for attribute in start.attributes().with_checks(false) {
            let Ok(attribute) = attribute else {
                // What follows cannot be told apart, and is told as it stands.
                let raw = start.attributes_raw().to_owned();
                let caption = self.caption(None);
                self.line(caption, raw);
                break;
            };
            let name = attribute.key.local_name().as_ref().to_owned();
            let key: &str = attribute.key.as_ref();
            let is_drawing = self.vocabulary == Vocabulary::Drawing && is_of_drawing(key);
            if !key.starts_with("xmlns") && !is_drawing {
                let caption = self.caption(Some(&name));
                self.line(caption, unescaped(&attribute.value));
            }
        }
    }

    fn say(&mut self, text: &str) {
        if !text.trim().is_empty()
            && let Some((_, before)) = self.ended.take()
            && let Some(element) = self.open.last_mut()
        {
            // `<p><b>Amara</b> Lind</p>` is one sentence.
            element.text.push_str(&before);
            element.is_mixed = true;
        }
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if !text.trim().is_empty() => self.record.text(text),
            None => {}
        }
    }

    fn end(&mut self, out: &mut Out<'_>) {
        // Between the last element and the end of its outer one nothing was said.
        self.settle();
        let caption = self.caption(None);
        let Some(element) = self.open.pop() else { return };
        let text = element.text;
        if let Some(outer) = self.open.last_mut()
            && (outer.is_mixed || !outer.text.trim().is_empty())
        {
            outer.text.push_str(&text);
        } else if !text.trim().is_empty() {
            self.ended = Some((caption, text));
        }
        if self.record_depth.is_some_and(|depth| self.open.len() <= depth) {
            self.settle();
            self.end_record(out);
        }
        if self.record.bytes() > MANY_BYTES {
            let record = std::mem::take(&mut self.record);
            self.hand_over(record, out);
        }
    }

    /// Writes the element that has just ended: it was no part of a sentence.
    fn settle(&mut self) {
        if let Some((caption, text)) = self.ended.take() {
            self.line(caption, text);
        }
    }

    /// The path of what is open within the record, and an attribute of it.
    fn caption(&self, attribute: Option<&str>) -> String {
        let outside = self.record_depth.map_or(0, |depth| (depth + 1).min(self.open.len()));
        let inner = self
            .open
            .iter()
            .skip(outside)
            .take(MAX_CAPTION_DEPTH)
            .map(|element| element.name.as_str());
        let parts: Vec<&str> = inner.chain(attribute).collect();
        if parts.is_empty() {
            return self.open.last().map(|element| element.name.clone()).unwrap_or_default();
        }
        parts.join(".")
    }

    fn line(&mut self, caption: String, value: String) {
        if value.trim().is_empty() {
            return;
        }
        let value = match embedded::of(&value) {
            None => value,
            Some(Embedded::Text(text)) => text,
            Some(Embedded::File(ending, bytes)) => {
                let name = format!("{}/{caption}.{ending}", self.n_records.max(1));
                self.files.push((name, bytes));
                return;
            }
        };
        if self.seen_first || self.first.len() > 1_000 {
            self.write(&caption, &value);
        } else {
            self.first.push((caption, value));
        }
    }

    fn write(&mut self, caption: &str, value: &str) {
        if self.vocabulary == Vocabulary::Fhir {
            return self.write_fhir(caption, value);
        }
        if self.columns.len() > MAX_PATHS {
            self.columns.clear();
        }
        if !self.columns.contains_key(caption) {
            let mut column = [columns::of_label(caption)];
            if let Some(export) = self.export {
                export.correct(&mut column);
            }
            let [mut column] = column;
            if self.vocabulary == Vocabulary::ClinicalDocument {
                column.party = fhir::cda_party(caption).unwrap_or(column.party);
            }
            self.columns.insert(caption.to_owned(), column);
        }
        if let Some(column) = self.columns.get(caption) {
            self.record.value(column, value);
        }
    }

    /// A value of FHIR: an attribute `value` of an element in a resource, whose name is a capitalised
    /// element.
    fn write_fhir(&mut self, caption: &str, value: &str) {
        let path = caption.strip_suffix(".value").unwrap_or(caption);
        let is_resource = |name: &str| name.starts_with(|c: char| c.is_ascii_uppercase());
        let segments: Vec<&str> = path.split('.').collect();
        let at = segments.iter().rposition(|name| is_resource(name));
        let root = self.open.first().map(|root| root.name.as_str());
        let resource = at.map_or(root.unwrap_or_default(), |at| segments[at]);
        let path = segments[at.map_or(0, |at| at + 1)..].join(".");
        let (meaning, party) = fhir::of(&fhir::Element {
            resource,
            path: &path,
            value,
            system: &self.system,
            reference: "",
        });
        if path.ends_with("system") {
            value.clone_into(&mut self.system);
        }
        let caption = columns::shown(caption.strip_suffix(".value").unwrap_or(caption));
        self.record.value(&Column { caption, meaning, party }, value);
    }

    fn end_record(&mut self, out: &mut Out<'_>) {
        self.settle();
        let first = std::mem::take(&mut self.first);
        if self.n_records > 0 && !self.seen_first && !first.is_empty() {
            self.seen_first = true;
            self.export = exports::by_captions(first.iter().map(|(caption, _)| caption.as_str()));
            if let Some(export) = self.export {
                out.facts().export = Some(export.card.name.to_owned());
            }
        }
        for (caption, value) in first {
            self.write(&caption, &value);
        }
        let record = std::mem::take(&mut self.record);
        self.hand_over(record, out);
        for (name, bytes) in std::mem::take(&mut self.files) {
            out.child(&name, bytes);
        }
    }

    fn hand_over(&mut self, record: Record, out: &mut Out<'_>) {
        if record.is_empty() {
            return;
        }
        let is_record = self.n_records > 0;
        let place = match self.record_depth {
            Some(_) if is_record => Place::new(PlaceKind::Row, self.n_records),
            Some(_) => Place::new(PlaceKind::Header, 1),
            None => Place::new(PlaceKind::Body, 1),
        };
        out.passage(Passage { is_record, ..record.passage(place) });
    }
}

/// An attribute's value without its entities; what is no entity stays.
fn unescaped(value: &str) -> String {
    quick_xml::escape::unescape(value).map_or_else(|_| value.to_owned(), |text| text.into_owned())
}

#[cfg(test)]
mod tests {
    use habeas_model::{Document, Meaning};

    use super::*;
    use crate::Budget;

    fn read_xml(text: &str) -> Document {
        let budget = Budget::default();
        let mut out = Out::new("application/xml", &budget);
        read(
            &Input {
                name: "a.xml",
                bytes: text.as_bytes(),
                media_type: "application/xml",
                budget: &budget,
            },
            &mut out,
        );
        out.finish().0
    }

    fn check_xml(text: &str, expected: &[(&str, &str)]) {
        let document = read_xml(text);
        let got: Vec<(String, &str)> =
            document.passages.iter().map(|p| (p.place.to_string(), p.text.as_str())).collect();
        let got: Vec<(&str, &str)> =
            got.iter().map(|(place, text)| (place.as_str(), *text)).collect();
        assert_eq!(got, expected, "{text}");
        assert_eq!(document.exceptions, []);
    }

    #[test]
    fn repeated_elements_are_records() {
        check_xml(
            "<?xml version='1.0'?><people at='Leeds'><person id='7'><name>Amara &amp; Lind</name><home><town>Leeds</town></home></person><person><name>Bo &#x45;k</name></person></people>",
            &[
                ("header 1", "at: Leeds"),
                ("row 1", "id: 7\nname: Amara & Lind\nhome.town: Leeds"),
                ("row 2", "name: Bo Ek"),
            ],
        );
    }

    #[test]
    fn a_sentence_is_not_torn_apart_by_its_marks() {
        check_xml(
            "<doc><title>Case</title><body><p><b>Amara</b> Lind was <i>not</i> here.</p></body></doc>",
            &[("body 1", "doc.title: Case\ndoc.body.p: Amara Lind was not here.")],
        );
    }

    #[test]
    fn a_phones_messages_are_records_with_meanings() {
        let document = read_xml(
            r#"<?xml version='1.0' encoding='UTF-8'?><smses count="2"><sms protocol="0" address="+447700900123" date="1717214400123" type="1" subject="null" body="Running late &#128512; &lt;3" readable_date="1 Jun 2024" contact_name="Amara Lind" /><sms protocol="0" address="+447700900456" date="1717214400124" type="2" subject="null" body="ok" readable_date="1 Jun 2024" contact_name="Bo Ek" /></smses>"#,
        );
        assert_eq!(document.facts.export.as_deref(), Some("sms-backup"));
        let row = &document.passages[1];
        assert!(row.text.contains("body: Running late 😀 <3"));
        let of = |meaning: Meaning| {
            row.fields.iter().find(|f| f.meaning == meaning).map(|f| &row.text[f.range.clone()])
        };
        assert_eq!(
            (of(Meaning::Phone), of(Meaning::Name)),
            (Some("+447700900123"), Some("Amara Lind"))
        );
    }

    #[test]
    fn damaged_xml_loses_no_word() {
        for text in [
            "<a><b>Amara</b><c>Lind",
            "<a><b>Amara</b><c att=<Lind</a>",
            "<a>Amara<b x='1' y='Lind",
            "<a>Amara &nope; Lind</a>",
            "<a>Amara</b></c>Lind",
        ] {
            let document = read_xml(text);
            assert!(
                document.text().contains("Amara") && document.text().contains("Lind"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_bomb_of_entities_does_not_go_off() {
        let text = "<!DOCTYPE a [<!ENTITY x 'Amara'><!ENTITY y '&x;&x;&x;'>]><a>&y;</a>";
        let document = read_xml(text);
        assert!(document.text().len() < 2 * text.len() && document.text().contains("Amara"));
        let deep = read_xml(&("<a>".repeat(200_000) + "Amara"));
        assert!(deep.text().contains("Amara"));
    }
}
