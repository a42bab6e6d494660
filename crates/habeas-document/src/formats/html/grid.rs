//! A table of a page: is it data or layout?

use crate::out::Out;
use crate::table::{self, Row, Table};

/// A table's cells as they come.
#[derive(Debug, Default)]
pub(super) struct Grid {
    rows: Vec<(usize, Vec<String>)>,
    is_in_row: bool,
    is_in_cell: bool,
    /// How many cells of the first row are marked as captions.
    n_captions: usize,
}

/// No cell spans more columns than that.
const MAX_SPAN: usize = 100;
/// Cells that hold more than this on average are columns of a page, not of data.
const MANY_BYTES: usize = 150;

impl Grid {
    pub(super) fn start_row(&mut self, line: usize) {
        self.rows.push((line, Vec::new()));
        (self.is_in_row, self.is_in_cell) = (true, false);
    }

    pub(super) fn end_row(&mut self) {
        (self.is_in_row, self.is_in_cell) = (false, false);
    }

    pub(super) fn start_cell(&mut self, line: usize, n_columns: usize) {
        if !self.is_in_row {
            self.start_row(line);
        }
        if let Some((_, cells)) = self.rows.last_mut() {
            cells.push(String::new());
            // The text goes into the first cell; the others are what it spans.
            if n_columns > 1 && n_columns <= MAX_SPAN {
                cells.extend(std::iter::repeat_n(String::new(), n_columns - 1));
                let at = cells.len() - n_columns;
                cells[at..].rotate_left(1);
            }
        }
        self.is_in_cell = true;
    }

    /// Says that the cell that was started is a caption.
    pub(super) fn caption(&mut self) {
        self.n_captions += usize::from(self.rows.len() == 1);
    }

    /// The cell that is open.
    pub(super) fn cell(&mut self) -> Option<&mut String> {
        self.is_in_cell.then(|| self.rows.last_mut()?.1.last_mut()).flatten()
    }

    /// Three rows or more of two columns or more, without long texts; two if the first one is
    /// marked as captions.
    pub(super) fn is_data(&self) -> bool {
        let rows = || {
            self.rows
                .iter()
                .map(|(_, cells)| cells)
                .filter(|cells| cells.iter().any(|c| !c.trim().is_empty()))
        };
        let n_cells: usize = rows().map(Vec::len).sum();
        let n_bytes: usize = rows().flatten().map(String::len).sum();
        let n_wide = rows().filter(|cells| cells.len() >= 2).count();
        let is_captioned =
            self.n_captions >= 2 && rows().next().is_some_and(|row| row.len() == self.n_captions);
        let n_least = if is_captioned { 2 } else { 3 };
        n_wide >= n_least && n_wide * 10 >= rows().count() * 8 && n_bytes <= n_cells * MANY_BYTES
    }

    /// Hands the rows over as those of the page's `number`-th table.
    pub(super) fn hand_over(self, number: usize, out: &mut Out<'_>) {
        let name = format!("table {number}");
        let table = Table { sheet: Some(&name), ..Table::default() };
        let rows = self.rows.into_iter().enumerate().map(|(index, (_, cells))| Row {
            number: index + 1,
            cells: cells.iter().map(|cell| cell.trim().to_owned()).collect(),
            hidden: None,
        });
        table::rows(&table, rows, out);
    }

    /// The rows as lines of text, each with the line it stands in.
    pub(super) fn into_lines(self) -> impl Iterator<Item = (usize, String)> {
        self.rows.into_iter().filter_map(|(line, cells)| {
            let cells: Vec<&str> =
                cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
            (!cells.is_empty()).then(|| (line, cells.join("\t")))
        })
    }
}
