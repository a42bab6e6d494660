//! Where does a document name a person?
//!
//! In three passes: what columns, headers and labels say ([`fields`]); what prose says by titles,
//! salutations, cues and lists of names ([`prose`]); and then what the document and the estate
//! already know, found again wherever it stands ([`repeat`]).

mod fields;
mod judge;
mod prose;
pub(super) mod repeat;
mod token;

use habeas_model::{Card, Kind};

use super::hits::Draft;
use super::view::View;
use super::Recogniser;

pub(super) const RECOGNISER: Recogniser = Recogniser {
    card: Card {
        name: "name",
        version: 1,
        summary: "Personal names from columns, headers, titles, salutations, sign-offs, cues and lists of names",
        handles: &["name"],
        authority: "data/README.md: US Census 1990 and 2010, Faker, SCOWL, GeoNames and our own lists",
    },
    find,
    examples: &[("spoke to Jane Smith today", &[]), ("the Privacy Policy of May", &[])],
};

fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    fields::find(view, drafts);
    prose::find(view, drafts);
}

/// A claim that a stretch is a name.
fn draft(range: std::ops::Range<usize>, value: String, confidence: f32, rule: &'static str) -> Draft {
    Draft::new(range, Kind::Name, value, confidence, rule)
}
