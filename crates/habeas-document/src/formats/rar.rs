//! rar: which files were packed, one by one or each after the one before?

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use habeas_model::{Card, Exception, Reason};
use rars::{
    Archive, ArchiveMember, ArchiveReadOptions, ArchiveReader, Error, ErrorKind,
    ExtractionDecision, ExtractionErrorAction,
};

use super::Format;
use super::archive::{self, Ahead, Names, Taker, WINDOW_BYTES, remark};
use crate::Budget;
use crate::encoding;
use crate::out::{Input, Out, Unpacked};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "rar",
        version: 2,
        summary: "RAR archives of every age, also solid ones, with passwords that are known",
        handles: &["application/vnd.rar", ".rar", ".cbr"],
        authority: "https://www.rarlab.com/technote.htm; https://github.com/bitplane/rar-research",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_rar = sample.starts_with(b"Rar!\x1a\x07")
        || sample.starts_with(b"RE~^")
        // A program with an archive behind it, that unpacks itself.
        || sample.is_program()
            && rars::find_archive_start(sample.bytes, rars::SFX_SCAN_LIMIT).is_some()
            && ArchiveReader::read_with_options(sample.bytes, limits(100_000)).is_ok();
    is_rar.then_some((Sure::Magic, "application/vnd.rar"))
}

/// What reading the list of so many members may cost.
fn limits<'a>(n_members: u64) -> ArchiveReadOptions<'a> {
    ArchiveReadOptions::new()
        .with_max_header_count(n_members.saturating_mul(4).saturating_add(1_000))
        .with_max_header_bytes(64 << 20)
}

/// An archive whose list could be read, and the password for that.
struct Opened<'a> {
    archive: Archive,
    /// Passwords to try on the members, first the one that opened the list.
    passwords: Vec<Option<&'a str>>,
    budget: &'a Budget,
    n_bytes: u64,
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    if let Some(note) = archive::split_note(input.name) {
        out.exception(Exception::whole(Reason::Truncated, note));
    }
    let opened = match open(input) {
        Ok(opened) => {
            if is_cut_5(input.bytes) {
                let note = "it has no end: members after the last one may be missing";
                out.exception(Exception::whole(Reason::Truncated, note));
            }
            Rc::new(opened)
        }
        Err(why) => {
            // The library takes no archive that ends in a member, but one that ends after one.
            let whole = whole(input.bytes).filter(|whole| whole.len() < input.bytes.len());
            let opened = whole.and_then(|bytes| open(&Input { bytes, ..*input }).ok());
            let Some(opened) = opened else { return out.exception(why) };
            let n_bytes = input.bytes.len() as u64 - opened.n_bytes;
            let note = format!("the last {n_bytes} bytes are damaged, or part of a member");
            out.exception(Exception::whole(Reason::Truncated, note));
            Rc::new(opened)
        }
    };
    let options = opened.options(opened.passwords.first().copied().flatten(), 1 << 20);
    match opened.archive.comment_with_options(options) {
        Ok(Some(comment)) => remark(out, encoding::decode(&comment, None).text),
        Ok(None) => {}
        Err(error) => out.exception(Exception { is_partial: true, ..why(&error) }),
    }
    let mut names = Names::default();
    let ahead = {
        let opened = Rc::clone(&opened);
        Ahead::new(move |taker| opened.pass(taker))
    };
    for (index, member) in opened.archive.members().enumerate() {
        let meta = &member.meta;
        let name = match member.decoded_name(None) {
            Ok(name) => encoding::decode(&name, None).text.into_owned(),
            Err(_) => encoding::decode(&meta.name, None).text.into_owned(),
        };
        let name = name.replace('\\', "/");
        if meta.is_directory {
            names.folder(&name);
            continue;
        }
        if meta.is_redirection {
            // A link, or a copy of a file that is in the archive already.
            remark(out, linked(&name, &member));
            continue;
        }
        names.member(&name);
        if meta.is_split_before || meta.is_split_after {
            let note = "goes on in another part of a split archive";
            out.lost(&name, meta.packed_size, Exception::whole(Reason::Truncated, note));
            continue;
        }
        let ahead = Rc::clone(&ahead);
        let packed_bytes = meta.packed_size.min(opened.n_bytes);
        out.packed(&name, packed_bytes, move |limit| ahead.borrow_mut().unpack(index, limit));
    }
    names.tell(out);
}

fn linked(name: &str, member: &ArchiveMember) -> String {
    let rars::ArchiveMemberDetail::Rar50Plus { redirection: Some(target), .. } = &member.detail
    else {
        return name.to_owned();
    };
    format!("{name} → {}", encoding::decode(&target.target_name, None).text)
}

