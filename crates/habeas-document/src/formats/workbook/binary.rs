//! What does a binary workbook of 2007 hold beside its cells: what is hidden, and who commented?
//!
//! Its parts are records: a type and a length of one to four bytes of seven bits each, then so many
//! bytes ([MS-XLSB] 2.1.4).

use habeas_model::{Hidden, Meaning, Part, Party, Passage, Place, PlaceKind};

use super::biff::cell_name;
use super::parts::Unseen;
use crate::formats::captioned::Captioned;
use crate::formats::compound::{u16_at, u32_at, utf16};
use crate::formats::package::Package;
use crate::out::Out;

struct Records<'b>(&'b [u8]);

impl<'b> Iterator for Records<'b> {
    type Item = (u32, &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, rest) = number(self.0, 2)?;
        let (n, rest) = number(rest, 4)?;
        let (body, rest) = rest.split_at((n as usize).min(rest.len()));
        self.0 = rest;
        Some((kind, body))
    }
}

/// A number of at most so many bytes, seven bits in each, the lowest first.
fn number(bytes: &[u8], max: usize) -> Option<(u32, &[u8])> {
    let mut value = 0;
    for index in 0..max {
        let byte = *bytes.get(index)?;
        value |= u32::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 || index + 1 == max {
            return Some((value, &bytes[index + 1..]));
        }
    }
    None
}

/// A text behind its length of four bytes, and what follows it.
fn text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let n = u32_at(bytes, 0)?;
    if n == u32::MAX {
        return Some((String::new(), bytes.get(4..)?));
    }
    let end = 4_usize.checked_add((n as usize).checked_mul(2)?)?;
    Some((utf16(bytes.get(4..end)?), &bytes[end..]))
}

/// The sheets' names and their parts.
pub(super) fn sheets(package: &mut Package<'_>, out: &mut Out<'_>) -> Vec<(String, String)> {
    const SHEET: u32 = 156;
    let relations = package.relations("xl/workbook.bin", out);
    let bytes = package.bytes("xl/workbook.bin", out).unwrap_or_default();
    let bodies = Records(&bytes).filter(|(kind, _)| *kind == SHEET).map(|(_, body)| body);
    bodies
        .filter_map(|body| {
            let (id, rest) = text(body.get(8..)?)?;
            let (name, _) = text(rest)?;
            let part = relations.iter().find(|relation| relation.id == id)?;
            Some((name, part.target.clone()))
        })
        .collect()
}

/// Looks for hidden rows and columns.
pub(super) fn unseen(package: &mut Package<'_>, part: &str, out: &mut Out<'_>) -> Unseen {
    const ROW: u32 = 0;
    const COLUMN: u32 = 60;
    let mut unseen = Unseen::default();
    let bytes = package.bytes(part, out).unwrap_or_default();
    for (kind, body) in Records(&bytes) {
        match kind {
            ROW if body.get(11).is_some_and(|flags| flags & 0x10 != 0) => {
                unseen.rows.extend(u32_at(body, 0));
            }
            COLUMN if u16_at(body, 16).is_some_and(|flags| flags & 1 != 0) => {
                let first = u32_at(body, 0).unwrap_or(0).min(16_383) as usize;
                let last = u32_at(body, 4).unwrap_or(0).min(16_383) as usize;
                if unseen.columns.len() <= last {
                    unseen.columns.resize(last + 1, false);
                }
                unseen.columns.iter_mut().take(last + 1).skip(first).for_each(|c| *c = true);
            }
            _ => {}
        }
    }
    unseen
}

/// Reads the comments of a sheet.
pub(super) fn comments(
    package: &mut Package<'_>,
    part: &str,
    sheet: &str,
    hidden: Option<Hidden>,
    out: &mut Out<'_>,
) {
    const AUTHOR: u32 = 632;
    const COMMENT: u32 = 635;
    const TEXT: u32 = 637;
    let related = package.relations(part, out).into_iter().find(|r| r.kind == "comments");
    let bytes = related.and_then(|relation| package.bytes(&relation.target, out));
    let bytes = bytes.unwrap_or_default();
    let (mut authors, mut author, mut place) = (Vec::new(), String::new(), (0, 0));
    for (kind, body) in Records(&bytes) {
        match kind {
            AUTHOR => authors.extend(text(body).map(|(name, _)| name)),
            COMMENT => {
                let index = u32_at(body, 0).map(|index| index as usize);
                author = index.and_then(|index| authors.get(index)).cloned().unwrap_or_default();
                place = (u32_at(body, 4).unwrap_or(0), u32_at(body, 12).unwrap_or(0));
            }
            TEXT => {
                let said = body.get(1..).and_then(text).map(|(said, _)| said).unwrap_or_default();
                let (row, column) = (place.0.min(1 << 20), place.1.min(16_383));
                let mut lines = Captioned::default();
                lines.line("Cell", &cell_name(row, column), Meaning::Other, Party::Unknown);
                lines.line("Author", &author, Meaning::Name, Party::Unknown);
                lines.line("Comment", &said, Meaning::Text, Party::Unknown);
                let place = Place::new(PlaceKind::Cell, row as usize + 1).in_sheet(sheet);
                out.passage(Passage { hidden, ..lines.into_record(place, Part::Comment) });
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_have_types_and_lengths_of_many_bytes() {
        let bytes = [0x00, 2, 7, 8, 0xfb, 0x04, 1, 9, 0x9c, 0x01, 0x05, 1];
        let found: Vec<(u32, &[u8])> = Records(&bytes).collect();
        assert_eq!(found, [(0, &[7, 8][..]), (635, &[9]), (156, &[1])]);
    }
}
