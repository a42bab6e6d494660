//! What does a Word document from before 2007 say?
//!
//! The text lies in pieces: a table says which bytes hold which characters ([MS-DOC] 2.4.1).

use encoding_rs::WINDOWS_1252;
use habeas_model::{Card, Exception, Hidden, Part, PlaceKind, Reason};

use super::Format;
use crate::formats::compound::{Compound, u16_at, u32_at};
use crate::formats::docx::person_in;
use crate::formats::flow::Flow;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "doc",
        version: 1,
        summary: "Word documents from before 2007: text, notes, comments, text boxes, properties",
        handles: &["application/msword", ".doc", ".dot"],
        authority: "[MS-DOC]",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_doc =
        sample.has_cfb_stream("WordDocument") && !sample.has_cfb_stream("EncryptedPackage");
    is_doc.then_some((Sure::Structure, "application/msword"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let mut file = match Compound::open(input.bytes) {
        Ok(file) => file,
        Err(exception) => return out.exception(exception),
    };
    let Some(main) = file.stream("WordDocument") else {
        return out.exception(Exception::whole(Reason::Corrupt, "has no text stream"));
    };
    if let Err(exception) = text(&mut file, &main, out) {
        out.exception(exception);
    }
    file.properties(out);
    embedded(&mut file, out);
}

fn corrupt(note: &str) -> Exception {
    Exception::whole(Reason::Corrupt, note)
}

/// The text, part by part.
fn text(file: &mut Compound<'_>, main: &[u8], out: &mut Out<'_>) -> Result<(), Exception> {
    let flags = u16_at(main, 10).ok_or_else(|| corrupt("has no head"))?;
    if flags & 0x0100 != 0 {
        return Err(Exception::whole(Reason::Encrypted, "needs a password"));
    }
    let version = u16_at(main, 2).unwrap_or(0);
    if version < 0xc1 {
        return old_text(main, out);
    }
    let table = if flags & 0x0200 != 0 { "1Table" } else { "0Table" };
    let table = file.stream(table).ok_or_else(|| corrupt("has no table stream"))?;
    let (start, n) = (u32_at(main, 0x1a2), u32_at(main, 0x1a6));
    let range =
        start.zip(n).map(|(start, n)| start as usize..(start as usize).saturating_add(n as usize));
    let pieces =
        range.and_then(|range| table.get(range)).ok_or_else(|| corrupt("has no pieces"))?;
    let characters = characters(main, pieces).ok_or_else(|| corrupt("its pieces are damaged"))?;
    // Counts of characters in each part, in the order in which they stand in the text.
    let mut from = 0;
    for (at, part, hidden) in [
        (0x4c, Part::Body, None),
        (0x50, Part::Body, None),
        (0x54, Part::Body, None),
        (0x58, Part::Body, Some(Hidden::Invisible)),
        (0x5c, Part::Comment, None),
        (0x60, Part::Body, None),
        (0x64, Part::Body, None),
        (0x68, Part::Body, None),
    ] {
        let n = u32_at(main, at).unwrap_or(0) as usize;
        let to = from + n.min(characters.len() - from);
        hand_over(&characters[from..to], part, hidden, out);
        from = to;
    }
    // What no count covers is not lost.
    hand_over(&characters[from..], Part::Body, None, out);
    Ok(())
}

/// All characters, in their order; `None` if the table of pieces is none.
fn characters(main: &[u8], mut table: &[u8]) -> Option<Vec<char>> {
    while let [1, rest @ ..] = table {
        let n = usize::from(u16_at(rest, 0)?);
        table = rest.get(2 + n..)?;
    }
    let [2, rest @ ..] = table else { return None };
    let n_bytes = u32_at(rest, 0)? as usize;
    let table = rest.get(4..4_usize.checked_add(n_bytes)?).or_else(|| rest.get(4..))?;
    let n_pieces = table.len().checked_sub(4)? / 12;
    let mut characters = Vec::new();
    for index in 0..n_pieces {
        let n = u32_at(table, index * 4 + 4)?.checked_sub(u32_at(table, index * 4)?)? as usize;
        let place = u32_at(table, (n_pieces + 1) * 4 + index * 8 + 2)?;
        // One bit says that the piece has one byte a character.
        let at = (place & 0x3fff_ffff) as usize;
        if place & 0x4000_0000 != 0 {
            let at = at / 2;
            let bytes = main.get(at..).unwrap_or_default();
            let bytes = bytes.get(..n).unwrap_or(bytes);
            characters.extend(WINDOWS_1252.decode_without_bom_handling(bytes).0.chars());
        } else {
            let bytes = main.get(at..).unwrap_or_default();
            let bytes = bytes.get(..n.saturating_mul(2)).unwrap_or(bytes);
            // A character of two units counts as two, so that the counts stay right.
            let units = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
            for c in char::decode_utf16(units) {
                let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
                characters.push(c);
                if c.len_utf16() == 2 {
                    characters.push('\u{200b}');
                }
            }
        }
        // Pieces may repeat the same bytes; no document is larger than its file many times over.
        if characters.len() > main.len().saturating_mul(4).max(1 << 20) {
            return None;
        }
    }
    Some(characters)
}

/// Word 6 and 95: one run of text, in one code page.
fn old_text(main: &[u8], out: &mut Out<'_>) -> Result<(), Exception> {
    let (start, end) = (u32_at(main, 0x18), u32_at(main, 0x1c));
    let range = start.zip(end).map(|(start, end)| start as usize..end as usize);
    let bytes = range.and_then(|range| main.get(range)).ok_or_else(|| corrupt("has no text"))?;
    let text = WINDOWS_1252.decode_without_bom_handling(bytes).0;
    let characters: Vec<char> = text.chars().collect();
    hand_over(&characters, Part::Body, None, out);
    Ok(())
}

/// Hands a part over, paragraph by paragraph; the row of a table is one.
fn hand_over(characters: &[char], part: Part, hidden: Option<Hidden>, out: &mut Out<'_>) {
    let mut flow = match hidden {
        Some(hidden) => Flow::hidden(PlaceKind::Body, hidden),
        None => Flow::of_part(PlaceKind::Body, part),
    };
    let (mut line, mut number) = (String::new(), 0);
    // For each open field: its instruction, and whether that has ended.
    let mut fields: Vec<(String, bool)> = Vec::new();
    let mut was_cell_end = false;
    for c in characters {
        let is_instruction = fields.last().is_some_and(|(_, has_ended)| !has_ended);
        match c {
            '\u{13}' => fields.push((String::new(), false)),
            '\u{14}' => {
                if let Some((instruction, has_ended)) = fields.last_mut() {
                    *has_ended = true;
                    if let Some(person) = person_in(instruction) {
                        line.push_str(&format!("<{person}> "));
                    }
                }
            }
            '\u{15}' => {
                fields.pop();
            }
            c if is_instruction => {
                if let Some((instruction, _)) = fields.last_mut() {
                    instruction.push(*c);
                }
            }
            '\r' | '\u{c}' | '\u{e}' => {
                number += 1;
                flow.paragraph(number, line.trim_end_matches([' ', '|']), out);
                line.clear();
            }
            // The end of a cell; two of them are the end of a row.
            '\u{7}' if was_cell_end || line.ends_with(" | ") => {
                number += 1;
                flow.paragraph(number, line.trim_end_matches([' ', '|']), out);
                line.clear();
            }
            '\u{7}' => line.push_str(" | "),
            '\u{b}' => line.push('\n'),
            '\t' => line.push('\t'),
            '\u{1e}' => line.push('-'),
            '\u{1f}' | '\u{200b}' => {}
            '\u{a0}' => line.push(' '),
            c if c.is_control() => {}
            c => line.push(*c),
        }
        was_cell_end = *c == '\u{7}';
    }
    flow.paragraph(number + 1, line.trim_end_matches([' ', '|']), out);
    flow.flush(out);
}

/// Documents in the document.
fn embedded(file: &mut Compound<'_>, out: &mut Out<'_>) {
    for (name, is_storage) in file.entries("/ObjectPool") {
        if is_storage && let Some(bytes) = file.extract(&format!("/ObjectPool/{name}")) {
            out.child(&format!("{}.ole", name.trim_start_matches('_')), bytes);
        }
    }
    // Kept for versions that were saved into the file beside the last one.
    if file.entries("/").iter().any(|(name, _)| name == "Versions") {
        let note = "older versions of it in the same file";
        out.exception(Exception::part(Reason::Unsupported, None, note));
    }
}
