//! What stands at the place of what was taken out?

use std::collections::BTreeMap;

use habeas_model::Ground;

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

/// The labels of one bundle.
///
/// Numbers are given by first appearance in what leaves, never by a name, a list or a digest. All
/// labels of a bundle have the same width, so that none tells how long a name was.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    linkage: Linkage,
    numbers: BTreeMap<String, usize>,
}

impl Labels {
    /// No labels yet.
    pub fn new(linkage: Linkage) -> Self {
        Self { linkage, numbers: BTreeMap::new() }
    }

    /// The label of a person; a new person gets the next number.
    pub fn label(&mut self, person: &str, ground: Ground) -> String {
        let code = ground.code();
        match self.linkage {
            Linkage::Unlinked => format!("[{code}]"),
            Linkage::Linked => {
                let next = self.numbers.len() + 1;
                let number = *self.numbers.entry(person.to_owned()).or_insert(next);
                // Three digits for all: four would say that the person came late, no more.
                format!("[{code} {number:03}]")
            }
        }
    }

    /// Whose each number is, as it stands in a label. Internal: it never leaves.
    pub fn people(&self) -> BTreeMap<String, String> {
        self.numbers
            .iter()
            .map(|(person, number)| (format!("{number:03}"), person.clone()))
            .collect()
    }

    /// How many people have a number.
    pub fn n_people(&self) -> usize {
        self.numbers.len()
    }
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
        let mut labels = Labels::new(Linkage::Unlinked);
        assert_eq!(labels.label("zeta", Ground::ThirdParty), "[TP]");
    }
}
