//! How is one file unpacked that was compressed on its own?
//!
//! Such a file is one stream or several, one after the other, which is what `cat a.gz b.gz` and
//! every parallel packer write. What it holds is one member.

use std::io::{self, Read};

use habeas_model::{Exception, Reason};

use super::archive;
use crate::out::{Input, Out, Unpacked};

/// Unpacks the first stream of some bytes to the end of what is given, to at most so many bytes
/// and one; says what lies behind the stream.
pub(super) type One = for<'b> fn(&'b [u8], &mut Vec<u8>, u64) -> Result<&'b [u8], io::Error>;

/// How streams of one kind are told and unpacked.
pub(super) struct Kind {
    /// Do the bytes begin with such a stream?
    pub(super) begins: fn(&[u8]) -> bool,
    pub(super) one: One,
    /// The endings of names, and what they stand for: `("tgz", ".tar")`.
    pub(super) endings: &'static [(&'static str, &'static str)],
}

/// Lists what the file holds.
pub(super) fn read<'a>(
    input: &Input<'a>,
    kind: &'static Kind,
    stated: Option<String>,
    out: &mut Out<'a>,
) {
    let bytes = input.bytes;
    let name = stated.unwrap_or_else(|| inner_name(input.name, kind.endings));
    if let Some(note) = archive::split_note(input.name) {
        out.exception(Exception::whole(Reason::Truncated, note));
    }
    out.packed(&name, bytes.len() as u64, move |limit| unpack(bytes, kind, limit));
}

fn unpack(bytes: &[u8], kind: &Kind, limit: u64) -> Unpacked {
    let (mut unpacked, mut rest) = (Vec::new(), bytes);
    let exception = loop {
        let room = limit.saturating_add(1).saturating_sub(unpacked.len() as u64);
        if room == 0 {
            break None;
        }
        let before = rest.len();
        match (kind.one)(rest, &mut unpacked, room) {
            Ok(behind) => rest = behind,
            Err(error) => break Some(archive::why(&error)),
        }
        // Tapes and disks fill up with zeros.
        if rest.iter().all(|byte| *byte == 0) {
            break None;
        }
        if rest.len() == before || !(kind.begins)(rest) {
            let note = format!("{} bytes follow that are not packed so", rest.len());
            break Some(Exception::part(Reason::Corrupt, None, note));
        }
    };
    Unpacked { bytes: unpacked, exception }
}

/// Reads a decoder to its end, or so far.
pub(super) fn drain(decoder: impl Read, into: &mut Vec<u8>, room: u64) -> io::Result<()> {
    decoder.take(room).read_to_end(into).map(|_| ())
}

/// The file's own name without its ending.
fn inner_name(name: &str, endings: &[(&str, &str)]) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    for (ending, inner) in endings {
        let Some(cut) = file.len().checked_sub(ending.len() + 1).filter(|cut| *cut > 0) else {
            continue;
        };
        let end = file.get(cut..).and_then(|end| end.strip_prefix('.'));
        if end.is_some_and(|end| end.eq_ignore_ascii_case(ending)) {
            return format!("{}{inner}", &file[..cut]);
        }
    }
    format!("{file}.unpacked")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_name(name: &str, inner: &str) {
        assert_eq!(inner_name(name, &[("gz", ""), ("tgz", ".tar"), ("svgz", ".svg")]), inner);
    }

    #[test]
    fn a_compressed_file_is_named_after_what_it_holds() {
        check_name("list.csv.gz", "list.csv");
        check_name("a/dump.TGZ", "dump.tar");
        check_name("map.svgz", "map.svg");
        check_name(".gz", ".gz.unpacked");
        check_name("list", "list.unpacked");
    }
}
