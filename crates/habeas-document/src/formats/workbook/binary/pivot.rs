//! Which rows does a pivot table of a binary workbook keep a copy of?

use habeas_model::{Exception, Reason};

use super::records::{Records, text};
use crate::formats::compound::{u16_at, u32_at};
use crate::formats::workbook::biff::{float, truth_or_error};
use crate::formats::workbook::cells::{self, Shape, shown};
use crate::formats::workbook::pivot::{Field, hand_over};
use crate::out::Out;

// [MS-XLSB] 2.3.2.
/// Values with records of their own: missing, number, truth, error, text, moment.
const VALUES: std::ops::RangeInclusive<u32> = 20..=25;
const INDEX: u32 = 26;
/// The same as the first, with what OLAP tells of them behind.
const MORE_VALUES: std::ops::RangeInclusive<u32> = 27..=32;
/// A row whose values stand in it, and one whose values follow.
const ROW: u32 = 33;
const ROW_OF_RECORDS: u32 = 34;
const FIELD: u32 = 183;
const BEGIN_SHARED: u32 = 189;
const RUN: u32 = 191;
const BEGIN_GROUP: u32 = 219;
const END_ROWS: u32 = 194;

/// Reads one cache: what it says of its columns, and its rows if it keeps any.
pub(crate) fn pivot_cache(
    definition: &[u8],
    records: Option<&[u8]>,
    number: usize,
    out: &mut Out<'_>,
) {
    let mut fields = fields(definition);
    let mut rows = Rows {
        records: Records(records.unwrap_or_default()),
        begun: None,
        is_done: records.is_none(),
        n_damaged: 0,
    };
    hand_over(&mut fields, number, out, |fields| rows.next_row(fields));
    if rows.n_damaged > 0 || !rows.is_done && !out.is_full() {
        let note = format!("the cache of pivot table {number} is damaged");
        out.exception(Exception::part(Reason::Corrupt, None, note));
    }
}

fn fields(definition: &[u8]) -> Vec<Field> {
    /// Comes from the data, and is not computed (`BrtBeginPCDField`).
    const FROM_DATA: u16 = 4;
    let mut fields: Vec<Field> = Vec::new();
    // Names that somebody gave to groups of values are no values of rows.
    let mut is_group = false;
    let mut groups: Vec<Vec<String>> = Vec::new();
    for (kind, body) in Records(definition) {
        if kind == FIELD {
            let name = body.get(20..).and_then(text).map(|(name, _)| name).unwrap_or_default();
            let has_values = u16_at(body, 0).is_none_or(|flags| flags & FROM_DATA != 0);
            fields.push(Field { name, has_values, ..Field::default() });
            groups.push(Vec::new());
            is_group = false;
            continue;
        }
        let (Some(field), Some(group)) = (fields.last_mut(), groups.last_mut()) else { continue };
        let into = if is_group { group } else { &mut field.shared };
        match kind {
            BEGIN_SHARED => field.flags = u16_at(body, 0).unwrap_or(0),
            BEGIN_GROUP => is_group = true,
            RUN => into.extend(run(body)),
            _ if VALUES.contains(&kind) => {
                into.push(value(kind, body).map_or_else(String::new, |(v, _)| v))
            }
            _ if MORE_VALUES.contains(&kind) => {
                into.push(value(kind - 7, body).map_or_else(String::new, |(v, _)| v));
            }
            _ => {}
        }
    }
    for (field, group) in fields.iter_mut().zip(groups) {
        field.groups = group;
    }
    fields
}

/// A value of a kind, and the bytes behind it.
fn value(kind: u32, body: &[u8]) -> Option<(String, &[u8])> {
    let rest = |n: usize| body.get(n..);
    Some(match kind {
        21 => (cells::number(float(body)?, &Shape::Plain, false), rest(8)?),
        22 => (shown(&truth_or_error(*body.first()?, false), None), rest(1)?),
        23 => (shown(&truth_or_error(*body.first()?, true), None), rest(1)?),
        24 => {
            let (said, rest) = text(body)?;
            (said, rest)
        }
        25 => (moment(body)?, rest(8)?),
        _ => (String::new(), body),
    })
}

