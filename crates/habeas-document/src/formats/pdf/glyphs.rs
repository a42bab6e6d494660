//! Which characters stand where on a page?

use std::collections::{HashMap, HashSet};

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::WritingMode;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, Paint, SoftMask, TransformExt, interpret,
    interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::object::{self, Array, Dict, Stream};
use hayro::hayro_syntax::page::{Page, Resources};
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape, Vec2};

use super::cover::{Cover, Covers};
use super::display::{Display, Recorder};

mod repeats;
mod unicode;

use repeats::Repeats;
pub(super) use unicode::By;
use unicode::{Fonts, plain};

/// A character, or a few that one glyph stands for, on a page whose origin is the top left corner.
#[derive(Clone)]
pub(super) struct PlacedGlyph {
    pub(super) text: String,
    /// Where it begins, on its baseline.
    pub(super) origin: Point,
    /// Where the next one would begin, seen from here.
    pub(super) advance: Vec2,
    /// The direction in which its line runs, of length 1.
    pub(super) direction: Vec2,
    /// The height of its font in points.
    pub(super) em_pt: f64,
    pub(super) sight: Sight,
    /// What its shape stands for, where the document says that it means something else, and the
    /// first of the glyphs that together mean that.
    pub(super) meant: Option<(String, usize)>,
    pub(super) by: By,
}

/// Does a person who looks at the page see a glyph?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    Seen,
    /// Written without ink: the text of a scan, if it lies on a picture.
    NoInk,
    /// Written first, then a picture laid over it: the text of a scan, if the picture is the page.
    UnderPicture,
    /// Something is painted over it.
    Covered,
    /// Off the page, cut off, as small as dust, or of the colour of its background.
    Unseen,
}

impl PlacedGlyph {
    /// Is it not known what it stands for?
    pub(super) fn is_unmapped(&self) -> bool {
        self.by == By::Nothing
    }

    /// The middle of the letter, which decides whether it is seen.
    fn middle(&self) -> Point {
        self.origin + self.advance * 0.5 + self.up() * 0.3
    }

    /// Where a capital letter would be.
    pub(super) fn bounds(&self) -> Rect {
        let up = self.up() * 0.7;
        let corners = [self.origin, self.origin + up, self.origin + self.advance + up];
        let rect = Rect::from_points(self.origin, self.origin + self.advance);
        corners.into_iter().fold(rect, |rect, corner| rect.union_pt(corner))
    }

    /// From the baseline to the top of the font.
    fn up(&self) -> Vec2 {
        Vec2::new(self.direction.y, -self.direction.x) * self.em_pt
    }
}

/// What was found on a page.
#[derive(Default)]
pub(super) struct PageGlyphs {
    pub(super) glyphs: Vec<PlacedGlyph>,
    /// How many of them have no known meaning.
    pub(super) n_unmapped: usize,
    /// How much of the page pictures cover, from 0 to 1.
    pub(super) picture_share: f64,
    /// How many pixels its largest picture has.
    pub(super) max_pixels: u64,
    /// Is there anything at all?
    pub(super) has_drawing: bool,
    /// Is too much drawn for it to be known which of the text is covered?
    pub(super) is_too_busy: bool,
    pictures: Vec<Rect>,
    n_paths: usize,
}

/// How many glyphs are the text of a scan that somebody has recognised before.
pub(super) struct Layer {
    pub(super) n_glyphs: usize,
}

impl PageGlyphs {
    /// Decides what is seen: the text of a scan lies unseen over or under its picture, and it is
    /// what a reader sees.
    pub(super) fn settle(&mut self) -> Layer {
        let mut layer = Layer { n_glyphs: 0 };
        // Letters may be drawn as shapes too, with the text behind them.
        let is_all_drawn = !self.glyphs.iter().any(|glyph| glyph.sight == Sight::Seen);
        for glyph in &mut self.glyphs {
            let is_of_scan = match glyph.sight {
                Sight::NoInk => {
                    let middle = glyph.middle();
                    is_all_drawn && self.n_paths > 100
                        || self.picture_share > 0.25
                            && self.pictures.iter().any(|picture| picture.contains(middle))
                }
                Sight::UnderPicture => self.picture_share > 0.5,
                Sight::Seen | Sight::Covered | Sight::Unseen => continue,
            };
            glyph.sight = match glyph.sight {
                _ if is_of_scan => Sight::Seen,
                Sight::UnderPicture => Sight::Covered,
                _ => Sight::Unseen,
            };
            layer.n_glyphs += usize::from(is_of_scan);
        }
        layer
    }
}

