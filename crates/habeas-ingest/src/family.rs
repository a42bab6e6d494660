//! How is one file read to its end, whatever its reader does?

use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use habeas_document::Budget;
use habeas_model::{Exception, ItemId, ItemPath, Member, Passage, Reason, Stamp};

use crate::Error;
use crate::frame::{Answer, Ask, Said};
use crate::reader::Reader;
use crate::watch::{Patience, Watched};

/// How often a file is tried when its readers die.
const MOST_ATTEMPTS: u32 = 3;

/// A reader that closed its pipe is about to end; how is worth a moment.
const GRACE: Duration = Duration::from_millis(300);

/// A file to read.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// As the system knows it.
    pub(crate) file: PathBuf,
    /// As members' paths begin.
    pub(crate) path: ItemPath,
    /// Its size as listed.
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
}

/// How reading a file ended.
#[derive(Debug)]
pub(crate) enum Ending {
    /// Every member was handed over.
    Whole(Opened),
    /// Its bytes could not be had; nothing was handed over.
    Unopened(Exception),
    /// Its readers died of it. What was handed over before stands.
    Broken(Opened, Exception),
    /// It is no longer what was handed over before; that does not stand.
    Changed,
    /// Whoever takes the members wants no more.
    Stopped,
}

/// Is told of a process.
type Started = Box<dyn Fn(&Arc<Watched>) + Send + Sync>;

/// One reader at a time, started when needed.
pub(crate) struct Slot {
    reader: Option<Reader>,
    patience: Patience,
    /// Told of every process that is started.
    started: Started,
}

/// How one attempt ended.
enum Attempt {
    Done(Ending),
    /// The reader died: why, after which sign, and of which member, if it said.
    Died(Exception, Option<Vec<String>>),
}

impl Slot {
    pub(crate) fn new(
        patience: Patience,
        started: impl Fn(&Arc<Watched>) + Send + Sync + 'static,
    ) -> Self {
        Self { reader: None, patience, started: Box::new(started) }
    }

    /// How its readers are confined, in words.
    pub(crate) fn isolation(&mut self) -> Result<String, Error> {
        let reader = self.reader()?;
        let isolation = reader.isolation.clone();
        self.reader = Some(reader);
        Ok(isolation)
    }

