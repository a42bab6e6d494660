//! Which names does the estate itself know?

use std::collections::{HashMap, HashSet};

/// Names harvested from structured fields over the whole estate.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// From the words of a name, as one reads them (`jane smith`), to its normal form.
    read: HashMap<String, String>,
    surnames: HashMap<String, u64>,
    given: HashMap<String, u64>,
    /// First words of readings: family names, and particles that open them.
    starts: HashSet<String>,
}

impl Directory {
    /// A directory of names in the normal form of [`habeas_model::Kind::Name`], each with the
    /// number of structured fields it stood in.
    pub fn new(names: impl IntoIterator<Item = (String, u64)>) -> Self {
        let mut directory = Self::default();
        for (value, count) in names {
            directory.add(&value, count);
        }
        directory
    }

    fn add(&mut self, value: &str, count: u64) {
        let Some((surname, given)) = value.split_once(',') else { return };
        let (surname, given) = (surname.trim(), given.trim());
        let first = given.split(' ').next().unwrap_or_default();
        if surname.len() > 1 {
            *self.surnames.entry(surname.to_owned()).or_default() += count;
        }
        if first.len() > 1 {
            *self.given.entry(first.to_owned()).or_default() += count;
        }
        // An initial and a surname are too little to find somebody by in running text.
        if surname.len() < 2 || first.len() < 2 {
            return;
        }
        for reading in [
            format!("{first} {surname}"),
            format!("{given} {surname}"),
            format!("{surname} {first}"),
        ] {
            self.starts.extend(reading.split(' ').next().map(str::to_owned));
            // The first name to claim a reading keeps it; a longer one with the same reading
            // says nothing more.
            self.read.entry(reading).or_insert_with(|| value.to_owned());
        }
    }

    /// Does it know no name at all?
    pub fn is_empty(&self) -> bool {
        self.surnames.is_empty() && self.given.is_empty()
    }

    /// The normal form of the whole name that is read as these folded words, such as `jane smith`
    /// or `smith jane`.
    pub fn whole_name(&self, words: &str) -> Option<&str> {
        self.read.get(words).map(String::as_str)
    }

    /// The normal forms of all whole names, some more than once, in no order.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.read.values().map(String::as_str)
    }

    /// Does a whole name begin with this folded word, in either order?
    pub(crate) fn starts(&self, word: &str) -> bool {
        self.given.contains_key(word) || self.starts.contains(word)
    }

    /// In how many structured fields a name with this folded surname stood.
    pub fn surname_count(&self, surname: &str) -> u64 {
        self.surnames.get(surname).copied().unwrap_or_default()
    }

    /// In how many structured fields a name with this folded given name stood.
    pub fn given_count(&self, given: &str) -> u64 {
        self.given.get(given).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_name_is_known_in_either_order() {
        let directory =
            Directory::new([("lind, amara rose".to_owned(), 3), ("orr,".to_owned(), 1)]);
        for words in ["amara lind", "lind amara", "amara rose lind"] {
            assert_eq!(directory.whole_name(words), Some("lind, amara rose"));
        }
        assert_eq!(directory.surname_count("orr"), 1);
        assert_eq!(directory.given_count("amara"), 3);
        assert_eq!(directory.whole_name("orr"), None);
    }
}
