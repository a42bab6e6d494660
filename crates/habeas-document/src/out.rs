//! What does a format take, and where does it put what it found?

use std::borrow::Cow;
use std::collections::HashSet;

use habeas_model::{Document, Exception, Facts, Passage, Place, Reason};

use crate::Budget;
use crate::encoding::Decoded;
use crate::page::Page;

/// What a format reads: the bytes of one item, and what is known of them.
pub(crate) struct Input<'a> {
    /// The item's own name, without folders and containers: a hint, never to be trusted.
    pub(crate) name: &'a str,
    /// Its bytes, all of them.
    pub(crate) bytes: &'a [u8],
    /// What sniffing took it for.
    pub(crate) media_type: &'static str,
    /// What it may cost.
    pub(crate) budget: &'a Budget,
}

/// A member that a container listed, read once the container itself is done.
pub struct Child<'a> {
    /// What its container calls it; no other member of it is called so.
    pub name: String,
    /// Where its bytes are.
    pub content: Content<'a>,
}

/// Where a member's bytes are.
pub enum Content<'a> {
    /// In memory, or in the container as they are.
    Bytes(Cow<'a, [u8]>),
    /// Still packed, to be unpacked when it is this member's turn, so that only one member of a
    /// container is in memory at a time.
    Packed {
        /// How many bytes it takes in its container.
        packed_bytes: u64,
        /// Unpacks it.
        unpack: Unpack<'a>,
    },
    /// Nowhere: it is listed, and cannot be had.
    Lost {
        /// How large it says it is.
        size_bytes: u64,
        /// Why it cannot be had.
        why: Exception,
    },
}

impl Content<'_> {
    /// How large it is as far as is known without unpacking it.
    pub fn size_bytes(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Packed { packed_bytes, .. } => *packed_bytes,
            Self::Lost { size_bytes, .. } => *size_bytes,
        }
    }
}

/// Unpacks a member to at most so many bytes.
pub type Unpack<'a> = Box<dyn FnOnce(u64) -> Unpacked + 'a>;

/// What unpacking gave: bytes, and what is wrong with them if something is.
pub struct Unpacked {
    /// As many bytes as could be had; one more than allowed means that the limit was passed.
    pub bytes: Vec<u8>,
    /// What is wrong with them.
    pub exception: Option<Exception>,
}

/// A page or picture whose text only optical recognition can read.
pub struct Scan<'a> {
    /// Where the text that is recognised stands.
    pub place: Place,
    /// Draws it when it is its turn, in at most so many bytes.
    pub draw: Draw<'a>,
}

/// Draws a page or decodes a picture to at most so many bytes.
pub type Draw<'a> = Box<dyn FnOnce(u64) -> Result<Picture, Exception> + 'a>;

/// What a recogniser of text is given: a decoded picture in the plainest of formats, so that a
/// program in C never sees the bytes of the item.
#[derive(Debug)]
pub struct Picture {
    /// A binary portable greymap (`P5`, 8 bits a pixel).
    pub pgm: Vec<u8>,
    /// Its resolution in dots per inch.
    pub dpi: u16,
}

/// A page or picture as it looks, for whoever draws it anew without what is taken out.
pub struct Look<'a> {
    /// Where it stands.
    pub place: Place,
    /// Records what is drawn when it is its turn.
    pub record: Record<'a>,
}

/// Records a page or picture as it looks.
pub type Record<'a> = Box<dyn FnOnce() -> Result<Page, Exception> + 'a>;

impl Scan<'_> {
    /// The exception for a scan that was not put through optical recognition.
    pub fn unread(&self) -> Exception {
        let note = "a scan or picture; its text was not recognised";
        Exception::whole(Reason::NoText, note).at(self.place.clone())
    }
}

/// The receiver of all that a format finds. It keeps to the budget, so that formats need not.
pub(crate) struct Out<'a> {
    pub(crate) document: Document,
    pub(crate) children: Vec<Child<'a>>,
    scans: Vec<Scan<'a>>,
    looks: Vec<Look<'a>>,
    names: HashSet<String>,
    text_bytes: u64,
    n_refused: u64,
    is_full: bool,
    max_text_bytes: u64,
    max_children: u64,
}

impl<'a> Out<'a> {
    pub(crate) fn new(media_type: &str, budget: &Budget) -> Self {
        Self {
            document: Document { media_type: media_type.to_owned(), ..Document::default() },
            children: Vec::new(),
            scans: Vec::new(),
            looks: Vec::new(),
            names: HashSet::new(),
            text_bytes: 0,
            n_refused: 0,
            is_full: false,
            max_text_bytes: budget.text_bytes,
            max_children: budget.children,
        }
    }

    /// Takes the next passage, in reading order; one without a visible character is left out.
    ///
    /// Past the budget's text it records one exception and takes no more: see [`Out::is_full`].
    pub(crate) fn passage(&mut self, mut passage: Passage) {
        if self.is_full || passage.text.trim().is_empty() {
            return;
        }
        self.text_bytes += passage.text.len() as u64;
        if self.text_bytes > self.max_text_bytes {
            self.is_full = true;
            let place = Some(passage.place);
            let note = format!("more than {} bytes of text", self.max_text_bytes);
            self.exception(Exception::part(Reason::OutputLimit, place, note));
            return;
        }
        keep_invariant(&mut passage);
        self.document.passages.push(passage);
    }

