//! What does a Word document from before 2007 say?
//!
//! The text lies in pieces: a table says which bytes hold which characters ([MS-DOC] 2.4.1).

use std::collections::HashSet;

use encoding_rs::WINDOWS_1252;
use habeas_model::{
    Card, Exception, Hidden, Meaning, Part, Party, Passage, Place, PlaceKind, Reason,
};

use super::encrypted::{self, Rc4Key};
use super::{Format, art};
use crate::formats::captioned::Captioned;
use crate::formats::compound::{Compound, u16_at, u32_at, utf16};
use crate::formats::docx::person_in;
use crate::formats::flow::Flow;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

mod leftover;
mod unseen;

use unseen::{Fate, Runs};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "doc",
        version: 3,
        summary: "Word before 2007: text, notes, comments; hidden, deleted and left-over text",
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
    let mut streams = match Streams::of(&mut file) {
        Ok(streams) => streams,
        Err(exception) => return out.exception(exception),
    };
    match streams.unlock(input.budget) {
        Ok(Some(key)) => key.add_hidden(&mut file),
        Ok(None) => {}
        Err(exception) => streams.is_locked = Some(exception),
    }
    if let Err(exception) = text(&mut streams, out) {
        out.exception(exception);
    }
    file.properties(out);
    embedded(&mut file, out);
    let mut seen = HashSet::new();
    for bytes in [&streams.data, &streams.main] {
        art::pictures(bytes, &mut seen, out);
    }
}

/// The streams of a document.
struct Streams {
    main: Vec<u8>,
    table: Option<Vec<u8>>,
    data: Vec<u8>,
    /// Why they cannot be read.
    is_locked: Option<Exception>,
}

/// Version 97 and later.
const WORD_97: u16 = 0xc1;

impl Streams {
    fn of(file: &mut Compound<'_>) -> Result<Self, Exception> {
        let main = file.stream("WordDocument").ok_or_else(|| corrupt("has no text stream"))?;
        let flags = u16_at(&main, 10).ok_or_else(|| corrupt("has no head"))?;
        let table = file.stream(if flags & 0x0200 != 0 { "1Table" } else { "0Table" });
        let data = file.stream("Data").unwrap_or_default();
        Ok(Self { main, table, data, is_locked: None })
    }

    fn flags(&self) -> u16 {
        u16_at(&self.main, 10).unwrap_or(0)
    }

    fn is_old(&self) -> bool {
        u16_at(&self.main, 2).unwrap_or(0) < WORD_97
    }

    /// Decrypts the streams with the passwords that are known; `None` if they need none ([MS-DOC]
    /// 2.2.6).
    fn unlock(&mut self, budget: &crate::Budget) -> Result<Option<Rc4Key>, Exception> {
        const HEAD_BYTES: usize = 68;
        const STRETCH_BYTES: usize = 512;
        if self.flags() & 0x0100 == 0 {
            return Ok(None);
        }
        // Hidden with an array, as version 6 did it.
        if self.is_old() || self.flags() & 0x8000 != 0 {
            return Err(encrypted::unknown());
        }
        let n_info = u32_at(&self.main, 14).unwrap_or(0) as usize;
        let table = self.table.as_mut().ok_or_else(|| corrupt("has no table stream"))?;
        let info = table.get(..n_info).ok_or_else(encrypted::damaged)?;
        let key = Rc4Key::find(info, budget)?;
        key.stream(STRETCH_BYTES, HEAD_BYTES, &mut self.main);
        key.stream(STRETCH_BYTES, n_info, table);
        key.stream(STRETCH_BYTES, 0, &mut self.data);
        Ok(Some(key))
    }
}

fn corrupt(note: &str) -> Exception {
    Exception::whole(Reason::Corrupt, note)
}

