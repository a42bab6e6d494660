//! How does a bundle become one file that can be sent?

use std::io::{Cursor, Write};
use std::path::Path;

use habeas_redact::Means;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::folder::write;
use crate::verify::{Files, case_of, check, known};
use crate::{Error, Verification};

/// Packs the folder of a bundle into an archive, and checks the archive as the folder was checked.
///
/// The same folder gives the same bytes: members stand in the order of their names, with one date and
/// nothing beside their contents. `case_dir` is the case's folder, if what was taken out is to be
/// searched for.
///
/// # Errors
/// If there is an archive already, the folder is not sound, or anything is found in the finished
/// archive. Nothing is left behind then.
pub fn pack(
    dir: &Path,
    archive: &Path,
    case_dir: Option<&Path>,
    means: &Means<'_>,
) -> Result<Verification, Error> {
    if archive.exists() {
        return Err(Error::Exists(archive.to_owned()));
    }
    let bytes = packed(&Files::folder(dir)?)?;
    let files = Files::archive(archive, &bytes)?;
    let case = case_of(dir).unwrap_or_default();
    let known = case_dir.map(|case_dir| known(case_dir, &case)).transpose()?;
    let (verification, leak) = check(&files, known.as_ref(), &case, means)?;
    if let Some((file, leak)) = leak {
        return Err(Error::Leak { n: verification.problems.len(), file, way: leak.way });
    }
    if let Some(problem) = verification.problems.first() {
        return Err(Error::Unchecked(problem.clone()));
    }
    write(archive, &bytes)?;
    Ok(verification)
}

fn packed(files: &Files) -> Result<Vec<u8>, Error> {
    let refused = |_| Error::Unchecked("the archive could not be written".into());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o600);
    for name in files.names() {
        archive.start_file(name.as_str(), options).map_err(refused)?;
        archive
            .write_all(&files.read(name)?)
            .map_err(|_| Error::Unchecked("the archive could not be written".into()))?;
    }
    Ok(archive.finish().map_err(refused)?.into_inner())
}
