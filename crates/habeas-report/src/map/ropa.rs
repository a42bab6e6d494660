//! The record of processing activities, as the regulator's template has it.
//!
//! What is declared fills the cells of what only people know. What was found stands beside it, marked
//! as found; an empty cell is one that nobody has filled.
//!
//! # Source
//! UK GDPR Art. 30(1)(a) to (g); ICO, documentation template for controllers: thirty columns, headings
//! in row 9 below who answers.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook};
use serde::Serialize;

use super::{Map, SourceMap, Whose};
use crate::{Activity, Contact, Declared, Error, count, kind_title, taxonomies};

/// The columns of the template, in its order.
pub const COLUMNS: [&str; 30] = [
    "Business function",
    "Purpose of processing",
    "Name and contact details of joint controller (if applicable)",
    "Categories of individuals",
    "Categories of personal data",
    "Categories of recipients",
    "Link to contract with processor",
    "Names of third countries or international organisations that personal data are transferred to (if applicable)",
    "Safeguards for exceptional transfers of personal data to third countries or international organisations (if applicable)",
    "Retention schedule (if possible)",
    "General description of technical and organisational security measures (if possible)",
    "Article 6 lawful basis for processing personal data",
    "Article 9 condition for processing special category data",
    "Legitimate interests for the processing (if applicable)",
    "Link to record of legitimate interests assessment (if applicable)",
    "Rights available to individuals",
    "Existence of automated decision-making, including profiling (if applicable)",
    "The source of the personal data (if applicable)",
    "Link to record of consent",
    "Location of personal data",
    "Data Protection Impact Assessment required?",
    "Data Protection Impact Assessment progress",
    "Link to Data Protection Impact Assessment",
    "Has a personal data breach occurred?",
    "Link to record of personal data breach",
    "Data Protection Act 2018 Schedule 1 Condition for processing",
    "GDPR Article 6 lawful basis for processing",
    "Link to retention and erasure policy document",
    "Is personal data retained and erased in accordance with the policy document?",
    "Reasons for not adhering to policy document (if applicable)",
];

/// How wide each column is set, in characters.
const WIDTHS: [f64; 30] = [
    24., 34., 20., 28., 42., 30., 14., 22., 30., 26., 30., 26., 26., 20., 18., 26., 20., 26., 14.,
    34., 16., 16., 16., 16., 16., 20., 24., 18., 36., 20.,
];

/// A record of processing: who answers, and a row for each activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ropa {
    /// Who answers.
    pub controller: Contact,
    /// The day of the map behind it.
    pub date: String,
    /// The cells of each activity, in the order of [`COLUMNS`].
    pub rows: Vec<Vec<String>>,
}

/// The record of processing of what is declared, with what was found. Data for which no activity is
/// declared has a row of its own, so that none is left out.
pub fn ropa(map: &Map, declared: &Declared) -> Ropa {
    let mut rows: Vec<Vec<String>> = declared
        .activities
        .iter()
        .map(|activity| {
            let sources: Vec<&SourceMap> =
                map.sources.iter().filter(|source| source.activity == activity.name).collect();
            row(activity, &sources)
        })
        .collect();
    let stray: Vec<&SourceMap> = map
        .sources
        .iter()
        .filter(|source| declared.activities.iter().all(|it| it.name != source.activity))
        .collect();
    if !stray.is_empty() {
        let nameless = Activity { name: "(not declared)".to_owned(), ..Activity::default() };
        rows.push(row(&nameless, &stray));
    }
    Ropa { controller: declared.controller.clone(), date: map.date.to_string(), rows }
}

fn row(activity: &Activity, sources: &[&SourceMap]) -> Vec<String> {
    let lines = |texts: &[String]| texts.join("; ");
    let (countries, safeguards) = transfers(&activity.transfers);
    let mut cells = vec![String::new(); COLUMNS.len()];
    for (column, text) in [
        (1, activity.name.clone()),
        (2, lines(&activity.purposes)),
        (4, both(&lines(&activity.subjects), &individuals(sources))),
        (5, both(&lines(&activity.categories), &data(sources))),
        (6, lines(&activity.recipients)),
        (8, countries),
        (9, safeguards),
        (10, activity.retention.clone()),
        (11, activity.security.clone()),
        (12, activity.basis.clone()),
        (13, activity.condition.clone()),
        (16, rights(&activity.basis)),
        (17, activity.automated.clone()),
        (18, activity.origin.clone()),
        (20, location(sources)),
        (27, activity.basis.clone()),
        (29, kept(activity, sources)),
    ] {
        cells[column - 1] = text;
    }
    cells
}

/// What is declared, and what was found.
fn both(declared: &str, found: &str) -> String {
    match (declared.is_empty(), found.is_empty()) {
        (_, true) => declared.to_owned(),
        (true, false) => format!("[found] {found}"),
        (false, false) => format!("{declared}\n[found] {found}"),
    }
}

