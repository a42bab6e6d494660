//! Where does a text name a postcode?

use habeas_model::{Card, Kind};

use super::hits::Draft;
use super::label::What;
use super::view::View;
use super::{Recogniser, pattern};
use crate::normal;

pub(super) const RECOGNISER: Recogniser = Recogniser {
    card: Card {
        name: "postcode",
        version: 1,
        summary: "Postcodes of the United Kingdom in any spacing and case, with letters that a scan mistook",
        handles: &["postcode"],
        authority: "Royal Mail, Programmers' Guide to the Postcode Address File",
    },
    find,
    examples: &[
        ("of B1 2JQ", &["postcode=B1 2JQ"]),
        ("of sw1a1aa, too", &["postcode=SW1A 1AA"]),
        ("of SW1A IAA", &["postcode=SW1A 1AA"]),
        ("Postcode: m1 1ae", &["postcode=M1 1AE"]),
        ("Zip: 90210", &["postcode=90210"]),
        ("room A1 2nd, item AB1234, of N1 things", &[]),
        ("in 2024 or C3PO", &[]),
    ],
};

pattern!(CODE = r"(?i)(?-u:\b)[A-Z]{1,2}[0-9OI][0-9A-Z]?[ \u{a0}]{0,2}[0-9OIL][A-Z]{2}(?-u:\b)");

fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for slot in view.slots_of(What::Postcode) {
        let text = &view.text[slot.range.clone()];
        let foreign = || {
            Some(text.to_uppercase()).filter(|code| {
                (3..=10).contains(&code.len()) && code.contains(|c: char| c.is_ascii_digit())
            })
        };
        let text_after_prefix = text.strip_prefix("z:").unwrap_or(text);
        if let Some(value) = normal::postcode(text_after_prefix).or_else(foreign) {
            drafts.push(Draft::new(
                slot.range.clone(),
                Kind::Postcode,
                value,
                0.97,
                "postcode:column",
            ));
        }
    }
    for found in CODE.find_iter(view.text) {
        if !view.stands_alone(&found.range())
            || view.is_elsewhere(found.start(), &[What::Postcode, What::Address])
        {
            continue;
        }
        let Some(value) = normal::postcode(found.as_str()) else { continue };
        let written: String =
            found.as_str().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        let has_blank = found.as_str().contains([' ', '\u{a0}']);
        let is_upper = !written.contains(|c: char| c.is_ascii_lowercase());
        let is_exact = written.eq_ignore_ascii_case(&value.replace(' ', ""));
        let confidence = match (is_exact, is_upper, has_blank) {
            (true, true, true) => 0.93,
            (true, true, false) => 0.75,
            (true, false, _) => 0.7,
            // Words such as `so its`: only capitals can be a mistaken postcode.
            (false, true, true) => 0.55,
            (false, _, _) => continue,
        };
        let before = view.before(found.start());
        if before.is_some_and(|c| "-/_.#@".contains(c)) && !is_upper {
            continue;
        }
        drafts.push(Draft::new(found.range(), Kind::Postcode, value, confidence, "postcode"));
    }
}
