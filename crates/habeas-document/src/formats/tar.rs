//! tar: which files lie one after the other?

use habeas_model::{Card, Exception, Reason};
use tar::{Archive, EntryType};

use super::{Format, gzip};
use crate::encoding;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "tar",
        version: 1,
        summary: "A tar archive, old or new",
        handles: &["application/x-tar", ".tar"],
        authority: "POSIX.1-2024, pax; GNU tar manual",
    },
    sniff,
    read,
};

const BLOCK_BYTES: usize = 512;

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let block = sample.bytes.get(..BLOCK_BYTES)?;
    if block.get(257..262) == Some(b"ustar") {
        return Some((Sure::Magic, "application/x-tar"));
    }
    // Before POSIX there was no signature, but a checksum of the header.
    let stated = std::str::from_utf8(&block[148..156]).ok()?.trim_matches(['\0', ' ']);
    let stated = u64::from_str_radix(stated, 8).ok()?;
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>();
    let counted = sum(&block[..148]) + 8 * u64::from(b' ') + sum(&block[156..]);
    (block[0] != 0 && stated == counted).then_some((Sure::Magic, "application/x-tar"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let mut archive = Archive::new(input.bytes);
    let Ok(entries) = archive.entries() else {
        return out.exception(Exception::whole(Reason::Corrupt, "no first header"));
    };
    let mut spent = 0;
    for (index, entry) in entries.enumerate() {
        let Ok(mut entry) = entry else {
            // The next header can only be found from this one.
            let note = format!("the archive is damaged or ends after {index} members");
            return out.exception(Exception::part(Reason::Truncated, None, note));
        };
        let kind = entry.header().entry_type();
        if !matches!(kind, EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse) {
            continue;
        }
        let name = encoding::decode(&entry.path_bytes(), None).text.into_owned();
        let size_bytes = entry.size();
        if kind == EntryType::GNUSparse {
            let allowance = input.budget.allowance(input.bytes.len() as u64, spent);
            let unpacked = gzip::unpack(&mut entry, allowance);
            spent += unpacked.bytes.len() as u64;
            match unpacked.exception {
                _ if unpacked.bytes.len() as u64 > allowance => {
                    let why = Exception::whole(Reason::ExpansionLimit, "a sparse file");
                    out.lost(&name, size_bytes, why);
                }
                Some(why) if unpacked.bytes.is_empty() => out.lost(&name, size_bytes, why),
                _ => out.child(&name, unpacked.bytes),
            }
            continue;
        }
        let start = usize::try_from(entry.raw_file_position()).unwrap_or(usize::MAX);
        let rest = input.bytes.get(start..).unwrap_or_default();
        match usize::try_from(size_bytes).ok().and_then(|size| rest.get(..size)) {
            Some(bytes) => out.child(&name, bytes),
            None => {
                let note = "the last member ends before it should";
                out.exception(Exception::part(Reason::Truncated, None, note));
                return out.child(&name, rest);
            }
        }
    }
}
