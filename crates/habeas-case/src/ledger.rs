//! What was decided, in an order that nobody can change unseen?
//!
//! `decisions.jsonl` holds a record a line. Each record carries its number, the digest of the one
//! before and its own, so that an edited, removed, added or moved line breaks the chain.
//! `decisions.head` holds the number and digest of the last record, so that a shortened file shows
//! too. Without a secret the two cannot stop somebody who rewrites both; they show every change by
//! accident or by hand.
//!
//! A record counts once its line has ended. A last line without its end is what a crash left of a
//! record that was never acknowledged: it is reported, left out, and moved to `decisions.torn` by the
//! next decision.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use habeas_model::Entry;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::files::{private, replace};

const RECORDS: &str = "decisions.jsonl";
const HEAD: &str = "decisions.head";
const TORN: &str = "decisions.torn";

/// The decisions and events of one case, oldest first. They are added, never changed.
#[derive(Clone, Debug)]
pub struct Ledger {
    dir: PathBuf,
    records: Vec<Recorded>,
    /// How many bytes of the file hold these records.
    end: u64,
    n_torn_bytes: u64,
}

/// A decision with its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its number, from 1.
    pub seq: u64,
    /// The digest of the record before; 64 zeros for the first.
    pub prev: String,
    /// BLAKE3 of this record as JSON without its digest, in hexadecimal.
    pub digest: String,
    /// What was decided.
    pub decision: Entry,
}

/// What became of decisions that were to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// They were added, as these records.
    Added(Vec<Recorded>),
    /// They were not, because of these records of others.
    InTheWay(Vec<Recorded>),
}

/// Where a ledger does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// Which record, from 1.
    pub record: u64,
    /// What does not fit.
    pub problem: &'static str,
}

#[derive(Serialize)]
struct Undigested<'a> {
    seq: u64,
    prev: &'a str,
    decision: &'a Entry,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    seq: u64,
    digest: String,
}

impl Recorded {
    fn new(prev: &Head, decision: &Entry) -> serde_json::Result<Self> {
        let seq = prev.seq + 1;
        let prev = prev.digest.clone();
        let bytes = serde_json::to_vec(&Undigested { seq, prev: &prev, decision })?;
        let digest = blake3::hash(&bytes).to_hex().to_string();
        Ok(Self { seq, prev, digest, decision: decision.clone() })
    }
}

impl Head {
    fn start() -> Self {
        Self { seq: 0, digest: "0".repeat(64) }
    }

    fn of(record: &Recorded) -> Self {
        Self { seq: record.seq, digest: record.digest.clone() }
    }
}

impl Ledger {
    /// Starts the ledger of a new case.
    pub(crate) fn create(dir: &Path) -> Result<(), Error> {
        let file = dir.join(RECORDS);
        private().write(true).create_new(true).open(&file).map_err(Error::file(&file))?;
        write_head(dir, &Head::start())
    }

