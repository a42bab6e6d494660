//! Which file is wrapped in an embedded object, and what does a compound file of no known kind say?
//!
//! What is put into an Office document as an object is kept in a compound file: a document of the
//! new Office as `Package`, any other file behind a short head in `\x01Ole10Native` ([MS-OLEDS]).
//! Programs of all kinds keep their files so; where nothing else is known there are properties.

use habeas_model::{Card, Exception, Reason};

use super::Format;
use crate::encoding;
use crate::formats::compound::{Compound, u32_at};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "ole",
        version: 3,
        summary: "Files wrapped as embedded objects; properties of other compound files",
        handles: &[OLE, VISIO, ".ole"],
        authority: "[MS-OLEDS]",
    },
    sniff,
    read,
};

const NATIVE: &str = "\u{1}Ole10Native";

const OLE: &str = "application/x-ole-storage";
const VISIO: &str = "application/vnd.visio";

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    // A workbook or document has streams of its own, which other formats know.
    if !sample.is_cfb() || sample.has_cfb_stream("EncryptedPackage") {
        return None;
    }
    let media_type = if sample.has_cfb_stream("VisioDocument") { VISIO } else { OLE };
    Some((Sure::Magic, media_type))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let mut file = match Compound::open(input.bytes) {
        Ok(file) => file,
        Err(exception) => return out.exception(exception),
    };
    for name in ["Package", "CONTENTS"] {
        if let Some(bytes) = file.stream(name) {
            out.child(&name.to_lowercase(), bytes);
        }
    }
    if let Some(bytes) = file.stream(NATIVE) {
        match native(&bytes) {
            Some((name, content)) => out.child(&name, content),
            None => out.child("native", bytes.get(4..).unwrap_or_default().to_vec()),
        }
    }
    if out.children.is_empty() {
        out.exception(match file.entries("/").is_empty() {
            true => Exception::whole(Reason::Corrupt, "holds nothing"),
            false => {
                Exception::whole(Reason::Unsupported, "no reader for this kind of compound file")
            }
        });
    }
    file.properties(out);
}

/// The file's name and bytes, behind the size of all.
fn native(bytes: &[u8]) -> Option<(String, Vec<u8>)> {
    packaged(bytes.get(4..)?)
}

/// The name and bytes of a packaged file.
pub(super) fn packaged(bytes: &[u8]) -> Option<(String, Vec<u8>)> {
    // A mark, then label, name and two more fields before the temporary path.
    let rest = bytes.strip_prefix(b"\x02\0").or_else(|| bytes.strip_prefix(b"\0\0"))?;
    let (_, rest) = zero_ended(rest)?;
    let (name, rest) = zero_ended(rest)?;
    let rest = rest.get(4..)?;
    let n_path = u32_at(rest, 0)? as usize;
    let rest = rest.get(4_usize.checked_add(n_path)?..)?;
    let n = u32_at(rest, 0)? as usize;
    let content = rest.get(4..4_usize.checked_add(n)?)?;
    let name = encoding::decode(name, None).text.into_owned();
    let name = name.rsplit(['\\', '/']).next().unwrap_or_default().to_owned();
    Some((name, content.to_vec()))
}

fn zero_ended(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}
