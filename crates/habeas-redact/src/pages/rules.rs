//! Which lines and boxes on a page say how wide something was that is taken out?
//!
//! A rule under a name is as wide as the name; so is the box behind a marked one, and a clip around
//! it. They go with it. The lines of a table stay: other rows have the same edges.

use habeas_document::page::{Matrix, Segment};

/// The boxes of touched lines, and the edges that boxes and rules elsewhere on the page have.
pub(super) struct Rules {
    /// Left, top, right, bottom.
    bands: Vec<[f32; 4]>,
    edges: Vec<f32>,
}

/// Edges that are this near are one edge, in points.
const SAME: f32 = 0.75;

impl Rules {
    /// `boxes` are those around everything on the page that is drawn and is no letter.
    pub(super) fn new(bands: &[[f32; 4]], boxes: &[[f32; 4]]) -> Self {
        let mut rules = Self { bands: bands.to_vec(), edges: Vec::new() };
        let elsewhere = boxes.iter().filter(|bounds| rules.band(bounds).is_none());
        let mut edges: Vec<f32> = elsewhere.flat_map(|bounds| [bounds[0], bounds[2]]).collect();
        edges.sort_by(f32::total_cmp);
        rules.edges = edges;
        rules
    }

    /// Does a box tell of what was taken out of a touched line?
    pub(super) fn tells(&self, bounds: &[f32; 4]) -> bool {
        let Some(band) = self.band(bounds) else { return false };
        let [left, _, right, _] = *bounds;
        let em = (band[3] - band[1]) / 1.35;
        let is_inside = |edge: f32| edge > band[0] + 1.0 && edge < band[2] - 1.0;
        let ends_with_it = (right - band[2]).abs() < em * 1.5;
        (is_inside(left) || is_inside(right) || ends_with_it)
            && !(self.is_edge(left) && self.is_edge(right))
    }

    /// The touched line that a box lies in, if it is no higher than the line.
    fn band(&self, [left, top, right, bottom]: &[f32; 4]) -> Option<&[f32; 4]> {
        self.bands.iter().find(|band| {
            let em = (band[3] - band[1]) / 1.35;
            *top > band[1] - em * 0.8
                && *bottom < band[3] + em * 0.8
                && *left < band[2] + em
                && *right > band[0] - em
        })
    }

    fn is_edge(&self, x: f32) -> bool {
        let at = self.edges.partition_point(|edge| *edge < x - SAME);
        self.edges.get(at).is_some_and(|edge| *edge <= x + SAME)
    }
}

/// The box around a path on the page. `None` for one without a point.
pub(super) fn bounds(path: &[Segment], matrix: &Matrix) -> Option<[f32; 4]> {
    let mut bounds: Option<[f32; 4]> = None;
    let mut add = |x: f32, y: f32| {
        let [a, b, c, d, e, f] = *matrix;
        let (x, y) = (a * x + c * y + e, b * x + d * y + f);
        let old = bounds.unwrap_or([x, y, x, y]);
        bounds = Some([old[0].min(x), old[1].min(y), old[2].max(x), old[3].max(y)]);
    };
    for segment in path {
        match *segment {
            Segment::Move(x, y) | Segment::Line(x, y) => add(x, y),
            Segment::Quad(a, b, x, y) => {
                add(a, b);
                add(x, y);
            }
            Segment::Cubic(a, b, c, d, x, y) => {
                add(a, b);
                add(c, d);
                add(x, y);
            }
            Segment::Close => {}
        }
    }
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bounds: [f32; 4], tells: bool) {
        let band = [50.0, 100.0, 300.0, 113.5];
        // A table: its outer box, and a row elsewhere.
        let boxes = [[40.0, 50.0, 500.0, 400.0], [40.0, 200.0, 240.0, 214.0]];
        assert_eq!(Rules::new(&[band], &boxes).tells(&bounds), tells, "{bounds:?}");
    }

    #[test]
    fn a_rule_under_a_name_goes_and_the_lines_of_a_table_stay() {
        check([120.0, 112.0, 190.0, 112.5], true); // under a word
        check([50.0, 112.0, 300.0, 112.5], true); // under the whole line
        check([118.0, 99.0, 192.0, 114.0], true); // behind a word
        check([40.0, 98.0, 240.0, 115.0], false); // a cell, as wide as others
        check([40.0, 113.0, 500.0, 113.5], false); // across the page
        check([120.0, 150.0, 190.0, 150.5], false); // elsewhere
    }
}
