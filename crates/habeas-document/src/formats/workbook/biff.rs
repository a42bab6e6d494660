//! What does a workbook from before 2007 say?
//!
//! A stream of records ([MS-XLS] 2.3; OpenOffice.org, *Documentation of the Microsoft Excel File
//! Format*, for versions 2 to 5): first what all sheets share, then each sheet. Each record takes
//! its memory from the bytes that it has, so that no number in a damaged file asks for more.

use std::collections::{HashMap, HashSet};

use calamine::Data;
use encoding_rs::{Encoding, WINDOWS_1252};
use habeas_model::{Exception, Hidden, Meaning, Part, Party, Passage, PlaceKind, Reason};

use super::cells::{self, Cells, Place, Shape, shown};
use super::{Trouble, parts};
use crate::formats::art;
use crate::formats::captioned::Captioned;
use crate::formats::compound::{Compound, u16_at, u32_at};
use crate::formats::docx::person_in;
use crate::formats::flow::Flow;
use crate::formats::rtf::of_code_page;
use crate::out::{Input, Out};
use crate::table::{self, Table};

mod copies;
mod locked;
mod strings;

use strings::{Pieces, latin};

const CONTINUE: u16 = 0x3c;
const EOF: u16 = 0x0a;

/// Does a stream begin like a workbook of version 2 to 4, which is no compound file?
pub(super) fn is_bare(bytes: &[u8]) -> bool {
    let (kind, n) = (u16_at(bytes, 0), u16_at(bytes, 2));
    let substream = u16_at(bytes, 6);
    matches!((kind, n), (Some(0x0009), Some(4..=8)) | (Some(0x0209 | 0x0409), Some(6..=8)))
        && matches!(substream, Some(0x10 | 0x20 | 0x40 | 0x100))
}

/// Reads a workbook.
pub(super) fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) -> Result<(), Trouble> {
    if is_bare(input.bytes) {
        let mut bytes = std::borrow::Cow::Borrowed(input.bytes);
        match locked::Key::find(&bytes, input.budget) {
            Ok(Some(key)) => key.open(bytes.to_mut(), false),
            Ok(None) => {}
            Err(why) => {
                out.exception(why);
                return Ok(());
            }
        }
        let mut book = Book::new(&bytes);
        book.read(out)?;
        return Ok(());
    }
    let mut file =
        Compound::open(input.bytes).map_err(|_| (Reason::Corrupt, "a damaged compound file"))?;
    let stream = ["Workbook", "Book"].into_iter().find_map(|name| file.stream(name));
    let mut stream = stream.ok_or((Reason::Corrupt, "has no stream of sheets"))?;
    let key = match locked::Key::find(&stream, input.budget) {
        Ok(key) => key,
        Err(why) => {
            out.exception(why);
            return Ok(());
        }
    };
    if let Some(key) = &key {
        key.open(&mut stream, false);
        if let locked::Key::Rc4(key) = key {
            key.add_hidden(&mut file);
        }
    }
    let mut book = Book::new(&stream);
    book.read(out)?;
    let drawings = std::mem::take(&mut book.drawings);
    for (name, _) in file.entries("/_SX_DB_CUR") {
        if let Some(mut cache) = file.stream(&format!("/_SX_DB_CUR/{name}")) {
            if let Some(key) = &key {
                key.open(&mut cache, true);
            }
            copies::of_pivot(&cache, &name, out);
        }
    }
    file.properties(out);
    for (name, is_storage) in file.entries("/") {
        if is_storage
            && name.starts_with("MBD")
            && let Some(bytes) = file.extract(&format!("/{name}"))
        {
            out.child(&format!("{name}.ole"), bytes);
        }
    }
    art::pictures(&drawings, &mut HashSet::new(), out);
    Ok(())
}

/// A record and where it begins.
struct Record<'b> {
    place: usize,
    kind: u16,
    body: &'b [u8],
}

struct Records<'b> {
    bytes: &'b [u8],
    place: usize,
}

impl<'b> Iterator for Records<'b> {
    type Item = Record<'b>;

