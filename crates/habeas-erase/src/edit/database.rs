//! A database without some rows: they are deleted, and the database is packed anew, so that nothing of
//! them is left in free pages.
//!
//! It happens in memory, on a copy. Nothing that the database defines is run. Where other things in it
//! hang on the rows (programs of its own, search indexes, rows that refer to them), it is refused.

use habeas_model::{Place, PlaceKind};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB};
use std::collections::{BTreeMap, BTreeSet};

use super::{Edited, Unmade};

/// Where a database says how it is written: 2 twice with a write-ahead log.
const MODES: std::ops::Range<usize> = 18..20;

pub(super) fn edited(bytes: &[u8], rows: &[Place]) -> Result<Edited, Unmade> {
    let modes = bytes.get(MODES).ok_or_else(|| "it is no database".to_owned())?.to_vec();
    let mut copy = bytes.to_vec();
    copy[MODES].copy_from_slice(&[1, 1]);
    let damaged = |_| "the database is damaged, or SQLite does not take it".to_owned();
    let mut database = Connection::open_in_memory().map_err(damaged)?;
    for (config, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        database.set_db_config(config, is_on).map_err(damaged)?;
    }
    database
        .deserialize_read_exact(MAIN_DB, copy.as_slice(), copy.len(), false)
        .map_err(damaged)?;
    let mut tables: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for place in rows {
        match &place.sheet {
            Some(table) if place.kind == PlaceKind::Row => {
                tables.entry(table).or_default().insert(i64::from(place.number));
            }
            _ => return Err("it is not in a row of a table".to_owned()),
        }
    }
    check(&database, &tables)?;
    // Rows that refer to them are looked for afterwards, and never deleted with them.
    database.pragma_update(None, "foreign_keys", "off").map_err(damaged)?;
    let n_loose = loose(&database).map_err(damaged)?;
    database.pragma_update(None, "secure_delete", "on").map_err(damaged)?;
    for (table, numbers) in &tables {
        delete(&database, table, numbers)?;
    }
    if loose(&database).map_err(damaged)? > n_loose {
        return Err("other rows of the database refer to them".to_owned());
    }
    database
        .execute_batch("VACUUM")
        .map_err(|_| "the database cannot be packed anew".to_owned())?;
    let mut bytes = database.serialize(MAIN_DB).map_err(damaged)?.to_vec();
    bytes
        .get_mut(MODES)
        .ok_or_else(|| "the database cannot be packed anew".to_owned())?
        .copy_from_slice(&modes);
    let rest = vec!["the database is packed anew: every other row stays, on other pages"];
    Ok(Edited { bytes, rest })
}

/// Refuses what rows cannot be taken out of alone.
fn check(database: &Connection, tables: &BTreeMap<&str, BTreeSet<i64>>) -> Result<(), Unmade> {
    let damaged = |_| "the database is damaged".to_owned();
    let state: String =
        database.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(damaged)?;
    if state != "ok" {
        return Err("the database is damaged".to_owned());
    }
    let count = |sql: &str, name: &str| -> Result<i64, Unmade> {
        database.query_row(sql, [name], |row| row.get(0)).map_err(damaged)
    };
    let virtual_tables =
        "SELECT count(*) FROM sqlite_schema WHERE ?1 = '' AND type = 'table' AND rootpage = 0";
    if count(virtual_tables, "")? > 0 {
        return Err("it has tables that other programs keep up, such as a search index".to_owned());
    }
    for table in tables.keys() {
        let triggers = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 \
                        COLLATE NOCASE";
        if count(triggers, table)? > 0 {
            return Err(
                "a program of the database itself (a trigger) hangs on the table".to_owned()
            );
        }
    }
    Ok(())
}

/// Rows that refer to rows that are not there.
fn loose(database: &Connection) -> rusqlite::Result<usize> {
    let mut statement = database.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    let mut n = 0;
    while rows.next()?.is_some() {
        n += 1;
    }
    Ok(n)
}

