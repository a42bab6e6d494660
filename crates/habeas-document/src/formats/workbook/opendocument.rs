//! Which comments does an OpenDocument workbook have, and what is embedded in it?

use habeas_model::{Meaning, Part, Party, Place, PlaceKind};

use crate::formats::captioned::Captioned;
use crate::formats::markup::{Step, Walk};
use crate::formats::package::Package;
use crate::out::{Input, Out};

/// Reads the comments, each at the row of its cell, and lists pictures and embedded objects.
pub(super) fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let Ok(mut package) = Package::open(input) else { return };
    let Some(xml) =
        package.text("content.xml", out).filter(|xml| xml.contains("office:annotation"))
    else {
        return package.children("Pictures/", out);
    };
    let (mut sheet, mut row, mut n_rows) = (String::new(), 0_usize, 0_usize);
    let mut walk = Walk::new(&xml);
    while let Some(step) = walk.next() {
        let Step::Open(element) = step else { continue };
        match element.name() {
            "table" => {
                sheet = element.attribute("name").unwrap_or_default();
                (row, n_rows) = (0, 0);
            }
            "table-row" => {
                row = n_rows + 1;
                let repeated = element.attribute("number-rows-repeated");
                n_rows += repeated.and_then(|n| n.parse::<usize>().ok()).unwrap_or(1).min(1 << 21);
            }
            "annotation" => {
                let (author, text) = annotation(&mut walk);
                let mut lines = Captioned::default();
                lines.line("Author", &author, Meaning::Name, Party::Unknown);
                lines.line("Comment", &text, Meaning::Text, Party::Unknown);
                let place = Place::new(PlaceKind::Cell, row.max(1)).in_sheet(&sheet);
                out.passage(lines.into_record(place, Part::Comment));
            }
            _ => {}
        }
    }
    package.children("Pictures/", out);
}

/// Who wrote a comment, and what it says.
pub(crate) fn annotation(walk: &mut Walk<'_>) -> (String, String) {
    let (mut author, mut text) = (String::new(), String::new());
    while let Some(step) = walk.next() {
        match step {
            Step::Open(element) => match element.name() {
                "creator" => author = walk.inner_text(),
                "date" | "date-string" | "creator-initials" => walk.skip_inside(),
                "tab" | "line-break" | "s" => text.push(' '),
                _ => {}
            },
            Step::Text(piece) => text.push_str(&piece),
            Step::Close(name) if name == "p" => text.push('\n'),
            Step::Close(name) if name == "annotation" => break,
            Step::Close(_) => {}
        }
    }
    (author, text.trim().to_owned())
}
