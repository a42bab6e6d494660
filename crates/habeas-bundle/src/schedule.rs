//! The schedule: what is given, what is not, and why?

use habeas_case::{Decided, Withheld};
use habeas_redact::paper::Block;

use crate::gather::{Given, Refused};
use crate::sheets::{count, csv, table};
use crate::{Estate, Organisation};

/// What the schedule says of something that was decided to be kept back.
pub(crate) struct Kept {
    pub(crate) source: String,
    pub(crate) code: String,
    pub(crate) ground: String,
}

/// What is kept back and may be told. A ground of which not even the existence may be confirmed
/// leaves no trace here.
pub(crate) fn kept(
    decided: &Decided,
    estate: &Estate<'_>,
    organisation: &Organisation,
    hide: &dyn Fn(&str) -> String,
) -> Vec<Kept> {
    let tellable = |withheld: &&Withheld| withheld.exemption.is_none_or(|e| e.code != "NCND");
    decided
        .withheld
        .iter()
        .filter(tellable)
        .map(|withheld| {
            let places = (estate.places)(&withheld.finding.item);
            let source = places.first().map_or(String::new(), |(name, _)| organisation.title(name));
            let (code, ground) = ground(withheld);
            Kept { source: hide(&source), code, ground }
        })
        .collect()
}

/// A ground's code and words. What would defeat the ground is not told; what a decision says beyond
/// its code was written for the file, not for the person, and stays there.
fn ground(withheld: &Withheld) -> (String, String) {
    match withheld.exemption {
        Some(_) if !withheld.is_told => (
            "EX".to_owned(),
            "An exemption applies; saying more would defeat its purpose".to_owned(),
        ),
        Some(exemption) => {
            (exemption.code.to_owned(), format!("{} ({})", exemption.title, exemption.provision))
        }
        None => ("OTHER".to_owned(), "Kept back; ask us for the reason".to_owned()),
    }
}

const HEADER: &[&str] = &[
    "no",
    "first_page",
    "last_page",
    "pages",
    "folder",
    "file",
    "description",
    "title",
    "source",
    "place",
    "date",
    "why_yours",
    "taken_out",
    "records_of_others_not_included",
    "parts_not_readable",
    "also_found",
    "status",
    "ground",
    "sha256",
];

/// The schedule as data.
pub(crate) fn as_csv(
    given: &[Given],
    kept: &[Kept],
    refused: &[Refused],
    sha256: &[String],
) -> Vec<u8> {
    let mut rows = Vec::new();
    for (given, digest) in given.iter().zip(sha256) {
        let entry = &given.entry;
        let pages = given.redacted.n_pages();
        rows.push(vec![
            given.number.to_string(),
            given.first.to_string(),
            given.first.plus(pages.saturating_sub(1)).to_string(),
            pages.to_string(),
            given.class.folder().to_owned(),
            format!("{}.pdf", given.first),
            entry.description.clone(),
            entry.title.clone(),
            entry.source.clone(),
            place(&entry.path),
            entry.dated.clone(),
            entry.why.join("; "),
            entry.n_labels.to_string(),
            entry.n_left_out.to_string(),
            entry.n_exceptions.to_string(),
            also(given),
            "given".to_owned(),
            if entry.n_labels > 0 { "TP".to_owned() } else { String::new() },
            digest.clone(),
        ]);
    }
    let bare = |source: &str, status: &str, ground: String| {
        let mut row = vec![String::new(); HEADER.len()];
        for (at, value) in [(8, source.to_owned()), (16, status.to_owned()), (17, ground)] {
            if let Some(cell) = row.get_mut(at) {
                *cell = value;
            }
        }
        row
    };
    rows.extend(
        kept.iter()
            .map(|kept| bare(&kept.source, "kept back", format!("{}: {}", kept.code, kept.ground))),
    );
    rows.extend(
        refused
            .iter()
            .map(|refused| bare(&refused.source, "not given yet", refused.reason.clone())),
    );
    csv(HEADER, &rows)
}

