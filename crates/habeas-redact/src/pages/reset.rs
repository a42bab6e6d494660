//! Where does what is left of a line stand, so that its place says nothing of what was taken out?
//!
//! A line that something was taken out of is set anew, with the whole paragraph that it belongs to:
//! from the paragraph's left edge, with the letters' own widths, spaces of one width and labels of one
//! width. Gaps, stretched spaces, centring and line breaks then come from what is left alone.

mod flow;

use super::lines::{Edges, SAME, Segment, Token, segments, words};

/// Where everything of the touched lines stands now.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reset {
    /// Tokens that stay, with their new places.
    pub(crate) moved: Vec<Moved>,
    /// Labels with their places.
    pub(crate) labels: Vec<Placed>,
    /// Tokens that go although they are nobody's: dots that lead from a name to a number are as many
    /// as the name leaves room for.
    pub(crate) dropped: Vec<usize>,
    /// Boxes around the lines as they were: left, top, right, bottom.
    pub(crate) bands: Vec<[f32; 4]>,
    /// What stands below a paragraph that takes more or fewer lines now goes down or up with its end.
    pub(crate) shifts: Vec<Shift>,
}

/// How far things below a paragraph go down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shift {
    /// Things whose top was below this.
    pub(crate) below: f32,
    /// Things whose top was above this: what stands at the foot of a page stays.
    pub(crate) above: f32,
    pub(crate) left: f32,
    pub(crate) right: f32,
    /// So far down; up if negative.
    pub(crate) by: f32,
}

impl Shift {
    /// How far something goes down whose top and sides were there.
    pub(crate) fn of(&self, left: f32, top: f32, right: f32) -> f32 {
        let is_below = top > self.below && top < self.above;
        if is_below && left < self.right && right > self.left { self.by } else { 0.0 }
    }
}

/// A token in its new place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moved {
    /// Which token.
    pub(crate) token: usize,
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// Where its paragraph began.
    top: f32,
}

/// A label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placed {
    /// What it stands for, by the number that its tokens had.
    pub(crate) secret: usize,
    pub(crate) x: f32,
    /// Its baseline.
    pub(crate) y: f32,
    /// The height of the line's font.
    pub(crate) em: f32,
    /// Where its paragraph began.
    top: f32,
}

/// Why the lines of a page cannot be set anew where they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A label is wider than what it stands for, and there is no room.
    NoRoom,
    /// How wide a column is hangs on what was taken out of it.
    Column,
    /// Where a line begins, or how high its font is, hangs on what was taken out of it.
    Loose,
}

/// The room on a page: its width, and how wide a label is at a height of font.
pub(crate) struct Room<'a> {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) label: &'a dyn Fn(f32) -> f32,
    /// Boxes around what is drawn and is no letter; `None` if lines have to stay where they are,
    /// whatever stands above them.
    pub(crate) boxes: Option<&'a [[f32; 4]]>,
}

/// So many of the dots that lead from a name to a number stay.
const FILLERS: usize = 3;
/// The width of a space, by the height of the font.
const SPACE: f32 = 0.28;

/// Sets the touched lines of a page anew.
///
/// # Errors
/// If there is no way that says nothing; then the page is better given as text.
pub(crate) fn reset(tokens: &[Token], room: &Room<'_>) -> Result<Reset, Refusal> {
    let segments = segments(tokens);
    if segments.iter().all(|segment| !segment.is_touched) {
        return Ok(Reset::default());
    }
    let edges = Edges::of(&segments, tokens);
    let foot = foot(&segments, room.height);
    let done = vec![false; segments.len()];
    let (has_prose, segments) = (false, segments.as_slice());
    let mut page = Page { tokens, segments, edges, room, foot, done, has_prose };
    page.has_prose = (0..segments.len()).any(|index| page.is_prose(index));
    let mut reset = Reset::default();
    for (index, segment) in segments.iter().enumerate() {
        if segment.is_touched && !page.done[index] {
            let paragraph = page.paragraph(index);
            page.set(&paragraph, &mut reset)?;
        }
    }
    page.shift(&mut reset)?;
    Ok(reset)
}

/// Where the foot of a page begins: what stands near its lower edge, apart from the text.
fn foot(segments: &[Segment], height: f32) -> f32 {
    let mut before: Option<&Segment> = None;
    for segment in segments {
        if segment.y > height * 0.88
            && before.is_none_or(|before| segment.y - before.y > segment.em * 2.5)
        {
            return segment.y - segment.em;
        }
        before = Some(segment);
    }
    height
}

