//! How is a scan given, with what is taken out painted out of its pixels?
//!
//! The words of a touched line are moved as on a page of letters, so that no gap is as wide as a name.
//! The words that stay lie under the picture as text, for those who search or listen.

use std::sync::Arc;

use habeas_document::page::{Colour, Page, Pixels, Recognised};

use super::letters::Taken;
use super::lines::Token;
use super::reset::{Refusal, Room, reset};
use super::vector::Anew;
use crate::labels::Labels;
use crate::paper::leaf::{Leaf, Packed, Stroke, label_width};

/// Draws a scan anew. `taken` says of each word whether it is taken out.
///
/// # Errors
/// If its lines cannot be set anew where they are. `None` if it has no pixels.
pub(super) fn scan(
    page: &Page,
    seen: &Recognised,
    taken: &Taken,
    labels: &mut Labels,
) -> Result<Option<Anew>, Refusal> {
    let original = page.pixels.clone().unwrap_or_default();
    let tokens = tokens(seen, taken);
    // Whatever is not a word stays where it is, so the lines below do too.
    let room =
        Room { width: page.width_pt, height: page.height_pt, label: &label_width, boxes: None };
    let reset = reset(&tokens, &room)?;
    let scale = f32::from(page.dpi) / 72.0;
    let mut pixels = original.clone();
    let mut changed: Vec<[f32; 4]> = Vec::new();
    // Where each word is now: its left edge, and by how much it went down.
    let mut places: Vec<Option<(f32, f32)>> =
        taken.by.iter().map(|by| by.is_none().then_some((0.0, 0.0))).collect();
    let mut is_touched = vec![false; seen.words.len()];
    for moved in &reset.moved {
        let (token, word) = (&tokens[moved.token], &seen.words[moved.token]);
        let by = (moved.x - token.x, moved.y - token.y);
        places[moved.token] = Some(by);
        is_touched[moved.token] = true;
        let [left, top, right, bottom] = word.bounds;
        changed.push([left + by.0, top + by.1, right + by.0, bottom + by.1]);
    }
    for (touched, by) in is_touched.iter_mut().zip(&taken.by) {
        *touched |= by.is_some();
    }
    for band in bands(seen, &is_touched) {
        erase(&mut pixels, &band, scale);
        changed.push(band);
    }
    for moved in &reset.moved {
        let Some(by) = places[moved.token] else { continue };
        paste(&original, &mut pixels, &seen.words[moved.token].bounds, by, scale);
    }
    let mut leaf = Leaf { width_pt: page.width_pt, height_pt: page.height_pt, ..Leaf::default() };
    let mut order: Vec<usize> = (0..seen.words.len()).filter(|at| !is_touched[*at]).collect();
    order.extend(reset.moved.iter().map(|moved| moved.token));
    for number in order {
        let (Some((dx, dy)), Some(word)) = (places[number], seen.words.get(number)) else {
            continue;
        };
        let text = seen.text.get(word.range.clone()).unwrap_or_default();
        let [left, top, right, bottom] = word.bounds;
        if taken.is_shown(number) {
            leaf.shown.push(leaf.text.len()..leaf.text.len() + text.len());
        }
        leaf.text.push_str(text);
        leaf.text.push('\n');
        leaf.strokes.push(Stroke::Word {
            x: left + dx,
            y: bottom + dy,
            width: right - left,
            height: bottom - top,
            text: text.to_owned(),
        });
    }
    let to_page = [
        page.width_pt / pixels.width.max(1) as f32,
        0.0,
        0.0,
        page.height_pt / pixels.height.max(1) as f32,
        0.0,
        0.0,
    ];
    let Some(picture) = Packed::new(&pixels) else { return Ok(None) };
    leaf.strokes.push(Stroke::Picture { picture: Arc::new(picture), matrix: to_page });
    for label in &reset.labels {
        let Some(redaction) = taken.redactions.get(label.secret) else { continue };
        let text = labels.of(redaction);
        let (x, y, em) = (label.x, label.y, label.em);
        changed.push([x, y - em, x + label_width(em), y + em * 0.35]);
        leaf.text.push_str(&text);
        leaf.text.push('\n');
        leaf.labels.push(text.clone());
        leaf.strokes.push(Stroke::Label { x, y, em, along: (1.0, 0.0), text });
    }
    taken.shown.iter().for_each(|shown| labels.show(shown));
    Ok(Some(Anew { leaf, changed }))
}

