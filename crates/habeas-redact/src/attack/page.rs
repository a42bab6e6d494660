//! What stands where on the pages of a finished file? Interpreted by hayro, which did not write it.

use std::collections::HashMap;
use std::sync::Arc;

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, Paint, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape, Vec2};

/// A glyph on a page whose origin is the top left corner; lengths in points.
#[derive(Clone)]
pub(crate) struct Letter {
    /// What it stands for, as the file says; empty if it does not say.
    pub(crate) text: String,
    pub(crate) origin: Point,
    /// From its origin to that of the next glyph.
    pub(crate) advance: Vec2,
    pub(crate) size_pt: f64,
    /// Which font it is of, as a number that means nothing else.
    pub(crate) font: u128,
    /// Its number in the font.
    pub(crate) glyph: u32,
    /// Is it drawn at all?
    pub(crate) has_ink: bool,
    /// The box around what is drawn of it; `None` for a space.
    pub(crate) shape: Option<Rect>,
}

/// A filled rectangle.
#[derive(Clone, Copy)]
pub(crate) struct Slab {
    pub(crate) rect: Rect,
    /// From 0 for black to 255, if it has one colour.
    pub(crate) grey: Option<u8>,
}

/// A page.
#[derive(Default)]
pub(crate) struct Sheet {
    pub(crate) letters: Vec<Letter>,
    pub(crate) slabs: Vec<Slab>,
    pub(crate) pictures: Vec<Rect>,
    /// Drawings that are neither rules nor boxes.
    pub(crate) n_drawings: usize,
}

impl Sheet {
    /// Is it one picture with its text behind it, as a scan is? Under it stands one line, with the number of
    /// the page; of a short letter, that may be as long as the letter.
    pub(crate) fn is_scan(&self) -> bool {
        let n = self.letters.len();
        n > 0
            && self.pictures.iter().any(|rect| {
                let (on, off): (Vec<&Letter>, Vec<&Letter>) =
                    self.letters.iter().partition(|letter| rect.contains(letter.origin));
                let is_one_line = |first: &&Letter| {
                    let same = |other: &&Letter| (other.origin.y - first.origin.y).abs() < 1.0;
                    !on.is_empty() && off.iter().all(same)
                };
                let is_behind = on.len() * 10 >= n * 8 || off.first().is_none_or(is_one_line);
                rect.area() > 40_000.0 && is_behind
            })
    }

    /// Can the page say something that its text does not? Then only a look at it tells.
    pub(crate) fn needs_look(&self) -> bool {
        /// So many small boxes may be the dots of a drawn word.
        const MANY_DOTS: usize = 400;
        let is_dot = |slab: &&Slab| slab.rect.width() < 6.0 && slab.rect.height() < 6.0;
        !self.pictures.is_empty()
            || self.n_drawings > 0
            || self.slabs.iter().filter(is_dot).count() > MANY_DOTS
            || self.letters.iter().any(|letter| {
                letter.has_ink
                    && letter.shape.is_some()
                    && !letter.text.chars().any(|c| !c.is_whitespace() && !is_meaningless(c))
            })
    }
}

/// Does a character stand for no letter that is known?
fn is_meaningless(c: char) -> bool {
    c == char::REPLACEMENT_CHARACTER || c.is_control() || ('\u{e000}'..='\u{f8ff}').contains(&c)
}

/// The bytes of each font that was met, by its number.
pub(crate) type Fonts = HashMap<u128, Arc<Vec<u8>>>;

/// Reads all pages, and the fonts that they use.
pub(crate) fn read(pdf: &Pdf) -> (Vec<Sheet>, Fonts) {
    let cache = InterpreterCache::new();
    let mut fonts = Known::default();
    let mut sheets = Vec::new();
    for page in pdf.pages().iter() {
        let (width, height) = page.render_dimensions();
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let transform = page.initial_transform(true).to_kurbo();
        let settings = InterpreterSettings::default();
        let mut context = Context::new(transform, bounds, &cache, pdf.xref(), settings);
        let mut reader = Reader { sheet: Sheet::default(), fonts: &mut fonts };
        interpret_page(page, &mut context, &mut reader);
        sheets.push(reader.sheet);
    }
    (sheets, fonts.bytes)
}

#[derive(Default)]
struct Known {
    bytes: Fonts,
    shapes: HashMap<(u128, u32), Rect>,
}

struct Reader<'f> {
    sheet: Sheet,
    fonts: &'f mut Known,
}

