//! A table: which row is its header, and what does each row say?
//!
//! Every table, whatever file it stands in, is read here: text with separators, sheets of
//! workbooks, tables of databases. A row becomes a passage of its own, one `Header: value` a line,
//! and the columns' meanings become fields.

use std::collections::VecDeque;

use habeas_model::{Hidden, Passage, Place, PlaceKind};

use crate::columns::{self, Column};
use crate::exports;
use crate::out::Out;
use crate::record::Record;

mod header;

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

impl Row {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    /// The cells that are not empty.
    fn filled(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }
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

/// How many rows are looked at to see what columns hold.
const AHEAD: usize = 200;
/// How many rows may stand before a header.
const PREAMBLE: usize = 15;

/// Reads a table: finds its header, and hands over a passage for each row.
///
/// The rows may come from an iterator of any length: only the next 200 are held at once. A
/// table may begin with rows that are none of it, have two rows of headers, have none, or be
/// several tables one after the other.
pub(crate) fn rows(table: &Table<'_>, rows: impl Iterator<Item = Row>, out: &mut Out<'_>) {
    let mut rows = rows.fuse();
    let mut ahead: VecDeque<Row> = VecDeque::new();
    let mut columns = Columns::None;
    let (mut is_after_gap, mut n_seen) = (true, 0_usize);
    loop {
        while ahead.len() < AHEAD
            && let Some(row) = rows.next()
        {
            ahead.push_back(row);
        }
        let Some(row) = ahead.pop_front() else { return };
        if out.is_full() {
            return;
        }
        if row.is_blank() {
            is_after_gap = true;
            continue;
        }
        n_seen += 1;
        let is_header = match &columns {
            Columns::None => n_seen <= AHEAD && header::is_header(&row, &ahead),
            _ => is_after_gap && header::is_certain(&row),
        };
        is_after_gap = false;
        if is_header {
            let second =
                ahead.front().filter(|next| header::is_second(&row, next, &ahead)).cloned();
            let captions = header::captions(&row, second.as_ref());
            let n_skipped = usize::from(second.is_some());
            columns = Columns::Named(name_columns(&captions, &ahead, n_skipped, out));
            hand_over_header(table, &row, out);
            if let Some(second) = second {
                hand_over_header(table, &second, out);
                ahead.pop_front();
            }
            continue;
        }
        if !matches!(columns, Columns::Named(_)) && header::is_label(&row) {
            hand_over_label(table, &row, out);
            continue;
        }
        if matches!(columns, Columns::None) && n_seen <= PREAMBLE && has_header_ahead(&ahead) {
            hand_over_preamble(table, &row, out);
            continue;
        }
        if matches!(columns, Columns::None) {
            columns = Columns::Numbered(headless(&row, &ahead, out));
        }
        if let Columns::Named(columns) | Columns::Numbered(columns) = &columns {
            hand_over(table, &row, columns, out);
        }
    }
}

/// Reads a table whose captions are known without looking, as a database's are: every row is a row.
pub(crate) fn named(
    table: &Table<'_>,
    captions: &[String],
    rows: impl Iterator<Item = Row>,
    out: &mut Out<'_>,
) {
    let mut rows = rows.fuse();
    let ahead: VecDeque<Row> = rows.by_ref().take(AHEAD).collect();
    if ahead.is_empty() {
        return;
    }
    let columns = name_columns(captions, &ahead, 0, out);
    for row in ahead.into_iter().chain(rows) {
        if out.is_full() {
            return;
        }
        hand_over(table, &row, &columns, out);
    }
}

/// What is known of the columns so far.
enum Columns {
    None,
    /// By a header.
    Named(Vec<Column>),
    /// There is no header.
    Numbered(Vec<Column>),
}

fn has_header_ahead(ahead: &VecDeque<Row>) -> bool {
    (0..ahead.len().min(PREAMBLE)).any(|index| {
        let after: VecDeque<Row> = ahead.iter().skip(index + 1).take(20).cloned().collect();
        ahead.get(index).is_some_and(|row| header::is_header(row, &after))
    })
}

/// The columns under these captions, by a known export where it is one.
fn name_columns(
    captions: &[String],
    ahead: &VecDeque<Row>,
    n_skipped: usize,
    out: &mut Out<'_>,
) -> Vec<Column> {
    let mut columns = columns::of_table(captions, |index| {
        ahead.iter().skip(n_skipped).filter_map(move |row| Some(row.cells.get(index)?.as_str()))
    });
    if let Some(export) = exports::by_captions(captions.iter().map(String::as_str)) {
        export.correct(&mut columns);
        out.facts().export = Some(export.card.name.to_owned());
    }
    columns
}

/// The columns of a table without a header: those of a known export, else by their values.
fn headless(row: &Row, ahead: &VecDeque<Row>, out: &mut Out<'_>) -> Vec<Column> {
    let first: Vec<&[String]> =
        std::iter::once(row).chain(ahead).take(20).map(|row| row.cells.as_slice()).collect();
    if let Some((export, captions)) = exports::by_rows(&first) {
        let captions: Vec<String> = captions.iter().map(|caption| (*caption).to_owned()).collect();
        let mut columns: Vec<Column> =
            captions.iter().map(|caption| Column::by_caption(caption)).collect();
        export.correct(&mut columns);
        out.facts().export = Some(export.card.name.to_owned());
        return columns;
    }
    let rows = std::iter::once(row).chain(ahead);
    let n_columns = rows.map(|row| row.cells.len()).max().unwrap_or(0);
    columns::of_table(&vec![String::new(); n_columns], |index| {
        std::iter::once(row)
            .chain(ahead)
            .filter_map(move |row| Some(row.cells.get(index)?.as_str()))
    })
}

fn place(table: &Table<'_>, row: &Row) -> Place {
    let place = Place::new(PlaceKind::Row, row.number.max(1));
    match table.sheet {
        Some(sheet) => place.in_sheet(sheet),
        None => place,
    }
}

/// A row as one passage, and what stands in hidden columns as another at the same place.
fn hand_over(table: &Table<'_>, row: &Row, columns: &[Column], out: &mut Out<'_>) {
    let (mut visible, mut hidden) = (Record::default(), Record::default());
    for (index, cell) in row.cells.iter().enumerate() {
        let is_hidden = table.hidden_columns.get(index).is_some_and(|is_hidden| *is_hidden);
        let record = if is_hidden { &mut hidden } else { &mut visible };
        match columns.get(index) {
            Some(column) => record.value(column, cell),
            // A row longer than its header loses nothing.
            None => record.value(&Column::by_caption(&format!("Column {}", index + 1)), cell),
        }
    }
    let reason = table.hidden.or(row.hidden);
    if !visible.is_empty() {
        out.passage(Passage { hidden: reason, ..visible.passage(place(table, row)) });
    }
    if !hidden.is_empty() {
        let reason = reason.or(Some(Hidden::Row));
        out.passage(Passage { hidden: reason, ..hidden.passage(place(table, row)) });
    }
}

fn hand_over_header(table: &Table<'_>, row: &Row, out: &mut Out<'_>) {
    let mut record = Record::default();
    for caption in row.filled() {
        record.caption(caption);
    }
    out.passage(Passage {
        hidden: table.hidden.or(row.hidden),
        ..record.passage(place(table, row))
    });
}

/// A line of a form: the value under its label.
fn hand_over_label(table: &Table<'_>, row: &Row, out: &mut Out<'_>) {
    let mut record = Record::default();
    let mut cells = row.filled();
    if let (Some(label), Some(value)) = (cells.next(), cells.next()) {
        record.value(&columns::of_label(label), value);
    }
    out.passage(Passage {
        hidden: table.hidden.or(row.hidden),
        ..record.passage(place(table, row))
    });
}

fn hand_over_preamble(table: &Table<'_>, row: &Row, out: &mut Out<'_>) {
    let mut record = Record::default();
    for cell in row.filled() {
        record.text(cell);
    }
    out.passage(Passage {
        hidden: table.hidden.or(row.hidden),
        ..record.passage(place(table, row))
    });
}

#[cfg(test)]
mod tests {
    use habeas_model::{Document, Meaning, Party};

