//! How does a file come into the memory whose bytes are there already?
//!
//! What is packed in the same bytes is the same, so the occurrences of one place stand for those of
//! the other, and nothing has to be read.

use std::path::Path;

use habeas_model::{Exception, ItemId, ItemPath, Reason, Stamp};

use super::Writer;
use super::fill::ALWAYS;
use crate::schema::{DUPLICATE, EXCEPTED, EXCLUDED, READ};
use crate::{Error, FileId};

/// An occurrence that can be copied to another place.
struct Row {
    /// Its path below the item that is known: empty for that item itself.
    below: String,
    /// How many containers hold it below that item.
    depth: i64,
    item: Option<[u8; 32]>,
    outcome: i64,
    rule: Option<String>,
    exceptions: Option<String>,
    n_members: i64,
}

impl Writer {
    /// Starts and fills a file whose bytes are known with all that is packed in them.
    ///
    /// # Errors
    /// If the inventory cannot be written.
    pub fn begin_known(
        &mut self,
        source: i64,
        relative: &Path,
        path: &ItemPath,
        stamp: Stamp,
        id: &ItemId,
    ) -> Result<FileId, Error> {
        self.begin()?;
        // Taken before the file begins: what is known may be known from this file.
        let known = self.known(id)?;
        let file = self.begin_file(source, relative, path, stamp)?;
        self.put_known(source, file, path, id, known)?;
        Ok(file)
    }

    /// Adds a member of a file that is known with all that is packed in it.
    ///
    /// # Errors
    /// If the inventory cannot be written.
    pub fn add_known(
        &mut self,
        source: i64,
        file: FileId,
        path: &ItemPath,
        id: &ItemId,
    ) -> Result<(), Error> {
        self.begin()?;
        let known = self.known(id)?;
        self.put_known(source, file, path, id, known)
    }

    /// The occurrences of an item and of all that is packed in it at a place that was read to its
    /// end as this run would read it, with when that file is read again.
    fn known(&self, id: &ItemId) -> Result<Option<(Vec<Row>, i64)>, Error> {
        let found = self
            .db
            .prepare_cached(&format!("SELECT o.file, o.path, o.depth, f.retry {KNOWN}"))?
            .query_map((id.as_bytes(), &self.version, &self.limits), |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, i64>(2)?,
                    row.get::<_, i64>(3)?,
                ))
            })?
            .next()
            .transpose()?;
        let Some((file, path, depth, retry)) = found else { return Ok(None) };
        let mut query = self.db.prepare_cached(
            "SELECT substr(path, length(?2) + 1), depth - ?3, item, outcome, rule, exceptions,
                members FROM occurrence WHERE file = ?1
             AND (path = ?2 OR substr(path, 1, length(?2) + 3) = ?2 || ' ▸ ') ORDER BY id",
        )?;
        let rows = query.query_map((file, path, depth), |row| {
            Ok(Row {
                below: row.get(0)?,
                depth: row.get(1)?,
                item: row.get(2)?,
                outcome: row.get(3)?,
                rule: row.get(4)?,
                exceptions: row.get(5)?,
                n_members: row.get(6)?,
            })
        })?;
        Ok(Some((rows.collect::<Result<_, _>>()?, retry)))
    }

    fn put_known(
        &mut self,
        source: i64,
        file: FileId,
        path: &ItemPath,
        id: &ItemId,
        known: Option<(Vec<Row>, i64)>,
    ) -> Result<(), Error> {
        self.n_items += 1;
        let Some((rows, retry)) = known else {
            // It was there when it was looked up; the next run reads this file.
            let note = "its copy was changed while this was looked up";
            let why = Exception::whole(Reason::Changed, note);
            self.retries.insert(file, ALWAYS);
            return self.insert(source, file, path, Some(id), EXCEPTED, None, &[why], 0);
        };
        let noted = self.retries.entry(file).or_insert(0);
        *noted = retry.max(*noted);
        let name = self.sources.iter().find(|(_, id)| *id == source);
        let name = name.map_or("", |(name, _)| name.as_str()).to_owned();
        for row in rows {
            let outcome = match row.outcome {
                READ | DUPLICATE => DUPLICATE,
                EXCLUDED => EXCLUDED,
                _ => EXCEPTED,
            };
            self.db
                .prepare_cached(
                    "INSERT INTO occurrence
                        (file, source, path, depth, item, outcome, rule, exceptions, members)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                )?
                .execute((
                    file.0,
                    &name,
                    format!("{path}{}", row.below),
                    path.depth().cast_signed() as i64 + row.depth,
                    row.item,
                    outcome,
                    row.rule,
                    row.exceptions,
                    row.n_members,
                ))?;
            self.touched.extend(row.item);
        }
        Ok(())
    }
}

/// Places where an item (?1) stands in a file that was read to its end by this version (?2), and,
/// where it met a limit, within these limits (?3).
pub(crate) const KNOWN: &str = "FROM occurrence o JOIN file f ON f.id = o.file
    WHERE o.item = ?1 AND o.outcome <= 1 AND f.is_complete AND f.gone IS NULL AND f.version = ?2
    AND (f.retry = 0 OR (f.retry = 1 AND f.limits = ?3)) LIMIT 1";
