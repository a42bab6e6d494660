//! Dumps of databases as SQL: which rows do they insert, and what else do they say?
//!
//! Each row of an `INSERT … VALUES` or a `COPY … FROM stdin` is a record of its table, with the
//! columns that the statement names or that the table was created with. Everything else is text at
//! its line.

use std::collections::HashMap;

use habeas_model::{Card, Exception, Part, Passage, Place, PlaceKind, Reason};

use super::blob::{self, Blob};
use super::{Format, text};
use crate::encoding;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};
use crate::table::{self, Row, Table};

mod scan;
mod value;

use scan::{Insert, Scan};
use value::Value;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "sqldump",
        version: 1,
        summary: "Dumps of databases as SQL (MySQL, PostgreSQL, SQLite, SQL Server, Oracle): each row a record",
        handles: &["application/sql", ".sql", ".dump", ".dmp"],
        authority: "MySQL 9 reference manual 11.1; PostgreSQL 18 manual 4.1.2 and COPY",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let text = sample.text()?;
    let is_named = sample.is_named(&["sql", "dump", "dmp", "psql", "mysql", "pgsql"]);
    let inserts = |line: &str| {
        let line = line.trim_start().get(..12).unwrap_or_default().to_ascii_lowercase();
        line.starts_with("insert into ")
            || line.starts_with("insert [")
            || line.starts_with("replace into")
    };
    let copies = |line: &str| line.starts_with("COPY ") && line.trim_end().ends_with("FROM stdin;");
    let creates =
        |line: &str| line.get(..13).is_some_and(|word| word.eq_ignore_ascii_case("create table "));
    let statements = || text.split(['\n', ';']).map(str::trim_start);
    let has_rows = text.lines().any(copies) || statements().any(inserts);
    let is_dump = if is_named {
        has_rows || statements().any(creates)
    } else {
        let first = text.trim_start();
        let begins =
            ["--", "/*", "PRAGMA ", "BEGIN", "SET ", "CREATE ", "INSERT ", "USE ", "DROP "];
        has_rows && begins.iter().any(|word| first.starts_with(word))
    };
    is_dump.then_some((Sure::Grammar, "application/sql"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    out.decoded(&decoded);
    let mut dump = Dump {
        scan: Scan::new(&decoded.text),
        plain_from: 0,
        plain_line: 1,
        columns: HashMap::new(),
        n_rows: HashMap::new(),
        n_damaged: 0,
    };
    dump.read(out);
    if dump.n_damaged > MAX_EXCEPTIONS {
        let note = format!("{} damaged rows in all", dump.n_damaged);
        out.exception(Exception::part(Reason::Corrupt, None, note));
    }
}

/// How many damaged rows are told one by one.
const MAX_EXCEPTIONS: usize = 50;

struct Dump<'t> {
    scan: Scan<'t>,
    /// From where on the text is none of a row, and the line of that.
    plain_from: usize,
    plain_line: usize,
    /// The columns of each table that was created.
    columns: HashMap<String, Vec<String>>,
    /// How many rows each table has had.
    n_rows: HashMap<String, usize>,
    n_damaged: usize,
}

impl<'t> Dump<'t> {
    fn read(&mut self, out: &mut Out<'_>) {
        let mut at = Some(0);
        while let Some(start) = at
            && !out.is_full()
        {
            self.scan.go_to(start);
            self.scan.skip_blank();
            let start = self.scan.at();
            if let Some((table, columns)) = self.scan.create_table() {
                self.columns.insert(table, columns);
                self.scan.go_to(start);
            } else if let Some(insert) = self.rewinding(start, Scan::insert) {
                self.plain_until(start, out);
                self.insert(&insert, start, out);
                self.plain_begins();
                at = Some(self.scan.at()).filter(|at| *at < self.scan.text.len());
                continue;
            } else if let Some(copy) = self.rewinding(start, Scan::copy) {
                self.plain_until(self.scan.at(), out);
                self.copy(&copy, out);
                self.plain_begins();
                at = Some(self.scan.at()).filter(|at| *at < self.scan.text.len());
                continue;
            }
            at = self.scan.next_start(start);
        }
        self.plain_until(self.scan.text.len(), out);
    }

