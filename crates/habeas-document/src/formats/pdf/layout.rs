//! In which order are the characters of a page read?
//!
//! Glyphs that follow each other become stretches, stretches on one baseline become rows, and rows
//! are read from the top. Where a page has columns of prose, the left column is read before the
//! right one; a table's row is read across.

use hayro::kurbo::{Point, Vec2};

use super::bidi;
use super::glyphs::PlacedGlyph;
use super::traced::{NONE, Traced};

/// A stretch of glyphs that were written one after the other, in the frame of its direction.
struct Stretch {
    text: Traced,
    x0: f64,
    x1: f64,
    y: f64,
    em: f64,
}

/// A glyph with its number, and its place in the frame in which its line runs along x.
type Placed = (u32, PlacedGlyph, f64, f64);

/// A gap wider than this share of the font's height stands for a space.
const SPACE: f64 = 0.18;
/// A gap wider than this ends a stretch.
const APART: f64 = 1.2;

/// The text of a page.
pub(super) fn text(glyphs: Vec<PlacedGlyph>) -> String {
    traced((0..).zip(glyphs).collect()).into_text()
}

/// The text of a page; each glyph comes with a number, and each character remembers its glyph's.
pub(super) fn traced(glyphs: Vec<(u32, PlacedGlyph)>) -> Traced {
    // Text that runs in different directions is read apart, the first direction first.
    let mut groups: Vec<(i32, Vec<(u32, PlacedGlyph)>)> = Vec::new();
    for (number, glyph) in glyphs {
        let angle = glyph.direction.atan2().to_degrees();
        // Slightly turned scans are one direction; 5° is more than any of them.
        let quarter = (angle / 90.0).round() as i32;
        let key = if (angle - f64::from(quarter) * 90.0).abs() <= 5.0 {
            quarter.rem_euclid(4)
        } else {
            1000 + (angle / 5.0).round() as i32
        };
        match groups.iter_mut().find(|(have, _)| *have == key) {
            Some((_, group)) => group.push((number, glyph)),
            None => groups.push((key, vec![(number, glyph)])),
        }
    }
    let mut text = Traced::default();
    for (_, group) in groups {
        let lines = lines(stretches(group));
        if !text.as_str().is_empty() && !lines.as_str().is_empty() {
            text.push("\n\n", NONE);
        }
        text.append(&lines);
    }
    text
}

/// Turns glyphs into stretches, in the frame in which their lines run along x.
fn stretches(glyphs: Vec<(u32, PlacedGlyph)>) -> Vec<Stretch> {
    let Some(along) = glyphs.first().map(|(_, glyph)| glyph.direction) else { return Vec::new() };
    let down = Vec2::new(-along.y, along.x);
    let frame = |point: Point| (point.to_vec2().dot(along), point.to_vec2().dot(down));
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut run: Vec<Placed> = Vec::new();
    for (number, glyph) in glyphs {
        let (x, y) = frame(glyph.origin);
        if let Some((_, last, last_x, last_y)) = run.last() {
            let em = glyph.em_pt.max(last.em_pt);
            let gap = x - (last_x + last.advance.dot(along));
            let goes_on = (y - last_y).abs() < em * 0.3
                && gap < em * APART
                && gap > -em * 0.4
                && x >= last_x - em * 0.1;
            if !goes_on {
                stretches.extend(stretch(std::mem::take(&mut run), along));
            }
        }
        run.push((number, glyph, x, y));
    }
    stretches.extend(stretch(run, along));
    stretches
}