/// The words as tokens: those of one line have one baseline and one height.
fn tokens(seen: &Recognised, taken: &Taken) -> Vec<Token> {
    let mut lines: std::collections::BTreeMap<u32, (Vec<f32>, f32)> = Default::default();
    for word in &seen.words {
        let (bottoms, height) = lines.entry(word.line).or_default();
        bottoms.push(word.bounds[3]);
        *height = height.max(word.bounds[3] - word.bounds[1]);
    }
    for (bottoms, _) in lines.values_mut() {
        bottoms.sort_by(f32::total_cmp);
    }
    let token = |(word, by): (&habeas_document::page::SeenWord, &Option<usize>)| {
        let (y, height) =
            lines.get(&word.line).map_or((word.bounds[3], 10.0), |(bottoms, height)| {
                (bottoms.get(bottoms.len() / 2).copied().unwrap_or(word.bounds[3]), *height)
            });
        Token {
            x: word.bounds[0],
            y,
            width: word.bounds[2] - word.bounds[0],
            // Scans of one size of print differ a little in what is seen of it.
            em: (height * 1.15).clamp(4.0, 80.0),
            is_space: false,
            is_word: true,
            is_bullet: false,
            is_small: seen
                .text
                .get(word.range.clone())
                .is_some_and(|text| text.starts_with(char::is_lowercase)),
            filler: None,
            secret: *by,
        }
    };
    seen.words.iter().zip(&taken.by).map(token).collect()
}

/// The boxes around the touched words of each line.
fn bands(seen: &Recognised, is_touched: &[bool]) -> Vec<[f32; 4]> {
    let mut bands: std::collections::BTreeMap<u32, [f32; 4]> = Default::default();
    for (word, _) in seen.words.iter().zip(is_touched).filter(|(_, touched)| **touched) {
        let own = word.bounds;
        let band = bands.entry(word.line).or_insert(own);
        *band =
            [band[0].min(own[0]), band[1].min(own[1]), band[2].max(own[2]), band[3].max(own[3])];
    }
    bands.into_values().collect()
}

/// Pixels around a word that are its own: the recogniser's boxes are tight.
const PAD: f32 = 3.0;

fn to_pixels(bounds: &[f32; 4], scale: f32) -> [u32; 4] {
    let low = |value: f32| (value * scale - PAD).floor().max(0.0) as u32;
    let high = |value: f32| (value * scale + PAD).ceil().max(0.0) as u32;
    [low(bounds[0]), low(bounds[1]), high(bounds[2]), high(bounds[3])]
}

/// Fills a box with the colour of the paper around it.
fn erase(pixels: &mut Pixels, bounds: &[f32; 4], scale: f32) {
    let [left, top, right, bottom] = to_pixels(bounds, scale);
    let (right, bottom) = (right.min(pixels.width), bottom.min(pixels.height));
    let mut around: Vec<(u32, Colour)> = Vec::new();
    for x in left..right {
        for y in [top, bottom.saturating_sub(1)] {
            let colour = pixels.get(x, y);
            around.push((colour.iter().map(|part| u32::from(*part)).sum(), colour));
        }
    }
    around.sort_unstable();
    // Most of the edge is paper; letters that reach it are darker.
    let paper = around.get(around.len() * 3 / 4).map_or([255; 4], |(_, colour)| *colour);
    for y in top..bottom {
        (left..right).for_each(|x| pixels.set(x, y, paper));
    }
}

/// Copies the pixels of a word to where it stands now.
fn paste(from: &Pixels, to: &mut Pixels, bounds: &[f32; 4], by: (f32, f32), scale: f32) {
    let [left, top, right, bottom] = to_pixels(bounds, scale);
    // A word is copied without what stands close beside it.
    let inner = |low: u32, high: u32, cut: u32| (low + cut, high.saturating_sub(cut));
    let (left, right) = inner(left, right, 2);
    let (dx, dy) = ((by.0 * scale).round() as i64, (by.1 * scale).round() as i64);
    for y in top..bottom.min(from.height) {
        for x in left..right.min(from.width) {
            let to_x = u32::try_from(i64::from(x) + dx);
            let to_y = u32::try_from(i64::from(y) + dy);
            if let (Ok(to_x), Ok(to_y)) = (to_x, to_y) {
                to.set(to_x, to_y, from.get(x, y));
            }
        }
    }
}
