//! What may be seen of a passage, with labels where something was taken out?

use std::ops::Range;

use habeas_model::{Passage, Redaction};

use crate::labels::Labels;
use crate::paper::{Look, Rich};

/// Are line breaks those of a person, or of a program that wraps lines?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// Each line is one: a row, a head, a log.
    Kept,
    /// Text in paragraphs. One that something was taken out of is set anew, because where a
    /// program broke its lines tells how long the name was.
    Flowed,
}

/// Draws a stretch of a passage; `redactions` are those of the passage, sorted.
pub(crate) fn render(
    passage: &Passage,
    range: Range<usize>,
    redactions: &[Redaction],
    lines: Lines,
    labels: &mut Labels,
) -> Rich {
    let mut rich = Rich::default();
    let mut at = range.start;
    let text = |range: Range<usize>| passage.text.get(range).unwrap_or("");
    for redaction in redactions {
        let (start, end) =
            (redaction.range.start.max(range.start), redaction.range.end.min(range.end));
        if start >= end {
            continue;
        }
        rich.push(text(at..start), Look::Plain);
        rich.push(labels.label(redaction.person.reveal(), redaction.ground), Look::Label);
        at = end;
    }
    rich.push(text(at..range.end), Look::Plain);
    even(rich, lines)
}

/// Makes the room around labels say nothing: runs of blanks on a line with a label become one
/// space, and lines of a paragraph with a label that look wrapped are joined.
fn even(rich: Rich, lines: Lines) -> Rich {
    if rich.spans.iter().all(|span| span.look != Look::Label) {
        return rich;
    }
    let mut out = Rich::default();
    for paragraph in paragraphs(rich, lines) {
        if paragraph.spans.iter().all(|span| span.look != Look::Label) {
            out.extend(paragraph);
            continue;
        }
        let wrapped = lines == Lines::Flowed && longest_line(&paragraph) >= WRAPPED;
        let n_spans = paragraph.spans.len();
        for (index, span) in paragraph.spans.into_iter().enumerate() {
            if span.look == Look::Label {
                out.spans.push(span);
                continue;
            }
            // The break at the paragraph's own end is no wrapped line.
            let trimmed = span.text.trim_end_matches('\n').len();
            let body = if index + 1 == n_spans { trimmed } else { span.text.len() };
            let (body, end) = span.text.split_at(body);
            out.push(one_space(body, wrapped) + end, span.look);
        }
    }
    out
}

/// A line this long was probably broken by a program.
const WRAPPED: usize = 50;

fn longest_line(rich: &Rich) -> usize {
    rich.plain().split('\n').map(|line| line.chars().count()).max().unwrap_or(0)
}

fn one_space(text: &str, joins_lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_gap = false;
    for c in text.chars() {
        let is_gap = c != '\n' && c.is_whitespace() || joins_lines && c == '\n';
        if !is_gap {
            out.push(c);
        } else if !in_gap {
            out.push(' ');
        }
        in_gap = is_gap;
    }
    out
}

/// Parts a text after each blank line, or after each line.
fn paragraphs(rich: Rich, lines: Lines) -> Vec<Rich> {
    let end = if lines == Lines::Flowed { "\n\n" } else { "\n" };
    let mut out = vec![Rich::default()];
    for span in rich.spans {
        if span.look == Look::Label {
            if let Some(last) = out.last_mut() {
                last.spans.push(span);
            }
            continue;
        }
        for (index, piece) in span.text.split_inclusive(end).enumerate() {
            if index > 0 {
                out.push(Rich::default());
            }
            if let Some(last) = out.last_mut() {
                last.push(piece, span.look);
            }
        }
        if span.text.ends_with(end) {
            out.push(Rich::default());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use habeas_model::{Ground, Kind, Place, PlaceKind};

    use super::*;

    fn check(text: &str, name: &str, lines: Lines, expected: &str) {
        let passage = Passage::text(Place::new(PlaceKind::Body, 1), text);
        let redactions: Vec<Redaction> = text
            .match_indices(name)
            .map(|(at, name)| Redaction {
                passage: 0,
                range: at..at + name.len(),
                kind: Kind::Name,
                person: name.into(),
                ground: Ground::ThirdParty,
            })
            .collect();
        let rich = render(&passage, 0..text.len(), &redactions, lines, &mut Labels::default());
        assert_eq!(rich.plain(), expected, "{text:?}");
    }

    #[test]
    fn the_room_around_a_label_says_nothing() {
        check(
            "Tom Quill      clerk\nHarriet   x",
            "Tom Quill",
            Lines::Kept,
            "[TP 001] clerk\nHarriet   x",
        );
        let wrapped =
            "It was then that somebody called Tom Quill asked whether\nit was so.\n\nYes.";
        let joined = "It was then that somebody called [TP 001] asked whether it was so.\n\nYes.";
        check(wrapped, "Tom Quill", Lines::Flowed, joined);
        check("Dear Tom,\n\nyes\nno", "Tom", Lines::Flowed, "Dear [TP 001],\n\nyes\nno");
    }

    #[test]
    fn names_of_any_length_give_the_same_page() {
        let one = "Yours sincerely Al Ox and so on and so on and so on and so on";
        let two = one.replace("Al Ox", "Bartholomew Featherstonehaugh");
        let expected = one.replace("Al Ox", "[TP 001]");
        check(one, "Al Ox", Lines::Flowed, &expected);
        check(&two, "Bartholomew Featherstonehaugh", Lines::Flowed, &expected);
    }
}
