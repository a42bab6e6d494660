//! What does a medical image say of its patient: in its header, and in its pixels?
//!
//! `dicom-object` makes room for as much as a length field asks for before it reads; a header of
//! twelve bytes would cost four gigabytes. The elements are few and plain, and are walked here.

use habeas_model::{Card, Exception, Meaning, Part, Party, Place, PlaceKind, Reason};

use super::Format;
use super::captioned::Captioned;
use super::picture;
use crate::out::{Input, Out, Picture};
use crate::sniff::{Match, Sample, Sure};

mod elements;
mod tags;

use elements::{Element, Pixels, Syntax};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "dicom",
        version: 2,
        summary: "Headers and reports of medical images, with patients and staff told apart; \
                  encapsulated documents are members, plain pixels are drawn for OCR",
        handles: &["application/dicom", ".dcm"],
        authority: "DICOM PS3.5, PS3.6 and PS3.10 (2024e)",
    },
    sniff,
    read,
};

const MEDIA_TYPE: &str = "application/dicom";

/// `DICM` after 128 bytes (PS3.10, 7.1); old files begin with an element of group 8.
fn sniff(sample: &Sample<'_>) -> Option<Match> {
    if sample.bytes.get(128..132) == Some(b"DICM") {
        return Some((Sure::Structure, MEDIA_TYPE));
    }
    let is_bare = matches!(sample.bytes, [8, 0, _, 0, ..] | [2, 0, 0, 0, b'U', b'L', ..]);
    (is_bare && sample.is_named(&["dcm", "dicom"])).then_some((Sure::Magic, MEDIA_TYPE))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let bytes = input.bytes;
    let start = if bytes.get(128..132) == Some(b"DICM") { 132 } else { 0 };
    let body = bytes.get(start..).unwrap_or_default();
    let (syntax, body) = elements::syntax(body);
    match syntax {
        Syntax::Deflated => {
            let limit = input.budget.allowance(bytes.len() as u64, 0);
            let inflated = super::gzip::unpack(flate2::read::DeflateDecoder::new(body), limit);
            if inflated.bytes.len() as u64 > limit {
                let note = "unpacks to more than it may";
                return out.exception(Exception::whole(Reason::ExpansionLimit, note));
            }
            if let Some(why) = inflated.exception {
                out.exception(why);
            }
            // What lies in it is copied, because it is unpacked here.
            let mut header = Header::default();
            let is_whole =
                elements::walk(&inflated.bytes, syntax, &mut |element| header.take(element));
            let document = header.document.map(<[u8]>::to_vec);
            let pixels = header.pixels.map(|pixels| Pixels { data: Vec::new(), ..pixels });
            let told = Told { lines: header.lines, mime: header.mime, pixels, is_whole };
            hand_over(told, document.map(Into::into), out);
        }
        _ => {
            let mut header = Header::default();
            let is_whole = elements::walk(body, syntax, &mut |element| header.take(element));
            let document = header.document;
            let told =
                Told { lines: header.lines, mime: header.mime, pixels: header.pixels, is_whole };
            hand_over(told, document.map(Into::into), out);
        }
    }
}

/// What was found, once the walk is over.
struct Told<'a> {
    lines: Captioned,
    mime: String,
    pixels: Option<Pixels<'a>>,
    is_whole: bool,
}

fn hand_over<'a>(told: Told<'a>, document: Option<std::borrow::Cow<'a, [u8]>>, out: &mut Out<'a>) {
    let has_text = !told.lines.is_empty();
    if has_text {
        out.passage(told.lines.into_record(Place::new(PlaceKind::Header, 1), Part::Body));
    }
    if !told.is_whole {
        let note = "ends in the middle of an element";
        out.exception(Exception::whole(Reason::Truncated, note));
    } else if !has_text {
        out.exception(Exception::whole(Reason::Corrupt, "has no elements that can be read"));
    }
    if let Some(document) = document {
        let ending = match told.mime.as_str() {
            "application/pdf" => "pdf",
            "text/plain" => "txt",
            "text/XML" | "text/xml" => "xml",
            _ => "bin",
        };
        out.child(&format!("document.{ending}"), document);
    }
    if let Some(pixels) = told.pixels {
        let place = Place::new(PlaceKind::Page, 1);
        if pixels.n_frames > 1 {
            let note = format!("only the first of {} frames was looked at", pixels.n_frames);
            out.exception(Exception::part(Reason::NoText, Some(place.clone()), note));
        }
        if pixels.can_be_drawn() {
            out.scan(place, move |max_bytes| pixels.draw(max_bytes));
        } else {
            let note = "its pixels may show the patient's name, and were not looked at";
            out.exception(Exception::part(Reason::NoText, Some(place), note));
        }
    }
}

