//! Chats that are saved as text: WhatsApp, Zoom, Teams and Signal by hand.
//!
//! A message begins with its time and goes on to the next line that begins so. A line of a body
//! that looks like a message cannot be told from one; it is a passage of its own, and not lost.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use habeas_model::{Card, Field, Meaning, Part, Party, Passage, Place, PlaceKind};

use super::said;
use super::stamp::{is_mark, stamp};
use crate::encoding;
use crate::formats::{Format, captioned::Captioned};
use crate::out::{Input, Out};
use crate::shape;
use crate::sniff::{Match, Sample, Sure};

mod zoom;

pub(in crate::formats) const FORMAT: Format = Format {
    card: Card {
        name: "chat-text",
        version: 1,
        summary: "Chats saved as text by WhatsApp and Zoom, a message at a time",
        handles: &["_chat.txt", "WhatsApp Chat with ….txt", "meeting_saved_chat.txt"],
        authority: "WhatsApp FAQ, How to save your chat history; Zoom support, Saving in-meeting chat",
    },
    sniff,
    read,
};

/// How many lines decide.
const TRIAL_LINES: usize = 200;
/// A message that goes on for longer than this is cut into several passages.
const MAX_MESSAGE_BYTES: usize = 16_000;
/// A sender's name is at most so long.
const MAX_NAME_CHARS: usize = 100;

/// Where the parts of a message stand.
struct Head {
    time: Range<usize>,
    sender: Option<Range<usize>>,
    recipient: Option<Range<usize>>,
}

/// A program that saves chats.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Program {
    WhatsApp,
    Zoom,
}

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_table =
        sample.is_named(&["csv", "tsv", "json", "jsonl", "xml", "html", "htm", "eml", "log"]);
    if is_table {
        return None;
    }
    program_of(sample.text()?, &sample.name).map(|_| (Sure::Grammar, "text/x-chat"))
}

fn program_of(text: &str, name: &str) -> Option<Program> {
    let (mut n_lines, mut n_entries, mut n_senders, mut n_zoom, mut n_levels) = (0, 0, 0, 0, 0);
    for line in text.lines().filter(|line| !line.trim().is_empty()).take(TRIAL_LINES) {
        n_lines += 1;
        let plain = without_marks(line);
        if zoom::head(&plain).is_some() {
            n_zoom += 1;
        }
        if let Some(found) = stamp(&plain) {
            n_entries += 1;
            let body = plain[found.body..].trim_start();
            n_levels += usize::from(is_level(body));
            n_senders += usize::from(sender_end(body, 1).is_some());
        }
    }
    if n_zoom >= 1 && n_zoom * 4 >= n_lines {
        return Some(Program::Zoom);
    }
    let lower = name.to_lowercase();
    let is_named = lower.contains("whatsapp") || lower == "_chat.txt";
    if is_named && n_entries >= 1 {
        return Some(Program::WhatsApp);
    }
    // A log has times too, and what stands after them is no sender.
    let has_own_words =
        ["end-to-end", "<Media omitted>", " omitted", "<attached:", "(file attached)"]
            .iter()
            .any(|words| text.contains(words));
    let is_chat =
        n_levels == 0 && n_entries >= 2 && n_entries * 4 >= n_lines && n_senders * 2 >= n_entries;
    (is_chat || has_own_words && n_entries >= 2 && n_levels == 0).then_some(Program::WhatsApp)
}

/// `INFO`, `[Warning]`, `app.ERROR` and the like stand where a chat has its sender.
fn is_level(body: &str) -> bool {
    let word = body.split([' ', ':', ']', '-']).find(|word| !word.is_empty()).unwrap_or(body);
    let word = word.trim_start_matches('[').rsplit('.').next().unwrap_or(word);
    const LEVELS: [&str; 15] = [
        "trace",
        "debug",
        "info",
        "notice",
        "warn",
        "warning",
        "error",
        "err",
        "fatal",
        "critical",
        "crit",
        "severe",
        "audit",
        "verbose",
        "emergency",
    ];
    LEVELS.iter().any(|level| word.eq_ignore_ascii_case(level))
}

fn without_marks(line: &str) -> String {
    line.chars().filter(|c| !is_mark(*c)).collect()
}

