//! Pages of a database by themselves: free ones, those of a log, and all of a damaged file.
//!
//! A page that was a leaf of a table still has its cells, and each of these is a row. Of any other
//! page, and of the gaps between cells, the words are read.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use habeas_model::{Exception, Hidden, Party, Passage, Place, PlaceKind, Reason};

use super::freed::{self, Known, Piece};
use crate::columns::Column;
use crate::encoding;
use crate::formats::blob;
use crate::out::Out;
use crate::record::Record;

/// How the pages of a database are written (sqlite.org/fileformat2.html, 1.3).
#[derive(Clone, Copy)]
pub(super) struct Head {
    page_bytes: usize,
    usable_bytes: usize,
    encoding: Option<&'static str>,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()
}

impl Head {
    fn of(bytes: &[u8]) -> Option<Self> {
        let page_bytes = match u16_at(bytes, 16)? {
            1 => 65_536,
            size if size >= 512 && size.is_power_of_two() => size,
            _ => return None,
        };
        let encoding = match u32_at(bytes, 56)? {
            2 => Some("utf-16le"),
            3 => Some("utf-16be"),
            _ => None,
        };
        let usable_bytes = page_bytes.saturating_sub(usize::from(*bytes.get(20)?)).max(480);
        Some(Self { page_bytes, usable_bytes, encoding })
    }

    /// Of a page of that size, where nothing else is known.
    pub(super) fn plain(page_bytes: usize) -> Self {
        Self { page_bytes, usable_bytes: page_bytes, encoding: None }
    }

    pub(super) fn text(&self, bytes: &[u8]) -> String {
        encoding::decode(bytes, self.encoding).text.into_owned()
    }
}

/// A page of the file, from 1; the last one may be cut off.
fn page<'b>(bytes: &'b [u8], head: &Head, number: usize) -> Option<&'b [u8]> {
    let start = number.checked_sub(1)?.checked_mul(head.page_bytes)?;
    let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
    Some(&rest[..rest.len().min(head.page_bytes)])
}

/// What is left of deleted rows: free pages, and the gaps of pages in use.
///
/// `widths` are the numbers of columns that its tables have.
pub(super) fn deleted(bytes: &[u8], widths: &BTreeSet<usize>, out: &mut Out<'_>) {
    let Some(head) = Head::of(bytes) else { return };
    let free = free_pages(bytes, &head);
    let mut number = 0;
    loop {
        number += 1;
        let Some(page) = page(bytes, &head, number) else { return };
        if out.is_full() {
            return;
        }
        if free.contains(&number) {
            let hidden = Some(Hidden::Deleted);
            say_page(page, &head, number, hidden, widths, &mut HashSet::new(), out);
        } else if let Some(tree) = Tree::of(page, if number == 1 { 100 } else { 0 }) {
            let place = Place::new(PlaceKind::Page, number);
            let hidden = Some(Hidden::Deleted);
            say_gaps(page, &head, Some(&tree), widths, &mut |passage| {
                out.passage(Passage { place: place.clone(), hidden, ..passage });
            });
        }
    }
}

/// Every row that any page has, for a file that cannot be read by its tables.
pub(super) fn all(bytes: &[u8], out: &mut Out<'_>) {
    let head = Head::of(bytes).unwrap_or_else(|| Head::plain(4096));
    let mut number = 1;
    while let Some(page) = page(bytes, &head, number)
        && !out.is_full()
    {
        say_page(page, &head, number, None, &BTreeSet::new(), &mut HashSet::new(), out);
        number += 1;
    }
}

/// The pages of a write-ahead log, of each page its last state (fileformat2.html, 4).
pub(super) fn of_log(bytes: &[u8], out: &mut Out<'_>) {
    let page_bytes = u32_at(bytes, 8).filter(|size| (512..=65_536).contains(size));
    let Some(page_bytes) = page_bytes else {
        return out
            .exception(Exception::whole(Reason::Corrupt, "a log of a database without pages"));
    };
    let frames = bytes.get(32..).unwrap_or_default().chunks(24 + page_bytes);
    let frames = frames.filter_map(|frame| Some((u32_at(frame, 0)?, frame.get(24..)?)));
    of_frames(frames, page_bytes, out);
}

/// The pages of a rollback journal: what they held before they were changed (fileformat2.html, 3).
pub(super) fn of_journal(bytes: &[u8], out: &mut Out<'_>) {
    let sector = u32_at(bytes, 20).filter(|size| (32..=65_536).contains(size)).unwrap_or(512);
    let page_bytes = u32_at(bytes, 24).filter(|size| (512..=65_536).contains(size)).unwrap_or(4096);
    let frames = bytes.get(sector..).unwrap_or_default().chunks(8 + page_bytes);
    let frames = frames.filter_map(|frame| {
        Some((u32_at(frame, 0)?, frame.get(4..frame.len().min(4 + page_bytes))?))
    });
    of_frames(frames, page_bytes, out);
}