impl Reader<'_> {
    fn letter(
        &mut self,
        glyph: &Glyph<'_>,
        transform: Affine,
        mode: WritingMode,
        has_ink: bool,
    ) -> Letter {
        let origin = transform * Point::ZERO;
        let along = |x: f64, y: f64| transform * Point::new(x, y) - origin;
        let (width, font, number, shape) = match glyph {
            Glyph::Outline(outline) => {
                let data = outline.font_data();
                let font = data.as_ref().map_or(0, |data| data.cache_key);
                if let Some(data) = &data {
                    let bytes = || Arc::new((*data.data).as_ref().to_vec());
                    self.fonts.bytes.entry(font).or_insert_with(bytes);
                }
                let number = match &data {
                    Some(_) => outline.glyph_id().to_u32(),
                    None => outline.char_code(),
                };
                let known = self.fonts.shapes.entry((font, number));
                let shape = *known.or_insert_with(|| outline.outline().bounding_box());
                (outline.advance_width(), font, number, shape)
            }
            Glyph::Type3(drawn) => {
                let width = drawn.advance_width();
                let wide = f64::from(width.unwrap_or(500.0));
                (width, 3, drawn.char_code(), Rect::new(0.0, 0.0, wide, 700.0))
            }
        };
        let width = f64::from(width.unwrap_or(500.0));
        let advance = match mode {
            WritingMode::Vertical => along(0.0, -1000.0),
            WritingMode::Horizontal => along(width, 0.0),
        };
        let text = match glyph.as_unicode() {
            Some(BfString::Char(c)) => c.to_string(),
            Some(BfString::String(text)) => text,
            None => String::new(),
        };
        let shape = (shape.width() > 0.0 && shape.height() > 0.0)
            .then(|| transform.transform_rect_bbox(shape));
        let size_pt = along(0.0, 1000.0).hypot();
        Letter { text, origin, advance, size_pt, font, glyph: number, has_ink, shape }
    }
}

fn colour(paint: &Paint<'_>) -> Option<[u8; 4]> {
    match paint {
        Paint::Color(colour) => Some(colour.to_rgba().to_rgba8()),
        Paint::Pattern(_) => None,
    }
}

impl<'a> Device<'a> for Reader<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let around = path.bounding_box();
        let rect = props.transform.transform_rect_bbox(around);
        // A line of any direction but along the page is a drawing.
        let is_rule = rect.width() < 2.0 || rect.height() < 2.0;
        match mode {
            DrawMode::Fill(_) | DrawMode::FillAndStroke(..) => {
                let is_rect = path.area().abs() > around.area() * 0.98 && around.area() > 0.0;
                if is_rect {
                    let grey = colour(&props.paint).filter(|[.., alpha]| *alpha > 127);
                    let grey = grey.map(|[red, green, blue, _]| brightness(red, green, blue));
                    self.sheet.slabs.push(Slab { rect, grey });
                } else if !is_rule {
                    self.sheet.n_drawings += 1;
                }
            }
            DrawMode::Stroke(_) => {
                // The sides of a box are rules.
                let is_box = path.elements().len() <= 6
                    && path.segments().all(|segment| {
                        let side = segment.bounding_box();
                        side.width() < 0.1 || side.height() < 0.1
                    });
                if !is_rule && !is_box {
                    self.sheet.n_drawings += 1;
                }
            }
            DrawMode::Invisible => {}
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        // What is poured through a shape may be letters; a frame, with round corners too, is none.
        const MOST_OF_A_FRAME: usize = 12;
        self.sheet.n_drawings += usize::from(clip.path.elements().len() > MOST_OF_A_FRAME);
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let is_clear = colour(&props.paint).is_some_and(|[.., alpha]| alpha < 5);
        let has_ink = !matches!(mode, DrawMode::Invisible) && !is_clear;
        for glyph in run.glyphs() {
            let transform = props.transform * glyph.transform();
            let letter = self.letter(glyph, transform, run.writing_mode(), has_ink);
            let places = [
                letter.origin.x,
                letter.origin.y,
                letter.advance.x,
                letter.advance.y,
                letter.size_pt,
            ];
            if places.iter().all(|place| place.is_finite()) {
                self.sheet.letters.push(letter);
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let pixels = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        self.sheet.pictures.push(props.transform.transform_rect_bbox(pixels));
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

/// How bright a colour is (ITU-R BT.601).
pub(crate) fn brightness(red: u8, green: u8, blue: u8) -> u8 {
    let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
    (sum >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_is_one_picture_with_a_line_under_it() {
        let letter = |y: f64| Letter {
            text: "a".into(),
            origin: Point::new(50.0, y),
            advance: Vec2::new(5.0, 0.0),
            size_pt: 10.0,
            font: 1,
            glyph: 1,
            has_ink: true,
            shape: None,
        };
        let check = |on: usize, off: &[f64], expected: bool| {
            let letters = (0..on).map(|_| letter(100.0)).chain(off.iter().map(|y| letter(*y)));
            let pictures = vec![Rect::new(0.0, 0.0, 400.0, 500.0)];
            let sheet = Sheet { letters: letters.collect(), pictures, ..Sheet::default() };
            assert_eq!(sheet.is_scan(), expected, "{on} letters on it, others at {off:?}");
        };
        check(0, &[], false);
        check(9, &[], true);
        check(9, &[520.0], true);
        // A short letter: the line under it is longer.
        check(2, &[520.0, 520.2, 520.0, 519.9], true);
        // A page with text of its own beside a picture is none.
        check(2, &[520.0, 540.0, 560.0], false);
        check(0, &[520.0, 520.0], false);
    }
}
