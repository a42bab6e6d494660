//! What does the inventory say?

mod report;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use habeas_model::{ItemId, ItemPath, Outcome, SourceName, Stamp};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::schema::{DUPLICATE, EXCEPTED, READ, open_readable};
use crate::writer::known::KNOWN;
use crate::{Error, FileId, ItemRecord, KnownFile, Occurrence, Retry};

/// The inventory, open to ask only. Sees every batch as soon as it is committed.
pub struct Inventory {
    pub(crate) db: Connection,
}

/// The columns of an [`Occurrence`], for [`occurrence`].
const OCCURRENCE: &str = "SELECT o.source, o.path, o.depth, s.base, f.raw, o.outcome, o.item
    FROM occurrence o JOIN file f ON f.id = o.file JOIN source s ON s.id = f.source";

impl Inventory {
    /// Opens the inventory of an estate's memory.
    ///
    /// # Errors
    /// If it is not there, or of another version.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        Ok(Self { db: open_readable(&dir.join("inventory.db"))? })
    }

    /// What is remembered of a file, by its source's number and its raw path relative to it.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn file(&self, source: i64, relative: &Path) -> Result<Option<KnownFile>, Error> {
        let known = self
            .db
            .prepare_cached(
                "SELECT id, size_bytes, modified_ns, inode, version, limits, retry, is_complete
                 FROM file WHERE source = ?1 AND raw = ?2 AND gone IS NULL",
            )?
            .query_row((source, raw(relative)), |row| {
                Ok(KnownFile {
                    id: FileId(row.get(0)?),
                    stamp: Stamp {
                        size_bytes: row.get::<_, i64>(1)?.cast_unsigned(),
                        modified_ns: i128::from(row.get::<_, i64>(2)?),
                        inode: row.get::<_, i64>(3)?.cast_unsigned(),
                    },
                    version: row.get(4)?,
                    limits: row.get(5)?,
                    retry: match row.get(6)? {
                        0_i64 => Retry::Never,
                        1 => Retry::OnOtherLimits,
                        _ => Retry::Always,
                    },
                    is_complete: row.get(7)?,
                })
            })
            .optional()?;
        Ok(known)
    }

    /// Is the text of this item in the index, made by this version of the readers, within these
    /// limits if it met one (and in the run of that number, if one is given)?
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn is_known(
        &self,
        id: &ItemId,
        version: &str,
        limits: &str,
        run: Option<i64>,
    ) -> Result<bool, Error> {
        let found = self
            .db
            .prepare_cached(
                "SELECT 1 FROM item WHERE id = ?1 AND is_read AND version IN (?2, ?3)
                 AND (?4 IS NULL OR run = ?4)",
            )?
            .exists((id.as_bytes(), version, within(version, limits), run))?;
        Ok(found)
    }

    /// Do these bytes stand in a file that was read to its end by this version of the readers, and
    /// within these limits if it met one? Then all that is packed in them is known too.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn is_known_whole(&self, id: &ItemId, version: &str, limits: &str) -> Result<bool, Error> {
        let mut query = self.db.prepare_cached(&format!("SELECT 1 {KNOWN}"))?;
        Ok(query.exists((id.as_bytes(), version, limits))?)
    }

    pub(crate) fn item(&self, id: &ItemId) -> Result<Option<ItemRecord>, Error> {
        type Columns = (String, i64, String, Option<String>);
        let found: Option<Columns> = self
            .db
            .prepare_cached(
                "SELECT media_type, size_bytes, facts,
                    (SELECT exceptions FROM occurrence o WHERE o.item = i.id
                     ORDER BY outcome, source, path LIMIT 1)
                 FROM item i WHERE id = ?1",
            )?
            .query_row([id.as_bytes()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?;
        let Some((media_type, size, facts, exceptions)) = found else { return Ok(None) };
        Ok(Some(ItemRecord {
            id: *id,
            media_type,
            size_bytes: size.cast_unsigned(),
            facts: serde_json::from_str(&facts)?,
            exceptions: exceptions.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text))?,
        }))
    }

    pub(crate) fn occurrences(&self, item: &ItemId) -> Result<Vec<Occurrence>, Error> {
        let sql =
            format!("{OCCURRENCE} WHERE o.item = ?1 ORDER BY o.outcome > 0, o.source, o.path");
        let mut query = self.db.prepare_cached(&sql)?;
        let rows = query.query_map([item.as_bytes()], occurrence)?;
        rows.map(|row| Ok(row?.0)).collect()
    }

    pub(crate) fn occurrence_at(
        &self,
        source: &SourceName,
        path: &ItemPath,
    ) -> Result<Option<(Occurrence, Option<ItemId>)>, Error> {
        let sql = format!("{OCCURRENCE} WHERE o.source = ?1 AND o.path = ?2 ORDER BY o.id LIMIT 1");
        let mut query = self.db.prepare_cached(&sql)?;
        Ok(query.query_row((source.as_str(), path.to_string()), occurrence).optional()?)
    }

    pub(crate) fn find(&self, text: &str) -> Result<Vec<ItemId>, Error> {
        let mut found = Vec::new();
        if text.len() >= 4 && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            let mut query = self
                .db
                .prepare_cached("SELECT id FROM item WHERE id BETWEEN ?1 AND ?2 ORDER BY id")?;
            let (low, high) = (digest(text, '0'), digest(text, 'f'));
            let rows = query.query_map((low, high), |row| row.get::<_, [u8; 32]>(0))?;
            for row in rows {
                found.push(ItemId::from(row?));
            }
        }
        let (source, path) = match text.split_once(':') {
            Some((source, path)) if SourceName::parse(source).is_ok() => (Some(source), path),
            _ => (None, text),
        };
        let mut query = self.db.prepare_cached(
            "SELECT DISTINCT item FROM occurrence WHERE item IS NOT NULL
             AND (path = ?1 OR substr(path, -length(?1) - 1) = '/' || ?1)
             AND (?2 IS NULL OR source = ?2) ORDER BY item",
        )?;
        for row in query.query_map((path, source), |row| row.get::<_, [u8; 32]>(0))? {
            found.push(ItemId::from(row?));
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    pub(crate) fn names(&self) -> Result<Vec<(String, u64)>, Error> {
        let mut query = self.db.prepare_cached("SELECT name, n FROM name ORDER BY name")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, count(row, 1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(crate) fn n_items(&self) -> Result<u64, Error> {
        Ok(self.db.query_row("SELECT count(*) FROM item", [], |row| count(row, 0))?)
    }

    /// Items without a place, of a run that did not come to its end.
    pub(crate) fn orphans(&self) -> Result<Vec<ItemId>, Error> {
        let mut query = self.db.prepare_cached("SELECT item FROM orphan")?;
        let rows = query.query_map([], |row| row.get::<_, [u8; 32]>(0))?;
        rows.map(|row| Ok(ItemId::from(row?))).collect()
    }

    /// Did the last run come to its end? `None` if there was no run.
    pub(crate) fn is_complete(&self) -> Result<Option<bool>, Error> {
        let mut query =
            self.db.prepare_cached("SELECT is_complete FROM run ORDER BY id DESC LIMIT 1")?;
        Ok(query.query_row([], |row| row.get(0)).optional()?)
    }
}

fn occurrence(row: &Row<'_>) -> rusqlite::Result<(Occurrence, Option<ItemId>)> {
    let base: Vec<u8> = row.get(3)?;
    let relative: Vec<u8> = row.get(4)?;
    let source: String = row.get(0)?;
    let source = SourceName::parse(&source).map_err(|_| rusqlite::Error::InvalidQuery)?;
    let occurrence = Occurrence {
        source,
        path: item_path(row, 1)?,
        file: path_of(&base).join(path_of(&relative)),
        outcome: outcome_of(row.get(5)?),
    };
    let item: Option<[u8; 32]> = row.get(6)?;
    Ok((occurrence, item.map(ItemId::from)))
}

/// The path in a text column.
fn item_path(row: &Row<'_>, text: usize) -> rusqlite::Result<ItemPath> {
    Ok(ItemPath::parse(&row.get::<_, String>(text)?))
}

pub(crate) fn outcome_of(number: i64) -> Outcome {
    match number {
        READ => Outcome::Read,
        DUPLICATE => Outcome::Duplicate,
        EXCEPTED => Outcome::Excepted,
        _ => Outcome::Excluded,
    }
}

fn name(text: &str) -> Result<SourceName, Error> {
    SourceName::parse(text).map_err(Error::Damaged)
}

/// The id that starts with these hexadecimal digits and goes on with `rest` only.
fn digest(start: &str, rest: char) -> [u8; 32] {
    let mut text = start.to_ascii_lowercase();
    text.extend(std::iter::repeat_n(rest, 64_usize.saturating_sub(text.len())));
    text.parse::<ItemId>().map_or([0; 32], |id| *id.as_bytes())
}

/// The version of an item that met one of these limits.
pub(crate) fn within(version: &str, limits: &str) -> String {
    format!("{version} within {limits}")
}

/// A number that is never below 0.
pub(crate) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.cast_unsigned())
}

/// A path as the bytes that the inventory keeps.
#[cfg(unix)]
pub(crate) fn raw(path: &Path) -> &[u8] {
    std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str())
}

#[cfg(unix)]
fn path_of(raw: &[u8]) -> PathBuf {
    PathBuf::from(<OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(raw))
}
