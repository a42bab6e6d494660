//! Is everything that can be read also seen? Compared with the page as it is drawn.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::kurbo::Rect;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use super::page::{Letter, Sheet, brightness};

/// A page drawn in grey on white.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grey {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Pixels an inch.
    pub dpi: u16,
    /// Row by row from the top, 0 for black.
    pub pixels: Vec<u8>,
}

/// The most pixels of a page that is drawn here.
const MAX_PIXELS: f64 = 60.0e6;

/// Draws a page. `None` if it has no size, or is too large to be drawn.
pub(crate) fn drawn<'a>(
    pdf: &'a Pdf,
    index: usize,
    dpi: u16,
    cache: &RenderCache<'a>,
) -> Option<Grey> {
    let page = pdf.pages().get(index)?;
    let scale = f32::from(dpi) / 72.0;
    let (width, height) = page.render_dimensions();
    let area = f64::from(width * scale) * f64::from(height * scale);
    let longest = width.max(height) * scale;
    if !(1.0..=MAX_PIXELS).contains(&area) || longest > f32::from(u16::MAX - 1) {
        return None;
    }
    let pixmap = render(
        page,
        cache,
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let pixels = pixmap.data().iter().map(|pixel| brightness(pixel.r, pixel.g, pixel.b)).collect();
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    Some(Grey { width, height, dpi, pixels })
}

/// What is drawn of a page at this many dots an inch tells whether a letter is there.
pub(crate) const DPI: u16 = 72;
/// A letter whose place is less uneven than this, of 255, is not seen.
const LEAST_CONTRAST: u8 = 8;

/// How many letters of a page can be read and not seen, and how many of them are written without
/// ink on a picture, as the text of a scan is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unseen {
    pub(crate) n_letters: usize,
    pub(crate) n_of_scan: usize,
}

/// Looks for each letter at its place.
pub(crate) fn unseen(sheet: &Sheet, grey: &Grey) -> Unseen {
    let is_scan = sheet.is_scan();
    let mut n_under = 0;
    let mut unseen = Unseen::default();
    for letter in &sheet.letters {
        let is_word = letter.text.chars().any(|c| !c.is_whitespace() && !c.is_control());
        if !is_word {
            continue;
        }
        if !letter.has_ink {
            let is_on_picture = sheet.pictures.iter().any(|rect| rect.contains(middle(letter)));
            if is_on_picture {
                unseen.n_of_scan += 1;
            } else {
                unseen.n_letters += 1;
            }
            continue;
        }
        // What has no shape, such as a space with a meaning, is read and never seen.
        let is_seen = letter.shape.is_some_and(|shape| contrast(grey, shape) >= LEAST_CONTRAST);
        if is_scan && letter.shape.is_some() {
            n_under += usize::from(!is_seen);
        } else {
            unseen.n_letters += usize::from(!is_seen);
        }
    }
    // Under a scan a word is as wide as its picture, and a letter of it may lie between two; whether the
    // words are those of the picture is asked of a recogniser.
    if n_under * 20 > sheet.letters.len() {
        unseen.n_letters += n_under;
    } else if is_scan {
        unseen.n_of_scan += n_under.max(1);
    }
    unseen
}

fn middle(letter: &Letter) -> hayro::kurbo::Point {
    letter.origin + letter.advance * 0.5 - hayro::kurbo::Vec2::new(0.0, letter.size_pt * 0.3)
}

/// The difference between the brightest and the darkest pixel of a place and around it.
fn contrast(grey: &Grey, place: Rect) -> u8 {
    let scale = f64::from(grey.dpi) / 72.0;
    let (width, height) = (f64::from(grey.width), f64::from(grey.height));
    let left = (place.x0 * scale - 0.6).floor().clamp(0.0, width) as usize;
    let right = (place.x1 * scale + 0.6).ceil().clamp(0.0, width) as usize;
    let top = (place.y0 * scale - 0.6).floor().clamp(0.0, height) as usize;
    let bottom = (place.y1 * scale + 0.6).ceil().clamp(0.0, height) as usize;
    let (mut darkest, mut brightest) = (u8::MAX, 0);
    for row in top..bottom {
        let start = row * grey.width as usize;
        let Some(row) = grey.pixels.get(start + left..start + right) else { continue };
        for pixel in row {
            darkest = darkest.min(*pixel);
            brightest = brightest.max(*pixel);
        }
        if brightest.saturating_sub(darkest) >= LEAST_CONTRAST {
            break;
        }
    }
    brightest.saturating_sub(darkest)
}
