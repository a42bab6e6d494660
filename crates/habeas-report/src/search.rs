//! What was searched, for what, and what could not be?
//!
//! # Source
//! UK GDPR Art. 15(1A): the answer is what a reasonable and proportionate search can provide; ICO,
//! *Right of access*: say what searches were done, and keep a record of them.

use habeas_case::{SearchRecord, SourceSearched, Tiers};
use habeas_law::written;
use habeas_model::{Accounting, Reason, SourceName};
use jiff::tz::TimeZone;

use crate::account::{Account, Block, Table};
use crate::figures::{count, counted, kind_title};

/// A source in a person's words, from the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// Which source.
    pub name: SourceName,
    /// What a person calls it; its name where this is empty.
    pub title: String,
    /// Who keeps it.
    pub custodian: String,
}

/// The account of a search, for the person it was about and for those who check it.
///
/// `n_pending` is the number of possible findings that nobody has decided yet. All text follows from
/// the record, so the same record gives the same account.
pub fn search_record(record: &SearchRecord, sources: &[Described], n_pending: usize) -> Account {
    let mut blocks = vec![Block::Paragraph(format!(
        "This is the record of the search for request {}, made on {} (UTC) with {}.",
        record.case,
        written(TimeZone::UTC.to_datetime(record.searched_at).date()),
        record.software
    ))];
    asked(record, &mut blocks);
    searched(record, sources, &mut blocks);
    unread(record, sources, &mut blocks);
    found(record, n_pending, &mut blocks);
    Account { title: "What we searched".to_owned(), blocks }
}

fn asked(record: &SearchRecord, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading("What we looked for".to_owned()));
    blocks.push(Block::Paragraph(
        "Each of these was looked for in the forms in which it may be written, such as with and \
         without spaces and signs, and for names with initials, short forms and misspellings."
            .to_owned(),
    ));
    let mut table = Table::new(&["Kind", "As stated", "#Written forms"]);
    for row in &record.asked {
        let stated: Vec<&str> = row.stated.iter().map(|text| text.reveal().as_str()).collect();
        let stated =
            if stated.is_empty() { "made from the above".into() } else { stated.join("; ") };
        let kind = row.kind.map_or("Combined", kind_title).to_owned();
        table.row([kind, stated, count(row.n_forms)]);
    }
    blocks.push(Block::Table(table));
}

fn searched(record: &SearchRecord, sources: &[Described], blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading("Where we looked".to_owned()));
    let head = [
        "Source",
        "Kept by",
        "Read on",
        "#Items",
        "#Read",
        "#Duplicates",
        "#Not read",
        "#Left out",
        "#Findings",
    ];
    let mut table = Table::new(&head);
    let mut total = Accounting::default();
    for SourceSearched { name, items, read_at, found } in &record.sources {
        let custodian = described(sources, name).map_or("", |source| &source.custodian);
        let read_on = read_at.map_or_else(
            || "not to its end".to_owned(),
            |at| TimeZone::UTC.to_datetime(at).date().to_string(),
        );
        table.row(sums([title(sources, name), custodian.to_owned(), read_on], items, found));
        total += *items;
    }
    table.row(sums(
        ["All sources".to_owned(), String::new(), String::new()],
        &total,
        &record.tiers,
    ));
    blocks.push(Block::Table(table));
    blocks.push(Block::Paragraph(format!(
        "An item is a file, or a message, attachment or file inside another. Every item is counted \
         once in one column: {} = {} read + {} the same as one that was read + {} not read + {} left \
         out by a rule. No other place was searched.",
        count(total.listed),
        count(total.read),
        count(total.duplicate),
        count(total.excepted),
        count(total.excluded)
    )));
    if !record.is_complete {
        blocks.push(Block::Paragraph(
            "The last reading of the sources did not come to its end, so there may be items that are \
             not counted here."
                .to_owned(),
        ));
    }
}

fn sums(first: [String; 3], items: &Accounting, found: &Tiers) -> [String; 9] {
    let [source, custodian, read_on] = first;
    let Accounting { listed, read, duplicate, excepted, excluded } = *items;
    let [listed, read, duplicate, excepted, excluded] =
        [listed, read, duplicate, excepted, excluded].map(count);
    let found = count(found.certain + found.probable + found.possible);
    [source, custodian, read_on, listed, read, duplicate, excepted, excluded, found]
}

