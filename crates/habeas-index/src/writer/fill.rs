//! How do a file and its members come into the memory?

use std::path::Path;

use habeas_model::{Exception, ItemId, ItemPath, Stamp};
use rusqlite::OptionalExtension;

use super::Writer;
use crate::inventory::raw;
use crate::schema::{DUPLICATE, EXCEPTED, EXCLUDED};
use crate::split::item_term;
use crate::{Error, FileId, Found, NewItem, Retry, Text, names};

impl Writer {
    /// Starts a file: what was known of it goes, and it is not complete until [`Writer::end_file`].
    ///
    /// # Errors
    /// If the inventory cannot be written.
    pub fn begin_file(
        &mut self,
        source: i64,
        relative: &Path,
        path: &ItemPath,
        stamp: Stamp,
    ) -> Result<FileId, Error> {
        self.begin_row(source, relative, path, stamp, 0)
    }

    fn begin_row(
        &mut self,
        source: i64,
        relative: &Path,
        path: &ItemPath,
        stamp: Stamp,
        kind: i64,
    ) -> Result<FileId, Error> {
        self.begin()?;
        let known: Option<i64> = self
            .db
            .prepare_cached("SELECT id FROM file WHERE source = ?1 AND raw = ?2")?
            .query_row((source, raw(relative)), |row| row.get(0))
            .optional()?;
        if let Some(id) = known {
            self.forget(id)?;
        }
        let (size, modified, inode) = columns(stamp);
        let id = self
            .db
            .prepare_cached(
                "INSERT INTO file (source, raw, path, kind, size_bytes, modified_ns, inode,
                    version, limits, retry, is_complete, batch)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', '', 0, 0, ?8)
                 ON CONFLICT (source, raw) DO UPDATE SET path = excluded.path,
                    kind = excluded.kind, size_bytes = excluded.size_bytes,
                    modified_ns = excluded.modified_ns, inode = excluded.inode, version = '',
                    retry = 0, is_complete = 0, item = NULL, gone = NULL, batch = excluded.batch
                 RETURNING id",
            )?
            .query_row(
                (
                    source,
                    raw(relative),
                    path.to_string(),
                    kind,
                    size,
                    modified,
                    inode,
                    self.batch + 1,
                ),
                |row| row.get(0),
            )?;
        self.begun.insert(FileId(id));
        Ok(FileId(id))
    }

    /// Adds a member of a file, or the file itself, which comes first.
    ///
    /// # Errors
    /// If the memory cannot be written.
    pub fn add(&mut self, source: i64, file: FileId, found: Found) -> Result<(), Error> {
        self.begin()?;
        self.n_items += 1;
        match found {
            Found::Failed { path, exception } => {
                self.insert(source, file, &path, None, EXCEPTED, None, &[exception])
            }
            Found::Excluded { path, rule } => {
                self.insert(source, file, &path, None, EXCLUDED, Some(&rule), &[])
            }
            Found::Item { path, item } => {
                let is_failed = item.exceptions.iter().any(|exception| !exception.is_partial);
                let outcome = if is_failed { EXCEPTED } else { DUPLICATE };
                self.insert(source, file, &path, Some(&item.id), outcome, None, &item.exceptions)?;
                self.add_item(*item, is_failed)
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of one row")]
    fn insert(
        &mut self,
        source: i64,
        file: FileId,
        path: &ItemPath,
        item: Option<&ItemId>,
        outcome: i64,
        rule: Option<&str>,
        exceptions: &[Exception],
    ) -> Result<(), Error> {
        let name = self.sources.iter().find(|(_, id)| *id == source);
        let name = name.map_or("", |(name, _)| name.as_str());
        let exceptions =
            if exceptions.is_empty() { None } else { Some(serde_json::to_string(exceptions)?) };
        self.db
            .prepare_cached(
                "INSERT INTO occurrence (file, source, path, depth, item, outcome, rule, exceptions)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute((
                file.0,
                name,
                path.to_string(),
                path.depth().cast_signed(),
                item.map(ItemId::as_bytes),
                outcome,
                rule,
                exceptions,
            ))?;
        if let Some(item) = item {
            self.touched.insert(*item.as_bytes());
        }
        Ok(())
    }

    fn add_item(&mut self, item: NewItem, is_failed: bool) -> Result<(), Error> {
        type Known = (bool, bool, Option<Vec<u8>>);
        let known: Option<Known> = self
            .db
            .prepare_cached(
                "SELECT is_read, version = ?2 AND run = ?3, names FROM item WHERE id = ?1",
            )?
            .query_row((item.id.as_bytes(), &self.version, self.run), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let (is_read, is_of_this_run) = match &known {
            Some((is_read, is_of_this_run, _)) => (*is_read, *is_of_this_run),
            None => (false, false),
        };
        // A reading that failed does not displace one that did not.
        if is_read && (is_failed || is_of_this_run) {
            return Ok(());
        }
        let Some(text) = (if is_failed { Some(Text::default()) } else { item.text }) else {
            assert!(is_read, "an item that was known is not there any more: {:?}", item.id);
            return Ok(());
        };
        if let Some((_, _, names)) = &known {
            names::count(&self.db, names.as_deref(), false)?;
            self.text.delete_term(item_term(self.fields, item.id.as_bytes()));
        }
        let names = names::encode(&text.names)?;
        names::count(&self.db, names.as_deref(), true)?;
        self.db
            .prepare_cached(
                "INSERT INTO item (id, media_type, size_bytes, facts, n_passages, is_read, version,
                    run, names, batch) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                 ON CONFLICT (id) DO UPDATE SET media_type = excluded.media_type,
                    facts = excluded.facts, n_passages = excluded.n_passages,
                    is_read = excluded.is_read, version = excluded.version, run = excluded.run,
                    names = excluded.names, batch = excluded.batch",
            )?
            .execute((
                item.id.as_bytes(),
                &item.media_type,
                item.size_bytes.cast_signed(),
                serde_json::to_string(&item.facts)?,
                text.passages.len().cast_signed(),
                !is_failed,
                &self.version,
                self.run,
                names,
                self.batch + 1,
            ))?;
        self.n_passages += text.passages.len();
        for passage in text.passages {
            assert!(passage.item == item.id, "a passage came with another item: {:?}", item.id);
            self.text.add_document(passage.document)?;
        }
        Ok(())
    }

    /// Adds to a file's own occurrence an exception that came up after it was added: its reader
    /// died among its members.
    ///
    /// # Errors
    /// If the inventory cannot be written.
    pub fn add_exception(&mut self, file: FileId, exception: &Exception) -> Result<(), Error> {
        self.begin()?;
        self.db
            .prepare_cached(
                "UPDATE occurrence SET exceptions = json_insert(coalesce(exceptions, '[]'), '$[#]',
                    json(?2)) WHERE id = (SELECT min(id) FROM occurrence WHERE file = ?1)",
            )?
            .execute((file.0, serde_json::to_string(exception)?))?;
        Ok(())
    }

    /// Ends a file: all its members were added. `stamp` is what it had when it was read.
    ///
    /// # Errors
    /// If the inventory cannot be written.
    pub fn end_file(&mut self, file: FileId, stamp: Stamp, retry: Retry) -> Result<(), Error> {
        self.begin()?;
        let (size, modified, inode) = columns(stamp);
        let retry = match retry {
            Retry::Never => 0,
            Retry::OnOtherLimits => 1,
            Retry::Always => 2,
        };
        self.db
            .prepare_cached(
                "UPDATE file SET size_bytes = ?2, modified_ns = ?3, inode = ?4, retry = ?5,
                    version = ?6, limits = ?7, batch = ?8, is_complete = 1,
                    item = (SELECT item FROM occurrence WHERE file = ?1 ORDER BY id LIMIT 1)
                 WHERE id = ?1",
            )?
            .execute((
                file.0,
                size,
                modified,
                inode,
                retry,
                &self.version,
                &self.limits,
                self.batch + 1,
            ))?;
        Ok(())
    }

    /// Records something that a listing came upon and that is no file to read. `version` is what
    /// [`crate::Inventory::file`] gives back for it, to see that nothing changed.
    ///
    /// # Errors
    /// If the inventory cannot be written.
    pub fn add_unread(
        &mut self,
        source: i64,
        relative: &Path,
        version: &str,
        found: Found,
    ) -> Result<FileId, Error> {
        let (Found::Failed { path, .. } | Found::Excluded { path, .. } | Found::Item { path, .. }) =
            &found;
        let id = self.begin_row(source, relative, path, Stamp::default(), 1)?;
        self.add(source, id, found)?;
        self.db
            .prepare_cached("UPDATE file SET version = ?2, is_complete = 1 WHERE id = ?1")?
            .execute((id.0, version))?;
        Ok(id)
    }

    /// Takes out the occurrences of a file.
    pub(super) fn forget(&mut self, file: i64) -> Result<(), Error> {
        let mut query = self.db.prepare_cached(
            "SELECT DISTINCT item FROM occurrence WHERE file = ?1 AND item IS NOT NULL",
        )?;
        for row in query.query_map([file], |row| row.get::<_, [u8; 32]>(0))? {
            self.touched.insert(row?);
        }
        drop(query);
        self.n_items +=
            self.db.prepare_cached("DELETE FROM occurrence WHERE file = ?1")?.execute([file])?;
        Ok(())
    }
}

/// A stamp as the inventory keeps it.
fn columns(stamp: Stamp) -> (i64, i64, i64) {
    let modified = stamp.modified_ns.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
    let modified = i64::try_from(modified).unwrap_or(i64::MAX);
    (stamp.size_bytes.cast_signed(), modified, stamp.inode.cast_signed())
}
