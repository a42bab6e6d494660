//! Where on which page does each line of a sheet stand?

use super::text::{LABEL_PAD, Look, Rich, Run, label_box, label_size, wrap};
use super::{Block, Error, Leaf, MAX_PAGES, Sheet, Table};

/// Something to draw on a page; `y` counts from the top, text by its baseline.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// A run of glyphs.
    Text { x: f32, y: f32, size_pt: f32, text: String, look: Look },
    /// A whole page.
    Leaf(Box<Leaf>),
    /// A filled box; `grey` is 0 for black.
    Fill { x: f32, y: f32, width: f32, height: f32, grey: u8 },
}

/// A sheet laid out.
pub(super) struct Pages {
    pub(super) pages: Vec<Vec<Mark>>,
    /// Headings for the outline: text, page from 0, distance from the top.
    pub(super) outline: Vec<(String, usize, f32)>,
    pub(super) width: f32,
    pub(super) height: f32,
}

pub(super) const MARGIN: f32 = 56.0;
/// Text may go down to here above the page's lower edge.
const FOOT: f32 = 64.0;
/// The size of running text in exhibits and lists.
pub(super) const BODY: f32 = 9.5;
/// That of a letter, which is read on paper.
pub(super) const LETTER: f32 = 11.0;
const SMALL: f32 = 8.0;
const CELL_PAD: f32 = 3.0;

fn leading(size_pt: f32) -> f32 {
    size_pt * 1.38
}

/// Lays a sheet out on pages, with running text of that size.
pub(super) fn lay_out(sheet: &Sheet, body_pt: f32) -> Result<Pages, Error> {
    let (width, height) = if sheet.is_wide { (841.89, 595.28) } else { (595.28, 841.89) };
    let mut desk = Desk {
        pages: Pages { pages: vec![Vec::new()], outline: Vec::new(), width, height },
        y: MARGIN,
        label: &sheet.label,
        body_pt,
    };
    for (at, block) in sheet.blocks.iter().enumerate() {
        // What follows a list stands as far from it as from a paragraph.
        let is_after = at > 0 && matches!(sheet.blocks[at - 1], Block::Item(_));
        if is_after && matches!(block, Block::Paragraph(_)) {
            desk.y += 3.0;
        }
        desk.block(block)?;
    }
    Ok(desk.pages)
}

struct Desk<'a> {
    pages: Pages,
    y: f32,
    /// The widest label.
    label: &'a str,
    /// The size of running text.
    body_pt: f32,
}

