//! What are the bytes of an open file, and did they hold still while they were read?

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use habeas_model::{Exception, Reason, Stamp};
use rustix::fs::{Stat, fstat};

/// How much is read at once; a sign of life comes after each.
const CHUNK: usize = 4 << 20;

/// Reads a whole file of at most `most_bytes`, with its stamp at the time of reading.
///
/// The stamp is taken before and after on the same descriptor, so the bytes are of one version.
/// `alive` is called now and then.
pub(crate) fn fetch(
    file: &File,
    most_bytes: u64,
    alive: &mut dyn FnMut(),
) -> Result<(Vec<u8>, Stamp), Exception> {
    let failed = |error: io::Error| habeas_source::exception(&error);
    let before = fstat(file).map_err(|error| failed(error.into()))?;
    let size_bytes = u64::try_from(before.st_size).unwrap_or(0);
    if size_bytes > most_bytes {
        let note = format!("{size_bytes} bytes, more than the limit of {most_bytes}");
        return Err(Exception::whole(Reason::SizeLimit, note));
    }
    let mut bytes = Vec::new();
    loop {
        let at = bytes.len();
        // One byte more than there should be shows that it grew.
        let room = usize::try_from(size_bytes).unwrap_or(usize::MAX).saturating_sub(at);
        bytes.resize(at + room.clamp(1, CHUNK), 0);
        let n = loop {
            match file.read_at(&mut bytes[at..], at as u64) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read.map_err(failed)?,
            }
        };
        bytes.truncate(at + n);
        if n == 0 {
            break;
        }
        if bytes.len() as u64 > size_bytes {
            return Err(changed("grew while it was read"));
        }
        if bytes.len() % CHUNK < n {
            alive();
        }
    }
    let after = fstat(file).map_err(|error| failed(error.into()))?;
    if bytes.len() as u64 != size_bytes {
        return Err(changed("shrank while it was read"));
    }
    if key(&before) != key(&after) {
        return Err(changed("changed while it was read"));
    }
    Ok((bytes, stamp(&before)))
}

fn changed(note: &str) -> Exception {
    Exception::whole(Reason::Changed, note)
}

/// What changes when the content does: also what was set back.
fn key(stat: &Stat) -> impl PartialEq + use<> {
    let times = (stat.st_mtime, stat.st_mtime_nsec, stat.st_ctime, stat.st_ctime_nsec);
    (stat.st_size, times)
}

/// As `habeas_source` stamps it.
fn stamp(stat: &Stat) -> Stamp {
    Stamp {
        size_bytes: u64::try_from(stat.st_size).unwrap_or(0),
        modified_ns: i128::from(stat.st_mtime) * 1_000_000_000 + i128::from(stat.st_mtime_nsec),
        inode: stat.st_ino,
    }
}
