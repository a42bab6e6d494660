//! How is a page drawn anew from its marks, without what is taken out?

use habeas_document::page::{Letter, Mark, Matrix, Page, What};

use super::letters::Taken;
use super::lines::Token;
use super::pictures::{Pictures, Shown};
use super::reset::{Refusal, Room, Shift, reset};
use super::rules::{Rules, bounds};
use super::runs::Runs;
use crate::labels::Labels;
use crate::paper::face::Shapes;
use crate::paper::leaf::{Leaf, Stroke, label_width};

/// A page drawn anew, and where it differs from the original on purpose: boxes on the page.
pub(super) struct Anew {
    pub(super) leaf: Leaf,
    pub(super) changed: Vec<[f32; 4]>,
}

/// Letters whose lines run in one direction, with their frame: from the page to it and back.
struct Frame {
    along: (f32, f32),
    /// Where the page begins in this frame.
    from: (f32, f32),
    width: f32,
    height: f32,
    letters: Vec<usize>,
}

impl Frame {
    fn new(along: (f32, f32), page: &Page) -> Self {
        let (dx, dy) = along;
        let corners = [
            (0.0, 0.0),
            (page.width_pt, 0.0),
            (0.0, page.height_pt),
            (page.width_pt, page.height_pt),
        ];
        let (mut low, mut high) = ((f32::MAX, f32::MAX), (f32::MIN, f32::MIN));
        for (x, y) in corners {
            let (u, v) = (x * dx + y * dy, y * dx - x * dy);
            low = (low.0.min(u), low.1.min(v));
            high = (high.0.max(u), high.1.max(v));
        }
        Self {
            along,
            from: low,
            width: high.0 - low.0,
            height: high.1 - low.1,
            letters: Vec::new(),
        }
    }

    /// A point of the page in this frame.
    fn enter(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let (dx, dy) = self.along;
        (x * dx + y * dy - self.from.0, y * dx - x * dy - self.from.1)
    }

    /// A point of this frame on the page.
    fn leave(&self, (u, v): (f32, f32)) -> (f32, f32) {
        let (dx, dy) = self.along;
        let (u, v) = (u + self.from.0, v + self.from.1);
        (u * dx - v * dy, u * dy + v * dx)
    }

    /// The box on the page around a box of this frame.
    fn leave_box(&self, [left, top, right, bottom]: [f32; 4]) -> [f32; 4] {
        let corners = [(left, top), (right, top), (left, bottom), (right, bottom)];
        around(corners.map(|corner| self.leave(corner)))
    }
}

/// The letters that are seen, by the directions of their lines.
fn frames(page: &Page) -> Vec<Frame> {
    let mut frames: Vec<(i32, Frame)> = Vec::new();
    for (number, letter) in page.letters.iter().enumerate().filter(|(_, l)| l.is_seen) {
        let (dx, dy) = letter.direction;
        let angle = dy.atan2(dx).to_degrees();
        let key = (angle / 5.0).round() as i32;
        match frames.iter_mut().find(|(have, _)| *have == key) {
            Some((_, frame)) => frame.letters.push(number),
            None => {
                let mut frame = Frame::new(letter.direction, page);
                frame.letters.push(number);
                frames.push((key, frame));
            }
        }
    }
    frames.into_iter().map(|(_, frame)| frame).collect()
}

/// What a sentence may start with.
const OPENING: &str = "(\"'\u{2018}\u{201c}[\u{a3}$<@";

/// What leads from one thing on a line to another.
const FILLERS: &[char] = &['.', '_', '-', '\u{b7}', '\u{2026}', '\u{2013}', '\u{2014}', '=', '*'];

fn token(letter: &Letter, frame: &Frame, secret: Option<usize>) -> Token {
    let (x, y) = frame.enter(letter.origin);
    let (dx, dy) = frame.along;
    let width = (letter.advance.0 * dx + letter.advance.1 * dy).max(0.0);
    let text = letter.drawn.as_deref().unwrap_or(&letter.text);
    Token {
        x,
        y,
        width,
        em: letter.em_pt,
        is_space: text.trim().is_empty(),
        is_word: false,
        is_bullet: text.starts_with(|c: char| !c.is_alphanumeric() && !OPENING.contains(c)),
        is_small: text.starts_with(char::is_lowercase),
        filler: text.chars().next().filter(|c| FILLERS.contains(c)),
        secret,
    }
}

/// A rule higher than this is a box, in points.
const HIGH: f32 = 5.0;

/// A label: what it stands for, its place, the direction of its line, the height of its font.
type LabelAt = (usize, (f32, f32), (f32, f32), f32);