    fn next(&mut self) -> Option<Record<'b>> {
        let place = self.place;
        let kind = u16_at(self.bytes, place)?;
        let n = usize::from(u16_at(self.bytes, place + 2)?);
        let rest = self.bytes.get(place + 4..)?;
        let body = rest.get(..n).unwrap_or(rest);
        self.place = place + 4 + body.len();
        Some(Record { place, kind, body })
    }
}

/// What a cell holds; texts that are shared stay where they are until they are shown.
enum Value {
    Shared(usize),
    Text(String),
    Number(f64, Option<usize>),
    Data(Data),
}

#[derive(Default)]
struct Sheet {
    cells: Vec<(Place, Value)>,
    hidden_rows: HashSet<u32>,
    hidden_columns: Vec<bool>,
    /// Row, column, number of the object, author and, before version 8, the text.
    notes: Vec<(u32, u32, u16, String, String)>,
    /// The texts of objects, by their numbers.
    texts: Vec<(u16, String)>,
    around: Vec<String>,
}

struct Book<'b> {
    stream: &'b [u8],
    version: u8,
    encoding: &'static Encoding,
    is_1904: bool,
    shared: Vec<String>,
    formats: HashMap<u16, String>,
    /// For each style, its number format.
    styles: Vec<u16>,
    /// Where each sheet begins, its name, and whether it is hidden.
    listed: Vec<(usize, String, bool)>,
    drawings: Vec<u8>,
    cached: Flow,
}

impl<'b> Book<'b> {
    fn new(stream: &'b [u8]) -> Self {
        Self {
            stream,
            version: 8,
            encoding: WINDOWS_1252,
            is_1904: false,
            shared: Vec::new(),
            formats: HashMap::new(),
            styles: Vec::new(),
            listed: Vec::new(),
            drawings: Vec::new(),
            cached: Flow::hidden(PlaceKind::Body, Hidden::Cache),
        }
    }

    fn read(&mut self, out: &mut Out<'_>) -> Result<(), Trouble> {
        let mut records = Records { bytes: self.stream, place: 0 }.peekable();
        let (mut depth, mut n_sheets) = (0_usize, 0_usize);
        let mut sheet: Option<(String, bool, Sheet)> = None;
        let (mut object, mut is_begun) = (0_u16, false);
        while let Some(record) = records.next() {
            if out.is_full() {
                break;
            }
            let kind = record.kind;
            match kind {
                0x0009 | 0x0209 | 0x0409 | 0x0809 => {
                    depth += 1;
                    is_begun = true;
                    if depth > 1 {
                        continue;
                    }
                    self.version = match (kind, u16_at(record.body, 0)) {
                        (0x0009, _) => 2,
                        (0x0209, _) => 3,
                        (0x0409, _) => 4,
                        (_, Some(0x0600)) => 8,
                        _ => 5,
                    };
                    let is_shared = matches!(u16_at(record.body, 2), Some(5 | 0x100));
                    if !is_shared {
                        n_sheets += 1;
                        let listed =
                            self.listed.iter().find(|(place, _, _)| *place == record.place);
                        let (name, is_hidden) = listed.map_or_else(
                            || (format!("Sheet {n_sheets}"), false),
                            |(_, name, is_hidden)| (name.clone(), *is_hidden),
                        );
                        sheet = Some((name, is_hidden, Sheet::default()));
                    }
                }
                EOF => {
                    depth = depth.saturating_sub(1);
                    if depth == 0
                        && let Some((name, is_hidden, read)) = sheet.take()
                    {
                        self.hand_over(&name, is_hidden, read, out);
                    }
                }
                _ if !is_begun => return Err((Reason::Corrupt, "a damaged workbook")),
                0xfc => {
                    let mut pieces = vec![record.body];
                    while let Some(next) = records.next_if(|next| next.kind == CONTINUE) {
                        pieces.push(next.body);
                    }
                    self.shared = strings::shared(pieces);
                }
                0xeb => {
                    self.drawings.extend_from_slice(record.body);
                    while let Some(next) =
                        records.next_if(|next| matches!(next.kind, 0xeb | CONTINUE))
                    {
                        self.drawings.extend_from_slice(next.body);
                    }
                }
                // An object, and the text in it.
                0x5d if u16_at(record.body, 0) == Some(0x15) => {
                    object = u16_at(record.body, 6).unwrap_or(0);
                }
                0x01b6 => {
                    let n = usize::from(u16_at(record.body, 10).unwrap_or(0));
                    let mut pieces = Vec::new();
                    while let Some(next) = records.next_if(|next| next.kind == CONTINUE) {
                        pieces.push(next.body);
                    }
                    let text = Pieces::new(pieces).flagged(n);
                    if let (Some((_, _, sheet)), false) = (&mut sheet, text.is_empty()) {
                        sheet.texts.push((object, text));
                    }
                }
                _ => match &mut sheet {
                    Some((_, _, sheet)) if depth == 1 => self.of_sheet(&record, sheet),
                    // A series in a chart has a name.
                    Some((_, _, sheet)) if kind == 0x100d => {
                        let name = self.text(record.body.get(2..).unwrap_or_default(), 1);
                        sheet.texts.push((u16::MAX, name));
                    }
                    Some(_) => {}
                    None => self.of_all(&record, out),
                },
            }
        }
        if let Some((name, is_hidden, read)) = sheet.take() {
            self.hand_over(&name, is_hidden, read, out);
            let note = "its last sheet ends before it should";
            out.exception(Exception::part(Reason::Truncated, None, note));
        }
        self.cached.flush(out);
        if !is_begun || (n_sheets == 0 && self.listed.is_empty()) {
            return Err((Reason::Corrupt, "has no sheets"));
        }
        Ok(())
    }

