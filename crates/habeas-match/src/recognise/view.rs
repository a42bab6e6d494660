//! What does a recogniser see of a passage?

use std::ops::Range;

use habeas_model::{Field, Passage};

use super::Setting;

/// A passage as recognisers see it.
pub(crate) struct View<'a> {
    pub(crate) passage: &'a Passage,
    pub(crate) text: &'a str,
    pub(crate) setting: &'a Setting,
}

impl<'a> View<'a> {
    pub(crate) fn new(passage: &'a Passage, setting: &'a Setting) -> Self {
        Self { passage, text: &passage.text, setting }
    }

    /// The field that a range starts in.
    pub(crate) fn field_at(&self, range: &Range<usize>) -> Option<&'a Field> {
        let fields = &self.passage.fields;
        let at = fields.partition_point(|field| field.range.end <= range.start);
        fields.get(at).filter(|field| field.range.start <= range.start)
    }
}
