//! Does another exhibit show what one has taken out? The same message stands in many files.
//!
//! Five words before a label and five after it find its twins: a copy, a forwarded message, a quoted
//! reply. Time and memory grow with the words of all exhibits, not with the pairs of them.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use super::counts;
use crate::fold::{LineEnd, words};
use crate::secrets::TITLES;

/// Something that one exhibit takes out and another shows, by their places in what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Twin {
    /// The exhibit that shows it.
    pub shows: usize,
    /// The exhibit that takes it out.
    pub takes_out: usize,
}

/// Words on either side of a label by which its twin is known.
const ANCHOR: usize = 5;
/// So many words may stand where a label stands.
const MOST_SHOWN: usize = 6;
/// So many labels with the same words before them are compared; letters made from one template have
/// more. The others are counted.
const MOST_SITES: usize = 256;

/// What comparing exhibits brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Twins {
    /// Exhibits that show what another one takes out.
    pub found: BTreeSet<Twin>,
    /// Labels that were not compared, because too many have the same words before them.
    pub n_skipped: usize,
}

struct Word {
    text: String,
    is_label: bool,
    is_name: bool,
}

/// Finds every exhibit that shows what another one takes out at the same place.
///
/// `texts` are what the exhibits say, labels included. `is_taken` says whether something was taken out
/// of an exhibit, by its place in `texts`; `is_own` whether a folded word is the subject's.
///
/// What stands there is told by the exhibit that takes it out: there it was taken out. Or it is a word
/// with a capital letter in two copies of one text, by twenty words on either side with a number
/// among them.
pub fn twins(
    texts: &[&str],
    is_taken: &dyn Fn(usize, &str) -> bool,
    is_own: &dyn Fn(&str) -> bool,
) -> Twins {
    let split: Vec<Vec<Word>> = texts.iter().map(|text| split(text)).collect();
    let mut n_skipped = 0;
    let mut sites: HashMap<u64, Vec<(usize, Range<usize>)>> = HashMap::new();
    for (number, all) in split.iter().enumerate() {
        for site in labels(all) {
            if let Some(before) = hash(all, before(all, site.start)) {
                let known = sites.entry(before).or_default();
                if known.len() < MOST_SITES {
                    known.push((number, site));
                } else {
                    n_skipped += 1;
                }
            }
        }
    }
    let mut twins = BTreeSet::new();
    for (shows, all) in split.iter().enumerate() {
        for at in 0..all.len() {
            // A label here is treated alike.
            if all.get(at).is_none_or(|word| word.is_label) {
                continue;
            }
            let Some(found) = hash(all, before(all, at)).and_then(|hash| sites.get(&hash)) else {
                continue;
            };
            for (takes_out, site) in found.iter().filter(|(number, _)| *number != shows) {
                let Some(theirs) = split.get(*takes_out) else { continue };
                let Some(end) = end_of(all, at, theirs, site.end) else { continue };
                let twin = Twin { shows, takes_out: *takes_out };
                let shown = at..end;
                // Who asks is nobody's secret, even where another exhibit takes them for a namesake.
                let is_subject = all.get(shown.clone()).is_some_and(|words| {
                    words.iter().all(|it| is_own(&it.text) || TITLES.contains(&it.text.as_str()))
                });
                if twins.contains(&twin) || is_subject || has_label(all, &shown) {
                    continue;
                }
                // With the words before it: where a line broke the subject's own address, its end alone
                // was taken out.
                let with_before = at.saturating_sub(CONTEXT)..end;
                if is_taken(*takes_out, &as_names(all, &with_before))
                    || is_name(all, &shown, is_own) && is_same_text(all, &shown, theirs, site)
                {
                    twins.insert(twin);
                }
            }
        }
    }
    Twins { found: twins, n_skipped }
}

/// The words of a text, folded; a label is one.
fn split(text: &str) -> Vec<Word> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        let (before, after) = rest.split_at(start);
        let label = after.find(']').map_or("", |end| &after[..=end]);
        if label.len() > 24 || counts::labels(label).is_empty() {
            push_words(&rest[..start + 1], &mut all);
            rest = &rest[start + 1..];
            continue;
        }
        push_words(before, &mut all);
        all.push(Word { text: "\u{0}".into(), is_label: true, is_name: false });
        rest = &after[label.len()..];
    }
    push_words(rest, &mut all);
    all
}