    /// A text behind a length of one or two bytes.
    fn text(&self, bytes: &[u8], n_length: usize) -> String {
        let n = if n_length == 1 {
            bytes.first().copied().map(usize::from)
        } else {
            u16_at(bytes, 0).map(usize::from)
        };
        let (Some(n), Some(rest)) = (n, bytes.get(n_length..)) else { return String::new() };
        if self.version == 8 {
            return Pieces::new(vec![rest]).flagged(n);
        }
        let bytes = rest.get(..n).unwrap_or(rest);
        self.encoding.decode_without_bom_handling(bytes).0.into_owned()
    }

    /// A record of what all sheets share.
    fn of_all(&mut self, record: &Record<'_>, out: &mut Out<'_>) {
        let body = record.body;
        match record.kind {
            0x42 => {
                let page = match u16_at(body, 0) {
                    Some(0x8000) => 10_000,
                    Some(0x8001) => 1_252,
                    page => i32::from(page.unwrap_or(0)),
                };
                self.encoding = of_code_page(page).unwrap_or(WINDOWS_1252);
            }
            0x22 => self.is_1904 = u16_at(body, 0) == Some(1),
            0x85 => {
                let place = u32_at(body, 0).unwrap_or(0) as usize;
                let is_hidden = body.get(4).is_some_and(|state| state & 3 != 0);
                let name = self.text(body.get(6..).unwrap_or_default(), 1);
                self.listed.push((place, name, is_hidden));
            }
            // Values of other workbooks.
            0x5a => {
                let line = copies::of_workbook(body).join(" | ");
                self.cached.paragraph(1, &line, out);
            }
            _ => self.style(record),
        }
    }

    fn style(&mut self, record: &Record<'_>) {
        let body = record.body;
        match record.kind {
            0x1e => {
                let (index, code) = (self.formats.len() as u16, self.text(body, 1));
                self.formats.insert(index, code);
            }
            0x041e => {
                let n_length = if self.version == 8 { 2 } else { 1 };
                let code = self.text(body.get(2..).unwrap_or_default(), n_length);
                let next = self.formats.len() as u16;
                let index = if self.version < 5 { Some(next) } else { u16_at(body, 0) };
                self.formats.insert(index.unwrap_or(next), code);
            }
            0xe0 => self.styles.push(u16_at(body, 2).unwrap_or(0)),
            0x0443 | 0x0243 => self.styles.push(body.get(1).copied().unwrap_or(0).into()),
            0x43 => self.styles.push((body.get(2).copied().unwrap_or(0) & 0x3f).into()),
            _ => {}
        }
    }

