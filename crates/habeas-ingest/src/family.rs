//! How is one file read to its end, whatever its readers do?
//!
//! A reader has one item at a time. What is packed in it comes back as files in memory, and each
//! of these is an item for a reader again: the next one where the first waits to unpack more. So
//! whatever a reader dies of, it was one item, and only that one is lost.

use std::collections::VecDeque;
use std::fs::File;
use std::ops::ControlFlow;
use std::sync::Arc;

use habeas_document::page::{Page, Recognised};
use habeas_document::{Budget, Spent, stand_in, unread};
use habeas_model::{Exception, ItemId, ItemPath, Member, Passage, Reason, Stamp};

use crate::Error;
use crate::eyes::Eyes;
use crate::frame::{After, Ask, Confinement, Packed, Said};
use crate::opener::{At, Left, Opener};
use crate::reader::Reader;
use crate::watch::{Patience, Watched};

mod attempt;

use attempt::{Attempt, Died};

/// How often an item is tried when its readers die of what it says.
const MOST_ATTEMPTS: u32 = 2;
/// How many members of one container readers may die of while they unpack it.
const MOST_DEATHS: u32 = 20;

/// A file to read.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Where it is.
    pub(crate) at: At,
    /// As members' paths begin.
    pub(crate) path: ItemPath,
    /// Its size as listed; 0 if it was not.
    pub(crate) size_bytes: u64,
}

/// What is known of a file's bytes as soon as they were read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opened {
    pub(crate) stamp: Stamp,
    pub(crate) id: ItemId,
    pub(crate) size_bytes: u64,
}

/// What is handed over of a file.
#[derive(Debug)]
pub(crate) enum Piece {
    /// A member; further rows follow unless it is whole.
    Member { member: Box<Member>, is_whole: bool },
    /// Further rows of the member before.
    More { passages: Vec<Passage>, is_last: bool },
    /// A member that is known with all that is packed in it, by its bytes.
    Known { path: ItemPath, id: ItemId },
    /// Something that came up after a member was handed over.
    Trouble { path: ItemPath, exception: Exception },
}

/// How reading a file ended.
#[derive(Debug)]
pub(crate) enum Ending {
    /// Every member was handed over; what could not be read is an exception of one of them.
    Whole(Opened),
    /// Its bytes could not be had; nothing was handed over.
    Unopened(Exception),
    /// Whoever takes the members wants no more.
    Stopped,
}

/// Whoever takes the members of a file, and what they want of them.
pub(crate) struct Taker<'t> {
    /// Takes each piece in order.
    pub(crate) take: &'t mut dyn FnMut(Piece) -> ControlFlow<()>,
    /// Are these bytes, and all that is packed in them, known, so that they need not be read?
    pub(crate) is_known: &'t dyn Fn(&ItemId) -> bool,
    /// Is something at or below that path wanted?
    pub(crate) is_wanted: &'t dyn Fn(&ItemPath) -> bool,
    /// Of which item are the looks wanted, and who takes them?
    pub(crate) show: Option<Show<'t>>,
}

/// Takes the looks of one item.
pub(crate) struct Show<'t> {
    pub(crate) path: &'t ItemPath,
    /// Is only this page of it wanted, from 1?
    pub(crate) only: Option<u32>,
    /// Takes each page, if pages are wanted.
    pub(crate) page: Option<&'t mut dyn FnMut(Page)>,
    /// Takes the words of each page that were recognised.
    pub(crate) words: &'t mut dyn FnMut(Recognised),
}

/// Is told of a process.
type Started = Box<dyn Fn(&Arc<Watched>) + Send + Sync>;

/// Readers for one thread, started when needed: one, and one more for each container that waits
/// while its members are read.
pub(crate) struct Slot {
    idle: Vec<Reader>,
    opener: Opener,
    patience: Patience,
    eyes: Option<Arc<Eyes>>,
    /// Told of every process that is started.
    started: Started,
}

/// One item of a file: the file itself, or something packed in it.
struct Item {
    bytes: Bytes,
    path: ItemPath,
    size_bytes: u64,
    /// Its digest; `None` for a file whose bytes were not read yet.
    id: Option<ItemId>,
    /// What is wrong with its bytes.
    trouble: Option<Exception>,
}

/// Where an item's bytes are.
enum Bytes {
    /// In a file that is opened for each reader.
    OnDisk(At),
    /// In memory, where nobody can change them.
    Sealed(File),
}

/// Nobody wants more.
struct Enough;

/// What one file has come to so far.
struct Family<'f, 't> {
    budget: &'f Budget,
    taker: &'f mut Taker<'t>,
    spent: Spent,
    opened: Option<Opened>,
    /// Why the file itself could not be had.
    unopened: Option<Exception>,
}

impl Slot {
    pub(crate) fn new(
        patience: Patience,
        eyes: Option<Arc<Eyes>>,
        started: impl Fn(&Arc<Watched>) + Send + Sync + 'static,
    ) -> Self {
        let started = Box::new(started);
        Self { idle: Vec::new(), opener: Opener::default(), patience, eyes, started }
    }

