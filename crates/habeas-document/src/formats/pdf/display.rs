//! What is drawn on a page, in order: the display list, with the letters that the text is made of.
//!
//! The marks go through the same reader that the text comes from, so that whoever drops a letter's
//! marks drops what was found, and nothing else is carried over but what is named here.

use std::collections::HashMap;

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, FillRule, Image, ImageDrawProps,
    Paint, SoftMask, StrokeProps,
};
use hayro::hayro_syntax::object::Dict;
use hayro::kurbo::{Affine, BezPath, Cap, Join, PathEl, Rect, Shape};

use super::glyphs::{Collector, PageGlyphs, colour};
use super::picture;
use crate::page::{Doubt, Mark, Matrix, Outline, Pen, Pixels, Segment, What};

/// What was recorded of a page.
pub(super) struct Display {
    pub(super) glyphs: PageGlyphs,
    pub(super) marks: Vec<Mark>,
    pub(super) outlines: Vec<Outline>,
    pub(super) pictures: Vec<Pixels>,
    /// Sorted, each once.
    pub(super) doubts: Vec<Doubt>,
}

/// Segments of all paths of a page.
const MOST_SEGMENTS: usize = 1_500_000;
/// Pixels of all pictures of a page.
const MOST_PIXELS: u64 = 12_000_000;

/// A clip of more segments than a frame with round corners has may be a letter.
const MOST_OF_A_FRAME: usize = 12;

/// Records what is drawn, while the collector reads what it says.
pub(super) struct Recorder<'f> {
    collector: Collector<'f>,
    marks: Vec<Mark>,
    outlines: Vec<Outline>,
    known_outlines: HashMap<u128, Option<u32>>,
    pictures: Vec<Pixels>,
    known_pictures: HashMap<u128, Option<u32>>,
    doubts: Vec<Doubt>,
    n_segments: usize,
    n_pixels: u64,
    /// The letter whose drawing is being recorded.
    letter: Option<u32>,
}

impl<'f> Recorder<'f> {
    pub(super) fn new(collector: Collector<'f>) -> Self {
        Self {
            collector,
            marks: Vec::new(),
            outlines: Vec::new(),
            known_outlines: HashMap::new(),
            pictures: Vec::new(),
            known_pictures: HashMap::new(),
            doubts: Vec::new(),
            n_segments: 0,
            n_pixels: 0,
            letter: None,
        }
    }

    pub(super) fn finish(mut self) -> Display {
        self.doubts.sort_unstable();
        self.doubts.dedup();
        Display {
            glyphs: self.collector.finish(),
            marks: self.marks,
            outlines: self.outlines,
            pictures: self.pictures,
            doubts: self.doubts,
        }
    }