impl Desk<'_> {
    fn room(&self) -> f32 {
        self.pages.width - 2.0 * MARGIN
    }

    fn page(&mut self) -> &mut Vec<Mark> {
        if self.pages.pages.is_empty() {
            self.pages.pages.push(Vec::new());
        }
        let last = self.pages.pages.len() - 1;
        &mut self.pages.pages[last]
    }

    fn turn(&mut self) -> Result<(), Error> {
        if self.pages.pages.len() >= MAX_PAGES as usize {
            return Err(Error::TooLong(MAX_PAGES));
        }
        self.pages.pages.push(Vec::new());
        self.y = MARGIN;
        Ok(())
    }

    /// Makes sure that so much fits on this page, or turns to the next.
    fn need(&mut self, height: f32) -> Result<bool, Error> {
        if self.y + height > self.pages.height - FOOT && self.y > MARGIN {
            self.turn()?;
            return Ok(true);
        }
        Ok(false)
    }

    fn block(&mut self, block: &Block) -> Result<(), Error> {
        match block {
            Block::Title(text) => {
                self.text(&Rich::of(text, Look::Bold), 0.0, 16.0)?;
                self.y += 8.0;
            }
            Block::Heading(text) => {
                self.y += 8.0;
                // A heading stays with the first lines below it.
                self.need(5.0 * leading(self.body_pt))?;
                let page = self.pages.pages.len() - 1;
                self.pages.outline.push((text.clone(), page, self.y));
                self.text(&Rich::of(text, Look::Bold), 0.0, self.body_pt + 2.0)?;
                self.y += 3.0;
            }
            Block::Paragraph(rich) => {
                self.text(rich, 0.0, self.body_pt)?;
                self.y += 6.0;
            }
            Block::Item(rich) => {
                self.need(leading(self.body_pt))?;
                let (y, size_pt) = (self.y + self.body_pt, self.body_pt);
                let text = "\u{2022}".to_owned();
                self.page().push(Mark::Text {
                    x: MARGIN + 4.0,
                    y,
                    size_pt,
                    text,
                    look: Look::Plain,
                });
                self.text(rich, 16.0, self.body_pt)?;
                self.y += 3.0;
            }
            Block::Pairs(pairs) => {
                let size_pt = self.body_pt;
                for (caption, value) in pairs {
                    self.row(&[caption, value], &[1.0, 3.0], size_pt, Look::Bold, None)?;
                }
                self.y += 6.0;
            }
            Block::Table(table) => self.table(table)?,
            Block::Note(text) => {
                self.text(&Rich::of(text, Look::Grey), 0.0, SMALL)?;
                self.y += 4.0;
            }
            Block::Space(lines) => self.y += f32::from(*lines) * leading(self.body_pt),
            Block::Together(lines) => {
                self.need(f32::from(*lines) * leading(self.body_pt))?;
            }
            Block::Leaf(leaf) => {
                if !self.page().is_empty() {
                    self.turn()?;
                }
                self.page().push(Mark::Leaf(leaf.clone()));
                // Nothing else has room on it.
                self.y = f32::INFINITY;
            }
        }
        Ok(())
    }

    fn text(&mut self, rich: &Rich, indent: f32, size_pt: f32) -> Result<(), Error> {
        for line in wrap(rich, self.room() - indent, size_pt, label_box(self.label, size_pt)) {
            self.need(leading(size_pt))?;
            let y = self.y + size_pt;
            self.line(line, MARGIN + indent, y, size_pt);
            self.y += leading(size_pt);
        }
        Ok(())
    }

    fn line(&mut self, line: Vec<Run>, x: f32, y: f32, size_pt: f32) {
        let page = self.page();
        for run in line {
            let mut left = x + run.x;
            let mut size_pt = size_pt;
            if run.look == Look::Label {
                let (width, height) = (run.width, size_pt * 1.15);
                page.push(Mark::Fill { x: left, y: y - size_pt * 0.9, width, height, grey: 222 });
                left += LABEL_PAD;
                size_pt = label_size(&run.text, run.width, size_pt);
            }
            page.push(Mark::Text { x: left, y, size_pt, text: run.text, look: run.look });
        }
    }

    fn table(&mut self, table: &Table) -> Result<(), Error> {
        let n_columns =
            table.rows.iter().map(Vec::len).chain([table.header.len()]).max().unwrap_or(0);
        if n_columns == 0 {
            return Ok(());
        }
        let weights: Vec<f32> =
            (0..n_columns).map(|n| table.weights.get(n).copied().unwrap_or(1.0)).collect();
        let header: Vec<Rich> =
            table.header.iter().map(|rich| Rich::of(rich.plain(), Look::Bold)).collect();
        let header: Vec<&Rich> = header.iter().collect();
        if !header.is_empty() {
            self.need(5.0 * leading(SMALL))?;
            self.row(&header, &weights, SMALL, Look::Bold, None)?;
        }
        for row in &table.rows {
            let cells: Vec<&Rich> = row.iter().collect();
            let again = (!header.is_empty()).then_some(header.as_slice());
            self.row(&cells, &weights, SMALL, Look::Plain, again)?;
        }
        self.y += 8.0;
        Ok(())
    }

    /// A row of cells. It is parted at a page's end when it does not fit; `header` is then
    /// repeated above the rest.
    fn row(
        &mut self,
        cells: &[&Rich],
        weights: &[f32],
        size_pt: f32,
        look: Look,
        header: Option<&[&Rich]>,
    ) -> Result<(), Error> {
        let total: f32 = weights.iter().map(|weight| weight.max(0.05)).sum();
        let mut left = MARGIN;
        let mut columns = Vec::new();
        for (cell, weight) in cells.iter().zip(weights) {
            let width = self.room() * weight.max(0.05) / total;
            // The first cell of captions and values is the caption.
            let cell = match (look, columns.len()) {
                (Look::Bold, 0) => &bold(cell),
                _ => *cell,
            };
            let label_pt = label_box(self.label, size_pt);
            let lines = wrap(cell, (width - 2.0 * CELL_PAD).max(12.0), size_pt, label_pt);
            columns.push((left + CELL_PAD, lines.into_iter()));
            left += width;
        }
        let n_lines = columns.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        // A short row stays in one piece.
        if n_lines <= 12 {
            let turned = self.need(n_lines as f32 * leading(size_pt) + 2.0 * CELL_PAD)?;
            self.repeat(turned, header, weights, size_pt)?;
        }
        self.y += CELL_PAD;
        for _ in 0..n_lines {
            let turned = self.need(leading(size_pt))?;
            self.repeat(turned, header, weights, size_pt)?;
            let y = self.y + size_pt;
            for (x, lines) in &mut columns {
                if let Some(line) = lines.next() {
                    let x = *x;
                    self.line(line, x, y, size_pt);
                }
            }
            self.y += leading(size_pt);
        }
        self.y += CELL_PAD;
        let (y, width) = (self.y, self.room());
        self.page().push(Mark::Fill { x: MARGIN, y, width, height: 0.5, grey: 190 });
        Ok(())
    }

    fn repeat(
        &mut self,
        turned: bool,
        header: Option<&[&Rich]>,
        weights: &[f32],
        size_pt: f32,
    ) -> Result<(), Error> {
        match header {
            Some(header) if turned => self.row(header, weights, size_pt, Look::Bold, None),
            _ => Ok(()),
        }
    }
}

/// A caption; labels and who is shown in it stay what they are.
fn bold(cell: &Rich) -> Rich {
    let mut out = Rich::default();
    for span in &cell.spans {
        let look = if span.look == Look::Plain { Look::Bold } else { span.look };
        out.push(span.text.as_str(), look);
    }
    out
}