    /// A reader that waits for work: the one at hand, or a new one.
    fn reader(&mut self) -> Result<Reader, Error> {
        if let Some(reader) = self.reader.take() {
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
        take: &mut dyn FnMut(Piece) -> ControlFlow<()>,
    ) -> Result<Ending, Error> {
        let mut family = Family { taken: Vec::new(), n_parts: 0, opened: None, take };
        let mut skip: Vec<Vec<String>> = Vec::new();
        let mut attempt = 0;
        loop {
            attempt += 1;
            let (died, culprit) = match self.attempt(job, budget, &skip, &mut family)? {
                // An attempt before had found it there, and handed some of it over.
                Attempt::Done(Ending::Unopened(_)) if !family.taken.is_empty() => {
                    return Ok(Ending::Changed);
                }
                Attempt::Done(ending) => return Ok(ending),
                Attempt::Died(died, culprit) => (died, culprit),
            };
            tracing::warn!(reason = died.reason.code(), attempt, "a reader died");
            // Without a name to skip, once more tells bad luck from a bad file; more time or
            // memory would not help.
            let is_known = culprit.is_some();
            let is_limit = died.reason != Reason::ReaderFailed;
            let is_last = attempt >= MOST_ATTEMPTS || (!is_known && (attempt > 1 || is_limit));
            if is_last {
                return Ok(match family.opened {
                    Some(opened) => Ending::Broken(opened, died),
                    None => Ending::Unopened(died),
                });
            }
            skip.extend(culprit);
        }
    }

    fn attempt(
        &mut self,
        job: &Job,
        budget: &Budget,
        skip: &[Vec<String>],
        family: &mut Family<'_>,
    ) -> Result<Attempt, Error> {
        let patience = self.patience;
        let ask = Ask {
            file: job.file.as_os_str().as_encoded_bytes().to_vec(),
            name: job.path.segments().first().cloned().unwrap_or_default(),
            budget: budget.clone(),
            skip: skip.to_vec(),
        };
        let mut reader = self.reader()?;
        let mut culprit = None;
        let (mut n_heard, mut n_parts) = (0, 0);
        // A reader that died between two files shows here; the attempt counts all the same.
        let mut failure = reader.ask(&ask, job.size_bytes, patience).err();
        let ending = loop {
            if failure.is_some() {
                break None;
            }
            match reader.hear() {
                Ok(Some(Answer::Opened { stamp, id, size_bytes })) => {
                    let opened = Opened { stamp, id: ItemId::from(id), size_bytes };
                    if family.opened.is_some_and(|before| before.id != opened.id) {
                        break Some(Ending::Changed);
                    }
                    family.opened = Some(opened);
                }
                Ok(Some(Answer::Unopened(exception))) if n_heard == 0 => {
                    break Some(Ending::Unopened(exception));
                }
                Ok(Some(Answer::Begin { below })) => culprit = Some(below),
                Ok(Some(Answer::Member(said))) => {
                    culprit = None;
                    if let Some(ending) = family.hear(job, *said, n_heard) {
                        break Some(ending);
                    }
                    (n_heard, n_parts) = (n_heard + 1, 0);
                }
                Ok(Some(Answer::More { passages, is_last })) if n_heard > 0 => {
                    n_parts += 1;
                    if let Some(ending) = family.hear_more(passages, is_last, n_heard, n_parts) {
                        break Some(ending);
                    }
                }
                Ok(Some(Answer::End)) if n_heard >= family.taken.len() => {
                    break family.opened.map(Ending::Whole);
                }
                // Gone, or nothing that a reader says.
                Ok(_) => break None,
                Err(error) => failure = Some(error),
            }
        };
        match ending {
            Some(ending @ (Ending::Whole(_) | Ending::Unopened(_))) => {
                self.reader = reader.rest();
                Ok(Attempt::Done(ending))
            }
            // In the middle of something: it is replaced.
            Some(ending) => Ok(Attempt::Done(ending)),
            None => {
                let (verdict, how) = reader.watched().end(GRACE);
                // The file itself is no member that could be left out.
                let culprit = culprit.filter(|below| !below.is_empty());
                Ok(Attempt::Died(died(verdict, &how, failure), culprit))
            }
        }
    }
}

/// The exception for a reader that died.
fn died(verdict: Option<Reason>, how: &str, error: Option<io::Error>) -> Exception {
    let too_long = error.is_some_and(|error| error.kind() == io::ErrorKind::FileTooLarge);
    match verdict {
        Some(reason) => Exception::whole(reason, "its reader was stopped"),
        None if too_long => Exception::whole(Reason::OutputLimit, "its reader says too much"),
        None => Exception::whole(Reason::ReaderFailed, format!("its reader died ({how})")),
    }
}

/// What was handed over so far.
struct Family<'t> {
    /// The ids in order, to tell in a second attempt what is there already.
    taken: Vec<ItemId>,
    /// How many parts the last of them had after the first.
    n_parts: usize,
    opened: Option<Opened>,
    take: &'t mut dyn FnMut(Piece) -> ControlFlow<()>,
}

impl Family<'_> {
    /// Takes the `n`-th member, from 0, unless an attempt before had brought it.
    fn hear(&mut self, job: &Job, said: Said, n: usize) -> Option<Ending> {
        let id = ItemId::from(said.id);
        if let Some(before) = self.taken.get(n) {
            return (*before != id).then_some(Ending::Changed);
        }
        self.taken.push(id);
        self.n_parts = 0;
        let path = said.below.iter().fold(job.path.clone(), |path, name| path.member(name));
        let member = Box::new(Member {
            path,
            id,
            size_bytes: said.size_bytes,
            document: said.document,
            n_children: said.n_children,
        });
        self.hand_over(Piece::Member { member, is_whole: said.is_whole })
    }

    /// Takes the `n_parts`-th further part of the `n_heard`-th member, both from 1, unless an
    /// attempt before had brought it.
    fn hear_more(
        &mut self,
        passages: Vec<Passage>,
        is_last: bool,
        n_heard: usize,
        n_parts: usize,
    ) -> Option<Ending> {
        if n_heard < self.taken.len() || n_parts <= self.n_parts {
            return None;
        }
        self.n_parts = n_parts;
        self.hand_over(Piece::More { passages, is_last })
    }

    fn hand_over(&mut self, piece: Piece) -> Option<Ending> {
        (self.take)(piece).is_break().then_some(Ending::Stopped)
    }
}
