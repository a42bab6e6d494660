//! How does a text with labels break into lines of a given width?

use unicode_normalization::UnicodeNormalization;

use super::bidi;
use super::font::{Face, Weight, visible};

/// How a stretch of text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Running text.
    Plain,
    /// A caption or a heading.
    Bold,
    /// The label that stands where something was taken out; always in a box.
    Label,
    /// Words of ours about the document, such as a place.
    Grey,
    /// Running text that tells of somebody who is shown. On paper it looks like any other.
    Shown,
}

impl Look {
    pub(super) fn weight(self) -> Weight {
        match self {
            Self::Plain | Self::Grey | Self::Shown => Weight::Plain,
            Self::Bold | Self::Label => Weight::Bold,
        }
    }
}

/// A stretch of text with one look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// What it says; line breaks are kept.
    pub text: String,
    /// How it looks.
    pub look: Look,
}

/// A text whose stretches differ in look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rich {
    /// The stretches in order.
    pub spans: Vec<Span>,
}

impl Rich {
    /// A text of one look.
    pub fn of(text: impl Into<String>, look: Look) -> Self {
        Self { spans: vec![Span { text: text.into(), look }] }
    }

    /// Adds a stretch.
    pub fn push(&mut self, text: impl Into<String>, look: Look) {
        self.spans.push(Span { text: text.into(), look });
    }

    /// Adds another text.
    pub fn extend(&mut self, other: Self) {
        self.spans.extend(other.spans);
    }

    /// What it says, labels included.
    pub fn plain(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// Does it say nothing?
    pub fn is_blank(&self) -> bool {
        self.spans.iter().all(|span| span.text.trim().is_empty())
    }
}

impl From<&str> for Rich {
    fn from(text: &str) -> Self {
        Self::of(text, Look::Plain)
    }
}

impl From<String> for Rich {
    fn from(text: String) -> Self {
        Self::of(text, Look::Plain)
    }
}

/// A stretch of a line, placed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Run {
    /// From the line's start.
    pub(super) x: f32,
    /// In glyphs that the face has.
    pub(super) text: String,
    pub(super) look: Look,
    pub(super) width: f32,
}

/// The room on either side of a label, inside its box.
pub(super) const LABEL_PAD: f32 = 1.5;

/// The label whose width all have where a sheet says nothing else.
const LABEL: &str = "[TP 0000]";

/// How wide the box of every label is at that size. It does not depend on what stands in it: only on
/// the widest label there may be, which is one for all that leaves.
pub(super) fn label_box(widest: &str, size_pt: f32) -> f32 {
    let widest = if widest.is_empty() { LABEL } else { widest };
    Face::of(Look::Label.weight()).width(widest, size_pt) + 2.0 * LABEL_PAD
}

/// The size at which a label fits into its box: that of the text around it, or smaller.
pub(super) fn label_size(text: &str, box_pt: f32, size_pt: f32) -> f32 {
    let wide = Face::of(Look::Label.weight()).width(text, size_pt);
    let room = (box_pt - 2.0 * LABEL_PAD).max(1.0);
    if wide > room { size_pt * room / wide } else { size_pt }
}

/// Breaks a text into lines of at most `width`, in time linear in the text. `label_pt` is the width of
/// every label's box.
///
/// A word wider than a line is broken. A label is never broken; where its box is wider than a line, it
/// is as wide as the line.
pub(super) fn wrap(rich: &Rich, width: f32, size_pt: f32, label_pt: f32) -> Vec<Vec<Run>> {
    let label_pt = label_pt.min(width);
    let mut lines = Lines { done: Vec::new(), line: Vec::new(), x: 0.0, width, size_pt, label_pt };
    let mut word = Word::default();
    for span in &rich.spans {
        let look = if span.look == Look::Shown { Look::Plain } else { span.look };
        if look == Look::Label {
            word.pieces.push((span.text.clone(), Look::Label));
            continue;
        }
        let mut shown = String::new();
        for c in span.text.nfc() {
            match c {
                '\n' => {
                    lines.place(&mut word);
                    lines.end();
                }
                '\r' => {}
                _ => {
                    shown.clear();
                    visible(c, &mut shown);
                    if shown == " " {
                        lines.place(&mut word);
                        lines.space(look);
                    } else {
                        word.push(&shown, look);
                    }
                }
            }
        }
    }
    lines.place(&mut word);
    if !lines.line.is_empty() || lines.done.is_empty() {
        lines.end();
    }
    lines.done
}

/// What may not be parted unless it is wider than a line.
#[derive(Default)]
struct Word {
    pieces: Vec<(String, Look)>,
}

impl Word {
    fn push(&mut self, text: &str, look: Look) {
        match self.pieces.last_mut() {
            Some((last, same)) if *same == look && look != Look::Label => last.push_str(text),
            _ => self.pieces.push((text.to_owned(), look)),
        }
    }
}

struct Lines {
    done: Vec<Vec<Run>>,
    line: Vec<Run>,
    x: f32,
    width: f32,
    size_pt: f32,
    label_pt: f32,
}

