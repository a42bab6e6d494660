//! Why is the data used, who received it, how long is it kept? What Article 15 asks to be told.

use std::collections::BTreeSet;

use habeas_case::Decided;
use habeas_law::{Need, Regime, required};
use habeas_model::SourceName;
use habeas_redact::paper::{Block, Rich};

use crate::{Activity, Error, Estate, Options, Organisation};

/// The activities of the sources in which anything of the person was found.
pub(crate) fn activities<'o>(
    decided: &Decided,
    estate: &Estate<'_>,
    organisation: &'o Organisation,
) -> Result<Vec<&'o Activity>, Error> {
    let mut sources: BTreeSet<SourceName> = BTreeSet::new();
    let items = decided
        .disclosures
        .iter()
        .map(|disclosure| disclosure.item)
        .chain(decided.withheld.iter().map(|withheld| withheld.finding.item))
        .chain(decided.incidental.iter().map(|incidental| incidental.item));
    for item in items {
        sources.extend((estate.places)(&item).into_iter().map(|(source, _)| source));
    }
    let mut names: Vec<&str> = Vec::new();
    for name in &sources {
        let named = organisation.sources.iter().find(|source| source.name == *name);
        let activity = named.map_or("", |source| source.activity.as_str());
        if !organisation.activities.iter().any(|known| known.name == activity) {
            return Err(Error::Unfilled {
                code: "15(1)(a)".into(),
                title: "Why we use it".into(),
                why: format!("source `{name}` has no activity in the configuration"),
            });
        }
        names.push(activity);
    }
    let known = organisation.activities.iter();
    Ok(known.filter(|activity| names.contains(&activity.name.as_str())).collect())
}

/// Is everything that the law of the day asks for there to be told?
pub(crate) fn check(
    decided: &Decided,
    activities: &[&Activity],
    organisation: &Organisation,
    options: &Options,
    is_withheld: bool,
) -> Result<(), Error> {
    let regime = Regime::on(decided.request.law, options.day);
    let controller = &organisation.controller;
    for (what, value) in [
        ("name", controller.name.as_str()),
        ("address", controller.address.first().map_or("", String::as_str)),
        ("contact", &controller.contact),
        ("email", &controller.email),
    ] {
        if value.trim().is_empty() {
            return Err(Error::Unfilled {
                code: "13(1)(a)".into(),
                title: "Who answers".into(),
                why: format!("`{what}` of the controller is empty in the configuration"),
            });
        }
    }
    let gap = |code: &str| -> Option<String> {
        let lacks = |is_empty: fn(&Activity) -> bool, key: &str| {
            let lacking = activities.iter().find(|activity| is_empty(activity));
            lacking.map(|activity| format!("activity `{}` has no `{key}`", activity.name))
        };
        match code {
            "15(1)(a)" => lacks(|activity| is_blank(&activity.purposes), "purposes"),
            "15(1)(b)" => lacks(|activity| is_blank(&activity.categories), "categories"),
            "15(1)(c)" => lacks(|activity| is_blank(&activity.recipients), "recipients"),
            "15(1)(d)" => lacks(|activity| activity.retention.trim().is_empty(), "retention"),
            "15(1)(g)" => lacks(|activity| activity.origin.trim().is_empty(), "origin"),
            "15(1)(ea)" => controller
                .complaints
                .trim()
                .is_empty()
                .then(|| "`complaints` of the controller is empty".to_owned()),
            _ => None,
        }
    };
    // A content that this program does not know how to tell is a gap too.
    let is_filled = |code: &str| TOLD.contains(&code) && gap(code).is_none();
    match habeas_law::unfilled(regime, is_withheld, is_filled).first() {
        None => Ok(()),
        Some(content) => Err(Error::Unfilled {
            code: content.code.to_owned(),
            title: content.title.to_owned(),
            why: gap(content.code).unwrap_or_else(|| "no letter tells it yet".to_owned()),
        }),
    }
}

/// What the answer would lack on the day of `options`, if anything, before it is written.
///
/// # Errors
/// [`Error::Unfilled`] with what is missing, and in which part of the configuration.
pub fn unfilled(
    decided: &Decided,
    estate: &Estate<'_>,
    organisation: &Organisation,
    options: &Options,
) -> Result<(), Error> {
    let activities = activities(decided, estate, organisation)?;
    check(decided, &activities, organisation, options, true)
}

/// What the letter and this page tell.
const TOLD: &[&str] = &[
    "15(1)",
    "15(1)(a)",
    "15(1)(b)",
    "15(1)(c)",
    "15(1)(d)",
    "15(1)(e)",
    "15(1)(ea)",
    "15(1)(f)",
    "15(1)(g)",
    "15(1)(h)",
    "15(2)",
    "15(3)",
    "12(4)",
];

fn is_blank(values: &[String]) -> bool {
    values.iter().all(|value| value.trim().is_empty())
}

/// The page `01_Your-information-rights`.
pub(crate) fn blocks(
    decided: &Decided,
    activities: &[&Activity],
    organisation: &Organisation,
    options: &Options,
) -> Vec<Block> {
    let regime = Regime::on(decided.request.law, options.day);
    let mut blocks = vec![
        Block::Title("Your information rights".into()),
        Block::Note(format!(
            "What we have to tell you besides the documents themselves ({}).",
            regime.title()
        )),
    ];
    for activity in activities {
        blocks.push(Block::Heading(capitalised(&activity.name)));
        let mut pairs: Vec<(Rich, Rich)> = Vec::new();
        for content in required(regime) {
            let value = match content.code {
                "15(1)(a)" => list(&activity.purposes),
                "15(1)(b)" => list(&activity.categories),
                "15(1)(c)" => list(&activity.recipients),
                "15(1)(d)" => activity.retention.clone(),
                "15(1)(g)" => activity.origin.clone(),
                "15(1)(h)" if activity.automated.trim().is_empty() => {
                    "None: no decision about you is made by machine alone.".to_owned()
                }
                "15(1)(h)" => activity.automated.clone(),
                "15(2)" if is_blank(&activity.transfers) => {
                    "None: the data is not sent abroad.".to_owned()
                }
                "15(2)" => list(&activity.transfers),
                _ => continue,
            };
            debug_assert!(content.need != Need::IfWithheld);
            let caption = format!("{}\nArt. {}", content.title, content.code);
            pairs.push((caption.into(), value.into()));
        }
        blocks.push(Block::Pairs(pairs));
    }
    if activities.is_empty() {
        blocks.push(Block::Paragraph("We hold no data about you to tell this of.".into()));
    }
    blocks.push(Block::Heading("Your rights (Art. 15(1)(e))".into()));
    for right in [
        "to have inaccurate data corrected and incomplete data completed (Art. 16)",
        "to have data erased where there is no longer a reason to keep it (Art. 17)",
        "to have our use of it restricted while a dispute is looked into (Art. 18)",
        "to receive the data you gave us in a form that a machine can read (Art. 20)",
        "to object to our use of it, and at any time to direct marketing (Art. 21)",
    ] {
        blocks.push(Block::Item(right.into()));
    }
    let controller = &organisation.controller;
    blocks.push(Block::Heading("Whom to ask".into()));
    let mut lines = vec![controller.contact.clone(), controller.name.clone()];
    lines.extend(controller.address.iter().cloned());
    lines.extend([controller.email.clone(), controller.phone.clone()]);
    lines.retain(|line| !line.trim().is_empty());
    blocks.push(Block::Paragraph(lines.join("\n").into()));
    blocks
}

fn list(values: &[String]) -> String {
    values
        .iter()
        .filter(|value| !value.trim().is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("\n")
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
