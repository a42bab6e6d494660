//! tar: which files lie one after the other?
//!
//! A link has no content of its own: its name and its target are text of the archive, and it is no
//! member. So are the names of folders that nothing lies in, and of devices.

use habeas_model::{Card, Exception, Reason};

use super::Format;
use super::archive::{self, Names, remark};
use crate::encoding;
use crate::out::{Input, Out, Unpacked};
use crate::sniff::{Match, Sample, Sure};

mod header;
mod sparse;

use header::{Extended, Header};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "tar",
        version: 2,
        summary: "Tar archives, old or new, also damaged, cut, or several one after the other",
        handles: &["application/x-tar", ".tar"],
        authority: "POSIX.1-2024, pax; GNU tar manual",
    },
    sniff,
    read,
};

const BLOCK_BYTES: usize = 512;

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let block = sample.bytes.get(..BLOCK_BYTES)?;
    let is_tar = block.get(257..262) == Some(b"ustar") || Header::parse(block).is_some();
    is_tar.then_some((Sure::Magic, "application/x-tar"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let bytes = input.bytes;
    let (mut at, mut names) = (0, Names::default());
    let (mut extended, mut global) = (Extended::default(), Extended::default());
    // Whether the end was seen: what follows may be another archive, or remains of an older one.
    let (mut has_end, mut n_damaged, mut n_trailing) = (false, 0_u64, 0_u64);
    while let Some(block) = bytes.get(at..at + BLOCK_BYTES) {
        let start = at;
        at += BLOCK_BYTES;
        if block.iter().all(|byte| *byte == 0) {
            has_end = true;
            continue;
        }
        let Some(header) = Header::parse(block) else {
            if has_end {
                n_trailing += BLOCK_BYTES as u64;
            } else {
                n_damaged += BLOCK_BYTES as u64;
            }
            continue;
        };
        has_end = false;
        let size_bytes = extended.size(&global).unwrap_or(header.size_bytes);
        let size = usize::try_from(size_bytes).unwrap_or(usize::MAX);
        let rest = bytes.get(at..).unwrap_or_default();
        let data = if header.has_data() { rest.get(..size).unwrap_or(rest) } else { &[] };
        let is_cut = header.has_data() && data.len() < size;
        match header.kind {
            b'x' | b'X' => extended.add(data),
            b'g' => global.add(data),
            b'L' => extended.set("path", data),
            b'K' => extended.set("linkpath", data),
            _ => {
                let name = extended.text("path", &global).unwrap_or_else(|| header.name());
                let target = extended.text("linkpath", &global);
                let entry = Entry { name, size_bytes, data, is_cut };
                let map = if header.kind == b'S' {
                    Some(sparse::old(bytes, start))
                } else {
                    sparse::new(&extended, data)
                };
                at = map.as_ref().map_or(at, |map| at + map.n_skipped);
                let skipped = map.as_ref().map_or(0, |map| map.n_skipped);
                let rest = bytes.get(at..).unwrap_or_default();
                let entry = if skipped > 0 {
                    Entry { data: rest.get(..size).unwrap_or(rest), ..entry }
                } else {
                    entry
                };
                let real_name = extended.text("GNU.sparse.name", &global);
                let entry = Entry { name: real_name.unwrap_or(entry.name), ..entry };
                let target = target.unwrap_or_else(|| header.target());
                take(&header, entry, target, map, &mut names, out);
                extended = Extended::default();
            }
        }
        if is_cut {
            at = at.saturating_add(data.len());
            let note = "the last member ends before it should";
            out.exception(Exception::part(Reason::Truncated, None, note));
            break;
        }
        if header.has_data() {
            at = at.saturating_add(size.div_ceil(BLOCK_BYTES).saturating_mul(BLOCK_BYTES));
        }
    }
    if n_damaged > 0 {
        let note = format!("{n_damaged} bytes that belong to no member");
        out.exception(Exception::whole(Reason::Corrupt, note));
    }
    if n_trailing > 0 {
        let note = format!("{n_trailing} bytes after the end of the archive");
        out.exception(Exception::whole(Reason::Corrupt, note));
    }
    if let Some(note) = archive::split_note(input.name) {
        out.exception(Exception::whole(Reason::Truncated, note));
    }
    let cut = bytes.len() % BLOCK_BYTES;
    if cut > 0 && at <= bytes.len() && !has_end {
        let note = "the archive ends in the middle of a header";
        out.exception(Exception::whole(Reason::Truncated, note));
    }
    names.tell(out);
}

/// One member, with what the headers before its own said of it.
struct Entry<'a> {
    name: String,
    size_bytes: u64,
    data: &'a [u8],
    is_cut: bool,
}

fn take<'a>(
    header: &Header<'_>,
    entry: Entry<'a>,
    target: String,
    map: Option<sparse::Map>,
    names: &mut Names,
    out: &mut Out<'a>,
) {
    let Entry { name, size_bytes, data, is_cut } = entry;
    let name = name.replace('\\', "/");
    match header.kind {
        // Before POSIX a folder was a file whose name ends in a slash.
        b'5' | b'D' if data.is_empty() => names.folder(&name),
        b'0' | b'\0' | b'7' if name.ends_with('/') && data.is_empty() => names.folder(&name),
        b'1' | b'2' if data.is_empty() => {
            names.member(&name);
            remark(out, format!("{name} → {target}"));
        }
        b'3' | b'4' | b'6' | b'V' if data.is_empty() => {
            names.member(&name);
            remark(out, name);
        }
        kind => {
            names.member(&name);
            if kind == b'M' {
                let note = "the first member goes on from another part of a split archive";
                out.exception(Exception::part(Reason::Truncated, None, note));
            }
            match map {
                Some(map) => {
                    let packed_bytes = size_bytes.min(data.len() as u64).max(1);
                    out.packed(&name, packed_bytes, move |limit| map.unpack(data, limit));
                }
                None if is_cut && data.is_empty() => {
                    let why = Exception::whole(Reason::Truncated, "the archive ends before it");
                    out.lost(&name, size_bytes, why);
                }
                None => out.child(&name, data),
            }
        }
    }
}

fn text(bytes: &[u8]) -> String {
    encoding::decode(bytes, None).text.into_owned()
}

fn refused(reason: Reason, note: &str) -> Unpacked {
    Unpacked { bytes: Vec::new(), exception: Some(Exception::whole(reason, note)) }
}
