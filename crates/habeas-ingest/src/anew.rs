//! From which of its places is an item read anew?

use std::path::Path;

use habeas_index::Estate;
use habeas_model::{Exception, ItemId, ItemPath, Outcome, Reason};

/// Reads an item anew from the first of its places that still has it.
///
/// # Errors
/// The exception of the last place that was tried.
pub fn anew<T>(
    estate: &Estate,
    item: &ItemId,
    mut read: impl FnMut(&Path, &ItemPath) -> Result<T, Exception>,
) -> Result<T, Exception> {
    let mut last = Exception::whole(Reason::Vanished, "it is no longer where it was found");
    for occurrence in estate.occurrences(item).unwrap_or_default() {
        if !matches!(occurrence.outcome, Outcome::Read | Outcome::Duplicate) {
            continue;
        }
        match read(&occurrence.file, &occurrence.path) {
            Ok(read) => return Ok(read),
            Err(exception) => last = exception,
        }
    }
    Err(last)
}
