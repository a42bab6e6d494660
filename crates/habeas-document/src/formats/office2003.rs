//! What do workbooks and documents of Office 2003 say that were saved as one file of XML?

use std::collections::HashSet;

use habeas_model::{
    Card, Exception, Hidden, Meaning, Part, Party, Passage, Place, PlaceKind, Reason,
};

use super::Format;
use crate::encoding;
use crate::formats::captioned::Captioned;
use crate::formats::docx;
use crate::formats::markup::{Step, Walk};
use crate::formats::odf::base64;
use crate::formats::package::hand_over_properties;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};
use crate::table::{self, Row, Table};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "office2003",
        version: 1,
        summary: "Workbooks and documents of Office 2003 in one file of XML",
        handles: &[".xml", "Excel 2003 XML", "Word 2003 XML", "Flat OPC"],
        authority: "Microsoft Office 2003 XML Reference Schemas",
    },
    sniff,
    read,
};

const XLS: &str = "application/vnd.ms-excel";
const DOC: &str = "application/msword";

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let text = sample.text().filter(|text| text.trim_start().starts_with("<?xml"))?;
    let head = text.get(..4_000).unwrap_or(text);
    let has = |words: &str| head.contains(words);
    if has("urn:schemas-microsoft-com:office:spreadsheet") && has("Workbook") {
        Some((Sure::Structure, XLS))
    } else if has(":wordDocument") || (has("pkg:package") && has("Word.Document")) {
        Some((Sure::Structure, DOC))
    } else {
        None
    }
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let xml = encoding::decode(input.bytes, None).text.into_owned();
    let is_whole = if input.media_type == XLS {
        workbook(&xml, out)
    } else {
        let is_whole = docx::whole_story(&xml, out);
        pictures(&xml, out);
        is_whole
    };
    properties(&xml, out);
    if !is_whole {
        out.exception(Exception::whole(Reason::Truncated, "ends before it should"));
    }
}

fn pictures(xml: &str, out: &mut Out<'_>) {
    let mut walk = Walk::new(xml);
    while let Some(step) = walk.next() {
        let Step::Open(element) = step else { continue };
        if matches!(element.name(), "binData" | "binaryData") {
            let name = element.attribute("name").unwrap_or_default();
            let name = name.rsplit('/').next().unwrap_or_default().to_owned();
            match base64(&walk.inner_text()) {
                Some(bytes) => out.child(&name, bytes),
                None => {
                    out.lost(&name, 0, Exception::whole(Reason::Corrupt, "is not in base 64"));
                }
            }
        }
    }
}

/// The properties of the document, which stand in it.
fn properties(xml: &str, out: &mut Out<'_>) {
    const KNOWN: [(&str, &str, Meaning); 8] = [
        ("Title", "Title", Meaning::Text),
        ("Subject", "Subject", Meaning::Text),
        ("Author", "Author", Meaning::Name),
        ("LastAuthor", "Last modified by", Meaning::Name),
        ("Keywords", "Keywords", Meaning::Text),
        ("Description", "Description", Meaning::Text),
        ("Manager", "Manager", Meaning::Name),
        ("Company", "Company", Meaning::Organisation),
    ];
    let mut lines = Captioned::default();
    let mut walk = Walk::new(xml);
    let (mut is_inside, mut is_custom) = (false, false);
    while let Some(step) = walk.next() {
        match step {
            Step::Open(element) => match element.name() {
                "DocumentProperties" => is_inside = true,
                "CustomDocumentProperties" => is_custom = true,
                name if is_custom => {
                    let name = name.replace("_x0020_", " ");
                    lines.line(&name, &walk.inner_text(), Meaning::Text, Party::Unknown);
                }
                name if is_inside => {
                    if let Some((_, caption, meaning)) =
                        KNOWN.iter().find(|(known, _, _)| *known == name)
                    {
                        lines.line(caption, &walk.inner_text(), *meaning, Party::Unknown);
                    }
                }
                _ => {}
            },
            Step::Close(name) if name == "DocumentProperties" => is_inside = false,
            Step::Close(name) if name == "CustomDocumentProperties" => is_custom = false,
            _ => {}
        }
    }
    hand_over_properties(lines, out);
}

/// Workbooks have at most so many columns.
const MAX_COLUMNS: usize = 16_384;

#[derive(Default)]
struct Sheet {
    name: String,
    rows: Vec<Row>,
    hidden_columns: Vec<bool>,
    row: Row,
    /// The column of the next cell, from 0.
    column: usize,
    comments: Vec<Captioned>,
}

