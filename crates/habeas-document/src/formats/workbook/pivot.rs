//! Which rows does a pivot table keep a copy of?
//!
//! They stay in its cache after they were deleted from their sheet; so do values that no row has any
//! more, and that its filters go on offering.

use habeas_model::Hidden;

use super::binary;
use crate::formats::markup::{Step, Walk};
use crate::formats::package::Package;
use crate::out::Out;
use crate::table::{self, Row, Table};

/// A column of a cache: its name, and the values that rows point to.
#[derive(Default)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) shared: Vec<String>,
    /// Which of the values a row has pointed to.
    pub(super) used: Vec<bool>,
    /// Names of groups of values, which no row points to.
    pub(super) groups: Vec<String>,
    /// Do rows have a value for it? One that is computed has none.
    pub(super) has_values: bool,
    /// What the values are that stand in the rows themselves, in a binary workbook.
    pub(super) flags: u16,
}

impl Field {
    /// The value with that number.
    pub(super) fn value(&mut self, index: usize) -> String {
        let value = self.shared.get(index).cloned().unwrap_or_default();
        self.used.resize(self.shared.len(), false);
        if let Some(used) = self.used.get_mut(index) {
            *used = true;
        }
        value
    }

    /// The values that no row points to.
    fn unused(&self) -> impl Iterator<Item = &String> {
        let is_used = |index: usize| self.used.get(index).is_some_and(|used| *used);
        let values = self.shared.iter().enumerate().filter(move |(index, _)| !is_used(*index));
        values.map(|(_, value)| value).chain(&self.groups)
    }
}

/// Reads the caches of a workbook, of either kind.
pub(super) fn read(package: &mut Package<'_>, out: &mut Out<'_>) {
    let parts = package.in_folder("xl/pivotCache/pivotCacheDefinition");
    let parts = parts.iter().filter(|name| name.ends_with(".xml") || name.ends_with(".bin"));
    for (index, part) in parts.enumerate() {
        let records =
            package.relations(part, out).into_iter().find(|r| r.kind == "pivotCacheRecords");
        let records = records.map(|relation| relation.target);
        if part.ends_with(".bin") {
            let Some(fields) = package.bytes(part, out) else { continue };
            let records = records.and_then(|part| package.bytes(&part, out));
            binary::pivot_cache(&fields, records.as_deref(), index + 1, out);
        } else {
            let Some(fields) = package.text(part, out) else { continue };
            let records = records.and_then(|part| package.text(&part, out));
            in_xml(&fields, records.as_deref(), index + 1, out);
        }
    }
}

fn in_xml(fields_xml: &str, records: Option<&str>, number: usize, out: &mut Out<'_>) {
    let mut fields: Vec<Field> = Vec::new();
    for step in Walk::new(fields_xml) {
        let Step::Open(element) = step else { continue };
        let value = |name| element.attribute(name).unwrap_or_default();
        match (element.name(), fields.last_mut()) {
            ("cacheField", _) => {
                fields.push(Field { name: value("name"), ..Field::default() });
            }
            ("s" | "n" | "d" | "b" | "e" | "m", Some(field)) => field.shared.push(value("v")),
            _ => {}
        }
    }
    let mut walk = records.map(Walk::new);
    let mut cells: Vec<String> = Vec::new();
    hand_over(&mut fields, number, out, |fields| {
        for step in walk.as_mut()? {
            match step {
                Step::Open(element) => {
                    let value = element.attribute("v").unwrap_or_default();
                    match element.name() {
                        "r" => cells.clear(),
                        "x" => {
                            let field = fields.get_mut(cells.len());
                            let index = value.parse::<usize>().ok();
                            let found = field.zip(index).map(|(field, index)| field.value(index));
                            cells.push(found.unwrap_or_default());
                        }
                        "s" | "n" | "d" | "b" | "e" | "m" => cells.push(value),
                        _ => {}
                    }
                }
                Step::Close(name) if name == "r" => return Some(std::mem::take(&mut cells)),
                Step::Close(_) | Step::Text(_) => {}
            }
        }
        None
    });
}

/// Hands over a cache: its rows, of which `next_row` gives the cells, and then the values that no
/// row has, each in its column. Without rows that is all there is.
pub(super) fn hand_over(
    fields: &mut [Field],
    number: usize,
    out: &mut Out<'_>,
    mut next_row: impl FnMut(&mut [Field]) -> Option<Vec<String>>,
) {
    let captions: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let mut first = Some(captions);
    let (mut n_rows, mut unused): (usize, Option<Vec<std::vec::IntoIter<String>>>) = (0, None);
    let rows = std::iter::from_fn(|| {
        let cells = first.take().or_else(|| {
            if unused.is_none()
                && let Some(cells) = next_row(fields)
            {
                return Some(cells);
            }
            let unused = unused.get_or_insert_with(|| {
                let of = |field: &Field| field.unused().cloned().collect::<Vec<_>>().into_iter();
                fields.iter().map(of).collect()
            });
            let is_more = unused.iter().any(|values| values.len() > 0);
            is_more.then(|| unused.iter_mut().map(|v| v.next().unwrap_or_default()).collect())
        })?;
        n_rows += 1;
        Some(Row { number: n_rows, cells, hidden: None })
    });
    let mut rows = rows.peekable();
    let Some(captions) = rows.next() else { return };
    if rows.peek().is_some() {
        let sheet = format!("pivot cache {number}");
        let hidden = Some(Hidden::Cache);
        let table = Table { sheet: Some(&sheet), hidden, ..Table::default() };
        table::rows(&table, std::iter::once(captions).chain(rows), out);
    }
}
