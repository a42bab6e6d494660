//! How do pages become the bytes of a PDF file?

use krilla::color::luma;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use super::face::Shapes;
use super::font::{Face, Weight, visible};
use super::inked::Press;
use super::layout::{MARGIN, Mark, Pages};
use super::text::Look;
use super::{Error, Sheet};

/// Writes pages as a PDF without dates, producer, XMP or anything that came from elsewhere.
pub(super) fn emit(sheet: &Sheet, pages: &Pages, shapes: &Shapes) -> Result<Vec<u8>, Error> {
    let mut press = Press::new(shapes)?;
    let settings =
        SerializeSettings { xmp_metadata: false, enable_tagging: false, ..Default::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(Metadata::new().title(sheet.title.clone()).language("en-GB".to_owned()));
    for (number, marks) in pages.pages.iter().enumerate() {
        let (width, height) = match marks.first() {
            // What it says of itself stands below it, not over it.
            Some(Mark::Leaf(leaf)) => (leaf.width_pt.max(LEAST_WIDTH), leaf.height_pt + STRIP),
            _ => (pages.width, pages.height),
        };
        let size = PageSettings::from_wh(width, height).ok_or(Error::Refused)?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for mark in marks {
            match mark {
                Mark::Leaf(leaf) => press.draw(&mut surface, leaf),
                mark => draw(&mut surface, mark),
            }
        }
        let is_leaf = matches!(marks.first(), Some(Mark::Leaf(_)));
        let y = if is_leaf { height - 8.0 } else { height - 36.0 };
        foot(&mut surface, sheet, (number, pages.pages.len()), (width, y));
        surface.finish();
        page.finish();
    }
    if !pages.outline.is_empty() {
        let mut outline = Outline::new();
        for (text, page, y) in &pages.outline {
            let there = XyzDestination::new(*page, Point::from_xy(MARGIN, *y));
            outline.push_child(OutlineNode::new(text.clone(), there));
        }
        document.set_outline(outline);
    }
    document.finish().map_err(|_| Error::Refused)
}

fn draw(surface: &mut Surface<'_>, mark: &Mark) {
    match mark {
        Mark::Fill { x, y, width, height, grey } => {
            let Some(rect) = Rect::from_xywh(*x, *y, width.max(0.1), height.max(0.1)) else {
                return;
            };
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            if let Some(path) = path.finish() {
                surface.set_fill(Some(ink(*grey)));
                surface.draw_path(&path);
            }
        }
        Mark::Leaf(_) => {}
        Mark::Text { x, y, size_pt, text, look } => {
            let grey = if *look == Look::Grey { 95 } else { 0 };
            write(surface, text, (*x, *y), *size_pt, look.weight(), grey);
        }
    }
}

pub(super) fn ink(grey: u8) -> Fill {
    Fill { paint: luma::Color::new(grey).into(), ..Fill::default() }
}

pub(super) fn write(
    surface: &mut Surface<'_>,
    text: &str,
    (x, y): (f32, f32),
    size_pt: f32,
    weight: Weight,
    grey: u8,
) {
    if text.trim().is_empty() {
        return;
    }
    let face = Face::of(weight);
    let glyphs: Vec<KrillaGlyph> = text
        .char_indices()
        .filter_map(|(at, c)| {
            let (glyph, advance) = face.glyph(c)?;
            let range = at..at + c.len_utf8();
            Some(KrillaGlyph::new(GlyphId::new(glyph.into()), advance, 0.0, 0.0, 0.0, range, None))
        })
        .collect();
    surface.set_fill(Some(ink(grey)));
    surface.draw_glyphs(Point::from_xy(x, y), &glyphs, face.font.clone(), text, size_pt, false);
}

/// The strip below a page that is drawn as the original looks.
pub(crate) const STRIP: f32 = 24.0;
/// A page is at least that wide, so that its number can be read.
const LEAST_WIDTH: f32 = 230.0;

fn foot(
    surface: &mut Surface<'_>,
    sheet: &Sheet,
    (number, n_pages): (usize, usize),
    (width, y): (f32, f32),
) {
    let margin = MARGIN.min(width * 0.06);
    let size_pt = 7.5;
    let (n, m) = (number + 1, n_pages);
    let mut left = String::new();
    if let Some(first) = &sheet.foot.first {
        left = first.plus(u32::try_from(number).unwrap_or(u32::MAX - 1)).to_string();
        left.push_str("   ");
    }
    let mut words = String::new();
    sheet.foot.words.chars().for_each(|c| visible(c, &mut words));
    left.push_str(&words);
    let right = format!("page {n} of {m}");
    let x = width - margin - Face::of(Weight::Plain).width(&right, size_pt);
    let rule =
        Mark::Fill { x: margin, y: y - 12.0, width: width - 2.0 * margin, height: 0.5, grey: 190 };
    draw(surface, &rule);
    write(surface, &left, (margin, y), size_pt, Weight::Plain, 60);
    write(surface, &right, (x, y), size_pt, Weight::Plain, 60);
}