fn workbook(xml: &str, out: &mut Out<'_>) -> bool {
    let unseen = unseen_sheets(xml);
    let mut walk = Walk::new(xml);
    let mut sheet = Sheet::default();
    while let Some(step) = walk.next() {
        match step {
            Step::Open(element) => {
                let number = |name: &str| -> Option<usize> {
                    element.attribute(name)?.parse::<usize>().ok().map(|n| n.min(1 << 24))
                };
                let is_hidden = element.attribute("Hidden").is_some_and(|value| value == "1");
                match element.name() {
                    "Worksheet" => {
                        let name = element.attribute("Name").unwrap_or_default();
                        sheet = Sheet { name, ..Sheet::default() };
                    }
                    "Column" => {
                        let first = number("Index").map(|index| index.saturating_sub(1));
                        let first = first.unwrap_or(sheet.hidden_columns.len()).min(MAX_COLUMNS);
                        let n = number("Span").unwrap_or(0).min(MAX_COLUMNS) + 1;
                        sheet.hidden_columns.resize(first, false);
                        sheet.hidden_columns.extend(std::iter::repeat_n(is_hidden, n));
                    }
                    "Row" => {
                        let next = sheet.rows.last().map_or(0, |row| row.number) + 1;
                        let next = number("Index").unwrap_or(next).max(next);
                        if next > sheet.rows.last().map_or(0, |row| row.number) + 1 {
                            // A gap tells one table from the next.
                            sheet.rows.push(Row { number: next - 1, ..Row::default() });
                        }
                        let hidden = is_hidden.then_some(Hidden::Row);
                        sheet.row = Row { number: next, cells: Vec::new(), hidden };
                        sheet.column = 0;
                    }
                    "Cell" => {
                        if let Some(index) = number("Index") {
                            sheet.column = index.saturating_sub(1);
                        }
                        let n_merged = number("MergeAcross").unwrap_or(0);
                        sheet.row.cells.resize(sheet.column.min(MAX_COLUMNS), String::new());
                        sheet.column = sheet.column.saturating_add(1).saturating_add(n_merged);
                    }
                    "Data" => {
                        let kind = element.attribute("Type").unwrap_or_default();
                        let text = walk.inner_text();
                        let text = text.trim();
                        let text = match (kind.as_str(), text) {
                            ("Boolean", "1") => "TRUE".to_owned(),
                            ("Boolean", "0") => "FALSE".to_owned(),
                            ("DateTime", text) => {
                                let text = text.trim_end_matches(".000").replacen('T', " ", 1);
                                text.strip_suffix(" 00:00:00").unwrap_or(&text).to_owned()
                            }
                            // Large numbers are written with an exponent.
                            ("Number", text) if text.contains(['E', 'e']) => {
                                text.parse::<f64>().map_or(text.to_owned(), |n| n.to_string())
                            }
                            (_, text) => text.to_owned(),
                        };
                        sheet.row.cells.push(text);
                    }
                    "Comment" => {
                        let author = element.attribute("Author").unwrap_or_default();
                        let mut lines = Captioned::default();
                        lines.line("Author", &author, Meaning::Name, Party::Unknown);
                        lines.line("Comment", &walk.inner_text(), Meaning::Text, Party::Unknown);
                        sheet.comments.push(lines);
                    }
                    "Header" | "Footer" => {
                        let code = element.attribute("Data").unwrap_or_default();
                        let text = super::workbook::plain_header(&code);
                        if !text.is_empty() {
                            let place = Place::new(PlaceKind::Body, 1).in_sheet(&sheet.name);
                            out.passage(Passage::text(place, text));
                        }
                    }
                    _ => {}
                }
            }
            Step::Close(name) if name == "Row" => {
                let row = std::mem::take(&mut sheet.row);
                sheet.rows.push(row);
            }
            Step::Close(name) if name == "Worksheet" => hand_over(&mut sheet, &unseen, out),
            _ => {}
        }
    }
    hand_over(&mut sheet, &unseen, out);
    !walk.is_damaged()
}

fn hand_over(sheet: &mut Sheet, unseen: &HashSet<String>, out: &mut Out<'_>) {
    let sheet = std::mem::take(sheet);
    let hidden = unseen.contains(&sheet.name).then_some(Hidden::Sheet);
    let hidden_columns = sheet.hidden_columns.as_slice();
    let table = Table { sheet: Some(&sheet.name), hidden, hidden_columns };
    table::rows(&table, sheet.rows.into_iter(), out);
    for lines in sheet.comments {
        let place = Place::new(PlaceKind::Cell, 1).in_sheet(&sheet.name);
        out.passage(Passage { hidden, ..lines.into_record(place, Part::Comment) });
    }
}

/// The sheets that are not shown; each says so behind its cells.
fn unseen_sheets(xml: &str) -> HashSet<String> {
    let (mut unseen, mut name) = (HashSet::new(), String::new());
    let mut walk = Walk::new(xml);
    while let Some(step) = walk.next() {
        let Step::Open(element) = step else { continue };
        match element.name() {
            "Worksheet" => name = element.attribute("Name").unwrap_or_default(),
            "Visible" if walk.inner_text().contains("Hidden") => {
                unseen.insert(name.clone());
            }
            _ => {}
        }
    }
    unseen
}