    use super::*;
    use crate::Budget;

    fn read(lines: &[&[&str]]) -> Document {
        let mut out = Out::new("text/csv", &Budget::default());
        let all = lines.iter().enumerate().map(|(index, cells)| Row {
            number: index + 1,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
            hidden: None,
        });
        rows(&Table::default(), all, &mut out);
        out.finish().0
    }

    fn check_rows(lines: &[&[&str]], expected: &[(u32, &str)]) {
        let document = read(lines);
        let got: Vec<_> =
            document.passages.iter().map(|p| (p.place.number, p.text.as_str())).collect();
        assert_eq!(got, expected);
        assert!(document.passages.iter().all(|passage| passage.is_record));
    }

    #[test]
    fn a_row_has_its_headers() {
        check_rows(
            &[
                &["Name", "Email", "Notes"],
                &["Amara Lind", "", "called\ntwice"],
                &["", "", ""],
                &["Bo Ek", "bo@example.org", "", "extra"],
            ],
            &[
                (1, "Name\nEmail\nNotes"),
                (2, "Name: Amara Lind\nNotes: called\ntwice"),
                (4, "Name: Bo Ek\nEmail: bo@example.org\nColumn 4: extra"),
            ],
        );
    }

    #[test]
    fn a_table_without_header_loses_no_row() {
        check_rows(
            &[&["Amara Lind", "07700 900123"], &["Bo Ek", "07700 900456"]],
            &[
                (1, "Column 1: Amara Lind\nColumn 2: 07700 900123"),
                (2, "Column 1: Bo Ek\nColumn 2: 07700 900456"),
            ],
        );
        check_rows(
            &[&["Amara Lind", "Leeds"], &["Bo Ek", "York"], &["Cy Moss", "Hull"]],
            &[
                (1, "Column 1: Amara Lind\nColumn 2: Leeds"),
                (2, "Column 1: Bo Ek\nColumn 2: York"),
                (3, "Column 1: Cy Moss\nColumn 2: Hull"),
            ],
        );
    }

