//! What does one file say, with or without an estate?

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use habeas_document::Budget;
use habeas_document::page::{Page, Recognised};
use habeas_model::{Document, Exception, ItemId, ItemPath, Member, Reason};
use habeas_source::Entry;

use crate::Error;
use crate::eyes::Eyes;
use crate::family::{Ending, Job, Piece, Show, Slot, Taker};
use crate::frame::Confinement;
use crate::opener::At;
use crate::watch::{Patience, lock};

/// The reader that this process uses for single files.
fn slot() -> &'static Mutex<Slot> {
    static SLOT: OnceLock<Mutex<Slot>> = OnceLock::new();
    SLOT.get_or_init(|| Mutex::new(Slot::new(Patience::default(), None, |_| {})))
}

/// The one for files whose pictures are recognised: that takes seconds, and who only looks at a page need
/// not wait for it.
fn slot_with_eyes() -> &'static Mutex<Slot> {
    static SLOT: OnceLock<Mutex<Slot>> = OnceLock::new();
    SLOT.get_or_init(|| Mutex::new(Slot::new(Patience::default(), None, |_| {})))
}

/// Reads one file after the other, each in reader processes.
pub struct Reading {
    slot: Slot,
    budget: Budget,
}

impl Reading {
    /// Readers within that budget, with or without optical recognition.
    pub fn new(budget: Budget, patience: Patience, eyes: Option<Arc<Eyes>>) -> Self {
        Self { slot: Slot::new(patience, eyes, |_| {}), budget }
    }

    /// Reads one file and returns its family in order.
    ///
    /// `name` is what the file is called in paths. A file that cannot be opened is a member with an
    /// exception, never an error.
    pub fn read(&mut self, file: &Path, name: &str) -> Vec<Member> {
        self.family(job(file, name))
    }

    /// As [`Reading::read`], of a file that a listing came upon.
    pub fn read_listed(&mut self, entry: &Entry, name: &str) -> Vec<Member> {
        self.family(Job {
            at: At::Listed(Box::new(entry.clone())),
            path: ItemPath::file(name.as_bytes()),
            size_bytes: entry.stamp.size_bytes,
        })
    }

    fn family(&mut self, job: Job) -> Vec<Member> {
        let mut members: Vec<Member> = Vec::new();
        let mut taker = Taker {
            show: None,
            take: &mut |piece| {
                collect(&mut members, piece);
                ControlFlow::Continue(())
            },
            is_known: &|_| false,
            is_wanted: &|_| true,
        };
        let exception = match self.slot.read(&job, &self.budget, &mut taker) {
            Ok(Ending::Whole(_) | Ending::Stopped) => return members,
            Ok(Ending::Unopened(exception)) => exception,
            Err(error) => Exception::whole(Reason::ReaderFailed, error.to_string()),
        };
        let document = Document { exceptions: vec![exception], ..Document::default() };
        let id = ItemId::of(format!("unread {}", job.path).as_bytes());
        vec![Member { path: job.path, id, size_bytes: job.size_bytes, document, n_children: 0 }]
    }
}

/// Puts a piece to the members that came before.
fn collect(members: &mut Vec<Member>, piece: Piece) {
    match piece {
        Piece::Member { member, .. } => members.push(*member),
        Piece::More { passages, .. } => {
            if let Some(last) = members.last_mut() {
                last.document.passages.extend(passages);
            }
        }
        Piece::Known { .. } => {}
        Piece::Trouble { path, exception } => {
            if let Some(member) = members.iter_mut().rfind(|member| member.path == path) {
                member.document.exceptions.push(exception);
            }
        }
    }
}

/// Reads one file in a reader process and returns its family in order, without optical recognition.
///
/// As [`Reading::read`]; for more than one file, keep a [`Reading`].
pub fn read(file: &Path, name: &str, budget: &Budget) -> Vec<Member> {
    let mut reading = Reading::new(budget.clone(), Patience::default(), None);
    reading.read(file, name)
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
    eyes: Option<Arc<Eyes>>,
) -> Result<Member, Exception> {
    let wanted = Wanted { only: None, page: None, words: &mut |_| {} };
    read_again(file, path, item, budget, eyes, wanted)
}

/// As [`read_item`], also with the words that were recognised on its pages, by their numbers.
///
/// # Errors
/// As [`read_item`].
pub fn read_words(
    file: &Path,
    path: &ItemPath,
    item: &ItemId,
    budget: &Budget,
    eyes: Option<Arc<Eyes>>,
) -> Result<(Member, Vec<Recognised>), Exception> {
    let mut recognised = Vec::new();
    let words = &mut |seen| recognised.push(seen);
    let wanted = Wanted { only: None, page: None, words };
    let member = read_again(file, path, item, budget, eyes, wanted)?;
    Ok((member, recognised))
}

