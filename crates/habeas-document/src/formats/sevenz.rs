//! 7z: which files were packed, one by one or all in one stream?

use std::io::{Cursor, Read};
use std::rc::Rc;

use habeas_model::{Card, Exception, Reason};
use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};

use super::Format;
use super::archive::{self, Ahead, Names, SharedAhead, Taker, WINDOW_BYTES, remark, unpack};
use crate::Budget;
use crate::out::{Input, Out, Unpacked};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "7z",
        version: 1,
        summary: "7-Zip archives, also solid ones, with passwords that are known",
        handles: &["application/x-7z-compressed", ".7z"],
        authority: "7-Zip, DOC/7zFormat.txt",
    },
    sniff,
    read,
};

const MAGIC: &[u8] = b"7z\xbc\xaf\x27\x1c";

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_7z = sample.starts_with(MAGIC) || sample.is_program() && start(sample.bytes) > 0;
    is_7z.then_some((Sure::Magic, "application/x-7z-compressed"))
}

/// Where the archive begins in a program that unpacks itself; 0 if nowhere.
fn start(bytes: &[u8]) -> usize {
    const SCAN_BYTES: usize = 4 << 20;
    const START_BYTES: usize = 32;
    let is_start = |window: &[u8]| {
        // After the signature: a version, the sum of what follows, and where the list is.
        let stated = u32::from_le_bytes([window[8], window[9], window[10], window[11]]);
        let mut sum = flate2::Crc::new();
        sum.update(&window[12..]);
        stated == sum.sum()
    };
    let head = bytes.get(..SCAN_BYTES).unwrap_or(bytes);
    let mut windows = head.windows(START_BYTES);
    windows.position(|window| window.starts_with(MAGIC) && is_start(window)).unwrap_or(0)
}

/// The dictionaries and lists that the library may hold, each.
const MEMORY_KIB: usize = (WINDOW_BYTES >> 10) as usize;

/// An archive whose list could be read, and the passwords to try on its blocks.
struct Opened<'a> {
    archive: Archive,
    bytes: &'a [u8],
    budget: &'a Budget,
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let bytes = input.bytes.get(start(input.bytes)..).unwrap_or(input.bytes);
    let input = &Input { bytes, ..*input };
    let archive = match open(input) {
        Ok(archive) => archive,
        Err(why) => {
            out.exception(why);
            if let Some(note) = archive::split_note(input.name) {
                out.exception(Exception::whole(Reason::Truncated, note));
            }
            return;
        }
    };
    let opened = Rc::new(Opened { archive, bytes: input.bytes, budget: input.budget });
    let blocks: Vec<SharedAhead<'a>> = (0..opened.archive.blocks.len())
        .map(|block| {
            let opened = Rc::clone(&opened);
            Ahead::new(move |taker| opened.pass(block, taker))
        })
        .collect();
    let shares: Vec<(u64, u128)> = (0..blocks.len()).map(|block| opened.share(block)).collect();
    let mut names = Names::default();
    for (index, entry) in opened.archive.files.iter().enumerate() {
        let name = entry.name.replace('\\', "/");
        if entry.is_anti_item {
            // It says that a file of this name is to be deleted.
            remark(out, name);
            continue;
        }
        if entry.is_directory {
            names.folder(&name);
            continue;
        }
        names.member(&name);
        let block = opened.archive.stream_map.file_block_index.get(index).copied().flatten();
        let Some(block) = block.filter(|_| entry.has_stream) else {
            out.child(&name, Vec::new());
            continue;
        };
        let Some(ahead) = blocks.get(block).map(Rc::clone) else {
            let why = Exception::whole(Reason::Corrupt, "the list names no bytes for it");
            out.lost(&name, entry.size, why);
            continue;
        };
        // Its share of the block's packed bytes.
        let (packed, size) = shares[block];
        let share = u128::from(packed) * u128::from(entry.size) / size.max(1);
        let packed_bytes = u64::try_from(share).unwrap_or(u64::MAX).max(1);
        out.packed(&name, packed_bytes, move |limit| ahead.borrow_mut().unpack(index, limit));
    }
    names.tell(out);
}

/// Reads the list of an archive, with no password and then with each.
fn open(input: &Input<'_>) -> Result<Archive, Exception> {
    let mut first = None;
    for password in passwords(input.budget) {
        let mut source = Cursor::new(input.bytes);
        match Archive::read_with_memory_limit(&mut source, &password, MEMORY_KIB) {
            Ok(archive) => return Ok(archive),
            Err(Error::PasswordRequired | Error::MaybeBadPassword(_)) if first.is_none() => {
                first = Some(Exception::whole(Reason::Encrypted, "its list needs a password"));
            }
            Err(error) if first.is_none() => return Err(why(&error)),
            Err(_) => {}
        }
    }
    Err(first.unwrap_or_else(|| Exception::whole(Reason::Corrupt, "no list of members")))
}

/// No password, and then each that is known.
fn passwords(budget: &Budget) -> impl Iterator<Item = Password> {
    std::iter::once(Password::empty()).chain(budget.passwords.iter().map(Password::from))
}