/// The text, part by part.
fn text(streams: &mut Streams, out: &mut Out<'_>) -> Result<(), Exception> {
    if let Some(exception) = streams.is_locked.take() {
        return Err(exception);
    }
    let main = streams.main.as_slice();
    if streams.is_old() {
        return old_text(main, out);
    }
    let table = streams.table.as_deref().ok_or_else(|| corrupt("has no table stream"))?;
    let (start, n) = (u32_at(main, 0x1a2), u32_at(main, 0x1a6));
    let range =
        start.zip(n).map(|(start, n)| start as usize..(start as usize).saturating_add(n as usize));
    let pieces =
        range.and_then(|range| table.get(range)).ok_or_else(|| corrupt("has no pieces"))?;
    let pieces = pieces_of(main, pieces).ok_or_else(|| corrupt("its pieces are damaged"))?;
    let characters = characters(main, &pieces, &Runs::read(main, table));
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
        let range = &characters[from..to];
        if part == Part::Comment {
            comments(main, table, range, out);
        } else {
            by_fate(range, part, hidden, out);
        }
        from = to;
    }
    // What no count covers is not lost.
    by_fate(&characters[from..], Part::Body, None, out);
    // Saved fast, so that what was deleted is still there.
    if streams.flags() & 0x0004 != 0 {
        for text in leftover::texts(main, table, &pieces) {
            hand_over(&text, Part::Body, Some(Hidden::Deleted), out);
        }
    }
    writers(main, table, out);
    Ok(())
}

/// Text that is shown, then what is hidden in it and what was deleted from it.
fn by_fate(all: &[(char, Fate)], part: Part, hidden: Option<Hidden>, out: &mut Out<'_>) {
    for (fate, why) in [
        (Fate::Shown, hidden),
        (Fate::Vanished, hidden.or(Some(Hidden::Invisible))),
        (Fate::Deleted, Some(Hidden::Deleted)),
    ] {
        let mut characters: Vec<char> = Vec::new();
        for (c, of_character) in all {
            if *of_character == fate {
                characters.push(*c);
            } else if fate != Fate::Shown && characters.last().is_some_and(|last| *last != '\r') {
                characters.push('\r');
            }
        }
        hand_over(&characters, part, why, out);
    }
}

/// A part of the table stream, by its number among those that the head lists ([MS-DOC] 2.5.6).
fn listed<'t>(main: &[u8], table: &'t [u8], number: usize) -> &'t [u8] {
    let at = 0x9a + number * 8;
    let (start, n) = (u32_at(main, at).unwrap_or(0), u32_at(main, at + 4).unwrap_or(0));
    let start = start as usize;
    table.get(start..start.saturating_add(n as usize)).unwrap_or_default()
}

/// Comments, each with who made it ([MS-DOC] 2.8.7, 2.8.8 and 2.9.98).
fn comments(main: &[u8], table: &[u8], all: &[(char, Fate)], out: &mut Out<'_>) {
    let (places, texts) = (listed(main, table, 4), listed(main, table, 5));
    let n = places.len().saturating_sub(4) / 34;
    let authors = names(listed(main, table, 36));
    let end_of = |index: usize| u32_at(texts, index * 4).map(|at| (at as usize).min(all.len()));
    let mut is_read = 0;
    for index in 0..n {
        let (Some(from), Some(to)) = (end_of(index), end_of(index + 1)) else { break };
        let Some(range) = all.get(from..to).filter(|_| from == is_read) else { break };
        is_read = to;
        let author = u16_at(places, (n + 1) * 4 + index * 30 + 20).map(usize::from);
        let author = author.and_then(|author| authors.get(author)).cloned().unwrap_or_default();
        let text: String = range.iter().map(|(c, _)| if *c == '\r' { '\n' } else { *c }).collect();
        let text = text.replace(|c: char| c.is_control() && c != '\n', "");
        let mut lines = Captioned::default();
        lines.line("Author", &author, Meaning::Name, Party::Unknown);
        lines.line("Comment", &text, Meaning::Text, Party::Unknown);
        out.passage(lines.into_record(Place::new(PlaceKind::Body, 1), Part::Comment));
    }
    by_fate(all.get(is_read..).unwrap_or_default(), Part::Comment, None, out);
}

