//! Do widths and places tell what was taken out?
//!
//! A gap that is as wide as a name names it. So on a line with a label nothing may depend on what
//! stood there: the box is as wide as every other, the spaces are those of the font, no letter is
//! shifted, and the room beside a label is that of a space. Where room is left all the same, it is
//! compared with the names of the person whose label it is.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{Label, Line, Placed};
use super::metrics::Metrics;
use super::page::{Sheet, Slab};

/// Whose names may have stood at a label, in the letters in which they are compared.
pub(crate) type Names<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// How wide the box of each kind of label is at each size: digits do not count, sizes are in tenths
/// of a point, widths in hundredths.
pub(crate) type BoxWidths = BTreeMap<(String, i64), BTreeSet<i64>>;

/// What was found.
#[derive(Default)]
pub(crate) struct Told {
    /// What is told, a few words each, by page.
    pub(crate) tells: BTreeSet<String>,
    pub(crate) boxes: BoxWidths,
    /// Boxes that are as wide as a name of their person, by their widths in thousandths of the size of
    /// their letters. Where every box is as wide as that, it is by chance.
    odd: Vec<i64>,
    /// The same of all boxes, with their labels.
    ratios: Vec<(String, i64)>,
    /// Labels that were measured.
    pub(crate) n_labels: usize,
}

/// A name fits if it is that near, in points.
const NEAR_PT: f64 = 0.5;
/// Lengths that differ by less are the same, in parts of the font's size.
const SAME: f64 = 0.03;
/// Room that is wider is no space between words but the way to the next column.
const COLUMN: f64 = 1.5;
/// Room that is wider than this may be that between the cells of a row that are full.
const CELL: f64 = 0.4;

/// Measures every line that holds a label.
pub(crate) fn told(pages: &[Vec<Line>], sheets: &[Sheet], names: Names<'_>) -> Told {
    let metrics = Metrics::new(pages);
    let mut told = Told::default();
    let usual = usual_spaces(pages, &metrics);
    for (number, (lines, sheet)) in pages.iter().zip(sheets).enumerate() {
        let starts = starts(lines);
        let page = Page { lines, starts: &starts, sheet, metrics: &metrics, usual: &usual, names };
        for line in lines {
            let labels = line.labels();
            let mut found = BTreeSet::new();
            if !labels.is_empty() {
                page.line(line, &labels, &mut found, &mut told);
            } else {
                page.boxes_without_label(line, &mut found);
            }
            told.tells.extend(found.iter().map(|what| format!("page {}: {what}", number + 1)));
        }
    }
    // Where every box is as wide as the others, whoever is behind it, or as ours always are, it is by
    // chance that one is as wide as a name.
    let people: BTreeSet<&str> = told.ratios.iter().map(|(label, _)| label.as_str()).collect();
    let all = || told.ratios.iter().map(|(_, ratio)| *ratio);
    let is_constant = people.len() > 1
        && all().max().zip(all().min()).is_some_and(|(most, least)| most - least < least / 25);
    if !is_constant && told.odd.iter().any(|ratio| !crate::paper::is_usual_box(*ratio)) {
        told.tells.insert("a box is as wide as what was taken out".to_owned());
    }
    for widths in told.boxes.values() {
        let (first, last) = (widths.first(), widths.last());
        if let (Some(first), Some(last)) = (first, last)
            && last - first > 20
        {
            told.tells.insert("boxes of labels differ in width".to_owned());
        }
    }
    told
}

/// A width in thousandths of a size.
pub(crate) fn ratio(width: f64, size_pt: f64) -> i64 {
    (width / size_pt.max(0.1) * 1000.0).round() as i64
}

struct Page<'a> {
    lines: &'a [Line],
    /// Where something begins after room, by the place in tenths of a point.
    starts: &'a BTreeMap<i64, Vec<Start>>,
    sheet: &'a Sheet,
    metrics: &'a Metrics,
    usual: &'a BTreeMap<u128, f64>,
    names: Names<'a>,
}

/// A label with its box, and what stands beside it.
struct Spot<'l> {
    label: &'l Label,
    start: f64,
    end: f64,
    before: Option<&'l Placed>,
    after: Option<&'l Placed>,
    size_pt: f64,
    is_boxed: bool,
}

