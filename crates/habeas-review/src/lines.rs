//! In which lines and which order is a queue shown?
//!
//! A line is an item, or a group of items that are decided together. The order depends on what was found
//! and never on what was decided, so that a place in it stays the same place while people decide.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use habeas_model::ItemId;
use serde::Deserialize;

use crate::found::Found;

/// What a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// An item with all its findings.
    #[default]
    Item,
    /// A message or document with everything attached to it.
    Family,
    /// Messages that answer each other.
    Thread,
    /// Items that say nearly the same.
    Near,
    /// One finding.
    Finding,
}

/// What lines are sorted by; equals follow by strength, then by item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// The strongest tier first, then the highest score.
    #[default]
    Tier,
    /// The highest score first.
    Score,
    /// The oldest first; what has no date comes last.
    Date,
    /// By source, then by path.
    Source,
    /// By title; what has none comes last.
    Title,
}

/// Which way lines are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// As [`Sort`] says.
    #[default]
    Asc,
    /// The other way round.
    Desc,
}

/// A way of listing.
pub type Kind = (Group, Sort, Order);

/// The lines of a queue, all of them.
pub struct Lines {
    /// The line of each finding.
    pub of_finding: Vec<u32>,
    /// The findings of each line, the strongest first.
    pub lines: Vec<Vec<u32>>,
    /// The lines in order.
    pub order: Vec<u32>,
    /// Where each line is in the order.
    pub rank: Vec<u32>,
}

impl Lines {
    /// The lines of a search; made once for each way of listing.
    pub fn of(found: &Found, kind: Kind) -> Arc<Self> {
        let has_near = found.near.get().is_some();
        let lock = || found.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lines) = lock().get(&kind) {
            return Arc::clone(lines);
        }
        let lines = Arc::new(Self::new(found, kind));
        // Until near duplicates are known their groups are not the last word.
        if kind.0 != Group::Near || has_near {
            lock().insert(kind, Arc::clone(&lines));
        }
        lines
    }

    fn new(found: &Found, (group, sort, order): Kind) -> Self {
        let mut lines: Vec<Vec<u32>> = Vec::new();
        let mut of_finding = vec![0_u32; found.findings.len()];
        let mut known: HashMap<Key, u32> = HashMap::new();
        for (number, item) in found.items.iter().enumerate() {
            for finding in item.findings.clone() {
                let key = match group {
                    Group::Finding => Key::Finding(finding),
                    Group::Item => Key::Item(number),
                    Group::Family => item.family.map_or(Key::Item(number), Key::Family),
                    Group::Thread => item.thread.map_or(Key::Item(number), Key::Group),
                    Group::Near => found
                        .near
                        .get()
                        .and_then(|near| near.cluster(number))
                        .map_or(Key::Item(number), Key::Group),
                };
                let line = *known.entry(key).or_insert_with(|| {
                    lines.push(Vec::new());
                    u32::try_from(lines.len() - 1).unwrap_or(u32::MAX)
                });
                lines[line as usize].push(u32::try_from(finding).unwrap_or(u32::MAX));
                of_finding[finding] = line;
            }
        }
        for line in &mut lines {
            line.sort_by(|a, b| found.compare(*a as usize, *b as usize));
        }
        let mut sorted: Vec<u32> = (0..u32::try_from(lines.len()).unwrap_or(u32::MAX)).collect();
        let head = |line: u32| lines[line as usize].first().map_or(0, |first| *first as usize);
        sorted.sort_by(|a, b| {
            let (a, b) = (head(*a), head(*b));
            let by = compare(found, sort, a, b);
            let by = if order == Order::Desc { by.reverse() } else { by };
            by.then_with(|| found.compare(a, b))
        });
        let mut rank = vec![0; lines.len()];
        for (place, line) in (0..).zip(&sorted) {
            rank[*line as usize] = place;
        }
        Self { of_finding, lines, order: sorted, rank }
    }

    /// The item that stands for a line: that of its strongest finding.
    pub fn head(&self, line: u32) -> usize {
        self.lines.get(line as usize).and_then(|it| it.first()).map_or(0, |it| *it as usize)
    }
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Finding(usize),
    Item(usize),
    Family(ItemId),
    Group(u32),
}

fn compare(found: &Found, sort: Sort, a: usize, b: usize) -> Ordering {
    let item = |at: usize| &found.items[found.item_of[at] as usize];
    let (one, other) = (item(a), item(b));
    // What says nothing comes last, whichever way the others go, so it is greater.
    match sort {
        Sort::Tier => found.compare(a, b),
        Sort::Score => found.findings[b].score_bits.total_cmp(&found.findings[a].score_bits),
        Sort::Date => (one.day.is_none(), &one.dated).cmp(&(other.day.is_none(), &other.dated)),
        Sort::Source => one.places.first().cmp(&other.places.first()),
        Sort::Title => {
            let key = |title: &Option<String>| title.as_deref().map(str::to_lowercase);
            let (a, b) = (key(&one.title), key(&other.title));
            (a.is_none(), a).cmp(&(b.is_none(), b))
        }
    }
}
