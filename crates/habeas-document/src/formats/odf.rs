//! What do OpenDocument texts and presentations say?

use habeas_model::{
    Card, Exception, Hidden, Meaning, Part, Party, Passage, Personal, Place, PlaceKind, Reason,
};

use super::Format;
use crate::formats::captioned::Captioned;
use crate::formats::docx::person_in;
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
        version: 1,
        summary: "OpenDocument texts and presentations, with notes, comments and tracked changes",
        handles: &[ODT, ODP, ".odt", ".ott", ".odp", ".otp", ".odg"],
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
    let kind = kinds.iter().find(|(kind, _)| sample.zip_mimetype().starts_with(kind))?;
    Some((Sure::Structure, kind.1))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let mut package = match Package::open(input) {
        Ok(package) => package,
        Err(exception) => return out.exception(exception),
    };
    let manifest = package.text("META-INF/manifest.xml", out).unwrap_or_default();
    if manifest.contains("encryption-data") {
        return out.exception(Exception::whole(Reason::Encrypted, "needs a password"));
    }
    let place = if input.media_type == ODT { PlaceKind::Body } else { PlaceKind::Page };
    // Headers and footers stand among the styles.
    for (part, is_content) in [("styles.xml", false), ("content.xml", true)] {
        match package.text(part, out) {
            Some(xml) => {
                let is_whole = Story::new(place).read(&xml, is_content, out);
                if !is_whole {
                    let note = format!("{part} ends before it should");
                    out.exception(Exception::part(Reason::Corrupt, None, note));
                }
            }
            None if is_content => {
                out.exception(Exception::whole(Reason::Corrupt, "has no content"));
            }
            None => {}
        }
    }
    properties(&mut package, out);
    package.children("Pictures/", out);
    // An embedded object is a folder of parts, or one part that is a file of another program.
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
}

fn properties(package: &mut Package<'_>, out: &mut Out<'_>) {
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
    let xml = package.text("meta.xml", out).unwrap_or_default();
    let mut lines = Captioned::default();
    let mut walk = Walk::new(&xml);
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
