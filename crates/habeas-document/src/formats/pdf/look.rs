//! How does a page look: its marks, letters and text, and its pixels where those are needed?

use habeas_model::{Exception, Place, PlaceKind, Reason};
use hayro::hayro_interpret::{InterpreterSettings, TransformExt};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{self, Dict};
use hayro::hayro_syntax::page::Page as Sheet;
use hayro::kurbo::Rect;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use super::glyphs::{self, PlacedGlyph, Sight};
use super::layout;
use super::structure::{catalogue, items, string};
use super::traced::{NONE, Traced};
use crate::page::{Doubt, Letter, Page, Pixels};

/// Pages that are drawn in pixels have so many to the inch.
const DPI: f64 = 200.0;
/// A page is not drawn in more pixels than that.
const MOST_PIXELS: f64 = 9_000_000.0;
/// Fewer to the inch than this are not enough to read.
const LEAST_DPI: f64 = 80.0;
/// Of so many letters one may be without a meaning: a bullet, a tick.
const UNMAPPED_OF: usize = 200;

/// Records a page. `max_pixels` is the size of its largest picture; `is_picture` says that the page
/// is a scan, or otherwise drawn rather than written.
pub(super) fn look(
    pdf: &Pdf,
    index: usize,
    max_pixels: u64,
    is_picture: bool,
) -> Result<Page, Exception> {
    let place = Place::new(PlaceKind::Page, index + 1);
    let corrupt = |note: &str| Exception::part(Reason::Corrupt, Some(place.clone()), note);
    let sheet = pdf.pages().get(index).ok_or_else(|| corrupt("there is no such page"))?;
    let (width_pt, height_pt) = sheet.render_dimensions();
    if !(width_pt.is_finite() && height_pt.is_finite()) || width_pt <= 0.0 || height_pt <= 0.0 {
        return Err(corrupt("a page without a size"));
    }
    if max_pixels > 100_000_000 {
        let note = "a picture on it has too many pixels to be drawn";
        return Err(Exception::part(Reason::SizeLimit, Some(place), note));
    }
    let layerless = glyphs::layerless();
    let mut reader = glyphs::Reader::new(pdf, layerless.as_ref());
    let mut all = reader.read(sheet);
    all.settle();
    let display = reader.record(sheet);
    let mut recorded = display.glyphs;
    recorded.settle();
    let mut doubts = display.doubts;
    // Both readings have the same glyphs first, since they read the same; what follows in the first
    // one is not shown and not drawn.
    let is_same = all.glyphs.len() >= recorded.glyphs.len()
        && all.glyphs.iter().zip(&recorded.glyphs).all(|(a, b)| a.text == b.text);
    if !is_same {
        doubts.push(Doubt::Odd);
    }
    if recorded.n_unmapped * UNMAPPED_OF > recorded.glyphs.len() {
        doubts.push(Doubt::Unmapped);
    }
    if recorded.is_too_busy {
        doubts.push(Doubt::TooMuch);
    }
    let seen: Vec<(u32, PlacedGlyph)> =
        (0..).zip(all.glyphs).filter(|(_, glyph)| glyph.sight == Sight::Seen).collect();
    let text = layout::traced(seen);
    let mut letters: Vec<Letter> = recorded.glyphs.into_iter().map(letter).collect();
    let texts = place_letters(&text, &mut letters);
    doubts.sort_unstable();
    doubts.dedup();
    let small = pixels(sheet, 72.0)?;
    let area = f64::from(width_pt) * f64::from(height_pt) / 72.0 / 72.0;
    let dpi = DPI.min((MOST_PIXELS / area).sqrt()).floor();
    let wants_pixels = is_picture || !doubts.is_empty();
    let pixels = (wants_pixels && dpi >= LEAST_DPI).then(|| pixels(sheet, dpi)).transpose()?;
    let dpi = if pixels.is_some() { dpi as u16 } else { 0 };
    Ok(Page {
        number: u32::try_from(index + 1).unwrap_or(u32::MAX),
        width_pt,
        height_pt,
        letters,
        texts,
        marks: display.marks,
        outlines: display.outlines,
        pictures: display.pictures,
        doubts,
        pixels,
        dpi,
        small,
        is_picture,
        fitted: fitted(pdf, sheet),
    })
}

