//! How does a page look? What is drawn on it, in order, and which letters that is.
//!
//! Whoever takes something out of a page takes it out of this list, and draws the rest anew: the text
//! that is searched and the marks that are drawn are the same.

use serde::{Deserialize, Serialize};

/// A colour: red, green, blue, and how opaque it is.
pub type Colour = [u8; 4];

/// The six numbers of a transformation: `x' = ax + cy + e`, `y' = bx + dy + f`.
pub type Matrix = [f32; 6];

/// A page as it looks. Its origin is the top left corner, y goes down, the unit is the point.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Its number in the document, from 1.
    pub number: u32,
    /// Its width as it is shown.
    pub width_pt: f32,
    /// Its height as it is shown.
    pub height_pt: f32,
    /// Its letters, in the order in which they are drawn.
    pub letters: Vec<Letter>,
    /// Its text as the document's passages have it: the seen one of this page, in order.
    pub texts: Vec<String>,
    /// What is drawn, the lowest first.
    pub marks: Vec<Mark>,
    /// Shapes of letters that marks point at, in units of a thousandth of their height.
    pub outlines: Vec<Outline>,
    /// Pictures that marks point at.
    pub pictures: Vec<Pixels>,
    /// Why the marks do not give the page as it looks; empty if they do.
    pub doubts: Vec<Doubt>,
    /// The whole page in colour, at [`Page::dpi`]: where there are doubts, or a scan.
    pub pixels: Option<Pixels>,
    /// The resolution of the pixels; 0 without them.
    pub dpi: u16,
    /// The whole page in colour at 72 dots per inch, to compare with.
    pub small: Pixels,
    /// Is it one picture, a scan or a photograph, with or without letters behind?
    pub is_picture: bool,
    /// Boxes whose letters are as large as their number leaves room for: left, top, right, bottom.
    pub fitted: Vec<[f32; 4]>,
}

/// A letter, or a few that one shape stands for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// What it says in the text.
    pub text: String,
    /// What its shape stands for, where the document says that it means something else.
    pub drawn: Option<String>,
    /// Where it begins, on its baseline.
    pub origin: (f32, f32),
    /// Where the next one would begin, seen from here.
    pub advance: (f32, f32),
    /// The direction in which its line runs, of length 1.
    pub direction: (f32, f32),
    /// The height of its font.
    pub em_pt: f32,
    /// Does a person who looks at the page see it?
    pub is_seen: bool,
    /// Has it no known meaning?
    pub is_unmapped: bool,
    /// The first letter of those that say together what only that one says.
    pub group: Option<u32>,
    /// Where it stands in [`Page::texts`]: which text, from which byte, to which.
    pub at: Option<(u32, u32, u32)>,
}

/// A shape.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// Its segments.
    pub path: Vec<Segment>,
}

/// A piece of a path.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Segment {
    /// Begins a new part there.
    Move(f32, f32),
    /// A straight line to there.
    Line(f32, f32),
    /// A curve with one control point.
    Quad(f32, f32, f32, f32),
    /// A curve with two control points.
    Cubic(f32, f32, f32, f32, f32, f32),
    /// Back to where the part began.
    Close,
}

impl Segment {
    /// The same, so much further down.
    pub fn moved(&self, down: f32) -> Self {
        match *self {
            Self::Move(x, y) => Self::Move(x, y + down),
            Self::Line(x, y) => Self::Line(x, y + down),
            Self::Quad(a, b, x, y) => Self::Quad(a, b + down, x, y + down),
            Self::Cubic(a, b, c, d, x, y) => Self::Cubic(a, b + down, c, d + down, x, y + down),
            Self::Close => Self::Close,
        }
    }
}

/// How a line is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pen {
    /// Its colour.
    pub colour: Colour,
    /// Its width, before the transformation of what it draws.
    pub width: f32,
    /// Its ends: 0 cut, 1 round, 2 square.
    pub cap: u8,
    /// Its corners: 0 pointed, 1 round, 2 cut.
    pub join: u8,
    /// How far pointed corners may reach.
    pub miter: f32,
    /// Lengths of dashes and gaps.
    pub dashes: Vec<f32>,
    /// Where in them it begins.
    pub dash_offset: f32,
}

/// Something that is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// The letter that it draws, or draws a part of.
    pub letter: Option<u32>,
    /// What it is.
    pub what: What,
}

