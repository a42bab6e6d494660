//! Where does each member of a zip archive lie?

use habeas_model::{Exception, Reason};

use crate::encoding;

/// What an archive lists.
#[derive(Default)]
pub(super) struct Directory<'a> {
    pub(super) comment: Option<String>,
    /// In the order in which they are listed; those that only have a header of their own come last.
    pub(super) entries: Vec<Entry<'a>>,
    /// Members past the number that was asked for: they are counted, and nothing is kept of them.
    pub(super) n_more: u64,
    pub(super) troubles: Vec<Exception>,
}

/// One member.
pub(super) struct Entry<'a> {
    pub(super) name: String,
    /// The name in its own header, where that is another.
    pub(super) other_name: Option<String>,
    pub(super) comment: Option<String>,
    pub(super) method: u16,
    pub(super) flags: u16,
    /// Time of day as DOS writes it; the check of a password needs it.
    pub(super) time: u16,
    pub(super) crc: u32,
    pub(super) packed_bytes: u64,
    pub(super) size_bytes: u64,
    /// Extra fields as they stand in the list, for the decoder of encrypted members.
    pub(super) extra: &'a [u8],
    /// Where its header begins and its bytes end.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its packed bytes, or why there are none.
    pub(super) data: Result<&'a [u8], Exception>,
}

impl Entry<'_> {
    /// A folder is no member, unless it has bytes.
    pub(super) fn is_folder(&self) -> bool {
        self.name.ends_with('/') && self.size_bytes == 0 && self.packed_bytes <= 2
    }
}

const LOCAL: &[u8; 4] = b"PK\x03\x04";
const CENTRAL: &[u8; 4] = b"PK\x01\x02";
const END: &[u8; 4] = b"PK\x05\x06";
const DESCRIPTOR: &[u8; 4] = b"PK\x07\x08";

const LOCAL_BYTES: usize = 30;
const CENTRAL_BYTES: usize = 46;
const END_BYTES: usize = 22;

/// How many ends are looked at, from the last one on: what looks like one may be part of a member.
const MAX_ENDS: usize = 16;

/// Is there an end with a list of members before it?
pub(super) fn has_end(bytes: &[u8]) -> bool {
    End::find(bytes).is_some_and(|end| end.n_entries > 0)
}

/// How many members the list has, or says it has, whichever is more.
pub(super) fn count(bytes: &[u8]) -> u64 {
    let Some(end) = End::find(bytes) else { return 0 };
    let mut n_listed = 0;
    let mut at = end.list;
    while let Some(fixed) = bytes.get(at..at + CENTRAL_BYTES).filter(|b| b.starts_with(CENTRAL)) {
        n_listed += 1;
        at += CENTRAL_BYTES;
        at += [28, 30, 32].map(|field| usize::from(u16_at(fixed, field))).iter().sum::<usize>();
    }
    end.n_entries.max(n_listed)
}

/// The first members of the list, if there is a list.
pub(super) fn head(bytes: &[u8], max_entries: usize) -> Option<Vec<Entry<'_>>> {
    End::find(bytes).map(|end| list(bytes, &end, max_entries).entries)
}

/// Reads the list of members, or finds them without it; at most so many of them.
pub(super) fn read(bytes: &[u8], max_entries: usize) -> Directory<'_> {
    match End::find(bytes) {
        Some(end) => listed(bytes, &end, max_entries),
        None => {
            let mut directory = Directory::default();
            walk(bytes, 0, bytes.len(), max_entries, &mut directory);
            let n = directory.entries.len() as u64 + directory.n_more;
            directory.troubles.push(if n == 0 {
                Exception::whole(Reason::Corrupt, "no list of members")
            } else {
                let note = format!("no list of members; {n} found by their own headers");
                Exception::whole(Reason::Truncated, note)
            });
            directory
        }
    }
}

