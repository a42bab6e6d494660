//! How is a page that is drawn as the original looks written into a PDF file?

use std::collections::HashMap;
use std::sync::Arc;

use habeas_document::page::{Colour, Matrix, Pen, Segment};
use krilla::blend::BlendMode;
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Stroke as Line, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

use super::emit::{ink, write};
use super::face::{SPACE, SPACE_WIDTH, Shapes};
use super::font::{Face, Weight, visible};
use super::leaf::{LABEL_GAP, Leaf, Letters, Packed, Stroke, label_size, label_width};

/// What all leaves of a file share.
pub(super) struct Press<'a> {
    shapes: &'a Shapes,
    fonts: Vec<Font>,
    /// A picture that is on many pages is in the file once.
    images: HashMap<usize, Image>,
}

impl<'a> Press<'a> {
    pub(super) fn new(shapes: &'a Shapes) -> Result<Self, super::Error> {
        Ok(Self { shapes, fonts: shapes.fonts()?, images: HashMap::new() })
    }

    /// Draws a leaf.
    pub(super) fn draw(&mut self, surface: &mut Surface<'_>, leaf: &Leaf) {
        // How much each open clip or group has put on the surface.
        let mut open: Vec<usize> = Vec::new();
        for stroke in &leaf.strokes {
            match stroke {
                Stroke::Letters(letters) => self.letters(surface, letters),
                Stroke::Path { path, matrix, fill, pen } => {
                    let Some(path) = outline(path) else { continue };
                    surface.push_transform(&transform(matrix));
                    surface.set_fill(fill.map(|(colour, is_even_odd)| filled(colour, is_even_odd)));
                    surface.set_stroke(pen.as_ref().map(line));
                    surface.draw_path(&path);
                    surface.set_stroke(None);
                    surface.pop();
                }
                Stroke::Picture { picture, matrix } => self.picture(surface, picture, matrix),
                Stroke::PushClip { path, is_even_odd } => {
                    let rule = if *is_even_odd { FillRule::EvenOdd } else { FillRule::NonZero };
                    match outline(path) {
                        Some(path) => {
                            surface.push_clip_path(&path, &rule);
                            open.push(1);
                        }
                        None => open.push(0),
                    }
                }
                Stroke::PushGroup { opacity, blend } => {
                    let mut n = 0;
                    if let Some(mode) = blend_mode(*blend) {
                        surface.push_blend_mode(mode);
                        n += 1;
                    }
                    if let Some(opacity) = NormalizedF32::new(*opacity).filter(|_| *opacity < 1.0) {
                        surface.push_opacity(opacity);
                        n += 1;
                    }
                    open.push(n);
                }
                Stroke::PopClip | Stroke::PopGroup => {
                    (0..open.pop().unwrap_or(0)).for_each(|_| surface.pop());
                }
                Stroke::Label { x, y, em, along: (dx, dy), text } => {
                    surface.push_transform(&Transform::from_row(*dx, *dy, -dy, *dx, *x, *y));
                    label(surface, (0.0, 0.0), *em, text);
                    surface.pop();
                }
                Stroke::Word { x, y, width, height, text } => {
                    word(surface, (*x, *y), *width, *height, text);
                }
                Stroke::Withheld { bounds, text } => withheld(surface, *bounds, text),
            }
        }
        open.into_iter().rev().for_each(|n| (0..n).for_each(|_| surface.pop()));
    }

    fn letters(&self, surface: &mut Surface<'_>, letters: &Letters) {
        let size = letters.size;
        let Some(first) = letters.letters.first() else { return };
        let Some(font) = self.fonts.get(usize::from(first.shape.face)) else { return };
        let mut text = String::new();
        let mut glyphs: Vec<KrillaGlyph> = Vec::new();
        for (at, letter) in letters.letters.iter().enumerate() {
            let start = text.len();
            text.push_str(&letter.text);
            let own = f32::from(self.shapes.advance(letter.shape)) / 1000.0;
            let next = letters.letters.get(at + 1).map(|next| (next.x - letter.x) / size);
            let glyph = GlyphId::new(letter.shape.glyph.into());
            if letter.has_space {
                // The space is as wide as it has to be for the next letter to stand where it does.
                let space = f32::from(SPACE_WIDTH) / 1000.0;
                let rest = next.map_or(space, |next| next - own);
                glyphs.push(KrillaGlyph::new(glyph, own, 0.0, 0.0, 0.0, start..text.len(), None));
                let from = text.len();
                text.push(' ');
                let blank = GlyphId::new(SPACE.into());
                glyphs.push(KrillaGlyph::new(blank, rest, 0.0, 0.0, 0.0, from..text.len(), None));
            } else {
                let advance = next.unwrap_or(own);
                glyphs.push(KrillaGlyph::new(
                    glyph,
                    advance,
                    0.0,
                    0.0,
                    0.0,
                    start..text.len(),
                    None,
                ));
            }
        }
        let [a, b, c, d, e, f] = letters.matrix;
        let is_upright = (a - 1.0).abs() < 1e-4 && (d - 1.0).abs() < 1e-4 && b == 0.0 && c == 0.0;
        if !is_upright {
            surface.push_transform(&transform(&letters.matrix));
        }
        let origin = if is_upright { (e, f) } else { (0.0, 0.0) };
        let start = Point::from_xy(origin.0 + first.x, origin.1);
        surface.set_fill(letters.fill.map(|colour| filled(colour, false)));
        surface.set_stroke(letters.pen.as_ref().map(line));
        surface.draw_glyphs(start, &glyphs, font.clone(), &text, size, false);
        surface.set_stroke(None);
        if !is_upright {
            surface.pop();
        }
    }

