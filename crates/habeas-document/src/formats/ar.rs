//! ar and cpio: which files lie one after the other in a package of Unix?

use habeas_model::{Card, Exception, Reason};

use super::Format;
use super::archive::{Names, remark};
use crate::encoding;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "ar",
        version: 1,
        summary: "Archives of ar (also .deb) and of cpio (all three forms)",
        handles: &["application/x-archive", "application/x-cpio", ".ar", ".deb", ".cpio"],
        authority: "POSIX.1-2024, ar and pax; deb(5); cpio(5)",
    },
    sniff,
    read,
};

const AR: &str = "application/x-archive";
const CPIO: &str = "application/x-cpio";
const AR_MAGIC: &[u8] = b"!<arch>\n";

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    if sample.starts_with(AR_MAGIC) {
        return Some((Sure::Magic, AR));
    }
    cpio_member(sample.bytes).map(|_| (Sure::Magic, CPIO))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    if input.media_type == AR { read_ar(input.bytes, out) } else { read_cpio(input.bytes, out) }
}

/// GNU keeps long names in a member called `//`, BSD before the bytes of their member.
fn read_ar<'a>(bytes: &'a [u8], out: &mut Out<'a>) {
    const HEADER_BYTES: usize = 60;
    let (mut at, mut long_names): (usize, &[u8]) = (AR_MAGIC.len(), &[]);
    while let Some(header) = bytes.get(at..at.saturating_add(HEADER_BYTES)) {
        let size = number(&header[48..58], 10).and_then(|size| usize::try_from(size).ok());
        let Some(size) = size.filter(|_| header.ends_with(b"`\n")) else {
            let note = format!("a damaged header after {} members", out.children.len());
            return out.exception(Exception::whole(Reason::Corrupt, note));
        };
        at += HEADER_BYTES;
        let rest = bytes.get(at..).unwrap_or_default();
        let mut data = rest.get(..size).unwrap_or(rest);
        if data.len() < size {
            let note = "the last member ends before it should";
            out.exception(Exception::whole(Reason::Truncated, note));
        }
        at = at.saturating_add(size).saturating_add(size % 2);
        let stated = header[..16].trim_ascii_end();
        let after = |mark: &[u8]| stated.strip_prefix(mark).and_then(|digits| number(digits, 10));
        let name = match stated {
            b"//" => {
                long_names = data;
                continue;
            }
            // Lists of the names in the code of other members.
            b"/" | b"/SYM64/" | b"__.SYMDEF" => continue,
            _ => {
                if let Some(offset) = after(b"/") {
                    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
                    let name = long_names.get(offset..).unwrap_or_default();
                    name.split(|byte| *byte == b'\n').next().unwrap_or_default()
                } else if let Some(length) = after(b"#1/") {
                    let length = usize::try_from(length).unwrap_or(usize::MAX).min(data.len());
                    let (name, behind) = data.split_at(length);
                    data = behind;
                    name
                } else {
                    stated
                }
            }
        };
        let name = name.strip_suffix(b"/").unwrap_or(name);
        out.child(encoding::decode(name, None).text.trim_end_matches('\0'), data);
    }
}

fn read_cpio<'a>(bytes: &'a [u8], out: &mut Out<'a>) {
    let (mut at, mut names) = (0, Names::default());
    loop {
        let Some(member) = bytes.get(at..).and_then(cpio_member) else {
            let note = format!("a damaged header after {} members", out.children.len());
            out.exception(Exception::whole(Reason::Truncated, note));
            break;
        };
        if member.name == b"TRAILER!!!" {
            break;
        }
        let name = encoding::decode(member.name, None).text.into_owned();
        let rest = bytes.get(at + member.data..).unwrap_or_default();
        let data = rest.get(..member.size).unwrap_or(rest);
        match member.mode & 0o170_000 {
            0o040_000 => names.folder(&name),
            // A link: what it holds is the name of its target.
            0o120_000 => {
                names.member(&name);
                remark(out, format!("{name} → {}", encoding::decode(data, None).text));
            }
            0o100_000 | 0 => {
                names.member(&name);
                out.child(&name, data);
            }
            _ => remark(out, name),
        }
        if data.len() < member.size {
            let note = "the last member ends before it should";
            out.exception(Exception::whole(Reason::Truncated, note));
            break;
        }
        at += (member.data + member.size).next_multiple_of(member.step);
    }
    names.tell(out);
}

/// A member of a cpio archive: where its data begins, and to what its parts are filled up.
struct Member<'a> {
    name: &'a [u8],
    mode: u64,
    data: usize,
    size: usize,
    step: usize,
}

/// The portable form is in octal digits, the new ones in hexadecimal ones.
fn cpio_member(bytes: &[u8]) -> Option<Member<'_>> {
    let field = |at: usize, length: usize, base| number(bytes.get(at..at + length)?, base);
    if bytes.starts_with(b"\xc7\x71") {
        // The oldest form is in words of 16 bits, of which the upper one comes first.
        let word = |at: usize| bytes.get(at..at + 2).map(|w| u16::from_le_bytes([w[0], w[1]]));
        let end = 26 + usize::from(word(20)?);
        let name = bytes.get(26..end)?.strip_suffix(b"\0")?;
        let size = usize::from(word(22)?) << 16 | usize::from(word(24)?);
        let (mode, data) = (u64::from(word(6)?), end.next_multiple_of(2));
        return Some(Member { name, mode, data, size, step: 2 });
    }
    let (header, mode, name_bytes, size, step) = match bytes.get(..6)? {
        b"070707" => (76, field(18, 6, 8)?, field(59, 6, 8)?, field(65, 11, 8)?, 1),
        b"070701" | b"070702" => (110, field(14, 8, 16)?, field(94, 8, 16)?, field(54, 8, 16)?, 4),
        _ => return None,
    };
    let end = usize::try_from(name_bytes).ok()?.checked_add(header)?;
    let name = bytes.get(header..end)?.split(|byte| *byte == 0).next()?;
    let data = end.next_multiple_of(step);
    Some(Member { name, mode, data, size: usize::try_from(size).ok()?, step })
}

fn number(digits: &[u8], base: u32) -> Option<u64> {
    u64::from_str_radix(std::str::from_utf8(digits).ok()?.trim(), base).ok()
}
