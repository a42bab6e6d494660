//! Which names do the formulas of a binary workbook use, and what do they stand for?

use super::Listed;
use super::records::{Records, text};
use crate::formats::compound::{u16_at, u32_at, utf16};
use crate::formats::workbook::biff::{cell_name, float, truth_or_error};
use crate::formats::workbook::cells::{self, Shape, shown};

/// A name, and what is known of what it stands for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) name: String,
    pub(crate) value: String,
    /// Could all of its formula be followed?
    pub(crate) is_whole: bool,
}

/// The names of a workbook but those that programs give.
pub(super) fn names(book: &[u8], sheets: &[Listed]) -> Vec<Name> {
    const NAME: u32 = 39;
    const OTHER_BOOK: u32 = 355;
    const SELF: u32 = 357;
    const SAME_SHEET: u32 = 358;
    const PLACES: u32 = 362;
    const ADD_IN: u32 = 667;
    /// Given by the program.
    const BUILT_IN: u32 = 0x20;
    let mut books = Vec::new();
    let mut places: Vec<Option<String>> = Vec::new();
    let mut names = Vec::new();
    for (kind, body) in Records(book) {
        match kind {
            SELF | SAME_SHEET | OTHER_BOOK | ADD_IN => books.push(kind == SELF),
            // Which workbook, and from which of its sheets to which.
            PLACES => {
                let n = u32_at(body, 0).unwrap_or(0) as usize;
                let all = body.get(4..).unwrap_or_default().chunks_exact(12).take(n);
                places = all
                    .map(|place| {
                        let is_own = books.get(u32_at(place, 0)? as usize)?;
                        let first = u32_at(place, 4)? as usize;
                        if *is_own { Some(sheets.get(first)?.name.clone()) } else { None }
                    })
                    .collect();
            }
            NAME => {
                let flags = u32_at(body, 0).unwrap_or(0);
                let Some((name, rest)) = body.get(9..).and_then(text) else { continue };
                if flags & BUILT_IN == 0 && !name.starts_with("_xlnm") {
                    names.push((name, rest));
                }
            }
            _ => {}
        }
    }
    let told = |(name, rest): (String, &[u8])| {
        let (values, is_whole) = match formula(rest) {
            Some((formula, more, rest)) => {
                let (mut values, is_whole) = said(formula, more, &places);
                // What somebody remarked on it.
                values.extend(text(rest).map(|(remark, _)| remark));
                (values, is_whole)
            }
            None => (Vec::new(), false),
        };
        let values: Vec<String> = values.into_iter().filter(|v| !v.trim().is_empty()).collect();
        Name { name, value: values.join(", "), is_whole }
    };
    names.into_iter().map(told).collect()
}

/// A formula, what it needs more, and what follows it (2.2.2).
fn formula(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let counted = |bytes: &'_ [u8]| -> Option<usize> { Some(u32_at(bytes, 0)? as usize) };
    let (n, rest) = (counted(bytes)?, bytes.get(4..)?);
    let (formula, rest) = rest.split_at_checked(n)?;
    let (n, rest) = (counted(rest)?, rest.get(4..)?);
    let (more, rest) = rest.split_at_checked(n)?;
    Some((formula, more, rest))
}

/// The values and cells that a formula has, in its order, and whether all of it is known (2.2.2).
fn said(mut formula: &[u8], mut more: &[u8], places: &[Option<String>]) -> (Vec<String>, bool) {
    let mut values = Vec::new();
    while let Some((token, rest)) = formula.split_first() {
        match next(*token, rest, &mut more, places, &mut values) {
            Some(n) => formula = rest.get(n..).unwrap_or_default(),
            None => return (values, false),
        }
    }
    (values, true)
}