fn unread(record: &SearchRecord, sources: &[Described], blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading("What could not be read".to_owned()));
    if record.excepted.is_empty() {
        blocks.push(Block::Paragraph("Everything that was found could be read.".to_owned()));
        return;
    }
    let mut table = Table::new(&["Source", "Why", "#Not at all", "#In part"]);
    for row in &record.excepted {
        table.row([
            title(sources, &row.source),
            why(row.reason).to_owned(),
            count(row.n_whole),
            count(row.n_parts),
        ]);
    }
    blocks.push(Block::Table(table));
}

fn found(record: &SearchRecord, n_pending: usize, blocks: &mut Vec<Block>) {
    let Tiers { certain, probable, possible, namesake } = record.tiers;
    blocks.push(Block::Heading("What we found".to_owned()));
    blocks.push(Block::Paragraph(format!(
        "Of {} (rows, messages, pages or paragraphs), {} held one of these forms. Each was weighed \
         with everything else that stands with it. That gave the following, in {}:",
        counted(record.n_passages, "passage", "passages"),
        count(record.n_candidates),
        counted(record.n_items_found, "item", "items"),
    )));
    let mut table = Table::new(&["How sure", "#Found"]);
    for (how, number) in [
        ("Certain: an identifier of your own says so", certain),
        ("Probable: more likely about you than not", probable),
        ("Possible: a person has to look", possible),
        ("About somebody else with a like name", namesake),
        ("Too weak to be about you, put aside", record.n_dropped),
    ] {
        table.row([how.to_owned(), count(number)]);
    }
    blocks.push(Block::Table(table));
    if record.n_unweighed > 0 {
        blocks.push(Block::Paragraph(format!(
            "{} held nothing of you but a family name that very many people have. A name that common says \
             nothing alone, so these were counted and not weighed one by one.",
            counted(record.n_unweighed, "further passage", "further passages"),
        )));
    }
    if record.n_incidental > 0 {
        let one = "one only names you";
        let many = format!("{} only name you", count(record.n_incidental));
        blocks.push(Block::Paragraph(format!(
            "Of the first three kinds, {} in passing or as one of several recipients.",
            if record.n_incidental == 1 { one } else { &many }
        )));
    }
    for (n, sentence) in [
        (
            record.n_unasked,
            "further written forms were not looked for: they are too common to say anything alone, or less likely than 200 others.",
        ),
        (
            record.n_unfollowed,
            "conversations, internet addresses or days were too full to be followed from what was found.",
        ),
    ] {
        if n > 0 {
            blocks.push(Block::Paragraph(format!("{} {sentence}", count(n))));
        }
    }
    if n_pending > 0 {
        blocks.push(Block::Paragraph(format!(
            "{} still under review and not part of this answer.",
            match n_pending {
                1 => "One possible finding is".to_owned(),
                n => format!("{} possible findings are", count(n as u64)),
            }
        )));
    }
}

fn described<'a>(sources: &'a [Described], name: &SourceName) -> Option<&'a Described> {
    sources.iter().find(|source| source.name == *name)
}

fn title(sources: &[Described], name: &SourceName) -> String {
    described(sources, name)
        .map(|source| source.title.as_str())
        .filter(|title| !title.is_empty())
        .unwrap_or(name.as_str())
        .to_owned()
}

/// Why an item could not be read, for somebody who knows no codes.
fn why(reason: Reason) -> &'static str {
    match reason {
        Reason::Unsupported => "A kind of file that we cannot search",
        Reason::Encrypted => "Locked with a password",
        Reason::Corrupt => "Damaged",
        Reason::Truncated => "Ends before it should",
        Reason::NoText => "A picture, a scan or a recording without text",
        Reason::Permission => "We were not allowed to open it",
        Reason::Io => "The disk failed",
        Reason::Vanished => "Gone when it should be read",
        Reason::Changed => "Changed while it was read",
        Reason::ReaderFailed => "Our software failed on it",
        Reason::TimeLimit => "Takes too long to read",
        Reason::MemoryLimit => "Needs too much memory",
        Reason::OutputLimit => "Holds too much text",
        Reason::DepthLimit => "Packed too deeply",
        Reason::CountLimit => "Too many parts",
        Reason::ExpansionLimit => "Unpacks to too much",
        Reason::SizeLimit => "Too large",
        Reason::Locked => "In use by somebody else",
        Reason::Stalled => "The disk did not answer",
        Reason::Protocol => "Our software failed on it in an unknown way",
        Reason::LowConfidence => "A scan that is hard to read",
    }
}

