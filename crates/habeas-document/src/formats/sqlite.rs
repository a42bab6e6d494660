//! SQLite databases: what do their tables hold, and what is left in them of rows that are gone?
//!
//! The database is opened in memory and read only. Nothing that it defines is run: no view, no
//! trigger, no virtual table.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::Read;

use habeas_model::{Card, Exception, Part, Passage, Place, PlaceKind, Reason};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, MAIN_DB};

use super::blob::{self, Blob};
use super::{Format, text};
use crate::encoding;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};
use crate::table::{self, Row, Table};

mod freed;
mod pages;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "sqlite",
        version: 2,
        summary: "SQLite databases: every table, files in it as members, and what is left of deleted rows",
        handles: &["application/vnd.sqlite3", ".sqlite", ".sqlite3", ".db"],
        authority: "sqlite.org/fileformat2.html",
    },
    sniff,
    read,
};

const DATABASE: &str = "application/vnd.sqlite3";
const LOG: &str = "application/x-sqlite3-wal";
const JOURNAL: &str = "application/x-sqlite3-journal";

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let media_type = if sample.starts_with(b"SQLite format 3\0") {
        DATABASE
    } else if sample.starts_with(b"\x37\x7f\x06\x82") || sample.starts_with(b"\x37\x7f\x06\x83") {
        LOG
    } else if sample.starts_with(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7") {
        JOURNAL
    } else {
        return None;
    };
    Some((Sure::Magic, media_type))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    match input.media_type {
        LOG => return pages::of_log(input.bytes, out),
        JOURNAL => return pages::of_journal(input.bytes, out),
        _ => {}
    }
    let mut widths = BTreeSet::new();
    let is_whole = match open(input.bytes) {
        Ok(database) => {
            widths = self::widths(&database).unwrap_or_default();
            tables(&database, out)
        }
        Err(error) => {
            out.exception(Exception::part(Reason::Corrupt, None, kind(&error)));
            false
        }
    };
    if !is_whole && !out.is_full() {
        let note = "the database is damaged: its rows were read page by page as well, without their \
                    tables' names";
        out.exception(Exception::part(Reason::Corrupt, None, note));
        pages::all(input.bytes, out);
    }
    pages::deleted(input.bytes, &widths, out);
}

/// After this many steps of SQLite's machine for each byte of the file, reading stops.
const STEPS_PER_BYTE: u64 = 400;
/// Between how many steps the count is looked at.
const STEPS: i32 = 10_000;

fn open(bytes: &[u8]) -> rusqlite::Result<Connection> {
    let mut database = Connection::open_in_memory()?;
    for (config, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        database.set_db_config(config, is_on)?;
    }
    let largest = i32::try_from(bytes.len().max(1 << 20)).unwrap_or(i32::MAX);
    database.set_limit(Limit::SQLITE_LIMIT_LENGTH, largest)?;
    let mut n_left =
        (bytes.len() as u64 * STEPS_PER_BYTE).max(1 << 28) / STEPS.unsigned_abs() as u64;
    let is_over = move || {
        n_left = n_left.saturating_sub(1);
        n_left == 0
    };
    database.progress_handler(STEPS, Some(is_over))?;
    // One in the mode of a write-ahead log (2 in bytes 18 and 19) cannot be opened without a file.
    let (head, rest) = (&bytes[..bytes.len().min(18)], bytes.get(20..).unwrap_or_default());
    let middle: &[u8] = if bytes.len() >= 20 { &[1, 1] } else { &[] };
    let reader = head.chain(middle).chain(rest);
    database.deserialize_read_exact(
        MAIN_DB,
        reader,
        head.len() + middle.len() + rest.len(),
        true,
    )?;
    Ok(database)
}

/// What SQLite says is wrong, without the names it may put into its message.
fn kind(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(code) => format!("SQLite says: {code:?}"),
        None => "SQLite cannot read it".to_owned(),
    }
}

/// An entry of the schema.
struct Entry {
    kind: String,
    name: String,
    root: i64,
    sql: String,
}