impl Pixels<'_> {
    fn can_be_drawn(&self) -> bool {
        let is_plain = self.transfer == elements::Coding::Plain
            && matches!((self.samples, self.bits), (1, 8 | 16) | (3, 8));
        let is_coded = matches!(self.transfer, elements::Coding::Jpeg | elements::Coding::Jpeg2000);
        (is_plain || is_coded) && !self.data.is_empty()
    }

    /// Draws the first frame, from the darkest grey that it has to the lightest.
    fn draw(&self, max_bytes: u64) -> Result<Picture, Exception> {
        match self.transfer {
            elements::Coding::Jpeg => return picture::draw(&self.data.concat(), max_bytes),
            elements::Coding::Jpeg2000 => {
                return picture::draw_jpeg_2000(&self.data.concat(), max_bytes);
            }
            _ => {}
        }
        let place = Place::new(PlaceKind::Page, 1);
        let (width, height) = (usize::from(self.columns), usize::from(self.rows));
        let n_pixels = width * height;
        if n_pixels as u64 > max_bytes {
            return Err(Exception::part(Reason::SizeLimit, Some(place), "too many pixels"));
        }
        let data = self.data.first().copied().unwrap_or_default();
        let sample = |pixel: usize| -> Option<u32> {
            match (self.samples, self.bits) {
                (1, 16) => {
                    let two = data.get(pixel * 2..pixel * 2 + 2)?.try_into().ok()?;
                    let value =
                        if self.is_big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) };
                    // Signed values are moved so that they keep their order.
                    Some(u32::from(if self.is_signed { value ^ 0x8000 } else { value }))
                }
                (3, _) if self.is_planar => {
                    let part = |plane: usize| data.get(plane * n_pixels + pixel).copied();
                    Some(u32::from(super::pdf::grey(part(0)?, part(1)?, part(2)?)))
                }
                (3, _) => {
                    let part = data.get(pixel * 3..pixel * 3 + 3)?;
                    Some(u32::from(super::pdf::grey(part[0], part[1], part[2])))
                }
                _ => data.get(pixel).map(|byte| u32::from(*byte)),
            }
        };
        let samples: Vec<u32> = (0..n_pixels).map_while(sample).collect();
        if samples.len() < n_pixels || n_pixels == 0 {
            return Err(Exception::part(Reason::Truncated, Some(place), "pixels are missing"));
        }
        let least = samples.iter().min().copied().unwrap_or(0);
        let range = (samples.iter().max().copied().unwrap_or(0) - least).max(1);
        let grey = samples.into_iter().map(|value| {
            let grey = ((value - least) * 255 / range) as u8;
            if self.is_inverted { 255 - grey } else { grey }
        });
        let size = (u32::from(self.columns), u32::from(self.rows));
        picture::draw_grey(size, grey.collect(), max_bytes).map_err(|why| why.at(place))
    }
}

/// What is taken out of the elements.
#[derive(Default)]
struct Header<'a> {
    lines: Captioned,
    mime: String,
    document: Option<&'a [u8]>,
    pixels: Option<Pixels<'a>>,
}

impl<'a> Header<'a> {
    fn take(&mut self, element: Element<'a>) {
        match element {
            Element::Pixels(pixels) => self.pixels = Some(pixels),
            Element::Document(bytes) => self.document = Some(bytes),
            Element::Text { tag, kind, text } => self.text(tag, &kind, &text),
        }
    }

    fn text(&mut self, tag: (u16, u16), kind: &[u8; 2], text: &str) {
        if tag == (0x0042, 0x0012) {
            text.trim_matches(['\0', ' ']).clone_into(&mut self.mime);
            return;
        }
        let text = text.trim_matches(['\0', ' ']);
        let is_long = matches!(kind, b"LT" | b"ST" | b"UT");
        let known = tags::known(tag);
        let has_letters = text.chars().filter(|c| c.is_alphanumeric()).take(2).count() == 2;
        let is_text =
            matches!(kind, b"PN" | b"LO" | b"SH" | b"LT" | b"ST" | b"UT" | b"UC" | b"DA" | b"DT");
        if text.is_empty() || known.is_none() && !(is_text && has_letters) {
            return;
        }
        let unknown;
        let (caption, meaning, party) = match known {
            Some(known) => known,
            None => {
                unknown = format!("Element {:04X},{:04X}", tag.0, tag.1);
                let meaning = match kind {
                    b"PN" => Meaning::Name,
                    b"DA" | b"DT" => Meaning::Date,
                    _ => Meaning::Text,
                };
                (unknown.as_str(), meaning, Party::Unknown)
            }
        };
        let values: Vec<&str> = if is_long { vec![text] } else { text.split('\\').collect() };
        for value in values.into_iter().map(str::trim).filter(|value| !value.is_empty()) {
            match (kind, meaning) {
                (b"PN", _) => self.name(caption, value, party),
                (_, Meaning::Date | Meaning::BirthDate) => {
                    self.lines.line(caption, &date(value), meaning, party);
                }
                _ => self.lines.line(caption, value, meaning, party),
            }
        }
    }

    /// `Family^Given^Middle^Prefix^Suffix`, up to three times: in Latin letters, as it is written,
    /// as it is spoken (PS3.5, 6.2.1).
    fn name(&mut self, caption: &str, value: &str, party: Party) {
        for group in value.split('=').filter(|group| !group.trim_matches(['^', ' ']).is_empty()) {
            let parts: Vec<&str> = group.split('^').map(str::trim).collect();
            let part = |index: usize| parts.get(index).copied().unwrap_or_default();
            if parts.len() == 1 {
                self.lines.line(caption, group, Meaning::Name, party);
                continue;
            }
            self.lines.caption(caption);
            let mut is_first = true;
            let order = [
                (3, Meaning::Text),
                (1, Meaning::GivenName),
                (2, Meaning::GivenName),
                (0, Meaning::FamilyName),
                (4, Meaning::Text),
            ];
            for (index, meaning) in order {
                if part(index).is_empty() {
                    continue;
                }
                if !is_first {
                    self.lines.plain(" ");
                }
                is_first = false;
                if meaning == Meaning::Text {
                    self.lines.plain(part(index));
                } else {
                    self.lines.value(part(index), meaning, party);
                }
            }
        }
    }
}

/// `20260312` as `2026-03-12`, and `20260312140211` as `2026-03-12T14:02:11`.
fn date(text: &str) -> String {
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    match n_digits {
        8 if text.len() == 8 => format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8)),
        14 => format!(
            "{}-{}-{}T{}:{}:{}",
            part(0, 4),
            part(4, 6),
            part(6, 8),
            part(8, 10),
            part(10, 12),
            part(12, 14)
        ),
        _ => text.to_owned(),
    }
}
