//! What of a page goes with a box that a reviewer drew on it?
//!
//! Nothing is drawn over anything: letters in a box are taken out as names are, pixels in it are painted
//! where they are kept, and drawings that reach into it are dropped. What else says the same (a layer of
//! text behind a scan) is not given. Where a page cannot be drawn without what is in its boxes, it is kept
//! back.

use habeas_document::page::{Letter, Mark, Page, Pixels, Recognised, Segment, What};
use habeas_model::{Ground, Kind, Personal, Redaction};

use super::letters::Taken;
use super::rules::bounds;
use super::vector::picture_bounds;
use crate::by_hand::ByHand;
use crate::redactions::on_page_alone;

/// A box in points of its page, and why it goes.
pub(super) type Area = ([f32; 4], Ground);

/// The grey that stands where pixels were.
const GREY: [u8; 4] = [190, 190, 190, 255];

/// The boxes of a page, in its points.
pub(super) fn areas(by_hand: &ByHand, page: &Page) -> Vec<Area> {
    let boxes = by_hand.of(page.number).into_iter();
    boxes.map(|(area, ground)| (area.on(page.width_pt, page.height_pt), ground)).collect()
}

/// Takes what is no letter out of the boxes of a page, and gives where it looks otherwise now.
pub(super) fn clear(page: &mut Page, areas: &[Area]) -> Vec<[f32; 4]> {
    let mut changed: Vec<[f32; 4]> = areas.iter().map(|(area, _)| *area).collect();
    for (area, _) in areas {
        if let Some(pixels) = &mut page.pixels {
            paint(pixels, area, f32::from(page.dpi) / 72.0);
        }
    }
    let marks = std::mem::take(&mut page.marks);
    for mut mark in marks {
        let own = match (&mark.what, mark.letter) {
            (What::Path { path, matrix, .. }, None) => bounds(path, matrix),
            (What::Picture { picture, matrix }, None) => picture_bounds(page, *picture, matrix),
            _ => None,
        };
        let hit: Vec<&Area> =
            areas.iter().filter(|(area, _)| own.is_some_and(|own| meet(&own, area))).collect();
        if hit.is_empty() {
            page.marks.push(mark);
            continue;
        }
        let is_paper = own.is_some_and(|own| is_paper(&mark, &own, &hit));
        match &mut mark.what {
            What::Picture { picture, matrix } => {
                let Some(pixels) = page.pictures.get(*picture as usize) else { continue };
                let mut pixels = pixels.clone();
                for (area, _) in hit {
                    paint_through(&mut pixels, area, matrix);
                }
                // The same picture may stand elsewhere, where nothing of it goes.
                *picture = u32::try_from(page.pictures.len()).unwrap_or(u32::MAX);
                page.pictures.push(pixels);
                page.marks.push(mark);
            }
            _ if is_paper => page.marks.push(mark),
            // A drawing, such as a signature: nothing of its outline may be left.
            _ => changed.extend(own),
        }
    }
    changed
}

/// A background or a frame: a plain shape that is wider and higher than every box that meets it.
fn is_paper(mark: &Mark, own: &[f32; 4], hit: &[&Area]) -> bool {
    let What::Path { path, .. } = &mark.what else { return false };
    let is_curve = |it: &Segment| matches!(it, Segment::Quad(..) | Segment::Cubic(..));
    let is_plain = path.len() <= 6 && !path.iter().any(is_curve);
    let holds = |area: &[f32; 4]| {
        own[0] <= area[0] && own[1] <= area[1] && area[2] <= own[2] && area[3] <= own[3]
    };
    is_plain && hit.iter().all(|(area, _)| holds(area))
}

fn meet(one: &[f32; 4], other: &[f32; 4]) -> bool {
    one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
}

fn paint(pixels: &mut Pixels, area: &[f32; 4], scale: f32) {
    let low = |value: f32| (value * scale).floor().max(0.0) as u32;
    let high = |value: f32| (value * scale).ceil().max(0.0) as u32;
    for y in low(area[1])..high(area[3]).min(pixels.height) {
        for x in low(area[0])..high(area[2]).min(pixels.width) {
            pixels.set(x, y, GREY);
        }
    }
}

/// Paints the pixels of a picture that stand in a box once they are put on the page.
fn paint_through(pixels: &mut Pixels, area: &[f32; 4], matrix: &[f32; 6]) {
    let [a, b, c, d, e, f] = *matrix;
    // A pixel of the picture reaches half its own size beyond its middle.
    let (dx, dy) = ((a.abs() + c.abs()) * 0.5, (b.abs() + d.abs()) * 0.5);
    for y in 0..pixels.height {
        for x in 0..pixels.width {
            let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
            let (at_x, at_y) = (a * px + c * py + e, b * px + d * py + f);
            let is_in = at_x + dx > area[0]
                && at_x - dx < area[2]
                && at_y + dy > area[1]
                && at_y - dy < area[3];
            if is_in {
                pixels.set(x, y, GREY);
            }
        }
    }
}

