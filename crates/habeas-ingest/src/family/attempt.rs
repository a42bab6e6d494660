//! What does one reader say of one item until it is done or dead?

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use habeas_document::Spent;
use habeas_model::{Exception, ItemId, Passage, Place, Reason};

use super::{Bytes, Enough, Family, Item, Opened, Piece, Slot};
use crate::Error;
use crate::frame::{self, After, Answer, Packed, Said};
use crate::reader::Reader;

/// How far an item is, over all its readers.
#[derive(Debug, Default)]
pub(super) struct Progress {
    pub(super) after: After,
    pub(super) n_members: u64,
    /// Parts of a table that were handed over.
    pub(super) n_parts: u64,
    /// Exceptions of pages that only eyes could read.
    pub(super) troubles: Vec<Exception>,
    /// What was recognised on pages so far.
    recognised: Vec<Passage>,
    /// The document, held back until its pages are recognised.
    held: Option<Box<Said>>,
}

impl Progress {
    /// Hands over the document that was held back, if there is one, with what was recognised on its
    /// pages.
    pub(super) fn release(
        &mut self,
        item: &Item,
        family: &mut Family<'_, '_>,
    ) -> Result<bool, Enough> {
        let Some(mut said) = self.held.take() else { return Ok(false) };
        let document = &mut said.document;
        for passage in self.recognised.drain(..) {
            // A page's own text comes before what was recognised on it.
            let is_before = |other: &Passage| {
                other.place.kind == passage.place.kind && other.place.number <= passage.place.number
            };
            let at = document.passages.iter().rposition(is_before).map_or(0, |at| at + 1);
            document.passages.insert(at, passage);
        }
        document.exceptions.append(&mut self.troubles);
        if !document.passages.is_empty() || said.n_members > 0 {
            document.exceptions.iter_mut().for_each(|exception| exception.is_partial = true);
        }
        let member = family.make(item, *said);
        family.hand_over(Piece::Member { member, is_whole: true })?;
        Ok(true)
    }
}

/// How one attempt ended.
pub(super) enum Attempt {
    Done,
    /// No reader was given its bytes.
    Unopened(Exception),
    Enough,
    Died(Died),
}

/// What the reader was at when it died.
pub(super) enum Died {
    Reading(Exception),
    Drawing { place: Place, exception: Exception },
    Recording(Exception),
    Unpacking { name: String, exception: Exception },
}

impl Died {
    pub(super) fn exception(&self) -> &Exception {
        let (Self::Reading(exception)
        | Self::Drawing { exception, .. }
        | Self::Recording(exception)
        | Self::Unpacking { exception, .. }) = self;
        exception
    }
}

/// How the conversation with a reader ended.
enum Talk {
    Done(Reader),
    Enough,
    Dead(Reader, Option<io::Error>),
}

/// What a reader is at.
enum At {
    Reading,
    Drawing(Place),
    Recording,
    Unpacking(String),
}

/// The conversation about one item.
struct Conversation<'c, 'f, 't> {
    item: &'c Item,
    progress: &'c mut Progress,
    family: &'c mut Family<'f, 't>,
    at: At,
    /// Parts of the table that this reader has brought.
    n_parts: u64,
    is_open: bool,
    waiting: VecDeque<(Packed, Option<File>)>,
}

impl Slot {
    /// Has one reader read an item, from where the one before it died.
    pub(super) fn attempt(
        &mut self,
        item: &mut Item,
        progress: &mut Progress,
        family: &mut Family<'_, '_>,
    ) -> Result<Attempt, Error> {
        let mut reader = self.reader()?;
        if let Bytes::OnDisk(at) = &item.bytes {
            let most = self.patience.stall;
            match self.opener.open(at, reader.socket(), most, &self.started) {
                Ok(size_bytes) => item.size_bytes = item.size_bytes.max(size_bytes),
                Err(unopened) => {
                    // One that may still be sent the file is of no use for another.
                    if !unopened.is_open {
                        self.idle.push(reader);
                    }
                    return Ok(Attempt::Unopened(unopened.exception));
                }
            }
        }
        let item = &*item;
        let ask = self.ask(item, progress.after, family);
        let asked = match &item.bytes {
            Bytes::OnDisk(_) => reader.ask_sent(ask, item.size_bytes, self.patience),
            Bytes::Sealed(file) => reader.ask(ask, file.as_fd(), item.size_bytes, self.patience),
        };
        let mut talk = Conversation {
            item,
            progress,
            family,
            at: At::Reading,
            n_parts: 0,
            is_open: false,
            waiting: VecDeque::new(),
        };
        let ended = match asked {
            Ok(()) => talk.hear(self, reader)?,
            Err(error) => Talk::Dead(reader, Some(error)),
        };
        let Conversation { at, mut waiting, .. } = talk;
        match ended {
            Talk::Enough => Ok(Attempt::Enough),
            Talk::Done(reader) => {
                self.idle.push(reader);
                let done = self.read_members(&item.path, &mut waiting, family)?;
                Ok(if done.is_err() { Attempt::Enough } else { Attempt::Done })
            }
            Talk::Dead(reader, error) => {
                let exception = reader.post_mortem(error.as_ref());
                // What it had unpacked before is whole.
                if self.read_members(&item.path, &mut waiting, family)?.is_err() {
                    return Ok(Attempt::Enough);
                }
                Ok(Attempt::Died(match at {
                    At::Reading => Died::Reading(exception),
                    At::Drawing(place) => Died::Drawing { place, exception },
                    At::Recording => Died::Recording(exception),
                    At::Unpacking(name) => Died::Unpacking { name, exception },
                }))
            }
        }
    }
}

