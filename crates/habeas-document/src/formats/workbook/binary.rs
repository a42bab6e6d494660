//! What do the sheets of a binary workbook of 2007 say, and what do they hide?
//!
//! It is a package like any other, but its parts are records ([MS-XLSB] 2.1.7).

use std::collections::HashMap;

use habeas_model::{Exception, Hidden, Reason};

use super::biff::{cell_name, float};
use super::cells::{Cells, Shape};
use super::notes::Note;
use super::parts::{self, Unseen, plain_header};
use super::{Trouble, notes, report};
use crate::formats::compound::{u16_at, u32_at, utf16};
use crate::formats::docx::person_in;
use crate::formats::package::{Package, Relation};
use crate::out::{Input, Out};
use crate::table::{self, Table};

mod cells;
mod names;
mod pivot;
mod records;

use cells::{CellsOf, Shared};
use names::Name;
pub(super) use pivot::pivot_cache;
use records::{Records, text, texts};

/// A sheet as the workbook lists it.
#[derive(Default)]
struct Listed {
    name: String,
    hidden: Option<Hidden>,
    part: Option<String>,
    is_worksheet: bool,
}

const BEGIN_CELLS: u32 = 145;

/// Reads a workbook.
pub(super) fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) -> Result<(), Trouble> {
    let mut package = Package::open(input).map_err(|why| (why.reason, "its parts are not read"))?;
    let main = package.relations("", out).into_iter().find(|r| r.kind == "officeDocument");
    let main = main.map_or_else(|| "xl/workbook.bin".to_owned(), |relation| relation.target);
    let relations = package.relations(&main, out);
    let bytes = package.bytes(&main, out).ok_or((Reason::Corrupt, "a damaged workbook"))?;
    let (sheets, is_1904) = workbook(&bytes, &relations);
    let mut part = |kind: &str, name: &str, out: &mut Out<'_>| {
        let related = relations.iter().find(|relation| relation.kind == kind);
        package.bytes(related.map_or(name, |relation| &relation.target), out).unwrap_or_default()
    };
    let strings = part("sharedStrings", "xl/sharedStrings.bin", out);
    let styles = part("styles", "xl/styles.bin", out);
    let shared = Shared { texts: shared_texts(&strings, out), shapes: shapes(&styles), is_1904 };
    for (index, sheet) in sheets.iter().enumerate() {
        if out.is_full() {
            break;
        }
        let bytes = sheet.part.as_ref().and_then(|part| package.bytes(part, out));
        let (Some(part), Some(bytes)) = (&sheet.part, bytes) else {
            let note = format!("sheet {} could not be read", index + 1);
            out.exception(Exception::part(Reason::Corrupt, None, note));
            continue;
        };
        // Charts and dialogues have a place among the sheets, and no cells.
        if sheet.is_worksheet || Records(&bytes).any(|(kind, _)| kind == BEGIN_CELLS) {
            let unseen = unseen(&bytes);
            let mut reader = CellsOf::new(&bytes, &shared);
            let mut cells = Cells::new(|| reader.next_cell(), &unseen.rows);
            let hidden_columns = unseen.columns.as_slice();
            let table = Table { sheet: Some(&sheet.name), hidden: sheet.hidden, hidden_columns };
            table::rows(&table, &mut cells, out);
            report(Some(cells.ended()), index + 1, out);
        }
        notes::read(&mut package, part, &sheet.name, sheet.hidden, out);
        let mut texts = around(&bytes);
        let links = package.relations(part, out).into_iter().filter(|link| link.is_outside);
        texts.extend(links.filter_map(|link| Some(format!("<{}>", person_in(&link.target)?))));
        parts::beside(&sheet.name, sheet.hidden, texts.into_iter(), out);
    }
    package.properties(out);
    if sheets.is_empty() { Err((Reason::Corrupt, "has no sheets")) } else { Ok(()) }
}

/// The names that formulas use; none in a workbook of another kind.
pub(super) fn names_of(package: &mut Package<'_>, out: &mut Out<'_>) -> Vec<Name> {
    let main = package.relations("", out).into_iter().find(|r| r.kind == "officeDocument");
    let main = main.map_or_else(|| "xl/workbook.bin".to_owned(), |relation| relation.target);
    let bytes = if main.ends_with(".bin") { package.bytes(&main, out) } else { None };
    bytes.map_or_else(Vec::new, |bytes| names::names(&bytes, &workbook(&bytes, &[]).0))
}

