//! Which letters that are drawn one after the other make one run on one line?

use std::collections::HashSet;
use std::ops::Range;

use habeas_document::page::{Colour, Letter, Matrix, Outline, Pen};

use crate::fold::squeezed;
use crate::paper::face::{Shape, Shapes};
use crate::paper::leaf::{LetterAt, Letters, Stroke};

/// Puts letters into runs, as they come.
#[derive(Default)]
pub(super) struct Runs {
    run: Option<Run>,
    pub(super) strokes: Vec<Stroke>,
    /// What the letters say, a run a line.
    pub(super) text: String,
    /// Where in the text somebody else is shown.
    pub(super) shown: Vec<Range<usize>>,
    /// How many letters were drawn before at their place, as they are read.
    pub(super) n_again: usize,
    drawn: HashSet<u32>,
    /// Do the letters that come now show somebody else?
    pub(super) is_shown: bool,
}

struct Run {
    letters: Letters,
    /// Where the last letter ends.
    end: f32,
    face: u16,
}

/// A gap wider than this share of the font's height is a space.
const SPACE: f32 = 0.15;

impl Runs {
    /// Adds a letter.
    pub(super) fn letter(
        &mut self,
        (number, letter): (u32, &Letter),
        (outline, matrix): (&Outline, &Matrix),
        (fill, pen): (Option<Colour>, Option<&Pen>),
        shapes: &mut Shapes,
    ) {
        let [a, b, c, d, e, f] = *matrix;
        // The shape's frame has y up and a thousand units to the height of the font.
        let size = c.hypot(d) * 1000.0;
        let wide = a.hypot(b) * 1000.0;
        if size < 1e-3 || wide < 1e-3 || !size.is_finite() || !wide.is_finite() {
            return;
        }
        let scale = 1000.0 / size;
        let frame = [a * scale, b * scale, -c * scale, -d * scale];
        let text = letter.drawn.as_deref().unwrap_or(&letter.text);
        if !self.drawn.insert(number) {
            self.n_again += squeezed(text).text.len();
        }
        let advance = letter.advance.0.hypot(letter.advance.1) / wide * 1000.0;
        let shape = shapes.shape(outline, advance, text);
        let own = advance / 1000.0 * size;
        let x = self.run.as_ref().and_then(|run| run.place(&frame, size, (e, f), fill, pen, shape));
        match (&mut self.run, x) {
            (Some(run), Some(x)) => {
                let gap = x - run.end;
                if let Some(last) = run.letters.letters.last_mut() {
                    last.has_space = gap > size * SPACE;
                }
                run.letters.letters.push(LetterAt {
                    x,
                    shape,
                    text: text.to_owned(),
                    has_space: false,
                    is_shown: self.is_shown,
                });
                run.end = x + own;
            }
            _ => {
                self.end();
                let [a, b, c, d] = frame;
                let first = LetterAt {
                    x: 0.0,
                    shape,
                    text: text.to_owned(),
                    has_space: false,
                    is_shown: self.is_shown,
                };
                let letters = Letters {
                    matrix: [a, b, c, d, e, f],
                    size,
                    fill,
                    pen: pen.cloned(),
                    letters: vec![first],
                };
                self.run = Some(Run { letters, end: own, face: shape.face });
            }
        }
    }

    /// Adds something that is no letter.
    pub(super) fn stroke(&mut self, stroke: Stroke) {
        self.end();
        self.strokes.push(stroke);
    }

    /// Ends the run, if there is one.
    pub(super) fn end(&mut self) {
        let Some(run) = self.run.take() else { return };
        for letter in &run.letters.letters {
            if letter.is_shown {
                self.shown.push(self.text.len()..self.text.len() + letter.text.len());
            }
            self.text.push_str(&letter.text);
            if letter.has_space {
                self.text.push(' ');
            }
        }
        self.text.push('\n');
        self.strokes.push(Stroke::Letters(run.letters));
    }
}

impl Run {
    /// Where on the run's line a letter stands, if it is on it and looks like the others.
    fn place(
        &self,
        frame: &[f32; 4],
        size: f32,
        (e, f): (f32, f32),
        fill: Option<Colour>,
        pen: Option<&Pen>,
        shape: Shape,
    ) -> Option<f32> {
        let [a, b, c, d, from_x, from_y] = self.letters.matrix;
        let is_alike =
            [a, b, c, d].iter().zip(frame).all(|(one, other)| (one - other).abs() < 1e-4)
                && (self.letters.size - size).abs() < 1e-3 * size
                && self.letters.fill == fill
                && self.letters.pen.as_ref() == pen
                && self.face == shape.face;
        let determinant = a * d - b * c;
        if !is_alike || determinant.abs() < 1e-9 {
            return None;
        }
        let (dx, dy) = (e - from_x, f - from_y);
        let x = (d * dx - c * dy) / determinant;
        let y = (a * dy - b * dx) / determinant;
        let is_next =
            y.abs() < 0.01 * size && x > self.end - 0.5 * size && x < self.end + 2.0 * size;
        is_next.then_some(x)
    }
}
