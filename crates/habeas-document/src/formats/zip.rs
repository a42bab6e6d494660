//! zip: which members does an archive hold, and which of them can be had?
//!
//! The list of members stands at the end of an archive, and each member has a header of its own
//! before its bytes. Both are looked at, so that a member that only one of them knows is found, an
//! archive without its end is read as far as it goes, and members that share their bytes are seen.

use habeas_model::{Card, Exception, Reason};

use super::Format;
use super::archive::{self, Names, remark};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

mod directory;
mod member;

use directory::{Directory, Entry};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "zip",
        version: 2,
        summary: "Zip archives, also damaged, self-extracting, or with passwords that are known",
        handles: &["application/zip", ".zip", ".jar", ".epub"],
        authority: "PKWARE APPNOTE 6.3.10; WinZip AES encryption, AE-1 and AE-2",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    const STARTS: [&[u8]; 4] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK", b"PK00PK"];
    let is_zip = STARTS.iter().any(|start| sample.starts_with(start))
        // A program, or anything under a name like this, may have an archive behind it.
        || (sample.is_named(&["zip", "jar", "exe", "sfx"]) || sample.is_program())
            && directory::has_end(sample.bytes);
    if is_zip {
        return Some((Sure::Magic, "application/zip"));
    }
    // Behind something unknown there may be one as well.
    let is_behind = sample.text().is_none() && directory::has_end(sample.bytes);
    is_behind.then_some((Sure::Named, "application/zip"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let max = usize::try_from(input.budget.children).unwrap_or(usize::MAX);
    let Directory { comment, entries, n_more, troubles } = directory::read(input.bytes, max);
    if let Some(comment) = comment {
        remark(out, comment);
    }
    for trouble in troubles {
        out.exception(trouble);
    }
    if let Some(note) = archive::split_note(input.name) {
        out.exception(Exception::whole(Reason::Truncated, note));
    }
    let shared = shared(&entries);
    let mut names = Names::default();
    for (index, entry) in entries.into_iter().enumerate() {
        if let Some(comment) = &entry.comment {
            remark(out, comment.as_str());
        }
        if let Some(other) = &entry.other_name {
            let note = format!("member {} has another name in its own header", index + 1);
            out.exception(Exception::part(Reason::Corrupt, None, note));
            remark(out, other.as_str());
        }
        if entry.is_folder() {
            names.folder(&entry.name);
            continue;
        }
        names.member(&entry.name);
        if shared.get(index) == Some(&true) {
            let why = Exception::whole(Reason::ExpansionLimit, "shares its bytes with another");
            out.lost(&entry.name, entry.packed_bytes, why);
        } else {
            member::list(entry, input.budget, out);
        }
    }
    for _ in 0..n_more {
        // `out` has as many as it may have, and counts them.
        out.lost("", 0, Exception::whole(Reason::CountLimit, ""));
    }
    names.tell(out);
}

/// How many members an archive lists, or says it lists, whichever is more. Nothing is kept of them.
pub(super) fn n_listed(bytes: &[u8]) -> u64 {
    directory::count(bytes)
}

/// Is a member packed, or encrypted, in one of these ways?
pub(super) fn has_method(bytes: &[u8], methods: std::ops::RangeInclusive<u16>) -> bool {
    const MAX_LOOK: usize = 5_000;
    let entries = directory::head(bytes, MAX_LOOK).unwrap_or_default();
    entries.iter().any(|entry| methods.contains(&entry.method))
}

/// The first names of an archive that has a list, and what its member `mimetype` says.
pub(crate) fn look(bytes: &[u8], max_names: usize) -> Option<(Vec<String>, String)> {
    let entries = directory::head(bytes, max_names)?;
    let mimetype = entries.iter().find(|entry| entry.name == "mimetype").map(member::head);
    let names = entries.into_iter().map(|entry| entry.name).collect();
    Some((names, mimetype.unwrap_or_default()))
}

/// Which members lie in the bytes of an earlier one? Such an archive unpacks to a multiple of
/// itself, and no packer writes one: see D. Fifield, "A better zip bomb", WOOT 2019.
fn shared(entries: &[Entry<'_>]) -> Vec<bool> {
    let mut by_start: Vec<usize> = (0..entries.len()).collect();
    by_start.sort_by_key(|index| (entries[*index].start, *index));
    let mut shared = vec![false; entries.len()];
    let mut end = 0;
    for index in by_start {
        let entry = &entries[index];
        let Ok(data) = &entry.data else { continue };
        shared[index] = entry.start < end && !data.is_empty();
        end = end.max(entry.end);
    }
    shared
}
