//! What do OpenDocument texts and presentations say?

use habeas_model::{
    Card, Exception, Hidden, Meaning, Part, Party, Passage, Personal, Place, PlaceKind, Reason,
};

use super::Format;
use crate::encoding;
use crate::formats::captioned::Captioned;
use crate::formats::docx::person_in;
use crate::formats::encrypted;
use crate::formats::flow::Flow;
use crate::formats::grid;
use crate::formats::markup::{Element, Step, Walk};
use crate::formats::package::{Package, hand_over_properties};
use crate::formats::workbook::annotation;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "odf",
        version: 3,
        summary: "OpenDocument texts and presentations, with notes, comments and tracked changes",
        handles: &[
            ODT, ODP, ODG, ".odt", ".ott", ".odp", ".otp", ".odg", ".fodt", ".fodp", ".fodg",
        ],
        authority: "OpenDocument 1.3, Part 3",
    },
    sniff,
    read,
};

const ODT: &str = "application/vnd.oasis.opendocument.text";
const ODP: &str = "application/vnd.oasis.opendocument.presentation";
const ODG: &str = "application/vnd.oasis.opendocument.graphics";

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let kinds = [
        (ODT, ODT),
        (ODP, ODP),
        (ODG, ODG),
        ("application/vnd.sun.xml.writer", ODT),
        ("application/vnd.sun.xml.impress", ODP),
    ];
    let mimetype = match flat_mimetype(sample) {
        Some(mimetype) => mimetype,
        None => sample.zip_mimetype(),
    };
    let kind = kinds.iter().find(|(kind, _)| mimetype.starts_with(kind))?;
    Some((Sure::Structure, kind.1))
}

/// What a document in one file of XML says that it is.
pub(super) fn flat_mimetype<'s>(sample: &'s Sample<'_>) -> Option<&'s str> {
    let text = sample.text().filter(|_| !sample.bytes.starts_with(b"PK"))?;
    let head = text.get(..8_000).or_else(|| text.get(..4_000)).unwrap_or(text);
    let (_, root) = head.split_once("<office:document")?;
    let (_, mimetype) = root.split_once("office:mimetype=")?;
    mimetype.get(1..)?.split(['"', '\'']).next()
}

/// Does it need a password?
pub(super) fn is_encrypted(package: &mut Package<'_>, out: &mut Out<'_>) -> bool {
    let manifest = package.text("META-INF/manifest.xml", out).unwrap_or_default();
    manifest.contains("encryption-data") || package.has("encrypted-package")
}

/// Headers and footers, which stand among the styles.
pub(super) fn styles(package: &mut Package<'_>, place: PlaceKind, out: &mut Out<'_>) {
    if let Some(xml) = package.text("styles.xml", out)
        && !Story::new(place).read(&xml, false, out)
    {
        let note = "its styles end before they should";
        out.exception(Exception::part(Reason::Corrupt, None, note));
    }
}

/// A document in one file.
fn flat(input: &Input<'_>, place: PlaceKind, out: &mut Out<'_>) {
    let xml = encoding::decode(input.bytes, None).text.into_owned();
    if !Story::new(place).read(&xml, true, out) {
        out.exception(Exception::part(Reason::Corrupt, None, "ends before it should"));
    }
    flat_properties(&xml, out);
}

/// The properties of a document in one file; says what of it cannot be had.
pub(super) fn flat_properties(xml: &str, out: &mut Out<'_>) {
    let meta =
        xml.split_once("<office:meta>").and_then(|(_, rest)| rest.split_once("</office:meta>"));
    property_lines(meta.map_or("", |(meta, _)| meta), out);
    let mut walk = Walk::new(xml);
    let mut n = 0;
    while let Some(step) = walk.next() {
        if let Step::Open(element) = step
            && element.name() == "binary-data"
        {
            n += 1;
            match base64(&walk.inner_text()) {
                Some(bytes) => out.child(&format!("picture {n}"), bytes),
                None => {
                    let why = Exception::whole(Reason::Corrupt, "is not in base 64");
                    out.lost(&format!("picture {n}"), 0, why);
                }
            }
        }
    }
}

/// Bytes that are written as text (RFC 4648, 4); white space does not count.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut n_bits) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push((bits >> n_bits & 0xff) as u8);
        }
    }
    Some(bytes)
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let place = if input.media_type == ODT { PlaceKind::Body } else { PlaceKind::Page };
    if !input.bytes.starts_with(b"PK") {
        return flat(input, place, out);
    }
    let mut package = match Package::open(input) {
        Ok(package) => package,
        Err(exception) => return out.exception(exception),
    };
    if is_encrypted(&mut package, out) {
        return encrypted::opendocument::read(input, package, out);
    }
    styles(&mut package, place, out);
    match package.text("content.xml", out) {
        Some(xml) => {
            if !Story::new(place).read(&xml, true, out) {
                let note = "its content ends before it should";
                out.exception(Exception::part(Reason::Corrupt, None, note));
            }
        }
        None => out.exception(Exception::whole(Reason::Corrupt, "has no content")),
    }
    properties(&mut package, out);
    objects(&mut package, out);
}

