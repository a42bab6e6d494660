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

use super::font::{Face, Weight, visible};
use super::layout::{MARGIN, Mark, Pages};
use super::text::Look;
use super::{Error, Sheet};

/// Writes pages as a PDF without dates, producer, XMP or anything that came from elsewhere.
pub(super) fn emit(sheet: &Sheet, pages: &Pages) -> Result<Vec<u8>, Error> {
    let settings =
        SerializeSettings { xmp_metadata: false, enable_tagging: false, ..Default::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(Metadata::new().title(sheet.title.clone()).language("en-GB".to_owned()));
    for (number, marks) in pages.pages.iter().enumerate() {
        let size = PageSettings::from_wh(pages.width, pages.height).ok_or(Error::Refused)?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for mark in marks {
            draw(&mut surface, mark);
        }
        foot(&mut surface, sheet, pages, number);
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
        Mark::Text { x, y, size_pt, text, look } => {
            let grey = if *look == Look::Grey { 95 } else { 0 };
            write(surface, text, (*x, *y), *size_pt, look.weight(), grey);
        }
    }
}

fn ink(grey: u8) -> Fill {
    Fill { paint: luma::Color::new(grey).into(), ..Fill::default() }
}

fn write(
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

fn foot(surface: &mut Surface<'_>, sheet: &Sheet, pages: &Pages, number: usize) {
    let size_pt = 7.5;
    let y = pages.height - 36.0;
    let (n, m) = (number + 1, pages.pages.len());
    let mut left = String::new();
    if let Some(first) = &sheet.foot.first {
        left = first.plus(u32::try_from(number).unwrap_or(u32::MAX - 1)).to_string();
        left.push_str("   ");
    }
    let mut words = String::new();
    sheet.foot.words.chars().for_each(|c| visible(c, &mut words));
    left.push_str(&words);
    let right = format!("page {n} of {m}");
    let x = pages.width - MARGIN - Face::of(Weight::Plain).width(&right, size_pt);
    let rule = Mark::Fill {
        x: MARGIN,
        y: y - 12.0,
        width: pages.width - 2.0 * MARGIN,
        height: 0.5,
        grey: 190,
    };
    draw(surface, &rule);
    write(surface, &left, (MARGIN, y), size_pt, Weight::Plain, 60);
    write(surface, &right, (x, y), size_pt, Weight::Plain, 60);
}
