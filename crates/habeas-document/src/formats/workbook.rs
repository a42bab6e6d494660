//! What do the sheets of a workbook say, and what do they hide?

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Reader, Sheet, SheetType, SheetVisible, Xlsx, XlsxError};
use habeas_model::{Card, Exception, Hidden, Reason};

use super::Format;
use crate::formats::package::Package;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};
use crate::table::{self, Table};

mod biff;
mod binary;
mod cells;
mod notes;
mod opendocument;
mod parts;
mod pivot;
mod rescue;

use cells::{Cells, Place, shown};
pub(crate) use opendocument::annotation;
pub(crate) use parts::plain_header;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "workbook",
        version: 4,
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
    let is_flat = || super::odf::flat_mimetype(sample).is_some_and(|kind| kind.starts_with(ODS));
    let media_type = if sample.zip_mimetype().starts_with(ODS)
        || sample.zip_mimetype().starts_with("application/vnd.sun.xml.calc")
        || is_flat()
    {
        ODS
    } else if sample.has_zip_folder("xl/workbook.bin") {
        XLSB
    } else if sample.has_zip_folder("xl/") && sample.has_zip_folder("[content_types].xml") {
        XLSX
    } else if biff::is_bare(sample.bytes)
        || ["Workbook", "Book"].iter().any(|name| sample.has_cfb_stream(name))
            && !sample.has_cfb_stream("EncryptedPackage")
    {
        XLS
    } else {
        return None;
    };
    Some((Sure::Structure, media_type))
}

/// Why a workbook, or a sheet of one, could not be read.
type Trouble = (Reason, &'static str);

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    // The library panics on some damaged files; that costs one workbook, or one sheet of it.
    let result = match input.media_type {
        XLSB => caught(|| binary::read(input, out)),
        XLS => caught(|| biff::read(input, out)),
        ODS => caught(|| opendocument::read(input, out)),
        _ => caught(|| xlsx(input, out)),
    };
    if let Err((reason, note)) = result.unwrap_or(Err((Reason::Corrupt, "a damaged workbook"))) {
        out.exception(Exception::whole(reason, note));
    }
    if matches!(input.media_type, XLSX | XLSB) {
        parts::read(input, out);
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
    let mut package = Package::open(input).map_err(|why| (why.reason, "its parts are not read"))?;
    let mut workbook: Xlsx<_> = match caught(|| Xlsx::new(Cursor::new(input.bytes))) {
        Some(Ok(workbook)) => workbook,
        Some(Err(XlsxError::Password)) => return Err((Reason::Encrypted, "needs a password")),
        _ => {
            rescue::read(&mut package, out);
            package.properties(out);
            return Err((Reason::Corrupt, "a damaged workbook"));
        }
    };
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
            notes::read(&mut package, part, &sheet.name, hidden(sheet), out);
            let texts = parts::around(&mut package, part, out);
            parts::beside(&sheet.name, hidden(sheet), texts.into_iter(), out);
        }
    }
    package.properties(out);
    Ok(())
}
