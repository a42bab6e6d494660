//! Has every format a fixture that shows what it reads?

use std::path::Path;

/// Formats that have none yet: take a name out when its fixture is there.
const WITHOUT: &[&str] = &[
    "doc", "docx", "eml", "ics", "markdown", "mbox", "msg", "odf", "ole", "pdf", "pptx", "rtf",
    "vcf", "workbook",
];

/// The endings and media types of all fixtures and of what is packed in them.
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
                shown.extend(name.rsplit_once('.').map(|(_, end)| format!(".{end}")));
            }
        }
    }
}

#[test]
fn every_format_has_a_fixture() {
    let mut all = Vec::new();
    shown(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"), &mut all);
    let missing: Vec<&str> = habeas_document::formats()
        .iter()
        .filter(|card| !card.handles.iter().any(|handle| all.iter().any(|has| has == handle)))
        .map(|card| card.name)
        .filter(|name| !WITHOUT.contains(name))
        .collect();
    assert!(missing.is_empty(), "add one to tests/fixtures for {missing:?}");
}
