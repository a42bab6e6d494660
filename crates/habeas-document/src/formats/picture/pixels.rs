//! How does a picture look in grey, upright and large enough to be read?

use std::io::Cursor;

use habeas_model::{Exception, Reason};
use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{
    DynamicImage, GenericImageView, GrayImage, ImageDecoder, ImageError, ImageReader, Limits, Luma,
};

use super::page;
use crate::formats::pdf;
use crate::out::Picture;
use crate::page::{Page, Pixels};

/// A picture narrower than this, in pixels, is enlarged: small print is read badly.
const NARROW: u32 = 1_000;
/// More pixels than this say no more, and are made fewer.
const MANY_PIXELS: u64 = 40_000_000;
/// So many bytes it may decode to for each byte that it is drawn in.
const DECODED_BYTES: u64 = 8;
/// No side may be longer, in pixels: recognisers of text take no more.
const LONGEST: u32 = 30_000;
/// The resolution that is assumed where none is stated, in dots per inch.
const USUAL_DPI: u16 = 300;

/// Width and height in pixels, from the head alone.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), Exception> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let reader = reader.map_err(|_| Exception::whole(Reason::Corrupt, "a damaged picture"))?;
    reader.into_dimensions().map_err(|error| why(&error))
}

/// Decodes a picture to at most `max_bytes`, in about twenty times as much memory at the most: a
/// photograph has more pixels than a page needs, and three bytes for each.
///
/// `dpi` is its resolution if it states one. What is transparent is white.
pub(super) fn draw(bytes: &[u8], dpi: Option<u16>, max_bytes: u64) -> Result<Picture, Exception> {
    let (image, orientation) = decode(bytes, max_bytes).map_err(|why| why.at(page(1)))?;
    Ok(finish(image, orientation, dpi, max_bytes))
}

/// Decodes a picture into pixels, and says how it has to be turned.
pub(super) fn decode(
    bytes: &[u8],
    max_bytes: u64,
) -> Result<(DynamicImage, Orientation), Exception> {
    let failed = |error: ImageError| why(&error);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(max_bytes.saturating_mul(DECODED_BYTES + 2));
    (limits.max_image_width, limits.max_image_height) = (Some(200_000), Some(200_000));
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| Exception::whole(Reason::Corrupt, "a damaged picture"))?;
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(failed)?;
    if decoder.total_bytes() > max_bytes.saturating_mul(DECODED_BYTES) {
        let (width, height) = decoder.dimensions();
        let note = format!("{width} × {height} pixels are too many");
        return Err(Exception::whole(Reason::SizeLimit, note));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(failed)?;
    Ok((image, orientation))
}

/// Turns, flattens and scales.
pub(super) fn finish(
    image: DynamicImage,
    orientation: Orientation,
    dpi: Option<u16>,
    max_bytes: u64,
) -> Picture {
    let mut image = DynamicImage::ImageLuma8(flat(image));
    image.apply_orientation(orientation);
    let grey = image.into_luma8();
    let (width, height) = grey.dimensions();
    let n_pixels = (u64::from(width) * u64::from(height)).max(1);
    let dpi = dpi.unwrap_or(USUAL_DPI);
    let most = MANY_PIXELS.min(max_bytes);
    let longest = width.max(height);
    let shrink =
        (most as f64 / n_pixels as f64).sqrt().min(f64::from(LONGEST) / f64::from(longest.max(1)));
    let scale = if shrink < 1.0 {
        shrink
    } else if width < NARROW && n_pixels * 4 <= most {
        2.0
    } else {
        1.0
    };
    if scale == 1.0 {
        return greymap(grey, dpi);
    }
    let side = |length: u32| ((f64::from(length) * scale) as u32).max(1);
    let scaled = if scale < 1.0 {
        // Takes no memory but its result.
        imageops::thumbnail(&grey, side(width), side(height))
    } else {
        imageops::resize(&grey, side(width), side(height), FilterType::CatmullRom)
    };
    greymap(scaled, ((f64::from(dpi) * scale) as u16).max(70))
}

