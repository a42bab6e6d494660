//! How does one thread turn files into notes for the memory?

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::SyncSender;
use std::time::SystemTime;

use habeas_document::Budget;
use habeas_index::{Found, Inventory, NewItem, Retry};
use habeas_match::{Setting, path_terms, thread_terms};
use habeas_model::{Document, ItemId, ItemPath, Member, Reason};
use habeas_source::Entry;

use crate::Error;
use crate::family::{Ending, Job, Piece, Slot, Taker};
use crate::listing::as_read;
use crate::note::{Begun, FileNumber, Gate, Note};
use crate::opener::At;
use crate::parts::Parts;

/// A file that has to be read.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) number: FileNumber,
    pub(crate) source: i64,
    pub(crate) relative: PathBuf,
    pub(crate) entry: Entry,
    /// Did it wait for everything else to be done?
    pub(crate) is_last_try: bool,
}

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worked {
    /// Everything there is to say of it was sent.
    Done,
    /// Nothing was sent: somebody has locked it, and may be done with it later.
    Locked,
}

/// Reads a file and sends what it holds. An error that stops the run is a note too. A locked one
/// comes back if it `may_wait`.
pub(crate) fn work(slot: &mut Slot, desk: &Desk<'_>, task: &Task, may_wait: bool) -> Worked {
    let sent = match read(slot, desk, task, may_wait) {
        Ok(sent) => sent,
        Err(error) => desk.send(Note::Fatal(error)).map(|()| Worked::Done),
    };
    sent.unwrap_or_else(|Halted| {
        tracing::debug!("the run has ended; a file is left for the next one");
        Worked::Done
    })
}

fn read(
    slot: &mut Slot,
    desk: &Desk<'_>,
    task: &Task,
    may_wait: bool,
) -> Result<Result<Worked, Halted>, Error> {
    let asked = SystemTime::now();
    let job = Job {
        at: At::Listed(Box::new(task.entry.clone())),
        path: task.entry.path.clone(),
        size_bytes: task.entry.stamp.size_bytes,
    };
    let mut retry = Retry::Never;
    let mut fatal = None;
    let mut table = None;
    let mut is_begun = false;
    let mut taker = Taker {
        show: None,
        take: &mut |piece| {
            retry = stronger_of(retry, &piece);
            match desk.take(task, &mut is_begun, &mut table, piece) {
                Ok(Ok(())) if !(desk.is_halted)() => ControlFlow::Continue(()),
                Ok(_) => ControlFlow::Break(()),
                Err(error) => {
                    fatal = Some(error);
                    ControlFlow::Break(())
                }
            }
        },
        is_known: &|id| desk.is_known(id),
        is_wanted: &|_| true,
    };
    let ending = slot.read(&job, desk.budget, &mut taker);
    if let Some(error) = fatal {
        return Err(error);
    }
    let ending = ending?;
    if (desk.is_halted)() {
        // Readers were killed on purpose, so how this one ended means nothing.
        return Ok(Err(Halted));
    }
    let is_locked =
        matches!(&ending, Ending::Unopened(exception) if exception.reason == Reason::Locked);
    if is_locked && may_wait && !is_begun {
        return Ok(Ok(Worked::Locked));
    }
    if !is_begun && desk.begin(task).is_err() {
        return Ok(Err(Halted));
    }
    Ok(desk.end(task, ending, retry, asked).map(|()| Worked::Done))
}