/// The page `03_Schedule-of-documents`.
pub(crate) fn blocks(given: &[Given], kept: &[Kept], refused: &[Refused]) -> Vec<Block> {
    let mut blocks = vec![Block::Title("Schedule of documents".into())];
    blocks.push(Block::Note(
        "Each exhibit with the numbers of its pages. \"Taken out\" counts places where a label stands \
         for another person; the key explains the codes. The same list as data: \
         03_Schedule-of-documents.csv."
            .into(),
    ));
    blocks.push(Block::Heading(format!(
        "Given: {}",
        count(given.len() as u64, "exhibit", "exhibits")
    )));
    let rows = given
        .iter()
        .map(|given| {
            let entry = &given.entry;
            let what = if entry.title.is_empty() {
                entry.description.clone()
            } else {
                format!("{}: {}", entry.description, entry.title)
            };
            let mut out =
                if entry.n_labels > 0 { format!("{} TP", entry.n_labels) } else { String::new() };
            if entry.n_left_out > 0 {
                let between = if out.is_empty() { "" } else { "\n" };
                out.push_str(&format!("{between}{} NPD", entry.n_left_out));
            }
            let mut found = format!("{}\n{}", entry.source, place(&entry.path));
            let also = also(given);
            if !also.is_empty() {
                found.push_str(&format!("\nalso: {also}"));
            }
            vec![
                given.number.to_string(),
                format!(
                    "{}\n{}",
                    given.first,
                    count(given.redacted.n_pages().into(), "page", "pages")
                ),
                what,
                found,
                entry.dated.chars().take(10).collect(),
                entry.why.join(", "),
                out,
            ]
        })
        .collect();
    blocks.push(table(
        &[
            "No.",
            "Pages",
            "What it is",
            "Where we found it",
            "Date",
            "Why it is yours",
            "Taken out",
        ],
        &[0.35, 1.25, 1.9, 2.2, 0.7, 1.1, 0.6],
        rows,
    ));
    if !kept.is_empty() {
        blocks.push(Block::Heading(format!(
            "Kept back: {}",
            count(kept.len() as u64, "record or document", "records or documents")
        )));
        let rows = kept
            .iter()
            .map(|kept| vec![kept.source.clone(), kept.code.clone(), kept.ground.clone()])
            .collect();
        blocks.push(table(&["Source", "Code", "Ground"], &[1.2, 0.6, 3.0], rows));
    }
    if !refused.is_empty() {
        blocks.push(Block::Heading(format!(
            "Not given yet: {}",
            count(refused.len() as u64, "document", "documents")
        )));
        let rows = refused
            .iter()
            .map(|refused| vec![refused.source.clone(), refused.reason.clone()])
            .collect();
        blocks.push(table(&["Source", "Why"], &[1.2, 3.0], rows));
    }
    blocks
}

fn place(path: &Option<String>) -> String {
    path.clone().unwrap_or_else(|| "(its name tells of another person) [TP]".to_owned())
}

/// The other places of an exhibit in one line.
fn also(given: &Given) -> String {
    let others = &given.entry.others;
    others
        .iter()
        .map(|(source, path)| format!("{source}: {}", place(path)))
        .collect::<Vec<_>>()
        .join("; ")
}

/// The page `04_Key-to-redactions`.
pub(crate) fn key(kept: &[Kept], label: &str, is_eu: bool) -> Vec<Block> {
    let mut blocks = vec![Block::Title("Key to redactions".into())];
    blocks.push(Block::Paragraph(
        format!(
            "Where something was taken out, a label such as {label} stands in its place. Every label \
             has the same width, whatever it stands for, and it is not drawn over the text: the text \
             is not in the file."
        )
        .into(),
    ));
    let mut rows = Vec::new();
    for code in ["TP", "NPD"] {
        if let Some(exemption) = habeas_law::exemption(code) {
            let law = if is_eu && code == "TP" { "GDPR Art. 15(4)" } else { exemption.provision };
            rows.push(vec![code.into(), exemption.title.into(), law.into()]);
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for kept in kept {
        if !seen.contains(&kept.code.as_str()) && !["TP", "NPD"].contains(&kept.code.as_str()) {
            seen.push(&kept.code);
            rows.push(vec![kept.code.clone(), kept.ground.clone(), String::new()]);
        }
    }
    blocks.push(table(&["Code", "What it means", "The law"], &[0.5, 2.5, 2.0], rows));
    blocks
}
