//! In which order does a line stand on paper, if some of it runs from right to left?
//!
//! By the Unicode bidirectional algorithm (UAX #9), line by line. Letters are not joined: those of Arabic
//! stand apart, as the face has them.

use unicode_bidi::{BidiInfo, Level};

use super::text::{Look, Run};

/// A letter that runs from left to right and stands for a label while a line is put in order.
const LABEL: char = 'L';

/// A line in the order in which it is seen. `measure` gives the width of a text of a look.
pub(super) fn visual(line: Vec<Run>, measure: &dyn Fn(&str, Look) -> f32) -> Vec<Run> {
    let runs_back = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    let of_text = |run: &&Run| run.look != Look::Label;
    let n_back =
        line.iter().filter(of_text).flat_map(|run| run.text.chars()).filter(|c| runs_back(*c));
    let n_back = n_back.count();
    if n_back == 0 {
        return line;
    }
    // What each letter of the line stands for: a letter with its look, or a whole label.
    let mut pieces: Vec<(String, Look)> = Vec::new();
    let mut text = String::new();
    for run in &line {
        if run.look == Look::Label {
            pieces.push((run.text.clone(), Look::Label));
            text.push(LABEL);
            continue;
        }
        for c in run.text.chars() {
            pieces.push((c.to_string(), run.look));
            text.push(c);
        }
    }
    let n_on = text.chars().filter(|c| c.is_alphabetic() && !runs_back(*c)).count();
    let base = if n_back > n_on { Level::rtl() } else { Level::ltr() };
    let info = BidiInfo::new(&text, Some(base));
    let Some(paragraph) = info.paragraphs.first() else { return line };
    let levels = info.reordered_levels_per_char(paragraph, paragraph.range.clone());
    if levels.len() != pieces.len() {
        return line;
    }
    let mut out: Vec<Run> = Vec::new();
    let mut x = line.first().map_or(0.0, |run| run.x);
    for at in BidiInfo::reorder_visual(&levels) {
        let (piece, look) = &pieces[at];
        let piece: String = match levels[at].is_rtl() && *look != Look::Label {
            true => piece
                .chars()
                .map(|c| unicode_bidi_mirroring::get_mirrored(c).unwrap_or(c))
                .collect(),
            false => piece.clone(),
        };
        let width = measure(&piece, *look);
        match out.last_mut() {
            Some(run) if run.look == *look && *look != Look::Label => {
                run.text.push_str(&piece);
                run.width += width;
            }
            _ => out.push(Run { x, text: piece, look: *look, width }),
        }
        x += width;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &[(&str, Look)], seen: &[&str]) {
        let run = |(text, look): &(&str, Look)| Run {
            x: 0.0,
            text: (*text).to_owned(),
            look: *look,
            width: 1.0,
        };
        let out = visual(line.iter().map(run).collect(), &|text, _| text.chars().count() as f32);
        let texts: Vec<&str> = out.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(texts, seen);
        let ends = out.iter().scan(0.0, |x, run| {
            let start = *x;
            *x += run.width;
            Some((start, run.x))
        });
        let is_placed = ends.into_iter().all(|(expected, x)| expected == x);
        assert!(is_placed || out.len() == line.len());
    }

    #[test]
    fn hebrew_stands_from_the_right_and_labels_as_they_are() {
        let (plain, label) = (Look::Plain, Look::Label);
        check(&[("Dear ", plain), ("[TP 001]", label)], &["Dear ", "[TP 001]"]);
        check(
            &[("\u{5d0}\u{5d1} (7) ", plain), ("[TP 001]", label), (" \u{5d2}", plain)],
            &["\u{5d2} ", "[TP 001]", " (7) \u{5d1}\u{5d0}"],
        );
        check(&[("\u{5d0}\u{5d1} is a word", plain)], &["\u{5d1}\u{5d0} is a word"]);
    }
}