fn of_frames<'b>(
    frames: impl Iterator<Item = (usize, &'b [u8])>,
    page_bytes: usize,
    out: &mut Out<'_>,
) {
    let note = "changes of a database that is another file: they were read page by page, without \
                their tables' names; open and close the database once to have them in it";
    out.exception(Exception::part(Reason::Unsupported, None, note));
    let mut last: BTreeMap<usize, Vec<&[u8]>> = BTreeMap::new();
    for (number, page) in frames {
        last.entry(number).or_default().push(page);
    }
    let first = last.get(&1).and_then(|pages| Head::of(pages.last()?));
    let head = match first {
        Some(first) => Head { page_bytes, ..first },
        None => Head::plain(page_bytes),
    };
    for (number, states) in last {
        // Earlier states of a page have rows that the last one has no more.
        let mut seen = HashSet::new();
        for (age, page) in states.iter().rev().enumerate() {
            let hidden = (age > 0).then_some(Hidden::Deleted);
            say_page(page, &head, number.max(1), hidden, &BTreeSet::new(), &mut seen, out);
        }
    }
}

/// The rows of a page that is a leaf, and else its words. What was `seen` is not said again.
fn say_page(
    page: &[u8],
    head: &Head,
    number: usize,
    hidden: Option<Hidden>,
    widths: &BTreeSet<usize>,
    seen: &mut HashSet<String>,
    out: &mut Out<'_>,
) {
    let place = Place::new(PlaceKind::Page, number);
    let is_first = number == 1 && page.starts_with(b"SQLite format 3\0");
    // The head of the file stands on its first page, which may be cut off within it.
    let start = if is_first { 100.min(page.len()) } else { 0 };
    let tree = Tree::of(page, start);
    if let Some(tree) = &tree {
        for cell in &tree.cells {
            let Some(values) = values(page, *cell, tree.kind, head) else {
                continue;
            };
            let passage = of_values(&values, place.clone());
            if seen.insert(passage.text.clone()) {
                out.passage(Passage { hidden, ..passage });
            }
        }
    }
    let tree = tree.as_ref();
    let page = if tree.is_some() { page } else { page.get(start..).unwrap_or_default() };
    say_gaps(page, head, tree, widths, &mut |passage| {
        if seen.insert(passage.text.clone()) {
            out.passage(Passage { place: place.clone(), hidden, ..passage });
        }
    });
}

/// What lies between the cells of a page, or on one without cells: rows, and the words in none.
/// The passages have no place of their own yet.
fn say_gaps(
    page: &[u8],
    head: &Head,
    tree: Option<&Tree>,
    widths: &BTreeSet<usize>,
    say: &mut dyn FnMut(Passage),
) {
    let mut widths = widths.clone();
    if let Some(tree) = tree.filter(|tree| tree.kind == TABLE_LEAF) {
        let live = tree.cells.iter().filter_map(|cell| values(page, *cell, tree.kind, head));
        widths.extend(live.map(|values| values.len()).filter(|width| *width > 0));
    }
    let has_rowid = tree.is_none_or(|tree| tree.kind != INDEX_LEAF);
    let known = Known { head, has_rowid, widths: &widths };
    let all = || std::iter::once(0..page.len()).collect();
    let gaps: Vec<Range<usize>> = tree.map_or_else(all, |tree| tree.gaps(page));
    let place = Place::new(PlaceKind::Page, 1);
    let mut words = Vec::new();
    for gap in gaps {
        for piece in freed::pieces(page, gap, &known) {
            match piece {
                Piece::Row(values) => say(of_values(&values, place.clone())),
                Piece::Words(found) => words.push(found),
            }
        }
    }
    say(Passage::text(place, words.join("\n")));
}

/// A row whose columns have no names.
fn of_values(values: &[String], place: Place) -> Passage {
    let mut record = Record::default();
    for (index, value) in values.iter().enumerate() {
        let caption = format!("Column {}", index + 1);
        record.value(&Column { caption, meaning: None, party: Party::Unknown }, value);
    }
    record.passage(place)
}

/// The numbers of the pages on the list of free ones (fileformat2.html, 1.5).
fn free_pages(bytes: &[u8], head: &Head) -> HashSet<usize> {
    let mut free = HashSet::new();
    let mut trunk = u32_at(bytes, 32).unwrap_or(0);
    while trunk > 0
        && free.insert(trunk)
        && let Some(page) = page(bytes, head, trunk)
    {
        let n_leaves = u32_at(page, 4).unwrap_or(0).min(page.len() / 4);
        free.extend((0..n_leaves).filter_map(|index| u32_at(page, 8 + 4 * index)));
        trunk = u32_at(page, 0).unwrap_or(0);
    }
    free
}

