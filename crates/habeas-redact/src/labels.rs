//! What stands at the place of what was taken out?

use std::collections::BTreeMap;
use std::ops::Range;

use habeas_model::{Ground, Kind, Personal, Redaction};

use crate::people::ShownAt;
use crate::policies::Shown;

/// Whether the labels of one person are told from those of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Linkage {
    /// `[TP 001]`: the same number for the same person in the whole bundle, so that a reader can
    /// follow who is who.
    #[default]
    Linked,
    /// `[TP]`: nothing tells one person from another.
    Unlinked,
}

/// The labels of one bundle, and which of them were used.
///
/// Numbers are given by first appearance in what leaves, never by a name, a list or a digest. All
/// labels of a bundle have the same width, so that none tells how long a name was.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    linkage: Linkage,
    numbers: BTreeMap<String, usize>,
    roles: BTreeMap<String, String>,
    used: Vec<Used>,
    /// The page that is being drawn as it looks.
    page: Option<u32>,
}

/// A stretch that stands on paper as a label, or that is somebody else's and was shown. It does not
/// say what the stretch says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// Which passage of the document, from 0; the names of the item stand behind its own passages.
    /// `usize::MAX` for what was found on a drawn page and in no passage.
    pub passage: usize,
    /// The page that it stands on, if that is drawn as it looks.
    pub page: Option<u32>,
    /// Byte range in the passage's text.
    pub range: Range<usize>,
    /// What kind of thing.
    pub kind: Kind,
    /// Whose. Internal.
    pub person: Personal<String>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of something that is somebody else's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// This label stands in its place.
    Label(String, Ground),
    /// It stays readable.
    Shown(Shown),
}

impl Labels {
    /// No labels yet.
    pub fn new(linkage: Linkage) -> Self {
        Self { linkage, ..Self::default() }
    }

    /// The same, with a word or two on the labels of these people: `[TP 001 staff]`.
    pub fn with_roles(mut self, roles: BTreeMap<String, String>) -> Self {
        self.roles = roles;
        self
    }

    /// The label of a person; a new person gets the next number.
    pub fn label(&mut self, person: &str, ground: Ground) -> String {
        let mut label = format!("[{}", ground.code());
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(person.to_owned()).or_insert(next);
        // What a reviewer takes out as not the requester's has a number always: a bare `[NPD]` counts
        // records that are not there.
        if self.linkage == Linkage::Linked || ground == Ground::NotTheirs {
            // Three digits for all: four would say that the person came late, no more.
            label.push_str(&format!(" {number:03}"));
        }
        if let Some(role) = self.roles.get(person) {
            label.push_str(&format!(" {role}"));
        }
        label.push(']');
        label
    }

    /// The label of a stretch that is taken out; it is remembered as used.
    pub(crate) fn of(&mut self, redaction: &Redaction) -> String {
        let label = self.label(redaction.person.reveal(), redaction.ground);
        self.used.push(Used {
            passage: redaction.passage,
            page: self.page,
            range: redaction.range.clone(),
            kind: redaction.kind,
            person: redaction.person.clone(),
            outcome: Outcome::Label(label.clone(), redaction.ground),
        });
        label
    }

    /// Remembers that a stretch was shown.
    pub(crate) fn show(&mut self, shown: &ShownAt) {
        let used = Used {
            passage: shown.passage,
            page: self.page,
            range: shown.range.clone(),
            kind: shown.kind,
            person: shown.person.clone(),
            outcome: Outcome::Shown(shown.shown),
        };
        // What stands in two cells is shown once.
        if self.used.last() != Some(&used) {
            self.used.push(used);
        }
    }

    /// How much was used so far, for [`Self::forget`].
    pub(crate) fn n_used(&self) -> usize {
        self.used.len()
    }

    /// Forgets what was used since: it does not stand on paper. Numbers stay.
    pub(crate) fn forget(&mut self, since: usize) {
        self.used.truncate(since);
    }

    /// From now on that page is drawn; `None` ends it.
    pub(crate) fn on_page(&mut self, page: Option<u32>) {
        self.page = page;
    }

    /// Adds what was used elsewhere.
    pub(crate) fn append(&mut self, mut used: Vec<Used>) {
        self.used.append(&mut used);
    }

    /// Everything that was used since the last time, in the order in which it stands.
    pub(crate) fn take(&mut self) -> Vec<Used> {
        std::mem::take(&mut self.used)
    }

    /// A label as wide as any: the width of all on paper.
    pub fn widest(&self) -> String {
        let number = if self.linkage == Linkage::Linked { " 0000" } else { "" };
        let role = self.roles.values().max_by_key(|role| role.chars().count());
        match role {
            Some(role) => format!("[TP{number} {role}]"),
            None => format!("[TP{number}]"),
        }
    }

    /// Whose each number is, as it stands in a label. Internal: it never leaves.
    pub fn people(&self) -> BTreeMap<String, String> {
        self.numbers
            .iter()
            .map(|(person, number)| (format!("{number:03}"), person.clone()))
            .collect()
    }

    /// How many people have a label.
    pub fn n_people(&self) -> usize {
        self.numbers.len()
    }
}

/// May these words stand on a label? A few short ones in lower case, so that no name gets there.
pub fn is_role_label(text: &str) -> bool {
    (1..=20).contains(&text.len())
        && text.split(' ').all(|word| !word.is_empty())
        && text.chars().all(|c| c.is_ascii_lowercase() || matches!(c, ' ' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_keeps_a_number_and_numbers_come_in_order() {
        let mut labels = Labels::default();
        assert_eq!(labels.label("zeta", Ground::ThirdParty), "[TP 001]");
        assert_eq!(labels.label("alpha", Ground::ThirdParty), "[TP 002]");
        assert_eq!(labels.label("zeta", Ground::ThirdParty), "[TP 001]");
        assert_eq!((labels.n_people(), labels.widest().as_str()), (2, "[TP 0000]"));
        let mut labels = Labels::new(Linkage::Unlinked);
        assert_eq!(labels.label("zeta", Ground::ThirdParty), "[TP]");
        assert_eq!((labels.n_people(), labels.widest().as_str()), (1, "[TP]"));
    }

    #[test]
    fn a_role_stands_on_the_label() {
        let roles = [("zeta".to_owned(), "staff".to_owned()), ("x".into(), "colleague".into())];
        let mut labels = Labels::new(Linkage::Linked).with_roles(roles.clone().into());
        assert_eq!(labels.label("zeta", Ground::ThirdParty), "[TP 001 staff]");
        assert_eq!(labels.label("alpha", Ground::ThirdParty), "[TP 002]");
        assert_eq!(labels.widest(), "[TP 0000 colleague]");
        let mut labels = Labels::new(Linkage::Unlinked).with_roles(roles.into());
        assert_eq!(labels.label("zeta", Ground::ThirdParty), "[TP staff]");
    }

    #[test]
    fn no_name_gets_on_a_label() {
        for (text, expected) in [
            ("colleague", true),
            ("line manager", true),
            ("co-worker", true),
            ("Tom", false),
            ("", false),
            (" staff", false),
            ("staff  member", false),
            ("x]", false),
            ("a word too long for it", false),
        ] {
            assert_eq!(is_role_label(text), expected, "{text:?}");
        }
    }
}
