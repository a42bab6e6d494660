//! A workbook (`.xlsx`) with some rows emptied: they keep their numbers, so that no formula shifts.
//!
//! All parts but those of the sheets, their links and the shared texts stay as they are, packed as they
//! were. Of a sheet only the cells of the rows go; a shared text goes if nobody else uses it. What
//! cannot be emptied alone is refused: rows with formulas or comments, workbooks with pivot caches or
//! signatures.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use habeas_model::{Place, PlaceKind};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::{Edit, Edited, Stretch, Unmade, zip};

const STRINGS: &str = "xl/sharedStrings.xml";

fn damaged<E>(_: E) -> Unmade {
    "the workbook is damaged".to_owned()
}

pub(super) fn edited(bytes: &[u8], rows: &[Place], most_bytes: u64) -> Result<Edited, Unmade> {
    let mut wanted: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for place in rows {
        match &place.sheet {
            Some(sheet) if place.kind == PlaceKind::Row => {
                wanted.entry(sheet).or_default().insert(place.number);
            }
            _ => return Err("it is a comment or a text of the sheet, and not in a row".to_owned()),
        }
    }
    let names = zip::names(bytes)?;
    let begins = |start: &str| names.iter().any(|name| name.starts_with(start));
    if begins("_xmlsignatures/") {
        return Err("the workbook is signed".to_owned());
    }
    if begins("xl/pivotCache/") {
        return Err("a pivot table of the workbook keeps a copy of its rows".to_owned());
    }
    let part = |name: &str| zip::member(bytes, name, most_bytes);
    let sheets = sheets(&part)?;
    let mut edits: BTreeMap<String, Edit> = BTreeMap::new();
    // Which shared texts are used by cells that go, and by cells that stay.
    let (mut going, mut staying) = (BTreeSet::new(), BTreeSet::new());
    for (name, path) in &sheets {
        let xml = part(path)?;
        let rows = wanted.remove(name.as_str()).unwrap_or_default();
        let sheet = Sheet::read(&xml, &rows)?;
        going.extend(sheet.going);
        staying.extend(sheet.staying);
        if rows.is_empty() {
            continue;
        }
        if sheet.seen != rows {
            return Err("a row is not where it was".to_owned());
        }
        let relations = relations_of(path);
        if names.contains(&relations) {
            let xml = part(&relations)?;
            let cuts = links(&xml, &sheet.links, &rows, path, &part)?;
            if !cuts.is_empty() {
                edits.insert(relations, Edit::Bytes(cuts));
            }
        }
        edits.insert(path.clone(), Edit::Bytes(sheet.cuts));
    }
    if !wanted.is_empty() {
        return Err("a sheet is not in the workbook by its name".to_owned());
    }
    let unused: BTreeSet<usize> = going.difference(&staying).copied().collect();
    if !unused.is_empty() {
        edits.insert(STRINGS.to_owned(), Edit::Bytes(strings(&part(STRINGS)?, &unused)?));
    }
    let Edited { bytes, mut rest } = zip::edited(bytes, &edits, most_bytes)?;
    rest.push(
        "emptied rows keep their numbers, and sums over them change when they are next calculated",
    );
    Ok(Edited { bytes, rest })
}

/// The events of a part, each with its bytes.
fn events<'x>(
    xml: &'x [u8],
    mut take: impl FnMut(Event<'x>, Range<usize>) -> Result<(), Unmade>,
) -> Result<(), Unmade> {
    std::str::from_utf8(xml).map_err(damaged)?;
    let mut reader = Reader::from_reader(xml);
    let position =
        |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).map_err(damaged);
    loop {
        let start = position(&reader)?;
        let event = reader.read_event().map_err(damaged)?;
        let end = position(&reader)?;
        if matches!(event, Event::Eof) {
            return Ok(());
        }
        take(event, start..end)?;
    }
}

