//! What does a cell show, and which cells make a row?

use std::collections::HashSet;

use calamine::{CellErrorType, Data, ExcelDateTime, ExcelDateTimeType, Style};
use habeas_model::Hidden;

use crate::table::Row;

/// Where a cell stands, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) row: u32,
    pub(super) column: u32,
}

/// What a cell shows: dates in ISO 8601, numbers as they were typed.
///
/// `padding` is the number format of a cell that shows digits in places, such as `00000 000000`.
pub(super) fn shown(value: &Data, padding: Option<&str>) -> String {
    match value {
        Data::Empty => String::new(),
        Data::String(text) => text.trim().to_owned(),
        Data::Bool(true) => "TRUE".to_owned(),
        Data::Bool(false) => "FALSE".to_owned(),
        Data::Int(number) => padded(*number as f64, padding).unwrap_or_else(|| number.to_string()),
        Data::Float(number) => padded(*number, padding).unwrap_or_else(|| plain(*number)),
        Data::DateTime(at) => moment(at),
        Data::DateTimeIso(text) => iso(text),
        Data::DurationIso(text) => text.clone(),
        Data::Error(error) => match error {
            CellErrorType::NA => "#N/A".to_owned(),
            error => error.to_string(),
        },
    }
}

/// A number without the noise of its binary form: 15 digits are all that a workbook keeps.
fn plain(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

/// A whole number in a format that fills up with zeros.
fn padded(number: f64, padding: Option<&str>) -> Option<String> {
    let padding = padding?;
    if number.fract() != 0.0 || !(0.0..1e15).contains(&number) {
        return None;
    }
    let n_places = padding.matches('0').count();
    let digits = format!("{number:0>n_places$.0}");
    let mut digits = digits.chars();
    // What has more digits than places shows them all before the first place.
    let n_more = digits.as_str().len() - n_places;
    let mut text: String = digits.by_ref().take(n_more).collect();
    for c in padding.chars() {
        match c {
            '0' => text.extend(digits.next()),
            other => text.push(other),
        }
    }
    Some(text)
}

/// The places of a number format that fills up with zeros: telephone and account numbers.
pub(super) fn padding(style: &Style) -> Option<String> {
    places(&style.number_format.as_ref()?.format_code)
}

fn places(code: &str) -> Option<String> {
    let code: String =
        code.split(';').next()?.chars().filter(|c| !matches!(c, '\\' | '"')).collect();
    let is_places = code.chars().all(|c| matches!(c, '0' | ' ' | '-' | '+' | '(' | ')' | '/'));
    (is_places && code.matches('0').count() >= 2).then_some(code)
}

/// What a number format makes of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Plain,
    Moment,
    Duration,
    /// Digits in places, such as `00000 000000`.
    Digits(String),
}

impl Shape {
    /// The shape of a format that every workbook knows by its number (ECMA-376, 18.8.30).
    pub(super) fn of_builtin(number: u16) -> Self {
        match number {
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Self::Moment,
            46 => Self::Duration,
            _ => Self::Plain,
        }
    }

    /// The shape of a format by its code.
    pub(super) fn of_code(code: &str) -> Self {
        if let Some(places) = places(code) {
            return Self::Digits(places);
        }
        let (mut is_moment, mut is_duration) = (false, false);
        let mut letters = code.split(';').next().unwrap_or_default().chars();
        while let Some(c) = letters.next() {
            match c {
                '\\' | '_' | '*' => {
                    letters.next();
                }
                '"' => {
                    letters.by_ref().take_while(|c| *c != '"').for_each(drop);
                }
                // A colour, a country or an amount of time.
                '[' => {
                    let inside: String = letters.by_ref().take_while(|c| *c != ']').collect();
                    let is_time =
                        inside.chars().all(|c| matches!(c, 'h' | 'H' | 'm' | 'M' | 's' | 'S'));
                    is_duration |= is_time && !inside.is_empty();
                }
                'd' | 'D' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' | 'm' | 'M' => is_moment = true,
                // `General` and other words in it have none of the letters before this one.
                'G' | 'g' => {
                    letters.by_ref().take_while(|c| c.is_alphabetic()).for_each(drop);
                }
                _ => {}
            }
        }
        match (is_duration, is_moment) {
            (true, _) => Self::Duration,
            (false, true) => Self::Moment,
            _ => Self::Plain,
        }
    }
}

/// A number as its format shows it; days are counted from 1904 in some workbooks.
pub(super) fn number(number: f64, shape: &Shape, is_1904: bool) -> String {
    let moment = |kind| shown(&Data::DateTime(ExcelDateTime::new(number, kind, is_1904)), None);
    match shape {
        Shape::Moment => moment(ExcelDateTimeType::DateTime),
        Shape::Duration => moment(ExcelDateTimeType::TimeDelta),
        Shape::Digits(places) => shown(&Data::Float(number), Some(places)),
        Shape::Plain => shown(&Data::Float(number), None),
    }
}