/// So many pictures of a page are remembered with their places.
const MAX_PICTURES: usize = 500;

/// Reads the pages of one document.
pub(super) struct Reader<'p> {
    pdf: &'p Pdf,
    /// A document without layers: in its frame, all layers of a page are drawn.
    layerless: Option<&'p Pdf>,
    cache: InterpreterCache<'p>,
    fonts: Fonts,
}

/// The smallest document there is.
pub(super) fn layerless() -> Option<Pdf> {
    const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n\
        trailer<</Root 1 0 R/Size 4>>\n%%EOF\n";
    Pdf::new(PDF.to_vec()).ok()
}

impl<'p> Reader<'p> {
    pub(super) fn new(pdf: &'p Pdf, layerless: Option<&'p Pdf>) -> Self {
        let layerless = layerless.filter(|_| pdf.xref().has_optional_content_groups());
        Self { pdf, layerless, cache: InterpreterCache::new(), fonts: Fonts::default() }
    }

    pub(super) fn read(&mut self, page: &Page<'p>) -> PageGlyphs {
        let mut read = self.read_in(page, self.pdf);
        if let Some(layerless) = self.layerless {
            let place = |glyph: &PlacedGlyph| {
                let (x, y) = (glyph.origin.x.round() as i64, glyph.origin.y.round() as i64);
                (glyph.text.clone(), x, y)
            };
            let drawn: HashSet<_> = read.glyphs.iter().map(place).collect();
            let all = self.read_in(page, layerless);
            let more = all.glyphs.into_iter().filter(|glyph| !drawn.contains(&place(glyph)));
            read.glyphs.extend(more.map(|glyph| PlacedGlyph { sight: Sight::Unseen, ..glyph }));
        }
        read
    }

    /// Reads a page that is in no tree of pages.
    pub(super) fn read_loose(&mut self, page: &Dict<'p>) -> PageGlyphs {
        let parent = page.get::<Dict<'p>>(b"Parent");
        let inherited =
            |key: &[u8]| page.get::<object::Object<'p>>(key).or_else(|| parent.as_ref()?.get(key));
        let sheet = match inherited(b"MediaBox") {
            Some(object::Object::Array(array)) => {
                let sides: Vec<f64> =
                    array.iter::<object::Number>().take(4).map(|side| side.as_f64()).collect();
                match sides.as_slice() {
                    [x0, y0, x1, y1] => Rect::new(*x0, *y0, *x1, *y1).abs(),
                    _ => Rect::new(0.0, 0.0, 595.0, 842.0),
                }
            }
            _ => Rect::new(0.0, 0.0, 595.0, 842.0),
        };
        let resources = inherited(b"Resources").and_then(object::Object::into_dict);
        let content: Vec<u8> = match page.get::<object::Object<'p>>(b"Contents") {
            Some(object::Object::Stream(stream)) => {
                stream.decoded_data().map(std::borrow::Cow::into_owned).unwrap_or_default()
            }
            Some(object::Object::Array(array)) => {
                let parts = array.iter::<Stream<'p>>().take(10_000);
                let parts = parts.filter_map(|part| part.decoded_data().ok());
                parts.flat_map(|part| [part.as_ref(), b"\n"].concat()).collect()
            }
            _ => return PageGlyphs::default(),
        };
        let transform = Affine::new([1.0, 0.0, 0.0, -1.0, -sheet.x0, sheet.y1]);
        let sheet = Rect::new(0.0, 0.0, sheet.width(), sheet.height());
        let settings = InterpreterSettings::default();
        let mut context = Context::new(transform, sheet, &self.cache, self.pdf.xref(), settings);
        let mut collector = Collector::new(sheet, &mut self.fonts);
        let resources = Resources::new(resources.unwrap_or_default());
        interpret(TypedIter::new(&content), &resources, &mut context, &mut collector);
        collector.finish()
    }

    /// Reads a page, and records what is drawn on it.
    pub(super) fn record(&mut self, page: &Page<'p>) -> Display {
        let (width, height) = page.render_dimensions();
        let sheet = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let transform = page.initial_transform(true).to_kurbo();
        let settings = InterpreterSettings::default();
        let mut context = Context::new(transform, sheet, &self.cache, self.pdf.xref(), settings);
        let mut recorder = Recorder::new(Collector::new(sheet, &mut self.fonts));
        interpret_page(page, &mut context, &mut recorder);
        recorder.finish()
    }

    fn read_in(&mut self, page: &Page<'p>, frame: &'p Pdf) -> PageGlyphs {
        let (width, height) = page.render_dimensions();
        let sheet = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let transform = page.initial_transform(true).to_kurbo();
        let context = |transform| {
            let settings = InterpreterSettings::default();
            Context::new(transform, sheet, &self.cache, frame.xref(), settings)
        };
        let mut collector = Collector::new(sheet, &mut self.fonts);
        interpret_page(page, &mut context(transform), &mut collector);
        collector.unmark_all();
        collector.is_unseen = true;
        for (appearance, at) in unseen_appearances(page) {
            let Ok(content) = appearance.decoded_data() else { continue };
            let resources = appearance.dict().get::<Dict<'p>>(b"Resources").unwrap_or_default();
            let transform = transform * Affine::translate(at);
            interpret(
                TypedIter::new(&content),
                &Resources::new(resources),
                &mut context(transform),
                &mut collector,
            );
            collector.unmark_all();
        }
        collector.finish()
    }
}

