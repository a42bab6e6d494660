//! Which files is an audit file made of?

use super::{AuditFile, page};
use crate::entry_in_words;
use crate::search::Described;

/// The files of an audit file, by name: a page, the same as text, everything as JSON, and tables.
///
/// # Errors
/// If something cannot be written as JSON, which would be a bug of ours.
pub fn audit_files(
    audit: &AuditFile,
    sources: &[Described],
) -> Result<Vec<(&'static str, Vec<u8>)>, serde_json::Error> {
    let account = page::account(audit, sources);
    let mut files = vec![
        ("audit.html", account.to_html().into_bytes()),
        ("audit.txt", account.to_text().into_bytes()),
        ("audit.json", json(audit)?),
        ("events.csv", events(audit)),
        ("decisions.csv", decisions(audit)?),
        ("sources.csv", sources_csv(audit)),
        ("withheld.csv", withheld(audit)),
    ];
    if let Some(search) = &audit.search {
        files.push(("search.json", json(search)?));
    }
    Ok(files)
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn events(audit: &AuditFile) -> Vec<u8> {
    let rows = audit.records.iter().map(|record| {
        let entry = &record.decision;
        let kind = entry.event().map_or("decision", |event| event.event.kind());
        vec![
            record.seq.to_string(),
            entry.event().map_or(String::new(), |event| event.on.to_string()),
            kind.to_owned(),
            entry_in_words(entry),
            entry.by().to_owned(),
            entry.at().to_string(),
            record.digest.clone(),
        ]
    });
    csv(&["record", "day", "kind", "what", "by", "written_at", "digest"], rows)
}

fn decisions(audit: &AuditFile) -> Result<Vec<u8>, serde_json::Error> {
    let mut rows = Vec::new();
    for row in &audit.findings {
        let verdict = serde_json::to_value(row.verdict)?;
        rows.push(vec![
            row.item.to_string(),
            row.place.to_string(),
            row.source.clone(),
            row.tier.to_string(),
            verdict.as_str().unwrap_or_default().to_owned(),
            row.reason.reveal().clone(),
            row.by.clone(),
            row.at.map_or(String::new(), |at| at.to_string()),
        ]);
    }
    let head = ["item_blake3", "place", "source", "tier", "verdict", "reason", "by", "at"];
    Ok(csv(&head, rows.into_iter()))
}

fn sources_csv(audit: &AuditFile) -> Vec<u8> {
    let rows = audit.sources.iter().map(|row| {
        let numbers = [
            row.items.listed,
            row.items.read,
            row.items.duplicate,
            row.items.excepted,
            row.items.excluded,
            row.matched,
            row.reviewed,
            row.disclosed,
            row.taken_out,
            row.withheld,
            row.incidental,
            row.not_subject,
        ];
        let read_at = row.read_at.map_or(String::new(), |at| at.to_string());
        let mut cells = vec![row.source.clone(), read_at];
        cells.extend(numbers.iter().map(ToString::to_string));
        cells
    });
    let head = [
        "source",
        "read_at",
        "listed",
        "read",
        "duplicate",
        "excepted",
        "excluded",
        "matched",
        "reviewed",
        "given",
        "taken_out",
        "withheld",
        "incidental",
        "not_subject",
    ];
    csv(&head, rows)
}

fn withheld(audit: &AuditFile) -> Vec<u8> {
    let rows = audit.withheld.iter().map(|row| {
        vec![
            row.item.to_string(),
            row.place.to_string(),
            row.source.clone(),
            row.path.reveal().clone(),
            row.code.clone(),
            row.provision.clone(),
            row.question.clone(),
            row.answer.reveal().clone(),
            if row.is_told { "yes" } else { "no" }.to_owned(),
            row.reason.reveal().clone(),
            row.by.clone(),
            row.at.to_string(),
        ]
    });
    let head = [
        "item_blake3",
        "place",
        "source",
        "path",
        "code",
        "provision",
        "question",
        "answer",
        "told",
        "reason",
        "by",
        "at",
    ];
    csv(&head, rows)
}

/// A table whose cells are never taken for formulas.
fn csv(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut is_whole = writer.write_record(head).is_ok();
    for row in rows {
        is_whole &= writer.write_record(row.iter().map(|cell| harmless(cell))).is_ok();
    }
    assert!(is_whole, "a table in memory can always be written");
    writer.into_inner().unwrap_or_default()
}

/// A cell that starts like a formula gets an apostrophe.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        let table = csv(&["a"], [vec!["=1+1".to_owned()], vec!["x, y".to_owned()]].into_iter());
        assert_eq!(String::from_utf8(table).unwrap(), "a\n'=1+1\n\"x, y\"\n");
    }
}