#[cfg(test)]
mod tests {
    use habeas_case::{Asked, CaseId, Excepted};
    use habeas_model::Kind;

    use super::*;

    fn record() -> SearchRecord {
        let name = |text| SourceName::parse(text).unwrap();
        let items = Accounting { listed: 10, read: 6, duplicate: 2, excepted: 1, excluded: 1 };
        SearchRecord {
            case: CaseId::parse("SAR-2026-0007").unwrap(),
            searched_at: "2026-07-02T23:30:00Z".parse().unwrap(),
            software: "habeas 0.1.0".into(),
            asked: vec![
                Asked {
                    kind: Some(Kind::Name),
                    stated: vec!["Amara Lind".into()],
                    n_forms: 1200,
                    forms: Vec::new(),
                },
                Asked { kind: None, stated: Vec::new(), n_forms: 3, forms: Vec::new() },
            ],
            sources: vec![
                SourceSearched {
                    name: name("mail"),
                    items,
                    read_at: Some("2026-07-01T10:00:00Z".parse().unwrap()),
                    found: Tiers::default(),
                },
                SourceSearched {
                    name: name("share"),
                    items,
                    read_at: None,
                    found: Tiers::default(),
                },
            ],
            is_complete: false,
            excepted: vec![Excepted {
                source: name("mail"),
                reason: Reason::Encrypted,
                n_whole: 2,
                n_parts: 0,
            }],
            n_items: 20,
            n_passages: 4812,
            n_candidates: 37,
            n_unasked: 0,
            n_unweighed: 0,
            n_unfollowed: 0,
            ask: None,
            advice: Vec::new(),
            tiers: Tiers { certain: 4, probable: 3, possible: 2, namesake: 1 },
            n_incidental: 1,
            n_items_found: 8,
            n_dropped: 11,
            subject_digest: String::new(),
            findings_digest: String::new(),
        }
    }

    #[test]
    fn the_record_says_what_was_and_was_not_searched() {
        let sources = [Described {
            name: SourceName::parse("mail").unwrap(),
            title: "Reception's mail".into(),
            custodian: "J. Porter".into(),
        }];
        let text = search_record(&record(), &sources, 2).to_text();
        let lines = [
            "This is the record of the search for request SAR-2026-0007, made on Thursday 2 July 2026 \
             (UTC) with habeas 0.1.0.",
            "Names     Amara Lind                   1,200",
            "Combined  made from the above              3",
            "Reception's mail  J. Porter  2026-07-01         10     6           2         1         1         0",
            "share                        not to its end     10     6           2         1         1         0",
            "All sources                                     20    12           4         2         2         9",
            "Reception's mail  Locked with a password           2        0",
            "Possible: a person has to look                  2",
            "Of the first three kinds, one only names you in passing or as one of several recipients.",
            "2 possible findings are still under review and not part of this answer.",
        ];
        for line in lines {
            assert!(text.lines().any(|there| there == line), "{line}\n\n{text}");
        }
        assert!(
            text.contains("20 = 12 read + 4 the same as one that was read + 2 not read + 2 left")
        );
        assert!(text.contains("did not come to its end"));
    }

    #[test]
    fn what_a_common_name_left_out_is_told() {
        let text = search_record(&record(), &[], 0).to_text();
        assert!(!text.contains("a family name that very many"));
        let record = SearchRecord { n_unweighed: 115_296, ..record() };
        let text = search_record(&record, &[], 0).to_text();
        assert!(text.contains("115,296 further passages held nothing of you but"), "{text}");
    }

    #[test]
    fn a_clean_search_has_no_reservations() {
        let record =
            SearchRecord { is_complete: true, excepted: Vec::new(), n_incidental: 0, ..record() };
        let text = search_record(&record, &[], 0).to_text();
        assert!(text.contains("Everything that was found could be read."));
        for reservation in ["did not come", "under review", "in passing", "Reception"] {
            assert!(!text.contains(reservation), "{reservation}");
        }
    }
}
