//! Which bytes have to go, so that some records are gone and all others stay as they are?
//!
//! Nothing is changed here: who erases gets ranges. They follow the numbers that the readers give,
//! and who uses them reads the result again and compares.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use habeas_model::{Field, Meaning, Party, Passage, Place, PlaceKind};

use crate::formats;

/// Why the bytes of a record cannot be told, in a few words without personal data.
pub type Uncut = &'static str;

/// The bytes of these records of an item, sorted and not overlapping: rows of tables as text, records
/// of JSON, entries of logs and messages of chats.
///
/// `passages` are all that the item says, as its reader gives them.
///
/// # Errors
/// If the format is not one of these, or a record cannot be told from its neighbours.
pub fn cuts(
    media_type: &str,
    bytes: &[u8],
    passages: &[Passage],
    places: &BTreeSet<Place>,
) -> Result<Vec<Range<usize>>, Uncut> {
    if places.iter().any(|place| place.sheet.is_some()) {
        return Err("its records stand in tables of their own");
    }
    let kind = |kind: PlaceKind| places.iter().all(|place| place.kind == kind);
    let numbers: BTreeSet<usize> = places.iter().map(|place| place.number as usize).collect();
    let text = Text::of(bytes).ok_or("its characters are written in a way that is not cut")?;
    let ranges = match media_type {
        "text/csv" | "text/tab-separated-values" if kind(PlaceKind::Row) => {
            let rows =
                formats::table_rows(&text.text, media_type.ends_with("tab-separated-values"))
                    .ok_or("its rows cannot be told apart")?;
            chosen(rows.into_iter().map(|row| (row.number, row.range)), &numbers)?
        }
        "application/json" | "application/x-ndjson" if kind(PlaceKind::Row) => {
            let records = formats::json_records(&text.text).ok_or("it is not a list of records")?;
            if records.are_lines {
                let ranges = chosen(records.found, &numbers)?;
                ranges.into_iter().map(|range| whole_lines(&text.text, range)).collect()
            } else {
                elements(&text.text, &records.found, &numbers)?
            }
        }
        _ if kind(PlaceKind::Line) || kind(PlaceKind::Message) => {
            entries(&text.text, passages, places)?
        }
        _ => return Err("records of this kind are not cut out of this format"),
    };
    text.in_bytes(ranges)
}

/// The bytes of the cells of a row that tell who it is about: names, addresses, numbers by which somebody
/// is known, and free text; not those of the organisation's own people.
///
/// # Errors
/// If it is no row of a table as text, or its cells cannot be told.
pub fn telling_cells(
    media_type: &str,
    bytes: &[u8],
    row: &Passage,
) -> Result<Vec<Range<usize>>, Uncut> {
    if row.place.kind != PlaceKind::Row || row.place.sheet.is_some() {
        return Err("it is no row");
    }
    if !matches!(media_type, "text/csv" | "text/tab-separated-values") {
        return Err("what tells who it is is not taken out of this format by itself");
    }
    let text = Text::of(bytes).ok_or("its characters are written in a way that is not cut")?;
    let rows = formats::table_rows(&text.text, media_type.ends_with("tab-separated-values"))
        .ok_or("its rows cannot be told apart")?;
    let number = row.place.number as usize;
    let mut found = rows.into_iter().filter(|one| one.number == number);
    let (Some(own), None) = (found.next(), found.next()) else {
        return Err("a record is not where it was");
    };
    let telling: Vec<&str> = telling(row).collect();
    let is_telling = |cell: &Range<usize>| {
        let cell = text.text[cell.clone()].trim().trim_matches('"').replace("\"\"", "\"");
        !cell.trim().is_empty() && telling.iter().any(|field| cell.contains(field))
    };
    let cells: Vec<Range<usize>> = own.cells.into_iter().filter(is_telling).collect();
    if cells.is_empty() {
        return Err("no cell of it is known to tell who it is");
    }
    text.in_bytes(cells)
}

