//! What does somebody see who looks at a page? Read from its pixels, by a recogniser of text.

use std::collections::BTreeMap;

use crate::attack::Leak;
use crate::fold::{LineEnd, words};
use crate::search::Searcher;

/// A place that a picture of a page is given to, and gives back what it says: `Some("")` if that is
/// nothing, `None` if it could not be looked at.
pub type Look<'a> = &'a (dyn Fn(&super::Grey) -> Option<String> + Sync);

/// Dots an inch of a page that is looked at: the smallest print of ours is then 25 pixels high.
pub(crate) const DPI: u16 = 240;

/// What was taken out and is seen on a page more often than its text says.
///
/// A recogniser misreads: a long word of a name may have one wrong letter. What the text of the page
/// says too was compared there, and is what the recogniser saw.
pub(crate) fn leaks(seen: &str, read: &str, searchers: &[&Searcher]) -> Vec<Leak> {
    let way = "the look of a page";
    let mut leaks = Vec::new();
    for searcher in searchers {
        let mut counts: BTreeMap<_, i64> = BTreeMap::new();
        for (text, one) in [(seen, 1), (read, -1)] {
            for found in searcher.find(text) {
                *counts.entry((found.person.reveal().clone(), found.kind)).or_default() += one;
            }
        }
        leaks.extend(
            counts
                .into_iter()
                .filter(|(_, n)| *n > 0)
                .map(|((_, kind), _)| Leak { kind, way: way.to_owned() }),
        );
        let (in_seen, in_read) = (searcher.blurred(seen), searcher.blurred(read));
        let is_new = |(name, n): (&usize, &usize)| *n > in_read.get(name).copied().unwrap_or(0);
        if in_seen.iter().any(is_new) {
            let way = format!("{way}, a letter misread");
            leaks.push(Leak { kind: habeas_model::Kind::Name, way });
        }
    }
    leaks.sort_by(|a, b| a.way.cmp(&b.way));
    leaks.dedup();
    leaks
}

/// How many words of a text stand in what was seen, and how many there are; short ones do not count.
pub(crate) fn confirmed(layer: &str, seen: &str) -> (usize, usize) {
    let seen = words(seen, LineEnd::Parts).text;
    let seen: std::collections::BTreeSet<&str> = seen.split(' ').collect();
    let layer = words(layer, LineEnd::Parts).text;
    let long: Vec<&str> = layer.split(' ').filter(|word| word.chars().count() >= 4).collect();
    let n_seen = long
        .iter()
        .filter(|word| seen.contains(*word) || seen.iter().any(|seen| is_near(word, seen)))
        .count();
    (n_seen, long.len())
}

/// Do two words differ in one letter: another one, one more, or one less?
pub(crate) fn is_near(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let skip = usize::from(short.len() == long.len());
    short.get((same + skip).min(short.len())..) == long.get((same + 1).min(long.len())..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_letter_is_near() {
        for (one, other) in
            [("quill", "quill"), ("quill", "qu1ll"), ("quill", "quil"), ("quill", "quilll")]
        {
            assert!(is_near(one, other) && is_near(other, one), "{one} {other}");
        }
        assert!(!is_near("quill", "qu11l") && !is_near("quill", "qui") && !is_near("ab", "ba"));
    }

    #[test]
    fn words_of_a_layer_are_confirmed_by_what_is_seen() {
        assert_eq!(confirmed("seen by the clerk", "Seen by tlie clark"), (2, 2));
        assert_eq!(confirmed("something else entirely", "Seen by the clerk"), (0, 3));
    }
}
