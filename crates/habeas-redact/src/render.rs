//! What may be seen of a passage, with labels where something was taken out?

use std::ops::Range;

use habeas_model::Passage;

use crate::labels::Labels;
use crate::paper::{Look, Rich};
use crate::people::{Marks, ShownAt};

/// Are line breaks those of a person, or of a program that wraps lines?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// Each line is one: a row, a head, a log.
    Kept,
    /// Text in paragraphs. One that something was taken out of is set anew, because where a
    /// program broke its lines tells how long the name was.
    Flowed,
}

/// Draws a stretch of a passage; `marks` are those of the passage, sorted.
pub(crate) fn render<'a>(
    passage: &Passage,
    range: Range<usize>,
    marks: impl Into<Marks<'a>>,
    lines: Lines,
    labels: &mut Labels,
) -> Rich {
    let marks = marks.into();
    let mut rich = Rich::default();
    let mut at = range.start;
    for redaction in marks.redactions {
        let (start, end) =
            (redaction.range.start.max(range.start), redaction.range.end.min(range.end));
        if start >= end {
            continue;
        }
        plain(passage, at..start, marks.shown, labels, &mut rich);
        rich.push(labels.of(redaction), Look::Label);
        at = end;
    }
    plain(passage, at..range.end, marks.shown, labels, &mut rich);
    even(rich, lines)
}

/// Draws a stretch without redactions; who is shown in it is marked, so that the proof knows where.
fn plain(
    passage: &Passage,
    range: Range<usize>,
    shown: &[ShownAt],
    labels: &mut Labels,
    rich: &mut Rich,
) {
    let text = |range: Range<usize>| passage.text.get(range).unwrap_or("");
    let mut at = range.start;
    for shown in shown {
        let (start, end) = (shown.range.start.max(at), shown.range.end.min(range.end));
        if start >= end {
            continue;
        }
        rich.push(text(at..start), Look::Plain);
        rich.push(text(start..end), Look::Shown);
        labels.show(shown);
        at = end;
    }
    rich.push(text(at..range.end), Look::Plain);
}

/// Makes the room around labels say nothing: runs of blanks on a line with a label become one
/// space, and lines of a paragraph with a label that look wrapped are joined.
pub(crate) fn even(rich: Rich, lines: Lines) -> Rich {
    if rich.spans.iter().all(|span| span.look != Look::Label) {
        return rich;
    }
    let all = split(rich);
    let usual = usual_length(&all);
    let mut out = Rich::default();
    let mut start = 0;
    while start < all.len() {
        let rest = all.get(start..).unwrap_or(&[]);
        let n = rest.iter().position(Rich::is_blank).map_or(rest.len(), |blank| blank + 1);
        let paragraph = rest.get(..n).unwrap_or(rest);
        let joins = lines == Lines::Flowed && paragraph.iter().any(has_label);
        let mut before: Option<&Rich> = None;
        for line in paragraph {
            let is_joined = joins && before.is_some_and(|before| is_wrapped(before, line, usual));
            if start > 0 || before.is_some() {
                let has_space = out.spans.last().is_some_and(|span| span.text.ends_with(' '));
                match is_joined {
                    true if has_space => {}
                    true => out.push(" ", Look::Plain),
                    false => out.push("\n", Look::Plain),
                }
            }
            push_line(&mut out, line, is_joined, joins);
            before = Some(line);
        }
        start += n;
    }
    out
}

fn has_label(line: &Rich) -> bool {
    line.spans.iter().any(|span| span.look == Look::Label)
}

/// The lines of a text.
fn split(rich: Rich) -> Vec<Rich> {
    let mut out = vec![Rich::default()];
    for span in rich.spans {
        let mut pieces = span.text.split('\n');
        if let (Some(first), Some(last)) = (pieces.next(), out.last_mut())
            && !first.is_empty()
        {
            last.push(first, span.look);
        }
        for piece in pieces {
            out.push(Rich::of(piece, span.look));
        }
    }
    out
}

/// Did a program break the line here? A line that is long for this text, and the next does not start
/// like something of its own. A line with a label may have been longer than it is now; a row of a table
/// is a line of its own.
fn is_wrapped(line: &Rich, next: &Rich, usual: usize) -> bool {
    let (line_text, next_text) = (line.plain(), next.plain());
    if is_row(line) || is_row(next) {
        return false;
    }
    let length = one_space(line_text.trim()).chars().count();
    let is_quote = |text: &str| text.trim_start().starts_with('>');
    let body = next_text.trim_start_matches(|c: char| c == '>' || c.is_whitespace());
    let goes_on = body.starts_with(char::is_lowercase) && (length >= 12 || has_label(line));
    // In a narrow column a shorter line is a long one; and a name that did not fit into the line within
    // a sentence begins the next.
    let first = next.spans.iter().find(|span| !span.text.trim().is_empty());
    let n_pieces = pieces(line).0;
    let is_next = first.is_some_and(|span| span.look == Look::Label)
        && (n_pieces < 2 || n_pieces != pieces(next).0)
        && line_text.trim_end().ends_with(char::is_alphanumeric);
    let hangs = has_label(line) || is_next;
    let is_within = is_next && line_text.trim_start().starts_with(char::is_lowercase);
    let (most, share, least) = if hangs { (35, 35, 14) } else { (50, 70, 24) };
    let is_long = length >= (usual * share / 100).clamp(least, most);
    let starts_anew = body.is_empty()
        || body.starts_with(['-', '*', '\u{2022}', '#', '|', '_', '='])
        || body.split_whitespace().next().is_some_and(|word| word.ends_with(':'))
        || body.split_once(": ").is_some_and(|(caption, _)| {
            caption.split(' ').count() <= 3 && caption.starts_with(char::is_uppercase)
        });
    let ends = line_text.trim_end().ends_with(':');
    (is_long || goes_on || is_within)
        && !starts_anew
        && !ends
        && is_quote(&line_text) == is_quote(&next_text)
}