    /// From now on it counts with other slots how many files of a source did not open.
    pub(crate) fn count_in(&mut self, left: Arc<Left>) {
        self.opener = Opener::new(left);
    }

    /// From now on pictures are recognised so, or not at all.
    pub(crate) fn see_with(&mut self, eyes: Option<Arc<Eyes>>) {
        self.eyes = eyes;
    }

    /// How its readers are confined.
    pub(crate) fn confinement(&mut self) -> Result<Confinement, Error> {
        let reader = self.reader()?;
        let confinement = reader.confinement.clone();
        self.idle.push(reader);
        Ok(confinement)
    }

    /// A reader that waits for work: one at hand, or a new one.
    fn reader(&mut self) -> Result<Reader, Error> {
        if let Some(reader) = self.idle.pop() {
            return Ok(reader);
        }
        let reader = Reader::start(self.patience)?;
        (self.started)(reader.watched());
        Ok(reader)
    }

    /// Reads a file and hands its members over in order, each once, however many readers die.
    ///
    /// # Errors
    /// If no reader can be started; a bad file is an ending.
    pub(crate) fn read(
        &mut self,
        job: &Job,
        budget: &Budget,
        taker: &mut Taker<'_>,
    ) -> Result<Ending, Error> {
        let item = Item {
            bytes: Bytes::OnDisk(job.at.clone()),
            path: job.path.clone(),
            size_bytes: job.size_bytes,
            id: None,
            trouble: None,
        };
        let mut family =
            Family { budget, taker, spent: Spent::default(), opened: None, unopened: None };
        if self.read_item(item, &mut family)?.is_err() {
            return Ok(Ending::Stopped);
        }
        Ok(match (family.opened, family.unopened) {
            (Some(opened), None) => Ending::Whole(opened),
            (_, Some(exception)) => Ending::Unopened(exception),
            (None, None) => {
                Ending::Unopened(Exception::whole(Reason::ReaderFailed, "was not opened"))
            }
        })
    }

    /// Reads one item and what is packed in it.
    fn read_item(
        &mut self,
        mut item: Item,
        family: &mut Family<'_, '_>,
    ) -> Result<Result<(), Enough>, Error> {
        if let Some(id) = item.id
            && (family.taker.is_known)(&id)
            && item.trouble.is_none()
        {
            return Ok(family.hand_over(Piece::Known { path: item.path, id }));
        }
        let mut progress = attempt::Progress::default();
        let (mut n_attempts, mut n_deaths) = (0, 0);
        loop {
            let died = match self.attempt(&mut item, &mut progress, family)? {
                Attempt::Done => return Ok(Ok(())),
                Attempt::Unopened(exception) => {
                    return Ok(family.give_up(&item, progress, exception));
                }
                Attempt::Enough => return Ok(Err(Enough)),
                Attempt::Died(died) => died,
            };
            let reason = died.exception().reason.code();
            tracing::warn!(reason, depth = item.path.depth(), "a reader died");
            match died {
                Died::Unpacking { name, exception } => {
                    n_deaths += 1;
                    if let Err(enough) = family.lose(&item, &mut progress, &name, exception) {
                        return Ok(Err(enough));
                    }
                    if n_deaths < MOST_DEATHS {
                        continue;
                    }
                    return Ok(family.give_up_members(&item, &progress));
                }
                Died::Recording(_) => {
                    // It is drawn from its text, then.
                    progress.after.looks += 1;
                }
                Died::Drawing { place, exception } => {
                    progress.after.scans += 1;
                    progress.troubles.push(exception.at(place));
                }
                Died::Reading(exception) => {
                    if let (Bytes::OnDisk(at), Reason::Stalled) = (&item.bytes, exception.reason) {
                        self.opener.left_by(at);
                    }
                    n_attempts += 1;
                    // Once more tells bad luck from a bad file; more of what has a limit does not.
                    let is_limit = !matches!(exception.reason, Reason::ReaderFailed);
                    if n_attempts < MOST_ATTEMPTS && !is_limit {
                        continue;
                    }
                    return Ok(family.give_up(&item, progress, exception));
                }
            }
        }
    }

    /// Reads members that were unpacked, each with all that is in it.
    fn read_members(
        &mut self,
        container: &ItemPath,
        waiting: &mut VecDeque<(Packed, Option<File>)>,
        family: &mut Family<'_, '_>,
    ) -> Result<Result<(), Enough>, Error> {
        while let Some((packed, file)) = waiting.pop_front() {
            let path = container.member(&packed.name);
            if !(family.taker.is_wanted)(&path) {
                continue;
            }
            let id = ItemId::from(packed.id);
            let done = match file {
                Some(file) => {
                    let item = Item {
                        bytes: Bytes::Sealed(file),
                        path,
                        size_bytes: packed.size_bytes,
                        id: Some(id),
                        trouble: packed.trouble,
                    };
                    self.read_item(item, family)?
                }
                None => family.hand_over_unread(path, id, packed.size_bytes, packed.trouble),
            };
            if done.is_err() {
                return Ok(done);
            }
        }
        Ok(Ok(()))
    }