/// The rows of other workbooks that a workbook keeps a copy of: the texts and numbers of each.
pub(super) fn linked(bytes: &[u8]) -> Vec<String> {
    const ROW: u32 = 366;
    const NUMBER: u32 = 368;
    const TEXT: u32 = 371;
    const SERVER_NUMBER: u32 = 580;
    const SERVER_TEXT: u32 = 582;
    let mut rows: Vec<String> = Vec::new();
    for (kind, body) in Records(bytes) {
        let value = match kind {
            ROW => {
                rows.push(String::new());
                continue;
            }
            // Behind the number of its column.
            NUMBER => body.get(4..).and_then(float).map(plain),
            TEXT => body.get(4..).and_then(text).map(|(said, _)| said),
            SERVER_NUMBER => float(body).map(plain),
            SERVER_TEXT => text(body).map(|(said, _)| said),
            _ => None,
        };
        let Some(value) = value else { continue };
        match rows.last_mut() {
            Some(row) if !row.is_empty() => {
                row.push(' ');
                row.push_str(&value);
            }
            Some(row) => *row = value,
            None => rows.push(value),
        }
    }
    rows
}

fn plain(number: f64) -> String {
    super::cells::number(number, &Shape::Plain, false)
}

/// The sheets in their order, and whether days are counted from 1904.
fn workbook(bytes: &[u8], relations: &[Relation]) -> (Vec<Listed>, bool) {
    const PROPERTIES: u32 = 153;
    const SHEET: u32 = 156;
    let (mut sheets, mut is_1904) = (Vec::new(), false);
    for (kind, body) in Records(bytes) {
        match kind {
            PROPERTIES => is_1904 = u32_at(body, 0).is_some_and(|flags| flags & 1 != 0),
            SHEET => {
                // Versions before the first that was sold have four bytes more before the texts.
                let names = |at: usize| texts(body.get(at..).unwrap_or_default(), 2).0;
                let listed = [8, 12].into_iter().map(names).find(|names| names.len() == 2);
                let [id, name] = listed.as_deref().unwrap_or_default() else {
                    sheets.push(Listed::default());
                    continue;
                };
                let part = relations.iter().find(|relation| relation.id == *id);
                let is_hidden = u32_at(body, 0).is_some_and(|state| state != 0);
                sheets.push(Listed {
                    name: name.clone(),
                    hidden: is_hidden.then_some(Hidden::Sheet),
                    part: part.map(|relation| relation.target.clone()),
                    is_worksheet: part.is_none_or(|relation| relation.kind == "worksheet"),
                });
            }
            _ => {}
        }
    }
    (sheets, is_1904)
}

/// The texts that cells share (2.4.724).
fn shared_texts(bytes: &[u8], out: &mut Out<'_>) -> Vec<String> {
    const TEXT: u32 = 19;
    const END: u32 = 160;
    let (mut shared, mut has_ended) = (Vec::new(), bytes.is_empty());
    for (kind, body) in Records(bytes) {
        match kind {
            // Behind flags that say whether fonts and how it is spoken follow.
            TEXT => {
                shared.push(body.get(1..).and_then(text).map(|(text, _)| text).unwrap_or_default());
            }
            END => has_ended = true,
            _ => {}
        }
    }
    if !has_ended {
        let note = "the texts that cells share end before they should";
        out.exception(Exception::part(Reason::Corrupt, None, note));
    }
    shared
}

/// What each style of a cell makes of a number.
fn shapes(bytes: &[u8]) -> Vec<Shape> {
    const FORMAT: u32 = 44;
    const STYLE: u32 = 47;
    const BEGIN: u32 = 617;
    const END: u32 = 618;
    let mut formats: HashMap<u16, Shape> = HashMap::new();
    let (mut shapes, mut is_inside) = (Vec::new(), false);
    for (kind, body) in Records(bytes) {
        match kind {
            FORMAT => {
                if let (Some(number), Some((code, _))) =
                    (u16_at(body, 0), body.get(2..).and_then(text))
                {
                    formats.insert(number, Shape::of_code(&code));
                }
            }
            BEGIN => is_inside = true,
            END => is_inside = false,
            STYLE if is_inside => {
                let number = u16_at(body, 2).unwrap_or(0);
                let shape = formats.get(&number).cloned();
                shapes.push(shape.unwrap_or_else(|| Shape::of_builtin(number)));
            }
            _ => {}
        }
    }
    shapes
}