/// The fields of a form whose letters are as large as fit in (ISO 32000-2, 12.7.4.3: a size of 0).
fn fitted(pdf: &Pdf, sheet: &Sheet<'_>) -> Vec<[f32; 4]> {
    let transform = sheet.initial_transform(true).to_kurbo();
    let form = catalogue(pdf).and_then(|catalogue| catalogue.get::<Dict<'_>>(b"AcroForm"));
    let usual = form.and_then(|form| string(&form, b"DA"));
    let size = |look: &str| {
        let words: Vec<&str> = look.split_whitespace().collect();
        let at = words.iter().position(|word| *word == "Tf")?;
        words.get(at.checked_sub(1)?)?.parse::<f32>().ok()
    };
    let of = |widget: Dict<'_>| {
        let parent = widget.get::<Dict<'_>>(b"Parent");
        let own = string(&widget, b"DA");
        let look = own.or_else(|| string(&parent?, b"DA")).or_else(|| usual.clone());
        let rect = widget.get::<object::Rect>(b"Rect")?;
        let rect = transform.transform_rect_bbox(Rect::new(rect.x0, rect.y0, rect.x1, rect.y1));
        let sides = [rect.x0, rect.y0, rect.x1, rect.y1].map(|side| side as f32);
        (size(&look?)? == 0.0).then_some(sides)
    };
    items(sheet.raw(), b"Annots").filter_map(object::Object::into_dict).filter_map(of).collect()
}

fn letter(glyph: PlacedGlyph) -> Letter {
    let pair = |x: f64, y: f64| (x as f32, y as f32);
    let is_unmapped = glyph.is_unmapped();
    let (drawn, group) = glyph.meant.unzip();
    Letter {
        text: glyph.text,
        drawn,
        origin: pair(glyph.origin.x, glyph.origin.y),
        advance: pair(glyph.advance.x, glyph.advance.y),
        direction: pair(glyph.direction.x, glyph.direction.y),
        em_pt: glyph.em_pt as f32,
        is_seen: glyph.sight == Sight::Seen,
        is_unmapped,
        group: group.and_then(|first| u32::try_from(first).ok()),
        at: None,
    }
}

/// The page's texts as its passages have them, and where in them each letter stands.
fn place_letters(text: &Traced, letters: &mut [Letter]) -> Vec<String> {
    let whole = text.as_str();
    let parts = super::parts(whole);
    let (mut at, mut part) = (0, 0);
    for (c, from) in text.chars() {
        let (start, end) = (at, at + c.len_utf8());
        at = end;
        while parts.get(part).is_some_and(|range| range.end <= start) {
            part += 1;
        }
        let Some(range) = parts.get(part).filter(|range| range.start <= start) else { continue };
        let letter = usize::try_from(from).ok().filter(|_| from != NONE);
        let Some(letter) = letter.and_then(|index| letters.get_mut(index)) else { continue };
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        let (start, end) = (number(start - range.start), number(end - range.start));
        letter.at = match letter.at {
            // Letters of one glyph follow each other; a line may have them in the other order.
            Some((of, from, to)) if of == number(part) => Some((of, from.min(start), to.max(end))),
            _ => Some((number(part), start, end)),
        };
    }
    parts.iter().map(|range| whole.get(range.clone()).unwrap_or_default().to_owned()).collect()
}

/// Draws a page in colour on white.
fn pixels(sheet: &Sheet<'_>, dpi: f64) -> Result<Pixels, Exception> {
    let (width, height) = sheet.render_dimensions();
    let longest = f64::from(width.max(height));
    let scale = (dpi / 72.0).min(6_000.0 / longest) as f32;
    let pixmap = render(
        sheet,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        // Hinting moves letters to the grid of pixels, by what their font says.
        &RenderSettings { hinting: false, ..RenderSettings::default() },
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let rgba = pixmap.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b, 255]).collect();
    Ok(Pixels { width, height, rgba })
}