/// Takes one token, and gives how many bytes it has behind its first; `None` if it is not known or
/// cut ([MS-XLSB], `Ptg`).
fn next(
    token: u8,
    rest: &[u8],
    more: &mut &[u8],
    places: &[Option<String>],
    values: &mut Vec<String>,
) -> Option<usize> {
    let cell = |row: usize, column: usize| -> Option<String> {
        let (row, column) = (u32_at(rest, row)?, u32::from(u16_at(rest, column)? & 0x3fff));
        Some(cell_name(row.min(1 << 20), column))
    };
    let sheet = || -> Option<String> {
        let place = places.get(usize::from(u16_at(rest, 0)?)).cloned().flatten();
        Some(place.map_or_else(String::new, |name| format!("{name}!")))
    };
    // Of three classes of the same token the middle one stands for all.
    let token = if token >= 0x40 { token & 0x1f | 0x20 } else { token };
    let n = match token {
        // Operators, brackets and arguments that are left out.
        0x03..=0x16 => 0,
        0x17 => {
            let n = usize::from(u16_at(rest, 0)?) * 2;
            values.push(utf16(rest.get(2..2 + n)?));
            2 + n
        }
        // A list of a table, and a name of a pivot table.
        0x18 => match rest.first()? {
            0x19 => 13,
            0x1d => 5,
            _ => return None,
        },
        0x19 if rest.first()? & 4 != 0 => 5 + 2 * usize::from(u16_at(rest, 1)?),
        0x19 => 3,
        0x1c | 0x1d => {
            values.push(shown(&truth_or_error(*rest.first()?, token == 0x1c), None));
            1
        }
        0x1e => {
            values.push(u16_at(rest, 0)?.to_string());
            2
        }
        0x1f => {
            values.push(cells::number(float(rest)?, &Shape::Plain, false));
            8
        }
        0x20 => {
            values.extend(array(more)?);
            14
        }
        0x21 | 0x29 => 2,
        0x22 => 3,
        0x23 => 4,
        0x24 => {
            values.push(cell(0, 4)?);
            6
        }
        0x25 => {
            values.push(format!("{}:{}", cell(0, 8)?, cell(4, 10)?));
            12
        }
        0x26..=0x28 | 0x2a | 0x2c | 0x39 => 6,
        0x2b | 0x2d => 12,
        0x3a => {
            values.push(format!("{}{}", sheet()?, cell(2, 6)?));
            8
        }
        0x3b => {
            values.push(format!("{}{}:{}", sheet()?, cell(2, 10)?, cell(6, 12)?));
            14
        }
        0x3c => 8,
        0x3d => 14,
        _ => return None,
    };
    (rest.len() >= n).then_some(n)
}

/// The values of a list that is written out ([MS-XLSB], `PtgExtraArray`).
fn array(more: &mut &[u8]) -> Option<Vec<String>> {
    let n = (u32_at(more, 0)? as usize).checked_mul(u32_at(more, 4)? as usize)?;
    let mut rest = more.get(8..)?;
    let mut values = Vec::new();
    for _ in 0..n {
        let (kind, value) = rest.split_first()?;
        let (said, n_bytes) = match kind {
            0 => (cells::number(float(value)?, &Shape::Plain, false), 8),
            1 => {
                let n = usize::from(u16_at(value, 0)?) * 2;
                (utf16(value.get(2..2 + n)?), 2 + n)
            }
            2 => (shown(&truth_or_error(*value.first()?, false), None), 1),
            4 => (shown(&truth_or_error(*value.first()?, true), None), 4),
            _ => return None,
        };
        values.push(said);
        rest = value.get(n_bytes..)?;
    }
    *more = rest;
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(formula: &[u8], expected: &str, is_whole: bool) {
        let places = [Some("Patients".to_owned()), None];
        let (values, got) = said(formula, &[], &places);
        assert_eq!((values.join(", ").as_str(), got), (expected, is_whole), "{formula:02x?}");
    }

    #[test]
    fn what_a_name_stands_for_is_told() {
        check(b"\x17\x02\0B\0o\0", "Bo", true);
        check(b"\x1e\x07\0\x1f\0\0\0\0\0\0\xf8\x3f\x03", "7, 1.5", true);
        check(b"\x3a\0\0\x01\0\0\0\x02\0", "Patients!C2", true);
        check(b"\x3b\0\0\x01\0\0\0\x08\0\0\0\0\0\x02\0", "Patients!A2:C9", true);
        check(b"\x5a\x01\0\x01\0\0\0\x02\xc0", "C2", true);
        check(b"\x17\x02\0B\0o\0\x7f\x17", "Bo", false);
        check(b"\x17\x09\0B\0", "", false);
        check(b"\x19\x04\x01\0\0\0\0\0\x1d\x01", "TRUE", true);
    }

    #[test]
    fn a_list_that_is_written_out_is_told() {
        let more = b"\x01\0\0\0\x03\0\0\0\x01\x02\0B\0o\0\x00\0\0\0\0\0\0\xf8\x3f\x02\x01";
        let (values, is_whole) = said(&[&[0x60][..], &[0; 14]].concat(), more, &[]);
        assert_eq!((values.join(", ").as_str(), is_whole), ("Bo, 1.5, TRUE", true));
        let (_, is_whole) = said(&[&[0x60][..], &[0; 14]].concat(), &more[..20], &[]);
        assert!(!is_whole);
    }
}