/// The end of an archive.
struct End<'a> {
    at: usize,
    /// Where the list begins.
    list: usize,
    /// What has to be added to every offset: there may be a program before the archive.
    shift: i64,
    n_entries: u64,
    /// Which part of a split archive this is, from 0; the offsets of members name theirs.
    disk: u32,
    comment: &'a [u8],
}

impl<'a> End<'a> {
    fn find(bytes: &'a [u8]) -> Option<Self> {
        let mut end = bytes.len();
        for _ in 0..MAX_ENDS {
            let at = rfind(bytes.get(..end)?, END)?;
            if let Some(found) = Self::parse(bytes, at) {
                return Some(found);
            }
            end = at;
        }
        None
    }

    fn parse(bytes: &'a [u8], at: usize) -> Option<Self> {
        let fixed = bytes.get(at..at + END_BYTES)?;
        let mut disk = u32::from(u16_at(fixed, 4));
        let mut n_entries = u64::from(u16_at(fixed, 10));
        let mut size = u64::from(u32_at(fixed, 12));
        let mut offset = u64::from(u32_at(fixed, 16));
        let rest = bytes.get(at + END_BYTES..).unwrap_or_default();
        let comment = rest.get(..usize::from(u16_at(fixed, 20))).unwrap_or(rest);
        let mut list_end = at;
        // Zip64 puts a second end before it, and a pointer between them.
        if let Some(pointer) = at.checked_sub(20).filter(|p| bytes[*p..].starts_with(b"PK\x06\x07"))
        {
            let is_end =
                |at: &usize| bytes.get(*at..).is_some_and(|b| b.starts_with(b"PK\x06\x06"));
            let stated = usize::try_from(u64_at(bytes, pointer + 8)).ok();
            let second = stated.filter(is_end).or_else(|| pointer.checked_sub(56).filter(is_end));
            if let Some(second) = second.filter(|at| bytes.len() - at >= 56) {
                disk = u32_at(bytes, second + 16);
                n_entries = u64_at(bytes, second + 32);
                size = u64_at(bytes, second + 40);
                offset = u64_at(bytes, second + 48);
                list_end = second;
            }
        }
        let is_list = |list: &usize| {
            *list <= list_end
                && (n_entries == 0 || bytes.get(*list..).is_some_and(|b| b.starts_with(CENTRAL)))
        };
        let before_end = usize::try_from(size).ok().and_then(|size| list_end.checked_sub(size));
        let stated = usize::try_from(offset).ok();
        let list = before_end.filter(is_list).or_else(|| stated.filter(is_list))?;
        let shift = i64::try_from(list).ok()? - i64::try_from(offset).ok()?;
        // The list of a split archive counts from the start of its own part.
        let shift = if disk > 0 { 0 } else { shift };
        Some(Self { at, list, shift, n_entries, disk, comment })
    }
}

/// The members as the list has them, and those that it leaves out.
fn listed<'a>(bytes: &'a [u8], end: &End<'a>, max_entries: usize) -> Directory<'a> {
    let mut directory = list(bytes, end, max_entries);
    let n_listed = directory.entries.len() as u64 + directory.n_more;
    if end.disk > 0 {
        let is_elsewhere =
            |entry: &&Entry<'_>| matches!(&entry.data, Err(why) if why.reason == Reason::Truncated);
        let note = format!(
            "the last part of an archive split in {}; {} members lie in other parts",
            u64::from(end.disk) + 1,
            directory.entries.iter().filter(is_elsewhere).count()
        );
        directory.troubles.push(Exception::whole(Reason::Truncated, note));
    }
    // Some packers count to 65,535 and begin again.
    if n_listed & 0xffff != end.n_entries & 0xffff {
        let note = format!("the list names {n_listed} members and should name {}", end.n_entries);
        directory.troubles.push(Exception::whole(Reason::Corrupt, note));
    }
    if end.disk == 0 && directory.n_more == 0 {
        unlisted(bytes, end, max_entries, &mut directory);
        let n_unlisted = directory.entries.len() as u64 + directory.n_more - n_listed;
        if n_unlisted > 0 {
            let note = format!("{n_unlisted} members that the list leaves out");
            directory.troubles.push(Exception::whole(Reason::Corrupt, note));
        }
    }
    directory
}