/// Where the sender's name ends: before the `n`-th colon with a space or the end of the line.
fn sender_end(body: &str, n: usize) -> Option<usize> {
    let first_line = body.lines().next()?;
    let mut ends = first_line.match_indices(':').map(|(at, _)| at).filter(|at| {
        let after = &first_line[at + 1..];
        after.is_empty() || after.starts_with([' ', '\u{a0}'])
    });
    let end = ends.nth(n - 1)?;
    let name = shown_name(&first_line[..end]);
    let is_name = !name.is_empty()
        && name.chars().count() <= MAX_NAME_CHARS
        && !name.contains(['"', '“', '„', '«', '{', '=', '<', '\u{200e}'])
        && !name.ends_with(['.', '!', '?', ')'])
        || shape::is_phone(name);
    is_name.then_some(end)
}

/// A name without what WhatsApp puts before one that is not in the contacts.
fn shown_name(name: &str) -> &str {
    name.trim_matches(|c: char| c.is_whitespace() || c == '~')
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    out.decoded(&decoded);
    let head = decoded.text.get(..decoded.text.floor_char_boundary(64 << 10));
    let program = program_of(head.unwrap_or_default(), input.name).unwrap_or(Program::WhatsApp);
    let export = if program == Program::Zoom { "zoom-chat" } else { "whatsapp" };
    out.facts().export = Some(export.to_owned());
    if program == Program::WhatsApp {
        title(input.name, out);
    }
    let names =
        if program == Program::WhatsApp { Names::of(&decoded.text) } else { Names::default() };
    let mut reader = Reader { program, names, message: String::new(), head: None, n: 0 };
    for line in decoded.text.lines() {
        reader.line(line, out);
        if out.is_full() {
            return;
        }
    }
    reader.hand_over(out);
}

/// Whom the chat is with stands in the file's name only.
fn title(name: &str, out: &mut Out<'_>) {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let fronts = [
        "WhatsApp Chat with ",
        "WhatsApp Chat - ",
        "WhatsApp Chat mit ",
        "WhatsApp-Chat mit ",
        "WhatsApp-Chat - ",
        "Discussion WhatsApp avec ",
        "Chat de WhatsApp con ",
        "Chat WhatsApp con ",
        "WhatsApp-chat met ",
        "Conversa do WhatsApp com ",
    ];
    let Some(partner) = fronts.iter().find_map(|front| stem.strip_prefix(front)) else { return };
    let partner = partner.trim();
    if partner.is_empty() {
        return;
    }
    out.facts().title = Some(partner.into());
    let mut head = Captioned::default();
    head.line("Chat with", partner, said::of_person(partner), Party::Recipient);
    let place = Place::new(PlaceKind::Header, 1);
    out.passage(Passage { is_record: false, ..head.into_record(place, Part::Header) });
}

/// The names that stand before the messages, as far as one line does not tell.
#[derive(Default)]
struct Names {
    /// Names up to the first colon whose messages all go on alike to a second one: `Dr: Lind`.
    longer: HashMap<String, String>,
    known: HashSet<String>,
}

impl Names {
    fn of(text: &str) -> Self {
        let mut seen: HashMap<String, (usize, Option<String>)> = HashMap::new();
        let mut known: HashSet<String> = HashSet::new();
        for line in text.lines() {
            let plain = without_marks(line);
            let Some(found) = stamp(&plain) else { continue };
            let body = plain[found.body..].trim_start();
            let Some(end) = sender_end(body, 1) else { continue };
            if seen.len() > 10_000 {
                break;
            }
            let first = body[..end].to_owned();
            let second = sender_end(body, 2)
                .map(|end| body[..end].to_owned())
                .filter(|name| name.chars().count() <= 40);
            known.insert(shown_name(&first).to_owned());
            let entry = seen.entry(first).or_insert((0, second.clone()));
            entry.0 += 1;
            if entry.1 != second {
                entry.1 = None;
            }
        }
        let longer = seen
            .into_iter()
            .filter_map(|(first, (n, second))| second.filter(|_| n >= 3).map(|name| (first, name)))
            .collect();
        Self { longer, known }
    }

    fn end(&self, body: &str) -> Option<usize> {
        let end = sender_end(body, 1)?;
        let longer = self.longer.get(&body[..end]).filter(|name| body.starts_with(name.as_str()));
        Some(longer.map_or(end, String::len))
    }
}

struct Reader {
    program: Program,
    names: Names,
    message: String,
    head: Option<Head>,
    n: usize,
}

