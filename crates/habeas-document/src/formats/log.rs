//! Logs and chats: where does an entry begin, and who caused it?
//!
//! An entry begins with a time, or is a line of a web server. It goes on to the next line that
//! begins so, because traces and messages have several lines.

use habeas_model::{Card, Field, Meaning, Party, Passage, Place, PlaceKind};

use super::{Format, html};
use crate::encoding;
use crate::out::{Input, Out};
use crate::shape;
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "log",
        version: 2,
        summary: "Logs of web servers and programs, and chats, an entry at a time",
        handles: &["text/x-log", ".log", "access.log", "IIS W3C", "WhatsApp chat"],
        authority: "Apache HTTP Server, Log Files; W3C Extended Log File Format",
    },
    sniff,
    read,
};

mod people;

/// How many lines decide.
const TRIAL_LINES: usize = 100;

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let text = sample.text()?;
    if text.starts_with("#Software:") || text.starts_with("#Version: 1.0") {
        return Some((Sure::Grammar, "text/x-log"));
    }
    let mut lines =
        text.lines().filter(|line| !line.trim().is_empty()).take(TRIAL_LINES).peekable();
    let is_first = begins_entry(lines.peek()?);
    let (mut n_lines, mut n_entries, mut n_counted) = (0, 0, 0);
    for line in lines {
        n_lines += 1;
        n_entries += usize::from(begins_entry(line));
        n_counted += usize::from(line.contains(|c: char| c.is_ascii_digit()));
    }
    let is_log = if sample.is_named(&["log"]) {
        // Some have their time in the middle of a line, but hardly a line without a number.
        n_entries > 0 && n_entries * 5 >= n_lines || n_lines >= 3 && n_counted * 5 >= n_lines * 4
    } else {
        is_first && n_entries >= 2 && n_entries * 2 >= n_lines
    };
    let is_table =
        sample.is_named(&["csv", "tsv", "json", "jsonl", "xml", "html", "htm", "md", "eml"]);
    (is_log && !is_table).then_some((Sure::Named, "text/x-log"))
}

/// Is each line an entry, because hardly one begins as the entries that are known do?
fn is_lined(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).take(TRIAL_LINES);
    let (n_lines, n_entries) = lines.fold((0, 0), |(n_lines, n_entries), line| {
        (n_lines + 1, n_entries + usize::from(begins_entry(line)))
    });
    n_entries * 5 < n_lines
}

/// Does an entry begin with this line?
fn begins_entry(line: &str) -> bool {
    is_access(line) || time_bytes(line).is_some()
}

/// `203.0.113.9 - - [12/Mar/2026:14:02:11 +0000] "GET …`, perhaps with a host before it.
fn is_access(line: &str) -> bool {
    let Some((front, rest)) = line.split_once(" [") else { return false };
    let Some((time, _)) = rest.split_once(']') else { return false };
    front.split(' ').count() <= 5
        && time.len() >= 20
        && time.as_bytes().get(2) == Some(&b'/')
        && time.as_bytes().get(11) == Some(&b':')
}

/// How many bytes of the line are the time that it begins with.
fn time_bytes(line: &str) -> Option<usize> {
    let before = priority_bytes(line) + weekday_bytes(&line[priority_bytes(line)..]);
    Some(before + plain_time_bytes(&line[before..])?)
}

/// `<34>1 ` of the system's log: its priority, and its version (RFC 5424, 6.2).
fn priority_bytes(line: &str) -> usize {
    let Some((number, rest)) = line.strip_prefix('<').and_then(|rest| rest.split_once('>')) else {
        return 0;
    };
    if number.is_empty() || number.len() > 3 || !shape::is_number(number) {
        return 0;
    }
    line.len() - rest.strip_prefix("1 ").unwrap_or(rest).len()
}

/// `[Wed ` before a time.
fn weekday_bytes(line: &str) -> usize {
    let rest = line.strip_prefix('[').unwrap_or(line);
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let is_day = |rest: &str| rest.get(..3).is_some_and(|day| days.contains(&day));
    match rest.get(3..) {
        Some(after) if is_day(rest) => {
            let after = after.strip_prefix(',').unwrap_or(after);
            after.strip_prefix(' ').map_or(0, |after| line.len() - after.len())
        }
        _ => 0,
    }
}

