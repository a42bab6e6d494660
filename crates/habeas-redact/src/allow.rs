//! How often may something stand in a file that was taken out elsewhere?
//!
//! Somebody can be shown at one place and taken out at another. The secret stays a secret then: it is
//! looked for like every other, and may be found as often as it was shown, and no more.

use std::collections::BTreeMap;
use std::ops::Range;

use habeas_model::{Kind, Personal};
use serde::{Deserialize, Serialize};

use crate::search::{Folds, Found, Searcher};
use crate::secrets::Scope;

/// How often whose secrets of which kind may stand in one file. Internal: it never leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Allowed(Counts);

type Counts = BTreeMap<Personal<String>, BTreeMap<Kind, usize>>;

impl Allowed {
    /// Nothing is allowed.
    pub const NONE: Self = Self(BTreeMap::new());

    /// Is nothing allowed?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Allows what is allowed in another file as well, for a file that holds both.
    pub fn join(&mut self, other: &Self) {
        for (person, kinds) in &other.0 {
            let own = self.0.entry(person.clone()).or_default();
            kinds.iter().for_each(|(kind, n)| *own.entry(*kind).or_default() += n);
        }
    }

    /// Does the text hold no more than is allowed?
    pub fn covers(&self, text: &str, searchers: &[&Searcher]) -> bool {
        self.beyond(text, searchers).is_empty()
    }

    /// What the text holds of secrets that speak everywhere, of those people and kinds of which it
    /// holds more than is allowed.
    pub(crate) fn beyond(&self, text: &str, searchers: &[&Searcher]) -> Vec<Found> {
        self.beyond_in(&Folds::new(text), text, searchers)
    }

    /// The same, in a text that is folded already.
    pub(crate) fn beyond_in(
        &self,
        folds: &Folds,
        text: &str,
        searchers: &[&Searcher],
    ) -> Vec<Found> {
        let found = searchers.iter().flat_map(|searcher| searcher.find_in(folds, text));
        let mut found: Vec<Found> =
            found.filter(|found| found.scope == Scope::Everywhere).collect();
        if self.0.is_empty() || found.is_empty() {
            return found;
        }
        let counts = counts(&found);
        found.retain(|one| n_of(&counts, one) > n_of(&self.0, one));
        found
    }

    /// What a drawn text may hold: the secrets that stand in it at places where somebody is shown.
    ///
    /// `shown` are those places, as ranges of the text, and `people` who is shown there. `Err` gives
    /// what stands anywhere else.
    pub(crate) fn of_drawn(
        text: &str,
        shown: &[Range<usize>],
        people: &std::collections::BTreeSet<Personal<String>>,
        searchers: &[&Searcher],
    ) -> Result<Self, Vec<Found>> {
        let found = everywhere(text, searchers);
        let is_shown =
            |one: &&Found| people.contains(&one.person) && is_covered(text, &one.range, shown);
        let elsewhere: Vec<Found> = found.iter().filter(|one| !is_shown(one)).cloned().collect();
        if elsewhere.is_empty() { Ok(Self(counts(&found))) } else { Err(elsewhere) }
    }
}

fn everywhere(text: &str, searchers: &[&Searcher]) -> Vec<Found> {
    let found = searchers.iter().flat_map(|searcher| searcher.find(text));
    found.filter(|found| found.scope == Scope::Everywhere).collect()
}

fn n_of(counts: &Counts, one: &Found) -> usize {
    counts.get(&one.person).and_then(|kinds| kinds.get(&one.kind)).copied().unwrap_or(0)
}

/// How often each person's secrets of each kind stand in a text: as many as do not overlap.
fn counts(found: &[Found]) -> Counts {
    let mut ranges: BTreeMap<(&Personal<String>, Kind), Vec<&Range<usize>>> = BTreeMap::new();
    for one in found {
        ranges.entry((&one.person, one.kind)).or_default().push(&one.range);
    }
    let mut counts = Counts::new();
    for ((person, kind), mut ranges) in ranges {
        // Taking what ends first leaves room for the most.
        ranges.sort_by_key(|range| (range.end, range.start));
        let (mut n, mut at) = (0, 0);
        for range in ranges {
            if range.start >= at {
                n += 1;
                at = range.end;
            }
        }
        counts.entry(person.clone()).or_default().insert(kind, n);
    }
    counts
}