    fn picture(&mut self, surface: &mut Surface<'_>, picture: &Arc<Packed>, matrix: &Matrix) {
        let key = Arc::as_ptr(picture) as usize;
        if let std::collections::hash_map::Entry::Vacant(place) = self.images.entry(key) {
            match Image::from_png(picture.png.clone().into(), true) {
                Ok(image) => place.insert(image),
                Err(_) => return,
            };
        }
        let Some(image) = self.images.get(&key) else { return };
        let (width, height) = (picture.width as f32, picture.height as f32);
        let Some(size) = Size::from_wh(width, height) else { return };
        surface.push_transform(&transform(matrix));
        surface.draw_image(image.clone(), size);
        surface.pop();
    }
}

/// A label in its box.
fn label(surface: &mut Surface<'_>, (x, y): (f32, f32), em: f32, text: &str) {
    let wide = label_width(em);
    let gap = em * LABEL_GAP;
    let paper = Fill { paint: rgb::Color::new(222, 222, 222).into(), ..Fill::default() };
    fill_box(surface, [x + gap, y - em * 0.78, x + wide - gap, y + em * 0.2], paper);
    let face = Face::of(Weight::Bold);
    let mut shown = String::new();
    text.chars().for_each(|c| visible(c, &mut shown));
    let size = label_size(em, face.width(&shown, 1.0));
    let left = x + (wide - face.width(&shown, size)) / 2.0;
    write(surface, &shown, (left, y), size, Weight::Bold, 0);
}

/// A word as wide as its picture; the picture is drawn over it.
fn word(surface: &mut Surface<'_>, (x, y): (f32, f32), width: f32, height: f32, text: &str) {
    let face = Face::of(Weight::Plain);
    let mut shown = String::new();
    text.chars().for_each(|c| visible(c, &mut shown));
    let own = face.width(&shown, 1.0);
    if own > 0.0 && width > 0.0 && height > 0.0 {
        let size = height * 1.1;
        surface.push_transform(&Transform::from_row(width / (own * size), 0.0, 0.0, 1.0, x, y));
        write(surface, &shown, (0.0, 0.0), size, Weight::Plain, 0);
        surface.pop();
    }
}

/// A grey box that says why a picture is not there.
fn withheld(surface: &mut Surface<'_>, bounds: [f32; 4], text: &str) {
    fill_box(surface, bounds, ink(225));
    let [left, top, right, bottom] = bounds;
    let face = Face::of(Weight::Plain);
    let own = face.width(text, 1.0);
    let size = ((right - left - 6.0) / own.max(0.1)).min(8.0).min((bottom - top) * 0.6);
    if size >= 3.0 {
        let x = left + (right - left - own * size) / 2.0;
        write(surface, text, (x, (top + bottom + size * 0.7) / 2.0), size, Weight::Plain, 60);
    }
}

fn fill_box(surface: &mut Surface<'_>, [left, top, right, bottom]: [f32; 4], fill: Fill) {
    let Some(rect) = Rect::from_ltrb(left, top, right, bottom) else { return };
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    if let Some(path) = path.finish() {
        surface.set_fill(Some(fill));
        surface.draw_path(&path);
    }
}

fn transform([a, b, c, d, e, f]: &Matrix) -> Transform {
    Transform::from_row(*a, *b, *c, *d, *e, *f)
}

fn outline(segments: &[Segment]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for segment in segments {
        match *segment {
            Segment::Move(x, y) => path.move_to(x, y),
            Segment::Line(x, y) => path.line_to(x, y),
            Segment::Quad(a, b, x, y) => path.quad_to(a, b, x, y),
            Segment::Cubic(a, b, c, d, x, y) => path.cubic_to(a, b, c, d, x, y),
            Segment::Close => path.close(),
        }
    }
    path.finish()
}

fn opacity(alpha: u8) -> NormalizedF32 {
    NormalizedF32::new(f32::from(alpha) / 255.0).unwrap_or(NormalizedF32::ONE)
}

fn filled([red, green, blue, alpha]: Colour, is_even_odd: bool) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: opacity(alpha),
        rule: if is_even_odd { FillRule::EvenOdd } else { FillRule::NonZero },
    }
}

fn line(pen: &Pen) -> Line {
    let [red, green, blue, alpha] = pen.colour;
    let has_dashes = pen.dashes.iter().any(|length| *length > 0.0)
        && pen.dashes.iter().all(|length| length.is_finite() && *length >= 0.0);
    Line {
        paint: rgb::Color::new(red, green, blue).into(),
        width: pen.width.max(0.01),
        miter_limit: pen.miter.max(1.0),
        line_cap: match pen.cap {
            1 => LineCap::Round,
            2 => LineCap::Square,
            _ => LineCap::Butt,
        },
        line_join: match pen.join {
            1 => LineJoin::Round,
            2 => LineJoin::Bevel,
            _ => LineJoin::Miter,
        },
        opacity: opacity(alpha),
        dash: has_dashes.then(|| StrokeDash { array: pen.dashes.clone(), offset: pen.dash_offset }),
    }
}

/// The mode of that number; `None` for the usual one.
fn blend_mode(number: u8) -> Option<BlendMode> {
    use BlendMode as Mode;
    Some(match number {
        1 => Mode::Multiply,
        2 => Mode::Screen,
        3 => Mode::Overlay,
        4 => Mode::Darken,
        5 => Mode::Lighten,
        6 => Mode::ColorDodge,
        7 => Mode::ColorBurn,
        8 => Mode::HardLight,
        9 => Mode::SoftLight,
        10 => Mode::Difference,
        11 => Mode::Exclusion,
        12 => Mode::Hue,
        13 => Mode::Saturation,
        14 => Mode::Color,
        15 => Mode::Luminosity,
        _ => return None,
    })
}