/// Texts one after the other, each behind its length.
fn names(mut bytes: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(n) = u16_at(bytes, 0) {
        let Some(name) = bytes.get(2..2 + 2 * usize::from(n)) else { break };
        names.push(utf16(name));
        bytes = &bytes[2 + name.len()..];
    }
    names
}

/// Who changed the document while changes were tracked, and who saved it, and where.
fn writers(main: &[u8], table: &[u8], out: &mut Out<'_>) {
    let mut lines = Captioned::default();
    // A table of texts: a mark, how many, and how many bytes follow each ([MS-DOC] 2.2.4).
    let texts = |number| names(listed(main, table, number).get(6..).unwrap_or_default());
    for writer in texts(51).iter().filter(|writer| *writer != "Unknown") {
        lines.line("Changed by", writer, Meaning::Name, Party::Unknown);
    }
    for pair in texts(71).chunks(2) {
        lines.line("Saved by", &pair[0], Meaning::Name, Party::Unknown);
        let path = pair.get(1).map(String::as_str).unwrap_or_default();
        lines.line("Saved as", path, Meaning::Text, Party::Unknown);
    }
    if !lines.is_empty() {
        let passage = lines.into_record(Place::new(PlaceKind::Header, 1), Part::Properties);
        out.passage(Passage { is_record: false, hidden: Some(Hidden::Invisible), ..passage });
    }
}

/// A piece of the text: where its bytes are, and whether a character has two of them.
struct Piece {
    at: usize,
    n_bytes: usize,
    is_wide: bool,
}

/// The pieces of the text, in its order; `None` if the table of pieces is none.
fn pieces_of(main: &[u8], mut table: &[u8]) -> Option<Vec<Piece>> {
    while let [1, rest @ ..] = table {
        let n = usize::from(u16_at(rest, 0)?);
        table = rest.get(2 + n..)?;
    }
    let [2, rest @ ..] = table else { return None };
    let n_bytes = u32_at(rest, 0)? as usize;
    let table = rest.get(4..4_usize.checked_add(n_bytes)?).or_else(|| rest.get(4..))?;
    let n_pieces = table.len().checked_sub(4)? / 12;
    let (mut pieces, mut n_all) = (Vec::new(), 0_usize);
    for index in 0..n_pieces {
        let n = u32_at(table, index * 4 + 4)?.checked_sub(u32_at(table, index * 4)?)? as usize;
        let place = u32_at(table, (n_pieces + 1) * 4 + index * 8 + 2)?;
        // One bit says that the piece has one byte a character.
        let is_wide = place & 0x4000_0000 == 0;
        let place = (place & 0x3fff_ffff) as usize;
        let (at, n) = if is_wide { (place, n.saturating_mul(2)) } else { (place / 2, n) };
        let n_bytes = n.min(main.len().saturating_sub(at));
        n_all += n_bytes;
        // Pieces may repeat the same bytes; no document is larger than its file many times over.
        if n_all > main.len().saturating_mul(4).max(1 << 20) {
            return None;
        }
        pieces.push(Piece { at, n_bytes, is_wide });
    }
    Some(pieces)
}

/// All characters, in their order.
fn characters(main: &[u8], pieces: &[Piece], runs: &Runs) -> Vec<(char, Fate)> {
    let mut characters = Vec::new();
    for Piece { at, n_bytes, is_wide } in pieces {
        let bytes = main.get(*at..at + n_bytes).unwrap_or_default();
        if *is_wide {
            // A character of two units counts as two, so that the counts stay right.
            let units = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
            let first = characters.len();
            for c in char::decode_utf16(units) {
                let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
                let fate = runs.fate(at + (characters.len() - first) * 2);
                characters.push((c, fate));
                if c.len_utf16() == 2 {
                    characters.push(('\u{200b}', fate));
                }
            }
        } else {
            let text = WINDOWS_1252.decode_without_bom_handling(bytes).0;
            characters
                .extend(text.chars().enumerate().map(|(index, c)| (c, runs.fate(at + index))));
        }
    }
    characters
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
    // The code of a field that never ends is text.
    for (instruction, _) in fields.iter().filter(|(_, has_ended)| !has_ended) {
        line.push_str(instruction);
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
