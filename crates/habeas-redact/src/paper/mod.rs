//! How does a document of ours look on paper? A page maker for exhibits, letters and schedules.
//!
//! Everything is A4, in one typeface that is embedded, without dates or producer, so that the same
//! sheet always gives the same bytes. Layout depends on the sheet alone: what was taken out of a
//! document before cannot show in a width, a break or a column.

mod bidi;
mod emit;
pub(crate) mod face;
mod font;
mod inked;
mod layout;
pub(crate) mod leaf;
mod text;

pub(crate) use emit::STRIP;
use face::Shapes;
pub use leaf::Leaf;
pub use text::{Look, Rich, Span};

/// What stands on a sheet, from the top down.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// The title of the whole sheet.
    Title(String),
    /// A heading, which also stands in the outline.
    Heading(String),
    /// A paragraph; line breaks in it are kept.
    Paragraph(Rich),
    /// A paragraph after a bullet.
    Item(Rich),
    /// Captions with their values, a pair a row.
    Pairs(Vec<(Rich, Rich)>),
    /// A table.
    Table(Table),
    /// Words of ours about the document, in grey and smaller.
    Note(String),
    /// Empty lines, that many.
    Space(u8),
    /// The next so many lines stand on one page.
    Together(u8),
    /// A page of its own, drawn as the original looks.
    Leaf(Box<Leaf>),
}

/// A table whose cells wrap and whose header stands on each page again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Captions of the columns.
    pub header: Vec<Rich>,
    /// How the width is shared among the columns; missing ones count as 1.
    pub weights: Vec<f32>,
    /// Rows of as many cells as there are columns.
    pub rows: Vec<Vec<Rich>>,
}

/// What is typeset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The title in the file's properties: neutral, since it is easily overlooked.
    pub title: String,
    /// What stands at the foot of each page, left.
    pub foot: Foot,
    /// What stands on it.
    pub blocks: Vec<Block>,
    /// Lay the pages on their side, for wide tables.
    pub is_wide: bool,
    /// The widest label that may stand on it: the box of every label is as wide as this one's. Empty
    /// for `[TP 0000]`. A label that is wider all the same is set smaller.
    pub label: String,
}

/// The foot of a page. The page's number of how many stands at its right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Foot {
    /// The number of the first page, if pages are numbered for the bundle.
    pub first: Option<habeas_model::BatesNumber>,
    /// A few words, such as `redacted copy`.
    pub words: String,
}

/// A sheet as a PDF file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its pages.
    pub n_pages: u32,
}

/// Is that the width of a label's box on a page that is drawn as it looks?
pub(crate) fn is_drawn_box(ratio: i64) -> bool {
    let usual = leaf::box_ratio() * 1000.0;
    (ratio as f32 - usual).abs() < usual * 0.01
}

/// Is that the width of a label's box of ours, in thousandths of the size of its letters?
pub(crate) fn is_usual_box(ratio: i64) -> bool {
    let near = |usual: f32| (ratio as f32 - usual).abs() < usual * 0.03;
    let set = |size_pt: f32| text::label_box("", size_pt) / size_pt * 1000.0;
    near(set(8.0))
        || near(set(layout::BODY))
        || near(set(layout::LETTER))
        || near(leaf::box_ratio() * 1000.0)
}

/// Why a sheet cannot be typeset.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// More pages than one file may have.
    #[error("it would be more than {0} pages")]
    TooLong(u32),
    /// The PDF writer refused.
    #[error("the PDF could not be written")]
    Refused,
}

/// Pages of one file; a document that needs more is given as data, not as paper.
pub const MAX_PAGES: u32 = 20_000;

/// Typesets a sheet.
///
/// # Errors
/// If it is too long, or the PDF writer refuses; nothing is left behind.
pub fn typeset(sheet: &Sheet) -> Result<Printed, Error> {
    typeset_with(sheet, &Shapes::default())
}

/// As [`typeset`], with the running text of a letter, which is read on paper.
///
/// # Errors
/// As [`typeset`].
pub fn typeset_letter(sheet: &Sheet) -> Result<Printed, Error> {
    set(sheet, &Shapes::default(), layout::LETTER)
}

/// As [`typeset`], of a sheet with leaves whose letters have these shapes.
pub(crate) fn typeset_with(sheet: &Sheet, shapes: &Shapes) -> Result<Printed, Error> {
    set(sheet, shapes, layout::BODY)
}

fn set(sheet: &Sheet, shapes: &Shapes, body_pt: f32) -> Result<Printed, Error> {
    let pages = layout::lay_out(sheet, body_pt)?;
    let n_pages = u32::try_from(pages.pages.len()).map_err(|_| Error::TooLong(MAX_PAGES))?;
    Ok(Printed { bytes: emit::emit(sheet, &pages, shapes)?, n_pages })
}

/// The advance of a letter in the face of running text, in parts of its size; 0 if it has none.
pub(crate) fn advance(letter: char) -> f64 {
    font::Face::of(font::Weight::Plain).glyph(letter).map_or(0.0, |(_, advance)| advance.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let cell = |text: &str| Rich::from(text);
        let rows = (0..200)
            .map(|n| vec![cell(&n.to_string()), cell("some words that will have to wrap in it")])
            .collect();
        Sheet {
            title: "SAR-0007-000001".into(),
            foot: Foot::default(),
            blocks: vec![
                Block::Title("A title".into()),
                Block::Heading("A heading".into()),
                Block::Paragraph("Text, and more of it.\nA line.".into()),
                Block::Item("a point".into()),
                Block::Pairs(vec![(cell("From"), cell("a sender"))]),
                Block::Table(Table {
                    header: vec![cell("No."), cell("What")],
                    weights: vec![1.0, 2.0],
                    rows,
                }),
                Block::Note("a note".into()),
            ],
            is_wide: false,
            label: String::new(),
        }
    }

    #[test]
    fn the_same_sheet_gives_the_same_bytes() {
        let first = typeset(&sheet()).unwrap();
        assert!(first.n_pages > 3);
        assert_eq!(first, typeset(&sheet()).unwrap());
    }

    #[test]
    fn what_would_be_too_long_is_refused() {
        let blocks = vec![Block::Paragraph("\n".repeat(60 * MAX_PAGES as usize).into())];
        let sheet = Sheet { blocks, ..Sheet::default() };
        assert_eq!(typeset(&sheet), Err(Error::TooLong(MAX_PAGES)));
    }
}
