//! Plain text: what stands between its lines?

use habeas_model::{Card, Passage, Place, PlaceKind};

use super::Format;
use crate::encoding;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "text",
        version: 1,
        summary: "Plain text in any encoding, a few paragraphs at a time",
        handles: &["text/plain", ".txt", ".text"],
        authority: "Unicode 16.0; WHATWG Encoding Standard",
    },
    sniff,
    read,
};

/// Passages are cut at the first blank line past this many bytes.
const GOOD_BYTES: usize = 1_200;
/// Passages are cut at the end of a line past this many bytes.
const MANY_BYTES: usize = 2_000;
/// A line is cut at white space past this many bytes, and past twice as many anywhere.
const HUGE_BYTES: usize = 4_000;

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    sample.text().map(|_| (Sure::Fallback, "text/plain"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    out.decoded(&decoded);
    paragraphs(&decoded.text, 1, out);
}

/// Hands text over in passages of a few paragraphs, each at the number of its first line.
///
/// `first_line` is the number of the first line of `text`. Put together, the passages have every
/// character of the text but white space between them.
pub(crate) fn paragraphs(text: &str, first_line: usize, out: &mut Out<'_>) {
    let mut passage = String::new();
    let (mut first, mut number) = (first_line, first_line.saturating_sub(1));
    let mut flush = |passage: &mut String, first: usize| {
        let text = std::mem::take(passage);
        out.passage(Passage::text(Place::new(PlaceKind::Line, first), text.trim_end()));
        !out.is_full()
    };
    for line in text.split_inclusive('\n') {
        number += 1;
        for piece in pieces(line) {
            let is_blank = piece.trim().is_empty();
            if is_blank && passage.is_empty() {
                continue;
            }
            if passage.is_empty() {
                first = number;
            }
            passage.push_str(piece);
            let is_done = passage.len() > MANY_BYTES || (is_blank && passage.len() > GOOD_BYTES);
            if is_done && !flush(&mut passage, first) {
                return;
            }
        }
    }
    flush(&mut passage, first);
}

/// A line whole, or a huge one in pieces that break at white space where there is some.
pub(crate) fn pieces(mut line: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        if line.is_empty() {
            return None;
        }
        if line.len() <= HUGE_BYTES {
            return Some(std::mem::take(&mut line));
        }
        let (near, far) =
            (line.floor_char_boundary(HUGE_BYTES), line.floor_char_boundary(2 * HUGE_BYTES));
        let end = line[..near]
            .rfind(char::is_whitespace)
            .or_else(|| Some(near + line[near..far].find(char::is_whitespace)?))
            .filter(|end| *end > 0)
            .unwrap_or(far);
        let (piece, rest) = line.split_at(end);
        line = rest;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;

    fn read_text(text: &str) -> Vec<(u32, String)> {
        let mut out = Out::new("text/plain", &Budget::default());
        paragraphs(text, 1, &mut out);
        let passages = out.finish().0.passages;
        passages.into_iter().map(|passage| (passage.place.number, passage.text)).collect()
    }

    #[test]
    fn a_short_text_is_one_passage_at_its_first_line() {
        assert_eq!(read_text("\n\nDear Amara,\n\nbye\n"), [(3, "Dear Amara,\n\nbye".to_owned())]);
    }

    #[test]
    fn every_word_of_a_long_text_is_in_a_passage() {
        let paragraphs: Vec<String> = (0..200)
            .map(|n| format!("para{n} begins\n{}", "and goes on ".repeat(n % 60)))
            .collect();
        let huge = format!("{} end{}", "x y".repeat(5_000), "é".repeat(20_000));
        let text = format!("{}\n\n{huge}", paragraphs.join("\n\n"));
        let passages = read_text(&text);
        assert!(passages.len() > 20);
        assert!(passages.iter().all(|(_, text)| text.len() <= 2 * HUGE_BYTES + MANY_BYTES));
        let together: String = passages
            .iter()
            .flat_map(|(_, text)| text.chars())
            .filter(|c| !c.is_whitespace())
            .collect();
        let expected: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(together, expected);
    }

    #[test]
    fn a_text_past_the_limit_is_an_exception() {
        let budget = Budget { text_bytes: 10_000, ..Budget::default() };
        let mut out = Out::new("text/plain", &budget);
        paragraphs(&"words of a long text\n".repeat(1_000), 1, &mut out);
        let document = out.finish().0;
        assert_eq!(document.exceptions.len(), 1);
        assert!(document.text().len() > 5_000);
    }
}
