//! What does a reader process do?

use std::io::{self, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, sync_channel};

use habeas_document::Budget;
use habeas_model::{ItemId, ItemPath, Member, Passage, PlaceKind};

use crate::confine::confine;
use crate::frame::{self, Answer, Ask, PROTOCOL, Said};
use crate::note::PART;

/// Readers recurse with what they read; this is room for more than the budget's depth.
const STACK_BYTES: usize = 64 << 20;

/// What a reader that panicked ends with: as a program's main thread would.
const PANICKED: i32 = 101;

/// How a reader reads a family: [`habeas_document::read_family`], unless a test says otherwise.
pub type ReadFamily = fn(&str, &[u8], &Budget, &[ItemPath], &mut dyn FnMut(Member));

/// The reader process itself: serves requests on standard input until it ends.
///
/// The command calls it for its hidden subcommand `reader`.
pub fn serve() -> ExitCode {
    serve_with(habeas_document::read_family)
}

/// As [`serve`], with another way of reading: for tests of what happens when readers fail.
pub fn serve_with(read_family: ReadFamily) -> ExitCode {
    // A panic's message may hold what the item says.
    std::panic::set_hook(Box::new(|_| {}));
    let isolation = confine();
    let (asks, queue) = sync_channel::<Ask>(1);
    let work = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
        // The other thread waits for the parent, so a panic has to end the process.
        let work = AssertUnwindSafe(|| work(&queue, read_family, isolation));
        std::process::exit(if catch_unwind(work).is_ok() { 2 } else { PANICKED });
    });
    if work.is_err() {
        return ExitCode::FAILURE;
    }
    // This thread sees at once that the parent is gone, whatever the other one is caught in.
    let mut input = io::stdin().lock();
    while let Ok(Some(ask)) = frame::read(&mut input) {
        if asks.send(ask).is_err() {
            return ExitCode::FAILURE;
        }
    }
    std::process::exit(0);
}

fn work(queue: &Receiver<Ask>, read_family: ReadFamily, isolation: String) {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut done = frame::write(&mut out, &Answer::Hello { protocol: PROTOCOL, isolation });
    while done.is_ok() {
        let Ok(ask) = queue.recv() else { return };
        done = answer(&mut out, &ask, read_family);
    }
    // The parent went away, or a member does not fit into a frame: it sees that this one is gone.
}

fn answer(out: &mut impl Write, ask: &Ask, read_family: ReadFamily) -> io::Result<()> {
    let file = path(&ask.file);
    let (bytes, stamp) = match habeas_source::read(&file, ask.budget.file_bytes) {
        Ok(read) => read,
        Err(exception) => return frame::write(out, &Answer::Unopened(exception)),
    };
    let id = *ItemId::of(&bytes).as_bytes();
    frame::write(out, &Answer::Opened { stamp, id, size_bytes: bytes.len() as u64 })?;
    frame::write(out, &Answer::Begin { below: Vec::new() })?;
    let root = ItemPath::file(ask.name.as_bytes());
    let below =
        |below: &Vec<String>| below.iter().fold(root.clone(), |path, name| path.member(name));
    let skip: Vec<ItemPath> = ask.skip.iter().map(below).collect();
    let mut done = Ok(());
    read_family(&ask.name, &bytes, &ask.budget, &skip, &mut |member| {
        if done.is_ok() {
            done = say(out, member);
        }
    });
    done?;
    frame::write(out, &Answer::End)
}

/// Says a member; a long table in parts, so that nobody has to hold all of it.
fn say(out: &mut impl Write, member: Member) -> io::Result<()> {
    let mut document = member.document;
    let is_row = |passage: &Passage| matches!(passage.place.kind, PlaceKind::Row | PlaceKind::Cell);
    let rest = if document.passages.len() > PART && document.passages.iter().all(is_row) {
        document.passages.split_off(PART)
    } else {
        Vec::new()
    };
    let said = Said {
        below: member.path.segments().iter().skip(1).cloned().collect(),
        id: *member.id.as_bytes(),
        size_bytes: member.size_bytes,
        document,
        n_children: member.n_children,
        is_whole: rest.is_empty(),
    };
    frame::write(out, &Answer::Member(Box::new(said)))?;
    let mut rest = rest.into_iter().peekable();
    while rest.peek().is_some() {
        let passages: Vec<Passage> = rest.by_ref().take(PART).collect();
        let is_last = rest.peek().is_none();
        frame::write(out, &Answer::More { passages, is_last })?;
    }
    Ok(())
}

#[cfg(unix)]
fn path(raw: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(raw))
}