/// Countries, and the safeguards that stand behind them.
fn transfers(transfers: &[String]) -> (String, String) {
    let mut countries = Vec::new();
    let mut safeguards = Vec::new();
    for transfer in transfers {
        let (country, safeguard) = transfer.split_once(':').unwrap_or((transfer, ""));
        countries.push(country.trim());
        if !safeguard.is_empty() {
            safeguards.push(format!("{}: {}", country.trim(), safeguard.trim()));
        }
    }
    (countries.join("; "), safeguards.join("; "))
}

fn individuals(sources: &[&SourceMap]) -> String {
    let mut all = Vec::new();
    for whose in Whose::ALL {
        let n: u64 = sources.iter().filter_map(|it| it.holds.whose.get(&whose)).sum();
        if n > 0 {
            all.push(format!("{} ({})", whose.title().to_lowercase(), count(n)));
        }
    }
    all.join(", ")
}

fn data(sources: &[&SourceMap]) -> String {
    let mut all = Vec::new();
    for kind in super::places::KINDS {
        let kinds = sources.iter().filter_map(|it| it.holds.kinds.get(kind));
        let n: u64 = kinds.map(|amount| amount.hits).sum();
        if n > 0 {
            all.push(format!("{} ({})", in_a_list(kind_title(*kind)), count(n)));
        }
    }
    for list in taxonomies() {
        let n: u64 = sources.iter().filter_map(|it| it.holds.special.get(list.name)).sum();
        if n > 0 {
            all.push(format!("terms of {} ({})", list.title.to_lowercase(), count(n)));
        }
    }
    all.join(", ")
}

/// A title within a list: in lower case, unless it is a name.
fn in_a_list(title: &str) -> String {
    if title.starts_with("NHS") || title.starts_with("National") {
        title.to_owned()
    } else {
        title.to_lowercase()
    }
}

fn location(sources: &[&SourceMap]) -> String {
    let all = sources.iter().map(|source| {
        let kept = match source.custodian.as_str() {
            "" => String::new(),
            custodian => format!(", kept by {custodian}"),
        };
        format!("{} (source `{}`{kept})", source.title, source.name)
    });
    all.collect::<Vec<_>>().join("; ")
}

/// Is it kept no longer than declared? Only what was found can be said.
fn kept(activity: &Activity, sources: &[&SourceMap]) -> String {
    let records: u64 = sources.iter().map(|source| source.holds.ages.records).sum();
    let overdue: u64 = sources.iter().map(|source| source.holds.ages.overdue).sum();
    match activity.period() {
        Ok(Some(period)) if records > 0 && overdue > 0 => {
            format!(
                "[found] no: {} of {} records are older than {period}",
                count(overdue),
                count(records)
            )
        }
        Ok(Some(period)) if records > 0 => {
            format!("[found] none of {} records is older than {period}", count(records))
        }
        _ => String::new(),
    }
}

/// Which rights people have, by the lawful bases: each right that one of them gives.
///
/// # Source
/// UK GDPR Art. 15 to 22; ICO, *A guide to lawful basis*, table of rights by basis.
fn rights(basis: &str) -> String {
    const BASES: &[(&str, &[&str])] = &[
        ("consent", &["erasure", "portability", "withdrawal of consent"]),
        ("contract", &["erasure", "portability"]),
        ("legal obligation", &[]),
        ("vital", &["erasure"]),
        ("public task", &["objection"]),
        ("legitimate interests", &["erasure", "objection"]),
    ];
    let basis = basis.to_lowercase();
    let given: Vec<&[&str]> =
        BASES.iter().filter(|(name, _)| basis.contains(name)).map(|(_, rights)| *rights).collect();
    if given.is_empty() {
        return String::new();
    }
    let mut all = vec!["Access", "rectification", "restriction"];
    for right in ["erasure", "portability", "objection", "withdrawal of consent"] {
        if given.iter().any(|rights| rights.contains(&right)) {
            all.push(right);
        }
    }
    all.join(", ")
}

impl Ropa {
    /// As CSV: the template's columns, a row an activity.
    ///
    /// # Errors
    /// If it cannot be written, which would be a bug.
    pub fn to_csv(&self) -> Result<Vec<u8>, Error> {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(COLUMNS)?;
        for row in &self.rows {
            out.write_record(row.iter().map(|cell| super::places::plain(cell)))?;
        }
        out.into_inner().map_err(|error| csv::Error::from(error.into_error()).into())
    }