/// Deletes the rows with these numbers, counted from 1 in the order in which a table is read.
fn delete(database: &Connection, table: &str, numbers: &BTreeSet<i64>) -> Result<(), Unmade> {
    let quoted = format!("\"{}\"", table.replace('"', "\"\""));
    let elsewhere = |_| "its rows have no numbers of their own".to_owned();
    let key = key(database, table)?;
    let mut keys = Vec::new();
    {
        let mut statement =
            database.prepare(&format!("SELECT {key}, * FROM {quoted}")).map_err(elsewhere)?;
        let mut rows = statement.query([]).map_err(elsewhere)?;
        let mut number = 0;
        while let Some(row) = rows.next().map_err(elsewhere)? {
            number += 1;
            if numbers.contains(&number) {
                keys.push(row.get::<_, i64>(0).map_err(elsewhere)?);
            }
        }
    }
    if keys.len() != numbers.len() {
        return Err("a row is not where it was".to_owned());
    }
    let mut statement =
        database.prepare(&format!("DELETE FROM {quoted} WHERE {key} = ?1")).map_err(elsewhere)?;
    for key in keys {
        let n = statement.execute([key]).map_err(|_| "a row cannot be deleted".to_owned())?;
        if n != 1 {
            return Err("a row is not where it was".to_owned());
        }
    }
    Ok(())
}

/// A name for the number of a row that no column has.
fn key(database: &Connection, table: &str) -> Result<&'static str, Unmade> {
    let has = |name: &str| -> rusqlite::Result<bool> {
        database.query_row(
            "SELECT count(*) > 0 FROM pragma_table_xinfo(?1) WHERE name = ?2 COLLATE NOCASE",
            [table, name],
            |row| row.get(0),
        )
    };
    ["rowid", "_rowid_", "oid"]
        .into_iter()
        .find(|name| matches!(has(name), Ok(false)))
        .ok_or_else(|| "its rows have no numbers of their own".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(sql: &str) -> Vec<u8> {
        let mut database = Connection::open_in_memory().unwrap();
        database.execute_batch(sql).unwrap();
        database.serialize(MAIN_DB).unwrap().to_vec()
    }

    fn names(bytes: &[u8]) -> Vec<String> {
        let mut bytes = bytes.to_vec();
        bytes[MODES].copy_from_slice(&[1, 1]);
        let mut database = Connection::open_in_memory().unwrap();
        database.deserialize_read_exact(MAIN_DB, bytes.as_slice(), bytes.len(), true).unwrap();
        let mut statement = database.prepare("SELECT name FROM people").unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    }

    const PEOPLE: &str = "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, rowid TEXT);
        CREATE INDEX by_name ON people (name);
        INSERT INTO people (name) VALUES ('Bo Ek'), ('GONE Lind'), ('Eve Fox'), ('GONE Two');";

    fn row(number: usize) -> Place {
        Place::new(PlaceKind::Row, number).in_sheet("people")
    }

    #[test]
    fn rows_go_and_leave_nothing_behind() {
        let mut bytes = database(PEOPLE);
        bytes[MODES].copy_from_slice(&[2, 2]);
        let edited = edited(&bytes, &[row(2), row(4)]).unwrap().bytes;
        assert_eq!(names(&edited), ["Bo Ek", "Eve Fox"]);
        assert!(!edited.windows(4).any(|window| window == b"GONE"));
        assert_eq!(edited[MODES], [2, 2]);
        assert_eq!(super::edited(&bytes, &[row(2), row(4)]).unwrap().bytes, edited);
    }

    #[test]
    fn what_other_things_hang_on_is_refused() {
        let check = |sql: &str, rows: &[Place], words: &str| {
            let why = edited(&database(&format!("{PEOPLE}{sql}")), rows).unwrap_err();
            assert!(why.contains(words), "{why}");
        };
        check("CREATE TRIGGER t AFTER DELETE ON people BEGIN SELECT 1; END;", &[row(1)], "trigger");
        check(
            "CREATE TABLE notes (of INTEGER REFERENCES people (id)); INSERT INTO notes VALUES (2);",
            &[row(2)],
            "refer",
        );
        check("CREATE VIRTUAL TABLE words USING fts5(text);", &[row(1)], "search index");
        check("", &[row(9)], "not where it was");
        let bytes = database(
            "CREATE TABLE people (name TEXT PRIMARY KEY) WITHOUT ROWID;
            INSERT INTO people VALUES ('Bo');",
        );
        assert!(edited(&bytes, &[row(1)]).is_err());
        for n in [0, 10, 100, 1000] {
            assert!(edited(&database(PEOPLE)[..n], &[row(1)]).is_err());
        }
    }
}