/// Looks for hidden rows and columns.
fn unseen(bytes: &[u8]) -> Unseen {
    const ROW: u32 = 0;
    const COLUMN: u32 = 60;
    let mut unseen = Unseen::default();
    for (kind, body) in Records(bytes) {
        match kind {
            ROW if body.get(11).is_some_and(|flags| flags & 0x10 != 0) => {
                unseen.rows.extend(u32_at(body, 0));
            }
            COLUMN if u16_at(body, 16).is_some_and(|flags| flags & 1 != 0) => {
                let first = u32_at(body, 0).unwrap_or(0).min(16_383) as usize;
                let last = u32_at(body, 4).unwrap_or(0).min(16_383) as usize;
                if unseen.columns.len() <= last {
                    unseen.columns.resize(last + 1, false);
                }
                unseen.columns.iter_mut().take(last + 1).skip(first).for_each(|c| *c = true);
            }
            _ => {}
        }
    }
    unseen
}

/// What a sheet says beside its cells: choices, hints, headers and footers.
fn around(bytes: &[u8]) -> Vec<String> {
    const CHOICE: u32 = 64;
    const HEADERS: u32 = 479;
    const LINK: u32 = 494;
    let mut around = Vec::new();
    for (kind, body) in Records(bytes) {
        match kind {
            HEADERS => {
                let (found, _) = texts(body.get(2..).unwrap_or_default(), 6);
                around.extend(found.iter().map(|code| plain_header(code)));
            }
            CHOICE => around.extend(choices(body).unwrap_or_default()),
            // Behind the cells it stands in and its target: where in there, hint, what it shows.
            LINK => {
                let (found, _) = texts(body.get(16..).unwrap_or_default(), 3);
                around.extend(found.into_iter().nth(2));
            }
            _ => {}
        }
    }
    around
}

/// What a cell lets its writer choose, and what it tells him (2.4.354).
fn choices(body: &[u8]) -> Option<Vec<String>> {
    const TEXT: u8 = 0x17;
    // The cells it is for, each a rectangle of four numbers.
    let n_cells = u32_at(body, 4)? as usize;
    let rest = body.get(8_usize.checked_add(n_cells.checked_mul(16)?)?..)?;
    let (mut found, rest) = texts(rest, 4);
    // A list that is written out is a formula of one text.
    if let Some([TEXT, formula @ ..]) = rest.get(4..) {
        let n = usize::from(u16_at(formula, 0)?);
        found.push(utf16(formula.get(2..2 + 2 * n)?).replace('\0', ", "));
    }
    Some(found)
}

/// The comments of a part (2.1.7.9).
pub(super) fn notes(bytes: &[u8]) -> Vec<Note> {
    const AUTHOR: u32 = 632;
    const COMMENT: u32 = 635;
    const TEXT: u32 = 637;
    let (mut authors, mut notes) = (Vec::new(), Vec::<Note>::new());
    for (kind, body) in Records(bytes) {
        match kind {
            AUTHOR => authors.push(text(body).map(|(name, _)| name).unwrap_or_default()),
            COMMENT => {
                let author = u32_at(body, 0).and_then(|index| authors.get(index as usize));
                let row = u32_at(body, 4).unwrap_or(0).min(1 << 20);
                let column = u32_at(body, 12).unwrap_or(0).min(16_383);
                notes.push(Note {
                    cell: cell_name(row, column),
                    author: author.cloned().unwrap_or_default(),
                    text: String::new(),
                });
            }
            TEXT => {
                if let (Some((said, _)), Some(note)) =
                    (body.get(1..).and_then(text), notes.last_mut())
                {
                    note.text.push_str(&said);
                }
            }
            _ => {}
        }
    }
    notes
}
