//! Which tokens of a page make a line, and what on it stands where it does for its own sake?
//!
//! A token is a letter of a page, or a word of a scan. Tokens on one baseline are a row; what follows
//! each other in a row without a wide gap is a segment: a line of a paragraph, a cell of a table.

/// A letter or a word with its place in the frame in which its line runs along x.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) x: f32,
    /// Its baseline; y goes down.
    pub(crate) y: f32,
    pub(crate) width: f32,
    /// The height of its font.
    pub(crate) em: f32,
    pub(crate) is_space: bool,
    /// Does it stand apart from what is before it, as a word of a scan does?
    pub(crate) is_word: bool,
    /// Does a line that starts with it start something of its own, as one with a bullet does?
    pub(crate) is_bullet: bool,
    /// Does it start with a small letter, so that a line that starts with it goes on with another?
    pub(crate) is_small: bool,
    /// Which filling it is: dots and dashes that lead from one thing to another.
    pub(crate) filler: Option<char>,
    /// What is taken out with it, by number, if it is taken out.
    pub(crate) secret: Option<usize>,
}

/// Tokens that follow each other in a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Segment {
    /// Token numbers from the left.
    pub(crate) tokens: Vec<usize>,
    pub(crate) row: usize,
    pub(crate) x0: f32,
    pub(crate) x1: f32,
    pub(crate) y: f32,
    pub(crate) em: f32,
    /// Is something in it taken out?
    pub(crate) is_touched: bool,
}

/// A gap wider than this share of the font's height ends a segment.
const APART: f32 = 1.2;
/// Edges of letters that are this near are one edge, in points.
pub(crate) const SAME: f32 = 0.75;
/// As [`SAME`], of words of a scan, whose edges are where ink was seen.
const SAME_OF_WORDS: f32 = 3.0;

/// The segments of a page by rows from the top, each row from the left.
pub(crate) fn segments(tokens: &[Token]) -> Vec<Segment> {
    let mut order: Vec<usize> = (0..tokens.len()).collect();
    order.sort_by(|a, b| tokens[*a].y.total_cmp(&tokens[*b].y));
    let mut rows: Vec<(f32, f32, Vec<usize>)> = Vec::new();
    for at in order {
        let token = &tokens[at];
        match rows.last_mut() {
            // Small figures stand a little above or below the line they belong to.
            Some((y, em, row)) if (token.y - *y).abs() < em.max(token.em) * 0.35 => {
                if token.em > *em {
                    (*y, *em) = (token.y, token.em);
                }
                row.push(at);
            }
            _ => rows.push((token.y, token.em, vec![at])),
        }
    }
    let mut segments = Vec::new();
    for (row, (y, _, mut numbers)) in rows.into_iter().enumerate() {
        numbers.sort_by(|a, b| tokens[*a].x.total_cmp(&tokens[*b].x));
        let mut current: Option<Segment> = None;
        for number in numbers {
            let token = &tokens[number];
            let end = token.x + token.width;
            if token.is_space {
                if let Some(segment) = &mut current {
                    segment.tokens.push(number);
                }
                continue;
            }
            match &mut current {
                Some(segment) if token.x - segment.x1 < segment.em.max(token.em) * APART => {
                    segment.tokens.push(number);
                    segment.x1 = segment.x1.max(end);
                    segment.em = segment.em.max(token.em);
                    segment.is_touched |= token.secret.is_some();
                }
                _ => {
                    segments.extend(current.replace(Segment {
                        tokens: vec![number],
                        row,
                        x0: token.x,
                        x1: end,
                        y,
                        em: token.em,
                        is_touched: token.secret.is_some(),
                    }));
                }
            }
        }
        segments.extend(current);
        join_stretched(&mut segments, row, tokens);
    }
    segments
}

/// Makes one segment of a row whose words are all as far apart: a line that was stretched to both edges.
fn join_stretched(segments: &mut Vec<Segment>, row: usize, tokens: &[Token]) {
    let first = segments.partition_point(|segment| segment.row < row);
    let of_row = segments.get(first..).unwrap_or(&[]);
    if of_row.len() < 2 {
        return;
    }
    let mut gaps: Vec<f32> = Vec::new();
    for segment in of_row {
        let mut end: Option<f32> = None;
        for word in words(segment, tokens) {
            let (Some(from), Some(to)) = (word.first(), word.last()) else { continue };
            gaps.extend(end.map(|end| tokens[*from].x - end));
            end = Some(tokens[*to].x + tokens[*to].width);
        }
    }
    gaps.extend(of_row.windows(2).map(|pair| pair[1].x0 - pair[0].x1));
    let (least, most) =
        gaps.iter().fold((f32::MAX, 0.0_f32), |(a, b), gap| (a.min(*gap), b.max(*gap)));
    if gaps.len() < 2 || most - least > (most * 0.12).max(1.0) {
        return;
    }
    let mut rest = segments.split_off(first).into_iter();
    let Some(mut whole) = rest.next() else { return };
    for segment in rest {
        whole.tokens.extend(segment.tokens);
        whole.x1 = segment.x1;
        whole.em = whole.em.max(segment.em);
        whole.is_touched |= segment.is_touched;
    }
    segments.push(whole);
}

