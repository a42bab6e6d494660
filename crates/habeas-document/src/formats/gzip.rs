//! gzip: which file was compressed?

use std::io::Read;

use flate2::bufread::MultiGzDecoder;
use habeas_model::{Card, Exception, Reason};

use super::Format;
use crate::out::{Input, Out, Unpacked};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "gzip",
        version: 1,
        summary: "A gzip file, also of several parts; what it holds is its member",
        handles: &["application/gzip", ".gz", ".tgz"],
        authority: "RFC 1952",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    // Method 8 is the only one there is; the three upper flags are reserved.
    let is_gzip = sample.starts_with(b"\x1f\x8b\x08") && sample.bytes.get(3)? & 0xe0 == 0;
    is_gzip.then_some((Sure::Magic, "application/gzip"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let bytes = input.bytes;
    let name = inner_name(input.name, bytes);
    out.packed(&name, bytes.len() as u64, move |limit| unpack(MultiGzDecoder::new(bytes), limit));
}

/// Reads to the end, or to one byte past the limit.
pub(crate) fn unpack(packed: impl Read, limit: u64) -> Unpacked {
    let mut bytes = Vec::new();
    let trouble = packed.take(limit.saturating_add(1)).read_to_end(&mut bytes).err();
    let exception = trouble.map(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Reason::Truncated,
            std::io::ErrorKind::Unsupported => Reason::Unsupported,
            _ => Reason::Corrupt,
        };
        Exception::whole(reason, "unpacks only in part")
    });
    Unpacked { bytes, exception }
}

/// The name in the header, else the file's own without its ending.
fn inner_name(name: &str, bytes: &[u8]) -> String {
    let header = flate2::bufread::GzDecoder::new(bytes);
    let stated = header.header().and_then(|header| header.filename());
    if let Some(stated) = stated.filter(|stated| !stated.is_empty()) {
        return crate::encoding::decode(stated, None).text.into_owned();
    }
    let lower = name.to_ascii_lowercase();
    if lower.ends_with(".tgz") {
        format!("{}.tar", &name[..name.len() - 4])
    } else if lower.ends_with(".gz") && name.len() > 3 {
        name[..name.len() - 3].to_owned()
    } else {
        format!("{name}.unpacked")
    }
}
