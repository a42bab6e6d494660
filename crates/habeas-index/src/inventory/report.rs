//! What do the accounts of the estate say?

use std::time::{Duration, SystemTime};

use habeas_model::{Accounting, Exception, ItemId, ItemPath, Outcome, SourceName};

use super::{Inventory, count, item_path, name, outcome_of, path_of};
use crate::{Error, Gone, SourceSummary};

impl Inventory {
    pub(crate) fn accounting(&self) -> Result<Vec<(SourceName, Accounting)>, Error> {
        let mut sums: Vec<(SourceName, Accounting)> = Vec::new();
        let mut query = self.db.prepare_cached("SELECT name FROM source ORDER BY name")?;
        for row in query.query_map([], |row| row.get::<_, String>(0))? {
            sums.push((name(&row?)?, Accounting::default()));
        }
        let mut query = self.db.prepare_cached(
            "SELECT source, outcome, count(*) FROM occurrence GROUP BY source, outcome",
        )?;
        let rows = query.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, count(row, 2)?))
        })?;
        for row in rows {
            let (source, outcome, n) = row?;
            let Some((_, sum)) = sums.iter_mut().find(|(name, _)| name.as_str() == source) else {
                return Err(Error::Damaged("an occurrence has no source".to_owned()));
            };
            sum.listed += n;
            match outcome_of(outcome) {
                Outcome::Read => sum.read += n,
                Outcome::Duplicate => sum.duplicate += n,
                Outcome::Excepted => sum.excepted += n,
                Outcome::Excluded => sum.excluded += n,
            }
        }
        Ok(sums)
    }

    pub(crate) fn exceptions(&self) -> Result<Vec<(SourceName, ItemPath, Exception)>, Error> {
        let mut query = self.db.prepare_cached(
            "SELECT source, path, depth, exceptions FROM occurrence
             WHERE exceptions IS NOT NULL AND outcome IN (0, 2) ORDER BY source, path, id",
        )?;
        let rows = query.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, item_path(row, 1)?, row.get::<_, String>(3)?))
        })?;
        let mut all = Vec::new();
        for row in rows {
            let (source, path, exceptions) = row?;
            let source = name(&source)?;
            for exception in serde_json::from_str::<Vec<Exception>>(&exceptions)? {
                all.push((source.clone(), path.clone(), exception));
            }
        }
        Ok(all)
    }

    pub(crate) fn excluded(&self) -> Result<Vec<(SourceName, ItemPath, String)>, Error> {
        let mut query = self.db.prepare_cached(
            "SELECT source, path, depth, rule FROM occurrence WHERE outcome = 3
             ORDER BY source, path",
        )?;
        let rows = query.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, item_path(row, 1)?, row.get::<_, String>(3)?))
        })?;
        rows.map(|row| {
            let (source, path, rule) = row?;
            Ok((name(&source)?, path, rule))
        })
        .collect()
    }

    pub(crate) fn gone(&self) -> Result<Vec<Gone>, Error> {
        let mut query = self.db.prepare_cached(
            "SELECT s.name, f.path, f.item, f.gone FROM file f JOIN source s ON s.id = f.source
             WHERE f.gone IS NOT NULL AND f.kind = 0 ORDER BY s.name, f.path",
        )?;
        let rows = query.query_map([], |row| {
            let item: Option<[u8; 32]> = row.get(2)?;
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, item, row.get::<_, i64>(3)?))
        })?;
        rows.map(|row| {
            let (source, path, item, at) = row?;
            Ok(Gone {
                source: name(&source)?,
                path: ItemPath::file(path.as_bytes()),
                item: item.map(ItemId::from),
                at: time(at),
            })
        })
        .collect()
    }

    pub(crate) fn sources(&self) -> Result<Vec<SourceSummary>, Error> {
        let mut all = Vec::new();
        for (source, accounting) in self.accounting()? {
            let (id, base, last_run): (i64, Vec<u8>, Option<i64>) = self.db.query_row(
                "SELECT id, base, last_run FROM source WHERE name = ?1",
                [source.as_str()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            let (n_files, file_bytes) = self.db.query_row(
                "SELECT count(*), coalesce(sum(size_bytes), 0) FROM file
                 WHERE source = ?1 AND gone IS NULL AND kind = 0",
                [id],
                |row| Ok((count(row, 0)?, count(row, 1)?)),
            )?;
            let mut query = self.db.prepare_cached(
                "SELECT i.media_type, count(*) AS n FROM occurrence o JOIN item i ON i.id = o.item
                 WHERE o.source = ?1 AND o.outcome <= 1 GROUP BY 1 ORDER BY n DESC, 1",
            )?;
            let rows =
                query.query_map([source.as_str()], |row| Ok((row.get(0)?, count(row, 1)?)))?;
            let media_types = rows.collect::<Result<_, _>>()?;
            all.push(SourceSummary {
                name: source,
                base: path_of(&base),
                last_run: last_run.map(time),
                accounting,
                n_files,
                file_bytes,
                media_types,
            });
        }
        Ok(all)
    }
}

fn time(seconds: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}
