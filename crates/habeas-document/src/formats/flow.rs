//! How does running text become passages of a few paragraphs?

use habeas_model::{Hidden, Part, Passage, Place, PlaceKind};

use crate::out::Out;

/// A passage is full past this many bytes.
const GOOD_BYTES: usize = 1_500;

/// Text that runs: paragraphs are collected until they make a passage.
pub(crate) struct Flow {
    place: PlaceKind,
    part: Part,
    hidden: Option<Hidden>,
    first: usize,
    text: String,
}

impl Flow {
    pub(crate) fn new(place: PlaceKind) -> Self {
        Self { place, part: Part::Body, hidden: None, first: 1, text: String::new() }
    }

    pub(crate) fn hidden(place: PlaceKind, hidden: Hidden) -> Self {
        Self { hidden: Some(hidden), ..Self::new(place) }
    }

    pub(crate) fn of_part(place: PlaceKind, part: Part) -> Self {
        Self { part, ..Self::new(place) }
    }

    /// The text of slides, which may be hidden ones.
    pub(crate) fn slide(hidden: Option<Hidden>) -> Self {
        Self { hidden, ..Self::new(PlaceKind::Page) }
    }

    /// Takes the paragraph of that number. A place other than a paragraph's ends the passage.
    pub(crate) fn paragraph(&mut self, number: usize, text: &str, out: &mut Out<'_>) {
        let text = text.trim_matches(|c: char| c.is_whitespace());
        if text.is_empty() {
            return;
        }
        let is_elsewhere = self.place != PlaceKind::Body && number != self.first;
        if is_elsewhere || self.text.len() + text.len() > GOOD_BYTES {
            self.flush(out);
        }
        if self.text.is_empty() {
            self.first = number;
        } else {
            self.text.push('\n');
        }
        self.text.push_str(text);
    }

    /// Hands over what was collected.
    pub(crate) fn flush(&mut self, out: &mut Out<'_>) {
        let text = std::mem::take(&mut self.text);
        if !text.is_empty() {
            let place = Place::new(self.place, self.first.max(1));
            out.passage(Passage {
                part: self.part,
                hidden: self.hidden,
                ..Passage::text(place, text)
            });
        }
    }
}