fn list<'a>(bytes: &'a [u8], end: &End<'a>, max_entries: usize) -> Directory<'a> {
    let mut directory = Directory::default();
    if !end.comment.is_empty() {
        directory.comment = Some(encoding::decode(end.comment, None).text.into_owned());
    }
    let mut at = end.list;
    while let Some(fixed) = bytes.get(at..at + CENTRAL_BYTES).filter(|b| b.starts_with(CENTRAL)) {
        if at >= end.at {
            break;
        }
        let lengths = [28, 30, 32].map(|field| usize::from(u16_at(fixed, field)));
        let mut from = at + CENTRAL_BYTES;
        let [name, extra, comment] = lengths.map(|length| {
            let part = bytes.get(from..from + length);
            from += length;
            part.unwrap_or_default()
        });
        at = from;
        if directory.entries.len() < max_entries {
            directory.entries.push(entry(bytes, end, fixed, name, extra, comment));
        } else if !name.ends_with(b"/") {
            directory.n_more += 1;
        }
    }
    directory
}

fn entry<'a>(
    bytes: &'a [u8],
    end: &End<'a>,
    fixed: &[u8],
    name: &[u8],
    extra: &'a [u8],
    comment: &[u8],
) -> Entry<'a> {
    let flags = u16_at(fixed, 8);
    let mut sizes = [24, 20, 42].map(|field| u64::from(u32_at(fixed, field)));
    let mut disk = u32::from(u16_at(fixed, 34));
    // What does not fit into 32 bits stands in an extra field, in this order.
    if let Some(mut wide) = extra_field(extra, 1) {
        for size in &mut sizes {
            if *size == 0xffff_ffff && wide.len() >= 8 {
                *size = u64_at(wide, 0);
                wide = &wide[8..];
            }
        }
        if disk == 0xffff && wide.len() >= 4 {
            disk = u32_at(wide, 0);
        }
    }
    let [size_bytes, packed_bytes, offset] = sizes;
    let is_unix = fixed[5] == 3;
    let mut entry = Entry {
        name: decoded(name, flags, extra, is_unix),
        other_name: None,
        comment: (!comment.is_empty()).then(|| decoded(comment, flags, &[], is_unix)),
        method: u16_at(fixed, 10),
        flags,
        time: u16_at(fixed, 12),
        crc: u32_at(fixed, 16),
        packed_bytes,
        size_bytes,
        extra,
        start: 0,
        end: 0,
        data: Err(Exception::whole(Reason::Corrupt, "it is not where the list says")),
    };
    if disk != end.disk {
        let note = format!("lies in part {} of a split archive", u64::from(disk) + 1);
        entry.data = Err(Exception::whole(Reason::Truncated, note));
        return entry;
    }
    let start = i64::try_from(offset).ok().and_then(|offset| offset.checked_add(end.shift));
    let Some(start) = start.and_then(|start| usize::try_from(start).ok()) else { return entry };
    let Some(local) = Local::parse(bytes, start) else { return entry };
    entry.start = start;
    let data = bytes.get(local.data..).unwrap_or_default();
    let length = usize::try_from(packed_bytes).unwrap_or(usize::MAX);
    // What is cut short is unpacked as far as it goes.
    let data = data.get(..length).unwrap_or(data);
    entry.end = local.data + data.len();
    entry.data = Ok(data);
    if local.name != name {
        let other = decoded(local.name, local.flags, local.extra, is_unix);
        // An encrypted list leaves nothing but numbers in the headers.
        entry.other_name = (other != entry.name && !local.name.is_empty()).then_some(other);
    }
    entry
}

