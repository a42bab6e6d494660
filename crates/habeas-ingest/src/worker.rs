//! What does a reader process do?

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, sync_channel};

use habeas_document::{Budget, Opened, Spent, stand_in, too_deep};
use habeas_model::{Exception, ItemId, Passage, PlaceKind, Reason};

use crate::confine::{confine, confine_calls, limit_memory};
use crate::frame::{self, Answer, Ask, Confinement, Order, PROTOCOL, Packed, Said};
use crate::note::PART;
use crate::{fetch, wire};

/// Readers recurse with what they read; this is room for more than any depth that they allow.
const STACK_BYTES: usize = 64 << 20;

/// What a reader that panicked ends with: as a program's main thread would.
const PANICKED: i32 = 101;

/// So many members may wait for the parent,
const MOST_WAITING: usize = 16;
/// or so many bytes of them.
const MOST_WAITING_BYTES: u64 = 16 << 20;

/// Bytes of text that go in one frame, as far as passages allow.
const PART_BYTES: usize = 4 << 20;

/// A picture may have so many bytes: an A3 page at 300 dots per inch.
const MOST_PICTURE_BYTES: u64 = 24 << 20;

/// How a reader opens an item: [`habeas_document::open`], unless a test says otherwise.
pub type Open = for<'a> fn(&'a str, &'a [u8], &'a Budget) -> Opened<'a>;

/// The reader process itself: serves requests on standard input until it ends.
///
/// The command calls it for its hidden subcommand `reader`.
pub fn serve() -> ExitCode {
    serve_with(habeas_document::open)
}

/// As [`serve`], with another way of opening items: for tests of what happens when readers fail.
pub fn serve_with(open: Open) -> ExitCode {
    // A panic's message may hold what the item says.
    std::panic::set_hook(Box::new(|_| {}));
    let Ok(socket) = io::stdin().as_fd().try_clone_to_owned().map(UnixStream::from) else {
        return ExitCode::FAILURE;
    };
    let confinement = confine();
    let (orders, inbox) = sync_channel::<(Order, Option<OwnedFd>)>(1);
    let Ok(replies) = socket.try_clone() else { return ExitCode::FAILURE };
    let work = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
        // The other thread waits for the parent, so a panic has to end the process.
        let work = AssertUnwindSafe(|| {
            let confinement = Confinement { has_seccomp: confine_calls(), ..confinement };
            let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
            let _gone = Desk { inbox, out, replies, open }.work(confinement);
        });
        std::process::exit(if catch_unwind(work).is_ok() { 2 } else { PANICKED });
    });
    if work.is_err() {
        return ExitCode::FAILURE;
    }
    // This thread sees at once that the parent is gone, whatever the other one is caught in.
    let mut input = &socket;
    while let Ok(Some(fd)) = wire::receive(&socket) {
        let Ok(Some(order)) = frame::read(&mut input) else { break };
        if orders.send((order, fd)).is_err() {
            break;
        }
    }
    std::process::exit(0);
}

/// The parent went away, or says what a parent does not say.
struct Gone;

impl From<io::Error> for Gone {
    fn from(_: io::Error) -> Self {
        Self
    }
}

struct Desk<W: Write> {
    inbox: Receiver<(Order, Option<OwnedFd>)>,
    out: W,
    /// Where descriptors go.
    replies: UnixStream,
    open: Open,
}

impl<W: Write> Desk<W> {
    fn work(mut self, confinement: Confinement) -> Result<(), Gone> {
        self.say(&Answer::Hello { protocol: PROTOCOL, confinement })?;
        while let Ok((order, fd)) = self.inbox.recv() {
            let (Order::Read(ask), Some(fd)) = (order, fd) else { return Err(Gone) };
            self.answer(&ask, File::from(fd))?;
        }
        Ok(())
    }

