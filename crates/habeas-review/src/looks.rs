//! How does a page of an item look, and where on it does its text stand? Read in the isolated reader, one page at
//! a time, and kept for a while.

use std::collections::VecDeque;
use std::io::Cursor;
use std::sync::{Arc, Mutex};

use habeas_document::page::{Pixels, Recognised};
use habeas_model::{Exception, ItemId};
use habeas_redact::Placed;
use image::ImageFormat;

use crate::problem::{Code, Problem};
use crate::state::{App, lock};

/// Pictures are kept until they are so large together, in bytes.
const KEPT: usize = 64 << 20;
/// Pages whose words were recognised are kept, so many.
const WORDS_KEPT: usize = 64;

/// Pages that were looked at last.
#[derive(Default)]
pub struct Looks {
    leaves: Mutex<VecDeque<(Key, Arc<Leaf>)>>,
    words: Mutex<VecDeque<(ItemId, u32, Arc<Words>)>>,
}

/// An item, the number of its page, and a resolution.
type Key = (ItemId, u32, u16);

/// A page that can be shown.
pub struct Leaf {
    /// Its width in points.
    pub width_pt: f32,
    /// Its height in points.
    pub height_pt: f32,
    /// It as a PNG.
    pub png: Vec<u8>,
    /// Is it a scan or photograph, at least in part?
    pub is_picture: bool,
    /// Where its letters stand.
    pub placed: Placed,
}

/// What was recognised in the picture of a page; `None` if it has text of its own.
pub type Words = Option<Recognised>;

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

fn unreadable(app: &App, exception: Exception) -> Problem {
    app.look_for_sources();
    let message = format!("the item cannot be read again: {}", exception.reason);
    Problem::new(Code::Unreadable, message).hint(exception.reason.advice())
}

impl Looks {
    /// A page of an item, from 1.
    ///
    /// # Errors
    /// `unreadable` if the item cannot be read again, `not_found` if the page cannot be shown.
    pub fn page(
        &self,
        app: &App,
        item: ItemId,
        number: u32,
        dpi: u16,
    ) -> Result<Arc<Leaf>, Problem> {
        let key = (item, number, dpi);
        if let Some(leaf) = self.known(|known| *known == key) {
            return Ok(leaf);
        }
        let estate = app.estate()?;
        let budget = app.house.budget()?;
        let read = habeas_ingest::anew(&estate, &item, |file, path| {
            habeas_ingest::read_page(file, path, &item, number, &budget)
        });
        let page = read.map_err(|it| unreadable(app, it))?;
        let leaf = page.and_then(|page| {
            let png = png(&habeas_redact::picture(&page, dpi))?;
            let placed = Placed::letters(&page);
            let is_picture = page.is_picture || page.letters.is_empty();
            let (width_pt, height_pt) = (page.width_pt, page.height_pt);
            Some(Leaf { width_pt, height_pt, png, is_picture, placed })
        });
        let leaf = leaf.ok_or_else(|| {
            Problem::not_found(format!("page {number} cannot be shown as a picture"))
                .hint("what it says is shown as text")
        })?;
        let leaf = Arc::new(leaf);
        let mut all = lock(&self.leaves);
        all.push_back((key, Arc::clone(&leaf)));
        let size = |all: &VecDeque<(Key, Arc<Leaf>)>| -> usize {
            all.iter().map(|(_, leaf)| leaf.png.len()).sum()
        };
        while all.len() > 1 && size(&all) > KEPT {
            all.pop_front();
        }
        Ok(leaf)
    }

    /// The same page at whatever resolution is at hand.
    ///
    /// # Errors
    /// As [`Looks::page`].
    pub fn any(&self, app: &App, item: ItemId, number: u32) -> Result<Arc<Leaf>, Problem> {
        let known = self.known(|(of, at, _)| (*of, *at) == (item, number));
        known.map_or_else(|| self.page(app, item, number, DPI), Ok)
    }

    fn known(&self, is_it: impl Fn(&Key) -> bool) -> Option<Arc<Leaf>> {
        let all = lock(&self.leaves);
        all.iter().find(|(key, _)| is_it(key)).map(|(_, leaf)| Arc::clone(leaf))
    }

    /// The words that are recognised in the picture of a page, from 1. It takes some seconds, once a page.
    ///
    /// # Errors
    /// `unreadable` if the item cannot be read again, `blocked` if nobody recognises text in pictures.
    pub fn words(&self, app: &App, item: ItemId, number: u32) -> Result<Arc<Words>, Problem> {
        let known = |all: &VecDeque<(ItemId, u32, Arc<Words>)>| {
            let it = all.iter().find(|(of, at, _)| (*of, *at) == (item, number));
            it.map(|(_, _, words)| Arc::clone(words))
        };
        if let Some(words) = known(&lock(&self.words)) {
            return Ok(words);
        }
        let eyes = app.house.eyes().ok_or_else(|| {
            Problem::new(Code::Blocked, "no recogniser of text in pictures is installed")
        })?;
        let estate = app.estate()?;
        let budget = app.house.budget()?;
        let read = habeas_ingest::anew(&estate, &item, |file, path| {
            habeas_ingest::read_page_words(file, path, &item, number, &budget, Arc::clone(&eyes))
        });
        let words = Arc::new(read.map_err(|it| unreadable(app, it))?);
        let mut all = lock(&self.words);
        if all.len() >= WORDS_KEPT {
            all.pop_front();
        }
        all.push_back((item, number, Arc::clone(&words)));
        Ok(words)
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