fn plain_time_bytes(line: &str) -> Option<usize> {
    let start = line.len() - line.trim_start_matches(['[', '\u{200e}', '\u{feff}', ' ', '<']).len();
    let rest = &line[start..];
    if start > 0 && line.starts_with(' ') {
        return None;
    }
    let is_time = |part: &str| {
        let clock = part.trim_end_matches(|c: char| !c.is_ascii_digit());
        let fields: Vec<&str> = clock.split([':', '.', ',', '+', '-', 'Z']).collect();
        clock.contains(':')
            && fields.len() >= 2
            && fields.iter().take(2).all(|field| {
                (1..=2).contains(&field.len()) && shape::count_digits(field) == field.len()
            })
    };
    let mut ends =
        rest.match_indices([' ', '\u{202f}', '\t']).map(|(at, _)| at).chain([rest.len()]);
    let first_end = ends.next()?;
    let first = rest[..first_end].trim_end_matches([',', ']', '>', ':']);
    // `2024-03-12T09:14:02Z` is both in one.
    if let Some((date, clock)) = first.split_once('T').or_else(|| first.split_once('_'))
        && shape::is_date(date)
        && is_time(clock)
    {
        return Some(start + first_end);
    }
    let mut second_end = ends.next()?;
    let mut second = rest[first_end..second_end].trim();
    if second.is_empty() {
        // `Mar  2`: a day of one digit has two spaces before it.
        let start = second_end;
        second_end = ends.next()?;
        second = rest[start..second_end].trim();
    }
    if shape::is_date(first) && is_time(second) {
        // `9:12:33 AM` has one more part.
        let third_end = ends.next().unwrap_or(second_end);
        let third = rest[second_end..third_end].trim().trim_end_matches(']').to_ascii_lowercase();
        let end = if matches!(third.as_str(), "am" | "pm") { third_end } else { second_end };
        return Some(start + end);
    }
    // `Mar 12 09:14:02` of the system's log.
    let third_end = ends.next()?;
    let date = format!("{} {} 2000", first, second);
    (shape::is_date(&date) && first.len() == 3 && is_time(rest[second_end..third_end].trim()))
        .then_some(start + third_end)
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    out.decoded(&decoded);
    let mut columns: Vec<String> = Vec::new();
    let is_lined = is_lined(&decoded.text);
    let mut entry = String::new();
    let mut first = 1;
    for (index, line) in decoded.text.lines().enumerate() {
        let number = index + 1;
        if let Some(names) = line.strip_prefix("#Fields:") {
            columns = names.split_whitespace().map(str::to_owned).collect();
        }
        let is_table = !columns.is_empty() || line.starts_with('#');
        let is_entry = begins_entry(line) || is_lined && !line.starts_with([' ', '\t']);
        if is_table || is_entry || entry.len() > MAX_ENTRY_BYTES {
            hand_over(std::mem::take(&mut entry), first, &columns, out);
            first = number;
        }
        if entry.is_empty() && line.trim().is_empty() {
            first = number + 1;
            continue;
        }
        if !entry.is_empty() {
            entry.push('\n');
        }
        entry.push_str(line);
        if out.is_full() {
            return;
        }
    }
    hand_over(entry, first, &columns, out);
}

/// An entry that goes on for longer than this is cut into several.
const MAX_ENTRY_BYTES: usize = 8_000;

fn hand_over(entry: String, line: usize, columns: &[String], out: &mut Out<'_>) {
    let raw = entry.trim_end();
    let (text, mut fields) = if !columns.is_empty() && !raw.starts_with('#') {
        by_columns(raw, columns)
    } else if is_access(raw) {
        let text = readable(raw);
        let fields = of_access(&text);
        (text, fields)
    } else {
        (raw.to_owned(), of_chat(raw))
    };
    people::add(&text, &mut fields);
    let place = Place::new(PlaceKind::Line, line);
    out.passage(Passage { fields, is_record: true, ..Passage::text(place, text) });
}

