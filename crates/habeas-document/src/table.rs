//! A table: which row is its header, and what does each row say?
//!
//! Every table, whatever file it stands in, is read here: text with separators, sheets of
//! workbooks, tables of databases. A row becomes a passage of its own, one `Header: value` a line,
//! and the columns' meanings become fields.

use habeas_model::{Hidden, Passage, Place, PlaceKind};

use crate::out::Out;

/// A row as the file has it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// Its number in the file or sheet, from 1, the header and all rows before it counted.
    pub(crate) number: usize,
    /// What its cells show, in order; an empty cell is empty.
    pub(crate) cells: Vec<String>,
    /// Why a reader would not see it, if so.
    pub(crate) hidden: Option<Hidden>,
}

/// The table that rows stand in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table<'t> {
    /// Its name where a file has several: a sheet's, a database table's.
    pub(crate) sheet: Option<&'t str>,
    /// Why a reader would not see any of it, if so.
    pub(crate) hidden: Option<Hidden>,
    /// Which columns a reader would not see; shorter than a row if all others are visible.
    pub(crate) hidden_columns: &'t [bool],
}

/// Reads a table: finds its header, and hands over a passage for each row.
///
/// The rows may come from an iterator of any length: only the first 200 are held at once.
pub(crate) fn rows(table: &Table<'_>, rows: impl Iterator<Item = Row>, out: &mut Out<'_>) {
    for row in rows {
        let mut place = Place::new(PlaceKind::Row, row.number.max(1));
        if let Some(sheet) = table.sheet {
            place = place.in_sheet(sheet);
        }
        out.passage(Passage {
            hidden: table.hidden.or(row.hidden),
            is_record: true,
            ..Passage::text(place, row.cells.join("\n"))
        });
    }
}
