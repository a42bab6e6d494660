//! How does one thread turn files into notes for the memory?

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::SyncSender;

use habeas_document::Budget;
use habeas_index::{Found, Inventory, NewItem, Prepared, Retry, Text};
use habeas_match::{Setting, recognise, terms};
use habeas_model::{Exception, Hit, Kind, Meaning, Member, Passage, Reason};
use habeas_source::Entry;

use crate::Error;
use crate::family::{Ending, Job, Opened, Slot};
use crate::note::{Gate, Note};

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
    let ending = slot.read(&job, desk.budget, &mut |member| {
        n_members += 1;
        for exception in &member.document.exceptions {
            retry = stronger(retry, exception.reason);
        }
        match desk.take(task.number, member) {
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
                    })?;
                }
            }
            Ending::Unopened(exception) => {
                retry = stronger(retry, exception.reason);
                let found = Found::Failed { path: task.entry.path.clone(), exception };
                self.send(Note::Found { file, found, weight: 0 })?;
            }
            Ending::Changed => {
                // What was sent is of two versions; the file begins again, with this alone.
                retry = Retry::Always;
                self.begin(task)?;
                let exception = Exception::whole(Reason::Changed, "changed while it was read");
                let found = Found::Failed { path: task.entry.path.clone(), exception };
                self.send(Note::Found { file, found, weight: 0 })?;
            }
        }
        self.send(Note::End { file, stamp, retry })
    }

    /// Recognises a member, unless its text is known, and sends it.
    fn take(&self, file: u64, member: Member) -> Result<Result<(), Halted>, Error> {
        let mut document = member.document;
        if !document.passages.is_empty() {
            // Something was read, so what is missing is a part.
            document.exceptions.iter_mut().for_each(|exception| exception.is_partial = true);
        }
        let mut weight = 1 << 10;
        let text = if document.failure().is_some()
            || self.inventory.is_known(&member.id, self.version, self.only_run)?
        {
            None
        } else {
            let work = || prepare(&member.id, &document, self.setting);
            match catch_unwind(AssertUnwindSafe(work)) {
                Ok(text) => {
                    // The text, its terms and its places: three times the text and a little more.
                    let n: usize = document.passages.iter().map(|p| 256 + 3 * p.text.len()).sum();
                    weight += n;
                    Some(text?)
                }
                Err(_) => {
                    let note = "its identifiers could not be recognised";
                    document.exceptions.push(Exception::whole(Reason::ReaderFailed, note));
                    None
                }
            }
        };
        let item = Box::new(NewItem {
            id: member.id,
            size_bytes: member.size_bytes,
            media_type: document.media_type,
            facts: document.facts,
            exceptions: document.exceptions,
            text,
        });
        self.gate.enter(weight);
        let found = Found::Item { path: member.path, item };
        Ok(self.send(Note::Found { file, found, weight }))
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
        facts: habeas_model::Facts::default(),
        exceptions: vec![exception],
        text: None,
    };
    Found::Item { path: task.entry.path.clone(), item: Box::new(item) }
}

/// Recognises whom a document names and makes its passages ready for the full text.
fn prepare(
    id: &habeas_model::ItemId,
    document: &habeas_model::Document,
    setting: &Setting,
) -> Result<Text, Error> {
    let all_hits = recognise(document, setting);
    let mut text = Text::default();
    for (number, (passage, hits)) in document.passages.iter().zip(&all_hits).enumerate() {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let terms = terms(passage, hits);
        text.passages.push(Prepared::new(*id, number, passage, hits, &terms)?);
        text.names.extend(structured_names(passage, hits));
    }
    assert!(text.passages.len() == document.passages.len(), "a passage was lost: {id:?}");
    Ok(text)
}

/// The names that stand in fields which say that they hold a name.
fn structured_names(passage: &Passage, hits: &[Hit]) -> impl Iterator<Item = String> {
    let is_name = |hit: &&Hit| {
        hit.kind == Kind::Name
            && passage.fields.iter().any(|field| {
                matches!(field.meaning, Meaning::Name | Meaning::GivenName | Meaning::FamilyName)
                    && field.range.start <= hit.range.start
                    && hit.range.end <= field.range.end
            })
    };
    let names: Vec<String> =
        hits.iter().filter(is_name).map(|hit| hit.value.reveal().clone()).collect();
    names.into_iter()
}

/// When a file with an exception of that kind is read again, unless it is sooner already.
fn stronger(retry: Retry, reason: Reason) -> Retry {
    let own = match reason {
        Reason::Permission | Reason::Io | Reason::Vanished | Reason::Changed => Retry::Always,
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
        | Reason::ReaderFailed => Retry::Never,
    };
    match (retry, own) {
        (Retry::Always, _) | (_, Retry::Always) => Retry::Always,
        (Retry::OnOtherLimits, _) | (_, Retry::OnOtherLimits) => Retry::OnOtherLimits,
        _ => Retry::Never,
    }
}