/// Gives the pages of an item as they look, one after the other, for formats that have pages. A page
/// that cannot be recorded is left out.
///
/// # Errors
/// As [`read_item`].
pub fn read_pages(
    file: &Path,
    path: &ItemPath,
    item: &ItemId,
    budget: &Budget,
    take: &mut dyn FnMut(Page),
) -> Result<(), Exception> {
    let wanted = Wanted { only: None, page: Some(take), words: &mut |_| {} };
    read_again(file, path, item, budget, None, wanted).map(drop)
}

/// Gives one page of an item as it looks, from 1; `None` if there is no such page, or it cannot be recorded.
///
/// # Errors
/// As [`read_item`].
pub fn read_page(
    file: &Path,
    path: &ItemPath,
    item: &ItemId,
    number: u32,
    budget: &Budget,
) -> Result<Option<Page>, Exception> {
    let mut page = None;
    let take: &mut dyn FnMut(Page) = &mut |seen| page = Some(seen);
    let wanted = Wanted { only: Some(number), page: Some(take), words: &mut |_| {} };
    read_again(file, path, item, budget, None, wanted)?;
    Ok(page)
}

/// Gives the words that are recognised in the picture of one page of an item, from 1; `None` if the page has
/// text of its own, or cannot be drawn.
///
/// # Errors
/// As [`read_item`].
pub fn read_page_words(
    file: &Path,
    path: &ItemPath,
    item: &ItemId,
    number: u32,
    budget: &Budget,
    eyes: Arc<Eyes>,
) -> Result<Option<Recognised>, Exception> {
    let mut words = None;
    let take = &mut |seen| words = Some(seen);
    let wanted = Wanted { only: Some(number), page: None, words: take };
    read_again(file, path, item, budget, Some(eyes), wanted)?;
    Ok(words)
}

/// What is wanted of an item besides what it says.
struct Wanted<'a> {
    /// Only of this page, from 1.
    only: Option<u32>,
    /// Takes its pages, if they are wanted.
    page: Option<&'a mut dyn FnMut(Page)>,
    /// Takes the words that are recognised on them.
    words: &'a mut dyn FnMut(Recognised),
}

fn read_again(
    file: &Path,
    path: &ItemPath,
    item: &ItemId,
    budget: &Budget,
    eyes: Option<Arc<Eyes>>,
    wanted: Wanted<'_>,
) -> Result<Member, Exception> {
    let Wanted { only, mut page, words } = wanted;
    let wants_pages = page.is_some();
    let mut take_page = |seen: Page| {
        if let Some(take) = page.as_deref_mut() {
            take(seen);
        }
    };
    let mut take_words = |seen: Recognised| words(seen);
    let show = Show {
        path,
        only,
        page: wants_pages.then_some(&mut take_page as &mut dyn FnMut(Page)),
        words: &mut take_words,
    };
    let name = path.segments().first().map_or("", String::as_str);
    let mut job = job(file, name);
    job.path = ItemPath::file(name.as_bytes());
    let mut found: Vec<Member> = Vec::new();
    let mut is_open = false;
    let mut taker = Taker {
        take: &mut |piece| {
            let is_done = match &piece {
                // Two members of one container may have one name, so the id decides.
                Piece::Member { member, is_whole } if member.path == *path => {
                    if member.id != *item && !found.is_empty() {
                        return ControlFlow::Continue(());
                    }
                    found.clear();
                    is_open = !is_whole;
                    member.id == *item && *is_whole
                }
                Piece::More { is_last, .. } if is_open => {
                    is_open = !is_last;
                    *is_last
                }
                _ => return ControlFlow::Continue(()),
            };
            collect(&mut found, piece);
            if is_done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
        show: Some(show),
        is_known: &|_| false,
        is_wanted: &|at| {
            let (wanted, at) = (path.segments(), at.segments());
            wanted.get(..at.len()).is_some_and(|above| above == at)
        },
    };
    let mut slot = lock(if eyes.is_some() { slot_with_eyes() } else { slot() });
    slot.see_with(eyes);
    let ending = slot.read(&job, budget, &mut taker);
    if is_open {
        // It broke off in the middle: half an item is none.
        found.clear();
    }
    match (found.pop(), ending) {
        (Some(member), _) if member.id == *item => Ok(member),
        (_, Ok(Ending::Unopened(exception))) => Err(exception),
        (_, Err(error)) => Err(Exception::whole(Reason::ReaderFailed, error.to_string())),
        (found, Ok(_)) => {
            let note =
                if found.is_some() { "is no longer what was indexed" } else { "is not there" };
            Err(Exception::whole(Reason::Changed, note))
        }
    }
}

/// How readers are confined on this machine, as a reader itself reports it.
///
/// # Errors
/// If no reader can be started.
pub fn confinement() -> Result<Confinement, Error> {
    lock(slot()).confinement()
}

fn job(file: &Path, name: &str) -> Job {
    // Who opens it has its own working folder.
    let file = std::path::absolute(file).unwrap_or_else(|_| PathBuf::from(file));
    Job { at: At::Path(file), path: ItemPath::file(name.as_bytes()), size_bytes: 0 }
}
