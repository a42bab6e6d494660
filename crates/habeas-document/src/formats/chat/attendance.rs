//! Who was at a meeting of Microsoft Teams: a report of several tables in one file.
//!
//! Source: Microsoft Teams, "Manage meeting attendance reports": UTF-16, tabs, the parts
//! `1. Summary`, `2. Participants`, `3. In-Meeting Activities`; before 2022 `Meeting Summary` and a
//! table after it.

use habeas_model::{Card, Meaning, Part, Party, Passage, Place, PlaceKind};

use super::said;
use crate::columns::Column;
use crate::encoding;
use crate::formats::Format;
use crate::out::{Input, Out};
use crate::record::Record;
use crate::sniff::{Match, Sample, Sure};

pub(in crate::formats) const FORMAT: Format = Format {
    card: Card {
        name: "teams-attendance",
        version: 1,
        summary: "Attendance reports of Microsoft Teams: the meeting, and each participant",
        handles: &["… - Attendance report ….csv", "meetingAttendanceReport.csv"],
        authority: "Microsoft Teams, Manage meeting attendance reports",
    },
    sniff,
    read,
};

const TITLES: [&str; 6] = [
    "Summary",
    "Meeting Summary",
    "Participants",
    "In-Meeting activities",
    "In-Meeting Activities",
    "Attendees",
];

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let text = sample.text()?;
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let is_report = matches!(title(first), Some("Summary" | "Meeting Summary"))
        && ["Meeting title", "Meeting Title", "Full Name", "Attended participants", "Total Number"]
            .iter()
            .any(|words| text.contains(words));
    is_report.then_some((Sure::Structure, "text/csv"))
}

/// The title of a part: `2. Participants`.
fn title(line: &str) -> Option<&str> {
    let line = line.trim_start_matches('\u{feff}').trim().trim_matches('"');
    let plain = match line.split_once(". ") {
        Some((number, rest)) if number.parse::<u8>().is_ok() => rest,
        _ => line,
    };
    TITLES.iter().find(|title| plain == **title).copied()
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    out.decoded(&decoded);
    out.facts().export = Some("teams-attendance".to_owned());
    let separator = if decoded.text.contains('\t') { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(decoded.text.as_bytes());
    let mut captions: Option<Vec<String>> = None;
    let mut head = Record::default();
    let (mut n_rows, mut is_table) = (0, false);
    for row in reader.records() {
        // Text that is valid UTF-8 cannot fail here.
        let Ok(row) = row else { continue };
        n_rows += 1;
        let cells: Vec<&str> =
            row.iter().map(|cell| cell.trim_start_matches('\u{feff}').trim()).collect();
        if let Some(found) = cells.first().and_then(|first| title(first))
            && cells.iter().skip(1).all(|cell| cell.is_empty())
        {
            is_table = !matches!(found, "Summary" | "Meeting Summary");
            captions = None;
            continue;
        }
        // Before 2022 the table has no title.
        if matches!(cells.first(), Some(&("Full Name" | "Name"))) && cells.len() > 2 {
            is_table = true;
            captions = None;
        }
        if !is_table {
            summary(&cells, &mut head);
            continue;
        }
        match &captions {
            None => captions = Some(cells.iter().map(|cell| (*cell).to_owned()).collect()),
            Some(captions) => {
                if let Some(head) = Some(std::mem::take(&mut head)).filter(|h| !h.is_empty()) {
                    hand_over_head(head, out);
                }
                let mut record = Record::default();
                for (index, cell) in cells.iter().enumerate() {
                    let caption = captions.get(index).map_or("", String::as_str);
                    record.value(&column(caption, index), cell);
                }
                if !record.is_empty() {
                    let passage = record.passage(Place::new(PlaceKind::Row, n_rows));
                    out.passage(Passage { part: Part::Body, ..passage });
                }
            }
        }
    }
    if !head.is_empty() {
        hand_over_head(head, out);
    }
}

fn summary(cells: &[&str], head: &mut Record) {
    let (Some(caption), values) = (cells.first(), &cells[1.min(cells.len())..]) else { return };
    let value = values.join(" ");
    if value.trim().is_empty() {
        head.text(caption);
        return;
    }
    let lower = caption.to_lowercase();
    let is = if lower.contains("title") {
        said::Is::Text
    } else if lower.contains("time") {
        said::Is::Date
    } else if lower.contains("id") && lower.contains("meeting") {
        said::Is::Thing
    } else {
        said::Is::Other
    };
    said::say(head, caption, &value, is, Party::Unknown);
}

fn hand_over_head(head: Record, out: &mut Out<'_>) {
    let passage = head.passage(Place::new(PlaceKind::Header, 1));
    out.passage(Passage { part: Part::Header, is_record: false, ..passage });
}

fn column(caption: &str, index: usize) -> Column {
    use Meaning as M;
    let (meaning, party) = match caption.to_lowercase().as_str() {
        "name" | "full name" => (M::Name, Party::Principal),
        "email" => (M::Email, Party::Principal),
        "participant id (upn)" | "participant id" => (M::Username, Party::Principal),
        "first join" | "last leave" | "join time" | "leave time" | "timestamp" => {
            (M::Date, Party::Unknown)
        }
        "in-meeting duration" | "duration" | "role" | "user action" => (M::Other, Party::Unknown),
        "" => {
            let caption = format!("Column {}", index + 1);
            return Column { caption, meaning: None, party: Party::Unknown };
        }
        _ => return Column::by_caption(caption),
    };
    Column { caption: caption.to_owned(), meaning: Some(meaning), party }
}