    /// Has the text reached its limit? A format may stop then: no more text is taken.
    pub(crate) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Takes what could not be read. The note holds nothing that the item says.
    ///
    /// A whole-item exception beside passages or members becomes a partial one by itself.
    pub(crate) fn exception(&mut self, exception: Exception) {
        self.document.exceptions.push(exception);
    }

    /// Takes what is to be known of how the document's text was decoded: what was lost, and
    /// whether its encoding is a guess.
    pub(crate) fn decoded(&mut self, decoded: &Decoded<'_>) {
        self.document.exceptions.extend(decoded.exception());
        self.guessed(decoded.guess);
    }

    /// Takes the encoding that some of the document's text was guessed to have; the first one
    /// counts.
    pub(crate) fn guessed(&mut self, encoding: Option<&str>) {
        let charset = &mut self.document.facts.charset;
        if charset.is_none() {
            *charset = encoding.map(|name| format!("guessed {}", name.to_ascii_lowercase()));
        }
    }

    /// Takes a member whose bytes are at hand: owned, or a slice of the input.
    ///
    /// `name` is what the container calls it, with its inner folders; it may be empty or repeat.
    pub(crate) fn child(&mut self, name: &str, bytes: impl Into<Cow<'a, [u8]>>) {
        self.list(name, Content::Bytes(bytes.into()));
    }

    /// Takes a member that is unpacked when it is its turn, to as much as it may then have.
    ///
    /// `unpack` is given a number of bytes. It reads at most one more, and the caller sees by that
    /// one that the limit was passed.
    pub(crate) fn packed(
        &mut self,
        name: &str,
        packed_bytes: u64,
        unpack: impl FnOnce(u64) -> Unpacked + 'a,
    ) {
        self.list(name, Content::Packed { packed_bytes, unpack: Box::new(unpack) });
    }

    /// Takes a member that is listed and cannot be had: encrypted, or packed in an unknown way.
    pub(crate) fn lost(&mut self, name: &str, size_bytes: u64, why: Exception) {
        self.list(name, Content::Lost { size_bytes, why });
    }

    /// Takes a page or picture that has no text of its own, to be drawn and put through optical
    /// recognition when it is its turn. What comes of it is a passage at `place`, or an exception.
    pub(crate) fn scan(
        &mut self,
        place: Place,
        draw: impl FnOnce(u64) -> Result<Picture, Exception> + 'a,
    ) {
        self.scans.push(Scan { place, draw: Box::new(draw) });
    }

    /// Takes a page or picture that can be drawn anew.
    pub(crate) fn look(
        &mut self,
        place: Place,
        record: impl FnOnce() -> Result<Page, Exception> + 'a,
    ) {
        self.looks.push(Look { place, record: Box::new(record) });
    }

    /// The pages that can be drawn anew.
    pub(crate) fn take_looks(&mut self) -> Vec<Look<'a>> {
        std::mem::take(&mut self.looks)
    }

    /// The scans so far, for whoever can have them recognised; those that are left here become
    /// exceptions.
    pub(crate) fn take_scans(&mut self) -> Vec<Scan<'a>> {
        std::mem::take(&mut self.scans)
    }

    /// Facts of the whole document.
    pub(crate) fn facts(&mut self) -> &mut Facts {
        &mut self.document.facts
    }

    /// Corrects the media type, where reading shows more than sniffing could.
    pub(crate) fn media_type(&mut self, media_type: &str) {
        self.document.media_type = media_type.to_owned();
    }

    fn list(&mut self, name: &str, content: Content<'a>) {
        if self.children.len() as u64 >= self.max_children {
            self.n_refused += 1;
            return;
        }
        let name = self.unique(name);
        self.children.push(Child { name, content });
    }

    /// A name that no earlier member has, because a path has to point at one member.
    fn unique(&mut self, name: &str) -> String {
        let number = self.children.len() + 1;
        let name = if name.trim().is_empty() { number.to_string() } else { name.to_owned() };
        let name = if self.names.contains(&name) { format!("{name} ({number})") } else { name };
        self.names.insert(name.clone());
        name
    }

    /// The document and its members, with the exceptions that only the end can know.
    pub(crate) fn finish(mut self) -> (Document, Vec<Child<'a>>) {
        for scan in self.take_scans() {
            self.exception(scan.unread());
        }
        if self.n_refused > 0 {
            let note = format!("{} members more than one container may have", self.n_refused);
            self.exception(Exception::part(Reason::CountLimit, None, note));
        }
        if !self.document.passages.is_empty() || !self.children.is_empty() {
            for exception in &mut self.document.exceptions {
                exception.is_partial = true;
            }
        }
        (self.document, self.children)
    }
}

/// Sorts a passage's fields, and drops those that do not lie in its text.
fn keep_invariant(passage: &mut Passage) {
    passage.fields.sort_by_key(|field| field.range.start);
    let (text, mut end) = (&passage.text, 0);
    passage.fields.retain(|field| {
        let fits = field.range.start >= end
            && field.range.start < field.range.end
            && text.get(field.range.clone()).is_some();
        debug_assert!(fits, "a field overlaps another or leaves its text");
        if fits {
            end = field.range.end;
        }
        fits
    });
}
