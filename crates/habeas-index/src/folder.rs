//! How is the folder made private, and how is it kept for one writer?

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::Error;

/// The folder of an estate's memory and what lies in it.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// The folder itself.
    pub(crate) root: PathBuf,
}

impl Folder {
    pub(crate) fn new(dir: &Path) -> Self {
        Self { root: dir.to_owned() }
    }

    pub(crate) fn inventory(&self) -> PathBuf {
        self.root.join("inventory.db")
    }

    pub(crate) fn text(&self) -> PathBuf {
        self.root.join("text")
    }

    /// Makes the folders and the inventory's file for their owner alone; keeps what is there.
    pub(crate) fn create(&self) -> Result<(), Error> {
        create_dir(&self.root)?;
        create_dir(&self.text())?;
        let path = self.inventory();
        private_file().open(&path).map_err(failed(&path))?;
        Ok(())
    }

    /// Keeps the folder for one writer until the file is dropped, even by a kill.
    pub(crate) fn lock(&self) -> Result<File, Error> {
        let path = self.root.join("lock");
        let file = private_file().open(&path).map_err(failed(&path))?;
        match file.try_lock() {
            Ok(()) => {
                // Whoever is refused is told who holds it, and since when.
                let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
                let holder =
                    format!("{} {}\n", std::process::id(), now.unwrap_or_default().as_secs());
                file.set_len(0).map_err(failed(&path))?;
                (&file).write_all(holder.as_bytes()).map_err(failed(&path))?;
                Ok(file)
            }
            Err(TryLockError::WouldBlock) => {
                let holder = std::fs::read_to_string(&path).unwrap_or_default();
                Err(Error::Busy { dir: self.root.display().to_string(), holder: told(&holder) })
            }
            Err(TryLockError::Error(error)) => Err(failed(&path)(error)),
        }
    }
}

/// Who holds the lock, as it is written there: a process and the seconds since 1970 when it began.
fn told(holder: &str) -> String {
    let mut words = holder.split_whitespace();
    let (Some(process), Some(since)) = (words.next(), words.next().and_then(|s| s.parse().ok()))
    else {
        return "another process".to_owned();
    };
    let begun = SystemTime::UNIX_EPOCH + Duration::from_secs(since);
    let seconds = begun.elapsed().unwrap_or_default().as_secs();
    format!("process {process}, for {} min {} s", seconds / 60, seconds % 60)
}

/// Makes the folder of an estate's memory, if it is not there.
///
/// A listing leaves it out wherever it lies, and can only do so if it is there before the listing.
///
/// # Errors
/// If it cannot be made.
pub fn make_folder(dir: &Path) -> Result<(), Error> {
    create_dir(dir)
}

/// Makes a folder that only its owner may enter, with the folders above it.
pub(crate) fn create_dir(path: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(failed(path))
}

/// Opens for writing a file that only its owner may read; what is in it stays.
pub(crate) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The error that names the file.
pub(crate) fn failed(path: &Path) -> impl Fn(std::io::Error) -> Error + use<> {
    let path = path.display().to_string();
    move |source| Error::Folder { path: path.clone(), source }
}
