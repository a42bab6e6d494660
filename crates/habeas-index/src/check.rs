//! Does every figure of the estate's memory agree with every other?

use std::path::Path;

use habeas_model::{ItemPath, SourceName};

use crate::Error;
use crate::folder::Folder;
use crate::inventory::{Inventory, count};
use crate::split;

/// Two figures that have to be the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// What is compared, in words.
    pub name: String,
    /// What one side counts.
    pub left: u64,
    /// What the other side counts.
    pub right: u64,
}

impl Identity {
    fn new(name: impl Into<String>, left: u64, right: u64) -> Self {
        Self { name: name.into(), left, right }
    }

    /// Are they the same?
    pub fn holds(&self) -> bool {
        self.left == self.right
    }
}

/// A container whose members do not add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miscounted {
    /// In which source.
    pub source: SourceName,
    /// Its path.
    pub path: ItemPath,
    /// How many members it listed.
    pub listed: u64,
    /// How many of them have an outcome.
    pub found: u64,
}

/// What a check of the memory came to.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Every pair of figures that has to agree.
    pub identities: Vec<Identity>,
    /// Containers whose members do not add up.
    pub miscounted: Vec<Miscounted>,
    /// What is damaged on disk, in words.
    pub damage: Vec<String>,
}

impl Checked {
    /// Does everything agree?
    pub fn adds_up(&self) -> bool {
        self.identities.iter().all(Identity::holds)
            && self.miscounted.is_empty()
            && self.damage.is_empty()
    }
}

/// What the inventory has of a source's top level: to be compared with a count of the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TopLevel {
    /// Files.
    pub files: u64,
    /// What a rule left out.
    pub excluded: u64,
    /// What could not be listed.
    pub closed: u64,
}

/// Checks the memory in `dir`: the sums of sources and containers, that every item that was read
/// has its text, and, if asked, the bytes on disk against their check sums.
///
/// # Errors
/// If the memory cannot be opened at all; what is wrong inside it is part of the answer.
pub fn check(dir: &Path, with_bytes: bool) -> Result<Checked, Error> {
    let inventory = Inventory::open(dir)?;
    let mut checked = Checked::default();
    let mut n_indexed = 0;
    for index in split::open_all(&Folder::new(dir).text())? {
        n_indexed += index.reader()?.searcher().num_docs();
        if with_bytes {
            let damaged = index.validate_checksum()?.len();
            if damaged > 0 {
                checked.damage.push(format!("{damaged} files of the full text"));
            }
        }
    }
    if with_bytes {
        let said: String =
            inventory.db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if said != "ok" {
            checked.damage.push("the inventory".to_owned());
        }
    }
    identities(&inventory, n_indexed, &mut checked)?;
    members(&inventory, &mut checked)?;
    Ok(checked)
}