/// How far the lines of a paragraph are apart.
fn leading(rows: &[f32], em: f32) -> f32 {
    match rows {
        [first, second, ..] => second - first,
        _ => em * 1.25,
    }
}

struct Page<'a> {
    tokens: &'a [Token],
    segments: &'a [Segment],
    edges: Edges,
    room: &'a Room<'a>,
    /// Where the foot of the page begins.
    foot: f32,
    /// Segments that were set anew.
    done: Vec<bool>,
    /// Does a line of it go on with the sentence of another?
    has_prose: bool,
}

/// A piece of a word.
enum Piece {
    Token(usize),
    Label(usize),
}

impl Page<'_> {
    /// The lines that belong to one paragraph with a line, from the top; each a segment's number.
    fn paragraph(&self, index: usize) -> Vec<usize> {
        let mut lines = vec![index];
        while let Some(above) = lines.first().and_then(|first| self.neighbour(*first, true)) {
            if !self.flows(above, lines[0]) {
                break;
            }
            lines.insert(0, above);
        }
        while let Some(below) = lines.last().and_then(|last| self.neighbour(*last, false)) {
            if !self.flows(lines[lines.len() - 1], below) {
                break;
            }
            lines.push(below);
        }
        lines
    }

    /// The line right above or below, of the same height of font and about the same left edge.
    fn neighbour(&self, index: usize, is_above: bool) -> Option<usize> {
        let line = &self.segments[index];
        let is_near = |other: &Segment| {
            let gap = if is_above { line.y - other.y } else { other.y - line.y };
            let (upper, lower) = if is_above { (other, line) } else { (line, other) };
            // The first line of a paragraph may be set in.
            let indent = upper.x0 - lower.x0;
            gap > line.em * 0.5
                && gap < line.em * 1.9
                && (indent.abs() < SAME || indent > 0.0 && indent < line.em * 4.0)
                && (other.em - line.em).abs() < line.em * 0.08
        };
        let other = |step: usize| {
            if is_above { index.checked_sub(step) } else { Some(index + step) }
        };
        (1..40).map_while(|step| other(step).filter(|at| *at < self.segments.len())).find(|at| {
            let segment = &self.segments[*at];
            segment.row.abs_diff(line.row) <= 2 && !self.done[*at] && is_near(segment)
        })
    }

    /// How far lines of the page reach: to the edge that they are set to, else as far from the right
    /// edge of the page as the text is from the left one.
    fn page_right(&self) -> f32 {
        let margin = self.segments.iter().map(|s| s.x0).fold(f32::INFINITY, f32::min);
        self.edges.justified().unwrap_or(self.room.width - margin.clamp(18.0, 72.0))
    }

    /// How wide a word is by the widths of its letters.
    fn width(&self, word: &[usize]) -> f32 {
        word.iter().map(|number| self.tokens[*number].width).sum()
    }

    /// Sets the lines of one paragraph anew.
    fn set(&mut self, lines: &[usize], reset: &mut Reset) -> Result<(), Refusal> {
        let first = &self.segments[lines[0]];
        let em = first.em;
        // What stands left of it in its row stays there.
        let before = self.before(lines[0]);
        let (first_left, left) = self.lefts(lines, before)?;
        let (right, most, tail) = self.right(lines)?;
        let mut pieces = Vec::new();
        for line in lines.iter().chain(&tail) {
            self.pieces(*line, &mut pieces, &mut reset.dropped);
        }
        let rows: Vec<f32> = lines.iter().map(|at| self.segments[*at].y).collect();
        let (end, far) = (self.segments[lines[lines.len() - 1]].y, left.max(right));
        let may_shift = self.may_shift(rows[0] - em, end, (left, far));
        let n_rows =
            self.flow(&pieces, (first_left, left, right, most), (&rows, may_shift), em, reset)?;
        if may_shift && n_rows != rows.len() {
            let by = (n_rows as f32 - rows.len() as f32) * leading(&rows, em);
            let (below, above) = (end + em * 0.4, self.foot);
            reset.shifts.push(Shift { below, above, left, right: far, by });
        }
        for at in lines.iter().chain(&tail) {
            self.done[*at] = true;
            let line = &self.segments[*at];
            reset.bands.push([line.x0, line.y - line.em, line.x1, line.y + line.em * 0.35]);
        }
        Ok(())
    }

    /// Where what stands left of a segment in its row ends.
    fn before(&self, index: usize) -> Option<f32> {
        let at = index.checked_sub(1)?;
        let other = &self.segments[at];
        (other.row == self.segments[index].row && !self.done[at]).then_some(other.x1)
    }

    /// How far lines reach, how far one may that has no room, and what stands behind the last one in
    /// its row and has no place of its own.
    fn right(&self, lines: &[usize]) -> Result<(f32, f32, Vec<usize>), Refusal> {
        let mut tail = Vec::new();
        let margin = self.segments.iter().map(|s| s.x0).fold(f32::INFINITY, f32::min);
        let (right, most) = (self.page_right(), self.room.width - 10.0);
        for line in lines {
            let row = self.segments[*line].row;
            // A cell whose row begins elsewhere than the text of the page is one of a table that was
            // put where it is by its width.
            let beside = line.checked_sub(1).map(|at| &self.segments[at]);
            let start = self.segments.iter().find(|other| other.row == row).map(|s| s.x0);
            if beside.is_some_and(|other| other.row == row && self.edges.is_anchored(other))
                && start.is_some_and(|start| start > margin + SAME)
            {
                return Err(Refusal::Column);
            }
            let mut at = *line + 1;
            while let Some(next) = self.segments.get(at).filter(|next| next.row == row) {
                if self.edges.is_anchored(next) {
                    // Where the next column begins may hang on what is taken out of this one.
                    return Err(Refusal::Column);
                }
                // It follows wherever the line ends now.
                tail.push(at);
                at += 1;
            }
        }
        Ok((right.min(most), most, tail))
    }

    /// The words of a segment with labels where something is taken out, a word at a time.
    fn pieces(&self, line: usize, out: &mut Vec<Vec<Piece>>, dropped: &mut Vec<usize>) {
        for word in words(&self.segments[line], self.tokens) {
            let mut pieces: Vec<Piece> = Vec::new();
            let (mut n_alike, mut goes_on) = (0, false);
            let mut last = None;
            for number in word {
                let token = &self.tokens[number];
                n_alike =
                    if token.filler.is_some() && token.filler == last { n_alike + 1 } else { 0 };
                last = token.filler;
                if n_alike >= FILLERS {
                    dropped.push(number);
                    continue;
                }
                match token.secret {
                    None => pieces.push(Piece::Token(number)),
                    Some(secret) => {
                        let is_said = |piece: Option<&Piece>| matches!(piece, Some(Piece::Label(label)) if *label == secret);
                        // A label stands for all that is taken out at once, over words and lines.
                        let last =
                            pieces.last().or_else(|| out.last().and_then(|word| word.last()));
                        if !is_said(last) {
                            pieces.push(Piece::Label(secret));
                        } else if pieces.is_empty() {
                            goes_on = true;
                        }
                    }
                }
            }
            // What follows a label at once follows it still where the label began a word earlier.
            match out.last_mut().filter(|_| goes_on) {
                Some(before) => before.append(&mut pieces),
                None if pieces.is_empty() => {}
                None => out.push(pieces),
            }
        }
    }

    /// Lets words flow into rows. Returns how many it took.
    fn flow(
        &self,
        words: &[Vec<Piece>],
        (first_left, left, right, most): (f32, f32, f32, f32),
        (rows, may_shift): (&[f32], bool),
        em: f32,
        reset: &mut Reset,
    ) -> Result<usize, Refusal> {
        let leading = leading(rows, em);
        let top = rows.first().copied().unwrap_or(0.0);
        let label = (self.room.label)(em);
        // One line that is set further than it reaches is no paragraph, and does not break.
        let right = if rows.len() == 1 { most.max(right) } else { right };
        let (mut row, mut x) = (0, first_left);
        let mut is_start = true;
        for word in words {
            let wide = self.width_of(word, label);
            let space = if is_start { 0.0 } else { em * SPACE };
            if !is_start && x + space + wide > right {
                row += 1;
                (x, is_start) = (left, true);
            }
            // A word that is wider than its line may reach further, if nothing stands there.
            if x + wide > if is_start { most.max(right) } else { right } + 0.1 {
                return Err(Refusal::NoRoom);
            }
            let y = match rows.get(row) {
                Some(y) => *y,
                None if may_shift => {
                    rows.last().copied().unwrap_or(0.0) + leading * (row + 1 - rows.len()) as f32
                }
                None => self.further(rows, row, leading, left, right)?,
            };
            x += if is_start { 0.0 } else { em * SPACE };
            for piece in word {
                match piece {
                    Piece::Token(number) => {
                        let token = &self.tokens[*number];
                        // Small figures keep their height above the line.
                        let own = self.row_of(*number).map_or(0.0, |base| token.y - base);
                        reset.moved.push(Moved { token: *number, x, y: y + own, top });
                        x += token.width;
                    }
                    Piece::Label(secret) => {
                        reset.labels.push(Placed { secret: *secret, x, y, em, top });
                        x += label;
                    }
                }
            }
            is_start = false;
        }
        Ok(row + 1)
    }

    /// May what stands below a paragraph go up or down? Not if a box reaches from beside it to below
    /// it, unless it is that of the page.
    fn may_shift(&self, top: f32, end: f32, (left, right): (f32, f32)) -> bool {
        let Some(boxes) = self.room.boxes else { return false };
        boxes.iter().all(|[from_x, from_y, to_x, to_y]| {
            let is_page =
                to_x - from_x > self.room.width * 0.9 && to_y - from_y > self.room.height * 0.7;
            let is_beside = *from_y < end && *to_y > end + 4.0 && *to_y > top;
            is_page || !is_beside || *to_x < left || *from_x > right
        })
    }

    /// Lets everything below go down or up.
    fn shift(&self, reset: &mut Reset) -> Result<(), Refusal> {
        if reset.shifts.is_empty() {
            return Ok(());
        }
        let shifts = std::mem::take(&mut reset.shifts);
        let by = |left: f32, top: f32, right: f32| -> f32 {
            shifts.iter().map(|shift| shift.of(left, top, right)).sum()
        };
        let mut is_moved = vec![false; self.tokens.len()];
        for moved in &mut reset.moved {
            let token = &self.tokens[moved.token];
            is_moved[moved.token] = true;
            moved.y += by(token.x, moved.top, token.x + token.width);
        }
        for number in &reset.dropped {
            is_moved[*number] = true;
        }
        for label in &mut reset.labels {
            label.y += by(label.x, label.top, label.x + (self.room.label)(label.em));
        }
        let rest = self.tokens.iter().enumerate();
        for (number, token) in rest.filter(|(number, _)| !is_moved[*number]) {
            let down = by(token.x, token.y, token.x + token.width);
            if down != 0.0 && !token.is_space && token.secret.is_none() {
                let (x, y) = (token.x, token.y + down);
                reset.moved.push(Moved { token: number, x, y, top: token.y });
            }
        }
        // Whatever was above the foot of the page is still above it.
        let lowest = reset
            .moved
            .iter()
            .filter(|moved| self.tokens[moved.token].y < self.foot)
            .map(|moved| moved.y)
            .chain(reset.labels.iter().map(|label| label.y))
            .fold(0.0, f32::max);
        let is_lower = shifts.iter().map(|shift| shift.by).sum::<f32>() > 0.0;
        reset.shifts = shifts;
        if is_lower && lowest > (self.foot - 4.0).min(self.room.height - 12.0) {
            return Err(Refusal::NoRoom);
        }
        Ok(())
    }

    /// The baseline of the row that a token is in.
    fn row_of(&self, number: usize) -> Option<f32> {
        let y = self.tokens[number].y;
        let at = self.segments.partition_point(|segment| segment.y < y - 12.0);
        self.segments
            .get(at..)
            .unwrap_or(&[])
            .iter()
            .take_while(|segment| segment.y < y + 12.0)
            .find(|segment| segment.tokens.contains(&number))
            .map(|segment| segment.y)
    }

    /// A row more than the paragraph had, if there is room for it below.
    fn further(
        &self,
        rows: &[f32],
        row: usize,
        leading: f32,
        left: f32,
        right: f32,
    ) -> Result<f32, Refusal> {
        let last = rows.last().copied().unwrap_or(0.0);
        let y = last + leading * (row + 1 - rows.len()) as f32;
        let is_free = self.segments.iter().all(|other| {
            other.y <= last + 0.1
                || other.y - other.em * 0.85 > y + leading * 0.2
                || other.x1 < left
                || other.x0 > right
        });
        if is_free && y < self.room.height - 18.0 { Ok(y) } else { Err(Refusal::NoRoom) }
    }
}

#[cfg(test)]
mod tests;
