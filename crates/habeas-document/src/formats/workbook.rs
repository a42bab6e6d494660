//! What do the sheets of a workbook say, and what do they hide?

use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, Ods, OdsError, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb, Xlsx,
    XlsxError,
};
use habeas_model::{Card, Exception, Hidden, Meaning, Party, Personal, Reason};

use super::Format;
use crate::formats::captioned::Captioned;
use crate::formats::package::{Package, hand_over_properties};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};
use crate::table::{self, Row, Table};

mod cells;
mod notes;
mod opendocument;
mod parts;

use cells::{Cells, Place, shown};
pub(crate) use opendocument::annotation;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "workbook",
        version: 1,
        summary: "Sheets row by row, also hidden ones; comments, pivot caches, text boxes, properties",
        handles: &[XLSX, XLSB, XLS, ODS, ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"],
        authority: "ECMA-376, 5th edition, Part 1; [MS-XLS]; [MS-XLSB]; OpenDocument 1.3, Part 3",
    },
    sniff,
    read,
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const XLSB: &str = "application/vnd.ms-excel.sheet.binary.macroenabled.12";
const XLS: &str = "application/vnd.ms-excel";
const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let media_type = if sample.zip_mimetype().starts_with(ODS) {
        ODS
    } else if sample.has_zip_folder("xl/workbook.bin") {
        XLSB
    } else if sample.has_zip_folder("xl/") && sample.has_zip_folder("[content_types].xml") {
        XLSX
    } else if sample.has_cfb_stream("Workbook") || sample.has_cfb_stream("Book") {
        XLS
    } else {
        return None;
    };
    Some((Sure::Structure, media_type))
}

/// Why a workbook, or a sheet of one, could not be read.
type Trouble = (Reason, &'static str);

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let bytes = || Cursor::new(input.bytes);
    // The library panics on some damaged files; that costs one workbook, or one sheet of it.
    let result = match input.media_type {
        XLSB => caught(|| xlsb(bytes(), out)),
        XLS => {
            caught(|| whole::<Xls<_>>(bytes(), |error| matches!(error, XlsError::Password), out))
        }
        ODS => {
            caught(|| whole::<Ods<_>>(bytes(), |error| matches!(error, OdsError::Password), out))
        }
        _ => caught(|| xlsx(input, out)),
    };
    if let Err((reason, note)) = result.unwrap_or(Err((Reason::Corrupt, "a damaged workbook"))) {
        out.exception(Exception::whole(reason, note));
    }
    match input.media_type {
        XLS => {}
        ODS => opendocument::read(input, out),
        _ => parts::read(input, out),
    }
}

fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn hidden(sheet: &Sheet) -> Option<Hidden> {
    (sheet.visible != SheetVisible::Visible).then_some(Hidden::Sheet)
}

/// Charts and programs have a place among the sheets, and no cells.
fn has_cells(sheet: &Sheet) -> bool {
    !matches!(sheet.typ, SheetType::ChartSheet | SheetType::Vba)
}

fn report(ended: Option<Result<(), ()>>, sheet_number: usize, out: &mut Out<'_>) {
    if ended != Some(Ok(())) {
        let note = format!("sheet {sheet_number} ends before it should");
        out.exception(Exception::part(Reason::Corrupt, None, note));
    }
}

/// A workbook whose sheets are read cell by cell.
fn xlsx<'a>(input: &Input<'a>, out: &mut Out<'a>) -> Result<(), Trouble> {
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(input.bytes)).map_err(|error| match error {
            XlsxError::Password => (Reason::Encrypted, "needs a password"),
            _ => (Reason::Corrupt, "a damaged workbook"),
        })?;
    let mut package = Package::open(input).map_err(|_| (Reason::Corrupt, "no list of parts"))?;
    let sheet_parts = parts::sheets(&mut package, out);
    let sheets = workbook.sheets_metadata().to_vec();
    // The library may find fewer sheets than there are, and say nothing.
    for (index, (name, _)) in sheet_parts.iter().enumerate() {
        if !sheets.iter().any(|sheet| sheet.name == *name) {
            let note = format!("sheet {} could not be read", index + 1);
            out.exception(Exception::part(Reason::Corrupt, None, note));
        }
    }
    for (index, sheet) in sheets.iter().enumerate() {
        if !has_cells(sheet) || out.is_full() {
            continue;
        }
        let part = sheet_parts.iter().find(|(name, _)| *name == sheet.name);
        let unseen =
            part.map(|(_, part)| parts::unseen(&mut package, part, out)).unwrap_or_default();
        let ended = caught(|| {
            let mut reader = workbook.worksheet_cells_reader(&sheet.name).map_err(|_| ())?;
            let formats: Vec<Option<String>> = reader.styles().iter().map(cells::padding).collect();
            let next = || match reader.next_cell_with_style_id() {
                Ok(Some((cell, style))) => {
                    let padding = formats.get(style).and_then(Option::as_deref);
                    let (row, column) = cell.get_position();
                    Ok(Some((
                        Place { row, column },
                        shown(&Data::from(cell.get_value().clone()), padding),
                    )))
                }
                Ok(None) => Ok(None),
                Err(_) => Err(()),
            };
            let mut cells = Cells::new(next, &unseen.rows);
            let table = Table {
                sheet: Some(&sheet.name),
                hidden: hidden(sheet),
                hidden_columns: &unseen.columns,
            };
            table::rows(&table, &mut cells, out);
            cells.ended()
        });
        report(ended, index + 1, out);
        if let Some((_, part)) = part {
            notes::read(&mut package, part, sheet, out);
        }
    }
    package.properties(out);
    Ok(())
}