fn stretch(run: Vec<Placed>, along: Vec2) -> Option<Stretch> {
    let (first, x0, y) = run.first().map(|(_, glyph, x, y)| (glyph.em_pt, *x, *y))?;
    let gap = |pair: &[Placed]| match pair {
        [(_, left, x, _), (_, _, next, _)] => next - (x + left.advance.dot(along)),
        _ => 0.0,
    };
    let space = threshold(&run, &gap) * first;
    let mut text = Traced::default();
    let mut x1 = x0;
    for (index, (number, glyph, x, _)) in run.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|from| run.get(from..=index));
        if before.is_some_and(|pair| gap(pair) > space)
            && !text.as_str().ends_with(' ')
            && !glyph.text.starts_with(' ')
        {
            text.push(" ", NONE);
        }
        text.push(&glyph.text, *number);
        x1 = x1.max(x + glyph.advance.dot(along));
    }
    (!text.is_blank()).then_some(Stretch { text, x0, x1, y, em: first })
}

/// How wide a gap is a space, in heights of the font: more where letters are spaced out.
fn threshold(run: &[Placed], gap: &dyn Fn(&[Placed]) -> f64) -> f64 {
    let em = run.first().map_or(1.0, |(_, glyph, _, _)| glyph.em_pt);
    let has_spaces = run.iter().any(|(_, glyph, _, _)| glyph.text.contains(' '));
    let mut gaps: Vec<f64> = run
        .windows(2)
        .filter(|pair| {
            pair.iter().all(|(_, glyph, _, _)| glyph.text.chars().all(char::is_alphabetic))
        })
        .map(|pair| gap(pair) / em)
        .collect();
    if gaps.len() < 4 {
        return SPACE;
    }
    gaps.sort_by(f64::total_cmp);
    let middle = gaps[gaps.len() / 2];
    let low = gaps[gaps.len() / 5];
    let is_even = middle - low < 0.08;
    if middle > 0.1 && middle < 0.8 && is_even {
        // Spaced out: written spaces are the only ones, or else gaps of twice the usual one.
        return if has_spaces { middle + 0.4 } else { middle * 1.6 };
    }
    SPACE
}

/// A row: what stands on one baseline, from left to right.
struct Row {
    y: f64,
    em: f64,
    stretches: Vec<Stretch>,
}

/// Puts stretches into rows, and rows into reading order.
fn lines(mut stretches: Vec<Stretch>) -> Traced {
    stretches.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<Row> = Vec::new();
    for stretch in stretches {
        match rows.last_mut() {
            // Small figures stand a little above or below the line they belong to.
            Some(row) if (stretch.y - row.y).abs() < row.em.max(stretch.em) * 0.35 => {
                if stretch.em > row.em {
                    (row.em, row.y) = (stretch.em, stretch.y);
                }
                row.stretches.push(stretch);
            }
            _ => rows.push(Row { y: stretch.y, em: stretch.em, stretches: vec![stretch] }),
        }
    }
    for row in &mut rows {
        row.stretches.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        join_near(row);
    }
    let mut blocks = Vec::new();
    order(rows, 0, &mut blocks);
    let mut text = Traced::default();
    for (index, rows) in blocks.iter().enumerate() {
        text.push(if index > 0 { "\n\n" } else { "" }, NONE);
        text.append(&write(rows));
    }
    text
}

/// Makes one stretch of those that touch or nearly do.
fn join_near(row: &mut Row) {
    let mut joined: Vec<Stretch> = Vec::with_capacity(row.stretches.len());
    for stretch in std::mem::take(&mut row.stretches) {
        match joined.last_mut() {
            Some(last) if stretch.x0 - last.x1 < last.em.max(stretch.em) * APART => {
                let gap = stretch.x0 - last.x1;
                if gap > last.em.max(stretch.em) * SPACE
                    && !last.text.as_str().ends_with(' ')
                    && !stretch.text.as_str().starts_with(' ')
                    // Text over a dotted line is not part of it.
                    || gap < -last.em
                {
                    last.text.push(" ", NONE);
                }
                last.text.append(&stretch.text);
                last.x1 = last.x1.max(stretch.x1);
                last.em = last.em.max(stretch.em);
            }
            _ => joined.push(stretch),
        }
    }
    row.stretches = joined;
}

/// How many columns in columns a page can have.
const MAX_DEPTH: usize = 4;
/// Fewer rows than this are no column.
const MIN_ROWS: usize = 4;

