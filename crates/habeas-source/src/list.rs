//! What lies in a source?

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use habeas_model::{Exception, ItemPath, Reason};
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
    Ok(Box::new(list_raw(source, &[])?.map(|(_, listed)| listed)))
}

/// As [`list`], each with its path relative to [`base`] as the system knows it: two names that
/// print alike stay two.
///
/// Leaves out the folders of `own`: what Habeas itself keeps is no source.
///
/// # Errors
/// If the root is not there.
pub fn list_raw(
    source: &Source,
    own: &[&Path],
) -> Result<impl Iterator<Item = (PathBuf, Listed)> + Send + use<>, Error> {
    let missing =
        |_| Error::Missing { name: source.name.clone(), path: source.root.display().to_string() };
    // A root may be a link: the configuration names it, so it is meant.
    let root = source.root.canonicalize().map_err(missing)?;
    let base = base(source);
    let is_file = !root.is_dir();
    let start = if is_file { source.root.clone() } else { base.clone() };
    let own = own.iter().map(|folder| real(folder)).collect();
    let walk = WalkDir::new(&start).min_depth(usize::from(!is_file)).sort_by_file_name();
    let globs = source.exclude.iter().map(|text| (text.clone(), Glob::new(text))).collect();
    Ok(Walk { walk: walk.into_iter(), root, base, globs, own })
}

/// The path without links in it, as far as it is there already.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for above in path.ancestors() {
        if let Ok(real) = above.canonicalize() {
            return path.strip_prefix(above).map_or_else(|_| real.clone(), |rest| real.join(rest));
        }
    }
    path
}

/// The walk through one source.
struct Walk {
    walk: walkdir::IntoIter,
    /// The root without links in it, to tell own folders by.
    root: PathBuf,
    base: PathBuf,
    globs: Vec<(String, Glob)>,
    own: Vec<PathBuf>,
}

impl Iterator for Walk {
    type Item = (PathBuf, Listed);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let entry = match self.walk.next()? {
                Ok(entry) => entry,
                Err(error) => return Some(self.failed(&error)),
            };
            let (path, relative) = self.relative(entry.path());
            let kind = entry.file_type();
            if let Some(rule) = self.rule(&relative, &path) {
                if kind.is_dir() {
                    self.walk.skip_current_dir();
                }
                return Some((relative, Listed::Excluded { path, rule }));
            }
            if kind.is_dir() {
                continue;
            }
            // A root that is a link to a file is followed, as one to a folder is.
            let is_root_link = kind.is_symlink() && entry.depth() == 0;
            if !kind.is_file() && !is_root_link {
                let rule = if kind.is_symlink() { "symbolic link" } else { "not a file" };
                return Some((relative, Listed::Excluded { path, rule: rule.to_owned() }));
            }
            let raw = if is_root_link { self.root.clone() } else { entry.path().to_owned() };
            return Some(match raw.symlink_metadata() {
                Ok(facts) => {
                    let stamp = stamp(&facts);
                    (relative, Listed::File(Entry { path, raw, stamp }))
                }
                Err(error) => {
                    let exception = Exception::whole(reason(&error), error.kind().to_string());
                    (relative, Listed::Failed { path, exception })
                }
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
    fn rule(&self, relative: &Path, path: &ItemPath) -> Option<String> {
        if !self.own.is_empty() && self.own.contains(&self.root.join(relative)) {
            return Some("habeas keeps its work here".to_owned());
        }
        let text = path.segments().first()?;
        let (pattern, _) = self.globs.iter().find(|(_, glob)| glob.matches(text))?;
        Some(format!("exclude: {pattern}"))
    }

    /// What could not be listed, with its reason.
    fn failed(&self, error: &walkdir::Error) -> (PathBuf, Listed) {
        let (path, relative) = self.relative(error.path().unwrap_or(&self.base));
        let exception = match error.io_error() {
            Some(error) if error.kind() == io::ErrorKind::PermissionDenied => Exception::whole(
                Reason::Permission,
                "cannot be opened; if it is a folder, what is in it is not known",
            ),
            Some(error) => Exception::whole(reason(error), error.kind().to_string()),
            None => Exception::whole(Reason::Io, "cannot be listed"),
        };
        (relative, Listed::Failed { path, exception })
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
