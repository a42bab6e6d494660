//! gzip: which file was compressed?

use flate2::bufread::GzDecoder;
use habeas_model::Card;

use super::Format;
use super::compressed::{self, Kind, drain};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(crate) use super::archive::unpack;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "gzip",
        version: 2,
        summary: "A gzip file, also of several parts; what it holds is its member",
        handles: &["application/gzip", ".gz", ".tgz"],
        authority: "RFC 1952",
    },
    sniff,
    read,
};

static KIND: Kind = Kind {
    begins,
    one: |bytes, into, room| {
        let mut decoder = GzDecoder::new(bytes);
        drain(&mut decoder, into, room)?;
        Ok(decoder.into_inner())
    },
    endings: &[
        ("gz", ""),
        ("gzip", ""),
        ("z", ""),
        ("tgz", ".tar"),
        ("taz", ".tar"),
        ("svgz", ".svg"),
    ],
};

/// Method 8 is the only one there is; the three upper flags are reserved.
fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b\x08") && bytes.get(3).is_some_and(|flags| flags & 0xe0 == 0)
}

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    begins(sample.bytes).then_some((Sure::Magic, "application/gzip"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoder = GzDecoder::new(input.bytes);
    let text = |bytes: Option<&[u8]>| {
        let bytes = bytes.filter(|bytes| !bytes.is_empty())?;
        Some(crate::encoding::decode(bytes, None).text.into_owned())
    };
    let stated = text(decoder.header().and_then(|header| header.filename()));
    if let Some(comment) = text(decoder.header().and_then(|header| header.comment())) {
        super::archive::remark(out, comment);
    }
    compressed::read(input, &KIND, stated, out);
}
