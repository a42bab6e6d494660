//! How does the memory grow, a batch at a time?
//!
//! A batch is one transaction of the inventory, then one commit of the full text that carries the
//! batch's number. The second is the point from which the batch counts: what the inventory has
//! beyond it is undone by the next writer, and the files it came from are read again.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use habeas_model::{Exception, ItemId, ItemPath, SourceName, Stamp};
use rusqlite::{Connection, OptionalExtension};
use tantivy::IndexWriter;

use crate::folder::Folder;
use crate::inventory::{count, raw};
use crate::schema::{self, DUPLICATE, EXCEPTED, EXCLUDED};
use crate::split::{self, Fields, item_term};
use crate::{Audit, Error, FileId, FileSet, Found, NewItem, Retry, Swept, Text, names, settle};

/// A batch ends with this many items,
const BATCH_ITEMS: usize = 500;
/// or this many passages,
const BATCH_PASSAGES: usize = 50_000;
/// or after this long.
const BATCH_TIME: Duration = Duration::from_secs(20);
/// What one thread of the full text's writer may hold in memory.
const HEAP_BYTES: usize = 48 << 20;

/// The one writer of an estate's memory.
///
/// Nothing counts before [`Writer::commit`]; a writer that is dropped leaves the last commit.
pub struct Writer {
    db: Connection,
    text: IndexWriter,
    fields: Fields,
    /// The last batch that was committed.
    batch: i64,
    run: i64,
    version: String,
    limits: String,
    sources: Vec<(SourceName, i64)>,
    /// Items whose occurrences changed in this batch.
    touched: HashSet<[u8; 32]>,
    /// Files that this run has begun.
    begun: FileSet,
    n_items: usize,
    n_passages: usize,
    since: Option<Instant>,
    _lock: File,
}

impl Writer {
    /// Opens the memory in `dir` for a run, makes it if it is not there, and undoes what a killed
    /// run has left half done. `version` and `limits` say by what and within which limits files
    /// are read in this run.
    ///
    /// # Errors
    /// If another writer is at work, or the folder cannot be written.
    pub fn open(
        dir: &Path,
        version: &str,
        limits: &str,
        sources: &[(SourceName, PathBuf)],
    ) -> Result<Self, Error> {
        let folder = Folder::new(dir);
        folder.create()?;
        let lock = folder.lock()?;
        let db = schema::open_writable(&folder.inventory())?;
        let index = split::open_live(&folder.text())?;
        let n_threads = std::thread::available_parallelism().map_or(1, |n| n.get() / 4).clamp(1, 4);
        let text = index.writer_with_num_threads(n_threads, n_threads * HEAP_BYTES)?;
        let batch =
            db.query_row("SELECT value FROM state WHERE name = 'batch'", [], |row| row.get(0))?;
        let mut writer = Self {
            db,
            text,
            fields: split::fields(),
            batch,
            run: 0,
            version: version.to_owned(),
            limits: limits.to_owned(),
            sources: Vec::new(),
            touched: HashSet::new(),
            begun: FileSet::default(),
            n_items: 0,
            n_passages: 0,
            since: None,
            _lock: lock,
        };
        writer.reconcile(split::batch(&index)?)?;
        writer.begin_run(sources)?;
        Ok(writer)
    }

    /// The number of this run.
    pub fn run(&self) -> i64 {
        self.run
    }

    /// The numbers of the run's sources, in the order in which they were given.
    pub fn sources(&self) -> &[(SourceName, i64)] {
        &self.sources
    }

