//! How is the folder made private, and how is it kept for one writer?

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

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
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Error::Busy(self.root.display().to_string())),
            Err(TryLockError::Error(error)) => Err(failed(&path)(error)),
        }
    }
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
