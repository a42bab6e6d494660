//! Where does a document name somebody?

mod email;
mod hits;
mod view;

use habeas_model::{Card, Document, Hit, Passage, Place, PlaceKind};

use crate::Directory;
use hits::Draft;
use view::View;

/// What recognition depends on besides the text.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// Names known from the structured parts of the whole estate.
    pub directory: Directory,
    /// The organisation's own mail domains, lower case: their addresses are staff.
    pub own_domains: Vec<String>,
    /// Names and addresses of staff from the configuration.
    pub staff: Vec<String>,
}

/// One kind of identifier, and how it is found.
pub(crate) struct Recogniser {
    pub(crate) card: Card,
    pub(crate) find: fn(&View<'_>, &mut Vec<Draft>),
    /// Texts with the `kind=value` of every hit in them, in order.
    #[cfg_attr(not(test), expect(dead_code, reason = "examples are for the tests"))]
    pub(crate) examples: &'static [(&'static str, &'static [&'static str])],
}

/// All recognisers; of two that claim the same stretch with the same confidence the first wins.
const RECOGNISERS: &[Recogniser] = &[email::RECOGNISER];

/// The cards of all recognisers.
pub fn cards() -> Vec<Card> {
    RECOGNISERS.iter().map(|recogniser| recogniser.card).collect()
}

/// Finds the identifiers and names of a document: one list of hits a passage, in the same order.
///
/// Hits of one passage are sorted by start and do not overlap.
pub fn recognise(document: &Document, setting: &Setting) -> Vec<Vec<Hit>> {
    document
        .passages
        .iter()
        .map(|passage| {
            let view = View::new(passage, setting);
            let mut drafts = Vec::new();
            for recogniser in RECOGNISERS {
                (recogniser.find)(&view, &mut drafts);
            }
            hits::settle(&view, drafts)
        })
        .collect()
}

/// Finds the identifiers and names of a bare text.
pub fn recognise_text(text: &str, setting: &Setting) -> Vec<Hit> {
    let document = Document {
        media_type: "text/plain".to_owned(),
        passages: vec![Passage::text(Place::new(PlaceKind::Body, 1), text)],
        ..Document::default()
    };
    recognise(&document, setting).pop().unwrap_or_default()
}
