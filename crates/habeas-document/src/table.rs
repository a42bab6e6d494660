//! A table: which row is its header, and what does each row say?
//!
//! Every table, whatever file it stands in, is read here: text with separators, sheets of
//! workbooks, tables of databases. A row becomes a passage of its own, one `Header: value` a line,
//! and the columns' meanings become fields.

use std::collections::{HashSet, VecDeque};

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
    // The header that counts, to know it where it is repeated on each page.
    let mut header: Vec<String> = Vec::new();
    let mut form = Form::default();
    let (mut is_after_gap, mut n_seen) = (true, 0_usize);
    loop {
        while ahead.len() < AHEAD
            && let Some(row) = rows.next()
        {
            ahead.push_back(row);
        }
        let Some(row) = ahead.pop_front() else { break };
        if out.is_full() {
            return;
        }
        if row.is_blank() {
            is_after_gap = true;
            continue;
        }
        n_seen += 1;
        let is_named = matches!(columns, Columns::Named(_));
        if !is_named && header::is_pairs(&row, &ahead, form.place.is_some()) {
            form.add(table, &row, out);
            is_after_gap = false;
            continue;
        }
        form.finish(table, out);
        // A header on every page is read once.
        if is_named && row.cells == header {
            hand_over_header(table, &row, out);
            is_after_gap = false;
            continue;
        }
        if is_after_gap && let Some(n_rows) = header::n_turned(&row, &ahead) {
            let rest: Vec<Row> = ahead.drain(..n_rows - 1).collect();
            hand_over_turned(table, &row, &rest, out);
            continue;
        }
        let is_header = match &columns {
            Columns::None => n_seen <= AHEAD && header::is_header(&row, &ahead),
            _ => is_after_gap && header::is_certain(&row),
        };
        if is_header {
            is_after_gap = false;
            let second =
                ahead.front().filter(|next| header::is_second(&row, next, &ahead)).cloned();
            let captions = header::captions(&row, second.as_ref());
            let n_skipped = usize::from(second.is_some());
            columns = Columns::Named(name_columns(&captions, &ahead, n_skipped, out));
            header.clone_from(&row.cells);
            hand_over_header(table, &row, out);
            if let Some(second) = second {
                hand_over_header(table, &second, out);
                ahead.pop_front();
            }
            continue;
        }
        // The title of the next table stands between a gap and a header.
        let next = ahead.iter().find(|row| !row.is_blank());
        if is_after_gap
            && row.filled().count() == 1
            && next.is_some_and(|next| {
                header::is_certain(next) || header::n_turned(next, &ahead).is_some()
            })
        {
            hand_over_preamble(table, &row, out);
            continue;
        }
        is_after_gap = false;
        if matches!(columns, Columns::None) && n_seen <= PREAMBLE && has_header_ahead(&ahead) {
            hand_over_preamble(table, &row, out);
            is_after_gap = true;
            continue;
        }
        if matches!(columns, Columns::None) {
            columns = Columns::Numbered(headless(&row, &ahead, out));
        }
        if let Columns::Named(columns) | Columns::Numbered(columns) = &columns {
            hand_over(table, &row, columns, out);
        }
    }
    form.finish(table, out);
}

/// A form that is being read: labels, each with its value beside it, as one record.
#[derive(Default)]
struct Form {
    record: Record,
    labels: HashSet<String>,
    place: Option<Place>,
    hidden: Option<Hidden>,
}

/// How many labels a form may have before it goes on as another passage.
const MAX_LABELS: usize = 500;

impl Form {
    fn add(&mut self, table: &Table<'_>, row: &Row, out: &mut Out<'_>) {
        let cells: Vec<&str> = row.filled().collect();
        // The same label again is the next person's.
        let is_next = cells.iter().step_by(2).any(|label| self.labels.contains(*label));
        if is_next || self.hidden != row.hidden || self.labels.len() > MAX_LABELS {
            self.finish(table, out);
        }
        self.place.get_or_insert_with(|| place(table, row));
        self.hidden = row.hidden;
        for pair in cells.chunks(2) {
            if let [label, value] = pair {
                self.record.value(&columns::of_label(label), value);
                self.labels.insert((*label).to_owned());
            }
        }
    }

    fn finish(&mut self, table: &Table<'_>, out: &mut Out<'_>) {
        let form = std::mem::take(self);
        let Some(place) = form.place else { return };
        let passage = form.record.passage(place);
        let hidden = table.hidden.or(form.hidden).or(passage.hidden);
        out.passage(Passage { hidden, ..passage });
    }
}