/// How annotations look that are not shown (ISO 32000-2, 12.5.3), and where they would be. What a
/// field of a form says is read with the form.
fn unseen_appearances<'p>(page: &Page<'p>) -> Vec<(Stream<'p>, Vec2)> {
    const HIDDEN_OR_NO_VIEW: i32 = 1 << 1 | 1 << 5;
    let annotations = page.raw().get::<Array<'p>>(b"Annots");
    let annotations = annotations.into_iter().flat_map(|array| array.iter::<Dict<'p>>());
    let found = annotations.take(10_000).filter_map(|annotation| {
        let flags = annotation.get::<i32>(b"F").unwrap_or(0);
        let is_field = annotation.get::<object::Name<'_>>(b"Subtype")?.as_str() == "Widget";
        if flags & HIDDEN_OR_NO_VIEW == 0 || is_field {
            return None;
        }
        let look = annotation.get::<Dict<'p>>(b"AP")?.get::<Stream<'p>>(b"N")?;
        let rect = annotation.get::<object::Rect>(b"Rect")?;
        Some((look, Vec2::new(rect.x0, rect.y0)))
    });
    found.collect()
}

pub(super) struct Collector<'f> {
    sheet: Rect,
    page: PageGlyphs,
    fonts: &'f mut Fonts,
    /// Shadows and bold by printing twice are read once.
    repeats: Repeats,
    /// Marked stretches that are open: where they begin, and what they say they mean.
    marks: Vec<(usize, Option<String>)>,
    /// What is painted over what.
    covers: Covers,
    /// What is left of the page by each clip that is in force.
    clips: Vec<Rect>,
    /// How wide the widest letter is of each size of fonts whose letters are drawings, in points.
    widest: HashMap<u64, f64>,
    /// The opacity of each group that is open.
    opacities: Vec<f32>,
    /// Is all of what is drawn now not shown?
    is_unseen: bool,
}

impl<'f> Collector<'f> {
    fn new(sheet: Rect, fonts: &'f mut Fonts) -> Self {
        Self {
            sheet,
            page: PageGlyphs::default(),
            fonts,
            repeats: Repeats::default(),
            marks: Vec::new(),
            covers: Covers::default(),
            clips: Vec::new(),
            widest: HashMap::new(),
            opacities: Vec::new(),
            is_unseen: false,
        }
    }

    /// Takes the glyphs of a run, with the colour of each where it is inked; the number of each among
    /// those of the page, unless it says nothing.
    pub(super) fn run(
        &mut self,
        run: &GlyphRun<'_, '_>,
        transform: Affine,
        ink: Option<Option<[u8; 4]>>,
    ) -> Vec<Option<usize>> {
        let mut placed: Vec<Option<PlacedGlyph>> = Vec::new();
        for glyph in run.glyphs() {
            // A glyph that is itself a drawing has its own colours.
            let ink = match &**glyph {
                Glyph::Type3(_) => ink.map(|_| None),
                Glyph::Outline(_) => ink,
            };
            placed.push(self.place(glyph, transform * glyph.transform(), run.writing_mode(), ink));
        }
        let before: Vec<Option<usize>> = placed
            .iter()
            .map(|glyph| glyph.as_ref().and_then(|glyph| self.repeats.of(glyph)))
            .collect();
        let is_repeated = repeats::is_repeated(&placed, &before);
        let numbers = placed.into_iter().zip(before).map(|(glyph, before)| {
            let glyph = glyph?;
            let before = before.filter(|_| is_repeated);
            if let Some((index, before)) =
                before.and_then(|index| Some((index, self.page.glyphs.get_mut(index)?)))
            {
                // Once in sight is in sight.
                if glyph.sight == Sight::Seen {
                    before.sight = Sight::Seen;
                }
                return Some(index);
            }
            self.repeats.remember(&glyph, self.page.glyphs.len());
            self.page.glyphs.push(glyph);
            Some(self.page.glyphs.len() - 1)
        });
        numbers.collect()
    }