impl Opened<'_> {
    /// The bytes of a block, packed and unpacked.
    fn share(&self, block: usize) -> (u64, u128) {
        let size = self.entries(block).map(|(_, entry)| u128::from(entry.size)).sum();
        (self.block_bytes(block), size)
    }

    /// The packed bytes of a block; where they are not stated those of the whole archive.
    fn block_bytes(&self, block: usize) -> u64 {
        let first = self.archive.stream_map.block_first_pack_stream_index();
        let from = first.get(block).copied().unwrap_or(0);
        let to = first.get(block + 1).copied().unwrap_or(self.archive.pack_sizes().len());
        let sizes = self.archive.pack_sizes().get(from..to).unwrap_or_default();
        let sum = sizes.iter().fold(0_u64, |sum, size| sum.saturating_add(*size));
        sum.min(self.bytes.len() as u64)
    }

    /// The members of a block, with their numbers in the archive.
    fn entries(&self, block: usize) -> impl Iterator<Item = (usize, &ArchiveEntry)> {
        let map = &self.archive.stream_map.file_block_index;
        let from = self.archive.stream_map.block_first_file_index.get(block).copied();
        let files = self.archive.files.iter().enumerate().skip(from.unwrap_or(usize::MAX));
        files.take_while(move |(index, _)| map.get(*index).copied().flatten() == Some(block))
    }

    /// Goes through a block once, with no password and then with each.
    fn pass(&self, block: usize, taker: &mut Taker) {
        // What lies before a member has to be unpacked to get to it.
        let before = self.entries(block).take_while(|(index, _)| *index < taker.first);
        let n_before = before.fold(0_u64, |sum, (_, entry)| sum.saturating_add(entry.size));
        if n_before > self.budget.allowance(self.block_bytes(block), 0) {
            let note = "what lies before it unpacks to more than it may";
            return taker
                .take(taker.first, refused(Exception::whole(Reason::ExpansionLimit, note)));
        }
        let first = taker.first;
        let is_encrypted = self.archive.is_file_encrypted(first);
        let mut failure = None;
        for password in passwords(self.budget).skip(usize::from(is_encrypted)) {
            match self.pass_with(block, &password, taker) {
                Ok(()) => return,
                Err(_) if is_encrypted && taker.has(first) => return,
                Err(_) if is_encrypted => {}
                Err(why) => {
                    failure = Some(why);
                    break;
                }
            }
        }
        let encrypted = || Exception::whole(Reason::Encrypted, "a member with a password");
        if !taker.has(first) {
            taker.take(first, refused(failure.unwrap_or_else(encrypted)));
        }
    }

    fn pass_with(
        &self,
        block: usize,
        password: &Password,
        taker: &mut Taker,
    ) -> Result<(), Exception> {
        let mut source = Cursor::new(self.bytes);
        let decoder = BlockDecoder::new_with_memory_limit(
            1,
            MEMORY_KIB,
            block,
            &self.archive,
            password,
            &mut source,
        );
        let start = self.archive.stream_map.block_first_file_index.get(block).copied();
        let Some(start) = start else {
            return Err(Exception::whole(Reason::Corrupt, "the list names no bytes for it"));
        };
        let is_encrypted = self.archive.is_file_encrypted(taker.first);
        let mut index = start;
        let mut trouble = None;
        let done = decoder.for_each_entries(&mut |entry: &ArchiveEntry, bytes: &mut dyn Read| {
            let this = index;
            index += 1;
            if this < taker.first || !entry.has_stream {
                return Ok(true);
            }
            let Some(room) = taker.room(this, entry.size) else { return Ok(false) };
            let mut unpacked = unpack(bytes, room);
            let is_over = unpacked.bytes.len() as u64 > room;
            if is_over && this != taker.first {
                return Ok(false);
            }
            if !is_over
                && unpacked.exception.is_none()
                && (unpacked.bytes.len() as u64) < entry.size
            {
                let note = "unpacks only in part";
                unpacked.exception = Some(Exception::whole(Reason::Truncated, note));
            }
            if unpacked.exception.is_some() && is_encrypted {
                // A wrong password and damage look the same.
                trouble = unpacked.exception;
                return Ok(false);
            }
            let is_good = unpacked.exception.is_none() && !is_over;
            taker.take(this, unpacked);
            Ok(is_good)
        });
        match (done, trouble) {
            (_, Some(why)) => Err(why),
            (Ok(_), None) => Ok(()),
            (Err(error), None) => Err(why(&error)),
        }
    }
}

fn refused(why: Exception) -> Unpacked {
    Unpacked { bytes: Vec::new(), exception: Some(why) }
}

fn why(error: &Error) -> Exception {
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => {
            Exception::whole(Reason::Encrypted, "a member with a password")
        }
        Error::MaxMemLimited { .. } => {
            Exception::whole(Reason::MemoryLimit, "its packer used a window larger than 512 MiB")
        }
        Error::UnsupportedCompressionMethod(_)
        | Error::Unsupported(_)
        | Error::ExternalUnsupported
        | Error::UnsupportedVersion { .. } => {
            Exception::whole(Reason::Unsupported, "packed in a way that is not read")
        }
        Error::Io(error, _) => archive::why(error),
        _ => Exception::whole(Reason::Corrupt, "a damaged list or block"),
    }
}