    /// Tries to read a part of a statement, and goes back if it is none.
    fn rewinding<T>(
        &mut self,
        start: usize,
        part: impl FnOnce(&mut Scan<'t>) -> Option<T>,
    ) -> Option<T> {
        self.scan.go_to(start);
        self.scan.take_comments();
        let found = part(&mut self.scan);
        if found.is_none() {
            self.scan.go_to(start);
        }
        found
    }

    fn plain_begins(&mut self) {
        let passed = self.scan.text.get(self.plain_from..self.scan.at()).unwrap_or_default();
        self.plain_line += passed.matches('\n').count();
        self.plain_from = self.scan.at();
    }

    /// Hands over what stands before an offset and is no row.
    fn plain_until(&mut self, end: usize, out: &mut Out<'_>) {
        let plain = self.scan.text.get(self.plain_from..end).unwrap_or_default();
        text::paragraphs(plain, self.plain_line, out);
        self.plain_line += plain.matches('\n').count();
        self.plain_from = end;
    }

    /// The rows of a statement, and of those after it that are for the same columns.
    fn insert(&mut self, insert: &Insert, start: usize, out: &mut Out<'_>) {
        let captions = if insert.columns.is_empty() {
            self.columns.get(&insert.table).cloned().unwrap_or_default()
        } else {
            insert.columns.clone()
        };
        let mut number = self.n_rows.get(&insert.table).copied().unwrap_or(0);
        let mut binary = Binary { table: &insert.table, captions: &captions, ..Binary::default() };
        let (mut is_first, mut trouble) = (true, None);
        let scan = &mut self.scan;
        let next = || {
            let before = scan.at();
            let goes_on = is_first || scan.comma() || {
                let before = scan.at();
                scan.end_of_statement();
                scan.skip_blank();
                let is_same = scan.insert().is_some_and(|next| next == *insert);
                if !is_same {
                    scan.go_to(before);
                    scan.end_of_statement();
                }
                is_same
            };
            if !goes_on {
                return None;
            }
            let Some(values) = scan.tuple() else {
                trouble = Some(if is_first { start } else { before });
                return None;
            };
            is_first = false;
            number += 1;
            Some(Row { number, cells: binary.row(number, values), hidden: None })
        };
        let sheet = Table { sheet: Some(&insert.table), ..Table::default() };
        table::named(&sheet, &captions, std::iter::from_fn(next), out);
        binary.hand_over(out);
        self.n_rows.insert(insert.table.clone(), number);
        if let Some(before) = trouble {
            self.damaged(before, out);
        }
        let line = self.line_at(start);
        for comment in self.scan.take_comments() {
            let passage = Passage::text(Place::new(PlaceKind::Line, line), comment);
            out.passage(Passage { part: Part::Comment, ..passage });
        }
    }

    /// Goes on at the next line with what is no row; it is read as text.
    fn damaged(&mut self, before: usize, out: &mut Out<'_>) {
        self.n_damaged += 1;
        if self.n_damaged <= MAX_EXCEPTIONS {
            let place = Place::new(PlaceKind::Line, self.line_at(before));
            let note = "not a row of values; read as plain text";
            out.exception(Exception::part(Reason::Corrupt, Some(place), note));
        }
        self.plain_line = self.line_at(before);
        self.plain_from = before;
        let next = self.scan.next_start(before).unwrap_or(self.scan.text.len());
        let end = if self.scan.is_open_ended() { self.scan.text.len() } else { next };
        self.plain_until(end, out);
        self.scan.go_to(end);
    }

    /// The line of an offset that is not before what was handed over.
    fn line_at(&self, at: usize) -> usize {
        let between = self.scan.text.get(self.plain_from..at).unwrap_or_default();
        self.plain_line + between.matches('\n').count()
    }

    /// The lines after `COPY … FROM stdin;`, up to `\.`.
    fn copy(&mut self, copy: &Insert, out: &mut Out<'_>) {
        let captions = if copy.columns.is_empty() {
            self.columns.get(&copy.table).cloned().unwrap_or_default()
        } else {
            copy.columns.clone()
        };
        let mut number = self.n_rows.get(&copy.table).copied().unwrap_or(0);
        let mut binary = Binary { table: &copy.table, captions: &captions, ..Binary::default() };
        let scan = &mut self.scan;
        let next = || {
            let line = scan.line().filter(|line| *line != "\\.")?;
            number += 1;
            let values = line.split('\t').map(value::copied).collect();
            Some(Row { number, cells: binary.row(number, values), hidden: None })
        };
        let sheet = Table { sheet: Some(&copy.table), ..Table::default() };
        table::named(&sheet, &captions, std::iter::from_fn(next), out);
        binary.hand_over(out);
        self.n_rows.insert(copy.table.clone(), number);
    }
}

/// Binary values of the rows of a statement.
#[derive(Default)]
struct Binary<'n> {
    table: &'n str,
    captions: &'n [String],
    files: Vec<(String, Vec<u8>)>,
    n_opaque: usize,
}