    fn answer(&mut self, ask: &Ask, file: File) -> Result<(), Gone> {
        limit_memory(ask.memory_bytes);
        let fetched = match ask.id {
            Some(_) => fetch::fetch_sealed(&file, ask.budget.file_bytes),
            None => {
                let mut told = Ok(());
                let read = habeas_source::read_open_with(&file, ask.budget.file_bytes, &mut || {
                    if told.is_ok() {
                        told = self.say(&Answer::Fetched);
                    }
                });
                told?;
                read
            }
        };
        // To close a file of a share is to ask the share, too, so it is a part of fetching it.
        drop(file);
        let (bytes, stamp) = match fetched {
            Ok(fetched) => fetched,
            Err(exception) => return self.say(&Answer::Unopened(exception)),
        };
        let id = match ask.id {
            Some(id) => ItemId::from(id),
            None => {
                let id = ItemId::of(&bytes);
                let size_bytes = bytes.len() as u64;
                self.say(&Answer::Opened { stamp, id: *id.as_bytes(), size_bytes })?;
                match self.inbox.recv() {
                    Ok((Order::Decide { is_wanted: true }, _)) => id,
                    Ok((Order::Decide { is_wanted: false }, _)) => {
                        return self.say(&Answer::End { spent: ask.spent, is_worn: false });
                    }
                    _ => return Err(Gone),
                }
            }
        };
        let mut opened = (self.open)(&ask.name, &bytes, &ask.budget);
        let is_worn = opened.has_panicked;
        if !ask.has_eyes {
            opened.give_up_scans();
        }
        if let Some(page) = ask.only {
            opened.scans.retain(|scan| scan.place.number == page);
            opened.looks.retain(|look| look.place.number == page);
        }
        if !ask.after.is_said {
            self.say_document(&mut opened)?;
        }
        let mut spent = ask.spent;
        for scan in opened.scans.into_iter().skip(position(ask.after.scans)) {
            self.say(&Answer::Drawing { place: scan.place })?;
            match (scan.draw)(MOST_PICTURE_BYTES) {
                Ok(picture) => {
                    wire::send(&self.replies, Some(wire::sealed(&picture.pgm)?.as_fd()))?;
                    drop(picture.pgm);
                    self.say(&Answer::Scan { dpi: picture.dpi })?;
                    spent = self.wait()?;
                }
                Err(exception) => self.say(&Answer::NoScan(exception))?,
            }
        }
        let looks = if ask.shows { opened.looks } else { Vec::new() };
        for look in looks.into_iter().skip(position(ask.after.looks)) {
            self.say(&Answer::Recording { place: look.place })?;
            let recorded = (look.record)().and_then(|page| {
                frame::pack(&page).map_err(|_| {
                    Exception::part(Reason::OutputLimit, None, "more drawing than can be kept")
                })
            });
            match recorded {
                Ok(bytes) => {
                    wire::send(&self.replies, Some(wire::sealed(&bytes)?.as_fd()))?;
                    drop(bytes);
                    self.say(&Answer::Look)?;
                    spent = self.wait()?;
                }
                Err(exception) => self.say(&Answer::NoLook(exception))?,
            }
        }
        let spent = self.unpack(ask, id, opened.members, spent)?;
        self.say(&Answer::End { spent, is_worn })
    }

    /// Unpacks the members one after the other, a few ahead of the parent.
    fn unpack(
        &mut self,
        ask: &Ask,
        id: ItemId,
        members: Vec<habeas_document::Child<'_>>,
        mut spent: Spent,
    ) -> Result<Spent, Gone> {
        let is_deepest = ask.depth >= ask.budget.depth as u64;
        let (mut n_waiting, mut waiting_bytes) = (0, 0);
        for (index, member) in members.into_iter().enumerate().skip(position(ask.after.members)) {
            if n_waiting >= MOST_WAITING || waiting_bytes >= MOST_WAITING_BYTES {
                self.say(&Answer::Pause { spent })?;
                spent = self.wait()?;
                (n_waiting, waiting_bytes) = (0, 0);
            }
            self.say(&Answer::Unpacking { name: member.name.clone() })?;
            let unpacked = if is_deepest {
                Err((member.content.size_bytes(), too_deep(&ask.budget)))
            } else {
                spent.unpack(member.content, &ask.budget)
            };
            let packed = |id: ItemId, size_bytes, trouble, is_lost| Packed {
                index: index as u64,
                name: member.name,
                id: *id.as_bytes(),
                size_bytes,
                trouble,
                is_lost,
            };
            let packed = match unpacked {
                Ok((bytes, trouble)) => {
                    let sealed = wire::sealed(&bytes)?;
                    wire::send(&self.replies, Some(sealed.as_fd()))?;
                    packed(ItemId::of(&bytes), bytes.len() as u64, trouble, false)
                }
                Err((size_bytes, why)) => packed(stand_in(id, index), size_bytes, Some(why), true),
            };
            n_waiting += 1;
            waiting_bytes += packed.size_bytes;
            self.say(&Answer::Member(packed))?;
        }
        Ok(spent)
    }

    /// Says what the item says, a long one in parts, so that no frame is large.
    fn say_document(&mut self, opened: &mut Opened<'_>) -> Result<(), Gone> {
        let is_record = |passage: &Passage| {
            passage.is_record || matches!(passage.place.kind, PlaceKind::Row | PlaceKind::Cell)
        };
        let mut document = std::mem::take(&mut opened.document);
        let passages = std::mem::take(&mut document.passages);
        let is_table = passages.len() > PART && passages.iter().all(is_record);
        let mut rest = passages.into_iter().peekable();
        document.passages = part(&mut rest);
        let said = Said {
            document,
            n_members: opened.members.len() as u64,
            is_whole: rest.peek().is_none(),
            is_table,
        };
        self.say(&Answer::Said(Box::new(said)))?;
        while rest.peek().is_some() {
            let passages = part(&mut rest);
            let is_last = rest.peek().is_none();
            self.say(&Answer::More { passages, is_last })?;
        }
        Ok(())
    }

    fn say(&mut self, answer: &Answer) -> Result<(), Gone> {
        Ok(frame::write(&mut self.out, answer)?)
    }

    fn wait(&mut self) -> Result<Spent, Gone> {
        match self.inbox.recv() {
            Ok((Order::Next { spent }, _)) => Ok(spent),
            _ => Err(Gone),
        }
    }
}

/// The passages of the next frame.
fn part(rest: &mut std::iter::Peekable<impl Iterator<Item = Passage>>) -> Vec<Passage> {
    let (mut passages, mut n_bytes) = (Vec::new(), 0);
    while passages.len() < PART && n_bytes < PART_BYTES {
        let Some(passage) = rest.next() else { break };
        n_bytes += passage.text.len();
        passages.push(passage);
    }
    passages
}

fn position(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