    fn ask(&self, item: &Item, after: After, family: &Family<'_, '_>) -> Box<Ask> {
        let show = family.taker.show.as_ref().filter(|show| *show.path == item.path);
        Box::new(Ask {
            name: item.path.name().to_owned(),
            budget: family.budget.clone(),
            spent: family.spent,
            id: item.id.map(|id| *id.as_bytes()),
            depth: item.path.depth() as u64,
            has_eyes: self.eyes.is_some(),
            memory_bytes: self.patience.memory_for(item.size_bytes),
            shows: show.is_some_and(|show| show.page.is_some()),
            only: show.and_then(|show| show.only),
            after,
        })
    }
}

impl Family<'_, '_> {
    /// Gives a page as it looks to whoever wants it.
    fn show_page(&mut self, item: &Item, page: Page) {
        if let Some(show) = self.taker.show.as_mut().filter(|show| *show.path == item.path)
            && let Some(take) = &mut show.page
        {
            take(page);
        }
    }

    /// The same of the words that were recognised on it.
    fn show_words(&mut self, item: &Item, seen: Recognised) {
        if let Some(show) = self.taker.show.as_mut().filter(|show| *show.path == item.path) {
            (show.words)(seen);
        }
    }

    fn hand_over(&mut self, piece: Piece) -> Result<(), Enough> {
        if (self.taker.take)(piece).is_break() { Err(Enough) } else { Ok(()) }
    }

    fn hand_over_unread(
        &mut self,
        path: ItemPath,
        id: ItemId,
        size_bytes: u64,
        why: Option<Exception>,
    ) -> Result<(), Enough> {
        let why = why.unwrap_or_else(|| Exception::whole(Reason::Corrupt, "cannot be had"));
        let document = unread(path.name(), why);
        let member = Box::new(Member { path, id, size_bytes, document, n_children: 0 });
        self.hand_over(Piece::Member { member, is_whole: true })
    }

    /// A reader died while it unpacked a member: that one is lost, the next one comes next.
    fn lose(
        &mut self,
        item: &Item,
        progress: &mut attempt::Progress,
        name: &str,
        exception: Exception,
    ) -> Result<(), Enough> {
        let index = usize::try_from(progress.after.members).unwrap_or(usize::MAX);
        progress.after.members += 1;
        let container = self.id_of(item);
        let path = item.path.member(name);
        if !(self.taker.is_wanted)(&path) {
            return Ok(());
        }
        let exception =
            Exception { note: format!("while unpacking it, {}", exception.note), ..exception };
        self.hand_over_unread(path, stand_in(container, index), 0, Some(exception))
    }

    /// Readers died of too many members: the others are not tried, and each of them says so.
    fn give_up_members(&mut self, item: &Item, progress: &attempt::Progress) -> Result<(), Enough> {
        let container = self.id_of(item);
        for index in progress.after.members..progress.n_members {
            let note = format!("was not unpacked: readers died of {MOST_DEATHS} before it");
            let exception = Exception::whole(Reason::ReaderFailed, note);
            let path = item.path.member(&(index + 1).to_string());
            let index = usize::try_from(index).unwrap_or(usize::MAX);
            self.hand_over_unread(path, stand_in(container, index), 0, Some(exception))?;
        }
        Ok(())
    }

    fn id_of(&self, item: &Item) -> ItemId {
        let id = item.id.or(self.opened.map(|opened| opened.id));
        // Nothing is said of a file before it was opened.
        id.unwrap_or_else(|| ItemId::of(item.path.to_string().as_bytes()))
    }

    /// Readers died of the item itself, too often; or its bytes could not be had.
    fn give_up(
        &mut self,
        item: &Item,
        mut progress: attempt::Progress,
        exception: Exception,
    ) -> Result<(), Enough> {
        let path = item.path.clone();
        let is_held = progress.release(item, self)?;
        if is_held || progress.after.is_said || progress.n_parts > 0 {
            if !is_held && !progress.after.is_said {
                // The rows that came stand; no more will come.
                self.hand_over(Piece::More { passages: Vec::new(), is_last: true })?;
            }
            let exception = Exception { is_partial: true, ..exception };
            return self.hand_over(Piece::Trouble { path, exception });
        }
        let Some(id) = item.id.or(self.opened.map(|opened| opened.id)) else {
            self.unopened = Some(exception);
            return Ok(());
        };
        self.hand_over_unread(path, id, self.size_of(item), Some(exception))
    }

    /// A member from what a reader says of an item.
    fn make(&self, item: &Item, said: Said) -> Box<Member> {
        Box::new(Member {
            path: item.path.clone(),
            id: self.id_of(item),
            size_bytes: self.size_of(item),
            document: said.document,
            n_children: said.n_members,
        })
    }

    fn size_of(&self, item: &Item) -> u64 {
        match (item.id, self.opened) {
            (None, Some(opened)) => opened.size_bytes,
            _ => item.size_bytes,
        }
    }
}