/// A table that was turned: captions in its first column, and a record in each other one.
fn hand_over_turned(table: &Table<'_>, first: &Row, rest: &[Row], out: &mut Out<'_>) {
    let rows: Vec<&Row> =
        std::iter::once(first).chain(rest).filter(|row| !row.is_blank()).collect();
    let captions: Vec<String> = rows
        .iter()
        .map(|row| row.cells.first().map_or("", |cell| cell.trim()).to_owned())
        .collect();
    let n_columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let columns = columns::of_table(&captions, |index| {
        let cells = rows.get(index).map_or(&[][..], |row| row.cells.as_slice());
        cells.iter().skip(1).map(String::as_str)
    });
    let hidden = table.hidden.or(first.hidden);
    let mut heads = Record::default();
    captions.iter().filter(|caption| !caption.is_empty()).for_each(|c| heads.caption(c));
    out.passage(Passage { hidden, ..heads.passage(place(table, first)) });
    for index in 1..n_columns {
        let mut record = Record::default();
        for (row, column) in rows.iter().zip(&columns) {
            record.value(column, row.cells.get(index).map_or("", String::as_str));
        }
        if !record.is_empty() {
            let is_hidden = table.hidden_columns.get(index).is_some_and(|is_hidden| *is_hidden);
            let hidden = hidden.or(is_hidden.then_some(Hidden::Row));
            let passage = record.passage(place(table, first));
            out.passage(Passage { hidden: hidden.or(passage.hidden), ..passage });
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
    let is_deleted = visible.is_deleted() || hidden.is_deleted();
    let reason = table.hidden.or(row.hidden).or(is_deleted.then_some(Hidden::Deleted));
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
        // They are one person's, so that they are one record.
        assert_eq!(document.passages.len(), 1);
        let fields = document.passages[0].fields.iter().skip(1).step_by(2);
        let meanings: Vec<Meaning> = fields.map(|field| field.meaning).collect();
        assert_eq!(meanings, [Meaning::Name, Meaning::BirthDate, Meaning::Phone]);
    }

    #[test]
    fn a_form_ends_where_its_labels_begin_again() {
        check_rows(
            &[
                &["Client record", ""],
                &["Name", "Amara Lind", "DOB", "03/04/1985"],
                &[],
                &["Notes", "Prefers letters"],
                &[],
                &["Name", "Bo Ek", "DOB", "02/02/1962"],
            ],
            &[
                (1, "Client record"),
                (2, "Name: Amara Lind\nDOB: 03/04/1985\nNotes: Prefers letters"),
                (6, "Name: Bo Ek\nDOB: 02/02/1962"),
            ],
        );
    }

    #[test]
    fn a_turned_table_has_a_record_in_each_column() {
        check_rows(
            &[
                &["Name", "Amara Lind", "Bo Ek"],
                &["Date of birth", "03/04/1985", "02/02/1962"],
                &["Next of kin", "Ida Lind", ""],
            ],
            &[
                (1, "Name\nDate of birth\nNext of kin"),
                (1, "Name: Amara Lind\nDate of birth: 03/04/1985\nNext of kin: Ida Lind"),
                (1, "Name: Bo Ek\nDate of birth: 02/02/1962"),
            ],
        );
    }

    #[test]
    fn a_header_on_every_page_and_a_second_table_are_no_rows() {
        check_rows(
            &[
                &["Name", "Email", "Tel"],
                &["Amara Lind", "amara@example.org", "07700 900123"],
                &["Name", "Email", "Tel"],
                &["Bo Ek", "bo@example.org", "07700 900456"],
                &["Total", "", "2"],
                &[],
                &["Enquiries"],
                &["Enquirer", "Mobile", "Notes"],
                &["Cy Moss", "07700 900789", "rang twice"],
            ],
            &[
                (1, "Name\nEmail\nTel"),
                (2, "Name: Amara Lind\nEmail: amara@example.org\nTel: 07700 900123"),
                (3, "Name\nEmail\nTel"),
                (4, "Name: Bo Ek\nEmail: bo@example.org\nTel: 07700 900456"),
                (5, "Name: Total\nTel: 2"),
                (7, "Enquiries"),
                (8, "Enquirer\nMobile\nNotes"),
                (9, "Enquirer: Cy Moss\nMobile: 07700 900789\nNotes: rang twice"),
            ],
        );
    }

    #[test]
    fn a_deleted_row_is_read_and_says_so() {
        let document = read(&[
            &["Id", "IsDeleted", "First name", "Email"],
            &["1", "false", "Amara", "amara@example.org"],
            &["2", "TRUE", "Bo", "bo@example.org"],
        ]);
        let hidden: Vec<_> = document.passages.iter().map(|passage| passage.hidden).collect();
        assert_eq!(hidden, [None, None, Some(Hidden::Deleted)]);
    }

    #[test]
    fn a_caption_that_lies_is_not_believed() {
        let document = read(&[
            &["Client", "Phone"],
            &["Amara Lind", "amara at home"],
            &["Bo Ek", "Bo Ek"],
            &["Cy Moss", "Cyrus Moss"],
            &["Di Orr", "Diana Orr"],
            &["Ed Poe", "Edgar Poe"],
        ]);
        assert_eq!(document.passages[2].fields[3].meaning, Meaning::Name);
    }

    #[test]
    fn what_stands_beside_another_person_is_that_persons() {
        let document = read(&[
            &["Name", "Phone", "Next of kin", "Relationship", "Phone"],
            &["Amara Lind", "07700 900123", "Ida Lind", "sister", "07700 900789"],
        ]);
        let parties: Vec<Party> =
            document.passages[1].fields.iter().skip(1).step_by(2).map(|f| f.party).collect();
        use Party as P;
        assert_eq!(parties, [P::Principal, P::Principal, P::Other, P::Unknown, P::Other]);
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
