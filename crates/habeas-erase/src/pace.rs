//! Who may stop an erasure before its next change?

use crate::Error;

/// Is asked before every change of a disk. In the product that is Ctrl-C; the tests stop a run before
/// its first change, its second, and so on, as a kill would: once stopped, nothing is changed any
/// more, not even to tidy up.
pub trait Pace {
    /// May the next change be made?
    ///
    /// # Errors
    /// [`Error::Stopped`] if not.
    fn next(&self, what: &'static str) -> Result<(), Error>;
}

/// Nobody stops it.
pub struct Steady;

impl Pace for Steady {
    fn next(&self, _what: &'static str) -> Result<(), Error> {
        Ok(())
    }
}