/// The stretches of a record that tell who it is about.
pub fn telling(passage: &Passage) -> impl Iterator<Item = &str> {
    let is_telling = |field: &&Field| {
        field.party != Party::Staff
            && !matches!(
                field.meaning,
                Meaning::Caption
                    | Meaning::Date
                    | Meaning::Reference
                    | Meaning::Organisation
                    | Meaning::Other
            )
    };
    let fields = passage.fields.iter().filter(is_telling);
    let texts = fields.filter_map(|field| passage.text.get(field.range.clone()));
    texts.map(str::trim).filter(|text| !text.is_empty())
}

/// The messages of a mailbox in order, each with its envelope and the gap after it; and where in it
/// the message itself stands, unless its quoting changes its bytes.
pub fn messages(bytes: &[u8]) -> Vec<(Range<usize>, Option<Range<usize>>)> {
    formats::mailbox(bytes)
}

/// The bytes that go so that the attachment of that name is gone from a message: the part with its own
/// head, and the boundary before it.
///
/// # Errors
/// If there is none of that name, or more than one, or it is all of the message.
pub fn attached(bytes: &[u8], name: &str) -> Result<Range<usize>, Uncut> {
    let mut found = formats::attachments(bytes).into_iter().filter(|(own, _)| own == name);
    let part = match (found.next(), found.next()) {
        (Some((_, range)), None) if range.start < range.end && range.end <= bytes.len() => range,
        (Some(_), Some(_)) => return Err("two attachments of the message have that name"),
        _ => return Err("the attachment is not a part of the message by itself"),
    };
    let alone = "the attachment is not a part of the message by itself";
    let line_before = |end: usize| {
        let head = bytes.get(..end.checked_sub(1)?)?;
        Some(head.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1))
    };
    let start = line_before(part.start).ok_or(alone)?;
    let boundary = bytes.get(start..part.start).unwrap_or_default().trim_ascii_end();
    let rest = bytes.get(part.end..).unwrap_or_default();
    let at = rest.windows(boundary.len().max(1)).position(|window| window == boundary);
    // Nothing but the break that belongs to the boundary stands before the next one.
    match at {
        Some(at) if boundary.starts_with(b"--") && rest[..at].trim_ascii().is_empty() => {
            Ok(start..part.end + at)
        }
        _ => Err(alone),
    }
}

/// The ranges of the records with these numbers; every number has to be there.
fn chosen(
    records: impl IntoIterator<Item = (usize, Range<usize>)>,
    numbers: &BTreeSet<usize>,
) -> Result<Vec<Range<usize>>, Uncut> {
    let mut seen = BTreeSet::new();
    let mut ranges = Vec::new();
    for (number, range) in records {
        if numbers.contains(&number) {
            seen.insert(number);
            ranges.push(range);
        }
    }
    if seen.len() == numbers.len() { Ok(ranges) } else { Err("a record is not where it was") }
}

/// The range with the rest of its lines, if nothing else stands on them.
fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at + 1);
    let is_alone = |part: &str| part.trim_matches(['\u{1e}', '\u{feff}']).trim().is_empty();
    if is_alone(&text[start..range.start]) && is_alone(&text[range.end..end]) {
        start..end
    } else {
        range
    }
}

/// The ranges of elements of a list, each with the comma that would be one too many.
fn elements(
    text: &str,
    all: &[(usize, Range<usize>)],
    numbers: &BTreeSet<usize>,
) -> Result<Vec<Range<usize>>, Uncut> {
    chosen(all.iter().cloned(), numbers)?;
    let is_out = |at: usize| all.get(at).is_some_and(|(number, _)| numbers.contains(number));
    let mut ranges = Vec::new();
    let mut at = 0;
    while at < all.len() {
        if !is_out(at) {
            at += 1;
            continue;
        }
        let first = at;
        while is_out(at) {
            at += 1;
        }
        let (start, end) = (all[first].1.start, all[at - 1].1.end);
        // Up to the next element that stays, else from the last one that stays.
        let range = match (all.get(at), first.checked_sub(1)) {
            (Some((_, next)), _) => start..next.start,
            (None, Some(before)) => all[before].1.end..end,
            (None, None) => start..end,
        };
        let gap = [&text[range.start.min(start)..start], &text[end..range.end.max(end)]].concat();
        if gap.contains(|c: char| !c.is_whitespace() && c != ',') {
            return Err("something stands between its records");
        }
        ranges.push(range);
    }
    Ok(ranges)
}