/// A picture as a page of its own, upright, in colour, without anything else that its file holds.
pub(super) fn look(bytes: &[u8], dpi: Option<u16>) -> Result<Page, Exception> {
    let (mut image, orientation) = decode(bytes, LOOK_BYTES).map_err(|why| why.at(page(1)))?;
    image.apply_orientation(orientation);
    let dpi = dpi.unwrap_or(USUAL_DPI);
    let points = |pixels: u32| pixels as f32 * 72.0 / f32::from(dpi.max(1));
    let (width_pt, height_pt) = (points(image.width()), points(image.height()));
    let n_pixels = f64::from(image.width()) * f64::from(image.height());
    let scale = (MOST_LOOK_PIXELS / n_pixels.max(1.0)).sqrt().min(1.0);
    let side = |length: u32, scale: f64| ((f64::from(length) * scale).round() as u32).max(1);
    let (width, height) = image.dimensions();
    let at = |scale: f64| {
        let small = imageops::thumbnail(&image, side(width, scale), side(height, scale));
        Pixels { width: small.width(), height: small.height(), rgba: small.into_raw() }
    };
    let small = at((72.0 / f64::from(dpi)).min(scale));
    let pixels = if scale < 1.0 {
        at(scale)
    } else {
        Pixels { width, height, rgba: image.into_rgba8().into_raw() }
    };
    let dpi = (f64::from(dpi) * scale).round() as u16;
    Ok(Page {
        number: 1,
        width_pt,
        height_pt,
        pixels: Some(pixels),
        dpi,
        small,
        is_picture: true,
        fitted: Vec::new(),
        ..Page::default()
    })
}

/// What a picture may decode to for its look.
const LOOK_BYTES: u64 = 24 << 20;
/// A picture is given with no more pixels than that.
const MOST_LOOK_PIXELS: f64 = 8_000_000.0;

/// Turns a picture that was drawn already.
pub(super) fn turned(picture: Picture, orientation: Orientation) -> Picture {
    let decoded = image::load_from_memory_with_format(&picture.pgm, image::ImageFormat::Pnm);
    match decoded {
        Ok(mut image) if orientation != Orientation::NoTransforms => {
            image.apply_orientation(orientation);
            greymap(image.into_luma8(), picture.dpi)
        }
        _ => picture,
    }
}

fn greymap(grey: GrayImage, dpi: u16) -> Picture {
    let mut pgm = format!("P5\n{} {}\n255\n", grey.width(), grey.height()).into_bytes();
    pgm.extend_from_slice(grey.as_raw());
    Picture { pgm, dpi }
}

/// The picture in grey on white paper; on black, if it is white itself.
fn flat(image: DynamicImage) -> GrayImage {
    if !image.color().has_alpha() {
        return image.into_luma8();
    }
    let image = image.into_rgba8();
    let on = |paper: u8| {
        GrayImage::from_fn(image.width(), image.height(), |x, y| {
            let [red, green, blue, alpha] = image.get_pixel(x, y).0;
            let (ink, alpha) = (u32::from(pdf::grey(red, green, blue)), u32::from(alpha));
            let mixed = (ink * alpha + u32::from(paper) * (255 - alpha)) / 255;
            Luma([mixed.min(255) as u8])
        })
    };
    let white = on(255);
    if white.as_raw().iter().all(|pixel| *pixel > 245) { on(0) } else { white }
}

/// Why a picture could not be decoded.
pub(super) fn why(error: &ImageError) -> Exception {
    match error {
        ImageError::Limits(_) => Exception::whole(Reason::SizeLimit, "too many pixels"),
        ImageError::Unsupported(_) => {
            Exception::whole(Reason::NoText, "a picture coded in a way that is not decoded")
        }
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Exception::whole(Reason::Truncated, "a picture that ends too early")
        }
        _ => Exception::whole(Reason::Corrupt, "a damaged picture"),
    }
}
