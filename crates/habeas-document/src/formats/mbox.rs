//! Where does each message of a mailbox begin and end?
//!
//! A message begins at a line that starts with `From ` at the beginning of the file or after an
//! empty line, and that looks like an envelope: it names a time or a year. Its members are named by
//! their number. `>From ` at the start of a line is `From ` (mboxo), and one `>` is taken off any
//! longer run (mboxrd), which is how Dovecot, Thunderbird and Google Takeout write them.

use std::borrow::Cow;

use habeas_model::{Card, Exception, Reason};

use crate::formats::Format;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "mbox",
        version: 1,
        summary: "Mailboxes: each message is a member, named by its number",
        handles: &["application/mbox", ".mbox", ".mbx"],
        authority: "RFC 4155; https://www.loc.gov/preservation/digital/formats/fdd/fdd000383.shtml",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let first = sample.bytes.trim_ascii_start().split(|byte| *byte == b'\n').next()?;
    is_envelope(first).then_some((Sure::Magic, "application/mbox"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let starts = starts(input.bytes);
    let before = starts.first().copied().unwrap_or(input.bytes.len());
    if !input.bytes.get(..before).unwrap_or_default().trim_ascii().is_empty() {
        let note = format!("{before} bytes before the first envelope");
        out.exception(Exception::whole(Reason::Corrupt, note));
    }
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(input.bytes.len());
        let member = input.bytes.get(*start..end).unwrap_or_default();
        out.child(&(index + 1).to_string(), unquoted(without_envelope(member)));
    }
}

/// Where the envelopes begin.
fn starts(bytes: &[u8]) -> Vec<usize> {
    let (mut starts, mut offset, mut is_after_gap) = (Vec::new(), 0, true);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if is_envelope(line) && (is_after_gap || is_certain(line)) {
            starts.push(offset);
        }
        is_after_gap = line == b"\n" || line == b"\r\n";
        offset += line.len();
    }
    starts
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

/// The message below its envelope, and without the empty line that ends it.
fn without_envelope(member: &[u8]) -> &[u8] {
    let start = member.iter().position(|byte| *byte == b'\n').map_or(member.len(), |at| at + 1);
    let message = member.get(start..).unwrap_or_default();
    let message = message.strip_suffix(b"\n").unwrap_or(message);
    let message = message.strip_suffix(b"\r").unwrap_or(message);
    // The line break before the empty line belongs to the message, so only one is taken off.
    message
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
        let starts = starts(mailbox.as_bytes());
        let ends = starts.iter().skip(1).copied().chain([mailbox.len()]);
        starts
            .iter()
            .zip(ends)
            .map(|(start, end)| unquoted(without_envelope(&mailbox.as_bytes()[*start..end])))
            .map(|message| String::from_utf8_lossy(&message).into_owned())
            .collect()
    }

    #[test]
    fn a_mailbox_is_cut_at_its_envelopes_and_nowhere_else() {
        let mailbox = "From a@example.org Thu Mar  6 14:02:11 2025\nSubject: one\n\nFrom here on\n\
            \nFrom now on, no dates.\n>From the start\n>>From it\n\n\
            From - Thu Mar  6 14:02:11 2025\r\nSubject: two\r\n\r\nhi\r\n\r\n";
        assert_eq!(
            messages(mailbox),
            [
                "Subject: one\n\nFrom here on\n\nFrom now on, no dates.\nFrom the start\n>From it\n",
                "Subject: two\r\n\r\nhi\r\n"
            ]
        );
    }
}