    /// Opens the ledger in a case's folder and verifies every record.
    ///
    /// # Errors
    /// If it cannot be read, or a record was changed, removed, added or moved.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let file = dir.join(RECORDS);
        let input = File::open(&file).map_err(Error::file(&file))?;
        // Nobody adds while the records and their head are read.
        input.lock_shared().map_err(Error::file(&file))?;
        let (records, end, n_torn_bytes) = (Vec::new(), 0, 0);
        let mut ledger = Self { dir: dir.to_owned(), records, end, n_torn_bytes };
        ledger.catch_up(&input)?;
        Ok(ledger)
    }

    /// The records of a ledger up to the first that does not fit, and what does not: for a person who
    /// has to see what is left of one that was changed. Nothing is written.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn survey(dir: &Path) -> Result<(Vec<Recorded>, Option<Broken>), Error> {
        let file = dir.join(RECORDS);
        let input = File::open(&file).map_err(Error::file(&file))?;
        input.lock_shared().map_err(Error::file(&file))?;
        let (records, end, n_torn_bytes) = (Vec::new(), 0, 0);
        let mut ledger = Self { dir: dir.to_owned(), records, end, n_torn_bytes };
        match ledger.catch_up(&input) {
            Ok(()) => Ok((ledger.records, None)),
            Err(Error::LedgerBroken { record, problem, .. }) => {
                // What the record itself says does not count, whatever it is.
                ledger.records.retain(|known| known.seq < record);
                Ok((ledger.records, Some(Broken { record, problem })))
            }
            Err(other) => Err(other),
        }
    }

    /// The records, oldest first.
    pub fn records(&self) -> &[Recorded] {
        &self.records
    }

    /// The number of the last record; 0 if there is none.
    pub fn seq(&self) -> u64 {
        self.head().seq
    }

    /// Takes in what others have added since, verified as when the ledger was opened.
    ///
    /// # Errors
    /// If it cannot be read, or was changed.
    pub fn refresh(&mut self) -> Result<(), Error> {
        let file = self.dir.join(RECORDS);
        let input = File::open(&file).map_err(Error::file(&file))?;
        input.lock_shared().map_err(Error::file(&file))?;
        self.catch_up(&input)
    }

    /// How many bytes a crash left of a record that was never acknowledged; usually 0.
    pub fn n_torn_bytes(&self) -> u64 {
        self.n_torn_bytes
    }

    /// Adds decisions, all or none, after whatever another process has added; they are on disk when
    /// this returns.
    ///
    /// # Errors
    /// If the ledger was changed or cannot be written.
    pub fn append(&mut self, decisions: &[Entry]) -> Result<Vec<Recorded>, Error> {
        match self.append_unless(u64::MAX, decisions, &|_| false)? {
            Appended::Added(added) => Ok(added),
            // Nothing is in the way of anything here.
            Appended::InTheWay(_) => Ok(Vec::new()),
        }
    }

    /// As [`Ledger::append`], unless somebody has added a record after `expected` that is in the way of
    /// these decisions: then nothing is added. Nobody can add one between the look and the writing.
    ///
    /// # Errors
    /// As [`Ledger::append`].
    pub fn append_unless(
        &mut self,
        expected: u64,
        decisions: &[Entry],
        is_in_the_way: &dyn Fn(&Recorded) -> bool,
    ) -> Result<Appended, Error> {
        if decisions.is_empty() {
            return Ok(Appended::Added(Vec::new()));
        }
        let file = self.dir.join(RECORDS);
        let failed = Error::file(&file);
        let mut out = private().read(true).write(true).open(&file).map_err(&failed)?;
        out.lock().map_err(&failed)?;
        self.catch_up(&out)?;
        let later = self.records.iter().skip(usize::try_from(expected).unwrap_or(usize::MAX));
        let others: Vec<Recorded> = later.filter(|it| is_in_the_way(it)).cloned().collect();
        if !others.is_empty() {
            return Ok(Appended::InTheWay(others));
        }
        self.set_torn_aside(&mut out)?;
        let mut head = self.head();
        let mut lines = Vec::new();
        let mut added = Vec::with_capacity(decisions.len());
        for decision in decisions {
            let record = Recorded::new(&head, decision).map_err(|it| failed(it.into()))?;
            serde_json::to_writer(&mut lines, &record).map_err(|it| failed(it.into()))?;
            lines.push(b'\n');
            head = Head::of(&record);
            added.push(record);
        }
        out.seek(SeekFrom::Start(self.end)).map_err(&failed)?;
        let written = out.write_all(&lines).and_then(|()| out.sync_data()).map_err(&failed);
        // The head follows: a crash in between leaves records beyond it, which are good.
        let written = written.and_then(|()| write_head(&self.dir, &head));
        if let Err(error) = written {
            // A full disk must not leave half of what was decided together; without the head's new
            // state the file as it was is whole.
            let _ = out.set_len(self.end);
            return Err(error);
        }
        self.end += lines.len() as u64;
        self.records.extend(added.iter().cloned());
        Ok(Appended::Added(added))
    }

    fn head(&self) -> Head {
        self.records.last().map_or_else(Head::start, Head::of)
    }

    fn broken(&self, record: u64, problem: &'static str) -> Error {
        Error::LedgerBroken { file: self.dir.join(RECORDS), record, problem }
    }

    /// Reads and verifies what stands after the records that are known. The file has to be locked.
    fn catch_up(&mut self, mut input: &File) -> Result<(), Error> {
        let file = self.dir.join(RECORDS);
        let failed = Error::file(&file);
        if input.metadata().map_err(&failed)?.len() < self.end {
            return Err(self.broken(self.head().seq, "the file was shortened"));
        }
        let mut bytes = Vec::new();
        input.seek(SeekFrom::Start(self.end)).map_err(&failed)?;
        input.read_to_end(&mut bytes).map_err(&failed)?;
        let n_whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (whole, torn) = bytes.split_at(n_whole);
        for line in whole.split_inclusive(|byte| *byte == b'\n') {
            let record = self.verified(line.strip_suffix(b"\n").unwrap_or(line))?;
            self.records.push(record);
        }
        self.end += n_whole as u64;
        self.n_torn_bytes = torn.len() as u64;
        if self.n_torn_bytes > 0 {
            tracing::warn!(n_bytes = self.n_torn_bytes, "a decision was cut off by a crash");
        }
        self.check_head()
    }

    fn verified(&self, line: &[u8]) -> Result<Recorded, Error> {
        let head = self.head();
        let seq = head.seq + 1;
        let record: Recorded =
            serde_json::from_slice(line).map_err(|_| self.broken(seq, "it is not a decision"))?;
        if record.seq != seq {
            return Err(self.broken(seq, "a record was removed, added or moved"));
        }
        if record.prev != head.digest {
            return Err(self.broken(seq, "it does not follow the record before"));
        }
        // Made again from what it says, it has to be the same to the last byte.
        let again = Recorded::new(&head, &record.decision).ok();
        let is_same = again.as_ref().is_some_and(|again| again.digest == record.digest)
            && serde_json::to_vec(&record).is_ok_and(|bytes| bytes == line);
        if is_same { Ok(record) } else { Err(self.broken(seq, "it was edited")) }
    }

    fn check_head(&self) -> Result<(), Error> {
        let n_records = self.head().seq;
        let bytes = match std::fs::read(self.dir.join(HEAD)) {
            Ok(bytes) => bytes,
            Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => {
                return Err(self.broken(n_records, "decisions.head is missing"));
            }
            Err(problem) => return Err(Error::file(&self.dir.join(HEAD))(problem)),
        };
        let head: Head = serde_json::from_slice(&bytes)
            .map_err(|_| self.broken(n_records, "decisions.head was edited"))?;
        if head.seq > n_records {
            return Err(self.broken(n_records + 1, "it is missing"));
        }
        let at = usize::try_from(head.seq).unwrap_or(usize::MAX);
        let known = match at.checked_sub(1) {
            None => Head::start(),
            Some(at) => self.records.get(at).map_or_else(Head::start, Head::of),
        };
        if known == head { Ok(()) } else { Err(self.broken(head.seq, "decisions.head differs")) }
    }

    /// Moves what a crash left behind out of the way, and keeps it.
    fn set_torn_aside(&mut self, out: &mut File) -> Result<(), Error> {
        if self.n_torn_bytes == 0 {
            return Ok(());
        }
        let file = self.dir.join(RECORDS);
        let failed = Error::file(&file);
        let mut torn = Vec::new();
        out.seek(SeekFrom::Start(self.end)).map_err(&failed)?;
        out.read_to_end(&mut torn).map_err(&failed)?;
        torn.push(b'\n');
        let aside = self.dir.join(TORN);
        let mut kept =
            private().append(true).create(true).open(&aside).map_err(Error::file(&aside))?;
        kept.write_all(&torn).and_then(|()| kept.sync_data()).map_err(Error::file(&aside))?;
        out.set_len(self.end).map_err(&failed)?;
        self.n_torn_bytes = 0;
        Ok(())
    }
}

fn write_head(dir: &Path, head: &Head) -> Result<(), Error> {
    let file = dir.join(HEAD);
    let failed = Error::file(&file);
    let bytes = serde_json::to_vec(head).map_err(|problem| failed(problem.into()))?;
    replace(&file, &bytes).map_err(failed)
}

#[cfg(test)]
mod tests;