/// Reads the list of an archive, with no password and then with each.
fn open<'a>(input: &Input<'a>) -> Result<Opened<'a>, Exception> {
    let mut first = None;
    let known = || std::iter::once(None).chain(input.budget.passwords.iter().map(Some));
    for password in known() {
        let mut options = limits(input.budget.children);
        options.password = password.map(str::as_bytes);
        match ArchiveReader::read_with_options(input.bytes, options) {
            Ok(archive) => {
                let mut passwords: Vec<Option<&str>> = known().collect();
                passwords.sort_by_key(|other| *other != password);
                let n_bytes = input.bytes.len() as u64;
                return Ok(Opened { archive, passwords, budget: input.budget, n_bytes });
            }
            Err(error) => {
                let is_locked =
                    matches!(error.kind(), ErrorKind::PasswordRequired | ErrorKind::BadPassword);
                if first.is_none() && !is_locked {
                    return Err(why(&error));
                }
                first.get_or_insert_with(|| why(&error));
            }
        }
    }
    Err(first.unwrap_or_else(|| Exception::whole(Reason::Corrupt, "no list of members")))
}

/// The part of a cut archive in which every header and member is whole, if its headers can be read.
fn whole(bytes: &[u8]) -> Option<&[u8]> {
    let mut end = if bytes.starts_with(b"Rar!\x1a\x07\x01\0") {
        8
    } else if bytes.starts_with(b"Rar!\x1a\x07\0") {
        7
    } else {
        return None;
    };
    let block_end: fn(&[u8], usize) -> Option<usize> =
        if end == 8 { |bytes, start| Some(block_5(bytes, start)?.1) } else { block_end_4 };
    while let Some(next) = block_end(bytes, end).filter(|next| *next <= bytes.len()) {
        end = next;
    }
    bytes.get(..end)
}

/// Does a RAR 5 archive stop between two blocks, without the block that ends it? One whose headers
/// are encrypted does not tell.
fn is_cut_5(bytes: &[u8]) -> bool {
    const ENCRYPTION: u64 = 4;
    const END: u64 = 5;
    let mut at = 8;
    if !bytes.starts_with(b"Rar!\x1a\x07\x01\0") {
        return false;
    }
    while let Some((kind, end)) = block_5(bytes, at) {
        if matches!(kind, ENCRYPTION | END) {
            return false;
        }
        at = end;
    }
    at >= bytes.len()
}

/// The kind of a block of a RAR 5 archive, and where it ends: after its sum there are the size of its header, its
/// kind, flags, and the sizes of what lies behind its header, in numbers of seven bits a byte.
fn block_5(bytes: &[u8], start: usize) -> Option<(u64, usize)> {
    let mut at = start.checked_add(4)?;
    let mut number = || -> Option<u64> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let byte = *bytes.get(at)?;
            at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    };
    let size = number()?;
    let before = bytes.get(start + 4..)?.iter().position(|byte| byte & 0x80 == 0)? + 1;
    let (kind, flags) = (number()?, number()?);
    if flags & 1 != 0 {
        number()?;
    }
    let data = if flags & 2 != 0 { number()? } else { 0 };
    let header_end = (start + 4 + before).checked_add(usize::try_from(size).ok()?)?;
    Some((kind, header_end.checked_add(usize::try_from(data).ok()?)?))
}

/// The same of an archive of RAR 1.5 to 4.
fn block_end_4(bytes: &[u8], start: usize) -> Option<usize> {
    let head = bytes.get(start..start.checked_add(7)?)?;
    let word = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
    let long = |at: usize| {
        let long = bytes.get(start + at..start + at + 4)?;
        Some(u64::from(u32::from_le_bytes([long[0], long[1], long[2], long[3]])))
    };
    let (kind, flags, size) = (head[2], word(3), word(5));
    let is_member = matches!(kind, 0x74 | 0x7a);
    let low = if flags & 0x8000 != 0 || is_member { long(7)? } else { 0 };
    let high = if is_member && flags & 0x100 != 0 { long(32)? } else { 0 };
    let data = usize::try_from(high << 32 | low).ok()?;
    (size >= 7).then(|| start.checked_add(usize::from(size))?.checked_add(data))?
}

