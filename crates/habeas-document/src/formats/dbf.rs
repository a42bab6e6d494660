//! dBASE and FoxPro tables: what does each record say, the deleted ones too?
//!
//! A record that is deleted is only marked so, and stays until the table is packed. The libraries
//! leave these out, so that the records are walked here: they all have one length.

use habeas_model::{Card, Exception, Hidden, Passage, Place, PlaceKind, Reason};

use super::blob::{self, Blob};
use super::{Format, text};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};
use crate::table::{self, Row, Table};

mod codepage;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "dbf",
        version: 1,
        summary: "dBASE, FoxPro and Clipper tables (.dbf), deleted records included",
        handles: &["application/x-dbf", ".dbf"],
        authority: "dBASE file formats III to 7; Visual FoxPro table structure",
    },
    sniff,
    read,
};

pub(super) const MEMO: Format = Format {
    card: Card {
        name: "dbf-memo",
        version: 1,
        summary: "The long texts of dBASE and FoxPro tables (.dbt, .fpt)",
        handles: &["application/x-dbf-memo", ".dbt", ".fpt"],
        authority: "dBASE file formats III and IV; Visual FoxPro memo structure",
    },
    sniff: sniff_memo,
    read: read_memo,
};

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()
}

/// A column: its name, its kind as a letter, and where it stands in a record.
#[derive(Debug, PartialEq, Eq)]
struct Column {
    name: Vec<u8>,
    kind: u8,
    start: usize,
    n_bytes: usize,
}

struct Head {
    n_records: usize,
    head_bytes: usize,
    record_bytes: usize,
    code_page: u8,
    is_level_7: bool,
    columns: Vec<Column>,
}

impl Head {
    fn of(bytes: &[u8]) -> Option<Self> {
        let version = *bytes.first()?;
        match version {
            0x02 => Self::of_dbase_2(bytes),
            0x04 | 0x8c => Self::of_descriptors(bytes, 68, 48, 32),
            0x03
            | 0x05
            | 0x30..=0x32
            | 0x43
            | 0x63
            | 0x7b
            | 0x83
            | 0x87
            | 0x88
            | 0x8b
            | 0x8e
            | 0xb3
            | 0xcb
            | 0xe5
            | 0xeb
            | 0xf5
            | 0xfb => Self::of_descriptors(bytes, 32, 32, 11),
            _ => None,
        }
    }

    /// The head of dBASE III and later; a descriptor begins with a name of so many bytes.
    fn of_descriptors(bytes: &[u8], first: usize, size: usize, name_bytes: usize) -> Option<Self> {
        let (month, day) = (*bytes.get(2)?, *bytes.get(3)?);
        let (n_records, head_bytes, record_bytes) =
            (u32_at(bytes, 4)?, u16_at(bytes, 8)?, u16_at(bytes, 10)?);
        if month > 12 || day > 31 || head_bytes <= first || record_bytes < 2 {
            return None;
        }
        let mut columns = Vec::new();
        let (mut at, mut start) = (first, 1);
        while at + size <= head_bytes && bytes.get(at).is_some_and(|byte| *byte != 0x0d) {
            let descriptor = bytes.get(at..at + size)?;
            let name = descriptor[..name_bytes].split(|byte| *byte == 0).next()?.to_vec();
            let kind = descriptor[name_bytes].to_ascii_uppercase();
            let is_7 = name_bytes == 32;
            let (length, decimals) = if is_7 { (33, 34) } else { (16, 17) };
            let mut n_bytes = usize::from(descriptor[length]);
            if kind == b'C' {
                // Texts past 255 bytes have the rest of their length in the place for decimals.
                n_bytes += usize::from(descriptor[decimals]) << 8;
            }
            if name.is_empty() || !b"CNFDLMBGPTYI@+OVQW0".contains(&kind) || n_bytes == 0 {
                return None;
            }
            columns.push(Column { name, kind, start, n_bytes });
            start += n_bytes;
            at += size;
        }
        // Some programs write a record's length wrong, but none its columns longer than it.
        if columns.is_empty() || start > record_bytes {
            return None;
        }
        let code_page = *bytes.get(29)?;
        Some(Self {
            n_records,
            head_bytes,
            record_bytes,
            code_page,
            is_level_7: name_bytes == 32,
            columns,
        })
    }

