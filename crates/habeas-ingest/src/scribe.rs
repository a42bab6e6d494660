//! How do the notes of all threads get into the memory?

use std::collections::HashMap;
use std::sync::Weak;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use habeas_index::{FileId, Found, Text, Writer};

use crate::note::Note;
use crate::run::Run;
use crate::watch::lock;
use crate::{Error, Progress};

impl Run<'_> {
    /// Takes notes until all threads are done; after an error it only empties the queue.
    pub(crate) fn write(
        &self,
        writer: &mut Writer,
        inbox: &Receiver<Note>,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<(), Error> {
        let mut scribe = Scribe { writer, open: HashMap::new() };
        let mut shown = Instant::now();
        let mut result = Ok(());
        loop {
            let note = match inbox.recv_timeout(Duration::from_millis(100)) {
                Ok(note) => Some(note),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            if self.is_halted() {
                self.end_readers();
            }
            if result.is_ok() {
                let done = self.take(&mut scribe, note);
                if done.is_err() {
                    self.is_failed.store(true, Ordering::SeqCst);
                    result = done;
                }
            } else if let Some(Note::Found { weight, .. } | Note::More { weight, .. }) = note {
                self.gate.leave(weight);
            }
            if shown.elapsed() > Duration::from_millis(200) {
                shown = Instant::now();
                self.report(progress);
            }
        }
        result?;
        Ok(scribe.writer.commit()?)
    }

    fn take(&self, scribe: &mut Scribe<'_>, note: Option<Note>) -> Result<(), Error> {
        match note {
            None => {}
            Some(Note::Fatal(error)) => return Err(error),
            Some(Note::Found { file, found, weight, is_whole }) => {
                let added = scribe.add(file, found, is_whole);
                self.gate.leave(weight);
                added?;
            }
            Some(Note::More { file, text, weight, is_last }) => {
                let added = scribe.add_more(file, text, is_last);
                self.gate.leave(weight);
                added?;
            }
            Some(Note::End { file, stamp, retry }) => {
                self.done(stamp.size_bytes);
                self.counts.read.fetch_add(1, Ordering::Relaxed);
                if let Some((id, _)) = scribe.open.remove(&file) {
                    scribe.writer.end_file(id, stamp, retry)?;
                }
            }
            Some(Note::Begin { file, source, relative, path, stamp }) => {
                let id = scribe.writer.begin_file(source, &relative, &path, stamp)?;
                scribe.open.insert(file, (id, source));
            }
            Some(Note::Trouble { file, exception }) => {
                if let Some((id, _)) = scribe.open.get(&file) {
                    scribe.writer.add_exception(*id, &exception)?;
                }
            }
            Some(Note::Unread { source, relative, version, found }) => {
                scribe.writer.add_unread(source, &relative, &version, found)?;
            }
        }
        scribe.writer.commit_if_due()?;
        Ok(())
    }

    /// Ends all readers: whatever they are at would take too long to wait for.
    fn end_readers(&self) {
        let readers = std::mem::take(&mut *lock(&self.readers));
        readers.iter().filter_map(Weak::upgrade).for_each(|reader| reader.kill());
    }
}

/// The writer with the files that are begun.
struct Scribe<'w> {
    writer: &'w mut Writer,
    open: HashMap<u64, (FileId, i64)>,
}

impl Scribe<'_> {
    fn add(&mut self, file: u64, found: Found, is_whole: bool) -> Result<(), Error> {
        let Some((id, source)) = self.open.get(&file) else { return Ok(()) };
        if is_whole {
            return Ok(self.writer.add(*source, *id, found)?);
        }
        Ok(self.writer.add_first(*source, *id, found)?)
    }

    fn add_more(&mut self, file: u64, text: Text, is_last: bool) -> Result<(), Error> {
        let Some((id, _)) = self.open.get(&file) else { return Ok(()) };
        Ok(self.writer.add_more(*id, text, is_last)?)
    }
}
