//! Zstandard and LZ4: which file was compressed?

use std::io;

use habeas_model::Card;

use super::Format;
use super::archive::WINDOW_BYTES;
use super::compressed::{self, Kind, drain};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "zstd",
        version: 1,
        summary: "Files compressed with Zstandard or LZ4; what such a file holds is its member",
        handles: &["application/zstd", "application/x-lz4", ".zst", ".tzst", ".lz4"],
        authority: "RFC 8878; https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md",
    },
    sniff,
    read,
};

const ZSTD: &str = "application/zstd";
const LZ4: &str = "application/x-lz4";

static ZSTD_KIND: Kind = Kind {
    begins: |bytes| bytes.starts_with(b"\x28\xb5\x2f\xfd") || is_skippable(bytes),
    one: |bytes, into, room| {
        if is_skippable(bytes) {
            return skip(bytes);
        }
        let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes)?.single_frame();
        decoder.window_log_max(WINDOW_BYTES.ilog2())?;
        drain(&mut decoder, into, room)?;
        Ok(decoder.finish())
    },
    endings: &[("zst", ""), ("zstd", ""), ("tzst", ".tar")],
};

static LZ4_KIND: Kind = Kind {
    begins: |bytes| bytes.starts_with(b"\x04\x22\x4d\x18") || is_skippable(bytes),
    one: |bytes, into, room| {
        if is_skippable(bytes) {
            return skip(bytes);
        }
        let mut rest = bytes;
        let before = into.len();
        drain(lz4_flex::frame::FrameDecoder::new(&mut rest), into, room)?;
        // At the end of what is there the decoder says that the frame ends.
        if rest.is_empty() && into.len() == before && bytes.len() > 19 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(rest)
    },
    endings: &[("lz4", ""), ("tlz4", ".tar")],
};

/// A frame of something else, which both formats have.
fn is_skippable(bytes: &[u8]) -> bool {
    matches!(bytes, [0x50..=0x5f, 0x2a, 0x4d, 0x18, _, _, _, _, ..])
}

fn skip(bytes: &[u8]) -> io::Result<&[u8]> {
    let length = bytes.get(4..8).map_or(0, |n| u32::from_le_bytes([n[0], n[1], n[2], n[3]]));
    bytes.get(8 + length as usize..).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let mut frame = sample.bytes;
    while is_skippable(frame) {
        frame = skip(frame).ok()?;
    }
    if frame.starts_with(b"\x28\xb5\x2f\xfd") {
        Some((Sure::Magic, ZSTD))
    } else if frame.starts_with(b"\x04\x22\x4d\x18") {
        Some((Sure::Magic, LZ4))
    } else {
        None
    }
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let kind = if input.media_type == LZ4 { &LZ4_KIND } else { &ZSTD_KIND };
    compressed::read(input, kind, None, out);
}