/// What a mark is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    /// The shape of a letter.
    Glyph {
        /// Which one.
        outline: u32,
        /// From the shape to the page.
        matrix: Matrix,
        /// What it is filled with.
        fill: Option<Colour>,
        /// What its edge is drawn with.
        pen: Option<Pen>,
    },
    /// A path.
    Path {
        /// Its segments.
        path: Vec<Segment>,
        /// From the path to the page.
        matrix: Matrix,
        /// What it is filled with, and whether by the even-odd rule.
        fill: Option<(Colour, bool)>,
        /// What its edge is drawn with.
        pen: Option<Pen>,
    },
    /// A picture.
    Picture {
        /// Which one.
        picture: u32,
        /// From its pixels, from the top left one, to the page.
        matrix: Matrix,
    },
    /// From here on only what lies within this path, on the page, is drawn.
    PushClip {
        /// Its segments.
        path: Vec<Segment>,
        /// By the even-odd rule?
        is_even_odd: bool,
    },
    /// The last clip ends.
    PopClip,
    /// From here on things are drawn together, and then put on the page.
    PushGroup {
        /// How opaque.
        opacity: f32,
        /// In which way, in the order of ISO 32000-2, table 134 and 135; 0 is normal.
        blend: u8,
    },
    /// The last group ends.
    PopGroup,
}

/// Pixels in rows from the top.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pixels {
    /// So many in a row.
    pub width: u32,
    /// So many rows.
    pub height: u32,
    /// Four bytes for each: red, green, blue, how opaque.
    pub rgba: Vec<u8>,
}

impl std::fmt::Debug for Pixels {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} × {} pixels", self.width, self.height)
    }
}

impl Pixels {
    /// White paper.
    pub fn white(width: u32, height: u32) -> Self {
        Self { width, height, rgba: vec![255; width as usize * height as usize * 4] }
    }

    /// A pixel; white outside.
    pub fn get(&self, x: u32, y: u32) -> Colour {
        let at = (y as usize * self.width as usize + x as usize) * 4;
        match self.rgba.get(at..at + 4) {
            Some(&[red, green, blue, alpha]) if x < self.width => [red, green, blue, alpha],
            _ => [255; 4],
        }
    }

    /// Sets a pixel, if there is one.
    pub fn set(&mut self, x: u32, y: u32, colour: Colour) {
        let at = (y as usize * self.width as usize + x as usize) * 4;
        if x < self.width
            && let Some(pixel) = self.rgba.get_mut(at..at + 4)
        {
            pixel.copy_from_slice(&colour);
        }
    }

    /// Are there as many bytes as rows and columns say?
    pub fn is_sound(&self) -> bool {
        u64::from(self.width) * u64::from(self.height) * 4 == self.rgba.len() as u64
    }

    /// How bright each pixel is, on white paper, a byte each.
    pub fn grey(&self) -> Vec<u8> {
        let bright = |pixel: &[u8; 4]| {
            let [red, green, blue, alpha] = pixel.map(u32::from);
            let ink = (77 * red + 150 * green + 29 * blue) >> 8;
            ((ink * alpha + 255 * (255 - alpha)) / 255).min(255) as u8
        };
        self.rgba.as_chunks::<4>().0.iter().map(bright).collect()
    }
}

/// Why marks do not give a page as it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Doubt {
    /// Letters without a known meaning.
    Unmapped,
    /// Letters that are themselves drawings of another kind than a shape.
    DrawnLetters,
    /// A drawing that is cut to a shape: to that of letters, perhaps.
    Shape,
    /// A pattern or a colour that changes.
    Pattern,
    /// A mask with shades.
    Mask,
    /// More marks than are kept.
    TooMuch,
    /// A picture that cannot be decoded, or is too large.
    Picture,
    /// A document that does not keep to its own rules: a number that is none.
    Odd,
}

impl Doubt {
    /// In a few words, for the schedule.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unmapped => "letters without a known meaning",
            Self::DrawnLetters => "letters that are pictures",
            Self::Shape => "a drawing that is cut to a shape",
            Self::Pattern => "a pattern or a gradient",
            Self::Mask => "a soft mask",
            Self::TooMuch => "more drawing than can be kept",
            Self::Picture => "a picture that cannot be decoded",
            Self::Odd => "numbers out of range",
        }
    }
}

/// What was recognised in the pixels of a page or picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recognised {
    /// The number of the page, from 1.
    pub number: u32,
    /// Its text, as the passage has it.
    pub text: String,
    /// Its words in order.
    pub words: Vec<SeenWord>,
}

/// A word that was recognised.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenWord {
    /// Which bytes of the text it is.
    pub range: std::ops::Range<usize>,
    /// The box around it in points from the page's top left corner: left, top, right, bottom.
    pub bounds: [f32; 4],
    /// How sure the recogniser is, in percent.
    pub confidence: f32,
    /// The number of its line on the page; words of one line follow each other.
    pub line: u32,
}
