//! How does a picture on a page look, as pixels without anything else that its file held?

use hayro::hayro_interpret::{Image, ImageData, LumaData, Paint};
use hayro::kurbo::Affine;

use crate::page::Pixels;

/// More than this many pixels an inch show nothing more on paper.
const MOST_DPI: f64 = 220.0;

/// Decodes a picture to about as many pixels as the page shows of it, at most `most`.
pub(super) fn decode(image: &Image<'_, '_>, transform: Affine, most: u64) -> Option<Pixels> {
    let [a, b, c, d, _, _] = transform.as_coeffs();
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    // How long the sides are on the page, in points.
    let (wide, high) = (a.hypot(b) * width, c.hypot(d) * height);
    let wanted = |points: f64, own: f64| (points / 72.0 * MOST_DPI).ceil().clamp(1.0, own.max(1.0));
    let (mut wide, mut high) = (wanted(wide, width), wanted(high, height));
    let share = (most as f64 / (wide * high).max(1.0)).sqrt();
    if !share.is_finite() || share <= 0.0 {
        return None;
    }
    if share < 1.0 {
        (wide, high) = ((wide * share).floor(), (high * share).floor());
    }
    if wide < 1.0 || high < 1.0 {
        return None;
    }
    let hint = Some((wide as u32, high as u32));
    let mut decoded = None;
    match image {
        Image::Raster(raster) => {
            raster.with_rgba(|image, alpha| decoded = Some(joined(&image, alpha.as_ref())), hint);
        }
        Image::Stencil(stencil) => {
            stencil.with_stencil(|luma, paint| decoded = stencilled(&luma, paint), hint);
        }
    }
    let decoded = decoded.filter(Pixels::is_sound)?;
    Some(fewer(decoded, wide as u32, high as u32))
}

fn joined(image: &ImageData, alpha: Option<&LumaData>) -> Pixels {
    let (width, height) = (image.width(), image.height());
    let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
    match image {
        ImageData::Rgb(rgb) => {
            for [red, green, blue] in rgb.data.as_chunks::<3>().0 {
                rgba.extend_from_slice(&[*red, *green, *blue, 255]);
            }
        }
        ImageData::Luma(luma) => {
            luma.data.iter().for_each(|grey| rgba.extend_from_slice(&[*grey, *grey, *grey, 255]));
        }
    }
    if let Some(alpha) = alpha.filter(|alpha| alpha.width > 0 && alpha.height > 0) {
        for (index, pixel) in rgba.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            let (x, y) = (index as u32 % width.max(1), index as u32 / width.max(1));
            let at = |place: u32, mine: u32, theirs: u32| {
                (u64::from(place) * u64::from(theirs) / u64::from(mine.max(1))) as usize
            };
            let (x, y) = (at(x, width, alpha.width), at(y, height, alpha.height));
            pixel[3] = alpha.data.get(y * alpha.width as usize + x).copied().unwrap_or(255);
        }
    }
    Pixels { width, height, rgba }
}

/// A stencil lets its colour through; one with a pattern is a doubt.
fn stencilled(luma: &LumaData, paint: &Paint<'_>) -> Option<Pixels> {
    let [red, green, blue, alpha] = super::glyphs::colour(paint)?;
    let through = |share: u8| (u32::from(share) * u32::from(alpha) / 255) as u8;
    let rgba = luma.data.iter().flat_map(|share| [red, green, blue, through(*share)]).collect();
    Some(Pixels { width: luma.width, height: luma.height, rgba })
}

/// Makes fewer pixels of many.
fn fewer(pixels: Pixels, width: u32, height: u32) -> Pixels {
    let n = |width: u32, height: u32| u64::from(width) * u64::from(height);
    if n(width, height) * 2 >= n(pixels.width, pixels.height) {
        return pixels;
    }
    match image::RgbaImage::from_raw(pixels.width, pixels.height, pixels.rgba) {
        Some(image) => {
            let small = image::imageops::thumbnail(&image, width.max(1), height.max(1));
            Pixels { width: small.width(), height: small.height(), rgba: small.into_raw() }
        }
        None => Pixels::default(),
    }
}