/// Where each letter stands now; those that stay are not in it.
struct Moves {
    by: Vec<Option<(f32, f32)>>,
    labels: Vec<LabelAt>,
    bands: Vec<[f32; 4]>,
    changed: Vec<[f32; 4]>,
    dropped: Vec<bool>,
    shifts: Vec<Shift>,
}

impl Moves {
    /// By how much a box goes down with what stands above it.
    fn down(&self, bounds: &[f32; 4]) -> f32 {
        self.shifts.iter().map(|shift| shift.of(bounds[0], bounds[1], bounds[2])).sum()
    }
}

fn moves(page: &Page, taken: &Taken, boxes: &[[f32; 4]]) -> Result<Moves, Refusal> {
    let mut moves = Moves {
        by: vec![None; page.letters.len()],
        labels: Vec::new(),
        bands: Vec::new(),
        changed: Vec::new(),
        dropped: vec![false; page.letters.len()],
        shifts: Vec::new(),
    };
    for frame in frames(page) {
        let is_touched = |number: &usize| taken.by.get(*number).is_some_and(Option::is_some);
        // How large a letter is there, tells how many there were.
        let is_fitted = |number: &usize| {
            let (x, y) = page.letters[*number].origin;
            page.fitted.iter().any(|[left, top, right, bottom]| {
                x > left - 2.0 && x < right + 2.0 && y > top - 2.0 && y < bottom + 2.0
            })
        };
        if frame.letters.iter().any(|number| is_touched(number) && is_fitted(number)) {
            return Err(Refusal::Loose);
        }
        if !frame.letters.iter().any(is_touched) {
            continue;
        }
        let tokens: Vec<Token> = frame
            .letters
            .iter()
            .map(|number| token(&page.letters[*number], &frame, taken.by[*number]))
            .collect();
        let room = Room {
            width: frame.width,
            height: frame.height,
            label: &label_width,
            boxes: (boxes.is_empty() || frame.along == (1.0, 0.0)).then_some(boxes),
        };
        let reset = reset(&tokens, &room)?;
        for dropped in &reset.dropped {
            moves.dropped[frame.letters[*dropped]] = true;
        }
        for moved in &reset.moved {
            let token = &tokens[moved.token];
            let (from, to) = (frame.leave((token.x, token.y)), frame.leave((moved.x, moved.y)));
            let number = frame.letters[moved.token];
            moves.by[number] = Some((to.0 - from.0, to.1 - from.1));
            let (em, end) = (token.em, moved.x + token.width);
            moves.changed.push(frame.leave_box([moved.x, moved.y - em, end, moved.y + em * 0.35]));
        }
        for label in &reset.labels {
            let (x, y, em) = (label.x, label.y, label.em);
            moves.labels.push((label.secret, frame.leave((x, y)), frame.along, em));
            let end = x + label_width(em);
            moves.changed.push(frame.leave_box([x, y - em, end, y + em * 0.35]));
        }
        // What goes down with the lines above it is compared no more.
        for shift in &reset.shifts {
            let below = [0.0, shift.below, frame.width, frame.height];
            moves.changed.push(frame.leave_box(below));
        }
        moves.shifts.extend(&reset.shifts);
        let bands = reset.bands.iter().map(|band| frame.leave_box(*band));
        moves.bands.extend(bands);
    }
    moves.changed.extend(&moves.bands);
    Ok(moves)
}

