//! What are the bytes of a file, and did they hold still while they were read?

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use habeas_model::{Exception, Reason, Stamp};

/// What the file system says of a file.
pub fn stamp(facts: &Metadata) -> Stamp {
    let modified_ns =
        facts.modified().map_or(0, |time| match time.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
            Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
        });
    Stamp { size_bytes: facts.len(), modified_ns, inode: inode(facts) }
}

#[cfg(unix)]
fn inode(facts: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(facts)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

/// Reads a whole file of at most `most_bytes`, with its stamp at the time of reading.
///
/// The stamp is taken before and after on the same open file, so the bytes are of one version.
///
/// # Errors
/// The exception that says why it could not be read: gone, changed, not permitted, too large.
pub fn read(path: &Path, most_bytes: u64) -> Result<(Vec<u8>, Stamp), Exception> {
    let failed = |error: io::Error| Exception::whole(reason(&error), error.kind().to_string());
    // A pipe or a device in the place of a file would block for ever when opened.
    let listed = path.symlink_metadata().map_err(failed)?;
    if !listed.is_file() {
        return Err(Exception::whole(Reason::Changed, "is no longer a file"));
    }
    let mut file = File::open(path).map_err(failed)?;
    let before = stamp(&file.metadata().map_err(failed)?);
    if before.inode != stamp(&listed).inode {
        return Err(Exception::whole(Reason::Changed, "was replaced while it was opened"));
    }
    if before.size_bytes > most_bytes {
        let note = format!("{} bytes, the limit is {most_bytes}", before.size_bytes);
        return Err(Exception::whole(Reason::SizeLimit, note));
    }
    let mut bytes = Vec::new();
    let capacity = usize::try_from(before.size_bytes).unwrap_or(usize::MAX);
    bytes
        .try_reserve_exact(capacity)
        .map_err(|_| Exception::whole(Reason::MemoryLimit, "does not fit into memory"))?;
    // One byte more than it may have shows that it grew.
    let mut some = Read::by_ref(&mut file).take(before.size_bytes.saturating_add(1));
    some.read_to_end(&mut bytes).map_err(failed)?;
    let after = stamp(&file.metadata().map_err(failed)?);
    if after != before || bytes.len() as u64 != before.size_bytes {
        return Err(Exception::whole(Reason::Changed, "changed while it was read"));
    }
    Ok((bytes, before))
}

/// The reason behind an error of the system.
pub(crate) fn reason(error: &io::Error) -> Reason {
    match error.kind() {
        io::ErrorKind::NotFound => Reason::Vanished,
        io::ErrorKind::PermissionDenied => Reason::Permission,
        _ => Reason::Io,
    }
}