fn schema(database: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let mut statement =
        database.prepare("SELECT type, name, rootpage, sql FROM sqlite_schema ORDER BY rowid")?;
    let mut rows = statement.query([])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let text =
            |index| row.get_ref(index).map_or_else(|_| String::new(), |value| shown(value).0);
        let root = row.get(2).unwrap_or(0);
        entries.push(Entry { kind: text(0), name: text(1), root, sql: text(3) });
    }
    Ok(entries)
}

/// The numbers of columns that the tables have.
fn widths(database: &Connection) -> rusqlite::Result<BTreeSet<usize>> {
    let mut statement = database.prepare(
        "SELECT DISTINCT (SELECT count(*) FROM pragma_table_info(name)) FROM sqlite_schema
        WHERE type = 'table' AND rootpage > 0",
    )?;
    let widths = statement.query_map([], |row| row.get::<_, i64>(0))?;
    let widths = widths.filter_map(|width| usize::try_from(width.ok()?).ok());
    Ok(widths.filter(|width| *width > 0).collect())
}

/// Reads all tables. Gives whether each of them was read to its end.
fn tables<'a>(database: &Connection, out: &mut Out<'a>) -> bool {
    let entries = match schema(database) {
        Ok(entries) => entries,
        Err(error) => {
            out.exception(Exception::part(Reason::Corrupt, None, kind(&error)));
            return false;
        }
    };
    let mut is_whole = true;
    for (index, entry) in entries.iter().enumerate() {
        let has_words = ["'", "--", "/*"].iter().any(|mark| entry.sql.contains(mark));
        if has_words {
            // What a definition says in quotation marks or comments may name somebody.
            let place = Place::new(PlaceKind::Header, index + 1).in_sheet(&entry.name);
            for piece in text::pieces(&entry.sql) {
                let passage = Passage::text(place.clone(), piece);
                out.passage(Passage { part: Part::Properties, ..passage });
            }
        }
        if entry.kind != "table" || out.is_full() {
            continue;
        }
        if entry.root == 0 {
            virtual_table(entry, &entries, out);
        } else if !is_search_index(&entry.name, &entries)
            && let Err(error) = table(database, &entry.name, out)
        {
            let reason = match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::OperationInterrupted) => Reason::TimeLimit,
                _ => Reason::Corrupt,
            };
            let place = Place::new(PlaceKind::Row, 1).in_sheet(&entry.name);
            out.exception(Exception::part(reason, Some(place), kind(&error)));
            is_whole = false;
        }
    }
    is_whole
}

