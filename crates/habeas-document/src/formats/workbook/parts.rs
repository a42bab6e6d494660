//! What does a workbook hold beside its cells?

use std::collections::HashSet;

use habeas_model::{Exception, Hidden, Meaning, Part, Party, Passage, Place, PlaceKind, Reason};

use super::{binary, pivot};
use crate::formats::captioned::Captioned;
use crate::formats::docx::{custom_parts, drawing_text, person_in};
use crate::formats::flow::Flow;
use crate::formats::markup::{Step, Walk};
use crate::formats::package::Package;
use crate::out::{Input, Out};

/// What nobody sees of a sheet: rows from 0, and columns in order.
#[derive(Default)]
pub(super) struct Unseen {
    pub(super) rows: HashSet<u32>,
    pub(super) columns: Vec<bool>,
}

/// The sheets' names and their parts.
pub(super) fn sheets(package: &mut Package<'_>, out: &mut Out<'_>) -> Vec<(String, String)> {
    let main = package.relations("", out).into_iter().find(|r| r.kind == "officeDocument");
    let main = main.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.target);
    let relations = package.relations(&main, out);
    let Some(xml) = package.text(&main, out) else { return Vec::new() };
    let mut sheets = Vec::new();
    for step in Walk::new(&xml) {
        if let Step::Open(element) = step
            && element.name() == "sheet"
        {
            let name = element.attribute("name").unwrap_or_default();
            let id = element.attribute("id").unwrap_or_default();
            let part = relations.iter().find(|relation| relation.id == id);
            sheets.extend(part.map(|relation| (name, relation.target.clone())));
        }
    }
    sheets
}

/// Looks for hidden rows and columns.
pub(super) fn unseen(package: &mut Package<'_>, part: &str, out: &mut Out<'_>) -> Unseen {
    let mut unseen = Unseen::default();
    let Some(xml) = package.text(part, out) else { return unseen };
    if !xml.contains("hidden=") {
        return unseen;
    }
    let mut next_row = 0_u32;
    for step in Walk::new(&xml) {
        let Step::Open(element) = step else { continue };
        let number = |name| element.attribute(name).and_then(|n| n.parse::<u32>().ok());
        let is_hidden = || {
            element.attribute("hidden").is_some_and(|value| matches!(value.as_str(), "1" | "true"))
        };
        match element.name() {
            "row" => {
                let row = number("r").map_or(next_row, |row| row.saturating_sub(1));
                if is_hidden() {
                    unseen.rows.insert(row);
                }
                next_row = row.saturating_add(1);
            }
            "col" if is_hidden() => {
                let first = number("min").unwrap_or(1).clamp(1, 16_384) as usize;
                let last = number("max").unwrap_or(1).clamp(1, 16_384) as usize;
                if unseen.columns.len() < last {
                    unseen.columns.resize(last, false);
                }
                for column in first..=last {
                    unseen.columns[column - 1] = true;
                }
            }
            _ => {}
        }
    }
    unseen
}

/// Hands over what stands beside the cells of a sheet: text boxes, what is printed above and below.
pub(super) fn beside(
    sheet: &str,
    hidden: Option<Hidden>,
    texts: impl Iterator<Item = String>,
    out: &mut Out<'_>,
) {
    let mut said: Vec<String> = Vec::new();
    for text in texts {
        let text = text.trim().to_owned();
        if !text.is_empty() && !said.contains(&text) && said.len() < 10_000 {
            said.push(text);
        }
    }
    if !said.is_empty() {
        let place = Place::new(PlaceKind::Body, 1).in_sheet(sheet);
        out.passage(Passage { hidden, ..Passage::text(place, said.join("\n")) });
    }
}

/// What is printed above or below a sheet, without the codes for fonts and page numbers
/// (ECMA-376, 18.3.1.46).
pub(crate) fn plain_header(code: &str) -> String {
    let (mut text, mut letters) = (String::new(), code.chars().peekable());
    while let Some(c) = letters.next() {
        if c != '&' {
            text.push(c);
            continue;
        }
        match letters.next() {
            Some('&') => text.push('&'),
            Some('"') => letters.by_ref().take_while(|c| *c != '"').for_each(drop),
            Some('L' | 'C' | 'R') if !text.is_empty() => text.push('\n'),
            // The size of the letters.
            Some(c) if c.is_ascii_digit() => {
                while letters.next_if(char::is_ascii_digit).is_some() {}
            }
            Some('K') => letters.by_ref().take(6).for_each(drop),
            _ => {}
        }
    }
    text.trim().to_owned()
}