    /// Undoes what the inventory has beyond the full text's last commit.
    fn reconcile(&mut self, safe: i64) -> Result<(), Error> {
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

    fn begin_run(&mut self, sources: &[(SourceName, PathBuf)]) -> Result<(), Error> {
        self.begin()?;
        for (name, base) in sources {
            let id = self.db.query_row(
                "INSERT INTO source (name, base) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET base = excluded.base RETURNING id",
                (name.as_str(), raw(base)),
                |row| row.get(0),
            )?;
            self.sources.push((name.clone(), id));
        }
        self.db.execute("INSERT INTO run (started) VALUES (?1)", [now()])?;
        self.run = self.db.last_insert_rowid();
        self.commit()
    }

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

    /// Sets a tombstone on every file of a source that this run has neither begun nor `seen`. What
    /// lies under one of the `closed` folders is not known to be gone.
    ///
    /// # Errors
    /// If the inventory cannot be written.
    pub fn sweep(
        &mut self,
        source: i64,
        seen: &FileSet,
        closed: &[PathBuf],
    ) -> Result<Swept, Error> {
        let mut swept = Swept::default();
        let mut gone = Vec::new();
        let mut query = self
            .db
            .prepare_cached("SELECT id, raw, kind FROM file WHERE source = ?1 AND gone IS NULL")?;
        let mut rows = query.query([source])?;
        while let Some(row) = rows.next()? {
            let (id, kind): (i64, i64) = (row.get(0)?, row.get(2)?);
            if seen.contains(FileId(id)) || self.begun.contains(FileId(id)) {
                swept.n_there += 1;
                continue;
            }
            let path: Vec<u8> = row.get(1)?;
            if closed.iter().any(|folder| is_under(&path, raw(folder))) {
                swept.n_unknown += 1;
            } else {
                gone.push((id, kind));
            }
        }
        drop(rows);
        drop(query);
        for (id, _) in &gone {
            self.begin()?;
            self.forget(*id)?;
            self.db
                .prepare_cached(
                    "UPDATE file SET gone = ?2, is_complete = 0, batch = ?3 WHERE id = ?1",
                )?
                .execute((id, now(), self.batch + 1))?;
            self.commit_if_due()?;
        }
        swept.n_gone = gone.iter().filter(|(_, kind)| *kind == 0).count() as u64;
        Ok(swept)
    }

    /// Takes out the occurrences of a file.
    fn forget(&mut self, file: i64) -> Result<(), Error> {
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

    /// Commits if the batch is large or old enough; says whether it did.
    ///
    /// # Errors
    /// If the memory cannot be written.
    pub fn commit_if_due(&mut self) -> Result<bool, Error> {
        let is_old = self.since.is_some_and(|since| since.elapsed() >= BATCH_TIME);
        let is_due = is_old || self.n_items >= BATCH_ITEMS || self.n_passages >= BATCH_PASSAGES;
        if is_due {
            self.commit()?;
        }
        Ok(is_due)
    }

    /// Makes everything so far count.
    ///
    /// # Errors
    /// If the memory cannot be written; then the last commit stands.
    pub fn commit(&mut self) -> Result<(), Error> {
        if self.since.take().is_none() {
            return Ok(());
        }
        for item in self.touched.drain() {
            settle::settle(&self.db, &item)?;
        }
        let batch = self.batch + 1;
        self.db.execute("UPDATE state SET value = ?1 WHERE name = 'batch'", [batch])?;
        self.db.execute_batch("COMMIT")?;
        let mut commit = self.text.prepare_commit()?;
        commit.set_payload(&batch.to_string());
        commit.commit()?;
        self.batch = batch;
        self.n_items = 0;
        self.n_passages = 0;
        Ok(())
    }

    fn begin(&mut self) -> Result<(), Error> {
        if self.since.is_none() {
            self.db.execute_batch("BEGIN IMMEDIATE")?;
            self.since = Some(Instant::now());
        }
        Ok(())
    }

    /// Ends the run. A complete one takes out the text of items that no file says any more.
    ///
    /// # Errors
    /// If the memory cannot be written.
    pub fn finish(mut self, is_complete: bool) -> Result<Audit, Error> {
        self.commit()?;
        self.begin()?;
        if is_complete {
            self.purge()?;
            for (_, id) in &self.sources {
                self.db.execute("UPDATE source SET last_run = ?2 WHERE id = ?1", (id, now()))?;
            }
        }
        self.db.execute(
            "UPDATE run SET ended = ?2, is_complete = ?3 WHERE id = ?1",
            (self.run, now(), is_complete),
        )?;
        self.commit()?;
        let index = self.text.index().clone();
        self.text.wait_merging_threads()?;
        let n_indexed = index.reader()?.searcher().num_docs();
        audit(&self.db, n_indexed)
    }

    /// Takes out the text of items that have no occurrence left that could be read.
    fn purge(&mut self) -> Result<(), Error> {
        // The batch that doomed these is safe by now.
        self.db.execute("DELETE FROM doomed", [])?;
        let mut query =
            self.db.prepare("SELECT o.item, i.names FROM orphan o JOIN item i ON i.id = o.item")?;
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

fn audit(db: &Connection, n_indexed: u64) -> Result<Audit, Error> {
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

/// A stamp as the inventory keeps it.
fn columns(stamp: Stamp) -> (i64, i64, i64) {
    let modified = stamp.modified_ns.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
    let modified = i64::try_from(modified).unwrap_or(i64::MAX);
    (stamp.size_bytes.cast_signed(), modified, stamp.inode.cast_signed())
}

fn is_under(path: &[u8], folder: &[u8]) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.first() == Some(&b'/'))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}