fn xlsb<'a>(bytes: Cursor<&'a [u8]>, out: &mut Out<'a>) -> Result<(), Trouble> {
    let mut workbook: Xlsb<_> =
        Xlsb::new(bytes).map_err(|_| (Reason::Corrupt, "a damaged workbook"))?;
    for (index, sheet) in workbook.sheets_metadata().to_vec().iter().enumerate() {
        if !has_cells(sheet) || out.is_full() {
            continue;
        }
        let ended = caught(|| {
            let mut reader = workbook.worksheet_cells_reader(&sheet.name).map_err(|_| ())?;
            let next = || match reader.next_cell() {
                Ok(Some(cell)) => {
                    let (row, column) = cell.get_position();
                    Ok(Some((
                        Place { row, column },
                        shown(&Data::from(cell.get_value().clone()), None),
                    )))
                }
                Ok(None) => Ok(None),
                Err(_) => Err(()),
            };
            let no_rows = Default::default();
            let mut cells = Cells::new(next, &no_rows);
            let table =
                Table { sheet: Some(&sheet.name), hidden: hidden(sheet), ..Table::default() };
            table::rows(&table, &mut cells, out);
            cells.ended()
        });
        report(ended, index + 1, out);
    }
    if let Ok(properties) = workbook.workbook_properties() {
        hand_over(&properties, out);
    }
    Ok(())
}

/// A workbook that the library reads as a whole.
fn whole<'a, R>(
    bytes: Cursor<&'a [u8]>,
    is_password: impl Fn(&R::Error) -> bool,
    out: &mut Out<'a>,
) -> Result<(), Trouble>
where
    R: Reader<Cursor<&'a [u8]>> + Properties,
{
    let mut workbook = R::new(bytes).map_err(|error| {
        if is_password(&error) {
            (Reason::Encrypted, "needs a password")
        } else {
            (Reason::Corrupt, "a damaged workbook")
        }
    })?;
    for (index, sheet) in workbook.sheets_metadata().to_vec().iter().enumerate() {
        if !has_cells(sheet) || out.is_full() {
            continue;
        }
        let ended = caught(|| {
            let range = workbook.worksheet_range(&sheet.name).map_err(|_| ())?;
            let (first_row, first_column) = range.start().unwrap_or((0, 0));
            let rows = range.rows().enumerate().map(|(index, cells)| {
                let before = std::iter::repeat_n(String::new(), first_column as usize);
                let is_blank = cells.iter().all(|cell| matches!(cell, Data::Empty));
                let cells = if is_blank {
                    Vec::new()
                } else {
                    before.chain(cells.iter().map(|cell| shown(cell, None))).collect()
                };
                Row { number: first_row as usize + index + 1, cells, hidden: None }
            });
            let table =
                Table { sheet: Some(&sheet.name), hidden: hidden(sheet), ..Table::default() };
            table::rows(&table, rows, out);
            Ok(())
        });
        report(ended, index + 1, out);
    }
    if let Some(properties) = workbook.properties() {
        hand_over(&properties, out);
    }
    Ok(())
}

/// Workbooks that know their properties.
trait Properties {
    fn properties(&mut self) -> Option<calamine::WorkbookProperties>;
}

impl<R: Read + Seek + Clone> Properties for Xls<R> {
    fn properties(&mut self) -> Option<calamine::WorkbookProperties> {
        self.workbook_properties().ok()
    }
}

impl<R: Read + Seek + Clone> Properties for Ods<R> {
    fn properties(&mut self) -> Option<calamine::WorkbookProperties> {
        self.workbook_properties().ok()
    }
}

fn hand_over(properties: &calamine::WorkbookProperties, out: &mut Out<'_>) {
    let mut lines = Captioned::default();
    for (caption, value, meaning) in [
        ("Title", &properties.title, Meaning::Text),
        ("Author", &properties.creator, Meaning::Name),
        ("Last modified by", &properties.last_modified_by, Meaning::Name),
        ("Subject", &properties.subject, Meaning::Text),
        ("Keywords", &properties.keywords, Meaning::Text),
        ("Description", &properties.description, Meaning::Text),
        ("Category", &properties.category, Meaning::Text),
        ("Manager", &properties.manager, Meaning::Name),
        ("Company", &properties.company, Meaning::Organisation),
    ] {
        lines.line(caption, value.as_deref().unwrap_or_default(), meaning, Party::Unknown);
    }
    let custom: std::collections::BTreeMap<_, _> = properties.custom_properties.iter().collect();
    for (caption, value) in custom {
        lines.line(caption, value, Meaning::Text, Party::Unknown);
    }
    let facts = out.facts();
    facts.title =
        properties.title.clone().filter(|title| !title.trim().is_empty()).map(Personal::new);
    facts.dated = properties.modified.clone().or_else(|| properties.created.clone());
    hand_over_properties(lines, out);
}
