//! What does a recogniser see of a passage?

use std::ops::Range;

use habeas_model::{Field, Meaning, Party, Passage};

use super::Setting;
use super::label::{self, What};

/// A passage as recognisers see it.
pub(crate) struct View<'a> {
    pub(crate) passage: &'a Passage,
    pub(crate) text: &'a str,
    pub(crate) setting: &'a Setting,
    /// What structure and labels say, sorted by start, not overlapping.
    slots: Vec<Slot>,
}

/// A stretch of text of which a column, a header or a label says what it is.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) range: Range<usize>,
    pub(crate) what: What,
    pub(crate) party: Party,
    /// Does a structure say so, rather than a label in running text?
    pub(crate) is_column: bool,
}

impl<'a> View<'a> {
    pub(crate) fn new(passage: &'a Passage, setting: &'a Setting) -> Self {
        let text = passage.text.as_str();
        let mut slots: Vec<Slot> = Vec::new();
        let labelled = label::slots(text);
        let mut labels = labelled.into_iter().peekable();
        for field in &passage.fields {
            // Whoever built the field may err, and a slice must not panic.
            if field.meaning == Meaning::Caption || text.get(field.range.clone()).is_none() {
                continue;
            }
            while let Some(label) = labels.next_if(|label| label.range.end <= field.range.start) {
                push(&mut slots, label);
            }
            let mut what = What::from(field.meaning);
            let mut is_column = true;
            if let Some(label) = labels.peek() {
                let is_same =
                    label.range.start < field.range.end && field.range.start < label.range.end;
                // The caption knows kinds that a meaning has no word for.
                if is_same && what.is_vague() && label.what.is_finer() {
                    what = label.what;
                    is_column = label.range.start == field.range.start;
                    let label = labels.next();
                    if let Some(label) = label.filter(|_| !is_column) {
                        push(&mut slots, label);
                        continue;
                    }
                }
            }
            if what == What::Text {
                // Labels inside free text count; the text itself says nothing.
                while let Some(label) = labels.next_if(|label| label.range.start < field.range.end)
                {
                    push(&mut slots, Slot { party: field.party, ..label });
                }
                continue;
            }
            while labels.next_if(|label| label.range.start < field.range.end).is_some() {}
            push(
                &mut slots,
                Slot { range: field.range.clone(), what, party: field.party, is_column },
            );
        }
        for label in labels {
            push(&mut slots, label);
        }
        Self { passage, text, setting, slots }
    }

    /// The slots that hold this.
    pub(crate) fn slots_of(&self, what: What) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(move |slot| slot.what == what)
    }

    /// All slots.
    pub(crate) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The slot that a range starts in.
    pub(crate) fn slot_at(&self, at: usize) -> Option<&Slot> {
        let i = self.slots.partition_point(|slot| slot.range.end <= at);
        self.slots.get(i).filter(|slot| slot.range.start <= at)
    }

    /// Is that place in a slot that holds something else?
    pub(crate) fn is_elsewhere(&self, at: usize, allowed: &[What]) -> bool {
        // A label speaks for the words next to it only; a column for all that stands in it. What has
        // a comma or a number of its own before it is no longer next to the label.
        self.slot_at(at).is_some_and(|slot| {
            let before = &self.text[slot.range.start..at.max(slot.range.start)];
            let is_next = slot.range.len() <= 24
                && !before.contains([',', ';'])
                && before.bytes().filter(u8::is_ascii_digit).count() < 6;
            !slot.what.is_vague() && !allowed.contains(&slot.what) && (slot.is_column || is_next)
        })
    }

    /// The field that a range starts in.
    pub(crate) fn field_at(&self, range: &Range<usize>) -> Option<&'a Field> {
        let fields = &self.passage.fields;
        let at = fields.partition_point(|field| field.range.end <= range.start);
        fields.get(at).filter(|field| field.range.start <= range.start)
    }

    /// The character before a place.
    pub(crate) fn before(&self, at: usize) -> Option<char> {
        self.text[..at].chars().next_back()
    }

    /// The character after a place.
    pub(crate) fn after(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    /// At most `n` bytes before a place, on a character's boundary.
    pub(crate) fn lead(&self, at: usize, n: usize) -> &'a str {
        let mut start = at.saturating_sub(n);
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        &self.text[start..at]
    }

    /// Is the range a whole word, with no letter or digit at either side?
    pub(crate) fn stands_alone(&self, range: &Range<usize>) -> bool {
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !is_word(self.before(range.start)) && !is_word(self.after(range.end))
    }
}

fn push(slots: &mut Vec<Slot>, slot: Slot) {
    if slots.last().is_none_or(|last| last.range.end <= slot.range.start) && !slot.range.is_empty()
    {
        slots.push(slot);
    }
}
