//! Which tables does the inventory have?

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::Error;

/// Goes up with every change of the tables or of the full text's fields.
pub(crate) const FORMAT: i64 = 3;

/// Outcomes of an occurrence in `occurrence.outcome`. The first two can be told apart only by
/// looking at all occurrences of an item, which is what `settle` does.
pub(crate) const READ: i64 = 0;
pub(crate) const DUPLICATE: i64 = 1;
pub(crate) const EXCEPTED: i64 = 2;
pub(crate) const EXCLUDED: i64 = 3;

const TABLES: &str = "
    -- `batch`: the last batch that was written.
    CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO state VALUES ('batch', 0);

    CREATE TABLE run (
        id INTEGER PRIMARY KEY, started INTEGER NOT NULL, ended INTEGER,
        is_complete INTEGER NOT NULL DEFAULT 0, isolation TEXT);

    CREATE TABLE source (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, base BLOB NOT NULL, last_run INTEGER);

    -- What a listing came upon: a file (kind 0), or something that was not opened (kind 1); `added`
    -- is the run that saw it there first.
    CREATE TABLE file (
        id INTEGER PRIMARY KEY, source INTEGER NOT NULL, raw BLOB NOT NULL, path TEXT NOT NULL,
        kind INTEGER NOT NULL, size_bytes INTEGER NOT NULL, modified_ns INTEGER NOT NULL,
        inode INTEGER NOT NULL, version TEXT NOT NULL, limits TEXT NOT NULL,
        retry INTEGER NOT NULL, is_complete INTEGER NOT NULL, item BLOB, gone INTEGER,
        added INTEGER NOT NULL,
        batch INTEGER NOT NULL, UNIQUE (source, raw));

    -- A file, or a member of one; `depth` tells how many of the path's segments are members, and
    -- `members` how many it listed itself.
    CREATE TABLE occurrence (
        id INTEGER PRIMARY KEY, file INTEGER NOT NULL, source TEXT NOT NULL, path TEXT NOT NULL,
        depth INTEGER NOT NULL, item BLOB, outcome INTEGER NOT NULL, rule TEXT, exceptions TEXT,
        members INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX occurrence_file ON occurrence (file);
    CREATE INDEX occurrence_item ON occurrence (item, source, path) WHERE item IS NOT NULL;
    CREATE INDEX occurrence_path ON occurrence (source, path);
    CREATE INDEX occurrence_exception ON occurrence (source, path) WHERE exceptions IS NOT NULL;
    CREATE UNIQUE INDEX occurrence_read ON occurrence (item) WHERE outcome = 0;

    CREATE TABLE item (
        number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, media_type TEXT NOT NULL,
        size_bytes INTEGER NOT NULL, facts TEXT NOT NULL, n_passages INTEGER NOT NULL,
        is_read INTEGER NOT NULL, version TEXT NOT NULL, run INTEGER NOT NULL, names BLOB,
        batch INTEGER NOT NULL);
    CREATE INDEX item_batch ON item (batch);
    CREATE INDEX file_batch ON file (batch);
    CREATE INDEX file_item ON file (item) WHERE item IS NOT NULL;

    -- Items that no file says any more; their text goes when a run is at its end.
    CREATE TABLE orphan (item BLOB PRIMARY KEY) WITHOUT ROWID;
    -- Items whose text went with that batch, until the next one is safe.
    CREATE TABLE doomed (item BLOB PRIMARY KEY, batch INTEGER NOT NULL) WITHOUT ROWID;

    CREATE TABLE name (name TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
";

/// Opens the inventory for writing, and makes its tables if it is new.
pub(crate) fn open_writable(path: &Path) -> Result<Connection, Error> {
    let mut db = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    prepare(&db)?;
    db.pragma_update(None, "journal_mode", "wal")?;
    // A batch that was reported as written is written, even if the power fails.
    db.pragma_update(None, "synchronous", "full")?;
    // Digests come in no order, so each of their index's pages is wanted again soon: in KiB.
    db.pragma_update(None, "cache_size", -(32 << 10))?;
    if format(&db)? == 0 {
        let tx = db.transaction()?;
        tx.execute_batch(TABLES)?;
        tx.pragma_update(None, "user_version", FORMAT)?;
        tx.commit()?;
    }
    check_format(&db, path)?;
    Ok(db)
}

/// Opens the inventory to ask only.
pub(crate) fn open_readable(path: &Path) -> Result<Connection, Error> {
    let absent = || Error::Absent(path.parent().unwrap_or(path).display().to_string());
    if !path.is_file() {
        return Err(absent());
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    prepare(&db)?;
    db.pragma_update(None, "query_only", true)?;
    // A run has one for every source and every reader, and the system keeps the pages too: in KiB.
    db.pragma_update(None, "cache_size", -512)?;
    if format(&db)? == 0 {
        return Err(absent());
    }
    check_format(&db, path)?;
    Ok(db)
}

fn prepare(db: &Connection) -> Result<(), Error> {
    db.busy_timeout(Duration::from_secs(10))?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn format(db: &Connection) -> Result<i64, Error> {
    Ok(db.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn check_format(db: &Connection, path: &Path) -> Result<(), Error> {
    let found = format(db)?;
    if found == FORMAT {
        return Ok(());
    }
    let dir = path.parent().unwrap_or(path).display().to_string();
    Err(Error::Version { dir, found, wanted: FORMAT })
}