/// Draws a page anew.
///
/// # Errors
/// If its lines cannot be set anew where they are.
pub(super) fn vector(
    page: &Page,
    taken: &Taken,
    labels: &mut Labels,
    shapes: &mut Shapes,
    pictures: &mut Pictures<'_>,
) -> Result<Anew, Refusal> {
    let boxes: Vec<[f32; 4]> = page.marks.iter().filter_map(|mark| bounds_of(page, mark)).collect();
    let mut moves = moves(page, taken, &boxes)?;
    if overlaps(page, taken, &moves) {
        return Err(Refusal::NoRoom);
    }
    let rules = Rules::new(&moves.bands, &boxes);
    let mut runs = Runs::default();
    let mut late: Vec<&Mark> = Vec::new();
    let is_touched = !moves.bands.is_empty();
    // Whether each open clip was carried over.
    let mut clips: Vec<bool> = Vec::new();
    for mark in &page.marks {
        if let Some(number) = mark.letter {
            let number = number as usize;
            let is_shown = page.letters.get(number).is_some_and(|letter| letter.is_seen)
                && taken.by.get(number).is_some_and(Option::is_none)
                && !moves.dropped[number];
            if !is_shown {
                continue;
            }
            if is_touched {
                late.push(mark);
            } else {
                runs.is_shown = taken.is_shown(number);
                glyph(page, mark, (0.0, 0.0), &mut runs, shapes);
            }
            continue;
        }
        match &mark.what {
            What::Glyph { .. } => {}
            What::Path { path, matrix, fill, pen } => {
                let Some(own) = bounds(path, matrix) else { continue };
                if rules.tells(&own) {
                    // Without the box around a name its line looks like nothing that it was.
                    if own[3] - own[1] > HIGH {
                        return Err(Refusal::Loose);
                    }
                    moves.changed.push(own);
                    continue;
                }
                let [a, b, c, d, e, f] = *matrix;
                runs.stroke(Stroke::Path {
                    path: path.clone(),
                    matrix: [a, b, c, d, e, f + moves.down(&own)],
                    fill: *fill,
                    pen: pen.clone(),
                });
            }
            What::Picture { picture, matrix } => {
                picture_of(page, *picture, matrix, pictures, &mut runs, &mut moves);
            }
            What::PushClip { path, is_even_odd } => {
                let own = bounds(path, &IDENTITY);
                let tells = own.is_some_and(|own| rules.tells(&own));
                clips.push(!tells);
                if !tells {
                    let down = own.map_or(0.0, |own| moves.down(&own));
                    let path = path.iter().map(|segment| segment.moved(down)).collect();
                    let is_even_odd = *is_even_odd;
                    runs.stroke(Stroke::PushClip { path, is_even_odd });
                }
            }
            What::PopClip => {
                if clips.pop() == Some(true) {
                    runs.stroke(Stroke::PopClip);
                }
            }
            What::PushGroup { opacity, blend } => {
                runs.stroke(Stroke::PushGroup { opacity: *opacity, blend: *blend });
            }
            What::PopGroup => runs.stroke(Stroke::PopGroup),
        }
    }
    runs.end();
    for _ in clips.iter().filter(|is_open| **is_open) {
        runs.stroke(Stroke::PopClip);
    }
    // The letters of a touched page come last, since a clip around a line's old place may cut it; and
    // from the top down, so that their order does not tell which of them were moved.
    let place = |mark: &Mark| {
        let number = mark.letter.unwrap_or(u32::MAX) as usize;
        let by = moves.by.get(number).copied().flatten().unwrap_or((0.0, 0.0));
        let (x, y) = page.letters.get(number).map_or((0.0, 0.0), |letter| letter.origin);
        ((y + by.1, x + by.0), by)
    };
    let mut late: Vec<_> = late.into_iter().map(|mark| (place(mark), mark)).collect();
    late.sort_by(|(((y, x), _), _), (((other_y, other_x), _), _)| {
        let line = |y: f32| (y * 2.0).round() as i64;
        line(*y).cmp(&line(*other_y)).then(x.total_cmp(other_x))
    });
    for ((_, by), mark) in &late {
        runs.is_shown = taken.is_shown(mark.letter.unwrap_or(u32::MAX) as usize);
        glyph(page, mark, *by, &mut runs, shapes);
    }
    runs.end();
    let mut said = Vec::new();
    moves.labels.sort_by(|(_, (x, y), _, _), (_, (other_x, other_y), _, _)| {
        y.total_cmp(other_y).then(x.total_cmp(other_x))
    });
    for (secret, (x, y), along, em) in &moves.labels {
        let Some(redaction) = taken.redactions.get(*secret) else { continue };
        let text = labels.of(redaction);
        runs.text.push_str(&text);
        runs.text.push('\n');
        runs.strokes.push(Stroke::Label {
            x: *x,
            y: *y,
            em: *em,
            along: *along,
            text: text.clone(),
        });
        said.push(text);
    }
    taken.shown.iter().for_each(|shown| labels.show(shown));
    let leaf = Leaf {
        width_pt: page.width_pt,
        height_pt: page.height_pt,
        strokes: runs.strokes,
        text: runs.text,
        shown: runs.shown,
        labels: said,
        n_again: runs.n_again,
    };
    Ok(Anew { leaf, changed: moves.changed })
}