/// A line with its addresses of the web as they are meant: `%40` is an `@`, and in a query `+` is a
/// space. Otherwise nobody in them would be found, or taken out.
fn readable(line: &str) -> String {
    if !line.contains(['%', '?']) {
        return line.to_owned();
    }
    line.split(' ').map(readable_word).collect::<Vec<_>>().join(" ")
}

fn readable_word(word: &str) -> String {
    let (path, query) =
        word.split_once('?').map_or((word, None), |(path, query)| (path, Some(query)));
    let mut text = html::percent_decoded(path);
    if let Some(query) = query {
        text.push('?');
        let parts = query.split('&').map(|part| {
            // An address of mail may have a `+` of its own.
            let is_mail = part.contains('@') || part.contains("%40");
            let part = if is_mail { part.to_owned() } else { part.replace('+', " ") };
            html::percent_decoded(&part)
        });
        text.push_str(&parts.collect::<Vec<_>>().join("&"));
    }
    // What would break the line stays as it was.
    if text.contains(char::is_control) { word.to_owned() } else { text }
}

/// A line of a W3C log with its fields, by the names that its head gives.
fn by_columns(line: &str, columns: &[String]) -> (String, Vec<Field>) {
    let mut text = String::with_capacity(line.len());
    let mut fields = Vec::new();
    for (index, value) in line.split(' ').enumerate() {
        if index > 0 {
            text.push(' ');
        }
        let start = text.len();
        let column = columns.get(index).map_or("", String::as_str);
        match column {
            "cs-uri-query" => {
                text.push_str(readable_word(&format!("?{value}")).trim_start_matches('?'))
            }
            _ => text.push_str(&readable_word(value)),
        }
        if column.to_ascii_lowercase().contains("x-forwarded-for") {
            add_addresses(&text, start, &mut fields);
            continue;
        }
        let known = match column {
            "c-ip" => Some((Meaning::Ip, Party::Principal)),
            "cs-username" => Some((Meaning::Username, Party::Principal)),
            "s-ip" | "s-port" | "sc-status" | "sc-bytes" | "cs-bytes" => {
                Some((Meaning::Other, Party::Unknown))
            }
            "date" | "time" => Some((Meaning::Date, Party::Unknown)),
            _ => None,
        };
        if let Some((meaning, party)) = known
            && value != "-"
            && start < text.len()
        {
            fields.push(Field { range: start..text.len(), meaning, party });
        }
    }
    (text, fields)
}

/// The addresses that a request came through, the first one whose it is: `198.51.100.7,+203.0.113.9`.
fn add_addresses(text: &str, mut start: usize, fields: &mut Vec<Field>) {
    for part in text[start..].split([',', '+', '"']) {
        if shape::is_ip(part) {
            let range = start..start + part.len();
            fields.push(Field { range, meaning: Meaning::Ip, party: Party::Principal });
        }
        start += part.len() + 1;
    }
}

/// The fields of a line in the common or combined format: host, user, time.
fn of_access(text: &str) -> Vec<Field> {
    let mut fields = Vec::new();
    let Some(time) = text.find(" [") else { return fields };
    let mut start = 0;
    let n_values = text[..time].split(' ').count();
    for (index, value) in text[..time].split(' ').enumerate() {
        let range = start..start + value.len();
        start = range.end + 1;
        let host = value.trim_end_matches(',');
        if shape::is_ip(host) {
            let range = range.start..range.start + host.len();
            fields.push(Field { range, meaning: Meaning::Ip, party: Party::Principal });
        } else if index >= 2 && index + 1 == n_values && value != "-" && !value.is_empty() {
            // More addresses or the server's name may come before.
            fields.push(Field { range, meaning: Meaning::Username, party: Party::Principal });
        }
    }
    if let Some(end) = text[time..].find(']') {
        let range = time + 2..time + end;
        fields.push(Field { range, meaning: Meaning::Date, party: Party::Unknown });
    }
    fields
}

