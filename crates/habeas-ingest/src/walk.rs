//! How is a source listed by a process that may never come back?

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use habeas_model::ItemPath;
use habeas_source::{Listed, Root, Seen, Source};

use crate::Error;
use crate::errand::{Errand, Raw, Report, Searched};
use crate::far::{Far, Lost};
use crate::watch::{Patience, Watched};

/// A process that was asked to list a source, and has not said yet whether it is there.
#[derive(Debug)]
pub(crate) struct Asked {
    far: Far,
    missing: habeas_source::Error,
    order: Result<(), Lost>,
}

impl Asked {
    /// Starts a process, tells of it, and asks it to list a source without the folders of `own`.
    pub(crate) fn new(
        source: &Source,
        own: &[&Path],
        started: &dyn Fn(&Arc<Watched>),
    ) -> Result<Self, Error> {
        let mut far = Far::start(started)?;
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let there = Source { root: absolute(&source.root), ..source.clone() };
        let own: Vec<PathBuf> = own.iter().map(|own| absolute(own)).collect();
        let own: Vec<&Path> = own.iter().map(PathBuf::as_path).collect();
        let order = far.order(&Errand::List(Searched::new(&there, &own)), &[]);
        let missing = habeas_source::Error::Missing {
            name: source.name.clone(),
            path: source.root.display().to_string(),
        };
        Ok(Self { far, missing, order })
    }

    /// Waits until it is known that the source is there, for at most `most`, and then for each
    /// further answer for at most `stall`.
    ///
    /// # Errors
    /// If the source is not there; that it does not answer is no error.
    pub(crate) fn walk(
        mut self,
        most: Duration,
        stall: Duration,
    ) -> Result<Result<Walk, Lost>, habeas_source::Error> {
        let heard = self.order.and_then(|()| self.far.hear(most));
        let (base, root) = match heard {
            Ok(Report::Rooted { base, root }) => (base.into(), root),
            Ok(Report::Missing) => return Err(self.missing),
            Ok(_) => return Ok(Err(Far::confused())),
            Err(lost) => return Ok(Err(lost)),
        };
        let dir = if root.is_open() { self.far.take() } else { Ok(None) };
        Ok(dir.map(|dir| Walk {
            far: self.far,
            root: Root::from_parts(root, dir),
            base,
            stall,
            batch: Vec::new().into_iter(),
            is_done: false,
        }))
    }
}

/// The listing of one source, as it comes from the process that lists.
///
/// Whoever is given a [`Lost`] has seen the last of it.
#[derive(Debug)]
pub(crate) struct Walk {
    far: Far,
    /// What puts together what it gives.
    pub(crate) root: Root,
    /// The folder that relative paths start from.
    pub(crate) base: PathBuf,
    stall: Duration,
    batch: std::vec::IntoIter<(Raw, Seen)>,
    is_done: bool,
}

impl Iterator for Walk {
    type Item = Result<(PathBuf, Seen), Lost>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((relative, seen)) = self.batch.next() {
                return Some(Ok((relative.into(), seen)));
            }
            if self.is_done {
                return None;
            }
            let lost = match self.far.hear(self.stall) {
                Ok(Report::Seen(batch)) => {
                    self.batch = batch.into_iter();
                    continue;
                }
                Ok(Report::End) => None,
                Ok(_) => Some(Far::confused()),
                Err(lost) => Some(lost),
            };
            self.is_done = true;
            return lost.map(Err);
        }
    }
}

/// Lists a source as [`habeas_source::list`] does. If its file system stops answering, the last
/// thing that is listed is its root, as `Failed`.
///
/// # Errors
/// If the root is not there, or no process can be started.
pub fn list(source: &Source) -> Result<impl Iterator<Item = Listed> + use<>, Error> {
    let stall = Patience::default().stall;
    let walk = Asked::new(source, &[], &|_| {})?.walk(stall, stall)?;
    let (walk, lost) = match walk {
        Ok(walk) => (Some((walk.root.clone(), walk)), None),
        Err(lost) => (None, Some(failed(&lost))),
    };
    let listed = walk.into_iter().flat_map(|(root, walk)| {
        walk.map(move |step| match step {
            Ok((relative, seen)) => root.listed(&relative, seen),
            Err(lost) => failed(&lost),
        })
    });
    Ok(listed.chain(lost))
}

/// What stands for all that was not listed.
pub(crate) fn failed(lost: &Lost) -> Listed {
    let mut exception = lost.exception("the source");
    exception.note.push_str("; what is in it is not known");
    Listed::Failed { path: ItemPath::file(b"."), exception }
}