    /// What a glyph says, and where; `None` if that is nothing.
    fn place(
        &mut self,
        glyph: &Glyph<'_>,
        transform: Affine,
        mode: WritingMode,
        ink: Option<Option<[u8; 4]>>,
    ) -> Option<PlacedGlyph> {
        let origin = transform * Point::ZERO;
        let along = |x: f64, y: f64| transform * Point::new(x, y) - origin;
        let width = match glyph {
            Glyph::Outline(glyph) => glyph.advance_width(),
            Glyph::Type3(glyph) => glyph.advance_width(),
        };
        let width = f64::from(width.unwrap_or(500.0));
        let (advance, run) = match mode {
            WritingMode::Vertical => (along(0.0, -1000.0), along(0.0, -1000.0)),
            WritingMode::Horizontal => (along(width, 0.0), along(1000.0, 0.0)),
        };
        let mut em_pt = along(0.0, 1000.0).hypot();
        if matches!(glyph, Glyph::Type3(_)) {
            em_pt = self.height(em_pt, advance.hypot());
        }
        let is_placed =
            [origin.x, origin.y, advance.x, advance.y, em_pt].iter().all(|v| v.is_finite());
        if !is_placed || run.hypot() <= 0.0 || em_pt <= 0.0 {
            return None;
        }
        let (text, by) = self.fonts.text(glyph);
        if text.is_empty() {
            return None;
        }
        let mut placed = PlacedGlyph {
            text,
            origin,
            advance,
            direction: run / run.hypot(),
            em_pt,
            sight: Sight::Seen,
            meant: None,
            by,
        };
        placed.sight = self.sight(&placed, ink);
        Some(placed)
    }

    /// How high a font is whose letters are drawings. Its size may be in any unit: where letters are
    /// far wider than it says, the widest so far tells more.
    fn height(&mut self, em_pt: f64, advance_pt: f64) -> f64 {
        let widest = self.widest.entry(em_pt.to_bits()).or_insert(0.0);
        *widest = widest.max(advance_pt);
        if *widest > 2.0 * em_pt { 1.2 * *widest } else { em_pt }
    }

    /// Is the glyph seen, as far as what is drawn before it tells?
    fn sight(&mut self, glyph: &PlacedGlyph, ink: Option<Option<[u8; 4]>>) -> Sight {
        let bounds = glyph.bounds();
        let is_on = |rect: Rect| {
            let shared = rect.intersect(bounds);
            rect.contains(glyph.middle()) || shared.area() > bounds.area() * 0.3
        };
        let is_cut = self.clips.last().is_some_and(|clip| !is_on(*clip));
        // A font of less than a point is no text for people.
        let is_dust = glyph.em_pt < 1.0 && self.sheet.width().max(self.sheet.height()) > 100.0;
        let is_clear = self.opacity() < 0.02;
        if self.is_unseen || is_cut || is_dust || is_clear || !is_on(self.sheet.inflate(1.0, 1.0)) {
            return Sight::Unseen;
        }
        match ink {
            None => Sight::NoInk,
            Some(None) => Sight::Seen,
            // Ink that is clear as glass: some write the text of a scan with it.
            Some(Some([_, _, _, alpha])) if alpha < 5 => Sight::NoInk,
            Some(Some([red, green, blue, _])) => {
                let is_dark = [red, green, blue].iter().all(|part| *part < 128);
                if self.covers.is_background(glyph.middle(), [red, green, blue]) {
                    // Black on black is how people black out; white on white is not.
                    if is_dark { Sight::Covered } else { Sight::Unseen }
                } else {
                    Sight::Seen
                }
            }
        }
    }

    /// Something was drawn.
    pub(super) fn has_drawn(&mut self) {
        self.page.has_drawing = true;
    }

    fn opacity(&self) -> f32 {
        self.opacities.iter().product()
    }

    /// Something was painted: glyphs that lie under it are not seen any more.
    fn cover(&mut self, cover: Cover) {
        if self.is_unseen {
            return;
        }
        let is_picture = cover.is_picture;
        for index in self.covers.add(cover, &self.page.glyphs) {
            if let Some(glyph) = self.page.glyphs.get_mut(index)
                && glyph.sight == Sight::Seen
            {
                glyph.sight = if is_picture { Sight::UnderPicture } else { Sight::Covered };
            }
        }
    }

