//! Where does each message of a mailbox begin and end?
//!
//! A message begins at a line that starts with `From ` at the beginning of the file or after an
//! empty line, that looks like an envelope (it names a time or a year), and that a head follows. Its
//! members are named by their number. `>From ` at the start of a line is `From ` (mboxo), and one
//! `>` is taken off any longer run (mboxrd), which is how Dovecot, Thunderbird and Google Takeout
//! write them. A `Content-Length` counts only where it leads to an envelope or to the end (mboxcl,
//! mboxcl2): programs that change line breaks or heads do not correct it.

use std::borrow::Cow;
use std::ops::Range;

use habeas_model::{Card, Exception, Reason};

use crate::formats::Format;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "mbox",
        version: 2,
        summary: "Mailboxes: each message is a member, named by its number",
        handles: &["application/mbox", ".mbox", ".mbx"],
        authority: "RFC 4155; https://www.loc.gov/preservation/digital/formats/fdd/fdd000383.shtml",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let head = sample.bytes.trim_ascii_start();
    let head = head.get(..head.len().min(4096)).unwrap_or_default();
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = lines.next()?;
    let is_followed = lines.next().is_none_or(begins_head);
    (is_envelope(first) && (is_followed || is_certain(first)))
        .then_some((Sure::Magic, "application/mbox"))
}

/// A message in a mailbox: where it begins and ends without its envelope, and whether the lines in
/// it that begin with `From ` are quoted.
struct Cut {
    start: usize,
    end: usize,
    is_quoted: bool,
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let (before, cuts) = cuts(input.bytes);
    if !input.bytes.get(..before).unwrap_or_default().trim_ascii().is_empty() {
        let note = format!("{before} bytes before the first envelope");
        out.exception(Exception::whole(Reason::Corrupt, note));
    }
    for (index, cut) in cuts.iter().enumerate() {
        let message = input.bytes.get(cut.start..cut.end).unwrap_or_default();
        let message = if cut.is_quoted { unquoted(message) } else { Cow::Borrowed(message) };
        out.child(&(index + 1).to_string(), message);
    }
}

/// Where each message stands with its envelope and the gap after it, numbered as [`read`] numbers
/// them, and where in it the message itself stands, unless its quoting changes its bytes.
pub(crate) fn extents(bytes: &[u8]) -> Vec<(Range<usize>, Option<Range<usize>>)> {
    let (_, cuts) = cuts(bytes);
    let envelope = |cut: &Cut| {
        let line = bytes.get(..cut.start.saturating_sub(1)).unwrap_or_default();
        line.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
    };
    let starts: Vec<usize> = cuts.iter().map(envelope).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let messages = cuts.iter().map(|cut| {
        let message = bytes.get(cut.start..cut.end).unwrap_or_default();
        let is_plain = !cut.is_quoted || matches!(unquoted(message), Cow::Borrowed(_));
        is_plain.then_some(cut.start..cut.end)
    });
    starts.iter().zip(ends).map(|(start, end)| *start..end).zip(messages).collect()
}

/// Where the first envelope begins, and the messages.
fn cuts(bytes: &[u8]) -> (usize, Vec<Cut>) {
    let mut cuts: Vec<Cut> = Vec::new();
    let (mut before, mut offset, mut is_after_gap) = (None, 0, true);
    while let Some(line) = line_at(bytes, offset) {
        if (is_after_gap || is_certain(line)) && is_envelope(line) && is_start(bytes, offset, line)
        {
            before.get_or_insert(offset);
            if let Some(last) = cuts.last_mut() {
                last.end = offset;
            }
            let start = offset + line.len();
            let mut cut = Cut { start, end: bytes.len(), is_quoted: true };
            // A stated length leads past lines that only look like envelopes.
            if let Some(end) = stated_end(bytes, start) {
                let body = bytes.get(start..end).unwrap_or_default();
                cut.is_quoted = !body.windows(6).any(|window| window == b"\nFrom ");
                cut.end = end;
                offset = end;
            } else {
                offset = start;
            }
            cuts.push(cut);
            is_after_gap = true;
            continue;
        }
        is_after_gap = line == b"\n" || line == b"\r\n";
        offset += line.len();
    }
    for cut in &mut cuts {
        cut.end = cut.start + trimmed(bytes.get(cut.start..cut.end).unwrap_or_default()).len();
    }
    (before.unwrap_or(bytes.len()), cuts)
}

fn line_at(bytes: &[u8], offset: usize) -> Option<&[u8]> {
    let rest = bytes.get(offset..).filter(|rest| !rest.is_empty())?;
    rest.split_inclusive(|byte| *byte == b'\n').next()
}

/// Is what looks like an envelope followed by a head, or certain by itself?
fn is_start(bytes: &[u8], offset: usize, line: &[u8]) -> bool {
    is_certain(line) || line_at(bytes, offset + line.len()).is_none_or(begins_head)
}

/// Does a line begin a head: a name and a colon, another envelope that was quoted, or nothing?
fn begins_head(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    let name = line.iter().position(|byte| *byte == b':').and_then(|at| line.get(..at));
    line.is_empty()
        || line.starts_with(b">From ")
        || name.is_some_and(|name| !name.is_empty() && name.iter().all(u8::is_ascii_graphic))
}