/// A page of a tree, and where its cells are (fileformat2.html, 1.6).
struct Tree {
    kind: u8,
    cells: Vec<usize>,
    head: Range<usize>,
    content: usize,
    first_free: usize,
}

const TABLE_LEAF: u8 = 13;
const INDEX_LEAF: u8 = 10;

impl Tree {
    fn of(page: &[u8], start: usize) -> Option<Self> {
        let kind = *page.get(start)?;
        let head_bytes = match kind {
            TABLE_LEAF | INDEX_LEAF => 8,
            2 | 5 => 12,
            _ => return None,
        };
        let n_cells = u16_at(page, start + 3)?;
        let array = start + head_bytes;
        let end = array + 2 * n_cells;
        let content = match u16_at(page, start + 5)? {
            0 => 65_536.min(page.len()),
            content => content,
        };
        if end > content || content > page.len() {
            return None;
        }
        let cells = (0..n_cells).filter_map(|index| u16_at(page, array + 2 * index)).collect();
        let first_free = u16_at(page, start + 1)?;
        Some(Self { kind, cells, head: start..end, content, first_free })
    }

    /// What lies between the cells: the part never used or used no more, and the freed blocks.
    fn gaps(&self, page: &[u8]) -> Vec<Range<usize>> {
        let mut gaps: Vec<Range<usize>> = std::iter::once(self.head.end..self.content).collect();
        let mut at = self.first_free;
        // The list goes upwards, so that it ends.
        while at >= self.content
            && let (Some(next), Some(size)) = (u16_at(page, at), u16_at(page, at + 2))
        {
            gaps.push(at.min(page.len())..(at + size.max(4)).min(page.len()));
            if next <= at {
                break;
            }
            at = next;
        }
        gaps
    }
}

/// A number of one to nine bytes, and the offset after it (fileformat2.html, 1.6).
pub(super) fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for index in 0..9 {
        let byte = *bytes.get(at + index)?;
        if index == 8 {
            return Some((value << 8 | u64::from(byte), at + 9));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((value, at + index + 1));
        }
    }
    None
}

/// How many columns a row may have.
const MAX_COLUMNS: usize = 2_000;

/// The values of a cell as far as they lie on its page (fileformat2.html, 1.6 and 2.1).
fn values(page: &[u8], cell: usize, kind: u8, head: &Head) -> Option<Vec<String>> {
    let (n_bytes, mut at) = varint(page, cell)?;
    match kind {
        TABLE_LEAF => at = varint(page, at)?.1,
        INDEX_LEAF => {}
        _ => return None,
    }
    let n_bytes = usize::try_from(n_bytes).ok()?;
    let usable = head.usable_bytes;
    let most = if kind == TABLE_LEAF { usable - 35 } else { (usable - 12) * 64 / 255 - 23 };
    let n_local = if n_bytes <= most {
        n_bytes
    } else {
        let least = (usable - 12) * 32 / 255 - 23;
        let fitting = least + (n_bytes - least) % (usable - 4);
        if fitting <= most { fitting } else { least }
    };
    let payload = page.get(at..(at.checked_add(n_local)?).min(page.len()))?;
    let (head_bytes, mut at) = varint(payload, 0)?;
    let head_end = usize::try_from(head_bytes).ok()?.min(payload.len());
    let mut body = head_end;
    let mut values = Vec::new();
    while at < head_end && values.len() < MAX_COLUMNS {
        let (kind, next) = varint(payload, at)?;
        at = next;
        let n_bytes = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            _ => (kind - 12) / 2,
        };
        let end = body.checked_add(usize::try_from(n_bytes).ok()?)?;
        let value = payload.get(body.min(payload.len())..end.min(payload.len()))?;
        body = end;
        values.push(match kind {
            0 => String::new(),
            1..=9 => number(kind, value),
            kind if kind % 2 == 0 => blob::words(value),
            _ => head.text(value),
        });
    }
    Some(values)
}

/// A value of a kind of numbers, from 1 to 9.
pub(super) fn number(kind: u64, value: &[u8]) -> String {
    match kind {
        8 | 9 => (kind - 8).to_string(),
        7 => value
            .try_into()
            .map_or_else(|_| String::new(), |bytes| f64::from_be_bytes(bytes).to_string()),
        _ => {
            let digits = value.iter().enumerate();
            let sum = digits.fold(0_i64, |sum, (index, byte)| {
                // The first byte has the sign.
                if index == 0 { i64::from(byte.cast_signed()) } else { sum << 8 | i64::from(*byte) }
            });
            sum.to_string()
        }
    }
}
