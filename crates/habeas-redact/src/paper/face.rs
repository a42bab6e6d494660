//! A typeface made of the shapes of letters that stay, and of nothing else.
//!
//! The fonts of a document are not copied: their names, tables and unused letters tell of what was
//! written with them. Each shape becomes a glyph of a new typeface, with the text that it stands for.

use std::collections::HashMap;

use habeas_document::page::{Outline, Segment};
use kurbo::{BezPath, CubicBez, Point};
use write_fonts::FontBuilder;
use write_fonts::tables::glyf::{Glyf, GlyfLocaBuilder, Glyph, SimpleGlyph};
use write_fonts::tables::head::Head;
use write_fonts::tables::hhea::Hhea;
use write_fonts::tables::hmtx::{Hmtx, LongMetric};
use write_fonts::tables::loca::{Loca, LocaFormat};
use write_fonts::tables::maxp::Maxp;

use super::Error;

/// Which glyph of which typeface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Shape {
    pub(crate) face: u16,
    pub(crate) glyph: u16,
}

/// The shapes that were met so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shapes {
    known: HashMap<(u128, String), Shape>,
    faces: Vec<Vec<Drawn>>,
}

/// A glyph: its outline and how far the next one is.
#[derive(Clone, Debug)]
struct Drawn {
    outline: Vec<Segment>,
    advance: u16,
}

/// Glyphs of one typeface; it could have some more.
const MOST_GLYPHS: usize = 30_000;
/// The first glyph that is a letter: the ones before are for what is missing, and the space.
const FIRST: usize = 2;
/// The glyph of a space.
pub(crate) const SPACE: u16 = 1;
/// How wide the space is, in thousandths.
pub(crate) const SPACE_WIDTH: u16 = 280;

impl Shapes {
    /// The glyph for an outline that stands for a text; `advance` in thousandths of its height.
    pub(crate) fn shape(&mut self, outline: &Outline, advance: f32, text: &str) -> Shape {
        // Sizes differ in the last place; a thousandth of the height is not seen.
        let advance = advance.round().clamp(0.0, 16_000.0);
        let key = (fingerprint(&outline.path, advance), text.to_owned());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        if self.faces.last().is_none_or(|face| face.len() >= MOST_GLYPHS) {
            self.faces.push(Vec::new());
        }
        let face = self.faces.len() - 1;
        let glyphs = &mut self.faces[face];
        let glyph = u16::try_from(glyphs.len() + FIRST).unwrap_or(u16::MAX);
        glyphs.push(Drawn { outline: outline.path.clone(), advance: advance as u16 });
        let shape = Shape { face: u16::try_from(face).unwrap_or(u16::MAX), glyph };
        self.known.insert(key, shape);
        shape
    }

    /// How far the next letter is from a glyph, in thousandths of its height.
    pub(crate) fn advance(&self, shape: Shape) -> u16 {
        let face = self.faces.get(usize::from(shape.face));
        let glyph = face.and_then(|face| face.get(usize::from(shape.glyph) - FIRST));
        glyph.map_or(0, |glyph| glyph.advance)
    }

    /// The typefaces.
    ///
    /// # Errors
    /// If the writer of fonts refuses a shape.
    pub(crate) fn fonts(&self) -> Result<Vec<krilla::text::Font>, Error> {
        let font = |face: &Vec<Drawn>| {
            let bytes = build(face).ok_or(Error::Refused)?;
            krilla::text::Font::new(bytes.into(), 0).ok_or(Error::Refused)
        };
        self.faces.iter().map(font).collect()
    }
}

fn fingerprint(path: &[Segment], advance: f32) -> u128 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let half = |seed: u64| {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        advance.to_bits().hash(&mut hasher);
        for segment in path {
            std::mem::discriminant(segment).hash(&mut hasher);
            let numbers: &[f32] = match segment {
                Segment::Move(x, y) | Segment::Line(x, y) => &[*x, *y],
                Segment::Quad(a, b, x, y) => &[*a, *b, *x, *y],
                Segment::Cubic(a, b, c, d, x, y) => &[*a, *b, *c, *d, *x, *y],
                Segment::Close => &[],
            };
            numbers.iter().for_each(|number| number.to_bits().hash(&mut hasher));
        }
        u128::from(hasher.finish())
    };
    half(1) << 64 | half(2)
}

/// Units of the typeface for each of the document's: curves lose less in a finer grid.
const FINER: f64 = 2.0;

