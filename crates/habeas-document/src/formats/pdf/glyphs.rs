//! Which characters stand where on a page?

use std::collections::{HashMap, HashSet};

use hayro::hayro_interpret::font::{Glyph, GlyphRun, OutlineGlyph};
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{self, Dict};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect, Vec2};

/// A character, or a few that one glyph stands for, on a page whose origin is the top left corner.
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
    pub(super) is_visible: bool,
}

/// What was found on a page.
#[derive(Default)]
pub(super) struct PageGlyphs {
    pub(super) glyphs: Vec<PlacedGlyph>,
    /// How many of them have no known meaning.
    pub(super) n_unmapped: usize,
    /// Is there a picture over most of the page?
    pub(super) has_picture: bool,
    /// Is there anything at all?
    pub(super) has_drawing: bool,
}

/// Reads the pages of one document.
pub(super) struct Reader<'p> {
    pdf: &'p Pdf,
    cache: InterpreterCache<'p>,
    fonts: Fonts,
}

impl<'p> Reader<'p> {
    pub(super) fn new(pdf: &'p Pdf) -> Self {
        Self { pdf, cache: InterpreterCache::new(), fonts: Fonts::default() }
    }

    pub(super) fn read(&mut self, page: &Page<'p>) -> PageGlyphs {
        let (width, height) = page.render_dimensions();
        let sheet = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let transform = page.initial_transform(true).to_kurbo();
        let mut context = Context::new(
            transform,
            sheet,
            &self.cache,
            self.pdf.xref(),
            InterpreterSettings::default(),
        );
        let mut collector = Collector {
            sheet,
            page: PageGlyphs::default(),
            fonts: &mut self.fonts,
            seen: HashSet::new(),
            marks: Vec::new(),
        };
        interpret_page(page, &mut context, &mut collector);
        while !collector.marks.is_empty() {
            collector.unmark();
        }
        collector.page
    }
}

/// For each font, which character each of its glyphs stands for.
#[derive(Default)]
struct Fonts {
    characters: HashMap<u128, HashMap<u32, char>>,
}

impl Fonts {
    /// What a glyph means by the font's own table, where the document does not say.
    fn character(&mut self, glyph: &OutlineGlyph) -> Option<char> {
        let font = glyph.font_data()?;
        let characters = self.characters.entry(font.cache_key).or_insert_with(|| {
            use skrifa::MetadataProvider;
            let bytes: &[u8] = (*font.data).as_ref();
            let mut characters = HashMap::new();
            if let Ok(font) = skrifa::FontRef::new(bytes) {
                for (character, id) in font.charmap().mappings() {
                    // Of several, the first is the plain one; private ones tell nothing.
                    if let Some(c) = char::from_u32(character).filter(|c| !is_private(*c)) {
                        characters.entry(id.to_u32()).or_insert(c);
                    }
                }
            }
            characters
        });
        characters.get(&glyph.glyph_id().to_u32()).copied()
    }
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

struct Collector<'f> {
    sheet: Rect,
    page: PageGlyphs,
    fonts: &'f mut Fonts,
    /// What stands where already: shadows and bold by printing twice are read once.
    seen: HashSet<(u64, i64, i64)>,
    /// Marked stretches that are open: where they begin, and what they say they mean.
    marks: Vec<(usize, Option<String>)>,
}

