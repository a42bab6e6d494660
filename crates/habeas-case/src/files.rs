//! How are a case's files written? Private, and whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Makes a folder that only its owner can open; its parents must be there.
pub(crate) fn private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Options under which a new file is readable by its owner only.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Replaces a file: after a crash it is the old one or the new one, whole.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    // The process's number keeps two writers from sharing a draft; the last to rename wins.
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let draft = file.with_file_name(name);
    let written = write_new(&draft, bytes).and_then(|()| fs::rename(&draft, file));
    if written.is_err() {
        // The draft is worth nothing; the error that made it so is what is told.
        let _ = fs::remove_file(&draft);
    }
    written?;
    sync_dir(file)
}

fn write_new(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut out = private().write(true).create(true).truncate(true).open(file)?;
    out.write_all(bytes)?;
    out.sync_all()
}

/// Makes a rename or a new file last, where folders can be synced.
fn sync_dir(file: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(dir) = file.parent() {
        File::open(dir)?.sync_all()?;
    }
    Ok(())
}