    fn doubt(&mut self, doubt: Doubt) {
        if !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    fn push(&mut self, what: What) {
        self.marks.push(Mark { letter: self.letter, what });
    }

    fn segments(&mut self, path: &BezPath) -> Vec<Segment> {
        self.n_segments += path.elements().len();
        if self.n_segments > MOST_SEGMENTS {
            self.doubt(Doubt::TooMuch);
            return Vec::new();
        }
        let path: Vec<Segment> = path.elements().iter().map(segment).collect();
        if !path.iter().all(is_finite) {
            self.doubt(Doubt::Odd);
            return Vec::new();
        }
        path
    }

    fn matrix(&mut self, transform: Affine) -> Matrix {
        let matrix = transform.as_coeffs().map(|number| number as f32);
        if !matrix.iter().all(|number| number.is_finite()) {
            self.doubt(Doubt::Odd);
        }
        matrix
    }

    /// What things are drawn with: fill and pen. A pattern is a doubt.
    fn inks(
        &mut self,
        paint: &Paint<'_>,
        mode: &DrawMode,
    ) -> (Option<(crate::page::Colour, bool)>, Option<Pen>) {
        let Some(colour) = colour(paint) else {
            self.doubt(Doubt::Pattern);
            return (None, None);
        };
        let fill = |rule: &FillRule| Some((colour, *rule == FillRule::EvenOdd));
        match mode {
            DrawMode::Fill(rule) => (fill(rule), None),
            DrawMode::Stroke(stroke) => (None, Some(pen(colour, stroke))),
            DrawMode::FillAndStroke(rule, stroke) => (fill(rule), Some(pen(colour, stroke))),
            DrawMode::Invisible => (None, None),
        }
    }

    /// Opens a group if things are not simply put on top; closes it with what it returns.
    fn blended(&mut self, mask: Option<&SoftMask<'_>>, blend: BlendMode) -> bool {
        if mask.is_some() {
            self.doubt(Doubt::Mask);
        }
        let is_blended = blend != BlendMode::Normal;
        if is_blended {
            self.push(What::PushGroup { opacity: 1.0, blend: blend as u8 });
        }
        is_blended
    }

    fn path(&mut self, path: &BezPath, props: &DrawProps<'_>, mode: &DrawMode) {
        let (fill, pen) = self.inks(&props.paint, mode);
        if fill.is_none() && pen.is_none() {
            return;
        }
        let is_blended = self.blended(props.soft_mask.as_ref(), props.blend_mode);
        let (path, matrix) = (self.segments(path), self.matrix(props.transform));
        if !path.is_empty() {
            self.push(What::Path { path, matrix, fill, pen });
        }
        if is_blended {
            self.push(What::PopGroup);
        }
    }

    /// Which outline it is; `None` if it has none, such as a space.
    fn outline(&mut self, key: u128, path: &BezPath) -> Option<u32> {
        if path.elements().is_empty() {
            self.known_outlines.insert(key, None);
            return None;
        }
        if let Some(known) = self.known_outlines.get(&key) {
            return *known;
        }
        let path = self.segments(path);
        let number = u32::try_from(self.outlines.len()).ok()?;
        self.outlines.push(Outline { path });
        self.known_outlines.insert(key, Some(number));
        Some(number)
    }

    fn glyph<'a>(
        &mut self,
        glyph: &Glyph<'a>,
        own: Affine,
        letter: Option<u32>,
        props: &DrawProps<'a>,
        mode: &DrawMode,
    ) {
        let transform = props.transform * own;
        match glyph {
            Glyph::Outline(outline) => {
                let key = outline.identifier().cache_key();
                let number = match self.known_outlines.get(&key) {
                    Some(number) => *number,
                    None => self.outline(key, &outline.outline()),
                };
                self.draw(number, letter, transform, props, mode);
            }
            Glyph::Type3(drawn) => {
                let n_marks = self.marks.len();
                let before = self.letter.replace(letter.unwrap_or(NOBODY));
                drawn.interpret(self, props.transform, own, &props.paint);
                self.letter = before;
                let marks = self.marks.split_off(n_marks);
                if marks.iter().all(is_nothing) {
                    return;
                }
                match shape(&marks, transform) {
                    Some((path, fill)) => {
                        let number = self.outline(drawn.cache_key(), &path);
                        if let (Some(number), Some(letter)) = (number, letter) {
                            let matrix = self.matrix(transform);
                            let what = What::Glyph {
                                outline: number,
                                matrix,
                                fill: Some(fill),
                                pen: None,
                            };
                            self.marks.push(Mark { letter: Some(letter), what });
                        } else if number.is_some() {
                            self.doubt(Doubt::Unmapped);
                        }
                    }
                    None => self.doubt(Doubt::DrawnLetters),
                }
            }
        }
    }

    fn draw(
        &mut self,
        number: Option<u32>,
        letter: Option<u32>,
        transform: Affine,
        props: &DrawProps<'_>,
        mode: &DrawMode,
    ) {
        let Some(outline) = number else { return };
        if letter.is_none() {
            // Something is drawn that no text tells of.
            return self.doubt(Doubt::Unmapped);
        }
        let (fill, pen) = self.inks(&props.paint, mode);
        let fill = fill.map(|(colour, _)| colour);
        // The pen does not grow with the letter, but with the page.
        let scale = props.transform.determinant().abs().sqrt() as f32;
        let pen = pen.map(|pen| Pen { width: pen.width * scale, ..pen });
        let matrix = self.matrix(transform);
        self.marks.push(Mark { letter, what: What::Glyph { outline, matrix, fill, pen } });
    }

    /// Is what is drawn now a part of a letter?
    fn is_in_letter(&self) -> bool {
        self.letter.is_some()
    }
}

/// A drawn letter of which no text tells.
const NOBODY: u32 = u32::MAX;