/// Cuts rows at columns of prose, and hands over blocks in reading order.
fn order(rows: Vec<Row>, depth: usize, blocks: &mut Vec<Vec<Row>>) {
    let Some(gutter) = (depth < MAX_DEPTH).then(|| gutter(&rows)).flatten() else {
        if !rows.is_empty() {
            blocks.push(rows);
        }
        return;
    };
    let (mut above, mut left, mut right, mut below) = (vec![], vec![], vec![], vec![]);
    for (index, row) in rows.into_iter().enumerate() {
        if index < gutter.first {
            above.push(row);
        } else if index > gutter.last {
            below.push(row);
        } else {
            let (of_left, of_right): (Vec<_>, Vec<_>) =
                row.stretches.into_iter().partition(|stretch| stretch.x0 < gutter.x);
            for (side, stretches) in [(&mut left, of_left), (&mut right, of_right)] {
                if !stretches.is_empty() {
                    side.push(Row { y: row.y, em: row.em, stretches });
                }
            }
        }
    }
    order(above, depth + 1, blocks);
    order(left, depth + 1, blocks);
    order(right, depth + 1, blocks);
    order(below, depth + 1, blocks);
}

/// A white strip between two columns, and the rows that it reaches over.
struct Gutter {
    x: f64,
    first: usize,
    last: usize,
}

/// Finds the strip that has the most rows of prose on both of its sides.
fn gutter(rows: &[Row]) -> Option<Gutter> {
    let stretches = || rows.iter().flat_map(|row| &row.stretches);
    let left = stretches().map(|stretch| stretch.x0).min_by(f64::total_cmp)?;
    let right = stretches().map(|stretch| stretch.x1).max_by(f64::total_cmp)?;
    let width = right - left;
    if rows.len() < MIN_ROWS || width <= 0.0 {
        return None;
    }
    // Columns begin where stretches begin: those places are the candidates, each a little left of
    // where several stretches start.
    const N_CELLS: usize = 120;
    let mut starts = [0_u32; N_CELLS + 1];
    for stretch in stretches() {
        let cell = ((stretch.x0 - left) / width * N_CELLS as f64) as usize;
        if let Some(count) = starts.get_mut(cell) {
            *count += 1;
        }
    }
    let mut best: Option<(usize, Gutter)> = None;
    for (cell, _) in starts.iter().enumerate().skip(4).filter(|(_, n)| **n as usize >= MIN_ROWS) {
        let x = left + (cell as f64 - 0.5) / N_CELLS as f64 * width;
        for (first, last) in clear_runs(rows, x) {
            if let Some(score) = prose(&rows[first..=last], x)
                && best.as_ref().is_none_or(|(have, _)| score > *have)
            {
                best = Some((score, Gutter { x, first, last }));
            }
        }
    }
    best.map(|(_, gutter)| gutter)
}

/// The runs of rows that nothing crosses at `x`.
fn clear_runs(rows: &[Row], x: f64) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut start = None;
    for (index, row) in rows.iter().enumerate() {
        let is_crossed = row.stretches.iter().any(|stretch| stretch.x0 < x && stretch.x1 > x);
        match (is_crossed, start) {
            (false, None) => start = Some(index),
            (true, Some(first)) => {
                runs.push((first, index - 1));
                start = None;
            }
            _ => {}
        }
    }
    runs.extend(start.map(|first| (first, rows.len() - 1)));
    runs.retain(|(first, last)| last - first + 1 >= MIN_ROWS);
    runs
}