/// The lines of entries of a log, or of messages of a chat: those that follow each other in the text
/// as the passages do.
fn entries(
    text: &str,
    passages: &[Passage],
    places: &BTreeSet<Place>,
) -> Result<Vec<Range<usize>>, Uncut> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.push(at..at + line.len());
        at += line.len();
    }
    let is_entry = |passage: &&Passage| {
        passage.is_record && matches!(passage.place.kind, PlaceKind::Line | PlaceKind::Message)
    };
    let mut starts: BTreeMap<usize, Vec<&Place>> = BTreeMap::new();
    let mut next = 0;
    for passage in passages.iter().filter(is_entry) {
        let start = match passage.place.kind {
            PlaceKind::Line => (passage.place.number as usize).checked_sub(1),
            _ => (next..lines.len()).find(|line| !text[lines[*line].clone()].trim().is_empty()),
        };
        let start = start.filter(|start| *start < lines.len()).ok_or("an entry has no lines")?;
        next = start + passage.text.lines().count().max(1);
        starts.entry(start).or_default().push(&passage.place);
    }
    let mut wanted = places.clone();
    let mut ranges = Vec::new();
    let begins: Vec<usize> = starts.keys().copied().collect();
    for (index, (start, of)) in starts.iter().enumerate() {
        if !of.iter().any(|place| places.contains(*place)) {
            continue;
        }
        if of.iter().any(|place| !places.contains(*place)) {
            return Err("two entries begin in one line");
        }
        for place in of {
            wanted.remove(*place);
        }
        let mut end = begins.get(index + 1).copied().unwrap_or(lines.len());
        // Blank lines after an entry are nobody's: they stay.
        while end > start + 1 && text[lines[end - 1].clone()].trim().is_empty() {
            end -= 1;
        }
        ranges.push(lines[*start].start..lines[end - 1].end);
    }
    if wanted.is_empty() { Ok(ranges) } else { Err("an entry is not a line of its own") }
}

/// A text whose characters can be found again in its bytes.
struct Text<'a> {
    text: std::borrow::Cow<'a, str>,
    /// Bytes before the text.
    mark: usize,
    width: Width,
}

/// How many bytes a character of the text takes in the file.
enum Width {
    /// As many as in the text.
    Same,
    /// One.
    One,
    /// Two, or four.
    Two,
}

