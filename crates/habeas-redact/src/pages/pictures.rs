//! Which pictures may be seen, and what is painted out of them?
//!
//! A picture is given when somebody or something has read what stands in it: by optical recognition
//! here. Lines of it that hold what is taken out are painted out over the picture's whole width, so that
//! their length says nothing. Without a recogniser a picture is kept back.

use std::collections::HashMap;
use std::sync::Arc;

use habeas_document::page::{Pixels, Recognised};

use crate::near::Near;
use crate::own::Own;
use crate::paper::leaf::Packed;
use crate::search::Searcher;

/// Recognises text in pixels of that resolution; `None` if that failed.
pub type Eyes<'a> = dyn Fn(&Pixels, u16) -> Option<Recognised> + Sync + 'a;

/// What is known of the pictures of an exhibit.
pub(super) struct Pictures<'a> {
    pub(super) eyes: Option<&'a Eyes<'a>>,
    pub(super) searchers: &'a [&'a Searcher],
    pub(super) near: &'a Near,
    pub(super) own: &'a Own,
    /// Somebody has looked at them, or looks at them now: those without words are shown too.
    pub(super) shows_all: bool,
    known: HashMap<(u64, bool), Shown>,
    /// How many were kept back.
    pub(super) n_withheld: usize,
}

/// How a picture is given.
#[derive(Clone)]
pub(super) enum Shown {
    /// As it is.
    Whole(Arc<Packed>),
    /// With lines painted out.
    Painted(Arc<Packed>),
    /// Not at all, and why.
    Withheld(&'static str),
}

/// A picture with a side shorter than this, in pixels, is an ornament.
const SMALL: u32 = 12;

impl<'a> Pictures<'a> {
    pub(super) fn new(
        eyes: Option<&'a Eyes<'a>>,
        searchers: &'a [&'a Searcher],
        (near, own): (&'a Near, &'a Own),
    ) -> Self {
        let (known, shows_all) = (HashMap::new(), false);
        Self { eyes, searchers, near, own, shows_all, known, n_withheld: 0 }
    }

    /// How a picture is given; one that was seen before is not looked at again.
    pub(super) fn show(&mut self, pixels: &Pixels, dpi: u16) -> Shown {
        let key = (fingerprint(pixels), self.shows_all);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let shown = self.look(pixels, dpi);
        self.n_withheld += usize::from(matches!(shown, Shown::Withheld(_)));
        self.known.insert(key, shown.clone());
        shown
    }

    fn look(&self, pixels: &Pixels, dpi: u16) -> Shown {
        if pixels.width < SMALL || pixels.height < SMALL {
            return packed(pixels, Shown::Whole);
        }
        let Some(eyes) = self.eyes else {
            // What nobody can read is shown only to who looks at the original anyway.
            return match self.shows_all && self.searchers.is_empty() {
                true => packed(pixels, Shown::Whole),
                false => Shown::Withheld("[Picture withheld: not reviewed]"),
            };
        };
        let Some(seen) = eyes(pixels, dpi.clamp(70, 600)) else {
            return Shown::Withheld("[Picture withheld: it could not be read]");
        };
        // A face or a signature says who it is without a word.
        if seen.words.is_empty() && !is_plain(pixels) && !self.shows_all {
            return Shown::Withheld("[Picture withheld: not reviewed]");
        }
        let lines = self.lines(&seen, pixels, dpi.clamp(70, 600));
        if lines.is_empty() {
            return packed(pixels, Shown::Whole);
        }
        let mut painted = pixels.clone();
        for (top, bottom) in lines {
            for y in top..bottom {
                (0..painted.width).for_each(|x| painted.set(x, y, [190, 190, 190, 255]));
            }
        }
        packed(&painted, Shown::Painted)
    }

    /// The rows of pixels of lines in which something stands that is taken out.
    fn lines(&self, seen: &Recognised, pixels: &Pixels, dpi: u16) -> Vec<(u32, u32)> {
        let found: Vec<std::ops::Range<usize>> = self
            .searchers
            .iter()
            .flat_map(|searcher| searcher.find(&seen.text))
            .map(|found| found.range)
            .collect();
        let is_hit = |range: &std::ops::Range<usize>| {
            found.iter().any(|hit| hit.start < range.end && hit.end > range.start)
                || seen
                    .text
                    .get(range.clone())
                    .is_some_and(|word| self.near.find(word, self.own).is_some())
        };
        let hit: std::collections::BTreeSet<u32> =
            seen.words.iter().filter(|word| is_hit(&word.range)).map(|word| word.line).collect();
        let scale = f32::from(dpi) / 72.0;
        hit.iter()
            .map(|line| {
                let words = seen.words.iter().filter(|word| word.line == *line);
                let (top, bottom) = words.fold((f32::MAX, f32::MIN), |(top, bottom), word| {
                    (top.min(word.bounds[1]), bottom.max(word.bounds[3]))
                });
                let pad = 3.0;
                let top = (top * scale - pad).max(0.0) as u32;
                (top, ((bottom * scale + pad) as u32).min(pixels.height))
            })
            .collect()
    }
}

/// Is it of one colour, or nearly: an empty page, a background?
pub(super) fn is_plain(pixels: &Pixels) -> bool {
    let grey = pixels.grey();
    let mean = grey.iter().map(|part| u64::from(*part)).sum::<u64>() / (grey.len() as u64).max(1);
    let is_other = |part: &&u8| u64::from(**part).abs_diff(mean) > 40;
    grey.iter().filter(is_other).count() * 500 < grey.len().max(1)
}

fn packed(pixels: &Pixels, how: impl Fn(Arc<Packed>) -> Shown) -> Shown {
    match Packed::new(pixels) {
        Some(packed) => how(Arc::new(packed)),
        None => Shown::Withheld("[Picture withheld: it could not be read]"),
    }
}

fn fingerprint(pixels: &Pixels) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (pixels.width, pixels.height).hash(&mut hasher);
    pixels.rgba.hash(&mut hasher);
    hasher.finish()
}