impl Binary<'_> {
    fn row(&mut self, number: usize, values: Vec<Value>) -> Vec<String> {
        let cells = values.into_iter().enumerate().map(|(index, value)| match value {
            Value::Text(text) => text,
            Value::Bytes(bytes) => match blob::of(&bytes) {
                Blob::Text(text) => text,
                Blob::Words(words) => {
                    self.n_opaque += usize::from(bytes.len() > 64 || !words.is_empty());
                    words
                }
                Blob::File(ending) => {
                    let caption = match self.captions.get(index) {
                        Some(caption) => caption.clone(),
                        None => (index + 1).to_string(),
                    };
                    self.files.push((format!("{}/{number}/{caption}.{ending}", self.table), bytes));
                    String::new()
                }
            },
        });
        cells.collect()
    }

    fn hand_over(self, out: &mut Out<'_>) {
        for (name, bytes) in self.files {
            out.child(&name, bytes);
        }
        if self.n_opaque > 0 {
            let place = Place::new(PlaceKind::Row, 1).in_sheet(self.table);
            let note = format!("{} binary values; of these the words were read", self.n_opaque);
            out.exception(Exception::part(Reason::Unsupported, Some(place), note));
        }
    }
}

#[cfg(test)]
mod tests {
    use habeas_model::Document;

    use super::*;
    use crate::Budget;

    fn read_sql(text: &str) -> (Document, Vec<String>) {
        let budget = Budget::default();
        let sample = Sample::new("a.sql", text.as_bytes());
        let media_type = sniff(&sample).map(|found| found.1).unwrap_or_default();
        assert_eq!(media_type, "application/sql", "{text}");
        let mut out = Out::new(media_type, &budget);
        read(
            &Input { name: "a.sql", bytes: text.as_bytes(), media_type, budget: &budget },
            &mut out,
        );
        let (document, children) = out.finish();
        (document, children.into_iter().map(|child| child.name).collect())
    }

    fn check_sql(text: &str, expected: &[(&str, &str)]) {
        let (document, _) = read_sql(text);
        let got: Vec<(String, &str)> =
            document.passages.iter().map(|p| (p.place.to_string(), p.text.as_str())).collect();
        let got: Vec<(&str, &str)> =
            got.iter().map(|(place, text)| (place.as_str(), *text)).collect();
        assert_eq!(got, expected, "{text}");
        assert_eq!(document.exceptions, []);
    }

    #[test]
    fn rows_of_mysql() {
        check_sql(
            "-- MySQL dump 10.13\nCREATE TABLE `clients` (\n  `id` int(11) NOT NULL,\n  `name` varchar(80) COMMENT 'full, name',\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\nINSERT INTO `clients` VALUES (1,'Dara O\\'Shea'),(2,_utf8mb4'Bo \"Ek\"\\nLeeds'),\n(3,NULL);\nUPDATE clients SET name='Cy' WHERE id=3;\n",
            &[
                (
                    "line 1",
                    "-- MySQL dump 10.13\nCREATE TABLE `clients` (\n  `id` int(11) NOT NULL,\n  `name` varchar(80) COMMENT 'full, name',\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;",
                ),
                ("sheet \"clients\", row 1", "id: 1\nname: Dara O'Shea"),
                ("sheet \"clients\", row 2", "id: 2\nname: Bo \"Ek\"\nLeeds"),
                ("sheet \"clients\", row 3", "id: 3"),
                ("line 9", "UPDATE clients SET name='Cy' WHERE id=3;"),
            ],
        );
    }

