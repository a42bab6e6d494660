//! Where is a letter kept? In a numbered place of its own, never over another.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::{Error, Letter};

/// The files of a letter that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterFiles {
    /// For paper.
    pub pdf: PathBuf,
    /// For e-mail.
    pub text: PathBuf,
    /// What the letter rests on; it stays in the case.
    pub record: PathBuf,
}

impl LetterFiles {
    /// Takes the files away again, when the letter could not be recorded.
    pub fn undo(&self) {
        for file in [&self.pdf, &self.text, &self.record] {
            // What is left of a letter that was not recorded is told by the error that made it so.
            let _ = fs::remove_file(file);
        }
    }
}

/// Writes a letter into a folder as the next number: `01-refusal.pdf`, `.txt` and `.json`.
///
/// # Errors
/// If the folder cannot be made or written; nothing of the letter is left behind then.
pub fn keep(letter: &Letter, dir: &Path) -> Result<LetterFiles, Error> {
    private(dir).map_err(Error::file(dir))?;
    let mut number = last(dir).map_err(Error::file(dir))?;
    loop {
        number += 1;
        let stem = format!("{number:02}-{}", letter.kind);
        let place = |extension: &str| dir.join(format!("{stem}.{extension}"));
        let kept = LetterFiles { pdf: place("pdf"), text: place("txt"), record: place("json") };
        // The first file takes the number; whoever comes second takes the next.
        match new(&kept.record, &letter.record) {
            Err(problem) if problem.kind() == io::ErrorKind::AlreadyExists => continue,
            written => written.map_err(Error::file(&kept.record))?,
        }
        let mut written = vec![&kept.record];
        for (file, bytes) in [(&kept.text, letter.text.as_bytes()), (&kept.pdf, &letter.pdf)] {
            if let Err(problem) = new(file, bytes) {
                // Only what was written here; a file that stood in the way is somebody else's.
                for file in written {
                    let _ = fs::remove_file(file);
                }
                return Err(Error::File { file: file.clone(), problem });
            }
            written.push(file);
        }
        return Ok(kept);
    }
}

/// Writes a letter that is kept into a folder from which it is sent: the PDF and the text, and not what it
/// rests on. The names begin with the letter's reference, which tells people outside no more than the letter.
///
/// # Errors
/// If the folder cannot be made or written, or a file of that name is there; nothing is left behind then.
pub fn give(letter: &Letter, kept: &LetterFiles, dir: &Path) -> Result<[PathBuf; 2], Error> {
    private(dir).map_err(Error::file(dir))?;
    let place = |file: &Path| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        dir.join(format!("{}-{name}", letter.reference))
    };
    let (pdf, text) = (place(&kept.pdf), place(&kept.text));
    new(&pdf, &letter.pdf).map_err(Error::file(&pdf))?;
    if let Err(problem) = new(&text, letter.text.as_bytes()) {
        // Half of it would be taken for all of it.
        let _ = fs::remove_file(&pdf);
        return Err(Error::File { file: text, problem });
    }
    Ok([pdf, text])
}

/// The highest number in the folder; 0 if it has none.
fn last(dir: &Path) -> io::Result<u32> {
    let mut last = 0;
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        let digits = name.to_str().and_then(|name| name.split_once('-')).map_or("", |(n, _)| n);
        last = digits.parse().unwrap_or(0).max(last);
    }
    Ok(last)
}

fn private(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Writes a file that is not there yet and that only its owner can read.
fn new(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file)?;
    let written = out.write_all(bytes).and_then(|()| out.sync_all());
    if written.is_err() {
        // A half of a letter is none.
        let _ = fs::remove_file(file);
    }
    written
}

#[cfg(test)]
mod tests {
    use habeas_law::LetterKind;

    use super::*;

    #[test]
    fn letters_are_numbered_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let letter = Letter {
            kind: LetterKind::Fee,
            reference: "R1".into(),
            day: jiff::civil::date(2026, 7, 1),
            text: "words".into(),
            pdf: b"%PDF".to_vec(),
            n_pages: 1,
            record: b"{}".to_vec(),
        };
        let place = dir.path().join("letters");
        let names: Vec<String> = (0..3)
            .map(|_| keep(&letter, &place).unwrap().pdf)
            .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["01-fee.pdf", "02-fee.pdf", "03-fee.pdf"]);
        fs::write(place.join("07-notes.md"), "ours").unwrap();
        let kept = keep(&letter, &place).unwrap();
        assert_eq!(kept.text, place.join("08-fee.txt"));
        let post = dir.path().join("post");
        let [pdf, text] = give(&letter, &kept, &post).unwrap();
        assert_eq!((pdf, text), (post.join("R1-08-fee.pdf"), post.join("R1-08-fee.txt")));
        assert!(matches!(give(&letter, &kept, &post), Err(Error::File { .. })));
        assert_eq!(fs::read_dir(&post).unwrap().count(), 2);
        kept.undo();
        assert!(!kept.text.exists() && !kept.pdf.exists() && !kept.record.exists());
    }

    #[test]
    fn a_number_whose_file_is_half_taken_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("letters");
        fs::write(&place, "a file, not a folder").unwrap();
        let letter = Letter {
            kind: LetterKind::Fee,
            reference: "R1".into(),
            day: jiff::civil::date(2026, 7, 1),
            text: String::new(),
            pdf: Vec::new(),
            n_pages: 1,
            record: Vec::new(),
        };
        assert!(matches!(keep(&letter, &place), Err(Error::File { .. })));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