/// Does something that was moved, or a label, stand on letters that stay where they are?
fn overlaps(page: &Page, taken: &Taken, moves: &Moves) -> bool {
    let bounds = |letter: &Letter, (dx, dy): (f32, f32)| {
        let (x, y) = (letter.origin.0 + dx, letter.origin.1 + dy);
        let up = letter.em_pt * 0.6;
        let end = (x + letter.advance.0, y + letter.advance.1);
        let (right, back) = (letter.direction.1 * up, letter.direction.0 * up);
        around([(x, y), end, (x + right, y - back), (end.0 + right, end.1 - back)])
    };
    let (mut moved, mut staying) = (Vec::new(), Vec::new());
    for (number, letter) in page.letters.iter().enumerate() {
        let is_gone = taken.by.get(number).is_none_or(Option::is_some) || moves.dropped[number];
        if is_gone || !letter.is_seen || letter.text.trim().is_empty() {
            continue;
        }
        match moves.by[number] {
            Some(by) => moved.push(bounds(letter, by)),
            None => staying.push(bounds(letter, (0.0, 0.0))),
        }
    }
    for (_, (x, y), (dx, dy), em) in &moves.labels {
        let (wide, up) = (label_width(*em), em * 0.6);
        let end = (x + dx * wide, y + dy * wide);
        moved.push(around([
            (*x, *y),
            end,
            (x + dy * up, y - dx * up),
            (end.0 + dy * up, end.1 - dx * up),
        ]));
    }
    staying.sort_by(|a, b| a[3].total_cmp(&b[3]));
    moved.iter().any(|[left, top, right, bottom]| {
        let from = staying.partition_point(|other| other[3] <= *top);
        staying.iter().skip(from).take_while(|other| other[3] < bottom + 100.0).any(|other| {
            let wide = right.min(other[2]) - left.max(other[0]);
            let high = bottom.min(other[3]) - top.max(other[1]);
            let least = |a: f32, b: f32| a.min(b).max(0.1);
            wide > 0.4 * least(right - left, other[2] - other[0])
                && high > 0.4 * least(bottom - top, other[3] - other[1])
        })
    })
}

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn bounds_of(page: &Page, mark: &Mark) -> Option<[f32; 4]> {
    match (&mark.what, mark.letter) {
        (What::Path { path, matrix, .. }, None) => bounds(path, matrix),
        (What::Picture { picture, matrix }, None) => picture_bounds(page, *picture, matrix),
        _ => None,
    }
}

/// The box on the page around a picture.
pub(super) fn picture_bounds(page: &Page, picture: u32, matrix: &Matrix) -> Option<[f32; 4]> {
    let pixels = page.pictures.get(picture as usize)?;
    let (width, height) = (pixels.width as f32, pixels.height as f32);
    let corners = [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)];
    let [a, b, c, d, e, f] = *matrix;
    let on_page = corners.map(|(x, y)| (a * x + c * y + e, b * x + d * y + f));
    Some(around(on_page))
}

/// The box around four corners.
fn around(corners: [(f32, f32); 4]) -> [f32; 4] {
    corners.iter().fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |all, (x, y)| {
        [all[0].min(*x), all[1].min(*y), all[2].max(*x), all[3].max(*y)]
    })
}

fn glyph(page: &Page, mark: &Mark, by: (f32, f32), runs: &mut Runs, shapes: &mut Shapes) {
    let What::Glyph { outline, matrix, fill, pen } = &mark.what else { return };
    let letter = mark.letter.and_then(|number| Some((number, page.letters.get(number as usize)?)));
    let (Some(letter), Some(outline)) = (letter, page.outlines.get(*outline as usize)) else {
        return;
    };
    let [a, b, c, d, e, f] = *matrix;
    let matrix = [a, b, c, d, e + by.0, f + by.1];
    runs.letter(letter, (outline, &matrix), (*fill, pen.as_ref()), shapes);
}

fn picture_of(
    page: &Page,
    picture: u32,
    matrix: &Matrix,
    pictures: &mut Pictures<'_>,
    runs: &mut Runs,
    moves: &mut Moves,
) {
    let (Some(pixels), Some(old)) =
        (page.pictures.get(picture as usize), picture_bounds(page, picture, matrix))
    else {
        return;
    };
    let [a, b, c, d, e, f] = *matrix;
    let down = moves.down(&old);
    let matrix = &[a, b, c, d, e, f + down];
    let own = [old[0], old[1] + down, old[2], old[3] + down];
    // As many pixels as it has over so many points.
    let width = pixels.width as f32;
    let inches = (a.hypot(b) * width / 72.0).max(0.01);
    match pictures.show(pixels, (width / inches) as u16) {
        Shown::Whole(picture) => runs.stroke(Stroke::Picture { picture, matrix: *matrix }),
        Shown::Painted(picture) => {
            moves.changed.push(own);
            runs.stroke(Stroke::Picture { picture, matrix: *matrix });
        }
        Shown::Withheld(text) => {
            moves.changed.push(own);
            let clipped = [
                own[0].max(0.0),
                own[1].max(0.0),
                own[2].min(page.width_pt),
                own[3].min(page.height_pt),
            ];
            runs.stroke(Stroke::Withheld { bounds: clipped, text: text.to_owned() });
        }
    }
}