impl Lines {
    fn measure(&self, text: &str, look: Look) -> f32 {
        if look == Look::Label {
            return self.label_pt;
        }
        Face::of(look.weight()).width(text, self.size_pt)
    }

    fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.done.push(bidi::visual(line, &|text, look| self.measure(text, look)));
        self.x = 0.0;
    }

    fn space(&mut self, look: Look) {
        let wide = self.measure(" ", look);
        if self.x + wide > self.width {
            return self.end();
        }
        // A space at the start of a broken line would be an indent that nobody wrote; one at the
        // start of a line of the original is kept.
        self.append(" ", look, wide);
    }

    fn append(&mut self, text: &str, look: Look, wide: f32) {
        match self.line.last_mut() {
            Some(run) if run.look == look && look != Look::Label => {
                run.text.push_str(text);
                run.width += wide;
            }
            _ => self.line.push(Run { x: self.x, text: text.to_owned(), look, width: wide }),
        }
        self.x += wide;
    }

    fn place(&mut self, word: &mut Word) {
        let pieces = std::mem::take(&mut word.pieces);
        let total: f32 = pieces.iter().map(|(text, look)| self.measure(text, *look)).sum();
        if self.x + total > self.width && self.x > 0.0 && total <= self.width {
            self.end();
        }
        for (text, look) in pieces {
            let wide = self.measure(&text, look);
            if self.x + wide <= self.width {
                self.append(&text, look, wide);
            } else if look == Look::Label {
                if self.x > 0.0 {
                    self.end();
                }
                self.append(&text, look, wide);
            } else {
                self.break_up(&text, look);
            }
        }
    }

    fn break_up(&mut self, text: &str, look: Look) {
        let face = Face::of(look.weight());
        let mut part = String::new();
        let mut wide = 0.0;
        for c in text.chars() {
            let advance = face.advance(c, self.size_pt);
            if self.x + wide + advance > self.width && self.x + wide > 0.0 {
                // After a mark inside the word rather than anywhere, if there is one not far back.
                let marks = ['/', '-', '_', '@', '.', ',', '&', '?', '='];
                let cut = part.rfind(marks).map_or(part.len(), |at| at + 1);
                let cut = if 2 * cut < part.len() { part.len() } else { cut };
                let rest = part.split_off(cut);
                self.append(&part, look, face.width(&part, self.size_pt));
                self.end();
                wide = face.width(&rest, self.size_pt);
                part = rest;
            }
            part.push(c);
            wide += advance;
        }
        if !part.is_empty() {
            self.append(&part, look, wide);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: &[Vec<Run>]) -> Vec<String> {
        lines.iter().map(|line| line.iter().map(|run| run.text.as_str()).collect()).collect()
    }

    fn check(text: &str, width: f32, expected: &[&str]) {
        assert_eq!(texts(&wrap(&text.into(), width, 10.0, 50.0)), expected, "{text:?}");
    }

    #[test]
    fn lines_break_at_spaces_and_words_only_when_they_must() {
        check("one two", 500.0, &["one two"]);
        check("one two", 25.0, &["one ", "two"]);
        check("a\n\nb", 500.0, &["a", "", "b"]);
        check("aaaaaaaaaa", 20.0, &["aaa", "aaa", "aaa", "a"]);
        check("aaa/aaaa", 35.0, &["aaa/", "aaaa"]);
        check("", 20.0, &[""]);
    }

    #[test]
    fn a_character_without_a_glyph_leaves_a_trace() {
        check("a中b\u{200b}c\u{7}", 500.0, &["a[U+4E2D]bc[U+0007]"]);
        check("e\u{301}", 500.0, &["é"]);
    }

    #[test]
    fn a_giant_text_is_broken_in_linear_time() {
        let start = std::time::Instant::now();
        assert!(wrap(&"x".repeat(1 << 20).into(), 400.0, 9.0, 50.0).len() > 1000);
        assert!(start.elapsed().as_secs() < 5);
    }

    #[test]
    fn a_label_says_nothing_by_its_width() {
        let box_pt = label_box("[TP 0000 colleague]", 9.0);
        let check = |label: &str, width: f32| {
            let mut rich = Rich::from("seen by ");
            rich.push(label, Look::Label);
            rich.push(" today", Look::Plain);
            let lines = wrap(&rich, width, 9.0, box_pt);
            let runs: Vec<(f32, f32)> =
                lines.iter().flatten().map(|run| (run.x, run.width)).collect();
            let box_pt = box_pt.min(width);
            let inside = Face::of(Weight::Bold).width(label, label_size(label, box_pt, 9.0));
            assert!(inside + 2.0 * LABEL_PAD <= box_pt + 0.01, "{label} is wider than its box");
            (lines.len(), runs)
        };
        for width in [400.0, 120.0, 60.0] {
            let expected = check("[TP]", width);
            for label in ["[TP 001]", "[TP 12345]", "[TP 001 colleague]", "[TP 001 staff]"] {
                assert_eq!(check(label, width), expected, "{label} in {width}");
            }
        }
        assert_eq!(
            label_size("[TP 001]", box_pt, 9.0),
            9.0,
            "a label that fits is not made smaller"
        );
    }
}