/// Pictures, and what is embedded: a folder of parts, or one part that is a file of its own.
pub(super) fn objects<'a>(package: &mut Package<'a>, out: &mut Out<'a>) {
    for folder in ["Pictures/", "media/"] {
        package.children(folder, out);
    }
    for name in package.in_folder("Object ") {
        match name.rsplit_once('/') {
            None => package.child(&name, out),
            Some((_, "content.xml")) => {
                if let Some(xml) = package.text(&name, out) {
                    Story::new(PlaceKind::Body).read(&xml, true, out);
                }
            }
            Some(_) => {}
        }
    }
    for name in package.in_folder("ObjectReplacements/") {
        // A picture of what is read itself, unless that is of another program.
        let object = name.trim_start_matches("ObjectReplacements/");
        if !package.has(&format!("{object}/content.xml")) {
            package.child(&name, out);
        }
    }
}

/// The properties of a document.
pub(super) fn properties(package: &mut Package<'_>, out: &mut Out<'_>) {
    let xml = package.text("meta.xml", out).unwrap_or_default();
    property_lines(&xml, out);
}

fn property_lines(xml: &str, out: &mut Out<'_>) {
    const KNOWN: [(&str, &str, Meaning); 8] = [
        ("title", "Title", Meaning::Text),
        ("initial-creator", "Author", Meaning::Name),
        ("creator", "Last modified by", Meaning::Name),
        ("printed-by", "Printed by", Meaning::Name),
        ("subject", "Subject", Meaning::Text),
        ("description", "Description", Meaning::Text),
        ("keyword", "Keywords", Meaning::Text),
        ("user-defined", "", Meaning::Text),
    ];
    let mut lines = Captioned::default();
    let mut walk = Walk::new(xml);
    while let Some(step) = walk.next() {
        let Step::Open(element) = step else { continue };
        let name = element.attribute("name");
        if matches!(element.name(), "date" | "creation-date") {
            let is_last = element.name() == "date";
            let value = walk.inner_text().trim().to_owned();
            if !value.is_empty() && (is_last || out.facts().dated.is_none()) {
                out.facts().dated = Some(value);
            }
        } else if let Some((known, caption, meaning)) =
            KNOWN.iter().find(|(known, _, _)| *known == element.name())
        {
            let value = walk.inner_text();
            if *known == "title" && !value.trim().is_empty() {
                out.facts().title = Some(Personal::new(value.trim().to_owned()));
            }
            let caption =
                if caption.is_empty() { name.as_deref().unwrap_or("Property") } else { caption };
            lines.line(caption, &value, *meaning, Party::Unknown);
        }
    }
    hand_over_properties(lines, out);
}

/// A table that is open.
#[derive(Default)]
struct Grid {
    rows: Vec<Vec<String>>,
    row: Vec<String>,
    cell: String,
    first: usize,
}

struct Story {
    kind: PlaceKind,
    flow: Flow,
    notes: Flow,
    number: usize,
    n_tables: usize,
    paragraphs: Vec<String>,
    grids: Vec<Grid>,
    /// How many notes of slides, and sections that are not displayed, are open.
    n_notes: usize,
    unseen: Flow,
    n_unseen: usize,
    /// Who deleted the text of the open region.
    deletion: Option<(String, String)>,
}

impl Story {
    fn new(kind: PlaceKind) -> Self {
        Self {
            kind,
            flow: Flow::new(kind),
            notes: Flow::of_part(kind, Part::Comment),
            number: 0,
            n_tables: 0,
            paragraphs: Vec::new(),
            grids: Vec::new(),
            n_notes: 0,
            unseen: Flow::hidden(kind, Hidden::Invisible),
            n_unseen: 0,
            deletion: None,
        }
    }

    fn place(&self) -> Place {
        Place::new(self.kind, self.number.max(1))
    }

    fn read(mut self, xml: &str, is_content: bool, out: &mut Out<'_>) -> bool {
        let mut walk = Walk::new(xml);
        while let Some(step) = walk.next() {
            if out.is_full() {
                return true;
            }
            match step {
                Step::Open(element) => self.open(&element, &mut walk, is_content, out),
                Step::Close(name) => self.close(&name, out),
                Step::Text(text) => {
                    if let Some(paragraph) = self.paragraphs.last_mut() {
                        paragraph.push_str(&collapsed(&text));
                    }
                }
            }
        }
        while !self.paragraphs.is_empty() {
            self.close("p", out);
        }
        while !self.grids.is_empty() {
            self.close("table-row", out);
            self.close("table", out);
        }
        self.flow.flush(out);
        self.notes.flush(out);
        self.unseen.flush(out);
        !walk.is_damaged()
    }

