//! How are the files of an erasure kept in the case's folder? Private, and whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use crate::Error;
use crate::pace::Pace;

/// Makes a folder that only its owner can open, and those above it that are missing.
pub(crate) fn make_dir(dir: &Path) -> Result<(), Error> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(Error::file(dir))
}

/// Writes a file, or replaces it: after a crash it is the old one or the new one.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let draft = file.with_file_name(name);
    let written = (|| {
        let mut out =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        out.write_all(bytes)?;
        out.sync_all()?;
        fs::rename(&draft, file)
    })();
    if written.is_err() {
        // The draft is worth nothing; the error that made it so is what is told.
        let _ = fs::remove_file(&draft);
    }
    written.map_err(Error::file(file))?;
    sync_dir(file)
}

/// Makes new names in a file's folder last.
fn sync_dir(file: &Path) -> Result<(), Error> {
    let Some(dir) = file.parent() else { return Ok(()) };
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(Error::file(dir))
}

/// Removes a file of the case; one that is not there is none the less removed.
pub(crate) fn remove(file: &Path) -> Result<(), Error> {
    match fs::remove_file(file) {
        Ok(()) => sync_dir(file),
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(problem) => Err(Error::file(file)(problem)),
    }
}

/// Reads a file that may not be there.
pub(crate) fn read_if_there(file: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(problem) => Err(Error::file(file)(problem)),
    }
}

/// A file that lines are added to, one at a time, each on disk before the next thing happens. One
/// process has it at a time.
pub(crate) struct Lines {
    file: File,
    path: std::path::PathBuf,
}

impl Lines {
    /// Opens it, takes it for this process, and gives the whole lines that it holds. What a crash left
    /// of a last line is cut off.
    pub(crate) fn open(path: &Path) -> Result<(Self, Vec<String>), Error> {
        let failed = Error::file(path);
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)
            .map_err(&failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(Error::Busy),
            Err(fs::TryLockError::Error(problem)) => return Err(failed(problem)),
        }
        sync_dir(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(&failed)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        if whole < bytes.len() {
            file.set_len(whole as u64).and_then(|()| file.sync_all()).map_err(&failed)?;
        }
        let text = String::from_utf8(bytes[..whole].to_vec())
            .map_err(|_| Error::refused(format!("{} is damaged", path.display())))?;
        Ok((Self { file, path: path.to_owned() }, text.lines().map(str::to_owned).collect()))
    }

    /// Adds a line, on disk when this returns.
    pub(crate) fn add(&mut self, line: &str, pace: &dyn Pace) -> Result<(), Error> {
        pace.next("note")?;
        let failed = Error::file(&self.path);
        let line = format!("{line}\n");
        let (first, second) = line.as_bytes().split_at(line.len() / 2);
        self.file.write_all(first).map_err(&failed)?;
        pace.next("note on")?;
        self.file.write_all(second).map_err(&failed)?;
        self.file.sync_data().map_err(&failed)
    }
}

/// A secret of 32 bytes in a private file, made if it is not there.
pub(crate) fn secret(file: &Path) -> Result<[u8; 32], Error> {
    if let Some(bytes) = read_if_there(file)? {
        return bytes.try_into().map_err(|_| {
            Error::refused(format!("{} is no key: restore it from a backup", file.display()))
        });
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|_| Error::file(file)(io::Error::other("no randomness")))?;
    replace(file, &key)?;
    Ok(key)
}
