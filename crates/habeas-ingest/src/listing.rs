//! What has to be read, and what has not changed?

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;

use habeas_index::{FileSet, Found, Inventory, KnownFile, Retry};
use habeas_model::Stamp;
use habeas_source::Listed;

use crate::Error;
use crate::note::Note;
use crate::run::Run;
use crate::supervise::Task;

/// What listing one source came to.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) source: i64,
    /// What was listed and need not be read again.
    pub(crate) seen: FileSet,
    /// Folders that could not be opened.
    pub(crate) closed: Vec<PathBuf>,
    pub(crate) n_listed: u64,
}

impl Run<'_> {
    /// Lists the sources; what is new or changed becomes a task.
    pub(crate) fn list<W: Iterator<Item = (PathBuf, Listed)>>(
        &self,
        walks: Vec<(i64, W)>,
        inventory: &Inventory,
        tasks: &SyncSender<Task>,
        notes: &SyncSender<Note>,
    ) -> Result<Vec<Listing>, Error> {
        let mut listings = Vec::new();
        let mut number = 0;
        for (source, walk) in walks {
            let mut listing = Listing { source, ..Listing::default() };
            for (relative, listed) in walk {
                if self.is_halted() {
                    return Ok(listings);
                }
                // One folder can fail more than once: it is one thing that was listed.
                if matches!(listed, Listed::Failed { .. }) && listing.closed.contains(&relative) {
                    continue;
                }
                listing.n_listed += 1;
                self.counts.listed.fetch_add(1, Ordering::Relaxed);
                let known = inventory.file(source, &relative)?;
                let entry = match listed {
                    Listed::File(entry) => entry,
                    unread => {
                        self.leave(&mut listing, known, relative, unread, notes);
                        continue;
                    }
                };
                if let Some(known) = known.filter(|known| self.is_unchanged(known, entry.stamp)) {
                    listing.seen.insert(known.id);
                    self.counts.unchanged.fetch_add(1, Ordering::Relaxed);
                    self.done(entry.stamp.size_bytes);
                    continue;
                }
                number += 1;
                let task = Task { number, source, relative, entry };
                if tasks.send(task).is_err() {
                    return Ok(listings);
                }
            }
            listings.push(listing);
        }
        self.counts.is_listed.store(true, Ordering::Relaxed);
        Ok(listings)
    }

    /// Takes note of what was listed and is no file to read.
    fn leave(
        &self,
        listing: &mut Listing,
        known: Option<KnownFile>,
        relative: PathBuf,
        listed: Listed,
        notes: &SyncSender<Note>,
    ) {
        self.done(0);
        let (version, found) = match listed {
            Listed::File(_) => return,
            Listed::Excluded { path, rule } => (rule.clone(), Found::Excluded { path, rule }),
            Listed::Failed { path, exception } => {
                listing.closed.push(relative.clone());
                (exception.to_string(), Found::Failed { path, exception })
            }
        };
        match known {
            Some(known) if known.is_complete && known.version == version => {
                listing.seen.insert(known.id);
            }
            _ => {
                // The writer only goes away when the run has failed.
                let _ =
                    notes.send(Note::Unread { source: listing.source, relative, version, found });
            }
        }
    }

    fn is_unchanged(&self, known: &KnownFile, stamp: Stamp) -> bool {
        !self.options.is_fresh
            && known.is_complete
            && known.stamp == stamp
            && known.version == self.version
            && match known.retry {
                Retry::Never => true,
                Retry::OnOtherLimits => known.limits == self.limits,
                Retry::Always => false,
            }
    }
}
