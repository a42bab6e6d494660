//! What was searched, for what, and what could not be read?

use habeas_case::Decided;
use habeas_law::written;
use habeas_model::Accounting;
use habeas_redact::Searcher;
use habeas_redact::paper::Block;

use crate::Organisation;
use crate::gather::words;
use crate::sheets::{count, table};

/// The page `02_What-we-searched`.
pub(crate) fn blocks(
    decided: &Decided,
    organisation: &Organisation,
    searcher: &Searcher,
) -> Vec<Block> {
    let search = &decided.search;
    let mut blocks = vec![Block::Title("What we searched".into())];
    let day = jiff::tz::TimeZone::UTC.to_datetime(search.searched_at).date();
    blocks.push(Block::Paragraph(
        format!(
            "On {} we searched {} and {} of text in them.",
            written(day),
            count(search.n_items, "item", "items"),
            count(search.n_passages, "passage", "passages"),
        )
        .into(),
    ));
    if !search.is_complete {
        let text = "The sources were not read to their end at that time: the figures below are of what was read.";
        blocks.push(Block::Paragraph(text.into()));
    }
    blocks.push(Block::Heading("What we looked for".into()));
    let rows = search
        .asked
        .iter()
        .filter(|asked| !asked.stated.is_empty())
        .map(|asked| {
            let stated: Vec<&str> =
                asked.stated.iter().map(|text| text.reveal().as_str()).collect();
            let forms = count(asked.n_forms, "way of writing", "ways of writing");
            vec![asked.kind.map_or("other", words).to_owned(), stated.join("\n"), forms]
        })
        .collect();
    blocks.push(table(
        &["Kind", "As you or we stated it", "Looked for in"],
        &[1.0, 2.4, 1.0],
        rows,
    ));
    blocks.push(Block::Heading("Where we looked".into()));
    let mut sum = Accounting::default();
    let row = |name: String, items: &Accounting| {
        let figures = [items.listed, items.read, items.duplicate, items.excepted, items.excluded];
        let mut row = vec![name];
        row.extend(figures.iter().map(|n| count(*n, "", "").trim().to_owned()));
        row
    };
    let mut rows = Vec::new();
    for source in &search.sources {
        sum += source.items;
        rows.push(row(searcher.hide(&organisation.title(&source.name)), &source.items));
    }
    rows.push(row("Together".into(), &sum));
    blocks.push(table(
        &["Source", "Items", "Read", "Identical copies", "Not readable", "Left out by rule"],
        &[2.4, 0.9, 0.9, 1.0, 1.0, 1.0],
        rows,
    ));
    blocks.push(Block::Heading("What could not be read".into()));
    if search.excepted.is_empty() {
        blocks.push(Block::Paragraph("Everything could be read.".into()));
    } else {
        let rows = search
            .excepted
            .iter()
            .map(|excepted| {
                vec![
                    searcher.hide(&organisation.title(&excepted.source)),
                    reason_words(excepted.reason.code()),
                    excepted.n_whole.to_string(),
                    excepted.n_parts.to_string(),
                ]
            })
            .collect();
        let header = ["Source", "Why", "Whole items", "Parts of items"];
        blocks.push(table(&header, &[1.6, 2.4, 0.8, 0.8], rows));
    }
    blocks.push(Block::Heading("What we found".into()));
    let tiers = search.tiers;
    let rows = [
        ("Certainly about you", tiers.certain),
        ("Probably about you", tiers.probable),
        ("Possibly about you", tiers.possible),
        ("About somebody else of a like name", tiers.namesake),
    ]
    .iter()
    .map(|(what, n)| vec![(*what).to_owned(), n.to_string()])
    .collect();
    blocks.push(table(&["Records and documents", "Number"], &[3.0, 1.0], rows));
    blocks
}

/// A reason in words for a person who does not know the program.
fn reason_words(code: &str) -> String {
    match code {
        "unsupported" => "a kind of file that cannot be searched by machine",
        "encrypted" => "protected by a password",
        "corrupt" | "truncated" => "damaged",
        "no_text" => "a picture, scan or recording without text",
        "permission" => "no permission to open it",
        "vanished" | "changed" => "moved or changed while it was read",
        "io" => "the disk or network failed",
        "reader_failed" => "the reading program failed",
        _ => "larger than the limits of the search",
    }
    .to_owned()
}