fn identities(inventory: &Inventory, n_indexed: u64, checked: &mut Checked) -> Result<(), Error> {
    let figure = |sql: &str| -> Result<u64, Error> {
        Ok(inventory.db.query_row(sql, [], |row| count(row, 0))?)
    };
    let mut pair = |name: &str, left: &str, right: u64| -> Result<(), Error> {
        checked.identities.push(Identity::new(name, figure(left)?, right));
        Ok(())
    };
    pair(
        "what was listed and its outcomes",
        "SELECT count(*) FROM file WHERE gone IS NULL",
        figure("SELECT count(*) FROM occurrence WHERE depth = 0")?,
    )?;
    pair(
        "items that were read and places where they were read",
        "SELECT count(*) FROM item WHERE is_read",
        figure("SELECT count(*) FROM occurrence WHERE outcome = 0")?,
    )?;
    pair(
        "duplicates and those of them whose item was read",
        "SELECT count(*) FROM occurrence WHERE outcome = 1",
        figure(
            "SELECT count(*) FROM occurrence o JOIN item i ON i.id = o.item
             WHERE o.outcome = 1 AND i.is_read",
        )?,
    )?;
    pair(
        "exceptions and those of them that say why",
        "SELECT count(*) FROM occurrence WHERE outcome = 2",
        figure("SELECT count(*) FROM occurrence WHERE outcome = 2 AND exceptions IS NOT NULL")?,
    )?;
    pair(
        "what was left out and the rules that left it out",
        "SELECT count(*) FROM occurrence WHERE outcome = 3",
        figure("SELECT count(*) FROM occurrence WHERE outcome = 3 AND rule IS NOT NULL")?,
    )?;
    pair(
        "passages of items and passages in the full text",
        "SELECT coalesce(sum(n_passages), 0) FROM item",
        n_indexed,
    )?;
    pair(
        "bytes of files and of the items they are",
        "SELECT coalesce(sum(f.size_bytes), 0) FROM file f JOIN item i ON i.id = f.item
         WHERE f.gone IS NULL AND f.kind = 0",
        figure(
            "SELECT coalesce(sum(i.size_bytes), 0) FROM file f JOIN item i ON i.id = f.item
             WHERE f.gone IS NULL AND f.kind = 0",
        )?,
    )?;
    pair(
        "files that are not done",
        "SELECT count(*) FROM file WHERE gone IS NULL AND NOT is_complete",
        0,
    )
}

/// Counts the members of every container. Occurrences of a file stand in the order in which they
/// were read: a container before its members.
fn members(inventory: &Inventory, checked: &mut Checked) -> Result<(), Error> {
    let mut query = inventory
        .db
        .prepare("SELECT file, depth, members, source, path FROM occurrence ORDER BY file, id")?;
    let mut rows = query.query([])?;
    // The containers that are open, from the outside in, with the members found of each.
    let mut open: Vec<(u64, Miscounted)> = Vec::new();
    let mut last = -1;
    let mut close = |open: &mut Vec<(u64, Miscounted)>, depth: u64| {
        while open.last().is_some_and(|(at, _)| *at >= depth) {
            if let Some((_, container)) = open.pop()
                && container.listed != container.found
            {
                checked.miscounted.push(container);
            }
        }
    };
    while let Some(row) = rows.next()? {
        let (file, depth): (i64, u64) = (row.get(0)?, count(row, 1)?);
        if file != last {
            close(&mut open, 0);
            last = file;
        }
        close(&mut open, depth);
        if let Some((_, container)) = open.last_mut() {
            container.found += 1;
        }
        let listed = count(row, 2)?;
        let source: String = row.get(3)?;
        let path: String = row.get(4)?;
        let source = SourceName::parse(&source).map_err(Error::Damaged)?;
        let path = ItemPath::parse(&path);
        open.push((depth, Miscounted { source, path, listed, found: 0 }));
    }
    close(&mut open, 0);
    Ok(())
}

impl Inventory {
    /// What the last run listed at the top level of a source.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn top_level(&self, source: &SourceName) -> Result<TopLevel, Error> {
        let mut top = TopLevel::default();
        let mut query = self.db.prepare_cached(
            "SELECT f.kind, o.outcome, count(*) FROM file f JOIN source s ON s.id = f.source
             JOIN occurrence o ON o.file = f.id AND o.depth = 0
             WHERE s.name = ?1 AND f.gone IS NULL GROUP BY 1, 2",
        )?;
        let rows = query.query_map([source.as_str()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, count(row, 2)?))
        })?;
        for row in rows {
            let (kind, outcome, n) = row?;
            match (kind, outcome) {
                (0, _) => top.files += n,
                (_, crate::schema::EXCLUDED) => top.excluded += n,
                _ => top.closed += n,
            }
        }
        Ok(top)
    }

    /// How readers were confined in the last run, in words.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn isolation(&self) -> Result<Option<String>, Error> {
        let mut query =
            self.db.prepare_cached("SELECT isolation FROM run ORDER BY id DESC LIMIT 1")?;
        let mut rows = query.query_map([], |row| row.get::<_, Option<String>>(0))?;
        Ok(rows.next().transpose()?.flatten())
    }
}
