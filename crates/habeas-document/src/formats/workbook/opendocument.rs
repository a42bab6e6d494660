//! What do the sheets of an OpenDocument workbook say, and what do they hide?
//!
//! Cells and rows that are the same as the one before are written once with a count (OpenDocument
//! 1.3, Part 3, 19.675 and 19.679); what is empty is never unrolled.

use std::collections::{BTreeSet, HashSet};

use calamine::Data;
use habeas_model::{Exception, Hidden, Meaning, Part, Party, Passage, Place, PlaceKind, Reason};

use super::{Trouble, cells, parts};
use crate::encoding;
use crate::formats::captioned::Captioned;
use crate::formats::encrypted;
use crate::formats::flow::Flow;
use crate::formats::markup::{Element, Step, Walk};
use crate::formats::odf;
use crate::formats::package::Package;
use crate::out::{Input, Out};
use crate::table::{self, Row, Table};

mod rules;

use rules::Rules;

/// Reads a workbook: the archive, or the one file that holds everything.
pub(super) fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) -> Result<(), Trouble> {
    if !input.bytes.starts_with(b"PK") {
        let xml = encoding::decode(input.bytes, None).text.into_owned();
        odf::flat_properties(&xml, out);
        return sheets(&xml, out);
    }
    let mut package = Package::open(input).map_err(|why| (why.reason, "its parts are not read"))?;
    if odf::is_encrypted(&mut package, out) {
        encrypted::opendocument::read(input, package, out);
        return Ok(());
    }
    let xml = package.text("content.xml", out).ok_or((Reason::Corrupt, "has no content"))?;
    sheets(&xml, out)?;
    odf::styles(&mut package, PlaceKind::Body, out);
    odf::properties(&mut package, out);
    odf::objects(&mut package, out);
    Ok(())
}

/// A cell or row that repeats is unrolled so many times; more copies of the same tell nothing.
const MAX_COPIES: usize = 1_000;
/// Workbooks have at most so many columns.
const MAX_COLUMNS: usize = 16_384;

#[derive(Default)]
struct Sheet {
    name: String,
    hidden: Option<Hidden>,
    rows: Vec<Row>,
    /// How many rows came before the next one.
    n_rows: usize,
    hidden_columns: Vec<bool>,
    row: Vec<String>,
    /// How many columns of the row are empty since the last that was not.
    n_empty: usize,
    n_copies: usize,
    is_row_hidden: bool,
    n_left_out: usize,
    comments: Vec<Passage>,
    texts: Vec<String>,
    /// The numbers of the rules that its cells name.
    rules: BTreeSet<usize>,
}

/// The cell that is open.
#[derive(Default)]
struct Cell {
    kind: String,
    value: String,
    text: String,
    n_copies: usize,
}

