//! The keys of `[release]`: what has to be so before an answer leaves.

use habeas_case::Keep;
use serde::Deserialize;

/// The keys of `[release]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReleaseKeys {
    /// Does whoever agrees to a bundle have to be somebody else than who made it?
    pub four_eyes: bool,
    /// How long a case is kept after it was released or closed.
    pub keep_case: KeepCase,
}

impl Default for ReleaseKeys {
    fn default() -> Self {
        Self { four_eyes: true, keep_case: KeepCase::default() }
    }
}

/// How long a case is kept, written as `6 years` or `18 months`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct KeepCase(pub Keep);

impl TryFrom<String> for KeepCase {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Keep::parse(&text).map(Self)
    }
}