fn push_words(text: &str, all: &mut Vec<Word>) {
    for part in text.split_whitespace() {
        let folded = words(part, LineEnd::Parts).text;
        let is_name = part.chars().any(char::is_uppercase) || part.chars().any(char::is_numeric);
        for word in folded.split(' ').filter(|word| !word.is_empty()) {
            all.push(Word { text: word.to_owned(), is_label: false, is_name });
        }
    }
}

/// Labels, those in a row together.
fn labels(all: &[Word]) -> Vec<Range<usize>> {
    let mut sites: Vec<Range<usize>> = Vec::new();
    for at in all.iter().enumerate().filter(|(_, word)| word.is_label).map(|(at, _)| at) {
        match sites.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => sites.push(at..at + 1),
        }
    }
    sites
}

/// The words that lead up to a place, not past another label.
fn before(all: &[Word], at: usize) -> Range<usize> {
    let start = at.saturating_sub(ANCHOR);
    let words = all.get(start..at).unwrap_or(&[]);
    let label = words.iter().rposition(|word| word.is_label);
    start + label.map_or(0, |label| label + 1)..at
}

/// A mark of the words before a place; `None` if they are too few to find a twin by.
fn hash(all: &[Word], range: Range<usize>) -> Option<u64> {
    let words = all.get(range)?;
    if words.len() < ANCHOR {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    words.iter().for_each(|word| word.text.hash(&mut hasher));
    Some(hasher.finish())
}

/// Where what is shown at a place ends: the words after it are those after the label.
fn end_of(all: &[Word], at: usize, theirs: &[Word], label_end: usize) -> Option<usize> {
    let mut after: Vec<&str> = Vec::new();
    for word in theirs.get(label_end..)?.iter().take(ANCHOR) {
        if word.is_label {
            break;
        }
        after.push(&word.text);
    }
    // The end of a text is an anchor too, if it is the end of both.
    let is_end = theirs.len() == label_end + after.len();
    if after.len() < ANCHOR && !is_end && after.len() < 3 {
        return None;
    }
    (at + 1..=at + MOST_SHOWN).find(|end| {
        let here = all.get(*end..).unwrap_or(&[]);
        let is_same = here.len() >= after.len()
            && here.iter().zip(&after).all(|(word, after)| word.text == *after);
        is_same && (!is_end || here.len() == after.len())
    })
}

fn has_label(all: &[Word], shown: &Range<usize>) -> bool {
    all.get(shown.clone()).is_none_or(|words| words.iter().any(|word| word.is_label))
}

/// Words as a sentence has names: what was taken out may count with its capital letter only.
fn as_names(all: &[Word], shown: &Range<usize>) -> String {
    let mut text = "a".to_owned();
    for word in all.get(shown.clone()).unwrap_or(&[]) {
        let mut letters = word.text.chars();
        text.push(' ');
        text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        text.push_str(letters.as_str());
    }
    text
}

fn is_name(all: &[Word], shown: &Range<usize>, is_own: &dyn Fn(&str) -> bool) -> bool {
    let words = all.get(shown.clone()).unwrap_or(&[]);
    words.iter().any(|word| word.is_name) && !words.iter().any(|word| is_own(&word.text))
}

/// So many words before a place may belong to what stands there.
const CONTEXT: usize = 4;

/// So many words on both sides are the same in two copies of one message, and some of them hold a
/// number; letters made from one template differ in their dates.
const MANY: usize = 20;

fn is_same_text(all: &[Word], shown: &Range<usize>, theirs: &[Word], site: &Range<usize>) -> bool {
    let same = |step: &dyn Fn(&Range<usize>, usize) -> Option<usize>| -> Option<bool> {
        let mut has_number = false;
        for n in 0..MANY {
            let here = all.get(step(shown, n)?)?;
            let there = theirs.get(step(site, n)?)?;
            if here.text != there.text {
                return None;
            }
            has_number |= here.text.bytes().any(|byte| byte.is_ascii_digit());
        }
        Some(has_number)
    };
    let before = same(&|range, n| range.start.checked_sub(n + 1));
    let after = same(&|range, n| range.end.checked_add(n));
    matches!((before, after), (Some(one), Some(other)) if one || other)
}

#[cfg(test)]
mod tests;