/// Members in the gaps between those that are listed.
fn unlisted<'a>(bytes: &'a [u8], end: &End<'a>, max: usize, directory: &mut Directory<'a>) {
    let mut extents: Vec<(usize, usize)> = directory
        .entries
        .iter()
        .filter(|entry| entry.data.is_ok())
        .map(|entry| (entry.start, entry.end))
        .collect();
    extents.push((end.list, bytes.len()));
    extents.sort_unstable();
    let mut from = 0;
    for (start, end) in extents {
        if start > from {
            walk(bytes, from, start, max, directory);
        }
        from = from.max(end);
    }
}

/// Finds members by their own headers alone.
fn walk<'a>(bytes: &'a [u8], from: usize, to: usize, max: usize, directory: &mut Directory<'a>) {
    let mut at = from;
    while let Some(found) = find(bytes.get(at..to).unwrap_or_default(), LOCAL) {
        let start = at + found;
        at = start + LOCAL.len();
        let Some(local) = Local::parse(bytes, start).filter(Local::is_plausible) else { continue };
        let rest = bytes.get(local.data..to).unwrap_or_default();
        let (length, sizes) = match local.packed_bytes {
            Some(packed) => (usize::try_from(packed).unwrap_or(usize::MAX), None),
            None => descriptor(rest),
        };
        let data = rest.get(..length).unwrap_or(rest);
        let (crc, size_bytes) = sizes.unwrap_or((local.crc, local.size_bytes));
        at = local.data + data.len();
        if directory.entries.len() >= max {
            directory.n_more += 1;
            continue;
        }
        directory.entries.push(Entry {
            name: decoded(local.name, local.flags, local.extra, false),
            other_name: None,
            comment: None,
            method: local.method,
            flags: local.flags,
            time: local.time,
            crc,
            packed_bytes: data.len() as u64,
            size_bytes,
            extra: local.extra,
            start,
            end: at,
            data: Ok(data),
        });
    }
}

/// How long a member is whose sizes stand behind it, and what they are: its sum and its size.
fn descriptor(rest: &[u8]) -> (usize, Option<(u32, u64)>) {
    let mut at = 0;
    while let Some(found) = find(rest.get(at..).unwrap_or_default(), b"PK") {
        let here = at + found;
        let tail = &rest[here..];
        if tail.starts_with(DESCRIPTOR) && tail.len() >= 16 {
            if u32_at(tail, 8) as usize == here {
                return (here, Some((u32_at(tail, 4), u64::from(u32_at(tail, 12)))));
            }
            if tail.len() >= 24 && u64_at(tail, 8) == here as u64 {
                return (here, Some((u32_at(tail, 4), u64_at(tail, 16))));
            }
        } else if tail.starts_with(LOCAL) || tail.starts_with(CENTRAL) {
            // The descriptor may come without its signature.
            let sizes = here.checked_sub(12).filter(|at| u32_at(rest, at + 4) as usize == *at);
            return match sizes {
                Some(at) => (at, Some((u32_at(rest, at), u64::from(u32_at(rest, at + 8))))),
                None => (here, None),
            };
        }
        at = here + 2;
    }
    (rest.len(), None)
}

/// A member's own header.
struct Local<'a> {
    name: &'a [u8],
    extra: &'a [u8],
    method: u16,
    flags: u16,
    time: u16,
    crc: u32,
    /// `None` if it stands behind the member.
    packed_bytes: Option<u64>,
    size_bytes: u64,
    /// Where the member's bytes begin.
    data: usize,
}