/// A date as `2025-03-04`, a time as `10:02:00`, both as `2025-03-04 10:02:00`.
fn moment(at: &ExcelDateTime) -> String {
    let value = at.as_f64();
    if !value.is_finite() || !(0.0..2_958_466.0).contains(&value) {
        return plain(value);
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    // Excel shows no thousandths of seconds unless asked to; they are noise.
    let _ = milli;
    if at.is_duration() || value < 1.0 {
        let seconds = (value * 86_400.0).round() as u64;
        return format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    if value.fract() < 1e-9 {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

fn iso(text: &str) -> String {
    let text = text.trim().replacen('T', " ", 1);
    text.strip_suffix(" 00:00:00").unwrap_or(&text).to_owned()
}

/// Rows made of cells that come one after the other.
pub(super) struct Cells<'h, F> {
    next: F,
    hidden_rows: &'h HashSet<u32>,
    /// The first cell of the next row.
    pending: Option<(Place, String)>,
    /// The row that was handed over last.
    last: Option<u32>,
    is_done: bool,
    has_failed: bool,
}

/// A workbook has at most so many columns (ECMA-376, 18.3.1.73).
const MAX_COLUMNS: u32 = 16_384;

impl<'h, F> Cells<'h, F>
where
    F: FnMut() -> Result<Option<(Place, String)>, ()>,
{
    pub(super) fn new(next: F, hidden_rows: &'h HashSet<u32>) -> Self {
        Self { next, hidden_rows, pending: None, last: None, is_done: false, has_failed: false }
    }

    /// Did the cells end where the sheet does?
    pub(super) fn ended(&self) -> Result<(), ()> {
        if self.has_failed { Err(()) } else { Ok(()) }
    }

    /// The next cell that shows something.
    fn cell(&mut self) -> Option<(Place, String)> {
        while !self.is_done {
            match (self.next)() {
                Ok(Some((_, text))) if text.is_empty() => {}
                Ok(Some(cell)) => return Some(cell),
                Ok(None) => self.is_done = true,
                Err(()) => (self.is_done, self.has_failed) = (true, true),
            }
        }
        None
    }
}

impl<F> Iterator for Cells<'_, F>
where
    F: FnMut() -> Result<Option<(Place, String)>, ()>,
{
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let first = match self.pending.take() {
            Some(cell) => cell,
            None => self.cell()?,
        };
        let row = first.0.row;
        // A gap between rows tells one table from the next.
        if self.last.is_some_and(|last| row > last.saturating_add(1)) {
            self.last = Some(row - 1);
            self.pending = Some(first);
            return Some(Row { number: row as usize, ..Row::default() });
        }
        self.last = Some(row);
        let mut cells: Vec<String> = Vec::new();
        let mut put = |(place, text): (Place, String)| {
            let column = place.column.min(MAX_COLUMNS) as usize;
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            if let Some(cell) = cells.get_mut(column) {
                if !cell.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(&text);
            }
        };
        put(first);
        while let Some(cell) = self.cell() {
            if cell.0.row != row {
                self.pending = Some(cell);
                break;
            }
            put(cell);
        }
        let hidden = self.hidden_rows.contains(&row).then_some(Hidden::Row);
        Some(Row { number: row as usize + 1, cells, hidden })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_number(number: f64, padding: Option<&str>, expected: &str) {
        assert_eq!(shown(&Data::Float(number), padding), expected);
    }

    #[test]
    fn a_number_is_shown_as_it_was_typed() {
        check_number(447_700_900_123.0, None, "447700900123");
        check_number(12.0, None, "12");
        check_number(0.1 + 0.2, None, "0.3");
        check_number(-1234.5, None, "-1234.5");
        check_number(7_700_900_123.0, Some("00000 000000"), "07700 900123");
        check_number(447_700_900_123.0, Some("00000000000"), "447700900123");
        check_number(1.5, Some("000"), "1.5");
    }

    #[test]
    fn a_format_tells_dates_from_numbers() {
        for (code, expected) in [
            ("General", Shape::Plain),
            ("#,##0.00", Shape::Plain),
            ("[Red]0.0\\ \"days\"", Shape::Plain),
            ("dd/mm/yyyy", Shape::Moment),
            ("[$-809]d mmmm yyyy;@", Shape::Moment),
            ("[h]:mm:ss", Shape::Duration),
            ("00000\\ 000000", Shape::Digits("00000 000000".to_owned())),
        ] {
            assert_eq!(Shape::of_code(code), expected, "{code}");
        }
    }

    #[test]
    fn a_date_is_shown_in_one_way() {
        let moment = |value, kind| moment(&ExcelDateTime::new(value, kind, false));
        assert_eq!(moment(31_140.0, ExcelDateTimeType::DateTime), "1985-04-03");
        assert_eq!(moment(45_720.5, ExcelDateTimeType::DateTime), "2025-03-04 12:00:00");
        assert_eq!(moment(0.25, ExcelDateTimeType::DateTime), "06:00:00");
        assert_eq!(moment(1.5, ExcelDateTimeType::TimeDelta), "36:00:00");
    }

    #[test]
    fn cells_make_rows_with_their_own_numbers() {
        let mut cells = vec![(0, 1, "b"), (0, 0, "a"), (3, 2, "c")].into_iter();
        let next =
            || Ok(cells.next().map(|(row, column, text)| (Place { row, column }, text.to_owned())));
        let hidden = HashSet::from([3]);
        let rows: Vec<(usize, Vec<String>, bool)> = Cells::new(next, &hidden)
            .map(|row| (row.number, row.cells, row.hidden.is_some()))
            .collect();
        let strings =
            |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            rows,
            [
                (1, strings(&["a", "b"]), false),
                (3, vec![], false),
                (4, strings(&["", "", "c"]), true)
            ]
        );
    }
}