/// An edge, its row, and whether something was taken out of that row's segment.
type Edge = (f32, usize, bool);

/// Edges that several rows share, so that they are where they are whatever one row says.
pub(crate) struct Edges {
    /// How near edges are that are one.
    pub(crate) same: f32,
    left: Vec<Edge>,
    right: Vec<Edge>,
    middle: Vec<Edge>,
}

impl Edges {
    pub(crate) fn of(segments: &[Segment], tokens: &[Token]) -> Self {
        let is_scan = tokens.iter().all(|token| token.is_word);
        let sorted = |edge: &dyn Fn(&Segment) -> f32| {
            let mut all: Vec<Edge> =
                segments.iter().map(|s| (edge(s), s.row, s.is_touched)).collect();
            all.sort_by(|a, b| a.0.total_cmp(&b.0));
            all
        };
        Self {
            same: if is_scan { SAME_OF_WORDS } else { SAME },
            left: sorted(&|s| s.x0),
            right: sorted(&|s| s.x1),
            middle: sorted(&|s| (s.x0 + s.x1) / 2.0),
        }
    }

    /// Does the left edge of a segment say nothing of what is taken out of it?
    pub(crate) fn is_left(&self, segment: &Segment) -> bool {
        shared(&self.left, segment.x0, segment.row, self.same)
    }

    /// The leftmost edge of what nothing was taken out of, at or before `x`.
    pub(crate) fn margin(&self, x: f32) -> Option<f32> {
        let mut clean = self.left.iter().filter(|(_, _, is_touched)| !is_touched);
        clean.next().map(|(edge, _, _)| *edge).filter(|edge| *edge <= x + self.same)
    }

    /// Is a segment that nothing was taken out of where it is for its own sake?
    pub(crate) fn is_anchored(&self, segment: &Segment) -> bool {
        self.is_left(segment)
            || shared(&self.right, segment.x1, segment.row, self.same)
            || shared(&self.middle, (segment.x0 + segment.x1) / 2.0, segment.row, self.same)
    }

    /// The right edge that the text is set to on both sides: the farthest of lines that nothing was
    /// taken out of, if at least three of them share it.
    pub(crate) fn justified(&self) -> Option<f32> {
        let clean = || self.right.iter().filter(|(_, _, is_touched)| !is_touched);
        let (farthest, _, _) = clean().next_back()?;
        let rows =
            clean().filter(|(edge, _, _)| farthest - edge < self.same).map(|(_, row, _)| row);
        (rows.collect::<std::collections::BTreeSet<_>>().len() >= 3).then_some(*farthest)
    }
}

fn near(edges: &[Edge], x: f32, same: f32) -> impl Iterator<Item = &Edge> {
    let start = edges.partition_point(|(edge, _, _)| *edge < x - same);
    edges.get(start..).unwrap_or(&[]).iter().take_while(move |(edge, _, _)| *edge <= x + same)
}

/// Does another row have that edge that nothing was taken out of, or several others?
fn shared(edges: &[Edge], x: f32, row: usize, same: f32) -> bool {
    let (mut n_clean, mut n_touched) = (0, 0);
    for (_, _, is_touched) in near(edges, x, same).filter(|(_, other, _)| *other != row).take(64) {
        if *is_touched {
            n_touched += 1;
        } else {
            n_clean += 1;
        }
    }
    n_clean >= 1 || n_touched >= 2
}

/// The words of a segment, each as the numbers of its tokens. A gap or a space parts them.
pub(crate) fn words(segment: &Segment, tokens: &[Token]) -> Vec<Vec<usize>> {
    let mut words: Vec<Vec<usize>> = Vec::new();
    let (mut end, mut is_spaced) = (f32::NEG_INFINITY, true);
    for number in &segment.tokens {
        let token = &tokens[*number];
        if token.is_space {
            is_spaced = true;
            continue;
        }
        let is_apart = token.is_word || is_spaced || token.x - end > token.em * 0.18;
        match words.last_mut() {
            Some(word) if !is_apart => word.push(*number),
            _ => words.push(vec![*number]),
        }
        (end, is_spaced) = (token.x + token.width, false);
    }
    words
}
