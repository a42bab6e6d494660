//! Does a page that was drawn anew look as it did, but for what was meant to differ?

use habeas_document::page::Pixels;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use crate::paper::STRIP;

/// The sides of the squares that are compared, in pixels of a 72nd of an inch.
const SQUARE: u32 = 8;
/// A square differs if its pixels differ by so much on average, of 255.
const DIFFERS: u32 = 40;
/// So many squares of a thousand may differ: edges that fall on other pixels.
const OF_A_THOUSAND: usize = 6;

/// Does the first page of a file look as these pixels do, outside of the boxes? In points of the page,
/// of which there is one for each pixel.
pub(super) fn is_alike(file: &[u8], small: &Pixels, changed: &[[f32; 4]]) -> bool {
    let Ok(pdf) = Pdf::new(file.to_vec()) else { return false };
    let Some(page) = pdf.pages().first() else { return false };
    let (width, height) = page.render_dimensions();
    // A large page was drawn smaller than a pixel a point.
    let scale = (small.height as f32 / (height - STRIP).max(1.0)).min(1.0).min(6_000.0 / width);
    let scale = if (scale - 1.0).abs() < 0.01 { 1.0 } else { scale };
    let pixmap = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings { hinting: false, ..RenderSettings::default() },
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let drawn = Pixels {
        width: pixmap.width().into(),
        height: pixmap.height().into(),
        rgba: pixmap.data().iter().flat_map(|p| [p.r, p.g, p.b, 255]).collect(),
    };
    let changed: Vec<[f32; 4]> = changed.iter().map(|b| b.map(|side| side * scale)).collect();
    is_like(small, &drawn, &changed)
}

fn is_like(one: &Pixels, other: &Pixels, changed: &[[f32; 4]]) -> bool {
    let (columns, rows) = (one.width.div_ceil(SQUARE), one.height.div_ceil(SQUARE));
    let (mut n, mut n_unlike) = (0_usize, 0_usize);
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (column * SQUARE, row * SQUARE);
            let square = [x as f32, y as f32, (x + SQUARE) as f32, (y + SQUARE) as f32];
            let is_changed = changed.iter().any(|bounds| {
                bounds[0] < square[2] + 1.0
                    && bounds[2] > square[0] - 1.0
                    && bounds[1] < square[3] + 1.0
                    && bounds[3] > square[1] - 1.0
            });
            if is_changed {
                continue;
            }
            n += 1;
            n_unlike += usize::from(difference(one, other, x, y) > DIFFERS);
        }
    }
    n_unlike * 1000 <= n.max(1) * OF_A_THOUSAND
}

/// By how much the pixels of a square differ on average; brightness alone counts.
fn difference(one: &Pixels, other: &Pixels, x: u32, y: u32) -> u32 {
    let bright = |pixels: &Pixels, x: u32, y: u32| {
        let [red, green, blue, _] = pixels.get(x, y).map(u32::from);
        (77 * red + 150 * green + 29 * blue) >> 8
    };
    let (mut sum, mut n) = (0, 0);
    for y in y..(y + SQUARE).min(one.height) {
        for x in x..(x + SQUARE).min(one.width) {
            sum += bright(one, x, y).abs_diff(bright(other, x, y));
            n += 1;
        }
    }
    sum / n.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_with_something_missing_is_unlike() {
        let paper = Pixels::white(200, 100);
        let mut written = paper.clone();
        for y in 20..32 {
            (20..120).for_each(|x| written.set(x, y, [0, 0, 0, 255]));
        }
        assert!(is_like(&written, &written, &[]));
        assert!(!is_like(&written, &paper, &[]));
        assert!(is_like(&written, &paper, &[[18.0, 18.0, 122.0, 34.0]]));
        assert!(!is_like(&written, &paper, &[[18.0, 18.0, 60.0, 34.0]]));
    }
}
