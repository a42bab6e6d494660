//! Has every format a fixture that shows what it reads?

use std::path::Path;

/// Formats without a fixture.
const WITHOUT: &[&str] = &[];

/// The media types and names of all fixtures and of what is packed in them.
fn shown(folder: &Path, shown: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            self::shown(&path, shown);
        } else if path.extension().is_some_and(|extension| extension == "expected") {
            let text = std::fs::read_to_string(&path).unwrap();
            // `name.ext (media/type, 2 members)`
            let heads =
                text.lines().filter(|line| !line.starts_with(' ') && line.ends_with(" members)"));
            for head in heads {
                let Some((name, rest)) = head.rsplit_once(" (") else { continue };
                shown.extend(rest.split(',').next().map(str::to_owned));
                shown.extend(name.rsplit('/').next().map(str::to_owned));
            }
        }
    }
}

/// Is this the media type or the name that a card's handle stands for?
///
/// A handle is a media type, an ending (`.dbf`) or a name; `…` and `*` stand for any letters.
fn is_meant(handle: &str, shown: &str) -> bool {
    let handle =
        if handle.starts_with('.') { format!("…{handle}") } else { handle.replace('*', "…") };
    let Some((front, rest)) = handle.split_once('…') else { return handle == shown };
    let Some(mut shown) = shown.strip_prefix(front) else { return false };
    let (between, end) = rest.rsplit_once('…').unwrap_or(("", rest));
    for piece in between.split('…') {
        let Some((_, after)) = shown.split_once(piece) else { return false };
        shown = after;
    }
    shown.ends_with(end)
}

#[test]
fn a_handle_is_a_media_type_an_ending_or_a_name() {
    for (handle, shown, is_it) in [
        (".dbf", "clients.dbf", true),
        (".dbf", "dbf", false),
        ("audio/*", "audio/mpeg", true),
        ("_chat.txt", "_chat.txt", true),
        ("_chat.txt", "meeting_saved_chat.txt", false),
        ("sms-….xml", "sms-2024.xml", true),
        ("sms-….xml", "calls-2024.xml", false),
        ("… - Attendance report ….csv", "Weekly - Attendance report 3-12-24.csv", true),
        ("… - Attendance report ….csv", "Weekly 3-12-24.csv", false),
    ] {
        assert_eq!(is_meant(handle, shown), is_it, "{handle} {shown}");
    }
}

#[test]
fn every_format_has_a_fixture() {
    let mut all = Vec::new();
    shown(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"), &mut all);
    let missing: Vec<&str> = habeas_document::formats()
        .iter()
        .filter(|card| {
            !card.handles.iter().any(|handle| all.iter().any(|has| is_meant(handle, has)))
        })
        .map(|card| card.name)
        .filter(|name| !WITHOUT.contains(name))
        .collect();
    assert!(missing.is_empty(), "add one to tests/fixtures for {missing:?}");
}