/// A date, with the time of the day if it has one.
fn moment(body: &[u8]) -> Option<String> {
    let (year, month) = (u16_at(body, 0)?, u16_at(body, 2)?);
    let [day, hour, minute, second] = *body.get(4..)?.first_chunk::<4>()?;
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    Some(match (year, time.as_str()) {
        // A time without a date is told as one of the day before the first.
        (..=1900, _) if month <= 1 && day == 0 => time,
        (_, "00:00:00") => date,
        _ => format!("{date} {time}"),
    })
}

/// Values of one kind, one after the other (`BrtBeginPCDIRun`).
fn run(body: &[u8]) -> Vec<String> {
    let kind = match u16_at(body, 0) {
        Some(1) => 21,
        Some(2) => 24,
        Some(0x10) => 23,
        Some(0x20) => 25,
        _ => return Vec::new(),
    };
    let n = u32_at(body, 2).unwrap_or(0) as usize;
    let mut rest = body.get(6..).unwrap_or_default();
    let mut values = Vec::new();
    while values.len() < n
        && let Some((said, behind)) = value(kind, rest)
    {
        values.push(said);
        rest = behind;
    }
    values
}

/// The rows of a cache.
struct Rows<'b> {
    records: Records<'b>,
    /// The row whose values follow as records.
    begun: Option<Vec<String>>,
    is_done: bool,
    n_damaged: usize,
}

impl Rows<'_> {
    fn next_row(&mut self, fields: &mut [Field]) -> Option<Vec<String>> {
        if self.is_done {
            return None;
        }
        for (kind, body) in self.records.by_ref() {
            match kind {
                ROW => {
                    let (row, is_whole) = row(body, fields);
                    self.n_damaged += usize::from(!is_whole);
                    return Some(row);
                }
                ROW_OF_RECORDS => {
                    if let Some(row) = self.begun.replace(Vec::new()) {
                        return Some(row);
                    }
                }
                END_ROWS => {
                    self.is_done = true;
                    return self.begun.take();
                }
                _ => {
                    let Some(cells) = &mut self.begun else { continue };
                    let n_cells = cells.len();
                    if kind == INDEX {
                        let field = with_values(fields).nth(n_cells);
                        let index = u32_at(body, 0);
                        let found = field.zip(index).map(|(field, n)| field.value(n as usize));
                        self.n_damaged += usize::from(found.is_none());
                        cells.push(found.unwrap_or_default());
                    } else if VALUES.contains(&kind) {
                        let found = value(kind, body);
                        self.n_damaged += usize::from(found.is_none());
                        cells.push(found.map(|(said, _)| said).unwrap_or_default());
                    }
                }
            }
        }
        self.begun.take()
    }
}

fn with_values(fields: &mut [Field]) -> impl Iterator<Item = &mut Field> {
    fields.iter_mut().filter(|field| field.has_values)
}

/// The values of a row that stand in it, and whether all of them were there.
fn row(mut body: &[u8], fields: &mut [Field]) -> (Vec<String>, bool) {
    // `BrtBeginPCDFAtbl`: which kinds of values a column has.
    const DATES: u16 = 4;
    const TEXTS: u16 = 8;
    const NUMBERS: u16 = 0x40;
    let mut cells = Vec::new();
    for field in with_values(fields) {
        let found = if !field.shared.is_empty() {
            let index = u32_at(body, 0).map(|index| field.value(index as usize));
            index.zip(body.get(4..))
        } else if field.flags & NUMBERS != 0 {
            value(21, body)
        } else if field.flags & DATES != 0 && field.flags & TEXTS == 0 {
            value(25, body)
        } else {
            value(24, body)
        };
        let Some((cell, rest)) = found else { return (cells, false) };
        cells.push(cell);
        body = rest;
    }
    (cells, body.is_empty())
}