fn sheets(xml: &str, out: &mut Out<'_>) -> Result<(), Trouble> {
    let unseen = unseen_styles(xml);
    let mut walk = Walk::new(xml);
    let mut open: Vec<Sheet> = Vec::new();
    let (mut cell, mut n_shapes, mut n_sheets): (Option<Cell>, usize, usize) = (None, 0, 0);
    let mut paragraph: Option<String> = None;
    let mut rules = Rules::default();
    while let Some(step) = walk.next() {
        if out.is_full() {
            return Ok(());
        }
        match step {
            Step::Open(element) => {
                let value = |name| element.attribute(name).unwrap_or_default();
                match element.name() {
                    "tracked-changes" => changes(&mut walk, out),
                    "content-validation" => rules.begin(&element),
                    "help-message" | "error-message" => rules.message(&element, &mut walk),
                    "table" if element.prefix() == "table" => {
                        n_sheets += 1;
                        open.push(Sheet::begin(&element, n_sheets, &unseen));
                    }
                    "table-column" => {
                        if let Some(sheet) = open.last_mut() {
                            sheet.column(&element);
                        }
                    }
                    "table-row" => {
                        if let Some(sheet) = open.last_mut() {
                            sheet.n_copies = copies(&element, "number-rows-repeated");
                            sheet.is_row_hidden = is_unseen(&element);
                        }
                    }
                    "table-cell" | "covered-table-cell" => {
                        if let (Some(name), Some(sheet)) =
                            (element.attribute("content-validation-name"), open.last_mut())
                        {
                            sheet.rules.extend(rules.number(&name));
                        }
                        let kind = value("value-type");
                        let name = match kind.as_str() {
                            "date" => "date-value",
                            "time" => "time-value",
                            "boolean" => "boolean-value",
                            "string" => "string-value",
                            _ => "value",
                        };
                        cell = Some(Cell {
                            value: value(name),
                            kind,
                            text: String::new(),
                            n_copies: copies(&element, "number-columns-repeated"),
                        });
                    }
                    "annotation" => {
                        let (author, text) = annotation(&mut walk);
                        let mut lines = Captioned::default();
                        lines.line("Author", &author, Meaning::Name, Party::Unknown);
                        lines.line("Comment", &text, Meaning::Text, Party::Unknown);
                        if let Some(sheet) = open.last_mut() {
                            let place = Place::new(PlaceKind::Cell, sheet.n_rows + 1);
                            let place = place.in_sheet(&sheet.name);
                            let passage = lines.into_record(place, Part::Comment);
                            sheet.comments.push(Passage { hidden: sheet.hidden, ..passage });
                        }
                    }
                    "frame" | "custom-shape" | "rect" | "line" | "g" | "caption"
                        if element.prefix() == "draw" =>
                    {
                        n_shapes += 1;
                    }
                    "p" | "h" if element.prefix() == "text" => paragraph = Some(String::new()),
                    "title" | "desc" if element.prefix() == "svg" => {
                        let text = walk.inner_text();
                        if let Some(sheet) = open.last_mut() {
                            sheet.texts.push(text);
                        }
                    }
                    "a" => {
                        let person = crate::formats::docx::person_in(&value("href"));
                        if let (Some(person), Some(paragraph)) = (person, &mut paragraph) {
                            paragraph.push_str(&format!("<{person}> "));
                        }
                    }
                    "s" | "tab" | "line-break" => {
                        if let Some(paragraph) = &mut paragraph {
                            paragraph.push(' ');
                        }
                    }
                    "binary-data" => walk.skip_inside(),
                    _ => {}
                }
            }
            Step::Text(text) => {
                if let Some(paragraph) = &mut paragraph {
                    paragraph.push_str(&text);
                }
            }
            Step::Close(name) => match name.as_str() {
                "p" | "h" => {
                    let text = paragraph.take().unwrap_or_default();
                    match (&mut cell, open.last_mut()) {
                        (Some(cell), _) if n_shapes == 0 => {
                            if !cell.text.is_empty() {
                                cell.text.push('\n');
                            }
                            cell.text.push_str(text.trim());
                        }
                        (_, Some(sheet)) => sheet.texts.push(text),
                        _ => {}
                    }
                }
                "frame" | "custom-shape" | "rect" | "line" | "g" | "caption" => {
                    n_shapes = n_shapes.saturating_sub(1);
                }
                "table-cell" | "covered-table-cell" => {
                    if let (Some(cell), Some(sheet)) = (cell.take(), open.last_mut()) {
                        sheet.take(&cell);
                    }
                }
                "table-row" => {
                    if let Some(sheet) = open.last_mut() {
                        sheet.end_row();
                    }
                }
                "table" => {
                    if let Some(sheet) = open.pop() {
                        sheet.hand_over(&mut rules, out);
                    }
                }
                _ => {}
            },
        }
    }
    while let Some(sheet) = open.pop() {
        sheet.hand_over(&mut rules, out);
    }
    let mut unused = Flow::hidden(PlaceKind::Body, Hidden::Invisible);
    rules.unused().iter().for_each(|text| unused.paragraph(1, text, out));
    unused.flush(out);
    if walk.is_damaged() {
        let note = "its content ends before it should";
        out.exception(Exception::part(Reason::Corrupt, None, note));
    }
    if n_sheets == 0 { Err((Reason::Corrupt, "has no sheets")) } else { Ok(()) }
}

impl Sheet {
    fn begin(element: &Element<'_>, number: usize, unseen: &HashSet<String>) -> Self {
        let name = element.attribute("name").unwrap_or_else(|| format!("Sheet {number}"));
        let style = element.attribute("style-name").unwrap_or_default();
        let hidden = if name.starts_with("'file:") {
            // A copy of a sheet of another workbook.
            Some(Hidden::Cache)
        } else {
            unseen.contains(&style).then_some(Hidden::Sheet)
        };
        Self { name, hidden, ..Self::default() }
    }

    fn column(&mut self, element: &Element<'_>) {
        let n = copies(element, "number-columns-repeated");
        let room = MAX_COLUMNS.saturating_sub(self.hidden_columns.len());
        let is_hidden = is_unseen(element);
        self.hidden_columns.extend(std::iter::repeat_n(is_hidden, n.min(room)));
    }

    fn take(&mut self, cell: &Cell) {
        let text = cell.shown();
        if text.is_empty() {
            self.n_empty += cell.n_copies;
            return;
        }
        let n_before = self.row.len().saturating_add(self.n_empty).min(MAX_COLUMNS);
        self.row.resize(n_before, String::new());
        self.n_empty = 0;
        let n = cell.n_copies.min(MAX_COPIES).min(MAX_COLUMNS.saturating_sub(n_before).max(1));
        self.n_left_out += cell.n_copies - n;
        self.row.extend(std::iter::repeat_n(text, n));
    }