/// Where the message ends by its `Content-Length`, if an envelope or nothing stands there.
fn stated_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut offset = start;
    let mut stated = None;
    loop {
        let line = line_at(bytes, offset)?;
        offset += line.len();
        if line.trim_ascii().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_at_checked(15)
            && name.eq_ignore_ascii_case(b"content-length:")
        {
            stated = std::str::from_utf8(value).ok().and_then(|n| n.trim().parse::<usize>().ok());
        }
    }
    let end = offset.checked_add(stated?).filter(|end| *end <= bytes.len())?;
    let rest = bytes.get(end..)?;
    // A message that does not end its last line is followed by a break, one that does by a gap.
    let gap = rest.iter().take(4).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let next = end + gap;
    let is_new_line = gap > 0 || bytes.get(..end)?.ends_with(b"\n");
    let lands = match line_at(bytes, next) {
        None => true,
        Some(line) => is_new_line && is_envelope(line) && is_start(bytes, next, line),
    };
    lands.then_some(next)
}

/// `From somebody Thu Mar  6 14:02:11 2025`, in any of its spellings.
fn is_envelope(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let has_time =
        rest.windows(3).any(|w| w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit());
    let year = rest
        .split(|byte| !byte.is_ascii_digit())
        .any(|run| run.len() == 4 && (run.starts_with(b"19") || run.starts_with(b"20")));
    // Some writers put nothing but a sender or a dash.
    has_time
        || year
        || rest.split(|byte| *byte == b' ').count() == 1 && rest.contains(&b'@')
        || rest.trim_ascii() == b"-"
}

/// An envelope that states a whole date, as no sentence does: it needs no empty line before it.
fn is_certain(line: &[u8]) -> bool {
    const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    let words: Vec<&[u8]> = line.trim_ascii_end().split(|byte| *byte == b' ').take(10).collect();
    words.get(2).is_some_and(|word| DAYS.contains(word))
        && words.iter().any(|word| word.len() == 8 && word.get(2) == Some(&b':'))
}

/// The message without the empty line that ends it.
fn trimmed(message: &[u8]) -> &[u8] {
    let message = message.strip_suffix(b"\n").unwrap_or(message);
    // The line break before the empty line belongs to the message, so only one is taken off.
    message.strip_suffix(b"\r").unwrap_or(message)
}

/// The message with the quoting of its `From ` lines undone.
fn unquoted(message: &[u8]) -> Cow<'_, [u8]> {
    let is_quoted = |line: &[u8]| {
        let run = line.iter().take_while(|byte| **byte == b'>').count();
        run > 0 && line.get(run..).is_some_and(|rest| rest.starts_with(b"From "))
    };
    let lines = || message.split_inclusive(|byte| *byte == b'\n');
    if !lines().any(is_quoted) {
        return Cow::Borrowed(message);
    }
    let mut plain = Vec::with_capacity(message.len());
    for line in lines() {
        plain.extend_from_slice(if is_quoted(line) { &line[1..] } else { line });
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(mailbox: &str) -> Vec<String> {
        let (_, cuts) = cuts(mailbox.as_bytes());
        let message = |cut: &Cut| {
            let message = &mailbox.as_bytes()[cut.start..cut.end];
            let message = if cut.is_quoted { unquoted(message) } else { Cow::Borrowed(message) };
            String::from_utf8_lossy(&message).into_owned()
        };
        cuts.iter().map(message).collect()
    }

    fn check_cut(mailbox: &str, expected: &[&str]) {
        assert_eq!(messages(mailbox), expected);
    }

    const ENVELOPE: &str = "From a@example.org Thu Mar  6 14:02:11 2025\n";

    #[test]
    fn a_mailbox_is_cut_at_its_envelopes_and_nowhere_else() {
        check_cut(
            "From a@example.org Thu Mar  6 14:02:11 2025\nSubject: one\n\nFrom here on\n\
             \nFrom now on, no dates.\n>From the start\n>>From it\n\n\
             From - Thu Mar  6 14:02:11 2025\r\nSubject: two\r\n\r\nhi\r\n\r\n",
            &[
                "Subject: one\n\nFrom here on\n\nFrom now on, no dates.\nFrom the start\n>From it\n",
                "Subject: two\r\n\r\nhi\r\n",
            ],
        );
        // A year and no head: a sentence.
        check_cut(
            &format!("{ENVELOPE}Subject: one\n\nhi\n\nFrom 2019 to 2021\nshe was ill\n"),
            &["Subject: one\n\nhi\n\nFrom 2019 to 2021\nshe was ill"],
        );
    }

    #[test]
    fn a_stated_length_counts_where_it_leads_to_an_envelope() {
        let two = "From b@example.org Thu Mar  6 14:02:11 2025\nSubject: two\n\nbye\n";
        let body = "From b@example.org Thu Mar  6 14:02:11 2025\n>From it\n";
        let cl2 = format!("{ENVELOPE}Content-Length: {}\n\n{body}\n{two}", body.len());
        check_cut(
            &cl2,
            &[&format!("Content-Length: {}\n\n{body}", body.len()), "Subject: two\n\nbye"],
        );
        let quoted = ">From me\n";
        let cl = format!("{ENVELOPE}Content-Length: {}\n\n{quoted}\n{two}", quoted.len());
        check_cut(&cl, &["Content-Length: 9\n\nFrom me\n", "Subject: two\n\nbye"]);
        let lies = format!("{ENVELOPE}Content-Length: 4\n\nhello\n\n{two}");
        check_cut(&lies, &["Content-Length: 4\n\nhello\n", "Subject: two\n\nbye"]);
    }
}
