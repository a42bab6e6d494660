//! The schedule of redactions: what was taken out where, and what was shown, on which ground?

use std::collections::BTreeMap;

use habeas_model::ShowGround;
use habeas_redact::Outcome;
use habeas_redact::paper::Block;

use crate::gather::{Given, words};
use crate::sheets::{csv, table};

const HEADER: &[&str] = &[
    "no",
    "exhibit",
    "first_page",
    "place",
    "ordinal",
    "number",
    "what",
    "outcome",
    "label",
    "ground",
    "provision",
];

/// The schedule as data: a line for each label that stands in an exhibit, in the order of the text, and
/// behind them a line for each kind of thing of other people that was shown on a ground. Nothing in it
/// says what was taken out.
///
/// `ordinal` counts the labels at one place of an exhibit from 1; `number` how many the line stands for.
pub(crate) fn as_csv(given: &[Given], is_eu: bool) -> Vec<u8> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut n_labels = 0;
    for given in given {
        let mut ordinals: BTreeMap<&str, usize> = BTreeMap::new();
        let mut shown: BTreeMap<(ShowGround, &str), usize> = BTreeMap::new();
        for row in given.redacted.rows() {
            let what = words(row.used.kind);
            match &row.used.outcome {
                Outcome::Label(label, ground) => {
                    n_labels += 1;
                    let ordinal = ordinals.entry(&row.place).or_default();
                    *ordinal += 1;
                    rows.push(vec![
                        (rows.len() + 1).to_string(),
                        given.number.to_string(),
                        given.first.to_string(),
                        row.place.clone(),
                        ordinal.to_string(),
                        "1".to_owned(),
                        what.to_owned(),
                        "taken out".to_owned(),
                        label.clone(),
                        ground.code().to_owned(),
                        provision(ground.code(), is_eu),
                    ]);
                }
                Outcome::Shown(why) => *shown.entry((why.ground, what)).or_default() += 1,
            }
        }
        for ((ground, what), n) in shown {
            rows.push(vec![
                (rows.len() + 1).to_string(),
                given.number.to_string(),
                given.first.to_string(),
                String::new(),
                String::new(),
                n.to_string(),
                what.to_owned(),
                "shown".to_owned(),
                String::new(),
                ground.code().to_owned(),
                provision(ground.code(), is_eu),
            ]);
        }
    }
    let expected: usize = given.iter().map(|given| given.entry.n_labels).sum();
    assert_eq!(n_labels, expected, "lines of the schedule and labels do not agree");
    csv(HEADER, &rows)
}

fn provision(code: &str, is_eu: bool) -> String {
    match habeas_law::exemption(code) {
        Some(_) if is_eu && code != "NPD" => "GDPR Art. 15(4)".to_owned(),
        Some(exemption) => exemption.provision.to_owned(),
        None => String::new(),
    }
}

/// What the key says of people who are shown; nothing if there are none.
pub(crate) fn key(given: &[Given], is_eu: bool) -> Vec<Block> {
    let rows = given.iter().flat_map(|given| given.redacted.rows());
    let mut grounds: Vec<&str> = rows
        .filter_map(|row| match &row.used.outcome {
            Outcome::Shown(why) => Some(why.ground.code()),
            Outcome::Label(..) => None,
        })
        .collect();
    grounds.sort_unstable();
    grounds.dedup();
    if grounds.is_empty() {
        return Vec::new();
    }
    let rows = grounds
        .into_iter()
        .map(|code| {
            let title = habeas_law::exemption(code).map_or("", |exemption| exemption.title);
            vec![code.to_owned(), title.to_owned(), provision(code, is_eu)]
        })
        .collect();
    vec![
        Block::Heading("Other people who are named".into()),
        Block::Paragraph(
            "Where another person is named in the exhibits, it is on one of these grounds. \
             03_Schedule-of-redactions.csv says how often in which exhibit."
                .into(),
        ),
        table(&["Code", "Ground", "The law"], &[0.8, 2.3, 2.0], rows),
    ]
}