    /// As JSON: who answers, and for each activity its cells in the order of the template.
    ///
    /// # Errors
    /// If it cannot be written, which would be a bug.
    pub fn to_json(&self) -> Result<Vec<u8>, Error> {
        let rows: Vec<serde_json::Value> = self
            .rows
            .iter()
            .map(|row| {
                let cells = COLUMNS.iter().zip(row);
                let pairs =
                    cells.map(|(column, cell)| serde_json::json!({"column": column, "text": cell}));
                serde_json::Value::from(pairs.collect::<Vec<_>>())
            })
            .collect();
        let all = serde_json::json!({
            "controller": self.controller, "date": self.date, "activities": rows});
        let mut bytes = serde_json::to_vec_pretty(&all)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// As a workbook, laid out as the template: who answers in rows 1 to 6, headings in row 9.
    ///
    /// # Errors
    /// If it cannot be written, which would be a bug.
    pub fn to_xlsx(&self) -> Result<Vec<u8>, Error> {
        let mut book = Workbook::new();
        // A workbook states when it was made; the day of the map keeps its bytes the same.
        let made = rust_xlsxwriter::ExcelDateTime::parse_from_str(&self.date)?;
        book.set_properties(
            &rust_xlsxwriter::DocProperties::new()
                .set_title("Record of processing activities")
                .set_creation_datetime(&made),
        );
        let label = Format::new().set_bold();
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Thin)
            .set_font_color(Color::White)
            .set_background_color(Color::RGB(0x1F_4E_5F));
        let cell = Format::new()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xB8_C4_C8));
        let sheet = book.add_worksheet();
        sheet.set_name("Template")?;
        let who = &self.controller;
        for (row, (name, text)) in (0..).zip([
            ("Controller", who.name.clone()),
            ("Address", who.address.join(", ")),
            ("Data protection officer", who.contact.clone()),
            ("E-mail", who.email.clone()),
            ("Telephone", who.phone.clone()),
            ("Record as of", self.date.clone()),
        ]) {
            sheet.write_string_with_format(row, 0, name, &label)?;
            sheet.write_string(row, 1, text)?;
        }
        sheet.write_string(
            6,
            0,
            "Cells marked [found] say what Habeas found there, with counts; all else is as declared.",
        )?;
        const HEAD: u32 = 8;
        for (column, (name, width)) in (0..).zip(COLUMNS.iter().zip(WIDTHS)) {
            sheet.write_string_with_format(HEAD, column, *name, &head)?;
            sheet.set_column_width(column, width)?;
        }
        sheet.set_row_height(HEAD, 90)?;
        for (row, cells) in (HEAD + 1..).zip(&self.rows) {
            sheet.set_row_height(row, height(cells))?;
            for (column, text) in (0..).zip(cells) {
                sheet.write_string_with_format(row, column, text, &cell)?;
            }
        }
        sheet.set_freeze_panes(HEAD + 1, 1)?;
        // A3, four pages side by side: 30 columns cannot be read on fewer.
        sheet.set_landscape().set_paper_size(8).set_print_fit_to_pages(4, 0);
        sheet.set_repeat_rows(HEAD, HEAD)?;
        Ok(book.save_to_buffer()?)
    }
}

/// How high a row has to be for all its text to show, in points. Programs do not work it out when they
/// open a file.
fn height(cells: &[String]) -> f64 {
    const LINE_PT: f64 = 15.0;
    let lines = cells.iter().zip(WIDTHS).map(|(text, width)| {
        // Words break early, so a line holds a little less than fits.
        let room = (width * 0.96).max(1.0);
        text.lines().map(|line| (line.chars().count() as f64 / room).ceil().max(1.0)).sum::<f64>()
    });
    // Excel's own limit is 409 points.
    (lines.fold(1.0, f64::max) * LINE_PT + 3.0).min(409.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_those_of_article_30_in_the_templates_order() {
        // (a) joint controllers, (b) purposes, (c) individuals and data, (d) recipients,
        // (e) transfers and safeguards, (f) retention, (g) security.
        for (number, start) in [
            (2, "Purpose"),
            (3, "Name and contact details of joint"),
            (4, "Categories of individuals"),
            (5, "Categories of personal data"),
            (6, "Categories of recipients"),
            (8, "Names of third countries"),
            (9, "Safeguards"),
            (10, "Retention schedule"),
            (11, "General description of technical"),
            (20, "Location of personal data"),
        ] {
            assert!(COLUMNS[number - 1].starts_with(start), "{number}");
        }
    }

    #[test]
    fn a_transfer_has_its_country_and_its_safeguard() {
        let declared = ["United States: agreement (IDTA)".to_owned(), "Norway".to_owned()];
        let (countries, safeguards) = transfers(&declared);
        assert_eq!(countries, "United States; Norway");
        assert_eq!(safeguards, "United States: agreement (IDTA)");
    }

    #[test]
    fn rights_follow_from_every_basis() {
        assert_eq!(rights("Legal obligation"), "Access, rectification, restriction");
        assert_eq!(
            rights("Consent (analytics); legitimate interests (the site)"),
            "Access, rectification, restriction, erasure, portability, objection, withdrawal of consent"
        );
        assert_eq!(rights(""), "");
    }

    #[test]
    fn found_and_declared_are_told_apart() {
        assert_eq!(both("patients", "staff (2)"), "patients\n[found] staff (2)");
        assert_eq!(both("", "staff (2)"), "[found] staff (2)");
        assert_eq!(both("patients", ""), "patients");
    }
}