impl<'a> Text<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
        let rest = bytes.get(mark..)?;
        if encoding == UTF_8 && std::str::from_utf8(rest).is_ok() && !rest.contains(&0) {
            let text = std::str::from_utf8(rest).ok()?.into();
            return Some(Self { text, mark, width: Width::Same });
        }
        let decoded = crate::encoding::decode(bytes, None);
        if decoded.is_lossy {
            return None;
        }
        let text = decoded.text;
        let n_chars = text.chars().count();
        if (encoding == UTF_16LE || encoding == UTF_16BE || mark == 0 && bytes.contains(&0))
            && 2 * text.encode_utf16().count() == rest.len()
        {
            return Some(Self { text, mark, width: Width::Two });
        }
        // A guess of several bytes a character has fewer characters than bytes.
        let is_single = mark == 0 && n_chars == bytes.len() && !bytes.contains(&0);
        is_single.then_some(Self { text, mark, width: Width::One })
    }

    /// Where ranges of the text stand in the bytes.
    fn in_bytes(&self, mut ranges: Vec<Range<usize>>) -> Result<Vec<Range<usize>>, Uncut> {
        ranges.sort_by_key(|range| range.start);
        if ranges.windows(2).any(|pair| pair[1].start < pair[0].end) {
            return Err("its records overlap");
        }
        let (mut at, mut n_bytes) = (0, self.mark);
        let mut found = Vec::with_capacity(ranges.len());
        let mut to = |offset: usize| {
            let between = self.text.get(at..offset)?;
            n_bytes += match self.width {
                Width::Same => between.len(),
                Width::One => between.chars().count(),
                Width::Two => 2 * between.encode_utf16().count(),
            };
            at = offset;
            Some(n_bytes)
        };
        for range in ranges {
            let (Some(start), Some(end)) = (to(range.start), to(range.end)) else {
                return Err("a record ends within a character");
            };
            found.push(start..end);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Budget, read_family};

    fn passages(name: &str, bytes: &[u8]) -> (String, Vec<Passage>) {
        let mut members = Vec::new();
        read_family(name, bytes, &Budget::default(), &mut |member| members.push(member));
        let document = members.swap_remove(0).document;
        (document.media_type, document.passages)
    }

    /// Cuts every record with the word `GONE`, and reads what is left: the other records, as before.
    fn check_cut(name: &str, bytes: &[u8], n: usize) -> Vec<u8> {
        let (media_type, before) = passages(name, bytes);
        let is_gone = |passage: &&Passage| passage.text.contains("GONE");
        let places: BTreeSet<Place> =
            before.iter().filter(is_gone).map(|passage| passage.place.clone()).collect();
        assert_eq!(places.len(), n, "{name}: {before:?}");
        let ranges = cuts(&media_type, bytes, &before, &places).unwrap();
        let mut left = Vec::new();
        let mut at = 0;
        for range in ranges {
            left.extend_from_slice(&bytes[at..range.start]);
            at = range.end;
        }
        left.extend_from_slice(&bytes[at..]);
        let (again, after) = passages(name, &left);
        assert_eq!(again, media_type);
        let texts = |passages: &[Passage]| -> Vec<String> {
            passages.iter().map(|passage| passage.text.clone()).collect()
        };
        let expected: Vec<Passage> =
            before.iter().filter(|passage| !is_gone(passage)).cloned().collect();
        assert_eq!(texts(&after), texts(&expected), "{name}");
        left
    }

    const PEOPLE: &str = "Name,Email,Notes\r\nBo Ek,bo@example.org,\"one\r\ntwo\"\r\n\
        GONE One,gone@example.org,\"a\r\n\r\nb\"\r\n\r\nEve Fox,eve@example.org,x\r\nGONE Two,g2@example.org,y";

    #[test]
    fn rows_go_in_every_encoding() {
        let left = check_cut("a.csv", PEOPLE.as_bytes(), 2);
        assert_eq!(
            String::from_utf8(left).unwrap(),
            "Name,Email,Notes\r\nBo Ek,bo@example.org,\"one\r\ntwo\"\r\n\r\nEve Fox,eve@example.org,x\r\n"
        );
        check_cut("a.csv", format!("\u{feff}{PEOPLE}").as_bytes(), 2);
        check_cut("a.csv", format!("sep=,\r\n{PEOPLE}").as_bytes(), 2);
        let latin: Vec<u8> =
            PEOPLE.replace("Eve Fox", "Zoë Löw").chars().map(|c| u32::from(c) as u8).collect();
        check_cut("a.csv", &latin, 2);
        let tabs = PEOPLE.replace(',', "\t");
        check_cut("a.tsv", tabs.as_bytes(), 2);
        let utf16: Vec<u8> =
            format!("\u{feff}{tabs}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        check_cut("a.tsv", &utf16, 2);
    }

    #[test]
    fn cells_that_tell_who_it_is_are_found() {
        let text = "Name,Email,Date,Amount,Notes\nBo Ek,bo@example.org,2026-01-02,12.50,x\n\
                    \"Lind, Amara\",amara@example.org,2026-01-03,99.00,\"paid by \"\"her\"\" sister\"\n";
        let (media_type, passages) = passages("a.csv", text.as_bytes());
        let row = passages.iter().find(|passage| passage.place.number == 3).unwrap();
        let cells = telling_cells(&media_type, text.as_bytes(), row).unwrap();
        let told: Vec<&str> = cells.into_iter().map(|cell| &text[cell]).collect();
        assert_eq!(
            told,
            ["\"Lind, Amara\"", "amara@example.org", "\"paid by \"\"her\"\" sister\""]
        );
        assert!(telling_cells("application/json", b"{}", row).is_err());
    }

    #[test]
    fn records_of_json_go_with_their_commas() {
        let list = r#"[ {"name":"GONE a","x":"1"}, {"name":"Bo Ek","x":"2"},
            {"name":"GONE b","x":"3"}, {"name":"GONE c","x":"4"} ]"#;
        let left = check_cut("a.json", list.as_bytes(), 3);
        assert_eq!(String::from_utf8(left).unwrap(), r#"[ {"name":"Bo Ek","x":"2"} ]"#);
        let within = format!("{{\"page\": 1, \"clients\": {list}}}");
        check_cut("a.json", within.as_bytes(), 3);
        let lines = "{\"name\":\"Bo Ek\"}\n{\"name\":\"GONE\"}\n{\"name\":\"Eve Fox\"}\n";
        let left = check_cut("a.jsonl", lines.as_bytes(), 1);
        assert_eq!(left, b"{\"name\":\"Bo Ek\"}\n{\"name\":\"Eve Fox\"}\n");
        let map = r#"{"k1":{"name":"Bo Ek","x":"1"},"k2":{"name":"GONE","x":"1"},"k3":{"name":"Eve","x":"2"}}"#;
        let left = check_cut("a.json", map.as_bytes(), 1);
        assert!(!String::from_utf8(left).unwrap().contains("k2"));
    }

    #[test]
    fn entries_of_logs_and_chats_go_by_their_lines() {
        let log = "2023-05-21 22:10:09 INFO one\n2023-05-21 22:10:10 INFO GONE\n  more of it\n\
                   2023-05-21 22:10:11 INFO two\n2023-05-21 22:10:12 INFO three\n";
        let left = check_cut("app.log", log.as_bytes(), 1);
        assert!(!left.windows(4).any(|window| window == b"more"));
        let chat = "22/05/2023, 10:04 - Bo Ek: hello\n22/05/2023, 10:05 - GONE Lind: line one\nline two\n\n\
                    22/05/2023, 10:06 - Bo Ek: bye\n22/05/2023, 10:07 - Eve Fox: yes\n";
        let left = check_cut("WhatsApp Chat.txt", chat.as_bytes(), 1);
        assert!(!left.windows(8).any(|window| window == b"line two"));
    }

    #[test]
    fn messages_and_attachments_are_found_in_their_bytes() {
        let mailbox = b"From a@example.org Thu Mar  6 14:02:11 2025\nSubject: one\n\nhi\n\n\
            From b@example.org Thu Mar  6 14:02:12 2025\nSubject: two\n\n>From here\n\n";
        let found = messages(mailbox);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].0.end, found[1].0.start);
        assert_eq!((found[0].0.start, found[1].0.end), (0, mailbox.len()));
        assert_eq!(&mailbox[found[0].1.clone().unwrap()], b"Subject: one\n\nhi\n");
        assert_eq!(found[1].1, None);
        let message = b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
            --b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\n\
            Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--b--\r\n";
        let range = attached(message, "a.pdf").unwrap();
        assert!(message[range.clone()].starts_with(b"--b\r\nContent-Type: application/pdf"));
        assert_eq!(&message[range.end..], b"--b--\r\n");
        assert!(attached(message, "b.pdf").is_err());
    }
}