    #[test]
    fn rows_of_postgresql() {
        check_sql(
            "CREATE TABLE public.t (x int, y text);\nCOPY public.t (x, y) FROM stdin;\n1\tAmara\\tLind\n2\t\\N\n\\.\n\nINSERT INTO public.t VALUES (3, E'a\\'b'), (4, $q$it's$q$), (5, 'C:\\'), (6, 'x'::text);\nSELECT 1;\n",
            &[
                (
                    "line 1",
                    "CREATE TABLE public.t (x int, y text);\nCOPY public.t (x, y) FROM stdin;",
                ),
                ("sheet \"t\", row 1", "x: 1\ny: Amara\tLind"),
                ("sheet \"t\", row 2", "x: 2"),
                ("sheet \"t\", row 3", "x: 3\ny: a'b"),
                ("sheet \"t\", row 4", "x: 4\ny: it's"),
                ("sheet \"t\", row 5", "x: 5\ny: C:\\"),
                ("sheet \"t\", row 6", "x: 6\ny: x"),
                ("line 8", "SELECT 1;"),
            ],
        );
    }

    #[test]
    fn rows_of_other_databases() {
        check_sql(
            "SET IDENTITY_INSERT [dbo].[P] ON \nINSERT [dbo].[P] ([Id], [Full Name], [Born]) VALUES (1, N'Dara O''Shea', CAST(N'1985-04-03' AS Date))\nINSERT [dbo].[P] ([Id], [Full Name], [Born]) VALUES (2, N'Bo', NULL)\nGO\nprint 'x'\n",
            &[
                ("line 1", "SET IDENTITY_INSERT [dbo].[P] ON"),
                ("sheet \"P\", row 1", "Id: 1\nFull Name: Dara O'Shea\nBorn: 1985-04-03"),
                ("sheet \"P\", row 2", "Id: 2\nFull Name: Bo"),
                ("line 5", "print 'x'"),
            ],
        );
        check_sql(
            "Insert into CRM.P (ID,N,D) values (1,q'[it's]',to_date('03-APR-85','DD-MON-RR'));\nInsert into CRM.P (ID,N,D) values (2,'a'||chr(39)||'b',null);\n",
            &[
                ("sheet \"CRM.P\", row 1", "ID: 1\nN: it's\nD: 03-APR-85"),
                ("sheet \"CRM.P\", row 2", "ID: 2\nN: a'b"),
            ],
        );
        check_sql(
            "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(a,b);\nINSERT INTO t VALUES('x\\',replace('a\\nb','\\n',char(10)));\nCOMMIT;\n",
            &[
                ("line 1", "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(a,b);"),
                ("sheet \"t\", row 1", "a: x\\\nb: a\nb"),
                ("line 5", "COMMIT;"),
            ],
        );
    }

    #[test]
    fn a_file_in_a_row_is_a_member() {
        let hex: String =
            "%PDF-1.4 abcdefghijklmnopqrstuvwxyz".bytes().map(|b| format!("{b:02x}")).collect();
        let sql =
            format!("INSERT INTO d (id, f) VALUES (1, X'{hex}'), (2, 0x{hex}), (3, '\\x{hex}');\n");
        assert_eq!(read_sql(&sql).1, ["d/1/f.pdf", "d/2/f.pdf", "d/3/f.pdf"]);
    }

    #[test]
    fn a_damaged_row_loses_no_word() {
        let (document, _) =
            read_sql("INSERT INTO t VALUES (1,'one'),(2,'two\nINSERT INTO t VALUES (3,three);\n");
        for word in ["one", "two", "three"] {
            assert!(document.text().contains(word), "{word}: {document:?}");
        }
        assert_eq!(document.exceptions.len(), 1);
        let (document, _) = read_sql(
            "INSERT INTO t VALUES (1,'one'),oops (2,'two');\nINSERT INTO t VALUES (3,'three');\n",
        );
        for word in ["one", "oops", "two", "three"] {
            assert!(document.text().contains(word), "{word}: {document:?}");
        }
    }
}