    fn end_row(&mut self) {
        let cells = std::mem::take(&mut self.row);
        self.n_empty = 0;
        let n = self.n_copies.max(1);
        let hidden = self.is_row_hidden.then_some(Hidden::Row);
        let n_shown = if cells.is_empty() { 1 } else { n.min(MAX_COPIES) };
        if !cells.is_empty() {
            self.n_left_out += n - n_shown;
        }
        for index in 0..n_shown {
            self.rows.push(Row { number: self.n_rows + index + 1, cells: cells.clone(), hidden });
        }
        self.n_rows = self.n_rows.saturating_add(n).min(1 << 24);
    }

    fn hand_over(mut self, rules: &mut Rules, out: &mut Out<'_>) {
        let table = Table {
            sheet: Some(&self.name),
            hidden: self.hidden,
            hidden_columns: &self.hidden_columns,
        };
        table::rows(&table, self.rows.into_iter(), out);
        self.comments.into_iter().for_each(|comment| out.passage(comment));
        self.texts.extend(rules.texts(std::mem::take(&mut self.rules)));
        parts::beside(&self.name, self.hidden, self.texts.into_iter(), out);
        if self.n_left_out > 0 {
            let note = format!("{} more copies of the same row or cell", self.n_left_out);
            out.exception(Exception::part(Reason::OutputLimit, None, note));
        }
    }
}

impl Cell {
    /// What the cell shows: a number as it was typed, unless its digits are in places.
    fn shown(&self) -> String {
        let text = self.text.trim();
        match self.kind.as_str() {
            "float" | "currency" | "percentage" => {
                let is_places = text.starts_with(['0', '+', '('])
                    && text.chars().filter(char::is_ascii_digit).count() >= 2
                    && text.chars().all(|c| c.is_ascii_digit() || " -+()/".contains(c));
                match self.value.parse::<f64>() {
                    Ok(number) if !is_places => cells::shown(&Data::Float(number), None),
                    _ => text.to_owned(),
                }
            }
            "date" => cells::shown(&Data::DateTimeIso(self.value.clone()), None),
            "boolean" => self.value.to_uppercase(),
            _ if text.is_empty() => self.value.clone(),
            _ => text.to_owned(),
        }
    }
}

fn copies(element: &Element<'_>, name: &str) -> usize {
    element.attribute(name).and_then(|n| n.parse::<usize>().ok()).unwrap_or(1).clamp(1, 1 << 24)
}

fn is_unseen(element: &Element<'_>) -> bool {
    let visibility = element.attribute("visibility");
    visibility.is_some_and(|value| matches!(value.as_str(), "collapse" | "filter"))
}

/// The styles of sheets that are not displayed.
fn unseen_styles(xml: &str) -> HashSet<String> {
    let mut unseen = HashSet::new();
    let mut style = String::new();
    for step in Walk::new(xml) {
        let Step::Open(element) = step else { continue };
        match element.name() {
            "style" => style = element.attribute("name").unwrap_or_default(),
            "table-properties"
                if element.attribute("display").is_some_and(|value| value == "false") =>
            {
                unseen.insert(std::mem::take(&mut style));
            }
            "body" => break,
            _ => {}
        }
    }
    unseen
}

/// What cells held before they were changed, and who changed them.
fn changes(walk: &mut Walk<'_>, out: &mut Out<'_>) {
    let mut lines = Captioned::default();
    while let Some(step) = walk.next() {
        match step {
            Step::Open(element) if element.name() == "creator" => {
                let author = walk.inner_text();
                lines.line("Changed by", &author, Meaning::Name, Party::Unknown);
            }
            Step::Open(element) if element.name() == "p" && element.prefix() == "text" => {
                lines.line("Before", &walk.inner_text(), Meaning::Text, Party::Unknown);
            }
            Step::Close(name) if name == "tracked-changes" => break,
            _ => {}
        }
    }
    if !lines.is_empty() {
        let passage = lines.into_record(Place::new(PlaceKind::Body, 1), Part::Comment);
        out.passage(Passage { hidden: Some(Hidden::Deleted), ..passage });
    }
}

/// Who wrote a comment, and what it says.
pub(crate) fn annotation(walk: &mut Walk<'_>) -> (String, String) {
    let (mut author, mut text) = (String::new(), String::new());
    while let Some(step) = walk.next() {
        match step {
            Step::Open(element) => match element.name() {
                "creator" => author = walk.inner_text(),
                "date" | "date-string" | "creator-initials" => walk.skip_inside(),
                "tab" | "line-break" | "s" => text.push(' '),
                _ => {}
            },
            Step::Text(piece) => text.push_str(&piece),
            Step::Close(name) if name == "p" => text.push('\n'),
            Step::Close(name) if name == "annotation" => break,
            Step::Close(_) => {}
        }
    }
    (author, text.trim().to_owned())
}