    fn say(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.push_str(text);
        }
    }

    fn open(
        &mut self,
        element: &Element<'_>,
        walk: &mut Walk<'_>,
        is_content: bool,
        out: &mut Out<'_>,
    ) {
        match element.name() {
            "p" | "h" if element.prefix() != "svg" => {
                if self.kind == PlaceKind::Body && self.paragraphs.is_empty() && is_content {
                    self.number += 1;
                }
                self.paragraphs.push(String::new());
            }
            "page" if element.prefix() == "draw" && is_content => {
                self.flow.flush(out);
                self.notes.flush(out);
                self.number += 1;
            }
            "notes" => self.n_notes += 1,
            "section" | "hidden-text" | "hidden-paragraph" => {
                let is_unseen = element.attribute("display").is_some_and(|value| value == "none");
                if element.name() == "section" && (is_unseen || self.n_unseen > 0) {
                    self.n_unseen += 1;
                }
                let text = element.attribute("string-value").unwrap_or_default();
                self.unseen.paragraph(self.number.max(1), &text, out);
            }
            "tab" | "line-break" => self.say(" "),
            "s" => {
                let n = element.attribute("c").and_then(|n| n.parse::<usize>().ok()).unwrap_or(1);
                self.say(&" ".repeat(n.min(100)));
            }
            "a" => {
                let target = element.attribute("href").unwrap_or_default();
                if let Some(person) = person_in(&target) {
                    self.say(&format!("<{person}> "));
                }
            }
            "table" if element.prefix() == "table" => {
                self.grids.push(Grid { first: self.number.max(1), ..Grid::default() });
            }
            "annotation" => {
                let (author, text) = annotation(walk);
                let mut lines = Captioned::default();
                lines.line("Author", &author, Meaning::Name, Party::Unknown);
                lines.line("Comment", &text, Meaning::Text, Party::Unknown);
                out.passage(lines.into_record(self.place(), Part::Comment));
            }
            "deletion" => self.deletion = Some((String::new(), String::new())),
            "creator" => {
                let name = walk.inner_text();
                if let Some((author, _)) = &mut self.deletion {
                    *author = name;
                }
            }
            "date" if element.prefix() == "dc" => walk.skip_inside(),
            "title" | "desc" if element.prefix() == "svg" => {
                let text = walk.inner_text();
                self.unseen.paragraph(self.number.max(1), &text, out);
            }
            "label" | "listbox" | "combobox" | "textarea" | "text" | "formatted-text"
            | "option" | "item" | "checkbox" | "radio" | "button" | "fixed-text"
                if element.prefix() == "form" =>
            {
                for key in ["label", "current-value", "value"] {
                    let text = element.attribute(key).unwrap_or_default();
                    self.flow.paragraph(self.number.max(1), &text, out);
                }
            }
            // What a document in one file says of itself is read apart.
            "meta" if element.prefix() == "office" => walk.skip_inside(),
            "note-citation" | "binary-data" | "script" => walk.skip_inside(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str, out: &mut Out<'_>) {
        match name {
            "p" | "h" => {
                if let Some(text) = self.paragraphs.pop() {
                    self.take(&text, out);
                }
            }
            "notes" => self.n_notes = self.n_notes.saturating_sub(1),
            "section" => self.n_unseen = self.n_unseen.saturating_sub(1),
            "deletion" => {
                if let Some((author, text)) = self.deletion.take() {
                    let mut lines = Captioned::default();
                    lines.line("Deleted by", &author, Meaning::Name, Party::Unknown);
                    lines.line("Deleted", &text, Meaning::Text, Party::Unknown);
                    let passage = lines.into_record(self.place(), Part::Comment);
                    out.passage(Passage { hidden: Some(Hidden::Deleted), ..passage });
                }
            }
            "table-cell" | "covered-table-cell" => {
                if let Some(grid) = self.grids.last_mut() {
                    let cell = std::mem::take(&mut grid.cell);
                    grid.row.push(cell);
                }
            }
            "table-row" => {
                if let Some(grid) = self.grids.last_mut() {
                    let row = std::mem::take(&mut grid.row);
                    grid.rows.push(row);
                }
            }
            "table" => {
                let Some(grid) = self.grids.pop() else { return };
                match self.grids.last_mut() {
                    Some(outer) => {
                        for row in grid.rows {
                            outer.cell.push_str(row.join(" ").trim());
                            outer.cell.push(' ');
                        }
                    }
                    None => {
                        self.n_tables += 1;
                        grid::read(grid.rows, grid.first, self.n_tables, &mut self.flow, out);
                    }
                }
            }
            _ => {}
        }
    }

    fn take(&mut self, text: &str, out: &mut Out<'_>) {
        let number = self.number.max(1);
        if let Some((_, deleted)) = &mut self.deletion {
            deleted.push_str(text);
            deleted.push('\n');
        } else if let Some(grid) = self.grids.last_mut() {
            if !grid.cell.is_empty() && !text.trim().is_empty() {
                grid.cell.push('\n');
            }
            grid.cell.push_str(text.trim());
        } else if self.n_notes > 0 {
            self.notes.paragraph(number, text, out);
        } else if self.n_unseen > 0 {
            self.unseen.paragraph(number, text, out);
        } else {
            self.flow.paragraph(number, text, out);
        }
    }
}

/// White space in the markup is one space; more of it is written as elements.
fn collapsed(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | ' ' => {
                if !collapsed.ends_with(' ') {
                    collapsed.push(' ');
                }
            }
            c => collapsed.push(c),
        }
    }
    collapsed
}