impl Reader {
    fn line(&mut self, line: &str, out: &mut Out<'_>) {
        let plain = without_marks(line);
        let head = match self.program {
            Program::WhatsApp => self.whatsapp(&plain, line),
            Program::Zoom => zoom::head(&plain),
        };
        if head.is_some() || self.message.len() > MAX_MESSAGE_BYTES {
            self.hand_over(out);
            self.head = head;
        }
        if self.message.is_empty() && plain.trim().is_empty() {
            return;
        }
        if !self.message.is_empty() {
            self.message.push('\n');
        }
        self.message.push_str(&plain);
    }

    fn whatsapp(&self, plain: &str, line: &str) -> Option<Head> {
        let found = stamp(plain)?;
        let blank = plain[found.body..].len() - plain[found.body..].trim_start().len();
        let start = found.body + blank;
        let body = &plain[start..];
        // On an Android a notice has no sender; on an iPhone its text begins with a mark, and the
        // chat's name may stand before it.
        let end = self
            .names
            .end(body)
            .filter(|end| !is_notice(&body[*end..]) || line.contains('\u{200e}'));
        let sender = match end {
            Some(end) => {
                let name = shown_name(&body[..end]);
                let at = start + body.find(name).unwrap_or(0);
                Some(at..at + name.len())
            }
            // `Amara Lind added Bo Ek`: the one who did it, if it is one who has said something.
            None => {
                let marks = ['~', ' ', '\u{a0}', '\u{202f}'];
                let name = body.trim_start_matches(marks);
                let from = start + body.len() - name.len();
                name.match_indices(' ')
                    .map(|(at, _)| at)
                    .take_while(|at| *at <= 4 * MAX_NAME_CHARS)
                    .filter(|at| self.names.known.contains(&name[..*at]))
                    .last()
                    .map(|at| from..from + at)
            }
        };
        Some(Head { time: found.time, sender, recipient: None })
    }

    fn hand_over(&mut self, out: &mut Out<'_>) {
        let message = std::mem::take(&mut self.message);
        let text = message.trim_end();
        if text.is_empty() {
            self.head = None;
            return;
        }
        let mut fields = Vec::new();
        if let Some(head) = self.head.take() {
            let mut field =
                |range: Option<Range<usize>>, meaning: Option<Meaning>, party: Party| {
                    let Some(range) = range.filter(|range| !range.is_empty()) else { return };
                    let Some(inner) = text.get(range.clone()) else { return };
                    let meaning = meaning.unwrap_or_else(|| said::of_person(inner));
                    fields.push(Field { range, meaning, party });
                };
            field(Some(head.time), Some(Meaning::Date), Party::Unknown);
            field(head.sender, None, Party::Sender);
            field(head.recipient, None, Party::Recipient);
        }
        self.n += 1;
        let place = Place::new(PlaceKind::Message, self.n);
        out.passage(Passage { fields, is_record: true, ..Passage::text(place, text) });
    }
}

