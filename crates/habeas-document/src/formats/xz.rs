//! xz, lzma and lzip: which file was compressed?

use habeas_model::Card;
use lzma_rust2::{LzipReader, LzmaReader, XzReader};

use super::Format;
use super::archive::WINDOW_BYTES;
use super::compressed::{self, Kind, drain};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "xz",
        version: 1,
        summary: "Files compressed with xz, lzma or lzip; what such a file holds is its member",
        handles: &[
            "application/x-xz",
            "application/x-lzma",
            "application/x-lzip",
            ".xz",
            ".lzma",
            ".lz",
            ".txz",
        ],
        authority: "The .xz file format 1.2.1; https://www.nongnu.org/lzip/manual/lzip_manual.html",
    },
    sniff,
    read,
};

const XZ: &str = "application/x-xz";
const LZMA: &str = "application/x-lzma";
const LZIP: &str = "application/x-lzip";

static XZ_KIND: Kind = Kind {
    begins: |bytes| bytes.starts_with(b"\xfd7zXZ\0"),
    one: |bytes, into, room| {
        let mut decoder = XzReader::new_mem_limit(bytes, false, WINDOW_BYTES >> 10);
        drain(&mut decoder, into, room)?;
        Ok(decoder.into_inner())
    },
    endings: &[("xz", ""), ("txz", ".tar")],
};

static LZMA_KIND: Kind = Kind {
    begins: is_lzma,
    one: |bytes, into, room| {
        drain(LzmaReader::new_mem_limit(bytes, WINDOW_BYTES >> 10, None)?, into, room)?;
        // The format has no end that could be found.
        Ok(&[])
    },
    endings: &[("lzma", ""), ("tlz", ".tar")],
};

static LZIP_KIND: Kind = Kind {
    begins: |bytes| bytes.starts_with(b"LZIP\x01"),
    one: |bytes, into, room| {
        drain(LzipReader::new(bytes), into, room)?;
        Ok(&[])
    },
    endings: &[("lz", ""), ("tlz", ".tar")],
};

/// There is no signature, but properties that every packer writes, a window of 2ⁿ or 2ⁿ+2ⁿ⁻¹
/// bytes, a size that is unknown or less than 256 GiB, and a first byte that is always 0.
fn is_lzma(bytes: &[u8]) -> bool {
    let Some((head, rest)) = bytes.split_at_checked(13) else { return false };
    let window = u32::from_le_bytes([head[1], head[2], head[3], head[4]]);
    let size = head[5..].iter().rev().fold(0_u64, |size, byte| size << 8 | u64::from(*byte));
    let is_window = window >= 4096
        && (window.is_power_of_two() || window == u32::MAX || (window / 3 * 2).is_power_of_two());
    head[0] == 0x5d && is_window && (size == u64::MAX || size < 1 << 38) && rest.first() == Some(&0)
}

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let kinds = [(&XZ_KIND, XZ), (&LZMA_KIND, LZMA), (&LZIP_KIND, LZIP)];
    let (_, media_type) = kinds.iter().find(|(kind, _)| (kind.begins)(sample.bytes))?;
    Some((Sure::Magic, media_type))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let kind = match input.media_type {
        LZMA => &LZMA_KIND,
        LZIP => &LZIP_KIND,
        _ => &XZ_KIND,
    };
    compressed::read(input, kind, None, out);
}
