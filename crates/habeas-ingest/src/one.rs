//! What does one file say, with or without an estate?

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use habeas_document::Budget;
use habeas_model::{Document, Exception, ItemId, ItemPath, Member, Reason};

use crate::Error;
use crate::family::{Ending, Job, Piece, Slot};
use crate::watch::{Patience, lock};

/// The reader that this process uses for single files.
fn slot() -> &'static Mutex<Slot> {
    static SLOT: OnceLock<Mutex<Slot>> = OnceLock::new();
    SLOT.get_or_init(|| Mutex::new(Slot::new(Patience::default(), |_| {})))
}

/// Reads one file in a reader process and returns its family in order.
///
/// `name` is what the file is called in paths. A file that cannot be opened is a member with an
/// exception, never an error.
pub fn read(file: &Path, name: &str, budget: &Budget) -> Vec<Member> {
    let job = job(file, name);
    let mut members: Vec<Member> = Vec::new();
    let ending = lock(slot()).read(&job, budget, &mut |piece| {
        match piece {
            Piece::Member { member, .. } => members.push(*member),
            Piece::More { passages, .. } => {
                if let Some(last) = members.last_mut() {
                    last.document.passages.extend(passages);
                }
            }
        }
        ControlFlow::Continue(())
    });
    let (opened, exception) = match ending {
        Ok(Ending::Whole(_) | Ending::Stopped) => return members,
        Ok(Ending::Broken(opened, exception)) => (Some(opened), exception),
        Ok(Ending::Unopened(exception)) => (None, exception),
        Ok(Ending::Changed) => {
            members.clear();
            (None, Exception::whole(Reason::Changed, "changed while it was read"))
        }
        Err(error) => (None, Exception::whole(Reason::ReaderFailed, error.to_string())),
    };
    match members.first_mut() {
        Some(first) => {
            first.document.exceptions.push(Exception { is_partial: true, ..exception });
        }
        None => members.push(Member {
            id: opened.map_or_else(|| stand_in(file), |opened| opened.id),
            size_bytes: opened.map_or(0, |opened| opened.size_bytes),
            path: job.path,
            document: Document { exceptions: vec![exception], ..Document::default() },
            n_children: 0,
        }),
    }
    members
}

/// Reads an item of the estate again: the one at `path`, whose first segment is the file's own.
///
/// # Errors
/// The exception that says why not; `Changed` if there are other bytes at `path` than `item`'s.
pub fn read_item(
    file: &Path,
    path: &ItemPath,
    item: &ItemId,
    budget: &Budget,
) -> Result<Member, Exception> {
    let name = path.segments().first().map_or("", String::as_str);
    let mut job = job(file, name);
    job.path = ItemPath::file(name.as_bytes());
    let mut found: Option<Member> = None;
    // Is the member at hand the one that is looked for, with more of it to come?
    let mut is_open = false;
    let ending = lock(slot()).read(&job, budget, &mut |piece| {
        let is_done = match piece {
            // Two members of one container may have one name, so the id decides.
            Piece::Member { member, is_whole } if member.path == *path => {
                let is_it = member.id == *item;
                if is_it || found.is_none() {
                    found = Some(*member);
                }
                is_open = is_it && !is_whole;
                is_it && is_whole
            }
            Piece::Member { .. } => false,
            Piece::More { passages, is_last } => {
                if let Some(member) = found.as_mut().filter(|_| is_open) {
                    member.document.passages.extend(passages);
                }
                is_open && is_last
            }
        };
        if is_done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if is_open && !matches!(ending, Ok(Ending::Stopped)) {
        // It broke off in the middle: half an item is none.
        found = None;
    }
    match (found, ending) {
        (Some(member), _) if member.id == *item => Ok(member),
        (_, Ok(Ending::Unopened(exception) | Ending::Broken(_, exception))) => Err(exception),
        (_, Err(error)) => Err(Exception::whole(Reason::ReaderFailed, error.to_string())),
        (found, Ok(_)) => {
            let note =
                if found.is_some() { "is no longer what was indexed" } else { "is not there" };
            Err(Exception::whole(Reason::Changed, note))
        }
    }
}

/// How readers are confined on this machine, in words, as a reader itself reports it.
///
/// # Errors
/// If no reader can be started.
pub fn isolation() -> Result<String, Error> {
    lock(slot()).isolation()
}

fn job(file: &Path, name: &str) -> Job {
    // A reader has its own working folder.
    let file = std::path::absolute(file).unwrap_or_else(|_| PathBuf::from(file));
    let size_bytes = file.metadata().map_or(0, |facts| facts.len());
    Job { file, path: ItemPath::file(name.as_bytes()), size_bytes }
}

/// The id of a file without bytes: nobody's duplicate.
fn stand_in(file: &Path) -> ItemId {
    ItemId::of(format!("unread {}", file.display()).as_bytes())
}
