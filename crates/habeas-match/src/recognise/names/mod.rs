//! Where does a document name a person?
//!
//! In three passes: what columns, headers and labels say ([`fields`]); what prose says by titles,
//! salutations, cues and lists of names ([`prose`]) and by who signs ([`signed`]); and then what the document and the estate
//! already know, found again wherever it stands ([`repeat`]).

mod cues;
mod fields;
mod greeting;
pub(super) mod initials;
pub(super) mod judge;
mod lone;
mod never;
mod prose;
mod reach;
pub(super) mod repeat;
mod signed;
pub(super) mod token;
mod wordy;

use habeas_model::{Card, Kind};

use super::Recogniser;
use super::hits::Draft;
use super::view::View;

pub(super) const RECOGNISER: Recogniser = Recogniser {
    card: Card {
        name: "name",
        version: 2,
        summary: "Personal names from columns, headers, titles, salutations, sign-offs, cues and lists of names",
        handles: &["name"],
        authority: "data/README.md: US Census 1990 and 2010, Faker, SCOWL, GeoNames and our own lists",
    },
    find,
    examples: &[
        ("spoke to Jane Smith today", &["name=smith, jane"]),
        ("Name: Jane Smith", &["name=smith, jane"]),
        ("First name: Jane\nLast name: Smith", &["name=smith, jane", "name=smith, jane"]),
        (
            "{\"first_name\": \"Jane\", \"last_name\": \"Smith\"}",
            &["name=smith, jane", "name=smith, jane"],
        ),
        ("seen by Dr J. van Dijk", &["name=van dijk, j"]),
        ("Dear Mrs O’Brien,", &["name=obrien,"]),
        ("hi priya, all well?", &["name=, priya"]),
        ("Kind regards,\nSiobhán", &["name=, siobhan"]),
        ("J. A. Smith signed", &["name=smith, j a"]),
        ("SMITH, Jane (Mrs)", &["name=smith, jane"]),
        ("PID|1||x||SMITH^JANE^ANNE^^MRS||", &["name=smith, jane anne"]),
        ("JANE SMITH is overdue", &["name=smith, jane"]),
        ("my mum's name is patricia walsh", &["name=walsh, patricia"]),
        ("Anna Smith-Jones and Omar bin Said", &["name=smith-jones, anna", "name=bin said, omar"]),
        (
            "Jane Smith rang. Ms Smith was upset; Jane left. jane smith paid.",
            &["name=smith, jane", "name=smith, jane", "name=smith, jane", "name=smith, jane"],
        ),
        ("Jane Smith came with Mr Smith.", &["name=smith, jane", "name=smith,"]),
        (
            "Present: Anna Holt (AH). AH to call.",
            &["name=holt, anna", "name=holt, anna", "name=holt, anna"],
        ),
        ("Swabs correct.\nChecked by BX on Monday", &["name=, b x"]),
        ("Passed to HR, seen by the GP, reviewed by QA and sent by DHL", &[]),
        ("he sold it to A.H. in the U.K.", &["name=, a h"]),
        ("We met Jane Smith. W.R. agreed.", &["name=smith, jane", "name=, w r"]),
        ("Then M.a. agreed that it was so", &["name=, m a"]),
        ("dont let felicity near it", &["name=, felicity"]),
        ("it will let light in and let us know", &[]),
        ("seen by Mr I. Foighel and Mr Cz. Sławski", &["name=foighel, i", "name=slawski, cz"]),
        ("Kasia came. told kasia off", &["name=, kasia", "name=, kasia"]),
        ("the Danish court, inter alia, and the HR team", &[]),
        ("the Privacy Policy of May", &[]),
        ("Dear Sir or Madam, Dear Customer, Dear All", &[]),
        ("at Church Lane, Smith Street and Victoria Road", &[]),
        ("Terms And Conditions, Consent Form, Skin Care, Hair Removal", &[]),
        ("I will mark it. Hope this helps. Grace period ends in June.", &[]),
        ("Reading and Bath are towns; Birmingham City Council", &[]),
    ],
};

fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    fields::find(view, drafts);
    prose::find(view, drafts);
    signed::find(view, drafts);
}

/// A claim that a stretch is a name.
fn draft(
    range: std::ops::Range<usize>,
    value: String,
    confidence: f32,
    rule: &'static str,
) -> Draft {
    Draft::new(range, Kind::Name, value, confidence, rule)
}
