//! What did a PDF say before it was changed?
//!
//! A program may save a change by adding to the end of the file (ISO 32000-2, 7.5.6). All that was
//! there before is there still: what a revision took out is read, and marked as deleted.

use std::collections::HashSet;
use std::rc::Rc;

use habeas_model::{Exception, Hidden, Part, Passage, Reason};

use crate::out::{Content, Input, Out};

/// So many earlier revisions are read, the latest first.
const MAX_REVISIONS: usize = 8;
/// So many bytes of them together.
const MAX_BYTES: usize = 256 << 20;

/// Reads what earlier revisions said and the last one does not.
pub(super) fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let mut ends = ends(input.bytes);
    if ends.is_empty() || out.is_full() {
        return;
    }
    ends.reverse();
    let mut said = Said::default();
    for passage in &out.document.passages {
        said.add(&passage.text);
    }
    let (mut n_left_out, mut n_bytes) = (0, 0);
    for (index, end) in ends.iter().enumerate() {
        n_bytes += end;
        if index >= MAX_REVISIONS || n_bytes > MAX_BYTES {
            n_left_out += 1;
            continue;
        }
        let Some(bytes) = input.bytes.get(..*end) else { continue };
        let Ok(pdf) = super::open(&Input { bytes, ..*input }) else { continue };
        let mut earlier = Out::new(input.media_type, input.budget);
        super::whole(&Rc::new(pdf), input.budget, &mut earlier);
        hand_over(earlier, &mut said, out);
    }
    if n_left_out > 0 {
        let note = format!("{n_left_out} earlier revisions were not read");
        out.exception(Exception::part(Reason::CountLimit, None, note));
    }
}

/// Where each revision but the last one ends.
fn ends(bytes: &[u8]) -> Vec<usize> {
    const MARK: &[u8] = b"%%EOF";
    let mut ends: Vec<usize> = bytes
        .windows(MARK.len())
        .enumerate()
        .filter(|(_, window)| *window == MARK)
        .map(|(at, _)| at + MARK.len())
        .collect();
    // Behind the last mark there is nothing, or not enough to be a revision.
    ends.pop();
    let head = bytes.get(..2_000).unwrap_or(bytes);
    if head.windows(11).any(|window| window == b"/Linearized") && !ends.is_empty() {
        // The first mark ends the part that is shown first.
        ends.remove(0);
    }
    ends
}

/// What has been said, whatever its spaces and line ends are.
#[derive(Default)]
struct Said {
    lines: HashSet<String>,
    all: String,
    n_looks: usize,
}

/// In so many cases it is looked up whether a line stands somewhere in the text.
const MAX_LOOKS: usize = 2_000;

impl Said {
    fn add(&mut self, text: &str) {
        self.all.push_str(&letters(text));
        self.lines.extend(text.lines().map(letters));
    }

    fn is_new(&mut self, line: &str) -> bool {
        let letters = letters(line);
        if letters.is_empty() || self.lines.contains(&letters) {
            return false;
        }
        self.n_looks += 1;
        self.n_looks > MAX_LOOKS || !self.all.contains(&letters)
    }
}

/// Hands over what is not said yet.
fn hand_over<'a>(earlier: Out<'a>, said: &mut Said, out: &mut Out<'a>) {
    let hidden = Some(Hidden::Deleted);
    for passage in earlier.document.passages {
        let is_date = |line: &str| {
            passage.part == Part::Properties
                && (line.starts_with("Changed: ") || line.starts_with("Created: "))
        };
        let lines = passage.text.lines().filter(|line| !is_date(line));
        let gone: Vec<&str> = lines.filter(|line| said.is_new(line)).collect();
        if gone.is_empty() {
            continue;
        }
        let gone = gone.join("\n");
        said.add(&passage.text);
        if passage.is_record || !passage.fields.is_empty() {
            out.passage(Passage { hidden, ..passage });
        } else {
            let text = Passage::text(passage.place, gone);
            out.passage(Passage { hidden, part: passage.part, ..text });
        }
    }
    for child in earlier.children {
        let is_known = out.children.iter().any(|have| {
            have.name == child.name && have.content.size_bytes() == child.content.size_bytes()
        });
        if is_known {
            continue;
        }
        match child.content {
            Content::Bytes(bytes) => out.child(&child.name, bytes),
            Content::Packed { packed_bytes, unpack } => {
                out.packed(&child.name, packed_bytes, unpack);
            }
            Content::Lost { size_bytes, why } => out.lost(&child.name, size_bytes, why),
        }
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