/// Does a mark show nothing: a frame, or a line without length?
fn is_nothing(mark: &Mark) -> bool {
    match &mark.what {
        What::PushClip { .. } | What::PopClip => true,
        What::Path { path, pen, .. } => {
            let around = curve(path).bounding_box();
            let is_round = pen.as_ref().is_some_and(|pen| pen.cap != 0);
            around.width() == 0.0 && around.height() == 0.0 && !is_round
        }
        _ => false,
    }
}

/// The one shape that the marks of a letter are, in the letter's own frame, and its colour.
fn shape(marks: &[Mark], letter: Affine) -> Option<(BezPath, crate::page::Colour)> {
    let inverse = (letter.determinant().abs() > 1e-12).then(|| letter.inverse())?;
    let mut shape = BezPath::new();
    let mut colour = None;
    let mut clips: Vec<Rect> = Vec::new();
    for mark in marks {
        match &mark.what {
            What::Path { path, matrix, fill: Some((fill, false)), pen: None } => {
                if colour.is_some_and(|colour| colour != *fill) {
                    return None;
                }
                colour = Some(*fill);
                let on_page = Affine::new(matrix.map(f64::from)) * curve(path);
                let bounds = on_page.bounding_box();
                let is_cut = |clip: &Rect| clip.union(bounds).area() > clip.area() * 1.001;
                if clips.iter().any(is_cut) {
                    return None;
                }
                shape.extend((inverse * on_page).elements().iter().copied());
            }
            // The box that a letter says it keeps to cuts nothing off.
            What::PushClip { path, .. } if path.len() <= MOST_OF_A_FRAME => {
                clips.push(curve(path).bounding_box());
            }
            What::PopClip => {
                clips.pop();
            }
            _ => return None,
        }
    }
    Some((shape, colour?))
}

fn curve(path: &[Segment]) -> BezPath {
    let at = |x: f32, y: f32| (f64::from(x), f64::from(y)).into();
    path.iter()
        .map(|segment| match *segment {
            Segment::Move(x, y) => PathEl::MoveTo(at(x, y)),
            Segment::Line(x, y) => PathEl::LineTo(at(x, y)),
            Segment::Quad(a, b, x, y) => PathEl::QuadTo(at(a, b), at(x, y)),
            Segment::Cubic(a, b, c, d, x, y) => PathEl::CurveTo(at(a, b), at(c, d), at(x, y)),
            Segment::Close => PathEl::ClosePath,
        })
        .collect()
}

fn segment(element: &PathEl) -> Segment {
    match *element {
        PathEl::MoveTo(p) => Segment::Move(p.x as f32, p.y as f32),
        PathEl::LineTo(p) => Segment::Line(p.x as f32, p.y as f32),
        PathEl::QuadTo(a, p) => Segment::Quad(a.x as f32, a.y as f32, p.x as f32, p.y as f32),
        PathEl::CurveTo(a, b, p) => {
            Segment::Cubic(a.x as f32, a.y as f32, b.x as f32, b.y as f32, p.x as f32, p.y as f32)
        }
        PathEl::ClosePath => Segment::Close,
    }
}

fn is_finite(segment: &Segment) -> bool {
    match *segment {
        Segment::Move(x, y) | Segment::Line(x, y) => x.is_finite() && y.is_finite(),
        Segment::Quad(a, b, x, y) => [a, b, x, y].iter().all(|number| number.is_finite()),
        Segment::Cubic(a, b, c, d, x, y) => {
            [a, b, c, d, x, y].iter().all(|number| number.is_finite())
        }
        Segment::Close => true,
    }
}

fn pen(colour: crate::page::Colour, stroke: &StrokeProps) -> Pen {
    Pen {
        colour,
        width: stroke.line_width,
        cap: match stroke.line_cap {
            Cap::Butt => 0,
            Cap::Round => 1,
            Cap::Square => 2,
        },
        join: match stroke.line_join {
            Join::Miter => 0,
            Join::Round => 1,
            Join::Bevel => 2,
        },
        miter: stroke.miter_limit,
        dashes: stroke.dash_array.to_vec(),
        dash_offset: stroke.dash_offset,
    }
}