    /// A record of a sheet.
    fn of_sheet(&mut self, record: &Record<'_>, sheet: &mut Sheet) {
        let (kind, body) = (record.kind, record.body);
        let number = |at| u16_at(body, at).map_or(0, u32::from);
        let (row, column) = (number(0), number(2));
        let place = Place { row, column };
        // Version 2 has three bytes of attributes where others have the number of a style.
        let is_old = self.version == 2;
        let at = if is_old { 7 } else { 6 };
        let style = u16_at(body, 4).filter(|_| !is_old).map(usize::from);
        let rest = body.get(at..).unwrap_or_default();
        let mut put = |place, value| sheet.cells.push((place, value));
        match kind {
            0x0203 | 0x0003 => {
                put(place, Value::Number(float(rest).unwrap_or(0.0), style));
            }
            0x0002 if is_old => {
                put(place, Value::Number(u16_at(rest, 0).unwrap_or(0).into(), None));
            }
            0x027e => put(place, Value::Number(packed(u32_at(rest, 0).unwrap_or(0)), style)),
            0xbd => {
                let cells = body.get(4..body.len().saturating_sub(2)).unwrap_or_default();
                for (index, cell) in cells.as_chunks::<6>().0.iter().enumerate() {
                    let style = Some(usize::from(u16::from_le_bytes([cell[0], cell[1]])));
                    let number = packed(u32_at(cell, 2).unwrap_or(0));
                    let place = Place { row, column: column.saturating_add(index as u32) };
                    put(place, Value::Number(number, style));
                }
            }
            0xfd => put(place, Value::Shared(u32_at(rest, 0).unwrap_or(u32::MAX) as usize)),
            0x0204 | 0x00d6 => put(place, Value::Text(self.text(rest, 2))),
            0x0004 if is_old => put(place, Value::Text(self.text(rest, 1))),
            0x0205 | 0x0005 => {
                let value = rest.first().copied().unwrap_or(0);
                put(place, Value::Data(truth_or_error(value, rest.get(1) == Some(&1))));
            }
            0x0006 | 0x0206 | 0x0406 => {
                let value = match (rest.get(6..8), rest.first(), rest.get(2)) {
                    (Some([0xff, 0xff]), Some(1), Some(value)) => {
                        Value::Data(truth_or_error(*value, false))
                    }
                    (Some([0xff, 0xff]), Some(2), Some(value)) => {
                        Value::Data(truth_or_error(*value, true))
                    }
                    // A text follows in a record of its own.
                    (Some([0xff, 0xff]), ..) => Value::Text(String::new()),
                    _ => Value::Number(float(rest).unwrap_or(0.0), style),
                };
                put(place, value);
            }
            0x0207 | 0x0007 => {
                let text = self.text(body, if is_old { 1 } else { 2 });
                if let Some((_, Value::Text(have))) = sheet.cells.last_mut() {
                    *have = text;
                }
            }
            0x0208 if u32_at(body, 12).is_some_and(|flags| flags & 0x20 != 0) => {
                sheet.hidden_rows.insert(row);
            }
            0x7d if u16_at(body, 8).is_some_and(|flags| flags & 1 != 0) => {
                let (first, last) = (row.min(255) as usize, column.min(255) as usize);
                if sheet.hidden_columns.len() <= last {
                    sheet.hidden_columns.resize(last + 1, false);
                }
                sheet.hidden_columns.iter_mut().take(last + 1).skip(first).for_each(|c| *c = true);
            }
            0x1c if self.version == 8 => {
                let author = self.text(body.get(8..).unwrap_or_default(), 2);
                let object = u16_at(body, 6).unwrap_or(0);
                sheet.notes.push((row, column, object, author, String::new()));
            }
            0x1c => {
                let text = body.get(6..).unwrap_or_default();
                let text = self.encoding.decode_without_bom_handling(text).0;
                match sheet.notes.last_mut() {
                    // A long one goes on in more records.
                    Some(last) if row == 0xffff => last.4.push_str(&text),
                    _ => sheet.notes.push((row, column, 0, String::new(), text.into_owned())),
                }
            }
            0x14 | 0x15 => {
                let text = self.text(body, if self.version == 8 { 2 } else { 1 });
                sheet.around.push(parts::plain_header(&text));
            }
            0x01b8 => {
                let odd = body.get(1..).unwrap_or_default();
                let texts = [
                    latin(body),
                    crate::formats::compound::utf16(body),
                    crate::formats::compound::utf16(odd),
                ];
                if let Some(person) = texts.iter().find_map(|text| person_in(text)) {
                    let person: String = person.chars().take_while(|c| !c.is_control()).collect();
                    sheet.around.push(format!("<{person}>"));
                }
            }
            0x01be => sheet.around.extend(choices(body)),
            _ => self.style(record),
        }
    }

