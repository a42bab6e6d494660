//! What belongs to somebody, and must not be printed by accident.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value about a person: it can be compared and stored, but not printed.
///
/// `Debug` shows `•••`, and there is no `Display`, so a log line, an error or a panic cannot show
/// it. [`Personal::reveal`] is the only way to the value, and the place where a reader of the code
/// looks. Serialisation is transparent, because case files have to hold what they are about.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Marks `value` as belonging to somebody.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for work and for files that are about the person; never for messages.
    pub fn reveal(&self) -> &T {
        &self.0
    }

    /// The value itself, by move.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl From<&str> for Personal<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("•••")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_personal_value_does_not_print() {
        let name = Personal::from("Amara Lind");
        assert_eq!(format!("{name:?}"), "•••");
        assert_eq!(name.reveal(), "Amara Lind");
    }
}
