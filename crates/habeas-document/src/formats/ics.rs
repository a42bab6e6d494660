//! What stands in a calendar, and who is invited?

use habeas_model::{Card, Meaning, Part, Party, Personal, Place, PlaceKind};

use super::Format;
use crate::encoding;
use crate::formats::captioned::Captioned;
use crate::formats::mail::head;
use crate::formats::records::{self, Line};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "ics",
        version: 2,
        summary: "Appointments and tasks, one record each, with who is invited",
        handles: &["text/calendar", ".ics", ".vcs"],
        authority: "RFC 5545; RFC 7986; vCalendar 1.0",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let text = sample.text()?.trim_start_matches('\u{feff}').trim_start();
    let begins = text.get(..15).is_some_and(|head| head.eq_ignore_ascii_case("BEGIN:VCALENDAR"));
    begins.then_some((Sure::Magic, "text/calendar"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    // Components stand in components: what an alarm says goes with its appointment.
    let (mut record, mut first, mut depth) = (Captioned::default(), 1, 0_usize);
    let (mut n_files, mut n_titled) = (0, 0);
    for (number, line) in records::lines(&decoded.text) {
        let is_clock = line.value.trim().to_ascii_uppercase();
        let is_clock = matches!(is_clock.as_str(), "VTIMEZONE" | "STANDARD" | "DAYLIGHT");
        match line.name.as_str() {
            "BEGIN" => {
                depth += 1;
                if depth <= 2 && !is_clock {
                    hand_over(std::mem::take(&mut record), first, out);
                    first = number;
                }
            }
            "END" => {
                depth = depth.saturating_sub(1);
                if depth <= 1 {
                    hand_over(std::mem::take(&mut record), first, out);
                    first = number;
                }
            }
            "ATTACH" | "IMAGE" if attached(&line, &mut n_files, out) => {}
            "SUMMARY" => {
                n_titled += 1;
                out.facts().title = Some(Personal::new(records::unescaped(&line.value)));
                property(&mut record, &line);
            }
            _ => property(&mut record, &line),
        }
    }
    if n_titled > 1 {
        // Several appointments have no title in common.
        out.facts().title = None;
    }
    hand_over(record, first, out);
    out.decoded(&decoded);
}

/// Hands over a file that is kept in the calendar; `false` if it is elsewhere.
fn attached(line: &Line, n_files: &mut usize, out: &mut Out<'_>) -> bool {
    let Some((kind, bytes)) = records::inline(line) else { return false };
    *n_files += 1;
    let stated = ["FILENAME", "X-FILENAME", "X-APPLE-FILENAME", "X-ORACLE-FILENAME"];
    let stated = stated.iter().find_map(|name| line.parameters.get(*name));
    let name = format!("attachment-{n_files}.{}", records::ending(&kind));
    out.child(stated.unwrap_or(&name), bytes);
    true
}

fn hand_over(record: Captioned, first: usize, out: &mut Out<'_>) {
    if !record.is_empty() {
        out.passage(record.into_record(Place::new(PlaceKind::Line, first), Part::Body));
    }
}

fn property(record: &mut Captioned, line: &Line) {
    use Meaning as M;
    let text = records::unescaped(&line.value);
    let date = |text: &str| date(text).unwrap_or_else(|| text.to_owned());
    match line.name.as_str() {
        "SUMMARY" => record.line("Subject", &text, M::Text, Party::Unknown),
        "DESCRIPTION" | "COMMENT" | "CONTACT" => {
            let caption = if line.name == "CONTACT" { "Contact" } else { "Notes" };
            record.line(caption, &text, M::Text, Party::Unknown);
        }
        "LOCATION" => record.line("Location", &text, M::Text, Party::Unknown),
        "DTSTART" => record.line("Begins", &date(&text), M::Date, Party::Unknown),
        "DTEND" | "DUE" => record.line("Ends", &date(&text), M::Date, Party::Unknown),
        "CREATED" => record.line("Created", &date(&text), M::Date, Party::Unknown),
        "ORGANIZER" | "ATTENDEE" => {
            let (caption, party) = match line.name.as_str() {
                "ORGANIZER" => ("Organiser", Party::Sender),
                _ => ("Attendee", Party::Recipient),
            };
            let lower = text.to_ascii_lowercase();
            let address =
                if lower.starts_with("mailto:") { text.get(7..) } else { Some(text.as_str()) };
            record.caption(caption);
            let stated = line.parameters.get("EMAIL").map(String::as_str);
            let is_email = address.is_some_and(|address| address.contains('@'));
            let address = if is_email { address } else { stated.or(address) };
            head::mailbox(record, line.parameters.get("CN").map(String::as_str), address, party);
            for (name, caption) in [
                ("SENT-BY", "Sent by"),
                ("DELEGATED-TO", "Delegated to"),
                ("DELEGATED-FROM", "Delegated from"),
                ("MEMBER", "Member of"),
            ] {
                for other in line.parameters.get(name).iter().flat_map(|value| value.split(',')) {
                    let other = other.trim_matches('"');
                    record.caption(caption);
                    let is_mailto =
                        other.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:"));
                    let other = if is_mailto { other.get(7..).unwrap_or_default() } else { other };
                    head::mailbox(record, None, Some(other), party);
                }
            }
        }
        "X-ALT-DESC" => {
            let (shown, _) = crate::formats::mail::body::of_html(&text);
            record.line("Notes", &shown, M::Text, Party::Unknown);
        }
        "FREEBUSY" => record.line("Busy", &text, M::Date, Party::Unknown),
        "GEO" => record.line("Location", &text, M::Other, Party::Unknown),
        "" => record.line("Line", &text, M::Text, Party::Unknown),
        // What the machinery of calendars needs, and names nobody.
        "VERSION" | "PRODID" | "UID" | "DTSTAMP" | "SEQUENCE" | "CALSCALE" | "METHOD"
        | "TRANSP" | "CLASS" | "STATUS" | "PRIORITY" | "LAST-MODIFIED" | "RRULE" | "TRIGGER"
        | "ACTION" | "TZID" | "TZOFFSETFROM" | "TZOFFSETTO" | "TZNAME" | "RDATE" | "EXDATE"
        | "RECURRENCE-ID" | "X-LIC-LOCATION" | "TZURL" => {}
        name if (name.starts_with("X-MICROSOFT") || name.starts_with("X-APPLE"))
            && !text.contains(['@', ' ']) => {}
        name => record.line(name, &text, M::Text, Party::Unknown),
    }
}

/// `20250304T100000Z` as `2025-03-04 10:00:00Z`.
fn date(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = |from: usize, to: usize| {
        text.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let day = format!("{}-{}-{}", digits(0, 4)?, digits(4, 6)?, digits(6, 8)?);
    if text.len() == 8 {
        return Some(day);
    }
    let zone = text.get(15..)?;
    let time = format!("{}:{}:{}", digits(9, 11)?, digits(11, 13)?, digits(13, 15)?);
    Some(format!("{day} {time}{zone}"))
}