    fn shown(&self, value: &Value) -> String {
        match value {
            Value::Shared(index) => {
                self.shared.get(*index).map(|text| text.trim().to_owned()).unwrap_or_default()
            }
            Value::Text(text) => text.trim().to_owned(),
            Value::Data(data) => shown(data, None),
            Value::Number(number, style) => {
                let format = style.and_then(|style| self.styles.get(style)).copied().unwrap_or(0);
                let shape = self
                    .formats
                    .get(&format)
                    .map_or_else(|| Shape::of_builtin(format), |code| Shape::of_code(code));
                cells::number(*number, &shape, self.is_1904)
            }
        }
    }

    fn hand_over(&self, name: &str, is_hidden: bool, mut sheet: Sheet, out: &mut Out<'_>) {
        let hidden = is_hidden.then_some(Hidden::Sheet);
        sheet.cells.sort_by_key(|(place, _)| (place.row, place.column));
        let mut cells = sheet.cells.iter();
        let next = || Ok(cells.next().map(|(place, value)| (*place, self.shown(value))));
        let rows = Cells::new(next, &sheet.hidden_rows);
        let hidden_columns = sheet.hidden_columns.as_slice();
        table::rows(&Table { sheet: Some(name), hidden, hidden_columns }, rows, out);
        for (row, column, object, author, mut text) in sheet.notes {
            let found = sheet.texts.iter().position(|(have, _)| *have == object);
            if let Some(index) = found.filter(|_| self.version == 8) {
                text = sheet.texts.remove(index).1;
            }
            let mut lines = Captioned::default();
            lines.line("Cell", &cell_name(row, column), Meaning::Other, Party::Unknown);
            lines.line("Author", &author, Meaning::Name, Party::Unknown);
            lines.line("Comment", &text, Meaning::Text, Party::Unknown);
            let place = habeas_model::Place::new(PlaceKind::Cell, row as usize + 1).in_sheet(name);
            out.passage(Passage { hidden, ..lines.into_record(place, Part::Comment) });
        }
        let texts = sheet.texts.into_iter().map(|(_, text)| text).chain(sheet.around);
        parts::beside(name, hidden, texts, out);
    }
}

/// The name of a cell: `B12`.
pub(super) fn cell_name(row: u32, column: u32) -> String {
    let (mut letters, mut rest) = (String::new(), column + 1);
    while rest > 0 {
        letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    format!("{letters}{}", row + 1)
}

pub(super) fn float(bytes: &[u8]) -> Option<f64> {
    bytes.first_chunk::<8>().map(|eight| f64::from_le_bytes(*eight))
}

/// A number in four bytes: two flags, and the rest an integer or the upper half of a float.
pub(super) fn packed(bits: u32) -> f64 {
    let number = if bits & 2 != 0 {
        f64::from(bits as i32 >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 != 0 { number / 100.0 } else { number }
}

pub(super) fn truth_or_error(value: u8, is_error: bool) -> Data {
    if !is_error {
        return Data::Bool(value != 0);
    }
    let error = match value {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    };
    Data::String(error.to_owned())
}

/// What a cell lets its writer choose, and what it tells him ([MS-XLS] 2.4.101).
fn choices(body: &[u8]) -> Vec<String> {
    let mut pieces = Pieces::new(vec![body.get(4..).unwrap_or_default()]);
    let mut texts = Vec::new();
    for _ in 0..4 {
        let n = pieces.number(2).unwrap_or(0) as usize;
        texts.push(pieces.flagged(n));
    }
    let n_formula = pieces.number(2).unwrap_or(0);
    pieces.skip(2);
    // A list that is written out is one text with zeros in it.
    if n_formula > 0 && pieces.number(1) == Some(0x17) {
        let n = pieces.number(1).unwrap_or(0) as usize;
        texts.push(pieces.flagged(n).replace('\0', ", "));
    }
    texts.retain(|text| !text.trim_matches('\0').trim().is_empty());
    texts
}