/// Is what follows the first colon the rest of a notice, such as a new subject of a group?
fn is_notice(rest: &str) -> bool {
    rest.ends_with(['”', '"', '»', '“'])
        && !rest.contains(['“', '„', '«'])
        && rest.matches('"').count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;

    /// Each message as its number, sender and recipient.
    /// A stretch with its meaning and party.
    type Marked<'t> = (&'t str, Meaning, Party);

    fn check_chat(name: &str, text: &str, expected: &[(u32, &[Marked<'_>])]) {
        let sample = Sample::new(name, text.as_bytes());
        assert_eq!(sniff(&sample).map(|found| found.1), Some("text/x-chat"), "{text}");
        let budget = Budget::default();
        let mut out = Out::new("text/x-chat", &budget);
        read(&Input { name, bytes: text.as_bytes(), media_type: "", budget: &budget }, &mut out);
        let passages = out.finish().0.passages;
        let of = |p: &Passage| -> Vec<(String, Meaning, Party)> {
            p.fields
                .iter()
                .filter(|f| !matches!(f.meaning, Meaning::Date | Meaning::Caption))
                .map(|f| (p.text[f.range.clone()].to_owned(), f.meaning, f.party))
                .collect()
        };
        let got: Vec<_> = passages.iter().map(|p| (p.place.number, of(p))).collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(n, fields)| {
                (*n, fields.iter().map(|(t, m, p)| ((*t).to_owned(), *m, *p)).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(got, expected);
        let kept: usize = passages
            .iter()
            .filter(|p| p.place.kind == PlaceKind::Message)
            .map(|p| p.text.split_whitespace().count())
            .sum();
        assert_eq!(kept, text.split_whitespace().count());
    }

    #[test]
    fn a_message_keeps_its_lines_and_its_sender() {
        use Meaning as M;
        use Party as P;
        check_chat(
            "chat.txt",
            "15/08/2023, 09:12 - Amara Lind: hello\nsecond line\n15/08/2023, 09:13 - +44 7700 900123: yes: no\n",
            &[
                (1, &[("Amara Lind", M::Name, P::Sender)]),
                (2, &[("+44 7700 900123", M::Phone, P::Sender)]),
            ],
        );
        check_chat(
            "_chat.txt",
            "[15/08/2023, 09:12:33] Amara Lind: hello\n\u{200e}[8/15/23, 9:12:33\u{202f}AM] ~\u{a0}Bo Ek: \u{200e}image omitted\n",
            &[(1, &[("Amara Lind", M::Name, P::Sender)]), (2, &[("Bo Ek", M::Name, P::Sender)])],
        );
        check_chat(
            "WhatsApp Chat with Bo Ek.txt",
            "15.08.23, 09:11 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.\n15.08.23, 09:12 - Amara Lind: <Medien ausgeschlossen>\n15.08.23, 09:13 - Amara Lind hat Bo Ek hinzugefügt.\n",
            &[
                (1, &[("Bo Ek", M::Name, P::Recipient)]),
                (1, &[]),
                (2, &[("Amara Lind", M::Name, P::Sender)]),
                (3, &[("Amara Lind", M::Name, P::Sender)]),
            ],
        );
    }

    #[test]
    fn a_name_may_have_a_colon_and_a_notice_is_no_name() {
        use Meaning as M;
        use Party as P;
        let sender = &[("Clinic: Front desk", M::Name, P::Sender)];
        check_chat(
            "chat.txt",
            "15/08/2023, 09:12 - Clinic: Front desk: one\n15/08/2023, 09:13 - Clinic: Front desk: two\n15/08/2023, 09:14 - Clinic: Front desk: three\n15/08/2023, 09:15 - Amara Lind changed the subject from \"a\" to \"b: c\"\n",
            &[(1, sender), (2, sender), (3, sender), (4, &[])],
        );
    }

    #[test]
    fn a_meeting_says_who_spoke_to_whom() {
        use Meaning as M;
        use Party as P;
        check_chat(
            "meeting_saved_chat.txt",
            "14:31:02 From Mike Brennan to Everyone:\n\thello: all\n14:32:10 From  Ana López  to  Mike Brennan(Direct Message):\n\tsecret\n\tmore\n",
            &[
                (1, &[("Mike Brennan", M::Name, P::Sender)]),
                (2, &[("Ana López", M::Name, P::Sender), ("Mike Brennan", M::Name, P::Recipient)]),
            ],
        );
        check_chat(
            "chat.txt",
            "09:01:02\t From Mike Brennan : hello\n09:01:03\t From Ana López to Mike Brennan (Privately) : hi\n",
            &[
                (1, &[("Mike Brennan", M::Name, P::Sender)]),
                (2, &[("Ana López", M::Name, P::Sender), ("Mike Brennan", M::Name, P::Recipient)]),
            ],
        );
        check_chat(
            "chat.txt",
            "00:12:33\tMike Brennan:\thello\n00:12:40\tAna López:\thi\n",
            &[
                (1, &[("Mike Brennan", M::Name, P::Sender)]),
                (2, &[("Ana López", M::Name, P::Sender)]),
            ],
        );
    }

    #[test]
    fn a_log_is_no_chat() {
        for text in [
            "[2024-03-12 09:14:02] local.ERROR: Amara: x\n[2024-03-12 09:14:03] local.INFO: y\n",
            "2024-03-12 09:14:02 - INFO - started\n2024-03-12 09:14:03 - INFO - done\n",
            "12 March 2024\n\nDear Ms Lind,\nyour appointment is on\n14 March 2024 at 10:30.\n",
        ] {
            assert_eq!(sniff(&Sample::new("a.txt", text.as_bytes())), None, "{text}");
        }
    }
}
