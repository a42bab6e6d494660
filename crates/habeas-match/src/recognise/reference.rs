//! Where does a text name a reference by which an organisation knows a person or a thing?

use std::ops::Range;

use habeas_model::{Card, Kind};

use super::hits::Draft;
use super::label::What;
use super::view::View;
use super::{Recogniser, pattern};
use crate::normal;

pub(super) const RECOGNISER: Recogniser = Recogniser {
    card: Card {
        name: "reference",
        version: 4,
        summary: "Patient, customer, staff and case references with a label or in a column",
        handles: &["reference"],
        authority: "no standard: labels and columns say what is a reference",
    },
    find,
    examples: &[
        ("Patient ID: C-0012345", &["reference=c12345"]),
        ("Customer No 0012345 rang", &["reference=12345"]),
        ("our ref. ABC/2024/17, dated", &["reference=abc202417"]),
        ("Ticket #48213 was closed", &["reference=48213"]),
        ("hospital number X123456", &["reference=x123456"]),
        ("please refer to the patient in order 66", &[]),
        (
            "her badge is 7712, UTR 1234567890, collar number 4471",
            &["reference=7712", "reference=1234567890", "reference=4471"],
        ),
        ("a badge for 2 and a crew of 500", &[]),
        ("seen by PC 6697 Clutterbuck", &["reference=6697"]),
        ("a PC 486 with Windows, at PC 12", &[]),
        ("no number left, look on LR-104282", &["reference=lr104282"]),
        ("as in ISO-27001 and AB-123 and LR-104282x", &[]),
        ("Ref: see below", &[]),
    ],
};

pattern!(INLINE = &[
    r"(?i)(?-u:\b)(?:(?:patient|customer|cust|client|hospital|hosp|member(?:ship)?|employee|staff|payroll|student|pupil|policy|tenan(?:t|cy)|subject|clinic|applicant|account|contact|case|ticket|booking|order|invoice|claim|crime|incident|complaint|application|matter|file|transaction|referral|our|your|job|unit|accession|badge|collar|crew|shoulder)",
    r"[ \-]?(?:id|no|nos|num|number|ref|reference|code|#)|mrn|ref|reference|ticket|case|order|invoice|booking|urn|upn|crn|utr|badge|warrant(?: card)?(?: no)?)",
    r"(?:(?-u:\b)|\.|#)[.:#]*\s?(?:is |was |no\.? ?|number )?[:#]?\s?",
    r"([A-Za-z]{0,5}[-/_ ]?[0-9][A-Za-z0-9]*(?:[-/_.][A-Za-z0-9]+)*)(?-u:\b)",
].concat());

// What no label announces and can hardly be anything else: capitals, a hyphen and a number.
pattern!(BARE = r"(?-u:\b)([A-Z]{2,5})-[0-9]{4,9}(?-u:\b)");

// The number on a constable's shoulder, between the rank and the name.
pattern!(
    COLLAR = r"(?-u:\b)(?:PC|PCSO|WPC|DC|PS|DS|Sgt|Insp)\.? ([0-9]{2,5}),? \p{Lu}[\p{L}'’\-]+"
);

/// Capitals that stand before the numbers of standards, laws and machines.
const STANDARDS: &[&str] = &[
    "ISO", "IEC", "BS", "EN", "DIN", "RFC", "UTF", "SHA", "AES", "RSA", "CVE", "COVID", "SARS",
    "ICD", "OPCS", "NICE", "HTTP", "ITU", "IEEE", "NIST", "FIPS", "PAS", "EC", "EU", "UK", "US",
    "GMT", "UTC", "AD", "BC", "PO", "CD", "DVD", "USB", "HP", "SI", "WI", "CFR", "ANSI", "ASTM",
];

fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for captures in COLLAR.captures_iter(view.text) {
        let Some(number) = captures.get(1) else { continue };
        if let Some(value) = normal::reference(number.as_str()) {
            drafts.push(Draft::new(
                number.range(),
                Kind::Reference,
                value,
                0.75,
                "reference:collar",
            ));
        }
    }
    for captures in BARE.captures_iter(view.text) {
        let (Some(all), Some(letters)) = (captures.get(0), captures.get(1)) else { continue };
        let range = all.range();
        if STANDARDS.contains(&letters.as_str())
            || view.is_elsewhere(range.start, &[])
            || !view.stands_alone(&range)
        {
            continue;
        }
        if let Some(value) = normal::reference(all.as_str()) {
            drafts.push(Draft::new(range, Kind::Reference, value, 0.6, "reference:shape"));
        }
    }
    for (what, column, label) in [(What::PersonReference, 0.94, 0.93), (What::Reference, 0.9, 0.93)]
    {
        for slot in view.slots_of(what) {
            let confidence = if slot.is_column { column } else { label };
            // A structured reference is whatever stands there; behind a label it needs a digit.
            let range = if slot.is_column {
                slot.range.clone()
            } else {
                first_token(view.text, slot.range.clone())
            };
            let text = &view.text[range.clone()];
            let has_digit = text.contains(|c: char| c.is_ascii_digit());
            let is_reference =
                has_digit || (slot.is_column && !text.contains(' ') && text.len() >= 3);
            if !is_reference || text.len() > 64 || text.contains('@') {
                continue;
            }
            if let Some(value) = normal::reference(text) {
                let rule = if slot.is_column { "reference:column" } else { "reference:label" };
                drafts.push(Draft::new(range, Kind::Reference, value, confidence, rule));
            }
        }
    }
    for captures in INLINE.captures_iter(view.text) {
        let Some(number) = captures.get(1) else { continue };
        let text = number.as_str();
        let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
        let range = number.range();
        if n_digits < 3 || view.is_elsewhere(range.start, &[]) || !view.stands_alone(&range) {
            continue;
        }
        // A year or a day is no reference.
        let is_date = !crate::normal::date_readings(text).is_empty()
            || (n_digits == 4
                && (text.starts_with("19") || text.starts_with("20"))
                && text.len() == 4);
        if is_date {
            continue;
        }
        if let Some(value) = normal::reference(text) {
            drafts.push(Draft::new(range, Kind::Reference, value, 0.85, "reference:label"));
        }
    }
}

/// The reference behind a label: words up to the first that has a digit, at most two.
fn first_token(text: &str, range: Range<usize>) -> Range<usize> {
    let value = &text[range.clone()];
    let end = value.find([',', ';', '(', '\n']).unwrap_or(value.len());
    let value = &value[..end];
    let mut at = 0;
    for (n, word) in value.split(' ').enumerate() {
        let has_digit = word.contains(|c: char| c.is_ascii_digit());
        at += word.len();
        if has_digit || n > 0 {
            let word_end =
                range.start + at - (word.len() - word.trim_end_matches(['.', ')', ']']).len());
            let start = if word.len() >= 4 && has_digit && n > 0 {
                range.start + at - word.len()
            } else {
                range.start
            };
            return start..word_end;
        }
        at += 1;
    }
    range.start..range.start + value.trim_end().len()
}