    #[test]
    fn what_stands_before_a_header_is_read_and_the_header_found() {
        check_rows(
            &[
                &["Patients of the week", "", ""],
                &["Printed", "12/03/2024", ""],
                &["", "", ""],
                &["Patient", "DOB", "Telephone"],
                &["Amara Lind", "03/04/1985", "07700 900123"],
            ],
            &[
                (1, "Patients of the week"),
                (2, "Printed\n12/03/2024"),
                (4, "Patient\nDOB\nTelephone"),
                (5, "Patient: Amara Lind\nDOB: 03/04/1985\nTelephone: 07700 900123"),
            ],
        );
    }

    #[test]
    fn two_tables_in_one_file_have_two_headers() {
        let document = read(&[
            &["Meeting ID", "Topic", "Start Time", "User Email"],
            &["812 3456 7890", "Consultation", "03/12/2024 09:14:00 AM", "host@example.org"],
            &[],
            &["Name (Original Name)", "User Email", "Join Time", "Guest"],
            &["Amara Lind", "amara@example.org", "03/12/2024 09:15:00 AM", "Yes"],
        ]);
        assert_eq!(
            document.passages[3].text.lines().next(),
            Some("Name (Original Name): Amara Lind")
        );
    }

    #[test]
    fn two_rows_of_headers_are_one_header() {
        check_rows(
            &[
                &["Respondent ID", "Email Address", "How did you hear of us?", "", "Comments"],
                &["", "", "Friend", "Advert", "Open-Ended Response"],
                &["1001", "amara@example.org", "Friend", "", "Thank you"],
                &["1002", "bo@example.org", "", "Advert", ""],
            ],
            &[
                (1, "Respondent ID\nEmail Address\nHow did you hear of us?\nComments"),
                (2, "Friend\nAdvert\nOpen-Ended Response"),
                (
                    3,
                    "Respondent ID: 1001\nEmail Address: amara@example.org\nHow did you hear of us? – Friend: Friend\nComments – Open-Ended Response: Thank you",
                ),
                (
                    4,
                    "Respondent ID: 1002\nEmail Address: bo@example.org\nHow did you hear of us? – Advert: Advert",
                ),
            ],
        );
    }

    #[test]
    fn a_form_of_labels_and_values_has_meanings() {
        let document = read(&[
            &["Full name:", "Amara Lind"],
            &["Date of birth:", "03/04/1985"],
            &["Telephone", "07700 900123"],
        ]);
        let meanings: Vec<Meaning> =
            document.passages.iter().map(|p| p.fields[1].meaning).collect();
        assert_eq!(meanings, [Meaning::Name, Meaning::BirthDate, Meaning::Phone]);
    }

    #[test]
    fn hidden_columns_are_read_and_say_so() {
        let mut out = Out::new("text/csv", &Budget::default());
        let lines = [["Name", "Note"], ["Amara Lind", "do not call"]];
        let all = lines.iter().enumerate().map(|(index, cells)| Row {
            number: index + 1,
            cells: cells.map(str::to_owned).to_vec(),
            hidden: None,
        });
        let table =
            Table { sheet: Some("May"), hidden_columns: &[false, true], ..Table::default() };
        rows(&table, all, &mut out);
        let passages = out.finish().0.passages;
        assert_eq!(passages[2].text, "Note: do not call");
        assert_eq!(passages[2].hidden, Some(Hidden::Row));
        assert_eq!(passages[2].place.to_string(), "sheet \"May\", row 2");
    }

    #[test]
    fn a_party_comes_from_the_caption_or_is_the_rows_own_person() {
        let document = read(&[
            &["Name", "Phone", "Emergency contact", "Contact owner"],
            &["Amara Lind", "07700 900123", "Bo Lind", "Cy Moss"],
        ]);
        let parties: Vec<Party> =
            document.passages[1].fields.iter().skip(1).step_by(2).map(|f| f.party).collect();
        assert_eq!(parties, [Party::Principal, Party::Principal, Party::Other, Party::Staff]);
    }
}
