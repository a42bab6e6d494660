//! Which families are named in the plural: `the Kowalczyks`, `Begums next door`?

use super::super::hits::Draft;
use super::super::unsure::is_known;
use super::draft;
use super::judge::is_never;
use super::prose::Reader;
use super::token::{Gap, Shape};
use crate::latin;
use crate::name::{given_level, is_place, surname_level, word_level};

impl Reader<'_> {
    /// A family name with the ending of the plural, before a word that says that people are meant.
    pub(super) fn family(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let token = &self.tokens[at];
        let raw = self.text(at);
        if token.shape != Shape::Title || !raw.ends_with('s') {
            return None;
        }
        let stem = latin(&raw[..raw.len() - 1]);
        let whole = latin(raw);
        let level = surname_level(&stem).unwrap_or(4);
        // `Jenkins` and `Paris` are no plurals; `Customers` is one of a word.
        let is_name = surname_level(&whole).is_some_and(|own| own <= level)
            || given_level(&whole) == Some(1)
            || is_place(&whole);
        let follows = |i: usize| {
            self.token(i)
                .filter(|next| next.gap == Gap::Blank && next.shape == Shape::Lower)
                .map(|_| self.lower(i))
        };
        let (one, two) = (follows(at + 1), follows(at + 2));
        let (one, two) = (one.as_deref().unwrap_or_default(), two.as_deref().unwrap_or_default());
        let is_neighbour =
            matches!((one, two), ("next", "door") | ("over", "the") | ("at", "number"))
                || matches!(one, "upstairs" | "downstairs" | "opposite");
        let is_led = at > 0 && token.gap == Gap::Blank && self.lower(at - 1) == "the";
        let does = matches!(
            one,
            "say"
                | "are"
                | "were"
                | "have"
                | "moved"
                | "live"
                | "want"
                | "own"
                | "know"
                | "told"
                | "said"
                | "came"
                | "saw"
                | "complained"
                | "never"
                | "always"
                | "still"
        );
        let is_word = word_level(&stem).is_some() || is_never(&stem);
        let is_harvested = self.view.setting.directory.surname_count(&stem) > 0;
        let confidence = match (is_word, is_neighbour, is_led, does) {
            _ if is_name || stem.len() < 2 => return None,
            // A name that no list knows, and none of a thing.
            (_, true, ..) if level < 4 || !is_known(&stem, &stem) => 0.6,
            _ if level > 3 || stem.len() < 3 => return None,
            (false, _, true, _) if level < 3 || is_harvested => 0.6,
            (false, _, _, true) if level < 3 || is_harvested => 0.55,
            (true, _, true, true) if is_harvested => 0.5,
            _ => return None,
        };
        drafts.push(draft(token.range.clone(), format!("{stem},"), confidence, "name:family"));
        Some(at + 1)
    }
}
