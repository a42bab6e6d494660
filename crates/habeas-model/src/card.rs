//! The card by which a format, a known export or a recogniser introduces itself.

/// What stands in every table of formats, exports and recognisers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its name in configuration, output and file names: lower case, digits, `-`.
    pub name: &'static str,
    /// Goes up by one with every change of what it gives: items read by an older version are read
    /// again.
    pub version: u32,
    /// One sentence for a person.
    pub summary: &'static str,
    /// What it handles: media types and file endings of a format, the header of an export, the
    /// kind of an identifier.
    pub handles: &'static [&'static str],
    /// The document that defines what it handles.
    pub authority: &'static str,
}
