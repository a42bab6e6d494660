//! What lies in a source?

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use habeas_model::{Exception, ItemPath, Reason, Stamp};
use walkdir::WalkDir;

use crate::glob::Glob;
use crate::read::{reason, stamp};
use crate::{Entry, Error, Listed, Source};

/// The folder that relative paths of a source start from: its root, or the folder of a root that
/// is one file.
pub fn base(source: &Source) -> PathBuf {
    if source.root.is_dir() {
        source.root.clone()
    } else {
        source.root.parent().unwrap_or(Path::new("/")).to_owned()
    }
}

/// Lists a source in the order of its paths; links are not followed, and a folder that cannot be
/// opened is one `Failed`.
///
/// # Errors
/// If the root is not there; everything after that is a `Listed::Failed`.
pub fn list(source: &Source) -> Result<Box<dyn Iterator<Item = Listed> + Send>, Error> {
    list_without(source, &[])
}

/// As [`list`], and leaves out the folders of `own`: what Habeas itself keeps is no source.
///
/// # Errors
/// If the root is not there.
pub fn list_without(
    source: &Source,
    own: &[&Path],
) -> Result<Box<dyn Iterator<Item = Listed> + Send>, Error> {
    let missing =
        |_| Error::Missing { name: source.name.clone(), path: source.root.display().to_string() };
    // A root may be a link: the configuration names it, so it is meant.
    let root = source.root.canonicalize().map_err(missing)?;
    let is_file = !root.is_dir();
    let own = own.iter().filter_map(|folder| folder.canonicalize().ok()).collect();
    let base =
        if is_file { root.parent().unwrap_or(Path::new("/")).to_owned() } else { root.clone() };
    let walk = WalkDir::new(&root).min_depth(usize::from(!is_file)).sort_by_file_name().into_iter();
    let globs = source.exclude.iter().map(|text| (text.clone(), Glob::new(text))).collect();
    Ok(Box::new(Walk { walk, base, globs, own }))
}

/// The walk through one source.
struct Walk {
    walk: walkdir::IntoIter,
    base: PathBuf,
    globs: Vec<(String, Glob)>,
    own: Vec<PathBuf>,
}

impl Iterator for Walk {
    type Item = Listed;

    fn next(&mut self) -> Option<Listed> {
        loop {
            let entry = match self.walk.next()? {
                Ok(entry) => entry,
                Err(error) => return Some(self.failed(&error)),
            };
            let (path, relative) = self.relative(entry.path());
            let kind = entry.file_type();
            if let Some(rule) = self.rule(entry.path(), &path) {
                if kind.is_dir() {
                    self.walk.skip_current_dir();
                }
                return Some(Listed::Excluded { path, relative, rule });
            }
            if kind.is_dir() {
                continue;
            }
            if !kind.is_file() {
                let rule = if kind.is_symlink() { "symbolic link" } else { "not a file" };
                return Some(Listed::Excluded { path, relative, rule: rule.to_owned() });
            }
            return Some(match entry.metadata() {
                Ok(facts) => {
                    let stamp: Stamp = stamp(&facts);
                    Listed::File(Entry { path, relative, raw: entry.into_path(), stamp })
                }
                Err(error) => self.failed(&error),
            });
        }
    }
}

impl Walk {
    /// The path relative to the base, printable and as the system knows it.
    fn relative(&self, path: &Path) -> (ItemPath, PathBuf) {
        let relative = path.strip_prefix(&self.base).unwrap_or(path);
        (ItemPath::file(bytes(relative.as_os_str())), relative.to_owned())
    }

    /// The rule that leaves this out, if one does.
    fn rule(&self, raw: &Path, path: &ItemPath) -> Option<String> {
        if self.own.iter().any(|own| own == raw) {
            return Some("habeas keeps its work here".to_owned());
        }
        let text = path.segments().first()?;
        let (pattern, _) = self.globs.iter().find(|(_, glob)| glob.matches(text))?;
        Some(format!("exclude: {pattern}"))
    }

    /// What could not be listed, with its reason.
    fn failed(&self, error: &walkdir::Error) -> Listed {
        let (path, relative) = self.relative(error.path().unwrap_or(&self.base));
        let exception = match error.io_error() {
            Some(error) if error.kind() == io::ErrorKind::PermissionDenied => Exception::whole(
                Reason::Permission,
                "cannot be opened; if it is a folder, what is in it is not known",
            ),
            Some(error) => Exception::whole(reason(error), error.kind().to_string()),
            None => Exception::whole(Reason::Io, "cannot be listed"),
        };
        Listed::Failed { path, relative, exception }
    }
}

/// The bytes of a name as the system knows it.
#[cfg(unix)]
pub(crate) fn bytes(name: &OsStr) -> &[u8] {
    std::os::unix::ffi::OsStrExt::as_bytes(name)
}

/// The bytes of a name as the system knows it.
#[cfg(not(unix))]
pub(crate) fn bytes(name: &OsStr) -> &[u8] {
    name.as_encoded_bytes()
}