impl<'a> Device<'a> for Recorder<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.path(path, &props, mode);
        if !self.is_in_letter() {
            self.collector.draw_path(path, props, mode);
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        // Ink that is poured through letters shows them.
        if clip.path.elements().len() > MOST_OF_A_FRAME {
            self.doubt(Doubt::Shape);
        }
        let path = self.segments(&clip.path);
        self.push(What::PushClip { path, is_even_odd: clip.fill == FillRule::EvenOdd });
        if !self.is_in_letter() {
            self.collector.push_clip_path(clip);
        }
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        let path = self.segments(&rect.to_path(0.1));
        self.push(What::PushClip { path, is_even_odd: false });
        if !self.is_in_letter() {
            self.collector.push_clip_rect(rect);
        }
    }

    fn pop_clip(&mut self) {
        self.push(What::PopClip);
        if !self.is_in_letter() {
            self.collector.pop_clip();
        }
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        blend: BlendMode,
    ) {
        if mask.is_some() {
            self.doubt(Doubt::Mask);
        }
        self.push(What::PushGroup { opacity, blend: blend as u8 });
        if !self.is_in_letter() {
            self.collector.push_transparency_group(opacity, mask, blend);
        }
    }

    fn pop_transparency_group(&mut self) {
        self.push(What::PopGroup);
        if !self.is_in_letter() {
            self.collector.pop_transparency_group();
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        if !self.is_in_letter() {
            self.collector.has_drawn();
        }
        let is_blended = self.blended(props.soft_mask.as_ref(), props.blend_mode);
        let is_inked = !matches!(mode, DrawMode::Invisible);
        // A letter within a letter is a part of its drawing.
        let letters = match self.letter {
            Some(outer) => run.glyphs().iter().map(|_| Some(outer)).collect(),
            None => {
                let ink = is_inked.then(|| colour(&props.paint));
                let numbers = self.collector.run(run, props.transform, ink);
                let number = |index: Option<usize>| index.and_then(|at| u32::try_from(at).ok());
                numbers.into_iter().map(number).collect::<Vec<_>>()
            }
        };
        for (glyph, letter) in run.glyphs().iter().zip(letters).filter(|_| is_inked) {
            self.glyph(glyph, glyph.transform(), letter, &props, mode);
        }
        if is_blended {
            self.push(What::PopGroup);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let is_blended = self.blended(props.soft_mask.as_ref(), props.blend_mode);
        // A stencil may be drawn again in another colour.
        let key = matches!(image, Image::Raster(_)).then(|| image.cache_key());
        let number = match key.and_then(|key| self.known_pictures.get(&key)) {
            Some(number) => *number,
            None => {
                let number = self.picture(&image, props.transform);
                if let Some(key) = key {
                    self.known_pictures.insert(key, number);
                }
                number
            }
        };
        let size = number.and_then(|number| self.pictures.get(number as usize));
        if let (Some(picture), Some(size)) = (number, size) {
            // The transform is that of the picture's own pixels; these may be fewer.
            let fewer = Affine::scale_non_uniform(
                f64::from(image.width()) / f64::from(size.width.max(1)),
                f64::from(image.height()) / f64::from(size.height.max(1)),
            );
            let matrix = self.matrix(props.transform * fewer);
            self.push(What::Picture { picture, matrix });
        }
        if is_blended {
            self.push(What::PopGroup);
        }
        if !self.is_in_letter() {
            self.collector.draw_image(image, props);
        }
    }

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        if !self.is_in_letter() {
            self.collector.begin_marked_content(tag, properties);
        }
    }

    fn end_marked_content(&mut self) {
        if !self.is_in_letter() {
            self.collector.end_marked_content();
        }
    }
}

impl Recorder<'_> {
    /// Decodes a picture to about as many pixels as the page shows of it.
    fn picture(&mut self, image: &Image<'_, '_>, transform: Affine) -> Option<u32> {
        let pixels = picture::decode(image, transform, MOST_PIXELS - self.n_pixels);
        let Some(pixels) = pixels.filter(Pixels::is_sound) else {
            self.doubt(Doubt::Picture);
            return None;
        };
        self.n_pixels += u64::from(pixels.width) * u64::from(pixels.height);
        let number = u32::try_from(self.pictures.len()).ok()?;
        self.pictures.push(pixels);
        Some(number)
    }
}
