//! A page as a picture, for a person who looks at it. Nothing of it leaves.
//!
//! What a program wrote is never drawn here: a page comes as marks from the isolated reader, is set anew
//! from them as an exhibit's page is, and that file of ours is drawn.

use habeas_document::page::{Page, Pixels};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use super::letters::Taken;
use super::pictures::Pictures;
use super::vector::vector;
use crate::labels::{Labels, Linkage};
use crate::near::Near;
use crate::own::Own;
use crate::paper::face::Shapes;
use crate::paper::{Block, Sheet, typeset_with};

/// A page as it looks, at about so many dots an inch: as it was recorded in pixels, if it was.
pub fn picture(page: &Page, dpi: u16) -> Pixels {
    match &page.pixels {
        Some(pixels) => pixels.clone(),
        None => redrawn(page, dpi).unwrap_or_else(|| page.small.clone()),
    }
}

fn redrawn(page: &Page, dpi: u16) -> Option<Pixels> {
    if !page.doubts.is_empty() {
        return None;
    }
    let own = Own::default();
    let near = Near::new(&[], &own);
    let mut pictures = Pictures::new(None, &[], (&near, &own));
    pictures.shows_all = true;
    let mut labels = Labels::new(Linkage::Unlinked);
    let mut shapes = Shapes::default();
    let taken = Taken::of(page.letters.len());
    let anew = vector(page, &taken, &mut labels, &mut shapes, &mut pictures).ok()?;
    let sheet = Sheet { blocks: vec![Block::Leaf(Box::new(anew.leaf))], ..Sheet::default() };
    let printed = typeset_with(&sheet, &shapes).ok()?;
    let mut pixels = picture_of(&printed.bytes, 0, dpi)?;
    // Below the page stands the strip with its number.
    let height = (page.height_pt * f32::from(dpi) / 72.0).round() as u32;
    pixels.height = pixels.height.min(height);
    pixels.rgba.truncate(pixels.width as usize * pixels.height as usize * 4);
    Some(pixels)
}

/// The most pixels of a page that is drawn here.
const MAX_PIXELS: f64 = 20.0e6;

/// A page of a file that we wrote, from 0; `None` past the last one.
pub fn picture_of(file: &[u8], index: usize, dpi: u16) -> Option<Pixels> {
    let pdf = Pdf::new(file.to_vec()).ok()?;
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
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    Some(Pixels {
        width: pixmap.width().into(),
        height: pixmap.height().into(),
        rgba: pixmap.data().iter().flat_map(|p| [p.r, p.g, p.b, 255]).collect(),
    })
}
