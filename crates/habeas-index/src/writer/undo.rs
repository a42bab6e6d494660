//! What is undone after a kill, what goes at the end of a run, and do the figures agree?

use habeas_model::{Exception, ItemId, Reason};
use rusqlite::Connection;

use super::Writer;
use crate::inventory::count;
use crate::schema::EXCEPTED;
use crate::split::item_term;
use crate::{Audit, Error, names};

impl Writer {
    /// Undoes what the inventory has beyond the full text's last commit.
    pub(super) fn reconcile(&mut self, safe: i64) -> Result<(), Error> {
        if safe > self.batch {
            return Err(Error::Damaged("the inventory is older than the full text".to_owned()));
        }
        if safe == self.batch {
            return Ok(());
        }
        tracing::warn!(batch = self.batch, "a run was killed; its last batch is read again");
        self.begin()?;
        let mut query = self.db.prepare(
            "SELECT id, names FROM item WHERE batch > ?1
             UNION ALL SELECT item, NULL FROM doomed WHERE batch > ?1",
        )?;
        let rows = query.query_map([safe], |row| {
            Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, Option<Vec<u8>>>(1)?))
        })?;
        for row in rows {
            let (item, known) = row?;
            self.text.delete_term(item_term(self.fields, &item));
            names::count(&self.db, known.as_deref(), false)?;
        }
        drop(query);
        self.db.execute(
            "UPDATE file SET is_complete = 0 WHERE batch > ?1 OR id IN (SELECT o.file
             FROM item i JOIN occurrence o ON o.item = i.id WHERE i.batch > ?1)",
            [safe],
        )?;
        self.db.execute(
            "UPDATE item SET is_read = 0, n_passages = 0, names = NULL WHERE batch > ?1",
            [safe],
        )?;
        self.commit()
    }

    /// Makes exceptions of the places of an item whose text did not come to its end; the next run
    /// reads it again wherever it is.
    pub(super) fn spoil(&mut self, item: &ItemId) -> Result<(), Error> {
        let note = "changed while it was read, here or at another place";
        let why = serde_json::to_string(&[Exception::whole(Reason::Changed, note)])?;
        let item = item.as_bytes();
        self.db.execute(
            "UPDATE file SET retry = 2 WHERE id IN (SELECT file FROM occurrence WHERE item = ?1)",
            [item],
        )?;
        self.db.execute(
            "UPDATE occurrence SET outcome = ?2, exceptions = ?3 WHERE item = ?1 AND outcome <= 1",
            (item, EXCEPTED, &why),
        )?;
        self.touched.insert(*item);
        Ok(())
    }

    /// Takes out the text of items that have no occurrence left that could be read.
    pub(super) fn purge(&mut self) -> Result<(), Error> {
        // The batch that doomed these is safe by now.
        self.db.execute("DELETE FROM doomed", [])?;
        let mut query = self
            .db
            .prepare("SELECT o.item, i.names FROM orphan o CROSS JOIN item i ON i.id = o.item")?;
        let rows = query.query_map([], |row| {
            Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, Option<Vec<u8>>>(1)?))
        })?;
        for row in rows {
            let (item, known) = row?;
            names::count(&self.db, known.as_deref(), false)?;
            self.text.delete_term(item_term(self.fields, &item));
            self.db
                .prepare_cached("INSERT OR REPLACE INTO doomed VALUES (?1, ?2)")?
                .execute((item, self.batch + 1))?;
        }
        drop(query);
        self.db.execute(
            "UPDATE item SET is_read = 0, n_passages = 0, names = NULL
             WHERE id IN (SELECT item FROM orphan)",
            [],
        )?;
        self.db.execute(
            "DELETE FROM item WHERE id IN (SELECT item FROM orphan)
             AND NOT EXISTS (SELECT 1 FROM occurrence o WHERE o.item = item.id)",
            [],
        )?;
        self.db.execute("DELETE FROM orphan", [])?;
        Ok(())
    }
}

pub(super) fn audit(db: &Connection, n_indexed: u64) -> Result<Audit, Error> {
    let figure =
        |sql: &str| -> Result<u64, Error> { Ok(db.query_row(sql, [], |row| count(row, 0))?) };
    Ok(Audit {
        n_listed: figure("SELECT count(*) FROM file WHERE gone IS NULL")?,
        n_without_outcome: figure(
            "SELECT count(*) FROM file f WHERE gone IS NULL
             AND NOT EXISTS (SELECT 1 FROM occurrence o WHERE o.file = f.id)",
        )?,
        n_items_read: figure("SELECT count(*) FROM item WHERE is_read")?,
        n_occurrences_read: figure("SELECT count(*) FROM occurrence WHERE outcome = 0")?,
        n_passages: figure("SELECT coalesce(sum(n_passages), 0) FROM item")?,
        n_indexed,
    })
}
