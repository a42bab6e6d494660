//! What does a workbook hold beside its cells?

use std::collections::HashSet;

use habeas_model::{Hidden, PlaceKind};

use crate::formats::docx::drawing_text;
use crate::formats::flow::Flow;
use crate::formats::markup::{Step, Walk};
use crate::formats::package::Package;
use crate::out::{Input, Out};
use crate::table::{self, Row, Table};

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

/// Reads caches, text boxes and charts, and lists what is embedded.
pub(super) fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let Ok(mut package) = Package::open(input) else { return };
    let mut flow = Flow::new(PlaceKind::Body);
    for folder in ["xl/drawings/drawing", "xl/charts/chart"] {
        for name in xml_parts(&package, folder) {
            if let Some(xml) = package.text(&name, out) {
                drawing_text(&xml, &mut flow, 1, out);
            }
        }
    }
    flow.flush(out);
    for (index, name) in
        xml_parts(&package, "xl/pivotCache/pivotCacheDefinition").iter().enumerate()
    {
        pivot_cache(&mut package, name, index + 1, out);
    }
    let mut cached = Flow::hidden(PlaceKind::Body, Hidden::Cache);
    for name in xml_parts(&package, "xl/externalLinks/externalLink") {
        if let Some(xml) = package.text(&name, out) {
            drawing_text(&xml, &mut cached, 1, out);
        }
    }
    cached.flush(out);
    for folder in ["xl/embeddings/", "xl/media/"] {
        package.children(folder, out);
    }
}

fn xml_parts(package: &Package<'_>, folder: &str) -> Vec<String> {
    package.in_folder(folder).into_iter().filter(|name| name.ends_with(".xml")).collect()
}

/// The rows that a pivot table keeps a copy of, also after they were deleted from their sheet.
fn pivot_cache(package: &mut Package<'_>, part: &str, number: usize, out: &mut Out<'_>) {
    let records = package.relations(part, out).into_iter().find(|r| r.kind == "pivotCacheRecords");
    let Some(xml) = package.text(part, out) else { return };
    // For each field, its name and the values that records point to.
    let mut fields: Vec<(String, Vec<String>)> = Vec::new();
    for step in Walk::new(&xml) {
        let Step::Open(element) = step else { continue };
        let value = |name| element.attribute(name).unwrap_or_default();
        match (element.name(), fields.last_mut()) {
            ("cacheField", _) => fields.push((value("name"), Vec::new())),
            ("s" | "n" | "d" | "b" | "e" | "m", Some((_, shared))) => shared.push(value("v")),
            _ => {}
        }
    }
    let captions: Vec<String> = fields.iter().map(|(name, _)| name.clone()).collect();
    let mut rows = vec![Row { number: 1, cells: captions, hidden: None }];
    match records.and_then(|relation| package.text(&relation.target, out)) {
        Some(xml) => {
            let mut cells: Vec<String> = Vec::new();
            for step in Walk::new(&xml) {
                match step {
                    Step::Open(element) => {
                        let value = element.attribute("v").unwrap_or_default();
                        match element.name() {
                            "r" => cells.clear(),
                            "x" => {
                                let shared = fields.get(cells.len()).map(|(_, shared)| shared);
                                let index = value.parse::<usize>().ok();
                                let found = shared.zip(index).and_then(|(s, index)| s.get(index));
                                cells.push(found.cloned().unwrap_or_default());
                            }
                            "s" | "n" | "d" | "b" | "e" | "m" => cells.push(value),
                            _ => {}
                        }
                    }
                    Step::Close(name) if name == "r" => {
                        let number = rows.len() + 1;
                        rows.push(Row { number, cells: std::mem::take(&mut cells), hidden: None });
                    }
                    _ => {}
                }
            }
        }
        // Without records there are still the values, each field's in its column.
        None => {
            let n_rows = fields.iter().map(|(_, shared)| shared.len()).max().unwrap_or(0);
            for index in 0..n_rows {
                let cell = |(_, shared): &(String, Vec<String>)| {
                    shared.get(index).cloned().unwrap_or_default()
                };
                let cells = fields.iter().map(cell).collect();
                rows.push(Row { number: index + 2, cells, hidden: None });
            }
        }
    }
    if rows.len() > 1 {
        let sheet = format!("pivot cache {number}");
        let hidden = Some(Hidden::Cache);
        let table = Table { sheet: Some(&sheet), hidden, ..Table::default() };
        table::rows(&table, rows.into_iter(), out);
    }
}