    /// The head of dBASE II: 32 descriptors of 16 bytes, records from byte 521 on.
    fn of_dbase_2(bytes: &[u8]) -> Option<Self> {
        let (n_records, record_bytes) = (u16_at(bytes, 1)?, u16_at(bytes, 6)?);
        let mut columns = Vec::new();
        let mut start = 1;
        for descriptor in bytes.get(8..8 + 512)?.chunks_exact(16) {
            if descriptor[0] == 0x0d || descriptor[0] == 0 {
                break;
            }
            let name = descriptor[..11].split(|byte| *byte == 0).next()?.to_vec();
            let (kind, n_bytes) = (descriptor[11], usize::from(descriptor[12]));
            if !b"CNL".contains(&kind) || n_bytes == 0 {
                return None;
            }
            columns.push(Column { name, kind, start, n_bytes });
            start += n_bytes;
        }
        (!columns.is_empty() && start == record_bytes).then_some(Self {
            n_records,
            head_bytes: 521,
            record_bytes,
            code_page: 0,
            is_level_7: false,
            columns,
        })
    }
}

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let head = Head::of(sample.bytes)?;
    let is_likely = sample.is_named(&["dbf"]) || head.n_records < 1 << 28;
    is_likely.then_some((Sure::Magic, "application/x-dbf"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let Some(head) = Head::of(input.bytes) else { return };
    let body = input.bytes.get(head.head_bytes..).unwrap_or_default();
    let page =
        codepage::of_mark(head.code_page).unwrap_or_else(|| codepage::guessed(&head.names(), body));
    let captions: Vec<String> =
        head.columns.iter().map(|column| page.text(&column.name).trim().to_owned()).collect();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut number = 0;
    let next = || {
        let record = body.get(number * head.record_bytes..)?;
        if number >= head.n_records || record.is_empty() {
            return None;
        }
        number += 1;
        let record = record.get(..head.record_bytes).unwrap_or(record);
        let cells = head.columns.iter().zip(&captions).map(|(column, caption)| {
            let bytes = record.get(column.start.min(record.len())..).unwrap_or_default();
            let bytes = bytes.get(..column.n_bytes).unwrap_or(bytes);
            shown(column.kind, bytes, &page, head.is_level_7, |ending| {
                files.push((format!("{number}/{caption}.{ending}"), bytes.to_vec()));
            })
        });
        let hidden = (record.first() == Some(&b'*')).then_some(Hidden::Deleted);
        Some(Row { number, cells: cells.collect(), hidden })
    };
    table::named(&Table::default(), &captions, std::iter::from_fn(next), out);
    for (name, bytes) in files {
        out.child(&name, bytes);
    }
    head.complain(body, out);
    after_records(&head, body, &page, out);
}

impl Head {
    fn names(&self) -> Vec<u8> {
        self.columns.iter().flat_map(|column| column.name.iter().copied()).collect()
    }

    fn complain(&self, body: &[u8], out: &mut Out<'_>) {
        let n_memos = self
            .columns
            .iter()
            .filter(|column| b"MGPBW".contains(&column.kind) && column.n_bytes != 8)
            .count();
        if n_memos > 0 {
            let note = format!(
                "{n_memos} memo columns: their texts stand in a file of the same name that ends in \
                 .dbt or .fpt"
            );
            out.exception(Exception::part(Reason::Unsupported, None, note));
        }
        let n_there = body.len().div_ceil(self.record_bytes);
        if n_there < self.n_records {
            let place = Place::new(PlaceKind::Row, n_there + 1);
            let note = format!("{} records are missing", self.n_records - n_there);
            out.exception(Exception::part(Reason::Truncated, Some(place), note));
        }
    }
}

/// What stands after the last record: records that were cut off by a table made shorter.
fn after_records(head: &Head, body: &[u8], page: &codepage::Page, out: &mut Out<'_>) {
    let end = head.n_records.saturating_mul(head.record_bytes);
    let Some(rest) = body.get(end..) else { return };
    for (index, record) in rest.chunks(head.record_bytes).enumerate() {
        let text = page.text(record);
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if text.chars().filter(|c| c.is_alphanumeric()).count() >= 4 {
            let place = Place::new(PlaceKind::Row, head.n_records + index + 1);
            let passage = Passage::text(place, text.trim());
            out.passage(Passage { hidden: Some(Hidden::Deleted), is_record: true, ..passage });
        }
    }
}

fn i32_of(bytes: &[u8]) -> Option<i32> {
    Some(i32::from_le_bytes(bytes.try_into().ok()?))
}

/// A value as it is shown. A binary one that is a file is handed to `file` with its ending.
fn shown(
    kind: u8,
    bytes: &[u8],
    page: &codepage::Page,
    is_level_7: bool,
    file: impl FnOnce(&'static str),
) -> String {
    let plain = || page.text(bytes).trim_matches(['\0', ' ']).to_owned();
    let sign_flipped = || {
        // dBASE 7 writes numbers so that they sort as bytes: the sign is turned over.
        let number = i32::from_be_bytes(bytes.try_into().ok()?);
        Some((number ^ i32::MIN).to_string())
    };
    let known = match kind {
        b'D' => {
            let digits = plain();
            (digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
        }
        b'I' | b'+' if is_level_7 => sign_flipped(),
        b'I' | b'+' => i32_of(bytes).map(|number| number.to_string()),
        b'Y' => bytes.try_into().ok().map(|bytes| {
            let number = i64::from_le_bytes(bytes);
            let sign = if number < 0 { "-" } else { "" };
            format!(
                "{sign}{}.{:04}",
                number.unsigned_abs() / 10_000,
                number.unsigned_abs() % 10_000
            )
        }),
        b'T' | b'@' if bytes.len() == 8 => {
            let (day, clock) = bytes.split_at(4);
            i32_of(day).zip(i32_of(clock)).map(|(day, clock)| moment(day, clock))
        }
        b'B' if bytes.len() == 8 => {
            bytes.try_into().ok().map(|bytes| f64::from_le_bytes(bytes).to_string())
        }
        b'O' => bytes.try_into().ok().map(|bytes| f64::from_be_bytes(bytes).to_string()),
        // A memo is the number of its block; flags say which columns are empty.
        b'M' | b'G' | b'P' | b'B' | b'W' | b'0' => Some(String::new()),
        b'L' => Some(plain().trim_matches('?').to_owned()),
        b'Q' => Some(match blob::of(bytes) {
            Blob::Text(text) | Blob::Words(text) => text,
            Blob::File(ending) => {
                file(ending);
                String::new()
            }
        }),
        // A text of varying length has its length in its last byte.
        b'V' => match bytes.split_last() {
            Some((n_used, text)) if usize::from(*n_used) <= text.len() && *n_used < b' ' => {
                Some(page.text(&text[..usize::from(*n_used)]).trim().to_owned())
            }
            _ => None,
        },
        _ => None,
    };
    known.unwrap_or_else(plain)
}

/// A day of the Julian calendar's count and thousandths of a second, as a date and time.
fn moment(julian_day: i32, milliseconds: i32) -> String {
    if julian_day <= 0 {
        return String::new();
    }
    // 1 January 1970 is day 2,440,588.
    let days = i64::from(julian_day) - 2_440_588;
    let second = days * 86_400 + i64::from(milliseconds).clamp(0, 86_399_999) / 1000;
    jiff::Timestamp::from_second(second).map_or_else(
        |_| String::new(),
        |moment| moment.to_string().replace('T', " ").replace('Z', ""),
    )
}

fn sniff_memo(sample: &Sample<'_>) -> Option<Match> {
    (sample.is_named(&["dbt", "fpt"]) && sample.bytes.len() > 512)
        .then_some((Sure::Named, "application/x-dbf-memo"))
}

/// Reads every text block, those that no record points to any more too.
fn read_memo<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let bytes = input.bytes;
    let is_foxpro = input.name.to_ascii_lowercase().ends_with("fpt");
    let block_bytes = if is_foxpro {
        bytes.get(6..8).map_or(64, |size| usize::from(size[0]) << 8 | usize::from(size[1]))
    } else {
        u16_at(bytes, 20).filter(|size| *size >= 64).unwrap_or(512)
    };
    let block_bytes = block_bytes.max(1);
    let page = codepage::guessed(&[], bytes);
    let mut at = 512_usize.next_multiple_of(block_bytes);
    while let Some(block) = bytes.get(at..).filter(|block| !block.is_empty()) {
        if out.is_full() {
            return;
        }
        let (text, n_bytes) = memo(block, is_foxpro);
        let place = Place::new(PlaceKind::Body, at / block_bytes);
        match blob::of(text) {
            Blob::File(ending) => out.child(&format!("{}.{ending}", at / block_bytes), text),
            Blob::Words(words) => out.passage(Passage::text(place, words)),
            Blob::Text(_) => {
                for piece in text::pieces(page.text(text).trim_matches('\0')) {
                    let passage = Passage::text(place.clone(), piece);
                    out.passage(Passage { is_record: true, ..passage });
                }
            }
        }
        at += n_bytes.max(1).next_multiple_of(block_bytes);
    }
}

/// The text of a block, and how many bytes the block has with its head.
fn memo(block: &[u8], is_foxpro: bool) -> (&[u8], usize) {
    let head = block.get(..8).unwrap_or_default();
    if is_foxpro && head.len() == 8 {
        let n_bytes = u32::from_be_bytes([head[4], head[5], head[6], head[7]]) as usize;
        if head[..3] == [0, 0, 0] && head[3] <= 2 && n_bytes <= block.len() - 8 {
            return (&block[8..8 + n_bytes], 8 + n_bytes);
        }
    } else if head.starts_with(b"\xff\xff\x08\0") {
        let n_bytes = u32_at(head, 4).unwrap_or(8).clamp(8, block.len());
        return (&block[8..n_bytes], n_bytes);
    }
    let end = block.iter().position(|byte| *byte == 0x1a).unwrap_or(block.len());
    (&block[..end], end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;

    /// A table of dBASE III with one column of text of 10 bytes.
    fn table(version: u8, code_page: u8, records: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![version, 124, 3, 12];
        bytes.extend(u32::try_from(records.len()).unwrap().to_le_bytes());
        bytes.extend(97_u16.to_le_bytes());
        bytes.extend(19_u16.to_le_bytes());
        bytes.resize(32, 0);
        bytes[29] = code_page;
        for (name, kind, n_bytes) in [(&b"NAME"[..], b'C', 10), (b"BORN", b'D', 8)] {
            let mut column = name.to_vec();
            column.resize(11, 0);
            column.push(kind);
            column.resize(16, 0);
            column.push(n_bytes);
            column.resize(32, 0);
            bytes.extend(column);
        }
        bytes.push(0x0d);
        records.iter().for_each(|record| bytes.extend(*record));
        bytes.push(0x1a);
        bytes
    }

    fn check(bytes: &[u8], expected: &[(&str, Option<Hidden>)]) {
        let budget = Budget::default();
        assert_eq!(sniff(&Sample::new("a", bytes)).map(|found| found.1), Some("application/x-dbf"));
        let mut out = Out::new("application/x-dbf", &budget);
        read(
            &Input { name: "a", bytes, media_type: "application/x-dbf", budget: &budget },
            &mut out,
        );
        let passages = out.finish().0.passages;
        let got: Vec<_> = passages.iter().map(|p| (p.text.as_str(), p.hidden)).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn a_deleted_record_is_read_and_hidden() {
        check(
            &table(3, 0, &[b" Amara Lind19850403", b"*Bo Ek     20010203"]),
            &[
                ("NAME: Amara Lind\nBORN: 1985-04-03", None),
                ("NAME: Bo Ek\nBORN: 2001-02-03", Some(Hidden::Deleted)),
            ],
        );
    }

    #[test]
    fn a_code_page_is_minded() {
        check(&table(0x30, 1, &[b" Zo\x89 L\x94w           "]), &[("NAME: Zoë Löw", None)]);
        check(&table(0x30, 3, &[b" Zo\xeb L\xf6w           "]), &[("NAME: Zoë Löw", None)]);
        check(&table(0x30, 0xc9, &[b" \xc0\xed\xed\xe0               "]), &[("NAME: Анна", None)]);
    }
}