/// Are there columns of prose on both sides of `x`? Then how many rows the shorter one has.
fn prose(rows: &[Row], x: f64) -> Option<usize> {
    let side = |is_left: bool| -> Vec<(f64, f64, f64, usize)> {
        let of_side = |stretch: &&Stretch| (stretch.x0 < x) == is_left;
        rows.iter()
            .filter_map(|row| {
                let stretches = || row.stretches.iter().filter(of_side);
                let x0 = stretches().map(|stretch| stretch.x0).min_by(f64::total_cmp)?;
                let x1 = stretches().map(|stretch| stretch.x1).max_by(f64::total_cmp)?;
                let n = stretches().map(|stretch| stretch.text.as_str().chars().count()).sum();
                Some((row.y, x0, x1, n))
            })
            .collect()
    };
    let (left, right) = (side(true), side(false));
    let n_rows = left.len().min(right.len());
    if n_rows < MIN_ROWS {
        return None;
    }
    let is_prose = |side: &[(f64, f64, f64, usize)]| {
        let from = side.iter().map(|line| line.1).fold(f64::INFINITY, f64::min);
        let to = side.iter().map(|line| line.2).fold(f64::NEG_INFINITY, f64::max);
        let n_full = side.iter().filter(|line| line.2 - line.1 > (to - from) * 0.6).count();
        let n_long = side.iter().filter(|line| line.3 >= 20).count();
        n_full * 2 >= side.len() && n_long * 5 >= side.len() * 3
    };
    let span = |side: &[(f64, f64, f64, usize)]| {
        let from = side.first().map_or(0.0, |line| line.0);
        (from, side.last().map_or(from, |line| line.0))
    };
    let ((from_left, to_left), (from_right, to_right)) = (span(&left), span(&right));
    let shared = to_left.min(to_right) - from_left.max(from_right);
    let shorter = (to_left - from_left).min(to_right - from_right);
    (is_prose(&left) && is_prose(&right) && shared > shorter * 0.6).then_some(n_rows)
}

/// Writes rows as lines, with an empty line where the page leaves one.
fn write(rows: &[Row]) -> Traced {
    let mut text = Traced::default();
    let mut before: Option<&Row> = None;
    for row in rows {
        let mut line = Traced::default();
        for (index, stretch) in row.stretches.iter().enumerate() {
            line.push(if index > 0 { "  " } else { "" }, NONE);
            line.append(&stretch.text.trimmed());
        }
        let line = bidi::logical(line);
        if let Some(before) = before {
            let gap = row.y - before.y;
            let is_apart = gap > before.em.max(row.em) * 1.9;
            match hyphenated(text.as_str(), line.as_str()) {
                Hyphen::OfTheWord if !is_apart => {}
                Hyphen::OfTheLine if !is_apart => {
                    text.pop();
                }
                _ => text.push(if is_apart { "\n\n" } else { "\n" }, NONE),
            }
        }
        text.append(&line);
        before = Some(row);
    }
    text
}

/// What the hyphen at the end of a line belongs to.
enum Hyphen {
    /// There is none.
    No,
    /// `Lind-` before `Berg`: it stays.
    OfTheWord,
    /// `appoint-` before `ment`: it goes.
    OfTheLine,
}

fn hyphenated(text: &str, next: &str) -> Hyphen {
    let Some(before) = text.strip_suffix('-') else { return Hyphen::No };
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let first = next.chars().next();
    let is_word = word.chars().count() >= 2 && word.chars().all(|c| c.is_alphabetic() || c == '-');
    // An address of mail or of a page is no word: its hyphens are its own.
    let next_word = next.split(char::is_whitespace).next().unwrap_or_default();
    let is_address =
        next_word.contains(['@', '/']) || next_word.trim_end_matches('.').contains('.');
    let is_of_address = next_word.contains('@')
        && word.contains(['.', '_'])
        && word.chars().all(|c| c.is_alphanumeric() || "._+-%".contains(c));
    match first {
        Some(c) if (is_word && is_address || is_of_address) && c.is_alphanumeric() => {
            Hyphen::OfTheWord
        }
        Some(c) if is_word && c.is_lowercase() => Hyphen::OfTheLine,
        Some(c) if is_word && c.is_uppercase() => Hyphen::OfTheWord,
        _ => Hyphen::No,
    }
}