/// What one thread needs besides its reader: its view of the inventory, and where notes go.
pub(crate) struct Desk<'r> {
    pub(crate) inventory: Inventory,
    pub(crate) budget: &'r Budget,
    pub(crate) setting: &'r Setting,
    pub(crate) version: &'r str,
    pub(crate) limits: &'r str,
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
        self.send(Note::Begin { file: task.number, begun: begun(task) })
    }

    fn end(
        &self,
        task: &Task,
        ending: Ending,
        mut retry: Retry,
        asked: SystemTime,
    ) -> Result<(), Halted> {
        let file = task.number;
        let mut stamp = task.entry.stamp;
        match ending {
            Ending::Stopped => return Err(Halted),
            Ending::Whole(opened) => stamp = as_read(opened.stamp, asked),
            Ending::Unopened(exception) => {
                retry = stronger(retry, exception.reason);
                let found = Found::Failed { path: task.entry.path.clone(), exception };
                self.send(Note::Found { file, found, weight: 0, is_whole: true })?;
            }
        }
        self.send(Note::End { file, stamp, retry })
    }

    /// Are these bytes, and all that is packed in them, in the memory as this run would read them?
    fn is_known(&self, id: &ItemId) -> bool {
        self.only_run.is_none()
            && self.inventory.is_known_whole(id, self.version, self.limits).unwrap_or_else(
                |error| {
                    // Reading it again is right in any case.
                    tracing::warn!(%error, "the inventory does not say what is known");
                    false
                },
            )
    }

    /// Recognises a piece, unless its text is known, and sends it; the file begins with the first.
    /// `table` is the item of which further rows may come, with their number so far.
    fn take(
        &self,
        task: &Task,
        is_begun: &mut bool,
        table: &mut Option<(ItemPath, ItemId, usize)>,
        piece: Piece,
    ) -> Result<Result<(), Halted>, Error> {
        let file = task.number;
        if !std::mem::replace(is_begun, true) {
            let begin = match &piece {
                Piece::Known { id, .. } => {
                    let begun = begun(task);
                    return Ok(self.send(Note::BeginKnown { file, begun, id: *id }));
                }
                _ => self.begin(task),
            };
            if begin.is_err() {
                return Ok(begin);
            }
        }
        match piece {
            Piece::Member { member, is_whole } => self.take_member(file, table, *member, is_whole),
            Piece::More { passages, is_last } => {
                let Some((path, id, number)) = table else { return Ok(Ok(())) };
                let document = Document { passages, ..Document::default() };
                let mut parts = Parts::new(*id, *number, document, self.setting);
                *number += parts.document.passages.len();
                let path = path.clone();
                self.send_more(file, &path, &mut parts, is_last)
            }
            Piece::Known { path, id } => Ok(self.send(Note::Known { file, path, id })),
            Piece::Trouble { path, exception } => {
                Ok(self.send(Note::Trouble { file, path, exception }))
            }
        }
    }

    fn take_member(
        &self,
        file: FileNumber,
        table: &mut Option<(ItemPath, ItemId, usize)>,
        member: Member,
        is_whole: bool,
    ) -> Result<Result<(), Halted>, Error> {
        let mut document = member.document;
        if !document.passages.is_empty() {
            // Something was read, so what is missing is a part.
            document.exceptions.iter_mut().for_each(|exception| exception.is_partial = true);
        }
        let is_wanted = document.failure().is_none()
            && !self.inventory.is_known(&member.id, self.version, self.limits, self.only_run)?;
        *table = is_wanted.then(|| (member.path.clone(), member.id, document.passages.len()));
        let (ids, words) = (thread_terms(&document.facts), path_terms(&member.path));
        let mut item = Box::new(NewItem {
            id: member.id,
            size_bytes: member.size_bytes,
            media_type: std::mem::take(&mut document.media_type),
            n_members: member.n_children,
            facts: std::mem::take(&mut document.facts),
            exceptions: std::mem::take(&mut document.exceptions),
            text: None,
        });
        let path = member.path;
        if !is_wanted {
            let found = Found::Item { path, item };
            return Ok(self.send(Note::Found { file, found, weight: 0, is_whole: true }));
        }
        let mut parts = Parts::new(member.id, 0, document, self.setting).found_by(ids, words);
        item.exceptions.extend(parts.troubles());
        let (text, weight) = parts.next()?.unwrap_or_default();
        item.text = Some(text);
        let is_all = parts.is_empty() && is_whole;
        self.gate.enter(weight);
        let found = Found::Item { path: path.clone(), item };
        if let Err(halted) = self.send(Note::Found { file, found, weight, is_whole: is_all }) {
            return Ok(Err(halted));
        }
        if parts.is_empty() {
            Ok(Ok(()))
        } else {
            self.send_more(file, &path, &mut parts, is_whole)
        }
    }

    fn send_more(
        &self,
        file: FileNumber,
        path: &ItemPath,
        parts: &mut Parts,
        is_whole: bool,
    ) -> Result<Result<(), Halted>, Error> {
        for exception in parts.troubles() {
            let path = path.clone();
            if let Err(halted) = self.send(Note::Trouble { file, path, exception }) {
                return Ok(Err(halted));
            }
        }
        if parts.is_empty() && is_whole {
            // The table broke off: what came of it is all there is.
            let text = habeas_index::Text::default();
            return Ok(self.send(Note::More { file, text, weight: 0, is_last: true }));
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

fn begun(task: &Task) -> Begun {
    Begun {
        source: task.source,
        relative: task.relative.clone(),
        path: task.entry.path.clone(),
        stamp: task.entry.stamp,
    }
}

/// When a file with such a piece is read again, unless it is sooner already.
fn stronger_of(retry: Retry, piece: &Piece) -> Retry {
    match piece {
        Piece::Member { member, .. } => member
            .document
            .exceptions
            .iter()
            .fold(retry, |retry, exception| stronger(retry, exception.reason)),
        Piece::Trouble { exception, .. } => stronger(retry, exception.reason),
        Piece::More { .. } | Piece::Known { .. } => retry,
    }
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
        reason if reason.depends_on_limits() => Retry::OnOtherLimits,
        _ => Retry::Never,
    };
    match (retry, own) {
        (Retry::Always, _) | (_, Retry::Always) => Retry::Always,
        (Retry::OnOtherLimits, _) | (_, Retry::OnOtherLimits) => Retry::OnOtherLimits,
        _ => Retry::Never,
    }
}
