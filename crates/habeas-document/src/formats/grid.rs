//! What does a table in the middle of a text say?
//!
//! A table whose first row names columns is read as a table, a form as its labels and values, and
//! any other row by row.

use habeas_model::{Place, PlaceKind};

use crate::columns;
use crate::formats::flow::Flow;
use crate::out::Out;
use crate::record::Record;
use crate::table::{self, Row, Table};

/// Reads a table whose first row is in paragraph `number`; it is the `ordinal`-th of its document.
pub(crate) fn read(
    rows: Vec<Vec<String>>,
    number: usize,
    ordinal: usize,
    flow: &mut Flow,
    out: &mut Out<'_>,
) {
    let filled: Vec<&Vec<String>> =
        rows.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).collect();
    if has_captions(&filled) {
        flow.flush(out);
        let sheet = format!("table {ordinal}");
        let table = Table { sheet: Some(&sheet), ..Table::default() };
        let rows = rows.into_iter().enumerate();
        let rows = rows.map(|(index, cells)| Row { number: index + 1, cells, hidden: None });
        table::rows(&table, rows, out);
    } else if is_form(&filled) {
        flow.flush(out);
        let mut record = Record::default();
        for row in filled {
            for pair in row.chunks(2) {
                match pair {
                    [label, value] if value.trim_end().ends_with(':') => {
                        record.text(label);
                        record.text(value);
                    }
                    [label, value] if !label.trim().is_empty() => {
                        if value.trim().is_empty() {
                            record.caption(label.trim());
                        } else {
                            record.value(&columns::of_label(label), value);
                        }
                    }
                    cells => cells.iter().for_each(|cell| record.text(cell)),
                }
            }
        }
        if !record.is_empty() {
            out.passage(record.passage(Place::new(PlaceKind::Body, number.max(1))));
        }
    } else {
        for row in filled {
            let cells: Vec<String> = row
                .iter()
                .map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "))
                .filter(|cell| !cell.is_empty())
                .collect();
            flow.paragraph(number, &cells.join(" | "), out);
        }
    }
}

/// Does the first row name columns, and are there rows below it?
fn has_captions(rows: &[&Vec<String>]) -> bool {
    let Some((first, below)) = rows.split_first() else { return false };
    let filled: Vec<&String> = first.iter().filter(|cell| !cell.trim().is_empty()).collect();
    if filled.iter().any(|cell| cell.trim_end().ends_with(':')) {
        return false;
    }
    let n_known = filled.iter().filter(|cell| columns::of_caption(cell).is_some()).count();
    let is_wide = below.iter().any(|row| row.len() >= 2);
    // In a form the first row is a label and its value: the rows below begin with labels too.
    let n_labels = below.iter().filter(|row| is_label(row.first())).count();
    !below.is_empty()
        && is_wide
        && filled.len() >= 2
        && n_known >= 2
        && n_known * 2 >= filled.len()
        && n_labels * 2 <= below.len()
}

/// Do most rows consist of labels and their values?
fn is_form(rows: &[&Vec<String>]) -> bool {
    let is_even = rows.iter().all(|row| row.len() <= 4);
    let n_labelled = rows.iter().filter(|row| row.len() >= 2 && is_label(row.first())).count();
    is_even && n_labelled >= 1 && n_labelled * 2 >= rows.len()
}

fn is_label(cell: Option<&String>) -> bool {
    cell.is_some_and(|cell| cell.trim_end().ends_with(':') || columns::of_caption(cell).is_some())
}
