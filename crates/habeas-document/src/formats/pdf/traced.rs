//! A text that remembers from which glyph each of its characters came.

/// No glyph: a space between stretches, the end of a line.
pub(super) const NONE: u32 = u32::MAX;

/// A text, with the number of a glyph for each character.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Traced {
    text: String,
    from: Vec<u32>,
}

impl Traced {
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Adds a text that all came from one glyph, or from none.
    pub(super) fn push(&mut self, text: &str, from: u32) {
        self.text.push_str(text);
        self.from.extend(text.chars().map(|_| from));
    }

    pub(super) fn append(&mut self, other: &Self) {
        self.text.push_str(&other.text);
        self.from.extend_from_slice(&other.from);
    }

    /// Takes the last character away.
    pub(super) fn pop(&mut self) {
        self.text.pop();
        self.from.pop();
    }

    /// The characters in order, each with its glyph.
    pub(super) fn chars(&self) -> impl DoubleEndedIterator<Item = (char, u32)> {
        let all: Vec<(char, u32)> = self.text.chars().zip(self.from.iter().copied()).collect();
        all.into_iter()
    }

    /// Without white space at both ends.
    pub(super) fn trimmed(&self) -> Self {
        let text = self.text.trim();
        let before = self.text.len() - self.text.trim_start().len();
        let n_before = self.text.get(..before).map_or(0, |head| head.chars().count());
        let n = text.chars().count();
        let from = self.from.get(n_before..n_before + n).unwrap_or_default().to_vec();
        Self { text: text.to_owned(), from }
    }

    /// The text alone.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

impl FromIterator<(char, u32)> for Traced {
    fn from_iter<I: IntoIterator<Item = (char, u32)>>(all: I) -> Self {
        let (text, from) = all.into_iter().unzip();
        Self { text, from }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_keeps_its_glyph() {
        let mut text = Traced::default();
        text.push(" ffi ", 3);
        text.push("é-", 4);
        text.pop();
        let mut whole = text.trimmed();
        whole.push("\n", NONE);
        let expected = [('f', 3), ('f', 3), ('i', 3), (' ', 3), ('é', 4), ('\n', NONE)];
        assert_eq!(whole.chars().collect::<Vec<_>>(), expected);
        assert_eq!(whole.chars().collect::<Traced>(), whole);
    }
}
