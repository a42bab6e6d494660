//! What do the cells of a binary workbook hold?

use super::records::{Records, text};
use crate::formats::compound::u32_at;
use crate::formats::workbook::biff::{float, packed, truth_or_error};
use crate::formats::workbook::cells::{self, Place, Shape, shown};

// [MS-XLSB] 2.3.2.
const ROW: u32 = 0;
/// Cells with their columns: blank, number, error, truth, float, text, shared text; the same as
/// results of formulas from 8 on.
const CELLS: std::ops::RangeInclusive<u32> = 1..=11;
/// Cells that stand right of the one before them, without their columns.
const NEXT_CELLS: std::ops::RangeInclusive<u32> = 12..=18;
const NEXT_RICH: u32 = 61;
const RICH: u32 = 62;
const END: u32 = 146;

/// What all sheets of a workbook share.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) texts: Vec<String>,
    pub(super) shapes: Vec<Shape>,
    pub(super) is_1904: bool,
}

/// The cells of a sheet, one after the other.
pub(super) struct CellsOf<'b> {
    records: Records<'b>,
    shared: &'b Shared,
    place: Place,
}

/// A workbook has at most so many rows and columns.
const MAX_ROWS: u32 = 1 << 20;
const MAX_COLUMNS: u32 = 1 << 14;

impl<'b> CellsOf<'b> {
    pub(super) fn new(bytes: &'b [u8], shared: &'b Shared) -> Self {
        Self { records: Records(bytes), shared, place: Place { row: 0, column: 0 } }
    }

    /// The next cell and what it shows; an error if the cells end before their list does.
    pub(super) fn next_cell(&mut self) -> Result<Option<(Place, String)>, ()> {
        for (kind, body) in self.records.by_ref() {
            let (kind, head) = match kind {
                END => return Ok(None),
                ROW => {
                    self.place.row = u32_at(body, 0).ok_or(())?.min(MAX_ROWS);
                    // The first cell without a column stands in the first one.
                    self.place.column = u32::MAX;
                    continue;
                }
                kind if CELLS.contains(&kind) || kind == RICH => {
                    self.place.column = u32_at(body, 0).ok_or(())?.min(MAX_COLUMNS);
                    (kind, 4)
                }
                kind if NEXT_CELLS.contains(&kind) || kind == NEXT_RICH => {
                    self.place.column = self.place.column.wrapping_add(1).min(MAX_COLUMNS);
                    let kind = if kind == NEXT_RICH { RICH } else { kind - 11 };
                    (kind, 0)
                }
                _ => continue,
            };
            // Three bytes of style, one of flags.
            let style = u32_at(body, head).ok_or(())? & 0xff_ffff;
            let value = body.get(head + 4..).unwrap_or_default();
            return self.shown(kind, style as usize, value).map(|text| Some((self.place, text)));
        }
        Err(())
    }

    fn shown(&self, kind: u32, style: usize, value: &[u8]) -> Result<String, ()> {
        let number = |value| {
            let shape = self.shared.shapes.get(style).unwrap_or(&Shape::Plain);
            cells::number(value, shape, self.shared.is_1904)
        };
        let said = |bytes: &[u8]| Ok(text(bytes).ok_or(())?.0.trim().to_owned());
        let first = || value.first().copied().ok_or(());
        match kind {
            2 => Ok(number(packed(u32_at(value, 0).ok_or(())?))),
            3 | 11 => Ok(shown(&truth_or_error(first()?, true), None)),
            4 | 10 => Ok(shown(&truth_or_error(first()?, false), None)),
            5 | 9 => Ok(number(float(value).ok_or(())?)),
            6 | 8 => said(value),
            7 => {
                let index = u32_at(value, 0).ok_or(())? as usize;
                let text = self.shared.texts.get(index).ok_or(())?;
                Ok(text.trim().to_owned())
            }
            RICH => said(value.get(1..).unwrap_or_default()),
            _ => Ok(String::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, body: &[u8]) -> Vec<u8> {
        [&[kind, body.len() as u8], body].concat()
    }

    fn told(cells: &[Vec<u8>]) -> (Vec<String>, bool) {
        let shared = Shared {
            texts: vec!["Amara Lind".to_owned()],
            shapes: vec![Shape::Plain, Shape::Moment],
            is_1904: false,
        };
        let bytes = cells.concat();
        let mut cells = CellsOf::new(&bytes, &shared);
        let mut told = Vec::new();
        loop {
            match cells.next_cell() {
                Ok(Some((place, text))) => {
                    told.push(format!("{} {} {text}", place.row, place.column));
                }
                Ok(None) => return (told, true),
                Err(()) => return (told, false),
            }
        }
    }

    #[test]
    fn every_kind_of_cell_is_shown() {
        let wide = |text: &str| {
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [&(text.len() as u32).to_le_bytes()[..], &units].concat()
        };
        let cell = |kind: u8, column: u8, style: u8, value: &[u8]| {
            record(kind, &[&[column, 0, 0, 0, style, 0, 0, 0], value].concat())
        };
        let end = vec![0x92, 0x01, 0];
        let cells = [
            record(0, &[4, 0, 0, 0]),
            cell(7, 0, 0, &[0, 0, 0, 0]),
            cell(2, 1, 0, &[2 | 7 << 2, 0, 0, 0]),
            cell(5, 2, 1, &31_140_f64.to_le_bytes()),
            cell(4, 3, 0, &[1]),
            cell(3, 4, 0, &[0x07]),
            cell(6, 5, 0, &wide("Bo")),
            cell(62, 6, 0, &[&[0][..], &wide("Ek")].concat()),
            cell(1, 7, 0, &[]),
            // A result of a formula, and then a cell right of it.
            cell(8, 8, 0, &[&wide("Zed")[..], &[9, 9, 9]].concat()),
            record(17, &[&[0, 0, 0, 0][..], &wide("next")].concat()),
            end.clone(),
        ];
        let expected = [
            "4 0 Amara Lind",
            "4 1 7",
            "4 2 1985-04-03",
            "4 3 TRUE",
            "4 4 #DIV/0!",
            "4 5 Bo",
            "4 6 Ek",
            "4 7 ",
            "4 8 Zed",
            "4 9 next",
        ];
        assert_eq!(told(&cells), (expected.map(str::to_owned).to_vec(), true));
        // Without its end, with a text that is none, with a cell that is cut.
        assert_eq!(told(&cells[..2]), (vec!["4 0 Amara Lind".to_owned()], false));
        assert_eq!(told(&[cell(7, 0, 0, &[9, 0, 0, 0]), end.clone()]), (vec![], false));
        assert_eq!(told(&[cell(6, 0, 0, &[9, 0, 0, 0]), end.clone()]), (vec![], false));
        assert_eq!(told(&[record(5, &[0, 0]), end]), (vec![], false));
    }
}
