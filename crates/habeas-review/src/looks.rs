//! How do the pages of an item look? Read in the isolated reader, kept for a while as pictures.

use std::collections::VecDeque;
use std::io::Cursor;
use std::sync::{Arc, Mutex};

use habeas_document::page::{Page, Pixels};
use habeas_model::ItemId;
use image::ImageFormat;

use crate::problem::{Code, Problem};
use crate::state::{App, lock};

/// Pictures are kept until they are so large together, in bytes.
const KEPT: usize = 64 << 20;

/// Pages of items that were looked at last.
#[derive(Default)]
pub struct Looks(Mutex<VecDeque<Look>>);

struct Look {
    item: ItemId,
    dpi: u16,
    pages: Arc<Vec<Leaf>>,
}

/// A page that can be shown.
pub struct Leaf {
    /// Its number, from 1.
    pub number: u32,
    /// Its width in points.
    pub width_pt: f32,
    /// Its height in points.
    pub height_pt: f32,
    /// It as a PNG.
    pub png: Vec<u8>,
}

/// The resolution of pages, where nobody asks for another.
pub const DPI: u16 = 110;

/// Checks a resolution.
///
/// # Errors
/// If it is out of range.
pub fn dpi(asked: Option<u16>) -> Result<u16, Problem> {
    match asked.unwrap_or(DPI) {
        dpi @ 36..=200 => Ok(dpi),
        _ => Err(Problem::usage("`dpi` is a number from 36 to 200")),
    }
}

impl Looks {
    /// The pages of an item.
    ///
    /// # Errors
    /// `unreadable` if the item cannot be read again.
    pub fn of(&self, app: &App, item: ItemId, dpi: u16) -> Result<Arc<Vec<Leaf>>, Problem> {
        let known = |all: &VecDeque<Look>| {
            let look = all.iter().find(|look| look.item == item && look.dpi == dpi);
            look.map(|look| Arc::clone(&look.pages))
        };
        if let Some(pages) = known(&lock(&self.0)) {
            return Ok(pages);
        }
        let estate = app.estate()?;
        let budget = app.house.budget()?;
        let mut pages = Vec::new();
        let mut take = |page: Page| {
            if let Some(png) = png(&habeas_redact::picture(&page, dpi)) {
                let Page { number, width_pt, height_pt, .. } = page;
                pages.push(Leaf { number, width_pt, height_pt, png });
            }
        };
        let read = habeas_ingest::anew(&estate, &item, |file, path| {
            habeas_ingest::read_pages(file, path, &item, &budget, &mut take)
        });
        read.map_err(|exception| {
            let message = format!("the item cannot be read again: {}", exception.reason);
            Problem::new(Code::Unreadable, message).hint(exception.reason.advice())
        })?;
        // Read again from another place, its pages came twice.
        pages.sort_by_key(|leaf| leaf.number);
        pages.dedup_by_key(|leaf| leaf.number);
        let pages = Arc::new(pages);
        let mut all = lock(&self.0);
        all.push_back(Look { item, dpi, pages: Arc::clone(&pages) });
        let size = |all: &VecDeque<Look>| -> usize {
            all.iter().flat_map(|look| look.pages.iter()).map(|leaf| leaf.png.len()).sum()
        };
        while all.len() > 1 && size(&all) > KEPT {
            all.pop_front();
        }
        Ok(pages)
    }
}

/// Pixels as a PNG; `None` if they are none.
pub fn png(pixels: &Pixels) -> Option<Vec<u8>> {
    if !pixels.is_sound() {
        return None;
    }
    let picture = image::RgbaImage::from_raw(pixels.width, pixels.height, pixels.rgba.clone())?;
    let mut out = Cursor::new(Vec::new());
    image::DynamicImage::from(picture).to_rgb8().write_to(&mut out, ImageFormat::Png).ok()?;
    Some(out.into_inner())
}
