//! How do the notes of all threads get into the memory?

use std::collections::HashMap;
use std::sync::Weak;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use habeas_index::{FileId, Found, Text, Writer};

use crate::note::{Begun, FileNumber, Note};
use crate::run::{Listers, Run};
use crate::watch::lock;
use crate::{Error, Progress};

/// How often the threads that list are looked at.
const TICK: Duration = Duration::from_millis(100);

impl Run<'_> {
    /// Takes notes until everything that was listed is done; after an error it only empties the
    /// queue.
    pub(crate) fn write(
        &self,
        writer: &mut Writer,
        inbox: &Receiver<Note>,
        listers: &mut Listers,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<(), Error> {
        let mut scribe = Scribe { writer, open: HashMap::new() };
        let (mut shown, mut looked) = (Instant::now(), Instant::now());
        let mut result = Ok(());
        loop {
            let n_pending = self.counts.pending.load(Ordering::SeqCst);
            if self.is_halted() || (listers.is_done() && n_pending == self.later.len()) {
                self.later.open();
            }
            // Looked at before the queue is: whoever is done has sent all notes before.
            let is_done = (listers.is_done() || self.is_halted())
                && self.counts.pending.load(Ordering::SeqCst) == 0;
            let note = inbox.recv_timeout(if is_done { Duration::ZERO } else { TICK }).ok();
            if is_done && note.is_none() {
                break;
            }
            let mut notes: Vec<Note> = note.into_iter().collect();
            if self.is_halted() {
                self.end_readers();
            }
            let is_listed = matches!(notes.first(), None | Some(Note::Listed));
            if is_listed || looked.elapsed() > TICK {
                looked = Instant::now();
                notes.extend(listers.look().err().map(Note::Fatal));
            }
            if listers.is_done() {
                self.counts.is_listed.store(true, Ordering::Relaxed);
            }
            for note in notes {
                if result.is_ok() {
                    result = self.take(&mut scribe, note);
                    if result.is_err() {
                        self.halt.store(true, Ordering::SeqCst);
                    }
                } else if let Note::Found { weight, .. } | Note::More { weight, .. } = note {
                    self.gate.leave(weight);
                }
            }
            if result.is_ok() {
                result = scribe.writer.commit_if_due().map(drop).map_err(Error::from);
            }
            if shown.elapsed() > Duration::from_millis(200) {
                shown = Instant::now();
                self.report(progress);
            }
        }
        result?;
        Ok(scribe.writer.commit()?)
    }

    fn take(&self, scribe: &mut Scribe<'_>, note: Note) -> Result<(), Error> {
        match note {
            Note::Listed => {}
            Note::Fatal(error) => return Err(error),
            Note::Found { file, found, weight, is_whole } => {
                let added = scribe.add(file, found, is_whole);
                self.gate.leave(weight);
                added?;
            }
            Note::More { file, text, weight, is_last } => {
                let added = scribe.add_more(file, text, is_last);
                self.gate.leave(weight);
                added?;
            }
            Note::End { file, stamp, retry } => {
                self.counts.done(stamp.size_bytes);
                self.counts.read.fetch_add(1, Ordering::Relaxed);
                if let Some((id, _)) = scribe.open.remove(&file) {
                    scribe.writer.end_file(id, stamp, retry)?;
                }
            }
            Note::Begin { file, begun: Begun { source, relative, path, stamp } } => {
                let id = scribe.writer.begin_file(source, &relative, &path, stamp)?;
                scribe.open.insert(file, (id, source));
            }
            Note::BeginKnown { file, begun: Begun { source, relative, path, stamp }, id } => {
                self.counts.known.fetch_add(1, Ordering::Relaxed);
                let number = scribe.writer.begin_known(source, &relative, &path, stamp, &id)?;
                scribe.open.insert(file, (number, source));
            }
            Note::Known { file, path, id } => {
                if let Some((number, source)) = scribe.open.get(&file) {
                    scribe.writer.add_known(*source, *number, &path, &id)?;
                }
            }
            Note::Trouble { file, path, exception } => {
                if let Some((id, _)) = scribe.open.get(&file) {
                    scribe.writer.add_exception(*id, &path, &exception)?;
                }
            }
            Note::Unread { source, relative, version, found } => {
                scribe.writer.add_unread(source, &relative, &version, found)?;
            }
        }
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
    open: HashMap<FileNumber, (FileId, i64)>,
}

impl Scribe<'_> {
    fn add(&mut self, file: FileNumber, found: Found, is_whole: bool) -> Result<(), Error> {
        let Some((id, source)) = self.open.get(&file) else { return Ok(()) };
        if is_whole {
            return Ok(self.writer.add(*source, *id, found)?);
        }
        Ok(self.writer.add_first(*source, *id, found)?)
    }

    fn add_more(&mut self, file: FileNumber, text: Text, is_last: bool) -> Result<(), Error> {
        let Some((id, _)) = self.open.get(&file) else { return Ok(()) };
        Ok(self.writer.add_more(*id, text, is_last)?)
    }
}
