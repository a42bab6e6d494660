//! Which of an item's occurrences is the one that was read?
//!
//! The first by source and path, whatever the order in which they were found: two estates with the
//! same files have the same sums and the same schedule.

use rusqlite::{Connection, OptionalExtension};

use crate::Error;
use crate::schema::{DUPLICATE, READ};

/// Puts the outcomes of an item's occurrences right, and remembers an item that has none left.
pub(crate) fn settle(db: &Connection, item: &[u8]) -> Result<(), Error> {
    let first: Option<(i64, i64)> = db
        .prepare_cached(
            "SELECT id, outcome FROM occurrence WHERE item = ?1 AND outcome <= 1
             ORDER BY source, path, id LIMIT 1",
        )?
        .query_row([item], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((first, outcome)) = first else {
        // Not taken out now: the file that says it again may be on its way.
        db.prepare_cached("INSERT OR IGNORE INTO orphan SELECT id FROM item WHERE id = ?1")?
            .execute([item])?;
        return Ok(());
    };
    db.prepare_cached("DELETE FROM orphan WHERE item = ?1")?.execute([item])?;
    if outcome != READ {
        db.prepare_cached("UPDATE occurrence SET outcome = ?2 WHERE item = ?1 AND outcome = 0")?
            .execute((item, DUPLICATE))?;
        db.prepare_cached("UPDATE occurrence SET outcome = ?2 WHERE id = ?1")?
            .execute((first, READ))?;
    }
    Ok(())
}
