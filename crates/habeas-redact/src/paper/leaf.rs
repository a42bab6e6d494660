//! A page that is drawn as the original looks, without what was taken out of it.

use std::sync::Arc;

use habeas_document::page::{Colour, Matrix, Pen, Pixels, Segment};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use super::face::Shape;

/// A page, with what is drawn on it in order. Its origin is the top left corner; y goes down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Leaf {
    pub(crate) width_pt: f32,
    pub(crate) height_pt: f32,
    pub(crate) strokes: Vec<Stroke>,
    /// What its letters and labels say, in order, for comparison with what is read back.
    pub(crate) text: String,
    /// Where in the text somebody else is shown.
    pub(crate) shown: Vec<std::ops::Range<usize>>,
    /// Its labels.
    pub(crate) labels: Vec<String>,
    /// How many of its letters are printed once more where they stand, as some bold ones are.
    pub(crate) n_again: usize,
}

/// Something that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stroke {
    /// Letters on one line.
    Letters(Letters),
    /// A path.
    Path {
        path: Vec<Segment>,
        matrix: Matrix,
        fill: Option<(Colour, bool)>,
        pen: Option<Pen>,
    },
    /// A picture; the matrix is that of its pixels.
    Picture {
        picture: Arc<Packed>,
        matrix: Matrix,
    },
    /// Only what lies within is drawn.
    PushClip {
        path: Vec<Segment>,
        is_even_odd: bool,
    },
    PopClip,
    PushGroup {
        opacity: f32,
        blend: u8,
    },
    PopGroup,
    /// A label of a fixed width, at its baseline.
    Label {
        x: f32,
        y: f32,
        em: f32,
        along: (f32, f32),
        text: String,
    },
    /// A word that a picture drawn over it shows, for those who search or listen.
    Word {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        text: String,
    },
    /// A grey box with words of ours in it, in place of a picture.
    Withheld {
        bounds: [f32; 4],
        text: String,
    },
}

/// Pixels, packed as PNG: of their file they hold nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Packed {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) png: Vec<u8>,
}

impl Packed {
    /// Packs pixels; in grey if they have no colour. `None` if they are none.
    pub(crate) fn new(pixels: &Pixels) -> Option<Self> {
        let (width, height) = (pixels.width, pixels.height);
        if !pixels.is_sound() || width == 0 || height == 0 {
            return None;
        }
        let all = pixels.rgba.as_chunks::<4>().0;
        let is_grey = all.iter().all(|[red, green, blue, alpha]| {
            *alpha == 255 && red.abs_diff(*green) < 3 && green.abs_diff(*blue) < 3
        });
        let mut png = Vec::new();
        let encoder =
            PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive);
        let written = if is_grey {
            let grey: Vec<u8> = all.iter().map(|[_, green, _, _]| *green).collect();
            encoder.write_image(&grey, width, height, ExtendedColorType::L8)
        } else {
            encoder.write_image(&pixels.rgba, width, height, ExtendedColorType::Rgba8)
        };
        written.ok().map(|()| Self { width, height, png })
    }
}

/// Letters on one line, in shapes of their own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Letters {
    /// From the line's frame (x along it, y down from it, in points) to the page.
    pub(crate) matrix: Matrix,
    /// The height of the font in the line's frame.
    pub(crate) size: f32,
    pub(crate) fill: Option<Colour>,
    pub(crate) pen: Option<Pen>,
    pub(crate) letters: Vec<LetterAt>,
}

/// A letter with its place on its line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LetterAt {
    pub(crate) x: f32,
    pub(crate) shape: Shape,
    pub(crate) text: String,
    /// Does a space come after it?
    pub(crate) has_space: bool,
    /// Does it show somebody else?
    pub(crate) is_shown: bool,
}

/// The height of a label's letters, as a share of the line's.
const LABEL_SIZE: f32 = 0.86;
/// Room on each side of a label's text within its box, as a share of the line's height.
const LABEL_PAD: f32 = 0.18;
/// So many figures are as wide as a label's text may be, in ems of the label's own font.
const LABEL_WIDE: f32 = 5.4;

/// How wide a label is on a line of that height: the same for each, whatever it says.
pub(crate) fn label_width(em: f32) -> f32 {
    em * (LABEL_SIZE * LABEL_WIDE + 2.0 * LABEL_PAD)
}

/// How wide the box of a label of the usual length is, in sizes of its letters.
pub(super) fn box_ratio() -> f32 {
    (label_width(1.0) - 2.0 * LABEL_GAP) / LABEL_SIZE
}

/// The room on each side of a label's box, as a share of the line's height.
pub(super) const LABEL_GAP: f32 = 0.06;

/// The size of a label's letters so that its text fits: the same for texts of the usual length.
pub(crate) fn label_size(em: f32, width_at_one: f32) -> f32 {
    let most = label_width(em) - 2.0 * LABEL_PAD * em;
    (em * LABEL_SIZE).min(most / width_at_one.max(0.1))
}
