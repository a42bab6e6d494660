//! What are the bytes of a file, and did they hold still while they were read?

use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use habeas_model::{Exception, Reason, Stamp};
use rustix::buffer::spare_capacity;
use rustix::fs::{Stat, fstat};
use rustix::io::{pread, retry_on_intr};

use crate::open;
use crate::reason::failed;

/// The coarsest step of a file's times that is in use (FAT). Within it a file may change twice and
/// show one time.
const STEP: Duration = Duration::from_secs(2);

/// Bytes that are read again at once, to compare.
const AGAIN_BYTES: usize = 256 << 10;

/// What the file system says of a file.
pub fn stamp(facts: &Metadata) -> Stamp {
    let modified_ns = nanoseconds(facts.mtime(), facts.mtime_nsec());
    Stamp { size_bytes: facts.len(), modified_ns, inode: facts.ino() }
}

/// As [`stamp`], of what a descriptor or a name was asked for.
pub(crate) fn stamp_of(facts: &Stat) -> Stamp {
    Stamp {
        size_bytes: u64::try_from(facts.st_size).unwrap_or(0),
        modified_ns: nanoseconds(facts.st_mtime, facts.st_mtime_nsec),
        inode: facts.st_ino,
    }
}

fn nanoseconds(seconds: i64, and: impl TryInto<i128>) -> i128 {
    i128::from(seconds) * 1_000_000_000 + and.try_into().unwrap_or(0)
}

/// What tells one version of an open file from the next.
///
/// The time of the last change of any kind is in it: unlike that of the content, nobody can set it
/// back. It is not in a [`Stamp`], because a file that was only moved or given away has a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Version {
    stamp: Stamp,
    device: u64,
    changed_ns: i128,
}

impl Version {
    fn of(file: &File) -> Result<Self, Exception> {
        let facts = fstat(file).map_err(failed)?;
        if !open::is_file(&facts) {
            return Err(Exception::whole(Reason::Changed, "is no longer a file"));
        }
        let changed_ns = nanoseconds(facts.st_ctime, facts.st_ctime_nsec);
        Ok(Self { stamp: stamp_of(&facts), device: facts.st_dev, changed_ns })
    }

    /// Could it have changed again without showing it?
    fn is_young(&self) -> bool {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let age = i128::try_from(now.as_nanos()).unwrap_or(i128::MAX) - self.changed_ns;
        age.unsigned_abs() < STEP.as_nanos()
    }
}

/// Reads a whole file of at most `most_bytes`, with its stamp at the time of reading, by any path.
///
/// The file itself may not be a link. As [`read_open`] otherwise.
///
/// # Errors
/// The exception that says why it could not be read: gone, changed, not permitted, too large.
pub fn read(path: &Path, most_bytes: u64) -> Result<(Vec<u8>, Stamp), Exception> {
    read_open(&open::open(path)?, most_bytes)
}

/// How much is read at once.
const STEP_BYTES: usize = 16 << 20;

/// Reads a whole open file of at most `most_bytes`, with its stamp at the time of reading.
///
/// The bytes are of one version: what the system says of the open file is compared before and
/// after, and a file that changed less than two seconds ago is read twice. (Who writes through
/// shared memory and never synchronises can change a file unseen; nothing shows that.) The offset of
/// the file is neither used nor moved. Holes read as zeros.
///
/// # Errors
/// The exception that says why it could not be read: `SizeLimit` at once, `Changed`, `Io`, and
/// `MemoryLimit` if there is no room for it.
pub fn read_open(file: &File, most_bytes: u64) -> Result<(Vec<u8>, Stamp), Exception> {
    read_open_with(file, most_bytes, &mut || {})
}

/// As [`read_open`]; calls `alive` whenever some more megabytes have come, for whoever waits for a
/// slow disk and has to tell it from a dead one.
///
/// # Errors
/// As [`read_open`].
pub fn read_open_with(
    file: &File,
    most_bytes: u64,
    alive: &mut dyn FnMut(),
) -> Result<(Vec<u8>, Stamp), Exception> {
    let before = Version::of(file)?;
    let size_bytes = before.stamp.size_bytes;
    if size_bytes > most_bytes {
        let note = format!("{size_bytes} bytes, the limit is {most_bytes}");
        return Err(Exception::whole(Reason::SizeLimit, note));
    }
    let no_room = |_| Exception::whole(Reason::MemoryLimit, "does not fit into memory");
    let mut bytes = Vec::new();
    while bytes.len() as u64 <= size_bytes {
        let at = bytes.len() as u64;
        // One byte more than it may have shows that it grew.
        let rest = usize::try_from(size_bytes - at).unwrap_or(usize::MAX).saturating_add(1);
        bytes.try_reserve_exact(rest.min(STEP_BYTES)).map_err(no_room)?;
        if at > 0 {
            alive();
        }
        let n = retry_on_intr(|| pread(file, spare_capacity(&mut bytes), at)).map_err(failed)?;
        if n == 0 {
            break;
        }
    }
    if bytes.len() as u64 != size_bytes || Version::of(file)? != before {
        return Err(changed());
    }
    if before.is_young() && !(is_still(file, &bytes)? && Version::of(file)? == before) {
        return Err(changed());
    }
    Ok((bytes, before.stamp))
}

/// Does the file still hold these bytes?
fn is_still(file: &File, bytes: &[u8]) -> Result<bool, Exception> {
    let mut again = vec![0; AGAIN_BYTES.min(bytes.len())];
    let mut rest = bytes;
    while !rest.is_empty() {
        let at = (bytes.len() - rest.len()) as u64;
        let some = again.len().min(rest.len());
        let n = retry_on_intr(|| pread(file, &mut again[..some], at)).map_err(failed)?;
        if n == 0 || again[..n] != rest[..n] {
            return Ok(false);
        }
        rest = &rest[n..];
    }
    Ok(true)
}

fn changed() -> Exception {
    Exception::whole(Reason::Changed, "changed while it was read")
}