fn module(entry: &Entry) -> Option<String> {
    let sql = entry.sql.to_ascii_lowercase();
    let (_, after) = sql.split_once(" using ")?;
    let name = after.trim_start();
    (entry.root == 0 && sql.trim_start().starts_with("create virtual"))
        .then(|| name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
}

/// The tables in which a search index keeps its words: what it indexes stands in `…_content`.
fn is_search_index(name: &str, entries: &[Entry]) -> bool {
    let endings = ["_data", "_idx", "_docsize", "_config", "_segments", "_segdir", "_stat"];
    entries.iter().any(|entry| {
        name.strip_prefix(entry.name.as_str()).is_some_and(|ending| endings.contains(&ending))
            && module(entry).is_some_and(|module| module.starts_with("fts"))
    })
}

/// A virtual table is not run. What it shows stands in tables beside it, mostly.
fn virtual_table(entry: &Entry, entries: &[Entry], out: &mut Out<'_>) {
    let prefix = format!("{}_", entry.name);
    let has_content = entries.iter().any(|other| {
        other.root > 0 && other.name.strip_prefix(&prefix).is_some_and(|rest| !rest.is_empty())
    });
    let is_contentless = module(entry).is_some_and(|module| module.starts_with("fts"))
        && !entries.iter().any(|other| other.name == format!("{prefix}content"))
        && ["content=''", "content=\"\""]
            .iter()
            .any(|mark| entry.sql.replace(' ', "").contains(mark));
    if !has_content || is_contentless {
        let note = "a virtual table: what it shows is not stored as text in this file";
        let place = Place::new(PlaceKind::Row, 1).in_sheet(&entry.name);
        out.exception(Exception::part(Reason::Unsupported, Some(place), note));
    }
}

/// The names of a table's columns, whatever bytes they are: the library's own way panics on those
/// that are not UTF-8.
fn captions(database: &Connection, name: &str, n: usize) -> rusqlite::Result<Vec<String>> {
    let mut names = database.prepare(
        "SELECT CAST(name AS BLOB) FROM pragma_table_xinfo(?1)
        WHERE hidden <> 1 ORDER BY cid",
    )?;
    let names = names.query_map([name], |row| row.get::<_, Vec<u8>>(0))?;
    let mut captions = Vec::new();
    for name in names {
        captions.push(crate::encoding::decode(&name?, None).text.into_owned());
    }
    captions.resize_with(n, String::new);
    Ok(captions)
}

fn table(database: &Connection, name: &str, out: &mut Out<'_>) -> rusqlite::Result<()> {
    let mut statement =
        database.prepare(&format!("SELECT * FROM \"{}\"", name.replace('"', "\"\"")))?;
    let captions = captions(database, name, statement.column_count())?;
    let mut rows = statement.query([])?;
    let (mut number, mut trouble) = (0, None);
    let found = RefCell::new(Binary::default());
    let next = || match rows.next() {
        Ok(Some(row)) => {
            number += 1;
            let cells =
                captions.iter().enumerate().map(|(index, caption)| match row.get_ref(index) {
                    Ok(ValueRef::Blob(bytes)) => {
                        found.borrow_mut().cell(bytes, || format!("{name}/{number}/{caption}"))
                    }
                    Ok(value) => shown(value).0,
                    Err(_) => String::new(),
                });
            Some(Row { number, cells: cells.collect(), hidden: None })
        }
        Ok(None) => None,
        Err(error) => {
            trouble = Some(error);
            None
        }
    };
    let sheet = Table { sheet: Some(name), ..Table::default() };
    table::named(&sheet, &captions, std::iter::from_fn(next), out);
    let found = found.into_inner();
    for (name, bytes) in found.files {
        out.child(&name, bytes);
    }
    if found.n_opaque > 0 {
        let place = Place::new(PlaceKind::Row, 1).in_sheet(name);
        let note = format!("{} binary values; of these the words were read", found.n_opaque);
        out.exception(Exception::part(Reason::Unsupported, Some(place), note));
    }
    trouble.map_or(Ok(()), Err)
}

/// What was found in the binary values of a table.
#[derive(Default)]
struct Binary {
    files: Vec<(String, Vec<u8>)>,
    n_opaque: usize,
}

/// A binary value up to this long is a number, a key or a sum, and nobody's name.
const KEY_BYTES: usize = 64;

impl Binary {
    fn cell(&mut self, bytes: &[u8], name: impl Fn() -> String) -> String {
        match blob::of(bytes) {
            Blob::Text(text) => text,
            Blob::File(ending) => {
                self.files.push((format!("{}.{ending}", name()), bytes.to_vec()));
                String::new()
            }
            Blob::Words(words) => {
                self.n_opaque += usize::from(bytes.len() > KEY_BYTES || !words.is_empty());
                words
            }
        }
    }
}

/// A value as it is shown, and whether it has one.
fn shown(value: ValueRef<'_>) -> (String, bool) {
    match value {
        ValueRef::Null => (String::new(), false),
        ValueRef::Integer(number) => (number.to_string(), true),
        ValueRef::Real(number) => (number.to_string(), true),
        ValueRef::Text(bytes) => (encoding::decode(bytes, None).text.into_owned(), true),
        ValueRef::Blob(bytes) => (blob::words(bytes), true),
    }
}

#[cfg(test)]
mod tests {
    use habeas_model::{Document, Hidden};

    use super::*;
    use crate::Budget;

    /// A database in the bytes of a file.
    fn made(sql: &str) -> Vec<u8> {
        let mut database = Connection::open_in_memory().unwrap();
        database.execute_batch(sql).unwrap();
        database.serialize(MAIN_DB).unwrap().to_vec()
    }

    fn read_all(bytes: &[u8]) -> (Document, Vec<String>) {
        let budget = Budget::default();
        let media_type = sniff(&Sample::new("a.db", bytes)).unwrap().1;
        let mut out = Out::new(media_type, &budget);
        read(&Input { name: "a.db", bytes, media_type, budget: &budget }, &mut out);
        let (document, children) = out.finish();
        (document, children.into_iter().map(|child| child.name).collect())
    }

    fn check(sql: &str, expected: &[(&str, &str)], members: &[&str]) {
        let (document, children) = read_all(&made(sql));
        let got: Vec<(String, String)> =
            document.passages.iter().map(|p| (p.place.to_string(), p.text.clone())).collect();
        let got: Vec<(&str, &str)> =
            got.iter().map(|(place, text)| (place.as_str(), text.as_str())).collect();
        assert_eq!(got, expected, "{sql}");
        assert_eq!(children, members, "{sql}");
    }

    #[test]
    fn every_row_is_a_record_of_its_table() {
        check(
            "PRAGMA page_size=512; CREATE TABLE clients(id INTEGER PRIMARY KEY, name TEXT, seen REAL);
             INSERT INTO clients VALUES(7,'Amara Lind',1.5),(9,'Bo Ek',NULL);
             CREATE TABLE \"no \"\"row\"(k TEXT PRIMARY KEY, up AS (upper(k))) WITHOUT ROWID;
             INSERT INTO \"no \"\"row\" VALUES('leeds');
             CREATE VIEW v AS SELECT * FROM clients;",
            &[
                ("sheet \"clients\", row 1", "id: 7\nname: Amara Lind\nseen: 1.5"),
                ("sheet \"clients\", row 2", "id: 9\nname: Bo Ek"),
                ("sheet \"no \\\"row\", row 1", "k: leeds\nup: LEEDS"),
            ],
            &[],
        );
    }

    #[test]
    fn bytes_are_members_or_text() {
        check(
            "CREATE TABLE f(n, b); INSERT INTO f VALUES('a', CAST('%PDF-1.4 abcdefghijklmnopqrstuvwxyz' AS BLOB)),
             ('b', CAST('Zoë' AS BLOB)), ('c', x'000102');",
            &[
                ("sheet \"f\", row 1", "n: a"),
                ("sheet \"f\", row 2", "n: b\nb: Zoë"),
                ("sheet \"f\", row 3", "n: c"),
            ],
            &["f/1/b.pdf"],
        );
    }

    #[test]
    fn a_search_index_does_not_double_its_text() {
        let (document, _) = read_all(&made(
            "CREATE VIRTUAL TABLE s USING fts5(body); INSERT INTO s VALUES('Amara Lind called');",
        ));
        assert_eq!(document.text().matches("Amara").count(), 1, "{}", document.text());
        assert_eq!(document.exceptions, []);
    }

    #[test]
    fn a_deleted_row_is_still_there_and_hidden() {
        let many: String = (0..200)
            .map(|n| format!("INSERT INTO t VALUES('Person {n} Lind','07700 900{n:03}');"))
            .collect();
        let (document, _) = read_all(&made(&format!(
            "PRAGMA secure_delete=OFF; PRAGMA page_size=1024; CREATE TABLE t(name, phone); {many} DELETE FROM t; INSERT INTO t VALUES('Bo Ek','1');"
        )));
        assert_eq!(document.passages[0].text, "name: Bo Ek\nphone: 1");
        let left: Vec<_> = document.passages[1..].iter().collect();
        assert!(left.iter().all(|passage| passage.hidden == Some(Hidden::Deleted)));
        let n_people = (0..200)
            .filter(|n| left.iter().any(|p| p.text.contains(&format!("Person {n} Lind"))))
            .count();
        assert!(n_people > 190, "{n_people}");
    }

    #[test]
    fn a_damaged_database_is_read_page_by_page() {
        let mut bytes =
            made("PRAGMA page_size=512; CREATE TABLE t(name); INSERT INTO t VALUES('Amara Lind');");
        bytes[100] ^= 0xff;
        let (document, _) = read_all(&bytes);
        assert!(document.text().contains("Amara Lind"), "{document:?}");
        assert!(document.exceptions.iter().any(|e| e.reason == Reason::Corrupt));
    }

    #[test]
    fn a_database_in_the_mode_of_a_log_is_read() {
        let mut bytes = made("CREATE TABLE t(name); INSERT INTO t VALUES('Amara Lind');");
        (bytes[18], bytes[19]) = (2, 2);
        let (document, _) = read_all(&bytes);
        assert_eq!(document.text(), "name: Amara Lind");
        assert_eq!(document.exceptions, []);
    }
}
