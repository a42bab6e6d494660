//! Who may read the files of the sources? Asked of the file system now, because rights change without
//! a trace in what was indexed.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use habeas_model::SourceName;
use habeas_report::{Beside, FolderRights, SourceRights};
use habeas_source::{Listed, Source};

use crate::estate::Home;
use crate::failure::Failure;

/// Lists every source and sums up the modes of its files, folder by folder; nothing is opened. A source
/// that cannot be listed to its end has a sentence instead.
pub fn ask(home: &Home) -> Result<SourceRights, Failure> {
    let names = Names::read();
    let sources = home.config.sources(&home.root)?;
    Ok(sources.iter().map(|source| (source.name.clone(), folders(source, &names))).collect())
}

/// What lies directly in the folders in which all stores should be, and is in no source.
pub fn beside(home: &Home) -> Result<Vec<Beside>, Failure> {
    let sources = home.config.sources(&home.root)?;
    let name = SourceName::parse("roots").map_err(Failure::stopped)?;
    let roots = home.config.map.roots.iter().map(|root| {
        let path = home.root.join(root);
        let path = std::path::absolute(&path).unwrap_or(path);
        // What is in a folder that lies there is not listed, only that there is something.
        let there = Source { name: name.clone(), root: path, exclude: vec!["*/*".to_owned()] };
        Beside { root: root.clone(), names: uncovered(&there, &sources, &home.root) }
    });
    Ok(roots.collect())
}

fn uncovered(there: &Source, sources: &[Source], own: &Path) -> Result<Vec<String>, String> {
    let mut names = BTreeSet::new();
    for listed in habeas_ingest::list(there).map_err(|error| error.to_string())? {
        let path = match listed {
            Listed::File(entry) => entry.path,
            Listed::Excluded { path, .. } => path,
            Listed::Failed { path, exception } if path.to_string() == "." => {
                return Err(exception.to_string());
            }
            Listed::Failed { path, .. } => path,
        };
        let first = path.segments().first().and_then(|path| path.split('/').next());
        names.extend(first.map(str::to_owned));
    }
    let roots: Vec<_> = sources.iter().map(|source| lexical(&source.root)).collect();
    let own = lexical(&std::path::absolute(own).unwrap_or_else(|_| own.to_owned()));
    let base = lexical(&there.root);
    names.retain(|name| {
        let path = base.join(name);
        // A source may be all of it, a part of it, or all around it.
        !roots.iter().any(|root| root.starts_with(&path) || path.starts_with(root))
            && !own.starts_with(&path)
    });
    Ok(names.into_iter().collect())
}

/// A path without `.` and `..`, as it is written: nothing is asked of the file system.
fn lexical(path: &Path) -> std::path::PathBuf {
    let mut plain = std::path::PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                plain.pop();
            }
            std::path::Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

fn folders(source: &Source, names: &Names) -> Result<FolderRights, String> {
    let mut folders = FolderRights::new();
    for listed in habeas_ingest::list(source).map_err(|error| error.to_string())? {
        match listed {
            Listed::File(entry) => {
                let file = entry.path.segments().first().map_or("", String::as_str);
                let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
                let rights = entry.rights;
                folders.entry(folder.to_owned()).or_default().add(
                    rights,
                    &names.user(rights.user),
                    &names.group(rights.group),
                );
            }
            // One folder that is closed to us is told of by `habeas status --exceptions`; a root that
            // does not answer says nothing of the rest.
            Listed::Failed { path, exception } if path.to_string() == "." => {
                return Err(exception.to_string());
            }
            Listed::Failed { .. } | Listed::Excluded { .. } => {}
        }
    }
    Ok(folders)
}

/// Names of accounts and groups as this machine's own files have them; others keep their numbers.
struct Names {
    users: HashMap<u32, String>,
    groups: HashMap<u32, String>,
}

impl Names {
    fn read() -> Self {
        Self { users: read("/etc/passwd"), groups: read("/etc/group") }
    }

    fn user(&self, number: u32) -> String {
        self.users.get(&number).cloned().unwrap_or_else(|| number.to_string())
    }

    fn group(&self, number: u32) -> String {
        self.groups.get(&number).cloned().unwrap_or_else(|| number.to_string())
    }
}

/// Numbers and names: the third and first column of either file (`passwd(5)`, `group(5)`).
fn read(path: &str) -> HashMap<u32, String> {
    let text = std::fs::read(path).unwrap_or_default();
    parse(&String::from_utf8_lossy(&text))
}

fn parse(text: &str) -> HashMap<u32, String> {
    let mut names = HashMap::new();
    for line in text.lines() {
        let mut columns = line.split(':');
        if let (Some(name), Some(Ok(number))) = (columns.next(), columns.nth(1).map(str::parse)) {
            // Of two names for one number the first is what programs show.
            names.entry(number).or_insert_with(|| name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_made_plain_as_it_is_written() {
        assert_eq!(lexical(Path::new("/a/./b/../c")), Path::new("/a/c"));
        assert_eq!(lexical(Path::new("/a/../../b")), Path::new("/b"));
    }

    #[test]
    fn a_number_has_the_first_name_that_it_is_given() {
        let names = parse("root:x:0:\nstaff:x:50:ann,bo\ntoor:x:0:\n# no\n");
        assert_eq!(names.get(&0).map(String::as_str), Some("root"));
        assert_eq!(names.get(&50).map(String::as_str), Some("staff"));
        assert_eq!(names.len(), 2);
    }
}
