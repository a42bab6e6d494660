//! What can be had of a workbook that the library refuses?

use std::collections::HashMap;

use super::cells::{self, Cells, Place, Shape, shown};
use super::parts;
use crate::formats::markup::{Step, Walk};
use crate::formats::package::Package;
use crate::out::Out;
use crate::table::{self, Table};
use calamine::Data;

/// Reads the cells of all sheets as they are written; says whether there were any.
pub(super) fn read(package: &mut Package<'_>, out: &mut Out<'_>) -> bool {
    let shared = shared(&package.text("xl/sharedStrings.xml", out).unwrap_or_default());
    let styles = shapes(&package.text("xl/styles.xml", out).unwrap_or_default());
    let mut sheets = parts::sheets(package, out);
    if sheets.is_empty() {
        let named = package.in_folder("xl/worksheets/sheet").into_iter();
        let named = named.filter(|part| part.ends_with(".xml"));
        sheets = named.enumerate().map(|(n, part)| (format!("Sheet {}", n + 1), part)).collect();
    }
    let n_before = out.document.passages.len();
    for (name, part) in sheets {
        let unseen = parts::unseen(package, &part, out);
        let Some(xml) = package.text(&part, out) else { continue };
        let mut cells = cells_of(&xml, &shared, &styles);
        cells.sort_by_key(|(place, _)| (place.row, place.column));
        let mut cells = cells.into_iter();
        let rows = Cells::new(|| Ok(cells.next()), &unseen.rows);
        let table = Table { sheet: Some(&name), hidden: None, hidden_columns: &unseen.columns };
        table::rows(&table, rows, out);
        let texts = parts::around(package, &part, out);
        parts::beside(&name, None, texts.into_iter(), out);
    }
    out.document.passages.len() > n_before
}

fn shared(xml: &str) -> Vec<String> {
    let (mut texts, mut walk): (Vec<String>, _) = (Vec::new(), Walk::new(xml));
    while let Some(step) = walk.next() {
        let Step::Open(element) = step else { continue };
        match element.name() {
            "si" => texts.push(String::new()),
            "rPh" => walk.skip_inside(),
            "t" => {
                let text = walk.inner_text();
                if let Some(last) = texts.last_mut() {
                    last.push_str(&text);
                }
            }
            _ => {}
        }
    }
    texts
}

/// What each style makes of a number.
fn shapes(xml: &str) -> Vec<Shape> {
    let mut formats: HashMap<u16, Shape> = HashMap::new();
    let (mut shapes, mut is_inside) = (Vec::new(), false);
    for step in Walk::new(xml) {
        match step {
            Step::Open(element) => {
                let number = element.attribute("numFmtId").and_then(|n| n.parse::<u16>().ok());
                match (element.name(), number) {
                    ("numFmt", Some(number)) => {
                        let code = element.attribute("formatCode").unwrap_or_default();
                        formats.insert(number, Shape::of_code(&code));
                    }
                    ("cellXfs", _) => is_inside = true,
                    ("xf", number) if is_inside => {
                        let number = number.unwrap_or(0);
                        let shape = formats.get(&number).cloned();
                        shapes.push(shape.unwrap_or_else(|| Shape::of_builtin(number)));
                    }
                    _ => {}
                }
            }
            Step::Close(name) if name == "cellXfs" => is_inside = false,
            _ => {}
        }
    }
    shapes
}

fn cells_of(xml: &str, shared: &[String], styles: &[Shape]) -> Vec<(Place, String)> {
    let mut cells = Vec::new();
    let mut walk = Walk::new(xml);
    let (mut place, mut kind, mut style) = (Place { row: 0, column: 0 }, String::new(), 0);
    while let Some(step) = walk.next() {
        let Step::Open(element) = step else { continue };
        match element.name() {
            "c" => {
                let next = Place { row: place.row, column: place.column + 1 };
                place = element.attribute("r").and_then(|name| place_of(&name)).unwrap_or(next);
                kind = element.attribute("t").unwrap_or_default();
                style = element.attribute("s").and_then(|n| n.parse().ok()).unwrap_or(0_usize);
            }
            "v" | "t" => {
                let text = walk.inner_text();
                let value = match kind.as_str() {
                    "s" => text.trim().parse().ok().and_then(|n: usize| shared.get(n)).cloned(),
                    "b" => Some(shown(&Data::Bool(text.trim() == "1"), None)),
                    "" | "n" => text.trim().parse().ok().map(|n| {
                        cells::number(n, styles.get(style).unwrap_or(&Shape::Plain), false)
                    }),
                    _ => None,
                };
                cells.push((place, value.unwrap_or_else(|| text.trim().to_owned())));
            }
            _ => {}
        }
    }
    cells
}

/// Where the cell of a name such as `B12` stands.
fn place_of(name: &str) -> Option<Place> {
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let row: u32 = name.get(digits..)?.parse().ok()?;
    let letters = name.get(..digits)?.bytes();
    let column = letters.fold(0_u32, |column, letter| {
        let letter = u32::from(letter.to_ascii_uppercase().saturating_sub(b'A'));
        column.saturating_mul(26).saturating_add(letter + 1)
    });
    Some(Place { row: row.checked_sub(1)?, column: column.checked_sub(1)?.min(16_384) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_stands_where_its_name_says() {
        for (name, expected) in [
            ("A1", Some(Place { row: 0, column: 0 })),
            ("AB12", Some(Place { row: 11, column: 27 })),
            ("12", None),
            ("A0", None),
            ("", None),
        ] {
            assert_eq!(place_of(name), expected, "{name}");
        }
    }
}
