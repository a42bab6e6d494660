//! Where does a document name somebody?

mod address;
mod date;
mod email;
mod hits;
mod label;
mod money;
mod names;
mod net;
mod official;
mod organisation;
mod phone;
mod postcode;
mod reference;
mod slug;
mod unsure;
mod username;
mod view;

use habeas_model::{Card, Document, Hit, Passage, Place, PlaceKind};

use crate::Directory;
use hits::Draft;
use names::repeat::{Known, is_shared};
pub(crate) use unsure::RULE as UNKNOWN_WORD;
pub use unsure::recognise_with_unsure;
use view::View;

/// Declares a constant pattern, compiled once.
macro_rules! pattern {
    ($name:ident = $pattern:expr) => {
        static $name: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
            regex::Regex::new($pattern).expect("the pattern is constant")
        });
    };
}
use pattern;

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
struct Recogniser {
    card: Card,
    find: fn(&View<'_>, &mut Vec<Draft>),
    /// Texts with the `kind=value` of every identifier in them, in order; names aside.
    #[cfg_attr(not(test), expect(dead_code, reason = "examples are for the tests"))]
    examples: &'static [(&'static str, &'static [&'static str])],
}

/// All recognisers; of two equal claims on a stretch the first one's stands.
const RECOGNISERS: &[Recogniser] = &[
    email::RECOGNISER,
    phone::RECOGNISER,
    postcode::RECOGNISER,
    address::RECOGNISER,
    date::RECOGNISER,
    official::NHS_NUMBER,
    official::NINO,
    official::PASSPORT,
    official::DRIVING_LICENCE,
    official::VEHICLE,
    money::CARD,
    money::IBAN,
    money::BANK_ACCOUNT,
    net::IP,
    net::DEVICE,
    net::HANDLE,
    username::RECOGNISER,
    slug::RECOGNISER,
    reference::RECOGNISER,
    organisation::RECOGNISER,
    names::RECOGNISER,
];

/// The cards of all recognisers.
pub fn cards() -> Vec<Card> {
    RECOGNISERS.iter().map(|recogniser| recogniser.card).collect()
}

/// Finds the identifiers and names of a document: one list of hits a passage, in the same order.
///
/// Hits of one passage are sorted by start and do not overlap.
pub fn recognise(document: &Document, setting: &Setting) -> Vec<Vec<Hit>> {
    let mut everybody = Known::default();
    let mut found: Vec<(View<'_>, Vec<Draft>)> = Vec::with_capacity(document.passages.len());
    for passage in &document.passages {
        let view = View::new(passage, setting);
        let mut drafts = Vec::new();
        for recogniser in RECOGNISERS {
            (recogniser.find)(&view, &mut drafts);
        }
        let drafts = hits::settle(&view, drafts);
        if is_shared(passage.place.kind) && !everybody.is_crowd() {
            everybody.learn(&drafts);
        }
        found.push((view, drafts));
    }
    let far = (!everybody.is_crowd()).then_some(&everybody);
    let finish = |(view, mut drafts): (View<'_>, Vec<Draft>)| {
        let mut near = Known::default();
        near.learn(&drafts);
        let far = far.filter(|_| is_shared(view.passage.place.kind));
        names::repeat::spread(&view, &mut drafts, &near, far);
        names::initials::spread(&view, &mut drafts, &near, far);
        let mut drafts = hits::settle(&view, drafts);
        names::glued::spread(&view, &mut drafts, &near, far);
        hits::settle(&view, drafts).into_iter().map(|draft| hits::hit(&view, draft)).collect()
    };
    found.into_iter().map(finish).collect()
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

#[cfg(test)]
mod tests {
    use habeas_model::Kind;

    use super::*;

    fn found(text: &str, is_name: bool) -> Vec<String> {
        let hits = recognise_text(text, &Setting::default());
        let asked = hits.iter().filter(|hit| (hit.kind == Kind::Name) == is_name);
        asked.map(|hit| format!("{}={}", hit.kind, hit.value.reveal())).collect()
    }

    #[test]
    fn examples_hold() {
        let mut wrong = Vec::new();
        for recogniser in RECOGNISERS {
            let has_none = recogniser.examples.iter().any(|(_, found)| found.is_empty());
            assert!(has_none, "{} has no counter-example", recogniser.card.name);
            for (text, expected) in recogniser.examples {
                let found = found(text, recogniser.card.name == "name");
                if found != *expected {
                    wrong.push(format!(
                        "{}: {text:?}\n  expected {expected:?}\n  found    {found:?}",
                        recogniser.card.name
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn cards_have_names_of_their_own() {
        let mut names: Vec<&str> = cards().iter().map(|card| card.name).collect();
        let n_cards = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), n_cards);
    }
}
