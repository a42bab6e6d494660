//! Which values does a workbook from before 2007 keep a copy of that belong elsewhere?
//!
//! Those of other workbooks that its formulas look at, and those that its pivot tables were made
//! of.

use calamine::Data;
use habeas_model::{Hidden, PlaceKind};

use super::strings::Pieces;
use super::{Records, float, shown};
use crate::formats::compound::u16_at;
use crate::formats::flow::Flow;
use crate::out::Out;
use crate::table::{self, Row, Table};

/// The values of another workbook that a record keeps ([MS-XLS] 2.4.75).
pub(super) fn of_workbook(body: &[u8]) -> Vec<String> {
    let (mut values, mut rest) = (Vec::new(), body.get(4..).unwrap_or_default());
    while let Some(kind) = rest.first() {
        let (value, n) = match kind {
            2 => {
                let n = usize::from(u16_at(rest, 1).unwrap_or(0));
                let text = rest.get(3..).unwrap_or_default();
                let n_char = if text.first().is_some_and(|flags| flags & 1 != 0) { 2 } else { 1 };
                (Pieces::new(vec![text]).flagged(n), 4 + n * n_char)
            }
            1 => (shown(&Data::Float(float(&rest[1..]).unwrap_or(0.0)), None), 9),
            _ => (String::new(), 9),
        };
        values.extend(Some(value).filter(|value| !value.is_empty()));
        rest = rest.get(n..).unwrap_or_default();
    }
    values
}

/// The values that a pivot table keeps a copy of: for each field its name and its values, and for
/// each row which of them it has ([MS-XLS] 2.1.7.20.3).
pub(super) fn of_pivot(stream: &[u8], name: &str, out: &mut Out<'_>) {
    let mut fields: Vec<(String, Vec<String>)> = Vec::new();
    let (mut rows, mut loose): (Vec<Vec<String>>, Vec<String>) = (Vec::new(), Vec::new());
    let mut has_rows = false;
    for record in (Records { bytes: stream, place: 0 }) {
        let body = record.body;
        let string = |bytes: &[u8]| {
            let n = usize::from(u16_at(bytes, 0).unwrap_or(0));
            Pieces::new(vec![bytes.get(2..).unwrap_or_default()]).flagged(n)
        };
        let value = match record.kind {
            0xc7 => {
                fields.push((string(body.get(14..).unwrap_or_default()), Vec::new()));
                continue;
            }
            0xc8 => {
                // A byte for each field, or two where it has many values.
                has_rows = true;
                let (mut at, mut cells) = (0, Vec::new());
                for (_, values) in &fields {
                    if values.is_empty() {
                        cells.push(String::new());
                        continue;
                    }
                    let n = if values.len() > 255 { 2 } else { 1 };
                    let index = match n {
                        1 => body.get(at).copied().map(usize::from),
                        _ => u16_at(body, at).map(usize::from),
                    };
                    at += n;
                    cells.push(index.and_then(|i| values.get(i)).cloned().unwrap_or_default());
                }
                rows.push(cells);
                continue;
            }
            0xcd => string(body),
            0xc9 => shown(&Data::Float(float(body).unwrap_or(0.0)), None),
            0xcc => u16_at(body, 0).unwrap_or(0).to_string(),
            0xca => shown(&Data::Bool(u16_at(body, 0) == Some(1)), None),
            0xce => match (u16_at(body, 0), u16_at(body, 2), body.get(4)) {
                (Some(year), Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
                _ => String::new(),
            },
            0xcf => String::new(),
            _ => continue,
        };
        match fields.last_mut() {
            Some((_, values)) if !has_rows => values.push(value),
            // A value that is not shared stands behind its row: it belongs to a field without any.
            _ => match (rows.last_mut(), fields.iter().position(|(_, values)| values.is_empty())) {
                (Some(row), Some(first)) => {
                    let free = (first..row.len())
                        .find(|index| row[*index].is_empty() && fields[*index].1.is_empty());
                    match free {
                        Some(index) => row[index] = value,
                        None => loose.push(value),
                    }
                }
                _ => loose.push(value),
            },
        }
    }
    let mut all = vec![fields.iter().map(|(name, _)| name.clone()).collect::<Vec<String>>()];
    if rows.is_empty() {
        let n_rows = fields.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
        for index in 0..n_rows {
            let cell = |(_, values): &(String, Vec<String>)| {
                values.get(index).cloned().unwrap_or_default()
            };
            rows.push(fields.iter().map(cell).collect());
        }
    }
    all.append(&mut rows);
    if all.len() > 1 {
        let sheet = format!("pivot cache {}", name.trim_start_matches('0'));
        let table = Table { sheet: Some(&sheet), hidden: Some(Hidden::Cache), ..Table::default() };
        let rows = all.into_iter().enumerate();
        let rows = rows.map(|(index, cells)| Row { number: index + 1, cells, hidden: None });
        table::rows(&table, rows, out);
    }
    let mut flow = Flow::hidden(PlaceKind::Body, Hidden::Cache);
    loose.iter().for_each(|value| flow.paragraph(1, value, out));
    flow.flush(out);
}