/// Do letters and digits of a stretch all stand within these stretches?
pub(crate) fn is_covered(text: &str, range: &Range<usize>, by: &[Range<usize>]) -> bool {
    let Some(inside) = text.get(range.clone()) else { return false };
    inside.char_indices().filter(|(_, c)| c.is_alphanumeric()).all(|(at, _)| {
        let at = range.start + at;
        by.iter().any(|by| by.contains(&at))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use habeas_model::{Confidence, Hit, Party};

    use super::*;
    use crate::{Own, Secrets};

    fn searcher(people: &[(&str, &str, &str)]) -> Searcher {
        let mut secrets = Secrets::default();
        for (key, surface, value) in people {
            let kind = if surface.contains('@') { Kind::Email } else { Kind::Name };
            let hit = Hit {
                range: 0..0,
                kind,
                value: (*value).into(),
                confidence: Confidence::new(1.0),
                party: Party::Unknown,
                rule: String::new(),
            };
            secrets.add(&hit, surface, key, &Own::default());
        }
        Searcher::new(&secrets, &Own::default()).unwrap()
    }

    const TOM: (&str, &str, &str) = ("tom", "Tom Quill", "quill, tom");
    const ANN: (&str, &str, &str) = ("ann", "Ann Bramble", "bramble, ann");

    /// `drawn` with the shown stretches in braces.
    fn allowed(drawn: &str, people: &[&str], searcher: &Searcher) -> Result<Allowed, usize> {
        let (mut text, mut shown, mut start) = (String::new(), Vec::new(), 0);
        for c in drawn.chars() {
            match c {
                '{' => start = text.len(),
                '}' => shown.push(start..text.len()),
                _ => text.push(c),
            }
        }
        let people: BTreeSet<Personal<String>> = people.iter().map(|it| (*it).into()).collect();
        Allowed::of_drawn(&text, &shown, &people, &[searcher]).map_err(|found| found.len())
    }

    #[test]
    fn a_secret_may_stand_as_often_as_it_was_shown_and_no_more() {
        let searcher = searcher(&[TOM, ANN]);
        let check = |drawn: &str, read: &str, expected: bool| {
            let allowed = allowed(drawn, &["tom"], &searcher).unwrap();
            assert_eq!(allowed.covers(read, &[&searcher]), expected, "{drawn:?} {read:?}");
        };
        check("seen by {Tom Quill}.", "seen by Tom Quill.", true);
        check("seen by {Tom Quill}.", "seen by Tom\nQuill.", true);
        check("seen by {Tom Quill}.", "seen by TOM QUILL.", true);
        check("seen by {Tom Quill}.", "seen by [TP 001].", true);
        check("seen by {Tom Quill}.", "Tom Quill and Tom Quill", false);
        check("{Tom Quill} and {Tom Quill}", "Quill, Tom; Tom Quill", true);
        check("{Tom Quill} {Tom Quill} {Tom Quill}", "Tom Quill Tom Quill Tom Quill", true);
        check("{Tom Quill} {Tom Quill}", "Tom Quill x Tom Quill x Tom Quill", false);
        check("seen by {Tom Quill}.", "seen by Tom Quill, Ann Bramble", false);
        check("nothing", "Tom Quill", false);
        check("First: {Tom}\nLast: {Quill}", "x", true);
        check("{Tom}\n{Quill}", "Tom Quill", true);
    }

    #[test]
    fn a_name_that_is_shown_does_not_make_room_for_an_address() {
        let mail = ("tom", "tq@example.org", "tq@example.org");
        let searcher = searcher(&[TOM, mail]);
        let allowed = allowed("{Tom Quill} and {Tom Quill}", &["tom"], &searcher).unwrap();
        assert!(allowed.covers("Tom Quill", &[&searcher]));
        assert!(!allowed.covers("Tom Quill, tq@example.org", &[&searcher]));
    }

    #[test]
    fn what_is_drawn_elsewhere_than_shown_is_told() {
        let searcher = searcher(&[TOM, ANN]);
        let n = |drawn: &str, people: &[&str]| allowed(drawn, people, &searcher).unwrap_err();
        assert!(n("{Tom Quill} and Tom Quill", &["tom"]) > 0);
        assert!(n("{Tom} Quill", &["tom"]) > 0);
        assert!(n("{Ann Bramble}", &["tom"]) > 0);
        // The same words are somebody else's, who is taken out.
        let namesakes = self::searcher(&[TOM, ("other tom", "Tom Quill", "quill, tom")]);
        assert!(allowed("{Tom Quill}", &["tom"], &namesakes).is_err());
    }

    #[test]
    fn files_together_hold_what_each_holds() {
        let searcher = searcher(&[TOM]);
        let mut one = allowed("{Tom Quill}", &["tom"], &searcher).unwrap();
        one.join(&one.clone());
        assert!(one.covers("Tom Quill, Tom Quill", &[&searcher]));
        assert!(!one.covers("Tom Quill, Tom Quill; Tom Quill", &[&searcher]));
        assert!(!Allowed::NONE.covers("Tom Quill", &[&searcher]) && Allowed::NONE.is_empty());
    }
}
