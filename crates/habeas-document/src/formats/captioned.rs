//! How are captions and their values laid out as one passage?
//!
//! One `Caption: value` a line, with a field for each caption and for each value whose meaning is
//! known: the head of a message, the properties of a document, a contact.

use std::borrow::Cow;

use habeas_model::{Field, Meaning, Part, Party, Passage, Place};

/// A passage that is being laid out.
#[derive(Default)]
pub(crate) struct Captioned {
    text: String,
    fields: Vec<Field>,
}

impl Captioned {
    /// Starts a line.
    pub(crate) fn caption(&mut self, caption: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.value(caption, Meaning::Caption, Party::Unknown);
        self.text.push_str(": ");
    }

    /// Adds a value of a known meaning to the line.
    pub(crate) fn value(&mut self, value: &str, meaning: Meaning, party: Party) {
        let start = self.text.len();
        self.plain(value);
        if start < self.text.len() {
            self.fields.push(Field { range: start..self.text.len(), meaning, party });
        }
    }

    /// Adds text without a meaning of its own to the line.
    pub(crate) fn plain(&mut self, text: &str) {
        self.text.push_str(&one_line(text));
    }

    /// A whole line, unless the value is empty.
    pub(crate) fn line(&mut self, caption: &str, value: &str, meaning: Meaning, party: Party) {
        if !value.trim().is_empty() {
            self.caption(caption);
            self.value(value.trim(), meaning, party);
        }
    }

    /// Has nothing been laid out?
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The passage, as a record of its own.
    pub(crate) fn into_record(self, place: Place, part: Part) -> Passage {
        Passage { place, text: self.text, fields: self.fields, part, hidden: None, is_record: true }
    }
}

/// The text with each run of white space that holds a line break as one space.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\r', '\t', '\0', '\u{b}', '\u{c}', '\u{2028}', '\u{2029}']) {
        return Cow::Borrowed(text);
    }
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == '\0')
        .filter(|word| !word.is_empty())
        .collect();
    Cow::Owned(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use habeas_model::PlaceKind;

    #[test]
    fn each_value_is_a_field_of_its_line() {
        let mut head = Captioned::default();
        head.line("Subject", "Your\r\n visit", Meaning::Text, Party::Unknown);
        head.line("Cc", "  ", Meaning::Name, Party::Recipient);
        head.caption("From");
        head.value("Amara Lind", Meaning::Name, Party::Sender);
        head.plain(" <");
        head.value("amara@example.org", Meaning::Email, Party::Sender);
        head.plain(">");
        let passage = head.into_record(Place::new(PlaceKind::Header, 1), Part::Header);
        assert_eq!(passage.text, "Subject: Your visit\nFrom: Amara Lind <amara@example.org>");
        let values: Vec<&str> =
            passage.fields.iter().map(|field| &passage.text[field.range.clone()]).collect();
        assert_eq!(values, ["Subject", "Your visit", "From", "Amara Lind", "amara@example.org"]);
    }
}
