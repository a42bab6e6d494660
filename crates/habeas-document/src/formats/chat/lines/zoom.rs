//! The head of a message in a chat that Zoom saved.
//!
//! `14:31:02 From Mike Brennan to Everyone:`, `09:01:02\t From Mike Brennan : text` (before 2021)
//! and `00:12:33\tMike Brennan:\ttext` (of a recording in the cloud).

use std::ops::Range;

use super::Head;

/// "From" in the languages of Zoom.
const FROM: [&str; 6] = ["From ", "Von ", "De ", "Da ", "Van ", "Od "];
/// "to" in these languages, in their order, and in the way of old versions.
const TO: [&str; 6] = [" to ", " an ", " à ", " a ", " aan ", " do "];
/// Who is nobody in particular.
const EVERYONE: [&str; 9] = [
    "everyone",
    "all panelists",
    "alle",
    "tous",
    "todos",
    "tutti",
    "iedereen",
    "wszyscy",
    "waiting room participants",
];

/// Where time, sender and recipient stand in a line, if a message begins with it.
pub(super) fn head(line: &str) -> Option<Head> {
    let clock = line.get(..8)?;
    let is_clock = clock.bytes().enumerate().all(|(index, byte)| match index {
        2 | 5 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    let rest = &line[8..];
    if !is_clock || !rest.starts_with([' ', '\t']) {
        return None;
    }
    let time = 0..8;
    let start = line.len() - rest.trim_start().len();
    let body = &line[start..];
    if let Some(front) = FROM.iter().find(|front| body.starts_with(**front)) {
        let start = start + front.len();
        let names = &line[start..];
        let end = start
            + names
                .find(" : ")
                .or_else(|| names.find(":\t"))
                .or_else(|| names.strip_suffix(" :").map(str::len))
                .or_else(|| names.trim_end().strip_suffix(':').map(str::len))
                .or_else(|| names.find(": "))?;
        let both = &line[start..end];
        // Two spaces stand around it in newer versions, so that a name may have the word in it.
        let to = TO.iter().find_map(|to| {
            let wide = format!(" {to} ");
            both.rfind(&wide).map(|at| (at, wide.len()))
        });
        let to = to.or_else(|| TO.iter().find_map(|to| both.rfind(to).map(|at| (at, to.len()))));
        return Some(match to {
            Some((at, length)) => {
                let recipient = start + at + length..end;
                let recipient = without_note(line, recipient);
                let name = line[recipient.clone()].to_lowercase();
                let is_everyone = EVERYONE.contains(&name.as_str()) || name.contains("everyone");
                Head {
                    time,
                    sender: Some(trimmed(line, start..start + at)),
                    recipient: Some(recipient).filter(|_| !is_everyone),
                }
            }
            None => Head { time, sender: Some(trimmed(line, start..end)), recipient: None },
        });
    }
    // A name between tabs, with a colon.
    if rest.starts_with('\t')
        && let Some(end) = body.find(":\t")
        && end > 0
    {
        let sender = Some(trimmed(line, start..start + end));
        return Some(Head { time, sender, recipient: None });
    }
    None
}

fn trimmed(line: &str, range: Range<usize>) -> Range<usize> {
    let inner = &line[range.clone()];
    let start = range.start + (inner.len() - inner.trim_start().len());
    start..start + inner.trim().len()
}

/// A recipient without `(Direct Message)` or `(Privately)`.
fn without_note(line: &str, range: Range<usize>) -> Range<usize> {
    let inner = &line[range.clone()];
    let end = match (inner.trim_end().ends_with(')'), inner.rfind('(')) {
        (true, Some(at)) if at > 0 => range.start + at,
        _ => range.end,
    };
    trimmed(line, range.start..end)
}