/// The time of an entry, and the sender of a message of a chat.
///
/// `15/08/2023, 09:12 - Name: text` (Android) and `[15/08/2023, 09:12:33] Name: text` (iOS).
fn of_chat(text: &str) -> Vec<Field> {
    let Some(end) = time_bytes(text) else { return Vec::new() };
    let before = priority_bytes(text);
    let start = before + text[before..].find(|c: char| c.is_alphanumeric()).unwrap_or(0);
    let mut fields = Vec::new();
    let time = text[start..end].trim_end_matches([']', '>', ':', ',']);
    if !time.is_empty() {
        let range = start..start + time.len();
        fields.push(Field { range, meaning: Meaning::Date, party: Party::Unknown });
    }
    let is_bracketed = text[..end].contains('[');
    let rest = &text[end..];
    let body = if is_bracketed { rest.strip_prefix(' ') } else { rest.strip_prefix(" - ") };
    let Some((name, _)) =
        body.and_then(|body| body.split_once(": ").or_else(|| body.split_once(":\n")))
    else {
        return fields;
    };
    let marks = ['\u{200e}', '\u{202a}', '\u{202c}', '~', '\u{202f}', '\u{a0}', ' '];
    let shown = name.trim_matches(marks);
    let is_sender = !shown.is_empty()
        && shown.chars().count() <= 60
        && !shown.contains(['\n', '[', '=', '/', '"', '{'])
        && (shape::is_phone(shown) || !is_level(shown));
    if is_sender && let Some(at) = text[end..].find(shown) {
        let range = end + at..end + at + shown.len();
        let meaning = if shape::is_phone(shown) { Meaning::Phone } else { Meaning::Name };
        // A program's name has no capital and no space, a person's mostly has.
        if meaning == Meaning::Phone || shown.chars().any(char::is_uppercase) {
            fields.push(Field { range, meaning, party: Party::Sender });
        }
    }
    fields
}