impl Page<'_> {
    fn line(&self, line: &Line, labels: &[Label], found: &mut BTreeSet<String>, told: &mut Told) {
        let spots: Vec<Spot<'_>> =
            labels.iter().filter_map(|label| self.spot(line, label, labels)).collect();
        for spot in &spots {
            let kind: String =
                spot.label.text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
            let size = (spot.size_pt * 10.0).round() as i64;
            let width = ((spot.end - spot.start) * 100.0).round() as i64;
            // Without a box, as in a caption, a label is as wide as its letters are.
            if spot.is_boxed {
                // Pages that are drawn as they look have boxes of their own width.
                let is_drawn =
                    crate::paper::is_drawn_box(ratio(spot.end - spot.start, spot.size_pt));
                let kind = if is_drawn { format!("{kind}, drawn") } else { kind };
                told.boxes.entry((kind, size)).or_default().insert(width);
            }
            told.n_labels += 1;
            // The words under a scan are as wide as their pictures.
            if !self.sheet.is_scan() {
                self.beside(line, spot, found);
            }
            if spot.is_boxed {
                let ratio = ratio(spot.end - spot.start, spot.size_pt);
                told.ratios.push((spot.label.text.clone(), ratio));
                if self.box_fits(line, spot) {
                    told.odd.push(ratio);
                }
            }
            self.start_of_line(line, spot, found);
        }
        if !self.sheet.is_scan() {
            self.spaces(line, labels, found);
        }
    }

    fn spot<'l>(&self, line: &'l Line, label: &'l Label, labels: &[Label]) -> Option<Spot<'l>> {
        let first = line.glyphs.get(label.glyphs.start)?;
        let last = line.glyphs.get(label.glyphs.end - 1)?;
        let (mut start, mut end, mut is_boxed) = (first.start, last.end, false);
        let around = self
            .sheet
            .slabs
            .iter()
            .filter_map(|slab| line.along(slab.rect, first.size_pt))
            .filter(|(from, to)| *from <= start + 0.5 && *to >= end - 0.5)
            .min_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
        // The background of a row or a table holds more than a label.
        if let Some((from, to)) = around {
            let is_shared = line.glyphs.iter().enumerate().any(|(index, glyph)| {
                !label.glyphs.contains(&index)
                    && !glyph.is_space()
                    && glyph.start > from - 0.1
                    && glyph.end < to + 0.1
            });
            if !is_shared && to - from < 0.8 * self.width() {
                (start, end, is_boxed) = (from, to, true);
            }
        }
        // Beside another label there is its box, not its letters.
        let is_label = |at: usize| labels.iter().any(|other| other.glyphs.contains(&at));
        let word = |at: usize| line.glyphs.get(at).filter(|glyph| !glyph.is_space());
        let before = (0..label.glyphs.start).rev().find(|at| word(*at).is_some());
        let after = (label.glyphs.end..line.glyphs.len()).find(|at| word(*at).is_some());
        let before = before.filter(|at| !is_label(*at)).and_then(word);
        let after = after.filter(|at| !is_label(*at)).and_then(word);
        Some(Spot { label, start, end, before, after, size_pt: first.size_pt, is_boxed })
    }

    fn width(&self) -> f64 {
        self.lines.iter().flat_map(|line| &line.glyphs).fold(100.0, |far, g| g.end.max(far))
    }

    /// The room on either side of a label.
    fn beside(&self, line: &Line, spot: &Spot<'_>, found: &mut BTreeSet<String>) {
        let rooms = [
            spot.before.map(|before| (spot.start - before.end, before, spot.start)),
            spot.after.map(|after| (after.start - spot.end, after, after.start)),
        ];
        for (room, neighbour, start) in rooms.into_iter().flatten() {
            let size_pt = neighbour.size_pt.max(spot.size_pt);
            let space = self.space(neighbour.font) * neighbour.size_pt;
            let is_adjacent = room.abs() <= 0.2 * size_pt;
            let is_space = (room - space).abs() <= 0.2 * size_pt;
            let is_column = self.is_column(line, start);
            if is_adjacent || is_space || is_column {
                continue;
            }
            if room <= COLUMN * size_pt {
                found.insert("the room beside a label is not that of a space".to_owned());
            }
        }
        // All the room between the words on either side, if it is more than a label needs.
        if let (Some(before), Some(after)) = (spot.before, spot.after) {
            let room = after.start - before.end;
            let space = self.space(before.font) * before.size_pt;
            let is_usual = room - (spot.end - spot.start) < 2.0 * space + 0.4 * spot.size_pt;
            let is_column = self.is_column(line, after.start) || self.is_column(line, spot.start);
            if !is_usual && !is_column && self.fits(spot, before, room, space) {
                found.insert("the gap fits what was taken out".to_owned());
            }
        }
    }

    /// Is a box as wide as a name of the person whose label is in it?
    fn box_fits(&self, line: &Line, spot: &Spot<'_>) -> bool {
        let glyphs = &spot.label.glyphs;
        let (Some(first), Some(last)) =
            (line.glyphs.get(glyphs.start), line.glyphs.get(glyphs.end - 1))
        else {
            return false;
        };
        let boxed = spot.end - spot.start;
        let excess = boxed - (last.end - first.start);
        let neighbour = spot.before.or(spot.after).unwrap_or(first);
        excess > 0.8 * spot.size_pt && self.fits(spot, neighbour, boxed, 0.0)
    }

    /// Is the room as wide as a name of the label's person, with what may stand around it?
    fn fits(&self, spot: &Spot<'_>, beside: &Placed, room: f64, space: f64) -> bool {
        let around = [0.0, space, 2.0 * space, 2.0, 3.0, 4.0];
        writings(&(self.names)(&spot.label.text)).iter().any(|name| {
            let (width, doubt) = self.metrics.width(name, beside.font, beside.size_pt);
            around.iter().any(|more| (room - more - width).abs() <= NEAR_PT + doubt)
        })
    }

    /// Does something begin at the same place in other lines too?
    fn is_column(&self, line: &Line, start: f64) -> bool {
        let at = (start * 10.0).round() as i64;
        let mut near = self.starts.range(at - 20..=at + 20).flat_map(|(_, starts)| starts);
        near.any(|other| {
            let is_there = other.is_apart || (other.start - start).abs() < 0.15;
            is_there && (other.across - line.across).abs() > 0.6
        })
    }

    /// Was the line set against the right margin, and still starts where it did?
    fn start_of_line(&self, line: &Line, spot: &Spot<'_>, found: &mut BTreeSet<String>) {
        let is_word = |glyph: &&Placed| !glyph.is_space();
        let (Some(first), Some(last)) =
            (line.glyphs.iter().find(is_word), line.glyphs.iter().rev().find(is_word))
        else {
            return;
        };
        let start = first.start.min(spot.start);
        if self.is_column(line, start) || self.lines.len() < 4 {
            return;
        }
        let ends = self.lines.iter().filter(|other| (other.across - line.across).abs() > 0.6);
        let ends: Vec<f64> = ends.filter_map(|other| Some(other.glyphs.last()?.end)).collect();
        let is_margin =
            |end: f64| ends.iter().filter(|other| (*other - end).abs() < 0.5).count() > 1;
        let end = last.end.max(spot.end);
        let beside = spot.before.or(spot.after).unwrap_or(first);
        let fits = writings(&(self.names)(&spot.label.text)).iter().any(|name| {
            let (width, _) = self.metrics.width(name, beside.font, beside.size_pt);
            is_margin(end - (spot.end - spot.start) + width)
        });
        if fits && !is_margin(end) {
            found.insert("the start of a line fits what was taken out".to_owned());
        }
    }

    fn space(&self, font: u128) -> f64 {
        self.metrics.space(font).or_else(|| self.usual.get(&font).copied()).unwrap_or(0.3)
    }

    /// The spaces between the other words of a line with a label, and the letters in them.
    fn spaces(&self, line: &Line, labels: &[Label], found: &mut BTreeSet<String>) {
        let is_label = |at: usize| labels.iter().any(|label| label.glyphs.contains(&at));
        let words = line.glyphs.iter().enumerate().filter(|(_, glyph)| !glyph.is_space());
        let words: Vec<(usize, &Placed)> = words.collect();
        for pair in words.windows(2) {
            let [(first, left), (second, right)] = pair else { continue };
            if is_label(*first) || is_label(*second) || left.font != right.font {
                continue;
            }
            let room = (right.start - left.end) / left.size_pt;
            let has_space = second - first > 1;
            if !has_space && room.abs() < 0.15 {
                let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric());
                if room.abs() > SAME && is_plain(&left.text) && is_plain(&right.text) {
                    found.insert("letters on a line with a label are shifted".to_owned());
                }
                continue;
            }
            if room > COLUMN || room > CELL && self.is_column(line, right.start) {
                continue;
            }
            let n = if has_space { (second - first - 1) as f64 } else { 1.0 };
            if (room - n * self.space(left.font)).abs() > SAME * n {
                found.insert("spaces on a line with a label are not those of the font".to_owned());
            }
        }
    }

    /// Boxes that stand in a line like words.
    fn boxes_without_label(&self, line: &Line, found: &mut BTreeSet<String>) {
        let Some(first) = line.glyphs.iter().find(|glyph| !glyph.is_space()) else { return };
        let is_dark = |slab: &&Slab| slab.grey.is_none_or(|grey| grey < 128);
        for slab in self.sheet.slabs.iter().filter(is_dark) {
            let Some((start, end)) = line.along(slab.rect, first.size_pt) else { continue };
            let thick = slab.rect.width().min(slab.rect.height());
            if end - start < 8.0 || thick < 0.5 * first.size_pt {
                continue;
            }
            let is_word = |glyph: &&Placed| !glyph.is_space();
            let before = line.glyphs.iter().filter(is_word).rfind(|g| g.end <= start + 1.0);
            let after = line.glyphs.iter().filter(is_word).find(|g| g.start >= end - 1.0);
            let near = |room: f64| room < 3.0 * first.size_pt;
            let is_in_line = before.is_some_and(|before| near(start - before.end))
                || after.is_some_and(|after| near(after.start - end));
            let Some(beside) = before.or(after).filter(|_| is_in_line) else { continue };
            let fits = writings(&(self.names)("")).iter().any(|name| {
                let (width, doubt) = self.metrics.width(name, beside.font, beside.size_pt);
                [0.0, 2.0, 3.0, 4.0]
                    .iter()
                    .any(|more| (end - start - more - width).abs() <= NEAR_PT + doubt)
            });
            if fits {
                found.insert("a box is as wide as what was taken out".to_owned());
            }
        }
    }
}