impl<'a> Local<'a> {
    fn parse(bytes: &'a [u8], start: usize) -> Option<Self> {
        let fixed = bytes.get(start..start.checked_add(LOCAL_BYTES)?)?;
        if !fixed.starts_with(LOCAL) {
            return None;
        }
        let name_end = start + LOCAL_BYTES + usize::from(u16_at(fixed, 26));
        let data = name_end + usize::from(u16_at(fixed, 28));
        let name = bytes.get(start + LOCAL_BYTES..name_end)?;
        let extra = bytes.get(name_end..data).unwrap_or_default();
        let flags = u16_at(fixed, 6);
        let [mut packed, mut size] = [18, 22].map(|field| u64::from(u32_at(fixed, field)));
        if let Some(wide) = extra_field(extra, 1).filter(|wide| wide.len() >= 16) {
            if size == 0xffff_ffff {
                size = u64_at(wide, 0);
            }
            if packed == 0xffff_ffff {
                packed = u64_at(wide, 8);
            }
        }
        let is_behind = flags & 8 != 0 && packed == 0;
        Some(Self {
            name,
            extra,
            method: u16_at(fixed, 8),
            flags,
            time: u16_at(fixed, 10),
            crc: u32_at(fixed, 14),
            packed_bytes: (!is_behind).then_some(packed),
            size_bytes: size,
            data,
        })
    }

    /// Is it a header, and not four bytes that look like one?
    fn is_plausible(&self) -> bool {
        !self.name.is_empty() && self.method < 100 && !self.name.contains(&0)
    }
}

/// A name or comment: in UTF-8 if that is said or so, else in the alphabet of DOS.
fn decoded(raw: &[u8], flags: u16, extra: &[u8], is_unix: bool) -> String {
    let unicode = extra_field(extra, 0x7075)
        .filter(|field| field.len() > 5 && field[0] == 1 && u32_at(field, 1) == sum(raw))
        .and_then(|field| std::str::from_utf8(&field[5..]).ok());
    let text = match (unicode, std::str::from_utf8(raw)) {
        (Some(text), _) | (None, Ok(text)) => text.to_owned(),
        _ if flags & 0x800 != 0 || is_unix => encoding::decode(raw, None).text.into_owned(),
        _ => raw.iter().map(|byte| cp437(*byte)).collect(),
    };
    text.replace('\\', "/")
}

/// What the upper half of the alphabet of DOS, code page 437, means.
fn cp437(byte: u8) -> char {
    const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
    match byte.checked_sub(128) {
        None => char::from(byte),
        Some(upper) => UPPER.chars().nth(usize::from(upper)).unwrap_or('?'),
    }
}

/// The CRC-32 of bytes.
pub(super) fn sum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// The extra field of that number.
pub(super) fn extra_field(mut extra: &[u8], number: u16) -> Option<&[u8]> {
    while extra.len() >= 4 {
        let length = usize::from(u16_at(extra, 2));
        let field = extra.get(4..4 + length)?;
        if u16_at(extra, 0) == number {
            return Some(field);
        }
        extra = &extra[4 + length..];
    }
    None
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = bytes.get(at..)?.iter().position(|byte| *byte == what[0]) {
        if bytes[at + found..].starts_with(what) {
            return Some(at + found);
        }
        at += found + 1;
    }
    None
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let mut end = bytes.len();
    while let Some(found) = bytes.get(..end)?.iter().rposition(|byte| *byte == what[0]) {
        if bytes[found..].starts_with(what) {
            return Some(found);
        }
        end = found;
    }
    None
}

// Past the end everything is 0: what is read so is refused by its signature or its length.

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_name(raw: &[u8], flags: u16, name: &str) {
        assert_eq!(decoded(raw, flags, &[], false), name);
    }

    #[test]
    fn a_name_is_in_the_alphabet_of_its_packer() {
        check_name(b"Zo\x89 L\x94w.txt", 0, "Zoë Löw.txt");
        check_name("Zoë.txt".as_bytes(), 0x800, "Zoë.txt");
        check_name("Zoë.txt".as_bytes(), 0, "Zoë.txt");
        check_name(b"a\\b\\..\\c.txt", 0, "a/b/../c.txt");
        check_name(b"\xe1\xff", 0, "ß\u{a0}");
    }
}
