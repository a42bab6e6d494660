//! How is a folder written so that it is either there whole or not at all?

use std::fs;
use std::path::{Path, PathBuf};

use crate::Error;

/// A folder that is being written beside the place it will have.
pub(crate) struct Folder {
    part: PathBuf,
    place: PathBuf,
    files: Vec<(String, u64)>,
}

impl Folder {
    /// Starts a folder. What an interrupted run left beside it is cleared away first.
    pub(crate) fn start(place: &Path, replaces: bool) -> Result<Self, Error> {
        if place.exists() && !replaces {
            return Err(Error::Exists(place.to_owned()));
        }
        let part = beside(place, "part");
        clear(&part).and_then(|()| private(&part)).map_err(|it| it.of_folder(place))?;
        Ok(Self { part, place: place.to_owned(), files: Vec::new() })
    }

    /// Where the files are until the folder has its place.
    pub(crate) fn part(&self) -> &Path {
        &self.part
    }

    /// Writes a file; `name` has `/` between folders.
    pub(crate) fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let file = self.part.join(name);
        let dir = file.parent().map_or(Ok(()), private);
        dir.and_then(|()| write(&file, bytes)).map_err(|it| it.of_folder(&self.place))?;
        self.files.push((name.to_owned(), bytes.len() as u64));
        Ok(())
    }

    /// The names of the files, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.files.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    }

    /// Gives the folder its place; one that was there is kept until the new one has it.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let old = beside(&self.place, "old");
        clear(&old)?;
        if self.place.exists() {
            let moved = fs::rename(&self.place, &old).map_err(Error::file(&self.place));
            moved.map_err(|it| it.of_folder(&self.place))?;
        }
        if let Err(problem) = fs::rename(&self.part, &self.place) {
            // What was there comes back, if it can.
            let _ = fs::rename(&old, &self.place);
            return Err(Error::Unwritable { place: self.place.clone(), problem });
        }
        clear(&old)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // After `finish` it is gone already; otherwise nothing half-made is left behind.
        let _ = fs::remove_dir_all(&self.part);
    }
}

fn beside(place: &Path, suffix: &str) -> PathBuf {
    let name =
        place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    place.with_file_name(format!(".{name}.{suffix}"))
}

fn clear(dir: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(dir) {
        Err(problem) if problem.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::File { file: dir.to_owned(), problem })
        }
        _ => Ok(()),
    }
}

fn private(dir: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(Error::file(dir))
}

/// Writes a file that only its owner can read, whole or not at all.
pub(crate) fn write(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    use std::io::Write;
    let beside = beside(file, "part");
    let result = (|| {
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(&beside)?;
        out.write_all(bytes)?;
        out.sync_all()?;
        fs::rename(&beside, file)
    })();
    if result.is_err() {
        let _ = fs::remove_file(&beside);
    }
    result.map_err(Error::file(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_there_whole_or_not_at_all() {
        let dir = std::env::temp_dir().join(format!("habeas-folder-{}", std::process::id()));
        let place = dir.join("bundle");
        fs::create_dir_all(&dir).unwrap();
        let mut folder = Folder::start(&place, false).unwrap();
        folder.write("a/one.txt", b"1").unwrap();
        drop(folder);
        assert!(!place.exists());
        let mut folder = Folder::start(&place, false).unwrap();
        folder.write("a/one.txt", b"1").unwrap();
        folder.finish().unwrap();
        assert!(place.join("a/one.txt").is_file());
        assert!(matches!(Folder::start(&place, false), Err(Error::Exists(_))));
        // A file is no folder: said with what to do, and nothing is left.
        let file = dir.join("file");
        fs::write(&file, b"x").unwrap();
        let refused = Folder::start(&file.join("bundle"), false).err().unwrap();
        assert!(refused.to_string().contains("every decision is kept"), "{refused}");
        assert_eq!(refused.advice(), Some("choose another folder"));
        let mut folder = Folder::start(&place, true).unwrap();
        folder.write("two.txt", b"2").unwrap();
        folder.finish().unwrap();
        assert!(place.join("two.txt").is_file() && !place.join("a").exists());
        fs::remove_dir_all(&dir).unwrap();
    }
}
