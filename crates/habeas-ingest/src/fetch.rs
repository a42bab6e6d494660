//! What are the bytes of the item that a reader is given?

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use habeas_model::{Exception, Reason, Stamp};

/// Reads a sealed memory file, which nobody can change.
///
/// # Errors
/// If it is not what its parent said: `SizeLimit` past `most_bytes`, `Io`.
pub(crate) fn fetch_sealed(file: &File, most_bytes: u64) -> Result<(Vec<u8>, Stamp), Exception> {
    let failed = |error: io::Error| habeas_source::exception(&error);
    let stat = rustix::fs::fstat(file).map_err(|error| failed(error.into()))?;
    let size_bytes = u64::try_from(stat.st_size).unwrap_or(0);
    if size_bytes > most_bytes {
        let note = format!("{size_bytes} bytes, the limit is {most_bytes}");
        return Err(Exception::whole(Reason::SizeLimit, note));
    }
    let mut bytes = vec![0; usize::try_from(size_bytes).unwrap_or(usize::MAX)];
    file.read_exact_at(&mut bytes, 0).map_err(failed)?;
    Ok((bytes, Stamp { size_bytes, ..Stamp::default() }))
}
