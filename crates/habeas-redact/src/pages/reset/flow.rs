//! Which lines of a page were broken by a program, and do they begin where they do for their own sake?
//!
//! What is asked of a line is asked of it as it is with labels: how long a name was, must not decide what
//! belongs together.

use super::{Page, Piece, Refusal, SPACE};
use crate::pages::lines::words;

impl Page<'_> {
    /// Was the line broken by a program, so that the next one goes on with its sentence?
    pub(super) fn flows(&self, upper: usize, lower: usize) -> bool {
        let (first, second) = (&self.segments[upper], &self.segments[lower]);
        let reach = self.reach(upper);
        let is_alone = |index: usize| {
            let line = &self.segments[index];
            // A line of some words is no cell of a table with short ones.
            if self.reach(index) - line.x0 > line.em * 12.0 && self.n_words(index) >= 4 {
                return true;
            }
            let row = self.segments[index].row;
            let of_row = |at: Option<usize>| {
                at.and_then(|at| self.segments.get(at)).is_some_and(|other| other.row == row)
            };
            // A row of a table has cells beside it.
            !of_row(index.checked_sub(1)) && !of_row(Some(index + 1))
        };
        // What is taken out at once goes on in the next line.
        let last = first.tokens.iter().rev().map(|n| &self.tokens[*n]).find(|t| !t.is_space);
        let next = second.tokens.first().and_then(|number| self.tokens[*number].secret);
        if next.is_some() && last.is_some_and(|last| last.secret == next) {
            return true;
        }
        // The last line of a paragraph may be short.
        let Some(start) = second.tokens.first().map(|number| &self.tokens[*number]) else {
            return false;
        };
        if !is_alone(upper) || start.is_bullet && start.secret.is_none() || self.has_sign(lower) {
            return false;
        }
        let width = match start.secret {
            Some(_) => (self.room.label)(second.em),
            None => words(second, self.tokens).first().map_or(0.0, |word| self.width(word)),
        };
        let right = self.block_right(upper).max(reach);
        let is_small = start.is_small && start.secret.is_none();
        // Where a line that something is taken out of ends, hangs on that; and not every program
        // counts in widths.
        let is_touched = first.is_touched || second.is_touched;
        let slack = match (is_touched, self.is_prose(upper)) {
            (false, _) => 0.0,
            (true, false) if !self.has_prose => (right - first.x0) * 0.15,
            (true, _) => (right - first.x0) * 0.5,
        };
        let is_full = reach + first.em * SPACE + width > right - first.em * 2.0 - slack;
        let share = match (is_small, is_touched) {
            (true, true) => 0.35,
            (true, false) => 0.5,
            (false, true) => return is_full,
            (false, false) => 0.72,
        };
        is_full || reach - first.x0 > (right - first.x0) * share
    }

    /// Does a sign stand before a line, as before each thing of a list: a dot, a box, a small picture?
    fn has_sign(&self, index: usize) -> bool {
        let line = &self.segments[index];
        let (top, bottom) = (line.y - line.em * 1.2, line.y + line.em * 0.5);
        self.room.boxes.unwrap_or(&[]).iter().any(|[left, upper, right, lower]| {
            *right <= line.x0 + 0.5
                && *left > line.x0 - line.em * 5.0
                && right - left < line.em * 3.0
                && *upper > top
                && *lower < bottom
        })
    }

    /// Does one of the lines around a line go on with the sentence of another?
    pub(super) fn is_prose(&self, index: usize) -> bool {
        let goes_on = |at: usize| {
            let first = self.segments[at].tokens.first().map(|number| &self.tokens[*number]);
            first.is_some_and(|first| first.is_small && first.secret.is_none())
        };
        [true, false].into_iter().any(|is_above| {
            let mut at = index;
            (0..12).any(|_| match self.neighbour(at, is_above) {
                Some(next) => {
                    at = next;
                    goes_on(at)
                }
                None => false,
            })
        })
    }

    /// Where a line ends once labels stand in it.
    fn reach(&self, index: usize) -> f32 {
        let line = &self.segments[index];
        if !line.is_touched {
            return line.x1;
        }
        let (mut pieces, mut dropped) = (Vec::new(), Vec::new());
        self.pieces(index, &mut pieces, &mut dropped);
        let spaces = pieces.len().saturating_sub(1) as f32 * line.em * SPACE;
        let width = |word: &Vec<Piece>| self.width_of(word, (self.room.label)(line.em));
        line.x0 + spaces + pieces.iter().map(width).sum::<f32>()
    }

    /// How many words a line has once labels stand in it.
    fn n_words(&self, index: usize) -> usize {
        let (mut pieces, mut dropped) = (Vec::new(), Vec::new());
        self.pieces(index, &mut pieces, &mut dropped);
        pieces.len()
    }

    pub(super) fn width_of(&self, word: &[Piece], label: f32) -> f32 {
        let width = |piece: &Piece| match piece {
            Piece::Token(number) => self.tokens[*number].width,
            Piece::Label(_) => label,
        };
        word.iter().map(width).sum()
    }

    /// The right edge of the lines around a line with its left edge; where hardly any is left as it
    /// was, that of the page.
    fn block_right(&self, index: usize) -> f32 {
        let line = &self.segments[index];
        let near = self.segments.get(index.saturating_sub(12)..).unwrap_or(&[]).iter().take(25);
        let clean: Vec<f32> = near
            .filter(|other| {
                !other.is_touched
                    && (other.x0 - line.x0).abs() < line.em * 4.0
                    && other.em < line.em * 1.1
            })
            .map(|other| other.x1)
            .collect();
        if clean.len() < 2 { self.page_right() } else { clean.into_iter().fold(0.0, f32::max) }
    }

    /// Where the first line of a paragraph begins, and where the others do.
    ///
    /// # Errors
    /// If that hangs on what is taken out, as where lines are centred or end at one edge.
    pub(super) fn lefts(
        &self,
        lines: &[usize],
        before: Option<f32>,
    ) -> Result<(f32, f32), Refusal> {
        let first = &self.segments[lines[0]];
        let is_same = |a: f32, b: f32| (a - b).abs() < self.edges.same;
        let rest = lines.get(1..).unwrap_or(&[]).iter().map(|at| self.segments[*at].x0);
        let common = rest.clone().fold(f32::INFINITY, f32::min);
        let lefts = if lines.len() == 1 {
            let place = before.map_or(first.x0, |end| end + first.em * SPACE);
            let place = if self.edges.is_left(first) { first.x0.max(place) } else { place };
            (before.is_some() || self.edges.is_left(first)).then_some((place, first.x0))
        } else {
            let is_set_in = !is_same(first.x0, common);
            let is_firm = rest.clone().all(|x| is_same(x, common))
                && (!is_set_in || lines.len() > 2 || self.edges.is_left(&self.segments[lines[1]]));
            let own = if is_set_in { first.x0 } else { common };
            let own = before.map_or(own, |end| own.max(end + first.em * SPACE));
            is_firm.then_some((own, common))
        };
        // The font of a field may be as high as its text leaves room for.
        let says_nothing_else = |at: &usize| {
            let tokens = &self.segments[*at].tokens;
            tokens.iter().all(|n| self.tokens[*n].is_space || self.tokens[*n].secret.is_some())
        };
        let is_usual = self.segments.iter().any(|other| {
            !other.is_touched && (other.em - first.em).abs() < 0.05
                || self.tokens[first.tokens[0]].is_word
        });
        if lines.iter().all(says_nothing_else) && !is_usual {
            return Err(Refusal::Loose);
        }
        // Where ink begins on a scan is never quite the same.
        let is_scan = self.tokens[first.tokens[0]].is_word;
        let margin = self.edges.margin(first.x0).filter(|_| is_scan).map(|x| (x, x));
        lefts.or(margin).ok_or(Refusal::Loose)
    }
}
