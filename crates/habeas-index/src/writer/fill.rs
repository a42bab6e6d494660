//! How do a file and its members come into the memory?

use std::path::Path;

use habeas_model::{Exception, ItemId, ItemPath, Stamp};
use rusqlite::OptionalExtension;

use super::Writer;
use crate::inventory::{raw, within};
use crate::names::{self, Names};
use crate::schema::{DUPLICATE, EXCEPTED, EXCLUDED};
use crate::split::item_term;
use crate::{Error, FileId, Found, NewItem, Retry, Text};

/// A file that is read again at the next run, in `file.retry`.
pub(super) const ALWAYS: i64 = 2;

/// Does more of an item's text follow?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    Nothing,
    Follows,
}

/// An item whose text is coming in parts.
#[derive(Debug)]
pub(super) struct Fill {
    item: ItemId,
    n_passages: usize,
    names: Names,
}

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
            self.abandon(FileId(id))?;
            self.forget(id)?;
        }
        let (size, modified, inode) = columns(stamp);
        let id = self
            .db
            .prepare_cached(
                "INSERT INTO file (source, raw, path, kind, size_bytes, modified_ns, inode,
                    version, limits, retry, is_complete, batch, added)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', '', 0, 0, ?8, ?9)
                 ON CONFLICT (source, raw) DO UPDATE SET path = excluded.path,
                    added = iif(gone IS NULL, added, excluded.added),
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
                    self.run,
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
        self.put(source, file, found, Rest::Nothing)
    }

    /// As [`Writer::add`], of an item that has more passages: [`Writer::add_more`] brings them,
    /// before anything else of this file. Until the last the item counts as not read.
    ///
    /// # Errors
    /// If the memory cannot be written.
    pub fn add_first(&mut self, source: i64, file: FileId, found: Found) -> Result<(), Error> {
        self.put(source, file, found, Rest::Follows)
    }

    fn put(&mut self, source: i64, file: FileId, found: Found, rest: Rest) -> Result<(), Error> {
        self.begin()?;
        self.n_items += 1;
        match found {
            Found::Failed { path, exception } => {
                self.insert(source, file, &path, None, EXCEPTED, None, &[exception], 0)
            }
            Found::Excluded { path, rule } => {
                self.insert(source, file, &path, None, EXCLUDED, Some(&rule), &[], 0)
            }
            Found::Item { path, item } => {
                let is_failed = item.exceptions.iter().any(|exception| !exception.is_partial);
                let outcome = if is_failed { EXCEPTED } else { DUPLICATE };
                let (id, exceptions) = (Some(&item.id), &item.exceptions);
                self.insert(source, file, &path, id, outcome, None, exceptions, item.n_members)?;
                self.add_item(file, *item, is_failed, rest)
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of one row")]
    pub(super) fn insert(
        &mut self,
        source: i64,
        file: FileId,
        path: &ItemPath,
        item: Option<&ItemId>,
        outcome: i64,
        rule: Option<&str>,
        exceptions: &[Exception],
        n_members: u64,
    ) -> Result<(), Error> {
        let name = self.sources.iter().find(|(_, id)| *id == source);
        let name = name.map_or("", |(name, _)| name.as_str());
        let exceptions =
            if exceptions.is_empty() { None } else { Some(serde_json::to_string(exceptions)?) };
        self.db
            .prepare_cached(
                "INSERT INTO occurrence
                    (file, source, path, depth, item, outcome, rule, exceptions, members)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
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
                n_members.cast_signed(),
            ))?;
        if let Some(item) = item {
            self.touched.insert(*item.as_bytes());
        }
        Ok(())
    }

    fn add_item(
        &mut self,
        file: FileId,
        item: NewItem,
        is_failed: bool,
        rest: Rest,
    ) -> Result<(), Error> {
        if self.filling.iter().any(|(other, fill)| *other != file && fill.item == item.id) {
            // Another file is bringing this text. Should that come to nothing, this one has it.
            self.retries.insert(file, ALWAYS);
            return Ok(());
        }
        let within = within(&self.version, &self.limits);
        let has_met = item.exceptions.iter().any(|why| why.reason.depends_on_limits());
        let version = if has_met { &within } else { &self.version };
        type Known = (bool, bool, Option<Vec<u8>>);
        let known: Option<Known> = self
            .db
            .prepare_cached(
                "SELECT is_read, version IN (?2, ?4) AND run = ?3, names FROM item WHERE id = ?1",
            )?
            .query_row((item.id.as_bytes(), &self.version, self.run, &within), |row| {
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
        self.db
            .prepare_cached(
                "INSERT INTO item (id, media_type, size_bytes, facts, n_passages, is_read, version,
                    run, names, batch) VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, ?6, NULL, ?7)
                 ON CONFLICT (id) DO UPDATE SET media_type = excluded.media_type,
                    facts = excluded.facts, n_passages = 0, is_read = 0,
                    version = excluded.version, run = excluded.run, names = NULL,
                    batch = excluded.batch",
            )?
            .execute((
                item.id.as_bytes(),
                &item.media_type,
                item.size_bytes.cast_signed(),
                serde_json::to_string(&item.facts)?,
                version,
                self.run,
                self.batch + 1,
            ))?;
        if is_failed {
            return Ok(());
        }
        self.filling.insert(file, Fill { item: item.id, n_passages: 0, names: Names::default() });
        self.add_more(file, text, rest == Rest::Nothing)
    }

    /// Adds further passages of the item that [`Writer::add_first`] had begun; with the last of
    /// them it counts as read. Nothing happens if its text was there already.
    ///
    /// # Errors
    /// If the memory cannot be written.
    pub fn add_more(&mut self, file: FileId, text: Text, is_last: bool) -> Result<(), Error> {
        self.begin()?;
        let Some(fill) = self.filling.get_mut(&file) else { return Ok(()) };
        self.n_passages += text.passages.len();
        fill.n_passages += text.passages.len();
        fill.names.add(text.names);
        for passage in text.passages {
            assert!(passage.item == fill.item, "a passage came with another: {:?}", fill.item);
            self.text.add_document(passage.document)?;
        }
        if !is_last {
            return Ok(());
        }
        let Some(fill) = self.filling.remove(&file) else { return Ok(()) };
        let names = fill.names.encode()?;
        names::count(&self.db, names.as_deref(), true)?;
        self.db
            .prepare_cached(
                "UPDATE item SET n_passages = ?2, names = ?3, is_read = 1, batch = ?4
                 WHERE id = ?1",
            )?
            .execute((
                fill.item.as_bytes(),
                fill.n_passages.cast_signed(),
                names,
                self.batch + 1,
            ))?;
        Ok(())
    }

    /// Gives up the item that [`Writer::add_first`] had begun: the rest will not come.
    ///
    /// # Errors
    /// If the memory cannot be written.
    pub fn abandon(&mut self, file: FileId) -> Result<(), Error> {
        self.begin()?;
        if let Some(fill) = self.filling.remove(&file) {
            self.text.delete_term(item_term(self.fields, fill.item.as_bytes()));
            self.spoil(&fill.item)?;
            self.retries.insert(file, ALWAYS);
        }
        Ok(())
    }

    /// Adds to an occurrence of a file an exception that came up after it was added.
    ///
    /// # Errors
    /// If the inventory cannot be written.
    pub fn add_exception(
        &mut self,
        file: FileId,
        path: &ItemPath,
        exception: &Exception,
    ) -> Result<(), Error> {
        self.begin()?;
        self.db
            .prepare_cached(
                "UPDATE occurrence SET exceptions = json_insert(coalesce(exceptions, '[]'), '$[#]',
                    json(?2)) WHERE id = (SELECT max(id) FROM occurrence WHERE file = ?1 AND path = ?3)",
            )?
            .execute((file.0, serde_json::to_string(exception)?, path.to_string()))?;
        Ok(())
    }

    /// Ends a file: all its members were added. `stamp` is what it had when it was read.
    ///
    /// # Errors
    /// If the inventory cannot be written.
    pub fn end_file(&mut self, file: FileId, stamp: Stamp, retry: Retry) -> Result<(), Error> {
        self.begin()?;
        self.abandon(file)?;
        let (size, modified, inode) = columns(stamp);
        let noted = self.retries.remove(&file).unwrap_or(0);
        let retry: i64 = match retry {
            Retry::Never => 0,
            Retry::OnOtherLimits => 1,
            Retry::Always => ALWAYS,
        };
        let retry = retry.max(noted);
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
