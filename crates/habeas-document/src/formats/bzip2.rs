//! bzip2: which file was compressed?

use bzip2::bufread::BzDecoder;
use habeas_model::Card;

use super::Format;
use super::compressed::{self, Kind, drain};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "bzip2",
        version: 1,
        summary: "A bzip2 file, also of several parts; what it holds is its member",
        handles: &["application/x-bzip2", ".bz2", ".tbz2", ".tbz"],
        authority: "https://sourceware.org/bzip2/manual/manual.html",
    },
    sniff,
    read,
};

static KIND: Kind = Kind {
    begins,
    one: |bytes, into, room| {
        let mut decoder = BzDecoder::new(bytes);
        drain(&mut decoder, into, room)?;
        Ok(decoder.into_inner())
    },
    endings: &[("bz2", ""), ("bz", ""), ("tbz2", ".tar"), ("tbz", ".tar"), ("tb2", ".tar")],
};

/// A size from 1 to 9, and the sign of a block or of the end.
fn begins(bytes: &[u8]) -> bool {
    let sign = bytes.get(4..10);
    bytes.starts_with(b"BZh")
        && bytes.get(3).is_some_and(|size| (b'1'..=b'9').contains(size))
        && matches!(sign, Some(b"1AY&SY" | b"\x17\x72\x45\x38\x50\x90"))
}

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    begins(sample.bytes).then_some((Sure::Magic, "application/x-bzip2"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    compressed::read(input, &KIND, None, out);
}
