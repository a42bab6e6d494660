//! What does a page say in the order in which it is drawn?
//!
//! Most programs draw a page in the order in which it is read, cell by cell of a table. What is given in
//! that order is the same however long the names were that stood in the cells.

use habeas_document::page::{Letter, Page};
use habeas_model::Redaction;

use super::letters::Taken;
use crate::labels::Labels;
use crate::paper::{Look, Rich};
use crate::redactions::NO_PASSAGE;
use crate::render::{Lines, even};

/// Of a hundred letters within words, so many follow each other as they are drawn where that is the order
/// of reading.
const NATURAL: usize = 95;

/// Is the page drawn in an order in which it can be read? Asked of what stays.
pub(super) fn is_natural(page: &Page, taken: &Taken) -> bool {
    let mut places: Vec<(u32, u32, u32, usize)> = Vec::new();
    for (number, (letter, by)) in page.letters.iter().zip(&taken.by).enumerate() {
        if let (Some((text, start, end)), None) = (letter.at, by) {
            places.push((text, start, end, number));
        }
    }
    places.sort_unstable();
    let within_words = places.windows(2).filter_map(|pair| match pair {
        [(of, _, end, first), (text, start, _, second)] if of == text && start == end => {
            Some(*second == first + 1)
        }
        _ => None,
    });
    let (mut n_all, mut n_next) = (0, 0);
    for is_next in within_words {
        n_all += 1;
        n_next += usize::from(is_next);
    }
    n_all > 0 && n_next * 100 >= n_all * NATURAL
}

/// The letters that stay, in the order in which they are drawn, with labels for the others.
pub(super) fn in_order(page: &Page, taken: &Taken, labels: &mut Labels) -> Rich {
    let step = usual_step(page, taken);
    let (mut rich, mut plain) = (Rich::default(), String::new());
    let mut before: Option<(&Letter, Option<usize>)> = None;
    // What was taken out last, and what stands since.
    let mut last: Option<(&Redaction, String)> = None;
    for (letter, by) in page.letters.iter().zip(&taken.by).filter(|(letter, _)| letter.is_seen) {
        let redaction = by.and_then(|by| taken.redactions.get(by));
        let is_same = before.is_some_and(|(_, before)| before.is_some() && before == *by);
        let gap = match before {
            Some((before, _)) if !is_same => between(before, letter, Some(step)),
            _ => "",
        };
        match redaction {
            Some(_) if is_same => {}
            // The other half of a broken address goes with the first.
            Some(other)
                if last.as_ref().is_some_and(|(first, since)| goes_with(first, since, other)) =>
            {
                last = Some((other, String::new()));
            }
            Some(redaction) => {
                plain.push_str(&last.take().map_or(String::new(), |(_, since)| since));
                plain.push_str(gap);
                rich.push(std::mem::take(&mut plain), Look::Plain);
                rich.push(labels.of(redaction), Look::Label);
                last = Some((redaction, String::new()));
            }
            None => {
                let text = letter.drawn.as_deref().unwrap_or(&letter.text);
                match &mut last {
                    Some((_, since)) if is_around(text) => {
                        since.push_str(gap);
                        since.push_str(text);
                    }
                    _ => {
                        let since = last.take().map_or(String::new(), |(_, since)| since);
                        let since = since.trim_start().strip_prefix('>').unwrap_or(&since);
                        plain.push_str(since);
                        plain.push_str(gap);
                        plain.push_str(text);
                    }
                }
            }
        }
        before = Some((letter, *by));
    }
    rich.push(&plain, Look::Plain);
    even(rich, Lines::Flowed)
}

/// Is it what stands between a name and its address?
fn is_around(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || matches!(c, '<' | '>'))
}

/// Is something a part of what was taken out before it, found only as it is drawn?
fn goes_with(first: &Redaction, since: &str, other: &Redaction) -> bool {
    is_around(since) && (first.passage == NO_PASSAGE || other.passage == NO_PASSAGE)
        || first.person == other.person && since.trim().is_empty()
}

/// How far lines are apart within paragraphs of a page, as those that stay are; in heights of their font.
fn usual_step(page: &Page, taken: &Taken) -> f32 {
    let seen = page.letters.iter().zip(&taken.by).filter(|(letter, _)| letter.is_seen);
    let kept: Vec<&Letter> =
        seen.filter(|(_, by)| by.is_none()).map(|(letter, _)| letter).collect();
    let steps = kept.windows(2).filter_map(|pair| match pair {
        [before, letter] => {
            let (_, down) = step(before, letter);
            let down = down / before.em_pt.max(letter.em_pt).max(0.1);
            (0.7..2.5).contains(&down).then_some(down)
        }
        _ => None,
    });
    let mut steps: Vec<f32> = steps.collect();
    steps.sort_by(f32::total_cmp);
    let usual = steps.get(steps.len() / 5).copied().unwrap_or(1.3);
    // Of a few lines, all may be paragraphs.
    if steps.len() < 8 { usual.min(1.5) } else { usual }
}

/// How far a letter stands from the end of another: along its line, and down.
fn step(before: &Letter, letter: &Letter) -> (f32, f32) {
    let (dx, dy) = (letter.origin.0 - before.origin.0, letter.origin.1 - before.origin.1);
    let along = dx * before.direction.0 + dy * before.direction.1;
    let down = dy * before.direction.0 - dx * before.direction.1;
    let advance = before.advance.0 * before.direction.0 + before.advance.1 * before.direction.1;
    (along - advance, down)
}

/// What stands between two letters that are drawn one after the other; where `usual` says how far lines
/// are apart, in heights of the font, paragraphs and cells are parted too.
pub(super) fn between(before: &Letter, letter: &Letter, usual: Option<f32>) -> &'static str {
    let em = before.em_pt.max(letter.em_pt);
    let (gap, down) = step(before, letter);
    match usual {
        // The next cell of a row stands beside, a little higher or lower if it has more lines.
        Some(usual) if gap > em * 1.2 && down.abs() < em * usual * 1.6 => "  ",
        Some(usual) if down > em * usual * 1.35 || down < -em * 0.7 => "\n\n",
        _ if down.abs() > em * 0.35 => "\n",
        _ if gap > em * 0.18 || gap < -em * 1.0 => " ",
        _ => "",
    }
}