/// Do wide gaps part some of its words, as they part the cells of a row? Where all gaps are wide, a
/// line was stretched.
fn is_row(line: &Rich) -> bool {
    let (n_wide, n_words, n_stops) = pieces(line);
    // After a full stop some people write two.
    n_wide > 1 + n_stops && n_wide < n_words
}

/// How many pieces wide gaps make of a line, how many words it has, and how many stops before a gap. A
/// label is one word.
fn pieces(line: &Rich) -> (usize, usize, usize) {
    let spans = line.spans.iter();
    let text: String = spans.map(|s| if s.look == Look::Label { "x" } else { &s.text }).collect();
    let text = text.trim();
    let n_wide = text.split("  ").filter(|piece| !piece.trim().is_empty()).count();
    (n_wide, text.split_whitespace().count(), text.matches(".  ").count())
}

/// How long a line of a text can get, in letters: as the longest that nothing is taken out of.
fn usual_length(lines: &[Rich]) -> usize {
    let of = |line: &Rich| one_space(line.plain().trim()).chars().count();
    lines.iter().filter(|line| !has_label(line)).map(of).max().unwrap_or(70)
}

/// Adds a line; blanks in it become single ones if it has a label or is joined to others. The mark
/// of a quotation is left out of a line that is joined to the one before.
fn push_line(out: &mut Rich, line: &Rich, is_joined: bool, joins: bool) {
    let squeezes = joins || has_label(line);
    for (index, span) in line.spans.iter().enumerate() {
        let mut text = span.text.as_str();
        if is_joined && index == 0 && span.look != Look::Label {
            text = text.trim_start_matches(|c: char| c == '>' || c.is_whitespace());
        }
        match span.look {
            Look::Label => out.spans.push(span.clone()),
            look if squeezes => out.push(one_space(text), look),
            look => out.push(text, look),
        }
    }
}

fn one_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_gap = false;
    for c in text.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !in_gap {
            out.push(' ');
        }
        in_gap = c.is_whitespace();
    }
    out
}

#[cfg(test)]
mod tests {
    use habeas_model::{Ground, Kind, Place, PlaceKind, Redaction};

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
        let rich =
            render(&passage, 0..text.len(), redactions.as_slice(), lines, &mut Labels::default());
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
        let fields =
            "This message has been sent by the form on the web site today\nName: Tom\nOn: Monday";
        check(fields, "Tom", Lines::Flowed, &fields.replace("Tom", "[TP 001]"));
        let quoted = "> It was then that Tom asked me whether it was so,\n> and it was.\n> Bye";
        let set = "> It was then that [TP 001] asked me whether it was so, and it was.\n> Bye";
        check(quoted, "Tom", Lines::Flowed, set);
        check("Dear Tom,\n\nyes\nno", "Tom", Lines::Flowed, "Dear [TP 001],\n\nyes\nno");
    }

    #[test]
    fn a_narrow_column_is_joined_and_rows_of_a_table_are_not() {
        let column = "The plumber came on the next day and told\nus that Tom Quill was\nout; he had been told to wait and see if\nit was so.";
        let joined = "The plumber came on the next day and told us that [TP 001] was out; he had been told to wait and see if it was so.";
        check(column, "Tom Quill", Lines::Flowed, joined);
        let within =
            "He came on a day in May and wrote\nagain  from\nTom Quill and was seen\nby us";
        let whole = "He came on a day in May and wrote again from [TP 001] and was seen by us";
        check(within, "Tom Quill", Lines::Flowed, whole);
        let rows = "Name                     Flat            Pounds\nTom Quill                4b              80.00\nHarriet Vale             4a              214.50";
        let kept = "Name Flat Pounds\n[TP 001] 4b 80.00\nHarriet Vale 4a 214.50";
        check(rows, "Tom Quill", Lines::Flowed, kept);
        let list = "Present\nTom Quill\nHarriet Vale\nRuth Oak";
        check(list, "Tom Quill", Lines::Flowed, &list.replace("Tom Quill", "[TP 001]"));
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