impl Conversation<'_, '_, '_> {
    /// Hears a reader to its end.
    fn hear(&mut self, slot: &mut Slot, mut reader: Reader) -> Result<Talk, Error> {
        loop {
            let answer = match reader.hear() {
                Ok(Some(answer)) => answer,
                Ok(None) => return Ok(Talk::Dead(reader, None)),
                Err(error) => return Ok(Talk::Dead(reader, Some(error))),
            };
            if let Answer::End { spent, is_worn } = answer {
                self.family.spent = larger(self.family.spent, spent);
                let is_done = self.progress.held.is_none() || self.release().is_ok();
                if !is_done {
                    return Ok(Talk::Enough);
                }
                return Ok(match reader.rest(is_worn) {
                    Some(reader) => Talk::Done(reader),
                    // The next item gets a new one.
                    None => Talk::Done(slot.reader()?),
                });
            }
            let heard = match answer {
                Answer::Fetched => Ok(Ok(())),
                Answer::Opened { stamp, id, size_bytes } if self.item.id.is_none() => {
                    let opened = Opened { stamp, id: ItemId::from(id), size_bytes };
                    match self.open(opened) {
                        Ok(is_wanted) => Ok(reader.decide(is_wanted, size_bytes, slot.patience)),
                        Err(enough) => Err(enough),
                    }
                }
                Answer::Unopened(exception) => {
                    let done = self.unopened(exception);
                    return Ok(match done {
                        Ok(()) => reader.rest(false).map_or_else(
                            || slot.reader().map(Talk::Done),
                            |reader| Ok(Talk::Done(reader)),
                        )?,
                        Err(Enough) => Talk::Enough,
                    });
                }
                Answer::Said(said) => self.said(*said).map(Ok),
                Answer::More { passages, is_last } => self.more(passages, is_last).map(Ok),
                Answer::Drawing { place } => {
                    self.at = At::Drawing(place);
                    Ok(Ok(()))
                }
                Answer::NoScan(exception) => {
                    let place = self.drawn();
                    let exception = match place {
                        Some(place) => exception.at(place),
                        None => exception,
                    };
                    self.progress.troubles.push(exception);
                    Ok(Ok(()))
                }
                Answer::Scan { dpi } => {
                    let picture = reader.take_file();
                    reader.pause();
                    Ok(picture.and_then(|picture| {
                        self.look(slot, picture, dpi);
                        reader.next(self.family.spent, self.item.size_bytes, slot.patience)
                    }))
                }
                Answer::Recording { .. } => {
                    self.at = At::Recording;
                    Ok(Ok(()))
                }
                Answer::NoLook(_) => {
                    self.recorded();
                    Ok(Ok(()))
                }
                Answer::Look => {
                    let page = reader.take_file().and_then(|file| frame::unpack(&file));
                    reader.pause();
                    self.recorded();
                    Ok(page.and_then(|page| {
                        self.family.show_page(self.item, page);
                        reader.next(self.family.spent, self.item.size_bytes, slot.patience)
                    }))
                }
                Answer::Unpacking { name } => match self.release() {
                    Ok(()) => {
                        self.at = At::Unpacking(name);
                        Ok(Ok(()))
                    }
                    Err(enough) => Err(enough),
                },
                Answer::Member(packed) => Ok(self.member(&mut reader, packed)),
                Answer::Pause { spent } => {
                    reader.pause();
                    self.family.spent = larger(self.family.spent, spent);
                    let path = &self.item.path;
                    match slot.read_members(path, &mut self.waiting, self.family)? {
                        Ok(()) => {
                            let spent = self.family.spent;
                            Ok(reader.next(spent, self.item.size_bytes, slot.patience))
                        }
                        Err(enough) => Err(enough),
                    }
                }
                // Nothing that a reader says here.
                _ => Ok(Err(io::ErrorKind::InvalidData.into())),
            };
            match heard {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Ok(Talk::Dead(reader, Some(error))),
                Err(Enough) => return Ok(Talk::Enough),
            }
        }
    }

    /// The file's bytes are there. Are they to be read?
    fn open(&mut self, opened: Opened) -> Result<bool, Enough> {
        let before = self.family.opened.replace(opened);
        if before.is_some_and(|before| before.id != opened.id) {
            // What was handed over was of other bytes: readers died, and it changed in between.
            let exception = Exception::part(Reason::Changed, None, "changed while it was read");
            let path = self.item.path.clone();
            self.family.hand_over(Piece::Trouble { path, exception })?;
        }
        if before.is_none() && (self.family.taker.is_known)(&opened.id) {
            let path = self.item.path.clone();
            self.family.hand_over(Piece::Known { path, id: opened.id })?;
            return Ok(false);
        }
        Ok(true)
    }

    fn unopened(&mut self, exception: Exception) -> Result<(), Enough> {
        // A reader before this one may have brought some of it.
        let progress = std::mem::take(self.progress);
        self.family.give_up(self.item, progress, exception)
    }

    fn said(&mut self, mut said: Said) -> Result<(), Enough> {
        if self.progress.after.is_said {
            return Ok(());
        }
        self.progress.n_members = said.n_members;
        said.document.exceptions.extend(self.item.trouble.clone());
        if said.is_table && !said.is_whole {
            self.is_open = true;
            self.n_parts = 1;
            if self.progress.n_parts > 0 {
                return Ok(());
            }
            self.progress.n_parts = 1;
            let member = self.family.make(self.item, said);
            return self.family.hand_over(Piece::Member { member, is_whole: false });
        }
        self.is_open = !said.is_whole;
        let is_whole = said.is_whole;
        self.progress.held = Some(Box::new(said));
        self.progress.after.is_said = is_whole;
        Ok(())
    }

    fn more(&mut self, passages: Vec<Passage>, is_last: bool) -> Result<(), Enough> {
        if !self.is_open {
            return Ok(());
        }
        self.is_open = !is_last;
        if let Some(held) = &mut self.progress.held {
            held.document.passages.extend(passages);
            self.progress.after.is_said = is_last;
            return Ok(());
        }
        self.n_parts += 1;
        self.progress.after.is_said = is_last;
        if self.n_parts <= self.progress.n_parts {
            return Ok(());
        }
        self.progress.n_parts = self.n_parts;
        self.family.hand_over(Piece::More { passages, is_last })
    }

    /// The place of the scan that is done.
    fn drawn(&mut self) -> Option<Place> {
        self.progress.after.scans += 1;
        match std::mem::replace(&mut self.at, At::Reading) {
            At::Drawing(place) => Some(place),
            _ => None,
        }
    }

    /// A page is recorded, or cannot be.
    fn recorded(&mut self) {
        self.progress.after.looks += 1;
        self.at = At::Reading;
    }

    /// Has a picture recognised.
    fn look(&mut self, slot: &Slot, picture: File, dpi: u16) {
        let Some(place) = self.drawn() else { return };
        let Some(eyes) = &slot.eyes else { return };
        match eyes.look(picture, dpi, &place, &slot.started) {
            Ok((seen, doubt)) => {
                if !seen.text.is_empty() {
                    let passage = Passage::text(place, seen.text.clone());
                    self.progress.recognised.push(passage);
                }
                self.family.show_words(self.item, seen);
                self.progress.troubles.extend(doubt);
            }
            Err(exception) => self.progress.troubles.push(exception),
        }
    }

    fn release(&mut self) -> Result<(), Enough> {
        self.progress.release(self.item, self.family).map(drop)
    }

    fn member(&mut self, reader: &mut Reader, packed: Packed) -> io::Result<()> {
        if packed.index != self.progress.after.members {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let file = if packed.is_lost { None } else { Some(reader.take_file()?) };
        self.progress.after.members += 1;
        self.at = At::Reading;
        self.waiting.push_back((packed, file));
        Ok(())
    }
}

/// The sums of a family only grow, whatever a reader says.
fn larger(a: Spent, b: Spent) -> Spent {
    Spent {
        expanded_bytes: a.expanded_bytes.max(b.expanded_bytes),
        wasted_bytes: a.wasted_bytes.max(b.wasted_bytes),
    }
}
