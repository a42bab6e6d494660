//! How does one thread turn files into notes for the memory?

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::SyncSender;

use habeas_document::Budget;
use habeas_index::{Found, Inventory, NewItem, Retry};
use habeas_match::Setting;
use habeas_model::{Document, Exception, Facts, ItemId, Member, Reason};
use habeas_source::Entry;

use crate::Error;
use crate::family::{Ending, Job, Opened, Piece, Slot};
use crate::note::{Gate, Note};
use crate::parts::Parts;

/// A file that has to be read.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) number: u64,
    pub(crate) source: i64,
    pub(crate) relative: PathBuf,
    pub(crate) entry: Entry,
}

/// Reads a file and sends what it holds. An error that stops the run is a note too.
pub(crate) fn work(slot: &mut Slot, desk: &Desk<'_>, task: &Task) {
    let sent = read(slot, desk, task).unwrap_or_else(|error| desk.send(Note::Fatal(error)));
    if sent.is_err() {
        tracing::debug!("the run has ended; a file is left for the next one");
    }
}

fn read(slot: &mut Slot, desk: &Desk<'_>, task: &Task) -> Result<Result<(), Halted>, Error> {
    let job = Job {
        file: task.entry.raw.clone(),
        path: task.entry.path.clone(),
        size_bytes: task.entry.stamp.size_bytes,
    };
    if desk.begin(task).is_err() {
        return Ok(Err(Halted));
    }
    let mut retry = Retry::Never;
    let mut n_members = 0_u64;
    let mut fatal = None;
    let mut table = None;
    let ending = slot.read(&job, desk.budget, &mut |piece| {
        if let Piece::Member { member, .. } = &piece {
            n_members += 1;
            for exception in &member.document.exceptions {
                retry = stronger(retry, exception.reason);
            }
        }
        match desk.take(task.number, &mut table, piece) {
            Ok(Ok(())) if !(desk.is_halted)() => ControlFlow::Continue(()),
            Ok(_) => ControlFlow::Break(()),
            Err(error) => {
                fatal = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    if let Some(error) = fatal {
        return Err(error);
    }
    let ending = ending?;
    if (desk.is_halted)() {
        // Readers were killed on purpose, so how this one ended means nothing.
        return Ok(Err(Halted));
    }
    Ok(desk.end(task, ending, n_members, retry))
}

/// What one thread needs besides its reader: its view of the inventory, and where notes go.
pub(crate) struct Desk<'r> {
    pub(crate) inventory: Inventory,
    pub(crate) budget: &'r Budget,
    pub(crate) setting: &'r Setting,
    pub(crate) version: &'r str,
    /// Items count as known only if they were read in this run.
    pub(crate) only_run: Option<i64>,
    pub(crate) gate: &'r Gate,
    pub(crate) notes: SyncSender<Note>,
    pub(crate) is_halted: &'r (dyn Fn() -> bool + Sync),
}

/// Nobody takes notes any more.
struct Halted;

impl Desk<'_> {
    fn begin(&self, task: &Task) -> Result<(), Halted> {
        self.send(Note::Begin {
            file: task.number,
            source: task.source,
            relative: task.relative.clone(),
            path: task.entry.path.clone(),
            stamp: task.entry.stamp,
        })
    }

    fn end(
        &self,
        task: &Task,
        ending: Ending,
        n_members: u64,
        mut retry: Retry,
    ) -> Result<(), Halted> {
        let file = task.number;
        let mut stamp = task.entry.stamp;
        match ending {
            Ending::Stopped => return Err(Halted),
            Ending::Whole(opened) => stamp = opened.stamp,
            Ending::Broken(opened, exception) => {
                stamp = opened.stamp;
                retry = stronger(retry, exception.reason);
                if n_members > 0 {
                    let exception = Exception { is_partial: true, ..exception };
                    self.send(Note::Trouble { file, exception })?;
                } else {
                    self.send(Note::Found {
                        file,
                        found: unread(task, opened, exception),
                        weight: 0,
                        is_whole: true,
                    })?;
                }
            }
            Ending::Unopened(exception) => {
                retry = stronger(retry, exception.reason);
                let found = Found::Failed { path: task.entry.path.clone(), exception };
                self.send(Note::Found { file, found, weight: 0, is_whole: true })?;
            }
            Ending::Changed => {
                // What was sent is of two versions; the file begins again, with this alone.
                retry = Retry::Always;
                self.begin(task)?;
                let exception = Exception::whole(Reason::Changed, "changed while it was read");
                let found = Found::Failed { path: task.entry.path.clone(), exception };
                self.send(Note::Found { file, found, weight: 0, is_whole: true })?;
            }
        }
        self.send(Note::End { file, stamp, retry })
    }

    /// Recognises a piece, unless its text is known, and sends it. `table` is the item of which
    /// further rows may come, with their number so far.
    fn take(
        &self,
        file: u64,
        table: &mut Option<(ItemId, usize)>,
        piece: Piece,
    ) -> Result<Result<(), Halted>, Error> {
        match piece {
            Piece::Member { member, is_whole } => self.take_member(file, table, *member, is_whole),
            Piece::More { passages, is_last } => {
                let Some((id, number)) = table else { return Ok(Ok(())) };
                let document = Document { passages, ..Document::default() };
                let mut parts = Parts::new(*id, *number, document, self.setting);
                *number += parts.document.passages.len();
                self.send_more(file, &mut parts, is_last)
            }
        }
    }

    fn take_member(
        &self,
        file: u64,
        table: &mut Option<(ItemId, usize)>,
        member: Member,
        is_whole: bool,
    ) -> Result<Result<(), Halted>, Error> {
        let mut document = member.document;
        if !document.passages.is_empty() {
            // Something was read, so what is missing is a part.
            document.exceptions.iter_mut().for_each(|exception| exception.is_partial = true);
        }
        let is_wanted = document.failure().is_none()
            && !self.inventory.is_known(&member.id, self.version, self.only_run)?;
        *table = is_wanted.then_some((member.id, document.passages.len()));
        let mut item = Box::new(NewItem {
            id: member.id,
            size_bytes: member.size_bytes,
            media_type: std::mem::take(&mut document.media_type),
            facts: std::mem::take(&mut document.facts),
            exceptions: std::mem::take(&mut document.exceptions),
            text: None,
        });
        let path = member.path;
        if !is_wanted {
            let found = Found::Item { path, item };
            return Ok(self.send(Note::Found { file, found, weight: 0, is_whole: true }));
        }
        let mut parts = Parts::new(member.id, 0, document, self.setting);
        item.exceptions.extend(parts.troubles());
        let (text, weight) = parts.next()?.unwrap_or_default();
        item.text = Some(text);
        let is_all = parts.is_empty() && is_whole;
        self.gate.enter(weight);
        let found = Found::Item { path, item };
        if let Err(halted) = self.send(Note::Found { file, found, weight, is_whole: is_all }) {
            return Ok(Err(halted));
        }
        if parts.is_empty() { Ok(Ok(())) } else { self.send_more(file, &mut parts, is_whole) }
    }

    fn send_more(
        &self,
        file: u64,
        parts: &mut Parts,
        is_whole: bool,
    ) -> Result<Result<(), Halted>, Error> {
        for exception in parts.troubles() {
            if let Err(halted) = self.send(Note::Trouble { file, exception }) {
                return Ok(Err(halted));
            }
        }
        while let Some((text, weight)) = parts.next()? {
            let is_last = is_whole && parts.is_empty();
            self.gate.enter(weight);
            if let Err(halted) = self.send(Note::More { file, text, weight, is_last }) {
                return Ok(Err(halted));
            }
        }
        Ok(Ok(()))
    }

    fn send(&self, note: Note) -> Result<(), Halted> {
        self.notes.send(note).map_err(|_| Halted)
    }
}

/// A file whose reader died before it said anything.
fn unread(task: &Task, opened: Opened, exception: Exception) -> Found {
    let item = NewItem {
        id: opened.id,
        size_bytes: opened.size_bytes,
        media_type: "application/octet-stream".to_owned(),
        facts: Facts::default(),
        exceptions: vec![exception],
        text: None,
    };
    Found::Item { path: task.entry.path.clone(), item: Box::new(item) }
}

/// When a file with an exception of that kind is read again, unless it is sooner already.
fn stronger(retry: Retry, reason: Reason) -> Retry {
    let own = match reason {
        Reason::Permission
        | Reason::Io
        | Reason::Vanished
        | Reason::Changed
        | Reason::Locked
        | Reason::Stalled => Retry::Always,
        Reason::TimeLimit
        | Reason::MemoryLimit
        | Reason::OutputLimit
        | Reason::DepthLimit
        | Reason::CountLimit
        | Reason::ExpansionLimit
        | Reason::SizeLimit => Retry::OnOtherLimits,
        Reason::Unsupported
        | Reason::Encrypted
        | Reason::Corrupt
        | Reason::Truncated
        | Reason::NoText
        | Reason::LowConfidence
        | Reason::Protocol
        | Reason::ReaderFailed => Retry::Never,
    };
    match (retry, own) {
        (Retry::Always, _) | (_, Retry::Always) => Retry::Always,
        (Retry::OnOtherLimits, _) | (_, Retry::OnOtherLimits) => Retry::OnOtherLimits,
        _ => Retry::Never,
    }
}
