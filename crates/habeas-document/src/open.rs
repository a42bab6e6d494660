//! What does one item say, and what is packed in it?

use std::panic::{AssertUnwindSafe, catch_unwind};

use habeas_model::{Document, Exception, Reason};

use crate::Budget;
use crate::formats::Format;
use crate::out::{Child, Input, Look, Out, Scan};
use crate::sniff::{self, Taken};

/// One item that is open: what it says, what has still to be recognised, what is packed in it.
#[derive(Default)]
pub struct Opened<'a> {
    /// What it says.
    pub document: Document,
    /// Pages and pictures whose text only optical recognition can read, in reading order.
    pub scans: Vec<Scan<'a>>,
    /// Its pages and pictures as they look, in order, of formats that have looks.
    pub looks: Vec<Look<'a>>,
    /// Its members, still packed, in the order in which it lists them.
    pub members: Vec<Child<'a>>,
    /// Did a reader panic? Then the process is better replaced.
    pub has_panicked: bool,
}

impl Opened<'_> {
    /// Makes exceptions of the scans: nobody can recognise them.
    pub fn give_up_scans(&mut self) {
        let scans = std::mem::take(&mut self.scans);
        self.document.exceptions.extend(scans.iter().map(Scan::unread));
        self.settle();
    }

    /// Where something could be read, what could not is a part.
    pub fn settle(&mut self) {
        if !self.document.passages.is_empty() || !self.members.is_empty() {
            self.document.exceptions.iter_mut().for_each(|exception| exception.is_partial = true);
        }
    }
}

/// Opens one item. Whatever its bytes are it comes back, with exceptions for what could not be
/// read; a panic of its reader is one of them.
pub fn open<'a>(name: &'a str, bytes: &'a [u8], budget: &'a Budget) -> Opened<'a> {
    let unreadable = |media_type: &str, exception: Option<Exception>| {
        let document = Document {
            media_type: media_type.to_owned(),
            exceptions: exception.into_iter().collect(),
            ..Document::default()
        };
        Opened { document, ..Opened::default() }
    };
    match caught(|| sniff::sniff(name, bytes)) {
        None => {
            let why = Exception::whole(Reason::ReaderFailed, "while sniffing");
            Opened { has_panicked: true, ..unreadable("application/octet-stream", Some(why)) }
        }
        Some(Taken::Empty) => unreadable(sniff::by_name(name), None),
        Some(Taken::Unreadable { media_type, reason, note }) => {
            unreadable(media_type, Some(Exception::whole(reason, note)))
        }
        Some(Taken::Readable { format, media_type }) => {
            read_as(format, Input { name, bytes, media_type, budget })
        }
    }
}

fn read_as<'a>(format: &Format, input: Input<'a>) -> Opened<'a> {
    let mut out = Out::new(input.media_type, input.budget);
    let has_panicked = caught(|| (format.read)(&input, &mut out)).is_none();
    if has_panicked {
        let note = format!("the {} reader panicked", format.card.name);
        out.exception(Exception::whole(Reason::ReaderFailed, note));
    }
    let scans = out.take_scans();
    let looks = out.take_looks();
    let (document, members) = out.finish();
    Opened { document, scans, looks, members, has_panicked }
}

/// Runs a reader; `None` if it panicked. What it handed over before that is kept.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