/// What a sheet says beside its cells: choices, hints, links to people, headers and footers.
pub(super) fn around(package: &mut Package<'_>, part: &str, out: &mut Out<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    let Some(xml) = package.text(part, out) else { return texts };
    // The cells stand before all of it, and are the most.
    let start = xml.find("</sheetData>").or_else(|| xml.find("sheetData")).unwrap_or(0);
    let mut walk = Walk::new(xml.get(start..).unwrap_or_default());
    while let Some(step) = walk.next() {
        let Step::Open(element) = step else { continue };
        let mut take = |names: &[&str]| {
            texts.extend(names.iter().filter_map(|name| element.attribute(name)));
        };
        match element.name() {
            "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader"
            | "firstFooter" => texts.push(plain_header(&walk.inner_text())),
            "dataValidation" => take(&["promptTitle", "prompt", "errorTitle", "error"]),
            "formula1" => {
                let formula = walk.inner_text();
                // A list that is written out; anything else points at cells.
                if let Some(list) = formula.trim().strip_prefix('"') {
                    texts.push(list.trim_end_matches('"').to_owned());
                }
            }
            "hyperlink" => take(&["tooltip"]),
            "protectedRange" | "scenario" => take(&["name", "user", "comment"]),
            _ => {}
        }
    }
    let links = package.relations(part, out).into_iter().filter(|link| link.is_outside);
    texts.extend(links.filter_map(|link| Some(format!("<{}>", person_in(&link.target)?))));
    texts
}

/// Names that formulas use, with what they stand for; and who was connected to what.
fn names(package: &mut Package<'_>, out: &mut Out<'_>) {
    let mut lines = Captioned::default();
    for (part, kind) in [("xl/workbook.xml", "definedName"), ("xl/connections.xml", "connection")] {
        let Some(xml) = package.text(part, out) else { continue };
        let mut walk = Walk::new(&xml);
        while let Some(step) = walk.next() {
            let Step::Open(element) = step else { continue };
            let name = element.attribute("name").unwrap_or_default();
            if element.name() == kind && kind == "definedName" {
                let value = walk.inner_text();
                if !name.starts_with("_xlnm") && !value.contains("#REF!") {
                    lines.line(&name, &value, Meaning::Text, Party::Unknown);
                }
            } else if element.name() == kind {
                let value = element.attribute("description").unwrap_or_default();
                lines.line(&name, &value, Meaning::Text, Party::Unknown);
            } else if matches!(element.name(), "dbPr" | "webPr" | "textPr") {
                for key in ["connection", "command", "url", "sourceFile"] {
                    let value = element.attribute(key).unwrap_or_default();
                    lines.line(key, &value, Meaning::Text, Party::Unknown);
                }
            }
        }
    }
    let in_binary = binary::names_of(package, out);
    for found in &in_binary {
        lines.line(&found.name, &found.value, Meaning::Text, Party::Unknown);
    }
    let n_unknown = in_binary.iter().filter(|found| !found.is_whole).count();
    if n_unknown > 0 {
        let note = format!("{n_unknown} names of formulas that could not be followed");
        out.exception(Exception::part(Reason::Unsupported, None, note));
    }
    if package.has("xl/connections.bin") {
        let note = "connections to other data, in binary form";
        out.exception(Exception::part(Reason::Unsupported, None, note));
    }
    if !lines.is_empty() {
        let place = Place::new(PlaceKind::Header, 1);
        let passage = lines.into_record(place, Part::Properties);
        out.passage(Passage { is_record: false, hidden: Some(Hidden::Invisible), ..passage });
    }
}

/// Reads caches, text boxes and charts, and lists what is embedded.
pub(super) fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let Ok(mut package) = Package::open(input) else { return };
    let mut flow = Flow::new(PlaceKind::Body);
    let folders = ["xl/drawings/drawing", "xl/charts/chart", "xl/diagrams/data"];
    for folder in folders {
        for name in xml_parts(&package, folder) {
            if let Some(xml) = package.text(&name, out) {
                drawing_text(&xml, &mut flow, 1, out);
            }
        }
    }
    flow.flush(out);
    pivot::read(&mut package, out);
    let mut cached = Flow::hidden(PlaceKind::Body, Hidden::Cache);
    for name in xml_parts(&package, "xl/externalLinks/externalLink") {
        if let Some(xml) = package.text(&name, out) {
            drawing_text(&xml, &mut cached, 1, out);
        }
    }
    for name in package.in_folder("xl/externalLinks/externalLink") {
        if name.ends_with(".bin")
            && let Some(bytes) = package.bytes(&name, out)
        {
            binary::linked(&bytes).iter().for_each(|row| cached.paragraph(1, row, out));
        }
    }
    cached.flush(out);
    names(&mut package, out);
    for folder in ["xl/embeddings/", "xl/media/"] {
        package.children(folder, out);
    }
    custom_parts(&mut package, out);
}

fn xml_parts(package: &Package<'_>, folder: &str) -> Vec<String> {
    package.in_folder(folder).into_iter().filter(|name| name.ends_with(".xml")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_without_its_codes() {
        for (code, expected) in [
            ("&L&\"Arial,Bold\"&12Amara Lind&CPage &P of &N&R&D", "Amara Lind\nPage  of"),
            ("Lind && Ek", "Lind & Ek"),
            ("&C&K01+000Clinic", "Clinic"),
        ] {
            assert_eq!(plain_header(code), expected);
        }
    }
}
