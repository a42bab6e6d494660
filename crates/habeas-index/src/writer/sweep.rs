//! Which files are gone?

use std::path::PathBuf;

use super::{Writer, now};
use crate::inventory::raw;
use crate::{Error, FileId, FileSet, Swept};

impl Writer {
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
        for (id, kind) in &gone {
            self.begin()?;
            if *kind == 0 && self.has_moved(*id)? {
                swept.n_moved += 1;
            }
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
}

impl Writer {
    /// Are the bytes of that file at a place now where there was nothing before this run?
    fn has_moved(&self, file: i64) -> Result<bool, Error> {
        let found = self
            .db
            .prepare_cached(
                "SELECT 1 FROM file was JOIN file now ON now.item = was.item AND now.id <> was.id
                 WHERE was.id = ?1 AND now.added = ?2 AND now.gone IS NULL",
            )?
            .exists((file, self.run))?;
        Ok(found)
    }
}

fn is_under(path: &[u8], folder: &[u8]) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.first() == Some(&b'/'))
}
