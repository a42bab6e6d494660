//! Which items say nearly the same?
//!
//! Texts are compared by their runs of five words. Of each text the smallest of many digests of its runs
//! are kept (MinHash); texts that agree in a band of these are compared by all of them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use habeas_index::Estate;

use crate::found::Found;

/// Words that are compared together.
const RUN: usize = 5;
/// Digests that are kept of a text.
const KEPT: usize = 64;
/// Digests in a band: of two texts with 8 of 10 runs in common 99.8 of 100 share a band.
const BAND: usize = 4;
/// From so many equal runs on, of 1, texts are near duplicates.
const ALIKE: f32 = 0.8;
/// A text with fewer words says too little to be compared.
const LEAST_WORDS: usize = 30;
/// Of a longer text so many words are compared.
const MOST_WORDS: usize = 20_000;

/// Clusters of items that say nearly the same.
#[derive(Default)]
pub struct Near {
    /// The cluster of each item, by number.
    of_item: Vec<Option<u32>>,
    sketches: Vec<Option<Box<[u64; KEPT]>>>,
}

impl Near {
    /// Compares the texts of all items but tables and records: their rows are findings of their own.
    pub fn new(found: &Found, estate: &Estate) -> Result<Self, habeas_index::Error> {
        let mut sketches = Vec::with_capacity(found.items.len());
        for item in &found.items {
            let is_text = matches!(
                item.kind,
                "message" | "PDF" | "document" | "text" | "web page" | "presentation"
            );
            if !is_text {
                sketches.push(None);
                continue;
            }
            let passages = estate.passages_of(&item.id)?;
            let texts = passages.iter().map(|it| it.passage.text.as_str());
            sketches.push(sketch(texts));
        }
        Ok(Self::of(sketches))
    }

    fn of(sketches: Vec<Option<Box<[u64; KEPT]>>>) -> Self {
        let mut bands: HashMap<(usize, &[u64]), Vec<usize>> = HashMap::new();
        for (number, sketch) in sketches.iter().enumerate() {
            let Some(sketch) = sketch else { continue };
            for (band, part) in sketch.chunks(BAND).enumerate() {
                bands.entry((band, part)).or_default().push(number);
            }
        }
        let mut joined: Vec<usize> = (0..sketches.len()).collect();
        for together in bands.values() {
            // Each with the first is enough: what is alike is joined through it.
            let Some((first, rest)) = together.split_first() else { continue };
            for other in rest {
                let (one, two) = (root(&mut joined, *first), root(&mut joined, *other));
                if one != two && likeness(&sketches, *first, *other) >= ALIKE {
                    joined[one.max(two)] = one.min(two);
                }
            }
        }
        let roots: Vec<usize> = (0..sketches.len()).map(|at| root(&mut joined, at)).collect();
        let mut sizes: HashMap<usize, usize> = HashMap::new();
        roots.iter().for_each(|root| *sizes.entry(*root).or_default() += 1);
        let cluster = |root: &usize| {
            sizes.get(root).filter(|n| **n > 1).and_then(|_| u32::try_from(*root).ok())
        };
        let of_item = roots.iter().map(cluster).collect();
        Self { of_item, sketches }
    }

    /// The cluster of an item.
    pub fn cluster(&self, item: usize) -> Option<u32> {
        self.of_item.get(item).copied().flatten()
    }

    /// The share of equal runs of two items, 0 to 1, as far as the sketches tell.
    pub fn likeness(&self, one: usize, other: usize) -> f32 {
        likeness(&self.sketches, one, other)
    }
}

fn likeness(sketches: &[Option<Box<[u64; KEPT]>>], one: usize, other: usize) -> f32 {
    let sketch = |at: usize| sketches.get(at).and_then(Option::as_ref);
    match (sketch(one), sketch(other)) {
        (Some(one), Some(other)) => {
            let n = one.iter().zip(other.iter()).filter(|(a, b)| a == b).count();
            n as f32 / KEPT as f32
        }
        _ => 0.0,
    }
}

fn root(joined: &mut [usize], mut at: usize) -> usize {
    while joined[at] != at {
        joined[at] = joined[joined[at]];
        at = joined[at];
    }
    at
}

/// The smallest digests of a text's runs; `None` of a short text.
fn sketch<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Box<[u64; KEPT]>> {
    let words: Vec<String> = texts
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(str::to_lowercase)
        .collect();
    if words.len() < LEAST_WORDS {
        return None;
    }
    let mut least = Box::new([u64::MAX; KEPT]);
    for run in words.windows(RUN) {
        let mut hasher = DefaultHasher::new();
        run.hash(&mut hasher);
        let digest = hasher.finish();
        for (seed, least) in (1_u64..).zip(least.iter_mut()) {
            *least = (*least).min(mixed(digest ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        }
    }
    Some(least)
}

/// A number that looks like no other's.
///
/// # Source
/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
fn mixed(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(from: usize, n: usize) -> String {
        (from..from + n).map(|at| format!("word{} ", mixed(at as u64) % 5_000)).collect()
    }

    #[test]
    fn texts_that_differ_in_a_few_words_are_near() {
        let long = text(0, 400);
        let edited = long.replacen("word", "other", 3);
        let texts = [long, edited, text(1_000, 400), text(1_000, 20), text(5_000, 300)];
        let near = Near::of(texts.iter().map(|text| sketch([text.as_str()].into_iter())).collect());
        let of: Vec<Option<u32>> = (0..texts.len()).map(|at| near.cluster(at)).collect();
        assert_eq!(of, [Some(0), Some(0), None, None, None]);
        assert!(near.likeness(0, 1) > 0.9 && near.likeness(0, 2) < 0.1);
    }
}