/// An attribute by its name without its prefix.
fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Unmade> {
    for attribute in element.attributes() {
        let attribute = attribute.map_err(damaged)?;
        if attribute.key.local_name().as_ref() == name {
            let value = quick_xml::escape::unescape(&attribute.value).map_err(damaged)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

fn number<T: std::str::FromStr>(text: Option<String>) -> Result<T, Unmade> {
    text.and_then(|text| text.trim().parse().ok()).ok_or_else(|| damaged(()))
}

type Part<'a> = dyn Fn(&str) -> Result<Vec<u8>, Unmade> + 'a;

/// The sheets with cells: name and part.
fn sheets(part: &Part<'_>) -> Result<Vec<(String, String)>, Unmade> {
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    let relations = part("xl/_rels/workbook.xml.rels")?;
    events(&relations, |event, _| {
        if let Event::Start(element) | Event::Empty(element) = event
            && element.local_name().as_ref() == "Relationship"
            && attribute(&element, "Type")?.is_some_and(|kind| kind.ends_with("/worksheet"))
        {
            let target = attribute(&element, "Target")?.unwrap_or_default();
            let target = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("xl/{target}"),
            };
            targets.insert(attribute(&element, "Id")?.unwrap_or_default(), target);
        }
        Ok(())
    })?;
    let mut sheets = Vec::new();
    events(&part("xl/workbook.xml")?, |event, _| {
        if let Event::Start(element) | Event::Empty(element) = event
            && element.local_name().as_ref() == "sheet"
        {
            let mut id = None;
            for attribute in element.attributes().flatten() {
                if attribute.key.as_ref().ends_with(":id") {
                    id = Some(attribute.value.into_owned());
                }
            }
            if let Some(target) = id.and_then(|id| targets.get(&id)) {
                sheets.push((attribute(&element, "name")?.unwrap_or_default(), target.clone()));
            }
        }
        Ok(())
    })?;
    Ok(sheets)
}

/// Where a part's relations stand.
fn relations_of(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    format!("{folder}/_rels/{name}.rels")
}

/// What was found in a sheet.
#[derive(Default)]
struct Sheet {
    cuts: Vec<Stretch>,
    /// Rows that are to be emptied and are there.
    seen: BTreeSet<u32>,
    going: BTreeSet<usize>,
    staying: BTreeSet<usize>,
    /// Relations of links that go.
    links: BTreeSet<String>,
}

fn cut(start: usize, end: usize) -> Stretch {
    Stretch { start, end, with: String::new() }
}

impl Sheet {
    fn read(xml: &[u8], rows: &BTreeSet<u32>) -> Result<Self, Unmade> {
        let mut sheet = Self::default();
        // Where the cells of a row that goes begin, and what a cell is.
        let (mut emptied, mut is_shared, mut in_value) = (None, false, false);
        let (mut all_links, mut n_links, mut link_cuts) = (None, 0_usize, Vec::new());
        events(xml, |event, at| {
            let (element, is_open) = match &event {
                Event::Start(element) => (element, true),
                Event::Empty(element) => (element, false),
                Event::End(element) => {
                    match element.local_name().as_ref() {
                        "row" => {
                            if let Some(start) = emptied.take() {
                                sheet.cuts.push(cut(start, at.start));
                            }
                        }
                        "v" => in_value = false,
                        "hyperlinks" => {
                            if let Some(start) = all_links {
                                // An empty list of links is not allowed.
                                if n_links > 0 && n_links == link_cuts.len() {
                                    link_cuts = vec![cut(start, at.end)];
                                }
                            }
                        }
                        _ => {}
                    }
                    return Ok(());
                }
                Event::Text(text) => {
                    if in_value && is_shared {
                        let text = text.to_string();
                        let used =
                            if emptied.is_some() { &mut sheet.going } else { &mut sheet.staying };
                        used.insert(number(Some(text))?);
                    }
                    return Ok(());
                }
                _ => return Ok(()),
            };
            match element.local_name().as_ref() {
                "row" => {
                    let row = number(attribute(element, "r")?)?;
                    if rows.contains(&row) {
                        if !sheet.seen.insert(row) {
                            return Err(damaged(()));
                        }
                        emptied = is_open.then_some(at.end);
                    }
                }
                "c" => is_shared = attribute(element, "t")?.is_some_and(|kind| kind == "s"),
                "v" => in_value = is_open,
                "f" if emptied.is_some() => {
                    return Err("a row of it holds a formula".to_owned());
                }
                "hyperlinks" => all_links = is_open.then_some(at.start),
                "hyperlink" => {
                    n_links += 1;
                    let area = attribute(element, "ref")?.unwrap_or_default();
                    if is_in(&area, rows) {
                        if is_open {
                            return Err(damaged(()));
                        }
                        link_cuts.push(cut(at.start, at.end));
                        for attribute in element.attributes().flatten() {
                            if attribute.key.as_ref().ends_with(":id") {
                                sheet.links.insert(attribute.value.into_owned());
                            }
                        }
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        sheet.cuts.extend(link_cuts);
        sheet.cuts.sort_by_key(|cut| cut.start);
        Ok(sheet)
    }
}

/// Does an area such as `B4` or `A3:C9` touch one of these rows?
fn is_in(area: &str, rows: &BTreeSet<u32>) -> bool {
    let row = |cell: &str| {
        let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok()
    };
    let (first, last) = area.split_once(':').unwrap_or((area, area));
    match (row(first), row(last)) {
        (Some(first), Some(last)) if first <= last => rows.range(first..=last).next().is_some(),
        _ => true,
    }
}

/// The relations of links that go. Comments on a row that goes are refused.
fn links(
    xml: &[u8],
    going: &BTreeSet<String>,
    rows: &BTreeSet<u32>,
    sheet: &str,
    part: &Part<'_>,
) -> Result<Vec<Stretch>, Unmade> {
    let mut cuts = Vec::new();
    let mut comments = Vec::new();
    events(xml, |event, at| {
        if let Event::Start(element) | Event::Empty(element) = &event
            && element.local_name().as_ref() == "Relationship"
        {
            if attribute(element, "Id")?.is_some_and(|id| going.contains(&id)) {
                if matches!(event, Event::Start(_)) {
                    return Err(damaged(()));
                }
                cuts.push(cut(at.start, at.end));
            } else if attribute(element, "Type")?
                .is_some_and(|kind| kind.ends_with("omments") || kind.ends_with("omment"))
            {
                comments.push(attribute(element, "Target")?.unwrap_or_default());
            }
        }
        Ok(())
    })?;
    for target in comments {
        let path = resolved(sheet, &target);
        events(&part(&path)?, |event, _| {
            if let Event::Start(element) | Event::Empty(element) = event
                && matches!(element.local_name().as_ref(), "comment" | "threadedComment")
                && is_in(&attribute(&element, "ref")?.unwrap_or_default(), rows)
            {
                return Err("a comment stands on a row of it".to_owned());
            }
            Ok(())
        })?;
    }
    Ok(cuts)
}

/// The part that a relation of another part names.
fn resolved(from: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.pop();
    for step in target.split('/') {
        match step {
            ".." => drop(folders.pop()),
            "." | "" => {}
            name => folders.push(name),
        }
    }
    folders.join("/")
}

/// Empties shared texts; they keep their numbers.
fn strings(xml: &[u8], unused: &BTreeSet<usize>) -> Result<Vec<Stretch>, Unmade> {
    let mut cuts = Vec::new();
    let (mut index, mut begun) = (0, None);
    events(xml, |event, at| {
        match event {
            Event::Start(element) if element.local_name().as_ref() == "si" => {
                begun = Some(at.end);
            }
            Event::Empty(element) if element.local_name().as_ref() == "si" => index += 1,
            Event::End(element) if element.local_name().as_ref() == "si" => {
                if let Some(start) = begun.take()
                    && unused.contains(&index)
                {
                    // With the prefix that the part itself uses.
                    let name = element.name();
                    let prefix = name.as_ref().strip_suffix("si").unwrap_or_default();
                    let with = format!("<{prefix}t/>");
                    cuts.push(Stretch { start, end: at.start, with });
                }
                index += 1;
            }
            _ => {}
        }
        Ok(())
    })?;
    let all = unused.iter().all(|number| *number < index);
    if all { Ok(cuts) } else { Err(damaged(())) }
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{Formula, Url, Workbook};

    use super::*;

    fn workbook(change: impl FnOnce(&mut Workbook)) -> Vec<u8> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.set_name("Diary & more").unwrap();
        for (row, (name, town)) in
            [("Name", "Town"), ("Bo Ek", "Leeds"), ("GONE Lind", "Leeds"), ("Eve Fox", "York")]
                .into_iter()
                .enumerate()
        {
            sheet.write(row as u32, 0, name).unwrap();
            sheet.write(row as u32, 1, town).unwrap();
        }
        sheet.write_url(2, 2, Url::new("mailto:gone@example.org")).unwrap();
        sheet.write_url(3, 2, Url::new("mailto:eve@example.org")).unwrap();
        sheet.write_formula(10, 0, Formula::new("COUNTA(A2:A9)")).unwrap();
        let other = workbook.add_worksheet();
        other.write(0, 0, "Bo Ek").unwrap();
        change(&mut workbook);
        workbook.save_to_buffer().unwrap()
    }

    fn row(number: usize) -> Place {
        Place::new(PlaceKind::Row, number).in_sheet("Diary & more")
    }

    fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
        zip::names(bytes)
            .unwrap()
            .into_iter()
            .map(|name| {
                let text = zip::member(bytes, &name, 1 << 20).unwrap();
                (name, String::from_utf8(text).unwrap())
            })
            .collect()
    }

    #[test]
    fn a_row_is_emptied_and_its_texts_and_links_go() {
        let bytes = workbook(|_| ());
        let edited = edited(&bytes, &[row(3)], 1 << 20).unwrap().bytes;
        let (before, after) = (parts(&bytes), parts(&edited));
        assert!(after.values().all(|text| !text.contains("GONE") && !text.contains("gone@")));
        let changed: Vec<&String> = before
            .iter()
            .filter(|(name, text)| after.get(*name) != Some(text))
            .map(|it| it.0)
            .collect();
        assert_eq!(
            changed,
            [STRINGS, "xl/worksheets/_rels/sheet1.xml.rels", "xl/worksheets/sheet1.xml"]
        );
        let sheet = &after["xl/worksheets/sheet1.xml"];
        assert!(sheet.contains("<row r=\"3\"") && sheet.contains("</row>"), "{sheet}");
        // A text that somebody else uses stays, and the links of others.
        assert!(after[STRINGS].contains("Leeds") && after[STRINGS].contains("<si><t/></si>"));
        assert!(after["xl/worksheets/_rels/sheet1.xml.rels"].contains("eve@example.org"));
        let again = super::edited(&bytes, &[row(3)], 1 << 20).unwrap().bytes;
        assert_eq!(again, edited);
    }

    #[test]
    fn rows_that_cannot_be_emptied_alone_are_refused() {
        let check = |bytes: &[u8], place: Place, words: &str| {
            let why = edited(bytes, &[place], 1 << 20).unwrap_err();
            assert!(why.contains(words), "{why}");
        };
        let bytes = workbook(|_| ());
        check(&bytes, row(11), "formula");
        check(&bytes, row(40), "not where it was");
        check(&bytes, Place::new(PlaceKind::Cell, 3).in_sheet("Diary & more"), "comment");
        check(&bytes, Place::new(PlaceKind::Row, 3).in_sheet("Nobody"), "by its name");
        let noted = workbook(|workbook| {
            let note = rust_xlsxwriter::Note::new("a note");
            workbook.worksheet_from_index(0).unwrap().insert_note(2, 0, &note).unwrap();
        });
        check(&noted, row(3), "comment");
        assert!(edited(&noted, &[row(2)], 1 << 20).is_ok());
    }
}
