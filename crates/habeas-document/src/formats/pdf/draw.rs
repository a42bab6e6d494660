//! How does a page look, for those who can only read it by its looks?

use habeas_model::{Exception, Place, PlaceKind, Reason};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use crate::out::Picture;

/// What recognisers of text like best, in dots per inch.
const BEST_DPI: f64 = 300.0;
/// Below this, print of the usual size cannot be read.
const LEAST_DPI: f64 = 100.0;
/// A picture on a page may have so many pixels for each byte that the page may: an A4 page of 800
/// dots per inch for an A3 page of 300.
const PICTURE_PIXELS_PER_BYTE: u64 = 3;

/// Draws a page in grey on white, at 300 dpi if that has no more than `max_bytes` pixels, else at
/// as much as fits. It takes about nine times as much memory while it is drawn.
///
/// `max_pixels` is the size of the largest picture on it.
pub(in crate::formats) fn draw(
    pdf: &Pdf,
    index: usize,
    max_pixels: u64,
    max_bytes: u64,
) -> Result<Picture, Exception> {
    let place = Place::new(PlaceKind::Page, index + 1);
    let too_large = |note: &str| Err(Exception::part(Reason::SizeLimit, Some(place.clone()), note));
    let Some(page) = pdf.pages().get(index) else {
        return Err(Exception::part(Reason::Corrupt, Some(place), "there is no such page"));
    };
    if max_pixels > max_bytes.saturating_mul(PICTURE_PIXELS_PER_BYTE) {
        return too_large("a picture on it has too many pixels to be drawn");
    }
    let (width, height) = page.render_dimensions();
    let inches = |points: f32| f64::from(points) / 72.0;
    let (width, height) = (inches(width), inches(height));
    let area = width * height;
    if !area.is_finite() || area <= 0.0 {
        return Err(Exception::part(Reason::Corrupt, Some(place), "a page without a size"));
    }
    // The head of the greymap is left out of it, and rounding up of the sides.
    let fitting = (max_bytes as f64 * 0.99 / area).sqrt();
    let fitting = fitting.min(f64::from(u16::MAX - 1) / width.max(height));
    // A small page is drawn larger, as far as that helps.
    let best = if width.min(height) < 1.5 { 2.0 * BEST_DPI } else { BEST_DPI };
    let dpi = best.min(fitting).floor();
    if dpi < LEAST_DPI {
        return too_large("a page too large to be drawn");
    }
    let scale = (dpi / 72.0) as f32;
    let pixmap = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let (width, height) = (pixmap.width(), pixmap.height());
    let mut pgm = format!("P5\n{width} {height}\n255\n").into_bytes();
    pgm.extend(pixmap.data().iter().map(|pixel| grey(pixel.r, pixel.g, pixel.b)));
    Ok(Picture { pgm, dpi: dpi as u16 })
}

/// How bright a colour is (ITU-R BT.601).
pub(in crate::formats) fn grey(red: u8, green: u8, blue: u8) -> u8 {
    let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
    (sum >> 8) as u8
}
