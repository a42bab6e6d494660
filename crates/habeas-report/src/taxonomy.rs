//! Which words tell of a special category of personal data?

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

/// The lists, by name. A list is one file and one line.
const LISTS: &[(&str, &str)] = &[
    ("health", include_str!("../../../config/taxonomies/health.toml")),
    ("treatments", include_str!("../../../config/taxonomies/treatments.toml")),
    ("genetics", include_str!("../../../config/taxonomies/genetics.toml")),
    ("biometrics", include_str!("../../../config/taxonomies/biometrics.toml")),
    ("ethnicity", include_str!("../../../config/taxonomies/ethnicity.toml")),
    ("beliefs", include_str!("../../../config/taxonomies/beliefs.toml")),
    ("sexuality", include_str!("../../../config/taxonomies/sexuality.toml")),
    ("politics", include_str!("../../../config/taxonomies/politics.toml")),
    ("unions", include_str!("../../../config/taxonomies/unions.toml")),
    ("offences", include_str!("../../../config/taxonomies/offences.toml")),
];

/// A list of words that tell of a special category.
#[derive(Debug)]
pub struct Taxonomy {
    /// Its name, as a configuration names it.
    pub name: &'static str,
    /// What it tells of.
    pub title: String,
    /// Which text makes that special.
    pub authority: String,
    /// Where the words come from.
    pub source: String,
}

/// What a file of words holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    title: String,
    authority: String,
    source: String,
    #[serde(default)]
    terms: Vec<String>,
    #[serde(default)]
    topics: BTreeMap<String, Vec<String>>,
}

/// All lists with everything that finds their words.
struct Lists {
    taxonomies: Vec<Taxonomy>,
    topics: Vec<String>,
    /// Of each pattern: its list, and its topic if it has one.
    patterns: Vec<(usize, Option<usize>)>,
    automaton: AhoCorasick,
}

static ALL: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists {
        taxonomies: Vec::new(),
        topics: Vec::new(),
        patterns: Vec::new(),
        automaton: AhoCorasick::new([""; 0]).expect("no pattern is too many"),
    };
    let mut words = Vec::new();
    for (number, (name, text)) in LISTS.iter().enumerate() {
        let keys: Keys = toml::from_str(text).expect("the lists are constant");
        let Keys { title, authority, source, terms, topics } = keys;
        lists.taxonomies.push(Taxonomy { name, title, authority, source });
        for term in terms {
            words.push(term);
            lists.patterns.push((number, None));
        }
        for (topic, terms) in topics {
            for term in terms {
                words.push(term);
                lists.patterns.push((number, Some(lists.topics.len())));
            }
            lists.topics.push(topic);
        }
    }
    lists.automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(&words)
        .expect("the lists are constant and small");
    lists
});

/// All lists.
pub fn taxonomies() -> &'static [Taxonomy] {
    &ALL.taxonomies
}

/// The number of the list with that name.
pub(crate) fn by_name(name: &str) -> Option<usize> {
    LISTS.iter().position(|(known, _)| *known == name)
}

/// What tells of special categories in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// A bit for each list.
    lists: u32,
    /// A bit for each topic.
    pub(crate) topics: u64,
    /// How many words were found.
    pub(crate) n_words: u32,
}

impl Told {
    /// What tells of them in this text.
    pub(crate) fn of(text: &str) -> Self {
        let mut told = Self::default();
        for found in ALL.automaton.find_iter(text) {
            if !is_whole(text, found.start(), found.end()) {
                continue;
            }
            let (list, topic) = ALL.patterns[found.pattern().as_usize()];
            told.lists |= 1 << list;
            told.topics |= topic.map_or(0, |topic| 1 << topic);
            told.n_words += 1;
        }
        told
    }

    /// Does a word of this list stand in it?
    pub(crate) fn has(self, list: usize) -> bool {
        self.lists & (1 << list) != 0
    }

    /// Does a word of one of these lists stand in it?
    pub(crate) fn has_any(self, lists: &[usize]) -> bool {
        lists.iter().any(|list| self.has(*list))
    }

    /// Is there nothing?
    pub(crate) fn is_empty(self) -> bool {
        self.lists == 0
    }
}

impl std::ops::BitOrAssign for Told {
    fn bitor_assign(&mut self, other: Self) {
        self.lists |= other.lists;
        self.topics |= other.topics;
        self.n_words += other.n_words;
    }
}

/// Does a word end where the text's words do? An `s` behind it is its plural.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let is_within = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    if is_within(text[..start].chars().next_back()) {
        return false;
    }
    let mut after = text[end..].chars();
    match after.next() {
        Some('s' | 'S') => !is_within(after.next()),
        next => !is_within(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(text: &str) -> Vec<&'static str> {
        let told = Told::of(text);
        let has =
            |(number, taxonomy): (usize, &Taxonomy)| told.has(number).then_some(taxonomy.name);
        taxonomies().iter().enumerate().filter_map(has).collect()
    }

    #[test]
    fn words_are_found_whole_and_in_any_case() {
        assert_eq!(lists("Diagnosed with ASTHMA"), ["health"]);
        assert_eq!(lists("two Prescriptions, and Botox-interest"), ["health", "treatments"]);
        assert_eq!(lists("a wardrobe, a scarf, DNA twice, forward"), [""; 0]);
        assert_eq!(lists("member of a trade union, of the Labour Party"), ["politics", "unions"]);
    }

    #[test]
    fn what_is_offered_and_what_is_asked_for_are_one_topic() {
        let [one, other] = ["Eyelid surgery", "upper eyelid blepharoplasty"].map(Told::of);
        assert!(one.topics != 0 && one.topics == other.topics);
        assert_ne!(one.topics, Told::of("Tummy tuck").topics);
    }

    #[test]
    fn every_list_has_words_and_says_where_they_are_from() {
        assert!(ALL.topics.len() <= 64 && LISTS.len() <= 32, "they are bits of a number");
        for (number, taxonomy) in taxonomies().iter().enumerate() {
            assert!(ALL.patterns.iter().any(|(list, _)| *list == number), "{}", taxonomy.name);
            assert!(!taxonomy.authority.is_empty() && !taxonomy.source.is_empty());
        }
    }
}