fn build(glyphs: &[Drawn]) -> Option<Vec<u8>> {
    let mut builder = GlyfLocaBuilder::new();
    let mut metrics = Vec::new();
    let mut bounds: Option<kurbo::Rect> = None;
    let mut add = |glyph: Glyph, advance: f64, left: i16| {
        builder.add_glyph(&glyph).ok()?;
        metrics.push(LongMetric { advance: (advance * FINER) as u16, side_bearing: left });
        Some(())
    };
    add(Glyph::Empty, 500.0, 0)?;
    add(Glyph::Empty, f64::from(SPACE_WIDTH), 0)?;
    let (mut n_points, mut n_contours) = (0, 0);
    for drawn in glyphs {
        let path = quadratic(&drawn.outline);
        let advance = f64::from(drawn.advance);
        if path.elements().is_empty() {
            add(Glyph::Empty, advance, 0)?;
            continue;
        }
        let simple = SimpleGlyph::from_bezpath(&path).ok()?;
        n_contours = n_contours.max(simple.contours.len());
        n_points = n_points.max(simple.contours.iter().map(|contour| contour.len()).sum());
        let own = simple.bbox;
        let rect = kurbo::Rect::new(
            f64::from(own.x_min),
            f64::from(own.y_min),
            f64::from(own.x_max),
            f64::from(own.y_max),
        );
        bounds = Some(bounds.map_or(rect, |all| all.union(rect)));
        add(Glyph::Simple(simple), advance, own.x_min)?;
    }
    let (glyf, loca, format): (Glyf, Loca, LocaFormat) = builder.build();
    let n_glyphs = u16::try_from(metrics.len()).ok()?;
    let side = |value: f64| value.clamp(-32_000.0, 32_000.0) as i16;
    let bounds = bounds.unwrap_or_default();
    let head = Head {
        units_per_em: (1000.0 * FINER) as u16,
        x_min: side(bounds.x0),
        y_min: side(bounds.y0),
        x_max: side(bounds.x1),
        y_max: side(bounds.y1),
        index_to_loc_format: format as i16,
        magic_number: 0x5F0F_3CF5,
        ..Head::default()
    };
    let hhea = Hhea {
        ascender: ((800.0 * FINER) as i16).into(),
        descender: ((-200.0 * FINER) as i16).into(),
        number_of_h_metrics: n_glyphs,
        ..Hhea::default()
    };
    let number = |value: usize| Some(u16::try_from(value).unwrap_or(u16::MAX));
    let maxp = Maxp {
        num_glyphs: n_glyphs,
        max_points: number(n_points),
        max_contours: number(n_contours),
        max_composite_points: Some(0),
        max_composite_contours: Some(0),
        max_zones: Some(1),
        max_twilight_points: Some(0),
        max_storage: Some(0),
        max_function_defs: Some(0),
        max_instruction_defs: Some(0),
        max_stack_elements: Some(0),
        max_size_of_instructions: Some(0),
        max_component_elements: Some(0),
        max_component_depth: Some(0),
    };
    let hmtx = Hmtx { h_metrics: metrics, left_side_bearings: Vec::new() };
    let mut font = FontBuilder::new();
    font.add_table(&head).ok()?;
    font.add_table(&hhea).ok()?;
    font.add_table(&maxp).ok()?;
    font.add_table(&hmtx).ok()?;
    font.add_table(&glyf).ok()?;
    font.add_table(&loca).ok()?;
    Some(font.build())
}

/// A path of lines and simple curves on the grid of the typeface, within what a font can hold.
fn quadratic(segments: &[Segment]) -> BezPath {
    let at = |x: f32, y: f32| {
        let fit = |value: f32| (f64::from(value) * FINER).clamp(-16_000.0, 16_000.0);
        Point::new(fit(x), fit(y))
    };
    let mut path = BezPath::new();
    let mut part = BezPath::new();
    let mut here = Point::ZERO;
    // A part of a point or two has no area, and no font holds it.
    let mut end = |part: &mut BezPath| {
        if part.elements().len() > 2 {
            path.extend(part.elements().iter().copied());
            path.close_path();
        }
        part.truncate(0);
    };
    for segment in segments {
        match *segment {
            Segment::Move(x, y) => {
                end(&mut part);
                here = at(x, y);
                part.move_to(here);
            }
            Segment::Close => end(&mut part),
            _ if part.elements().is_empty() => {}
            Segment::Line(x, y) => {
                here = at(x, y);
                part.line_to(here);
            }
            Segment::Quad(a, b, x, y) => {
                here = at(x, y);
                part.quad_to(at(a, b), here);
            }
            Segment::Cubic(a, b, c, d, x, y) => {
                let cubic = CubicBez::new(here, at(a, b), at(c, d), at(x, y));
                for (_, _, quad) in cubic.to_quads(0.4) {
                    part.quad_to(quad.p1, quad.p2);
                }
                here = at(x, y);
            }
        }
    }
    end(&mut part);
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_kept_once_for_each_text_and_the_typeface_is_sound() {
        let square = Outline {
            path: vec![
                Segment::Move(0.0, 0.0),
                Segment::Line(500.0, 0.0),
                Segment::Cubic(600.0, 200.0, 600.0, 400.0, 500.0, 700.0),
                Segment::Line(0.0, 700.0),
                Segment::Close,
            ],
        };
        let mut shapes = Shapes::default();
        let first = shapes.shape(&square, 550.0, "a");
        assert_eq!(shapes.shape(&square, 550.0, "a"), first);
        assert_ne!(shapes.shape(&square, 550.0, "b"), first);
        assert_eq!(shapes.advance(first), 550);
        assert_eq!(shapes.fonts().unwrap().len(), 1);
    }
}
