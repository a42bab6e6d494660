//! How many structured fields does each name stand in, as items come and go?

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::Error;

/// The names of an item with their number of fields, as the item keeps them.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<String, i64>);

impl Names {
    pub(crate) fn add(&mut self, names: Vec<String>) {
        for name in names {
            *self.0.entry(name).or_default() += 1;
        }
    }

    pub(crate) fn encode(&self) -> Result<Option<Vec<u8>>, Error> {
        if self.0.is_empty() { Ok(None) } else { Ok(Some(postcard::to_stdvec(&self.0)?)) }
    }
}

/// Adds the names of an item to the sums, or takes them away.
pub(crate) fn count(db: &Connection, names: Option<&[u8]>, is_there: bool) -> Result<(), Error> {
    let Some(names) = names else { return Ok(()) };
    let counts: BTreeMap<String, i64> = postcard::from_bytes(names)?;
    for (name, n) in counts {
        if is_there {
            db.prepare_cached(
                "INSERT INTO name VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET n = n + ?2",
            )?
            .execute((&name, n))?;
        } else {
            db.prepare_cached("UPDATE name SET n = n - ?2 WHERE name = ?1")?.execute((&name, n))?;
            db.prepare_cached("DELETE FROM name WHERE name = ?1 AND n <= 0")?.execute([&name])?;
        }
    }
    Ok(())
}
