//! Which letters of a page stand in one line, and where in it is a label?

use std::ops::Range;
use std::sync::LazyLock;

use hayro::kurbo::{Rect, Vec2};
use regex::Regex;

use super::page::{Letter, Sheet};

/// A line of letters, from its start to its end.
pub(crate) struct Line {
    pub(crate) glyphs: Vec<Placed>,
    /// Across the direction of the line, downwards for a line that is read from the left.
    pub(crate) across: f64,
    direction: Vec2,
}

/// A letter in its line; lengths in points along it.
#[derive(Clone)]
pub(crate) struct Placed {
    pub(crate) text: String,
    pub(crate) start: f64,
    pub(crate) end: f64,
    pub(crate) size_pt: f64,
    pub(crate) font: u128,
}

impl Placed {
    pub(crate) fn is_space(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// A label, by its letters in the line.
pub(crate) struct Label {
    pub(crate) glyphs: Range<usize>,
    /// `[TP 001]`.
    pub(crate) text: String,
}

impl Line {
    /// What the line says: a space where one is drawn, or where there is room for one.
    fn text(&self) -> (String, Vec<usize>) {
        let (mut text, mut from) = (String::new(), Vec::new());
        let mut end: Option<f64> = None;
        for (index, glyph) in self.glyphs.iter().enumerate() {
            let has_room = end.is_some_and(|end| glyph.start - end > 0.15 * glyph.size_pt);
            if has_room && !glyph.is_space() && !text.ends_with(' ') {
                text.push(' ');
                from.resize(text.len(), index);
            }
            text.push_str(if glyph.is_space() { " " } else { &glyph.text });
            from.resize(text.len(), index);
            end = Some(glyph.end);
        }
        (text, from)
    }

    /// What the line says.
    pub(crate) fn plain(&self) -> String {
        self.text().0
    }

    /// The labels in it.
    pub(crate) fn labels(&self) -> Vec<Label> {
        static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
            Regex::new(r"\[(?:[A-Z][A-Z0-9.-]{0,11} \d{3,6}|TP|NPD)(?: [a-z][a-z -]{0,20})?\]").ok()
        });
        let (text, from) = self.text();
        let found = LABEL.iter().flat_map(|label| label.find_iter(&text));
        found
            .filter_map(|found| {
                let first = *from.get(found.start())?;
                let last = *from.get(found.end() - 1)?;
                Some(Label { glyphs: first..last + 1, text: found.as_str().to_owned() })
            })
            .collect()
    }

    /// Where a rectangle lies along the line, if it lies on it.
    pub(crate) fn along(&self, rect: Rect, size_pt: f64) -> Option<(f64, f64)> {
        let corners = [
            Vec2::new(rect.x0, rect.y0),
            Vec2::new(rect.x1, rect.y0),
            Vec2::new(rect.x0, rect.y1),
            Vec2::new(rect.x1, rect.y1),
        ];
        let span = |values: [f64; 4]| {
            values.iter().fold((f64::MAX, f64::MIN), |(low, high), value| {
                (low.min(*value), high.max(*value))
            })
        };
        let (start, end) = span(corners.map(|corner| corner.dot(self.direction)));
        let (top, bottom) = span(corners.map(|corner| self.direction.cross(corner)));
        let middle = self.across - 0.3 * size_pt;
        let is_on = top <= middle && middle <= bottom && bottom - top < 3.0 * size_pt;
        is_on.then_some((start, end))
    }
}

/// A letter with its direction in hundredths, where it is across and along it, and the direction.
type Turned<'l> = ((i64, i64), f64, f64, &'l Letter, Vec2);

/// The lines of a page, from the top down.
pub(crate) fn lines(sheet: &Sheet) -> Vec<Line> {
    let mut placed: Vec<Turned<'_>> = sheet
        .letters
        .iter()
        .filter(|letter| letter.advance.hypot() > 0.0 && !letter.text.is_empty())
        .map(|letter| {
            let direction = letter.advance / letter.advance.hypot();
            let turn = ((direction.x * 100.0).round() as i64, (direction.y * 100.0).round() as i64);
            let direction = Vec2::new(turn.0 as f64 / 100.0, turn.1 as f64 / 100.0);
            let at = letter.origin.to_vec2();
            (turn, direction.cross(at), at.dot(direction), letter, direction)
        })
        .collect();
    placed.sort_by(|a, b| (a.0).cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2)));
    let mut lines: Vec<Line> = Vec::new();
    for (_, across, start, letter, direction) in placed {
        let glyph = Placed {
            text: letter.text.clone(),
            start,
            end: start + letter.advance.hypot(),
            size_pt: letter.size_pt,
            font: letter.font,
        };
        match lines.last_mut() {
            Some(line) if line.direction == direction && (across - line.across).abs() < 0.6 => {
                line.glyphs.push(glyph);
            }
            _ => lines.push(Line { glyphs: vec![glyph], across, direction }),
        }
    }
    for line in &mut lines {
        line.glyphs.sort_by(|a, b| a.start.total_cmp(&b.start));
    }
    lines
}