impl Opened<'_> {
    fn options<'p>(&self, password: Option<&'p str>, limit: u64) -> ArchiveReadOptions<'p> {
        ArchiveReadOptions::with_optional_password(password.map(str::as_bytes))
            .with_rar50_dictionary_size_limit(u64::from(WINDOW_BYTES))
            .with_rar50_buffered_decode_limit(64 << 20)
            .with_max_member_output_bytes(limit)
            .with_max_reader_workspace_bytes(2 * u64::from(WINDOW_BYTES))
    }

    fn pass(&self, taker: &mut Taker) {
        let first = taker.first;
        let solid =
            self.archive.members().any(|member| member.is_solid()) || is_solid(&self.archive);
        if solid {
            // What lies before a member has to be unpacked to get to it.
            let before = self.archive.members().take(first);
            let n_before =
                before.fold(0_u64, |sum, member| sum.saturating_add(member.meta.unpacked_size));
            if n_before > self.budget.allowance(self.n_bytes, 0) {
                let note = "what lies before it unpacks to more than it may";
                let why = Exception::whole(Reason::ExpansionLimit, note);
                return taker.take(first, Unpacked { bytes: Vec::new(), exception: Some(why) });
            }
        }
        let member = self.archive.members().nth(first);
        let is_encrypted = member.is_some_and(|member| member.meta.is_encrypted);
        let mut last = None;
        for password in &self.passwords {
            if is_encrypted && password.is_none() {
                continue;
            }
            match self.pass_with(*password, solid, taker) {
                None => return,
                Some(why) => last = Some(why),
            }
            if !is_encrypted {
                break;
            }
        }
        let encrypted = Exception::whole(Reason::Encrypted, "a member with a password");
        let why = last.filter(|_| !is_encrypted).unwrap_or(encrypted);
        taker.take(first, Unpacked { bytes: Vec::new(), exception: Some(why) });
    }

    /// Goes through the archive once; says why if the member whose turn it is cannot be had.
    fn pass_with(
        &self,
        password: Option<&str>,
        solid: bool,
        taker: &mut Taker,
    ) -> Option<Exception> {
        let first = taker.first;
        let limit = self.budget.allowance(self.n_bytes, 0);
        let current: Rc<RefCell<Option<Current>>> = Rc::default();
        let taker = RefCell::new(taker);
        let mut index = 0;
        let mut failure = None;
        // The sink that is open holds the member before the one that is asked about.
        let settle = |error: Option<&Error>| {
            let Some(done) = current.borrow_mut().take() else { return };
            let is_over = done.bytes.len() as u64 > done.room;
            if is_over && done.index != first {
                return;
            }
            let exception = error.filter(|_| !is_over).map(why);
            if exception.is_some() && (done.is_encrypted || done.index != first) {
                // A wrong password, or damage that is looked at when it is its turn.
                return;
            }
            taker.borrow_mut().take(done.index, Unpacked { bytes: done.bytes, exception });
        };
        let outcome = self.archive.extract_with_control_and_errors(
            self.options(password, limit.max(1)),
            |member| {
                settle(None);
                let this = index;
                index += 1;
                let meta = &member.meta;
                if meta.is_directory || meta.is_redirection {
                    return Ok(ExtractionDecision::Skip);
                }
                if this < first {
                    return Ok(if solid {
                        ExtractionDecision::Extract(Box::new(io::sink()))
                    } else {
                        ExtractionDecision::Skip
                    });
                }
                let room = taker.borrow().room(this, meta.unpacked_size);
                let is_split = meta.is_split_before || meta.is_split_after;
                let Some(room) = room.filter(|_| !is_split) else {
                    return Ok(ExtractionDecision::Stop);
                };
                let bytes = Vec::new();
                let is_encrypted = meta.is_encrypted;
                *current.borrow_mut() = Some(Current { index: this, room, is_encrypted, bytes });
                Ok(ExtractionDecision::Extract(Box::new(Sink(Rc::clone(&current)))))
            },
            |_, error| {
                settle(Some(error));
                Ok(if solid {
                    ExtractionErrorAction::Abort
                } else {
                    ExtractionErrorAction::Continue
                })
            },
        );
        match &outcome {
            Ok(_) => settle(None),
            Err(error) => {
                settle(Some(error));
                failure = Some(why(error));
            }
        }
        if taker.borrow().has(first) {
            return None;
        }
        Some(failure.unwrap_or_else(|| Exception::whole(Reason::Corrupt, "a damaged member")))
    }
}

/// Does every member of the archive build on those before it?
fn is_solid(archive: &Archive) -> bool {
    match archive {
        Archive::Rar15To40(archive) => archive.main.is_solid(),
        Archive::Rar50Plus(archive) => archive.main.is_solid(),
        // Of the oldest archives the library does not say.
        _ => true,
    }
}

/// A member that is being unpacked.
struct Current {
    index: usize,
    room: u64,
    is_encrypted: bool,
    bytes: Vec<u8>,
}

/// Takes a member's bytes, to one past its room.
struct Sink(Rc<RefCell<Option<Current>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut current = self.0.borrow_mut();
        let Some(current) = current.as_mut() else { return Ok(bytes.len()) };
        let left = current.room.saturating_add(1) - current.bytes.len() as u64;
        let n_taken = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        current.bytes.extend_from_slice(&bytes[..n_taken]);
        if n_taken < bytes.len() {
            return Err(io::Error::other("more than it may unpack to"));
        }
        Ok(n_taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn why(error: &Error) -> Exception {
    let (reason, note) = match error.kind() {
        ErrorKind::PasswordRequired | ErrorKind::BadPassword => {
            (Reason::Encrypted, "needs a password")
        }
        ErrorKind::UnsupportedFormat | ErrorKind::UnsupportedFeature => {
            (Reason::Unsupported, "packed in a way that is not read")
        }
        ErrorKind::ResourceLimit => (Reason::ExpansionLimit, "unpacks to more than it may"),
        _ => (Reason::Corrupt, "unpacks only in part"),
    };
    Exception::whole(reason, note)
}