/// Where something begins after room.
struct Start {
    across: f64,
    start: f64,
    /// Is there more room than between words?
    is_apart: bool,
}

fn starts(lines: &[Line]) -> BTreeMap<i64, Vec<Start>> {
    let mut starts: BTreeMap<i64, Vec<Start>> = BTreeMap::new();
    for line in lines {
        let mut end = f64::MIN;
        for glyph in line.glyphs.iter().filter(|glyph| !glyph.is_space()) {
            let room = (glyph.start - end) / glyph.size_pt;
            if room > CELL {
                let (across, start) = (line.across, glyph.start);
                let key = (start * 10.0).round() as i64;
                starts.entry(key).or_default().push(Start {
                    across,
                    start,
                    is_apart: room > COLUMN,
                });
            }
            end = glyph.end;
        }
    }
    starts
}

/// How a folded name may have been written: `tom quill` as `Tom Quill`, `TOM QUILL`, `Tom, Quill`.
fn writings(forms: &[String]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for form in forms {
        let titled: Vec<String> = form
            .split(' ')
            .map(|word| {
                let mut letters = word.chars();
                let first = letters.next().map(|c| c.to_uppercase().to_string());
                format!("{}{}", first.unwrap_or_default(), letters.as_str())
            })
            .collect();
        if let [first, rest @ ..] = titled.as_slice()
            && !rest.is_empty()
        {
            all.insert(format!("{first}, {}", rest.join(" ")));
        }
        all.insert(titled.join(" "));
        all.insert(form.to_uppercase());
        all.insert(form.clone());
    }
    all
}

/// The usual room between words of lines with labels, in parts of the size, where no space is drawn.
fn usual_spaces(pages: &[Vec<Line>], metrics: &Metrics) -> BTreeMap<u128, f64> {
    let mut rooms: BTreeMap<u128, BTreeMap<i64, usize>> = BTreeMap::new();
    for line in pages.iter().flatten() {
        for pair in line.glyphs.windows(2) {
            let [left, right] = pair else { continue };
            let room = (right.start - left.end) / left.size_pt;
            let is_same = left.font == right.font && metrics.space(left.font).is_none();
            if is_same && (0.15..COLUMN).contains(&room) {
                let room = (room * 100.0).round() as i64;
                *rooms.entry(left.font).or_default().entry(room).or_default() += 1;
            }
        }
    }
    rooms
        .into_iter()
        .filter_map(|(font, counts)| {
            let (room, _) = counts.into_iter().max_by_key(|(_, n)| *n)?;
            Some((font, room as f64 / 100.0))
        })
        .collect()
}

#[cfg(test)]
mod tests;