/// Takes out the letters in a page's boxes.
pub(super) fn take_letters(taken: &mut Taken, letters: &[Letter], areas: &[Area]) {
    for area in areas {
        let which = taken.redactions.len();
        let mut is_met = false;
        for (letter, by) in letters.iter().zip(&mut taken.by) {
            if meet(&around(letter), &area.0) {
                is_met |= letter.is_seen && !letter.text.trim().is_empty();
                by.get_or_insert(which);
            }
        }
        taken.redactions.push(gone(area));
        // A box without letters says so by what is painted.
        if !is_met {
            taken.by.iter_mut().filter(|by| **by == Some(which)).for_each(|by| *by = None);
            taken.redactions.pop();
        }
    }
}

/// Takes out the words in a scan's boxes.
pub(super) fn take_words(taken: &mut Taken, seen: &Recognised, areas: &[Area]) {
    for area in areas {
        let which = taken.redactions.len();
        let mut is_met = false;
        for (word, by) in seen.words.iter().zip(&mut taken.by) {
            if meet(&word.bounds, &area.0) {
                is_met = true;
                by.get_or_insert(which);
            }
        }
        if is_met {
            taken.redactions.push(gone(area));
        }
    }
}

/// Does a letter stand in one of the boxes?
pub(super) fn holds(areas: &[Area], letter: &Letter) -> bool {
    areas.iter().any(|(area, _)| meet(&around(letter), area))
}

/// What stood in a box is nobody's in particular.
fn gone((area, ground): &Area) -> Redaction {
    let person = Personal::new(format!("?box {area:?}"));
    Redaction { ground: *ground, ..on_page_alone(Kind::Name, person) }
}

/// The box around a letter: its advance, from below its line to above its capitals.
pub(super) fn around(letter: &Letter) -> [f32; 4] {
    let (x, y) = letter.origin;
    let (dx, dy) = letter.direction;
    let (to_x, to_y) = (x + letter.advance.0, y + letter.advance.1);
    // Up is a quarter turn against the line's direction.
    let (up_x, up_y) = (dy * letter.em_pt, -dx * letter.em_pt);
    let corners = [
        (x + up_x * 0.8, y + up_y * 0.8),
        (x - up_x * 0.2, y - up_y * 0.2),
        (to_x + up_x * 0.8, to_y + up_y * 0.8),
        (to_x - up_x * 0.2, to_y - up_y * 0.2),
    ];
    corners.iter().fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |bounds, (x, y)| {
        [bounds[0].min(*x), bounds[1].min(*y), bounds[2].max(*x), bounds[3].max(*y)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(text: &str, x: f32, y: f32) -> Letter {
        Letter {
            text: text.into(),
            drawn: None,
            origin: (x, y),
            advance: (6.0, 0.0),
            direction: (1.0, 0.0),
            em_pt: 10.0,
            is_seen: true,
            is_unmapped: false,
            group: None,
            at: None,
        }
    }

    #[test]
    fn letters_in_a_box_are_taken_out() {
        let letters =
            [letter("a", 10.0, 100.0), letter("b", 16.0, 100.0), letter("c", 16.0, 140.0)];
        let mut taken = Taken::of(3);
        let areas = [([15.0, 90.0, 30.0, 103.0], Ground::NotTheirs)];
        take_letters(&mut taken, &letters, &areas);
        assert_eq!(taken.by, [Some(0), Some(0), None]);
        assert_eq!(taken.redactions[0].ground, Ground::NotTheirs);
        assert!(taken.has_more(), "no passage shows it, so the page is not given as text");
        let mut taken = Taken::of(3);
        take_letters(&mut taken, &letters, &[([200.0, 200.0, 210.0, 210.0], Ground::ThirdParty)]);
        assert!(taken.redactions.is_empty());
    }

    #[test]
    fn drawings_in_a_box_go_and_pixels_are_painted() {
        let line = |curve: bool, from: f32, to: f32| {
            let end = if curve { Segment::Quad(from, from, to, to) } else { Segment::Line(to, to) };
            let path = vec![Segment::Move(from, from), end];
            let matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
            Mark { letter: None, what: What::Path { path, matrix, fill: None, pen: None } }
        };
        let picture = Mark {
            letter: None,
            what: What::Picture { picture: 0, matrix: [2.0, 0.0, 0.0, 2.0, 100.0, 100.0] },
        };
        let mut page = Page {
            number: 1,
            width_pt: 200.0,
            height_pt: 200.0,
            marks: vec![
                line(true, 20.0, 40.0),
                line(false, 0.0, 200.0),
                line(true, 150.0, 160.0),
                picture,
            ],
            pictures: vec![Pixels::white(10, 10)],
            ..Page::default()
        };
        let areas = [
            ([25.0, 25.0, 35.0, 35.0], Ground::ThirdParty),
            ([100.0, 100.0, 110.0, 104.0], Ground::ThirdParty),
        ];
        let changed = clear(&mut page, &areas);
        assert_eq!(page.marks.len(), 3, "the signature is gone, the frame and the rest stay");
        assert_eq!(changed.len(), 3);
        let What::Picture { picture, .. } = &page.marks[2].what else { panic!("the picture went") };
        let painted = &page.pictures[*picture as usize];
        assert_eq!((painted.get(0, 0), painted.get(4, 1)), (GREY, GREY));
        assert_eq!((painted.get(9, 9), painted.get(0, 3)), ([255; 4], [255; 4]));
        assert_eq!(page.pictures[0].get(0, 0), [255; 4], "elsewhere it is whole");
    }
}