    pub(super) fn finish(mut self) -> PageGlyphs {
        self.unmark_all();
        unicode::judge(&mut self.page.glyphs);
        let n_unmapped = self.page.glyphs.iter().filter(|glyph| glyph.is_unmapped()).count();
        PageGlyphs { is_too_busy: self.covers.has_given_up, n_unmapped, ..self.page }
    }

    fn unmark_all(&mut self) {
        while !self.marks.is_empty() {
            self.unmark();
        }
    }

    /// Ends a marked stretch: where it says what it means, its glyphs mean that.
    fn unmark(&mut self) {
        let Some((start, Some(actual))) = self.marks.pop() else { return };
        let Some(glyphs) = self.page.glyphs.get_mut(start..).filter(|glyphs| !glyphs.is_empty())
        else {
            return;
        };
        let n_letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        let n_drawn: usize = glyphs.iter().map(|glyph| n_letters(&glyph.text)).sum();
        // What is drawn is not to be talked away.
        if n_drawn > 2 * n_letters(&actual) + 1 {
            return;
        }
        for glyph in glyphs.iter_mut() {
            glyph.meant = Some((std::mem::take(&mut glyph.text), start));
        }
        if let Some(first) = glyphs.first_mut() {
            first.text = plain(&actual);
        }
    }
}

/// The colour of a paint, if it is one.
pub(super) fn colour(paint: &Paint<'_>) -> Option<[u8; 4]> {
    match paint {
        Paint::Color(colour) => Some(colour.to_rgba().to_rgba8()),
        Paint::Pattern(_) => None,
    }
}

impl<'a> Device<'a> for Collector<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.page.has_drawing = true;
        self.page.n_paths += 1;
        if !matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..)) {
            return;
        }
        let bounds = props.transform.transform_rect_bbox(path.bounding_box());
        let colour = colour(&props.paint);
        let is_plain = props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
        let is_opaque = is_plain
            && colour.is_some_and(|[_, _, _, alpha]| alpha >= 250)
            && self.opacity() > 0.98;
        let [a, b, c, d, _, _] = props.transform.as_coeffs();
        let is_upright = (b == 0.0 && c == 0.0) || (a == 0.0 && d == 0.0);
        // A path that fills the box around it is a rectangle, however it is written.
        let box_area = path.bounding_box().area();
        let is_rect = is_upright && path.area().abs() > box_area * 0.98 && box_area > 0.0;
        let bounds = self.clips.last().map_or(bounds, |clip| bounds.intersect(*clip));
        let colour = colour.map(|[red, green, blue, _]| [red, green, blue]);
        self.cover(Cover {
            bounds,
            colour: colour.filter(|_| is_opaque && is_rect),
            hides: is_opaque && is_rect,
            is_picture: false,
        });
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.push_clip_rect(&clip.path.bounding_box());
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        let left = self.clips.last().map_or(*rect, |clip| clip.intersect(*rect));
        self.clips.push(left);
    }

    fn push_transparency_group(&mut self, opacity: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.opacities.push(opacity);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.page.has_drawing = true;
        let ink = (!matches!(mode, DrawMode::Invisible)).then(|| colour(&props.paint));
        let _numbers = self.run(run, props.transform, ink);
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.page.has_drawing = true;
        let (width, height) = (image.width(), image.height());
        let pixels = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let bounds = props.transform.transform_rect_bbox(pixels);
        let bounds = self.clips.last().map_or(bounds, |clip| bounds.intersect(*clip));
        let on_page = bounds.intersect(self.sheet);
        if self.sheet.area() > 0.0 && on_page.area() > 0.0 {
            self.page.picture_share += on_page.area() / self.sheet.area();
            self.page.max_pixels = self.page.max_pixels.max(u64::from(width) * u64::from(height));
            if self.page.pictures.len() < MAX_PICTURES {
                self.page.pictures.push(on_page);
            }
        }
        let is_opaque = match &image {
            Image::Stencil(_) => false,
            Image::Raster(raster) => {
                let has = |key: &[u8]| raster.stream().dict().contains_key(key);
                !has(b"SMask") && !has(b"Mask") && !has(b"SMaskInData") && self.opacity() > 0.98
            }
        };
        self.cover(Cover { bounds, colour: None, hides: is_opaque, is_picture: true });
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {
        self.opacities.pop();
    }

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        let actual = properties
            .and_then(|properties| properties.get::<object::String<'_>>(b"ActualText"))
            .map(|text| super::structure::text_string(text.as_bytes()));
        self.marks.push((self.page.glyphs.len(), actual));
    }

    fn end_marked_content(&mut self) {
        self.unmark();
    }
}