/// `INFO`, `[Warning]` and the like stand where a chat has its sender.
fn is_level(word: &str) -> bool {
    let word = word.split_whitespace().next().unwrap_or(word).to_ascii_lowercase();
    matches!(
        word.as_str(),
        "trace"
            | "debug"
            | "info"
            | "notice"
            | "warn"
            | "warning"
            | "error"
            | "fatal"
            | "critical"
            | "severe"
            | "audit"
            | "verbose"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;

    fn check_log(name: &str, text: &str, expected: &[(u32, &[(&str, Meaning)])]) {
        let sample = Sample::new(name, text.as_bytes());
        assert_eq!(sniff(&sample).map(|found| found.1), Some("text/x-log"), "{text}");
        let budget = Budget::default();
        let mut out = Out::new("text/x-log", &budget);
        read(
            &Input { name, bytes: text.as_bytes(), media_type: "text/x-log", budget: &budget },
            &mut out,
        );
        let passages = out.finish().0.passages;
        let got: Vec<(u32, Vec<(&str, Meaning)>)> = passages
            .iter()
            .map(|p| {
                (
                    p.place.number,
                    p.fields
                        .iter()
                        .filter(|f| f.meaning != Meaning::Date)
                        .map(|f| (&p.text[f.range.clone()], f.meaning))
                        .collect(),
                )
            })
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(line, fields)| (*line, fields.to_vec())).collect();
        assert_eq!(got, expected);
        let kept: usize = passages.iter().map(|p| p.text.split_whitespace().count()).sum();
        assert_eq!(kept, text.split_whitespace().count());
    }

    #[test]
    fn a_line_of_a_web_server_says_who_asked() {
        check_log(
            "access.log",
            "203.0.113.9 - amara [12/Mar/2026:14:02:11 +0000] \"GET /book?email=a%40example.org HTTP/2.0\" 200 5123 \"-\" \"Mozilla/5.0\"\n\
             2001:db8::7 - - [12/Mar/2026:14:02:12 +0000] \"GET / HTTP/1.1\" 200 12\n",
            &[
                (
                    1,
                    &[
                        ("203.0.113.9", Meaning::Ip),
                        ("amara", Meaning::Username),
                        ("a@example.org", Meaning::Email),
                    ],
                ),
                (2, &[("2001:db8::7", Meaning::Ip)]),
            ],
        );
        check_log(
            "access.log",
            "198.51.100.7, 203.0.113.9 - amara [12/Mar/2026:14:02:11 +0000] \"GET / HTTP/2.0\" 200 5 \"-\" \"x\"\n",
            &[(
                1,
                &[
                    ("198.51.100.7", Meaning::Ip),
                    ("203.0.113.9", Meaning::Ip),
                    ("amara", Meaning::Username),
                ],
            )],
        );
        check_log(
            "u_ex240313.log",
            "#Fields: date time X-Forwarded-For\n2024-03-12 09:14:02 198.51.100.7,+203.0.113.9\n",
            &[(1, &[]), (2, &[("198.51.100.7", Meaning::Ip), ("203.0.113.9", Meaning::Ip)])],
        );
        check_log(
            "u_ex240312.log",
            "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method c-ip cs-username sc-status\n2024-03-12 09:14:02 192.0.2.1 GET 203.0.113.9 amara 200\n",
            &[
                (1, &[]),
                (2, &[]),
                (
                    3,
                    &[
                        ("192.0.2.1", Meaning::Other),
                        ("203.0.113.9", Meaning::Ip),
                        ("amara", Meaning::Username),
                        ("200", Meaning::Other),
                    ],
                ),
            ],
        );
    }

    #[test]
    fn an_entry_keeps_its_lines_and_a_message_its_sender() {
        check_log(
            "app.log",
            "2024-03-12T09:14:02Z ERROR booking failed\n  at step 2\n  at step 1\n2024-03-12T09:14:03Z INFO retried\n",
            &[(1, &[]), (4, &[])],
        );
        check_log(
            "syslog",
            "Mar 12 09:14:02 host app[1]: start\nMar 12 09:14:03 host app[1]: stop\n",
            &[(1, &[]), (2, &[])],
        );
        check_log(
            "syslog",
            "Mar  2 09:14:02 host app[1]: start\nMar  2 09:14:03 host app[1]: stop\n",
            &[(1, &[]), (2, &[])],
        );
        check_log(
            "nova.log",
            "api.log 2017-05-16 00:00:00 1 INFO user=amara\napi.log 2017-05-16 00:00:01 2\n  at 3\nend 4\n",
            &[(1, &[("amara", Meaning::Username)]), (2, &[]), (4, &[])],
        );
        check_log(
            "messages",
            "<34>1 2026-03-12T09:14:02.003Z host sshd 7 - - Accepted password for amara from 203.0.113.9\n<34>1 2026-03-12T09:14:03Z host x 7 - - y\n",
            &[(1, &[("amara", Meaning::Username), ("203.0.113.9", Meaning::Ip)]), (2, &[])],
        );
        check_log(
            "error.log",
            "[Thu Mar 12 09:14:02.123456 2026] [core:error] [client 203.0.113.9:5123] no file\n[Thu Mar 12 09:14:03 2026] [core:error] x\n",
            &[(1, &[("203.0.113.9", Meaning::Ip)]), (2, &[])],
        );
        check_log(
            "chat.txt",
            "15/08/2023, 09:12 - Amara Lind: hello\nsecond line\n15/08/2023, 09:13 - +44 7700 900123: yes: no\n",
            &[(1, &[("Amara Lind", Meaning::Name)]), (3, &[("+44 7700 900123", Meaning::Phone)])],
        );
        check_log(
            "_chat.txt",
            "[15/08/2023, 09:12:33] Amara Lind: hello\n\u{200e}[8/15/23, 9:12:33\u{202f}AM] ~Bo Ek: hi\n",
            &[(1, &[("Amara Lind", Meaning::Name)]), (2, &[("Bo Ek", Meaning::Name)])],
        );
    }

    #[test]
    fn a_letter_is_no_log() {
        for text in [
            "12 March 2024\n\nDear Ms Lind,\nyour appointment is on\n14 March 2024 at 10:30.\n",
            "Hello\nWorld\n",
        ] {
            assert_eq!(sniff(&Sample::new("a.txt", text.as_bytes())), None);
        }
    }
}