impl Collector<'_> {
    fn glyph(&mut self, glyph: &Glyph<'_>, transform: Affine, mode: WritingMode, is_drawn: bool) {
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
        let em_pt = along(0.0, 1000.0).hypot();
        let is_placed =
            [origin.x, origin.y, advance.x, advance.y, em_pt].iter().all(|v| v.is_finite());
        if !is_placed || run.hypot() <= 0.0 || em_pt <= 0.0 {
            return;
        }
        let text = self.text(glyph);
        let is_mapped = text.is_some();
        let text = text.unwrap_or_else(|| char::REPLACEMENT_CHARACTER.to_string());
        if text.is_empty() || self.is_repeated(&text, origin, em_pt) {
            return;
        }
        self.page.n_unmapped += usize::from(!is_mapped);
        let middle = origin + advance * 0.5;
        self.page.glyphs.push(PlacedGlyph {
            text,
            origin,
            advance,
            direction: run / run.hypot(),
            em_pt,
            is_visible: is_drawn && self.sheet.inflate(1.0, 1.0).contains(middle),
        });
    }

    /// What a glyph stands for: by the document, by its font, by its code.
    fn text(&mut self, glyph: &Glyph<'_>) -> Option<String> {
        let stated = glyph.as_unicode().map(|stated| match stated {
            BfString::Char(c) => c.to_string(),
            BfString::String(text) => text,
        });
        let is_useful = |text: &String| {
            text.chars().any(|c| !is_private(c) && c != char::REPLACEMENT_CHARACTER && c != '\0')
        };
        if let Some(text) = stated.as_ref().filter(|text| is_useful(text)) {
            return Some(plain(text));
        }
        let by_font = match glyph {
            Glyph::Outline(outline) => self.fonts.character(outline),
            Glyph::Type3(_) => None,
        };
        if let Some(c) = by_font {
            return Some(plain(&c.to_string()));
        }
        // A simple font without a table of its own has the codes of Windows.
        let is_simple = match glyph {
            Glyph::Outline(outline) => outline.font_data().is_none(),
            Glyph::Type3(_) => true,
        };
        let code =
            u8::try_from(glyph.char_code()).ok().filter(|code| is_simple && *code >= 0x20)?;
        let bytes = [code];
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
        Some(plain(&text))
    }

    /// Does the same stand at the same place already? Half a tenth of its height is the same.
    fn is_repeated(&mut self, text: &str, origin: Point, em_pt: f64) -> bool {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let key = hasher.finish();
        let cell = |value: f64| (value / (em_pt * 0.05)).round() as i64;
        let (x, y) = (cell(origin.x), cell(origin.y));
        let is_repeated = (-1..=1).any(|dx: i64| {
            (-1..=1).any(|dy: i64| {
                self.seen.contains(&(key, x.saturating_add(dx), y.saturating_add(dy)))
            })
        });
        self.seen.insert((key, x, y));
        is_repeated
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
            glyph.text.clear();
        }
        if let Some(first) = glyphs.first_mut() {
            first.text = plain(&actual);
        }
    }
}

/// Text as it is searched for: ligatures as their letters, odd spaces as spaces, no controls.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{fb00}' => plain.push_str("ff"),
            '\u{fb01}' => plain.push_str("fi"),
            '\u{fb02}' => plain.push_str("fl"),
            '\u{fb03}' => plain.push_str("ffi"),
            '\u{fb04}' => plain.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => plain.push_str("st"),
            '\u{a0}'
            | '\u{2000}'..='\u{200a}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
            | '\t'
            | '\n'
            | '\r' => plain.push(' '),
            '\u{ad}' => plain.push('-'),
            '\u{200b}' | '\u{feff}' => {}
            c if c.is_control() => {}
            c => plain.push(c),
        }
    }
    plain
}

impl<'a> Device<'a> for Collector<'_> {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.page.has_drawing = true;
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.page.has_drawing = true;
        let is_drawn = !matches!(mode, DrawMode::Invisible);
        for glyph in run.glyphs() {
            self.glyph(glyph, props.transform * glyph.transform(), run.writing_mode(), is_drawn);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.page.has_drawing = true;
        let pixels = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let area = |rect: Rect| rect.intersect(self.sheet).area();
        // The picture's own unit is a pixel or the whole picture, as its maker chose.
        let covered = area(props.transform.transform_rect_bbox(pixels))
            .max(area(props.transform.transform_rect_bbox(Rect::new(0.0, 0.0, 1.0, 1.0))));
        self.page.has_picture |= covered > self.sheet.area() * 0.5;
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}

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
